//! What an office has and hands out: tables in any usual form, published folders, workbooks, texts for
//! people.
//!
//! The program `office` stands in `src/bin/office`. The demonstrations of `examples/demo` use the same
//! readers.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "programs read files and the environment; the library does not"
)]

pub mod catalogue;
pub mod disk;
pub mod figures;
pub mod folder;
pub mod index;
pub mod judge;
pub mod line;
pub mod marked;
pub mod meaning;
pub mod nearest;
pub mod notice;
pub mod obtain;
pub mod page;
pub mod paper;
pub mod plan;
pub mod problem;
pub mod published;
pub mod sheet;
pub mod short;
pub mod show;
pub mod table;
pub mod template;
pub mod values;

pub use double_random_support::{say, told};
