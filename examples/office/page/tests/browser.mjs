// The page in Chromium: `node examples/office/page/tests/browser.mjs [folder for screenshots]`.
// It needs playwright-core and axe-core (NODE_PATH or node_modules) and a Chromium (CHROMIUM, else /usr/bin/chromium).
import { readFileSync, writeFileSync, readdirSync, statSync, existsSync, mkdtempSync, cpSync, mkdirSync } from "node:fs";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { deflateSync } from "node:zlib";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import assert from "node:assert/strict";
import { withDocuments } from "../build.mjs";
import { canonical, H } from "../verify/bytes.mjs";
import { leafHash, saltOf, unitSalts } from "../verify/trees.mjs";
import { pathOf } from "./beside.mjs";
import { ticketOf } from "../verify/lot.mjs";
import { sealDigest } from "../verify/record.mjs";

const here = dirname(fileURLToPath(import.meta.url)), root = join(here, "../../../..");
const require = createRequire(process.env.PAGE_TOOLS ? resolve(process.env.PAGE_TOOLS, "package.json") : import.meta.url);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const record = join(root, "tests/vectors/records/teams_few"), receipts = join(root, "tests/vectors/receipts/picked_sha256");
const shots = process.argv[2] ?? mkdtempSync(join(tmpdir(), "page-"));
mkdirSync(shots, { recursive: true });
const file = join(here, "../index.html");
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const requests = [], errors = [];
async function open(path = file, options = {}) {
  const url = path.startsWith("http") ? path : pathToFileURL(path).href;
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1100, height: 900 }, ...options }), page = await context.newPage();
  page.on("request", (r) => requests.push(r.url()));
  page.on("pageerror", (e) => errors.push(e.message));
  page.on("dialog", (d) => { errors.push(`dialog ${d.message()}`); d.dismiss(); });
  page.on("console", (m) => m.type() === "error" && errors.push(m.text()));
  await page.goto(url);
  return page;
}
const public_ = (folder, names = ["record.json", "seal.json", "beacon.json"]) => names.map((n) => join(folder, n));
const serious = async (page) => {
  await page.evaluate(axe); // an evaluated script is the driver's, not the page's
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  return violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => `${v.id}: ${v.nodes[0].html}`);
};
// --- ledgers: published folders made of the vectors ---

