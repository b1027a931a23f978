// Receipts, absences and outcomes (Spec 15).
import { compareText, first, same, why, word } from "./bytes.mjs";
import { unitLeaf, pseudonymLeaf, rootFromPath } from "./trees.mjs";
import { cellsOf, countsOf, ticketOf } from "./lot.mjs";
import { timingFault, valuesFault, seedOf } from "./sources.mjs";
import { suiteOf } from "./policy.mjs";
import { strataOf } from "./divisions.mjs";
import { verifyRecord, result, notRun, compare, policyFault, secretFault, sealDigest, tableDigest, tableFault }
  from "./record.mjs";

const rowRoot = (suite, row, size) =>
  rootFromPath(suite, unitLeaf(suite, row.salt, row.unit), row.index, size, row.path);

/** Whether an absence holds for a seal (15.2). */
export function absenceHolds(absence, seal) {
  const suite = seal.suite ?? "sha256", { id, lower, upper } = absence, { size, root } = seal.frame;
  if (absence.seal !== sealDigest(seal)) return false;
  if (!lower && !upper) return size === 0;
  if (lower && !(compareText(lower.unit.id, id) < 0)) return false;
  if (upper && !(compareText(upper.unit.id, id) > 0)) return false;
  if (lower && upper ? lower.index + 1 !== upper.index : lower ? lower.index !== size - 1 : upper.index !== 0) return false;
  return [lower, upper].every((row) => !row || rowRoot(suite, row, size) === root);
}

