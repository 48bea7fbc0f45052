//! T28, reach of accounts: what takes two administrators is done by two, and a puppet is not the second.

use chrono::TimeDelta;
use loa_domain::people::{Role, UserStatus};
use loa_domain::right::Right;
use loa_testkit::{Answer, Backend, Sql, world};
use rstest::rstest;
use serde_json::{Value, json};

use super::accounts::{Account, ask_role, fits, places};
use crate::access::cells::{Stage, get, post};

/// What decides about publishing, people or sites, said here once more.
const DECIDING: [Right; 5] = [
    Right::Approve,
    Right::Publish,
    Right::ForcePublish,
    Right::ManagePeople,
    Right::ManageSites,
];

#[rstest]
fn nobody_gives_a_deciding_role_alone(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let mut waiting = 0;
    for role in Role::ALL {
        let by_two = DECIDING.iter().any(|right| role.rights().has(*right));
        for (name, place) in places(&stage) {
            for who in ["admin", "platform"] {
                if !fits(*role, name) || (who == "admin" && name != "the site") {
                    continue;
                }
                let (account, _) = Account::made_by(&stage, who);
                let given = ask_role(&stage, who, &account, *role, &place);
                let expected = if by_two { 202 } else { 201 };
                assert_eq!(given.status, expected, "{who}: {role} at {name}: {given}");
                let held = stage.send("platform", &get(account.path() + "/memberships"));
                let count = held.data().as_array().unwrap().len();
                assert_eq!(count, usize::from(!by_two), "{who}: {role} at {name}");
                waiting += usize::from(by_two);
            }
        }
    }
    let list = stage.send("platform", &get("/admin/access-requests?count=true"));
    assert_eq!(list.json()["meta"]["total"], waiting);
}

/// An administrator of the site whose account has such a past.
fn second(stage: &Stage, sql: &mut Sql, past: &str) -> String {
    let people = &stage.office.world.people;
    let id = |who: &str| people[who].to_string();
    let made_by = |id: &str, sql: &mut Sql| {
        let account = Account::of_the_machine(stage, Some(Role::SiteAdmin));
        account.with_password_from(sql, None, None);
        sql.execute(&format!(
            "UPDATE users SET created_by = '{id}' WHERE id = '{}'",
            account.id
        ));
        account
    };
    let account = match past {
        "made by the first" => made_by(&id("admin"), sql),
        "made by a puppet of the first" => {
            let puppet = made_by(&id("admin"), sql);
            made_by(&puppet.id, sql)
        }
        "made by a puppet that has a link of the first" => {
            let puppet = made_by(&id("platform"), sql);
            puppet.with_password_from(sql, Some(&id("admin")), None);
            made_by(&puppet.id, sql)
        }
        "with a password of the first" => {
            let account = made_by(&id("platform"), sql);
            account.with_password_from(sql, Some(&id("admin")), None);
            account
        }
        "with a password the first asked for" => {
            let account = made_by(&id("platform"), sql);
            account.with_password_from(sql, Some(&id("platform")), Some(&id("admin")));
            account
        }
        "with an open link of the first" => {
            let account = made_by(&id("platform"), sql);
            sql.execute(&format!(
                "INSERT INTO password_links (id, user_id, token_hash, created_by, created_at, expires_at) \
                 VALUES ('01900000-0000-7000-8000-0000000{:05}', '{}', '{}', '{}', \
                 '2026-11-20 00:00:00', '2030-11-20 00:00:00')",
                stage.next(),
                account.id,
                account.id,
                id("admin")
            ));
            account
        }
        "made by the platform" => made_by(&id("platform"), sql),
        "made on the machine" => {
            let account = Account::of_the_machine(stage, Some(Role::SiteAdmin));
            account.with_password_from(sql, None, None);
            account
        }
        other => panic!("{other}"),
    };
    account.sign_in(stage)
}

