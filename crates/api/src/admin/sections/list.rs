//! `GET /admin/sites/{site}/sections`.

use actix_web::{HttpResponse, get};

use super::SectionBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// Lists every section of a site, each before those below it. There are at most 500.
#[utoipa::path(
    tag = "admin",
    operation_id = "list_admin_sections",
    security(("bearer" = [])),
    params(("site" = String, Path, description = "Slug of the site")),
    responses((status = 200, body = envelope::Data<Vec<SectionBody>>))
)]
#[get("/admin/sites/{site}/sections")]
pub(super) async fn list_admin_sections(
    caller: Authorized<permissions::ReadSite>,
    site: Ids<String>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let found = blocking(move || admin.list_sections(&actor, &site.0)).await?;
    let data: Vec<SectionBody> = found.into_iter().map(Into::into).collect();
    Ok(envelope::ok(data))
}
