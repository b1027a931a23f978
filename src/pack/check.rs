//! What a pack must keep: every unknown field, missing citation, wrong reference and contradiction, all at once (Spec 23.1).

use super::{Band, Cite, Duty, Pack, PackProblem, Subjects};
use crate::bytes::{Document, encode};
use crate::dossier::{ResultKind, Span};
use crate::id::Code;
use crate::odds::ONE;
use crate::policy::{
    Billionths, CertaintyRule, ExclusionRule, Guard, Outside, Stratum, Terms, When, falls, listed_kinds,
};
use crate::roster::Role;
use crate::table::readable;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Notes every field that was written and is not there when the document is written again: it is not known, or says what is said by leaving it
/// out.
pub(super) fn strange(written: &Value, again: &Value, place: &str, found: &mut Vec<PackProblem>) {
    match (written, again) {
        (Value::Object(written), Value::Object(again)) => {
            for (key, value) in written {
                let place = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
                match again.get(key) {
                    Some(other) => strange(value, other, &place, found),
                    None => found.push(PackProblem {
                        place,
                        rule: "is no field that is known here, or says what is said by leaving it out".into(),
                    }),
                }
            }
        }
        (Value::Array(written), Value::Array(again)) => {
            for (i, (value, other)) in written.iter().zip(again).enumerate() {
                strange(value, other, &format!("{place}[{i}]"), found);
            }
        }
        _ => {}
    }
}

/// Notes problems of a pack.
struct Notes<'a> {
    pack: &'a Pack,
    found: Vec<PackProblem>,
}

impl Notes<'_> {
    fn note(&mut self, place: &str, rule: String) {
        self.found.push(PackProblem { place: place.to_owned(), rule });
    }

    fn when(&mut self, wrong: bool, place: &str, rule: impl FnOnce() -> String) {
        if wrong {
            self.note(place, rule());
        }
    }

    /// A rule's citation: there, of a listed document, and a text that policies can carry.
    fn cite(&mut self, place: &str, cite: Option<&Cite>) {
        let place = format!("{place}.cite");
        let Some(cite) = cite else {
            return self.note(&place, "is missing: no rule without the document it comes from".into());
        };
        if !self.pack.documents.iter().any(|document| document.code == cite.document) {
            self.note(&place, format!("{} is not among the documents", cite.document));
        }
        let basis = self.pack.basis(Some(cite));
        if !readable(&basis) || cite.says.trim().is_empty() {
            let length = basis.chars().count();
            self.note(&place, format!("gives {length} characters: 1 to 200 printable ones are needed"));
        }
        if cite.reading.as_ref().is_some_and(|reading| reading.trim().is_empty()) {
            self.note(&place, "has an empty reading".into());
        }
    }

    fn once<'c>(&mut self, list: &str, codes: impl IntoIterator<Item = &'c Code>) -> BTreeSet<&'c Code> {
        let mut seen = BTreeSet::new();
        for code in codes {
            if !seen.insert(code) {
                self.note(list, format!("has {code} twice"));
            }
        }
        seen
    }

    fn known<'c>(
        &mut self,
        place: &str,
        what: &str,
        asked: impl IntoIterator<Item = &'c Code>,
        known: &BTreeSet<&Code>,
    ) {
        for code in asked {
            self.when(!known.contains(code), place, || format!("{code} is not among the {what}"));
        }
    }

    fn kinds(&mut self, place: &str, kinds: &[Code], known: &[Code]) {
        let mut found = Vec::new();
        listed_kinds(place, kinds, known, &mut |place, rule| {
            found.push(PackProblem { place: place.to_owned(), rule });
        });
        self.found.extend(found);
    }

    fn counts(&mut self, place: &str, counts: &BTreeMap<Code, u64>, signals: &BTreeSet<&Code>) {
        self.known(place, "signals, machines and features", counts.keys(), signals);
        self.when(counts.values().any(|n| !(1..=999_999_999).contains(n)), place, || {
            "asks for a count that is not 1 to 999999999".into()
        });
    }

    fn days(&mut self, place: &str, days: u64) {
        self.when(!(1..=36_500).contains(&days), place, || format!("{days} days are not 1 to 36500"));
    }
}

