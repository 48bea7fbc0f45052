//! T32, evidence: whatever is done to the audit trail past the server shows, with heads that were kept
//! elsewhere or without; nothing shows that nobody did; and no other secret writes.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use loa_testkit::{Backend, Sql};
use serde_json::Value;

use crate::fleet::{self, until};
use crate::loa::Ran;
use crate::node::{Installation, Node, command, serve};

const OTHER: &str = "another secret for tests, which is nobody's own";

/// Runs a test on both databases, where they are to be had.
fn on_each(test: impl Fn(&Installation)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        if let Some(installation) = Installation::new(backend) {
            test(&installation);
        }
    }
}

#[track_caller]
fn done(ran: &Ran) {
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[track_caller]
fn refused(ran: &Ran, said: &str) {
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains(said), "{said}: {ran:?}");
}

/// A connection for which no row has to fit another.
fn sql(installation: &Installation) -> Sql {
    let mut sql = installation.database.sql();
    sql.execute(if installation.database.backend() == Backend::Sqlite {
        "PRAGMA foreign_keys = OFF"
    } else {
        "ALTER TABLE audit DROP CONSTRAINT IF EXISTS audit_chain_fkey"
    });
    sql
}

/// A node that keeps heads in this file.
fn node(installation: &Installation) -> Node {
    let settings = [("LOA_AUDIT_ANCHORS", "heads")];
    Node::start(&installation.place, &installation.url(), &settings)
}

/// The heads in a line of a file or of a log.
fn heads_of(line: &str) -> Option<Vec<Value>> {
    let line: Value = serde_json::from_str(line).ok()?;
    match line.get("audit_heads")? {
        Value::Array(heads) => Some(heads.clone()),
        text => serde_json::from_str(text.as_str()?).ok(),
    }
}

fn kept(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(heads_of).flatten().collect()
}

/// Chain of the site and number of its last record.
fn site_head(heads: &[Value]) -> (String, i64) {
    let mut sites = heads.iter().filter(|head| head["chain"] != "platform");
    let head = sites.next_back().unwrap();
    let chain = head["chain"].as_str().unwrap().to_owned();
    (chain, head["number"].as_i64().unwrap())
}

#[test]
fn a_deleted_head_and_a_deleted_chain_are_named() {
    on_each(|installation| {
        let first = node(installation);
        let chief = first.token("chief");
        for title in ["Một", "Hai"] {
            fleet::publish(&first, &chief, &fleet::draft(&first, &chief, title));
        }
        first.terminate();
        let heads = installation.run(&["audit", "heads"]);
        done(&heads);
        std::fs::write(installation.place.path("anchors"), &heads.out).unwrap();
        let heads: Value = serde_json::from_str(&heads.out).unwrap();
        let (chain, number) = site_head(heads["audit_heads"].as_array().unwrap());
        let verify = || installation.run(&["audit", "verify"]);
        let by_anchor = || installation.run(&["audit", "verify", "--anchor", "anchors"]);
        done(&by_anchor());

        let mut sql = sql(installation);
        sql.execute(&format!(
            "UPDATE audit SET detail = '{{}}' WHERE chain = '{chain}' AND number = 2; \
             DELETE FROM audit_heads WHERE chain = '{chain}'"
        ));
        let said = format!("chain {chain} is broken at record 2: it was changed");
        refused(&verify(), &said);
        // Until then: six anchors held.
        refused(&by_anchor(), &said);
        sql.execute(&format!("DELETE FROM audit WHERE chain = '{chain}'"));
        let said = format!("chain {chain} is broken at record 1: it is missing");
        refused(&verify(), &said);
        refused(&by_anchor(), &format!("{said} (anchors remembers it)"));
        assert!(number > 2);
    });
}

