//! The tests of the library, in one program. `cargo test --test suite attack::tamper` runs one module.
//!
//! | module | what it holds |
//! |---|---|
//! | [`law`] | probabilities, loads and numbers are exactly what the specification says |
//! | [`attack`] | what was altered, dropped, forged or held back is found by the check named for it |
//! | [`path`] | the steps from rows to a verdict, their refusals, the ledger, embedding |
//! | [`rules`] | ratings, dossiers, rule packs, programmes |
//! | [`vectors`] | known answers, byte by byte |
//! | [`house`] | rooms, imports, purity |
//! | [`papers`] | links, glossary, the first page |
//! | [`trusted_base`] | the lines that an auditor must trust |

mod attack;
mod house;
mod law;
mod papers;
mod path;
mod rules;
mod trusted_base;
mod vectors;
