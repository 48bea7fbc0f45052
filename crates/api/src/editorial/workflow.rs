//! `GET /editorial/workflow`.

use actix_web::{HttpResponse, get};
use loa_workflow::{Description, describe};

use crate::envelope::{self, Data};
use crate::extract::{Authorized, permissions};

/// The workflow: states, actions, who may and under which rules.
#[utoipa::path(
    tag = "editorial", operation_id = "get_workflow", security(("bearer" = [])),
    responses((status = 200, description = "The machine", body = Data<Description>))
)]
#[get("/editorial/workflow")]
pub(crate) async fn get_workflow(_caller: Authorized<permissions::SignedIn>) -> HttpResponse {
    envelope::ok(describe())
}
