// The page: takes published files, has them verified in the reader's browser, and shows them. It never makes HTML of texts.
import { secondOf, dayOf } from "./verify/forms.mjs";
import { ticketOf, countsOf, cellsOf, numberDraw, ONE } from "./verify/lot.mjs";
import { suiteOf } from "./verify/policy.mjs";
import { answer, baseName, folderOf } from "./worker.mjs";
import { el, bdi, section, row, moment, colon } from "./ui.mjs";
import { ledgerPart, paperPart, folderPart, filesPart, checkList } from "./ledgerpage.mjs";
import { lastNotice, noticePart } from "./notice.mjs";
import { WORDS } from "./words.mjs";

const files = new Map(), given = { kept: "", keys: "", today: false };
let language = (navigator.language || "").startsWith("zh") ? "zh" : "en", current = null, base = null, report = null;
const w = (key) => WORDS[language][key];

// --- files ---

const inBase = (p) => base === null || base === "" || p.startsWith(`${base}/`) || !bases().some((b) => p.startsWith(`${b}/`));
const bases = () => [...files.keys()].filter((p) => baseName(p) === "ledger.jsonl").map(folderOf).sort();
function draws() {
  const number = (p) => baseName(p).split(".").map(Number);
  // A draw that is not open yet has a notice, and no record.
  const told = (p) => (baseName(p) === "record.json" || /^notice-\d{6,}\.json$/.test(baseName(p))) && inBase(p);
  return [...new Set([...files.keys()].filter(told).map(folderOf))]
    .sort((a, b) => number(a)[0] - number(b)[0] || number(a)[1] - number(b)[1] || (a < b ? -1 : 1));
}
function csv(text) {
  if (!text.includes('"')) return text.split(/\r?\n/).map((l) => l.split(",")).filter((r) => r.length > 1);
  const rows = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i], line = rows.at(-1);
    if (c === '"' && quoted && text[i + 1] === '"') { line[line.length - 1] += c; i++; } else if (c === '"') quoted = !quoted;
    else if (c === "," && !quoted) line.push("");
    else if (c === "\n" && !quoted) rows.push([""]);
    else if (c !== "\r" || quoted) line[line.length - 1] += c;
  }
  return rows.filter((r) => r.length > 1);
}
async function take(entries) {
  for (const [path, file] of entries) files.set(path, file instanceof Uint8Array ? file : new Uint8Array(await file.arrayBuffer()));
  begin();
}
function begin() {
  if (!bases().includes(base)) base = bases()[0] ?? null;
  if (!draws().includes(current)) current = draws().at(-1) ?? null;
  parsed.clear();
  made.clear();
  // No verdict of other files stands beside these.
  report = null;
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
async function walkEntry(entry, prefix = "") {
  if (entry.isFile) return [[prefix + entry.name, await new Promise((ok, no) => entry.file(ok, no))]];
  const reader = entry.createReader(), all = [];
  for (;;) {
    const part = await new Promise((ok, no) => reader.readEntries(ok, no));
    if (part.length === 0) break;
    for (const child of part) all.push(...await walkEntry(child, `${prefix}${entry.name}/`));
  }
  return all;
}

// --- one draw ---

// --- verification, away from the page ---

const parsed = new Map();
let worker = null, asked = 0;
/** Has everything verified anew. The page stays usable; where no Worker may run, it verifies itself after it has painted. */
function check() {
  report = null;
  const id = ++asked;
  if (files.size > 0) painted(() => id === asked && send(id));
}
/** When what stands on the page is painted. */
const painted = (run) => requestAnimationFrame(() => setTimeout(run));
function send(id) {
  const job = { files: [...files].filter(([p]) => inBase(p)), kept: notes(given.kept), keys: given.keys.split("\n").map((k) => k.trim()).filter(Boolean),
    at: given.today ? new Date().toISOString().slice(0, 19) + "Z" : undefined };
  const done = (result) => {
    if (id !== asked) return;
    report = result;
    fill();
  };
  const here = () => setTimeout(() => { try { done(answer(job)); } catch (e) { done({ failed: e.message }); } }, 50);
  try {
    worker?.terminate();
    worker = new Worker(URL.createObjectURL(new Blob([document.getElementById("program").textContent], { type: "text/javascript" })));
    worker.onerror = (e) => { e.preventDefault(); worker = null; here(); };
    worker.onmessage = ({ data }) => done(data.result);
    worker.postMessage({ id, job });
  } catch { worker = null; here(); }
}
/** Checkpoints as people paste them: other ends of lines, spaces around them, several after each other. */
function notes(text) {
  const plain = text.replace(/\r\n?/g, "\n").replace(/^\s+/, "");
  return plain.split(/\n(?=double-random\/)/).map((n) => n.trimEnd()).filter(Boolean).map((n) => (n.includes("\n\n") ? `${n}\n` : `${n}\n\n`));
}

// --- one draw ---

/** A document as it lies there. The verifier reads it by its form; until then it is shown as it says. */
function read(path) {
  if (!files.has(path)) return undefined;
  if (!parsed.has(path)) parsed.set(path, JSON.parse(new TextDecoder().decode(files.get(path))));
  return parsed.get(path);
}
const made = new Map();
function drawOf(folder) {
  if (!made.has(folder)) made.set(folder, drawMade(folder));
  return made.get(folder);
}
function drawMade(folder) {
  const path = (name) => (folder ? `${folder}/${name}` : name);
  const draw = { folder, record: read(path("record.json")), seal: read(path("seal.json")), beacon: read(path("beacon.json")), frame: read(path("frame.json")),
    names: new Map(), results: new Map(), came: [], entries: [] };
  for (const [p, content] of files) {
    if (folderOf(p) !== folder || !p.endsWith(".csv")) continue;
    const [head, ...rows] = csv(new TextDecoder().decode(content).replace(/^\ufeff/, "")), at = (n) => head.indexOf(n);
    for (const r of rows) {
      const id = r[at("机构标识")];
      if (r[at("机构名称")]) draw.names.set(id, r[at("机构名称")]);
      if (at("检查结果") >= 0) draw.results.set(id, `${r[at("检查日期")]} ${r[at("检查结果")]}`);
      if (r[at("替换情况")]) draw.results.set(id, r[at("替换情况")]);
    }
  }
  for (const u of draw.frame?.units ?? []) draw.names.set(u.id, u.name);
  phrase(draw);
  return draw;
}
/** What the ledger tells of the visits of a draw, where no table does. */
function tell(draw) {
  const { sequence, attempt } = draw.record.seal;
  draw.entries = ledgerLines().map((l) => ({ ...l.entry, at: l.at, number: l.number }))
    .filter((e) => (e.draw ?? e.seal?.sequence ?? e.entry?.draw) === sequence && [undefined, attempt].includes(e.attempt ?? e.seal?.attempt));
  draw.came = [];
  const told = new Map();
  for (const e of draw.entries) {
    const now = e.kind === "amended" ? e.entry : e;
    if (["visited", "missed", "replaced", "withdrawn"].includes(now.kind)) told.set(now.unit, now);
    if (now.kind === "replaced") draw.came.push(now);
  }
  for (const [unit, e] of told) {
    if (e.kind === "replaced") draw.results.set(unit, `${w("by")}: ${e.by} — ${w("reasons")[e.reason] ?? e.reason} (${e.date})`);
    else if (!draw.results.has(unit)) draw.results.set(unit, e.kind === "visited" ? `${e.date} ${e.result}` : e.kind === "missed" ? `${w("l").missed}: ${w("reasons")[e.reason]}` : "");
  }
  phrase(draw);
}
/** The standard phrases of results are those of the pack (Spec 23). */
function phrase(draw) {
  const phrases = new Map((packOf()?.results ?? []).map((r) => [r.code, r.name]));
  for (const [id, text] of draw.results) draw.results.set(id, text.replace(/[a-z_]+/g, (c) => phrases.get(c) ?? c));
}
function ledgerLines() {
  const path = base === null ? undefined : base === "" ? "ledger.jsonl" : `${base}/ledger.jsonl`;
  if (!files.has(path)) return [];
  return new TextDecoder().decode(files.get(path)).split("\n").filter(Boolean).flatMap((l) => { try { return [JSON.parse(l)]; } catch { return []; } });
}
function packOf() {
  const path = [...files.keys()].find((p) => baseName(p) === "pack.json" && inBase(p));
  try { return path && JSON.parse(new TextDecoder().decode(files.get(path))); } catch { return undefined; }
}
const label = (policy, code) => policy.labels?.[code] ?? code;
/** The chance of a unit of every cell, in billionths, rounded down. */
function sizesOf(policy, cells) {
  if (policy.design.method !== "number") return cells.map((c) => (c.certain ? ONE : c.size));
  const { factor, step } = numberDraw(cells, policy.design.number);
  return cells.map((c) => (c.certain ? ONE : step === 0n ? 0n : factor * c.size * ONE / step));
}
/** The same in words, with how many of the cell are drawn. */
function phrasesOf(policy, cells, sample) {
  return sizesOf(policy, cells).map((c, i) => `${c >= ONE ? w("certain") : w("inThousand")((Number(c) / 1e6).toFixed(c < 10000000n ? 1 : 0))} · ${
    w("like")(cells[i].count, sample[i].picks.length)}`);
}

function show() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = w("title");
  const main = document.getElementById("main");
  document.getElementById("title").textContent = w("title");
  document.getElementById("skip").textContent = w("skip");
  const top = document.getElementById("controls");
  top.replaceChildren(
    el("button", { type: "button", id: "language", lang: language === "zh" ? "en" : "zh-CN", onclick: () => { language = language === "zh" ? "en" : "zh"; made.clear(); show(); document.getElementById("language").focus(); } }, w("other")),
    el("button", { type: "button", id: "print", onclick: () => window.print() }, w("print")));
  main.replaceChildren(opener(), slot("papers"));
  if (files.size === 0) return;
  const open = current !== null && files.has(current ? `${current}/record.json` : "record.json");
  if (current !== null) main.append(guarded(() => (open ? drawPart(drawOf(current)) : closedPart(current))));
  else if (base !== null) main.append(slot("ledger-verdict"), slot("stories"), slot("look"), slot("index"));
  fill();
}
/** A place that the verifier fills when it is done. */
const slot = (id) => el("div", { id: `slot-${id}`, class: "slot" });
function put(id, ...parts) {
  document.getElementById(`slot-${id}`)?.replaceChildren(...parts.filter(Boolean));
}
function fill() {
  if (files.size === 0) return;
  const waiting = () => el("p", { role: "status", class: "checking" }, w("checking"));
  if (report === null) {
    put("ledger-verdict", waiting());
    put("verdict", waiting());
    return;
  }
  if (report.failed) return put("papers", el("section", { class: "verdict refuted", role: "alert" }, el("h2", {}, w("unusable")), el("p", {}, report.failed)));
  const { papers, ledger, index, draws: verified } = report, mine = verified[current], label_ = (c) => c;
  if (mine?.unusable) document.getElementById("draw")?.replaceChildren(el("section", { class: "verdict refuted", role: "alert" }, el("h2", {}, w("unusable")), el("p", {}, bdi(mine.unusable))));
  const again = (more) => { Object.assign(given, more); check(); fill(); document.getElementById("ledger-verdict")?.scrollIntoView(); };
  if (ledger) {
    const [a, b, c] = ledgerPart(ledger, w, { ...given, again, unread: report.unread }, label_);
    put("ledger-verdict", a);
    put("stories", b);
    put("look", c);
  } else put("ledger-verdict");
  if (mine && !mine.unusable) put("verdict", guarded(() => recordVerdict(mine)));
  put("papers", ...papers.map((p) => paperPart(p, w, label_, (r) => verdictPart(r.report, `${w("receipt")} ${r.unit} ${r.name}`, []))));
  put("index", report.folder && folderPart(report.folder, w), index && filesPart(index, w));
  if (!papers.length && current === null && base === null) put("papers", el("p", { role: "alert" }, w("noDraw")));
}
/** A part of the page; a document that cannot be read says so in its place. */
function guarded(make) {
  try { return make(); } catch (e) {
    return el("section", { class: "verdict refuted", role: "alert" }, el("h2", {}, w("unusable")), el("p", {}, String(e.message)));
  }
}
function opener() {
  const input = (id, more) => [el("label", { class: "button", for: id }, w(more.webkitdirectory ? "folder" : "files")),
    el("input", { id, type: "file", multiple: true, class: "sr", ...more, onchange: (e) => take(Array.from(e.target.files, (f) => [f.webkitRelativePath || f.name, f])) })];
  const all = draws(), ledgers = bases();
  return el("section", { class: "opener", "aria-label": w("open") }, el("p", {}, w("drop")),
    el("div", { class: "buttons" }, ...input("folder", { webkitdirectory: true }), ...input("files", {})),
    ledgers.length > 1 ? el("p", {}, el("label", { for: "which-ledger" }, `${w("ledgerTitle")} `), el("select", { id: "which-ledger",
      onchange: (e) => { base = e.target.value; current = null; begin(); } }, ledgers.map((d) => el("option", { value: d, selected: d === base }, d)))) : null,
    all.length > 1 ? el("p", {}, el("label", { for: "which" }, `${w("draw")} `), el("select", { id: "which", onchange: (e) => { current = e.target.value; show(); } },
      all.map((d) => el("option", { value: d, selected: d === current }, baseName(d) || "record.json")))) : null);
}
/** The reader says whether he has seal and values from elsewhere: what lies beside the record is the publisher's own copy. */
let elsewhere = false;
function capped(whole) {
  return whole.verdict === "confirmed" && !elsewhere ? { ...whole, verdict: "self-consistent" } : whole;
}
function elsewherePart() {
  const mark = (e) => { elsewhere = e.target.checked; fill(); document.getElementById("elsewhere")?.focus(); };
  return [el("p", {}, w("own")), el("p", {}, el("label", {}, el("input", { id: "elsewhere", type: "checkbox", checked: elsewhere, onchange: mark }), ` ${w("elsewhere")}`))];
}
function verdictPart(whole, title, extra, id = "receipt-verdict") {
  const report_ = capped(whole);
  const words = { confirmed: w("confirmed"), refuted: w("refuted"), "self-consistent": w("self") }[report_.verdict];
  const failed = report_.checks.filter((c) => c.result === "fail").map((c) => c.name);
  return el("section", { class: `verdict ${report_.verdict}`, "aria-labelledby": id },
    el("h2", { id }, `${title}${colon()}${words}`), failed.length ? el("p", { class: "failed" }, `${w("fail")}: ${failed.join(", ")}`) : null, ...extra,
    el("details", { open: failed.length > 0 }, el("summary", {}, w("checks")), checkList(report_.checks, w)));
}
/** The verdict of the record. A checkpoint of its ledger does not raise it: one that was first kept after the draw does not show that the seal came before it. */
function recordVerdict(whole) {
  const draw = drawOf(current);
  const lacking = [draw.seal ? null : w("raiseSeal"), draw.beacon ? null : w("raiseBeacon")].filter(Boolean);
  return verdictPart(whole, base === null ? w("verdict") : w("recordTitle")(baseName(current)), [...(draw.seal || draw.beacon ? elsewherePart() : []),
    lacking.length ? el("p", {}, `${w("raise")}: ${lacking.join(" ")}`) : null], "verdict");
}

