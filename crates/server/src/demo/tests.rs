//! The seeded province, looked at from outside, against its files, on both databases.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use loa_domain::unit::Unit;
use loa_store::{Conn, audit, changes, units};
use loa_testkit::{Backend, TestApp};
use serde_json::{Value, json};

use super::source::{self, DemoEntry, Ending};
use super::{seed, welcome};
use crate::failure::Failure;

const PASSWORD: &str = "loa-demo-2026-mat-khau";
const AUDITOR: &str = "nhan.dt@ninhbinh.example.vn";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn seeded(backend: Backend) -> Option<TestApp> {
    let app = TestApp::start(backend)?;
    assert!(seed::seed(&app.app, PASSWORD).unwrap());
    Some(app)
}

#[test]
fn the_province_is_as_its_files_say_on_sqlite() {
    check(&seeded(Backend::Sqlite).unwrap());
}

#[test]
fn the_province_is_as_its_files_say_on_postgres() {
    if let Some(app) = seeded(Backend::Postgres) {
        check(&app);
    }
}

fn check(app: &TestApp) {
    let read = app.app.store().read(|conn| {
        every_unit_has_its_successor(conn);
        hai_ly_became_hai_tien(conn);
        Ok::<_, loa_store::Error>(())
    });
    read.unwrap();
    every_entry_is_in_its_state(app);
    every_link_leads_somewhere(app);

    let before = logs(app);
    assert!(before.0 > 200);
    assert!(!seed::seed(&app.app, "another-password-2026").unwrap());
    assert_eq!(logs(app), before, "a second start keeps everything");
}

/// How many audit records there are, all of them whole, and how many changes.
fn logs(app: &TestApp) -> (u64, i64) {
    let key = app.app.secrets().audit_key();
    let read = app.app.store().read(|conn| {
        let records = audit::system_verify(conn, &[key])?;
        Ok::<_, loa_store::Error>((records.unwrap(), changes::last(conn)?))
    });
    read.unwrap()
}

fn on(conn: &mut Conn, code: &str, day: NaiveDate) -> Unit {
    let periods = units::periods(conn, code).unwrap();
    periods.into_iter().find(|unit| unit.valid_on(day)).unwrap()
}

/// Those after a unit, with the reason.
fn successors(conn: &mut Conn, unit: &Unit) -> Vec<(Unit, String)> {
    let all = units::successions_of(conn, &[unit.id]).unwrap();
    all.into_iter()
        .filter(|step| step.predecessor == unit.id)
        .map(|step| {
            let unit = units::get(conn, step.successor).unwrap().unwrap();
            assert_eq!(step.on, unit.valid_from);
            (unit, step.legal_basis)
        })
        .collect()
}

fn every_unit_has_its_successor(conn: &mut Conn) {
    let lines = source::unit_lines().unwrap();
    assert_eq!(lines.len(), 175);
    let (last, today) = (day("2025-06-30"), day("2026-01-01"));
    let province = on(conn, "37", today);
    let mut new = BTreeMap::new();
    for line in lines {
        let old = on(conn, &line.old_code, last);
        let district = units::get(conn, old.parent.unwrap()).unwrap().unwrap();
        assert_eq!(
            (&old.name, &district.code),
            (&line.old_name, &line.old_district_code)
        );
        let after = successors(conn, &old);
        let [(unit, basis)] = after.as_slice() else {
            panic!("{after:?}");
        };
        assert_eq!((&unit.code, &unit.name), (&line.new_code, &line.new_name));
        assert_eq!(unit.parent, Some(province.id));
        assert_eq!(basis, "Nghị quyết 1674/NQ-UBTVQH15");
        new.insert(unit.code.clone(), unit.id);
    }
    assert_eq!(new.len(), 57);
    for code in ["35", "36", "37"] {
        let old = on(conn, code, last);
        assert_ne!(old.id, province.id);
        assert_eq!(successors(conn, &old)[0].0.id, province.id);
    }
}

fn hai_ly_became_hai_tien(conn: &mut Conn) {
    let hai_ly = on(conn, "14290", day("2024-08-31"));
    let earlier = on(conn, "14218", day("2024-08-31"));
    assert_eq!(hai_ly.name, "Xã Hải Lý");
    assert_eq!(hai_ly.valid_to, Some(day("2024-09-01")));
    let (con, basis) = successors(conn, &hai_ly).remove(0);
    assert_eq!(basis, "Nghị quyết 1104/NQ-UBTVQH15");
    assert_eq!(con.name, "Thị trấn Cồn");
    assert_ne!(con.id, earlier.id);
    let (hai_tien, _) = successors(conn, &con).remove(0);
    assert_eq!(
        (hai_tien.name.as_str(), hai_tien.valid_to),
        ("Xã Hải Tiến", None)
    );
}

/// State, whether an edition is public or was, and whether it awaits a second look.
fn ending(entry: &DemoEntry) -> (&'static str, bool, bool) {
    let (state, live) = match entry.state {
        Ending::Draft => ("draft", false),
        Ending::InReview => ("in_review", false),
        Ending::ChangesRequested => ("changes_requested", false),
        Ending::InApproval => ("in_approval", false),
        Ending::Approved => ("approved", false),
        Ending::Scheduled => ("scheduled", false),
        Ending::Revised if entry.revision_state.is_some() => ("draft", true),
        Ending::Published | Ending::Revised => ("published", true),
        Ending::Withdrawn => ("withdrawn", true),
        Ending::Archived => ("archived", true),
    };
    (state, live, entry.force.is_some())
}

