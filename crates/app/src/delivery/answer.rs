//! An answer for the public with all a cache has to know of it.

use loa_domain::ids::SiteId;
use loa_domain::time::Moment;
use loa_store::delivery::sites::SiteRef;

/// Whose changes put an answer out of date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Those of one site.
    Site {
        /// Identity.
        id: SiteId,
        /// Its name in URLs.
        slug: String,
    },
    /// Any.
    All,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    /// What was asked for.
    pub value: T,
    /// Whose changes put it out of date.
    pub scope: Scope,
    /// Last number of the scope's log before it was read.
    pub stamp: i64,
    /// When it ends by itself, where it depends on the time.
    pub valid_until: Option<Moment>,
}

impl<T> Answer<T> {
    /// An answer that any change of the site puts out of date.
    pub(super) fn of_site(site: SiteRef, value: T, valid_until: Option<Moment>) -> Self {
        Self {
            value,
            stamp: site.sequence,
            scope: Scope::Site {
                id: site.id,
                slug: site.slug,
            },
            valid_until,
        }
    }

    /// An answer that any change at all puts out of date.
    pub(super) fn of_all(stamp: i64, value: T, valid_until: Option<Moment>) -> Self {
        Self {
            value,
            scope: Scope::All,
            stamp,
            valid_until,
        }
    }
}
