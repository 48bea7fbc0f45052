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

        replace(office, "admin", "/sites/hai-tien/settings", |settings| {
            settings["contact"]["phone"] = json!("0228 000 000");
            settings["hosts"] = json!(["moi.example.vn"]);
        });
        let after = office.app.get(path).send().expect_status(200).data();
        assert_eq!(after["contact"]["phone"], "0228 000 000");
        assert_eq!(after["hosts"], json!(["moi.example.vn"]));
    });
}

#[test]
fn another_default_language_reaches_the_links_of_documents() {
    on_each(|office| {
        office.publish(&office.draft("contributor", "Mùa muối"));
        replace(office, "admin", "/sites/hai-tien/settings", |settings| {
            settings["default_locale"] = json!("en");
        });
        office.app.tick();
        let path = "/api/v1/sites/hai-tien/articles/mua-muoi?locale=vi";
        let after = office.app.get(path).send().expect_status(200).data();
        assert_eq!(after["links"]["self"], path);
        assert_eq!(after["path"], "/tin-tuc/mua-muoi", "stamped for good");
    });
}
