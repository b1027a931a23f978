//! Amounts: shares, times a year, numbers of institutions.

use super::{Number, numbers};
use crate::say;
use double_random::message::Message;

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

/// A share of a cell, in billionths; of a range its two ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The level or group that stands before it: 三级 of `三级≥50%`.
    pub label: String,
    /// The lower end.
    pub low: u64,
    /// The upper end.
    pub high: u64,
}

/// The amounts of a cell; of a range the lowest and the highest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Amount {
    /// Shares.
    pub shares: Vec<Share>,
    /// Times a year, 1 to 12.
    pub times: Option<(u64, u64)>,
    /// Institutions.
    pub count: Option<(u64, u64)>,
    /// It says at least or more than (不低于, ≥, 以上).
    pub at_least: bool,
    /// It says at most (不超过, ≤, 以内).
    pub at_most: bool,
    /// A number had no unit, and was taken for what its column is about.
    pub plain: bool,
    /// What of the cell was not taken, as it stands there.
    pub unused: Vec<String>,
    /// What cannot be read for certain.
    pub doubts: Vec<Message>,
}

/// One percent in billionths.
pub const PERCENT: u64 = 10_000_000;

/// The most digits of a number: what is longer is no number of a plan.
const DIGITS: usize = 9;
/// The months of a year, and the most draws of it.
const MONTHS: u64 = 12;

const RANGE: [&str; 8] = ["-", "~", "至", "到", "—", "–", "～", "——"];
const COUNTED: [&str; 9] = ["户", "家", "个", "所", "件", "人", "台", "辆", "处"];
/// Words after 个 that make a period of it: 6个月.
const SPANS: [&str; 7] = ["月", "季", "年", "星期", "周", "工作日", "日"];
/// Chinese numbers before 次 and 年, the longest first.
const SPELT: [(&str, &str); 13] = [
    ("十二", "12"),
    ("十一", "11"),
    ("十", "10"),
    ("一", "1"),
    ("二", "2"),
    ("两", "2"),
    ("三", "3"),
    ("四", "4"),
    ("五", "5"),
    ("六", "6"),
    ("七", "7"),
    ("八", "8"),
    ("九", "9"),
];
/// Words that tell nothing of an amount, the longer ones first.
const DULL: [&str; 64] = [
    "不低于",
    "不少于",
    "不超过",
    "不高于",
    "不多于",
    "全覆盖",
    "全部检查",
    "频次",
    "次数",
    "至少",
    "最多",
    "抽查",
    "检查",
    "抽取",
    "比例",
    "总数",
    "对象",
    "以上",
    "以内",
    "左右",
    "每年",
    "全年",
    "年度",
    "数量",
    "逐户",
    "逐家",
    "约",
    "按",
    "为",
    "的",
    "共",
    "计",
    "各",
    "即",
    "%",
    ",",
    ";",
    "，",
    "；",
    "、",
    "。",
    "≥",
    "≤",
    ">=",
    "<=",
    ">",
    "<",
    "=",
    "(",
    ")",
    "（",
    "）",
    "/",
    "-",
    "—",
    ":",
    "：",
    "次",
    "年",
    "户",
    "家",
    "每",
    "于",
    "任务",
];

/// Billionths of a number times `one`; `None` where they are not exact or too many.
fn scaled(number: &Number<'_>, one: u64) -> Option<u64> {
    let mut value = number.whole.checked_mul(one)?;
    let mut one = one;
    for digit in number.part.bytes() {
        if !one.is_multiple_of(10) && digit != b'0' {
            return None;
        }
        one /= 10;
        value = value.checked_add(u64::from(digit.checked_sub(b'0')?).checked_mul(one)?)?;
    }
    Some(value)
}

/// Numbers that are spelt before 次 and 年 as figures: 两次 is 2次, 三年 is 3年. They are the same words.
fn figures(text: &str) -> String {
    let mut text = text.to_owned();
    for (word, figure) in SPELT {
        for unit in ["次", "年"] {
            text = text.replace(&format!("{word}{unit}"), &format!("{figure}{unit}"));
        }
    }
    text
}

/// What remains of a text without the words that tell nothing of an amount.
fn telling(text: &str) -> String {
    let mut text = text.to_owned();
    for word in DULL {
        text = text.replace(word, " ");
    }
    text.split_whitespace().collect::<Vec<_>>().join("")
}

