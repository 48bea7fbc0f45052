//! `POST /admin/users/{id}/memberships`.

use actix_web::{HttpResponse, post};
use loa_app::admin::{GivenRole, NewMembership};
use loa_domain::ids::{SectionId, UnitId, UserId};
use loa_domain::people::Role;
use serde::Deserialize;

use super::MembershipBody;
use crate::admin::access_requests::AccessRequestBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, Json, Keyed, permissions};
use crate::problem::Problem;

/// A role as it is given.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = MembershipRequest)]
#[serde(deny_unknown_fields)]
struct NewMembershipInput {
    /// The role.
    role: Role,
    /// Slug of the site.
    #[serde(default)]
    #[schema(example = "hai-tien")]
    site: Option<String>,
    /// The unit, with all units below it.
    #[serde(default)]
    unit: Option<UnitId>,
    /// Only in these sections of the site and what is below them; empty for all.
    #[serde(default)]
    sections: Vec<SectionId>,
}

impl From<NewMembershipInput> for NewMembership {
    fn from(input: NewMembershipInput) -> Self {
        Self {
            role: input.role,
            site: input.site,
            unit: input.unit,
            sections: input.sections,
        }
    }
}

/// Gives a role to somebody else: at a site, at a unit with all below it or, with neither, on the
/// platform. A role that approves, publishes or manages people or sites waits for a second administrator
/// (202). Where the role reaches further than whoever made the account or gave the link of its password,
/// its password, sessions and links end.
#[utoipa::path(
    tag = "admin",
    operation_id = "create_membership",
    security(("bearer" = [])),
    params(
        ("id" = UserId, Path, description = "The person"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again"),
    ),
    request_body = NewMembershipInput,
    responses(
        (status = 201, body = envelope::Data<MembershipBody>, headers(("Location" = String))),
        (status = 202, description = "It waits for a second administrator",
            body = envelope::Data<AccessRequestBody>, headers(("Location" = String))),
    )
)]
#[post("/admin/users/{id}/memberships")]
pub(super) async fn create_membership(
    caller: Authorized<permissions::ManagePeople>,
    ids: Ids<UserId>,
    key: Keyed,
    body: Json<NewMembershipInput>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let (request, key) = (body.value.into(), key.with(&body.sha256));
    let user = ids.0;
    let made =
        blocking(move || admin.create_membership(&actor, user, &request, key.as_ref())).await?;
    match made {
        GivenRole::Given(made) => {
            let location = format!("/api/v1/admin/users/{user}/memberships/{}", made.id);
            envelope::made(&location, MembershipBody::from(made))
        }
        GivenRole::Waits(view) => {
            let body = AccessRequestBody::from(*view);
            envelope::waits(&body.location(), body)
        }
    }
}
