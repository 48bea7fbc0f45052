//! Preview links: one revision, a while, revocable, dying with their maker's right.

use loa_testkit::{Answer, Backend};
use rstest::rstest;
use serde_json::{Value, json};

use crate::desk::{Office, Seen, saving};

fn link(office: &Office, who: &str, entry: &Seen, body: &Value) -> Answer {
    let path = format!("{}/preview-links", entry.path());
    office
        .app
        .post(&path)
        .bearer(&office.token(who))
        .json(body)
        .send()
}

#[rstest]
fn a_link_shows_its_revision_and_no_other(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Xem trước");
    let made = link(&office, "contributor", &draft, &json!({"hours": 24})).expect_status(201);
    let url = made.data()["url"].as_str().unwrap().to_owned();
    office.save("contributor", &draft, &saving("Đã đổi"));
    let shown = office.app.get(&url).send().expect_status(200);
    assert_eq!(shown.data()["title"], "Xem trước");
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    assert!(shown.header("x-robots-tag").unwrap().contains("noindex"));
    assert!(
        shown.data()["content"]["text"]
            .as_str()
            .unwrap()
            .contains("toàn văn")
    );

    link(&office, "contributor", &draft, &json!({"hours": 169}))
        .expect_problem(422, "invalid_content");
    link(&office, "contributor", &draft, &json!({"revision": 7}))
        .expect_problem(422, "invalid_content");
    link(&office, "auditor", &draft, &json!({})).expect_problem(403, "forbidden");
    office
        .app
        .get("/api/v1/previews/nothing")
        .send()
        .expect_problem(404, "not_found");

    let list = office
        .get("editor", &format!("{}/preview-links", draft.path()))
        .expect_status(200)
        .data();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert!(
        !list.to_string().contains(url.rsplit('/').next().unwrap()),
        "the token is shown once"
    );
    office.app.clock.advance(chrono::TimeDelta::hours(25));
    office.app.get(&url).send().expect_problem(404, "not_found");
}

#[rstest]
fn a_link_is_ended_by_hand(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Thu hồi liên kết");
    let made = link(&office, "contributor", &draft, &json!({}))
        .expect_status(201)
        .data();
    let url = made["url"].as_str().unwrap();
    let path = format!(
        "{}/preview-links/{}",
        draft.path(),
        made["link"]["id"].as_str().unwrap()
    );
    let end = || {
        office
            .app
            .delete(&path)
            .bearer(&office.token("editor"))
            .send()
    };
    end().expect_status(204);
    end().expect_problem(404, "not_found");
    office.app.get(url).send().expect_problem(404, "not_found");
}

#[rstest]
fn a_repeated_request_makes_no_second_link_and_tells_no_token(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Lặp lại");
    let path = format!("{}/preview-links", draft.path());
    let post = || {
        let request = office.app.post(&path).bearer(&office.token("contributor"));
        request
            .header("Idempotency-Key", "once")
            .json(&json!({}))
            .send()
            .expect_status(201)
            .data()
    };
    let (first, second) = (post(), post());
    assert_eq!(first["link"], second["link"]);
    assert!(first["token"].is_string() && second["token"].is_null());
}

/// Each page has the next, and what is on the last one can be ended too.
#[rstest]
fn links_beyond_a_hundred_are_listed_and_ended(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Nhiều liên kết");
    let made = (0..103).map(|_| {
        office.app.clock.advance(chrono::TimeDelta::seconds(1));
        let made = link(&office, "contributor", &draft, &json!({}));
        made.expect_status(201).data()
    });
    let made: Vec<Value> = made.collect();
    let path = format!("{}/preview-links", draft.path());
    let first = office.get("editor", &format!("{path}?page[size]=100"));
    let first = first.expect_status(200).json();
    assert_eq!(first["data"].as_array().unwrap().len(), 100);
    let next = first["page"]["next"].as_str().unwrap();
    let next = format!("{path}?page[size]=100&page[after]={next}&count=true");
    let rest = office.get("editor", &next).expect_status(200).json();
    assert_eq!(rest["meta"]["total"], 103);
    let mut listed: Vec<&Value> = first["data"].as_array().unwrap().iter().collect();
    listed.extend(rest["data"].as_array().unwrap());
    listed.reverse();
    let wanted: Vec<&Value> = made.iter().map(|made| &made["link"]).collect();
    assert_eq!(listed, wanted, "each once, oldest last");
    let oldest = rest["data"][2]["id"].as_str().unwrap();
    let end = office.app.delete(&format!("{path}/{oldest}"));
    end.bearer(&office.token("editor"))
        .send()
        .expect_status(204);
    office
        .app
        .get(made[0]["url"].as_str().unwrap())
        .send()
        .expect_problem(404, "not_found");
}
