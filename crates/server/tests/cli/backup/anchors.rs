//! Heads kept elsewhere: a chain that was cut off at the end, head and all, is missed.

use loa_testkit::Sql;

use super::content::{Writer, article};
use super::{create, done, on_each, refused};
use crate::node::Installation;

fn heads(installation: &Installation) -> Vec<(String, i64)> {
    let ran = installation.run(&["audit", "heads"]);
    done(&ran);
    std::fs::write(installation.place.path("heads.json"), &ran.out).unwrap();
    let heads: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let heads = heads["audit_heads"].as_array().unwrap().iter();
    heads
        .map(|head| {
            let chain = head["chain"].as_str().unwrap().to_owned();
            (chain, head["number"].as_i64().unwrap())
        })
        .collect()
}

/// Cuts a chain after a record and writes the head that it had then.
fn cut(sql: &mut Sql, chain: &str, after: i64) {
    sql.execute(&format!(
        "DELETE FROM audit WHERE chain = '{chain}' AND number > {after}; \
         UPDATE audit_heads SET n = {after}, hash = \
         (SELECT hash FROM audit WHERE chain = '{chain}' AND number = {after}) \
         WHERE chain = '{chain}'"
    ));
}

#[test]
fn a_tail_that_was_cut_off_with_its_head_is_missed() {
    on_each(|installation| {
        let node = installation.node();
        let chief = Writer::new(&node, "chief", "hai-tien");
        for title in ["Một", "Hai"] {
            chief.publish(&article(title));
        }
        let before = heads(installation);
        let (chain, number) = before
            .iter()
            .find(|(chain, _)| chain != "platform")
            .unwrap();
        create(installation, "backup");
        chief.publish(&article("Ba"));
        node.terminate();
        // Both kinds of file are anchors, and a chain that went on is whole.
        for anchor in ["heads.json", "backup/manifest.json"] {
            let ran = installation.run(&["audit", "verify", "--anchor", anchor]);
            done(&ran);
            assert!(
                ran.out.contains(&format!("{} anchors held", before.len())),
                "{ran:?}"
            );
        }

        let mut sql = installation.database.sql();
        cut(&mut sql, chain, number - 1);
        // Nothing is left to see it by …
        done(&installation.run(&["audit", "verify"]));
        // … but for who remembers.
        let said = format!("chain {chain} is broken at record {number}");
        for anchor in ["heads.json", "backup/manifest.json"] {
            refused(
                &installation.run(&["audit", "verify", "--anchor", anchor]),
                &said,
            );
        }
        // The records that follow have other hashes than those that were cut off.
        let node = installation.node();
        Writer::new(&node, "chief", "hai-tien").publish(&article("Bốn"));
        node.terminate();
        done(&installation.run(&["audit", "verify"]));
        refused(
            &installation.run(&["audit", "verify", "--anchor", "heads.json"]),
            &said,
        );
        // A whole chain gone: the platform's chain counts it.
        sql.execute(&format!(
            "DELETE FROM audit WHERE chain = '{chain}'; \
             DELETE FROM audit_heads WHERE chain = '{chain}'"
        ));
        let said = format!("chain {chain} is broken at record 1");
        refused(&installation.run(&["audit", "verify"]), &said);
        refused(
            &installation.run(&["audit", "verify", "--anchor", "heads.json"]),
            &said,
        );
    });
}

#[test]
fn a_file_without_heads_is_no_anchor() {
    on_each(|installation| {
        for (text, said) in [
            ("", "EOF"),
            ("{}", "audit_heads"),
            ("{\"audit_heads\": []}", "no heads"),
        ] {
            std::fs::write(installation.place.path("anchor"), text).unwrap();
            let ran = installation.run(&["audit", "verify", "--anchor", "anchor"]);
            assert_eq!(ran.code, 2, "{ran:?}");
            refused(&ran, said);
        }
        let ran = installation.run(&["audit", "verify", "--anchor", "nowhere"]);
        refused(&ran, "nowhere");
    });
}
