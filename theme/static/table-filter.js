// What a reader typed over a column becomes a test; values become text, text becomes CSV (MIT). Touches no page.
const NUMBERS = new Set(["number", "integer", "year"]);
const ORDERED = new Set(["date", "datetime", "time", "yearmonth"]);
const RANGE = /^(.*?)\s*(?:\.\.|～|~)\s*(.*)$/;
const BOUND = /^(>=|<=|≥|≤|>|<|=)\s*(.+)$/;

export const isNumber = (type) => NUMBERS.has(type);

// A value as it is shown: nothing for none, no thousands, dates as written.
export function shown(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const folded = (text) => text.normalize("NFKC").toLowerCase();

// What is compared: a number of a column of numbers, text else; null for what is missing.
export function comparable(value, type) {
  const text = shown(value);
  if (text === "") return null;
  if (!NUMBERS.has(type)) return text;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

// {test(value), low, high}: `low` and `high` are what every value that passes lies between, where that is known, so
// that parts of a table need not be read. null for what says nothing. `whole`: plain text must be the whole cell.
export function parse(typed, type, whole = false) {
  const text = typed.trim();
  if (!text) return null;
  const ordered = NUMBERS.has(type) || ORDERED.has(type);
  const read = (part) => (NUMBERS.has(type) ? (part === "" ? NaN : Number(part)) : part);
  const usable = (bound) => (NUMBERS.has(type) ? !Number.isNaN(bound) : bound !== "");
  const range = ordered && RANGE.exec(text);
  if (range) {
    const [low, high] = [read(range[1]), read(range[2])];
    if (usable(low) || usable(high)) return between(type, usable(low) ? low : undefined, usable(high) ? high : undefined);
  }
  const bound = BOUND.exec(text);
  if (bound && (ordered || bound[1] === "=") && usable(read(bound[2]))) return compared(type, bound[1], read(bound[2]));
  if (NUMBERS.has(type) && usable(read(text))) return compared(type, "=", read(text));
  if (whole && !text.startsWith("*")) return compared(type, "=", text);
  const wanted = folded(text.replace(/^\*|\*$/g, ""));
  return {test: (value) => folded(shown(value)).includes(wanted)};
}

function compared(type, sign, bound) {
  const low = {">": bound, ">=": bound, "≥": bound, "=": bound}[sign];
  const high = {"<": bound, "<=": bound, "≤": bound, "=": bound}[sign];
  const made = between(type, low, high);
  if (sign !== ">" && sign !== "<") return made;
  return {...made, test: (value) => made.test(value) && comparable(value, type) !== bound};
}

// A day stands for all its moments, a year for all its days: an upper bound holds for what begins with it.
function between(type, low, high) {
  const test = (value) => {
    const held = comparable(value, type);
    if (held === null || (NUMBERS.has(type) && typeof held !== "number")) return false;
    const below = high === undefined || held <= high || (ORDERED.has(type) && held.startsWith(high));
    return below && (low === undefined || held >= low);
  };
  return {test, low, high: ORDERED.has(type) && high !== undefined ? high + "\uffff" : high};
}

// The order of two comparable values; what is missing stands last either way.
export function order(one, other, descending) {
  if (one === null || other === null) return (one === null) - (other === null);
  const mixed = typeof one !== typeof other;
  const [a, b] = mixed ? [String(one), String(other)] : [one, other];
  return (a < b ? -1 : a > b ? 1 : 0) * (descending ? -1 : 1);
}

const cell = (text) => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

// One line of CSV, RFC 4180.
export const line = (cells) => `${cells.map(cell).join(",")}\r\n`;

// The cells of CSV as rows of text.
export function rows(text) {
  const found = [];
  let row = [], field = "", quoted = false, any = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text[at + 1] === '"') { field += '"'; at++; }
      else quoted = false;
    } else if (sign === '"') { quoted = true; any = true; }
    else if (sign === ",") { row.push(field); field = ""; any = true; }
    else if (sign === "\n") { row.push(field); found.push(row); row = []; field = ""; any = false; }
    else if (sign !== "\r") { field += sign; any = true; }
  }
  if (any) { row.push(field); found.push(row); }
  return found;
}
