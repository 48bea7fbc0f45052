//! A thread that runs jobs when they are due, and never dies of one.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Longest wait before a job that keeps failing is tried again, unless it runs more seldom anyway: a
/// database that comes back is found soon, and what was missed meanwhile is done.
const MAX_WAIT: Duration = Duration::from_secs(1);

/// Gives whether there may be more to do at once.
type Run = Box<dyn FnMut() -> Result<bool, loa_app::Error> + Send>;

/// Something to do again and again.
pub(super) struct Job {
    name: &'static str,
    every: Duration,
    run: Run,
    due: Instant,
    failures: u32,
}

impl Job {
    /// `every` is the pause between the end of one run and the next.
    pub(super) fn new(
        name: &'static str,
        every: Duration,
        mut run: impl FnMut() -> Result<(), loa_app::Error> + Send + 'static,
    ) -> Self {
        Self::draining(name, every, move || run().map(|()| false))
    }

    /// As [`Job::new`], without the pause as long as `run` gives true: there may be more to do.
    pub(super) fn draining(
        name: &'static str,
        every: Duration,
        run: impl FnMut() -> Result<bool, loa_app::Error> + Send + 'static,
    ) -> Self {
        Self {
            name,
            every,
            run: Box::new(run),
            due: Instant::now(),
            failures: 0,
        }
    }

    fn run(&mut self) {
        let result = std::panic::catch_unwind(AssertUnwindSafe(&mut self.run));
        let before = self.failures;
        self.failures = match &result {
            Ok(Ok(_)) => 0,
            Ok(Err(_)) | Err(_) => before.saturating_add(1),
        };
        if before > 0 && self.failures == 0 {
            tracing::info!(job = self.name, failures = before, "a job works again");
        }
        let wait = match &result {
            Ok(Ok(true)) => Duration::ZERO,
            _ => self.wait(),
        };
        self.due = Instant::now() + wait;
        if self.failures > 0 {
            metrics::counter!("loa_job_failures_total", "job" => self.name).increment(1);
        }
        // The first, second, fourth and so on: it is tried too often to tell each time.
        if self.failures.is_power_of_two() {
            let error = match result {
                Ok(Err(error)) => error.to_string(),
                _ => "panicked".to_owned(),
            };
            tracing::error!(
                job = self.name,
                error,
                failures = self.failures,
                ?wait,
                "a job failed"
            );
        }
    }

    /// Doubles with each failure in a row.
    fn wait(&self) -> Duration {
        let factor = 1_u32 << self.failures.min(16);
        self.every
            .saturating_mul(factor)
            .min(MAX_WAIT.max(self.every))
    }
}

#[derive(Default)]
struct Flag {
    stop: Mutex<bool>,
    changed: Condvar,
}

impl Flag {
    /// Waits until the moment, or until the thread is to stop; gives whether it is.
    fn wait_until(&self, due: Instant) -> bool {
        let stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = due.saturating_duration_since(Instant::now());
        let (stop, _) = self
            .changed
            .wait_timeout_while(stop, wait, |stop| !*stop)
            .unwrap_or_else(PoisonError::into_inner);
        *stop
    }
}

/// A thread with its jobs.
pub(super) struct Worker {
    name: &'static str,
    flag: Arc<Flag>,
    thread: Option<JoinHandle<()>>,
    /// Nothing is ever sent; it closes when the thread has run its last job.
    ended: mpsc::Receiver<()>,
}

impl Worker {
    /// Starts the thread; every job runs at once, then whenever it is due.
    pub(super) fn start(name: &'static str, mut jobs: Vec<Job>) -> Self {
        let flag = Arc::new(Flag::default());
        let its_flag = Arc::clone(&flag);
        let (its_end, ended) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let _its_end: mpsc::Sender<()> = its_end;
                while let Some(next) = jobs.iter_mut().min_by_key(|job| job.due) {
                    if its_flag.wait_until(next.due) {
                        break;
                    }
                    next.run();
                }
            })
            .inspect_err(|error| tracing::error!(name, %error, "no thread for background work"));
        Self {
            name,
            flag,
            thread: thread.ok(),
            ended,
        }
    }

    /// Returns at once.
    pub(super) fn ask_to_stop(&self) {
        *self
            .flag
            .stop
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = true;
        self.flag.changed.notify_all();
    }

    /// Waits for the end of the job at hand, but not beyond `deadline`: what it has not committed by
    /// then is as if it had not begun, and the next process does it.
    pub(super) fn join(self, deadline: Instant) {
        let Some(thread) = self.thread else {
            return;
        };
        let wait = deadline.saturating_duration_since(Instant::now());
        if self.ended.recv_timeout(wait) == Err(mpsc::RecvTimeoutError::Timeout) {
            tracing::warn!(name = self.name, "a background job is left in the middle");
        } else if thread.join().is_err() {
            tracing::error!(name = self.name, "a background thread panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_mins(1)
    }

    #[test]
    fn a_job_goes_on_after_errors_and_panics_until_it_is_stopped() {
        let (sender, receiver) = mpsc::channel();
        let mut count = 0;
        let job = Job::new("test", Duration::from_millis(1), move || {
            count += 1;
            sender.send(count).ok();
            match count {
                1 => Err(loa_app::Error::NotFound),
                2 => panic!("on purpose"),
                _ => Ok(()),
            }
        });
        let worker = Worker::start("test", vec![job]);
        for expected in 1..=4 {
            let count = receiver.recv_timeout(Duration::from_secs(5)).unwrap();
            assert_eq!(count, expected);
        }
        worker.ask_to_stop();
        worker.join(soon());
        assert!(receiver.iter().count() < 1000, "the sender is gone");
    }

    #[test]
    fn a_job_that_drains_does_not_pause_until_it_is_done() {
        let (sender, receiver) = mpsc::channel();
        let mut left = 5;
        let job = Job::draining("test", Duration::from_hours(1), move || {
            left -= 1;
            sender.send(left).ok();
            Ok(left > 0)
        });
        let worker = Worker::start("test", vec![job]);
        for expected in (0..5).rev() {
            let left = receiver.recv_timeout(Duration::from_secs(5)).unwrap();
            assert_eq!(left, expected);
        }
        worker.ask_to_stop();
        worker.join(soon());
    }

    #[test]
    fn a_long_pause_does_not_delay_the_end() {
        let worker = Worker::start(
            "test",
            vec![Job::new("x", Duration::from_hours(1), || Ok(()))],
        );
        let started = Instant::now();
        worker.ask_to_stop();
        worker.join(soon());
        assert!(started.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn a_job_that_does_not_end_is_left() {
        let (started, has_started) = mpsc::channel();
        let (release, wait) = mpsc::channel::<()>();
        let job = Job::new("test", Duration::from_secs(1), move || {
            started.send(()).ok();
            wait.recv().ok();
            Ok(())
        });
        let worker = Worker::start("test", vec![job]);
        has_started.recv().unwrap();
        worker.ask_to_stop();
        let asked = Instant::now();
        worker.join(asked + Duration::from_millis(100));
        assert!(asked.elapsed() < Duration::from_secs(5));
        drop(release);
    }

    #[test]
    fn waits_double_up_to_a_limit() {
        let mut job = Job::new("x", Duration::from_millis(250), || Ok(()));
        let waits: Vec<u128> = [0, 1, 2, 10, 1000]
            .into_iter()
            .map(|failures| {
                job.failures = failures;
                job.wait().as_millis()
            })
            .collect();
        assert_eq!(waits, [250, 500, 1000, 1000, 1000]);
        job.every = Duration::from_mins(10);
        assert_eq!(job.wait().as_secs(), 600);
    }
}
