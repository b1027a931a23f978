// Bytes: canonical JSON (Spec 2), the two hash functions and labelled digests (Spec 3).

export const PROTOCOL = "double-random/1";

/** A reason: its code is the English text with {} for what it names, which may be reasons. Other languages have words for the code. */
export const why = (texts, ...args) => ({ texts, args });
export const isReason = (x) => x !== null && typeof x === "object" && "texts" in x;
/** A word of the documents (a level, a status, a check) inside a reason. */
export const word = (text) => ({ texts: [text], args: [] });
export const codeOf = ({ texts }) => texts.join("{}");
/** A reason in English; any other value as it is. */
export const english = (x) => (isReason(x) ? x.texts.reduce((said, text, i) => said + english(x.args[i - 1]) + text) : Array.isArray(x) ? x.map(english).join(", ") : String(x));
/** The first fault of several checks, or null. */
export const first = (...faults) => { for (const f of faults) { const got = f(); if (got) return got; } return null; };
/** What is wrong with a document or an entry, with its reason. */
export class Fault extends Error { constructor(reason) { super(english(reason)); this.reason = reason; } }
const encoder = new TextEncoder();

export const utf8 = (text) => encoder.encode(text);
const PAIRS = Array.from({ length: 256 }, (_, b) => b.toString(16).padStart(2, "0"));
export function hexOf(bytes) {
  let out = "";
  for (let i = 0; i < bytes.length; i++) out += PAIRS[bytes[i]];
  return out;
}
const nibble = (code) => (code < 58 ? code - 48 : code < 71 ? code - 55 : code - 87);
export function bytesOfHex(hex) {
  const out = new Uint8Array(hex.length >> 1);
  for (let i = 0; i < out.length; i++) out[i] = (nibble(hex.charCodeAt(2 * i)) << 4) | nibble(hex.charCodeAt(2 * i + 1));
  return out;
}
export const bigOf = (hex) => BigInt("0x" + hex);

/** Text order of Spec 1.7: by UTF-8 bytes, which is the order of code points. */
export function compareText(a, b) {
  if (a === b) return 0;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i), y = b.charCodeAt(i);
    if (x === y) continue;
    // A surrogate stands for a code point above all others of UTF-16.
    const high = (u) => (u >= 0xd800 && u <= 0xdfff ? u + 0x10000 : u);
    return high(x) < high(y) ? -1 : 1;
  }
  return a.length < b.length ? -1 : 1;
}

const SHORT = { "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\" };
const quoted = (text) => (/["\\\u0000-\u001f]/.test(text) ? escaped(text) : `"${text}"`);
const escaped = (text) => '"' + text.replace(/["\\\u0000-\u001f]/g,
  (c) => SHORT[c] ?? "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0")) + '"';

/** Canonical JSON of a value. Throws where Spec 2 has no bytes for it. */
export function canonical(value) {
  if (typeof value === "string") {
    if (!value.isWellFormed?.() && /[\ud800-\udfff]/.test(value.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ""))) {
      throw new Fault(why`a text is not Unicode`);
    }
    return quoted(value);
  }
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new Fault(why`${value} is no integer of Spec 2.2`);
    return String(value);
  }
  if (value === true || value === false) return String(value);
  if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
  if (value === null || typeof value !== "object") throw new Fault(why`null does not exist in a document`);
  const keys = Object.keys(value);
  for (const key of keys) if (!/^[ !#-[\]-~]*$/.test(key)) throw new Fault(why`${key} is no name of a field`);
  for (let i = 1; i < keys.length; i++) if (keys[i - 1] > keys[i]) { keys.sort((a, b) => (a < b ? -1 : 1)); break; }
  return "{" + keys.map((key) => quoted(key) + ":" + canonical(value[key])).join(",") + "}";
}

/** The text of bytes. Throws where they are no UTF-8. */
export function textOf(bytes) {
  try { return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes); } catch { throw new Fault(why`is no UTF-8`); }
}
/** The value of a JSON text. Throws where it is none. */
export function parsed(text) {
  try { return JSON.parse(text); } catch { throw new Fault(why`is no JSON`); }
}
/** The document that canonical bytes or their text stand for. Throws where they are not canonical (Spec 2.5). */
export function readCanonical(input) {
  const text = typeof input === "string" ? input : textOf(input);
  const value = parsed(text);
  if (canonical(value) !== text) throw new Fault(why`the bytes are not canonical JSON (Spec 2)`);
  return value;
}

export const same = (a, b) => a === b || (a !== undefined && b !== undefined && canonical(a) === canonical(b));

// --- hash functions ---
// The first 32 (64) bits of the fractional parts of roots of primes, by integer arithmetic: no table to copy wrongly.
function primes(count) {
  const found = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p)) found.push(n);
  return found;
}
function root(value, degree) {
  let low = 0n, high = 1n << BigInt(Math.ceil(value.toString(2).length / degree) + 1);
  while (low + 1n < high) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(degree) <= value) low = middle; else high = middle;
  }
  return low;
}
export const fraction = (prime, degree, bits) =>
  root(BigInt(prime) << BigInt(degree * bits), degree) & ((1n << BigInt(bits)) - 1n);