/// The codes of the pack's vocabularies.
struct Known<'a> {
    departments: BTreeSet<&'a Code>,
    items: BTreeSet<&'a Code>,
    kinds: Vec<Code>,
    qualifications: BTreeSet<&'a Code>,
    /// Signals, machines and features.
    counted: BTreeSet<&'a Code>,
    signals: BTreeSet<&'a Code>,
    risk: Vec<Code>,
    credit: Vec<Code>,
}

impl Pack {
    pub(super) fn problems(&self) -> Vec<PackProblem> {
        let mut notes = Notes { pack: self, found: Vec::new() };
        self.lengths(&mut notes);
        if !notes.found.is_empty() {
            // What follows compares lists with lists: not for lists of any length.
            return notes.found;
        }
        if let Err(error) = encode(self) {
            notes.note("(numbers)", error.to_string());
        }
        notes.when(self.document != Document::Pack, "document", || "is not \"pack\"".into());
        notes.when(!readable(&self.title), "title", || "is no text of 1 to 200 characters".into());
        notes.when(!(2000..=9999).contains(&self.year), "year", || format!("{} is no year", self.year));
        let known = self.vocabulary(&mut notes);
        self.level_problems(&known, &mut notes);
        self.dossier_problems(&known, &mut notes);
        self.draw_problems(&known, &mut notes);
        self.item_problems(&known, &mut notes);
        notes.found
    }

    /// Lists that are longer than any office needs.
    fn lengths(&self, notes: &mut Notes<'_>) {
        let lists = [
            ("levels.credit", self.levels.credit.len(), 64),
            ("levels.risk", self.levels.risk.len(), 64),
            ("frequency", self.frequency.len(), 4096),
            ("responsibilities", self.responsibilities.len(), 10_000),
            ("documents", self.documents.len(), 1000),
            ("kinds", self.kinds.len(), 1000),
            ("departments", self.departments.len(), 1000),
            ("qualifications", self.qualifications.len(), 1000),
            ("features", self.features.len(), 1000),
            ("signals", self.signals.len(), 1000),
            ("machines", self.machines.len(), 1000),
            ("results", self.results.len(), 1000),
            ("items", self.items.len(), 1000),
            ("bands", self.bands.len(), 1000),
            ("caps", self.caps.len(), 1000),
            ("certainties", self.certainties.len(), 1000),
            ("exclusions", self.exclusions.len(), 1000),
            ("ratios", self.ratios.len(), 1000),
        ];
        for (list, length, most) in lists {
            notes.when(length > most, list, || format!("has {length} entries, at most {most} are allowed"));
        }
    }

