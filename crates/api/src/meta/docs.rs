//! The document and a page to read it.

use std::sync::LazyLock;

use actix_web::dev::HttpServiceFactory;
use actix_web::http::header;
use actix_web::middleware::DefaultHeaders;
use actix_web::{HttpResponse, get, web};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::extract::Public;
use crate::openapi::document;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_json().unwrap_or_default());

/// The contract of this API as an OpenAPI 3.1 document.
#[utoipa::path(
    tag = "meta", operation_id = "get_openapi", security(()),
    responses((status = 200, description = "The document", content_type = "application/json", body = serde_json::Value))
)]
#[get("/openapi.json")]
pub(crate) async fn get_openapi(_public: Public) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .body(DOCUMENT.as_str())
}

/// The page at `/docs`, from assets inside the binary. It needs its own scripts and inline styles,
/// which every other answer forbids.
pub(crate) fn swagger() -> impl HttpServiceFactory {
    let policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                  font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";
    web::scope("/docs")
        .wrap(DefaultHeaders::new().add((header::CONTENT_SECURITY_POLICY, policy)))
        .service(
            SwaggerUi::new("/{_:.*}")
                .config(Config::from("/api/v1/openapi.json").validator_url("none")),
        )
}
