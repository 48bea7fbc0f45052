//! `GET /previews/{token}`: one revision, read without an account.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get};
use loa_app::editorial::PreviewView;

use crate::blocking::blocking;
use crate::envelope::{self, Data};
use crate::extract::{Ids, Public};
use crate::problem::Problem;

/// What a preview link shows. Never cached, never indexed.
#[utoipa::path(
    tag = "editorial", operation_id = "get_preview", security(()),
    params(("token" = String, Path, description = "The link's token")),
    responses((status = 200, description = "The revision", body = Data<PreviewView>))
)]
#[get("/previews/{token}")]
pub(crate) async fn get_preview(
    public: Public,
    token: Ids<String>,
) -> Result<HttpResponse, Problem> {
    let editorial = public.previews();
    let shown = blocking(move || editorial.preview(&token.0)).await?;
    Ok(envelope::private(StatusCode::OK)
        .insert_header(("X-Robots-Tag", "noindex, nofollow"))
        .json(Data { data: shown }))
}
