//! Work beside the requests. Each job is a use case called again and again; which rows it takes is the
//! use case's business. What one node does at a time goes by turns.

mod anchors;
mod gauges;
mod turn;
mod worker;

use std::time::{Duration, Instant};

use loa_app::editorial::{Setbacks, Ticked};
use loa_app::{App, Sweep, fresh_id};
use loa_store::Follower;
use loa_store::anchors::system_heads;
use uuid::Uuid;

use crate::config::{RetentionAge, Settings};
use crate::observability::Metrics;
use crate::wiring;
use anchors::Keeper;
use turn::Turns;
use worker::{Job, Worker};

const SECOND: Duration = Duration::from_secs(1);

/// The clock's lease: with the half second between two looks, what a dead node was at is done by
/// another within two seconds.
const CLOCK_LEASE: Duration = Duration::from_millis(1500);
/// The lease of work that nobody waits for.
const LEASE: Duration = Duration::from_secs(10);

/// The threads at work.
pub(crate) struct Background {
    workers: Vec<Worker>,
    turns: Turns,
}

/// Longest that all jobs together are waited for at the end.
const STOP_WAIT: Duration = Duration::from_secs(1);

impl Background {
    /// Lets each thread finish the job it is at, and begin no other. Returns at once.
    pub(crate) fn ask_to_stop(&self) {
        self.turns.stop();
        for worker in &self.workers {
            worker.ask_to_stop();
        }
    }

    /// Waits until the threads have ended, for a second at most.
    pub(crate) fn stop(self) {
        self.ask_to_stop();
        let deadline = Instant::now() + STOP_WAIT;
        for worker in self.workers {
            worker.join(deadline);
        }
    }
}

/// Starts everything that runs beside the requests. Following the change log has a thread of its
/// own: caches rely on it, so it must not wait for the rest. So has the clock, whose promise is two
/// seconds, and rendering again, which may take long after a section was renamed.
pub(crate) fn start(app: &App, settings: &Settings, metrics: &Metrics) -> Background {
    let node: Uuid = fresh_id(app.now());
    tracing::info!(%node, "this node's name in leases");
    let turns = Turns::new(node.to_string());
    let own = app.clone();
    let gauges = Job::new("gauges", SECOND * 5, move || gauges::update(&own));
    let metrics = metrics.clone();
    let tidy = Job::new("tidy_metrics", SECOND * 5, move || {
        metrics.tidy();
        Ok(())
    });
    let mut workers = vec![
        Worker::start("clock", vec![tick(app, &turns)]),
        Worker::start("reproject", vec![reproject(app, &turns)]),
        Worker::start(
            "maintenance",
            vec![
                forget(app, settings.sign_in_history, &turns),
                thin_revisions(app, settings.retention_revisions, &turns),
                write_sign_ins(app),
                gauges,
                tidy,
                signing_keys(app, settings),
                keep_heads(app, settings),
            ],
        ),
    ];
    workers.extend(app.store().followers().into_iter().map(follow));
    Background { workers, turns }
}

/// One thread for each server: while one of them hangs the other is still heard.
fn follow(mut follower: Follower) -> Worker {
    let name = follower.name();
    let follow = Job::new("follow_changes", SECOND / 4, move || {
        // While it waits for an answer, `observability::Metrics` sees that the server is silent.
        let heard = follower.follow();
        let up = if heard.is_ok() { 1.0 } else { 0.0 };
        metrics::gauge!("loa_database_up", "server" => name).set(up);
        Ok(heard?)
    });
    Worker::start(name, vec![follow])
}

/// Publishes and ends what is due. A node that finds something due does it, unless another has begun.
fn tick(app: &App, turns: &Turns) -> Job {
    let own = app.clone();
    let mut turn = turns.of(app, "clock", CLOCK_LEASE);
    let mut setbacks = Setbacks::default();
    Job::new("tick", SECOND / 2, move || {
        let ticked = own.editorial().tick_while(&mut setbacks, || turn.may());
        turn.end(ticked).map(tell)
    })
}

/// Renders again what changes have left; at the start also what an older release rendered.
fn reproject(app: &App, turns: &Turns) -> Job {
    let own = app.clone();
    let mut turn = turns.of(app, "reprojections", LEASE);
    let mut queued = false;
    Job::draining("reproject", SECOND, move || {
        let editorial = own.editorial();
        if queued && !editorial.has_reprojections()? {
            return turn.end(Ok(false));
        }
        turn.drain(|| {
            if !queued {
                let sites = editorial.queue_outdated()?;
                if sites > 0 {
                    tracing::info!(sites, "documents in an older form are rendered again");
                }
                queued = true;
            }
            editorial.drain_reprojections()
        })
    })
}

fn forget(app: &App, history: RetentionAge, turns: &Turns) -> Job {
    let own = app.clone();
    let mut turn = turns.of(app, "forgetting", LEASE);
    Job::draining("forget", SECOND * 600, move || {
        turn.drain(|| {
            let mut more = own.forget_and_tell(removed)?;
            if let Some(age) = history.age() {
                let (count, is_more) = own.forget_sign_ins(age)?;
                removed("sign_ins", count);
                more |= is_more;
            }
            Ok(more)
        })
    })
}

/// What this node noted of signing in; each node writes its own rows.
fn write_sign_ins(app: &App) -> Job {
    let own = app.clone();
    Job::new("write_sign_ins", SECOND * 5, move || {
        own.write_sign_ins().map(drop)
    })
}

/// Deletes revisions that are older than what is kept; a whole sweep once a day.
fn thin_revisions(app: &App, retention: RetentionAge, turns: &Turns) -> Job {
    let (own, mut sweep) = (app.clone(), Sweep::default());
    let mut turn = turns.of(app, "retention", LEASE);
    Job::draining("thin_revisions", SECOND * 86_400, move || {
        let Some(age) = retention.age() else {
            return Ok(false);
        };
        turn.drain(|| {
            let swept = own.thin_revisions(age, &mut sweep)?;
            removed("revisions", swept.removed);
            Ok(swept.more)
        })
    })
}

/// Looks for new signing keys, and for those that were taken away.
fn signing_keys(app: &App, settings: &Settings) -> Job {
    let (own, folder) = (app.clone(), settings.jwt_keys.clone());
    Job::new("signing_keys", SECOND * 5, move || {
        let Some(folder) = &folder else {
            return Ok(());
        };
        let wrong = |error: String| loa_app::Error::Internal(error);
        let pems = wiring::read_pems(folder).map_err(|error| wrong(error.to_string()))?;
        let replaced = own.token_keys().replace(pems);
        if replaced.map_err(|error| wrong(error.to_string()))? {
            tracing::info!("the signing keys are others");
        }
        Ok(())
    })
}

/// Every node keeps heads of its own: each copy is worth something.
fn keep_heads(app: &App, settings: &Settings) -> Job {
    let own = app.clone();
    let mut keeper = Keeper::new(wiring::anchors_file(settings));
    Job::new("anchors", SECOND * 60, move || {
        let heads = || own.store().read(system_heads);
        keeper.keep(Instant::now(), own.now(), heads)
    })
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
