//! Roles people hold. A role that has ended is kept and counts nowhere.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Text};
use loa_domain::actor::{Actor, Grant, Reach};
use loa_domain::ids::{MembershipId, SectionId, SiteId, UnitId, UserId};
use loa_domain::people::{Membership, Place, Role, UserStatus};
use loa_domain::section::with_subsections;
use loa_domain::time::Moment;

use crate::conn::{AnyConn, Conn};
use crate::error::Error;
use crate::row::{At, exactly_one};
use crate::schema::{membership_sections, memberships, sections, users as users_table};
use crate::tx::Tx;
use crate::users;

#[derive(Queryable, Selectable)]
#[diesel(table_name = memberships)]
struct Row {
    id: String,
    user_id: String,
    role: String,
    site_id: Option<String>,
    unit_id: Option<String>,
    version: i64,
    created_at: chrono::NaiveDateTime,
}

impl Row {
    fn read(self, sections: Vec<SectionId>) -> Result<Membership, Error> {
        let at = At {
            table: "memberships",
            id: &self.id,
        };
        let place = place_of(at, self.site_id.as_deref(), self.unit_id.as_deref())?;
        Ok(Membership {
            id: at.parse("id", &self.id)?,
            user: at.parse("user_id", &self.user_id)?,
            role: at.parse("role", &self.role)?,
            place,
            sections,
            created_at: Moment::from_naive(self.created_at),
            version: self.version,
        })
    }
}

/// A place from its two columns.
pub(crate) fn place_of(at: At<'_>, site: Option<&str>, unit: Option<&str>) -> Result<Place, Error> {
    let site = at.parse_some("site_id", site)?;
    let unit = at.parse_some("unit_id", unit)?;
    match (site, unit) {
        (None, None) => Ok(Place::Platform),
        (None, Some(unit)) => Ok(Place::Unit(unit)),
        (Some(site), None) => Ok(Place::Site(site)),
        (Some(_), Some(_)) => Err(at.corrupt("both a site and a unit")),
    }
}

/// The two columns of a place: site and unit.
pub(crate) fn columns_of(place: Place) -> (Option<String>, Option<String>) {
    match place {
        Place::Platform => (None, None),
        Place::Unit(unit) => (None, Some(unit.to_string())),
        Place::Site(site) => (Some(site.to_string()), None),
    }
}

/// The roles a person holds, oldest first.
///
/// # Errors
/// Of the database.
pub fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<Membership>, Error> {
    let rows: Vec<Row> = memberships::table
        .filter(
            memberships::user_id
                .eq(user.to_string())
                .and(memberships::ended_at.is_null()),
        )
        .order((memberships::created_at, memberships::id))
        .select(Row::as_select())
        .load(conn.any())?;
    let limits: Vec<(String, String)> = membership_sections::table
        .inner_join(memberships::table)
        .filter(
            memberships::user_id
                .eq(user.to_string())
                .and(memberships::ended_at.is_null()),
        )
        .order((
            membership_sections::membership_id,
            membership_sections::section_id,
        ))
        .select((
            membership_sections::membership_id,
            membership_sections::section_id,
        ))
        .load(conn.any())?;
    let mut by_membership: BTreeMap<String, Vec<SectionId>> = BTreeMap::new();
    for (membership, section) in limits {
        let at = At {
            table: "membership_sections",
            id: &membership,
        };
        let section = at.parse("section_id", &section)?;
        by_membership.entry(membership).or_default().push(section);
    }
    rows.into_iter()
        .map(|row| {
            let sections = by_membership.remove(&row.id).unwrap_or_default();
            row.read(sections)
        })
        .collect()
}

/// Gives a role.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut Tx<'_>, membership: &Membership) -> Result<(), Error> {
    let (site, unit) = columns_of(membership.place);
    diesel::insert_into(memberships::table)
        .values((
            memberships::id.eq(membership.id.to_string()),
            memberships::user_id.eq(membership.user.to_string()),
            memberships::role.eq(membership.role.as_str()),
            memberships::site_id.eq(site),
            memberships::unit_id.eq(unit),
            memberships::version.eq(membership.version),
            memberships::created_at.eq(membership.created_at.naive()),
            memberships::updated_at.eq(membership.created_at.naive()),
        ))
        .execute(tx.any())?;
    for section in &membership.sections {
        diesel::insert_into(membership_sections::table)
            .values((
                membership_sections::membership_id.eq(membership.id.to_string()),
                membership_sections::section_id.eq(section.to_string()),
            ))
            .execute(tx.any())?;
    }
    Ok(())
}

/// Ends a role.
///
/// # Errors
/// `Stale` when it has ended or changed meanwhile.
pub fn end(tx: &mut Tx<'_>, id: MembershipId, version: i64, now: Moment) -> Result<(), Error> {
    let row = memberships::table.filter(
        memberships::id
            .eq(id.to_string())
            .and(memberships::version.eq(version))
            .and(memberships::ended_at.is_null()),
    );
    let rows = diesel::update(row)
        .set((
            memberships::ended_at.eq(now.naive()),
            memberships::version.eq(version + 1),
            memberships::updated_at.eq(now.naive()),
        ))
        .execute(tx.any())?;
    exactly_one(rows)
}

