// Runs the verifier of the page on the vectors: `node examples/office/page/tests/vectors.mjs [tests/vectors]`.
// It prints for each file how many cases passed, and for each file that the page has no use for the reason.
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { join, dirname } from "node:path";
import { deflateSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import * as B from "../verify/bytes.mjs";
import * as F from "../verify/forms.mjs";
import * as T from "../verify/trees.mjs";
import * as L from "../verify/lot.mjs";
import * as S from "../verify/sources.mjs";
import * as D from "../verify/documents.mjs";
import { policyForm, suiteOf } from "../verify/policy.mjs";
import { AREAS } from "../verify/divisions.mjs";
import { registersFault, verifyRecord, sealDigest } from "../verify/record.mjs";
import { verifyReceipt, absenceHolds } from "../verify/receipts.mjs";
import { frameFault, rosterFault } from "../verify/rows.mjs";
import { verifyLedger } from "../verify/ledger.mjs";
import { readNote, readKey, signedBy } from "../verify/signatures.mjs";
import { documentsOf } from "../short.mjs";
import { answer } from "../worker.mjs";
import { bring } from "../brought.mjs";
import { standingOf } from "../standing.mjs";
import { consistent, credited, pathOf } from "./beside.mjs";
import { NAMED, REASONS, inChinese } from "../reasons.mjs";

const root = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), "../../../../tests/vectors");
const text = (...at) => readFileSync(join(root, ...at), "utf8");
const json = (...at) => JSON.parse(text(...at));
const big = BigInt, big0 = (x) => big(x);
let failures = 0;
const bad = (where, want, got) => {
  failures++;
  if (failures <= 40) console.log(`  FAIL ${where}: expected ${JSON.stringify(want)}, found ${JSON.stringify(got)}`);
};
/** What failed checks said, in Chinese. */
const reasonsMet = new Set(), met = (checks) => {
  for (const c of checks.filter((x) => x.result !== "pass")) for (const x of [c.reason, c.found, c.expected]) if (x?.texts) reasonsMet.add(inChinese(x, (name) => `〔${name}〕`));
  for (const c of checks) if (c.result === "fail" && !c.found?.texts && c.expected === undefined && !["picks", "deadlines", "contents"].includes(c.name)) bad(c.name, "a reason with a code", c.found);
  return checks;
};
/** Runs a case; an error of the verifier is a failure. */
function attempt(where, want, find) {
  let got;
  try { got = find(); } catch (e) { got = `error ${e.stack?.split("\n").slice(0, 6).join(" ")}`; }
  if (JSON.stringify(got) === JSON.stringify(want)) return 1;
  bad(where, want, got);
  return 0;
}
const decimals = (count) => Array.from({ length: count }, (_, i) => String(i));

const cells = (list) => list.map((c) => ({ ...c, path: Array.isArray(c.path) ? c.path : c.path.split("/"), size: big0(c.size),
  count: Number(c.count) }));
