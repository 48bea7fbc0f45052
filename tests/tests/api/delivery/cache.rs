//! What caches are told, and that nothing outlives a change.

use loa_testkit::{Answer, Backend};
use rstest::rstest;
use serde_json::{Value, json};

use crate::desk::{Office, article, saving};

const ARTICLE: &str = "/api/v1/sites/hai-tien/articles/bai-dai";

/// An article long enough to be compressed.
fn long(office: &Office) -> crate::desk::Seen {
    let mut body = article("Bài dài");
    body["content"]["body"] = json!(format!("<p>{}</p>", "Xã Hải Tiến. ".repeat(300)));
    let seen = crate::desk::Seen::of(&office.create("contributor", &body).expect_status(201));
    office.publish(&seen)
}

fn read(office: &Office, encodings: &str, known: &str) -> Answer {
    let mut request = office.app.get(ARTICLE);
    if !encodings.is_empty() {
        request = request.header("accept-encoding", encodings);
    }
    if !known.is_empty() {
        request = request.header("if-none-match", known);
    }
    request.send()
}

fn control(answer: &Answer) -> &str {
    answer.header("cache-control").unwrap()
}

#[rstest]
fn any_tag_of_an_answer_spares_its_body(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    long(&office);
    let plain = read(&office, "", "").expect_status(200);
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(plain.header("vary"), Some("Accept-Encoding"));
    let usual = "public, max-age=30, stale-while-revalidate=60, stale-if-error=300";
    assert_eq!(control(&plain), usual);
    let head = office.app.head(ARTICLE).send().expect_status(200);
    assert_eq!(head.etag(), plain.etag());
    let tag = plain.etag().to_owned();
    for (accept, known) in [
        ("", tag.clone()),
        ("", format!("\"x\", W/{tag}")),
        ("", "*".to_owned()),
    ] {
        let spared = read(&office, accept, &known).expect_status(304);
        assert_eq!((spared.etag(), control(&spared)), (tag.as_str(), usual));
        assert_eq!(spared.header("vary"), Some("Accept-Encoding"));
        assert!(spared.body.is_empty());
    }
    read(&office, "", "\"x\"").expect_status(200);
}

#[rstest]
fn a_change_shows_at_once_and_everywhere(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let other = office.app.another_node();
    let first = long(&office);
    let list = "/api/v1/sites/hai-tien/articles";
    let before = read(&office, "", "").expect_status(200);
    let other_before = other.get(ARTICLE).send().expect_status(200);
    assert_eq!(before.body, other_before.body);
    office.app.get(list).send().expect_status(200);

    let open = office.act("contributor", &first, "revise", &json!({}));
    let after_draft = read(&office, "", "").expect_status(200);
    assert_eq!(after_draft.etag(), before.etag(), "a draft changes nothing");
    let open = office.save("contributor", &open, &saving("Bài mới"));
    office.publish(&open);
    let after = read(&office, "", before.etag()).expect_status(200);
    assert_eq!(after.data()["title"], "Bài mới");
    let cards = office.app.get(list).send().data();
    assert_eq!(cards[0]["title"], "Bài mới");
    other.follow_changes();
    assert_eq!(other.get(ARTICLE).send().data()["title"], "Bài mới");
}

#[rstest]
fn signed_in_answers_are_kept_by_nobody() {
    let office = Office::open(Backend::Sqlite).unwrap();
    long(&office);
    let anonymous = read(&office, "", "").expect_status(200);
    let signed_in = office.get("contributor", ARTICLE).expect_status(200);
    assert_eq!(control(&signed_in), "no-store");
    assert_eq!(signed_in.body, anonymous.body);
    let anonymous = read(&office, "", "").expect_status(200);
    assert!(control(&anonymous).starts_with("public"));
    office
        .app
        .get(ARTICLE)
        .bearer("x")
        .send()
        .expect_problem(401, "token_invalid");
}

#[rstest]
fn refusals_are_not_kept() {
    let office = Office::open(Backend::Sqlite).unwrap();
    let missing = read(&office, "", "").expect_status(404);
    assert_eq!(control(&missing), "no-store");
    long(&office);
    read(&office, "", "").expect_status(200);
}

#[rstest]
fn the_stored_document_is_sent_as_it_is() {
    let office = Office::open(Backend::Sqlite).unwrap();
    long(&office);
    let answer = read(&office, "", "");
    let list = office.app.get("/api/v1/sites/hai-tien/articles").send();
    let (Value::Object(mut document), Value::Array(cards)) = (answer.data(), list.data()) else {
        panic!("an object and a list");
    };
    assert!(answer.text().starts_with("{\"data\":{\"id\":"));
    document.remove("content");
    assert_eq!(Value::Object(document), cards[0]);
}

#[rstest]
fn encodings_differ_in_their_tags_and_no_more() {
    let office = Office::open(Backend::Sqlite).unwrap();
    long(&office);
    let [plain, brotli, gzip] =
        ["identity", "gzip;q=0.5, br", "gzip"].map(|accept| read(&office, accept, ""));
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(brotli.header("content-encoding"), Some("br"));
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    assert!(brotli.body.len() * 4 < plain.body.len() && gzip.body.len() * 4 < plain.body.len());
    let tags = [&plain, &brotli, &gzip].map(|answer| answer.etag().to_owned());
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2]);
    for tag in &tags {
        for accept in ["identity", "br"] {
            read(&office, accept, tag).expect_status(304);
        }
    }
    assert_eq!(read(&office, "br", "").body, brotli.body, "from the cache");
}
