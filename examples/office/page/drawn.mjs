// The drawn institutions as a table: search, sort, filter.
import { bdi, el, words } from "./ui.mjs";
import { state, w } from "./state.mjs";
import { districtLevel, label, nameAt } from "./draw.mjs";

const MORE = 1000;
export function drawnTable(policy, rows) {
  const keys = ["id", "name", "district", "kind", "chance", "group", "team", "result"].filter((k) => rows.some((r) => r[k] !== "") || (k === "result" && state.base !== null));
  const chosen = { text: "", district: "", kind: "", sort: "id", down: false, limit: 200 };
  const body = el("tbody"), count = el("p", { role: "status" }), more = el("button", { type: "button", onclick: () => { chosen.limit += MORE; fill(); } }, w("more")(MORE));
  const named = (key, v) => (key === "district" ? nameAt(policy, districtLevel(policy), v) : label(policy, v));
  const choice = (key) => (keys.includes(key) ? [el("span", { class: "field" }, el("label", { for: `by-${key}` }, `${w(key)} `), el("select", { id: `by-${key}`, onchange: (e) => { chosen[key] = e.target.value; fill(); } },
    el("option", { value: "" }, w("all")), [...new Set(rows.map((r) => r[key]))].filter(Boolean).sort().map((v) => el("option", { value: v }, named(key, v)))))] : []);
  const heads = keys.map((k) => el("th", { scope: "col", "aria-sort": "none" }, el("button", { type: "button", onclick: () => { chosen.down = chosen.sort === k && !chosen.down; chosen.sort = k; fill(); } }, w(k))));
  const cell = (r, k) => (["id", "team", "result"].includes(k) ? words : bdi)(["district", "kind"].includes(k) ? named(k, r[k]) || w("none") : r[k] || w("none"));
  function fill() {
    const found = rows.filter((r) => (!chosen.text || `${r.id} ${r.name}`.toLowerCase().includes(chosen.text))
      && (!chosen.district || r.district === chosen.district) && (!chosen.kind || r.kind === chosen.kind));
    const key = chosen.sort === "chance" ? "size" : chosen.sort;
    found.sort((a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0) * (chosen.down ? -1 : 1));
    keys.forEach((k, i) => heads[i].setAttribute("aria-sort", k !== chosen.sort ? "none" : chosen.down ? "descending" : "ascending"));
    body.replaceChildren(...found.slice(0, chosen.limit).map((r) => el("tr", {}, keys.map((k) => el("td", { "data-head": w(k) }, cell(r, k))))));
    count.textContent = w("countOf")(Math.min(found.length, chosen.limit), found.length, rows.length);
    more.hidden = found.length <= chosen.limit;
  }
  fill();
  return { fill, element: el("div", {}, el("div", { class: "filters" }, el("span", { class: "field" }, el("label", { for: "search" }, `${w("search")} `), el("input", { id: "search", type: "search", oninput: (e) => { chosen.text = e.target.value.trim().toLowerCase(); fill(); } })),
    ...choice("district"), ...choice("kind")), count, el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": w("table") }, el("table", {}, el("thead", {}, el("tr", {}, heads)), body)), more) };
}
