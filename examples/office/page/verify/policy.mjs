// Policies (Spec 9.1): their form, and what a reader checks.
import { PROTOCOL, why } from "./bytes.mjs";
import { obj, list, ascending, self, mapOf, oneField, oneOf, int, decimal, code, unitId, division, date, textForm, bool, hex,
  idFault, refuse, dayOf, dayOfInstant, billionths } from "./forms.mjs";
import { sourcesForm, disclosureForm, planFault } from "./sources.mjs";
import { AREAS, divisionsOf, entryForm } from "./divisions.mjs";
import { aboveForm, dispatchForm, dispatchHolds } from "./dispatch.mjs";

const ONE = 1000000000n, share = decimal(ONE), THOUSAND = 1000, COUNT = 999999999;
const bag = (form, max = Infinity, min = 1) => list(form, { min, max, distinct: self });
const STRATA = [...AREAS, "kind", "risk", "credit"];
const stratum = oneOf(...STRATA), guard = oneOf("total", ...STRATA);
const levels = obj({ "credit?": code, "risk?": code }), steps = obj({ "credit?": int(1, 64), "risk?": int(1, 64) });
const tally = mapOf(code, int(1, COUNT));
const rule = obj({ code, basis: textForm,
  does: oneField({ raise_to: levels, raise_by: steps, lower_to: levels, lower_by: steps, at_least: decimal(),
    add: decimal(), at_most: decimal() }),
  "when?": obj({ "below?": tally, "has?": tally, "kinds?": bag(code) }) });
const truth = (v, at) => v === true || refuse(at, why`is left out where it is false`);
const stage = obj({ code, "any_order?": truth, rules: list(rule, { min: 1 }) });
const post = obj({ post: code, places: int(1, 20), "kinds?": bag(code), "needs?": code });
const posts = (min) => list(post, { min, max: 20, distinct: (p) => p.post });
const reach = oneOf("own", ...AREAS, "any");
const entry = (rules) => list(obj({ code, basis: textForm, "kinds?": bag(code), rule: oneField(rules) }), { max: THOUSAND });
const signal = obj({ at_least: int(1), signal: code });

const shape = obj({
  protocol: oneOf(PROTOCOL), document: oneOf("policy"), authority: code, scope: code, title: textForm, as_of: date,
  window: obj({ from: date, to: date }),
  frame: obj({ credit: bag(code, 64), risk: bag(code, 64), divisions: list(entryForm, { min: 1, max: 5000 }), "ids?": oneOf("plain"),
    kinds: bag(code, 1000), "listed?": bag(oneOf("closed", "suspended", "expired")) }),
  roster: obj({ departments: bag(code, 1000), "listed?": bag(oneOf("expired")), "qualifications?": bag(code, 1000) }),
  "population?": obj({ "divisions?": bag(division), "kinds?": bag(code), "has?": tally, "visited_since?": date }),
  strata: list(stratum, { distinct: self }),
  design: (v, at) => {
    if (v?.method === "rate") obj({ method: oneOf("rate"), rate: share })(v, at);
    else if (v?.method === "number") obj({ method: oneOf("number"), number: int(1, 1e9) })(v, at);
    else obj({ method: oneOf("frequency") })(v, at);
  },
  "round?": obj({ share, rest: share }),
  "frequency?": list(obj({ credit: code, risk: code, visits: decimal(), "cycles?": int(2, 20),
    slack: decimal(5n * ONE) }), { max: 4096 }),
  "surprise?": decimal(ONE - 1n),
  "signals?": list(obj({ signal: code, at_least: int(1), add: decimal(), basis: textForm }), { max: THOUSAND }),
  "certainties?": entry({ units: bag(unitId), signal, not_visited_days: int() }),
  "exclusions?": entry({ units: bag(unitId), kinds: bag(code), visited_within_days: int(), opened_within_days: int(),
    visits_at_least: int(1) }),
  "ratios?": list(obj({ code, basis: textForm, at: guard, "is?": bag(code), "min?": share, "max?": share,
    "least?": int(1, 1e9), "all_below?": int(1, 1e9) }), { max: THOUSAND }),
  "rating?": obj({ start: obj({ credit: code, risk: code, "stated?": truth }), "levels?": list(stage),
    "visits?": list(stage), "lowering?": ascending(code, { max: THOUSAND }) }),
  "origin?": obj({ batch: int(1), pack: hex, programme: hex, "dossier?": hex, task: code }),
  "items?": list(obj({ class: oneOf("general", "key"), code }), { max: THOUSAND, distinct: (i) => i.code }),
  "subsamples?": list(obj({ code, basis: textForm, share: decimal(ONE, 1n) }), { max: 16, distinct: (s) => s.code }),
  coverage: obj({ minimum: share, guards: list(guard, { distinct: self }) }),
  team: obj({
    "alone?": textForm, cap: int(0, 999999), "caps?": obj({ "day?": int(1, 999999), "office?": int(1, 999999), "week?": int(1, 999999) }),
    ceiling: decimal(ONE, 1n), "days?": ascending(date, { max: 366 }),
    departments: list(obj({ department: code, officers: int(1, 20), "posts?": posts(0) }),
      { min: 1, distinct: (d) => d.department }),
    "enterprises?": obj({ barred: bag(oneOf("expert", "third_party", "grid", "uncertified")), kinds: bag(code),
      basis: textForm }),
    "experts?": obj({ cap: int(0, 999999), jurisdiction: reach, posts: posts(1) }),
    jurisdiction: reach, "limit?": obj({ by: oneOf("family", "office"), most: int(1) }),
    "pins?": list(obj({ unit: unitId, inspector: code, post: code, basis: textForm }),
      { max: THOUSAND, distinct: (p) => `${p.unit} ${p.inspector}` }),
    "qualifications?": mapOf(code, code), rotation: bool, same_grid: bool, "shortlist?": int(4, 10000),
  }),
  beacon: sourcesForm, "suite?": oneOf("sm3"), disclosure: disclosureForm, reserves: int(0, 1000000),
  "labels?": mapOf(code, textForm, 10000), "above?": aboveForm, "dispatch?": dispatchForm,
});

