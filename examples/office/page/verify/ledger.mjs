// Verification of a ledger (Spec 19) at the public level: the checks, the verdict and the lists.
import { H, canonical, compareText, hashHex, same, why, word } from "./bytes.mjs";
import { dayOf, has, secondOf } from "./forms.mjs";
import { drawnDigest, leafHash, rootOf, visitsCommitment } from "./trees.mjs";
import { isPublic } from "./sources.mjs";
import { postsFor } from "./policy.mjs";
import { keptIn } from "./dispatch.mjs";
import { valueOf, verifyRecord } from "./record.mjs";
import { readLines, drawnForm } from "./entries.mjs";
import { readNote, readKey, readCheckpoint, signedBy, originOf } from "./signatures.mjs";
import { RULES, Refused, DAY, WEEK, ZEROS, begin, enter, at, firstAt, closesAt, usedAt, failed, stands, isDeferred, undisclosed,
  waitsFor, approves, counting, fallbackOf, isClosing, lastClose } from "./fold.mjs";
import { isTold, tell } from "./closed.mjs";

export const nameOf = (a) => `${a.sequence}.${a.attempt}`;

/**
 * `given`: `lines` (bytes or text), `checkpoints` and `kept` (texts of notes), `keys` (key texts that the checker brings), `at`
 * (instant), `draws`: a map from `"<draw>.<attempt>"` to its documents (`record`, `seal`, `beacon`, and of the auditor `frame`, `roster`,
 * `cycle`, `drawn`) and `files`, a map from names to bytes.
 * Returns `{checks, verdict, broken, state, lists}`; throws where a line is none.
 */
export function verifyLedger(given) {
  const all = readLines(given.lines), contents = tell(all, given.draws), { state, broken, checks } = foldAll(all);
  const context = { ...contextOf(given, all, state, broken), contents };
  const add = (name, outcome) => checks.push({ name, ...outcome });
  const cycle = checks.find(({ name }) => name === "cycle");
  if (cycle.result === "pass" && [...given.draws?.values() ?? []].some((documents) => documents.drawn)) {
    Object.assign(cycle, notRun(why`the rule looks at the cycle, which this page does not fold; Rust and Python do`));
  }
  for (const [name, run] of Object.entries(AROUND)) add(name, run(context));
  const { verdict, lacks } = verdictOf(context, checks);
  return { checks, verdict, lacks, broken, state, lists: listsOf(context), at: context.now };
}
export const PASS = { result: "pass" };
const fail = (number, found, expected) => ({ result: "fail", number, found: valueOf(found), ...(expected === undefined ? {} : { expected: valueOf(expected) }) });
const notRun = (reason) => ({ result: "not run", reason });

function foldAll(all) {
  const state = begin(), faults = new Map();
  let broken = null, end = all.length, before = ZEROS;
  for (const [i, { text, line }] of all.entries()) {
    if (line.number !== i + 1 || line.previous !== before) {
      faults.set("chain", fail(i + 1, why`number ${line.number}, previous ${line.previous}`, why`number ${i + 1}, previous ${before}`));
      broken = { number: i + 1, rule: "chain", why: why`does not follow the entry before` };
      end = i;
      break;
    }
    before = H(all[0].line.entry.suite ?? "sha256", "entry", text);
  }
  for (const { line } of all.slice(0, end)) {
    try { enter(state, line); } catch (e) {
      if (!(e instanceof Refused)) throw e;
      faults.set(e.rule, fail(line.number, e.reason));
      broken = { number: line.number, rule: e.rule, why: e.reason };
      break;
    }
  }
  return { state, broken, checks: RULES.map((name) => ({ name, ...faults.get(name) ?? PASS })) };
}

