// What the inspections of the year have found, from figures-*.json: rates with their intervals, the year before, whether levels tell anything.
// What of it everybody can count is counted again by the verifier; what is the office's word is called so.
import { el, bdi, section, grid, colon } from "./ui.mjs";
import { state, own } from "./state.mjs";
import { guarded } from "./slots.mjs";
import { inBase, jsonAt, ledgerLines, packOf } from "./files.mjs";
import { nameAt } from "./draw.mjs";

export const TEXT = {
  zh: {
    title: "检查结果分析", of: (t, d) => `${t}（第 ${d} 次抽取）`, comma: "、",
    rate: (r, l, h) => `估计每 100 家检查对象中，检查会发现约 ${r} 家存在问题（把握为95%的区间：${l} 至 ${h} 家）。`, none: "本年度已检查的对象太少，不作估计。",
    counts: (f) => `抽中及递补 ${f.drawn} 家次：首次检查并有结果 ${f.first_visits} 家，其中发现问题 ${f.found} 家；再次检查 ${f.further_visits} 家次；待检查 ${f.awaited} 家次。`,
    silent: (f) => `未能取得结果：无法联系 ${f.unreachable} 家次，注销、停业、合并、迁出或未开展该业务 ${f.gone} 家次。无法联系和待检查的，按同等级已检查对象推算。`,
    trend: { up: "问题发现率较上年上升", down: "问题发现率较上年下降", same: "与上年相比，现有检查不足以显示升降" },
    trendText: (words, now, then, change, low, high) => `${words}：上年 ${then}，本年 ${now}，相差 ${change} 个百分点（95%区间 ${low} 至 ${high}）。`,
    rating: "风险分级是否有效", half: (name, units, broken) => `检查频次最高的等级（至“${name}”）占检查对象的 ${units}，估计占全部问题的 ${broken}；若分级毫无区分作用，应同为 ${units}。`,
    order: { yes: "分级能够区分问题多发的对象", no: "检查频次高的等级问题反而较少，应复核分级标准", open: "现有检查结果不足以显示分级有区分作用" },
    orderText: (most, least, c, l, h, words) => `“${most}”比“${least}”高 ${c} 个百分点（95%区间 ${l} 至 ${h}）：${words}。`,
    steps: ["等级（按检查频次由高到低）", "问题发现率", "95%区间", "提升倍数", "对象累计占比", "问题累计占比"],
    by: { level: "按风险与信用等级", risk: "按风险等级", kind: "按机构类别", district: "按行政区划" }, all: "全部检查对象", others: "其他（合并列示）",
    heads: ["检查对象数", "首次检查", "发现问题", "问题发现率估计", "95%区间"], before: ["上年", "变化（百分点）"], notCovered: "未覆盖",
    picture: "各类检查对象的问题发现率", pictureText: "圆点为估计值，横线为95%区间。", pictureLast: "竖线为上年。", items: "各检查事项", itemHeads: ["检查事项", "检查次数", "其中发现问题的检查", "比例"],
    draws: "各次抽取（本页重新计数）", drawHeads: ["抽取", "抽中", "递补", "有结果", "发现问题", "估计比率", "无法联系", "注销、停业等", "未开展该业务", "待检查"],
    strata: { province: "省", city: "市", county: "区县", township: "乡镇", village: "村社区", area1: "一级区划", area2: "二级区划", area3: "三级区划", area4: "四级区划", area5: "五级区划", kind: "机构类别", risk: "风险等级", credit: "信用等级" }, strataOf: (d, by) => `第 ${d} 次抽取，按${by}`,
    strataHeads: ["类别", "有结果", "发现问题", "估计比率"], limits: "本分析未说明的内容",
    again: "本页已根据台账、抽取记录和规则重新计数：各次抽取的抽中、检查、发现问题、未能检查的数目，各事项的数目，以及各次抽取按抽中概率加权的估计比率。结果一致。",
    word: "年度比率及其区间、与上年的比较、分级效果需要名录库才能计算，名录库不公开，本页不能重算，属于公示机关的陈述。",
    bound: "台账录有本文件的摘要：公示时的数值事后不能更改。", unbound: "台账没有录入本文件的摘要：这些数值没有凭据，事后可以更改。", noLedger: "这里没有可以核对的台账：这些数值是否录入台账，本页不知道。",
    headline: "上面的估计是本分析的主要数字：年度内对名录库全部检查对象各查一次，约有多少家会被发现问题。下面的其他比率各有所指，不能互换：",
    otherRates: (found, visits, share) => [`已检查 ${visits} 家中有 ${found} 家发现问题，即 ${share}。风险高的抽得多，所以它不是全部对象的比率。`, "各次抽取的估计只依据那一次的检查，按抽中概率加权。", "各等级、类别、区划的比率只说明该组。"],
    noHeadline: "因此本分析没有主要数字；下面的比率只说明已检查的对象：",
    wrong: (keys) => `与台账或抽取记录不一致，不可采信：${keys}。`, fields: { awaited: "待检查数", draws: "各次抽取", drawn: "抽中数", first_visits: "首次检查数", found: "发现问题数", further_visits: "再次检查数", gone: "注销、停业等数", items: "各事项", results: "结果的含义", scope: "台账名称", unreachable: "无法联系数", at: "所据条数", document: "文件格式", JSON: "文件格式" }, checking: "正在核对……",
    missing: { entries: "台账条目不足，本页未核对。", record: "缺少抽取记录，本页未核对。", rules: "缺少规则包或年度计划，本页未核对。", contents: "缺少封闭条目的内容，本页未核对。", ledger: "没有台账，本页未核对。" },
    small: "检查不足 5 家或对象不足 10 家的类别合并列示。", against: (a) => `对照：${a}`,
  },
  en: {
    title: "What the inspections found", of: (t, d) => `${t} (draws ${d})`, comma: ", ",
    rate: (r, l, h) => `Of every 100 institutions an inspection would find about ${r} breaking a rule (with 95 % confidence between ${l} and ${h}).`, none: "Too few were inspected this year for an estimate.",
    counts: (f) => `${f.drawn} visits were drawn or came in the place of others: ${f.first_visits} institutions were inspected for the first time, ${f.found} of them with findings; ${f.further_visits} further visits; ${f.awaited} still to be made.`,
    silent: (f) => `Without a result: ${f.unreachable} where nobody was met, ${f.gone} closed, merged, moved away or without the activity. Those not met and those still to be visited are taken to be like the others of their level.`,
    trend: { up: "The rate has risen since last year", down: "The rate has fallen since last year", same: "The visits do not show whether the rate has changed since last year" },
    trendText: (words, now, then, change, low, high) => `${words}: last year ${then}, this year ${now}, a difference of ${change} points (95 % interval ${low} to ${high}).`,
    rating: "Does the rating find those who break rules?", half: (name, units, broken) => `The levels visited most, up to ${name}, are ${units} of the institutions and hold about ${broken} of the violations. A rating that tells nothing would hold ${units}.`,
    order: { yes: "the rating finds those who break rules more often", no: "the level visited most breaks rules less often: the rating needs a look", open: "the visits do not show that the rating tells anything" },
    orderText: (most, least, c, l, h, words) => `${most} against ${least}: ${c} points (95 % interval ${l} to ${h}): ${words}.`,
    steps: ["Level, most visited first", "Rate", "95 % interval", "Lift", "Institutions so far", "Violations so far"],
    by: { level: "By risk and credit level", risk: "By risk level", kind: "By kind", district: "By district" }, all: "All institutions", others: "Others, told together",
    heads: ["Institutions", "First visits", "With findings", "Estimated rate", "95 % interval"], before: ["Last year", "Change, points"], notCovered: "Not covered",
    picture: "Share of institutions that break a rule", pictureText: "The point is the estimate, the bar its 95 % interval.", pictureLast: " The upright line is last year.", items: "What was checked", itemHeads: ["Item", "Checked", "Visits with findings", "Share"],
    draws: "Draw by draw, counted again by this page", drawHeads: ["Draw", "Drawn", "In their place", "With a result", "With findings", "Estimated rate", "Not met", "Closed or gone", "Without the activity", "To be made"],
    strata: { province: "province", city: "city", county: "county", township: "township", village: "village", area1: "area, level 1", area2: "area, level 2", area3: "area, level 3", area4: "area, level 4", area5: "area, level 5", kind: "kind", risk: "risk level", credit: "credit level" }, strataOf: (d, by) => `Draw ${d}, by ${by}`,
    strataHeads: ["Which", "With a result", "With findings", "Estimated rate"], limits: "What this does not show",
    again: "This page has counted again, from ledger, records and rules: what was drawn, inspected, found and not met in every draw, the items, and the estimate of every draw, weighted by the chances. It comes out the same.",
    word: "The rates of the year with their intervals, the comparison with last year and the effect of the rating need the register of all institutions, which is not public. This page cannot make them again: they are the office's word.",
    bound: "The ledger has the digest of this file: the office is bound to what it said.", unbound: "The ledger does not have the digest of this file: nothing binds the office to these numbers.", noLedger: "There is no ledger here that could be checked: whether it binds the office to these numbers, this page does not know.",
    headline: "The estimate above is the headline: how many of all institutions on the register would be found breaking a rule if each were inspected once this year. The other rates below mean something else, and do not stand for it:",
    otherRates: (found, visits, share) => [`Of ${visits} institutions inspected, ${found} had findings: ${share}. Those with more risk are drawn more often, so it is no rate of all institutions.`, "The estimate of one draw rests on the visits of that draw alone, weighted by the chances.", "The rates by level, kind and district are of these groups alone."],
    noHeadline: "So there is no headline; the rates below are of those inspected alone:",
    wrong: (keys) => `This is not what ledger and records say; do not rely on it: ${keys}.`, fields: { awaited: "to be visited", draws: "the draws", drawn: "drawn", first_visits: "first visits", found: "with findings", further_visits: "further visits", gone: "closed or gone", items: "items", results: "what results mean", scope: "name of the ledger", unreachable: "not met", at: "number of entries", document: "form of the file", JSON: "form of the file" }, checking: "Checking …",
    missing: { entries: "The ledger here is shorter: not counted again.", record: "A record is not here: not counted again.", rules: "Pack or programme is not here: not counted again.", contents: "The contents of closed lines are not here: not counted again.", ledger: "There is no ledger here: not counted again." },
    small: "Groups of fewer than 5 visits or 10 institutions are told together.", against: (a) => `Held against: ${a}`,
  },
};
const percent = (billionths) => `${(billionths / 1e7).toFixed(1)}%`;
const points = (text) => { const n = Number(text) * 100; return `${n < 0 ? "−" : "+"}${Math.abs(n).toFixed(1)}`; };
const ends = (r) => `${percent(r.low)} – ${percent(r.high)}`;
const hundred = (billionths) => (billionths / 1e7).toFixed(billionths < 1e8 ? 1 : 0);

