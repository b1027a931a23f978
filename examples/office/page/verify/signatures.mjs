// Notes and signatures (Spec 18): signed notes, key texts, Ed25519 by the strict rules of 18.4.
import { sha256, fraction, PRIMES, utf8, hexOf, bytesOfHex } from "./bytes.mjs";
import { isHidden } from "./forms.mjs";

// --- SHA-512 (FIPS 180-4), for Ed25519 alone ---

const MASK = (1n << 64n) - 1n, K512 = PRIMES.map((p) => fraction(p, 3, 64));
const turn = (x, n) => ((x >> n) | (x << (64n - n))) & MASK;
function sha512(message) {
  const data = new Uint8Array(Math.ceil((message.length + 17) / 128) * 128), view = new DataView(data.buffer);
  data.set(message);
  data[message.length] = 0x80;
  view.setBigUint64(data.length - 8, BigInt(message.length) * 8n);
  const state = PRIMES.slice(0, 8).map((p) => fraction(p, 2, 64)), w = [];
  for (let at = 0; at < data.length; at += 128) {
    for (let i = 0; i < 16; i++) w[i] = view.getBigUint64(at + 8 * i);
    for (let i = 16; i < 80; i++) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = (w[i - 16] + (turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n)) + w[i - 7]
        + (turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n))) & MASK;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i++) {
      const one = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & MASK & g)) + K512[i] + w[i];
      const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g; g = f; f = e; e = (d + one) & MASK; d = c; c = b; b = a; a = (one + two) & MASK;
    }
    [a, b, c, d, e, f, g, h].forEach((x, i) => { state[i] = (state[i] + x) & MASK; });
  }
  return bytesOfHex(state.map((x) => x.toString(16).padStart(16, "0")).join(""));
}

// --- Ed25519 (RFC 8032) in extended coordinates ---

const P = (1n << 255n) - 19n, ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;
const mod = (x, m = P) => ((x % m) + m) % m;
function power(base, exponent) {
  let out = 1n;
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) out = (out * b) % P;
  return out;
}
const D = mod(-121665n * power(121666n, P - 2n)), ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n), ZERO = [0n, 1n, 1n, 0n];
function plus([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2)), b = mod((y1 + x1) * (y2 + x2)), c = mod(2n * t1 * t2 * D), d = mod(2n * z1 * z2);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}
function times(k, point) {
  let out = ZERO;
  for (let p = point; k > 0n; k >>= 1n, p = plus(p, p)) if (k & 1n) out = plus(out, p);
  return out;
}
const little = (bytes) => BigInt("0x" + hexOf(Uint8Array.from(bytes).reverse()));
const equal = ([x1, y1, z1], [x2, y2, z2]) => mod(x1 * z2 - x2 * z1) === 0n && mod(y1 * z2 - y2 * z1) === 0n;
/** The point of 32 bytes, or null where they are not its canonical encoding, or it is of small order. */
function pointOf(bytes) {
  const all = little(bytes), sign = all >> 255n, y = all & ((1n << 255n) - 1n);
  if (y >= P) return null;
  const u = mod(y * y - 1n), v = mod(D * y * y + 1n);
  let x = mod(u * power(v, 3n) * power(u * power(v, 7n), (P - 5n) / 8n));
  if (mod(v * x * x) !== u) x = mod(x * ROOT_OF_MINUS_ONE);
  if (mod(v * x * x) !== u || (x === 0n && sign === 1n)) return null;
  if ((x & 1n) !== sign) x = P - x;
  const point = [x, y, 1n, mod(x * y)];
  return equal(times(8n, point), ZERO) ? null : point;
}
const BASE = pointOf(bytesOfHex("58" + "66".repeat(31)));
export function ed25519(key, message, signature) {
  const a = pointOf(key), r = pointOf(signature.slice(0, 32)), s = little(signature.slice(32));
  if (a === null || r === null || s >= ORDER) return false;
  const k = mod(little(sha512(joined(signature.slice(0, 32), key, message))), ORDER);
  return equal(times(s, BASE), plus(r, times(k, a)));
}
function joined(...parts) {
  const out = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const p of parts) { out.set(p, at); at += p.length; }
  return out;
}

// --- notes (18.1), checkpoints (18.2), keys (18.3) ---

/** The bytes of standard base64 with padding, or null. */
export function bytesOf64(text) {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  const raw = atob(text);
  return btoa(raw) === text ? Uint8Array.from(raw, (c) => c.charCodeAt(0)) : null;
}
const hidden = (text) => Array.from(text).some((c) => isHidden(c.codePointAt(0)));
/** `{text, signatures}` of a note, or null where it is none. */
export function readNote(note) {
  const end = note.indexOf("\n\n");
  if (end < 1 || !note.endsWith("\n")) return null;
  const text = note.slice(0, end + 1), lines = note.slice(end + 2).split("\n").slice(0, -1), signatures = [];
  if (text.startsWith("\n") || /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(text) || lines.length > 16) return null;
  for (const line of lines) {
    const m = /^— ([^ +]+) ([^ ]+)$/.exec(line), bytes = m && bytesOf64(m[2]);
    if (!bytes || bytes.length < 5 || hidden(m[1])) return null;
    signatures.push({ name: m[1], id: hexOf(bytes.slice(0, 4)), bytes: bytes.slice(4) });
  }
  return { text, signatures };
}
/** `{name, id, type, key}` of a key text, or null. */
export function readKey(text) {
  const m = /^([^ +]+)\+([0-9a-f]{8})\+(.+)$/.exec(text), bytes = m && bytesOf64(m[3]);
  if (!bytes || bytes.length !== 33 || ![1, 4].includes(bytes[0]) || hidden(m[1])) return null;
  if (hexOf(sha256(joined(utf8(m[1] + "\n"), bytes)).slice(0, 4)) !== m[2]) return null;
  return { name: m[1], id: m[2], type: bytes[0], key: bytes.slice(1) };
}
/** Whether a note is signed by a key (18.4): `{time}` for a witness, `{}` else, or null. */
export function signedBy({ text, signatures }, { name, id, type, key }) {
  const own = signatures.filter((s) => s.name === name && s.id === id);
  if (own.length !== 1) return null;
  const { bytes } = own[0];
  if (type === 1) return bytes.length === 64 && ed25519(key, utf8(text), bytes) ? {} : null;
  if (bytes.length !== 72) return null;
  const time = BigInt("0x" + hexOf(bytes.slice(0, 8)));
  return ed25519(key, utf8(`cosignature/v1\ntime ${time}\n${text}`), bytes.slice(8)) ? { time: Number(time) } : null;
}
export const originOf = (authority, scope) => `double-random/1/${authority}/${scope}`;
/** `{origin, size, root}` of the text of a checkpoint, or null. */
export function readCheckpoint({ text }) {
  const [origin, size, root, ...rest] = text.split("\n"), bytes = bytesOf64(root ?? "");
  if (rest.length !== 1 || !/^(0|[1-9][0-9]{0,14})$/.test(size ?? "") || bytes?.length !== 32) return null;
  return { origin, size: Number(size), root: hexOf(bytes) };
}