/** What the checks look at: the state with the documents of its draws, the checkpoints, and the instant of the check. */
function contextOf(given, all, state, broken) {
  const suite = state.suite ?? "sha256", leaves = all.map(({ text }) => leafHash(suite, text)), draws = given.draws ?? new Map();
  const lastAt = state.entries.length ? at(state.entries.at(-1)) : 0, now = Math.max(lastAt, given.at ? secondOf(given.at) : 0);
  const origin = state.opened ? originOf(state.opened.authority, state.opened.scope) : null;
  const keys = (given.keys ?? []).map(readKey).filter((k) => k?.type === 4), roots = new Map();
  const rootAt = (size) => roots.get(size) ?? roots.set(size, rootOf(suite, leaves.slice(0, size))).get(size);
  const mark = (outside) => (text) => {
    const note = readNote(text), point = note && readCheckpoint(note);
    const holds = point && point.origin === origin && point.size >= 1 && point.size <= all.length && rootAt(point.size) === point.root;
    const times = holds ? keys.map((k) => signedBy(note, k)?.time).filter((t) => t !== undefined) : [];
    return { ...point, holds, times, outside: holds && (outside || times.length > 0) };
  };
  const points = [...(given.checkpoints ?? []).map(mark(false)), ...(given.kept ?? []).map(mark(true))];
  const attempts = state.attempts, byName = new Map(attempts.map((a) => [nameOf(a), a]));
  for (const a of attempts) a.given = draws.get(nameOf(a)) ?? {};
  const c = { all, state, broken, draws, byName, attempts, keys, points, origin, now, day: Math.floor(now / DAY),
    quorum: state.opened?.quorum, brought: given.keys ?? [] };
  for (const a of attempts) {
    a.picks = a.given.record?.sample.flatMap((x) => x.picks.map((u) => u.id));
    a.seen = a.told.filter((t) => isTold(a, t.number));
    a.kept = a.given.record && keptIn(a.given.record, a.given.frame);
    a.swaps = a.seen.filter((t) => t.kind === "replaced");
    a.placeOf = new Map(a.swaps.map((t) => [t.entry.by, t.entry.unit]));
    a.visitOf = new Map(a.given.record?.teams.visits.map((v) => [v.unit, v]));
    const left = new Set([...a.picks ?? [], ...a.came.keys()].filter((u) => !a.units.has(u)));
    a.pending = a.drawn && a.untold.length === 0 && stands(a) && a.number > lastClose(state) ? left : new Set();
  }
  return c;
}
const withRecords = (c) => c.attempts.filter((a) => a.given.record);
const drawnAndStanding = (c) => c.attempts.filter((a) => a.drawn && stands(a));