/// How many months the period of a clause has, in words without the numbers of draws: 3 of `1次/季度`. A part of the
/// year that has a name (上半年, 一季度, 3月) is no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Period {
    /// No period is named.
    None,
    /// So many months.
    Months(u64),
    /// It is shorter than a month, or cannot be read.
    Other,
}

fn period(clause: &str, all: &[Number<'_>]) -> Period {
    let says = |words: &[&str]| words.iter().any(|word| clause.contains(word));
    // 每6个月, 每2年, 1次/2年: the number of the period stands in it.
    for number in all {
        let unit = number.after.trim_start();
        let of = unit.strip_prefix('个').unwrap_or(unit);
        let led = number.before.trim_end().ends_with(['每', '/']);
        if number.digits <= 2 && number.part.is_empty() {
            let months = match () {
                () if of.starts_with('月') && (led || unit.starts_with('个')) => 1,
                () if of.starts_with('季') && led => 3,
                () if of.starts_with('年') => MONTHS,
                () => continue,
            };
            return Period::Months(number.whole.saturating_mul(months));
        }
    }
    let half = clause.replace("上半年", "").replace("下半年", "");
    if half.contains("半年") {
        Period::Months(6)
    } else if says(&["每季", "/季", "按季", "逐季", "每个季"]) {
        Period::Months(3)
    } else if says(&["每月", "/月", "按月", "逐月", "每个月"]) {
        Period::Months(1)
    } else if says(&["每周", "/周", "每星期", "每旬", "每日", "每天", "/日", "/天"]) {
        Period::Other
    } else {
        Period::None
    }
}

impl Amount {
    /// Reads one clause. `lone` says that the cell has no other number; returns the period of a clause without times.
    fn clause(&mut self, clause: &str, plain: Plain, lone: bool, taken_before: bool) -> Option<Period> {
        let all = numbers(clause, true);
        let period = period(clause, &all);
        let mut low: Option<(&Number<'_>, String)> = None;
        let (mut times, mut tail, mut taken) = (None, clause, false);
        for (place, number) in all.iter().enumerate() {
            let after = number.after.trim_start();
            let begins = |words: &'static [&'static str]| words.iter().find(|word| after.starts_with(**word));
            let written = if number.part.is_empty() {
                number.written.to_owned()
            } else {
                format!("{}.{}", number.written, number.part)
            };
            // What stands before the number, without the unit of the number before it.
            let before = telling(if place == 0 { number.before } else { upto(tail, number.written) });
            tail = after;
            if number.digits > DIGITS {
                self.doubts.push(say!(
                    "office.plan.large",
                    "{number} is too large a number",
                    number = written
                ));
                taken = true;
                continue;
            }
            // The next number is the upper end of a range: 10-20%, 60至70家.
            let bridge = all.get(place + 1).map_or("", |next| next.before.trim());
            let bridge = bridge.strip_prefix('%').unwrap_or(bridge).trim();
            if RANGE.contains(&bridge) && low.is_none() && number.digits < 4 {
                low = Some((number, before));
                continue;
            }
            // What stands before the lower end of a range stands before both.
            let (first, before) = low.take().unwrap_or((number, before));
            let whole = first.part.is_empty() && number.part.is_empty();
            let spans = after.strip_prefix('个').is_some_and(|rest| {
                let rest = rest.trim_start();
                SPANS.iter().any(|span| rest.starts_with(span))
            });
            let led = number.before.trim_end().ends_with(['每', '/']);
            let mut label = Some(before);
            if begins(&["%"]).is_some() {
                self.share(first, number, PERCENT, &label.take().unwrap_or_default(), &written);
                tail = after.strip_prefix('%').unwrap_or(after);
            } else if begins(&["次"]).is_some() {
                if !whole || times.replace((first.whole, number.whole)).is_some() {
                    self.several("次", clause);
                }
                tail = after.strip_prefix('次').unwrap_or(after);
            } else if spans || (led && begins(&["月", "季"]).is_some()) {
                // A period, read above.
                let rest = after.strip_prefix('个').unwrap_or(after).trim_start();
                let rest = SPANS.iter().find_map(|span| rest.strip_prefix(span)).unwrap_or(rest);
                tail = rest.strip_prefix('度').unwrap_or(rest);
            } else if let Some(unit) = begins(&COUNTED) {
                self.counted(first, number, whole, clause);
                tail = after.strip_prefix(unit).unwrap_or(after);
            } else if let Some(unit) = begins(&["年", "月", "日", "号", "文", "季度"]) {
                // A period of years, a date or the number of a document.
                tail = after.strip_prefix(unit).unwrap_or(after);
                if !(*unit == "年" && number.digits < 4) {
                    self.unused.push(format!("{written}{unit}"));
                }
            } else {
                let alone = lone || (!taken_before && place == 0 && plain != Plain::Share && all.len() == 1);
                let ends = after.is_empty() || after.starts_with(['(', '（']);
                let ends =
                    ends || ["以上", "以内", "左右", "及以上"].iter().any(|end| after.starts_with(end));
                if !alone || !ends || self.plain {
                    self.doubts.push(say!(
                        "office.plan.no_unit",
                        "{number} of \"{text}\" has no unit that can be read (%, 次, 家)",
                        number = written,
                        text = clause
                    ));
                    taken = true;
                    continue;
                }
                self.plain = true;
                match plain {
                    Plain::Share => {
                        let one = number.whole == 0 || (number.whole == 1 && number.part.is_empty());
                        let one = if one { 100 * PERCENT } else { PERCENT };
                        self.share(first, number, one, &label.take().unwrap_or_default(), &written);
                    }
                    Plain::Times if whole => times = Some((first.whole, number.whole)),
                    Plain::Times => self.several("次", clause),
                    Plain::Count => self.counted(first, number, whole, clause),
                }
            }
            taken = true;
            if let Some(label) = label.map(|label| without_periods(&label)).filter(|label| !label.is_empty())
            {
                self.unused.push(label);
            }
        }
        let rest = telling(tail);
        let known = matches!(period, Period::None) || taken;
        let rest = if known { rest } else { String::new() };
        let bare = without_periods(&rest);
        if !bare.is_empty() {
            self.unused.push(bare);
        }
        let Some((few, many)) = times else { return (period != Period::None).then_some(period) };
        self.drawn(few, many, period, clause);
        None
    }

    fn share(&mut self, first: &Number<'_>, number: &Number<'_>, one: u64, label: &str, written: &str) {
        let label = without_periods(label);
        match (scaled(first, one), scaled(number, one)) {
            (Some(low), Some(high)) => self.shares.push(Share { label, low, high }),
            _ => self.doubts.push(say!(
                "office.plan.not_exact",
                "the share {number} has more digits than billionths",
                number = written
            )),
        }
    }

    fn several(&mut self, unit: &str, clause: &str) {
        self.doubts.push(say!(
            "office.plan.several",
            "\"{text}\" has several numbers of {unit}, or one that is not whole: write one for the year",
            text = clause,
            unit
        ));
    }

    fn counted(&mut self, first: &Number<'_>, number: &Number<'_>, whole: bool, clause: &str) {
        if !whole || self.count.is_some() {
            self.several("家", clause);
        } else {
            self.count = Some((first.whole, number.whole));
        }
    }

    /// Times a year of times in a period.
    fn drawn(&mut self, few: u64, many: u64, period: Period, clause: &str) {
        let yearly = |times: u64| {
            let times = match period {
                Period::None => times,
                Period::Months(months) => {
                    let year = times.checked_mul(MONTHS)?;
                    (months > 0 && year % months == 0).then(|| year / months)?
                }
                Period::Other => return None,
            };
            (1..=MONTHS).contains(&times).then_some(times)
        };
        match (yearly(few), yearly(many)) {
            _ if self.times.is_some() => self.several("次", clause),
            (Some(few), Some(many)) => self.times = Some((few, many)),
            _ => self.doubts.push(say!(
                "office.plan.yearly",
                "\"{text}\" is not 1 to {most} times a year, each in its own draw: write how often in this year",
                text = clause,
                most = MONTHS
            )),
        }
    }
}

/// What of a text stands before a number.
fn upto<'t>(text: &'t str, digits: &str) -> &'t str {
    text.find(digits).and_then(|end| text.get(..end)).unwrap_or_default()
}

