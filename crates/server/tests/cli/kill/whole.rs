//! The database as a whole, after a kill and a restart: what one transaction wrote into several
//! tables is in all of them or in none.

use loa_app::editorial::Reprojected;
use loa_domain::canonical::sha256;
use loa_testkit::{Backend, Sql};
use serde_json::json;

use crate::node::Installation;

/// What must never be found: (what it would be, a query for it).
const CONTRADICTIONS: &[(&str, &str)] = &[
    (
        "a change log with gaps, or with another counter",
        "SELECT 'counter ' || n AS line FROM change_counter WHERE n <> (SELECT COUNT(*) FROM changes) \
         OR n <> (SELECT COALESCE(MAX(seq), 0) FROM changes) \
         OR 1 <> (SELECT COALESCE(MIN(seq), 1) FROM changes)",
    ),
    (
        "a published edition without its document",
        "SELECT d.id AS line FROM editions d LEFT JOIN published_entries p \
         ON p.entry_id = d.entry_id AND p.site_id = d.site_id AND p.edition = d.number \
         AND p.revision_id = d.revision_id WHERE d.state = 'published' AND p.entry_id IS NULL",
    ),
    (
        "a document without its published edition",
        "SELECT p.entry_id AS line FROM published_entries p LEFT JOIN editions d \
         ON p.entry_id = d.entry_id AND p.site_id = d.site_id AND p.edition = d.number \
         AND p.revision_id = d.revision_id AND d.state = 'published' WHERE d.id IS NULL",
    ),
    (
        "publications that history, change log and editions count differently",
        "SELECT e.id AS line FROM entries e \
         LEFT JOIN (SELECT entry_id, COUNT(*) AS n FROM transitions \
             WHERE action IN ('publish', 'force_publish') GROUP BY entry_id) t ON t.entry_id = e.id \
         LEFT JOIN (SELECT site_id, subject_id, COUNT(*) AS n FROM changes \
             WHERE subject = 'entry' AND kind IN ('published', 'updated', 'moved') \
             GROUP BY site_id, subject_id) c ON c.subject_id = e.id AND c.site_id = e.site_id \
         LEFT JOIN (SELECT entry_id, COUNT(*) AS n FROM editions \
             WHERE published_at IS NOT NULL GROUP BY entry_id) d ON d.entry_id = e.id \
         WHERE COALESCE(t.n, 0) <> COALESCE(c.n, 0) OR COALESCE(t.n, 0) <> COALESCE(d.n, 0)",
    ),
    (
        "withdrawals that history and change log count differently",
        "SELECT e.id AS line FROM entries e \
         LEFT JOIN (SELECT entry_id, COUNT(*) AS n FROM transitions \
             WHERE action = 'withdraw' GROUP BY entry_id) t ON t.entry_id = e.id \
         LEFT JOIN (SELECT subject_id, COUNT(*) AS n FROM changes \
             WHERE kind = 'withdrawn' GROUP BY subject_id) c ON c.subject_id = e.id \
         WHERE COALESCE(t.n, 0) <> COALESCE(c.n, 0)",
    ),
    (
        "a withdrawn edition that readers are not told of",
        "SELECT d.id AS line FROM editions d LEFT JOIN published_withdrawals w \
         ON w.entry_id = d.entry_id WHERE d.state = 'withdrawn' AND w.entry_id IS NULL",
    ),
    (
        "a withdrawal of what is not withdrawn",
        "SELECT w.entry_id AS line FROM published_withdrawals w LEFT JOIN editions d \
         ON w.entry_id = d.entry_id AND d.state = 'withdrawn' WHERE d.id IS NULL",
    ),
    (
        "an entry whose version is not told by its history, or by the audit trail",
        "SELECT e.id AS line FROM entries e \
         LEFT JOIN (SELECT entry_id, COUNT(*) AS n FROM transitions GROUP BY entry_id) t \
             ON t.entry_id = e.id \
         LEFT JOIN (SELECT subject_id, COUNT(*) AS n FROM audit WHERE subject = 'entry' \
             GROUP BY subject_id) a ON a.subject_id = e.id \
         WHERE e.version <> 1 + COALESCE(t.n, 0) OR e.version <> COALESCE(a.n, 0)",
    ),
    (
        "a history with gaps",
        "SELECT entry_id AS line FROM transitions GROUP BY entry_id \
         HAVING COUNT(*) <> MAX(number) OR MIN(number) <> 1",
    ),
    (
        "revisions with gaps",
        "SELECT entry_id AS line FROM revisions GROUP BY entry_id \
         HAVING COUNT(*) <> MAX(number) OR MIN(number) <> 1",
    ),
    (
        "an entry that repeats its edition wrongly",
        "SELECT e.id AS line FROM entries e LEFT JOIN editions d \
         ON d.id = COALESCE(e.open_edition_id, e.live_edition_id) \
         LEFT JOIN revisions r ON r.id = d.revision_id AND r.entry_id = e.id \
         WHERE r.id IS NULL OR e.state <> d.state OR e.title <> r.title",
    ),
    (
        "an entry without its path, or a path without its entry",
        "SELECT e.id AS line FROM entries e LEFT JOIN paths p \
         ON p.entry_id = e.id AND p.site_id = e.site_id GROUP BY e.id HAVING COUNT(p.slug) <> 1",
    ),
    (
        "a public path that is not known as one",
        "SELECT p.entry_id AS line FROM published_entries p LEFT JOIN published_paths q \
         ON q.site_id = p.site_id AND q.path = p.path AND q.entry_id = p.entry_id \
         LEFT JOIN paths r ON r.site_id = p.site_id AND r.slug = p.slug AND r.published \
         WHERE q.path IS NULL OR r.slug IS NULL",
    ),
];

