//! Which database a URL names. The scheme alone decides.

use std::path::PathBuf;

/// A database that Loa can use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `sqlite:PATH` or `sqlite://PATH`.
    Sqlite(PathBuf),
    /// `postgres://…` or `postgresql://…`, kept as given.
    Postgres(String),
}

/// A URL of no known scheme. The URL is not repeated: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected sqlite:PATH or postgres://…")]
pub struct InvalidUrl;

impl std::str::FromStr for DatabaseUrl {
    type Err = InvalidUrl;
    fn from_str(text: &str) -> Result<Self, InvalidUrl> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = text
            .strip_prefix("sqlite://")
            .or_else(|| text.strip_prefix("sqlite:"))
            .ok_or(InvalidUrl)?;
        // In-memory databases would be another one for each connection of the pool.
        if path.is_empty() || path.contains(":memory:") || path.contains('?') {
            return Err(InvalidUrl);
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

#[cfg(test)]
mod tests {
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
        ] {
            assert_eq!(bad.parse::<DatabaseUrl>(), Err(InvalidUrl), "{bad}");
        }
    }
}
