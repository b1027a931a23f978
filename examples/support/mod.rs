//! What the examples share and the library does not: tables of an office, files, texts for people.

pub mod chart;
pub mod city;
pub mod demands;
pub mod folder;
pub mod office;
pub mod sheet;
pub mod show;
pub mod table;
