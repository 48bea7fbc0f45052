//! `/admin/sites/{site}/sections`.

use serde_json::json;

use super::{column, get, on_each, post, put, refused};

const SECTIONS: &str = "/sites/hai-tien/sections";

#[test]
fn sections_are_listed_as_a_tree() {
    on_each(|office| {
        let section = json!({"slug": "le-hoi", "title": {"vi": "Lễ hội"},
            "parent": office.world.sections["hai-tien/gioi-thieu"]});
        let made = post(office, "admin", SECTIONS, &section).expect_status(201);
        assert_eq!(made.data()["position"], 4);
        assert_eq!(
            column(&get(office, "contributor", SECTIONS), "slug"),
            ["gioi-thieu", "le-hoi", "tin-tuc", "doi-song", "thong-bao"]
        );
        post(office, "editor", SECTIONS, &section).expect_problem(403, "forbidden");
        post(office, "stranger-admin", SECTIONS, &section).expect_problem(404, "not_found");
        for (change, pointer, code) in [
            (json!({"slug": "le-hoi"}), "/slug", "taken"),
            (json!({"slug": "en"}), "/slug", "not_allowed"),
            (json!({"slug": "Lễ"}), "/slug", "invalid"),
            (
                json!({"slug": "x", "title": {"en": "X"}}),
                "/title/vi",
                "required",
            ),
            (
                json!({"slug": "x", "parent": office.world.sections["giao-thuy/tin-tuc"]}),
                "/parent",
                "not_found",
            ),
        ] {
            let mut body = section.clone();
            let members = change.as_object().unwrap().clone();
            body.as_object_mut().unwrap().extend(members);
            let (at, why) = refused(post(office, "admin", SECTIONS, &body));
            assert_eq!((at.as_str(), why.as_str()), (pointer, code));
        }
    });
}

#[test]
fn a_published_slug_is_fixed_and_a_new_title_reaches_documents() {
    on_each(|office| {
        let published = office.publish(&office.draft("contributor", "Mùa muối"));
        let news = office.world.sections["hai-tien/tin-tuc"];
        let path = format!("{SECTIONS}/{news}");
        let found = get(office, "admin", &path).expect_status(200);
        assert_eq!(found.data()["slug_fixed"], true);
        let mut body = json!({"slug": "ban-tin", "title": {"vi": "Bản tin", "en": "News"}});
        assert_eq!(
            refused(put(office, "admin", &path, found.etag(), &body)),
            ("/slug".to_owned(), "immutable".to_owned())
        );
        body["slug"] = json!("tin-tuc");
        body["parent"] = json!(office.world.sections["hai-tien/doi-song"]);
        assert_eq!(
            refused(put(office, "admin", &path, found.etag(), &body)),
            ("/parent".to_owned(), "not_allowed".to_owned())
        );
        body["parent"] = json!(null);
        put(office, "admin", &path, found.etag(), &body).expect_status(200);
        put(office, "admin", &path, found.etag(), &body).expect_problem(412, "precondition_failed");
        let left = office
            .app
            .app
            .store()
            .read(loa_store::reprojections::system_oldest);
        assert_eq!(left.unwrap().unwrap().section, Some(news));
        assert_eq!(published.state(), "published");
    });
}
