//! Delivery of articles: thin shims around what all types share.

use actix_web::{HttpResponse, get};
use loa_domain::content::ContentKind;
use loa_domain::published::Card;

use super::documents::ArticleDocument;
use super::lists::{self, KindListParams};
use super::reads::{self, ReadParams};
use super::visit::Visit;
use crate::envelope::{Data, List};
use crate::extract::{Ids, Query};
use crate::problem::{Problem, ProblemBody};

/// Published articles of a site, as cards.
#[utoipa::path(
    tag = "delivery", operation_id = "list_articles", security(()),
    params(("site" = String, Path, description = "Slug of the site"), KindListParams),
    responses((status = 200, body = List<Card>), (status = 304, description = "Not modified"))
)]
#[get("/sites/{site}/articles")]
pub(crate) async fn list_articles(
    visit: Visit,
    site: Ids<String>,
    query: Query<KindListParams>,
) -> Result<HttpResponse, Problem> {
    lists::of_kind(visit, ContentKind::Article, site.0, query.0).await
}

/// A published article. An old slug leads to the new one.
#[utoipa::path(
    tag = "delivery", operation_id = "get_article", security(()),
    params(
        ("site" = String, Path, description = "Slug of the site"),
        ("slug" = String, Path, description = "Slug of the article"),
        ReadParams
    ),
    responses(
        (status = 200, body = Data<ArticleDocument>),
        (status = 301, description = "Withdrawn; another takes its place", headers(("Location" = String))),
        (status = 304, description = "Not modified"),
        (status = 308, description = "Has another slug now", headers(("Location" = String))),
        (status = 410, description = "Withdrawn or expired", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[get("/sites/{site}/articles/{slug}")]
pub(crate) async fn get_article(
    visit: Visit,
    address: Ids<(String, String)>,
    query: Query<ReadParams>,
) -> Result<HttpResponse, Problem> {
    reads::by_slug(visit, ContentKind::Article, address.0, query.0).await
}
