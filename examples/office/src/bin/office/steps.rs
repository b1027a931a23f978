//! From the rules to the draw: check, plan, seal, beacon, draw.

use super::Run;
use super::args::{Beacon, LevelArg, MaybeApproval, PlanArgs, Seal};
use super::desk::{Book, Office, Rules, WholeBook, refuse};
use super::dispatch;
use super::register;
use super::store::about::Thing;
use super::store::{Database, StoreError};
use super::streamed;
use super::together;
use super::words::Answer;
use double_random::bytes::{Digest, Suite, encode, written};
use double_random::disclosure::{DrawnDocument, VisitsCommitment};
use double_random::frame::UnitRow;
use double_random::id::{Code, UnitId};
use double_random::ledger::{
    Approval, Attempt, Content, Despite, Entry, Gone, Level, RegisteredBatch, VoidReason,
};
use double_random::message::{Coded as _, Message};
use double_random::policy::Round;
use double_random::register::{Registers, SubmittedRegister};
use double_random::seal::{SealTerms, Secret};
use double_random::verify::{Evidence, Report, Verdict, verify};
use double_random::{BeaconValue, Cycle, Frame, Plan, Policy, PolicyTerms, Record};
use double_random_office::catalogue::{self, option};
use double_random_office::values::{Lines, Several};
use double_random_office::{say, told};
use double_random_support::files::{self, Failure};
use double_random_support::foresight;
use double_random_support::screen::{self, Lang};
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// The level of an approval.
pub const fn level(given: LevelArg) -> Level {
    match given {
        LevelArg::Office => Level::Office,
        LevelArg::Authority => Level::Authority,
        LevelArg::Superior => Level::Superior,
    }
}

/// An approval.
pub fn approval(run: &Run, by: &str, given: LevelArg) -> Result<Approval, Failure> {
    let by = Code::parse(by).map_err(|error| option("--approved-by", by, &error.message()))?;
    // The ledger compares codes; people compare names.
    if by.as_str().eq_ignore_ascii_case(run.actor.as_str()) {
        return refuse(say!(
            "office.approval.same_person",
            "--approved-by {by}: the approver must differ from --actor {actor}",
            by,
            actor = run.actor
        ));
    }
    Ok(Approval { by, level: level(given) })
}

/// An approval that must be there.
pub fn approved(run: &Run, given: &MaybeApproval) -> Result<Approval, Failure> {
    approval(
        run,
        given.approved_by.as_deref().ok_or_else(|| {
            say!("office.approval.missing", "--approved-by is required, and must differ from --actor")
        })?,
        given.level,
    )
}

/// The hash of a file that the office keeps.
pub fn evidence(suite: Suite, path: &Path) -> Result<Digest, Failure> {
    Ok(suite.file(&files::read(path)?))
}

/// The scope and the task that were named.
fn named(run: &Run, database: &mut Database, office: &Office) -> Result<(Code, Option<Code>), Failure> {
    match (&run.task, office.scope(run.task.as_deref())) {
        (_, Ok(found)) => Ok(found),
        // A ledger of an earlier year is asked for by its scope.
        (Some(name), Err(error)) => earlier(database, name)?.ok_or(error),
        (None, Err(error)) => Err(error),
    }
}

/// The ledger of the task that was named, as it stands.
pub fn book(run: &Run, database: &mut Database, office: &Office) -> Result<Book, Failure> {
    let (scope, task) = named(run, database, office)?;
    let spin = run.screen.spinner(run.screen.word("office.ledger.reading"));
    let book = Book::load(database, scope, task);
    spin.finish_and_clear();
    if let Ok(Book { remade: Some(why), .. }) = &book {
        run.screen.note(&remade(why, run));
    }
    book
}

/// Says that what was kept of a ledger is of no use.
pub fn remade(why: &Message, run: &Run) -> String {
    let words = say!(
        "office.kept.unused",
        "what was kept of the ledger is not used, and all its lines are read: {why}",
        why
    );
    catalogue::words(&words, run.screen.lang)
}

/// The same with all lines of the ledger.
pub fn whole_book(run: &Run, database: &mut Database, office: &Office) -> Result<WholeBook, Failure> {
    let (scope, task) = named(run, database, office)?;
    let spin = run.screen.spinner(run.screen.word("office.ledger.reading"));
    let book = WholeBook::load(database, scope, task);
    spin.finish_and_clear();
    book
}

