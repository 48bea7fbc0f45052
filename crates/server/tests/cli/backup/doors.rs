//! A restored copy lets nobody in by what they held before, and publishes what has become due.

use serde_json::json;

use super::content::{Writer, article};
use super::{Empty, create, done, on_each};
use crate::node::Node;

#[test]
fn what_opened_a_door_before_opens_none_after() {
    on_each(|installation| {
        let original = installation.node();
        let token = original.token("chief");
        let login = json!({"email": loa_testkit::world::email("editor"),
            "password": loa_testkit::world::PASSWORD});
        let signed_in = original
            .post("/api/v1/auth/login")
            .json(&login)
            .send()
            .data();
        let chief = Writer::new(&original, "chief", "hai-tien");
        let entry = chief.create(&article("Bản nháp"));
        let entry_path = format!("/api/v1/editorial/sites/hai-tien/entries/{}", entry.id);
        let request = original.post(&format!("{entry_path}/preview-links"));
        let link = request.bearer(&token).json(&json!({})).send();
        let preview = link.expect_status(201).data()["url"]
            .as_str()
            .unwrap()
            .to_owned();
        original.get(&preview).send().expect_status(200);
        let email = loa_testkit::world::email("admin");
        let link = installation.run(&["user", "password-link", &email]);
        let link = link.out.trim();
        let idempotent = |node: &Node, token: &str| {
            let path = "/api/v1/editorial/sites/hai-tien/entries";
            let request = node
                .post(path)
                .bearer(token)
                .header("idempotency-key", "k-1");
            let answer = request.json(&article("Một lần")).send().expect_status(201);
            answer.data()["id"].clone()
        };
        let first = idempotent(&original, &token);

        let backup = create(installation, "backup");
        let empty = Empty::of(installation);
        let ran = empty.restore(&backup);
        done(&ran);
        assert!(
            ran.out.contains("1 password links, 1 preview links"),
            "{ran:?}"
        );
        let restored = Node::start(&empty.place, &empty.url, &[]);
        let me = restored.get("/api/v1/auth/me").bearer(&token).send();
        me.expect_problem(401, "token_invalid");
        let refresh = json!({"refresh_token": signed_in["refresh_token"]});
        let refresh = restored.post("/api/v1/auth/refresh").json(&refresh).send();
        assert_eq!(refresh.status, 401, "{refresh}");
        let preview = restored.get(&preview).send();
        assert!(preview.status >= 400, "{preview}");
        let password = json!({"password": "một mật khẩu mới và dài"});
        let used = restored.post(link).json(&password).send();
        assert!(used.status >= 400, "{used}");

        // A kept answer fits the data it came with.
        let token = restored.token("chief");
        assert_eq!(idempotent(&restored, &token), first);
        drop(restored);
        let audit = empty.run(&["audit", "verify"]);
        done(&audit);
        let url = empty.url.parse().unwrap();
        let mut conn = loa_store::Conn::system_snapshot(&url).unwrap();
        let records =
            loa_store::audit::list(&mut conn, loa_domain::audit::Chain::Platform, None, 9);
        let records = records.unwrap();
        assert!(
            records.iter().any(|it| it.action == "database.restore"),
            "{records:?}"
        );
    });
}

#[test]
fn what_has_become_due_is_told_and_published() {
    on_each(|installation| {
        let original = installation.node();
        let chief = Writer::new(&original, "second-chief", "hai-tien");
        let entry = Writer::new(&original, "contributor", "hai-tien").create(&article("Sáng mai"));
        let editor = Writer::new(&original, "editor", "hai-tien");
        let entry = editor.act(&entry, "submit", &json!({}));
        let entry = editor.act(&entry, "pass", &json!({}));
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
        let start = std::time::Instant::now();
        while restored.get(&path).send().status != 200 {
            assert!(start.elapsed().as_secs() < 60, "it was never published");
            std::thread::park_timeout(std::time::Duration::from_millis(20));
        }
    });
}
