// The page: takes published files, verifies them in the reader's browser, and shows them. It never makes HTML of texts.
import { readDocument, recordForm, sealForm, receiptForm, outcomeForm, valueForm, frameForm, rosterForm, cycleForm }
  from "./verify/documents.mjs";
import { list, secondOf, dayOf } from "./verify/forms.mjs";
import { verifyRecord, sealDigest } from "./verify/record.mjs";
import { verifyReceipt } from "./verify/receipts.mjs";
import { ticketOf, countsOf, cellsOf, numberDraw, ONE } from "./verify/lot.mjs";
import { suiteOf } from "./verify/policy.mjs";
import { lastNotice, noticePart } from "./notice.mjs";
import { WORDS } from "./words.mjs";

const files = new Map();
let language = (navigator.language || "").startsWith("zh") ? "zh" : "en", current = null, receipt = null;
const w = (key) => WORDS[language][key];

/** An element. Texts become text nodes, so a name never becomes markup; marks of direction stay inside their element. */
function el(tag, attributes = {}, ...children) {
  const svg = ["svg", "rect", "line", "text", "g", "title", "path"].includes(tag);
  const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined));
  return node;
}
const bdi = (text) => el("bdi", {}, text);
const section = (id, title, ...children) => el("section", { "aria-labelledby": id }, el("h2", { id }, title), ...children);
const row = (term, value) => [el("dt", {}, term), el("dd", {}, value)];

// --- files ---