/// A ledger of an earlier year.
fn earlier(database: &mut Database, name: &str) -> Result<Option<(Code, Option<Code>)>, Failure> {
    for office in Office::all(database)? {
        let found = office.scopes()?.into_iter().find(|(scope, _)| scope.as_str() == name);
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The cycle of a ledger, which the office always knows.
pub fn cycle(book: &Book) -> Result<&Cycle, Failure> {
    let missing = || {
        say!(
            "office.cycle.missing",
            "{scope}: a drawn document is missing in the database",
            scope = book.scope
        )
    };
    Ok(book.state().cycle().ok_or_else(missing)?)
}

/// Rosters, rules and programme against each other.
pub fn check(run: &Run, database: &mut Database) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let lang = run.screen;
    let mut text = String::new();
    let (mut findings, mut messages) = (Vec::new(), Vec::new());
    let mut refused = false;
    if let Rules::Programme(rules) = &office.rules {
        let (pack, programme) = rules.as_ref();
        let frame = office.frame(database, &office.vocabulary()?)?;
        let found = programme.check(pack, &frame);
        refused = found.is_refused();
        let (title, year) = (&programme.title, programme.year);
        let _ = writeln!(text, "{}", told!(lang.lang, "office.check.programme", title, year));
        for finding in found.as_slice() {
            let _ = writeln!(text, "  {}", catalogue::said(finding, lang.lang));
            findings.push(finding.to_string());
            messages.push(finding.message());
        }
        if found.left_off() > 0 {
            let more = found.left_off();
            let line = told!(lang.lang, "office.check.more", count = more);
            let _ = writeln!(text, "  {line}");
            findings.push(line);
        }
        if found.as_slice().is_empty() {
            let _ = writeln!(text, "  {}", lang.word("office.check.no_problem"));
        }
    }
    let mut tasks = Vec::new();
    let mut foreseen: Vec<String> = Vec::new();
    for (scope, task) in office.scopes()? {
        let book = Book::load(database, scope.clone(), task.clone())?;
        let policy = match office.derived(database, &book) {
            Ok(Some(policy)) => policy,
            Ok(None) => office.vocabulary()?,
            Err(error) if error.is::<StoreError>() => return Err(error),
            // The year is drawn.
            Err(error) => {
                let why = catalogue::error(error.as_ref(), lang.lang);
                let _ = writeln!(text, "{scope}: {why}");
                continue;
            }
        };
        let frame = office.frame(database, &policy)?;
        let roster = office.roster(database, &policy, &book)?;
        let (units, officers) = (frame.units().len(), roster.inspectors().len());
        let shares = super::study::rounds(&office, &book, &policy);
        let ahead = super::ahead::look(&frame, &policy, &shares, cycle(&book)?);
        match Plan::new(frame, roster, policy, cycle(&book)?.clone()) {
            Ok(plan) => {
                let warnings = screen::warnings(&plan, run.screen.lang);
                let registers = told!(lang.lang, "office.check.registers", officers, scope, units);
                let _ = writeln!(text, "{registers}");
                warnings.iter().for_each(|warning| {
                    let _ = writeln!(text, "  {warning}");
                });
                if task.is_none() {
                    text.push_str(&foresight::levels(&plan, run.screen.lang));
                }
                let mut entry =
                    json!({ "scope": scope, "units": units, "officers": officers, "warnings": warnings });
                match ahead {
                    Ok(Some(ahead)) => {
                        let lines = ahead.lines(plan.policy(), run.screen.lang);
                        foreseen.extend(lines.into_iter().map(|line| format!("{scope}: {line}")));
                        entry["ahead"] = ahead.json();
                    }
                    Ok(None) => {}
                    // The next batch can be drawn, and a later one cannot.
                    Err(error) => {
                        let why = catalogue::said(&error, lang.lang);
                        foreseen.push(told!(lang.lang, "office.check.later", scope, why));
                        entry["ahead"] = json!({ "refused": error.to_string() });
                    }
                }
                tasks.push(entry);
            }
            Err(error) => {
                refused = true;
                let _ = writeln!(text, "{scope}: {}", catalogue::said(&error, lang.lang));
                tasks.push(json!({ "scope": scope, "units": units, "officers": officers,
                                  "refused": error.to_string(), "why": error.message() }));
            }
        }
    }
    if !foreseen.is_empty() {
        let _ = writeln!(text, "{}", super::ahead::heading(run.screen.lang));
        foreseen.iter().for_each(|line| {
            let _ = writeln!(text, "  {line}");
        });
    }
    let _ = writeln!(
        text,
        "{}",
        if refused { lang.word("office.check.refused") } else { lang.word("office.check.drawable") }
    );
    let json = json!({ "findings": findings, "messages": messages, "tasks": tasks, "refused": refused });
    Ok(Answer { json, text, status: if refused { 4 } else { 0 } })
}

/// The policy that was adopted last, where the office writes each by hand: the vocabulary of its registers.
pub fn latest_policy(database: &mut Database, office: &Office) -> Result<Option<Policy>, Failure> {
    let Rules::Policy(first) = &office.rules else { return Ok(None) };
    let book = Book::load(database, first.scope.clone(), None)?;
    let Some(digest) = adopted(database, &book, 0)?.pop() else { return Ok(None) };
    let text = book.document(database, (0, 0), &format!("policy {digest}"))?;
    Ok(Some(Policy::from_json(std::str::from_utf8(&text)?)?))
}

/// The policy in force for a ledger: that of its last seal, or else the vocabulary of the office.
pub fn policy_of(database: &mut Database, office: &Office, book: &Book) -> Result<Policy, Failure> {
    let Some(last) = book.state().attempts().last() else { return office.vocabulary() };
    let text = book.document(database, last.name(), "policy")?;
    Ok(Policy::from_json(std::str::from_utf8(&text)?)?)
}

/// What the check of the programme finds against drawing by it now.
fn breaches(database: &mut Database, office: &Office) -> Result<Vec<(&'static str, Message)>, Failure> {
    let Rules::Programme(rules) = &office.rules else { return Ok(Vec::new()) };
    let (pack, programme) = rules.as_ref();
    let frame = office.frame(database, &office.vocabulary()?)?;
    let found = programme.check(pack, &frame);
    Ok(found.breaches().map(|finding| (finding.code(), finding.message())).collect())
}

/// The breaches of the programme in the entry of a policy that is adopted all the same; refused without a
/// reason.
fn despite(
    database: &mut Database,
    office: &Office,
    reason: Option<&str>,
) -> Result<Option<Despite>, Failure> {
    let found = breaches(database, office)?;
    match (found.is_empty(), reason) {
        (true, None) => Ok(None),
        (true, Some(_)) => refuse(say!(
            "office.plan.despite",
            "--despite: the check finds nothing that the policy would break"
        )),
        (false, Some(reason)) => {
            let codes: BTreeSet<Code> =
                found.iter().map(|(code, _)| Code::parse(code)).collect::<Result<_, _>>()?;
            let findings = codes.into_iter().collect();
            Ok(Some(Despite { findings, reason: reason.trim().to_owned() }))
        }
        (false, None) => {
            let said = |(code, finding): &(&'static str, Message)| {
                say!("office.plan.breach", "{code}: {finding}", code = *code, finding)
            };
            refuse(say!(
                "office.plan.breaches",
                "office check finds breaches, and the policy was not adopted. Mend the programme (office init or office \
                 rules with another one); or adopt it all the same, with the reason and the approval in the ledger: \
                 --despite REASON --approved-by …{lines}",
                lines = Lines(found.iter().map(said).collect())
            ))
        }
    }
}

/// The policies that were adopted after an entry, oldest first.
fn adopted(database: &mut Database, book: &Book, after: u64) -> Result<Vec<Digest>, Failure> {
    let policy = |entry: Entry| match entry.entry {
        Content::Policy { policy, .. } => Some(policy),
        _ => None,
    };
    Ok(book.entries(database, &Thing::Policies, after)?.into_iter().filter_map(policy).collect())
}

/// The policies that were adopted after the last seal, oldest first.
fn waiting_policies(database: &mut Database, book: &Book) -> Result<Vec<Digest>, Failure> {
    adopted(database, book, book.state().attempts().last().map_or(0, Attempt::number))
}

/// The policy of the next draw: the one that is given, the one that was adopted last, the one that follows
/// from the rules.
pub fn next_policy(
    database: &mut Database,
    office: &Office,
    book: &Book,
    given: Option<&Path>,
) -> Result<(Policy, bool), Failure> {
    if let Some(path) = given {
        let text = files::text(path)?;
        return Ok((files::about(&path.display().to_string(), Policy::from_json(&text))?, false));
    }
    if let Some(last) = waiting_policies(database, book)?.last() {
        let text = book.document(database, (0, 0), &format!("policy {last}"))?;
        let policy = std::str::from_utf8(&text).ok().and_then(|text| Policy::from_json(text).ok());
        return match policy {
            Some(policy) if policy.digest() == *last => Ok((policy, true)),
            _ => super::desk::edited(&say!("office.what.policy", "the adopted policy"), book.state().next()),
        };
    }
    let (draw, attempt) = book.state().next();
    match (office.derived(database, book)?, &office.rules) {
        (Some(policy), _) => Ok((policy, false)),
        (None, Rules::Policy(policy)) if (draw, attempt) == (1, 1) => Ok((policy.as_ref().clone(), false)),
        _ => refuse(say!(
            "office.plan.own",
            "draw {draw}, attempt {attempt} needs a policy of its own, with its own dates and sources: office plan \
             --policy FILE",
            attempt,
            draw
        )),
    }
}

/// Institutions that visits have found gone, and that the register still calls active: they can be drawn
/// again.
fn forgotten(database: &mut Database, book: &Book) -> Result<Vec<Message>, Failure> {
    let mut gone: BTreeMap<String, u64> = BTreeMap::new();
    let journal = book.state().journal();
    let mut numbers: Vec<u64> = journal.replacements.iter().chain(&journal.misses).copied().collect();
    numbers.sort_unstable();
    for number in numbers {
        let Some(entry) = book.entry(database, number)? else { continue };
        let (unit, reason) = match &entry.entry {
            Content::Replaced(replaced) => (&replaced.unit, replaced.reason),
            Content::Missed(missed) => (&missed.unit, missed.reason),
            _ => continue,
        };
        if reason != Gone::Unreachable {
            gone.insert(unit.to_string(), number);
        }
    }
    let mut warnings = Vec::new();
    for (unit, entry) in gone {
        let found: Option<UnitRow> = register::find(database, &unit)?;
        if found.is_some_and(|row| matches!(row.status.as_str(), "" | "active")) {
            warnings.push(say!(
                "office.plan.forgotten",
                "{unit}: found gone (entry {entry}), and still active in the register: office import units",
                entry,
                unit
            ));
        }
    }
    Ok(warnings)
}

/// The plan of a policy with what the database holds, and the registers that were handed in, put together.
fn planned(
    run: &Run,
    database: &mut Database,
    office: &Office,
    book: &Book,
    policy: Policy,
    handed_in: Option<Vec<SubmittedRegister>>,
) -> Result<(Plan, Option<Registers>), Failure> {
    let spin = run.screen.spinner(run.screen.word("office.plan.running"));
    // A draw of teams takes the picks that were handed down, and no register of its own.
    let frame = match policy.above {
        Some(_) => Frame::new(dispatch::taken(database, book)?.1, &policy.frame, policy.as_of)?,
        None => office.frame(database, &policy)?,
    };
    let registers = handed_in.map(|given| together::put_together(given, &policy)).transpose()?;
    registers.iter().try_for_each(|registers| together::agree(registers, &frame))?;
    let roster = office.roster(database, &policy, book)?;
    let plan = Plan::new(frame, roster, policy, cycle(book)?.clone())?;
    spin.finish_and_clear();
    Ok((plan, registers))
}

/// Shows the next draw, and adopts its policy.
pub fn plan(run: &Run, database: &mut Database, given: &PlanArgs) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = book(run, database, &office)?;
    let screen = run.screen;
    let (mut policy, was_adopted) = next_policy(database, &office, &book, given.policy.as_deref())?;
    let (draw, attempt) = book.state().next();
    if given.policy.is_some() && policy.origin.is_some() {
        // A policy that was edited no longer follows from its rules, and must not name them: made again from
        // them it would be another.
        let derived = office.derived(database, &book);
        if derived.ok().flatten().as_ref() != Some(&policy) {
            policy = Policy::new(PolicyTerms { origin: None, ..policy.into_terms() })?;
            screen.note(screen.word("office.plan.by_hand"));
        }
    }
    let approval = given.adopt.then(|| approved(run, &given.approval)).transpose()?;
    let first = policy.beacon.first_at();
    if let Some(first) = first.filter(|first| given.adopt && !was_adopted && *first <= run.at) {
        return refuse(say!(
            "office.plan.past",
            "its first source publishes at {first}, which is past: write the policy with office plan --write FILE, \
             give it new dates and sources, and adopt it with --policy FILE",
            first
        ));
    }
    // What is asked about one institution takes the plan of all of them.
    let streams = given.explain.is_none() && streamed::is_wanted(database, &policy, given.stream)?;
    let foreseen = if streams {
        streamed::foreseen(run, database, &office, &book, policy)?
    } else {
        let handed_in = together::handed_in(database, &book, &policy)?;
        let (plan, _) = planned(run, database, &office, &book, policy, handed_in)?;
        if let Some(id) = &given.explain {
            return explained(run, &plan, id);
        }
        Foreseen::of(&plan, screen)
    };
    let Foreseen { policy, text: of_plan, mut json } = foreseen;
    if let Some(path) = &given.write {
        let mut files = files::Files::default();
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("--write: a file")?;
        files.add(name, policy.to_json()?);
        files.write(path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new(".")))?;
    }
    let forgotten: Vec<String> =
        forgotten(database, &book)?.iter().map(|one| catalogue::words(one, screen.lang)).collect();
    let mut text = format!("{}\n{of_plan}", told!(screen.lang, "office.plan.next_draw", attempt, draw));
    forgotten.iter().for_each(|warning| {
        let _ = writeln!(text, "{warning}");
    });
    if let Some(warnings) = json["warnings"].as_array_mut() {
        warnings.extend(forgotten.into_iter().map(serde_json::Value::from));
    }
    let mut entry = None;
    if given.adopt && was_adopted {
        let _ = writeln!(text, "{}", screen.word("office.plan.adopted_before"));
    } else if let Some(approval) = approval {
        if book.state().register().is_none() {
            register_year(run, database, &office, &mut book, &policy, (&approval, given.year.as_deref()))?;
        }
        let batch = book.state().batch_for(&policy);
        if batch.is_none() && approval.level != Level::Superior {
            return refuse(say!(
                "office.plan.unregistered",
                "draw {draw}, attempt {attempt} is none of the draws that were registered for the year, by its share \
                 and its window: a draw outside the register needs --level superior, and is listed first in every \
                 report",
                attempt,
                draw
            ));
        }
        let despite = despite(database, &office, given.despite.as_deref())?;
        let content = Content::Policy { approval, batch, despite, policy: policy.digest() };
        let title = format!("policy {}", policy.digest());
        if super::desk::document(database, &book.scope, (0, 0), &title)?.is_none() {
            book.keep(database, (0, 0), &title, &policy.to_json()?)?;
        }
        entry = Some(book.enter(database, run.at, &run.actor, content, None)?);
        let _ = writeln!(text, "{}", told!(screen.lang, "office.plan.adopted", policy = policy.digest()));
    } else if !was_adopted {
        let _ = writeln!(text, "{}", screen.word("office.plan.not_adopted"));
    }
    let named = json!({
        "scope": book.scope, "draw": draw, "attempt": attempt, "policy": policy.digest(),
        "adopted": was_adopted || given.adopt, "entry": entry,
    });
    if let (Some(json), serde_json::Value::Object(named)) = (json.as_object_mut(), named) {
        json.extend(named);
    }
    Ok(Answer::said(json, text))
}

