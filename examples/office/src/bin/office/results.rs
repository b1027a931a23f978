//! What was found: one visit, or a table in which each row is an entry of the ledger, in the order of the table.

use super::Run;
use super::args::Results;
use super::asked;
use super::bars::{as_approved, barred, outsiders};
use super::book::SaidOf;
use super::desk::{Book, Office, Refused, Rules, refuse};
use super::dropout::{self, Leaving};
use super::meaning;
use super::named;
use super::now::Registers;
use super::rows::{RowKind, approval_of, gone_words, officer_of, people_of, said_gone, said_out};
use super::steps::{approved, book, evidence};
use super::store::about::Thing;
use super::store::{Database, StoreError};
use super::teams::{Drawn, people, teams_now};
use super::visits::{Replacing, Step, date, gone, replaces, team, unit_id};
use super::words::Answer;
use double_random::assign::Teams;
use double_random::bytes::Digest;
use double_random::calendar::{Date, Window};
use double_random::cycle::Event;
use double_random::dossier::ResultKind;
use double_random::id::{Code, UnitId};
use double_random::ledger::{Content, Correction, Gone, Inspected, Missed, Refusal, Visited};
use double_random::message::{Coded as _, Message};
use double_random::{Frame, Roster};
use double_random_office::catalogue::{self, IntoMessage as _, option};
use double_random_office::meaning::{Reading, inspection};
use double_random_office::table::{self, ResultRow};
use double_random_office::values::Lines;
use double_random_office::{say, told};
use double_random_support::files::{self, Failure};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What the results of one command are entered with.
struct Desk<'a> {
    run: &'a Run,
    office: &'a Office,
    name: (u64, u64),
    teams: Teams,
    /// What was drawn, read for the first row that changes teams.
    drawn: Option<Drawn>,
    frame: Option<Frame>,
    roster: Roster,
    registers: Registers,
    /// Where paths of the table begin.
    folder: PathBuf,
    /// What is said of rows: who comes, and what they held that is entered nowhere.
    said: Vec<Message>,
}

/// What the rows of one command add to, read once for all of them.
struct Pending {
    book: Book,
    others: Vec<Book>,
}