    /// Lists of codes and names.
    fn vocabulary(&self, notes: &mut Notes<'_>) -> Known<'_> {
        notes.once("documents", self.documents.iter().map(|d| &d.code));
        for (i, document) in self.documents.iter().enumerate() {
            let texts = [Some(&document.title), document.number.as_ref(), Some(&document.issued)];
            notes.when(!texts.into_iter().flatten().all(|t| readable(t)), &format!("documents[{i}]"), || {
                "title, number and issued are texts of 1 to 200 characters".into()
            });
        }
        let names = [
            ("departments", &self.departments),
            ("qualifications", &self.qualifications),
            ("features", &self.features),
            ("levels.credit", &self.levels.credit),
            ("levels.risk", &self.levels.risk),
        ];
        for (list, named) in names {
            notes.once(list, named.iter().map(|n| &n.code));
            for named in named.iter().filter(|n| !readable(&n.name)) {
                notes.note(list, format!("{} has no name of 1 to 200 characters", named.code));
            }
        }
        let others = self.kinds.iter().map(|k| ("kinds", &k.code, &k.name));
        let others = others.chain(self.signals.iter().map(|s| ("signals", &s.code, &s.name)));
        let others = others.chain(self.machines.iter().map(|m| ("machines", &m.code, &m.name)));
        let others = others.chain(self.results.iter().map(|r| ("results", &r.code, &r.name)));
        for (list, code, _) in
            others.chain(self.items.iter().map(|i| ("items", &i.code, &i.name))).filter(|n| !readable(n.2))
        {
            notes.note(list, format!("{code} has no name of 1 to 200 characters"));
        }
        for (list, empty) in [
            ("documents", self.documents.is_empty()),
            ("kinds", self.kinds.is_empty()),
            ("departments", self.departments.is_empty()),
            ("items", self.items.is_empty()),
            ("results", self.results.is_empty()),
            ("levels.credit", self.levels.credit.is_empty()),
            ("levels.risk", self.levels.risk.is_empty()),
        ] {
            notes.when(empty, list, || "is empty".into());
        }
        notes.once("kinds", self.kinds.iter().map(|k| &k.code));
        notes.once("results", self.results.iter().map(|r| &r.code));
        let signals = notes.once("signals", self.signals.iter().map(|s| &s.code));
        let machines = self.machines.iter().map(|m| &m.code);
        let features = self.features.iter().map(|f| &f.code);
        let counted = signals.iter().copied().chain(machines).chain(features);
        let counted = notes.once("signals, machines and features", counted);
        let items = notes.once("items", self.items.iter().map(|i| &i.code));
        let reserved = |named: &&super::Named| matches!(named.code.as_str(), "lead" | "member");
        if let Some(named) = self.qualifications.iter().find(reserved) {
            notes.note("qualifications", format!("{} is a post of every team", named.code));
        }
        Known {
            departments: self.departments.iter().map(|d| &d.code).collect(),
            items,
            kinds: self.kinds.iter().map(|k| k.code.clone()).collect(),
            qualifications: self.qualifications.iter().map(|q| &q.code).collect(),
            counted,
            signals,
            risk: super::codes(&self.levels.risk),
            credit: super::codes(&self.levels.credit),
        }
    }

    /// Levels, rating, frequencies, bands.
    fn level_problems(&self, known: &Known<'_>, notes: &mut Notes<'_>) {
        notes.cite("levels", self.levels.cite.as_ref());
        let rating = &self.rating;
        let terms = Terms { credit: &known.credit, kinds: &known.kinds, risk: &known.risk };
        let mut found = Vec::new();
        rating.problems(&terms, |rule| (&rule.code, &rule.does, &rule.when), &mut |place, rule| {
            found.push(PackProblem { place: place.to_owned(), rule });
        });
        notes.found.extend(found);
        for rule in rating.levels.iter().chain(&rating.visits).flat_map(|stage| &stage.rules) {
            let place = format!("rating rule {}", rule.code);
            notes.cite(&place, rule.cite.as_ref());
            let When { below, has, .. } = &rule.when;
            notes.known(
                &place,
                "signals, machines and features",
                below.keys().chain(has.keys()),
                &known.counted,
            );
        }
        notes.known("rating.lowering", "signals, machines and features", &rating.lowering, &known.counted);
        for feature in self.features.iter().filter(|f| rating.lowering.contains(&f.code)) {
            notes.note(
                "rating.lowering",
                format!("names the feature {}: nobody vouches for it", feature.code),
            );
        }
        let visits = |risk: &Code, credit: &Code| {
            let entry = self.frequency.iter().find(|f| f.risk == *risk && f.credit == *credit);
            entry.map(|entry| entry.visits)
        };
        for (i, entry) in self.frequency.iter().enumerate() {
            let place = format!("frequency[{i}]");
            notes.cite(&place, entry.cite.as_ref());
            if !known.risk.contains(&entry.risk) || !known.credit.contains(&entry.credit) {
                notes.note(&place, format!("{}/{} are no levels", entry.risk, entry.credit));
            }
            let cycles = entry.cycles.unwrap_or(1);
            notes.when(!(1..=20).contains(&cycles), &place, || format!("{cycles} cycles are not 1 to 20"));
            let short = cycles > 1 && cycles <= 20 && entry.visits.get() < ONE.div_ceil(cycles);
            notes.when(short, &place, || {
                "its window holds no whole visit: nobody would be sure of one".into()
            });
        }
        for risk in &known.risk {
            for credit in &known.credit {
                let pair = |f: &&super::PackFrequency| f.risk == *risk && f.credit == *credit;
                let n = self.frequency.iter().filter(pair).count();
                notes.when(n != 1, "frequency", || format!("has {n} entries for {risk}/{credit}, not 1"));
            }
        }
        for problem in falls(&known.risk, &known.credit, visits) {
            notes.note("frequency", problem);
        }
        notes.once("bands", self.bands.iter().map(|b| &b.code));
        for band in &self.bands {
            self.band_problems(band, known, notes);
        }
    }

    fn band_problems(&self, band: &Band, known: &Known<'_>, notes: &mut Notes<'_>) {
        let place = format!("band {}", band.code);
        notes.cite(&place, band.cite.as_ref());
        let share = band.share.as_ref().map_or((None, None), |share| (share.min, share.max));
        let visits = band.visits.as_ref().map_or((None, None), |visits| (visits.at_least, visits.below));
        let Some((guard, level)) = band.level() else {
            return notes.note(&place, "is about one level: risk or credit".into());
        };
        let of_level = if guard == Stratum::Risk { &known.risk } else { &known.credit };
        notes.when(!of_level.contains(level), &place, || format!("{level} is no level"));
        notes.when(share == (None, None) && visits == (None, None), &place, || "bounds nothing".into());
        let crossed = |(low, high): (Option<Billionths>, Option<Billionths>)| {
            low.zip(high).is_some_and(|(low, high)| low > high)
        };
        notes.when(crossed(share) || crossed(visits), &place, || {
            "has a lower bound above its upper one".into()
        });
        notes.when(share.0.max(share.1) > Some(Billionths::ONE), &place, || "has a share above 1".into());
        let in_band = |f: &&super::PackFrequency| {
            f.risk == *level && guard == Stratum::Risk || f.credit == *level && guard == Stratum::Credit
        };
        for entry in self.frequency.iter().filter(in_band) {
            let (visited, pair) = (entry.visits, format!("{}/{}", entry.risk, entry.credit));
            let mut breaks = |broken: bool, bound: String| {
                notes
                    .when(broken, &place, || format!("is broken by the {visited} visits of {pair}: {bound}"));
            };
            let (at_least, below) = visits;
            at_least.inspect(|least| breaks(visited < *least, format!("at least {least} visits")));
            below.inspect(|bound| breaks(visited >= *bound, format!("below {bound} visits")));
            share.0.inspect(|min| breaks(visited < *min, format!("at least {min} of them")));
            share.1.inspect(|max| breaks(visited > *max, format!("at most {max} of them")));
        }
        if let Some(max) = share.1.filter(|max| *max < self.coverage.minimum)
            && self.coverage.guards.contains(&Guard::Stratum(guard))
        {
            let minimum = self.coverage.minimum;
            notes.note(&place, format!("allows {max}, and the floor at every such level is {minimum}"));
        }
    }

    /// Signals, ladders, results.
    fn dossier_problems(&self, known: &Known<'_>, notes: &mut Notes<'_>) {
        for (i, signal) in self.signals.iter().enumerate() {
            let place = format!("signals[{i}]");
            notes.cite(&place, signal.cite.as_ref());
            if let Some(Span::Days(days)) = signal.window {
                notes.days(&place, days);
            }
        }
        for machine in &self.machines {
            let place = format!("machine {}", machine.code);
            notes.cite(&place, machine.cite.as_ref());
            notes.kinds(&place, &machine.kinds, &known.kinds);
            notes.once(&place, machine.steps.iter().map(|step| &step.code));
            notes.when(!self.rating.lowering.contains(&machine.code), &place, || {
                "is a signal that is earned: rating.lowering has to name it".into()
            });
            notes.when(machine.steps.len() < 2, &place, || "has fewer than two steps".into());
            let last = machine.steps.len().saturating_sub(1);
            for (number, step) in machine.steps.iter().enumerate() {
                let right = match step.passes {
                    Some(passes) => number < last && (1..=1000).contains(&passes),
                    None => number == last,
                };
                notes.when(!right, &place, || {
                    format!("step {}: every step but the last has 1 to 1000 passes", step.code)
                });
            }
            let beyond = usize::try_from(machine.fails_to).map_or(true, |step| step >= last);
            notes.when(beyond, &place, || {
                format!(
                    "fails_to {} is no step below the last: a failure has to cost something",
                    machine.fails_to
                )
            });
        }
        for kind in [ResultKind::Pass, ResultKind::Unmade] {
            let there = self.results.iter().any(|result| result.kind == kind);
            notes.when(!there, "results", || {
                format!("have none of kind {kind:?}: nothing could be settled, or no miss be entered")
            });
        }
        for result in &self.results {
            let place = format!("result {}", result.code);
            notes.cite(&place, result.cite.as_ref());
            notes.known(&place, "signals", result.raises.keys().chain(&result.opens), &known.signals);
            notes.when(result.raises.values().any(|n| !(1..=999_999_999).contains(n)), &place, || {
                "raises a signal by a count that is not 1 to 999999999".into()
            });
            let lowers = result.raises.keys().chain(&result.opens).find(|s| self.rating.lowering.contains(s));
            if let Some(signal) = lowers {
                notes.note(
                    &place,
                    format!("raises or opens {signal}, which may lower: a finding would be a reward"),
                );
            }
            let praised =
                result.kind == ResultKind::Pass && (result.opens.is_some() || !result.raises.is_empty());
            notes.when(praised, &place, || "is a pass, and raises something".into());
        }
    }

    /// What goes into policies.
    fn draw_problems(&self, known: &Known<'_>, notes: &mut Notes<'_>) {
        let reasons = self.caps.iter().map(|cap| &cap.code);
        let reasons = reasons.chain(self.certainties.iter().map(|c| &c.code));
        let reasons = reasons.chain(self.exclusions.iter().map(|e| &e.code));
        notes.once("caps, certainties and exclusions", reasons);
        notes.once("ratios", self.ratios.iter().map(|r| &r.code));
        let mut guards = self.coverage.guards.clone();
        guards.sort_unstable();
        guards.dedup();
        let wrong = guards.len() < self.coverage.guards.len() || guards.is_empty();
        notes.when(wrong, "coverage.guards", || "is empty, or names a level twice".into());
        notes.cite("coverage", self.coverage.cite.as_ref());
        notes.when(self.coverage.minimum > Billionths::ONE, "coverage.minimum", || "is above 1".into());
        for (i, ratio) in self.ratios.iter().enumerate() {
            let place = format!("ratios[{i}]");
            notes.cite(&place, ratio.cite.as_ref());
            notes.known(&place, "items", &ratio.items, &known.items);
            let bounded = [ratio.all_below, ratio.least].into_iter().flatten().next().is_some();
            let shared = [ratio.min, ratio.max].into_iter().flatten().next().is_some();
            notes.when(!bounded && !shared, &place, || "bounds nothing".into());
            let counts = [ratio.all_below, ratio.least];
            notes.when(counts.into_iter().flatten().any(|n| !(1..=ONE).contains(&n)), &place, || {
                "has a count that is not 1 to 1000000000".into()
            });
            let values: Option<Vec<Code>> = match ratio.at {
                Guard::Stratum(Stratum::Kind) => Some(known.kinds.clone()),
                Guard::Stratum(Stratum::Risk) => Some(known.risk.clone()),
                Guard::Stratum(Stratum::Credit) => Some(known.credit.clone()),
                _ => None,
            };
            if let Some(values) = values {
                notes.known(&place, "values of its level", &ratio.is, &values.iter().collect());
            }
            notes.once(&place, &ratio.is);
            notes.once(&place, &ratio.items);
            notes.when(ratio.at == Guard::Total && !ratio.is.is_empty(), &place, || {
                "is about all, and names values".into()
            });
            notes.when(ratio.min.max(ratio.max) > Some(Billionths::ONE), &place, || {
                "has a share above 1".into()
            });
            notes.when(ratio.min.zip(ratio.max).is_some_and(|(min, max)| min > max), &place, || {
                "has a min above its max".into()
            });
        }
        for cap in &self.caps {
            let place = format!("cap {}", cap.code);
            notes.cite(&place, cap.cite.as_ref());
            notes.kinds(&place, &cap.kinds, &known.kinds);
            notes.when(cap.visits == 0, &place, || "is 0: it would exempt everybody".into());
        }
        for certainty in &self.certainties {
            let place = format!("certainty {}", certainty.code);
            notes.cite(&place, certainty.cite.as_ref());
            notes.kinds(&place, &certainty.kinds, &known.kinds);
            if let CertaintyRule::Signal { at_least, signal } = &certainty.rule {
                notes.known(&place, "signals, machines and features", [signal], &known.counted);
                notes.when(*at_least == 0, &place, || "asks for 0: it would hold for everybody".into());
                notes.when(self.rating.lowering.contains(signal), &place, || {
                    format!("names {signal}, which may lower")
                });
            }
        }
        for exclusion in &self.exclusions {
            let place = format!("exclusion {}", exclusion.code);
            notes.when(Outside::CODES.contains(&exclusion.code.as_str()), &place, || {
                "is a reason of the protocol's own".into()
            });
            match &exclusion.rule {
                ExclusionRule::Kinds(kinds) => {
                    notes.kinds(&place, kinds, &known.kinds);
                    notes.when(kinds.is_empty(), &place, || "names no kind".into());
                }
                ExclusionRule::VisitsAtLeast(_) => notes.note(&place, "is a cap: caps stand in caps".into()),
                ExclusionRule::Units(_)
                | ExclusionRule::VisitedWithinDays(_)
                | ExclusionRule::OpenedWithinDays(_) => {}
            }
            notes.cite(&place, exclusion.cite.as_ref());
            notes.kinds(&place, &exclusion.kinds, &known.kinds);
        }
        notes.cite("joint", self.joint.cite.as_ref());
        let Self { deadlines, attendance, .. } = self;
        for (place, deadline) in [
            ("deadlines.match", &deadlines.matching),
            ("deadlines.publish", &deadlines.publish),
            ("deadlines.recusal", &deadlines.recusal),
        ] {
            notes.cite(place, deadline.cite.as_ref());
            notes.days(place, deadline.days);
        }
        notes.cite("attendance", attendance.cite.as_ref());
    }

    /// Items and who is responsible for them.
    fn item_problems(&self, known: &Known<'_>, notes: &mut Notes<'_>) {
        let barred: BTreeSet<Role> = self.attendance.barred.iter().copied().collect();
        notes.when(barred.len() < self.attendance.barred.len(), "attendance.barred", || {
            "names a role twice".into()
        });
        for item in &self.items {
            let place = format!("item {}", item.code);
            notes.cite(&place, item.cite.as_ref());
            notes.known(&place, "departments", [&item.department], &known.departments);
            notes.known(
                &place,
                "qualifications",
                item.needs.iter().chain(&item.expert),
                &known.qualifications,
            );
            let Subjects { kinds, has, .. } = &item.subjects;
            notes.kinds(&place, kinds, &known.kinds);
            notes.counts(&place, has, &known.counted);
            if let Some(signal) = has.keys().find(|signal| self.rating.lowering.contains(signal)) {
                notes.note(&place, format!("asks for {signal}, which may lower: the item would go with it"));
            }
            let responsible =
                self.responsibilities.iter().filter(|r| r.item == item.code && r.role == Duty::Responsible);
            let named: Vec<&Code> = responsible.map(|r| &r.department).collect();
            notes.when(named != [&item.department], &place, || {
                format!(
                    "is the department {}'s, and the responsibility list makes {named:?} responsible",
                    item.department
                )
            });
            if item.expert.is_some() {
                notes.when(!self.attendance.experts, &place, || {
                    "asks for an expert, and attendance.experts is false".into()
                });
                let only_enterprises = known
                    .kinds
                    .iter()
                    .filter(|kind| item.subjects.admits_kind(kind))
                    .all(|kind| self.is_enterprise(kind));
                notes.when(only_enterprises && barred.len() == Role::ALL.len(), &place, || {
                    "asks for an expert at enterprises only, and attendance bars every role there".into()
                });
            }
        }
        let mut entries = BTreeSet::new();
        for (i, entry) in self.responsibilities.iter().enumerate() {
            let place = format!("responsibilities[{i}]");
            notes.cite(&place, entry.cite.as_ref());
            notes.known(&place, "items", [&entry.item], &known.items);
            notes.known(&place, "departments", [&entry.department], &known.departments);
            notes.when(!entries.insert((&entry.item, &entry.department)), &place, || {
                format!("gives {} two roles in {}", entry.department, entry.item)
            });
        }
    }
}
