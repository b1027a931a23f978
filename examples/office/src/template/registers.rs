//! The registers of an office as workbooks to be filled in: headings that the readers know, the words that a column
//! may hold as lists to choose from, an example that import leaves out, and what every column means.

use crate::table;
use double_random::Policy;
use double_random::id::{Code, Division, UnitIdForm};
use double_random::pack::Pack;
use double_random_support::screen::Lang;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, IgnoreError, Workbook, XlsxError,
};

/// How many rows of a form have lists to choose from.
const ROWS: u32 = 5_000;

/// A form: the name of its file without the ending, the register as `office import` calls it, and its bytes (.xlsx).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The name of the file, without its ending.
    pub name: String,
    /// The register.
    pub register: &'static str,
    /// The workbook.
    pub bytes: Vec<u8>,
}

/// A column of a form.
struct Column {
    heading: String,
    required: bool,
    /// What it holds, for the sheet of notes.
    note: String,
    example: String,
    /// The words that it may hold; empty: any text.
    words: Vec<String>,
    /// Whether a cell may hold several of them, or another text.
    open: bool,
    /// Whether it holds a day.
    day: bool,
}

/// Makes the columns of a form.
struct Columns {
    lang: Lang,
    made: Vec<Column>,
}

impl Columns {
    fn add(&mut self, (en, zh): (&str, &str), required: bool, note: (&str, &str), example: (&str, &str)) {
        let say = |(en, zh): (&str, &str)| self.lang.say(en, zh).to_owned();
        let (heading, note, example) = (say((en, zh)), say(note), say(example));
        let words = Vec::new();
        self.made.push(Column { heading, required, note, example, words, open: false, day: false });
    }

    fn day(&mut self, heading: (&str, &str), required: bool, note: (&str, &str), example: &str) {
        self.add(heading, required, note, (example, example));
        if let Some(last) = self.made.last_mut() {
            last.day = true;
        }
    }

    /// A column of known words, the first of them being the example.
    fn list(&mut self, heading: (&str, &str), required: bool, note: (&str, &str), words: Vec<String>) {
        let first = words.first().cloned().unwrap_or_default();
        self.add(heading, required, note, (&first, &first));
        if let Some(last) = self.made.last_mut() {
            last.words = words;
        }
    }

    /// The same where a cell may hold several words.
    fn lists(&mut self, heading: (&str, &str), required: bool, note: (&str, &str), words: Vec<String>) {
        self.list(heading, required, note, words);
        if let Some(last) = self.made.last_mut() {
            last.open = true;
        }
    }
}

/// What a code is called by the policy.
fn name(policy: &Policy, code: &Code) -> String {
    policy.labels.get(code).cloned().unwrap_or_else(|| code.to_string())
}

fn names(policy: &Policy, codes: &[Code]) -> Vec<String> {
    codes.iter().map(|code| name(policy, code)).collect()
}

/// The divisions of the frame, by name where the policy has one.
fn divisions(policy: &Policy) -> Vec<String> {
    let one = |division: &Division| policy.place_name(division).unwrap_or(division.as_str()).to_owned();
    policy.frame.divisions.codes().map(one).collect()
}

const ABSENCE: (&str, &str) = (
    "days away, such as 2026-05-01~2026-05-08; several divided by ;",
    "不在岗日期，如 2026-05-01~2026-05-08；多段用分号隔开",
);
const GRID: (&str, &str) = (
    "grid: officers do not go to institutions of their own grid",
    "网格编号：执法人员在抽查中回避本网格的检查对象",
);

