//! Sites, units, sections and content types.

use loa_testkit::world;
use loa_testkit::{Backend, TestApp};
use rstest::rstest;
use serde_json::{Value, json};

fn slugs(app: &TestApp, query: &str) -> Vec<String> {
    let answer = app
        .get(&format!("/api/v1/sites?{query}"))
        .send()
        .expect_status(200);
    let data = answer.data();
    let sites = data.as_array().unwrap().iter();
    sites
        .map(|site| site["slug"].as_str().unwrap().to_owned())
        .collect()
}

#[rstest]
fn places_are_public(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    world::build(&app);
    assert_eq!(slugs(&app, ""), ["ninh-binh", "giao-thuy", "hai-tien"]);
    assert_eq!(
        slugs(&app, "sort=-title"),
        ["hai-tien", "giao-thuy", "ninh-binh"]
    );
    assert_eq!(slugs(&app, "filter[unit_code]=14218"), ["hai-tien"]);
    assert_eq!(slugs(&app, "filter[province_code]=37").len(), 3);
    assert_eq!(
        slugs(&app, "filter[host]=HAITIEN.ninhbinh.example.vn"),
        ["hai-tien"]
    );
    assert!(slugs(&app, "filter[host]=x.vn").is_empty());

    let site = app
        .get("/api/v1/sites/hai-tien?locale=en")
        .send()
        .expect_status(200)
        .data();
    assert_eq!(site["unit"]["code"], "14218");
    assert_eq!(site["hosts"], json!(["haitien.ninhbinh.example.vn"]));
    assert_eq!(
        (&site["title"], &site["successor"]),
        (&json!("hai-tien"), &Value::Null)
    );
    app.get("/api/v1/sites/khong-co")
        .send()
        .expect_problem(404, "not_found");

    let tree = app
        .get("/api/v1/sites/hai-tien/sections?locale=en")
        .send()
        .data();
    let news = &tree[1];
    assert_eq!(
        (&news["slug"], &news["title"]),
        (&json!("tin-tuc"), &json!("News"))
    );
    assert_eq!(news["children"][0]["slug"], "doi-song");
    assert_eq!(news["children"][0]["children"], json!([]));
}

#[rstest]
fn units_are_asked_about_for_a_day(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    world::build(&app);
    // Ten minutes before midnight in Vietnam.
    app.clock.set("2026-11-20T16:50:00Z".parse().unwrap());
    let answer = app.get("/api/v1/units/14218").send().expect_status(200);
    let unit = answer.data();
    assert_eq!(
        (&unit["on"], &unit["unit"]["name"]),
        (&json!("2026-11-20"), &json!("Xã Hải Tiến"))
    );
    assert_eq!(unit["unit"]["parent"]["code"], "37");
    assert_eq!(unit["periods"].as_array().unwrap().len(), 1);
    let control = answer.header("cache-control").unwrap().to_owned();
    assert!(control.ends_with("stale-if-error=300"), "{control}");
    app.clock.set("2026-11-20T17:00:00Z".parse().unwrap());
    assert_eq!(
        app.get("/api/v1/units/14218").send().data()["on"],
        "2026-11-21"
    );
    let before = app
        .get("/api/v1/units/14218?on=2025-06-30")
        .send()
        .expect_status(200);
    assert_eq!(before.data()["unit"], Value::Null);
    app.get("/api/v1/units/00000")
        .send()
        .expect_problem(404, "not_found");
    app.get("/api/v1/units/14218?on=x")
        .send()
        .expect_problem(400, "parameter_invalid");
}

#[rstest]
fn content_types_describe_themselves() {
    let app = TestApp::start(Backend::Sqlite).unwrap();
    let all = app
        .get("/api/v1/content-types")
        .send()
        .expect_status(200)
        .data();
    assert_eq!(all[0]["plural"], "articles");
    let article = app
        .get("/api/v1/content-types/article")
        .send()
        .expect_status(200)
        .data();
    assert_eq!(all[0], article);
    let required = article["delivered_schema"]["required"].as_array().unwrap();
    assert!(required.contains(&json!("text")), "{required:?}");
    assert!(article["draft_schema"]["properties"]["text"].is_null());
    assert_eq!(article["sorts"][0], "-public_updated_at");
    app.get("/api/v1/content-types/articles")
        .send()
        .expect_problem(404, "not_found");
}
