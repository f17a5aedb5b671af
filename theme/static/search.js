// Exact search in the browser, without a server (MIT). An ES module without dependencies; runs in browsers and in Node.
//
//   import {open} from "./search.js";
//   const site = await open("/search/");
//   const found = await site.search("示政办发〔2024〕9号", {limit: 10});
//
// A phrase is found wherever it stands: both sides are folded (NFKC; white space, zero-width and control characters
// removed; lower case) and compared character by character; no word segmentation can cut it.

const UNSEEN = /[\s\p{Cc}\u00ad\u180e\u200b-\u200f\u2060\ufeff]/gu;
const LARGE = /[ßς]/g;
const OPENING = /[〔[【（]/g;
const CLOSING = /[〕\]】）]/g;
const ARTICLE = /(?:^|\n)[^\S\n]*(第[零〇一二三四五六七八九十百千两\d]{1,9}条(?:之[一二三四五六七八九十])?)(?=[\s：:、，]|$|[^的款项规])/gu;
const LONGEST = 1000;
const AROUND = 40;
const FIELDS = ["title", "number", "text"];
const FACETS = ["kind", "issuer", "topic", "year", "validity"];
const SHOWN = ["url", "title", "number", "published", "validity", "issuer", "kind"];
const ENDED = new Set(["已废止", "已被代替", "已失效"]);

// The form in which query and documents are compared.
export function fold(text) {
  return String(text).normalize("NFKC").replace(UNSEEN, "").toLowerCase().replace(LARGE, (c) => (c === "ß" ? "ss" : "σ"));
}

// Brackets of any shape are one where nothing was quoted: 〔2024〕, [2024] and (2024).
function brackets(text) {
  return text.replace(OPENING, "(").replace(CLOSING, ")");
}

// A query is a list of {text, exact, without}: "…" means exactly this, a space means both, a leading - excludes.
// Curly quotes open at the start of a word only, so that a title with “…” inside can be pasted as it is.
export function parse(query) {
  const terms = [];
  const pattern = /([-－]?)(?:["＂]([^"＂]*)["＂]?|“([^”]*)”?|([^\s"＂]+))/gu;
  for (const [, minus, straight, curly, word] of cut(query).matchAll(pattern)) {
    const quoted = straight ?? curly;
    const text = quoted === undefined ? brackets(fold(word)) : fold(quoted);
    if (text && !/^[-－]$/u.test(word ?? "")) terms.push({text, exact: quoted !== undefined, without: minus !== ""});
  }
  return terms;
}

// The query as a string of at most 1,000 characters; what is neither text nor a number is an empty one.
function cut(query) {
  return typeof query === "string" || typeof query === "number" ? String(query).slice(0, LONGEST) : "";
}

function prepare(document) {
  const fields = {};
  for (const name of FIELDS) {
    const exact = fold(document[name] ?? "");
    fields[name] = {exact, loose: brackets(exact)};
  }
  return {document, fields};
}

// One field in the form in which `term` is compared.
function side(field, term) {
  return term.exact ? field.exact : field.loose;
}

function times(text, part) {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++;
  return count;
}

// How well a document answers: {level, count}, the lower level the better, or null where it does not.
// Level 0: the title is the query; 1: the number is; else 2 per term in the title, 3 in the number, 4 in the text.
function judge(fields, asked) {
  const holds = (name, term) => side(fields[name], term).includes(term.text);
  let level = 0;
  let count = 0;
  for (const term of asked.terms) {
    if (term.without) {
      if (FIELDS.some((name) => holds(name, term))) return null;
      continue;
    }
    const at = FIELDS.findIndex((name) => holds(name, term));
    if (at < 0) return null;
    level += 2 + at;
    if (at === 2) count += times(side(fields.text, term), term.text);
  }
  const same = (field) => asked.whole.includes(field.loose) || (asked.quoted && field.exact === asked.quoted);
  if (fields.title.exact && same(fields.title)) level = 0;
  else if (fields.number.exact && same(fields.number)) level = 1;
  return {level, count};
}

// The query as terms, and as the whole title or number that it may be: `whole` with any brackets, `quoted` exactly.
function understand(query) {
  const terms = parse(query);
  const wanted = terms.filter((term) => !term.without);
  const joined = wanted.map((term) => term.text).join("");
  const quoted = wanted.some((term) => term.exact);
  return {terms, wanted, whole: [brackets(fold(cut(query))), quoted ? "" : joined], quoted: quoted ? joined : ""};
}

function compare(a, b) {
  return (a > b) - (a < b);
}

// Best first; documents in force before ended ones, newer before older, then by address: a total order.
function order(a, b) {
  const ended = ENDED.has(a.document.validity) - ENDED.has(b.document.validity);
  return a.level - b.level || b.count - a.count || ended || newest(a, b);
}

function newest(a, b) {
  return compare(b.document.published, a.document.published) || compare(a.document.url, b.document.url);
}

