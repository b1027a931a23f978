//! What is due: of every ledger the steps that are to be done, in order of the day or instant by which, each with
//! the command that does it.
//!
//! A step that cannot be done yet is listed with the instant from which it can. What an office has published is
//! remembered by `publish`; the ledger alone says it only of seals, records and tables.

use super::Run;
use super::desk::{Book, Office, Refused, Rules, refuse, set, setting};
use super::now::{self, Hindered};
use super::status::{count, shown};
use super::steps::{failure, hearing, next_policy, unsettled, waiting};
use super::store::{Database, SqlCell, Value};
use super::words::{Answer, Screen};
use double_random::calendar::{Date, Instant, Offset};
use double_random::id::Code;
use double_random::ledger::{Attempt, Content, Entry, VoidReason};
use double_random::message::Message;
use double_random::note::{Checkpoint, Note, NoteKey, SignatureStatus};
use double_random::policy::{Policy, Source};
use double_random_office::say;
use double_random_support::files::Failure;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A day of seconds.
const DAY: u64 = 86_400;

/// By when something is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// On this day at the latest.
    Day(Date),
    /// Before this instant.
    At(Instant),
}

impl By {
    /// The instant at which it is too late.
    fn end(self, offset: Offset) -> Option<Instant> {
        match self {
            Self::Day(day) => begin(day, offset).map(|begin| begin.later(DAY)),
            Self::At(at) => Some(at),
        }
    }

    fn shown(self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::At(at) => at.to_string(),
        }
    }
}

/// The first instant of a day of the authority.
fn begin(day: Date, offset: Offset) -> Option<Instant> {
    offset.instant(&format!("{day} 00:00")).ok()
}

/// Something to be done.
pub struct Due {
    by: Option<By>,
    /// From when it can be done; none: now.
    from: Option<Instant>,
    scope: Option<Code>,
    draw: Option<(u64, u64)>,
    /// Whether the draw is void, and is still computed and published.
    void: bool,
    /// For machines.
    pub step: &'static str,
    words: Message,
    command: String,
}

impl Due {
    fn json(&self, at: Instant, offset: Offset) -> Json {
        json!({
            "by": self.by.map(By::shown), "from": self.from, "scope": self.scope, "draw": self.draw.map(|(d, a)| [d, a]),
            "void": self.void, "step": self.step, "now": self.is_now(at), "overdue": self.is_overdue(at, offset),
            "rule": self.words.rule(), "params": self.words.params(), "text": self.words.to_string(),
            "command": self.command,
        })
    }

    fn is_now(&self, at: Instant) -> bool {
        self.from.is_none_or(|from| from <= at)
    }

    fn is_overdue(&self, at: Instant, offset: Offset) -> bool {
        self.by.and_then(|by| by.end(offset)).is_some_and(|end| end <= at)
    }

    /// In two lines: by when, of what, in words; and the command.
    fn said(&self, run: &Run) -> String {
        let of = self.scope.as_ref().map_or_else(String::new, |scope| format!("  {scope}"));
        self.lines(run, &of)
    }

    /// The same within what is said of its ledger.
    pub fn said_of_ledger(&self, run: &Run) -> String {
        self.lines(run, "")
    }

    fn lines(&self, run: &Run, of: &str) -> String {
        let screen = run.screen;
        let mut by = match self.by {
            Some(by) => by.shown(),
            None => screen.tell(&say!("office.next.no_day", "no day")),
        };
        if self.is_overdue(run.at, run.offset) {
            by = screen.tell(&say!("office.next.overdue", "{by} (overdue)", by));
        }
        let draw = match self.draw {
            Some((draw, attempt)) if of.is_empty() => format!("  {draw}.{attempt}"),
            Some((draw, attempt)) => format!(" {draw}.{attempt}"),
            None => String::new(),
        };
        let mut words = self.words.clone();
        if self.void {
            words =
                say!("office.next.is_void", "{words} (void, and still to be computed and published)", words);
        }
        if let Some(from) = self.from.filter(|from| *from > run.at) {
            words = say!("office.next.from", "{words} – from {from}", from, words);
        }
        format!("{by}{of}{draw}  {}\n    {}\n", screen.tell(&words), self.command)
    }
}

/// What stands in a command for what only the office knows.
pub struct Blank {
    pub approver: String,
    file: String,
    folder: String,
    place: String,
    value: String,
}

