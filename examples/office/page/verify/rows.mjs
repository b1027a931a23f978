// What a policy asks of the rows of frame and roster (Spec 9.2, 9.3).
import { why, word } from "./bytes.mjs";
import { dayOf, idFault } from "./forms.mjs";
import { divisionsOf } from "./divisions.mjs";

export const isExpired = (unit, asOf) => (unit.licences ?? []).length > 0
  && unit.licences.every((l) => l.valid_until !== undefined && dayOf(l.valid_until) < dayOf(asOf));

export function frameFault(policy, file) {
  const { frame, as_of: asOf } = policy, listed = frame.listed ?? [], odd = idFault(policy, file.units.map((u) => u.id));
  for (const u of file.units) {
    for (const [name, words] of [["kind", frame.kinds], ["risk", frame.risk], ["credit", frame.credit],
      ["division", divisionsOf(policy).codes]]) {
      if (!words.includes(u[name])) return why`${u.id}: ${word(name)} ${u[name]} is not of the policy`;
    }
    if (u.opened && dayOf(u.opened) > dayOf(asOf)) return why`${u.id} opened after the day of the frame`;
    if (u.status !== "active" && !listed.includes(u.status)) return why`${u.id} is ${word(u.status)}`;
    if (isExpired(u, asOf) && !listed.includes("expired")) return why`${u.id}: its licences are expired`;
  }
  return odd;
}
export function rosterFault(policy, file) {
  const { roster, as_of: asOf } = policy, listed = (roster.listed ?? []).includes("expired");
  const ids = new Set(), odd = idFault(policy, file.recusals.map((r) => r.unit));
  for (const p of [...file.inspectors, ...(file.experts ?? [])]) {
    if (!p.divisions.every(divisionsOf(policy).knows)) return why`${p.id}: a division is not of the policy`;
    if (ids.has(p.id)) return why`${p.id} is an inspector and an expert`;
    ids.add(p.id);
    const from = p.certified_from ?? p.engaged_from, until = p.certified_until ?? p.engaged_until;
    if (from && dayOf(from) > dayOf(until)) return why`${p.id}: certified until before it is certified`;
    if (dayOf(until) < dayOf(asOf) && !listed) return why`${p.id} is no longer certified`;
    if (p.department && !roster.departments.includes(p.department)) return why`${p.id}: ${p.department} is not of the policy`;
    for (const q of p.qualifications ?? []) {
      if (!(roster.qualifications ?? []).includes(q)) return why`${p.id}: ${q} is not of the policy`;
    }
    for (const a of p.absences ?? []) if (dayOf(a.from) > dayOf(a.to)) return why`${p.id}: an absence ends before it begins`;
  }
  for (const r of file.recusals) if (!ids.has(r.inspector)) return why`${r.inspector} is recused and not on the roster`;
  return odd;
}
