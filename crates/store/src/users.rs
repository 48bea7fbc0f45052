//! People with accounts. The hash of a password leaves this crate only through [`account`] and
//! [`account_by_email`], for checking it.

use diesel::prelude::*;
use loa_domain::ids::{SiteId, UnitId, UserId};
use loa_domain::paging::{Key, Page, PageAsk};
use loa_domain::people::{User, UserStatus, email_key, is_email};
use loa_domain::text::person_sort_key;
use loa_domain::time::Moment;

use crate::conn::{AnyConn, Conn};
use crate::error::Error;
use crate::keyset::{Order, count_to_limit, keyset, range, text_key};
use crate::row::{At, exactly_one};
use crate::schema::{memberships, users};
use crate::tx::Tx;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = users)]
pub(crate) struct Row {
    pub(crate) id: String,
    email: String,
    email_key: String,
    name: String,
    pub(crate) sort_key: String,
    password_hash: Option<String>,
    status: String,
    created_by: Option<String>,
    version: i64,
    created_at: chrono::NaiveDateTime,
    updated_at: chrono::NaiveDateTime,
}

impl Row {
    pub(crate) fn read(self) -> Result<User, Error> {
        let at = At {
            table: "users",
            id: &self.id,
        };
        Ok(User {
            id: at.parse("id", &self.id)?,
            status: at.parse("status", &self.status)?,
            created_by: at.parse_some("created_by", self.created_by.as_deref())?,
            has_password: self.password_hash.is_some(),
            created_at: Moment::from_naive(self.created_at),
            version: self.version,
            email: self.email,
            name: self.name,
        })
    }

    fn account(self) -> Result<Account, Error> {
        Ok(Account {
            password_hash: self.password_hash.clone(),
            user: self.read()?,
        })
    }
}

/// A person with the hash of their password.
#[derive(Clone)]
pub struct Account {
    /// Who.
    pub user: User,
    /// In PHC form; none before the first password was set.
    pub password_hash: Option<String>,
}

/// The person with this id.
///
/// # Errors
/// Of the database.
pub fn get(conn: &mut Conn, id: UserId) -> Result<Option<User>, Error> {
    row(conn, id)?.map(Row::read).transpose()
}

/// The people with these ids; whoever is unknown is missing.
///
/// # Errors
/// Of the database.
pub fn get_many(conn: &mut Conn, people: &[UserId]) -> Result<Vec<User>, Error> {
    let ids: Vec<String> = people.iter().map(ToString::to_string).collect();
    let rows: Vec<Row> = users::table
        .filter(users::id.eq_any(ids))
        .select(Row::as_select())
        .load(conn.any())?;
    rows.into_iter().map(Row::read).collect()
}

/// The same with the hash of the password.
///
/// # Errors
/// Of the database.
pub fn account(conn: &mut Conn, id: UserId) -> Result<Option<Account>, Error> {
    row(conn, id)?.map(Row::account).transpose()
}

/// The person with this email address, however its letters are cased.
///
/// # Errors
/// Of the database.
pub fn account_by_email(conn: &mut Conn, email: &str) -> Result<Option<Account>, Error> {
    if !is_email(email.trim()) {
        // No account has it, and it may hold what the database takes for no text.
        return Ok(None);
    }
    users::table
        .filter(users::email_key.eq(email_key(email)))
        .select(Row::as_select())
        .first(conn.any())
        .optional()?
        .map(Row::account)
        .transpose()
}

fn row(conn: &mut Conn, id: UserId) -> Result<Option<Row>, Error> {
    Ok(users::table
        .find(id.to_string())
        .select(Row::as_select())
        .first(conn.any())
        .optional()?)
}

/// Whom somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeopleInReach {
    /// Everyone.
    All,
    /// Those who hold a role at one of the places, and those whose account they made.
    Only {
        /// Who is looking.
        viewer: UserId,
        /// Sites.
        sites: Vec<SiteId>,
        /// Units.
        units: Vec<UnitId>,
    },
}

/// People in reach, by given name.
///
/// # Errors
/// Of the database.
pub fn list(conn: &mut Conn, reach: &PeopleInReach, ask: &PageAsk) -> Result<Page<User>, Error> {
    let query = || {
        let query = users::table.into_boxed();
        match reach {
            PeopleInReach::All => query,
            PeopleInReach::Only {
                viewer,
                sites,
                units,
            } => {
                let sites: Vec<String> = sites.iter().map(ToString::to_string).collect();
                let units: Vec<String> = units.iter().map(ToString::to_string).collect();
                let holders = memberships::table
                    .filter(memberships::ended_at.is_null())
                    .filter(
                        memberships::site_id
                            .eq_any(sites)
                            .or(memberships::unit_id.eq_any(units)),
                    )
                    .select(memberships::user_id);
                query.filter(
                    users::created_by
                        .eq(viewer.to_string())
                        .or(users::id.eq_any(holders).nullable()),
                )
            }
        }
    };
    let range = range(ask, Order::Ascending);
    let rows: Vec<Row> = keyset!(query(), range, users::sort_key, users::id, text_key)
        .select(Row::as_select())
        .load(conn.any())?;
    let total = if ask.count {
        Some(count_to_limit!(conn, users::id, query()))
    } else {
        None
    };
    Page::of(ask, rows, total, |row| Key {
        key: row.sort_key.clone(),
        id: row.id.clone(),
    })
    .try_map(Row::read)
}

