//! How foreseeable a draw is, as people read it before they adopt its policy: for each level who is certain,
//! who is safe and how well an outsider can guess, and what helps where a level is a timetable.

use crate::screen::Lang;
use crate::{catalogue, told};
use double_random::Plan;
use double_random::odds::ONE;
use double_random::plan::Foresight;
use double_random::policy::{Billionths, Design};
use std::fmt::Write as _;

/// A level is warned of where more than this part of its visits is certain by schedule or floor, billionths.
pub const WARNED: u64 = ONE / 10;
/// The control share that is proposed, billionths.
const PROPOSED: u64 = ONE / 20;
/// The slack that is proposed, billionths of a visit.
pub const SLACK: u64 = Billionths::USUAL_SLACK.get();

/// A number of billionths with so many digits after the point, rounded half up.
#[must_use]
pub fn fixed(billionths: u128, digits: u32) -> String {
    let unit = u128::from(ONE) / 10_u128.pow(digits);
    let parts = (billionths + unit / 2) / unit;
    let whole = 10_u128.pow(digits);
    let width = usize::try_from(digits).unwrap_or(0);
    match digits {
        0 => parts.to_string(),
        _ => format!("{}.{:0width$}", parts / whole, parts % whole),
    }
}

/// One line for each level. A ratio of 1 means that the history tells nothing.
#[must_use]
pub fn levels(plan: &Plan, lang: Lang) -> String {
    let heading = catalogue::word("screen.foresight.heading", lang);
    let mut out = format!("{heading}\n");
    for ((risk, credit), found) in plan.foresight_by_level() {
        let (risk, credit) = (plan.policy().label(risk), plan.policy().label(credit));
        let Foresight { units, certain_by_rule, certain_by_schedule, safe, exempt, expected, guess, .. } =
            found;
        let (expected, guess) = (fixed(expected, 1), fixed(u128::from(guess), 3));
        let ratio = fixed(u128::from(found.ratio().unwrap_or(ONE)), 2);
        let _ = writeln!(
            out,
            "  {}",
            told!(
                lang,
                "screen.foresight.can_be_drawn_visits",
                risk,
                credit,
                units,
                expected,
                certain_by_schedule,
                certain_by_rule,
                safe,
                exempt,
                guess,
                ratio
            )
        );
    }
    out
}

/// For each level that is a timetable, one line that says so; then what helps, with its cost.
#[must_use]
pub fn warnings(plan: &Plan, lang: Lang) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for ((risk, credit), found) in plan.foresight_by_level() {
        let part = found.certain_part();
        if part > WARNED {
            let percent = fixed(u128::from(part) * 100, 0);
            let (risk, credit) = (plan.policy().label(risk), plan.policy().label(credit));
            said.push(told!(lang, "screen.foresight.visits_this_round_certain", risk, credit, percent));
        }
    }
    if !said.is_empty() && plan.policy().design == (Design::Frequency {}) {
        said.push(catalogue::word("screen.foresight.rounds", lang).to_owned());
        said.extend(slack(plan, lang));
        said.extend(control(plan, lang));
    }
    said
}

/// What slack would do for each level that is warned of and has less of it than is proposed.
fn slack(plan: &Plan, lang: Lang) -> Vec<String> {
    let policy = plan.policy();
    let levels = plan.foresight_by_level().into_iter();
    let warned = levels.filter(|((risk, credit), found)| {
        let slack = policy.frequency_of(risk, credit).map_or(SLACK, |entry| entry.slack.get());
        found.certain_part() > WARNED && slack < SLACK
    });
    let said = warned.map(|((risk, credit), found)| {
        // The guess in the law of the slack, over the mean probability d: 1 + (1 − d)² / 4V, where the variance V
        // of the balance is 1/12 + S²/6 (Spec 14, theorem 10).
        let (one, left) = (u128::from(ONE), u128::from(ONE.saturating_sub(found.least_guess())));
        let variance = one / 12 + u128::from(SLACK) * u128::from(SLACK) / one / 6;
        let ratio = fixed(one + left * left / (4 * variance), 2);
        let slack = fixed(u128::from(SLACK), 1);
        let (risk, credit) = (policy.label(risk), policy.label(credit));
        told!(lang, "screen.foresight.slack", slack, risk, credit, ratio)
    });
    said.collect()
}

/// What a control share would cost and reach in this round; none where nobody is safe, where the policy has
/// one, or in a make-up draw.
fn control(plan: &Plan, lang: Lang) -> Option<String> {
    let policy = plan.policy();
    if policy.surprise.is_some_and(|share| share > Billionths::ZERO) || policy.round().rest.get() == 0 {
        return None;
    }
    let Foresight { units, safe, expected, .. } = plan.foresight();
    if safe == 0 {
        return None;
    }
    let left = (u128::from(units) * u128::from(ONE)).saturating_sub(expected);
    let cost = fixed(left * u128::from(PROPOSED) / u128::from(ONE), 1);
    let share = Billionths::new(PROPOSED).ok()?;
    Some(told!(lang, "screen.foresight.control", share, safe, cost))
}
