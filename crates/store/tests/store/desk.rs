//! People and an entry on its way, for tests of the editorial side.

use loa_domain::content::ContentKind;
use loa_domain::entry::{Action, Edition, Entry, Revision, State, Transition};
use loa_domain::ids::{SiteId, UserId};
use loa_domain::people::{User, UserStatus};
use loa_store::entries::Head;
use loa_store::{Error, Store, Tx, editions, entries, revisions, transitions, users};

use crate::seed;

pub(crate) fn person(number: u64) -> UserId {
    seed::id(10, number)
}

pub(crate) fn add_person(tx: &mut Tx<'_>, number: u64) -> Result<(), Error> {
    let user = User {
        id: person(number),
        email: format!("nguoi-{number}@loa.example.vn"),
        name: format!("Nguyễn Văn {number}"),
        status: UserStatus::Active,
        created_by: None,
        has_password: false,
        created_at: seed::moment(),
        version: 1,
    };
    users::insert(tx, &user)
}

/// Person 1 and a draft of theirs: entry 1, edition 1, revision 1, transition 1.
pub(crate) fn draft(store: &Store, site: SiteId) {
    seed::write(store, |tx| {
        add_person(tx, 1)?;
        let (entry, edition, revision) = rows(site);
        let head = Head {
            state: State::Draft,
            section: seed::id(3, 1),
            title: "Lịch tiêm chủng".to_owned(),
            assignee: None,
            needs_second_look: false,
        };
        entries::insert(tx, &entry, &head)?;
        editions::insert(tx, &edition, seed::moment())?;
        revisions::insert(tx, &revision)?;
        let transition = Transition {
            id: seed::id(14, 1),
            site,
            entry: entry.id,
            edition: edition.id,
            number: 1,
            action: Action::Save,
            from: State::Draft,
            to: State::Draft,
            revision: revision.id,
            actor: Some(person(1)),
            comment: None,
            at: seed::moment(),
        };
        transitions::append(tx, &transition)
    });
}

fn rows(site: SiteId) -> (Entry, Edition, Revision) {
    let entry = Entry {
        id: seed::id(11, 1),
        site,
        kind: ContentKind::Article,
        locale: seed::vi(),
        translation_group: seed::id(5, 1),
        version: 1,
        open: Some(seed::id(12, 1)),
        live: None,
        submitted: false,
        first_published_at: None,
        public_updated_at: None,
        created_by: person(1),
        created_at: seed::moment(),
        updated_at: seed::moment(),
    };
    let edition = Edition {
        id: seed::id(12, 1),
        site,
        entry: entry.id,
        number: 1,
        state: State::Draft,
        revision: seed::id(13, 1),
        authors: vec![person(1)],
        earlier_authors: Some(Vec::new()),
        assignee: None,
        approval: None,
        publish_at: None,
        published_at: None,
        forced: None,
        withdrawal: None,
    };
    let revision = Revision {
        id: seed::id(13, 1),
        site,
        entry: entry.id,
        edition: edition.id,
        number: 1,
        snapshot: "{}".to_owned(),
        sha256: "0".repeat(64),
        section: seed::id(3, 1),
        title: "Lịch tiêm chủng".to_owned(),
        author: person(1),
        created_at: seed::moment(),
        expunged_at: None,
    };
    (entry, edition, revision)
}
