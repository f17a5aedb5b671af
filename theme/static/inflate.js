// Inflates raw deflate (RFC 1951) where a browser has no DecompressionStream for it (MIT).
//
//   inflate(data: Uint8Array) -> Uint8Array; throws RangeError where the data is torn.

const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

// Codes by length: how many there are of each, and their symbols in order.
function codes(lengths) {
  const counts = new Array(16).fill(0);
  for (const length of lengths) if (length) counts[length]++;
  const symbols = [];
  for (let length = 1; length < 16; length++) lengths.forEach((one, symbol) => { if (one === length) symbols.push(symbol); });
  return {counts, symbols};
}

export function inflate(data) {
  const out = [];
  let at = 0;

  function bits(count) {
    let value = 0;
    for (let n = 0; n < count; n++, at++) {
      const byte = data[at >> 3];
      if (byte === undefined) throw new RangeError("torn");
      value |= ((byte >> (at & 7)) & 1) << n;
    }
    return value;
  }

  function symbol({counts, symbols}) {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length < 16; length++) {
      code |= bits(1);
      if (code - first < counts[length]) return symbols[index + code - first];
      index += counts[length];
      first = (first + counts[length]) << 1;
      code <<= 1;
    }
    throw new RangeError("torn");
  }

  function stored() {
    at = (at + 7) & ~7;
    const length = bits(16);
    bits(16);
    for (let n = 0; n < length; n++) out.push(bits(8));
  }

  function dynamic() {
    const literals = bits(5) + 257;
    const distances = bits(5) + 1;
    const known = new Array(19).fill(0);
    for (let n = bits(4) + 4, i = 0; i < n; i++) known[ORDER[i]] = bits(3);
    const table = codes(known);
    const lengths = [];
    while (lengths.length < literals + distances) {
      const one = symbol(table);
      if (one < 16) lengths.push(one);
      else {
        const value = one === 16 ? lengths.at(-1) : 0;
        const times = one === 16 ? 3 + bits(2) : one === 17 ? 3 + bits(3) : 11 + bits(7);
        for (let n = 0; n < times; n++) lengths.push(value);
      }
    }
    return [codes(lengths.slice(0, literals)), codes(lengths.slice(literals))];
  }

  function fixed() {
    const lengths = Array.from({length: 288}, (_, n) => (n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8));
    return [codes(lengths), codes(new Array(30).fill(5))];
  }

  function block([literals, distances]) {
    for (;;) {
      const one = symbol(literals);
      if (one === 256) return;
      if (one < 256) out.push(one);
      else {
        const extra = one < 265 || one === 285 ? 0 : (one - 261) >> 2;
        const length = LENGTHS[one - 257] + bits(extra);
        const code = symbol(distances);
        const more = code < 4 ? 0 : (code - 2) >> 1;
        const distance = (code < 4 ? code : (2 + (code & 1)) << more) + 1 + bits(more);
        if (distance > out.length) throw new RangeError("torn");
        for (let n = 0; n < length; n++) out.push(out[out.length - distance]);
      }
    }
  }

  for (let last = 0; !last;) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 0) stored();
    else if (kind < 3) block(kind === 1 ? fixed() : dynamic());
    else throw new RangeError("torn");
  }
  return Uint8Array.from(out);
}
