// SHA-256 and the canonical form of a text (MIT). An ES module without dependencies, for browsers and Node.
//
// The browser's own SHA-256 is there only where the page came over https; this one is for all other places, and for
// files that are read piece by piece.

const LARGE = 64 << 20;
const FRACTIONS = fractions(64, 3);
const BEGINNING = fractions(8, 2);

// The first 32 bits of the fractional parts of the roots of the first primes (FIPS 180-4, 4.2.2 and 5.3.3), in whole
// numbers: floor(root(prime · 2^(32 · power))) without what stands above its last 32 bits.
function fractions(count, power) {
  const found = [];
  for (let n = 2; found.length < count; n++) {
    if (Array.from({length: n - 2}, (_, i) => i + 2).some((divisor) => n % divisor === 0)) continue;
    const scaled = BigInt(n) << BigInt(32 * power);
    let low = 0n;
    let high = 1n << 40n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** BigInt(power) <= scaled) low = middle;
      else high = middle;
    }
    found.push(Number(low & 0xffffffffn));
  }
  return Uint32Array.from(found);
}

// SHA-256 of what `update` is given, piece by piece.
export class Sha256 {
  constructor() {
    Object.assign(this, {state: BEGINNING.slice(), block: new Uint8Array(64), held: 0, count: 0, words: new Uint32Array(64)});
  }

  update(bytes) {
    this.count += bytes.length;
    let at = 0;
    if (this.held) {
      at = Math.min(64 - this.held, bytes.length);
      this.block.set(bytes.subarray(0, at), this.held);
      this.held += at;
      if (this.held < 64) return this;
      this.mix(this.block, 0);
    }
    for (; at + 64 <= bytes.length; at += 64) this.mix(bytes, at);
    this.block.set(bytes.subarray(at));
    this.held = bytes.length - at;
    return this;
  }

  mix(bytes, at) {
    const w = this.words;
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let i = 0; i < 16; i++, at += 4) w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      w[i] = w[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + w[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = this.state;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + FRACTIONS[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => { this.state[i] += value; });
  }

  // The hash in 64 digits; nothing can be added afterwards.
  hex() {
    const {count} = this;
    const end = new Uint8Array((this.held < 56 ? 64 : 128) - this.held);
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(count / 0x20000000));
    view.setUint32(end.length - 4, (count << 3) >>> 0);
    this.update(end);
    return Array.from(this.state, (word) => word.toString(16).padStart(8, "0")).join("");
  }
}

// The hash of bytes.
export async function hashBytes(bytes) {
  if (!globalThis.crypto?.subtle) return new Sha256().update(bytes).hex();
  const made = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(made, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function hashText(text) {
  return hashBytes(new TextEncoder().encode(text));
}

// The hash of a Blob or File; a large one is never whole in memory.
export async function hashFile(file) {
  if (file.size <= LARGE) return hashBytes(new Uint8Array(await file.arrayBuffer()));
  const made = new Sha256();
  const reader = file.stream().getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) made.update(part.value);
  return made.hex();
}

const ANNOTATION = /^（?此件公开发布）?$/;

// The lines of a text that say something, without white space around them.
export function lines(text) {
  const plain = text.replace(/^\ufeff/, "").replace(/\r\n?|\u2028|\u2029/g, "\n").normalize("NFC");
  return plain.split("\n").map((line) => line.trim()).filter(Boolean);
}

// What may have been the canonical text of what was pasted or saved: [{text, note}], the nearest first. Canonical is:
// title, empty line, one block a line, NFC, LF, no byte order mark, no space at the ends of lines, one LF at the end.
export function forms(text) {
  const plain = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n").normalize("NFC");
  const kept = `${plain.split("\n").map((line) => line.replace(/[ \t]+$/, "")).join("\n").replace(/\n+$/, "")}\n`;
  const [title = "", ...rest] = lines(text);
  const whole = (body) => `${[title, "", ...body].join("\n").replace(/\n+$/, "")}\n`;
  const made = [
    {text: kept, note: kept === text ? "" : "不计换行方式、行尾空格和文件头标记"},
    {text: whole(rest), note: "不计空行和行首行尾的空格"},
  ];
  if (ANNOTATION.test(rest.at(-1) ?? "")) made.push({text: whole(rest.slice(0, -1)), note: "不计空行、行首行尾的空格和文末的附注"});
  return made.filter((one, n) => one.text.trim() && made.findIndex((other) => other.text === one.text) === n);
}
