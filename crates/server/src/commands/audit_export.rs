//! `loa audit export`: the audit trail as lines of JSON, for a central log system.
//!
//! Record by record as it is stored, chain by chain, so memory does not depend on how many there are. Not for
//! verifying: `loa audit verify` does that, where the keys are.

use std::io::{BufWriter, ErrorKind, Write, stdout};

use chrono::{Days, NaiveTime, TimeDelta};
use loa_domain::audit::{AuditRecord, Chain};
use loa_domain::paging::{Key, PageAsk, Start};
use loa_domain::time::Moment;
use loa_store::{Store, anchors, audit, sites};

use crate::cli::ExportAudit;
use crate::failure::Failure;
use crate::out;

/// Records read at a time.
const PAGE: u32 = 500;
/// Vietnam's hours ahead of UTC, all year.
const VIETNAM: TimeDelta = TimeDelta::hours(7);

/// Writes what was asked for to standard output.
///
/// # Errors
/// When there is no such chain, a time is none, or what is read or written fails. A reader who has gone is no
/// failure.
pub(super) fn run(store: &Store, args: &ExportAudit) -> Result<(), Failure> {
    let from = args.from.as_deref().map(|text| moment("--from", text, 0));
    let to = args.to.as_deref().map(|text| moment("--to", text, 1));
    let (from, to) = (from.transpose()?, to.transpose()?);
    let wanted = |record: &AuditRecord| {
        from.is_none_or(|from| record.at >= from) && to.is_none_or(|to| record.at < to)
    };
    let spinner = out::spinner("records of the audit trail");
    let mut output = BufWriter::new(stdout().lock());
    let mut count = 0;
    for chain in chains(store, args.chain.as_deref())? {
        let mut after = 0;
        loop {
            let records = records(store, chain, after)?;
            let Some(last) = records.last() else {
                break;
            };
            after = last.number;
            for record in records.iter().filter(|record| wanted(record)) {
                if !write(&mut output, record)? {
                    return Ok(());
                }
                count += 1;
                spinner.set_position(count);
            }
        }
    }
    spinner.finish_and_clear();
    done(output.flush()).map(drop)
}

/// False when nobody reads any more.
fn write(output: &mut impl Write, record: &AuditRecord) -> Result<bool, Failure> {
    let line = serde_json::to_string(record).map_err(|error| Failure::failed(error.to_string()))?;
    done(writeln!(output, "{line}"))
}

fn done(written: std::io::Result<()>) -> Result<bool, Failure> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::failed(format!("standard output: {error}"))),
    }
}

fn chains(store: &Store, asked: Option<&str>) -> Result<Vec<Chain>, Failure> {
    let of = |key: &str| {
        if key == Chain::Platform.key() {
            return Some(Chain::Platform);
        }
        key.parse().ok().map(Chain::Site)
    };
    let Some(asked) = asked else {
        let heads = store.read(anchors::system_heads)?;
        return heads
            .iter()
            .map(|head| {
                let unknown = || Failure::failed(format!("chain {} has no known form", head.chain));
                of(&head.chain).ok_or_else(unknown)
            })
            .collect();
    };
    if let Some(chain) = of(asked) {
        return Ok(vec![chain]);
    }
    let site = store.read(|conn| sites::by_slug(conn, asked))?;
    let unknown = || {
        Failure::failed(format!(
            "no chain {asked}: expected platform, or a site's slug or id"
        ))
    };
    Ok(vec![Chain::Site(site.ok_or_else(unknown)?.id)])
}

/// The next records of a chain, oldest first.
fn records(store: &Store, chain: Chain, after: i64) -> Result<Vec<AuditRecord>, Failure> {
    // A page before a place is what is newer.
    let ask = PageAsk {
        size: PAGE,
        start: Start::Before(Key {
            key: after.to_string(),
            id: chain.key(),
        }),
        count: false,
    };
    let mut page = store.read(|conn| audit::page_of(conn, chain, &ask))?;
    page.items.reverse();
    Ok(page.items)
}

/// A time, or the beginning of a day in Vietnam so many days later.
fn moment(name: &str, text: &str, days: u64) -> Result<Moment, Failure> {
    if let Ok(moment) = text.parse() {
        return Ok(moment);
    }
    let day = loa_domain::day::parse(text).and_then(|day| day.checked_add_days(Days::new(days)));
    let day = day.map(|day| Moment::from_naive(day.and_time(NaiveTime::MIN)).before(VIETNAM));
    day.ok_or_else(|| {
        Failure::usage(format!(
            "{name}: expected a day as in 2026-07-01, or a time as in 2026-07-01T08:00:00Z"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn a_day_is_one_in_vietnam_and_the_last_one_is_within() {
        let read = |days, text| moment("--to", text, days).map(|it| it.to_string()).ok();
        assert_eq!(
            read(0, "2026-07-01").as_deref(),
            Some("2026-06-30T17:00:00Z")
        );
        assert_eq!(
            read(1, "2026-07-01").as_deref(),
            Some("2026-07-01T17:00:00Z")
        );
        let time = "2026-07-01T08:00:00Z";
        assert_eq!(read(1, time).as_deref(), Some(time));
        assert_eq!(read(1, "yesterday"), None);
    }
}
