// Verification of a record (Spec 13): the public level, and with the frame and the roster file their roots.
import { H, canonical, first, isReason, same, compareText, why } from "./bytes.mjs";
import { billionths, idFault, isCode } from "./forms.mjs";
import { pseudonymLeaf, provesAll, frameRoots, rosterCommitment, cycleCommitment } from "./trees.mjs";
import { ONE, cellsOf, countsOf, ticketOf, subsample, numberDraw, markCertain } from "./lot.mjs";
import { timingFault, valuesFault, seedOf } from "./sources.mjs";
import { suiteOf } from "./policy.mjs";
import { AREAS, divisionsOf } from "./divisions.mjs";
import { structureFault, statementFault, daysFault } from "./teams.mjs";
import { frameFault, rosterFault } from "./rows.mjs";

/** A result of a check: `fault` is null, or a reason, or `[expected, found]`: of each a reason, or the value. */
export function result(name, fault) {
  if (fault === null || fault === undefined) return { name, result: "pass" };
  if (Array.isArray(fault)) return { name, result: "fail", expected: valueOf(fault[0]), found: valueOf(fault[1]) };
  if (!isReason(fault)) throw new Error(`${name}: ${fault} is no reason`);
  return { name, result: "fail", found: fault };
}
/** A value that is shown beside another: a reason, or a text. */
export const valueOf = (x) => (isReason(x) ? x : String(x));
export const notRun = (name, reason) => ({ name, result: "not run", reason });
export const compare = (a, b) => (same(a, b) ? null : [a, b].map((x) => (x === undefined ? why`absent` : canonical(x))));

export const sealDigest = (seal) => H(seal.suite ?? "sha256", "seal", canonical(seal));
export const policyDigest = (policy) => H(suiteOf(policy), "policy", canonical(policy));
export const tableDigest = (suite, table) => H(suite, "cells", canonical(table));

