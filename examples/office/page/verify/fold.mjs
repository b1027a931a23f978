// The fold of a ledger (Spec 17.3): every line is entered, or refused by the first rule that it breaks.
import { Fault, H, compareText, canonical, why, word } from "./bytes.mjs";
import { billionths, dayOf, dayOfInstant, isText, secondOf } from "./forms.mjs";
import { chancesOf, timingFault, valueFault } from "./sources.mjs";
import { sealDigest } from "./record.mjs";
import { levelAtLeast } from "./entries.mjs";
import { drawOf, namesToCome } from "./closed.mjs";
import { readKey, originOf } from "./signatures.mjs";

export const RULES = ["chain", "times", "opening", "approval", "seal", "policy", "batch", "register", "sequence", "chance",
  "beacon", "dating", "draw", "disclosure", "publication", "visits", "void", "amendment", "cycle"];
export const DAY = 86400;
export const WEEK = 7 * DAY;
export const ZEROS = "0".repeat(64);
const HALF_YEAR = 180 * DAY;
export class Refused extends Fault {
  constructor(rule, reason) { super(reason); this.rule = rule; }
}
const must = (holds, rule, reason) => { if (!holds) throw new Refused(rule, reason); };
export const at = (x) => secondOf(x.at);

// --- what an attempt is at ---
export const fallbackOf = (a, id) => a.seal.beacon.fallbacks?.find((f) => f.for === id);
export const firstAt = (a) => Math.min(...a.seal.beacon.sources.map(at));
/** When a source closes (8.3): the first later `at` of a source of the plan; never is Infinity. */
export const closesAt = (a, s) => (s.kind === "drand" ? Infinity
  : Math.min(...a.seal.beacon.sources.map(at).filter((x) => x > at(s))));
/** Whether the fallback of a source is usable (17.3). */
export function usable(a, fallback) {
  const called = fallback && a.silent.get(fallback.for);
  return called !== undefined && called.at < at(fallback.source) && !a.silent.has(fallback.source.id);
}
/** The source or fallback whose value stands at the place of a source, or nothing. */
export const usedAt = (a, s) => [s, fallbackOf(a, s.id)?.source].find((x) => x && a.values.has(x.id));
const stuck = (a, s) => a.silent.has(s.id) && !a.values.has(s.id) && !usable(a, fallbackOf(a, s.id));
const sharesFailed = (a) => a.seal.beacon.sources.some((s) => s.kind === "shares" && s.missing === "void"
  && a.values.get(s.id)?.value.value.split("+").includes("-"));
export const failed = (a) => a.seal.beacon.sources.some((s) => stuck(a, s)) || sharesFailed(a);
/** Not void, or void only because its secret was not revealed: its visits go on. */
export const stands = (a) => !a.void || a.void.reason === "not_revealed";
export const isDeferred = (a) => a.seal.disclosure.mode === "deferred";
const pastReveal = (a, day) => isDeferred(a) && day > dayOf(a.seal.disclosure.reveal_by);
export const undisclosed = (a, day) => a.drawn && !a.disclosed && a.void?.reason !== "not_revealed" && pastReveal(a, day);
const settled = (a) => (!a.void ? a.drawn && a.assigned
  : a.void.reason === "not_revealed" || failed(a)
    || (a.drawn && a.published.record.length > 0 && (!isDeferred(a) || a.disclosed)));
/** The instant from which a source may be called silent (17.3). */
function silentFrom(a, s) {
  const fallback = fallbackOf(a, s.id);
  return fallback ? secondOf(fallback.after) : s.kind === "drand" ? at(s) + WEEK : at(s);
}
const sourceOf = (a, id) => [...a.seal.beacon.sources, ...(a.seal.beacon.fallbacks ?? []).map((f) => f.source)]
  .find((s) => s.id === id);
/** The instants that an attempt waits for: those of its sources and of the usable fallbacks. */
export const waitsFor = (a) => Math.max(...a.seal.beacon.sources.map(at),
  ...(a.seal.beacon.fallbacks ?? []).filter((f) => usable(a, f)).map((f) => at(f.source)));
export const approves = (c) => c?.kind === "inspected" && levelAtLeast(c.approval.level, "authority");

