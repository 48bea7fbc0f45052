//! Nobody gets more than they were given.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::{Value, json};

use super::cells::{Stage, delete, get, post, put};

/// A role for somebody, as an administrator of `hai-tien` would give it.
#[track_caller]
fn refused_role(stage: &Stage, who: &str, to: &str, body: &Value, status: u16) {
    let id = stage.office.world.people[to];
    stage.office.token(who);
    let before = stage.tally();
    let call = post(format!("/admin/users/{id}/memberships")).body(body.clone());
    stage.send(who, &call).expect_status(status);
    assert_eq!(stage.tally(), before, "{who} to {to}: {body}");
}

#[rstest]
fn an_administrator_gives_roles_at_their_own_site_alone(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let (commune, province) = (
        stage.office.world.units["14218"],
        stage.office.world.units["37"],
    );
    for role in ["editor", "site_admin", "platform_admin"] {
        for (place, status) in [
            // Another site is unknown to them.
            (json!({"site": "giao-thuy"}), 422),
            (json!({"site": "ninh-binh"}), 422),
            (json!({"unit": commune}), 403),
            (json!({"unit": province}), 403),
            (json!({}), 403),
        ] {
            let mut body = place;
            body["role"] = json!(role);
            refused_role(&stage, "admin", "editor", &body, status);
        }
    }
    let body = json!({"role": "platform_admin", "site": "hai-tien"});
    refused_role(&stage, "admin", "editor", &body, 422);
    let body = json!({"role": "editor", "site": "hai-tien"});
    refused_role(&stage, "admin", "stranger", &body, 404);
    refused_role(&stage, "admin", "platform", &body, 404);
    refused_role(&stage, "admin", "province-chief", &body, 404);
    for who in ["chief", "auditor", "publisher", "province-chief"] {
        refused_role(&stage, who, "contributor", &body, 403);
    }
}

#[rstest]
fn nobody_changes_what_they_hold_themselves(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    for who in ["admin", "platform"] {
        let id = stage.office.world.people[who];
        let body = json!({"role": "chief_editor", "site": "hai-tien"});
        refused_role(&stage, who, who, &body, 403);
        let own = format!("/admin/users/{id}/memberships");
        let held = stage.send(who, &get(&own)).data();
        let membership = held[0]["id"].as_str().unwrap();
        let gone = stage.send(who, &delete(format!("{own}/{membership}")));
        gone.expect_problem(403, "forbidden");
        let link = post(format!("/admin/users/{id}/password-link"));
        stage.send(who, &link).expect_problem(403, "forbidden");
        let own = format!("/admin/users/{id}");
        let account = stage.send(who, &get(&own));
        let body = json!({"email": account.data()["email"], "name": "Tôi", "status": "suspended"});
        let suspended = stage.send(who, &put(&own, account.etag()).body(body));
        suspended.expect_problem(403, "forbidden");
    }
}

/// Accounts that hold something outside an administrator's reach are not theirs to take over.
#[rstest]
fn accounts_with_roles_elsewhere_are_out_of_reach(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let people = &stage.office.world.people;
    for who in ["platform", "stranger", "province-chief"] {
        let place = format!("/admin/users/{}/memberships", people[who]);
        let body = json!({"role": "contributor", "site": "hai-tien"});
        let giver = if who == "platform" {
            None
        } else {
            Some("platform")
        };
        let Some(giver) = giver else {
            // Nobody but themselves could give the platform's only administrator a role.
            let link = post(format!("/admin/users/{}/password-link", people[who]));
            stage.send("admin", &link).expect_problem(404, "not_found");
            continue;
        };
        stage
            .send(giver, &post(place).body(body))
            .expect_status(201);
        let path = format!("/admin/users/{}", people[who]);
        let account = stage.send("admin", &get(&path)).expect_status(200);
        let before = stage.tally();
        let link = post(format!("{path}/password-link"));
        stage.send("admin", &link).expect_problem(403, "forbidden");
        let mut body = json!({"email": "ke-gian@loa.example.vn", "name": "A", "status": "active"});
        let taken = stage.send("admin", &put(&path, account.etag()).body(body.clone()));
        taken.expect_problem(403, "forbidden");
        body["status"] = json!("suspended");
        let stopped = stage.send("admin", &put(&path, account.etag()).body(body));
        stopped.expect_problem(403, "forbidden");
        assert_eq!(stage.tally(), before, "{who}");
        let held = stage
            .send("admin", &get(format!("{path}/memberships")))
            .data();
        assert_eq!(
            held.as_array().unwrap().len(),
            1,
            "roles elsewhere are not shown: {held}"
        );
    }
}