fn units(policy: &Policy, pack: &Pack, lang: Lang) -> Vec<Column> {
    let mut columns = Columns { lang, made: Vec::new() };
    columns.add(
        ("id", "统一社会信用代码/机构标识"),
        true,
        (
            match policy.frame.ids {
                UnitIdForm::National => {
                    "credit code, or an id of your own with a hyphen inside, such as CLINIC-0001; each once"
                }
                UnitIdForm::Plain => "the number of your register, such as R1042; each once",
            },
            match policy.frame.ids {
                UnitIdForm::National => {
                    "统一社会信用代码；没有的自编，须含连字符，如 WSJ-0001；一家一行，不得重复"
                }
                UnitIdForm::Plain => "本地名录库的编号，如 R1042；一家一行，不得重复",
            },
        ),
        ("EXAMPLE-0001", "示例-0001"),
    );
    columns.add(("name", "机构名称"), true, ("full name", "全称"), ("Example Ltd", "某某诊所"));
    columns.list(("division", "行政区划"), true, ("code or name", "代码或名称"), divisions(policy));
    columns.list(
        ("kind", "机构类别"),
        true,
        ("one of the list", "从列表中选择"),
        names(policy, &policy.frame.kinds),
    );
    let rated = policy.rating.as_ref();
    let stated = rated.is_none_or(|rating| rating.start.stated);
    for (heading, codes) in
        [(("risk", "风险等级"), &policy.frame.risk), (("credit", "信用等级"), &policy.frame.credit)]
    {
        // One level is no choice; and what the rules give is not written down.
        if rated.is_none() || (stated && codes.len() > 1) {
            let note = match rated {
                None => ("one of the list", "从列表中选择"),
                Some(_) => {
                    ("where the rules begin; empty: as the pack says", "评级的起点；不填则按规则包的起点")
                }
            };
            columns.list(heading, rated.is_none(), note, names(policy, codes));
        }
    }
    let states = match lang {
        Lang::En => ["active", "suspended", "closed"],
        Lang::Zh => ["在业", "停业", "注销"],
    };
    let states = states.map(str::to_owned).to_vec();
    columns.list(("status", "状态"), false, ("empty: active", "不填视为在业"), states);
    columns.day(
        ("opened", "成立日期"),
        false,
        ("one that opens later is drawn from that day on", "晚于名录日期成立的，自成立之日起参加抽取"),
        "2020-01-01",
    );
    columns.add(("grid", "网格编号"), false, GRID, ("", ""));
    columns.add(
        ("licence", "许可证号"),
        false,
        ("several divided by ;", "多个用分号隔开"),
        ("L-1", "许可-1"),
    );
    columns.day(
        ("licence until", "许可证有效期至"),
        false,
        ("as many days as licences; no end: 9999-12-31", "与许可证号一一对应；长期有效写 长期"),
        "2030-12-31",
    );
    for feature in &pack.features {
        columns.add(
            (&feature.name, &feature.name),
            false,
            ("a number; empty: 0", "数字；没有的不填"),
            ("", ""),
        );
    }
    columns.made
}

fn officers(policy: &Policy, lang: Lang) -> Vec<Column> {
    let mut columns = Columns { lang, made: Vec::new() };
    columns.add(
        ("id", "执法证号"),
        true,
        ("number of the certificate; each once", "行政执法证编号；一人一行，不得重复"),
        ("EXAMPLE-01", "示例-01"),
    );
    columns.add(("name", "姓名"), true, ("", ""), ("A. Example", "张某"));
    columns.list(
        ("department", "所属部门"),
        true,
        ("one of the list", "从列表中选择"),
        names(policy, &policy.roster.departments),
    );
    columns.add(("office", "所属科室"), false, ("", ""), ("", ""));
    columns.lists(
        ("divisions", "管辖区划"),
        true,
        ("where the officer may go; several divided by ;", "可派往的区划；多个用分号隔开"),
        divisions(policy),
    );
    if !policy.roster.qualifications.is_empty() {
        columns.lists(
            ("qualifications", "资质"),
            false,
            ("several divided by ;", "多项用分号隔开"),
            names(policy, &policy.roster.qualifications),
        );
    }
    columns.day(
        ("certified until", "执法证有效期至"),
        true,
        ("last day of the certificate", "执法证到期日；到期的不参加抽取"),
        "2030-12-31",
    );
    columns.add(("absences", "请假"), false, ABSENCE, ("", ""));
    columns.add(("grid", "网格编号"), false, GRID, ("", ""));
    columns.made
}

