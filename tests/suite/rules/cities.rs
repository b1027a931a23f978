//! The five cities: their packs and programmes are read, checked and run through a year; what the documents
//! demand holds in every draw.
/// What the program `five_cities` runs.
#[allow(dead_code, unreachable_pub)]
#[path = "../../../examples/demo/src/bin/five_cities/city.rs"]
pub(crate) mod city;
#[allow(dead_code, unreachable_pub)]
#[path = "../../../examples/demo/src/bin/five_cities/demands.rs"]
mod demands;
#[allow(dead_code, unreachable_pub)]
#[path = "../../../examples/demo/src/bin/five_cities/clauses.rs"]
mod clauses;

use city::{CITIES, City, Drawn, Year};
use clauses::{CLAUSES, How};
use demands::{DEMANDS, certain_units, floors, last_draws, over_cap, targets};
use double_random::dossier::ResultKind;
use double_random::id::Code;
use double_random::odds::ONE;
use double_random::pack::Pack;
use double_random::plan::ExplanationStep;
use double_random::policy::Guard;
use double_random::programme::Finding;
use double_random::roster::Role;
use double_random::verify::Verdict;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;

fn examples() -> PathBuf {
    testkit::repository("examples")
}

static YEARS: LazyLock<Vec<(City, Year)>> = LazyLock::new(|| {
    let run = |code: &&str| {
        let city = City::read(&examples(), code).unwrap_or_else(|e| panic!("{code}: {e}"));
        let year = city.year().unwrap_or_else(|e| panic!("{code}: {e}"));
        (city, year)
    };
    CITIES.iter().map(run).collect()
});

fn draws() -> impl Iterator<Item = (&'static City, &'static Drawn)> {
    YEARS.iter().flat_map(|(city, year)| year.draws.iter().map(move |draw| (city, draw)))
}

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

#[test]
fn every_draw_of_every_city_is_confirmed_with_all_files_and_its_origin() {
    let mut count = 0;
    for (city, draw) in draws() {
        assert_eq!(draw.report.verdict(), Verdict::Confirmed, "{} {} {}", city.code, draw.task, draw.report);
        assert_eq!(draw.origin.verdict(), Verdict::Confirmed, "{} {} {}", city.code, draw.task, draw.origin);
        count += 1;
    }
    assert_eq!(count, 71);
}

#[test]
fn no_programme_of_a_city_breaks_a_rule_and_every_demand_is_met() {
    let mut checked = 0;
    for (city, year) in YEARS.iter() {
        assert!(!year.findings.is_refused(), "{}: {}", city.code, year.findings);
        for demand in DEMANDS.iter().filter(|demand| demand.of.contains(&city.code.as_str())) {
            let met = (demand.met)(city, year);
            assert!(met.holds, "{}: {}: {}", city.code, demand.says[0], met.figures[0]);
            checked += 1;
        }
    }
    assert_eq!(checked, DEMANDS.iter().map(|demand| demand.of.len()).sum::<usize>());
}

#[test]
fn the_floor_holds_at_every_guarded_node_of_every_city() {
    let mut nodes = 0;
    for (city, year) in YEARS.iter() {
        for draw in last_draws(city, year) {
            let coverage = draw.policy.coverage();
            assert_eq!(coverage.minimum.get(), ONE / 5, "{}", city.code);
            let depths: Vec<usize> = coverage
                .guards
                .iter()
                .map(|guard| match guard {
                    Guard::Total => 0,
                    Guard::Stratum(stratum) => {
                        1 + draw.policy.strata.iter().position(|s| s == stratum).unwrap()
                    }
                })
                .collect();
            for (node, (reached, active)) in floors(draw) {
                let depth = if node.is_empty() { 0 } else { node.matches('/').count() + 1 };
                if depths.contains(&depth) {
                    nodes += 1;
                    assert!(
                        5 * reached >= active,
                        "{} {} {node}: {reached} of {active}",
                        city.code,
                        draw.task
                    );
                }
            }
        }
    }
    assert!(nodes > 100, "{nodes}");
}

