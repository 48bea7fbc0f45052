//! How many tries are left: `RateLimit-Policy` and `RateLimit` on the answers to a sign-in.
//!
//! The form is that of the IETF draft on rate limit headers; it is written here and nowhere else,
//! but for the answer 429, which says by itself that nothing is left.

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue};
use loa_app::identity::LoginBudget;

use crate::problem::{Code, Problem};

/// Adds the headers to an answer, good or bad.
pub(super) fn told(
    answer: Result<HttpResponse, Problem>,
    budget: LoginBudget,
) -> Result<HttpResponse, Problem> {
    let policy = format!("\"login\";q={};w={}", budget.quota, budget.window);
    let left = format!("\"login\";r={};t={}", budget.left, budget.reset);
    let values = [("ratelimit-policy", policy), ("ratelimit", left)].map(|(name, value)| {
        let value = HeaderValue::from_str(&value);
        (HeaderName::from_static(name), value)
    });
    let mut answer = answer;
    for (name, value) in values {
        let value = value.map_err(|_| Problem::new(Code::Internal))?;
        answer = match answer {
            Ok(mut response) => {
                response.headers_mut().insert(name, value);
                Ok(response)
            }
            Err(problem) if problem.code() == Code::TooManyRequests && name == "ratelimit" => {
                Err(problem)
            }
            Err(problem) => Err(problem.with_header(name, value)),
        };
    }
    answer
}
