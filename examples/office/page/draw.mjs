// One draw: its documents, names and results, and the chances in words.
import { ONE, sizesOf } from "./verify/lot.mjs";
import { AREAS, divisionsOf } from "./verify/divisions.mjs";
import { baseName, folderOf } from "./worker.mjs";
import { state, w } from "./state.mjs";
import { csv, read, ledgerLines, packOf } from "./files.mjs";
import { fatesOfLedger, fatesOfNotice } from "./fates.mjs";
import { lastNotice } from "./notice.mjs";

export const made = new Map();
export function drawOf(folder) {
  if (!made.has(folder)) made.set(folder, drawMade(folder));
  return made.get(folder);
}
function drawMade(folder) {
  const path = (name) => (folder ? `${folder}/${name}` : name), notice = lastNotice(state.files, folder)?.notice;
  const draw = { folder, record: read(path("record.json")), seal: read(path("seal.json")), beacon: read(path("beacon.json")), frame: read(path("frame.json")),
    names: new Map(), teams: new Map(), fates: new Map(), entries: [], phrases: new Map((packOf()?.results ?? []).map((r) => [r.code, r.name])) };
  for (const [p, content] of [...state.files].sort((x, y) => (x[0] < y[0] ? -1 : 1))) {
    if (folderOf(p) !== folder || !p.endsWith(".csv")) continue;
    const [head, ...rows] = csv(new TextDecoder().decode(content).replace(/^\ufeff/, "")), at = (...names) => names.map((n) => head.indexOf(n)).find((i) => i >= 0) ?? -1;
    const id = at("机构标识", "id"), name = at("机构名称", "name"), result = at("检查结果"), team = at("检查人员（执法证号）"), day = at("检查日期");
    for (const r of rows) {
      if (r[name]) draw.names.set(r[id], r[name]);
      if (result >= 0) draw.fates.set(r[id], { state: "visited", date: r[day], result: r[result], team: (r[team] ?? "").split(" ").filter(Boolean) });
      // The table of visits that was made last: who goes, after replacements.
      else if (baseName(p).startsWith("visits")) draw.teams.set(r[id], r[team] ?? "");
    }
  }
  if (notice) draw.fates = fatesOfNotice(notice);
  for (const r of notice?.rows ?? []) if (r.name) draw.names.set(r.unit, r.name);
  for (const u of draw.frame?.units ?? []) draw.names.set(u.id, u.name);
  return draw;
}
/** What the ledger tells of the visits of a draw: it goes before notice and tables. */
export function tell(draw) {
  const { sequence, attempt } = draw.record.seal;
  draw.entries = ledgerLines().map((l) => ({ ...l.entry, at: l.at, number: l.number }))
    .filter((e) => (e.draw ?? e.seal?.sequence ?? e.entry?.draw) === sequence && [undefined, attempt].includes(e.attempt ?? e.seal?.attempt));
  draw.fates = fatesOfLedger(draw.entries);
}
/** Who came, or is to come; `drawn` is the team of the record. */
export function teamOf(draw, unit, drawn) {
  const fate = draw.fates.get(unit);
  if (fate?.team) return fate.team.join(" ");
  if (draw.teams.get(unit)) return draw.teams.get(unit);
  return drawn.map((id) => (fate?.moves ?? []).reduce((now, m) => (m.out === now ? m.by : now), id)).join(" ");
}
export const drawnTeam = (visit) => (visit ? [...visit.posts.flatMap((p) => p.officers), ...(visit.experts ?? []).flatMap((p) => p.experts)].map((o) => o.id) : []);
/** A draw by its folder, as people say it: `3.1` is the first attempt at the third draw. */
export function drawName(folder) {
  const [, n, attempt] = /^(\d+)\.(\d+)$/.exec(baseName(folder)) ?? [];
  return n === undefined ? baseName(folder) || "record.json" : w("drawName")(Number(n), Number(attempt));
}
export const label = (policy, code) => policy.labels?.[code] ?? code;
/** A code that stands at a stratum: an area has the name of its entry (Spec 9.7), and what has none its label. */
export const nameAt = (policy, stratum, code) => (AREAS.includes(stratum) ? divisionsOf(policy).names.get(code) : undefined) ?? label(policy, code);
/** The components of a cell's path in words. */
export const pathNames = (policy, path) => path.map((x, i) => (i === 0 ? w("paths")[x] ?? x : nameAt(policy, policy.strata[i - 1], x)));
/** The deepest area that the strata show; nothing where they show none. */
export const districtLevel = (policy) => policy.strata.filter((s) => AREAS.includes(s)).at(-1);
/** A chance in words. */
export const chanceOf = (size) => (size >= ONE ? w("certain") : w("inThousand")((Number(size) / 1e6).toFixed(size < 10000000n ? 1 : 0)));
/** The chances of the cells in words, with how many of the cell are drawn. */
export const phrasesOf = (policy, cells, sample) => sizesOf(policy, cells).map((c, i) => [chanceOf(c), w("like")(cells[i].count, sample[i].picks.length)]);
