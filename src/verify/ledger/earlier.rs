//! A ledger that goes on from another: it begins with what the other ended with (Spec 19, *The earlier
//! ledger*).

use super::super::report::{Outcome, differ, same};
use super::contents;
use super::draws::Replays;
use super::evidence::LedgerEvidence;
use super::fold::Folded;
use crate::bytes::SaltKey;
use crate::cycle::Cycle;
use crate::ledger::{self, Line, Opened};
use crate::note::origin;
use crate::seal::Difference;

/// Whether a ledger begins with the cycle with which the earlier one ended: `opened` and the opening cycle of
/// the later, lines and evidence of the earlier. Its lines may have grown since.
#[must_use]
pub fn earlier(
    opened: &Opened,
    opening: Option<&(Cycle, SaltKey)>,
    lines: &[Line],
    evidence: &LedgerEvidence,
) -> Outcome {
    match compare(opened, opening, lines, evidence) {
        Ok(()) => Outcome::Pass,
        Err(NoPass::Unknown(because)) => Outcome::NotRun { because },
        Err(NoPass::Differs(Difference { what, expected, found })) => Outcome::Fail { what, expected, found },
    }
}

enum NoPass {
    Unknown(&'static str),
    Differs(Difference),
}

impl From<Difference> for NoPass {
    fn from(difference: Difference) -> Self {
        Self::Differs(difference)
    }
}

fn compare(
    opened: &Opened,
    opening: Option<&(Cycle, SaltKey)>,
    lines: &[Line],
    evidence: &LedgerEvidence,
) -> Result<(), NoPass> {
    let Some(named) = &opened.earlier else {
        return Err(NoPass::Unknown("the first line names no earlier ledger"));
    };
    let (Some(begins), Some((cycle, key))) = (opened.cycle, opening) else {
        return Err(NoPass::Unknown("the opening cycle is not known"));
    };
    same("the opening cycle", begins, cycle.digest(opened.suite, key))?;
    let size = usize::try_from(named.size).ok().filter(|size| *size <= lines.len());
    let Some(before) = size.map(|size| &lines[..size]) else {
        differ("the lines of the earlier ledger", named.size, lines.len())?;
        return Ok(());
    };
    let (told, _) = contents::tell(before, &evidence.files);
    let before: &[Line] = &told;
    let replays = Replays::new(&evidence.draws);
    let folded = Folded::new(before, evidence, &replays);
    if !folded.is_whole() {
        differ("the earlier ledger", "one whose entries follow", "an entry that is refused")?;
    }
    let own = folded.state.opened().map(|opened| origin(&opened.authority, &opened.scope));
    same("the origin of the earlier ledger", named.origin.clone(), own.unwrap_or_default())?;
    same("its root", named.root, ledger::tree(ledger::suite(lines), before).root())?;
    let Some(ended) = folded.state.cycle() else {
        return Err(NoPass::Unknown("the cycle of the earlier ledger is not known from its documents"));
    };
    match ended.opening() {
        Ok(ended) => Ok(same("the cycle with which it ended", ended.digest(opened.suite, key), begins)?),
        Err(error) => Ok(differ("the cycle with which it ended", "one without pending visits", error)?),
    }
}
