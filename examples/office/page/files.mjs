// The files that were given: which draws and ledgers are among them, tables, lines.
import { Fault, parsed as jsonOf, why } from "./verify/bytes.mjs";
import { baseName, folderOf } from "./worker.mjs";
import { state } from "./state.mjs";
import { isContents } from "./verify/closed.mjs";
import { valuesOf } from "./brought.mjs";

export const inBase = (p) => state.base === null || state.base === "" || p.startsWith(`${state.base}/`) || !bases().some((b) => p.startsWith(`${b}/`));
export const bases = () => [...state.files.keys()].filter((p) => baseName(p) === "ledger.jsonl").map(folderOf).sort();
export function draws() {
  const number = (p) => baseName(p).split(".").map(Number);
  // A draw that is not open yet has a notice, and no record.
  const told = (p) => (baseName(p) === "record.json" || /^notice-\d{6,}\.json$/.test(baseName(p))) && inBase(p);
  return [...new Set([...state.files.keys()].filter(told).map(folderOf))]
    .sort((a, b) => number(a)[0] - number(b)[0] || number(a)[1] - number(b)[1] || (a < b ? -1 : 1));
}
export function csv(text) {
  if (!text.includes('"')) return text.split(/\r?\n/).map((l) => l.split(",")).filter((r) => r.length > 1);
  const rows = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i], line = rows.at(-1);
    if (c === '"' && quoted && text[i + 1] === '"') { line[line.length - 1] += c; i++; } else if (c === '"') quoted = !quoted;
    else if (c === "," && !quoted) line.push("");
    else if (c === "\n" && !quoted) rows.push([""]);
    else if (c !== "\r" || quoted) line[line.length - 1] += c;
  }
  return rows.filter((r) => r.length > 1);
}
export async function walkEntry(entry, prefix = "") {
  if (entry.isFile) return [[prefix + entry.name, await new Promise((ok, no) => entry.file(ok, no))]];
  const reader = entry.createReader(), all = [];
  for (;;) {
    const part = await new Promise((ok, no) => reader.readEntries(ok, no));
    if (part.length === 0) break;
    for (const child of part) all.push(...await walkEntry(child, `${prefix}${entry.name}/`));
  }
  return all;
}
/** Checkpoints as people paste them: other ends of lines, spaces around them, several after each other. */
export function notes(text) {
  const plain = text.replace(/\r\n?/g, "\n").replace(/^\s+/, "");
  return plain.split(/\n(?=double-random\/)/).map((n) => n.trimEnd()).filter(Boolean).map((n) => (n.includes("\n\n") ? `${n}\n` : `${n}\n\n`));
}
export const parsed = new Map();
/** A document as it lies there. The verifier reads it by its form; until then it is shown as it says. */
export function read(path) {
  if (!state.files.has(path)) return undefined;
  if (!parsed.has(path)) parsed.set(path, jsonAt(path, state.files.get(path)));
  return parsed.get(path);
}
/** The JSON of a file. Throws with its path where it is none. */
export function jsonAt(path, bytes) {
  try { return jsonOf(new TextDecoder().decode(bytes).replace(/^\ufeff/, "")); } catch (e) { throw new Fault(why`${path}: ${e.reason ?? e.message}`); }
}
export function ledgerLines() {
  const path = state.base === null ? undefined : state.base === "" ? "ledger.jsonl" : `${state.base}/ledger.jsonl`;
  if (!state.files.has(path)) return [];
  const rows = (p) => new TextDecoder().decode(state.files.get(p)).split("\n").filter(Boolean).flatMap((l) => { try { return [JSON.parse(l)]; } catch { return []; } });
  // What closed lines hide, where it is told; that it is theirs, the verifier says.
  const told = new Map([...state.files.keys()].filter((p) => isContents(baseName(p)) && inBase(p)).flatMap(rows).map((r) => [r.number, r.entry]));
  return rows(path).map((line) => (line.entry?.kind === "closed" && told.has(line.number) ? { ...line, entry: told.get(line.number) } : line));
}
export function packOf() {
  const path = [...state.files.keys()].find((p) => baseName(p) === "pack.json" && inBase(p));
  try { return path && JSON.parse(new TextDecoder().decode(state.files.get(path))); } catch { return undefined; }
}
/** Values among the files that do not lie in a published folder: the reader says whether he looked them up himself. */
export function valueOffers() {
  const inside = (p) => /(^|\/)draws\//.test(p) || bases().some((b) => b !== "" && p.startsWith(`${b}/`));
  return [...state.files].filter(([p, bytes]) => p.endsWith(".json") && bytes.length < 65536 && !inside(p)).map(([path, bytes]) => ({ path, text: new TextDecoder().decode(bytes) }))
    .filter(({ path, text }) => valuesOf(text) && !state.given.values.some(([file, own]) => file === baseName(path) && own === text));
}
/** Checkpoints among the files that do not lie in a published folder: the reader says whether he kept them himself. */
export function offers() {
  const inside = (p) => /(^|\/)checkpoints\//.test(p) || bases().some((b) => b !== "" && p.startsWith(`${b}/`));
  return [...state.files].filter(([p, bytes]) => bytes.length < 4096 && !inside(p)).map(([path, bytes]) => ({ path, text: new TextDecoder().decode(bytes) }))
    .filter(({ text }) => /^\ufeff?\s*double-random\/[^\n]*\n\d+\r?\n/.test(text) && !state.given.kept.includes(text.trim()));
}
