//! The verdict of a folder: that of its ledger, and what lies around it (Spec 19, *The folder*).

use crate::folder::Folder;
use crate::index;
use crate::meaning;
use crate::obtain::{self, OwnValue, own_values};
use crate::problem::{Finding, FindingCode, worst};
use crate::say;
use crate::values::Parts;
use double_random::ledger::{Content, Opened};
use double_random::message::Coded as _;
use double_random::verify::{self, LedgerReport, OriginCheck, OriginReport, Outcome, Verdict};

/// What was found in a folder.
#[derive(Debug)]
pub struct Judgement {
    /// Of the ledger, with all files of the folder.
    pub ledger: LedgerReport,
    /// Of the rules behind every draw.
    pub origins: Vec<((u64, u64), OriginReport)>,
    /// Whether the results of the dossier were held against the ledger.
    pub results: bool,
    /// Everything else, by place and code.
    pub findings: Vec<Finding>,
    /// Values that were read from the folder alone, which is their author's.
    pub own_values: Vec<OwnValue>,
}

impl Judgement {
    /// Judges a folder.
    #[must_use]
    pub fn of(folder: &Folder) -> Self {
        let ledger = verify::ledger(&folder.lines, &folder.evidence);
        let mut findings = folder.rules_missing(ledger.state());
        let origins = folder.origins();
        for ((draw, attempt), report) in &origins {
            let place = format!("draws/{draw}.{attempt}");
            for (check, outcome) in report.checks() {
                if let Outcome::Fail { why } = outcome {
                    let words = say!("office.finding.check", "{check}: {why}", check = check.as_str(), why);
                    findings.push(Finding::new(FindingCode::Origin, &place, words));
                }
            }
            let hidden = report.not_shown();
            if !hidden.is_empty() {
                let named =
                    |check: &OriginCheck| say!("office.finding.not_shown", "{check}", check = check.as_str());
                let checks = Parts(hidden.iter().map(named).collect());
                let words = say!("office.finding.checks", "{checks}", checks);
                findings.push(Finding::new(FindingCode::NotShown, place, words));
            }
        }
        let results = conduct(folder, &ledger, &mut findings);
        findings.extend(folder.tables());
        findings.extend(index::problems(folder.root()));
        let own_values = own_values(folder, ledger.state());
        findings.extend(obtain::findings(folder, ledger.state(), &own_values));
        findings.sort();
        Self { ledger, origins, results, findings, own_values }
    }

    /// The worst of all.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let origins = self.origins.iter().map(|(_, report)| report.verdict());
        let findings = self.findings.iter().map(|finding| finding.code.at_most());
        worst([self.ledger.verdict()].into_iter().chain(origins).chain(findings))
    }
}

/// The dossiers as they stood: each begins with the one before, and the last has the results of the ledger.
/// Returns whether they were compared.
fn conduct(folder: &Folder, ledger: &LedgerReport, findings: &mut Vec<Finding>) -> bool {
    for pair in folder.now.windows(2) {
        if let [(_, one), (name, next)] = pair
            && !next.extends(one)
        {
            let words = say!("office.finding.begins", "it does not begin with the entries of the one before");
            findings.push(Finding::new(FindingCode::Dossier, name, words));
        }
    }
    let Some((name, dossier)) = folder.now.last() else { return false };
    match meaning::differences(folder, ledger.state(), dossier) {
        Ok(differences) => {
            let found = |difference: &meaning::Difference| {
                Finding::new(FindingCode::Dossier, name, difference.message())
            };
            findings.extend(differences.iter().map(found));
            true
        }
        Err(why) => {
            let words = say!("office.finding.results", "results: {why}", why);
            findings.push(Finding::new(FindingCode::NotShown, name, words));
            false
        }
    }
}

/// The first line of a folder.
fn opened(folder: &Folder) -> Option<&Opened> {
    match &folder.lines.first()?.entry().entry {
        Content::Opened(opened) => Some(opened),
        _ => None,
    }
}

/// Holds every ledger that names an earlier one against it, where that one lies beside it: whether the year
/// goes on from where the last one ended (Spec 19, *The earlier ledger*). For each of the folders, in their
/// order: the earlier one's place among them, and the outcome.
#[must_use]
pub fn earlier(folders: &[Folder]) -> Vec<Option<(usize, Outcome)>> {
    let of = |folder: &Folder| {
        let opened = opened(folder)?;
        let named = opened.earlier.as_ref()?;
        let place = folders.iter().position(|other| other.origin().as_ref() == Some(&named.origin))?;
        let before = folders.get(place)?;
        let opening = folder.evidence.opening.as_ref();
        Some((place, verify::earlier(opened, opening, &before.lines, &before.evidence)))
    };
    folders.iter().map(of).collect()
}
