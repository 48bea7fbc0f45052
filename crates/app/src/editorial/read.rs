//! Reading one entry.

use loa_domain::actor::Actor;

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
}