const nameOf = (path) => path.split("/").pop();
const folderOf = (path) => path.split("/").slice(0, -1).join("/");
function draws() {
  // A draw that is not open yet has a notice, and no record.
  const told = (p) => nameOf(p) === "record.json" || /^notice-\d{6,}\.json$/.test(nameOf(p));
  return [...new Set([...files.keys()].filter(told).map(folderOf))].sort();
}
/** The notice as authorities publish it, if it lies beside the record; else what the record says of the draw. */
function officialPart(folder, record) {
  const found = lastNotice(files, folder);
  return found && noticePart({ el, bdi, language, found, record, lines: ledgerEntries() });
}
function csv(text) {
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
  for (const [path, file] of entries) files.set(path, typeof file === "string" ? new TextEncoder().encode(file) : new Uint8Array(await file.arrayBuffer()));
  current = draws().includes(current) ? current : draws()[0] ?? null;
  receipt = [...files.keys()].find((p) => nameOf(p) === "receipt.json") ?? null;
  show();
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

function drawOf(folder) {
  const path = (name) => (folder ? `${folder}/${name}` : name), bytes = (name) => files.get(path(name));
  const read = (form, name) => (bytes(name) ? readDocument(form, bytes(name)) : undefined);
  const draw = { folder, record: read(recordForm, "record.json"), seal: read(sealForm, "seal.json"),
    beacon: read(list(valueForm), "beacon.json"), frame: read(frameForm, "frame.json"), roster: read(rosterForm, "roster.json"),
    cycle: read(cycleForm, "cycle.json"), names: new Map(), results: new Map() };
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
  draw.entries = ledgerLines().map((l) => ({ ...l.entry, at: l.at, number: l.number }))
    .filter((e) => (e.draw ?? e.seal?.sequence) === draw.record.seal.sequence
      && [undefined, draw.record.seal.attempt].includes(e.attempt ?? e.seal?.attempt));
  for (const u of draw.frame?.units ?? []) draw.names.set(u.id, u.name);
  // The standard phrases of results are those of the pack (Spec 23).
  const phrases = new Map((packOf()?.results ?? []).map((r) => [r.code, r.name]));
  for (const [id, text] of draw.results) draw.results.set(id, text.replace(/[a-z_]+/g, (c) => phrases.get(c) ?? w("reasons")[c] ?? c));
  return draw;
}
const ledgerEntries = () => ledgerLines().filter((l) => l.entry && Number.isSafeInteger(l.number));
function ledgerLines() {
  const path = [...files.keys()].find((p) => nameOf(p) === "ledger.jsonl");
  if (!path) return [];
  return new TextDecoder().decode(files.get(path)).split("\n").filter(Boolean).flatMap((l) => { try { return [JSON.parse(l)]; } catch { return []; } });
}
function packOf() {
  const path = [...files.keys()].find((p) => nameOf(p) === "pack.json");
  try { return path && JSON.parse(new TextDecoder().decode(files.get(path))); } catch { return undefined; }
}
const label = (policy, code) => policy.labels?.[code] ?? code;
/** The chance of a unit of a cell, in billionths, rounded down. */
function chanceOf(policy, cells, cell) {
  if (cell.certain) return ONE;
  if (policy.design.method !== "number") return cell.size;
  const { factor, step } = numberDraw(cells, policy.design.number);
  return step === 0n ? 0n : factor * cell.size * ONE / step;
}
function chanceWords(policy, cells, i, drawn) {
  const c = chanceOf(policy, cells, cells[i]);
  const words = c >= ONE ? w("certain") : w("inThousand")((Number(c) / 1e6).toFixed(c < 10000000n ? 1 : 0));
  return `${words} · ${w("like")(cells[i].count, drawn)}`;
}

function show() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = w("title");
  const main = document.getElementById("main");
  document.getElementById("title").textContent = w("title");
  document.getElementById("skip").textContent = w("skip");
  const top = document.getElementById("controls");
  top.replaceChildren(
    el("button", { type: "button", id: "language", lang: language === "zh" ? "en" : "zh-CN", onclick: () => { language = language === "zh" ? "en" : "zh"; show(); document.getElementById("language").focus(); } }, w("other")),
    el("button", { type: "button", id: "print", onclick: () => window.print() }, w("print")));
  main.replaceChildren(opener());
  if (receipt) main.append(guarded(() => receiptPart()));
  if (current === null) {
    if (files.size > 0 && !receipt) main.append(el("p", { role: "alert" }, w("noDraw")));
    return;
  }
  const closed = !files.has(current ? `${current}/record.json` : "record.json");
  main.append(guarded(() => (closed ? officialPart(current) : drawPart(drawOf(current)))));
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
  const all = draws();
  return el("section", { class: "opener", "aria-label": w("open") }, el("p", {}, w("drop")),
    el("div", { class: "buttons" }, ...input("folder", { webkitdirectory: true }), ...input("files", {})),
    all.length > 1 ? el("p", {}, el("label", { for: "which" }, `${w("draw")} `), el("select", { id: "which", onchange: (e) => { current = e.target.value; show(); } },
      all.map((d) => el("option", { value: d, selected: d === current }, d || "record.json")))) : null);
}
/** The reader says whether he has seal and values from elsewhere: what lies beside the record is the publisher's own copy. */
let elsewhere = false;
function capped(report) {
  return report.verdict === "confirmed" && !elsewhere ? { ...report, verdict: "self-consistent" } : report;
}
function elsewherePart() {
  const mark = (e) => { elsewhere = e.target.checked; show(); document.getElementById("elsewhere")?.focus(); };
  return [el("p", {}, w("own")), el("p", {}, el("label", {}, el("input", { id: "elsewhere", type: "checkbox", checked: elsewhere, onchange: mark }), ` ${w("elsewhere")}`))];
}
function verdictPart(made, title, extra) {
  const report = capped(made);
  const words = { confirmed: w("confirmed"), refuted: w("refuted"), "self-consistent": w("self") }[report.verdict];
  const mark = { pass: "✓", fail: "✗", "not run": "○" };
  const word = { pass: w("pass"), fail: w("fail"), "not run": w("notRun") };
  const failed = report.checks.filter((c) => c.result === "fail").map((c) => c.name);
  return el("section", { class: `verdict ${report.verdict}`, "aria-labelledby": "verdict" },
    el("h2", { id: "verdict" }, `${title}: ${words}`), failed.length ? el("p", { class: "failed" }, `${w("fail")}: ${failed.join(", ")}`) : null, ...extra,
    el("details", { open: failed.length > 0 }, el("summary", {}, w("checks")), el("ul", { class: "checks" },
      report.checks.map((c) => el("li", { class: c.result.replace(" ", "-"), "data-check": c.name }, el("span", { "aria-hidden": "true" }, mark[c.result] + " "),
        el("b", {}, c.name), ` ${word[c.result]}`, c.reason ? ` (${c.reason})` : "",
        c.result === "fail" ? el("span", { class: "values" }, c.expected !== undefined ? ` ${w("expected")} ${c.expected}; ` : " ", `${w("found")} ${c.found}`) : null)))));
}

