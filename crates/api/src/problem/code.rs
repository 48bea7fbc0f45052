//! The closed list of problem codes (RFC 9457 `code`, and the last segment of `type`).
//!
//! For: naming what went wrong in a request as a whole. Not for: what is wrong with one field,
//! which has codes of its own, nor for the wording, which is in `table`. A code once
//! released keeps its name and status; clients branch on it.

use super::lang::Lang;
use super::table;

// One list makes both the enum and `ALL`, so that neither can miss a code.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident,)+) => {
        /// What went wrong with a request, as a client's program reads it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])* $variant,)+
        }

        impl Code {
            /// Every code, ordered by status.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];
        }
    };
}

codes! {
    /// 400: the body is not JSON.
    MalformedJson,
    /// 400: bytes that cannot be read in the path, the query or a header.
    MalformedRequest,
    /// 400: a query parameter, field or operator the route does not declare.
    UnknownParameter,
    /// 400: a declared parameter with a value it cannot take.
    ParameterInvalid,
    /// 400: a page cursor that is damaged or belongs to another query.
    CursorInvalid,
    /// 400: `Idempotency-Key` is missing where it is required, or malformed.
    IdempotencyKeyInvalid,
    /// 401: no credential where one is needed.
    Unauthenticated,
    /// 401: a token that is malformed, expired or revoked.
    TokenInvalid,
    /// 401: sign-in refused.
    CredentialsInvalid,
    /// 403: the caller may see the object, but not do this.
    Forbidden,
    /// 404: no such thing, or nothing the caller may know of.
    NotFound,
    /// 405: the route does not have this method.
    MethodNotAllowed,
    /// 408: the body did not come in time.
    RequestTimeout,
    /// 409: the workflow does not allow this action now.
    ActionRefused,
    /// 409: the entry already has an open edition.
    OpenEditionExists,
    /// 409: the entry has no open edition to save to or act on.
    NoOpenEdition,
    /// 409: the thing was in use already and is kept.
    NotDeletable,
    /// 409: any other clash with the present state.
    StateConflict,
    /// 409: the first request with this idempotency key is still running.
    IdempotencyInProgress,
    /// 410: published once, withdrawn since.
    Withdrawn,
    /// 410: published once, its time is over.
    Expired,
    /// 410: the content was taken away for good; only its mark is left.
    Expunged,
    /// 412: `If-Match` names another version than the present one.
    PreconditionFailed,
    /// 413: the body is larger than the route takes.
    PayloadTooLarge,
    /// 414: the address is longer than the server takes.
    UriTooLong,
    /// 415: the body is of a type or encoding the route does not read.
    UnsupportedMediaType,
    /// 422: well-formed, but not acceptable; `errors` says where.
    InvalidContent,
    /// 422: the idempotency key was used before for another request.
    IdempotencyKeyReused,
    /// 428: `If-Match` is missing.
    PreconditionRequired,
    /// 429: too many requests in a window.
    TooManyRequests,
    /// 500: a fault of the server.
    Internal,
    /// 503: the database is busy or away.
    Unavailable,
    /// 507: no space left to store what was sent.
    StorageFull,
}

impl Code {
    /// The name in `code` and in the address of the description: stable, never translated.
    pub const fn as_str(self) -> &'static str {
        table::row(self).name
    }

    /// The code of that exact name.
    pub fn parse(name: &str) -> Option<Code> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }

    /// The HTTP status it is answered with.
    pub const fn status(self) -> u16 {
        table::row(self).status
    }

    /// A short title without a full stop, the same on every occasion.
    pub const fn title(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Vi => table::row(self).title_vi,
            Lang::En => table::row(self).title_en,
        }
    }

    /// When it is answered, and what a client should do next. Plain text but for backticks around
    /// names of headers, members and codes.
    pub const fn description(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Vi => table::row(self).text_vi,
            Lang::En => table::row(self).text_en,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const LANGS: [Lang; 2] = [Lang::Vi, Lang::En];

    #[test]
    fn names_are_unique_and_found_again() {
        let names: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for &code in Code::ALL {
            assert_eq!(Code::parse(code.as_str()), Some(code));
        }
        for unknown in ["", "no_such_code", "NOT_FOUND", "not_found "] {
            assert_eq!(Code::parse(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn names_are_the_variants_in_snake_case() {
        for code in Code::ALL {
            let mut expected = String::new();
            for letter in format!("{code:?}").chars() {
                if letter.is_ascii_uppercase() && !expected.is_empty() {
                    expected.push('_');
                }
                expected.push(letter.to_ascii_lowercase());
            }
            assert_eq!(code.as_str(), expected);
        }
    }

    #[test]
    fn statuses_are_those_of_the_contract_in_rising_order() {
        let allowed = [
            400, 401, 403, 404, 405, 408, 409, 410, 412, 413, 414, 415, 422, 428, 429, 500, 503,
            507,
        ];
        let used: HashSet<_> = Code::ALL.iter().map(|code| code.status()).collect();
        assert_eq!(used, HashSet::from(allowed));
        assert!(Code::ALL.is_sorted_by_key(|code| code.status()));
    }

    #[test]
    fn titles_are_short_and_without_a_full_stop() {
        for lang in LANGS {
            let titles: HashSet<_> = Code::ALL.iter().map(|code| code.title(lang)).collect();
            assert_eq!(titles.len(), Code::ALL.len());
            for title in titles {
                assert!(!title.is_empty() && title.chars().count() <= 60, "{title}");
                assert!(!title.ends_with(['.', '!', ' ']), "{title}");
                assert!(!title.contains('`'), "{title}");
            }
        }
    }

    #[test]
    fn descriptions_are_two_to_four_sentences() {
        for code in Code::ALL {
            for lang in LANGS {
                let text = code.description(lang);
                assert!(text.ends_with('.'), "{text}");
                assert!((2..=4).contains(&text.split(". ").count()), "{text}");
                assert!(!text.contains("  ") && !text.contains('\n'), "{text}");
                assert_eq!(text.matches('`').count() % 2, 0, "{text}");
            }
        }
    }

    #[test]
    fn the_languages_differ() {
        for code in Code::ALL {
            assert_ne!(code.title(Lang::Vi), code.title(Lang::En));
            assert_ne!(code.description(Lang::Vi), code.description(Lang::En));
        }
    }

    #[test]
    fn both_languages_name_the_same_things() {
        for code in Code::ALL {
            let names = |lang| -> HashSet<&str> {
                code.description(lang)
                    .split('`')
                    .skip(1)
                    .step_by(2)
                    .collect()
            };
            assert_eq!(names(Lang::Vi), names(Lang::En), "{}", code.as_str());
        }
    }
}
