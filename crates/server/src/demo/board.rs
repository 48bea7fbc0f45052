//! Who of a site's people does what, as the workflow and good custom want it.

use loa_domain::entry::Action;
use loa_domain::people::Role;

use super::source::{DemoEntry, Person};
use crate::failure::Failure;

/// The people who can act at a site.
pub(super) struct Board<'p> {
    site: &'p str,
    members: Vec<&'p Person>,
    /// Chief editors at the units above.
    above: Vec<&'p Person>,
}

impl<'p> Board<'p> {
    /// The board of a site.
    pub(super) fn of(site: &'p str, staff: &'p [Person]) -> Self {
        Self {
            site,
            members: staff
                .iter()
                .filter(|person| person.site.as_deref() == Some(site))
                .collect(),
            above: staff
                .iter()
                .filter(|person| person.unit_code.is_some() && person.role == Role::ChiefEditor)
                .collect(),
        }
    }

    /// Who does the action: an email address.
    ///
    /// # Errors
    /// When nobody can.
    pub(super) fn who(&self, action: Action, entry: &'p DemoEntry) -> Result<&'p str, Failure> {
        let author = entry.author.as_str();
        let found = match action {
            Action::Pass | Action::RequestChanges => self
                .other(Role::Editor, author)
                .or_else(|| self.other(Role::ChiefEditor, author)),
            Action::Approve => self.approver(author),
            Action::Publish | Action::Schedule => self
                .other(Role::Publisher, "")
                .or_else(|| self.other(Role::ChiefEditor, "")),
            Action::ForcePublish | Action::Withdraw => self.other(Role::ChiefEditor, ""),
            Action::Archive => self.other(Role::SiteAdmin, ""),
            Action::Save
            | Action::Submit
            | Action::Recall
            | Action::Assign
            | Action::Unschedule
            | Action::Confirm
            | Action::Revise
            | Action::Expire => Some(author),
        };
        found.ok_or_else(|| Failure::failed(format!("{}: nobody to {action}", self.site)))
    }

    /// Where the chief editor is the only editor, the one at the unit above looks as well.
    fn approver(&self, author: &str) -> Option<&'p str> {
        let own = match self.other(Role::Editor, "") {
            Some(_) => self.other(Role::ChiefEditor, author),
            None => None,
        };
        own.or_else(|| self.above.first().map(|person| person.email.as_str()))
    }

    /// The first member with this role who is somebody else.
    fn other(&self, role: Role, than: &str) -> Option<&'p str> {
        self.members
            .iter()
            .find(|person| person.role == role && person.email != than)
            .map(|person| person.email.as_str())
    }
}
