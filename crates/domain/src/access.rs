//! What waits for a second administrator, and what a person is told about their own account.
//!
//! Not for who may ask, confirm or refuse: the use cases decide that.

use crate::ids::{AccessRequestId, NoticeId, SectionId, UserId};
use crate::people::{Place, Role};
use crate::time::Moment;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What an administrator asks for.
    AccessKind {
        /// A role that approves, publishes or manages people or sites.
        Role = "role",
        /// A link that sets the password of somebody who has one.
        PasswordLink = "password_link",
    }
}

vocabulary! {
    /// How far a request has come.
    AccessState {
        /// Waits for a second administrator.
        Waiting = "waiting",
        /// Done.
        Confirmed = "confirmed",
        /// A second administrator said no.
        Refused = "refused",
        /// Whoever asked took it back.
        Cancelled = "cancelled",
        /// Nobody decided in time.
        Expired = "expired",
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessWhat {
    /// A role at a place.
    Role {
        /// The role.
        role: Role,
        /// Where.
        place: Place,
        /// Only in these sections and what is below them; empty for all.
        sections: Vec<SectionId>,
    },
    /// A link that sets the password.
    PasswordLink,
}

impl AccessWhat {
    /// The kind alone.
    pub fn kind(&self) -> AccessKind {
        match self {
            AccessWhat::Role { .. } => AccessKind::Role,
            AccessWhat::PasswordLink => AccessKind::PasswordLink,
        }
    }
}

/// Something that one administrator asks for and another one confirms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRequest {
    /// Identity.
    pub id: AccessRequestId,
    /// Whose account it is about.
    pub user: UserId,
    /// What is asked for.
    pub what: AccessWhat,
    /// As stored: waiting until somebody decides. See [`AccessRequest::state_at`].
    pub state: AccessState,
    /// Who asked.
    pub asked_by: UserId,
    /// When.
    pub asked_at: Moment,
    /// Until when it can be confirmed.
    pub expires_at: Moment,
    /// Who confirmed, refused or took it back; none for the operator of the machine too.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Moment>,
}

impl AccessRequest {
    /// How far it has come at a time.
    pub fn state_at(&self, now: Moment) -> AccessState {
        if self.state == AccessState::Waiting && self.expires_at <= now {
            AccessState::Expired
        } else {
            self.state
        }
    }
}

vocabulary! {
    /// What a person is told about their own account.
    NoticeKind {
        /// Somebody gave them a role.
        RoleGiven = "role_given",
        /// Somebody ended a role of theirs.
        RoleEnded = "role_ended",
        /// Somebody made a link that sets their password.
        PasswordLink = "password_link",
        /// Their password, sessions and links ended, because a role reached further than whoever had
        /// set up the account.
        SignInEnded = "sign_in_ended",
    }
}

/// Something a person is told about their own account until they have seen it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Identity.
    pub id: NoticeId,
    /// Who is told.
    pub user: UserId,
    /// What happened.
    pub kind: NoticeKind,
    /// Who did it, or asked for it; none for the operator of the machine.
    pub by: Option<UserId>,
    /// Which second administrator confirmed it.
    pub confirmed_by: Option<UserId>,
    /// Which role, where it is about one.
    pub role: Option<Role>,
    /// Where the role holds.
    pub place: Option<Place>,
    /// When.
    pub at: Moment,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_waits_for_ever() {
        let at = |text: &str| text.parse::<Moment>().unwrap();
        let id = uuid::Uuid::from_u128(1);
        let mut request = AccessRequest {
            id: id.into(),
            user: id.into(),
            what: AccessWhat::PasswordLink,
            state: AccessState::Waiting,
            asked_by: id.into(),
            asked_at: at("2026-11-20T00:00:00Z"),
            expires_at: at("2026-11-27T00:00:00Z"),
            decided_by: None,
            decided_at: None,
        };
        let state = |request: &AccessRequest, text| request.state_at(at(text));
        assert_eq!(
            state(&request, "2026-11-26T23:59:59Z"),
            AccessState::Waiting
        );
        assert_eq!(
            state(&request, "2026-11-27T00:00:00Z"),
            AccessState::Expired
        );
        request.state = AccessState::Refused;
        assert_eq!(
            state(&request, "2026-11-27T00:00:00Z"),
            AccessState::Refused
        );
    }
}
