//! Delivery of pages: thin shims around what all types share.

use actix_web::{HttpResponse, get};
use loa_domain::content::ContentKind;
use loa_domain::published::Card;

use super::documents::PageDocument;
use super::lists::{self, KindListParams};
use super::reads::{self, ReadParams};
use super::visit::Visit;
use crate::envelope::{Data, List};
use crate::extract::{Ids, Query};
use crate::problem::{Problem, ProblemBody};

/// Published pages of a site, as cards.
#[utoipa::path(
    tag = "delivery", operation_id = "list_pages", security(()),
    params(("site" = String, Path, description = "Slug of the site"), KindListParams),
    responses((status = 200, body = List<Card>), (status = 304, description = "Not modified"))
)]
#[get("/sites/{site}/pages")]
pub(crate) async fn list_pages(
    visit: Visit,
    site: Ids<String>,
    query: Query<KindListParams>,
) -> Result<HttpResponse, Problem> {
    lists::of_kind(visit, ContentKind::Page, site.0, query.0).await
}

/// A published page. An old slug leads to the new one.
#[utoipa::path(
    tag = "delivery", operation_id = "get_page", security(()),
    params(
        ("site" = String, Path, description = "Slug of the site"),
        ("slug" = String, Path, description = "Slug of the page"),
        ReadParams
    ),
    responses(
        (status = 200, body = Data<PageDocument>),
        (status = 301, description = "Withdrawn; another takes its place", headers(("Location" = String))),
        (status = 304, description = "Not modified"),
        (status = 308, description = "Has another slug now", headers(("Location" = String))),
        (status = 410, description = "Withdrawn or expired", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[get("/sites/{site}/pages/{slug}")]
pub(crate) async fn get_page(
    visit: Visit,
    address: Ids<(String, String)>,
    query: Query<ReadParams>,
) -> Result<HttpResponse, Problem> {
    reads::by_slug(visit, ContentKind::Page, address.0, query.0).await
}