/// What can be asked for: a role for a new account, a link for a chief.
fn asks(stage: &Stage) -> [Answer; 2] {
    let (account, _) = Account::made_by(stage, "admin");
    let place = json!({"site": "hai-tien"});
    let role = ask_role(stage, "admin", &account, Role::ChiefEditor, &place);
    let chief = Account::of_the_machine(stage, Some(Role::ChiefEditor));
    let link = stage.send("admin", &post(chief.path() + "/password-link"));
    [role.expect_status(202), link.expect_status(202)]
}

fn confirm_as(stage: &Stage, token: &str, asked: &Answer) -> Answer {
    let place = asked.header("location").unwrap();
    post(format!("{place}/confirm")).send(&stage.office.app, Some(token))
}

#[rstest]
fn a_puppet_is_no_second_person(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let mut sql = stage.office.app.database().sql();
    for (past, independent) in [
        ("made by the first", false),
        ("made by a puppet of the first", false),
        ("made by a puppet that has a link of the first", false),
        ("with a password of the first", false),
        ("with a password the first asked for", false),
        ("with an open link of the first", false),
        ("made by the platform", true),
        ("made on the machine", true),
    ] {
        let token = second(&stage, &mut sql, past);
        for asked in asks(&stage) {
            let before = stage.tally();
            let answer = confirm_as(&stage, &token, &asked);
            if independent {
                answer.expect_status(200);
            } else {
                let problem = answer.expect_problem(409, "state_conflict");
                assert_eq!(problem["reason"], "not_independent", "{past}");
                assert_eq!(stage.tally(), before, "{past}");
            }
        }
    }
    let own = stage.office.token("admin");
    for asked in asks(&stage) {
        let problem = confirm_as(&stage, &own, &asked).expect_problem(409, "state_conflict");
        assert_eq!(problem["reason"], "same_person");
    }
}

/// Nor is whoever has the first one's account in their hand, unless from further above: whoever
/// administers a province has made the accounts of its communes.
#[rstest]
fn a_puppet_does_not_ask_for_its_master(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let people = &stage.office.world.people;
    let mut sql = stage.office.app.database().sql();
    for (master, above) in [("admin", false), ("platform", true)] {
        sql.execute(&format!(
            "UPDATE users SET created_by = '{}' WHERE id = '{}'",
            people[master], people["second-admin"]
        ));
        let (account, _) = Account::made_by(&stage, "second-admin");
        let place = json!({"site": "hai-tien"});
        let asked = ask_role(&stage, "second-admin", &account, Role::Publisher, &place);
        let answer = confirm_as(&stage, &stage.office.token(master), &asked);
        if above {
            answer.expect_status(200);
        } else {
            let problem = answer.expect_problem(409, "state_conflict");
            assert_eq!(problem["reason"], "not_independent");
        }
    }
    // Nor does anybody confirm what is for themselves.
    let person = Account {
        id: people["second-admin"].to_string(),
        email: world::email("second-admin"),
    };
    let asked = ask_role(
        &stage,
        "admin",
        &person,
        Role::ChiefEditor,
        &json!({"site": "hai-tien"}),
    );
    let own = stage.office.token("second-admin");
    confirm_as(&stage, &own, &asked).expect_problem(403, "forbidden");
}

