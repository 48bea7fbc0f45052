//! Lists with filters: one range of the attributes for each value, merged here.
//!
//! An entry that fits several values is found in several ranges and listed once. With both filters
//! the sections drive and each entry is probed for its tags.

use std::collections::{BTreeSet, HashMap};

use diesel::dsl::exists;
use diesel::prelude::*;
use loa_domain::paging::{COUNT_LIMIT, Key, Page, PageAsk, Total};
use loa_domain::published::AttributeName;

use super::ends::ended_by;
use super::lists::{CardRow, ListQuery, Listed, SortBy, micros, text_key};
use crate::conn::Conn;
use crate::error::Error;
use crate::keyset::{Order, Range, keyset, range, time_key};
use crate::schema::{published_attributes as attributes, published_entries as published};

diesel::alias!(attributes as tags: Tags);

/// The filter whose values give the ranges, and those only probed for.
struct Filter<'a> {
    name: AttributeName,
    values: BTreeSet<&'a str>,
    probed: Option<&'a [String]>,
}

impl<'a> Filter<'a> {
    fn of(query: &'a ListQuery) -> Self {
        let (name, values, probed) = if query.sections.is_empty() {
            (AttributeName::Tag, &query.tags, None)
        } else {
            let probed = (!query.tags.is_empty()).then_some(query.tags.as_slice());
            (AttributeName::Section, &query.sections, probed)
        };
        Self {
            name,
            values: values.iter().map(String::as_str).collect(),
            probed,
        }
    }
}

/// A page of a filtered list.
pub(super) fn list(
    conn: &mut Conn,
    query: &ListQuery,
    ask: &PageAsk,
) -> Result<Page<CardRow>, Error> {
    let filter = Filter::of(query);
    let range = range(ask, query.order);
    let mut found = Vec::new();
    for value in &filter.values {
        found.extend(read(conn, query, &filter, value, &range)?);
    }
    sort(&mut found, query.listed.by(), range.order);
    found.dedup();
    found.truncate(usize::try_from(range.limit).unwrap_or(usize::MAX));
    let total = if ask.count {
        Some(count(conn, query, &filter)?)
    } else {
        None
    };
    with_cards(conn, query, Page::of(ask, found, total, Key::clone))
}

/// Every range has as many as the page needs, so the first ones of all are among them.
fn sort(found: &mut [Key], by: SortBy, order: Order) {
    let compare = |a: &Key, b: &Key| {
        let keys = match by {
            SortBy::PublicUpdated | SortBy::FirstPublished => number(&a.key).cmp(&number(&b.key)),
            SortBy::Title => a.key.cmp(&b.key),
        };
        keys.then_with(|| a.id.cmp(&b.id))
    };
    found.sort_by(|a, b| match order {
        Order::Ascending => compare(a, b),
        Order::Descending => compare(a, b).reverse(),
    });
}

/// A time key as a number, which its text form does not sort as.
fn number(key: &str) -> i64 {
    key.parse().unwrap_or(0)
}

/// The attributes of a list in no order. Takes a condition on the value.
macro_rules! base {
    ($query:expr, $filter:expr, $value:expr) => {{
        let (query, filter) = ($query, $filter);
        let mut base = attributes::table
            .filter(
                attributes::site_id
                    .eq(query.site.to_string())
                    .and(attributes::locale.eq(query.locale.as_str()))
                    .and(attributes::name.eq(filter.name.as_str()))
                    .and($value),
            )
            .into_boxed();
        if let Listed::Kind(kind, _) = query.listed {
            base = base.filter(attributes::kind.eq(kind.as_str()));
        }
        if let Some(from) = query.published_from {
            base = base.filter(attributes::first_published_at.ge(from.naive()));
        }
        if let Some(to) = query.published_to {
            base = base.filter(attributes::first_published_at.le(to.naive()));
        }
        if let Some(moment) = query.not_ended_by {
            base = base.filter(attributes::entry_id.ne_all(ended_by!(query, moment)));
        }
        if let Some(probed) = filter.probed {
            // The offset keeps PostgreSQL from turning the probe into a join that reads all
            // entries with the tag first.
            base = base.filter(exists(
                tags.filter(
                    tags.field(attributes::site_id)
                        .eq(query.site.to_string())
                        .and(tags.field(attributes::entry_id).eq(attributes::entry_id))
                        .and(tags.field(attributes::name).eq(AttributeName::Tag.as_str()))
                        .and(tags.field(attributes::value).eq_any(probed)),
                )
                .select(tags.field(attributes::entry_id))
                .limit(1)
                .offset(0),
            ));
        }
        base
    }};
}

/// Reads a range in the order of one column.
macro_rules! keys {
    ($conn:expr, $base:expr, $range:expr, $column:expr, $from_key:expr, $to_key:expr) => {{
        let rows: Vec<(_, String)> =
            keyset!($base, $range, $column, attributes::entry_id, $from_key)
                .select(($column, attributes::entry_id))
                .load($conn.any())?;
        rows.into_iter()
            .map(|(key, id)| Key {
                key: $to_key(key),
                id,
            })
            .collect()
    }};
}

fn read(
    conn: &mut Conn,
    query: &ListQuery,
    filter: &Filter<'_>,
    value: &str,
    range: &Range<'_>,
) -> Result<Vec<Key>, Error> {
    let base = base!(query, filter, attributes::value.eq(value));
    Ok(match query.listed.by() {
        SortBy::PublicUpdated => keys!(
            conn,
            base,
            range,
            attributes::public_updated_at,
            time_key,
            micros
        ),
        SortBy::FirstPublished => keys!(
            conn,
            base,
            range,
            attributes::first_published_at,
            time_key,
            micros
        ),
        SortBy::Title => keys!(
            conn,
            base,
            range,
            attributes::title_key,
            text_key,
            std::convert::identity
        ),
    })
}

/// Counts each entry once, to a limit.
fn count(conn: &mut Conn, query: &ListQuery, filter: &Filter<'_>) -> Result<Total, Error> {
    let values: Vec<&str> = filter.values.iter().copied().collect();
    let ids: Vec<String> = base!(query, filter, attributes::value.eq_any(values))
        .select(attributes::entry_id)
        .distinct()
        .limit(i64::from(COUNT_LIMIT) + 1)
        .load(conn.any())?;
    let limit = u64::from(COUNT_LIMIT);
    let found = u64::try_from(ids.len()).unwrap_or(limit);
    Ok(Total {
        total: found.min(limit),
        is_lower_bound: found > limit,
    })
}

/// Fetches the cards. An entry withdrawn since the first query is left out.
fn with_cards(conn: &mut Conn, query: &ListQuery, page: Page<Key>) -> Result<Page<CardRow>, Error> {
    let ids: Vec<&str> = page.items.iter().map(|key| key.id.as_str()).collect();
    let rows: Vec<(String, String)> = if ids.is_empty() {
        Vec::new()
    } else {
        published::table
            .filter(
                published::site_id
                    .eq(query.site.to_string())
                    .and(published::entry_id.eq_any(ids)),
            )
            .select((published::entry_id, published::card))
            .load(conn.any())?
    };
    let mut cards: HashMap<String, String> = rows.into_iter().collect();
    Ok(Page {
        items: page
            .items
            .into_iter()
            .filter_map(|key| {
                let card = cards.remove(&key.id)?;
                Some(CardRow { card, key })
            })
            .collect(),
        next: page.next,
        prev: page.prev,
        total: page.total,
    })
}
