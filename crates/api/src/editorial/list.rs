//! `GET /editorial/entries`: the working list over all sites one may read.

use std::str::FromStr;

use actix_web::{HttpRequest, HttpResponse, get};
use loa_app::editorial::{WorkingEntry, WorkingFilter};
use loa_domain::field::FieldCode;
use loa_domain::text::has_slug_form;
use serde::Deserialize;

use crate::blocking::blocking;
use crate::envelope::List;
use crate::extract::{Authorized, Query, permissions};
use crate::paging::{self, FILTER_VALUES_MAX as VALUES_MAX, ListIdentity, PageParams};
use crate::problem::{Code, Problem};

/// The working list's parameters. A comma stands for «any of».
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WorkingListQuery {
    /// Slugs of sites.
    #[serde(rename = "filter[site]")]
    #[param(rename = "filter[site]")]
    pub(crate) site: Option<String>,
    /// States.
    #[serde(rename = "filter[state]")]
    #[param(rename = "filter[state]", example = "in_review,in_approval")]
    pub(crate) state: Option<String>,
    /// Content types.
    #[serde(rename = "filter[type]")]
    #[param(rename = "filter[type]")]
    pub(crate) kind: Option<String>,
    /// Slugs of sections.
    #[serde(rename = "filter[section]")]
    #[param(rename = "filter[section]")]
    pub(crate) section: Option<String>,
    /// Written by this person.
    #[serde(rename = "filter[author]")]
    #[param(rename = "filter[author]")]
    pub(crate) author: Option<String>,
    /// On this person's desk.
    #[serde(rename = "filter[assignee]")]
    #[param(rename = "filter[assignee]")]
    pub(crate) assignee: Option<String>,
    /// Published without approval and not confirmed: `true` or `false`.
    #[serde(rename = "filter[needs_second_look]")]
    #[param(rename = "filter[needs_second_look]", value_type = Option<bool>)]
    pub(crate) needs_second_look: Option<String>,
    /// Whose time came, and which the clock could not publish: `true` or `false`.
    #[serde(rename = "filter[held]")]
    #[param(rename = "filter[held]", value_type = Option<bool>)]
    pub(crate) held: Option<String>,
    /// `-updated_at` (when missing) or `updated_at`.
    pub(crate) sort: Option<String>,
    /// How many entries, 1 to 100; 20 when missing.
    #[serde(rename = "page[size]")]
    #[param(rename = "page[size]", value_type = Option<u32>, minimum = 1, maximum = 100)]
    pub(crate) size: Option<String>,
    /// Cursor of the page before.
    #[serde(rename = "page[after]")]
    #[param(rename = "page[after]")]
    pub(crate) after: Option<String>,
    /// Cursor of the page after.
    #[serde(rename = "page[before]")]
    #[param(rename = "page[before]")]
    pub(crate) before: Option<String>,
    /// Whether to count: `true` or `false`.
    #[param(value_type = Option<bool>)]
    pub(crate) count: Option<String>,
}

impl WorkingListQuery {
    /// Typed values; the sort as a word of the closed list.
    pub(crate) fn filter(&self) -> Result<(WorkingFilter, &'static str), Problem> {
        let sort = match self.sort.as_deref() {
            None | Some("-updated_at") => "-updated_at",
            Some("updated_at") => "updated_at",
            Some(_) => return Err(invalid("sort", "one of -updated_at, updated_at")),
        };
        let filter = WorkingFilter {
            sites: texts("filter[site]", self.site.as_deref())?,
            states: words(
                "filter[state]",
                self.state.as_deref(),
                loa_domain::entry::State::ALL,
            )?,
            kinds: words(
                "filter[type]",
                self.kind.as_deref(),
                loa_domain::content::ContentKind::ALL,
            )?,
            sections: texts("filter[section]", self.section.as_deref())?,
            author: id("filter[author]", self.author.as_deref())?,
            assignee: id("filter[assignee]", self.assignee.as_deref())?,
            needs_second_look: flag(
                "filter[needs_second_look]",
                self.needs_second_look.as_deref(),
            )?,
            held: flag("filter[held]", self.held.as_deref())?,
            oldest_first: sort == "updated_at",
        };
        Ok((filter, sort))
    }

    /// The paging parameters.
    pub(crate) fn paging(&self) -> PageParams {
        PageParams {
            size: self.size.clone(),
            after: self.after.clone(),
            before: self.before.clone(),
            count: self.count.clone(),
        }
    }
}

/// The working list over all sites the caller may read.
#[utoipa::path(
    tag = "editorial", operation_id = "list_all_entries", security(("bearer" = [])),
    params(WorkingListQuery),
    responses((status = 200, description = "A page", body = List<WorkingEntry>))
)]
#[get("/editorial/entries")]
pub(crate) async fn list_all_entries(
    caller: Authorized<permissions::ReadEntries>,
    query: Query<WorkingListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (filter, sort) = query.0.filter()?;
    respond(&caller, &query.0, filter, sort, &request).await
}

/// A page of the list.
pub(crate) async fn respond(
    caller: &Authorized<permissions::ReadEntries>,
    query: &WorkingListQuery,
    filter: WorkingFilter,
    sort: &'static str,
    request: &HttpRequest,
) -> Result<HttpResponse, Problem> {
    let identity = ListIdentity::new(request.path(), sort, &format!("{filter:?}"));
    let ask = paging::ask(&query.paging(), &identity, caller.secrets())?;
    let size = ask.size;
    let (editorial, actor) = (caller.editorial(), caller.actor());
    let page = blocking(move || editorial.list(&actor, &filter, &ask)).await?;
    let secrets = caller.secrets();
    Ok(paging::private_list::<_, WorkingEntry>(
        request, page, size, &identity, secrets,
    ))
}

fn invalid(parameter: &str, detail: &str) -> Problem {
    Problem::parameter(
        Code::ParameterInvalid,
        parameter,
        FieldCode::UnknownValue,
        detail,
    )
}

fn flag(parameter: &'static str, value: Option<&str>) -> Result<Option<bool>, Problem> {
    value.map(|_| paging::flag(parameter, value)).transpose()
}

fn texts(parameter: &str, value: Option<&str>) -> Result<Vec<String>, Problem> {
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    let texts: Vec<String> = value
        .split(',')
        .map(|part| part.trim().to_owned())
        .collect();
    if texts.len() > VALUES_MAX || !texts.iter().all(|text| has_slug_form(text)) {
        return Err(invalid(parameter, "slugs joined by commas, at most 50"));
    }
    Ok(texts)
}

fn words<T: FromStr + Copy + std::fmt::Display>(
    parameter: &str,
    value: Option<&str>,
    all: &[T],
) -> Result<Vec<T>, Problem> {
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    if value.split(',').count() > VALUES_MAX {
        return Err(Problem::parameter(
            Code::ParameterInvalid,
            parameter,
            FieldCode::TooMany,
            format!("at most {VALUES_MAX} values"),
        ));
    }
    value
        .split(',')
        .map(|part| {
            part.trim().parse().map_err(|_| {
                let known: Vec<String> = all.iter().map(ToString::to_string).collect();
                invalid(parameter, &format!("any of {}", known.join(", ")))
            })
        })
        .collect()
}

fn id<T: FromStr>(parameter: &str, value: Option<&str>) -> Result<Option<T>, Problem> {
    value
        .map(|text| text.parse().map_err(|_| invalid(parameter, "an id")))
        .transpose()
}
