//! `PUT /admin/sites/{site}/allowed-hosts`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, put};
use serde::Deserialize;

use super::AllowedHostsBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Conditions, Ids, Json, permissions};
use crate::problem::Problem;

/// The names that a site is to be allowed.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = AllowedHostsRequest)]
#[serde(deny_unknown_fields)]
struct AllowedHostsInput {
    /// Host names in lower case, or `*.` and one, where the star stands for one label; at most 50. Each
    /// is allowed to one site only.
    #[schema(example = json!(["haitien.ninhbinh.gov.vn", "*.haitien.ninhbinh.gov.vn"]))]
    allowed_hosts: Vec<String>,
}

/// Replaces the host names that a site may use, as the platform's administrators do. The site gives up at
/// once what is no longer allowed.
#[utoipa::path(
    tag = "admin",
    operation_id = "replace_allowed_hosts",
    security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site"),
        ("If-Match" = String, Header, description = "Tag of the version that is replaced"),
    ),
    request_body = AllowedHostsInput,
    responses((status = 200, body = envelope::Data<AllowedHostsBody>, headers(("ETag" = String))))
)]
#[put("/admin/sites/{site}/allowed-hosts")]
pub(super) async fn replace_allowed_hosts(
    caller: Authorized<permissions::ManageSites>,
    ids: Ids<String>,
    conditions: Conditions,
    body: Json<AllowedHostsInput>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let (wanted, if_match) = (body.value.allowed_hosts, conditions.if_match);
    let found =
        blocking(move || admin.replace_allowed_hosts(&actor, &ids.0, &wanted, &if_match)).await?;
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
