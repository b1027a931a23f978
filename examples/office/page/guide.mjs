// What a reader asks first, each with its answer in a line and the place on the page that shows it; it is the list of contents, too.
import { dayHere, el, bdi } from "./ui.mjs";
import { own, state, w } from "./state.mjs";
import { drawOf, phrasesOf } from "./draw.mjs";
import { evidence } from "./verdicts.mjs";
import { phraseOf } from "./fates.mjs";
import { cellsOf, sizesOf } from "./verify/lot.mjs";

export const TEXT = {
  zh: {
    title: "五个问题", more: "本页还有",
    who: "抽中了谁？", whoSay: (n, can, of, when) => `可抽取的 ${can} 家（名录库共 ${of} 家）中抽中 ${n} 家，${when} 抽取。`,
    why: "为什么是这些？", whySay: (sealed, spoke) => `规则和名录于 ${sealed} 封存，按记录，此后的随机数（${spoke}）决定抽中谁。`,
    likely: "被抽中的概率多大？", likelySay: (low, high) => `最低为${low}，最高为${high}，按类别和等级而定；名单中逐家列出。`, likelyOne: (all) => `每家均为 ${all}。`,
    fixed: "会不会是事先定好的？", waiting: "正在核验……",
    fixedSay: { confirmed: "核验通过：没有发现任何改动，并有公示机关无法更换的证据。", partly: "台账核验通过，有公示机关无法更换的证据；文件夹中另有本页不核对的内容（见“整个公示文件夹”）。", "self-consistent": "没有发现矛盾；但证据都来自公示机关自己，还缺您自己保存的证据。", outside: "本文件夹的台账中没有这次抽取：台账的核验结论不适用于它，只核对了抽取记录本身。", refuted: "核验不通过：有改动或违规之处。" },
    rests: (who) => `随机数只来自“${who}”，没有公开随机源；如果其参与作假，本页看不出来。`,
    found: "查出了什么？", foundSay: (n) => [`已检查 ${n.visited} 家`, n.missed ? `未能检查 ${n.missed} 家` : "", n.replaced ? `替换 ${n.replaced} 家` : "", n.pending ? `待检查 ${n.pending} 家` : ""].filter(Boolean).join("，"), nothing: "尚无检查结果。",
    sections: { notice: "公示", figures: "检查结果分析", stories: "抽取过程", look: "应当留意的事项", ask: "查询一家机构", pictures: "图示", index: "公示文件目录", receipt: "回执" },
  },
  en: {
    title: "Five questions", more: "Also on this page",
    who: "Who was drawn?", whoSay: (n, can, of, when) => `${n} of the ${can} institutions that could be drawn (${of} are on the register), on ${when}.`,
    why: "Why these?", whySay: (sealed, spoke) => `Rules and register were sealed on ${sealed}. Numbers that came later (${spoke}) decided, by the record, who is drawn.`,
    likely: "How likely was that?", likelySay: (low, high) => `From ${low} to ${high}, by kind and level; the list tells it of each.`, likelyOne: (all) => `The same for each: ${all}.`,
    fixed: "Can it have been fixed?", waiting: "Checking …",
    fixedSay: { confirmed: "Confirmed: no trace of a change, and there is evidence that the publisher cannot exchange.", partly: "The ledger is confirmed, with evidence that the publisher cannot exchange; the folder holds more that this page does not check (see “The whole folder”).", "self-consistent": "Nothing contradicts; but all evidence is the publisher's own, and yours is still missing.", outside: "The ledger of this folder has no such draw: what is said of the ledger is not said of it, and its record alone was checked.", refuted: "Refuted: something was changed, or a rule was broken." },
    rests: (who) => `The numbers come from “${who}” alone, and no public source takes part: if they cheat, this page cannot see it.`,
    found: "What was found?", foundSay: (n) => [`${n.visited} visited`, n.missed ? `${n.missed} not visited` : "", n.replaced ? `${n.replaced} replaced` : "", n.pending ? `${n.pending} still to be visited` : ""].filter(Boolean).join(", "), nothing: "No result yet.",
    sections: { notice: "Notice", figures: "What the inspections found", stories: "How the draws went", look: "What deserves a look", ask: "Look up one institution", pictures: "Pictures", index: "Published files", receipt: "Receipts" },
  },
};
/** What the verdict on the draw means, in a sentence. */
export const verdictLine = () => own(TEXT).fixedSay[verdictShown()];
/** On whom the chance of the draw rests, where no public source takes part. */
export function restsLine() {
  const { seal } = drawOf(state.current).record ?? {}, { sources = [] } = seal?.beacon ?? {};
  return sources.length && !sources.some((s) => ["drand", "lottery"].includes(s.kind)) ? own(TEXT).rests(sources.map((s) => w("sourceName")(w("chanceKinds")[s.kind], s.witness ?? s.commitments?.map((c) => c.party).join("、") ?? "")).join("; ")) : "";
}
/** A link to a part of the page. The address keeps the language, so the page is not moved by it. */
const link = (id, text) => el("a", { href: `#${id}`, onclick: (e) => {
  const target = document.getElementById(id);
  e.preventDefault();
  if (!target) return;
  target.setAttribute("tabindex", "-1");
  target.scrollIntoView();
  target.focus({ preventScroll: true });
} }, text);

