// The page: takes published files, has them verified in the reader's browser, and shows them. It never makes HTML of texts.
import { answer, baseName } from "./worker.mjs";
import { dayHere, el, bdi, section, setOffset } from "./ui.mjs";
import { state, w } from "./state.mjs";
import { guarded, painted, put, slot } from "./slots.mjs";
import { bases, draws, inBase, notes, offers, valueOffers, packOf, parsed, read, walkEntry } from "./files.mjs";
import { drawName, drawOf, made } from "./draw.mjs";
import { ledgerPart, paperPart, folderPart, filesPart } from "./ledgerpage.mjs";
import { say } from "./checkwords.mjs";
import { recordVerdict, verdictPart } from "./verdicts.mjs";
import { figuresSlot } from "./figures.mjs";
import { closedPart, drawPart, trustPart } from "./drawpage.mjs";
import { lastNotice } from "./notice.mjs";
import { documentsOf, isShort } from "./short.mjs";
import { guidePart, restsLine, verdictLine } from "./guide.mjs";

// --- files ---

/** What the page has inside, until the reader gives files of his own. */
let inside = [];
async function take(entries) {
  if (entries.some(([path]) => ["ledger.jsonl", "record.json"].includes(baseName(path)))) {
    // What the reader brought for a draw stays, until another record or ledger comes.
    state.brought.clear();
    state.given.values = [];
    inside.forEach((path) => state.files.delete(path));
    inside = [];
  }
  const texts = [];
  for (const [path, file] of entries) {
    const bytes = file instanceof Uint8Array ? file : new Uint8Array(await file.arrayBuffer());
    const text = path.endsWith(".txt") && bytes.length < 100000 ? new TextDecoder().decode(bytes) : "";
    if (!isShort(text)) state.files.set(path, bytes);
    // Where the documents themselves lie beside it, the text says nothing more.
    else if (!entries.some(([p]) => p === path.replace(/\.txt$/, ".json"))) texts.push(text);
  }
  begin();
  for (const text of texts) await takeShort(text);
}
const unitOf = (paper) => paper.row?.unit?.id ?? paper.visit?.unit ?? "";
/** The short text of a receipt or an opening, as a phone reads it from paper: its documents come among the files. */
async function takeShort(text) {
  const say = document.getElementById("short-said");
  try {
    const documents = await documentsOf(text), folder = `${w("receipt")} ${documents.length ? unitOf(JSON.parse(documents[0])) : ""}`.trim();
    const entries = documents.map((d) => [`${folder}/${JSON.parse(d).document}.json`, new TextEncoder().encode(d)]);
    if (!entries.every(([path]) => /\/(receipt|outcome|opening)\.json$/.test(path))) throw new Error("shortSlip");
    await take(entries);
    document.getElementById("slot-papers").scrollIntoView();
  } catch (e) { say?.replaceChildren(w(/^short/.test(e.message) ? e.message : "shortSlip")); }
}
/** The place for a receipt, which is there without a draw, too. */
function receiptPart() {
  const text = el("textarea", { id: "short", rows: 3, spellcheck: "false", autocomplete: "off" });
  return section("receipt", w("receipt"), el("p", {}, w("receiptText")), el("p", {}, el("label", { for: "short" }, w("shortText"))), text,
    el("p", {}, el("button", { type: "button", id: "take-short", onclick: () => takeShort(text.value) }, w("shortTake"))), el("p", { id: "short-said", class: "wrong", role: "alert" }));
}
function begin() {
  if (!bases().includes(state.base)) state.base = bases()[0] ?? null;
  if (!draws().includes(state.current)) state.current = draws().at(-1) ?? null;
  parsed.clear();
  made.clear();
  const pack = packOf();
  setOffset(pack ? pack.offset ?? "+00:00" : "+08:00");
  // No verdict of other files stands beside these.
  state.report = null;
  show();
  check();
}
/** Documents beside the page, where it was fetched from a server: the same origin, paths of the index alone. */
async function beside() {
  if (!/^https?:$/.test(location.protocol)) return;
  const get = async (path) => {
    try {
      const r = await fetch(path, { mode: "same-origin", credentials: "omit", redirect: "error", cache: "no-store" });
      return r.ok ? new Uint8Array(await r.arrayBuffer()) : null;
    } catch { return null; }
  };
  // The page of one draw has its documents inside, and lies below the folder of the index.
  if (inside.length && !inside.includes("ledger.jsonl")) return;
  const index = await get("index.json"), found = [];
  let names = ["ledger.jsonl", "record.json", "seal.json", "beacon.json"];
  if (index) {
    found.push(["index.json", index]);
    try { names = JSON.parse(new TextDecoder().decode(index)).files.map((f) => f.file); } catch { return; }
  }
  names = names.filter((n) => /^[0-9A-Za-z][0-9A-Za-z\-_.]*(\/[0-9A-Za-z][0-9A-Za-z\-_.]*)*$/.test(n) && !n.endsWith(".html"));
  for (let i = 0; i < names.length; i += 8) {
    const part = await Promise.all(names.slice(i, i + 8).map(async (n) => [n, await get(n)]));
    found.push(...part.filter(([, bytes]) => bytes));
  }
  if (found.length) await take(found);
}

