//! A province, its communes with their sites and sections, and people who may write everywhere.

use chrono::NaiveDate;
use loa_app::{App, fresh_id};
use loa_domain::ids::UserId;
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

use super::entry::id_of;
use crate::out::Outcome;

/// The password of all accounts.
pub(crate) const PASSWORD: &str = "mot mat khau dai de do toc do";
/// Writes and hands in.
pub(crate) const CONTRIBUTOR: &str = "contributor@bench.example.vn";
/// Approves and publishes.
pub(crate) const CHIEF: &str = "chief@bench.example.vn";

/// How many more contributors there are, for loads by many people.
pub(crate) const WRITERS: u64 = 8;

/// Email address of one of them, counted from zero.
pub(crate) fn writer(n: u64) -> String {
    format!("writer{n}@bench.example.vn")
}

const SECTIONS: &[(&str, Option<&str>, &str)] = &[
    ("tin-tuc", None, "Tin tức"),
    ("doi-song", Some("tin-tuc"), "Đời sống"),
    ("thong-bao", None, "Thông báo"),
    ("chuyen-doi-so", None, "Chuyển đổi số"),
];

/// A site with what its documents are made of.
pub(super) struct Ground {
    pub(super) site: Site,
    pub(super) settings: SiteSettings,
    pub(super) sections: Vec<Section>,
    /// Who wrote everything.
    pub(super) author: UserId,
    /// Who approved it.
    pub(super) chief: UserId,
}

/// Makes everything but the entries.
pub(super) fn make(app: &App, count: u32) -> Outcome<Vec<Ground>> {
    let now = app.now();
    let start = NaiveDate::from_ymd_opt(2020, 1, 1).ok_or("a day")?;
    let province = unit(0, "37", "Tỉnh Ninh Bình".to_owned(), None, start);
    let author = account(1, CONTRIBUTOR, now);
    let chief = account(2, CHIEF, now);
    let (author_id, chief_id) = (author.id, chief.id);
    let mut people = vec![(author, Role::Contributor), (chief, Role::ChiefEditor)];
    people.extend((0..WRITERS).map(|n| (account(3 + n, &writer(n), now), Role::Contributor)));
    let mut hashes = Vec::new();
    for (user, _) in &people {
        hashes.push(app.identity().system_hash_password(user, PASSWORD)?);
    }
    let grounds: Vec<(Unit, Ground)> = (1..=count)
        .map(|n| {
            let name = format!("Xã Số {n}");
            let unit = unit(n, &format!("9{n:04}"), name, Some(&province), start);
            let ground = ground(&unit, n, author_id, chief_id);
            (unit, ground)
        })
        .collect();
    app.store().write(now, |tx| {
        units::insert(tx, &province, now)?;
        for (unit, ground) in &grounds {
            units::insert(tx, unit, now)?;
            insert(tx, ground, now)?;
        }
        for ((user, role), hash) in people.iter().zip(&hashes) {
            users::insert(tx, user)?;
            users::set_password(tx, user.id, user.version, hash, now)?;
            let membership = Membership {
                id: fresh_id(now),
                user: user.id,
                role: *role,
                place: Place::Unit(province.id),
                sections: Vec::new(),
                created_at: now,
                version: 1,
            };
            memberships::insert(tx, &membership)?;
        }
        Ok::<_, Error>(Written::quiet(()))
    })?;
    Ok(grounds.into_iter().map(|(_, ground)| ground).collect())
}

fn insert(tx: &mut Tx<'_>, ground: &Ground, now: Moment) -> Result<(), Error> {
    sites::insert(tx, &ground.site, now)?;
    settings::insert(tx, &ground.settings, now)?;
    allowed_hosts::system_give(tx, ground.site.id, &ground.settings.hosts, now)?;
    for section in &ground.sections {
        sections::insert(tx, section, now)?;
    }
    Ok(())
}

fn unit(n: u32, code: &str, name: String, parent: Option<&Unit>, start: NaiveDate) -> Unit {
    Unit {
        id: id_of(1, u64::from(n), 0),
        code: code.to_owned(),
        name,
        kind: if parent.is_some() {
            UnitKind::Commune
        } else {
            UnitKind::Province
        },
        parent: parent.map(|unit| unit.id),
        valid_from: start,
        valid_to: None,
        version: 1,
    }
}

fn account(n: u64, email: &str, now: Moment) -> User {
    User {
        id: id_of(2, n, 0),
        email: email.to_owned(),
        name: format!("Người số {n}"),
        status: UserStatus::Active,
        has_password: false,
        created_by: None,
        created_at: now,
        version: 1,
    }
}

fn ground(unit: &Unit, n: u32, author: UserId, chief: UserId) -> Ground {
    let site = Site {
        id: id_of(3, u64::from(n), 0),
        unit: unit.id,
        slug: format!("xa-so-{n}"),
        title: text(&unit.name),
        status: SiteStatus::Active,
        successor: None,
        version: 1,
    };
    let settings = SiteSettings {
        site: site.id,
        default_locale: Locale::vietnamese(),
        locales: vec![Locale::vietnamese()],
        // The shortest way to a publication: it is what is measured, and not the way there.
        workflow_policy: WorkflowPolicy::OneStep,
        desk_reading: DeskReading::Site,
        contact: Contact::default(),
        hosts: vec![format!("xaso{n}.bench.example.vn")],
        version: 1,
    };
    let mut sections: Vec<Section> = Vec::new();
    for (position, (slug, parent, title)) in (0_i32..).zip(SECTIONS) {
        let above = parent.and_then(|slug| sections.iter().find(|other| other.slug == slug));
        sections.push(Section {
            id: id_of(4, u64::from(n), u64::from(position.unsigned_abs())),
            site: site.id,
            parent: above.map(|section| section.id),
            slug: (*slug).to_owned(),
            title: text(title),
            position,
            opens_on: None,
            closes_on: None,
            rule: None,
            slug_fixed: true,
            version: 1,
        });
    }
    Ground {
        site,
        settings,
        sections,
        author,
        chief,
    }
}

fn text(vi: &str) -> Localised {
    Localised::from([(Locale::vietnamese(), vi.to_owned())])
}
