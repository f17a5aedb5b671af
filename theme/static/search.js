// Exact search in the browser, without a server (MIT). An ES module without dependencies; runs in browsers and in Node.
//
//   import {open} from "./search.js";
//   const site = await open("/search/");
//   const found = await site.search("示政办发〔2024〕9号", {limit: 10});
//
// A phrase is found wherever it stands: both sides are folded (NFKC; white space, zero-width and control characters
// removed; lower case) and compared character by character; no word segmentation can cut it. Which documents hold a gram
// is read from small buckets, addressed by its first two characters (their form: plugins/search/segment.py).

const UNSEEN = /[\s\p{Cc}\u00ad\u180e\u200b-\u200f\u2060\ufeff]/gu;
const LARGE = /[ßς]/g;
const OPENING = /[〔[【（]/g;
const CLOSING = /[〕\]】）]/g;
const BRACKET = /[()]/;
const LONGEST = 1000;
const AROUND = 40;
const FACETS = ["kind", "issuer", "topic", "year", "validity"];
const ENDED = new Set(["已废止", "已被代替", "已失效"]);
const WORTH = [0.3, 0.6, 0.8, 1];
// The constants of the index (plugins/search/grams.py, segment.py).
const LIMIT = 40;
const DEEPEST = 10;
const PLACE = 30;
const MULTIPLIER = 0x9e3779b1;
const INVERSE = 0xe8b2f51;
const NONE = 0x5200;
const CHARACTERS = 22000;
const SPARE = 4;
const UNARY = 8;
// So few candidates are looked into rather than narrowed by another bucket.
const FEW = 4;

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

// ---- The index: codes, buckets, grams

function length(value) {
  return value ? 32 - Math.clz32(value) : 0;
}

function density(whole, part) {
  return Math.max(length(Math.floor(((whole - part) * 2) / Math.max(part * 3, 1))) - 1, 0);
}

// The bits of a bucket, most significant first.
class Bits {
  constructor(data) {
    this.data = data;
    this.at = 0;
  }

  bit() {
    const byte = this.data[this.at >> 3];
    if (byte === undefined) throw new RangeError("torn");
    return (byte >> (7 - (this.at++ & 7))) & 1;
  }

  number(width) {
    let value = 0;
    for (let n = 0; n < width; n++) value = value * 2 + this.bit();
    return value;
  }

  zeros() {
    let count = 0;
    while (!this.bit()) count++;
    return count;
  }

  ones(most) {
    let count = 0;
    while (count < most && this.bit()) count++;
    return count;
  }

  gamma() {
    const width = this.zeros();
    return 2 ** width + this.number(width);
  }

  rice(parameter) {
    return this.zeros() * 2 ** parameter + this.number(parameter);
  }

  golomb(parameter) {
    return (this.gamma() - 1) * 2 ** parameter + this.number(parameter);
  }
}

// A number of 15 bits for a UTF-16 unit; those beyond share the numbers of others.
function compact(unit) {
  if (unit >= 0x4e00 && unit < 0xa000) return unit - 0x4e00;
  if (unit < 0x2c00) return unit + 0x5200;
  return unit >= 0x3000 && unit < 0x3200 ? unit + 0x4e00 : unit & 0x7fff;
}

const BEYOND = /[\u2c00-\u2fff\u3200-\u4dff\ua000-\uffff]/;

// Where the root of a text's first two units stands in the order of buckets.
function place(text, at) {
  const key = (compact(text.charCodeAt(at)) << 15) | (at + 1 < text.length ? compact(text.charCodeAt(at + 1)) : NONE);
  return Math.imul(key ^ (key >>> 15), MULTIPLIER) & (2 ** PLACE - 1);
}

// Whether a place is that of a single character.
function single(key) {
  const mixed = Math.imul(key, INVERSE) & (2 ** PLACE - 1);
  return ((mixed ^ (mixed >>> 15)) & 0x7fff) === NONE;
}

function hash(text) {
  let value = 0x811c9dc5;
  for (let n = 0; n < text.length; n++) value = Math.imul(value ^ text.charCodeAt(n), 0x01000193);
  return (value ^ (value >>> 16)) & 0xffff;
}

