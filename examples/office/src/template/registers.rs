//! The registers of an office as workbooks to be filled in: headings that the readers know, the words that a column
//! may hold as lists to choose from, an example that import leaves out, and what every column means.

use crate::catalogue;
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
    /// What a code of the catalogue says; nothing for none.
    fn say(&self, code: &str) -> String {
        if code.is_empty() { String::new() } else { catalogue::text(code, &[], self.lang) }
    }

    /// A column by the codes of its heading, of what it holds, and of its example.
    fn add(&mut self, [heading, note, example]: [&str; 3], required: bool) {
        let (heading, example) = (self.say(heading), self.say(example));
        self.push(heading, note, required, example);
    }

    fn push(&mut self, heading: String, note: &str, required: bool, example: String) {
        let (note, words) = (self.say(note), Vec::new());
        self.made.push(Column { heading, required, note, example, words, open: false, day: false });
    }

    fn day(&mut self, [heading, note]: [&str; 2], required: bool, example: &str) {
        self.push(self.say(heading), note, required, example.to_owned());
        if let Some(last) = self.made.last_mut() {
            last.day = true;
        }
    }

    /// A column of known words, the first of them being the example.
    fn list(&mut self, [heading, note]: [&str; 2], required: bool, words: Vec<String>) {
        self.push(self.say(heading), note, required, words.first().cloned().unwrap_or_default());
        if let Some(last) = self.made.last_mut() {
            last.words = words;
        }
    }

    /// The same of words that are codes of the catalogue.
    fn codes(&mut self, names: [&str; 2], required: bool, words: &[&str]) {
        let words = words.iter().map(|word| self.say(word)).collect();
        self.list(names, required, words);
    }

    /// A column of known words of which a cell may hold several.
    fn lists(&mut self, names: [&str; 2], required: bool, words: Vec<String>) {
        self.list(names, required, words);
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

/// The one note of columns whose words stand in a list.
const ONE_OF: &str = "office.form.one_of";
const GRID: [&str; 3] = ["office.form.grid", "office.form.grid_note", ""];
const UNIT: [&str; 3] = ["office.form.unit", "office.form.unit_note", "office.form.unit_example"];
const ABSENCES: [&str; 3] = ["office.form.absences", "office.form.absences_note", ""];

fn units(policy: &Policy, pack: &Pack, lang: Lang) -> Vec<Column> {
    let mut columns = Columns { lang, made: Vec::new() };
    let note = match policy.frame.ids {
        UnitIdForm::National => "office.form.unit_id_note",
        UnitIdForm::Plain => "office.form.unit_id_plain",
    };
    columns.add(["office.form.unit_id", note, "office.form.unit_example"], true);
    columns
        .add(["office.form.unit_name", "office.form.unit_name_note", "office.form.unit_name_example"], true);
    columns.list(["office.form.division", "office.form.division_note"], true, divisions(policy));
    columns.list(["office.form.kind", ONE_OF], true, names(policy, &policy.frame.kinds));
    let rated = policy.rating.as_ref();
    let stated = rated.is_none_or(|rating| rating.start.stated);
    for (heading, codes) in
        [("office.form.risk", &policy.frame.risk), ("office.form.credit", &policy.frame.credit)]
    {
        // One level is no choice; and what the rules give is not written down.
        if rated.is_none() || (stated && codes.len() > 1) {
            let note = if rated.is_none() { ONE_OF } else { "office.form.start_note" };
            columns.list([heading, note], rated.is_none(), names(policy, codes));
        }
    }
    columns.codes(
        ["office.form.status", "office.form.status_note"],
        false,
        &["office.form.status_active", "office.form.status_suspended", "office.form.status_closed"],
    );
    columns.day(["office.form.opened", "office.form.opened_note"], false, "2020-01-01");
    columns.add(GRID, false);
    columns.add(["office.form.licence", "office.form.several", "office.form.licence_example"], false);
    columns.day(["office.form.licence_until", "office.form.licence_until_note"], false, "2030-12-31");
    for feature in &pack.features {
        columns.push(feature.name.clone(), "office.form.feature_note", false, String::new());
    }
    columns.made
}

fn officers(policy: &Policy, lang: Lang) -> Vec<Column> {
    let mut columns = Columns { lang, made: Vec::new() };
    columns
        .add(["office.form.officer_id", "office.form.officer_id_note", "office.form.officer_example"], true);
    columns.add(["office.form.person_name", "", "office.form.officer_name_example"], true);
    columns.list(["office.form.department", ONE_OF], true, names(policy, &policy.roster.departments));
    columns.add(["office.form.office", "", ""], false);
    columns.lists(["office.form.divisions", "office.form.divisions_note"], true, divisions(policy));
    if !policy.roster.qualifications.is_empty() {
        let known = names(policy, &policy.roster.qualifications);
        columns.lists(["office.form.qualifications", "office.form.several_fields"], false, known);
    }
    columns.day(["office.form.certified_until", "office.form.certified_until_note"], true, "2030-12-31");
    columns.add(ABSENCES, false);
    columns.add(GRID, false);
    columns.made
}

fn experts(policy: &Policy, lang: Lang) -> Vec<Column> {
    let mut columns = Columns { lang, made: Vec::new() };
    columns.add(["office.form.expert_id", "office.form.expert_id_note", "office.form.expert_example"], true);
    columns.add(["office.form.person_name", "", "office.form.expert_name_example"], true);
    columns.add(["office.form.organisation", "", ""], false);
    columns.lists(["office.form.expert_divisions", "office.form.several"], true, divisions(policy));
    let known = names(policy, &policy.roster.qualifications);
    columns.lists(["office.form.expert_qualifications", "office.form.several_fields"], false, known);
    columns.day(["office.form.engaged_until", ""], true, "2030-12-31");
    columns.add(ABSENCES, false);
    columns.codes(
        ["office.form.role", "office.form.role_note"],
        false,
        &[
            "office.form.role_expert",
            "office.form.role_third_party",
            "office.form.role_grid",
            "office.form.role_uncertified",
        ],
    );
    columns.made
}

fn recusals(lang: Lang) -> Vec<Column> {
    let mut columns = Columns { lang, made: Vec::new() };
    columns.add(["office.form.inspector", "office.form.inspector_note", "office.form.officer_example"], true);
    columns.add(UNIT, true);
    columns.codes(
        ["office.form.ground", ONE_OF],
        true,
        &["office.form.ground_statutory", "office.form.ground_requested", "office.form.ground_decided"],
    );
    columns.add(["office.form.basis", "office.form.basis_note", "office.form.basis_example"], true);
    columns.made
}

fn entries(pack: &Pack, lang: Lang) -> Vec<Column> {
    let mut columns = Columns { lang, made: Vec::new() };
    columns.day(["office.form.date", ""], true, "2026-01-15");
    columns.codes(
        ["office.form.entry", "office.form.entry_note"],
        true,
        &["office.form.entry_noted", "office.form.entry_cleared"],
    );
    let signals = pack.signals.iter().map(|signal| signal.name.clone()).collect();
    columns.list(["office.form.signal", ONE_OF], true, signals);
    columns.push(columns.say("office.form.count"), "office.form.count_note", false, "1".to_owned());
    columns.add(UNIT, true);
    columns.add(["office.form.source", "office.form.source_note", "office.form.source_example"], true);
    columns.made
}

/// The forms that an office with these rules fills in; `policy` is the vocabulary of its registers.
///
/// # Errors
/// A word that no cell can hold.
pub fn forms(policy: &Policy, pack: &Pack, lang: Lang) -> Result<Vec<Form>, XlsxError> {
    let mut all = vec![
        ("units", "office.form.units", units(policy, pack, lang)),
        ("officers", "office.form.officers", officers(policy, lang)),
        ("recusals", "office.form.recusals", recusals(lang)),
    ];
    if pack.attendance.experts {
        all.push(("experts", "office.form.experts", experts(policy, lang)));
    }
    if !pack.signals.is_empty() {
        all.push(("entries", "office.form.entries", entries(pack, lang)));
    }
    let form = |(register, name, columns): (&'static str, &str, Vec<Column>)| {
        let name = catalogue::text(name, &[], lang);
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
    let say = |code: &str| catalogue::text(code, &[], lang);
    let font = say("office.form.font");
    let plain = Format::new().set_font_name(&font).set_font_size(11).set_align(FormatAlign::VerticalCenter);
    let head = plain
        .clone()
        .set_bold()
        .set_text_wrap()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center);
    let needed = head.clone().set_background_color(Color::RGB(0x00FF_E699));
    let free = head.clone().set_background_color(Color::RGB(0x00DD_EBF7));
    let example = plain.clone().set_italic().set_font_color(Color::Gray).set_num_format("@");
    let lists = say("office.form.lists");
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
            list = list.ignore_blank(true).set_error_title(say("office.form.not_in_list"))?;
            list = list.set_error_message(say("office.form.choose"))?;
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
    sheet.set_name(&lists)?;
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
    let say = |code: &str| catalogue::text(code, &[], lang);
    sheet.set_name(say("office.form.how"))?;
    for (index, wide) in [(0, 30), (1, 12), (2, 70), (3, 34)] {
        sheet.set_column_width(index, wide)?;
    }
    let first = say("office.form.first");
    let wrap = plain.clone().set_text_wrap();
    sheet.merge_range(0, 0, 0, 3, &first, &wrap)?;
    sheet.set_row_height(0, 40)?;
    let headings = [
        "office.form.head_column",
        "office.form.head_required",
        "office.form.head_note",
        "office.form.head_example",
    ];
    for (index, code) in (0_u16..).zip(headings) {
        sheet.write_string_with_format(1, index, say(code), head)?;
    }
    let yes = say("office.form.yes");
    for (row, column) in (2..).zip(columns) {
        let needed = if column.required { yes.as_str() } else { "" };
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
