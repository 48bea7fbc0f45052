//! Rows that hold what they never should are errors that name them: no panic, no default.
//!
//! Neither database lets such a value in; these tests switch off what keeps them out.

use loa_domain::actor::Sites;
use loa_domain::audit::Chain;
use loa_domain::content::ContentKind;
use loa_domain::entry::WithdrawKind;
use loa_domain::ids::{EntryId, SiteId, UserId};
use loa_domain::paging::{PageAsk, Start};
use loa_domain::published::PublicWithdrawal;
use loa_store::delivery::documents::{by_id, by_slug};
use loa_store::{
    Conn, Error, Written, access_requests, audit, changes, delivery, editions, entries,
    memberships, notices, password_links, password_origins, previews, published, reprojections,
    revisions, sections, sessions, settings, sites, slugs, transitions, units, users,
};

use crate::database::Database;
use crate::raw::Raw;
use crate::{database, desk, seed};

/// Table, column, what is put there, id of the row, and how it is read.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    fn(&mut Conn) -> Result<(), Error>,
);

const UNIT: &str = "00010000-0000-0000-0000-000000000001";
const SITE: &str = "00020000-0000-0000-0000-000000000001";
const SECTION: &str = "00030000-0000-0000-0000-000000000001";
const PUBLISHED: &str = "00040000-0000-0000-0000-000000000001";
const PERSON: &str = "000a0000-0000-0000-0000-000000000001";
const ENTRY: &str = "000b0000-0000-0000-0000-000000000001";
const EDITION: &str = "000c0000-0000-0000-0000-000000000001";
const REVISION: &str = "000d0000-0000-0000-0000-000000000001";
const TRANSITION: &str = "000e0000-0000-0000-0000-000000000001";
const OTHER: &str = "000f0000-0000-0000-0000-000000000001";

fn site() -> SiteId {
    seed::id(2, 1)
}

fn entry() -> EntryId {
    seed::id(11, 1)
}

fn person() -> UserId {
    desk::person(1)
}

fn ask() -> PageAsk {
    PageAsk {
        size: 20,
        start: Start::First,
        count: true,
    }
}

const PLACES: &[Case] = &[
    ("units", "kind", "hamlet", UNIT, |c| {
        units::get(c, seed::id(1, 1)).map(drop)
    }),
    ("units", "parent_id", "x", UNIT, |c| {
        units::periods(c, "14218").map(drop)
    }),
    ("units", "id", "x", "x", |c| {
        units::list(c, &units::UnitFilter::default(), false, &ask()).map(drop)
    }),
    ("sites", "status", "asleep", SITE, |c| {
        sites::get(c, site()).map(drop)
    }),
    ("sites", "title", "{", SITE, |c| {
        sites::by_slug(c, "hai-tien").map(drop)
    }),
    ("sites", "title", "[]", SITE, |c| {
        sites::by_slug(c, "hai-tien").map(drop)
    }),
    ("sites", "unit_id", "", SITE, |c| {
        sites::list(c, &Sites::All, &ask()).map(drop)
    }),
    ("sites", "successor_id", "x", SITE, |c| {
        sites::get_many(c, &[site()]).map(drop)
    }),
    ("site_settings", "workflow_policy", "no_step", SITE, |c| {
        settings::get(c, site()).map(drop)
    }),
    ("site_settings", "desk_reading", "nobody", SITE, |c| {
        settings::get(c, site()).map(drop)
    }),
    ("site_settings", "locales", "vi", SITE, |c| {
        delivery::sites::find(c, "hai-tien").map(drop)
    }),
    ("site_settings", "locales", "[\"Việt\"]", SITE, |c| {
        settings::get(c, site()).map(drop)
    }),
    ("site_settings", "default_locale", "??", SITE, |c| {
        delivery::sites::find_by_host(c, "hai-tien.vn").map(drop)
    }),
    ("site_settings", "contact", "{\"fax\":1}", SITE, |c| {
        settings::get_many(c, &[site()]).map(drop)
    }),
    ("sections", "title", "null", SECTION, |c| {
        sections::of_site(c, site()).map(drop)
    }),
    ("sections", "parent_id", "x", SECTION, |c| {
        sections::get_many(c, &[seed::id(3, 1)]).map(drop)
    }),
];

