// Values of sources that the reader looked up himself (Spec 19, the folder): of which attempts they are.
import { parsed } from "./verify/bytes.mjs";
import { has, list } from "./verify/forms.mjs";
import { sealForm, valueForm } from "./verify/documents.mjs";

/** The values of a file as `beacon.json` has them; nothing where it is none. */
export function valuesOf(text) {
  try {
    const values = JSON.parse(text.replace(/^\ufeff/, ""));
    list(valueForm)(values, "values");
    return values.length ? values : undefined;
  } catch { return undefined; }
}
/** The seals in the lines of a ledger. Lines that are none, and seals without the form, are for the verifier to name. */
function sealsIn(lines) {
  const text = typeof lines === "string" ? lines : new TextDecoder().decode(lines);
  return text.split("\n").filter((line) => line.includes('"seal"')).flatMap((line) => {
    try {
      const seal = parsed(line)?.entry?.seal;
      return has(sealForm, seal) ? [seal] : [];
    } catch { return []; }
  });
}
/** `given`: pairs of a file's name and its text. Returns by attempt the values that are of it, and what is of none: it cannot be read, no seal names its source, or several do (`several`) and the name of the file does not say which. */
export function bring(lines, given) {
  const by = new Map(), stray = [], seals = given.length ? sealsIn(lines) : [];
  for (const [file, content] of given) {
    const named = /^([1-9]\d*\.[1-9]\d*)(-.*)?\.json$/.exec(file)?.[1], values = valuesOf(content);
    if (!values) stray.push({ file });
    for (const value of values ?? []) {
      const plan = ({ beacon }) => [...beacon.sources, ...(beacon.fallbacks ?? []).map((f) => f.source)].some((s) => s.id === value.source);
      const of = [...new Set(seals.filter(plan).map((seal) => `${seal.sequence}.${seal.attempt}`))].filter((name) => named === undefined || name === named);
      if (of.length === 1) by.set(of[0], [...by.get(of[0]) ?? [], { file, value }]);
      else stray.push({ file, source: value.source, ...(of.length ? { several: true } : {}) });
    }
  }
  return { by, stray };
}
