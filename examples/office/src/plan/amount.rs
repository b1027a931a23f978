//! Amounts: shares, times a year, numbers of institutions.

use super::numbers;

/// What a number without a unit means, which its column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {
    /// A share of all: 0.05, or 5 for 5 %.
    Share,
    /// Times a year.
    Times,
    /// Institutions.
    Count,
}

/// The amounts of a cell; of a range the lowest and the highest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Amount {
    /// Shares in billionths, each with the level or group that stands before it.
    pub shares: Vec<(String, u64, u64)>,
    /// Times a year, in hundredths.
    pub times: Option<(u64, u64)>,
    /// Institutions.
    pub count: Option<(u64, u64)>,
    /// It says at least or more than (不低于, ≥, 以上).
    pub at_least: bool,
    /// A number had no unit, and was taken for what its column is about.
    pub plain: bool,
}

/// One percent in billionths.
const PERCENT: u64 = 10_000_000;

const RANGE: [&str; 7] = ["-", "~", "至", "到", "—", "–", "～"];
const COUNTED: [&str; 9] = ["户", "家", "个", "所", "件", "人", "台", "辆", "处"];

/// Billionths of `whole.part` times `one`, for as many digits as there are in it.
fn scaled(whole: u64, part: &str, one: u64) -> u64 {
    let mut value = whole.saturating_mul(one);
    let mut one = one;
    for digit in part.bytes() {
        one /= 10;
        value = value.saturating_add(u64::from(digit - b'0').saturating_mul(one));
    }
    value
}

/// Reads the amounts of a cell. A number without a unit is what the column is about.
#[must_use]
pub fn amount(text: &str, plain: Plain) -> Amount {
    let mut found = Amount::default();
    let said = |words: &[&str]| words.iter().any(|word| text.contains(word));
    found.at_least = said(&["不低于", "不少于", "至少", "≥", ">=", "以上"]);
    if said(&["全覆盖", "全部检查", "逐户", "逐家"]) && !text.contains('%') {
        found.shares.push((String::new(), 100 * PERCENT, 100 * PERCENT));
    }
    let all = numbers(text, true);
    let mut low: Option<(u64, &str)> = None;
    let (mut period, mut every) = (1, None);
    for (place, number) in all.iter().enumerate() {
        let after = number.after.trim_start();
        let begins = |words: &[&str]| words.iter().any(|word| after.starts_with(word));
        // The next number is the upper end of a range: 10-20%, 60至70家.
        let bridge = all.get(place + 1).map_or("", |next| next.before.trim());
        let bridge = bridge.strip_prefix('%').unwrap_or(bridge).trim();
        let ranged = RANGE.contains(&bridge) || bridge == "——";
        if ranged && low.is_none() && number.digits < 4 {
            low = Some((number.whole, number.part));
            continue;
        }
        let (first, tail) = low.take().unwrap_or((number.whole, number.part));
        if begins(&["%"]) {
            let label = label(number.before);
            let share = |whole, part| scaled(whole, part, PERCENT);
            found.shares.push((label, share(first, tail), share(number.whole, number.part)));
        } else if begins(&["次"]) {
            every = Some((first, number.whole));
            let per = |word: &str| text.contains(word);
            // "1次/2年" has its period in a number of its own, below.
            let times = if per("季") {
                400
            } else if per("每月") || per("/月") {
                1200
            } else if per("半年") {
                200
            } else if per("两年") {
                50
            } else if per("三年") {
                33
            } else {
                100
            };
            found.times = Some((first.saturating_mul(times), number.whole.saturating_mul(times)));
        } else if begins(&["年"]) && (2..=10).contains(&number.whole) {
            period = number.whole;
        } else if begins(&COUNTED) {
            found.count = Some((first, number.whole));
        } else if begins(&["年", "月", "日", "号", "文"]) || number.digits >= 4 {
            // A date or the number of a document.
        } else if all.len() == 1 || (place == 0 && plain != Plain::Share) {
            found.plain = true;
            match plain {
                Plain::Share => {
                    let one = if number.whole == 0 || (number.whole == 1 && number.part.is_empty()) {
                        100 * PERCENT
                    } else {
                        PERCENT
                    };
                    let share = scaled(number.whole, number.part, one);
                    found.shares.push((String::new(), share, share));
                }
                Plain::Times => {
                    found.times = Some((first.saturating_mul(100), number.whole.saturating_mul(100)))
                }
                Plain::Count => found.count = Some((first, number.whole)),
            }
        }
    }
    if let (Some(times), true, Some(_)) = (found.times.as_mut(), period > 1, every) {
        *times = (times.0 / period, times.1 / period);
    }
    found
}

/// The level or group before a share: 三级 of `三级≥50%`.
fn label(before: &str) -> String {
    let dull =
        ["%", ",", ";", "，", "；", "、", "≥", ">=", ">", "=", "(", ")", "/", "次", "年", "户", "家", ":"];
    let mut text = before.to_owned();
    for word in dull {
        text = text.replace(word, " ");
    }
    for word in [
        "不低于",
        "不少于",
        "至少",
        "抽查",
        "检查",
        "比例",
        "约",
        "按",
        "为",
        "的",
        "总数",
        "对象",
        "以上",
        "频次",
        "每年",
        "全年",
    ] {
        text = text.replace(word, " ");
    }
    text.split_whitespace().collect::<Vec<_>>().join("")
}