#[test]
fn every_item_is_checked_or_the_check_said_so() {
    for (city, year) in YEARS.iter() {
        let checked: BTreeSet<&Code> = year.cycles.values().flat_map(|cycle| cycle.items().keys()).collect();
        let warned = |item: &Code| {
            year.findings.as_slice().iter().any(|finding| {
                matches!(finding, Finding::ItemByChance { item: i, .. }
                    | Finding::ItemUncovered { item: i }
                    | Finding::ItemWithoutSubjects { item: i, .. } if i == item)
            })
        };
        for item in &city.pack.items {
            assert!(checked.contains(&item.code) || warned(&item.code), "{} {}", city.code, item.code);
        }
    }
}

/// Of units with complaints, hazards, dishonesty …, a larger part is drawn than of the others, in every city,
/// and every raised unit has its trace.
#[test]
fn marked_units_are_drawn_more_often() {
    for (city, year) in YEARS.iter() {
        let (units, drawn) = demands::raised(year);
        assert!(
            units[1] > 50 && drawn[1] * units[0] > drawn[0] * units[1],
            "{}: {drawn:?} of {units:?}",
            city.code
        );
        let draw = year.draws.last().unwrap();
        let often = |unit: &&double_random::frame::Unit| {
            unit.signals.get(&code("complaints")).is_some_and(|n| *n >= 2)
        };
        let raised: Vec<_> = draw.frame.units().iter().filter(often).collect();
        let traced = raised.iter().filter(|unit| {
            let explained = draw.plan.explain(&unit.id).unwrap();
            let fired = |step: &ExplanationStep| match step {
                ExplanationStep::Rated { fired, .. } => fired.because.has.contains_key(&code("complaints")),
                _ => false,
            };
            explained.steps.iter().any(fired)
        });
        assert!(traced.count() == raised.len() && !raised.is_empty(), "{}", city.code);
    }
}

#[test]
fn the_category_targets_of_quanzhou_are_certain() {
    let (city, year) = YEARS.iter().find(|(city, _)| city.code == "quanzhou").unwrap();
    let found: BTreeMap<String, (u64, u64, u64)> = targets(city, year)
        .into_iter()
        .map(|(name, reached, active, min)| (name, (reached, active, min)))
        .collect();
    assert_eq!(found.len(), 5, "{found:?}");
    for (name, (reached, active, min)) in &found {
        assert!(
            u128::from(*reached) * u128::from(ONE) >= u128::from(*min) * u128::from(*active),
            "{name}: {reached} of {active}"
        );
    }
    for all in ["school-all school", "public-place-all public_place", "quality-all public_hospital"] {
        let (reached, active, min) = found[all];
        assert_eq!((reached, min), (active, ONE), "{all}");
    }
    // Nine tenths of the rural supplies, not of all supplies.
    let rural = city.rows.iter().filter(|row| row.kind == "rural_supply").count();
    assert!(rural > 0 && found["water-90 rural_supply"].1 == rural as u64);
    assert!(city.rows.iter().any(|row| row.kind == "water_supplier"));
}

