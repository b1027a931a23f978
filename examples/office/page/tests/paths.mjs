// Inclusion paths, which a verifier needs not to make: the tests make them.
import { rootOf } from "../verify/trees.mjs";

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
