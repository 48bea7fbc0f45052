//! Who gets in, who does not, and what they may learn: walks over every operation of the API
//! document, so that a new one is tested before anybody thinks of it.

mod anonymous;
mod body_ids;
mod cells;
mod credentials;
mod escalation;
mod existence;
mod mass_assignment;
mod matrix;
mod operations;
mod parameters;
mod passwords;
mod table;
mod throttling;
