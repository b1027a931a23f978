//! The teams of all parties: chances, table, coins, leads (Spec 11.3 to 11.11).

use super::shortage::Shortages;
use super::visits::{Task, days, party_name, pins};
use super::{ExpertPost, Guest, Officer, Post, RaisedCeiling, Teams, Visit, Widened};
use crate::bytes::batch;
use crate::bytes::{Digest, Label, Labelled};
use crate::calendar::Date;
use crate::frame::Unit;
use crate::id::{Code, InspectorId, UnitId};
use crate::lot::{self, Key};
use crate::matching::{Component, Matching, Pair, component_with, shortages, table, table_of};
use crate::plan::{Candidates, Party, Plan, Target};
use crate::policy::{LEAD, TeamRule};
use std::collections::BTreeMap;

/// A chance by positions: the table of a nation has tens of millions of lines. The order of the fields is that of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell {
    /// Position among the visits.
    visit: u32,
    /// Position among the policy's departments; the experts stand behind them.
    party: u16,
    /// Position among the posts of the party.
    post: u16,
    /// Position in the roster.
    inspector: u32,
    chance: u32,
}

fn place(number: u32) -> usize {
    usize::try_from(number).expect("a position")
}

impl Cell {
    /// The position of the visit.
    pub(super) fn visit(&self) -> usize {
        place(self.visit)
    }

    /// Positions of visit, party, post and person.
    pub(super) fn place(&self) -> (usize, usize, usize, u32) {
        (place(self.visit), usize::from(self.party), usize::from(self.post), self.inspector)
    }

    /// Units of 2⁻²⁰.
    pub(super) fn chance(&self) -> u64 {
        u64::from(self.chance)
    }

    /// The department, the post and the person.
    pub(super) fn names<'a>(&self, plan: &'a Plan) -> (Option<&'a Code>, &'a Code, &'a InspectorId) {
        let departments = &plan.policy().team.departments;
        let department = departments.get(usize::from(self.party));
        let party = department.map_or(Party::Experts, |_| Party::Department(usize::from(self.party)));
        let rule = plan.post_rules(party).get(usize::from(self.post));
        let (inspectors, experts) = (plan.roster().inspectors(), plan.roster().experts());
        let id = match party {
            Party::Department(_) => &inspectors[place(self.inspector)].id,
            Party::Experts => &experts[place(self.inspector)].id,
        };
        (department.map(|rule| &rule.department), rule.map_or(TeamRule::member(), |rule| &rule.post), id)
    }
}

/// What is known of a party after the draw, but for the pairs, which are in the table.
#[derive(Debug, Clone)]
pub(super) struct PartyDraw {
    pub(super) party: Party,
    pub(super) matching: Matching,
    pub(super) components: Vec<Component>,
    /// The post rule of every post.
    pub(super) rules: Vec<usize>,
}

impl PartyDraw {
    /// Whether somebody would go, and not an empty chair.
    fn goes(&self, pair: &Pair) -> bool {
        place(pair.officer) < self.matching.officers.len()
    }
}

/// All that a draw of teams gives.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub(crate) teams: Teams,
    pub(super) table: Vec<Cell>,
    pub(super) parties: Vec<PartyDraw>,
}

/// Spec 11 for the units at these positions of the frame, ascending.
pub(crate) fn assign(plan: &Plan, seed: &Digest, positions: &[usize]) -> Drawn {
    let seed = &Key::new(plan.policy().suite, *seed);
    let units: Vec<&Unit> = positions.iter().map(|&p| &plan.frame().units()[p]).collect();
    let dated: Vec<_> = units.iter().copied().zip(days(plan, seed, &units)).collect();
    let targets = plan.targets(&dated);
    let (pins, lapsed) = pins(plan, &targets);
    let mut candidates = Candidates::new(plan);
    let mut teams = Teams {
        lapsed,
        raised: Vec::new(),
        shortages: Vec::new(),
        table: Digest::ZERO,
        visits: dated.iter().map(|&(unit, day)| blank(unit, day)).collect(),
        widened: Vec::new(),
    };
    let mut parties = Vec::new();
    for party in plan.parties() {
        let mut task = Task::new(plan, party, &targets, &pins);
        let mut matching = widen(plan, seed, &targets, &mut task, &mut candidates);
        let components = table(&matching);
        let ids = |visits: &[usize]| visits.iter().map(|&v| units[v].id.clone()).collect::<Vec<UnitId>>();
        let department = plan.department(party).cloned();
        let shortages = Shortages::new(plan, &targets, &task, &matching, &components);
        teams.shortages.extend(shortages.statements(&mut matching, &mut candidates));
        // Each component has a stream of its own, so they can be drawn side by side.
        let draw =
            |component: &Component| component.draw(&matching, &stream(plan, party, component, &units), seed);
        let drawn = batch::map(&components, draw);
        for (component, drawn) in components.iter().zip(drawn) {
            for r in &component.raised {
                let (ceiling, department) = (r.ceiling, department.clone());
                teams.raised.push(RaisedCeiling { ceiling, department, units: ids(&r.visits) });
            }
            for filled in drawn {
                let place = &task.places[filled.post];
                let visit = &mut teams.visits[place.visit];
                put(plan, visit, party, task.codes[place.rule], &filled.officers, filled.vacancies);
            }
        }
        teams.widened.extend(widened(plan, &task, department.as_ref(), &units));
        let rules = task.places.iter().map(|place| place.rule).collect();
        parties.push(PartyDraw { party, matching, components, rules });
    }
    if let Some(first) = plan.policy().team.departments.first() {
        for visit in &mut teams.visits {
            visit.lead = lead_of(&first.department, seed, visit);
        }
    }
    let table = cells(&mut parties, units.len());
    teams.table = digest(plan, &units, &table);
    Drawn { teams, table, parties }
}

