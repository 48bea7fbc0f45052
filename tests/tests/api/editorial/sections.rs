//! Roles limited to sections.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use crate::desk::{Office, Seen, article, saving};

#[rstest]
fn a_limited_role_writes_in_its_sections_and_below(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let mut body = article("Trong chuyên mục");
    let own = Seen::of(&office.create("news-contributor", &body).expect_status(201));
    body["section"] = json!("doi-song");
    office.create("news-contributor", &body).expect_status(201);
    body["section"] = json!("thong-bao");
    office
        .create("news-contributor", &body)
        .expect_problem(403, "forbidden");
    // Moving an entry needs the right in both places.
    let mut moved = saving("Chuyển đi");
    moved["section"] = json!("thong-bao");
    office
        .save_raw("news-contributor", &own, &moved)
        .expect_problem(403, "forbidden");
    moved["section"] = json!("doi-song");
    let own = office.save("news-contributor", &own, &moved);
    assert_eq!(own.data["section"]["slug"], "doi-song");
    // Once elsewhere, it is out of their hands, though still readable.
    moved["section"] = json!("thong-bao");
    let away = office.save("editor", &own, &moved);
    office
        .save_raw("news-contributor", &away, &saving("Lấy lại"))
        .expect_problem(403, "forbidden");
    office
        .get("news-contributor", &away.path())
        .expect_status(200);
}
