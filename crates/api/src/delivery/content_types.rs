//! The declared content types: what their content looks like and how their lists are asked for.

use actix_web::{HttpResponse, get};
use loa_domain::content::ContentKind;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::Object;

use super::entries::NoParams;
use super::lists::FILTERS;
use super::params::KindSort;
use super::reads;
use super::visit::Visit;
use crate::envelope::Data;
use crate::extract::{Ids, Query};
use crate::problem::{Code, Problem};

/// A content type.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ContentTypeInfo)]
struct ContentTypeBody {
    /// Its name, as in an entry's `type`.
    name: ContentKind,
    /// The word in delivery paths.
    #[schema(example = "articles")]
    plural: &'static str,
    /// Form in which it is stored today.
    schema_version: u32,
    /// JSON Schema (2020-12) of `content` as readers get it.
    #[schema(value_type = Object)]
    delivered_schema: Value,
    /// JSON Schema (2020-12) of `content` as authors send it.
    #[schema(value_type = Object)]
    draft_schema: Value,
    /// Filters its lists take.
    filters: [&'static str; 4],
    /// Orders its lists can have; the first is the default.
    sorts: Vec<&'static str>,
}

impl From<ContentKind> for ContentTypeBody {
    fn from(kind: ContentKind) -> Self {
        Self {
            name: kind,
            plural: kind.plural(),
            schema_version: kind.schema_version(),
            delivered_schema: standing_alone(&kind.delivered_schema()),
            draft_schema: standing_alone(&kind.draft_schema()),
            filters: FILTERS,
            sorts: KindSort::ALL
                .into_iter()
                .map(|(_, word, ..)| word)
                .collect(),
        }
    }
}

/// A schema outside the document that it is part of.
fn standing_alone(schema: &Object) -> Value {
    let mut schema = json!(schema);
    if let Some(members) = schema.as_object_mut() {
        let dialect = json!("https://json-schema.org/draft/2020-12/schema");
        members.insert("$schema".to_owned(), dialect);
    }
    schema
}

/// The declared content types.
#[utoipa::path(
    tag = "delivery", operation_id = "list_content_types", security(()),
    responses((status = 200, body = Data<Vec<ContentTypeBody>>), (status = 304, description = "Not modified"))
)]
#[get("/content-types")]
pub(crate) async fn list_content_types(
    visit: Visit,
    _none: Query<NoParams>,
) -> Result<HttpResponse, Problem> {
    let all: Vec<ContentTypeBody> = ContentKind::ALL.iter().copied().map(Into::into).collect();
    visit
        .answer(move |delivery| {
            let known = delivery.constant();
            reads::data(&known, all, delivery.secrets())
        })
        .await
}

/// A content type.
#[utoipa::path(
    tag = "delivery", operation_id = "get_content_type", security(()),
    params(("type" = ContentKind, Path, description = "Name of the type")),
    responses((status = 200, body = Data<ContentTypeBody>), (status = 304, description = "Not modified"))
)]
#[get("/content-types/{type}")]
pub(crate) async fn get_content_type(
    visit: Visit,
    name: Ids<String>,
    _none: Query<NoParams>,
) -> Result<HttpResponse, Problem> {
    let kind: ContentKind = name.0.parse().map_err(|_| Problem::new(Code::NotFound))?;
    visit
        .answer(move |delivery| {
            let known = delivery.constant();
            reads::data(&known, ContentTypeBody::from(kind), delivery.secrets())
        })
        .await
}
