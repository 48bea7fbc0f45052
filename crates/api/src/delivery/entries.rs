//! Delivery of entries of all types together.

use actix_web::{HttpResponse, get};
use loa_domain::ids::EntryId;
use loa_domain::published::Card;
use serde::Deserialize;

use super::documents::EntryDocument;
use super::lists::{self, EntryListParams};
use super::reads;
use super::visit::Visit;
use crate::envelope::{Data, List};
use crate::extract::{Ids, Query};
use crate::problem::{Problem, ProblemBody};

/// No parameters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoParams {}

/// Published entries of all types of a site, as cards told apart by `type`.
#[utoipa::path(
    tag = "delivery", operation_id = "list_published_entries", security(()),
    params(("site" = String, Path, description = "Slug of the site"), EntryListParams),
    responses((status = 200, body = List<Card>), (status = 304, description = "Not modified"))
)]
#[get("/sites/{site}/entries")]
pub(crate) async fn list_published_entries(
    visit: Visit,
    site: Ids<String>,
    query: Query<EntryListParams>,
) -> Result<HttpResponse, Problem> {
    lists::of_all(visit, site.0, query.0).await
}

/// A published entry of whatever type, by its id.
#[utoipa::path(
    tag = "delivery", operation_id = "get_published_entry", security(()),
    params(
        ("site" = String, Path, description = "Slug of the site"),
        ("id" = EntryId, Path, description = "Id of the entry")
    ),
    responses(
        (status = 200, body = Data<EntryDocument>),
        (status = 301, description = "Withdrawn; another takes its place", headers(("Location" = String))),
        (status = 304, description = "Not modified"),
        (status = 410, description = "Withdrawn or expired", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[get("/sites/{site}/entries/{id}")]
pub(crate) async fn get_published_entry(
    visit: Visit,
    address: Ids<(String, String)>,
    _none: Query<NoParams>,
) -> Result<HttpResponse, Problem> {
    let (site, id) = address.0;
    let id: EntryId = id
        .parse()
        .map_err(|_| Problem::new(crate::problem::Code::NotFound))?;
    visit
        .answer(move |delivery| {
            let found = delivery.read_by_id(&site, id)?;
            reads::document(&found, delivery.secrets())
        })
        .await
}
