//! After the draw: who cannot be visited, who cannot go, what was found, what was wrong.

use super::Run;
use super::args::{ApprovalArgs, Reason, Replace, Results, Void, VoidArg};
use super::desk::{Book, Office, Rules, latest, refuse};
use super::dropout;
use super::meaning;
use super::now::{self, Registers};
use super::register;
use super::steps::{approval, approved, book, evidence, policy_of, teams_title};
use super::store::Database;
use super::words::Answer;
use double_random::assign::Teams;
use double_random::bytes::{Digest, encode};
use double_random::calendar::Date;
use double_random::cycle::Event;
use double_random::disclosure::VisitsTree;
use double_random::dossier::{Dossier, ResultKind};
use double_random::id::{Code, InspectorId, UnitId};
use double_random::ledger::{
    BarredTeam, Content, Correction, DropOut, Gone, Inspected, Missed, Replaced, Unavailable, Visited,
    VoidReason,
};
use double_random::policy::Disclosure;
use double_random::roster::InspectorRow;
use double_random::sample::{Reserve, next_reserve};
use double_random::seal::Secret;
use double_random::{Frame, Roster};
use double_random_office::meaning::Reading;
use double_random_office::table::{self, ResultRow};
use double_random_support::files::{self, Failure};
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn gone(reason: Reason) -> Result<Gone, Failure> {
    Ok(match reason {
        Reason::Closed => Gone::Closed,
        Reason::Merged => Gone::Merged,
        Reason::Moved => Gone::Moved,
        Reason::Unreachable => Gone::Unreachable,
        _ => {
            return refuse(
                "--reason: an institution is closed, merged, moved or unreachable; there is no other reason",
            );
        }
    })
}

pub fn unit_id(text: &str) -> Result<UnitId, Failure> {
    Ok(UnitId::parse(text).map_err(|error| format!("--unit {text:?} {error}"))?)
}

pub fn officer_id(text: &str) -> Result<InspectorId, Failure> {
    Ok(InspectorId::parse(text).map_err(|error| format!("{text:?} {error}"))?)
}

pub fn date(text: Option<&str>, run: &Run) -> Result<Date, Failure> {
    match text {
        Some(text) => Ok(Date::parse(text).map_err(|error| format!("--date {text:?} {error}"))?),
        None => Ok(run.at.day().ok_or("a day within the calendar")?),
    }
}

/// The inspectors of a visit, ascending and once each.
pub fn team(text: &str) -> Result<Vec<InspectorId>, Failure> {
    let ids = text.split([',', ';', ' ', '、', '，']).filter(|id| !id.is_empty());
    let ids: BTreeSet<InspectorId> = ids.map(officer_id).collect::<Result<_, _>>()?;
    Ok(ids.into_iter().collect())
}

/// The teams of a draw as they stand.
pub fn teams_now(book: &Book, database: &mut Database, name: (u64, u64)) -> Result<Teams, Failure> {
    let bytes = latest(database, &book.scope, name, "teams ")?;
    let bytes =
        bytes.ok_or_else(|| super::desk::Refused(format!("draw {}.{} is not drawn", name.0, name.1)))?;
    let said = book.ledger.lines().iter().rev().find_map(|line| match &line.entry().entry {
        Content::Assigned { attempt, draw, visits } if (*draw, *attempt) == name => Some(visits),
        Content::Replaced(replaced) if replaced.draw == name.0 => Some(&replaced.visits),
        Content::Reassigned(reassigned) if reassigned.draw == name.0 => Some(&reassigned.visits),
        _ => None,
    });
    let teams = serde_json::from_slice::<Teams>(&bytes);
    let (_, key) = Frame::from_json(&book.document(database, name, "frame")?)?;
    if let (Ok(teams), Some(said)) = (teams, said)
        && VisitsTree::new(book.seal(name)?, &key, &teams.visits)?.commitment() == *said
    {
        return Ok(teams);
    }
    super::desk::edited("the table of teams", name)
}

/// All people of a visit, ascending.
pub fn people(teams: &Teams, unit: &UnitId) -> Option<Vec<InspectorId>> {
    let place = teams.visits.binary_search_by(|visit| visit.unit.cmp(unit)).ok()?;
    let visit = teams.visits.get(place)?;
    let officers = visit.posts.iter().flat_map(|post| &post.officers).map(|officer| officer.id.clone());
    let experts = visit.experts.iter().flat_map(|post| &post.experts).map(|guest| guest.id.clone());
    let all: BTreeSet<InspectorId> = officers.chain(experts).collect();
    Some(all.into_iter().collect())
}

