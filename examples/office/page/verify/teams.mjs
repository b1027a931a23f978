// What a record says of teams, held against itself and its policy (Spec 13: `days`, `teams`, `statements`).
import { H, bigOf, compareText, first, same, why, word } from "./bytes.mjs";
import { billionths, dayOf } from "./forms.mjs";
import { postsFor } from "./policy.mjs";
import { drawnElsewhere } from "./dispatch.mjs";
import { divisionsOf } from "./divisions.mjs";

const W = 1048576n, ONE = 1000000000n;
const EXPERTS = "*experts";

/** The parties of a policy, in order: `{name, party, of}`, where `of` gives a visit's posts as `{post, people, vacancies}`. */
export function partiesOf(policy) {
  const all = policy.team.departments.map((party) => ({ name: party.department, party,
    of: (visit) => visit.posts.filter((p) => p.department === party.department)
      .map((p) => ({ post: p.post, people: p.officers, vacancies: p.vacancies })) }));
  if (policy.team.experts) {
    all.push({ name: EXPERTS, party: policy.team.experts,
      of: (visit) => (visit.experts ?? []).map((p) => ({ post: p.post, people: p.experts, vacancies: p.vacancies })) });
  }
  return all;
}
const nameOf = (entry) => entry.department ?? EXPERTS;
/** The kind of every unit that a cell shows, if a stratum is the kind; else nothing. */
export function shownKinds(record) {
  const at = record.policy.strata.indexOf("kind") + 1, kinds = new Map();
  if (at) {
    record.sample.forEach((c, i) => {
      for (const u of [...c.picks, ...c.reserves]) kinds.set(u.id, record.table.cells[i]?.path.split("/")[at]);
    });
  }
  return kinds;
}
/** `days` (11.2.1). */
export function daysFault(suite, record) {
  const { policy, seed, sample, table, teams } = record, by = new Map();
  const at = policy.strata.indexOf(divisionsOf(policy).levels.at(-1)) + 1;
  sample.forEach((c, i) => c.picks.forEach((u) => {
    const division = table.cells[i].path.split("/")[at];
    if (!by.has(division)) by.set(division, []);
    by.get(division).push(u.id);
  }));
  const key = (what) => H(suite, "day", `${seed} ${what}`), days = policy.team.days;
  const sorted = (list, what) => list.map((x) => [key(`${what} ${x}`), x]).sort((a, b) => (a[0] < b[0] ? -1 : 1)).map((x) => x[1]);
  const order = sorted([...by.keys()], "division").flatMap((d) => sorted(by.get(d), "unit"));
  const start = Number(bigOf(H(suite, "day", seed)) % BigInt(days.length));
  const want = new Map(order.map((id, k) => [id, days[(start + k) % days.length]]));
  for (const v of teams.visits) if (v.day !== want.get(v.unit)) return [why`${v.unit}: ${want.get(v.unit)}`, v.day ?? why`no day`];
  return null;
}
/** The lead of a visit (11.11). */
export function leadOf(suite, policy, seed, visit) {
  const department = policy.team.departments[0].department;
  const posts = visit.posts.filter((p) => p.department === department), post = posts.find((p) => p.post === "lead");
  if (post) return post.officers[0]?.id;
  const all = posts.flatMap((p) => p.officers), drawn = all.filter((o) => o.chance > 0);
  const ticket = (id) => H(suite, "lead", `${seed} ${visit.unit} ${id}`);
  return (drawn.length ? drawn : all).map((o) => [ticket(o.id), o.id]).sort((a, b) => (a[0] < b[0] ? -1 : 1))[0]?.[1];
}

