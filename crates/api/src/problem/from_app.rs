//! From a use case's failure to a problem: one exhaustive match.

use actix_web::http::header::{self, HeaderName, HeaderValue};
use loa_app::Error;
use loa_app::{StoreFailure, Weakness};
use loa_domain::field::{FieldCode, FieldError};
use loa_workflow::Reason;

use super::{Bilingual, Code, GoneBody, Problem};

impl From<Error> for Problem {
    #[deny(clippy::wildcard_enum_match_arm)]
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Problem::new(Code::NotFound),
            Error::Forbidden => Problem::new(Code::Forbidden),
            Error::TokenInvalid => Problem::new(Code::TokenInvalid),
            Error::CredentialsInvalid => Problem::new(Code::CredentialsInvalid),
            Error::TooManyRequests { retry_after } => too_many(retry_after),
            Error::Refused(refusal) => refused(*refusal),
            Error::Invalid(errors) => Problem::fields(Code::InvalidContent, errors),
            Error::WeakPassword { pointer, why } => weak_password(pointer, why),
            Error::PreconditionFailed => Problem::new(Code::PreconditionFailed),
            Error::PreconditionRequired => Problem::new(Code::PreconditionRequired),
            Error::NotDeletable => Problem::new(Code::NotDeletable),
            Error::StateConflict(reason) => {
                let mut problem = Problem::new(Code::StateConflict);
                problem.0.reason = Some(reason);
                problem.0.allowed_actions = Some(Vec::new());
                problem
            }
            Error::IdempotencyKeyReused => Problem::new(Code::IdempotencyKeyReused),
            Error::IdempotencyInProgress => Problem::new(Code::IdempotencyInProgress),
            Error::Expunged => Problem::new(Code::Expunged),
            Error::Gone(gone) => {
                let expired = gone.kind == loa_domain::entry::WithdrawKind::Expired;
                let mut problem = Problem::new(if expired {
                    Code::Expired
                } else {
                    Code::Withdrawn
                });
                problem.0.gone = Some(GoneBody {
                    kind: gone.kind,
                    reason: gone.reason,
                    successor: gone.successor,
                    at: gone.at,
                });
                problem
            }
            Error::Store(error) => store(&error),
            Error::Internal(what) => {
                tracing::error!(%what, "internal fault");
                Problem::new(Code::Internal)
            }
        }
    }
}

/// Says why in both languages, and nothing of the password.
fn weak_password(pointer: &str, why: Weakness) -> Problem {
    let (code, short, vi, en) = match why {
        Weakness::TooShort => (
            FieldCode::WeakPassword,
            "at least 12 characters",
            "Mật khẩu quá ngắn: cần ít nhất 12 ký tự. Một câu năm, sáu tiếng dễ nhớ là đủ dài.",
            "The password is too short: at least 12 characters are needed. A sentence of five or six \
             words is long enough and easy to remember.",
        ),
        Weakness::TooLong => (
            FieldCode::TooLong,
            "at most 128 characters",
            "Mật khẩu quá dài: nhiều nhất 128 ký tự.",
            "The password is too long: at most 128 characters.",
        ),
        Weakness::OwnWords => (
            FieldCode::WeakPassword,
            "at least 8 letters besides names, places, common words and numbers",
            "Mật khẩu gần như chỉ gồm họ tên, địa chỉ thư, tên địa phương, từ ai cũng thử đầu tiên \
             hoặc ngày tháng và số. Ngoài những thứ đó phải còn ít nhất 8 chữ cái; dấu, chữ hoa và \
             ký tự thay cho chữ cái không được tính thêm.",
            "Almost all of the password is a name, an address, a place, a word that everybody tries \
             first, dates or numbers. At least 8 letters have to be left without them; marks, \
             capitals and signs in the place of letters do not count.",
        ),
        Weakness::Guessable => (
            FieldCode::WeakPassword,
            "too easy to guess",
            "Mật khẩu dễ đoán: từ thông dụng, dãy phím hoặc phần lặp lại. Hãy ghép năm, sáu tiếng \
             không liên quan với nhau.",
            "The password is easy to guess: common words, runs of keys or repetitions. Put five or \
             six words together that have nothing to do with each other.",
        ),
    };
    let field = FieldError::new(pointer, code, short);
    Problem::fields(Code::InvalidContent, vec![field]).with_detail(Bilingual { vi, en })
}

fn too_many(retry_after: u32) -> Problem {
    let seconds = HeaderValue::from(retry_after);
    let left = HeaderValue::from_str(&format!("\"login\";r=0;t={retry_after}"));
    let problem = Problem::new(Code::TooManyRequests).with_header(header::RETRY_AFTER, seconds);
    match left {
        Ok(left) => problem.with_header(HeaderName::from_static("ratelimit"), left),
        Err(_) => problem,
    }
}

fn refused(refusal: loa_workflow::Refusal) -> Problem {
    let detail = Bilingual {
        vi: refusal.reason.vi(),
        en: refusal.reason.en(),
    };
    let code = match &refusal.reason {
        Reason::Fields(errors) => {
            return Problem::fields(Code::InvalidContent, errors.clone()).with_detail(detail);
        }
        Reason::OpenEditionExists => Code::OpenEditionExists,
        Reason::NoOpenEdition => Code::NoOpenEdition,
        reason if reason.is_about_rights() => Code::Forbidden,
        _ => Code::ActionRefused,
    };
    let mut problem = Problem::new(code).with_detail(detail);
    problem.0.reason = Some(refusal.reason.code());
    problem.0.allowed_actions = Some(refusal.allowed);
    problem
}

#[deny(clippy::wildcard_enum_match_arm)]
fn store(error: &StoreFailure) -> Problem {
    match error {
        StoreFailure::Busy | StoreFailure::Away(_) | StoreFailure::Collision => {
            tracing::warn!(%error, "the database is not to be had");
            Problem::new(Code::Unavailable)
        }
        // These may pass without anybody freeing room: a disk is mounted again, another server
        // becomes the primary, the node is started with the secret of today.
        StoreFailure::Disk | StoreFailure::ReadOnly | StoreFailure::Secret(_) => {
            tracing::error!(%error, "the database takes no writes");
            Problem::new(Code::Unavailable)
        }
        StoreFailure::Full => {
            tracing::error!(%error, "the database takes no writes");
            Problem::new(Code::StorageFull)
        }
        StoreFailure::Stale => Problem::new(Code::PreconditionFailed),
        StoreFailure::Taken => {
            let mut problem = Problem::new(Code::StateConflict);
            problem.0.reason = Some("taken");
            problem
        }
        StoreFailure::Corrupt { .. }
        | StoreFailure::Foreign { .. }
        | StoreFailure::Migration(_)
        | StoreFailure::Database(_) => {
            tracing::error!(%error, "database fault");
            Problem::new(Code::Internal)
        }
    }
}
