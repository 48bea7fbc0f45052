//! What caches in front and browsers are told of an answer.

use std::borrow::Cow;

use loa_domain::time::Moment;

/// An answer that does not depend on the time; nearly all are such.
const USUAL: &str = "public, max-age=30, stale-while-revalidate=60, stale-if-error=300";
/// One that is out of date. No cache shall take it for fresh, but where this server cannot be asked
/// it is good enough.
const STALE: &str = "public, max-age=0, stale-if-error=300";
/// How long an answer is fresh, in seconds: a change shows after that at the latest.
const MAX_AGE: i64 = 30;
/// How long a cache may send it while it asks again.
const WHILE_REVALIDATING: i64 = 60;
/// How long a cache may send it while this server is down. Not longer than a restart takes: what was
/// withdrawn meanwhile comes back for so long. This server itself knows what was withdrawn, and may
/// send what it has kept for a day.
const IF_ERROR: i64 = 300;

/// Who an answer is for, and how good it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Freshness {
    /// Anyone.
    Public,
    /// Whoever sent a credential: no cache may keep it.
    SignedIn,
    /// Anyone, but out of date: the database is away.
    Stale,
}

impl Freshness {
    /// The same for an answer that is out of date.
    pub(super) fn of_stale(self) -> Self {
        match self {
            Freshness::SignedIn => Freshness::SignedIn,
            Freshness::Public | Freshness::Stale => Freshness::Stale,
        }
    }
}

/// `Cache-Control`. Nothing may be sent beyond the moment an answer depends on.
pub(super) fn cache_control(
    freshness: Freshness,
    now: Moment,
    valid_until: Option<Moment>,
) -> Cow<'static, str> {
    let end = match (freshness, valid_until) {
        (Freshness::SignedIn, _) => return Cow::Borrowed("no-store"),
        (Freshness::Public, None) => return Cow::Borrowed(USUAL),
        (Freshness::Stale, None) => return Cow::Borrowed(STALE),
        (Freshness::Public | Freshness::Stale, Some(end)) => end,
    };
    let left = end.micros().saturating_sub(now.micros()).max(0) / 1_000_000;
    if freshness == Freshness::Stale {
        let error = IF_ERROR.min(left);
        return Cow::Owned(format!("public, max-age=0, stale-if-error={error}"));
    }
    let fresh = MAX_AGE.min(left);
    let beyond = left.saturating_sub(fresh);
    let (revalidate, error) = (WHILE_REVALIDATING.min(beyond), IF_ERROR.min(beyond));
    Cow::Owned(format!(
        "public, max-age={fresh}, stale-while-revalidate={revalidate}, stale-if-error={error}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn nothing_is_kept_beyond_its_end() {
        let now: Moment = "2026-07-01T08:00:00Z".parse().unwrap();
        let until = |seconds| Some(now.after(TimeDelta::seconds(seconds)));
        let control = |end| cache_control(Freshness::Public, now, end);
        assert_eq!(control(None), USUAL);
        assert_eq!(control(until(100_000)), USUAL);
        assert_eq!(
            control(until(50)),
            "public, max-age=30, stale-while-revalidate=20, stale-if-error=20"
        );
        assert_eq!(
            control(until(-5)),
            "public, max-age=0, stale-while-revalidate=0, stale-if-error=0"
        );
        let stale = |end| cache_control(Freshness::Stale, now, end);
        assert_eq!(stale(None), "public, max-age=0, stale-if-error=300");
        assert_eq!(stale(until(50)), "public, max-age=0, stale-if-error=50");
        assert_eq!(cache_control(Freshness::SignedIn, now, None), "no-store");
    }
}
