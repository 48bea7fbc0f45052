//! Administration on each database.
