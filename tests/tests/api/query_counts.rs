//! How many queries a list takes does not depend on how long it is.

use loa_app::editorial::{EntryAddress, WorkingFilter};
use loa_app::{Error, fresh_id};
use loa_domain::paging::{Page, PageAsk, Start};
use loa_domain::people::{User, UserStatus};
use loa_domain::sign_in::{SignIn, SignInFilter, SignInOutcome};
use loa_domain::site::{Site, SiteStatus};
use loa_domain::unit::{Unit, UnitKind};
use loa_store::delivery::sites::SiteFilter;
use loa_store::units::UnitFilter;
use loa_store::{Order, Tx, Written, allowed_hosts, settings, sign_ins, sites, units, users};
use loa_testkit::{Backend, statements};
use rstest::rstest;
use serde_json::json;

use crate::desk::{Office, saving};

/// As many of everything.
const MANY: u32 = 50;

/// Reads a page of one and a page of many, and compares the queries.
#[track_caller]
fn same<T>(what: &str, list: impl Fn(&PageAsk) -> Result<Page<T>, Error>) {
    let queries = [1, MANY].map(|size| {
        let ask = PageAsk {
            size,
            start: Start::First,
            count: true,
        };
        let (page, heard) = statements::of(|| list(&ask).unwrap());
        assert_eq!(page.items.len(), size as usize, "{what}");
        heard
    });
    assert_eq!(
        queries[0].len(),
        queries[1].len(),
        "{what}: {:#?}",
        queries[1]
    );
    assert!(!queries[0].is_empty(), "{what}");
}

/// A site, a unit, a person and a try to sign in more.
fn more(tx: &mut Tx<'_>, office: &Office, n: u32) -> Result<(), loa_store::Error> {
    let now = office.app.app.now();
    let unit = Unit {
        id: fresh_id(now),
        code: format!("{:05}", 20_000 + n),
        name: format!("Xã {n}"),
        kind: UnitKind::Commune,
        parent: Some(office.world.units["37"]),
        valid_from: now.day(),
        valid_to: None,
        version: 1,
    };
    units::insert(tx, &unit, now)?;
    let old = office.world.sites["hai-tien"];
    let model = sites::get(tx, old)?.unwrap();
    let site = Site {
        id: fresh_id(now),
        unit: unit.id,
        slug: format!("xa-{n}"),
        status: SiteStatus::Active,
        successor: n.is_multiple_of(2).then_some(old),
        ..model
    };
    sites::insert(tx, &site, now)?;
    let mut own = settings::get(tx, old)?;
    own.site = site.id;
    settings::insert(tx, &own, now)?;
    allowed_hosts::system_give(tx, site.id, &[format!("xa-{n}.example.vn")], now)?;
    let tried = SignIn {
        id: fresh_id(now),
        user: Some(office.world.people["editor"]),
        outcome: SignInOutcome::Failed,
        address: None,
        user_agent: String::new(),
        count: 1,
        at: now,
        last_at: now,
    };
    sign_ins::put(tx, &tried)?;
    users::insert(
        tx,
        &User {
            id: fresh_id(now),
            email: format!("nguoi-{n}@loa.example.vn"),
            name: format!("Người {n}"),
            status: UserStatus::Active,
            has_password: false,
            created_by: None,
            created_at: now,
            version: 1,
        },
    )
}

fn fill(office: &Office) {
    let app = &office.app.app;
    for n in 0..MANY {
        let made = app
            .store()
            .write(app.now(), |tx| more(tx, office, n).map(Written::quiet));
        made.unwrap();
        let who = ["contributor", "other-contributor", "editor"][n as usize % 3];
        let seen = office.draft(who, &format!("Bài {n}"));
        if n.is_multiple_of(5) {
            let editor = office.world.people["editor"];
            let seen = office.act(who, &seen, "submit", &json!({}));
            office.act("editor", &seen, "assign", &json!({"user_id": editor}));
        }
    }
}

#[rstest]
fn a_page_of_fifty_takes_as_many_queries_as_a_page_of_one(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    statements::listen();
    let Some(office) = Office::open(backend) else {
        return;
    };
    fill(&office);
    let app = &office.app.app;
    let [chief, platform, auditor] =
        ["province-chief", "platform", "auditor"].map(|who| office.actor(who));
    let all = WorkingFilter::default();
    same("working list", |ask| {
        app.editorial().list(&chief, &all, ask)
    });
    let of_site = WorkingFilter {
        sites: vec!["hai-tien".to_owned()],
        ..WorkingFilter::default()
    };
    same("working list of a site", |ask| {
        app.editorial().list(&auditor, &of_site, ask)
    });
    same("sites", |ask| app.admin().list_sites(&platform, ask));
    same("people", |ask| app.admin().list_users(&platform, ask));
    same("units", |ask| {
        app.admin().list_units(&UnitFilter::default(), false, ask)
    });
    same("audit", |ask| {
        app.admin().list_audit(&auditor, Some("hai-tien"), ask)
    });
    let any = SignInFilter::default();
    same("sign-ins", |ask| {
        app.admin().list_sign_ins(&auditor, &any, ask)
    });
    same("public sites", |ask| {
        let sites = app
            .delivery()
            .list_sites(SiteFilter::default(), Order::Ascending, ask);
        sites.map(|answer| answer.value)
    });
}

#[rstest]
fn a_long_history_takes_as_many_queries_as_a_short_one(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    statements::listen();
    let Some(office) = Office::open(backend) else {
        return;
    };
    let mut seen = office.draft("contributor", "Bài 0");
    for n in 1..MANY {
        // By turns, so that there are several names to look up.
        let who = ["editor", "contributor"][n as usize % 2];
        seen = office.save(who, &seen, &saving(&format!("Bài {n}")));
    }
    let mut open = seen.clone();
    for _ in 0..MANY / 2 {
        open = office.act("contributor", &open, "submit", &json!({}));
        open = office.act("contributor", &open, "recall", &json!({}));
    }
    let app = &office.app.app;
    let editor = office.actor("editor");
    let address = EntryAddress {
        site: seen.site.clone(),
        entry: seen.id.parse().unwrap(),
    };
    same("revisions", |ask| {
        app.editorial().revisions(&editor, &address, ask)
    });
    same("transitions", |ask| {
        app.editorial().transitions(&editor, &address, ask)
    });
}