/// The chance of one institution, and why it is so.
fn explained(run: &Run, plan: &Plan, id: &str) -> Result<Answer, Failure> {
    let id = UnitId::any(id).map_err(|error| option("--explain", id, &error.message()))?;
    let why =
        plan.explain(&id).ok_or_else(|| say!("office.plan.not_on_frame", "{id} is not on the frame", id))?;
    let json = json!({ "unit": id, "probability_billionths": why.probability, "cell": why.path, "because": why.steps.iter().map(ToString::to_string).collect::<Vec<_>>() });
    Ok(Answer::said(json, screen::explanation(&why, plan.policy(), run.screen.lang)))
}

/// What is foreseen of a draw before it is sealed.
pub struct Foreseen {
    /// Its policy.
    pub policy: Policy,
    /// For people.
    pub text: String,
    /// For machines.
    pub json: serde_json::Value,
}

impl Foreseen {
    /// By the plan of each institution.
    fn of(plan: &Plan, screen: super::words::Screen) -> Self {
        let mut warnings = screen::warnings(plan, screen.lang);
        warnings.extend(foresight::warnings(plan, screen.lang));
        let mut text =
            format!("{}{}", screen::planned(plan, screen.lang), foresight::levels(plan, screen.lang));
        warnings.iter().for_each(|warning| {
            let _ = writeln!(text, "{warning}");
        });
        let found = plan.foresight_by_level();
        let expected: u128 = found.values().map(|level| level.expected).sum();
        let levels: Vec<_> = found
            .iter()
            .map(|((risk, credit), level)| {
                json!({
                    "risk": risk, "credit": credit, "units": level.units, "safe": level.safe,
                    "exempt": level.exempt, "certain_by_rule": level.certain_by_rule,
                    "certain_by_schedule": level.certain_by_schedule,
                    "expected_billionths": level.expected.to_string(),
                    "guess_billionths": level.guess, "least_guess_billionths": level.least_guess(),
                })
            })
            .collect();
        let json = json!({
            "units": plan.frame().units().len(), "excluded": plan.exclusions(),
            "officers": plan.roster().inspectors().len(),
            "expected_billionths": expected.to_string(),
            "foresight": levels,
            "warnings": warnings,
        });
        Self { policy: plan.policy().clone(), text, json }
    }
}

