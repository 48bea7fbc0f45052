//! Vietnamese text: normal form, folding, slugs, sorting and safe HTML.
//!
//! Pure functions on strings. Not for search ranking, translations or wording shown to people.

mod collate;
mod fold;
mod html;
mod html_attributes;
mod html_cost;
mod html_policy;
mod html_reading;
mod html_report;
mod nfc;
mod plain;
mod slug;

#[cfg(test)]
mod tests;

pub use collate::{person_sort_key, sort_key};
pub use fold::fold;
pub use html::{CleanHtml, clean_html};
pub use html_cost::{Excess, html_cost, html_excess};
pub use html_policy::leads_away;
pub use html_report::REMOVED_MAX;
pub use nfc::{forbidden_char, nfc, single_line};
pub use plain::plain_text;
pub use slug::{has_slug_form, is_slug, numbered, slugify};