/// Replaces an institution, or an officer.
pub fn replace(run: &Run, database: &mut Database, given: &Replace) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = book(run, database, &office)?;
    if given.officer.is_some() {
        return dropout::enter(run, database, &mut book, office.suite, given);
    }
    let attempt = book.standing(given.draw)?;
    let (name, number, values) = (attempt.name(), attempt.number(), attempt.values());
    let Some(unit) = &given.unit else {
        return refuse("--unit: which institution cannot be visited?");
    };
    let unit = unit_id(unit)?;
    let shown = evidence(office.suite, &given.evidence)?;
    let approval = approval(run, &given.approval.approved_by, given.approval.level)?;
    let teams = teams_now(&book, database, name)?;
    let record = book.record(database, name)?;
    let sealed = book.sealed(database, name)?;
    let mut reason = gone(given.reason)?;
    let registers = Registers::load(database)?;
    let used = book.ledger.lines().iter().filter(|line| line.entry().number > number);
    let mut used: BTreeSet<UnitId> = used
        .filter_map(|line| match &line.entry().entry {
            Content::Replaced(replaced) if replaced.draw == name.0 => Some(replaced.by.clone()),
            _ => None,
        })
        .collect();
    let seed = sealed.seed(&values.ok_or("the values of a draw that is drawn")?)?;
    let sample = seed.draw();
    let (whole, mut teams, mut out) = (sample.whole(), teams, unit.clone());
    let (mut steps, mut text) = (Vec::new(), String::new());
    // The next reserve is not chosen: one that the register calls gone comes, and is replaced in its turn.
    let (entry, by) = loop {
        let by = match next_reserve(&record.table, &whole, &out, &used) {
            Some(Reserve::Unit(by)) => by,
            Some(_) => {
                return refuse(format!(
                    "no reserve is left for {out}: office result --unit {out} --missed …"
                ));
            }
            None => return refuse(format!("{out} was not drawn in draw {}.{}", name.0, name.1)),
        };
        let away = dropout::away(&book, name.0, number);
        let found = teams.relocated(sealed.plan(), &record.teams, &away, (&out, &by), &record.seed)?;
        teams = found.teams;
        let replaced = Replaced {
            approval: approval.clone(),
            by: by.clone(),
            date: date(given.date.as_deref(), run)?,
            draw: name.0,
            evidence: shown,
            passed: Some(found.passed).filter(|passed| *passed > 0),
            reason,
            unit: out.clone(),
            visits: VisitsTree::new(sealed.seal(), sealed.salt_key(), &teams.visits)?.commitment(),
        };
        let entry = book.enter(database, run.at, &run.actor, Content::Replaced(replaced), None)?;
        book.keep(database, name, &teams_title(entry), &encode(&teams)?)?;
        steps.push(json!({ "entry": entry, "unit": out, "by": by, "reason": reason.as_str() }));
        let Some(gone) = registers.unit(&by) else { break (entry, by) };
        let _ = writeln!(text, "{out} → {by}: {}", now::why(gone.as_str(), run.screen));
        used.insert(by.clone());
        (out, reason) = (by, gone);
    };
    let come = people(&teams, &by).unwrap_or_default();
    let ids: Vec<&str> = come.iter().map(InspectorId::as_str).collect();
    let called = sealed.plan().frame().get(&by).map_or("", |unit| unit.name.as_str());
    let hindered = now::hindered(database, &book, &registers, run.at.day())?;
    let own: Vec<&now::Hindered> = hindered.iter().filter(|one| one.unit == by).collect();
    own.iter().for_each(|one| {
        let _ = writeln!(text, "{}", one.said(run.screen));
    });
    let _ = write!(text, "{out} → {by} {called}: {}", ids.join(" "));
    let hindered: Vec<_> = own.iter().map(|one| one.json()).collect();
    let json = json!({ "entry": entry, "unit": unit, "by": by, "name": called, "team": come,
                      "steps": steps, "hindered": hindered });
    Ok(Answer::said(json, text))
}

