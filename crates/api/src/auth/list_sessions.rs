//! `GET /auth/sessions`.

use actix_web::{HttpRequest, HttpResponse, get};
use loa_app::identity::SessionView;
use loa_domain::ids::SessionId;
use loa_domain::time::Moment;
use serde::Serialize;

use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Query, permissions};
use crate::paging::{self, ListIdentity, PageParams};
use crate::problem::Problem;

/// One of the caller's sessions.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Session)]
struct SessionBody {
    /// Identity.
    id: SessionId,
    /// Whether the request came in it.
    current: bool,
    /// Address it was opened from.
    #[schema(example = "192.0.2.1")]
    address: String,
    /// What the client called itself then.
    user_agent: String,
    /// When it was opened.
    created_at: Moment,
    /// When it was last refreshed.
    last_used_at: Moment,
    /// When it ends at the latest.
    expires_at: Moment,
}

impl From<SessionView> for SessionBody {
    fn from(session: SessionView) -> Self {
        Self {
            id: session.id,
            current: session.current,
            address: session.address,
            user_agent: session.user_agent,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            expires_at: session.expires_at,
        }
    }
}

/// Lists the caller's live sessions, newest first.
#[utoipa::path(
    tag = "auth",
    operation_id = "list_sessions",
    security(("bearer" = [])),
    params(PageParams),
    responses((status = 200, body = envelope::List<SessionBody>))
)]
#[get("/auth/sessions")]
pub(super) async fn list_sessions(
    caller: Authorized<permissions::SignedIn>,
    query: Query<PageParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (identity, actor) = (caller.identity(), caller.actor());
    // Whose list it is tells cursors of different people apart.
    let list = ListIdentity::new(request.path(), "-created_at", &actor.user.to_string());
    let ask = paging::ask(&query.0, &list, caller.secrets())?;
    let size = ask.size;
    let page = blocking(move || identity.list_sessions(&actor, &ask)).await?;
    let secrets = caller.secrets();
    Ok(paging::private_list::<_, SessionBody>(
        &request, page, size, &list, secrets,
    ))
}
