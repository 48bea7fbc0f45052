//! Names of people, for histories and bylines.

use std::collections::HashMap;

use diesel::prelude::*;
use loa_domain::ids::UserId;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::At;
use crate::schema::users;

/// Names of these people; whoever is unknown is missing.
///
/// # Errors
/// Of the database.
pub fn of(conn: &mut Conn, people: &[UserId]) -> Result<HashMap<UserId, String>, Error> {
    let mut ids: Vec<String> = people.iter().map(ToString::to_string).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows: Vec<(String, String)> = users::table
        .filter(users::id.eq_any(ids))
        .select((users::id, users::name))
        .load(conn.any())?;
    rows.into_iter()
        .map(|(id, name)| {
            Ok((
                At {
                    table: "users",
                    id: &id,
                }
                .parse("id", &id)?,
                name,
            ))
        })
        .collect()
}