/** `teams` (13). */
export function structureFault(suite, record) {
  const { policy, sample, seed, seal, teams } = record, kinds = shownKinds(record), parties = partiesOf(policy);
  const picks = sample.flatMap((c) => c.picks.map((u) => u.id)).sort(compareText);
  if (!same(picks, teams.visits.map((v) => v.unit))) return why`the visits are not those of the picks`;
  const { days, caps = {} } = policy.team, partyOf = new Map(), elsewhere = drawnElsewhere(record);
  const belongs = (id, name) => {
    if (partyOf.has(id) && partyOf.get(id) !== name) return why`${id} stands in two parties`;
    partyOf.set(id, name);
    return null;
  };
  const onDay = new Map(), inWeek = new Map();
  for (const v of teams.visits) {
    if (days ? !days.includes(v.day) : v.day !== undefined) return why`${v.unit}: ${v.day ?? why`no day`} is no day of the policy`;
    const options = kinds.has(v.unit) ? [kinds.get(v.unit)] : policy.frame.kinds;
    const shape = parties.map(({ of, name }) => of(v).map((p) => [name, p.post, p.people.length + p.vacancies]));
    const wanted = (kind) => parties.map(({ party, name }) => postsFor(party, kind).map((p) => [name, p.post, p.places]));
    const expected = elsewhere.has(v.unit) ? [parties.map(() => [])] : options.map(wanted);
    if (!expected.some((posts) => same(posts, shape))) return why`${v.unit}: posts or places are not the policy's`;
    const order = parties.flatMap(({ of, name }) => of(v).map((p) => [name, p.post]));
    const written = [...v.posts.map((p) => [p.department, p.post]), ...(v.experts ?? []).map((p) => [EXPERTS, p.post])];
    if (!same(order, written)) return why`${v.unit}: posts stand out of order`;
    const seen = new Set();
    for (const { of, name } of parties) {
      for (const { people } of of(v)) {
        for (const [i, o] of people.entries()) {
          if (i > 0 && compareText(people[i - 1].id, o.id) >= 0) return why`${v.unit}: people do not ascend`;
          if (seen.has(o.id)) return why`${v.unit}: ${o.id} stands twice`;
          seen.add(o.id);
          const fault = belongs(o.id, name);
          if (fault) return fault;
          if (v.day) {
            const week = `${o.id} ${Math.floor((dayOf(v.day) + 3) / 7)}`, day = `${o.id} ${v.day}`;
            onDay.set(day, (onDay.get(day) ?? 0) + 1);
            inWeek.set(week, (inWeek.get(week) ?? 0) + 1);
            if (caps.day && onDay.get(day) > caps.day) return why`${o.id} has more visits on ${v.day} than the cap`;
            if (caps.week && inWeek.get(week) > caps.week) return why`${o.id} has more visits in a week than the cap`;
          }
        }
      }
    }
    const lead = leadOf(suite, policy, seed, v);
    if (lead !== v.lead) return [why`${v.unit}: lead ${lead ?? why`none`}`, v.lead ?? why`none`];
  }
  return first(() => shortagesFault(record, parties, belongs),
    () => (partyOf.size > seal.roster.size ? why`${partyOf.size} people on a roster of ${seal.roster.size}` : null),
    () => poolsFault(record, parties));
}