/// Enters results.
pub fn result(run: &Run, database: &mut Database, given: &Results) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = book(run, database, &office)?;
    if given.outside {
        return outside(run, database, &mut book, &office, given);
    }
    let name = book.standing(given.draw)?.name();
    let teams = teams_now(&book, database, name)?;
    let frame = match &office.rules {
        Rules::Policy(_) => None,
        Rules::Programme(_) => Some(Frame::from_json(&book.document(database, name, "frame")?)?.0),
    };
    let roster = Roster::from_json(&book.document(database, name, "roster")?)?.0;
    let registers = Registers::load(database)?;
    let folder = given.file.as_deref().and_then(Path::parent).map(Path::to_path_buf).unwrap_or_default();
    let said = Vec::new();
    let mut desk =
        Desk { run, office: &office, name, teams, drawn: None, frame, roster, registers, folder, said };
    let (file, rows) = match (&given.file, &given.unit) {
        (Some(path), _) => {
            let file = path.display().to_string();
            let bytes = files::read(path)?;
            let names = named::names(database)?;
            let mut source = given.reading.of(table::Source::new(&bytes)).names(&names);
            if let Some(sheet) = &given.sheet {
                source = source.sheet(sheet);
            }
            let (rows, notes, _) = table::results(source)
                .map_err(|error| asked::wrong(run.screen, &given.reading, path, &bytes, error.into()))?;
            notes.iter().for_each(|note| run.screen.remark(&file, note));
            (file, rows)
        }
        (None, Some(unit)) => {
            let result = match (&given.missed, &given.result) {
                (None, None) => {
                    return Err(say!("office.result.which", "--result CODE, or --missed REASON").into());
                }
                (_, result) => result.clone().unwrap_or_default(),
            };
            let row = ResultRow {
                row: 1,
                unit: unit.clone(),
                date: date(given.date.as_deref(), run)?.to_string(),
                result,
                team: given.team.iter().map(ToString::to_string).collect(),
                ..ResultRow::default()
            };
            ("result".to_owned(), vec![row])
        }
        (None, None) => {
            return Err(
                say!("office.result.nothing", "a table of results, or --unit: nothing to enter").into()
            );
        }
    };
    // Other tasks learn of a visit as an inspection outside their draws, which needs an approval.
    let others = match (&office.rules, &given.approval.approved_by) {
        (Rules::Programme(_), Some(_)) => meaning::others(database, &office, &book)?,
        (Rules::Programme(rules), None) if rules.1.tasks.len() > 1 => {
            run.screen.note(run.screen.word("office.result.alone"));
            Vec::new()
        }
        _ => Vec::new(),
    };
    let mut pending = Pending { book, others };
    let (mut entries, mut problems, mut same, mut refused) = (Vec::new(), Vec::new(), 0, true);
    let open = rows.iter().filter(|row| row.is_open()).count();
    if open > 0 && given.file.is_some() {
        run.screen.note(&told!(run.screen.lang, "office.result.open", count = open, file));
    }
    for row in rows.iter().filter(|row| given.file.is_none() || !row.is_open()) {
        match desk.enter(database, &mut pending, row, given) {
            Ok(Some(entry)) => entries.push(entry),
            Ok(None) => same += 1,
            // What is wrong with the database is wrong with no row.
            Err(error) if given.file.is_some() && !error.is::<StoreError>() => {
                refused &= error.is::<Refused>() || error.is::<Refusal>();
                let about = if row.unit.is_empty() { &row.officer } else { &row.unit };
                let other = rows.iter().find(|other| !row.unit.is_empty() && other.unit == row.unit);
                let other = other.filter(|other| other.row != row.row);
                let rule = catalogue::as_message(error.as_ref());
                problems.push(match other {
                    Some(other) => say!(
                        "office.result.at_row_twin",
                        "{file}: row {row}, {about}: {rule} (row {other} is about it, too)",
                        about,
                        file,
                        other = other.row,
                        row = row.row,
                        rule
                    ),
                    None => say!(
                        "office.result.at_row",
                        "{file}: row {row}, {about}: {rule}",
                        about,
                        file,
                        row = row.row,
                        rule
                    ),
                });
            }
            Err(error) => return Err(error),
        }
    }
    if !problems.is_empty() {
        let words = say!(
            "office.result.problems",
            "{count} problems, no result was entered{lines}",
            count = problems.len(),
            lines = Lines(problems)
        );
        // Rows that are in order and that a rule refuses are no unusable input.
        return if refused { refuse(words) } else { Err(words.into()) };
    }
    desk.said.iter().for_each(|note| run.screen.remark(&file, note));
    let text = told!(run.screen.lang, "office.result.entered", count = entries.len(), same);
    let json =
        json!({ "scope": pending.book.scope, "draw": name.0, "entries": entries, "already_there": same });
    Ok(Answer::said(json, text))
}

