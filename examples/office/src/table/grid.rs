//! The table inside the rows: finds its heading, says what is not used, and hands over row after row by
//! field.

use super::cells::{narrow, pieces, scientific};
use super::columns::{Column, heading, letters, meaning};
use super::places::{Place, Places};
use super::problem::{TableError, TableProblem};
use super::workbook::OpenWorkbook;
use super::{Source, guard, text};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// A row with its number in the file, counted from 1.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) cells: Vec<String>,
    /// Columns whose cell is no value but an error, such as `#N/A`.
    pub(super) faults: Vec<usize>,
}

impl Line {
    pub(super) fn clear(&mut self) {
        self.cells.clear();
        self.faults.clear();
    }

    /// Puts a cell where it stands; what lies between is empty.
    pub(super) fn put(&mut self, column: usize, cell: &str) {
        while self.cells.len() <= column {
            self.cells.push(String::new());
        }
        if let Some(place) = self.cells.get_mut(column) {
            cell.clone_into(place);
        }
    }

    pub(super) fn blank(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }

    fn said(&self) -> String {
        self.cells.iter().filter(|c| !c.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }
}

/// What one kind of table looks like.
pub(super) struct Schema<'s> {
    pub(super) columns: &'s [Column],
    /// The fields by which a heading is recognised.
    pub(super) keys: [&'s str; 2],
    pub(super) required: &'s [&'s str],
    /// Further headings and their fields.
    pub(super) more: &'s [(String, String)],
}

impl Schema<'_> {
    fn titles(&self, field: &str) -> String {
        let column = self.columns.iter().find(|(name, _)| *name == field);
        column.map_or_else(String::new, |(_, all)| all.join(", "))
    }

    fn no_header(&self) -> TableProblem {
        let wanted = self.keys.map(|key| format!("{key} ({})", self.titles(key))).join(" and ");
        TableProblem::NoHeader { wanted }
    }
}

/// The headings that are known, and what they mean.
struct Names<'s> {
    schema: &'s Schema<'s>,
    fields: BTreeMap<String, String>,
}

/// How much a row looks like the heading: it has both keys, or so many known words; how many required fields;
/// its number.
#[derive(Debug, Clone, Copy)]
struct Score {
    keyed: bool,
    known: usize,
    required: usize,
    row: u64,
}

impl<'s> Names<'s> {
    fn new(schema: &'s Schema<'s>, only: &[(String, String)]) -> Self {
        let mut fields: BTreeMap<String, String> = BTreeMap::new();
        let listed =
            schema.columns.iter().flat_map(|(field, all)| all.iter().map(move |name| (*name, *field)));
        let more = schema.more.iter().map(|(name, field)| (name.as_str(), field.as_str()));
        for (name, field) in listed.chain(more) {
            fields.entry(heading(name)).or_insert_with(|| field.to_owned());
        }
        for (name, _) in only {
            fields.entry(heading(name)).or_insert_with(|| format!("only {name}"));
        }
        Self { schema, fields }
    }

    fn of(&self, line: &Line) -> Vec<Option<String>> {
        line.cells.iter().map(|cell| meaning(cell, &self.fields)).collect()
    }

    fn score(&self, line: &Line) -> Score {
        let found = self.of(line);
        let has = |key: &&str| found.iter().flatten().any(|field| field == key);
        Score {
            keyed: self.schema.keys.iter().all(has),
            known: found.iter().flatten().count(),
            required: self.schema.required.iter().filter(|field| has(field)).count(),
            row: line.number,
        }
    }

    /// Keeps the first row of the best score; nothing is better than one with both keys.
    fn keep(&self, best: &mut Option<Score>, line: &Line) -> ControlFlow<()> {
        let score = self.score(line);
        if score.keyed {
            *best = Some(score);
            return ControlFlow::Break(());
        }
        if best.is_none_or(|best| score.known > best.known) {
            *best = Some(score);
        }
        ControlFlow::Continue(())
    }
}

/// Rows, wherever they come from.
enum Body<'a> {
    Text { text: Cow<'a, str>, delimiter: u8 },
    Sheet { book: Box<OpenWorkbook<'a>>, name: String },
}

impl Body<'_> {
    fn scan(&mut self, each: &mut dyn FnMut(&Line) -> ControlFlow<()>) -> Result<(), TableProblem> {
        match self {
            Self::Text { text, delimiter } => text::scan(text, *delimiter, &mut |line, _| each(line)),
            Self::Sheet { book, name } => book.scan(name, each),
        }
    }
}

