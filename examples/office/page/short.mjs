// The short text of a receipt (Spec 15.5), which stands on paper and in its code.
import { hexOf, sha256, textOf } from "./verify/bytes.mjs";

const MOST = 1 << 20, LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SPACE = /[\t-\r \u00a0\u3000\ufeff]/g;
export const isShort = (text) => /^dr1:/i.test(text.slice(0, 1000).replace(SPACE, ""));
/** The documents of a short text, as texts. Throws the key of a word of the page where it is none. */
export async function documentsOf(text) {
  const [head, ...parts] = text.replace(SPACE, "").replace(/[a-z]+/g, (x) => x.toUpperCase()).split("DR1:"), found = new Map();
  if (head !== "" || parts.length === 0) throw new Error("shortNone");
  let whole = null;
  for (const part of parts) {
    const match = /^([0-9A-F]{8}):([1-9][0-9]{0,2})\/([1-9][0-9]{0,2}):([A-Z2-7]*)$/.exec(part);
    if (!match) throw new Error("shortSlip");
    const [, name, place, of, letters] = match;
    whole ??= { name, of: Number(of) };
    if (whole.name !== name || whole.of !== Number(of)) throw new Error("shortTwo");
    found.set(Number(place), letters);
  }
  const letters = Array.from({ length: whole.of }, (_, k) => found.get(k + 1));
  if (letters.includes(undefined) || found.size !== whole.of) throw new Error("shortMissing");
  const bytes = fromBase32(letters.join(""));
  if (hexOf(sha256(bytes)).slice(0, 8).toUpperCase() !== whole.name) throw new Error("shortSlip");
  return (await inflated(bytes)).split("\n");
}
function fromBase32(text) {
  const bytes = [];
  let bits = 0, held = 0;
  for (const letter of text) {
    bits = ((bits << 5) | LETTERS.indexOf(letter)) & 0xfff;
    held += 5;
    if (held >= 8) { held -= 8; bytes.push((bits >> held) & 0xff); }
  }
  // What is left over is less than a letter, of zeros.
  if (held >= 5 || (bits & ((1 << held) - 1)) !== 0) throw new Error("shortSlip");
  return Uint8Array.from(bytes);
}
async function inflated(bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")).getReader(), chunks = [];
  let size = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > MOST) break;
      chunks.push(part.value);
    }
  } catch { throw new Error("shortSlip"); }
  if (size > MOST) throw new Error("shortSlip");
  const all = new Uint8Array(await new Blob(chunks).arrayBuffer());
  // Not every reader of streams refuses bytes behind one: the last four are the check of the documents (RFC 1950).
  let a = 1, b = 0;
  for (const byte of all) { a = (a + byte) % 65521; b = (b + a) % 65521; }
  if (new DataView(bytes.buffer, bytes.length - 4).getUint32(0) !== (b * 65536 + a)) throw new Error("shortSlip");
  try { return textOf(all); } catch { throw new Error("shortSlip"); }
}
