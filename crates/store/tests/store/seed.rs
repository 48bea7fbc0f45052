//! Rows to read: a unit, sites and published entries whose sort keys have many ties.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use loa_domain::actor::{Desks, Sites};
use loa_domain::content::ContentKind;
use loa_domain::ids::{EntryId, RevisionId, SectionId, SiteId, TranslationGroupId, UnitId};
use loa_domain::locale::Locale;
use loa_domain::published::{Attribute, AttributeName, FORMAT, PublishedEntry, SortKeys};
use loa_domain::section::Section;
use loa_domain::site::{
    Contact, DeskReading, Localised, Site, SiteSettings, SiteStatus, WorkflowPolicy,
};
use loa_domain::time::Moment;
use loa_domain::unit::{Unit, UnitKind};
use loa_store::{
    Error, Store, Tx, Written, allowed_hosts, published, sections, settings, sites, units,
};
use uuid::Uuid;

pub(crate) fn moment() -> Moment {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn vi() -> Locale {
    Locale::vietnamese()
}

/// An id of whatever kind; `space` keeps numbers of different things apart.
pub(crate) fn id<Id: From<Uuid>>(space: u16, number: u64) -> Id {
    Uuid::from_u128((u128::from(space) << 112) | u128::from(number)).into()
}

pub(crate) fn write(store: &Store, mut work: impl FnMut(&mut Tx<'_>) -> Result<(), Error>) {
    store
        .write(moment(), |tx| work(tx).map(Written::quiet))
        .unwrap();
}

pub(crate) fn unit(
    number: u64,
    code: &str,
    parent: Option<u64>,
    from: &str,
    to: Option<&str>,
) -> Unit {
    Unit {
        id: id::<UnitId>(1, number),
        code: code.to_owned(),
        name: format!("Xã {number}"),
        kind: UnitKind::Commune,
        parent: parent.map(|parent| id(1, parent)),
        valid_from: day(from),
        valid_to: to.map(day),
        version: 1,
    }
}

pub(crate) fn site_of(number: u64, unit: u64, slug: &str, successor: Option<u64>) -> Site {
    Site {
        id: id::<SiteId>(2, number),
        unit: id(1, unit),
        slug: slug.to_owned(),
        title: Localised::from([(vi(), slug.to_owned())]),
        status: SiteStatus::Active,
        successor: successor.map(|successor| id(2, successor)),
        version: 1,
    }
}

pub(crate) fn add_site(tx: &mut Tx<'_>, site: &Site, hosts: &[&str]) -> Result<(), Error> {
    sites::insert(tx, site, moment())?;
    let value = SiteSettings {
        site: site.id,
        default_locale: vi(),
        locales: vec![vi(), "en".parse().unwrap()],
        workflow_policy: WorkflowPolicy::OneStep,
        desk_reading: DeskReading::Site,
        contact: Contact::default(),
        hosts: Vec::new(),
        version: 1,
    };
    settings::insert(tx, &value, moment())?;
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    allowed_hosts::system_give(tx, site.id, &hosts, moment())
}

/// A unit with one site, number 1 both, and its section.
pub(crate) fn one_site(store: &Store) -> SiteId {
    let site = site_of(1, 1, "hai-tien", None);
    write(store, |tx| {
        units::insert(tx, &unit(1, "14218", None, "2025-07-01", None), moment())?;
        add_site(tx, &site, &["hai-tien.vn"])?;
        let section = Section {
            id: id::<SectionId>(3, 1),
            site: site.id,
            parent: None,
            slug: "tin-tuc".to_owned(),
            title: Localised::from([(vi(), "Tin tức".to_owned())]),
            position: 1,
            opens_on: None,
            closes_on: None,
            rule: None,
            slug_fixed: true,
            version: 1,
        };
        sections::insert(tx, &section, moment())
    });
    site.id
}

/// Entry number `n`: sort keys repeat, every tenth is a page, every other one is tagged `half`.
pub(crate) fn entry(site: SiteId, n: u64) -> PublishedEntry {
    let step = |by: u64| TimeDelta::minutes(i64::try_from(n / by).unwrap());
    let attribute = |name, value: &str| Attribute {
        name,
        value: value.to_owned(),
    };
    let mut attributes = vec![attribute(AttributeName::Section, "tin-tuc")];
    for (every, section, tag) in [
        (2, "tin-xa", "half"),
        (3, "tin-thon", "third"),
        (1_000, "hiem", "rare"),
    ] {
        if n.is_multiple_of(every) {
            attributes.push(attribute(AttributeName::Section, section));
        }
        if (n + 1).is_multiple_of(every) {
            attributes.push(attribute(AttributeName::Tag, tag));
        }
    }
    PublishedEntry {
        site,
        entry: id::<EntryId>(4, n),
        origin: site,
        kind: if n % 10 == 9 {
            ContentKind::Page
        } else {
            ContentKind::Article
        },
        locale: vi(),
        translation_group: id::<TranslationGroupId>(5, n),
        section: id(3, 1),
        slug: format!("bai-{n}"),
        path: format!("/tin-tuc/bai-{n}"),
        revision: id::<RevisionId>(6, n),
        edition: 1,
        sort: SortKeys {
            // Against the order of ids, so that ties are broken by nothing else.
            first_published_at: moment().before(step(7)),
            public_updated_at: moment().after(step(3)),
            title: format!("title {:03}", n * 7 % 100),
        },
        updated_at: moment(),
        expire_at: None,
        format: FORMAT,
        document: format!("{{\"id\":\"{n}\",\"content\":{{}}}}"),
        card: format!("{{\"id\":\"{n}\"}}"),
        attributes,
    }
}

pub(crate) fn publish(store: &Store, entries: &[PublishedEntry]) {
    for chunk in entries.chunks(1_000) {
        write(store, |tx| {
            for entry in chunk {
                published::replace(tx, entry)?;
                published::add_path(tx, entry)?;
            }
            Ok(())
        });
    }
}

/// Everything of these sites.
pub(crate) fn whole(sites: Sites) -> Desks {
    Desks {
        sites,
        limited: BTreeMap::new(),
    }
}
