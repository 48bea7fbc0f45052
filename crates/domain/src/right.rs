//! Rights, and which role has which: a table, not a ladder.
//!
//! Not for whether an action fits an entry's state: that is the workflow. Not for objects: a right
//! holds at a place, see `actor`.

use crate::people::Role;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Something a role may do.
    Right {
        /// Read every entry of a site with its history.
        ReadEntries = "read_entries",
        /// Write a new entry or a translation.
        Create = "create",
        /// Save an edition one is an author of.
        SaveOwn = "save_own",
        /// Save any edition.
        SaveAny = "save_any",
        /// Submit an edition one is an author of.
        SubmitOwn = "submit_own",
        /// Submit any edition.
        SubmitAny = "submit_any",
        /// Take back what one submitted.
        Recall = "recall",
        /// Give an edition to somebody.
        Assign = "assign",
        /// Pass a review.
        Pass = "pass",
        /// Send an edition back to its authors.
        RequestChanges = "request_changes",
        /// Approve.
        Approve = "approve",
        /// Publish, schedule and unschedule what is approved.
        Publish = "publish",
        /// Publish without approval.
        ForcePublish = "force_publish",
        /// Confirm what was published without approval.
        Confirm = "confirm",
        /// Withdraw what is published.
        Withdraw = "withdraw",
        /// Open a new edition of what is published or withdrawn.
        Revise = "revise",
        /// Open a new edition of what is archived.
        ReviseArchived = "revise_archived",
        /// Archive.
        Archive = "archive",
        /// Take a text out of an entry and all its history for good, as one of two persons.
        Expunge = "expunge",
        /// Make links that show a revision without an account.
        Preview = "preview",
        /// Read sections, settings and people of a site.
        ReadSite = "read_site",
        /// Change a site's settings.
        ManageSettings = "manage_settings",
        /// Change a site's sections.
        ManageSections = "manage_sections",
        /// Give and take roles.
        ManagePeople = "manage_people",
        /// Read the audit trail.
        ReadAudit = "read_audit",
        /// Change units.
        ManageUnits = "manage_units",
        /// Make and close sites.
        ManageSites = "manage_sites",
    }
}

/// A set of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RightSet(u64);

/// Each right has a bit of its own.
const _: () = assert!(Right::ALL.len() <= u64::BITS as usize);

impl RightSet {
    /// No right.
    pub const EMPTY: Self = Self(0);

    /// The set of the given rights.
    pub fn of(rights: &[Right]) -> Self {
        rights
            .iter()
            .fold(Self::EMPTY, |set, right| Self(set.0 | 1 << *right as u32))
    }

    /// Whether the right is in the set.
    pub const fn has(self, right: Right) -> bool {
        self.0 & (1 << right as u32) != 0
    }

    /// Rights in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Rights in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The rights, in the order of the list.
    pub fn list(self) -> Vec<Right> {
        Right::ALL
            .iter()
            .copied()
            .filter(|right| self.has(*right))
            .collect()
    }
}

const CONTRIBUTOR: &[Right] = &[
    Right::ReadEntries,
    Right::Create,
    Right::SaveOwn,
    Right::SubmitOwn,
    Right::Recall,
    Right::Revise,
    Right::Preview,
    Right::ReadSite,
];
const EDITOR: &[Right] = &[
    Right::SaveAny,
    Right::SubmitAny,
    Right::Assign,
    Right::Pass,
    Right::RequestChanges,
];
const CHIEF_EDITOR: &[Right] = &[
    Right::Approve,
    Right::Publish,
    Right::ForcePublish,
    Right::Confirm,
    Right::Withdraw,
    Right::Expunge,
];
const PUBLISHER: &[Right] = &[
    Right::ReadEntries,
    Right::Publish,
    Right::Withdraw,
    Right::Preview,
    Right::ReadSite,
];
const SITE_ADMIN: &[Right] = &[
    Right::ReadEntries,
    Right::Archive,
    Right::ReviseArchived,
    Right::Expunge,
    Right::ReadSite,
    Right::ManageSettings,
    Right::ManageSections,
    Right::ManagePeople,
    Right::ReadAudit,
];
const AUDITOR: &[Right] = &[Right::ReadEntries, Right::ReadSite, Right::ReadAudit];
const PLATFORM_ADMIN: &[Right] = &[
    Right::Expunge,
    Right::ReadSite,
    Right::ManageSettings,
    Right::ManageSections,
    Right::ManagePeople,
    Right::ReadAudit,
    Right::ManageUnits,
    Right::ManageSites,
];

/// Rights that decide what is published, or who may do what: a role with one of them is given by two
/// administrators.
const BY_TWO: &[Right] = &[
    Right::Approve,
    Right::Publish,
    Right::ForcePublish,
    Right::Confirm,
    Right::ManageSettings,
    Right::ManagePeople,
    Right::ManageUnits,
    Right::ManageSites,
];

impl Role {
    /// Whether one administrator alone cannot give this role: it approves, publishes or manages people
    /// or sites.
    pub fn is_given_by_two(self) -> bool {
        !self.rights().intersection(RightSet::of(BY_TWO)).is_empty()
    }

    /// What the role may do where it holds.
    pub fn rights(self) -> RightSet {
        let lists: &[&[Right]] = match self {
            Role::Contributor => &[CONTRIBUTOR],
            Role::Editor => &[CONTRIBUTOR, EDITOR],
            Role::ChiefEditor => &[CONTRIBUTOR, EDITOR, CHIEF_EDITOR],
            Role::Publisher => &[PUBLISHER],
            Role::SiteAdmin => &[SITE_ADMIN],
            Role::Auditor => &[AUDITOR],
            Role::PlatformAdmin => &[PLATFORM_ADMIN],
        };
        lists
            .iter()
            .fold(RightSet::EMPTY, |set, list| set.union(RightSet::of(list)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_administrators_give_what_decides() {
        let by_two: Vec<Role> = Role::ALL
            .iter()
            .copied()
            .filter(|role| role.is_given_by_two())
            .collect();
        assert_eq!(
            by_two,
            [
                Role::ChiefEditor,
                Role::Publisher,
                Role::SiteAdmin,
                Role::PlatformAdmin
            ]
        );
    }
}