/// A district that was not supervised this year is certain the next, whatever the lot said, and no other is.
#[test]
fn every_district_is_supervised_within_two_years() {
    for name in ["yancheng", "suzhou"] {
        let (city, year) = YEARS.iter().find(|(city, _)| city.code == name).unwrap();
        let draw = year.draws.iter().find(|draw| draw.task == code("duty")).unwrap();
        let drawn: BTreeSet<_> = draw.record.teams.visits.iter().map(|visit| visit.unit.clone()).collect();
        let due = draw.frame.units().iter().filter(|unit| unit.kind == code("district"));
        let due: BTreeSet<_> = due.map(|unit| unit.id.clone()).collect();
        assert!(due.len() == 9 && drawn.is_subset(&due) && (4..=5).contains(&drawn.len()), "{name}");
        let text = std::fs::read_to_string(examples().join(format!("rules/{name}-2026.json"))).unwrap();
        let mut programme: serde_json::Value = serde_json::from_str(&text.replace("2026", "2027")).unwrap();
        programme["calendar"]["make_up"] = serde_json::json!([]);
        let programme = double_random::programme::Programme::from_json(&programme.to_string()).unwrap();
        let pack = std::fs::read_to_string(examples().join(format!("rules/{name}.json"))).unwrap();
        let pack = Pack::from_json(&pack.replacen("\"year\": 2026", "\"year\": 2027", 1)).unwrap();
        let policy = programme.policy(&pack, &code("duty"), 1, None).unwrap();
        let frame = city.frame(&policy, &year.dossier).unwrap();
        let mut cycle = year.cycles[&code("duty")].clone();
        cycle.apply(&double_random::cycle::Event::CycleClosed {}).unwrap();
        let visited: BTreeSet<_> =
            due.iter().filter(|unit| cycle.get(unit).is_some_and(|s| s.last_visit.is_some())).collect();
        assert!(!visited.is_empty() && visited.iter().all(|unit| drawn.contains(*unit)), "{name}");
        let roster = city.roster(&policy).unwrap();
        let plan = double_random::Plan::new(frame.clone(), roster, policy, cycle.clone()).unwrap();
        for (position, unit) in frame.units().iter().enumerate().filter(|(_, unit)| due.contains(&unit.id)) {
            let certain = plan.probability(position) == Some(ONE);
            // A district with a breach to be looked at again is certain by that rule, visited or not.
            let again = plan.explain(&unit.id).unwrap().steps.iter().any(|step| {
                matches!(step, ExplanationStep::Certain { code, .. } if code.as_str() == "recheck-due")
            });
            assert_eq!(certain, again || !visited.contains(&unit.id), "{name} {}", unit.id);
        }
    }
}

/// A fined institution is certain until its re-inspection passes (杭州, 苏州), a listed one for a year (泉州).
#[test]
fn who_was_fined_or_listed_is_certain() {
    for (name, signal) in [("hangzhou", "penalty"), ("suzhou", "penalty"), ("quanzhou", "unlicensed")] {
        let (city, year) = YEARS.iter().find(|(city, _)| city.code == name).unwrap();
        let (with, certain) = certain_units(year, signal);
        assert!(with > 0 && with == certain, "{name} {signal}: {certain} of {with}");
        // Without the rule some of them would have been left to the lot.
        let rule = |certainty: &double_random::policy::Certainty| {
            matches!(&certainty.rule, double_random::policy::CertaintyRule::Signal { signal: s, .. }
                if *s == code(signal))
        };
        assert_eq!(city.pack.certainties.iter().filter(|own| rule(&own.body)).count(), 1, "{name}");
    }
}

/// Self-checks stand on the forms of medical institutions and nowhere else, and who is late with his has a
/// higher risk than without.
#[test]
fn self_checks_are_looked_at_and_count() {
    for name in ["songjiang", "suzhou", "quanzhou"] {
        let (city, year) = YEARS.iter().find(|(city, _)| city.code == name).unwrap();
        let item = city.pack.items.iter().find(|item| item.code == code("self-check")).unwrap();
        let mut looked = 0;
        for visit in &year.visits {
            let frame = &year.draws.iter().find(|draw| draw.task == visit.visit.draws[0].task).unwrap().frame;
            let there = visit.visit.form.lines.iter().any(|line| line.item == item.code);
            assert!(!there || city.pack.applies(item, frame.get(&visit.visit.unit).unwrap()), "{name}");
            looked += usize::from(there);
        }
        let draw = &year.draws[0];
        let place = |risk: &Code| draw.policy.frame.risk.iter().position(|r| r == risk).unwrap();
        let mut raised = 0;
        for unit in draw.frame.units().iter().filter(|unit| unit.signals.contains_key(&code("self_check"))) {
            let mut without = unit.signals.clone();
            without.remove(&code("self_check"));
            let before = draw.policy.rate(&unit.kind, &without).unwrap();
            raised += usize::from(place(&before.risk) < place(&unit.risk));
        }
        assert!(looked > 0 && raised > 0, "{name}: {looked} {raised}");
    }
}

