// The names of the checks (Spec 13, 15.4, 19) and their reasons, in the words of either language.
import { english } from "./verify/bytes.mjs";
import { inChinese } from "./reasons.mjs";
import { state } from "./state.mjs";

export const TEXT = {
  zh: {
    seal: "与另行取得的封存文件一致", policy: "抽取方案即所封存的方案", cells: "分层表即所封存的分层表", table: "分层表即所封存的分层表", strata: "各层与方案相符", registers: "名录库归集", register_rows: "归集的各行", timing: "随机源在封存之后揭晓",
    digest: "记录摘要", beacon_form: "随机数形式", pulse: "公开随机源的签名", beacon: "与另行取得的随机数一致", secret: "保密随机数与承诺一致", seed: "重新计算种子", allocation: "重新计算各层抽取数量",
    tickets: "重新计算签号，对象均在封存名录内", cutoffs: "各层抽中的是签号最小者", subsamples: "子样本", days: "检查日期", teams: "检查组人数和岗位", statements: "空缺和缺员说明",
    frame: "名录库文件", roster: "检查人员名录文件", cycle: "年度台账文件", plan: "重新制定抽取计划", sample: "重新抽取对象", eligibility: "检查人员资格与回避", assignment: "重新抽取检查组",
    row: "名录库中的本行", cell: "所在的层", ticket: "重新计算本签号", count: "本层抽取数量", fate: "抽中、候补与签号相符", listed: "与公示名单相符", record: "抽取记录本身成立",
    ledger: { seal: "封存", policy: "方案录入", beacon: "随机数录入", cycle: "年度结转", draw: "抽取录入", visits: "检查录入", chain: "各条前后相接", times: "时间先后", opening: "建立台账", approval: "审批",
      batch: "批次", register: "名录库日志", sequence: "抽取次序", chance: "随机源不重复使用", dating: "随机数录入时间", disclosure: "保密随机数公开", publication: "公示", void: "作废", amendment: "更正",
      checkpoint: "检查点：台账没有被重写", witnesses: "见证人签名", deadlines: "期限", batches: "各批次与年度备案相符", records: "抽取记录与台账相符", values: "有另行给出的随机数", replay: "各抽取记录重新核验",
      picks: "检查的是抽中的对象", assignments: "检查组与承诺相符", events: "年度事项", cycles: "年度台账", reserves: "递补按候补次序", reassignments: "重新抽取接替人员", people: "检查人数与人员", files: "公示的文件与台账摘要一致", contents: "封闭条目后来公开的内容与承诺一致" },
  },
  en: {
    seal: "the same seal as the one given", policy: "the policy is the one sealed", cells: "the table of cells is the one sealed", table: "the table of cells is the one sealed", strata: "the cells are those of the policy", registers: "registers that make up the frame", register_rows: "the rows of the registers",
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
  },
};
/** What a check looks at. `kind` is `ledger` for those of a ledger. */
export const checkName = (t, name, kind) => (kind === "ledger" ? t.ledger[name] : undefined) ?? t[name] ?? name;
/** A reason of the verifier in the language that is shown; a value that stands in the place of one is shown as it is. */
export const say = (x) => (state.language === "zh" ? inChinese(x, (name) => (Object.hasOwn(TEXT.zh, name) ? checkName(TEXT.zh, name) : undefined)) : english(x));
