//! `/admin/users` and the roles they hold.

use loa_testkit::world;
use serde_json::{Value, json};

use super::{column, delete, get, on_each, post, put, refused};
use crate::desk::Office;

const PASSWORD: &str = "ba con trâu bên bờ đê";

fn person(name: &str) -> Value {
    json!({"email": format!("{name}@loa.example.vn"), "name": format!("Người {name}")})
}

fn user(office: &Office, name: &str) -> String {
    format!("/users/{}", office.world.people[name])
}

#[test]
fn a_new_person_sets_a_password_once_and_gets_a_role() {
    on_each(|office| {
        let key = |request: loa_testkit::Request<'_>| {
            request
                .bearer(&office.token("admin"))
                .header("idempotency-key", "\"one\"")
                .json(&person("new"))
                .send()
                .expect_status(201)
                .json()
        };
        let made = key(office.app.post("/api/v1/admin/users"));
        let again = key(office.app.post("/api/v1/admin/users"));
        assert_eq!(again["data"], made["data"]);
        assert_eq!(again["password_link"]["token"], Value::Null);
        let link = made["password_link"]["url_path"].as_str().unwrap();
        let set = |password: &str| {
            let body = json!({"password": password});
            office.app.post(link).json(&body).send()
        };
        assert_eq!(refused(set("matkhau12345")).1, "weak_password");
        set(PASSWORD).expect_status(204);
        set(PASSWORD).expect_problem(404, "not_found");

        let path = format!("/users/{}", made["data"]["id"].as_str().unwrap());
        let roles = format!("{path}/memberships");
        let limited = json!({"role": "contributor", "site": "hai-tien",
            "sections": [office.world.sections["hai-tien/tin-tuc"]]});
        let given = post(office, "admin", &roles, &limited).expect_status(201);
        assert_eq!(
            refused(post(office, "admin", &roles, &limited)),
            ("/role".to_owned(), "taken".to_owned())
        );
        let tokens = office
            .app
            .post("/api/v1/auth/login")
            .json(&json!({"email": "NEW@loa.example.vn", "password": PASSWORD}))
            .send()
            .expect_status(200)
            .data();
        let token = tokens["access_token"].as_str().unwrap();
        let me = office
            .app
            .get("/api/v1/auth/me")
            .bearer(token)
            .send()
            .data();
        assert_eq!(me["rights"]["sites"][0]["slug"], "hai-tien");
        let role = format!("{roles}/{}", given.data()["id"].as_str().unwrap());
        delete(office, "auditor", &role).expect_problem(403, "forbidden");
        delete(office, "stranger-admin", &role).expect_problem(404, "not_found");
        delete(office, "admin", &role).expect_status(204);
        delete(office, "admin", &role).expect_problem(404, "not_found");
        let me = office
            .app
            .get("/api/v1/auth/me")
            .bearer(token)
            .send()
            .data();
        assert_eq!(me["memberships"], json!([]));
    });
}

#[test]
fn roles_fit_their_places() {
    on_each(|office| {
        let roles = format!("{}/memberships", user(office, "contributor"));
        let section = office.world.sections["hai-tien/tin-tuc"];
        let elsewhere = office.world.sections["giao-thuy/tin-tuc"];
        let unit = office.world.units["14218"];
        for (body, pointer, code) in [
            (
                json!({"role": "platform_admin", "site": "hai-tien"}),
                "/role",
                "not_allowed",
            ),
            (json!({"role": "editor"}), "/role", "not_allowed"),
            (json!({"role": "editor", "site": "x"}), "/site", "not_found"),
            (
                json!({"role": "editor", "site": "hai-tien", "unit": unit}),
                "/unit",
                "not_allowed",
            ),
            (
                json!({"role": "editor", "unit": unit, "sections": [section]}),
                "/sections",
                "not_allowed",
            ),
            (
                json!({"role": "site_admin", "site": "hai-tien", "sections": [section]}),
                "/sections",
                "not_allowed",
            ),
            (
                json!({"role": "editor", "site": "hai-tien", "sections": [section, elsewhere]}),
                "/sections/1",
                "not_found",
            ),
        ] {
            let (at, why) = refused(post(office, "platform", &roles, &body));
            assert_eq!((at.as_str(), why.as_str()), (pointer, code), "{body}");
        }
        let foreign = json!({"role": "editor", "site": "giao-thuy"});
        let (at, why) = refused(post(office, "admin", &roles, &foreign));
        assert_eq!((at.as_str(), why.as_str()), ("/site", "not_found"));
        for (who, body) in [
            (
                "admin",
                json!({"role": "editor", "unit": office.world.units["37"]}),
            ),
            ("admin", json!({"role": "platform_admin"})),
            ("editor", json!({"role": "editor", "site": "hai-tien"})),
        ] {
            post(office, who, &roles, &body).expect_problem(403, "forbidden");
        }
        let own = format!("{}/memberships", user(office, "admin"));
        let chief = json!({"role": "chief_editor", "site": "hai-tien"});
        post(office, "admin", &own, &chief).expect_problem(403, "forbidden");
    });
}

