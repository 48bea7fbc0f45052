//! `PUT /admin/sites/{site}`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, put};
use loa_app::admin::SiteChange;
use loa_domain::site::{Localised, SiteStatus};
use serde::Deserialize;

use super::SiteBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Conditions, Ids, Json, permissions};
use crate::problem::Problem;

/// What may change of a site.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = SiteReplaceRequest)]
#[serde(deny_unknown_fields)]
struct SiteInput {
    /// Its title, in the default language at least, at most 200 characters each.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    title: Localised,
    /// What may still be done.
    status: SiteStatus,
    /// Slug of the site that took over.
    #[serde(default)]
    successor: Option<String>,
}

impl From<SiteInput> for SiteChange {
    fn from(input: SiteInput) -> Self {
        Self {
            title: input.title,
            status: input.status,
            successor: input.successor,
        }
    }
}

/// Replaces title, status and successor of a site; the latter two are the platform's to change.
#[utoipa::path(
    tag = "admin",
    operation_id = "replace_site",
    security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site"),
        ("If-Match" = String, Header, description = "Tag of the version that is replaced"),
    ),
    request_body = SiteInput,
    responses((status = 200, body = envelope::Data<SiteBody>, headers(("ETag" = String))))
)]
#[put("/admin/sites/{site}")]
pub(super) async fn replace_site(
    caller: Authorized<permissions::ManageSettings>,
    ids: Ids<String>,
    conditions: Conditions,
    body: Json<SiteInput>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let (request, if_match) = (body.value.into(), conditions.if_match);
    let found = blocking(move || admin.replace_site(&actor, &ids.0, &request, &if_match)).await?;
    let tag = caller
        .secrets()
        .version_tag("site", &found.site.id.to_string(), found.site.version);
    Ok(envelope::tagged(
        StatusCode::OK,
        &tag,
        SiteBody::from(found),
    ))
}
