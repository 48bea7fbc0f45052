//! `POST /editorial/sites/{site}/entries/{id}/actions/{action}`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post};
use loa_app::editorial::{ActionRequest, EditorialEntry, EntryAddress};
use loa_domain::entry::{Action, WithdrawKind};
use loa_domain::ids::{EntryId, UserId};
use loa_domain::time::Moment;
use serde::Deserialize;

use super::read::answer;
use crate::blocking::blocking;
use crate::envelope::Data;
use crate::extract::{Authorized, Conditions, Ids, Json, Keyed, permissions};
use crate::problem::Problem;

/// What an action carries; each takes what its rules ask for.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub(crate) struct ActionBody {
    /// Words for colleagues; needed by `request_changes`.
    #[schema(max_length = 2000)]
    comment: Option<String>,
    /// When to publish; needed by `schedule`.
    publish_at: Option<Moment>,
    /// Whom to assign; needed by `assign`.
    user_id: Option<UserId>,
    /// How readers are told; needed by `withdraw`.
    kind: Option<WithdrawKind>,
    /// Words for readers (`withdraw`), or why approval is skipped (`force_publish`).
    #[schema(max_length = 2000)]
    reason: Option<String>,
    /// Where to read instead: id of a published entry or a path of the same site; for `withdraw`
    /// with kind `redirect`.
    redirect_to: Option<String>,
}

/// Does an action of the workflow.
#[utoipa::path(
    tag = "editorial", operation_id = "act_on_entry", security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site", example = "hai-tien"),
        ("id" = EntryId, Path, description = "The entry"),
        ("action" = Action, Path, description = "The action; `save` and `expire` are not done here"),
        ("If-Match" = String, Header, description = "The version you saw"),
        ("Idempotency-Key" = Option<String>, Header, description = "Send the same key to repeat safely"),
    ),
    request_body = ActionBody,
    responses((status = 200, description = "The entry as it is then", body = Data<EditorialEntry>,
        headers(("ETag" = String, description = "Its version"))))
)]
#[post("/editorial/sites/{site}/entries/{id}/actions/{action}")]
pub(crate) async fn act_on_entry(
    caller: Authorized<permissions::ActOnEntries>,
    path: Ids<(String, EntryId, Action)>,
    conditions: Conditions,
    keyed: Keyed,
    body: Json<ActionBody>,
) -> Result<HttpResponse, Problem> {
    let (site, entry, action) = path.0;
    let address = EntryAddress { site, entry };
    let idempotency = keyed.with(&body.sha256);
    let body = body.value;
    let request = ActionRequest {
        action,
        comment: body.comment,
        reason: body.reason,
        publish_at: body.publish_at,
        user_id: body.user_id,
        kind: body.kind,
        redirect_to: body.redirect_to,
    };
    let (editorial, actor) = (caller.editorial(), caller.actor());
    let entry = blocking(move || {
        editorial.act(
            &actor,
            &address,
            &request,
            &conditions.if_match,
            idempotency.as_ref(),
        )
    })
    .await?;
    Ok(answer(&caller, StatusCode::OK, entry))
}
