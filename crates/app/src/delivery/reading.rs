//! From what is stored at an address to what its reader gets.

use chrono::TimeDelta;
use loa_domain::entry::WithdrawKind;
use loa_domain::ids::EntryId;
use loa_domain::published::PublicWithdrawal;
use loa_domain::time::Moment;
use loa_store::Conn;
use loa_store::delivery::documents::{Found, Live, Place};
use loa_store::delivery::paths;
use loa_store::delivery::sites::{self, SiteRef};

use super::address::{entry_address, resolve_address, resolve_host_address};
use super::answer::Answer;
use crate::Error;
use crate::error::Gone;

/// What the reader of one address gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// An entry.
    Document {
        /// Identity.
        entry: EntryId,
        /// Exact body of `data`.
        document: String,
    },
    /// Another address.
    Redirect {
        /// 308 when the entry has moved, 301 when another takes its place.
        status: u16,
        /// Where.
        location: String,
    },
}

/// How long an answer that rests on another site's host is kept: what becomes of that host does not
/// move this site's mark in the change log.
const TRUST_IN_OTHERS: TimeDelta = TimeDelta::minutes(1);

/// In which terms to name another address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Terms {
    /// An address of the API.
    Api,
    /// A path on the site's host, or an address on the host of another site.
    Host,
}

/// The site with this slug.
pub(super) fn site(conn: &mut Conn, slug: &str) -> Result<SiteRef, Error> {
    sites::find(conn, slug)?.ok_or(Error::NotFound)
}

/// The answer to a single read.
///
/// # Errors
/// `Gone` when it was withdrawn or its time is over, `NotFound` when there is nothing.
pub(super) fn answer(
    conn: &mut Conn,
    site: SiteRef,
    found: Option<Found>,
    now: Moment,
    terms: Terms,
) -> Result<Answer<Reading>, Error> {
    let (reading, valid_until) = match found.ok_or(Error::NotFound)? {
        Found::Live(Live { place, document }) => {
            in_time(&place, now)?;
            let entry = place.entry;
            (Reading::Document { entry, document }, place.expire_at)
        }
        Found::Moved(place) => {
            in_time(&place, now)?;
            let location = match terms {
                Terms::Api => api_address(&site, &place),
                Terms::Host => place.path,
            };
            (redirect(308, location), place.expire_at)
        }
        Found::Withdrawn(withdrawal) => {
            let elsewhere = elsewhere(&withdrawal).is_some();
            let until = elsewhere.then(|| now.after(TRUST_IN_OTHERS));
            (replaced(conn, &site, withdrawal, terms)?, until)
        }
    };
    Ok(Answer::of_site(site, reading, valid_until))
}

/// The worker that withdraws expired entries may be late; readers do not see that.
fn in_time(place: &Place, now: Moment) -> Result<(), Error> {
    match place.expire_at {
        Some(at) if at <= now => Err(Error::Gone(Box::new(Gone {
            kind: WithdrawKind::Expired,
            reason: None,
            successor: None,
            at,
        }))),
        _ => Ok(()),
    }
}

fn redirect(status: u16, location: String) -> Reading {
    Reading::Redirect { status, location }
}

fn api_address(site: &SiteRef, place: &Place) -> String {
    entry_address(
        &site.slug,
        place.kind,
        &place.slug,
        &place.locale,
        &site.default_locale,
    )
}

/// Host and path on it, for a redirect to another site.
fn elsewhere(withdrawal: &PublicWithdrawal) -> Option<(&str, &str)> {
    let target = withdrawal.redirect_to.as_deref()?;
    let rest = target.strip_prefix("https://")?;
    Some(rest.split_once('/').unwrap_or((rest, "")))
}

/// A withdrawn entry that leads elsewhere; any other is gone. A host that is none of ours any more
/// may be anybody's: nobody is sent there.
fn replaced(
    conn: &mut Conn,
    site: &SiteRef,
    withdrawal: PublicWithdrawal,
    terms: Terms,
) -> Result<Reading, Error> {
    let ours = match elsewhere(&withdrawal) {
        Some((host, _)) => sites::find_by_host(conn, host)?.is_some(),
        None => true,
    };
    let target = withdrawal.redirect_to.filter(|_| ours);
    match (withdrawal.kind, target) {
        (WithdrawKind::Redirect, Some(target)) => {
            let location = match terms {
                Terms::Api => in_api(conn, site, &target)?,
                Terms::Host => target,
            };
            Ok(redirect(301, location))
        }
        (kind, successor) => Err(Error::Gone(Box::new(Gone {
            kind,
            reason: withdrawal.reason,
            successor,
            at: withdrawal.at,
        }))),
    }
}

/// The API's address of a target. What another site has there is not looked up: this answer would
/// not know when it changes.
fn in_api(conn: &mut Conn, site: &SiteRef, target: &str) -> Result<String, Error> {
    if let Some(elsewhere) = target.strip_prefix("https://") {
        let (host, path) = elsewhere.split_once('/').unwrap_or((elsewhere, ""));
        return Ok(resolve_host_address(host, &format!("/{path}")));
    }
    Ok(match paths::resolve(conn, site.id, target)? {
        Some(Found::Live(Live { place, .. }) | Found::Moved(place)) => api_address(site, &place),
        Some(Found::Withdrawn(_)) | None => resolve_address(&site.slug, target),
    })
}