/// What the results of one command are entered with.
struct Desk<'a> {
    run: &'a Run,
    office: &'a Office,
    name: (u64, u64),
    teams: Teams,
    frame: Option<Frame>,
    roster: Roster,
    registers: Registers,
    /// Where paths of the table begin.
    folder: PathBuf,
}

/// What the rows of one command add to, read once for all of them.
struct Pending {
    book: Book,
    others: Vec<Book>,
    dossier: Dossier,
}

/// People of a team whom the registers bar from an institution on a day, ascending; refuses people who are not
/// on the roster of the draw.
pub fn barred(
    registers: &Registers,
    roster: &Roster,
    team: &[InspectorId],
    unit: &UnitId,
    on: Date,
) -> Result<Vec<Unavailable>, Failure> {
    if team.is_empty() {
        return Err(format!("{unit}: no inspector of the visit is named").into());
    }
    let mut people = Vec::new();
    for id in team {
        if roster.position(id).is_none() && roster.expert_position(id).is_none() {
            return Err(format!("{unit}: {id} is not on the roster of the draw").into());
        }
        let sealed = roster.recused(id, unit).then_some(DropOut::Recused);
        let reason = sealed.or_else(|| registers.person(id, unit, (on, on)));
        people.extend(reason.map(|reason| Unavailable { id: id.clone(), reason }));
    }
    Ok(people)
}