export const suiteOf = (policy) => policy.suite ?? "sha256";
/** The posts of a party that a kind of units has (11.2.2). */
export function postsFor(party, kind) {
  const own = (party.posts ?? []).filter((p) => !p.kinds || p.kinds.includes(kind));
  const most = [];
  for (const p of own) most.push({ post: p.post, places: p.places, needs: p.needs });
  if (party.officers !== undefined) {
    const left = party.officers - own.reduce((sum, p) => sum + p.places, 0);
    if (left > 0) most.push({ post: "member", places: left });
  }
  return most;
}

export function policyForm(p, at) {
  shape(p, at);
  const need = (holds, where, reason) => holds || refuse(`${at}/${where}`, reason);
  const { frame, roster, team, strata, design } = p, kinds = new Set(frame.kinds);
  const known = (list_, where) => (list_ ?? []).forEach((k) => need(kinds.has(k), where, why`${k} is no kind`));
  need(dayOf(p.window.from) <= dayOf(p.window.to), "window", why`ends before it begins`);
  need(dayOf(p.as_of) <= dayOf(p.window.from), "window", why`begins before the frame is known`);
  for (const s of [...p.beacon.sources, ...(p.beacon.fallbacks ?? []).map((f) => f.source)]) {
    need(dayOfInstant(s.at) <= dayOf(p.window.from), "window", why`begins before ${s.id} has spoken`);
  }
  const fault = planFault(p.beacon);
  need(fault === null, "beacon", fault);
  const pop = p.population ?? {};
  known(pop.kinds, "population");
  const areas = divisionsOf(p), fits = (level) => !AREAS.includes(level) || areas.levels.includes(level), wrong = areas.fault();
  need(wrong === null, "frame/divisions", wrong);
  const odd = idFault(p, [...p.certainties ?? [], ...p.exclusions ?? []].flatMap((e) => e.rule.units ?? []))
    ?? idFault(p, (team.pins ?? []).map((pin) => pin.unit)) ?? (frame.ids && !areas.own ? why`plain ids under GB/T 2260` : null);
  need(odd === null, "frame/ids", odd);
  for (const s of strata) need(fits(s), "strata", why`${s} is no level of the division list`);
  for (const { jurisdiction: j } of [team, ...(team.experts ? [team.experts] : [])]) {
    need(fits(j) && j !== areas.levels.at(-1), "team", why`${j} is no jurisdiction of the division list`);
  }
  const some = new Set([...areas.codes, ...areas.codes.flatMap((d) => areas.levels.map((level) => areas.at(d, level)))]);
  for (const d of pop.divisions ?? []) need(some.has(d), "population", why`${d} is nowhere`);
  need(!pop.visited_since || team.rotation, "population", why`a back-check needs rotation`);
  const round = { share: billionths(p.round?.share ?? "1"), rest: billionths(p.round?.rest ?? "1") };
  need(round.share <= round.rest && (round.share > 0n || round.rest === 0n || p.above), "round", why`has no such share`);
  need(!p.round || p.round.share !== undefined, "round", why`has no share`);
  need(design.method !== "frequency" || p.frequency, "frequency", why`is missing`);
  need(design.method === "frequency" || billionths(p.surprise ?? "0") === 0n, "surprise", why`needs the method frequency`);
  if (p.frequency) {
    const pairs = new Set(p.frequency.map((f) => `${f.risk} ${f.credit}`));
    need(pairs.size === p.frequency.length && pairs.size === frame.risk.length * frame.credit.length
      && p.frequency.every((f) => frame.risk.includes(f.risk) && frame.credit.includes(f.credit)),
    "frequency", why`has not one entry for every pair`);
    for (const f of p.frequency) {
      need(!f.cycles || billionths(f.visits) * BigInt(f.cycles) >= ONE, "frequency", why`a window without a whole visit`);
    }
  }
  const key = (p.items ?? []).some((i) => i.class === "key");
  for (const c of p.certainties ?? []) known(c.kinds, "certainties");
  const taken = ["closed", "suspended", "licence_expired", "out_of_scope"];
  for (const e of p.exclusions ?? []) {
    known(e.kinds, "exclusions");
    known(e.rule.kinds, "exclusions");
    need(!taken.includes(e.code), "exclusions", why`${e.code} is a code of the protocol`);
    need(!key || e.rule.visits_at_least === undefined, "exclusions", why`a limit of visits beside a key item`);
  }
  let values = 0;
  for (const r of p.ratios ?? []) {
    need([r.min, r.max, r.least, r.all_below].some((x) => x !== undefined), "ratios", why`${r.code} bounds nothing`);
    need(r.at === "total" || strata.includes(r.at), "ratios", why`${r.at} is no stratum`);
    need(r.min === undefined || r.max === undefined || billionths(r.min) <= billionths(r.max), "ratios", why`min above max`);
    need(!key || r.max === undefined, "ratios", why`a limit beside a key item`);
    if (!r.is) continue;
    values += r.is.length;
    const all = AREAS.includes(r.at) ? areas.codes.map((d) => areas.at(d, r.at))
      : { kind: frame.kinds, risk: frame.risk, credit: frame.credit }[r.at];
    need(all && r.is.every((x) => all.includes(x)), "ratios", why`${r.code} is of a node that there is not`);
  }
  need(values <= 10000, "ratios", why`name more than 10 000 codes`);
  for (const g of p.coverage.guards) need(g === "total" || strata.includes(g), "coverage", why`${g} is no stratum`);
  need(p.coverage.guards.length > 0 || billionths(p.coverage.minimum) === 0n, "coverage", why`a floor without guards`);

  const ones = team.departments.some((d) => d.officers === 1);
  need(ones === (team.alone !== undefined) && (!ones || areas.own), "team", why`teams of one without a rule of the place, or a rule without such teams`);
  need(!team.caps || team.days || (!team.caps.day && !team.caps.week), "team/caps", why`of a day need days`);
  for (const d of team.days ?? []) {
    need(dayOf(d) >= dayOf(p.window.from) && dayOf(d) <= dayOf(p.window.to), "team/days", why`${d} is outside the window`);
  }
  const parties = [...team.departments, ...(team.experts ? [team.experts] : [])];
  for (const [i, d] of parties.entries()) {
    if (d.department) need(roster.departments.includes(d.department), "team/departments", why`${d.department} is unknown`);
    for (const x of d.posts ?? []) {
      need(x.post !== "member" && (x.post !== "lead" || (i === 0 && x.places === 1)), "team", why`no post ${x.post} here`);
      known(x.kinds, "team");
      need(!x.needs || (roster.qualifications ?? []).includes(x.needs), "team", why`${x.needs} is no qualification`);
    }
    if (d.officers !== undefined) {
      for (const k of frame.kinds) {
        const places = (d.posts ?? []).filter((x) => !x.kinds || x.kinds.includes(k)).reduce((s, x) => s + x.places, 0);
        need(places <= d.officers, "team", why`more places than officers`);
      }
    }
  }
  known(team.enterprises?.kinds, "team/enterprises");
  for (const [k, q] of Object.entries(team.qualifications ?? {})) {
    need(kinds.has(k) && (roster.qualifications ?? []).includes(q), "team/qualifications", why`${k}: ${q} is unknown`);
  }
  for (const pin of team.pins ?? []) {
    need(pin.post === "member" || team.departments.some((d) => (d.posts ?? []).some((x) => x.post === pin.post)),
      "team/pins", why`no post ${pin.post}`);
  }
  dispatchHolds(p, need);
  if (p.rating) ratingHolds(p, need);
}

