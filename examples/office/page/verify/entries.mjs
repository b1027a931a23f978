// Entries of a ledger (Spec 17.1, 17.2): their forms. What a rule of 17.3 asks is no part of a form.
import { PROTOCOL, readCanonical, textOf, why } from "./bytes.mjs";
import { obj, doc, list, tagged, oneOf, int, decimal, code, unitId, date, instant, anyText, bool, hex, refuse } from "./forms.mjs";
import { phaseShape, sealForm, valueForm } from "./documents.mjs";

const B12 = 1e12, LEVELS = ["office", "authority", "superior"];
export const levelAtLeast = (level, least) => LEVELS.indexOf(level) >= LEVELS.indexOf(least);
const span = (v, at) => {
  obj({ from: date, to: date })(v, at);
  if (v.from > v.to) refuse(at, why`ends before it begins`);
};
const number = int(1, B12), approval = obj({ by: code, level: oneOf(...LEVELS) });
const out = oneOf("ill", "leave", "left", "recused"), gone = oneOf("closed", "merged", "moved", "unreachable");
const barred = obj({ approval, people: list(obj({ id: code, reason: out })) });
const visits = obj({ root: hex, size: int() }), ids = list(code), attempt = { attempt: number, draw: number };
const move = obj({ by: code, out: code, "passed?": int(1), post: code, ticket: hex, unit: unitId });
const TOLD = {
  visited: { "barred?": barred, date, draw: number, "evidence?": hex, "items?": ids, result: code, team: ids, unit: unitId },
  missed: { approval, date, draw: number, evidence: hex, reason: gone, unit: unitId },
  inspected: { approval, "barred?": barred, date, "evidence?": hex, "result?": code, team: ids, unit: unitId },
};
const content = tagged("kind", {
  ...TOLD,
  opened: { authority: code, scope: code, "cycle?": hex, "earlier?": obj({ origin: anyText, root: hex, size: int() }),
    protocol: oneOf(PROTOCOL), "quorum?": int(), "suite?": oneOf("sm3"), "witnesses?": list(anyText) },
  registered: { approval, "programme?": hex,
    batches: list(obj({ batch: int(), share: decimal(), window: span })) },
  imported: { head: hex, size: int(), what: oneOf("frame", "recusals", "roster") }, received: { ...attempt, origin: anyText, root: hex, size: int() },
  policy: { approval, "batch?": int(), "despite?": obj({ findings: ids, reason: anyText }), policy: hex },
  sealed: { seal: sealForm },
  beacon: { ...attempt, value: valueForm },
  silent: { approval, ...attempt, evidence: hex, source: code },
  drawn: { ...attempt, drawn: hex, record: hex },
  assigned: { ...attempt, visits },
  disclosed: { ...attempt, secret: hex },
  published: { ...attempt, digest: hex, "files?": list(obj({ digest: hex, file: anyText })),
    what: oneOf("seal", "record", "results"), where: anyText },
  replaced: { approval, by: unitId, date, draw: number, evidence: hex, "passed?": int(1), reason: gone,
    "unavailable?": list(obj({ id: code, reason: out })), unit: unitId, visits },
  dropped_out: { approval, dates: span, draw: number, evidence: hex, out: code, reason: out,
    "unit?": unitId },
  reassigned: { approval, draw: number, entry: int(), moves: list(move), visits },
  void: { approval, ...attempt, evidence: hex,
    reason: oneOf("beacon_failed", "input_error", "legal", "not_revealed", "share_missing", "technical") },
  closed: { content: hex, draw: number, "visits?": visits },
  cycle_closed: { approval },
  clock: { approval, evidence: hex, from: int() },
  amended: { amends: int(), approval, evidence: hex, reason: oneOf("appeal", "clerical", "evidence"),
    entry: tagged("kind", { ...TOLD, withdrawn: { "draw?": number, unit: unitId } }) },
});
export const contentForm = obj({ entry: content, number: int(1), salt: hex });
const lineForm = obj({ actor: code, at: instant, entry: content, number: int(), previous: hex });
export const drawnForm = doc("drawn", { salt: hex,
  drawn: obj({ as_of: date, draw: number, share: decimal(), units: list(obj({ salt: hex, unit: obj({ add: decimal(), "credited?": bool, cycles: int(), "phase?": phaseShape, unit: unitId }) })) }) });

/** The lines of a ledger: `[{text, line}…]`. Throws where a line is none (13, *Unusable*). */
export function readLines(bytes) {
  const all = typeof bytes === "string" ? bytes : textOf(bytes);
  if (all !== "" && !all.endsWith("\n")) refuse("ledger", why`the last line has no newline at its end`);
  return all.split("\n").slice(0, -1).map((text, i) => {
    let line;
    try { line = readCanonical(text); } catch (e) { refuse(`line ${i + 1}`, e.reason ?? why`is no JSON`); }
    lineForm(line, `line ${i + 1}`);
    return { text, line };
  });
}
