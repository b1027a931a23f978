// The notice of a draw (公示), from notice-*.json: the fields of real notices, counts, the table of institutions.
// It is compared with record and ledger beside it; where it says something else, the page says so.
import { Fault, why } from "./verify/bytes.mjs";
import { jsonAt } from "./files.mjs";
import { bdi, clock, el, words } from "./ui.mjs";
import { TEXT as FATES, called } from "./fates.mjs";

const BLANK = "＿＿＿＿＿＿";
export const TEXT = {
  zh: {
    results: "随机抽查结果公示", drawn: "随机抽查抽取结果公示", open: "随机抽查公告", void: "随机抽查作废公告", quoted: (s) => `“双随机、一公开”${s}`,
    under: (task, draw, number) => `${task}（第${draw}次抽取，编号 ${number}）`, plan: "抽查计划名称", plan_number: "抽查计划编号", task: "抽查任务名称",
    task_number: "抽查任务编号", type: "抽查类型", targeted: "定向抽查", untargeted: "不定向抽查", first: "发起部门", joining: "配合部门", none: "无",
    items: "抽查事项", basis: "抽查依据", meant: "抽查对象范围", everybody: "名录库全部对象", total: "对象总数",
    totals: (frame, eligible) => `名录库 ${frame} 家，其中可抽取 ${eligible} 家`, count: "抽取数量", share: "抽取比例", when: "抽取时间",
    whens: (spoke, drawn) => (drawn ? `${spoke}产生随机数，${drawn}完成抽取` : spoke), place: "抽取地点", how: "抽取方式", witnesses: "见证",
    rate: "按统一比例、分层随机抽取", number: "按定数、分层随机抽取", frequency: "按风险和信用等级对应的年度频次、分层随机抽取",
    teams: (method, sources) => `${method}；检查人员随机选派；随机数来源：${sources}`, dice: (n) => `现场掷骰（见证：${n}）`, lottery: (n) => `彩票开奖号码（${n}）`,
    drand: (n) => `公开随机信标 drand 第 ${n} 轮`, shares: (n) => `各方保密随机数（${n}）`, visits: "检查时间", date: "公示日期", period: "公示期限",
    objections: "异议渠道", phone: "联系电话", issuer: "落款单位", digest: "抽取记录摘要", row: "序号", name: "检查对象名称", code: "统一社会信用代码", address: "地址",
    item: "抽查事项", day: "检查日期", team: "检查人员（执法证号）", result: "检查结果", then: "处理情况", pending: "待检查",
    replaced: (by, why) => `已替换为 ${by}（${why}）`, instead: (out) => `替换 ${out}`, mark: (n, c) => `计入信用档案：${n} ${c}`, opens: (n) => `列入${n}`,
    gone: { closed: "已关闭停业或注销", merged: "已合并", moved: "已迁出", unreachable: "通过登记的住所（经营场所）无法联系" },
    sum: (s) => `本次共抽取 ${s.drawn} 家；已检查 ${s.made} 家${s.results ? `（${s.results}）` : ""}；未能检查 ${s.missed} 家；替换 ${s.replaced} 家；待检查 ${s.pending} 家。`,
    comma: "，", semi: "；", closed: (day) => `本次为不预先告知的检查，检查对象和检查人员名单于 ${day} 前公开；抽取方案和名录已于抽取前封存并公布摘要。`,
    voided: "本次抽取作废。", table: "检查对象及检查结果", more: "显示更多", shown: (n, of) => `显示 ${n} 家，共 ${of} 家`, blanks: "横线处为公示机关尚未填写的内容。", leftOut: "各对象均未填写：",
    differs: "公示内容与抽取记录或台账不一致：", objection: "对公示内容有异议的，可在公示期限内通过上述渠道提出。", older: "本批次较早的公示：",
  },
  en: {
    results: "Notice of inspection results", drawn: "Notice of institutions drawn", open: "Notice of a random inspection", void: "Void draw: notice", quoted: (s) => s,
    under: (task, draw, number) => `${task} (draw ${draw}, No. ${number})`, plan: "Annual plan", plan_number: "Number of the plan", task: "Task",
    task_number: "Number of the task", type: "Type", targeted: "targeted (a part of the institutions)", untargeted: "not targeted (all institutions)",
    first: "Initiating department", joining: "Joining departments", none: "none", items: "What is checked", basis: "Legal basis", meant: "Institutions meant",
    everybody: "all institutions on the register", total: "Number of institutions", totals: (frame, eligible) => `${frame} on the register, ${eligible} of them can be drawn`,
    count: "Drawn", share: "Share of those that could be drawn", when: "Time of the draw", whens: (spoke, drawn) => (drawn ? `numbers ${spoke}, drawn ${drawn}` : spoke),
    place: "Place of the draw", how: "How it is drawn", witnesses: "Witnesses", rate: "the same chance for each institution of a stratum",
    number: "a fixed number, in proportion to the strata", frequency: "by yearly frequency, after risk and credit, in strata",
    teams: (method, sources) => `${method}; inspectors by lot; source of chance: ${sources}`, dice: (n) => `dice thrown before ${n}`, lottery: (n) => `numbers of the lottery ${n}`,
    drand: (n) => `round ${n} of the drand beacon`, shares: (n) => `secret numbers of ${n}`, visits: "Days of visits", date: "Published", period: "Published until",
    objections: "Objections", phone: "Telephone", issuer: "Issued by", digest: "Digest of the record", row: "No.", name: "Institution", code: "Credit code", address: "Address",
    item: "Items", day: "Date", team: "Inspectors (certificates)", result: "Result", then: "Consequences", pending: "to be inspected",
    replaced: (by, why) => `replaced by ${by} (${why})`, instead: (out) => `in place of ${out}`, mark: (n, c) => `on file: ${n} ${c}`, opens: (n) => `listed: ${n}`,
    gone: { closed: "closed", merged: "merged", moved: "moved away", unreachable: "not to be found" },
    sum: (s) => `${s.drawn} institutions were drawn; ${s.made} were inspected${s.results ? ` (${s.results})` : ""}, ${s.missed} could not be, ${s.replaced} were replaced, ${s.pending} are still to be inspected.`,
    comma: ", ", semi: "; ", closed: (day) => `These inspections are not announced: institutions and inspectors are published by ${day}. Rules and register were sealed before the draw.`,
    voided: "This draw is void.", table: "Institutions and results", more: "Show more", shown: (n, of) => `${n} of ${of} are shown`, blanks: "A line is what the authority has not filled in.", leftOut: "Of no institution it has given: ",
    differs: "The notice says something else than record or ledger: ", objection: "Objections are taken in the time above.", older: "Earlier notices of this draw: ",
  },
};
const ENGLISH = FATES.en.results;
const own = (map, key) => (Object.hasOwn(map, key) ? map[key] : undefined);

