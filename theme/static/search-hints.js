// What people type, and what they may mean (MIT). An ES module without dependencies, for browsers and Node.
//
//   const hints = await openHints("/search/");
//   await hints.expand("物价局");      // other queries that mean the same: [{query, reason}]
//   await hints.complete("zwgk");      // what begins so, in characters, pinyin or initials
//   await hints.nearest("公机金", 0);  // what may have been meant where nothing was found
//
// A file is loaded once, when a query needs it; one that failed is tried again.

const LONGEST = 100;
const CUT = 28;
const MOST = 6;
const HAN = /\p{Script=Han}/u;
const NUMBER = "\\s*第?\\s*0*(\\d{1,5})(?!\\d)\\s*号";
const YEAR = "((?:19|20)\\d\\d)\\s*";
const FORMS = [
  [RegExp(`\\s*[〔[({【〖<〈《]\\s*${YEAR}年?\\s*[〕\\])}】〗>〉》]${NUMBER}?`, "g"), "〔$1〕$2号"],
  [RegExp(`${YEAR}年${NUMBER}`, "g"), "〔$1〕$2号"],
  [RegExp(`^([^\\d\\s-]*)\\s*${YEAR}[\\s-](?!0)${NUMBER}?$`), "$1〔$2〕$3号"],
  [/^(.*令)\s*(\d{1,5})号?$/, "$1第$2号"],
  [/^(\p{Script=Han}{1,7}[^\d第令])(\d{1,5})号$/u, "$1 $2号"],
];
const DIGITS = "〇一二三四五六七八九";

// One line in half width; nothing where it is no text, or too long.
export function clean(value) {
  if (typeof value !== "string" || value.length > LONGEST) return "";
  return value.normalize("NFKC").replace(/\s+/g, " ").replace(/\p{C}/gu, "").trim();
}

// The form in which keys are compared.
export function fold(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[\p{C}\p{Z}'’]/gu, "");
}

// A document number as the site writes it: 二〇一六年第八十号 is 〔2016〕80号. All else stays as it is.
function numbered(text) {
  const plain = text.replace(/[○〇零一二三四五六七八九十百]+(?=年第|[〕\])号])/g, (signs) => arabic(signs.replace(/[○零]/g, "〇")));
  return FORMS.map(([form, written]) => plain.replace(form, written)).find((made) => made !== plain) ?? plain;
}

function arabic(signs) {
  const digits = (part) => part.replace(/./g, (sign) => DIGITS.indexOf(sign));
  if (!/[十百]/.test(signs)) return digits(signs);
  const [, hundreds = 0, tens = 0, rest] = /^(?:(.?)百)?(?:〇?(.?)十)?〇?(.?)/.exec(signs);
  const count = (part) => (part === 0 ? 0 : Number(digits(part || "一")));
  return 100 * count(hundreds) + 10 * count(tens) + Number(digits(rest));
}

// The common characters (GB 2312) in their order.
let known;
export function common() {
  const bytes = [];
  for (let row = 0xb0; !known && row < 0xf8; row++) {
    for (let cell = 0xa1; cell < (row === 0xd7 ? 0xfa : 0xff); cell++) bytes.push(row, cell);
  }
  return (known ??= [...new TextDecoder("gbk").decode(Uint8Array.from(bytes))]);
}

// The first different answers to `typed` out of [query, reason].
export function listed(found, typed) {
  const kept = new Map();
  for (const [query, reason] of found) if (query !== typed && !kept.has(query)) kept.set(query, {query, reason});
  return [...kept.values()].slice(0, MOST);
}

// Words that stand for others: [word, [[other, reason] …]], the longest first.
function standing(groups) {
  const others = (names, word, what) => names.map(([other, that]) => [
    other,
    that ? `“${other}”是“${names[0][0]}”的${that}` : `“${word}”是“${other}”的${what}`,
  ]);
  const found = groups.flatMap((names) => names.map(([word, what]) => [word, others(names, word, what)]));
  return found.sort((a, b) => b[0].length - a[0].length);
}

// Opens the hints below `base`, the folder of the search; nothing is loaded yet.
export async function openHints(base) {
  const folder = String(base).replace(/\/?$/, "/");
  const root = typeof location === "undefined" ? folder : new URL(folder, location.href);
  const files = new Map();

  function load(name) {
    if (!files.has(name)) {
      const loading = fetch(new URL(`hints/${name}.json`, root)).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.status} ${name}`);
        return answer.json();
      });
      loading.catch(() => files.delete(name));
      files.set(name, loading);
    }
    return files.get(name);
  }

  // The entries [key, term] on the way along `key`, those of the longest beginning first.
  async function walk(part, key) {
    const signs = [...key].slice(0, CUT);
    const count = (await load("words")).files[part];
    const found = [];
    for (let end = 2; end <= signs.length; ) {
      const begun = signs.slice(0, end);
      const place = begun.reduce((sum, sign) => (sum * 31 + sign.codePointAt(0)) % 65521, 0) % count;
      const table = await load(`${part}-${place}`);
      if (!Object.hasOwn(table, begun.join(""))) break;
      const {terms, next = Infinity} = table[begun.join("")];
      found.unshift(...terms.map((entry) => (entry.includes("\t") ? entry.split("\t") : [fold(entry), entry])));
      end = next;
    }
    return found;
  }

  // Other queries that mean the same; "…" is meant exactly so, what follows a - is not meant.
  async function expand(query) {
    const typed = clean(query);
    if (!typed || /["“”]/.test(typed)) return [];
    const found = [[numbered(typed), "发文字号的规范写法"]];
    let plain = typed;
    if ([...typed].some((sign) => HAN.test(sign) && !common().includes(sign))) {
      const {traditional, simplified} = await load("traditional");
      plain = [...typed].map((sign) => simplified[traditional.indexOf(sign)] ?? sign).join("");
      found.push([plain, "繁体字改为简体字"]);
    }
    if (!HAN.test(plain)) return listed(found, typed);
    const words = plain.split(" ");
    const swap = (word, other) => words.map((one) => (one.startsWith("-") ? one : one.replaceAll(word, () => other))).join(" ");
    let rest = words.filter((one) => !one.startsWith("-")).join(" ");
    for (const [word, others] of standing((await load("words")).groups)) {
      if (!rest.includes(word)) continue;
      rest = rest.replaceAll(word, "\n");
      for (const [other, reason] of others) if (!other.includes(word)) found.push([swap(word, other), reason]);
    }
    return listed(found, typed);
  }

  // Terms that begin as typed, in characters, pinyin or initials.
  async function complete(typed) {
    const text = clean(typed);
    const key = [...fold(text)].slice(0, CUT).join("");
    const entries = (await walk("complete", key)).filter(([own]) => own.startsWith(key));
    return listed(entries.map(([own, term]) => [term, `${fold(term).startsWith(own) ? "开头" : "拼音"}是“${text}”`]), text);
  }

  // What may have been meant where nothing was found.
  async function nearest(query, total) {
    if (total > 0) return [];
    const {near} = await import("./search-near.js");
    return near(clean(query), load, walk);
  }

  return {expand, complete, nearest};
}
