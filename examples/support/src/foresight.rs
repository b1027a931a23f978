//! How foreseeable a draw is, as people read it before they adopt its policy: for each level who is certain,
//! who is safe and how well an outsider can guess, and what helps where a level is a timetable.

use crate::screen::Lang;
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
    let heading = lang.say(
        "What an outsider with policy and history can foresee, by risk and credit:",
        "外人依据抽取方案与历次结果可预见的程度（按风险、信用等级）：",
    );
    let mut out = format!("{heading}\n");
    for ((risk, credit), found) in plan.foresight_by_level() {
        let (risk, credit) = (plan.policy().label(risk), plan.policy().label(credit));
        let Foresight { units, certain_by_rule, certain_by_schedule, safe, exempt, expected, guess, .. } =
            found;
        let (expected, guess) = (fixed(expected, 1), fixed(u128::from(guess), 3));
        let ratio = fixed(u128::from(found.ratio().unwrap_or(ONE)), 2);
        let _ = match lang {
            Lang::En => writeln!(
                out,
                "  {risk} {credit}: {units} can be drawn, {expected} visits expected; certain \
                 {certain_by_schedule} by schedule or floor, {certain_by_rule} by rule; safe {safe}, exempt \
                 {exempt}; guess {guess}, {ratio} times the least possible"
            ),
            Lang::Zh => writeln!(
                out,
                "  {risk} {credit}：可抽 {units} 家，预计检查 {expected} 家次；按排期或下限必查 \
                 {certain_by_schedule} 家，按规则必查 {certain_by_rule} 家；本轮不会被查 {safe} 家，豁免 {exempt} \
                 家；猜中概率 {guess}，为最低可能值的 {ratio} 倍"
            ),
        };
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
            said.push(match lang {
                Lang::En => format!(
                    "{risk} {credit}: {percent} % of the visits of this round are certain by schedule or \
                     floor, and can be named before the draw"
                ),
                Lang::Zh => {
                    format!("{risk} {credit}：本轮 {percent}% 的检查按排期或下限必然发生，抽取前即可预知")
                }
            });
        }
    }
    if !said.is_empty() && plan.policy().design == (Design::Frequency {}) {
        said.push(
            lang.say(
                "what helps: twice as many rounds make about half as many of a year's visits certain, at the \
                 cost of as many draws again; floors of small areas can make it cost visits, too: office check \
                 and office study --rounds measure that",
                "可行办法：轮次加倍，全年必然发生的检查约减半；代价是抽取次数加倍，小区域的下限还可能增加检查家次，\
                 可用 office check、office study --rounds 试算",
            )
            .to_owned(),
        );
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
        match lang {
            Lang::En => format!(
                "what helps: slack {slack} in the frequency of {risk} {credit} makes the guess about {ratio} \
                 times the least possible; the visits of a year stay the same in the mean, and vary by one or \
                 two for each unit"
            ),
            Lang::Zh => format!(
                "可行办法：将{risk} {credit}的频次设浮动幅度（slack）{slack}，猜中概率降至最低可能值的约 {ratio} \
                 倍；年检查家次均值不变，单家年检查次数上下浮动一至二次"
            ),
        }
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
    Some(match lang {
        Lang::En => format!(
            "what helps: a control share of {share} puts the {safe} safe ones within reach, at the cost of \
             about {cost} visits more in this round; who is certain stays certain"
        ),
        Lang::Zh => format!(
            "可行办法：设机动抽查比例 {share}，使 {safe} 家本轮不会被查的对象也可能被抽中；代价是本轮约增加 \
             {cost} 家次，必查的仍然必查"
        ),
    })
}
