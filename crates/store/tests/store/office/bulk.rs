//! Many rows, made by the databases themselves.

use crate::database::Database;
use crate::plan;

/// Entries, and about as many rows of everything else.
pub(super) const ROWS: u64 = 24_000;
/// Sites; the first one has half of all entries.
pub(super) const SITES: u64 = 60;
/// Revisions and transitions of entry 0.
pub(super) const HISTORY: u64 = 3_000;

/// SQL of this database for ids and times.
struct Sql {
    sqlite: bool,
}

impl Sql {
    /// As `seed::id`.
    fn id(&self, space: u16, number: &str) -> String {
        let front = format!("{space:04x}0000-0000-0000-0000-");
        if self.sqlite {
            format!("printf('{front}%012x', {number})")
        } else {
            format!("('{front}' || lpad(to_hex({number}), 12, '0'))")
        }
    }

    fn text(&self, front: &str, number: &str) -> String {
        if self.sqlite {
            format!("printf('{front}%06d', {number})")
        } else {
            format!("('{front}' || lpad(({number})::text, 6, '0'))")
        }
    }

    /// As `minute`.
    fn minute(&self, number: &str) -> String {
        if self.sqlite {
            format!("datetime('2026-01-01', '+' || ({number}) || ' minutes')")
        } else {
            format!("(timestamp '2026-01-01' + ({number}) * interval '1 minute')")
        }
    }

    fn day(&self) -> &'static str {
        if self.sqlite {
            "'2025-07-01'"
        } else {
            "date '2025-07-01'"
        }
    }

    fn no(&self) -> &'static str {
        if self.sqlite { "0" } else { "false" }
    }
}

/// The number of the site of entry `i`.
pub(super) fn site_of(i: u64) -> u64 {
    if i.is_multiple_of(2) { 1 } else { i % SITES }
}

const SITE_OF: &str = "CASE WHEN i % 2 = 0 THEN 1 ELSE i % 60 END";
const STATE: &str = "CASE WHEN i % 10 <> 3 THEN 'published' WHEN i % 20 = 3 THEN 'draft'
    WHEN i % 100 = 13 THEN 'in_review' ELSE 'in_approval' END";

/// Fills the database. Keys that would lead nowhere are not checked.
pub(super) fn fill(database: &Database) {
    let sql = Sql {
        sqlite: database.is_sqlite(),
    };
    let mut raw = database.raw();
    raw.run(if sql.sqlite {
        "PRAGMA foreign_keys = OFF"
    } else {
        "SET session_replication_role = replica"
    });
    raw.run("BEGIN");
    let tables = [
        places(&sql),
        people(&sql),
        signing_in(&sql),
        content(&sql),
        history(&sql),
        public(&sql),
        logs(&sql),
    ];
    for (rows, table, values) in tables.concat() {
        raw.run(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {rows} - 1)
             INSERT INTO {table} SELECT {values} FROM n"
        ));
    }
    raw.run("COMMIT");
    plan::analyse(&database.url);
}

