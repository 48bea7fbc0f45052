//! Published entries as the contract describes them.
//!
//! For the API document only: documents and cards are sent as they were stored when published, and
//! never built from these types.

use loa_domain::published::Card;
use serde::Serialize;
use utoipa::openapi::Ref;

/// Says what a document of one type looks like.
macro_rules! document {
    ($(#[$doc:meta])* $document:ident, $tag:ident::$word:ident = $name:tt, $content:ident = $schema:tt) => {
        #[derive(Serialize, utoipa::ToSchema)]
        #[expect(dead_code, reason = "says what a type word is, in the contract only")]
        enum $tag {
            #[serde(rename = $name)]
            $word,
        }

        $(#[$doc])*
        #[derive(Serialize, utoipa::ToSchema)]
        pub(super) struct $document {
            #[serde(flatten)]
            card: Card,
            #[serde(rename = "type")]
            #[schema(inline)]
            kind: $tag,
            /// The type's own fields.
            #[schema(schema_with = $content)]
            content: (),
        }

        fn $content() -> Ref {
            Ref::from_schema_name($schema)
        }
    };
}

document! {
    /// A published article.
    ArticleDocument, ArticleTag::Article = "article", article_content = "ArticleContent"
}

document! {
    /// A published page.
    PageDocument, PageTag::Page = "page", page_content = "PageContent"
}

/// A published entry of any type, told apart by `type`.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "type", mapping(
    ("article" = "#/components/schemas/ArticleDocument"),
    ("page" = "#/components/schemas/PageDocument")
)))]
#[expect(dead_code, reason = "says what is sent, in the contract only")]
pub(super) enum EntryDocument {
    /// An article.
    Article(ArticleDocument),
    /// A page.
    Page(PageDocument),
}
