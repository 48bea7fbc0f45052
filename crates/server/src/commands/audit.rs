//! `loa audit`.

use std::path::Path;

use loa_domain::audit::AuditHead;
use loa_store::audit::BrokenChain;
use loa_store::{Store, anchors, audit};
use serde::{Deserialize, Serialize};

use super::audit_export;
use crate::cli::Audit;
use crate::config::Settings;
use crate::failure::Failure;
use crate::{out, wiring};

/// Heads in a file: what `heads` prints. The manifest of a backup has more members, which do not
/// matter here.
#[derive(Serialize, Deserialize)]
struct Heads {
    audit_heads: Vec<AuditHead>,
}

/// Recomputes the chains, or tells where they stand.
///
/// # Errors
/// When a record does not fit, or the database is away.
pub(super) fn run(what: &Audit, settings: &Settings) -> Result<(), Failure> {
    let secrets = wiring::secrets(settings)?;
    let store = wiring::store_at(wiring::database_url(settings)?, &secrets);
    match what {
        Audit::Verify(args) => verify(&store, &secrets.audit_keys(), args.anchor.as_deref()),
        Audit::Export(args) => audit_export::run(&store, args),
        Audit::Heads => {
            let audit_heads = store.read(anchors::system_heads)?;
            let text = serde_json::to_string_pretty(&Heads { audit_heads })
                .map_err(|error| Failure::failed(error.to_string()))?;
            out::line(&text);
            Ok(())
        }
    }
}

fn verify(store: &Store, keys: &[[u8; 32]], anchor: Option<&Path>) -> Result<(), Failure> {
    // Read first: a file that is none should not cost an hour.
    let anchors = match anchor {
        Some(path) => Some((path, read(path)?)),
        None => None,
    };
    let spinner = out::spinner("recomputing the audit trail");
    let result = store.read(|conn| audit::system_verify(conn, keys));
    spinner.finish_and_clear();
    let count = result?.map_err(|at| broken(&at))?;
    let mut said = format!("{count} records, every chain whole");
    if let Some((path, heads)) = anchors {
        if let Some(at) = store.read(|conn| anchors::system_missing(conn, &heads))? {
            return Err(Failure::failed(format!(
                "chain {} is broken at record {}: it is not the one that {} remembers, \
                 though what is left fits together",
                at.chain,
                at.number,
                path.display()
            )));
        }
        said = format!("{said}, {} anchors held", heads.len());
    }
    out::line(&said);
    Ok(())
}

/// Names the first record that does not fit.
pub(crate) fn broken(at: &BrokenChain) -> Failure {
    Failure::failed(format!(
        "chain {} is broken at record {}",
        at.chain, at.number
    ))
}

fn read(path: &Path) -> Result<Vec<AuditHead>, Failure> {
    let wrong =
        |error: &dyn std::fmt::Display| Failure::usage(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
    let heads: Heads = serde_json::from_str(&text).map_err(|error| wrong(&error))?;
    if heads.audit_heads.is_empty() {
        // It would hold whatever was done.
        return Err(wrong(&"there are no heads in it"));
    }
    Ok(heads.audit_heads)
}
