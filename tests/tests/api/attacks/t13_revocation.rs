//! T13, revocation: what is taken is gone at the next request, on every node, for access tokens and
//! refresh tokens alike.

use chrono::TimeDelta;
use loa_domain::people::UserStatus;
use loa_testkit::world::{self, PASSWORD};
use loa_testkit::{Backend, TestApp};
use rstest::rstest;
use serde_json::json;

use crate::access::cells::{Stage, delete, get, post, put};

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

    /// Over on this node, whatever the session was used for there before.
    #[track_caller]
    fn expect_over_at(&self, node: &TestApp) {
        let me = get("/auth/me").send(node, Some(&self.access));
        me.expect_problem(401, "token_invalid");
        let body = json!({"refresh_token": self.refresh});
        let next = post("/auth/refresh").body(body).send(node, None);
        next.expect_problem(401, "token_invalid");
    }

    fn status(&self, stage: &Stage) -> u16 {
        get("/auth/me")
            .send(&stage.office.app, Some(&self.access))
            .status
    }

    #[track_caller]
    fn expect_over(&self, stage: &Stage) {
        self.expect_over_at(&stage.office.app);
    }
}

#[rstest]
fn the_suspended_are_out_at_once(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let session = Session::open(&stage, "editor");
    let path = format!("/admin/users/{}", stage.office.world.people["editor"]);
    let token = stage.password_link(&path);
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
    // Within half a minute it would be taken for another tab: tests/auth/refresh.rs.
    app.clock.advance(TimeDelta::seconds(30));
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

/// Everything that ends sessions, tried on one node and felt on another that has just let them in.
#[rstest]
fn what_ends_a_session_ends_it_on_every_node(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let app = &stage.office.app;
    let node = app.another_node();
    let known = |who: &str| {
        let session = Session::open(&stage, who);
        let there = get("/auth/me").send(&node, Some(&session.access));
        there.expect_status(200);
        session
    };
    // Signing out.
    let session = known("editor");
    post("/auth/logout")
        .send(app, Some(&session.access))
        .expect_status(204);
    session.expect_over_at(&node);
    session.expect_over_at(app);
    // Ending one session from another.
    let (session, other) = (known("editor"), known("editor"));
    let list = get("/auth/sessions").send(app, Some(&session.access));
    let list = list.expect_status(200).data();
    let own = list.as_array().unwrap().iter();
    let own = own.clone().find(|one| one["current"] == true).unwrap();
    let path = format!("/auth/sessions/{}", own["id"].as_str().unwrap());
    delete(path)
        .send(app, Some(&other.access))
        .expect_status(204);
    session.expect_over_at(&node);
    assert_eq!(other.status(&stage), 200);
    // Another password.
    let session = known("editor");
    let body = json!({"current_password": PASSWORD, "new_password": "mot mat khau khac hoan toan"});
    let change = post("/auth/password").body(body);
    change.send(app, Some(&other.access)).expect_status(204);
    session.expect_over_at(&node);
    // Suspension, by whoever runs the machine.
    let session = known("chief");
    let admin = app.app.admin();
    let email = world::email("chief");
    admin
        .system_set_user_status(&email, UserStatus::Suspended, false)
        .unwrap();
    session.expect_over_at(&node);
    session.expect_over_at(app);
}

/// Rights are those of this request, not those of signing in, in both directions.
#[rstest]
fn a_role_that_is_changed_is_another_at_the_next_request(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let node = stage.office.app.another_node();
    let session = Session::open(&stage, "chief");
    let entry = stage.in_approval();
    let approve = || {
        let call = Stage::act(&entry, "approve", json!({}));
        call.send(&node, Some(&session.access))
    };
    let roles = format!(
        "/admin/users/{}/memberships",
        stage.office.world.people["chief"]
    );
    let held = stage.send("admin", &get(&roles)).data();
    let body = json!({"role": "contributor", "site": "hai-tien"});
    stage
        .send("admin", &post(&roles).body(body))
        .expect_status(201);
    let chief = format!("{roles}/{}", held[0]["id"].as_str().unwrap());
    stage.send("admin", &delete(chief)).expect_status(204);
    approve().expect_problem(403, "forbidden");
    let body = json!({"role": "chief_editor", "site": "hai-tien"});
    let asked = stage.send("admin", &post(&roles).body(body));
    let asked = asked.expect_status(202);
    approve().expect_problem(403, "forbidden");
    stage.confirm(&asked);
    approve().expect_status(200);
}