// What a bucket holds: rests of places, some bits of the rests of rare roots, names; `bits` stands at the first gram.
function contents(data, rest, documents) {
  const bits = new Bits(data);
  const exact = [];
  const count = bits.gamma() - 1;
  for (let n = 0, last = -1; n < count; n++) exact.push((last += bits.rice(density(2 ** rest, count)) + 1));
  const rare = [];
  const seldom = bits.gamma() - 1;
  for (let n = 0, last = 0; n < seldom; n++) rare.push((last += bits.rice(SPARE)));
  const names = [];
  const width = Math.max(1, length(documents - 1));
  for (let n = bits.gamma() - 1; n > 0; n--) names.push([bits.number(16), bits.number(width)]);
  return {bits, exact, rare, names};
}

// The ranks, among so many, of the documents that a gram's list names.
function ranks(bits, held, among) {
  const inverse = held * 2 > among;
  const size = inverse ? among - held : held;
  const parameter = density(among, size);
  const found = [];
  for (let n = 0, last = -1; n < size; n++) found.push((last += bits.rice(parameter) + 1));
  if (!inverse) return found;
  const lacking = new Set(found);
  return Array.from({length: among}, (_, n) => n).filter((n) => !lacking.has(n));
}

// Reads a gram and all below it, or with a `path` those along it: [{list, mark, open}], from two characters on. Of a
// `mark`, `list` is that above, and its own is what both its parts have. `counts` are the blocks of every document.
function gram(bits, above, counts, alone, path, depth) {
  const same = above && bits.bit();
  const mark = above && !same && bits.bit();
  const list = same || mark ? above : listed(bits, above, counts, alone);
  const open = mark ? bits.bit() : list.ids.length > LIMIT && !alone && depth < DEEPEST;
  const here = {list, mark, open};
  if (!open || (path && depth >= path.length)) return [here];
  const below = bits.gamma() - 1;
  const wanted = path && compact(path.charCodeAt(depth));
  for (let n = 0, last = -1; n < below && !(path && last > wanted); n++) {
    last += bits.golomb(density(CHARACTERS, below)) + 1;
    const found = path && last === wanted;
    const longer = gram(bits, list, counts, false, found ? path : "", depth + 1);
    if (found) return [here, ...longer];
  }
  return [here];
}

// A list of its own: {ids, ratings, blocks}.
function listed(bits, above, counts, alone) {
  const held = bits.gamma();
  const list = {ids: [], ratings: [], blocks: []};
  for (const rank of ranks(bits, held, above ? above.ids.length : counts.length)) {
    const id = above ? above.ids[rank] : rank;
    const before = above ? above.blocks[rank] : 0;
    const left = counts[id] - 1 - before;
    list.ids.push(id);
    list.ratings.push(alone ? 0 : bits.ones(above ? above.ratings[rank] : WORTH.length - 1));
    list.blocks.push(alone ? 0 : before + (left < UNARY ? bits.ones(left) : bits.gamma() - 1));
  }
  return list;
}

// The grams in a bucket that `text` begins with, the longest last; null where its first two characters stand nowhere.
// They are `sure` where their lists hold exactly the documents that hold them.
function beginnings(data, rest, counts, text) {
  const key = place(text, 0);
  const {bits, exact, rare} = contents(data, rest, counts.length);
  const wanted = key % 2 ** rest;
  const index = exact.indexOf(wanted);
  const skip = (n) => gram(bits, null, counts, n < exact.length && single(key - wanted + exact[n]), "", 2);
  for (let n = 0; n < (index < 0 ? exact.length : index); n++) skip(n);
  if (index >= 0) {
    const grams = gram(bits, null, counts, text.length < 2, text.length < 2 ? "" : text, 2);
    return {grams, sure: !BEYOND.test(text.slice(0, grams.length + 1))};
  }
  const print = Math.floor(wanted / 2 ** Math.max(rest - SPARE - length(rare.length), 0));
  const found = rare.map((one, n) => [one, skip(exact.length + n)[0].list]).filter(([one]) => one === print);
  return found.length ? {grams: [{list: found.map(([, list]) => list).reduce(united)}], sure: false} : null;
}

// The documents of either list.
function united(one, other) {
  const found = {ids: [], ratings: [], blocks: []};
  for (let n = 0, m = 0; n < one.ids.length || m < other.ids.length;) {
    const first = !(other.ids[m] < one.ids[n]) && n < one.ids.length;
    const [list, at] = first ? [one, n] : [other, m];
    if (first && other.ids[m] === one.ids[n]) m++;
    for (const name of Object.keys(found)) found[name].push(list[name][at]);
    if (first) n++;
    else m++;
  }
  return found;
}

