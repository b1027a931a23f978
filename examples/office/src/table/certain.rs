//! What a table leaves out and only one thing can be: the one division of the rules, their one department, all of their
//! divisions, a level whose name is written short, an absence in a remark.

use super::cells::{narrow, unseen};
use super::days::{DateOrder, day, ends};
use double_random::calendar::Date;
use double_random::policy::Policy;

/// The one division of the rules.
pub(super) fn only_division(policy: &Policy) -> Option<String> {
    let mut all = all_divisions(policy).into_iter();
    all.next().filter(|_| all.next().is_none())
}

/// All divisions of the rules.
pub(super) fn all_divisions(policy: &Policy) -> Vec<String> {
    policy.frame.divisions.codes().map(ToString::to_string).collect()
}

/// The one department of the rules.
pub(super) fn only_department(policy: &Policy) -> Option<String> {
    match policy.roster.departments.as_slice() {
        [one] => Some(one.to_string()),
        _ => None,
    }
}

/// Whether a word is the name of a township or of a part of one. A code is none: a wrong code is no place within the
/// right one.
pub(super) fn is_town(word: &str) -> bool {
    let ends = ["镇", "乡", "街道", "街道办事处", "办事处", "社区", "村", "苏木"];
    !word.chars().any(|c| c.is_ascii_digit()) && ends.iter().any(|end| word.ends_with(end) && word != *end)
}

/// Whether a word means the whole of the authority's area.
pub(super) fn is_whole(word: &str) -> bool {
    ["全县", "全市", "全区", "全旗", "全辖区", "全域", "辖区", "全部", "全部乡镇", "不限"].contains(&word)
}

/// The name of a level without words that tell no level: D of D级, 高 of 高风险等级.
pub(super) fn short(level: &str) -> String {
    let level = narrow(level).to_lowercase();
    let mut rest = level.as_str();
    for end in ["等级", "级", "类", "风险", "信用"] {
        rest = rest.strip_suffix(end).filter(|rest| !rest.is_empty()).unwrap_or(rest);
    }
    rest.to_owned()
}

/// An absence that a remark says, and nothing else: `产假：2026-03-01至2026-08-31`. One day may be the first of many.
pub(super) fn absence(remark: &str, order: Option<DateOrder>) -> Option<(String, String)> {
    let remark = narrow(remark);
    let words = [
        "产假",
        "病假",
        "事假",
        "年假",
        "年休假",
        "婚假",
        "丧假",
        "陪产假",
        "休假",
        "请假",
        "脱产学习",
        "借调",
        "外派",
        "停职",
    ];
    let word = words.iter().filter(|word| remark.starts_with(*word)).max_by_key(|word| word.len())?;
    let rest =
        remark.strip_prefix(word)?.trim_matches(|c: char| unseen(c) || matches!(c, ':' | '(' | ')' | ','));
    let (from, to) = ends(rest);
    let divided = from != rest;
    let (from, to) = (day(&from, order).text, day(&to, order).text);
    (divided && Date::parse(&from).is_ok() && Date::parse(&to).is_ok()).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_certain() {
        assert!(
            is_town("螺城镇")
                && is_town("城关街道办事处")
                && !is_town("镇")
                && !is_town("350522")
                && !is_town("惠安县")
        );
        assert_eq!(
            ["D级", "d", "高风险", "高", "低风险等级", "级"].map(short),
            ["d", "d", "高", "高", "低", "级"]
        );
        let leave = Some(("2026-03-01".to_owned(), "2026-08-31".to_owned()));
        assert_eq!(absence("产假：2026-03-01至2026-08-31", None), leave);
        assert_eq!(absence("产假（2026.3.1-2026.8.31）", None), leave);
        let day = Some(("2026-03-02".to_owned(), "2026-03-02".to_owned()));
        assert_eq!(absence("事假：2026-03-02至2026-03-02", None), day);
        for other in
            ["配偶为螺城镇卫生院职工", "产假", "产假：2026-03-01", "产假结束，2026-03-01返岗", "执法证换发中"]
        {
            assert_eq!(absence(other, None), None, "{other}");
        }
    }
}
