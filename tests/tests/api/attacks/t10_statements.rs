//! T10, by the clock: what is hidden costs the database as much as what is not there. Times would
//! be noise; the number of statements is not.

use loa_app::editorial::{ActionRequest, EntryAddress};
use loa_app::{Error, IfMatch};
use loa_domain::actor::Actor;
use loa_domain::entry::Action;
use loa_domain::ids::{EntryId, UserId};
use loa_domain::paging::{PageAsk, Start};
use loa_testkit::{Backend, statements};
use rstest::rstest;

use crate::access::cells::Stage;
use crate::access::operations::made_up;
use crate::desk::Office;

const FIRST: PageAsk = PageAsk {
    size: 20,
    start: Start::First,
    count: true,
};

/// How many statements a use case takes to find nothing.
#[track_caller]
fn cost<T>(what: &str, work: impl FnOnce() -> Result<T, Error>) -> usize {
    let (result, heard) = statements::of(work);
    assert!(matches!(result, Err(Error::NotFound)), "{what}");
    assert!(!heard.is_empty(), "{what}");
    heard.len()
}

/// A use case of entries.
type UseCase<'a> = Box<dyn Fn(&EntryAddress) -> Result<(), Error> + 'a>;

fn publishing() -> ActionRequest {
    ActionRequest {
        action: Action::Publish,
        comment: None,
        reason: None,
        publish_at: None,
        user_id: None,
        kind: None,
        redirect_to: None,
    }
}

fn of_entries<'a>(office: &'a Office, who: &'a Actor) -> Vec<(&'static str, UseCase<'a>)> {
    let desk = || office.app.app.editorial();
    let any = &IfMatch::Any;
    vec![
        ("read", Box::new(move |at| desk().read(who, at).map(drop))),
        ("kind", Box::new(move |at| desk().kind(who, at).map(drop))),
        (
            "editions",
            Box::new(move |at| desk().editions(who, at).map(drop)),
        ),
        (
            "revisions",
            Box::new(move |at| desk().revisions(who, at, &FIRST).map(drop)),
        ),
        (
            "revision",
            Box::new(move |at| desk().revision(who, at, 1).map(drop)),
        ),
        (
            "diff",
            Box::new(move |at| desk().revisions_to_compare(who, at, 1, 2).map(drop)),
        ),
        (
            "transitions",
            Box::new(move |at| desk().transitions(who, at, &FIRST).map(drop)),
        ),
        (
            "links",
            Box::new(move |at| desk().preview_links(who, at, &FIRST).map(drop)),
        ),
        (
            "link",
            Box::new(move |at| {
                desk()
                    .create_preview_link(who, at, None, None, None)
                    .map(drop)
            }),
        ),
        (
            "restore",
            Box::new(move |at| desk().restore(who, at, 1, any, None).map(drop)),
        ),
        (
            "delete",
            Box::new(move |at| desk().delete(who, at, any).map(drop)),
        ),
        (
            "publish",
            Box::new(move |at| desk().act(who, at, &publishing(), any, None).map(drop)),
        ),
    ]
}

#[rstest]
fn hidden_entries_cost_what_unknown_ones_cost(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    statements::listen();
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let hidden: EntryId = stage.revised().id.parse().unwrap();
    let unknown: EntryId = made_up("id").parse().unwrap();
    let at = |site: &str, entry| EntryAddress {
        site: site.to_owned(),
        entry,
    };
    let who = stage.office.actor("stranger");
    for (what, work) in of_entries(&stage.office, &who) {
        let [own, nothing] = [hidden, unknown].map(|id| at("giao-thuy", id));
        let costs = [own, nothing].map(|at| cost(what, || work(&at)));
        assert_eq!(costs[0], costs[1], "{what}, at their own site");
        let [theirs, nowhere] = ["hai-tien", "khong-co"].map(|site| at(site, hidden));
        let costs = [theirs, nowhere].map(|at| cost(what, || work(&at)));
        assert_eq!(costs[0], costs[1], "{what}, at a hidden site");
    }
    // Readers of what is public, and a draft.
    let delivery = stage.office.app.app.delivery();
    let costs = [hidden, unknown].map(|id| cost("entry", || delivery.read_by_id("hai-tien", id)));
    assert_eq!(costs[0], costs[1]);
    let slug = stage.draft().data["slug"].as_str().unwrap().to_owned();
    let costs = [slug.as_str(), "khong-co"].map(|slug| {
        let path = format!("/tin-tuc/{slug}");
        cost("path", || delivery.resolve("hai-tien", &path))
    });
    assert_eq!(costs[0], costs[1]);
}

#[rstest]
fn hidden_people_and_sites_cost_what_unknown_ones_cost(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    statements::listen();
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let app = &stage.office.app.app;
    let who = stage.office.actor("stranger-admin");
    let hidden = stage.office.world.people["editor"];
    let unknown: UserId = made_up("id").parse().unwrap();
    let people = [
        (
            "user",
            [hidden, unknown].map(|id| cost("user", || app.admin().get_user(&who, id))),
        ),
        (
            "roles",
            [hidden, unknown].map(|id| cost("roles", || app.admin().list_memberships(&who, id))),
        ),
        (
            "link",
            [hidden, unknown]
                .map(|id| cost("link", || app.admin().create_password_link(&who, id, None))),
        ),
    ];
    for (what, costs) in people {
        assert_eq!(costs[0], costs[1], "{what}");
    }
    let section = stage.office.world.sections["hai-tien/tin-tuc"];
    for (what, costs) in [
        (
            "site",
            ["hai-tien", "khong-co"].map(|at| cost("site", || app.admin().get_site(&who, at))),
        ),
        (
            "settings",
            ["hai-tien", "khong-co"]
                .map(|at| cost("settings", || app.admin().get_settings(&who, at))),
        ),
        (
            "section",
            ["hai-tien", "khong-co"]
                .map(|at| cost("section", || app.admin().get_section(&who, at, section))),
        ),
    ] {
        assert_eq!(costs[0], costs[1], "{what}");
    }
    let other = made_up("id").parse().unwrap();
    let costs = [section, other]
        .map(|id| cost("section", || app.admin().get_section(&who, "giao-thuy", id)));
    assert_eq!(costs[0], costs[1]);
}
