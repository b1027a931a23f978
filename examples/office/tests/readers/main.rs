//! What the office reads and hands out: tables as text and as workbooks.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods)]

mod answers;
mod book;
mod entered;
mod json;
mod marked;
mod messages;
mod sheets;
mod shipped;
mod tables;
mod text;
mod words;
