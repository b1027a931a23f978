//! The rules that a pack keeps beyond its form: every broken one, with its place (Spec 23.1).

use super::{Band, Cite, Duty, ItemSlack, Ladder, Named, Pack, ResultRule, UnitFilter, codes};
use crate::bytes::{Document, encode};
use crate::dossier::{ResultKind, Span};
use crate::frame::is_stated;
use crate::id::Code;
use crate::message::{Coded, Message, said};
use crate::policy::{Billionths, ExclusionRule, Frequency, Guard, Stratum, Vocabulary, check_ids};
use crate::roster::Role;
use crate::table::{BrokenRules, Field, readable};
use serde_json::Value;
use std::collections::BTreeMap;

/// Notes every field that was written and does not return when the document is written again. Either the
/// field is not known, or it states what a pack states by leaving the field out.
pub(super) fn check_fields(at: &Field<'_>, written: &Value, again: &Value) {
    match (written, again) {
        (Value::Object(written), Value::Object(again)) => {
            for (key, value) in written {
                let at = at.field(key);
                match again.get(key) {
                    Some(other) => check_fields(&at, value, other),
                    None => at.note(said!(
                        "pack.field",
                        "is no field that is known here, or holds the default, which is left out"
                    )),
                }
            }
        }
        (Value::Array(written), Value::Array(again)) => {
            for ((at, value), other) in at.entries(written).zip(again) {
                check_fields(&at, value, other);
            }
        }
        _ => {}
    }
}

/// The codes of the pack's vocabularies.
struct PackCodes {
    credit: Vec<Code>,
    departments: Vec<Code>,
    items: Vec<Code>,
    kinds: Vec<Code>,
    qualifications: Vec<Code>,
    risk: Vec<Code>,
    /// Signals that a dossier notes.
    noted: Vec<Code>,
    /// Signals, ladders and features.
    signals: Vec<Code>,
}

impl PackCodes {
    fn new(pack: &Pack) -> Self {
        let noted: Vec<Code> = pack.signals.iter().map(|signal| signal.code.clone()).collect();
        let ladders = pack.ladders.iter().map(|ladder| ladder.code.clone());
        let signals = noted.iter().cloned().chain(ladders).chain(codes(&pack.features)).collect();
        Self {
            credit: codes(&pack.levels.credit),
            departments: codes(&pack.departments),
            items: pack.items.iter().map(|item| item.code.clone()).collect(),
            kinds: pack.kinds.iter().map(|kind| kind.code.clone()).collect(),
            qualifications: codes(&pack.qualifications),
            risk: codes(&pack.levels.risk),
            noted,
            signals,
        }
    }
}

/// The check of one pack.
struct PackCheck<'a> {
    pack: &'a Pack,
    codes: &'a PackCodes,
    vocabulary: Vocabulary<'a>,
    broken: &'a BrokenRules,
}

impl Pack {
    /// Checks all rules, in the order of this function.
    pub(super) fn check(&self, broken: &BrokenRules) {
        if self.check_lengths(broken) {
            // The other rules compare lists with lists, which takes too long for lists of any length.
            return;
        }
        if let Err(error) = encode(self) {
            broken.at("(numbers)").note(error.message());
        }
        broken
            .at("document")
            .when(self.document != Document::Pack, || said!("pack.document", "is not \"pack\""));
        broken.at("title").readable(&self.title);
        let possible = (2000..=9999).contains(&self.year);
        broken.at("year").when(!possible, || said!("pack.year", "{year} is no year", year = self.year));
        let codes = PackCodes::new(self);
        let vocabulary = Vocabulary {
            credit: &codes.credit,
            divisions: Some(&self.divisions).filter(|list| !list.is_empty()),
            ids: self.ids,
            kinds: &codes.kinds,
            lowering: &self.rating.lowering,
            risk: &codes.risk,
            signals: Some(&codes.signals),
        };
        let check = PackCheck { pack: self, codes: &codes, vocabulary, broken };
        if !self.divisions.is_empty() {
            check_ids(&broken.at("ids"), self.ids, &self.divisions);
            self.divisions.check(&broken.at("divisions"), readable);
        }
        check.lists();
        check.levels();
        check.bands();
        check.dossiers();
        check.draws();
        check.items();
        check.responsibilities();
    }

