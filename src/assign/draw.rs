//! The teams of all parties: chance table, coins and leads (Spec 11.3 to 11.11).

use super::pools::pools;
use super::shortage::Shortages;
use super::visits::{PartyDemand, days, party_name, pins};
use super::{ExpertPost, Officer, OfficerPost, RaisedCeiling, TeamExpert, Teams, Visit, Widened};
use crate::bytes::batch;
use crate::bytes::{Digest, Label, Labelled};
use crate::calendar::Date;
use crate::frame::Unit;
use crate::id::{Code, InspectorId, UnitId};
use crate::lot::coins::Filled;
use crate::lot::{self, Key};
use crate::matching::{Component, Matching, Pair, component_with, shortages, table, table_of};
use crate::plan::{Candidates, Party, Plan, Target};
use crate::policy::{LEAD, TeamRule};

/// A line of the chance table. It holds positions, not names, because the table of a nation has tens of
/// millions of lines. The order of the fields is that of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ChanceLine {
    /// Position among the visits.
    visit: u32,
    /// Position among the policy's departments; the experts stand behind them.
    party: u16,
    /// Position among the post rules of the party; members stand behind them.
    rule: u16,
    /// Position in the roster.
    inspector: u32,
    chance: u32,
}

fn place(number: u32) -> usize {
    usize::try_from(number).expect("a position")
}

impl ChanceLine {
    /// The position of the visit.
    pub(super) fn visit(&self) -> usize {
        place(self.visit)
    }

    /// The position of the party.
    pub(super) fn party(&self) -> usize {
        usize::from(self.party)
    }

    /// The position of the post among the rules of the party.
    pub(super) fn rule(&self) -> usize {
        usize::from(self.rule)
    }

    /// The position of the inspector or expert in the roster.
    pub(super) fn number(&self) -> u32 {
        self.inspector
    }

    /// The chance in units of 2⁻²⁰.
    pub(super) fn chance(&self) -> u64 {
        u64::from(self.chance)
    }

    /// The department; `None` for the experts.
    pub(super) fn department<'a>(&self, plan: &'a Plan) -> Option<&'a Code> {
        plan.policy().team.departments.get(self.party()).map(|rule| &rule.department)
    }

    /// The code of the post.
    pub(super) fn post<'a>(&self, plan: &'a Plan) -> &'a Code {
        let party = self.department(plan).map_or(Party::Experts, |_| Party::Department(self.party()));
        plan.post_rules(party).get(self.rule()).map_or(TeamRule::member(), |rule| &rule.post)
    }

    /// The inspector, or the expert.
    pub(super) fn inspector<'a>(&self, plan: &'a Plan) -> &'a InspectorId {
        let number = place(self.inspector);
        match self.department(plan) {
            Some(_) => &plan.roster().inspectors()[number].id,
            None => &plan.roster().experts()[number].id,
        }
    }
}

/// The network and the components of a party after the draw. The pairs are taken out of the components; they
/// are in the table.
#[derive(Debug, Clone)]
pub(super) struct PartyDraw {
    pub(super) party: Party,
    pub(super) matching: Matching,
    pub(super) components: Vec<Component>,
    /// The position of the post rule of every post of the network.
    pub(super) rules: Vec<usize>,
}

impl PartyDraw {
    /// Whether a pair is of a real person, not of an empty chair.
    fn goes(&self, pair: &Pair) -> bool {
        place(pair.officer) < self.matching.officers.len()
    }
}

/// The outcome of a draw of teams.
#[derive(Debug)]
pub(crate) struct DrawnTeams {
    pub(crate) teams: Teams,
    /// Why each pin lapsed, in the order of `teams.lapsed`.
    pub(super) reasons: Vec<Code>,
    pub(super) table: Vec<ChanceLine>,
    pub(super) parties: Vec<PartyDraw>,
}

