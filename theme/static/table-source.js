// Where the rows of a table come from: the page itself, pages of JSON, or Parquet by byte range (MIT).
import {comparable, order} from "./table-filter.js";

const PAGE = 1000;
const MOST = 20;

// Pages of JSON at `base`, each loaded once; rows are arrays in the order of `names`.
export class Pages {
  constructor(base, names) {
    Object.assign(this, {base, names, held: new Map()});
  }

  page(number) {
    if (!this.held.has(number)) {
      const loading = this.load(number);
      this.held.set(number, loading);
      loading.catch(() => this.held.delete(number));
    }
    return this.held.get(number);
  }

  async load(number) {
    const answer = await fetch(`${this.base}${number}.json`);
    if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
    return (await answer.json()).map((row) => this.names.map((name) => row[name] ?? null));
  }

  // Rows `start` to `end` (left out), in the order of the file.
  async between(start, end) {
    if (end <= start) return [];
    const first = Math.floor(start / PAGE);
    const numbers = Array.from({length: Math.floor((end - 1) / PAGE) - first + 1}, (_, n) => first + n + 1);
    const pages = await Promise.all(numbers.map((number) => this.page(number)));
    return pages.flat().slice(start - first * PAGE, end - first * PAGE);
  }

  // The rows at these places.
  pick(places) {
    return Promise.all(places.map(async (place) => (await this.page(Math.floor(place / PAGE) + 1))[place % PAGE]));
  }
}

// A table that is held whole once it is asked a question.
class Held {
  constructor(count, between, types) {
    Object.assign(this, {count, between, types});
  }

  // What passes all `tests` ({column, test}), sorted by `sort` ({column, descending} or null).
  async select(tests, sort) {
    const all = await this.between(0, this.count);
    const found = all.filter((row) => tests.every(({column, test}) => test(row[column])));
    if (sort) {
      const keys = new Map(found.map((row) => [row, comparable(row[sort.column], this.types[sort.column])]));
      found.sort((a, b) => order(keys.get(a), keys.get(b), sort.descending));
    }
    return {
      count: found.length,
      between: async (start, end) => found.slice(start, end),
      async *all() { yield found; },
    };
  }
}

// The source of a table: {count, between(start, end), select(tests, sort)}; `select` is null where the table is too
// long for it and has no Parquet in one file. null where nothing but the page has rows, and not all of them. `given` are
// the rows that stand in the page.
export async function open({rows, pages, parquet, bytes, reader}, names, types, given) {
  const count = Number(rows);
  if (given.length === count) return new Held(count, async (start, end) => given.slice(start, end), types);
  if (!pages) return null;
  const paged = new Pages(new URL(pages, location.href).href, names);
  const between = async (start, end) => (end <= given.length ? given.slice(start, end) : paged.between(start, end));
  if (count <= PAGE * MOST) return new Held(count, between, types);
  if (!parquet) return {count, between, select: null};
  const address = new URL(parquet, location.href).href;
  let ranged;
  const reached = () => {
    ranged ??= import("./table-parquet.js").then((module) =>
      module.open({address, bytes: Number(bytes), reader, names, types, paged}));
    ranged.catch(() => { ranged = undefined; });
    return ranged;
  };
  return {count, between, select: async (tests, sort) => (await reached()).select(tests, sort)};
}
