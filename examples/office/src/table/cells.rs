//! Cells: what a spelling means. Spellings that can mean only one thing get the library's; everything else
//! stays.

use super::certain::short;
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

/// A word of the vocabulary by its code or its label in the policy. Where neither or more than one fits, the
/// word itself: the library will name it.
pub(super) fn coded(word: String, vocabulary: &[Code], policy: &Policy) -> String {
    among(word, &vocabulary.iter(), policy)
}

/// A division by its code or its name, also one that is only in the labels, as the city over the counties of a
/// frame. Twelve digits of a county or a township are its code with zeros behind.
pub(super) fn located(word: String, policy: &Policy) -> String {
    let list = &policy.frame.divisions;
    // Nearly every cell of a long table is a code that the policy knows.
    if Division::parse(&word).is_ok_and(|division| list.has(&division)) {
        return word;
    }
    let places = divisions(policy);
    if places.iter().any(|(code, _)| *code == word) {
        return word;
    }
    let mut fits = places.iter().filter(|(_, name)| narrow(name) == word);
    if let (Some((code, _)), None) = (fits.next(), fits.next()) {
        return code.clone();
    }
    let long = list.of_digits() && word.len() == 12 && word.bytes().all(|b| b.is_ascii_digit());
    let short = ["000000", "000"].iter().find_map(|zeros| word.strip_suffix(zeros)).filter(|_| long);
    short.filter(|short| Division::of_digits(short).is_ok()).map_or(word.clone(), str::to_owned)
}

/// A code with its label; without label where it has none.
pub(super) fn labelled(code: &Code, policy: &Policy) -> (String, String) {
    let name = policy.labels.get(code).cloned().unwrap_or_default();
    (code.as_str().to_owned(), name)
}

/// The divisions that have a name: in the list, or, as the city over the counties, by a label.
pub(super) fn divisions(policy: &Policy) -> Vec<(String, String)> {
    let list = &policy.frame.divisions;
    let named =
        list.entries().iter().filter_map(|entry| policy.place_name(&entry.code).map(|n| (&entry.code, n)));
    let mut known: Vec<(String, String)> =
        named.map(|(code, name)| (code.to_string(), name.to_owned())).collect();
    let above = policy.labels.iter().filter(|(code, _)| {
        Division::parse(code.as_str()).is_ok_and(|division| list.knows(&division) && !list.has(&division))
    });
    known.extend(above.map(|(code, name)| (code.to_string(), name.clone())));
    known
}

fn among<'c>(word: String, codes: &(impl Iterator<Item = &'c Code> + Clone), policy: &Policy) -> String {
    if codes.clone().any(|code| code.as_str() == word) {
        return word;
    }
    let label = |code: &Code| policy.labels.get(code).map(|label| narrow(label));
    let one = |fits: &dyn Fn(&str) -> bool| {
        let mut found = codes.clone().filter(|code| label(code).is_some_and(|label| fits(&label)));
        found.next().filter(|_| found.next().is_none()).map(|code| code.as_str().to_owned())
    };
    // A name that lists, as 诊所、门诊部, is also that of each.
    let part = |label: &str| label.split(['、', '/']).any(|part| part.trim() == word);
    one(&|label| label == word).or_else(|| one(&part).filter(|_| !word.is_empty())).unwrap_or(word)
}

/// A level by its code or its label, also where either is written short: D级 and 高风险 for D and 高.
pub(super) fn levelled(word: String, vocabulary: &[Code], policy: &Policy) -> String {
    let found = coded(word.clone(), vocabulary, policy);
    if found != word || word.is_empty() || vocabulary.iter().any(|code| code.as_str() == word) {
        return found;
    }
    let said = short(&word);
    let is_it = |code: &&Code| short(code.as_str()) == said || short(policy.label(code)) == said;
    let mut fits = vocabulary.iter().filter(is_it);
    match (fits.next(), fits.next()) {
        (Some(code), None) => code.as_str().to_owned(),
        _ => word,
    }
}

