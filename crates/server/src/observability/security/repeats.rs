//! Which events become lines: the first of its kind at once, repeats as one line a minute with their count.
//!
//! Alike are events with the same action, outcome, account, network, operation and subject. How many kinds may
//! have lines is limited, so that strangers cannot fill the disk: without an account fewer than with one. What
//! is beyond is summed up by action, so that nothing goes uncounted. Not for writing.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use loa_app::identity::network;
use loa_domain::allowance::Allowance;
use loa_domain::time::Moment;
use serde_json::Value;

use super::ecs::{self, Times};
use super::told::{Fields, Told};

/// How long repeats are gathered.
pub(super) const WINDOW: Duration = Duration::from_mins(1);
/// Kinds remembered at a time.
const MOST: usize = 8192;
/// Lines of events with an account: so many at once, so many more a minute.
const KNOWN: (u32, u32) = (5000, 600);
/// The same of events without one.
const UNKNOWN: (u32, u32) = (1000, 60);

/// Fields by which events are told apart, beside the network.
const KIND: [&str; 11] = [
    "action",
    "outcome",
    "reason",
    "user",
    "status",
    "method",
    "route",
    "chain",
    "subject",
    "subject_id",
    "command",
];

struct Repeat {
    first: Told,
    since: Instant,
    count: u64,
    from: Moment,
    to: Moment,
    is_sum: bool,
}

/// What has had lines within the last minute.
pub(super) struct Repeats {
    start: Instant,
    known: Allowance,
    unknown: Allowance,
    kinds: HashMap<String, Repeat>,
}

impl Repeats {
    pub(super) fn new(start: Instant) -> Self {
        Self {
            start,
            known: Allowance::new(KNOWN.0, KNOWN.1),
            unknown: Allowance::new(UNKNOWN.0, UNKNOWN.1),
            kinds: HashMap::new(),
        }
    }

    /// Takes an event; gives its line if it is the first of its kind.
    pub(super) fn take(&mut self, mut told: Told, now: Instant) -> Option<String> {
        let key = key(&told.fields);
        if let Some(repeat) = self.kinds.get_mut(&key) {
            repeat.add(1, told.at, told.at);
            return None;
        }
        if self.kinds.len() >= MOST || !self.may_write(&told.fields, now) {
            self.sum_up(&told.fields, 1, (told.at, told.at), now);
            return None;
        }
        let line = ecs::line(&told, None);
        // It is that of this request, not of those to come.
        told.fields.remove("id");
        self.kinds.insert(key, Repeat::new(told, now));
        Some(line)
    }

    /// The lines of repeats whose minute is over, or of all. A kind that did not come again is forgotten.
    pub(super) fn due(&mut self, now: Instant, all: bool) -> Vec<String> {
        let is_due = |repeat: &Repeat| all || now.saturating_duration_since(repeat.since) >= WINDOW;
        let due: Vec<String> = self
            .kinds
            .iter()
            .filter(|(_, repeat)| is_due(repeat))
            .map(|(key, _)| key.clone())
            .collect();
        // Sums come last: others may still be added to them.
        let (sums, kinds): (Vec<_>, Vec<_>) = due
            .into_iter()
            .partition(|key| self.kinds.get(key).is_some_and(|repeat| repeat.is_sum));
        let mut lines = Vec::new();
        for key in kinds.into_iter().chain(sums) {
            let Some(mut repeat) = self.kinds.remove(&key) else {
                continue;
            };
            let Some(times) = repeat.times() else {
                continue;
            };
            if repeat.is_sum {
                lines.push(ecs::line(&repeat.first, Some(times)));
            } else if self.may_write(&repeat.first.fields, now) {
                lines.push(ecs::line(&repeat.first, Some(times)));
                repeat.again(now);
                self.kinds.insert(key, repeat);
            } else {
                let fields = repeat.first.fields.clone();
                self.sum_up(&fields, times.count, (times.from, times.to), now);
            }
        }
        lines
    }

    fn may_write(&mut self, fields: &Fields, now: Instant) -> bool {
        let minutes = now.saturating_duration_since(self.start).as_secs() / 60;
        // The allowance of the first minute is there already.
        let minute = i64::try_from(minutes).unwrap_or(i64::MAX);
        let stranger = fields.text("outcome") == "failure"
            && fields.get("user").is_none()
            && fields.get("command").is_none();
        if stranger {
            self.unknown.take(minute)
        } else {
            self.known.take(minute)
        }
    }

    fn sum_up(&mut self, of: &Fields, count: u64, (from, to): (Moment, Moment), now: Instant) {
        let fields = Fields::of(&[
            ("action", of.text("action")),
            ("outcome", of.text("outcome")),
            (
                "message",
                "summed up: too many different ones to have lines of their own",
            ),
        ]);
        let sum = self.kinds.entry(key(&fields)).or_insert_with(|| {
            let mut sum = Repeat::new(Told { at: from, fields }, now);
            sum.is_sum = true;
            sum
        });
        sum.add(count, from, to);
    }
}

