//! Single reads by slug, id and path: live, moved, withdrawn, in another language.

use loa_domain::content::ContentKind;
use loa_domain::entry::WithdrawKind;
use loa_domain::ids::SiteId;
use loa_domain::locale::Locale;
use loa_domain::published::{PublicWithdrawal, PublishedEntry};
use loa_store::delivery::documents::{Found, by_id, by_slug, in_any_language, live};
use loa_store::delivery::paths::resolve;
use loa_store::delivery::sites;
use loa_store::{Store, published};

use crate::{database, seed};

fn slug(store: &Store, site: SiteId, kind: ContentKind, slug: &str) -> Option<Found> {
    store
        .read(|conn| by_slug(conn, site, &seed::vi(), kind, slug))
        .unwrap()
}

fn path(store: &Store, site: SiteId, path: &str) -> Option<Found> {
    store.read(|conn| resolve(conn, site, path)).unwrap()
}

fn is_live(found: Option<Found>, entry: &PublishedEntry) -> bool {
    matches!(found, Some(Found::Live(live))
        if live.document == entry.document && live.place.entry == entry.entry)
}

#[test]
fn a_public_entry_comes_with_its_site_in_one_query() {
    database::each(|database| {
        let store = &database.store;
        let site = seed::one_site(store);
        let entry = seed::entry(site, 1);
        seed::publish(store, std::slice::from_ref(&entry));
        let own = store.read(|conn| sites::find(conn, "hai-tien")).unwrap();
        let own = own.unwrap();
        let read = |site: &str, locale: Option<&str>, kind, slug: &str| {
            let locale: Option<Locale> = locale.map(|tag| tag.parse().unwrap());
            let found = store.read(|conn| live(conn, site, locale.as_ref(), kind, slug));
            found.unwrap()
        };
        for locale in [None, Some("vi")] {
            let (site, found) = read(&own.slug, locale, ContentKind::Article, "bai-1").unwrap();
            assert_eq!(site, own);
            assert_eq!(found.document, entry.document);
            assert_eq!(found.place.entry, entry.entry);
        }
        for (site, locale, kind, slug) in [
            ("khong-co", None, ContentKind::Article, "bai-1"),
            (own.slug.as_str(), Some("en"), ContentKind::Article, "bai-1"),
            (own.slug.as_str(), None, ContentKind::Page, "bai-1"),
            (own.slug.as_str(), None, ContentKind::Article, "bai-2"),
        ] {
            assert_eq!(read(site, locale, kind, slug), None, "{site} {slug}");
        }
    });
}

#[test]
fn an_old_address_leads_to_the_new_one_and_an_ended_one_says_why() {
    database::each(|database| {
        let store = &database.store;
        let site = seed::one_site(store);
        let mut entry = seed::entry(site, 1);
        seed::publish(store, std::slice::from_ref(&entry));
        assert!(is_live(
            slug(store, site, ContentKind::Article, "bai-1"),
            &entry
        ));
        assert!(is_live(path(store, site, "/tin-tuc/bai-1"), &entry));
        assert_eq!(slug(store, site, ContentKind::Page, "bai-1"), None);
        assert_eq!(slug(store, site, ContentKind::Article, "bai-2"), None);

        entry.slug = "bai-moi".to_owned();
        entry.path = "/tin-tuc/bai-moi".to_owned();
        seed::publish(store, std::slice::from_ref(&entry));
        for found in [
            slug(store, site, ContentKind::Article, "bai-1"),
            path(store, site, "/tin-tuc/bai-1"),
        ] {
            let Some(Found::Moved(place)) = found else {
                panic!("not moved: {found:?}");
            };
            assert_eq!(
                (place.slug, place.entry),
                ("bai-moi".to_owned(), entry.entry)
            );
        }
        assert_eq!(slug(store, site, ContentKind::Page, "bai-1"), None);

        let withdrawal = PublicWithdrawal {
            kind: WithdrawKind::Notice,
            reason: Some("Sai số liệu".to_owned()),
            redirect_to: None,
            at: seed::moment(),
        };
        seed::write(store, |tx| {
            published::remove(tx, site, entry.entry)?;
            published::set_withdrawal(tx, site, entry.entry, Some(&withdrawal))
        });
        let gone = Some(Found::Withdrawn(withdrawal));
        for address in ["bai-1", "bai-moi"] {
            assert_eq!(slug(store, site, ContentKind::Article, address), gone);
            assert_eq!(path(store, site, &format!("/tin-tuc/{address}")), gone);
        }
        let found = store.read(|conn| by_id(conn, site, entry.entry)).unwrap();
        assert_eq!(found, gone);
        assert_eq!(path(store, seed::id(2, 9), "/tin-tuc/bai-1"), None);
    });
}

#[test]
fn a_slug_of_another_language_leads_to_the_wanted_translation() {
    database::each(|database| {
        let store = &database.store;
        let site = seed::one_site(store);
        let (en, fr): (Locale, Locale) = ("en".parse().unwrap(), "fr".parse().unwrap());
        let vietnamese = seed::entry(site, 1);
        let mut english = seed::entry(site, 2);
        english.locale = en.clone();
        english.translation_group = vietnamese.translation_group;
        let mut french = seed::entry(site, 3);
        french.locale = fr.clone();
        seed::publish(
            store,
            &[vietnamese.clone(), english.clone(), french.clone()],
        );
        let languages = [seed::vi(), en.clone(), fr.clone()];
        let find = |slug: &str, wanted: &Locale| {
            let preferred = [wanted, &languages[0]];
            store
                .read(|conn| {
                    let kind = ContentKind::Article;
                    in_any_language(
                        conn,
                        site,
                        &languages,
                        kind,
                        slug,
                        (preferred, seed::moment()),
                    )
                })
                .unwrap()
                .map(|live| live.place.entry)
        };
        assert_eq!(find("bai-1", &en), Some(english.entry));
        assert_eq!(find("bai-2", &fr), Some(vietnamese.entry));
        assert_eq!(find("bai-3", &en), Some(french.entry));
        assert_eq!(find("bai-4", &en), None);
    });
}
