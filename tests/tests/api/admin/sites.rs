//! `/admin/sites` and `/admin/sites/{site}/settings`.

use serde_json::json;

use super::{column, get, on_each, post, put, refused};
use crate::desk::article;

#[test]
fn sites_are_made_by_the_platform_and_seen_by_their_own() {
    on_each(|office| {
        let new = json!({"slug": "xuan-truong", "unit": office.world.units["14167"],
            "title": {"vi": "Xã Xuân Trường"}, "hosts": ["xuantruong.ninhbinh.example.vn"]});
        post(office, "admin", "/sites", &new).expect_problem(403, "forbidden");
        post(office, "platform", "/sites", &new).expect_status(201);
        assert_eq!(
            refused(post(office, "platform", "/sites", &new)),
            ("/slug".to_owned(), "taken".to_owned())
        );
        let mut other = new.clone();
        other["slug"] = json!("xuan-thuy");
        assert_eq!(
            refused(post(office, "platform", "/sites", &other)),
            ("/hosts/0".to_owned(), "taken".to_owned())
        );
        assert_eq!(
            column(&get(office, "platform", "/sites"), "slug"),
            ["ninh-binh", "giao-thuy", "hai-tien", "xuan-truong"]
        );
        assert_eq!(
            column(&get(office, "admin", "/sites"), "slug"),
            ["hai-tien"]
        );
        get(office, "admin", "/sites/giao-thuy").expect_problem(404, "not_found");
        let first = get(office, "platform", "/sites?page[size]=2&count=true");
        let next = first.json()["page"]["next"].as_str().unwrap().to_owned();
        let second = get(
            office,
            "platform",
            &format!("/sites?page[size]=2&page[after]={next}"),
        );
        assert_eq!(column(&second, "slug"), ["hai-tien", "xuan-truong"]);
    });
}

#[test]
fn a_site_names_itself_and_the_platform_closes_it() {
    on_each(|office| {
        let path = "/sites/hai-tien";
        let found = get(office, "admin", path).expect_status(200);
        let mut body = json!({"title": {"vi": "Xã Hải Tiến mới"}, "status": "active"});
        let renamed = put(office, "admin", path, found.etag(), &body).expect_status(200);
        body["status"] = json!("closed");
        body["successor"] = json!("giao-thuy");
        let tag = renamed.etag();
        put(office, "admin", path, tag, &body).expect_problem(403, "forbidden");
        put(office, "auditor", path, tag, &body).expect_problem(403, "forbidden");
        let closed = put(office, "platform", path, tag, &body).expect_status(200);
        assert_eq!(closed.data()["successor"], "giao-thuy");
        let back = json!({"title": {"vi": "Xã Giao Thủy"}, "status": "closed",
            "successor": "hai-tien"});
        let other = get(office, "platform", "/sites/giao-thuy");
        assert_eq!(
            refused(put(
                office,
                "platform",
                "/sites/giao-thuy",
                other.etag(),
                &back
            )),
            ("/successor".to_owned(), "not_allowed".to_owned())
        );
        let section = json!({"slug": "moi", "title": {"vi": "Mới"}});
        post(office, "admin", "/sites/hai-tien/sections", &section)
            .expect_problem(409, "state_conflict");
    });
}

#[test]
fn a_language_with_entries_stays() {
    on_each(|office| {
        let path = "/sites/hai-tien/settings";
        let found = get(office, "contributor", path).expect_status(200);
        let mut body = found.data();
        body["locales"] = json!(["vi"]);
        put(office, "editor", path, found.etag(), &body).expect_problem(403, "forbidden");
        let fewer = put(office, "admin", path, found.etag(), &body).expect_status(200);
        body["locales"] = json!(["vi", "en"]);
        let both = put(office, "admin", path, fewer.etag(), &body).expect_status(200);
        let mut english = article("News");
        english["locale"] = json!("en");
        office.create("contributor", &english).expect_status(201);
        body["locales"] = json!(["vi"]);
        let kept = put(office, "admin", path, both.etag(), &body);
        assert_eq!(
            kept.expect_problem(409, "state_conflict")["reason"],
            "locale_in_use"
        );
        body["locales"] = json!(["vi", "en"]);
        body["hosts"] = json!(["a.example.vn", "giaothuy.ninhbinh.example.vn"]);
        assert_eq!(
            refused(put(office, "admin", path, both.etag(), &body)),
            ("/hosts/0".to_owned(), "not_allowed".to_owned())
        );
        body["hosts"] = json!(["giaothuy.ninhbinh.example.vn"]);
        assert_eq!(
            refused(put(office, "admin", path, both.etag(), &body)),
            ("/hosts/0".to_owned(), "taken".to_owned())
        );
        body["hosts"] = json!(["Bad Host"]);
        body["default_locale"] = json!("fr");
        let problem = put(office, "admin", path, both.etag(), &body);
        let problem = problem.expect_problem(422, "invalid_content");
        assert!(problem["errors"].as_array().unwrap().len() >= 2);
    });
}
