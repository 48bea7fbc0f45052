//! Lists of published entries: each page is one range of one index, however long the list is.
//!
//! Without filters the range is of the entries themselves; with a filter it is of the attributes,
//! which repeat the sort keys, and the cards follow by id. Not for text: that is search.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use loa_domain::content::ContentKind;
use loa_domain::ids::SiteId;
use loa_domain::locale::Locale;
use loa_domain::paging::{Key, Page, PageAsk, Total};
use loa_domain::time::Moment;

use super::ends::ended_by;
use super::{coalesce, merged};
use crate::conn::Conn;
use crate::error::Error;
use crate::keyset::{Order, Range, count_to_limit, keyset, range, time_key};
use crate::schema::published_entries as published;

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortBy {
    /// Last update readers should take note of.
    PublicUpdated,
    /// First time public.
    FirstPublished,
    /// Title, in Vietnamese order.
    Title,
}

/// Which entries, and by what they can be sorted: there are indexes for these and no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// One content type.
    Kind(ContentKind, SortBy),
    /// All types together, by their last update.
    All,
}

impl Listed {
    pub(super) fn by(self) -> SortBy {
        match self {
            Listed::Kind(_, by) => by,
            Listed::All => SortBy::PublicUpdated,
        }
    }
}

/// A list as somebody asks for it.
#[derive(Debug, Clone)]
pub struct ListQuery {
    /// Site.
    pub site: SiteId,
    /// Language.
    pub locale: Locale,
    /// Which entries, and by what they are sorted.
    pub listed: Listed,
    /// In which direction.
    pub order: Order,
    /// In any of these sections, or below one; empty for no matter which.
    pub sections: Vec<String>,
    /// With any of these tags, folded; empty for no matter which.
    pub tags: Vec<String>,
    /// First published at this moment or later.
    pub published_from: Option<Moment>,
    /// First published at this moment or earlier.
    pub published_to: Option<Moment>,
    /// Without what has ended by this moment; none where nothing has that is still there.
    pub not_ended_by: Option<Moment>,
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardRow {
    /// The exact object lists carry.
    pub card: String,
    /// Its place.
    pub key: Key,
}

/// A page of a list. The number of queries follows from the filters, not from the length.
///
/// # Errors
/// Of the database.
pub fn list(conn: &mut Conn, query: &ListQuery, ask: &PageAsk) -> Result<Page<CardRow>, Error> {
    if !query.sections.is_empty() || !query.tags.is_empty() {
        return merged::list(conn, query, ask);
    }
    let how = how_to_read(conn, query)?;
    let rows = read(conn, query, how, &range(ask, query.order))?;
    let total = if ask.count {
        Some(count(conn, query)?)
    } else {
        None
    };
    Ok(Page::of(ask, rows, total, |row| row.key.clone()))
}

/// How a list that is limited to a time of first publication is read in another order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// As the database likes.
    Planned,
    /// In that order, passing over what is from another time.
    Walked,
}

/// Of a period with more entries than this the list is passed through.
const SORTED_AT_MOST: i64 = 1_000;

/// The entries of a list in no order, by the range of an index.
macro_rules! base {
    ($query:expr, $how:expr) => {{
        let query = $query;
        let mut base = published::table
            .filter(
                published::site_id
                    .eq(query.site.to_string())
                    .and(published::locale.eq(query.locale.as_str())),
            )
            .into_boxed();
        if let Listed::Kind(kind, _) = query.listed {
            base = base.filter(published::kind.eq(kind.as_str()));
        }
        let first = published::first_published_at;
        // No index is looked for by a condition on a function.
        let walked = coalesce(first.nullable(), first);
        if let Some(from) = query.published_from.map(Moment::naive) {
            base = match $how {
                How::Planned => base.filter(first.ge(from)),
                How::Walked => base.filter(walked.ge(from)),
            };
        }
        if let Some(to) = query.published_to.map(Moment::naive) {
            base = match $how {
                How::Planned => base.filter(first.le(to)),
                How::Walked => base.filter(walked.le(to)),
            };
        }
        if let Some(moment) = query.not_ended_by {
            base = base.filter(published::entry_id.ne_all(ended_by!(query, moment)));
        }
        base
    }};
}

/// Looks whether so many entries are from that time that reading and sorting them all would take
/// long. `SQLite` does not know, and would do it; PostgreSQL has statistics.
fn how_to_read(conn: &mut Conn, query: &ListQuery) -> Result<How, Error> {
    let limited = query.published_from.is_some() || query.published_to.is_some();
    let has_choice = match query.listed {
        Listed::Kind(_, by) => by != SortBy::FirstPublished,
        // All types together have no index of that time.
        Listed::All => false,
    };
    if !conn.is_sqlite() || !limited || !has_choice {
        return Ok(How::Planned);
    }
    let beyond: Option<String> = base!(query, How::Planned)
        .order(published::first_published_at)
        .select(published::entry_id)
        .offset(SORTED_AT_MOST)
        .limit(1)
        .first(conn.any())
        .optional()?;
    Ok(match beyond {
        Some(_) => How::Walked,
        None => How::Planned,
    })
}

/// Reads a range in the order of one column.
macro_rules! rows {
    ($conn:expr, $query:expr, $how:expr, $range:expr, $column:expr, $from_key:expr, $to_key:expr) => {{
        let rows: Vec<(_, String, String)> = keyset!(
            base!($query, $how),
            $range,
            $column,
            published::entry_id,
            $from_key
        )
        .select(($column, published::entry_id, published::card))
        .load($conn.any())?;
        rows.into_iter()
            .map(|(key, id, card)| CardRow {
                card,
                key: Key {
                    key: $to_key(key),
                    id,
                },
            })
            .collect()
    }};
}

fn read(
    conn: &mut Conn,
    query: &ListQuery,
    how: How,
    range: &Range<'_>,
) -> Result<Vec<CardRow>, Error> {
    Ok(match query.listed.by() {
        SortBy::PublicUpdated => rows!(
            conn,
            query,
            how,
            range,
            published::public_updated_at,
            time_key,
            micros
        ),
        SortBy::FirstPublished => rows!(
            conn,
            query,
            how,
            range,
            published::first_published_at,
            time_key,
            micros
        ),
        SortBy::Title => rows!(
            conn,
            query,
            how,
            range,
            published::title_key,
            text_key,
            std::convert::identity
        ),
    })
}

fn count(conn: &mut Conn, query: &ListQuery) -> Result<Total, Error> {
    Ok(count_to_limit!(
        conn,
        published::entry_id,
        base!(query, How::Planned)
    ))
}

/// The text form of a time in a key.
pub(super) fn micros(at: NaiveDateTime) -> String {
    Moment::from_naive(at).micros().to_string()
}

/// A key that is a text already.
#[expect(
    clippy::unnecessary_wraps,
    reason = "keys of times can fail, and both stand in one place"
)]
pub(super) fn text_key(key: &Key) -> Result<String, Error> {
    Ok(key.key.clone())
}
