//! Signing in from the first link to the end of the session, on each database.

#![expect(
    clippy::unwrap_used,
    reason = "clippy lets tests do it, but not their helpers"
)]

use chrono::TimeDelta;
use loa_app::admin::NewUser;
use loa_app::identity::{LoginFrom, Tokens};
use loa_app::{Error, Identity};
use loa_domain::ids::UserId;
use loa_domain::paging::{PageAsk, Start};
use loa_domain::people::UserStatus;
use loa_store::audit;
use loa_testkit::{Backend, TestApp};

const EMAIL: &str = "lanh@haitien.example";
const PASSWORD: &str = "ba con trâu bên bờ đê";

fn on_each_database(test: impl Fn(&TestApp)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        if let Some(app) = TestApp::start(backend) {
            test(&app);
        }
    }
}

fn from(address: &str) -> LoginFrom {
    LoginFrom {
        address: address.to_owned(),
        user_agent: "tests".to_owned(),
    }
}

/// A person with the token of their first link.
fn add_user(test: &TestApp) -> (UserId, String) {
    let request = NewUser {
        email: "Lanh@HaiTien.example".to_owned(),
        name: "Trần Thị Lành".to_owned(),
    };
    let made = test.app.admin().system_create_user(&request, None).unwrap();
    (made.user.id, made.link.token.unwrap())
}

fn add_link(test: &TestApp) -> String {
    let link = test.app.admin().system_create_password_link(EMAIL);
    link.unwrap().token.unwrap()
}

fn signed_in(test: &TestApp) -> (UserId, Identity, Tokens) {
    let (user, link) = add_user(test);
    let identity = test.app.identity();
    identity.use_password_link(&link, PASSWORD).unwrap();
    let tokens = identity
        .login(EMAIL, PASSWORD, None, &from("192.0.2.1"))
        .unwrap();
    (user, identity, tokens)
}

fn set_status(test: &TestApp, status: UserStatus) {
    let set = test
        .app
        .admin()
        .system_set_user_status(EMAIL, status, false);
    assert_eq!(set.unwrap().status, status);
}

fn token_is_dead(identity: &Identity, tokens: &Tokens) -> bool {
    let access = identity.authenticate(&tokens.access_token, "192.0.2.1");
    let refresh = identity.refresh(&tokens.refresh_token, "192.0.2.1");
    matches!(access, Err(Error::TokenInvalid)) && matches!(refresh, Err(Error::TokenInvalid))
}

#[test]
fn a_refresh_token_that_comes_back_ends_its_session() {
    on_each_database(|test| {
        let (user, identity, first) = signed_in(test);
        let actor = identity
            .authenticate(&first.access_token, "192.0.2.1")
            .unwrap();
        assert_eq!((actor.user, actor.name.as_str()), (user, "Trần Thị Lành"));
        test.clock.advance(TimeDelta::minutes(10));
        assert!(
            identity
                .authenticate(&first.access_token, "192.0.2.1")
                .is_err()
        );
        let second = identity.refresh(&first.refresh_token, "192.0.2.1").unwrap();
        test.clock.advance(TimeDelta::seconds(30));
        assert!(
            identity
                .authenticate(&second.access_token, "192.0.2.1")
                .is_ok()
        );
        assert!(matches!(
            identity.refresh(&first.refresh_token, "192.0.2.1"),
            Err(Error::TokenInvalid)
        ));
        assert!(token_is_dead(&identity, &second));
        let key = test.app.secrets().audit_key();
        let verified = test
            .app
            .store()
            .read(|conn| audit::system_verify(conn, &[key]))
            .unwrap();
        assert_eq!(verified, Ok(5));
    });
}

#[test]
fn suspension_counts_at_once_and_looks_like_a_wrong_password() {
    on_each_database(|test| {
        let (_, identity, tokens) = signed_in(test);
        set_status(test, UserStatus::Suspended);
        assert!(token_is_dead(&identity, &tokens));
        let link = test.app.admin().system_create_password_link(EMAIL);
        assert!(matches!(link, Err(Error::StateConflict("user_suspended"))));
        for email in [EMAIL, "nobody@haitien.example"] {
            assert!(matches!(
                identity.login(email, PASSWORD, None, &from("192.0.2.1")),
                Err(Error::CredentialsInvalid)
            ));
        }
        set_status(test, UserStatus::Active);
        assert!(
            identity
                .login(EMAIL, PASSWORD, None, &from("192.0.2.1"))
                .is_ok()
        );
        assert!(token_is_dead(&identity, &tokens), "ended for good");
    });
}

