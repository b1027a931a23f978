//! A ledger of one draw with everything that follows it, made from the shipped demonstration, and the
//! verification of any ledger or receipt.
//!
//! Exit status: 0 confirmed, 1 refuted, 2 self-consistent only, 3 unusable input, 64 wrong usage.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    unreachable_pub,
    dead_code,
    clippy::cast_possible_truncation
)]

use clap::{Args, Parser, Subcommand};
use double_random::assign::{Away, Change, Teams};
use double_random::bytes::{Digest, Protocol, SaltKey, Suite, encode, written};
use double_random::calendar::{Instant, Window};
use double_random::disclosure::{DrawnDocument, Opening, VisitsCommitment, VisitsTree};
use double_random::id::Code;
use double_random::ledger::{
    Approval, Content, DropOut, DroppedOut, Gone, Ledger, Level, Opened, Published, Reassigned,
    RegisteredBatch, Replaced,
};
use double_random::note::{Note, NoteKey};
use double_random::policy::Round;
use double_random::receipt::{Absence, Receipt, UnitOutcome};
use double_random::sample::{Reserve, next_reserve};
use double_random::seal::{Seal, SealTerms, Secret};
use double_random::verify::{self, Verdict};
use double_random::{BeaconValue, Policy, Record, UnitId};
use double_random_office::folder::{Folder, document};
use double_random_office::line::{judge, lang};
use double_random_office::obtain::{self, Brought, bring, own_values, read_values};
use double_random_office::problem::{Finding, FindingCode, worst};
use double_random_office::show;
use double_random_office::{catalogue, told};
use double_random_support::demo;
use double_random_support::files::{Failure, Files};
use double_random_support::out;
use double_random_support::screen::{Lang, ledger_verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Keep and verify a ledger (台账), and check receipts (回执).
#[derive(Parser)]
#[command(
    name = "ledger",
    after_help = "Examples:
  ledger demo --out target/ledger
  ledger verify target/ledger
  ledger verify target/ledger --witness-key KEY --witness-key KEY --values 1.1.json
  ledger verify target/ledger --at 2024-01-01T00:00:00Z
  ledger receipt receipt.json --seal seal.json --beacon beacon.json --policy policy.json --outcome outcome.json --record record.json
A folder holds ledger.jsonl, checkpoints/*.txt, cycle.json where the ledger begins in mid-year, and
draws/<draw>.<attempt>/ with record.json, seal.json, beacon.json, frame.json, roster.json, cycle.json,
drawn.json, each only if it is known.
Exit status: 0 confirmed, 1 refuted, 2 self-consistent only, 3 unusable input, 64 wrong usage."
)]
struct Line {
    #[command(subcommand)]
    command: Command,
    /// Language of the screen; that of the terminal if not given.
    #[arg(long, value_parser = lang(), global = true)]
    lang: Option<Lang>,
}

#[derive(Subcommand)]
enum Command {
    /// Seal, draw and assign the demonstration, replace an institution and an officer, publish: all in a
    /// ledger.
    Demo {
        /// Where to write.
        #[arg(long, default_value = "target/ledger")]
        out: PathBuf,
    },
    /// Verify the ledger of a folder with the documents that are in it.
    Verify {
        /// The folder.
        folder: PathBuf,
        /// The instant of the check; that of the last entry if not given.
        #[arg(long)]
        at: Option<String>,
        /// The key of a witness, as you have it from the witness; one for each.
        #[arg(long = "witness-key")]
        witness_key: Vec<String>,
        /// Values of sources that you looked up yourself, in the form of beacon.json; any number.
        #[arg(long)]
        values: Vec<PathBuf>,
    },
    /// Check one institution's receipt, and its outcome, against what was published.
    Receipt(Given),
    /// Check that an id is not on the sealed frame.
    Absence {
        /// The absence.
        absence: PathBuf,
        /// The published seal.
        #[arg(long)]
        seal: PathBuf,
    },
}

#[derive(Args)]
struct Given {
    /// The receipt.
    receipt: PathBuf,
    /// The published seal.
    #[arg(long)]
    seal: Option<PathBuf>,
    /// The published policy.
    #[arg(long)]
    policy: Option<PathBuf>,
    /// The institution's outcome.
    #[arg(long)]
    outcome: Option<PathBuf>,
    /// The published record: gives policy, table, lists and secret.
    #[arg(long)]
    record: Option<PathBuf>,
    /// The beacon values, from the beacon itself. Without them an outcome is at most self-consistent.
    #[arg(long)]
    beacon: Option<PathBuf>,
}

fn main() -> ExitCode {
    judge(run)
}

fn run(line: &Line) -> Result<Verdict, Failure> {
    let lang = Lang::or_environment(line.lang);
    match &line.command {
        Command::Demo { out } => demo(out, lang),
        Command::Verify { folder, at, witness_key, values } => {
            let read = values.iter().map(|file| read_values(file, folder)).collect::<Result<Vec<_>, _>>()?;
            verify_folder(folder, at.as_deref(), witness_key, read.concat(), lang)
        }
        Command::Receipt(given) => receipt(given, lang),
        Command::Absence { absence, seal } => is_absent(absence, seal, lang),
    }
}

fn verify_folder(
    path: &Path,
    at: Option<&str>,
    keys: &[String],
    values: Vec<Brought>,
    lang: Lang,
) -> Result<Verdict, Failure> {
    let mut folder = Folder::read(path, at)?;
    folder.evidence.witnesses = keys.iter().map(|key| NoteKey::parse(key)).collect::<Result<_, _>>()?;
    bring(std::slice::from_mut(&mut folder), values)?;
    let report = verify::ledger(&folder.lines, &folder.evidence);
    out!("{}", catalogue::lines(&report.messages(), lang))?;
    out!("{}", ledger_verdict(&report, lang))?;
    let state = report.state();
    let own = own_values(&folder, state);
    let found = obtain::findings(&folder, state, &own);
    // Where a value is to be looked up stands below, for each source.
    for Finding { place, code, words } in found.iter().filter(|one| one.code != FindingCode::OwnValues) {
        let text = catalogue::words(words, lang);
        out!("{} {}", code.word(lang), told!(lang, "screen.labelled", label = place, text))?;
    }
    for value in &own {
        let ((draw, attempt), word) = (value.draw, FindingCode::OwnValues.word(lang));
        let (label, text) = (format!("draws/{draw}.{attempt}"), value.whence(lang));
        out!("{word} {}", told!(lang, "screen.labelled", label, text))?;
    }
    Ok(worst([report.verdict()].into_iter().chain(found.iter().map(|one| one.code.at_most()))))
}

fn receipt(given: &Given, lang: Lang) -> Result<Verdict, Failure> {
    let document_of = document(&given.receipt, Receipt::from_json)?;
    let seal = given.seal.as_deref().map(|path| document(path, Seal::from_json)).transpose()?;
    let record = given.record.as_deref().map(|path| document(path, Record::from_json)).transpose()?;
    let outcome = given.outcome.as_deref().map(|path| document(path, UnitOutcome::from_json)).transpose()?;
    let read =
        |bytes: &[u8]| -> Result<Policy, Failure> { Ok(Policy::from_json(std::str::from_utf8(bytes)?)?) };
    let policy = given.policy.as_deref().map(|path| document(path, read)).transpose()?;
    let values: Option<Vec<BeaconValue>> = given
        .beacon
        .as_deref()
        .map(|path| document(path, |bytes| written(&String::from_utf8_lossy(bytes))))
        .transpose()?;
    let published = verify::PublishedDraw {
        seal: seal.as_ref(),
        record: record.as_ref(),
        policy: policy.as_ref(),
        values: values.as_deref(),
        ..verify::PublishedDraw::default()
    };
    let report = verify::receipt(&document_of, outcome.as_ref(), &published);
    out!("{}", catalogue::lines(&report.lines(), lang))?;
    let verdict = report.verdict();
    let words = match verdict {
        Verdict::Refuted => catalogue::word("screen.ledger.refuted", lang),
        Verdict::Confirmed if outcome.is_some() => catalogue::word("screen.ledger.confirmed.outcome", lang),
        Verdict::Confirmed => catalogue::word("screen.ledger.confirmed.row", lang),
        _ => catalogue::word("screen.ledger.self_consistent", lang),
    };
    out!("{words}")?;
    Ok(verdict)
}

fn is_absent(absence: &Path, seal: &Path, lang: Lang) -> Result<Verdict, Failure> {
    let absence = document(absence, Absence::from_json)?;
    let shown = absence.shows(&document(seal, Seal::from_json)?);
    let words = if shown {
        catalogue::word("screen.ledger.absent", lang)
    } else {
        catalogue::word("screen.ledger.not_shown", lang)
    };
    out!("{} {words}", absence.id)?;
    Ok(if shown { Verdict::Confirmed } else { Verdict::Refuted })
}

/// The office of the demonstration: clerk, director, and an auditor's folder.
struct Desk {
    ledger: Ledger,
    actor: Code,
    checkpoints: Vec<Note>,
}

impl Desk {
    /// Enters, and gives the number of the entry.
    fn enter(&mut self, at: &str, content: Content, drawn: Option<&DrawnDocument>) -> Result<u64, Failure> {
        let line = self.ledger.append(Instant::parse(at)?, self.actor.clone(), content, drawn)?;
        Ok(line.entry().number)
    }

    /// Two witnesses see the ledger. Their secret keys are public here, as is the salt key.
    fn witness(&mut self, at: &str) -> Result<(), Failure> {
        let mut note = self.ledger.checkpoint().ok_or("opened")?.note();
        for (name, secret) in WITNESSES {
            note.cosign(name, &secret, u64::try_from(Instant::parse(at)?.unix())?)?;
        }
        self.checkpoints.push(note);
        Ok(())
    }
}

const WITNESSES: [(&str, [u8; 32]); 2] =
    [("notary.quanzhou.example", [1; 32]), ("press.quanzhou.example", [2; 32])];

/// The keys of the witnesses.
fn witnesses() -> Result<Vec<String>, Failure> {
    let mut keys: Vec<String> = Vec::new();
    for (name, secret) in WITNESSES {
        keys.push(Note::new("keys\n".to_owned())?.cosign(name, &secret, 0)?.to_string());
    }
    keys.sort();
    Ok(keys)
}

fn approval(level: Level) -> Result<Approval, Failure> {
    Ok(Approval { by: Code::parse("director")?, level })
}

/// A file that the office keeps; the ledger holds its hash.
fn evidence_of(text: &str) -> Digest {
    Suite::Sha256.file(text.as_bytes())
}

fn committed(seal: &Seal, key: &SaltKey, teams: &Teams) -> Result<VisitsCommitment, Failure> {
    Ok(VisitsTree::new(seal, key, &teams.visits)?.commitment())
}

#[expect(clippy::too_many_lines, reason = "one draw from its opening to its publication, in order")]
fn demo(out: &Path, lang: Lang) -> Result<Verdict, Failure> {
    let plan = demo::plan()?;
    let policy = plan.policy().clone();
    let key = SaltKey::new(demo::SALT_KEY);
    let opening = (plan.cycle().clone(), key.clone());
    let witnesses = witnesses()?;
    let opened = Opened {
        authority: policy.authority.clone(),
        cycle: None,
        earlier: None,
        protocol: Protocol,
        quorum: (!witnesses.is_empty()).then_some(2),
        scope: policy.scope.clone(),
        suite: Suite::Sha256,
        witnesses,
    };
    let actor = Code::parse("clerk-07")?;
    let ledger =
        Ledger::open(Instant::parse("2023-08-20T01:00:00Z")?, actor.clone(), opened, Some(&opening))?;
    let mut desk = Desk { ledger, actor, checkpoints: Vec::new() };

    // Adopted, sealed, seen by the witnesses, published: all before the first source publishes.
    let at = demo::SEALED_AT;
    let share = policy.round.unwrap_or(Round::WHOLE).share;
    let batches = vec![RegisteredBatch { batch: 1, share, window: policy.window }];
    let year = Content::Registered { approval: approval(Level::Authority)?, batches, programme: None };
    desk.enter("2023-08-21T01:00:00Z", year, None)?;
    let adopted = Content::Policy {
        approval: approval(Level::Authority)?,
        batch: Some(1),
        despite: None,
        policy: policy.digest(),
    };
    desk.enter("2023-08-21T02:00:00Z", adopted, None)?;
    let (draw, attempt) = desk.ledger.state().next();
    let previous = desk.ledger.state().head();
    let terms = SealTerms {
        sequence: draw,
        attempt,
        sealed_at: Instant::parse(at)?,
        previous,
        salt_key: key.clone(),
        secret: None::<Secret>,
    };
    let sealed = plan.seal(terms)?;
    desk.enter(at, Content::Sealed { seal: Box::new(sealed.seal().clone()) }, None)?;
    desk.witness(at)?;
    let place = "https://www.quanzhou.gov.cn/example".to_owned();
    let published = |what, digest| Content::Published {
        attempt,
        digest,
        draw,
        files: Vec::new(),
        what,
        place: place.clone(),
    };
    desk.enter(at, published(Published::Seal, sealed.digest()), None)?;

    // The sources publish, the dice first. They are entered and witnessed when they are thrown: the round of
    // drand comes last, and whoever knew it could choose the dice. The draw is computed the same day.
    let mut values: Vec<BeaconValue> = demo::beacon()?;
    let at = |value: &BeaconValue| {
        let mut sources = sealed.seal().beacon.sources.iter();
        sources.find(|source| source.id() == &value.source).map(double_random::policy::Source::at)
    };
    let last = values.iter().filter_map(at).max();
    let day = last.and_then(Instant::day).ok_or("a source")?;
    let evening = format!("{day}T23:00:00Z");
    let plan_order = values.clone();
    values.sort_by_key(at);
    for value in &values {
        let then = at(value).ok_or("a source")?.to_string();
        desk.enter(&then, Content::Beacon { attempt, draw, value: value.clone() }, None)?;
        desk.witness(&then)?;
    }
    let values = plan_order;
    let seed = sealed.seed(&values)?;
    let sample = seed.draw();
    let assignment = sample.assign();
    let record = assignment.record();
    let document = sample.drawn_document();
    let drawn = document.digest(sealed.seal().suite);
    desk.enter(&evening, Content::Drawn { attempt, draw, drawn, record: record.digest() }, Some(&document))?;
    let visits = assignment.visits().commitment();
    desk.enter(&evening, Content::Assigned { attempt, draw, visits }, None)?;
    desk.enter(&evening, published(Published::Record, record.digest()), None)?;

    // An institution is found closed: the next reserve comes, and the rule gives its team.
    let plan = sealed.plan();
    let later = |days: i64| day.plus_days(days).ok_or("a day");
    let closed = record.teams.visits.first().ok_or("a visit")?.unit.clone();
    let mut used: BTreeSet<UnitId> = BTreeSet::new();
    let Some(Reserve::Unit(by)) = next_reserve(&record.table, &sample.whole(), &closed, &used) else {
        return Err("no reserve".into());
    };
    used.insert(by.clone());
    let drawn = &record.teams;
    let moved = drawn.relocated(plan, drawn, &[], (&closed, &by), &record.seed)?;
    let replaced = Replaced {
        approval: approval(Level::Authority)?,
        by: by.clone(),
        date: later(8)?,
        draw,
        evidence: evidence_of("photograph of the closed door"),
        passed: Some(moved.passed).filter(|passed| *passed > 0),
        reason: Gone::Closed,
        unavailable: Vec::new(),
        unit: closed.clone(),
        visits: committed(sealed.seal(), &key, &moved.teams)?,
    };
    desk.enter(&format!("{}T08:00:00Z", later(9)?), Content::Replaced(replaced), None)?;

    // An officer falls ill, for the rest of the window. The draw has fixed who comes, not the office.
    let team = moved.teams.visits.iter().find(|visit| visit.unit == by);
    let ill = team.and_then(|visit| visit.posts[0].officers.first()).ok_or("a team")?.id.clone();
    let dates = Window::new(later(10)?, policy.window.to())?;
    let away = vec![Away { dates, id: ill.clone(), unit: None }];
    let change = Change { away, dates, out: ill.clone(), settled: Vec::new(), unit: None };
    let found = plan.reassign(drawn, &moved.teams, &change, &record.seed)?;
    let level = if found.needs_authority() { Level::Authority } else { Level::Office };
    let note = DroppedOut {
        approval: approval(level)?,
        dates,
        draw,
        evidence: evidence_of("sick note"),
        out: ill,
        reason: DropOut::Ill,
        unit: None,
    };
    let entry = desk.enter(&format!("{}T08:00:00Z", later(10)?), Content::DroppedOut(note), None)?;
    let reassigned = Reassigned {
        approval: approval(level)?,
        draw,
        entry,
        moves: found.moves(),
        visits: committed(sealed.seal(), &key, &found.teams)?,
    };
    desk.enter(&format!("{}T08:00:00Z", later(10)?), Content::Reassigned(reassigned), None)?;
    desk.witness(&format!("{}T09:00:00Z", later(10)?))?;

    let mut files = Files::default();
    let lines = desk.ledger.to_jsonl();
    files.add_for(
        "ledger.jsonl",
        lines,
        ["the ledger: one entry a line, each bound to the one before", "台账：一行一条，逐条相承"],
    );
    let state = opening.0.to_json(&key);
    files.add_for("cycle.json", state, ["the year before the ledger begins", "台账开始前的年度台账"]);
    files.lists("checkpoints/", ["checkpoints signed by the witnesses", "见证人签署的检查点"]);
    files.lists(
        "draws/",
        [
            "seal, beacon, record and the auditor's files of the draw",
            "抽取的封存文件、随机数、抽取记录与审计文件",
        ],
    );
    files.lists(
        "receipts/",
        ["receipts that an institution can check alone", "发给检查对象、可独立核验的回执"],
    );
    for (number, note) in desk.checkpoints.iter().enumerate() {
        files.add(&format!("checkpoints/{number:02}.txt"), note.to_string());
    }
    let folder = format!("draws/{draw}.{attempt}");
    for (name, content) in [
        ("record.json", record.to_json()),
        ("seal.json", sealed.seal().to_json()),
        ("policy.json", policy.to_json()?),
        ("beacon.json", encode(&values)?),
        ("frame.json", plan.frame().to_json(&key)),
        ("roster.json", plan.roster().to_json(&key)),
        ("cycle.json", plan.cycle().to_json(&key)),
        ("drawn.json", document.to_json()),
    ] {
        files.add(&format!("{folder}/{name}"), content);
    }
    // What three institutions get: one inspected, its reserve, one that could not be drawn; and a door that
    // is opened alone.
    let receipts = sealed.receipts();
    let excluded =
        plan.frame().units().iter().enumerate().find(|(position, _)| plan.exclusion(*position).is_some());
    let outcomes: BTreeMap<UnitId, UnitOutcome> = sample.outcomes().map(|o| (o.unit.clone(), o)).collect();
    for unit in [Some(&closed), Some(&by), excluded.map(|(_, unit)| &unit.id)].into_iter().flatten() {
        let receipt = receipts.get(unit).ok_or("on the frame")?;
        files.add(&format!("receipts/{unit}/receipt.json"), receipt.to_json());
        files.add(&format!("receipts/{unit}/outcome.json"), outcomes[unit].to_json());
    }
    let tree = VisitsTree::new(sealed.seal(), &key, &found.teams.visits)?;
    let opening: Opening = tree.opening(&by).ok_or("a visit")?;
    files.add(&format!("receipts/{by}/opening.json"), opening.to_json());
    let absent = UnitId::parse("FJQZ-9999")?;
    files.add("receipts/absence.json", receipts.absence(&absent).ok_or("not on the frame")?.to_json());
    files.add_page("");
    let list = files.list(lang);
    files.indexed(["A ledger: what each file is for", "台账：各文件用途"]).write(out)?;
    out!("{}", in_order(&desk.ledger, lang))?;
    out!("{} {}\n{list}", catalogue::word("screen.ledger.written", lang), out.display())?;
    // The checker of the demonstration has the keys from the witnesses, not from the folder.
    let keys = self::witnesses()?;
    for key in &keys {
        out!("--witness-key {key}")?;
    }
    let looked_up = |value| Brought { file: "1.1.json".into(), named: Some((1, 1)), value };
    verify_folder(out, None, &keys, values.into_iter().map(looked_up).collect(), lang)
}

/// The entries, one a line.
fn in_order(ledger: &Ledger, lang: Lang) -> String {
    let rows = ledger.lines().iter().map(|line| {
        let entry = line.entry();
        let kind = serde_json::to_value(&entry.entry).ok();
        let kind = kind.and_then(|kind| Some(kind.get("kind")?.as_str()?.to_owned())).unwrap_or_default();
        format!("{:>3}  {}  {}  {}", entry.number, entry.at, entry.actor, show::entry(&kind, lang))
    });
    let head = catalogue::word("screen.ledger.entries_ledger", lang).to_owned();
    std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n")
}
