//! Signing in from the first link to the end of the session, on each database.

use chrono::TimeDelta;
use loa_domain::ids::UserId;
use loa_domain::paging::{PageAsk, Start};
use loa_domain::people::{User, UserStatus};
use loa_store::password_links::PasswordLink;
use loa_store::users::UserChange;
use loa_store::{Written, audit, password_links, users};

use super::{Identity, LoginFrom, Tokens};
use crate::secrets::{random_token, token_hash};
use crate::test_app::{TestApp, on_each_database};
use crate::{Error, ids};

const EMAIL: &str = "lanh@haitien.example";
const PASSWORD: &str = "ba con trâu bên bờ đê";

fn from(address: &str) -> LoginFrom {
    LoginFrom {
        address: address.to_owned(),
        user_agent: "tests".to_owned(),
    }
}

fn add_user(test: &TestApp) -> UserId {
    let now = test.app.now();
    let id: UserId = ids::fresh(now);
    test.app
        .store()
        .write(now, |tx| {
            let user = User {
                id,
                email: "Lanh@HaiTien.example".to_owned(),
                name: "Trần Thị Lành".to_owned(),
                status: UserStatus::Active,
                has_password: false,
                created_by: None,
                created_at: now,
                version: 1,
            };
            users::insert(tx, &user)?;
            Ok::<_, Error>(Written::quiet(()))
        })
        .unwrap();
    id
}

fn add_link(test: &TestApp, user: UserId) -> String {
    let now = test.app.now();
    let token = random_token();
    test.app
        .store()
        .write(now, |tx| {
            let link = PasswordLink {
                id: ids::fresh(now),
                user,
                created_by: None,
                created_at: now,
                expires_at: now.after(TimeDelta::hours(72)),
            };
            password_links::insert(tx, &link, &token_hash(&token))?;
            Ok::<_, Error>(Written::quiet(()))
        })
        .unwrap();
    token
}

fn signed_in(test: &TestApp) -> (UserId, Identity, Tokens) {
    let user = add_user(test);
    let identity = test.app.identity();
    let link = add_link(test, user);
    identity.use_password_link(&link, PASSWORD).unwrap();
    let tokens = identity.login(EMAIL, PASSWORD, &from("192.0.2.1")).unwrap();
    (user, identity, tokens)
}

fn set_status(test: &TestApp, user: UserId, status: UserStatus) {
    let now = test.app.now();
    test.app
        .store()
        .write(now, |tx| {
            let found = users::get(tx, user)?.unwrap();
            let change = UserChange {
                email: &found.email,
                name: &found.name,
                status,
            };
            users::update(tx, user, found.version, change, now)?;
            Ok::<_, Error>(Written::quiet(()))
        })
        .unwrap();
}

fn token_is_dead(identity: &Identity, tokens: &Tokens) -> bool {
    let access = identity.authenticate(&tokens.access_token);
    let refresh = identity.refresh(&tokens.refresh_token);
    matches!(access, Err(Error::TokenInvalid)) && matches!(refresh, Err(Error::TokenInvalid))
}

#[test]
fn a_refresh_token_that_comes_back_ends_its_session() {
    on_each_database(|test| {
        let (user, identity, first) = signed_in(test);
        let actor = identity.authenticate(&first.access_token).unwrap();
        assert_eq!((actor.user, actor.name.as_str()), (user, "Trần Thị Lành"));
        test.clock.advance(TimeDelta::minutes(10));
        assert!(identity.authenticate(&first.access_token).is_err());
        let second = identity.refresh(&first.refresh_token).unwrap();
        assert!(identity.authenticate(&second.access_token).is_ok());
        assert!(matches!(
            identity.refresh(&first.refresh_token),
            Err(Error::TokenInvalid)
        ));
        assert!(token_is_dead(&identity, &second));
        let key = test.app.secrets().audit_key();
        let verified = test
            .app
            .store()
            .read(|conn| audit::system_verify(conn, &key))
            .unwrap();
        assert_eq!(verified, Ok(3));
    });
}

#[test]
fn suspension_counts_at_once_and_looks_like_a_wrong_password() {
    on_each_database(|test| {
        let (user, identity, tokens) = signed_in(test);
        set_status(test, user, UserStatus::Suspended);
        assert!(token_is_dead(&identity, &tokens));
        for email in [EMAIL, "nobody@haitien.example"] {
            assert!(matches!(
                identity.login(email, PASSWORD, &from("192.0.2.1")),
                Err(Error::CredentialsInvalid)
            ));
        }
    });
}

#[test]
fn too_many_failures_lock_the_account_for_a_while() {
    on_each_database(|test| {
        let (_, identity, _) = signed_in(test);
        for n in 0..10 {
            let address = from(&format!("192.0.2.{n}"));
            assert_eq!(
                identity.login_budget(EMAIL, &address.address).unwrap().left,
                10 - n
            );
            assert!(matches!(
                identity.login(" LANH@haitien.EXAMPLE", "wrong", &address),
                Err(Error::CredentialsInvalid)
            ));
        }
        test.clock.advance(TimeDelta::minutes(14));
        let locked = identity.login(EMAIL, PASSWORD, &from("192.0.2.99"));
        assert!(
            matches!(locked, Err(Error::TooManyRequests { retry_after }) if (60..=61).contains(&retry_after))
        );
        test.clock.advance(TimeDelta::minutes(1));
        assert!(identity.login(EMAIL, PASSWORD, &from("192.0.2.99")).is_ok());
    });
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    on_each_database(|test| {
        let (_, identity, other) = signed_in(test);
        let own = identity.login(EMAIL, PASSWORD, &from("192.0.2.2")).unwrap();
        let actor = identity.authenticate(&own.access_token).unwrap();
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
            let refused = identity.change_password(&actor, current, new, &here);
            assert!(matches!(refused, Err(Error::Invalid(e)) if e[0].pointer == pointer));
        }
        identity
            .change_password(&actor, PASSWORD, next, &here)
            .unwrap();
        assert!(token_is_dead(&identity, &other));
        assert!(identity.authenticate(&own.access_token).is_ok());
        assert!(identity.login(EMAIL, PASSWORD, &here).is_err());
        identity.logout(&actor).unwrap();
        assert!(token_is_dead(&identity, &own));
        assert!(identity.login(EMAIL, next, &here).is_ok());
    });
}

#[test]
fn a_link_sets_one_password_within_72_hours() {
    on_each_database(|test| {
        let (user, identity, tokens) = signed_in(test);
        let (first, second) = (add_link(test, user), add_link(test, user));
        let weak = identity.use_password_link(&first, "matkhau12345");
        assert!(matches!(weak, Err(Error::Invalid(_))));
        identity
            .use_password_link(&first, "chín cây cầu vượt sông")
            .unwrap();
        assert!(token_is_dead(&identity, &tokens));
        for spent in [&first, &second] {
            let again = identity.use_password_link(spent, PASSWORD);
            assert!(matches!(again, Err(Error::NotFound)));
        }
        let old = add_link(test, user);
        test.clock.advance(TimeDelta::hours(72));
        let over = identity.use_password_link(&old, PASSWORD);
        assert!(matches!(over, Err(Error::NotFound)));
    });
}
