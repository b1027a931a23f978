//! Teams by the coins, and who takes a place that falls vacant.

use super::lot::{key, seed};
use super::records::team_worlds;
use super::{Files, document};
use double_random::assign::{Away, Change};
use double_random::bytes::Digest;
use double_random::calendar::Window;
use double_random::matching::{Day, Demand, Matching, Seat, WHOLE, table};
use serde_json::{Value, json};

pub(super) fn files() -> Files {
    [("teams", "11", team_cases()), ("replacement", "11.13", replacement_cases())]
        .into_iter()
        .map(|(name, section, cases)| (format!("{name}.json"), document(section, &cases)))
        .collect()
}

/// One case of teams by number: everything that section 11.3 to 11.10 gives.
fn team_case(name: &str, matching: &Matching, seed: Digest) -> Value {
    let (mut firsts, mut pairs, mut prices) = (Vec::new(), Vec::new(), Vec::new());
    let (mut raised, mut shortages, mut teams) = (Vec::new(), Vec::new(), Vec::new());
    for component in table(matching) {
        firsts.push(component.visits[0]);
        let real = component.pairs.iter().filter(|p| (p.officer as usize) < matching.officers.len());
        pairs.extend(real.map(|p| (p.post, p.officer, p.chance)));
        prices.push(json!([component.post_prices, component.prices]));
        raised.extend(component.raised.iter().map(|r| json!({"ceiling": r.ceiling, "visits": r.visits})));
        shortages.extend(component.shortages.iter().map(|s| {
            json!({"posts": s.posts, "officers": s.officers, "limits": s.limits, "need": s.need,
                   "can_fill": s.can_fill})
        }));
        for filled in component.draw(matching, &format!("teams/d/V{:03}", component.visits[0]), &key(seed)) {
            let officers: Vec<usize> = filled.officers.iter().map(|(o, _)| *o).collect();
            teams.push((
                filled.post,
                json!({"post": filled.post, "officers": officers, "vacancies": filled.vacancies}),
            ));
        }
    }
    pairs.sort_unstable();
    teams.sort_by_key(|team| team.0);
    let posts: Vec<Value> = matching
        .posts
        .iter()
        .map(|post| {
            let mut value = json!({"visit": post.visit, "places": post.places, "list": post.list});
            if let Some(limit) = post.limit {
                value["limit"] = json!(limit);
            }
            if post.pinned {
                value["pinned"] = json!(true);
            }
            value
        })
        .collect();
    let officers: Vec<Value> = matching
        .officers
        .iter()
        .map(|seat| {
            let mut value = json!({"cap": seat.cap, "before": seat.before});
            let more = [("day_cap", seat.day_cap), ("week_cap", seat.week_cap)];
            let places = [("group", seat.group), ("office", seat.office)];
            for (field, number) in more.into_iter().chain(places.map(|(f, n)| (f, n.map(|n| n as u64)))) {
                if let Some(number) = number {
                    value[field] = json!(number);
                }
            }
            value
        })
        .collect();
    let visits: Vec<Value> = matching
        .visits
        .iter()
        .map(|day| day.map_or(Value::Null, |day| json!([day.week, day.number])))
        .collect();
    json!({
        "name": name, "ceiling": matching.ceiling, "visits": visits, "posts": posts, "officers": officers,
        "offices": matching.offices, "party": "d", "seed": seed.to_string(),
        "expected": {
            "components": firsts, "pairs": pairs, "prices": prices, "raised": raised, "shortages": shortages,
            "teams": teams.into_iter().map(|team| team.1).collect::<Vec<_>>(),
        }
    })
}

/// Teams of one post each: visits × officers by number, with bars.
fn simple(
    places: u64,
    visits: usize,
    caps: &[u64],
    ceiling: u64,
    bar: &dyn Fn(usize, usize) -> bool,
) -> Matching {
    let post = |visit: usize| {
        let list = (0..caps.len()).filter(|&o| !bar(visit, o)).map(|o| o as u32).collect();
        Demand { visit, places, list, limit: None, pinned: false }
    };
    Matching {
        visits: vec![None; visits],
        posts: (0..visits).map(post).collect(),
        officers: caps.iter().map(|&cap| Seat { cap, ..Seat::default() }).collect(),
        offices: Vec::new(),
        ceiling,
    }
}

