//! What can go wrong with the database, in words that a use case can act on.
//!
//! Not for what a failure means to a caller: a unique violation means «slug taken» in one place and
//! «try again» in another, so the call site says it.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique key is taken; the call site says what that means.
    #[error("a unique key is taken")]
    Taken,
    /// The row was changed by somebody else since it was read.
    #[error("the row has changed meanwhile")]
    Stale,
    /// Locks or connections were not to be had in time; try again later.
    #[error("the database is busy")]
    Busy,
    /// The database cannot be reached.
    #[error("the database is away: {0}")]
    Away(String),
    /// Two transactions stood in each other's way; `Store::write` has tried again already.
    #[error("transactions collided")]
    Collision,
    /// No room is left on the disk.
    #[error("the disk is full")]
    Full,
    /// The disk does not take or give what it should: it is broken, was taken away or made
    /// read-only under the server, or a quota has run out.
    #[error("the disk fails")]
    Disk,
    /// The database can be read only.
    #[error("the database is read-only")]
    ReadOnly,
    /// A row holds something that it never should.
    #[error("table {table}, row {id}: {what}")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Primary key of the row.
        id: String,
        /// What was found.
        what: String,
    },
    /// The server's messages are in a language that this binary does not know failures by.
    #[error(
        "the database's messages are not in English, and some failures are known by their text \
         only; run as its administrator: ALTER ROLE {role} SET lc_messages = 'C'"
    )]
    Foreign {
        /// Who Loa is there, as SQL writes it.
        role: String,
    },
    /// `LOA_SECRET` is not one that this database is written with.
    #[error("{0}")]
    Secret(Refusal),
    /// The schema is not what this binary expects.
    #[error("migrations: {0}")]
    Migration(String),
    /// Anything else.
    #[error("database error: {0}")]
    Database(#[source] DieselError),
}

/// Why a secret is refused; each with the fingerprint of its generation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The database is written with others.
    #[error(
        "LOA_SECRET (fingerprint {0}) is not the secret of this database: set the one that it is \
         written with (`loa audit generations` lists fingerprints). To change it, set the new one as \
         LOA_SECRET and keep the old one in LOA_SECRET_PREVIOUS"
    )]
    Unknown(String),
    /// The last records of the audit trail were sealed with another, and no generation is known yet.
    #[error(
        "LOA_SECRET (fingerprint {0}) does not fit the audit trail of this database: set the one that \
         the database was written with so far, or, if that was changed, keep the old one in \
         LOA_SECRET_PREVIOUS. If it is the right one, `loa audit verify` tells what was changed"
    )]
    Misfit(String),
    /// It was closed with `loa audit seal`.
    #[error(
        "the secret with fingerprint {0} was closed with `loa audit seal`, and nothing is written with \
         it any more: set the one that followed it"
    )]
    Closed(String),
}

impl Error {
    /// Whether it is about the database as a whole: other work would fail just as well.
    pub fn is_general(&self) -> bool {
        match self {
            Error::Busy
            | Error::Away(_)
            | Error::Full
            | Error::Disk
            | Error::ReadOnly
            | Error::Foreign { .. }
            | Error::Secret(_)
            | Error::Migration(_) => true,
            Error::Taken
            | Error::Stale
            | Error::Collision
            | Error::Corrupt { .. }
            | Error::Database(_) => false,
        }
    }

    /// Whether the connection it happened on should not be used again. One that was opened while
    /// the file, or the server, could not be written stays so.
    pub(crate) fn breaks_connection(&self) -> bool {
        matches!(self, Error::Away(_) | Error::Disk | Error::ReadOnly)
    }
}

/// Errors that may carry one of the store, so that a transaction knows whether to try again.
pub trait StoreError: From<Error> {
    /// The store's error, if this is one.
    fn store(&self) -> Option<&Error>;
}