#[rstest]
fn nobody_takes_an_account_over_with_a_link(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let app = &stage.office.app;
    let chief = Account {
        id: stage.office.world.people["chief"].to_string(),
        email: world::email("chief"),
    };
    let session = chief.sign_in(&stage);
    let asked = stage.send("admin", &post(chief.path() + "/password-link"));
    let asked = asked.expect_status(202);
    assert!(!asked.text().contains("token"), "{asked}");
    let again = stage.send("admin", &post(chief.path() + "/password-link"));
    let problem = again.expect_problem(409, "state_conflict");
    assert_eq!(problem["reason"], "asked_already");
    get("/auth/me").send(app, Some(&session)).expect_status(200);
    let data = asked.data();
    assert_eq!(data["kind"], "password_link");
    assert_eq!(data["asked_by"]["name"], "Người admin");
    assert_eq!(data["user"]["email"], chief.email);
    let done = stage.confirm(&asked);
    assert_eq!(done["request"]["state"], "confirmed");
    assert!(done["password_link"]["token"].is_string());
    // Whoever asked is shown no token, then or later.
    let seen = stage.send("admin", &get(asked.header("location").unwrap()));
    assert!(!seen.text().contains("token"), "{seen}");
    let told = chief.notices(&stage);
    assert_eq!(told[0]["kind"], "password_link");
    assert_eq!(told[0]["by"], "Người admin");
    assert_eq!(told[0]["confirmed_by"], "Người platform");
    // The link dies with either of them.
    let token = done["password_link"]["token"].as_str().unwrap();
    let admin = app.app.admin();
    let asker = world::email("admin");
    admin
        .system_set_user_status(&asker, UserStatus::Suspended, false)
        .unwrap();
    let body = json!({"password": "ba con trâu bên bờ đê"});
    let used = post(format!("/auth/password-links/{token}")).body(body);
    used.send(app, None).expect_problem(404, "not_found");
}

#[rstest]
fn what_waits_is_decided_once_and_in_time(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let decide = |who: &str, asked: &Answer, what: &str| {
        let place = asked.header("location").unwrap();
        stage.send(who, &post(format!("{place}/{what}")))
    };
    let conflict = |answer: Answer, reason: &str| {
        let problem = answer.expect_problem(409, "state_conflict");
        assert_eq!(problem["reason"], reason);
    };
    let [role, link] = asks(&stage);
    decide("platform", &role, "confirm").expect_status(200);
    conflict(
        decide("second-platform", &role, "confirm"),
        "request_decided",
    );
    conflict(decide("platform", &role, "refuse"), "request_decided");
    let refused = decide("second-admin", &link, "refuse").expect_status(200);
    assert_eq!(refused.data()["state"], "refused");
    conflict(decide("platform", &link, "confirm"), "request_decided");
    let [role, link] = asks(&stage);
    let taken_back = decide("admin", &role, "refuse").expect_status(200);
    assert_eq!(taken_back.data()["state"], "cancelled");
    conflict(decide("platform", &role, "confirm"), "request_decided");
    // A key makes it safe to send again; the token is told once.
    let place = link.header("location").unwrap().to_owned();
    let confirm = || {
        let call = post(format!("{place}/confirm"));
        let token = stage.office.token("platform");
        let request = call.request(&stage.office.app, Some(&token));
        request
            .header("idempotency-key", "k")
            .send()
            .expect_status(200)
            .data()
    };
    let (first, again) = (confirm(), confirm());
    assert!(first["password_link"]["token"].is_string());
    assert!(again["password_link"]["token"].is_null());
    assert_eq!(first["request"], again["request"]);
    let [role, link] = asks(&stage);
    stage.office.app.clock.advance(TimeDelta::days(7));
    stage.office.forget_tokens();
    for asked in [&role, &link] {
        conflict(decide("platform", asked, "confirm"), "request_expired");
        let place = asked.header("location").unwrap();
        let state = stage.send("admin", &get(place)).data()["state"].clone();
        assert_eq!(state, "expired");
    }
    let list = stage.send("admin", &get("/admin/access-requests"));
    assert_eq!(list.data(), json!([]));
    // What nobody decided may be asked for again; what whoever asked could not ask any more is void.
    let [role, link] = asks(&stage);
    let people = &stage.office.world.people;
    let mut sql = stage.office.app.database().sql();
    let user = format!("user_id = '{}'", people["admin"]);
    for (strike, undo) in [
        (
            format!("UPDATE memberships SET ended_at = created_at WHERE {user}"),
            format!("UPDATE memberships SET ended_at = NULL WHERE {user}"),
        ),
        (
            format!(
                "UPDATE users SET status = 'suspended' WHERE id = '{}'",
                people["admin"]
            ),
            format!(
                "UPDATE users SET status = 'active' WHERE id = '{}'",
                people["admin"]
            ),
        ),
    ] {
        sql.execute(&strike);
        conflict(decide("platform", &role, "confirm"), "asker_may_not");
        conflict(decide("platform", &link, "confirm"), "asker_may_not");
        sql.execute(&undo);
    }
    decide("platform", &role, "confirm").expect_status(200);
}

