//! What a path on a site's host leads to: one question for front ends that render any address.

use actix_web::{HttpResponse, get};
use loa_app::delivery::{Answer, Reading};
use loa_app::{Error, Secrets};
use serde::{Deserialize, Serialize};

use super::documents::EntryDocument;
use super::prepared::{Body, Prepared, Sent};
use super::reads;
use super::visit::Visit;
use crate::envelope::Data;
use crate::extract::{Ids, Query};
use crate::problem::{Problem, ProblemBody};

/// What a path leads to.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Resolution {
    /// An entry, as the single read gives it.
    #[expect(dead_code, reason = "the document is sent as it was stored")]
    Entry {
        /// The entry.
        entry: Box<EntryDocument>,
    },
    /// Another path.
    Redirect {
        /// 308 when the entry has moved, 301 when another takes its place.
        #[schema(example = 308)]
        status: u16,
        /// Path on the site's host, or an address on the host of another site.
        location: String,
    },
}

/// Parameters of `/sites/{site}/resolve`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PathParams {
    /// Path on the site's host.
    #[param(example = "/tin-tuc/le-hoi")]
    path: String,
}

/// Parameters of `/resolve`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HostParams {
    /// Any host name of the site.
    #[param(example = "haitien.ninhbinh.gov.vn")]
    host: String,
    /// Path on that host.
    #[param(example = "/tin-tuc/le-hoi")]
    path: String,
}

/// What a path of a site leads to.
#[utoipa::path(
    tag = "delivery", operation_id = "resolve_site_path", security(()),
    params(("site" = String, Path, description = "Slug of the site"), PathParams),
    responses(
        (status = 200, body = Data<Resolution>), (status = 304, description = "Not modified"),
        (status = 410, description = "Withdrawn or expired", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[get("/sites/{site}/resolve")]
pub(crate) async fn resolve_site_path(
    visit: Visit,
    site: Ids<String>,
    query: Query<PathParams>,
) -> Result<HttpResponse, Problem> {
    visit
        .answer(move |delivery| {
            let found = delivery.resolve(&site.0, &query.0.path)?;
            resolution(&found, delivery.secrets())
        })
        .await
}

/// What an address leads to, of whichever site has the host.
#[utoipa::path(
    tag = "delivery", operation_id = "resolve_path", security(()),
    params(HostParams),
    responses(
        (status = 200, body = Data<Resolution>), (status = 304, description = "Not modified"),
        (status = 410, description = "Withdrawn or expired", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[get("/resolve")]
pub(crate) async fn resolve_path(
    visit: Visit,
    query: Query<HostParams>,
) -> Result<HttpResponse, Problem> {
    let HostParams { host, path } = query.0;
    visit
        .answer(move |delivery| {
            let found = delivery.resolve_host(&host, &path)?;
            resolution(&found, delivery.secrets())
        })
        .await
}

fn resolution(found: &Answer<Reading>, secrets: &Secrets) -> Result<Prepared, Error> {
    match &found.value {
        Reading::Document { entry, document } => {
            let json = ["{\"data\":{\"kind\":\"entry\",\"entry\":", document, "}}"].concat();
            let body = Body::new(json, None, secrets);
            Ok(Prepared::new(found, Some(*entry), Sent::Body(body)))
        }
        Reading::Redirect { status, location } => {
            let redirect = Resolution::Redirect {
                status: *status,
                location: location.clone(),
            };
            reads::data(found, redirect, secrets)
        }
    }
}
