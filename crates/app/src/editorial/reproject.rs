//! Rendering again what is published: the work that changes leave, what an older release rendered,
//! and everything on demand.

use std::time::{Duration, Instant};

use loa_domain::change::NewChange;
use loa_domain::ids::{EntryId, SectionId, SiteId};
use loa_domain::published::FORMAT;
use loa_domain::section::with_subsections;
use loa_store::reprojections::Reprojection;
use loa_store::{Conn, StoreError, Written, entries, published, reprojections, sections, sites};

use super::Editorial;
use super::publish::render_again;
use crate::Error;
use crate::ids::fresh;

/// Most entries rendered in one transaction.
const CHUNK: i64 = 20;
/// After so long a transaction ends, however few entries it rendered: on `SQLite` everybody else
/// waits meanwhile, 50 ms at most with what the commit takes.
const LONG: Duration = Duration::from_millis(25);

/// An entry that cannot be rendered, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// The entry.
    pub entry: EntryId,
    /// What is wrong with what it is made of.
    pub error: String,
}

/// What came of rendering again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reprojected {
    /// Entries that differed from what was stored.
    pub changed: u64,
    /// Entries that stay as they were.
    pub damaged: Vec<Damaged>,
}

/// What one transaction did.
#[derive(Default)]
struct Chunk {
    last: Option<EntryId>,
    seen: u64,
    done: Reprojected,
}

impl Editorial {
    /// Whether any work is left.
    ///
    /// # Errors
    /// Of the database.
    pub fn has_reprojections(&self) -> Result<bool, Error> {
        let oldest = self.context.store.read(reprojections::system_oldest)?;
        Ok(oldest.is_some())
    }

    /// Does one piece of left work, at most twenty entries. Gives whether there may be more. What
    /// cannot be rendered is told in the log and stays as it is.
    ///
    /// # Errors
    /// Of the database.
    pub fn drain_reprojections(&self) -> Result<bool, Error> {
        let found = self.context.store.read(|conn| {
            let Some(work) = reprojections::system_oldest(conn)? else {
                return Ok(None);
            };
            let chosen = match work.section {
                Some(section) => Some(section_and_below(conn, work.site, section)?),
                None => None,
            };
            let ids = published::ids_after(conn, work.site, chosen.as_deref(), &work.after, CHUNK)?;
            Ok::<_, Error>(Some((work, ids)))
        })?;
        let Some((work, ids)) = found else {
            return Ok(false);
        };
        let chunk = self.chunk_or_each(Some(&work), &ids)?;
        for Damaged { entry, error } in chunk.done.damaged {
            // It would hold up the rest, and all work after it, for ever.
            tracing::error!(%entry, error, "an entry cannot be rendered again");
        }
        Ok(true)
    }

    /// Leaves work for what an older release rendered: whole sites, one by one. Gives how many.
    ///
    /// # Errors
    /// Of the database.
    pub fn queue_outdated(&self) -> Result<usize, Error> {
        let sites = self
            .context
            .store
            .read(|conn| published::system_sites_below(conn, FORMAT))?;
        if sites.is_empty() {
            return Ok(0);
        }
        let now = self.context.now();
        self.context.system_write(now, |tx| {
            let waiting = reprojections::system_whole_sites(tx)?;
            let mut written = Written::quiet(0);
            for site in sites.iter().filter(|site| !waiting.contains(site)) {
                let work = Reprojection {
                    id: fresh(now),
                    site: *site,
                    section: None,
                    after: String::new(),
                };
                reprojections::insert(tx, &work, now)?;
                written.value += 1;
            }
            Ok(written)
        })
    }