/// Both chains have every step, and from where it came.
#[rstest]
fn every_step_is_in_both_chains(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let decide = |who: &str, asked: &Answer, what: &str| {
        let place = asked.header("location").unwrap();
        let done = stage.send(who, &post(format!("{place}/{what}")));
        done.expect_status(200)
    };
    let [role, link] = asks(&stage);
    let user = role.data()["user"]["id"].as_str().unwrap().to_owned();
    decide("platform", &role, "confirm");
    decide("platform", &link, "confirm");
    let [refused, cancelled] = asks(&stage);
    decide("platform", &refused, "refuse");
    decide("admin", &cancelled, "refuse");
    let roles = format!("/admin/users/{user}/memberships");
    let held = stage.send("platform", &get(&roles)).data();
    let ended =
        crate::access::cells::delete(format!("{roles}/{}", held[0]["id"].as_str().unwrap()));
    stage.send("platform", &ended).expect_status(204);
    for path in [
        "/admin/audit?page%5Bsize%5D=100",
        "/admin/audit?filter%5Bsite%5D=hai-tien",
    ] {
        let records = stage.send("platform", &get(path)).data();
        for action in [
            "access.ask",
            "access.confirm",
            "access.refuse",
            "access.cancel",
            "membership.create",
            "membership.end",
            "password.link",
        ] {
            let known = records.as_array().unwrap().iter().any(|record| {
                record["action"] == action && record["detail"]["address"] == "127.0.0.1"
            });
            assert!(known, "{action} is not in {path}: {records}");
        }
    }
}

#[rstest]
fn people_are_told_until_they_have_seen_it(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let app = &stage.office.app;
    let mut sql = app.database().sql();
    let account = Account::of_the_machine(&stage, None);
    let admin = stage.office.world.people["stranger-admin"].to_string();
    account.with_password_from(&mut sql, Some(&admin), None);
    let given = ask_role(
        &stage,
        "platform",
        &account,
        Role::Editor,
        &json!({"site": "hai-tien"}),
    );
    given.expect_status(201);
    account.with_password_from(&mut sql, None, None);
    let told = account.notices(&stage);
    let kinds: Vec<&str> = told
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds.len(), 3, "{told:?}");
    for kind in ["password_link", "role_given", "sign_in_ended"] {
        assert!(kinds.contains(&kind), "{kind}: {told:?}");
    }
    let role = told.iter().find(|one| one["kind"] == "role_given").unwrap();
    assert_eq!(
        (&role["by"], &role["role"], &role["site"]),
        (
            &json!("Người platform"),
            &json!("editor"),
            &json!("hai-tien")
        )
    );
    let token = account.sign_in(&stage);
    let see = |notice: &Value, token: &str| {
        let id = notice["id"].as_str().unwrap();
        post(format!("/auth/notices/{id}/seen")).send(app, Some(token))
    };
    let stranger = stage.office.token("stranger");
    for notice in &told {
        see(notice, &stranger).expect_problem(404, "not_found");
        see(notice, &token).expect_status(204);
        see(notice, &token).expect_status(204);
    }
    assert_eq!(account.notices(&stage), Vec::<Value>::new());
}

/// Two who confirm at the same moment do it once.
#[rstest]
fn two_confirm_at_once(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let [role, _] = asks(&stage);
    let place = role.header("location").unwrap().to_owned();
    let tokens = ["platform", "second-platform"].map(|who| stage.office.token(who));
    let app = &stage.office.app;
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let sent: Vec<_> = tokens
            .iter()
            .map(|token| {
                let place = &place;
                scope.spawn(move || {
                    let call = post(format!("{place}/confirm"));
                    call.send(app, Some(token)).status
                })
            })
            .collect();
        sent.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut sorted = statuses.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [200, 409], "{statuses:?}");
}
