//! The sign-in history.
//!
//! Not for counting failures to refuse more of them: that is `logins`, which forgets within a day.

use diesel::prelude::*;
use loa_domain::ids::UserId;
use loa_domain::paging::{Key, Page, PageAsk};
use loa_domain::sign_in::{SignIn, SignInFilter};
use loa_domain::time::Moment;

use crate::conn::{AnyConn, Conn};
use crate::error::Error;
use crate::keyset::{Order, count_to_limit, keyset, range, time_key};
use crate::row::At;
use crate::schema::{memberships, sign_ins, users};
use crate::tx::Tx;
use crate::users::PeopleInReach;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sign_ins)]
struct Row {
    id: String,
    user_id: Option<String>,
    outcome: String,
    address: Option<String>,
    user_agent: String,
    tries: i64,
    at: chrono::NaiveDateTime,
    last_at: chrono::NaiveDateTime,
}

impl Row {
    fn read(self) -> Result<SignIn, Error> {
        let at = At {
            table: "sign_ins",
            id: &self.id,
        };
        Ok(SignIn {
            id: at.parse("id", &self.id)?,
            user: at.parse_some("user_id", self.user_id.as_deref())?,
            outcome: at.parse("outcome", &self.outcome)?,
            count: u32::try_from(self.tries).unwrap_or(u32::MAX),
            at: Moment::from_naive(self.at),
            last_at: Moment::from_naive(self.last_at),
            address: self.address,
            user_agent: self.user_agent,
        })
    }
}

/// Writes a row, or how far its count has come since.
///
/// # Errors
/// Of the database.
pub fn put(tx: &mut Tx<'_>, row: &SignIn) -> Result<(), Error> {
    let rows = diesel::update(sign_ins::table.find(row.id.to_string()))
        .set((
            sign_ins::tries.eq(i64::from(row.count)),
            sign_ins::last_at.eq(row.last_at.naive()),
        ))
        .execute(tx.any())?;
    if rows == 0 {
        diesel::insert_into(sign_ins::table)
            .values(Row {
                id: row.id.to_string(),
                user_id: row.user.map(|user| user.to_string()),
                outcome: row.outcome.to_string(),
                address: row.address.clone(),
                user_agent: row.user_agent.clone(),
                tries: i64::from(row.count),
                at: row.at.naive(),
                last_at: row.last_at.naive(),
            })
            .execute(tx.any())?;
    }
    Ok(())
}

/// Whose sign-ins somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// One's own.
    Own(UserId),
    /// Those of the people in reach; of everybody, also those that belong to no account.
    Of(PeopleInReach),
}

/// The history, newest first.
///
/// # Errors
/// Of the database.
pub fn list(
    conn: &mut Conn,
    whose: &Whose,
    filter: &SignInFilter,
    ask: &PageAsk,
) -> Result<Page<SignIn>, Error> {
    let query = || selected(whose, filter);
    let range = range(ask, Order::Descending);
    let rows: Vec<Row> = keyset!(query(), range, sign_ins::at, sign_ins::id, time_key)
        .select(Row::as_select())
        .load(conn.any())?;
    let total = if ask.count {
        Some(count_to_limit!(conn, sign_ins::id, query()))
    } else {
        None
    };
    Page::of(ask, rows, total, |row| Key {
        key: Moment::from_naive(row.at).micros().to_string(),
        id: row.id.clone(),
    })
    .try_map(Row::read)
}

type Selected = sign_ins::BoxedQuery<'static, <AnyConn as Connection>::Backend>;

fn selected(whose: &Whose, filter: &SignInFilter) -> Selected {
    let mut query = sign_ins::table.into_boxed();
    match whose {
        Whose::Own(user) => query = query.filter(sign_ins::user_id.eq(user.to_string())),
        Whose::Of(PeopleInReach::All) => {}
        Whose::Of(PeopleInReach::Only {
            viewer,
            sites,
            units,
        }) => {
            let sites: Vec<String> = sites.iter().map(ToString::to_string).collect();
            let units: Vec<String> = units.iter().map(ToString::to_string).collect();
            let holders = memberships::table
                .filter(memberships::ended_at.is_null())
                .filter(
                    memberships::site_id
                        .eq_any(sites)
                        .or(memberships::unit_id.eq_any(units)),
                )
                .select(memberships::user_id.nullable());
            let made = users::table
                .filter(users::created_by.eq(viewer.to_string()))
                .select(users::id.nullable());
            query = query.filter(
                sign_ins::user_id
                    .eq_any(holders)
                    .or(sign_ins::user_id.eq_any(made)),
            );
        }
    }
    if let Some(user) = filter.user {
        query = query.filter(sign_ins::user_id.eq(user.to_string()));
    }
    if !filter.outcomes.is_empty() {
        let words: Vec<&str> = filter.outcomes.iter().map(|word| word.as_str()).collect();
        query = query.filter(sign_ins::outcome.eq_any(words));
    }
    if let Some(from) = filter.from {
        query = query.filter(sign_ins::at.ge(from.naive()));
    }
    if let Some(to) = filter.to {
        query = query.filter(sign_ins::at.le(to.naive()));
    }
    query
}

/// Forgets at most `limit` rows that ended before `before`; gives how many.
///
/// # Errors
/// Of the database.
pub fn system_forget(tx: &mut Tx<'_>, before: Moment, limit: i64) -> Result<usize, Error> {
    let old: Vec<String> = sign_ins::table
        .filter(sign_ins::at.lt(before.naive()))
        .order((sign_ins::at, sign_ins::id))
        .limit(limit)
        .select(sign_ins::id)
        .load(tx.any())?;
    let mut rows = 0;
    for some in old.chunks(100) {
        let these = sign_ins::table.filter(sign_ins::id.eq_any(some.to_vec()));
        rows += diesel::delete(these).execute(tx.any())?;
    }
    Ok(rows)
}
