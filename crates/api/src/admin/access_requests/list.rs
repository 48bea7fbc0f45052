//! `GET /admin/access-requests`.

use actix_web::{HttpRequest, HttpResponse, get};

use super::AccessRequestBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Query, permissions};
use crate::paging::{self, ListIdentity, PageParams};
use crate::problem::Problem;

/// Lists what waits for a second administrator, newest first: about places and people where the caller
/// administers or audits, and what they asked for themselves.
#[utoipa::path(
    tag = "admin",
    operation_id = "list_access_requests",
    security(("bearer" = [])),
    params(PageParams),
    responses((status = 200, body = envelope::List<AccessRequestBody>))
)]
#[get("/admin/access-requests")]
pub(super) async fn list_access_requests(
    caller: Authorized<permissions::ReadAudit>,
    query: Query<PageParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let viewer = caller.actor().user.to_string();
    let list = ListIdentity::new(request.path(), "-asked_at", &viewer);
    let ask = paging::ask(&query.0, &list, caller.secrets())?;
    let (admin, actor, size) = (caller.admin(), caller.actor(), ask.size);
    let page = blocking(move || admin.list_access(&actor, &ask)).await?;
    let secrets = caller.secrets();
    Ok(paging::private_list::<_, AccessRequestBody>(
        &request, page, size, &list, secrets,
    ))
}
