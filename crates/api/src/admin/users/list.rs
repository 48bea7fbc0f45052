//! `GET /admin/users`.

use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;

use super::UserBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Query, permissions};
use crate::paging::{self, ListIdentity, PageParams};
use crate::problem::Problem;

/// Parameters of the list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct UsersQuery {
    /// People on a page, 1 to 100; 20 by default.
    #[serde(rename = "page[size]")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    size: Option<String>,
    /// Cursor: the page after it.
    #[serde(rename = "page[after]")]
    after: Option<String>,
    /// Cursor: the page before it.
    #[serde(rename = "page[before]")]
    before: Option<String>,
    /// Whether to count all people.
    #[param(value_type = Option<bool>)]
    count: Option<String>,
}

/// Lists people by given name: all, or those who hold a role where the caller administers or audits.
#[utoipa::path(
    tag = "admin",
    operation_id = "list_users",
    security(("bearer" = [])),
    params(UsersQuery),
    responses((status = 200, body = envelope::List<UserBody>))
)]
#[get("/admin/users")]
pub(super) async fn list_users(
    caller: Authorized<permissions::ReadAudit>,
    query: Query<UsersQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.0;
    let list = ListIdentity::new(request.path(), "name", &caller.actor().user.to_string());
    let params = PageParams {
        size: query.size,
        after: query.after,
        before: query.before,
        count: query.count,
    };
    let ask = paging::ask(&params, &list, caller.secrets())?;
    let (admin, actor, size) = (caller.admin(), caller.actor(), ask.size);
    let page = blocking(move || admin.list_users(&actor, &ask)).await?;
    let (info, meta) = paging::info(&page, size, &list, caller.secrets());
    let data: Vec<UserBody> = page.items.into_iter().map(Into::into).collect();
    Ok(paging::private_list(
        &request,
        envelope::List {
            data,
            page: info,
            meta,
        },
    ))
}