fn experts(policy: &Policy, lang: Lang) -> Vec<Column> {
    let mut columns = Columns { lang, made: Vec::new() };
    columns.add(("id", "专家编号"), true, ("each once", "一人一行，不得重复"), ("EXAMPLE-E1", "示例-E1"));
    columns.add(("name", "姓名"), true, ("", ""), ("B. Example", "李某"));
    columns.add(("organisation", "所属机构"), false, ("", ""), ("", ""));
    columns.lists(
        ("divisions", "服务区域"),
        true,
        ("several divided by ;", "多个用分号隔开"),
        divisions(policy),
    );
    columns.lists(
        ("qualifications", "专业领域"),
        false,
        ("several divided by ;", "多项用分号隔开"),
        names(policy, &policy.roster.qualifications),
    );
    columns.day(("engaged until", "聘期至"), true, ("", ""), "2030-12-31");
    columns.add(("absences", "请假"), false, ABSENCE, ("", ""));
    let roles = match lang {
        Lang::En => ["expert", "third_party", "grid", "uncertified"],
        Lang::Zh => ["专家", "第三方机构", "网格员", "辅助人员"],
    };
    columns.list(
        ("role", "人员类别"),
        false,
        ("empty: expert", "不填视为专家"),
        roles.map(str::to_owned).to_vec(),
    );
    columns.made
}

fn recusals(lang: Lang) -> Vec<Column> {
    let mut columns = Columns { lang, made: Vec::new() };
    columns.add(
        ("inspector", "执法人员"),
        true,
        ("id, or a name that only one has", "执法证号，或不重名的姓名"),
        ("EXAMPLE-01", "示例-01"),
    );
    columns.add(
        ("unit", "检查对象"),
        true,
        ("id, or a name that only one has", "统一社会信用代码或机构标识，或不重名的名称"),
        ("EXAMPLE-0001", "示例-0001"),
    );
    let grounds = match lang {
        Lang::En => ["statutory", "requested", "decided"],
        Lang::Zh => ["法定回避", "申请回避", "决定回避"],
    };
    columns.list(
        ("ground", "回避类型"),
        true,
        ("one of the list", "从列表中选择"),
        grounds.map(str::to_owned).to_vec(),
    );
    columns.add(
        ("basis", "事由及依据"),
        true,
        ("why, and by which rule", "事由和法律依据"),
        ("spouse works there", "配偶在该机构任职（行政处罚法第四十三条）"),
    );
    columns.made
}

fn entries(pack: &Pack, lang: Lang) -> Vec<Column> {
    let mut columns = Columns { lang, made: Vec::new() };
    columns.day(("date", "日期"), true, ("", ""), "2026-01-15");
    let kinds = match lang {
        Lang::En => ["noted", "cleared"],
        Lang::Zh => ["记录", "修复"],
    };
    let note = ("noted, or cleared (repair, off the list)", "记录；信用修复或移出名单为 修复");
    columns.list(("entry", "记录类型"), true, note, kinds.map(str::to_owned).to_vec());
    let signals = pack.signals.iter().map(|signal| signal.name.clone()).collect();
    columns.list(("signal", "信用事项"), true, ("one of the list", "从列表中选择"), signals);
    columns.add(("count", "次数"), false, ("empty: 1", "不填视为 1"), ("1", "1"));
    columns.add(
        ("unit", "检查对象"),
        true,
        ("id, or a name that only one has", "统一社会信用代码或机构标识，或不重名的名称"),
        ("EXAMPLE-0001", "示例-0001"),
    );
    columns.add(
        ("source", "来源"),
        true,
        ("document or case number", "文号或案号"),
        ("No 1", "某文〔2026〕1号"),
    );
    columns.made
}

