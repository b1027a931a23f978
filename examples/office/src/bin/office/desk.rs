//! What a command finds on the desk: the rules, the registers, the ledgers and the documents of the office.

pub use super::book::{Book, WholeBook, contents, document, edited};
use super::register;
use super::store::{Database, StoreError, Value};
use double_random::bytes::{Digest, SaltKey, Suite};
use double_random::calendar::{Date, Offset, Window};
use double_random::dossier::{Dossier, DossierEntry};
use double_random::frame::UnitRow;
use double_random::id::{Code, InspectorId, UnitIdForm};
use double_random::ledger::{Present, RegisteredBatch};
use double_random::pack::Pack;
use double_random::policy::{Billionths, Caps, PolicyTerms};
use double_random::programme::Programme;
use double_random::roster::{ExpertRow, InspectorRow, ListedInspector, RecusalRow};
use double_random::{Frame, Policy, Roster};
use double_random_office::say;
use double_random_office::values::Several;
use double_random_support::files::Failure;
use std::collections::{BTreeMap, BTreeSet};

pub use double_random_office::catalogue::{IntoMessage, Refused};

/// Refuses in words.
pub fn refuse<T>(words: impl IntoMessage) -> Result<T, Failure> {
    Err(Box::new(Refused(words.into_message())))
}

/// What the office draws by.
pub enum Rules {
    /// A policy for each draw, as it was written.
    Policy(Box<Policy>),
    /// A rule pack and the programme of a year: policies follow.
    Programme(Box<(Pack, Programme)>),
}

impl Rules {
    /// Which ids institutions have.
    pub fn ids(&self) -> UnitIdForm {
        match self {
            Self::Policy(policy) => policy.frame.ids,
            Self::Programme(rules) => rules.0.ids,
        }
    }
}

/// The office: whose it is, and its rules.
pub struct Office {
    /// Whose.
    pub authority: Code,
    /// The hash of all its documents.
    pub suite: Suite,
    /// The rules.
    pub rules: Rules,
    /// The salt of the dossier.
    pub key: SaltKey,
}

/// The text of a rule, if it is there.
fn rule(database: &mut Database, name: &str) -> Result<Option<String>, StoreError> {
    let found = database.one("SELECT content FROM rules WHERE name = ?1", &[Value::Text(name)])?;
    Ok(found.map(super::store::SqlCell::text))
}

/// A setting.
pub fn setting(database: &mut Database, name: &str) -> Result<Option<String>, StoreError> {
    let found = database.one("SELECT value FROM settings WHERE name = ?1", &[Value::Text(name)])?;
    Ok(found.map(super::store::SqlCell::text))
}

/// Remembers a setting, in the place of what stood there.
pub fn set(database: &mut Database, name: &str, value: &str) -> Result<(), StoreError> {
    database.execute("DELETE FROM settings WHERE name = ?1", &[Value::Text(name)])?;
    let values = [Value::Text(name), Value::Text(value)];
    database.execute("INSERT INTO settings (name, value) VALUES (?1, ?2)", &values)?;
    Ok(())
}

/// The clock of the authority: that of its pack; where each policy is written by hand, that of `init`, Beijing's if
/// none was given.
pub fn offset(database: &mut Database) -> Result<Offset, StoreError> {
    if let Some(pack) = rule(database, "pack")? {
        return Ok(offset_of(&pack));
    }
    let given = setting(database, "offset")?;
    Ok(given
        .and_then(|text| Offset::parse(&text).ok())
        .or_else(|| Offset::parse(BEIJING).ok())
        .unwrap_or_default())
}

/// The clock that `init --policy` takes if none is given.
pub const BEIJING: &str = "+08:00";

/// The clock of the text of a pack; universal time for one that states none.
pub fn offset_of(pack: &str) -> Offset {
    #[derive(serde::Deserialize)]
    struct Clock {
        #[serde(default)]
        offset: Offset,
    }
    serde_json::from_str::<Clock>(pack).map(|clock| clock.offset).unwrap_or_default()
}

