//! What operators see: log lines, the security log and numbers.

mod logs;
mod metrics;
mod operated;
mod security;

pub(crate) use logs::{filter, start_logs};
pub(crate) use metrics::{Metrics, get_metrics};
pub(crate) use operated::as_operator;
