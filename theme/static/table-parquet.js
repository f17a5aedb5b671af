// A table of any length by byte range: columns that a question needs, and the rows that are looked at (MIT).
// The file is sorted by its key in groups of some thousand rows, whose least and greatest values its foot tells.
import {comparable, order, shown} from "./table-filter.js";

const FOOT = 1 << 17;
const AT_ONCE = 6;
const FEW = 40;
const MOST_SORTED = 200_000;
const SCATTERED = 50;
const MOST_PAGES = 100;

// Bytes of the file at `address`; a host that gives the whole file for a part of it is asked once.
function file(address, byteLength) {
  let whole;
  return {
    byteLength,
    async slice(start, end = byteLength) {
      if (whole) return (await whole).slice(start, end);
      const answer = await fetch(address, {headers: {Range: `bytes=${start}-${end - 1}`}});
      if (answer.status === 206) return answer.arrayBuffer();
      if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
      whole = answer.arrayBuffer();
      return (await whole).slice(start, end);
    },
  };
}

// What Parquet holds as the pages of JSON show it: dates and times as text, long whole numbers as numbers.
function plain(value, type) {
  if (value instanceof Date) {
    const text = value.toISOString();
    return type === "date" ? text.slice(0, 10) : text.slice(0, 19);
  }
  if (typeof value === "bigint") {
    if (type === "time") return new Date(Number(value / 1000n)).toISOString().slice(11, 19);
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  return value ?? null;
}

export async function open({address, bytes, reader, names, types, paged}) {
  const folder = new URL(reader, location.href).href;
  const [{parquetMetadataAsync}, {parquetRead}] =
    await Promise.all(["metadata.js", "read.js"].map((name) => import(folder + name)));
  const source = file(address, bytes);
  const metadata = await parquetMetadataAsync(source, {initialFetchSize: FOOT, geoparquet: false});
  return new Ranged({source, metadata, parquetRead, names, types, paged});
}

class Ranged {
  constructor(parts) {
    Object.assign(this, parts, {held: new Map(), aligned: Boolean(parts.paged)});
    let start = 0;
    this.groups = this.metadata.row_groups.map((group, number) => {
      const made = {number, start, end: start + Number(group.num_rows), columns: group.columns};
      start = made.end;
      return made;
    });
  }

  // Whether group may hold what passes: by the least and the greatest value that the foot tells.
  may(group, {column, low, high}) {
    const chunk = group.columns.find((one) => one.meta_data.path_in_schema[0] === this.names[column])?.meta_data;
    const told = chunk?.statistics;
    const type = this.types[column];
    const [least, most] = [told?.min_value ?? told?.min, told?.max_value ?? told?.max]
      .map((value) => comparable(plain(value, type), type));
    if (least === null || most === null || typeof least !== typeof (low ?? high ?? least)) return true;
    return (low === undefined || most >= low) && (high === undefined || least <= high);
  }

  // The values of columns in one group, each read once; columns that lie together come in one request.
  async columns(group, wanted) {
    const missing = wanted.filter((column) => !this.held.has(`${group.number} ${column}`));
    if (missing.length) {
      const reading = this.read(group, missing.map((column) => this.names[column]));
      for (const column of missing) {
        const name = `${group.number} ${column}`;
        this.held.set(name, reading.then((found) => found.get(this.names[column]).map((v) => plain(v, this.types[column]))));
        reading.catch(() => this.held.delete(name));
      }
    }
    return Promise.all(wanted.map((column) => this.held.get(`${group.number} ${column}`)));
  }

  async read(group, columns) {
    const found = new Map(columns.map((name) => [name, new Array(group.end - group.start)]));
    await this.parquetRead({
      file: this.source, metadata: this.metadata, columns, rowStart: group.start, rowEnd: group.end,
      onChunk: ({columnName, columnData, rowStart}) => {
        const values = found.get(columnName);
        for (let n = 0; n < columnData.length; n++) values[rowStart - group.start + n] = columnData[n];
      },
    });
    return found;
  }

  async select(tests, sort) {
    const wanted = [...new Set([...tests.map((one) => one.column), ...(sort ? [sort.column] : [])])];
    const groups = this.groups.filter((group) => tests.every((one) => this.may(group, one)));
    const found = new Array(groups.length);
    await inTurn(groups, async (group, number) => { found[number] = await this.passing(group, tests, sort, wanted); });
    const hits = found.flat();
    if (sort) hits.sort((a, b) => order(a.sort, b.sort, sort.descending) || a.place - b.place);
    return {
      count: hits.length,
      page: sort ? SCATTERED : undefined,
      between: (start, end) => this.rows(hits.slice(start, end)),
      all: () => this.all(hits, Boolean(sort)),
    };
  }

  // {place, sort, column, value}: the value of one column goes along, to prove that the pages of JSON are in this order.
  async passing(group, tests, sort, wanted) {
    const values = await this.columns(group, wanted);
    const at = (column) => values[wanted.indexOf(column)];
    const tested = tests.map(({column, test}) => [at(column), test]);
    const key = sort && at(sort.column);
    const hits = [];
    for (let n = 0; n < group.end - group.start; n++) {
      if (!tested.every(([held, test]) => test(held[n]))) continue;
      const made = {place: group.start + n, column: wanted[0], value: values[0]?.[n]};
      if (key) made.sort = comparable(key[n], this.types[sort.column]);
      hits.push(made);
    }
    return hits;
  }

  // Whole rows: from the pages of JSON, a tenth of a group each, as long as these stand in the order of the file.
  async rows(hits) {
    if (this.aligned && new Set(hits.map((hit) => Math.floor(hit.place / 1000))).size <= MOST_PAGES) {
      const found = await this.paged.pick(hits.map((hit) => hit.place));
      if (found.every((row, n) => shown(row?.[hits[n].column]) === shown(hits[n].value))) return found;
      this.aligned = false;
    }
    const made = new Map();
    await inTurn(this.groupsOf(hits), async (group) => {
      const columns = await this.columns(group, this.names.map((_, column) => column));
      for (const {place} of hits) {
        if (place >= group.start && place < group.end) made.set(place, columns.map((held) => held[place - group.start]));
      }
    });
    return hits.map((hit) => made.get(hit.place));
  }

  groupsOf(hits) {
    const places = hits.map((hit) => hit.place).sort((a, b) => a - b);
    let at = 0;
    return this.groups.filter((group) => {
      while (at < places.length && places[at] < group.start) at++;
      return at < places.length && places[at] < group.end;
    });
  }

  // Everything that passed, in portions: sorted as asked while that fits into memory, else in the order of the file.
  async *all(hits, sorted) {
    const pages = new Set(hits.map((hit) => Math.floor(hit.place / 1000)));
    if ((this.aligned && pages.size <= FEW) || (sorted && hits.length <= MOST_SORTED)) {
      yield await this.rows(hits);
      return;
    }
    const byPlace = hits.map((hit) => hit.place).sort((a, b) => a - b);
    let at = 0;
    for (const group of this.groups) {
      const places = [];
      while (at < byPlace.length && byPlace[at] < group.end) places.push(byPlace[at++] - group.start);
      if (!places.length) continue;
      const found = await this.read(group, this.names);
      const columns = this.names.map((name, column) => found.get(name).map((v) => plain(v, this.types[column])));
      yield places.map((place) => columns.map((held) => held[place]));
    }
  }
}

async function inTurn(items, work) {
  let next = 0;
  const worker = async () => { while (next < items.length) { const n = next++; await work(items[n], n); } };
  await Promise.all(Array.from({length: Math.min(AT_ONCE, items.length)}, worker));
}
