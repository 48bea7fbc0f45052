//! T11, ways beside the API's own: the command line's use cases and links without an account are
//! held to the same rules. The command line itself is in `crates/server/tests/cli`.

use loa_app::Error;
use loa_app::admin::{NewMembership, NewUser};
use loa_domain::people::{Role, UserStatus};
use loa_testkit::world;
use loa_testkit::{Answer, Backend};
use rstest::rstest;
use serde_json::json;

use crate::access::cells::{Stage, delete, get, post};
use crate::desk::Seen;

/// A link's address, made by somebody.
fn link(stage: &Stage, who: &str, entry: &Seen) -> String {
    let path = format!("{}/preview-links", entry.path());
    let made = stage.send(who, &post(path).body(json!({})));
    let made = made.expect_status(201).data();
    made["url"].as_str().unwrap().to_owned()
}

fn open(stage: &Stage, url: &str) -> Answer {
    stage.office.app.get(url).send()
}

#[rstest]
fn a_preview_dies_with_its_makers_right_to_read(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let draft = stage.draft();
    let node = stage.office.app.another_node();
    let [editors, contributors] = ["editor", "contributor"].map(|who| link(&stage, who, &draft));
    for url in [&editors, &contributors] {
        open(&stage, url).expect_status(200);
        node.get(url).send().expect_status(200);
    }
    let roles = format!(
        "/admin/users/{}/memberships",
        stage.office.world.people["editor"]
    );
    let held = stage.send("admin", &get(&roles)).data();
    let role = format!("{roles}/{}", held[0]["id"].as_str().unwrap());
    stage.send("admin", &delete(role)).expect_status(204);
    let email = world::email("contributor");
    let admin = stage.office.app.app.admin();
    admin
        .system_set_user_status(&email, UserStatus::Suspended, false)
        .unwrap();
    for url in [&editors, &contributors] {
        open(&stage, url).expect_problem(404, "not_found");
        node.get(url).send().expect_problem(404, "not_found");
    }
    // A role elsewhere gives nothing back.
    let body = json!({"role": "auditor", "site": "giao-thuy"});
    stage
        .send("platform", &post(&roles).body(body))
        .expect_status(201);
    open(&stage, &editors).expect_problem(404, "not_found");
}

/// A token of one kind opens nothing of another.
#[rstest]
fn tokens_of_one_kind_are_none_of_another(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let app = &stage.office.app;
    let url = link(&stage, "editor", &stage.draft());
    let preview = url.rsplit('/').next().unwrap().to_owned();
    let person = stage.office.world.people["contributor"];
    let password = stage.password_link(&format!("/admin/users/{person}"));
    let body = json!({"email": world::email("chief"), "password": world::PASSWORD});
    let session = post("/auth/login").body(body).send(app, None).data();
    let text = |name: &str| session[name].as_str().unwrap().to_owned();
    let (access, refresh) = (text("access_token"), text("refresh_token"));
    for token in [&password, &access, &refresh] {
        let answer = app.get(&format!("/api/v1/previews/{token}")).send();
        answer.expect_problem(404, "not_found");
    }
    for token in [&preview, &access, &refresh] {
        let call = post(format!("/auth/password-links/{token}"));
        let call = call.body(json!({"password": "mot mat khau moi rat dai"}));
        call.send(app, None).expect_problem(404, "not_found");
    }
    for token in [&preview, &password, &access] {
        let call = post("/auth/refresh").body(json!({"refresh_token": token}));
        call.send(app, None).expect_problem(401, "token_invalid");
    }
    for token in [&preview, &password, &refresh] {
        let answer = get("/auth/me").send(app, Some(token));
        answer.expect_problem(401, "token_invalid");
    }
    get("/auth/me").send(app, Some(&access)).expect_status(200);
}

#[rstest]
fn the_command_line_has_no_rules_of_its_own(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let admin = stage.office.app.app.admin();
    let user = |email: &str, name: &str| NewUser {
        email: email.to_owned(),
        name: name.to_owned(),
    };
    stage.office.token("platform");
    let before = stage.tally();
    // What HTTP refuses is refused here, in the same words.
    for (email, name) in [
        ("editor@loa.example.vn", "Người mới"),
        ("EDITOR@loa.example.vn", "Người mới"),
        ("no address", "Người mới"),
        ("moi@loa.example.vn", ""),
    ] {
        let refused = admin.system_create_user(&user(email, name), None);
        let Err(Error::Invalid(here)) = refused else {
            panic!("{email}: {refused:?}");
        };
        let call = post("/admin/users").body(json!({"email": email, "name": name}));
        let there = stage.send("platform", &call).expect_status(422).json();
        let pointer = &there["errors"][0]["pointer"];
        assert_eq!(pointer, &here[0].pointer, "{email}");
    }
    let role = |role, site: Option<&str>| NewMembership {
        role,
        site: site.map(ToOwned::to_owned),
        unit: None,
        sections: Vec::new(),
    };
    for wrong in [
        role(Role::PlatformAdmin, Some("hai-tien")),
        role(Role::Editor, Some("khong-co")),
        role(Role::Editor, None),
    ] {
        let new = user("moi@loa.example.vn", "Người mới");
        assert!(admin.system_create_user(&new, Some(&wrong)).is_err());
    }
    assert_eq!(stage.tally(), before);
    // What it does is in the trail, without an actor, and obeys the rules of links.
    let email = world::email("editor");
    let token = admin.system_create_password_link(&email).unwrap().token;
    let set = post(format!("/auth/password-links/{}", token.unwrap()));
    let weak = set.clone().body(json!({"password": "ngắn"}));
    weak.send(&stage.office.app, None)
        .expect_problem(422, "invalid_content");
    admin
        .system_set_user_status(&email, UserStatus::Suspended, false)
        .unwrap();
    let good = set.body(json!({"password": "mot mat khau moi rat dai"}));
    good.send(&stage.office.app, None)
        .expect_problem(404, "not_found");
    let refused = admin.system_create_password_link(&email);
    assert!(matches!(refused, Err(Error::StateConflict(_))));
    let trail = stage.send("platform", &get("/admin/audit")).data();
    for action in ["user.update", "password.link"] {
        let mut records = trail.as_array().unwrap().iter();
        let record = records.find(|record| record["action"] == action);
        let record = record.unwrap_or_else(|| panic!("{action}: {trail}"));
        assert!(record["actor"].is_null(), "{record}");
    }
}
