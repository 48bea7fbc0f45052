//! How people and their roles look, to themselves and to administrators.

use loa_app::identity::HeldRole;
use loa_domain::ids::{MembershipId, SectionId, UserId};
use loa_domain::people::{Role, User, UserStatus};
use loa_domain::time::Moment;
use loa_domain::unit::UnitName;
use serde::Serialize;

/// A person with an account.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = User)]
pub(crate) struct UserBody {
    /// Identity.
    id: UserId,
    /// Email address, as written.
    #[schema(example = "lanh@haitien.example")]
    email: String,
    /// Full name.
    #[schema(example = "Trần Thị Lành")]
    name: String,
    /// Whether they may sign in.
    status: UserStatus,
    /// Whether a password was ever set.
    has_password: bool,
    /// Who made the account; null for those made on the command line.
    #[schema(required)]
    created_by: Option<UserId>,
    /// When.
    created_at: Moment,
}

impl From<User> for UserBody {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            name: user.name,
            status: user.status,
            has_password: user.has_password,
            created_by: user.created_by,
            created_at: user.created_at,
        }
    }
}

/// A role somebody holds. With neither site nor unit it holds on the platform.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Membership)]
pub(crate) struct MembershipBody {
    /// Identity.
    id: MembershipId,
    /// The role.
    role: Role,
    /// Slug of the site it holds at.
    #[schema(required, example = "hai-tien")]
    site: Option<String>,
    /// The unit it holds at, with all units below it today.
    #[schema(required)]
    unit: Option<UnitName>,
    /// Only in these sections and what is below them; empty for all.
    sections: Vec<SectionId>,
    /// Since when.
    created_at: Moment,
}

impl From<HeldRole> for MembershipBody {
    fn from(held: HeldRole) -> Self {
        Self {
            id: held.id,
            role: held.role,
            site: held.site,
            unit: held.unit,
            sections: held.sections,
            created_at: held.created_at,
        }
    }
}
