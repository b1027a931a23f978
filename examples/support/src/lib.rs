//! What the examples, the demonstrations and the office share, without any large dependency: the shipped
//! demonstration ([`demo`]), files that are written together or not at all ([`files`]), how foreseeable a draw
//! is ([`foresight`]), the public page ([`page`]), texts for people
//! ([`screen`]), how they are printed ([`out`]), and the arguments of a small program ([`args`]).
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "programs read files, arguments and the environment; the library does not"
)]

pub mod args;
pub mod catalogue;
pub mod demo;
pub mod files;
pub mod foresight;
pub mod latin;
pub mod out;
pub mod page;
mod reverse;
pub mod screen;