impl Desk<'_> {
    /// Enters one row; nothing if the ledger says the same already.
    fn enter(
        &mut self,
        database: &mut Database,
        pending: &mut Pending,
        row: &ResultRow,
        given: &Results,
    ) -> Result<Option<u64>, Failure> {
        let kind = RowKind::of(&row.entry)?;
        kind.uses(row)?;
        match kind {
            RowKind::Told | RowKind::Visited | RowKind::Missed => {
                self.visit(database, pending, (kind, row), given)
            }
            RowKind::Replaced => self.replacement(database, pending, row, given),
            RowKind::DroppedOut => self.drop_out(database, pending, row, given),
            RowKind::Outside => self.inspected(database, pending, row, given),
        }
    }

    fn visit(
        &mut self,
        database: &mut Database,
        pending: &mut Pending,
        (kind, row): (RowKind, &ResultRow),
        given: &Results,
    ) -> Result<Option<u64>, Failure> {
        let unit = unit_id(&row.unit, self.office)?;
        let at = unit.clone();
        let (on, draw, result) = (self.day(row)?, self.name.0, self.result(&row.result));
        let book = &pending.book;
        let content = if let Some(reason) = self.not_made(kind, row, given)? {
            let shown = self.needed(row, given, &not_made())?;
            let approval =
                approval_of(self.run, row, &given.approval).map_err(|error| about(&not_made(), error))?;
            if !row.team.is_empty() || !row.items.is_empty() {
                self.said.push(say!(
                    "office.result.unused",
                    "row {row}: the team and items of a visit that could not be made are not entered",
                    row = row.row
                ));
            }
            Content::Missed(Missed { approval, date: on, draw, evidence: shown, reason, unit })
        } else {
            if !row.reason.is_empty() {
                return Err(say!(
                    "office.result.reason",
                    "reason (未检查原因) belongs to a visit that could not be made, and the result says that it was \
                     made"
                )
                .into());
            }
            if !row.level.is_empty() && row.approved_by.is_empty() {
                return Err(
                    say!("office.result.level", "level (批准层级) without approved by (批准人)").into()
                );
            }
            let drawn = people(&self.teams, &unit).ok_or_else(|| {
                say!(
                    "office.result.no_visit",
                    "{unit} has no visit in draw {draw}.{attempt}",
                    unit,
                    draw = self.name.0,
                    attempt = self.name.1
                )
            })?;
            let came = if row.team.is_empty() { drawn } else { people_of(&self.roster, &row.team)? };
            let people = barred(&self.registers, &self.roster, &came, &unit, on)?;
            let barred = as_approved(self.run, given, Some(row), people, &unit)?;
            let items: BTreeSet<Code> =
                row.items.iter().map(|item| Code::parse(item)).collect::<Result<_, _>>()?;
            Content::Visited(Visited {
                barred,
                date: on,
                draw,
                evidence: self.shown(row, given)?,
                items: items.into_iter().collect(),
                result: self.code(&result)?,
                team: came,
                unit,
            })
        };
        let meaning = match (&self.office.rules, &book.task, &self.frame) {
            (Rules::Programme(rules), Some(task), Some(frame)) => {
                let (pack, programme) = rules.as_ref();
                let reading = Reading { pack, programme, task, frame, draw };
                reading.of(content.clone(), &result)?
            }
            _ => None,
        };
        let content = meaning.as_ref().map_or(content, |meaning| meaning.content.clone());
        if stands(database, book, &at, &content)? {
            return Ok(None);
        }
        let entry = pending.book.enter(database, self.run.at, &self.run.actor, content, None)?;
        if let (Some(meaning), Rules::Programme(rules)) = (meaning, &self.office.rules) {
            meaning::note(database, &rules.0, &meaning.entry)?;
            self.tell(database, &mut pending.others, given, meaning.others)?;
        }
        Ok(Some(entry))
    }

    /// An institution of the draw is gone: the next reserve comes in its place.
    fn replacement(
        &mut self,
        database: &mut Database,
        pending: &mut Pending,
        row: &ResultRow,
        given: &Results,
    ) -> Result<Option<u64>, Failure> {
        let what = say!("office.what.replacement", "a replacement");
        let word = if row.reason.is_empty() { &row.result } else { &row.reason };
        let replacing = Replacing {
            unit: unit_id(&row.unit, self.office)?,
            reason: said_gone(word).ok_or_else(|| gone_words(word, &what))?,
            date: self.day(row)?,
            evidence: self.needed(row, given, &what)?,
            approval: approval_of(self.run, row, &given.approval).map_err(|error| about(&what, error))?,
        };
        let draw = self.name.0;
        let same = |content: &Content| {
            matches!(content, Content::Replaced(known) if known.draw == draw && known.unit == replacing.unit
                && known.reason == replacing.reason && known.date == replacing.date
                && known.evidence == replacing.evidence && known.approval == replacing.approval)
        };
        let changes = pending.book.entries(database, &Thing::Changes(draw), 0)?;
        if changes.iter().any(|known| same(&known.entry)) {
            return Ok(None);
        }
        let drawn = load(&mut self.drawn, &pending.book, database, draw)?;
        let steps = replaces(self.run, database, &mut pending.book, (drawn, &self.registers), &replacing)?;
        self.teams = drawn.teams.clone();
        if let Some(last) = steps.last()
            && !row.by.is_empty()
            && row.by != last.by.as_str()
        {
            return refuse(say!(
                "office.result.by",
                "by (替换为): the draw has fixed the order of the reserves, and the next one is {next}, not {by}",
                by = row.by,
                next = last.by
            ));
        }
        let step = |step: &Step| row_said(row, &format!("{} → {}", step.unit, step.by).into_message());
        self.said.extend(steps.iter().map(step));
        Ok(steps.last().map(|step| step.entry))
    }

    /// An officer drops out, and others take the places.
    fn drop_out(
        &mut self,
        database: &mut Database,
        pending: &mut Pending,
        row: &ResultRow,
        given: &Results,
    ) -> Result<Option<u64>, Failure> {
        let draw = self.name.0;
        let unit = Some(&row.unit)
            .filter(|unit| !unit.is_empty())
            .map(|unit| unit_id(unit, self.office))
            .transpose()?;
        let from = self.day(row)?;
        let until = Some(&row.until).filter(|text| !text.is_empty());
        let until =
            until.map(|text| Date::parse(text).map_err(|error| option("until", text, &error.message())));
        let drawn = load(&mut self.drawn, &pending.book, database, draw)?;
        let window = drawn.sealed.plan().policy().window;
        let until = until.transpose()?.unwrap_or_else(|| window.to().max(from));
        let leaving = Leaving {
            out: officer_of(&self.roster, row)?,
            reason: said_out(&row.reason)?,
            unit,
            dates: Window::new(from, until).map_err(|error| {
                let what = format!("{from} – {until}").into_message();
                say!("office.about", "{what}: {rule}", rule = error, what)
            })?,
            evidence: shown(self.office, &self.folder, row, given)?
                .ok_or_else(|| no_evidence(&say!("office.what.drop_out", "a drop-out")))?,
            approval: approval_of(self.run, row, &given.approval)
                .map_err(|error| about(&say!("office.what.drop_out", "a drop-out"), error))?,
        };
        let entry = Content::DroppedOut(leaving.entry(draw));
        let changes = pending.book.entries(database, &Thing::Changes(draw), 0)?;
        if changes.iter().any(|known| known.entry == entry) {
            return Ok(None);
        }
        let (_, entry, found) =
            dropout::leaves(self.run, database, &mut pending.book, (drawn, &self.registers), &leaving)?;
        let words = dropout::said(&leaving.out, &found);
        self.said.extend(words.iter().map(|line| row_said(row, line)));
        self.teams = drawn.teams.clone();
        Ok(Some(entry))
    }

    /// An inspection outside any draw.
    fn inspected(
        &self,
        database: &mut Database,
        pending: &mut Pending,
        row: &ResultRow,
        given: &Results,
    ) -> Result<Option<u64>, Failure> {
        let (unit, on) = (unit_id(&row.unit, self.office)?, self.day(row)?);
        let came = people_of(&self.roster, &row.team)?;
        if came.is_empty() {
            return Err(say!(
                "office.result.team",
                "team (检查人员): an inspection outside a draw has no drawn team"
            )
            .into());
        }
        let people = outsiders(database, self.office, &pending.book, &came, &unit, on)?;
        let inspected = Inspected {
            approval: approval_of(self.run, row, &given.approval).map_err(|error| {
                about(&say!("office.what.outside", "an inspection outside a draw"), error)
            })?,
            barred: as_approved(self.run, given, None, people, &unit)?,
            date: on,
            evidence: self.shown(row, given)?,
            result: Some(&row.result)
                .filter(|text| !text.is_empty())
                .map(|text| self.code(&self.result(text)))
                .transpose()?,
            team: came,
            unit,
        };
        if stands(database, &pending.book, &inspected.unit, &Content::Inspected(inspected.clone()))? {
            return Ok(None);
        }
        enter_inspected(self.run, database, &mut pending.book, self.office, inspected).map(Some)
    }

    fn day(&self, row: &ResultRow) -> Result<Date, Failure> {
        Ok(Date::parse(&row.date).map_err(|error| {
            say!("office.row.date", "date \"{date}\" {rule}", date = row.date, rule = error)
        })?)
    }

    /// The code of a result; its name means the same. Unknown words stay: they may say that no visit was made.
    fn result(&self, text: &str) -> String {
        table::code(text, &named::results(self.office)).unwrap_or_else(|_| text.to_owned())
    }

    fn code(&self, text: &str) -> Result<Code, Failure> {
        if let Rules::Programme(_) = &self.office.rules {
            table::code(text, &named::results(self.office)).map_err(|rule| {
                say!("office.row.result", "result (检查结果) \"{text}\" {rule}", rule, text)
            })?;
        }
        Ok(Code::parse(text)
            .map_err(|rule| say!("office.row.result", "result (检查结果) \"{text}\" {rule}", rule, text))?)
    }

    /// Why the visit of a row could not be made; none if it was made. The result says it, as a reason or as a
    /// word of the pack, and the reason says why where the word of the pack is none.
    fn not_made(&self, kind: RowKind, row: &ResultRow, given: &Results) -> Result<Option<Gone>, Failure> {
        if let Some(reason) = given.missed {
            return Ok(Some(gone(reason)?));
        }
        let of_pack = match &self.office.rules {
            Rules::Policy(_) => false,
            Rules::Programme(rules) => {
                let rule = Code::parse(&self.result(&row.result)).ok();
                let rule = rule.and_then(|code| rules.0.result(&code));
                rule.is_some_and(|rule| rule.kind == ResultKind::Unmade)
            }
        };
        let own = said_gone(&row.result);
        let unmade = own.is_some() || of_pack || (row.result.is_empty() && !row.reason.is_empty());
        match kind {
            RowKind::Visited if unmade => {
                return Err(say!(
                    "office.result.contradicts",
                    "the entry says that the visit was made, and the result that it was not"
                )
                .into());
            }
            RowKind::Missed if !unmade => {
                return Err(say!(
                    "office.result.contradicts_made",
                    "the entry says that the visit could not be made, and the result \"{result}\" that it was",
                    result = row.result
                )
                .into());
            }
            _ if !unmade => return Ok(None),
            _ => {}
        }
        let reason = if row.reason.is_empty() { own } else { said_gone(&row.reason) };
        let said = || {
            let what = say!(
                "office.what.not_made_as",
                "{result} is a visit that could not be made, and it",
                result = row.result
            );
            gone_words(&row.reason, &what)
        };
        Ok(Some(reason.ok_or_else(said)?))
    }

    /// The hash of the evidence of a row: its own file, from the folder of the table on, or that of the command.
    fn shown(&self, row: &ResultRow, given: &Results) -> Result<Option<Digest>, Failure> {
        shown(self.office, &self.folder, row, given)
    }

    fn needed(&self, row: &ResultRow, given: &Results, what: &Message) -> Result<Digest, Failure> {
        self.shown(row, given)?.ok_or_else(|| no_evidence(what))
    }

    /// Tells the other tasks: it counts for caps and rotation there, never for coverage.
    fn tell(
        &self,
        database: &mut Database,
        others: &mut [Book],
        given: &Results,
        events: Vec<(Code, Event)>,
    ) -> Result<(), Failure> {
        for (task, event) in events {
            let book = others.iter_mut().find(|book| book.task.as_ref() == Some(&task));
            if let (Some(book), Event::Inspected { date, team, unit, .. }) = (book, event) {
                let approval = approved(self.run, &given.approval)?;
                let inspected =
                    Inspected { approval, barred: None, date, evidence: None, result: None, team, unit };
                book.enter(database, self.run.at, &self.run.actor, Content::Inspected(inspected), None)?;
            }
        }
        Ok(())
    }
}

