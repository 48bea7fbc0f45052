//! Lists of published entries.

use loa_domain::locale::Locale;
use loa_domain::paging::{Page, PageAsk};
use loa_domain::text;
use loa_domain::time::Moment;
use loa_store::Order;
use loa_store::delivery::ends_at;
use loa_store::delivery::lists::{self, ListQuery, Listed};

use super::answer::Answer;
use super::{Delivery, reading};
use crate::Error;

/// Which entries a reader asks for.
#[derive(Debug, Clone)]
pub struct EntryListAsk {
    /// Slug of the site.
    pub site: String,
    /// Language; the site's default when missing.
    pub locale: Option<Locale>,
    /// Which types, by what.
    pub listed: Listed,
    /// In which direction.
    pub order: Order,
    /// In any of these sections, or below one; empty for no matter which.
    pub sections: Vec<String>,
    /// With any of these tags, as people write them; empty for no matter which.
    pub tags: Vec<String>,
    /// First published at this moment or later.
    pub published_from: Option<Moment>,
    /// First published at this moment or earlier.
    pub published_to: Option<Moment>,
}

impl Delivery {
    /// A page of cards, each the exact object lists carry. What has ended by itself is not in it, though
    /// the worker that withdraws it may be late; the answer holds until the next entry ends.
    ///
    /// # Errors
    /// `NotFound` when there is no such site.
    pub fn list_entries(
        &self,
        ask: EntryListAsk,
        page: &PageAsk,
    ) -> Result<Answer<Page<String>>, Error> {
        let now = self.context.now();
        self.context.store.read_delivery(|conn| {
            let site = reading::site(conn, &ask.site)?;
            let ends = ends_at(conn, site.id, now)?;
            let query = ListQuery {
                site: site.id,
                locale: ask.locale.unwrap_or_else(|| site.default_locale.clone()),
                listed: ask.listed,
                order: ask.order,
                sections: ask.sections,
                tags: ask.tags.iter().map(|tag| text::fold(tag)).collect(),
                published_from: ask.published_from,
                published_to: ask.published_to,
                not_ended_by: ends.overdue.then_some(now),
            };
            let found = lists::list(conn, &query, page)?;
            let cards = found.try_map(|row| Ok::<_, Error>(row.card))?;
            Ok(Answer::of_site(site, cards, ends.next))
        })
    }
}
