// Division lists (Spec 9.7): which area lies in which.
import { why } from "./bytes.mjs";
import { isDivision, code, refuse, textForm } from "./forms.mjs";

const LEVELS = [["province", "city", "county", "township", "village"], ["area1", "area2", "area3", "area4", "area5"]];
export const AREAS = LEVELS.flat();
const DIGITS = [2, 4, 6, 9, 12];
/** The digits before trailing pairs 00. */
const head = (d) => (d.length !== 6 ? d : d.endsWith("0000") ? d.slice(0, 2) : d.endsWith("00") ? d.slice(0, 4) : d);
/** An entry: a code, or an object of code and name, parent or both. */
export function entryForm(v, at) {
  if (typeof v === "string") return code(v, at);
  const keys = v && typeof v === "object" && !Array.isArray(v) ? Object.keys(v) : [];
  const forms = { code, name: textForm, parent: code };
  if (keys.length < 2 || !keys.includes("code") || !keys.every((k) => Object.hasOwn(forms, k))) refuse(at, why`is no entry of a division list`);
  for (const k of keys) forms[k](v[k], at);
}
const made = new WeakMap();
/** The list of a policy. */
export function divisionsOf(policy) {
  const entries = policy.frame.divisions;
  if (!made.has(entries)) made.set(entries, listOf(entries.map((e) => (typeof e === "string" ? { code: e } : e))));
  return made.get(entries);
}
function listOf(rows) {
  const parents = new Map(rows.filter((r) => r.parent !== undefined).map((r) => [r.code, r.parent]));
  const codes = rows.map((r) => r.code), own = parents.size > 0 || !codes.some(isDivision), known = new Set(codes);
  const chain = (d) => {
    if (!own) return isDivision(d) ? DIGITS.filter((n) => n <= head(d).length).map((n) => d.slice(0, n) + "000000".slice(n)) : [];
    const up = [d];
    while (parents.has(up[0]) && up.length < 6) up.unshift(parents.get(up[0]));
    return up;
  };
  const chains = new Map(codes.map((d) => [d, chain(d)])), depths = [...chains.values()].map((c) => c.length);
  const depth = depths.reduce((a, b) => (a > b ? a : b), own ? 1 : 3), levels = LEVELS[Number(own)].slice(0, depth);
  const at = (d, level) => (chains.get(d) ?? chain(d))[levels.indexOf(level)] ?? d;
  const covers = (wide, narrow) => (own ? (chains.get(narrow) ?? [narrow]).includes(wide) : narrow.startsWith(head(wide)));
  const names = new Map(rows.filter((r) => r.name !== undefined).map((r) => [r.code, r.name]));
  const fault = () => (known.size !== codes.length ? why`a division stands twice`
    : !own && !codes.every(isDivision) ? why`a code is no division of GB/T 2260`
      : [...parents.values()].some((p) => !known.has(p)) ? why`a parent is no entry`
        : depths.some((n) => n > 5) ? why`an area lies in itself, or too deep` : null);
  /** The next wider jurisdiction (11.12). */
  const wider = (reach) => (reach === "any" ? null : levels[(reach === "own" ? depth : levels.indexOf(reach) + 1) - 2] ?? "any");
  return { codes, own, levels, at, covers, names, fault, wider, knows: (d) => (own ? known.has(d) : isDivision(d)) };
}
/** The stratum path of a unit but for its first component (10.3). */
export const strataOf = (policy, unit) => policy.strata.map((s) => (AREAS.includes(s) ? divisionsOf(policy).at(unit.division, s) : unit[s]));