/** A case of a file: what is expected, and how it is found. */
const FILES = {
  absences: (c) => [c.shows, () => { D.absenceForm(c.absence, ""); return absenceHolds(c.absence, c.seal); }],
  allocation: (c) => [[String(c.start), c.counts.map(Number)], () => {
    const { start, counts } = L.allocate("sha256", cells(c.cells), big(c.factor), big(c.step), c.seed);
    return [String(start), counts];
  }],
  beacon: (c) => (c.form !== undefined
    ? [c.form, () => S.valuesFault(c.suite ?? "sha256", c.beacon, c.values) === null]
    : [c.timing, () => F.has(S.sourcesForm, c.beacon) && S.planFault(c.beacon, c.sealed_at) === null]),
  bytes: (c) => [c.accepted, () => { try { B.readCanonical(B.utf8(c.text)); return true; } catch { return false; } }],
  consistency: (c) => [true, () => {
    const leaves = decimals(c.count).map((x) => T.leafHash(c.suite, x));
    return T.rootOf(c.suite, leaves.slice(0, c.old)) === c.old_root && T.rootOf(c.suite, leaves) === c.root
      && consistent(c.suite, c.old, c.old_root, c.count, c.root, c.proof)
      && (c.proof.length === 0 || !consistent(c.suite, c.old, c.root, c.count, c.old_root, c.proof));
  }],
  control: (c) => [c.credited, () => credited("sha256", c.seed, c.unit, big(c.size), big(c.scheduled))],
  digest: (c) => [c.digest, () => B.H("sha256", c.label, c.content)],
  // What the seal alone shows; of registers that do not fit, nothing is sealed.
  registers: (c, bases) => [c.given ? "not sealed" : c.not_run.includes("registers") ? "not run" : c.failed.includes("registers"), () => {
    if (c.given) return "not sealed";
    D.sealForm(bases[c.seal], "");
    return bases[c.seal].registers ? registersFault({ policy: bases[0], seal: bases[c.seal] }) !== null : "not run";
  }],
  dispatch: (c, bases) => [c.draws.map(() => "confirmed"), () => c.draws.map((n) => verifyRecord(bases[n].record, bases[n]).verdict)], // each alone
  forged: (c) => [[...c.failed].sort(), () => {
    const record = c.record ?? edited(json("records", c.base, "record.json"), c.edits);
    const report = verifyRecord(record, { seal: record.seal, beacon: record.beacon });
    return met(report.checks).filter((x) => x.result === "fail").map((x) => x.name).sort();
  }],
  unusable: (c) => ["unusable", () => {
    try { D.recordForm(edited(json("records", c.base, "record.json"), c.edits), ""); } catch (e) { return e instanceof B.Fault ? "unusable" : `${e}`; }
    return "read";
  }],
  notes: (c) => {
    const note = readNote(c.note);
    if (!c.key) return [c.valid ?? true, () => note !== null];
    return [[c.signed, c.time], () => { const by = note && signedBy(note, readKey(c.key)); return [by !== null, by?.time]; }];
  },
  inclusion: (c) => [c.holds, () => {
    const leaves = c.leaves.map((x) => T.leafHash("sha256", x)).sort();
    return T.provesAll("sha256", c.root, c.count, leaves, c);
  }],
  refusals: (c, bases) => [c.digest ?? c.refused, () => refused(c, bases)],
  seed: (c) => [[c.text, c.seed], () => [S.seedText(c.seal, c.values, c.secret),
    S.seedOf("sha256", c.seal, c.values, c.secret)]],
  subsample: (c) => [c.units, () => L.subsample("sha256", c.seed, c.code, F.billionths(c.share), c.picks)],
  suite: (c) => (c.label !== undefined ? [c.digest, () => B.H(c.suite, c.label, c.content)]
    : [c.hash, () => B.hashHex(c.suite, B.utf8(c.text))]),
  tickets: (c) => [true, () => {
    const units = c.ids ? c.ids.map((id, i) => ({ id, pseudonym: c.pseudonyms[i] }))
      : Array.from({ length: Number(c.generated) }, (_, i) => {
        const id = `U-${String(i).padStart(6, "0")}`;
        return { id, pseudonym: T.unitSalts("sha256", c.salt_key, id).pseudonym };
      });
    const order = L.inTicketOrder("sha256", c.seed, units), take = Number(c.take);
    return (!c.picks || B.same(order.slice(0, take).map((u) => u.id), c.picks))
      && (take > 0 ? order[take - 1].ticket : undefined) === c.cutoff
      && (!c.digest || B.hashHex("sha256", B.utf8(order.map((u) => u.id).join(","))) === c.digest);
  }],
  tree: (c) => [true, () => {
    const leaves = (c.leaves?.map(B.bytesOfHex) ?? decimals(c.count)).map((x) => T.leafHash("sha256", x));
    return T.rootOf("sha256", leaves) === c.root && c.proofs.every((p) => B.same(pathOf("sha256", leaves, p.index), p.path)
      && T.rootFromPath("sha256", leaves[p.index], p.index, leaves.length, p.path) === c.root);
  }],
};
const NOT_RUN = {
  below: "the words of the lot of teams", shuffle: "the words of the lot of teams", words: "the words of the lot of teams",
  teams: "the page does not draw teams again", replacement: "the page does not draw teams again",
  cost: "the page does not draw teams again", dossier: "made before the draw, from documents of the office",
  packs: "made before the draw, from documents of the office", programmes: "made before the draw, from documents of the office",
  rating: "the page does not plan", rating_valid: "the page does not plan", exposure: "the page does not plan",
  guard: "the page does not plan", hazard: "the page does not plan", law: "the page does not plan", slack: "the page does not plan", workdays: "the page plans no visits",
  events: "the cycle is with the auditors, and the page does not fold it",
  parts: "parts are merged before the draw, and the page gets its record",
};
const FOLDERS_NOT_RUN = { years: "the page does not plan" };

