// Sources of chance: their forms (Spec 9.5), values and the plan of a beacon (Spec 8), and the seed.
import { H, sha256, hexOf, bytesOfHex, why } from "./bytes.mjs";
import { obj, list, tagged, oneOf, int, code, date, instant, anyText, hex, isHex, nameKey, dayOf, secondOf, dayOfInstant } from "./forms.mjs";

const common = { at: instant, id: code };
const source = tagged("kind", {
  dice: { ...common, count: int(), sides: int(), witness: anyText },
  lottery: { ...common, fields: list(obj({ of: int(), take: int() })), game: anyText, issue: anyText },
  drand: { ...common, chain: hex, genesis: int(), period: int(), round: int() },
  shares: { ...common, commitments: list(obj({ commitment: hex, party: anyText })), missing: oneOf("omit", "void") },
});
export const sourcesForm = obj({ sources: list(source),
  "fallbacks?": list(obj({ after: instant, for: code, source })), "lead?": int(1) });
export const disclosureForm = tagged("mode", { immediate: {}, deferred: { reveal_by: date } });

const CHAINS = {
  "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971": [1692803367, 3, 96],
  "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce": [1595431050, 30, 192],
};
const DICE = [1000, 1584, 2000, 2321, 2584, 2807, 3000, 3169, 3321];

/** The bits of a source in thousandths (8.3), or null where it has no such form. */
export function bitsOf(s) {
  if (s.kind === "dice") {
    return s.sides >= 2 && s.sides <= 10 && s.count >= 1 && s.count <= 200 ? s.count * DICE[s.sides - 2] : null;
  }
  if (s.kind === "drand") return 256000;
  if (s.kind === "shares") return s.missing === "void" ? 256000 : 0;
  let product = 1n;
  if (s.fields.length === 0) return null;
  for (const { of, take } of s.fields) {
    if (of < 1 || of > 999 || take < 1 || take > of) return null;
    let ways = 1n;
    for (let i = 0; i < Math.min(take, of - take); i++) {
      ways = (ways * BigInt(of - i)) / BigInt(i + 1);
      if (ways >> 127n) return null;
    }
    product *= ways;
    if (product >> 127n) return null;
  }
  return 1000 * (product.toString(2).length - 1);
}
export const isPublic = (s) => s.kind === "drand" || (s.kind === "lottery" && (bitsOf(s) ?? 0) >= 64000);
const at = (s) => secondOf(s.at);

