//! Lists: pages, filters, refusals.

use loa_testkit::{Answer, Backend};
use rstest::rstest;
use serde_json::json;

use crate::desk::{Office, Seen, article};

const LIST: &str = "/api/v1/sites/hai-tien/articles";

fn publish(office: &Office, title: &str, section: &str, tags: &[&str]) {
    let mut body = article(title);
    body["section"] = json!(section);
    body["tags"] = json!(tags);
    let seen = Seen::of(&office.create("editor", &body).expect_status(201));
    office.publish(&seen);
}

fn titles(answer: &Answer) -> Vec<String> {
    answer
        .data()
        .as_array()
        .unwrap()
        .iter()
        .map(|card| card["title"].as_str().unwrap().to_owned())
        .collect()
}

fn follow(office: &Office, answer: &Answer, rel: &str) -> Option<Answer> {
    let link = answer.header("link")?;
    let wanted = format!("; rel=\"{rel}\"");
    let part = link.split(", ").find(|part| part.ends_with(&wanted))?;
    let target = part.strip_prefix('<')?.split('>').next()?;
    Some(office.app.get(target).send().expect_status(200))
}

#[rstest]
fn pages_are_walked_by_links(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    for n in 0..5 {
        publish(&office, &format!("Bài {n}"), "tin-tuc", &[]);
    }
    let first = office
        .app
        .get(&format!("{LIST}?page[size]=2&sort=title&count=true"))
        .send()
        .expect_status(200);
    assert_eq!(titles(&first), ["Bài 0", "Bài 1"]);
    assert_eq!(first.json()["meta"], json!({"total": 5}));
    assert_eq!(first.json()["page"]["prev"], json!(null));
    let second = follow(&office, &first, "next").unwrap();
    assert_eq!(titles(&second), ["Bài 2", "Bài 3"]);
    let third = follow(&office, &second, "next").unwrap();
    assert_eq!(titles(&third), ["Bài 4"]);
    assert!(follow(&office, &third, "next").is_none());
    let back = follow(&office, &third, "prev").unwrap();
    assert_eq!(titles(&back), titles(&second));

    let cursor = first.json()["page"]["next"].as_str().unwrap().to_owned();
    let other = |query: &str| {
        let path = format!("{LIST}?{query}&page[after]={cursor}");
        office.app.get(&path).send()
    };
    other("sort=-title").expect_problem(400, "cursor_invalid");
    other("sort=title&filter[tag]=x").expect_problem(400, "cursor_invalid");
    other("sort=title&page[size]=100").expect_status(200);
}

#[rstest]
fn filters_take_any_of_their_values_and_what_is_below(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    publish(&office, "A", "tin-tuc", &["Lễ hội"]);
    publish(&office, "B", "doi-song", &["Giáo dục"]);
    publish(&office, "C", "thong-bao", &["LỄ HỘI", "Giáo dục"]);
    let list = |query: &str| {
        let answer = office.app.get(&format!("{LIST}?sort=title&{query}")).send();
        titles(&answer.expect_status(200))
    };
    assert_eq!(list("filter[section]=tin-tuc"), ["A", "B"]);
    assert_eq!(list("filter[section]=doi-song,thong-bao"), ["B", "C"]);
    assert_eq!(list("filter[tag]=le hoi"), ["A", "C"]);
    assert_eq!(list("filter[tag]=lễ hội,GIÁO DỤC"), ["A", "B", "C"]);
    assert_eq!(list("filter[section]=tin-tuc&filter[tag]=giáo dục"), ["B"]);
    assert_eq!(list("filter[published][gte]=2026-11-20"), ["A", "B", "C"]);
    assert!(list("filter[published][lte]=2026-11-19").is_empty());
    assert!(list("filter[section]=khong-co").is_empty());
    assert!(list("locale=en").is_empty());
    let all = office.app.get("/api/v1/sites/hai-tien/entries").send();
    let mut all = titles(&all.expect_status(200));
    all.sort();
    assert_eq!(all, ["A", "B", "C"]);
    let pages = office.app.get("/api/v1/sites/hai-tien/pages").send();
    assert!(titles(&pages.expect_status(200)).is_empty());
}

#[rstest]
#[case("filter[section]=a,,b", "parameter_invalid", "filter[section]")]
#[case(
    "filter[published][gte]=yesterday",
    "parameter_invalid",
    "filter[published][gte]"
)]
#[case("filter[title]=a", "unknown_parameter", "filter[title]")]
#[case("sort=slug", "parameter_invalid", "sort")]
#[case("page[size]=101", "parameter_invalid", "page[size]")]
#[case("page[after]=x", "cursor_invalid", "page[after]")]
#[case("locale=x", "parameter_invalid", "locale")]
fn what_is_not_understood_is_refused_by_name(
    #[case] query: &str,
    #[case] code: &str,
    #[case] parameter: &str,
) {
    let office = Office::open(Backend::Sqlite).unwrap();
    let problem = office
        .app
        .get(&format!("{LIST}?{query}"))
        .send()
        .expect_problem(400, code);
    assert_eq!(problem["errors"][0]["parameter"], parameter);
}

#[rstest]
fn too_many_values_are_refused() {
    let office = Office::open(Backend::Sqlite).unwrap();
    let values: Vec<String> = (0..21).map(|n| format!("s{n}")).collect();
    let query = format!("{LIST}?filter[section]={}", values.join(","));
    office
        .app
        .get(&query)
        .send()
        .expect_problem(400, "parameter_invalid");
    let other = "/api/v1/sites/hai-tien/entries?sort=title";
    office
        .app
        .get(other)
        .send()
        .expect_problem(400, "parameter_invalid");
    office
        .app
        .get("/api/v1/sites/khong-co/articles")
        .send()
        .expect_problem(404, "not_found");
}
