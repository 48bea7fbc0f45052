//! T30, claimed names: hosts, slugs, paths and codes of others are not taken, not kept for later and
//! not redirected to.

use loa_testkit::{Answer, Backend};
use rstest::rstest;
use serde_json::{Value, json};

use crate::access::cells::{Call, Stage, get, put};
use crate::access::operations;
use crate::desk::{Seen, article};

const EVIL: &str = "evil.example";
const OWN: &str = "haitien.ninhbinh.example.vn";
const SETTINGS: &str = "/admin/sites/hai-tien/settings";
const ALLOWED: &str = "/admin/sites/hai-tien/allowed-hosts";

fn look(stage: &Stage, path: &str) -> (Value, String) {
    let answer = stage.send("admin", &get(path)).expect_status(200);
    (answer.data(), answer.etag().to_owned())
}

/// Settings with other hosts, sent by somebody.
fn claim(stage: &Stage, who: &str, hosts: &Value) -> Answer {
    let (mut body, etag) = look(stage, SETTINGS);
    body["hosts"] = hosts.clone();
    stage.send(who, &put(SETTINGS, &etag).body(body))
}

fn allow(stage: &Stage, who: &str, names: &Value) -> Answer {
    let (_, etag) = look(stage, ALLOWED);
    let body = json!({"allowed_hosts": names});
    stage.send(who, &put(ALLOWED, &etag).body(body))
}

#[track_caller]
fn refused(answer: Answer) -> (String, String) {
    let problem = answer.expect_problem(422, "invalid_content");
    let text = |name: &str| problem["errors"][0][name].as_str().unwrap().to_owned();
    (text("pointer"), text("code"))
}

/// What records of a chain say of hosts, newest first.
fn told(stage: &Stage, who: &str, query: &str) -> Vec<(String, Value)> {
    let list = stage.send(who, &get(format!("/admin/audit{query}")));
    let list = list.expect_status(200).data();
    let records = list.as_array().unwrap().iter();
    records
        .filter(|record| record["action"].as_str().unwrap().contains("hosts"))
        .map(|record| {
            let action = record["action"].as_str().unwrap().to_owned();
            (action, record["detail"].clone())
        })
        .collect()
}

#[rstest]
fn a_site_takes_only_hosts_that_the_platform_allows_it(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let before = look(&stage, SETTINGS);
    for host in [
        EVIL,
        // The province's own, one that it may want, those of another commune, and below its own.
        "ninhbinh.example.vn",
        "ninhbinh.ninhbinh.example.vn",
        "xuantruong.ninhbinh.example.vn",
        "giaothuy.ninhbinh.example.vn",
        "www.giaothuy.ninhbinh.example.vn",
        "www.haitien.ninhbinh.example.vn",
        "haitien.ninhbinh.example.vn.evil.example",
    ] {
        let (pointer, _) = refused(claim(&stage, "admin", &json!([OWN, host])));
        assert_eq!(pointer, "/hosts/1", "{host}");
    }
    assert_eq!(look(&stage, SETTINGS), before);
    // Giving up is free, and taking back what is allowed.
    claim(&stage, "admin", &json!([])).expect_status(200);
    claim(&stage, "admin", &json!([OWN])).expect_status(200);
}