/** Vacancies against shortages, and who holds their posts. */
function shortagesFault(record, parties, belongs) {
  const { policy, teams } = record, visits = new Map(teams.visits.map((v) => [v.unit, v]));
  const groups = []; // shortages that share a written post stand together
  for (const s of teams.shortages) {
    const party = parties.find((p) => p.name === nameOf(s));
    if (!party) return why`a shortage of ${nameOf(s)}, which is no party`;
    for (const id of s.officers) { const fault = belongs(id, party.name); if (fault) return fault; }
    const posts = new Set(s.posts.flatMap((p) => p.units.map((u) => `${party.name} ${p.post} ${u}`)));
    const touching = groups.filter((g) => [...posts].some((p) => g.posts.has(p)));
    const all = { posts, missing: s.need - s.can_fill, need: s.need, officers: new Set(s.officers), party };
    for (const g of touching) {
      groups.splice(groups.indexOf(g), 1);
      g.posts.forEach((p) => all.posts.add(p));
      g.officers.forEach((o) => all.officers.add(o));
      all.missing += g.missing;
      all.need += g.need;
    }
    groups.push(all);
  }
  const covered = new Set(groups.flatMap((g) => [...g.posts]));
  const pinned = new Set((policy.team.pins ?? []).map((p) => `${p.unit} ${p.post}`));
  for (const g of groups) {
    let vacancies = 0, places = 0, byPin = false;
    for (const key of g.posts) {
      const [, post, unit] = key.split(" "), visit = visits.get(unit);
      const here = visit && g.party.of(visit).find((p) => p.post === post);
      if (!here) return why`a shortage of ${post} at ${unit}, which has no such post`;
      vacancies += here.vacancies;
      places += here.people.length + here.vacancies;
      const pin = g.party.party.officers !== undefined && pinned.has(`${unit} ${post}`);
      byPin ||= pin;
      if (!pin && !here.people.every((o) => g.officers.has(o.id))) return why`${unit}: who holds ${post} is not of the shortage`;
    }
    if (vacancies !== g.missing) return [why`${g.missing} vacancies in a shortage`, vacancies];
    if (byPin ? g.need > places : g.need !== places) return [why`a shortage needs ${places} places`, g.need];
  }
  for (const v of teams.visits) {
    for (const { name, of } of parties) {
      for (const p of of(v)) {
        if (p.vacancies > 0 && !covered.has(`${name} ${p.post} ${v.unit}`)) return why`${v.unit}: ${p.post} is vacant without a shortage`;
      }
    }
  }
  return null;
}
/** Every post of a visit stands in one pool (11.2.6). */
function poolsFault(record, parties) {
  const { teams } = record, visits = teams.visits;
  const order = parties.map((p) => p.name), whole = new Map();
  const posts = new Map(); // party and post → [{pool, units}]
  for (const pool of teams.pools) {
    const name = nameOf(pool), key = `${name} ${pool.post}`;
    if (!order.includes(name)) return why`a pool of ${name}, which is no party`;
    const total = pool.may + Object.values(pool.barred).reduce((a, b) => a + b, 0);
    if (whole.has(name) && whole.get(name) !== total) return [why`${name}: ${whole.get(name)} people`, total];
    whole.set(name, total);
    if (!posts.has(key)) posts.set(key, []);
    if ((posts.get(key).length === 0) === (pool.units !== undefined)) return why`${key}: only the first pool has no units`;
    posts.get(key).push(pool);
  }
  for (const { name, of } of parties) {
    for (const v of visits) {
      for (const p of of(v)) {
        const pools = posts.get(`${name} ${p.post}`) ?? [];
        const named = pools.filter((x) => x.units?.includes(v.unit));
        if (pools.length === 0 || named.length > 1) return why`${v.unit}: ${p.post} stands in ${named.length} pools`;
        const { may } = named[0] ?? pools[0];
        if (p.people.length > may) return why`${v.unit}: ${p.people.length} people at ${p.post}, and ${may} may hold it`;
      }
    }
  }
  for (const [key, pools] of posts) {
    const [name, post] = key.split(" "), { of } = parties.find((p) => p.name === name);
    const has = new Set(visits.filter((v) => of(v).some((p) => p.post === post)).map((v) => v.unit));
    for (const p of pools) for (const u of p.units ?? []) if (!has.has(u)) return why`${u} has no post ${post}`;
    const named = pools.reduce((sum, p) => sum + (p.units?.length ?? 0), 0);
    if (has.size - named < 1) return why`${key}: nobody is in the first pool`;
  }
  return null;
}

