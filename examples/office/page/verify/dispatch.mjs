// Draws of two levels (Spec 27): what a policy says of who draws the teams of which picks.
import { why } from "./bytes.mjs";
import { obj, list, self, oneOf, code, division, hex } from "./forms.mjs";
import { AREAS, divisionsOf } from "./divisions.mjs";

const LEAST = { min: 1, distinct: self };
export const dispatchForm = obj({ at: oneOf(...AREAS), parts: list(obj({ authority: code, scope: code,
  divisions: list(division, LEAST), "departments?": list(code, { ...LEAST, max: 1000 }), "ready?": hex }),
{ min: 1, max: 10000, distinct: (p) => `${p.authority} ${p.scope}` }) });
export const aboveForm = obj({ authority: code, scope: code });

/** 27.1: the rules of `dispatch` and `above`; `need(holds, where, reason)` refuses. */
export function dispatchHolds(p, need) {
  const { above, dispatch, design, frame, round, team } = p;
  const isOwn = (other) => other.authority === p.authority && other.scope === p.scope;
  if (above) {
    need(!isOwn(above), "above", why`a draw does not take its own picks`);
    need(design.method === "rate" && design.rate === "1", "design", why`a draw of teams takes every unit`);
    const limited = p.rating?.visits?.some((s) => s.rules.some((r) => r.does.at_most));
    need(!p.population && !p.exclusions && !p.ratios && !frame.listed && !limited, "above", why`a draw of teams leaves no unit out`);
    need(round?.share === "0", "round", why`a draw of teams has a share of its own`);
  }
  if (!dispatch) return;
  const { at, parts } = dispatch, areas = divisionsOf(p), own = team.departments.map((d) => d.department), taken = new Map();
  need(p.strata.includes(at), "dispatch", why`${at} is no stratum`);
  need(!team.days, "team/days", why`days are drawn with the teams, which are dispatched`);
  need(parts.reduce((n, part) => n + part.divisions.length, 0) <= 10000, "dispatch", why`more than 10 000 divisions`);
  const known = new Set(areas.codes.map((d) => areas.at(d, at)));
  for (const part of parts) {
    need(!isOwn(part), "dispatch", why`a draw dispatches nothing to itself`);
    for (const d of part.departments ?? []) {
      need(p.roster.departments.includes(d) && !own.includes(d), "dispatch", why`${d} is no department that others can send`);
    }
    for (const area of part.divisions) {
      need(known.has(area), "dispatch", why`${area} is nowhere`);
      const before = taken.get(area) ?? [], mine = part.departments ?? [null];
      need(!before.length || ![...before, ...mine].includes(null) && !mine.some((d) => before.includes(d)), "dispatch",
        why`${area} is of two parts`);
      taken.set(area, [...before, ...mine]);
    }
  }
}
/** The areas of units of the cells at the level of dispatch (27.2), and those of the parts for which `of` holds. */
const areasOf = ({ policy: p, sample, table }, units) => new Map(!p.dispatch ? [] : sample.flatMap((c, i) => units(c).map((u) =>
  [u.id, table.cells[i]?.path.split("/")[p.strata.indexOf(p.dispatch.at) + 1]])));
const areasIn = (record, of) => new Set((record.policy.dispatch?.parts ?? []).filter(of).flatMap((part) => part.divisions));
/** The picks whose whole teams others draw: their visits have no posts. */
export const drawnElsewhere = (record, whole = areasIn(record, (part) => !part.departments)) =>
  new Set([...areasOf(record, (c) => c.picks)].filter(([, area]) => whole.has(area)).map(([id]) => id));
/** Whether nobody else sends people to a unit: by its cell, else by its row on the frame, else nobody can say so. */
export function keptIn(record, frame) {
  const { dispatch } = record.policy, areas = areasOf(record, (c) => [...c.picks, ...c.reserves]), others = areasIn(record, () => true);
  for (const u of (dispatch && frame?.units) || []) if (!areas.has(u.id)) areas.set(u.id, divisionsOf(record.policy).at(u.division, dispatch.at));
  return (unit) => !dispatch || (areas.has(unit) && !others.has(areas.get(unit)));
}
