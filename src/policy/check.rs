//! The rules that a policy keeps beyond its form: every broken one, with its place (Spec 9.1).

use super::{
    Billionths, CoverageFloor, Design, ExclusionRule, Guard, Item, ItemClass, PolicyTerms, Population,
    Source, Vocabulary, check_ids,
};
use crate::bytes::{Document, encode};
use crate::id::Division;
use crate::message::{Coded, said};
use crate::odds::ONE;
use crate::table::{BrokenRule, BrokenRules, readable};
use std::collections::BTreeSet;

impl PolicyTerms {
    /// All broken rules, in the order of this function.
    pub(super) fn broken_rules(&self, coverage: &CoverageFloor) -> Vec<BrokenRule> {
        let broken = BrokenRules::default();
        self.check_lengths(&broken);
        if !broken.is_empty() {
            // The other rules compare lists with lists, which takes too long for lists of any length.
            return broken.into_vec();
        }
        if let Err(error) = encode(self) {
            broken.at("(numbers)").note(error.message());
        }
        broken
            .at("document")
            .when(self.document != Document::Policy, || said!("policy.document", "is no policy"));
        broken.at("title").readable(&self.title);
        broken.at("window.from").when(self.window.from() < self.as_of, || {
            said!("policy.window", "lies before as_of {as_of}", as_of = self.as_of)
        });
        self.check_lists(&broken, coverage);
        self.check_design(&broken);
        self.check_coverage(&broken, coverage);
        self.check_round(&broken);
        self.check_rules(&broken);
        self.check_rating(&broken);
        self.check_team(&broken);
        self.check_dispatch(&broken);
        self.check_above(&broken);
        self.check_beacon(&broken);
        broken.into_vec()
    }

