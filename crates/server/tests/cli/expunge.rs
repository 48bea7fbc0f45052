//! `loa expunge`, as two persons at the machine use it.

use std::io::Write;
use std::process::Stdio;

use loa_testkit::{SECRET, world};
use serde_json::json;

use crate::commands::{Shop, on_each};
use crate::loa::Ran;

const NUMBER: &str = "036097001234";

impl Shop {
    /// Runs a command with something on its standard input.
    fn hear(&self, said: &str, arguments: &[&str]) -> Ran {
        let mut child = self
            .place
            .loa(arguments)
            .env("LOA_DATABASE_URL", &self.url)
            .env("LOA_SECRET", SECRET)
            .env("LOA_JWT_KEYS", "keys")
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that refuses its arguments does not listen.
        drop(child.stdin.take().unwrap().write_all(said.as_bytes()));
        Ran::of(&child.wait_with_output().unwrap())
    }

    /// A draft that holds the number; gives its id.
    fn leak(&self) -> String {
        let token = world::token(&self.app, "contributor");
        let article = json!({"type": "article", "section": "tin-tuc", "title": "Thẻ căn cước",
            "content": {"lead": "x", "body": format!("<p>Số {NUMBER}</p>")}});
        let path = "/api/v1/editorial/sites/hai-tien/entries";
        let made = self.app.post(path).bearer(&token).json(&article);
        let data = made.send().expect_status(201).data();
        data.get("id").unwrap().as_str().unwrap().to_owned()
    }

    fn text(&self) -> String {
        let mut sql = self.app.database().sql();
        let tables = sql.tables();
        tables
            .iter()
            .map(|table| sql.dump(table).join("\n"))
            .collect()
    }

    fn files_are_clean(&self) {
        if let loa_store::DatabaseUrl::Sqlite(path) = self.app.database().url() {
            for file in std::fs::read_dir(path.parent().unwrap()).unwrap() {
                let bytes = std::fs::read(file.unwrap().path()).unwrap();
                let number = NUMBER.as_bytes();
                assert!(!bytes.windows(number.len()).any(|part| part == number));
            }
        }
    }
}

#[test]
fn one_asks_and_another_confirms() {
    on_each(|shop| {
        let entry = shop.leak();
        let (chief, admin) = (world::email("chief"), world::email("admin"));
        let request = [
            "expunge",
            "request",
            "--email",
            &chief,
            "--entry",
            &entry,
            "--containing-stdin",
            "--reason",
            "Lọt số định danh",
        ];
        let password = world::PASSWORD;
        let wrong = shop.hear(&format!("sai\n{NUMBER}\n"), &request);
        assert_eq!(wrong.code, 1);
        assert!(wrong.err.contains("wrong email or password"), "{wrong:?}");
        let asked = shop.hear(&format!("{password}\n{NUMBER}\n"), &request);
        assert_eq!(asked.code, 0, "{asked:?}");
        assert!(asked.out.contains("/content/body"), "{asked:?}");
        let id = asked.out.split('\t').next().unwrap().to_owned();
        assert!(shop.done(&["expunge", "list"]).starts_with(&id));
        let shown = shop.done(&["expunge", "show", &id]);
        assert_eq!(shown, asked.out);

        let confirm = |who: &str, password: &str| {
            let said = format!("{password}\n");
            shop.hear(&said, &["expunge", "confirm", &id, "--email", who])
        };
        for (ran, said) in [
            (confirm(&chief, password), "takes another person"),
            (confirm(&admin, "sai"), "wrong email or password"),
            (
                confirm(&world::email("editor"), password),
                "has not the right",
            ),
            (confirm(&world::email("stranger"), password), "no such"),
        ] {
            assert_eq!(ran.code, 1, "{ran:?}");
            assert!(ran.err.contains(said), "{ran:?}");
        }
        assert!(shop.text().contains(NUMBER));
        let done = confirm(&admin, password);
        assert_eq!(done.code, 0, "{done:?}");
        assert!(done.out.contains("\tconfirmed\t"), "{done:?}");
        assert!(!shop.text().contains(NUMBER));
        shop.files_are_clean();
        assert_eq!(confirm(&admin, password).code, 0, "again does no harm");
        assert!(
            shop.done(&["audit", "verify"])
                .contains("every chain whole")
        );
        assert_eq!(shop.done(&["reproject"]), "0 documents are different now\n");
        for ran in [&asked, &done] {
            assert!(!format!("{ran:?}").contains(NUMBER));
        }
    });
}

#[test]
fn a_request_is_taken_back_and_wrong_arguments_are_told() {
    on_each(|shop| {
        let entry = shop.leak();
        let chief = world::email("chief");
        let password = format!("{}\n", world::PASSWORD);
        let by_number = |number, entry| {
            let reason = ["--reason", "Lọt số"];
            let what = [
                "expunge",
                "request",
                "--email",
                &chief,
                "--entry",
                entry,
                "--revision",
                number,
            ];
            shop.hear(&password, &[&what[..], &reason[..]].concat())
        };
        let asked = by_number("1", &entry);
        assert_eq!(asked.code, 0, "{asked:?}");
        let id = asked.out.split('\t').next().unwrap().to_owned();
        let cancel = || shop.hear(&password, &["expunge", "cancel", &id, "--email", &chief]);
        assert_eq!(cancel().out, "cancelled\n");
        assert!(cancel().err.contains("decided already"));
        assert!(by_number("9", &entry).err.contains("no such"));
        assert_eq!(by_number("1", "x").code, 2);
        let nobody = "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b";
        assert!(by_number("1", nobody).err.contains("no such"));
        shop.refused(2, "expected the id", &["expunge", "show", "x"]);
        shop.refused(1, "no such", &["expunge", "show", nobody]);
        let request = [
            "expunge", "request", "--email", &chief, "--entry", &entry, "--reason", "x",
        ];
        shop.refused(2, "--revision", &request);
        let flag = [
            "expunge",
            "confirm",
            &id,
            "--email",
            &chief,
            "--password",
            "x",
        ];
        shop.refused(2, "--password", &flag);
    });
}
