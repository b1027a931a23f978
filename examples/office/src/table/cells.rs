//! Cells: what a spelling means. Spellings that can mean only one thing get the library's; everything else
//! stays.

use double_random::id::{Code, Division};
use double_random::policy::Policy;

/// Invisible characters at the ends of a cell.
pub(super) fn unseen(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{ad}')
}

/// A cell without unseen ends and without what Excel is told by: `="…"` and a leading `'` mean "this is
/// text".
pub(super) fn bare(cell: &str) -> &str {
    let cell = cell.trim_matches(unseen);
    let cell = cell.strip_prefix("=\"").and_then(|inner| inner.strip_suffix('"')).unwrap_or(cell);
    cell.strip_prefix('\'').unwrap_or(cell).trim_matches(unseen)
}

/// Full-width letters, digits and punctuation as their ASCII twins, for columns of codes, dates and numbers.
/// Names keep theirs.
pub(super) fn narrow(text: &str) -> String {
    let twin = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    };
    text.chars().map(twin).collect::<String>().trim_matches(unseen).to_owned()
}

/// The values of a list cell. The comma of Chinese enumerations and a line break inside a cell separate as
/// well.
pub(super) fn pieces(text: &str) -> Vec<String> {
    let parts = text.split([';', '、', ',', '|', '\n', '\r']).map(|part| part.trim_matches(unseen));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Whether a text is a number in scientific notation, such as `9.135E+17`. Without point and sign (`12E5`) it
/// may be a code.
pub(super) fn scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let power = exponent.strip_prefix('+').unwrap_or(exponent);
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    digits(power) && digits(whole) && digits(part) && (mantissa.contains('.') || exponent.starts_with('+'))
}

/// The day 0 of spreadsheets: a date cell that nobody filled. It is a date of no calendar, so that whoever
/// does not take it for an empty cell refuses it.
pub(super) const NO_DAY: &str = "1900-01-00";

/// A date in one of the spellings that can mean only one day, as `YYYY-MM-DD`; anything else as it stands.
/// Whether the day exists is the library's business.
pub(super) fn day(text: &str) -> String {
    let text = narrow(text);
    // Databases and spreadsheets add midnight to a date.
    let bare = match text.split_once([' ', 'T']) {
        Some((date, time))
            if !time.is_empty() && time.bytes().all(|b| matches!(b, b'0' | b':' | b'.' | b'Z')) =>
        {
            date
        }
        _ => text.as_str(),
    };
    let separated = |marks: [char; 2], end: &[char]| {
        let (year, rest) = bare.split_once(marks[0])?;
        let (month, last) = rest.split_once(marks[1])?;
        let last = if end.is_empty() { last } else { last.strip_suffix(end)? };
        let digits = |t: &str, least: usize, most: usize| {
            (least..=most).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit())
        };
        (digits(year, 4, 4) && digits(month, 1, 2) && digits(last, 1, 2))
            .then(|| format!("{year}-{month:0>2}-{last:0>2}"))
    };
    let packed = || match (bare.get(..4), bare.get(4..6), bare.get(6..)) {
        (Some(y), Some(m), Some(d)) if bare.len() == 8 && bare.bytes().all(|b| b.is_ascii_digit()) => {
            Some(format!("{y}-{m}-{d}"))
        }
        _ => None,
    };
    let day = separated(['-', '-'], &[])
        .or_else(|| separated(['/', '/'], &[]))
        .or_else(|| separated(['.', '.'], &[]))
        .or_else(|| separated(['年', '月'], &['日', '号']))
        .or_else(packed)
        .unwrap_or_else(|| text.clone());
    // Programs write the day 0 as the last or the last but one of 1899.
    if matches!(day.as_str(), "1899-12-30" | "1899-12-31") { NO_DAY.to_owned() } else { day }
}

/// The last day of a licence: empty where it does not run out. 9999-09-09 is how registers write that.
pub(super) fn until(text: &str) -> String {
    let day = day(text);
    let endless = ["长期", "长期有效", "永久", "永久有效", "无固定期限", "9999-09-09", "9999-12-31"];
    if endless.contains(&day.as_str()) { String::new() } else { day }
}

/// An absence: `2023-09-04至2023-09-15`, `2023/10/9~2023/10/20`, `2023.9.4-2023.9.15`, or one day.
pub(super) fn span(text: &str) -> (String, String) {
    // A hyphen divides only where it is the one hyphen, as in 2023.9.4-2023.9.15.
    let hyphen = || text.split_once('-').filter(|(_, to)| !to.contains('-') && to.contains(['.', '/', '年']));
    match text.split_once(['至', '到', '~', '\u{301c}', '—']).or_else(hyphen) {
        Some((from, to)) => (day(from), day(to.trim_start_matches('—'))),
        None => (day(text), day(text)),
    }
}

/// A word of the vocabulary by its code or its label in the policy. Where neither or more than one fits, the
/// word itself: the library will name it.
pub(super) fn coded(word: String, vocabulary: &[Code], policy: &Policy) -> String {
    among(word, vocabulary.iter(), policy)
}

/// A division by its code or its label, also one that is only in the labels, as the city over the counties of
/// a frame.
pub(super) fn located(word: String, policy: &Policy) -> String {
    // Nearly every cell of a long table is a code that the policy knows.
    let known = |code: Code| policy.labels.contains_key(&code);
    if Division::parse(&word).is_ok() && Code::parse(&word).is_ok_and(known) {
        return word;
    }
    among(word, policy.labels.keys().filter(|code| Division::parse(code.as_str()).is_ok()), policy)
}

fn among<'c>(word: String, codes: impl Iterator<Item = &'c Code> + Clone, policy: &Policy) -> String {
    if codes.clone().any(|code| code.as_str() == word) {
        return word;
    }
    let mut fits = codes.filter(|code| policy.labels.get(*code).is_some_and(|label| narrow(label) == word));
    match (fits.next(), fits.next()) {
        (Some(code), None) => code.as_str().to_owned(),
        _ => word,
    }
}

/// Whether a cell says that its row adds up the rows above.
pub(super) fn total(cell: &str) -> bool {
    let said: String = narrow(cell).to_lowercase().chars().filter(|c| !unseen(*c)).collect();
    let words = ["合计", "总计", "小计", "共计", "累计", "total", "totals", "subtotal", "grandtotal", "sum"];
    words.contains(&said.trim_end_matches(':'))
}

/// Marks of a text whose characters a program has lost, by what they look like: `锟斤拷` is how GBK shows the
/// replacement characters of UTF-8, and `??` is what a program writes for characters that it does not have.
pub(super) fn garbled(cell: &str) -> bool {
    cell.contains("锟斤拷") || cell.contains("??") || cell.contains("？？")
}

/// The state of an institution by the word of its register (登记状态); an unknown word as it stands. One that moved
/// out of the jurisdiction is closed for it.
pub(super) fn state(word: String) -> String {
    let known = match word.to_lowercase().as_str() {
        "正常" | "存续" | "在业" | "在营" | "开业" | "在册" | "active" => "active",
        "存续（在营、开业、在册）" | "存续(在营、开业、在册)" => "active",
        "在营（开业）" | "在营(开业)" | "在营（开业）企业" | "在营(开业)企业" => {
            "active"
        }
        "停业" | "歇业" | "suspended" => "suspended",
        "注销" | "注销企业" | "已注销" | "吊销" | "吊销，未注销" | "吊销,未注销" | "吊销，已注销"
        | "吊销,已注销" => "closed",
        "撤销" | "关闭" | "迁出" | "closed" => "closed",
        _ => return word,
    };
    known.to_owned()
}