const ledgers = join(root, "tests/vectors/ledgers"), lines = (folder) => readFileSync(join(folder, "ledger.jsonl"), "utf8").split("\n").slice(0, -1);
/** A published folder: a vector without what the checker brings and what is for auditors, with its index and the page. */
function published(name) {
  const folder = mkdtempSync(join(tmpdir(), "ledger-"));
  cpSync(join(ledgers, name), folder, { recursive: true, filter: (p) => !/brought|expected\.json|frame\.json|roster\.json|cycle\.json|drawn\.json/.test(p) });
  cpSync(file, join(folder, "index.html"));
  writeIndex(folder);
  return folder;
}
function walk(folder) {
  return readdirSync(folder).flatMap((n) => (statSync(join(folder, n)).isDirectory() ? walk(join(folder, n)) : [join(folder, n)]));
}
function writeIndex(folder) {
  const what = { "ledger.jsonl": "ledger", "index.html": "page" };
  const files = walk(folder).map((p) => relative(folder, p)).filter((p) => p !== "index.json").sort().map((p) => ({ file: p,
    ...(p === "ledger.jsonl" ? { lines: lines(folder).length } : {}), sha256: createHash("sha256").update(readFileSync(join(folder, p))).digest("hex"),
    since: "2026-01-01T00:00:00Z", what: what[p] ?? (p.startsWith("checkpoints/") ? "checkpoint" : p.split("/").pop().replace(/\..*/, "")) }));
  writeFileSync(join(folder, "index.json"), canonical({ document: "index", files, protocol: "double-random/1" }));
}
/** Another content for one line; the chain is made anew, so that only a rule is broken. */
function rechained(folder, number, change) {
  let previous = "0".repeat(64);
  const all = lines(folder).map((text, i) => {
    const line = JSON.parse(text);
    if (i + 1 === number) change(line);
    line.previous = previous;
    if (line.entry.kind === "sealed") line.entry.seal.previous = previous;
    previous = H("sha256", "entry", canonical(line));
    return `${canonical(line)}\n`;
  });
  writeFileSync(join(folder, "ledger.jsonl"), all.join(""));
}
/** The short text of documents (Spec 15.5), of zlib and base32 that are not the page's. */
function paperOf(documents, parts) {
  const bytes = deflateSync(documents.join("\n")), letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bits = [...bytes].map((b) => b.toString(2).padStart(8, "0")).join("");
  const text = bits.match(/.{1,5}/g).map((five) => letters[parseInt(five.padEnd(5, "0"), 2)]).join(""), size = Math.ceil(text.length / parts);
  const name = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
  return Array.from({ length: parts }, (_, k) => `DR1:${name}:${k + 1}/${parts}:${text.slice(k * size, (k + 1) * size)}\n`).join("");
}
async function serve(folder, run) {
  const asked = [], server = createServer((request, answer) => {
    asked.push(request.url);
    const path = join(folder, decodeURIComponent(request.url.split("?")[0]).replace(/\/$/, "/index.html"));
    if (!path.startsWith(folder) || !existsSync(path)) { answer.writeHead(404); return answer.end(); }
    answer.writeHead(200, { "content-type": path.endsWith(".html") ? "text/html; charset=utf-8" : "application/octet-stream" });
    answer.end(readFileSync(path));
  });
  await new Promise((ok) => server.listen(0, "127.0.0.1", ok));
  origins.push(`http://127.0.0.1:${server.address().port}/`);
  try { await run(origins.at(-1), asked); } finally { server.close(); }
}
const origins = [], said = (page) => page.locator("#ledger-verdict").innerText();
const ledgerIs = (page, verdict) => page.waitForSelector(`#ledger.verdict.${verdict}`);
async function give(page, text) {
  if (!await page.locator("#evidence[open]").count()) await page.click("#evidence summary");
  await page.fill("#kept", text);
  await page.click("#give");
}
/** Gives the values of all draws of a folder as the reader looked them up himself: files of his own, which he says are his. */
async function lookUp(page, folder) {
  const desk = mkdtempSync(join(tmpdir(), "looked-up-")), names = readdirSync(join(folder, "draws")).filter((name) => existsSync(join(folder, "draws", name, "beacon.json")));
  for (const name of names) cpSync(join(folder, "draws", name, "beacon.json"), join(desk, `${name}.json`));
  await page.setInputFiles("#files", names.map((name) => join(desk, `${name}.json`)));
  for (const [i] of names.entries()) {
    await page.click(".offer.values button");
    await page.waitForFunction((n) => document.getElementById("values-used")?.textContent.match(/\.json/g)?.length === n, i + 1);
  }
}
const hour = process.env.HOUR ?? join(root, "target/hour");
const tests = {
  async "every word of the page is there in both languages, and each that the code asks for"() {
    const page = await open(), faults = await page.evaluate(() => {
      const found = [], kind = (x) => (Array.isArray(x) ? `list of ${x.length}` : typeof x === "function" ? `of ${x.length}` : typeof x);
      const compare = (a, b, path) => {
        if (kind(a) !== kind(b)) return found.push(`${path}: ${kind(a)} and ${kind(b)}`);
        if (typeof a === "string" && /[一-鿿]/.test(a) === false && /[a-z]{3,} [a-z]{3,}/.test(a)) found.push(`${path}: English in Chinese`);
        if (typeof b === "string" && /[一-鿿]/.test(b) && path !== "words.mjs/other") found.push(`${path}: Chinese in English`);
        if (a && typeof a === "object") for (const k of new Set([...Object.keys(a), ...Object.keys(b)])) compare(a[k], b[k], `${path}/${k}`);
      };
      for (const [name, { TEXT, WORDS }] of Object.entries(modules)) {
        const words = TEXT ?? WORDS;
        if (words) compare(words.zh, words.en, name);
      }
      return found;
    });
    assert.deepEqual(faults, []);
    const known = await page.evaluate(() => Object.keys(modules["words.mjs"].WORDS.zh));
    const code = ["", "verify/"].flatMap((d) => readdirSync(join(here, "..", d)).filter((n) => n.endsWith(".mjs") && n !== "words.mjs").map((n) => readFileSync(join(here, "..", d, n), "utf8"))).join("\n");
    for (const [, key] of code.matchAll(/\bw\("(\w+)"\)/g)) assert.ok(known.includes(key), `no word ${key}`);
    // `${kind}Title` is put together of the kind of a paper.
    assert.deepEqual(known.filter((key) => !/Title$/.test(key) && !code.includes(`"${key}"`)), []);
  },
  async "of a draw that two levels share the page says what it does not check"() {
    const { bases } = JSON.parse(readFileSync(join(root, "tests/vectors/dispatch.json"), "utf8"));
    const shared = bases.filter(({ record: { policy } }) => policy.dispatch || policy.above);
    assert.ok(shared.some(({ record: { policy } }) => policy.above) && shared.some(({ record: { policy } }) => policy.dispatch));
    const alone = bases.find(({ record: { policy } }) => !policy.dispatch && !policy.above);
    for (const [locale, words] of [["zh-CN", /不核对两级是否相符/], ["en-GB", /does not check whether the levels agree/]]) {
      for (const { record, seal, beacon } of [...shared.slice(0, 3), ...(alone ? [alone] : [])]) {
        const folder = mkdtempSync(join(tmpdir(), "page-")), page = await open(file, { locale });
        for (const [name, value] of Object.entries({ record, seal, beacon })) writeFileSync(join(folder, `${name}.json`), canonical(value));
        await page.setInputFiles("#files", public_(folder));
        await page.waitForSelector("#trust");
        assert.equal(await page.locator("#levels").count(), record === alone?.record ? 0 : 1);
        if (record !== alone?.record) assert.match(await page.locator("#levels").innerText(), words);
      }
    }
  },
  async "the Chinese page has no English sentence, whatever is opened on it"() {
    for (const folder of [published("year_public"), published("files_published"), ...(existsSync(join(hour, "www")) ? [join(hour, "www/2026-medical")] : [])]) {
      const page = await open(file, { locale: "zh-CN" });
      await page.setInputFiles("#folder", folder);
      await page.waitForSelector("#ledger.verdict");
      await page.waitForSelector("#pictures");
      const english = await page.evaluate(() => {
        document.querySelectorAll("details").forEach((d) => { d.open = true; });
        const walker = document.createTreeWalker(document.querySelector("body"), NodeFilter.SHOW_TEXT), found = [];
        while (walker.nextNode()) {
          const { data, parentElement: at } = walker.currentNode;
          if (!at.closest("script, style, code, [lang=en]") && /(?:\b[a-z]{2,}[ ,]+){2,}[a-z]{2,}/.test(data)) found.push(data.slice(0, 80));
        }
        return found;
      });
      assert.deepEqual(english, [], folder);
      // Names of checks and what was not run are in Chinese, too.
      assert.match(await page.locator("#ledger .checks").innerText(), /前后相接[\s\S]*未核对[\s\S]*只给审计人员/);
    }
    // So is what a failed check says, of a ledger, of a record and of a file that is none.
    const broken = published("year_public"), page = await open(file, { locale: "zh-CN" });
    rechained(broken, 10, (line) => { line.entry.approval.level = "office"; });
    await page.setInputFiles("#folder", broken);
    await ledgerIs(page, "refuted");
    assert.match(await page.locator("#broken").innerText(), /须由(本机关|上级机关)一级批准/);
    assert.equal(await page.locator("#ledger li.fail[data-check=approval] [lang=en]").count(), 0);
    const forged = mkdtempSync(join(tmpdir(), "page-")), text = readFileSync(join(record, "record.json"), "utf8");
    const alone = await open(file, { locale: "zh-CN" }), shown = async (words) => {
      await alone.setInputFiles("#files", public_(forged, ["record.json"]));
      await alone.waitForFunction((source) => new RegExp(source).test(document.getElementById("draw").innerText), words.source);
      assert.doesNotMatch(await alone.locator("#draw .failed, #draw [role=alert], #slot-verdict").allInnerTexts().then((all) => all.join(" ")), /[a-z]{2,} [a-z]{2,} [a-z]{2,}/);
    };
    writeFileSync(join(forged, "record.json"), text.replace(/"ticket":"[0-9a-f]{4}/, '"ticket":"ffff'));
    await shown(/不通过：/);
    writeFileSync(join(forged, "record.json"), `${text}\n`);
    await shown(/不是规范格式的 JSON/);
    writeFileSync(join(forged, "record.json"), text.slice(0, -9));
    await alone.setInputFiles("#files", public_(forged, ["record.json"]));
    await alone.waitForFunction(() => /record\.json：不是 JSON/.test(document.getElementById("main").innerText));
  },
  async "a checkpoint that is dropped with the folder is offered to its owner; one of another ledger is no finding"() {
    const page = await open(), folder = published("files_published"), kept = join(ledgers, "files_published/brought/kept/00.txt"), parent = mkdtempSync(join(tmpdir(), "given-"));
    cpSync(folder, join(parent, "www"), { recursive: true });
    cpSync(kept, join(parent, "kept.txt"));
    mkdirSync(join(parent, "newspaper"));
    cpSync(join(folder, "draws/1.1/beacon.json"), join(parent, "newspaper/1.1.json"));
    await page.setInputFiles("#folder", parent);
    await ledgerIs(page, "self-consistent");
    await page.click(".offer.values button");
    await page.waitForSelector("#values-used");
    await ledgerIs(page, "self-consistent");
    await page.click(".offer:not(.values) button");
    await ledgerIs(page, "confirmed");
    const text = readFileSync(kept, "utf8");
    await give(page, text.replace(/^double-random\/1\/[^\n]*/, "double-random/1/330100-wsjd/another"));
    await ledgerIs(page, "self-consistent");
    assert.match(await page.locator("#others").innerText(), /another ledger[\s\S]*330100-wsjd/);
    await give(page, `${text}\n${text.replace(/^double-random\/1\/[^\n]*/, "double-random/1/330100-wsjd/another")}`);
    await ledgerIs(page, "confirmed");
  },
  async "the page of the folder shows all of it where it is opened from a disk, and a kept checkpoint confirms the ledger inside"() {
    if (!existsSync(join(hour, "www"))) return "not run: no folder of the hour";
    const page = await open(join(hour, "www/2026-medical/index.html"));
    await ledgerIs(page, "self-consistent");
    assert.equal(await page.locator("#which option").count(), 3);
    await lookUp(page, join(hour, "www/2026-medical"));
    await give(page, readFileSync(join(hour, "kept.txt"), "utf8"));
    await ledgerIs(page, "confirmed");
    assert.deepEqual(await page.locator("#lacks").count(), 0);
    // Files of the reader go before those inside.
    await page.click(".opener summary");
    await page.setInputFiles("#folder", published("year_public"));
    await page.waitForFunction(() => document.querySelectorAll("#which-ledger").length === 0 && !document.getElementById("inside"));
    await ledgerIs(page, "self-consistent");
    // The page of one draw says that it holds this one alone.
    const one = await open(join(hour, "www/2026-medical/draws/2.1/page.html"));
    await one.waitForSelector("#slot-verdict .verdict");
    assert.match(await one.locator("#inside").innerText(), /holds Draw 2 only/);
    assert.match(await one.locator("#guide").innerText(), /\d+ visited/);
  },
  async "the text of a printed receipt is pasted, dropped, and told from a slip"() {
    const page = await open(), paper = paperOf(["receipt.json", "outcome.json"].map((n) => readFileSync(join(receipts, n), "utf8")), 2);
    await page.setInputFiles("#files", public_(receipts, ["record.json", "seal.json", "beacon.json"]));
    await page.waitForSelector("#slot-verdict .verdict");
    const paste = async (text) => { await page.fill("#short", text); await page.click("#take-short"); };
    await paste("receipt");
    await page.waitForFunction(() => /begins with DR1/.test(document.getElementById("short-said").innerText));
    await paste(paper.replace(/(?<=^.{100})./, (c) => (c === "A" ? "B" : "A")));
    await page.waitForFunction(() => /slip/.test(document.getElementById("short-said").innerText));
    await paste(paper.trim().split("\n")[0]);
    await page.waitForFunction(() => /missing/.test(document.getElementById("short-said").innerText));
    // Wrapped and in small letters, as it is copied from paper.
    await paste(paper.toLowerCase().replace(/(.{50})/g, "$1\n"));
    await page.waitForSelector("#slot-papers .verdict li[data-check=listed].pass", { state: "attached" });
    assert.deepEqual(await serious(page), []);
    const other = await open(), dropped = join(shots, "receipt.txt");
    writeFileSync(dropped, paper);
    await other.setInputFiles("#files", [...public_(receipts, ["record.json", "seal.json", "beacon.json"]), dropped]);
    await other.waitForSelector("#slot-papers .verdict li[data-check=listed].pass", { state: "attached" });
    const [, id] = /"unit":"([^"]+)"/.exec(readFileSync(join(receipts, "outcome.json"), "utf8"));
    assert.ok((await other.locator("#slot-papers").innerText()).includes(id));
  },
  async "a fault of the program is said in both languages, and so is a browser that runs none"() {
    const broken = join(shots, "broken.html"), text = readFileSync(file, "utf8").replace(/script-src 'sha256-[^']*'/, "script-src 'unsafe-inline'").replace(/style-src 'sha256-[^']*'/, "style-src 'unsafe-inline'");
    writeFileSync(broken, text.replace('modules["words.mjs"] = (() => {', 'modules["words.mjs"] = (() => { throw new Error("a fault of the program");'));
    const page = await open(broken);
    assert.match(await page.locator("main [role=alert]").first().innerText(), /程序出错[\s\S]*program has failed[\s\S]*a fault of the program/);
    assert.match(errors.pop(), /a fault of the program/);
    const context = await browser.newContext({ javaScriptEnabled: false }), without = await context.newPage();
    await without.goto(pathToFileURL(file).href);
    assert.match(await without.locator("main").innerText(), /JavaScript[\s\S]*notice-\*\.docx/);
    // The page itself has neither of the two sentences once it runs.
    const whole = await open();
    assert.equal(await whole.locator("#not-started, main [role=alert]:not(#short-said:empty)").count(), 0);
    await whole.setInputFiles("#files", public_(record));
    await whole.waitForSelector("#slot-verdict .verdict");
    assert.notEqual(await whole.title(), "Double-random inspections");
  },
  async "an empty page says how files come to it, and the language stays in the address"() {
    const page = await open();
    assert.match(await page.locator("#from-disk").innerText(), /drag the whole folder/);
    await page.click("#language");
    assert.match(page.url(), /#zh$/);
    await page.reload();
    assert.match(await page.locator("#from-disk").innerText(), /拖到这里/);
    assert.deepEqual(await serious(page), []);
  },
  async "the questions are answered at the head of the page, and lead to their places"() {
    if (!existsSync(join(hour, "www"))) return "not run: no folder of the hour";
    const page = await open();
    await page.setInputFiles("#folder", join(hour, "www/2026-medical"));
    await page.waitForSelector("#pictures");
    await page.waitForFunction(() => /contradicts/.test(document.getElementById("guide").innerText));
    assert.match(await page.locator("#guide").innerText(), /\d+ of the \d+ institutions that could be drawn \(\d+ are on the register[\s\S]*sealed on 2026-09-01[\s\S]*in 1,000[\s\S]*your[\s\S]*\d+ visited[\s\S]*no problem found \d+/);
    for (const id of ["table", "why", "chances", "trust", "notice-table"]) {
      await page.click(`#guide a[href="#${id}"]`);
      assert.equal(await page.evaluate(() => document.activeElement.id), id);
    }
    // Who was replaced, and who came: by what became of them, not by the record alone.
    // While a draw is hidden its entries are closed; what they say is told later, in its folder.
    const told = walk(join(hour, "www/2026-medical")).filter((p) => p.endsWith("contents.jsonl")).flatMap((p) => readFileSync(p, "utf8").split("\n").filter(Boolean).map((l) => JSON.parse(l).entry));
    const entries = [...lines(join(hour, "www/2026-medical")).map((l) => JSON.parse(l).entry), ...told].filter((e) => e.draw === 3);
    const swapped = entries.findLast((e) => e.kind === "replaced");
    await page.fill("#one", swapped.unit);
    await page.press("#one", "Enter");
    assert.match(await page.locator("#answer").innerText(), new RegExp(`replaced by [^\n]*${swapped.by}`));
    await page.fill("#one", swapped.by);
    await page.press("#one", "Enter");
    assert.match(await page.locator("#answer").innerText(), new RegExp(`reserve[\\s\\S]*no problem found[\\s\\S]*in place of [^\\n]*${swapped.unit}`));
    // The team that came stands in the table, not the one that fell ill.
    const moved = entries.findLast((e) => e.kind === "reassigned" && e.moves.length).moves[0];
    await page.fill("#search", moved.unit);
    const row = await page.locator("#table ~ div tbody tr").first().innerText();
    assert.ok(row.includes(moved.by) && !row.includes(moved.out), row);
    await page.fill("#search", "");
    await page.selectOption("#by-kind", { index: 1 });
    assert.match(await page.locator("#table ~ div [role=status]").innerText(), /Shown \d+ of \d+ found, \d+ in all/);
  },
  async "the folder of a ledger is self-consistent, says what would raise it, and a kept checkpoint confirms it"() {
    const page = await open(), folder = published("files_published"), kept = readFileSync(join(ledgers, "files_published/brought/kept/00.txt"), "utf8");
    await page.setInputFiles("#folder", folder);
    await ledgerIs(page, "self-consistent");
    assert.match(await page.locator("#lacks").innerText(), /checkpoint that you kept/);
    assert.match(await page.locator("#files-there + p").innerText(), /files are there/);
    assert.deepEqual(await serious(page), []);
    await give(page, kept.replace(/\n/g, "\r\n") + "  ");
    // The copies of the values beside the record are the publisher's.
    await page.waitForFunction(() => { const said = document.getElementById("lacks")?.textContent; return said && !/checkpoint that you kept/.test(said); });
    await ledgerIs(page, "self-consistent");
    assert.match(await page.locator("#lacks").innerText(), /looked them up yourself/);
    assert.equal(await page.locator("#folder-verdict.self-consistent [data-reason=ownValues]").count(), 1);
    await lookUp(page, folder);
    await ledgerIs(page, "confirmed");
    assert.equal(await page.locator("#folder-verdict.confirmed").count(), 1);
    // Whoever kept the checkpoint after a draw does not know that its seal came before the values.
    await page.waitForSelector("#slot-verdict .verdict.self-consistent");
    assert.equal(await page.locator("#slot-verdict .verdict.confirmed").count(), 0);
    // A slip of the reader is no finding against the ledger.
    await give(page, "double-random/1/350500-wsjd");
    await ledgerIs(page, "self-consistent");
    assert.match(await page.locator("#unread").innerText(), /could not be read/);
    await give(page, kept.replace(/^[0-9]+$/m, "4"));
    await ledgerIs(page, "refuted");
    assert.match(await page.locator("#ledger .failed").first().innerText(), /checkpoint/);
  },
  async "a checkpoint of the publisher's folder is not one that the reader kept, whatever its name"() {
    const page = await open(), folder = published("files_published");
    cpSync(join(ledgers, "files_published/brought/kept/00.txt"), join(folder, "kept.txt"));
    mkdirSync(join(folder, "brought/kept"), { recursive: true });
    cpSync(join(ledgers, "files_published/brought/kept/00.txt"), join(folder, "brought/kept/00.txt"));
    await page.setInputFiles("#folder", folder);
    await ledgerIs(page, "self-consistent");
  },
  async "a ledger with a quorum is confirmed with the keys of its witnesses"() {
    const page = await open(), folder = published("year_public");
    await page.setInputFiles("#folder", folder);
    await ledgerIs(page, "self-consistent");
    assert.match(await page.locator("#lacks").innerText(), /keys of the witnesses/);
    await lookUp(page, folder);
    if (!await page.locator("#evidence[open]").count()) await page.click("#evidence summary");
    await page.fill("#keys", readFileSync(join(ledgers, "year_public/brought/keys.txt"), "utf8"));
    await page.click("#give");
    await ledgerIs(page, "confirmed");
    for (const id of ["#l-voids", "#l-redraws", "#l-replaced", "#l-out", "#l-moves", "#l-amended", "#l-late", "#l-clock", "#l-actors"]) {
      assert.equal(await page.locator(id).count(), 1, id);
    }
    assert.match(await page.locator("#l-late").innerText(), /clerk/);
    assert.match(await page.locator("#story ~ .draw, .draw").first().innerText(), /Rules and register sealed[\s\S]*source of chance speaks[\s\S]*Drawn/);
    assert.deepEqual(await serious(page), []);
    await page.screenshot({ path: join(shots, "ledger.png"), fullPage: true });
    await page.click("#language");
    assert.match(await said(page), /核验通过/);
    assert.deepEqual(await serious(page), []);
    await page.screenshot({ path: join(shots, "ledger-zh.png"), fullPage: true });
    await page.pdf({ path: join(shots, "ledger.pdf"), format: "A4" });
    assert.ok(readFileSync(join(shots, "ledger.pdf")).length > 40000);
  },
  async "a line that was changed is refuted at its entry, with the check named"() {
    const page = await open(), folder = published("year_public"), path = join(folder, "ledger.jsonl");
    writeFileSync(path, readFileSync(path, "utf8").replace('"reason":"closed"', '"reason":"moved"'));
    await page.setInputFiles("#folder", folder);
    await ledgerIs(page, "refuted");
    assert.equal(await page.locator('#ledger li.fail[data-check="chain"]').count(), 1);
    assert.match(await page.locator("#broken").innerText(), /entry 11 on[\s\S]*chain/);
    // The index says too that this is another file.
    assert.match(await page.locator("#folder-verdict.refuted [data-reason=differs]").innerText(), /ledger\.jsonl/);
    assert.match(await page.locator("#files-there + p").innerText(), /1 .*differ/);
    assert.deepEqual(await serious(page), []);
  },
  async "a rule that is broken is named where the chain was made anew"() {
    const page = await open(), folder = published("year_public");
    rechained(folder, 10, (line) => { line.entry.approval.level = "office"; });
    await page.setInputFiles("#folder", folder);
    await ledgerIs(page, "refuted");
    assert.match(await page.locator("#broken").innerText(), /entry 10 on[\s\S]*approval/);
  },
  async "a seal that was published too late, and a late entry, are red in the story"() {
    const page = await open();
    await page.setInputFiles("#folder", published("seal_published_late"));
    await page.waitForSelector("#ledger");
    assert.match(await page.locator(".draw li.wrong").first().innerText(), /Seal published[\s\S]*out of order/);
  },
  async "over http the page takes the documents beside it by the index, and asks its own origin alone"() {
    await serve(published("files_published"), async (origin, asked) => {
      const page = await open(origin);
      await ledgerIs(page, "self-consistent");
      assert.equal(await page.locator("tbody tr").first().isVisible(), true);
      assert.ok(asked.includes("/draws/1.1/record.json"));
    });
  },
  async "an index cannot lead the page elsewhere"() {
    const folder = published("files_published"), path = join(folder, "index.json"), index = JSON.parse(readFileSync(path, "utf8"));
    for (const bad of ["https://example.org/x", "//example.org/x", "../secret", "/etc/passwd", "a/../../x", "javascript:alert(1)", "data:,x"]) {
      index.files.push({ file: bad, sha256: "0".repeat(64), since: "2026-01-01T00:00:00Z", what: "ledger" });
    }
    writeFileSync(path, canonical(index));
    await serve(folder, async (origin, asked) => {
      const page = await open(origin);
      await ledgerIs(page, "self-consistent");
      assert.ok(asked.every((u) => !/secret|passwd|example/.test(u)), asked.join(" "));
      assert.equal(await page.evaluate(() => fetch("https://example.org/").then(() => "went", () => "kept")), "kept");
      errors.length = 0; // the line above is refused by the policy of the page, and says so
      for (let i = requests.length - 1; i >= 0; i--) if (requests[i].includes("example.org")) requests.splice(i, 1);
    });
  },
  async "names of a ledger with markup and marks of direction do no harm"() {
    const page = await open(), folder = published("files_published"), evil = "<img src=x onerror=alert(1)><script>alert(2)</script>\u202egnp";
    rechained(folder, 5, (line) => { line.entry.where = evil; });
    rechained(folder, 4, (line) => { line.entry.seal.beacon.sources[0].witness = evil; });
    writeFileSync(join(folder, "draws/1.1", "x<img src=x onerror=alert(3)>.csv"), `机构标识,机构名称\n${evil},${evil}\n`);
    await page.setInputFiles("#folder", folder);
    await ledgerIs(page, "refuted");
    assert.match(await page.locator("#broken").innerText(), /entry 4 on/);
    assert.equal(await page.locator("main img, main script").count(), 0);
  },
  async "a proof of absence and the opening of a visit are said in words"() {
    const page = await open(), folder = published("files_published"), first = join(ledgers, "first"), plain = published("first");
    const read_ = (n) => JSON.parse(readFileSync(join(first, "draws/1.1", n), "utf8")), record_ = read_("record.json"), { salt_key: key } = read_("frame.json");
    const digest = sealDigest(record_.seal), visits = record_.teams.visits.map((visit) => ({ visit, salt: saltOf("sha256", key, `visits ${digest} ${visit.unit}`) }));
    const leaves = visits.map((v) => [leafHash("sha256", canonical({ salt: v.salt, visit: v.visit })), v]).sort((a, b) => (a[0] < b[0] ? -1 : 1));
    const opening = { document: "opening", index: 2, path: pathOf("sha256", leaves.map((l) => l[0]), 2), protocol: "double-random/1", salt: leaves[2][1].salt, seal: digest, visit: leaves[2][1].visit };
    writeFileSync(join(plain, "my-visit.json"), canonical(opening));
    await page.setInputFiles("#folder", plain);
    await page.waitForSelector("[data-paper=opening].confirmed");
    assert.match(await page.locator("[data-paper=opening]").innerText(), /committed to this visit[\s\S]*entry 8/);
    // The short text of its paper says the same.
    const paper_ = await open(), bare = published("first");
    await paper_.setInputFiles("#folder", bare);
    await paper_.waitForSelector("#short");
    await paper_.fill("#short", paperOf([canonical(opening)], 2));
    await paper_.click("#take-short");
    await paper_.waitForSelector("[data-paper=opening].confirmed");
    const forged = structuredClone(opening);
    forged.visit.posts[0].officers[0].id = "I-9999";
    writeFileSync(join(folder, "forged.json"), canonical(forged));
    await page.setInputFiles("#files", join(folder, "forged.json"));
    await page.waitForSelector("[data-paper=opening].refuted");
    const other = await open(), away = join(root, "tests/vectors/receipts/picked_sha256");
    await other.setInputFiles("#files", [join(away, "seal.json"), join(away, "absence.json")]);
    await other.waitForSelector("[data-paper=absence].confirmed");
    assert.match(await other.locator("[data-paper=absence]").innerText(), /is not on the frame/);
    assert.deepEqual(await serious(other), []);
  },
  async "where no Worker may run, the page verifies itself"() {
    const context = await browser.newContext({ locale: "en-GB" }), page = await context.newPage();
    page.on("pageerror", (e) => errors.push(e.message));
    await page.addInitScript(() => { window.Worker = class { constructor() { throw new Error("refused"); } }; });
    await page.goto(pathToFileURL(file).href);
    await page.setInputFiles("#folder", published("files_published"));
    await ledgerIs(page, "self-consistent");
  },
  async "a record, a line or an index that is none is said in its place, and the rest stays"() {
    const page = await open(), folder = published("files_published"), ledger = join(folder, "ledger.jsonl"), text = readFileSync(ledger, "utf8");
    writeFileSync(ledger, text.replace('"kind":"drawn"', '"kind":"thrown"'));
    await page.setInputFiles("#folder", folder);
    await page.waitForSelector("#slot-ledger-verdict [role=alert]");
    assert.match(await page.locator("#slot-ledger-verdict").innerText(), /line 7/);
    await page.waitForSelector("#slot-verdict .verdict");
    writeFileSync(ledger, text.trimEnd());
    await page.setInputFiles("#folder", folder);
    await page.waitForFunction(() => /newline/.test(document.getElementById("slot-ledger-verdict").innerText));
    writeFileSync(ledger, text);
    const record_ = join(folder, "draws/1.1/record.json");
    writeFileSync(record_, `${readFileSync(record_, "utf8")}\n`);
    await page.setInputFiles("#folder", folder);
    await page.waitForFunction(() => /not canonical/.test(document.getElementById("draw").innerText));
  },
  async "a phone shows a ledger without scrolling sideways"() {
    const page = await open(file, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
    await page.setInputFiles("#folder", published("year_public"));
    await ledgerIs(page, "self-consistent");
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    assert.deepEqual(await serious(page), []);
    await page.screenshot({ path: join(shots, "ledger-phone.png") });
  },
  async "the folder of the hour, if it was made: its ledger is confirmed with the checkpoint that was kept"() {
    if (!existsSync(join(hour, "www"))) return "not run: no folder of the hour";
    const ledger = walk(join(hour, "www")).filter((p) => p.endsWith("ledger.jsonl")), page = await open();
    await page.setInputFiles("#folder", join(hour, "www"));
    await page.waitForSelector("#ledger");
    if (ledger.length > 1) await page.selectOption("#which-ledger", { index: ledger.findIndex((p) => lines(dirname(p)).length === Math.max(...ledger.map((q) => lines(dirname(q)).length))) });
    await ledgerIs(page, "self-consistent");
    await lookUp(page, dirname(ledger.find((p) => lines(dirname(p)).length === Math.max(...ledger.map((q) => lines(dirname(q)).length)))));
    await give(page, readFileSync(join(hour, "kept.txt"), "utf8"));
    await ledgerIs(page, "confirmed");
    // A checkpoint that was kept after the draw does not show that the record's seal came before it.
    assert.equal(await page.locator("section.verdict[aria-labelledby=verdict].confirmed").count(), 0);
    assert.equal(await page.locator("section.verdict[aria-labelledby=verdict].self-consistent").count(), 1);
    // The policies come from a pack, and the page does not make them again: of the folder it says no more.
    assert.equal(await page.locator("#folder-verdict.self-consistent [data-reason=notRemade]").count(), 1);
    assert.equal(await page.locator("#folder-verdict [data-reason=otherDocument], #folder-verdict [data-reason=differs]").count(), 0);
    assert.deepEqual(await serious(page), []);
    await page.screenshot({ path: join(shots, "hour.png"), fullPage: true });
    // Not even the numbers of forty dice make a phone's page slide sideways.
    const phone = await open(file, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    await phone.setInputFiles("#folder", join(hour, "www/2026-medical"));
    await phone.waitForSelector("#pictures");
    await ledgerIs(phone, "self-consistent");
    assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  },
  async "a published folder is self-consistent, confirmed with seal and values from elsewhere, and nothing is serious for axe"() {
    const page = await open();
    await page.setInputFiles("#files", public_(record));
    await page.waitForSelector(".verdict.self-consistent");
    assert.equal(await page.locator(".verdict.confirmed").count(), 0);
    assert.equal(await page.locator("#slot-verdict li.not-run[data-check=seal]").count(), 1);
    await page.setInputFiles("#brought", public_(record, ["seal.json", "beacon.json"]));
    await page.waitForSelector(".verdict.confirmed");
    assert.equal(await page.locator("li.fail").count(), 0);
    assert.deepEqual(await serious(page), []);
    await page.screenshot({ path: join(shots, "desk.png"), fullPage: true });
  },
  async "one figure that was changed is refuted, with the check named"() {
    const page = await open(), folder = mkdtempSync(join(tmpdir(), "page-"));
    cpSync(record, folder, { recursive: true });
    const text = readFileSync(join(folder, "record.json"), "utf8"), count = /"certain":false,"count":([0-9]+)/.exec(text);
    writeFileSync(join(folder, "record.json"), text.replace(count[0], count[0].replace(count[1], String(Number(count[1]) + 1))));
    await page.setInputFiles("#files", public_(folder));
    await page.waitForSelector(".verdict.refuted");
    assert.match(await page.locator(".failed").innerText(), /cells/);
    assert.equal(await page.locator('li.fail[data-check="cells"]').count(), 1);
    assert.deepEqual(await serious(page), []);
    await page.screenshot({ path: join(shots, "refuted.png") });
  },
  async "an institution is found in the table, and asked for"() {
    const page = await open();
    await page.setInputFiles("#files", public_(record));
    const id = await page.locator("tbody tr td bdi").first().innerText();
    await page.fill("#search", id);
    assert.equal(await page.locator("tbody tr").count(), 1);
    await page.fill("#one", id);
    await page.press("#one", "Enter");
    assert.match(await page.locator("#answer").innerText(), /drawn[\s\S]*the same/);
    await page.fill("#one", "X-9");
    await page.press("#one", "Enter");
    assert.match(await page.locator("#answer").innerText(), /No draw of this folder names this institution[\s\S]*can ask the publishing office for a receipt/);
  },
  async "the language is switched, and the page is printed"() {
    const page = await open();
    await page.setInputFiles("#files", public_(record));
    await page.click("#language");
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    assert.match(await page.locator("#verdict").innerText(), /内部一致/);
    await page.setInputFiles("#brought", public_(record, ["seal.json", "beacon.json"]));
    await page.waitForSelector("#slot-verdict .verdict.confirmed");
    assert.match(await page.locator("#verdict").innerText(), /核验通过/);
    // A seal of another draw, as the reader has it, is not the one of this record.
    await page.setInputFiles("#brought", public_(receipts, ["seal.json"]));
    await page.waitForSelector("#slot-verdict .verdict.refuted");
    await page.setInputFiles("#brought", public_(record, ["seal.json"]));
    await page.waitForSelector("#slot-verdict .verdict.confirmed");
    await page.screenshot({ path: join(shots, "zh.png"), fullPage: true });
    await page.pdf({ path: join(shots, "print.pdf"), format: "A4" });
    assert.ok(readFileSync(join(shots, "print.pdf")).length > 20000);
  },
  async "a forged draw has not the ledger's verdict at the head of the page, wherever it lies in the folder"() {
    for (const place of ["extra/1.1", "draws/9.1"]) {
      const page = await open(), folder = published("files_published"), forged = join(folder, place), forgery = JSON.parse(readFileSync(join(record, "record.json"), "utf8"));
      mkdirSync(forged, { recursive: true });
      // A whole record, of another draw, which the ledger never sealed; with a notice alone in the second place.
      if (place === "extra/1.1") for (const n of ["record.json", "seal.json", "beacon.json"]) cpSync(join(record, n), join(forged, n));
      else writeFileSync(join(forged, "notice-000008.json"), canonical({ at: 8, attempt: 1, closed_until: "2026-05-16", date: "2026-04-08", departments: ["x"], document: "notice", draw: 9, eligible: 100, facts: { issuer: "卫生健康委员会" },
        frame: 120, items: [], method: "frequency", plan: "2026", population: [], protocol: "double-random/1", rows: [], scope: "x", sources: [], targeted: false, task: "x", visits: { from: "2026-03-16", to: "2026-05-15" }, drawn_at: "2026-03-04T03:20:00Z" }));
      assert.ok(forgery.sample);
      await page.setInputFiles("#folder", folder);
      await ledgerIs(page, "self-consistent");
      await lookUp(page, published("files_published"));
      await give(page, readFileSync(join(ledgers, "files_published/brought/kept/00.txt"), "utf8"));
      await ledgerIs(page, "confirmed");
      const at = await page.locator("#which option").evaluateAll((all, end) => all.findIndex((o) => o.value.endsWith(end)), place);
      if (await page.locator("#which").count()) await page.selectOption("#which", { index: at });
      await page.waitForFunction(() => /has no such draw/.test(document.getElementById("slot-trust-line").innerText));
      if (place === "extra/1.1") assert.match(await page.locator("#guide .outside").innerText(), /has no such draw/);
      assert.doesNotMatch(await page.locator("#slot-trust-line, #slot-guide").allInnerTexts().then((x) => x.join(" ")), /Confirmed|The ledger is confirmed/);
      assert.match(await page.locator("#folder-verdict.self-consistent [data-reason=outside]").innerText(), new RegExp(place));
      // The draw of the ledger itself has it, wherever its record lies.
      await page.selectOption("#which", { index: 1 - at });
      await page.waitForFunction(() => /Confirmed|The ledger is confirmed/.test(document.getElementById("slot-trust-line").innerText));
    }
  },
  async "files that are chosen one by one are still those of the ledger"() {
    const page = await open(), folder = published("files_published");
    await page.setInputFiles("#files", [join(folder, "ledger.jsonl"), ...public_(join(folder, "draws/1.1"))]);
    await ledgerIs(page, "self-consistent");
    await page.waitForFunction(() => /Nothing contradicts/.test(document.getElementById("slot-trust-line").innerText));
    assert.equal(await page.locator("#folder-verdict [data-reason=outside]").count(), 0);
  },
  async "evidence of one draw confirms no receipt of another, and stays when a receipt is dropped"() {
    const folder = mkdtempSync(join(tmpdir(), "page-")), page = await open();
    for (const n of ["record.json", "seal.json", "beacon.json"]) for (const [d, from] of [["draws/1.1", receipts], ["draws/2.1", record]]) {
      mkdirSync(join(folder, d), { recursive: true });
      cpSync(join(from, n), join(folder, d, n));
    }
    await page.setInputFiles("#folder", folder);
    await page.waitForSelector("#slot-verdict .verdict.self-consistent");
    // The reader has seal and values of the second draw, and of it alone.
    assert.match(await page.locator("#which").inputValue(), /2\.1$/);
    await page.setInputFiles("#brought", public_(record, ["seal.json", "beacon.json"]));
    await page.waitForSelector("#slot-verdict .verdict.confirmed");
    await page.setInputFiles("#files", public_(receipts, ["receipt.json", "outcome.json"]));
    await page.waitForSelector("#slot-papers .verdict.self-consistent li[data-check=listed].pass", { state: "attached" });
    assert.equal(await page.locator("#slot-papers li[data-check=seal].not-run").count(), 1);
    assert.equal(await page.locator("#slot-papers .verdict.confirmed").count(), 0);
    // What he brought for the second draw is still his.
    await page.waitForSelector("#slot-verdict .verdict.confirmed");
    await page.selectOption("#which", { index: 0 });
    await page.setInputFiles("#brought", public_(receipts, ["seal.json", "beacon.json"]));
    await page.waitForSelector("#slot-papers .verdict.confirmed li[data-check=listed].pass", { state: "attached" });
  },
  async "a receipt can be pasted where no file is open yet, and says what it lacks"() {
    const page = await open(), paper = paperOf(["receipt.json", "outcome.json"].map((n) => readFileSync(join(receipts, n), "utf8")), 1);
    await page.fill("#short", paper);
    await page.click("#take-short");
    await page.waitForSelector("#slot-papers .verdict.self-consistent li[data-check=seal].not-run", { state: "attached" });
    assert.deepEqual(await serious(page), []);
  },
  async "entries whose contents are not told are listed, and so is what would raise the verdict"() {
    const page = await open(), name = "closed_lines_overdue";
    await page.setInputFiles("#folder", published(name));
    await page.waitForSelector("#ledger");
    assert.match(await page.locator("#l-closed").innerText(), /Closed entries whose contents are not here[\s\S]*\d/);
    await page.click("#language");
    assert.match(await page.locator("#l-closed").innerText(), /内容尚未给出/);
    // Every lack that the verifier can name has words.
    const lacks = [...readFileSync(join(here, "../verify/ledger.mjs"), "utf8").matchAll(/lacks\.push\(["`](\w+)/g)].map((m) => m[1]);
    assert.ok(lacks.length >= 7);
    for (const language of ["zh", "en"]) assert.deepEqual(await page.evaluate(([all, l]) => all.filter((x) => !modules["words.mjs"].WORDS[l].lacks[x]), [lacks, language]), []);
  },
  async "of an institution that was not drawn one answer says what can be known: by the frame, by a paper of the reader, or how to come to one"() {
    const first = join(ledgers, "first/draws/1.1"), read_ = (n) => JSON.parse(readFileSync(join(first, n), "utf8")), frame = read_("frame.json"), { sample } = read_("record.json");
    const shown = new Set(sample.flatMap((c) => [...c.picks, ...c.reserves].map((u) => u.id))), unit = frame.units.find((u) => !shown.has(u.id));
    const ask = async (page, text) => { await page.fill("#one", text); await page.press("#one", "Enter"); return page.locator("#answer").innerText(); };
    const page = await open(), folder = published("first");
    await page.setInputFiles("#folder", folder);
    await page.waitForSelector("#pictures");
    assert.match(await ask(page, unit.id), /No draw of this folder names[\s\S]*ask the publishing office for a receipt/);
    // The auditor drops the frame in beside the record: its cell, and its ticket above the cutoff.
    const whole = await open();
    cpSync(join(first, "frame.json"), join(folder, "draws/1.1/frame.json"));
    await whole.setInputFiles("#folder", folder);
    await whole.waitForSelector("#pictures");
    const said = await ask(whole, unit.name);
    assert.match(said, new RegExp(`${unit.id}[\\s\\S]*in the lot, and not drawn[\\s\\S]*above the cutoff`));
    const { pseudonym } = unitSalts("sha256", frame.salt_key, unit.id);
    assert.ok(said.includes(ticketOf("sha256", read_("record.json").seed, pseudonym)), said);
    await whole.click("#language");
    await whole.waitForSelector("#pictures");
    assert.match(await ask(whole, unit.id), /参加了抽签，没有被抽中[\s\S]*签号大于/);
    assert.deepEqual(await serious(whole), []);
    // Papers of the reader: a proof of absence, and a receipt.
    const other = await open(), absence = JSON.parse(readFileSync(join(receipts, "absence.json"), "utf8"));
    await other.setInputFiles("#files", public_(receipts, ["record.json", "seal.json", "beacon.json", "absence.json"]));
    await other.waitForSelector("[data-paper=absence].confirmed");
    assert.match(await ask(other, absence.id), /is not on the register[\s\S]*cannot have been drawn/);
    const reserve = join(root, "tests/vectors/receipts", readdirSync(join(root, "tests/vectors/receipts")).find((n) => n.startsWith("excluded"))), row = JSON.parse(readFileSync(join(reserve, "receipt.json"), "utf8")).row.unit;
    const left = await open();
    await left.setInputFiles("#files", ["record.json", "seal.json", "beacon.json", "receipt.json", "outcome.json"].map((n) => join(reserve, n)).filter((p) => existsSync(p)));
    await left.waitForSelector("#slot-papers .verdict");
    assert.match(await ask(left, row.id), /is on the register of draw[\s\S]*left out by a rule[\s\S]*Receipt/);
  },
  async "an institution that was found closed and was drawn again later is remarked"() {
    if (!existsSync(join(hour, "www"))) return "not run: no folder of the hour";
    const page = await open(), folder = join(hour, "www/2026-medical");
    await page.setInputFiles("#folder", folder);
    await page.waitForSelector("#pictures");
    await ledgerIs(page, "self-consistent");
    const closed = new Set(), again = [], told = walk(folder).filter((p) => p.endsWith("contents.jsonl")).flatMap((p) => readFileSync(p, "utf8").split("\n").filter(Boolean).map((l) => JSON.parse(l)));
    const byNumber = new Map(told.map((t) => [t.number, t.entry])), entries = lines(folder).map((l) => JSON.parse(l)).map((l) => byNumber.get(l.number) ?? l.entry);
    for (const d of readdirSync(join(folder, "draws")).sort()) {
      const { sample } = JSON.parse(readFileSync(join(folder, "draws", d, "record.json"), "utf8"));
      const own = entries.filter((e) => e.draw === Number(d.split(".")[0]) && e.kind === "replaced").map((e) => e.by);
      again.push(...[...sample.flatMap((c) => c.picks.map((u) => u.id)), ...own].filter((id) => closed.has(id)));
      entries.filter((e) => e.draw === Number(d.split(".")[0]) && ["missed", "replaced"].includes(e.kind) && ["closed", "merged", "moved"].includes(e.reason)).forEach((e) => closed.add(e.unit));
    }
    assert.ok(again.length > 0);
    for (const id of again) assert.ok((await page.locator("#l-again").innerText()).includes(id), id);
    await page.fill("#one", again[0]);
    await page.press("#one", "Enter");
    assert.match(await page.locator("#answer .wrong").innerText(), /Take note: in Draw \d it was found to be (closed|merged|moved away), and in Draw \d it was to be inspected again/);
    return undefined;
  },
  async "a division has its name wherever the page shows one, and its code where the list gives no name"() {
    for (const name of ["elsewhere", "townships"]) {
      const folder = join(root, "tests/vectors/records", name), { policy, sample, table } = JSON.parse(readFileSync(join(folder, "record.json"), "utf8")), page = await open();
      await page.setInputFiles("#files", public_(folder, ["record.json", "seal.json", "beacon.json"]));
      await page.waitForSelector("#pictures");
      const names = new Map(policy.frame.divisions.filter((d) => d.name).map((d) => [d.code, d.name])), codes = policy.frame.divisions.map((d) => d.code ?? d);
      // Each pick is asked for: the cell of its answer, and what table and pictures say.
      for (const [i, cell] of sample.entries()) {
        const [pick] = cell.picks, parts = table.cells[i].path.split("/").filter((x) => codes.includes(x));
        if (!pick) continue;
        await page.fill("#one", pick.id);
        await page.press("#one", "Enter");
        const said = await page.locator("#answer").innerText();
        for (const code of parts) assert.ok(said.includes(names.get(code) ?? code), `${name} ${pick.id}: ${names.get(code) ?? code} in ${said}`);
        for (const code of parts.filter((x) => names.has(x))) assert.doesNotMatch(said.replace(pick.id, ""), new RegExp(`(^|[^0-9A-Za-z-])${code}($|[^0-9A-Za-z-])`, "m"), `${name} ${pick.id}`);
      }
      const shown = await page.locator("#table ~ div tbody, #pictures ~ figure, #slot-pictures").allInnerTexts().then((all) => all.join("\n"));
      for (const [code, said] of names) if (shown.includes(said)) assert.doesNotMatch(shown, new RegExp(`(^|[\\s·/])${code}($|[\\s·/])`, "m"), `${name}: ${code} beside ${said}`);
      assert.ok([...names.values()].some((said) => shown.includes(said)), `${name}: no name is shown`);
      assert.deepEqual(await serious(page), []);
    }
  },
  async "an area has the name of its entry, also where the same code has a label of something else"() {
    const folder = join(root, "tests/vectors/records/elsewhere"), given = mkdtempSync(join(tmpdir(), "page-")), changed = JSON.parse(readFileSync(join(folder, "record.json"), "utf8")), { policy, table } = changed;
    const used = new Set(table.cells.flatMap((c) => c.path.split("/").slice(1, -1))), named = policy.frame.divisions.filter((d) => d.name && used.has(d.code)), kind = table.cells[0].path.split("/").at(-1);
    policy.labels = Object.fromEntries([...named.map((d) => [d.code, "labelled otherwise"]), [kind, "a kind in words"]].sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(join(given, "record.json"), canonical(changed));
    const page = await open();
    await page.setInputFiles("#files", public_(given, ["record.json"]));
    await page.waitForSelector("#pictures");
    await page.fill("#one", changed.sample.find((c) => c.picks.length).picks[0].id);
    await page.press("#one", "Enter");
    const shown = await page.evaluate(() => { document.querySelectorAll("details").forEach((d) => { d.open = true; }); return document.getElementById("draw").innerText; });
    assert.ok(named.length > 3);
    for (const { name } of named) assert.ok(shown.includes(name), name);
    assert.doesNotMatch(shown, /labelled otherwise/);
    for (const id of ["table", "answer", "pictures"]) assert.match(await page.evaluate((at) => (document.getElementById(at).closest("section") ?? document.getElementById(at)).textContent, id), /a kind in words/, id);
  },
  async "of one that a rule may have left out nobody says that it was in the lot"() {
    const page = await open(), ask = async (text) => { await page.fill("#one", text); await page.press("#one", "Enter"); return page.locator("#answer").innerText(); };
    await page.setInputFiles("#files", public_(join(root, "tests/vectors/records/back_check"), ["record.json", "seal.json", "beacon.json", "frame.json"]));
    await page.waitForSelector("#pictures");
    for (const id of ["T-000073", "T-000089"]) {
      const said = await ask(id);
      assert.match(said, /on the register, and not in the lot/);
      assert.doesNotMatch(said, /and not drawn|cutoff/);
    }
    const { sample } = JSON.parse(readFileSync(join(root, "tests/vectors/records/back_check/record.json"), "utf8")), { units } = JSON.parse(readFileSync(join(root, "tests/vectors/records/back_check/frame.json"), "utf8"));
    const shown = new Set(sample.flatMap((c) => [...c.picks, ...c.reserves].map((u) => u.id))), others = [];
    for (const { id } of units.filter((u) => !shown.has(u.id)).slice(0, 12)) others.push([id, await ask(id)]);
    assert.ok(others.every(([, said]) => /not in the lot: left out|this page does not work out/.test(said) && !/in the lot, and not drawn/.test(said)), others.join("\n"));
    const [open_] = others.find(([, said]) => /does not work out/.test(said));
    await page.click("#language");
    await page.waitForSelector("#pictures");
    assert.match(await ask(open_), /没有被抽中；是参加了抽签还是依规则免查，本页不推算/);
  },
  async "values that the reader brings for a draw of the ledger are held against it, and are evidence only where they are its values"() {
    const folder = published("files_published"), desk = mkdtempSync(join(tmpdir(), "desk-")), draw = join(folder, "draws/1.1"), write = (n, text) => { writeFileSync(join(desk, n), text); return join(desk, n); };
    const read = (n) => JSON.parse(readFileSync(join(draw, n), "utf8")), spaced = (n) => JSON.stringify(read(n), null, 2);
    const page = await open(), bring = async (...files) => { await page.setInputFiles("#brought", files); await page.waitForSelector("#slot-verdict .verdict"); };
    await page.setInputFiles("#folder", folder);
    await page.waitForSelector("#slot-verdict .verdict.self-consistent");
    // A seal, and a file without a value: it is named, and nothing is confirmed by it.
    await bring(write("seal.json", spaced("seal.json")), write("beacon.json", "[]"));
    await page.waitForSelector("#brought-not");
    assert.match(await page.locator("#brought-not").innerText(), /Left out[\s\S]*: beacon\.json$/);
    assert.equal(await page.locator("#slot-verdict .verdict.confirmed").count(), 0);
    assert.match(await page.locator("#slot-verdict li.not-run[data-check=beacon]").textContent(), /you gave nothing/);
    // What a browser has called otherwise is named, too.
    await bring(write("seal (1).json", spaced("seal.json")));
    await page.waitForFunction(() => /: beacon\.json, seal \(1\)\.json$/.test(document.getElementById("brought-not")?.innerText ?? ""));
    // Values of another source say nothing of the draw.
    await bring(write("beacon.json", JSON.stringify([{ source: "nobody", value: "1" }])));
    await page.waitForSelector("#folder-verdict [data-reason=unused]");
    assert.equal(await page.locator("#slot-verdict .verdict.confirmed, #brought-not, .refuted").count(), 0);
    // Its values, written as a reader writes them.
    await bring(write("beacon.json", spaced("beacon.json")));
    await page.waitForSelector("#slot-verdict .verdict.confirmed");
    assert.equal(await page.locator("#folder-verdict [data-reason=differs], #folder-verdict [data-reason=ownValues], .refuted").count(), 0);
    assert.deepEqual(await serious(page), []);
  },
  async "a value that several draws could have is named, with how its file is to be called"() {
    const parent = mkdtempSync(join(tmpdir(), "given-")), page = await open();
    cpSync(published("year_public"), join(parent, "www"), { recursive: true });
    cpSync(join(parent, "www/draws/1.1/beacon.json"), join(parent, "newspaper.json"));
    await page.setInputFiles("#folder", parent);
    await page.waitForSelector("#ledger.verdict");
    await page.click(".offer.values button");
    await page.waitForSelector("#folder-verdict [data-reason=severalDraws]");
    assert.match(await page.locator("[data-reason=severalDraws]").innerText(), /begin the file's name with draw and attempt[\s\S]*newspaper\.json dice/);
    assert.equal(await page.locator("[data-reason=unused]").count(), 0);
  },
  async "a receipt is confirmed with its draw"() {
    const page = await open();
    await page.setInputFiles("#files", public_(receipts, ["record.json", "seal.json", "beacon.json", "receipt.json", "outcome.json"]));
    await page.waitForSelector(".verdict.self-consistent li[data-check=listed]", { state: "attached" });
    await page.setInputFiles("#brought", public_(receipts, ["seal.json", "beacon.json"]));
    await page.waitForSelector(".verdict.confirmed li[data-check=listed]", { state: "attached" });
    assert.equal(await page.locator(".verdict.confirmed").count(), 2);
  },
  async "a phone shows it without scrolling sideways"() {
    const page = await open(file, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
    await page.setInputFiles("#files", public_(record));
    await page.waitForSelector(".verdict.self-consistent");
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    assert.deepEqual(await serious(page), []);
    await page.screenshot({ path: join(shots, "phone.png") });
  },
  async "a page with its documents inside needs no file, and names with markup do no harm"() {
    const files = Object.fromEntries(["record.json", "seal.json", "beacon.json"].map((n) => [n, readFileSync(join(record, n), "utf8")]));
    const id = JSON.parse(files["record.json"]).sample.find((c) => c.picks.length).picks[0].id;
    files["sample.csv"] = `机构标识,机构名称\n${id},</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp.exe\n`;
    const path = join(shots, "page.html");
    writeFileSync(path, withDocuments(files));
    const page = await open(path);
    await page.waitForSelector(".verdict.self-consistent");
    assert.equal(await page.locator("img, main script").count(), 0);
    assert.match(await page.locator("table").innerText(), /<script>alert\(1\)/);
  },
  async "the notice comes first, in either language; what it says otherwise than the record is named; what is closed says until when"() {
    const text = readFileSync(join(record, "record.json"), "utf8"), r = JSON.parse(text), picks = r.sample.flatMap((c) => c.picks.map((u) => u.id)).sort();
    const notice = { at: 8, attempt: r.seal.attempt, date: "2026-04-08", departments: ["卫生监督所"], document: "notice", draw: r.seal.sequence, drawn: picks.length,
      drawn_at: "2026-03-04T03:20:00Z", eligible: 100, facts: { issuer: "卫生健康委员会", phone: "0595-1" }, frame: 120, items: [{ basis: "国办发〔2015〕58号", code: "x", name: "执业资格" }],
      method: "frequency", plan: "2026年抽查计划", population: [], protocol: "double-random/1", record: r.digest, scope: "x", sources: [{ at: "2026-03-04T03:00:00Z", kind: "dice", name: "公证处" }],
      targeted: false, task: "联合抽查", visits: { from: "2026-03-16", to: "2026-05-15" },
      rows: picks.map((unit, i) => ({ address: "", code: "", name: i ? `医院${i}` : "</td><script>alert(3)</script>", unit, came: i % 2 ? { state: "pending" } : { state: "visited", date: "2026-04-07",
        items: ["执业资格"], marks: [{ count: 1, name: "违法" }], opens: "待复查", phrase: "违反有关规定", result: "violation", team: ["A-1", "A-2"] } })) };
    const files = { "draws/1.1/record.json": text, "draws/1.1/notice-000008.json": JSON.stringify(notice) };
    const at = async (more, options) => { const path = join(shots, "notice.html"); writeFileSync(path, withDocuments({ ...files, ...more })); return open(path, options); };
    const page = await at({});
    assert.equal(await page.locator("main section[aria-labelledby]").first().getAttribute("id"), "official");
    assert.match(await page.locator("#official").innerText(), /Notice of inspection results[\s\S]*＿＿[\s\S]*rules broken/);
    assert.equal(await page.locator("#official .failed").count(), 0);
    await page.click("#language");
    assert.match(await page.locator("#official").innerText(), /随机抽查结果公示[\s\S]*不定向抽查[\s\S]*违反有关规定[\s\S]*列入待复查/);
    assert.deepEqual(await serious(page), []);
    await page.locator("#official").screenshot({ path: join(shots, "notice.png") });
    const other = { ...notice, rows: notice.rows.slice(1) };
    const wrong = await at({ "draws/1.1/notice-000008.json": JSON.stringify(other) });
    assert.match(await wrong.locator("#official .failed").innerText(), new RegExp(picks[0]));
    const phone = await at({}, { viewport: { width: 360, height: 740 }, isMobile: true });
    assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    const { drawn, record: digest, ...closed } = { ...notice, rows: [], closed_until: "2026-05-16" }, path = join(shots, "closed.html");
    writeFileSync(path, withDocuments({ "draws/1.1/notice-000008.json": JSON.stringify(closed) }));
    const shut = await open(path);
    assert.match(await shut.locator("#closed").innerText(), /2026-05-16/);
    assert.deepEqual(await serious(shut), []);
  },
  async "the figures of the year: a layman reads the rate, what was counted again is said to be, and what differs is not believed"() {
    const folder = mkdtempSync(join(tmpdir(), "figures-")), source = join(root, "tests/vectors/folders/public"), page = await open();
    cpSync(source, folder, { recursive: true });
    await page.setInputFiles("#folder", folder);
    await page.waitForSelector("#slot-figures .same");
    const counts = JSON.parse(readFileSync(walk(folder).filter((p) => /figures-\d+\.json$/.test(p)).sort().at(-1), "utf8"));
    assert.ok(counts.found > 0);
    assert.match(await page.locator("#slot-figures").innerText(), /Of every 100 institutions an inspection would find about \d+ breaking a rule \(with 95 % confidence between[\s\S]*The estimate above is the headline[\s\S]*counted again[\s\S]*office's word/);
    assert.match(await page.locator("#other-rates").innerText(), new RegExp(`Of ${counts.first_visits} institutions inspected, ${counts.found} had findings: ${(100 * counts.found / counts.first_visits).toFixed(1)}%`));
    // The ledger binds it only where an entry has the digest of the file.
    assert.match(await page.locator("#figures-bound").innerText(), /ledger has the digest of this file/);
    assert.match(await page.locator("#slot-figures svg").first().getAttribute("aria-label"), /All institutions \d+\.\d%/);
    assert.deepEqual(await serious(page), []);
    await page.click("#language");
    await page.waitForSelector("#slot-figures .same");
    assert.match(await page.locator("#slot-figures").innerText(), /估计每 100 家检查对象中，检查会发现约 \d+ 家存在问题[\s\S]*本页已根据台账/);
    // A finding less: the page counts for itself, and the folder is refuted.
    const file_ = walk(folder).filter((p) => /figures-\d+\.json$/.test(p)).sort().at(-1), text = readFileSync(file_, "utf8");
    writeFileSync(file_, text.replace('"first_visits":', '"first_visits":1'));
    const other = await open();
    await other.setInputFiles("#folder", folder);
    await other.waitForSelector("#slot-figures .failed");
    assert.match(await other.locator("#slot-figures .failed").innerText(), /first_visits/);
    assert.match(await other.locator("#figures-bound.wrong").innerText(), /does not have the digest/);
    assert.equal(await other.locator("#folder-verdict.refuted [data-reason=figures]").count(), 1);
    const hour = process.env.HOUR ?? join(root, "target/hour");
    if (!existsSync(join(hour, "www"))) return undefined;
    const year = await open();
    await year.setInputFiles("#folder", join(hour, "www/2026-medical"));
    await year.waitForSelector("#slot-figures .same");
    await year.locator("#slot-figures").screenshot({ path: join(shots, "figures.png") });
    await year.click("#language");
    await year.waitForSelector("#slot-figures .same");
    for (const closed of await year.locator("#slot-figures details").all()) await closed.evaluate((d) => { d.open = true; });
    assert.deepEqual(await serious(year), []);
    await year.locator("#slot-figures").screenshot({ path: join(shots, "figures-zh.png") });
    return undefined;
  },
};
let failed = 0;
// ONLY names a part of the tests, for whoever works on one.
for (const [name, run] of Object.entries(tests).filter(([name]) => name.includes(process.env.ONLY ?? ""))) {
  try { const why = await run(); console.log(why ? `${why} (${name})` : `ok   ${name}`); } catch (e) { failed++; console.log(`FAIL ${name}: ${e.message.slice(0, 600)}`); }
}
const outside = requests.filter((u) => !/^(file:|blob:)/.test(u) && !origins.some((o) => u.startsWith(o)));
if (outside.length || errors.length) { failed++; console.log(`FAIL requests ${outside.join(" ")} errors ${errors.slice(0, 4).join(" | ")}`); } else console.log("ok   no request leaves the page, and it reports no error");
await browser.close();
console.log(`${Object.keys(tests).length + 1 - failed} passed, ${failed} failed; screenshots in ${shots}`);
process.exit(failed ? 1 : 0);
