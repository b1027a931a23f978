// How long the page takes for large draws, in Chromium: `node examples/office/page/tests/bench.mjs [picks …]` (10000 and 100000 if none).
// It prints, and fails at nothing: a machine that is busy is slower. It needs what browser.mjs needs.
import { writeFileSync, mkdirSync, mkdtempSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { H, canonical, compareText, hexOf, sha256, utf8 } from "../verify/bytes.mjs";
import { pseudonymLeaf, rootOf, nodeHash } from "../verify/trees.mjs";
import { cellsOf, countsOf, inTicketOrder } from "../verify/lot.mjs";
import { seedOf } from "../verify/sources.mjs";
import { leadOf } from "../verify/teams.mjs";
import { policyDigest, sealDigest, tableDigest } from "../verify/record.mjs";

const protocol = "double-random/1", S = "sha256", hash = (text) => hexOf(sha256(utf8(text))), W = 1048576;
/** A number draw of four times as many units as picks, two inspectors a visit; with the ledger that has an entry for every visit. */
function documentsOf(picks) {
  const divisions = Array.from({ length: 60 }, (_, i) => `3501${String(i + 1).padStart(2, "0")}`), kinds = ["clinic", "hospital", "school", "hotel", "spa"];
  const people = Array.from({ length: Math.max(20, picks / 50) }, (_, i) => `I-${String(i).padStart(6, "0")}`);
  const policy = { as_of: "2026-01-01", authority: "350500-wsjd", beacon: { sources: [{ at: "2026-01-11T09:00:00Z", count: 40, id: "dice", kind: "dice", sides: 10, witness: "notary" }] },
    coverage: { guards: ["total"], minimum: "0" }, design: { method: "number", number: picks }, disclosure: { mode: "immediate" }, document: "policy",
    frame: { credit: ["A"], divisions, kinds, risk: ["low"] }, protocol, reserves: 0, roster: { departments: ["health"] }, scope: "bench", strata: ["county", "kind"],
    team: { cap: 999999, ceiling: "1", departments: [{ department: "health", officers: 2 }], jurisdiction: "any", rotation: false, same_grid: false },
    title: "Bench", window: { from: "2026-02-01", to: "2026-12-20" } };
  const lines = [], approval = { by: "director", level: "authority" }, draw = { attempt: 1, draw: 1 };
  let previous = "0".repeat(64);
  const enter = (at, entry) => {
    const text = canonical({ actor: "clerk", at, entry, number: lines.length + 1, previous });
    previous = H(S, "entry", text);
    lines.push(`${text}\n`);
  };
  enter("2026-01-02T00:00:00Z", { authority: policy.authority, kind: "opened", protocol, scope: policy.scope });
  enter("2026-01-02T00:00:00Z", { approval, batches: [{ batch: 1, share: "1", window: policy.window }], kind: "registered" });
  enter("2026-01-02T00:00:00Z", { approval, batch: 1, kind: "policy", policy: policyDigest(policy) });
  const each = Math.ceil(4 * picks / (divisions.length * kinds.length)), cells = [], all = [];
  for (const d of divisions) for (const k of kinds) cells.push({ certain: false, count: each, path: `first/${d}/${k}`, size: "1000000000" });
  cells.sort((a, b) => compareText(a.path, b.path));
  for (const [c, cell] of cells.entries()) for (let i = 0; i < each; i++) {
    const id = `U-${String(c).padStart(3, "0")}${String(i).padStart(6, "0")}`;
    all.push({ id, cell: c, pseudonym: hash(id).slice(0, 32) });
  }
  for (const u of all) u.leaf = pseudonymLeaf(S, u.pseudonym, u.id);
  const order = [...all].sort((a, b) => (a.leaf < b.leaf ? -1 : 1)), leaves = order.map((u) => u.leaf);
  order.forEach((u, i) => { u.place = i; });
  const table = { cells }, seal = { attempt: 1, authority: policy.authority, beacon: policy.beacon, cells: tableDigest(S, table), cycle: hash("cycle"), disclosure: policy.disclosure,
    document: "seal", frame: { pseudonyms: rootOf(S, leaves), root: hash("rows"), size: all.length }, policy: policyDigest(policy), previous, protocol,
    roster: { recusals: hash("recusals"), root: hash("roster"), size: people.length }, scope: policy.scope, sealed_at: "2026-01-05T00:00:00Z", sequence: 1 };
  const beacon = [{ source: "dice", value: "0".repeat(39) + "7" }], seed = seedOf(S, sealDigest(seal), beacon), { counts } = countsOf(S, policy, cellsOf(table), seed);
  const byCell = cells.map(() => []);
  for (const u of all) byCell[u.cell].push(u);
  const shown = new Set(), sample = cells.map((_, c) => {
    const drawn = inTicketOrder(S, seed, byCell[c]).slice(0, counts[c]);
    drawn.forEach((u) => shown.add(u.id));
    return { ...(drawn.length ? { cutoff: drawn.at(-1).ticket } : {}), picks: drawn, reserves: [] };
  });
  const places = order.filter((u) => shown.has(u.id)).map((u) => u.place), hashes = [];
  const split = (n) => { let k = 1; while (k * 2 < n) k *= 2; return k; };
  let next = 0;
  const prove = (from, to) => {
    if (!(next < places.length && places[next] < to)) return hashes.push(subRoot(from, to));
    if (to - from === 1) return next++;
    const k = from + split(to - from);
    prove(from, k);
    return prove(k, to);
  };
  const subRoot = (from, to) => { if (to - from === 1) return leaves[from]; const k = from + split(to - from); return nodeHash(S, subRoot(from, k), subRoot(k, to)); };
  prove(0, leaves.length);
  const visits = [...shown].sort(compareText).map((unit, i) => {
    const two = [people[(2 * i) % people.length], people[(2 * i + 1) % people.length]].sort(compareText);
    const visit = { posts: [{ department: "health", officers: two.map((id) => ({ chance: W, id })), post: "member", vacancies: 0 }], unit };
    return { ...visit, lead: leadOf(S, policy, seed, visit) };
  });
  const record = { beacon, document: "record", inclusion: { hashes, places }, policy, protocol, sample, seal, seed, table,
    teams: { pools: [{ barred: {}, department: "health", may: people.length, post: "member" }], raised: [], shortages: [], table: hash("chances"), visits } };
  const made = { ...record, digest: H(S, "record", canonical(record)) };
  enter("2026-01-05T00:00:00Z", { kind: "sealed", seal });
  enter("2026-01-05T00:00:00Z", { ...draw, digest: sealDigest(seal), kind: "published", what: "seal", where: "https://example.org" });
  enter("2026-01-11T09:30:00Z", { ...draw, kind: "beacon", value: beacon[0] });
  enter("2026-01-11T10:00:00Z", { ...draw, drawn: hash("drawn"), kind: "drawn", record: made.digest });
  enter("2026-01-11T10:00:00Z", { ...draw, kind: "assigned", visits: { root: hash("visits"), size: visits.length } });
  for (const v of visits) {
    enter("2026-02-03T00:00:00Z", { date: "2026-02-02", draw: 1, kind: "visited", result: "ok", team: v.posts[0].officers.map((o) => o.id), unit: v.unit });
  }
  return { "ledger.jsonl": lines.join(""), "draws/1.1/record.json": canonical(made), "draws/1.1/seal.json": canonical(seal), "draws/1.1/beacon.json": canonical(beacon) };
}

const here = dirname(fileURLToPath(import.meta.url)), require = createRequire(process.env.PAGE_TOOLS ? resolve(process.env.PAGE_TOOLS, "package.json") : import.meta.url);
const { chromium } = require("playwright-core");
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const all = process.argv.slice(2).map(Number);
for (const picks of all.length ? all : [10000, 100000]) {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  mkdirSync(join(folder, "draws/1.1"), { recursive: true });
  for (const [name, text] of Object.entries(documentsOf(picks))) writeFileSync(join(folder, name), text);
  const size = (statSync(join(folder, "ledger.jsonl")).size + statSync(join(folder, "draws/1.1/record.json")).size) / 1e6;
  const page = await (await browser.newContext({ locale: "en-GB", viewport: { width: 1100, height: 900 } })).newPage();
  page.on("pageerror", (e) => console.log(`error ${e.message}`));
  await page.goto(pathToFileURL(join(here, "../index.html")).href);
  // The page's own clock: from the choice of the folder to the first row painted, to the verdict, and what kept it from answering.
  await page.evaluate(() => {
    window.times = { blocked: 0 };
    new PerformanceObserver((l) => { for (const e of l.getEntries()) window.times.blocked = Math.max(window.times.blocked, e.duration); }).observe({ entryTypes: ["longtask"] });
    document.getElementById("folder").addEventListener("change", () => { window.times.start = performance.now(); }, { capture: true });
    new MutationObserver(() => {
      for (const [name, selector] of [["paint", "tbody tr"], ["verdict", "#ledger.verdict"]]) {
        if (window.times[name] === undefined && document.querySelector(selector)) {
          window.times[name] = 0;
          requestAnimationFrame(() => setTimeout(() => { window.times[name] = performance.now() - window.times.start; }));
        }
      }
    }).observe(document.getElementById("main"), { childList: true, subtree: true });
  });
  await page.setInputFiles("#folder", folder);
  await page.waitForFunction(() => window.times.verdict > 0, null, { timeout: 300000 });
  const times = await page.evaluate(() => window.times), verdict = await page.locator("#ledger-verdict").innerText();
  const typed = await page.evaluate(() => new Promise((done) => {
    const input = document.getElementById("search"), start = performance.now();
    input.value = "99";
    input.dispatchEvent(new Event("input"));
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
  }));
  const ms = (x) => `${Math.round(x)} ms`;
  console.log(`${picks} picks (${size.toFixed(1)} MB): first rows after ${ms(times.paint)}, verdict after ${ms(times.verdict)} (${verdict}), search ${ms(typed)}, longest block ${ms(times.blocked)}`);
  await page.close();
}
await browser.close();
