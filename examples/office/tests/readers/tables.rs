//! The readers of tables with their notes as English sentences.

use double_random::cycle::Standing;
use double_random::dossier::DossierEntry;
use double_random::frame::UnitRow;
use double_random::message::Message;
use double_random::policy::Policy;
use double_random::roster::{ExpertRow, InspectorRow, RecusalRow};
use double_random_office::table::{self, Places, Read, ResultRow, Source, TableError};

type English<T> = Result<(Vec<T>, Vec<String>, Places), TableError>;

fn english<T>(read: Read<T>) -> English<T> {
    let (rows, notes, places) = read?;
    Ok((rows, notes.iter().map(Message::to_string).collect(), places))
}

pub(crate) fn units<'a>(source: impl Into<Source<'a>>, policy: &Policy) -> English<UnitRow> {
    english(table::units(source, policy))
}

pub(crate) fn inspectors<'a>(source: impl Into<Source<'a>>, policy: &Policy) -> English<InspectorRow> {
    english(table::inspectors(source, policy))
}

pub(crate) fn experts<'a>(source: impl Into<Source<'a>>, policy: &Policy) -> English<ExpertRow> {
    english(table::experts(source, policy))
}

pub(crate) fn recusals<'a>(source: impl Into<Source<'a>>, policy: &Policy) -> English<RecusalRow> {
    english(table::recusals(source, policy))
}

pub(crate) fn standings<'a>(source: impl Into<Source<'a>>) -> English<Standing> {
    english(table::standings(source))
}

pub(crate) fn results<'a>(source: impl Into<Source<'a>>) -> English<ResultRow> {
    english(table::results(source))
}

pub(crate) fn entries<'a>(source: impl Into<Source<'a>>) -> English<(u64, DossierEntry)> {
    english(table::entries(source))
}
