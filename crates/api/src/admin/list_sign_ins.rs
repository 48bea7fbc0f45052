//! `GET /admin/sign-ins`.

use actix_web::{HttpRequest, HttpResponse, get};

use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Query, permissions};
use crate::paging::{self, ListIdentity};
use crate::problem::Problem;
use crate::sign_ins::{SignInBody, SignInsQuery};

/// Lists the sign-in history, newest first, a few seconds late: of those who hold a role where the caller
/// administers or audits; with a role on the platform of everybody, also tries that belong to no account.
#[utoipa::path(
    tag = "admin",
    operation_id = "list_sign_ins",
    security(("bearer" = [])),
    params(SignInsQuery),
    responses((status = 200, body = envelope::List<SignInBody>))
)]
#[get("/admin/sign-ins")]
pub(super) async fn list_sign_ins(
    caller: Authorized<permissions::ReadAudit>,
    query: Query<SignInsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (filter, params) = query.0.parts()?;
    let (admin, actor) = (caller.admin(), caller.actor());
    let filters = format!("{} {filter:?}", actor.user);
    let list = ListIdentity::new(request.path(), "-at", &filters);
    let ask = paging::ask(&params, &list, caller.secrets())?;
    let size = ask.size;
    let page = blocking(move || admin.list_sign_ins(&actor, &filter, &ask)).await?;
    let secrets = caller.secrets();
    Ok(paging::private_list::<_, SignInBody>(
        &request, page, size, &list, secrets,
    ))
}