/// Whether a unit opens later than the day of a frame: it is not on it yet.
pub fn opens_later(row: &UnitRow, as_of: Date) -> bool {
    Date::parse(&row.opened).is_ok_and(|opened| opened > as_of)
}

impl Office {
    /// Reads it.
    pub fn load(database: &mut Database) -> Result<Self, Failure> {
        let missing = |name: &str| format!("{}: no {name} is stored", "the database");
        let key = setting(database, "key")?.ok_or_else(|| missing("key"))?;
        let rules = match rule(database, "policy")? {
            Some(text) => Rules::Policy(Box::new(Policy::from_json(&text)?)),
            None => {
                let pack = rule(database, "pack")?.ok_or_else(|| missing("pack"))?;
                let programme = rule(database, "programme")?.ok_or_else(|| missing("programme"))?;
                Rules::Programme(Box::new((Pack::from_json(&pack)?, Programme::from_json(&programme)?)))
            }
        };
        let (authority, suite) = rules.whose();
        Ok(Self { authority, suite, rules, key: SaltKey::new(*Digest::parse(&key)?.as_bytes()) })
    }

    /// An office under rules that are not stored; its key is of no use.
    pub fn of_rules(pack: Pack, programme: Programme) -> Result<Self, Failure> {
        let rules = Rules::Programme(Box::new((pack, programme)));
        let (authority, suite) = rules.whose();
        Ok(Self { authority, suite, rules, key: SaltKey::new([0; 32]) })
    }

    /// The office under its rules of all years, the present ones first.
    pub fn all(database: &mut Database) -> Result<Vec<Self>, Failure> {
        let present = Self::load(database)?;
        let sql = "SELECT name FROM rules WHERE name LIKE 'programme until %'";
        let names = database.rows(sql, &[])?.into_iter().flatten().map(super::store::SqlCell::text);
        let mut years: Vec<String> =
            names.filter_map(|name| name.rsplit(' ').next().map(str::to_owned)).collect();
        years.sort();
        let mut all = Vec::new();
        for year in years.into_iter().rev() {
            let texts = (
                rule(database, &format!("pack until {year}"))?,
                rule(database, &format!("programme until {year}"))?,
            );
            let (Some(pack), Some(programme)) = texts else { continue };
            let rules =
                Rules::Programme(Box::new((Pack::from_json(&pack)?, Programme::from_json(&programme)?)));
            all.push(Self {
                authority: present.authority.clone(),
                suite: present.suite,
                rules,
                key: present.key.clone(),
            });
        }
        all.insert(0, present);
        Ok(all)
    }

    /// The scope of a task; the only one if none is named.
    pub fn scope(&self, task: Option<&str>) -> Result<(Code, Option<Code>), Failure> {
        match (&self.rules, task) {
            (Rules::Policy(policy), None) => Ok((policy.scope.clone(), None)),
            (Rules::Policy(policy), Some(task)) if policy.scope.as_str() == task => {
                Ok((policy.scope.clone(), None))
            }
            (Rules::Policy(policy), Some(task)) => refuse(say!(
                "office.task.only",
                "--task {task}: this office draws {scope} only",
                task,
                scope = policy.scope
            )),
            (Rules::Programme(rules), task) => {
                let (pack, programme) = rules.as_ref();
                let names: Vec<&str> = programme.tasks.iter().map(|task| task.code.as_str()).collect();
                let only = (names.len() == 1).then(|| names[0]);
                let Some(code) = task.or(only) else {
                    return refuse(say!(
                        "office.task.which",
                        "--task is needed, one of {tasks}",
                        tasks = Several::new(names)
                    ));
                };
                let found = programme.tasks.iter().find(|known| known.code.as_str() == code);
                let Some(found) = found else {
                    return refuse(say!(
                        "office.task.unknown",
                        "--task {code} is no task of the programme; it has {tasks}",
                        code,
                        tasks = Several::new(names)
                    ));
                };
                let policy = programme.policy(pack, &found.code, 1, None)?;
                Ok((policy.scope.clone(), Some(found.code.clone())))
            }
        }
    }

