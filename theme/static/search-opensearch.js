// Exact search by an OpenSearch on another machine (MIT). An ES module without dependencies, for browsers and Node, of
// the same interface as search.js:
//
//   import {open} from "./search-opensearch.js";
//   const site = await open("/search/");
//   const found = await site.search("示政办发〔2024〕9号", {limit: 10});
//
// Index and documents come from `invoke export-search`; `engine.json` below the base names the address and the weights.
// Both sides are folded before they meet in the engine, and a phrase of character pairs there is a string of characters.

const UNSEEN = /[\s\p{Cc}\u00ad\u180e\u200b-\u200f\u2060\ufeff]/gu;
const LARGE = /[ßς]/g;
const OPENING = /[〔[【（(]/g;
const CLOSING = /[〕\]】）)]/g;
const ARTICLE = /(?:^|\n)[^\S\n]*(第[零〇一二三四五六七八九十百千两\d]{1,9}条(?:之[一二三四五六七八九十])?)(?=[\s：:、，]|$|[^的款项规])/gu;
const LONGEST = 1000;
const AROUND = 40;
const DEEPEST = 10_000;
const MANY = 1000;
const FAINT = 1 / 220;
const PATIENCE = 15_000;
const BEGIN = "\u0003";
const END = "\u0004";
const FACETS = ["kind", "issuer", "topic", "year", "validity"];
const SHOWN = ["url", "title", "number", "published", "validity", "issuer", "kind"];

// The form in which query and documents are compared.
export function fold(text) {
  return String(text).normalize("NFKC").replace(UNSEEN, "").toLowerCase().replace(LARGE, (c) => (c === "ß" ? "ss" : "σ"));
}

// Brackets of any shape are one where nothing was quoted: the characters that the mapping puts beside them.
function brackets(text) {
  return text.replace(OPENING, "\u0001").replace(CLOSING, "\u0002");
}

// A query is a list of {text, exact, without}: "…" means exactly this, a space means both, a leading - excludes.
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

function cut(query) {
  return typeof query === "string" || typeof query === "number" ? String(query).slice(0, LONGEST) : "";
}

function length(text) {
  return [...text].length;
}

// One character has a field of its own: there are no pairs of it.
function phrase(field, term, boost) {
  const name = length(term.text) > 1 ? field : `${field}.single`;
  return {match_phrase: {[name]: boost ? {query: term.text, boost} : term.text}};
}

function constant(filter, boost) {
  return {constant_score: {filter, boost}};
}

// A term counts by the heaviest field that holds it.
function holds(term, weights) {
  return {dis_max: {queries: Object.entries(weights).map(([f, w]) => constant(phrase(`folded.${f}`, term), w))}};
}

// Among documents that hold a term in the text alone, more occurrences come first. All of them together count less
// than one, the least that weights differ by: a pair is worth at most 20 (its idf) times 11 (k1 + 1) times its boost.
function occurrences(term, weights, terms) {
  const [text, ...others] = Object.keys(weights).reverse();
  const boost = FAINT / (length(term.text) * terms);
  const elsewhere = others.map((field) => phrase(`folded.${field}`, term));
  return {bool: {must: [phrase(`folded.${text}`, term, boost)], must_not: elsewhere}};
}

// The title, or else the number, typed in full stands above all that only holds what was typed.
function inFull(query, wanted, weights) {
  const joined = wanted.map((term) => term.text).join("");
  const quoted = wanted.some((term) => term.exact);
  const loose = [brackets(fold(cut(query))), ...(quoted ? [] : [joined])];
  const above = 1 + wanted.length * Math.max(...Object.values(weights));
  const fields = Object.keys(weights).slice(0, -1);
  const queries = fields.flatMap((field, n) => {
    const same = [{terms: {[`folded.${field}.loose`]: loose}}];
    if (quoted) same.push({term: {[`folded.${field}.whole`]: joined}});
    return same.map((filter) => constant(filter, above * (fields.length - n)));
  });
  return {dis_max: {queries}};
}

function only(filters, but) {
  const names = FACETS.filter((name) => filters?.[name] && name !== but);
  const terms = names.map((name) => ({term: {[name]: String(filters[name])}}));
  const days = {...(filters?.since && {gte: String(filters.since)}), ...(filters?.until && {lte: `${filters.until} 99`})};
  return {bool: {filter: [...terms, ...(Object.keys(days).length ? [{range: {published: days}}] : [])]}};
}

function counting(filters) {
  const values = (name) => ({values: {terms: {field: name, size: MANY}}});
  return Object.fromEntries(FACETS.map((name) => [name, {filter: only(filters, name), aggs: values(name)}]));
}

// The stored text around a hit; the engine chooses where, and marks it as far as its own folding goes.
function highlight(wanted) {
  const long = wanted.filter((term) => length(term.text) > 1);
  const [name, terms] = long.length ? ["text", long] : ["text.single", wanted];
  const field = {
    type: "unified",
    number_of_fragments: 1,
    fragment_size: 300,
    no_match_size: 2 * AROUND,
    highlight_query: {bool: {should: terms.map((term) => phrase("text", term))}},
  };
  return {pre_tags: [BEGIN], post_tags: [END], fields: {[name]: field}};
}

