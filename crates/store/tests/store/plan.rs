//! How a database would carry out a statement of the store.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use loa_store::DatabaseUrl;

#[derive(QueryableByName)]
struct PgLine {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

#[derive(QueryableByName)]
struct SqliteLine {
    #[diesel(sql_type = Integer)]
    #[expect(unused, reason = "part of the row")]
    id: i32,
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The plan of a statement, with the values it was run with.
pub(crate) fn of(url: &DatabaseUrl, statement: &str) -> String {
    let (sql, binds) = statement.split_once(" -- binds: ").unwrap();
    if let DatabaseUrl::Sqlite(path) = url {
        let mut conn = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
        let lines: Vec<SqliteLine> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"))
            .load(&mut conn)
            .unwrap();
        return lines.into_iter().map(|line| line.detail + "\n").collect();
    }
    let mut conn = postgres(url);
    let lines: Vec<PgLine> = diesel::sql_query(format!("EXPLAIN {}", inlined(sql, binds)))
        .load(&mut conn)
        .unwrap();
    lines.into_iter().map(|line| line.line + "\n").collect()
}

/// Whether `SQLite` reads a whole site for the few rows a statement is about: to it, which keeps no
/// statistics, an index of the site promises as much as one of those rows. Pages of lists are to be
/// read along their site.
pub(crate) fn is_along_a_site(statement: &str, plan: &str) -> bool {
    let says_more = statement.matches("` = ?)").count() > 1;
    says_more
        && !statement.contains(" LIMIT ")
        && plan.lines().any(|line| line.ends_with("(site_id=?)"))
}

/// Puts the values in place of `$1` and so on.
fn inlined(sql: &str, binds: &str) -> String {
    let values = literals(binds);
    let mut sql = sql.to_owned();
    for (index, value) in values.iter().enumerate().rev() {
        sql = sql.replace(&format!("${}", index + 1), value);
    }
    sql
}

/// The values of a statement, from their debug form. None of ours holds a comma or a bracket.
fn literals(binds: &str) -> Vec<String> {
    let list = binds.trim();
    let list = list.strip_prefix('[').unwrap().strip_suffix(']').unwrap();
    let (mut values, mut array) = (Vec::new(), None::<Vec<String>>);
    for value in list.split(", ") {
        let (opens, closes) = (value.starts_with('['), value.ends_with(']'));
        let text = value.trim_matches(|c| "[]\"".contains(c));
        let literal = match text.parse::<i64>() {
            Ok(number) => number.to_string(),
            Err(_) => format!("'{text}'"),
        };
        if opens {
            array = Some(Vec::new());
        }
        match &mut array {
            Some(array) => array.push(literal),
            None => values.push(literal),
        }
        if closes && let Some(array) = array.take() {
            values.push(format!("ARRAY[{}]", array.join(", ")));
        }
    }
    values
}

/// Lets the planner of PostgreSQL know the data.
pub(crate) fn analyse(url: &DatabaseUrl) {
    if matches!(url, DatabaseUrl::Postgres(_)) {
        diesel::sql_query("ANALYZE")
            .execute(&mut postgres(url))
            .unwrap();
    }
}

fn postgres(url: &DatabaseUrl) -> PgConnection {
    let DatabaseUrl::Postgres(url) = url else {
        unreachable!("asked for the other kind only");
    };
    PgConnection::establish(url).unwrap()
}
