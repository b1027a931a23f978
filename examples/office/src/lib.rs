//! What an office has and hands out: tables in any usual form, files that are written whole, texts for people.
//!
//! The program `office` stands in `src/bin/office`; the demonstrations of `examples/demo` use the same readers.

pub mod files;
pub mod folder;
pub mod sheet;
pub mod show;
pub mod table;