/// Whether a cell says that its row adds up the rows above: `合计`, `合计：60家`, `Total (60)`.
pub(super) fn total(cell: &str) -> bool {
    let said: String = narrow(cell).to_lowercase().chars().filter(|c| !unseen(*c)).collect();
    let words =
        ["合计", "总计", "小计", "共计", "累计", "grandtotal", "subtotal", "totals", "total", "sum", "共"];
    let Some((word, rest)) = words.iter().find_map(|word| Some((*word, said.strip_prefix(word)?))) else {
        return false;
    };
    let bare = rest.trim_end_matches(':').is_empty();
    let counts = rest.bytes().any(|b| b.is_ascii_digit())
        && rest.chars().all(|c| c.is_ascii_digit() || ":().,户家个条名项次人".contains(c));
    match word {
        "共" => counts,
        // SUM12 may be an id.
        word if word.is_ascii() => bare || (counts && rest.starts_with([':', '('])),
        _ => bare || counts,
    }
}

/// The words that begin a note or a signature below a table.
const FOOTERS: [&str; 27] = [
    "注",
    "备注",
    "说明",
    "填表说明",
    "填报说明",
    "附注",
    "审核人",
    "审核",
    "复核人",
    "填表人",
    "填报人",
    "制表人",
    "制表",
    "经办人",
    "负责人",
    "科室负责人",
    "单位负责人",
    "联系人",
    "联系电话",
    "填报单位",
    "填表日期",
    "填报日期",
    "制表日期",
    "note",
    "notes",
    "prepared by",
    "approved by",
];

/// Whether a cell begins a note or a signature below a table: `注：…`, `审核人（签字）：`, `Note: …`. A word without a
/// colon does so only where the row is no row of the table, which the caller knows.
pub(super) fn footer(cell: &str, alone: bool) -> bool {
    let said = narrow(cell).to_lowercase();
    let (word, colon) = said.split_once(':').map_or((said.as_str(), false), |(word, _)| (word, true));
    let word = word.split('(').next().unwrap_or_default().trim_matches(unseen);
    let word = ["签字", "签名", "签章", "盖章"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    let bare: String = word.chars().filter(|c| !unseen(*c)).collect();
    let bare = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    (colon || alone) && (FOOTERS.contains(&word) || FOOTERS.contains(&bare))
}

/// Marks of a text whose characters a program has lost, by what they look like: `锟斤拷` is how GBK shows the
/// replacement characters of UTF-8, and `??` is what a program writes for characters that it does not have.
pub(super) fn garbled(cell: &str) -> bool {
    cell.contains("锟斤拷") || cell.contains("??") || cell.contains("？？")
}

/// The states in which registers say that an institution is (登记状态), with the codes of the library. One that moved
/// out of the jurisdiction is closed for it.
pub(super) const STATES: [(&str, &str); 24] = [
    ("存续", "active"),
    ("在营", "active"),
    ("开业", "active"),
    ("在册", "active"),
    ("在业", "active"),
    ("正常", "active"),
    ("营业", "active"),
    ("正常营业", "active"),
    ("active", "active"),
    ("停业", "suspended"),
    ("歇业", "suspended"),
    ("暂停营业", "suspended"),
    ("停业整顿", "suspended"),
    ("suspended", "suspended"),
    ("注销", "closed"),
    ("已注销", "closed"),
    ("吊销", "closed"),
    ("吊销,未注销", "closed"),
    ("吊销,已注销", "closed"),
    ("撤销", "closed"),
    ("责令关闭", "closed"),
    ("关闭", "closed"),
    ("迁出", "closed"),
    ("closed", "closed"),
];

/// The state of an institution by the word of its register: with a remark in brackets or `企业` behind it as well,
/// as in `存续（在营、开业、在册）` and `在营（开业）企业`. An unknown word stays as it stands.
pub(super) fn state(word: String) -> String {
    let said = word.to_lowercase().replace('，', ",");
    let head = said.split('(').next().unwrap_or_default();
    let bare = |text: &str| text.trim_matches(unseen).trim_end_matches("企业").to_owned();
    // A remark that takes the word back is not passed over: 存续（吊销） is no state that is known.
    let remark =
        said.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inside, _)| inside);
    let code = |text: &str| STATES.iter().find(|(known, _)| *known == text).map(|(_, code)| *code);
    let Some(meant) = code(&bare(head)).or_else(|| code(&said)) else { return word };
    let same = remark.split(['、', ',', ';', '/']).filter(|part| !part.is_empty());
    if same.map(|part| code(&bare(part))).all(|of| of == Some(meant)) { meant.to_owned() } else { word }
}