/// Teams by number: simple ones at the edges, and random ones with all that a policy can ask for.
fn team_cases() -> Vec<Value> {
    let q = 3 * WHOLE / 4;
    let free: &dyn Fn(usize, usize) -> bool = &|_, _| false;
    let mut cases = Vec::new();
    let mut case =
        |name: &str, matching: Matching, seed: Digest| cases.push(team_case(name, &matching, seed));
    case("no_visit", simple(2, 0, &[5, 5], q, free), seed(1));
    case("one_visit_two_officers", simple(2, 1, &[5, 5], q, free), seed(1));
    case("one_visit_three_officers", simple(2, 1, &[5, 5, 5], q, free), seed(1));
    case("one_officer", simple(2, 3, &[5], q, free), seed(1));
    case("no_officer", simple(2, 2, &[], q, free), seed(1));
    case("everybody_barred", simple(2, 3, &[5, 5, 5], q, &|_, _| true), seed(1));
    case("odd_roster", simple(2, 10, &[9, 9, 9, 9, 9, 9, 9], q, free), seed(2));
    case("tight_caps", simple(2, 6, &[4, 4, 4], WHOLE, free), seed(2));
    case("two_short", simple(2, 7, &[4, 4, 4], WHOLE, free), seed(2));
    case("slack", simple(2, 5, &[3; 20], q, free), seed(3));
    let districts: &dyn Fn(usize, usize) -> bool = &|v, o| v % 4 != o % 4 && o < 16;
    case("districts_and_city", simple(2, 24, &[6; 19], q, districts), seed(4));
    let apart: &dyn Fn(usize, usize) -> bool = &|v, o| v / 6 != o / 2;
    case("two_blocks_apart", simple(2, 12, &[4; 4], q, apart), seed(5));
    let half: &dyn Fn(usize, usize) -> bool = &|v, o| (v * 7 + o * 3) % 5 < 2;
    case("mixed_caps", simple(2, 30, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 2, 2, 2], q, half), seed(6));
    case("three_places", simple(3, 20, &[9; 9], q, half), seed(7));
    case("low_ceiling", simple(2, 9, &[5; 7], WHOLE / 8, half), seed(8));
    // A cap beyond all need, on a class so large that 64 bits of fixed point would not hold its capacity.
    let mut beyond = simple(2, 30, &[3; 92], q, free);
    beyond.visits = vec![Some(Day { week: 1, number: 3 }); 30];
    for (officer, seat) in beyond.officers.iter_mut().enumerate() {
        (seat.cap, seat.day_cap) = (if officer < 32 { 3 } else { 2 }, Some(524_288));
    }
    case("day_cap_beyond_all_need", beyond, seed(9));
    for n in 0..60 {
        case(&format!("full_{n}"), testkit::matching(u64::from(n), 9, 10), seed(n));
    }
    for n in 60..66 {
        case(&format!("full_{n}"), testkit::matching(u64::from(n), 40, 30), seed(n));
    }
    cases
}

/// Officers and experts who drop out one after the other, in the records that are written beside: who takes
/// the place, and the teams in the end.
fn replacement_cases() -> Vec<Value> {
    let mut cases = Vec::new();
    let (mut longest, mut passed) = (0, 0);
    let mut kinds = std::collections::BTreeSet::new();
    for (name, sealed) in team_worlds() {
        let seed = sealed.seed(&testkit::dice(7)).unwrap();
        let sample = seed.draw();
        let drawn = sample.assign().teams().clone();
        let (plan, mut teams, mut steps) = (sealed.plan(), drawn.clone(), Vec::new());
        let window = plan.policy().window;
        for n in 0..40usize {
            let visit = &teams.visits[n * 7 % teams.visits.len()];
            let posts = visit.posts.iter().flat_map(|post| post.officers.iter().map(|o| &o.id));
            let ids: Vec<_> =
                posts.chain(visit.experts.iter().flat_map(|p| p.experts.iter().map(|e| &e.id))).collect();
            let Some(out) = ids.get(n % ids.len().max(1)) else { continue };
            // Every third time for a day, else for the whole window.
            let day = visit.day.unwrap_or(window.from());
            let dates = if n % 3 == 0 { Window::new(day, day).unwrap() } else { window };
            // Every fifth time many are ill, every eighth all, and some on that day only.
            let ill = |id: &double_random::InspectorId| {
                n % 8 == 7 || (n % 5 == 4 && id.as_str().ends_with(['0', '3', '6', '9']))
            };
            let away = |id: &double_random::InspectorId| Away {
                dates: if id.as_str().ends_with('5') { Window::new(day, day).unwrap() } else { window },
                id: id.clone(),
                // Some are recused from this unit only.
                unit: id.as_str().ends_with('3').then(|| visit.unit.clone()),
            };
            let inspectors = plan.roster().inspectors().iter().map(|i| &i.id);
            let change = Change {
                away: inspectors.filter(|id| ill(id)).map(away).collect(),
                dates,
                out: (*out).clone(),
                // Now and then a visit was made already.
                settled: teams.visits.iter().map(|v| v.unit.clone()).skip(n).step_by(9).collect(),
                unit: (n % 11 == 6).then(|| visit.unit.clone()),
            };
            let found = plan.reassign(&drawn, &teams, &change, &seed.digest()).unwrap();
            for place in &found.places {
                let kind = serde_json::to_value(place).unwrap();
                let (name, inner) = kind.as_object().unwrap().iter().next().unwrap();
                kinds.insert(name.clone());
                longest = longest.max(inner["moves"].as_array().map_or(0, Vec::len));
                passed += inner["place"]["passed"].as_u64().unwrap_or(0);
            }
            steps.push(json!({"change": change, "places": found.places}));
            teams = found.teams;
        }
        cases.push(json!({"record": name, "steps": steps, "visits": teams.visits}));
    }
    assert_eq!(kinds.len(), 3, "drawn, chain and vacant: {kinds:?}");
    assert!(longest > 1 && passed > 0, "chains of {longest}, {passed} passed over");
    cases
}
