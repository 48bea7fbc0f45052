//! Entries, their editions and revisions.
//!
//! Not for which action leads where: that is the workflow crate. Not for what readers see.

use crate::content::ContentKind;
use crate::ids::{
    EditionId, EntryId, PreviewLinkId, RevisionId, SectionId, SiteId, TransitionId,
    TranslationGroupId, UserId,
};
use crate::locale::Locale;
use crate::time::Moment;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Where an edition is in the workflow.
    State {
        /// Being written.
        Draft = "draft",
        /// Being reviewed by an editor.
        InReview = "in_review",
        /// Sent back to its authors.
        ChangesRequested = "changes_requested",
        /// Waiting for a chief editor.
        InApproval = "in_approval",
        /// Approved, waiting to be published.
        Approved = "approved",
        /// Approved, to be published at a set time.
        Scheduled = "scheduled",
        /// Public.
        Published = "published",
        /// Was public until a later edition took its place.
        Superseded = "superseded",
        /// Was public until it was withdrawn.
        Withdrawn = "withdrawn",
        /// Put away.
        Archived = "archived",
    }
}

impl State {
    /// Whether an edition in this state is the entry's open one.
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            State::Draft
                | State::InReview
                | State::ChangesRequested
                | State::InApproval
                | State::Approved
                | State::Scheduled
        )
    }
}

vocabulary! {
    /// Something that can be done to an edition.
    Action {
        /// Replace the content.
        Save = "save",
        /// Hand in.
        Submit = "submit",
        /// Take back.
        Recall = "recall",
        /// Give to somebody.
        Assign = "assign",
        /// Send back with a comment.
        RequestChanges = "request_changes",
        /// Let through to approval.
        Pass = "pass",
        /// Approve.
        Approve = "approve",
        /// Make public.
        Publish = "publish",
        /// Set a time to make public.
        Schedule = "schedule",
        /// Drop that time.
        Unschedule = "unschedule",
        /// Make public without approval.
        ForcePublish = "force_publish",
        /// Look again at what was made public without approval, and agree.
        Confirm = "confirm",
        /// Open a new edition.
        Revise = "revise",
        /// Take out of the public eye.
        Withdraw = "withdraw",
        /// Take out of the public eye at its time.
        Expire = "expire",
        /// Put away.
        Archive = "archive",
    }
}

vocabulary! {
    /// Which edition of an entry an action is about.
    Target {
        /// The one on its way.
        Open = "open",
        /// The one that is, or last was, public.
        Live = "live",
    }
}

vocabulary! {
    /// How readers are told of a withdrawal.
    WithdrawKind {
        /// A page says that it was withdrawn and why.
        Notice = "notice",
        /// Readers are sent elsewhere on this installation.
        Redirect = "redirect",
        /// It is gone, and a reason is given.
        Gone = "gone",
        /// Its time was over.
        Expired = "expired",
    }
}

vocabulary! {
    /// Whether readers should take note of an edition.
    UpdateType {
        /// Yes: moves the public date.
        Major = "major",
        /// No: a correction.
        Minor = "minor",
    }
}

/// The identity of a piece of content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Identity.
    pub id: EntryId,
    /// Whose; never changes.
    pub site: SiteId,
    /// Content type.
    pub kind: ContentKind,
    /// Language.
    pub locale: Locale,
    /// What ties it to its translations.
    pub translation_group: TranslationGroupId,
    /// Raised by every change to the entry or any of its editions.
    pub version: i64,
    /// The edition on its way.
    pub open: Option<EditionId>,
    /// The edition that is, or last was, public; or the archived one.
    pub live: Option<EditionId>,
    /// Whether an edition was ever handed in.
    pub submitted: bool,
    /// First time public.
    pub first_published_at: Option<Moment>,
    /// Last time public with a major update.
    pub public_updated_at: Option<Moment>,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: Moment,
    /// Last change of any kind.
    pub updated_at: Moment,
}

