//! What a policy must keep beyond its form: every broken rule, with its place (Spec 9.1).

use super::{
    Billionths, CertaintyRule, Design, ExclusionRule, Guard, ItemClass, Outside, Policy, PolicyProblem,
    Ratio, Source, Stratum, listed_kinds,
};
use crate::bytes::{Document, encode};
use crate::id::Code;
use crate::odds::ONE;
use crate::table::readable;
use std::collections::BTreeSet;
use std::fmt;

impl Policy {
    /// All broken rules, in the order of this function.
    pub(super) fn problems(&self) -> Vec<PolicyProblem> {
        let mut found = self.too_long();
        if !found.is_empty() {
            // What follows compares lists with lists: not for lists of any length.
            return found;
        }
        let mut note =
            |place: &str, rule: String| found.push(PolicyProblem { place: place.to_owned(), rule });
        if let Err(error) = encode(self) {
            note("(numbers)", error.to_string());
        }
        if self.document != Document::Policy {
            note("document", format!("is {:?}, not \"policy\"", self.document));
        }
        if !readable(&self.title) {
            note("title", "is no text of 1 to 200 printable characters".into());
        }
        if self.window.from() < self.as_of {
            note("window.from", format!("lies before as_of {}", self.as_of));
        }
        for (name, empty) in [
            ("frame.credit", self.frame.credit.is_empty()),
            ("frame.divisions", self.frame.divisions.is_empty()),
            ("frame.kinds", self.frame.kinds.is_empty()),
            ("frame.risk", self.frame.risk.is_empty()),
            ("roster.departments", self.roster.departments.is_empty()),
        ] {
            if empty {
                note(name, "is empty".into());
            }
        }
        once("frame.credit", &self.frame.credit, &mut note);
        once("frame.divisions", &self.frame.divisions, &mut note);
        once("frame.kinds", &self.frame.kinds, &mut note);
        once("frame.risk", &self.frame.risk, &mut note);
        once("frame.listed", &self.frame.listed, &mut note);
        once("roster.departments", &self.roster.departments, &mut note);
        once("roster.listed", &self.roster.listed, &mut note);
        once("roster.qualifications", &self.roster.qualifications, &mut note);
        once("strata", &self.strata, &mut note);
        once("coverage.guards", &self.coverage().guards, &mut note);
        once("items", &self.items.iter().map(|item| &item.code).collect::<Vec<_>>(), &mut note);
        once("subsamples", &self.subsamples.iter().map(|s| &s.code).collect::<Vec<_>>(), &mut note);
        self.design_problems(&mut note);
        self.cycle_problems(&mut note);
        self.ratio_problems(&mut note);
        self.rule_problems(&mut note);
        self.rating_problems(&mut note);
        self.team_problems(&mut note);
        self.beacon_problems(&mut note);
        found
    }

    /// Lists that are longer than any office needs.
    fn too_long(&self) -> Vec<PolicyProblem> {
        let lengths = [
            ("frame.credit", self.frame.credit.len(), 64),
            ("frame.divisions", self.frame.divisions.len(), 5000),
            ("frame.kinds", self.frame.kinds.len(), 1000),
            ("frame.risk", self.frame.risk.len(), 64),
            ("roster.departments", self.roster.departments.len(), 1000),
            ("roster.qualifications", self.roster.qualifications.len(), 1000),
            ("frequency", self.frequency.len(), 4096),
            ("signals", self.signals.len(), 1000),
            ("certainties", self.certainties.len(), 1000),
            ("exclusions", self.exclusions.len(), 1000),
            ("ratios", self.ratios.len(), 1000),
            ("ratios[…].is", self.ratios.iter().map(|ratio| ratio.is.len()).sum(), 10_000),
            ("items", self.items.len(), 1000),
            ("subsamples", self.subsamples.len(), 16),
            ("team.pins", self.team.pins.len(), 1000),
            ("team.days", self.team.days.len(), 366),
            ("team.experts.posts", self.team.experts.as_ref().map_or(0, |experts| experts.posts.len()), 20),
            (
                "team.departments[…].posts",
                self.team.departments.iter().map(|rule| rule.posts.len()).max().unwrap_or(0),
                20,
            ),
            ("team.departments", self.team.departments.len(), 1000),
            (
                "team.departments[…].posts[…].kinds",
                self.team
                    .departments
                    .iter()
                    .flat_map(|rule| &rule.posts)
                    .filter_map(|post| post.kinds.as_ref())
                    .map(Vec::len)
                    .max()
                    .unwrap_or(0),
                1000,
            ),
            (
                "team.experts.posts[…].kinds",
                self.team
                    .experts
                    .iter()
                    .flat_map(|experts| &experts.posts)
                    .filter_map(|post| post.kinds.as_ref())
                    .map(Vec::len)
                    .max()
                    .unwrap_or(0),
                1000,
            ),
            ("beacon.sources", self.beacon.sources.len(), 16),
            ("labels", self.labels.len(), 10_000),
        ];
        let problem = |(place, length, most): (&str, usize, usize)| {
            let rule = format!("has {length} entries, at most {most} are allowed");
            (length > most).then(|| PolicyProblem { place: place.to_owned(), rule })
        };
        lengths.into_iter().filter_map(problem).collect()
    }

