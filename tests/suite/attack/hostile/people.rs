//! Steering by people: sick notes, teams that nobody drew, inspections outside a draw.
