// The names of the checks (Spec 13, 15.4, 19) and why one was not run, in the words of either language.
export const TEXT = {
  zh: {
    seal: "与另行取得的封存文件一致", policy: "抽查方案即所封存的方案", cells: "层表即所封存的层表", table: "层表即所封存的层表", strata: "各层与方案相符", timing: "随机源在封存之后产生",
    digest: "记录摘要", beacon_form: "随机数形式", pulse: "公共随机源的签名", beacon: "与另行取得的随机数一致", secret: "密值与承诺一致", seed: "重新计算种子", allocation: "重新计算各层抽取数量",
    tickets: "重新计算签号，对象均在封存名录内", cutoffs: "各层抽中的是签号最小者", subsamples: "子样本", days: "检查日期", teams: "检查组人数和岗位", statements: "空缺和人员不足的说明",
    frame: "名录库文件", roster: "检查人员名录文件", cycle: "年度状态文件", plan: "重新制定抽取计划", sample: "重新抽取对象", eligibility: "检查人员资格与回避", assignment: "重新抽取检查组",
    row: "名录库中的本行", cell: "所在的层", ticket: "重新计算本签号", count: "本层抽取数量", fate: "抽中、备选与签号相符", listed: "与公示名单相符", record: "抽取记录本身成立",
    ledger: { seal: "封存", policy: "方案录入", beacon: "随机数录入", cycle: "年度结转", draw: "抽取录入", visits: "检查录入", chain: "各条前后相接", times: "时间先后", opening: "开账", approval: "审批",
      batch: "批次", register: "名录库日志", sequence: "抽取次序", chance: "随机源不重复使用", dating: "随机数录入时间", disclosure: "密值公开", publication: "公示", void: "作废", amendment: "更正",
      checkpoint: "检查点：台账没有被重写", witnesses: "见证人联署", deadlines: "期限", batches: "各批次与年度登记相符", records: "抽取记录与台账相符", values: "有另行给出的随机数", replay: "各抽取记录重新核验",
      picks: "检查的是抽中的对象", assignments: "检查组与承诺相符", events: "年度事项", cycles: "年度状态", reserves: "递补按备选次序", reassignments: "重新抽取接替人员", people: "检查人数与人员", files: "公示的文件与台账摘要一致", contents: "暂不公开的条目后来公开的内容与承诺一致" },
    why: { "no published seal is given": "没有给出封存文件", "this page checks no BLS signatures": "本页不核对 BLS 签名", "no value carries a pulse": "没有附签名的公共随机数", "no published values are given": "没有给出随机数",
      "the policy has no days, or shows no county": "方案不抽定日期，或不分县区", "the frame file is with the auditors": "名录库文件只给审计人员", "the roster file is with the auditors": "检查人员名录只给审计人员",
      "the cycle file is with the auditors": "年度状态文件只给审计人员", "this page does not plan: Rust and Python do, with frame and cycle": "本页不重新制定计划，office verify 和 Python 程序以审计文件核对",
      "this page does not hold teams against the roster: Rust and Python do": "本页不核对检查人员名录，office verify 和 Python 程序核对", "this page does not draw teams again: Rust and Python do": "本页不重新抽取检查组，office verify 和 Python 程序核对",
      "the rule looks at the cycle, which this page does not fold; Rust and Python do": "本页不推算年度状态，office verify 和 Python 程序推算", "no checkpoint is given": "没有给出检查点", "the ledger asks for no quorum of witnesses": "台账没有要求见证人联署",
      "no keys of witnesses are given": "没有给出见证人公钥", "there are no entries": "没有条目", "no record of a batch is given": "没有给出批次的抽取记录", "no record, seal or values are given": "没有给出抽取记录、封存文件或随机数",
      "nothing is drawn": "尚未抽取", "no record is given": "没有给出抽取记录", "the salt key is with the auditors": "盐值密钥只给审计人员", "the events of the cycle are with the auditors; Rust and Python make them again": "年度事项只给审计人员，office verify 和 Python 程序核对",
      "the cycle is with the auditors; Rust and Python fold it": "年度状态只给审计人员，office verify 和 Python 程序推算", "no replacement could be looked at": "没有公众可以核对的替换：备选对象的名称不公开，递补次序由审计人员核对", "no visit could be looked at": "没有可以核对的检查",
      "no file that an entry names is given": "没有给出台账所列的文件", "no content of a closed line is given": "没有给出暂不公开条目的内容", "the ledger has no closed line": "台账没有暂不公开的条目", "you gave nothing: only the publisher's own copies agree": "您没有给出；只与公示机关自己的副本一致", "an excluded unit has no ticket": "除外的对象没有签号", "the secret is not disclosed": "密值尚未公开" },
    without: (parts) => `没有${parts.join("、")}`, noValue: (draw, source) => `批次 ${draw} 的 ${source} 没有另行给出随机数；本页不核对 BLS 签名`,
    parts: { "the published seal": "封存文件", "the policy": "方案", "the table": "层表", "the published values": "随机数", "the outcome": "抽取结果回执", "the sample": "抽中名单", "the record": "抽取记录" },
    raw: "核验程序原文：",
  },
  en: {
    seal: "the same seal as the one given", policy: "the policy is the one sealed", cells: "the table of cells is the one sealed", table: "the table of cells is the one sealed", strata: "the cells are those of the policy",
    timing: "the sources speak after the seal", digest: "digest of the record", beacon_form: "the values have their form", pulse: "signatures of public sources", beacon: "the same values as those given", secret: "the secret is the one committed to",
    seed: "the seed, computed again", allocation: "how many of each cell, computed again", tickets: "tickets, computed again; all are on the sealed frame", cutoffs: "the smallest tickets of each cell are drawn", subsamples: "subsamples", days: "days of visits",
    teams: "posts and numbers of the teams", statements: "what is said of vacancies", frame: "the file of the frame", roster: "the file of the roster", cycle: "the file of the year", plan: "the plan, made again", sample: "the institutions, drawn again",
    eligibility: "inspectors may go where they go", assignment: "the teams, drawn again", row: "this row of the frame", cell: "the cell of the institution", ticket: "this ticket, computed again", count: "how many of the cell are drawn",
    fate: "drawn or reserve, as the ticket says", listed: "as the published list says", record: "the record itself holds",
    ledger: { seal: "seals", policy: "policies entered", beacon: "values entered", cycle: "the year", draw: "draws entered", visits: "visits entered", chain: "each entry follows the one before", times: "times ascend", opening: "the opening", approval: "approvals",
      batch: "batches", register: "logs of registers", sequence: "the order of draws", chance: "a source of chance counts once", dating: "when values were entered", disclosure: "secrets disclosed", publication: "publications", void: "voids", amendment: "amendments",
      checkpoint: "checkpoint: the ledger was not written anew", witnesses: "signatures of witnesses", deadlines: "deadlines", batches: "batches as registered", records: "records agree with the ledger", values: "values are given beside the ledger", replay: "each record, verified again",
      picks: "visits are of institutions drawn", assignments: "teams as committed to", events: "events of the year", cycles: "the state of the year", reserves: "reserves come in their order", reassignments: "who came in, drawn again", people: "how many people came, and who",
      files: "published files have the digests of the ledger", contents: "what closed entries say is what they committed to" },
    why: { "no replacement could be looked at": "no replacement that the public could check: reserves are not named, and their order is for auditors" }, without: (parts) => `without ${parts.join(", ")}`, noValue: (draw, source) => `${draw}, ${source}: no value from elsewhere; this page checks no BLS signatures`, parts: {}, raw: "",
  },
};
/** What a check looks at. `kind` is `ledger` for those of a ledger. */
export const checkName = (t, name, kind) => (kind === "ledger" ? t.ledger[name] : undefined) ?? t[name] ?? name;
/** Why it was not run; undefined where the language has no words for it. */
export function whyNot(t, reason) {
  if (reason.startsWith("without ")) return t.without(reason.slice(8).split(", ").map((p) => t.parts[p] ?? p));
  const value = /^([0-9.]+), (\S+): no value from elsewhere/.exec(reason);
  return value ? t.noValue(value[1], value[2]) : t.why[reason] ?? (t.raw === "" ? reason : undefined);
}