/** The checks of what stands around the ledger, each with its outcome. */
const AROUND = {
  checkpoint(c) {
    if (c.points.length === 0) return notRun(why`no checkpoint is given`);
    const bad = c.points.find((p) => !p.holds);
    return bad ? fail(undefined, bad.root ? why`${bad.origin}, size ${bad.size}, root ${bad.root}` : why`no checkpoint`, c.origin) : PASS;
  },
  witnesses(c) {
    if (!c.quorum) return notRun(why`the ledger asks for no quorum of witnesses`);
    if (c.keys.length === 0) return notRun(why`no keys of witnesses are given`);
    if (c.points.length === 0) return notRun(why`no checkpoint is given`);
    const named = [...c.state.opened.witnesses].sort(compareText), brought = [...new Set(c.brought)].sort(compareText);
    if (!same(named, brought)) return fail(1, brought.join(" "), named.join(" "));
    const seen = (number, before) => c.points.some((p) => p.holds && p.size >= number
      && p.times.filter((t) => t < before).length >= c.quorum);
    for (const [number, before] of [...witnessed(c)].sort((x, y) => x[0] - y[0])) if (!seen(number, before)) return fail(number, why`witnessed too late, or never`, before);
    return PASS;
  },
  deadlines(c) {
    if (c.state.entries.length === 0) return notRun(why`there are no entries`);
    for (const a of c.attempts) {
      if (undisclosed(a, c.day)) return fail(a.number, why`${nameOf(a)} is undisclosed`);
      if (overdue(a, c.now)) return fail(a.number, why`${nameOf(a)} is overdue`);
      const to = a.given.record?.policy.window.to;
      if (!c.broken && a.pending.size && to && dayOf(to) + 7 < c.day) return fail(a.number, [...a.pending].join(" "), why`visited by ${to}`);
    }
    return PASS;
  },
  batches(c) {
    const own = withRecords(c).filter((a) => a.batch !== undefined);
    if (own.length === 0) return notRun(why`no record of a batch is given`);
    for (const a of own) {
      const { policy } = a.given.record, entry = a.register.entry, want = entry.batches.find((b) => b.batch === a.batch);
      const is = { share: policy.round?.share ?? "1", window: policy.window }, asked = { share: want.share, window: want.window };
      if (!same(is, asked)) return fail(a.number, canonical(is), canonical(asked));
      const from = policy.origin && entry.programme && { programme: policy.origin.programme, batch: policy.origin.batch };
      if (from && (from.programme !== entry.programme || from.batch !== a.batch)) return fail(a.number, canonical(from), entry.programme);
    }
    return PASS;
  },
  records(c) {
    let any = false;
    for (const [name, docs] of c.draws) {
      const a = c.byName.get(name), documents = ["record", "seal", "beacon", "frame", "roster", "cycle", "drawn"].filter((d) => docs[d]);
      if (docs.record || docs.seal || docs.beacon) any = true;
      if (documents.length && !a && !c.broken) return fail(undefined, why`${name}: documents of a draw that was not sealed`);
      if (!a) continue;
      if (docs.record && !a.drawn && !c.broken) return fail(a.number, why`${name}: a record of a draw that is not drawn`);
      const fault = (docs.record && a.drawn && recordFault(a, docs.record)) || (docs.seal && !same(docs.seal, a.seal)
        && [a.number, why`the published seal is another`]) || (docs.beacon && valuesFault(a, docs.beacon));
      if (fault) return fail(fault[0], why`${name}: ${fault[1]}`);
    }
    return any ? PASS : notRun(why`no record, seal or values are given`);
  },
  values(c) {
    const drawn = c.attempts.filter((a) => a.drawn);
    if (drawn.length === 0) return notRun(why`nothing is drawn`);
    for (const a of drawn) {
      for (const s of a.seal.beacon.sources.map((x) => usedAt(a, x))) {
        // That it is the same value is for `records` to say.
        const brought = a.given.beacon?.some((v) => v.source === s.id);
        if (!brought) return notRun(why`${nameOf(a)}, ${s.id}: no value from elsewhere; this page checks no BLS signatures`);
      }
    }
    return PASS;
  },
  replay(c) {
    const own = withRecords(c).filter((a) => a.drawn);
    if (own.length === 0) return notRun(why`no record is given`);
    let first = null;
    for (const a of own) {
      const { record, frame, roster, cycle } = a.given, values = a.seal.beacon.sources.map((s) => usedAt(a, s))
        .map((s) => a.values.get(s.id).value);
      a.report = verifyRecord(record, { seal: a.seal, beacon: values, frame, roster, cycle });
      const bad = a.report.checks.filter((x) => x.result === "fail").map((x) => x.name);
      a.replayed = bad.length === 0;
      if (bad.length && !first) first = fail(a.drawn.number, why`${nameOf(a)}: ${bad.map(word)}`);
    }
    return first ?? PASS;
  },
  picks(c) {
    const own = drawnAndStanding(c).filter((a) => a.picks);
    if (own.length === 0) return notRun(why`no record is given`);
    for (const a of own) {
      if (a.assigned && a.assigned.visits.size !== a.picks.length) return fail(a.assigned.number, a.assigned.visits.size, a.picks.length);
      const units = new Set(a.picks);
      for (const t of a.seen) {
        if (c.state.told.get(t.number)?.now === null) continue;
        for (const unit of t.kind === "reassigned" ? t.entry.moves.map((m) => m.unit) : t.kind === "dropped_out" ? [] : [t.entry.unit]) {
          if (!units.has(unit)) return fail(t.number, why`${unit} was not drawn`);
        }
        if (t.kind !== "replaced") continue;
        if (units.has(t.entry.by)) return fail(t.number, why`${t.entry.by} was a unit of the draw before`);
        units.add(t.entry.by);
      }
    }
    for (const n of c.state.received) {
      const { entry: e } = c.state.entries[n - 1], a = own.find((x) => x.sequence === e.draw && x.attempt === e.attempt);
      const parts = a?.given.record.policy.dispatch?.parts ?? [];
      if (a && !parts.some((p) => originOf(p.authority, p.scope) === e.origin)) return fail(n, why`${e.origin} is no ledger of a part of the draw`);
    }
    return PASS;
  },
  assignments(c) {
    const own = c.attempts.filter((a) => a.assigned && a.given.record && saltKey(a));
    if (own.length === 0) return notRun(why`the salt key is with the auditors`);
    for (const a of own) {
      const want = visitsCommitment(a.seal.suite ?? "sha256", saltKey(a), a.digest, a.given.record.teams.visits);
      if (!same(want, a.assigned.visits)) return fail(a.assigned.number, canonical(a.assigned.visits), canonical(want));
    }
    return PASS;
  },
  events(c) {
    for (const a of c.attempts.filter((x) => x.drawn && x.given.drawn)) {
      const digest = has(drawnForm, a.given.drawn) ? drawnDigest(a.seal.suite ?? "sha256", a.given.drawn) : why`none`;
      if (digest !== a.drawn.digest) return fail(a.drawn.number, digest, a.drawn.digest);
    }
    return notRun(why`the events of the cycle are with the auditors; Rust and Python make them again`);
  },
  cycles: () => notRun(why`the cycle is with the auditors; Rust and Python fold it`),
  reserves(c) {
    let looked = false;
    for (const a of drawnAndStanding(c).filter((x) => x.picks && x.swaps.length)) {
      const used = new Set(a.picks), here = new Set(a.picks);
      for (const { number, entry } of a.swaps) {
        if (!here.delete(entry.unit)) return fail(number, why`${entry.unit} is not there to be replaced`);
        const next = nextReserve(a.given.record, entry.unit, used);
        if (next !== undefined) {
          looked = true;
          if (next !== entry.by) return fail(number, entry.by, next ?? why`no reserve is left`);
        }
        used.add(entry.by);
        here.add(entry.by);
      }
    }
    return looked ? PASS : notRun(why`no replacement that the public could check: reserves are not named, and their order is for auditors`);
  },
  reassignments: () => notRun(why`this page does not draw teams again: Rust and Python do`),
  people(c) {
    let looked = false;
    for (const t of counting(c.state)) {
      const { content, number, a, last } = t;
      if (!["visited", "inspected"].includes(content.kind) || (a && !stands(a))) continue;
      const own = a ? [a] : around(c, number);
      if (own.length === 0 || own.some((x) => !x.given.record)) continue;
      if (a && !a.kept(content.unit)) continue; // others send who goes there (27.2)
      looked = true;
      const places = Math.max(...own.map((x) => placesAt(x, a && content.unit)));
      if (content.team.length > places) return fail(last, why`${content.team.length} people`, why`at most ${places}`);
      if (own.some((x) => !x.given.roster)) continue;
      const known = new Set(own.flatMap(({ given: { roster } }) => [...roster.inspectors, ...roster.experts ?? []].map((p) => p.id)));
      const stranger = content.team.find((id) => !known.has(id));
      if (stranger) return fail(last, why`${stranger} is on no roster`);
    }
    return looked ? PASS : notRun(why`no visit could be looked at`);
  },
  files(c) {
    let any = false;
    c.missing = [];
    for (const a of c.attempts) {
      const files = a.given.files ?? new Map(), named = new Map();
      const entered = Object.values(a.published).flat().sort((x, y) => x.number - y.number);
      for (const p of entered) for (const f of p.files) named.set(f.file, { number: p.number, digest: f.digest });
      for (const [file, { number, digest }] of named) {
        if (!files.has(file)) { c.missing.push({ a, file, number }); continue; }
        any = true;
        if (!isFile(c.state.suite, files.get(file), digest)) return fail(number, why`${nameOf(a)}/${file} is another file`, digest);
      }
      for (const { number, digest } of a.published.results) {
        // As it is first: other ends of lines cost six digests a file.
        const found = [true, false].some((asItIs) => [...files.values()].some((b) => isFile(c.state.suite, b, digest, asItIs)));
        if (!found) c.missing.push({ a, file: digest, number });
      }
    }
    c.missing.sort((x, y) => x.a.number - y.a.number || compareText(x.file, y.file));
    return any ? PASS : notRun(why`no file that an entry names is given`);
  },
  contents: ({ contents: { rows, wrong } }) => (wrong ? fail(undefined, wrong, why`the content of a closed line of the draw`)
    : rows ? PASS : notRun(why`no content of a closed line is given`)),
};
export const overdue = (a, now) => !a.drawn && !(a.void && failed(a)) && now > waitsFor(a) + WEEK;
const saltKey = ({ given: { frame, roster, cycle } }) => (frame ?? roster ?? cycle)?.salt_key;

