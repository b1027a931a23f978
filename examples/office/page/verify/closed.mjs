// Closed lines, whose contents are told later (Spec 17.7).
import { H, readCanonical, same } from "./bytes.mjs";
import { contentForm } from "./entries.mjs";

const KINDS = ["visited", "missed", "replaced", "dropped_out", "reassigned", "closed"];
/** The draw whose visits an entry is about, of the kinds that can be closed; or nothing. */
export const drawOf = (e) => (e.kind === "amended" ? e.entry.draw : KINDS.includes(e.kind) ? e.draw : undefined);
/** Whether an entry names a visit to come, or who goes there. */
export const namesToCome = (e) => ["replaced", "dropped_out", "reassigned"].includes(e.kind) || (e.kind === "amended" && e.entry.kind === "withdrawn");
export const isContents = (file) => /^contents(-[0-9]{6,})?\.jsonl$/.test(file);
/** Whether something of an attempt is told before the first entry whose content is not known. */
export const isTold = (a, number) => a.untold.length === 0 || number < a.untold[0];

/** Gives lines the contents that the files of draws tell; returns how many rows there are, and the first that is of no line. */
export function tell(all, draws) {
  const suite = all[0]?.line.entry.suite ?? "sha256", closed = all.map(({ line }) => line.entry);
  let rows = 0, wrong = null;
  for (const [name, { files }] of [...draws ?? []].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    for (const [file, bytes] of [...files ?? []].filter(([f]) => isContents(f))) {
      const text = new TextDecoder().decode(bytes).replaceAll("\r\n", "\n").replace(/\n$/, "");
      for (const row of text ? text.split("\n") : []) {
        rows++;
        const told = contentOf(row), line = told && closed[told.number - 1];
        const own = line?.kind === "closed" && told.entry.kind !== "closed" && line.draw === Number(name.split(".")[0]) && line.draw === drawOf(told.entry);
        if (own && H(suite, "content", row) === line.content && same(told.entry.visits ?? null, line.visits ?? null)) {
          all[told.number - 1].line = { ...all[told.number - 1].line, entry: told.entry, told: true };
        } else wrong ??= `${name}/${file}: ${row.slice(0, 80)}`;
      }
    }
  }
  return { rows, wrong };
}
function contentOf(row) {
  try {
    const value = readCanonical(row);
    contentForm(value, "content");
    return value;
  } catch { return null; }
}
