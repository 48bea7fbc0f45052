//! `PUT /admin/users/{id}`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, put};
use loa_app::admin::UserRequest;
use loa_domain::ids::UserId;
use loa_domain::people::UserStatus;
use serde::Deserialize;

use super::UserBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Conditions, Ids, Json, permissions};
use crate::problem::Problem;

/// What may change of a person.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = UserReplaceRequest)]
#[serde(deny_unknown_fields)]
struct UserInput {
    /// Email address.
    #[schema(example = "lanh@haitien.example", format = "email")]
    email: String,
    /// Full name, at most 120 characters.
    #[schema(example = "Trần Thị Lành", max_length = 120, pattern = "\\S")]
    name: String,
    /// Whether they may sign in; nobody changes their own.
    status: UserStatus,
}

impl From<UserInput> for UserRequest {
    fn from(input: UserInput) -> Self {
        Self {
            email: input.email,
            name: input.name,
            status: input.status,
        }
    }
}

/// Replaces address, name and status of a person. Suspension ends all their sessions at once.
#[utoipa::path(
    tag = "admin",
    operation_id = "replace_user",
    security(("bearer" = [])),
    params(
        ("id" = UserId, Path, description = "The person"),
        ("If-Match" = String, Header, description = "Tag of the version that is replaced"),
    ),
    request_body = UserInput,
    responses((status = 200, body = envelope::Data<UserBody>, headers(("ETag" = String))))
)]
#[put("/admin/users/{id}")]
pub(super) async fn replace_user(
    caller: Authorized<permissions::ManagePeople>,
    ids: Ids<UserId>,
    conditions: Conditions,
    body: Json<UserInput>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let (request, if_match) = (body.value.into(), conditions.if_match);
    let found = blocking(move || admin.replace_user(&actor, ids.0, &request, &if_match)).await?;
    let tag = caller
        .secrets()
        .version_tag("user", &found.id.to_string(), found.version);
    Ok(envelope::tagged(
        StatusCode::OK,
        &tag,
        UserBody::from(found),
    ))
}