/// Every clause says what carries it or why nothing does; a demand is of the cities whose clauses name it; the
/// words that packs quote of the five documents stand between quotation marks after their place.
#[test]
fn every_clause_is_carried_or_explained() {
    let mut of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for clause in CLAUSES {
        assert!(
            CITIES.contains(&clause.city) && seen.insert((clause.city, clause.words)),
            "{}",
            clause.words
        );
        match &clause.how {
            How::By(codes) => {
                assert!(!codes.is_empty(), "{}", clause.words);
                for code in *codes {
                    assert!(DEMANDS.iter().any(|demand| demand.code == *code), "{code}");
                    of.entry(code).or_default().insert(clause.city);
                }
            }
            How::Rule(words) | How::Outside(words) => {
                assert!(words.iter().all(|text| !text.is_empty()), "{}", clause.words);
            }
        }
    }
    for demand in DEMANDS.iter().filter(|demand| demand.code != "cap") {
        let cities: BTreeSet<&str> = demand.of.iter().copied().collect();
        assert_eq!(of.get(demand.code), Some(&cities), "{}", demand.code);
    }
    for city in CITIES {
        let text = std::fs::read_to_string(examples().join(format!("rules/{city}.json"))).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let own = document["documents"][0]["code"].as_str().unwrap();
        let quoted = text.matches(&format!("\"document\": \"{own}\"")).count();
        let (mut cites, mut quotations) = (vec![&document], Vec::new());
        while let Some(value) = cites.pop() {
            if value["document"] == own {
                quotations.push(value["says"].as_str().unwrap());
            }
            cites.extend(value.as_array().into_iter().flatten());
            cites.extend(value.as_object().into_iter().flat_map(|object| object.values()));
        }
        assert!(quotations.len() == quoted && quoted > 30, "{city}: {quoted}");
        for says in quotations {
            for part in says.split_inclusive('”') {
                let (place, words) = part.trim_start_matches('；').split_once('“').unwrap_or_default();
                let words = words.strip_suffix('”').unwrap_or_default();
                assert!(
                    !place.is_empty() && words.chars().count() > 3 && !words.contains('“'),
                    "{city}: {says}"
                );
            }
        }
    }
}

#[test]
fn no_enterprise_is_drawn_beyond_its_cap() {
    let mut capped = 0;
    for (city, year) in YEARS.iter() {
        assert_eq!(over_cap(city, year), Vec::<String>::new(), "{}", city.code);
        for draw in year.draws.iter().filter(|draw| demands::is_general(draw)) {
            let codes: Vec<&Code> = city.pack.caps.iter().map(|cap| &cap.code).collect();
            capped += draw
                .plan
                .exclusions()
                .iter()
                .filter(|(code, _)| codes.contains(code))
                .map(|(_, n)| n)
                .sum::<u64>();
        }
    }
    // Visits of other tasks count: units were left out because of them.
    assert!(capped > 0);
}

#[test]
fn joint_visits_have_officers_of_every_department() {
    let mut joint = 0;
    for (city, draw) in draws() {
        let task = city.programme.task(&draw.task).unwrap();
        let departments: BTreeSet<&Code> = task.departments().collect();
        for visit in &draw.record.teams.visits {
            let sending: BTreeSet<&Code> = visit.posts.iter().map(|post| &post.department).collect();
            assert_eq!(sending, departments, "{} {}", city.code, visit.unit);
            for department in &departments {
                let own = visit.posts.iter().filter(|post| post.department == **department);
                let people: u64 = own.clone().map(|post| post.officers.len() as u64 + post.vacancies).sum();
                assert!(people >= 2);
            }
            let people: Vec<_> =
                visit.posts.iter().flat_map(|post| &post.officers).map(|officer| &officer.id).collect();
            assert_eq!(people.iter().collect::<BTreeSet<_>>().len(), people.len(), "no person twice");
            if let Some(lead) = &visit.lead {
                let inspector = draw.plan.roster().inspectors().iter().find(|i| i.id == *lead).unwrap();
                assert_eq!(inspector.department, task.department, "the initiating department leads");
            }
            joint += u64::from(departments.len() > 1);
        }
    }
    assert!(joint > 200, "{joint}");
}

