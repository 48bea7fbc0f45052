//! `loa user` in the place of a second administrator, and the platform's last one.

use loa_testkit::{Answer, world};
use serde_json::json;

use crate::commands::{Shop, on_each};

/// A site's administrator asks for a publisher.
fn ask(shop: &Shop, person: &str) -> Answer {
    let token = world::token(&shop.app, "admin");
    let user = shop
        .app
        .get("/api/v1/admin/users?page[size]=100")
        .bearer(&token);
    let users = user.send().expect_status(200).data();
    let email = world::email(person);
    let users = users.as_array().unwrap();
    let user = users.iter().find(|user| user["email"] == email.as_str());
    let id = user.unwrap()["id"].as_str().unwrap().to_owned();
    let roles = format!("/api/v1/admin/users/{id}/memberships");
    let body = json!({"role": "publisher", "site": "hai-tien"});
    let asked = shop.app.post(&roles).bearer(&token).json(&body).send();
    asked.expect_status(202)
}

#[test]
fn the_machine_is_the_second_administrator() {
    on_each(|shop| {
        for (person, decision, state) in [
            ("editor", "confirm", "confirmed"),
            ("contributor", "refuse", "refused"),
        ] {
            let asked = ask(shop, person);
            let id = asked.data()["id"].as_str().unwrap().to_owned();
            let list = shop.done(&["user", "requests"]);
            let email = world::email(person);
            let line = format!("{id}\twaiting\t{email}\tpublisher\thai-tien\tNgười admin\t");
            assert!(list.lines().any(|own| own.starts_with(&line)), "{list}");
            let done = shop.done(&["user", decision, &id]);
            assert!(done.starts_with(&format!("{id}\t{state}\t")), "{done}");
            shop.refused(1, "decided already", &["user", decision, &id]);
            let token = world::token(&shop.app, person);
            let me = shop.app.get("/api/v1/auth/me").bearer(&token).send();
            let publishes = me.data()["memberships"].to_string().contains("publisher");
            assert_eq!(publishes, decision == "confirm", "{me}");
        }
        assert_eq!(shop.done(&["user", "requests"]), "");
        shop.refused(2, "is no id", &["user", "confirm", "x"]);
        let unknown = "01900000-0000-7000-8000-00000000dead";
        shop.refused(1, "no request has the id", &["user", "confirm", unknown]);
    });
}

#[test]
fn roles_are_granted_alone() {
    on_each(|shop| {
        let email = world::email("editor");
        let grant = ["user", "grant", &email];
        let done = shop.done(&[&grant[..], &["--role", "chief_editor", "--unit", "37"]].concat());
        assert_eq!(done, format!("{email}\tchief_editor\n"));
        shop.refused(2, "a role is wanted", &grant);
        let nobody = ["user", "grant", "x@loa.example.vn", "--platform-admin"];
        shop.refused(1, "no account", &nobody);
        let token = world::token(&shop.app, "platform");
        let audit = shop.app.get("/api/v1/admin/audit").bearer(&token).send();
        let records = audit.data();
        let records = records.as_array().unwrap();
        let given = records
            .iter()
            .find(|one| one["action"] == "membership.create");
        assert!(given.unwrap()["actor"].is_null(), "{audit}");
    });
}

#[test]
fn the_last_administrator_of_the_platform_is_not_suspended_by_mistake() {
    on_each(|shop| {
        let (one, other) = (world::email("platform"), world::email("second-platform"));
        shop.done(&["user", "suspend", &other]);
        shop.refused(1, "--even-the-last", &["user", "suspend", &one]);
        let anyway = ["user", "suspend", &one, "--even-the-last"];
        assert_eq!(shop.done(&anyway), format!("{one}\tsuspended\n"));
    });
}
