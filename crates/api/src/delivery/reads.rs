//! What all single reads have in common.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use loa_app::delivery::{Answer, Reading, SlugAsk};
use loa_app::{Error, Secrets};
use loa_domain::content::ContentKind;
use serde::{Deserialize, Serialize};

use super::params;
use super::prepared::{Body, Prepared, Sent};
use super::visit::Visit;
use crate::envelope::Data;
use crate::paging::flag;
use crate::problem::Problem;

/// Parameters of the single read by slug.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReadParams {
    /// Language; the site's default when missing.
    #[param(example = "vi")]
    locale: Option<String>,
    /// `true`: a slug of any language counts, and another language will do. The answer's `locale`
    /// says which it is.
    #[param(value_type = Option<bool>)]
    fallback: Option<String>,
}

/// Answers a single read by slug.
///
/// # Errors
/// Of parameters and of the use case.
pub(super) async fn by_slug(
    visit: Visit,
    kind: ContentKind,
    (site, slug): (String, String),
    params: ReadParams,
) -> Result<HttpResponse, Problem> {
    let ask = SlugAsk {
        site,
        kind,
        slug,
        locale: params::locale(params.locale.as_deref())?,
        fallback: flag("fallback", params.fallback.as_deref())?,
    };
    visit
        .answer(move |delivery| {
            let found = delivery.read_by_slug(&ask)?;
            document(&found, delivery.secrets())
        })
        .await
}

/// The stored document as it is, in its envelope.
///
/// # Errors
/// When an address is no header value.
pub(super) fn document(found: &Answer<Reading>, secrets: &Secrets) -> Result<Prepared, Error> {
    Ok(match &found.value {
        Reading::Document { entry, document } => {
            let json = ["{\"data\":", document, "}"].concat();
            let body = Body::new(json, None, secrets);
            Prepared::new(found, Some(*entry), Sent::Body(body))
        }
        Reading::Redirect { status, location } => {
            let no_header = |_| Error::Internal(format!("not an address: {location:?}"));
            let sent = Sent::Redirect {
                status: StatusCode::from_u16(*status).unwrap_or(StatusCode::PERMANENT_REDIRECT),
                location: HeaderValue::from_str(location).map_err(no_header)?,
            };
            Prepared::new(found, None, sent)
        }
    })
}

/// Any other single thing in its envelope.
///
/// # Errors
/// When it has no JSON form.
pub(super) fn data<T>(
    found: &Answer<T>,
    data: impl Serialize,
    secrets: &Secrets,
) -> Result<Prepared, Error> {
    let json = serde_json::to_string(&Data { data })?;
    Ok(Prepared::new(
        found,
        None,
        Sent::Body(Body::new(json, None, secrets)),
    ))
}
