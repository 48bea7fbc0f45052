//! Answers to HEAD: the headers of GET, without its body.
//!
//! The HTTP library leaves a body out by the method of the request it has read *last*, which may be the
//! next one of the connection already (docs/adr/0022-head-and-pipelining.md). So there is none to leave out.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::http::header;
use actix_web::web::Bytes;

/// A body of nothing, whose length the library does not write by itself.
struct Nothing;

impl MessageBody for Nothing {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Poll::Ready(None)
    }
}

/// Takes the body away and keeps what is said of it.
pub(super) fn without_body(mut response: HttpResponse<BoxBody>) -> HttpResponse<BoxBody> {
    match response.body().size() {
        BodySize::None | BodySize::Sized(0) => return response,
        BodySize::Sized(length) => {
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_LENGTH, length.into());
        }
        BodySize::Stream => {}
    }
    response.head_mut().no_chunking(true);
    response.set_body(BoxBody::new(Nothing))
}
