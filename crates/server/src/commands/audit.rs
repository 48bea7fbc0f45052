//! `loa audit`.

use std::path::Path;

use loa_app::{Clock, Secrets, SystemClock};
use loa_domain::audit::AuditHead;
use loa_store::audit::BrokenChain;
use loa_store::{Conn, anchors, audit, generations};
use serde::{Deserialize, Serialize};

use super::audit_export;
use crate::cli::Audit;
use crate::config::Settings;
use crate::failure::Failure;
use crate::{out, wiring};

/// Most broken places that are named.
const NAMED: usize = 50;

/// Heads in a file: what `heads` prints. A line of the file that `serve` keeps and the manifest of a
/// backup have more members, which do not matter here.
#[derive(Serialize, Deserialize)]
struct Heads {
    #[serde(deserialize_with = "list_or_text")]
    audit_heads: Vec<AuditHead>,
}

/// Recomputes the chains, tells where they stand, or closes old secrets.
///
/// # Errors
/// When a record does not fit, or the database is away.
pub(super) fn run(what: &Audit, settings: &Settings) -> Result<(), Failure> {
    let secrets = wiring::secrets(settings)?;
    match what {
        Audit::Verify(args) => verify(settings, &secrets, args.anchor.as_deref()),
        Audit::Heads => heads(settings, &secrets),
        Audit::Generations => list(settings, &secrets),
        Audit::Seal => seal(settings, &secrets),
        Audit::Export(args) => {
            let store = wiring::store_at(wiring::database_url(settings)?, &secrets);
            audit_export::run(&store, args)
        }
    }
}

fn heads(settings: &Settings, secrets: &Secrets) -> Result<(), Failure> {
    let store = wiring::store_at(wiring::database_url(settings)?, secrets);
    let audit_heads = store.read(anchors::system_heads)?;
    let text = serde_json::to_string_pretty(&Heads { audit_heads })
        .map_err(|error| Failure::failed(error.to_string()))?;
    out::line(&text);
    Ok(())
}

fn verify(settings: &Settings, secrets: &Secrets, anchor: Option<&Path>) -> Result<(), Failure> {
    // Read first: a file that is none should not cost an hour.
    let anchors = match anchor {
        Some(path) => read(path)?,
        None => Vec::new(),
    };
    // Others write meanwhile.
    let mut conn = Conn::system_snapshot(&wiring::database_url(settings)?)?;
    let mut faults = Faults::default();
    let count = recompute(&mut conn, secrets, &mut faults)?;
    anchors::system_missing(&mut conn, &anchors, |broken| {
        let path = anchor.unwrap_or(Path::new(""));
        faults.tell(&format!("{broken} ({} remembers it)", path.display()));
    })?;
    faults.end()?;
    let mut said = format!("{count} records, every chain whole");
    if anchor.is_some() {
        said = format!("{said}, {} anchors held", anchors.len());
    }
    out::line(&said);
    Ok(())
}

fn recompute(conn: &mut Conn, secrets: &Secrets, faults: &mut Faults) -> Result<u64, Failure> {
    let spinner = out::spinner("recomputing the audit trail");
    let count = audit::system_verify_all(conn, &secrets.audit_keys(), |broken| {
        faults.tell(&broken.to_string());
    });
    spinner.finish_and_clear();
    Ok(count?)
}

fn list(settings: &Settings, secrets: &Secrets) -> Result<(), Failure> {
    let store = wiring::store_at(wiring::database_url(settings)?, secrets);
    let (own, keys) = (secrets.audit_key(), secrets.audit_keys());
    for one in store.read(generations::system_list)? {
        let is = |key: &loa_store::AuditKey| key.generation() == one.fingerprint;
        let held = if is(&own) {
            "LOA_SECRET"
        } else if secrets.next_audit_key().is_some_and(is) {
            "LOA_SECRET_NEXT"
        } else if keys.iter().any(is) {
            "LOA_SECRET_PREVIOUS"
        } else {
            "-"
        };
        let closed = one.closed_at.map_or("-".to_owned(), |at| at.to_string());
        out::line(&format!(
            "{}\t{}\t{}\t{closed}\t{held}",
            one.number, one.fingerprint, one.began_at
        ));
    }
    Ok(())
}

