//! The draws against the register of their year (Spec 19, `batches`).

use super::super::report::{Comparison, differ, same};
use super::super::words;
use super::draws::KnownDraw;
use crate::calendar::Window;
use crate::ledger::{State, YearRegister};
use crate::message::said;
use crate::policy::{Policy, Round};

/// Share, window and origin of a sealed policy are those of its registered batch. `None` if no record of a
/// draw with a batch is known.
pub(super) fn batches(state: &State, draws: &[KnownDraw<'_>]) -> Option<Comparison> {
    let one = |draw: &KnownDraw<'_>| {
        let (entry, number) = draw.attempt.batch()?;
        let register = state.registers().iter().find(|register| register.number() == entry)?;
        Some(as_registered(register, number, draw, &draw.given.record.as_ref()?.policy))
    };
    draws.iter().filter_map(one).reduce(Comparison::and)
}

fn as_registered(register: &YearRegister, number: u64, draw: &KnownDraw<'_>, policy: &Policy) -> Comparison {
    let Some(batch) = register.batch(number) else {
        return differ(
            draw.of(&said!("compared.batch", "the batch")),
            said!("expected.of_register", "one of the register"),
            number,
        );
    };
    let share = policy.round.unwrap_or(Round::WHOLE).share;
    same(draw.of(&said!("compared.share", "the share")), batch.share, share)?;
    let days = |window: Window| words::from_to(window.from(), window.to());
    same(draw.of(&said!("compared.window", "the window")), days(batch.window), days(policy.window))?;
    let Some((programme, origin)) = register.programme().zip(policy.origin.as_ref()) else { return Ok(()) };
    same(draw.of(&said!("compared.programme", "the programme")), programme, origin.programme)?;
    same(draw.of(&said!("compared.programme_batch", "the batch of the programme")), number, origin.batch)
}
