//! Identifiers: one type for each kind of thing, all `UUIDv7` in text.
//!
//! Not for making ids: that needs a clock and randomness, which the use cases have.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is no id of the wanted kind. The text itself is not repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct InvalidId;

macro_rules! ids {
    ($($(#[$doc:meta])+ $name:ident),+ $(,)?) => {$(
        $(#[$doc])+
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            utoipa::ToSchema,
        )]
        #[serde(transparent)]
        #[schema(value_type = String, format = Uuid)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID made elsewhere.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            /// Accepts the canonical form only: 36 characters, lower case.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let id = Uuid::try_parse(text).map_err(|_| InvalidId)?;
                if id.as_hyphenated().to_string() == text { Ok(Self(id)) } else { Err(InvalidId) }
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
    )+};
}

ids! {
    /// An administrative unit in one period of its life (đơn vị hành chính).
    UnitId,
    /// A statement that one unit succeeded another.
    SuccessionId,
    /// A unit's site.
    SiteId,
    /// A column of a site (chuyên mục).
    SectionId,
    /// A person with an account.
    UserId,
    /// A role of a person at a site, at a unit or on the platform.
    MembershipId,
    /// A signed-in session.
    SessionId,
    /// A one-time link to set a password.
    PasswordLinkId,
    /// A piece of content through all its editions.
    EntryId,
    /// What ties an entry to its translations.
    TranslationGroupId,
    /// One version of an entry on its way through the workflow.
    EditionId,
    /// One immutable snapshot of an edition.
    RevisionId,
    /// One recorded action of the workflow.
    TransitionId,
    /// A link that shows one revision without an account.
    PreviewLinkId,
    /// Work left by a change to something that documents embed.
    ReprojectionId,
    /// One row of the audit trail.
    AuditId,
    /// One counted sign-in failure.
    LoginFailureId,
    /// Tries to sign in, as the history keeps them.
    SignInId,
    /// A request that a text be taken away for good.
    ExpunctionId,
    /// Something about an account that waits for a second administrator.
    AccessRequestId,
    /// Something a person is told about their own account.
    NoticeId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_form_is_an_id() {
        let text = "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b";
        assert_eq!(
            text.parse::<EntryId>().map(|id| id.to_string()),
            Ok(text.to_owned())
        );
        for bad in [
            "",
            "1",
            "019A2B3C-4D5E-7F60-8A9B-0C1D2E3F4A5B",
            "019a2b3c4d5e7f608a9b0c1d2e3f4a5b",
        ] {
            assert_eq!(bad.parse::<EntryId>(), Err(InvalidId), "{bad}");
        }
    }
}
