//! `POST /admin/access-requests/{id}/confirm`.

use actix_web::{HttpResponse, post};
use loa_app::admin::ConfirmedAccess;
use loa_domain::ids::AccessRequestId;
use serde::Serialize;

use super::AccessRequestBody;
use crate::admin::users::PasswordLinkBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, Keyed, permissions};
use crate::problem::Problem;

/// What was confirmed.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ConfirmedAccessRequest)]
struct ConfirmedBody {
    /// The request as it is now.
    request: AccessRequestBody,
    /// The link that was asked for, or the one that the person needs because the role has ended their
    /// password; null where there is none.
    #[schema(required)]
    password_link: Option<PasswordLinkBody>,
}

impl From<ConfirmedAccess> for ConfirmedBody {
    fn from(confirmed: ConfirmedAccess) -> Self {
        Self {
            request: confirmed.request.into(),
            password_link: confirmed.link.map(Into::into),
        }
    }
}

/// Confirms what another administrator asked for, as a second person: neither of the two accounts was
/// made by the other, or had its password link from the other, at any remove; but whoever manages people
/// from a unit further above, or on the platform, may have made the account of the one who asked.
#[utoipa::path(
    tag = "admin",
    operation_id = "confirm_access_request",
    security(("bearer" = [])),
    params(
        ("id" = AccessRequestId, Path, description = "The request"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again"),
    ),
    responses((status = 200, body = envelope::Data<ConfirmedBody>))
)]
#[post("/admin/access-requests/{id}/confirm")]
pub(super) async fn confirm_access_request(
    caller: Authorized<permissions::ManagePeople>,
    id: Ids<AccessRequestId>,
    key: Keyed,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    // There is no body that could differ.
    let key = key.with("");
    let confirmed = blocking(move || admin.confirm_access(&actor, id.0, key.as_ref())).await?;
    Ok(envelope::ok(ConfirmedBody::from(confirmed)))
}
