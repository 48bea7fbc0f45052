//! The thread that writes the security log, so that no request waits for a disk. What it cannot write it counts
//! and reports: in the log itself once that goes again, as a number, and as a warning.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::{Duration, Instant};

use loa_app::{Clock, SystemClock};

use super::ecs::{self, Times};
use super::file::LogFile;
use super::repeats::Repeats;
use super::told::{Fields, Told};

/// Events that wait for the thread; what comes beyond is counted only.
const WAITING: usize = 4096;
/// Between two looks for repeats whose minute is over.
const LOOK: Duration = Duration::from_secs(1);
/// Between two warnings that lines are lost.
const WARN_EVERY: Duration = Duration::from_mins(1);
/// Longest that the end of a process waits for the last lines.
const END_WAIT: Duration = Duration::from_secs(2);

/// Where lines go.
pub(super) enum Sink {
    Out,
    Err,
    File(LogFile),
}

impl Sink {
    fn write(&mut self, line: &str) -> std::io::Result<bool> {
        match self {
            Sink::Out => std::io::stdout().write_all(line.as_bytes()).map(|()| false),
            Sink::Err => std::io::stderr().write_all(line.as_bytes()).map(|()| false),
            Sink::File(file) => file.write(line),
        }
    }
}

enum Message {
    Told(Box<Told>),
    End,
}

/// Where events are left for the thread.
#[derive(Clone)]
pub(super) struct Inbox {
    sender: SyncSender<Message>,
    lost: Arc<AtomicU64>,
    ending: Arc<AtomicBool>,
}

impl Inbox {
    /// Leaves an event; never waits.
    pub(super) fn put(&self, told: Told) {
        if self.sender.try_send(Message::Told(Box::new(told))).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The running thread. When it is dropped, what was told until then is written.
pub(crate) struct SecurityLog {
    inbox: Inbox,
    ended: Receiver<()>,
}

impl Drop for SecurityLog {
    fn drop(&mut self) {
        // It may have panicked, or hang: then there is nothing to wait for.
        self.inbox.ending.store(true, Ordering::Relaxed);
        // Where there is no place for it, the thread finds out when it has done all that waits.
        self.inbox.sender.try_send(Message::End).ok();
        self.ended.recv_timeout(END_WAIT).ok();
    }
}

/// Starts the thread; `warn` tells the operator.
pub(super) fn start(sink: Sink, warn: fn(&str)) -> std::io::Result<(SecurityLog, Inbox)> {
    let (sender, receiver) = sync_channel(WAITING);
    let (its_end, ended) = channel();
    let inbox = Inbox {
        sender,
        lost: Arc::default(),
        ending: Arc::default(),
    };
    let (lost, ending) = (Arc::clone(&inbox.lost), Arc::clone(&inbox.ending));
    let writer = Writer {
        sink,
        warn,
        missed: 0,
        warned: None,
    };
    std::thread::Builder::new()
        .name("security log".to_owned())
        .spawn(move || {
            let _its_end: Sender<()> = its_end;
            run(&receiver, &lost, &ending, writer);
        })?;
    let log = SecurityLog {
        inbox: inbox.clone(),
        ended,
    };
    Ok((log, inbox))
}

fn run(receiver: &Receiver<Message>, lost: &AtomicU64, ending: &AtomicBool, mut writer: Writer) {
    let mut repeats = Repeats::new(Instant::now());
    let mut look = Instant::now() + LOOK;
    loop {
        let wait = look.saturating_duration_since(Instant::now());
        let ends = match receiver.recv_timeout(wait) {
            Ok(Message::Told(told)) => {
                if let Some(line) = repeats.take(*told, Instant::now()) {
                    writer.write(&line);
                }
                false
            }
            Err(RecvTimeoutError::Timeout) => ending.load(Ordering::Relaxed),
            Ok(Message::End) | Err(RecvTimeoutError::Disconnected) => true,
        };
        let now = Instant::now();
        if ends || now >= look {
            look = now + LOOK;
            for line in repeats.due(now, ends) {
                writer.write(&line);
            }
            let lost = lost.swap(0, Ordering::Relaxed);
            if lost > 0 {
                count_lost("too_fast", lost);
                writer.gap(lost, "events came faster than they could be taken");
            }
        }
        if ends {
            break;
        }
    }
}

struct Writer {
    sink: Sink,
    warn: fn(&str),
    /// Lines that could not be written since the last one that could.
    missed: u64,
    warned: Option<Instant>,
}

impl Writer {
    fn write(&mut self, line: &str) {
        match self.sink.write(line) {
            Ok(deleted) => {
                metrics::counter!("loa_security_log_lines_total").increment(1);
                metrics::gauge!("loa_security_log_writable").set(1.0);
                if deleted {
                    metrics::counter!("loa_security_log_deleted_files_total").increment(1);
                    (self.warn)(
                        "the security log has all the room it may take: its oldest file was deleted",
                    );
                }
                let missed = std::mem::take(&mut self.missed);
                if missed > 0 {
                    self.warned = None;
                    (self.warn)(&format!(
                        "the security log can be written again; {missed} lines are missing"
                    ));
                    self.gap(missed, "lines could not be written");
                }
            }
            Err(error) => {
                self.missed = self.missed.saturating_add(1);
                count_lost("unwritable", 1);
                metrics::gauge!("loa_security_log_writable").set(0.0);
                let now = Instant::now();
                let told = self.warned.is_some_and(|at| now - at < WARN_EVERY);
                if !told {
                    self.warned = Some(now);
                    (self.warn)(&format!("the security log cannot be written: {error}"));
                }
            }
        }
    }

    /// A line that tells how many are missing.
    fn gap(&mut self, count: u64, why: &str) {
        let at = SystemClock.now();
        let fields = Fields::of(&[
            ("action", "log.gap"),
            ("outcome", "failure"),
            ("message", why),
        ]);
        let times = Times {
            count,
            from: at,
            to: at,
        };
        self.write(&ecs::line(&Told { at, fields }, Some(times)));
    }
}

fn count_lost(reason: &'static str, count: u64) {
    metrics::counter!("loa_security_log_lost_total", "reason" => reason).increment(count);
}