// --- verification, away from the page ---

let worker = null, asked = 0;
/** Has everything verified anew. The page stays usable; where no Worker may run, it verifies itself after it has painted. */
function check() {
  state.report = null;
  const id = ++asked;
  if (state.files.size > 0) painted(() => id === asked && send(id));
}
function send(id) {
  const own = [...state.brought].flatMap(([folder, docs]) => Object.entries(docs).filter(([n]) => n !== "others").map(([n, bytes]) => [folder ? `${folder}/${n}.json` : `${n}.json`, bytes])).filter(([p]) => inBase(p));
  const job = { files: [...state.files].filter(([p]) => inBase(p)), own, kept: notes(state.given.kept), values: state.given.values, keys: state.given.keys.split("\n").map((k) => k.trim()).filter(Boolean),
    at: state.given.today ? new Date().toISOString().slice(0, 19) + "Z" : undefined };
  const done = (result) => {
    if (id !== asked) return;
    state.report = result;
    fill();
  };
  const here = () => setTimeout(() => { try { done(answer(job)); } catch (e) { done({ failed: e.reason ?? e.message }); } }, 50);
  try {
    worker?.terminate();
    worker = new Worker(URL.createObjectURL(new Blob([document.getElementById("program").textContent], { type: "text/javascript" })));
    worker.onerror = (e) => { e.preventDefault(); worker = null; here(); };
    worker.onmessage = ({ data }) => done(data.result);
    worker.postMessage({ id, job });
  } catch { worker = null; here(); }
}

// --- the page ---

