//! Who may, and that it takes two; what is refused leaves nothing behind.

use loa_app::Error;
use loa_app::editorial::{ExpungeRequest, ExpungeWhat};
use loa_domain::ids::ExpunctionId;
use loa_testkit::{Ledger, world};
use serde_json::json;

use super::{NUMBER, ask, confirm, holding, leaky, number, on_each};
use crate::desk::{Office, Seen, article, saving};

fn leaked(office: &Office) -> Seen {
    Seen::of(
        &office
            .create("contributor", &leaky("Thẻ"))
            .expect_status(201),
    )
}

/// Asks for the number to be taken away.
fn asked(office: &Office, who: &str, entry: &Seen) -> ExpunctionId {
    ask(office, who, entry, number()).unwrap().expunction.id
}

#[track_caller]
fn conflict<T: std::fmt::Debug>(result: Result<T, Error>, wanted: &str) {
    match result {
        Err(Error::StateConflict(reason)) => assert_eq!(reason, wanted),
        other => panic!("{wanted}: {other:?}"),
    }
}

#[test]
fn one_person_is_not_enough() {
    on_each(|office| {
        let entry = leaked(office);
        let asked = ask(office, "chief", &entry, number()).unwrap();
        let id = asked.expunction.id;
        let mut ledger = Ledger::of(office.app.database());
        let before = ledger.tally();
        conflict(confirm(office, "chief", id), "same_person");
        for (who, forbidden) in [
            ("contributor", true),
            ("editor", true),
            ("publisher", true),
            ("auditor", true),
            ("stranger", false),
            ("stranger-admin", false),
        ] {
            let refused = confirm(office, who, id);
            let asked = ask(office, who, &entry, number());
            if forbidden {
                assert!(matches!(refused, Err(Error::Forbidden)), "{who}");
                assert!(matches!(asked, Err(Error::Forbidden)), "{who}");
            } else {
                assert!(matches!(refused, Err(Error::NotFound)), "{who}");
                assert!(matches!(asked, Err(Error::NotFound)), "{who}");
            }
        }
        assert_eq!(ledger.tally(), before, "nothing was written");
        confirm(office, "platform", id).unwrap();
        assert_eq!(holding(office, NUMBER), Vec::<String>::new());
    });
}

#[test]
fn what_is_unknown_or_not_there_is_refused() {
    on_each(|office| {
        let entry = leaked(office);
        let mut ledger = Ledger::of(office.app.database());
        let before = ledger.tally();
        let nothing = ExpungeWhat::Containing("không có ở đâu".to_owned());
        conflict(ask(office, "chief", &entry, nothing), "nothing_to_expunge");
        let unknown = ask(office, "chief", &entry, ExpungeWhat::Revision(9));
        assert!(matches!(unknown, Err(Error::NotFound)));
        let short = ExpungeWhat::Containing(" 12 ".to_owned());
        assert!(matches!(
            ask(office, "chief", &entry, short),
            Err(Error::Invalid(_))
        ));
        let mut nobody = entry.clone();
        nobody.id = "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b".to_owned();
        let unknown = ask(office, "platform", &nobody, number());
        assert!(matches!(unknown, Err(Error::NotFound)));
        for reason in ["", "  ", &format!("vì số {NUMBER}"), &"x".repeat(501)] {
            let request = ExpungeRequest {
                entry: entry.id.parse().unwrap(),
                what: number(),
                reason: reason.to_owned(),
            };
            let editorial = office.app.app.editorial();
            let refused = editorial.request_expunction(&office.actor("chief"), &request);
            assert!(matches!(refused, Err(Error::Invalid(_))), "{reason}");
        }
        let id = nobody.id.parse().unwrap();
        assert!(matches!(confirm(office, "admin", id), Err(Error::NotFound)));
        assert_eq!(ledger.tally(), before, "nothing was written");
    });
}

#[test]
fn what_changed_meanwhile_is_asked_for_again() {
    on_each(|office| {
        let entry = leaked(office);
        let id = asked(office, "chief", &entry);
        let entry = office.save("contributor", &entry, &saving("Đã sửa"));
        conflict(confirm(office, "admin", id), "entry_changed");
        // A translation that came later may hold it too.
        let id = asked(office, "chief", &entry);
        let mut english = article("English");
        english["locale"] = json!("en");
        english["translation_of"] = json!(entry.id);
        office.create("contributor", &english).expect_status(201);
        conflict(confirm(office, "admin", id), "entry_changed");
        assert!(!holding(office, NUMBER).is_empty());
        let id = asked(office, "chief", &entry);
        confirm(office, "admin", id).unwrap();
        assert_eq!(holding(office, NUMBER), Vec::<String>::new());
    });
}

#[test]
fn a_confirmation_is_done_once_and_the_cleaning_until_it_is_done() {
    on_each(|office| {
        let entry = leaked(office);
        let id = asked(office, "chief", &entry);
        confirm(office, "admin", id).unwrap();
        let version = office.read("admin", &entry).data["version"].clone();
        // As if the process had died between the two.
        let mut sql = office.app.database().sql();
        sql.execute("UPDATE expunctions SET cleaned_at = NULL");
        let mut ledger = Ledger::of(office.app.database());
        let before = ledger.tally();
        let again = confirm(office, "platform", id).unwrap();
        assert!(again.view.expunction.cleaned_at.is_some());
        assert_eq!(again.view.decided_by.as_deref(), Some("Người admin"));
        assert_eq!(ledger.tally(), before);
        assert_eq!(office.read("admin", &entry).data["version"], version);
    });
}

