// The answer for one institution: drawn or not, why, how likely, and what became of it.
import { ticketOf } from "./verify/lot.mjs";
import { el, bdi, row } from "./ui.mjs";
import { state, w } from "./state.mjs";
import { drawnTeam, label, phrasesOf, teamOf } from "./draw.mjs";
import { called, inWords } from "./fates.mjs";

const MOST = 12;
export function askPart(draw, suite, cells) {
  const { record } = draw, answer = el("div", { role: "status", id: "answer" }), input = el("input", { id: "one", type: "search", onchange: (e) => ask(e.target.value) });
  const shownIn = new Set(record.sample.flatMap((c) => [...c.picks, ...c.reserves].map((u) => u.id)));
  // Who came in the place of another without being named in the record.
  const others = () => [...draw.fates].filter(([id, f]) => f.instead && !shownIn.has(id)).map(([id]) => ({ u: { id } }));
  const all = () => [...others(), ...record.sample.flatMap((c, i) => [...c.picks.map((u, at) => ({ c, i, u, at, picked: true })), ...c.reserves.map((u, at) => ({ c, i, u, at }))])];
  function ask(text) {
    const id = text.trim(), low = id.toLowerCase();
    if (!id) return answer.replaceChildren();
    const shown = all(), name = (x) => draw.names.get(x.u.id) ?? "", exact = shown.find((x) => x.u.id === id || name(x) === id);
    const found = exact ? [exact] : shown.filter((x) => `${x.u.id} ${name(x)}`.toLowerCase().includes(low));
    if (found.length === 1) return answer.replaceChildren(one(found[0]));
    if (found.length === 0) return answer.replaceChildren(el("p", {}, w("notShown")));
    const choose = (x) => el("li", {}, el("button", { type: "button", onclick: () => { input.value = x.u.id; ask(x.u.id); } }, bdi(`${x.u.id} ${name(x)}`)));
    answer.replaceChildren(el("p", {}, w("several")(found.length)), el("ul", { class: "plain" }, found.slice(0, MOST).map(choose)));
  }
  function one({ c, i, u, at, picked }) {
    if (c === undefined) {
      const fate = draw.fates.get(u.id), team = teamOf(draw, u.id, []);
      return el("dl", {}, row(w("id"), bdi(`${u.id} ${draw.names.get(u.id) ?? ""}`)), row(w("lot"), bdi(w("cameFor")(called(draw.names, fate.instead)))),
        row(w("result"), bdi(inWords(fate, draw.phrases, state.language, draw.names))), team ? row(w("team"), bdi(team)) : []);
    }
    const ticket = ticketOf(suite, record.seed, u.pseudonym), fate = draw.fates.get(u.id), came = Boolean(fate?.instead);
    const visit = record.teams.visits.find((v) => v.unit === u.id), drawn = drawnTeam(visit), team = picked || came ? teamOf(draw, u.id, drawn) : "";
    // A reserve that nobody needed is not visited.
    const now = picked || came ? inWords(fate ?? { state: "pending" }, draw.phrases, state.language, draw.names) : w("notUsed");
    const sameTeam = [...drawn].sort().join(" ") === team.split(" ").sort().join(" ");
    return el("dl", {}, row(w("id"), bdi(`${u.id} ${draw.names.get(u.id) ?? ""}`)), row(w("lot"), picked ? w("picked") : `${w("reserve")} — ${w("place")} ${at + 1}`),
      row(w("result"), bdi(now)), team ? row(w("team"), bdi(team)) : [], picked && drawn.length && !sameTeam ? row(w("teamDrawn"), bdi(drawn.join(" "))) : [],
      row(w("chance"), phrasesOf(record.policy, cells, record.sample)[i]), row(w("cell"), cells[i].path.map((x) => w("paths")[x] ?? label(record.policy, x)).join(" / ")),
      row(w("ticket"), el("code", {}, u.ticket)), row(w("recomputed"), [el("code", {}, ticket), ` ${ticket === u.ticket ? w("same") : w("differs")}`]),
      row(w("cutoff"), el("code", {}, c.cutoff ?? w("none"))), row(w("whyThis"), picked ? w("whyPicked") : w("whyNotPicked")));
  }
  return el("div", {}, el("label", { for: "one" }, w("askText") + " "), input, answer);
}
