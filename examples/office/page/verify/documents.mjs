// The forms of documents: seal, record, files for auditors, receipts (Spec 9, 12, 15, 16).
import { readCanonical, why } from "./bytes.mjs";
import { obj, doc, list, ascending, by, mapOf, tagged, oneOf, int, decimal, code, unitId, division, date, instant, textForm, anyText, bool, hex, half, refuse, billionths } from "./forms.mjs";
import { policyForm } from "./policy.mjs";
import { sourcesForm, disclosureForm } from "./sources.mjs";

const B12 = 1e12, ONE = 1000000000n, suite = oneOf("sm3");
const absences = list(obj({ from: date, to: date }), { order: by("from", "to") });

export const sealForm = doc("seal", {
  authority: code, scope: code, sequence: int(1, B12), attempt: int(1, B12), sealed_at: instant, previous: hex,
  policy: hex, cells: hex, cycle: hex, frame: obj({ pseudonyms: hex, root: hex, size: int() }),
  roster: obj({ recusals: hex, root: hex, size: int() }), beacon: sourcesForm, disclosure: disclosureForm,
  "suite?": suite, "secret?": hex, "above?": hex,
  "registers?": list(obj({ as_of: date, authority: code, divisions: ascending(division, { min: 1, max: 10000 }), root: hex, size: int() }), { order: by("authority"), max: 10000 }),
});
export const valueForm = obj({ source: code, value: anyText, "pulse?": obj({ "previous?": anyText, signature: anyText }) });
const commitment = obj({ root: hex, size: int() });
const drawnUnit = obj({ id: unitId, pseudonym: half, ticket: hex });
const person = obj({ chance: int(0, 1048576), id: code });
export const visitForm = obj({
  unit: unitId, "day?": date, "lead?": code,
  posts: list(obj({ department: code, officers: list(person), post: code, vacancies: int() })),
  "experts?": list(obj({ experts: list(person), post: code, vacancies: int() })),
});
const units = list(unitId), counts = mapOf(code, int());
export const tableForm = obj({ cells: list(obj({ certain: bool, count: int(), path: anyText, size: anyText })), "exclusions?": counts });
export const sampleForm = list(obj({ "cutoff?": hex, picks: list(drawnUnit), reserves: list(drawnUnit) }));
export const recordForm = doc("record", {
  digest: hex, policy: policyForm, seal: sealForm, beacon: list(valueForm), "secret?": hex, seed: hex,
  table: tableForm, sample: sampleForm,
  inclusion: obj({ hashes: list(hex), places: list(int()) }),
  "subsamples?": list(obj({ code, units })),
  teams: obj({
    table: hex, visits: list(visitForm, { order: by("unit") }),
    raised: list(obj({ ceiling: int(), "department?": code, units })),
    "widened?": list(obj({ "department?": code, shortlist: int(), units })),
    shortages: list(obj({ "department?": code, posts: list(obj({ post: code, units })), need: int(), can_fill: int(),
      officers: list(code), "limits?": list(obj({ group: code, post: code, unit: unitId })),
      losses: counts, ways_out: counts })),
    pools: list(obj({ barred: counts, "department?": code, may: int(), post: code, "units?": units })),
    "lapsed?": list(obj({ inspector: code, unit: unitId })),
  }),
});

export const unitForm = obj({
  id: unitId, name: textForm, kind: code, risk: code, credit: code, division, "grid?": code,
  "licences?": list(obj({ number: textForm, "valid_until?": date }), { order: by("number") }), "opened?": date,
  "signals?": mapOf(code, int(1, 999999999)), status: oneOf("active", "closed", "suspended"),
});
export const frameForm = doc("frame", { salt_key: hex, units: list(unitForm, { order: by("id") }) });
const people = { id: code, name: textForm, divisions: ascending(division, { min: 1 }), "absences?": absences,
  "cap?": int(0, 999999), "load?": int(1, 1000000), "qualifications?": ascending(code), "family?": code };
