//! Texts that are taken away for good: from where, by whom, and what is left.

mod everywhere;
mod left;
mod persons;
mod states;

use loa_app::Error;
use loa_app::editorial::{Confirmed, ExpunctionView, ExpungeRequest, ExpungeWhat};
use loa_domain::ids::ExpunctionId;
use loa_store::DatabaseUrl;
use serde_json::{Value, json};

use crate::desk::{Office, Seen, on_each};

/// The number that slipped in.
const NUMBER: &str = "036097001234";
const REASON: &str = "Số định danh lọt vào bài";

fn ask(
    office: &Office,
    who: &str,
    entry: &Seen,
    what: ExpungeWhat,
) -> Result<ExpunctionView, Error> {
    let request = ExpungeRequest {
        entry: entry.id.parse().unwrap(),
        what,
        reason: REASON.to_owned(),
    };
    let editorial = office.app.app.editorial();
    editorial.request_expunction(&office.actor(who), &request)
}

fn number() -> ExpungeWhat {
    ExpungeWhat::Containing(NUMBER.to_owned())
}

fn confirm(office: &Office, who: &str, id: ExpunctionId) -> Result<Confirmed, Error> {
    let editorial = office.app.app.editorial();
    editorial.confirm_expunction(&office.actor(who), id)
}

/// The chief editor asks, the site's administrator confirms.
pub(crate) fn expunge(office: &Office, entry: &Seen, what: ExpungeWhat) -> ExpunctionView {
    let asked = ask(office, "chief", entry, what).unwrap();
    let done = confirm(office, "admin", asked.expunction.id).unwrap();
    assert!(done.unclean.is_none(), "{done:?}");
    done.view
}

/// All rows of all tables as text.
fn dump(office: &Office) -> Vec<(String, Vec<String>)> {
    let mut sql = office.app.database().sql();
    let tables = sql.tables();
    assert!(tables.len() > 25, "{tables:?}");
    tables
        .into_iter()
        .map(|table| {
            let rows = sql.dump(&table);
            (table, rows)
        })
        .collect()
}

/// Tables that hold a text.
pub(crate) fn holding(office: &Office, text: &str) -> Vec<String> {
    dump(office)
        .into_iter()
        .filter(|(_, rows)| rows.iter().any(|row| row.contains(text)))
        .map(|(table, _)| table)
        .collect()
}

/// Files of the database that hold a text; there are none to look at on PostgreSQL.
fn files_holding(office: &Office, text: &str) -> Vec<String> {
    let DatabaseUrl::Sqlite(path) = office.app.database().url() else {
        return Vec::new();
    };
    let folder = path.parent().unwrap();
    std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|file| {
            let bytes = std::fs::read(file).unwrap();
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        })
        .map(|file| file.display().to_string())
        .collect()
}

/// An article that holds the number in its body and nowhere else.
fn leaky(title: &str) -> Value {
    json!({"type": "article", "section": "tin-tuc", "title": title,
        "content": {"lead": "Mở đầu", "body": body()}})
}

/// The same as a save.
fn leaky_save(title: &str) -> Value {
    json!({"section": "tin-tuc", "title": title, "content": {"lead": "Mở đầu", "body": body()}})
}

fn body() -> String {
    format!("<p>Ông A, số <b>{NUMBER}</b>.</p>")
}
