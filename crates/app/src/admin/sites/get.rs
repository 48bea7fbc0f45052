//! One site.

use loa_domain::actor::Actor;

use super::{SiteView, readable};
use crate::Error;
use crate::admin::Admin;

impl Admin {
    /// The site with this slug.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn get_site(&self, actor: &Actor, slug: &str) -> Result<SiteView, Error> {
        self.context.store.read(|conn| readable(conn, actor, slug))
    }
}