/** The entries that must be witnessed, each with the instant before which. */
function* witnessed({ state, attempts }) {
  for (const a of attempts) {
    yield [a.number, firstAt(a) - (a.seal.beacon.lead ?? 0)];
    for (const [id, { value, number }] of a.values) {
      const s = [...a.seal.beacon.sources, ...(a.seal.beacon.fallbacks ?? []).map((f) => f.source)].find((x) => x.id === id);
      const none = s.kind === "shares" && value.value.split("+").every((x) => x === "-");
      if (closesAt(a, s) < Infinity && !none) yield [number, closesAt(a, s)];
    }
    for (const [id, { number }] of a.silent) {
      const fallback = fallbackOf(a, id);
      if (fallback && a.values.has(fallback.source.id)) yield [number, at(fallback.source)];
    }
    if (a.void && !a.void.late && a.void.chosen) yield [a.void.number, firstAt(a)];
  }
  for (const n of state.clocks) yield [n, at(state.entries[n - 1]) + DAY];
  for (const n of moving(state)) {
    const next = state.policies.find((p) => p.number > n);
    if (next) yield [n, at(state.entries[next.number - 1])];
  }
}
/** Inspections with `approved`, and the amendments to and of them. */
function moving(state) {
  const all = [];
  for (const [number, t] of state.told) {
    if (approves(t.first)) all.push(number);
    for (const { number: n, was } of t.amended ?? []) if (approves(was) || approves(state.entries[n - 1].entry.entry)) all.push(n);
  }
  return all.sort((x, y) => x - y);
}
function recordFault(a, record) {
  if (!same(record.seal, a.seal)) return [a.number, why`its seal is another`];
  if (record.digest !== a.drawn.record) return [a.drawn.number, why`the record ${record.digest} is another than ${a.drawn.record}`];
  const entered = a.seal.beacon.sources.map((s) => usedAt(a, s)).map((s) => a.values.get(s.id).value);
  if (!same(record.beacon, entered)) return [a.drawn.number, why`its values are others`];
  return a.disclosed && record.secret !== a.disclosed.secret ? [a.disclosed.number, why`its secret is another`] : null;
}
/** The first of these values of an attempt that is not what the ledger says. */
export function valuesFault(a, beacon) {
  const known = new Set([...a.seal.beacon.sources, ...(a.seal.beacon.fallbacks ?? []).map((f) => f.source)].map((s) => s.id));
  for (const { source, value } of beacon) {
    if (!known.has(source)) return [a.number, why`${source} is no source of the plan`];
    const entered = a.values.get(source), silent = a.silent.get(source);
    if (entered ? entered.value.value !== value : silent) {
      return [(entered ?? silent).number, why`${source} has the value ${value}, and the ledger says ${entered?.value.value ?? why`silent`}`];
    }
  }
  return null;
}
/** The next reserve (16.4) as far as a record shows it: an id, null where none is left, undefined where it cannot be told. */
function nextReserve(record, unit, used) {
  const cells = record.table.cells.map((cell, i) => ({ ...cell, ...record.sample[i] }));
  const own = cells.find((x) => [...x.picks, ...x.reserves].some((u) => u.id === unit));
  if (!own) return undefined;
  const free = (x) => x.reserves.find((u) => !used.has(u.id)), more = (x) => x.count > x.picks.length + x.reserves.length;
  if (free(own)) return free(own).id;
  if (more(own)) return undefined;
  for (let path = own.path.split("/"); ; path = path.slice(0, -1)) {
    const under = cells.filter((x) => x.size !== "0" && (path.length === 0 || x.path === path.join("/") || x.path.startsWith(path.join("/") + "/")));
    if (under.some((x) => !free(x) && more(x))) return undefined;
    const found = under.map(free).filter(Boolean).sort((x, y) => compareText(x.ticket, y.ticket) || compareText(x.id, y.id));
    if (found.length) return found[0].id;
    if (path.length === 0) return null;
  }
}
/** The draws that stand and were sealed last before and first after an entry. */
const around = (c, number, own = drawnAndStanding(c)) => [own.findLast((a) => a.number < number), own.find((a) => a.number > number)].filter(Boolean);
/** How many people a visit has places for: those of the record, else of the largest team of the policy. */
function placesAt(a, unit) {
  const visit = a.visitOf.get(unit), { team, frame } = a.given.record.policy;
  if (visit) {
    return [...visit.posts, ...visit.experts ?? []].reduce((s, p) => s + (p.officers ?? p.experts).length + p.vacancies, 0);
  }
  const parties = [...team.departments, ...(team.experts ? [team.experts] : [])];
  return Math.max(...frame.kinds.map((k) => parties.reduce((s, p) => s + postsFor(p, k).reduce((n, x) => n + x.places, 0), 0)));
}
const digests = { sha256: new WeakMap(), sm3: new WeakMap() };
/** Whether bytes are the file of a digest, also with other ends of lines or a mark before the text (19, `files`). */
export function isFile(suite, bytes, digest, asItIs = false) {
  const known = digests[suite].get(bytes) ?? digests[suite].set(bytes, { plain: hashHex(suite, bytes) }).get(bytes);
  return known.plain === digest || (!asItIs && (known.others ??= otherEnds(bytes).map((x) => hashHex(suite, x))).includes(digest));
}
function otherEnds(bytes) {
  const text = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  const lf = text.filter((b, i) => !(b === 13 && text[i + 1] === 10)), crlf = new Uint8Array(lf.length * 2);
  let size = 0;
  for (const b of lf) {
    if (b === 10) crlf[size++] = 13;
    crlf[size++] = b;
  }
  return [text, lf, crlf.slice(0, size)].flatMap((x) => {
    const marked = new Uint8Array(x.length + 3);
    marked.set([0xef, 0xbb, 0xbf]);
    marked.set(x, 3);
    return [x, marked];
  });
}

