// One draw: its documents, names and results, and the chances in words.
import { numberDraw, ONE } from "./verify/lot.mjs";
import { folderOf } from "./worker.mjs";
import { state, w } from "./state.mjs";
import { csv, read, ledgerLines, packOf } from "./files.mjs";

export const made = new Map();
export function drawOf(folder) {
  if (!made.has(folder)) made.set(folder, drawMade(folder));
  return made.get(folder);
}
function drawMade(folder) {
  const path = (name) => (folder ? `${folder}/${name}` : name);
  const draw = { folder, record: read(path("record.json")), seal: read(path("seal.json")), beacon: read(path("beacon.json")), frame: read(path("frame.json")),
    names: new Map(), results: new Map(), came: [], entries: [] };
  for (const [p, content] of state.files) {
    if (folderOf(p) !== folder || !p.endsWith(".csv")) continue;
    const [head, ...rows] = csv(new TextDecoder().decode(content).replace(/^\ufeff/, "")), at = (n) => head.indexOf(n);
    for (const r of rows) {
      const id = r[at("机构标识")];
      if (r[at("机构名称")]) draw.names.set(id, r[at("机构名称")]);
      if (at("检查结果") >= 0) draw.results.set(id, `${r[at("检查日期")]} ${r[at("检查结果")]}`);
      if (r[at("替换情况")]) draw.results.set(id, r[at("替换情况")]);
    }
  }
  for (const u of draw.frame?.units ?? []) draw.names.set(u.id, u.name);
  phrase(draw);
  return draw;
}
/** What the ledger tells of the visits of a draw, where no table does. */
export function tell(draw) {
  const { sequence, attempt } = draw.record.seal;
  draw.entries = ledgerLines().map((l) => ({ ...l.entry, at: l.at, number: l.number }))
    .filter((e) => (e.draw ?? e.seal?.sequence ?? e.entry?.draw) === sequence && [undefined, attempt].includes(e.attempt ?? e.seal?.attempt));
  draw.came = [];
  const told = new Map();
  for (const e of draw.entries) {
    const now = e.kind === "amended" ? e.entry : e;
    if (["visited", "missed", "replaced", "withdrawn"].includes(now.kind)) told.set(now.unit, now);
    if (now.kind === "replaced") draw.came.push(now);
  }
  for (const [unit, e] of told) {
    if (e.kind === "replaced") draw.results.set(unit, `${w("by")}: ${e.by} — ${w("reasons")[e.reason] ?? e.reason} (${e.date})`);
    else if (!draw.results.has(unit)) draw.results.set(unit, e.kind === "visited" ? `${e.date} ${e.result}` : e.kind === "missed" ? `${w("l").missed}: ${w("reasons")[e.reason]}` : "");
  }
  phrase(draw);
}
/** The standard phrases of results are those of the pack (Spec 23). */
export function phrase(draw) {
  const phrases = new Map((packOf()?.results ?? []).map((r) => [r.code, r.name]));
  for (const [id, text] of draw.results) draw.results.set(id, text.replace(/[a-z_]+/g, (c) => phrases.get(c) ?? c));
}
export const label = (policy, code) => policy.labels?.[code] ?? code;
/** The chance of a unit of every cell, in billionths, rounded down. */
export function sizesOf(policy, cells) {
  if (policy.design.method !== "number") return cells.map((c) => (c.certain ? ONE : c.size));
  const { factor, step } = numberDraw(cells, policy.design.number);
  return cells.map((c) => (c.certain ? ONE : step === 0n ? 0n : factor * c.size * ONE / step));
}
/** The same in words, with how many of the cell are drawn. */
export function phrasesOf(policy, cells, sample) {
  return sizesOf(policy, cells).map((c, i) => `${c >= ONE ? w("certain") : w("inThousand")((Number(c) / 1e6).toFixed(c < 10000000n ? 1 : 0))} · ${
    w("like")(cells[i].count, sample[i].picks.length)}`);
}
