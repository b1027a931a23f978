//! The table inside the rows: finds its heading, says what is not used, and hands over row after row by
//! field.

use super::cells::{footer, garbled, narrow, pieces, scientific, total};
use super::columns::{Column, INSTEAD, heading, letters, meaning};
use super::days::{DateOrder, Day, ENDLESS, NO_DAY, day, endless, ends};
use super::names::{Named, Names as Called, code};
use super::places::{Place, Places};
use super::problem::{TableError, TableProblem};
use super::text::Decoded;
use super::workbook::{Merged, OpenWorkbook};
use super::{Asked, Source, docx, guard, text};
use crate::say;
use crate::values::Several;
use double_random::id::UnitIdForm;
use double_random::message::{AsParam, Message};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// A row with its number in the file, counted from 1.
#[derive(Debug, Default, Clone)]
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) cells: Vec<String>,
    /// Columns whose cell is no value but an error, such as `#N/A`.
    pub(super) faults: Vec<usize>,
    /// Columns whose cell is a formula without a stored value.
    pub(super) unsaved: Vec<usize>,
    /// Columns whose cell is merged with the one above, and has its value.
    pub(super) merged: Vec<usize>,
}

impl Line {
    pub(super) fn clear(&mut self) {
        self.cells.clear();
        self.faults.clear();
        self.unsaved.clear();
        self.merged.clear();
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
        self.unsaved.is_empty() && self.cells.iter().all(String::is_empty)
    }

    fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// The heading that two rows make together: what stands below is more exact than what stands above.
    fn over(&self, below: &Self) -> Self {
        let cell = |i| if below.cell(i).is_empty() { self.cell(i) } else { below.cell(i) };
        let cells = (0..self.cells.len().max(below.cells.len())).map(|i| cell(i).to_owned()).collect();
        Self { number: below.number, cells, ..Self::default() }
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
        let wanted = self.keys.map(|key| format!("{key} ({})", self.titles(key)));
        TableProblem::NoHeader { wanted: wanted.join("; ") }
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
    /// Whether a known word is not ASCII, so that the encoding is right.
    own: bool,
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
        let mut found: Vec<Option<String>> =
            line.cells.iter().map(|cell| meaning(cell, &self.fields)).collect();
        for (field, titles) in INSTEAD {
            let asked = self.schema.columns.iter().any(|(name, _)| name == field);
            if !asked || found.iter().flatten().any(|known| known == field) {
                continue;
            }
            let named = |cell: &String| titles.iter().any(|title| heading(title) == heading(cell));
            let place = line.cells.iter().position(named);
            let beside = format!("{field} name");
            let free = |place: &&mut Option<String>| place.as_ref().is_none_or(|known| *known == beside);
            if let Some(place) = place.and_then(|place| found.get_mut(place)).filter(free) {
                *place = Some((*field).to_owned());
            }
        }
        found
    }

    fn score(&self, line: &Line) -> Score {
        let found = self.of(line);
        let has = |key: &&str| found.iter().flatten().any(|field| field == key);
        Score {
            keyed: self.schema.keys.iter().all(has),
            known: found.iter().flatten().count(),
            required: self.schema.required.iter().filter(|field| has(field)).count(),
            own: found.iter().zip(&line.cells).any(|(field, cell)| field.is_some() && !cell.is_ascii()),
            row: line.number,
        }
    }

    /// Whether the row below a heading is its second row: it has neither key, and names a column.
    fn goes_on(&self, head: &Head, line: &Line) -> bool {
        let keys = self.schema.keys.iter().filter_map(|key| head.columns.get(*key));
        keys.map(|column| line.cell(*column)).all(str::is_empty) && self.of(line).iter().any(Option::is_some)
    }

