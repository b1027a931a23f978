// The answer for one institution: drawn or not, why, how likely, and what became of it, in every draw of the folder.
import { ONE, cellsOf, sizesOf, ticketOf } from "./verify/lot.mjs";
import { suiteOf } from "./verify/policy.mjs";
import { el, bdi, row } from "./ui.mjs";
import { state, w } from "./state.mjs";
import { draws } from "./files.mjs";
import { drawName, drawOf, drawnTeam, label, phrasesOf, teamOf, tell } from "./draw.mjs";
import { called, inWords } from "./fates.mjs";

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
    row(w("chance"), chance), row(w("group"), group), row(w("cell"), cells[i].path.map((x) => w("paths")[x] ?? label(record.policy, x)).join(" / ")),
    row(w("whyThis"), picked ? (size >= ONE ? w("whyCertain") : w("whyPicked")) : w("whyNotPicked")),
    row(w("ticket"), el("code", {}, u.ticket)), row(w("recomputed"), [el("code", {}, ticket), ` ${ticket === u.ticket ? w("same") : w("differs")}`]),
    row(w("cutoff"), el("code", {}, c.cutoff ?? w("none"))));
}
export function askPart() {
  const answer = el("div", { role: "status", id: "answer" }), input = el("input", { id: "one", type: "search", onchange: (e) => ask(e.target.value) });
  function ask(text) {
    const id = text.trim(), low = id.toLowerCase();
    if (!id) return answer.replaceChildren();
    // The draw that is shown stands first.
    const all = [state.current, ...draws().filter((d) => d !== state.current)].flatMap(named), exact = all.filter((x) => x.id === id || x.name === id);
    const found = exact.length ? exact : all.filter((x) => `${x.id} ${x.name}`.toLowerCase().includes(low)), ids = [...new Set(found.map((x) => x.id))];
    if (ids.length === 0) return answer.replaceChildren(el("p", {}, w("notShown")));
    if (ids.length === 1) return answer.replaceChildren(...all.filter((x) => x.id === ids[0]).map((x) => el("div", {}, el("h3", {}, drawName(x.folder)), one(x))));
    const choose = (one_) => el("li", {}, el("button", { type: "button", onclick: () => { input.value = one_; ask(one_); } }, bdi(`${one_} ${found.find((x) => x.id === one_).name}`)));
    answer.replaceChildren(el("p", {}, w("several")(ids.length)), el("ul", { class: "plain" }, ids.slice(0, MOST).map(choose)));
  }
  return el("div", {}, el("label", { for: "one" }, w("askText") + " "), input, " ", el("button", { type: "button", id: "ask-go", onclick: () => ask(input.value) }, w("askGo")), answer);
}