#[test]
fn nobody_inspects_twice_in_a_row_in_his_own_grid_or_where_he_is_recused() {
    let (mut rotated, mut gridded) = (0, 0);
    for (city, draw) in draws() {
        for visit in &draw.record.teams.visits {
            let last = draw.before.get(&visit.unit).map_or(&[][..], |standing| &standing.last_team);
            let own = draw.frame.get(&visit.unit).unwrap().grid.as_ref();
            for officer in visit.posts.iter().flat_map(|post| &post.officers) {
                let inspector = draw.plan.roster().inspectors().iter().find(|i| i.id == officer.id).unwrap();
                assert_ne!(inspector.grid.as_ref(), own, "{} {} {}", city.code, visit.unit, officer.id);
                gridded += usize::from(inspector.grid.is_some());
            }
            rotated += u64::from(!last.is_empty());
            let experts = visit.experts.iter().flat_map(|post| &post.experts).map(|expert| &expert.id);
            for person in
                visit.posts.iter().flat_map(|post| &post.officers).map(|officer| &officer.id).chain(experts)
            {
                assert!(!last.contains(person), "{} {} {person}", city.code, visit.unit);
                assert!(
                    !draw.plan.roster().recused(person, &visit.unit),
                    "{} {} {person}",
                    city.code,
                    visit.unit
                );
            }
        }
    }
    assert!(rotated > 100 && gridded > 1000, "{rotated} {gridded}");
}

#[test]
fn qualifications_that_items_ask_for_are_in_the_team() {
    let mut asked = 0;
    for (city, draw) in draws() {
        for visit in &draw.record.teams.visits {
            let unit = draw.frame.get(&visit.unit).unwrap();
            let task = city.programme.task(&draw.task).unwrap();
            let form = city.pack.form(unit, [(&task.code, task.items.as_slice())]);
            for line in form.lines.iter().filter(|line| line.mode != double_random::pack::Mode::Online) {
                let Some(needs) = &line.needs else { continue };
                asked += 1;
                let has = |id: &double_random::InspectorId| {
                    let inspector = draw.plan.roster().inspectors().iter().find(|i| i.id == *id).unwrap();
                    inspector.department == line.department && inspector.qualifications.contains(needs)
                };
                let own = visit.posts.iter().filter(|post| post.department == line.department);
                let there = own.clone().flat_map(|post| &post.officers).any(|officer| has(&officer.id));
                let vacant = own.clone().any(|post| post.post == *needs && post.vacancies > 0);
                assert!(there || vacant, "{} {} {}: {needs}", city.code, draw.task, unit.id);
            }
        }
    }
    assert!(asked > 500, "{asked}");
}

#[test]
fn third_parties_stay_out_of_enterprises() {
    let (mut elsewhere, mut at_enterprises) = (BTreeSet::new(), BTreeSet::new());
    for (city, draw) in draws() {
        for visit in &draw.record.teams.visits {
            let kind = &draw.frame.get(&visit.unit).unwrap().kind;
            let enterprise = city.pack.is_enterprise(kind);
            for expert in visit.experts.iter().flat_map(|post| &post.experts) {
                let role = draw.plan.roster().experts().iter().find(|e| e.id == expert.id).unwrap().role;
                if enterprise {
                    at_enterprises.insert(role)
                } else {
                    elsewhere.insert(role)
                };
            }
        }
    }
    assert_eq!(at_enterprises, BTreeSet::from([Role::Expert]));
    assert!(elsewhere.contains(&Role::ThirdParty), "{elsewhere:?}");
}

