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
/** Ids or days beside each other, of which none is broken at the end of a line. */
export const words = (text) => el("bdi", {}, String(text).split(/( )/).map((x) => (/\d/.test(x) && /^[ -~]+$/.test(x) ? el("span", { class: "whole" }, x) : x)));
export const section = (id, title, ...children) => el("section", { "aria-labelledby": id }, el("h2", { id }, title), ...children);
export const row = (term, value) => [el("dt", {}, term), el("dd", {}, value)];
export const inChina = () => document.documentElement.lang.startsWith("zh");
/** The clock of the authority (Spec 23.1: a pack without one means UTC), in both languages; Beijing time where no pack is given. */
let offset = "+08:00";
export function setOffset(text) {
  offset = /^[+-]\d\d:\d\d$/.test(text ?? "") ? text : "+08:00";
}
const minutes = () => (offset[0] === "-" ? -1 : 1) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4)));
const zone = () => (offset === "+08:00" ? (inChina() ? "（北京时间）" : " (UTC+8)") : inChina() ? `（UTC${offset}）` : ` (UTC${offset})`);
const shifted = (at) => new Date(Date.parse(at) + minutes() * 60000).toISOString();
/** An instant by the clock of the authority. A date stays as it is. */
export function clock(at) {
  if (!at.includes("T")) return at;
  const shown = shifted(at), seconds = shown.slice(17, 19) === "00" ? 16 : 19;
  return `${shown.slice(0, seconds).replace("T", " ")}${zone()}`;
}
/** The day of an instant by the same clock. */
export const dayHere = (at) => (at.includes("T") ? shifted(at) : at).slice(0, 10);
export const moment = (at) => el("time", { datetime: at }, clock(at));
export const colon = () => (inChina() ? "：" : ": ");
/** A table of a heading and rows; on a phone every cell names its column. */
export function grid(label, heads, rows) {
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, el("table", {},
    el("thead", {}, el("tr", {}, heads.map((h) => el("th", { scope: "col" }, h)))),
    el("tbody", {}, rows.map((r) => el("tr", {}, r.map((c, i) => el("td", { "data-head": heads[i] }, c instanceof Node ? c : bdi(c))))))));
}
