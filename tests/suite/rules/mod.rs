//! Ratings, dossiers, rule packs and programmes.

mod programme;
mod rating;
