//! Whether everything published is what rendering it now would give. Looks and changes nothing: what
//! differs is mended by `reproject`.

use loa_domain::entry::State;
use loa_domain::ids::EntryId;
use loa_domain::published::FORMAT;
use loa_store::reprojections::{self, Reprojection};
use loa_store::{Conn, entries, published};

use super::desk::Desk;
use super::publish::rendered;
use crate::Error;
use crate::projection::content_of;

/// Entries looked up at a time.
const PAGE: i64 = 200;

/// What comparing found, up to the first difference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compared {
    /// Published entries that are stored as they would be rendered.
    pub same: u64,
    /// That differ, as they may: they wait to be rendered again, or are of an older release.
    pub waiting: u64,
}

/// A place where the projection is not what it should be.
#[derive(Debug, thiserror::Error)]
pub enum Difference {
    /// What is stored of an entry is not what rendering it gives.
    #[error("the published document of entry {0} is not what rendering it gives")]
    Document(EntryId),
    /// Readers get an entry that is not published.
    #[error("entry {0} is not published and yet readers get it")]
    NotPublished(EntryId),
    /// There are documents of no entry.
    #[error("{stored} documents are stored of {published} published entries")]
    Count {
        /// Documents.
        stored: i64,
        /// Published entries.
        published: u64,
    },
    /// Something stored cannot be read or rendered.
    #[error("entry {0} cannot be rendered: {1}")]
    Damaged(EntryId, Error),
}

/// Renders every published entry and compares; `progress` hears how many were looked at. Gives the
/// first difference, if there is one.
///
/// # Errors
/// Of the database.
pub fn system_compare(
    conn: &mut Conn,
    mut progress: impl FnMut(u64),
) -> Result<Result<Compared, Difference>, Error> {
    let left = reprojections::system_all(conn)?;
    let (mut compared, mut after) = (Compared::default(), String::new());
    loop {
        let ids = entries::system_live_after(conn, None, &after, PAGE)?;
        let Some(last) = ids.last() else {
            break;
        };
        after = last.to_string();
        for id in ids {
            match one(conn, id, &left) {
                Ok(Found::Same) => compared.same += 1,
                Ok(Found::Waiting) => compared.waiting += 1,
                Ok(Found::NotPublic) => {}
                Ok(Found::Other(difference)) => return Ok(Err(difference)),
                Err(error) if is_general(&error) => return Err(error),
                Err(error) => return Ok(Err(Difference::Damaged(id, error))),
            }
            progress(compared.same + compared.waiting);
        }
    }
    let published = compared.same + compared.waiting;
    let stored = published::system_count(conn)?;
    Ok(if u64::try_from(stored) == Ok(published) {
        Ok(compared)
    } else {
        Err(Difference::Count { stored, published })
    })
}

enum Found {
    Same,
    Waiting,
    NotPublic,
    Other(Difference),
}

fn one(conn: &mut Conn, id: EntryId, left: &[Reprojection]) -> Result<Found, Error> {
    let missing = || Error::Internal("its live edition is missing".to_owned());
    let desk = Desk::system(conn, id)?.ok_or_else(missing)?;
    let live = desk.live.as_ref().ok_or_else(missing)?;
    let site = desk.at.site.id;
    let format = published::system_format(conn, site, id)?;
    if live.edition.state != State::Published {
        return Ok(match format {
            None => Found::NotPublic,
            Some(_) => Found::Other(Difference::NotPublished(id)),
        });
    }
    let slug = content_of(&live.revision)?.slug;
    let path = published::path_of_slug(conn, site, &desk.entry.locale, &slug)?
        .ok_or_else(|| Error::Internal("it is published without a path".to_owned()))?;
    let rendered = rendered(conn, &desk, &path)?;
    if published::is_stored(conn, &rendered)? {
        return Ok(Found::Same);
    }
    let text = id.to_string();
    let waits = left
        .iter()
        .any(|work| work.site == site && work.after < text);
    Ok(if format.is_some_and(|format| waits || format < FORMAT) {
        Found::Waiting
    } else {
        Found::Other(Difference::Document(id))
    })
}

/// Whether it says nothing about the entry.
fn is_general(error: &Error) -> bool {
    matches!(error, Error::Store(error) if error.is_general())
}