/** `policy` (13). */
export function policyFault(policy, seal) {
  return first(() => compare(suiteOf(policy), seal.suite ?? "sha256"), () => compare(policyDigest(policy), seal.policy),
    () => compare([policy.authority, policy.scope], [seal.authority, seal.scope]),
    () => compare(policy.beacon, seal.beacon), () => compare(policy.disclosure, seal.disclosure),
    () => (!policy.above === !seal.above ? null : why`a record above is named by one of policy and seal only`));
}
/** `secret` (13). */
export function secretFault(seal, secret) {
  if (seal.disclosure.mode !== "deferred") {
    return secret === undefined && seal.secret === undefined ? null : why`a secret, and no deferred disclosure`;
  }
  if (secret === undefined || seal.secret === undefined) return why`the secret or its commitment is missing`;
  return compare(seal.secret, H(seal.suite ?? "sha256", "secret", secret));
}
/** Why a table is not sound (`allocation` of 13), or null. */
export function tableFault(policy, table) {
  let mass = 0n, units = 0, before = null;
  for (const cell of table.cells) {
    const path = cell.path.split("/");
    if (!["first", "repeat"].includes(path[0]) || path.length !== policy.strata.length + 1
      || !path.slice(1).every(isCode)) return why`${cell.path} is no path`;
    if (!/^(0|[1-9][0-9]*)$/.test(cell.size) || BigInt(cell.size) >> 64n) return why`${cell.size} is no size`;
    if (cell.count < 1 || cell.count > 2 ** 32) return why`${cell.count} is no count`;
    const size = BigInt(cell.size);
    mass += size * BigInt(cell.count);
    units += cell.count;
    if (mass >> 96n) return why`the sizes are too large`;
    if (policy.design.method !== "number" && (size > ONE || cell.certain !== (size === ONE))) {
      return why`${cell.path}: size ${size} and certain ${cell.certain}`;
    }
    if (before) {
      const order = compareText(before.path, cell.path) || (BigInt(before.size) < size ? -1 : BigInt(before.size) > size
        ? 1 : Number(before.certain) - Number(cell.certain));
      if (order >= 0) return why`${cell.path} stands out of order`;
    }
    before = cell;
  }
  if (policy.design.method === "number") {
    const cells = cellsOf(table), { left, step } = numberDraw(cells, policy.design.number);
    if (left > 0n && cells.some((c) => !c.certain && left * c.size >= step)) return why`a cell is certain and not marked`;
    if (left < 0n || policy.design.number > units || (left > 0n && step === 0n)) return why`the counts do not sum to the number`;
  }
  return null;
}
function nodeOfVocabulary(policy, path) {
  const { frame, population: pop = {}, strata } = policy;
  const kinds = pop.kinds ?? frame.kinds;
  const areas = divisionsOf(policy), shown = strata.filter((s) => AREAS.includes(s));
  const divisions = areas.codes.filter((d) => !pop.divisions || pop.divisions.some((w) => areas.covers(w, d)));
  const at = (stratum) => (strata.includes(stratum) ? path[strata.indexOf(stratum) + 1] : undefined);
  const fits = (value, list) => value === undefined || list.includes(value);
  return fits(at("kind"), kinds) && kinds.length > 0 && fits(at("risk"), frame.risk) && fits(at("credit"), frame.credit)
    && divisions.some((d) => shown.every((level) => at(level) === areas.at(d, level)));
}
/** `strata` (13). */
function strataFault(record) {
  const { policy, seal, table, sample } = record, certainties = policy.certainties ?? [];
  const exclusions = table.exclusions ?? {};
  const sum = table.cells.reduce((s, c) => s + c.count, 0) + Object.values(exclusions).reduce((s, n) => s + n, 0);
  if (sum !== seal.frame.size) return [seal.frame.size, sum];
  const listed = { closed: "closed", suspended: "suspended", licence_expired: "expired" };
  for (const [code, count] of Object.entries(exclusions)) {
    const may = listed[code] ? (policy.frame.listed ?? []).includes(listed[code])
      : code === "out_of_scope" ? policy.population !== undefined
        : (policy.exclusions ?? []).some((e) => e.code === code);
    if (!may || count < 1) return why`the policy excludes nobody as ${code}`;
  }
  const { method } = policy.design, at = policy.strata.indexOf("kind") + 1;
  const kindOf = (cell) => (at ? cell.path.split("/")[at] : undefined);
  const stratum = (cell, name) => cell.path.split("/")[policy.strata.indexOf(name) + 1];
  for (const cell of table.cells) {
    if (!nodeOfVocabulary(policy, cell.path.split("/"))) return why`${cell.path}: no unit of the policy has this path`;
    const out = kindOf(cell) && (policy.exclusions ?? []).some((e) => e.rule.kinds?.includes(kindOf(cell))
      && (!e.kinds || e.kinds.includes(kindOf(cell))));
    if (out && !(cell.certain && certainties.length)) return why`${cell.path}: units of this kind are excluded`;
  }
  for (const [i, cell] of table.cells.entries()) {
    const shown = [...sample[i]?.picks ?? [], ...sample[i]?.reserves ?? []];
    for (const { id } of shown) {
      const names = (r) => r.rule.units?.includes(id) && (!r.kinds || (kindOf(cell) && r.kinds.includes(kindOf(cell))));
      if (certainties.some(names) && !cell.certain) return why`${id} is certain and stands in a cell that is not`;
      const out = (policy.exclusions ?? []).some(names);
      if (out && !(cell.certain && certainties.length)) return why`${id} is excluded and was in the lot`;
    }
  }
  if (method === "number" && certainties.length === 0) {
    const cells = cellsOf(table).map((c) => ({ ...c, certain: false }));
    markCertain(cells, policy.design.number);
    for (const [i, c] of cells.entries()) {
      if (c.certain !== table.cells[i].certain) return why`${table.cells[i].path}: certain by 5.6 is ${c.certain}`;
    }
  }
  const plain = !policy.rating && (method === "number" || (method === "rate"
    && billionths(policy.coverage.minimum) === 0n && !policy.ratios?.length));
  if (plain) {
    const added = (policy.signals ?? []).reduce((s, x) => s + billionths(x.add), 0n);
    for (const cell of table.cells) {
      const bases = method === "rate" ? [billionths(policy.design.rate)] : !policy.frequency ? [ONE]
        : policy.frequency.filter((f) => (!policy.strata.includes("risk") || stratum(cell, "risk") === f.risk)
          && (!policy.strata.includes("credit") || stratum(cell, "credit") === f.credit)).map((f) => billionths(f.visits));
      const size = BigInt(cell.size), min = bases.reduce((a, b) => (a < b ? a : b));
      let max = bases.reduce((a, b) => (a > b ? a : b)) + added;
      if (method === "rate" && (max > ONE || certainties.length)) max = ONE;
      if (size < min || size > max) return [why`${cell.path}: ${min} to ${max}`, size];
    }
  }
  return null;
}
/** `registers` (28.3): every division of the policy is of one register, and their units are those of the frame. */
export function registersFault({ policy, seal: { registers, frame } }) {
  const areas = divisionsOf(policy), chain = (d) => [...new Set([...areas.levels.map((l) => areas.at(d, l)), d])];
  const all = registers.flatMap((r) => r.divisions), named = new Set(all), divided = new Set(all.flatMap((d) => chain(d).slice(0, -1)));
  const of = areas.codes.map((d) => chain(d).findLast((a) => named.has(a))), used = new Set(of);
  const missing = areas.codes.find((d, i) => of[i] === undefined || (of[i] !== d && divided.has(of[i])));
  const idle = all.find((d) => !used.has(d)), late = registers.find((r) => r.as_of !== policy.as_of);
  if (late) return [policy.as_of, late.as_of]; else if (named.size !== all.length || all.length > 10000) return why`registers name a division twice, or too many`;
  if (missing ?? idle) return missing ? why`${missing} is of no register` : why`${idle} is of a register, and no division of the policy is`;
  return compare(registers.reduce((n, r) => n + r.size, 0), frame.size);
}
/** `tickets` (13). */
function ticketsFault(suite, record) {
  const shown = record.sample.flatMap((c) => [...c.picks, ...c.reserves]);
  for (const u of shown) {
    const ticket = ticketOf(suite, record.seed, u.pseudonym);
    if (ticket !== u.ticket) return [`${u.id}: ${ticket}`, u.ticket];
  }
  if (new Set(shown.map((u) => u.pseudonym)).size !== shown.length) return why`a pseudonym is shown twice`;
  const leaves = shown.map((u) => pseudonymLeaf(suite, u.pseudonym, u.id)).sort();
  return provesAll(suite, record.seal.frame.pseudonyms, record.seal.frame.size, leaves, record.inclusion) ? idFault(record.policy, shown.map((u) => u.id))
    : why`the units shown are not those of the sealed frame`;
}
/** `cutoffs` (13). */
function cutoffsFault(record, counts) {
  const ids = new Set();
  for (const [i, cell] of record.sample.entries()) {
    const all = [...cell.picks, ...cell.reserves], { path, count } = record.table.cells[i];
    for (let k = 1; k < all.length; k++) {
      if (!(all[k - 1].ticket < all[k].ticket)) return why`${path}: ${all[k].id} stands out of the order of tickets`;
    }
    const cutoff = cell.picks.at(-1)?.ticket;
    if (cell.cutoff !== cutoff) return [why`${path}: ${cutoff ?? why`no cutoff`}`, cell.cutoff ?? why`no cutoff`];
    const reserves = Math.min(record.policy.reserves, count - counts[i]);
    if (cell.reserves.length !== reserves) return [why`${path}: ${reserves} reserves`, cell.reserves.length];
    for (const { id } of all) {
      if (ids.has(id)) return why`${id} stands twice`;
      ids.add(id);
    }
  }
  return null;
}
function subsamplesFault(suite, record) {
  const groups = new Map();
  record.table.cells.forEach(({ path }, i) => {
    if (!groups.has(path)) groups.set(path, []);
    groups.get(path).push(...record.sample[i].picks);
  });
  const picks = [...groups].map(([path, units]) => ({ path, units }));
  const want = (record.policy.subsamples ?? []).map(({ code, share }) =>
    ({ code, units: subsample(suite, record.seed, code, billionths(share), picks) }));
  return compare(want, record.subsamples ?? []);
}