    fn design_problems(&self, note: &mut impl FnMut(&str, String)) {
        match &self.design {
            Design::Rate { rate } if rate.get() > ONE => {
                note("design.rate", format!("{rate} is above 1"));
            }
            Design::Number { number: 0 } => note("design.number", "is 0: nothing would be drawn".into()),
            Design::Number { number } if *number > 1_000_000_000 => {
                note("design.number", format!("{number} is above 1000000000"));
            }
            Design::Frequency {} if self.frequency.is_empty() => {
                note("frequency", "is missing, and the design draws by frequency".into());
            }
            _ => {}
        }
        if self.reserves > 1_000_000 {
            note("reserves", format!("{} is above 1000000", self.reserves));
        }
        if !self.frequency.is_empty() {
            let given: Vec<(&Code, &Code)> = self.frequency.iter().map(|f| (&f.risk, &f.credit)).collect();
            for risk in &self.frame.risk {
                for credit in &self.frame.credit {
                    match given.iter().filter(|pair| **pair == (risk, credit)).count() {
                        1 => {}
                        n => note(
                            "frequency",
                            format!("has {n} entries for risk {risk}, credit {credit}, not 1"),
                        ),
                    }
                }
            }
            for (i, (risk, credit)) in given.into_iter().enumerate() {
                if !self.frame.risk.contains(risk) || !self.frame.credit.contains(credit) {
                    let place = format!("frequency[{i}]");
                    note(&place, format!("risk {risk}, credit {credit} is not of the frame's vocabulary"));
                }
            }
        }
        let coverage = self.coverage();
        if coverage.minimum.get() > ONE {
            note("coverage.minimum", format!("{} is above 1", coverage.minimum));
        }
        for (i, guard) in coverage.guards.iter().enumerate() {
            if let Guard::Stratum(stratum) = guard
                && !self.strata.contains(stratum)
            {
                note(&format!("coverage.guards[{i}]"), format!("{stratum:?} is not among the strata"));
            }
        }
        if coverage.minimum.get() > 0 && coverage.guards.is_empty() {
            note("coverage.guards", "is empty, so the minimum would hold nowhere".into());
        }
    }

