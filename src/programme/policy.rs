//! The policy of a batch. It is derived from pack and programme alone, so it can be derived again
//! (Spec 24.3).

use super::{Batch, Programme, ProgrammeError, Task};
use crate::bytes::{Digest, Document, Protocol};
use crate::division::Divisions;
use crate::frame::FrameTerms;
use crate::id::{Code, UnitIdForm};
use crate::message::{AsParam, Coded, Message, said};
use crate::pack::{
    Band, Cap, CheckItem, Cited, ItemRatio, ItemSlack, Mode, Named, Pack, PackFrequency, codes,
};
use crate::policy::{
    Based, Billionths, Caps, Certainty, CoverageFloor, DepartmentRule, Design, EnterpriseRule, Exclusion,
    ExclusionRule, ExpertRule, Frequency, Guard, Item, ItemClass, Origin, Policy, PolicyTerms, PostRule,
    Ratio, Round, TeamRule,
};
use crate::roster::RosterTerms;
use crate::table::BrokenRules;
use std::collections::{BTreeMap, BTreeSet};

impl Programme {
    /// The policy of a batch (from 1) of a task. It names the digest of the dossier that the frame's signals
    /// come from, if there is one.
    ///
    /// # Errors
    /// There is no such batch, or its policy breaks rules of policies (the error lists all of them).
    pub fn policy(
        &self,
        pack: &Pack,
        task: &Code,
        batch: u64,
        dossier: Option<Digest>,
    ) -> Result<Policy, ProgrammeError> {
        self.policy_from(pack, self.digests(pack), task, batch, dossier)
    }

    /// The digests of a pack and of the programme, which all its policies name.
    pub(super) fn digests(&self, pack: &Pack) -> (Digest, Digest) {
        (pack.digest(self.terms.suite), self.digest())
    }

    /// The same for a caller who has these digests, because making them takes longer than all the rest.
    pub(super) fn policy_from(
        &self,
        pack: &Pack,
        (of_pack, of_programme): (Digest, Digest),
        task: &Code,
        batch: u64,
        dossier: Option<Digest>,
    ) -> Result<Policy, ProgrammeError> {
        let missing = || ProgrammeError::NoBatch { task: task.clone(), batch };
        let found = self.task(task).ok_or_else(missing)?;
        self.belongs(pack, found).map_err(|problems| ProgrammeError::Policy {
            task: task.clone(),
            batch,
            problems,
        })?;
        let place = usize::try_from(batch).ok().and_then(|batch| batch.checked_sub(1)).ok_or_else(missing)?;
        let this = found.batches.get(place).ok_or_else(missing)?;
        let origin = Origin { batch, dossier, pack: of_pack, programme: of_programme, task: task.clone() };
        let shares = found.batches[..place].iter().map(|batch| batch.share.get());
        let before = shares.fold(0, u64::saturating_add);
        let broken = |problems: Message| ProgrammeError::Policy { task: task.clone(), batch, problems };
        if matches!(found.design, Design::Number { .. }) && found.batches.len() > 1 {
            return Err(broken(said!("order.number", "a number is drawn in one batch")));
        }
        let rest = Billionths::ONE.get().checked_sub(before);
        let rest =
            rest.ok_or_else(|| broken(said!("order.shares_before", "the shares before it are above 1")))?;
        let rest = Billionths::new(rest).map_err(|e| broken(e.message()))?;
        let terms = Derived { programme: self, pack, task: found, batch: this }.terms(origin, rest);
        Policy::new(terms).map_err(|e| broken(e.message()))
    }
}