/** Whether the files say that they are made up: a plan or policy with the word in its title. */
function isDemo() {
  if (state.current === null) return false;
  try {
    const texts = [lastNotice(state.files, state.current)?.notice.plan, drawOf(state.current).record?.policy.title, read(state.base ? `${state.base}/programme.json` : "programme.json")?.title];
    return texts.some((x) => /演示|示例|demonstration/i.test(x ?? ""));
  } catch { return false; }
}
/** Whose page it is: the office, its task and the draw, as far as the files say. */
function titleOf() {
  if (state.current === null) return w("title");
  let names = [];
  try {
    const notice = lastNotice(state.files, state.current)?.notice;
    names = [notice?.facts.issuer, notice?.task ?? drawOf(state.current).record?.policy.title];
  } catch { /* what cannot be read says so in its place */ }
  return [...names, drawName(state.current), w("title")].filter(Boolean).join(" · ");
}
/** The language is in the address, so it stays when the page is loaded again or passed on. */
function speak(language) {
  state.language = language;
  made.clear();
  history.replaceState(null, "", `#${language}`);
}
function show() {
  document.documentElement.lang = state.language === "zh" ? "zh-CN" : "en";
  document.title = titleOf();
  const main = document.getElementById("main");
  document.getElementById("title").textContent = w("title");
  document.getElementById("skip").textContent = w("skip");
  const top = document.getElementById("controls");
  top.replaceChildren(
    el("button", { type: "button", id: "language", lang: state.language === "zh" ? "en" : "zh-CN", onclick: () => { speak(state.language === "zh" ? "en" : "zh"); show(); document.getElementById("language").focus(); } }, w("other")),
    el("button", { type: "button", id: "print", onclick: () => window.print() }, w("print")));
  main.replaceChildren(...[isDemo() ? el("p", { id: "demo", role: "note" }, el("b", {}, w("demo"))) : null, opener(), slot("papers"), slot("guide")].filter(Boolean));
  if (state.files.size === 0) return main.append(receiptPart());
  const open = state.current !== null && state.files.has(state.current ? `${state.current}/record.json` : "record.json");
  if (state.current !== null) main.append(guarded(() => (open ? drawPart(drawOf(state.current), guide) : closedPart(state.current))));
  else if (state.base !== null) main.append(trustPart(), slot("figures"), slot("stories"), slot("look"), slot("index"));
  main.append(receiptPart(), el("p", { class: "top" }, el("a", { href: "#main", onclick: (e) => { e.preventDefault(); window.scrollTo(0, 0); document.getElementById("main").focus({ preventScroll: true }); } }, `↑ ${w("top")}`)));
  fill();
}
/** The questions with the answers that are known by now. */
function guide() {
  if (document.getElementById("table")) put("guide", guarded(guidePart));
}
function fill() {
  if (state.files.size === 0) return;
  const waiting = () => el("p", { role: "status", class: "checking" }, w("checking"));
  put("figures", figuresSlot());
  guide();
  if (state.report === null) {
    put("ledger-verdict", waiting());
    put("verdict", waiting());
    return;
  }
  if (state.report.failed) return put("papers", el("section", { class: "verdict refuted", role: "alert" }, el("h2", {}, w("unusable")), el("p", {}, say(state.report.failed))));
  const { papers, ledger, index, draws: verified } = state.report, mine = verified[state.current], label_ = (c) => c;
  if (mine?.unusable) document.getElementById("draw")?.replaceChildren(el("section", { class: "verdict refuted", role: "alert" }, el("h2", {}, w("unusable")), el("p", {}, bdi(say(mine.unusable)))));
  const again = (more) => { Object.assign(state.given, more); check(); fill(); document.getElementById("ledger-verdict")?.scrollIntoView(); };
  if (ledger) {
    const options = { ...state.given, again, unread: state.report.unread, offers: offers(), valueOffers: valueOffers() }, shown = state.current === null ? undefined : baseName(state.current);
    const parts = guarded(() => ledgerPart(ledger, w, options, label_, shown)), [a, b, c] = Array.isArray(parts) ? parts : [parts];
    put("ledger-verdict", a);
    put("stories", b);
    put("look", c);
  } else put("ledger-verdict");
  if (mine && !mine.unusable) put("verdict", guarded(() => recordVerdict(mine, () => { check(); fill(); })));
  put("papers", ...papers.map((p) => guarded(() => paperPart(p, w, label_, (r) => verdictPart(r.report, r.folder ?? null, `${w("receipt")} ${r.unit} ${r.name}`, [])))));
  put("trust-line", state.current !== null && verdictLine() ? el("p", {}, el("b", {}, verdictLine()), " ", restsLine()) : null);
  // The index has a digest of the page, so a page cannot have it inside.
  put("folder", state.report.folder && folderPart(inside.length ? { ...state.report.folder, why: state.report.folder.why.filter((x) => x.reason !== "noIndex") } : state.report.folder, w));
  put("index", index && guarded(() => filesPart(index, w)));
  guide();
  if (!papers.length && state.current === null && state.base === null) put("papers", el("p", { role: "alert" }, w("noDraw")));
}
function opener() {
  const input = (id, more) => [el("label", { class: "button", for: id }, w(more.webkitdirectory ? "folder" : "files")),
    el("input", { id, type: "file", multiple: true, class: "sr", ...more, onchange: (e) => take(Array.from(e.target.files, (f) => [f.webkitRelativePath || f.name, f])) })];
  const all = draws(), ledgers = bases(), empty = state.files.size === 0;
  // The day on which the numbers come, where the seal of the draw tells it.
  const day = (d) => { try { return read(d ? `${d}/seal.json` : "seal.json")?.beacon.sources.map((s) => s.at).sort().at(-1); } catch { return undefined; } };
  const current = (d) => `${drawName(d)}${day(d) ? ` · ${dayHere(day(d))}` : ""}`;
  const give = [el("p", {}, w("drop")), el("div", { class: "buttons" }, ...input("folder", { webkitdirectory: true }), ...input("files", {})), el("p", {}, el("small", {}, w("staysHere")))];
  const told = inside.length === 0 ? null : bases().length ? w("insideAll") : w("insideOne")(all.map(drawName).join("、"));
  return el("section", { class: "opener", "aria-label": w("open") },
    empty ? [location.protocol === "file:" ? el("p", { id: "from-disk" }, w("fromDisk")) : null, give]
      : el("details", {}, el("summary", {}, w("others")), give),
    ledgers.length > 1 ? el("p", {}, el("label", { for: "which-ledger" }, `${w("ledgerOf")} `), el("select", { id: "which-ledger",
      onchange: (e) => { state.base = e.target.value; state.current = null; begin(); } }, ledgers.map((d) => el("option", { value: d, selected: d === state.base }, d)))) : null,
    all.length > 1 ? el("p", {}, el("label", { for: "which" }, `${w("draw")} `), el("select", { id: "which", onchange: (e) => { state.current = e.target.value; show(); } },
      all.map((d) => el("option", { value: d, selected: d === state.current }, current(d))))) : null,
    told ? el("p", { id: "inside" }, el("small", {}, told)) : null);
}

// --- start ---

document.addEventListener("dragover", (e) => e.preventDefault());
document.addEventListener("drop", async (e) => {
  e.preventDefault();
  const entries = Array.from(e.dataTransfer.items, (i) => i.webkitGetAsEntry?.()).filter(Boolean);
  const found = [];
  for (const entry of entries) found.push(...await walkEntry(entry));
  await take(found);
});
const embedded = Object.entries(JSON.parse(document.getElementById("documents").textContent));
for (const [path, text] of embedded) {
  state.files.set(path, typeof text === "string" ? new TextEncoder().encode(text) : Uint8Array.from(atob(text.base64), (c) => c.charCodeAt(0)));
}
inside = embedded.map(([path]) => path);
const asked_ = /^#(zh|en)$/.exec(location.hash);
if (asked_) state.language = asked_[1];
begin();
beside();