/** 20.1, steps 1 to 5. */
function ratingHolds(p, need) {
  const { rating, frame } = p, lowering = new Set(rating.lowering ?? []), stated = ["stated_credit", "stated_risk"];
  const ok = (holds, reason) => need(holds, "rating", reason), named = (at) => frame.risk.includes(at.risk ?? frame.risk[0])
    && frame.credit.includes(at.credit ?? frame.credit[0]);
  ok(named(rating.start), why`begins at no level`);
  ok(!stated.some((s) => lowering.has(s)), why`lowers by a stated level`);
  const stages = [...(rating.levels ?? []), ...(rating.visits ?? [])], rules = stages.flatMap((s) => s.rules);
  ok(new Set(stages.map((s) => s.code)).size === stages.length, why`has a stage twice`);
  ok(new Set(rules.map((r) => r.code)).size === rules.length && rules.length <= 1000, why`has a rule twice, or too many`);
  for (const [where, keys] of [["levels", ["raise_to", "raise_by", "lower_to", "lower_by"]],
    ["visits", ["at_least", "add", "at_most"]]]) {
    for (const s of rating[where] ?? []) {
      const ways = { risk: new Set(), credit: new Set() };
      for (const { does, when = {} } of s.rules) {
        const [effect] = Object.keys(does), value = does[effect];
        ok(keys.includes(effect), why`${effect} stands in the other list`);
        if (where === "levels") {
          ok(Object.keys(value).length > 0, why`an effect names no level`);
          if (effect.endsWith("_to")) ok(named(value), why`an effect names no level of the vocabulary`);
          for (const axis of Object.keys(value)) ways[axis].add(effect);
        } else ways.risk.add(effect);
        const has = Object.keys(when.has ?? {}), below = Object.keys(when.below ?? {});
        ok((when.kinds ?? []).every((k) => frame.kinds.includes(k)), why`names a kind that there is not`);
        ok(![...has, ...below].some((x) => stated.includes(x)), why`names a stated level`);
        const lowers = ["lower_to", "lower_by", "at_most"].includes(effect);
        ok(lowers ? has.length > 0 && has.every((x) => lowering.has(x)) && !below.some((x) => lowering.has(x))
          : !has.some((x) => lowering.has(x)) && below.every((x) => lowering.has(x)), why`lowers in silence`);
      }
      ok(!s.any_order || (ways.risk.size <= 1 && ways.credit.size <= 1), why`${s.code} depends on its order`);
    }
  }
  if (p.frequency) {
    const at = new Map(p.frequency.map((f) => [`${f.risk} ${f.credit}`, billionths(f.visits)]));
    frame.risk.forEach((r, i) => frame.credit.forEach((c, j) => {
      const here = at.get(`${r} ${c}`);
      ok(i === 0 || at.get(`${frame.risk[i - 1]} ${c}`) <= here, why`visits fall with the risk`);
      ok(j === 0 || at.get(`${r} ${frame.credit[j - 1]}`) <= here, why`visits fall with the credit`);
    }));
  }
  const raising = [...(p.signals ?? []).map((s) => s.signal), ...Object.keys(p.population?.has ?? {}),
    ...(p.certainties ?? []).flatMap((c) => (c.rule.signal ? [c.rule.signal.signal] : []))];
  ok(!raising.some((s) => lowering.has(s)), why`a signal that lowers is used to raise`);
}
