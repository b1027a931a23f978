//! Texts of the office beyond those that the examples have too: how far the year has come, and why an
//! inspector is eligible.

use double_random::assign::Why;
use double_random::cycle::{CoverageLevel, CoverageNode, CoverageReport};
use double_random::ledger::Gone;
use double_random::stratum::StratumNode;
use double_random::{Policy, UnitId};
use double_random_support::screen::{Lang, barred, columns, stratum};
use std::fmt::Write as _;

/// Why an inspector could or could not hold a post.
pub fn why(why: Why, lang: Lang) -> String {
    match why {
        Why::Chance(units) => {
            format!(
                "{} {}.{:03}",
                lang.say("chance", "选派概率"),
                units >> 20,
                ((units & 0xf_ffff) * 1000) >> 20
            )
        }
        Why::Idle => lang
            .say("eligible; inspectors with smaller loads fill the post", "可选派，但由任务较少的人员承担")
            .to_owned(),
        Why::Full => lang.say("eligible; the cap is 0", "可选派，但任务上限为 0").to_owned(),
        Why::Unlisted => {
            lang.say("eligible; not on the random shortlist", "可选派，但未列入随机候选名单").to_owned()
        }
        Why::Pinned => lang.say("pinned to another post here", "已指定到该检查对象的其他岗位").to_owned(),
        Why::Barred(bar) => format!("{}: {}", lang.say("barred", "不得选派"), barred(bar, lang)),
        _ => "?".to_owned(),
    }
}

/// Why an institution was replaced, or could not be visited.
#[must_use]
pub const fn gone(reason: Gone, lang: Lang) -> &'static str {
    match reason {
        Gone::Closed => lang.say("closed", "注销或停业"),
        Gone::Merged => lang.say("merged", "已合并"),
        Gone::Moved => lang.say("moved away", "已迁出"),
        Gone::Unreachable => lang.say("not to be found", "无法联系"),
    }
}

/// The standard phrase of notices for an institution that was gone.
#[must_use]
pub const fn phrase(reason: Gone) -> &'static str {
    match reason {
        Gone::Closed => "已关闭停业或注销",
        Gone::Merged => "已合并",
        Gone::Moved => "已迁出",
        Gone::Unreachable => "通过登记的住所（经营场所）无法联系",
    }
}

/// What a table of results says of a visit that could not be made.
#[must_use]
pub fn not_visited(reason: Gone, lang: Lang) -> String {
    match lang {
        Lang::En => format!("not visited ({})", gone(reason, lang)),
        Lang::Zh => format!("未能检查（{}）", gone(reason, lang)),
    }
}

/// What a table says beside an institution that came in the place of another.
#[must_use]
pub fn came_for(other: &UnitId, reason: Gone, lang: Lang) -> String {
    match lang {
        Lang::En => format!("in place of {other} ({})", gone(reason, lang)),
        Lang::Zh => format!("替换 {other}（{}）", gone(reason, lang)),
    }
}

/// What a table says beside an institution that was replaced.
#[must_use]
pub fn replaced_by(other: &impl std::fmt::Display, reason: Gone, lang: Lang) -> String {
    match lang {
        Lang::En => format!("replaced by {other} ({})", gone(reason, lang)),
        Lang::Zh => format!("已替换为 {other}（{}）", gone(reason, lang)),
    }
}

/// The kind of a ledger's entry, by its name in the ledger.
#[must_use]
pub fn entry(kind: &str, lang: Lang) -> &str {
    let zh = match kind {
        "opened" => "建立台账",
        "registered" => "年度抽查计划备案",
        "imported" => "名录变更",
        "received" => "接收下级台账",
        "policy" => "审批抽取方案",
        "sealed" => "封存",
        "beacon" => "录入随机数",
        "silent" => "随机源未按时公布",
        "drawn" => "抽取检查对象",
        "assigned" => "选派检查人员",
        "disclosed" => "公开保密随机数",
        "published" => "公布",
        "visited" => "检查结果",
        "missed" => "未能检查",
        "replaced" => "替换检查对象",
        "dropped_out" => "检查人员不能到岗",
        "reassigned" => "替换检查人员",
        "inspected" => "随机抽查之外的检查",
        "void" => "作废",
        "closed" => "封闭条目",
        "cycle_closed" => "年度周期结束",
        "amended" => "更正",
        "clock" => "时钟更正",
        other => other,
    };
    lang.say(kind, zh)
}

/// A register, by the name of its table.
#[must_use]
pub fn register(table: &str, lang: Lang) -> &str {
    let zh = match table {
        "units" => "检查对象名录",
        "officers" => "执法检查人员名录",
        "experts" => "专家名录",
        "recusals" => "回避名单",
        other => other,
    };
    lang.say(table, zh)
}

/// Coverage, completion and closure, node by node, each with numerator and denominator.
pub fn coverage(report: &CoverageReport, policy: &Policy, lang: Lang) -> String {
    let head: &[&str] = match lang {
        Lang::En => &["", "active", "coverage", "must reach", "drawn", "completed", "closed", "settled"],
        Lang::Zh => &["", "在册", "覆盖率", "应查下限", "抽取", "完成率", "关闭率", "完结率"],
    };
    let mut rows: Vec<Vec<String>> = vec![head.iter().map(ToString::to_string).collect()];
    let guards = &policy.coverage().guards;
    let guarded =
        |node: &&CoverageNode| matches!(node.level, CoverageLevel::Stratum(level) if guards.contains(&level));
    for node in report.nodes.iter().filter(guarded) {
        let name = stratum(StratumNode::new(&node.node), policy, lang);
        let quota = node.bounds.unwrap_or_default().quota;
        let (active, drawn) = (node.active.to_string(), node.drawn.to_string());
        let shares = [node.completion(), node.closure(), node.settled()].map(|share| share.to_string());
        rows.push(
            [vec![name, active, node.coverage().to_string(), quota.to_string(), drawn], shares.to_vec()]
                .concat(),
        );
    }
    let title = lang.say("Coverage on the frame of", "名录基准日");
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
            lang.say("bounds of single levels that are kept:", "各等级抽查比例规定，已符合：")
        );
    }
    out
}

/// What the areas are short of their floors, and whether another draw has to bring it.
pub fn deficits(report: &CoverageReport, policy: &Policy, lang: Lang) -> String {
    let mut out = String::new();
    for node in report.deficits() {
        let place = stratum(StratumNode::new(&node.node), policy, lang);
        let (missing, awaited) = (node.deficit(), node.awaited.min(node.deficit()));
        let _ = match lang {
            Lang::En => {
                writeln!(out, "{place}: {missing} to go, {awaited} of them drawn and still to be visited")
            }
            Lang::Zh => writeln!(out, "{place}：尚缺 {missing} 家，其中 {awaited} 家已抽中待查"),
        };
    }
    if report.make_up(policy).is_some() {
        let needed = "a make-up draw is needed (its policy has round share 0 and rest 0)";
        let _ = writeln!(out, "{}", lang.say(needed, "须组织补抽（抽取方案中 round 的 share、rest 均为 0）"));
    }
    out
}