function request(query, terms, weights, {from, size, filters, sort, snippets}) {
  const wanted = terms.filter((term) => !term.without);
  const without = terms.filter((term) => term.without);
  const newest = [{published: "desc"}, {url: "asc"}];
  const body = {
    from,
    size,
    track_total_hits: true,
    _source: SHOWN,
    query: {
      bool: {
        must: wanted.map((term) => holds(term, weights)),
        must_not: without.flatMap((term) => Object.keys(weights).map((field) => phrase(`folded.${field}`, term))),
        should: [inFull(query, wanted, weights), ...wanted.map((term) => occurrences(term, weights, wanted.length))],
      },
    },
    post_filter: only(filters),
    aggs: counting(filters),
    sort: sort === "date" ? newest : [{_score: "desc"}, {ended: "asc"}, ...newest],
  };
  return snippets ? {...body, highlight: highlight(wanted)} : body;
}

// The fragment without its tags, and where they stood.
function untagged(fragment) {
  let text = "";
  const marks = [];
  for (const c of fragment) {
    if (c === BEGIN) marks.push([text.length, text.length]);
    else if (c === END && marks.length) marks.at(-1)[1] = text.length;
    else text += c;
  }
  return {text, marks};
}

// Where terms stand in a piece of stored text: it is folded, each folded character remembering where it came from.
function places(text, wanted) {
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
  }
  const found = [];
  for (const term of wanted) {
    const where = term.exact ? folded : brackets(folded);
    for (let at = where.indexOf(term.text); at >= 0; at = where.indexOf(term.text, at + term.text.length)) {
      found.push([begin[at], end[at + term.text.length - 1]]);
    }
  }
  return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

// Forty characters either way of the first hit, and the article, where its head stands in the fragment before it.
function excerpt(hit, wanted) {
  const fragment = Object.values(hit.highlight ?? {})[0]?.[0] ?? "";
  const {text, marks: tagged} = untagged(fragment);
  const found = places(text, wanted);
  const hits = found.length ? found : tagged;
  if (!hits.length) return {snippet: plain(text.slice(0, border(text, 2 * AROUND))), marks: [], article: "", anchor: ""};
  const [first, last] = hits[0];
  const start = border(text, Math.max(0, first - AROUND));
  const stop = border(text, Math.min(text.length, last + AROUND));
  const marks = hits.filter((one) => one[1] <= stop).map((one) => [one[0] - start, one[1] - start]);
  const heads = [...text.slice(0, last).matchAll(ARTICLE)];
  return {snippet: plain(text.slice(start, stop)), marks, article: heads.at(-1)?.[1] ?? "", anchor: ""};
}

function plain(text) {
  return text.replace(/[\n\t]/g, " ");
}

// `at`, or the place after it where `at` would cut a character in two.
function border(text, at) {
  return /[\udc00-\udfff]/.test(text.charAt(at)) && /[\ud800-\udbff]/.test(text.charAt(at - 1)) ? at + 1 : at;
}

function facets(aggregations) {
  const found = {};
  for (const name of FACETS) {
    found[name] = Object.create(null);
    for (const {key, doc_count} of aggregations[name].values.buckets) if (key) found[name][key] = doc_count;
  }
  return found;
}

// An address of this site and nothing else: what another machine answers becomes a link.
function shown(source) {
  if (!/^\/(?![/\\])/.test(source.url)) throw new Error(`not an address of this site: ${source.url}`);
  return Object.fromEntries(SHOWN.map((name) => [name, String(source[name] ?? "")]));
}

function natural(value, otherwise) {
  return typeof value === "number" && value >= 0 ? Math.trunc(value) : otherwise;
}

async function load(address, options) {
  const answer = await fetch(address, {...options, signal: AbortSignal.timeout(PATIENCE)});
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

// Opens the engine that engine.json below `base` names; rejects where that cannot be read.
export async function open(base) {
  const folder = String(base).endsWith("/") ? String(base) : `${base}/`;
  const root = typeof location === "undefined" ? folder : new URL(folder, location.href).href;
  const {url, weights} = await load(new URL("engine.json", root));
  const address = `${new URL(url, root).href}/_search?search_type=dfs_query_then_fetch`;

  // Rejects where the engine does not answer, or answers something else than what was asked.
  async function search(query, options) {
    const {limit = 10, offset = 0, filters, sort = "relevance", snippets = true} = options ?? {};
    const result = {total: 0, exact: true, partial: false, missing: [], hits: [], facets: {}};
    for (const name of FACETS) result.facets[name] = Object.create(null);
    const terms = parse(query);
    const wanted = terms.filter((term) => !term.without);
    if (!wanted.length) return result;
    const from = Math.min(natural(offset, 0), DEEPEST);
    const size = Math.min(natural(limit, 10), DEEPEST - from);
    const body = JSON.stringify(request(query, terms, weights, {from, size, filters, sort, snippets}));
    const headers = {"Content-Type": "application/json"};
    const found = await load(address, {method: "POST", headers, body, credentials: "omit"});
    const failed = found._shards.failed || Number(found.timed_out);
    result.missing = Array.from({length: failed}, (_, n) => found._shards.failures?.[n]?.index ?? "index");
    result.partial = failed > 0;
    result.exact = !result.partial;
    result.total = natural(found.hits.total.value, 0);
    result.facets = facets(found.aggregations);
    result.hits = found.hits.hits.map((hit) => {
      const rest = snippets ? excerpt(hit, wanted) : {snippet: "", marks: [], article: "", anchor: ""};
      return {...shown(hit._source), ...rest};
    });
    return result;
  }

  return {search};
}
