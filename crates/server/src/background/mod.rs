//! Work beside the requests. Each job is a use case called again and again; which rows it takes and
//! how it shares them with other nodes is the use case's business.

mod gauges;
mod worker;

use std::time::Duration;

use loa_app::App;

use crate::observability::Metrics;
use worker::{Job, Worker};

/// The threads at work.
pub(crate) struct Background(Vec<Worker>);

impl Background {
    /// Lets each thread finish the job it is at, and waits for it.
    pub(crate) fn stop(self) {
        for worker in &self.0 {
            worker.ask_to_stop();
        }
        for worker in self.0 {
            worker.join();
        }
    }
}

/// Starts everything that runs beside the requests. Following the change log has a thread of its
/// own: caches rely on it, so it must not wait for the rest.
pub(crate) fn start(app: &App, metrics: &Metrics) -> Background {
    let (follower, gauged, metrics) = (app.clone(), app.clone(), metrics.clone());
    let follow = Job::new("follow_changes", Duration::from_millis(250), move || {
        Ok(follower.store().follow_changes()?)
    });
    let maintenance = vec![
        Job::new("gauges", Duration::from_secs(5), move || {
            gauges::update(&gauged)
        }),
        Job::new("tidy_metrics", Duration::from_secs(5), move || {
            metrics.tidy();
            Ok(())
        }),
    ];
    Background(vec![
        Worker::start("follow", vec![follow]),
        Worker::start("maintenance", maintenance),
    ])
}
