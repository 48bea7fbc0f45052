//! Standing pages: the same shape as articles, under a word of their own.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use crate::desk::{Office, Seen};

const SITE: &str = "/api/v1/sites/hai-tien";

#[rstest]
fn a_page_is_found_under_pages_alone(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let body = json!({
        "type": "page", "section": "gioi-thieu", "title": "Lịch sử hình thành",
        "content": {"body": "<p>Xã được thành lập năm 2025.</p>"},
    });
    office.publish(&Seen::of(
        &office.create("contributor", &body).expect_status(201),
    ));
    let get = |path: &str| office.app.get(&format!("{SITE}/{path}")).send();
    let page = get("pages/lich-su-hinh-thanh").expect_status(200).data();
    assert_eq!(page["type"], "page");
    assert_eq!(page["path"], "/gioi-thieu/lich-su-hinh-thanh");
    assert_eq!(page["content"]["text"], "Xã được thành lập năm 2025.");
    assert_eq!(get("pages").expect_status(200).data()[0]["id"], page["id"]);
    get("articles/lich-su-hinh-thanh").expect_problem(404, "not_found");
    assert_eq!(get("articles").expect_status(200).data(), json!([]));
}
