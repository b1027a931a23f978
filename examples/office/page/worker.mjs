// What the page asks of its verifier. A Worker answers, so that the page stays usable; where there is none, the page itself does.
import { Fault, H, canonical, hexOf, parsed, sha256, readCanonical, why } from "./verify/bytes.mjs";
import { list } from "./verify/forms.mjs";
import { readDocument, recordForm, sealForm, valueForm, frameForm, rosterForm, cycleForm, receiptForm, outcomeForm, absenceForm, openingForm }
  from "./verify/documents.mjs";
import { verifyRecord, sealDigest } from "./verify/record.mjs";
import { verifyReceipt, absenceHolds } from "./verify/receipts.mjs";
import { openingHolds } from "./verify/trees.mjs";
import { drawOf } from "./verify/closed.mjs";
import { isFile, verifyLedger, nameOf, overdue, valuesFault } from "./verify/ledger.mjs";
import { bring, valuesOf } from "./brought.mjs";
import { drawnForm } from "./verify/entries.mjs";
import { counting, firstAt, stands, usedAt } from "./verify/fold.mjs";
import { countAgain } from "./figurescheck.mjs";
import { originOf, readNote, readKey, readCheckpoint } from "./verify/signatures.mjs";

const FORMS = { record: recordForm, seal: sealForm, beacon: list(valueForm), frame: frameForm, roster: rosterForm, cycle: cycleForm,
  drawn: drawnForm };
const PAPERS = { receipt: receiptForm, outcome: outcomeForm, absence: absenceForm, opening: openingForm };
export const baseName = (path) => path.split("/").pop();
export const folderOf = (path) => path.split("/").slice(0, -1).join("/");
const textOf = (bytes) => new TextDecoder().decode(bytes);
const attempt = (make) => { try { return make(); } catch (e) { return { unusable: e.reason ?? e.message }; } };

/**
 * `job`: `files` (pairs of path and bytes), `own` (such pairs, of seals and values of single draws that the reader obtained elsewhere), `kept` and `keys` (texts of the reader),
 * `values` (pairs of file and text that he looked up), `at` (an instant, or nothing).
 */
