//! The projection: what readers get, as stored and as delivered.
//!
//! Not for drafts: nothing here can hold one. Not for rendering, which is a use case.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::content::ContentKind;
use crate::entry::WithdrawKind;
use crate::ids::{EntryId, RevisionId, SectionId, SiteId, TranslationGroupId};
use crate::locale::Locale;
use crate::snapshot::Source;
use crate::time::Moment;
use crate::vocabulary::vocabulary;

/// Form of the stored documents; older ones are rendered anew in the background.
pub const FORMAT: i32 = 1;

/// A section as an entry shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SectionRef {
    /// Its slug.
    #[schema(example = "tin-tuc")]
    pub slug: String,
    /// Its title in the entry's language.
    #[schema(example = "Tin tức")]
    pub title: String,
}

/// A named author as readers see one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PublicByline {
    /// The name as printed.
    pub name: String,
}

/// The same entry in another language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TranslationRef {
    /// Language.
    pub locale: Locale,
    /// Identity.
    pub id: EntryId,
    /// Last part of its path.
    pub slug: String,
    /// Its path.
    pub path: String,
}

/// Addresses in the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Links {
    /// The single read.
    #[serde(rename = "self")]
    pub this: String,
}

/// What lists carry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Card {
    /// Identity.
    pub id: EntryId,
    /// Content type.
    #[serde(rename = "type")]
    pub kind: ContentKind,
    /// Slug of the site.
    pub site: String,
    /// Language.
    pub locale: Locale,
    /// Last part of the path.
    pub slug: String,
    /// Path on the site's host.
    pub path: String,
    /// Title.
    pub title: String,
    /// One or two sentences.
    #[schema(required)]
    pub summary: Option<String>,
    /// Section.
    pub section: SectionRef,
    /// Tags.
    pub tags: Vec<String>,
    /// Named authors.
    pub byline: Vec<PublicByline>,
    /// Where it comes from.
    #[schema(required)]
    pub source: Option<Source>,
    /// Cover picture; always null until media arrive.
    #[schema(required, value_type = Option<Object>)]
    pub cover: Option<Value>,
    /// First time public.
    pub first_published_at: Moment,
    /// Last update readers should take note of.
    pub public_updated_at: Moment,
    /// Last update of any kind.
    pub updated_at: Moment,
    /// What changed, for readers.
    #[schema(required)]
    pub change_note: Option<String>,
    /// Number of the edition.
    pub edition: i32,
    /// The same in other languages.
    pub translations: Vec<TranslationRef>,
    /// Addresses in the API.
    pub links: Links,
}

/// A row of the projection.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedEntry {
    /// Site that shows it.
    pub site: SiteId,
    /// Identity.
    pub entry: EntryId,
    /// Site that wrote it.
    pub origin: SiteId,
    /// Content type.
    pub kind: ContentKind,
    /// Language.
    pub locale: Locale,
    /// What ties it to its translations.
    pub translation_group: TranslationGroupId,
    /// Section.
    pub section: SectionId,
    /// Last part of the path.
    pub slug: String,
    /// Path on the site's host.
    pub path: String,
    /// Rendered from this revision.
    pub revision: RevisionId,
    /// Number of the edition.
    pub edition: i32,
    /// Sort keys.
    pub sort: SortKeys,
    /// Last update of any kind.
    pub updated_at: Moment,
    /// When it ends by itself.
    pub expire_at: Option<Moment>,
    /// Form of the two texts.
    pub format: i32,
    /// Exact body of `data` in the single read.
    pub document: String,
    /// Exact object in lists.
    pub card: String,
    /// Values lists can be filtered by.
    pub attributes: Vec<Attribute>,
}

/// What lists are sorted by; `id` breaks ties in the same direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKeys {
    /// First time public.
    pub first_published_at: Moment,
    /// Last major update.
    pub public_updated_at: Moment,
    /// The title's place in Vietnamese order.
    pub title: String,
}

vocabulary! {
    /// What lists of delivery can be filtered by.
    AttributeName {
        /// Section, or one above it; value is the slug.
        Section = "section",
        /// Tag, compared without case and diacritics.
        Tag = "tag",
    }
}

/// A value to filter by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attribute {
    /// Which.
    pub name: AttributeName,
    /// Its value.
    pub value: String,
}

/// A withdrawal as readers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicWithdrawal {
    /// How.
    pub kind: WithdrawKind,
    /// Why.
    pub reason: Option<String>,
    /// Where to read instead, as an address on this installation.
    pub redirect_to: Option<String>,
    /// When.
    pub at: Moment,
}