/// The hash of the evidence of a row.
fn shown(
    office: &Office,
    folder: &Path,
    row: &ResultRow,
    given: &Results,
) -> Result<Option<Digest>, Failure> {
    let own = Some(&row.evidence).filter(|path| !path.is_empty()).map(|path| folder.join(path));
    let path = own.as_deref().or(given.evidence.as_deref());
    path.map(|path| evidence(office.suite, path)).transpose()
}

/// The draw whose teams a row changes; read once.
fn load<'d>(
    drawn: &'d mut Option<Drawn>,
    book: &Book,
    database: &mut Database,
    draw: u64,
) -> Result<&'d mut Drawn, Failure> {
    if drawn.is_none() {
        *drawn = Some(Drawn::load(book, database, Some(draw))?);
    }
    Ok(drawn.as_mut().ok_or("a draw that was read")?)
}

/// A failure with what it is about; a refusal stays one, and so does a failure of the database.
fn about(what: &Message, error: Failure) -> Failure {
    if error.is::<Refused>() || error.is::<StoreError>() {
        return error;
    }
    say!("office.about", "{what}: {rule}", rule = catalogue::as_message(error.as_ref()), what).into()
}

/// A visit that could not be made, as what something is said of.
fn not_made() -> Message {
    say!("office.what.not_made", "a visit that could not be made")
}

