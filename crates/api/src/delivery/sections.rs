//! The section tree of a site.

use actix_web::{HttpResponse, get};
use loa_app::delivery::SectionNode;
use serde::{Deserialize, Serialize};

use super::params;
use super::reads;
use super::visit::Visit;
use crate::envelope::Data;
use crate::extract::{Ids, Query};
use crate::problem::Problem;

/// A section and those below it, in order.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = PublicSection)]
struct SectionBody {
    /// Its slug, as in `filter[section]`.
    #[schema(example = "tin-tuc")]
    slug: String,
    /// Its title in the language asked for, else in the site's default.
    #[schema(example = "Tin tức")]
    title: String,
    /// Sections below it.
    #[schema(no_recursion)]
    children: Vec<SectionBody>,
}

impl From<SectionNode> for SectionBody {
    fn from(node: SectionNode) -> Self {
        Self {
            slug: node.slug,
            title: node.title,
            children: node.children.into_iter().map(Self::from).collect(),
        }
    }
}

/// Parameters of the section tree.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SectionParams {
    /// Language of titles; the site's default when missing.
    #[param(example = "vi")]
    locale: Option<String>,
}

/// The section tree of a site.
#[utoipa::path(
    tag = "delivery", operation_id = "list_site_sections", security(()),
    params(("site" = String, Path, description = "Slug of the site"), SectionParams),
    responses((status = 200, body = Data<Vec<SectionBody>>), (status = 304, description = "Not modified"))
)]
#[get("/sites/{site}/sections")]
pub(crate) async fn list_site_sections(
    visit: Visit,
    site: Ids<String>,
    query: Query<SectionParams>,
) -> Result<HttpResponse, Problem> {
    let locale = params::locale(query.0.locale.as_deref())?;
    visit
        .answer(move |delivery| {
            let found = delivery.list_sections(&site.0, locale.as_ref())?;
            let tree: Vec<SectionBody> = found.value.iter().cloned().map(Into::into).collect();
            reads::data(&found, tree, delivery.secrets())
        })
        .await
}