// The documents of both lists: a phrase is at most as frequent as its parts, and begins no earlier.
function both(one, other) {
  const found = {ids: [], ratings: [], blocks: []};
  for (let n = 0, m = 0; n < one.ids.length; n++) {
    while (m < other.ids.length && other.ids[m] < one.ids[n]) m++;
    if (other.ids[m] !== one.ids[n]) continue;
    found.ids.push(one.ids[n]);
    found.ratings.push(Math.min(one.ratings[n], other.ratings[m]));
    found.blocks.push(Math.max(one.blocks[n], other.blocks[m]));
  }
  return found;
}

const NOTHING = {ids: [], ratings: [], blocks: [], sure: true};

// What is known of a text in a segment: of each place from which it was read, the grams that begin there.
class Known {
  constructor(text) {
    this.text = text;
    this.walks = new Map();
  }

  // The documents that hold `count` characters from `start` on, as far as is known.
  held(start, count) {
    const {grams, sure} = this.walks.get(start);
    const {list, mark} = grams[count - 2];
    if (!mark) return {...list, sure};
    const prefix = this.held(start, count - 1);
    if (!this.walks.has(start + 1)) return {...prefix, sure: false};
    const suffix = this.held(start + 1, count - 1);
    return {...both(prefix, suffix), sure: prefix.sure && suffix.sure};
  }

  // Whether a gram is missing that would be kept if any document held it.
  impossible() {
    for (const [start, {grams, sure}] of this.walks) {
      const missing = grams.length + 2;
      if (!sure || !grams.at(-1).open || start + missing > this.text.length) continue;
      const suffix = this.walks.get(start + 1);
      if (suffix?.sure && suffix.grams[missing - 3]?.open && !BEYOND.test(this.text.slice(start, start + missing))) return true;
    }
    return false;
  }

  // The documents that may hold the text; all of them do where the list is `sure`.
  candidates() {
    if (this.impossible()) return NOTHING;
    const whole = this.walks.get(0);
    if (whole && whole.grams.length + 1 >= this.text.length) return this.held(0, Math.max(this.text.length, 2));
    const lists = [...this.walks].map(([start, {grams}]) => this.held(start, grams.length + 1));
    return {...lists.reduce(both), sure: false};
  }
}

// The documents of a segment that may hold `text`. `read` gives the grams that begin at a place, null where there are
// none, undefined where their bucket cannot be read.
async function candidates(text, read) {
  const known = new Known(text);
  const last = Math.max(text.length - 2, 0);
  const between = Array.from({length: Math.max(last - 1, 0)}, (_, n) => n + 1);
  const some = between.filter((start) => start % Math.ceil((last + 1) / 4) === 0);
  let found = null;
  for (const starts of [last ? [0, last] : [0], some, between]) {
    const fresh = starts.filter((start) => !known.walks.has(start));
    const walks = await Promise.all(fresh.map(read));
    if (walks.includes(null)) return NOTHING;
    fresh.forEach((start, n) => { if (walks[n]) known.walks.set(start, walks[n]); });
    if (!known.walks.size) continue;
    found = known.candidates();
    if (found.sure || found.ids.length <= FEW) break;
  }
  return found;
}

// ---- What is shown

// One field in the form in which `term` is compared.
function side(term, text) {
  return term.exact ? fold(text) : brackets(fold(text));
}

// The query as terms, and as the whole title or number that it may be.
function understand(query) {
  const terms = parse(query);
  const wanted = terms.filter((term) => !term.without);
  return {wanted, unwanted: terms.filter((term) => term.without), whole: wanted.map((term) => term.text).join("")};
}

// Folds `text`, and remembers for each folded character where the piece that it came from begins and ends.
function traced(text) {
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
  return {folded, begin, end};
}

// The text around the first hit in a block, where hits stand in it, and the article that the first is in.
function excerpt({text, heads}, wanted) {
  const {folded, begin, end} = traced(text);
  const hits = [];
  for (const term of wanted) {
    const where = term.exact ? folded : brackets(folded);
    for (let at = where.indexOf(term.text); at >= 0; at = where.indexOf(term.text, at + term.text.length)) {
      hits.push([begin[at], end[at + term.text.length - 1]]);
    }
  }
  hits.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const [first, last] = hits[0] ?? [0, AROUND];
  const start = border(text, Math.max(0, first - AROUND));
  const stop = border(text, Math.min(text.length, last + AROUND));
  const marks = hits.filter((hit) => hit[1] <= stop).map((hit) => [hit[0] - start, hit[1] - start]);
  const head = hits.length ? heads.findLast(([at]) => at <= first) : undefined;
  const snippet = text.slice(start, stop).replace(/[\n\t]/g, " ");
  return {snippet, marks, article: head?.[1] ?? "", anchor: head?.[2] ?? ""};
}