    /// Lists that are longer than any office needs; returns whether there is one.
    fn check_lengths(&self, broken: &BrokenRules) -> bool {
        let lists = [
            ("levels.credit", 64, self.levels.credit.len()),
            ("levels.risk", 64, self.levels.risk.len()),
            ("frequency", 4096, self.frequency.len()),
            ("responsibilities", 10_000, self.responsibilities.len()),
            ("divisions", 5000, self.divisions.len()),
            ("documents", 1000, self.documents.len()),
            ("kinds", 1000, self.kinds.len()),
            ("departments", 1000, self.departments.len()),
            ("qualifications", 1000, self.qualifications.len()),
            ("features", 1000, self.features.len()),
            ("signals", 1000, self.signals.len()),
            ("ladders", 1000, self.ladders.len()),
            ("results", 1000, self.results.len()),
            ("items", 1000, self.items.len()),
            ("bands", 1000, self.bands.len()),
            ("caps", 1000, self.caps.len()),
            ("certainties", 1000, self.certainties.len()),
            ("exclusions", 1000, self.exclusions.len()),
            ("ratios", 1000, self.ratios.len()),
            ("slacks", 1000, self.slacks.len()),
        ];
        for (list, most, length) in lists {
            broken.at(list).no_longer_than(most, length);
        }
        lists.into_iter().any(|(_, most, length)| length > most)
    }
}

