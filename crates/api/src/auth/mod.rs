//! Signing in and out, one's own sessions and password, and the public keys.

mod change_password;
mod delete_session;
mod jwks;
mod limits;
mod list_sessions;
mod list_sign_ins;
mod login;
mod logout;
mod me;
mod refresh;
mod see_notice;
mod tokens;
mod use_password_link;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes under the base.
pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(login::login)
        .service(refresh::refresh_tokens)
        .service(logout::logout)
        .service(me::get_me)
        .service(see_notice::see_notice)
        .service(list_sessions::list_sessions)
        .service(list_sign_ins::list_own_sign_ins)
        .service(delete_session::delete_session)
        .service(change_password::change_password)
        .service(use_password_link::use_password_link);
}

/// Routes outside the base.
pub(crate) fn configure_root(config: &mut ServiceConfig<'_>) {
    config.service(jwks::get_jwks);
}