impl Blank {
    pub fn new(screen: Screen) -> Self {
        Self {
            approver: screen.tell(&say!("office.blank.approver", "APPROVER")),
            file: screen.tell(&say!("office.blank.file", "FILE")),
            folder: screen.tell(&say!("office.blank.folder", "FOLDER")),
            place: screen.tell(&say!("office.blank.place", "WHERE")),
            value: screen.tell(&say!("office.blank.value", "VALUE")),
        }
    }
}

/// The steps of one ledger, as they are found.
struct Steps<'a> {
    run: &'a Run,
    office: &'a Office,
    book: &'a Book,
    blank: Blank,
    /// Whether the office draws by these rules now.
    present: bool,
    found: &'a mut Vec<Due>,
}

impl Steps<'_> {
    fn add(
        &mut self,
        (by, from): (Option<By>, Option<Instant>),
        draw: Option<(u64, u64)>,
        (step, words): (&'static str, Message),
        command: &str,
    ) {
        let task = self.book.task.as_ref().map_or_else(String::new, |task| {
            // A ledger of an earlier year is named by its scope.
            format!(" --task {}", if self.present { task } else { &self.book.scope })
        });
        let (scope, command) = (Some(self.book.scope.clone()), format!("office {command}{task}"));
        let attempt = draw.and_then(|(draw, attempt)| self.book.state().attempt(draw, attempt));
        let void = attempt.is_some_and(unsettled);
        self.found.push(Due { by, from, scope, draw, void, step, words, command });
    }

    /// The batch of an attempt, as the programme has it.
    fn batch(&self, attempt: &Attempt) -> Option<&double_random::programme::Batch> {
        let (Rules::Programme(rules), Some(task)) = (&self.office.rules, &self.book.task) else {
            return None;
        };
        let place = usize::try_from(attempt.batch()?.1).ok()?.checked_sub(1)?;
        rules.1.task(task)?.batches.get(place)
    }

    /// The attempt that stands before its draw; whether it keeps the next one away.
    fn before_draw(&mut self, database: &mut Database) -> Result<bool, Failure> {
        let state = self.book.state();
        let Some(last) = state.attempts().last() else { return Ok(false) };
        let name = Some(last.name());
        let first = last.seal().beacon.first_at();
        let where_to = format!("publish --out www --where {}", self.blank.place);
        if !last.seal_is_published() && last.record().is_none() {
            let words = say!("office.next.publish_seal", "publish the seal before the first source speaks");
            self.add((first.map(By::At), None), name, ("publish", words), &where_to);
        }
        if last.record().is_none() {
            self.witnesses(database, last)?;
        }
        if let Some(failure) = failure(last) {
            let command = format!(
                "void --reason {} --evidence {} --approved-by {} --level {}",
                failure.reason, self.blank.file, self.blank.approver, failure.level
            );
            let words = failure.words;
            self.add((None, None), name, ("void", words), &command);
            return Ok(true);
        }
        if let Some(open) = hearing(self.book).filter(|open| !open.failed()) {
            self.values(open);
            return Ok(true);
        }
        if last.record().is_some() && !last.is_hidden() && !last.record_is_published() {
            let by = self.batch(last).map(|batch| By::Day(batch.window.from()));
            let words = say!("office.next.publish_record", "publish the record of the draw");
            self.add((by, None), name, ("publish", words), &where_to);
            return Ok(last.void().is_some_and(|reason| reason != VoidReason::NotRevealed));
        }
        Ok(false)
    }

    /// The checkpoint that witnesses sign before the first source speaks, where the ledger asks for a quorum.
    fn witnesses(&mut self, database: &mut Database, last: &Attempt) -> Result<(), Failure> {
        let Some(opened) = self.book.state().opened() else { return Ok(()) };
        let Some(quorum) = opened.quorum else { return Ok(()) };
        let keys: Vec<NoteKey> = opened.witnesses.iter().filter_map(|key| NoteKey::parse(key).ok()).collect();
        let mut signed = BTreeSet::new();
        for (_, text) in super::notes::notes(database, self.book)? {
            let Ok(note) = Note::parse(&text) else { continue };
            let size = Checkpoint::parse(note.text()).map_or(0, |known| known.size);
            if size >= last.number() {
                let valid = |key: &&NoteKey| matches!(note.signed(key), SignatureStatus::Valid { .. });
                signed.extend(keys.iter().filter(valid).map(NoteKey::name));
            }
        }
        if u64::try_from(signed.len()).is_ok_and(|signed| signed >= quorum) {
            return Ok(());
        }
        let by = last.seal().beacon.seal_by().map(By::At);
        let words = say!(
            "office.next.witness",
            "{quorum} witnesses sign the ledger with the seal; then office witness --note FILE",
            quorum
        );
        self.add((by, None), Some(last.name()), ("witness", words), "witness --out checkpoint.txt");
        Ok(())
    }

    /// The values that are waited for, or the draw.
    fn values(&mut self, open: &Attempt) {
        let (name, plan) = (Some(open.name()), &open.seal().beacon);
        let a_day_later = |at: Instant| at.later(DAY);
        if open.values().is_some() {
            let last = plan.sources.iter().map(Source::at).max();
            let words = say!("office.next.draw", "all values are entered: draw");
            self.add((last.map(a_day_later).map(By::At), None), name, ("draw", words), "draw");
            return;
        }
        for source in waiting(open) {
            let known = plan.all().find(|known| known.id() == source);
            let from = known.map(Source::at);
            let by = known.and_then(|known| plan.closes(known)).or_else(|| from.map(a_day_later));
            let words = say!("office.next.beacon", "enter the value of source {source}", source);
            let command = format!("beacon --value {source}={}", self.blank.value);
            self.add((by.map(By::At), from), name, ("beacon", words), &command);
        }
    }

    /// Visits that are to be made, and draws that are to be disclosed; whether any are open.
    fn after_draw(&mut self, database: &mut Database, hindered: &[Hindered]) -> Result<bool, Failure> {
        let (book, offset) = (self.book, self.run.offset);
        let mut open = false;
        let several =
            book.state().attempts().iter().filter(|attempt| attempt.awaits_disclosure()).count() > 1;
        for attempt in book.state().attempts() {
            let (name, pending) = (attempt.name(), attempt.pending());
            // Once the ledger says that nobody disclosed it, nothing is left to be disclosed.
            let hidden = attempt.awaits_disclosure();
            if pending == 0 && !hidden {
                continue;
            }
            open = true;
            let policy = book.document(database, name, "policy")?;
            let window = Policy::from_json(std::str::from_utf8(&policy)?)?.window;
            let draw = if book.is_last(name) { String::new() } else { format!(" --draw {}", name.0) };
            for one in hindered.iter().filter(|one| one.draw == name.0) {
                let by = Some(By::Day(window.to()));
                let words = one.message();
                let command = format!(
                    "replace {} --evidence {} --approved-by {}",
                    one.options(),
                    self.blank.file,
                    self.blank.approver
                );
                self.add((by, None), Some(name), ("replace", words), &command);
            }
            if pending > 0 {
                let until = window.to();
                let words = say!(
                    "office.next.result",
                    "{pending} visits are to be made until {until}, and their results entered; the table to be filled in: \
                     office export form",
                    pending,
                    until
                );
                let times = (Some(By::Day(until)), begin(window.from(), offset));
                let command = format!("result {}{draw}", self.blank.file);
                self.add(times, Some(name), ("result", words), &command);
            }
            if let Some(day) = attempt.seal().disclosure.reveal_by().filter(|_| hidden) {
                let from = begin(day, offset).filter(|_| pending > 0 && attempt.void().is_none());
                let words = say!(
                    "office.next.reveal",
                    "disclose the secret when the visits are made, on {day} at the latest",
                    day
                );
                let draw = if several { format!(" --draw {}", name.0) } else { draw };
                let command = format!("reveal{draw}");
                self.add((Some(By::Day(day)), from), Some(name), ("reveal", words), &command);
            }
        }
        Ok(open)
    }

    /// What the public does not have yet of what the ledger says.
    fn unpublished(&mut self, database: &mut Database) -> Result<(), Failure> {
        let book = self.book;
        let known = published(database, &book.scope)?;
        if known == 0 || known >= book.state().size() {
            return Ok(());
        }
        let mut draw = None;
        let mut any = false;
        for entry in tail(database, &book.scope, known)? {
            if let Some(of) = to_be_seen(&entry.entry) {
                any = true;
                draw = draw.or(of);
            }
        }
        if !any {
            return Ok(());
        }
        let attempt = draw.and_then(|draw| book.state().latest(draw));
        let by = attempt.and_then(|attempt| self.batch(attempt)).map(|batch| By::Day(batch.published));
        let words = say!("office.next.publish", "publish what was entered since the last publication");
        let command = format!("publish --out www --where {}", self.blank.place);
        self.add((by, None), attempt.map(Attempt::name), ("publish", words), &command);
        Ok(())
    }

    /// The next draw, or the end of the year.
    fn ahead(&mut self, database: &mut Database, open: bool) -> Result<(), Failure> {
        let (run, office, book) = (self.run, self.office, self.book);
        let name = Some(book.state().next());
        if let (Rules::Programme(rules), true) = (&office.rules, office.is_drawn_out(book)?) {
            if !open {
                let by = Date::parse(&format!("{:04}-12-31", rules.1.year)).ok().map(By::Day);
                let words = say!(
                    "office.next.close",
                    "all draws of the programme are made, and all visits: close the cycle of the year"
                );
                let command = format!("close --approved-by {}", self.blank.approver);
                self.add((by, None), None, ("close", words), &command);
            }
            return Ok(());
        }
        let approved = format!("plan --adopt --approved-by {}", self.blank.approver);
        let (policy, adopted) = match next_policy(database, office, book, None) {
            Ok(found) => found,
            // Where each policy is written by hand, nobody has written this one yet. Anything else is a fault.
            Err(error) if book.task.is_none() && error.is::<Refused>() => {
                let words = say!("office.next.policy", "the next draw needs a policy of its own");
                let command = format!("{approved} --policy {}", self.blank.file);
                self.add((None, None), name, ("plan", words), &command);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let first = policy.beacon.first_at();
        let by = policy.beacon.seal_by().map(By::At);
        let from = begin(policy.as_of, run.offset);
        if first.is_some_and(|first| first <= run.at) {
            let words = say!(
                "office.next.past",
                "the first source of this draw has spoken: write its policy, give it new days and sources, and adopt that"
            );
            self.add((by, None), name, ("plan", words), "plan --write next.json");
        } else if adopted {
            let words = say!("office.next.seal", "seal the draw");
            self.add((by, from), name, ("seal", words), "seal");
        } else {
            let as_of = policy.as_of;
            let words = say!(
                "office.next.plan",
                "look at the next draw (office check, office plan) and adopt it, on the registers of {as_of}",
                as_of
            );
            self.add((by, from), name, ("plan", words), &approved);
        }
        Ok(())
    }
}

/// How many entries of a ledger were published last; 0: none, or by an earlier version of this program.
fn published(database: &mut Database, scope: &Code) -> Result<u64, Failure> {
    let kept = setting(database, &format!("published {scope}"))?;
    Ok(kept.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Remembers how many entries of a ledger are public.
pub fn note_published(database: &mut Database, scope: &Code, entries: u64) -> Result<(), Failure> {
    if published(database, scope)? == entries {
        return Ok(());
    }
    Ok(set(database, &format!("published {scope}"), &entries.to_string())?)
}

/// The entries of a ledger after one.
fn tail(database: &mut Database, scope: &Code, after: u64) -> Result<Vec<Entry>, Failure> {
    let sql = "SELECT line FROM ledger WHERE scope = ?1 AND number > ?2 ORDER BY number";
    let values = [Value::Text(scope.as_str()), Value::Int(i64::try_from(after)?)];
    let rows = database.rows(sql, &values)?.into_iter().flatten();
    rows.map(|cell| Ok(serde_json::from_slice(&SqlCell::bytes(cell))?)).collect()
}

/// Whether the public is to see an entry soon, and of which draw it is.
fn to_be_seen(content: &Content) -> Option<Option<u64>> {
    Some(match content {
        Content::Visited(visited) => Some(visited.draw),
        Content::Missed(missed) => Some(missed.draw),
        Content::Replaced(replaced) => Some(replaced.draw),
        Content::Disclosed { draw, .. } | Content::Void { draw, .. } | Content::Closed { draw, .. } => {
            Some(*draw)
        }
        Content::Inspected(_) | Content::Amended { .. } | Content::CycleClosed { .. } => None,
        _ => return None,
    })
}

/// What is due of every ledger and of the office, in order of the day or instant by which: the one answer to what comes
/// next, for `next` and for `status`.
pub struct Outlook {
    due: Vec<Due>,
    /// The ledgers of this year.
    present: BTreeSet<Code>,
    /// The visits of every ledger that cannot be made as the registers stand.
    pub hindered: BTreeMap<Code, Vec<Hindered>>,
}

impl Outlook {
    /// Looks at all ledgers, those of earlier years included; where a task is named, at its ledgers.
    pub fn load(run: &Run, database: &mut Database) -> Result<Self, Failure> {
        let offices = Office::all(database)?;
        let Some(present) = offices.first() else { return refuse("no rules are stored") };
        let wanted = shown(run, database, present)?;
        let registers = now::Registers::load(database)?;
        let mut found = Self { due: Vec::new(), present: BTreeSet::new(), hindered: BTreeMap::new() };
        let empty = [count(database, "units")? == 0, count(database, "officers")? == 0];
        let (mut all_closed, mut any_closed, mut facts) = (true, false, false);
        for (place, office) in offices.iter().enumerate() {
            for (scope, task) in office.scopes()? {
                let book = Book::load(database, scope.clone(), task)?;
                let closed = book.task.is_some() && book.is_closed();
                if place == 0 {
                    all_closed &= closed || !book.has_begun();
                    any_closed |= closed;
                    facts |= !super::notice::facts(database, &book, book.state().next().0)?.is_empty();
                    found.present.insert(scope.clone());
                }
                if run.task.is_some() && !wanted.iter().any(|(named, _)| *named == scope) {
                    continue;
                }
                let hindered = now::hindered(database, &book, &registers, run.day())?;
                let (blank, due) = (Blank::new(run.screen), &mut found.due);
                let mut steps = Steps { run, office, book: &book, blank, present: place == 0, found: due };
                let waits = steps.before_draw(database)?;
                let open = steps.after_draw(database, &hindered)?;
                steps.unpublished(database)?;
                if place == 0 && !closed && !waits && empty == [false, false] {
                    steps.ahead(database, open)?;
                }
                found.hindered.insert(scope, hindered);
            }
        }
        found.office(run, present, empty, (facts, all_closed && any_closed));
        // What has no day comes last.
        let end = |due: &Due| due.by.and_then(|by| by.end(run.offset));
        found.due.sort_by_key(|due| (end(due).is_none(), end(due), due.from));
        Ok(found)
    }

    /// What is due of no ledger: empty registers, notices without an issuer, and a year that is closed.
    fn office(
        &mut self,
        run: &Run,
        office: &Office,
        [no_units, no_officers]: [bool; 2],
        (facts, is_over): (bool, bool),
    ) {
        let blank = Blank::new(run.screen);
        let mut one = |step: &'static str, by: Option<By>, words: Message, command: String| {
            let command = format!("office {command}");
            self.due.push(Due { by, from: None, scope: None, draw: None, void: false, step, words, command });
        };
        let first = match &office.rules {
            Rules::Programme(rules) => {
                rules.1.tasks.iter().flat_map(|task| &task.batches).map(|batch| batch.as_of).min()
            }
            Rules::Policy(policy) => Some(policy.as_of),
        };
        let by = first.map(By::Day);
        if no_units {
            let words = say!("office.next.units", "the register of institutions is empty: import it");
            one("import", by, words, format!("import units {}", blank.file));
        }
        if no_officers {
            let words = say!("office.next.officers", "the register of officers is empty: import it");
            one("import", by, words, format!("import officers {}", blank.file));
        }
        if !facts {
            let words = say!("office.next.notice", "say who issues the notices, and where objections go");
            one("notice", by, words, format!("notice issuer={}", blank.value));
        }
        if is_over {
            let words =
                say!("office.next.new_year", "all cycles of the year are closed: begin the next year");
            one("new-year", None, words, format!("new-year --folder {}", blank.folder));
        }
    }

    /// The first of some that can be done; where none can, the one that can be soonest.
    fn first(&self, at: Instant, of: impl Fn(&Due) -> bool) -> Option<&Due> {
        let some = self.due.iter().filter(|due| of(due));
        some.clone().find(|due| due.is_now(at)).or_else(|| some.min_by_key(|due| due.from))
    }

    /// What comes next of a ledger: of what is due of it; else what the office has to do before anything is, the
    /// registers or the next year. `None` where its year is over.
    pub fn next_of(&self, scope: &Code, at: Instant) -> Option<&Due> {
        let own = self.first(at, |due| due.scope.as_ref() == Some(scope));
        let office = || self.first(at, |due| due.scope.is_none() && due.step != "notice");
        own.or_else(|| self.present.contains(scope).then(office).flatten())
    }
}

/// Everything that is due.
pub fn next(run: &Run, database: &mut Database) -> Result<Answer, Failure> {
    let authority = Office::load(database)?.authority;
    let Outlook { due, .. } = Outlook::load(run, database)?;
    let mut text: String = due.iter().map(|due| due.said(run)).collect();
    let screen = run.screen;
    let _ = match due.iter().find(|due| due.is_now(run.at)) {
        Some(now) => writeln!(text, "→ {}", now.command),
        None if due.is_empty() => {
            writeln!(text, "{}", screen.tell(&say!("office.next.nothing", "Nothing is due")))
        }
        None => writeln!(text, "{}", screen.tell(&say!("office.next.not_yet", "Nothing is due yet"))),
    };
    let due: Vec<Json> = due.iter().map(|due| due.json(run.at, run.offset)).collect();
    Ok(Answer::said(json!({ "authority": authority, "at": run.at, "due": due }), text))
}
