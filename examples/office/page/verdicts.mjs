// Verdicts of records and receipts, with their checks.
import { el, colon } from "./ui.mjs";
import { state, w } from "./state.mjs";
import { ownCopies } from "./slots.mjs";
import { drawName, drawOf } from "./draw.mjs";
import { baseName } from "./worker.mjs";
import { checkList, failures } from "./ledgerpage.mjs";

const brought = (folder = state.current) => state.brought.get(folder) ?? {};
const pathIn = (folder, n) => (folder ? `${folder}/${n}.json` : `${n}.json`);
/** Whether what the reader brought for a draw is evidence: it could be read, and of a draw of the ledger there are values of all its sources. */
export function evidence(folder) {
  const { seal, beacon } = brought(folder), { unread, folder: whole } = state.report ?? {}, reads = (n) => !unread?.own.includes(pathIn(folder, n));
  const ofLedger = state.base !== null && folder === `${state.base ? `${state.base}/` : ""}draws/${baseName(folder ?? "")}`;
  const lacks = ofLedger && (whole?.why ?? []).some((x) => x.reason === "ownValues" && x.what.startsWith(`${baseName(folder)} `));
  return { seal: Boolean(seal) && reads("seal"), beacon: Boolean(beacon) && reads("beacon") && !lacks };
}
/** What lies beside the record is the publisher's own copy: it confirms nothing, until the reader gives files that he obtained elsewhere. */
function capped(whole, folder) {
  const { seal, beacon } = evidence(folder), all = seal && beacon && state.report?.ledger?.verdict !== "refuted";
  return whole.verdict === "confirmed" && !all ? { ...whole, verdict: "self-consistent" } : whole;
}
function elsewherePart(again) {
  const take = async (e) => {
    const [known, others] = [true, false].map((is) => Array.from(e.target.files).filter((f) => ["seal.json", "beacon.json"].includes(f.name) === is));
    const files = Object.fromEntries(await Promise.all(known.map(async (f) => [f.name.replace(/\.json$/, ""), new Uint8Array(await f.arrayBuffer())])));
    state.brought.set(state.current, { ...brought(), ...files, others: others.map((f) => f.name) });
    again();
  };
  const { own = [] } = state.report?.unread ?? {}, given = ["seal", "beacon"].filter((n) => brought()[n]), left = [...given.filter((n) => own.includes(pathIn(state.current, n))).map((n) => `${n}.json`), ...brought().others ?? []];
  return [el("p", {}, w("own")), el("p", {}, el("label", { for: "brought", class: "button" }, w("elsewhere")), el("input", { id: "brought", type: "file", multiple: true, accept: ".json", class: "sr", onchange: take }),
    given.length ? ` ${w("broughtAre")}${given.map((n) => `${n}.json`).join(w("comma"))}` : ""), left.length ? el("p", { class: "wrong", role: "alert", id: "brought-not" }, `${w("broughtNot")}${left.join(w("comma"))}`) : null];
}
/** The verdict of a record or a receipt. `folder` is that of its draw: what the reader brought for another draw says nothing of it. */
export function verdictPart(whole, folder, title, extra, id = "receipt-verdict") {
  const { checks, verdict } = capped(whole, folder), report_ = { verdict, checks: ownCopies(checks, evidence(folder)) };
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
  return verdictPart(whole, state.current, state.base === null ? w("verdict") : w("recordTitle")(drawName(state.current)), [...(draw.seal || draw.beacon ? elsewherePart(again) : []),
    lacking.length ? el("p", {}, `${w("raise")}: ${lacking.join(" ")}`) : null], "verdict");
}
/** What the three verdicts mean. */
export const legendPart = () => el("details", { id: "legend" }, el("summary", {}, w("legend")), el("dl", {}, ["confirmed", "self", "refuted"].map((v) => [el("dt", {}, w(v)), el("dd", {}, w("legendOf")[v])])), el("p", {}, w("legendEnd")), el("h3", {}, w("glossary")), el("dl", {}, w("terms").map(([term, says]) => [el("dt", {}, term), el("dd", {}, says)])));
