//! A document that is printed and signed: blocks on pages, written as .docx (Word, WPS) or as HTML for print.
//!
//! The same document gives the same bytes.

mod docx;
mod html;

use crate::short::Picture;

pub use docx::to_docx;
pub use html::to_html;

/// What a fact is written as that nobody has entered: a line to be filled in by hand.
pub const BLANK: &str = "＿＿＿＿＿＿";

/// One part of a page, from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The title, in the middle.
    Title(String),
    /// What stands below a title: a number, a name.
    Under(String),
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// Names and values, side by side.
    Fields(Vec<(String, String)>),
    /// A table; its heading is repeated on every page.
    Table {
        /// Shares of the width.
        widths: Vec<u32>,
        /// Headings.
        head: Vec<String>,
        /// Rows.
        rows: Vec<Vec<String>>,
    },
    /// Lines on the right: who issues it, and when (落款).
    Right(Vec<String>),
    /// A code that phones read, with what stands below it.
    Picture(Picture, String),
}

/// Pages that follow each other; each begins on a new sheet of A4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Whether the sheet lies on its long side.
    pub wide: bool,
    /// From the top.
    pub blocks: Vec<Block>,
}

/// A text in XML or HTML. Characters that no XML may hold are replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(character),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            // Marks of direction would turn the rest of the line around.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            control if control.is_control() => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}
