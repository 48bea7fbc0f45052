//! What the clock does: due publications and expiries, through the same table as everybody.

use loa_domain::entry::{Action, State};
use loa_domain::ids::EntryId;
use loa_domain::time::Moment;
use loa_store::{StoreError, Written, editions, published};
use loa_workflow::{Ask, By, plan};

use super::Editorial;
use super::apply::Applied;
use super::desk::Desk;
use crate::Error;
use crate::projection::content_of;

/// What a held publication says of a site whose board no longer works.
const SITE_NOT_ACTIVE: &str = "Trang không còn hoạt động. / The site is no longer active.";

/// Entries looked at in one go.
const BATCH: i64 = 100;

/// What a tick did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Published at their time, or later.
    pub published: u32,
    /// Whose time had come and whom a rule held back: they wait for a person now.
    pub held: u32,
    /// Expired.
    pub expired: u32,
    /// Could not be moved, for a reason that nobody expects; tried again at the next tick.
    pub failed: u32,
}

impl Editorial {
    /// Publishes what is due and ends what is over. Late is better than never, and twice does no
    /// harm: whoever comes second finds nothing left to do. An entry that fails is told in the log
    /// and does not hold up the others.
    ///
    /// # Errors
    /// When the database as a whole fails: away, busy, full or read-only.
    pub fn tick(&self) -> Result<Ticked, Error> {
        let now = self.context.now();
        let (due, over) = self.context.store.read(|conn| {
            Ok::<_, Error>((
                editions::system_due(conn, now, BATCH)?,
                published::system_expired(conn, now, BATCH)?,
            ))
        })?;
        let mut ticked = Ticked::default();
        for (_, entry) in due {
            match self.by_the_clock(entry, Action::Publish) {
                Ok(Some(true)) => ticked.published += 1,
                Ok(Some(false)) => ticked.held += 1,
                Ok(None) => {}
                Err(error) => {
                    go_on_after(error, entry, Action::Publish)?;
                    ticked.failed += 1;
                }
            }
        }
        for entry in over {
            match self.by_the_clock(entry, Action::Expire) {
                Ok(Some(true)) => ticked.expired += 1,
                Ok(_) => {}
                Err(error) => {
                    go_on_after(error, entry, Action::Expire)?;
                    ticked.failed += 1;
                }
            }
        }
        Ok(ticked)
    }

    /// Does an action as the system; none when another node was faster, false when a rule refused.
    fn by_the_clock(&self, entry: EntryId, action: Action) -> Result<Option<bool>, Error> {
        let now = self.context.now();
        let result = self.context.store.write(now, |tx| {
            let Some(mut desk) = Desk::system_writable(tx, entry)? else {
                return Ok(Written::quiet(None));
            };
            let still_due = if action == Action::Publish {
                desk.open
                    .as_ref()
                    .is_some_and(|open| open.edition.publish_at.is_some_and(|at| at <= now))
            } else {
                is_over(&desk, now)?
            };
            if !still_due {
                return Ok(Written::quiet(None));
            }
            let mut ask = Ask::default();
            let facts = desk.facts(now)?;
            // What is over ends at a closed site too; nothing new appears there.
            let refused = match plan(&facts, action, By::System, &ask, now) {
                Ok(_) if action == Action::Publish && desk.at.must_be_active().is_err() => {
                    Some(SITE_NOT_ACTIVE.to_owned())
                }
                Ok(_) => None,
                Err(refusal) if action == Action::Publish => {
                    Some(format!("{} / {}", refusal.reason.vi(), refusal.reason.en()))
                }
                Err(refusal) => return Err(refusal.into()),
            };
            let value = refused.is_none();
            let action = if value { action } else { Action::Unschedule };
            ask.comment = refused;
            let planned = plan(&facts, action, By::System, &ask, now)?;
            let done = Applied {
                by: None,
                ask: &ask,
                now,
            }
            .apply(tx, &mut desk, &planned)?;
            Ok(Written {
                value: Some(value),
                changes: done.changes,
                audit: done.audit,
            })
        });
        match result {
            Err(Error::PreconditionFailed) => Ok(None),
            other => other,
        }
    }
}

/// Whether the live edition's time is over; a later edition may have moved it.
fn is_over(desk: &Desk, now: Moment) -> Result<bool, Error> {
    let Some(live) = desk
        .live
        .as_ref()
        .filter(|live| live.edition.state == State::Published)
    else {
        return Ok(false);
    };
    let end = content_of(&live.revision)?.expire_at;
    Ok(end.is_some_and(|end| end <= now))
}

/// Tells what is wrong with one entry; gives the error back when it is about the whole database.
fn go_on_after(error: Error, entry: EntryId, action: Action) -> Result<(), Error> {
    if error.store().is_some_and(loa_store::Error::is_general) {
        return Err(error);
    }
    tracing::error!(%entry, %action, %error, "the clock cannot move an entry");
    Ok(())
}