/// The forms that an office with these rules fills in; `policy` is the vocabulary of its registers.
///
/// # Errors
/// A word that no cell can hold.
pub fn forms(policy: &Policy, pack: &Pack, lang: Lang) -> Result<Vec<Form>, XlsxError> {
    let mut all = vec![
        ("units", ("units", "检查对象名录库"), units(policy, pack, lang)),
        ("officers", ("officers", "执法检查人员名录库"), officers(policy, lang)),
        ("recusals", ("recusals", "回避名单"), recusals(lang)),
    ];
    if pack.attendance.experts {
        all.push(("experts", ("experts", "专家库"), experts(policy, lang)));
    }
    if !pack.signals.is_empty() {
        all.push(("entries", ("entries", "信用与处罚记录"), entries(pack, lang)));
    }
    let form = |(register, (en, zh), columns): (&'static str, (&str, &str), Vec<Column>)| {
        let name = lang.say(en, zh).to_owned();
        Ok(Form { bytes: workbook(&name, &columns, lang)?, name, register })
    };
    all.into_iter().map(form).collect()
}

/// The width of a text in digits.
fn width(text: &str) -> u32 {
    text.chars().map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 }).sum()
}

/// Writes a form.
fn workbook(name: &str, columns: &[Column], lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The day on which a file was made would make two files of one form differ.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let font = lang.say("Calibri", "宋体");
    let plain = Format::new().set_font_name(font).set_font_size(11).set_align(FormatAlign::VerticalCenter);
    let head = plain
        .clone()
        .set_bold()
        .set_text_wrap()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center);
    let needed = head.clone().set_background_color(Color::RGB(0x00FF_E699));
    let free = head.clone().set_background_color(Color::RGB(0x00DD_EBF7));
    let example = plain.clone().set_italic().set_font_color(Color::Gray).set_num_format("@");
    let lists = lang.say("lists", "词表");
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    sheet.set_row_height(0, 34)?;
    sheet.set_freeze_panes(1, 2)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    let mut place: u16 = 0;
    for (index, column) in (0_u16..).zip(columns) {
        let star = if column.required { "*" } else { "" };
        let heading = format!("{}{star}", column.heading);
        sheet.write_string_with_format(0, index, &heading, if column.required { &needed } else { &free })?;
        let cell = if column.day { "yyyy-mm-dd" } else { "@" };
        sheet.set_column_format(index, &plain.clone().set_num_format(cell))?;
        let words = column.words.iter().map(|word| width(word)).max().unwrap_or(0);
        // Names are long.
        let least = if index == 1 { 28 } else { 10 };
        let wide = width(&heading).max(width(&column.example)).max(words).clamp(least, 34) + 2;
        sheet.set_column_width(index, wide)?;
        sheet.write_string_with_format(1, index, &column.example, &example)?;
        if !column.words.is_empty() {
            let letter = table::letters(place.into());
            let formula = format!("='{lists}'!${letter}$2:${letter}${}", column.words.len() + 1);
            let mut list = DataValidation::new().allow_list_formula(formula.as_str().into());
            list = list.ignore_blank(true).set_error_title(lang.say("Not in the list", "不在列表中"))?;
            list = list.set_error_message(
                lang.say("Choose a word of the list (sheet 'lists').", "请从列表（工作表“词表”）中选择。"),
            )?;
            if column.open {
                list = list.set_error_style(DataValidationErrorStyle::Information);
            }
            sheet.add_data_validation(2, index, ROWS + 1, index, &list)?;
            place += 1;
        }
    }
    let last = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, 1, last)?;
    sheet.ignore_error_range(1, 0, ROWS + 1, last, IgnoreError::NumberStoredAsText)?;
    notes(&mut book, columns, lang, &plain, &head)?;
    let sheet = book.add_worksheet();
    sheet.set_name(lists)?;
    for (index, column) in (0_u16..).zip(columns.iter().filter(|column| !column.words.is_empty())) {
        sheet.set_column_width(index, 28)?;
        sheet.write_string_with_format(0, index, &column.heading, &head)?;
        for (row, word) in (1..).zip(&column.words) {
            sheet.write_string_with_format(row, index, word, &plain)?;
        }
    }
    book.save_to_buffer()
}