const PEOPLE: &[Case] = &[
    ("users", "status", "asleep", PERSON, |c| {
        users::get(c, person()).map(drop)
    }),
    ("users", "created_by", "x", PERSON, |c| {
        users::list(c, &users::PeopleInReach::All, &ask()).map(drop)
    }),
    ("memberships", "role", "king", OTHER, |c| {
        memberships::of_user(c, person()).map(drop)
    }),
    ("memberships", "site_id", "x", OTHER, |c| {
        memberships::grants_of(c, person(), seed::day("2026-01-01")).map(drop)
    }),
    ("memberships", "unit_id", UNIT, OTHER, |c| {
        memberships::of_user(c, person()).map(drop)
    }),
    ("membership_sections", "section_id", "x", OTHER, |c| {
        memberships::of_user(c, person()).map(drop)
    }),
    ("sessions", "id", "x", "x", |c| {
        sessions::list(c, person(), &ask(), seed::moment()).map(drop)
    }),
    ("password_links", "created_by", "x", OTHER, |c| {
        password_links::find_live(c, "hash", seed::moment()).map(drop)
    }),
    ("password_links", "asked_by", "x", OTHER, |c| {
        password_links::find_live(c, "hash", seed::moment()).map(drop)
    }),
    ("password_origins", "given_by", "x", PERSON, |c| {
        password_origins::of(c, person()).map(drop)
    }),
    ("access_requests", "kind", "x", OTHER, |c| requests(c)),
    ("access_requests", "role", "king", OTHER, |c| requests(c)),
    ("access_requests", "sections", "x", OTHER, |c| requests(c)),
    ("access_requests", "unit_id", UNIT, OTHER, |c| requests(c)),
    ("notices", "kind", "x", OTHER, |c| {
        notices::unseen(c, person(), 9).map(drop)
    }),
    ("notices", "unit_id", UNIT, OTHER, |c| {
        notices::unseen(c, person(), 9).map(drop)
    }),
];

const EDITORIAL: &[Case] = &[
    ("entries", "kind", "poem", ENTRY, |c| {
        entries::system_get(c, entry()).map(drop)
    }),
    ("entries", "locale", "", ENTRY, |c| {
        entries::system_get(c, entry()).map(drop)
    }),
    ("entries", "open_edition_id", "x", ENTRY, |c| {
        entries::system_get(c, entry()).map(drop)
    }),
    ("entries", "state", "lost", ENTRY, |c| working_list(c)),
    ("entries", "section_id", "x", ENTRY, |c| working_list(c)),
    ("entries", "assignee_id", "x", ENTRY, |c| working_list(c)),
    ("editions", "state", "lost", EDITION, |c| {
        editions::of_entry(c, entry()).map(drop)
    }),
    ("editions", "earlier_authors", "[\"x\"]", EDITION, |c| {
        editions::of_entry(c, entry()).map(drop)
    }),
    ("editions", "revision_id", "x", EDITION, |c| {
        editions::of_entry(c, entry()).map(drop)
    }),
    // Half an approval is none, and half a withdrawal is none either.
    ("editions", "approved_by", PERSON, EDITION, |c| {
        editions::of_entry(c, entry()).map(drop)
    }),
    ("editions", "withdraw_kind", "gone", EDITION, |c| {
        editions::get_many(c, &[seed::id(12, 1)]).map(drop)
    }),
    ("editions", "forced_by", "x", EDITION, |c| {
        editions::of_entry(c, entry()).map(drop)
    }),
    ("edition_authors", "user_id", "x", EDITION, |c| {
        editions::of_entry(c, entry()).map(drop)
    }),
    ("revisions", "author_id", "x", REVISION, |c| {
        revisions::of_entry(c, entry(), None, 9).map(drop)
    }),
    ("revisions", "section_id", "x", REVISION, |c| {
        revisions::by_number(c, entry(), 1).map(drop)
    }),
    ("transitions", "action", "jump", TRANSITION, |c| {
        transitions::of_entry(c, entry(), None, 9).map(drop)
    }),
    ("transitions", "to_state", "lost", TRANSITION, |c| {
        transitions::of_entry(c, entry(), None, 9).map(drop)
    }),
    ("paths", "entry_id", "x", "lich", |c| {
        slugs::owner(c, site(), &seed::vi(), "lich").map(drop)
    }),
    ("preview_links", "revision_id", "x", OTHER, |c| {
        previews::of_entry(c, entry(), &ask()).map(drop)
    }),
];

const PUBLIC: &[Case] = &[
    ("published_entries", "kind", "poem", PUBLISHED, |c| {
        by_id(c, site(), seed::id(4, 1)).map(drop)
    }),
    ("published_entries", "locale", "!", PUBLISHED, |c| {
        published::translations(c, site(), seed::id(5, 1)).map(drop)
    }),
    ("published_entries", "site_id", "x", PUBLISHED, |c| {
        published::place(c, seed::id(4, 1)).map(drop)
    }),
    ("published_entries", "entry_id", "x", "x", |c| {
        published::system_expired(c, seed::moment(), None, 9).map(drop)
    }),
    ("published_paths", "entry_id", "x", "/tin-tuc/bai-1", |c| {
        published::owner_of_path(c, site(), "/tin-tuc/bai-1").map(drop)
    }),
    (
        "published_withdrawals",
        "kind",
        "lost",
        "00040000-0000-0000-0000-000000000002",
        |c| by_slug(c, site(), &seed::vi(), ContentKind::Article, "bai-2").map(drop),
    ),
    ("reprojections", "section_id", "x", OTHER, |c| {
        reprojections::system_oldest(c).map(drop)
    }),
    ("changes", "kind", "lost", "1", |c| {
        changes::after(c, 0, 9).map(drop)
    }),
    ("changes", "subject", "lost", "1", |c| {
        changes::after(c, 0, 9).map(drop)
    }),
    ("changes", "site_id", "x", "1", |c| {
        changes::after(c, 0, 9).map(drop)
    }),
    ("audit", "detail", "{", "platform 1", |c| {
        audit::list(c, Chain::Platform, None, 9).map(drop)
    }),
    ("audit", "actor_id", "x", "platform 1", |c| {
        audit::page_of(c, Chain::Platform, &ask()).map(drop)
    }),
];