    /// The words that the rules of the policy may use.
    pub(super) fn vocabulary(&self) -> Vocabulary<'_> {
        Vocabulary {
            credit: &self.frame.credit,
            divisions: Some(&self.frame.divisions),
            ids: self.frame.ids,
            kinds: &self.frame.kinds,
            lowering: self.rating.as_ref().map_or(&[], |rating| &rating.lowering),
            risk: &self.frame.risk,
            signals: None,
        }
    }

    /// A key item of the draw, for which nothing may limit the number of checks.
    fn key_item(&self) -> Option<&Item> {
        self.items.iter().find(|item| item.class == ItemClass::Key)
    }

    fn check_lengths(&self, broken: &BrokenRules) {
        let (departments, experts) = (&self.team.departments, &self.team.experts);
        let expert_posts = experts.as_ref().map_or(&[][..], |experts| &experts.posts);
        let longest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or(0);
        let population = self.population.as_ref();
        let parts = self.dispatch.as_ref().map_or(&[][..], |dispatch| &dispatch.parts);
        let kinds = |post: &super::PostRule| post.kinds.as_ref().map_or(0, Vec::len);
        let lists = [
            ("frame.credit", 64, self.frame.credit.len()),
            ("frame.divisions", 5000, self.frame.divisions.len()),
            ("frame.kinds", 1000, self.frame.kinds.len()),
            ("frame.risk", 64, self.frame.risk.len()),
            ("roster.departments", 1000, self.roster.departments.len()),
            ("roster.qualifications", 1000, self.roster.qualifications.len()),
            ("frequency", 4096, self.frequency.len()),
            ("signals", 1000, self.signals.len()),
            ("population.divisions", 15_000, population.map_or(0, |population| population.divisions.len())),
            ("population.kinds", 1000, population.map_or(0, |population| population.kinds.len())),
            ("certainties", 1000, self.certainties.len()),
            ("exclusions", 1000, self.exclusions.len()),
            ("ratios", 1000, self.ratios.len()),
            ("ratios[…].is", 10_000, self.ratios.iter().map(|ratio| ratio.is.len()).sum()),
            ("items", 1000, self.items.len()),
            ("subsamples", 16, self.subsamples.len()),
            ("team.pins", 1000, self.team.pins.len()),
            ("team.days", 366, self.team.days.len()),
            ("team.experts.posts", 20, expert_posts.len()),
            ("team.departments[…].posts", 20, longest(&mut departments.iter().map(|rule| rule.posts.len()))),
            ("team.departments", 1000, departments.len()),
            (
                "team.departments[…].posts[…].kinds",
                1000,
                longest(&mut departments.iter().flat_map(|rule| &rule.posts).map(kinds)),
            ),
            ("team.experts.posts[…].kinds", 1000, longest(&mut expert_posts.iter().map(kinds))),
            ("beacon.sources", 16, self.beacon.sources.len()),
            ("labels", 10_000, self.labels.len()),
            ("dispatch.parts", 10_000, parts.len()),
            ("dispatch.parts[…].divisions", 10_000, parts.iter().map(|part| part.divisions.len()).sum()),
            (
                "dispatch.parts[…].departments",
                1000,
                longest(&mut parts.iter().map(|part| part.departments.len())),
            ),
        ];
        for (list, most, length) in lists {
            broken.at(list).no_longer_than(most, length);
        }
    }

    /// Lists that must not be empty, and lists that must not repeat a value.
    fn check_lists(&self, broken: &BrokenRules, coverage: &CoverageFloor) {
        let (frame, roster) = (&self.frame, &self.roster);
        broken.at("frame.credit").filled(&frame.credit);
        frame.divisions.check(&broken.at("frame.divisions"), readable);
        check_ids(&broken.at("frame.ids"), frame.ids, &frame.divisions);
        for (at, stratum) in broken.at("strata").entries(&self.strata) {
            if let Some(misfit) = stratum.area().and_then(|level| frame.divisions.misfit(level)) {
                at.note(misfit);
            }
        }
        broken.at("frame.kinds").filled(&frame.kinds);
        broken.at("frame.risk").filled(&frame.risk);
        broken.at("roster.departments").filled(&roster.departments);
        broken.at("frame.credit").unique(&frame.credit);
        broken.at("frame.kinds").unique(&frame.kinds);
        broken.at("frame.risk").unique(&frame.risk);
        broken.at("frame.listed").unique(&frame.listed);
        broken.at("roster.departments").unique(&roster.departments);
        broken.at("roster.listed").unique(&roster.listed);
        broken.at("roster.qualifications").unique(&roster.qualifications);
        broken.at("strata").unique(&self.strata);
        broken.at("coverage.guards").unique(&coverage.guards);
        broken.at("items").unique(self.items.iter().map(|item| &item.code));
        broken.at("subsamples").unique(self.subsamples.iter().map(|subsample| &subsample.code));
    }

    fn check_design(&self, broken: &BrokenRules) {
        match &self.design {
            Design::Rate { rate } => broken.at("design.rate").at_most(*rate, Billionths::ONE),
            Design::Number { number: 0 } => {
                broken.at("design.number").note(said!("policy.number_zero", "is 0: nothing would be drawn"))
            }
            Design::Number { number } => broken.at("design.number").at_most(*number, 1_000_000_000),
            Design::Frequency {} => broken.at("frequency").when(self.frequency.is_empty(), || {
                said!("policy.frequency_missing", "is missing, and the design draws by frequency")
            }),
        }
        broken.at("reserves").at_most(self.reserves, 1_000_000);
        if !self.frequency.is_empty() {
            self.vocabulary().check_frequencies(&broken.at("frequency"), &self.frequency);
        }
    }

    fn check_coverage(&self, broken: &BrokenRules, coverage: &CoverageFloor) {
        let guards = broken.at("coverage.guards");
        broken.at("coverage.minimum").at_most(coverage.minimum, Billionths::ONE);
        for (at, guard) in guards.entries(&coverage.guards) {
            at.when(!self.has_level(*guard), || {
                said!("policy.guard_stratum", "{guard} is not among the strata", guard)
            });
        }
        guards.when(coverage.minimum > Billionths::ZERO && coverage.guards.is_empty(), || {
            said!("policy.guards_empty", "is empty, so the minimum would hold nowhere")
        });
    }

    /// Whether the stratum tree has nodes of a level.
    fn has_level(&self, level: Guard) -> bool {
        match level {
            Guard::Total => true,
            Guard::Stratum(stratum) => self.strata.contains(&stratum),
        }
    }

    /// The round, the control share and the second-stage samples.
    fn check_round(&self, broken: &BrokenRules) {
        let round = self.round();
        broken.at("round").when(round.share > round.rest || round.rest > Billionths::ONE, || {
            said!(
                "policy.round",
                "share {share} and rest {rest}: share ≤ rest ≤ 1 is needed",
                share = round.share,
                rest = round.rest
            )
        });
        broken.at("round.share").when(
            self.above.is_none() && round.share.get() == 0 && round.rest.get() > 0,
            || {
                said!(
                    "policy.share_zero",
                    "is 0, and {rest} of the cycle is still to come",
                    rest = round.rest
                )
            },
        );
        if let Some(surprise) = self.surprise {
            let at = broken.at("surprise");
            at.when(surprise >= Billionths::ONE, || {
                said!("policy.surprise_whole", "{surprise} is not below 1", surprise)
            });
            at.when(surprise.get() > 0 && self.design != (Design::Frequency {}), || {
                said!(
                    "policy.surprise_design",
                    "is for draws by frequency: other draws keep every unit reachable"
                )
            });
        }
        for (at, subsample) in broken.at("subsamples").entries(&self.subsamples) {
            at.field("share").when(!(1..=ONE).contains(&subsample.share.get()), || {
                said!("document.share", "{share} is not above 0 and at most 1", share = subsample.share)
            });
            at.field("basis").basis(&subsample.basis);
        }
    }

    /// The rules about single units and about nodes of the stratum tree.
    fn check_rules(&self, broken: &BrokenRules) {
        let vocabulary = self.vocabulary();
        self.check_population(broken);
        let unnumbered = self.origin.as_ref().is_some_and(|origin| origin.batch == 0);
        broken
            .at("origin.batch")
            .when(unnumbered, || said!("policy.batch_zero", "is 0: batches are numbered from 1"));
        for (at, signal) in broken.at("signals").entries(&self.signals) {
            at.field("at_least").when(signal.at_least == 0, || {
                said!("rule.holds_for_every_unit", "is 0: it would hold for every unit")
            });
            at.field("basis").basis(&signal.basis);
            vocabulary.check_raising(&at, &signal.signal);
        }
        for (at, certainty) in broken.at("certainties").entries(&self.certainties) {
            at.field("basis").basis(&certainty.basis);
            vocabulary.check_certainty(&at, certainty);
        }
        for (at, exclusion) in broken.at("exclusions").entries(&self.exclusions) {
            at.field("basis").basis(&exclusion.basis);
            vocabulary.check_exclusion(&at, exclusion);
            if let (ExclusionRule::VisitsAtLeast(_), Some(key)) = (&exclusion.rule, self.key_item()) {
                let code = &key.code;
                at.field("rule").note(said!(
                    "policy.cap_of_key_item",
                    "caps the visits, and item {code} is a key item: those have no upper limit",
                    code
                ));
            }
        }
        for (at, ratio) in broken.at("ratios").entries(&self.ratios) {
            at.field("basis").basis(&ratio.basis);
            vocabulary.check_ratio(&at, ratio);
            at.field("at").when(!self.has_level(ratio.at), || {
                said!("policy.ratio_stratum", "{level} is not among the strata", level = ratio.at)
            });
            if let Some(key) = self.key_item().filter(|_| ratio.max.is_some()) {
                let code = &key.code;
                at.field("max").note(said!(
                    "policy.limit_of_key_item",
                    "limits the draw, and item {code} is a key item: those have no upper limit",
                    code
                ));
            }
        }
        for (code, label) in &self.labels {
            broken.at("labels").field(code).readable(label);
        }
    }

    /// The population names something, and nothing that no unit of the frame can be.
    fn check_population(&self, broken: &BrokenRules) {
        let (Some(population), at) = (&self.population, broken.at("population")) else { return };
        let Population { divisions, has, kinds, .. } = population;
        at.when(*population == Population::default(), || {
            said!("policy.population_empty", "names nothing: leave it out for the whole frame")
        });
        self.vocabulary().check_counts(&at.field("has"), has);
        at.field("kinds").kinds(kinds, &self.frame.kinds);
        let at = at.field("divisions");
        at.unique(divisions);
        let list = &self.frame.divisions;
        let known: BTreeSet<Division> = (1..=list.depth()).flat_map(|depth| list.areas(depth)).collect();
        for division in divisions.iter().filter(|division| !known.contains(division)) {
            at.note(said!(
                "policy.population_division",
                "{division} covers none of frame.divisions",
                division
            ));
        }
    }

    fn check_rating(&self, broken: &BrokenRules) {
        let Some(rating) = &self.rating else { return };
        let vocabulary = self.vocabulary();
        for signal in self.population.iter().flat_map(|population| population.has.keys()) {
            vocabulary.check_raising(&broken.at("population.has"), signal);
        }
        for rule in rating.rules() {
            broken.at(format!("rating rule {}.basis", rule.code)).basis(&rule.basis);
        }
        rating.check(broken, &vocabulary);
        vocabulary.check_falls(&broken.at("frequency"), &self.frequency);
    }

    fn check_beacon(&self, broken: &BrokenRules) {
        let (sources, fallbacks) = (broken.at("beacon.sources"), broken.at("beacon.fallbacks"));
        if let Some(problem) = self.beacon.problem() {
            sources.note(problem);
        }
        let fallback_sources = self.beacon.fallbacks.iter().map(|fallback| &fallback.source);
        let places = (0..).map(|i| sources.index(i)).zip(&self.beacon.sources);
        for (at, source) in places.chain((0..).map(|i| fallbacks.index(i)).zip(fallback_sources)) {
            at.when(source.at().day().is_none_or(|day| day > self.window.from()), || {
                said!(
                    "policy.source_after_window",
                    "becomes known at {at}, after window.from {from}",
                    at = source.at(),
                    from = self.window.from()
                )
            });
        }
        sources.unique(self.beacon.all().map(Source::id));
    }
}
