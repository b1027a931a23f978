//! Tables for people: task lists, notices, results, coverage, registers, the ledger; as CSV or .xlsx.

use super::Run;
use super::args::{Export, What};
use super::desk::{Book, Office, WholeBook, refuse};
use super::now::{self, Registers};
use super::output::{ending, no_form, write};
use super::register::{self, Register};
use super::steps::{book, cycle, whole_book};
use super::store::{Database, SqlCell, Value};
use super::streamed;
use super::teams::{people, teams_now};
use super::words::Answer;
use double_random::cycle::CoverageNode;
use double_random::dossier::DossierEntry;
use double_random::frame::{LicenceRow, UnitRow};
use double_random::id::{Code, InspectorId};
use double_random::ledger::{Content, Correction, Gone, Line};
use double_random::odds::ONE;
use double_random::roster::{ExpertRow, InspectorRow, RecusalRow};
use double_random::seal::Sealed;
use double_random::stratum::StratumNode;
use double_random::{Frame, Policy, Roster, UnitId};
use double_random_office::sheet::{Cell, Sheet, to_xlsx};
use double_random_office::show;
use double_random_office::table::heading_of;
use double_random_office::{catalogue, say, told};
use double_random_support::files::Failure;
use double_random_support::screen::{Lang, stratum};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Headings in a language, by their codes.
fn heads(lang: Lang, codes: &[&'static str]) -> Vec<&'static str> {
    codes.iter().map(|code| catalogue::word(code, lang)).collect()
}

/// What was sealed, as an export needs it.
pub struct Known {
    pub frame: Frame,
    pub roster: Roster,
    pub policy: Policy,
}

impl Known {
    /// Of a frame larger than memory, the institutions that the draw names.
    pub fn load(database: &mut Database, book: &Book, name: (u64, u64)) -> Result<Self, Failure> {
        if streamed::is_large(database, book, name)? {
            let (frame, roster, policy) = streamed::named(database, book, name)?;
            return Ok(Self { frame, roster, policy });
        }
        Ok(Self::of(&book.sealed(database, name)?))
    }

    pub fn of(sealed: &Sealed) -> Self {
        let plan = sealed.plan();
        let (frame, roster, policy) = (plan.frame().clone(), plan.roster().clone(), plan.policy().clone());
        Self { frame, roster, policy }
    }

    pub fn unit(&self, id: &UnitId) -> (String, String) {
        let unit = self.frame.get(id);
        let place = unit.map_or_else(String::new, |unit| self.policy.place(&unit.division));
        (unit.map_or_else(String::new, |unit| unit.name.clone()), place)
    }

    pub fn person(&self, id: &InspectorId) -> String {
        let officer = self.roster.position(id).map(|place| &self.roster.inspectors()[place].name);
        let expert = || self.roster.expert_position(id).map(|place| &self.roster.experts()[place].name);
        officer.or_else(expert).cloned().unwrap_or_default()
    }

    pub fn days(&self, day: Option<double_random::calendar::Date>) -> String {
        let window = self.policy.window;
        day.map_or_else(|| format!("{} – {}", window.from(), window.to()), |day| day.to_string())
    }
}

/// How a table names strata.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Strata {
    /// By path, as in the record: the table that is published, and verified against the record.
    Paths,
    /// By the policy's names.
    Names,
}

/// The institutions that were drawn, with the reserves that the record shows.
pub fn sample(
    run: &Run,
    database: &mut Database,
    book: &Book,
    name: (u64, u64),
    strata: Strata,
) -> Result<Sheet, Failure> {
    let record = book.record(database, name)?;
    let known = Known::load(database, book, name)?;
    let screen = run.screen;
    let mut rows = Vec::new();
    for (cell, sample) in record.table.cells.iter().zip(&record.sample) {
        let picks = sample.picks.iter().map(|pick| (pick, screen.word("office.sheet.drawn")));
        let reserves = sample.reserves.iter().map(|pick| (pick, screen.word("office.sheet.reserve")));
        let path = match strata {
            Strata::Paths => cell.path.to_string(),
            Strata::Names => stratum(cell.path.node(), &known.policy, screen.lang),
        };
        for (pick, kind) in picks.chain(reserves) {
            let (called, place) = known.unit(&pick.id);
            rows.push(vec![
                pick.id.to_string(),
                called,
                place,
                path.clone(),
                kind.to_owned(),
                pick.ticket.to_string(),
            ]);
        }
    }
    let header = heads(
        screen.lang,
        &[
            "office.column.id",
            "office.column.name",
            "office.column.division",
            "office.column.cell",
            "office.column.outcome",
            "office.column.ticket",
        ],
    );
    Ok(Sheet::new(screen.word("office.sheet.sample"), &header, rows))
}

/// The teams as they stand, by id only: what is published names no officer's person.
pub fn published_teams(
    run: &Run,
    database: &mut Database,
    book: &Book,
    name: (u64, u64),
) -> Result<Sheet, Failure> {
    // The published table is that of the record; later replacements are in the ledger.
    let record = book.record(database, name)?;
    let known = Known::load(database, book, name)?;
    let screen = run.screen;
    let mut rows = Vec::new();
    for visit in &record.teams.visits {
        let ids = people(&record.teams, &visit.unit).unwrap_or_default();
        let ids: Vec<&str> = ids.iter().map(InspectorId::as_str).collect();
        let lead = visit.lead.as_ref().map_or_else(String::new, ToString::to_string);
        rows.push(vec![
            visit.unit.to_string(),
            known.unit(&visit.unit).0,
            known.days(visit.day),
            ids.join(" "),
            lead,
        ]);
    }
    let header = heads(
        screen.lang,
        &[
            "office.column.id",
            "office.column.name",
            "office.column.when",
            "office.column.team",
            "office.column.lead",
        ],
    );
    Ok(Sheet::new(screen.word("office.sheet.teams"), &header, rows))
}

/// The visits of a draw as they stand after replacements, with what was replaced beside them, and the number of
/// the last entry that changed them; none if nothing was replaced.
pub fn standing(
    run: &Run,
    database: &mut Database,
    book: &WholeBook,
    name: (u64, u64),
) -> Result<Option<(Sheet, u64)>, Failure> {
    let from = book.state().attempt(name.0, name.1).map_or(0, double_random::ledger::Attempt::number);
    let mut last = 0;
    let mut replaced: BTreeMap<UnitId, (UnitId, Gone)> = BTreeMap::new();
    for entry in book.lines().iter().map(|line| line.entry()).filter(|entry| entry.number > from) {
        match &entry.entry {
            Content::Replaced(change) if change.draw == name.0 => {
                replaced.insert(change.unit.clone(), (change.by.clone(), change.reason));
                last = entry.number;
            }
            Content::Reassigned(change) if change.draw == name.0 => last = entry.number,
            _ => {}
        }
    }
    if last == 0 {
        return Ok(None);
    }
    let teams = teams_now(book, database, name)?;
    let known = Known::load(database, book, name)?;
    let screen = run.screen;
    let came_for: BTreeMap<&UnitId, (&UnitId, &Gone)> =
        replaced.iter().map(|(unit, (by, why))| (by, (unit, why))).collect();
    let mut rows = Vec::new();
    for visit in &teams.visits {
        let ids = people(&teams, &visit.unit).unwrap_or_default();
        let ids: Vec<&str> = ids.iter().map(InspectorId::as_str).collect();
        let came = came_for.get(&visit.unit);
        rows.push(vec![
            visit.unit.to_string(),
            known.unit(&visit.unit).0,
            known.days(visit.day),
            ids.join(" "),
            visit.lead.as_ref().map_or_else(String::new, ToString::to_string),
            came.map_or_else(String::new, |(unit, why)| show::came_for(unit, **why, screen.lang)),
        ]);
    }
    for (unit, (by, why)) in &replaced {
        let note = show::replaced_by(by, *why, screen.lang);
        let called = known.unit(unit).0;
        rows.push(vec![unit.to_string(), called, String::new(), String::new(), String::new(), note]);
    }
    rows.sort();
    let header = heads(
        screen.lang,
        &[
            "office.column.id",
            "office.column.name",
            "office.column.when",
            "office.column.team",
            "office.column.lead",
            "office.column.came_for",
        ],
    );
    Ok(Some((Sheet::new(screen.word("office.sheet.visits"), &header, rows), last)))
}

/// The results of a draw as amended, and the number of the last entry about them; none if
/// there are none.
pub fn results(
    run: &Run,
    database: &mut Database,
    book: &WholeBook,
    name: (u64, u64),
) -> Result<Option<(Sheet, u64)>, Failure> {
    let frame = streamed::frame(database, book, name)?;
    let screen = run.screen;
    let mut rows = Vec::new();
    let mut last = 0;
    let from = book.state().attempt(name.0, name.1).map_or(0, double_random::ledger::Attempt::number);
    for (number, visit) in book.whole().visits() {
        let (unit, date, result, team) = match visit {
            Correction::Visited(visited) if visited.draw == name.0 && number > from => {
                (&visited.unit, visited.date, visited.result.to_string(), visited.team.as_slice())
            }
            Correction::Missed(missed) if missed.draw == name.0 && number > from => {
                (&missed.unit, missed.date, show::not_visited(missed.reason, screen.lang), &[][..])
            }
            _ => continue,
        };
        last = last.max(number);
        let called = frame.get(unit).map_or_else(String::new, |unit| unit.name.clone());
        let ids: Vec<&str> = team.iter().map(InspectorId::as_str).collect();
        rows.push(vec![unit.to_string(), called, date.to_string(), result, ids.join(" ")]);
    }
    for line in book.lines().iter().map(Line::entry).filter(|line| line.number > from) {
        // A visit that was taken back leaves the table, which is another table then.
        let Content::Amended { entry, .. } = &line.entry else { continue };
        let of = match entry {
            Correction::Visited(visited) => Some(visited.draw),
            Correction::Missed(missed) => Some(missed.draw),
            Correction::Withdrawn(withdrawn) => withdrawn.draw,
            Correction::Inspected(_) => None,
        };
        if of == Some(name.0) {
            last = last.max(line.number);
        }
    }
    rows.sort();
    let header = heads(
        screen.lang,
        &[
            "office.column.id",
            "office.column.name",
            "office.column.visit_date",
            "office.column.result",
            "office.column.team",
        ],
    );
    let sheet = Sheet::new(screen.word("office.sheet.results"), &header, rows).days(&[2]);
    Ok((last > 0).then_some((sheet, last)))
}

/// The visits that are still to be made, under the columns that office result reads (检查结果录入表).
fn result_form(run: &Run, database: &mut Database, book: &Book, name: (u64, u64)) -> Result<Sheet, Failure> {
    let teams = teams_now(book, database, name)?;
    let known = Known::load(database, book, name)?;
    let open = cycle(book)?.open().iter().filter(|open| open.draw == name.0);
    let pending: BTreeSet<&UnitId> = open.flat_map(|open| open.pending.keys()).collect();
    let header = heads(
        run.screen.lang,
        &[
            "office.column.institution",
            "office.column.name",
            "office.column.planned",
            "office.column.visit_date",
            "office.column.result",
            "office.column.came",
            "office.column.items",
            "office.column.entry",
            "office.column.reason",
            "office.column.by",
            "office.column.absent",
            "office.column.until",
            "office.column.evidence",
            "office.column.approved_by",
            "office.column.level",
        ],
    );
    let row = |visit: &double_random::assign::Visit| {
        let ids = people(&teams, &visit.unit).unwrap_or_default();
        let ids: Vec<&str> = ids.iter().map(InspectorId::as_str).collect();
        let mut row = vec![String::new(); header.len()];
        let cells = [(0, visit.unit.to_string()), (1, known.unit(&visit.unit).0), (2, known.days(visit.day))];
        cells.into_iter().chain([(5, ids.join("、"))]).for_each(|(place, cell)| row[place] = cell);
        row
    };
    let rows = teams.visits.iter().filter(|visit| pending.contains(&visit.unit)).map(row).collect();
    Ok(Sheet::new(run.screen.word("office.sheet.form"), &header, rows).days(&[2]))
}

/// Who goes where, one row for each officer (检查任务单).
fn tasks(run: &Run, database: &mut Database, book: &Book, name: (u64, u64)) -> Result<Sheet, Failure> {
    let teams = teams_now(book, database, name)?;
    let known = Known::load(database, book, name)?;
    let screen = run.screen;
    let mut rows = Vec::new();
    let registers = Registers::load(database)?;
    let hindered = now::hindered(database, book, &registers, run.day())?;
    let open = cycle(book)?.open().iter().filter(|open| open.draw == name.0);
    let pending: BTreeSet<&UnitId> = open.flat_map(|open| open.pending.keys()).collect();
    for visit in &teams.visits {
        let (called, place) = known.unit(&visit.unit);
        // What the registers say now, and whether the visit is still to be made.
        let note = |id: Option<&InspectorId>| {
            if !pending.contains(&visit.unit) {
                return screen.word("office.sheet.settled").to_owned();
            }
            let own = hindered.iter().filter(|one| one.draw == name.0 && one.unit == visit.unit);
            let mine = own.filter(|one| one.person.is_none() || one.person.as_ref() == id);
            let said: Vec<String> =
                mine.map(|one| catalogue::words(&now::why(one.reason), screen.lang)).collect();
            catalogue::joined(&said, "office.between.sentences", screen.lang)
        };
        let mut row = |party: String, post: &Code, id: Option<&InspectorId>| {
            let lead = id.is_some() && id == visit.lead.as_ref();
            rows.push(vec![
                visit.unit.to_string(),
                called.clone(),
                place.clone(),
                known.days(visit.day),
                party,
                known.policy.label(post).to_owned(),
                id.map_or_else(|| screen.word("office.sheet.vacant").to_owned(), ToString::to_string),
                id.map_or_else(String::new, |id| known.person(id)),
                if lead { screen.word("office.sheet.lead").to_owned() } else { String::new() },
                note(id),
            ]);
        };
        for post in &visit.posts {
            let party = known.policy.label(&post.department).to_owned();
            post.officers.iter().for_each(|officer| row(party.clone(), &post.post, Some(&officer.id)));
            (0..post.vacancies).for_each(|_| row(party.clone(), &post.post, None));
        }
        for post in &visit.experts {
            let party = screen.word("office.sheet.expert").to_owned();
            post.experts.iter().for_each(|guest| row(party.clone(), &post.post, Some(&guest.id)));
            (0..post.vacancies).for_each(|_| row(party.clone(), &post.post, None));
        }
    }
    let header = heads(
        screen.lang,
        &[
            "office.column.id",
            "office.column.name",
            "office.column.division",
            "office.column.when",
            "office.column.department",
            "office.column.post",
            "office.column.certificate",
            "office.column.officer",
            "office.column.lead",
            "office.column.note",
        ],
    );
    Ok(Sheet::new(screen.word("office.sheet.tasks"), &header, rows).days(&[3]))
}

/// One row for each visit, with what a letter to the institution needs (检查通知书).
fn notices(
    run: &Run,
    database: &mut Database,
    book: &Book,
    name: (u64, u64),
    office: &Office,
) -> Result<Sheet, Failure> {
    let teams = teams_now(book, database, name)?;
    let known = Known::load(database, book, name)?;
    let record = book.record(database, name)?;
    let screen = run.screen;
    let mut rows = Vec::new();
    for visit in &teams.visits {
        let (called, place) = known.unit(&visit.unit);
        let ids = people(&teams, &visit.unit).unwrap_or_default();
        let team: Vec<String> = ids.iter().map(|id| format!("{} {id}", known.person(id))).collect();
        let items = form(office, book, &known, &visit.unit).join("；");
        rows.push(vec![
            format!("{}-{}-{}", book.scope, name.0, visit.unit),
            visit.unit.to_string(),
            called,
            place,
            known.policy.title.clone(),
            known.days(visit.day),
            items,
            team.join("；"),
            record.digest().to_string(),
        ]);
    }
    let header = heads(
        screen.lang,
        &[
            "office.column.notice",
            "office.column.id",
            "office.column.name",
            "office.column.division",
            "office.column.inspection",
            "office.column.when",
            "office.column.items",
            "office.column.came",
            "office.column.record",
        ],
    );
    Ok(Sheet::new(screen.word("office.sheet.notices"), &header, rows).days(&[5]))
}

/// The items that are checked at an institution, as the pack calls them, with the law behind each.
fn form(office: &Office, book: &Book, known: &Known, unit: &UnitId) -> Vec<String> {
    let (super::desk::Rules::Programme(rules), Some(task), Some(unit)) =
        (&office.rules, &book.task, known.frame.get(unit))
    else {
        return Vec::new();
    };
    let (pack, programme) = rules.as_ref();
    let asked = programme.task(task).map_or(&[][..], |task| task.items.as_slice());
    let form = pack.form(unit, [(task, asked)]);
    form.lines
        .iter()
        .map(|line| pack.item(&line.item).map_or_else(String::new, |item| item.name.clone()))
        .collect()
}

fn coverage(run: &Run, database: &mut Database, book: &Book, name: (u64, u64)) -> Result<Sheet, Failure> {
    // Coverage is of all institutions.
    let known = Known::of(&book.sealed(database, name)?);
    let report = cycle(book)?.coverage(&known.frame, &known.policy);
    let lang = run.screen.lang;
    let share = |part: u64, of: u64| {
        let share = (u128::from(part) * u128::from(ONE)).checked_div(u128::from(of));
        let share = share.and_then(|share| u64::try_from(share).ok());
        share.map_or_else(|| Cell::from(""), Cell::Share)
    };
    let row = |node: &CoverageNode| {
        let quota = node.bounds.map_or_else(|| Cell::from(""), |bounds| Cell::from(bounds.quota));
        vec![
            Cell::from(stratum(StratumNode::new(&node.node), &known.policy, lang)),
            node.active.into(),
            node.visited.into(),
            share(node.visited, node.active),
            quota,
            node.awaited.into(),
            node.drawn.into(),
            node.made.into(),
            node.missed.into(),
            share(node.made, node.drawn),
            node.shortfall().into(),
        ]
    };
    let header = heads(
        lang,
        &[
            "office.column.where",
            "office.column.active",
            "office.column.visited",
            "office.column.coverage",
            "office.column.floor",
            "office.column.awaited",
            "office.column.drawn",
            "office.column.made",
            "office.column.missed",
            "office.column.completion",
            "office.column.shortfall",
        ],
    );
    let rows = report.nodes.iter().map(row).collect();
    Ok(Sheet { rows, ..Sheet::new(run.screen.word("office.sheet.coverage"), &header, Vec::new()) })
}

/// The headings of a register that stand over days, and over counts.
const DAYS: [&str; 6] =
    ["opened", "licence until", "certified from", "certified until", "engaged from", "engaged until"];
const COUNTS: [&str; 2] = ["cap", "load"];

/// A register with headings and values that the reader takes: what is exported can be imported. For people (`lang`) the
/// headings are those of their language, for machines the names of the columns.
fn whole<R: Register>(database: &mut Database, screen: Lang, lang: Option<Lang>) -> Result<Sheet, Failure> {
    let rows: Vec<R> = register::load(database)?;
    let names: Vec<String> = columns(&R::default())?.into_iter().map(|(name, _)| name).collect();
    let header: Vec<&str> = names
        .iter()
        .map(|name| match lang {
            Some(lang) => heading_of(R::TABLE, name, lang).unwrap_or(name),
            None => name,
        })
        .collect();
    let cells = |row: &R| Ok(columns(row)?.into_iter().map(|(_, cell)| cell).collect());
    let rows = rows.iter().map(cells).collect::<Result<_, Failure>>()?;
    let of = |wanted: &[&str]| -> Vec<usize> {
        names
            .iter()
            .enumerate()
            .filter(|(_, name)| wanted.contains(&name.as_str()))
            .map(|(at, _)| at)
            .collect()
    };
    Ok(Sheet::new(&show::register(R::TABLE, screen), &header, rows).days(&of(&DAYS)).counts(&of(&COUNTS)))
}

/// The headings and cells of a row. Licences stand in two columns.
fn columns<R: Register>(row: &R) -> Result<Vec<(String, String)>, Failure> {
    let mut cells = Vec::new();
    for (column, value) in register::Columns::of(row)?.0 {
        if column == "licences" {
            let licences: Vec<LicenceRow> = serde_json::from_value(value)?;
            let numbers: Vec<&str> = licences.iter().map(|licence| licence.number.as_str()).collect();
            let endless = |text: &str| if text.is_empty() { "长期".to_owned() } else { text.to_owned() };
            let ends: Vec<String> = licences.iter().map(|licence| endless(&licence.valid_until)).collect();
            cells.push(("licence".to_owned(), numbers.join(";")));
            cells.push(("licence until".to_owned(), ends.join(";")));
        } else {
            cells.push((column.replace('_', " "), register::cell(&column, &value)));
        }
    }
    Ok(cells)
}

fn ledger(run: &Run, book: &WholeBook) -> Sheet {
    let rows = book.lines().iter().map(|line| {
        let entry = line.entry();
        let value = serde_json::to_value(&entry.entry).unwrap_or_default();
        let kind = value.get("kind").and_then(|kind| kind.as_str()).unwrap_or_default();
        let kind = show::entry(kind, run.screen.lang);
        let unit = value.get("unit").and_then(|unit| unit.as_str()).unwrap_or_default().to_owned();
        let digest = line.digest(book.state().suite()).to_string();
        vec![
            entry.number.to_string(),
            run.offset.shown(entry.at),
            entry.actor.to_string(),
            kind,
            unit,
            digest,
        ]
    });
    let header = heads(
        run.screen.lang,
        &[
            "office.column.number",
            "office.column.at",
            "office.column.actor",
            "office.column.kind",
            "office.column.unit",
            "office.column.digest",
        ],
    );
    Sheet::new(run.screen.word("office.sheet.ledger"), &header, rows.collect()).counts(&[0])
}

/// The entries of the dossiers with their numbers.
fn entries(run: &Run, database: &mut Database, office: &Office) -> Result<Sheet, Failure> {
    let screen = run.screen;
    office.rules.programme()?;
    let dossier = office.dossier(database)?.unwrap_or_default();
    let stands: BTreeSet<u64> = dossier.standing().map(|(number, _)| number).collect();
    let mut rows = Vec::new();
    for (number, entry) in (1..).zip(dossier.entries()) {
        let (kind, what, count, unit) = match entry {
            DossierEntry::Noted { count, signal, unit, .. } => {
                (screen.word("office.sheet.noted"), signal.to_string(), count.to_string(), unit.to_string())
            }
            DossierEntry::Cleared { signal, unit, .. } => {
                (screen.word("office.sheet.cleared"), signal.to_string(), String::new(), unit.to_string())
            }
            DossierEntry::Result { results, unit, .. } => {
                let results: Vec<&str> = results.iter().map(Code::as_str).collect();
                (screen.word("office.sheet.result"), results.join(" "), String::new(), unit.to_string())
            }
            DossierEntry::Withdrawn { of, .. } => {
                (screen.word("office.sheet.withdrawn"), of.to_string(), String::new(), String::new())
            }
        };
        let withdrawn = entry.unit().is_some() && !stands.contains(&number);
        rows.push(vec![
            number.to_string(),
            entry.date().to_string(),
            kind.to_owned(),
            what,
            count,
            unit,
            entry.source().to_owned(),
            if withdrawn { screen.word("office.sheet.taken_back").to_owned() } else { String::new() },
        ]);
    }
    let header = heads(
        screen.lang,
        &[
            "office.column.number",
            "office.column.date",
            "office.column.entry_kind",
            "office.column.signal",
            "office.column.count",
            "office.column.unit",
            "office.column.source",
            "office.column.note",
        ],
    );
    Ok(Sheet::new(screen.word("office.sheet.entries"), &header, rows).counts(&[0, 4]).days(&[1]))
}

fn changes(run: &Run, database: &mut Database) -> Result<Sheet, Failure> {
    let mut imports: BTreeMap<i64, (String, String)> = BTreeMap::new();
    for row in database.rows("SELECT revision, made_at, file FROM imports", &[])? {
        let mut cells = row.into_iter();
        let (Some(revision), Some(at), Some(file)) = (cells.next(), cells.next(), cells.next()) else {
            continue;
        };
        imports.insert(revision.int(), (at.text(), file.text()));
    }
    let sql = "SELECT revision, register, id, was FROM register_changes";
    let mut rows: Vec<(i64, Vec<String>)> = Vec::new();
    for row in database.rows(sql, &[] as &[Value<'_>])? {
        let mut cells = row.into_iter();
        let revision = cells.next().map_or(0, |cell| SqlCell::int(&cell));
        let (at, file) = imports.get(&revision).cloned().unwrap_or_default();
        let table = cells.next().map(SqlCell::text).unwrap_or_default();
        let table = show::register(&table, run.screen.lang);
        let mut texts = vec![revision.to_string(), at, file, table];
        texts.extend(cells.map(SqlCell::text));
        rows.push((revision, texts));
    }
    rows.sort();
    let header = heads(
        run.screen.lang,
        &[
            "office.column.revision",
            "office.column.at",
            "office.column.file",
            "office.column.register",
            "office.column.any_id",
            "office.column.was",
        ],
    );
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    Ok(Sheet::new(run.screen.word("office.sheet.changes"), &header, rows).counts(&[0]))
}

/// Writes a paper for print, or a table.
pub fn export(run: &Run, database: &mut Database, given: &Export) -> Result<Answer, Failure> {
    let screen = run.screen;
    let office = Office::load(database)?;
    if given.what == What::Notice {
        return super::notice::export(run, database, &office, given);
    }
    if matches!(given.what, What::Letters | What::Sheets) {
        return super::papers::export(run, database, &office, given);
    }
    if given.what == What::Kit {
        return super::kit::export(run, database, &office, given);
    }
    let spin = screen.spinner(screen.word("office.export.running"));
    let people = (ending(&given.out) == "xlsx").then_some(screen.lang);
    let mut about = None;
    let made = match given.what {
        What::Units => whole::<UnitRow>(database, screen.lang, people)?,
        What::Officers => whole::<InspectorRow>(database, screen.lang, people)?,
        What::Experts => whole::<ExpertRow>(database, screen.lang, people)?,
        What::Recusals => whole::<RecusalRow>(database, screen.lang, people)?,
        What::Changes => changes(run, database)?,
        What::Entries => entries(run, database, &office)?,
        What::Ledger => ledger(run, &whole_book(run, database, &office)?),
        _ => {
            let book = book(run, database, &office)?;
            let name = book.recorded(database, given.draw)?.name();
            let policy = book.document(database, name, "policy")?;
            about = Some((Policy::from_json(std::str::from_utf8(&policy)?)?.title.clone(), name.0));
            match given.what {
                What::Tasks => tasks(run, database, &book, name)?,
                What::Form => result_form(run, database, &book, name)?,
                What::Notices => notices(run, database, &book, name, &office)?,
                What::Sample => sample(run, database, &book, name, Strata::Names)?,
                What::Coverage => coverage(run, database, &book, name)?,
                _ => {
                    let book = whole_book(run, database, &office)?;
                    match results(run, database, &book, name)? {
                        Some((sheet, _)) => sheet,
                        None => {
                            return refuse(say!(
                                "office.export.no_results",
                                "draw {draw}.{attempt} has no results yet: office result",
                                attempt = name.1,
                                draw = name.0
                            ));
                        }
                    }
                }
            }
        }
    };
    let rows = made.rows.len();
    let bytes = match ending(&given.out) {
        "csv" => made.to_csv(),
        "xlsx" => {
            let day = run.day().map_or_else(String::new, |day| day.to_string());
            let (lang, table) = (screen.lang, &made.name);
            let title = match about {
                Some((task, draw)) => told!(lang, "office.export.title_draw", day, draw, table, task),
                None => told!(lang, "office.export.title", day, table),
            };
            to_xlsx(&[made.titled(title)])?
        }
        _ => return Err(no_form(&given.out, &[".csv", ".xlsx"])),
    };
    write(&given.out, &bytes)?;
    spin.finish_and_clear();
    let text = told!(screen.lang, "office.export.rows", count = rows, file = given.out.display());
    Ok(Answer::said(json!({ "file": given.out, "rows": rows }), text))
}
