//! A restored copy lets nobody in by what they held before, and publishes what has become due.

use std::time::{Duration, Instant};

use loa_domain::audit::Chain;
use loa_store::{Conn, audit};
use loa_testkit::world::{PASSWORD, email};
use serde_json::{Value, json};

use super::content::{Writer, article};
use super::{Empty, create, done, on_each};
use crate::node::{Installation, Node};

/// What opens doors at a node.
struct Keys {
    access: String,
    refresh: Value,
    preview: String,
    password: String,
}

impl Keys {
    fn collect(installation: &Installation, node: &Node) -> Self {
        let login = json!({"email": email("chief"), "password": PASSWORD});
        let signed_in = node.post("/api/v1/auth/login").json(&login).send().data();
        let access = signed_in["access_token"].as_str().unwrap().to_owned();
        let draft = Writer::new(node, "chief", "hai-tien").create(&article("Bản nháp"));
        let path = format!(
            "/api/v1/editorial/sites/hai-tien/entries/{}/preview-links",
            draft.id
        );
        let link = node.post(&path).bearer(&access).json(&json!({})).send();
        let link = link.expect_status(201).data();
        let password = installation.run(&["user", "password-link", &email("admin")]);
        Self {
            access,
            refresh: json!({"refresh_token": signed_in["refresh_token"]}),
            preview: link["url"].as_str().unwrap().to_owned(),
            password: password.out.trim().to_owned(),
        }
    }

    fn open_nothing(&self, node: &Node) {
        let me = node.get("/api/v1/auth/me").bearer(&self.access).send();
        me.expect_problem(401, "token_invalid");
        let refresh = node.post("/api/v1/auth/refresh").json(&self.refresh);
        assert_eq!(refresh.send().status, 401);
        let preview = node.get(&self.preview).send();
        assert!(preview.status >= 400, "{preview}");
        let password = json!({"password": "một mật khẩu mới và dài"});
        let used = node.post(&self.password).json(&password).send();
        assert!(used.status >= 400, "{used}");
    }
}

/// Asks for the same entry, again and again; gives its id.
fn once(node: &Node, token: &str) -> Value {
    let path = "/api/v1/editorial/sites/hai-tien/entries";
    let request = node.post(path).bearer(token);
    let request = request.header("idempotency-key", "k-1");
    let answer = request.json(&article("Một lần")).send().expect_status(201);
    answer.data()["id"].clone()
}

#[test]
fn what_opened_a_door_before_opens_none_after() {
    on_each(|installation| {
        let original = installation.node();
        let keys = Keys::collect(installation, &original);
        original.get(&keys.preview).send().expect_status(200);
        let first = once(&original, &keys.access);

        let backup = create(installation, "backup");
        let empty = Empty::of(installation);
        let ran = empty.restore(&backup);
        done(&ran);
        let said = "1 password links, 1 preview links";
        assert!(ran.out.contains(said), "{ran:?}");
        let restored = Node::start(&empty.place, &empty.url, &[]);
        keys.open_nothing(&restored);
        // A kept answer fits the data it came with.
        assert_eq!(once(&restored, &restored.token("chief")), first);
        drop(restored);

        done(&empty.run(&["audit", "verify"]));
        let mut conn = Conn::system_snapshot(&empty.url.parse().unwrap()).unwrap();
        let records = audit::list(&mut conn, Chain::Platform, None, 9).unwrap();
        let told = records.iter().any(|it| it.action == "database.restore");
        assert!(told, "{records:?}");
    });
}

#[test]
fn what_has_become_due_is_told_and_published() {
    on_each(|installation| {
        let original = installation.node();
        let by = |who| Writer::new(&original, who, "hai-tien");
        let entry = by("contributor").create(&article("Sáng mai"));
        let entry = by("editor").act(&entry, "submit", &json!({}));
        let entry = by("editor").act(&entry, "pass", &json!({}));
        let chief = by("second-chief");
        let entry = chief.act(&entry, "approve", &json!({}));
        let schedule = json!({"publish_at": "2099-01-01T00:00:00Z"});
        chief.act(&entry, "schedule", &schedule);
        original.kill();
        // As if that had been yesterday.
        let mut sql = installation.database.sql();
        sql.execute("UPDATE editions SET publish_at = '2026-01-01 00:00:00'");
        drop(sql);
        let backup = create(installation, "backup");
        let empty = Empty::of(installation);
        let ran = empty.restore(&backup);
        done(&ran);
        assert!(ran.out.contains("publish 1 entries"), "{ran:?}");
        let restored = Node::start(&empty.place, &empty.url, &[]);
        let path = format!("/api/v1/sites/hai-tien/entries/{}", entry.id);
        let start = Instant::now();
        while restored.get(&path).send().status != 200 {
            assert!(start.elapsed() < Duration::from_mins(1), "never published");
            std::thread::park_timeout(Duration::from_millis(20));
        }
    });
}
