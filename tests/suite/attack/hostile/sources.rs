//! Steering by the beacon: who speaks last, what is called silent, what is spelled twice.