/// One version of an entry on its way through the workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Identity.
    pub id: EditionId,
    /// Whose site.
    pub site: SiteId,
    /// Of which entry.
    pub entry: EntryId,
    /// 1, 2, 3, …
    pub number: i32,
    /// Where it is.
    pub state: State,
    /// Its newest snapshot.
    pub revision: RevisionId,
    /// Everyone who wrote a revision of it.
    pub authors: Vec<UserId>,
    /// Whose words it began with or took over, besides theirs, and nobody else has approved; none where
    /// that was not noted yet.
    pub earlier_authors: Option<Vec<UserId>>,
    /// Who has it on the desk.
    pub assignee: Option<UserId>,
    /// The approval, bound to the hash of one revision.
    pub approval: Option<Approval>,
    /// When to publish it.
    pub publish_at: Option<Moment>,
    /// When it became public.
    pub published_at: Option<Moment>,
    /// Set when it was published without approval.
    pub forced: Option<Forced>,
    /// Set when it was withdrawn.
    pub withdrawal: Option<Withdrawal>,
}

/// An approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Moment,
    /// Of what: the revision's SHA-256.
    pub sha256: String,
}

/// A publication without approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forced {
    /// By whom.
    pub by: UserId,
    /// The chief editor who looked again.
    pub confirmed_by: Option<UserId>,
}

/// A withdrawal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// How readers are told.
    pub kind: WithdrawKind,
    /// The public reason.
    pub reason: Option<String>,
    /// Path of the same site, as `/tin-tuc/…`, or `https://{host}/…` of another site of the
    /// installation.
    pub redirect_to: Option<String>,
    /// When.
    pub at: Moment,
}

impl Edition {
    /// Whether it was published without approval and nobody has confirmed it.
    pub fn needs_second_look(&self) -> bool {
        self.forced
            .as_ref()
            .is_some_and(|forced| forced.confirmed_by.is_none())
    }
}

/// One immutable snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Identity.
    pub id: RevisionId,
    /// Whose site.
    pub site: SiteId,
    /// Of which entry.
    pub entry: EntryId,
    /// Of which edition.
    pub edition: EditionId,
    /// 1, 2, 3, … within the entry.
    pub number: i32,
    /// Canonical JSON of the snapshot.
    pub snapshot: String,
    /// SHA-256 of `snapshot`.
    pub sha256: String,
    /// The section it names.
    pub section: SectionId,
    /// Its title.
    pub title: String,
    /// Who wrote it.
    pub author: UserId,
    /// When.
    pub created_at: Moment,
    /// When its content was expunged; there is no snapshot then, and the title is a mark.
    pub expunged_at: Option<Moment>,
}

/// The title of what was expunged.
pub const EXPUNGED_TITLE: &str = "[đã xóa vĩnh viễn / expunged]";

/// One recorded action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// Identity.
    pub id: TransitionId,
    /// Whose site.
    pub site: SiteId,
    /// Of which entry.
    pub entry: EntryId,
    /// On which edition.
    pub edition: EditionId,
    /// 1, 2, 3, … within the entry.
    pub number: i32,
    /// What was done.
    pub action: Action,
    /// From where.
    pub from: State,
    /// To where.
    pub to: State,
    /// On which revision.
    pub revision: RevisionId,
    /// By whom; none for the system.
    pub actor: Option<UserId>,
    /// With which words.
    pub comment: Option<String>,
    /// When.
    pub at: Moment,
}

/// A link that shows one revision without an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewLink {
    /// Identity.
    pub id: PreviewLinkId,
    /// Whose site.
    pub site: SiteId,
    /// Of which entry.
    pub entry: EntryId,
    /// Shows this.
    pub revision: RevisionId,
    /// Made by; the link dies with this person's right to read.
    pub created_by: UserId,
    /// When.
    pub created_at: Moment,
    /// Until when.
    pub expires_at: Moment,
    /// Ended early.
    pub revoked_at: Option<Moment>,
}