/// Registers the draws of the year, before the first of them: those of the programme, those of a file, or
/// the one of the policy alone.
fn register_year(
    run: &Run,
    database: &mut Database,
    office: &Office,
    book: &mut Book,
    policy: &Policy,
    (approval, file): (&Approval, Option<&Path>),
) -> Result<(), Failure> {
    let (batches, programme) = match (office.year(book)?, file) {
        (Some((batches, programme)), _) => (batches, Some(programme)),
        (None, Some(path)) => {
            let name = path.display().to_string();
            (files::about(&name, written(&files::text(path)?))?, None)
        }
        (None, None) => {
            let share = policy.round.unwrap_or(Round::WHOLE).share;
            (vec![RegisteredBatch { batch: 1, share, window: policy.window }], None)
        }
    };
    if batches.is_empty() {
        return Ok(());
    }
    let count = batches.len();
    let approval = approval.clone();
    let entry =
        book.enter(database, run.at, &run.actor, Content::Registered { approval, batches, programme }, None)?;
    let said =
        say!("office.plan.registered", "registered: {count} draws of the year (entry {entry})", count, entry);
    run.screen.note(&catalogue::words(&said, run.screen.lang));
    Ok(())
}

/// Seals the next draw.
pub fn seal(run: &Run, database: &mut Database, given: &Seal) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = book(run, database, &office)?;
    let screen = run.screen;
    if let Some(open) = book.state().open().next() {
        let (draw, attempt) = open.name();
        return refuse(say!(
            "office.seal.sealed",
            "draw {draw}.{attempt} is sealed already ({digest}): office publish, then office beacon and office draw",
            attempt,
            digest = open.seal().digest().to_string(),
            draw
        ));
    }
    if let Some(void) = book.state().attempts().last().filter(|last| unsettled(last)) {
        let (draw, attempt) = void.name();
        return refuse(say!(
            "office.seal.void",
            "draw {draw}.{attempt} is void, and still has to be computed and published, so that the outcome given up \
             is public: office beacon, office draw, office publish",
            attempt,
            draw
        ));
    }
    if waiting_policies(database, &book)?.is_empty() {
        return refuse(say!(
            "office.seal.no_policy",
            "no policy is adopted for the next draw: office plan --adopt --approved-by …"
        ));
    }
    let (policy, _) = next_policy(database, &office, &book, None)?;
    let now = office.dossier(database)?.map(|dossier| dossier.digest(office.suite, &office.key));
    let then = policy.origin.as_ref().and_then(|origin| origin.dossier);
    if then.is_some() && then != now {
        return refuse(say!(
            "office.seal.dossier",
            "the dossier has grown since the policy was adopted, and its levels follow from it: adopt it again with \
             office plan --adopt, after office plan --write if it was edited"
        ));
    }
    let streams = streamed::is_wanted(database, &policy, given.stream)?;
    let salt_key = super::rules::salt_key(given.salt_key.as_deref())?;
    let deferred = matches!(policy.disclosure, double_random::policy::Disclosure::Deferred { .. });
    let secret = match (&given.secret, deferred) {
        (None, false) => None,
        (None, true) => Some(Secret::generate(&mut UnwrapErr(SysRng))),
        (Some(_), false) => {
            return refuse(say!(
                "office.seal.secret",
                "--secret: this draw is disclosed at once, so it has no secret"
            ));
        }
        (Some(path), true) => {
            let digest = files::about(&path.display().to_string(), Digest::parse(files::text(path)?.trim()))?;
            Some(Secret::new(*digest.as_bytes()))
        }
    };
    let (draw, attempt) = book.state().next();
    let terms = SealTerms {
        sequence: draw,
        attempt,
        sealed_at: run.at,
        previous: book.state().head(),
        salt_key,
        secret: secret.clone(),
    };
    let spin = screen.spinner(screen.word("office.seal.running"));
    let key = terms.salt_key.clone();
    let handed_in = together::handed_in(database, &book, &policy)?;
    let (to_be_published, roster, table, mut text, warnings);
    if streams {
        let given = handed_in.as_deref();
        let (sealed, of_seal) = streamed::seal(database, &office, &book, &policy, terms, given)?;
        to_be_published = sealed.seal().clone();
        table = encode(&sealed.counted().table())?;
        text = screen::counted(sealed.counted(), &of_seal, screen.lang);
        roster = of_seal.to_json(&key);
        warnings = Vec::new();
    } else {
        let (plan, registers) = planned(run, database, &office, &book, policy.clone(), handed_in.clone())?;
        let sealed = match (&policy.above, &registers) {
            (Some(_), _) => plan.seal_under(terms, &dispatch::taken(database, &book)?.0)?,
            (None, Some(registers)) => plan.seal_assembled(terms, registers)?,
            (None, None) => plan.seal(terms)?,
        };
        let plan = sealed.plan();
        book.keep(database, (draw, attempt), "frame", &plan.frame().to_json(&key))?;
        to_be_published = sealed.seal().clone();
        table = encode(&plan.table())?;
        text = screen::planned(plan, screen.lang);
        roster = plan.roster().to_json(&key);
        warnings = screen::warnings(plan, screen.lang);
    }
    let (seal, name) = (to_be_published, (draw, attempt));
    let _ = writeln!(text, "\n{}  {}", screen.word("screen.seal_digest"), seal.digest());
    book.keep(database, name, "cycle", &cycle(&book)?.to_json(&key))?;
    let content = Content::Sealed { seal: Box::new(seal.clone()) };
    let entry = book.enter(database, run.at, &run.actor, content, None)?;
    book.keep(database, name, "seal", &seal.to_json())?;
    book.keep(database, name, "policy", &policy.to_json()?)?;
    book.keep(database, name, "cells", &table)?;
    book.keep(database, name, "roster", &roster)?;
    if let Some(given) = handed_in {
        book.keep(database, name, "registers", &together::keys(given).to_json())?;
    }
    if let Some(secret) = &secret {
        book.keep(database, name, "secret", &encode(secret)?)?;
    }
    if let Some(dossier) = office.dossier(database)? {
        book.keep(database, name, "dossier", &dossier.to_json(&office.key))?;
    }
    spin.finish_and_clear();
    warnings.iter().for_each(|warning| {
        let _ = writeln!(text, "{warning}");
    });
    let first = seal.beacon.first_at();
    let count = seal.registers.len();
    if count > 0 {
        let _ = writeln!(text, "{}", told!(screen.lang, "office.seal.registers", count));
    }
    if let Some(first) = first {
        let _ = writeln!(text, "{}", told!(screen.lang, "office.seal.publish", first));
    }
    if let Some(day) = policy.disclosure.reveal_by() {
        let _ = writeln!(text, "{}", told!(screen.lang, "office.seal.deferred", day));
    }
    let json = json!({
        "scope": book.scope, "draw": draw, "attempt": attempt, "entry": entry, "seal": seal.digest(),
        "frame_root": seal.frame.root, "publish_before": first, "warnings": warnings, "registers": count,
    });
    Ok(Answer::said(json, text))
}