/** The verdict (19), and by short words what it lacks to be confirmed. */
function verdictOf(c, checks) {
  if (checks.some((x) => x.result === "fail")) return { verdict: "refuted", lacks: [] };
  const of = (name) => checks.find((x) => x.name === name).result, lacks = [], { attempts, state } = c;
  const end = Math.max(1, ...attempts.flatMap((a) => [a.number, a.drawn?.number ?? 0, a.void?.number ?? 0]));
  const covers = c.points.filter((p) => p.outside && p.size >= end);
  if (covers.length === 0) lacks.push("checkpoint");
  if (c.quorum && !(of("witnesses") === "pass" && covers.some((p) => p.times.length >= c.quorum))) lacks.push("witnesses");
  if (of("values") !== "pass") lacks.push("values");
  const auditor = [...c.draws.values()].some((d) => d.drawn || d.cycle);
  if (auditor) lacks.push("auditor");
  if (c.missing.length) lacks.push("files");
  for (const a of attempts.filter((x) => x.drawn)) {
    const due = !isDeferred(a) || a.disclosed || c.day > dayOf(a.seal.disclosure.reveal_by);
    if (due && !a.replayed) lacks.push(`record ${nameOf(a)}`);
    if (due && a.untold.length) lacks.push("contents");
  }
  return { verdict: lacks.length || !state.opened ? "self-consistent" : "confirmed", lacks };
}