#[rstest]
fn the_platform_says_what_a_site_may_use(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let wild = "*.haitien.ninhbinh.example.vn";
    allow(&stage, "admin", &json!([EVIL])).expect_problem(403, "forbidden");
    for (name, code) in [
        ("*", "invalid"),
        ("*.vn", "invalid"),
        ("*.*.vn", "invalid"),
        ("a.*.vn", "invalid"),
        ("Haitien.vn", "invalid"),
        // Another site's host, and a wildcard over it.
        ("giaothuy.ninhbinh.example.vn", "taken"),
    ] {
        let answer = allow(&stage, "platform", &json!([OWN, name]));
        assert_eq!(
            refused(answer),
            ("/allowed_hosts/1".to_owned(), code.to_owned()),
            "{name}"
        );
    }
    allow(&stage, "platform", &json!([OWN, wild])).expect_status(200);
    // One label takes the place of the star.
    let www = "www.haitien.ninhbinh.example.vn";
    claim(&stage, "admin", &json!([OWN, www])).expect_status(200);
    let deep = json!([OWN, "a.b.haitien.ninhbinh.example.vn"]);
    assert_eq!(
        refused(claim(&stage, "admin", &deep)),
        ("/hosts/1".to_owned(), "not_allowed".to_owned())
    );

    // A name is allowed to one site only, and the exact one counts.
    let other = "/admin/sites/giao-thuy/allowed-hosts";
    let etag = stage.send("platform", &get(other)).etag().to_owned();
    for name in [OWN, wild, www] {
        let body = json!({"allowed_hosts": ["giaothuy.ninhbinh.example.vn", name]});
        let answer = stage.send("platform", &put(other, &etag).body(body));
        assert_eq!(
            refused(answer),
            ("/allowed_hosts/1".to_owned(), "taken".to_owned()),
            "{name}"
        );
    }
    let free = "tin.haitien.ninhbinh.example.vn";
    let body = json!({"allowed_hosts": ["giaothuy.ninhbinh.example.vn", free]});
    stage
        .send("platform", &put(other, &etag).body(body))
        .expect_status(200);
    let answer = claim(&stage, "admin", &json!([OWN, free]));
    assert_eq!(
        refused(answer),
        ("/hosts/1".to_owned(), "not_allowed".to_owned())
    );

    // The platform allows what it sets, and what it no longer allows is given up at once.
    claim(&stage, "platform", &json!([OWN, www, EVIL])).expect_status(200);
    let names = look(&stage, ALLOWED).0;
    assert!(
        names["allowed_hosts"]
            .as_array()
            .unwrap()
            .iter()
            .any(|own| own["name"] == EVIL)
    );
    let resolve = |host: &str| {
        let path = format!("/api/v1/sites?filter%5Bhost%5D={host}");
        stage.office.app.get(&path).send().json()["data"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((resolve(EVIL), resolve(www)), (1, 1));
    allow(&stage, "platform", &json!([OWN])).expect_status(200);
    assert_eq!((resolve(EVIL), resolve(www), resolve(OWN)), (0, 0, 1));
    assert_eq!(look(&stage, SETTINGS).0["hosts"], json!([OWN]));
    refused(claim(&stage, "admin", &json!([OWN, EVIL])));

    // The whole list, for the platform alone.
    stage
        .send("admin", &get("/admin/allowed-hosts"))
        .expect_problem(403, "forbidden");
    let all = stage.send(
        "platform",
        &get("/admin/allowed-hosts?page%5Bsize%5D=2&count=true"),
    );
    let all = all.expect_status(200).json();
    assert_eq!(all["meta"]["total"], 4, "{all}");
    assert_eq!(all["data"][0]["name"], "giaothuy.ninhbinh.example.vn");
    assert_eq!(all["data"][0]["site"], "giao-thuy");
    assert!(all["page"]["next"].is_string());
}

#[rstest]
fn taking_a_host_is_in_both_chains(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    claim(&stage, "admin", &json!([])).expect_status(200);
    claim(&stage, "platform", &json!([EVIL])).expect_status(200);
    allow(&stage, "platform", &json!([OWN])).expect_status(200);
    let site = stage.office.world.sites["hai-tien"];
    let site_told = told(&stage, "admin", "?filter%5Bsite%5D=hai-tien");
    let platform_told = told(&stage, "platform", "");
    assert_eq!(site_told, platform_told);
    let expected = [
        json!({"site": site, "address": "127.0.0.1", "taken": [], "given_up": [EVIL], "allowed": [], "no_longer_allowed": [EVIL]}),
        json!({"site": site, "address": "127.0.0.1", "taken": [EVIL], "given_up": [], "allowed": [EVIL], "no_longer_allowed": []}),
        json!({"site": site, "address": "127.0.0.1", "taken": [], "given_up": [OWN], "allowed": [], "no_longer_allowed": []}),
    ];
    let details: Vec<&Value> = site_told.iter().map(|(_, detail)| detail).collect();
    assert_eq!(details, expected.iter().collect::<Vec<_>>());
}

/// A row that the platform never allowed, as a node of an older release may still write one: no
/// answer of the document names it.
#[rstest]
fn a_host_that_is_not_allowed_is_in_no_answer(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let office = &stage.office;
    let live = stage.published();
    let slug = live.data["slug"].as_str().unwrap().to_owned();
    let site = office.world.sites["hai-tien"];
    office.app.database().sql().execute(&format!(
        "INSERT INTO site_hosts (host, site_id, position) VALUES ('{EVIL}', '{site}', -1)"
    ));
    // Another site's entry leads here, by the first host of this site.
    let pointer = office.create_at("stranger", "giao-thuy", &article("Dẫn đi"));
    let pointer = Seen::of(&pointer.expect_status(201));
    let why = json!({"reason": "Khẩn"});
    let pointer = office.act("stranger", &pointer, "force_publish", &why);
    let lead = json!({"kind": "redirect", "reason": "Trùng", "redirect_to": live.id});
    office.act("stranger", &pointer, "withdraw", &lead);
    for operation in operations::all().iter().filter(|op| op.method == "GET") {
        let site = if operation.path.contains("{slug}") {
            "giao-thuy"
        } else {
            "hai-tien"
        };
        let path = operation.filled(|name| match name {
            "site" => site.to_owned(),
            "id" => live.id.clone(),
            "slug" => "dan-di".to_owned(),
            "code" => "14218".to_owned(),
            other => operations::made_up(other),
        });
        let has = |name: &str| operation.query.iter().any(|own| own == name);
        let mut calls = vec![Call::raw("GET", path.clone())];
        if has("host") {
            calls = vec![Call::raw(
                "GET",
                format!("{path}?host={EVIL}&path=/tin-tuc/{slug}"),
            )];
        } else if has("path") {
            let path = path.replace("hai-tien", "giao-thuy");
            calls = vec![Call::raw("GET", format!("{path}?path=/tin-tuc/dan-di"))];
        } else if has("filter[host]") {
            calls.push(Call::raw("GET", format!("{path}?filter%5Bhost%5D={EVIL}")));
        }
        for call in calls {
            let answer = call.send(&office.app, None);
            let location = answer.header("location").unwrap_or_default();
            assert!(!location.contains(EVIL), "{answer}");
            assert!(!answer.text().contains(EVIL), "{answer}");
            if has("host") {
                answer.expect_problem(404, "not_found");
            } else if has("filter[host]") && call.path.contains(EVIL) {
                assert_eq!(answer.data(), json!([]));
            }
        }
    }
}

/// Sections begin paths: none has the first word of an address of this program or a language.
#[rstest]
fn sections_take_no_words_that_paths_begin_with(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let mut words: Vec<String> = operations::all()
        .iter()
        .filter_map(|op| op.path.split('/').nth(1).map(str::to_owned))
        .filter(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
        .collect();
    words.extend(["api", "vi", "en", "metrics"].map(str::to_owned));
    words.sort();
    words.dedup();
    for word in words {
        let body = json!({"slug": word, "title": {"vi": "Mục"}});
        let path = "/admin/sites/hai-tien/sections";
        let answer = stage.send("admin", &crate::access::cells::post(path).body(body));
        assert_eq!(
            refused(answer),
            ("/slug".to_owned(), "not_allowed".to_owned()),
            "{word}"
        );
    }
    // Nor does a language take the word of a section, in whatever case.
    let body = json!({"slug": "zh-tw", "title": {"vi": "Đài Bắc"}});
    let path = "/admin/sites/hai-tien/sections";
    stage
        .send("admin", &crate::access::cells::post(path).body(body))
        .expect_status(201);
    let (mut body, etag) = look(&stage, SETTINGS);
    body["locales"] = json!(["vi", "en", "zh-TW"]);
    let answer = stage.send("admin", &put(SETTINGS, &etag).body(body));
    assert_eq!(
        refused(answer),
        ("/locales/2".to_owned(), "taken".to_owned())
    );
}

/// One slug in two languages has two paths, and neither leads to the other's entry.
#[rstest]
fn paths_of_two_languages_do_not_meet(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let office = &stage.office;
    let make = |locale: &str| {
        let mut body = article(&format!("Bản {locale}"));
        body["locale"] = json!(locale);
        body["slug"] = json!("tin-tuc");
        office.publish(&Seen::of(
            &office.create("contributor", &body).expect_status(201),
        ))
    };
    let (vi, en) = (make("vi"), make("en"));
    for (entry, path) in [(&vi, "/tin-tuc/tin-tuc"), (&en, "/en/tin-tuc/tin-tuc")] {
        let path = format!("/api/v1/sites/hai-tien/resolve?path={path}");
        let found = office.app.get(&path).send().expect_status(200).data();
        assert_eq!(found["entry"]["id"], entry.id.as_str(), "{found}");
    }
    let mut body = article("Chiếm");
    body["slug"] = json!("tin-tuc");
    let answer = office.create("other-contributor", &body);
    assert_eq!(refused(answer).0, "/slug");
}

/// Codes of units are the platform's, and each has one unit on any day.
#[rstest]
fn a_code_has_one_unit_on_a_day(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let unit = json!({"code": "14218", "name": "Xã Giả", "kind": "commune",
        "parent": stage.office.world.units["37"], "valid_from": "2026-01-01"});
    let make = |who: &str| {
        stage.send(
            who,
            &crate::access::cells::post("/admin/units").body(unit.clone()),
        )
    };
    make("admin").expect_problem(403, "forbidden");
    assert_eq!(refused(make("platform")).1, "taken");
}
