//! The security log's lines about acts: whatever goes into the audit trail is told there too, once it is
//! committed. Who asked from where is known by the span of the request.
//!
//! Not for refusals, which leave nothing in the database, and not for where the lines go.

use loa_domain::audit::NewAudit;

use crate::audit::WORDS;

/// An act that is about to be committed.
pub(crate) struct Act {
    chain: String,
    actor: Option<String>,
    action: &'static str,
    subject: &'static str,
    subject_id: String,
    detail: String,
}

/// What to tell of these records; nothing when nobody listens.
pub(crate) fn of(records: &[NewAudit]) -> Vec<Act> {
    if !tracing::enabled!(target: "security", tracing::Level::INFO) {
        return Vec::new();
    }
    records.iter().map(Act::of).collect()
}

impl Act {
    fn of(record: &NewAudit) -> Self {
        let mut detail = record.detail.clone();
        // What people wrote can be expunged from the trail, and could not be from a file.
        if let Some(members) = detail.as_object_mut() {
            members.retain(|name, _| !WORDS.contains(&name.as_str()));
        }
        Self {
            chain: record.chain.key(),
            actor: record.actor.map(|actor| actor.to_string()),
            action: record.action,
            subject: record.subject,
            subject_id: record.subject_id.clone(),
            detail: detail.to_string(),
        }
    }

    /// Tells it.
    pub(crate) fn tell(&self) {
        tracing::info!(
            target: "security",
            action = self.action,
            outcome = "success",
            user = self.actor,
            chain = self.chain,
            subject = self.subject,
            subject_id = self.subject_id,
            detail = self.detail,
            "done and in the audit trail"
        );
    }
}
