//! The working list: one desk over all sites one may read.

use std::collections::BTreeSet;

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::{Value, json};

use crate::desk::{Office, Seen, article};

fn titles(list: &Value) -> Vec<String> {
    list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["title"].as_str().unwrap().to_owned())
        .collect()
}

#[rstest]
fn the_list_is_narrowed_sorted_and_counted(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "A");
    office.app.clock.advance(chrono::TimeDelta::seconds(1));
    office.act(
        "contributor",
        &office.draft("contributor", "B"),
        "submit",
        &json!({}),
    );
    office.app.clock.advance(chrono::TimeDelta::seconds(1));
    Seen::of(
        &office
            .create_at("stranger", "giao-thuy", &article("C"))
            .expect_status(201),
    );
    let list = |who: &str, query: &str| {
        office
            .get(who, &format!("/api/v1/editorial/entries?{query}"))
            .expect_status(200)
            .json()
    };
    assert_eq!(titles(&list("province-chief", "")), ["C", "B", "A"]);
    assert_eq!(
        titles(&list("province-chief", "sort=updated_at")),
        ["A", "B", "C"]
    );
    assert_eq!(titles(&list("chief", "")), ["B", "A"]);
    assert_eq!(titles(&list("chief", "filter[state]=draft")), ["A"]);
    assert_eq!(
        titles(&list("chief", "filter[state]=draft,in_review")),
        ["B", "A"]
    );
    assert_eq!(
        titles(&list("chief", "filter[type]=page")),
        Vec::<String>::new()
    );
    assert_eq!(
        titles(&list("chief", "filter[section]=thong-bao")),
        Vec::<String>::new()
    );
    assert_eq!(
        titles(&list("province-chief", "filter[site]=giao-thuy")),
        ["C"]
    );
    let author = office.world.people["contributor"];
    assert_eq!(
        titles(&list("province-chief", &format!("filter[author]={author}"))),
        ["B", "A"]
    );
    let counted = list("province-chief", "count=true&page[size]=1");
    assert_eq!(counted["meta"]["total"], 3);
    office
        .get("chief", "/api/v1/editorial/entries?filter[site]=giao-thuy")
        .expect_problem(404, "not_found");
    let site = "/api/v1/editorial/sites/hai-tien/entries?filter[site]=hai-tien";
    office
        .get("chief", site)
        .expect_problem(400, "unknown_parameter");

    let counts = office
        .get("province-chief", "/api/v1/editorial/entries/counts")
        .expect_status(200)
        .data();
    let line = json!({"site": "hai-tien", "state": "in_review", "count": 1});
    assert!(counts.as_array().unwrap().contains(&line), "{counts}");
    let own = office
        .get("stranger", "/api/v1/editorial/entries/counts")
        .data();
    assert_eq!(
        own,
        json!([{"site": "giao-thuy", "state": "draft", "count": 1}])
    );
    assert_eq!(draft.state(), "draft");
}

#[rstest]
fn pages_hold_every_entry_once_in_both_directions(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    // All of one moment: the id breaks the tie.
    for n in 0..7 {
        office.draft("contributor", &format!("Bài {n}"));
    }
    let path = "/api/v1/editorial/sites/hai-tien/entries?page[size]=3";
    let (mut seen, mut pages, mut url) = (Vec::new(), Vec::new(), path.to_owned());
    loop {
        let page = office.get("chief", &url).expect_status(200).json();
        seen.extend(titles(&page));
        let next = page["page"]["next"].as_str().map(ToOwned::to_owned);
        pages.push(page);
        match next {
            Some(cursor) => url = format!("{path}&page[after]={cursor}"),
            None => break,
        }
    }
    assert_eq!((seen.len(), pages.len()), (7, 3));
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 7);
    let back = pages[1]["page"]["prev"].as_str().unwrap();
    let first = office
        .get("chief", &format!("{path}&page[before]={back}"))
        .expect_status(200)
        .json();
    assert_eq!(first["data"], pages[0]["data"]);
    assert!(first["page"]["prev"].is_null() && first["page"]["next"].is_string());
}
