// The answer for one institution: drawn or not, why, how likely, and what became of it, in every draw of the folder.
import { ONE, cellsOf, sizesOf, ticketOf } from "./verify/lot.mjs";
import { suiteOf } from "./verify/policy.mjs";
import { el, bdi, row } from "./ui.mjs";
import { state, w } from "./state.mjs";
import { draws } from "./files.mjs";
import { drawName, drawOf, drawnTeam, pathNames, phrasesOf, teamOf, tell } from "./draw.mjs";
import { standingOf } from "./standing.mjs";
import { called, inWords } from "./fates.mjs";
import { lastNotice } from "./notice.mjs";

const MOST = 12;
/** Everybody that a draw names: picks, reserves, and who came in the place of another without being named in the record. */
function named(folder) {
  const draw = drawOf(folder);
  if (!draw.record) return [];
  try { if (state.base !== null && draw.entries.length === 0) tell(draw); } catch { draw.entries = []; }
  const { sample } = draw.record, name = (id) => draw.names.get(id) ?? "", all = sample.flatMap((c, i) => [...c.picks.map((u, at) => ({ c, i, u, at, picked: true })), ...c.reserves.map((u, at) => ({ c, i, u, at }))]);
  const shown = new Set(all.map((x) => x.u.id)), others = [...draw.fates].filter(([id, f]) => f.instead && !shown.has(id)).map(([id]) => ({ u: { id } }));
  return [...others, ...all].map((x) => ({ ...x, draw, folder, id: x.u.id, name: name(x.u.id) }));
}
/** What a draw says of one institution. */
function one({ draw, c, i, u, at, picked }) {
  const fate = draw.fates.get(u.id), { record } = draw, who = row(w("id"), bdi(`${u.id} ${draw.names.get(u.id) ?? ""}`));
  if (c === undefined) {
    const team = teamOf(draw, u.id, []);
    return el("dl", {}, who, row(w("lot"), bdi(w("cameFor")(called(draw.names, fate.instead)))),
      row(w("result"), bdi(inWords(fate, draw.phrases, state.language, draw.names))), team ? row(w("team"), bdi(team)) : []);
  }
  const suite = suiteOf(record.policy), cells = cellsOf(record.table), size = sizesOf(record.policy, cells)[i], [chance, group] = phrasesOf(record.policy, cells, record.sample)[i];
  const ticket = ticketOf(suite, record.seed, u.pseudonym), came = Boolean(fate?.instead);
  const visit = record.teams.visits.find((v) => v.unit === u.id), drawn = drawnTeam(visit), team = picked || came ? teamOf(draw, u.id, drawn) : "";
  // A reserve that nobody needed is not visited.
  const now = picked || came ? inWords(fate ?? { state: "pending" }, draw.phrases, state.language, draw.names) : w("notUsed");
  const sameTeam = [...drawn].sort().join(" ") === team.split(" ").sort().join(" ");
  return el("dl", {}, who, row(w("lot"), picked ? w("picked") : `${w("reserve")} — ${w("place")} ${at + 1}`),
    row(w("result"), bdi(now)), team ? row(w("team"), bdi(team)) : [], picked && drawn.length && !sameTeam ? row(w("teamDrawn"), bdi(drawn.join(" "))) : [],
    row(w("chance"), chance), row(w("group"), group), row(w("cell"), pathNames(record.policy, cells[i].path).join(" / ")),
    row(w("whyThis"), picked ? (size >= ONE ? w("whyCertain") : w("whyPicked")) : w("whyNotPicked")),
    row(w("ticket"), el("code", {}, u.ticket)), row(w("recomputed"), [el("code", {}, ticket), ` ${ticket === u.ticket ? w("same") : w("differs")}`]),
    row(w("cutoff"), el("code", {}, c.cutoff ?? w("none"))));
}
/** The rows of the auditor's frame files, where they were dropped in: who is on the register, drawn or not. */
const framed = () => draws().flatMap((folder) => (drawOf(folder).frame?.units ?? []).map((unit) => ({ folder, unit, id: unit.id, name: unit.name })));
/** What a draw says of one that is on its frame and that it does not name: its ticket, and every cell that can have it. */
function notDrawn({ folder, unit }) {
  const { record, frame } = drawOf(folder), who = row(w("id"), bdi(`${unit.id} ${unit.name}`));
  if (!record) return el("dl", {}, who, row(w("lot"), w("notOpenYet")));
  const { policy, table, sample } = record, { word, ticket, cells: own, why } = standingOf(record, frame, unit), cells = cellsOf(table), phrases = phrasesOf(policy, cells, sample);
  const said = (i) => `${pathNames(policy, cells[i].path).join(" / ")}${w("colon")}${phrases[i].join(w("comma"))}${w("comma")}${w("cutoff")} ${sample[i].cutoff ?? w("none")}`;
  return el("dl", {}, who, row(w("lot"), w(word)), own.length === 0 ? [] : [row(w("ticket"), [el("code", {}, ticket), ` ${w("ticketOwn")}`]),
    row(own.length > 1 ? w("cellOneOf") : w("cell"), own.length > 1 ? el("ul", {}, own.map((i) => el("li", {}, bdi(said(i))))) : bdi(said(own[0])))], why ? row(w("whyThis"), w(why)) : []);
}
/** Of one that no draw names, in one answer: what the reader's own papers say of it, or how it comes to such papers. */
function unnamed(id) {
  const papers = (state.report?.papers ?? []).filter((p) => !p.unusable && (p.unit === id || p.name === id)), facts = draws().map((d) => { try { return lastNotice(state.files, d)?.notice.facts; } catch { return undefined; } }).findLast(Boolean) ?? {};
  const absent = papers.find((p) => p.kind === "absence" && p.holds), receipt = papers.find((p) => p.kind === "receipt");
  if (absent) return el("p", { id: "not-shown" }, w("askAbsent")(id, absent.draw));
  if (receipt) return el("p", { id: "not-shown" }, w("askReceipt")(receipt.unit, receipt.draw, receipt.fate?.kind), " ", el("a", { href: "#slot-papers", onclick: (e) => { e.preventDefault(); document.getElementById("slot-papers").scrollIntoView(); } }, w("receipt")));
  return el("div", { id: "not-shown" }, el("p", {}, w("notShown")), el("p", {}, bdi(w("askHow")(facts.issuer ?? "", facts.phone ?? ""))));
}
export function askPart() {
  const answer = el("div", { role: "status", id: "answer" }), input = el("input", { id: "one", type: "search", onchange: (e) => ask(e.target.value) });
  function ask(text) {
    const id = text.trim(), low = id.toLowerCase();
    if (!id) return answer.replaceChildren();
    // The draw that is shown stands first.
    const order = [state.current, ...draws().filter((d) => d !== state.current)], drawn = order.flatMap(named), has = new Set(drawn.map((x) => `${x.folder} ${x.id}`));
    const all = [...drawn, ...framed().filter((x) => !has.has(`${x.folder} ${x.id}`))].sort((a, b) => order.indexOf(a.folder) - order.indexOf(b.folder)), exact = all.filter((x) => x.id === id || x.name === id);
    const found = exact.length ? exact : all.filter((x) => `${x.id} ${x.name}`.toLowerCase().includes(low)), ids = [...new Set(found.map((x) => x.id))];
    if (ids.length === 0) return answer.replaceChildren(unnamed(id));
    if (ids.length === 1) {
      const again = (state.report?.ledger?.again ?? []).filter((x) => x.unit === ids[0]).map((x) => el("p", { class: "wrong" }, w("askAgain")(drawName(x.before), w("reasons")[x.reason] ?? x.reason, drawName(x.now))));
      return answer.replaceChildren(...again, ...all.filter((x) => x.id === ids[0]).map((x) => el("div", {}, el("h3", {}, drawName(x.folder)), x.unit ? notDrawn(x) : one(x))));
    }
    const choose = (one_) => el("li", {}, el("button", { type: "button", onclick: () => { input.value = one_; ask(one_); } }, bdi(`${one_} ${found.find((x) => x.id === one_).name}`)));
    answer.replaceChildren(el("p", {}, w("several")(ids.length)), el("ul", { class: "plain" }, ids.slice(0, MOST).map(choose)));
  }
  return el("div", {}, el("label", { for: "one" }, w("askText") + " "), input, " ", el("button", { type: "button", id: "ask-go", onclick: () => ask(input.value) }, w("askGo")), answer);
}