function drawPart(draw) {
  const { record } = draw, { policy, table, sample } = record, suite = suiteOf(policy), cells = cellsOf(table);
  const report = verifyRecord(record, draw), { strata } = policy, rows = [];
  const stratum = (i, name) => (strata.includes(name) ? cells[i].path[strata.indexOf(name) + 1] : undefined);
  const visits = new Map(record.teams.visits.map((v) => [v.unit, v]));
  sample.forEach((c, i) => c.picks.forEach((u) => {
    const v = visits.get(u.id);
    rows.push({ id: u.id, name: draw.names.get(u.id) ?? "", district: stratum(i, "county") ?? stratum(i, "city") ?? "", kind: stratum(i, "kind") ?? "",
      chance: chanceWords(policy, cells, i, c.picks.length), size: chanceOf(policy, cells, cells[i]),
      team: v ? [...v.posts.flatMap((p) => p.officers), ...(v.experts ?? []).flatMap((p) => p.experts)].map((o) => o.id).join(" ") : "",
      result: draw.results.get(u.id) ?? "" });
  }));
  const n = rows.length, total = record.seal.frame.size;
  const methods = { rate: w("rate"), number: w("number"), frequency: w("frequency") };
  const lacking = [draw.seal ? null : w("raiseSeal"), draw.beacon ? null : w("raiseBeacon")].filter(Boolean);
  return el("div", {},
    officialPart(draw.folder, record) ?? section("notice", w("notice"), el("dl", {},
      row(w("plan"), bdi(policy.title)), row(w("authority"), bdi(label(policy, policy.authority))), row(w("units"), String(total)),
      row(w("drawn"), `${n} (${(100 * n / Math.max(total, 1)).toFixed(1)}%)`), row(w("method"), methods[policy.design.method]),
      row(w("when"), `${policy.window.from} – ${policy.window.to}`), row(w("departments"), bdi(policy.team.departments.map((d) => label(policy, d.department)).join("、"))),
      policy.items ? row(w("matters"), bdi(policy.items.map((i) => label(policy, i.code)).join("、"))) : [])),
    verdictPart(report, w("verdict"), [...(draw.seal || draw.beacon ? elsewherePart() : []),
      lacking.length ? el("p", {}, `${w("raise")}: ${lacking.join(" ")}`) : null,
      ledgerLines().length ? el("p", {}, `${w("lines")}: ${ledgerLines().length}. ${w("ledger")}`) : null]),
    section("timeline", w("timeline"), timeline(draw)),
    section("table", w("table"), drawnTable(policy, rows)),
    section("ask", w("ask"), askPart(draw, suite, cells)),
    section("pictures", w("pictures"), pictures(draw, suite, cells, rows)),
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
  return el("ol", { class: "timeline" }, all.map((x) => el("li", { class: wrong(x) ? "wrong" : "" }, el("time", { datetime: x.at }, x.at.replace("T", " ").replace("Z", " UTC")), " ",
    bdi(x.what), el("small", {}, ` ${w("basis")}: ${x.basis}`), wrong(x) ? el("strong", {}, ` ${w("redline")}`) : null)));
}
function drawnTable(policy, rows) {
  const keys = ["id", "name", "district", "kind", "chance", "team", "result"].filter((k) => rows.some((r) => r[k] !== ""));
  const state = { text: "", district: "", kind: "", sort: "id", down: false, limit: 200 };
  const body = el("tbody"), count = el("p", { role: "status" }), more = el("button", { type: "button", onclick: () => { state.limit += 1000; fill(); } }, "+ 1000");
  const choice = (key) => (keys.includes(key) ? [el("label", { for: `by-${key}` }, `${w(key)} `), el("select", { id: `by-${key}`, onchange: (e) => { state[key] = e.target.value; fill(); } },
    el("option", { value: "" }, w("all")), [...new Set(rows.map((r) => r[key]))].sort().map((v) => el("option", { value: v }, label(policy, v))))] : []);
  const heads = keys.map((k) => el("th", { scope: "col", "aria-sort": "none" }, el("button", { type: "button", onclick: () => { state.down = state.sort === k && !state.down; state.sort = k; fill(); } }, w(k))));
  function fill() {
    const found = rows.filter((r) => (!state.text || `${r.id} ${r.name}`.toLowerCase().includes(state.text))
      && (!state.district || r.district === state.district) && (!state.kind || r.kind === state.kind));
    const key = state.sort === "chance" ? "size" : state.sort;
    found.sort((a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0) * (state.down ? -1 : 1));
    keys.forEach((k, i) => heads[i].setAttribute("aria-sort", k !== state.sort ? "none" : state.down ? "descending" : "ascending"));
    body.replaceChildren(...found.slice(0, state.limit).map((r) => el("tr", {}, keys.map((k) => el("td", { "data-head": w(k) }, bdi(["district", "kind"].includes(k) ? label(policy, r[k]) : r[k] || w("none")))))));
    count.textContent = `${w("shown")} ${Math.min(found.length, state.limit)} ${w("of")} ${found.length}`;
    more.hidden = found.length <= state.limit;
  }
  fill();
  return el("div", {}, el("div", { class: "filters" }, el("label", { for: "search" }, `${w("search")} `), el("input", { id: "search", type: "search", oninput: (e) => { state.text = e.target.value.trim().toLowerCase(); fill(); } }),
    ...choice("district"), ...choice("kind")), count, el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": w("table") }, el("table", {}, el("thead", {}, el("tr", {}, heads)), body)), more);
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
          row(w("chance"), chanceWords(record.policy, cells, i, c.picks.length)), row(w("cell"), cells[i].path.map((x) => label(record.policy, x)).join(" / ")),
          row(w("ticket"), el("code", {}, u.ticket)), row(w("recomputed"), [el("code", {}, ticket), ` ${ticket === u.ticket ? w("same") : w("differs")}`]),
          row(w("cutoff"), el("code", {}, c.cutoff ?? w("none")))));
      }
    }
    return answer.replaceChildren(el("p", {}, w("notShown")));
  }
  return el("div", {}, el("label", { for: "one" }, w("askText") + " "), el("input", { id: "one", type: "search", onchange: (e) => ask(e.target.value) }), answer);
}
function receiptPart() {
  const folder = folderOf(receipt), near = (name) => files.get(folder ? `${folder}/${name}` : name) ?? (name === "receipt.json" ? files.get(receipt) : undefined);
  const document_ = readDocument(receiptForm, near("receipt.json")), outcome = near("outcome.json") ? readDocument(outcomeForm, near("outcome.json")) : undefined;
  const match = draws().filter((d) => files.has(d ? `${d}/record.json` : "record.json")).map(drawOf).find((d) => d.seal && document_.seal === sealDigest(d.seal)) ?? (current !== null ? drawOf(current) : null);
  const report = verifyReceipt(document_, { outcome, seal: match?.seal, beacon: match?.beacon, record: match?.record });
  return verdictPart(report, `${w("receipt")} ${document_.row.unit.id} ${document_.row.unit.name}`, []);
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
  const chances = cells.map((c, i) => ({ name: c.path.slice(1).map((x) => label(policy, x)).join(" ") || c.path[0], value: Number(chanceOf(policy, cells, c)) / 1e9, text: chanceWords(policy, cells, i, sample[i].picks.length) }));
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
const embedded = JSON.parse(document.getElementById("documents").textContent);
for (const [path, text] of Object.entries(embedded)) files.set(path, new TextEncoder().encode(text));
current = draws()[0] ?? null;
show();