fn no_evidence(what: &Message) -> Failure {
    say!("office.result.evidence", "{what}: evidence (证明材料) is needed, a file", what).into()
}

/// What is said of a row.
fn row_said(row: &ResultRow, words: &Message) -> Message {
    say!("office.result.said", "row {row}: {words}", row = row.row, words)
}

/// Whether the ledger says the same already: the same table read twice, or read again after a crash. Refuses what
/// was taken back.
fn stands(database: &mut Database, book: &Book, unit: &UnitId, content: &Content) -> Result<bool, Failure> {
    let same = |known: &Correction| match (known, content) {
        (Correction::Visited(known), Content::Visited(new)) => known == new,
        (Correction::Missed(known), Content::Missed(new)) => known == new,
        (Correction::Inspected(known), Content::Inspected(new)) => known == new,
        _ => false,
    };
    let said = book.at_unit(database, unit)?;
    if said.iter().any(|known| same(&known.now)) {
        return Ok(true);
    }
    let taken_back =
        |known: &&SaidOf| matches!(known.now, Correction::Withdrawn(_)) && known.entered == *content;
    match said.iter().find(taken_back) {
        Some(SaidOf { number, .. }) => Err(say!(
            "office.result.taken_back",
            "entry {number} said the same and was taken back; office amend --entry {number} enters it again",
            number
        )
        .into()),
        None => Ok(false),
    }
}