/// Spec 11 for the units at these positions of the frame, ascending.
pub(crate) fn assign(plan: &Plan, seed: &Digest, positions: &[usize]) -> DrawnTeams {
    let seed = &Key::new(plan.policy().suite, *seed);
    let units: Vec<&Unit> = positions.iter().map(|&p| &plan.frame().units()[p]).collect();
    let dated: Vec<_> = units.iter().copied().zip(days(plan, seed, &units)).collect();
    let targets = plan.targets(&dated);
    let (pins, lapsed) = pins(plan, &targets);
    let (lapsed, reasons) = lapsed.into_iter().unzip();
    let mut candidates = Candidates::new(plan);
    let mut teams = Teams {
        lapsed,
        pools: pools(plan, &targets, &mut candidates),
        raised: Vec::new(),
        shortages: Vec::new(),
        table: Digest::ZERO,
        visits: dated.iter().map(|&(unit, day)| blank(unit, day)).collect(),
        widened: Vec::new(),
    };
    let mut parties = Vec::new();
    for party in plan.parties() {
        let mut demand = PartyDemand::new(plan, party, &targets, &pins);
        let mut matching = widen(plan, seed, &targets, &mut demand, &mut candidates);
        let components = table(&matching);
        let ids = |visits: &[usize]| visits.iter().map(|&v| units[v].id.clone()).collect::<Vec<UnitId>>();
        let department = plan.department(party).cloned();
        let shortages = Shortages::new(plan, &targets, &demand, &matching, &components);
        teams.shortages.extend(shortages.statements(&mut matching, &mut candidates));
        // Each component has a stream of its own, so they can be drawn side by side.
        let draw =
            |component: &Component| component.draw(&matching, &stream(plan, party, component, &units), seed);
        let drawn = batch::map(&components, draw);
        for (component, drawn) in components.iter().zip(drawn) {
            for raised in &component.raised {
                let (ceiling, department) = (raised.ceiling, department.clone());
                teams.raised.push(RaisedCeiling { ceiling, department, units: ids(&raised.visits) });
            }
            for filled in drawn {
                let post = &demand.posts[filled.post];
                let visit = &mut teams.visits[post.visit];
                put(plan, visit, party, demand.codes[post.rule], &filled);
            }
        }
        teams.widened.extend(widened(plan, &demand, department.as_ref(), &units));
        let rules = demand.posts.iter().map(|post| post.rule).collect();
        parties.push(PartyDraw { party, matching, components, rules });
    }
    if let Some(first) = plan.policy().team.departments.first() {
        for visit in &mut teams.visits {
            visit.lead = lead_of(&first.department, seed, visit);
        }
    }
    let table = lines(&mut parties, units.len());
    teams.table = digest(plan, &units, &table);
    DrawnTeams { teams, reasons, table, parties }
}

/// The chance table in the order of its lines. The pairs are taken out of the components.
fn lines(parties: &mut [PartyDraw], visits: usize) -> Vec<ChanceLine> {
    // Sorted by counting: the pairs of each component lie by visit already, and those of a visit by party and
    // post.
    let mut next: Vec<usize> = vec![0; visits + 1];
    for party in &*parties {
        for pair in party.components.iter().flat_map(|component| &component.pairs) {
            next[party.matching.posts[place(pair.post)].visit + 1] += usize::from(party.goes(pair));
        }
    }
    for visit in 0..visits {
        next[visit + 1] += next[visit];
    }
    let mut lines = vec![ChanceLine { visit: 0, party: 0, rule: 0, inspector: 0, chance: 0 }; next[visits]];
    for (number, party) in (0..).zip(parties) {
        for component in 0..party.components.len() {
            for pair in std::mem::take(&mut party.components[component].pairs) {
                let (visit, rule) =
                    (party.matching.posts[place(pair.post)].visit, party.rules[place(pair.post)]);
                if party.goes(&pair) {
                    lines[next[visit]] = ChanceLine {
                        visit: u32::try_from(visit).expect("fewer than 2^32 visits"),
                        party: number,
                        rule: u16::try_from(rule).expect("at most 20 posts"),
                        inspector: pair.officer,
                        chance: pair.chance,
                    };
                    next[visit] += 1;
                }
            }
        }
    }
    // The extra post of a pin is written with its post.
    for visit in lines.chunk_by_mut(|a, b| a.visit == b.visit) {
        visit.sort_unstable();
    }
    lines
}

