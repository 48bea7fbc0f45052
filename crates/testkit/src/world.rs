//! A small province to test in: a province site and two communes with their boards.
//!
//! People and places are put into the database directly; whatever is tested is done over HTTP or
//! through use cases. Not for content.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use loa_app::App;
use loa_domain::ids::{MembershipId, SectionId, SiteId, UnitId, UserId};
use loa_domain::locale::Locale;
use loa_domain::people::{Membership, Place, Role, User, UserStatus};
use loa_domain::section::Section;
use loa_domain::site::{
    Contact, DeskReading, Localised, Site, SiteSettings, SiteStatus, WorkflowPolicy,
};
use loa_domain::time::Moment;
use loa_domain::unit::{Unit, UnitKind};
use loa_store::{
    Error, Tx, Written, allowed_hosts, memberships, sections, settings, sites, units, users,
};
use uuid::Uuid;

use crate::app::TestApp;
use crate::client::Client;

/// The password of everybody here.
pub const PASSWORD: &str = "một mật khẩu dài cho thử nghiệm";
/// Its hash, of lower cost than real ones: verifying reads the cost from the hash.
const PASSWORD_HASH: &str = include_str!("password_hash.txt");

/// Everybody, by a short name: (name, role, where).
pub const PEOPLE: &[(&str, Role, &str)] = &[
    ("contributor", Role::Contributor, "hai-tien"),
    ("other-contributor", Role::Contributor, "hai-tien"),
    ("news-contributor", Role::Contributor, "hai-tien/tin-tuc"),
    ("editor", Role::Editor, "hai-tien"),
    ("chief", Role::ChiefEditor, "hai-tien"),
    ("second-chief", Role::ChiefEditor, "hai-tien"),
    ("publisher", Role::Publisher, "hai-tien"),
    ("admin", Role::SiteAdmin, "hai-tien"),
    ("auditor", Role::Auditor, "hai-tien"),
    ("stranger", Role::ChiefEditor, "giao-thuy"),
    ("stranger-admin", Role::SiteAdmin, "giao-thuy"),
    ("province-chief", Role::ChiefEditor, "unit:37"),
    ("platform", Role::PlatformAdmin, ""),
    ("second-admin", Role::SiteAdmin, "hai-tien"),
    ("second-platform", Role::PlatformAdmin, ""),
];

/// Ids of what was made.
#[derive(Debug, Clone)]
pub struct World {
    /// Units by code.
    pub units: BTreeMap<String, UnitId>,
    /// Sites by slug.
    pub sites: BTreeMap<String, SiteId>,
    /// Sections by `site/slug`.
    pub sections: BTreeMap<String, SectionId>,
    /// People by short name.
    pub people: BTreeMap<String, UserId>,
}

/// Makes the province in the application's database.
///
/// # Panics
/// When it cannot be made.
pub fn build(app: &TestApp) -> World {
    build_in(&app.app)
}

/// Makes the province in the database of an application without a server.
///
/// # Panics
/// When it cannot be made.
pub fn build_in(app: &App) -> World {
    let now = app.now();
    let made = app.store().write(now, |tx| {
        let mut world = World {
            units: BTreeMap::new(),
            sites: BTreeMap::new(),
            sections: BTreeMap::new(),
            people: BTreeMap::new(),
        };
        places(tx, &mut world, now)?;
        people(tx, &mut world, now)?;
        Ok::<_, Error>(Written::quiet(world))
    });
    made.expect("the world is made")
}

/// An access token for a person of the world.
///
/// # Panics
/// When signing in fails.
pub fn token(app: &TestApp, name: &str) -> String {
    token_of(app.client(), name)
}

/// The same from any server that knows the world.
///
/// # Panics
/// When signing in fails.
pub fn token_of(server: &Client, name: &str) -> String {
    let answer = server
        .request("POST", "/api/v1/auth/login")
        .json(&serde_json::json!({"email": email(name), "password": PASSWORD}))
        .send()
        .expect_status(200);
    answer.data()["access_token"]
        .as_str()
        .expect("a token")
        .to_owned()
}

/// The email of a person of the world.
pub fn email(name: &str) -> String {
    format!("{name}@loa.example.vn")
}

fn fresh<Id: From<Uuid>>(n: u64) -> Id {
    // Fixed ids: snapshots may hold them, and two nodes of one test agree on them.
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(n)).into()
}

