// What became of each institution of a draw: visited, not found, replaced, or still to be visited, and by whom.
// The ledger says it; where the page has none, the notice; where there is no notice, the tables.
import { own, w } from "./state.mjs";

export const TEXT = {
  zh: {
    results: { no_problem: "未发现问题", "no-problem": "未发现问题", violation: "违反有关规定", practice_violation: "违反执业规定", corrected: "发现问题经责令已改正", "problem-corrected": "发现问题已责令改正",
      pending_action: "发现问题待后续处理", not_disclosed: "未按规定公示", false_info: "隐瞒真实情况、弄虚作假", uncooperative: "不配合检查情节严重", no_such_activity: "未发现开展本次抽查涉及的经营活动" },
    called: (name, id) => `${name}（${id}）`, pending: "待检查", replaced: (by, why) => `已替换为 ${by}（${why}）`, missed: (why) => `未能检查：${why}`, instead: (unit) => `替换 ${unit}`,
  },
  en: {
    results: { no_problem: "no problem found", "no-problem": "no problem found", violation: "rules broken", practice_violation: "rules of practice broken", corrected: "problem found, corrected by order",
      "problem-corrected": "problem found, corrected by order", pending_action: "problem found, to be dealt with", not_disclosed: "information not published as required", false_info: "facts concealed or falsified",
      uncooperative: "did not cooperate, serious", no_such_activity: "no activity of the kind that was checked" },
    called: (name, id) => `${name} (${id})`, pending: "to be visited", replaced: (by, why) => `replaced by ${by} (${why})`, missed: (why) => `not visited: ${why}`, instead: (unit) => `in place of ${unit}`,
  },
};
/** A map from ids to `{state, date, result, reason, by, instead, team}`. `entries` are those of the draw, with their numbers. */
export function fatesOfLedger(entries) {
  const fates = new Map(), told = new Map(), at = (unit) => fates.get(unit) ?? fates.set(unit, { state: "pending" }).get(unit);
  for (const e of entries) {
    // Visits of an earlier attempt are not those of this draw.
    if (e.kind === "sealed") told.clear();
    if (["visited", "missed"].includes(e.kind)) told.set(e.number, e);
    if (e.kind === "amended" && told.has(e.amends)) told.set(e.amends, e.entry);
    if (e.kind === "replaced") {
      Object.assign(at(e.unit), { state: "replaced", by: e.by, reason: e.reason, date: e.date, team: [] });
      at(e.by).instead = e.unit;
    }
    if (e.kind === "reassigned") for (const m of e.moves) (at(m.unit).moves ??= []).push(m);
  }
  for (const e of told.values()) {
    if (e.kind === "visited") Object.assign(at(e.unit), { state: "visited", date: e.date, result: e.result, team: e.team });
    else if (e.kind === "missed") Object.assign(at(e.unit), { state: "missed", date: e.date, reason: e.reason, team: [] });
  }
  return fates;
}
export function fatesOfNotice(notice) {
  return new Map(notice.rows.map((r) => [r.unit, { ...r.came, instead: r.instead_of }]));
}
/** The standard phrase of a result: that of the pack, which is Chinese, else the one that this page has. */
export const phraseOf = (code, phrases, language) => (language === "en" ? own(TEXT).results[code] ?? phrases.get(code) : phrases.get(code) ?? own(TEXT).results[code]) ?? code;
/** An institution by its name and id. */
export const called = (names, id) => (names.get(id) ? own(TEXT).called(names.get(id), id) : id);
/** The fate of an institution in words. `phrases` are those of the pack, by their codes. */
export function inWords(fate, phrases, language, names = new Map()) {
  const t = own(TEXT), why = w("reasons")[fate.reason] ?? fate.reason;
  const text = fate.state === "visited" ? [fate.date, phraseOf(fate.result, phrases, language)] : fate.state === "missed" ? [fate.date, t.missed(why)] : fate.state === "replaced" ? [fate.date, t.replaced(called(names, fate.by), why)] : [t.pending];
  return [...text, ...(fate.instead ? [t.instead(called(names, fate.instead))] : [])].filter(Boolean).join(" · ");
}
