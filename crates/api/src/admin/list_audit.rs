//! `GET /admin/audit`.

use actix_web::{HttpRequest, HttpResponse, get};
use loa_app::admin::AuditView;
use loa_domain::ids::UserId;
use loa_domain::time::Moment;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Query, permissions};
use crate::paging::{self, ListIdentity, PageParams};
use crate::problem::Problem;

/// Parameters of the list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AuditQuery {
    /// Slug of the site whose chain to read; the platform's without it.
    #[serde(rename = "filter[site]")]
    site: Option<String>,
    /// Records on a page, 1 to 100; 20 by default.
    #[serde(rename = "page[size]")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    size: Option<String>,
    /// Cursor: the page after it.
    #[serde(rename = "page[after]")]
    after: Option<String>,
    /// Cursor: the page before it.
    #[serde(rename = "page[before]")]
    before: Option<String>,
    /// Whether to count all records.
    #[param(value_type = Option<bool>)]
    count: Option<String>,
}

/// A record of the audit trail.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AuditRecord)]
struct AuditBody {
    /// Position in its chain, from 1.
    number: i64,
    /// Who; null for the system.
    #[schema(required)]
    actor: Option<AuditActor>,
    /// What.
    #[schema(example = "membership.create")]
    action: String,
    /// What kind of thing it was done to.
    #[schema(example = "user")]
    subject: String,
    /// Its id.
    subject_id: String,
    /// Ids, states and reasons.
    #[schema(value_type = Object)]
    detail: Value,
    /// When.
    at: Moment,
    /// Hash of this record and the one before it.
    hash: String,
}

/// Who did it.
#[derive(Serialize, utoipa::ToSchema)]
struct AuditActor {
    /// Identity.
    id: UserId,
    /// Full name today.
    #[schema(required)]
    name: Option<String>,
}

impl From<AuditView> for AuditBody {
    fn from(view: AuditView) -> Self {
        let (record, name) = (view.record, view.actor_name);
        Self {
            number: record.number,
            actor: record.actor.map(|id| AuditActor { id, name }),
            action: record.action,
            subject: record.subject,
            subject_id: record.subject_id,
            detail: record.detail,
            at: record.at,
            hash: record.hash,
        }
    }
}

/// Lists a chain of the audit trail, newest first.
#[utoipa::path(
    tag = "admin",
    operation_id = "list_audit",
    security(("bearer" = [])),
    params(AuditQuery),
    responses((status = 200, body = envelope::List<AuditBody>))
)]
#[get("/admin/audit")]
pub(super) async fn list_audit(
    caller: Authorized<permissions::ReadAudit>,
    query: Query<AuditQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.0;
    let site = query.site;
    let list = ListIdentity::new(request.path(), "-number", site.as_deref().unwrap_or(""));
    let params = PageParams {
        size: query.size,
        after: query.after,
        before: query.before,
        count: query.count,
    };
    let ask = paging::ask(&params, &list, caller.secrets())?;
    let (admin, actor) = (caller.admin(), caller.actor());
    let per_page = ask.size;
    let page = blocking(move || admin.list_audit(&actor, site.as_deref(), &ask)).await?;
    let secrets = caller.secrets();
    Ok(paging::private_list::<_, AuditBody>(
        &request, page, per_page, &list, secrets,
    ))
}