/// The team of a visit that was made by people whom the registers bar: what the ledger says of it, or a
/// refusal in words.
fn as_approved(
    run: &Run,
    given: &Results,
    people: Vec<Unavailable>,
    unit: &UnitId,
) -> Result<Option<BarredTeam>, Failure> {
    if people.is_empty() {
        return Ok(None);
    }
    if given.barred {
        let approval = approved(run, &given.approval)?;
        return Ok(Some(BarredTeam { approval, people }));
    }
    let said =
        |person: &Unavailable| format!("{} {}", person.id, now::why(now::word(person.reason), run.screen));
    let said: Vec<String> = people.iter().map(said).collect();
    refuse(format!(
        "{unit}: {}. Who went instead is entered with --team. If they went all the same, the authority \
         approves it: --barred --evidence FILE --approved-by …",
        said.join(", ")
    ))
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
    let desk = Desk { run, office: &office, name, teams, frame, roster, registers, folder };
    let (file, rows) = match (&given.file, &given.unit) {
        (Some(path), _) => {
            let file = path.display().to_string();
            let bytes = files::read(path)?;
            let mut source = table::Source::new(&bytes);
            if let Some(sheet) = &given.sheet {
                source = source.sheet(sheet);
            }
            let (rows, notes, _) = files::about(&file, table::results(source))?;
            notes.iter().for_each(|note| run.screen.note(&format!("{file}: {note}")));
            (file, rows)
        }
        (None, Some(unit)) => {
            let result = match (&given.missed, &given.result) {
                (None, None) => return Err("--result CODE, or --missed REASON".into()),
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
        (None, None) => return Err("a table of results, or --unit: nothing to enter".into()),
    };
    // Other tasks learn of a visit as an inspection outside their draws, which needs an approval.
    let others = match (&office.rules, &given.approval.approved_by) {
        (Rules::Programme(_), Some(_)) => meaning::others(database, &office, &book)?,
        (Rules::Programme(rules), None) if rules.1.tasks.len() > 1 => {
            run.screen.note(run.screen.say(
                "WARNING: without --approved-by the other tasks do not learn of these visits: they count for no \
                 cap and no rotation there",
                "注意：未注明 --approved-by，其他任务不计入这些检查（检查上限、轮换）",
            ));
            Vec::new()
        }
        _ => Vec::new(),
    };
    let dossier = office.dossier(database)?.unwrap_or_default();
    let mut pending = Pending { book, others, dossier };
    let (mut entries, mut problems, mut same) = (Vec::new(), Vec::new(), 0);
    for row in &rows {
        match desk.enter(database, &mut pending, row, given) {
            Ok(Some(entry)) => entries.push(entry),
            Ok(None) => same += 1,
            Err(error) if given.file.is_some() => {
                problems.push(format!("{file}: row {}, {}: {error}", row.row, row.unit))
            }
            Err(error) => return Err(error),
        }
    }
    if !problems.is_empty() {
        let head = format!("{} problems, no result was entered", problems.len());
        return Err(format!("{head}\n  {}", problems.join("\n  ")).into());
    }
    let text = match run.screen.lang {
        double_random_support::screen::Lang::En => {
            format!("{} results entered, {same} were there", entries.len())
        }
        double_random_support::screen::Lang::Zh => {
            format!("录入检查结果 {} 条，此前已有 {same} 条", entries.len())
        }
    };
    let json =
        json!({ "scope": pending.book.scope, "draw": name.0, "entries": entries, "already_there": same });
    Ok(Answer::said(json, text))
}

impl Desk<'_> {
    /// Enters one row; nothing if the ledger says the same already.
    fn enter(
        &self,
        database: &mut Database,
        pending: &mut Pending,
        row: &ResultRow,
        given: &Results,
    ) -> Result<Option<u64>, Failure> {
        let unit = unit_id(&row.unit)?;
        let at = unit.clone();
        let on = Date::parse(&row.date).map_err(|error| format!("date {:?} {error}", row.date))?;
        let draw = self.name.0;
        let book = &pending.book;
        let content = if let Some(reason) = self.not_made(row, given)? {
            let shown = self.shown(row, given)?;
            let shown =
                shown.ok_or("a visit that could not be made: evidence (证明材料) is needed, a file")?;
            let by = Some(row.approved_by.as_str()).filter(|by| !by.is_empty());
            let by = by.or(given.approval.approved_by.as_deref());
            let by = by.ok_or("a visit that could not be made: who approved it (批准人) is needed")?;
            let approval = approval(self.run, by, given.approval.level)?;
            Content::Missed(Missed { approval, date: on, draw, evidence: shown, reason, unit })
        } else {
            if !row.reason.is_empty() || !row.approved_by.is_empty() {
                return Err(
                    "reason and approval belong to a visit that could not be made, and the result says \
                            that it was made"
                        .into(),
                );
            }
            let drawn = people(&self.teams, &unit)
                .ok_or_else(|| format!("{unit} has no visit in draw {}.{}", self.name.0, self.name.1))?;
            let came = if row.team.is_empty() { drawn } else { team(&row.team.join(","))? };
            let people = barred(&self.registers, &self.roster, &came, &unit, on)?;
            let barred = as_approved(self.run, given, people, &unit)?;
            let result =
                Code::parse(&row.result).map_err(|error| format!("result {:?} {error}", row.result))?;
            let shown = self.shown(row, given)?;
            let items: BTreeSet<Code> =
                row.items.iter().map(|item| Code::parse(item)).collect::<Result<_, _>>()?;
            let items = items.into_iter().collect();
            Content::Visited(Visited {
                barred,
                date: on,
                draw,
                evidence: shown,
                items,
                result,
                team: came,
                unit,
            })
        };
        let meaning = match (&self.office.rules, &book.task, &self.frame) {
            (Rules::Programme(rules), Some(task), Some(frame)) => {
                let (pack, programme) = rules.as_ref();
                let reading = Reading { pack, programme, task, frame, draw };
                reading.of(content.clone(), &row.result)?
            }
            _ => None,
        };
        let content = meaning.as_ref().map_or(content, |meaning| meaning.content.clone());
        // The same table read twice, or read again after a crash: what stands there stays.
        let stands = book.state().visits_to(&at).any(|(_, known)| match (known, &content) {
            (Correction::Visited(known), Content::Visited(new)) => known == new,
            (Correction::Missed(known), Content::Missed(new)) => known == new,
            _ => false,
        });
        if stands {
            return Ok(None);
        }
        if let Some(number) = taken_back(book, &at, &content) {
            return Err(format!(
                "entry {number} said the same and was taken back; office amend --entry {number} enters it again"
            )
            .into());
        }
        let entry = pending.book.enter(database, self.run.at, &self.run.actor, content, None)?;
        if let (Some(meaning), Rules::Programme(rules)) = (meaning, &self.office.rules) {
            meaning::note(database, &mut pending.dossier, &rules.0, &meaning.entry)?;
            self.tell(database, &mut pending.others, given, meaning.others)?;
        }
        Ok(Some(entry))
    }

    /// Why the visit of a row could not be made; none if it was made. The result says it, as a reason or as a
    /// word of the pack, and the reason says why where the word of the pack is none.
    fn not_made(&self, row: &ResultRow, given: &Results) -> Result<Option<Gone>, Failure> {
        if let Some(reason) = given.missed {
            return Ok(Some(gone(reason)?));
        }
        let of_pack = match &self.office.rules {
            Rules::Policy(_) => false,
            Rules::Programme(rules) => {
                let rule = Code::parse(&row.result).ok().and_then(|code| rules.0.result(&code));
                rule.is_some_and(|rule| rule.kind == ResultKind::Unmade)
            }
        };
        let own = said_gone(&row.result);
        if own.is_none() && !of_pack {
            return Ok(None);
        }
        let reason = if row.reason.is_empty() { own } else { said_gone(&row.reason) };
        reason.map(Some).ok_or_else(|| {
            format!(
                "reason {:?}: {} is a visit that could not be made, and its reason is closed (注销), merged \
                 (合并), moved (迁出) or unreachable (失联)",
                row.reason, row.result
            )
            .into()
        })
    }

    /// The hash of the evidence of a row: its own file, from the folder of the table on, or that of the command.
    fn shown(&self, row: &ResultRow, given: &Results) -> Result<Option<Digest>, Failure> {
        let own = Some(&row.evidence).filter(|path| !path.is_empty()).map(|path| self.folder.join(path));
        let path = own.as_deref().or(given.evidence.as_deref());
        path.map(|path| evidence(self.office.suite, path)).transpose()
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
                let inspected = Inspected { approval, barred: None, date, evidence: None, team, unit };
                book.enter(database, self.run.at, &self.run.actor, Content::Inspected(inspected), None)?;
            }
        }
        Ok(())
    }
}

