//! The history of the workflow: who did what when, on which revision.

use diesel::prelude::*;
use loa_domain::entry::Transition;
use loa_domain::ids::{EntryId, TransitionId};
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::At;
use crate::schema::transitions;
use crate::tx::Tx;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = transitions)]
struct Row {
    id: String,
    site_id: String,
    entry_id: String,
    edition_id: String,
    number: i32,
    action: String,
    from_state: String,
    to_state: String,
    revision_id: String,
    actor_id: Option<String>,
    comment: Option<String>,
    at: chrono::NaiveDateTime,
}

impl Row {
    fn read(self) -> Result<Transition, Error> {
        let at = At {
            table: "transitions",
            id: &self.id,
        };
        Ok(Transition {
            id: at.parse("id", &self.id)?,
            site: at.parse("site_id", &self.site_id)?,
            entry: at.parse("entry_id", &self.entry_id)?,
            edition: at.parse("edition_id", &self.edition_id)?,
            number: self.number,
            action: at.parse("action", &self.action)?,
            from: at.parse("from_state", &self.from_state)?,
            to: at.parse("to_state", &self.to_state)?,
            revision: at.parse("revision_id", &self.revision_id)?,
            actor: at.parse_some("actor_id", self.actor_id.as_deref())?,
            comment: self.comment,
            at: Moment::from_naive(self.at),
        })
    }
}

/// Transitions of an entry before a number, newest first.
///
/// # Errors
/// Of the database.
pub fn of_entry(
    conn: &mut Conn,
    entry: EntryId,
    before: Option<i32>,
    limit: i64,
) -> Result<Vec<Transition>, Error> {
    let rows: Vec<Row> = transitions::table
        .filter(
            transitions::entry_id
                .eq(entry.to_string())
                .and(transitions::number.lt(before.unwrap_or(i32::MAX))),
        )
        .order(transitions::number.desc())
        .limit(limit)
        .select(Row::as_select())
        .load(conn.any())?;
    rows.into_iter().map(Row::read).collect()
}

/// Adds a transition; its number is the next one of the entry, whatever it says itself.
///
/// # Errors
/// `Taken` when another transaction was faster.
pub fn append(tx: &mut Tx<'_>, transition: &Transition) -> Result<(), Error> {
    let entry = transition.entry.to_string();
    let last: Option<i32> = transitions::table
        .filter(transitions::entry_id.eq(&entry))
        .order(transitions::number.desc())
        .select(transitions::number)
        .first(tx.any())
        .optional()?;
    let row = Row {
        id: transition.id.to_string(),
        site_id: transition.site.to_string(),
        entry_id: entry,
        edition_id: transition.edition.to_string(),
        number: last.unwrap_or(0) + 1,
        action: transition.action.to_string(),
        from_state: transition.from.to_string(),
        to_state: transition.to.to_string(),
        revision_id: transition.revision.to_string(),
        actor_id: transition.actor.map(|id| id.to_string()),
        comment: transition.comment.clone(),
        at: transition.at.naive(),
    };
    diesel::insert_into(transitions::table)
        .values(row)
        .execute(tx.any())?;
    Ok(())
}

/// Takes the comments out of transitions for good.
///
/// # Errors
/// Of the database.
pub fn expunge_comments(tx: &mut Tx<'_>, ids: &[TransitionId]) -> Result<(), Error> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    for some in ids.chunks(100) {
        diesel::update(transitions::table.filter(transitions::id.eq_any(some.to_vec())))
            .set(transitions::comment.eq(None::<String>))
            .execute(tx.any())?;
    }
    Ok(())
}
