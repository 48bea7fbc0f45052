//! What waits for a second administrator, and what came of it.
//!
//! Not for who may decide: the use cases know that.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use loa_domain::access::{AccessKind, AccessRequest, AccessState, AccessWhat};
use loa_domain::ids::{AccessRequestId, UserId};
use loa_domain::paging::{Key, Page, PageAsk};
use loa_domain::people::Place;
use loa_domain::time::Moment;

use crate::conn::{AnyConn, Conn};
use crate::error::Error;
use crate::keyset::{Order, count_to_limit, keyset, range, time_key};
use crate::memberships::{columns_of, place_of};
use crate::row::{At, exactly_one};
use crate::schema::{access_requests as requests, memberships, users};
use crate::tx::Tx;
use crate::users::PeopleInReach;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = requests)]
struct Row {
    id: String,
    kind: String,
    user_id: String,
    role: Option<String>,
    site_id: Option<String>,
    unit_id: Option<String>,
    sections: String,
    state: String,
    asked_by: String,
    asked_at: NaiveDateTime,
    expires_at: NaiveDateTime,
    decided_by: Option<String>,
    decided_at: Option<NaiveDateTime>,
}

impl Row {
    fn of(request: &AccessRequest) -> Self {
        let (role, place, sections) = match &request.what {
            AccessWhat::Role {
                role,
                place,
                sections,
            } => (Some(*role), *place, sections.as_slice()),
            AccessWhat::PasswordLink => (None, Place::Platform, [].as_slice()),
        };
        let (site_id, unit_id) = columns_of(place);
        let sections: Vec<String> = sections.iter().map(ToString::to_string).collect();
        Self {
            id: request.id.to_string(),
            kind: request.what.kind().to_string(),
            user_id: request.user.to_string(),
            role: role.map(|role| role.to_string()),
            site_id,
            unit_id,
            sections: sections.join(" "),
            state: request.state.to_string(),
            asked_by: request.asked_by.to_string(),
            asked_at: request.asked_at.naive(),
            expires_at: request.expires_at.naive(),
            decided_by: request.decided_by.map(|id| id.to_string()),
            decided_at: request.decided_at.map(Moment::naive),
        }
    }

    fn read(self) -> Result<AccessRequest, Error> {
        let at = At {
            table: "access_requests",
            id: &self.id,
        };
        let what = match at.parse("kind", &self.kind)? {
            AccessKind::PasswordLink => AccessWhat::PasswordLink,
            AccessKind::Role => AccessWhat::Role {
                role: at.parse("role", self.role.as_deref().unwrap_or_default())?,
                place: place_of(at, self.site_id.as_deref(), self.unit_id.as_deref())?,
                sections: self
                    .sections
                    .split_whitespace()
                    .map(|id| at.parse("sections", id))
                    .collect::<Result<_, _>>()?,
            },
        };
        Ok(AccessRequest {
            id: at.parse("id", &self.id)?,
            user: at.parse("user_id", &self.user_id)?,
            what,
            state: at.parse("state", &self.state)?,
            asked_by: at.parse("asked_by", &self.asked_by)?,
            asked_at: Moment::from_naive(self.asked_at),
            expires_at: Moment::from_naive(self.expires_at),
            decided_by: at.parse_some("decided_by", self.decided_by.as_deref())?,
            decided_at: self.decided_at.map(Moment::from_naive),
        })
    }
}

/// Adds a request.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut Tx<'_>, request: &AccessRequest) -> Result<(), Error> {
    diesel::insert_into(requests::table)
        .values(Row::of(request))
        .execute(tx.any())?;
    Ok(())
}

/// A request.
///
/// # Errors
/// Of the database.
pub fn get(conn: &mut Conn, id: AccessRequestId) -> Result<Option<AccessRequest>, Error> {
    let row: Option<Row> = requests::table
        .find(id.to_string())
        .select(Row::as_select())
        .first(conn.any())
        .optional()?;
    row.map(Row::read).transpose()
}

