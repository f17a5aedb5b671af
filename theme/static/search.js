// Exact search in the browser, without a server (MIT). An ES module without dependencies; runs in browsers and in Node.
//
//   import {open} from "./search.js";
//   const site = await open("/search/");
//   const found = await site.search("示政办发〔2024〕9号", {limit: 10});
//
// A phrase is found wherever it stands: both sides are folded (NFKC, white space and zero-width removed, lower case) and
// compared character by character; no word segmentation can cut it.

const UNSEEN = /[\s\u200b-\u200f\u2060\ufeff\u00ad]/gu;
const OPENING = /[〔[【〖（({]/gu;
const CLOSING = /[〕\]】〗）)}]/gu;
const LONGEST = 1000;
const FACETS = ["kind", "issuer", "topic", "year", "validity"];
const ENDED = new Set(["已废止", "已被代替", "已失效"]);

export function fold(text) {
  return String(text).normalize("NFKC").replace(UNSEEN, "").toLowerCase();
}

function brackets(text) {
  return text.replace(OPENING, "(").replace(CLOSING, ")");
}

// A query is a list of {text, exact, without}: "…" means exactly this, a space means both, a leading - excludes.
export function parse(query) {
  const terms = [];
  for (const match of String(query).slice(0, LONGEST).matchAll(/(-?)(?:["“”]([^"“”]*)["“”]?|([^\s"“”]+))/gu)) {
    const exact = match[2] !== undefined;
    const folded = fold(exact ? match[2] : match[3]);
    const text = exact ? folded : brackets(folded);
    if (text) terms.push({text, exact, without: match[1] === "-"});
  }
  return terms;
}

// Folds `text` and remembers, for each folded character, where it came from.
function traced(text) {
  let folded = "";
  const from = [];
  let at = 0;
  for (const character of text) {
    const piece = fold(character);
    for (let i = 0; i < piece.length; i++) from.push(at);
    folded += piece;
    at += character.length;
  }
  from.push(text.length);
  return {folded, from};
}

function prepare(document) {
  const fields = {};
  for (const name of ["title", "number", "text"]) {
    const plain = fold(document[name] ?? "");
    fields[name] = {plain, loose: brackets(plain)};
  }
  return {document, fields};
}

function holds(fields, name, term) {
  return (term.exact ? fields[name].plain : fields[name].loose).includes(term.text);
}

function score({fields, document}, terms) {
  let points = 0;
  for (const term of terms) {
    if (term.without) {
      if (["title", "number", "text"].some((name) => holds(fields, name, term))) return 0;
      continue;
    }
    const {title, number, text} = fields;
    const side = term.exact ? "plain" : "loose";
    let best = 0;
    if (title[side] === term.text) best = 1000;
    else if (number[side] && number[side] === term.text) best = 900;
    else if (title[side].includes(term.text)) best = 300 + 100 * (term.text.length / title[side].length);
    else if (number[side].includes(term.text)) best = 250;
    const times = Math.min(text[side].split(term.text).length - 1, 50);
    if (times) best += 10 + 20 * Math.log2(1 + times) / Math.log2(2 + text[side].length / 500);
    if (!best) return 0;
    points += best;
  }
  return ENDED.has(document.validity) ? points / 2 : points;
}

function compare(a, b) {
  return (a < b) - (a > b);
}

function snippet(document, terms) {
  const {folded, from} = traced(document.text ?? "");
  const loose = brackets(folded);
  const wanted = terms.filter((term) => !term.without);
  const spots = wanted.map((t) => [(t.exact ? folded : loose).indexOf(t.text), t]).filter(([at]) => at >= 0);
  const text = document.text ?? "";
  if (!spots.length) return {snippet: text.slice(0, 80).replace(/\n/gu, " "), marks: [], article: ""};
  const first = Math.min(...spots.map(([at]) => at));
  const start = Math.max(0, from[first] - 40);
  const end = Math.min(text.length, from[first] + 80);
  const marks = [];
  for (const term of wanted) {
    const side = term.exact ? folded : loose;
    for (let at = side.indexOf(term.text); at >= 0 && from[at] < end; at = side.indexOf(term.text, at + 1)) {
      const stop = from[at + term.text.length - 1] + 1;
      if (from[at] >= start) marks.push([from[at] - start, Math.min(stop, end) - start]);
    }
  }
  const heads = [...text.slice(0, from[first] + 1).matchAll(/(?:^|\n)\s*(第[零〇一二三四五六七八九十百千两\d]+条)/gu)];
  marks.sort((a, b) => a[0] - b[0]);
  return {snippet: text.slice(start, end).replace(/\n/gu, " "), marks, article: heads.length ? heads.at(-1)[1] : ""};
}

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

export async function open(base) {
  const root = typeof location === "undefined" ? base : new URL(base, location.href).href;
  const index = await load(new URL("index.json", root));
  const shards = new Map();

  function shard({url}) {
    if (!shards.has(url)) {
      const loading = load(new URL(url, root)).then((data) => data.documents.map(prepare));
      loading.catch(() => shards.delete(url));
      shards.set(url, loading);
    }
    return shards.get(url);
  }

  async function search(query, {limit = 10, offset = 0, filters = {}, sort = "relevance", snippets = true} = {}) {
    const terms = parse(query ?? "");
    const result = {total: 0, exact: true, partial: false, missing: [], hits: [], facets: {}};
    if (!terms.some((term) => !term.without)) return result;
    const loaded = await Promise.allSettled(index.shards.map(shard));
    const found = [];
    loaded.forEach((part, n) => {
      if (part.status === "rejected") result.missing.push(index.shards[n].url);
      else {
        for (const item of part.value) {
          const points = score(item, terms);
          if (points > 0) found.push({points, document: item.document});
        }
      }
    });
    result.partial = result.missing.length > 0;
    result.exact = !result.partial;
    const passes = (document, but) =>
      FACETS.every((name) => name === but || !filters[name] || String(document[name]) === String(filters[name]));
    for (const name of FACETS) {
      const counts = {};
      for (const {document} of found) {
        if (document[name] && passes(document, name)) counts[document[name]] = (counts[document[name]] ?? 0) + 1;
      }
      result.facets[name] = counts;
    }
    const kept = found.filter(({document}) => passes(document));
    const byDate = (a, b) => compare(a.document.published, b.document.published) || -compare(a.document.url, b.document.url);
    kept.sort((a, b) => (sort === "date" ? 0 : b.points - a.points) || byDate(a, b));
    result.total = kept.length;
    result.hits = kept.slice(offset, offset + limit).map(({document}) => {
      const {url, title, number, published, validity, issuer, kind} = document;
      const extra = snippets ? snippet(document, terms) : {snippet: "", marks: [], article: ""};
      return {url, title, number, published, validity, issuer, kind, ...extra};
    });
    return result;
  }

  return {search, index};
}
