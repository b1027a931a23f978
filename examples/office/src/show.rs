//! Texts of the office beyond those that the examples have too: how far the year has come, and why an
//! inspector is eligible.

use crate::{catalogue, told};
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
            let chance = format!("{}.{:03}", units >> 20, ((units & 0xf_ffff) * 1000) >> 20);
            told!(lang, "office.why.chance", chance)
        }
        Why::Idle => catalogue::word("office.why.idle", lang).to_owned(),
        Why::Full => catalogue::word("office.why.full", lang).to_owned(),
        Why::Unlisted => catalogue::word("office.why.unlisted", lang).to_owned(),
        Why::Pinned => catalogue::word("office.why.pinned", lang).to_owned(),
        Why::Barred(bar) => told!(lang, "office.why.barred", bar = barred(bar, lang)),
        _ => "?".to_owned(),
    }
}

/// Why an institution was replaced, or could not be visited.
#[must_use]
pub fn gone(reason: Gone, lang: Lang) -> &'static str {
    match reason {
        Gone::Closed => catalogue::word("office.gone.closed", lang),
        Gone::Merged => catalogue::word("office.gone.merged", lang),
        Gone::Moved => catalogue::word("office.gone.moved", lang),
        Gone::Unreachable => catalogue::word("office.gone.unreachable", lang),
    }
}

/// What notices say of a visit that could not be made; in Chinese the standard phrase.
#[must_use]
pub fn phrase(reason: Gone, lang: Lang) -> &'static str {
    match reason {
        Gone::Closed => catalogue::word("office.notice.gone_closed", lang),
        Gone::Merged => catalogue::word("office.notice.gone_merged", lang),
        Gone::Moved => catalogue::word("office.notice.gone_moved", lang),
        Gone::Unreachable => catalogue::word("office.notice.gone_unreachable", lang),
    }
}

/// What a table of results says of a visit that could not be made.
#[must_use]
pub fn not_visited(reason: Gone, lang: Lang) -> String {
    told!(lang, "office.visit.not_made", why = gone(reason, lang))
}

/// What a table says beside an institution that came in the place of another.
#[must_use]
pub fn came_for(other: &UnitId, reason: Gone, lang: Lang) -> String {
    told!(lang, "office.visit.came_for", other, why = gone(reason, lang))
}

/// What a table says beside an institution that was replaced.
#[must_use]
pub fn replaced_by(other: &impl std::fmt::Display, reason: Gone, lang: Lang) -> String {
    told!(lang, "office.visit.replaced_by", other, why = gone(reason, lang))
}

/// The kind of a ledger's entry, by its name in the ledger.
#[must_use]
pub fn entry(kind: &str, lang: Lang) -> String {
    catalogue::name("kind", kind, lang)
}

/// A register, by the name of its table.
#[must_use]
pub fn register(table: &str, lang: Lang) -> String {
    catalogue::name("register", table, lang)
}

/// Coverage, completion and closure, node by node, each with numerator and denominator.
pub fn coverage(report: &CoverageReport, policy: &Policy, lang: Lang) -> String {
    let head = [
        "office.coverage.active",
        "office.coverage.share",
        "office.coverage.quota",
        "office.coverage.drawn",
        "office.coverage.completion",
        "office.coverage.closure",
        "office.coverage.settled",
    ];
    let head = head.map(|code| catalogue::word(code, lang).to_owned());
    let mut rows: Vec<Vec<String>> = vec![std::iter::once(String::new()).chain(head).collect()];
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
    let title = told!(lang, "office.coverage.frame", day = report.as_of);
    let others = || report.nodes.iter().filter(|node| node.bounds.is_some() && !guarded(node));
    let within = |node: &&CoverageNode| {
        node.bounds.is_some_and(|bounds| (bounds.quota..=bounds.limit).contains(&node.visited))
    };
    let (kept, all) = (others().filter(within).count(), others().count());
    let mut out = format!("{title}\n{}", columns(&rows));
    if all > 0 {
        let _ = writeln!(out, "{}", told!(lang, "office.coverage.kept", all, kept));
    }
    out
}

/// What the areas are short of their floors, and whether another draw has to bring it.
pub fn deficits(report: &CoverageReport, policy: &Policy, lang: Lang) -> String {
    let mut out = String::new();
    for node in report.deficits() {
        let place = stratum(StratumNode::new(&node.node), policy, lang);
        let (missing, awaited) = (node.deficit(), node.awaited.min(node.deficit()));
        let _ = writeln!(out, "{}", told!(lang, "office.coverage.deficit", awaited, missing, place));
    }
    if report.make_up(policy).is_some() {
        let _ = writeln!(out, "{}", catalogue::word("office.coverage.make_up", lang));
    }
    out
}