    /// Renders everything published again, of one site (by its slug) or of all; `progress` hears how
    /// many were looked at. What cannot be rendered is named at the end and holds up nothing.
    ///
    /// # Errors
    /// `NotFound` for an unknown site; of the database.
    pub fn reproject(
        &self,
        site: Option<&str>,
        mut progress: impl FnMut(u64),
    ) -> Result<Reprojected, Error> {
        let store = &self.context.store;
        let site: Option<SiteId> = match site {
            Some(slug) => Some(store.read(|conn| {
                Ok::<_, Error>(sites::by_slug(conn, slug)?.ok_or(Error::NotFound)?.id)
            })?),
            None => None,
        };
        let (mut after, mut seen, mut all) = (String::new(), 0_u64, Reprojected::default());
        loop {
            let ids = store.read(|conn| entries::system_live_after(conn, site, &after, CHUNK))?;
            let chunk = self.chunk_or_each(None, &ids)?;
            seen += chunk.seen;
            all.changed += chunk.done.changed;
            all.damaged.extend(chunk.done.damaged);
            progress(seen);
            match chunk.last {
                Some(last) => after = last.to_string(),
                None => return Ok(all),
            }
        }
    }

    /// Renders entries in one transaction; each in one of its own when the database refuses what one
    /// of them came to, so that only that one is left out.
    fn chunk_or_each(&self, work: Option<&Reprojection>, ids: &[EntryId]) -> Result<Chunk, Error> {
        match self.chunk(work, ids) {
            Err(error) if !ids.is_empty() && is_about_one(&error) => {}
            other => return other,
        }
        let mut all = Chunk::default();
        for id in ids {
            match self.chunk(None, &[*id]) {
                Ok(one) => {
                    all.done.changed += one.done.changed;
                    all.done.damaged.extend(one.done.damaged);
                }
                Err(error) if is_about_one(&error) => all.done.damaged.push(damaged(*id, &error)),
                Err(error) => return Err(error),
            }
            all.last = Some(*id);
            all.seen += 1;
        }
        if let Some(work) = work {
            let last = all.last.map(|id| id.to_string());
            self.context.system_write(self.context.now(), |tx| {
                let more = reprojections::system_advance(tx, work, last.as_deref())?;
                Ok(Written::quiet(more))
            })?;
        }
        Ok(all)
    }

    /// Renders entries in one transaction, as many as there is time for, and notes on the work how
    /// far it came.
    fn chunk(&self, work: Option<&Reprojection>, ids: &[EntryId]) -> Result<Chunk, Error> {
        self.context.system_write(self.context.now(), |tx| {
            let began = Instant::now();
            let mut written = Written::quiet(Chunk::default());
            let chunk = &mut written.value;
            for id in ids {
                match render_again(tx, *id, &mut written.changes) {
                    Ok(()) => {}
                    Err(error) if is_found_reading(&error) => {
                        chunk.done.damaged.push(damaged(*id, &error));
                    }
                    Err(error) => return Err(error),
                }
                chunk.last = Some(*id);
                chunk.seen += 1;
                if began.elapsed() >= LONG {
                    break;
                }
            }
            once_each(&mut written.changes);
            chunk.done.changed = written.changes.len() as u64;
            if let Some(work) = work {
                // If another node was faster, what was rendered here is what it renders.
                let last = chunk.last.map(|id| id.to_string());
                reprojections::system_advance(tx, work, last.as_deref())?;
            }
            Ok(written)
        })
    }
}

fn damaged(entry: EntryId, error: &Error) -> Damaged {
    Damaged {
        entry,
        error: error.to_string(),
    }
}

/// Translations may have been rendered with each other and in their own turn.
fn once_each(changes: &mut Vec<NewChange>) {
    changes.sort_by(|a, b| a.subject_id.cmp(&b.subject_id));
    changes.dedup_by(|a, b| a.subject_id == b.subject_id);
}

/// Whether something stored about the entry is wrong, found while reading: the transaction goes on.
fn is_found_reading(error: &Error) -> bool {
    matches!(
        error,
        Error::Internal(_) | Error::NotFound | Error::Store(loa_store::Error::Corrupt { .. })
    )
}

/// Whether other entries may fare better.
fn is_about_one(error: &Error) -> bool {
    !error
        .store()
        .is_some_and(|error| error.is_general() || matches!(error, loa_store::Error::Collision))
}

fn section_and_below(
    conn: &mut Conn,
    site: SiteId,
    section: SectionId,
) -> Result<Vec<SectionId>, Error> {
    let all: Vec<_> = sections::of_site(conn, site)?
        .into_iter()
        .map(|own| (own.id, own.parent))
        .collect();
    Ok(with_subsections(&all, &[section]).into_iter().collect())
}
