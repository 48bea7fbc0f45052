//! The first person asks.

use loa_domain::actor::Actor;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::expunction::{Expunction, ExpunctionState, ItemKind};
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::EntryId;
use loa_domain::needle::Needle;
use loa_domain::snapshot::text_within;
use loa_domain::text;
use loa_store::{Written, expunctions, sites};
use serde_json::json;

use super::search::{Found, Search};
use super::show::{ExpunctionView, view};
use super::{may_expunge, unchanged};
use crate::Error;
use crate::editorial::Editorial;
use crate::error::again_if_stale;
use crate::ids::fresh;

/// Longest reason, in characters.
const REASON_MAX: usize = 500;

/// What is asked for.
#[derive(Clone)]
pub struct ExpungeRequest {
    /// From which entry.
    pub entry: EntryId,
    /// What.
    pub what: ExpungeWhat,
    /// Why; must not hold what is to go.
    pub reason: String,
}

/// What is to go.
#[derive(Clone)]
pub enum ExpungeWhat {
    /// The content of the revision with this number, and of others that are the same.
    Revision(i32),
    /// Whatever holds this text, in translations too.
    Containing(String),
}

impl Editorial {
    /// Asks that something be taken away, and lists what that would be.
    ///
    /// # Errors
    /// `NotFound` for an unknown entry or revision, `Forbidden` without the right in all sections
    /// concerned, `Invalid` at `/text` or `/reason`; `StateConflict` when there is nothing to take
    /// away, or the entry changes at this moment.
    pub fn request_expunction(
        &self,
        actor: &Actor,
        request: &ExpungeRequest,
    ) -> Result<ExpunctionView, Error> {
        let now = self.context.now();
        let needle = match &request.what {
            ExpungeWhat::Revision(_) => None,
            ExpungeWhat::Containing(text) => Some(needle(text)?),
        };
        let reason = reason(&request.reason, needle.as_ref())?;
        let search = Search {
            secrets: &self.context.secrets,
            needle: needle.as_ref(),
        };
        let Found {
            site,
            items,
            sections,
        } = self
            .context
            .store
            .read(|conn| search.run(conn, actor, request))?;
        may_expunge(actor, site, &sections)?;
        if items.iter().all(|item| item.kind == ItemKind::Entry) {
            return Err(Error::StateConflict("nothing_to_expunge"));
        }
        let expunction = Expunction {
            id: fresh(now),
            site,
            entry: request.entry,
            by_text: needle.is_some(),
            reason,
            state: ExpunctionState::Asked,
            asked_by: actor.user,
            asked_at: now,
            decided_by: None,
            decided_at: None,
            cleaned_at: None,
        };
        self.context.write_as(actor, now, |tx, actor| {
            may_expunge(actor, site, &sections)?;
            sites::hold(tx, site).map_err(again_if_stale)?;
            unchanged(tx, &expunction, &items)?;
            expunctions::insert(tx, &expunction, &items)?;
            let record = NewAudit {
                chain: Chain::Site(site),
                actor: Some(actor.user),
                action: "expunction.request",
                subject: "expunction",
                subject_id: expunction.id.to_string(),
                detail: json!({"entry": expunction.entry, "by_text": expunction.by_text,
                    "reason": expunction.reason}),
            };
            let shown = view(tx, expunction.clone(), items.clone())?;
            Ok(Written::audited(shown, record))
        })
    }
}

fn needle(text: &str) -> Result<Needle, Error> {
    Needle::new(text).ok_or_else(|| {
        let detail = "at least four characters";
        Error::field(FieldError::new("/text", FieldCode::Invalid, detail))
    })
}

fn reason(words: &str, needle: Option<&Needle>) -> Result<String, Error> {
    let words = text::nfc(words.trim());
    let mut errors = Vec::new();
    if words.is_empty() {
        let detail = "say why";
        errors.push(FieldError::new("/reason", FieldCode::Required, detail));
    }
    text_within(&mut errors, "/reason", &words, REASON_MAX);
    if needle.is_some_and(|needle| needle.is_in(&words)) {
        let detail = "holds the text that is to go; it is kept for ever";
        errors.push(FieldError::new("/reason", FieldCode::NotAllowed, detail));
    }
    if errors.is_empty() {
        Ok(words)
    } else {
        Err(Error::Invalid(errors))
    }
}