/// A text without words for periods, which are read by themselves.
fn without_periods(text: &str) -> String {
    let mut text = text.to_owned();
    for word in ["季度", "个季", "季", "个月", "月", "半", "逐", "周", "星期", "旬", "日", "天"]
    {
        for text_word in [format!("每{word}"), word.to_owned()] {
            if text == text_word {
                text.clear();
            }
        }
    }
    text
}

/// Reads the amounts of a cell. A number without a unit is what the column is about. What is not certain is a doubt.
#[must_use]
pub fn amount(text: &str, plain: Plain) -> Amount {
    let text = figures(text);
    let said = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let mut found = Amount {
        at_least: said(&["不低于", "不少于", "至少", "≥", ">=", "以上"]),
        at_most: said(&["不超过", "不高于", "不多于", "最多", "≤", "<=", "以内"]),
        ..Amount::default()
    };
    if said(&["全覆盖", "全部检查", "逐户", "逐家"]) && !text.contains('%') {
        found.shares.push(Share { label: String::new(), low: 100 * PERCENT, high: 100 * PERCENT });
    }
    let lone = numbers(&text, true).len() == 1;
    let mut stray: Option<Period> = None;
    let mut before = false;
    for clause in text.split([',', '，', ';', '；', '、', '。', '(', ')', '（', '）', '\n', '\r']) {
        let clause = clause.trim();
        if !clause.is_empty() {
            stray = found.clause(clause, plain, lone, before).or(stray);
            before |= clause.contains(|c: char| c.is_ascii_digit());
        }
    }
    // 每季度10家, 每月5户, 每季度5%: of a year or of a quarter.
    let whole_year = stray.is_none_or(|period| period == Period::Months(MONTHS));
    if !whole_year {
        found.doubts.push(say!(
            "office.plan.period",
            "\"{text}\" names a period beside an amount: write the amount of the whole year, and how often as 次/年",
            text
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An amount in short: shares in percent with their labels, times, count, what is not used, and doubts.
    fn said(text: &str, plain: Plain) -> String {
        let found = amount(text, plain);
        let mut parts: Vec<String> = Vec::new();
        let ends = |low: u64, high: u64| if low == high { low.to_string() } else { format!("{low}-{high}") };
        for Share { label, low, high } in &found.shares {
            parts.push(format!("{label}{}%", ends(low / 1_000_000, high / 1_000_000)));
        }
        parts.extend(found.times.map(|(low, high)| format!("{}x", ends(low, high))));
        parts.extend(found.count.map(|(low, high)| format!("{}n", ends(low, high))));
        parts.extend(found.unused.iter().map(|text| format!("[{text}]")));
        parts.extend(
            found.doubts.iter().map(|doubt| format!("!{}", doubt.rule().rsplit('.').next().unwrap())),
        );
        parts.join(" ")
    }

    /// Shares in thousandths, times a year, numbers.
    #[test]
    fn amounts_of_plans() {
        let mut wrong = Vec::new();
        for (text, wanted) in [
            ("5%", "50%"),
            ("2.5%", "25%"),
            ("0.05", "50%"),
            ("5", "50%"),
            ("100%", "1000%"),
            ("10-20%", "100-200%"),
            ("10%至20%", "100-200%"),
            ("不低于20%，1次/年", "200% 1x"),
            ("3%;2次/年", "30% 2x"),
            ("三级≥50%，二级≥30%", "三级500% 二级300%"),
            ("全覆盖", "1000%"),
            ("5%（每年2次）", "50% 2x"),
            ("每年抽查两次，每次3%", "30% 2x"),
            ("每半年1次，10%", "100% 2x"),
            ("1次/季度", "4x"),
            ("每月1次", "12x"),
            ("每3个月1次", "4x"),
            ("每6个月至少1次", "2x"),
            // Less than once a year, or more often than there are draws, is no plan of this year.
            ("1次/2年", "!yearly"),
            ("每两年一次", "!yearly"),
            ("每周1次", "!yearly"),
            ("24次/年", "!yearly"),
            // A number of a period, and one without a unit beside others.
            ("每季度10家", "10n !period"),
            ("5% 3", "50% !no_unit"),
            ("99999999999999999999%", "!large"),
            ("5.12345678901%", "!not_exact"),
            ("2次，3次", "!several 2x"),
        ] {
            let mut found: Vec<String> = said(text, Plain::Share).split(' ').map(str::to_owned).collect();
            let mut wanted: Vec<String> = wanted.split(' ').map(str::to_owned).collect();
            found.sort();
            wanted.sort();
            if found != wanted {
                wrong.push(format!("{text}: {found:?}, wanted {wanted:?}"));
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(said(">=1", Plain::Times), "1x");
        assert_eq!(said("=1", Plain::Times), "1x");
        assert_eq!(said("60至70家", Plain::Count), "60-70n");
        assert_eq!(said("8", Plain::Count), "8n");
        assert_eq!(said("3户（以实际为准）", Plain::Count), "3n [以实际准]");
        assert_eq!(said("按需", Plain::Count), "[需]");
    }
}
