//! From a path on a site's host to what it leads to.

use loa_domain::ids::SiteId;

use super::documents::{self, Found};
use crate::conn::Conn;
use crate::error::Error;

/// What a path leads to: an entry, where it is now, or how it ended. None when the path was never
/// public.
///
/// # Errors
/// Of the database.
pub fn resolve(conn: &mut Conn, site: SiteId, path: &str) -> Result<Option<Found>, Error> {
    documents::by_path(conn, site, path)
}
