//! What is served from a restored backup is what was served before.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use loa_store::changes;

use super::content::{Writer, fill};
use super::{Empty, create, done, manifest, on_each, refused, verify, walk};
use crate::node::{Installation, Node};

/// Lets two people write at a node while `work` is done; gives what it gives.
fn while_others_write<T>(node: &Node, work: impl FnOnce() -> T) -> T {
    let (stop, count) = (AtomicBool::new(false), AtomicU32::new(0));
    std::thread::scope(|scope| {
        for (who, site) in [("chief", "hai-tien"), ("stranger", "giao-thuy")] {
            let (stop, count) = (&stop, &count);
            scope.spawn(move || Writer::new(node, who, site).go_on(stop, count));
        }
        while count.load(Ordering::Relaxed) < 8 {
            std::thread::park_timeout(Duration::from_millis(5));
        }
        let result = work();
        stop.store(true, Ordering::Relaxed);
        result
    })
}

fn serve(empty: &Empty) -> Node {
    Node::start(&empty.place, &empty.url, &[])
}

#[test]
fn a_backup_made_at_rest_serves_the_same_bytes() {
    on_each(|installation| {
        let original = installation.node();
        fill(&original);
        let backup = create(installation, "backup");
        done(&verify(installation, "backup"));
        let empty = Empty::of(installation);
        let ran = empty.restore(&backup);
        done(&ran);
        assert!(ran.out.contains("signs in again"), "{ran:?}");
        let restored = serve(&empty);
        let compared = walk::compare(&original, &restored);
        assert!(compared > 300, "{compared}");

        let stopped = restored.terminate();
        assert_eq!(stopped.code, 0, "{stopped:?}");
        let anchor = backup.join("manifest.json");
        let anchor = anchor.to_str().unwrap();
        let audit = empty.run(&["audit", "verify", "--anchor", anchor]);
        done(&audit);
        assert!(audit.out.contains("anchors held"), "{audit:?}");
        refused(&empty.restore(&backup), "");
        let again = installation.run(&["backup", "create", "backup"]);
        refused(&again, "exists");
    });
}

#[test]
fn a_backup_made_while_others_write_is_one_moment() {
    on_each(|installation| {
        let original = installation.node();
        fill(&original);
        let backup = while_others_write(&original, || create(installation, "backup"));
        done(&verify(installation, "backup"));
        let manifest = manifest(&backup);
        let last = manifest["last_change"].as_i64().unwrap();
        assert!(last > 8, "{last}");
        let since = changed_since(installation, last);

        let empty = Empty::of(installation);
        done(&empty.restore(&backup));
        let restored = serve(&empty);
        let documents = walk::documents(&restored);
        let published = manifest["rows"]["published_entries"].as_u64().unwrap();
        assert_eq!(documents.len() as u64, published);
        for (id, card) in documents {
            if since.contains(&id) {
                continue;
            }
            let site = card["site"].as_str().unwrap();
            let path = format!("/api/v1/sites/{site}/entries/{id}");
            let [before, after] = [&original, &restored].map(|node| node.get(&path).send());
            assert_eq!(before.etag(), after.etag(), "{path}");
            assert!(before.body == after.body, "{before}\n{after}");
        }
        // It goes on from there.
        while_others_write(&restored, || ());
        drop(restored);
        done(&empty.run(&["audit", "verify"]));
        assert_eq!(
            empty.run(&["reproject"]).out,
            "0 documents are different now\n"
        );
    });
}

fn changed_since(installation: &Installation, last: i64) -> BTreeSet<String> {
    let app = installation.app();
    let changes = app.store().read(|conn| changes::after(conn, last, 10_000));
    let changes = changes.unwrap();
    changes
        .into_iter()
        .map(|change| change.subject_id)
        .collect()
}