/// A reason in the words of a table.
fn said_gone(word: &str) -> Option<Gone> {
    Some(match word {
        "closed" | "注销" | "停业" | "关闭" => Gone::Closed,
        "merged" | "合并" => Gone::Merged,
        "moved" | "迁出" => Gone::Moved,
        "unreachable" | "失联" => Gone::Unreachable,
        _ => return None,
    })
}

/// An entry that said the same, and was taken back.
fn taken_back(book: &Book, unit: &UnitId, content: &Content) -> Option<u64> {
    let withdrawn =
        book.state().visits_to(unit).filter(|(_, visit)| matches!(visit, Correction::Withdrawn(_)));
    let mut numbers = withdrawn.map(|(number, _)| number);
    numbers.find(|number| entered(book, *number) == Some(content))
}

/// What an entry said when it was made.
pub fn entered(book: &Book, number: u64) -> Option<&Content> {
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    book.ledger.lines().get(place).map(|line| &line.entry().entry)
}

/// People of an inspection outside a draw whom the registers bar; the rules of a visit by lot hold there as
/// well: an institution and people that the registers have, and as many officers as must go.
pub fn outsiders(
    database: &mut Database,
    office: &Office,
    book: &Book,
    came: &[InspectorId],
    unit: &UnitId,
    on: Date,
) -> Result<Vec<Unavailable>, Failure> {
    let registers = Registers::load(database)?;
    if !registers.has_unit(unit.as_str()) {
        return refuse(registers.unknown_unit(unit.as_str()));
    }
    if let Some(stranger) = came.iter().find(|id| !registers.has_person(id.as_str())) {
        return refuse(registers.unknown_person(stranger.as_str()));
    }
    let policy = policy_of(database, office, book)?;
    let least = policy.team.departments.iter().map(|party| party.officers).min().unwrap_or(1);
    let officers: Vec<InspectorRow> = register::load(database)?;
    let is_officer = |id: &&InspectorId| officers.iter().any(|officer| officer.id == id.as_str());
    let went = came.iter().filter(is_officer).count();
    if u64::try_from(went)? < least {
        return refuse(format!(
            "{unit}: {went} officers of the register went, and at least {least} must go (执法人员不得少于{least}人)"
        ));
    }
    let barred = |id: &InspectorId| {
        let reason = registers.person(id, unit, (on, on))?;
        Some(Unavailable { id: id.clone(), reason })
    };
    Ok(came.iter().filter_map(barred).collect())
}

