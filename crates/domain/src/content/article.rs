//! Articles (tin, bài, thông báo).

use serde::{Deserialize, Serialize};

use super::{ContentType, Text};
use crate::field::{FieldCode, FieldError, Warning, WarningCode};
use crate::snapshot::text_within;
use crate::text;

/// Longest lead, in characters.
pub(super) const LEAD_MAX: usize = 2_000;
/// Longest body, in characters of HTML.
pub(super) const BODY_MAX: usize = 1_000_000;

/// News and notices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Article {
    /// Opening paragraph (sa-pô), plain text.
    #[schema(required, nullable = false, max_length = 2000)]
    pub lead: Option<String>,
    /// Body as HTML of the allowed elements.
    #[schema(required, nullable = false, max_length = 1_000_000)]
    pub body: Option<String>,
    /// The body as plain text, for search and reading aloud.
    #[serde(
        deserialize_with = "super::never_sent",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(required, nullable = false, read_only)]
    pub text: Option<String>,
}

impl ContentType for Article {
    const SCHEMA_VERSION: u32 = 1;

    fn texts(&self) -> Vec<Text<'_>> {
        let lead = self.lead.as_deref().map(|value| Text {
            pointer: "/lead",
            value,
            max: LEAD_MAX,
            html: false,
        });
        lead.into_iter()
            .chain(body_text(self.body.as_deref()))
            .collect()
    }

    fn normalise(&mut self) -> Vec<Warning> {
        self.lead = self.lead.take().map(|lead| text::nfc(lead.trim()));
        clean_body(&mut self.body)
    }

    fn refusals(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if let Some(lead) = &self.lead {
            text_within(&mut errors, "/lead", lead, LEAD_MAX);
        }
        if let Some(body) = &self.body {
            text_within(&mut errors, "/body", body, BODY_MAX);
        }
        errors
    }

    fn complete(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self
            .lead
            .as_deref()
            .is_none_or(|lead| lead.trim().is_empty())
        {
            errors.push(FieldError::new(
                "/lead",
                FieldCode::Required,
                "may not be empty",
            ));
        }
        filled(&mut errors, "/body", self.body.as_deref());
        errors
    }

    fn derive(&mut self) {
        self.text = Some(
            self.body
                .as_deref()
                .map(text::plain_text)
                .unwrap_or_default(),
        );
    }
}

/// A body as sent.
pub(super) fn body_text(body: Option<&str>) -> Option<Text<'_>> {
    body.map(|value| Text {
        pointer: "/body",
        value,
        max: BODY_MAX,
        html: true,
    })
}

/// Cleans a body where it stands and tells what was dropped.
pub(super) fn clean_body(body: &mut Option<String>) -> Vec<Warning> {
    let Some(cleaned) = body.take().map(|body| text::clean_html(&body)) else {
        return Vec::new();
    };
    *body = Some(cleaned.html);
    if cleaned.removed.is_empty() {
        return Vec::new();
    }
    let more = if cleaned.removed.len() < text::REMOVED_MAX {
        ""
    } else {
        ", …"
    };
    vec![Warning {
        pointer: "/body".to_owned(),
        code: WarningCode::HtmlRemoved,
        detail: format!("{}{more}", cleaned.removed.join(", ")),
    }]
}

/// A text that has to be there; HTML counts by its words and pictures.
pub(super) fn filled(errors: &mut Vec<FieldError>, pointer: &str, value: Option<&str>) {
    if value.is_none_or(|value| text::plain_text(value).trim().is_empty()) {
        errors.push(FieldError::new(
            pointer,
            FieldCode::Required,
            "may not be empty",
        ));
    }
}