/// Enters the published values of the sources.
pub fn beacon(run: &Run, database: &mut Database, given: &Beacon) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = book(run, database, &office)?;
    let Some(open) = hearing(&book) else {
        return refuse(say!("office.beacon.no_seal", "no seal waits for values: office seal comes first"));
    };
    if !open.seal_is_published() {
        run.screen.note(run.screen.word("office.beacon.unpublished"));
    }
    let (draw, attempt) = open.name();
    let known = open.clone();
    let policy =
        Policy::from_json(std::str::from_utf8(&book.document(database, (draw, attempt), "policy")?)?)?;
    let mut values: Vec<BeaconValue> = Vec::new();
    if let Some(path) = &given.file {
        values = files::about(&path.display().to_string(), written(&files::text(path)?))?;
    }
    for text in &given.values {
        let (source, value) = text
            .split_once('=')
            .ok_or_else(|| say!("office.beacon.form", "--value \"{text}\": SOURCE=VALUE", text))?;
        let source = super::named::source(source, known.seal().beacon.all(), &policy)
            .map_err(|rule| option("--value", source, &rule))?;
        values.push(BeaconValue::new(source, value.to_owned()));
    }
    if values.is_empty() && given.silent.is_none() {
        return Err(say!(
            "office.beacon.nothing",
            "--value SOURCE=VALUE, or --file, or --silent: nothing to enter"
        )
        .into());
    }
    let mut entries = Vec::new();
    for value in values {
        // Entered before a crash, or by another clerk: the same value twice is one.
        if known.value(&value.source) == Some(&value) {
            continue;
        }
        let content = Content::Beacon { attempt, draw, value };
        entries.push(book.enter(database, run.at, &run.actor, content, None)?);
    }
    if let (Some(source), Some(path)) = (&given.silent, &given.evidence) {
        let source = super::named::source(source, known.seal().beacon.all(), &policy)
            .map_err(|rule| option("--silent", source, &rule))?;
        let evidence = evidence(office.suite, path)?;
        let content =
            Content::Silent { approval: approved(run, &given.approval)?, attempt, draw, evidence, source };
        entries.push(book.enter(database, run.at, &run.actor, content, None)?);
    }
    let now = book.attempt(Some(draw))?;
    let missing: Vec<&Code> = waiting(now).collect();
    let ready = now.values().is_some();
    let text = if ready {
        run.screen.word("office.beacon.all").to_owned()
    } else if let Some(failure) = failure(now) {
        failure.said(run.screen)
    } else {
        let sources = awaited(run, now).join(", ");
        told!(run.screen.lang, "office.beacon.missing", sources)
    };
    let json = json!({ "scope": book.scope, "draw": draw, "attempt": attempt, "entries": entries,
                      "ready": ready, "missing": missing });
    Ok(Answer::said(json, text))
}

