//! Who a request comes from, found out before any of it is read.
//!
//! The HTTP library fills a handler's arguments side by side: a refused body would be told before
//! a refused token that has to be looked up. So the outermost layer asks first and the extractors
//! read what was found. Not for deciding: that is theirs.

use std::sync::Arc;

use actix_web::dev::ServiceRequest;
use actix_web::{HttpMessage, HttpRequest};
use loa_domain::actor::Actor;
use loa_domain::ids::UserId;

use super::client::address_of;
use super::{bearer, shared};
use crate::blocking::blocking;
use crate::problem::Problem;

/// What came of the credentials; kept with the request.
#[derive(Clone)]
struct Identified(Result<Arc<Actor>, Problem>);

/// Finds out who is calling. Without credentials this costs nothing.
pub(crate) async fn identify(request: &ServiceRequest) {
    let found = match bearer(request.request()) {
        Ok(None) => return,
        Ok(Some(token)) => look_up(request.request(), token).await,
        Err(problem) => Err(problem),
    };
    request.extensions_mut().insert(Identified(found));
}

async fn look_up(request: &HttpRequest, token: String) -> Result<Arc<Actor>, Problem> {
    let shared = shared(request)?;
    let address = address_of(request, &shared);
    let identity = shared.app.identity();
    let actor = blocking(move || identity.authenticate(&token, &address)).await?;
    Ok(Arc::new(actor))
}

/// The caller; none without credentials.
///
/// # Errors
/// Why the credentials are no good.
pub(crate) fn caller(request: &HttpRequest) -> Result<Option<Arc<Actor>>, Problem> {
    let found = request.extensions().get::<Identified>().cloned();
    found.map(|found| found.0).transpose()
}

/// Whose the token of a request was; none without a good one.
pub(crate) fn identified_user(request: &HttpRequest) -> Option<UserId> {
    let extensions = request.extensions();
    let found = extensions.get::<Identified>()?;
    found.0.as_ref().ok().map(|actor| actor.user)
}
