//! Keyset paging: a range of an index instead of rows to skip.

use loa_domain::paging::{Key, PageAsk, Start};
use loa_domain::time::Moment;

use crate::error::Error;

/// Order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// What to add to a query: in which order to read, from where, and how many.
pub(crate) struct Range<'a> {
    pub(crate) order: Order,
    pub(crate) from: Option<&'a Key>,
    pub(crate) limit: i64,
}

/// A page that ends before a place is read backwards; one item more tells whether there are more.
pub(crate) fn range(ask: &PageAsk, order: Order) -> Range<'_> {
    let (order, from) = match (&ask.start, order) {
        (Start::First, order) => (order, None),
        (Start::After(key), order) => (order, Some(key)),
        (Start::Before(key), Order::Ascending) => (Order::Descending, Some(key)),
        (Start::Before(key), Order::Descending) => (Order::Ascending, Some(key)),
    };
    Range {
        order,
        from,
        limit: i64::from(ask.size) + 1,
    }
}

/// The time a key holds. Keys are sealed by this server, so another form is a fault of its own.
pub(crate) fn time_key(key: &Key) -> Result<chrono::NaiveDateTime, Error> {
    let moment = key.key.parse().ok().and_then(Moment::from_micros);
    moment.map(Moment::naive).ok_or_else(|| Error::Corrupt {
        table: "cursor",
        id: key.id.clone(),
        what: "not a time".to_owned(),
    })
}

/// The text a key holds.
#[expect(
    clippy::unnecessary_wraps,
    reason = "`keyset!` takes it in the place of `time_key`, which may fail"
)]
pub(crate) fn text_key(key: &Key) -> Result<String, Error> {
    Ok(key.key.clone())
}

/// Applies a range to a boxed query over a NOT NULL sort column and an id column.
///
/// The predicate is `k <= ? AND (k < ? OR id < ?)`: the plain OR form makes PostgreSQL read the
/// whole index from its start. `$value` turns a [`Key`] into the column's value.
macro_rules! keyset {
    ($query:expr, $range:expr, $column:expr, $id:expr, $value:expr) => {{
        use diesel::prelude::*;
        let range = &$range;
        let mut query = $query;
        match range.order {
            $crate::keyset::Order::Descending => {
                if let Some(from) = range.from {
                    let key = $value(from)?;
                    query = query.filter(
                        $column
                            .le(key.clone())
                            .and($column.lt(key).or($id.lt(from.id.clone()))),
                    );
                }
                query = query.order(($column.desc(), $id.desc()));
            }
            $crate::keyset::Order::Ascending => {
                if let Some(from) = range.from {
                    let key = $value(from)?;
                    query = query.filter(
                        $column
                            .ge(key.clone())
                            .and($column.gt(key).or($id.gt(from.id.clone()))),
                    );
                }
                query = query.order(($column.asc(), $id.asc()));
            }
        }
        query.limit(range.limit)
    }};
}
pub(crate) use keyset;

/// Counts a boxed query to a limit; `$query` is an expression that builds it anew.
macro_rules! count_to_limit {
    ($conn:expr, $id:expr, $query:expr) => {{
        use diesel::prelude::*;
        let beyond: Option<String> = $query
            .select($id)
            .offset(i64::from(loa_domain::paging::COUNT_LIMIT))
            .limit(1)
            .first($conn.any())
            .optional()?;
        if beyond.is_some() {
            loa_domain::paging::Total {
                total: u64::from(loa_domain::paging::COUNT_LIMIT),
                is_lower_bound: true,
            }
        } else {
            let total: i64 = $query.count().get_result($conn.any())?;
            loa_domain::paging::Total {
                total: u64::try_from(total).unwrap_or(0),
                is_lower_bound: false,
            }
        }
    }};
}
pub(crate) use count_to_limit;