#[test]
fn nobody_reaches_beyond_their_place() {
    on_each(|office| {
        let seen = column(&get(office, "admin", "/users?page[size]=100"), "id");
        assert!(seen.contains(&office.world.people["editor"].to_string()));
        for hidden in ["stranger", "province-chief", "platform"] {
            assert!(
                !seen.contains(&office.world.people[hidden].to_string()),
                "{hidden}"
            );
            get(office, "admin", &user(office, hidden)).expect_problem(404, "not_found");
        }
        let all = column(&get(office, "platform", "/users?page[size]=100"), "id");
        assert_eq!(all.len(), world::PEOPLE.len());
        get(office, "editor", "/users").expect_problem(403, "forbidden");

        // Somebody with a role elsewhere too is seen, and not to be taken over.
        let roles = format!("{}/memberships", user(office, "stranger"));
        let role = json!({"role": "editor", "site": "hai-tien"});
        post(office, "platform", &roles, &role).expect_status(201);
        let path = user(office, "stranger");
        let found = get(office, "admin", &path).expect_status(200);
        let body = json!({"email": "mine@loa.example.vn", "name": "X", "status": "active"});
        put(office, "admin", &path, found.etag(), &body).expect_problem(403, "forbidden");
        let link = format!("{path}/password-link");
        post(office, "admin", &link, &Value::Null).expect_problem(403, "forbidden");
        let shown = get(office, "admin", &format!("{path}/memberships"));
        assert_eq!(column(&shown, "site"), ["hai-tien"]);
        let own = format!("{}/password-link", user(office, "admin"));
        post(office, "admin", &own, &Value::Null).expect_problem(403, "forbidden");
    });
}

#[test]
fn a_link_dies_with_its_makers_power() {
    on_each(|office| {
        let made = post(office, "admin", "/users", &person("new")).expect_status(201);
        let made = made.json();
        let roles = format!(
            "/users/{}/memberships",
            made["data"]["id"].as_str().unwrap()
        );
        let higher = json!({"role": "editor", "unit": office.world.units["37"]});
        post(office, "platform", &roles, &higher).expect_status(201);
        let path = made["password_link"]["url_path"].as_str().unwrap();
        let body = json!({"password": PASSWORD});
        let set = office.app.post(path).json(&body).send();
        set.expect_problem(404, "not_found");
    });
}

#[test]
fn suspension_counts_at_once_and_not_for_oneself() {
    on_each(|office| {
        let path = user(office, "editor");
        office.token("editor");
        let found = get(office, "admin", &path).expect_status(200);
        let body = json!({"email": world::email("editor"), "name": "Người editor",
            "status": "suspended"});
        put(office, "auditor", &path, found.etag(), &body).expect_problem(403, "forbidden");
        put(office, "admin", &path, found.etag(), &body).expect_status(200);
        office
            .get("editor", "/api/v1/auth/me")
            .expect_problem(401, "token_invalid");
        let link = format!("{path}/password-link");
        post(office, "admin", &link, &Value::Null).expect_problem(409, "state_conflict");
        let mut taken = body.clone();
        taken["email"] = json!(world::email("chief").to_uppercase());
        let found = get(office, "admin", &path).expect_status(200);
        assert_eq!(
            refused(put(office, "admin", &path, found.etag(), &taken)),
            ("/email".to_owned(), "taken".to_owned())
        );
        let own = user(office, "admin");
        let found = get(office, "admin", &own).expect_status(200);
        let body = json!({"email": world::email("admin"), "name": "A", "status": "suspended"});
        put(office, "admin", &own, found.etag(), &body).expect_problem(403, "forbidden");
    });
}
