//! The sign-in history on the wire: parameters and body of its two lists, one's own and the auditors'.

use loa_app::admin::SignInView;
use loa_domain::ids::{SignInId, UserId};
use loa_domain::sign_in::{SignIn, SignInFilter, SignInOutcome};
use loa_domain::time::Moment;
use serde::{Deserialize, Serialize};

use crate::delivery::{End, moment};
use crate::filters::{any_of, refused};
use crate::paging::PageParams;
use crate::problem::Problem;

/// Parameters of one's own history.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OwnSignInsQuery {
    /// Outcomes; a comma stands for «any of».
    #[serde(rename = "filter[outcome]")]
    #[param(example = "failed,refused")]
    outcome: Option<String>,
    /// Begun on this day in Vietnam or later, or at this time or later.
    #[serde(rename = "filter[at][gte]")]
    at_gte: Option<String>,
    /// Begun on this day in Vietnam or earlier, or at this time or earlier.
    #[serde(rename = "filter[at][lte]")]
    at_lte: Option<String>,
    /// Rows on a page, 1 to 100; 20 by default.
    #[serde(rename = "page[size]")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    size: Option<String>,
    /// Cursor: the page after it.
    #[serde(rename = "page[after]")]
    after: Option<String>,
    /// Cursor: the page before it.
    #[serde(rename = "page[before]")]
    before: Option<String>,
    /// Whether to count all rows.
    #[param(value_type = Option<bool>)]
    count: Option<String>,
}

/// Parameters of the auditors' list: a query string has no place for structs within structs.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SignInsQuery {
    /// Id of a person.
    #[serde(rename = "filter[user]")]
    user: Option<String>,
    /// Outcomes; a comma stands for «any of».
    #[serde(rename = "filter[outcome]")]
    #[param(example = "failed,refused")]
    outcome: Option<String>,
    /// Begun on this day in Vietnam or later, or at this time or later.
    #[serde(rename = "filter[at][gte]")]
    at_gte: Option<String>,
    /// Begun on this day in Vietnam or earlier, or at this time or earlier.
    #[serde(rename = "filter[at][lte]")]
    at_lte: Option<String>,
    /// Rows on a page, 1 to 100; 20 by default.
    #[serde(rename = "page[size]")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    size: Option<String>,
    /// Cursor: the page after it.
    #[serde(rename = "page[after]")]
    after: Option<String>,
    /// Cursor: the page before it.
    #[serde(rename = "page[before]")]
    before: Option<String>,
    /// Whether to count all rows.
    #[param(value_type = Option<bool>)]
    count: Option<String>,
}

impl OwnSignInsQuery {
    /// The filter and the page that is asked for.
    pub(crate) fn parts(self) -> Result<(SignInFilter, PageParams), Problem> {
        SignInsQuery {
            user: None,
            outcome: self.outcome,
            at_gte: self.at_gte,
            at_lte: self.at_lte,
            size: self.size,
            after: self.after,
            before: self.before,
            count: self.count,
        }
        .parts()
    }
}

impl SignInsQuery {
    /// The filter and the page that is asked for.
    pub(crate) fn parts(self) -> Result<(SignInFilter, PageParams), Problem> {
        let user = self.user.map(|text| text.parse());
        let user = user.transpose();
        let outcomes = self.outcome.as_deref();
        let filter = SignInFilter {
            user: user.map_err(|_| refused("filter[user]", "an id"))?,
            outcomes: any_of(
                "filter[outcome]",
                outcomes,
                "any of succeeded, failed, refused",
            )?,
            from: moment("filter[at][gte]", self.at_gte.as_deref(), End::First)?,
            to: moment("filter[at][lte]", self.at_lte.as_deref(), End::Last)?,
        };
        let page = PageParams {
            size: self.size,
            after: self.after,
            before: self.before,
            count: self.count,
        };
        Ok((filter, page))
    }
}

/// Tries to sign in of one account from one network with one outcome, within a minute.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SignIn)]
pub(crate) struct SignInBody {
    /// Identity.
    id: SignInId,
    /// Whose account; null where no account has the address that was typed, which is not kept.
    #[schema(required)]
    user: Option<SignInUser>,
    /// What came of it.
    outcome: SignInOutcome,
    /// Network address of the first; null where tries from many networks are summed up.
    #[schema(required, example = "192.0.2.1")]
    address: Option<String>,
    /// What the client of the first called itself.
    user_agent: String,
    /// How many.
    count: u32,
    /// When the first was.
    at: Moment,
    /// When the last was.
    last_at: Moment,
}

/// Whose account it is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct SignInUser {
    /// Identity.
    id: UserId,
    /// Full name today.
    name: String,
}

impl From<SignInView> for SignInBody {
    fn from(view: SignInView) -> Self {
        let SignIn {
            id,
            user,
            outcome,
            address,
            user_agent,
            count,
            at,
            last_at,
        } = view.sign_in;
        let named = user.zip(view.name);
        Self {
            id,
            user: named.map(|(id, name)| SignInUser { id, name }),
            outcome,
            address,
            user_agent,
            count,
            at,
            last_at,
        }
    }
}