    /// The scopes that a name can mean: of a task, or of a ledger; none if it is neither here.
    pub fn named(&self, name: &str) -> Result<Vec<(Code, Option<Code>)>, Failure> {
        let mut scopes = self.scopes()?;
        let is = |scope: &Code, task: Option<&Code>| {
            scope.as_str() == name || task.is_some_and(|task| task.as_str() == name)
        };
        scopes.retain(|(scope, task)| is(scope, task.as_ref()));
        Ok(scopes)
    }

    /// The scopes of all tasks.
    pub fn scopes(&self) -> Result<Vec<(Code, Option<Code>)>, Failure> {
        match &self.rules {
            Rules::Policy(policy) => Ok(vec![(policy.scope.clone(), None)]),
            Rules::Programme(rules) => {
                rules.1.tasks.iter().map(|task| self.scope(Some(task.code.as_str()))).collect()
            }
        }
    }

    /// A policy with the vocabulary of the registers: what any of the tasks names.
    pub fn vocabulary(&self) -> Result<Policy, Failure> {
        match &self.rules {
            Rules::Policy(policy) => Ok(policy.as_ref().clone()),
            Rules::Programme(rules) => {
                let (pack, programme) = rules.as_ref();
                let first = programme.tasks.first().ok_or("the programme has no task")?;
                let mut whole = programme.policy(pack, &first.code, 1, None)?.into_terms();
                // A unit that opens during the year stands on the register before the draws that may reach
                // it.
                let days = programme.tasks.iter().flat_map(|task| &task.batches).map(|batch| batch.as_of);
                whole.as_of = days.max().unwrap_or(whole.as_of);
                for task in programme.tasks.iter().skip(1) {
                    let other = programme.policy(pack, &task.code, 1, None)?.into_terms();
                    join(&mut whole.roster.departments, other.roster.departments);
                    join(&mut whole.roster.qualifications, other.roster.qualifications);
                    whole.labels.extend(other.labels);
                }
                // One register serves all tasks and the whole year.
                whole.roster.listed = vec![ListedInspector::Expired];
                let day = whole.as_of;
                on_day(&mut whole, day)?;
                Ok(Policy::new(whole)?)
            }
        }
    }

    /// The dossier as it stands; the empty one where no pack says what it is.
    pub fn dossier(&self, database: &mut Database) -> Result<Option<Dossier>, Failure> {
        let Rules::Programme(rules) = &self.rules else { return Ok(None) };
        let mut entries: Vec<DossierEntry> = Vec::new();
        for row in database.rows("SELECT entry FROM dossier ORDER BY number", &[])? {
            for cell in row {
                entries.push(serde_json::from_str(&cell.text())?);
            }
        }
        let dossier = Dossier::replay(&rules.0.dossier_terms(), entries).map_err(|(place, error)| {
            let (number, rule) = (place + 1, error);
            say!("office.dossier.entry", "entry {number} of the dossier: {rule}", number, rule)
        })?;
        Ok(Some(dossier))
    }

    /// The frame of a policy: the register, with signals and levels by the rules where a pack gives them.
    pub fn frame(&self, database: &mut Database, policy: &Policy) -> Result<Frame, Failure> {
        let rows: Vec<UnitRow> = register::load(database)?;
        self.frame_of(database, policy, rows)
    }

    /// The same of rows that are not stored yet.
    pub fn frame_of(
        &self,
        database: &mut Database,
        policy: &Policy,
        rows: Vec<UnitRow>,
    ) -> Result<Frame, Failure> {
        let dossier = self.dossier(database)?;
        self.frame_with(dossier.as_ref(), policy, rows)
    }

    /// The same with the dossier.
    pub fn frame_with(
        &self,
        dossier: Option<&Dossier>,
        policy: &Policy,
        rows: Vec<UnitRow>,
    ) -> Result<Frame, Failure> {
        let rows: Vec<UnitRow> = rows.into_iter().filter(|row| !opens_later(row, policy.as_of)).collect();
        Ok(match (&self.rules, dossier) {
            (Rules::Programme(rules), Some(dossier)) => rules.0.frame(policy, dossier, rows)?,
            _ => Frame::new(rows, &policy.frame, policy.as_of)?,
        })
    }