export const rosterForm = doc("roster", {
  salt_key: hex,
  inspectors: list(obj({ ...people, department: code, "certified_from?": date, certified_until: date, "grid?": code,
    "office?": code }), { order: by("id") }),
  "experts?": list(obj({ ...people, "engaged_from?": date, engaged_until: date, "organisation?": code,
    "role?": oneOf("third_party", "grid", "uncertified") }), { order: by("id") }),
  recusals: list(obj({ basis: textForm, ground: oneOf("statutory", "requested", "decided"), inspector: code,
    unit: unitId }), { order: by("inspector", "unit") }),
});
const million = int(0, 1000000);
export const phaseShape = obj({ slack: decimal(5n * ONE), visits: int(-1e7, 1e7) });
/** A phase (9.4). One of nothing is left out where it stands for itself. */
const phase = (v, at) => {
  phaseShape(v, at);
  if (v.slack === "0" && v.visits === 0) refuse(at, why`is left out`);
};
export const standingForm = obj({ unit: unitId, exposure: decimal(), credited: million, cycles: int(1, 20),
  drawn: million, visits: million, missed: million, others: million, "first_seen?": date, "last_visit?": date,
  "last_team?": ascending(code), "phase?": phase });
const cycleFields = {
  spent: decimal(ONE), last: int(0, B12), "items?": mapOf(code, int(1, B12)),
  "open?": list(obj({ draw: int(1, B12), before: int(), share: decimal(),
    pending: list(obj({ credited: bool, unit: unitId }), { order: by("unit") }),
    units: list(obj({ add: decimal(), "had?": phase, "phase?": phaseShape, unit: unitId, "was?": int(1, 20) }),
      { order: by("unit") }) }),
  { order: by("draw") }),
  standings: list(standingForm, { order: by("unit") }),
};
const cycleShape = doc("cycle", { salt_key: hex, ...cycleFields });
/** A cycle file, with what 9.4 says of the whole. */
export function cycleForm(v, at = "") {
  cycleShape(v, at);
  const open = v.open ?? [], known = new Map(v.standings.map((s) => [s.unit, s])), begun = new Map();
  const pendingOf = new Map(), creditedOf = new Map();
  let shares = 0n;
  open.forEach((draw, i) => {
    const here = `${at}/open/${i}`;
    if (draw.draw > v.last) refuse(here, why`is above the last draw`);
    if (draw.before >= draw.draw) refuse(here, why`comes before the draw before it`);
    if (draw.pending.length === 0 && draw.draw !== v.last) refuse(here, why`is settled and not the last`);
    shares += billionths(draw.share);
    const ids = new Set();
    for (const unit of draw.units) {
      ids.add(unit.unit);
      if (unit.had && !unit.phase) refuse(here, why`${unit.unit} had a phase and got none`);
      if (unit.phase && unit.phase.slack === (unit.had?.slack ?? "0")) refuse(here, why`${unit.unit} had that slack`);
      if (!known.has(unit.unit)) refuse(here, why`${unit.unit} has no standing`);
      if (unit.was === undefined && begun.has(unit.unit)) refuse(here, why`${unit.unit} begins twice`);
      begun.set(unit.unit, true);
    }
    for (const { unit, credited } of draw.pending) {
      if (!ids.has(unit)) refuse(here, why`${unit} is pending and not a unit of the draw`);
      pendingOf.set(unit, (pendingOf.get(unit) ?? 0) + 1);
      if (credited) creditedOf.set(unit, (creditedOf.get(unit) ?? 0) + 1);
    }
  });
  const spent = billionths(v.spent);
  if (shares > spent) refuse(at, why`the open draws spent more than the whole`);
  for (const s of v.standings) {
    if (s.visits + s.missed > s.drawn) refuse(at, why`${s.unit}: more settled than drawn`);
    if ((pendingOf.get(s.unit) ?? 0) !== s.drawn - s.visits - s.missed) refuse(at, why`${s.unit}: pending in other draws`);
    if ((creditedOf.get(s.unit) ?? 0) > s.credited) refuse(at, why`${s.unit}: more credit than it has`);
  }
}

const path = list(hex);
const row = obj({ index: int(), path, salt: half, unit: unitForm });
export const receiptForm = doc("receipt", { seal: hex, row, pseudonym: obj({ index: int(), path, pseudonym: half }) });
export const absenceForm = doc("absence", { seal: hex, id: unitId, "lower?": row, "upper?": row });
export const outcomeForm = doc("outcome", {
  seal: hex, unit: unitId, seed: hex,
  fate: tagged("kind", {
    picked: { cell: int(), cutoff: hex, ticket: hex },
    reserve: { cell: int(), "cutoff?": hex, place: int(), ticket: hex },
    excluded: { code },
  }),
});
export const openingForm = doc("opening", { seal: hex, index: int(), path, salt: hex, visit: visitForm });

/** A document from canonical bytes. */
export function readDocument(form, input) {
  let value;
  try { value = readCanonical(input); } catch (e) { refuse("", e.reason ?? why`is no JSON`); }
  form(value, "");
  return value;
}
