//! mass_assignment