/** The notice as it was published last, of the files of one draw; undefined if there is none. */
export function lastNotice(files, folder) {
  const names = [...files.keys()].filter((p) => p.startsWith(folder ? `${folder}/` : "") && /^notice-\d{6,}\.json$/.test(p.slice(folder ? folder.length + 1 : 0))).sort();
  if (!names.length) return undefined;
  const notice = jsonAt(names.at(-1), files.get(names.at(-1)));
  if (notice.document !== "notice" || !Array.isArray(notice.rows)) throw new Fault(why`${names.at(-1)}: is no notice`);
  return { notice, names };
}

/** What a notice says otherwise than record and entries of the ledger (up to its own size): the institutions. */
export function differences(notice, record, lines) {
  const wrong = new Set();
  if (!record || !notice.record) return [];
  const entries = lines.filter((e) => e.number <= notice.at), drawn = record.sample.flatMap((c) => c.picks.map((u) => u.id));
  if (notice.drawn !== drawn.length) wrong.add(`${notice.drawn} ≠ ${drawn.length}`);
  if (notice.record !== record.digest) wrong.add(notice.record);
  // A page with the documents of one draw inside has no ledger: then only who was drawn is compared.
  if (entries.length < notice.at) {
    const rows = new Set(notice.rows.map((r) => r.unit));
    return [...wrong, ...drawn.filter((id) => !rows.has(id))];
  }
  const came = new Map(drawn.map((id) => [id, "pending"])), visits = new Map();
  const name = (v) => (v.kind === "visited" ? `visited ${v.date} ${v.result} ${v.team.join(" ")}` : v.kind === "missed" ? `missed ${v.date} ${v.reason}` : undefined);
  for (const e of entries) {
    const c = e.entry;
    if (c.kind === "sealed" && c.seal.sequence === notice.draw && c.seal.attempt === notice.attempt) visits.clear();
    if (c.kind === "replaced" && c.draw === notice.draw) { came.set(c.unit, `replaced ${c.by} ${c.reason}`); if (!came.has(c.by)) came.set(c.by, "pending"); }
    if (["visited", "missed"].includes(c.kind) && c.draw === notice.draw) visits.set(e.number, c);
    if (c.kind === "amended" && visits.has(c.amends)) visits.set(c.amends, c.entry);
  }
  for (const v of visits.values()) if (name(v)) came.set(v.unit, name(v));
  const said = new Map(notice.rows.map((r) => [r.unit, r.came.state === "pending" ? "pending" : r.came.state === "replaced" ? `replaced ${r.came.by} ${r.came.reason}` : name({ ...r.came, kind: r.came.state })]));
  for (const id of new Set([...came.keys(), ...said.keys()])) if (came.get(id) !== said.get(id)) wrong.add(id);
  return [...wrong];
}