// Folds the beginning of `text`, at least `enough` folded characters of it where there are so many, and remembers for
// each folded character where the piece that it came from begins and ends.
function traced(text, enough) {
  const begin = [];
  const end = [];
  let folded = "";
  for (const match of text.matchAll(/\P{M}\p{M}*|\p{M}+/gu)) {
    const piece = fold(match[0]);
    for (let i = 0; i < piece.length; i++) {
      begin.push(match.index);
      end.push(match.index + match[0].length);
    }
    folded += piece;
    if (folded.length > enough) break;
  }
  return {exact: folded, loose: brackets(folded), begin, end};
}

// The text around the first hit, where hits stand in it, and the article that the first is in.
function excerpt({document, fields}, wanted) {
  const text = String(document.text ?? "");
  const firsts = wanted.map((term) => side(fields.text, term).indexOf(term.text)).filter((at) => at >= 0);
  if (!firsts.length) return {snippet: plain(text.slice(0, border(text, 2 * AROUND))), marks: [], article: ""};
  const trace = traced(text, Math.min(...firsts) + LONGEST + 2 * AROUND);
  const hits = [];
  for (const term of wanted) {
    const where = side(trace, term);
    for (let at = where.indexOf(term.text); at >= 0; at = where.indexOf(term.text, at + term.text.length)) {
      hits.push([trace.begin[at], trace.end[at + term.text.length - 1]]);
    }
  }
  hits.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const [first, last] = hits[0] ?? [0, AROUND];
  const start = border(text, Math.max(0, first - AROUND));
  const stop = border(text, Math.min(text.length, last + AROUND));
  const marks = hits.filter((hit) => hit[1] <= stop).map((hit) => [hit[0] - start, hit[1] - start]);
  const heads = [...text.slice(0, last).matchAll(ARTICLE)];
  return {snippet: plain(text.slice(start, stop)), marks, article: heads.at(-1)?.[1] ?? ""};
}

// One line, of the same length.
function plain(text) {
  return text.replace(/[\n\t]/g, " ");
}

// `at`, or the place after it where `at` would cut a character in two.
function border(text, at) {
  return /[\udc00-\udfff]/.test(text.charAt(at)) && /[\ud800-\udbff]/.test(text.charAt(at - 1)) ? at + 1 : at;
}

function counts(found, passes) {
  const facets = {};
  for (const name of FACETS) {
    facets[name] = Object.create(null);
    for (const {document} of found) {
      const value = document[name];
      if (value && passes(document, name)) facets[name][value] = (facets[name][value] ?? 0) + 1;
    }
  }
  return facets;
}

function natural(value, otherwise) {
  return typeof value === "number" && value >= 0 ? Math.trunc(value) : otherwise;
}

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

// Opens the index below `base`; rejects where its index.json cannot be read.
export async function open(base) {
  const folder = String(base).endsWith("/") ? String(base) : `${base}/`;
  const root = typeof location === "undefined" ? folder : new URL(folder, location.href).href;
  const index = await load(new URL("index.json", root));
  const shards = new Map();

  // A shard is loaded once; one that failed is tried again by the next search.
  function shard({url}) {
    if (!shards.has(url)) {
      const loading = load(new URL(url, root)).then((data) => data.documents.map(prepare));
      loading.catch(() => shards.delete(url));
      shards.set(url, loading);
    }
    return shards.get(url);
  }

  async function search(query, options) {
    const {limit = 10, offset = 0, filters, sort = "relevance", snippets = true} = options ?? {};
    const asked = understand(query);
    const result = {total: 0, exact: true, partial: false, missing: [], hits: [], facets: counts([])};
    if (!asked.wanted.length) return result;
    const parts = await Promise.allSettled(index.shards.map(shard));
    const found = [];
    parts.forEach((part, n) => {
      if (part.status === "rejected") result.missing.push(index.shards[n].url);
      for (const {document, fields} of part.value ?? []) {
        const answer = judge(fields, asked);
        if (answer) found.push({...answer, document, fields});
      }
    });
    result.partial = result.missing.length > 0;
    result.exact = !result.partial;
    const chosen = FACETS.filter((name) => filters?.[name]);
    const passes = (document, but) => chosen.every((name) => name === but || document[name] === String(filters[name]));
    result.facets = counts(found, passes);
    const kept = found.filter(({document}) => passes(document)).sort(sort === "date" ? newest : order);
    result.total = kept.length;
    const from = natural(offset, 0);
    result.hits = kept.slice(from, from + natural(limit, 10)).map((one) => {
      const shown = Object.fromEntries(SHOWN.map((name) => [name, one.document[name] ?? ""]));
      return {...shown, ...(snippets ? excerpt(one, asked.wanted) : {snippet: "", marks: [], article: ""})};
    });
    return result;
  }

  return {search, index};
}
