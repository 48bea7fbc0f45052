//! Which database a URL names. The scheme alone decides.
//!
//! Nothing here shows a password: not a failure, not the URL itself, however it is printed.

use std::fmt;
use std::path::PathBuf;

use crate::postgres_url::PostgresUrl;

/// A database that Loa can use. Shown with its passwords masked.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `sqlite:PATH` or `sqlite://PATH`.
    Sqlite(PathBuf),
    /// `postgres://…` or `postgresql://…`, kept as given.
    Postgres(String),
}

/// A URL that names no database. The URL is not repeated, nor any part of it: each may hold a
/// password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    /// Neither of the two.
    #[error("expected sqlite:PATH or postgres://…")]
    Scheme,
    /// No escape.
    #[error(
        "a percent sign has to be followed by two hexadecimal digits; in a password it is written \
         %25, and a space is written %20"
    )]
    Escape,
    /// Host, port and database cannot be told apart.
    #[error(
        "expected postgres://USER:PASSWORD@HOST:PORT/DATABASE; in a password @ is written %40, \
         and / is written %2F"
    )]
    Place,
    /// Parameters that are no pairs.
    #[error(
        "expected ?name=value&name=value of parameters of libpq after the database; in a value & is written %26, and = is written %3D"
    )]
    Query,
}

impl std::str::FromStr for DatabaseUrl {
    type Err = InvalidUrl;
    fn from_str(text: &str) -> Result<Self, InvalidUrl> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return PostgresUrl::read(text).map(|_| Self::Postgres(text.to_owned()));
        }
        let path = text
            .strip_prefix("sqlite://")
            .or_else(|| text.strip_prefix("sqlite:"))
            .ok_or(InvalidUrl::Scheme)?;
        // In-memory databases would be another one for each connection of the pool.
        if path.is_empty() || path.contains(":memory:") || path.contains('?') {
            return Err(InvalidUrl::Scheme);
        }
        // The address of a server, password and all, and no file.
        if path
            .split_once(':')
            .is_some_and(|(_, rest)| rest.contains(['@', ':', '=']))
        {
            return Err(InvalidUrl::Scheme);
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => match PostgresUrl::read(url) {
                Ok(read) => read.fmt(f),
                Err(_) => f.write_str("***"),
            },
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use diesel::{Connection, PgConnection};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_scheme_decides_and_nothing_else_is_taken() {
        assert_eq!(
            "sqlite:a/b.db".parse(),
            Ok(DatabaseUrl::Sqlite("a/b.db".into()))
        );
        assert_eq!(
            "sqlite:///a/b.db".parse(),
            Ok(DatabaseUrl::Sqlite("/a/b.db".into()))
        );
        let pg = "postgres://u:p@127.0.0.1/x";
        assert_eq!(pg.parse(), Ok(DatabaseUrl::Postgres(pg.to_owned())));
        for bad in [
            "",
            "postgress://x",
            "loa.db",
            "mysql://x",
            "sqlite:",
            "sqlite::memory:",
            "file:x",
            "/a/b.db",
            "sqlite://loa:pw@h/d",
        ] {
            let read = bad.parse::<DatabaseUrl>();
            assert_eq!(read, Err(InvalidUrl::Scheme), "{bad}");
        }
    }

    /// What is looked for in everything that is printed.
    const MARK: &str = "Qx7Zk9Wv";

    /// Places where people put a password, rightly or not.
    const FORMS: [&str; 30] = [
        "postgres://loa:{}@127.0.0.1:1/loa",
        "postgresql://loa:{}@127.0.0.1:1/loa?sslmode=require",
        "postgres:/loa:{}@127.0.0.1:1/loa",
        "postgres:loa:{}@127.0.0.1:1/loa",
        "postgres//loa:{}@127.0.0.1:1/loa",
        "postgres:///loa:{}@127.0.0.1:1/loa",
        "postgre://loa:{}@127.0.0.1:1/loa",
        "POSTGRES://loa:{}@127.0.0.1:1/loa",
        " postgres://loa:{}@127.0.0.1:1/loa",
        "\"postgres://loa:{}@127.0.0.1:1/loa\"",
        "postgres://loa:{}",
        "postgres://loa:{}/loa",
        "postgres://127.0.0.1:1{}/loa",
        "postgres://loa:a@{}@127.0.0.1:1/loa",
        "postgres://loa:a/{}@127.0.0.1:1/loa",
        "postgres://127.0.0.1:1/loa:{}",
        "postgres://127.0.0.1:1/loa@{}",
        "postgres://[{}]:1/loa",
        "postgres://[::1{}:1/loa",
        "postgres://[::1]{}:1/loa",
        "postgres://127.0.0.1:1/loa?password={}",
        "postgres://127.0.0.1:1/loa?password:{}",
        "postgres://127.0.0.1:1/loa?{}",
        "postgres://127.0.0.1:1/loa?passwrd={}",
        "postgres://127.0.0.1:1/loa?pass%77ord={}",
        "postgres://127.0.0.1:1/loa?user=loa&&password={}&",
        "sqlite://loa:{}@127.0.0.1/loa",
        "loa:{}@127.0.0.1/loa",
        "host=127.0.0.1 port=1 password={}",
        "mysql://loa:{}@127.0.0.1/loa",
    ];

    /// There whatever follows an @ or a slash may be meant, and is no password.
    const OPEN_ENDED: [&str; 3] = [
        "postgres://loa:{}",
        "postgres://loa:{}/loa",
        "postgres://127.0.0.1:1{}/loa",
    ];

    /// What we say of a URL, and what libpq says, which gets what we accept.
    fn said_of(url: &str) -> Vec<String> {
        let read = match url.parse::<DatabaseUrl>() {
            Ok(read) => read,
            Err(error) => return vec![error.to_string()],
        };
        let mut said = vec![read.to_string(), format!("{read:?}")];
        if let DatabaseUrl::Postgres(url) = &read {
            let failed = PgConnection::establish(url).err();
            said.extend(failed.map(|error| error.to_string()));
        }
        said
    }

    proptest! {
        #[test]
        fn fuzz_no_form_of_a_url_shows_its_password(
            before in "([%@/:?#&= +\\[\\]\\\\'\"]|%[0-9a-fA-F]{0,2}|[a-z0-9]){0,6}",
            after in "([%@/:?#&= +\\[\\]\\\\'\"]|%[0-9a-fA-F]{0,2}|[a-z0-9]){0,6}",
        ) {
            for form in FORMS {
                if OPEN_ENDED.contains(&form) && before.contains(['@', '/', '?']) {
                    continue;
                }
                let url = form.replace("{}", &format!("{before}{MARK}{after}"));
                for text in said_of(&url) {
                    prop_assert!(!text.contains(MARK), "{url}: {text}");
                }
            }
        }
    }
}
