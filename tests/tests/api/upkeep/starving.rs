//! Many entries that cannot be moved, and what is due after them.

use chrono::TimeDelta;
use loa_app::editorial::{Setbacks, Ticked};
use loa_testkit::twins;
use serde_json::json;

use super::on_each;
use crate::desk::{Office, Seen};

/// More than the clock looks at in one go.
const MANY: u32 = 130;

fn scheduled(office: &Office, title: &str, at: &str) -> Seen {
    let approved = office.approve(&office.draft("contributor", title));
    office.act(
        "publisher",
        &approved,
        "schedule",
        &json!({"publish_at": at}),
    )
}

/// Many of one moment, damaged, and one after them.
fn fill(office: &Office) -> Seen {
    let broken = scheduled(office, "Hỏng", "2026-11-20T03:00:00Z");
    let mut sql = office.app.database().sql();
    twins::of_open(&mut sql, &broken.id, "hong", MANY);
    sql.execute("UPDATE revisions SET snapshot = 'no JSON'");
    scheduled(office, "Lành", "2026-11-20T03:30:00Z")
}

fn tick(office: &Office, setbacks: &mut Setbacks) -> (u32, u32, u32) {
    let editorial = office.app.app.editorial();
    let Ticked {
        published,
        held,
        failed,
        ..
    } = editorial.tick_while(setbacks, || Ok(true)).unwrap();
    (published, held, failed)
}

#[test]
fn what_is_broken_does_not_starve_the_rest_and_is_tried_more_and_more_seldom() {
    on_each(|office| {
        fill(office);
        office.app.clock.advance(TimeDelta::hours(5));
        let mut setbacks = Setbacks::default();
        assert_eq!(tick(office, &mut setbacks), (1, 0, MANY + 1));
        assert_eq!(tick(office, &mut setbacks), (0, 0, 0), "they wait a second");
        office.app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(tick(office, &mut setbacks), (0, 0, MANY + 1));
        office.app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(tick(office, &mut setbacks), (0, 0, 0), "now two");
    });
}

#[test]
fn a_tick_ends_where_it_may_not_go_on() {
    on_each(|office| {
        let first = scheduled(office, "Tin", "2026-11-20T03:00:00Z");
        twins::of_open(&mut office.app.database().sql(), &first.id, "tin", 9);
        office.app.clock.advance(TimeDelta::hours(5));
        let editorial = office.app.app.editorial();
        let mut left = 4;
        let mut some = || {
            left -= 1;
            Ok(left >= 0)
        };
        let done = editorial.tick_while(&mut Setbacks::default(), &mut some);
        assert_eq!(done.unwrap().published, 4);
        let refused =
            editorial.tick_while(&mut Setbacks::default(), || Err(loa_app::Error::NotFound));
        assert!(refused.is_err());
        assert_eq!(editorial.tick().unwrap().published, 6);
        let idle = editorial.tick_while(&mut Setbacks::default(), || panic!("nothing is due"));
        assert_eq!(idle.unwrap(), Ticked::default());
    });
}
