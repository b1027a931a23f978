//! The law of a balance: chances, phases and exposure under slack, and the histories of small years.

use super::lot::{key, seed};
use super::{Files, document};
use double_random::bytes::Half;
use double_random::lot::picks;
use double_random::odds::ONE;
use double_random::odds::hazard::{self, Balance, Due};
use double_random::odds::slack::Slack;
use double_random::policy::Billionths;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(super) fn files() -> Files {
    [("slack", "10.2", slack_cases()), ("law", "14", law_cases())]
        .into_iter()
        .map(|(name, section, cases)| (format!("{name}.json"), document(section, &cases)))
        .collect()
}

/// Chances, exposures and phases under slack, with what lies between: in the band, at its ends, beyond them,
/// for every kind of final size, and for units that begin.
fn slack_cases() -> Vec<Value> {
    let mut cases = Vec::new();
    let phase = |slack: u64, visits: i64| json!({"slack": text(slack), "visits": visits});
    for slack in [0, 1, ONE, 2_500_000_000, 5 * ONE] {
        let one = i64::try_from(ONE).unwrap();
        let edge = one + i64::try_from(slack).unwrap();
        for owed in [1 - edge, -edge / 2, 0, one / 3, edge - 1, edge, -edge] {
            for (had, phase_visits) in [(slack, -2), (slack + 1, 4)] {
                let begins = had != slack;
                let visits: u64 = 8;
                let counted = 8 + if begins { 0 } else { phase_visits };
                let exposure = u64::try_from(counted * one + owed).unwrap();
                for (frequency, size) in [
                    (ONE, None),
                    (2 * ONE, Some(ONE / 10)),
                    (ONE / 2, Some(9 * ONE / 10)),
                    (ONE, Some(ONE)),
                    (ONE, Some(0)),
                ] {
                    let due = hazard::due(frequency, ONE / 4).unwrap();
                    let balance = Balance {
                        exposure,
                        credited: visits,
                        phase: (!begins).then_some(phase_visits),
                        slack,
                    };
                    let unit = Due::new(due, balance, 0);
                    let size = size.unwrap_or(unit.reachable);
                    let (scheduled, add) = unit.settle(size);
                    let pseudonym = Half::new(u128::from(visits + size).to_be_bytes());
                    let mut case = json!({
                        "name": format!("case_{}", cases.len()), "slack": slack.to_string(),
                        "phase": phase(had, phase_visits), "exposure": exposure.to_string(), "visits": visits,
                        "frequency": frequency.to_string(), "share": (ONE / 4).to_string(),
                        "size": size.to_string(), "seed": seed(7).to_string(),
                        "pseudonym": pseudonym.to_string(),
                        "begins": begins, "balance": balance.owed().to_string(), "base": unit.base.to_string(),
                        "scheduled": scheduled.to_string(), "add": add.to_string(),
                    });
                    for (name, credited) in [("credited", true), ("other", false)] {
                        let Some(weights) = unit.phases(scheduled, credited) else { continue };
                        let rows: Vec<_> =
                            weights.iter().map(|(o, weight)| json!([o, weight.to_string()])).collect();
                        case[name] = json!({"weights": rows});
                        if weights.iter().any(|(_, weight)| *weight > 0) {
                            case[name]["phase"] = json!(picks::phase(&key(seed(7)), &pseudonym, &weights));
                        }
                    }
                    if !begins && owed.abs() < edge {
                        let (law, one, owed) = (Slack::new(slack), i128::from(ONE), balance.owed());
                        let (all, due) = (law.mass(one - owed), i128::from(due));
                        case["mass"] = json!((all - law.mass(-owed)).to_string());
                        case["visit"] = json!((all - law.mass(one - owed - due)).to_string());
                    }
                    cases.push(case);
                }
            }
        }
    }
    cases
}

fn text(billionths: u64) -> String {
    Billionths::new(billionths).unwrap().to_string()
}

/// For rounds of a unit from its first on: the exposure, and every (visits, phase) that a history can have.
/// The reference sums over the histories in fractions: the chance of every round is what is due, the states
/// are in the law, and rounding down costs at most one billionth a round.
fn law_cases() -> Vec<Value> {
    let years: [&[u64]; 4] =
        [&[ONE / 4; 8], &[ONE / 2; 6], &[ONE / 6; 6], &[ONE, 0, ONE / 3, 999_999_999, 1, ONE / 7]];
    let mut cases = Vec::new();
    for slack in [0, 1, ONE / 2, ONE, 1_234_567_891, 2_500_000_000, 5 * ONE] {
        for rounds in years {
            let mut states = BTreeSet::from([(0, (slack == 0).then_some(0))]);
            let mut exposure = 0;
            let mut shown = Vec::new();
            for &due in rounds {
                let mut next = BTreeSet::new();
                for (credited, phase) in states {
                    let balance = Balance { exposure, credited, phase, slack };
                    let unit = Due::new(due, balance, 0);
                    let (scheduled, _) = unit.settle(unit.base);
                    for visit in [false, true] {
                        let after = credited + u64::from(visit);
                        match unit.phases(scheduled, visit) {
                            None if unit.base == if visit { 0 } else { ONE } => {}
                            None => drop(next.insert((after, phase))),
                            Some(weights) => {
                                let rows = weights.into_iter().filter(|(_, weight)| *weight > 0);
                                next.extend(rows.map(|(phase, _)| (after, Some(phase))));
                            }
                        }
                    }
                }
                states = next;
                exposure += due;
                shown.push(json!([exposure.to_string(), states]));
            }
            let rounds: Vec<_> = rounds.iter().map(u64::to_string).collect();
            cases.push(json!({"name": format!("case_{}", cases.len()), "slack": slack.to_string(),
                              "rounds": rounds, "states": shown}));
        }
    }
    cases
}