/// The chance table in the order of its lines. Takes the pairs out of the components.
fn cells(parties: &mut [PartyDraw], visits: usize) -> Vec<Cell> {
    // Sorted by counting: the pairs of each component lie by visit already, and those of a visit by party and post.
    let mut next: Vec<usize> = vec![0; visits + 1];
    for party in &*parties {
        for pair in party.components.iter().flat_map(|component| &component.pairs) {
            next[party.matching.posts[place(pair.post)].visit + 1] += usize::from(party.goes(pair));
        }
    }
    for visit in 0..visits {
        next[visit + 1] += next[visit];
    }
    let mut cells = vec![Cell { visit: 0, party: 0, post: 0, inspector: 0, chance: 0 }; next[visits]];
    for (number, party) in (0..).zip(parties) {
        for component in 0..party.components.len() {
            for pair in std::mem::take(&mut party.components[component].pairs) {
                let (visit, post) =
                    (party.matching.posts[place(pair.post)].visit, party.rules[place(pair.post)]);
                if party.goes(&pair) {
                    cells[next[visit]] = Cell {
                        visit: u32::try_from(visit).expect("fewer than 2^32 visits"),
                        party: number,
                        post: u16::try_from(post).expect("at most 20 posts"),
                        inspector: pair.officer,
                        chance: pair.chance,
                    };
                    next[visit] += 1;
                }
            }
        }
    }
    // An extra post of a pin stands with its post.
    for visit in cells.chunk_by_mut(|a, b| a.visit == b.visit) {
        visit.sort_unstable();
    }
    cells
}

/// Bytes of lines that are hashed at once.
const LINES: usize = 1 << 14;

