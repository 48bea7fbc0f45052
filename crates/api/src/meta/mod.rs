//! Around the API: health, the document and its page, problem pages, the index.

mod docs;
mod health;
mod index;
mod problems;
mod security_txt;
mod unknown;

pub(crate) use docs::swagger;
pub(crate) use unknown::unknown;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes under the base.
pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(docs::get_openapi);
}

/// Routes outside the base.
pub(crate) fn configure_root(config: &mut ServiceConfig<'_>) {
    config
        .service(health::get_health)
        .service(health::get_readiness)
        .service(security_txt::get_security_txt)
        .service(problems::list_problems)
        .service(problems::get_problem)
        .service(index::get_index);
}
