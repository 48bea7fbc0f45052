//! Everything a reader can see of an entry, as one value: what a revision keeps and hashes.
//!
//! Not for how it is delivered (that is the projection) and not for the workflow around it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::canonical;
use crate::content::{Content, ContentKind};
use crate::entry::UpdateType;
use crate::field::{FieldCode, FieldError, Warning};
use crate::ids::{SectionId, UserId};
use crate::text;
use crate::time::Moment;

/// Longest title, in characters.
pub const TITLE_MAX: usize = 300;
/// Longest summary, in characters.
pub const SUMMARY_MAX: usize = 1_000;
/// Longest tag, in characters, and how many tags there may be.
pub const TAG_MAX: (usize, usize) = (60, 20);
/// Longest name in a byline, in characters, and how many names there may be.
pub const BYLINE_MAX: (usize, usize) = (120, 20);
/// Longest change note, in characters.
pub const CHANGE_NOTE_MAX: usize = 500;

/// Longest address, in bytes.
const ADDRESS_MAX: usize = 2_000;
/// A Vietnamese letter is three characters at most, where marks are characters of their own.
const DECOMPOSED_MAX: usize = 3;

/// A named author (bút danh or full name).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Byline {
    /// The name as printed.
    pub name: String,
    /// The person's account, where there is one. Not delivered to readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
}

/// Where a republished text comes from (Nghị định 43/2011, Điều 5: author and source are named).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Name of the publisher.
    pub name: String,
    /// Address of the original, `https` or `http`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Everything a reader can see.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Title.
    pub title: String,
    /// One or two sentences for lists.
    pub summary: Option<String>,
    /// Last part of the path.
    pub slug: String,
    /// Section.
    pub section: SectionId,
    /// Tags.
    pub tags: Vec<String>,
    /// Named authors.
    pub byline: Vec<Byline>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// Whether readers should take note.
    pub update_type: UpdateType,
    /// What changed, for readers.
    pub change_note: Option<String>,
    /// When it ends by itself.
    pub expire_at: Option<Moment>,
    /// The type's own fields.
    pub content: Content,
}

/// The stored form. `cover` is kept for media, which no entry has yet.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(rename = "type")]
    kind: ContentKind,
    schema_version: u32,
    title: String,
    summary: Option<String>,
    slug: String,
    section: SectionId,
    tags: Vec<String>,
    byline: Vec<Byline>,
    source: Option<Source>,
    cover: Option<Value>,
    update_type: UpdateType,
    change_note: Option<String>,
    expire_at: Option<Moment>,
    content: Value,
}

impl Snapshot {
    /// The canonical JSON that a revision stores.
    ///
    /// # Errors
    /// When a value has no JSON form.
    pub fn to_canonical(&self) -> Result<String, serde_json::Error> {
        let stored = Stored {
            kind: self.content.kind(),
            schema_version: self.content.kind().schema_version(),
            title: self.title.clone(),
            summary: self.summary.clone(),
            slug: self.slug.clone(),
            section: self.section,
            tags: self.tags.clone(),
            byline: self.byline.clone(),
            source: self.source.clone(),
            cover: None,
            update_type: self.update_type,
            change_note: self.change_note.clone(),
            expire_at: self.expire_at,
            content: self.content.to_stored()?,
        };
        Ok(canonical::to_string(&serde_json::to_value(stored)?))
    }

    /// Reads a stored snapshot of any released schema version.
    ///
    /// # Errors
    /// When the text is no snapshot.
    pub fn from_canonical(text: &str) -> Result<Self, serde_json::Error> {
        let stored: Stored = serde_json::from_str(text)?;
        Ok(Self {
            content: Content::from_stored(stored.kind, stored.schema_version, stored.content)?,
            title: stored.title,
            summary: stored.summary,
            slug: stored.slug,
            section: stored.section,
            tags: stored.tags,
            byline: stored.byline,
            source: stored.source,
            update_type: stored.update_type,
            change_note: stored.change_note,
            expire_at: stored.expire_at,
        })
    }

