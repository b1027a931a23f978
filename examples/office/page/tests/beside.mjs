// What the page has no use for, and the vectors ask of an implementation: it has whole ledgers, and no cycle.
import { H, bigOf } from "../verify/bytes.mjs";
import { nodeHash, rootOf } from "../verify/trees.mjs";

/** The inclusion path of one leaf, from the leaf upwards. */
export function pathOf(suite, leaves, index) {
  const go = (from, to) => {
    if (to - from === 1) return [];
    let k = 1;
    while (k * 2 < to - from) k *= 2;
    k += from;
    return index < k ? [...go(from, k), rootOf(suite, leaves.slice(k, to))]
      : [...go(k, to), rootOf(suite, leaves.slice(from, k))];
  };
  return go(0, leaves.length);
}
/** Whether a consistency proof leads from one tree to a later one (RFC 9162, 2.1.4.2). */
export function consistent(suite, oldSize, oldRoot, size, root, proof) {
  if (oldSize < 1 || oldSize > size) return false;
  if (oldSize === size) return proof.length === 0 && oldRoot === root;
  const path = Number.isInteger(Math.log2(oldSize)) ? [oldRoot, ...proof] : [...proof];
  if (path.length === 0) return false;
  let fn = oldSize - 1, sn = size - 1;
  while (fn % 2 === 1) { fn = (fn - 1) / 2; sn = Math.floor(sn / 2); }
  let fr = path[0], sr = path[0];
  for (const c of path.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(suite, c, fr);
      sr = nodeHash(suite, c, sr);
      while (fn % 2 === 0 && fn !== 0) { fn /= 2; sn = Math.floor(sn / 2); }
    } else sr = nodeHash(suite, sr, c);
    fn = Math.floor(fn / 2); sn = Math.floor(sn / 2);
  }
  return fr === oldRoot && sr === root && sn === 0;
}
/** Whether a pick counts as credited (6.4). */
export function credited(suite, seed, unit, size, scheduled) {
  if (scheduled >= size) return true;
  return bigOf(H(suite, "control", `${seed} ${unit}`)) % size < scheduled;
}