// --- the state ---
export const begin = () => ({ entries: [], times: [], attempts: [], policies: [], registers: [], register: null, heads: {}, below: new Map(), received: [],
  closed: [], untold: new Map(), chances: new Set(), told: new Map(), late: [], clocks: [], silents: [], lastRegistered: -Infinity });
export const latestOf = (state, draw) => state.attempts.findLast((a) => a.sequence === draw);
const attemptOf = (state, e) => state.attempts.find((a) => a.sequence === e.draw && a.attempt === e.attempt);
export const lastClose = (state) => state.closed.at(-1) ?? 0;
/** The contents that count of what was told of visits, with their entries: amended, and without what was taken back. */
export function* counting(state, numbers = state.told.keys()) {
  for (const n of numbers) {
    const t = state.told.get(n);
    if (t?.now) yield { number: n, ...t, content: t.now };
  }
}
const ascends = (list, key = (x) => x) => list.every((x, i) => i === 0 || compareText(key(list[i - 1]), key(x)) < 0);

/** Enters a line: changes the state, or throws `Refused` and leaves it as it was. */
export function enter(state, line) {
  const { entry: e, number } = line, before = state.times.at(-1), now = at(line);
  if (e.kind !== "clock") must(before === undefined || now >= before, "times", why`is before the entry before`);
  must((number === 1) === (e.kind === "opened"), "opening", why`the first entry, and no other, opens the ledger`);
  if (number === 1) opening(e);
  must(!e.approval || e.approval.by !== line.actor, "approval", why`is approved by who enters it`);
  const told = e.kind === "amended" ? e.entry : e, today = dayOfInstant(line.at);
  must(!told.date || dayOf(told.date) <= today + 1, "times", why`${told.date} is to come`);
  lists(told);
  if (e.kind !== "amended" && drawOf(e) !== undefined) standing(state, e);
  closing(state, line);
  const untold = e.kind === "closed" ? latestOf(state, e.draw) : state.untold.get(e.amends ?? e.entry);
  const after = untold ? passOver(state, e, untold, number) : KINDS[e.kind](state, e, line, { now, today, number });
  state.entries.push(line);
  state.times.push(now);
  after?.();
}
function opening(e) {
  const keys = (e.witnesses ?? []).map(readKey), count = keys.length;
  must(count <= 16 && keys.every((k) => k?.type === 4), "opening", why`a witness has no key of a witness`);
  must(ascends(e.witnesses ?? []), "opening", why`witnesses do not ascend`);
  must(new Set(keys.map((k) => String(k.key))).size === count, "opening", why`a key stands twice`);
  must(count === 0 ? e.quorum === undefined : e.quorum === undefined || (2 * e.quorum > count && e.quorum <= count),
    "opening", why`the quorum is no majority of the witnesses`);
  if (!e.earlier) return;
  must(e.cycle && isOther(e, e.earlier.origin) && e.earlier.size >= 1, "opening", why`the earlier ledger is none`);
}
const ORIGIN = /^double-random\/1\/([0-9A-Za-z][0-9A-Za-z\-_.]{0,63})\/([0-9A-Za-z][0-9A-Za-z\-_.]{0,63})$/;
const isOther = (own, origin) => ORIGIN.test(origin) && origin !== originOf(own.authority, own.scope);
const FILE = /^[0-9A-Za-z][0-9A-Za-z\-_.]{0,99}$/;
function lists(e) {
  must(!e.team || (e.team.length > 0 && ascends(e.team)), "visits", why`the team does not ascend, or is empty`);
  must(ascends(e.items ?? []), "visits", why`items do not ascend`);
  must(ascends(e.unavailable ?? [], (p) => p.id), "visits", why`who is unavailable does not ascend`);
  must(ascends(e.barred?.people ?? [], (p) => p.id), "visits", why`the people barred do not ascend`);
  must(ascends(e.despite?.findings ?? []), "visits", why`findings do not ascend`);
  must((e.files ?? []).every((f) => FILE.test(f.file)) && ascends(e.files ?? [], (f) => f.file), "visits", why`files do not ascend`);
}
function barredHolds({ barred, evidence, team }, actor) {
  if (!barred) return;
  must(evidence && barred.people.length > 0 && barred.people.every((p) => team.includes(p.id)), "visits",
    why`people barred are of the team, with evidence`);
  must(barred.approval.by !== actor && levelAtLeast(barred.approval.level, "authority"), "approval",
    why`people barred need the authority`);
}
const level = (e, least) => must(levelAtLeast(e.approval.level, least), "approval", why`needs the level ${word(least)}`);