function at(value, pointer) {
  const parts = pointer.split("/").slice(1).map((p) => p.replace(/~1/g, "/").replace(/~0/g, "~"));
  const key = parts.pop();
  return [parts.reduce((v, p) => v[p], value), key];
}
function set(value, pointer, to, insert) {
  const [parent, key] = at(value, pointer);
  if (!Array.isArray(parent)) {
    if (to === undefined) delete parent[key]; else parent[key] = to;
  } else if (to === undefined) parent.splice(Number(key), 1);
  else if (insert) parent.splice(key === "-" ? parent.length : Number(key), 0, to);
  else parent[Number(key)] = to;
}
function edited(value, edits) {
  for (const { at: pointer, to } of edits) set(value, pointer, to, false);
  return value;
}
/** A policy as people write it: decimals with more zeros, and defaults written out (2.6). */
function asWritten(policy) {
  const trim = (s) => s.replace(/^0+(?=[0-9])/, "").replace(/(\.[0-9]*?)0+$/, "$1").replace(/\.$/, "");
  const walk = (v, key) => {
    if (Array.isArray(v)) return v.map((x) => walk(x, key));
    if (v && typeof v === "object") {
      const out = {};
      for (const [k, x] of Object.entries(v)) {
        const y = walk(x, k), optional = !["guards", "strata"].includes(k);
        if (LEFT_OUT[k] !== undefined && B.same(LEFT_OUT[k], y)) continue;
        if (optional && ["population", "kinds", "divisions", "is"].includes(k) === false && y && typeof y === "object"
          && Object.keys(y).length === 0 && OPTIONAL.has(k)) continue;
        out[k] = y;
      }
      return out;
    }
    return typeof v === "string" && DECIMALS.has(key) && /^[0-9]{1,9}(\.[0-9]{1,9})?$/.test(v) ? trim(v) : v;
  };
  const out = walk(policy, "");
  if (!out.coverage) {
    out.coverage = { guards: ["total", ...out.strata.filter((s) => AREAS.includes(s))], minimum: "0.2" };
  }
  for (const row of out.frequency ?? []) row.slack ??= row.cycles ? "0" : "2.5";
  return out;
}
const LEFT_OUT = { suite: "sha256", cycles: 1, lead: 0, any_order: false, stated: false };
const DECIMALS = new Set(["rate", "slack", "share", "rest", "visits", "surprise", "add", "min", "max", "minimum", "ceiling", "at_least",
  "at_most"]);
const OPTIONAL = new Set(["signals", "certainties", "exclusions", "ratios", "items", "subsamples", "labels", "posts", "pins",
  "qualifications", "listed", "fallbacks", "caps", "when", "has", "below", "levels", "lowering", "frequency"]);
function refused(c, bases) {
  const value = structuredClone(bases[c.document]);
  const kind = c.document.replace("elsewhere_", ""), whole = ["frame", "roster"].includes(kind) ? value : { [c.document]: value };
  for (const op of c.patch) {
    const to = op.op === "remove" ? undefined
      : op.op === "fill" ? Array.from({ length: op.times }, () => structuredClone(op.value)) : op.value;
    set(value, op.path, to, op.op === "add");
  }
  try {
    if (["policy", "rated", "elsewhere"].includes(kind)) {
      const policy = asWritten(whole[c.document]);
      policyForm(policy, "");
      if (c.digest) return B.H(policy.suite ?? "sha256", "policy", B.canonical(policy));
    }
    if (c.document === "cycle") D.cycleForm(value, "");
    if (kind === "frame") {
      D.frameForm(value.frame, "");
      return frameFault(value.policy, value.frame) !== null;
    }
    if (kind === "roster") {
      D.rosterForm(value.roster, "");
      return rosterFault(value.policy, value.roster) !== null;
    }
  } catch (e) {
    if (e instanceof F.Unusable || /integer|null does/.test(e.message)) return true;
    throw e;
  }
  return false;
}

let total = 0;
for (const file of readdirSync(root).filter((f) => f.endsWith(".json")).sort()) {
  const name = file.slice(0, -5);
  if (name === "short") continue; // read asynchronously, below
  if (!FILES[name]) {
    if (!NOT_RUN[name]) bad(file, "a reason or a runner", "neither");
    console.log(`${file}: not run (${NOT_RUN[name]})`);
    continue;
  }
  const { cases, bases, count } = json(file);
  let passed = 0;
  cases.forEach((c, i) => { passed += attempt(`${file} ${c.name ?? i}`, ...FILES[name](c, bases)); });
  if (count !== cases.length) bad(file, count, cases.length);
  total += passed;
  console.log(`${file}: ${passed} of ${cases.length}`);
}

const given = (dir, names) => Object.fromEntries(names.filter((n) => existsSync(join(root, dir, `${n}.json`)))
  .map((n) => [n, json(dir, `${n}.json`)]));
const FORMS = { record: D.recordForm, seal: D.sealForm, frame: D.frameForm, roster: D.rosterForm, cycle: D.cycleForm,
  receipt: D.receiptForm, outcome: D.outcomeForm, absence: D.absenceForm, opening: D.openingForm, policy: policyForm,
  table: D.tableForm, sample: D.sampleForm };
const formed = (documents) => Object.entries(documents).forEach(([n, v]) => FORMS[n]?.(v, n));

let passed = 0, draws = readdirSync(join(root, "records")).map((d) => `records/${d}`);
draws.push(...readdirSync(join(root, "years/four_rounds")).filter((d) => d.startsWith("round")).map((d) => `years/four_rounds/${d}`));
for (const dir of draws) {
  passed += attempt(dir, ["confirmed", []], () => {
    const docs = given(dir, ["record", "seal", "beacon", "frame", "roster", "cycle"]);
    formed(docs);
    B.readCanonical(text(dir, "record.json"));
    const { checks, verdict } = verifyRecord(docs.record, docs);
    return [verdict, met(checks).filter((x) => x.result === "fail")];
  });
}
console.log(`records: ${passed} of ${draws.length}`);
total += passed;

