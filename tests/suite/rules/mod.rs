//! Ratings, dossiers, rule packs and programmes; the five cities under their rules.

pub(crate) mod cities;
mod dossier;
mod pack;
mod programme;
mod rating;
