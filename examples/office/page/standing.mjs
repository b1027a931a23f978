// Where one stands that is on a frame and that its draw does not name: what its ticket and the record tell together.
import { cellsOf, ticketOf } from "./verify/lot.mjs";
import { suiteOf } from "./verify/policy.mjs";
import { strataOf } from "./verify/divisions.mjs";
import { unitSalts } from "./verify/trees.mjs";

/**
 * The page does not plan a draw, so it knows of nobody whether a rule left him out. It knows this: who stands in the lot of a cell and is
 * not named has a ticket above all that are named there. `word` is `notInLot` where no cell can have him, `notDrawnOrOut` where rules
 * left out somebody, and `notDrawn` where they left out nobody; `cells` are the places of the cells that can have him; `why` is a word, or
 * nothing where the cells differ in it.
 */
export function standingOf({ policy, table, sample, seed }, frame, unit) {
  const suite = suiteOf(policy), ticket = ticketOf(suite, seed, unitSalts(suite, frame.salt_key, unit.id).pseudonym), own = strataOf(policy, unit);
  // Where the policy rates, the levels of the path are those of its rules and not those of the frame.
  const open = policy.strata.map((s) => policy.rating !== undefined && ["risk", "credit"].includes(s));
  const can = ({ path, count, certain }, { picks, reserves }) => {
    const named = [...picks, ...reserves];
    return !certain && named.length < count && own.every((x, k) => open[k] || path[k + 1] === x) && named.every((u) => u.ticket < ticket);
  };
  const cells = cellsOf(table).flatMap((c, i) => (can(c, sample[i]) ? [i] : [])), cutoffs = cells.map((i) => sample[i].cutoff);
  const word = cells.length === 0 ? "notInLot" : Object.keys(table.exclusions ?? {}).length ? "notDrawnOrOut" : "notDrawn";
  const why = cells.length === 0 ? undefined : cutoffs.every((x) => x === undefined) ? "whyNoneDrawn" : cutoffs.every((x) => x !== undefined) ? "whyAbove" : undefined;
  return { word, ticket, cells, why };
}
