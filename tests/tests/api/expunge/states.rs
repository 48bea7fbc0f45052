//! What becomes of editions whose newest content goes.

use loa_app::editorial::ExpungeWhat;
use loa_domain::change::ChangeKind;
use serde_json::{Value, json};

use super::{NUMBER, expunge, holding, leaky, leaky_save, number, on_each};
use crate::desk::{Office, Seen, saving};

fn steps(office: &Office, entry: &Seen) -> Vec<(String, String, Value)> {
    let path = format!("{}/transitions", entry.path());
    let list = office.get("auditor", &path).expect_status(200).data();
    let word = |step: &Value, name: &str| step[name].as_str().unwrap().to_owned();
    list.as_array()
        .unwrap()
        .iter()
        .map(|step| {
            (
                word(step, "action"),
                word(step, "from"),
                step["actor"]["name"].clone(),
            )
        })
        .collect()
}

/// Pushes a leaky draft to a state of the open edition.
fn in_state(office: &Office, state: &str) -> Seen {
    let draft = Seen::of(
        &office
            .create("contributor", &leaky("Thẻ"))
            .expect_status(201),
    );
    let act = |seen: &Seen, who: &str, action: &str| office.act(who, seen, action, &json!({}));
    match state {
        "draft" => draft,
        "in_review" => act(&draft, "editor", "submit"),
        "changes_requested" => {
            let sent = act(&draft, "editor", "submit");
            let comment = json!({"comment": "Sửa"});
            office.act("editor", &sent, "request_changes", &comment)
        }
        "in_approval" => act(&act(&draft, "editor", "submit"), "editor", "pass"),
        "approved" => office.approve(&draft),
        "scheduled" => {
            let when = json!({"publish_at": "2026-12-01T00:00:00Z"});
            office.act("publisher", &office.approve(&draft), "schedule", &when)
        }
        other => panic!("{other}"),
    }
}

#[test]
fn an_open_edition_is_put_away_from_any_state() {
    on_each(|office| {
        for state in [
            "draft",
            "in_review",
            "changes_requested",
            "in_approval",
            "approved",
            "scheduled",
        ] {
            let entry = in_state(office, state);
            assert_eq!(entry.state(), state);
            expunge(office, &entry, number());
            let now = office.read("admin", &entry);
            assert_eq!(now.state(), "archived", "{state}");
            assert!(now.data["expunged_at"].is_string());
            assert_eq!(now.data["title"], "[đã xóa vĩnh viễn / expunged]");
            assert!(now.data["publish_at"].is_null());
            assert_eq!(holding(office, NUMBER), Vec::<String>::new(), "{state}");
            let last = steps(office, &now)[0].clone();
            let wanted = ("archive".to_owned(), state.to_owned(), json!("Người admin"));
            assert_eq!(last, wanted);
            // Nothing is left to begin with.
            let revise = office.act_raw("admin", &now, "revise", &json!({}));
            revise.expect_problem(410, "expunged");
        }
        office.app.clock.advance(chrono::TimeDelta::days(20));
        let ticked = office.app.app.editorial().tick().unwrap();
        assert_eq!((ticked.published, ticked.failed), (0, 0));
    });
}

#[test]
fn the_board_begins_again_with_what_is_left() {
    on_each(|office| {
        let draft = office.draft("contributor", "Bản sạch");
        let leak = office.save("contributor", &draft, &leaky_save("Bản lỗi"));
        let live = office.publish(&leak);
        expunge(office, &live, number());
        let gone = office.read("chief", &live);
        assert_eq!(gone.state(), "withdrawn");
        assert_eq!(gone.data["live"]["withdrawal"]["kind"], "gone");
        assert_eq!(steps(office, &gone)[0].0, "withdraw");
        let open = office.act("contributor", &gone, "revise", &json!({}));
        assert_eq!(open.data["title"], "Bản sạch");
        assert!(open.data["expunged_at"].is_null());
        let again = office.publish(&open);
        let path = format!("/api/v1/sites/hai-tien/entries/{}", again.id);
        let shown = office.app.get(&path).send().expect_status(200);
        assert_eq!(shown.data()["title"], "Bản sạch");
    });
}

#[test]
fn a_slug_that_was_given_up_is_chosen_anew() {
    on_each(|office| {
        let draft = office.draft("contributor", "Đường làng");
        let mut other = leaky_save("Bản lỗi");
        other["slug"] = json!("khac");
        let leak = office.save("contributor", &draft, &other);
        let taken = office.draft("contributor", "Đường làng");
        assert_eq!(taken.data["slug"], "duong-lang");
        expunge(office, &leak, number());
        let open = office.act("admin", &office.read("admin", &leak), "revise", &json!({}));
        assert_eq!(open.data["slug"], "duong-lang-2");
    });
}

#[test]
fn what_was_to_follow_a_lost_edition_waits_for_a_person() {
    on_each(|office| {
        let live = Seen::of(
            &office
                .create("contributor", &leaky("Thẻ"))
                .expect_status(201),
        );
        let live = office.publish(&live);
        let open = office.act("contributor", &live, "revise", &json!({}));
        let open = office.save("contributor", &open, &saving("Sạch"));
        let when = json!({"publish_at": "2026-12-01T00:00:00Z"});
        let waiting = office.act("publisher", &office.approve(&open), "schedule", &when);
        expunge(office, &waiting, number());
        let now = office.read("chief", &waiting);
        assert_eq!(now.state(), "approved");
        assert_eq!(now.data["live"]["state"], "withdrawn");
        let public = office.act("publisher", &now, "publish", &json!({}));
        assert_eq!(public.state(), "published");
    });
}

#[test]
fn what_was_held_and_is_put_away_waits_for_nobody() {
    on_each(|office| {
        let live = office.publish(&office.draft("contributor", "Thẻ"));
        let open = office.act("contributor", &live, "revise", &json!({}));
        let open = office.save("contributor", &open, &leaky_save("Thẻ mới"));
        let when = json!({"publish_at": "2026-12-01T00:00:00Z"});
        let waiting = office.act("publisher", &office.approve(&open), "schedule", &when);
        let notice = json!({"kind": "notice", "reason": "Nhầm đợt"});
        let held = office.act("publisher", &waiting, "withdraw", &notice);
        assert!(held.data["held"].is_object());
        expunge(office, &held, number());
        let now = office.read("chief", &held);
        assert_eq!(now.data["held"], serde_json::Value::Null);
    });
}

#[test]
fn a_named_revision_goes_with_those_that_say_the_same() {
    on_each(|office| {
        let draft = Seen::of(
            &office
                .create("contributor", &leaky("Thẻ"))
                .expect_status(201),
        );
        let second = office.save("contributor", &draft, &saving("Thẻ"));
        let third = office.save("contributor", &second, &leaky_save("Thẻ"));
        let fourth = office.save("contributor", &third, &saving("Thẻ mới"));
        let view = expunge(office, &fourth, ExpungeWhat::Revision(1));
        let numbers: Vec<i64> = view
            .items
            .iter()
            .skip(1)
            .map(|own| own.item.number)
            .collect();
        assert_eq!(numbers, [1, 3]);
        assert_eq!(holding(office, NUMBER), Vec::<String>::new());
        let store = office.app.app.store();
        let last = store
            .read(|conn| loa_store::changes::after(conn, 0, 10))
            .unwrap();
        assert!(
            last.iter().all(|own| own.kind != ChangeKind::Expunged),
            "never public"
        );
        assert_eq!(office.read("contributor", &fourth).state(), "draft");
    });
}