export const PRIMES = primes(80);
const K256 = Uint32Array.from(PRIMES.slice(0, 64), (p) => Number(fraction(p, 3, 32)));
const START256 = Uint32Array.from(PRIMES.slice(0, 8), (p) => Number(fraction(p, 2, 32)));
const rotr = (x, n) => (x >>> n) | (x << (32 - n));
const rotl = (x, n) => (n % 32 === 0 ? x : (x << (n % 32)) | (x >>> (32 - (n % 32))));

const W = new Int32Array(68), TAIL = new Uint8Array(128), LAST = new DataView(TAIL.buffer), STATE = new Int32Array(8);
/** Runs `block(data, at)` over a message and its padding, in blocks of 64 bytes, without a copy of the whole. */
function blocks(message, block) {
  const whole = message.length & ~63, rest = message.length - whole, size = rest < 56 ? 64 : 128;
  for (let at = 0; at < whole; at += 64) block(message, at);
  TAIL.fill(0, rest, size);
  for (let i = 0; i < rest; i++) TAIL[i] = message[whole + i];
  TAIL[rest] = 0x80;
  LAST.setUint32(size - 8, Math.floor(message.length / 0x20000000));
  LAST.setUint32(size - 4, (message.length << 3) >>> 0);
  for (let at = 0; at < size; at += 64) block(TAIL, at);
}
const load = (data, at) => { for (let i = 0; i < 16; i++, at += 4) W[i] = (data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3]; };
function block256(data, at) {
  load(data, at);
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15], y = W[i - 2];
    W[i] = (W[i - 16] + (rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3)) + W[i - 7] + (rotr(y, 17) ^ rotr(y, 19) ^ (y >>> 10))) | 0;
  }
  let a = STATE[0], b = STATE[1], c = STATE[2], d = STATE[3], e = STATE[4], f = STATE[5], g = STATE[6], h = STATE[7];
  for (let i = 0; i < 64; i++) {
    const one = (h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + K256[i] + W[i]) | 0;
    const two = ((rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  STATE[0] += a; STATE[1] += b; STATE[2] += c; STATE[3] += d; STATE[4] += e; STATE[5] += f; STATE[6] += g; STATE[7] += h;
}
// GB/T 32905.
const START_SM3 = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];
function blockSm3(data, at) {
  load(data, at);
  for (let i = 16; i < 68; i++) {
    const x = W[i - 16] ^ W[i - 9] ^ rotl(W[i - 3], 15);
    W[i] = x ^ rotl(x, 15) ^ rotl(x, 23) ^ rotl(W[i - 13], 7) ^ W[i - 6];
  }
  let a = STATE[0], b = STATE[1], c = STATE[2], d = STATE[3], e = STATE[4], f = STATE[5], g = STATE[6], h = STATE[7];
  for (let i = 0; i < 64; i++) {
    const early = i < 16, t = early ? 0x79cc4519 : 0x7a879d8a, a12 = rotl(a, 12);
    const ss1 = rotl((a12 + e + rotl(t, i)) | 0, 7), ss2 = ss1 ^ a12;
    const ff = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = early ? e ^ f ^ g : (e & f) | (~e & g);
    const tt1 = (ff + d + ss2 + (W[i] ^ W[i + 4])) | 0, tt2 = (gg + h + ss1 + W[i]) | 0;
    d = c; c = rotl(b, 9); b = a; a = tt1;
    h = g; g = rotl(f, 19); f = e; e = tt2 ^ rotl(tt2, 9) ^ rotl(tt2, 17);
  }
  STATE[0] ^= a; STATE[1] ^= b; STATE[2] ^= c; STATE[3] ^= d; STATE[4] ^= e; STATE[5] ^= f; STATE[6] ^= g; STATE[7] ^= h;
}
/** The hash function of a start and what a block does to the state: bytes to bytes. */
const hashing = (start, block) => (message) => {
  const out = new Uint8Array(32);
  STATE.set(start);
  blocks(message, block);
  STATE.forEach((x, i) => { out[4 * i] = x >>> 24; out[4 * i + 1] = x >>> 16; out[4 * i + 2] = x >>> 8; out[4 * i + 3] = x; });
  return out;
};
export const sha256 = hashing(START256, block256);
export const sm3 = hashing(START_SM3, blockSm3);

export const hashOf = (suite) => (suite === "sm3" ? sm3 : sha256);
export const hashHex = (suite, bytes) => hexOf(hashOf(suite)(bytes));
/** `H(label, content)` of Spec 3, in hex. */
export const H = (suite, label, content) => hashHex(suite, utf8(`${PROTOCOL} ${label} ${content}`));
