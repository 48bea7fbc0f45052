//! `GET /admin/users`.

use actix_web::{HttpRequest, HttpResponse, get};

use super::UserBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Query, permissions};
use crate::paging::{self, ListIdentity, PageParams};
use crate::problem::Problem;

/// Lists people by given name: all, or those who hold a role where the caller administers or audits.
#[utoipa::path(
    tag = "admin",
    operation_id = "list_users",
    security(("bearer" = [])),
    params(PageParams),
    responses((status = 200, body = envelope::List<UserBody>))
)]
#[get("/admin/users")]
pub(super) async fn list_users(
    caller: Authorized<permissions::ReadAudit>,
    query: Query<PageParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let list = ListIdentity::new(request.path(), "name", &caller.actor().user.to_string());
    let ask = paging::ask(&query.0, &list, caller.secrets())?;
    let (admin, actor, size) = (caller.admin(), caller.actor(), ask.size);
    let page = blocking(move || admin.list_users(&actor, &ask)).await?;
    let secrets = caller.secrets();
    Ok(paging::private_list::<_, UserBody>(
        &request, page, size, &list, secrets,
    ))
}
