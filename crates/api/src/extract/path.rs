//! Path parameters as typed values. What cannot be an id is unknown: the same 404 as for an id of
//! nothing.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use crate::problem::{Code, Problem};

/// Typed path parameters: a struct with the names of the route, or a tuple in their order.
pub(crate) struct Ids<T>(pub(crate) T);

impl<T: DeserializeOwned + 'static> FromRequest for Ids<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        // PostgreSQL has no text with NUL in it, and nothing here is called so.
        if request
            .match_info()
            .iter()
            .any(|(_, part)| part.contains('\0') || part.contains("%00"))
        {
            return std::future::ready(Err(Problem::new(Code::NotFound)));
        }
        let path = actix_web::web::Path::<T>::from_request(request, payload).into_inner();
        std::future::ready(
            path.map(|path| Self(path.into_inner()))
                .map_err(|_| Problem::new(Code::NotFound)),
        )
    }
}