impl<'a> PackCheck<'a> {
    fn at(&self, place: impl Into<String>) -> Field<'a> {
        self.broken.at(place)
    }

    /// The citation of a rule: there, of a listed document, and a text that policies can carry.
    fn cite(&self, at: &Field<'_>, cite: Option<&Cite>) {
        let at = at.field("cite");
        let Some(cite) = cite else {
            return at
                .note(said!("pack.cite_missing", "is missing: no rule without the document it comes from"));
        };
        let listed = self.pack.documents.iter().any(|document| document.code == cite.document);
        at.when(!listed, || {
            said!("pack.cite_document", "{document} is not among the documents", document = cite.document)
        });
        let basis = self.pack.basis(Some(cite));
        at.when(!readable(&basis) || cite.says.trim().is_empty(), || {
            said!(
                "pack.cite_text",
                "gives {count} characters: 1 to 200 that are all seen are needed",
                count = basis.chars().count()
            )
        });
        let blank = cite.reading.as_ref().is_some_and(|reading| reading.trim().is_empty());
        at.when(blank, || said!("pack.reading", "has an empty reading"));
    }

    fn days(&self, at: &Field<'_>, days: u64) {
        at.when(!(1..=36_500).contains(&days), || said!("pack.days", "{days} days are not 1 to 36500", days));
    }

    /// Lists of codes and names.
    fn lists(&self) {
        let Pack { departments, documents, features, items, kinds, levels, .. } = self.pack;
        let Pack { ladders, qualifications, results, signals, .. } = self.pack;
        let counted = signals.iter().map(|signal| &signal.code);
        let counted = counted.chain(ladders.iter().map(|ladder| &ladder.code));
        for code in counted.chain(features.iter().map(|feature| &feature.code)) {
            self.at("signals").when(is_stated(code), || {
                said!(
                    "pack.stated_signal",
                    "{code} tells a level that a register states: another code is needed",
                    code
                )
            });
        }
        for (at, document) in self.at("documents").entries(documents) {
            let mut texts = [&document.title, &document.issued].into_iter().chain(&document.number);
            at.when(!texts.all(|text| readable(text)), || {
                said!("pack.document_texts", "title, number and issued are texts of 1 to 200 characters")
            });
        }
        let named = |list, named: &'a [Named]| named.iter().map(move |n| (list, &n.code, &n.name));
        let names = named("departments", departments)
            .chain(named("qualifications", qualifications))
            .chain(named("features", features))
            .chain(named("levels.credit", &levels.credit))
            .chain(named("levels.risk", &levels.risk))
            .chain(kinds.iter().map(|kind| ("kinds", &kind.code, &kind.name)))
            .chain(signals.iter().map(|signal| ("signals", &signal.code, &signal.name)))
            .chain(ladders.iter().map(|ladder| ("ladders", &ladder.code, &ladder.name)))
            .chain(results.iter().map(|result| ("results", &result.code, &result.name)))
            .chain(items.iter().map(|item| ("items", &item.code, &item.name)));
        for (list, code, name) in names {
            let nameless = !readable(name);
            self.at(list)
                .when(nameless, || said!("pack.nameless", "{code} has no name of 1 to 200 characters", code));
        }
        self.at("documents").filled(documents);
        self.at("results").filled(results);
        let filled = [
            ("kinds", &self.codes.kinds),
            ("departments", &self.codes.departments),
            ("items", &self.codes.items),
            ("levels.credit", &self.codes.credit),
            ("levels.risk", &self.codes.risk),
        ];
        for (list, codes) in filled {
            self.at(list).filled(codes);
            self.at(list).unique(codes);
        }
        self.at("documents").unique(documents.iter().map(|document| &document.code));
        self.at("results").unique(results.iter().map(|result| &result.code));
        self.at("qualifications").unique(&self.codes.qualifications);
        self.at("signals, ladders and features").unique(&self.codes.signals);
        let reserved = |code: &&Code| matches!(code.as_str(), "lead" | "member");
        if let Some(code) = self.codes.qualifications.iter().find(reserved) {
            self.at("qualifications").note(said!(
                "pack.reserved_post",
                "{code} is a post of every team",
                code
            ));
        }
    }

    /// Levels, rating, frequencies.
    fn levels(&self) {
        let Pack { features, frequency, levels, rating, .. } = self.pack;
        self.cite(&self.at("levels"), levels.cite.as_ref());
        rating.check(self.broken, &self.vocabulary);
        for rule in rating.rules() {
            self.cite(&self.at(format!("rating rule {}", rule.code)), rule.cite.as_ref());
        }
        let lowering = self.at("rating.lowering");
        self.vocabulary.check_signals(&lowering, &rating.lowering);
        for feature in features.iter().filter(|feature| rating.lowering.contains(&feature.code)) {
            lowering.note(said!(
                "pack.lowering_feature",
                "names the feature {feature}, which no dossier entry supports",
                feature = feature.code
            ));
        }
        let at = self.at("frequency");
        for (at, entry) in at.entries(frequency) {
            self.cite(&at, entry.cite.as_ref());
        }
        let table: Vec<Frequency> = frequency.iter().map(|entry| entry.frequency()).collect();
        self.vocabulary.check_frequencies(&at, &table);
        self.vocabulary.check_falls(&at, &table);
    }

    fn bands(&self) {
        let Pack { bands, coverage, frequency, .. } = self.pack;
        self.at("bands").unique(bands.iter().map(|band| &band.code));
        for band in bands {
            let at = self.at(format!("band {}", band.code));
            self.cite(&at, band.cite.as_ref());
            let Some((stratum, level)) = band.level() else {
                at.note(said!("band.level", "is about one level: risk or credit"));
                continue;
            };
            let levels = if stratum == Stratum::Risk { &self.codes.risk } else { &self.codes.credit };
            at.when(!levels.contains(level), || said!("band.unknown_level", "{level} is no level", level));
            check_bounds(&at, band);
            let of_level = frequency.iter().filter(|entry| match stratum {
                Stratum::Risk => entry.risk == *level,
                _ => entry.credit == *level,
            });
            for entry in of_level {
                check_entry(&at, band, &entry.frequency());
            }
            let max = band.share.as_ref().and_then(|share| share.max);
            let minimum = coverage.minimum;
            if let Some(max) = max.filter(|max| *max < minimum) {
                at.when(coverage.guards.contains(&Guard::Stratum(stratum)), || {
                    said!(
                        "band.floor",
                        "allows {max}, and the floor at every such level is {minimum}",
                        max,
                        minimum
                    )
                });
            }
        }
    }

    /// Signals, ladders, results.
    fn dossiers(&self) {
        let Pack { ladders, results, signals, .. } = self.pack;
        for (at, signal) in self.at("signals").entries(signals) {
            self.cite(&at, signal.cite.as_ref());
            if let Some(Span::Days(days)) = signal.window {
                self.days(&at, days);
            }
        }
        ladders.iter().for_each(|ladder| self.ladder(ladder));
        for kind in [ResultKind::Pass, ResultKind::Unmade] {
            let there = results.iter().any(|result| result.kind == kind);
            self.at("results").when(!there, || {
                said!(
                    "pack.results",
                    "have none of kind {kind}: nothing could be settled, or no miss be entered",
                    kind = format!("{kind:?}").to_lowercase()
                )
            });
        }
        results.iter().for_each(|result| self.result(result));
    }

    fn ladder(&self, ladder: &Ladder) {
        let Ladder { cite, code, fails_to, kinds, steps, .. } = ladder;
        let at = self.at(format!("ladder {code}"));
        self.cite(&at, cite.as_ref());
        at.kinds(kinds, &self.codes.kinds);
        at.unique(steps.iter().map(|step| &step.code));
        at.when(!self.vocabulary.lowering.contains(code), || {
            said!("ladder.lowering", "is a signal that is earned: rating.lowering has to name it")
        });
        at.when(steps.len() < 2, || said!("ladder.steps", "has fewer than two steps"));
        let last = steps.len().saturating_sub(1);
        for (number, step) in steps.iter().enumerate() {
            let right = match step.passes {
                Some(passes) => number < last && (1..=1000).contains(&passes),
                None => number == last,
            };
            at.when(!right, || {
                said!(
                    "ladder.passes",
                    "step {step}: every step but the last has 1 to 1000 passes",
                    step = step.code
                )
            });
        }
        let beyond = usize::try_from(*fails_to).map_or(true, |step| step >= last);
        at.when(beyond, || {
            said!(
                "ladder.fails_to",
                "fails_to {fails_to} is no step below the last: a failure has to cost something",
                fails_to
            )
        });
    }

    fn result(&self, result: &ResultRule) {
        let ResultRule { cite, code, kind, opens, raises, .. } = result;
        let at = self.at(format!("result {code}"));
        self.cite(&at, cite.as_ref());
        at.known(raises.keys().chain(opens), &self.codes.noted, "the signals");
        at.when(raises.values().any(|count| !(1..=999_999_999).contains(count)), || {
            said!("result.count", "raises a signal by a count that is not 1 to 999999999")
        });
        let mut signals = raises.keys().chain(opens);
        if let Some(signal) = signals.find(|signal| self.vocabulary.lowering.contains(signal)) {
            at.note(said!(
                "result.reward",
                "raises or opens {signal}, which may lower: a finding would be a reward",
                signal
            ));
        }
        let praised = *kind == ResultKind::Pass && (opens.is_some() || !raises.is_empty());
        at.when(praised, || said!("result.praised", "is a pass, and raises something"));
    }

    /// The rules that go into policies.
    fn draws(&self) {
        let Pack {
            attendance,
            caps,
            certainties,
            coverage,
            deadlines,
            exclusions,
            joint,
            ratios,
            slacks,
            ..
        } = self.pack;
        let reasons = caps.iter().map(|cap| &cap.code);
        let reasons = reasons.chain(certainties.iter().map(|certainty| &certainty.code));
        let reasons = reasons.chain(exclusions.iter().map(|exclusion| &exclusion.code));
        self.at("caps, certainties and exclusions").unique(reasons);
        self.at("ratios").unique(ratios.iter().map(|ratio| &ratio.code));
        let guards = &coverage.guards;
        let repeated = (1..guards.len()).any(|place| guards[..place].contains(&guards[place]));
        self.at("coverage.guards").when(repeated || guards.is_empty(), || {
            said!("coverage.guards", "is empty, or names a level twice")
        });
        for (at, guard) in self.at("coverage.guards").entries(guards) {
            self.vocabulary.check_level(&at, *guard);
        }
        self.cite(&self.at("coverage"), coverage.cite.as_ref());
        self.at("coverage.minimum")
            .when(coverage.minimum > Billionths::ONE, || said!("document.above_one", "is above 1"));
        for (at, ratio) in self.at("ratios").entries(ratios) {
            self.cite(&at, ratio.cite.as_ref());
            self.vocabulary.check_level(&at.field("at"), ratio.at);
            self.vocabulary.check_ratio(&at, ratio);
            let items = at.field("items");
            items.known(&ratio.items, &self.codes.items, "the items");
            items.unique(&ratio.items);
        }
        for (at, rule) in self.at("slacks").entries(slacks) {
            self.cite(&at, rule.cite.as_ref());
            let ItemSlack { items, slack, .. } = rule;
            at.field("items").known(items, &self.codes.items, "the items");
            at.field("items").unique(items);
            at.field("items")
                .when(items.is_empty(), || said!("pack.slack_items", "is empty: it would apply to no task"));
            self.vocabulary.check_slack(&at, *slack);
        }
        for cap in caps {
            let at = self.at(format!("cap {}", cap.code));
            self.cite(&at, cap.cite.as_ref());
            at.kinds(&cap.kinds, &self.codes.kinds);
            at.when(cap.visits == 0, || said!("cap.zero", "is 0: it would exempt every unit"));
        }
        for certainty in certainties {
            let at = self.at(format!("certainty {}", certainty.code));
            self.cite(&at, certainty.cite.as_ref());
            self.vocabulary.check_certainty(&at, certainty);
        }
        for exclusion in exclusions {
            let at = self.at(format!("exclusion {}", exclusion.code));
            self.cite(&at, exclusion.cite.as_ref());
            self.vocabulary.check_exclusion(&at, exclusion);
            if let ExclusionRule::VisitsAtLeast(_) = &exclusion.rule {
                at.note(said!("exclusion.cap", "is a cap: caps stand in caps"));
            }
        }
        if !joint.is_empty() {
            self.cite(&self.at("joint"), joint.cite.as_ref());
        }
        for (place, deadline) in [
            ("deadlines.match", &deadlines.matching),
            ("deadlines.publish", &deadlines.publish),
            ("deadlines.recusal", &deadlines.recusal),
        ] {
            let at = self.at(place);
            if let Some(deadline) = deadline {
                self.cite(&at, deadline.cite.as_ref());
                self.days(&at, deadline.days);
            }
        }
        self.cite(&self.at("attendance"), attendance.cite.as_ref());
        if attendance.alone.is_some() {
            self.cite(&self.at("attendance.alone"), attendance.alone.as_ref());
        }
    }

    fn items(&self) {
        let Pack { attendance, items, responsibilities, .. } = self.pack;
        let barred = &attendance.barred;
        let repeated = (1..barred.len()).any(|place| barred[..place].contains(&barred[place]));
        self.at("attendance.barred").when(repeated, || said!("attendance.role_twice", "names a role twice"));
        for item in items {
            let at = self.at(format!("item {}", item.code));
            self.cite(&at, item.cite.as_ref());
            let department = &item.department;
            at.known([department], &self.codes.departments, "the departments");
            let qualifications = item.needs.iter().chain(&item.expert);
            at.known(qualifications, &self.codes.qualifications, "the qualifications");
            let UnitFilter { divisions, kinds, has } = &item.subjects;
            for division in divisions.iter().filter(|division| !self.pack.divisions.knows(division)) {
                at.note(said!(
                    "item.division",
                    "is for {division}: that is none of the pack's divisions, and none of GB/T 2260 where it has \
                     none",
                    division
                ));
            }
            at.kinds(kinds, &self.codes.kinds);
            self.vocabulary.check_counts(&at, has);
            if let Some(signal) = has.keys().find(|signal| self.vocabulary.lowering.contains(signal)) {
                at.note(said!(
                    "item.lowering",
                    "asks for {signal}, which may lower: the item would go with it",
                    signal
                ));
            }
            let of_item = responsibilities.iter().filter(|entry| entry.item == item.code);
            let responsible = of_item.filter(|entry| entry.role == Duty::Responsible);
            let listed: Vec<&Code> = responsible.map(|entry| &entry.department).collect();
            at.when(listed != [department], || {
                said!(
                    "item.responsible",
                    "is the department {department}'s, and the responsibility list makes {listed} \
                     responsible",
                    department,
                    listed = listed.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(", ")
                )
            });
            if item.expert.is_some() {
                at.when(!attendance.experts, || {
                    said!("item.expert", "asks for an expert, and attendance.experts is false")
                });
                let mut kinds = self.codes.kinds.iter().filter(|kind| item.subjects.admits_kind(kind));
                let nowhere = Role::ALL.iter().all(|role| barred.contains(role))
                    && kinds.all(|kind| self.pack.is_enterprise(kind));
                at.when(nowhere, || {
                    said!(
                        "item.expert_barred",
                        "asks for an expert at enterprises only, and attendance bars every role there"
                    )
                });
            }
        }
    }

    fn responsibilities(&self) {
        let mut given: BTreeMap<(&Code, &Code), u64> = BTreeMap::new();
        for (at, entry) in self.at("responsibilities").entries(&self.pack.responsibilities) {
            self.cite(&at, entry.cite.as_ref());
            at.known([&entry.item], &self.codes.items, "the items");
            at.known([&entry.department], &self.codes.departments, "the departments");
            let roles = given.entry((&entry.item, &entry.department)).or_default();
            *roles += 1;
            at.when(*roles > 1, || {
                said!(
                    "responsibility.twice",
                    "gives {department} two roles in {item}",
                    department = entry.department,
                    item = entry.item
                )
            });
        }
    }
}

