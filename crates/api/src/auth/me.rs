//! `GET /auth/me`.

use actix_web::{HttpResponse, get};
use loa_app::identity::{Me, SiteRights};
use loa_domain::ids::SiteId;
use loa_domain::right::Right;
use serde::Serialize;

use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, permissions};
use crate::people::{MembershipBody, UserBody};
use crate::problem::Problem;

/// What the caller is and may do.
#[derive(Serialize, utoipa::ToSchema)]
struct MeBody {
    /// Who.
    user: UserBody,
    /// Roles held.
    memberships: Vec<MembershipBody>,
    /// What these roles allow today.
    rights: RightsBody,
}

/// Rights by place.
#[derive(Serialize, utoipa::ToSchema)]
struct RightsBody {
    /// Rights that hold at every site.
    platform: Vec<Right>,
    /// Rights at the sites that roles at sites and units reach.
    sites: Vec<SiteRightsBody>,
}

/// Rights at a site, in at least one of its sections.
#[derive(Serialize, utoipa::ToSchema)]
struct SiteRightsBody {
    /// Identity of the site.
    id: SiteId,
    /// Its slug.
    #[schema(example = "hai-tien")]
    slug: String,
    /// The rights.
    rights: Vec<Right>,
}

impl From<SiteRights> for SiteRightsBody {
    fn from(site: SiteRights) -> Self {
        Self {
            id: site.id,
            slug: site.slug,
            rights: site.rights,
        }
    }
}

impl From<Me> for MeBody {
    fn from(me: Me) -> Self {
        Self {
            user: me.user.into(),
            memberships: me.memberships.into_iter().map(Into::into).collect(),
            rights: RightsBody {
                platform: me.platform,
                sites: me.sites.into_iter().map(Into::into).collect(),
            },
        }
    }
}

/// Gives the caller's account, roles, and rights by site.
#[utoipa::path(
    tag = "auth",
    operation_id = "get_me",
    security(("bearer" = [])),
    responses((status = 200, body = envelope::Data<MeBody>))
)]
#[get("/auth/me")]
pub(super) async fn get_me(
    caller: Authorized<permissions::SignedIn>,
) -> Result<HttpResponse, Problem> {
    let (identity, actor) = (caller.identity(), caller.actor());
    let me = blocking(move || identity.me(&actor)).await?;
    Ok(envelope::ok(MeBody::from(me)))
}