/** The last file of figures in these folders of draws: its path. */
export function lastFigures(paths) {
  const named = paths.map((p) => /^(?:.*\/)?draws\/(\d+)\.(\d+)\/figures-(\d{6,})\.json$/.exec(p)).filter(Boolean);
  const order = (m) => m.slice(1).map(Number);
  named.sort((a, b) => { const [x, y] = [order(a), order(b)]; return x[0] - y[0] || x[1] - y[1] || x[2] - y[2]; });
  return named.at(-1)?.[0];
}
/** Rates with their intervals as bars; the description says the same in words. */
function picture(rows, t) {
  const line = 24, left = 300, width = 820, top = Math.max(...rows.map((r) => r.rate.high), 5e7), x = (v) => left + (width - left - 200) * v / top;
  const said = (r) => `${percent(r.rate.rate)} (${ends(r.rate)})`;
  return el("figure", {}, el("figcaption", {}, `${t.picture}${colon()}${t.pictureText}${rows.some((r) => r.before) ? t.pictureLast : ""}`),
    el("svg", { viewBox: `0 0 ${width} ${rows.length * line + 8}`, role: "img", "aria-label": `${t.picture}: ${rows.map((r) => `${r.label} ${said(r)}`).join("; ")}` },
      rows.map((r, i) => el("g", { "aria-hidden": "true" }, el("text", { x: left - 8, y: i * line + 17, "text-anchor": "end" }, r.label.slice(0, 40)),
        el("line", { x1: x(r.rate.low), x2: x(r.rate.high), y1: i * line + 13, y2: i * line + 13, class: "span" }),
        el("path", { d: `M${x(r.rate.rate) - 5} ${i * line + 13} a5 5 0 1 0 10 0 a5 5 0 1 0 -10 0`, class: "spot" }),
        r.before ? el("line", { x1: x(r.before.rate), x2: x(r.before.rate), y1: i * line + 5, y2: i * line + 21, class: "mark" }) : null,
        el("text", { x: x(r.rate.high) + 8, y: i * line + 17 }, said(r))))));
}
function rows(f, by, t) {
  return (f.groups?.[by] ?? []).map((g) => ({ ...g, label: by === "all" ? t.all : g.codes.length ? g.name : t.others }));
}
function groupTable(f, by, t) {
  const all = rows(f, by, t), last = all.some((g) => g.before);
  return grid(t.by[by], [t.by[by], ...t.heads, ...(last ? t.before : []), t.notCovered], all.map((g) => [g.label, g.units, g.visits, g.found, g.rate ? percent(g.rate.rate) : "—",
    g.rate ? ends(g.rate) : "—", ...(last ? [g.before ? percent(g.before.rate) : "—", g.change ? `${points(g.change.change)} (${points(g.change.low)} … ${points(g.change.high)})` : "—"] : []), g.not_covered]));
}
function ratingPart(f, t) {
  const steps = f.rating ?? [], parts = steps.filter((s) => s.units < 1e9), half = parts.find((s) => s.units >= 5e8) ?? parts.at(-1);
  if (steps.length < 2) return null;
  const shown = f.order && (Number(f.order.change.low) > 0 ? "yes" : Number(f.order.change.high) < 0 ? "no" : "open");
  return [el("h3", {}, t.rating), half ? el("p", {}, t.half(half.level, percent(half.units), percent(half.violations))) : null,
    f.order ? el("p", {}, t.orderText(f.order.most, f.order.least, points(f.order.change.change), points(f.order.change.low), points(f.order.change.high), t.order[shown])) : null,
    grid(t.rating, t.steps, steps.map((s) => [s.level, percent(s.rate.rate), ends(s.rate), (s.lift / 1e9).toFixed(2), percent(s.units), percent(s.violations)]))];
}
function drawsPart(f, labelOf, t) {
  const of = (map, keys) => keys.reduce((n, k) => n + (map[k] ?? 0), 0), gone = ["closed", "merged", "moved"], rate = (r) => (r.estimate === undefined ? "—" : percent(r.estimate));
  const table = grid(t.draws, t.drawHeads, f.draws.map((d) => [d.draw, d.drawn, d.came, d.visited, d.found, rate(d), of(d.missed, ["unreachable"]) + of(d.replaced, ["unreachable"]),
    of(d.missed, gone) + of(d.replaced, gone), d.other, d.pending]));
  const strata = f.draws.flatMap((d) => d.strata.filter((s) => s.rows.length > 1).map((s) => [el("h4", {}, t.strataOf(d.draw, t.strata[s.by] ?? s.by)),
    grid(t.strataOf(d.draw, t.strata[s.by] ?? s.by), t.strataHeads, s.rows.map((r) => [labelOf(r.code, s.by), r.visited, r.found, rate(r)]))]));
  return el("details", {}, el("summary", {}, t.draws), table, ...strata.flat());
}
/** The section of the last figures, or nothing. */
export function figuresSlot() {
  const path = lastFigures([...state.files.keys()].filter(inBase));
  if (path === undefined) return null;
  return guarded(() => {
    const json = (p) => jsonAt(p, state.files.get(p)), record = path.replace(/[^/]*$/, "record.json");
    const policy = state.files.has(record) ? json(record).policy : undefined, named = (code, stratum) => (policy ? nameAt(policy, stratum, code) : code), items = new Map((packOf()?.items ?? []).map((i) => [i.code, i.name]));
    const { report } = state, said = report?.figures?.find((f) => f.path === path), check = report === null ? undefined : said ?? { missing: ledgerLines().length ? "entries" : "ledger" };
    return figuresPart(json(path), check, named, (code) => items.get(code) ?? named(code));
  });
}
/** The section. `check` is what the verifier says of the file: nothing yet, `{wrong, missing}`; `labelOf` (of a code at a stratum) and `itemOf` give words. */
export function figuresPart(f, check, labelOf, itemOf) {
  const t = own(TEXT), all = rows(f, "all", t)[0], pictured = ["all", "level", "kind", "district"].flatMap((by) => rows(f, by, t).map((g) => ({ ...g, label: by !== "all" && !g.codes.length ? `${g.label} ${t.by[by]}` : g.label }))).filter((g) => g.rate).slice(0, 40);
  const trend = () => {
    const low = Number(all.change.low), high = Number(all.change.high), words = t.trend[low > 0 ? "up" : high < 0 ? "down" : "same"];
    return el("p", {}, t.trendText(words, percent(all.rate.rate), percent(all.before.rate), points(all.change.change), points(all.change.low), points(all.change.high)));
  };
  const state_ = check === undefined ? el("p", { role: "status" }, t.checking)
    : check.wrong?.length ? el("p", { class: "failed", role: "alert" }, t.wrong([...new Set(check.wrong.map((k) => (Object.hasOwn(t.fields, k) ? `${t.fields[k]} (${k})` : k)))].join(t.comma)))
      : check.missing ? el("p", { class: "not-run" }, t.missing[check.missing]) : el("p", { class: "same" }, t.again);
  return section("figures", t.title, el("p", {}, bdi(t.of(f.title, f.draws.map((d) => d.draw).join(t.comma)))),
    all?.rate ? el("p", { class: "lead" }, el("strong", {}, t.rate(hundred(all.rate.rate), hundred(all.rate.low), hundred(all.rate.high)))) : el("p", {}, t.none),
    el("p", {}, all?.rate ? t.headline : t.noHeadline), el("ul", { id: "other-rates" }, t.otherRates(f.found, f.first_visits, f.first_visits ? percent(Math.round(1e9 * f.found / f.first_visits)) : "—").map((x) => el("li", {}, x))),
    el("p", {}, t.counts(f)), el("p", {}, t.silent(f)), all?.before && all.change ? [trend(), el("p", {}, t.against(f.against))] : null, state_, el("p", {}, t.word, " ", check === undefined ? null : el("span", { class: check.bound === false ? "wrong" : "", id: "figures-bound" }, t[check.bound === undefined ? "noLedger" : check.bound ? "bound" : "unbound"])),
    pictured.length ? picture(pictured, t) : null, ratingPart(f, t),
    ...["level", "kind", "district"].filter((by) => rows(f, by, t).length > 1).flatMap((by) => [el("h3", {}, t.by[by]), groupTable(f, by, t)]),
    f.items.length ? [el("h3", {}, t.items), grid(t.items, t.itemHeads, f.items.map((i) => [itemOf(i.item), i.checked, i.found, percent(i.checked ? 1e9 * i.found / i.checked : 0)]))] : null,
    drawsPart(f, labelOf, t), el("details", {}, el("summary", {}, t.limits), el("ul", {}, (f.not_shown?.[state.language] ?? []).map((l) => el("li", {}, l)), el("li", {}, t.small))));
}