/// Bytes of lines that are hashed at once.
const LINES: usize = 1 << 14;

/// The digest of the chance table (Spec 11.9).
fn digest(plan: &Plan, units: &[&Unit], table: &[ChanceLine]) -> Digest {
    let inspectors: Vec<&str> = plan.roster().inspectors().iter().map(|person| person.id.as_str()).collect();
    let experts: Vec<&str> = plan.roster().experts().iter().map(|person| person.id.as_str()).collect();
    let mut digest = Labelled::new(plan.policy().suite, Label::Table);
    let (mut lines, mut begin) = (String::new(), String::new());
    let (mut last, mut chance) = (0, "0".to_owned());
    for post in table.chunk_by(|a, b| (a.visit, a.party, a.rule) == (b.visit, b.party, b.rule)) {
        let department = post[0].department(plan);
        let ids = department.map_or(&experts, |_| &inspectors);
        let party = department.map_or("*experts", Code::as_str);
        begin.clear();
        for word in [units[post[0].visit()].id.as_str(), party, post[0].post(plan).as_str()] {
            begin.push_str(word);
            begin.push(' ');
        }
        for line in post {
            // Most chances of a post are the same.
            if line.chance != last {
                (last, chance) = (line.chance, line.chance.to_string());
            }
            for word in [&begin, ids[place(line.inspector)], " ", &chance, "\n"] {
                lines.push_str(word);
            }
        }
        if lines.len() >= LINES {
            digest = digest.with(lines.as_bytes());
            lines.clear();
        }
    }
    digest.with(lines.as_bytes()).finish()
}

/// A visit before its team is drawn.
fn blank(unit: &Unit, day: Option<Date>) -> Visit {
    Visit { day, experts: Vec::new(), lead: None, posts: Vec::new(), unit: unit.id.clone() }
}

/// The stream of a component's coins, named by its first visit (Spec 11.10).
fn stream(plan: &Plan, party: Party, component: &Component, units: &[&Unit]) -> String {
    lot::coins::stream(party_name(plan, party), units[component.visits[0]].id.as_str())
}

/// The team of one visit alone, equal to that of the whole draw: it takes the chances and coins of one
/// component in each party. `None` if the unit is not among those at these positions.
pub(crate) fn assign_one(plan: &Plan, seed: &Digest, positions: &[usize], unit: &UnitId) -> Option<Visit> {
    let seed = &Key::new(plan.policy().suite, *seed);
    let units: Vec<&Unit> = positions.iter().map(|&p| &plan.frame().units()[p]).collect();
    let number = units.binary_search_by(|other| other.id.cmp(unit)).ok()?;
    let dated: Vec<_> = units.iter().copied().zip(days(plan, seed, &units)).collect();
    let targets = plan.targets(&dated);
    let (pins, _) = pins(plan, &targets);
    let mut candidates = Candidates::new(plan);
    let mut visit = blank(units[number], dated[number].1);
    for party in plan.parties() {
        let mut demand = PartyDemand::new(plan, party, &targets, &pins);
        let matching = widen(plan, seed, &targets, &mut demand, &mut candidates);
        let component = table_of(&matching, component_with(&matching, number));
        for filled in component.draw(&matching, &stream(plan, party, &component, &units), seed) {
            let post = &demand.posts[filled.post];
            if post.visit == number {
                put(plan, &mut visit, party, demand.codes[post.rule], &filled);
            }
        }
    }
    visit.lead = lead_of(&plan.policy().team.departments.first()?.department, seed, &visit);
    Some(visit)
}

