// One draw on the page: its sections, in their order.
import { cellsOf } from "./verify/lot.mjs";
import { suiteOf } from "./verify/policy.mjs";
import { el, bdi, section, row } from "./ui.mjs";
import { state, w } from "./state.mjs";
import { guarded, painted, put, slot } from "./slots.mjs";
import { ledgerLines } from "./files.mjs";
import { label, made, phrasesOf, sizesOf, tell } from "./draw.mjs";
import { lastNotice, noticePart } from "./notice.mjs";
import { timeline } from "./timeline.mjs";
import { drawnTable } from "./drawn.mjs";
import { askPart } from "./ask.mjs";
import { pictures } from "./pictures.mjs";

/** The notice as authorities publish it, if it lies beside the record. */
function officialPart(folder, record) {
  const found = lastNotice(state.files, folder), lines = ledgerLines().filter((l) => l.entry && Number.isSafeInteger(l.number));
  return found && noticePart({ language: state.language, found, record, lines });
}
/** A draw whose institutions and teams are not public yet: its notice says until when. */
export function closedPart(folder) {
  const ledger = state.base === null ? [] : ["ledger-verdict", "figures", "stories", "look", "index"].map(slot);
  return el("div", { id: "draw" }, officialPart(folder), ledger);
}
export function drawPart(draw) {
  const { record } = draw, { policy, table, sample } = record, suite = suiteOf(policy), cells = cellsOf(table);
  const { strata } = policy, phrases = phrasesOf(policy, cells, sample), sizes = sizesOf(policy, cells);
  const stratum = (i, name) => (strata.includes(name) ? cells[i].path[strata.indexOf(name) + 1] : undefined);
  const visits = new Map(record.teams.visits.map((v) => [v.unit, v]));
  const rowOf = (i, u, came) => ({ id: u.id, name: draw.names.get(u.id) ?? "", district: stratum(i, "county") ?? stratum(i, "city") ?? "", kind: stratum(i, "kind") ?? "",
    chance: came ? `${w("reserve")}: ${came}` : phrases[i], size: sizes[i], get team() { return teamOf(visits.get(u.id)); }, get result() { return draw.results.get(u.id) ?? ""; } });
  const teamOf = (v) => (v ? [...v.posts.flatMap((p) => p.officers), ...(v.experts ?? []).flatMap((p) => p.experts)].map((o) => o.id).join(" ") : "");
  const rows = sample.flatMap((c, i) => c.picks.map((u) => rowOf(i, u))), shown = drawnTable(policy, rows);
  // What takes long comes when the table is painted.
  painted(() => {
    if (made.get(state.current) !== draw) return;
    // Lines that are none are for the verifier to name.
    try { if (state.base !== null && draw.entries.length === 0) tell(draw); } catch { draw.came = []; }
    const placeOf = new Map(draw.came.map((e) => [e.by, e.unit]));
    if (placeOf.size) sample.forEach((c, i) => c.reserves.filter((u) => placeOf.has(u.id)).forEach((u) => rows.push(rowOf(i, u, `${w("by")} ${placeOf.get(u.id)}`))));
    if (draw.entries.length) shown.fill();
    put("pictures", guarded(() => section("pictures", w("pictures"), pictures(draw, suite, cells, rows))));
  });
  const n = sample.reduce((s, c) => s + c.picks.length, 0), total = record.seal.frame.size;
  const methods = { rate: w("rate"), number: w("number"), frequency: w("frequency") };
  return el("div", { id: "draw" },
    officialPart(draw.folder, record) ?? section("notice", w("notice"), el("dl", {},
      row(w("plan"), bdi(policy.title)), row(w("authority"), bdi(label(policy, policy.authority))), row(w("units"), String(total)),
      row(w("drawn"), `${n} (${(100 * n / Math.max(total, 1)).toFixed(1)}%)`), row(w("method"), methods[policy.design.method]),
      row(w("when"), `${policy.window.from} – ${policy.window.to}`), row(w("departments"), bdi(policy.team.departments.map((d) => label(policy, d.department)).join("、"))),
      policy.items ? row(w("matters"), bdi(policy.items.map((i) => label(policy, i.code)).join("、"))) : [])),
    state.base !== null ? slot("ledger-verdict") : null, slot("verdict"),
    state.base !== null ? slot("stories") : section("timeline", w("timeline"), timeline(draw)),
    slot("figures"),
    section("table", w("table"), shown.element),
    slot("look"),
    section("ask", w("ask"), askPart(draw, suite, cells)),
    slot("pictures"),
    slot("index"),
    section("receipt", w("receipt"), el("p", {}, w("receiptText"))));
}
