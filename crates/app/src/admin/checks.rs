//! Checks of fields that several requests have. They gather errors, so that one answer names all.

use std::collections::BTreeSet;

use loa_domain::field::{FieldCode, FieldError};
use loa_domain::host::is_host;
use loa_domain::locale::Locale;
use loa_domain::people::is_email;
use loa_domain::site::{Contact, Localised};
use loa_domain::snapshot::{required_line, text_within};
use loa_domain::text;

use crate::Error;

const TITLE: usize = 200;
const LOCALES: usize = 10;
const HOSTS: usize = 20;

/// What is wrong with a request.
#[derive(Default)]
pub(super) struct Checks(Vec<FieldError>);

impl Checks {
    pub(super) fn refuse(&mut self, pointer: impl Into<String>, code: FieldCode, detail: &str) {
        self.0.push(FieldError::new(pointer, code, detail));
    }

    /// Refuses if anything was wrong.
    pub(super) fn done(self) -> Result<(), Error> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self.0))
        }
    }

    pub(super) fn line(&mut self, pointer: &str, value: &str, max: usize) {
        required_line(&mut self.0, pointer, value, max);
    }

    /// A slug that is given once and kept.
    pub(super) fn slug(&mut self, slug: &str) {
        if !text::is_slug(slug) {
            let detail = "lower-case letters, digits and single hyphens, at most 96";
            self.refuse("/slug", FieldCode::Invalid, detail);
        }
    }

    /// A title for the default language, and none for a language that the site does not have.
    pub(super) fn titles(&mut self, title: &Localised, locales: &[Locale], default: &Locale) {
        if !title.contains_key(default) {
            let detail = "a title in the default language";
            self.refuse(format!("/title/{default}"), FieldCode::Required, detail);
        }
        for (locale, text) in title {
            let pointer = format!("/title/{locale}");
            if !locales.contains(locale) {
                let detail = "not a language of this site";
                self.refuse(&pointer, FieldCode::NotAllowed, detail);
            }
            self.line(&pointer, text, TITLE);
        }
    }

    pub(super) fn locales(&mut self, locales: &[Locale], default: &Locale) {
        if locales.len() > LOCALES {
            self.refuse("/locales", FieldCode::TooMany, "at most 10");
        }
        if !locales.contains(default) {
            let detail = "one of the languages of the site";
            self.refuse("/default_locale", FieldCode::NotAllowed, detail);
        }
        for index in repeated(locales) {
            self.refuse(format!("/locales/{index}"), FieldCode::Taken, "twice");
        }
    }

    /// Host names without port, in lower case.
    pub(super) fn hosts(&mut self, hosts: &[String]) {
        if hosts.len() > HOSTS {
            self.refuse("/hosts", FieldCode::TooMany, "at most 20");
        }
        for (index, host) in hosts.iter().enumerate() {
            if !is_host(host) {
                let detail = "a host name in lower case, as in haitien.ninhbinh.gov.vn";
                self.refuse(format!("/hosts/{index}"), FieldCode::Invalid, detail);
            }
        }
        for index in repeated(hosts) {
            self.refuse(format!("/hosts/{index}"), FieldCode::Taken, "twice");
        }
    }

    pub(super) fn contact(&mut self, contact: &Contact) {
        for (name, value) in [
            ("address", &contact.address),
            ("phone", &contact.phone),
            ("responsible", &contact.responsible),
        ] {
            text_within(&mut self.0, &format!("/contact/{name}"), value, 300);
        }
        if !contact.email.is_empty() && !is_email(&contact.email) {
            self.refuse("/contact/email", FieldCode::Invalid, "an email address");
        }
    }
}

/// Places of what stands before as well.
pub(super) fn repeated<T: Ord>(values: &[T]) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    values
        .iter()
        .enumerate()
        .filter_map(|(index, value)| (!seen.insert(value)).then_some(index))
        .collect()
}

/// A text on one line as it is stored.
pub(super) fn line(text: &str) -> String {
    text::nfc(text.trim())
}

/// Titles as they are stored.
pub(super) fn lines(title: &Localised) -> Localised {
    title
        .iter()
        .map(|(locale, text)| (locale.clone(), line(text)))
        .collect()
}