/// How far into a text the heading is looked for with each delimiter before the whole text is tried.
const NEAR: usize = 1 << 16;

/// Chooses the delimiter under which the text has the heading. Excel separates its CSV by commas or
/// semicolons, as the country has it, and its Unicode text by tabs.
fn delimited(text: &str, names: &Names<'_>) -> Result<(u8, Score), TableProblem> {
    for delimiter in [b',', b'\t', b';'] {
        let mut best = None;
        let scanned = text::scan(text, delimiter, &mut |line, start| {
            if start > NEAR { ControlFlow::Break(()) } else { names.keep(&mut best, line) }
        });
        if let (Some(score), Ok(())) = (best.filter(|score| score.keyed), scanned) {
            return Ok((delimiter, score));
        }
    }
    let mut best: Option<(u8, Score)> = None;
    let mut quote = None;
    for delimiter in [b',', b'\t', b';'] {
        let mut found = None;
        match text::scan(text, delimiter, &mut |line, _| names.keep(&mut found, line)) {
            Ok(()) => {
                let rank = |score: &Score| (score.keyed, score.known);
                if let Some(found) = found
                    && best.is_none_or(|(_, best)| rank(&found) > rank(&best))
                {
                    best = Some((delimiter, found));
                }
            }
            Err(problem) => {
                quote.get_or_insert(problem);
            }
        }
    }
    // A row with one known word is not a heading in which the others are missing.
    best.filter(|(_, score)| score.keyed || score.known >= 2)
        .ok_or_else(|| quote.unwrap_or_else(|| names.schema.no_header()))
}

/// Chooses the sheet that has the heading, among those that people see.
fn sheet(
    book: &mut OpenWorkbook<'_>,
    wanted: Option<&str>,
    names: &Names<'_>,
) -> Result<(String, Score), TableProblem> {
    let mut visible = book.visible();
    if let Some(name) = wanted {
        if !visible.iter().any(|sheet| sheet == name) {
            let (name, there) = (name.to_owned(), visible.join(", "));
            return Err(TableProblem::NoSheet { name, there });
        }
        visible.retain(|sheet| sheet == name);
    }
    let mut scored = Vec::new();
    for name in visible {
        let mut best = None;
        book.scan(&name, &mut |line| names.keep(&mut best, line))?;
        scored.extend(best.map(|score: Score| (name, score)));
    }
    let some = |wanted: &dyn Fn(&Score) -> bool| {
        scored.iter().filter(|(_, score)| wanted(score)).cloned().collect::<Vec<_>>()
    };
    // A sheet that has the keys and lacks other columns is meant only where no other has them all.
    let whole = some(&|score| score.keyed && score.required == names.schema.required.len());
    let keyed = if whole.is_empty() { some(&|score| score.keyed) } else { whole };
    match keyed.as_slice() {
        [one] => Ok(one.clone()),
        [] => {
            // The first sheet of the best score, so that its missing columns can be named.
            let near = scored.iter().rev().max_by_key(|(_, score)| score.known).cloned();
            near.filter(|(_, score)| score.known >= 2).ok_or_else(|| names.schema.no_header())
        }
        more => {
            let sheets: Vec<&str> = more.iter().map(|(name, _)| name.as_str()).collect();
            Err(TableProblem::TwoSheets { sheets: sheets.join(", ") })
        }
    }
}

/// What is found while a table is read.
#[derive(Default)]
pub(super) struct Told {
    pub(super) notes: Vec<String>,
    pub(super) problems: Vec<TableProblem>,
}

