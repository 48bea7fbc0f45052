//! T33, the sign-in history: who sees what, what is never in it, and that a flood does not fill it. The
//! security log is looked through in `crates/server/tests/cli`.

use chrono::TimeDelta;
use loa_testkit::Backend;
use loa_testkit::world::{self, PASSWORD};
use rstest::rstest;
use serde_json::{Value, json};

use crate::desk::Office;

/// What somebody typed where the address belongs.
const TYPED: &str = "mat-khau-trong-o-email@123";

fn login(office: &Office, email: &str, password: &str) -> u16 {
    let body = json!({"email": email, "password": password});
    let request = office.app.post("/api/v1/auth/login").json(&body);
    request.header("user-agent", &"a".repeat(900)).send().status
}

/// The history as somebody reads it, once it is written.
fn history(office: &Office, who: &str, query: &str) -> Vec<Value> {
    office.app.app.write_sign_ins().unwrap();
    let path = format!("/api/v1/admin/sign-ins?{query}");
    let answer = office.get(who, &path).expect_status(200);
    answer.json()["data"].as_array().unwrap().clone()
}

/// Rows of a person with an outcome, and how many tries they are.
fn of(rows: &[Value], who: &str, outcome: &str) -> (usize, u64) {
    let name = format!("Người {who}");
    let own = rows.iter().filter(|row| {
        let person = row["user"]["name"].as_str().unwrap_or_default();
        person == if who.is_empty() { "" } else { &name } && row["outcome"] == outcome
    });
    let counts: Vec<u64> = own.map(|row| row["count"].as_u64().unwrap()).collect();
    (counts.len(), counts.iter().sum())
}

#[rstest]
fn everybody_sees_what_is_in_their_reach_and_nobody_what_was_typed(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    for who in ["platform", "admin", "auditor", "stranger-admin", "editor"] {
        office.token(who);
    }
    assert_eq!(login(&office, &world::email("editor"), "sai"), 401);
    assert_eq!(login(&office, &world::email("editor"), "sai nữa"), 401);
    assert_eq!(login(&office, &world::email("stranger"), "sai"), 401);
    assert_eq!(login(&office, TYPED, "x"), 401);
    assert_eq!(login(&office, "khong-co@loa.example.vn", PASSWORD), 401);
    for (who, sees) in [
        ("platform", [true, true, true]),
        ("admin", [true, false, false]),
        ("auditor", [true, false, false]),
        ("stranger-admin", [false, true, false]),
    ] {
        let rows = history(&office, who, "count=true&page%5Bsize%5D=100");
        let found = ["editor", "stranger", ""].map(|name| of(&rows, name, "failed").1);
        let expected = sees.map(u64::from);
        assert_eq!(
            found,
            [2 * expected[0], expected[1], 2 * expected[2]],
            "{who}: {rows:?}"
        );
        for row in &rows {
            assert_eq!(row["address"], "127.0.0.1", "{row}");
            assert!(row["user_agent"].as_str().unwrap().len() <= 200, "{row}");
        }
    }
    let rows = history(&office, "platform", "");
    assert_eq!(
        of(&rows, "editor", "failed"),
        (1, 2),
        "one row a minute: {rows:?}"
    );
    assert!(of(&rows, "platform", "succeeded").1 > 0, "{rows:?}");
    let own = office
        .get("editor", "/api/v1/auth/sign-ins")
        .expect_status(200);
    let own = own.json()["data"].as_array().unwrap().clone();
    assert_eq!(of(&own, "editor", "failed"), (1, 2));
    assert_eq!(of(&own, "editor", "succeeded").1, 1);
    assert!(
        own.iter().all(|row| row["user"]["name"] == "Người editor"),
        "{own:?}"
    );
    let mut sql = office.app.database().sql();
    for row in sql.dump("sign_ins") {
        let typed = [TYPED, "sai", "khong-co", "loa.example.vn"];
        assert!(!typed.iter().any(|text| row.contains(text)), "{row}");
    }
}

#[rstest]
fn filters_choose_and_refuse(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    for _ in 0..3 {
        login(&office, &world::email("editor"), "sai");
        login(&office, &world::email("chief"), "sai");
        office.app.clock.advance(TimeDelta::minutes(1));
    }
    let editor = office.world.people["editor"];
    let rows = history(&office, "admin", &format!("filter%5Buser%5D={editor}"));
    assert_eq!(of(&rows, "editor", "failed"), (3, 3));
    assert_eq!(rows.len(), 3, "{rows:?}");
    let rows = history(&office, "admin", "filter%5Boutcome%5D=succeeded,refused");
    assert!(
        rows.iter().all(|row| row["outcome"] == "succeeded"),
        "{rows:?}"
    );
    let now = office.app.app.now();
    let from = now.before(TimeDelta::minutes(2));
    let query = format!("filter%5Bat%5D%5Bgte%5D={from}&filter%5Boutcome%5D=failed");
    assert_eq!(history(&office, "admin", &query).len(), 4);
    let query = format!("filter%5Bat%5D%5Blte%5D={from}&filter%5Boutcome%5D=failed");
    assert_eq!(
        history(&office, "admin", &query).len(),
        4,
        "the one at that moment is in both"
    );
    // Newest first, page by page, each row once.
    let (mut path, mut seen) = (
        "/api/v1/admin/sign-ins?page%5Bsize%5D=2".to_owned(),
        Vec::new(),
    );
    loop {
        let answer = office.get("admin", &path).expect_status(200).json();
        seen.extend(answer["data"].as_array().unwrap().clone());
        let Some(next) = answer["page"]["next"].as_str() else {
            break;
        };
        path = format!("/api/v1/admin/sign-ins?page%5Bsize%5D=2&page%5Bafter%5D={next}");
    }
    let mut ids: Vec<&str> = seen.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert!(ids.len() >= 6, "{seen:?}");
    assert!(
        seen.is_sorted_by(|a, b| a["at"].as_str() >= b["at"].as_str()),
        "{seen:?}"
    );
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), seen.len());
    for bad in ["user%5D=x", "outcome%5D=won", "at%5D%5Bgte%5D=yesterday"] {
        let path = format!("/api/v1/admin/sign-ins?filter%5B{bad}");
        office
            .get("admin", &path)
            .expect_problem(400, "parameter_invalid");
    }
    // Another's person is as nobody.
    let stranger = office.world.people["stranger"];
    let rows = history(&office, "admin", &format!("filter%5Buser%5D={stranger}"));
    assert_eq!(rows, Vec::<Value>::new());
}

#[rstest]
fn a_flood_is_a_few_rows_and_what_is_old_is_forgotten(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let rows = || office.app.database().sql().dump("sign_ins").len();
    for n in 0..60 {
        login(&office, &world::email("chief"), "sai");
        login(&office, &format!("nguoi-{n}@loa.example.vn"), "sai");
        if n % 20 == 0 {
            office.app.app.write_sign_ins().unwrap();
        }
    }
    office.app.app.write_sign_ins().unwrap();
    // Two outcomes of an account, and two of no account.
    assert!(rows() <= 4, "{}", rows());
    let year = TimeDelta::days(365);
    assert_eq!(office.app.app.forget_sign_ins(year).unwrap(), (0, false));
    office.app.clock.advance(year + TimeDelta::minutes(1));
    let before = rows();
    assert_eq!(
        office.app.app.forget_sign_ins(year).unwrap(),
        (before, false)
    );
    assert_eq!(rows(), 0);
}
