//! The check of a programme before anything is sealed: covered items, joint draws, caps, floors, bands,
//! deadlines, and tasks that could be merged. All findings are reported at once (Spec 24.6).

use super::planned::{PlannedTask, UnitSet, YearTotals, with_item};
use super::{Batch, Finding, Findings, Programme, ProgrammeError, Task};
use crate::calendar::Date;
use crate::cycle::Cycle;
use crate::division::Divisions;
use crate::frame::{Frame, Unit};
use crate::id::{Code, Division, UnitIdForm};
use crate::message::{Coded, Message, said};
use crate::odds::ONE;
use crate::pack::{CheckItem, Deadline, Pack};
use crate::plan::Plan;
use crate::policy::{Billionths, Design, ItemClass, Policy, Stratum};
use crate::roster::{Role, Roster, RosterTerms};
use crate::table::{BrokenRule, BrokenRules, repeats};
use std::collections::{BTreeMap, BTreeSet};

/// Billionths that may be more than a decimal holds.
fn most(billionths: u64) -> Billionths {
    Billionths::new(billionths.min(Billionths::MAX.get())).unwrap_or(Billionths::MAX)
}

/// Expected visits of a year at one level, billionths.
struct Brought {
    /// Mean over the units of the sum over tasks, each at most one visit.
    sums: u64,
    /// Mean over the units of the largest task, likewise.
    tops: u64,
    /// The smallest sum of a unit.
    smallest: u64,
    /// The largest sum of a unit.
    largest: u64,
}

/// Expected visits of a round are rounded up by at most a billionth, and scaled to the year.
const SLACK: u64 = 1000;

struct YearCheck<'a> {
    programme: &'a Programme,
    pack: &'a Pack,
    frame: &'a Frame,
    found: Findings,
}

impl Programme {
    /// Checks the year against the rules of its pack, on the frame from which the first batches will be
    /// drawn. Chances are those of each task's first batch before anything was drawn. The visits of the year
    /// move the chances of later batches.
    #[must_use]
    pub fn check(&self, pack: &Pack, frame: &Frame) -> Findings {
        let mut check = YearCheck { programme: self, pack, frame, found: Findings::default() };
        check.references();
        check.task_items();
        check.dates();
        let planned = check.plans();
        let applies: Vec<UnitSet> = pack
            .items
            .iter()
            .map(|item| UnitSet::of(frame.units(), |_, unit| pack.applies(item, unit)))
            .collect();
        let all: Vec<&PlannedTask<'_>> = planned.iter().collect();
        let limited: Vec<&PlannedTask<'_>> = planned.iter().filter(|task| !task.has_key_item).collect();
        let [of_all, of_limited] = [&all, &limited].map(|tasks| YearTotals::new(frame.units(), tasks));
        check.items(&planned, &applies);
        check.joint();
        check.caps(&limited, &of_limited);
        check.floors(&planned, &of_all);
        check.bands((&all, &of_all), (&limited, &of_limited));
        check.empty_forms(&planned, &applies);
        check.mergeable(&planned);
        check.batches(&planned);
        check.attendance();
        check.found
    }
}

impl<'a> YearCheck<'a> {
    /// Names that the pack does not have, names given twice, and tasks without items.
    fn references(&mut self) {
        let Self { programme, pack, .. } = *self;
        let broken = BrokenRules::default();
        let (own, theirs) = ((&programme.pack, programme.year), (&pack.code, pack.year));
        broken.at("pack").when(own != theirs, || {
            let ((own, own_year), (given, year)) = (own, theirs);
            said!(
                "programme.pack",
                "{own} of {own_year}, and the pack given is {given} of {year}",
                own,
                own_year,
                given,
                year
            )
        });
        broken.at("tasks").when(programme.tasks.is_empty(), || said!("programme.no_tasks", "there is none"));
        let repeated = repeats(programme.divisions.codes().map(Division::as_str));
        broken.at("divisions").when(repeated, || said!("programme.division_twice", "names a division twice"));
        let mut seen = BTreeSet::new();
        for task in &programme.tasks {
            let at = broken.at(format!("task {}", task.code));
            at.when(!seen.insert(task.code.as_str()), || said!("document.stands_twice", "stands twice"));
            task.check_references(&at, pack);
            at.when(task.items.is_empty(), || {
                said!("task.no_items", "has no items: without legal basis there is no inspection")
            });
            for code in task.population.iter().flat_map(|population| population.has.keys()) {
                at.when(!pack.counts(code), || {
                    said!("task.unknown_signal", "{code} is no signal, ladder or feature of the pack", code)
                });
            }
        }
        let reference = |BrokenRule { place, rule }: BrokenRule| Finding::Reference { place, rule };
        self.found.extend(broken.into_vec().into_iter().map(reference));
    }