/** The lists of 19 that follow from the lines, and with records from these. */
function listsOf(c) {
  const { state, attempts, now, day } = c, told = attempts.flatMap((a) => a.told), numbers = (list) => list.map((x) => x.number).sort((x, y) => x - y);
  const entries = state.entries.filter((x) => !state.untold.has(x.number)), ofKind = (k) => entries.filter((x) => x.entry.kind === k);
  const amendments = ofKind("amended"), visits = [...counting(state)].filter((t) => t.content.kind === "visited" && stands(t.a) && isTold(t.a, t.number));
  const recorded = visits.filter((t) => t.a.given.record);
  const dayOfVisit = (a, unit) => {
    while (a.placeOf.has(unit)) unit = a.placeOf.get(unit);
    return a.visitOf.get(unit)?.day;
  };
  const actors = {}, lateOnes = new Set(state.late);
  for (const x of state.entries) {
    const row = actors[x.actor] ??= { entries: 0, seals: 0, draws: 0, voids_before: 0, voids_after: 0, replacements: 0, reassignments: 0,
      amendments: 0, late: 0 };
    row.entries++;
    const key = !state.untold.has(x.number) && { sealed: "seals", drawn: "draws", replaced: "replacements", reassigned: "reassignments", amended: "amendments" }[x.entry.kind];
    if (key) row[key]++;
    if (x.entry.kind === "void") row[attempts.find((a) => a.void?.number === x.number).void.late ? "voids_after" : "voids_before"]++;
    if (lateOnes.has(x.number)) row.late++;
  }
  const loads = {};
  for (const t of counting(state)) {
    if (t.number > lastClose(state) && ["visited", "inspected"].includes(t.content.kind)) for (const id of t.content.team) loads[id] = (loads[id] ?? 0) + 1;
  }
  const outsideWindow = (t) => dayOf(t.content.date) < Math.floor(state.times[t.a.drawn.number - 1] / DAY)
    || (t.a.given.record && (t.content.date < t.a.given.record.policy.window.from || t.content.date > t.a.given.record.policy.window.to));
  const silentRounds = state.silents.filter((s) => s.source.kind === "drand");
  return {
    outside: numbers(attempts.filter((a) => a.batch === undefined)), registers: numbers(state.registers), left_out: leftOut(c),
    silent_rounds: numbers(silentRounds), to_bring: silentRounds.filter((s) => !s.a.found.has(s.source.id))
      .map((s) => [s.a.sequence, s.a.attempt, s.source.id]),
    rests_on: attempts.filter((a) => a.drawn).map((a) => [a.sequence, a.attempt, a.seal.beacon.sources.some(isPublic) ? []
      : a.seal.beacon.sources.map((s) => usedAt(a, s))]),
    further_attempts: attempts.filter((a) => a.attempt > 1).length,
    voids: attempts.filter((a) => a.void).map((a) => [a.void.number, a.void.late ? "after" : "before"]).sort((x, y) => x[0] - y[0]),
    silent: state.silents.length, missing_shares: missingShares(attempts), replacements: ofKind("replaced").length,
    misses: ofKind("missed").length, reassignments: ofKind("reassigned").length,
    amendments: amendments.length, late: state.late, undisclosed: attempts.filter((a) => undisclosed(a, day)).map((a) => [a.sequence, a.attempt]),
    open: attempts.filter((a) => !a.drawn && !a.void).map((a) => [a.sequence, a.attempt]),
    // Without the record: how many are left by the lines, and no day.
    pending: attempts.flatMap((a) => {
      if (a.picks) return a.pending.size ? [[[a.sequence, a.attempt], [...a.pending].sort(compareText), a.given.record.policy.window.to]] : [];
      const left = a.assigned && a.untold.length === 0 && stands(a) && a.number > lastClose(state) ? a.assigned.visits.size - a.done : 0;
      return left ? [[[a.sequence, a.attempt], left, null]] : [];
    }),
    other_days: numbers(recorded.filter((t) => { const d = dayOfVisit(t.a, t.content.unit); return d && d !== t.content.date; })),
    outside_window: numbers(visits.filter(outsideWindow)),
    seals_published_late: attempts.map((a) => [a, a.published.seal[0]]).filter(([a, p]) => p && p.at >= firstAt(a)).map(([, p]) => p.number),
    seals_never_published: numbers(attempts.filter((a) => a.published.seal.length === 0 && firstAt(a) <= now && !(a.void && !a.void.late))),
    closed: state.closed, received: state.received, inspections: ofKind("inspected").length, moving_inspections: moving(state),
    drop_outs: numbers(told.filter((t) => t.kind === "dropped_out")), again_out: numbers(told.filter((t) => t.again)),
    not_given_on: numbers(told.filter((t) => t.kind === "dropped_out" && !t.givenOn)),
    beyond_reserves: numbers(told.filter((t) => t.beyond || (t.kind === "replaced" && (t.entry.passed || t.entry.unavailable)))),
    withdrawals: amendments.filter((x) => x.entry.entry.kind === "withdrawn").length, clocks: state.clocks.length,
    despite: ofKind("policy").filter((x) => x.entry.despite).length,
    barred: entries.filter((x) => x.entry.barred || x.entry.entry?.barred).length,
    other_teams: otherTeams(recorded), missing_files: c.missing.map((m) => [m.a.sequence, m.a.attempt, m.file]), actors, loads,
    closed_lines: attempts.filter((a) => a.untold.length).map((a) => [[a.sequence, a.attempt], a.untold, isClosing(a) ? a.seal.disclosure.reveal_by : null]),
  };
}
const missingShares = (attempts) => attempts.reduce((sum, a) => sum + [...a.seal.beacon.sources].filter((s) => s.kind === "shares")
  .reduce((n, s) => n + (a.values.get(s.id)?.value.value.split("+").filter((x) => x === "-").length ?? 0), 0), 0);