/** The checks of 15.4. `given`: `outcome`, `seal`, `policy`, `table`, `beacon`, `secret`, `sample`, `record`. */
export function verifyReceipt(receipt, given) {
  const { outcome, seal, record } = given, values = given.beacon;
  const policy = given.policy ?? record?.policy, table = given.table ?? record?.table;
  const sample = given.sample ?? record?.sample, secret = given.secret ?? record?.secret;
  const suite = seal?.suite ?? (policy ? suiteOf(policy) : "sha256"), checks = [], fate = outcome?.fate;
  const check = (name, missing, fault) => checks.push(missing ? notRun(name, missing) : result(name, fault()));
  const lack = (...needs) => {
    const missing = needs.filter(([, value]) => value === undefined).map(([word]) => word);
    return missing.length ? why`without ${missing}` : null;
  };
  const S = [why`the published seal`, seal], P = [why`the policy`, policy], T = [why`the table`, table];
  const V = [why`the published values`, values], O = [why`the outcome`, outcome], M = [why`the sample`, sample];
  const excluded = fate?.kind === "excluded" ? why`an excluded unit has no ticket` : null;

  check("seal", lack(S), () => first(() => compare(sealDigest(seal), receipt.seal),
    () => (outcome ? compare(sealDigest(seal), outcome.seal) : null)));
  check("row", lack(S), () => {
    const { row, pseudonym } = receipt, { size } = seal.frame, { id } = row.unit;
    const name = rootFromPath(suite, pseudonymLeaf(suite, pseudonym.pseudonym, id), pseudonym.index, size, pseudonym.path);
    return first(() => compare(seal.frame.root, rowRoot(suite, row, size) ?? why`no root`),
      () => compare(seal.frame.pseudonyms, name ?? why`no root`));
  });
  check("policy", lack(S, P), () => policyFault(policy, seal));
  check("timing", lack(S, P), () => timingFault(seal, policy.as_of));
  check("table", lack(S, T), () => compare(seal.cells, tableDigest(suite, table)));
  const noSecret = seal?.disclosure.mode === "deferred" && secret === undefined ? why`the secret is not disclosed` : null;
  check("seed", lack(S, V, O) ?? noSecret, () => first(() => valuesFault(suite, seal.beacon, values),
    () => secretFault(seal, secret), () => compare(seedOf(suite, sealDigest(seal), values, secret), outcome.seed)));
  check("cell", lack(P, T, O), () => {
    if (outcome.unit !== receipt.row.unit.id) return [receipt.row.unit.id, outcome.unit];
    if (excluded) return (table.exclusions ?? {})[fate.code] >= 1 ? null : why`the table excludes nobody as ${fate.code}`;
    const cell = table.cells[fate.cell];
    return cell ? compare(strataOf(policy, receipt.row.unit), cell.path.split("/").slice(1)) : why`no cell ${fate.cell}`;
  });
  check("ticket", lack(O) ?? excluded,
    () => compare(ticketOf(suite, outcome.seed, receipt.pseudonym.pseudonym), fate.ticket));
  let taken = null;
  check("count", lack(P, T, O) ?? excluded, () => {
    const cell = table.cells[fate.cell], fault = tableFault(policy, table);
    if (!cell || fault) return fault ?? why`no cell ${fate.cell}`;
    taken = countsOf(suite, policy, cellsOf(table), outcome.seed).counts[fate.cell];
    if ((taken > 0) !== (fate.cutoff !== undefined)) return why`${taken} are drawn, and the cutoff is ${fate.cutoff ?? why`none`}`;
    return taken <= cell.count ? null : [why`at most ${cell.count}`, taken];
  });
  check("fate", lack(P, T, O) ?? excluded, () => {
    if (taken === null) return why`the cell has no count`;
    const picked = fate.cutoff !== undefined && fate.ticket <= fate.cutoff;
    if (picked !== (fate.kind === "picked")) return [word(picked ? "picked" : "reserve"), word(fate.kind)];
    const left = table.cells[fate.cell].count - taken;
    return picked || (fate.place >= 1 && fate.place <= left) ? null : [why`a place from 1 to ${left}`, fate.place];
  });
  check("listed", lack(M, O), () => listedFault());
  const noRecord = lack([why`the record`, record]);
  let report = null;
  if (record) {
    report = verifyRecord(record, { seal, beacon: values });
    const fault = first(() => { const bad = report.checks.find((c) => c.result === "fail"); return bad ? why`${word(bad.name)} fails` : null; },
      () => (given.policy ? compare(record.policy, policy) : null), () => (given.table ? compare(record.table, table) : null),
      () => (given.sample ? compare(record.sample, sample) : null), () => (outcome ? compare(record.seed, outcome.seed) : null));
    const missing = lack(S, V);
    if (missing && !fault) checks.push(notRun("record", missing)); else check("record", null, () => fault);
  } else check("record", noRecord, () => null);

  function listedFault() {
    const id = outcome.unit, cell = sample[fate.cell];
    const where = sample.flatMap((c, i) => [...c.picks.map((u, k) => ({ u, i, kind: "picked", place: k + 1 })),
      ...c.reserves.map((u, k) => ({ u, i, kind: "reserve", place: k + 1 }))]).filter(({ u }) => u.id === id);
    if (where.some(({ u }) => u.pseudonym !== receipt.pseudonym.pseudonym)) return why`another pseudonym is shown`;
    if (excluded) return where.length ? why`${id} is shown` : null;
    if (!cell) return why`no cell ${fate.cell}`;
    if (!same(cell.cutoff, fate.cutoff)) return [cell.cutoff ?? why`no cutoff`, fate.cutoff ?? why`no cutoff`];
    const shown = fate.kind === "picked" || fate.place <= cell.reserves.length ? 1 : 0;
    const right = where.filter((w) => w.i === fate.cell && w.kind === fate.kind
      && (fate.kind === "picked" || w.place === fate.place));
    return where.length === shown && right.length === shown ? null
      : why`${id} is ${word(fate.kind)}, and the record shows it ${where.length ? where.map((w) => why`${word(w.kind)} ${w.place}`) : why`nowhere`}`;
  }
  const passed = (name) => checks.find((c) => c.name === name).result === "pass";
  const verdict = checks.some((c) => c.result === "fail") ? "refuted"
    : !outcome ? (passed("seal") && passed("row") ? "confirmed" : "self-consistent")
      : !excluded && checks.every((c) => c.result === "pass") ? "confirmed" : "self-consistent";
  return { checks, verdict };
}