    /// Items of a department that takes no part, and general items beside key items.
    fn task_items(&mut self) {
        let Self { programme, pack, .. } = *self;
        for task in &programme.tasks {
            let items: Vec<&CheckItem> = task.items.iter().filter_map(|code| pack.item(code)).collect();
            let departments: BTreeSet<&str> = task.departments().map(Code::as_str).collect();
            for item in items.iter().filter(|item| !departments.contains(item.department.as_str())) {
                let (task, department) = (task.code.clone(), item.department.clone());
                self.found.push(Finding::ItemDepartment { task, item: item.code.clone(), department });
            }
            let of_class = |class| items.iter().filter(move |item| item.class == class);
            let general: Vec<Code> = of_class(ItemClass::General).map(|item| item.code.clone()).collect();
            if of_class(ItemClass::Key).next().is_some() && !general.is_empty() {
                self.found.push(Finding::MixedClasses { task: task.code.clone(), general });
            }
        }
    }

    /// Shares, the order of dates, and deadlines in working days.
    fn dates(&mut self) {
        let programme = self.programme;
        for task in &programme.tasks {
            let sum: u64 = task.batches.iter().map(|batch| batch.share.get().min(1 << 32)).sum();
            let mut order = |batch: u64, rule: Message| {
                self.found.push(Finding::Order { task: task.code.clone(), batch, rule });
            };
            if sum != ONE {
                order(
                    0,
                    said!(
                        "order.shares",
                        "the shares of its batches sum to {sum}, not to 1",
                        sum = most(sum)
                    ),
                );
            }
            if matches!(task.design, Design::Number { .. }) && task.batches.len() > 1 {
                order(0, said!("order.number", "a number is drawn in one batch"));
            }
            for (number, pair) in (2..).zip(task.batches.windows(2)) {
                if pair[1].drawn <= pair[0].drawn {
                    order(number, said!("order.batches", "is not drawn after the one before"));
                }
            }
            let early =
                (2..).zip(task.batches.windows(2)).filter(|(_, pair)| pair[1].as_of <= pair[0].window.to());
            let early: Vec<Finding> = early
                .map(|(batch, pair)| Finding::Overlap {
                    task: task.code.clone(),
                    batch,
                    as_of: pair[1].as_of,
                    until: pair[0].window.to(),
                })
                .collect();
            for (number, batch) in (1..).zip(&task.batches) {
                let Batch { as_of, drawn, matched, recusals, window, published, .. } = batch;
                let reveal_by = batch.disclosure.reveal_by();
                let dates = [
                    (
                        as_of <= drawn,
                        said!(
                            "order.as_of",
                            "frame and roster are of {as_of}, after the draw on {drawn}",
                            as_of,
                            drawn
                        ),
                    ),
                    (
                        drawn <= matched,
                        said!(
                            "order.matched",
                            "matched on {matched}, before the draw on {drawn}",
                            matched,
                            drawn
                        ),
                    ),
                    (
                        drawn < &window.from(),
                        said!(
                            "order.visits_after_draw",
                            "visits begin on {from}, not after the draw on {drawn}",
                            drawn,
                            from = window.from()
                        ),
                    ),
                    (
                        matched <= &window.from(),
                        said!(
                            "order.visits_after_teams",
                            "visits begin on {from}, before teams are matched",
                            from = window.from()
                        ),
                    ),
                    (
                        recusals >= matched,
                        said!(
                            "order.recusals",
                            "recusals until {recusals}, before the teams are known",
                            recusals
                        ),
                    ),
                    (
                        published >= &window.to(),
                        said!(
                            "order.published",
                            "published on {published}, before the last visit",
                            published
                        ),
                    ),
                    (
                        reveal_by.is_none_or(|day| day >= window.to() && day <= *published),
                        said!(
                            "order.revealed",
                            "disclosed by {reveal_by}, not between the last visit and the day by which \
                             results are published, {published}",
                            reveal_by = reveal_by.unwrap_or(*published),
                            published
                        ),
                    ),
                    (
                        u64::try_from(drawn.year()) == Ok(programme.year),
                        said!("order.year", "drawn on {drawn}, in another year", drawn),
                    ),
                    (
                        programme.calendar.is_working(*drawn) == Some(true),
                        said!(
                            "order.working_day",
                            "drawn on {drawn}, which is no working day of the calendar",
                            drawn
                        ),
                    ),
                ];
                for (_, rule) in dates.into_iter().filter(|(holds, _)| !holds) {
                    order(number, rule);
                }
                let known = batch.beacon.all().filter_map(|source| source.at().day()).max();
                if known.is_some_and(|day| day > *drawn) {
                    order(
                        number,
                        said!(
                            "order.beacon",
                            "a value of its beacon becomes known after the draw on {drawn}",
                            drawn
                        ),
                    );
                }
            }
            self.found.extend(early);
            for (number, batch) in (1..).zip(&task.batches) {
                self.deadlines(task, number, batch);
            }
        }
    }

