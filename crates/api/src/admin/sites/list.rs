//! `GET /admin/sites`.

use actix_web::{HttpRequest, HttpResponse, get};

use super::SiteBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Query, permissions};
use crate::paging::{self, ListIdentity, PageParams};
use crate::problem::Problem;

/// Lists the sites whose settings the caller may read, by title.
#[utoipa::path(
    tag = "admin",
    operation_id = "list_admin_sites",
    security(("bearer" = [])),
    params(PageParams),
    responses((status = 200, body = envelope::List<SiteBody>))
)]
#[get("/admin/sites")]
pub(super) async fn list_admin_sites(
    caller: Authorized<permissions::ReadSite>,
    query: Query<PageParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let list = ListIdentity::new(request.path(), "title", &caller.actor().user.to_string());
    let ask = paging::ask(&query.0, &list, caller.secrets())?;
    let (admin, actor, size) = (caller.admin(), caller.actor(), ask.size);
    let page = blocking(move || admin.list_sites(&actor, &ask)).await?;
    let secrets = caller.secrets();
    Ok(paging::private_list::<_, SiteBody>(
        &request, page, size, &list, secrets,
    ))
}
