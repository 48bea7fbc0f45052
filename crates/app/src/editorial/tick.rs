//! What the clock does: due publications and expiries, through the same table as everybody.

use loa_domain::entry::{Action, State};
use loa_domain::ids::EntryId;
use loa_domain::time::Moment;
use loa_store::editions::Due;
use loa_store::held::{self, Held};
use loa_store::{StoreError, Tx, Written, editions, published};
use loa_workflow::{Ask, By, plan};

use super::Editorial;
use super::apply::Applied;
use super::desk::Desk;
use super::setbacks::Setbacks;
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
    /// Could not be moved, for a reason that nobody expects; tried again, ever more seldom.
    pub failed: u32,
}

/// How far a walk over what is due has come.
enum Place {
    Start,
    After(Due),
    End,
}

impl Editorial {
    /// Publishes what is due and ends what is over. Late is better than never, and twice does no
    /// harm: whoever comes second finds nothing left to do. An entry that fails is told in the log
    /// and does not hold up the others.
    ///
    /// # Errors
    /// When the database as a whole fails: away, busy, full or read-only.
    pub fn tick(&self) -> Result<Ticked, Error> {
        self.tick_while(&mut Setbacks::default(), || Ok(true))
    }

    /// The same as long as `may` gives true, which is asked before each entry and not at all when
    /// there is nothing to do. Entries that failed lately wait, as `setbacks` tells.
    ///
    /// # Errors
    /// As [`Editorial::tick`], and those of `may`.
    pub fn tick_while(
        &self,
        setbacks: &mut Setbacks,
        mut may: impl FnMut() -> Result<bool, Error>,
    ) -> Result<Ticked, Error> {
        let now = self.context.now();
        let mut ticked = Ticked::default();
        // By turns, so that many of one kind do not hold up the other.
        let mut places = [
            (Action::Publish, Place::Start),
            (Action::Expire, Place::Start),
        ];
        setbacks.begin();
        while places.iter().any(|(_, at)| !matches!(at, Place::End)) {
            for (action, place) in &mut places {
                let due = self.due(*action, place, now)?;
                for entry in due.iter().map(|due| due.entry) {
                    if !setbacks.may_try(entry, now) {
                        continue;
                    }
                    if !may()? {
                        return Ok(ticked);
                    }
                    self.move_on(entry, *action, setbacks, &mut ticked)?;
                }
                *place = match due.into_iter().last() {
                    Some(last) => Place::After(last),
                    None => Place::End,
                };
            }
        }
        setbacks.end();
        Ok(ticked)
    }

    /// The next entries of a walk.
    fn due(&self, action: Action, place: &Place, now: Moment) -> Result<Vec<Due>, Error> {
        let after = match place {
            Place::Start => None,
            Place::After(last) => Some(last),
            Place::End => return Ok(Vec::new()),
        };
        let read = if action == Action::Publish {
            editions::system_due
        } else {
            published::system_expired
        };
        Ok(self
            .context
            .store
            .read(|conn| read(conn, now, after, BATCH))?)
    }

    /// Moves one entry and counts what came of it.
    fn move_on(
        &self,
        entry: EntryId,
        action: Action,
        setbacks: &mut Setbacks,
        ticked: &mut Ticked,
    ) -> Result<(), Error> {
        match self.by_the_clock(entry, action) {
            Ok(Some(true)) if action == Action::Publish => ticked.published += 1,
            Ok(Some(true)) => ticked.expired += 1,
            Ok(Some(false)) => ticked.held += 1,
            Ok(None) => {}
            Err(error) if error.store().is_some_and(loa_store::Error::is_general) => {
                return Err(error);
            }
            Err(error) => {
                let again = setbacks.note(entry, self.context.now());
                tracing::error!(%entry, %action, %error, %again, "the clock cannot move an entry");
                ticked.failed += 1;
                return Ok(());
            }
        }
        setbacks.forget(entry);
        Ok(())
    }

    /// Does an action as the system; none when another node was faster, false when a rule refused.
    fn by_the_clock(&self, entry: EntryId, action: Action) -> Result<Option<bool>, Error> {
        let now = self.context.now();
        let result = self.context.system_write(now, |tx| {
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
            move_in(tx, &mut desk, action, now)
        });
        match result {
            Err(Error::PreconditionFailed) => Ok(None),
            other => other,
        }
    }
}

fn move_in(
    tx: &mut Tx<'_>,
    desk: &mut Desk,
    action: Action,
    now: Moment,
) -> Result<Written<Option<bool>>, Error> {
    let mut ask = Ask::default();
    let facts = desk.facts(now)?;
    // What is over ends at a closed site too; nothing new appears there.
    let refused = match plan(&facts, action, By::System, &ask, now) {
        Ok(_) if action == Action::Publish && desk.at.must_be_active().is_err() => {
            Some(("site_not_active", SITE_NOT_ACTIVE.to_owned()))
        }
        Ok(_) => None,
        Err(refusal) if action == Action::Publish => Some((
            refusal.reason.code(),
            format!("{} / {}", refusal.reason.vi(), refusal.reason.en()),
        )),
        Err(refusal) => return Err(refusal.into()),
    };
    let value = refused.is_none();
    let action = if value { action } else { Action::Unschedule };
    // The whole reason for the board, its word for the audit trail.
    (ask.reason, ask.comment) = refused.map(|(code, text)| (code.to_owned(), text)).unzip();
    let planned = plan(&facts, action, By::System, &ask, now)?;
    let done = Applied {
        by: None,
        ask: &ask,
        now,
    }
    .apply(tx, desk, &planned)?;
    if let Some(reason) = ask.comment {
        let why = Held { at: now, reason };
        held::put(tx, desk.entry.site, desk.entry.id, &why)?;
    }
    Ok(Written {
        value: Some(value),
        changes: done.changes,
        audit: done.audit,
    })
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