/// The digest of the chance table (Spec 11.9).
fn digest(plan: &Plan, units: &[&Unit], table: &[Cell]) -> Digest {
    let inspectors: Vec<&str> = plan.roster().inspectors().iter().map(|person| person.id.as_str()).collect();
    let experts: Vec<&str> = plan.roster().experts().iter().map(|person| person.id.as_str()).collect();
    let mut digest = Labelled::new(plan.policy().suite, Label::Table);
    let (mut lines, mut begin) = (String::new(), String::new());
    let (mut last, mut chance) = (0, "0".to_owned());
    for post in table.chunk_by(|a, b| (a.visit, a.party, a.post) == (b.visit, b.party, b.post)) {
        let (department, code, _) = post[0].names(plan);
        let ids = department.map_or(&experts, |_| &inspectors);
        let party = department.map_or("*experts", Code::as_str);
        begin.clear();
        for word in [units[post[0].visit()].id.as_str(), party, code.as_str()] {
            begin.push_str(word);
            begin.push(' ');
        }
        for cell in post {
            // Most chances of a post are the same.
            if cell.chance != last {
                (last, chance) = (cell.chance, cell.chance.to_string());
            }
            for word in [&begin, ids[place(cell.inspector)], " ", &chance, "\n"] {
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

/// A visit to which nobody goes yet.
fn blank(unit: &Unit, day: Option<Date>) -> Visit {
    Visit { day, experts: Vec::new(), lead: None, posts: Vec::new(), unit: unit.id.clone() }
}

/// The stream of a component's coins, named by its first visit (Spec 11.10).
fn stream(plan: &Plan, party: Party, component: &Component, units: &[&Unit]) -> String {
    lot::coins::stream(party_name(plan, party), units[component.visits[0]].id.as_str())
}

/// The team of one visit alone: the same as in the whole draw, from the chances and the coins of its own component in each party. `None` if the
/// unit is not among those at these positions.
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
        let mut task = Task::new(plan, party, &targets, &pins);
        let matching = widen(plan, seed, &targets, &mut task, &mut candidates);
        let component = table_of(&matching, component_with(&matching, number));
        for filled in component.draw(&matching, &stream(plan, party, &component, &units), seed) {
            let place = &task.places[filled.post];
            if place.visit == number {
                put(plan, &mut visit, party, task.codes[place.rule], &filled.officers, filled.vacancies);
            }
        }
    }
    visit.lead = lead_of(&plan.policy().team.departments.first()?.department, seed, &visit);
    Some(visit)
}

/// Lists of candidates, with shortlists doubled where they do not suffice (Spec 11.2, steps 4 and 5).
fn widen<'a>(
    plan: &'a Plan,
    seed: &Key,
    targets: &[Target<'a>],
    task: &mut Task<'a>,
    candidates: &mut Candidates<'a>,
) -> Matching {
    loop {
        let matching = task.matching(plan, seed, targets, candidates);
        if task.complete.iter().all(|complete| *complete) {
            return matching;
        }
        let mut short = vec![false; targets.len()];
        for shortage in shortages(&matching) {
            for post in shortage.posts {
                short[matching.posts[post].visit] = true;
            }
        }
        let mut wider = vec![false; targets.len()];
        for (place, complete) in task.places.iter().zip(&task.complete) {
            wider[place.visit] |= short[place.visit] && !complete;
        }
        if !wider.contains(&true) {
            return matching;
        }
        for (widened, wider) in task.widened.iter_mut().zip(wider) {
            *widened += u32::from(wider);
        }
    }
}

/// The widened shortlists, by length (Spec 12.2).
fn widened(plan: &Plan, task: &Task<'_>, department: Option<&Code>, units: &[&Unit]) -> Vec<Widened> {
    let mut by_times: BTreeMap<u32, Vec<UnitId>> = BTreeMap::new();
    for (&times, unit) in task.widened.iter().zip(units).filter(|(times, _)| **times > 0) {
        by_times.entry(times).or_default().push(unit.id.clone());
    }
    let length = plan.policy().team.shortlist.unwrap_or(0);
    let entry = |(times, units): (u32, Vec<UnitId>)| Widened {
        department: department.cloned(),
        shortlist: length.saturating_mul(1 << times.min(40)),
        units,
    };
    by_times.into_iter().map(entry).collect()
}

/// Writes down who holds a post; an extra post of a pin stands with its post.
fn put(plan: &Plan, visit: &mut Visit, party: Party, post: &Code, officers: &[(usize, u64)], vacancies: u64) {
    match plan.department(party) {
        Some(department) => {
            let known = visit.posts.iter().position(|p| &p.department == department && &p.post == post);
            let at = known.unwrap_or_else(|| {
                let (department, post) = (department.clone(), post.clone());
                visit.posts.push(Post { department, officers: Vec::new(), post, vacancies: 0 });
                visit.posts.len() - 1
            });
            let id = |number: usize| plan.roster().inspectors()[number].id.clone();
            let held = &mut visit.posts[at];
            held.officers.extend(officers.iter().map(|&(number, chance)| Officer { chance, id: id(number) }));
            held.officers.sort_by(|a, b| a.id.cmp(&b.id));
            held.vacancies += vacancies;
        }
        None => {
            let id = |number: usize| plan.roster().experts()[number].id.clone();
            let experts = officers.iter().map(|&(number, chance)| Guest { chance, id: id(number) }).collect();
            visit.experts.push(ExpertPost { experts, post: post.clone(), vacancies });
        }
    }
}

/// The lead: the holder of that post of the first department where there is one, else its officer with the smallest lead ticket (Spec 11.11).
pub(crate) fn lead_of(first: &Code, seed: &Key, visit: &Visit) -> Option<InspectorId> {
    let posts = || visit.posts.iter().filter(|post| &post.department == first);
    if let Some(post) = posts().find(|post| post.post.as_str() == LEAD) {
        return post.officers.first().map(|officer| officer.id.clone());
    }
    let officers: Vec<&InspectorId> =
        posts().flat_map(|post| &post.officers).map(|officer| &officer.id).collect();
    let lead = lot::teams::lead(seed, visit.unit.as_str(), officers.iter().map(|id| id.as_str()));
    lead.map(|place| officers[place].clone())
}
