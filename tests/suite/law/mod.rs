//! Probabilities, loads and numbers are exactly what the specification says.

mod beside;
mod exact;
mod lists;
mod parts;
mod plan;
mod posts;
mod properties;
mod stream;
mod study;
mod teams;
mod threads;
mod worlds;
mod year;

use worlds::worlds;
