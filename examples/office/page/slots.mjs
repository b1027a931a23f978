// Places of the page that are filled later.
import { why } from "./verify/bytes.mjs";
import { el } from "./ui.mjs";
import { w } from "./state.mjs";
import { say } from "./checkwords.mjs";

/** When what stands on the page is painted. */
export const painted = (run) => requestAnimationFrame(() => setTimeout(run));
/** A place that the verifier fills when it is done. */
export const slot = (id) => el("div", { id: `slot-${id}`, class: "slot" });
export function put(id, ...parts) {
  document.getElementById(`slot-${id}`)?.replaceChildren(...parts.filter(Boolean));
}
/** A part of the page; a document that cannot be read says so in its place. */
export function guarded(make) {
  try { return make(); } catch (e) {
    return el("section", { class: "verdict refuted", role: "alert" }, el("h2", {}, w("unusable")), el("p", {}, say(e.reason ?? why`a document here has not the form of its kind`), e.reason ? null : [" ", el("code", { lang: "en" }, String(e.message))]));
  }
}
/** A check against what was obtained elsewhere is not run where nothing was: that the publisher's own copies agree says little. */
export const ownCopies = (checks, given) => checks.map((c) => (c.result === "pass" && given[c.name] === false ? { ...c, result: "not run", reason: why`you gave nothing: only the publisher's own copies agree` } : c));