/** The questions, with the answers of the draw that is shown. */
export function guidePart() {
  const t = own(TEXT), draw = drawOf(state.current), { record } = draw, { policy, seal, sample } = record, cells = cellsOf(record.table);
  const shown = cells.map((_, i) => i).filter((i) => sample[i].picks.length), sizes = sizesOf(policy, cells), phrases = phrasesOf(policy, cells, sample);
  shown.sort((a, b) => (sizes[a] < sizes[b] ? -1 : sizes[a] > sizes[b] ? 1 : 0));
  const chance = (i) => phrases[i][0], low = shown.length ? chance(shown[0]) : "", high = shown.length ? chance(shown.at(-1)) : "";
  const spoke = seal.beacon.sources.map((s) => s.at).sort().at(-1), kinds = [...new Set(seal.beacon.sources.map((s) => s.kind))].map((k) => w("sourceKinds")[k] ?? k).join(w("comma"));
  const fates = [...draw.fates.values()], count = (s) => fates.filter((f) => f.state === s).length, picks = sample.reduce((s, c) => s + c.picks.length, 0);
  const numbers = { visited: count("visited"), missed: count("missed"), replaced: count("replaced") }, results = new Map();
  numbers.pending = Math.max(0, picks - numbers.visited - numbers.missed);
  for (const f of fates) if (f.state === "visited") results.set(f.result, (results.get(f.result) ?? 0) + 1);
  const found = fates.length && numbers.visited + numbers.missed + numbers.replaced ? `${t.foundSay(numbers)}${results.size ? `${w("colon")}${[...results].sort((a, b) => b[1] - a[1]).map(([c, n]) => `${phraseOf(c, draw.phrases, state.language)} ${n}`).join(w("comma"))}` : ""}${w("stop")}` : t.nothing;
  const verdict = verdictShown();
  // Where there is no notice, the table of institutions has the results.
  const item = (id, question, ...answer) => el("li", {}, link(id, question), " ", el("span", {}, ...answer));
  return el("nav", { id: "guide", "aria-labelledby": "guide-title" }, el("h2", { id: "guide-title" }, t.title), el("ol", {},
    item("table", t.who, t.whoSay(picks, cells.reduce((s, c) => s + c.count, 0), seal.frame.size, dayHere(spoke))),
    item("why", t.why, t.whySay(dayHere(seal.sealed_at), `${dayHere(spoke)} ${kinds}`)),
    item("chances", t.likely, low === high ? t.likelyOne(low) : t.likelySay(low, high)),
    item("trust", t.fixed, el("span", { class: verdict ?? "" }, verdict ? t.fixedSay[verdict] : t.waiting)),
    item(document.getElementById("official") ? "notice-table" : "table", t.found, bdi(found))),
  el("p", {}, `${t.more}${w("colon")}`, ...Object.entries(t.sections).filter(([id]) => document.getElementById(id) ?? document.getElementById(`slot-${id}`)?.firstChild)
    .map(([id, text], k) => [k ? " · " : "", link(document.getElementById(id) ? id : `slot-${id}`, text)])));
}
/** What can be said of the draw: of its ledger if there is one that has it, else of its record. */
export function verdictShown() {
  const { report } = state;
  if (!report || report.failed) return null;
  const mine = report.draws[state.current], record = mine?.unusable ? "refuted" : mine?.verdict;
  const { seal, beacon } = evidence(state.current), own = seal && beacon ? record : record === "confirmed" ? "self-consistent" : record;
  // A ledger says nothing of a draw that it does not have.
  if (report.outside.includes(state.current)) return own === "refuted" ? "refuted" : "outside";
  const all = report.ledger ? [report.ledger.unusable ? "refuted" : report.ledger.verdict, report.folder?.verdict, ...(record === "refuted" ? [record] : [])] : [own];
  // The ledger holds with evidence of the reader, and the folder has what this page does not look at.
  if (!all.includes("refuted") && report.ledger?.verdict === "confirmed" && report.folder?.verdict === "self-consistent") return "partly";
  return ["refuted", "self-consistent", "confirmed"].find((v) => all.includes(v)) ?? null;
}