fn outside(
    run: &Run,
    database: &mut Database,
    book: &mut Book,
    office: &Office,
    given: &Results,
) -> Result<Answer, Failure> {
    let unit = unit_id(given.unit.as_deref().ok_or("--unit is needed")?)?;
    let on = date(given.date.as_deref(), run)?;
    let came = team(
        given.team.as_deref().ok_or("--team is required: an inspection outside a draw has no drawn team")?,
    )?;
    let people = outsiders(database, office, book, &came, &unit, on)?;
    let inspected = Inspected {
        barred: as_approved(run, given, people, &unit)?,
        approval: approved(run, &given.approval)?,
        date: on,
        evidence: given.evidence.as_deref().map(|path| evidence(office.suite, path)).transpose()?,
        team: came,
        unit: unit.clone(),
    };
    let entry = book.enter(database, run.at, &run.actor, Content::Inspected(inspected), None)?;
    let text = format!("{unit}: {}", run.screen.say("an inspection outside any draw", "随机抽查之外的检查"));
    Ok(Answer::said(json!({ "entry": entry, "unit": unit }), text))
}

/// Declares the last attempt void.
pub fn void(run: &Run, database: &mut Database, given: &Void) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = book(run, database, &office)?;
    let (draw, attempt) = book.attempt(None)?.name();
    let reason = match given.reason {
        VoidArg::BeaconFailed => VoidReason::BeaconFailed,
        VoidArg::InputError => VoidReason::InputError,
        VoidArg::Legal => VoidReason::Legal,
        VoidArg::NotRevealed => VoidReason::NotRevealed,
        VoidArg::ShareMissing => VoidReason::ShareMissing,
        VoidArg::Technical => VoidReason::Technical,
    };
    let approval = approval(run, &given.approval.approved_by, given.approval.level)?;
    let evidence = evidence(office.suite, &given.evidence)?;
    let content = Content::Void { approval, attempt, draw, evidence, reason };
    let entry = book.enter(database, run.at, &run.actor, content, None)?;
    let next = book.state().next();
    let text = format!(
        "{draw}.{attempt} {} {}.{}",
        run.screen.say("is void, and stays in the ledger; next:", "已作废，仍留存于台账；下一次抽取："),
        next.0,
        next.1
    );
    Ok(Answer::said(
        json!({ "entry": entry, "draw": draw, "attempt": attempt, "next": [next.0, next.1] }),
        text,
    ))
}

/// Discloses the secret of a deferred draw.
pub fn reveal(run: &Run, database: &mut Database) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = book(run, database, &office)?;
    let hidden = book.state().attempts().iter().find(|attempt| attempt.is_hidden());
    let Some((draw, attempt)) = hidden.map(double_random::ledger::Attempt::name) else {
        return refuse("no draw waits for its secret to be disclosed");
    };
    if let Some(hidden) = book.state().attempt(draw, attempt) {
        let day = match &hidden.seal().disclosure {
            Disclosure::Deferred { reveal_by } => Some(*reveal_by),
            Disclosure::Immediate {} => None,
        };
        let open = super::steps::cycle(&book)?.open().iter().filter(|open| open.draw == draw);
        let pending: usize = open.map(|open| open.pending.len()).sum();
        if let (Some(day), Some(today)) = (day, run.at.day())
            && today < day
            && pending > 0
            && hidden.void().is_none()
        {
            return refuse(format!(
                "{pending} unannounced visits are still to be made, and the secret is due on {day}: a disclosure cannot be undone"
            ));
        }
    }
    let secret: Secret = serde_json::from_slice(&book.document(database, (draw, attempt), "secret")?)?;
    let entry =
        book.enter(database, run.at, &run.actor, Content::Disclosed { attempt, draw, secret }, None)?;
    let text = format!(
        "{draw}.{attempt} {}",
        run.screen.say("may be published now: office publish", "现在可以公布：office publish")
    );
    Ok(Answer::said(json!({ "entry": entry, "draw": draw, "attempt": attempt }), text))
}

/// Closes the cycle.
pub fn close(run: &Run, database: &mut Database, given: &ApprovalArgs) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = book(run, database, &office)?;
    let content = Content::CycleClosed { approval: approval(run, &given.approved_by, given.level)? };
    let entry = book.enter(database, run.at, &run.actor, content, None)?;
    let text = run
        .screen
        .say("The cycle is closed; coverage begins anew", "本周期已结束，覆盖率重新计算")
        .to_owned();
    Ok(Answer::said(json!({ "entry": entry, "scope": book.scope }), text))
}
