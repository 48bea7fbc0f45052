//! Reading one entry.

use loa_domain::actor::Actor;
use loa_domain::content::ContentKind;

use super::desk::Desk;
use super::views::EditorialEntry;
use super::{Editorial, EntryAddress};
use crate::Error;

impl Editorial {
    /// The open edition of an entry, or else the live one.
    ///
    /// # Errors
    /// `NotFound` for what the actor may not read.
    pub fn read(&self, actor: &Actor, address: &EntryAddress) -> Result<EditorialEntry, Error> {
        let now = self.context.now();
        self.context
            .store
            .read(|conn| Desk::readable(conn, actor, address)?.view(conn, actor, now))
    }

    /// The type of an entry, which decides how its content is read.
    ///
    /// # Errors
    /// `NotFound` for what the actor may not read.
    pub fn kind(&self, actor: &Actor, address: &EntryAddress) -> Result<ContentKind, Error> {
        self.context
            .store
            .read(|conn| Ok(Desk::readable(conn, actor, address)?.entry.kind))
    }
}
