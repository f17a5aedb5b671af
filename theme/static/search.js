//# allFunctionsCalledOnLoad
// Exact search without a server (MIT): an ES module without dependencies, for browsers and Node.
//
//   import {open} from "./search.js";
//   const site = await open("/search/");
//   const found = await site.search("示政办发〔2024〕9号");
//
// A phrase is found wherever it stands: both sides are folded (NFKC; white space, zero-width and control characters
// removed; lower case) and compared character by character. Which documents hold a gram is read from small buckets,
// addressed by its first two characters (plugins/search/segment.py).

const UNSEEN = /[\s\p{Cc}\u00ad\u180e\u200b-\u200f\u2060\ufeff]/gu;
const LARGE = /[ßς]/g;
const OPENING = /[〔[【（]/g;
const CLOSING = /[〕\]】）]/g;
const BRACKET = /[()]/;
const SHAPES = [..."(〔[【)〕]】"];
const LONGEST = 1000;
const DAY = 864e5;
const AROUND = 40;
const FACETS = ["kind", "issuer", "topic", "year", "validity"];
const ENDED = new Set(["已废止", "已被代替", "已失效"]);
const WORTH = [0.3, 0.6, 0.8, 1];
// The constants of the index (plugins/search/levels.py, coded.py, segment.py).
const LEFT = 12;
const WORDS = 28;
const DEEPEST = 10;
const WORD = 4;
const RARE = 2;
const SMALL = 64;
const FORMAT = 6;
const FIRST = 35;
const PLACE = 30;
const MULTIPLIER = 0x9e3779b1;
const INVERSE = 0xe8b2f51;
const NONE = 0x5200;
const CHARACTERS = 22000;
const SPARE = 4;
const UNARY = 8;
const LONG = 12;
// So few candidates are looked into rather than narrowed by another bucket.
const FEW = 4;
const ROWS = 64;
const NOISE = 1024;
// Milliseconds that a round of noise may take.
const SLACK = 5;

// The form in which query and documents are compared.
export function fold(text) {
  return String(text).normalize("NFKC").replace(UNSEEN, "").toLowerCase().replace(LARGE, (c) => (c === "ß" ? "ss" : "σ"));
}

// Brackets of any shape are one where nothing was quoted: 〔2024〕, [2024] and (2024).
function brackets(text) {
  return text.replace(OPENING, "(").replace(CLOSING, ")");
}

// A query is a list of {text, exact, without}: "…" means exactly this, a space means both, a leading - excludes.
// Curly quotes open only where a word begins: titles have “…” inside.
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

// At most 1,000 characters; what is neither text nor a number is nothing.
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

// How many documents of a segment a phrase of some length may leave to be looked into: of a small one a word leaves none.
function limit(documents, length) {
  if (length <= WORD && documents < SMALL) return 0;
  return Math.floor(Math.cbrt((length > WORD ? LEFT : WORDS) * documents) + 1e-6);
}

// Of how many documents that hold both parts of a text of some length nothing is kept. Between these and the limit it is
// kept if most of them hold it.
function least(documents, length) {
  const most = limit(documents, length);
  return most && length <= WORD ? Math.max(RARE, Math.floor(most / 3)) : most;
}

// The bits of a bucket, most significant first: numbers of at most 31 bits, each taken out of the next 32.
class Bits {
  constructor({data, path}) {
    const padded = new Uint8Array(data.length + 8);
    padded.set(data);
    Object.assign(this, {data: padded, path, at: 0, end: data.length * 8});
  }

  // The next 32 bits, with zeros behind the last.
  next() {
    const {data, at} = this;
    const byte = at >> 3;
    const word = (data[byte] << 24) | (data[byte + 1] << 16) | (data[byte + 2] << 8) | data[byte + 3];
    return (word << (at & 7)) | (data[byte + 4] >> (8 - (at & 7)));
  }

  pass(count) {
    this.at += count;
    if (this.at > this.end) throw Object.assign(new RangeError("torn"), {path: this.path});
  }

  bit() {
    return this.number(1);
  }

  number(width) {
    const value = width && this.next() >>> (32 - width);
    this.pass(width);
    return value;
  }

  zeros() {
    let count = 0;
    for (let some = 32; some === 32; count += some) {
      some = Math.clz32(this.next());
      this.pass(some);
    }
    this.pass(1);
    return count;
  }