/// Looks at the database of an installation, each time at what is new since and at the whole.
pub(crate) struct Whole {
    /// Up to here revisions have been looked at: their ids rise with time.
    seen: String,
}

impl Whole {
    pub(crate) const fn new() -> Self {
        Self {
            seen: String::new(),
        }
    }

    /// # Panics
    /// When something contradicts something else.
    pub(crate) fn check(&mut self, installation: &Installation) {
        let mut sql = installation.database.sql();
        let found = contradictions(&mut sql);
        assert!(found.is_empty(), "{found:#?}");
        self.hashes(&mut sql);
        if installation.database.backend() == Backend::Sqlite {
            let damage = sql.lines("SELECT integrity_check AS line FROM pragma_integrity_check");
            assert_eq!(damage, ["ok"]);
            let orphans = "SELECT \"table\" || ' ' || rowid AS line FROM pragma_foreign_key_check";
            assert_eq!(sql.lines(orphans), [""; 0]);
        }
        let ran = installation.run(&["audit", "verify"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let differing = installation.app().editorial().reproject(None, |_| {});
        assert_eq!(
            differing.unwrap(),
            Reprojected::default(),
            "documents are rendered otherwise"
        );
    }

    /// Every text is the one its hash was made of.
    fn hashes(&mut self, sql: &mut Sql) {
        let new = format!(
            "SELECT id || ' ' || sha256 || ' ' || snapshot AS line FROM revisions WHERE id > '{}'",
            self.seen
        );
        for line in sql.lines(&new) {
            let mut parts = line.splitn(3, ' ');
            let (id, hash) = (parts.next().unwrap(), parts.next().unwrap());
            assert_eq!(hash, sha256(parts.next().unwrap()), "revision {id}");
            id.clone_into(&mut self.seen);
        }
    }
}

/// What was found that must never be, with the ids.
fn contradictions(sql: &mut Sql) -> Vec<(&'static str, Vec<String>)> {
    let all = CONTRADICTIONS.iter();
    let found = all.map(|(what, query)| (*what, sql.lines(query)));
    found.filter(|(_, ids)| !ids.is_empty()).collect()
}

/// Half of what a publication writes is found, whichever half it is.
#[test]
fn what_is_there_by_half_is_found() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let Some(installation) = Installation::new(backend) else {
            continue;
        };
        let node = installation.node();
        let token = node.token("chief");
        let post = |path: &str, tag: &str, body: serde_json::Value| {
            let request = node.post(path).bearer(&token).if_match(tag);
            let answer = request.json(&body).send();
            assert!(answer.status < 300, "{answer}");
            answer
        };
        let entries = "/api/v1/editorial/sites/hai-tien/entries";
        let article = json!({"type": "article", "section": "tin-tuc", "title": "Muối",
            "content": {"lead": "Muối", "body": "<p>Muối</p>"}});
        let draft = post(entries, "*", article);
        let id = draft.data()["id"].as_str().unwrap().to_owned();
        let force = format!("{entries}/{id}/actions/force_publish");
        post(&force, draft.etag(), json!({"reason": "Bão"}));
        node.kill();
        let mut sql = installation.database.sql();
        assert!(contradictions(&mut sql).is_empty());
        for half in [
            "UPDATE change_counter SET n = n + 1",
            "UPDATE changes SET seq = seq + 1",
            "UPDATE changes SET kind = 'refreshed'",
            "UPDATE editions SET state = 'draft'",
            "DELETE FROM published_attributes; DELETE FROM published_entries",
            "DELETE FROM published_paths",
            "DELETE FROM transitions WHERE action = 'force_publish'",
            "DELETE FROM audit WHERE action = 'entry.force_publish'",
            "UPDATE entries SET version = version + 1",
            "UPDATE entries SET title = 'Mắm'",
            "UPDATE paths SET published = NOT published",
        ] {
            sql.execute(&format!("BEGIN; {half}"));
            let found = contradictions(&mut sql);
            sql.execute("ROLLBACK");
            assert!(!found.is_empty(), "nobody has noticed: {half}");
        }
    }
}
