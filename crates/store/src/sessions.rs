//! Signed-in sessions and the refresh tokens given out for them.
//!
//! Tokens are stored hashed and are kept after use, so that one that comes back is recognised.

use diesel::prelude::*;
use loa_domain::ids::{SessionId, UserId};
use loa_domain::paging::{Key, Page, PageAsk};
use loa_domain::people::{User, UserStatus};
use loa_domain::time::Moment;

use crate::conn::{AnyConn, Conn};
use crate::error::Error;
use crate::keyset::{Order, count_to_limit, keyset, range, time_key};
use crate::row::At;
use crate::schema::{session_tokens as tokens, sessions, users};
use crate::tx::Tx;
use crate::users::Row as UserRow;

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Identity.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// Address it was opened from.
    pub address: String,
    /// What the client called itself then.
    pub user_agent: String,
    /// When it was opened.
    pub created_at: Moment,
    /// When it was last refreshed.
    pub last_used_at: Moment,
    /// When it ends at the latest.
    pub expires_at: Moment,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
struct Row {
    id: String,
    user_id: String,
    address: String,
    user_agent: String,
    created_at: chrono::NaiveDateTime,
    last_used_at: chrono::NaiveDateTime,
    expires_at: chrono::NaiveDateTime,
}

impl Row {
    fn read(self) -> Result<Session, Error> {
        let at = At {
            table: "sessions",
            id: &self.id,
        };
        Ok(Session {
            id: at.parse("id", &self.id)?,
            user: at.parse("user_id", &self.user_id)?,
            created_at: Moment::from_naive(self.created_at),
            last_used_at: Moment::from_naive(self.last_used_at),
            expires_at: Moment::from_naive(self.expires_at),
            address: self.address,
            user_agent: self.user_agent,
        })
    }
}

/// The active person a live session belongs to.
///
/// # Errors
/// Of the database.
pub fn active_user(
    conn: &mut Conn,
    session: SessionId,
    now: Moment,
) -> Result<Option<User>, Error> {
    users::table
        .inner_join(sessions::table.on(sessions::user_id.eq(users::id)))
        .filter(
            sessions::id
                .eq(session.to_string())
                .and(sessions::ended_at.is_null())
                .and(sessions::expires_at.gt(now.naive()))
                .and(users::status.eq(UserStatus::Active.as_str())),
        )
        .select(UserRow::as_select())
        .first(conn.any())
        .optional()?
        .map(UserRow::read)
        .transpose()
}

/// Whether the session is live and belongs to this active person. If so, neither can change until the
/// transaction ends: PostgreSQL locks both rows, and `SQLite` has one writer at a time.
///
/// # Errors
/// Of the database.
pub fn hold_active(
    tx: &mut Tx<'_>,
    session: SessionId,
    user: UserId,
    now: Moment,
) -> Result<bool, Error> {
    let query = users::table
        .inner_join(sessions::table.on(sessions::user_id.eq(users::id)))
        .filter(
            sessions::id
                .eq(session.to_string())
                .and(sessions::ended_at.is_null())
                .and(sessions::expires_at.gt(now.naive()))
                .and(users::id.eq(user.to_string()))
                .and(users::status.eq(UserStatus::Active.as_str())),
        )
        .select(users::id);
    let found: Option<String> = match tx.any() {
        AnyConn::Sqlite(conn) => query.first(conn),
        AnyConn::Pg(conn) => query.for_share().first(conn),
    }
    .optional()?;
    Ok(found.is_some())
}

/// Opens a session.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut Tx<'_>, session: &Session) -> Result<(), Error> {
    diesel::insert_into(sessions::table)
        .values(Row {
            id: session.id.to_string(),
            user_id: session.user.to_string(),
            address: session.address.clone(),
            user_agent: session.user_agent.clone(),
            created_at: session.created_at.naive(),
            last_used_at: session.last_used_at.naive(),
            expires_at: session.expires_at.naive(),
        })
        .execute(tx.any())?;
    Ok(())
}

/// Notes a token given out for a session.
///
/// # Errors
/// Of the database.
pub fn insert_token(
    tx: &mut Tx<'_>,
    session: SessionId,
    token_hash: &str,
    now: Moment,
) -> Result<(), Error> {
    diesel::insert_into(tokens::table)
        .values((
            tokens::token_hash.eq(token_hash),
            tokens::session_id.eq(session.to_string()),
            tokens::issued_at.eq(now.naive()),
        ))
        .execute(tx.any())?;
    Ok(())
}

/// The session of a token, used or not, so long as the session and its person are good.
///
/// # Errors
/// Of the database.
pub fn by_token(conn: &mut Conn, token_hash: &str, now: Moment) -> Result<Option<Session>, Error> {
    sessions::table
        .inner_join(tokens::table)
        .inner_join(users::table.on(users::id.eq(sessions::user_id)))
        .filter(
            tokens::token_hash
                .eq(token_hash)
                .and(sessions::ended_at.is_null())
                .and(sessions::expires_at.gt(now.naive()))
                .and(users::status.eq(UserStatus::Active.as_str())),
        )
        .select(Row::as_select())
        .first(conn.any())
        .optional()?
        .map(Row::read)
        .transpose()
}

/// Uses a token up; false when it was used before.
///
/// # Errors
/// Of the database.
pub fn take_token(tx: &mut Tx<'_>, token_hash: &str, now: Moment) -> Result<bool, Error> {
    let rows = diesel::update(
        tokens::table.filter(
            tokens::token_hash
                .eq(token_hash)
                .and(tokens::used_at.is_null()),
        ),
    )
    .set(tokens::used_at.eq(now.naive()))
    .execute(tx.any())?;
    Ok(rows == 1)
}

