//! What a path on a site's host leads to, for front ends.

use loa_store::delivery::{paths, sites};

use super::Delivery;
use super::answer::Answer;
use super::reading::{self, Reading, Terms};
use crate::Error;

impl Delivery {
    /// What a path of a site leads to. Redirects are in terms of paths.
    ///
    /// # Errors
    /// `NotFound`; `Gone` when it was public and is no more.
    pub fn resolve(&self, site: &str, path: &str) -> Result<Answer<Reading>, Error> {
        let now = self.context.now();
        self.context.store.read_delivery(|conn| {
            let site = reading::site(conn, site)?;
            let found = paths::resolve(conn, site.id, path)?;
            reading::answer(conn, site, found, now, Terms::Host)
        })
    }

    /// The same, for whichever site the host is an alias of.
    ///
    /// # Errors
    /// `NotFound`, also when no site has the host; `Gone`.
    pub fn resolve_host(&self, host: &str, path: &str) -> Result<Answer<Reading>, Error> {
        let now = self.context.now();
        let host = bare(host);
        self.context.store.read_delivery(|conn| {
            let site = sites::find_by_host(conn, &host)?.ok_or(Error::NotFound)?;
            let found = paths::resolve(conn, site.id, path)?;
            reading::answer(conn, site, found, now, Terms::Host)
        })
    }
}

/// A host as stored: lower case, without port and root dot.
pub(super) fn bare(host: &str) -> String {
    let name = host.split(':').next().unwrap_or("");
    name.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    #[test]
    fn hosts_lose_port_case_and_root_dot() {
        assert_eq!(super::bare("Hai-Tien.GOV.vn.:8443"), "hai-tien.gov.vn");
    }
}