type Rows = Vec<(u64, &'static str, String)>;

fn places(sql: &Sql) -> Rows {
    let (id, sort, now, day) = (Sql::id, sql.text("k", "i"), sql.minute("0"), sql.day());
    vec![
        (
            ROWS,
            "units",
            format!(
                "{}, {sort}, 'x', CASE WHEN i % 50 = 0 THEN 'ward' ELSE 'commune' END, {}, {day}, NULL,
                 {sort}, 1, {now}, {now}",
                id(sql, 1, "i"),
                id(sql, 1, "i / 100")
            ),
        ),
        (
            ROWS,
            "sites",
            format!(
                "{}, {}, {sort}, '{{\"vi\":\"x\"}}', 'active', NULL, {sort}, 1, {now}, {now}",
                id(sql, 2, "i"),
                id(sql, 1, "i")
            ),
        ),
        (
            SITES * 8,
            "sections",
            format!(
                "{}, {}, NULL, {sort}, '{{\"vi\":\"x\"}}', i, NULL, NULL, NULL, {}, 1, {now}, {now}",
                id(sql, 3, "i"),
                id(sql, 2, "i / 8"),
                sql.no()
            ),
        ),
    ]
}

fn people(sql: &Sql) -> Rows {
    let (now, person) = (sql.minute("0"), sql.id(10, "i"));
    let at = sql.minute("i");
    vec![
        (
            ROWS,
            "users",
            format!(
                "{person}, {0}, {0}, 'x', {0}, NULL, 'active', {1}, 1, {now}, {now}",
                sql.text("k", "i"),
                sql.id(10, "i / 50")
            ),
        ),
        (
            ROWS,
            "memberships",
            format!(
                "{}, {person}, 'editor', {}, NULL, NULL, 1, {now}, {now}",
                sql.id(15, "i"),
                sql.id(2, "i % 2000")
            ),
        ),
        (
            ROWS,
            "sessions",
            format!(
                "{}, {}, '', '', {at}, {at}, {}, NULL",
                sql.id(16, "i"),
                sql.id(10, "i % 3000"),
                sql.minute("i + 100000")
            ),
        ),
        (
            ROWS,
            "idempotency_keys",
            format!("{person}, 'route', 'key', '', '', {at}"),
        ),
    ]
}

fn signing_in(sql: &Sql) -> Rows {
    let at = sql.minute("i");
    vec![
        (
            ROWS,
            "login_failures",
            format!(
                "{}, 'address', {}, {at}",
                sql.id(17, "i"),
                sql.text("a", "i % 1000")
            ),
        ),
        (
            ROWS,
            "sign_in_counters",
            format!(
                "{}, {}, 1, {at}, 0, NULL, {at}",
                sql.text("k", "i"),
                sql.text("a", "i % 1000")
            ),
        ),
        (
            ROWS,
            "sign_ins",
            format!(
                "{}, {}, CASE WHEN i % 100 = 0 THEN 'failed' ELSE 'succeeded' END, NULL, '', 1,
                 {at}, {at}",
                sql.id(19, "i"),
                sql.id(10, "i % 3000")
            ),
        ),
        (
            ROWS,
            "sign_in_networks",
            format!("{}, {at}", sql.text("k", "i")),
        ),
    ]
}

fn content(sql: &Sql) -> Rows {
    let (site, at, no) = (sql.id(2, SITE_OF), sql.minute("i"), sql.no());
    let (entry, edition) = (sql.id(11, "i"), sql.id(12, "i"));
    let section = sql.id(3, &format!("({SITE_OF}) * 8 + i / 2 % 8"));
    vec![
        (
            ROWS,
            "entries",
            format!(
                "{entry}, {site}, CASE WHEN i % 10 = 0 THEN 'page' ELSE 'article' END, 'vi', {}, 1,
                 CASE WHEN i % 10 = 3 THEN {edition} END, CASE WHEN i % 10 <> 3 THEN {edition} END,
                 {no}, NULL, NULL, {STATE}, {section}, 'x',
                 CASE WHEN i % 20 = 3 THEN {} END, i % 500 = 0, {}, {at}, {at}",
                sql.id(5, "i"),
                sql.id(10, "i % 200"),
                sql.id(10, "i % 400"),
            ),
        ),
        (
            ROWS,
            "editions",
            format!(
                "{edition}, {site}, {entry}, 1, CASE WHEN i % 100 = 33 THEN 'scheduled' ELSE {STATE} END, {},
                 NULL, CASE WHEN i % 100 = 33 THEN 'x' END, CASE WHEN i % 100 = 33 THEN {at} END,
                 CASE WHEN i % 100 = 33 THEN 'x' END, CASE WHEN i % 100 = 33 THEN {at} END,
                 {at}, NULL, NULL, NULL, NULL, NULL, NULL, {at}, {at}, NULL",
                sql.id(13, "i")
            ),
        ),
        (
            ROWS,
            "edition_authors",
            format!("{edition}, {}, {entry}", sql.id(10, "i % 400")),
        ),
    ]
}

fn history(sql: &Sql) -> Rows {
    let at = sql.minute("i");
    // Entry 0 has a long history, the others one row each.
    let entry = sql.id(11, "CASE WHEN i < 3000 THEN 0 ELSE i END");
    let number = "CASE WHEN i < 3000 THEN i + 1 ELSE 1 END";
    let (site, revision, edition) = (sql.id(2, "1"), sql.id(13, "i"), sql.id(12, "i"));
    vec![
        (
            ROWS,
            "revisions",
            format!(
                "{revision}, {site}, {entry}, {edition}, {number}, '{{}}', '', {}, 'x', {}, {at}, NULL",
                sql.id(3, "1"),
                sql.id(10, "i % 400")
            ),
        ),
        (
            ROWS,
            "transitions",
            format!(
                "{}, {site}, {entry}, {edition}, {number}, 'save', 'draft', 'draft', {revision}, {}, NULL, {at}",
                sql.id(14, "i"),
                sql.id(10, "i % 400")
            ),
        ),
        (
            ROWS,
            "preview_links",
            format!(
                "{}, {site}, {}, {revision}, {}, {}, {at}, {at}, NULL",
                sql.id(18, "i"),
                sql.id(11, "i % 6000"),
                sql.text("h", "i"),
                sql.id(10, "i % 400")
            ),
        ),
        (
            ROWS,
            "paths",
            format!(
                "{site}, 'vi', {}, {}, {}",
                sql.text("p", "i"),
                sql.id(11, "i"),
                sql.no()
            ),
        ),
    ]
}

fn public(sql: &Sql) -> Rows {
    let (site, at) = (sql.id(2, SITE_OF), sql.minute("i"));
    let section = sql.id(3, &format!("({SITE_OF}) * 8 + i / 2 % 8"));
    vec![(
        ROWS,
        "published_entries",
        format!(
            "{site}, {}, {site}, 'article', 'vi', {}, {section}, {slug}, {slug}, {}, 1, {at}, {at}, {slug},
             {at}, CASE WHEN i % 50 = 0 THEN {at} END, 1, '{{}}', '{{}}'",
            sql.id(11, "i"),
            sql.id(5, "i"),
            sql.id(13, "i"),
            slug = sql.text("p", "i"),
        ),
    )]
}

fn logs(sql: &Sql) -> Rows {
    let at = sql.minute("i");
    vec![
        (
            ROWS,
            "changes",
            format!(
                "i + 1, {}, 'entry', 'x', 'updated', {at}",
                sql.id(2, SITE_OF)
            ),
        ),
        (
            ROWS,
            "audit",
            format!(
                "CASE WHEN i % 2 = 0 THEN 'platform' ELSE {} END, i / 2 + 1, NULL, 'x', 'x', 'x', '{{}}', {at}, '', NULL, NULL, NULL, NULL",
                sql.id(2, "1")
            ),
        ),
        (
            1_000,
            "reprojections",
            format!("{}, {}, NULL, '', {at}", sql.id(19, "i"), sql.id(2, "i")),
        ),
    ]
}
