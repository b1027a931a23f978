//! The office as a clerk uses it: the program as a process, with a database of either kind.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]
#![cfg(unix)]

#[macro_use]
mod support;

mod abroad;
mod begin;
mod chinese;
mod clocks;
mod cycles;
mod disk;
mod dispatched;
mod due;
mod exports;
mod faults;
mod figures;
mod folders;
mod kept;
mod kit;
mod levels;
mod mended;
mod messy;
mod notices;
mod papers;
mod plans;
mod postgres;
mod reports;
mod rounds;
mod rows;
mod state;
mod streamed;
mod study;
mod tables;
mod together;
mod tutorial;
mod words;
mod years;
