//! `POST /admin/users/{id}/password-link`.

use actix_web::{HttpResponse, post};
use loa_app::admin::AskedLink;
use loa_domain::ids::UserId;

use super::PasswordLinkBody;
use crate::admin::access_requests::AccessRequestBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, Keyed, permissions};
use crate::problem::Problem;

/// Makes a one-time link that sets a person's password, in place of all earlier ones. It is good
/// for 72 hours, and for as long as its maker manages the person. For somebody who has or had a password,
/// or whose role takes two administrators, it waits for a second one (202), who gets the link.
#[utoipa::path(
    tag = "admin",
    operation_id = "create_password_link",
    security(("bearer" = [])),
    params(
        ("id" = UserId, Path, description = "The person"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again"),
    ),
    responses(
        (status = 200, body = envelope::Data<PasswordLinkBody>),
        (status = 202, description = "It waits for a second administrator",
            body = envelope::Data<AccessRequestBody>, headers(("Location" = String))),
    )
)]
#[post("/admin/users/{id}/password-link")]
pub(super) async fn create_password_link(
    caller: Authorized<permissions::ManagePeople>,
    id: Ids<UserId>,
    key: Keyed,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    // There is no body that could differ.
    let key = key.with("");
    let asked = blocking(move || admin.create_password_link(&actor, id.0, key.as_ref())).await?;
    match asked {
        AskedLink::Made(link) => Ok(envelope::ok(PasswordLinkBody::from(link))),
        AskedLink::Waits(view) => {
            let body = AccessRequestBody::from(*view);
            envelope::waits(&body.location(), body)
        }
    }
}