passed = 0;
const receipts = readdirSync(join(root, "receipts"));
for (const name of receipts) {
  const dir = `receipts/${name}`;
  const { verdict: wantVerdict, ...want } = json(dir, "expected.json");
  passed += attempt(dir, [wantVerdict, want, true, true], () => {
    const docs = given(dir, ["receipt", "outcome", "seal", "policy", "table", "beacon", "sample", "record", "absence", "opening",
      "visits"]);
    formed(docs);
    if (existsSync(join(root, dir, "secret.txt"))) docs.secret = text(dir, "secret.txt").trim();
    const { checks, verdict } = verifyReceipt(docs.receipt, docs);
    const found = Object.fromEntries(met(checks).map((x) => [x.name, x.result]));
    return [verdict, Object.fromEntries(Object.keys(want).map((k) => [k, found[k]])),
      !docs.absence || absenceHolds(docs.absence, docs.seal),
      !docs.opening || T.openingHolds(suiteOf(docs.policy ?? docs.record.policy), docs.opening, sealDigest(docs.seal), docs.visits)];
  });
}
console.log(`receipts: ${passed} of ${receipts.length}`);
total += passed;

passed = 0;
const texts = json("short.json").cases;
for (const c of texts) {
  const found = await documentsOf(c.text).catch(() => undefined);
  passed += attempt(`short ${c.name}`, c.documents ?? null, () => found ?? null);
}
// As long as documents may be, and a byte longer.
const letters32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", shortOf = (length) => {
  const bytes = deflateSync(new Uint8Array(length).fill(32)), bits = [...bytes].map((b) => b.toString(2).padStart(8, "0")).join("");
  return `DR1:${B.hexOf(B.sha256(bytes)).slice(0, 8).toUpperCase()}:1/1:${bits.match(/.{1,5}/g).map((five) => letters32[parseInt(five.padEnd(5, "0"), 2)]).join("")}`;
};
for (const [more, fits] of [[0, true], [1, false]]) {
  const found = await documentsOf(shortOf((1 << 20) + more)).catch(() => undefined);
  total += attempt(`short: ${more} bytes above the limit`, fits, () => found !== undefined);
}
console.log(`short.json: ${passed} of ${texts.length}`);
total += passed;

/** What a folder of `ledgers/` gives: all of it, or only what is published. */
function ledgerGiven(dir, published) {
  const maybe = (...at) => (existsSync(join(root, dir, ...at)) ? text(dir, ...at) : undefined);
  const texts = (...at) => (existsSync(join(root, dir, ...at)) ? readdirSync(join(root, dir, ...at)).sort().map((f) => text(dir, ...at, f)) : []);
  const draws = new Map();
  for (const name of existsSync(join(root, dir, "draws")) ? readdirSync(join(root, dir, "draws")) : []) {
    const docs = given(`${dir}/draws/${name}`, ["record", "seal", "beacon", ...(published ? [] : ["frame", "roster", "cycle", "drawn"])]);
    formed(docs);
    docs.files = new Map(readdirSync(join(root, dir, "draws", name)).map((f) => [f, new Uint8Array(readFileSync(join(root, dir, "draws", name, f)))]));
    draws.set(name, docs);
  }
  return { lines: text(dir, "ledger.jsonl"), checkpoints: texts("checkpoints"), kept: texts("brought", "kept"),
    keys: maybe("brought", "keys.txt")?.split("\n").filter(Boolean) ?? [], at: maybe("at.txt")?.trim(), draws };
}
const restsOn = (s) => (s.kind === "dice" ? `the dice before ${s.witness}` : s.kind === "shares"
  ? `the shares of ${s.commitments.map((c) => c.party).join(", ")}` : `${s.game} ${s.issue}`);
/** What a ledger's `state` has that the page does not keep. */
const NOT_KEPT = { cycle: "the page does not fold it", register_changes: "frames and rosters of two draws are with the auditors" };
const RANK = ["refuted", "self-consistent", "confirmed"], ledgerNotRun = new Map();
const plainly = (v) => JSON.stringify(v, (_, x) => (x && typeof x === "object" && !Array.isArray(x)
  ? Object.fromEntries(Object.entries(x).sort(([a], [b]) => (a < b ? -1 : 1))) : x));
