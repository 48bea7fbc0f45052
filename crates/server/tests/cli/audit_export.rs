//! `loa audit export`: what a central log system is given.

use loa_testkit::Backend;
use loa_testkit::world::PASSWORD;
use serde_json::{Value, json};

use crate::node::Installation;

fn records(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_record_is_a_line_and_chains_and_times_can_be_chosen() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let Some(installation) = Installation::new(backend) else {
            continue;
        };
        let node = installation.node();
        let token = node.token("contributor");
        for n in 0..3 {
            let article =
                json!({"type": "article", "section": "tin-tuc", "title": format!("Bài {n}")});
            let made = node.post("/api/v1/editorial/sites/hai-tien/entries");
            made.bearer(&token).json(&article).send().expect_status(201);
        }
        assert_eq!(node.terminate().code, 0);
        let export = |more: &[&str]| {
            let arguments = [&["audit", "export", "--format", "jsonl"], more].concat();
            let ran = installation.run(&arguments);
            assert_eq!(ran.code, 0, "{ran:?}");
            assert!(!ran.out.contains(PASSWORD) && !ran.out.contains(&token));
            records(&ran.out)
        };
        let all = export(&[]);
        let verified = installation.run(&["audit", "verify"]).out;
        assert!(
            verified.starts_with(&format!("{} records", all.len())),
            "{verified}"
        );
        for record in &all {
            for name in [
                "chain",
                "number",
                "actor",
                "action",
                "subject",
                "subject_id",
                "detail",
                "at",
                "hash",
            ] {
                assert!(record.get(name).is_some(), "{name}: {record}");
            }
        }
        let site = export(&["--chain", "hai-tien"]);
        let numbers: Vec<i64> = site
            .iter()
            .filter_map(|it| it.get("number")?.as_i64())
            .collect();
        let count = i64::try_from(site.len()).unwrap();
        assert!(count >= 3);
        assert_eq!(
            numbers,
            (1..=count).collect::<Vec<_>>(),
            "oldest first, without a gap"
        );
        let platform = export(&["--chain", "platform"]);
        assert_eq!(site.len() + platform.len(), all.len());
        assert_eq!(export(&["--to", "2020-01-01"]).len(), 0);
        assert_eq!(export(&["--from", "2020-01-01", "--to", "2999-01-01"]), all);
        for (arguments, code) in [
            (["--chain", "khong-co"], 1),
            (["--from", "hôm qua"], 2),
            (["--format", "csv"], 2),
        ] {
            let ran = installation.run(&[&["audit", "export"][..], &arguments].concat());
            assert_eq!(ran.code, code, "{ran:?}");
        }
    }
}