    /// The roster of a policy: officers of its departments, experts, and the recusals of both, with the
    /// visits of all ledgers added to the loads of the register. Whose certificate or engagement has run out
    /// does not stand on it (失效人员不纳入抽取), unless the policy lists them.
    pub fn roster(&self, database: &mut Database, policy: &Policy, book: &Book) -> Result<Roster, Failure> {
        self.roster_of(database, policy, book, &mut |_, _| {})
    }

    /// The same after a change of the rows of officers and recusals, which are not stored.
    pub fn roster_of(
        &self,
        database: &mut Database,
        policy: &Policy,
        book: &Book,
        change: &mut dyn FnMut(&mut Vec<InspectorRow>, &mut Vec<RecusalRow>),
    ) -> Result<Roster, Failure> {
        let mut loads: BTreeMap<InspectorId, u64> = BTreeMap::new();
        let mut add = |state: &Present| {
            state.loads().iter().for_each(|(id, visits)| *loads.entry(id.clone()).or_default() += visits);
        };
        add(book.state());
        for (scope, task) in self.scopes()? {
            if scope != book.scope {
                add(Book::load(database, scope, task)?.state());
            }
        }
        let load = |id: &str, given: &mut String| {
            let known = InspectorId::parse(id).ok().and_then(|id| loads.get(&id).copied());
            // What is no number is for the library to name.
            let before = if given.is_empty() { Ok(0) } else { given.parse::<u64>() };
            if let (Some(known), Ok(before)) = (known, before) {
                *given = (known + before).to_string();
            }
        };
        let as_of = policy.as_of;
        // What is no date is for the library to name.
        let runs = |until: &str| Date::parse(until).map_or(true, |day| day >= as_of);
        let of_programme = matches!(self.rules, Rules::Programme(_));
        let departments: BTreeSet<&str> = policy.roster.departments.iter().map(Code::as_str).collect();
        let mut officers: Vec<InspectorRow> = register::load(database)?;
        let mut experts: Vec<ExpertRow> = register::load(database)?;
        let mut recusals: Vec<RecusalRow> = register::load(database)?;
        if of_programme {
            // One register serves all tasks: people without a part in this one are left out, as are those who
            // may not be drawn.
            officers
                .retain(|row| departments.contains(row.department.as_str()) && runs(&row.certified_until));
            experts.retain(|row| runs(&row.engaged_until));
            let known: BTreeSet<&str> = officers
                .iter()
                .map(|row| row.id.as_str())
                .chain(experts.iter().map(|row| row.id.as_str()))
                .collect();
            recusals.retain(|row| known.contains(row.inspector.as_str()));
        }
        officers.iter_mut().for_each(|row| load(&row.id, &mut row.load));
        experts.iter_mut().for_each(|row| load(&row.id, &mut row.load));
        change(&mut officers, &mut recusals);
        Ok(Roster::with_experts(officers, experts, recusals, &policy.roster, policy.as_of)?)
    }

    /// The draws of the year of a ledger as its programme has them, and the digest of the programme: those
    /// that come after the share of the year that was spent before the ledger began. `None` where each policy
    /// is written by hand.
    pub fn year(&self, book: &Book) -> Result<Option<(Vec<RegisteredBatch>, Digest)>, Failure> {
        let (Rules::Programme(rules), Some(task)) = (&self.rules, &book.task) else { return Ok(None) };
        let programme = &rules.1;
        let Some(task) = programme.task(task) else { return Ok(None) };
        let cycle = super::steps::cycle(book)?;
        let (mut before, mut batches, mut starts) = (0, Vec::new(), Vec::new());
        for (number, batch) in (1..).zip(&task.batches) {
            starts.push(before);
            if before == cycle.spent().get() || !batches.is_empty() {
                let (share, window) = (batch.share, batch.window);
                batches.push(RegisteredBatch { batch: number, share, window });
            }
            before = before.saturating_add(batch.share.get());
        }
        if batches.is_empty() && before != cycle.spent().get() {
            let starts: Vec<String> = starts
                .into_iter()
                .filter_map(|share| Some(Billionths::new(share).ok()?.to_string()))
                .collect();
            return refuse(say!(
                "office.year.spent",
                "{scope}: {spent} of the year is spent, and the batches of the programme begin at {starts}: the first \
                 draw must begin where the state ends",
                scope = book.scope,
                spent = cycle.spent(),
                starts = Several::new(starts)
            ));
        }
        Ok(Some((batches, programme.digest())))
    }

