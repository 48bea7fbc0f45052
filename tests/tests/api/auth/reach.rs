//! How far a role at a unit reaches, by the day.

use chrono::TimeDelta;
use loa_testkit::Backend;
use serde_json::{Value, json};

use crate::desk::Office;

fn sites(office: &Office, who: &str) -> Vec<String> {
    let me = office.get(who, "/api/v1/auth/me").expect_status(200).data();
    let sites = me["rights"]["sites"].as_array().expect("a list").clone();
    sites
        .iter()
        .map(|site| site["slug"].as_str().expect("a slug").to_owned())
        .collect()
}

fn end_on(office: &Office, unit: &str, day: &str) {
    let path = format!("/api/v1/admin/units/{}", office.world.units[unit]);
    let found = office.get("platform", &path).expect_status(200);
    let mut body: Value = found.data();
    body.as_object_mut().expect("an object").remove("id");
    body["valid_to"] = json!(day);
    let request = office.app.put(&path).bearer(&office.token("platform"));
    request
        .if_match(found.etag())
        .json(&body)
        .send()
        .expect_status(200);
}

#[test]
fn a_role_at_a_unit_reaches_what_is_below_it_today() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let Some(office) = Office::open(backend) else {
            continue;
        };
        let all = ["giao-thuy", "hai-tien", "ninh-binh"];
        assert_eq!(sites(&office, "province-chief"), all);
        // In Vietnam the day begins seven hours earlier than in Greenwich.
        end_on(&office, "14218", "2026-11-21");
        assert_eq!(sites(&office, "province-chief"), all);
        office.app.clock.advance(TimeDelta::hours(15));
        office.forget_tokens();
        assert_eq!(sites(&office, "province-chief"), ["giao-thuy", "ninh-binh"]);
        assert_eq!(
            sites(&office, "chief"),
            ["hai-tien"],
            "a role at the site stays"
        );
        // A unit that is no more keeps its own site and nothing below.
        end_on(&office, "37", "2026-11-21");
        assert_eq!(sites(&office, "province-chief"), ["ninh-binh"]);
    }
}