fn requests(conn: &mut Conn) -> Result<(), Error> {
    let all = users::PeopleInReach::All;
    access_requests::list(conn, &all, seed::moment(), &ask()).map(drop)
}

fn working_list(conn: &mut Conn) -> Result<(), Error> {
    let query = entries::WorkingQuery::default();
    entries::list(conn, &seed::whole(Sites::All), &query, &ask()).map(drop)
}

/// One row of everything, and nothing that keeps damage out.
fn prepare(database: &Database, raw: &mut Raw) {
    let store = &database.store;
    let site = seed::one_site(store);
    desk::draft(store, site);
    let mut first = seed::entry(site, 1);
    first.expire_at = Some(seed::moment());
    let second = seed::entry(site, 2);
    seed::publish(store, &[first, second.clone()]);
    seed::write(store, |tx| {
        let withdrawal = PublicWithdrawal {
            kind: WithdrawKind::Gone,
            reason: None,
            redirect_to: None,
            at: seed::moment(),
        };
        published::remove(tx, site, second.entry)?;
        published::set_withdrawal(tx, site, second.entry, Some(&withdrawal))?;
        slugs::reserve(tx, site, &seed::vi(), "lich", entry())
    });
    let noted = store.write(seed::moment(), |_| {
        Ok::<_, Error>(Written {
            value: (),
            changes: vec![crate::writing::change(Some(site), "x")],
            audit: vec![crate::writing::record(Chain::Platform, "x")],
        })
    });
    noted.unwrap();
    let (now, later) = ("'2026-01-01 00:00:00'", "'2026-02-01 00:00:00'");
    raw.run(&format!(
        "INSERT INTO memberships (id, user_id, role, site_id, version, created_at, updated_at)
         VALUES ('{OTHER}', '{PERSON}', 'editor', '{SITE}', 1, {now}, {now});
         INSERT INTO membership_sections VALUES ('{OTHER}', '{SECTION}');
         INSERT INTO sessions VALUES ('{OTHER}', '{PERSON}', '', '', {now}, {now}, {later}, NULL);
         INSERT INTO password_links VALUES ('{OTHER}', '{PERSON}', 'hash', NULL, {now}, {later}, NULL, NULL);
         INSERT INTO password_origins VALUES ('{PERSON}', NULL, NULL);
         INSERT INTO access_requests
         VALUES ('{OTHER}', 'role', '{PERSON}', 'editor', '{SITE}', NULL, '', 'waiting', '{PERSON}', {now}, {later}, NULL, NULL);
         INSERT INTO notices
         VALUES ('{OTHER}', '{PERSON}', 'role_given', NULL, NULL, 'editor', '{SITE}', NULL, {now}, NULL);
         INSERT INTO preview_links
         VALUES ('{OTHER}', '{SITE}', '{ENTRY}', '{REVISION}', 'hash', '{PERSON}', {now}, {later}, NULL);
         INSERT INTO reprojections VALUES ('{OTHER}', '{SITE}', '{SECTION}', '', {now})"
    ));
    raw.run(if database.is_sqlite() {
        "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF"
    } else {
        "SET session_replication_role = replica;
         DO $$ DECLARE found record; BEGIN
             FOR found IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint
                          WHERE contype = 'c' AND connamespace = 'public'::regnamespace
             LOOP
                 EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.owner, found.conname);
             END LOOP;
         END $$"
    });
}

#[test]
fn damage_is_an_error_that_names_the_row() {
    database::each(|database| {
        let mut raw = database.raw();
        prepare(database, &mut raw);
        for (table, column, bad, id, read) in [PLACES, PEOPLE, EDITORIAL, PUBLIC].concat() {
            let context = format!("{table}.{column} = {bad}");
            database
                .store
                .read(read)
                .unwrap_or_else(|error| panic!("before {context}: {error}"));
            raw.run(&format!(
                "CREATE TABLE kept AS SELECT * FROM {table}; UPDATE {table} SET {column} = '{bad}'"
            ));
            let error = database.store.read(read).expect_err(&context);
            let Error::Corrupt {
                table: named,
                id: row,
                what,
            } = &error
            else {
                panic!("{context}: {error}");
            };
            assert_eq!((*named, row.as_str()), (table, id), "{context}");
            assert!(!what.is_empty());
            raw.run(&format!(
                "DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept"
            ));
        }
    });
}

#[test]
fn the_databases_themselves_keep_words_out_where_no_new_ones_come() {
    database::each(|database| {
        let site = seed::one_site(&database.store);
        desk::draft(&database.store, site);
        let mut raw = database.raw();
        for (table, column) in [
            ("units", "kind"),
            ("sites", "status"),
            ("site_settings", "workflow_policy"),
            ("users", "status"),
        ] {
            let sql = format!("UPDATE {table} SET {column} = 'lost'");
            assert!(raw.try_run(&sql).is_err(), "{sql}");
        }
    });
}
