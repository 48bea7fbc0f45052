//! Work beside the requests. Each job is a use case called again and again; which rows it takes and
//! how it shares them with other nodes is the use case's business.

mod gauges;
mod worker;

use std::time::{Duration, Instant};

use loa_app::editorial::Ticked;
use loa_app::{App, Sweep};

use crate::config::RetentionAge;
use crate::observability::Metrics;
use worker::{Job, Worker};

/// The threads at work.
pub(crate) struct Background(Vec<Worker>);

/// Longest that all jobs together are waited for at the end.
const STOP_WAIT: Duration = Duration::from_secs(1);

impl Background {
    /// Lets each thread finish the job it is at, and begin no other. Returns at once.
    pub(crate) fn ask_to_stop(&self) {
        for worker in &self.0 {
            worker.ask_to_stop();
        }
    }

    /// Waits until the threads have ended, for a second at most.
    pub(crate) fn stop(self) {
        self.ask_to_stop();
        let deadline = Instant::now() + STOP_WAIT;
        for worker in self.0 {
            worker.join(deadline);
        }
    }
}

/// Starts everything that runs beside the requests. Following the change log has a thread of its
/// own: caches rely on it, so it must not wait for the rest. So has rendering again, which may take
/// long after a section was renamed, and must not hold up what is to be published at its time.
pub(crate) fn start(app: &App, retention: RetentionAge, metrics: &Metrics) -> Background {
    let second = Duration::from_secs(1);
    let own = app.clone();
    let follow = Job::new("follow_changes", second / 4, move || {
        Ok(own.store().follow_changes()?)
    });
    let own = app.clone();
    let tick = Job::new("tick", second, move || own.editorial().tick().map(tell));
    let own = app.clone();
    let reproject = Job::draining("reproject", second, move || {
        own.editorial().drain_reprojections()
    });
    let own = app.clone();
    let forget = Job::draining("forget", second * 600, move || own.forget_and_tell(removed));
    let (own, mut sweep) = (app.clone(), Sweep::default());
    let thin = Job::draining("thin_revisions", second * 86_400, move || {
        let Some(age) = retention.age() else {
            return Ok(false);
        };
        let swept = own.thin_revisions(age, &mut sweep)?;
        removed("revisions", swept.removed);
        Ok(swept.more)
    });
    let own = app.clone();
    let gauges = Job::new("gauges", second * 5, move || gauges::update(&own));
    let metrics = metrics.clone();
    let tidy = Job::new("tidy_metrics", second * 5, move || {
        metrics.tidy();
        Ok(())
    });
    Background(vec![
        Worker::start("follow", vec![follow]),
        Worker::start("reproject", vec![reproject]),
        Worker::start("maintenance", vec![tick, forget, thin, gauges, tidy]),
    ])
}

fn removed(kind: &'static str, count: usize) {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    metrics::counter!("loa_removed_rows_total", "kind" => kind).increment(count);
}

fn tell(ticked: Ticked) {
    if ticked != Ticked::default() {
        let Ticked {
            published,
            held,
            expired,
            failed,
        } = ticked;
        tracing::info!(published, held, expired, failed, "the clock moved entries");
        let failed = u64::from(failed);
        metrics::counter!("loa_clock_failures_total").increment(failed);
    }
}
