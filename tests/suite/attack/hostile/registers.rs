//! Steering between draws: registers that change unseen, draws that nobody announced.
