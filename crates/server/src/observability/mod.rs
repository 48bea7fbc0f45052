//! What operators see: log lines and numbers.

mod logs;
mod metrics;

pub(crate) use logs::{filter, start_logs};
pub(crate) use metrics::{Metrics, get_metrics};
