//! The draws of a ledger with what is known of them besides: each is made again once, and all checks share
//! that (Spec 19).

use super::super::evidence::DrawEvidence;
use super::super::replay::{NoReplay, Replay};
use crate::disclosure::DrawnDocument;
use crate::dispatch::KeptUnits;
use crate::ledger::Attempt;
use crate::message::{Message, said};
use std::collections::BTreeMap;

/// Sequence number and attempt.
pub(super) type DrawName = (u64, u64);

/// What a list that ascends by draw has for a draw.
pub(super) fn of_draw<T>(list: &[(DrawName, T)], draw: DrawName) -> Option<&T> {
    list.binary_search_by(|(name, _)| name.cmp(&draw)).ok().map(|place| &list[place].1)
}

/// The draws whose records were given, made again, ascending. The plan of each is kept until the ledger is
/// checked.
#[derive(Debug)]
pub(super) struct Replays<'a>(Vec<(DrawName, Result<Replay<'a>, NoReplay>)>);

impl<'a> Replays<'a> {
    pub(super) fn new(draws: &'a BTreeMap<DrawName, DrawEvidence>) -> Self {
        let replay = |(name, given): (&DrawName, &'a DrawEvidence)| {
            Some((*name, Replay::new(given.record.as_ref()?, &given.evidence)))
        };
        Self(draws.iter().filter_map(replay).collect())
    }

    pub(super) fn get(&self, name: DrawName) -> Option<Result<&Replay<'a>, &NoReplay>> {
        of_draw(&self.0, name).map(Result::as_ref)
    }

    /// The document with a draw's event of the cycle, made from record and files.
    pub(super) fn document(&self, name: DrawName, given: &DrawEvidence) -> Option<DrawnDocument> {
        self.get(name)?.ok()?.drawn_document(given.evidence.salt_key()?)
    }
}

/// A draw that the ledger has sealed, and of which something was given.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownDraw<'a> {
    pub(super) attempt: &'a Attempt,
    pub(super) given: &'a DrawEvidence,
    /// `None` where the draw cannot be made again.
    pub(super) replay: Option<&'a Replay<'a>>,
}

impl<'a> KnownDraw<'a> {
    /// To which units nobody else sends people; `None` where nothing is dispatched, or no record is given.
    pub(super) fn kept(&self) -> Option<KeptUnits<'a>> {
        let frame = self.given.evidence.frame.as_ref().map(|(frame, _)| frame);
        self.given.record.as_ref()?.kept(frame)
    }

    /// Words for reports: something of this attempt.
    pub(super) fn of(&self, what: &Message) -> Message {
        let (draw, attempt) = self.attempt.name();
        said!("compared.of_draw", "{what} of draw {draw}, attempt {attempt}", what, draw, attempt)
    }
}
