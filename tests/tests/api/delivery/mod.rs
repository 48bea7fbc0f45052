//! What the public reads.

mod cache;
mod lists;
mod places;
mod reads;
mod resolve;
