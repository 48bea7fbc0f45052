//! `POST /admin/users`.

use actix_web::{HttpResponse, post};
use loa_app::admin::{CreatedUser, NewUser};
use serde::{Deserialize, Serialize};

use super::{PasswordLinkBody, UserBody};
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Json, Keyed, permissions};
use crate::problem::Problem;

/// An account as it is made.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = UserCreateRequest)]
#[serde(deny_unknown_fields)]
struct NewUserInput {
    /// Email address.
    #[schema(example = "lanh@haitien.example", format = "email")]
    email: String,
    /// Full name, at most 120 characters.
    #[schema(example = "Trần Thị Lành", max_length = 120, pattern = "\\S")]
    name: String,
}

impl From<NewUserInput> for NewUser {
    fn from(input: NewUserInput) -> Self {
        Self {
            email: input.email,
            name: input.name,
        }
    }
}

/// A new account with the link that sets its first password.
#[derive(Serialize, utoipa::ToSchema)]
struct CreatedUserBody {
    /// The account.
    data: UserBody,
    /// The link.
    password_link: PasswordLinkBody,
}

impl From<CreatedUser> for CreatedUserBody {
    fn from(made: CreatedUser) -> Self {
        Self {
            data: made.user.into(),
            password_link: made.link.into(),
        }
    }
}

/// Makes an account without roles, and the one-time link that sets its first password.
#[utoipa::path(
    tag = "admin",
    operation_id = "create_user",
    security(("bearer" = [])),
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again"),
    ),
    request_body = NewUserInput,
    responses((status = 201, body = CreatedUserBody, headers(("ETag" = String), ("Location" = String))))
)]
#[post("/admin/users")]
pub(super) async fn create_user(
    caller: Authorized<permissions::ManagePeople>,
    key: Keyed,
    body: Json<NewUserInput>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let (request, key) = (body.value.into(), key.with(&body.sha256));
    let made = blocking(move || admin.create_user(&actor, &request, key.as_ref())).await?;
    let id = made.user.id.to_string();
    let tag = caller.secrets().version_tag("user", &id, made.user.version);
    let location = format!("/api/v1/admin/users/{id}");
    envelope::created_as(Some(&tag), &location, CreatedUserBody::from(made))
}
