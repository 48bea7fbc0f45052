//! An entry on the desk: everything that decides about it, read in a fixed number of queries.

use loa_domain::actor::{Actor, Desks};
use loa_domain::entry::{Edition, Entry, Revision, State};
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::{EntryId, SectionId, SiteId, UserId};
use loa_domain::right::{Right, RightSet};
use loa_domain::section::Section;
use loa_domain::site::{DeskReading, Site, SiteSettings, SiteStatus};
use loa_domain::snapshot::Snapshot;
use loa_domain::time::Moment;
use loa_store::entries::Head;
use loa_store::{Conn, Tx, editions, entries, revisions, sections, settings, sites};
use loa_workflow::{By, Facts, LiveFacts, OpenFacts};

use super::EntryAddress;
use crate::Error;
use crate::projection::content_of;

/// A site with what its entries depend on.
pub(super) struct SiteDesk {
    pub(super) site: Site,
    pub(super) settings: SiteSettings,
    pub(super) sections: Vec<Section>,
}

/// An edition with its newest revision.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    pub(super) edition: Edition,
    pub(super) revision: Revision,
}

/// An entry on the desk.
pub(super) struct Desk {
    pub(super) at: SiteDesk,
    pub(super) entry: Entry,
    pub(super) open: Option<Sheet>,
    pub(super) live: Option<Sheet>,
}

impl SiteDesk {
    /// A site whose entries the actor may read; unknown otherwise.
    pub(super) fn readable(conn: &mut Conn, actor: &Actor, slug: &str) -> Result<Self, Error> {
        let site =
            sites::by_slug(conn, slug)?.filter(|site| actor.may(Right::ReadEntries, site.id));
        Self::load(conn, site.ok_or(Error::NotFound)?)
    }

    /// The same for writing: nobody else changes the site, its settings, its sections or any of its
    /// entries until the end of the transaction, so that what is read stays true.
    pub(super) fn writable(tx: &mut Tx<'_>, actor: &Actor, slug: &str) -> Result<Self, Error> {
        let site = sites::by_slug(tx, slug)?.filter(|site| actor.may(Right::ReadEntries, site.id));
        Self::held(tx, site.ok_or(Error::NotFound)?.id)
    }

    fn held(tx: &mut Tx<'_>, site: SiteId) -> Result<Self, Error> {
        sites::hold(tx, site)?;
        let site = sites::get(tx, site)?.ok_or(Error::NotFound)?;
        Self::load(tx, site)
    }

    fn load(conn: &mut Conn, site: Site) -> Result<Self, Error> {
        Ok(Self {
            settings: settings::get(conn, site.id)?,
            sections: sections::of_site(conn, site.id)?,
            site,
        })
    }

    /// What the actor reads of this site's desk.
    pub(super) fn desks(&self, actor: &Actor) -> Desks {
        let mut limited = actor.limited_with(Right::ReadEntries);
        limited.retain(|site, _| {
            *site == self.site.id && self.settings.desk_reading == DeskReading::Sections
        });
        Desks {
            sites: actor.sites_with(Right::ReadEntries),
            limited,
        }
    }

    /// Refuses unless the site's board still works.
    pub(super) fn must_be_active(&self) -> Result<(), Error> {
        match self.site.status {
            SiteStatus::Active => Ok(()),
            SiteStatus::ReadOnly | SiteStatus::Closed => {
                Err(Error::StateConflict("site_not_active"))
            }
        }
    }

    /// The section with this slug.
    pub(super) fn section(&self, slug: &str) -> Result<&Section, Error> {
        self.sections
            .iter()
            .find(|section| section.slug == slug)
            .ok_or_else(|| {
                Error::field(FieldError::new(
                    "/section",
                    FieldCode::NotFound,
                    "no section of this site has this slug",
                ))
            })
    }
}

impl Desk {
    /// An entry that the actor may read; unknown otherwise.
    pub(super) fn readable(
        conn: &mut Conn,
        actor: &Actor,
        address: &EntryAddress,
    ) -> Result<Self, Error> {
        let at = SiteDesk::readable(conn, actor, &address.site)?;
        let readable = at.desks(actor);
        let entry = entries::visible_to(conn, &readable, at.site.id, address.entry)?
            .ok_or(Error::NotFound)?;
        Self::load(conn, at, entry)
    }

    /// The same for writing; see [`SiteDesk::writable`].
    pub(super) fn writable(
        tx: &mut Tx<'_>,
        actor: &Actor,
        address: &EntryAddress,
    ) -> Result<Self, Error> {
        let at = SiteDesk::writable(tx, actor, &address.site)?;
        let readable = at.desks(actor);
        let entry = entries::visible_to(tx, &readable, at.site.id, address.entry)?;
        Self::load(tx, at, entry.ok_or(Error::NotFound)?)
    }

    /// An entry for writing by the system itself.
    pub(super) fn system_writable(tx: &mut Tx<'_>, id: EntryId) -> Result<Option<Self>, Error> {
        // An entry never changes its site, so this much may be read before the site is held.
        let Some(entry) = entries::system_get(tx, id)? else {
            return Ok(None);
        };
        let at = SiteDesk::held(tx, entry.site)?;
        let Some(entry) = entries::system_get(tx, id)? else {
            return Ok(None);
        };
        Self::load(tx, at, entry).map(Some)
    }

    /// An entry, for showing what a link leads to.
    pub(super) fn system(conn: &mut Conn, id: EntryId) -> Result<Option<Self>, Error> {
        let Some(entry) = entries::system_get(conn, id)? else {
            return Ok(None);
        };
        let site = sites::get(conn, entry.site)?.ok_or(Error::NotFound)?;
        let at = SiteDesk::load(conn, site)?;
        Self::load(conn, at, entry).map(Some)
    }