/** For each kind its rules, in the order of 17.3. They give the change, which is made when no rule refused. */
const KINDS = {
  opened: (state, e) => () => { state.opened = e; state.suite = e.suite ?? "sha256"; },
  registered(state, e, line, { now, number }) {
    const sum = e.batches.reduce((s, b) => s + billionths(b.share), 0n);
    must(e.batches.length >= 1 && e.batches.length <= 366 && e.batches.every((b, i) => b.batch >= 1
      && (i === 0 || e.batches[i - 1].batch < b.batch)) && sum <= 1000000000n, "batch", why`no batches of one year`);
    level(e, state.register || now - state.lastRegistered < HALF_YEAR ? "superior" : "authority");
    return () => { state.registers.push(state.register = { number, entry: e }); state.lastRegistered = now; };
  },
  imported(state, e) {
    must(e.size > (state.heads[e.what] ?? 0), "register", why`the log of the register has not grown`);
    return () => { state.heads[e.what] = e.size; };
  },
  received(state, e, line, { number }) {
    const a = named(state, e), [size, root] = state.below.get(e.origin) ?? [1, e.root];
    must(a.drawn && stands(a), "draw", why`is not drawn, or void`);
    must(isOther(state.opened, e.origin) && e.size >= size && (e.size > size || e.root === root), "register", why`the ledger below has not grown`);
    return () => { state.below.set(e.origin, [e.size, e.root]); state.received.push(number); };
  },
  policy(state, e, line, { number }) {
    must(e.batch === undefined || state.register?.entry.batches.some((b) => b.batch === e.batch), "batch", why`no such batch`);
    level(e, e.batch === undefined ? "superior" : "authority");
    must(!e.despite || (e.despite.findings.length > 0 && isText(e.despite.reason)), "policy", why`no findings or no reason`);
    return () => { state.policies.push({ number, digest: e.policy, batch: e.batch, register: state.register, sealed: false }); };
  },
  sealed(state, e, line, { number }) {
    const { seal } = e, { authority, scope } = state.opened;
    must(seal.authority === authority && seal.scope === scope && seal.previous === line.previous && seal.sealed_at === line.at,
      "seal", why`authority, scope, the entry before or the instant are others`);
    const fault = timingFault(seal);
    must(fault === null, "seal", fault);
    must((seal.secret !== undefined) === (seal.disclosure.mode === "deferred"), "seal", why`a secret is there for deferred disclosure`);
    const policy = state.policies.findLast((p) => p.digest === seal.policy && !p.sealed);
    must(policy, "policy", why`its policy was not entered, or was sealed before`);
    must(state.attempts.every(settled), "sequence", why`an earlier attempt is not settled`);
    const last = state.attempts.at(-1), again = last && !stands(last);
    const [sequence, attempt] = again ? [last.sequence, last.attempt + 1] : [(last?.sequence ?? 0) + 1, 1];
    must(seal.sequence === sequence && seal.attempt === attempt, "sequence", why`the next is ${sequence}.${attempt}`);
    if (policy.batch !== undefined) {
      must(policy.register === state.register, "batch", why`its policy was entered under another register`);
      must(!state.attempts.some((a) => a.number > lastClose(state) && a.sequence !== sequence && a.batch === policy.batch), "batch",
        why`another draw is of this batch`);
    }
    const all = [...seal.beacon.sources, ...(seal.beacon.fallbacks ?? []).map((f) => f.source)].flatMap(chancesOf);
    must(!all.some((c) => state.chances.has(c)), "chance", why`a chance was used by an earlier seal`);
    return () => {
      policy.sealed = true;
      all.forEach((c) => state.chances.add(c));
      state.attempts.push({ number, sequence, attempt, seal, policy: policy.number, digest: sealDigest(seal), batch: policy.batch, register: policy.register,
        values: new Map(), silent: new Map(), found: new Set(), published: { seal: [], record: [], results: [] }, told: [], untold: [],
        units: new Map(), came: new Map(), done: 0 });
    };
  },
  beacon(state, e, line, { now, number }) {
    const a = named(state, e), id = e.value.source, s = sourceOf(a, id), plan = a.seal.beacon.sources.includes(s);
    must(!a.drawn, "beacon", why`the attempt is drawn`);
    must(s && !a.values.has(id), "beacon", why`no source without a value`);
    must(plan ? !a.silent.has(id) || s.kind === "drand" : usable(a, a.seal.beacon.fallbacks.find((f) => f.source === s)), "beacon",
      why`the source is silent, or the fallback not usable`);
    const fault = valueFault(a.seal.suite ?? "sha256", s, e.value, false);
    must(fault === null, "beacon", fault);
    must(now >= at(s), "dating", why`is before the source speaks`);
    const none = s.kind === "shares" && e.value.value.split("+").every((x) => x === "-");
    must(now < closesAt(a, s) || none, "dating", why`is entered when the source has closed`);
    return () => {
      if (a.silent.delete(id)) a.found.add(id);
      a.values.set(id, { value: e.value, number });
      if (now > at(s) + DAY) state.late.push(number);
    };
  },
  silent(state, e, line, { now, number }) {
    const a = named(state, e), s = sourceOf(a, e.source), plan = a.seal.beacon.sources.includes(s);
    must(!a.drawn, "beacon", why`the attempt is drawn`);
    must(s && s.kind !== "shares" && !a.values.has(s.id) && !a.silent.has(s.id)
      && (plan || a.silent.has(a.seal.beacon.fallbacks.find((f) => f.source === s).for)), "beacon", why`no source that is waited for`);
    must(now >= silentFrom(a, s), "dating", why`is before the source may be called silent`);
    level(e, "superior");
    return () => {
      a.silent.set(s.id, { at: now, number });
      state.silents.push({ number, a, source: s });
      if (now > silentFrom(a, s) + DAY) state.late.push(number);
    };
  },
  drawn(state, e, line, { now, number }) {
    const a = named(state, e), { sources } = a.seal.beacon, used = sources.map((s) => usedAt(a, s));
    must(!a.drawn && !failed(a) && used.every(Boolean), "draw", why`is drawn, has failed, or waits for a value`);
    return () => {
      a.drawn = { number, at: now, digest: e.drawn, record: e.record };
      if (now > Math.max(...sources.map(at), ...used.map(at)) + DAY) state.late.push(number);
    };
  },
  assigned(state, e, line, { now, number }) {
    const a = named(state, e);
    must(a.drawn && !a.assigned && stands(a), "draw", why`is not drawn, assigned already, or void`);
    return () => { a.assigned = { number, visits: e.visits }; if (now > a.drawn.at + DAY) state.late.push(number); };
  },
  disclosed(state, e, line, { today, number }) {
    const a = named(state, e);
    must(isDeferred(a) && a.drawn && !a.disclosed && H(a.seal.suite ?? "sha256", "secret", e.secret) === a.seal.secret,
      "disclosure", why`there is nothing to disclose, or the secret does not open its commitment`);
    return () => { a.disclosed = { number, secret: e.secret }; if (pastReveal(a, today)) state.late.push(number); };
  },
  published(state, e, line, { now, number }) {
    const a = named(state, e), holds = { seal: () => e.digest === a.digest, results: () => a.visited || a.untold.length > 0,
      record: () => e.digest === a.drawn?.record && (!isDeferred(a) || a.disclosed) }[e.what];
    must(holds(), "publication", why`this was not there to be published`);
    must(isText(e.where), "publication", why`the place is no text`);
    return () => {
      a.published[e.what].push({ number, at: now, digest: e.digest, files: e.files ?? [] });
      if (e.what === "seal" && a.published.seal.length === 1 && now >= firstAt(a)) state.late.push(number);
    };
  },
  visited: tells, missed: tells, replaced: tells,
  dropped_out(state, e, line, { number }) {
    const a = visited(state, e), again = a.told.some((t) => (t.kind === "dropped_out" && t.entry.out === e.out)
      || (t.kind === "reassigned" && t.entry.moves.some((m) => m.by === e.out)));
    level(e, again ? "authority" : "office");
    must((e.unit !== undefined) === (e.reason === "recused"), "visits", why`a recusal, and nothing else, names its unit`);
    return () => { a.told.push({ number, kind: e.kind, entry: e, again }); };
  },
  reassigned(state, e, line, { number }) {
    const a = visited(state, e), note = a.told.find((t) => t.number === e.entry && t.kind === "dropped_out");
    for (const m of e.moves) must(!a.units.has(m.unit), "visits", why`${m.unit} is settled`);
    must(e.visits.size === a.assigned.visits.size, "visits", why`another number of visits`);
    must(note && !note.givenOn, "visits", why`no dropped_out whose places are still to be given on`);
    const chain = e.moves.some((m) => m.out !== note.entry.out), gone = (id) => a.told.some((t) => t.kind === "dropped_out"
      && t.number !== e.entry && t.entry.out === id);
    const beyond = chain || e.moves.some((m) => m.passed !== undefined || gone(m.by));
    level(e, beyond ? "authority" : "office");
    must(e.moves.length === 0 || (e.moves[0].out === note.entry.out && e.moves.every((m) => m.by !== note.entry.out)), "visits",
      why`the first move is of who dropped out, and none brings him`);
    return () => { note.givenOn = number; a.told.push({ number, kind: e.kind, entry: e, beyond }); };
  },
  inspected(state, e, line, { today, number }) {
    level(e, "office");
    barredHolds(e, line.actor);
    return () => {
      state.told.set(number, { first: e, now: e, last: number });
      if (today > dayOf(e.date) + 7) state.late.push(number);
    };
  },
  void(state, e, line, { now, today, number }) {
    const a = named(state, e);
    must(!a.void, "void", why`is void already`);
    const reason = { beacon_failed: () => a.seal.beacon.sources.some((s) => stuck(a, s)), share_missing: () => sharesFailed(a),
      not_revealed: () => a.drawn && !a.disclosed && pastReveal(a, today) }[e.reason] ?? (() => a === state.attempts.at(-1) && !failed(a));
    must(reason(), "void", why`the reason does not hold`);
    const late = a.values.size > 0 || now >= firstAt(a), chosen = ["input_error", "legal", "technical"].includes(e.reason);
    level(e, "authority");
    level(e, ["beacon_failed", "not_revealed"].includes(e.reason) || (chosen && (late
      || state.attempts.some((b) => b !== a && b.sequence === a.sequence && b.void))) ? "superior" : "authority");
    return () => { a.void = { number, reason: e.reason, late, chosen }; };
  },
  cycle_closed(state, e, line, { number }) {
    level(e, "authority");
    for (const a of state.attempts.filter((x) => x.number > lastClose(state))) {
      must(a.drawn || (a.void && failed(a)), "cycle", why`${a.sequence}.${a.attempt} is not drawn`);
      must(!a.drawn || !stands(a) || (a.assigned && (a.untold.length > 0 || a.done === a.assigned.visits.size)), "cycle",
        why`${a.sequence}.${a.attempt} has visits to come`);
    }
    return () => { state.closed.push(number); state.register = null; };
  },
  clock(state, e, line, { now, today, number }) {
    must(e.from > 1 && e.from < number, "times", why`names no earlier entry`);
    must(now < state.times.at(-1) && now >= state.times[e.from - 2], "times", why`is not between the entries`);
    for (const { entry: x } of state.entries.slice(e.from - 1)) {
      const told = x.kind === "amended" ? x.entry : x, a = x.attempt && attemptOf(state, x);
      must(!told.date || dayOf(told.date) <= today + 1, "times", why`${told.date} is to come`);
      const from = x.kind === "beacon" ? at(sourceOf(a, x.value.source))
        : x.kind === "silent" ? silentFrom(a, sourceOf(a, x.source)) : -Infinity;
      must(now >= from, "times", why`a source had not spoken`);
      must(x.kind !== "void" || x.reason !== "not_revealed" || pastReveal(a, today), "times", why`a secret was not due`);
    }
    level(e, "superior");
    return () => { state.times.fill(now, e.from - 1); state.clocks.push(number); };
  },
  amended(state, e, line, { number }) {
    const t = state.told.get(e.amends), was = t?.now, new_ = e.entry, a = t?.a;
    must(t && t.first.kind !== "replaced", "amendment", why`amends no visit and no inspection`);
    const swap = t.first.kind === "inspected" ? ["inspected", "withdrawn"] : ["visited", "missed", "withdrawn"];
    must(swap.includes(new_.kind) && new_.unit === t.first.unit && new_.draw === t.first.draw, "amendment",
      why`is of another unit, draw or kind`);
    if (new_.approval) {
      must(new_.approval.by !== line.actor, "amendment", why`its content is approved by who enters it`);
      must(levelAtLeast(new_.approval.level, new_.kind === "missed" ? "authority" : "office"), "amendment", why`its content needs the authority`);
    }
    barredHolds(new_, line.actor);
    if (a && new_.date) notBefore(state, new_.date, state.attempts.findLast((x) => x.sequence === a.sequence && x.number < e.amends),
      "amendment");
    const kept = was ? was.kind === new_.kind && canonical(was.team ?? []) === canonical(new_.team ?? [])
      && approves(was) === approves(new_) : new_.kind === "withdrawn";
    level(e, kept ? "office" : "authority");
    const leaves = a && was && new_.kind === "withdrawn", comes = a && !was && new_.kind !== "withdrawn";
    if (leaves || comes) must(lastClose(state) < a.number, "amendment", why`its cycle is closed`);
    if (comes) must(!a.units.has(new_.unit) && a.done < a.assigned.visits.size, "amendment", why`is no visit that can be due`);
    return () => {
      t.now = new_.kind === "withdrawn" ? null : new_;
      t.last = number;
      t.amended = [...t.amended ?? [], { number, was }];
      if (leaves) { a.units.delete(new_.unit); a.done--; }
      if (comes) { a.units.set(new_.unit, e.amends); a.done++; }
    };
  },
};
function named(state, e) {
  const a = attemptOf(state, e);
  must(a, "sequence", why`${e.draw}.${e.attempt} was not sealed`);
  return a;
}
function notBefore(state, date, a, rule) {
  must(!a?.drawn || dayOf(date) >= Math.floor(state.times[a.drawn.number - 1] / DAY) - 1, rule, why`${date} is before the draw`);
}
/** Whether a draw is deferred and neither disclosed nor void: what names its visits to come is closed (17.7). */
export const isClosing = (a) => Boolean(a && isDeferred(a) && a.drawn && !a.disclosed && !a.void);
function closing(state, { entry: e, told }) {
  const a = drawOf(e) !== undefined && latestOf(state, drawOf(e));
  if (a === false) return;
  if (!told && e.kind !== "closed") return must(!isClosing(a) || !namesToCome(e), "disclosure", why`an open line names a visit to come`);
  must(isClosing(a) && a.assigned, "disclosure", why`a closed line of a draw that is not hidden`);
  must(!e.visits || e.visits.size === a.assigned.visits.size, "visits", why`another number of visits`);
}
/** Nothing can be said of an entry whose content is not known, nor of what rests on it and is of its attempt (17.7). */
function passOver(state, e, a, number) {
  if (e.kind === "amended") must(e.entry.draw === a.sequence, "amendment", why`is of another draw than the line that it amends`);
  if (e.kind === "reassigned") must(latestOf(state, e.draw) === a, "visits", why`is of another attempt than the line that it names`);
  return () => {
    state.untold.set(number, a);
    a.untold.push(number);
  };
}
function standing(state, e) {
  const a = latestOf(state, e.draw);
  must(a?.assigned && stands(a), "visits", why`the draw is not assigned, or void`);
  if (e.date) notBefore(state, e.date, a, "visits");
  return a;
}
/** The attempt that an entry about visits is of (17.3, `visited` …). */
function visited(state, e) {
  const a = standing(state, e);
  must(lastClose(state) < a.number, "visits", why`its cycle is closed`);
  return a;
}
function tells(state, e, line, { today, number }) {
  const a = visited(state, e), swaps = e.kind === "replaced";
  must(!a.units.has(e.unit), "visits", why`${e.unit} is settled`);
  must(a.done < a.assigned.visits.size, "visits", why`there are more visits than were assigned`);
  if (swaps) {
    must(e.visits.size === a.assigned.visits.size, "visits", why`another number of visits`);
    must(e.by !== e.unit && !a.units.has(e.by) && !a.came.has(e.by), "visits", why`${e.by} was there before`);
  }
  if (e.approval) level(e, "authority");
  barredHolds(e, line.actor);
  return () => {
    a.units.set(e.unit, number);
    if (swaps) a.came.set(e.by, number); else a.done++;
    if (e.kind === "visited") a.visited = true;
    a.told.push({ number, kind: e.kind, entry: e });
    state.told.set(number, { a, first: e, now: e, last: number });
    if (today > dayOf(e.date) + 7) state.late.push(number);
  };
}