    /// What concerns the year: round, windows, control share.
    fn cycle_problems(&self, note: &mut impl FnMut(&str, String)) {
        let round = self.round();
        if round.share > round.rest || round.rest > Billionths::ONE {
            let rule = format!("share {} and rest {}: share ≤ rest ≤ 1 is needed", round.share, round.rest);
            note("round", rule);
        }
        if round.share.get() == 0 && round.rest.get() > 0 {
            note("round.share", format!("is 0, and {} of the cycle is still to come", round.rest));
        }
        for (i, entry) in self.frequency.iter().enumerate() {
            let place = format!("frequency[{i}].cycles");
            if !(1..=20).contains(&entry.cycles) {
                note(&place, format!("{} is not 1 to 20", entry.cycles));
            } else if entry.cycles > 1 && entry.visits.get() < ONE.div_ceil(entry.cycles) {
                let (cycles, visits) = (entry.cycles, entry.visits);
                note(
                    &place,
                    format!(
                        "{cycles} cycles of {visits} visits make no whole visit: nobody would be sure of one"
                    ),
                );
            }
        }
        if let Some(surprise) = self.surprise {
            if surprise.get() >= ONE {
                note("surprise", format!("{surprise} is not below 1"));
            }
            if surprise.get() > 0 && self.design != (Design::Frequency {}) {
                note("surprise", "is for draws by frequency: other draws keep everybody reachable".into());
            }
        }
        for (i, subsample) in self.subsamples.iter().enumerate() {
            if subsample.share.get() == 0 || subsample.share.get() > ONE {
                let place = format!("subsamples[{i}].share");
                note(&place, format!("{} is not above 0 and at most 1", subsample.share));
            }
            cited(&format!("subsamples[{i}].basis"), &subsample.basis, note);
        }
    }

    fn ratio_problems(&self, note: &mut impl FnMut(&str, String)) {
        let key = self.items.iter().find(|item| item.class == ItemClass::Key);
        for (i, ratio) in self.ratios.iter().enumerate() {
            let Ratio { all_below, at, basis, is, least, max, min, .. } = ratio;
            let mut wrong = |field: &str, rule: String| note(&format!("ratios[{i}].{field}"), rule);
            if all_below.is_none() && least.is_none() && max.is_none() && min.is_none() {
                wrong("min", "is missing, and so are max, least and all_below: nothing is bounded".into());
            }
            for (field, count) in [("all_below", all_below), ("least", least)] {
                if let Some(count) = count.filter(|n| !(1..=1_000_000_000).contains(n)) {
                    wrong(field, format!("{count} is not 1 to 1000000000"));
                }
            }
            for (field, share) in [("max", max), ("min", min)] {
                if let Some(share) = share.filter(|share| *share > Billionths::ONE) {
                    wrong(field, format!("{share} is above 1"));
                }
            }
            if let Some((min, max)) = min.zip(*max).filter(|(min, max)| min > max) {
                wrong("min", format!("{min} is above max {max}"));
            }
            if let Some(key) = key.filter(|_| max.is_some()) {
                let rule = format!(
                    "limits the draw, and item {} is a key item: those have no upper limit",
                    key.code
                );
                wrong("max", rule);
            }
            match at {
                Guard::Total if !is.is_empty() => wrong("is", "has no meaning at the total".into()),
                Guard::Stratum(stratum) if !self.strata.contains(stratum) => {
                    wrong("at", format!("{stratum:?} is not among the strata"));
                }
                _ => {}
            }
            let units: Vec<&Code> = is.iter().filter(|code| !self.names(*at, code)).collect();
            if !units.is_empty() {
                wrong("is", format!("{units:?} are no values of this level, so nobody would be bounded"));
            }
            once(&format!("ratios[{i}].is"), is, note);
            cited(&format!("ratios[{i}].basis"), basis, note);
        }
    }

    /// Whether a code is a value of a level in the vocabulary of the frame.
    fn names(&self, level: Guard, code: &Code) -> bool {
        let divisions = || self.frame.divisions.iter();
        let Guard::Stratum(stratum) = level else { return true };
        match stratum {
            Stratum::Province => divisions().any(|d| d.province().as_str() == code.as_str()),
            Stratum::City => divisions().any(|d| d.city().as_str() == code.as_str()),
            Stratum::County => divisions().any(|d| d.as_str() == code.as_str()),
            Stratum::Kind => self.frame.kinds.contains(code),
            Stratum::Risk => self.frame.risk.contains(code),
            Stratum::Credit => self.frame.credit.contains(code),
        }
    }