/// When a token was used up; none when it was not, or is unknown.
///
/// # Errors
/// Of the database.
pub fn token_used_at(conn: &mut Conn, token_hash: &str) -> Result<Option<Moment>, Error> {
    let used: Option<Option<chrono::NaiveDateTime>> = tokens::table
        .find(token_hash)
        .select(tokens::used_at)
        .first(conn.any())
        .optional()?;
    Ok(used.flatten().map(Moment::from_naive))
}

/// Whether a token was given out for the session and not used yet.
///
/// # Errors
/// Of the database.
pub fn is_unused_token(
    conn: &mut Conn,
    session: SessionId,
    token_hash: &str,
) -> Result<bool, Error> {
    let found: Option<String> = tokens::table
        .find(token_hash)
        .filter(
            tokens::session_id
                .eq(session.to_string())
                .and(tokens::used_at.is_null()),
        )
        .select(tokens::token_hash)
        .first(conn.any())
        .optional()?;
    Ok(found.is_some())
}

/// Notes that a session was used; false when it has ended meanwhile.
///
/// # Errors
/// Of the database.
pub fn touch(tx: &mut Tx<'_>, id: SessionId, now: Moment) -> Result<bool, Error> {
    let rows = diesel::update(
        sessions::table.filter(
            sessions::id
                .eq(id.to_string())
                .and(sessions::ended_at.is_null()),
        ),
    )
    .set(sessions::last_used_at.eq(now.naive()))
    .execute(tx.any())?;
    Ok(rows == 1)
}

/// Ends one live session of a person; false when they have no such session.
///
/// # Errors
/// Of the database.
pub fn end(tx: &mut Tx<'_>, user: UserId, id: SessionId, now: Moment) -> Result<bool, Error> {
    let rows = diesel::update(
        sessions::table.filter(
            sessions::id
                .eq(id.to_string())
                .and(sessions::user_id.eq(user.to_string()))
                .and(sessions::ended_at.is_null())
                .and(sessions::expires_at.gt(now.naive())),
        ),
    )
    .set(sessions::ended_at.eq(now.naive()))
    .execute(tx.any())?;
    Ok(rows == 1)
}

/// Ends every session of a person but the one to keep; gives how many.
///
/// # Errors
/// Of the database.
pub fn end_all(
    tx: &mut Tx<'_>,
    user: UserId,
    keep: Option<SessionId>,
    now: Moment,
) -> Result<usize, Error> {
    // No session has the empty id.
    let keep = keep.map(|id| id.to_string()).unwrap_or_default();
    Ok(diesel::update(
        sessions::table.filter(
            sessions::user_id
                .eq(user.to_string())
                .and(sessions::id.ne(keep))
                .and(sessions::ended_at.is_null()),
        ),
    )
    .set(sessions::ended_at.eq(now.naive()))
    .execute(tx.any())?)
}

/// Ends every session of everybody; gives how many.
///
/// # Errors
/// Of the database.
pub fn system_end_all(tx: &mut Tx<'_>, now: Moment) -> Result<usize, Error> {
    Ok(
        diesel::update(sessions::table.filter(sessions::ended_at.is_null()))
            .set(sessions::ended_at.eq(now.naive()))
            .execute(tx.any())?,
    )
}

/// A person's live sessions, newest first.
///
/// # Errors
/// Of the database.
pub fn list(
    conn: &mut Conn,
    user: UserId,
    ask: &PageAsk,
    now: Moment,
) -> Result<Page<Session>, Error> {
    let query = || {
        sessions::table
            .filter(
                sessions::user_id
                    .eq(user.to_string())
                    .and(sessions::ended_at.is_null())
                    .and(sessions::expires_at.gt(now.naive())),
            )
            .into_boxed()
    };
    let range = range(ask, Order::Descending);
    let found: Vec<Row> = keyset!(query(), range, sessions::created_at, sessions::id, time_key)
        .select(Row::as_select())
        .load(conn.any())?;
    let found = found
        .into_iter()
        .map(Row::read)
        .collect::<Result<Vec<_>, _>>()?;
    let total = if ask.count {
        Some(count_to_limit!(conn, sessions::id, query()))
    } else {
        None
    };
    Ok(Page::of(ask, found, total, |session| Key {
        key: session.created_at.micros().to_string(),
        id: session.id.to_string(),
    }))
}

/// Forgets at most `limit` rows of sessions that expired before `before`: their tokens first, and a
/// session with its last one. Gives how many rows.
///
/// # Errors
/// Of the database.
pub fn system_forget(tx: &mut Tx<'_>, before: Moment, limit: i64) -> Result<usize, Error> {
    let old: Vec<String> = sessions::table
        .filter(sessions::expires_at.lt(before.naive()))
        .order(sessions::expires_at)
        .limit(limit)
        .select(sessions::id)
        .load(tx.any())?;
    let limit = usize::try_from(limit).unwrap_or(0);
    let mut rows = 0;
    for id in &old {
        // Refreshed every ten minutes, a session leaves thousands of tokens.
        let left = i64::try_from(limit.saturating_sub(rows)).unwrap_or(0);
        let used: Vec<String> = tokens::table
            .filter(tokens::session_id.eq(id))
            .limit(left)
            .select(tokens::token_hash)
            .load(tx.any())?;
        for some in used.chunks(100) {
            let these = tokens::table.filter(tokens::token_hash.eq_any(some.to_vec()));
            rows += diesel::delete(these).execute(tx.any())?;
        }
        if rows >= limit {
            break;
        }
        rows += diesel::delete(sessions::table.find(id)).execute(tx.any())?;
    }
    Ok(rows)
}