/// Why an attempt can never be drawn, and how it is declared void.
pub struct Failed {
    /// What happened.
    pub words: Message,
    /// In the words of `--reason`.
    pub reason: &'static str,
    /// The least `--level` that approves it.
    pub level: &'static str,
}

impl Failed {
    /// In one line, with the command.
    pub fn said(&self, screen: super::words::Screen) -> String {
        let words = double_random_office::catalogue::words(&self.words, screen.lang);
        format!("{words} (office void --reason {})", self.reason)
    }
}

/// Why an attempt can never be drawn; `None` if it can, is drawn or is void already.
pub fn failure(attempt: &Attempt) -> Option<Failed> {
    let open = attempt.record().is_none() && attempt.void().is_none();
    let failed = match attempt.failure().filter(|_| open)? {
        VoidReason::ShareMissing => Failed {
            words: say!(
                "office.next.void_share",
                "a party did not reveal its share: the attempt is declared void"
            ),
            reason: "share-missing",
            level: "authority",
        },
        _ => Failed {
            words: say!(
                "office.next.void",
                "a source did not publish, and has no fallback: the attempt is declared void"
            ),
            reason: "beacon-failed",
            level: "superior",
        },
    };
    Some(failed)
}

/// The attempt that waits for values: also a void one, whose draw is still computed, and a failed one whose
/// round of drand may be found again.
pub fn hearing(book: &Book) -> Option<&Attempt> {
    let waits = |last: &&Attempt| last.record().is_none() && !last.failed();
    let attempts = book.state().attempts();
    let found_again = || attempts.iter().rfind(|attempt| attempt.silent_rounds().next().is_some());
    attempts.last().filter(waits).or_else(found_again)
}

