//! HTTP: routes, extractors, problems, paging, caching and the API document.
//!
//! Sees the use cases and the domain only. Rules about rights and states live there; here a
//! request becomes a typed call and its result becomes bytes.

mod admin;
mod auth;
mod blocking;
mod delivery;
mod editorial;
mod envelope;
mod extract;
mod filters;
mod limits;
mod meta;
mod middleware;
mod openapi;
mod paging;
mod people;
mod problem;
mod routes;
mod sign_ins;
mod state;

pub use admin::password_link_path;
pub use limits::WriteQuota;
pub use openapi::document;
pub use problem::{Code, Lang, status_codes_md};
pub use routes::configure;
pub use state::{ApiOptions, SecurityContact, Shared};