impl Repeat {
    fn new(first: Told, now: Instant) -> Self {
        Self {
            since: now,
            count: 0,
            from: first.at,
            to: first.at,
            is_sum: false,
            first,
        }
    }

    fn add(&mut self, count: u64, from: Moment, to: Moment) {
        if self.count == 0 {
            self.from = from;
        }
        self.count = self.count.saturating_add(count);
        self.to = to;
    }

    /// How often it came since the last line.
    fn times(&self) -> Option<Times> {
        (self.count > 0).then_some(Times {
            count: self.count,
            from: self.from,
            to: self.to,
        })
    }

    /// Begins the next minute.
    fn again(&mut self, now: Instant) {
        self.since = now;
        self.count = 0;
    }
}

fn key(fields: &Fields) -> String {
    let mut key = network(fields.text("address"));
    for name in KIND {
        key.push('\u{1f}');
        match fields.get(name) {
            Some(Value::String(text)) => key.push_str(text),
            Some(other) => key.push_str(&other.to_string()),
            None => {}
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(user: Option<&str>, address: &str) -> Told {
        let mut texts = vec![
            ("action", "request_refused"),
            ("outcome", "failure"),
            ("address", address),
            ("id", "trace"),
        ];
        texts.extend(user.map(|user| ("user", user)));
        Told {
            at: "2026-07-01T08:00:00Z".parse().unwrap(),
            fields: Fields::of(&texts),
        }
    }

    fn read(line: &str, name: &str) -> Value {
        let line: Value = serde_json::from_str(line).unwrap();
        line.get(name).cloned().unwrap_or_default()
    }

    #[test]
    fn a_flood_is_a_line_at_once_and_one_a_minute() {
        let start = Instant::now();
        let mut repeats = Repeats::new(start);
        assert!(
            repeats
                .take(told(Some("u"), "2001:db8::1"), start)
                .is_some()
        );
        for _ in 0..10_000 {
            let neighbour = told(Some("u"), "2001:db8::2");
            assert_eq!(repeats.take(neighbour, start), None, "of the same network");
        }
        assert!(
            repeats
                .take(told(Some("v"), "2001:db8::1"), start)
                .is_some()
        );
        assert!(repeats.take(told(Some("u"), "192.0.2.1"), start).is_some());
        assert!(repeats.due(start + WINDOW / 2, false).is_empty());
        let lines = repeats.due(start + WINDOW, false);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert_eq!(read(&lines[0], "loa.count"), 10_000);
        assert_eq!(read(&lines[0], "source.ip"), "2001:db8::1");
        // It goes on: still one line a minute.
        assert_eq!(
            repeats.take(told(Some("u"), "2001:db8::1"), start + WINDOW),
            None
        );
        let lines = repeats.due(start + WINDOW * 2, false);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(repeats.due(start + WINDOW * 3, false).is_empty());
        assert!(
            repeats.kinds.is_empty(),
            "what did not come again is forgotten"
        );
    }

    #[test]
    fn strangers_without_number_are_summed_up_and_hide_nobody() {
        let start = Instant::now();
        let mut repeats = Repeats::new(start);
        let flood = |repeats: &mut Repeats, now| {
            let lines = (0..5_000_u32).filter_map(|n| {
                let address = std::net::Ipv4Addr::from(n).to_string();
                repeats.take(told(None, &address), now)
            });
            lines.count()
        };
        let most = usize::try_from(UNKNOWN.0).unwrap();
        assert_eq!(flood(&mut repeats, start), most);
        assert!(repeats.take(told(Some("u"), "192.0.2.1"), start).is_some());
        let mut lines = 0;
        for minute in 1..=10 {
            let now = start + WINDOW * minute;
            lines += flood(&mut repeats, now) + repeats.due(now, false).len();
            assert!(repeats.kinds.len() <= MOST + 1);
        }
        let each = usize::try_from(UNKNOWN.1).unwrap() + 1;
        assert!(lines <= each * 10 + 1, "{lines} lines in ten minutes");
        let all = repeats.due(start + WINDOW * 11, true);
        assert!(!all.is_empty());
        let told: Value = read(all.last().unwrap(), "message");
        assert!(told.as_str().unwrap().starts_with("summed up"), "{all:?}");
    }

    #[test]
    fn nothing_goes_uncounted() {
        let start = Instant::now();
        let mut repeats = Repeats::new(start);
        let mut lines: Vec<String> = (0..10_000_u32)
            .filter_map(|n| {
                let address = std::net::Ipv4Addr::from(n % 3000).to_string();
                repeats.take(told(None, &address), start)
            })
            .collect();
        lines.extend(repeats.due(start, true));
        let counted: u64 = lines
            .iter()
            .map(|line| read(line, "loa.count").as_u64().unwrap())
            .sum();
        assert_eq!(counted, 10_000);
    }
}