/// Follow-up goes through events only: what a visit found stands in the dossier, a failure that opens a
/// re-inspection makes the unit certain in the next draw that may reach it, and every visit of one task is
/// known to the cycles of the others.
#[test]
fn what_visits_find_comes_back_in_the_next_draw() {
    let (mut certain, mut outside) = (0, 0);
    for (city, year) in YEARS.iter() {
        let opening: BTreeSet<&Code> = city
            .pack
            .results
            .iter()
            .filter(|result| result.opens.is_some())
            .map(|result| &result.code)
            .collect();
        assert!(!opening.is_empty(), "{}", city.code);
        for draw in &year.draws {
            for (position, unit) in draw.frame.units().iter().enumerate() {
                let open = unit.signals.contains_key(&code("recheck"));
                if open && draw.policy.outside(unit, None).is_none() {
                    certain += 1;
                    assert_eq!(
                        draw.plan.probability(position),
                        Some(ONE),
                        "{} {} {}",
                        city.code,
                        draw.task,
                        unit.id
                    );
                }
            }
        }
        for visit in year.visits.iter().filter(|visit| visit.made) {
            for (task, cycle) in &year.cycles {
                let standing = cycle.get(&visit.visit.unit).unwrap();
                let drawn = visit.visit.draws.iter().any(|draw| draw.task == *task);
                if !drawn {
                    assert!(standing.others > 0, "{} {task} {}", city.code, visit.visit.unit);
                    outside += 1;
                }
            }
        }
        let made = year.visits.iter().filter(|visit| visit.made).count();
        assert_eq!(year.dossier.entries().len(), city.entries.len() + year.visits.len());
        assert!(made > 100, "{}: {made}", city.code);
    }
    assert!(certain > 20 && outside > 1000, "{certain} {outside}");
}

/// The ladder of a pack is climbed in the year, and who has climbed it is due more seldom than he would be
/// otherwise.
#[test]
fn ladders_move_with_what_visits_find() {
    let (mut steps, mut seldom): (BTreeMap<u64, BTreeSet<String>>, usize) = (BTreeMap::new(), 0);
    for (city, year) in YEARS.iter() {
        for ladder in &city.pack.ladders {
            let terms = city.pack.dossier_terms();
            for row in &city.rows {
                let id = double_random::UnitId::parse(&row.id).unwrap();
                let last = year.draws.last().unwrap().policy.window.to();
                let signals = year.dossier.signals(&terms, &id, &code(&row.kind), last);
                let step = signals.get(&ladder.code).copied().unwrap_or(0);
                steps.entry(step).or_default().insert(format!("{} {}", city.code, row.kind));
                if step > 0 {
                    let policy = &year.draws[0].policy;
                    let mut without = signals.clone();
                    without.remove(&ladder.code);
                    let base = |signals| policy.rate(&code(&row.kind), signals).unwrap().base;
                    assert!(base(&signals) <= base(&without));
                    seldom += usize::from(base(&signals) < base(&without));
                    assert!(ladder.kinds.is_empty() || ladder.kinds.contains(&code(&row.kind)));
                }
            }
        }
    }
    assert!(steps.contains_key(&1) && seldom > 0, "{steps:?} {seldom}");
}

/// Every visit of a year is one visit for all tasks that drew the unit in windows that meet, with exactly the
/// applicable items.
#[test]
fn merged_visits_check_everything_at_once() {
    let mut merged = 0;
    for (city, year) in YEARS.iter() {
        let picks: usize = year.draws.iter().map(|draw| draw.record.teams.visits.len()).sum();
        let entered: usize = year.visits.iter().map(|visit| visit.visit.draws.len()).sum();
        assert_eq!(picks, entered, "{}: every pick is settled once", city.code);
        for visit in &year.visits {
            let frame = &year.draws.iter().find(|draw| draw.task == visit.visit.draws[0].task).unwrap().frame;
            let unit = frame.get(&visit.visit.unit).unwrap();
            merged += usize::from(visit.visit.draws.len() > 1);
            let tasks: Vec<_> =
                visit.visit.draws.iter().map(|draw| city.programme.task(&draw.task).unwrap()).collect();
            let expected: BTreeSet<&Code> = city
                .pack
                .items
                .iter()
                .filter(|item| {
                    city.pack.applies(item, unit) && tasks.iter().any(|task| task.items.contains(&item.code))
                })
                .map(|item| &item.code)
                .collect();
            let lines: Vec<&Code> = visit.visit.form.lines.iter().map(|line| &line.item).collect();
            assert_eq!(lines.iter().copied().collect::<BTreeSet<_>>(), expected);
            assert_eq!(lines.len(), expected.len(), "each once");
            assert!(visit.visit.window.from() <= visit.date && visit.date <= visit.visit.window.to());
            let kind = |result: &Code| city.pack.result(result).unwrap().kind;
            assert_eq!(visit.made, visit.results.iter().all(|result| kind(result) != ResultKind::Unmade));
            if visit.made {
                assert!(visit.team.len() >= 2, "{} {}", city.code, unit.id);
            }
        }
    }
    assert!(merged > 100, "{merged}");
}