fn seal(settings: &Settings, secrets: &Secrets) -> Result<(), Failure> {
    let url = wiring::database_url(settings)?;
    let store = wiring::store_at(url.clone(), secrets);
    wiring::admit(&store, secrets)?;
    // All of it first: what was changed must not be sealed as if it were right.
    let mut faults = Faults::default();
    recompute(&mut Conn::system_snapshot(&url)?, secrets, &mut faults)?;
    faults.end()?;
    let keys = secrets.audit_keys();
    let spinner = out::spinner("sealing the audit trail");
    let sealed = store.system_seal(wiring::held(secrets, &keys), SystemClock.now(), |seen| {
        spinner.set_position(seen);
    });
    spinner.finish_and_clear();
    let sealed = sealed?.map_err(|at| broken(&at))?;
    if sealed.closed.is_empty() && sealed.records == 0 {
        out::line("nothing to close: everything is sealed with LOA_SECRET");
        return Ok(());
    }
    out::line(&format!(
        "{} records sealed again; closed: {}",
        sealed.records,
        sealed.closed.join(", ")
    ));
    out::complain(
        "the audit trail no longer needs the secrets that were closed; take them out of \
         LOA_SECRET_PREVIOUS when nobody works with an older page any more, and keep them with the \
         backups that were made under them",
    );
    Ok(())
}

/// Names the first record that does not fit.
pub(crate) fn broken(at: &BrokenChain) -> Failure {
    Failure::failed(at.to_string())
}

/// What is wrong, told as it is found.
#[derive(Default)]
struct Faults(usize);

impl Faults {
    fn tell(&mut self, what: &str) {
        if self.0 < NAMED {
            out::complain(what);
        }
        self.0 += 1;
    }

    fn end(&self) -> Result<(), Failure> {
        match self.0 {
            0 => Ok(()),
            1 => Err(Failure::failed("the audit trail is broken in 1 place")),
            more => Err(Failure::failed(format!(
                "the audit trail is broken in {more} places"
            ))),
        }
    }
}

/// The heads of a file: of one JSON text, or of every line that is one.
fn read(path: &Path) -> Result<Vec<AuditHead>, Failure> {
    let wrong =
        |error: &dyn std::fmt::Display| Failure::usage(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
    let heads = match serde_json::from_str::<Heads>(&text) {
        Ok(heads) => heads.audit_heads,
        Err(error) => of_lines(&text, path).ok_or_else(|| wrong(&error))?,
    };
    if heads.is_empty() {
        // It would hold whatever was done.
        return Err(wrong(&"there are no heads in it"));
    }
    Ok(heads)
}

/// None when no line holds any. A line that was broken off is told.
fn of_lines(text: &str, path: &Path) -> Option<Vec<AuditHead>> {
    let mut heads = Vec::new();
    let mut unread = Vec::new();
    for (number, line) in (1_usize..).zip(text.lines()) {
        match serde_json::from_str::<Heads>(line) {
            Ok(more) => heads.extend(more.audit_heads),
            Err(_) if line.trim().is_empty() => {}
            Err(_) => unread.push(number),
        }
    }
    if heads.is_empty() {
        return None;
    }
    if let Some(first) = unread.first() {
        out::complain(&format!(
            "{}: {} lines hold no heads, the first is line {first}",
            path.display(),
            unread.len()
        ));
    }
    Some(heads)
}

/// A list, or, in a line of the log, the text of one.
fn list_or_text<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<AuditHead>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        List(Vec<AuditHead>),
        Text(String),
    }
    match Written::deserialize(from)? {
        Written::List(heads) => Ok(heads),
        Written::Text(text) => serde_json::from_str(&text).map_err(serde::de::Error::custom),
    }
}
