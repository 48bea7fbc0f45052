//! What happens without anybody asking for it: documents that follow what they embed, the clock,
//! forgetting; and the operator's commands as use cases.

mod accounts;
mod audit;
mod chunks;
mod clock;
mod forget;
mod held;
mod leases;
mod outdated;
mod places;
mod reproject;
mod retention;
mod sections;
mod starving;

use loa_domain::change::{Change, ChangeKind};
use serde_json::Value;

use crate::desk::{Office, on_each};

/// Replaces something of administration: reads it, lets `change` change it, and sends it back.
fn replace(office: &Office, who: &str, path: &str, change: impl Fn(&mut Value)) {
    let path = format!("/api/v1/admin{path}");
    let found = office.get(who, &path).expect_status(200);
    let mut body = found.data();
    change(&mut body);
    let request = office.app.put(&path).bearer(&office.token(who));
    let request = request.if_match(found.etag()).json(&body);
    request.send().expect_status(200);
}

/// Where the change log stands.
fn last_change(office: &Office) -> i64 {
    let store = office.app.app.store();
    store.read(loa_store::changes::last).expect("the log")
}

/// The subjects of changes of a kind after a number.
fn changed(office: &Office, after: i64, kind: ChangeKind) -> Vec<String> {
    let store = office.app.app.store();
    let changes: Vec<Change> = store
        .read(|conn| loa_store::changes::after(conn, after, 1000))
        .expect("the log");
    let own = changes.into_iter().filter(|change| change.kind == kind);
    own.map(|change| change.subject_id).collect()
}
