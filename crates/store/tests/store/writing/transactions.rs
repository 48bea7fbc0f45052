//! All or nothing, and what was written is seen before it is committed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use loa_domain::audit::Chain;
use loa_store::{Error, Written, audit, changes, units};

use super::{change, note, record};
use crate::database::{self, audit_key};
use crate::seed;

#[test]
fn a_failure_writes_nothing() {
    database::each(|database| {
        let store = &database.store;
        let unit = seed::unit(1, "14218", None, "2025-07-01", None);
        let failed: Result<(), Error> = store.write(seed::moment(), |tx| {
            units::insert(tx, &unit, seed::moment())?;
            Err(Error::Stale)
        });
        assert!(matches!(failed, Err(Error::Stale)), "{failed:?}");
        // The log refuses what the use case has done: a site that is none.
        let failed = store.write(seed::moment(), |tx| {
            units::insert(tx, &unit, seed::moment())?;
            Ok::<_, Error>(Written {
                value: (),
                changes: vec![change(Some(seed::id(2, 99)), "x")],
                audit: vec![record(Chain::Platform, "x")],
            })
        });
        assert!(matches!(failed, Err(Error::Database(_))), "{failed:?}");
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            store.write(seed::moment(), |tx| -> Result<Written<()>, Error> {
                units::insert(tx, &unit, seed::moment())?;
                panic!("in the middle of a transaction")
            })
        }));
        assert!(panicked.is_err());
        let nothing = store
            .read(|conn| {
                Ok::<_, Error>((
                    units::get(conn, unit.id)?,
                    changes::last(conn)?,
                    audit::system_verify(conn, &[audit_key()])?,
                ))
            })
            .unwrap();
        assert_eq!(nothing, (None, 0, Ok(0)));
        assert_eq!(store.watermark().all(), 0);
        // Neither connection nor log has taken harm.
        note(store, "after all").unwrap();
        assert_eq!(store.read(changes::last).unwrap(), 1);
    });
}

#[test]
fn a_transaction_sees_its_own_rows_and_others_do_not() {
    database::each(|database| {
        let store = &database.store;
        let unit = seed::unit(1, "14218", None, "2025-07-01", None);
        seed::write(store, |tx| {
            units::insert(tx, &unit, seed::moment())?;
            assert_eq!(units::get(tx, unit.id)?.as_ref(), Some(&unit));
            let elsewhere = store.read(|conn| units::get(conn, unit.id))?;
            assert_eq!(elsewhere, None);
            Ok(())
        });
        let found = store.read(|conn| units::get(conn, unit.id)).unwrap();
        assert_eq!(found, Some(unit));
    });
}
