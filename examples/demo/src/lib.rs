//! What several demonstrations use: the registers of the nine cities of Fujian ([`fujian`]).

pub mod fujian;
