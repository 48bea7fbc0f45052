//! T28, reach of accounts: an old session, password or link is worth nothing once a role reaches further
//! than whoever set up the account.

use loa_domain::people::Role;
use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use super::accounts::{Account, ask_role, fits, give_role, places};
use crate::access::cells::{Stage, delete, get, post, put};

/// Whether somebody manages people at a place.
fn reaches(who: &str, place: &str) -> bool {
    match who {
        "platform" | "second-platform" | "the machine" => true,
        "admin" | "second-admin" => place == "the site",
        "stranger-admin" => place == "another site",
        other => panic!("{other}"),
    }
}

/// Everybody who may have set up an account, with whoever asked for the link they gave.
const GIVERS: &[(&str, Option<&str>)] = &[
    ("admin", None),
    ("stranger-admin", None),
    ("platform", None),
    ("the machine", None),
    ("second-admin", Some("admin")),
    ("platform", Some("admin")),
    ("second-platform", Some("platform")),
];

#[rstest]
fn a_role_beyond_the_reach_of_a_links_giver_ends_every_sign_in(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let app = &stage.office.app;
    let mut sql = app.database().sql();
    let person = |who: &str| stage.office.world.people.get(who).map(ToString::to_string);
    for (turn, (giver, asked)) in GIVERS.iter().enumerate() {
        // A third of the roles in turn: what matters is the place.
        for role in Role::ALL.iter().skip(turn % 3).step_by(3) {
            for (name, place) in places(&stage) {
                if !fits(*role, name) {
                    continue;
                }
                let case = format!("{giver}, {asked:?}: {role} at {name}");
                let account = Account::of_the_machine(&stage, None);
                let asker = asked.and_then(person);
                account.with_password_from(&mut sql, person(giver).as_deref(), asker.as_deref());
                let session = account.sign_in(&stage);
                give_role(&stage, &account, *role, &place);
                let stays = reaches(giver, name) && asked.is_none_or(|asked| reaches(asked, name));
                let me = get("/auth/me").send(app, Some(&session));
                assert_eq!(me.status, if stays { 200 } else { 401 }, "{case}");
                let again = account.login(&stage);
                assert_eq!(again.status, if stays { 200 } else { 401 }, "{case}");
                // Failures of all these accounts come from one address.
                sql.execute("DELETE FROM login_failures");
            }
        }
    }
}

/// The first link is its maker's, whoever uses it; so is the account until a link of somebody else's is
/// used.
#[rstest]
fn a_role_beyond_the_reach_of_the_maker_ends_every_sign_in(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let app = &stage.office.app;
    let mut sql = app.database().sql();
    let chief = json!({"unit": stage.office.world.units["37"]});
    let use_link = |token: &str| {
        let call = post(format!("/auth/password-links/{token}"));
        let call = call.body(json!({"password": "ba con trâu bên bờ đê"}));
        call.send(app, None)
    };
    // The future chief's link, kept until the role is there.
    let (account, kept) = Account::made_by(&stage, "admin");
    give_role(&stage, &account, Role::ChiefEditor, &chief);
    use_link(&kept).expect_problem(404, "not_found");
    // The same, used before.
    let (account, used) = Account::made_by(&stage, "admin");
    use_link(&used).expect_status(204);
    let body = json!({"email": account.email, "password": "ba con trâu bên bờ đê"});
    let login = || post("/auth/login").body(body.clone()).send(app, None);
    let tokens = login().expect_status(200).data();
    let asked = ask_role(
        &stage,
        "second-platform",
        &account,
        Role::ChiefEditor,
        &chief,
    );
    let confirmed = stage.confirm(&asked.expect_status(202));
    let old = get("/auth/me").send(app, tokens["access_token"].as_str());
    old.expect_problem(401, "token_invalid");
    let refresh = post("/auth/refresh").body(json!({"refresh_token": tokens["refresh_token"]}));
    refresh.send(app, None).expect_problem(401, "token_invalid");
    login().expect_problem(401, "credentials_invalid");
    // The maker makes no new one; the second administrator was given it.
    let link = stage.send("admin", &post(account.path() + "/password-link"));
    link.expect_problem(403, "forbidden");
    let link = confirmed["password_link"]["token"].as_str().unwrap();
    use_link(link).expect_status(204);
    login().expect_status(200);
    // From now on it is those two's, and another role there ends nothing.
    let session = login().data()["access_token"].as_str().unwrap().to_owned();
    give_role(
        &stage,
        &account,
        Role::Editor,
        &json!({"site": "giao-thuy"}),
    );
    get("/auth/me").send(app, Some(&session)).expect_status(200);
    // An account of before links were noted is its maker's.
    let (account, _) = Account::made_by(&stage, "admin");
    account.with_password_from(&mut sql, None, None);
    sql.execute("DELETE FROM password_origins");
    give_role(
        &stage,
        &account,
        Role::Contributor,
        &json!({"site": "giao-thuy"}),
    );
    account
        .login(&stage)
        .expect_problem(401, "credentials_invalid");
}

