//! Expunctions: that a text be taken away for good, asked for by one person and confirmed by another.
//!
//! Not for the text itself, which is nowhere kept, and not for finding it: that is `needle`.

use crate::ids::{EntryId, ExpunctionId, SiteId, UserId};
use crate::time::Moment;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// How far an expunction has come.
    ExpunctionState {
        /// Waits for a second person.
        Asked = "asked",
        /// Done.
        Confirmed = "confirmed",
        /// Will not be done.
        Cancelled = "cancelled",
    }
}

vocabulary! {
    /// What kind of thing an expunction concerns.
    ItemKind {
        /// An entry, as it has to be when the expunction is confirmed.
        Entry = "entry",
        /// A revision: its content goes.
        Revision = "revision",
        /// A transition: its comment goes.
        Comment = "comment",
        /// An edition: the public reason of its withdrawal goes.
        Withdrawal = "withdrawal",
        /// An edition: where its readers are sent goes.
        Redirect = "redirect",
        /// An address of an entry: it goes.
        Address = "address",
        /// A record of the audit trail: its reason goes.
        Record = "record",
    }
}

/// A text to be taken away, or taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expunction {
    /// Identity.
    pub id: ExpunctionId,
    /// At which site.
    pub site: SiteId,
    /// From which entry.
    pub entry: EntryId,
    /// Whether a text was searched for, in translations too; otherwise one revision was named.
    pub by_text: bool,
    /// Why.
    pub reason: String,
    /// How far it has come.
    pub state: ExpunctionState,
    /// Who asked.
    pub asked_by: UserId,
    /// When.
    pub asked_at: Moment,
    /// Who confirmed or cancelled.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Moment>,
    /// When the database's files were cleaned after it.
    pub cleaned_at: Option<Moment>,
}

/// One thing that an expunction concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Of what kind.
    pub kind: ItemKind,
    /// What it is found by: an id; a keyed hash of an address; the number of a record.
    pub key: String,
    /// Of which entry.
    pub entry: EntryId,
    /// Version of the entry; number of the revision, transition, edition or record; else zero.
    pub number: i64,
    /// In which fields of a revision, as JSON Pointers.
    pub places: Vec<String>,
}
