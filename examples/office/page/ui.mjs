// Elements of the page. A text becomes a text node, so a name never becomes markup; marks of direction stay inside their element.
const SVG = ["svg", "rect", "line", "text", "g", "title", "path"];
export function el(tag, attributes = {}, ...children) {
  const node = SVG.includes(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.flat(3).filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}
export const bdi = (text) => el("bdi", {}, String(text));
export const section = (id, title, ...children) => el("section", { "aria-labelledby": id }, el("h2", { id }, title), ...children);
export const row = (term, value) => [el("dt", {}, term), el("dd", {}, value)];
const inChina = () => document.documentElement.lang.startsWith("zh");
/** An instant as people of the language read it: in Chinese by the clock of Beijing, else in UTC. A date stays as it is. */
export function clock(at) {
  if (!at.includes("T")) return at;
  const shown = inChina() ? new Date(Date.parse(at) + 8 * 3600000).toISOString() : at;
  return `${shown.slice(0, 19).replace("T", " ")} ${inChina() ? "（北京时间）" : "UTC"}`;
}
export const moment = (at) => el("time", { datetime: at }, clock(at));
export const colon = () => (inChina() ? "：" : ": ");
/** A table of a heading and rows; on a phone every cell names its column. */
export function grid(label, heads, rows) {
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, el("table", {},
    el("thead", {}, el("tr", {}, heads.map((h) => el("th", { scope: "col" }, h)))),
    el("tbody", {}, rows.map((r) => el("tr", {}, r.map((c, i) => el("td", { "data-head": heads[i] }, c instanceof Node ? c : bdi(c))))))));
}
