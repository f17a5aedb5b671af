// What may have been meant where nothing was found (MIT): loaded by search-hints.js, and only then.
import {common, fold, listed} from "./search-hints.js";

const WORDS = 4;
const AHEAD = 12;
const SPELLINGS = 4;

// How many characters to add, drop, change or swap.
function distance(a, b) {
  let before = [];
  let last = [...b, ""].map((_, n) => n);
  a.forEach((sign, i) => {
    const row = [i + 1];
    b.forEach((other, j) => {
      let least = Math.min(row[j] + 1, last[j + 1] + 1, last[j] + (sign !== other));
      if (i && j && sign === b[j - 1] && a[i - 1] === other) least = Math.min(least, before[j - 1] + 1);
      row.push(least);
    });
    [before, last] = [last, row];
  });
  return last[b.length];
}

function backwards(signs) {
  return [...signs].reverse().join("");
}

// How each character is read, most frequent first; all else is read as itself.
async function reader(load) {
  const {usual, also} = await load("readings");
  const read = new Map();
  const signs = common().values();
  for (const [, reading, count] of usual.matchAll(/([a-z]+)(\d+)/g)) {
    for (let n = 0; n < count; n++) read.set(signs.next().value, [reading]);
  }
  for (const [, sign, reading] of also.matchAll(/(\S)([a-z]+)/gu)) read.get(sign)?.push(reading);
  return (sign) => read.get(sign) ?? [sign.toLowerCase()];
}

// The word with its parts put right that sound like terms: 住房公机金 is 住房公积金.
async function sounding(word, load, walk) {
  const read = await reader(load);
  const signs = [...word];
  let made = "";
  for (let at = 0; at < signs.length; ) {
    const rest = signs.slice(at, at + AHEAD);
    const alike = (sign, n) => rest[n] && read(sign).some((one) => read(rest[n]).includes(one));
    const add = (keys, sign) => keys.flatMap((key) => read(sign).map((one) => key + one)).slice(0, SPELLINGS);
    let best = [rest[0]];
    for (const key of rest.reduce(add, [""])) {
      for (const [, term] of await walk("complete", key)) {
        const own = [...term];
        const better = own.length > best.length || (own.length === best.length && rest.join("").startsWith(term));
        if (own.length > 1 && better && own.every(alike)) best = own;
      }
    }
    made += best.join("");
    at += best.length;
  }
  return made;
}

// Terms that differ in one character.
async function similar(word, walk) {
  const signs = [...fold(word)];
  if (signs.length < 2) return [];
  const keys = [["complete", signs.join("")], ["near", backwards(signs)], ["near", `${signs[0]}*${signs.at(-1)}`]];
  const swapped = (n) => [...signs.slice(0, n), signs[n + 1], signs[n], ...signs.slice(n + 2)].join("");
  if (signs.length === 3) keys.push(["complete", swapped(0)], ["complete", swapped(1)]);
  const found = await Promise.all(keys.map(([part, key]) => walk(part, key)));
  return found.flat().map(([, term]) => term).filter((term) => distance(signs, [...fold(term)]) === 1);
}

// Terms whose pinyin differs in a letter, or in two of a long one; what was typed may be its beginning.
async function spelt(word, walk) {
  const letters = [...fold(word)];
  if (letters.length < 5) return [];
  const found = [...(await walk("complete", letters.join(""))), ...(await walk("near", backwards(letters)))];
  const wrong = (key) => Math.min(...[-1, 0, 1].map((n) => distance(letters, [...key].slice(0, letters.length + n))));
  const near = found.map(([key, term]) => [wrong(key), term]).filter(([n]) => n <= (letters.length > 8 ? 2 : 1));
  return near.sort((a, b) => a[0] - b[0]).map(([, term]) => term);
}

// Other queries, a word of `typed` put right in each: [{query, reason}].
export async function near(typed, load, walk) {
  if (/["“”]/.test(typed)) return [];
  const words = typed.split(" ");
  const found = [];
  for (const [n, word] of words.slice(0, WORDS).entries()) {
    const put = (other, reason) => found.push([words.map((one, m) => (m === n ? other : one)).join(" "), reason]);
    if (word.startsWith("-")) continue;
    if (/^[a-z'’]+$/i.test(word)) {
      for (const term of await spelt(word, walk)) put(term, `与“${word}”的拼音相近`);
    } else if (/\p{Script=Han}/u.test(word)) {
      put(await sounding(word, load, walk), `与“${word}”读音相同`);
      for (const term of await similar(word, walk)) put(term, `与“${word}”相差一个字`);
    }
  }
  return listed(found, typed);
}
