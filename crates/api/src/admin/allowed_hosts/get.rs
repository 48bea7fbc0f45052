//! `GET /admin/sites/{site}/allowed-hosts`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get};

use super::AllowedHostsBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// Gives the host names that a site may use.
#[utoipa::path(
    tag = "admin",
    operation_id = "get_allowed_hosts",
    security(("bearer" = [])),
    params(("site" = String, Path, description = "Slug of the site")),
    responses((status = 200, body = envelope::Data<AllowedHostsBody>, headers(("ETag" = String))))
)]
#[get("/admin/sites/{site}/allowed-hosts")]
pub(super) async fn get_allowed_hosts(
    caller: Authorized<permissions::ReadSite>,
    ids: Ids<String>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let found = blocking(move || admin.allowed_hosts(&actor, &ids.0)).await?;
    let id = found.site.to_string();
    let tag = caller
        .secrets()
        .version_tag("allowed_hosts", &id, found.version);
    Ok(envelope::tagged(
        StatusCode::OK,
        &tag,
        AllowedHostsBody::from(found),
    ))
}
