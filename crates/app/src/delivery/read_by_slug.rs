//! The single read: an entry of one type by its slug.

use loa_domain::content::ContentKind;
use loa_domain::locale::Locale;
use loa_domain::text;
use loa_store::delivery::documents::{self, Found};

use super::Delivery;
use super::answer::Answer;
use super::reading::{self, Reading, Terms};
use crate::Error;

/// Which entry a reader asks for.
#[derive(Debug, Clone)]
pub struct SlugAsk {
    /// Slug of the site.
    pub site: String,
    /// Content type.
    pub kind: ContentKind,
    /// The entry's slug.
    pub slug: String,
    /// Language; the site's default when missing.
    pub locale: Option<Locale>,
    /// Whether another language will do.
    pub fallback: bool,
}

impl Delivery {
    /// An entry by its slug. An old slug leads to the new one. With `fallback` a slug of any
    /// language counts, and the answer is in the wanted language where there is a translation, else
    /// in the site's default, else in its own.
    ///
    /// # Errors
    /// `NotFound`; `Gone` when it was public and is no more.
    pub fn read_by_slug(&self, ask: &SlugAsk) -> Result<Answer<Reading>, Error> {
        if !text::is_slug(&ask.slug) {
            return Err(Error::NotFound);
        }
        let now = self.context.now();
        self.context.store.read_delivery(|conn| {
            let (site, locale) = (&ask.site, ask.locale.as_ref());
            if let Some((site, live)) = documents::live(conn, site, locale, ask.kind, &ask.slug)? {
                return reading::answer(conn, site, Some(Found::Live(live)), now, Terms::Api);
            }
            let site = reading::site(conn, &ask.site)?;
            let locale = ask.locale.as_ref().unwrap_or(&site.default_locale);
            let mut found = documents::by_slug(conn, site.id, locale, ask.kind, &ask.slug)?;
            if found.is_none() && ask.fallback {
                let preferred = [locale, &site.default_locale];
                found = documents::in_any_language(
                    conn,
                    site.id,
                    &site.locales,
                    ask.kind,
                    &ask.slug,
                    (preferred, now),
                )?
                .map(Found::Live);
            }
            reading::answer(conn, site, found, now, Terms::Api)
        })
    }
}