#[test]
fn failures_close_the_account_for_that_network_alone() {
    on_each_database(|test| {
        let (_, identity, _) = signed_in(test);
        let (here, there) = (from("192.0.2.7"), from("192.0.2.99"));
        for left in (1..=5).rev() {
            let budget = identity.login_budget(EMAIL, None, &here).unwrap();
            assert_eq!((budget.left, budget.quota), (left, 5));
            assert!(matches!(
                identity.login(" LANH@haitien.EXAMPLE", "wrong", None, &here),
                Err(Error::CredentialsInvalid)
            ));
        }
        test.clock.advance(TimeDelta::minutes(14));
        let locked = identity.login(EMAIL, PASSWORD, None, &here);
        assert!(matches!(
            locked,
            Err(Error::TooManyRequests { retry_after: 60 })
        ));
        assert!(identity.login(EMAIL, PASSWORD, None, &there).is_ok());
        test.clock.advance(TimeDelta::minutes(1));
        assert!(identity.login(EMAIL, PASSWORD, None, &here).is_ok());
    });
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    on_each_database(|test| {
        let (_, identity, other) = signed_in(test);
        let own = identity
            .login(EMAIL, PASSWORD, None, &from("192.0.2.2"))
            .unwrap();
        let actor = identity
            .authenticate(&own.access_token, "192.0.2.1")
            .unwrap();
        let ask = PageAsk {
            size: 20,
            start: Start::First,
            count: true,
        };
        let sessions = identity.list_sessions(&actor, &ask).unwrap();
        assert_eq!(sessions.items.iter().filter(|s| s.current).count(), 1);
        assert_eq!(sessions.total.map(|total| total.total), Some(2));
        let next = "chín cây cầu vượt sông";
        let here = from("192.0.2.2");
        for (current, new, pointer) in [
            (PASSWORD, "Trần Thị Lành 1990", "/new_password"),
            ("wrong", next, "/current_password"),
        ] {
            let refused = identity.change_password(&actor, current, new);
            let at = match refused {
                Err(Error::Invalid(errors)) => errors[0].pointer.clone(),
                Err(Error::WeakPassword { pointer, .. }) => pointer.to_owned(),
                other => panic!("{other:?}"),
            };
            assert_eq!(at, pointer);
        }
        identity.change_password(&actor, PASSWORD, next).unwrap();
        assert!(token_is_dead(&identity, &other));
        assert!(
            identity
                .authenticate(&own.access_token, "192.0.2.1")
                .is_ok()
        );
        assert!(identity.login(EMAIL, PASSWORD, None, &here).is_err());
        identity.logout(&actor).unwrap();
        assert!(token_is_dead(&identity, &own));
        assert!(identity.login(EMAIL, next, None, &here).is_ok());
    });
}

#[test]
fn a_link_sets_one_password_within_72_hours() {
    on_each_database(|test| {
        let (_, identity, tokens) = signed_in(test);
        let (replaced, newest) = (add_link(test), add_link(test));
        let early = identity.use_password_link(&replaced, PASSWORD);
        assert!(matches!(early, Err(Error::NotFound)), "a newer one is out");
        let weak = identity.use_password_link(&newest, "matkhau12345");
        assert!(matches!(weak, Err(Error::WeakPassword { .. })));
        identity
            .use_password_link(&newest, "chín cây cầu vượt sông")
            .unwrap();
        assert!(token_is_dead(&identity, &tokens));
        let again = identity.use_password_link(&newest, PASSWORD);
        assert!(matches!(again, Err(Error::NotFound)));
        let old = add_link(test);
        test.clock.advance(TimeDelta::hours(72));
        let over = identity.use_password_link(&old, PASSWORD);
        assert!(matches!(over, Err(Error::NotFound)));
    });
}
