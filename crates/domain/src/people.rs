//! People with accounts and the roles they hold.
//!
//! Not for what a role may do: that is `right`. Not for sign-in, which the use cases do.

use serde::{Deserialize, Serialize};

use crate::ids::{MembershipId, SectionId, SiteId, UnitId, UserId};
use crate::time::Moment;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What a person is on an editorial board or on the platform.
    Role {
        /// Cộng tác viên.
        Contributor = "contributor",
        /// Biên tập viên.
        Editor = "editor",
        /// Trưởng ban biên tập.
        ChiefEditor = "chief_editor",
        /// Quản trị đăng tải.
        Publisher = "publisher",
        /// Quản trị trang: settings, sections and people of a site.
        SiteAdmin = "site_admin",
        /// Thanh tra: reads everything, changes nothing.
        Auditor = "auditor",
        /// Quản trị hệ thống: units, sites and people of the installation.
        PlatformAdmin = "platform_admin",
    }
}

vocabulary! {
    /// Whether a person may sign in.
    UserStatus {
        /// Yes.
        Active = "active",
        /// No; all sessions are dead.
        Suspended = "suspended",
    }
}

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Identity.
    pub id: UserId,
    /// As written.
    pub email: String,
    /// Full name.
    pub name: String,
    /// Whether they may sign in.
    pub status: UserStatus,
    /// Whether a password was ever set.
    pub has_password: bool,
    /// Who made the account; none for the first ones, made on the command line.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Moment,
    /// Raised by each change.
    pub version: i64,
}

/// Where a role holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Everywhere, for platform roles.
    Platform,
    /// At the sites of a unit and of all units below it today.
    Unit(UnitId),
    /// At one site.
    Site(SiteId),
}

/// A role somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Identity.
    pub id: MembershipId,
    /// Whose.
    pub user: UserId,
    /// Which role.
    pub role: Role,
    /// Where.
    pub place: Place,
    /// Only in these sections and what is below them; empty for all.
    pub sections: Vec<SectionId>,
    /// Since when.
    pub created_at: Moment,
    /// Raised by each change.
    pub version: i64,
}

impl Role {
    /// Platform roles hold on the platform, all others at a site or a unit.
    pub fn fits(self, place: Place) -> bool {
        matches!(place, Place::Platform) == matches!(self, Role::PlatformAdmin)
    }

    /// Whether the role can be limited to sections.
    pub fn can_be_limited(self) -> bool {
        matches!(
            self,
            Role::Contributor | Role::Editor | Role::ChiefEditor | Role::Publisher
        )
    }
}

/// An email address as it is compared: lower case, without surrounding spaces.
pub fn email_key(email: &str) -> String {
    crate::text::nfc(email.trim()).to_lowercase()
}

/// Whether a text has the form of an email address that mail systems accept in practice.
pub fn is_email(text: &str) -> bool {
    text.len() <= 254 && validator::ValidateEmail::validate_email(&text)
}
