//! Units and who succeeded whom.

use chrono::NaiveDate;
use diesel::prelude::*;
use loa_domain::ids::UnitId;
use loa_domain::text;
use loa_domain::time::Moment;
use loa_domain::unit::{Succession, Unit};

use crate::conn::Conn;
use crate::error::Error;
use crate::row::At;
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