/** The batches of registers that were left out (17.5). */
function leftOut({ state, attempts, day }) {
  const out = [];
  state.registers.forEach((r, i) => {
    const close = state.closed.find((n) => n > r.number) ?? Infinity, next = state.registers[i + 1];
    if (next && next.number < close) return;
    for (const b of r.entry.batches) {
      const made = attempts.some((a) => a.register === r && a.batch === b.batch && a.drawn && stands(a));
      if (!made && (close < Infinity || day > dayOf(b.window.to))) out.push([r.number, b.batch]);
    }
  });
  return out;
}
/** Before a change of teams the visits by others than the officers, alone or with experts; where others send people, without some officer. */
function otherTeams(recorded) {
  const out = [], isChange = (t) => ["reassigned", "replaced"].includes(t.kind);
  const changed = new Map(recorded.map(({ a }) => [a, a.seen.find(isChange)?.number ?? Infinity]));
  for (const { a, content, number, last } of recorded) {
    const visit = a.visitOf.get(content.unit);
    if (last > changed.get(a)) continue;
    const officers = (visit?.posts ?? []).flatMap((p) => p.officers.map((o) => o.id)).sort(compareText);
    const everybody = [...officers, ...(visit?.experts ?? []).flatMap((p) => p.experts.map((o) => o.id))].sort(compareText);
    const whole = [officers, everybody].some((team) => same(content.team, team)), along = visit && officers.every((id) => content.team.includes(id));
    if (!(a.kept(content.unit) ? whole : along)) out.push(number);
  }
  return out.sort((x, y) => x - y);
}
