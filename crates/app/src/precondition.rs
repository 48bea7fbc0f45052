//! `If-Match`: whoever changes a thing says which version of it they saw.

use crate::Error;
use crate::secrets::Secrets;

/// The condition a request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfMatch {
    /// None.
    Missing,
    /// `*`: whatever is there.
    Any,
    /// One of these tags, without their quotes.
    Tags(Vec<String>),
}

impl IfMatch {
    /// Refuses unless the condition names the current version of the thing.
    ///
    /// # Errors
    /// `PreconditionRequired` when there is no condition, `PreconditionFailed` when it is stale.
    pub(crate) fn check(
        &self,
        secrets: &Secrets,
        kind: &str,
        id: &str,
        version: i64,
    ) -> Result<(), Error> {
        match self {
            IfMatch::Missing => Err(Error::PreconditionRequired),
            IfMatch::Any => Ok(()),
            IfMatch::Tags(tags) => {
                if tags
                    .iter()
                    .any(|tag| secrets.is_version_tag(tag, kind, id, version))
                {
                    Ok(())
                } else {
                    Err(Error::PreconditionFailed)
                }
            }
        }
    }
}