/// The network of a party, with shortlists doubled where they do not suffice (Spec 11.2, steps 4 and 5).
fn widen<'a>(
    plan: &'a Plan,
    seed: &Key,
    targets: &[Target<'a>],
    demand: &mut PartyDemand<'a>,
    candidates: &mut Candidates<'a>,
) -> Matching {
    let mut matching = demand.matching(plan, seed, targets, candidates);
    loop {
        if demand.complete.iter().all(|complete| *complete) {
            return matching;
        }
        let mut short = vec![false; targets.len()];
        for shortage in shortages(&matching) {
            for post in shortage.posts {
                short[matching.posts[post].visit] = true;
            }
        }
        let mut wider = vec![false; targets.len()];
        for (post, complete) in demand.posts.iter().zip(&demand.complete) {
            wider[post.visit] |= short[post.visit] && !complete;
        }
        if !wider.contains(&true) {
            return matching;
        }
        let before = demand.widened.clone();
        for (widened, wider) in demand.widened.iter_mut().zip(wider) {
            *widened += u32::from(wider);
        }
        if demand.most_pairs(plan, targets, candidates) > plan.budget() {
            // Lists that no verifier could replay are not made.
            demand.widened = before;
            return matching;
        }
        matching = demand.matching(plan, seed, targets, candidates);
    }
}

/// The widened shortlists, by length (Spec 12.2).
fn widened(
    plan: &Plan,
    demand: &PartyDemand<'_>,
    department: Option<&Code>,
    units: &[&Unit],
) -> Vec<Widened> {
    let length = plan.policy().team.shortlist.unwrap_or(0);
    let most = demand.widened.iter().max().copied().unwrap_or(0);
    let mut found = Vec::new();
    // After some thirty doublings a shortlist holds everybody on earth.
    for times in 1..=most {
        let widened = demand.widened.iter().zip(units).filter(|(own, _)| **own == times);
        let units: Vec<UnitId> = widened.map(|(_, unit)| unit.id.clone()).collect();
        if !units.is_empty() {
            let shortlist = length.saturating_mul(1 << times.min(40));
            found.push(Widened { department: department.cloned(), shortlist, units });
        }
    }
    found
}

/// Writes the holders and vacancies of a post into its visit. The extra post of a pin is written with its
/// post.
fn put(plan: &Plan, visit: &mut Visit, party: Party, post: &Code, filled: &Filled) {
    let (post, vacancies) = (post.clone(), filled.vacancies);
    if let Some(department) = plan.department(party) {
        let written = visit.posts.iter().position(|p| &p.department == department && p.post == post);
        let at = written.unwrap_or_else(|| {
            let department = department.clone();
            visit.posts.push(OfficerPost { department, officers: Vec::new(), post, vacancies: 0 });
            visit.posts.len() - 1
        });
        let id = |number: usize| plan.roster().inspectors()[number].id.clone();
        let held = &mut visit.posts[at];
        held.officers
            .extend(filled.officers.iter().map(|&(number, chance)| Officer { chance, id: id(number) }));
        held.sort();
        held.vacancies += vacancies;
    } else {
        let id = |number: usize| plan.roster().experts()[number].id.clone();
        let expert = |&(number, chance): &(usize, u64)| TeamExpert { chance, id: id(number) };
        let experts = filled.officers.iter().map(expert).collect();
        visit.experts.push(ExpertPost { experts, post, vacancies });
    }
}

/// The lead: the holder of that post of the first department where there is one, else its officer with the
/// smallest lead ticket, substitutes last (Spec 11.11).
pub(crate) fn lead_of(first: &Code, seed: &Key, visit: &Visit) -> Option<InspectorId> {
    let posts = || visit.posts.iter().filter(|post| &post.department == first);
    if let Some(post) = posts().find(|post| post.post.as_str() == LEAD) {
        return post.officers.first().map(|officer| officer.id.clone());
    }
    // Those whom the lot gave the place go before substitutes: so the lead does not depend on the order in
    // which people drop out.
    let all = || posts().flat_map(|post| &post.officers);
    let by_lot = all().any(|officer| officer.chance > 0);
    let officers: Vec<&InspectorId> =
        all().filter(|officer| (officer.chance > 0) == by_lot).map(|officer| &officer.id).collect();
    let lead = lot::teams::lead(seed, visit.unit.as_str(), officers.iter().map(|id| id.as_str()));
    lead.map(|place| officers[place].clone())
}