/// The bounds of a band: at least one, in order, and shares of at most 1.
fn check_bounds(at: &Field<'_>, band: &Band) {
    let (share, visits) = (band.share_bounds(), band.visit_bounds());
    let empty =
        |written: bool, bounds: (Option<Billionths>, Option<Billionths>)| written && bounds == (None, None);
    let nothing = share == (None, None) && visits == (None, None);
    let empty = empty(band.share.is_some(), share) || empty(band.visits.is_some(), visits);
    at.when(nothing || empty, || {
        said!(
            "band.bounds_nothing",
            "bounds nothing: name a bound, and leave out a share or visits without one"
        )
    });
    let crossed = |(low, high): (Option<Billionths>, Option<Billionths>)| {
        low.zip(high).is_some_and(|(low, high)| low > high)
    };
    at.when(crossed(share) || crossed(visits), || {
        said!("band.crossed", "has a lower bound above its upper one")
    });
    at.when(share.0.max(share.1) > Some(Billionths::ONE), || said!("band.share", "has a share above 1"));
}

/// An entry of the frequency table keeps a band of its level.
fn check_entry(at: &Field<'_>, band: &Band, entry: &Frequency) {
    let ((min, max), (at_least, below)) = (band.share_bounds(), band.visit_bounds());
    let Frequency { credit, risk, visits, .. } = entry;
    let check = |broken: bool, bound: Message| {
        at.when(broken, || {
            said!(
                "band.entry",
                "is broken by the {visits} visits of {risk}/{credit}: {bound}",
                visits,
                risk,
                credit,
                bound
            )
        });
    };
    at_least.iter().for_each(|least| {
        check(visits < least, said!("bound.at_least", "at least {least} visits", least = least))
    });
    below.iter().for_each(|bound| {
        check(visits >= bound, said!("bound.below", "below {below} visits", below = bound))
    });
    min.iter().for_each(|min| {
        check(visits < min, said!("bound.share_at_least", "at least {min} of them", min = min))
    });
    max.iter().for_each(|max| {
        check(visits > max, said!("bound.share_at_most", "at most {max} of them", max = max))
    });
}