    /// Brings texts into stored form: NFC, trimmed, tags without repeats, clean HTML.
    pub fn normalise(&mut self) -> Vec<Warning> {
        self.title = line(&self.title);
        self.summary = optional_line(self.summary.take());
        self.change_note = optional_line(self.change_note.take());
        let mut tags: Vec<String> = Vec::with_capacity(self.tags.len());
        for tag in self
            .tags
            .iter()
            .map(|tag| line(tag))
            .filter(|tag| !tag.is_empty())
        {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        self.tags = tags;
        for name in &mut self.byline {
            name.name = line(&name.name);
        }
        if let Some(source) = &mut self.source {
            source.name = line(&source.name);
            source.url = optional_line(source.url.take());
        }
        self.content.normalise()
    }

    /// What is too long or would take too long to clean, found before anything is worked on: lists
    /// first, then lengths, then the HTML.
    pub fn too_much(&self) -> Vec<FieldError> {
        let mut errors = self.overlong_lists();
        if errors.is_empty() {
            errors = self.overlong_texts();
        }
        if errors.is_empty() {
            errors = self.costly_html();
        }
        errors
    }

    /// Texts that are too long in whatever form: a letter may have come in [`DECOMPOSED_MAX`] pieces.
    /// All HTML together may have as many characters as the longest text of the content.
    fn overlong_texts(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut within = |pointer: &str, value: &str, max: usize| {
            longer_than(
                &mut errors,
                pointer,
                value.trim(),
                max * DECOMPOSED_MAX,
                max,
            );
        };
        within("/title", &self.title, TITLE_MAX);
        within(
            "/summary",
            self.summary.as_deref().unwrap_or(""),
            SUMMARY_MAX,
        );
        let note = self.change_note.as_deref().unwrap_or("");
        within("/change_note", note, CHANGE_NOTE_MAX);
        for (index, tag) in self.tags.iter().enumerate() {
            within(&format!("/tags/{index}"), tag, TAG_MAX.0);
        }
        for (index, name) in self.byline.iter().enumerate() {
            within(&format!("/byline/{index}/name"), &name.name, BYLINE_MAX.0);
        }
        if let Some(source) = &self.source {
            within("/source/name", &source.name, BYLINE_MAX.0);
            within(
                "/source/url",
                source.url.as_deref().unwrap_or(""),
                ADDRESS_MAX,
            );
        }
        let mut html = 0;
        for text in self.content.texts() {
            let pointer = format!("/content{}", text.pointer);
            let before = if text.html { html } else { 0 };
            let pieces = if text.html { 1 } else { DECOMPOSED_MAX };
            let room = (text.max * pieces).saturating_sub(before);
            longer_than(&mut errors, &pointer, text.value, room, text.max);
            if text.html {
                html += text.value.chars().count();
            }
        }
        errors
    }

    /// HTML that costs more to clean than it is worth.
    fn costly_html(&self) -> Vec<FieldError> {
        let texts = self.content.texts().into_iter().filter(|text| text.html);
        texts
            .filter_map(|text| {
                let excess = text::html_excess(text.value)?;
                let pointer = format!("/content{}", text.pointer);
                Some(FieldError::new(
                    pointer,
                    FieldCode::TooMany,
                    excess.detail(),
                ))
            })
            .collect()
    }

    /// Lists that hold more than they may; nothing else is looked at.
    pub fn overlong_lists(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        count_within(&mut errors, "/tags", self.tags.len(), TAG_MAX.1);
        count_within(&mut errors, "/byline", self.byline.len(), BYLINE_MAX.1);
        errors
    }

    /// What forbids saving, however unfinished the text is.
    pub fn refusals(&self) -> Vec<FieldError> {
        let mut errors = self.overlong_lists();
        if !errors.is_empty() {
            return errors;
        }
        required_line(&mut errors, "/title", &self.title, TITLE_MAX);
        if let Some(summary) = &self.summary {
            text_within(&mut errors, "/summary", summary, SUMMARY_MAX);
        }
        if let Some(note) = &self.change_note {
            text_within(&mut errors, "/change_note", note, CHANGE_NOTE_MAX);
        }
        if !text::is_slug(&self.slug) {
            errors.push(FieldError::new(
                "/slug",
                FieldCode::Invalid,
                "expected words of a–z and 0–9 joined by hyphens",
            ));
        }
        for (index, tag) in self.tags.iter().enumerate() {
            required_line(&mut errors, &format!("/tags/{index}"), tag, TAG_MAX.0);
        }
        for (index, name) in self.byline.iter().enumerate() {
            required_line(
                &mut errors,
                &format!("/byline/{index}/name"),
                &name.name,
                BYLINE_MAX.0,
            );
        }
        if let Some(source) = &self.source {
            required_line(&mut errors, "/source/name", &source.name, BYLINE_MAX.0);
            if source
                .url
                .as_deref()
                .is_some_and(|url| !is_web_address(url))
            {
                errors.push(FieldError::new(
                    "/source/url",
                    FieldCode::Invalid,
                    "expected an http or https address",
                ));
            }
        }
        errors.extend(
            self.content
                .refusals()
                .into_iter()
                .map(|error| error.under("/content")),
        );
        errors
    }

    /// What forbids handing it in.
    pub fn incomplete(&self) -> Vec<FieldError> {
        let mut errors = self.refusals();
        errors.extend(
            self.content
                .complete()
                .into_iter()
                .map(|error| error.under("/content")),
        );
        errors
    }
}

fn line(text: &str) -> String {
    text::nfc(text.trim())
}

fn optional_line(text: Option<String>) -> Option<String> {
    text.map(|text| line(&text)).filter(|text| !text.is_empty())
}

/// A required text on one line, at most `max` characters.
pub fn required_line(errors: &mut Vec<FieldError>, pointer: &str, value: &str, max: usize) {
    if value.trim().is_empty() {
        errors.push(FieldError::new(
            pointer,
            FieldCode::Required,
            "may not be empty",
        ));
    } else if !text::single_line(value) {
        errors.push(FieldError::new(
            pointer,
            FieldCode::ForbiddenCharacter,
            "line breaks have no place here",
        ));
    }
    text_within(errors, pointer, value, max);
}

/// A text of at most `max` characters, none of them forbidden.
pub fn text_within(errors: &mut Vec<FieldError>, pointer: &str, value: &str, max: usize) {
    if value.chars().count() > max {
        errors.push(FieldError::new(
            pointer,
            FieldCode::TooLong,
            format!("at most {max} characters"),
        ));
    }
    if let Some(found) = text::forbidden_char(value) {
        let detail = format!("U+{:04X} has no place in text", u32::from(found));
        errors.push(FieldError::new(
            pointer,
            FieldCode::ForbiddenCharacter,
            detail,
        ));
    }
}

/// Refuses a text of more than `most` characters; `max` is what is told.
fn longer_than(errors: &mut Vec<FieldError>, pointer: &str, value: &str, most: usize, max: usize) {
    if value.chars().nth(most).is_some() {
        let detail = format!("at most {max} characters");
        errors.push(FieldError::new(pointer, FieldCode::TooLong, detail));
    }
}

fn count_within(errors: &mut Vec<FieldError>, pointer: &str, count: usize, max: usize) {
    if count > max {
        errors.push(FieldError::new(
            pointer,
            FieldCode::TooMany,
            format!("at most {max}"),
        ));
    }
}

fn is_web_address(url: &str) -> bool {
    url.len() <= ADDRESS_MAX
        && (url.starts_with("https://") || url.starts_with("http://"))
        && text::leads_away(url)
        && validator::ValidateUrl::validate_url(&url)
}
