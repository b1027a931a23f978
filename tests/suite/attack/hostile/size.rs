//! Inputs that are small and would take minutes or gigabytes.