/** `{checks, verdict}` of a record in its form. `given`: `seal` and `beacon` as published, `frame`, `roster`, `cycle` of the auditor. */
export function verifyRecord(record, given = {}) {
  const { policy, seal, table, sample } = record, suite = suiteOf(policy), checks = [];
  const done = new Map();
  const run = (name, fault) => { const r = result(name, fault()); checks.push(r); done.set(name, r.result); };
  const skip = (name, reason) => checks.push(notRun(name, reason));
  const held = (name, file, fault, reason) => (file ? run(name, fault) : skip(name, reason));
  const { digest, ...rest } = record;
  run("digest", () => compare(H(suite, "record", canonical(rest)), digest));
  run("policy", () => policyFault(policy, seal));
  run("cells", () => compare(tableDigest(suite, table), seal.cells));
  const sound = tableFault(policy, table), fits = sample.length === table.cells.length;
  run("strata", () => strataFault(record));
  held("registers", seal.registers, () => registersFault(record), why`the seal names no registers`);
  run("timing", () => timingFault(seal, policy.as_of));
  held("seal", given.seal, () => compare(seal, given.seal), why`no published seal is given`);
  run("beacon_form", () => valuesFault(suite, seal.beacon, record.beacon));
  const pulses = record.beacon.some((v) => v.pulse);
  skip("pulse", pulses ? why`this page checks no BLS signatures` : why`no value carries a pulse`);
  held("beacon", given.beacon, () => compare(given.beacon.map(bare), record.beacon.map(bare)), why`no published values are given`);
  run("secret", () => secretFault(seal, record.secret));
  run("seed", () => compare(seedOf(suite, sealDigest(seal), record.beacon, record.secret), record.seed));
  let counts = null;
  run("allocation", () => {
    if (sound) return sound;
    if (!fits) return [why`${table.cells.length} cells`, why`${sample.length} cells`];
    ({ counts } = countsOf(suite, policy, cellsOf(table), record.seed));
    return compare(counts, sample.map((c) => c.picks.length));
  });
  run("tickets", () => ticketsFault(suite, record));
  run("cutoffs", () => (fits ? cutoffsFault(record, counts ?? sample.map((c) => c.picks.length)) : why`the cells differ`));
  run("subsamples", () => (fits ? subsamplesFault(suite, record) : why`the cells differ`));
  if (!policy.team.days || !policy.strata.includes(divisionsOf(policy).levels.at(-1))) skip("days", why`the policy has no days, or the deepest level of divisions is no stratum`);
  else run("days", () => daysFault(suite, record));
  run("teams", () => structureFault(suite, record));
  run("statements", () => statementFault(record));

  const { frame, roster, cycle } = given;
  held("frame", frame, () => first(() => compare(frameRoots(suite, frame), seal.frame), () => frameFault(policy, frame)), why`the frame file is with the auditors`);
  skip("register_rows", seal.registers ? why`this page does not make the roots of registers: Rust and Python do` : why`the seal names no registers`);
  held("roster", roster, () => first(() => compare(rosterCommitment(suite, roster), seal.roster), () => rosterFault(policy, roster)), why`the roster file is with the auditors`);
  held("cycle", cycle, () => first(() => compare(cycleCommitment(suite, cycle), seal.cycle),
    () => (cycle.last < seal.sequence ? null : why`the cycle is not before this draw`)), why`the cycle file is with the auditors`);
  for (const name of ["plan", "sample"]) skip(name, why`this page does not plan: Rust and Python do, with frame and cycle`);
  skip("eligibility", why`this page does not hold teams against the roster: Rust and Python do`);
  skip("assignment", why`this page does not draw teams again: Rust and Python do`);

  const failed = checks.some((c) => c.result === "fail");
  const confirmed = done.get("seal") === "pass" && done.get("beacon") === "pass";
  return { checks, verdict: failed ? "refuted" : confirmed ? "confirmed" : "self-consistent" };
}
const bare = ({ source, value }) => ({ source, value });
