//! What a request may use up, decided before it is worked on: memory for its body, a place for work
//! that takes the processor, and what a person and a site may write in a while.
//!
//! Counted in the memory of this node, so several nodes allow as many times as much; docs/adr/0019
//! says why. Not for failed sign-ins, which all nodes count together in the database.

mod bodies;
mod places;
mod writes;

pub(crate) use bodies::{Bodies, Taken};
pub(crate) use places::Places;
pub use writes::WriteQuota;
pub(crate) use writes::Writes;

use actix_web::http::header::{self, HeaderName, HeaderValue};

use crate::problem::{Code, Problem};

/// 429 with the wait in seconds; `policy` is the name of the limit in `RateLimit`.
fn too_many(policy: &str, seconds: u32) -> Problem {
    let problem = Problem::new(Code::TooManyRequests)
        .with_header(header::RETRY_AFTER, HeaderValue::from(seconds));
    match HeaderValue::from_str(&format!("\"{policy}\";r=0;t={seconds}")) {
        Ok(left) => problem.with_header(HeaderName::from_static("ratelimit"), left),
        Err(_) => problem,
    }
}
