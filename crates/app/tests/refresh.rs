//! Refreshing while the secret is replaced.

#![expect(
    clippy::unwrap_used,
    reason = "clippy lets tests do it, but not their helpers"
)]

use std::sync::Arc;

use loa_app::identity::{LoginFrom, TokenKeys};
use loa_app::{App, Clock, Secrets};
use loa_store::{Store, StoreOptions};
use loa_testkit::world::{self, PASSWORD};
use loa_testkit::{Backend, SECRET, SIGNING_KEY, TestApp};

const NEXT: &str = "the next secret of tests, and of nothing else but tests";

/// The application on the same database with these secrets.
fn with_secrets(test: &TestApp, secret: &str, previous: Option<&str>) -> App {
    let secrets = Secrets::new(secret, previous).unwrap();
    let keys = TokenKeys::from_pems(vec![(SIGNING_KEY.0.to_owned(), SIGNING_KEY.1.to_owned())]);
    let store = Store::open(StoreOptions {
        url: test.database().url(),
        read_url: None,
        connections: 2,
        audit_key: secrets.audit_key(),
    });
    let clock = Arc::clone(&test.clock) as Arc<dyn Clock>;
    App::new(store, clock, secrets, keys.unwrap())
}

#[test]
fn a_successor_is_recognised_after_the_secret_was_replaced() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let Some(test) = TestApp::start(backend) else {
            continue;
        };
        world::build(&test);
        let from = LoginFrom {
            address: "192.0.2.1".to_owned(),
            user_agent: String::new(),
        };
        let before = test.app.identity();
        let email = world::email("editor");
        let session = before.login(&email, PASSWORD, None, &from).unwrap();
        let second = before.refresh(&session.refresh_token, "192.0.2.1").unwrap();
        let after = with_secrets(&test, NEXT, Some(SECRET)).identity();
        let again = after.refresh(&session.refresh_token, "192.0.2.1").unwrap();
        assert_eq!(again.refresh_token, second.refresh_token);
        let third = after.refresh(&second.refresh_token, "192.0.2.1").unwrap();
        let again = after.refresh(&second.refresh_token, "192.0.2.1").unwrap();
        assert_eq!(again.refresh_token, third.refresh_token);
        // Whoever does not know the secret that made it cannot give it again. Nor can they write, so the
        // session goes on.
        let stranger = with_secrets(&test, "a secret that never was one of these here", None);
        let refused = stranger
            .identity()
            .refresh(&second.refresh_token, "192.0.2.1");
        assert!(refused.is_err());
        assert!(after.refresh(&third.refresh_token, "192.0.2.1").is_ok());
    }
}