/** The notice as authorities publish it, if it lies beside the record. */
function officialPart(folder, record) {
  const found = lastNotice(files, folder), lines = ledgerLines().filter((l) => l.entry && Number.isSafeInteger(l.number));
  return found && noticePart({ language, found, record, lines });
}
/** A draw whose institutions and teams are not public yet: its notice says until when. */
function closedPart(folder) {
  const ledger = base === null ? [] : ["ledger-verdict", "stories", "look", "index"].map(slot);
  return el("div", { id: "draw" }, officialPart(folder), ledger);
}
function drawPart(draw) {
  const { record } = draw, { policy, table, sample } = record, suite = suiteOf(policy), cells = cellsOf(table);
  const { strata } = policy, phrases = phrasesOf(policy, cells, sample), sizes = sizesOf(policy, cells);
  const stratum = (i, name) => (strata.includes(name) ? cells[i].path[strata.indexOf(name) + 1] : undefined);
  const visits = new Map(record.teams.visits.map((v) => [v.unit, v]));
  const rowOf = (i, u, came) => ({ id: u.id, name: draw.names.get(u.id) ?? "", district: stratum(i, "county") ?? stratum(i, "city") ?? "", kind: stratum(i, "kind") ?? "",
    chance: came ? `${w("reserve")}: ${came}` : phrases[i], size: sizes[i], get team() { return teamOf(visits.get(u.id)); }, get result() { return draw.results.get(u.id) ?? ""; } });
  const teamOf = (v) => (v ? [...v.posts.flatMap((p) => p.officers), ...(v.experts ?? []).flatMap((p) => p.experts)].map((o) => o.id).join(" ") : "");
  const rows = sample.flatMap((c, i) => c.picks.map((u) => rowOf(i, u))), shown = drawnTable(policy, rows);
  // What takes long comes when the table is painted.
  painted(() => {
    if (made.get(current) !== draw) return;
    // Lines that are none are for the verifier to name.
    try { if (base !== null && draw.entries.length === 0) tell(draw); } catch { draw.came = []; }
    const placeOf = new Map(draw.came.map((e) => [e.by, e.unit]));
    if (placeOf.size) sample.forEach((c, i) => c.reserves.filter((u) => placeOf.has(u.id)).forEach((u) => rows.push(rowOf(i, u, `${w("by")} ${placeOf.get(u.id)}`))));
    if (draw.entries.length) shown.fill();
    put("pictures", guarded(() => section("pictures", w("pictures"), pictures(draw, suite, cells, rows))));
  });
  const n = sample.reduce((s, c) => s + c.picks.length, 0), total = record.seal.frame.size;
  const methods = { rate: w("rate"), number: w("number"), frequency: w("frequency") };
  return el("div", { id: "draw" },
    officialPart(draw.folder, record) ?? section("notice", w("notice"), el("dl", {},
      row(w("plan"), bdi(policy.title)), row(w("authority"), bdi(label(policy, policy.authority))), row(w("units"), String(total)),
      row(w("drawn"), `${n} (${(100 * n / Math.max(total, 1)).toFixed(1)}%)`), row(w("method"), methods[policy.design.method]),
      row(w("when"), `${policy.window.from} – ${policy.window.to}`), row(w("departments"), bdi(policy.team.departments.map((d) => label(policy, d.department)).join("、"))),
      policy.items ? row(w("matters"), bdi(policy.items.map((i) => label(policy, i.code)).join("、"))) : [])),
    base !== null ? slot("ledger-verdict") : null, slot("verdict"),
    base !== null ? slot("stories") : section("timeline", w("timeline"), timeline(draw)),
    section("table", w("table"), shown.element),
    slot("look"),
    section("ask", w("ask"), askPart(draw, suite, cells)),
    slot("pictures"),
    slot("index"),
    section("receipt", w("receipt"), el("p", {}, w("receiptText"))));
}
function timeline(draw) {
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
function drawnTable(policy, rows) {
  const keys = ["id", "name", "district", "kind", "chance", "team", "result"].filter((k) => rows.some((r) => r[k] !== "") || (k === "result" && base !== null));
  const head = (k) => w(k === "team" ? "teamDrawn" : k);
  const state = { text: "", district: "", kind: "", sort: "id", down: false, limit: 200 };
  const body = el("tbody"), count = el("p", { role: "status" }), more = el("button", { type: "button", onclick: () => { state.limit += 1000; fill(); } }, "+ 1000");
  const choice = (key) => (keys.includes(key) ? [el("label", { for: `by-${key}` }, `${w(key)} `), el("select", { id: `by-${key}`, onchange: (e) => { state[key] = e.target.value; fill(); } },
    el("option", { value: "" }, w("all")), [...new Set(rows.map((r) => r[key]))].sort().map((v) => el("option", { value: v }, label(policy, v))))] : []);
  const heads = keys.map((k) => el("th", { scope: "col", "aria-sort": "none" }, el("button", { type: "button", onclick: () => { state.down = state.sort === k && !state.down; state.sort = k; fill(); } }, head(k))));
  function fill() {
    const found = rows.filter((r) => (!state.text || `${r.id} ${r.name}`.toLowerCase().includes(state.text))
      && (!state.district || r.district === state.district) && (!state.kind || r.kind === state.kind));
    const key = state.sort === "chance" ? "size" : state.sort;
    found.sort((a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0) * (state.down ? -1 : 1));
    keys.forEach((k, i) => heads[i].setAttribute("aria-sort", k !== state.sort ? "none" : state.down ? "descending" : "ascending"));
    body.replaceChildren(...found.slice(0, state.limit).map((r) => el("tr", {}, keys.map((k) => el("td", { "data-head": head(k) }, bdi(["district", "kind"].includes(k) ? label(policy, r[k]) : r[k] || w("none")))))));
    count.textContent = `${w("shown")} ${Math.min(found.length, state.limit)} ${w("of")} ${found.length}`;
    more.hidden = found.length <= state.limit;
  }
  fill();
  return { fill, element: el("div", {}, el("div", { class: "filters" }, el("label", { for: "search" }, `${w("search")} `), el("input", { id: "search", type: "search", oninput: (e) => { state.text = e.target.value.trim().toLowerCase(); fill(); } }),
    ...choice("district"), ...choice("kind")), count, el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": w("table") }, el("table", {}, el("thead", {}, el("tr", {}, heads)), body)), more) };
}
function askPart(draw, suite, cells) {
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
// --- pictures ---

function bars(title, data, max, mark) {
  const height = 22, width = 820, left = 270, scale = (x) => (width - left - 250) * Math.min(1, x / max);
  return el("figure", {}, el("figcaption", {}, title), el("svg", { viewBox: `0 0 ${width} ${data.length * height + 8}`, role: "img", "aria-label": `${title}: ${data.map((d) => `${d.name} ${d.text}`).join("; ")}` },
    data.map((d, i) => el("g", { "aria-hidden": "true" }, el("text", { x: left - 8, y: i * height + 16, "text-anchor": "end" }, d.name.slice(0, 24)),
      el("rect", { x: left, y: i * height + 4, width: Math.max(1, scale(d.value)), height: height - 8, class: "bar" }), el("text", { x: left + scale(d.value) + 6, y: i * height + 16 }, d.text))),
    mark ? el("line", { x1: left + scale(mark), x2: left + scale(mark), y1: 0, y2: data.length * height + 8, class: "mark" }) : null));
}
function pictures(draw, suite, cells, rows) {
  const { record } = draw, { policy, table, sample } = record, at = policy.strata.indexOf("county") + 1, all = [];
  if (at) {
    const by = new Map();
    cells.forEach((c, i) => { const d = by.get(c.path[at]) ?? [0, 0]; by.set(c.path[at], [d[0] + sample[i].picks.length, d[1] + c.count]); });
    const floor = Number(policy.coverage.minimum) * Number(policy.round?.share ?? "1");
    const data = [...by].sort().map(([d, [k, of]]) => ({ name: label(policy, d), value: k / of, text: `${k} / ${of} = ${(100 * k / of).toFixed(0)}%` }));
    all.push(bars(`${w("coverage")} (${w("floor")} ${(100 * floor).toFixed(1)}%)`, data, Math.max(floor, ...data.map((d) => d.value)), floor));
  }
  const sizes = sizesOf(policy, cells), phrases = phrasesOf(policy, cells, sample);
  const chances = cells.map((c, i) => ({ name: c.path.slice(1).map((x) => label(policy, x)).join(" ") || c.path[0], value: Number(sizes[i]) / 1e9, text: phrases[i] }));
  const most = 60, rest = chances.length - most;
  all.push(bars(`${w("chances")}${rest > 0 ? ` (${w("shown")} ${most} ${w("of")} ${chances.length})` : ""}`, chances.sort((a, b) => b.value - a.value).slice(0, most), 1));
  const loads = new Map();
  for (const v of record.teams.visits) for (const o of v.posts.flatMap((p) => p.officers)) loads.set(o.id, (loads.get(o.id) ?? 0) + 1);
  const tally = new Map();
  for (const n of loads.values()) tally.set(n, (tally.get(n) ?? 0) + 1);
  const data = [...tally].sort((a, b) => a[0] - b[0]).map(([n, people]) => ({ name: `${n} ${w("visits")}`, value: people, text: w("people")(people) }));
  if (data.length) all.push(bars(w("load"), data, Math.max(...data.map((d) => d.value))));
  const { factor, step } = policy.design.method === "number" ? numberDraw(cells, policy.design.number) : { factor: 1n, step: ONE };
  const { order, start, counts } = countsOf(suite, policy, cells, record.seed);
  const mass = order.map((i) => Number(factor * cells[i].size * BigInt(cells[i].count) * 1000000n / (step || 1n)) / 1e6), sum = mass.reduce((a, b) => a + b, 0) || 1;
  const width = 640, perRow = 6, lines = Math.ceil(sum / perRow), unit = (width - 20) / perRow, shapes = [];
  let position = 0;
  const shown = Math.min(lines, 30);
  order.forEach((i, k) => {
    for (let a = position; a < position + mass[k];) {
      const line = Math.floor(a / perRow), b = Math.min(position + mass[k], (line + 1) * perRow);
      if (line < shown) shapes.push(el("rect", { x: 10 + (a - line * perRow) * unit, y: 8 + line * 34, width: Math.max(0.5, (b - a) * unit), height: 18, class: `cell c${k % 4}` }, el("title", {}, `${cells[i].path.join("/")}: ${mass[k].toFixed(3)} → ${counts[i]}`)));
      if (b <= a) break;
      a = b;
    }
    position += mass[k];
  });
  for (let x = Number(start * 1000000n / (step || 1n)) / 1e6, k = 0; x < sum; x++, k++) {
    const line = Math.floor(x / perRow), px = 10 + (x - line * perRow) * unit;
    if (line < shown) shapes.push(el("path", { d: `M${px} ${26 + line * 34} l-4 8 h8 z`, class: k === 0 ? "first" : "step" }));
  }
  all.push(el("figure", { id: "walk" }, el("figcaption", {}, `${w("walk")}. ${w("walkText")}`), el("svg", { viewBox: `0 0 ${width} ${8 + shown * 34}`, role: "img", "aria-label": `${w("walk")}: ${order.slice(0, 60).map((i) => `${cells[i].path.join("/")} ${counts[i]}`).join("; ")}` }, shapes)));
  return all;
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
for (const [path, text] of embedded) files.set(path, new TextEncoder().encode(text));
begin();
if (embedded.length === 0) beside();