/** The rows of the notice as texts. */
export function noticeRows(notice, language) {
  const t = TEXT[language], names = new Map(notice.rows.map((r) => [r.unit, r.name]));
  return notice.rows.map((r, i) => {
    const c = r.came, visited = c.state === "visited", then = [];
    if (visited) { for (const m of c.marks) then.push(t.mark(m.name, m.count)); if (c.opens) then.push(t.opens(c.opens)); }
    if (r.instead_of) then.push(t.instead(called(names, r.instead_of)));
    const gone = own(t.gone, c.reason) ?? c.reason;
    const result = visited ? (language === "en" ? own(ENGLISH, c.result) : undefined) ?? c.phrase : c.state === "pending" ? t.pending
      : c.state === "replaced" ? t.replaced(called(names, c.by), gone) : gone;
    return [String(i + 1), r.name || r.unit, r.code || BLANK, r.address || BLANK, visited ? c.items.join(t.semi) : "", c.date ?? "", visited ? c.team.join(" ") : "", result, then.join(t.semi)];
  });
}

/** The notice as a part of the page. */
export function noticePart({ language, found, record, lines }) {
  const t = TEXT[language], { notice: n, names } = found, open = n.rows.length > 0;
  const fact = (key) => n.facts[key] ?? BLANK, results = n.rows.some((r) => ["visited", "missed"].includes(r.came.state));
  const title = t.quoted(n.void && !n.record ? t.void : !n.record ? t.open : results ? t.results : t.drawn), number = n.facts.task_number ?? `${n.scope}-${n.draw}`;
  const laws = new Map();
  for (const item of n.items) if (item.basis) laws.set(item.basis, [...(laws.get(item.basis) ?? []), item.name]);
  // A mark of the pack says where the office reads more than the law says: it is for the rules, and no part of the notice.
  const plain = (law) => law.replace(/（含我们的理解[^）]*）$/, "");
  const basis = [...laws].map(([law, of]) => [plain(law), of]).map(([law, of]) => (laws.size === 1 ? law : `${of.join("、")}：${law}`)).join(t.semi) || BLANK;
  const witnesses = [...n.sources.filter((s) => ["dice", "shares"].includes(s.kind)).map((s) => s.name), ...(n.facts.witnesses ? [n.facts.witnesses] : [])].join("、") || BLANK;
  const tenths = n.eligible > 0 && n.drawn !== undefined ? Math.floor(n.drawn * 1000 / n.eligible) : undefined;
  const fields = [[t.plan, n.plan], [t.plan_number, fact("plan_number")], [t.task, n.task], [t.task_number, number], [t.type, n.targeted ? t.targeted : t.untargeted],
    [t.first, n.departments[0] ?? BLANK], [t.joining, n.departments.slice(1).join("、") || t.none], [t.items, n.items.map((i) => i.name).join(t.semi) || BLANK], [t.basis, basis],
    [t.meant, n.population.join("、") || t.everybody], [t.total, t.totals(n.frame, n.eligible)],
    ...(n.drawn === undefined ? [] : [[t.count, String(n.drawn)], [t.share, tenths === undefined ? BLANK : `${Math.floor(tenths / 10)}.${tenths % 10} %`]]),
    [t.when, t.whens(n.sources.map((s) => clock(s.at)).join("、"), n.drawn_at && clock(n.drawn_at))], [t.place, fact("place")],
    [t.how, t.teams(own(t, n.method) ?? n.method, n.sources.map((s) => (own(t, s.kind) ?? String)(s.name)).join(t.semi))], [t.witnesses, witnesses],
    [t.visits, `${n.visits.from} – ${n.visits.to}`], [t.date, n.date], [t.period, fact("period")], [t.objections, fact("objections")], [t.phone, fact("phone")],
    [t.issuer, fact("issuer")], ...(n.record ? [[t.digest, n.record]] : [])];
  const wrong = differences(n, record, lines), parts = [], left = [];
  if (wrong.length) parts.push(el("p", { class: "failed", role: "alert" }, t.differs, wrong.slice(0, 5).join("、"), wrong.length > 5 ? " …" : ""));
  parts.push(el("p", {}, bdi(t.under(n.task, n.draw, number))), el("dl", {}, fields.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, bdi(value))])));
  if (n.void) parts.push(el("p", { class: "failed" }, t.voided));
  if (n.closed_until) parts.push(el("p", { id: "closed" }, el("strong", {}, t.closed(n.closed_until))));
  if (open) {
    const tally = new Map(), count = (s) => n.rows.filter((r) => r.came.state === s).length, rows = noticeRows(n, language);
    n.rows.forEach((r, i) => { if (r.came.state === "visited") tally.set(rows[i][7], (tally.get(rows[i][7]) ?? 0) + 1); });
    parts.push(el("p", {}, t.sum({ drawn: n.drawn, made: count("visited"), missed: count("missed"), replaced: count("replaced"), pending: count("pending"),
      results: [...tally].sort((a, b) => b[1] - a[1]).map(([p, k]) => `${p} ${k}`).join(t.comma) })));
    const all = [t.row, t.name, t.code, t.address, t.item, t.day, t.team, t.result, t.then];
    // A column that nobody has filled in for any institution is no column; it is named below.
    const kept = all.map((_, k) => k).filter((k) => rows.some((r) => r[k] !== "" && r[k] !== BLANK)), heads = kept.map((k) => all[k]), empty = all.filter((_, k) => !kept.includes(k) && k < 4);
    const body = el("tbody"), status = el("p", { role: "status" });
    left.push(...empty);
    let limit = 30;
    const more = el("button", { type: "button", onclick: () => { limit += 500; fill(); } }, t.more);
    const fill = () => {
      body.replaceChildren(...rows.slice(0, limit).map((cells) => el("tr", {}, kept.map((k) => el("td", { "data-head": all[k] }, ([0, 5, 6].includes(k) ? words : bdi)(cells[k]))))));
      status.textContent = t.shown(Math.min(limit, rows.length), rows.length);
      more.hidden = rows.length <= limit;
    };
    fill();
    parts.push(el("h3", { id: "notice-table" }, t.table), el("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "notice-table" },
      el("table", {}, el("thead", {}, el("tr", {}, heads.map((h) => el("th", { scope: "col" }, h)))), body)), status, more);
  }
  const blank = fields.some(([, v]) => v === BLANK) || n.rows.some((r) => !r.address || !r.code);
  if (blank) parts.push(el("p", {}, el("small", {}, t.blanks, left.length ? ` ${t.leftOut}${left.join(t.comma)}` : "")));
  if (!n.void && n.facts.objections) parts.push(el("p", {}, t.objection));
  if (names.length > 1) parts.push(el("p", {}, el("small", {}, t.older, names.slice(0, -1).map((p) => p.split("/").pop()).join(t.comma))));
  return el("section", { id: "official", "aria-labelledby": "notice" }, el("h2", { id: "notice" }, title), ...parts);
}
