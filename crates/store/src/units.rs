//! Units and who succeeded whom.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::Text;
use loa_domain::ids::UnitId;
use loa_domain::paging::{Key, Page, PageAsk};
use loa_domain::text;
use loa_domain::time::Moment;
use loa_domain::unit::{Succession, Unit, UnitKind};

use crate::conn::Conn;
use crate::error::Error;
use crate::keyset::{Order, count_to_limit, keyset, range, text_key};
use crate::row::{At, exactly_one};
use crate::schema::{unit_successions, units};
use crate::tx::Tx;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = units)]
pub(crate) struct Row {
    id: String,
    code: String,
    name: String,
    kind: String,
    parent_id: Option<String>,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    pub(crate) sort_key: String,
    version: i64,
    created_at: chrono::NaiveDateTime,
    updated_at: chrono::NaiveDateTime,
}

impl Row {
    pub(crate) fn read(self) -> Result<Unit, Error> {
        let at = At {
            table: "units",
            id: &self.id,
        };
        Ok(Unit {
            id: at.parse("id", &self.id)?,
            kind: at.parse("kind", &self.kind)?,
            parent: at.parse_some("parent_id", self.parent_id.as_deref())?,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            version: self.version,
            code: self.code,
            name: self.name,
        })
    }
}

/// The unit with this id.
///
/// # Errors
/// Of the database.
pub fn get(conn: &mut Conn, id: UnitId) -> Result<Option<Unit>, Error> {
    let row: Option<Row> = units::table
        .find(id.to_string())
        .select(Row::as_select())
        .first(conn.any())
        .optional()?;
    row.map(Row::read).transpose()
}

/// The units with these ids, in no order.
///
/// # Errors
/// Of the database.
pub fn get_many(conn: &mut Conn, ids: &[UnitId]) -> Result<Vec<Unit>, Error> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<Row> = units::table
        .filter(units::id.eq_any(ids))
        .select(Row::as_select())
        .load(conn.any())?;
    rows.into_iter().map(Row::read).collect()
}

/// Every period of a code, oldest first.
///
/// # Errors
/// Of the database.
pub fn periods(conn: &mut Conn, code: &str) -> Result<Vec<Unit>, Error> {
    let rows: Vec<Row> = units::table
        .filter(units::code.eq(code))
        .order(units::valid_from)
        .select(Row::as_select())
        .load(conn.any())?;
    rows.into_iter().map(Row::read).collect()
}

/// What a list of units is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitFilter {
    /// Any of these codes.
    pub codes: Vec<String>,
    /// Any of these kinds.
    pub kinds: Vec<UnitKind>,
    /// Right below any of these.
    pub parents: Vec<UnitId>,
}

/// Units by name, from A to Z or the other way round.
///
/// # Errors
/// Of the database.
pub fn list(
    conn: &mut Conn,
    filter: &UnitFilter,
    descending: bool,
    ask: &PageAsk,
) -> Result<Page<Unit>, Error> {
    let query = || {
        let mut query = units::table.into_boxed();
        if !filter.codes.is_empty() {
            query = query.filter(units::code.eq_any(filter.codes.clone()));
        }
        if !filter.kinds.is_empty() {
            let kinds: Vec<&str> = filter.kinds.iter().map(|kind| kind.as_str()).collect();
            query = query.filter(units::kind.eq_any(kinds));
        }
        if !filter.parents.is_empty() {
            let parents: Vec<String> = filter.parents.iter().map(ToString::to_string).collect();
            query = query.filter(units::parent_id.eq_any(parents));
        }
        query
    };
    let order = if descending {
        Order::Descending
    } else {
        Order::Ascending
    };
    let range = range(ask, order);
    let rows: Vec<Row> = keyset!(query(), range, units::sort_key, units::id, text_key)
        .select(Row::as_select())
        .load(conn.any())?;
    let total = if ask.count {
        Some(count_to_limit!(conn, units::id, query()))
    } else {
        None
    };
    Page::of(ask, rows, total, |row| Key {
        key: row.sort_key.clone(),
        id: row.id.clone(),
    })
    .try_map(Row::read)
}

#[derive(QueryableByName)]
struct Above {
    #[diesel(sql_type = Text)]
    id: String,
}