/** `statements` (13). */
export function statementFault(record) {
  const { policy, teams, seal } = record, parties = partiesOf(policy), order = parties.map((p) => p.name);
  const visits = new Map(teams.visits.map((v) => [v.unit, v]));
  const ordered = (entries, what) => {
    for (let i = 0; i < entries.length; i++) {
      const at = order.indexOf(nameOf(entries[i]));
      if (at < 0) return why`${word(what)}: ${nameOf(entries[i])} is no party`;
      if (i > 0 && at < order.indexOf(nameOf(entries[i - 1]))) return why`${word(what)}: parties stand out of order`;
      const lists = what === "shortages" ? entries[i].posts.map((p) => p.units) : [entries[i].units];
      for (const units of lists) {
        if (units === undefined) continue;
        if (units.length === 0) return why`${word(what)}: an entry without units`;
        for (let k = 0; k < units.length; k++) {
          if (!visits.has(units[k])) return why`${word(what)}: ${units[k]} is no visit`;
          if (k > 0 && compareText(units[k - 1], units[k]) >= 0) return why`${word(what)}: units do not ascend`;
        }
      }
    }
    return null;
  };
  for (const what of ["raised", "widened", "shortages", "pools"]) {
    const fault = ordered(teams[what] ?? [], what);
    if (fault) return fault;
  }
  const short = new Map(parties.map((p) => [p.name, new Set()])), shortPost = new Set();
  for (const s of teams.shortages) {
    for (const p of s.posts) {
      for (const u of p.units) { short.get(nameOf(s)).add(u); shortPost.add(`${nameOf(s)} ${p.post} ${u}`); }
    }
  }
  const q = ceilingOf(policy), steps = new Set(Array.from({ length: 8 }, (_, i) => q + ((W - q) * BigInt(i + 1)) / 8n));
  const raised = new Map();
  for (const r of teams.raised) {
    const c = BigInt(r.ceiling);
    if (c <= q || !steps.has(c)) return why`raised: ${r.ceiling} is no step above the ceiling`;
    for (const u of r.units) {
      const key = `${nameOf(r)} ${u}`;
      if (raised.has(key) || short.get(nameOf(r)).has(u)) return why`raised: ${u} stands twice, or in a shortage`;
      raised.set(key, c);
    }
  }
  const lists = new Map(), widenedUnits = new Set();
  for (const w of teams.widened ?? []) {
    const ratio = Math.log2(w.shortlist / (policy.team.shortlist ?? NaN));
    if (!Number.isInteger(ratio) || ratio < 1 || ratio > 40) return why`widened: ${w.shortlist} is no widened list`;
    if (lists.has(nameOf(w)) && lists.get(nameOf(w)) >= w.shortlist) return why`widened: lists do not ascend`;
    lists.set(nameOf(w), w.shortlist);
    for (const u of w.units) {
      if (widenedUnits.has(`${nameOf(w)} ${u}`)) return why`widened: ${u} stands twice`;
      widenedUnits.add(`${nameOf(w)} ${u}`);
    }
  }
  return pinsFault() ?? chancesFault() ?? shortageWords();

  function pinsFault() {
    const pins = policy.team.pins ?? [], lapsed = teams.lapsed ?? [], want = [];
    for (const unit of visits.keys()) for (const pin of pins) if (pin.unit === unit) want.push(pin);
    let at = 0;
    for (const pin of want) {
      const held = parties.some((p) => p.party.officers !== undefined && p.of(visits.get(pin.unit))
        .some((x) => x.post === pin.post && x.people.some((o) => o.id === pin.inspector)));
      const is = lapsed[at]?.unit === pin.unit && lapsed[at]?.inspector === pin.inspector;
      if (is) at++;
      const shortThere = parties.some((p) => p.party.officers !== undefined && shortPost.has(`${p.name} ${pin.post} ${pin.unit}`));
      if (held && is) return why`${pin.inspector} at ${pin.unit}: kept and lapsed`;
      if (!held && !is && !shortThere) return why`${pin.inspector} at ${pin.unit}: neither kept nor lapsed`;
    }
    return at === lapsed.length ? null : why`lapsed: ${lapsed[at].inspector} at ${lapsed[at].unit} is no such pin`;
  }
  function chancesFault() {
    for (const v of visits.values()) {
      for (const { name, of, party } of parties) {
        const here = short.get(name).has(v.unit);
        for (const { people, post } of of(v)) {
          for (const o of people) {
            const pinned = party.officers !== undefined
              && (policy.team.pins ?? []).some((p) => p.unit === v.unit && p.inspector === o.id && p.post === post);
            const top = here || pinned ? W : raised.get(`${name} ${v.unit}`) ?? q, chance = BigInt(o.chance);
            if (chance < 1n || chance > top) return [why`${v.unit}, ${o.id}: a chance of 1 to ${top}`, chance];
            if (pinned && !here && chance !== W) return [why`${v.unit}, ${o.id}: pinned`, chance];
          }
        }
      }
    }
    return null;
  }
  function shortageWords() {
    for (const s of teams.shortages) {
      const { party, of } = parties.find((p) => p.name === nameOf(s));
      const isExperts = party.officers === undefined, reach = isExperts ? party.jurisdiction : policy.team.jurisdiction;
      if (!(s.can_fill < s.need)) return why`a shortage that fills what it needs`;
      const all = [...new Set([...(party.posts ?? []).map((p) => p.post), ...(isExperts ? [] : ["member"])])];
      let last = -1, posts = 0;
      for (const p of s.posts) {
        const at = all.indexOf(p.post);
        if (at <= last) return why`a shortage: ${p.post} stands out of order`;
        last = at;
        posts += p.units.length;
        for (const u of p.units) {
          if (!of(visits.get(u)).some((x) => x.post === p.post)) return why`${u} has no post ${p.post}`;
        }
      }
      for (let i = 1; i < s.officers.length; i++) {
        if (compareText(s.officers[i - 1], s.officers[i]) >= 0) return why`a shortage: officers do not ascend`;
      }
      const limits = (s.limits ?? []).map((l) => `${l.unit} ${l.post} ${l.group}`);
      if (limits.length && !policy.team.limit) return why`a limit that the policy has not`;
      if (new Set(limits).size !== limits.length) return why`a limit stands twice`;
      for (const l of s.limits ?? []) {
        if (!s.posts.some((p) => p.post === l.post && p.units.includes(l.unit))) return why`a limit of another post`;
      }
      const needs = (party.posts ?? []).some((p) => p.needs)
        || (!isExperts && Object.keys(policy.team.qualifications ?? {}).length > 0);
      const reasons = { certificate: true, absence: true, recusal: true, qualification: needs,
        enterprise: isExperts && policy.team.enterprises !== undefined, jurisdiction: reach !== "any",
        grid: !isExperts && policy.team.same_grid, rotation: policy.team.rotation };
      let losses = 0;
      for (const [reason, n] of Object.entries(s.losses)) {
        if (!reasons[reason] || n < 1) return why`losses: ${word(reason)} ${n} is nothing that the policy gives`;
        losses += n;
      }
      if (losses > posts * seal.roster.size) return why`losses: more than there are people`;
      const ways = { rotation: policy.team.rotation && !policy.population?.visited_since, jurisdiction: reach !== "any",
        cap: true, anywhere: ![null, "any"].includes(divisionsOf(policy).wider(reach)) };
      for (const [way, n] of Object.entries(s.ways_out)) {
        if (!ways[way] || n > s.need - s.can_fill) return why`ways_out: ${word(way)} ${n} is none`;
      }
      // Beyond the budget of 11.14 no way was tried.
      const tried = Object.keys(ways).filter((way) => ways[way]), stated = Object.keys(s.ways_out);
      if (stated.length > 0 && stated.length !== tried.length) return [why`ways_out: ${tried.map(word)}`, why`ways_out: ${stated.map(word)}`];
    }
    return null;
  }
}
export const ceilingOf = (policy) => (billionths(policy.team.ceiling) * W) / ONE;
