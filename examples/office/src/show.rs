//! Texts of the office beyond those that the examples have too: how far the year has come, and why somebody
//! may go.

use double_random::Policy;
use double_random::assign::Why;
use double_random::cycle::{CoverageLevel, CoverageNode, CoverageReport};
use double_random_support::screen::{Lang, barred, columns};
use std::fmt::Write as _;

/// Why somebody could or could not hold a post.
pub fn why(why: Why, lang: Lang) -> String {
    match why {
        Why::Chance(units) => {
            format!("{} {}.{:03}", lang.say("chance", "机会"), units >> 20, ((units & 0xf_ffff) * 1000) >> 20)
        }
        Why::Idle => {
            lang.say("may go; others with smaller loads fill it", "可派；由负荷更小者承担").to_owned()
        }
        Why::Full => lang.say("may go; cap 0", "可派；任务上限为 0").to_owned(),
        Why::Unlisted => lang.say("may go; not on the random shortlist", "可派；未入随机候选名单").to_owned(),
        Why::Pinned => lang.say("pinned to another post here", "已指定本家其他岗位").to_owned(),
        Why::Barred(bar) => format!("{}: {}", lang.say("barred", "不可派"), barred(bar, lang)),
        _ => "?".to_owned(),
    }
}

/// Coverage, completion and closure, node by node, each with numerator and denominator.
pub fn coverage(report: &CoverageReport, policy: &Policy, lang: Lang) -> String {
    let head: &[&str] = match lang {
        Lang::En => &["", "active", "coverage", "must reach", "drawn", "completed", "closed", "settled"],
        Lang::Zh => &["", "在册", "覆盖率", "应达", "抽取", "完成率", "关闭率", "完结率"],
    };
    let mut rows: Vec<Vec<String>> = vec![head.iter().map(ToString::to_string).collect()];
    let guards = &policy.coverage().guards;
    let guarded =
        |node: &&CoverageNode| matches!(node.level, CoverageLevel::Stratum(level) if guards.contains(&level));
    for node in report.nodes.iter().filter(guarded) {
        let name = place(&node.node, policy, lang);
        let quota = node.bounds.unwrap_or_default().quota;
        let (active, drawn) = (node.active.to_string(), node.drawn.to_string());
        let shares = [node.completion(), node.closure(), node.settled()].map(|share| share.to_string());
        rows.push(
            [vec![name, active, node.coverage().to_string(), quota.to_string(), drawn], shares.to_vec()]
                .concat(),
        );
    }
    let title = lang.say("Coverage on the frame of", "名录日期");
    let others = || report.nodes.iter().filter(|node| node.bounds.is_some() && !guarded(node));
    let within = |node: &&CoverageNode| {
        node.bounds.is_some_and(|bounds| (bounds.quota..=bounds.limit).contains(&node.visited))
    };
    let (kept, all) = (others().filter(within).count(), others().count());
    let mut out = format!("{title} {}\n{}", report.as_of, columns(&rows));
    if all > 0 {
        let _ = writeln!(
            out,
            "{} {kept}/{all}",
            lang.say("bounds of single levels that are kept:", "各级比例规定，已符合：")
        );
    }
    out
}

/// A node of the stratum tree, as the policy calls its components.
pub fn place(node: &str, policy: &Policy, lang: Lang) -> String {
    let called = |code| double_random::id::Code::parse(code).map(|code| policy.label(&code).to_owned());
    match node.split('/').map(called).collect::<Result<Vec<_>, _>>() {
        Ok(names) => names.join(" "),
        Err(_) => lang.say("all", "合计").to_owned(),
    }
}

/// What the areas are short of their floors, and whether another draw has to bring it.
pub fn deficits(report: &CoverageReport, policy: &Policy, lang: Lang) -> String {
    let mut out = String::new();
    for node in report.deficits() {
        let place = place(&node.node, policy, lang);
        let (missing, awaited) = (node.deficit(), node.awaited.min(node.deficit()));
        let _ = match lang {
            Lang::En => {
                writeln!(out, "{place}: {missing} to go, {awaited} of them drawn and still to be visited")
            }
            Lang::Zh => writeln!(out, "{place}：尚差 {missing} 家，其中 {awaited} 家已抽中待查"),
        };
    }
    if report.make_up(policy).is_some() {
        let needed = "a make-up draw is needed (its policy has round share 0 and rest 0)";
        let _ = writeln!(out, "{}", lang.say(needed, "须补抽（方案中 round 的 share、rest 均为 0）"));
    }
    out
}
