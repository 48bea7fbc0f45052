//! `GET /auth/sign-ins`.

use actix_web::{HttpRequest, HttpResponse, get};

use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Query, permissions};
use crate::paging::{self, ListIdentity};
use crate::problem::Problem;
use crate::sign_ins::{OwnSignInsQuery, SignInBody};

/// Lists tries to sign in to the caller's own account, newest first, a few seconds late.
#[utoipa::path(
    tag = "auth",
    operation_id = "list_own_sign_ins",
    security(("bearer" = [])),
    params(OwnSignInsQuery),
    responses((status = 200, body = envelope::List<SignInBody>))
)]
#[get("/auth/sign-ins")]
pub(super) async fn list_own_sign_ins(
    caller: Authorized<permissions::SignedIn>,
    query: Query<OwnSignInsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (filter, params) = query.0.parts()?;
    let (identity, actor) = (caller.identity(), caller.actor());
    // Whose list it is tells cursors of different people apart.
    let filters = format!("{} {filter:?}", actor.user);
    let list = ListIdentity::new(request.path(), "-at", &filters);
    let ask = paging::ask(&params, &list, caller.secrets())?;
    let size = ask.size;
    let page = blocking(move || identity.list_sign_ins(&actor, &filter, &ask)).await?;
    let secrets = caller.secrets();
    Ok(paging::private_list::<_, SignInBody>(
        &request, page, size, &list, secrets,
    ))
}
