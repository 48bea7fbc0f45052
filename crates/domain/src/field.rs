//! What is wrong with a field, and what was changed in it without being wrong.
//!
//! Not for failures of a request as a whole: those are problems of the API.

use serde::{Deserialize, Serialize};

use crate::vocabulary::vocabulary;

vocabulary! {
    /// Why a field was refused. Closed list, never translated.
    FieldCode {
        /// Missing or empty where it is needed.
        Required = "required",
        /// Longer than allowed.
        TooLong = "too_long",
        /// More members than allowed.
        TooMany = "too_many",
        /// Not of the form that is asked for.
        Invalid = "invalid",
        /// A member that this object does not have.
        UnknownMember = "unknown_member",
        /// A JSON value of another type.
        WrongType = "wrong_type",
        /// A control character or another character that has no place in text.
        ForbiddenCharacter = "forbidden_character",
        /// A word outside its closed list.
        UnknownValue = "unknown_value",
        /// Names something that does not exist here.
        NotFound = "not_found",
        /// Something else has this value.
        Taken = "taken",
        /// This slug belongs to other content of the site.
        SlugTaken = "slug_taken",
        /// A time that has to lie ahead and does not.
        NotInFuture = "not_in_future",
        /// Fixed since it was first used.
        Immutable = "immutable",
        /// Not allowed for this person or in this place.
        NotAllowed = "not_allowed",
        /// The section takes no new content today.
        SectionClosed = "section_closed",
        /// A password that is too easy to guess.
        WeakPassword = "weak_password",
    }
}

/// A refused field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// JSON Pointer into the request body.
    #[schema(example = "/content/body")]
    pub pointer: String,
    /// Why.
    pub code: FieldCode,
    /// The same for people, in English; the API puts its own language's text before it.
    pub detail: String,
}

impl FieldError {
    /// A refusal of the field at `pointer`.
    pub fn new(pointer: impl Into<String>, code: FieldCode, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            code,
            detail: detail.into(),
        }
    }

    /// The same error, seen from an object that holds this one at `prefix`.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        self.pointer.insert_str(0, prefix);
        self
    }
}

vocabulary! {
    /// What was changed on the way in.
    WarningCode {
        /// Sanitising dropped elements or attributes.
        HtmlRemoved = "html_removed",
    }
}

/// Something that was accepted, but not as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Warning {
    /// JSON Pointer into the request body.
    pub pointer: String,
    /// What happened.
    pub code: WarningCode,
    /// What exactly, for example the names of the removed elements.
    pub detail: String,
}

/// A word outside its closed list, met in the database or in a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {of}")]
pub struct UnknownWord {
    /// Name of the list.
    pub of: &'static str,
    /// The word.
    pub word: String,
}
