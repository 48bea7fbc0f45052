//! From paths to what they lead to.

use loa_testkit::{Answer, Backend};
use rstest::rstest;
use serde_json::json;

use crate::desk::{Office, saving};

fn resolve(office: &Office, path: &str) -> Answer {
    office
        .app
        .get("/api/v1/sites/hai-tien/resolve")
        .query("path", path)
        .send()
}

#[rstest]
fn a_path_leads_to_its_entry_or_on(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let first = office.publish(&office.draft("contributor", "Bài cũ"));
    let found = resolve(&office, "/tin-tuc/bai-cu")
        .expect_status(200)
        .data();
    assert_eq!(found["kind"], "entry");
    assert_eq!(found["entry"]["id"], first.id);
    let by_host = office
        .app
        .get("/api/v1/resolve")
        .query("host", "HaiTien.ninhbinh.example.vn:443")
        .query("path", "/tin-tuc/bai-cu")
        .send()
        .expect_status(200);
    assert_eq!(by_host.data(), found);

    let open = office.act("contributor", &first, "revise", &json!({}));
    let mut body = saving("Bài mới");
    body["slug"] = json!("bai-moi");
    let moved = office.publish(&office.save("contributor", &open, &body));
    let redirect = json!({"kind": "redirect", "status": 308, "location": "/tin-tuc/bai-moi"});
    assert_eq!(resolve(&office, "/tin-tuc/bai-cu").data(), redirect);

    office.publish(&office.draft("contributor", "Bài khác"));
    let withdraw =
        json!({"kind": "redirect", "reason": "Trùng", "redirect_to": "/tin-tuc/bai-khac"});
    office.act("chief", &moved, "withdraw", &withdraw);
    let redirect = json!({"kind": "redirect", "status": 301, "location": "/tin-tuc/bai-khac"});
    assert_eq!(resolve(&office, "/tin-tuc/bai-cu").data(), redirect);
    assert_eq!(resolve(&office, "/tin-tuc/bai-moi").data(), redirect);

    resolve(&office, "/tin-tuc/khong-co").expect_problem(404, "not_found");
    resolve(&office, "").expect_problem(404, "not_found");
    let nowhere = "/api/v1/resolve?host=x.vn&path=/tin-tuc/bai-khac";
    office
        .app
        .get(nowhere)
        .send()
        .expect_problem(404, "not_found");
    let missing = "/api/v1/sites/hai-tien/resolve";
    office
        .app
        .get(missing)
        .send()
        .expect_problem(400, "parameter_invalid");
}

#[rstest]
fn a_redirect_to_another_site_stays_in_the_terms_of_the_question(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let target = office.create_at("stranger", "giao-thuy", &crate::desk::article("Bài chung"));
    let target = crate::desk::Seen::of(&target.expect_status(201));
    let forced = json!({"reason": "Khẩn"});
    office.act("stranger", &target, "force_publish", &forced);
    let own = office.publish(&office.draft("contributor", "Bài riêng"));
    let withdraw = json!({"kind": "redirect", "reason": "Trùng", "redirect_to": target.id});
    office.act("chief", &own, "withdraw", &withdraw);
    let found = resolve(&office, "/tin-tuc/bai-rieng")
        .expect_status(200)
        .data();
    let location = "https://giaothuy.ninhbinh.example.vn/tin-tuc/bai-chung";
    assert_eq!(
        found,
        json!({"kind": "redirect", "status": 301, "location": location})
    );
    let read = office
        .app
        .get("/api/v1/sites/hai-tien/articles/bai-rieng")
        .send();
    let location = read
        .expect_status(301)
        .header("location")
        .unwrap()
        .to_owned();
    let there = office.app.get(&location).send().expect_status(200).data();
    assert_eq!(there["entry"]["id"], target.id);
}
