// The lot: allocation (Spec 5), tickets, control picks and subsamples (Spec 6).
import { H, bigOf, compareText } from "./bytes.mjs";

export const ONE = 1000000000n;

/** The counts of the cells, and the start of the walk (Spec 5). Cells have `path` (list), `size` (BigInt), … */
export function allocate(suite, cells, factor, step, seed) {
  const counts = cells.map((cell) => (cell.certain ? cell.count : 0));
  // Where every cell is certain, there is no step and no walk.
  const start = step === 0n ? 0n : bigOf(H(suite, "start", seed)) % step;
  const order = walkOrder(suite, cells, seed);
  const f = (x) => (x <= start ? 0n : (x - start - 1n) / step + 1n);
  let position = 0n;
  for (const at of order) {
    const mass = factor * cells[at].size * BigInt(cells[at].count);
    counts[at] = Number(f(position + mass) - f(position));
    position += mass;
  }
  return { counts, start, order };
}
/** The places of the cells that are not certain, in the order of the walk (5.2). */
export function walkOrder(suite, cells, seed) {
  const memo = new Map();
  const node = (path) => {
    if (!memo.has(path)) memo.set(path, H(suite, "node", `${seed} ${path}`));
    return memo.get(path);
  };
  const keyed = [];
  cells.forEach((cell, at) => {
    if (cell.certain) return;
    const key = cell.path.map((_, i) => node(cell.path.slice(0, i + 1).join("/")));
    key.push(H(suite, "cell", `${seed} ${cell.path.join("/")} ${cell.size}`));
    keyed.push({ at, key: key.join("") });
  });
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.at - b.at));
  return keyed.map(({ at }) => at);
}
/** `N'` and `S` of a number draw whose certain cells are marked (5.6). */
export function numberDraw(cells, number) {
  let left = BigInt(number), step = 0n;
  for (const cell of cells) {
    if (cell.certain) left -= BigInt(cell.count);
    else step += cell.size * BigInt(cell.count);
  }
  return { factor: left < 0n ? 0n : left, left, step };
}
/** Marks what 5.6 makes certain. */
export function markCertain(cells, number) {
  for (;;) {
    const { left, step } = numberDraw(cells, number);
    if (left <= 0n) return;
    const marked = cells.filter((cell) => !cell.certain && left * cell.size >= step);
    if (marked.length === 0) return;
    for (const cell of marked) cell.certain = true;
  }
}
/** The counts of a table under a policy, or null where the walk has no step. */
export function countsOf(suite, policy, cells, seed) {
  if (policy.design.method !== "number") return allocate(suite, cells, 1n, ONE, seed);
  const { factor, step } = numberDraw(cells, policy.design.number);
  // With N' = 0 no other cell receives anything (5.6).
  if (factor === 0n || step === 0n) {
    const counts = cells.map((cell) => (cell.certain ? cell.count : 0));
    return { counts, start: 0n, order: walkOrder(suite, cells, seed) };
  }
  return allocate(suite, cells, factor, step, seed);
}
export const cellsOf = (table) => table.cells.map((cell) =>
  ({ path: cell.path.split("/"), size: BigInt(cell.size), count: cell.count, certain: cell.certain }));

/** The chance of a unit of every cell, in billionths, rounded down. */
export function sizesOf(policy, cells) {
  if (policy.design.method !== "number") return cells.map((c) => (c.certain ? ONE : c.size));
  const { factor, step } = numberDraw(cells, policy.design.number);
  return cells.map((c) => (c.certain ? ONE : step === 0n ? 0n : factor * c.size * ONE / step));
}
export const ticketOf = (suite, seed, pseudonym) => H(suite, "lot", `${seed} ${pseudonym}`);

/** The units of a cell in the order of their tickets (6.2). Units have `id` and `pseudonym`. */
export function inTicketOrder(suite, seed, units) {
  const all = units.map(({ id, pseudonym }) => ({ id, pseudonym, ticket: ticketOf(suite, seed, pseudonym) }));
  return all.sort((a, b) => (a.ticket !== b.ticket ? (a.ticket < b.ticket ? -1 : 1) : compareText(a.id, b.id)));
}
/** The units of a subsample (6.5). `picks` are lists of units by path, ascending by path. */
export function subsample(suite, seed, code, share, picks) {
  const groups = picks.filter(({ units }) => units.length > 0);
  const n = groups.reduce((sum, { units }) => sum + units.length, 0);
  if (n === 0) return [];
  const z = H(suite, "stage", `${seed} ${code}`);
  const cells = groups.map(({ path, units }) =>
    ({ path: path.split("/"), size: ONE, count: units.length, certain: false }));
  const number = Number((share * BigInt(n) + ONE - 1n) / ONE);
  markCertain(cells, number);
  const { counts } = countsOf(suite, { design: { method: "number", number } }, cells, z);
  const drawn = groups.flatMap(({ units }, i) => inTicketOrder(suite, z, units).slice(0, counts[i]));
  return drawn.map(({ id }) => id).sort(compareText);
}
