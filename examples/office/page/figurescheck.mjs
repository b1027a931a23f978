// What everybody counts of published figures (Spec 19, *The figures*): from the entries of the ledger, records and rules.
import { canonical } from "./verify/bytes.mjs";
import { ONE, cellsOf, sizesOf } from "./verify/lot.mjs";

const FEWEST = 5;
const COUNTED = ["awaited", "draws", "drawn", "first_visits", "found", "further_visits", "gone", "items", "results", "scope", "unreachable"];
const SAID = ["against", "groups", "not_shown", "order", "rating", "title"];

/** The attempts, as entries tell of them. */
function attemptsOf(entries) {
  const all = [];
  let cycle = 0;
  for (const { number, entry: e } of entries) {
    const named = all.filter((t) => t.draw === e.draw && t.attempt === e.attempt), last = all.findLast((t) => t.draw === e.draw);
    if (e.kind === "cycle_closed") cycle++;
    if (e.kind === "sealed") all.push({ draw: e.seal.sequence, attempt: e.seal.attempt, cycle, open: e.seal.disclosure.mode === "immediate", replaced: [], visits: new Map() });
    if (e.kind === "drawn") named.forEach((t) => { t.drawn = true; });
    if (e.kind === "disclosed") named.forEach((t) => { t.open = true; });
    if (e.kind === "void") named.forEach((t) => { t.void = true; });
    if (e.kind === "replaced") last?.replaced.push(e);
    if (e.kind === "visited" || e.kind === "missed") last?.visits.set(number, e);
    if (e.kind === "amended") all.filter((t) => t.visits.has(e.amends)).forEach((t) => t.visits.set(e.amends, e.entry));
  }
  return all;
}
class Sum {
  visited = 0; found = 0; weight = 0n; broken = 0n;
  add(chance, found) {
    const weight = chance ? ONE * ONE / chance : 0n;
    this.visited++;
    this.found += found ? 1 : 0;
    this.weight += weight;
    this.broken += found ? weight : 0n;
  }
  fields() {
    const estimate = this.visited >= FEWEST && this.weight ? { estimate: Number(this.broken * ONE / this.weight) } : {};
    return { found: this.found, visited: this.visited, ...estimate };
  }
}
function counted(told, recordOf, kindOf, scope) {
  const sums = { awaited: 0, drawn: 0, first_visits: 0, found: 0, further_visits: 0, gone: 0, unreachable: 0 };
  const seen = new Set(), items = new Map(), results = {};
  const draws = told.map((t) => {
    const record = recordOf(t), { strata } = record.policy, chances = sizesOf(record.policy, cellsOf(record.table)), place = new Map(), came = new Map();
    record.sample.forEach((c, i) => {
      c.picks.forEach((u) => came.set(u.id, ["pending"]));
      [...c.picks, ...c.reserves].forEach((u) => place.set(u.id, i));
    });
    const drawn = came.size;
    for (const e of t.replaced) {
      came.set(e.unit, ["replaced", e.reason]);
      if (!came.has(e.by)) came.set(e.by, ["pending"]);
    }
    for (const v of t.visits.values()) {
      if (v.kind === "missed") came.set(v.unit, ["missed", v.reason]);
      if (v.kind !== "visited") continue;
      const kind = kindOf(v.result);
      results[v.result] = kind;
      came.set(v.unit, ["visited", kind]);
      for (const item of kind === "neutral" ? [] : v.items ?? []) {
        const [n, broken] = items.get(item) ?? [0, 0];
        items.set(item, [n + 1, broken + (kind === "fail" ? 1 : 0)]);
      }
    }
    const whole = new Sum(), parts = strata.map(() => new Map()), of = { missed: {}, replaced: {} };
    let other = 0, pending = 0;
    for (const [unit, [what, more]] of came) {
      if (of[what]) {
        of[what][more] = (of[what][more] ?? 0) + 1;
        sums[more === "unreachable" ? "unreachable" : "gone"]++;
      } else if (what === "pending") { pending++; sums.awaited++; } else if (more === "neutral") { other++; sums.gone++; } else {
        const at = place.get(unit), chance = at === undefined ? 0n : chances[at], found = more === "fail";
        whole.add(chance, found);
        const codes = at === undefined ? [] : record.table.cells[at].path.split("/").slice(1);
        parts.forEach((rows, i) => {
          if (codes[i] === undefined) return;
          if (!rows.has(codes[i])) rows.set(codes[i], new Sum());
          rows.get(codes[i]).add(chance, found);
        });
        if (seen.has(unit)) sums.further_visits++;
        else { sums.first_visits++; sums.found += found ? 1 : 0; }
        seen.add(unit);
      }
    }
    sums.drawn += came.size;
    const rows = (part) => [...part].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, sum]) => ({ code, ...sum.fields() }));
    return { ...whole.fields(), attempt: t.attempt, came: came.size - drawn, draw: t.draw, drawn, ...of, other, pending, record: record.digest,
      strata: strata.map((by, i) => ({ by, rows: rows(parts[i]) })) };
  });
  const list = [...items].map(([item, [n, broken]]) => ({ checked: n, found: broken, item }));
  list.sort((a, b) => b.found * a.checked - a.found * b.checked || (a.item < b.item ? -1 : 1));
  return { ...sums, draws, items: list, results, scope };
}
/**
 * Holds figures against what they are counted from. `bytes` of the file `name`, `own` the draw and attempt beside it, `entries` of the ledger,
 * `recordOf` a record by draw and attempt, `packFor` the pack that a policy follows from. Gives `wrong` (fields), or `missing` (why it was not counted).
 */