    fn load(conn: &mut Conn, at: SiteDesk, entry: Entry) -> Result<Self, Error> {
        let ids: Vec<_> = [entry.open, entry.live].into_iter().flatten().collect();
        let editions = editions::get_many(conn, &ids)?;
        let wanted: Vec<_> = editions.iter().map(|edition| edition.revision).collect();
        let found = revisions::get_many(conn, &wanted)?;
        let sheet = |id| {
            let edition = editions.iter().find(|edition| Some(edition.id) == id)?;
            let revision = found
                .iter()
                .find(|revision| revision.id == edition.revision)?;
            Some(Sheet {
                edition: edition.clone(),
                revision: revision.clone(),
            })
        };
        let (open, live) = (sheet(entry.open), sheet(entry.live));
        if open.is_some() != entry.open.is_some() || live.is_some() != entry.live.is_some() {
            // A draft that was deleted between two reads.
            return Err(Error::NotFound);
        }
        Ok(Self {
            at,
            entry,
            open,
            live,
        })
    }

    /// The open edition, or else the live one.
    pub(super) fn head(&self) -> Result<&Sheet, Error> {
        self.open
            .as_ref()
            .or(self.live.as_ref())
            .ok_or_else(|| Error::Internal(format!("entry {} has no edition", self.entry.id)))
    }

    /// Whether the actor reads this entry at the desk.
    pub(super) fn is_read_by(&self, actor: &Actor) -> Result<bool, Error> {
        let section = self.head()?.revision.section;
        Ok(self.at.desks(actor).covers(self.at.site.id, section))
    }

    /// Since when the entry is out of the public eye that was in it: withdrawn, or over by its own
    /// time, whether or not the clock has come by.
    pub(super) fn taken_back(&self, now: Moment) -> Option<Moment> {
        let live = self.live.as_ref()?;
        match live.edition.state {
            State::Published => {
                let end = content_of(&live.revision).ok()?.expire_at;
                end.filter(|end| *end <= now)
            }
            _ => live.edition.withdrawal.as_ref().map(|told| told.at),
        }
    }

    /// Sections that a section-limited right has to cover.
    pub(super) fn sections(&self) -> Vec<SectionId> {
        let mut found: Vec<SectionId> = [&self.open, &self.live]
            .into_iter()
            .flatten()
            .map(|sheet| sheet.revision.section)
            .collect();
        found.dedup();
        found
    }

    /// What the actor may do here, as long as the board works.
    pub(super) fn rights(&self, actor: &Actor) -> RightSet {
        actor.rights_in(self.at.site.id, &self.sections())
    }

    /// The actor as the workflow sees one.
    pub(super) fn by(&self, actor: &Actor) -> By {
        By::Person {
            user: actor.user,
            rights: self.rights(actor),
        }
    }

    /// What the workflow has to know.
    pub(super) fn facts(&self, now: Moment) -> Result<Facts, Error> {
        Ok(Facts {
            policy: self.at.settings.workflow_policy,
            open: self
                .open
                .as_ref()
                .map(|open| open_facts(open, self.live.as_ref())),
            live: self.live.as_ref().map(live_facts),
            incomplete: match &self.open {
                Some(open) => incomplete(&content_of(&open.revision)?, now),
                None => Vec::new(),
            },
        })
    }

    /// The columns of the working list.
    pub(super) fn head_columns(&self) -> Result<Head, Error> {
        let head = self.head()?;
        let second_look = |sheet: &Option<Sheet>| {
            sheet
                .as_ref()
                .is_some_and(|s| s.edition.needs_second_look())
        };
        Ok(Head {
            state: head.edition.state,
            section: head.revision.section,
            title: head.revision.title.clone(),
            assignee: head.edition.assignee,
            needs_second_look: second_look(&self.live) || second_look(&self.open),
        })
    }
}

/// Whose words an edition began with or took over, besides its authors'. An edition from before that
/// was noted began with those of the live one.
pub(super) fn earlier_authors(sheet: &Sheet, live: Option<&Sheet>) -> Vec<UserId> {
    match (&sheet.edition.earlier_authors, live) {
        (Some(noted), _) => noted.clone(),
        (None, Some(live)) if live.edition.id != sheet.edition.id => live.edition.authors.clone(),
        (None, _) => Vec::new(),
    }
}

fn open_facts(sheet: &Sheet, live: Option<&Sheet>) -> OpenFacts {
    let approved = sheet.edition.approval.as_ref();
    OpenFacts {
        state: sheet.edition.state,
        authors: sheet.edition.authors.clone(),
        earlier_authors: earlier_authors(sheet, live),
        approved_content: approved.is_some_and(|approval| approval.sha256 == sheet.revision.sha256),
    }
}

fn live_facts(sheet: &Sheet) -> LiveFacts {
    LiveFacts {
        state: sheet.edition.state,
        authors: sheet.edition.authors.clone(),
        forced_by: sheet.edition.forced.as_ref().map(|forced| forced.by),
        needs_second_look: sheet.edition.needs_second_look(),
    }
}

/// What content lacks to be handed in or published now.
fn incomplete(snapshot: &Snapshot, now: Moment) -> Vec<FieldError> {
    let mut errors = snapshot.incomplete();
    if snapshot.expire_at.is_some_and(|at| at <= now) {
        errors.push(FieldError::new(
            "/expire_at",
            FieldCode::NotInFuture,
            "would be over at once",
        ));
    }
    errors
}
