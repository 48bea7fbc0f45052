//! `loa audit export`: what a central log system is given.

use loa_testkit::Backend;
use loa_testkit::world::PASSWORD;
use serde_json::{Value, json};

use crate::node::Installation;

const MEMBERS: [&str; 9] = [
    "chain",
    "number",
    "actor",
    "action",
    "subject",
    "subject_id",
    "detail",
    "at",
    "hash",
];

/// An installation on each database where a contributor has written three drafts.
fn on_each(test: impl Fn(&Installation)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let Some(installation) = Installation::new(backend) else {
            continue;
        };
        let node = installation.node();
        let token = node.token("contributor");
        for n in 0..3 {
            let title = format!("Bài {n}");
            let article = json!({"type": "article", "section": "tin-tuc", "title": title});
            let made = node.post("/api/v1/editorial/sites/hai-tien/entries");
            made.bearer(&token).json(&article).send().expect_status(201);
        }
        assert_eq!(node.terminate().code, 0);
        test(&installation);
    }
}

#[track_caller]
fn export(installation: &Installation, more: &[&str]) -> Vec<Value> {
    let arguments = [&["audit", "export", "--format", "jsonl"], more].concat();
    let ran = installation.run(&arguments);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.out.contains(PASSWORD), "{ran:?}");
    let lines = ran.out.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_record_is_a_line_in_the_order_of_its_chain() {
    on_each(|installation| {
        let all = export(installation, &[]);
        let verified = installation.run(&["audit", "verify"]).out;
        let count = format!("{} records", all.len());
        assert!(verified.starts_with(&count), "{verified}");
        for record in &all {
            for name in MEMBERS {
                assert!(record.get(name).is_some(), "{name}: {record}");
            }
        }
        let site = export(installation, &["--chain", "hai-tien"]);
        let numbers: Vec<i64> = site
            .iter()
            .filter_map(|it| it.get("number")?.as_i64())
            .collect();
        let count = i64::try_from(site.len()).unwrap();
        assert!(count >= 3);
        let expected: Vec<i64> = (1..=count).collect();
        assert_eq!(numbers, expected, "oldest first, without a gap");
        let platform = export(installation, &["--chain", "platform"]);
        assert_eq!(site.len() + platform.len(), all.len());
    });
}

#[test]
fn times_can_be_chosen_and_what_is_none_is_refused() {
    on_each(|installation| {
        let all = export(installation, &[]);
        assert!(!all.is_empty());
        assert!(export(installation, &["--to", "2020-01-01"]).is_empty());
        let from_to = ["--from", "2020-01-01", "--to", "2999-01-01"];
        assert_eq!(export(installation, &from_to), all);
        for (arguments, code) in [
            (["--chain", "khong-co"], 1),
            (["--from", "hôm qua"], 2),
            (["--format", "csv"], 2),
        ] {
            let ran = installation.run(&[&["audit", "export"][..], &arguments].concat());
            assert_eq!(ran.code, code, "{ran:?}");
        }
    });
}