    /// The columns that the row above a heading names and the heading itself leaves empty.
    fn begins_above(&self, above: &Line, line: &Line) -> Option<Line> {
        let named = self.of(above);
        let missing = |(i, field): (usize, &Option<String>)| field.is_some() && line.cell(i).is_empty();
        let known = named.iter().enumerate().any(missing);
        (known && above.number + 1 == line.number).then(|| above.over(line))
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

/// Cells of which one note or problem for a column is enough: the first of them, and how many more there are.
#[derive(Default)]
pub(super) struct Tally(BTreeMap<String, (Place, u64)>);

impl Tally {
    pub(super) fn count(&mut self, row: Row<'_>, field: &str) {
        let place = || (row.places.cell(row.number(), field), 0);
        self.0.entry(field.to_owned()).and_modify(|(_, more)| *more += 1).or_insert_with(place);
    }

    fn counts(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    fn notes(&self, words: &Message) -> Vec<Message> {
        let note = |(place, more): &(Place, u64)| match more {
            0 => say!("office.note.cell", "{place} {words}", place, words),
            more => say!(
                "office.note.cells",
                "{place} and {more} more cells of the column: {words}",
                more,
                place,
                words
            ),
        };
        self.0.values().map(note).collect()
    }
}

/// What is found while a table is read.
#[derive(Default)]
pub(super) struct Told {
    pub(super) notes: Vec<Message>,
    pub(super) problems: Vec<TableProblem>,
    /// Date cells that hold the day 0.
    no_days: Tally,
    /// Date cells that tell the time of day, too.
    timed: Tally,
    /// Last days that never come.
    endless: Tally,
    /// Dates whose day and month may be the other way round.
    unordered: Tally,
    /// Texts that look as if characters were lost.
    garbled: Tally,
    /// Formulas without a stored value.
    unsaved: Tally,
    /// Last days of licences that have no number.
    pub(super) unnumbered: Tally,
    /// Qualifications, where the rules know none.
    pub(super) idle: Tally,
    /// Townships of the one division that the rules have.
    pub(super) towns: Tally,
}

/// The merged blocks below the heading, and what stands in those that have begun.
struct Blocks {
    ahead: std::vec::IntoIter<Merged>,
    next: Option<Merged>,
    open: Vec<(Merged, String)>,
}

impl Blocks {
    fn new(merged: Vec<Merged>) -> Self {
        let mut ahead = merged.into_iter();
        let next = ahead.next();
        Self { ahead, next, open: Vec::new() }
    }

    /// The row with the values of the blocks that reach into it from above; nothing where none does.
    fn filled(
        &mut self,
        line: &Line,
        columns: &BTreeMap<String, usize>,
        used: &mut Vec<Merged>,
    ) -> Option<Line> {
        self.open.retain(|(block, _)| block.last >= line.number);
        let mut filled: Option<Line> = None;
        for (block, value) in &self.open {
            if columns.values().any(|column| *column == block.column) && line.cell(block.column).is_empty() {
                let row = filled.get_or_insert_with(|| line.clone());
                row.put(block.column, value);
                row.merged.push(block.column);
                if !used.contains(block) {
                    used.push(*block);
                }
            }
        }
        while let Some(block) = self.next.filter(|block| block.first <= line.number) {
            let value = line.cell(block.column);
            if block.first == line.number && !value.is_empty() {
                self.open.push((block, value.to_owned()));
            }
            self.next = self.ahead.next();
        }
        filled
    }
}

/// Reads a table: finds the heading (the first row with both keys), says what it does not use, and hands over
/// the rows below it.
pub(super) fn read(
    source: Source<'_>,
    schema: &Schema<'_>,
    each: &mut dyn FnMut(Row<'_>, &mut Told),
) -> Result<(Vec<Message>, Places), TableError> {
    let Source { bytes, sheet: wanted, mut progress, only, dates, names: called, encoding, asked, kept } =
        source;
    // A paper is read as the workbook that its tables make.
    let paper = docx::workbook(bytes).transpose()?;
    let bytes = paper.as_deref().unwrap_or(bytes);
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
            if encoding.is_some() {
                above.push(say!(
                    "office.note.encoding_unused",
                    "a workbook says its encoding itself: --encoding is not used"
                ));
            }
            let mut book = Box::new(OpenWorkbook::open(bytes, container)?);
            let (name, score) = sheet(&mut book, wanted, &names)?;
            above.push(say!("office.note.sheet", "the sheet is {name}", name));
            above.extend(book.unread(&name));
            (Body::Sheet { book, name }, score)
        }
        None => {
            let Decoded { text, encoding: found, doubtful } = text::read(bytes, encoding)?;
            above.push(say!("office.note.text", "the text is {encoding}", encoding = found));
            let found = delimited(&text, &names);
            // Chinese headings show that the encoding is right.
            if doubtful && !found.as_ref().is_ok_and(|(_, score)| score.own) {
                return Err(text::undecided(bytes).into());
            }
            let (delimiter, score) = found?;
            (Body::Text { text, delimiter }, score)
        }
    };
    let (merged, hidden) = match &mut body {
        Body::Sheet { book, name } => (book.merged(name)?, book.hidden(bytes, name)),
        Body::Text { .. } => (Vec::new(), BTreeSet::new()),
    };
    if let Body::Sheet { book, .. } = &body
        && matches!(**book, OpenWorkbook::Xls(_))
    {
        above.push(say!(
            "office.note.xls",
            "whether rows are hidden or filtered out cannot be told of an .xls: all are read"
        ));
    }
    let mut unseen = Vec::new();
    let mut blocks = Blocks::new(merged.into_iter().filter(|block| block.first > score.row).collect());
    let mut spread = Vec::new();
    let mut higher = Line::default();
    let mut head: Option<Head> = None;
    let (mut told, mut long, mut again) = (Told::default(), Vec::new(), Vec::new());
    let mut beside = BTreeSet::new();
    let mut places = Places::default();
    match &body {
        Body::Sheet { name, .. } => places.sheet = Some(name.clone()),
        Body::Text { delimiter, .. } => places.delimiter = Some(*delimiter),
    }
    let mut count: u64 = 0;
    body.scan(&mut |line| {
        match &mut head {
            None if line.number == score.row => {
                let whole = names.begins_above(&higher, line);
                if whole.is_some() {
                    above.pop();
                    above.push(say!(
                        "office.note.heading_above",
                        "{place}: the heading begins in the row above",
                        place = places.row(line.number)
                    ));
                }
                let mut found = Head::new(whole.as_ref().unwrap_or(line), &names, &mut places);
                found.rows.extend(whole.is_some().then(|| higher.cells.clone()));
                found.rows.push(line.cells.clone());
                if let Some(asked) = asked {
                    found.ask(asked, &names, &mut places);
                }
                head = Some(found);
            }
            None if score.keyed => {
                higher = Line { number: line.number, cells: line.cells.clone(), ..Line::default() };
                above.push(say!(
                    "office.note.above",
                    "{place}: above the heading, not read: {text}",
                    place = places.row(line.number),
                    text = line.said()
                ));
            }
            None => {}
            Some(head) if line.number == score.row + 1 && names.goes_on(head, line) => {
                let first = Line { number: score.row, cells: head.cells.clone(), ..Line::default() };
                let rows = std::mem::take(&mut head.rows);
                places.columns.clear();
                *head = Head::new(&first.over(line), &names, &mut places);
                head.rows = rows;
                head.rows.push(line.cells.clone());
                if let Some(asked) = asked {
                    head.ask(asked, &names, &mut places);
                }
                above.push(say!(
                    "office.note.heading_below",
                    "{place}: the heading goes on in this row",
                    place = places.row(line.number)
                ));
            }
            Some(head) => {
                let filled = blocks.filled(line, &head.columns, &mut spread);
                let line = filled.as_ref().unwrap_or(line);
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
                if head.rows.contains(&line.cells) {
                    again.push(say!(
                        "office.note.heading_again",
                        "{place}: the heading again, not read",
                        place = places.row(line.number)
                    ));
                } else {
                    let row = Row { line, columns: &head.columns, places: &places, dates, called, asked };
                    if row.is_example(schema) {
                        let (place, text) = (places.row(line.number), line.said());
                        told.notes.push(say!(
                            "office.note.example",
                            "{place}: an example, not read: {text}",
                            place,
                            text
                        ));
                    } else if row.adds_up(schema) {
                        let (place, text) = (places.row(line.number), line.said());
                        told.notes.push(say!(
                            "office.note.total",
                            "{place}: a total, not read: {text}",
                            place,
                            text
                        ));
                    } else if row.below(schema) {
                        let (place, text) = (places.row(line.number), line.said());
                        told.notes.push(say!(
                            "office.note.footer",
                            "{place}: a note or signature below the table, not read: {text}",
                            place,
                            text
                        ));
                    } else if only.iter().all(|(_, field, value)| narrow(&row.text(field)) == *value) {
                        unseen.extend(hidden.get(&line.number));
                        row.faults(&mut told.problems);
                        row.losses(&mut told);
                        let set = fill(&mut head.set, line);
                        each(Row { line: set.as_ref().unwrap_or(line), ..row }, &mut told);
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
    notes.extend(columns.map(|column| nameless(&places.row(score.row), &column)));
    notes.extend(again);
    notes.extend(spread.into_iter().map(|block| {
        let (column, Merged { first, last, .. }) = (letters(block.column), block);
        let place = places.row(first);
        say!(
            "office.note.merged",
            "{place}: cells {column}{first} to {column}{last} are merged: their value is read in every row",
            column,
            first,
            last,
            place
        )
    }));
    if let Some(first) = unseen.first() {
        notes.push(say!(
            "office.note.hidden",
            "{place}: {count} rows are hidden or filtered out in the workbook, and read: {rows}",
            count = unseen.len(),
            place = places.row(*first),
            rows = Several::first(unseen.iter().copied(), 10)
        ));
    }
    notes.extend(told.no_days.notes(&say!(
        "office.cell.no_day",
        "the day 0 of a spreadsheet (1900-01-00), read as an empty cell"
    )));
    notes.extend(told.timed.notes(&say!("office.cell.timed", "the time of day is not entered")));
    notes.extend(
        told.endless
            .notes(&say!("office.cell.endless", "长期 or another word for no end, read as 9999-12-31")),
    );
    notes.extend(told.garbled.notes(&say!(
        "office.cell.garbled",
        "looks as if characters were lost (锟斤拷 or ??): compare with the source"
    )));
    notes.extend(told.unnumbered.notes(&say!(
        "office.cell.unnumbered",
        "the last day of a licence without number: the number is entered as -"
    )));
    notes.extend(
        told.idle.notes(&say!("office.cell.idle", "qualifications, and the rules have none: not read")),
    );
    notes.extend(told.towns.notes(&say!(
        "office.cell.town",
        "a township, and the rules have only one division: the row is of that division"
    )));
    for Set { heading, value, count, .. } in &head.set {
        let place = places.row(score.row);
        notes.push(say!(
            "office.asked.set",
            "{place}: {count} empty cells of the column {heading} are read as {value} (--set)",
            count,
            heading,
            place,
            value
        ));
    }
    notes.extend(asked.map(Asked::notes).unwrap_or_default());
    notes.extend(told.notes);
    let mut problems = head.problems;
    for (title, field, _) in &only {
        if !head.columns.contains_key(*field) {
            let (line, field, names) = (score.row, (*title).to_owned(), (*title).to_owned());
            problems.push(TableProblem::MissingColumn { place: places.row(line), field, names });
        }
    }
    if left > 0 {
        notes.push(say!("office.note.left", "{count} rows with other values were left out", count = left));
    }
    problems.extend(long);
    problems.extend(told.unsaved.0.into_iter().map(|(field, (place, more))| TableProblem::Unsaved {
        place,
        field,
        more,
    }));
    problems.extend(told.unordered.0.into_iter().map(|(field, (place, more))| TableProblem::Unordered {
        place,
        field,
        more,
    }));
    problems.extend(told.problems);
    let of_cells = problems.iter().all(|problem| matches!(problem, TableProblem::Cell { .. }));
    if let Some(kept) = kept.filter(|_| of_cells) {
        kept.borrow_mut().append(&mut problems);
    }
    if problems.is_empty() { Ok((notes, places)) } else { Err(TableError(problems)) }
}

/// What is wrong with an id that has become a number.
pub(super) fn shortened() -> Message {
    say!(
        "office.cell.shortened",
        "is a number that a spreadsheet has shortened: format the column as text and enter it again"
    )
}

/// The note on a column without heading.
fn nameless(place: &Place, column: &str) -> Message {
    say!("office.note.nameless", "{place}: column {column} has no heading and is not read", column, place)
}

/// The heading, understood.
struct Head {
    cells: Vec<String>,
    /// The rows of the sheet that make the heading.
    rows: Vec<Vec<String>>,
    /// Field and column.
    columns: BTreeMap<String, usize>,
    /// Columns without heading, and whether anything stands in them.
    nameless: Vec<(usize, bool)>,
    /// Notes; those on a column without heading are worth telling only where something stands in it.
    notes: Vec<(Option<usize>, Message)>,
    problems: Vec<TableProblem>,
    /// Values for empty cells.
    set: Vec<Set>,
}

/// A value for the empty cells of a column, and how many there were.
struct Set {
    column: usize,
    heading: String,
    value: String,
    count: u64,
}

/// A row whose empty cells have the values that were set for their columns; nothing where none is empty.
fn fill(all: &mut [Set], line: &Line) -> Option<Line> {
    let mut filled: Option<Line> = None;
    for set in all.iter_mut().filter(|set| line.cell(set.column).is_empty()) {
        let row = filled.get_or_insert_with(|| line.clone());
        row.put(set.column, &set.value);
        set.count += 1;
    }
    filled
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
                    notes.push((Some(i), self::nameless(&row, &letters(i))));
                }
                None => {
                    let (place, heading) = (&row, title(i));
                    let note = say!(
                        "office.note.unread",
                        "{place}: column \"{heading}\" is not read",
                        heading,
                        place
                    );
                    notes.push((None, note));
                }
            }
        }
        for column in &line.unsaved {
            let place = Place { columns: vec![(letters(*column), String::new())], ..row.clone() };
            problems.push(TableProblem::Unsaved { place, field: "heading".to_owned(), more: 0 });
        }
        for field in names.schema.required.iter().filter(|field| !columns.contains_key(**field)) {
            let (field, names) = ((*field).to_owned(), names.schema.titles(field));
            problems.push(TableProblem::MissingColumn { place: row.clone(), field, names });
        }
        let set = Vec::new();
        Self { cells: line.cells.clone(), rows: Vec::new(), columns, nameless, notes, problems, set }
    }

    /// Takes the answers of the office: columns that are not read, and values for empty cells. A column that only an
    /// answer gives stands behind the others.
    fn ask(&mut self, asked: &Asked, names: &Names<'_>, places: &mut Places) {
        // A column may be called by several headings, and has one answer.
        let mut answered: BTreeSet<String> = BTreeSet::new();
        let twice = |title: &str| {
            let what =
                say!("office.asked.column_twice", "the column {heading} has two answers", heading = title);
            TableProblem::Answer { what }
        };
        for title in &asked.skip {
            let there =
                self.cells.iter().position(|cell| !cell.is_empty() && heading(cell) == heading(title));
            let of_column =
                |(field, column): (&String, &usize)| (Some(*column) == there).then(|| field.clone());
            let known = names.fields.get(&heading(title)).filter(|field| self.columns.contains_key(*field));
            let field = known.cloned().or_else(|| self.columns.iter().find_map(of_column));
            let named = field.clone().or_else(|| names.fields.get(&heading(title)).cloned());
            if !answered.insert(named.unwrap_or_else(|| heading(title))) {
                self.problems.push(twice(title));
            } else if field.is_some() || there.is_some() {
                if let Some(field) = field {
                    self.columns.remove(&field);
                    places.columns.remove(&field);
                }
                // That it is not read is said once.
                let unread = |note: &Message| {
                    let of = note.params().get("heading");
                    note.rule() == "office.note.unread"
                        && there.and_then(|column| self.cells.get(column)).map(AsParam::param).as_ref() == of
                };
                self.notes.retain(|(_, note)| !unread(note));
                let note = say!(
                    "office.asked.skipped",
                    "the column {heading} is not read (--skip)",
                    heading = title
                );
                self.notes.push((None, note));
            } else {
                let what = say!(
                    "office.asked.no_column",
                    "--skip {heading}: the table has no column that is called so",
                    heading = title
                );
                self.problems.push(TableProblem::Answer { what });
            }
        }
        for (title, value) in &asked.set {
            let Some(field) = names.fields.get(&heading(title)) else {
                let of = |(field, all): &Column| {
                    let own = all.iter().find(|name| !name.is_ascii());
                    own.map_or_else(|| (*field).to_owned(), |own| format!("{field} ({own})"))
                };
                let what = say!(
                    "office.asked.no_field",
                    "--set {heading}: a table of this kind has no column that is called so; it has {columns}",
                    columns = Several::new(names.schema.columns.iter().map(of).collect::<Vec<_>>()),
                    heading = title
                );
                self.problems.push(TableProblem::Answer { what });
                continue;
            };
            if !answered.insert(field.clone()) {
                self.problems.push(twice(title));
                continue;
            }
            let next = self.cells.len() + self.set.len();
            let column = *self.columns.entry(field.clone()).or_insert(next);
            places.columns.entry(field.clone()).or_insert((column, title.clone()));
            let named = |problem: &TableProblem| matches!(problem, TableProblem::MissingColumn { field: of, .. } if of == field);
            self.problems.retain(|problem| !named(problem));
            self.set.push(Set { column, heading: title.clone(), value: value.clone(), count: 0 });
        }
    }
}

/// The ids of a table in lower case, as they were first written, and where.
#[derive(Default)]
pub(super) struct Spellings(BTreeMap<String, (String, u64)>);

/// One row by field.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    line: &'a Line,
    columns: &'a BTreeMap<String, usize>,
    pub(super) places: &'a Places,
    dates: Option<DateOrder>,
    called: Option<&'a Called>,
    asked: Option<&'a Asked>,
}

impl<'a> Row<'a> {
    /// Whether the table has a column of a field.
    pub(super) fn has(&self, field: &str) -> bool {
        self.columns.contains_key(field)
    }

    /// Whether the cell of a field is one with that of the row above.
    pub(super) fn goes_on(&self, field: &str) -> bool {
        self.columns.get(field).is_some_and(|column| self.line.merged.contains(column))
    }

    /// The order of dates that was declared.
    pub(super) const fn dates(&self) -> Option<DateOrder> {
        self.dates
    }

    /// Which ids institutions have, by the rules.
    pub(super) fn ids(&self) -> UnitIdForm {
        self.called.map_or_else(UnitIdForm::default, |names| names.ids)
    }

    fn meant(&self, word: String) -> String {
        match self.asked {
            Some(asked) => asked.meant(word),
            None => word,
        }
    }

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
        self.meant(narrow(&self.text(field)))
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

    /// A date that may be missing; the day 0 of spreadsheets is none.
    pub(super) fn day(&self, field: &str, told: &mut Told) -> String {
        self.on(field, &self.maybe(field), told)
    }

    /// A date in a cell, as the library writes it. What is noted: a time of day, and the day 0, which is none.
    pub(super) fn on(&self, field: &str, text: &str, told: &mut Told) -> String {
        let read = self.read(field, text, told);
        self.real(field, read.text, told)
    }

    /// The last day of something, which may have none: then it is empty.
    pub(super) fn until(&self, field: &str, text: &str, told: &mut Told) -> String {
        if endless(text) { String::new() } else { self.on(field, text, told) }
    }

    /// The last day of something that must have one: 长期 is the last day of the calendar.
    pub(super) fn last(&self, field: &str, text: &str, told: &mut Told) -> String {
        if endless(text) {
            told.endless.count(*self, field);
            return ENDLESS.to_owned();
        }
        // The day 0 stands, for the library to refuse.
        self.read(field, text, told).text
    }

    /// A date in a cell, and the notes on it.
    fn read(&self, field: &str, text: &str, told: &mut Told) -> Day {
        let read = day(text, self.dates);
        if read.timed {
            told.timed.count(*self, field);
        }
        if read.unordered {
            told.unordered.count(*self, field);
        }
        read
    }

    /// From one day to another.
    pub(super) fn span(&self, field: &str, text: &str, told: &mut Told) -> (String, String) {
        let (from, to) = ends(text);
        if from == to {
            let read = self.on(field, &from, told);
            return (read.clone(), read);
        }
        (self.on(field, &from, told), self.last(field, &to, told))
    }

    /// A date as it is read, or nothing where it is the day 0, which is noted.
    pub(super) fn real(&self, field: &str, day: String, told: &mut Told) -> String {
        if day == NO_DAY {
            told.no_days.count(*self, field);
            return String::new();
        }
        day
    }

    /// Several values in one cell.
    pub(super) fn list(&self, field: &str) -> Vec<String> {
        pieces(&self.maybe(field)).into_iter().map(|piece| self.meant(piece)).collect()
    }

    /// An id, unless a spreadsheet has turned it into a number: the digits it dropped are gone.
    pub(super) fn id(&self, field: &str, told: &mut Told) -> String {
        let value = self.code(field);
        self.watch(field, &value, told);
        value
    }

    /// An institution by its id, or by a name that only one has.
    pub(super) fn unit(&self, field: &str, told: &mut Told) -> String {
        let named = self.called.map(|names| &names.units);
        let id = self.id_of(field, self.id(field, told), named, told);
        self.beside(field, &id, named, told);
        id
    }

    /// An institution in a cell that may be empty.
    pub(super) fn other(&self, field: &str, told: &mut Told) -> String {
        self.id_of(field, self.maybe(field), self.called.map(|names| &names.units), told)
    }

    /// A person by the id, or by a name that only one has.
    pub(super) fn person(&self, field: &str, told: &mut Told) -> String {
        let named = self.called.map(|names| &names.people);
        let id = self.id_of(field, self.id(field, told), named, told);
        self.beside(field, &id, named, told);
        id
    }

    /// An id and the name that stands beside it: where the register knows the name as that of another, one of them is
    /// wrong.
    fn beside(&self, field: &str, id: &str, named: Option<&Named>, told: &mut Told) {
        let name = self.text(&format!("{field} name"));
        if let Some(other) = named.and_then(|named| named.only(&name))
            && !id.is_empty()
            && !name.is_empty()
            && other != id
        {
            let rule = say!(
                "office.cell.beside",
                "stands beside {name}, and the register has that name for {other}: one of them is wrong",
                name,
                other
            );
            self.problem(field, id, &rule, told);
        }
    }

    fn id_of(&self, field: &str, text: String, named: Option<&Named>, told: &mut Told) -> String {
        let Some(found) = named.filter(|_| !text.is_empty()).map(|named| named.id(&text)) else {
            return text;
        };
        found.unwrap_or_else(|rule| {
            self.problem(field, &text, &rule, told);
            String::new()
        })
    }

    /// A signal by its code or its name.
    pub(super) fn signal(&self, field: &str) -> Result<String, Message> {
        let text = self.code(field);
        match self.called {
            Some(names) if !names.signals.is_empty() => code(&text, &names.signals),
            _ => Ok(text),
        }
    }

    pub(super) fn watch(&self, field: &str, value: &str, told: &mut Told) {
        if scientific(value) {
            self.problem(field, value, &shortened(), told);
        }
    }

    /// Notes a problem, unless the cell is named already: as an error, or as a formula without value.
    pub(super) fn problem(&self, field: &str, value: &str, rule: &Message, told: &mut Told) {
        // A date that may mean two days is named for its column. In a column that holds no dates it is no date.
        if day(value, self.dates).unordered && told.unordered.counts(field) {
            return;
        }
        let named = |column| self.line.faults.contains(column) || self.line.unsaved.contains(column);
        if !self.columns.get(field).is_some_and(named) {
            told.problems.push(self.cell(field, value, rule));
        }
    }

    /// Whether the row shows how a form is filled in: its id says so, as the forms of `init --template` do.
    fn is_example(&self, schema: &Schema<'_>) -> bool {
        let id = self.text(schema.keys[0]).to_lowercase();
        ["示例", "example-", "example "].iter().any(|mark| id.starts_with(mark)) || id == "example"
    }

    /// Whether the row adds up others: it says so where its id should stand, or it says so and lacks a key.
    fn adds_up(&self, schema: &Schema<'_>) -> bool {
        let [id, other] = schema.keys.map(|key| self.text(key));
        total(&id) || ((id.is_empty() || other.is_empty()) && self.line.cells.iter().any(|cell| total(cell)))
    }

    /// Whether the row is a note or a signature below the table: its first cell that is filled says so.
    fn below(&self, schema: &Schema<'_>) -> bool {
        let keyless = schema.keys.iter().any(|key| self.text(key).is_empty());
        let filled = self.line.cells.iter().position(|cell| !cell.is_empty());
        // Such a word is no id either.
        let alone = keyless || filled == self.columns.get(schema.keys[0]).copied();
        filled.is_some_and(|column| footer(self.line.cell(column), alone))
    }

    /// What was lost of the cells that are read: values of formulas, and characters.
    fn losses(&self, told: &mut Told) {
        for (field, column) in self.columns {
            let cell = self.line.cell(*column);
            if self.line.unsaved.contains(column) {
                told.unsaved.count(*self, field);
            } else if cell.contains('\u{fffd}') {
                let rule = say!(
                    "office.cell.lost",
                    "holds characters that a program has lost (U+FFFD): enter it again from its source"
                );
                told.problems.push(self.cell(field, cell, &rule));
            } else if garbled(cell) {
                told.garbled.count(*self, field);
            }
        }
    }

    /// Notes an id that differs from one in another row by upper and lower case only.
    pub(super) fn spelt(&self, field: &str, id: &str, known: &mut Spellings, told: &mut Told) {
        match known.0.get(&id.to_lowercase()) {
            Some((first, row)) if first != id => {
                let rule = say!(
                    "office.cell.spelt",
                    "differs from {first} in {place} by upper and lower case only: write one id in one way",
                    first,
                    place = self.places.row(*row)
                );
                self.problem(field, id, &rule, told);
            }
            Some(_) => {}
            None => {
                known.0.insert(id.to_lowercase(), (id.to_owned(), self.number()));
            }
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
        let rule =
            say!("office.cell.fault", "is an error in the workbook: mend the formula or enter the value");
        problems.extend(wrong.into_iter().map(|(_, field)| self.cell(field, &self.text(field), &rule)));
    }

    fn cell(&self, field: &str, value: &str, rule: &Message) -> TableProblem {
        // A cell of a megabyte is a problem to name, not to repeat.
        let value = value.chars().take(80).collect();
        let place = self.places.cell(self.line.number, field);
        TableProblem::Cell { place, field: field.to_owned(), value, rule: rule.clone() }
    }
}
