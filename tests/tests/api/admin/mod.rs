//! `/admin`.

mod audit;
mod people;
mod sections;
mod sites;
mod units;

use loa_testkit::Answer;
use serde_json::Value;

use crate::desk::{Office, on_each};

/// Null stands for no body.
fn post(office: &Office, who: &str, path: &str, body: &Value) -> Answer {
    let path = format!("/api/v1/admin{path}");
    let request = office.app.post(&path).bearer(&office.token(who));
    if body.is_null() {
        return request.send();
    }
    request.json(body).send()
}

fn get(office: &Office, who: &str, path: &str) -> Answer {
    office.get(who, &format!("/api/v1/admin{path}"))
}

fn put(office: &Office, who: &str, path: &str, tag: &str, body: &Value) -> Answer {
    let path = format!("/api/v1/admin{path}");
    let request = office.app.put(&path).bearer(&office.token(who));
    request.if_match(tag).json(body).send()
}

fn delete(office: &Office, who: &str, path: &str) -> Answer {
    let path = format!("/api/v1/admin{path}");
    office.app.delete(&path).bearer(&office.token(who)).send()
}

/// The first refused field of a 422: where and why.
#[track_caller]
fn refused(answer: Answer) -> (String, String) {
    let problem = answer.expect_problem(422, "invalid_content");
    let error = &problem["errors"][0];
    let text = |name: &str| error[name].as_str().expect("a text").to_owned();
    (text("pointer"), text("code"))
}

/// The values of one member of each thing in a list.
#[track_caller]
fn column(answer: &Answer, member: &str) -> Vec<String> {
    let data = answer.data();
    let things = data.as_array().expect("a list");
    things
        .iter()
        .map(|thing| thing[member].as_str().expect("a text").to_owned())
        .collect()
}
