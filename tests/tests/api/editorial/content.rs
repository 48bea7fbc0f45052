//! What authors send: cleaned, checked, refused with pointers.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::{Value, json};

use crate::desk::{Office, Seen, article, saving};

fn errors(problem: &Value) -> Vec<(String, String)> {
    problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| {
            (
                e["pointer"].as_str().unwrap().to_owned(),
                e["code"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

#[rstest]
#[case::unknown_member(json!({"titel": "x"}), "/titel", "unknown_member")]
#[case::wrong_type(json!({"title": 5}), "/title", "wrong_type")]
#[case::empty_title(json!({"title": "  "}), "/title", "required")]
#[case::long_title(json!({"title": "x".repeat(301)}), "/title", "too_long")]
#[case::line_break(json!({"title": "a\nb"}), "/title", "forbidden_character")]
#[case::nul(json!({"title": "a\u{0}b"}), "/title", "forbidden_character")]
#[case::unknown_section(json!({"section": "khong-co"}), "/section", "not_found")]
#[case::bad_slug(json!({"slug": "Có Dấu"}), "/slug", "invalid")]
#[case::unknown_type(json!({"type": "poem"}), "/type", "unknown_value")]
#[case::bad_locale(json!({"locale": "VI"}), "/locale", "invalid")]
#[case::other_locale(json!({"locale": "fr"}), "/locale", "not_allowed")]
#[case::unknown_field(json!({"content": {"boddy": "x"}}), "/content/boddy", "unknown_member")]
#[case::derived_field(json!({"content": {"text": "x"}}), "/content/text", "invalid")]
#[case::field_type(json!({"content": {"body": ["x"]}}), "/content/body", "wrong_type")]
#[case::list_for_object(json!({"content": []}), "/content", "wrong_type")]
#[case::long_lead(json!({"content": {"lead": "x".repeat(2001)}}), "/content/lead", "too_long")]
#[case::too_many_tags(json!({"tags": (0..21).map(|n| n.to_string()).collect::<Vec<_>>()}), "/tags", "too_many")]
#[case::unknown_person(json!({"byline": [{"name": "A", "user_id": "01900000-0000-7000-8000-00000000ffff"}]}), "/byline/0/user_id", "not_found")]
#[case::nameless(json!({"byline": [{"name": ""}]}), "/byline/0/name", "required")]
#[case::source_scheme(json!({"source": {"name": "Báo", "url": "javascript:alert(1)"}}), "/source/url", "invalid")]
#[case::bad_time(json!({"expire_at": "tomorrow"}), "/expire_at", "invalid")]
#[case::cover(json!({"cover": "x"}), "/cover", "wrong_type")]
#[case::mass_assignment(json!({"state": "published"}), "/state", "unknown_member")]
#[case::mass_assignment_id(json!({"id": "x", "approved_by": "y"}), "/approved_by", "unknown_member")]
fn refused_with_a_pointer(#[case] change: Value, #[case] pointer: &str, #[case] code: &str) {
    let Some(office) = Office::open(Backend::Sqlite) else {
        return;
    };
    let mut body = article("Bài");
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    let problem = office
        .create("contributor", &body)
        .expect_problem(422, "invalid_content");
    assert!(
        errors(&problem).contains(&(pointer.to_owned(), code.to_owned())),
        "{problem:#}"
    );
    let list = office
        .get("contributor", "/api/v1/editorial/sites/hai-tien/entries")
        .json();
    assert_eq!(list["data"], json!([]), "nothing is written");
}

#[rstest]
fn text_is_composed_and_html_cleaned(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let body = json!({
        "type": "article", "section": "tin-tuc",
        // Decomposed, as some systems type it.
        "title": "Đươ\u{300}ng vê\u{300} xa\u{303}", "tags": ["Muối", "Muối", " muo\u{302}\u{301}i "],
        "content": {"lead": "x", "body": "<h2>Tin</h2><p onclick=\"a()\">Chào<script>alert(1)</script></p><table><thead><tr><th scope=\"col\">Cột</th></tr></thead></table>"},
    });
    let answer = office.create("contributor", &body).expect_status(201);
    let made = answer.json();
    assert_eq!(made["data"]["title"], "Đường về xã");
    assert_eq!(made["data"]["slug"], "duong-ve-xa");
    assert_eq!(made["data"]["tags"], json!(["Muối", "muối"]));
    assert_eq!(
        made["data"]["content"]["body"],
        "<h2>Tin</h2><p>Chào</p><table><thead><tr><th scope=\"col\">Cột</th></tr></thead></table>"
    );
    assert_eq!(made["meta"]["warnings"][0]["pointer"], "/content/body");
    assert_eq!(made["meta"]["warnings"][0]["code"], "html_removed");
    let told = made["meta"]["warnings"][0]["detail"].as_str().unwrap();
    assert!(
        told.contains("<script>") && told.contains("onclick"),
        "{told}"
    );
}

#[rstest]
fn slugs_are_unique_over_types_and_derived_ones_are_numbered(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    assert_eq!(
        office.draft("contributor", "Thông báo").data["slug"],
        "thong-bao"
    );
    assert_eq!(
        office.draft("contributor", "Thông báo!").data["slug"],
        "thong-bao-2"
    );
    let mut page = json!({"type": "page", "section": "gioi-thieu", "title": "Thông báo", "slug": "thong-bao-2"});
    let problem = office
        .create("editor", &page)
        .expect_problem(422, "invalid_content");
    assert_eq!(
        errors(&problem),
        [("/slug".to_owned(), "slug_taken".to_owned())]
    );
    page.as_object_mut().unwrap().remove("slug");
    assert_eq!(
        office.create("editor", &page).expect_status(201).data()["slug"],
        "thong-bao-3"
    );
    // Another language has its own slugs.
    page["locale"] = json!("en");
    assert_eq!(
        office.create("editor", &page).expect_status(201).data()["slug"],
        "thong-bao"
    );
    // A title without Latin letters still gets an address.
    page["title"] = json!("公告");
    assert_eq!(
        office.create("editor", &page).expect_status(201).data()["slug"],
        "page"
    );
}

#[rstest]
fn saving_the_same_changes_nothing(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Như cũ");
    let again = office.save("editor", &draft, &saving("Như cũ"));
    assert_eq!(again.etag, draft.etag);
    assert_eq!(again.data["revision"], 1);
    assert_eq!(
        again.data["authors"].as_array().unwrap().len(),
        1,
        "nobody became an author"
    );
}

#[rstest]
fn a_stale_save_is_refused_and_a_missing_tag_too(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Một");
    office.save("contributor", &draft, &saving("Hai"));
    office
        .save_raw("contributor", &draft, &saving("Ba"))
        .expect_problem(412, "precondition_failed");
    let bare = office
        .app
        .put(&draft.path())
        .bearer(&office.token("contributor"))
        .json(&saving("Ba"))
        .send();
    bare.expect_problem(428, "precondition_required");
    assert_eq!(office.read("contributor", &draft).data["title"], "Hai");
}

#[rstest]
fn a_repeated_request_gets_the_first_answer(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let path = "/api/v1/editorial/sites/hai-tien/entries";
    let post = |key: &str, title: &str| {
        let request = office.app.post(path).bearer(&office.token("contributor"));
        request
            .header("Idempotency-Key", key)
            .json(&article(title))
            .send()
    };
    let first = Seen::of(&post("\"k-1\"", "Một lần").expect_status(201));
    let second = Seen::of(&post("k-1", "Một lần").expect_status(201));
    assert_eq!((&first.id, &first.etag), (&second.id, &second.etag));
    post("k-1", "Lần khác").expect_problem(422, "idempotency_key_reused");
    post("k 1", "Lần khác").expect_problem(400, "idempotency_key_invalid");
    let act = |key: &str| {
        let request = office
            .app
            .post(&format!("{}/actions/submit", first.path()))
            .bearer(&office.token("contributor"));
        request
            .header("Idempotency-Key", key)
            .if_match(&first.etag)
            .json(&json!({}))
            .send()
    };
    let submitted = Seen::of(&act("k-1").expect_status(200));
    assert_eq!(
        Seen::of(&act("k-1").expect_status(200)).etag,
        submitted.etag,
        "though the tag is stale by now"
    );
    act("k-2").expect_problem(412, "precondition_failed");
}

#[rstest]
fn malformed_requests_are_refused(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let path = "/api/v1/editorial/sites/hai-tien/entries";
    let post = || office.app.post(path).bearer(&office.token("contributor"));
    post()
        .body("application/json", "{\"type\":")
        .send()
        .expect_problem(400, "malformed_json");
    post()
        .body("application/json", b"{\"type\": \"\xff\"}".to_vec())
        .send()
        .expect_problem(400, "malformed_json");
    post()
        .body("application/json", "[]")
        .send()
        .expect_problem(422, "invalid_content");
    post()
        .body("application/json", "{}{}")
        .send()
        .expect_problem(422, "invalid_content");
    post()
        .body("text/plain", "{}")
        .send()
        .expect_problem(415, "unsupported_media_type");
    let huge = format!("{{\"title\":\"{}\"}}", "x".repeat(2 << 20));
    post()
        .body("application/json", huge)
        .send()
        .expect_problem(413, "payload_too_large");
    office
        .get("contributor", &format!("{path}?filter[stat]=draft"))
        .expect_problem(400, "unknown_parameter");
    office
        .get("contributor", &format!("{path}?filter[state]=drafty"))
        .expect_problem(400, "parameter_invalid");
    office
        .get("contributor", &format!("{path}?sort=id"))
        .expect_problem(400, "parameter_invalid");
    office
        .get("contributor", &format!("{path}?page[size]=101"))
        .expect_problem(400, "parameter_invalid");
    office
        .get("contributor", &format!("{path}?page[after]=AAAA"))
        .expect_problem(400, "cursor_invalid");
    office
        .get("contributor", &format!("{path}/not-an-id"))
        .expect_problem(404, "not_found");
}