export function answer({ files: pairs, own = [], kept: pasted, keys: typed, values = [], at }) {
  // A slip of the reader's hand is no finding against the ledger: what cannot be read is said, and left out.
  const isPoint = (text) => { const note = readNote(text); return note !== null && readCheckpoint(note) !== null; };
  const readable = pasted.filter(isPoint), keys = typed.filter((k) => readKey(k) !== null);
  const files = new Map(pairs), memo = new Map();
  // Nor is a checkpoint of another ledger: it says nothing of this one, and the reader is told so.
  const named = nameOfLedger(), others = readable.map((text) => readCheckpoint(readNote(text)).origin).filter((o) => named && o !== named);
  const kept = readable.filter((text) => !others.includes(readCheckpoint(readNote(text)).origin));
  // What the reader obtained stands in the place of the publisher's copy, however it is written; the copy itself stays among the files.
  const mine = new Map(own.map(([p, bytes]) => [p, ownOf(p, textOf(bytes))]));
  const read = (path, name, copy) => {
    if (!copy && mine.get(path) !== undefined) return mine.get(path);
    if (!files.has(path)) return undefined;
    if (!memo.has(path)) memo.set(path, attempt(() => ({ value: readDocument(FORMS[name], files.get(path)) })));
    const got = memo.get(path);
    if (got.unusable) throw new Fault(why`${path}: ${got.unusable}`);
    return got.value;
  };
  const folders = [...new Set([...files.keys()].map(folderOf))], inside = (folder, name) => (folder ? `${folder}/${name}` : name);
  /** The documents of a folder. Of a draw of the ledger `beacon` is the publisher's copy: what the reader looked up for it is among the values that he brings. */
  const documents = (folder, ofLedger = attemptAt(folder) !== undefined) => Object.fromEntries(Object.keys(FORMS).map((n) => [n, read(inside(folder, `${n}.json`), n, ofLedger && n === "beacon")]));
  let brought = { by: new Map(), stray: [] };
  const ledger = ledgerOf(), draws = {};
  // A record of the ledger was verified with the ledger's seal and values already.
  for (const folder of folders.filter((f) => files.has(inside(f, "record.json")))) {
    draws[folder] = attemptAt(folder)?.report ?? attempt(() => { const d = documents(folder); return verifyRecord(d.record, d); });
  }
  // What the ledger says, it says of the draws that it has, in their folders, and of no other.
  const outside = ledger?.report ? folders.filter((f) => [...files.keys()].some((p) => folderOf(p) === f && /^(record|notice-\d{6,})\.json$/.test(baseName(p))) && !attemptAt(f) && !bound(f)) : [];
  return { draws, outside, ledger: ledger?.plain ?? null, papers: papers(), ...aroundLedger(), unread: { kept: pasted.length - readable.length, keys: typed.length - keys.length, others, named, own: [...mine].flatMap(([p, v]) => (v === undefined ? [p] : [])) } };

  /** The attempt of the ledger whose folder this is. */
  function attemptAt(folder) {
    return ledger?.report?.state.attempts.find((a) => inside(ledger.plain.base, `draws/${nameOf(a)}`) === folder);
  }
  /** Whether the record of a folder is one that the ledger has, though it lies elsewhere. */
  function bound(folder) {
    const { digest } = (() => { try { return documents(folder).record ?? {}; } catch { return {}; } })();
    return digest !== undefined && ledger.report.state.attempts.some((a) => a.drawn?.record === digest);
  }
  function ledgerPath() {
    return [...files.keys()].filter((p) => baseName(p) === "ledger.jsonl").sort((a, b) => a.length - b.length)[0];
  }
  /** The name that checkpoints of this ledger have, of its first line; nothing where that is none. */
  function nameOfLedger() {
    const bytes = files.get(ledgerPath());
    try {
      const { entry } = JSON.parse(textOf(bytes.subarray(0, bytes.indexOf(10))));
      return originOf(entry.authority, entry.scope);
    } catch { return undefined; }
  }
  function ledgerOf() {
    const path = ledgerPath();
    if (path === undefined) return null;
    const base = folderOf(path), under = (folder) => [...files.keys()].filter((p) => folderOf(p) === inside(base, folder)).sort();
    const given = new Map(), copies = new Map();
    const report = attempt(() => {
      for (const folder of folders.filter((f) => folderOf(f) === inside(base, "draws"))) {
        const { beacon, ...docs } = documents(folder, true);
        // The copy of the values in the folder is its author's: it is held against the ledger, and is no evidence (Spec 19, the folder).
        copies.set(baseName(folder), beacon ?? []);
        given.set(baseName(folder), { ...docs, files: new Map(under(`draws/${baseName(folder)}`).map((p) => [baseName(p), files.get(p)])) });
      }
      // Values that were given for one draw of the ledger are named after it.
      const ofDraw = own.filter(([p]) => baseName(p) === "beacon.json" && folderOf(folderOf(p)) === inside(base, "draws")).map(([p, bytes]) => [`${baseName(folderOf(p))}.json`, textOf(bytes)]);
      brought = bring(files.get(path), [...values, ...ofDraw]);
      for (const [name, rows] of brought.by) given.set(name, { ...given.get(name), beacon: rows.map((row) => row.value) });
      return verifyLedger({ lines: files.get(path), checkpoints: under("checkpoints").map((p) => textOf(files.get(p))), kept, keys, at,
        draws: given });
    });
    if (report.unusable) return { plain: report };
    return { report, copies, plain: plainly(report, base) };
  }
  /** Receipts, absences and openings, wherever they lie. */
  function papers() {
    const out = [], named = new Set(Object.keys(PAPERS).map((n) => `${n}.json`));
    const sealed = () => [...new Set(folders)].flatMap((f) => {
      try { const d = documents(f), rows = attemptAt(f) && brought.by.get(baseName(f)); return d.seal ?? d.record ? [{ ...d, beacon: d.beacon ?? rows?.map((r) => r.value), folder: f, seal: d.seal ?? d.record.seal, given: d.seal }] : []; } catch { return []; }
    }).sort((a, b) => Number(attemptAt(b.folder) !== undefined) - Number(attemptAt(a.folder) !== undefined));
    for (const [path, bytes] of files) {
      if (!path.endsWith(".json") || (Object.keys(FORMS).includes(baseName(path).slice(0, -5)) && !named.has(baseName(path)))) continue;
      if (bytes.length > 1e6 || !/"document":"(receipt|absence|opening)"/.test(textOf(bytes))) continue;
      out.push({ path, ...attempt(() => paper(readCanonical(bytes), path, sealed())) });
    }
    return out;
  }
  function paper(value, path, all) {
    PAPERS[value.document](value, path);
    const match = all.find((d) => sealDigest(d.seal) === value.seal), kind = value.document;
    const draw = match && `${match.seal.sequence}.${match.seal.attempt}`;
    if (kind === "receipt") {
      const beside = files.get(inside(folderOf(path), "outcome.json")), outcome = beside && readDocument(outcomeForm, beside);
      const report = verifyReceipt(value, { outcome, seal: match?.given, beacon: match?.beacon, record: match?.record });
      return { kind, draw, folder: match?.folder, unit: value.row.unit.id, name: value.row.unit.name, report, fate: outcome?.fate };
    }
    if (kind === "absence") return { kind, draw, unit: value.id, holds: match ? absenceHolds(value, match.seal) : null };
    const a = ledger?.report?.state.attempts.find((x) => x.digest === value.seal);
    const changes = ledger?.report?.state.entries.filter((x) => x.number > (a?.number ?? Infinity) && x.entry.visits && x.entry.kind !== "assigned"
      && drawOf(x.entry) === a.sequence) ?? [];
    const committed = a ? [a.assigned, ...changes.map((x) => ({ number: x.number, visits: x.entry.visits }))].filter((x) => x?.visits) : [];
    const entry = committed.findLast((x) => openingHolds(a.seal.suite ?? "sha256", value, a.digest, x.visits));
    return { kind, draw: a && nameOf(a), visit: value.visit, unit: value.visit.unit, holds: committed.length ? entry !== undefined : null,
      entry: entry?.number, last: entry && entry === committed.at(-1) };
  }
  /** The index, and what the folder as a whole can be called (19, *The folder*) as far as the page looks: the worst of its reasons. */
  function aroundLedger() {
    const index = indexOf();
    if (!ledger?.report) return { index, folder: null };
    const { report, plain: { base } } = ledger, reasons = [], add = (reason, rank, what) => reasons.push({ reason, rank, what });
    if (!index) add("noIndex", 2);
    else if (index.unusable) add("indexUnusable", 0, index.unusable);
    for (const r of index?.rows ?? []) {
      if (r.state === "differs") add("differs", 0, r.file);
      if (r.state === "missing") add("missing", 1, r.file);
      if (r.state === "unnamed") add("unnamed", 2, r.file);
    }
    // What enters a seed and nobody looked up is a word of the folder's author; this page checks no signatures of rounds.
    for (const a of report.state.attempts) {
      const rows = brought.by.get(nameOf(a)) ?? [], fault = valuesFault(a, ledger.copies.get(nameOf(a)) ?? []);
      if (fault) add("differs", 0, `draws/${nameOf(a)}/beacon.json`);
      for (const s of a.drawn ? a.seal.beacon.sources.map((x) => usedAt(a, x)) : []) {
        if (!rows.some((row) => row.value.source === s.id)) add("ownValues", 1, `${nameOf(a)} ${s.id}`);
      }
      for (const { file, value } of rows) if (!a.values.has(value.source) && !a.silent.has(value.source)) add("unused", 2, `${file} ${value.source}`);
    }
    for (const { file, source, several } of brought.stray) add(several ? "severalDraws" : "unused", several ? 1 : 2, source ? `${file} ${source}` : file);
    // The draw lies behind an entry that is refused.
    const known = new Set(report.state.attempts.map(nameOf));
    for (const [name, rows] of brought.by) if (!known.has(name)) rows.forEach(({ file, value }) => add("unused", 2, `${file} ${value.source}`));
    for (const f of outside) add("outside", 1, f);
    const documentAt = (name) => files.get(inside(base, name)), digestAt = (name, suite) => attempt(() => ({ hex: H(suite, name, canonical(parsed(textOf(documentAt(`${name}.json`))))) }));
    for (const a of report.state.attempts) {
      const policy = a.given.record?.policy, named = Object.values(a.published).flat().flatMap((p) => [p.digest, ...p.files.map((f) => f.digest)]);
      for (const [file, bytes] of a.given.files ?? []) {
        // What the page holds against record or ledger itself; every other file of a draw is bound by a digest, or not compared.
        const own = Object.keys(FORMS).some((n) => file === `${n}.json`) || file === "page.html"
          || (file === "policy.json" && policy && textOf(bytes) === canonical(policy))
          || (file === "cells.json" && policy && textOf(bytes) === canonical(a.given.record.table));
        if (!own && !named.some((d) => isFile(report.state.suite, bytes, d))) add("unbound", 1, `${nameOf(a)}/${file}`);
      }
      if (!policy?.origin) {
        if (policy && a.register?.entry.programme) add("noOrigin", 1, nameOf(a));
        continue;
      }
      for (const name of ["pack", "programme"]) {
        if (!documentAt(`${name}.json`)) { add("noDocument", 1, name); continue; }
        const { hex, unusable } = digestAt(name, policy.suite ?? "sha256"), place = `${name}.json, ${nameOf(a)}`;
        if (hex !== policy.origin[name]) add("otherDocument", 0, unusable ? why`${place}: ${unusable}` : place);
      }
      add("notRemade", 1, nameOf(a));
    }
    const figures = figuresOf(report, base, (name, policy) => digestAt(name, policy.suite ?? "sha256").hex);
    for (const f of figures) {
      if (f.wrong?.length) add("figures", 0, f.path);
      if (f.missing) add("figuresNotCounted", 2, f.path);
    }
    const ranks = ["refuted", "self-consistent", "confirmed"], rank = Math.min(ranks.indexOf(report.verdict), ...reasons.map((x) => x.rank));
    return { index, folder: { verdict: ranks[rank], why: reasons }, figures };
  }
  /** Every file of figures, counted again. */
  function figuresOf(report, base, digest) {
    const records = new Map(), under = inside(base, "draws");
    const recordOf = ({ draw, attempt: n }) => {
      const path = `${under}/${draw}.${n}/record.json`;
      if (!records.has(path)) records.set(path, files.has(path) ? parsed(textOf(files.get(path))) : undefined);
      return records.get(path);
    };
    const same = (name, policy) => files.has(inside(base, `${name}.json`)) && digest(name, policy) === policy.origin[name];
    const packFor = (policy) => (["pack", "programme"].every((name) => same(name, policy)) ? parsed(textOf(files.get(inside(base, "pack.json")))) : undefined);
    return [...files].filter(([p]) => p.startsWith(`${under}/`) && /\/[1-9]\d*\.[1-9]\d*\/figures-\d{6,}\.json$/.test(p)).map(([path, bytes]) => {
      const [draw, number] = baseName(folderOf(path)).split(".").map(Number);
      const { wrong, missing } = countAgain({ bytes, name: baseName(path), own: { draw, attempt: number }, entries: report.state.entries, recordOf, packFor });
      const a = attemptAt(folderOf(path)), named = Object.values(a?.published ?? {}).flat().flatMap((p) => [p.digest, ...p.files.map((f) => f.digest)]);
      return { path, wrong, missing, bound: named.some((d) => isFile(report.state.suite, bytes, d)) };
    });
  }
  /** The files of index.json: as it says, differing, or not there; and files that it does not name. */
  function indexOf() {
    const path = [...files.keys()].filter((p) => baseName(p) === "index.json").sort((a, b) => a.length - b.length)[0];
    if (path === undefined) return null;
    return attempt(() => {
      const base = folderOf(path), { files: named } = readCanonical(files.get(path));
      const rows = named.map((f) => {
        const bytes = files.get(inside(base, f.file));
        return { ...f, state: bytes ? (sameFile(bytes, f) ? "same" : "differs") : "missing" };
      });
      const known = new Set([...named.map((f) => inside(base, f.file)), path]);
      for (const p of files.keys()) if (!known.has(p) && (base === "" || p.startsWith(`${base}/`))) rows.push({ file: p, what: "", state: "unnamed" });
      return { rows };
    });
  }
}
/** Whether bytes have the digest of the index, also with other ends of lines or a mark before the text (Spec 19). */
function sameFile(bytes, { sha256: digest, lines }) {
  if (lines === undefined) return isFile("sha256", bytes, digest);
  let end = 0;
  for (let n = 0; n < lines && end >= 0; n++) end = bytes.indexOf(10, end) + 1 || -1;
  return end >= 0 && hexOf(sha256(bytes.subarray(0, end))) === digest;
}
/** A report of a ledger without its state: what the page shows, as plain data. */
function plainly({ checks, verdict, lacks, broken, state, lists, at }, base) {
  const time = (n) => state.entries[n - 1].at, late = new Set(state.late);
  const entry = (n) => ({ number: n, at: time(n), actor: state.entries[n - 1].actor, ...state.entries[n - 1].entry });
  const stories = state.attempts.map((a) => {
    const steps = [], add = (number, what, more = {}) => steps.push({ number, at: time(number), what, late: late.has(number), ...more });
    if (a.register) add(a.register.number, "registered");
    add(a.policy, "policy");
    add(a.number, "sealed");
    for (const [what, all] of Object.entries(a.published)) {
      // Only the first publication of a seal says when it was public; later ones are of other files beside it.
      for (const [k, p] of all.entries()) add(p.number, `published_${what}`, { wrong: what === "seal" && k === 0 && p.at >= firstAt(a) });
    }
    if (a.published.seal.length === 0 && lists.seals_never_published.includes(a.number)) steps.push({ at: time(a.number), what: "never_published", wrong: true });
    for (const s of a.seal.beacon.sources) steps.push({ at: s.at, what: "source", source: s });
    for (const [id, v] of a.values) add(v.number, "beacon", { id });
    for (const [id, s] of a.silent) add(s.number, "silent", { id, wrong: true });
    if (a.drawn) add(a.drawn.number, "drawn");
    if (a.assigned) add(a.assigned.number, "assigned", { count: a.assigned.visits.size });
    if (a.disclosed) add(a.disclosed.number, "disclosed");
    const made = [...counting(state, a.told.map((t) => t.number))].filter((t) => t.content.kind === "visited");
    if (made.length) add(made.at(-1).number, "visited", { count: made.length, first: made[0].number });
    if (a.void) add(a.void.number, "void", { reason: a.void.reason, wrong: true, after: a.void.late });
    steps.sort((x, y) => (x.at < y.at ? -1 : x.at > y.at ? 1 : (x.number ?? 0) - (y.number ?? 0)));
    const done = [...counting(state, a.told.map((t) => t.number))].map((t) => ({ number: t.number, ...t.content, amended: t.last !== t.number }));
    return { name: nameOf(a), steps, visits: done, secretUntil: a.seal.disclosure.reveal_by, disclosed: Boolean(a.disclosed), drawn: Boolean(a.drawn),
      void: a.void, overdue: overdue(a, at) };
  });
  const kinds = ["replaced", "missed", "dropped_out", "reassigned", "amended", "silent", "clock", "void", "inspected"];
  const told = Object.fromEntries(kinds.map((k) => [k, state.entries.filter((x) => x.entry.kind === k).map((x) => entry(x.number))]));
  // Who was found closed, merged or moved, and stands in a later draw all the same.
  const gone = [...counting(state)].filter((t) => t.a && ["closed", "merged", "moved"].includes(t.content.reason));
  const again = gone.flatMap((t) => state.attempts.filter((a) => a.number > t.number && stands(a) && (a.picks?.includes(t.content.unit) || a.came.has(t.content.unit)))
    .map((a) => ({ unit: t.content.unit, reason: t.content.reason, date: t.content.date, number: t.last, before: nameOf(t.a), now: nameOf(a) })));
  return { base, checks, verdict, lacks, broken, lists, stories, told, again, entries: state.entries.length,
    origin: state.opened && { authority: state.opened.authority, scope: state.opened.scope, quorum: state.opened.quorum },
    late: state.late.map((n) => ({ number: n, at: time(n), actor: state.entries[n - 1].actor, kind: state.entries[n - 1].entry.kind })),
    end: at };
}
/** A document that the reader obtained elsewhere; nothing where it cannot be read. */
function ownOf(path, text) {
  if (baseName(path) === "beacon.json") return valuesOf(text);
  try {
    const value = parsed(text.replace(/^\ufeff/, ""));
    FORMS[baseName(path).slice(0, -5)](value, "");
    return value;
  } catch { return undefined; }
}
/** In a Worker: answers what is posted. */
export function serve() {
  self.onmessage = ({ data }) => {
    let result;
    try { result = answer(data.job); } catch (e) { result = { failed: e.reason ?? e.message }; }
    self.postMessage({ id: data.id, result });
  };
}