fn every_entry_is_in_its_state(app: &TestApp) {
    let login = json!({"email": AUDITOR, "password": PASSWORD});
    let login = app.post("/api/v1/auth/login").json(&login).send();
    let token = login.expect_status(200).data()["access_token"].clone();
    let working = app
        .get("/api/v1/editorial/entries?page[size]=100")
        .bearer(token.as_str().unwrap())
        .send()
        .expect_status(200)
        .data();
    let found: BTreeMap<(String, String), &Value> = working
        .as_array()
        .unwrap()
        .iter()
        .map(|item| ((text(&item["site"]), text(&item["title"])), item))
        .collect();
    let mut count = 0;
    for (site, entries) in source::entries().unwrap() {
        for entry in entries {
            count += 1;
            let newer = entry.revision.as_ref().and_then(|r| r.title.clone());
            let title = newer.unwrap_or_else(|| entry.title.clone());
            let item = found[&(site.to_owned(), title)];
            let (state, live, second_look) = ending(&entry);
            assert_eq!(item["state"], state, "{}", entry.key);
            assert_eq!(item["has_live"], live, "{}", entry.key);
            assert_eq!(item["needs_second_look"], second_look, "{}", entry.key);
        }
    }
    assert_eq!(found.len(), count);
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Addresses in the bodies of what is public, on the site itself or on another of the demo.
fn every_link_leads_somewhere(app: &TestApp) {
    let mut count = 0;
    for site in source::province().unwrap().sites {
        let api = format!("/api/v1/sites/{}", site.slug);
        for locale in &site.locales {
            let list = app
                .get(&format!("{api}/entries?page[size]=100&locale={locale}"))
                .send()
                .expect_status(200)
                .data();
            for card in list.as_array().unwrap() {
                let id = text(&card["id"]);
                let entry = app.get(&format!("{api}/entries/{id}")).send().data();
                let body = text(&entry["content"]["body"]);
                for link in body.split("href=\"").skip(1) {
                    let link = link.split('"').next().unwrap();
                    leads_somewhere(app, &site.hosts[0], link);
                    count += 1;
                }
            }
        }
    }
    assert!(count > 10, "{count} links");
}

fn leads_somewhere(app: &TestApp, own: &str, link: &str) {
    let (host, path) = match link.strip_prefix("https://") {
        Some(elsewhere) => elsewhere.split_once('/').unwrap_or((elsewhere, "")),
        None => (own, link.strip_prefix('/').unwrap()),
    };
    if path.is_empty() {
        let sites = app
            .get(&format!("/api/v1/sites?filter[host]={host}"))
            .send();
        assert_eq!(sites.data().as_array().unwrap().len(), 1, "{link}");
        return;
    }
    let found = app
        .get("/api/v1/resolve")
        .query("host", host)
        .query("path", &format!("/{path}"))
        .send();
    assert_eq!(found.status, 200, "{host}: {link}");
    assert_eq!(found.data()["kind"], "entry", "{host}: {link}");
}

fn started_on(day: &str) -> TestApp {
    let at = format!("{day}T01:00:00Z").parse().unwrap();
    let app = TestApp::builder(Backend::Sqlite).clock(at).start();
    app.unwrap()
}

#[test]
fn it_works_soon_after_the_reform_and_not_before() {
    let app = started_on("2025-10-01");
    assert!(seed::seed(&app.app, PASSWORD).unwrap());
    every_entry_is_in_its_state(&app);
    let early = started_on("2025-07-20");
    let refused = seed::seed(&early.app, PASSWORD);
    assert!(matches!(refused, Err(Failure::Failed(text)) if text.contains("clock")));
}

#[test]
fn a_database_in_use_is_left_alone() {
    let app = TestApp::start(Backend::Sqlite).unwrap();
    loa_testkit::world::build(&app);
    let refused = seed::seed(&app.app, PASSWORD);
    assert!(matches!(refused, Err(Failure::Failed(text)) if text.contains("not empty")));
}

#[test]
fn a_weak_password_is_a_wrong_argument() {
    let app = TestApp::start(Backend::Sqlite).unwrap();
    let refused = seed::seed(&app.app, "short");
    assert!(matches!(refused, Err(Failure::Usage(text)) if text.contains("--password")));
    let written = app.app.store().read(changes::last);
    assert_eq!(written.unwrap(), 0, "it can be tried again");
}

#[test]
fn the_welcome_names_addresses_and_every_role() {
    let text = welcome::text("127.0.0.1:8080".parse().unwrap(), PASSWORD).unwrap();
    for part in [
        "http://127.0.0.1:8080/docs/",
        PASSWORD,
        "duyen.mt@",
        "quantri@",
    ] {
        assert!(text.contains(part), "{text}");
    }
    for role in loa_domain::people::Role::ALL {
        assert!(text.contains(role.as_str()), "{role}");
    }
}
