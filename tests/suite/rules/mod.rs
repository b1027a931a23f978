//! Ratings, dossiers, rule packs and programmes.

mod dossier;
mod pack;
mod programme;
mod rating;
