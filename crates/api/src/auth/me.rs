//! `GET /auth/me`.

use actix_web::{HttpResponse, get};
use loa_app::identity::{Me, NoticeView, SiteRights};
use loa_domain::access::NoticeKind;
use loa_domain::ids::{NoticeId, SiteId};
use loa_domain::people::Role;
use loa_domain::right::Right;
use loa_domain::time::Moment;
use loa_domain::unit::UnitName;
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
    /// What others did to the account and the caller has not marked as seen; the newest 50, newest first.
    notices: Vec<NoticeBody>,
}

/// Something that others did to the caller's account.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Notice)]
struct NoticeBody {
    /// Identity.
    id: NoticeId,
    /// What happened.
    kind: NoticeKind,
    /// Name of whoever did it, or asked for it; null for the operator of the machine.
    #[schema(required)]
    by: Option<String>,
    /// Name of the second administrator who confirmed it.
    #[schema(required)]
    confirmed_by: Option<String>,
    /// Which role, where it is about one.
    #[schema(required)]
    role: Option<Role>,
    /// Slug of the site where the role holds.
    #[schema(required, example = "hai-tien")]
    site: Option<String>,
    /// The unit where the role holds.
    #[schema(required)]
    unit: Option<UnitName>,
    /// When.
    at: Moment,
}

impl From<NoticeView> for NoticeBody {
    fn from(notice: NoticeView) -> Self {
        Self {
            id: notice.id,
            kind: notice.kind,
            by: notice.by,
            confirmed_by: notice.confirmed_by,
            role: notice.role,
            site: notice.site,
            unit: notice.unit,
            at: notice.at,
        }
    }
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
            notices: me.notices.into_iter().map(Into::into).collect(),
        }
    }
}

/// Gives the caller's account, roles, rights by site, and what others did to the account.
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
