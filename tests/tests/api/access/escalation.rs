//! Nobody gets more than they were given, and what is taken is gone at once.

use chrono::TimeDelta;
use loa_testkit::Backend;
use loa_testkit::world::{self, PASSWORD};
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

/// What a session can do, until it cannot.
struct Session {
    access: String,
    refresh: String,
}

impl Session {
    fn open(stage: &Stage, who: &str) -> Self {
        let body = json!({"email": world::email(who), "password": PASSWORD});
        let call = post("/auth/login").body(body);
        let data = call.send(&stage.office.app, None).expect_status(200).data();
        let text = |name: &str| data[name].as_str().unwrap().to_owned();
        Self {
            access: text("access_token"),
            refresh: text("refresh_token"),
        }
    }

    fn status(&self, stage: &Stage) -> u16 {
        get("/auth/me")
            .send(&stage.office.app, Some(&self.access))
            .status
    }

    #[track_caller]
    fn expect_over(&self, stage: &Stage) {
        let app = &stage.office.app;
        let me = get("/auth/me").send(app, Some(&self.access));
        me.expect_problem(401, "token_invalid");
        let body = json!({"refresh_token": self.refresh});
        let next = post("/auth/refresh").body(body).send(app, None);
        next.expect_problem(401, "token_invalid");
    }
}

#[rstest]
fn the_suspended_are_out_at_once(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let session = Session::open(&stage, "editor");
    let path = format!("/admin/users/{}", stage.office.world.people["editor"]);
    let link = stage.send("admin", &post(format!("{path}/password-link")));
    let token = link.expect_status(200).data()["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let account = stage.send("admin", &get(&path));
    let mut body =
        json!({"email": world::email("editor"), "name": "Người editor", "status": "suspended"});
    let suspended = stage.send("admin", &put(&path, account.etag()).body(body.clone()));
    let etag = suspended.expect_status(200).etag().to_owned();
    session.expect_over(&stage);
    let app = &stage.office.app;
    let login = json!({"email": world::email("editor"), "password": PASSWORD});
    let again = post("/auth/login").body(login).send(app, None);
    again.expect_problem(401, "credentials_invalid");
    let password = json!({"password": "mot mat khau moi rat dai"});
    let used = post(format!("/auth/password-links/{token}")).body(password);
    used.send(app, None).expect_problem(404, "not_found");
    let refused = stage.send("admin", &post(format!("{path}/password-link")));
    refused.expect_problem(409, "state_conflict");
    // Coming back does not bring the old session back.
    body["status"] = json!("active");
    stage
        .send("admin", &put(&path, &etag).body(body))
        .expect_status(200);
    session.expect_over(&stage);
    assert_eq!(Session::open(&stage, "editor").status(&stage), 200);
}

#[rstest]
fn a_role_that_is_taken_is_gone_at_once(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let draft = stage.draft();
    let session = Session::open(&stage, "contributor");
    let app = &stage.office.app;
    let read = || get(draft.path()).send(app, Some(&session.access));
    read().expect_status(200);
    let place = format!(
        "/admin/users/{}/memberships",
        stage.office.world.people["contributor"]
    );
    let held = stage.send("admin", &get(&place)).data();
    let membership = format!("{place}/{}", held[0]["id"].as_str().unwrap());
    stage.send("admin", &delete(&membership)).expect_status(204);
    // The session is theirs still; there is nothing left that it could read.
    read().expect_problem(403, "forbidden");
    assert_eq!(session.status(&stage), 200);
    let another = app.another_node();
    let elsewhere = get(draft.path()).send(&another, Some(&session.access));
    elsewhere.expect_problem(403, "forbidden");
    // A role given is there at once too.
    let body = json!({"role": "auditor", "site": "giao-thuy"});
    stage
        .send("platform", &post(&place).body(body))
        .expect_status(201);
    read().expect_problem(404, "not_found");
}

#[rstest]
fn an_administrator_loses_reach_with_the_role(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let session = Session::open(&stage, "admin");
    let person = stage.person();
    let app = &stage.office.app;
    let link = post(format!("{}/password-link", person.path)).send(app, Some(&session.access));
    let token = link.expect_status(200).data()["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let place = format!(
        "/admin/users/{}/memberships",
        stage.office.world.people["admin"]
    );
    let held = stage.send("platform", &get(&place)).data();
    let membership = format!("{place}/{}", held[0]["id"].as_str().unwrap());
    stage
        .send("platform", &delete(membership))
        .expect_status(204);
    get(&person.path)
        .send(app, Some(&session.access))
        .expect_problem(403, "forbidden");
    // A link dies with its maker's say over the person.
    let body = json!({"password": "mot mat khau moi rat dai"});
    let used = post(format!("/auth/password-links/{token}")).body(body);
    used.send(app, None).expect_problem(404, "not_found");
}

#[rstest]
fn a_refresh_token_is_good_once(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let app = &stage.office.app;
    let first = Session::open(&stage, "editor");
    let other = Session::open(&stage, "editor");
    let rotate = |token: &str| {
        let body = json!({"refresh_token": token});
        post("/auth/refresh").body(body).send(app, None)
    };
    let data = rotate(&first.refresh).expect_status(200).data();
    let text = |name: &str| data[name].as_str().unwrap().to_owned();
    let second = Session {
        access: text("access_token"),
        refresh: text("refresh_token"),
    };
    assert_eq!(second.status(&stage), 200);
    rotate(&first.refresh).expect_problem(401, "token_invalid");
    second.expect_over(&stage);
    first.expect_over(&stage);
    assert_eq!(
        other.status(&stage),
        200,
        "the other session is not concerned"
    );
    // An access token refreshes nothing, and a refresh token opens nothing.
    rotate(&other.access).expect_problem(401, "token_invalid");
    let me = get("/auth/me").send(app, Some(&other.refresh));
    me.expect_problem(401, "token_invalid");
    app.clock.advance(TimeDelta::days(31));
    other.expect_over(&stage);
}
