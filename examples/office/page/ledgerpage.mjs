// The ledger on the page: its verdict, the first entry that does not follow, the story of every draw, and what to look at.
import { isReason } from "./verify/bytes.mjs";
import { el, bdi, section, row, moment, clock, colon, grid, inChina } from "./ui.mjs";
import { own } from "./state.mjs";
import { drawName } from "./draw.mjs";
import { ownCopies } from "./slots.mjs";
import { TEXT, checkName, say } from "./checkwords.mjs";

/** The parts of a verified ledger. `w` gives words, `ask` what the reader gives: `kept`, `keys`, `today`, and `again()` to check anew. */
export function ledgerPart(ledger, w, ask, label, shown) {
  if (ledger.unusable) {
    return [el("section", { class: "verdict refuted", role: "alert" }, el("h2", {}, w("unusable")), el("p", {}, bdi(say(ledger.unusable))))];
  }
  return [verdict(ledger, w, ask), story(ledger, w, shown), matters(ledger, w, label)];
}

const MARK = { pass: "✓", fail: "✗", "not run": "○" };
/** Every check in words, with the name that the specification gives it; of one that fails, its two values. */
export function checkList(checks, w, kind) {
  const word = { pass: w("pass"), fail: w("fail"), "not run": w("notRun") }, t = own(TEXT);
  // A value, as the documents have it, is of no language.
  const value = (x) => (isReason(x) ? bdi(say(x)) : el("bdi", { lang: "en" }, String(x)));
  return el("ul", { class: "checks" }, checks.map((c) => el("li", { class: c.result.replace(" ", "-"), "data-check": c.name },
    el("span", { "aria-hidden": "true" }, `${MARK[c.result]} `), el("b", {}, checkName(t, c.name, kind)), " ", el("code", {}, c.name), ` ${word[c.result]}`,
    c.reason ? [inChina() ? "（" : " (", value(c.reason), inChina() ? "）" : ")"] : "",
    c.result === "fail" ? el("span", { class: "values" }, c.number ? ` ${w("entry")(c.number)} ` : " ",
      c.expected !== undefined ? [`${w("expected")} `, value(c.expected), "; "] : null, `${w("found")} `, value(c.found)) : null)));
}
/** The checks that failed, by name. */
export const failures = (checks, w, kind) => {
  const failed = checks.filter((c) => c.result === "fail");
  return failed.length ? el("p", { class: "failed" }, `${w("fail")}${colon()}`, failed.map((c, i) => [i ? w("comma") : "", checkName(own(TEXT), c.name, kind), " ", el("code", {}, c.name)])) : null;
};
function verdict(ledger, w, ask) {
  const { checks, broken, lacks } = ledger, failed = checks.some((c) => c.result === "fail");
  const words = { confirmed: w("confirmed"), refuted: w("refuted"), "self-consistent": w("self") }[ledger.verdict];
  const why = (lack) => w("lacks")[lack.split(" ")[0]]?.(lack.split(" ")[1]) ?? lack;
  const kept = el("textarea", { id: "kept", rows: 5, spellcheck: "false", autocomplete: "off" }), keys = el("textarea", { id: "keys", rows: 3, spellcheck: "false" });
  kept.value = ask.kept;
  keys.value = ask.keys;
  const give = () => ask.again({ kept: kept.value, keys: keys.value, today: document.getElementById("today").checked });
  return el("section", { class: `verdict ${ledger.verdict}`, "aria-labelledby": "ledger-verdict", id: "ledger" },
    el("h2", { id: "ledger-verdict" }, `${w("ledgerTitle")}${colon()}${words}`),
    failures(checks, w, "ledger"),
    failed && ask.kept !== "" && checks.some((c) => c.name === "checkpoint" && c.result === "fail") ? el("p", { class: "failed", id: "kept-fails" }, w("keptFails")) : null,
    broken ? el("p", { class: "failed", id: "broken" }, w("broken")(broken.number, w("rules")[broken.rule] ?? broken.rule), " ", el("small", {}, bdi(say(broken.why)))) : null,
    el("p", {}, w("ledgerSays")(ledger.entries, clock(new Date(ledger.end * 1000).toISOString()))),
    ledger.end * 1000 > Date.now() ? el("p", { class: "wrong", id: "future" }, w("future")(clock(new Date(ledger.end * 1000).toISOString()))) : null,
    ledger.verdict === "self-consistent" ? el("div", { id: "lacks" }, el("p", {}, w("raise")), el("ul", {}, lacks.map((l) => el("li", {}, why(l))))) : null,
    ask.offers.map(({ path, text }) => el("p", { class: "offer" }, w("offer")(path), " ",
      el("button", { type: "button", onclick: () => ask.again({ kept: `${ask.kept.trim()}\n${text.trim()}\n`.trimStart() }) }, w("offerUse")))),
    ask.valueOffers.map(({ path, text }) => el("p", { class: "offer values" }, w("offerValues")(path), " ",
      el("button", { type: "button", onclick: () => ask.again({ values: [...ask.values, [path.split("/").pop(), text]] }) }, w("offerValuesUse")))),
    ask.values.length ? el("p", { id: "values-used" }, w("valuesUsed")(ask.values.map(([file]) => file).join(", "))) : null,
    ask.unread.others.length ? el("p", { role: "alert", class: "wrong", id: "others" }, w("otherLedger")(ask.unread.others.join(", "), ask.unread.named)) : null,
    el("details", { id: "evidence", open: ask.kept !== "" || ask.keys !== "" || ask.today }, el("summary", {}, w("give")),
      el("p", {}, el("label", { for: "kept" }, w("keptText"))), kept, el("p", {}, el("small", {}, w("keptShape")), el("br"), el("code", {}, w("keptExample"))),
      ledger.origin?.quorum ? [el("p", {}, el("label", { for: "keys" }, w("keysText")(ledger.origin.quorum))), keys] : el("span", { hidden: true }, keys),
      el("p", {}, el("label", {}, el("input", { type: "checkbox", id: "today", checked: ask.today }), ` ${w("today")}`)),
      ask.unread.kept + ask.unread.keys > 0 ? el("p", { role: "alert", class: "wrong", id: "unread" }, w("unread")) : null,
      el("button", { type: "button", id: "give", onclick: give }, w("checkAgain"))),
    el("details", { open: failed }, el("summary", {}, w("checks")), checkList(ownCopies(checks, { checkpoint: ask.kept !== "" || ask.keys !== "" }), w, "ledger")));
}
const sourceWords = (s, w) => `${w("kinds")[s.kind]} ${s.witness ?? (s.game ? `${s.game} ${s.issue}` : s.round ?? s.commitments?.map((c) => c.party).join("、") ?? "")}`;
function story(ledger, w, shown) {
  const step = (x) => {
    const bad = x.wrong || x.late, text = w("steps")[x.what], more = [];
    if (x.source) more.push(" ", bdi(sourceWords(x.source, w)));
    if (x.id) more.push(" ", bdi(x.id));
    if (x.count !== undefined) more.push(` (${x.count})`);
    if (x.reason) more.push(`: ${w("voids")[x.reason] ?? x.reason}${x.after ? ` — ${w("afterValue")}` : ` — ${w("beforeValue")}`}`);
    return el("li", { class: bad ? "wrong" : "" }, moment(x.at), " ", text, ...more,
      x.number ? el("small", {}, ` ${w("entry")(x.number)}`) : null,
      x.what === "published_seal" && x.wrong ? el("strong", {}, ` ${w("redline")}`) : x.late ? el("strong", {}, ` ${w("lateWord")}`) : null);
  };
  const broken = ledger.broken ? el("p", { class: "wrong" }, w("brokenStory")(ledger.broken.number)) : null;
  // The draw that is shown stands open, the others can be opened.
  const name = (s) => `${drawName(s.name)}${s.void ? ` — ${w("isVoid")}` : ""}${s.overdue ? ` — ${w("isOverdue")}` : ""}`;
  const wrong = (s) => s.steps.some((x) => x.wrong || x.late), open = (s) => shown === undefined || s.name === shown || wrong(s) || ledger.stories.length === 1;
  return section("story", w("storyTitle"), ledger.stories.length === 0 ? el("p", {}, w("noDraws")) : null, ledger.stories.map((s) => el("details", { class: "draw", open: open(s) },
    el("summary", {}, el("h3", {}, name(s))), s.secretUntil && !s.disclosed ? el("p", {}, w("closedUntil")(s.secretUntil)) : null,
    el("ol", { class: "timeline" }, s.steps.map(step)))), broken);
}
const LIMIT = 200;
function listed(id, title, heads, rows, w) {
  if (rows.length === 0) return null;
  const shown = rows.slice(0, LIMIT);
  return el("div", { class: "listed", id }, el("h3", {}, `${title} (${rows.length})`), grid(title, heads, shown),
    rows.length > LIMIT ? el("p", {}, `${w("shown")} ${LIMIT} ${w("of")} ${rows.length}`) : null);
}
function matters(ledger, w, label) {
  const { told, lists, late } = ledger, by = (e) => inChina() ? `${e.approval.by}（${w("levels")[e.approval.level]}）` : `${e.approval.by} (${w("levels")[e.approval.level]})`, reason = (r) => w("reasons")[r] ?? r;
  const E = w("entryHead"), parts = [
    listed("l-voids", w("l").voids, [E, w("draw"), w("reason"), w("approved"), w("when_")], told.void.map((e) => [e.number, `${e.draw}.${e.attempt}`,
      w("voids")[e.reason], by(e), lists.voids.find(([n]) => n === e.number)?.[1] === "after" ? w("afterValue") : w("beforeValue")]), w),
    lists.further_attempts ? el("p", { id: "l-redraws" }, `${w("l").redraws}: ${ledger.stories.filter((s) => !s.name.endsWith(".1")).map((s) => s.name).join(", ")}`) : null,
    listed("l-silent", w("l").silent, [E, w("draw"), w("source"), w("approved")], told.silent.map((e) => [e.number, `${e.draw}.${e.attempt}`, e.source, by(e)]), w),
    listed("l-replaced", w("l").replaced, [E, w("id"), w("by"), w("reason"), w("date"), w("approved")],
      told.replaced.map((e) => [e.number, e.unit, e.by, reason(e.reason), e.date, by(e)]), w),
    listed("l-missed", w("l").missed, [E, w("id"), w("reason"), w("date"), w("approved")], told.missed.map((e) => [e.number, e.unit, reason(e.reason), e.date, by(e)]), w),
    listed("l-out", w("l").out, [E, w("person"), w("reason"), w("dates"), w("approved")],
      told.dropped_out.map((e) => [e.number, e.out, reason(e.reason), `${e.dates.from} – ${e.dates.to}`, by(e)]), w),
    listed("l-moves", w("l").moves, [E, w("id"), w("person"), w("cameIn"), w("approved")], told.reassigned.flatMap((e) => (e.moves.length === 0
      ? [[e.number, w("none"), w("none"), w("none"), by(e)]] : e.moves.map((m) => [e.number, m.unit, m.out, m.by, by(e)]))), w),
    listed("l-amended", w("l").amended, [E, w("amends"), w("id"), w("reason"), w("approved")], told.amended.map((e) => [e.number, e.amends,
      `${e.entry.unit}${e.entry.kind === "withdrawn" ? ` — ${w("withdrawn")}` : ""}`, w("amendReasons")[e.reason], by(e)]), w),
    listed("l-late", w("l").late, [E, w("operator"), w("kind_"), w("at")], late.map((e) => [e.number, e.actor, w("entryKinds")[e.kind] ?? e.kind, moment(e.at)]), w),
    listed("l-outside", w("l").outside, [E], lists.outside.map((n) => [n]), w),
    listed("l-left", w("l").left, [E, w("batch")], lists.left_out, w),
    listed("l-pending", w("l").pending, [w("draw"), w("due"), w("units_")], lists.pending.map(([[s, a], units, day]) => [`${s}.${a}`, day ?? w("none"),
      Array.isArray(units) ? `${units.length}: ${units.slice(0, 20).join(", ")}${units.length > 20 ? " …" : ""}` : units]), w),
    listed("l-days", w("l").days, [E], lists.other_days.map((n) => [n]), w), listed("l-window", w("l").window, [E], lists.outside_window.map((n) => [n]), w),
    listed("l-teams", w("l").teams, [E], lists.other_teams.map((n) => [n]), w),
    listed("l-files", w("l").files, [w("draw"), w("file")], lists.missing_files.map(([s, a, f]) => [`${s}.${a}`, f]), w),
    listed("l-again", w("l").again, [E, w("id"), w("reason"), w("date"), w("foundIn"), w("drawnIn")], ledger.again.map((x) => [x.number, x.unit, reason(x.reason), x.date, drawName(x.before), drawName(x.now)]), w),
    listed("l-closed", w("l").closed, [w("draw"), w("entries_"), w("disclosedBy")], lists.closed_lines.map(([[s, a], numbers, until]) => [`${s}.${a}`, numbers.join(", "), until ?? w("none")]), w),
    listed("l-clock", w("l").clock, [E, w("from_"), w("approved")], told.clock.map((e) => [e.number, e.from, by(e)]), w),
    listed("l-inspected", w("l").inspected, [E, w("id"), w("date"), w("approved")], told.inspected.map((e) => [e.number, e.unit, e.date, by(e)]), w),
  ].filter(Boolean);
  const actors = Object.entries(lists.actors).map(([actor, r]) => [actor, r.entries, r.seals, r.draws, r.voids_before + r.voids_after, r.replacements,
    r.reassignments, r.amendments, r.late]);
  return section("matters", w("mattersTitle"), parts.length ? parts : el("p", {}, w("nothing")), restsOn(ledger, w),
    listed("l-actors", w("l").actors, [w("operator"), ...w("counts")], actors, w));
}
function restsOn({ lists }, w) {
  const own = lists.rests_on.filter(([, , on]) => on.length);
  return own.length ? el("div", {}, el("h3", {}, w("restsTitle")), el("ul", {}, own.map(([s, a, on]) => el("li", {}, `${s}.${a}: `, bdi(on.map((x) => sourceWords(x, w)).join("; ")))))) : null;
}
/** Receipts, absences and openings, in words. */
export function paperPart(p, w, label, receiptVerdict) {
  if (p.unusable) return el("section", { class: "verdict refuted", role: "alert" }, el("h2", {}, w("unusable")), el("p", {}, bdi(`${p.path}: ${say(p.unusable)}`)));
  if (p.kind === "receipt") return receiptVerdict(p);
  const state = p.holds === null ? "self-consistent" : p.holds ? "confirmed" : "refuted", text = [];
  if (p.kind === "absence") text.push(w("absence")[p.holds === null ? "unknown" : p.holds ? "holds" : "fails"](p.unit, p.draw));
  else {
    text.push(w("opening")[p.holds === null ? "unknown" : p.holds ? "holds" : "fails"](p.unit, p.draw, p.entry));
    if (p.holds && !p.last) text.push(w("opening").changed);
  }
  const visit = p.visit && el("dl", {}, row(w("id"), bdi(p.visit.unit)), row(w("day"), p.visit.day ?? w("none")), row(w("lead"), bdi(p.visit.lead ?? w("none"))),
    row(w("team"), bdi([...p.visit.posts.flatMap((x) => x.officers), ...(p.visit.experts ?? []).flatMap((x) => x.experts)].map((o) => o.id).join("、"))));
  return el("section", { class: `verdict ${state}`, "data-paper": p.kind }, el("h2", {}, `${w(p.kind + "Title")} ${p.unit}`), text.map((t) => el("p", {}, t)), visit);
}
/** The verdict of the folder: that of the ledger, and what else keeps it from more. */
export function folderPart(folder, w) {
  const words = { confirmed: w("confirmed"), refuted: w("refuted"), "self-consistent": w("self") }[folder.verdict], by = new Map();
  for (const x of folder.why) by.set(x.reason, { rank: x.rank, all: [...by.get(x.reason)?.all ?? [], ...(x.what ? [x.what] : [])] });
  const shown = (all) => [...new Set(all.map(say))].slice(0, 12).join(", ") + (new Set(all).size > 12 ? " …" : "");
  return el("section", { class: `verdict ${folder.verdict}`, id: "folder-verdict", "aria-labelledby": "folder-title" },
    el("h2", { id: "folder-title" }, `${w("folderTitle")}${colon()}${words}`), el("p", {}, w("folderText")),
    by.size ? el("ul", {}, [...by].sort((a, b) => a[1].rank - b[1].rank).map(([reason, { rank, all }]) => el("li", { class: rank === 0 ? "wrong" : "", "data-reason": reason },
      w("folderWhy")[reason], all.length ? [colon(), bdi(shown(all))] : ""))) : null);
}
/** What index.json says of the files, and what lies there. */
export function filesPart(index, w) {
  if (index.unusable) return el("section", { class: "verdict refuted", role: "alert" }, el("h2", {}, w("filesTitle")), el("p", {}, bdi(say(index.unusable))));
  const bad = index.rows.filter((r) => r.state === "differs" || r.state === "missing"), words = w("fileStates");
  const rows = index.rows.map((r) => [r.file, w("fileKinds")[r.what] ?? r.what, el("span", { class: ["differs"].includes(r.state) ? "wrong" : "" }, words[r.state]),
    r.since ? moment(r.since) : w("none"), r.sha256 ? el("code", {}, r.sha256) : w("none")]);
  return section("files-there", w("filesTitle"), el("p", { class: bad.some((r) => r.state === "differs") ? "wrong" : "", role: "status" }, w("filesSay")(index.rows.length, bad.length)),
    el("details", { open: bad.length > 0 }, el("summary", {}, w("filesAll")), grid(w("filesTitle"), [w("file"), w("what"), w("state"), w("since"), "SHA-256"], rows)));
}