  ones(most) {
    const count = Math.min(Math.clz32(~this.next()), most);
    this.pass(count < most ? count + 1 : count);
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

  // So many numbers below `among`.
  ascending(count, among) {
    const parameter = density(among, count);
    const found = [];
    for (let n = 0, last = -1; n < count; n++) found.push((last += this.rice(parameter) + 1));
    return found;
  }
}

// A number of 15 bits for a UTF-16 unit; those beyond share the numbers of others.
function compact(unit) {
  if (unit >= 0x4e00 && unit < 0xa000) return unit - 0x4e00;
  if (unit < 0x2a00) return unit + 0x5200;
  return unit >= 0x3000 && unit < 0x3200 ? unit + 0x4c00 : 0x7e00 + (unit & 0x1ff);
}

const BEYOND = /[\u2a00-\u2fff\u3200-\u4dff\ua000-\uffff]/;

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

// What a bucket holds: rests of places, bits of those of rare roots, names; `bits` stands at the first gram. A phrase and
// a title typed in full ask for the same.
function contents(file, rest, documents) {
  file.contents ??= inventory(new Bits(file), rest, documents);
  file.contents.bits.at = file.contents.grams;
  return file.contents;
}

function inventory(bits, rest, documents) {
  const exact = bits.ascending(bits.gamma() - 1, 2 ** rest);
  const rare = [];
  const seldom = bits.gamma() - 1;
  for (let n = 0, last = 0; n < seldom; n++) rare.push((last += bits.rice(SPARE)));
  const names = [];
  const width = Math.max(1, length(documents - 1));
  for (let n = bits.gamma() - 1; n > 0; n--) names.push([bits.number(16), bits.number(width)]);
  return {bits, exact, rare, names, grams: bits.at};
}

// Of each bucket whose longer grams are apart, by how many bits they are cut.
function shares(data, buckets) {
  const bits = new Bits(data);
  return new Map(bits.ascending(bits.gamma() - 1, buckets).map((bucket) => [bucket, bits.gamma()]));
}

// The ranks, among so many, of the documents that a gram's list names.
function ranks(bits, held, among) {
  if (held * 2 <= among) return bits.ascending(held, among);
  const lacking = bits.ascending(among - held, among);
  const found = [];
  for (let n = 0, next = 0; n < among; n++) {
    if (lacking[next] === n) next++;
    else found.push(n);
  }
  return found;
}

// Numbers up to the `most` of each. In a `long` list those above 0 may be named first.
function steps(bits, most, long) {
  const number = (limit) => (limit < UNARY ? bits.ones(limit) : bits.gamma() - 1);
  const named = long ? bits.gamma() - 2 : -1;
  if (named < 0) return most.map(number);
  let [open, rank, next] = [0, 0, 0];
  for (const limit of most) if (limit > 0) open++;
  const above = ranks(bits, named, open);
  return most.map((limit) => {
    if (limit <= 0 || above[next] !== rank++) return 0;
    next++;
    return 1 + number(limit - 1);
  });
}

// Reads a gram and all below it, or those along a `path`: [{list, mark, open}], from two characters on. Of a `mark`,
// `list` is that above; its own is what both parts have. A segment's `counts` are the blocks of each document.
function gram(bits, above, segment, alone, path, depth, apart) {
  const same = above && bits.bit();
  const mark = above && !same && bits.bit();
  const list = same || mark ? above : listed(bits, above, segment, alone);
  const open = mark ? bits.bit() : list.ids.length > least(segment.documents, depth + 1) && !alone && depth < DEEPEST;
  const here = {list, mark, open};
  if (!open || apart || (path && depth >= path.length)) return [here];
  return [here, ...longer(bits, list, segment, path, depth, 0)];
}

// Those below a gram; the last `share` bits of their characters are known.
function longer(bits, list, segment, path, depth, share) {
  const below = bits.gamma() - 1;
  const wanted = path && compact(path.charCodeAt(depth)) >> share;
  for (let n = 0, last = -1; n < below && !(path && last > wanted); n++) {
    last += bits.golomb(density(CHARACTERS >> share, below)) + 1;
    const found = path && last === wanted;
    const grams = gram(bits, list, segment, false, found ? path : "", depth + 1);
    if (found) return grams;
  }
  return [];
}

// A list of its own: {ids, ratings, blocks}.
function listed(bits, above, segment, alone) {
  const held = above ? bits.number(length(above.ids.length)) : bits.gamma();
  const found = ranks(bits, held, above ? above.ids.length : segment.documents);
  const ids = above ? found.map((rank) => above.ids[rank]) : found;
  const all = (value) => Array(found.length).fill(value);
  const before = above ? found.map((rank) => above.blocks[rank]) : all(0);
  if (alone) return {ids, ratings: before, blocks: before};
  const most = above ? found.map((rank) => above.ratings[rank]) : all(WORTH.length - 1);
  const ratings = steps(bits, most, held > LONG);
  const blocks = steps(bits, ids.map((id, n) => segment.counts[id] - 1 - before[n]), held > LONG);
  for (let n = 0; n < blocks.length; n++) blocks[n] += before[n];
  return {ids, ratings, blocks};
}

// The grams in a bucket that `text` begins with, the longest last; null where its first two characters stand nowhere;
// `sure` where their lists are exactly the documents that hold them. With a `share` longer grams are `apart`.
function beginnings(text, segment, data, rest, share, apart) {
  const key = place(text, 0);
  const {bits, exact, rare} = contents(data, rest, segment.documents);
  const wanted = key % 2 ** rest;
  const index = exact.indexOf(wanted);
  const skip = (n) => gram(bits, null, segment, n < exact.length && single(key - wanted + exact[n]), "", 2, share)[0];
  const before = [];
  for (let n = 0; n < (index < 0 ? exact.length : index); n++) before.push(skip(n));
  if (index >= 0) {
    const grams = gram(bits, null, segment, text.length < 2, text.length < 2 ? "" : text, 2, share);
    if (apart && grams[0].open) {
      const more = new Bits(apart);
      for (const {list, open} of before) if (open) longer(more, list, segment, "", 2, share);
      grams.push(...longer(more, grams[0].list, segment, text, 2, share));
    }
    return {grams, sure: !BEYOND.test(text.slice(0, grams.length + 1))};
  }
  const print = Math.floor(wanted / 2 ** Math.max(rest - SPARE - length(rare.length), 0));
  const found = rare.map((one, n) => [one, skip(exact.length + n).list]).filter(([one]) => one === print);
  return found.length ? {grams: [{list: found.map(([, list]) => list).reduce(united)}], sure: false} : null;
}

// The documents of either list; of what both have, the first block.
function united(one, other) {
  const rows = [one, other].flatMap(({ids, ratings, blocks}) => ids.map((id, n) => [id, blocks[n], ratings[n]]));
  rows.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const kept = rows.filter(([id], n) => id !== rows[n - 1]?.[0]);
  const [ids, blocks, ratings] = [0, 1, 2].map((n) => kept.map((row) => row[n]));
  return {ids, ratings, blocks};
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
  constructor(text, segment) {
    Object.assign(this, {text, segment, walks: new Map()});
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
      if (BEYOND.test(this.text.slice(start, start + missing))) continue;
      const most = limit(this.segment.documents, missing);
      if (!most) return true;
      const next = this.walks.get(start + 1);
      if (!next?.sure || !next.grams[missing - 3]?.open) continue;
      const parts = [start, start + 1].map((one) => this.held(one, missing - 1));
      if (parts.every((one) => one.sure) && both(...parts).ids.length > most) return true;
    }
    return false;
  }

