//! What can go wrong in a use case. The API turns each into one problem document.

use loa_domain::entry::WithdrawKind;
use loa_domain::field::FieldError;
use loa_domain::time::Moment;
use loa_store::StoreError;
use loa_workflow::Refusal;

/// A failure of a use case.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such thing, or none that the caller may know of.
    #[error("not found")]
    NotFound,
    /// The caller may know the thing and may not do this to it.
    #[error("not allowed")]
    Forbidden,
    /// The credential is no good: unknown, forged, expired, or its session has ended.
    #[error("the token is not valid")]
    TokenInvalid,
    /// Email and password do not belong together.
    #[error("wrong email or password")]
    CredentialsInvalid,
    /// Too many failures; wait this many seconds.
    #[error("too many tries")]
    TooManyRequests {
        /// How long to wait, in seconds.
        retry_after: u32,
    },
    /// The workflow refuses.
    #[error("the workflow refuses: {0:?}")]
    Refused(Box<Refusal>),
    /// Fields are refused.
    #[error("fields are refused")]
    Invalid(Vec<FieldError>),
    /// A password that is too easy to guess.
    #[error("the password is too weak")]
    WeakPassword {
        /// Where it stood in the request.
        pointer: &'static str,
        /// Why.
        why: Weakness,
    },
    /// The thing was changed since the caller saw it.
    #[error("precondition failed")]
    PreconditionFailed,
    /// The caller has to say which version they saw.
    #[error("precondition required")]
    PreconditionRequired,
    /// What was handed in once is never deleted.
    #[error("an entry that was handed in is not deleted")]
    NotDeletable,
    /// The state of things forbids it.
    #[error("{0}")]
    StateConflict(&'static str),
    /// The same key came with another request.
    #[error("the idempotency key belongs to another request")]
    IdempotencyKeyReused,
    /// The first request with this key is still at work.
    #[error("the first request with this key is still at work")]
    IdempotencyInProgress,
    /// Its content was taken away for good.
    #[error("expunged")]
    Expunged,
    /// It was public and is no more.
    #[error("withdrawn")]
    Gone(Box<Gone>),
    /// The database.
    #[error(transparent)]
    Store(#[from] loa_store::Error),
    /// A fault of ours.
    #[error("{0}")]
    Internal(String),
}

/// Why a password is too weak. It says nothing of the password itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer than 12 characters.
    TooShort,
    /// More than 128.
    TooLong,
    /// Fewer than 8 letters beside names, places, common words and numbers.
    OwnWords,
    /// Few guesses are enough for what is left.
    Guessable,
}

/// What readers are told of something that is no longer public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// How it ended.
    pub kind: WithdrawKind,
    /// Why.
    pub reason: Option<String>,
    /// Where to read instead.
    pub successor: Option<String>,
    /// When.
    pub at: Moment,
}

impl Error {
    /// A single refused field.
    pub(crate) fn field(error: FieldError) -> Self {
        Error::Invalid(vec![error])
    }
}

/// What a unique violation means is the call site's to say; other failures stay what they are.
pub(crate) fn if_taken(error: loa_store::Error, means: impl FnOnce() -> Error) -> Error {
    if matches!(error, loa_store::Error::Taken) {
        means()
    } else {
        error.into()
    }
}

/// For a row that was read in the same transaction: whoever was faster has committed by now, so
/// the transaction is tried again.
pub(crate) fn again_if_stale(error: loa_store::Error) -> Error {
    if matches!(error, loa_store::Error::Stale) {
        loa_store::Error::Collision.into()
    } else {
        error.into()
    }
}

impl StoreError for Error {
    fn store(&self) -> Option<&loa_store::Error> {
        match self {
            Error::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(Box::new(refusal))
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::Internal(format!("JSON: {error}"))
    }
}