/// The roles a person holds with the places they reach on a day: at most four queries, however
/// many roles, units and sites there are.
///
/// # Errors
/// Of the database.
pub fn grants_of(conn: &mut Conn, user: UserId, today: NaiveDate) -> Result<Vec<Grant>, Error> {
    let held = of_user(conn, user)?;
    let has_units = held
        .iter()
        .any(|membership| matches!(membership.place, Place::Unit(_)));
    let reach = if has_units {
        reach_of_units(conn, user, today)?
    } else {
        BTreeMap::new()
    };
    let limited: Vec<String> = held
        .iter()
        .filter(|membership| !membership.sections.is_empty())
        .filter_map(|membership| match membership.place {
            Place::Site(site) => Some(site.to_string()),
            Place::Platform | Place::Unit(_) => None,
        })
        .collect();
    let tree = if limited.is_empty() {
        Vec::new()
    } else {
        section_tree(conn, limited)?
    };
    Ok(held
        .into_iter()
        .map(|membership| Grant {
            role: membership.role,
            reach: match membership.place {
                Place::Platform => Reach::Platform,
                Place::Site(site) => Reach::Site(site),
                Place::Unit(unit) => {
                    let (units, sites) = reach.get(&unit).cloned().unwrap_or_default();
                    Reach::Unit { unit, units, sites }
                }
            },
            sections: (!membership.sections.is_empty())
                .then(|| with_subsections(&tree, &membership.sections)),
        })
        .collect())
}

/// The active accounts that administer the platform, each with whether it has a password. Until the
/// transaction ends, nobody suspends them or changes their roles.
///
/// # Errors
/// Of the database.
pub fn hold_platform_admins(tx: &mut Tx<'_>) -> Result<Vec<(UserId, bool)>, Error> {
    let holders = memberships::table
        .filter(
            memberships::role
                .eq(Role::PlatformAdmin.as_str())
                .and(memberships::ended_at.is_null()),
        )
        .select(memberships::user_id);
    let query = users_table::table
        .filter(
            users_table::id
                .eq_any(holders)
                .and(users_table::status.eq(UserStatus::Active.as_str())),
        )
        .order(users_table::id)
        .select((users_table::id, users_table::password_hash.is_not_null()));
    let rows: Vec<(String, bool)> = match tx.any() {
        AnyConn::Sqlite(conn) => query.load(conn),
        AnyConn::Pg(conn) => query.for_update().load(conn),
    }?;
    let at = |id| At { table: "users", id };
    rows.iter()
        .map(|(id, has_password)| Ok((at(id).parse("id", id)?, *has_password)))
        .collect()
}

/// Somebody who is not signed in just now, with what they hold on a day; none when they may not
/// sign in at all.
///
/// # Errors
/// Of the database.
pub fn system_actor(
    conn: &mut Conn,
    user: UserId,
    today: NaiveDate,
) -> Result<Option<Actor>, Error> {
    let Some(found) = users::get(conn, user)?.filter(|found| found.status == UserStatus::Active)
    else {
        return Ok(None);
    };
    let grants = grants_of(conn, user, today)?;
    Ok(Some(Actor {
        user,
        name: found.name,
        session: None,
        address: None,
        grants,
    }))
}

#[derive(QueryableByName)]
struct Below {
    #[diesel(sql_type = Text)]
    root: String,
    #[diesel(sql_type = Text)]
    unit: String,
    #[diesel(sql_type = Nullable<Text>)]
    site: Option<String>,
}

/// The units below those a person holds roles at, on a day, and their sites. A unit that is no
/// more keeps its own site and reaches nothing below it.
const BELOW: &str = "
    WITH RECURSIVE below (root, unit, going_on) AS (
        SELECT DISTINCT u.id, u.id,
               CASE WHEN u.valid_from <= $1 AND (u.valid_to IS NULL OR u.valid_to > $1)
                    THEN 1 ELSE 0 END
        FROM memberships m JOIN units u ON u.id = m.unit_id
        WHERE m.user_id = $2 AND m.ended_at IS NULL
        UNION
        SELECT b.root, u.id, 1
        FROM below b JOIN units u ON u.parent_id = b.unit
        WHERE b.going_on = 1 AND u.valid_from <= $1 AND (u.valid_to IS NULL OR u.valid_to > $1)
    )
    SELECT b.root, b.unit, s.id AS site
    FROM below b LEFT JOIN sites s ON s.unit_id = b.unit";

type Reached = (BTreeSet<UnitId>, BTreeSet<SiteId>);

fn reach_of_units(
    conn: &mut Conn,
    user: UserId,
    today: NaiveDate,
) -> Result<BTreeMap<UnitId, Reached>, Error> {
    let rows: Vec<Below> = diesel::sql_query(BELOW)
        .bind::<Date, _>(today)
        .bind::<Text, _>(user.to_string())
        .load(conn.any())?;
    let mut reach: BTreeMap<UnitId, Reached> = BTreeMap::new();
    for row in rows {
        let at = At {
            table: "units",
            id: &row.unit,
        };
        let (units, sites) = reach.entry(at.parse("parent_id", &row.root)?).or_default();
        units.insert(at.parse("id", &row.unit)?);
        sites.extend(at.parse_some::<SiteId>("site", row.site.as_deref())?);
    }
    Ok(reach)
}

fn section_tree(
    conn: &mut Conn,
    sites: Vec<String>,
) -> Result<Vec<(SectionId, Option<SectionId>)>, Error> {
    let rows: Vec<(String, Option<String>)> = sections::table
        .filter(sections::site_id.eq_any(sites))
        .select((sections::id, sections::parent_id))
        .load(conn.any())?;
    rows.into_iter()
        .map(|(id, parent)| {
            let at = At {
                table: "sections",
                id: &id,
            };
            Ok((
                at.parse("id", &id)?,
                at.parse_some("parent_id", parent.as_deref())?,
            ))
        })
        .collect()
}