/// Enters an inspection outside a draw, and its result into the dossier.
fn enter_inspected(
    run: &Run,
    database: &mut Database,
    book: &mut Book,
    office: &Office,
    inspected: Inspected,
) -> Result<u64, Failure> {
    let noted = match (&office.rules, &book.task) {
        (Rules::Programme(rules), Some(task)) => inspection(&rules.0, task, &inspected)?,
        _ => None,
    };
    let entry = book.enter(database, run.at, &run.actor, Content::Inspected(inspected), None)?;
    if let (Some(noted), Rules::Programme(rules)) = (noted, &office.rules) {
        meaning::note(database, &rules.0, &noted)?;
    }
    Ok(entry)
}

/// The command: an inspection outside a draw.
fn outside(
    run: &Run,
    database: &mut Database,
    book: &mut Book,
    office: &Office,
    given: &Results,
) -> Result<Answer, Failure> {
    let unit = given.unit.as_deref().ok_or_else(|| say!("office.result.unit_option", "--unit is needed"))?;
    let unit = unit_id(unit, office)?;
    let on = date(given.date.as_deref(), run)?;
    let came = team(given.team.as_deref().ok_or_else(|| {
        say!(
            "office.result.team_option",
            "--team is required: an inspection outside a draw has no drawn team"
        )
    })?)?;
    let people = outsiders(database, office, book, &came, &unit, on)?;
    let result = given.result.as_deref();
    let inspected = Inspected {
        barred: as_approved(run, given, None, people, &unit)?,
        approval: approved(run, &given.approval)?,
        date: on,
        evidence: given.evidence.as_deref().map(|path| evidence(office.suite, path)).transpose()?,
        result: result
            .map(|text| Code::parse(text).map_err(|error| option("--result", text, &error.message())))
            .transpose()?,
        team: came,
        unit: unit.clone(),
    };
    let entry = enter_inspected(run, database, book, office, inspected)?;
    let text = told!(run.screen.lang, "office.result.outside", unit);
    Ok(Answer::said(json!({ "entry": entry, "unit": unit }), text))
}
