//! What people read, in Chinese or English, by the code of a message: the catalogue that the examples share, and the
//! errors of tables, which only the office has.

use crate::table::{TableError, TableProblem, WrongTable};
use double_random::message::{Coded as _, Message};
use double_random_support::catalogue;
pub use double_random_support::catalogue::{
    CHINESE, CHINESE_HELP, ENGLISH, IntoMessage, Refused, field, has, in_catalogue, joined, lines, name,
    option, said, text, told, verdict, word, words,
};
use double_random_support::files::About;
use double_random_support::screen::Lang;
use std::error::Error;

/// What is wrong with a table.
fn of_table(error: &(dyn Error + 'static)) -> Option<Message> {
    let table = error.downcast_ref::<TableError>().map(TableError::message);
    table.or_else(|| error.downcast_ref::<TableProblem>().map(TableProblem::message))
}

/// What an error of the library or of the office is, with its code; `None` for errors of others. The file that it is
/// about is passed over.
#[must_use]
pub fn message_of(error: &(dyn Error + 'static)) -> Option<Message> {
    catalogue::message_of(error, of_table)
}

/// Any error as a message: its own; for errors of others, their words as they stand.
#[must_use]
pub fn as_message(error: &(dyn Error + 'static)) -> Message {
    message_of(error).unwrap_or_else(|| error.to_string().into_message())
}

/// An error in words, with the files that it is about before it.
#[must_use]
pub fn error(error: &(dyn Error + 'static), lang: Lang) -> String {
    if let Some(table) = error.downcast_ref::<WrongTable>() {
        return table.words(lang);
    }
    if let Some(about) = error.downcast_ref::<About>() {
        if let Some(table) = about.error.downcast_ref::<TableError>() {
            return WrongTable::unread(&about.file, table, false).words(lang);
        }
        return about.words(&self::error(about.error.as_ref(), lang), lang);
    }
    message_of(error).map_or_else(|| error.to_string(), |message| words(&message, lang))
}
