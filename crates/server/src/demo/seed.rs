//! Putting the province into an empty database: units, sites, people, then what the boards did.

use std::collections::BTreeMap;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use loa_app::{App, ManualClock};
use loa_domain::actor::Sites;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::paging::{PageAsk, Start};
use loa_store::{Conn, Written, audit, sites, units};
use serde_json::json;

use super::calendar::Calendar;
use super::play::Stage;
use super::source::{self, DemoEntry, Province};
use super::story::{self, Desk};
use super::{SEEDED, people, places};
use crate::failure::Failure;
use crate::out;

/// What the record of seeding is about.
const SUBJECT: &str = "demo";

/// Seeds a database unless that was done before. Gives whether it was done now.
///
/// # Errors
/// When the database holds something else, or half a demo; of the database.
pub(super) fn seed(app: &App, password: &str) -> Result<bool, Failure> {
    if app.store().read(is_seeded)? {
        return Ok(false);
    }
    if app.store().read(is_used)? {
        return Err(Failure::failed(
            "the database is not empty, and holds no complete demo: choose another folder with \
             --data, or delete this one",
        ));
    }
    let progress = out::spinner("making the demo province");
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {wide_bar} [{elapsed}]") {
        progress.set_style(style);
    }
    let result = fill(app, password, &progress);
    progress.finish_and_clear();
    result.map(|()| true)
}

/// The last thing that seeding writes is a record of the platform's chain.
fn is_seeded(conn: &mut Conn) -> Result<bool, loa_store::Error> {
    let about = audit::about(conn, Chain::Platform, "platform", SUBJECT)?;
    Ok(about.iter().any(|record| record.action == SEEDED))
}

fn is_used(conn: &mut Conn) -> Result<bool, loa_store::Error> {
    let one = PageAsk {
        size: 1,
        start: Start::First,
        count: false,
    };
    let any = sites::list(conn, &Sites::All, &one)?;
    Ok(!any.items.is_empty() || !units::periods(conn, "37")?.is_empty())
}

fn fill(app: &App, password: &str, progress: &ProgressBar) -> Result<(), Failure> {
    let province = source::province()?;
    let entries = source::entries()?;
    let calendar = Calendar::new(app.now())?;
    let acts = story::tell(&desks(&province, &entries)?, &province.staff, &calendar)?;
    progress.set_length(acts.len() as u64);

    let clock = Arc::new(ManualClock::at(calendar.opening()));
    let past = app.by_clock(clock.clone());
    // First what can be refused: nothing is written before that.
    let accounts = people::accounts(&past, &province.staff, password)?;
    let units = super::units::seed(&past)?;
    let places = places::seed(&past, &province, units)?;
    let users = people::seed(&past, accounts, &places)?;
    let mut stage = Stage {
        app: past,
        clock,
        users,
        entries: BTreeMap::new(),
    };
    stage.play(&acts, progress)?;
    finish(app, &stage)
}

/// The sites with their entries, in the order of the province's list.
fn desks<'s>(
    province: &'s Province,
    entries: &'s [(&'static str, Vec<DemoEntry>)],
) -> Result<Vec<Desk<'s>>, Failure> {
    let desk = |(site, entries): &'s (&'static str, Vec<DemoEntry>)| {
        let own = province.sites.iter().find(|own| own.slug == *site);
        let own = own.ok_or_else(|| Failure::failed(format!("no site {site}")))?;
        Ok(Desk {
            site,
            policy: own.workflow_policy,
            entries,
        })
    };
    entries.iter().map(desk).collect()
}

fn finish(app: &App, stage: &Stage<'_>) -> Result<(), Failure> {
    let record = || NewAudit {
        chain: Chain::Platform,
        actor: None,
        action: SEEDED,
        subject: "platform",
        subject_id: SUBJECT.to_owned(),
        detail: json!({"people": stage.users.len(), "entries": stage.entries.len()}),
    };
    app.store().write(app.now(), |_| {
        Ok::<_, loa_store::Error>(Written::audited((), record()))
    })?;
    Ok(())
}
