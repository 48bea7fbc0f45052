//! `GET /admin/sites/{site}`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get};

use super::SiteBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// Gives a site.
#[utoipa::path(
    tag = "admin",
    operation_id = "get_admin_site",
    security(("bearer" = [])),
    params(("site" = String, Path, description = "Slug of the site")),
    responses((status = 200, body = envelope::Data<SiteBody>, headers(("ETag" = String))))
)]
#[get("/admin/sites/{site}")]
pub(super) async fn get_admin_site(
    caller: Authorized<permissions::ReadSite>,
    ids: Ids<String>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let found = blocking(move || admin.get_site(&actor, &ids.0)).await?;
    let tag = caller
        .secrets()
        .version_tag("site", &found.site.id.to_string(), found.site.version);
    Ok(envelope::tagged(
        StatusCode::OK,
        &tag,
        SiteBody::from(found),
    ))
}
