//! `/.well-known/security.txt`, where the operator has named somebody and where not.

use chrono::TimeDelta;
use loa_api::{ApiOptions, SecurityContact};
use loa_testkit::{Backend, TestApp};
use rstest::rstest;

const PATH: &str = "/.well-known/security.txt";

#[rstest]
fn it_names_whom_to_tell_until_it_is_out_of_date(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let security = SecurityContact {
        contacts: vec![
            "mailto:an-ninh@ninhbinh.example.vn".to_owned(),
            "https://ninhbinh.example.vn/an-ninh".to_owned(),
        ],
        expires: "2099-01-01T00:00:00Z".parse().unwrap(),
    };
    let options = ApiOptions {
        security: Some(security),
        ..Default::default()
    };
    let Some(app) = TestApp::builder(backend).options(options).start() else {
        return;
    };
    let answer = app.get(PATH).send().expect_status(200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert_eq!(
        answer.text(),
        "Contact: mailto:an-ninh@ninhbinh.example.vn\n\
         Contact: https://ninhbinh.example.vn/an-ninh\n\
         Expires: 2099-01-01T00:00:00Z\n\
         Preferred-Languages: vi, en\n"
    );
    app.clock.advance(TimeDelta::days(80 * 366));
    app.get(PATH).send().expect_problem(404, "not_found");
}

#[rstest]
fn without_a_contact_there_is_none(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    app.get(PATH).send().expect_problem(404, "not_found");
}
