//! What is asked of whoever brings a table: its problems in words, and marked in a copy of it.

use super::args::Reading;
use super::output;
use super::words::Screen;
use double_random_office::marked::{self, AsRead};
use double_random_office::say;
use double_random_office::table::{TableError, WrongTable};
use double_random_support::files::{About, Failure};
use std::path::Path;

/// The failure of a table as it is told: its problems by column and kind, and where they are marked. Failures of
/// another sort stay as they are.
pub fn wrong(screen: Screen, reading: &Reading, file: &Path, bytes: &[u8], error: Failure) -> Failure {
    let name = file.display().to_string();
    let error = match error.downcast::<About>() {
        Ok(about) if about.error.is::<TableError>() || about.error.is::<WrongTable>() => about.error,
        Ok(about) => about,
        Err(error) => error,
    };
    let mut table = match error.downcast::<WrongTable>() {
        Ok(table) => *table,
        Err(error) => match error.downcast::<TableError>() {
            Ok(error) => WrongTable::unread(&name, &error, reading.all),
            Err(error) => return error,
        },
    };
    table.every = reading.all;
    let marks = table.marks(screen.lang);
    let heading = screen.word("office.marked.heading");
    let marked = match (&reading.marked, marks.is_empty()) {
        (_, true) => None,
        (None, false) => marked::can_be(bytes).is_ok().then(|| {
            say!(
                "office.marked.offer",
                "--marked FILE writes a copy of the table with the problems marked in it, to be corrected and \
                 imported"
            )
        }),
        (Some(out), false) => {
            let read = AsRead { encoding: reading.encoding, delimiter: table.delimiter() };
            let written = marked::copy(bytes, &marks, heading, read).map_err(Failure::from);
            Some(match written.and_then(|copy| output::write(out, &copy)) {
                Ok(()) => say!(
                    "office.marked.written",
                    "the problems are marked in {file}: correct that copy, and import it",
                    file = out.display().to_string()
                ),
                Err(error) => double_random_office::catalogue::as_message(error.as_ref()),
            })
        }
    };
    table.more.extend(marked);
    table.into()
}