impl Programme {
    /// Refuses a pack that the task does not name. With another pack the policy would be another one.
    fn belongs(&self, pack: &Pack, task: &Task) -> Result<(), Message> {
        if self.pack != pack.code || self.year != pack.year {
            let (own, year) = (&self.pack, self.year);
            return Err(said!(
                "programme.pack_of_policy",
                "the programme is for pack {own} of {year}, this is {given} of {given_year}",
                own,
                year,
                given = pack.code,
                given_year = pack.year
            ));
        }
        if !self.divisions.is_empty() && !pack.divisions.is_empty() {
            return Err(said!(
                "programme.two_lists",
                "programme and pack both have divisions: leave one of the two lists out"
            ));
        }
        let item = pack.items.iter().find(|item| !item.subjects.divisions.is_empty());
        let other = pack.divisions.is_empty() && !self.divisions.of_digits();
        if let Some(item) = item.filter(|_| other) {
            return Err(said!(
                "programme.item_division",
                "item {item} of the pack is for divisions of GB/T 2260, and the programme's are of another list",
                item = item.code
            ));
        }
        if self.tasks.iter().filter(|other| other.code == task.code).count() > 1 {
            return Err(said!("programme.task_twice", "task {task} stands twice", task = task.code));
        }
        let broken = BrokenRules::default();
        task.check_references(&broken.at("task"), pack);
        if !broken.is_empty() {
            let rules: Vec<Message> = broken.into_vec().into_iter().map(|broken| broken.rule).collect();
            let words = rules.iter().map(Message::to_string).collect::<Vec<_>>().join("; ");
            let mut said = said!("task.references", "{rules}", rules = words);
            said.replace("rules", rules.param());
            return Err(said);
        }
        Code::parse(&self.scope(task)).map(|_| ()).map_err(|e| {
            said!("programme.scope", "scope {scope}: {error}", error = e, scope = self.scope(task))
        })
    }

    /// The scope of a task's draws.
    fn scope(&self, task: &Task) -> String {
        format!("{}-{}", self.year, task.code)
    }
}

/// The sources that a policy is derived from.
struct Derived<'a> {
    programme: &'a Programme,
    pack: &'a Pack,
    task: &'a Task,
    batch: &'a Batch,
}

