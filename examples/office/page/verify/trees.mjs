// Trees and salts (Spec 4): commitments to lists of rows, and proofs from them.
import { H, hashOf, hexOf, bytesOfHex, utf8, canonical } from "./bytes.mjs";

export function leafHash(suite, data) {
  const bytes = typeof data === "string" ? utf8(data) : data, all = new Uint8Array(bytes.length + 1);
  all.set(bytes, 1);
  return hexOf(hashOf(suite)(all));
}
export const nodeHash = (suite, left, right) => hexOf(hashOf(suite)(bytesOfHex(`01${left}${right}`)));
/** The largest power of two below `size`, which is at least 2. */
function splitOf(size) {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}
/** The root over hashes of leaves (4.3). */
export function rootOf(suite, leaves) {
  if (leaves.length === 0) return hexOf(hashOf(suite)(new Uint8Array(0)));
  const go = (from, to) => {
    if (to - from === 1) return leaves[from];
    const k = from + splitOf(to - from);
    return nodeHash(suite, go(from, k), go(k, to));
  };
  return go(0, leaves.length);
}
/** The root that an inclusion path leads to (RFC 9162, 2.1.3.2), or null where path and place do not fit. */
export function rootFromPath(suite, leaf, index, size, path) {
  if (!(index < size)) return null;
  let fn = index, sn = size - 1, r = leaf;
  for (const p of path) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(suite, p, r);
      while (fn % 2 === 0 && fn !== 0) { fn /= 2; sn = Math.floor(sn / 2); }
    } else r = nodeHash(suite, r, p);
    fn = Math.floor(fn / 2); sn = Math.floor(sn / 2);
  }
  return sn === 0 ? r : null;
}
/** Whether one proof shows several leaves of a tree (4.6). `leaves` are their hashes, in the order of `places`. */
export function provesAll(suite, root, size, leaves, proof) {
  const { hashes, places } = proof;
  if (leaves.length !== places.length) return false;
  if (places.length === 0) return hashes.length === 0;
  if (!places.every((place, i) => place < size && (i === 0 || places[i - 1] < place))) return false;
  let nextHash = 0, nextLeaf = 0;
  const go = (from, to) => {
    if (!(nextLeaf < places.length && places[nextLeaf] < to)) {
      if (nextHash >= hashes.length) throw new Error("the proof is too short");
      return hashes[nextHash++];
    }
    if (to - from === 1) return leaves[nextLeaf++];
    const k = from + splitOf(to - from), left = go(from, k);
    return nodeHash(suite, left, go(k, to));
  };
  try {
    return go(0, size) === root && nextHash === hashes.length;
  } catch {
    return false;
  }
}

// --- salts (4.1) and what they commit to ---
export const saltOf = (suite, key, what) => H(suite, "salt", `${key} ${what}`);
export function unitSalts(suite, key, id) {
  const both = saltOf(suite, key, `frame ${id}`);
  return { pseudonym: both.slice(0, 32), salt: both.slice(32) };
}
export const unitLeaf = (suite, salt, unit) => leafHash(suite, canonical({ salt, unit }));
export const pseudonymLeaf = (suite, pseudonym, id) => leafHash(suite, `${pseudonym} ${id}`);
/** The roots of rows and pseudonyms of a frame file (4.3, 4.5). */
export function frameRoots(suite, file) {
  const rows = [], names = [];
  for (const unit of file.units) {
    const { pseudonym, salt } = unitSalts(suite, file.salt_key, unit.id);
    rows.push(unitLeaf(suite, salt, unit));
    names.push(pseudonymLeaf(suite, pseudonym, unit.id));
  }
  names.sort();
  return { pseudonyms: rootOf(suite, names), root: rootOf(suite, rows), size: rows.length };
}
export function rosterCommitment(suite, file) {
  const leaf = (name, row) => leafHash(suite, canonical({ [name]: row, salt: saltOf(suite, file.salt_key, `roster ${row.id}`) }));
  const leaves = [...file.inspectors.map((row) => leaf("inspector", row)),
    ...(file.experts ?? []).map((row) => leaf("expert", row))];
  const content = { recusals: file.recusals, salt: saltOf(suite, file.salt_key, "recusals") };
  return { recusals: H(suite, "recusals", canonical(content)), root: rootOf(suite, leaves), size: leaves.length };
}
const rowsRoot = (suite, rows) => ({ root: rootOf(suite, rows.map((row) => leafHash(suite, canonical(row)))), size: rows.length });
/** The commitment to a cycle file (4.4). */
export function cycleCommitment(suite, { document: _d, protocol: _p, salt_key: key, standings, open = [], ...head }) {
  const rows = new Map(standings.map((standing) => [standing.unit, { salt: saltOf(suite, key, `standing ${standing.unit}`), standing }]));
  for (const { draw, pending, units } of open) {
    const due = new Map(pending.map((v) => [v.unit, { pending: v.credited }]));
    for (const { unit, ...change } of units) (rows.get(unit).opens ??= []).push({ ...change, draw, ...due.get(unit) });
  }
  if (open.length) head.open = open.map(({ pending, units: _, ...rest }) => ({ ...rest, pending: pending.length }));
  return H(suite, "cycle", canonical({ ...head, salt: saltOf(suite, key, "cycle"), standings: rowsRoot(suite, [...rows.values()]) }));
}
/** The digest of a drawn document (16.3). */
export const drawnDigest = (suite, { drawn, salt }) => H(suite, "drawn", canonical({ drawn: { ...drawn, units: rowsRoot(suite, drawn.units) }, salt }));
/** The commitment of the visits tree (16.1). */
export function visitsCommitment(suite, key, seal, visits) {
  const leaves = visits.map((visit) =>
    leafHash(suite, canonical({ salt: saltOf(suite, key, `visits ${seal} ${visit.unit}`), visit }))).sort();
  return { root: rootOf(suite, leaves), size: leaves.length };
}
/** Whether an opening shows a visit of a draw that is committed to (16.2). */
export function openingHolds(suite, opening, seal, visits) {
  const leaf = leafHash(suite, canonical({ salt: opening.salt, visit: opening.visit }));
  return opening.seal === seal && rootFromPath(suite, leaf, opening.index, visits.size, opening.path) === visits.root;
}
