//! `GET /admin/units`.

use actix_web::{HttpRequest, HttpResponse, get};
use loa_app::UnitFilter;
use loa_domain::field::FieldCode;
use serde::Deserialize;

use super::UnitBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Query, permissions};
use crate::filters::any_of;
use crate::paging::{self, ListIdentity, PageParams};
use crate::problem::{Code, Problem};

/// Parameters of the list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct UnitsQuery {
    /// Any of these codes, between commas.
    #[serde(rename = "filter[code]")]
    code: Option<String>,
    /// Any of these kinds, between commas.
    #[serde(rename = "filter[kind]")]
    kind: Option<String>,
    /// Right below any of these units, between commas.
    #[serde(rename = "filter[parent]")]
    parent: Option<String>,
    /// By name, which is the default, or by name from Z to A.
    #[param(value_type = Option<UnitSort>)]
    sort: Option<String>,
    /// Units on a page, 1 to 100; 20 by default.
    #[serde(rename = "page[size]")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    size: Option<String>,
    /// Cursor: the page after it.
    #[serde(rename = "page[after]")]
    after: Option<String>,
    /// Cursor: the page before it.
    #[serde(rename = "page[before]")]
    before: Option<String>,
    /// Whether to count all units.
    #[param(value_type = Option<bool>)]
    count: Option<String>,
}

/// Orders of the list.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "documents the values of a parameter")]
enum UnitSort {
    /// From A to Z.
    #[schema(rename = "name")]
    Name,
    /// From Z to A.
    #[schema(rename = "-name")]
    NameDescending,
}

/// Lists units of every period, by name.
#[utoipa::path(
    tag = "admin",
    operation_id = "list_units",
    security(("bearer" = [])),
    params(UnitsQuery),
    responses((status = 200, body = envelope::List<UnitBody>))
)]
#[get("/admin/units")]
pub(super) async fn list_units(
    caller: Authorized<permissions::ReadSite>,
    query: Query<UnitsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.0;
    let sort = match query.sort.as_deref() {
        None | Some("name") => "name",
        Some("-name") => "-name",
        Some(_) => {
            let (code, why) = (Code::ParameterInvalid, FieldCode::UnknownValue);
            return Err(Problem::parameter(code, "sort", why, "name or -name"));
        }
    };
    let descending = sort == "-name";
    let filter = UnitFilter {
        codes: any_of("filter[code]", query.code.as_deref(), "codes of units")?,
        kinds: any_of("filter[kind]", query.kind.as_deref(), "kinds of units")?,
        parents: any_of("filter[parent]", query.parent.as_deref(), "ids of units")?,
    };
    let list = ListIdentity::new(request.path(), sort, &format!("{filter:?}"));
    let params = PageParams {
        size: query.size,
        after: query.after,
        before: query.before,
        count: query.count,
    };
    let ask = paging::ask(&params, &list, caller.secrets())?;
    let (admin, size) = (caller.admin(), ask.size);
    let page = blocking(move || admin.list_units(&filter, descending, &ask)).await?;
    let secrets = caller.secrets();
    Ok(paging::private_list::<_, UnitBody>(
        &request, page, size, &list, secrets,
    ))
}
