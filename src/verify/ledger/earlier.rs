//! A ledger that goes on from another: it begins with what the other ended with (Spec 19, *The earlier
//! ledger*).

use super::super::report::{NotRun, Outcome, differ, same};
use super::contents;
use super::draws::Replays;
use super::evidence::LedgerEvidence;
use super::fold::Folded;
use crate::bytes::SaltKey;
use crate::cycle::Cycle;
use crate::ledger::{self, Line, Opened};
use crate::message::{Coded as _, Message, Plain, said};
use crate::note::origin;

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
        Err(NoPass::Differs(why)) => Outcome::Fail { why },
    }
}

enum NoPass {
    Unknown(NotRun),
    Differs(Message),
}

impl From<Message> for NoPass {
    fn from(why: Message) -> Self {
        Self::Differs(why)
    }
}

fn compare(
    opened: &Opened,
    opening: Option<&(Cycle, SaltKey)>,
    lines: &[Line],
    evidence: &LedgerEvidence,
) -> Result<(), NoPass> {
    let Some(named) = &opened.earlier else {
        return Err(NoPass::Unknown(NotRun::NoEarlier));
    };
    let (Some(begins), Some((cycle, key))) = (opened.cycle, opening) else {
        return Err(NoPass::Unknown(NotRun::OpeningCycle));
    };
    same(said!("compared.opening_cycle", "the opening cycle"), begins, cycle.digest(opened.suite, key))?;
    let size = usize::try_from(named.size).ok().filter(|size| *size <= lines.len());
    let Some(before) = size.map(|size| &lines[..size]) else {
        differ(said!("compared.earlier_lines", "the lines of the earlier ledger"), named.size, lines.len())?;
        return Ok(());
    };
    let (told, _) = contents::tell(before, &evidence.files);
    let before: &[Line] = &told;
    let replays = Replays::new(&evidence.draws);
    let folded = Folded::new(before, evidence, &replays);
    if !folded.is_whole() {
        let what = said!("compared.earlier_ledger", "the earlier ledger");
        let expected = said!("expected.following", "one whose entries follow");
        differ(what, expected, said!("found.refused_entry", "an entry that is refused"))?;
    }
    let own = folded.state.opened().map(|opened| origin(&opened.authority, &opened.scope));
    let what = said!("compared.earlier_origin", "the origin of the earlier ledger");
    same(what, Plain(named.origin.clone()), Plain(own.unwrap_or_default()))?;
    same(
        said!("compared.earlier_root", "its root"),
        named.root,
        ledger::tree(ledger::suite(lines), before).root(),
    )?;
    let Some(ended) = folded.state.cycle() else {
        return Err(NoPass::Unknown(NotRun::EarlierCycle));
    };
    let what = said!("compared.cycle_ended", "the cycle with which it ended");
    match ended.opening() {
        Ok(ended) => Ok(same(what, ended.digest(opened.suite, key), begins)?),
        Err(error) => {
            let expected = said!("expected.no_pending", "one without pending visits");
            Ok(differ(what, expected, error.message())?)
        }
    }
}
