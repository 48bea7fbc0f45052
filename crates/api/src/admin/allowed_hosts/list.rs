//! `GET /admin/allowed-hosts`.

use actix_web::{HttpRequest, HttpResponse, get};

use super::AllowedHostBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Query, permissions};
use crate::paging::{self, ListIdentity, PageParams};
use crate::problem::Problem;

/// Lists the host names that sites may use, by name: what the platform's administrators look through.
#[utoipa::path(
    tag = "admin",
    operation_id = "list_allowed_hosts",
    security(("bearer" = [])),
    params(PageParams),
    responses((status = 200, body = envelope::List<AllowedHostBody>))
)]
#[get("/admin/allowed-hosts")]
pub(super) async fn list_allowed_hosts(
    caller: Authorized<permissions::ManageSites>,
    query: Query<PageParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let list = ListIdentity::new(request.path(), "name", &caller.actor().user.to_string());
    let ask = paging::ask(&query.0, &list, caller.secrets())?;
    let (admin, actor, size) = (caller.admin(), caller.actor(), ask.size);
    let page = blocking(move || admin.list_allowed_hosts(&actor, &ask)).await?;
    let secrets = caller.secrets();
    Ok(paging::private_list::<_, AllowedHostBody>(
        &request, page, size, &list, secrets,
    ))
}
