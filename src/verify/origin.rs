//! Where a policy and the levels of a frame come from: made again from pack, programme and dossier (Spec
//! 24.4).

use super::names::OriginCheck;
use super::report::{Comparison, Draft, NotRun, OriginReport, differ, same};
use super::words;
use crate::bytes::{Digest, SaltKey};
use crate::dossier::Dossier;
use crate::frame::Frame;
use crate::message::{Coded as _, Plain, said};
use crate::pack::Pack;
use crate::policy::{LevelDifference, Origin, Policy};
use crate::programme::{Programme, ProgrammeError};
use std::collections::BTreeMap;

/// What the checker has of the rules behind a draw. Each part is optional; the report says what was missing.
#[derive(Debug, Clone, Copy, Default)]
pub struct OriginEvidence<'a> {
    /// The rule pack.
    pub pack: Option<&'a Pack>,
    /// The annual programme.
    pub programme: Option<&'a Programme>,
    /// The dossier with its salt key.
    pub dossier: Option<(&'a Dossier, &'a SaltKey)>,
    /// The dossier of an earlier draw: the one given must begin with its entries.
    pub earlier: Option<&'a Dossier>,
    /// The frame.
    pub frame: Option<&'a Frame>,
}

/// Checks where a policy, usually that of a record, and the levels of its frame come from. It believes that
/// policy and frame are the sealed ones: [`verify`](super::verify) checks that.
#[must_use]
pub fn origin(policy: &Policy, evidence: &OriginEvidence<'_>) -> OriginReport {
    let mut report = Draft::new();
    levels(policy, evidence, &mut report);
    let Some(origin) = &policy.origin else {
        report.skip_rest(NotRun::NoOrigin);
        return report.finish();
    };
    digests(policy, origin, evidence, &mut report);
    match (evidence.pack, evidence.programme) {
        (Some(pack), Some(programme)) => {
            let made = programme.policy(pack, &origin.task, origin.batch, origin.dossier);
            report.run(OriginCheck::Policy, made_again(policy, made));
        }
        _ => report.skip(OriginCheck::Policy, NotRun::PackOrProgramme),
    }
    match (evidence.pack, evidence.dossier, evidence.frame) {
        (Some(pack), Some((dossier, _)), Some(frame)) => {
            report.run(OriginCheck::Signals, signals(policy, pack, dossier, frame));
        }
        _ => report.skip(OriginCheck::Signals, NotRun::Signals),
    }
    report.finish()
}

/// Pack, programme and dossier against the digests that the policy names.
fn digests(policy: &Policy, origin: &Origin, evidence: &OriginEvidence<'_>, report: &mut Draft<OriginCheck>) {
    match evidence.pack {
        Some(pack) => {
            let what = said!("compared.pack_digest", "digest of the pack");
            report.run(OriginCheck::Pack, same(what, &origin.pack, &pack.digest(policy.suite)));
        }
        None => report.skip(OriginCheck::Pack, NotRun::Pack),
    }
    match evidence.programme {
        Some(programme) => {
            let what = said!("compared.programme_digest", "digest of the programme");
            report.run(OriginCheck::Programme, same(what, &origin.programme, &programme.digest()));
        }
        None => report.skip(OriginCheck::Programme, NotRun::Programme),
    }
    match (&origin.dossier, evidence.dossier) {
        (Some(named), Some((dossier, key))) => {
            let digest: Digest = dossier.digest(policy.suite, key);
            let mut comparison =
                same(said!("compared.dossier_digest", "digest of the dossier"), named, &digest);
            if evidence.earlier.is_some_and(|earlier| !dossier.extends(earlier)) {
                let expected = said!("expected.grown_dossier", "the earlier one with entries added");
                comparison = differ(words::dossier(), expected, words::others());
            }
            report.run(OriginCheck::Dossier, comparison);
        }
        (Some(_), None) => report.skip(OriginCheck::Dossier, NotRun::Dossier),
        (None, Some(_)) => {
            let expected = said!("expected.no_dossier", "none, as the policy says");
            let found = said!("found.given", "one was given");
            report.run(OriginCheck::Dossier, differ(words::dossier(), expected, found));
        }
        (None, None) => report.skip(OriginCheck::Dossier, NotRun::NoDossier),
    }
}

fn made_again(policy: &Policy, made: Result<Policy, ProgrammeError>) -> Comparison {
    match made {
        Ok(made) => {
            same(said!("compared.policy_digest", "digest of the policy"), &made.digest(), &policy.digest())
        }
        Err(reason) => {
            let expected = said!("expected.policy_of_pack", "one that pack and programme give");
            differ(words::policy(), expected, reason.message())
        }
    }
}

/// For every unit and every signal or ladder of the pack: the frame's count is the dossier's.
fn signals(policy: &Policy, pack: &Pack, dossier: &Dossier, frame: &Frame) -> Comparison {
    let terms = pack.dossier_terms();
    let codes = || terms.signals.keys().chain(terms.ladders.keys());
    for unit in frame.units() {
        let known = dossier.signals(&terms, &unit.id, &unit.kind, policy.as_of);
        for code in codes() {
            let count = |counts: &BTreeMap<_, u64>| counts.get(code).copied().unwrap_or(0);
            let (expected, found) = (count(&known), count(&unit.signals));
            if expected != found {
                let what = said!("compared.signal", "{code} of unit {unit}", code, unit = unit.id);
                return differ(what, expected, found);
            }
        }
    }
    Ok(())
}

fn levels(policy: &Policy, evidence: &OriginEvidence<'_>, report: &mut Draft<OriginCheck>) {
    let Some(frame) = evidence.frame else {
        return report.skip(OriginCheck::Levels, NotRun::Frame);
    };
    if policy.rating.is_none() {
        return report.skip(OriginCheck::Levels, NotRun::NoRules);
    }
    let wrong = frame.units().iter().find_map(|unit| {
        let LevelDifference { stated, rated } = policy.level_difference(unit)?;
        let what = said!("compared.levels", "levels of unit {unit}", unit = unit.id);
        Some(differ(what, rated.map(Plain), Plain(stated)))
    });
    report.run(OriginCheck::Levels, wrong.unwrap_or(Ok(())));
}
