//! Every route. Registering here and documenting are one and the same act.

use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{App, Error};
use utoipa_actix_web::AppExt;
use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::middleware::observe;
use crate::state::Shared;
use crate::{admin, auth, delivery, editorial, meta};

/// The application that a server and the tests run alike.
pub fn configure(
    shared: Data<Shared>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<actix_web::body::BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    App::new()
        .app_data(shared)
        .into_utoipa_app()
        .configure(collect)
        .into_app()
        .service(web::redirect("/docs", "/docs/").permanent())
        .service(meta::swagger())
        .default_service(web::to(meta::unknown))
        .wrap(from_fn(observe))
}

/// Collects routes and their documentation.
pub(crate) fn collect(config: &mut ServiceConfig<'_>) {
    config.service(
        // Routes are tried in this order, one by one; readers come most often.
        scope("/api/v1")
            .configure(delivery::configure)
            .configure(meta::configure)
            .configure(auth::configure)
            .configure(editorial::configure)
            .configure(admin::configure),
    );
    auth::configure_root(config);
    meta::configure_root(config);
}
