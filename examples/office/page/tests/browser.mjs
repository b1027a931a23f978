// The page in Chromium: `node examples/office/page/tests/browser.mjs [folder for screenshots]`.
// It needs playwright-core and axe-core (NODE_PATH or node_modules) and a Chromium (CHROMIUM, else /usr/bin/chromium).
import { readFileSync, writeFileSync, readdirSync, mkdtempSync, cpSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import assert from "node:assert/strict";
import { withDocuments } from "../build.mjs";

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
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1100, height: 900 }, ...options }), page = await context.newPage();
  page.on("request", (r) => requests.push(r.url()));
  page.on("pageerror", (e) => errors.push(e.message));
  page.on("dialog", (d) => { errors.push(`dialog ${d.message()}`); d.dismiss(); });
  page.on("console", (m) => m.type() === "error" && errors.push(m.text()));
  await page.goto(pathToFileURL(path).href);
  return page;
}
const public_ = (folder, names = ["record.json", "seal.json", "beacon.json"]) => names.map((n) => join(folder, n));
const serious = async (page) => {
  await page.evaluate(axe); // an evaluated script is the driver's, not the page's
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  return violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => `${v.id}: ${v.nodes[0].html}`);
};
const tests = {
  async "a published folder is self-consistent, confirmed with seal and values from elsewhere, and nothing is serious for axe"() {
    const page = await open();
    await page.setInputFiles("#files", public_(record));
    await page.waitForSelector(".verdict.self-consistent");
    assert.equal(await page.locator(".verdict.confirmed").count(), 0);
    await page.check("#elsewhere");
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
    assert.match(await page.locator("#answer").innerText(), /does not show/);
  },
  async "the language is switched, and the page is printed"() {
    const page = await open();
    await page.setInputFiles("#files", public_(record));
    await page.click("#language");
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    assert.match(await page.locator("#verdict").innerText(), /自身一致/);
    await page.check("#elsewhere");
    assert.match(await page.locator("#verdict").innerText(), /核验通过/);
    await page.screenshot({ path: join(shots, "zh.png"), fullPage: true });
    await page.pdf({ path: join(shots, "print.pdf"), format: "A4" });
    assert.ok(readFileSync(join(shots, "print.pdf")).length > 20000);
  },
  async "a receipt is confirmed with its draw"() {
    const page = await open();
    await page.setInputFiles("#files", public_(receipts, ["record.json", "seal.json", "beacon.json", "receipt.json", "outcome.json"]));
    await page.waitForSelector(".verdict.self-consistent li[data-check=listed]", { state: "attached" });
    await page.check("#elsewhere");
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
};
let failed = 0;
for (const [name, run] of Object.entries(tests)) {
  try { await run(); console.log(`ok   ${name}`); } catch (e) { failed++; console.log(`FAIL ${name}: ${e.message.slice(0, 600)}`); }
}
const outside = requests.filter((u) => !u.startsWith("file://"));
if (outside.length || errors.length) { failed++; console.log(`FAIL requests ${outside.join(" ")} errors ${errors.slice(0, 4).join(" | ")}`); } else console.log("ok   no request leaves the page, and it reports no error");
await browser.close();
console.log(`${Object.keys(tests).length + 1 - failed} passed, ${failed} failed; screenshots in ${shots}`);
process.exit(failed ? 1 : 0);