fn places(tx: &mut Tx<'_>, world: &mut World, now: Moment) -> Result<(), Error> {
    let start = NaiveDate::from_ymd_opt(2025, 7, 1).expect("a day");
    for (n, (code, name, kind, parent)) in [
        ("37", "Tỉnh Ninh Bình", UnitKind::Province, None),
        ("14218", "Xã Hải Tiến", UnitKind::Commune, Some("37")),
        ("14167", "Xã Giao Thủy", UnitKind::Commune, Some("37")),
    ]
    .into_iter()
    .enumerate()
    {
        let unit = Unit {
            id: fresh(100 + n as u64),
            code: code.to_owned(),
            name: name.to_owned(),
            kind,
            parent: parent.map(|code: &str| world.units[code]),
            valid_from: start,
            valid_to: None,
            version: 1,
        };
        units::insert(tx, &unit, now)?;
        world.units.insert(code.to_owned(), unit.id);
    }
    for (n, (slug, code, title, policy)) in [
        ("ninh-binh", "37", "Tỉnh Ninh Bình", WorkflowPolicy::TwoStep),
        ("hai-tien", "14218", "Xã Hải Tiến", WorkflowPolicy::TwoStep),
        (
            "giao-thuy",
            "14167",
            "Xã Giao Thủy",
            WorkflowPolicy::OneStep,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let id: SiteId = fresh(200 + n as u64);
        let site = Site {
            id,
            unit: world.units[code],
            slug: slug.to_owned(),
            title: texts(title, slug),
            status: SiteStatus::Active,
            successor: None,
            version: 1,
        };
        add_site(tx, &site, policy, now)?;
        world.sites.insert(slug.to_owned(), id);
        site_sections(tx, world, slug, 300 + 20 * n as u64, now)?;
    }
    Ok(())
}

fn add_site(
    tx: &mut Tx<'_>,
    site: &Site,
    policy: WorkflowPolicy,
    now: Moment,
) -> Result<(), Error> {
    sites::insert(tx, site, now)?;
    let hosts = vec![format!(
        "{}.ninhbinh.example.vn",
        site.slug.replace('-', "")
    )];
    let own = SiteSettings {
        site: site.id,
        default_locale: Locale::vietnamese(),
        locales: vec![Locale::vietnamese(), "en".parse().expect("a language")],
        workflow_policy: policy,
        desk_reading: DeskReading::Site,
        contact: Contact::default(),
        hosts: hosts.clone(),
        version: 1,
    };
    settings::insert(tx, &own, now)?;
    allowed_hosts::system_give(tx, site.id, &hosts, now)
}

fn site_sections(
    tx: &mut Tx<'_>,
    world: &mut World,
    site: &str,
    first: u64,
    now: Moment,
) -> Result<(), Error> {
    for (n, (slug, parent, vi, en)) in (0_i32..).zip([
        ("gioi-thieu", None, "Giới thiệu", "About"),
        ("tin-tuc", None, "Tin tức", "News"),
        ("doi-song", Some("tin-tuc"), "Đời sống", "Life"),
        ("thong-bao", None, "Thông báo", "Notices"),
    ]) {
        let section = Section {
            id: fresh(first + u64::from(n.unsigned_abs())),
            site: world.sites[site],
            parent: parent.map(|slug: &str| world.sections[&format!("{site}/{slug}")]),
            slug: slug.to_owned(),
            title: texts(vi, en),
            position: n,
            opens_on: None,
            closes_on: None,
            rule: None,
            slug_fixed: false,
            version: 1,
        };
        sections::insert(tx, &section, now)?;
        world.sections.insert(format!("{site}/{slug}"), section.id);
    }
    Ok(())
}

fn people(tx: &mut Tx<'_>, world: &mut World, now: Moment) -> Result<(), Error> {
    for (n, (name, role, place)) in (0_u64..).zip(PEOPLE) {
        let user = User {
            id: fresh(500 + n),
            email: email(name),
            name: format!("Người {name}"),
            status: UserStatus::Active,
            has_password: true,
            created_by: None,
            created_at: now,
            version: 1,
        };
        users::insert(tx, &user)?;
        users::set_password(tx, user.id, user.version, PASSWORD_HASH.trim(), now)?;
        let (site, section) = place.split_once('/').unwrap_or((place, ""));
        let membership = Membership {
            id: fresh::<MembershipId>(600 + n),
            user: user.id,
            role: *role,
            place: match site.strip_prefix("unit:") {
                Some(code) => Place::Unit(world.units[code]),
                None if site.is_empty() => Place::Platform,
                None => Place::Site(world.sites[site]),
            },
            sections: if section.is_empty() {
                Vec::new()
            } else {
                vec![world.sections[*place]]
            },
            created_at: now,
            version: 1,
        };
        memberships::insert(tx, &membership)?;
        world.people.insert((*name).to_owned(), user.id);
    }
    Ok(())
}

fn texts(vi: &str, en: &str) -> Localised {
    let en_tag: Locale = "en".parse().expect("a language");
    Localised::from([
        (Locale::vietnamese(), vi.to_owned()),
        (en_tag, en.to_owned()),
    ])
}