#[test]
fn a_running_server_keeps_heads_that_verify_reads() {
    on_each(|installation| {
        let path = installation.place.path("heads");
        let mut said = String::new();
        for title in ["Một", "Hai"] {
            let first = node(installation);
            let chief = first.token("chief");
            fleet::publish(&first, &chief, &fleet::draft(&first, &chief, title));
            // There was nothing to keep when the first one started.
            until("kept", || title == "Một" || !kept(&path).is_empty());
            said += &first.terminate().err;
        }
        let before = kept(&path).len();
        // It writes at its start, and then every hour.
        let second = node(installation);
        until("kept again", || kept(&path).len() > before);
        let log = second.terminate().err + &said;
        std::fs::write(installation.place.path("log"), &log).unwrap();
        let (chain, number) = site_head(&kept(&path));
        for file in ["heads", "log"] {
            let ran = installation.run(&["audit", "verify", "--anchor", file]);
            done(&ran);
            assert!(ran.out.contains(" anchors held"), "{ran:?}");
        }
        let lines = log.lines().filter(|line| heads_of(line).is_some());
        assert!(lines.clone().count() > 1, "{log}");
        assert!(lines.clone().all(|line| line.contains("\"loa::anchors\"")));

        // The end of a chain with its head: nothing is left to see it by but what was kept.
        let last = number - 1;
        sql(installation).execute(&format!(
            "DELETE FROM audit WHERE chain = '{chain}' AND number > {last}; \
             UPDATE audit_heads SET n = {last}, hash = \
             (SELECT hash FROM audit WHERE chain = '{chain}' AND number = {last}) \
             WHERE chain = '{chain}'"
        ));
        done(&installation.run(&["audit", "verify"]));
        let said = format!("chain {chain} is broken at record {number}: it is missing");
        for file in ["heads", "log"] {
            refused(
                &installation.run(&["audit", "verify", "--anchor", file]),
                &said,
            );
        }
    });
}

#[test]
fn heads_are_kept_beside_the_file_of_sqlite() {
    let installation = Installation::new(Backend::Sqlite).unwrap();
    let node = installation.node();
    fleet::draft(&node, &node.token("chief"), "Một");
    node.terminate();
    let node = installation.node();
    let url = installation.url();
    let path = format!("{}.anchors", url.strip_prefix("sqlite:").unwrap());
    until("kept", || !kept(Path::new(&path)).is_empty());
    node.terminate();
}

#[test]
fn verifying_beside_writers_tells_of_no_tampering() {
    on_each(|installation| {
        let node = installation.node();
        let end = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for who in ["contributor", "chief"] {
                let (node, end) = (&node, &end);
                scope.spawn(move || {
                    let token = node.token(who);
                    while !end.load(Ordering::SeqCst) {
                        fleet::draft(node, &token, "Trong lúc đó");
                    }
                });
            }
            let ran: Vec<Ran> = (0..12)
                .map(|_| installation.run(&["audit", "verify"]))
                .collect();
            end.store(true, Ordering::SeqCst);
            ran.iter().for_each(done);
        });
    });
}

#[test]
fn another_secret_neither_serves_nor_writes() {
    on_each(|installation| {
        installation.node().terminate();
        let before = installation.run(&["audit", "heads"]).out;
        let create = ["user", "create", "--email", "x@example.vn", "--name", "X"];
        let mut commands = vec![serve(&installation.place, &installation.url())];
        for words in [&create[..], &["audit", "seal"], &["reproject"]] {
            commands.push(command(&installation.place, words, &installation.url()));
        }
        for mut command in commands {
            let ran = Ran::of(&command.env("LOA_SECRET", OTHER).output().unwrap());
            assert_eq!(ran.code, 1, "{command:?} {ran:?}");
            let said = "is not the secret of this database";
            assert!(ran.err.contains(said), "{command:?} {ran:?}");
            assert!(ran.err.contains("LOA_SECRET_PREVIOUS"), "{ran:?}");
            assert!(!ran.err.contains(OTHER), "{ran:?}");
        }
        assert_eq!(installation.run(&["audit", "heads"]).out, before);
        done(&installation.run(&["audit", "verify"]));
        let listed = installation.run(&["audit", "generations"]);
        assert_eq!(listed.out.lines().count(), 1, "{listed:?}");
        assert!(listed.out.ends_with("\tLOA_SECRET\n"), "{listed:?}");
    });
}