export function countAgain({ bytes, name, own, entries, recordOf, packFor }) {
  const text = new TextDecoder().decode(bytes).replace(/^\ufeff/, "").replace(/\r\n/g, "\n");
  let figures;
  try { figures = JSON.parse(text); } catch { return { wrong: ["JSON"] }; }
  try {
    const known = [...COUNTED, ...SAID, "at", "document", "protocol"], odd = Object.keys(figures).filter((k) => !known.includes(k));
    if (canonical(figures) !== text || figures.document !== "figures" || figures.protocol !== "double-random/1" || odd.length) return { wrong: ["document", ...odd] };
    if (!Number.isSafeInteger(figures.at) || figures.at < 0 || name !== `figures-${String(figures.at).padStart(6, "0")}.json`) return { wrong: ["at"] };
    if (figures.at > entries.length) return { figures, missing: "entries" };
    const all = attemptsOf(entries.slice(0, figures.at)), { cycle } = all.find((t) => t.draw === own.draw && t.attempt === own.attempt) ?? {};
    const told = all.filter((t) => t.cycle === cycle && t.drawn && !t.void && t.open), last = told.at(-1);
    if (cycle === undefined || last?.draw !== own.draw || last.attempt !== own.attempt) return { figures, wrong: ["draws"] };
    if (told.some((t) => !recordOf(t))) return { figures, missing: "record" };
    // Only what stands after the seal of an attempt can be about it.
    const from = (t) => entries.findIndex(({ entry: e }) => e.kind === "sealed" && e.seal.sequence === t.draw && e.seal.attempt === t.attempt);
    if (told.some((t) => entries.slice(from(t), figures.at).some(({ entry: e }) => e.kind === "closed" && e.draw === t.draw))) return { figures, missing: "contents" };
    const { policy } = recordOf(own), pack = policy.origin && packFor(policy);
    if (policy.origin && !pack) return { figures, missing: "rules" };
    const word = { fail: "fail", pass: "pass" }, kinds = new Map(pack ? pack.results.map((r) => [r.code, word[r.kind] ?? "neutral"]) : Object.entries(figures.results));
    const kindOf = (result) => {
      const kind = kinds.get(result) ?? (pack ? "neutral" : undefined);
      if (!["fail", "neutral", "pass"].includes(kind)) throw new Error("results");
      return kind;
    };
    const wanted = counted(told, recordOf, kindOf, entries[0].entry.scope), same = (key) => figures[key] !== undefined && canonical(figures[key]) === canonical(wanted[key]);
    return { figures, wrong: COUNTED.filter((key) => !same(key)) };
  } catch (e) { return { figures, wrong: [e.message] }; }
}
