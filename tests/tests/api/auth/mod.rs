//! `/auth`.

mod passwords;
mod reach;
mod refresh;
mod sessions;
