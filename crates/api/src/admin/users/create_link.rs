//! `POST /admin/users/{id}/password-link`.

use actix_web::{HttpResponse, post};
use loa_domain::ids::UserId;

use super::PasswordLinkBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, Keyed, permissions};
use crate::problem::Problem;

/// Makes a one-time link that sets a person's password, in place of all earlier ones. It is good
/// for 72 hours, and for as long as its maker manages the person.
#[utoipa::path(
    tag = "admin",
    operation_id = "create_password_link",
    security(("bearer" = [])),
    params(
        ("id" = UserId, Path, description = "The person"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again"),
    ),
    responses((status = 200, body = envelope::Data<PasswordLinkBody>))
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
    let link = blocking(move || admin.create_password_link(&actor, id.0, key.as_ref())).await?;
    Ok(envelope::ok(PasswordLinkBody::from(link)))
}