  // Those of some places whose two characters stand in no gram that was read.
  open(places) {
    const within = (place) => [...this.walks].some(([start, {grams}]) => start <= place && place < start + grams.length);
    return places.filter((place) => !within(place));
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

// Those of a segment that may hold `text`. `read` gives the grams that begin at a place, null for none, undefined where
// their bucket cannot be read. Of up to four characters the first two pairs are asked for: of a word they mostly say all.
// Of more it is what the text begins and ends with, then, from both sides, more and more of the pairs that no gram read so
// far spans: a pair between two words says most. To read on is no use where as many texts settle it. A small segment knows
// of all words, so that of most texts their beginning says all.
async function candidates(text, segment, read) {
  const known = new Known(text, segment);
  let left = Array.from({length: Math.max(text.length - 1, 1)}, (_, start) => start);
  let starts = left.length > 3 ? [0, left.length - 1] : left.slice(0, 2);
  if (segment.documents < SMALL) starts.length = 1;
  let found = null;
  for (let most = 2; starts.length; most *= 2) {
    const walks = await Promise.all(starts.map(read));
    if (walks.includes(null)) return NOTHING;
    starts.forEach((start, n) => { if (walks[n]) known.walks.set(start, walks[n]); });
    left = left.filter((start) => !starts.includes(start));
    const open = known.open(left);
    starts = open.length ? spread(open, most) : left;
    if (!known.walks.size) continue;
    found = known.candidates();
    if (found.sure || found.ids.length <= Math.max(FEW, starts.length)) break;
  }
  return found;
}

// At most so many of a list: the first, the last, and some in between.
function spread(list, most) {
  const count = Math.min(list.length, most);
  return Array.from({length: count}, (_, n) => list[count > 1 ? Math.round((n * (list.length - 1)) / (count - 1)) : 0]);
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

// Pieces that fold by themselves. First runs of characters of which each folds to one: most of a Chinese text.
const PIECES = /((?:[!-~\u2018-\u201d\u3001\u3002\u3008-\u3015\u4e00-\u9fff\uff01-\uff5e](?!\p{M}))+)|\P{M}\p{M}*|\p{M}+/gu;

// Folds `text`, and remembers for each folded character where the piece that it came from begins and ends.
function traced(text) {
  const begin = [];
  const end = [];
  let folded = "";
  for (const {0: piece, 1: run, index} of text.matchAll(PIECES)) {
    const part = fold(piece);
    for (let i = 0; i < part.length; i++) {
      begin.push(run ? index + i : index);
      end.push(run ? index + i + 1 : index + piece.length);
    }
    folded += part;
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

// The files below `root`, each loaded once; one that failed is tried again by the next search. What is asked for at once
// waits in so many rows, because browsers and hosts refuse a thousand requests.
class Files {
  constructor(root) {
    this.root = root;
    this.kept = new Map();
    this.rows = Array(ROWS).fill(null);
    this.asked = 0;
  }

  load(path, read, stamp = this.stamp) {
    if (!this.kept.has(path)) {
      const row = this.asked++ % ROWS;
      const loading = this.fetched(path, stamp, this.rows[row]).then(read).catch((error) => { throw new Error(path, {cause: error}); });
      this.rows[row] = loading.catch(() => this.kept.delete(path));
      this.kept.set(path, loading);
    }
    return this.kept.get(path);
  }

  // A browser may keep what has a stamp in its address; the head, which tells the stamps, it asks for each time.
  async fetched(path, stamp, before) {
    await before;
    const address = new URL(path, this.root);
    address.search = stamp ?? "";
    const answer = await fetch(address, stamp ? {} : {cache: "no-cache"});
    if (!answer.ok) throw new Error(answer.status);
    return new Uint8Array(await answer.arrayBuffer());
  }
}

function decoded(data, encoding) {
  return new TextDecoder(encoding).decode(data);
}

function parsed(data) {
  return JSON.parse(decoded(data, "gbk"));
}

// JSON in GBK that was deflated; where the browser cannot inflate, a module of our own does.
async function inflated(data) {
  let stream;
  try {
    stream = new DecompressionStream("deflate-raw");
  } catch {
    const {inflate} = await import("./inflate.js");
    return parsed(inflate(data));
  }
  const writer = stream.writable.getWriter();
  const [plain] = await Promise.all([new Response(stream.readable).arrayBuffer(), writer.write(data), writer.close()]);
  return parsed(plain);
}

// The numbers that the characters of a column stand for (plugins/views/indexed.py).
function numbers(text) {
  const found = new Uint16Array(text.length);
  for (let n = 0; n < text.length; n++) found[n] = text.charCodeAt(n) - FIRST;
  return found;
}

// The index: its head, the columns of all entries, and what is loaded of buckets, texts and records.
class Index {
  static async open(root) {
    const files = new Files(root);
    const head = await Index.head(files);
    if (head.format !== FORMAT) throw new Error("index.json");
    files.stamp = head.stamp;
    const index = new Index(files, head, await files.load("columns.bin", inflated));
    await Promise.allSettled(index.segments.map((one) => index.shares(one)));
    return index;
  }

  static head(files) {
    return files.load("index.json", (data) => JSON.parse(decoded(data)));
  }

  // Whether the host has this index still; what it does not tell is taken to be so.
  async stands() {
    const {stamp} = await Index.head(new Files(this.files.root)).catch(() => this.head);
    return stamp === this.head.stamp;
  }

  constructor(files, head, {facets, days, blocks}) {
    Object.assign(this, {files, head, facets, blocks: numbers(blocks), total: blocks.length});
    for (const column of Object.values(facets)) column.of = numbers(column.of);
    let day = 0;
    this.days = days.map((step) => (day += step));
    this.segments = head.segments.map((one) => {
      return {...one, counts: this.blocks.subarray(one.first, one.first + one.documents)};
    });
  }

  value(name, id) {
    const {values, of} = this.facets[name];
    return values[of[id]] ?? "";
  }

  block(id, n) {
    return this.files.load(`text/${id}-${n}.bin`, inflated);
  }

  // The text of an entry from one of its blocks on, in parts; where these are many, as it stands at its own address.
  async since(id, from, url) {
    const rest = Array.from({length: this.blocks[id] - from}, (_, n) => n + from);
    const whole = rest.length > 2 && this.files.load(`${url}index.txt`, decoded);
    const text = whole && (await whole.catch(() => ""));
    if (text) return [text.slice(text.indexOf("\n\n"))];
    return (await Promise.all(rest.map((n) => this.block(id, n)))).map((one) => one.text);
  }

  async record(id) {
    const page = await this.files.load(`records/${Math.floor(id / this.head.page)}.bin`, inflated);
    return page[id % this.head.page];
  }

  shares({name, bits, stamp}) {
    const path = `grams/${name}/apart.bin`;
    return this.files.load(path, (data) => shares({data, path}, 2 ** bits), stamp);
  }

  // What `use` reads in the bucket of the two characters that `text` begins with, and in what is apart of it.
  async bucket(segment, text, use) {
    const rest = PLACE - segment.bits;
    const number = Math.floor(place(text, 0) / 2 ** rest);
    const share = (await this.shares(segment)).get(number) ?? 0;
    const name = `grams/${segment.name}/${number.toString(16)}`;
    const paths = [`${name}.bin`];
    if (share && text.length > 2) paths.push(`${name}-${(compact(text.charCodeAt(2)) & (2 ** share - 1)).toString(16)}.bin`);
    const [whole, apart] = await Promise.all(paths.map((path) => {
      return this.files.load(path, (data) => ({data, path}), segment.stamp);
    }));
    try {
      return use(whole, rest, share, apart);
    } catch (error) {
      const path = error.path ?? paths[0];
      this.files.kept.delete(path);
      throw new Error(path, {cause: error});
    }
  }
}

// ---- A search

class Search {
  constructor(index, query, filters) {
    Object.assign(this, {index, missing: new Set(), ...understand(query)});
    this.chosen = FACETS.filter((name) => filters?.[name]).map((name) => {
      const {values, of} = index.facets[name];
      return {name, of, value: values.indexOf(String(filters[name]))};
    });
    this.since = filters?.since ? Date.parse(filters.since) / DAY : -Infinity;
    this.until = filters?.until ? Date.parse(filters.until) / DAY : Infinity;
    this.narrow = this.chosen.length > 0 || Boolean(filters?.since || filters?.until);
  }

  // What a file gives, undefined where it cannot be read: that is noted, and said.
  async tried(loading) {
    try {
      return await loading;
    } catch (error) {
      this.missing.add(error.message);
      return undefined;
    }
  }

  // The documents of a segment that may hold a text.
  async phrase(segment, text) {
    const read = (start) => {
      const rest = text.slice(start);
      return this.tried(this.index.bucket(segment, rest, (...read) => beginnings(rest, segment, ...read)));
    };
    return (await candidates(text, segment, read)) ?? NOTHING;
  }

  // The documents that may hold a term. Of a bracket alone the index knows the shape, of others only the text does.
  async term(segment, {text, exact}) {
    const loose = brackets(text);
    if (!BRACKET.test(loose)) return this.phrase(segment, text);
    if (loose.length > 1) return {...(await this.phrase(segment, loose)), ...(exact && {sure: false})};
    const shapes = exact ? [text] : SHAPES.filter((one) => brackets(one) === loose);
    const lists = await Promise.all(shapes.map((one) => this.phrase(segment, one)));
    return {...lists.reduce(united), sure: lists.every(({sure}) => sure)};
  }

  // Whether a document holds a term: mostly in the block that the index says, never before the end of the one before,
  // unless folding made the term longer than a block.
  async holds(id, term, guess) {
    const {title, number, text, url} = await this.index.block(id, guess);
    if ([title, number, text].some((field) => side(term, field).includes(term.text))) return true;
    const from = Math.max(guess - Math.ceil(term.text.length / LONGEST), 0);
    if (this.index.blocks[id] - from === 1) return false;
    return (await this.index.since(id, from, url)).map((part) => side(term, part)).join("").includes(term.text);
  }

  // Of one segment, the entries that all terms leave, {id, lists, at}, and how many hold each term at most: `at` is where
  // an entry stands in each of the lists.
  async segment(segment) {
    const asked = (terms) => Promise.all(terms.map((term) => this.term(segment, term)));
    const [lists, without] = await Promise.all([asked(this.wanted), asked(this.unwanted)]);
    const [first, ...others] = lists.map(({ids}) => ids);
    const places = others.map((ids) => new Map(ids.map((id, n) => [id, n])));
    const excluded = without.map(({ids, sure}) => ({ids: new Set(ids), sure}));
    // These are thousands at times: nothing is made for any of them but what is found.
    const out = (id) => excluded.some(({ids, sure}) => sure && ids.has(id)) || places.some((known) => !known.has(id));
    const alone = !excluded.length && !places.length;
    const found = [];
    for (let n = 0; n < first.length; n++) {
      const id = first[n];
      if (!alone && out(id)) continue;
      const at = [n];
      for (let m = 0; m < places.length; m++) at.push(places[m].get(id));
      found.push({id: segment.first + id, lists, at, full: false, ended: false, score: 0});
    }
    const sure = [...lists, ...without].every((list) => list.sure);
    const against = ({id}, n) => !without[n].sure && excluded[n].ids.has(id - segment.first);
    return {found: sure ? found : await this.confirmed(found, against), held: lists.map(({ids}) => ids.length)};
  }

  // Of some entries those for which what the lists leave open is so, by their texts. What cannot be read is taken as they
  // say; `against` tells whether an entry may hold the unwanted term of a number.
  async confirmed(entries, against) {
    const right = await Promise.all(entries.map(async (one) => {
      const look = (term, block) => this.tried(this.holds(one.id, term, block));
      const [yes, no] = await Promise.all([
        Promise.all(this.wanted.map((term, n) => one.lists[n].sure || look(term, one.lists[n].blocks[one.at[n]]))),
        Promise.all(this.unwanted.map((term, n) => against(one, n) && look(term, 0))),
      ]);
      return !yes.includes(false) && !no.includes(true);
    }));
    return entries.filter((_, n) => right[n]);
  }

  // The entries of a segment whose title or number is the query, in full.
  async named(segment) {
    const text = brackets(this.whole);
    const read = (data, rest) => contents(data, rest, segment.documents).names;
    const names = await this.tried(this.index.bucket(segment, text.slice(0, 2), read));
    return (names ?? []).filter(([value]) => value === hash(text)).map(([, id]) => segment.first + id);
  }

  // Everything found, with what it is ordered by.
  async found() {
    const {segments, total} = this.index;
    const asked = (what) => Promise.all(segments.map((one) => this[what](one)));
    const [answers, named] = await Promise.all([asked("segment"), asked("named")]);
    const full = new Set(named.flat());
    const weights = this.wanted.map((_, n) => {
      const held = answers.reduce((sum, answer) => sum + answer.held[n], 0);
      return Math.log(1 + (total - held + 0.5) / (held + 0.5));
    });
    const found = answers.flatMap((answer) => answer.found);
    const {values, of} = this.index.facets.validity;
    const ended = values.map((value) => ENDED.has(value));
    for (const one of found) {
      let score = 0;
      for (let n = 0; n < weights.length; n++) score += weights[n] * WORTH[one.lists[n].ratings[one.at[n]]];
      one.full = full.has(one.id);
      one.ended = ended[of[one.id]];
      one.score = score;
    }
    return found;
  }

  passes(id, but) {
    const day = this.index.days[id];
    if (day < this.since || day > this.until) return false;
    return this.chosen.every(({name, of, value}) => name === but || of[id] === value);
  }

  // How many of each value the other filters leave; `passed` are those that all of them leave.
  counts(found, passed) {
    return Object.fromEntries(FACETS.map((name) => {
      const {values, of} = this.index.facets[name];
      const counts = values.map(() => 0);
      const chosen = this.chosen.some((one) => one.name === name);
      for (const {id} of chosen ? found.filter((one) => this.passes(one.id, name)) : passed) counts[of[id]]++;
      const some = Object.create(null);
      values.forEach((value, n) => { if (value && counts[n]) some[value] = counts[n]; });
      return [name, some];
    }));
  }

  // A result as it is shown; null where nothing of it can be read.
  async hit({id, lists, at}, snippets) {
    const part = snippets && (await this.tried(this.shown(id, lists[0].blocks[at[0]])));
    const head = part || (await this.tried(this.index.record(id)));
    if (!head) return null;
    const {url, title, number, published} = head;
    const facts = Object.fromEntries(["validity", "issuer", "kind"].map((name) => [name, this.index.value(name, id)]));
    const rest = part ? excerpt(part, this.wanted) : {snippet: "", marks: [], article: "", anchor: ""};
    return {url, title, number, published, ...facts, ...rest};
  }

  // The block with the first hit, that of the index or a later one, and the end of the one before where a hit begins
  // there; the first block where title or number hold it.
  async shown(id, block) {
    const within = (field) => this.wanted.some((term) => side(term, field).includes(term.text));
    for (let n = block; n < this.index.blocks[id]; n++) {
      const part = await this.index.block(id, n);
      if (within(part.text)) return part;
      const joint = n && joined(await this.index.block(id, n - 1), part);
      if (joint && within(joint.text)) return joint;
      if (within(part.title) || within(part.number)) break;
    }
    return this.index.block(id, 0);
  }
}

// A block behind the end of the one before it.
function joined(before, part) {
  const end = before.text.slice(-LONGEST);
  const heads = part.heads.map(([at, ...rest]) => [at + end.length, ...rest]);
  const above = before.heads.slice(-1).map(([, ...rest]) => [0, ...rest]);
  return {...part, text: end + part.text, heads: [...above, ...heads]};
}

// Leaves the browser a turn: to ask for ten texts takes it milliseconds.
function turn() {
  return globalThis.scheduler?.yield?.() ?? new Promise((done) => { setTimeout(done); });
}

const newest = (a, b) => b.id - a.id;
const best = (a, b) => b.full - a.full || a.ended - b.ended || b.score - a.score || newest(a, b);

// Browsers compile what has run for a while. While nothing else is to be done, some noise is read as lists, so that the
// first search does not wait for that; the first line of this file asks for as much before it has run. A browser is idle
// for 50 ms, in which all rounds have room: spread over as many they would stand in the way of what is asked meanwhile.
function warm(rounds) {
  globalThis.requestIdleCallback?.((idle) => {
    const segment = {counts: new Uint16Array(NOISE).fill(UNARY), documents: NOISE};
    for (; rounds > 0 && idle.timeRemaining() > SLACK; rounds--) {
      const bits = new Bits({data: crypto.getRandomValues(new Uint8Array(NOISE))});
      try {
        while (bits) gram(bits, null, segment, false, "", 2);
      } catch {
        // Noise ends torn, as it has to.
      }
    }
    if (rounds > 0) warm(rounds);
  });
}

// Opens the index below `base`; rejects where its head or columns cannot be read.
export async function open(base) {
  const folder = String(base).endsWith("/") ? String(base) : `${base}/`;
  const root = typeof location === "undefined" ? folder : new URL(folder, location.href).href;
  let index = await Index.open(root);
  warm(8);

  // `told` is called with all but the hits, once that is known, and the browser may draw before their texts are asked for.
  // Where the host has another index by then, because the site was published meanwhile, all is asked again, once.
  async function search(query, options, again) {
    const mine = index;
    const {limit = 10, offset = 0, filters, sort = "relevance", snippets = true, told} = options ?? {};
    const asked = new Search(mine, query, filters);
    const found = asked.wanted.length ? await asked.found() : [];
    const passed = asked.narrow ? found.filter(({id}) => asked.passes(id)) : found;
    const facets = asked.counts(found, passed);
    const answer = () => {
      const missing = [...asked.missing].sort();
      return {total: passed.length, exact: !missing.length, partial: missing.length > 0, missing, facets};
    };
    if (told) {
      told(answer());
      await turn();
    }
    const from = natural(offset, 0);
    const shown = passed.sort(sort === "date" ? newest : best).slice(from, from + natural(limit, 10));
    const [stands, ...hits] = await Promise.all([mine.stands(), ...shown.map((one) => asked.hit(one, snippets))]);
    if (stands || again) return {...answer(), hits: hits.filter(Boolean)};
    index = await Index.open(root);
    return search(query, options, true);
  }

  return {search: (query, options) => search(query, options), get index() { return index.head; }};
}
