//! `/auth`.

mod sessions;
