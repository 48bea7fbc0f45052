//! `GET /auth/sessions`.

use actix_web::{HttpRequest, HttpResponse, get};
use loa_app::identity::SessionView;
use loa_domain::ids::SessionId;
use loa_domain::time::Moment;
use serde::{Deserialize, Serialize};

use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Query, permissions};
use crate::paging::{self, ListIdentity, PageParams};
use crate::problem::Problem;

/// Parameters of the list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SessionsQuery {
    /// Sessions on a page, 1 to 100; 20 by default.
    #[serde(rename = "page[size]")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    size: Option<String>,
    /// Cursor: the page after it.
    #[serde(rename = "page[after]")]
    after: Option<String>,
    /// Cursor: the page before it.
    #[serde(rename = "page[before]")]
    before: Option<String>,
    /// Whether to count all sessions.
    #[param(value_type = Option<bool>)]
    count: Option<String>,
}

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
    params(SessionsQuery),
    responses((status = 200, body = envelope::List<SessionBody>))
)]
#[get("/auth/sessions")]
pub(super) async fn list_sessions(
    caller: Authorized<permissions::SignedIn>,
    query: Query<SessionsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let params = PageParams {
        size: query.0.size,
        after: query.0.after,
        before: query.0.before,
        count: query.0.count,
    };
    let (identity, actor) = (caller.identity(), caller.actor());
    // Whose list it is tells cursors of different people apart.
    let list = ListIdentity::new(request.path(), "-created_at", &actor.user.to_string());
    let ask = paging::ask(&params, &list, caller.secrets())?;
    let size = ask.size;
    let page = blocking(move || identity.list_sessions(&actor, &ask)).await?;
    let (info, meta) = paging::info(&page, size, &list, caller.secrets());
    let data: Vec<SessionBody> = page.items.into_iter().map(Into::into).collect();
    Ok(paging::private_list(
        &request,
        envelope::List {
            data,
            page: info,
            meta,
        },
    ))
}
