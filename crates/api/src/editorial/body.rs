//! What authors send.

use loa_app::editorial::{ContentRequest, NewEntry};
use loa_domain::content::{Content, ContentKind};
use loa_domain::entry::UpdateType;
use loa_domain::field::Warning;
use loa_domain::ids::EntryId;
use loa_domain::locale::Locale;
use loa_domain::snapshot::{Byline, Source};
use loa_domain::time::Moment;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::extract::parse_with;
use crate::problem::Problem;

/// A new entry.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateEntry {
    /// Content type.
    #[serde(rename = "type")]
    kind: ContentKind,
    /// Language; the site's own when missing.
    #[serde(default)]
    locale: Option<Locale>,
    /// The entry this is a translation of.
    #[serde(default)]
    translation_of: Option<EntryId>,
    /// Slug of the section.
    #[schema(example = "tin-tuc")]
    section: String,
    /// Slug; derived from the title when missing.
    #[serde(default)]
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 96)]
    slug: Option<String>,
    /// Title.
    #[schema(max_length = 300, pattern = "\\S")]
    title: String,
    /// One or two sentences.
    #[serde(default)]
    #[schema(max_length = 1000)]
    summary: Option<String>,
    /// Tags.
    #[serde(default)]
    #[schema(max_items = 20)]
    tags: Vec<String>,
    /// Named authors.
    #[serde(default)]
    #[schema(max_items = 20)]
    byline: Vec<Byline>,
    /// Where it comes from.
    #[serde(default)]
    source: Option<Source>,
    /// Cover picture; null until media arrive.
    #[serde(default)]
    #[schema(schema_with = only_null)]
    #[expect(dead_code, reason = "only null fits, and says nothing")]
    cover: Option<()>,
    /// Whether readers should take note; `major` when missing.
    #[serde(default)]
    update_type: Option<UpdateType>,
    /// What changed, for readers.
    #[serde(default)]
    #[schema(max_length = 500)]
    change_note: Option<String>,
    /// When it ends by itself.
    #[serde(default)]
    expire_at: Option<Moment>,
    /// The type's own fields.
    #[serde(default)]
    #[schema(value_type = Option<AnyDraft>)]
    content: Option<Box<RawValue>>,
}

/// New content for the open edition; replaces all of the old.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SaveEntry {
    /// Slug of the section.
    #[schema(example = "tin-tuc")]
    section: String,
    /// Slug; stays as it is when missing.
    #[serde(default)]
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 96)]
    slug: Option<String>,
    /// Title.
    #[schema(max_length = 300, pattern = "\\S")]
    title: String,
    /// One or two sentences.
    #[serde(default)]
    #[schema(max_length = 1000)]
    summary: Option<String>,
    /// Tags.
    #[serde(default)]
    #[schema(max_items = 20)]
    tags: Vec<String>,
    /// Named authors.
    #[serde(default)]
    #[schema(max_items = 20)]
    byline: Vec<Byline>,
    /// Where it comes from.
    #[serde(default)]
    source: Option<Source>,
    /// Cover picture; null until media arrive.
    #[serde(default)]
    #[schema(schema_with = only_null)]
    #[expect(dead_code, reason = "only null fits, and says nothing")]
    cover: Option<()>,
    /// Whether readers should take note; `major` when missing.
    #[serde(default)]
    update_type: Option<UpdateType>,
    /// What changed, for readers.
    #[serde(default)]
    #[schema(max_length = 500)]
    change_note: Option<String>,
    /// When it ends by itself.
    #[serde(default)]
    expire_at: Option<Moment>,
    /// The type's own fields.
    #[serde(default)]
    #[schema(value_type = Option<AnyDraft>)]
    content: Option<Box<RawValue>>,
}

/// Content of whatever type, as authors send it.
#[derive(utoipa::ToSchema)]
#[schema(as = AnyDraft)]
#[expect(dead_code, reason = "stands for its schema alone")]
pub(crate) struct AnyDraft(serde_json::Value);

/// There are no media yet.
fn only_null() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::Type::Null)
        .description(Some("Cover picture; null until media arrive."))
        .build()
}

/// What was accepted, but not as it was sent.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct SaveMeta {
    /// Empty when nothing was changed.
    pub(crate) warnings: Vec<Warning>,
}

impl CreateEntry {
    pub(crate) fn into_request(self) -> Result<NewEntry, Problem> {
        Ok(NewEntry {
            content: ContentRequest {
                content: content(self.kind, self.content.as_deref())?,
                section: self.section,
                slug: self.slug,
                title: self.title,
                summary: self.summary,
                tags: self.tags,
                byline: self.byline,
                source: self.source,
                update_type: self.update_type.unwrap_or(UpdateType::Major),
                change_note: self.change_note,
                expire_at: self.expire_at,
            },
            kind: self.kind,
            locale: self.locale,
            translation_of: self.translation_of,
        })
    }
}

impl SaveEntry {
    /// The request; `kind` is the entry's own type.
    pub(crate) fn into_request(self, kind: ContentKind) -> Result<ContentRequest, Problem> {
        Ok(ContentRequest {
            content: content(kind, self.content.as_deref())?,
            section: self.section,
            slug: self.slug,
            title: self.title,
            summary: self.summary,
            tags: self.tags,
            byline: self.byline,
            source: self.source,
            update_type: self.update_type.unwrap_or(UpdateType::Major),
            change_note: self.change_note,
            expire_at: self.expire_at,
        })
    }
}

/// The content is read by its type, apart from the rest, so that pointers survive.
fn content(kind: ContentKind, raw: Option<&RawValue>) -> Result<Content, Problem> {
    let text = raw.map_or("{}", RawValue::get);
    parse_with(text, "/content", |json| Content::from_request(kind, json))
}