    fn deadlines(&mut self, task: &Task, number: u64, batch: &Batch) {
        let (calendar, deadlines) = (&self.programme.calendar, &self.pack.deadlines);
        let after = |day: Date, deadline: &Deadline| calendar.after(day, deadline.days);
        let mut check = |name, deadline: &Deadline, stated: Date, latest: Option<Date>| {
            if latest.is_none_or(|latest| stated > latest) {
                let basis = self.pack.basis(deadline.cite.as_ref());
                let (task, batch) = (task.code.clone(), number);
                self.found.push(Finding::Deadline { task, batch, deadline: name, stated, latest, basis });
            }
        };
        if let Some(deadline) = &deadlines.matching {
            check("match", deadline, batch.matched, after(batch.drawn, deadline));
        }
        if let Some(deadline) = &deadlines.publish {
            check("publish", deadline, batch.published, after(batch.window.to(), deadline));
        }
        // What is asked for on the last day must be decided when visits begin.
        if let Some(deadline) = &deadlines.recusal {
            let (decided, from) = (after(batch.recusals, deadline), batch.window.from());
            check("recusal", deadline, decided.unwrap_or(from), decided.map(|_| from));
        }
    }

    /// The plan of every task's first batch; every batch's policy is made, too.
    fn plans(&mut self) -> Vec<PlannedTask<'a>> {
        let (programme, mut planned) = (self.programme, Vec::new());
        let digests = programme.digests(self.pack);
        // The vocabulary is the same in all batches, so the frame conforms or not by its date.
        let mut conforms: BTreeMap<Date, Result<(), Message>> = BTreeMap::new();
        for task in &programme.tasks {
            for (number, _) in (1..).zip(&task.batches) {
                let policy = programme.policy_from(self.pack, digests, &task.code, number, None);
                let policy = policy.map_err(|e| match e {
                    ProgrammeError::Policy { problems, .. } => problems,
                    other => other.message(),
                });
                let plan = policy.and_then(|policy| self.plan(policy, number, &mut conforms));
                match plan {
                    Ok(Some(plan)) => planned.push(PlannedTask::new(task, &plan)),
                    Ok(None) => {}
                    Err(because) => {
                        self.found.push(Finding::Refused { task: task.code.clone(), batch: number, because });
                    }
                }
            }
        }
        planned
    }

    fn plan(
        &self,
        policy: Policy,
        number: u64,
        conforms: &mut BTreeMap<Date, Result<(), Message>>,
    ) -> Result<Option<Plan>, Message> {
        if number > 1 {
            return Ok(None);
        }
        let no_terms = RosterTerms {
            departments: Vec::new(),
            divisions: Divisions::default(),
            ids: UnitIdForm::default(),
            listed: Vec::new(),
            qualifications: Vec::new(),
        };
        let roster = Roster::new([], [], &no_terms, policy.as_of).map_err(|e| e.message())?;
        let by_date = || self.frame.conforms(&policy.frame, policy.as_of).map_err(|e| e.message());
        conforms.entry(policy.as_of).or_insert_with(by_date).clone()?;
        Plan::derive(self.frame.clone(), roster, policy, Cycle::default()).map(Some).map_err(|e| e.message())
    }

    /// Every item is covered, applies to units, and is surely reached.
    fn items(&mut self, planned: &[PlannedTask<'_>], applies: &[UnitSet]) {
        let programme = self.programme;
        let with = with_item(programme.tasks.iter().map(|task| (task, task)));
        let with_plan = with_item(planned.iter().map(|planned| (planned.task, planned)));
        for (item, applies) in self.pack.items.iter().zip(applies) {
            let tasks: Vec<Code> =
                with.get(&item.code).into_iter().flatten().map(|task| task.code.clone()).collect();
            if tasks.is_empty() {
                self.found.push(Finding::ItemUncovered { item: item.code.clone() });
                continue;
            }
            // Where none could be planned, that is reported already.
            let Some(planned) = with_plan.get(&item.code) else { continue };
            let item_code = item.code.clone();
            if planned.iter().all(|task| task.active.common(applies) == 0) {
                self.found.push(Finding::ItemWithoutSubjects { item: item_code, tasks });
            } else if !planned.iter().any(|planned| planned.surely(applies)) {
                let mut expected = 0_u64;
                for task in planned {
                    let units = (0..task.expected.len())
                        .filter(|&position| task.active.contains(position) && applies.contains(position));
                    let visits = units.map(|position| task.expected[position]);
                    expected = visits.fold(expected, u64::saturating_add);
                }
                let expected = most(expected);
                self.found.push(Finding::ItemByChance { item: item_code, tasks, expected });
            }
        }
    }

    fn joint(&mut self) {
        // A department that joins without an item of its own joins in name only.
        let of_joining = |task: &&Task, code: &Code| {
            self.pack.item(code).is_some_and(|item| task.joining.contains(&item.department))
        };
        let tasks = self.programme.tasks.iter();
        let joint = tasks.filter(|task| task.items.iter().any(|code| of_joining(task, code)));
        let have: usize = joint.map(|task| task.batches.len()).sum();
        let have = u64::try_from(have).expect("a length");
        if have < self.pack.joint.least {
            let basis = self.pack.basis(self.pack.joint.cite.as_ref());
            self.found.push(Finding::Joint { have, least: self.pack.joint.least, basis });
        }
    }

    /// Expected visits by tasks of general items, against the caps.
    fn caps(&mut self, planned: &[&PlannedTask<'_>], totals: &YearTotals) {
        for cap in &self.pack.caps {
            let most_visits = cap.visits.saturating_mul(ONE).saturating_add(SLACK);
            // A unit that is certain by rule stays certain in spite of any cap.
            let above = |position: usize, unit: &Unit| {
                (cap.kinds.is_empty() || cap.kinds.contains(&unit.kind))
                    && !totals.certain.contains(position)
                    && totals.sums[position] > most_visits
            };
            let above = UnitSet::of(self.frame.units(), above);
            let units = above.common(&above);
            if units > 0 {
                let sums = totals.sums.iter().enumerate().filter(|(position, _)| above.contains(*position));
                let largest = sums.map(|(_, sum)| *sum).max().unwrap_or(0);
                let tasks = planned.iter().filter(|planned| planned.visited.common(&above) > 0);
                let mut tasks: Vec<Code> = tasks.map(|planned| planned.task.code.clone()).collect();
                tasks.sort_unstable();
                tasks.dedup();
                self.found.push(Finding::Cap {
                    cap: cap.code.clone(),
                    visits: cap.visits,
                    expected: most(largest),
                    units,
                    tasks,
                    basis: self.pack.basis(cap.cite.as_ref()),
                });
            }
        }
    }

    /// Every active unit is in a task with the coverage floor.
    fn floors(&mut self, planned: &[PlannedTask<'_>], totals: &YearTotals) {
        let with_floor: Vec<&PlannedTask<'_>> =
            planned.iter().filter(|planned| !planned.task.no_floor).collect();
        let floored = YearTotals::new(self.frame.units(), &with_floor).active;
        let mut kinds: BTreeMap<Code, u64> = BTreeMap::new();
        let refused = self.programme.tasks.len() > planned.len();
        for (position, unit) in self.frame.units().iter().enumerate() {
            let active = totals.active.contains(position) || self.is_active(unit, planned);
            if active && !floored.contains(position) {
                *kinds.entry(unit.kind.clone()).or_default() += 1;
            }
        }
        // A task without a plan is reported already, and its subjects are not known.
        if !kinds.is_empty() && !refused && self.pack.coverage.minimum > Billionths::ZERO {
            let basis = self.pack.basis(self.pack.coverage.cite.as_ref());
            self.found.push(Finding::WithoutFloor { kinds, basis });
        }
    }

    /// Whether a unit could be drawn by a task about all units.
    fn is_active(&self, unit: &Unit, planned: &[PlannedTask<'_>]) -> bool {
        let as_of = planned.first().map(|planned| planned.as_of);
        unit.status == crate::frame::Status::Active && as_of.is_none_or(|as_of| !unit.expired(as_of))
    }

    /// The expected visits of each level with a band (Spec 24.6).
    fn bands(
        &mut self,
        (all, of_all): (&[&PlannedTask<'_>], &YearTotals),
        (limited, of_limited): (&[&PlannedTask<'_>], &YearTotals),
    ) {
        for band in &self.pack.bands {
            let Some((stratum, level)) = band.level() else { continue };
            let share = band.share.as_ref().map_or((None, None), |share| (share.min, share.max));
            let visits = band.visits.as_ref().map_or((None, None), |visits| (visits.at_least, visits.below));
            let above = self.brought((stratum, level), of_limited, true);
            let below = self.brought((stratum, level), of_all, false);
            let mut bounds = Vec::new();
            if let Some(found) = above {
                let max = share.1.filter(|max| found.sums > max.get() + SLACK);
                bounds.extend(max.map(|max| {
                    (limited, found.sums, said!("bound.at_most_share", "at most {max} of its units", max))
                }));
                let most = visits.1.filter(|bound| found.largest >= bound.get());
                bounds.extend(most.map(|n| {
                    (limited, found.largest, said!("bound.below_visits", "less than {n} visits a year", n))
                }));
            }
            if let Some(found) = below {
                let min = share.0.filter(|min| found.tops + SLACK < min.get());
                bounds.extend(min.map(|min| {
                    (all, found.tops, said!("bound.at_least_share", "at least {min} of its units", min))
                }));
                let least = visits.0.filter(|bound| found.smallest + SLACK < bound.get());
                bounds.extend(least.map(|n| {
                    (all, found.smallest, said!("bound.at_least_visits", "at least {n} visits a year", n))
                }));
            }
            for (tasks, expected, bound) in bounds {
                self.found.push(Finding::Band {
                    band: band.code.clone(),
                    tasks: tasks.iter().map(|planned| planned.task.code.clone()).collect(),
                    level: level.clone(),
                    expected: most(expected),
                    bound,
                    basis: self.pack.basis(band.cite.as_ref()),
                });
            }
        }
    }

    /// Expected visits of the year over the units of a level: `None` if it has none in these tasks.
    fn brought(
        &self,
        (stratum, level): (Stratum, &Code),
        totals: &YearTotals,
        without_certain: bool,
    ) -> Option<Brought> {
        let of_level = |unit: &Unit| match stratum {
            Stratum::Risk => unit.risk == *level,
            _ => unit.credit == *level,
        };
        let (mut units, mut sums, mut tops) = (0_u64, 0_u64, 0_u64);
        let (mut smallest, mut largest) = (u64::MAX, 0);
        for (position, _) in self.frame.units().iter().enumerate().filter(|(_, unit)| of_level(unit)) {
            let certain = totals.certain.contains(position);
            if !totals.active.contains(position) || certain && without_certain {
                continue;
            }
            let sum = totals.sums[position];
            units += 1;
            sums = sums.saturating_add(sum.min(ONE));
            tops = tops.saturating_add(totals.tops[position].min(ONE));
            (smallest, largest) = (smallest.min(sum), largest.max(sum));
        }
        (units > 0).then(|| Brought { sums: sums / units, tops: tops / units, smallest, largest })
    }

    /// Units in a task to which none of its items applies.
    fn empty_forms(&mut self, planned: &[PlannedTask<'_>], applies: &[UnitSet]) {
        let units = self.frame.units();
        let by_code: BTreeMap<&Code, &UnitSet> =
            self.pack.items.iter().map(|item| &item.code).zip(applies).rev().collect();
        for planned in planned {
            let mut busy = UnitSet::of(units, |_, _| false);
            planned.task.items.iter().filter_map(|code| by_code.get(code)).for_each(|item| busy.add(item));
            let idle = UnitSet::of(units, |position, _| {
                planned.active.contains(position) && !busy.contains(position)
            });
            let first = units.iter().enumerate().find(|(position, _)| idle.contains(*position));
            if let Some((_, first)) = first {
                let (task, first) = (planned.task.code.clone(), first.id.clone());
                self.found.push(Finding::EmptyForms { task, units: idle.common(&idle), first });
            }
        }
    }

    /// Pairs of tasks about the same units on the same days.
    fn mergeable(&mut self, planned: &[PlannedTask<'_>]) {
        for (i, first) in planned.iter().enumerate() {
            for second in &planned[i + 1..] {
                let units = first.active.common(&second.active);
                if units == 0 {
                    continue;
                }
                let windows = first
                    .task
                    .batches
                    .iter()
                    .flat_map(|a| second.task.batches.iter().filter_map(|b| a.window.common(b.window)));
                if let Some(window) = windows.min() {
                    let (first, second) = (first.task.code.clone(), second.task.code.clone());
                    self.found.push(Finding::Mergeable { first, second, window, units });
                }
            }
        }
    }

    /// Frequencies that the batches of a task cannot bring.
    fn batches(&mut self, planned: &[PlannedTask<'_>]) {
        for planned in planned {
            let Some((largest, share)) = planned.largest else { continue };
            let due = u128::from(largest.get()) * u128::from(share) / u128::from(ONE);
            if due > u128::from(ONE + SLACK) {
                let most_visits = u128::from(ONE) * u128::from(ONE) / u128::from(share);
                self.found.push(Finding::Batches {
                    task: planned.task.code.clone(),
                    visits: largest,
                    most: most(u64::try_from(most_visits).unwrap_or(u64::MAX)),
                });
            }
        }
    }

    /// Items that ask for an expert at enterprises, where the pack bars all roles, or all but the authority's
    /// own experts.
    fn attendance(&mut self) {
        let barred = &self.pack.attendance.barred;
        for item in self.pack.items.iter().filter(|item| item.expert.is_some()) {
            let kinds = self
                .pack
                .kinds
                .iter()
                .filter(|kind| kind.enterprise && item.subjects.admits_kind(&kind.code));
            let kinds: Vec<Code> = kinds.map(|kind| kind.code.clone()).collect();
            let own_only =
                Role::ALL.iter().filter(|role| **role != Role::Expert).all(|role| barred.contains(role));
            if !kinds.is_empty() && own_only {
                let basis = self.pack.basis(self.pack.attendance.cite.as_ref());
                let (item, none_may) = (item.code.clone(), barred.contains(&Role::Expert));
                self.found.push(Finding::Attendance { item, kinds, none_may, basis });
            }
        }
    }
}
