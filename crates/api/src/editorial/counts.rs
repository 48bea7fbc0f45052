//! `GET /editorial/entries/counts`.

use actix_web::{HttpResponse, get};
use loa_app::editorial::StateCountView;

use crate::blocking::blocking;
use crate::envelope::{self, Data};
use crate::extract::{Authorized, permissions};
use crate::problem::Problem;

/// How many entries of each readable site are in each state.
#[utoipa::path(
    tag = "editorial", operation_id = "count_entries", security(("bearer" = [])),
    responses((status = 200, description = "Counts", body = Data<Vec<StateCountView>>))
)]
#[get("/editorial/entries/counts")]
pub(crate) async fn count_entries(
    caller: Authorized<permissions::ReadEntries>,
) -> Result<HttpResponse, Problem> {
    let (editorial, actor) = (caller.editorial(), caller.actor());
    Ok(envelope::ok(
        blocking(move || editorial.counts(&actor)).await?,
    ))
}
