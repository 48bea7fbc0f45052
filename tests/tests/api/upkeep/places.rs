//! What readers see of a site follows its board's changes.

use serde_json::json;

use super::{on_each, replace};

#[test]
fn titles_and_settings_reach_readers() {
    on_each(|office| {
        let path = "/api/v1/sites/hai-tien";
        let before = office.app.get(path).send().expect_status(200);
        office.app.get("/api/v1/sites").send().expect_status(200);
        replace(office, "admin", "/sites/hai-tien", |site| {
            *site = json!({"title": {"vi": "Trang xã Hải Tiến"}, "status": "active"});
        });
        let after = office.app.get(path).send().expect_status(200);
        assert_eq!(after.data()["title"], "Trang xã Hải Tiến");
        assert_ne!(after.etag(), before.etag());
        let all = office.app.get("/api/v1/sites").send().expect_status(200);
        assert!(all.text().contains("Trang xã Hải Tiến"), "{all}");

        replace(office, "platform", "/sites/hai-tien/settings", |settings| {
            settings["contact"]["phone"] = json!("0228 000 000");
            settings["hosts"] = json!(["moi.example.vn"]);
        });
        let after = office.app.get(path).send().expect_status(200).data();
        assert_eq!(after["contact"]["phone"], "0228 000 000");
        assert_eq!(after["hosts"], json!(["moi.example.vn"]));
    });
}

#[test]
fn the_default_language_is_fixed_once_something_was_published() {
    on_each(|office| {
        let path = "/api/v1/admin/sites/hai-tien/settings";
        let put = |locale: &str| {
            let read = office.get("admin", path).expect_status(200);
            let mut settings = read.data();
            for own in ["site", "version"] {
                settings.as_object_mut().unwrap().remove(own);
            }
            settings["default_locale"] = json!(locale);
            let request = office.app.put(path).bearer(&office.token("admin"));
            request.if_match(read.etag()).json(&settings).send()
        };
        put("en").expect_status(200);
        put("vi").expect_status(200);
        office.publish(&office.draft("contributor", "Mùa muối"));
        let problem = put("en").expect_problem(422, "invalid_content");
        assert_eq!(problem["errors"][0]["pointer"], "/default_locale");
        assert_eq!(problem["errors"][0]["code"], "immutable");
        put("vi").expect_status(200);
    });
}
