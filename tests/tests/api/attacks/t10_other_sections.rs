//! T10, things of other sections: where a site has its desk read by section, whoever is limited to some
//! sections is told of an entry of another one what they are told of one that is not there.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::{Value, json};

use super::as_a_client_sees;
use crate::access::cells::{Call, Stage, get, post, put};
use crate::access::operations::{self, made_up};
use crate::desk::{Office, Seen, article, saving};

/// Limited to `tin-tuc`, with `doi-song` below it.
const LIMITED: &str = "news-contributor";
const SETTINGS: &str = "/admin/sites/hai-tien/settings";
const LIST: &str = "/api/v1/editorial/entries";

fn by_section(stage: &Stage) {
    let (mut body, etag) = stage.look(SETTINGS);
    assert_eq!(body["desk_reading"], "site", "as before");
    body["desk_reading"] = json!("sections");
    stage
        .send("admin", &put(SETTINGS, &etag).body(body))
        .expect_status(200);
}

fn placed(office: &Office, who: &str, section: &str, title: &str) -> Seen {
    let mut body = article(title);
    body["section"] = json!(section);
    Seen::of(&office.create(who, &body).expect_status(201))
}

fn ids(office: &Office, path: &str) -> Vec<String> {
    let list = office.get(LIMITED, path).expect_status(200).data();
    let all = list.as_array().unwrap().iter();
    all.map(|own| own["id"].as_str().unwrap().to_owned())
        .collect()
}

/// How many entries the counts tell of, and how many the list.
fn counted(office: &Office) -> (i64, i64) {
    let counts = office.get(LIMITED, &format!("{LIST}/counts"));
    let counts = counts.expect_status(200).data();
    let sum = counts.as_array().unwrap().iter();
    let sum = sum.map(|own| own["count"].as_i64().unwrap()).sum();
    let list = office.get(LIMITED, &format!("{LIST}?count=true"));
    (sum, list.json()["meta"]["total"].as_i64().unwrap())
}

#[rstest]
fn an_entry_of_another_section_is_as_unknown_as_none(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let office = &stage.office;
    let hidden = placed(office, "contributor", "thong-bao", "Giấu");
    let hidden = office.save("contributor", &hidden, &{
        let mut body = saving("Giấu kỹ");
        body["section"] = json!("thong-bao");
        body
    });
    let made = office.app.post(&format!("{}/preview-links", hidden.path()));
    let made = made.bearer(&office.token("editor")).json(&json!({})).send();
    let link = made.expect_status(201).data()["link"]["id"].clone();
    assert_eq!(ids(office, LIST), std::slice::from_ref(&hidden.id));
    by_section(&stage);
    office.token(LIMITED);
    let before = stage.tally();
    let entries = operations::all()
        .into_iter()
        .filter(|op| op.path.contains("/entries/{id}") && op.secured);
    let mut asked = 0;
    for operation in entries {
        let bodies = match operation.id.as_str() {
            "replace_entry" | "save_entry" => vec![saving("Sửa")],
            _ => vec![json!({}), json!({"reason": "x", "comment": "x"})],
        };
        for body in bodies {
            let seen = |id: &str, link: &str| {
                let path = operation.filled(|name| match name {
                    "site" => "hai-tien".to_owned(),
                    "id" => id.to_owned(),
                    "link" => link.to_owned(),
                    "number" | "from" | "to" => "1".to_owned(),
                    other => made_up(other),
                });
                let request = office.app.request(&operation.method, &path);
                let request = request.bearer(&office.token(LIMITED)).if_match("*");
                as_a_client_sees(if operation.has_body {
                    request.json(&body)
                } else {
                    request
                })
            };
            let there = seen(&hidden.id, link.as_str().unwrap());
            let nowhere = seen(&made_up("id"), &made_up("id"));
            assert_eq!(there, nowhere, "{} {}", operation.method, operation.path);
            assert!(there.0 >= 400);
            asked += 1;
        }
    }
    assert!(asked > 12, "{asked}");
    // Nor by another way: as what is translated, in the list, by its section, its author, the counts.
    let translation = |id: &str| {
        let mut body = article("Bản dịch");
        body["locale"] = json!("en");
        body["translation_of"] = json!(id);
        let path = "/api/v1/editorial/sites/hai-tien/entries";
        let request = office.app.post(path).bearer(&office.token(LIMITED));
        as_a_client_sees(request.json(&body))
    };
    assert_eq!(translation(&hidden.id), translation(&made_up("id")));
    let author = office.world.people["contributor"];
    for filter in [
        String::new(),
        "?filter%5Bsite%5D=hai-tien".to_owned(),
        "?filter%5Bsection%5D=thong-bao".to_owned(),
        "?filter%5Bsection%5D=thong-bao,tin-tuc".to_owned(),
        "?filter%5Bstate%5D=draft".to_owned(),
        format!("?filter%5Bauthor%5D={author}"),
    ] {
        let path = format!("{LIST}{filter}");
        assert_eq!(ids(office, &path), Vec::<String>::new(), "{filter}");
    }
    assert_eq!(counted(office), (0, 0));
    assert_eq!(stage.tally(), before);
}