// `at`, or the place after it where `at` would cut a character in two.
function border(text, at) {
  return /[\udc00-\udfff]/.test(text.charAt(at)) && /[\ud800-\udbff]/.test(text.charAt(at - 1)) ? at + 1 : at;
}

function natural(value, otherwise) {
  return typeof value === "number" && value >= 0 ? Math.trunc(value) : otherwise;
}

// ---- Files

async function bytes(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return new Uint8Array(await answer.arrayBuffer());
}

// JSON that was deflated; where the browser cannot inflate, a module of our own does.
async function inflated(address, data) {
  let text;
  try {
    const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    text = await new Response(stream).text();
  } catch (error) {
    if (typeof DecompressionStream !== "undefined" && !(error instanceof TypeError && /format|deflate/i.test(error.message))) throw error;
    const {inflate} = await import("./inflate.js");
    text = new TextDecoder().decode(inflate(data));
  }
  return JSON.parse(text);
}

// Opens the index below `base`; rejects where its head cannot be read.
export async function open(base) {
  const folder = String(base).endsWith("/") ? String(base) : `${base}/`;
  const root = typeof location === "undefined" ? folder : new URL(folder, location.href).href;
  const kept = new Map();

  // A file is loaded once; one that failed is tried again by the next search.
  function load(path, read) {
    if (!kept.has(path)) {
      const loading = bytes(new URL(path, root)).then((data) => read(path, data));
      loading.catch(() => kept.delete(path));
      kept.set(path, loading);
    }
    return kept.get(path);
  }

  const index = await load("index.json", (_, data) => JSON.parse(new TextDecoder().decode(data)));
  const columns = await load("columns.bin", inflated);
  const days = columns.days;
  for (let n = 1; n < days.length; n++) days[n] += days[n - 1];
  const segments = index.segments.map((one) => ({...one, counts: columns.blocks.slice(one.first, one.first + one.documents)}));

  const block = (id, n) => load(`text/${id}-${n}.bin`, inflated);
  const record = (id) => load(`records/${Math.floor(id / index.page)}.bin`, inflated).then((page) => page[id % index.page]);

  async function search(query, options) {
    const {limit = 10, offset = 0, filters, sort = "relevance", snippets = true} = options ?? {};
    const {wanted, unwanted, whole} = understand(query);
    const missing = new Set();

    // What a file gives, undefined where it cannot be read.
    const tried = (loading) => loading.catch((error) => { missing.add(String(error.message)); });

    function bucket(segment, key) {
      const path = `grams/${segment.name}/${Math.floor(key / 2 ** (PLACE - segment.bits)).toString(16)}.bin`;
      return tried(load(path, (_, data) => data)).then((data) => data && {path, data});
    }

    async function opened(segment, text, use) {
      const found = await bucket(segment, place(text, 0));
      if (!found) return undefined;
      try {
        return use(found.data, PLACE - segment.bits);
      } catch {
        kept.delete(found.path);
        missing.add(found.path);
        return undefined;
      }
    }

    const walked = (segment, text) => candidates(text, (start) =>
      opened(segment, text.slice(start), (data, rest) => beginnings(data, rest, segment.counts, text.slice(start))));

    // Between brackets of any shape stand pieces that are searched alone.
    async function asks(segment, term) {
      if (term.exact || !BRACKET.test(term.text)) return (await walked(segment, term.text)) ?? NOTHING;
      const pieces = term.text.split(/[()]+/).filter(Boolean);
      if (!pieces.length) {
        const shapes = await Promise.all([..."(〔[【)〕]】"].map((shape) => walked(segment, shape)));
        return {...shapes.filter(Boolean).reduce(united), sure: false};
      }
      const lists = await Promise.all(pieces.map((piece) => walked(segment, piece)));
      return {...lists.map((list) => list ?? NOTHING).reduce(both), sure: false};
    }

    async function named(segment) {
      const key = hash(brackets(whole));
      const names = await opened(segment, brackets(whole), (data, rest) => contents(data, rest, segment.documents).names);
      return (names ?? []).filter(([value]) => value === key).map(([, id]) => segment.first + id);
    }

    async function holds(id, term, guess) {
      const count = columns.blocks[id];
      const first = await block(id, guess);
      const in_ = (text) => side(term, text).includes(term.text);
      if (in_(first.title) || in_(first.number) || in_(first.text)) return true;
      if (count === 1) return false;
      const all = await Promise.all(Array.from({length: count}, (_, n) => block(id, n)));
      return all.map((one) => side(term, one.text)).join("").includes(term.text);
    }

    // Of one segment, what all terms leave: {id, lists, at}, at[n] the place in lists[n].
    async function asked(segment) {
      const lists = await Promise.all(wanted.map((term) => asks(segment, term)));
      const without = await Promise.all(unwanted.map((term) => asks(segment, term)));
      const places = lists.map((list) => new Map(list.ids.map((id, n) => [id, n])));
      const found = [];
      for (const id of lists.length ? lists[0].ids : []) {
        if (!places.every((place) => place.has(id))) continue;
        if (without.some((list) => list.sure && list.ids.includes(id))) continue;
        found.push({id: segment.first + id, ratings: lists.map((l, n) => l.ratings[places[n].get(id)]), blocks: lists.map((l, n) => l.blocks[places[n].get(id)])});
      }
      const sound = await Promise.all(found.map(async (one) => {
        const checks = wanted.map((term, n) => lists[n].sure || holds(one.id, term, one.blocks[n]));
        const against = unwanted.map((term, n) => !without[n].sure && without[n].ids.includes(one.id - segment.first) && holds(one.id, term, 0));
        const answers = await Promise.all([...checks, ...against].map((check) => tried(Promise.resolve(check))));
        return answers.slice(0, checks.length).every((yes) => yes !== false) && !answers.slice(checks.length).some((yes) => yes === true);
      }));
      return {found: found.filter((_, n) => sound[n]), held: lists.map((list) => list.ids.length)};
    }

    const result = {total: 0, exact: true, partial: false, missing: [], hits: [], facets: {}};
    const answers = wanted.length ? await Promise.all(segments.map(asked)) : [];
    const full = new Set(wanted.length ? (await Promise.all(segments.map(named))).flat() : []);
    const found = answers.flatMap((answer) => answer.found);
    const total = columns.blocks.length;
    const rare = wanted.map((_, n) => answers.reduce((sum, answer) => sum + answer.held[n], 0));
    const weight = rare.map((held) => Math.log(1 + (total - held + 0.5) / (held + 0.5)));
    const value = (name, id) => columns.facets[name].values[columns.facets[name].of[id]] ?? "";
    for (const one of found) {
      one.full = full.has(one.id);
      one.ended = ENDED.has(value("validity", one.id));
      one.score = one.ratings.reduce((sum, rating, n) => sum + weight[n] * WORTH[rating], 0);
    }
    const chosen = FACETS.filter((name) => filters?.[name]);
    const since = filters?.since ? Date.parse(filters.since) / 864e5 : -Infinity;
    const until = filters?.until ? Date.parse(filters.until) / 864e5 : Infinity;
    const passes = (id, but) => days[id] >= since && days[id] <= until && chosen.every((name) => name === but || value(name, id) === String(filters[name]));
    for (const name of FACETS) {
      result.facets[name] = Object.create(null);
      for (const {id} of found) {
        const shown = value(name, id);
        if (shown && passes(id, name)) result.facets[name][shown] = (result.facets[name][shown] ?? 0) + 1;
      }
    }
    const newest = (a, b) => b.id - a.id;
    const best = (a, b) => b.full - a.full || a.ended - b.ended || b.score - a.score || newest(a, b);
    const ordered = found.filter(({id}) => passes(id)).sort(sort === "date" ? newest : best);
    result.total = ordered.length;
    const from = natural(offset, 0);
    const shown = ordered.slice(from, from + natural(limit, 10)).map(async (one) => {
      const part = snippets ? await tried(shownBlock(one)) : undefined;
      const head = part ?? (await tried(record(one.id)));
      const facts = {url: head?.url ?? "", title: head?.title ?? "", number: head?.number ?? "", published: head?.published ?? ""};
      for (const name of ["validity", "issuer", "kind"]) facts[name] = value(name, one.id);
      return {...facts, ...(part ? excerpt(part, wanted) : {snippet: "", marks: [], article: "", anchor: ""})};
    });

    // The block of a hit in the text, the first where there is none.
    async function shownBlock({id, blocks}) {
      const guess = Math.max(0, ...blocks.slice(0, 1));
      const part = await block(id, guess);
      if (!guess || wanted.some((term) => side(term, part.text).includes(term.text))) return part;
      return block(id, 0);
    }

    result.hits = (await Promise.all(shown)).filter((hit) => hit.url);
    result.missing = [...missing];
    result.partial = missing.size > 0;
    result.exact = !result.partial;
    return result;
  }

  return {search, index};
}