/// Reads a table: finds the heading (the first row with both keys), says what it does not use, and hands over
/// the rows below it.
pub(super) fn read(
    source: Source<'_>,
    schema: &Schema<'_>,
    each: &mut dyn FnMut(Row<'_>, &mut Told),
) -> Result<(Vec<String>, Places), TableError> {
    let Source { bytes, sheet: wanted, mut progress, only } = source;
    let names = Names::new(schema, only);
    let only: Vec<(&str, &str, String)> = only
        .iter()
        .filter_map(|(title, value)| {
            Some((title.as_str(), names.fields.get(&heading(title))?.as_str(), narrow(value)))
        })
        .collect();
    let mut left: u64 = 0;
    let mut above = Vec::new();
    let (mut body, score) = match guard::container(bytes) {
        Some(container) => {
            let mut book = Box::new(OpenWorkbook::open(bytes, container)?);
            let (name, score) = sheet(&mut book, wanted, &names)?;
            above.push(format!("the sheet is {name}"));
            above.extend(book.unread(&name));
            (Body::Sheet { book, name }, score)
        }
        None => {
            let (text, encoding) = text::read(bytes)?;
            above.push(format!("the text is {encoding}"));
            let (delimiter, score) = delimited(&text, &names)?;
            (Body::Text { text, delimiter }, score)
        }
    };
    let mut head: Option<Head> = None;
    let (mut told, mut long, mut again) = (Told::default(), Vec::new(), Vec::new());
    let mut beside = BTreeSet::new();
    let mut places = Places::default();
    if let Body::Sheet { name, .. } = &body {
        places.sheet = Some(name.clone());
    }
    let mut count: u64 = 0;
    body.scan(&mut |line| {
        match &mut head {
            None if line.number == score.row => head = Some(Head::new(line, &names, &mut places)),
            None if score.keyed => {
                above.push(format!(
                    "{}: above the heading, not read: {}",
                    places.row(line.number),
                    line.said()
                ));
            }
            None => {}
            Some(head) => {
                for (column, used) in &mut head.nameless {
                    *used |= line.cells.get(*column).is_some_and(|cell| !cell.is_empty());
                }
                let beyond = head.cells.len()..line.cells.len();
                let mut stray = beyond.filter(|i| line.cells.get(*i).is_some_and(|cell| !cell.is_empty()));
                if places.sheet.is_some() {
                    // A sheet has no commas to go wrong: what stands beside the table is a remark.
                    beside.extend(stray);
                } else if stray.next().is_some() {
                    let (cells, columns) = (line.cells.len(), head.cells.len());
                    let place = places.row(line.number);
                    long.push(TableProblem::TooManyCells { place, cells, columns });
                }
                count += 1;
                if let Some(progress) = progress.as_deref_mut().filter(|_| count.is_multiple_of(1000)) {
                    progress(count);
                }
                // A page break of a printed table repeats its heading.
                if line.cells == head.cells {
                    again.push(format!("{}: the heading again, not read", places.row(line.number)));
                } else {
                    let row = Row { line, columns: &head.columns, places: &places };
                    if only.iter().all(|(_, field, value)| row.code(field) == *value) {
                        row.faults(&mut told.problems);
                        each(row, &mut told);
                    } else {
                        left += 1;
                    }
                }
            }
        }
        ControlFlow::Continue(())
    })?;
    if let Some(progress) = progress {
        progress(count);
    }
    let head = head.ok_or_else(|| schema.no_header())?;
    let mut notes = above;
    for (column, note) in head.notes {
        if column.is_none_or(|column| head.nameless.contains(&(column, true))) {
            notes.push(note);
        }
    }
    let columns = beside.into_iter().map(letters);
    notes.extend(
        columns.map(|column| {
            format!("{}: column {column} has no heading and is not read", places.row(score.row))
        }),
    );
    notes.extend(again);
    notes.extend(told.notes);
    let mut problems = head.problems;
    for (title, field, _) in &only {
        if !head.columns.contains_key(*field) {
            let (line, field, names) = (score.row, (*title).to_owned(), (*title).to_owned());
            problems.push(TableProblem::MissingColumn { place: places.row(line), field, names });
        }
    }
    if left > 0 {
        notes.push(format!("{left} rows with other values were left out"));
    }
    problems.extend(long);
    problems.extend(told.problems);
    if problems.is_empty() { Ok((notes, places)) } else { Err(TableError(problems)) }
}

/// The heading, understood.
struct Head {
    cells: Vec<String>,
    /// Field and column.
    columns: BTreeMap<String, usize>,
    /// Columns without heading, and whether anything stands in them.
    nameless: Vec<(usize, bool)>,
    /// Notes; those on a column without heading are worth telling only where something stands in it.
    notes: Vec<(Option<usize>, String)>,
    problems: Vec<TableProblem>,
}

impl Head {
    fn new(line: &Line, names: &Names<'_>, places: &mut Places) -> Self {
        let mut columns: BTreeMap<String, usize> = BTreeMap::new();
        let (mut nameless, mut notes, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        let row = places.row(line.number);
        let title = |i: usize| line.cells.get(i).map_or("", String::as_str);
        for (i, field) in names.of(line).into_iter().enumerate() {
            match field {
                Some(field) => match columns.get(&field) {
                    Some(first) => {
                        let columns = [*first, i].map(|at| (letters(at), title(at).to_owned())).to_vec();
                        problems.push(TableProblem::TwoColumns {
                            place: Place { columns, ..row.clone() },
                            field,
                        });
                    }
                    None => {
                        places.columns.insert(field.clone(), (i, title(i).to_owned()));
                        columns.insert(field, i);
                    }
                },
                None if title(i).is_empty() => {
                    nameless.push((i, false));
                    notes.push((
                        Some(i),
                        format!("{row}: column {} has no heading and is not read", letters(i)),
                    ));
                }
                None => notes.push((None, format!("{row}: column {:?} is not read", title(i)))),
            }
        }
        for field in names.schema.required.iter().filter(|field| !columns.contains_key(**field)) {
            let (field, names) = ((*field).to_owned(), names.schema.titles(field));
            problems.push(TableProblem::MissingColumn { place: row.clone(), field, names });
        }
        Self { cells: line.cells.clone(), columns, nameless, notes, problems }
    }
}

/// One row by field.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    line: &'a Line,
    columns: &'a BTreeMap<String, usize>,
    pub(super) places: &'a Places,
}

impl<'a> Row<'a> {
    pub(super) fn number(&self) -> u64 {
        self.line.number
    }

    /// The fields that have a column.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'a str> {
        self.columns.keys().map(String::as_str)
    }

    /// A text for people: as it stands.
    pub(super) fn text(&self, field: &str) -> String {
        let cell = self.columns.get(field).and_then(|i| self.line.cells.get(*i));
        cell.cloned().unwrap_or_default()
    }

    /// A code, number or word of a vocabulary.
    pub(super) fn code(&self, field: &str) -> String {
        narrow(&self.text(field))
    }

    /// A cell that may be empty, where an office writes a dash for nothing.
    pub(super) fn maybe(&self, field: &str) -> String {
        let text = self.code(field);
        if matches!(text.as_str(), "/" | "-" | "--" | "—" | "——" | "无") {
            String::new()
        } else {
            text
        }
    }

    /// Several values in one cell.
    pub(super) fn list(&self, field: &str) -> Vec<String> {
        pieces(&self.maybe(field))
    }

    /// An id, unless a spreadsheet has turned it into a number: the digits it dropped are gone.
    pub(super) fn id(&self, field: &str, problems: &mut Vec<TableProblem>) -> String {
        let value = self.code(field);
        self.watch(field, &value, problems);
        value
    }

    pub(super) fn watch(&self, field: &str, value: &str, problems: &mut Vec<TableProblem>) {
        if scientific(value) {
            let rule =
                "is a number that a spreadsheet has shortened: format the column as text and enter it again";
            self.problem(field, value, rule, problems);
        }
    }

    /// Notes a problem, unless the cell is an error that was named already.
    pub(super) fn problem(&self, field: &str, value: &str, rule: &str, problems: &mut Vec<TableProblem>) {
        if !self.columns.get(field).is_some_and(|column| self.line.faults.contains(column)) {
            problems.push(self.cell(field, value, rule));
        }
    }

    /// The errors among the cells that are read.
    fn faults(&self, problems: &mut Vec<TableProblem>) {
        if self.line.faults.is_empty() {
            return;
        }
        let mut wrong: Vec<(usize, &str)> =
            self.columns.iter().map(|(field, column)| (*column, field.as_str())).collect();
        wrong.retain(|(column, _)| self.line.faults.contains(column));
        wrong.sort_unstable();
        let rule = "is an error in the workbook: mend the formula or enter the value";
        problems.extend(wrong.into_iter().map(|(_, field)| self.cell(field, &self.text(field), rule)));
    }

    fn cell(&self, field: &str, value: &str, rule: &str) -> TableProblem {
        // A cell of a megabyte is a problem to name, not to repeat.
        let value = value.chars().take(80).collect();
        let place = self.places.cell(self.line.number, field);
        TableProblem::Cell { place, field: field.to_owned(), value, rule: rule.to_owned() }
    }
}
