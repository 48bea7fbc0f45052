//! What every request passes through: its id and log line, problems written out, security headers
//! and the answers browsers ask for first. None of it decides about rights.

mod cors;
mod head;
mod headers;
mod masking;
mod meters;
mod observe;
mod refusals;
mod render;
mod trace_id;
mod unknown_proxies;

pub(crate) use observe::observe;
pub(crate) use trace_id::TraceId;
pub(crate) use unknown_proxies::UnknownProxies;
