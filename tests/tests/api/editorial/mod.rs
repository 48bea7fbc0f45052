//! The editorial board's work.

mod content;
mod editions;
mod flow;
mod four_eyes;
mod history;
mod one_step;
mod previews;
mod races;
mod refusals;
mod sections;
mod time;
mod translations;
mod withdrawal;
mod working_list;