#[rstest]
fn lists_and_cursors_have_ones_own_sections_only(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let office = &stage.office;
    let mut own = Vec::new();
    for n in 0..4 {
        for (section, is_own) in [("tin-tuc", true), ("thong-bao", false), ("doi-song", true)] {
            let seen = placed(
                office,
                "contributor",
                section,
                &format!("Bài {n} {section}"),
            );
            office.app.clock.advance(chrono::TimeDelta::seconds(1));
            if is_own {
                own.push(seen.id);
            }
        }
    }
    own.reverse();
    by_section(&stage);
    let walk = |size: u32| {
        let (mut found, mut path) = (Vec::new(), format!("{LIST}?page[size]={size}"));
        loop {
            found.extend(ids(office, &path));
            let page = office.get(LIMITED, &path).json()["page"]["next"].clone();
            let Some(next) = page.as_str() else {
                return found;
            };
            path = format!("{LIST}?page[size]={size}&page[after]={next}");
        }
    };
    for size in [1, 3, 100] {
        assert_eq!(walk(size), own);
    }
    assert_eq!(counted(office), (8, 8));

    // With a whole site beside it, and then with a role that reads all of this one.
    let other = office.create_at("stranger", "giao-thuy", &article("Của xã khác"));
    let other = Seen::of(&other.expect_status(201)).id;
    let person = office.world.people[LIMITED];
    let give = |body: Value| {
        let path = format!("/admin/users/{person}/memberships");
        stage.send("platform", &post(path).body(body))
    };
    give(json!({"role": "contributor", "site": "giao-thuy"})).expect_status(201);
    own.insert(0, other);
    for size in [1, 3, 100] {
        assert_eq!(walk(size), own);
    }
    assert_eq!(counted(office), (9, 9));
    give(json!({"role": "auditor", "site": "hai-tien"})).expect_status(201);
    assert_eq!(walk(3).len(), 13);
    assert_eq!(counted(office), (13, 13));
}

#[rstest]
fn what_moves_out_of_the_section_is_lost_with_its_links(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let office = &stage.office;
    by_section(&stage);
    let own = Seen::of(
        &office
            .create(LIMITED, &article("Của tôi"))
            .expect_status(201),
    );
    let link = post(format!("{}/preview-links", own.path())).body(json!({}));
    let made = stage.send(LIMITED, &link).expect_status(201).data();
    let url = made["url"].as_str().unwrap();
    office.app.get(url).send().expect_status(200);
    let mut body = saving("Chuyển đi");
    body["section"] = json!("thong-bao");
    office.save("editor", &own, &body);
    office
        .get(LIMITED, &own.path())
        .expect_problem(404, "not_found");
    office.app.get(url).send().expect_problem(404, "not_found");
    // A save of an older client leaves the setting as it is.
    let (mut body, etag) = stage.look(SETTINGS);
    body.as_object_mut().unwrap().remove("desk_reading");
    let kept: Call = put(SETTINGS, &etag).body(body);
    let kept = stage.send("admin", &kept).expect_status(200);
    assert_eq!(kept.data()["desk_reading"], "sections");
    let read = stage.send("auditor", &get(own.path()));
    read.expect_status(200);
}
