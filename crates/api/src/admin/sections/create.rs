//! `POST /admin/sites/{site}/sections`.

use actix_web::{HttpResponse, post};

use super::{SectionBody, SectionInput};
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, Json, Keyed, permissions};
use crate::problem::Problem;

/// Makes a section.
#[utoipa::path(
    tag = "admin",
    operation_id = "create_section",
    security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again"),
    ),
    request_body = SectionInput,
    responses((status = 201, body = envelope::Data<SectionBody>, headers(("ETag" = String), ("Location" = String))))
)]
#[post("/admin/sites/{site}/sections")]
pub(super) async fn create_section(
    caller: Authorized<permissions::ManageSections>,
    ids: Ids<String>,
    key: Keyed,
    body: Json<SectionInput>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let (request, key) = (body.value.into(), key.with(&body.sha256));
    let site = ids.0.clone();
    let made =
        blocking(move || admin.create_section(&actor, &ids.0, &request, key.as_ref())).await?;
    let tag = caller
        .secrets()
        .version_tag("section", &made.id.to_string(), made.version);
    let location = format!("/api/v1/admin/sites/{site}/sections/{}", made.id);
    envelope::created(&tag, &location, SectionBody::from(made))
}
