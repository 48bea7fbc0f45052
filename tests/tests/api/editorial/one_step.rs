//! The one-step policy, and a chief above who approves for a board with one chief.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use crate::desk::{Office, Seen, article};

#[rstest]
fn a_chief_of_the_province_approves_for_a_board_of_one(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = Seen::of(
        &office
            .create_at("stranger", "giao-thuy", &article("Hợp tác xã"))
            .expect_status(201),
    );
    let submitted = office.act("stranger", &draft, "submit", &json!({}));
    assert_eq!(
        submitted.state(),
        "in_approval",
        "no review by this site's policy"
    );
    let problem = office
        .act_raw("stranger", &submitted, "approve", &json!({}))
        .expect_problem(409, "action_refused");
    assert_eq!(problem["reason"], "four_eyes");
    let approved = office.act("province-chief", &submitted, "approve", &json!({}));
    assert_eq!(
        office
            .act("stranger", &approved, "publish", &json!({}))
            .state(),
        "published"
    );
}

#[rstest]
fn a_role_at_a_unit_reaches_the_sites_below_and_no_more(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    for site in ["ninh-binh", "hai-tien", "giao-thuy"] {
        office
            .get(
                "province-chief",
                &format!("/api/v1/editorial/sites/{site}/entries"),
            )
            .expect_status(200);
    }
    office
        .get("stranger", "/api/v1/editorial/sites/giao-thuy/entries")
        .expect_status(200);
    office
        .get("stranger", "/api/v1/editorial/sites/hai-tien/entries")
        .expect_problem(404, "not_found");
    office
        .get("stranger", "/api/v1/editorial/sites/khong-co/entries")
        .expect_problem(404, "not_found");
}