impl StoreError for Error {
    fn store(&self) -> Option<&Error> {
        Some(self)
    }
}

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        let DieselError::DatabaseError(kind, info) = &error else {
            return match error {
                // A commit that failed, with a rollback that failed too: the commit says why.
                DieselError::RollbackErrorOnCommit { commit_error, .. } => (*commit_error).into(),
                DieselError::BrokenTransactionManager => {
                    Error::Away("broken transaction".to_owned())
                }
                other => Error::Database(other),
            };
        };
        match kind {
            DatabaseErrorKind::UniqueViolation => Error::Taken,
            DatabaseErrorKind::SerializationFailure => Error::Collision,
            // The second is said by the client's side when the server has gone meanwhile.
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                Error::Away(info.message().to_owned())
            }
            DatabaseErrorKind::ReadOnlyTransaction => Error::ReadOnly,
            // Their messages hold names of constraints and columns, which say nothing of the server.
            DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::NotNullViolation
            | DatabaseErrorKind::CheckViolation
            | DatabaseErrorKind::ExclusionViolation
            | DatabaseErrorKind::RestrictViolation => Error::Database(error),
            _ => by_message(info.message()).unwrap_or(Error::Database(error)),
        }
    }
}

/// How `conn` has the server say that it speaks another language; the role follows.
pub(crate) const FOREIGN: &str = "loa: messages are not in English for ";

/// Neither database gives a code for these through diesel, only a text.
fn by_message(message: &str) -> Option<Error> {
    let has = |part: &str| message.contains(part);
    if has("database is locked")
        || has("database table is locked")
        || has("statement timeout")
        || has("lock timeout")
    {
        Some(Error::Busy)
    } else if let Some((_, role)) = message.split_once(FOREIGN) {
        Some(Error::Foreign {
            role: role.trim().to_owned(),
        })
    } else if has("deadlock detected") {
        Some(Error::Collision)
    } else if has("disk is full") || has("No space left") {
        Some(Error::Full)
    } else if has("disk I/O error") {
        Some(Error::Disk)
    } else if has("readonly database") || has("read-only transaction") {
        Some(Error::ReadOnly)
    } else if AWAY.into_iter().any(has) {
        Some(Error::Away(message.to_owned()))
    } else {
        None
    }
}

/// Phrases of PostgreSQL and of its client library when the server is away, ends or begins.
const AWAY: [&str; 11] = [
    "terminating connection",
    "server closed the connection",
    "connection to server",
    "no connection to the server",
    "connection not open",
    "connection has been closed",
    "connection to client lost",
    "could not receive data from server",
    "could not send data to server",
    "could not connect to server",
    "the database system is ",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: DatabaseErrorKind, message: &str) -> Error {
        DieselError::DatabaseError(kind, Box::new(message.to_owned())).into()
    }

    #[test]
    fn a_server_that_is_away_is_known_by_whole_phrases() {
        for message in [
            "terminating connection due to administrator command",
            "server closed the connection unexpectedly\n\tThis probably means the server terminated",
            "connection to server at \"127.0.0.1\", port 5432 failed: Connection refused",
            "no connection to the server\n",
            "SSL connection has been closed unexpectedly",
            "FATAL:  the database system is shutting down",
            "FATAL:  the database system is starting up",
        ] {
            let error = of(DatabaseErrorKind::Unknown, message);
            assert!(matches!(error, Error::Away(_)), "{message}: {error:?}");
        }
    }

    #[test]
    fn a_name_with_such_a_word_says_nothing_of_the_server() {
        for (kind, message) in [
            (
                DatabaseErrorKind::CheckViolation,
                "new row violates check constraint \"terminating connection\"",
            ),
            (
                DatabaseErrorKind::ForeignKeyViolation,
                "violates foreign key constraint \"connection to server\"",
            ),
            (
                DatabaseErrorKind::Unknown,
                "column \"connection\" does not exist",
            ),
            (
                DatabaseErrorKind::Unknown,
                "relation \"connections_starting_up\" does not exist",
            ),
        ] {
            let error = of(kind, message);
            assert!(matches!(error, Error::Database(_)), "{message}: {error:?}");
        }
    }
}
