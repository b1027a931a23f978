// Pictures: coverage, chances, loads, and the walk of the lot. Texts are texts of the page, so they are as large as the others on a phone.
import { countsOf, numberDraw, sizesOf, ONE } from "./verify/lot.mjs";
import { el, bdi } from "./ui.mjs";
import { w } from "./state.mjs";
import { chanceOf, districtLevel, nameAt, pathNames } from "./draw.mjs";
import { AREAS } from "./verify/divisions.mjs";

/** Bars with their names and values; `mark` is a line across them. */
function bars(id, title, data, max, mark) {
  const part = (x) => 100 * Math.min(1, Math.max(0, x / (max || 1)));
  return el("figure", { id }, el("figcaption", {}, title), el("ul", { class: "bars" }, data.map((d) => el("li", {}, el("span", {}, bdi(d.name)),
    el("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, el("rect", { x: 0, y: 1, width: Math.max(0.5, part(d.value)), height: 8, class: "bar" }),
      mark ? el("line", { x1: part(mark), x2: part(mark), y1: 0, y2: 10, class: "mark" }) : null), el("span", {}, d.text)))));
}
/** A cell in words: its strata but for those at the places `without`; and that it is a further visit of the year, where it is. */
const pathText = (policy, path, without = []) => [...pathNames(policy, path).filter((_, k) => k > 0 && !without.includes(k)), ...(path[0] === "repeat" ? [w("paths").repeat] : [])].join(" · ") || w("everybody");
export function pictures(draw, suite, cells) {
  const { record } = draw, { policy, table, sample } = record, at = policy.strata.indexOf(districtLevel(policy)) + 1, all = [];
  if (at) {
    const by = new Map();
    cells.forEach((c, i) => { const d = by.get(c.path[at]) ?? [0, 0]; by.set(c.path[at], [d[0] + sample[i].picks.length, d[1] + c.count]); });
    const floor = Number(policy.coverage.minimum) * Number(policy.round?.share ?? "1");
    const shares = [...by].sort().map(([d, [k, of]]) => ({ name: nameAt(policy, districtLevel(policy), d), value: k / of, text: `${w("drawnOf")(k, of)} = ${(100 * k / of).toFixed(0)}%` }));
    all.push(bars("coverage", `${w("coverage")}${floor > 0 ? ` ${w("floorLine")((100 * floor).toFixed(1))}` : ""}`, shares, Math.max(floor, ...shares.map((d) => d.value)), floor));
  }
  // Institutions of the same kind and chance stand together, wherever they are.
  const sizes = sizesOf(policy, cells), groups = new Map(), places = AREAS.map((s) => policy.strata.indexOf(s) + 1).filter(Boolean);
  cells.forEach((c, i) => {
    const path = c.path.filter((_, k) => !places.includes(k)), key = `${path.join("/")} ${sizes[i]}`;
    const g = groups.get(key) ?? groups.set(key, { path: c.path, size: sizes[i], count: 0, picks: 0 }).get(key);
    g.count += c.count;
    g.picks += sample[i].picks.length;
  });
  const data = [...groups.values()].sort((a, b) => (a.size > b.size ? -1 : a.size < b.size ? 1 : b.count - a.count)), most = 40;
  all.push(bars("chances", `${w("chances")}${data.length > most ? ` ${w("shownOf")(most, data.length)}` : ""}`,
    data.slice(0, most).map((g) => ({ name: pathText(policy, g.path, places), value: Number(g.size) / 1e9, text: `${chanceOf(g.size)} · ${w("drawnOf")(g.picks, g.count)}` })), 1));
  const loads = new Map();
  for (const v of record.teams.visits) for (const o of v.posts.flatMap((p) => p.officers)) loads.set(o.id, (loads.get(o.id) ?? 0) + 1);
  const tally = new Map();
  for (const n of loads.values()) tally.set(n, (tally.get(n) ?? 0) + 1);
  const each = [...tally].sort((a, b) => a[0] - b[0]).map(([n, people]) => ({ name: w("visitsEach")(n), value: people, text: w("people")(people) }));
  if (each.length) all.push(bars("loads", w("load"), each, Math.max(...each.map((d) => d.value))));
  return [...all, walk(suite, policy, cells, record.seed)];
}
/** The line of cells with the marks that fall on it, and below it what came of each cell. */
function walk(suite, policy, cells, seed) {
  const { factor, step } = policy.design.method === "number" ? numberDraw(cells, policy.design.number) : { factor: 1n, step: ONE };
  const { order, start, counts } = countsOf(suite, policy, cells, seed);
  const mass = order.map((i) => Number(factor * cells[i].size * BigInt(cells[i].count) * 1000000n / (step || 1n)) / 1e6), sum = mass.reduce((a, b) => a + b, 0) || 1;
  const width = 640, perRow = 6, lines = Math.ceil(sum / perRow), unit = (width - 20) / perRow, shapes = [], shown = Math.min(lines, 30), most = 24;
  let position = 0;
  order.forEach((i, k) => {
    for (let a = position; a < position + mass[k];) {
      const line = Math.floor(a / perRow), b = Math.min(position + mass[k], (line + 1) * perRow), x = 10 + (a - line * perRow) * unit, wide = Math.max(0.5, (b - a) * unit);
      if (line < shown) {
        shapes.push(el("rect", { x, y: 8 + line * 40, width: wide, height: 22, class: `cell c${k % 4}` }, el("title", {}, `${pathText(policy, cells[i].path)}: ${mass[k].toFixed(3)} → ${counts[i]}`)));
        if (wide > 22) shapes.push(el("text", { x: x + wide / 2, y: 24 + line * 40, "text-anchor": "middle" }, String(k + 1)));
      }
      if (b <= a) break;
      a = b;
    }
    position += mass[k];
  });
  for (let x = Number(start * 1000000n / (step || 1n)) / 1e6, k = 0; x < sum; x++, k++) {
    const line = Math.floor(x / perRow), px = 10 + (x - line * perRow) * unit;
    if (line < shown) shapes.push(el("path", { d: `M${px} ${31 + line * 40} l-5 8 h10 z`, class: k === 0 ? "first" : "step" }));
  }
  const item = (i, k) => el("li", {}, bdi(pathText(policy, cells[i].path)), ` — ${w("walkItem")(mass[k].toFixed(2), counts[i])}`);
  return el("figure", { id: "walk" }, el("figcaption", {}, w("walk")), el("p", {}, w("walkText")),
    el("svg", { viewBox: `0 0 ${width} ${8 + shown * 40}`, role: "img", "aria-label": `${w("walk")}: ${order.slice(0, 60).map((i) => `${pathText(policy, cells[i].path)} ${counts[i]}`).join("; ")}` }, shapes),
    lines > shown ? el("p", {}, w("shownOf")(shown, lines)) : null,
    el("details", {}, el("summary", {}, w("walkCells")(order.length)), el("ol", {}, order.slice(0, most * 10).map(item))));
}