/// Whoever ends a password with a role does not set the next one alone.
#[rstest]
fn a_password_that_ended_is_set_again_by_two(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let mut sql = stage.office.app.database().sql();
    let admin = stage.office.world.people["admin"].to_string();
    for before in [Role::ChiefEditor, Role::Contributor] {
        let account = Account::of_the_machine(&stage, Some(before));
        account.with_password_from(&mut sql, Some(&admin), None);
        let role = Role::Contributor;
        let given = ask_role(
            &stage,
            "platform",
            &account,
            role,
            &json!({"site": "giao-thuy"}),
        );
        given.expect_status(201);
        account
            .login(&stage)
            .expect_problem(401, "credentials_invalid");
        let link = stage.send("platform", &post(account.path() + "/password-link"));
        let waits = link.expect_status(202);
        assert!(waits.data().get("token").is_none(), "{waits}");
    }
}

/// On the command line too, where the operator hears of it.
#[rstest]
fn the_machine_gives_roles_alone_and_ends_sign_ins_too(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let mut sql = stage.office.app.database().sql();
    let people = &stage.office.world.people;
    let admin = stage.office.app.app.admin();
    for (giver, ends) in [("stranger-admin", true), ("admin", false)] {
        let account = Account::of_the_machine(&stage, None);
        account.with_password_from(&mut sql, Some(&people[giver].to_string()), None);
        account.grant(&stage, Role::ChiefEditor);
        assert_eq!(account.login(&stage).status == 401, ends, "{giver}");
        let link = admin.system_create_password_link(&account.email);
        assert!(link.unwrap().token.is_some());
    }
}

/// Somebody always administers the platform: nobody takes the last one away.
#[rstest]
fn the_platforms_last_administrator_stays(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let suspended = loa_domain::people::UserStatus::Suspended;
    let admin = stage.office.app.app.admin();
    let (one, other) = (
        loa_testkit::world::email("platform"),
        loa_testkit::world::email("second-platform"),
    );
    let conflict = |email: &str| {
        let refused = admin.system_set_user_status(email, suspended, false);
        let last = matches!(
            refused,
            Err(loa_app::Error::StateConflict("last_platform_admin"))
        );
        assert!(last, "{refused:?}");
    };
    // A second one who has no password cannot sign in.
    let mut sql = stage.office.app.database().sql();
    let without = format!("UPDATE users SET password_hash = NULL WHERE email = '{other}'");
    sql.execute(&without);
    conflict(&one);
    // One who lost the role is none.
    let second = stage.office.world.people["second-platform"];
    let roles = format!("/admin/users/{second}/memberships");
    let held = stage.send("platform", &get(&roles)).data();
    let role = format!("{roles}/{}", held[0]["id"].as_str().unwrap());
    stage.send("platform", &delete(&role)).expect_status(204);
    conflict(&one);
    let own = format!("/admin/users/{}", stage.office.world.people["platform"]);
    let account = stage.send("platform", &get(&own));
    let body = json!({"email": one, "name": "A", "status": "suspended"});
    let call = put(&own, account.etag()).body(body);
    stage
        .send("platform", &call)
        .expect_problem(403, "forbidden");
    let before = stage.tally();
    conflict(&one);
    assert_eq!(stage.tally(), before);
    admin.system_set_user_status(&one, suspended, true).unwrap();
}