    /// The batch of the programme that the next draw of a ledger is.
    pub fn next_batch(&self, book: &Book) -> Result<u64, Failure> {
        let past = || match &self.rules {
            Rules::Programme(rules) => rules.1.tasks.iter().map(|task| task.batches.len()).max().unwrap_or(0),
            Rules::Policy(_) => 0,
        };
        let past = || u64::try_from(past()).unwrap_or(u64::MAX).saturating_add(1);
        if book.state().register().is_some() {
            return Ok(book.state().next_batch().unwrap_or_else(past));
        }
        let year = self.year(book)?;
        let first = year.and_then(|(batches, _)| batches.first().map(|registered| registered.batch));
        Ok(first.unwrap_or_else(past))
    }

    /// Whether the programme has no draw left for a ledger; never where each policy is written by hand.
    pub fn is_drawn_out(&self, book: &Book) -> Result<bool, Failure> {
        let (Rules::Programme(rules), Some(task)) = (&self.rules, &book.task) else { return Ok(false) };
        let batches = rules.1.task(task).map_or(0, |task| task.batches.len());
        Ok(usize::try_from(self.next_batch(book)?).is_ok_and(|next| next > batches))
    }

    /// The policy that the rules give for the next draw of a ledger; `None` where each is written by hand.
    pub fn derived(&self, database: &mut Database, book: &Book) -> Result<Option<Policy>, Failure> {
        if book.task.is_none() {
            return Ok(None);
        }
        let batch = self.next_batch(book)?;
        self.derived_of(database, book.task.as_ref(), batch)
    }

    /// The same for a batch.
    fn derived_of(
        &self,
        database: &mut Database,
        task: Option<&Code>,
        draw: u64,
    ) -> Result<Option<Policy>, Failure> {
        let (Rules::Programme(rules), Some(task)) = (&self.rules, task) else { return Ok(None) };
        let (pack, programme) = rules.as_ref();
        let dossier = self.dossier(database)?.map(|dossier| dossier.digest(self.suite, &self.key));
        Ok(Some(programme.policy(pack, task, draw, dossier)?))
    }
}

/// Makes a policy the vocabulary of a register on a day: the days of visits are those of each draw, and none of
/// a vocabulary.
pub fn on_day(policy: &mut PolicyTerms, day: Date) -> Result<(), Failure> {
    policy.as_of = day;
    // Never earlier than its own: the sources speak before the visits.
    let from = policy.window.from().max(day);
    policy.window = Window::new(from, policy.window.to().max(from))?;
    policy.team.days = Vec::new();
    policy.team.caps = Caps { day: None, week: None, ..policy.team.caps };
    Ok(())
}

/// Adds codes that are not there yet.
fn join(to: &mut Vec<Code>, more: Vec<Code>) {
    for code in more {
        if !to.contains(&code) {
            to.push(code);
        }
    }
}

impl Rules {
    fn whose(&self) -> (Code, Suite) {
        match self {
            Self::Policy(policy) => (policy.authority.clone(), policy.suite),
            Self::Programme(rules) => (rules.1.authority.clone(), rules.1.terms.suite),
        }
    }

    /// Pack and programme, to which the entries of dossiers belong.
    pub fn programme(&self) -> Result<&(Pack, Programme), Failure> {
        match self {
            Self::Programme(rules) => Ok(rules),
            Self::Policy(_) => refuse(say!(
                "office.entries.no_pack",
                "entries belong to a rule pack, and this office has none"
            )),
        }
    }
}