impl Derived<'_> {
    fn terms(&self, origin: Origin, rest: Billionths) -> PolicyTerms {
        let Self { programme, pack, task, batch } = self;
        let scope = programme.scope(task);
        let (design, frequency) = self.amount();
        let round = Round { rest, share: batch.share };
        PolicyTerms {
            above: None,
            dispatch: None,
            as_of: batch.as_of,
            authority: programme.authority.clone(),
            beacon: batch.beacon.clone(),
            certainties: self.certainties(),
            coverage: Some(self.coverage()),
            design,
            disclosure: batch.disclosure.clone(),
            document: Document::Policy,
            exclusions: self.exclusions(),
            frame: FrameTerms {
                credit: codes(&pack.levels.credit),
                divisions: programme.divisions(pack).clone(),
                ids: pack.ids,
                kinds: pack.kinds.iter().map(|kind| kind.code.clone()).collect(),
                listed: programme.terms.listed.clone(),
                risk: codes(&pack.levels.risk),
            },
            frequency,
            items: self.items().map(|item| Item { class: item.class, code: item.code.clone() }).collect(),
            labels: self.labels(),
            origin: Some(origin),
            population: task.population.clone(),
            protocol: Protocol,
            rating: Some(pack.rating()),
            ratios: self.ratios(),
            reserves: programme.terms.reserves,
            roster: RosterTerms {
                departments: task.departments().cloned().collect(),
                divisions: Divisions::default(),
                ids: UnitIdForm::default(),
                listed: Vec::new(),
                qualifications: codes(&pack.qualifications),
            },
            round: (round != Round::WHOLE).then_some(round),
            scope: Code::parse(&scope).expect("read before"),
            signals: Vec::new(),
            strata: task.strata.clone(),
            subsamples: task.subsamples.clone(),
            suite: programme.terms.suite,
            surprise: task.surprise,
            team: self.team(),
            title: task.title.clone(),
            window: batch.window,
        }
    }

    /// The task's items, in the pack's order.
    fn items(&self) -> impl Iterator<Item = &CheckItem> {
        self.pack.items.iter().filter(|item| self.task.items.contains(&item.code))
    }

    /// The items of the task that need a visit or a look at papers.
    fn visited(&self) -> impl Iterator<Item = &CheckItem> {
        self.items().filter(|item| item.mode != Mode::Online)
    }

    fn has_key_item(&self) -> bool {
        self.items().any(|item| item.class == ItemClass::Key)
    }

    /// Whether the stratum tree has nodes of a level.
    fn has_level(&self, level: Guard) -> bool {
        match level {
            Guard::Total => true,
            Guard::Stratum(stratum) => self.task.strata.contains(&stratum),
        }
    }

    /// Step 3: a rate over the year becomes a frequency, so that no unit is drawn twice for it.
    fn amount(&self) -> (Design, Vec<Frequency>) {
        let slack = self.slack();
        let entry = |entry: &PackFrequency| {
            let entry = entry.frequency();
            Frequency { slack: slack.unwrap_or(entry.slack), ..entry }
        };
        let table = || self.pack.frequency.iter().map(entry).collect();
        match self.task.design {
            Design::Rate { rate } => {
                let levels = &self.pack.levels;
                let entry = |risk: &Named, credit: &Named| Frequency {
                    credit: credit.code.clone(),
                    cycles: 1,
                    risk: risk.code.clone(),
                    slack: Billionths::ZERO,
                    visits: rate,
                };
                let pairs = levels.risk.iter().flat_map(|r| levels.credit.iter().map(move |c| entry(r, c)));
                (Design::Frequency {}, pairs.collect())
            }
            Design::Number { number } => (Design::Number { number }, table()),
            Design::Frequency {} => (Design::Frequency {}, table()),
        }
    }

    /// The slack that the pack gives tasks with these items, the smallest that applies.
    fn slack(&self) -> Option<Billionths> {
        let applies = |rule: &&ItemSlack| rule.items.iter().any(|item| self.task.items.contains(item));
        self.pack.slacks.iter().filter(applies).map(|rule| rule.slack).min()
    }

    fn certainties(&self) -> Vec<Based<Certainty>> {
        self.pack.certainties.iter().map(|rule| self.pack.based(rule)).collect()
    }

    /// The exclusions of the pack, then its caps, which key items do not have.
    fn exclusions(&self) -> Vec<Based<Exclusion>> {
        let cap = |cap: &Cap| Based {
            basis: self.pack.basis(cap.cite.as_ref()),
            body: Exclusion {
                code: cap.code.clone(),
                kinds: cap.kinds.clone(),
                rule: ExclusionRule::VisitsAtLeast(cap.visits),
            },
        };
        let caps = self.pack.caps.iter().filter(|_| !self.has_key_item());
        self.pack.exclusions.iter().map(|rule| self.pack.based(rule)).chain(caps.map(cap)).collect()
    }

    /// The ratios of the task, then the bands of the outermost level; no upper limits where an item is key.
    fn ratios(&self) -> Vec<Based<Ratio>> {
        let key = self.has_key_item();
        let applies = |ratio: &&Cited<ItemRatio>| {
            self.has_level(ratio.at)
                && (ratio.items.is_empty() || ratio.items.iter().any(|item| self.task.items.contains(item)))
        };
        let own = self.pack.ratios.iter().filter(applies).map(|ratio| {
            let (basis, mut body) = (self.pack.basis(ratio.cite.as_ref()), ratio.body.ratio.clone());
            body.max = body.max.filter(|_| !key);
            Based { basis, body }
        });
        let bands = self.pack.bands.iter().filter_map(|band| self.band(band, key));
        own.chain(bands).filter(|ratio| ratio.bounds()).collect()
    }

    fn band(&self, band: &Band, key: bool) -> Option<Based<Ratio>> {
        let (stratum, level) = band.level()?;
        let share = band.share.as_ref().filter(|_| self.task.strata.first() == Some(&stratum))?;
        let body = Ratio {
            all_below: None,
            at: Guard::Stratum(stratum),
            code: band.code.clone(),
            is: vec![level.clone()],
            least: None,
            max: share.max.filter(|_| !key),
            min: share.min,
        };
        Some(Based { basis: self.pack.basis(band.cite.as_ref()), body })
    }

    fn coverage(&self) -> CoverageFloor {
        if self.task.no_floor {
            return CoverageFloor { guards: vec![Guard::Total], minimum: Billionths::ZERO };
        }
        let guards =
            self.pack.coverage.guards.iter().copied().filter(|guard| self.has_level(*guard)).collect();
        CoverageFloor { guards, minimum: self.pack.coverage.minimum }
    }

    /// Step 6: the needs of the items become posts, by kind of unit.
    fn team(&self) -> TeamRule {
        let (terms, attendance) = (&self.programme.terms, &self.pack.attendance);
        let department = |code: &Code| {
            let own = self.visited().filter(|item| item.department == *code);
            DepartmentRule {
                department: code.clone(),
                officers: self.task.officers.unwrap_or(2),
                posts: self.posts(own, |item| item.needs.as_ref()),
            }
        };
        let expert_posts = self.posts(self.visited(), |item| item.expert.as_ref());
        let experts = (!expert_posts.is_empty() && attendance.experts).then(|| ExpertRule {
            cap: terms.expert_cap.unwrap_or(terms.cap),
            jurisdiction: terms.jurisdiction,
            posts: expert_posts,
        });
        let kinds = self.pack.kinds.iter().filter(|kind| kind.enterprise).map(|kind| kind.code.clone());
        let enterprises = EnterpriseRule {
            barred: attendance.barred.clone(),
            basis: self.pack.basis(attendance.cite.as_ref()),
            kinds: kinds.collect(),
        };
        let bars = experts.is_some() && !enterprises.barred.is_empty() && !enterprises.kinds.is_empty();
        let officers = self.task.officers.unwrap_or(2);
        TeamRule {
            alone: attendance
                .alone
                .as_ref()
                .filter(|_| officers == 1)
                .map(|cite| self.pack.basis(Some(cite))),
            cap: terms.cap,
            caps: Caps::default(),
            ceiling: terms.ceiling,
            days: Vec::new(),
            departments: self.task.departments().map(department).collect(),
            enterprises: bars.then_some(enterprises),
            experts,
            jurisdiction: terms.jurisdiction,
            limit: None,
            pins: Vec::new(),
            qualifications: BTreeMap::new(),
            rotation: terms.rotation,
            same_grid: terms.same_grid,
            shortlist: None,
        }
    }

    /// A post for every qualification that an item asks for, at the kinds of units to which such an item can
    /// apply.
    fn posts<'i>(
        &self,
        items: impl Iterator<Item = &'i CheckItem>,
        asks: impl Fn(&'i CheckItem) -> Option<&'i Code>,
    ) -> Vec<PostRule> {
        let items: Vec<(&CheckItem, &Code)> = items.filter_map(|item| Some((item, asks(item)?))).collect();
        let post = |qualification: &Named| {
            let code = &qualification.code;
            let mut asking = items.iter().filter(|(_, asked)| *asked == code).peekable();
            asking.peek()?;
            let asking: Vec<&CheckItem> = asking.map(|(item, _)| *item).collect();
            let at = |kind: &Code| asking.iter().any(|item| item.subjects.admits_kind(kind));
            let all = self.pack.kinds.iter().map(|kind| &kind.code);
            let kinds: Vec<Code> = all.filter(|kind| at(kind)).cloned().collect();
            Some(PostRule {
                kinds: (kinds.len() < self.pack.kinds.len()).then_some(kinds),
                needs: Some(code.clone()),
                places: 1,
                post: code.clone(),
            })
        };
        self.pack.qualifications.iter().filter_map(post).collect()
    }

    /// Step 7.
    fn labels(&self) -> BTreeMap<Code, String> {
        let Self { pack, task, .. } = self;
        let departments: BTreeSet<&str> = task.departments().map(Code::as_str).collect();
        let used = pack.departments.iter().filter(|named| departments.contains(named.code.as_str()));
        let named = |named: &Named| (named.code.clone(), named.name.clone());
        let lists = used
            .map(named)
            .chain(pack.kinds.iter().map(|kind| (kind.code.clone(), kind.name.clone())))
            .chain(pack.qualifications.iter().map(named))
            .chain(pack.levels.risk.iter().map(named))
            .chain(pack.levels.credit.iter().map(named))
            .chain(self.items().map(|item| (item.code.clone(), item.name.clone())));
        let mut labels = BTreeMap::new();
        for (code, name) in lists {
            labels.entry(code).or_insert(name);
        }
        labels
    }
}