/** The chances of a source (8.3): what nobody may use twice. */
export function chancesOf(s) {
  if (s.kind === "dice") return [`dice ${nameKey(s.witness)} ${s.at.slice(0, 10)}`];
  if (s.kind === "lottery") return [`lottery ${nameKey(s.game)}\n${nameKey(s.issue)}`];
  if (s.kind === "drand") return [`drand ${s.chain} ${s.round}`];
  return s.commitments.map(({ commitment }) => `share ${commitment}`);
}
/** What is wrong with a plan of a beacon for a seal of this instant (8.3, 8.4); without the instant, as 9.1 asks. */
export function planFault(beacon, sealedAt) {
  const { sources } = beacon, fallbacks = beacon.fallbacks ?? [], all = [...sources, ...fallbacks.map((f) => f.source)];
  if (sources.length > 16) return why`more than 16 sources`;
  if ((beacon.lead ?? 0) > 2678400) return why`the lead is more than a month`;
  if (new Set(all.map((s) => s.id)).size !== all.length) return why`an id stands twice`;
  for (const s of all) {
    if (bitsOf(s) === null) return why`${s.id}: no such dice or lottery`;
    const names = { dice: [s.witness], lottery: [s.game, s.issue], shares: s.commitments?.map((c) => c.party) }[s.kind];
    if ((names ?? []).some((name) => nameKey(name) === null)) return why`${s.id}: a name is none`;
    if (s.kind === "drand") {
      const row = CHAINS[s.chain];
      if (!row || row[0] !== s.genesis || row[1] !== s.period) return why`${s.id}: no such chain`;
      if (s.round < 1 || at(s) !== s.genesis + (s.round - 1) * s.period) return why`${s.id}: the round has another instant`;
    }
    if (s.kind === "shares") {
      if (s.commitments.length < 2 || s.commitments.length > 16) return why`${s.id}: 2 to 16 parties`;
      if (new Set(names.map(nameKey)).size !== names.length) return why`${s.id}: a party stands twice`;
    }
  }
  const chances = all.flatMap(chancesOf);
  if (new Set(chances).size !== chances.length) return why`a chance counts twice`;
  const witnesses = all.filter((s) => s.kind === "dice").map((s) => nameKey(s.witness));
  if (new Set(witnesses).size !== witnesses.length) return why`a witness stands twice`;
  const fallbackOf = new Map();
  for (const { for: id, source: by, after } of fallbacks) {
    const named = sources.find((s) => s.id === id);
    if (!named || named.kind === "shares" || named.kind === "drand" || fallbackOf.has(id)) return why`no fallback for ${id}`;
    if (by.kind === "shares" || (isPublic(named) && !isPublic(by))) return why`${by.id} is no fallback for ${id}`;
    if (!(secondOf(after) >= at(named) && secondOf(after) < at(by))) return why`${by.id}: after is not between`;
    fallbackOf.set(id, by);
  }
  const sure = (s) => Math.min(bitsOf(s), fallbackOf.has(s.id) ? bitsOf(fallbackOf.get(s.id)) : Infinity);
  if (sources.reduce((sum, s) => sum + sure(s), 0) < 128000) return why`less than 128 bits`;
  const shares = sources.filter((s) => s.kind === "shares");
  if (shares.length > 1) return why`more than one source of shares`;
  for (const s of shares) {
    const later = sources.filter((o) => o.kind !== "shares" && at(o) > at(s)).reduce((sum, o) => sum + sure(o), 0);
    if (later < 64000) return why`less than 64 bits after the shares`;
  }
  const publics = sources.filter(isPublic).map(at);
  if (publics.length > 0 && all.some((s) => !isPublic(s) && at(s) >= Math.max(...publics))) {
    return why`a source that is not public has the last word`;
  }
  if (sealedAt !== undefined) {
    const sealed = secondOf(sealedAt);
    if (all.some((s) => at(s) <= sealed)) return why`a source is not after the seal`;
    if (!(Math.min(...sources.map(at)) > sealed + (beacon.lead ?? 0))) return why`the first source is before the lead`;
  }
  return null;
}
/** `timing` of a seal (13): the plan, the day of frame and roster, the day of disclosure. */
export function timingFault(seal, asOf) {
  const fault = planFault(seal.beacon, seal.sealed_at), day = dayOfInstant(seal.sealed_at);
  if (fault) return fault;
  if (seal.disclosure.mode === "deferred" && dayOf(seal.disclosure.reveal_by) > day + 731) return why`disclosed too late`;
  if (asOf !== undefined && dayOf(asOf) > day + 1) return why`frame and roster are of a later day than the seal`;
  return null;
}
/** What is wrong with one value (8.2), or null. `voids`: a share that is missing is no value. */
export function valueFault(suite, s, { value, pulse }, voids = true) {
  if (pulse && s.kind !== "drand") return why`${s.id}: only drand has a pulse`;
  if (s.kind === "dice") {
    const face = s.sides === 10 ? "[0-9]" : `[1-${s.sides}]`;
    return new RegExp(`^${face}{${s.count}}$`).test(value) ? null : why`${s.id}: no throw of these dice`;
  }
  if (s.kind === "lottery") {
    const fields = value.split("+");
    const fits = fields.length === s.fields.length && s.fields.every(({ of, take }, i) => {
      const numbers = fields[i].split("."), width = of > 99 ? 3 : 2;
      return numbers.length === take && numbers.every((n, j) => new RegExp(`^[0-9]{${width}}$`).test(n)
        && Number(n) >= 1 && Number(n) <= of && (j === 0 || numbers[j - 1] < n));
    });
    return fits ? null : why`${s.id}: no result of this game`;
  }
  if (s.kind === "drand") {
    if (!isHex(value)) return why`${s.id}: no value of a round`;
    if (!pulse) return null;
    const [, , digits] = CHAINS[s.chain];
    const previous = digits === 96 ? undefined : s.round === 1 ? 64 : 192;
    if (!isHex(pulse.signature, digits)) return why`${s.id}: the pulse is none`;
    if (previous === undefined ? pulse.previous !== undefined : !isHex(pulse.previous ?? "", previous)) {
      return why`${s.id}: the pulse before is none`;
    }
    return hexOf(sha256(bytesOfHex(pulse.signature))) === value ? null : why`${s.id}: the value is not that of its pulse`;
  }
  const parts = value.split("+");
  if (parts.length !== s.commitments.length) return why`${s.id}: not a share for every party`;
  for (const [i, share] of parts.entries()) {
    const { commitment, party } = s.commitments[i];
    if (share === "-") {
      if (s.missing === "void" && voids) return why`${s.id}: the share of ${party} is missing`;
    } else if (!isHex(share) || H(suite, "share", `${share} ${party}`) !== commitment) {
      return why`${s.id}: the share of ${party} does not open its commitment`;
    }
  }
  return null;
}
/** `beacon_form` (13): one value for every source, its own or its fallback's, in order. */
export function valuesFault(suite, beacon, values) {
  if (values.length !== beacon.sources.length) return why`${values.length} values for ${beacon.sources.length} sources`;
  for (const [i, s] of beacon.sources.entries()) {
    const other = (beacon.fallbacks ?? []).find((f) => f.for === s.id)?.source;
    const named = [s, other].find((x) => x?.id === values[i].source);
    if (!named) return why`${values[i].source} stands in the place of ${s.id}`;
    const fault = valueFault(suite, named, values[i]);
    if (fault) return fault;
  }
  return null;
}
export const seedText = (seal, values, secret) => [seal, ...values.map((v) => `${v.source}=${v.value}`),
  ...(secret === undefined ? [] : [`secret=${secret}`])].join(" ");
export const seedOf = (suite, seal, values, secret) => H(suite, "seed", seedText(seal, values, secret));
