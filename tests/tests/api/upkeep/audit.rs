//! The audit trail shows tampering, row by row.

use super::on_each;
use crate::desk::Office;

/// How many records fit, or chain and number of the first that does not.
fn verify(office: &Office) -> Result<u64, (String, i64)> {
    let app = &office.app.app;
    let key = app.secrets().audit_key();
    let verified = app
        .store()
        .read(|conn| loa_store::audit::system_verify(conn, &[key]));
    verified
        .unwrap()
        .map_err(|broken| (broken.chain, broken.number))
}

#[test]
fn each_kind_of_tampering_shows() {
    on_each(|office| {
        office.publish(&office.draft("contributor", "Mùa muối"));
        let site = office.world.sites["hai-tien"].to_string();
        assert!(verify(office).unwrap() > 4);
        let third = format!("WHERE chain = '{site}' AND number = 3");
        let mut sql = office.app.database().sql();
        let columns =
            "chain, number, actor_id, action, subject, subject_id, detail, at, hash, generation";
        sql.execute(&format!("CREATE TABLE kept AS SELECT * FROM audit {third}"));
        for (tamper, at) in [
            (format!("UPDATE audit SET action = 'x' {third}"), 3),
            (format!("UPDATE audit SET actor_id = NULL {third}"), 3),
            (
                format!("UPDATE audit SET at = '2026-01-01 00:00:00' {third}"),
                3,
            ),
            (format!("UPDATE audit SET hash = '00' {third}"), 3),
            (format!("DELETE FROM audit {third}"), 3),
        ] {
            sql.execute(&tamper);
            assert_eq!(verify(office), Err((site.clone(), at)), "{tamper}");
            sql.execute(&format!(
                "DELETE FROM audit {third}; \
                 INSERT INTO audit ({columns}) SELECT {columns} FROM kept;"
            ));
            verify(office).unwrap();
        }
        // Cut off at the end.
        sql.execute(&format!(
            "DELETE FROM audit WHERE chain = '{site}' AND number > 2"
        ));
        assert_eq!(verify(office), Err((site.clone(), 3)));
    });
}
