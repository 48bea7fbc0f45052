//! `/admin/audit`.

use serde_json::json;

use super::{column, get, on_each, post};

#[test]
fn chains_are_read_where_one_may_and_page_by_page() {
    on_each(|office| {
        for n in 0..3 {
            let section = json!({"slug": format!("s-{n}"), "title": {"vi": "Mục"}});
            post(office, "admin", "/sites/hai-tien/sections", &section).expect_status(201);
        }
        let path = "/audit?filter[site]=hai-tien&page[size]=2&count=true";
        let first = get(office, "auditor", path).expect_status(200);
        assert_eq!(column(&first, "action"), ["section.create"; 2]);
        assert_eq!(first.json()["meta"]["total"], 3);
        assert_eq!(first.data()[0]["number"], 3);
        assert_eq!(first.data()[0]["actor"]["name"], "Người admin");
        let next = first.json()["page"]["next"].as_str().unwrap().to_owned();
        let path = "/audit?filter[site]=hai-tien&page[size]=2";
        let second = get(office, "auditor", &format!("{path}&page[after]={next}"));
        assert_eq!(second.data()[0]["number"], 1);
        let before = second.json()["page"]["prev"].as_str().unwrap().to_owned();
        let back = get(office, "auditor", &format!("{path}&page[before]={before}"));
        assert_eq!(back.data(), first.data());
        get(office, "auditor", "/audit").expect_problem(403, "forbidden");
        get(office, "auditor", "/audit?filter[site]=giao-thuy").expect_problem(404, "not_found");
        get(office, "editor", "/audit?filter[site]=hai-tien").expect_problem(403, "forbidden");
        let platform = get(office, "platform", "/audit").expect_status(200);
        assert!(column(&platform, "action").contains(&"session.open".to_owned()));
    });
}
