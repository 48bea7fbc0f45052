//! Sites and units as readers see them.

use loa_domain::change::{ChangeKind, NewChange, SubjectKind};
use loa_domain::paging::{PageAsk, Start};
use loa_domain::unit::Succession;
use loa_store::delivery::sites::{SiteFilter, find, find_by_host, get, list};
use loa_store::delivery::units::periods;
use loa_store::{Error, Order, Store, Written, units};
use loa_testkit::statements;

use crate::{database, seed};

/// Province 1 holds district 2 (ended) and commune 3; unit 4 was in the district. Sites 1 and 2
/// belong to 3 and 4; the second was taken over by the first. Site 3 is of another province.
fn province(store: &Store) {
    seed::write(store, |tx| {
        for unit in [
            seed::unit(1, "37", None, "2000-01-01", None),
            seed::unit(2, "366", Some(1), "2000-01-01", Some("2025-07-01")),
            seed::unit(3, "14218", Some(1), "2025-07-01", None),
            seed::unit(4, "14218", Some(2), "2000-01-01", Some("2025-07-01")),
            seed::unit(5, "38", None, "2000-01-01", None),
        ] {
            units::insert(tx, &unit, seed::moment())?;
        }
        let succession = Succession {
            id: seed::id(7, 1),
            predecessor: seed::id(1, 4),
            successor: seed::id(1, 3),
            on: seed::day("2025-07-01"),
            legal_basis: "Nghị quyết 1674/NQ-UBTVQH15".to_owned(),
        };
        units::insert_succession(tx, &succession)?;
        seed::add_site(
            tx,
            &seed::site_of(1, 3, "hai-tien", None),
            &["a.vn", "b.vn"],
        )?;
        seed::add_site(tx, &seed::site_of(2, 4, "con", Some(1)), &["c.vn"])?;
        seed::add_site(tx, &seed::site_of(3, 5, "an-bien", None), &[])
    });
}

fn slugs(store: &Store, filter: &SiteFilter, order: Order) -> Vec<String> {
    let ask = PageAsk {
        size: 20,
        start: Start::First,
        count: true,
    };
    let (page, heard) =
        statements::of(|| store.read(|conn| list(conn, filter, order, &ask)).unwrap());
    assert!(heard.len() <= 12, "{heard:?}");
    let total = u64::try_from(page.items.len()).unwrap();
    assert_eq!(page.total.map(|total| total.total), Some(total));
    page.items
        .into_iter()
        .map(|found| found.site.slug)
        .collect()
}

#[test]
fn sites_are_found_by_host_and_units_above_them() {
    statements::listen();
    database::each(|database| {
        let store = &database.store;
        province(store);
        let all = SiteFilter::default();
        let by = |host: Option<&str>, unit: Option<&str>, province: Option<&str>| SiteFilter {
            host: host.map(ToOwned::to_owned),
            unit_code: unit.map(ToOwned::to_owned),
            province_code: province.map(ToOwned::to_owned),
        };
        assert_eq!(
            slugs(store, &all, Order::Ascending),
            ["an-bien", "con", "hai-tien"]
        );
        assert_eq!(
            slugs(store, &all, Order::Descending),
            ["hai-tien", "con", "an-bien"]
        );
        let sorted = |filter: SiteFilter| slugs(store, &filter, Order::Ascending);
        assert_eq!(sorted(by(Some("b.vn"), None, None)), ["hai-tien"]);
        assert_eq!(sorted(by(None, Some("14218"), None)), ["con", "hai-tien"]);
        assert_eq!(sorted(by(None, None, Some("37"))), ["con", "hai-tien"]);
        assert_eq!(sorted(by(None, None, Some("38"))), ["an-bien"]);
        // A district is no province.
        assert!(sorted(by(None, None, Some("366"))).is_empty());
        assert!(sorted(by(Some("c.vn"), None, Some("38"))).is_empty());
    });
}

#[test]
fn a_site_knows_those_before_and_after_it() {
    database::each(|database| {
        let store = &database.store;
        province(store);
        let new = store.read(|conn| get(conn, "hai-tien")).unwrap().unwrap();
        assert_eq!(new.settings.hosts, ["a.vn", "b.vn"]);
        assert_eq!(new.unit.id, seed::id(1, 3));
        assert_eq!(new.successor, None);
        assert_eq!(new.predecessors.len(), 1);
        let old = store.read(|conn| get(conn, "con")).unwrap().unwrap();
        assert_eq!(
            old.successor.map(|site| site.slug).as_deref(),
            Some("hai-tien")
        );
        assert!(old.predecessors.is_empty());
        assert_eq!(store.read(|conn| get(conn, "khong-co")).unwrap(), None);
    });
}

#[test]
fn a_site_comes_with_its_own_sequence() {
    database::each(|database| {
        let store = &database.store;
        province(store);
        let sequence = |slug: &str| {
            let found = store.read(|conn| find(conn, slug)).unwrap();
            found.unwrap().sequence
        };
        assert_eq!(sequence("hai-tien"), 0);
        let change = |site| NewChange {
            site: Some(seed::id(2, site)),
            subject: SubjectKind::Site,
            subject_id: "x".to_owned(),
            kind: ChangeKind::Updated,
        };
        for site in [1, 2] {
            store
                .write(seed::moment(), |_| {
                    Ok::<_, Error>(Written {
                        value: (),
                        changes: vec![change(site)],
                        audit: Vec::new(),
                    })
                })
                .unwrap();
        }
        assert_eq!((sequence("hai-tien"), sequence("con")), (1, 2));
        let by_host = store.read(|conn| find_by_host(conn, "c.vn")).unwrap();
        assert_eq!(by_host.map(|site| site.slug).as_deref(), Some("con"));
        assert_eq!(store.read(|conn| find_by_host(conn, "x.vn")).unwrap(), None);
    });
}

#[test]
fn a_code_has_all_its_periods_with_what_came_before_and_after() {
    database::each(|database| {
        let store = &database.store;
        province(store);
        let found = store.read(|conn| periods(conn, "14218")).unwrap();
        let [old, new] = &found[..] else {
            panic!("two periods: {found:?}");
        };
        assert_eq!(old.successors[0].unit, new.unit);
        assert_eq!(new.predecessors[0].unit, old.unit);
        assert_eq!(
            new.parent.as_ref().map(|unit| unit.code.as_str()),
            Some("37")
        );
        assert!(old.predecessors.is_empty() && new.successors.is_empty());
        assert!(store.read(|conn| periods(conn, "0")).unwrap().is_empty());
    });
}
