//! Printing into a pipe whose reader may have gone, as in `draw | head`.
//!
//! `println!` panics there. Who reads no further wants no more lines, and no message about it: the rest is not printed,
//! the program ends as it would have, and its exit status still says what it found. Any other failure of the standard
//! output, such as a full disk, is a failure of the program.

use std::fmt::{Arguments, Display};
use std::io::{self, ErrorKind, Write};

/// Prints a text as it stands.
///
/// # Errors
/// The standard output failed; a reader that has gone is none.
pub fn print(text: Arguments<'_>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_fmt(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// Prints a text that brings its own line ends.
///
/// # Errors
/// As [`print`].
pub fn text(text: &str) -> io::Result<()> {
    print(format_args!("{text}"))
}

/// Prints a remark to the standard error; where that has gone, nobody can be told.
pub fn note(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Prints a line, as `println!` does; the value is that of [`print`](crate::out::print).
#[macro_export]
macro_rules! out {
    ($($text:tt)*) => {
        $crate::out::print(format_args!("{}\n", format_args!($($text)*)))
    };
}
