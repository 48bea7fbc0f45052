//! Administration: units, sites, sections, settings, people and the audit trail.

mod access_requests;
mod allowed_hosts;
mod list_audit;
mod list_sign_ins;
mod sections;
mod settings;
mod sites;
mod units;
mod users;

pub use users::password_link_path;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes under the base.
pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    access_requests::configure(config);
    units::configure(config);
    sites::configure(config);
    settings::configure(config);
    allowed_hosts::configure(config);
    sections::configure(config);
    users::configure(config);
    config
        .service(list_audit::list_audit)
        .service(list_sign_ins::list_sign_ins);
}