/// Whether a void attempt still keeps the next seal away (Spec 17.3).
pub fn unsettled(attempt: &Attempt) -> bool {
    let waits = !attempt.failed() && (attempt.record().is_none() || !attempt.record_is_published());
    waits && !matches!(attempt.void(), None | Some(VoidReason::NotRevealed))
}

/// The sources that are waited for, each with the instant before which its value must be entered.
fn awaited(run: &Run, attempt: &Attempt) -> Vec<String> {
    let plan = &attempt.seal().beacon;
    let one = |id: &Code| {
        let source = plan.all().find(|source| source.id() == id);
        let closes = source.and_then(|source| plan.closes(source));
        let before = |closes| told!(run.screen.lang, "office.beacon.before", closes, source = id);
        closes.map_or_else(|| id.to_string(), before)
    };
    waiting(attempt).map(one).collect()
}

/// The sources that have neither published nor been declared silent, and the fallbacks of silent ones.
pub fn waiting(attempt: &Attempt) -> impl Iterator<Item = &Code> {
    let plan = &attempt.seal().beacon;
    let instead = |id: &'_ Code| plan.fallbacks.iter().find(|fallback| &fallback.of == id);
    let sources = plan.sources.iter().filter_map(move |source| match instead(source.id()) {
        Some(fallback) if attempt.is_silent(source.id()) => Some(fallback.source.id()),
        None if attempt.is_silent(source.id()) => None,
        _ => Some(source.id()),
    });
    sources.filter(|id| attempt.value(id).is_none())
}