/// What waits for a person's account.
///
/// # Errors
/// Of the database.
pub fn waiting_for(
    conn: &mut Conn,
    user: UserId,
    now: Moment,
) -> Result<Vec<AccessRequest>, Error> {
    let rows: Vec<Row> = requests::table
        .filter(
            requests::user_id
                .eq(user.to_string())
                .and(requests::state.eq(AccessState::Waiting.as_str()))
                .and(requests::expires_at.gt(now.naive())),
        )
        .order((requests::asked_at, requests::id))
        .select(Row::as_select())
        .load(conn.any())?;
    rows.into_iter().map(Row::read).collect()
}

/// What waits about places and people in reach, and what the viewer asked for, newest first.
///
/// # Errors
/// Of the database.
pub fn list(
    conn: &mut Conn,
    reach: &PeopleInReach,
    now: Moment,
    ask: &PageAsk,
) -> Result<Page<AccessRequest>, Error> {
    let query = || {
        in_reach(reach).filter(
            requests::state
                .eq(AccessState::Waiting.as_str())
                .and(requests::expires_at.gt(now.naive())),
        )
    };
    let range = range(ask, Order::Descending);
    let rows: Vec<Row> = keyset!(query(), range, requests::asked_at, requests::id, time_key)
        .select(Row::as_select())
        .load(conn.any())?;
    let found: Vec<AccessRequest> = rows.into_iter().map(Row::read).collect::<Result<_, _>>()?;
    let total = if ask.count {
        Some(count_to_limit!(conn, requests::id, query()))
    } else {
        None
    };
    Ok(Page::of(ask, found, total, |request| Key {
        key: request.asked_at.micros().to_string(),
        id: request.id.to_string(),
    }))
}

type Boxed = requests::BoxedQuery<'static, <AnyConn as Connection>::Backend>;

fn in_reach(reach: &PeopleInReach) -> Boxed {
    let query = requests::table.into_boxed();
    let PeopleInReach::Only {
        viewer,
        sites,
        units,
    } = reach
    else {
        return query;
    };
    let viewer = viewer.to_string();
    let sites: Vec<String> = sites.iter().map(ToString::to_string).collect();
    let units: Vec<String> = units.iter().map(ToString::to_string).collect();
    let holders = memberships::table
        .filter(memberships::ended_at.is_null())
        .filter(
            memberships::site_id
                .eq_any(sites.clone())
                .or(memberships::unit_id.eq_any(units.clone())),
        )
        .select(memberships::user_id);
    let made = users::table
        .filter(users::created_by.eq(viewer.clone()))
        .select(users::id);
    query.filter(
        requests::asked_by
            .eq(viewer)
            .or(requests::site_id.eq_any(sites).assume_not_null())
            .or(requests::unit_id.eq_any(units).assume_not_null())
            .or(requests::kind.eq(AccessKind::PasswordLink.as_str()).and(
                requests::user_id
                    .eq_any(holders)
                    .or(requests::user_id.eq_any(made)),
            )),
    )
}

/// Decides a request that waits.
///
/// # Errors
/// `Stale` when it does not wait any more.
pub fn decide(
    tx: &mut Tx<'_>,
    id: AccessRequestId,
    state: AccessState,
    by: Option<UserId>,
    now: Moment,
) -> Result<(), Error> {
    let row = requests::table.filter(
        requests::id
            .eq(id.to_string())
            .and(requests::state.eq(AccessState::Waiting.as_str())),
    );
    exactly_one(
        diesel::update(row)
            .set((
                requests::state.eq(state.as_str()),
                requests::decided_by.eq(by.map(|id| id.to_string())),
                requests::decided_at.eq(now.naive()),
            ))
            .execute(tx.any())?,
    )
}

/// Takes back whatever waits, of everybody; gives how many.
///
/// # Errors
/// Of the database.
pub fn system_cancel_all(tx: &mut Tx<'_>, now: Moment) -> Result<usize, Error> {
    let waiting = requests::table.filter(requests::state.eq(AccessState::Waiting.as_str()));
    Ok(diesel::update(waiting)
        .set((
            requests::state.eq(AccessState::Cancelled.as_str()),
            requests::decided_at.eq(now.naive()),
        ))
        .execute(tx.any())?)
}
