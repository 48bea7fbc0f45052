//! What the public reads.

mod cache;
mod lists;
mod pages;
mod places;
mod reads;
mod resolve;