#[test]
fn a_request_is_taken_back() {
    on_each(|office| {
        let entry = leaked(office);
        let id = asked(office, "chief", &entry);
        let editorial = office.app.app.editorial();
        let cancel = |who| editorial.cancel_expunction(&office.actor(who), id);
        assert!(matches!(cancel("editor"), Err(Error::Forbidden)));
        cancel("chief").unwrap();
        conflict(cancel("chief"), "expunction_decided");
        conflict(confirm(office, "admin", id), "expunction_decided");
        let listed = editorial.system_expunctions().unwrap();
        assert_eq!(listed[0].expunction.state.as_str(), "cancelled");
        assert!(!holding(office, NUMBER).is_empty());
    });
}

/// A right that is limited to sections has to cover them all.
#[test]
fn sections_count() {
    on_each(|office| {
        let entry = leaked(office);
        let membership = "UPDATE memberships SET role = 'chief_editor' WHERE user_id = ";
        let person = office.world.people["news-contributor"];
        let mut sql = office.app.database().sql();
        sql.execute(&format!("{membership}'{person}'"));
        ask(office, "news-contributor", &entry, number()).unwrap();
        let mut elsewhere = leaky("Thông báo");
        elsewhere["section"] = json!("thong-bao");
        let elsewhere = Seen::of(&office.create("contributor", &elsewhere).expect_status(201));
        let refused = ask(office, "news-contributor", &elsewhere, number());
        assert!(matches!(refused, Err(Error::Forbidden)));
        let id = asked(office, "chief", &elsewhere);
        let refused = confirm(office, "news-contributor", id);
        assert!(matches!(refused, Err(Error::Forbidden)));
    });
}

#[test]
fn whoever_acts_proves_who_they_are() {
    on_each(|office| {
        let identity = office.app.app.identity();
        let chief = world::email("chief");
        let proved = identity.prove(&chief, world::PASSWORD).unwrap();
        assert_eq!(proved, office.actor("chief"));
        let refused = |email: &str, password: &str| {
            matches!(
                identity.prove(email, password),
                Err(Error::CredentialsInvalid)
            )
        };
        assert!(refused("nobody@loa.example.vn", world::PASSWORD));
        let admin = world::email("admin");
        let mut sql = office.app.database().sql();
        sql.execute(&format!(
            "UPDATE users SET status = 'suspended' WHERE email = '{admin}'"
        ));
        assert!(refused(&admin, world::PASSWORD));
        for _ in 0..5 {
            assert!(refused(&chief, "sai"));
        }
        let after = identity.prove(&chief, world::PASSWORD);
        assert!(
            matches!(after, Err(Error::TooManyRequests { .. })),
            "failures count"
        );
    });
}

#[test]
fn a_changed_record_of_the_trail_is_not_made_good() {
    on_each(|office| {
        let live = office.publish(&leaked(office));
        let told = json!({"kind": "notice", "reason": format!("Có số {NUMBER}")});
        let live = office.act("publisher", &live, "withdraw", &told);
        let id = asked(office, "chief", &live);
        let mut sql = office.app.database().sql();
        sql.execute("UPDATE audit SET actor_id = NULL WHERE action = 'entry.withdraw'");
        let refused = confirm(office, "admin", id);
        let corrupt = matches!(
            refused,
            Err(Error::Store(loa_store::Error::Corrupt {
                table: "audit",
                ..
            }))
        );
        assert!(corrupt, "{refused:?}");
        assert!(!holding(office, NUMBER).is_empty(), "all or nothing");
    });
}

#[test]
fn what_is_left_of_a_record_is_sealed_too() {
    on_each(|office| {
        let live = office.publish(&leaked(office));
        let told = json!({"kind": "notice", "reason": format!("Có số {NUMBER}")});
        let live = office.act("publisher", &live, "withdraw", &told);
        super::expunge(office, &live, number());
        let store = office.app.app.store();
        let keys = office.app.app.secrets().audit_keys();
        let verify = || {
            store
                .read(|conn| loa_store::audit::system_verify(conn, &keys))
                .unwrap()
        };
        verify().unwrap();
        let record = "WHERE action = 'entry.withdraw' AND expunged_seal IS NOT NULL";
        let mut sql = office.app.database().sql();
        for tamper in [
            "actor_id = NULL",
            "detail = '{}'",
            "expunged_seal = NULL",
            "hash = '00'",
        ] {
            sql.execute("CREATE TABLE kept AS SELECT * FROM audit");
            sql.execute(&format!("UPDATE audit SET {tamper} {record}"));
            assert!(verify().is_err(), "{tamper}");
            sql.execute(
                "UPDATE audit SET (actor_id, detail, expunged_seal, hash) = \
                 (SELECT actor_id, detail, expunged_seal, hash FROM kept \
                  WHERE kept.chain = audit.chain AND kept.number = audit.number); \
                 DROP TABLE kept;",
            );
            verify().unwrap();
        }
    });
}