    fn rule_problems(&self, note: &mut impl FnMut(&str, String)) {
        if let Some(population) = &self.population
            && population.has.values().any(|n| !(1..=999_999_999).contains(n))
        {
            note("population.has", "asks for a count that is not 1 to 999999999".into());
        }
        if self.origin.as_ref().is_some_and(|origin| origin.batch == 0) {
            note("origin.batch", "is 0: batches are numbered from 1".into());
        }
        for (i, certainty) in self.certainties.iter().enumerate() {
            listed_kinds(&format!("certainties[{i}].kinds"), &certainty.kinds, &self.frame.kinds, note);
        }
        for (i, exclusion) in self.exclusions.iter().enumerate() {
            listed_kinds(&format!("exclusions[{i}].kinds"), &exclusion.kinds, &self.frame.kinds, note);
        }
        for (i, signal) in self.signals.iter().enumerate() {
            if signal.at_least == 0 {
                note(&format!("signals[{i}].at_least"), "is 0: it would hold for everybody".into());
            }
            cited(&format!("signals[{i}].basis"), &signal.basis, note);
        }
        for (i, certainty) in self.certainties.iter().enumerate() {
            cited(&format!("certainties[{i}].basis"), &certainty.basis, note);
            if let CertaintyRule::Signal { at_least: 0, .. } = certainty.rule {
                let place = format!("certainties[{i}].rule.signal.at_least");
                note(&place, "is 0: it would hold for everybody".into());
            }
        }
        for (i, exclusion) in self.exclusions.iter().enumerate() {
            cited(&format!("exclusions[{i}].basis"), &exclusion.basis, note);
            if Outside::CODES.contains(&exclusion.code.as_str()) {
                let place = format!("exclusions[{i}].code");
                note(&place, format!("{} is a reason of the protocol's own", exclusion.code));
            }
            let key = self.items.iter().find(|item| item.class == ItemClass::Key);
            if let (ExclusionRule::VisitsAtLeast(_), Some(item)) = (&exclusion.rule, key) {
                let rule = format!(
                    "caps the visits, and item {} is a key item: those have no upper limit",
                    item.code
                );
                note(&format!("exclusions[{i}].rule"), rule);
            }
            if let ExclusionRule::VisitsAtLeast(0) = exclusion.rule {
                note(&format!("exclusions[{i}].rule"), "visits_at_least 0 would exempt everybody".into());
            }
        }
        for (code, label) in &self.labels {
            if !readable(label) {
                note(&format!("labels.{code}"), "is no text of 1 to 200 printable characters".into());
            }
        }
    }

    fn beacon_problems(&self, note: &mut impl FnMut(&str, String)) {
        if let Some(problem) = self.beacon.problem() {
            note("beacon.sources", problem);
        }
        for (i, source) in self.beacon.all().enumerate() {
            let place = match i.checked_sub(self.beacon.sources.len()) {
                Some(i) => format!("beacon.fallbacks[{i}]"),
                None => format!("beacon.sources[{i}]"),
            };
            let texts = match source {
                Source::Dice { witness, .. } => vec![witness],
                Source::Lottery { game, issue, .. } => vec![game, issue],
                Source::Drand { .. } => vec![],
                Source::Shares { commitments, .. } => commitments.iter().map(|c| &c.party).collect(),
            };
            if !texts.into_iter().all(|text| readable(text)) {
                note(
                    &place,
                    "witness, game, issue and party are texts of 1 to 200 printable characters".into(),
                );
            }
            if source.at().day().is_none_or(|day| day > self.window.from()) {
                note(&place, format!("speaks at {}, after window.from {}", source.at(), self.window.from()));
            }
        }
        let ids: Vec<&Code> = self.beacon.all().map(Source::id).collect();
        once("beacon.sources", &ids, note);
    }
}

/// Notes values that a list holds twice.
pub(super) fn once<T: Ord + fmt::Debug>(place: &str, list: &[T], note: &mut impl FnMut(&str, String)) {
    let mut seen = BTreeSet::new();
    for value in list.iter().filter(|value| !seen.insert(*value)) {
        note(place, format!("holds {value:?} twice"));
    }
}

/// Notes a rule without a source.
pub(super) fn cited(place: &str, basis: &str, note: &mut impl FnMut(&str, String)) {
    if !readable(basis) {
        note(place, "is empty or no text: every rule names where it comes from".into());
    }
}