/** Compares what the page says of a ledger with what is expected of a verifier that has everything. Less is said, and counted apart. */
function ledgerCase(dir, published) {
  const want = json(dir, "expected.json"), where = `${dir}${published ? ", what is published" : ""}`;
  return attempt(where, [], () => {
    const report = verifyLedger(ledgerGiven(dir, published)), wrong = [];
    met(report.checks);
    const fromAuditor = ["people", "replay", "cycle", "deadlines", "picks", "records"];
    for (const { name, result, reason } of report.checks) {
      if (result === "not run" && want.checks[name] !== "not run") {
        const key = `${name}: ${B.english(reason)}`;
        ledgerNotRun.set(key, [...ledgerNotRun.get(key) ?? [], where]);
      } else if (result !== want.checks[name] && !(published && fromAuditor.includes(name) && want.checks[name] === "fail")) {
        wrong.push(name, result, want.checks[name], report.checks.find((x) => x.name === name));
      }
    }
    if (Object.keys(want.checks).length !== report.checks.length) wrong.push("checks", report.checks.length);
    const lists = { ...report.lists, rests_on: report.lists.rests_on.map(([d, a, on]) => [d, a, on.map(restsOn)]) };
    for (const [name, value] of Object.entries(want.state)) {
      if (!NOT_KEPT[name] && plainly(lists[name]) !== plainly(value)) wrong.push(name, lists[name], value);
    }
    const missed = report.checks.some((x) => x.result === "not run" && want.checks[x.name] === "fail");
    if (RANK.indexOf(report.verdict) > RANK.indexOf(want.verdict) && !missed) wrong.push(report.verdict, want.verdict);
    if (report.verdict !== want.verdict) {
      const key = `verdict ${report.verdict}, and ${want.verdict} with everything: ${report.lacks.join(", ")}`;
      ledgerNotRun.set(key, [...ledgerNotRun.get(key) ?? [], where]);
    }
    return wrong;
  });
}
passed = 0;
const ledgers = readdirSync(join(root, "ledgers")).filter((d) => !d.includes("."));
for (const name of ledgers) passed += ledgerCase(`ledgers/${name}`, false);
console.log(`ledgers: ${passed} of ${ledgers.length}`);
total += passed;
// The page does not fold the cycle (17.4): what only it refuses is not run.
const CYCLE_ONLY = ["visit_of_nobody", "move_elsewhere"];
const refusedCases = json("ledgers/refused.json").cases.filter((c) => !CYCLE_ONLY.includes(c.name));
passed = 0;
for (const c of refusedCases) {
  passed += attempt(`ledgers/refused.json ${c.name}`, [c.number, c.rule], () => {
    const { broken, checks } = verifyLedger({ lines: c.lines.map((l) => `${l}\n`).join("") });
    met(checks);
    return [broken?.number, broken?.rule];
  });
}
console.log(`ledgers/refused.json: ${passed} of ${refusedCases.length}; not run (only the cycle refuses it): ${CYCLE_ONLY.join(", ")}`);
total += passed;
// Published folders, whole and changed: every file of figures is counted as Rust and Python count it, and the page says no more than they do.
const folderCases = json("folders/cases.json").cases, RANKS = ["refuted", "self-consistent", "confirmed"];
const below = (folder, prefix = "") => readdirSync(join(root, folder), { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? below(`${folder}/${e.name}`, `${prefix}${e.name}/`) : [[`${prefix}${e.name}`, `${folder}/${e.name}`]]));
const bases = Object.fromEntries([...new Set(folderCases.map((c) => c.base))].map((base) => [base, below(`folders/${base}`).map(([name, at]) => [name, new Uint8Array(readFileSync(join(root, at)))])]));
function editedFolder(files, edit) {
  const plain = (b) => { try { return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(b); } catch { return null; } }, bytes = (s) => new TextEncoder().encode(s);
  if (edit.ends) return files.map(([p, b]) => { const s = plain(b); return [p, s === null ? b : bytes(`\ufeff${s.replace(/^\ufeff/, "").replace(/\r\n/g, "\n").replace(/\n/g, "\r\n")}`)]; });
  if (edit.remove !== undefined) return files.filter(([p]) => p !== edit.remove && !p.startsWith(`${edit.remove}/`));
  if (edit.from !== undefined) return files.map(([p, b]) => (p === edit.file ? [p, bytes(plain(b).replace(edit.from, () => edit.to))] : [p, b]));
  return [...files.filter(([p]) => p !== edit.file), [edit.file, bytes(edit.text)]];
}
passed = 0;
let withValues = 0;
const broughtTo = (c) => (existsSync(join(root, "folders/brought", c.base)) ? `folders/brought/${c.base}` : "folders"), keptOf = (c) => [text(broughtTo(c), "kept.txt")];
const looked = (c) => c.values?.map((v) => [v.file, v.text]) ?? readdirSync(join(root, broughtTo(c), "values")).map((f) => [f, text(broughtTo(c), "values", f)]);
for (const c of folderCases.filter((x) => x.verdicts.kept !== "unusable")) {
  const isFigures = ([place]) => place.includes("/figures-"), found_ = (code) => c.findings.filter((f) => f[1] === code).map((f) => f[0]).sort(), of = (code) => c.findings.filter((f) => isFigures(f) && f[1] === code).map((f) => f[0]).sort();
  passed += attempt(`folders/cases.json ${c.name}`, { wrong: of("differs"), left: [], more: false }, () => {
    const files = c.edits.reduce(editedFolder, bases[c.base]), { figures, folder, ledger } = answer({ files, kept: keptOf(c), keys: [], values: looked(c) });
    // Without a ledger that can be read there is nothing to count them from.
    if (!figures) return { wrong: of("differs"), left: [], more: ledger !== null && !ledger.unusable };
    // What no entry names is counted by the page all the same.
    const names = (pick) => figures.filter(pick).map((f) => f.path).sort(), left = names((f) => f.missing).filter((p) => !of("not_checked").includes(p));
    return { wrong: names((f) => f.wrong?.length), left, more: folder.verdict === "confirmed" && c.verdicts.values !== "confirmed" };
  });
  // Values of sources: those that nobody looked up are named and nothing is confirmed by them; those that say nothing are named, too.
  if (c.verdicts.values === "unusable") continue;
  withValues++;
  passed += attempt(`folders/cases.json ${c.name}, values`, [found_("own_values"), found_("unused"), found_("differs").includes("draws/1.1/beacon.json"), c.failed.includes("records"), "own"], () => {
    const files = c.edits.reduce(editedFolder, bases[c.base]), given = { files, kept: keptOf(c), keys: [] };
    const { folder, ledger } = answer({ ...given, values: looked(c) }), alone = answer(given);
    if (!folder) return [found_("own_values"), found_("unused"), found_("differs").includes("draws/1.1/beacon.json"), c.failed.includes("records"), ledger?.unusable ? "own" : "none"];
    const whats = (reason) => [...new Set(folder.why.filter((x) => x.reason === reason).map((x) => x.what.split(" ")[0]))].sort();
    const quiet = alone.ledger.verdict === "confirmed" || alone.folder.verdict === "confirmed" || !(alone.folder.why.some((x) => x.reason === "ownValues") || !ledger.stories.some((s) => s.drawn));
    return [whats("ownValues").map((n) => `draws/${n}`), whats("unused"), whats("differs").includes("draws/1.1/beacon.json"), ledger.checks.some((x) => x.name === "records" && x.result === "fail"), quiet ? "confirmed by copies" : "own"];
  });
}
console.log(`folders/cases.json: ${passed} of ${folderCases.filter((x) => x.verdicts.kept !== "unusable").length + withValues}`);
total += passed;
// What a reader brings: values for one draw are held against the ledger, and never taken for a file of the publisher.
passed = 0;
const dice = text("folders/values/1.1.json"), [numbers] = JSON.parse(dice), bytesOf = (t) => new TextEncoder().encode(t), kept = [text("folders/kept.txt")];
const broughtCases = [
  // As it was published, written with spaces, with a mark, and twice over.
  ["as it is", dice, { verdict: "confirmed", own: false, wrong: [], unused: [], unread: [] }],
  ["written with spaces", `\ufeff${JSON.stringify([numbers], null, 2)}\n`, { verdict: "confirmed", own: false, wrong: [], unused: [], unread: [] }],
  // Empty, of nobody, none at all: no evidence, and no finding against the folder.
  ["empty", "[]", { verdict: "self-consistent", own: true, wrong: [], unused: ["1.1.json"], unread: ["draws/1.1/beacon.json"] }],
  ["of nobody", JSON.stringify([{ source: "nobody", value: "1" }]), { verdict: "self-consistent", own: true, wrong: [], unused: ["1.1.json nobody"], unread: [] }],
  ["no values", "dice: 3", { verdict: "self-consistent", own: true, wrong: [], unused: ["1.1.json"], unread: ["draws/1.1/beacon.json"] }],
  // Other dice refute the ledger by the reader's word; the publisher's copy is what it was.
  ["other dice", JSON.stringify([{ ...numbers, value: "2718281828459045235360287471352662497757" }]), { verdict: "refuted", own: false, wrong: [], unused: [], unread: [] }],
];
for (const [name, content, want] of broughtCases) {
  passed += attempt(`brought for one draw: ${name}`, want, () => {
    const { ledger, folder, index, unread, draws } = answer({ files: bases.public, own: [["draws/1.1/beacon.json", bytesOf(content)]], kept, keys: [] });
    if (ledger.unusable) return ledger.unusable;
    const whats = (reason) => folder.why.filter((x) => x.reason === reason).map((x) => x.what);
    const wrong = [...whats("differs"), ...index.rows.filter((r) => r.state === "differs").map((r) => r.file), ...(draws["draws/1.1"].verdict === "confirmed" ? [] : ["record"])];
    return { verdict: ledger.verdict, own: whats("ownValues").length > 0, wrong, unused: whats("unused"), unread: unread.own };
  });
}
// A seal that the reader kept, however it is written; one that is none; one of another draw.
const seal11 = text("folders/public/draws/1.1/seal.json");
for (const [name, content, want] of [["written with spaces", JSON.stringify(JSON.parse(seal11), null, 1), ["confirmed", []]], ["none", "{}", ["confirmed", ["draws/1.1/seal.json"]]],
  ["another", text("records/rate/seal.json"), ["refuted", []]]]) {
  passed += attempt(`a kept seal: ${name}`, want, () => {
    const { ledger, unread } = answer({ files: bases.public, own: [["draws/1.1/seal.json", bytesOf(content)]], kept, keys: [], values: [["1.1.json", dice]] });
    return ledger.unusable ?? [ledger.verdict, unread.own];
  });
}
// Of a draw that no ledger has, what the reader brought stands in the place of the copy.
for (const [name, change, want] of [["written with spaces", (v) => v, "pass"], ["another", (v) => v.map((x) => ({ ...x, value: `${x.value.slice(0, -1)}${x.value.endsWith("0") ? 1 : 0}` })), "fail"]]) {
  passed += attempt(`values of a record alone: ${name}`, want, () => {
    const read = (n) => text("records/rate", n), { draws } = answer({ files: ["record.json", "seal.json", "beacon.json"].map((n) => [n, bytesOf(read(n))]), own: [["beacon.json", bytesOf(JSON.stringify(change(JSON.parse(read("beacon.json"))), null, 2))]], kept: [], keys: [] });
    return draws[""].unusable ?? draws[""].checks.find((x) => x.name === "beacon").result;
  });
}
// A value that several draws could have is said to need a number, and not that it says nothing.
const whyOf = (lines, values) => { const { folder, ledger } = answer({ files: [["ledger.jsonl", bytesOf(lines)]], kept: [], keys: [], values }); return folder?.why ?? ledger; };
const seen = (source) => JSON.stringify([{ source, value: "1" }]), year = text("ledgers/year_public/ledger.jsonl");
passed += attempt("a value that several draws could have", [[["severalDraws", 1, "newspaper.json dice"]], [], ["newspaper.json nobody"]], () => {
  const found = (source) => whyOf(year, [["newspaper.json", seen(source)]]), named = (all, reason) => all.filter((x) => x.reason === reason);
  return [named(found("dice"), "severalDraws").map((x) => [x.reason, x.rank, x.what]), named(found("dice"), "unused").filter((x) => x.what.startsWith("newspaper")), named(found("nobody"), "unused").map((x) => x.what)];
});
// A draw behind a refused entry: what was brought for it is named.
const behind = refusedCases.flatMap((c) => {
  const { entry } = JSON.parse(c.lines[c.number - 1] ?? "{}"), seal = entry?.kind === "sealed" ? entry.seal : undefined, name = seal && `${seal.sequence}.${seal.attempt}`;
  const before = c.lines.slice(0, c.number - 1).some((l) => { const { entry: e } = JSON.parse(l); return e.kind === "sealed" && `${e.seal.sequence}.${e.seal.attempt}` === name; });
  return seal && F.has(D.sealForm, seal) && !before ? [{ c, name, source: seal.beacon.sources[0].id }] : [];
});
for (const { c, name, source } of behind) {
  passed += attempt(`values behind a refused entry: ${c.name}`, [`${name}.json ${source}`], () => whyOf(c.lines.map((l) => `${l}\n`).join(""), [[`${name}.json`, seen(source)]]).filter((x) => x.reason === "unused").map((x) => x.what));
}
passed += attempt("a case of values behind a refused entry", true, () => behind.length > 5);
// Lines without the form are for the verifier to name; nothing is read where nothing was brought.
for (const line of ['{"entry":{"seal":{}}}', '{"entry":{"seal":{"beacon":{"sources":7}}}}', "null", '{"entry":null,"x":"\\"seal\\""}', '"seal"', "seal"]) {
  passed += attempt(`brought beside the line ${line}`, ["newspaper.json"], () => bring(`${line}\n`, [["newspaper.json", seen("dice")]]).stray.map((x) => x.file));
  passed += attempt(`a ledger with the line ${line}`, true, () => { const said = answer({ files: [["ledger.jsonl", bytesOf(`${year}${line}\n`)]], kept: [], keys: [], values: [["1.1.json", seen("dice")]] }).ledger; return said.broken?.number > 1 || said.unusable?.texts !== undefined; });
}
passed += attempt("nothing is read where nothing was brought", [0, 0], () => { const { by, stray } = bring({ get length() { throw new Error("read"); } }, []); return [by.size, stray.length]; });
console.log(`brought: ${passed}`);
total += passed;
// Of one that is on the frame and that no draw names: nobody whom a rule left out is said to have been in the lot.
passed = 0;
for (const name of readdirSync(join(root, "records")).filter((d) => existsSync(join(root, "records", d, "frame.json")) && existsSync(join(root, "records", d, "record.json")))) {
  const record = json("records", name, "record.json"), frame = json("records", name, "frame.json"), { sample, table } = record, shown = new Set(sample.flatMap((c) => [...c.picks, ...c.reserves].map((u) => u.id)));
  const out = Object.values(table.exclusions ?? {}).reduce((a, b) => a + b, 0), all = frame.units.filter((u) => !shown.has(u.id)).map((u) => ({ u, ...standingOf(record, frame, u) })), words = (word) => all.filter((x) => x.word === word);
  // Everybody in the lot has a cell that can have him; without rules that leave out everybody has; with them as many have none as can be told.
  const inLot = table.cells.reduce((sum, c) => sum + c.count, 0) - shown.size;
  passed += attempt(`records/${name}, not named`, [true, true, true, true], () => [out > 0 ? words("notDrawn").length === 0 : all.every((x) => x.word === "notDrawn"), words("notInLot").length <= out, all.length - words("notInLot").length >= inLot,
    all.every(({ why, cells: own, ticket }) => why !== "whyAbove" || own.every((i) => ticket > sample[i].cutoff))]);
  if (name !== "back_check") continue;
  passed += attempt("records/back_check: tickets below the cutoff", ["notInLot", "notInLot"], () => ["T-000073", "T-000089"].map((id) => all.find((x) => x.u.id === id)?.word));
  passed += attempt("records/back_check: both words", [true, true], () => [words("notInLot").length > 2, words("notDrawnOrOut").length > 0]);
}
console.log(`not named: ${passed}`);
total += passed;
// Every reason that the verifier can give has a code, and Chinese words for it; no reason is a bare text.
const page = join(dirname(fileURLToPath(import.meta.url)), ".."), modules = [...readdirSync(join(page, "verify")).map((f) => `verify/${f}`), "worker.mjs", "slots.mjs", "files.mjs", "notice.mjs"];
/** The codes of the reasons in a source: what stands between why` and its end, with {} for every part that is put in. */
function codesIn(source) {
  return [...source.matchAll(/why`/g)].map(({ index }) => {
    let code = "", at = index + 4;
    for (; source[at] !== "`"; at++) {
      if (!source.startsWith("${", at)) { code += source[at]; continue; }
      let depth = 1, inner = false;
      for (at += 2; depth > 0 || inner; at++) {
        if (source[at] === "`") inner = !inner;
        depth += source[at] === "{" ? 1 : source[at] === "}" ? -1 : 0;
      }
      at--;
      code += "{}";
    }
    return code;
  });
}
const sources = modules.map((f) => [f, readFileSync(join(page, f), "utf8")]), codes = new Set(sources.flatMap(([, s]) => codesIn(s)));
const sorted = (list) => [...list].sort();
total += attempt("reasons: each code has Chinese words, and no words are of a code that is gone", sorted(codes), () => sorted(Object.keys(REASONS)));
total += attempt("reasons: the Chinese words name what the English name, and are Chinese", [], () => Object.entries(REASONS).filter(([code, words]) => {
  const count = code.split("{}").length - 1, places = sorted(new Set([...words.matchAll(/\{(\d)\}/g)].map((m) => Number(m[1]))));
  return !B.same(places, Array.from({ length: count }, (_, i) => i)) || (/[a-z]{3}/i.test(code.replace(/\{\}/g, "")) && !/[一-鿿]/.test(words));
}));
// A text of several English words in the verifier is a reason, or one of these, which say nothing to a reader.
const NO_REASONS = ["not run", "the proof is too short", "${name}: ${fault} is no reason"];
total += attempt("reasons: no bare text of English words", [], () => sources.filter(([f]) => f.startsWith("verify/")).flatMap(([f, s]) =>
  [...s.replace(/why`[^`$]*`|\/\*[^]*?\*\/|^\s*\/\/.*$|; \/\/ .*$/gm, "").matchAll(/"([^"\n]*)"|(?<!why)`([^`\n]*)`/g)].map((m) => m[1] ?? m[2])
    .filter((t) => /[a-z]{2,} (?:[a-z]+ )?[a-z]{2,}/.test(t.replace(/\$\{[^}]*\}/g, " ")) && !NO_REASONS.includes(t) && !/why`|=>|\(/.test(t)).map((t) => `${f}: ${t}`)));
total += attempt("reasons: words of the documents that reasons name have Chinese", [], () => ["office", "authority", "superior", "picked", "reserve", "closed", "suspended", "kind", "risk", "credit",
  "division", "raised", "widened", "shortages", "pools", "certificate", "absence", "recusal", "qualification", "enterprise", "jurisdiction", "grid", "rotation", "cap", "anywhere"].filter((x) => !NAMED[x]));
// In every case above, what a failed check found is a reason with words, or beside it what was expected: a value.
total += attempt("reasons: every failed check of every vector is said in Chinese", [], () => [...reasonsMet].filter((said) => /[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(said)));
console.log(`reasons: ${codes.size} codes; ${reasonsMet.size} different ones were met`);
for (const [what, why] of Object.entries(NOT_KEPT)) console.log(`  not run list ${what} (${why})`);
for (const [what, where] of ledgerNotRun) console.log(`  not run ${what} (${where.length} ledgers)`);
for (const [name, why] of Object.entries(FOLDERS_NOT_RUN)) console.log(`${name}: not run (${why})`);
console.log(`${total} passed, ${failures} failed`);
process.exit(failures ? 1 : 0);
