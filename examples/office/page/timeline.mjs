// The story of a draw of which there is no ledger, by the days of its documents.
import { secondOf, dayOf } from "./verify/forms.mjs";
import { el, bdi, moment } from "./ui.mjs";
import { w } from "./state.mjs";

export function timeline(draw) {
  const { record, entries } = draw, { policy, seal } = record, all = [];
  const add = (at, what, basis) => all.push({ at, what, basis });
  add(policy.as_of, w("rulesFixed"), "policy");
  add(seal.sealed_at, w("sealed"), "seal.json");
  for (const e of entries.filter((x) => x.kind === "published")) add(e.at, `${w("published")} (${e.what})`, `ledger.jsonl #${e.number}`);
  for (const s of seal.beacon.sources) add(s.at, `${w("spoke")}: ${s.kind} ${s.witness ?? s.game ?? s.round ?? ""}`, "seal.json");
  const drawn = entries.find((e) => e.kind === "drawn");
  if (drawn) add(drawn.at, w("computed"), `ledger.jsonl #${drawn.number}`);
  add(policy.window.from, w("windowOpens"), "policy");
  const results = entries.filter((e) => e.kind === "visited");
  if (results.length) add(results.at(-1).at, `${w("visited")}: ${results.length}`, `ledger.jsonl #${results[0].number} – #${results.at(-1).number}`);
  add(policy.window.to, w("windowCloses"), "policy");
  const time = (x) => secondOf(x) ?? dayOf(x) * 86400, wrong = (x) => x.what.startsWith(w("spoke")) && time(x.at) <= time(seal.sealed_at);
  all.sort((a, b) => time(a.at) - time(b.at));
  return el("ol", { class: "timeline" }, all.map((x) => el("li", { class: wrong(x) ? "wrong" : "" }, moment(x.at), " ",
    bdi(x.what), el("small", {}, ` ${w("basis")}: ${x.basis}`), wrong(x) ? el("strong", {}, ` ${w("redline")}`) : null)));
}