/// Adds a person; they have no password yet.
///
/// # Errors
/// `Taken` when the address has an account already.
pub fn insert(tx: &mut Tx<'_>, user: &User) -> Result<(), Error> {
    diesel::insert_into(users::table)
        .values(Row {
            id: user.id.to_string(),
            email: user.email.clone(),
            email_key: email_key(&user.email),
            name: user.name.clone(),
            sort_key: person_sort_key(&user.name),
            password_hash: None,
            status: user.status.to_string(),
            created_by: user.created_by.map(|id| id.to_string()),
            version: user.version,
            created_at: user.created_at.naive(),
            updated_at: user.created_at.naive(),
        })
        .execute(tx.any())?;
    Ok(())
}

/// What may change about a person.
#[derive(Debug, Clone, Copy)]
pub struct UserChange<'a> {
    /// As written.
    pub email: &'a str,
    /// Full name.
    pub name: &'a str,
    /// Whether they may sign in.
    pub status: UserStatus,
}

/// Changes a person and raises the version.
///
/// # Errors
/// `Taken` when the address has another account, `Stale` when the version is another by now.
pub fn update(
    tx: &mut Tx<'_>,
    id: UserId,
    version: i64,
    change: UserChange<'_>,
    now: Moment,
) -> Result<(), Error> {
    let rows = diesel::update(
        users::table.filter(users::id.eq(id.to_string()).and(users::version.eq(version))),
    )
    .set((
        users::email.eq(change.email),
        users::email_key.eq(email_key(change.email)),
        users::name.eq(change.name),
        users::sort_key.eq(person_sort_key(change.name)),
        users::status.eq(change.status.as_str()),
        users::version.eq(version + 1),
        users::updated_at.eq(now.naive()),
    ))
    .execute(tx.any())?;
    exactly_one(rows)
}

/// Sets the hash of the password and raises the version.
///
/// # Errors
/// `Stale` when the version is another by now.
pub fn set_password(
    tx: &mut Tx<'_>,
    id: UserId,
    version: i64,
    hash: &str,
    now: Moment,
) -> Result<(), Error> {
    let rows = diesel::update(
        users::table.filter(users::id.eq(id.to_string()).and(users::version.eq(version))),
    )
    .set((
        users::password_hash.eq(hash),
        users::version.eq(version + 1),
        users::updated_at.eq(now.naive()),
    ))
    .execute(tx.any())?;
    exactly_one(rows)
}

/// Takes a person's password away and raises the version: they sign in again when a link has set
/// another one.
///
/// # Errors
/// `Stale` when the version is another by now.
pub fn clear_password(tx: &mut Tx<'_>, id: UserId, version: i64, now: Moment) -> Result<(), Error> {
    let rows = diesel::update(
        users::table.filter(users::id.eq(id.to_string()).and(users::version.eq(version))),
    )
    .set((
        users::password_hash.eq(None::<String>),
        users::version.eq(version + 1),
        users::updated_at.eq(now.naive()),
    ))
    .execute(tx.any())?;
    exactly_one(rows)
}

/// Locks a person's row until the end of the transaction, on either database.
///
/// # Errors
/// `Stale` when the version is another by now.
pub fn hold(tx: &mut Tx<'_>, id: UserId, version: i64) -> Result<(), Error> {
    let rows = diesel::update(
        users::table.filter(users::id.eq(id.to_string()).and(users::version.eq(version))),
    )
    .set(users::version.eq(version))
    .execute(tx.any())?;
    exactly_one(rows)
}

/// Whether the account is active. If so, that cannot change until the transaction ends; see
/// [`crate::sessions::hold_active`].
///
/// # Errors
/// Of the database.
pub fn hold_active(tx: &mut Tx<'_>, id: UserId) -> Result<bool, Error> {
    let query = users::table
        .find(id.to_string())
        .filter(users::status.eq(UserStatus::Active.as_str()))
        .select(users::id);
    let found: Option<String> = match tx.any() {
        AnyConn::Sqlite(conn) => query.first(conn),
        AnyConn::Pg(conn) => query.for_share().first(conn),
    }
    .optional()?;
    Ok(found.is_some())
}