/// The documents of the packs say what is theirs and what is our reading.
#[test]
fn packs_say_what_is_our_reading() {
    for name in CITIES.into_iter().chain(["national-health"]) {
        let text = std::fs::read_to_string(examples().join(format!("rules/{name}.json"))).unwrap();
        let pack = Pack::from_json(&text).unwrap();
        let readings = text.matches("\"reading\"").count();
        let cites = text.matches("\"cite\"").count();
        assert!(readings > 10 && readings <= cites, "{name}: {readings} of {cites}");
        for rule in pack.rating.levels.iter().chain(&pack.rating.visits).flat_map(|stage| &stage.rules) {
            assert!(
                rule.cite.as_ref().unwrap().reading.is_some(),
                "{name}: thresholds are ours: {}",
                rule.code
            );
        }
    }
}

/// In every shipped pack: more of a signal that raises lowers no unit; and turning the rules of a stage that
/// claims any order changes nothing.
#[test]
fn in_every_pack_signals_raise_and_claimed_orders_do_not_matter() {
    let (mut raised, mut claimed) = (0, 0);
    for (city, year) in YEARS.iter() {
        let draw = &year.draws[0];
        let policy = &draw.policy;
        let rating = policy.rating.as_ref().unwrap();
        let mut turned = policy.clone().into_terms();
        for stage in turned.rating.iter_mut().flat_map(|r| r.levels.iter_mut().chain(&mut r.visits)) {
            if stage.any_order {
                stage.rules.reverse();
                claimed += usize::from(stage.rules.len() > 1);
            }
        }
        let turned = double_random::Policy::new(turned).unwrap();
        let place = |list: &[Code], code: &Code| list.iter().position(|c| c == code).unwrap();
        let rated = |policy: &double_random::Policy, kind: &Code, signals: &BTreeMap<Code, u64>| {
            let rated = policy.rate(kind, signals).unwrap();
            (place(&policy.frame.risk, &rated.risk), place(&policy.frame.credit, &rated.credit), rated.base)
        };
        let raising =
            city.pack.signals.iter().map(|signal| &signal.code).filter(|s| !rating.lowering.contains(s));
        let raising: Vec<&Code> = raising.collect();
        assert!(raising.len() >= 6, "{}", city.code);
        for unit in draw.frame.units() {
            let before = rated(policy, &unit.kind, &unit.signals);
            assert_eq!(rated(&turned, &unit.kind, &unit.signals), before);
            for signal in &raising {
                for more in [1, 2, 12, 50] {
                    let mut signals = unit.signals.clone();
                    *signals.entry((*signal).clone()).or_default() += more;
                    let after = rated(policy, &unit.kind, &signals);
                    assert!(
                        before.0 <= after.0 && before.1 <= after.1 && before.2 <= after.2,
                        "{} {} {signal}",
                        city.code,
                        unit.id
                    );
                    assert_eq!(rated(&turned, &unit.kind, &signals), after);
                    raised += usize::from(after > before);
                }
            }
        }
    }
    assert!(raised > 1000 && claimed >= 5, "{raised} {claimed}");
}
