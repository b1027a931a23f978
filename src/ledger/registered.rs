//! The register of the year's draws in the state of a ledger: which batch a draw is, and what was left out
//! (Spec 17.3 and 17.5).

use super::attempt::Attempt;
use super::present::Present;
use super::year::{RegisteredBatch, YearRegister};
use crate::calendar::Instant;
use crate::policy::{Policy, Round};

impl Present {
    /// The register of this year's draws that stands: the last one since a cycle was closed.
    #[must_use]
    pub fn register(&self) -> Option<&YearRegister> {
        YearRegister::standing(&self.registers, self.closed)
    }

    /// All registers of a year's draws, in order.
    #[must_use]
    pub fn registers(&self) -> &[YearRegister] {
        &self.registers
    }

    /// Whether a draw of this cycle, of another number than this one, was sealed for a batch.
    pub(super) fn batch_is_taken(&self, batch: u64, sequence: u64) -> bool {
        let of_cycle = self.attempts.iter().filter(|attempt| attempt.number > self.closed);
        let mut others = of_cycle.filter(|attempt| attempt.seal.sequence != sequence);
        others.any(|attempt| attempt.batch.is_some_and(|(_, taken)| taken == batch))
    }

    /// The batch of the next draw: of a further attempt that of the attempt before, else the first of the
    /// register that no draw has. `None` without a register, or if all of it is drawn.
    #[must_use]
    pub fn next_batch(&self) -> Option<u64> {
        let (draw, attempt) = self.next();
        let register = self.register()?;
        let again = self.latest(draw).filter(|_| attempt > 1).and_then(Attempt::batch);
        let again = again.filter(|(entry, _)| *entry == register.number).map(|(_, batch)| batch);
        let mut batches = register.batches.iter().map(|registered| registered.batch);
        again.or_else(|| batches.find(|batch| !self.batch_is_taken(*batch, draw)))
    }

    /// The registered batch that a policy can be adopted for: one with its share and its window, that its
    /// origin names if it has one, and that no other draw than the next has. `None`: a draw of this policy is
    /// outside the register.
    #[must_use]
    pub fn batch_for(&self, policy: &Policy) -> Option<u64> {
        let register = self.register()?;
        let share = policy.round.unwrap_or(Round::WHOLE).share;
        let origin = policy.origin.as_ref().filter(|_| register.programme.is_some());
        let fits = |registered: &&RegisteredBatch| {
            let RegisteredBatch { batch, share: of_year, window } = **registered;
            let of_programme = origin
                .is_none_or(|origin| Some(origin.programme) == register.programme && origin.batch == batch);
            of_year == share
                && window == policy.window
                && of_programme
                && !self.batch_is_taken(batch, self.next().0)
        };
        register.batches.iter().find(fits).map(|registered| registered.batch)
    }

    /// Batches that were registered and not drawn although their cycle is closed, or the last day of their
    /// window has passed at this instant: each with its register's entry (Spec 17.5).
    #[must_use]
    pub fn left_out(&self, at: Instant) -> Vec<(u64, u64)> {
        let mut found = Vec::new();
        for (place, register) in self.registers.iter().enumerate() {
            let ends = self.journal.closings.iter().copied().find(|closing| *closing > register.number);
            let begins = self.journal.closings.iter().copied().rfind(|closing| *closing < register.number);
            let of_cycle =
                |number: u64| begins.is_none_or(|b| number > b) && ends.is_none_or(|end| number < end);
            // A later register of the same cycle takes its place.
            if self.registers.get(place + 1).is_some_and(|next| of_cycle(next.number)) {
                continue;
            }
            for RegisteredBatch { batch, share: _, window } in &register.batches {
                let due = ends.is_some() || at.day().is_none_or(|day| day > window.to());
                let drawn = |attempt: &Attempt| {
                    let own = attempt.batch.is_some_and(|(_, taken)| taken == *batch);
                    own && of_cycle(attempt.number) && attempt.drawn.is_some() && attempt.stands()
                };
                if due && !self.attempts.iter().any(drawn) {
                    found.push((register.number, *batch));
                }
            }
        }
        found
    }
}
