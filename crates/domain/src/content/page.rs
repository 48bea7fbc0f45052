//! Standing pages: history, organisation, contacts.

use serde::{Deserialize, Serialize};

use super::article::{BODY_MAX, body_text, clean_body, filled};
use super::{ContentType, Text};
use crate::field::{FieldError, Warning};
use crate::snapshot::text_within;
use crate::text;

/// A standing page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Page {
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

impl ContentType for Page {
    const SCHEMA_VERSION: u32 = 1;

    fn texts(&self) -> Vec<Text<'_>> {
        body_text(self.body.as_deref()).into_iter().collect()
    }

    fn normalise(&mut self) -> Vec<Warning> {
        clean_body(&mut self.body)
    }

    fn refusals(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if let Some(body) = &self.body {
            text_within(&mut errors, "/body", body, BODY_MAX);
        }
        errors
    }

    fn complete(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
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
