//! Rendering again what is published: the work that changes leave, and everything on demand.

use loa_domain::change::NewChange;
use loa_domain::ids::SiteId;
use loa_domain::section::with_subsections;
use loa_store::{Tx, Written, entries, published, reprojections, sections, sites};

use super::Editorial;
use super::publish::render_again;
use crate::Error;

/// Entries rendered in one transaction: on `SQLite` everybody else waits meanwhile.
const CHUNK: i64 = 20;

impl Editorial {
    /// Does one piece of left work, at most twenty entries. Gives whether there may be more. What
    /// cannot be rendered is told in the log and stays as it is.
    ///
    /// # Errors
    /// Of the database.
    pub fn drain_reprojections(&self) -> Result<bool, Error> {
        let Some(work) = self
            .context
            .store
            .read(|conn| reprojections::system_oldest(conn).map_err(Error::from))?
        else {
            return Ok(false);
        };
        self.context.store.write(self.context.now(), |tx| {
            let chosen = match work.section {
                Some(section) => Some(section_and_below(tx, work.site, section)?),
                None => None,
            };
            let ids = published::ids_after(tx, work.site, chosen.as_deref(), &work.after, CHUNK)?;
            let last = ids.last().map(ToString::to_string);
            if !reprojections::system_advance(tx, &work, last.as_deref())? {
                // Another node was faster with this piece.
                return Ok(Written::quiet(true));
            }
            let mut written = Written::quiet(true);
            for id in ids {
                match render_again(tx, id, &mut written.changes) {
                    Ok(()) => {}
                    Err(error) if is_about_the_entry(&error) => {
                        // It would hold up the rest, and all work after it, for ever.
                        tracing::error!(entry = %id, %error, "an entry cannot be rendered again");
                    }
                    Err(error) => return Err(error),
                }
            }
            once_each(&mut written.changes);
            Ok(written)
        })
    }

    /// Renders everything published again, of one site (by its slug) or of all; `progress` hears how
    /// many were looked at. Gives how many differed from what was stored.
    ///
    /// # Errors
    /// `NotFound` for an unknown site; an error that names the row when something stored is damaged
    /// that documents are made of.
    pub fn reproject(
        &self,
        site: Option<&str>,
        mut progress: impl FnMut(u64),
    ) -> Result<u64, Error> {
        let site: Option<SiteId> = match site {
            Some(slug) => Some(self.context.store.read(|conn| {
                Ok::<_, Error>(sites::by_slug(conn, slug)?.ok_or(Error::NotFound)?.id)
            })?),
            None => None,
        };
        let (mut after, mut seen, mut changed) = (String::new(), 0_u64, 0_u64);
        loop {
            let (last, looked_at, differed) =
                self.context.store.write(self.context.now(), |tx| {
                    let ids = entries::system_live_after(tx, site, &after, CHUNK)?;
                    let mut written =
                        Written::quiet((ids.last().map(ToString::to_string), ids.len() as u64, 0));
                    for id in ids {
                        render_again(tx, id, &mut written.changes)?;
                    }
                    once_each(&mut written.changes);
                    written.value.2 = written.changes.len() as u64;
                    Ok::<_, Error>(written)
                })?;
            seen += looked_at;
            changed += differed;
            progress(seen);
            match last {
                Some(last) => after = last,
                None => return Ok(changed),
            }
        }
    }
}

/// Translations may have been rendered with each other and in their own turn.
fn once_each(changes: &mut Vec<NewChange>) {
    changes.sort_by(|a, b| a.subject_id.cmp(&b.subject_id));
    changes.dedup_by(|a, b| a.subject_id == b.subject_id);
}

/// Whether something stored about the entry is wrong, found while reading: the transaction goes on.
fn is_about_the_entry(error: &Error) -> bool {
    matches!(
        error,
        Error::Internal(_) | Error::Store(loa_store::Error::Corrupt { .. })
    )
}

fn section_and_below(
    tx: &mut Tx<'_>,
    site: SiteId,
    section: loa_domain::ids::SectionId,
) -> Result<Vec<loa_domain::ids::SectionId>, Error> {
    let all: Vec<_> = sections::of_site(tx, site)?
        .into_iter()
        .map(|own| (own.id, own.parent))
        .collect();
    Ok(with_subsections(&all, &[section]).into_iter().collect())
}
