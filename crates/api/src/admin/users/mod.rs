//! `/admin/users`: people, links for their passwords, and the roles they hold.

mod create;
mod create_link;
mod create_membership;
mod delete_membership;
mod get;
mod list;
mod list_memberships;
mod replace;

use loa_app::admin::NewPasswordLink;
use loa_domain::time::Moment;
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::people::{MembershipBody, UserBody};

/// Routes under the base.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list_users)
        .service(create::create_user)
        .service(get::get_user)
        .service(replace::replace_user)
        .service(create_link::create_password_link)
        .service(list_memberships::list_memberships)
        .service(create_membership::create_membership)
        .service(delete_membership::delete_membership);
}

/// Where the password is sent that a one-time link sets.
pub fn password_link_path(token: &str) -> String {
    format!("/api/v1/auth/password-links/{token}")
}

/// A one-time link to set a password.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = PasswordLink)]
pub(super) struct PasswordLinkBody {
    /// What sets the password; shown once, null when the answer is given again.
    #[schema(required)]
    token: Option<String>,
    /// Where to send the password; null when the answer is given again.
    #[schema(required, example = "/api/v1/auth/password-links/…")]
    url_path: Option<String>,
    /// Until when it can be used.
    expires_at: Moment,
}

impl From<NewPasswordLink> for PasswordLinkBody {
    fn from(link: NewPasswordLink) -> Self {
        Self {
            url_path: link.token.as_ref().map(|token| password_link_path(token)),
            token: link.token,
            expires_at: link.expires_at,
        }
    }
}