/// The sheet that says what every column holds.
fn notes(
    book: &mut Workbook,
    columns: &[Column],
    lang: Lang,
    plain: &Format,
    head: &Format,
) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(lang.say("how to fill in", "填写说明"))?;
    for (index, wide) in [(0, 30), (1, 12), (2, 70), (3, 34)] {
        sheet.set_column_width(index, wide)?;
    }
    let first = lang.say(
        "One row each, below the example, which import leaves out. Yellow columns with * must be filled in; further columns \
         of your own may stay: import says that it does not read them.",
        "自第三行起每行一条；第二行为示例，导入时略去。黄色带*的列必填；本单位另有的列可以保留，导入时会说明未读取。",
    );
    let wrap = plain.clone().set_text_wrap();
    sheet.merge_range(0, 0, 0, 3, first, &wrap)?;
    sheet.set_row_height(0, 40)?;
    let headings = match lang {
        Lang::En => ["column", "must be filled in", "what it holds", "for example"],
        Lang::Zh => ["列", "必填", "填写内容", "示例"],
    };
    for (index, text) in (0_u16..).zip(headings) {
        sheet.write_string_with_format(1, index, text, head)?;
    }
    for (row, column) in (2..).zip(columns) {
        let needed = if column.required { lang.say("yes", "是") } else { "" };
        let cells = [column.heading.as_str(), needed, column.note.as_str(), column.example.as_str()];
        for (index, text) in (0_u16..).zip(cells) {
            sheet.write_string_with_format(row, index, text, &wrap)?;
        }
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::TEMPLATES;
    use super::*;
    use crate::table::{Names, Source};

    fn policy(pack: &Pack, programme: &double_random::programme::Programme) -> Policy {
        programme.policy(pack, &programme.tasks[0].code, 1, None).unwrap()
    }

    /// What a form holds is its example alone, and every column is one that the readers know.
    #[test]
    fn an_empty_form_reads_as_a_table_without_rows() {
        for template in TEMPLATES {
            let (pack, programme) = template.rules().unwrap();
            let policy = policy(&pack, &programme);
            for lang in [Lang::En, Lang::Zh] {
                for form in forms(&policy, &pack, lang).unwrap() {
                    let names = Names::default();
                    let source = Source::new(&form.bytes).names(&names);
                    let (rows, notes) = match form.register {
                        "units" => table::units(source, &policy).map(|(rows, notes, _)| (rows.len(), notes)),
                        "officers" => {
                            table::inspectors(source, &policy).map(|(rows, notes, _)| (rows.len(), notes))
                        }
                        "recusals" => {
                            table::recusals(source, &policy).map(|(rows, notes, _)| (rows.len(), notes))
                        }
                        "experts" => {
                            table::experts(source, &policy).map(|(rows, notes, _)| (rows.len(), notes))
                        }
                        _ => table::entries(source).map(|(rows, notes, _)| (rows.len(), notes)),
                    }
                    .unwrap_or_else(|error| panic!("{}: {error}", form.name));
                    assert_eq!(rows, 0, "{}", form.name);
                    let notes: Vec<String> = notes.iter().map(ToString::to_string).collect();
                    assert!(notes.iter().any(|note| note.contains("an example, not read")), "{notes:?}");
                    let lost = notes.iter().filter(|note| note.contains("is not read"));
                    let lost: Vec<&String> = lost.filter(|note| !note.starts_with("the sheet ")).collect();
                    assert!(lost.is_empty(), "{}: {lost:?}", form.name);
                }
            }
        }
    }

    #[test]
    fn the_same_form_has_the_same_bytes() {
        let (pack, programme) = TEMPLATES[0].rules().unwrap();
        let policy = policy(&pack, &programme);
        assert_eq!(forms(&policy, &pack, Lang::Zh).unwrap(), forms(&policy, &pack, Lang::Zh).unwrap());
    }
}
