//! What background work and other nodes ask, again and again.

use loa_domain::ids::SiteId;
use loa_domain::published::FORMAT;
use loa_store::{
    Error, Written, changes, editions, entries, idempotency, logins, published, reprojections,
    sessions, sign_in_counters, sign_ins, sites, slugs,
};

use super::bulk::ROWS;
use super::{Sorting, look, minute};
use crate::database::Database;
use crate::seed;

/// Looks at one question, asked inside a transaction, as some of them write too.
fn ask(
    database: &Database,
    table: &str,
    sorting: Sorting,
    faults: &mut Vec<String>,
    mut question: impl FnMut(&mut loa_store::Tx<'_>) -> Result<(), Error>,
) {
    look(database, table, sorting, faults, table, || {
        database
            .store
            .write(minute(ROWS), |tx| question(tx).map(Written::quiet))
            .unwrap();
    });
}

fn due(database: &Database, faults: &mut Vec<String>) {
    let late = i64::try_from(ROWS * 9 / 10).unwrap();
    for now in [minute(100), minute(ROWS)] {
        ask(database, "editions", Sorting::No, faults, |tx| {
            let first = editions::system_due(tx, now, None, 20)?;
            editions::system_due(tx, now, first.last(), 20).map(drop)
        });
        ask(database, "published_entries", Sorting::No, faults, |tx| {
            let first = published::system_expired(tx, now, None, 20)?;
            published::system_expired(tx, now, first.last(), 20).map(drop)
        });
    }
    for after in [0, late] {
        ask(database, "changes", Sorting::No, faults, |tx| {
            changes::after(tx, after, 100).map(drop)
        });
    }
    ask(database, "changes", Sorting::No, faults, |tx| {
        changes::last_of_site(tx, seed::id(2, 7)).map(drop)
    });
    ask(database, "reprojections", Sorting::No, faults, |tx| {
        reprojections::system_oldest(tx).map(drop)
    });
    // As many sites as there are.
    ask(
        database,
        "published_entries",
        Sorting::Bounded,
        faults,
        |tx| published::system_sites_below(tx, FORMAT).map(drop),
    );
}

fn walks(database: &Database, faults: &mut Vec<String>) {
    let deep = seed::id::<SiteId>(11, ROWS * 9 / 10).to_string();
    let sections: Vec<_> = (8..16).map(|n| seed::id(3, n)).collect();
    for after in ["", &deep] {
        for site in [None, Some(seed::id(2, 1))] {
            ask(database, "entries", Sorting::No, faults, |tx| {
                entries::system_live_after(tx, site, after, 200).map(drop)
            });
        }
        for sections in [None, Some(&sections[..])] {
            ask(database, "published_entries", Sorting::No, faults, |tx| {
                published::ids_after(tx, seed::id(2, 1), sections, after, 200).map(drop)
            });
        }
    }
    ask(
        database,
        "published_entries",
        Sorting::Bounded,
        faults,
        |tx| published::place(tx, seed::id(11, 5)).map(drop),
    );
    // The languages of one entry.
    ask(
        database,
        "published_entries",
        Sorting::Bounded,
        faults,
        |tx| published::translations(tx, seed::id(2, 1), seed::id(5, 2)).map(drop),
    );
    ask(database, "entries", Sorting::Bounded, faults, |tx| {
        entries::in_group(tx, seed::id(2, 1), seed::id(5, 2)).map(drop)
    });
    ask(database, "paths", Sorting::No, faults, |tx| {
        slugs::beginning_with(tx, seed::id(2, 1), &seed::vi(), "p00012").map(drop)
    });
    ask(database, "entries", Sorting::No, faults, |tx| {
        sites::entries_use_locale(tx, seed::id(2, 1), &"en".parse().unwrap()).map(drop)
    });
}

fn forgetting(database: &Database, faults: &mut Vec<String>) {
    ask(database, "login_failures", Sorting::No, faults, |tx| {
        logins::system_forget(tx, minute(2), 10).map(drop)
    });
    ask(database, "sign_in_counters", Sorting::No, faults, |tx| {
        sign_in_counters::get(tx, "k000007").map(drop)
    });
    ask(database, "sign_in_counters", Sorting::No, faults, |tx| {
        sign_in_counters::system_forget(tx, minute(2), 10).map(drop)
    });
    ask(database, "sign_in_networks", Sorting::No, faults, |tx| {
        sign_in_counters::is_known(tx, "k000007", minute(2)).map(drop)
    });
    ask(database, "sign_in_networks", Sorting::No, faults, |tx| {
        sign_in_counters::system_forget_networks(tx, minute(2), 10).map(drop)
    });
    ask(database, "sign_ins", Sorting::No, faults, |tx| {
        sign_ins::system_forget(tx, minute(2), 10).map(drop)
    });
    ask(database, "sessions", Sorting::No, faults, |tx| {
        sessions::system_forget(tx, minute(2), 10).map(drop)
    });
    ask(database, "idempotency_keys", Sorting::No, faults, |tx| {
        idempotency::system_forget(tx, minute(2), 10).map(drop)
    });
}

pub(super) fn check(database: &Database, faults: &mut Vec<String>) {
    due(database, faults);
    walks(database, faults);
    forgetting(database, faults);
}
