// The answer for one institution.
import { ticketOf } from "./verify/lot.mjs";
import { el, bdi, row } from "./ui.mjs";
import { w } from "./state.mjs";
import { label, phrasesOf } from "./draw.mjs";

export function askPart(draw, suite, cells) {
  const { record } = draw, answer = el("div", { role: "status", id: "answer" });
  function ask(text) {
    const id = text.trim();
    if (!id) return answer.replaceChildren();
    for (const [i, c] of record.sample.entries()) {
      for (const [kind, units] of [["picked", c.picks], ["reserve", c.reserves]]) {
        const at = units.findIndex((u) => u.id === id || draw.names.get(u.id) === id);
        if (at < 0) continue;
        const u = units[at], ticket = ticketOf(suite, record.seed, u.pseudonym);
        return answer.replaceChildren(el("dl", {}, row(w("id"), bdi(`${u.id} ${draw.names.get(u.id) ?? ""}`)), row(w("result"), kind === "picked" ? w("picked") : `${w("reserve")} — ${w("place")}: ${at + 1}`),
          row(w("chance"), phrasesOf(record.policy, cells, record.sample)[i]), row(w("cell"), cells[i].path.map((x) => label(record.policy, x)).join(" / ")),
          row(w("ticket"), el("code", {}, u.ticket)), row(w("recomputed"), [el("code", {}, ticket), ` ${ticket === u.ticket ? w("same") : w("differs")}`]),
          row(w("cutoff"), el("code", {}, c.cutoff ?? w("none")))));
      }
    }
    return answer.replaceChildren(el("p", {}, w("notShown")));
  }
  return el("div", {}, el("label", { for: "one" }, w("askText") + " "), el("input", { id: "one", type: "search", onchange: (e) => ask(e.target.value) }), answer);
}
