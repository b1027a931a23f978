// Pictures: coverage, chances, loads, and the walk of the lot.
import { countsOf, numberDraw, ONE } from "./verify/lot.mjs";
import { el } from "./ui.mjs";
import { w } from "./state.mjs";
import { label, sizesOf, phrasesOf } from "./draw.mjs";

function bars(title, data, max, mark) {
  const height = 22, width = 820, left = 270, scale = (x) => (width - left - 250) * Math.min(1, x / max);
  return el("figure", {}, el("figcaption", {}, title), el("svg", { viewBox: `0 0 ${width} ${data.length * height + 8}`, role: "img", "aria-label": `${title}: ${data.map((d) => `${d.name} ${d.text}`).join("; ")}` },
    data.map((d, i) => el("g", { "aria-hidden": "true" }, el("text", { x: left - 8, y: i * height + 16, "text-anchor": "end" }, d.name.slice(0, 24)),
      el("rect", { x: left, y: i * height + 4, width: Math.max(1, scale(d.value)), height: height - 8, class: "bar" }), el("text", { x: left + scale(d.value) + 6, y: i * height + 16 }, d.text))),
    mark ? el("line", { x1: left + scale(mark), x2: left + scale(mark), y1: 0, y2: data.length * height + 8, class: "mark" }) : null));
}
export function pictures(draw, suite, cells, rows) {
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