/// A unit and every unit above it, in no order.
///
/// # Errors
/// Of the database.
pub fn with_ancestors(conn: &mut Conn, id: UnitId) -> Result<Vec<UnitId>, Error> {
    let rows: Vec<Above> = diesel::sql_query(
        "WITH RECURSIVE above (id, parent_id) AS (
             SELECT u.id, u.parent_id FROM units u WHERE u.id = $1
             UNION
             SELECT u.id, u.parent_id FROM above a JOIN units u ON u.id = a.parent_id
         )
         SELECT id FROM above",
    )
    .bind::<Text, _>(id.to_string())
    .load(conn.any())?;
    rows.into_iter()
        .map(|row| {
            At {
                table: "units",
                id: &row.id,
            }
            .parse("id", &row.id)
        })
        .collect()
}

/// Replaces a unit that has the version before `unit.version`.
///
/// # Errors
/// `Stale` when it has another by now, `Taken` when the code has a period that starts on the same
/// day.
pub fn update(tx: &mut Tx<'_>, unit: &Unit, now: Moment) -> Result<(), Error> {
    let row = units::table.filter(
        units::id
            .eq(unit.id.to_string())
            .and(units::version.eq(unit.version - 1)),
    );
    let rows = diesel::update(row)
        .set((
            units::code.eq(&unit.code),
            units::name.eq(&unit.name),
            units::kind.eq(unit.kind.as_str()),
            units::parent_id.eq(unit.parent.map(|id| id.to_string())),
            units::valid_from.eq(unit.valid_from),
            units::valid_to.eq(unit.valid_to),
            units::sort_key.eq(text::sort_key(&unit.name)),
            units::version.eq(unit.version),
            units::updated_at.eq(now.naive()),
        ))
        .execute(tx.any())?;
    exactly_one(rows)
}

/// Adds a unit.
///
/// # Errors
/// `Taken` when the code has a period that starts on the same day.
pub fn insert(tx: &mut Tx<'_>, unit: &Unit, now: Moment) -> Result<(), Error> {
    let row = Row {
        id: unit.id.to_string(),
        code: unit.code.clone(),
        name: unit.name.clone(),
        kind: unit.kind.to_string(),
        parent_id: unit.parent.map(|id| id.to_string()),
        valid_from: unit.valid_from,
        valid_to: unit.valid_to,
        sort_key: text::sort_key(&unit.name),
        version: unit.version,
        created_at: now.naive(),
        updated_at: now.naive(),
    };
    diesel::insert_into(units::table)
        .values(row)
        .execute(tx.any())?;
    Ok(())
}

/// Successions in which any of the units takes part, on either side.
///
/// # Errors
/// Of the database.
pub fn successions_of(conn: &mut Conn, ids: &[UnitId]) -> Result<Vec<Succession>, Error> {
    use unit_successions as s;
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<(String, String, String, NaiveDate, String)> = s::table
        .filter(
            s::predecessor_id
                .eq_any(&ids)
                .or(s::successor_id.eq_any(&ids)),
        )
        .order((s::on_date, s::id))
        .load(conn.any())?;
    rows.into_iter()
        .map(|(id, predecessor, successor, on, legal_basis)| {
            let at = At {
                table: "unit_successions",
                id: &id,
            };
            Ok(Succession {
                id: at.parse("id", &id)?,
                predecessor: at.parse("predecessor_id", &predecessor)?,
                successor: at.parse("successor_id", &successor)?,
                on,
                legal_basis,
            })
        })
        .collect()
}

/// Adds a succession.
///
/// # Errors
/// `Taken` when the pair is there already.
pub fn insert_succession(tx: &mut Tx<'_>, succession: &Succession) -> Result<(), Error> {
    use unit_successions as s;
    diesel::insert_into(s::table)
        .values((
            s::id.eq(succession.id.to_string()),
            s::predecessor_id.eq(succession.predecessor.to_string()),
            s::successor_id.eq(succession.successor.to_string()),
            s::on_date.eq(succession.on),
            s::legal_basis.eq(&succession.legal_basis),
        ))
        .execute(tx.any())?;
    Ok(())
}
