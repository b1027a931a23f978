// Verdicts of records and receipts, with their checks.
import { el, colon } from "./ui.mjs";
import { state, w } from "./state.mjs";
import { drawName, drawOf } from "./draw.mjs";
import { checkList, failures } from "./ledgerpage.mjs";

/** The reader says whether he has seal and values from elsewhere: what lies beside the record is the publisher's own copy. */
function capped(whole) {
  return whole.verdict === "confirmed" && !state.elsewhere ? { ...whole, verdict: "self-consistent" } : whole;
}
function elsewherePart(again) {
  const mark = (e) => { state.elsewhere = e.target.checked; again(); document.getElementById("elsewhere")?.focus(); };
  return [el("p", {}, w("own")), el("p", {}, el("label", {}, el("input", { id: "elsewhere", type: "checkbox", checked: state.elsewhere, onchange: mark }), ` ${w("elsewhere")}`))];
}
export function verdictPart(whole, title, extra, id = "receipt-verdict") {
  const report_ = capped(whole);
  const words = { confirmed: w("confirmed"), refuted: w("refuted"), "self-consistent": w("self") }[report_.verdict];
  const failed = report_.checks.some((c) => c.result === "fail");
  return el("section", { class: `verdict ${report_.verdict}`, "aria-labelledby": id },
    el("h2", { id }, `${title}${colon()}${words}`), failures(report_.checks, w), ...extra,
    el("details", { open: failed }, el("summary", {}, w("checks")), checkList(report_.checks, w)));
}
/** The verdict of the record. A checkpoint of its ledger does not raise it: one that was first kept after the draw does not show that the seal came before it. */
export function recordVerdict(whole, again) {
  const draw = drawOf(state.current);
  const lacking = [draw.seal ? null : w("raiseSeal"), draw.beacon ? null : w("raiseBeacon")].filter(Boolean);
  return verdictPart(whole, state.base === null ? w("verdict") : w("recordTitle")(drawName(state.current)), [...(draw.seal || draw.beacon ? elsewherePart(again) : []),
    lacking.length ? el("p", {}, `${w("raise")}: ${lacking.join(" ")}`) : null], "verdict");
}
/** What the three verdicts mean. */
export const legendPart = () => el("details", { id: "legend" }, el("summary", {}, w("legend")), el("dl", {}, ["confirmed", "self", "refuted"].map((v) => [el("dt", {}, w(v)), el("dd", {}, w("legendOf")[v])])), el("p", {}, w("legendEnd")));
