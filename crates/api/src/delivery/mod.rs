//! Routes of this part; see the files beside this one.

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes under the base.
pub(crate) fn configure(_config: &mut ServiceConfig<'_>) {}
