//! Work beside the requests. Each job is a use case called again and again; which rows it takes and
//! how it shares them with other nodes is the use case's business.

mod gauges;
mod worker;

use std::time::{Duration, Instant};

use loa_app::App;
use loa_app::editorial::Ticked;
use loa_store::Follower;

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
pub(crate) fn start(app: &App, metrics: &Metrics) -> Background {
    let second = Duration::from_secs(1);
    let own = app.clone();
    let tick = Job::new("tick", second, move || own.editorial().tick().map(tell));
    let own = app.clone();
    let reproject = Job::draining("reproject", second, move || {
        own.editorial().drain_reprojections()
    });
    let own = app.clone();
    let forget = Job::draining("forget", second * 600, move || own.forget());
    let own = app.clone();
    let gauges = Job::new("gauges", second * 5, move || gauges::update(&own));
    let metrics = metrics.clone();
    let tidy = Job::new("tidy_metrics", second * 5, move || {
        metrics.tidy();
        Ok(())
    });
    let mut workers = vec![
        Worker::start("reproject", vec![reproject]),
        Worker::start("maintenance", vec![tick, forget, gauges, tidy]),
    ];
    workers.extend(app.store().followers().into_iter().map(follow));
    Background(workers)
}

/// One thread for each server: while one of them hangs the other is still heard.
fn follow(mut follower: Follower) -> Worker {
    let name = follower.name();
    let follow = Job::new("follow_changes", Duration::from_millis(250), move || {
        let heard = follower.follow();
        let up = if heard.is_ok() { 1.0 } else { 0.0 };
        metrics::gauge!("loa_database_up", "server" => name).set(up);
        Ok(heard?)
    });
    Worker::start(name, vec![follow])
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
