//! `/admin/units`.

use serde_json::json;

use super::{column, get, on_each, post, put, refused};

#[test]
fn a_code_belongs_to_one_unit_a_day() {
    on_each(|office| {
        let town = json!({"code": "14218", "name": "Thị trấn Cồn", "kind": "township",
            "parent": null, "valid_from": "2010-01-01", "valid_to": "2025-07-01"});
        let made = post(office, "platform", "/units", &town).expect_status(201);
        let path = made.header("location").unwrap().to_owned();
        let path = path.strip_prefix("/api/v1/admin").unwrap();
        let tag = made.etag().to_owned();

        let mut longer = town.clone();
        longer["valid_to"] = json!("2025-07-02");
        let overlap = ("/valid_from".to_owned(), "taken".to_owned());
        assert_eq!(
            refused(put(office, "platform", path, &tag, &longer)),
            overlap
        );
        assert_eq!(refused(post(office, "platform", "/units", &town)), overlap);
        longer["valid_to"] = json!("2009-01-01");
        assert_eq!(
            refused(put(office, "platform", path, &tag, &longer)).0,
            "/valid_to"
        );

        let mut renamed = town.clone();
        renamed["name"] = json!("  Thị trấn Cồn (cũ) ");
        let answer = put(office, "platform", path, &tag, &renamed).expect_status(200);
        assert_eq!(answer.data()["name"], "Thị trấn Cồn (cũ)");
        put(office, "platform", path, &tag, &town).expect_problem(412, "precondition_failed");

        let list = get(office, "admin", "/units?filter[code]=14218&sort=-name");
        assert_eq!(column(&list, "name"), ["Xã Hải Tiến", "Thị trấn Cồn (cũ)"]);
        get(office, "admin", "/units?filter[kind]=xa").expect_problem(400, "parameter_invalid");
        post(office, "admin", "/units", &town).expect_problem(403, "forbidden");
    });
}

#[test]
fn a_unit_is_never_below_itself() {
    on_each(|office| {
        let province = office.world.units["37"];
        let path = format!("/units/{province}");
        let found = get(office, "platform", &path).expect_status(200);
        let below = json!({"code": "37", "name": "Tỉnh Ninh Bình", "kind": "province",
            "parent": office.world.units["14218"], "valid_from": "2025-07-01"});
        assert_eq!(
            refused(put(office, "platform", &path, found.etag(), &below)),
            ("/parent".to_owned(), "not_allowed".to_owned())
        );
    });
}

#[test]
fn successions_do_not_run_in_a_circle() {
    on_each(|office| {
        let units = ["14167", "14218", "37"].map(|code| office.world.units[code]);
        let succeed = |from: usize, to: usize| {
            let (predecessor, successor) = (units[from], units[to]);
            let body =
                json!({"successor": successor, "on": "2030-01-01", "legal_basis": "Nghị quyết"});
            post(
                office,
                "platform",
                &format!("/units/{predecessor}/successions"),
                &body,
            )
        };
        succeed(0, 1).expect_status(201);
        succeed(1, 2).expect_status(201);
        for (from, to) in [(1, 0), (2, 1), (2, 0)] {
            let told = refused(succeed(from, to));
            assert_eq!(told, ("/successor".to_owned(), "not_allowed".to_owned()));
        }
        succeed(0, 2).expect_status(201);
    });
}

#[test]
fn successions_are_seen_from_both_sides() {
    on_each(|office| {
        let (old, new) = (office.world.units["14167"], office.world.units["14218"]);
        let body = json!({"successor": new, "on": "2030-01-01", "legal_basis": "Nghị quyết 1"});
        let path = format!("/units/{old}/successions");
        post(office, "platform", &path, &body).expect_status(201);
        assert_eq!(
            refused(post(office, "platform", &path, &body)),
            ("/successor".to_owned(), "taken".to_owned())
        );
        for unit in [old, new] {
            let list = get(office, "admin", &format!("/units/{unit}/successions"));
            assert_eq!(column(&list, "legal_basis"), ["Nghị quyết 1"]);
        }
    });
}