/// Draws.
pub fn draw(run: &Run, database: &mut Database) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = book(run, database, &office)?;
    let screen = run.screen;
    let latest = book.attempt(None)?;
    let name = latest.name();
    let streams = streamed::is_large(database, &book, name)?;
    if let Some(digest) = latest.record() {
        // A second command, or the same one after a crash, shows what was drawn; nothing is drawn twice.
        let record = book.record(database, name)?;
        let mut text = if streams {
            screen::recorded(&record, screen.lang)
        } else {
            screen::draw(&book.sealed(database, name)?, &record, screen.lang)
        };
        let (attempt, draw) = (name.1, name.0);
        let before = told!(screen.lang, "office.draw.before", attempt, draw, record = digest);
        let _ = writeln!(text, "{before}");
        let json = json!({ "scope": book.scope, "draw": name.0, "attempt": name.1, "record": digest,
                          "visits": record.teams.visits.len(), "again": true });
        return Ok(Answer::said(json, text));
    }
    let Some(values) = latest.values() else {
        let missing: Vec<&str> = waiting(latest).map(Code::as_str).collect();
        return refuse(say!(
            "office.draw.waits",
            "draw {draw}.{attempt} waits for its sources ({sources}): office beacon",
            attempt = name.1,
            draw = name.0,
            sources = Several::new(missing)
        ));
    };
    if streams {
        return streamed::draw(run, database, &mut book, name, &values);
    }
    let spin = screen.spinner(screen.word("office.draw.running"));
    let sealed = book.sealed(database, name)?;
    let seed = sealed.seed(&values)?;
    let sample = seed.draw();
    let assignment = sample.assign();
    let record = assignment.record();
    spin.set_message(screen.word("office.verify.running"));
    // What is kept has been read back and replayed first.
    let plan = sealed.plan();
    let key = sealed.salt_key();
    let bytes = record.to_json();
    let evidence = Evidence {
        seal: Some(sealed.seal().clone()),
        beacon: Some(values.clone()),
        frame: Some((plan.frame().clone(), key.clone())),
        roster: Some((plan.roster().clone(), key.clone())),
        cycle: Some((plan.cycle().clone(), key.clone())),
        registers: None,
    };
    let report = verify(&Record::from_json(&bytes)?, &evidence);
    verified(&report)?;
    spin.set_message(screen.word("office.draw.storing"));
    let document = sample.drawn_document();
    let drawn = document.digest(sealed.seal().suite);
    let made =
        Made { record: &record, bytes: &bytes, values: &values, visits: assignment.visits().commitment() };
    made.store(run, database, &mut book, name, (document, drawn))?;
    spin.finish_and_clear();
    Ok(made.said(&book, name, screen::draw(&sealed, &record, screen.lang), report.verdict(), screen.lang))
}

/// Refuses a record that was just made and does not verify.
pub fn verified(report: &Report) -> Result<(), Failure> {
    if report.failed().is_empty() {
        return Ok(());
    }
    let report = report.to_string();
    Err(say!("office.draw.unverified", "the record does not verify; nothing was stored: {report}", report)
        .into())
}

/// A draw that was made and verified, before it is kept.
pub struct Made<'a> {
    pub record: &'a Record,
    /// The record as it was read back.
    pub bytes: &'a [u8],
    pub values: &'a [BeaconValue],
    pub visits: VisitsCommitment,
}

impl Made<'_> {
    /// Enters what was drawn and who goes, and keeps the documents. What the draw is to the cycle comes with its digest.
    pub fn store(
        &self,
        run: &Run,
        database: &mut Database,
        book: &mut Book,
        name: (u64, u64),
        (document, drawn): (DrawnDocument, Digest),
    ) -> Result<(), Failure> {
        let (draw, attempt) = name;
        let content = Content::Drawn { attempt, draw, drawn, record: self.record.digest() };
        book.keep(database, name, "drawn", &document.to_json())?;
        book.enter(database, run.at, &run.actor, content, Some(&document))?;
        drop(document);
        // A void draw is computed and published; its teams make no visits.
        if book.state().attempt(draw, attempt).is_some_and(|known| known.void().is_none()) {
            let content = Content::Assigned { attempt, draw, visits: self.visits.clone() };
            let entry = book.enter(database, run.at, &run.actor, content, None)?;
            book.keep(database, name, &teams_title(entry), &encode(&self.record.teams)?)?;
        }
        book.keep(database, name, "beacon", &encode(&self.values)?)?;
        book.keep(database, name, "record", self.bytes)
    }

    /// What is said of it, behind the text about the record.
    pub fn said(
        &self,
        book: &Book,
        (draw, attempt): (u64, u64),
        mut text: String,
        verdict: Verdict,
        lang: Lang,
    ) -> Answer {
        let record = self.record.digest();
        let _ = writeln!(text, "{}", screen::verdict(verdict, lang));
        let _ = writeln!(text, "{}", told!(lang, "office.draw.done", attempt, draw, record));
        let json = json!({ "scope": book.scope, "draw": draw, "attempt": attempt, "record": record,
                          "seed": self.record.seed, "visits": self.record.teams.visits.len(), "again": false });
        Answer::said(json, text)
    }
}

/// The name of the teams as they stand after an entry.
pub fn teams_title(entry: u64) -> String {
    format!("teams {entry:012}")
}
