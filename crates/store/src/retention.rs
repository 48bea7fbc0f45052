//! Thinning: which superseded revisions may go, and deleting them.
//!
//! Not for how old is old enough, and not for expunging, which takes content away and leaves the row.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;
use diesel::dsl::{max, min};
use diesel::prelude::*;
use loa_domain::entry::Action;
use loa_domain::ids::RevisionId;
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::expunctions;
use crate::row::At;
use crate::schema::{editions, preview_links, revisions, transitions};
use crate::tx::Tx;

/// How far a sweep has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    created_at: NaiveDateTime,
    id: String,
}

/// What a look at some old revisions found.
#[derive(Debug)]
pub struct Look {
    /// Those that may go.
    pub removable: Vec<RevisionId>,
    /// Where to go on; none at the end.
    pub next: Option<Place>,
}

/// Since when a revision has to be superseded to go, and what time it is.
#[derive(Debug, Clone, Copy)]
pub struct Ages {
    /// Superseded before this.
    pub before: Moment,
    /// Links that end after this still work.
    pub now: Moment,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = revisions)]
struct Candidate {
    id: String,
    entry_id: String,
    edition_id: String,
    number: i32,
    sha256: String,
    created_at: NaiveDateTime,
}

/// Looks at the next `limit` revisions that are old enough, oldest first.
///
/// # Errors
/// Of the database.
pub fn system_look(
    conn: &mut Conn,
    ages: Ages,
    after: Option<&Place>,
    limit: i64,
) -> Result<Look, Error> {
    let mut query = revisions::table
        .filter(revisions::created_at.lt(ages.before.naive()))
        .order((revisions::created_at, revisions::id))
        .limit(limit)
        .select(Candidate::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(
            revisions::created_at.ge(after.created_at).and(
                revisions::created_at
                    .gt(after.created_at)
                    .or(revisions::id.gt(&after.id)),
            ),
        );
    }
    let found: Vec<Candidate> = query.load(conn.any())?;
    let whole = i64::try_from(found.len()).is_ok_and(|count| count >= limit);
    let next = found.last().filter(|_| whole).map(|last| Place {
        created_at: last.created_at,
        id: last.id.clone(),
    });
    Ok(Look {
        removable: removable(conn, found, ages)?,
        next,
    })
}

/// Deletes those of these revisions that may still go; gives how many. What was saved with them goes
/// from the history of the workflow, and links to them that are over.
///
/// # Errors
/// Of the database.
pub fn system_thin(tx: &mut Tx<'_>, ids: &[RevisionId], ages: Ages) -> Result<usize, Error> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let found: Vec<Candidate> = revisions::table
        .filter(revisions::id.eq_any(ids))
        .select(Candidate::as_select())
        .load(tx.any())?;
    let ids: Vec<String> = removable(tx, found, ages)?
        .iter()
        .map(ToString::to_string)
        .collect();
    Ok(diesel::delete(revisions::table.filter(revisions::id.eq_any(ids))).execute(tx.any())?)
}

fn removable(
    conn: &mut Conn,
    mut found: Vec<Candidate>,
    ages: Ages,
) -> Result<Vec<RevisionId>, Error> {
    let spans = spans(conn, &found, ages.before)?;
    found.retain(|one| {
        let span = spans.get(&one.edition_id);
        span.is_some_and(|(first, successor)| one.number > *first && one.number < *successor)
    });
    let kept = referred_to(conn, &found, ages.now)?;
    let approved = approved(conn, &found)?;
    found
        .into_iter()
        .filter(|one| !kept.contains(&one.id))
        .filter(|one| !approved.contains(&(one.entry_id.clone(), one.sha256.clone())))
        .map(|one| {
            At {
                table: "revisions",
                id: &one.id,
            }
            .parse("id", &one.id)
        })
        .collect()
}

/// The first revision of each edition, and its last one that is old enough to have superseded others
/// long ago.
fn spans(
    conn: &mut Conn,
    found: &[Candidate],
    before: Moment,
) -> Result<HashMap<String, (i32, i32)>, Error> {
    let own: HashSet<&str> = found.iter().map(|one| one.edition_id.as_str()).collect();
    let own: Vec<&str> = own.into_iter().collect();
    let first: Vec<(String, Option<i32>)> = revisions::table
        .filter(revisions::edition_id.eq_any(own.clone()))
        .group_by(revisions::edition_id)
        .select((revisions::edition_id, min(revisions::number)))
        .load(conn.any())?;
    let last: Vec<(String, Option<i32>)> = revisions::table
        .filter(
            revisions::edition_id
                .eq_any(own)
                .and(revisions::created_at.lt(before.naive())),
        )
        .group_by(revisions::edition_id)
        .select((revisions::edition_id, max(revisions::number)))
        .load(conn.any())?;
    let last: HashMap<String, Option<i32>> = last.into_iter().collect();
    Ok(first
        .into_iter()
        .filter_map(|(edition, first)| {
            let last = last.get(&edition).copied().flatten()?;
            Some((edition, (first?, last)))
        })
        .collect())
}

/// Those that an act, an edition, a working link or a request to expunge refers to, and those that
/// were expunged.
fn referred_to(
    conn: &mut Conn,
    found: &[Candidate],
    now: Moment,
) -> Result<HashSet<String>, Error> {
    let ids = || found.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    let acted: Vec<String> = transitions::table
        .filter(
            transitions::revision_id
                .eq_any(ids())
                .and(transitions::action.ne(Action::Save.as_str())),
        )
        .select(transitions::revision_id)
        .load(conn.any())?;
    let current: Vec<String> = editions::table
        .filter(editions::revision_id.eq_any(ids()))
        .select(editions::revision_id)
        .load(conn.any())?;
    let linked: Vec<String> = preview_links::table
        .filter(
            preview_links::revision_id
                .eq_any(ids())
                .and(preview_links::revoked_at.is_null())
                .and(preview_links::expires_at.gt(now.naive())),
        )
        .select(preview_links::revision_id)
        .load(conn.any())?;
    let marked: Vec<String> = revisions::table
        .filter(
            revisions::id
                .eq_any(ids())
                .and(revisions::expunged_at.is_not_null()),
        )
        .select(revisions::id)
        .load(conn.any())?;
    let wanted: Vec<RevisionId> = ids().iter().filter_map(|id| id.parse().ok()).collect();
    let asked = expunctions::asked_for(conn, &wanted)?;
    Ok([acted, current, linked, marked, asked]
        .into_iter()
        .flatten()
        .collect())
}

/// What was ever approved in these entries.
fn approved(conn: &mut Conn, found: &[Candidate]) -> Result<HashSet<(String, String)>, Error> {
    let own: HashSet<&str> = found.iter().map(|one| one.entry_id.as_str()).collect();
    let own: Vec<&str> = own.into_iter().collect();
    let pairs: Vec<(String, Option<String>)> = editions::table
        .filter(
            editions::entry_id
                .eq_any(own)
                .and(editions::approved_sha256.is_not_null()),
        )
        .select((editions::entry_id, editions::approved_sha256))
        .load(conn.any())?;
    Ok(pairs
        .into_iter()
        .filter_map(|(entry, sha256)| Some((entry, sha256?)))
        .collect())
}
