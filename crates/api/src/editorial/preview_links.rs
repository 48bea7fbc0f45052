//! `…/{id}/preview-links`: made, listed and ended.

use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use loa_app::editorial::{EntryAddress, NewPreviewLink, PreviewLinkView};
use loa_domain::ids::{EntryId, PreviewLinkId};
use loa_domain::paging::Page;
use serde::Deserialize;

use super::read::address;
use crate::blocking::blocking;
use crate::envelope::{self, Data, List};
use crate::extract::{Authorized, Ids, Json, Keyed, Query, permissions};
use crate::paging::{self, ListIdentity, PageParams};
use crate::problem::Problem;

/// A wanted link.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PreviewLinkBody {
    /// Number of the revision to show; the newest one when missing.
    revision: Option<i32>,
    /// How long it works, in hours, at most 168; 72 when missing.
    #[schema(minimum = 1, maximum = 168)]
    hours: Option<u32>,
}

/// Which page of an entry's links.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkListQuery {
    /// How many on a page, 1 to 100; 20 when missing.
    #[serde(rename = "page[size]")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    size: Option<String>,
    /// Cursor: the page after it.
    #[serde(rename = "page[after]")]
    after: Option<String>,
    /// Cursor: the page before it.
    #[serde(rename = "page[before]")]
    before: Option<String>,
    /// Whether to count all.
    #[param(value_type = Option<bool>)]
    count: Option<String>,
}

/// Links of an entry, newest first.
#[utoipa::path(
    tag = "editorial", operation_id = "list_preview_links", security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site", example = "hai-tien"),
        ("id" = EntryId, Path, description = "The entry"),
        LinkListQuery,
    ),
    responses((status = 200, description = "A page", body = List<PreviewLinkView>))
)]
#[get("/editorial/sites/{site}/entries/{id}/preview-links")]
pub(crate) async fn list_preview_links(
    caller: Authorized<permissions::ReadEntries>,
    path: Ids<(String, EntryId)>,
    query: Query<LinkListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let LinkListQuery {
        size,
        after,
        before,
        count,
    } = query.0;
    let params = PageParams {
        size,
        after,
        before,
        count,
    };
    let list = ListIdentity::new(request.path(), "-created_at", "");
    let ask = paging::ask(&params, &list, caller.secrets())?;
    let (editorial, actor, size) = (caller.editorial(), caller.actor(), ask.size);
    let page: Page<PreviewLinkView> =
        blocking(move || editorial.preview_links(&actor, &address(path.0), &ask)).await?;
    let secrets = caller.secrets();
    Ok(paging::private_list::<_, PreviewLinkView>(
        &request, page, size, &list, secrets,
    ))
}

/// Makes a link that shows one revision without an account. Its token is shown once. To show what was
/// withdrawn or has expired, it takes the right to withdraw.
#[utoipa::path(
    tag = "editorial", operation_id = "create_preview_link", security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site", example = "hai-tien"),
        ("id" = EntryId, Path, description = "The entry"),
        ("Idempotency-Key" = Option<String>, Header, description = "Send the same key to repeat safely"),
    ),
    request_body = PreviewLinkBody,
    responses((status = 201, description = "The link", body = Data<NewPreviewLink>,
        headers(("Location" = String, description = "Where to read it"))))
)]
#[post("/editorial/sites/{site}/entries/{id}/preview-links")]
pub(crate) async fn create_preview_link(
    caller: Authorized<permissions::Preview>,
    path: Ids<(String, EntryId)>,
    keyed: Keyed,
    body: Json<PreviewLinkBody>,
) -> Result<HttpResponse, Problem> {
    let idempotency = keyed.with(&body.sha256);
    let PreviewLinkBody { revision, hours } = body.value;
    let (editorial, actor) = (caller.editorial(), caller.actor());
    let address = address(path.0);
    let made = blocking(move || {
        editorial.create_preview_link(&actor, &address, revision, hours, idempotency.as_ref())
    })
    .await?;
    let mut builder = envelope::private(actix_web::http::StatusCode::CREATED);
    if let Some(url) = &made.url {
        builder.insert_header(("Location", url.as_str()));
    }
    Ok(builder.json(Data { data: made }))
}

/// Ends a link.
#[utoipa::path(
    tag = "editorial", operation_id = "revoke_preview_link", security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site", example = "hai-tien"),
        ("id" = EntryId, Path, description = "The entry"),
        ("link" = PreviewLinkId, Path, description = "The link"),
    ),
    responses((status = 204, description = "It shows nothing any more"))
)]
#[delete("/editorial/sites/{site}/entries/{id}/preview-links/{link}")]
pub(crate) async fn revoke_preview_link(
    caller: Authorized<permissions::Preview>,
    path: Ids<(String, EntryId, PreviewLinkId)>,
) -> Result<HttpResponse, Problem> {
    let (site, entry, link) = path.0;
    let address = EntryAddress { site, entry };
    let (editorial, actor) = (caller.editorial(), caller.actor());
    blocking(move || editorial.revoke_preview_link(&actor, &address, link)).await?;
    Ok(envelope::no_content())
}
