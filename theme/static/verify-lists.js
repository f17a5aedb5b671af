// The site's lists of hashes, and lists that somebody brings (MIT). An ES module without dependencies.
import {hashText} from "./verify-hash.js";

export const ID = /^[a-z0-9-]{1,80}(?:\/[a-z0-9-]{1,80}){1,4}$/;
const LINE = /^([0-9a-f]{64})  ([^\s/:][^\s:]*)  (.*)$/;
const LISTED = /^\\?([0-9a-f]{64}) [ *](.+)$/;
const MOST = 20;

// What a document number is looked up by: without brackets, spaces, 第, 号.
export function foldedNumber(number) {
  return number.normalize("NFKC").replace(/[^\p{L}\p{N}]/gu, "").replaceAll("第", "").replace(/号$/, "");
}

// The hashes of a list that `sha256sum -c` reads: [{hash, name}]; null where it is none.
export function readSums(text) {
  const rows = text.replace(/^\ufeff/, "").split(/\r?\n/).filter(Boolean);
  const found = rows.map((row) => LISTED.exec(row));
  return rows.length && found.every(Boolean) ? found.map(([, hash, name]) => ({hash, name})) : null;
}

// Holds `given` [{hash, name}] against `sums`: [{name, state, listed}] with state equal, changed or absent. What has the
// name of a line must have its hash: two files that changed places are both changed. A foreign name may have any line's.
export function compare(sums, given) {
  const last = (name) => name.split("/").at(-1);
  return given.map(({hash, name}) => {
    const exact = sums.filter((one) => one.name === name || name.endsWith(`/${one.name}`));
    const namesakes = exact.length ? exact : sums.filter((one) => last(one.name) === last(name));
    const same = (namesakes.length ? namesakes : sums).find((one) => one.hash === hash);
    if (same) return {name, state: "equal", listed: same.name};
    return namesakes.length ? {name, state: "changed", listed: namesakes[0].name} : {name, state: "absent", listed: ""};
  });
}

// The lists of the site. Of a hash only the digits that name a list leave the browser, of anything else nothing.
export class Lists {
  // `hashes` and `numbers` are {url, digits}, `base` the site's home; all of the same host as the page.
  constructor({base, hashes, numbers}) {
    Object.assign(this, {base, hashes, numbers, held: new Map()});
  }

  get(address) {
    if (!this.held.has(address)) {
      const options = {cache: "no-cache", credentials: "omit", referrerPolicy: "no-referrer", redirect: "error"};
      const loading = fetch(address, options).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.status} ${address}`);
        return answer.text();
      });
      loading.catch(() => this.held.delete(address));
      this.held.set(address, loading);
    }
    return this.held.get(address);
  }

  // The rows {hash, address, parts} whose hash begins so; `begun` has at least the digits that name a list.
  async rows({url, digits}, begun) {
    const text = await this.get(`${url}${begun.slice(0, digits) || "all"}.txt`);
    const rows = text.split("\n").filter((line) => line.startsWith(begun)).slice(0, MOST).map((line) => LINE.exec(line));
    return rows.filter(Boolean).map(([, hash, address, what]) => ({hash, address, parts: what.split("\t")}));
  }

  find(hash) {
    return this.rows(this.hashes, hash);
  }

  async findNumber(number) {
    return this.rows(this.numbers, await hashText(foldedNumber(number)));
  }

  // The canonical text of a document, by its id.
  text(id) {
    return this.get(`${this.base}${id}/index.txt`);
  }
}

// Where the lines `pasted` stand in the canonical text `whole`: {state}. "body" is all of it but the title, "part" is word
// for word in one article (`again`: at other places too), "spaced" the same but for white space; of "other", `wrong` are
// the first lines that stand nowhere, and none where all do, but not one after the other.
export function within(pasted, whole) {
  const own = whole.split("\n").filter(Boolean);
  const text = pasted.join("\n");
  const body = own.slice(1).join("\n");
  if (text === body) return {state: "body"};
  const joined = own.join("\n");
  const at = joined.indexOf(text);
  if (at >= 0) return {state: "part", article: article(joined, at), again: joined.includes(text, at + 1)};
  const tight = (value) => value.replace(/\s/gu, "");
  const dense = tight(joined);
  const there = dense.indexOf(tight(text));
  if (there >= 0) return {state: "spaced", article: article(joined, unsqueezed(joined, there)), again: false};
  const known = new Set(own);
  const wrong = [];
  for (const line of pasted) {
    if (wrong.length === MOST) break;
    if (!known.has(line) && !joined.includes(line)) wrong.push(cut(line, joined));
  }
  return {state: "other", wrong};
}

// The article in which the character `at` stands.
function article(text, at) {
  const end = text.indexOf("\n", at);
  const before = text.slice(0, end < 0 ? text.length : end).split("\n").reverse();
  return before.map((line) => /^第[零〇一二三四五六七八九十百千两\d]{1,9}条(?:之[一二三四五六七八九十]+)?/.exec(line)?.[0]).find(Boolean) ?? "";
}

// The place in `text` of the character `at` of the same text without white space.
function unsqueezed(text, at) {
  let seen = -1;
  for (let n = 0; n < text.length; n++) if (!/\s/u.test(text[n]) && ++seen === at) return n;
  return 0;
}

// A line as [what the text has too, the rest], cut after the longest beginning that stands in it.
function cut(line, text) {
  let low = 0;
  let high = line.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (text.includes(line.slice(0, middle))) low = middle;
    else high = middle - 1;
  }
  return [line.slice(0, low), line.slice(low)];
}
