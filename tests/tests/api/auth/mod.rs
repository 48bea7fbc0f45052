//! `/auth`.

mod reach;
mod sessions;
