// One draw on the page: its sections, in their order.
import { cellsOf, sizesOf } from "./verify/lot.mjs";
import { suiteOf } from "./verify/policy.mjs";
import { clock, el, bdi, section, row } from "./ui.mjs";
import { state, w } from "./state.mjs";
import { guarded, painted, put, slot } from "./slots.mjs";
import { ledgerLines } from "./files.mjs";
import { districtLevel, drawnTeam, label, made, phrasesOf, teamOf, tell } from "./draw.mjs";
import { called, inWords } from "./fates.mjs";
import { lastNotice, noticePart } from "./notice.mjs";
import { legendPart } from "./verdicts.mjs";
import { timeline } from "./timeline.mjs";
import { drawnTable } from "./drawn.mjs";
import { askPart } from "./ask.mjs";
import { pictures } from "./pictures.mjs";

/** The notice as authorities publish it, if it lies beside the record. */
function officialPart(folder, record) {
  const found = lastNotice(state.files, folder), lines = ledgerLines().filter((l) => l.entry && Number.isSafeInteger(l.number));
  return found && noticePart({ language: state.language, found, record, lines });
}
/** Of a draw that two levels share: what this page leaves to others. */
function levelsPart(policy) {
  const shared = policy?.dispatch || policy?.above || ledgerLines().some((line) => line.entry?.kind === "received");
  return shared ? el("p", { id: "levels" }, w("levelsApart")) : null;
}
/** The verdicts: of the ledger, of the record, of the folder; and what such a verdict means. */
export function trustPart(policy) {
  return el("section", { id: "trust", "aria-labelledby": "trust-title" }, el("h2", { id: "trust-title" }, w("trust")), slot("trust-line"), legendPart(), levelsPart(policy), slot("ledger-verdict"), slot("verdict"), slot("folder"));
}
/** How the lot came to just these, for a reader who has never seen one. */
function whyPart({ seal, beacon, policy }) {
  const values = new Map(beacon.map((v) => [v.source, v.value])), short = (v = "") => (v.length > 60 ? `${v.slice(0, 60)}…` : v);
  const spoke = seal.beacon.sources.map((s) => w("spokeWith")(clock(s.at), w("sourceName")(w("chanceKinds")[s.kind] ?? s.kind, s.witness ?? s.game ?? s.round ?? ""), short(values.get(s.id))));
  return el("ol", {}, [w("whySteps").sealed(clock(seal.sealed_at)), ...spoke, w("whySteps").counts, w("whySteps").tickets(policy.reserves > 0), w("whySteps").check].map((text) => el("li", {}, bdi(text))));
}
/** A draw whose institutions and teams are not public yet: its notice says until when. */
export function closedPart(folder) {
  const ledger = state.base === null ? [] : [trustPart(), ...["figures", "stories", "look", "index"].map(slot)];
  return el("div", { id: "draw" }, guarded(() => officialPart(folder)) ?? null, ledger);
}
export function drawPart(draw, guided) {
  const { record } = draw, { policy, table, sample } = record, suite = suiteOf(policy), cells = cellsOf(table);
  const { strata } = policy, phrases = phrasesOf(policy, cells, sample), sizes = sizesOf(policy, cells);
  const stratum = (i, name) => (i !== undefined && strata.includes(name) ? cells[i].path[strata.indexOf(name) + 1] : undefined);
  const visits = new Map(record.teams.visits.map((v) => [v.unit, v]));
  const rowOf = (i, u, instead) => ({ id: u.id, name: draw.names.get(u.id) ?? "", district: stratum(i, districtLevel(policy)) ?? "", kind: stratum(i, "kind") ?? "",
    chance: instead ? w("cameFor")(called(draw.names, instead)) : phrases[i][0], group: instead ? "" : phrases[i][1], size: sizes[i] ?? 0n, get team() { return teamOf(draw, u.id, drawnTeam(visits.get(u.id))); },
    get result() { return inWords(draw.fates.get(u.id) ?? { state: "pending" }, draw.phrases, state.language, draw.names); } });
  // Who came in the place of another need not be in the record: reserves have no names before they are used.
  const cellOf = new Map(sample.flatMap((c, i) => c.reserves.map((u) => [u.id, i])));
  const came = () => [...draw.fates].filter(([, f]) => f.instead).map(([id, f]) => rowOf(cellOf.get(id), { id }, f.instead));
  const rows = sample.flatMap((c, i) => c.picks.map((u) => rowOf(i, u))), shown = drawnTable(policy, rows);
  // What takes long comes when the table is painted.
  painted(() => {
    if (made.get(state.current) !== draw) return;
    // Lines that are none are for the verifier to name.
    try { if (state.base !== null && draw.entries.length === 0) tell(draw); } catch { draw.entries = []; }
    rows.push(...came());
    shown.fill();
    guided();
    put("pictures", guarded(() => section("pictures", w("pictures"), pictures(draw, suite, cells))));
    guided();
  });
  const n = sample.reduce((s, c) => s + c.picks.length, 0), total = record.seal.frame.size;
  const methods = { rate: w("rate"), number: w("number"), frequency: w("frequency") };
  return el("div", { id: "draw" },
    guarded(() => officialPart(draw.folder, record) ?? section("notice", w("notice"), el("dl", {},
      row(w("plan"), bdi(policy.title)), row(w("authority"), bdi(label(policy, policy.authority))), row(w("units"), String(total)),
      row(w("drawn"), `${n} (${(100 * n / Math.max(total, 1)).toFixed(1)}%)`), row(w("method"), methods[policy.design.method]),
      row(w("when"), `${policy.window.from} – ${policy.window.to}`), row(w("departments"), bdi(policy.team.departments.map((d) => label(policy, d.department)).join("、"))),
      policy.items ? row(w("matters"), bdi(policy.items.map((i) => label(policy, i.code)).join("、"))) : []))),
    trustPart(policy),
    section("table", w("table"), el("p", {}, el("small", {}, w("chanceText"))), shown.element),
    section("ask", w("ask"), guarded(() => askPart())),
    section("why", w("why"), guarded(() => whyPart(record))),
    slot("figures"),
    slot("pictures"),
    state.base !== null ? slot("stories") : section("timeline", w("timeline"), guarded(() => timeline(draw))),
    slot("look"),
    slot("index"));
}
