//! `GET /admin/users/{id}`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get};
use loa_domain::ids::UserId;

use super::UserBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// Gives a person.
#[utoipa::path(
    tag = "admin",
    operation_id = "get_user",
    security(("bearer" = [])),
    params(("id" = UserId, Path, description = "The person")),
    responses((status = 200, body = envelope::Data<UserBody>, headers(("ETag" = String))))
)]
#[get("/admin/users/{id}")]
pub(super) async fn get_user(
    caller: Authorized<permissions::ReadAudit>,
    ids: Ids<UserId>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let found = blocking(move || admin.get_user(&actor, ids.0)).await?;
    let tag = caller
        .secrets()
        .version_tag("user", &found.id.to_string(), found.version);
    Ok(envelope::tagged(
        StatusCode::OK,
        &tag,
        UserBody::from(found),
    ))
}
