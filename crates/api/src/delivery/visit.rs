//! A public request on its way: answered from the cache, or read and kept.
//!
//! A hit touches neither the database nor the threads that wait for it. When the database is away,
//! an answer that is out of date still beats none, and a newer one beats what a replica has.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use loa_app::{Delivery, Error, StoreFailure};
use loa_domain::time::Moment;

use super::cache;
use super::encoding::Encoding;
use super::headers::{Freshness, cache_control};
use super::prepared::{Body, Prepared, Sent};
use crate::blocking::{blocking, outcome};
use crate::extract::{Conditions, Public};
use crate::problem::Problem;

const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");

/// A public request: who is there, what they have already and what they can read.
pub(super) struct Visit {
    public: Public,
    conditions: Conditions,
    encoding: Encoding,
    address: String,
}

impl FromRequest for Visit {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let conditions = Conditions::from_request(request, payload).into_inner();
        ready(Public::of(request).and_then(|public| {
            Ok(Self {
                public,
                conditions: conditions?,
                encoding: Encoding::negotiate(request.headers()),
                address: cache::address(request),
            })
        }))
    }
}

impl Visit {
    /// Keys for cursors.
    pub(super) fn secrets(&self) -> &loa_app::Secrets {
        self.public.delivery.secrets()
    }

    /// Path and query in canonical form.
    pub(super) fn address(&self) -> (&str, &str) {
        self.address
            .split_once('?')
            .unwrap_or((self.address.as_str(), ""))
    }

    /// Answers from the cache, or by `read`.
    ///
    /// # Errors
    /// Of `read`, as a problem.
    pub(super) async fn answer(
        self,
        read: impl FnOnce(&Delivery) -> Result<Prepared, Error> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let now = self.public.delivery.now();
        let kept = self.public.cache.get(&self.address);
        let current = kept
            .as_ref()
            .filter(|kept| kept.is_current(&self.public.delivery, now));
        if let Some(kept) = current {
            metrics::counter!("loa_cache_hits_total").increment(1);
            self.encode(kept).await?;
            return Ok(self.respond(kept, now, self.freshness()));
        }
        metrics::counter!("loa_cache_misses_total").increment(1);
        let last =
            kept.filter(|kept| kept.is_in_time(now) && !kept.is_forbidden(&self.public.delivery));
        let last = match (self.read(read).await, last) {
            (Ok(fresh), Some(last)) if fresh.is_older_than(&last) => last,
            (Ok(fresh), _) if fresh.is_forbidden(&self.public.delivery) => {
                let behind = StoreFailure::Away("the replica holds what was expunged".to_owned());
                return Err(Error::Store(behind).into());
            }
            (Ok(fresh), _) => {
                fresh.tell(&self.public.delivery);
                self.public.cache.keep(&self.address, &fresh);
                return Ok(self.respond(&fresh, now, self.freshness()));
            }
            (Err(error), Some(last)) if is_away(&error) => last,
            (Err(error), _) => return Err(error.into()),
        };
        metrics::counter!("loa_cache_stale_total").increment(1);
        self.encode(&last).await?;
        Ok(self.respond(&last, now, self.freshness().of_stale()))
    }

    async fn read(
        &self,
        read: impl FnOnce(&Delivery) -> Result<Prepared, Error> + Send + 'static,
    ) -> Result<Arc<Prepared>, Error> {
        let (delivery, encoding) = (self.public.delivery.clone(), self.encoding);
        outcome(move || {
            let fresh = read(&delivery)?;
            if let Sent::Body(body) = &fresh.sent {
                body.encode(body.encoding(encoding));
            }
            Ok(Arc::new(fresh))
        })
        .await
    }

    /// Encodes a kept body the first time somebody asks for it that way.
    async fn encode(&self, kept: &Arc<Prepared>) -> Result<(), Problem> {
        let Sent::Body(body) = &kept.sent else {
            return Ok(());
        };
        let encoding = body.encoding(self.encoding);
        if body.ready(encoding).is_some() {
            return Ok(());
        }
        let own = Arc::clone(kept);
        blocking(move || {
            if let Sent::Body(body) = &own.sent {
                body.encode(encoding);
            }
            Ok(())
        })
        .await?;
        self.public.cache.keep(&self.address, kept);
        Ok(())
    }

    fn freshness(&self) -> Freshness {
        if self.public.signed_in {
            Freshness::SignedIn
        } else {
            Freshness::Public
        }
    }

    fn respond(&self, answer: &Prepared, now: Moment, freshness: Freshness) -> HttpResponse {
        let mut response = match &answer.sent {
            Sent::Body(body) => self.body(body),
            Sent::Redirect { status, location } => {
                let mut response = HttpResponse::new(*status);
                let headers = response.headers_mut();
                headers.insert(header::LOCATION, location.clone());
                response
            }
        };
        let headers = response.headers_mut();
        let control = cache_control(freshness, now, answer.valid_until);
        set(headers, header::CACHE_CONTROL, &control);
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.insert(SURROGATE_KEY, answer.surrogate.clone());
        response
    }

    /// Whether the client has the body already, in whatever encoding.
    fn has(&self, body: &Body) -> bool {
        !self.conditions.if_none_match.is_empty()
            && Encoding::ALL
                .into_iter()
                .any(|encoding| self.conditions.has(&body.tag(encoding)))
    }

    fn body(&self, body: &Body) -> HttpResponse {
        let (encoding, bytes) = body.best(self.encoding);
        let tag = format!("\"{}\"", body.tag(encoding));
        if self.has(body) {
            let mut response = HttpResponse::NotModified().finish();
            set(response.headers_mut(), header::ETAG, &tag);
            return response;
        }
        let mut response = HttpResponse::Ok().body(bytes.clone());
        let headers = response.headers_mut();
        set(headers, header::ETAG, &tag);
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        if encoding != Encoding::Identity {
            headers.insert(
                header::CONTENT_ENCODING,
                HeaderValue::from_static(encoding.name()),
            );
        }
        if let Some(link) = &body.link {
            headers.insert(header::LINK, link.clone());
        }
        response
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// A busy database is not an absent one: whoever can keep it busy shall not bring back what was
/// withdrawn.
fn is_away(error: &Error) -> bool {
    matches!(
        error,
        Error::Store(StoreFailure::Away(_) | StoreFailure::Disk)
    )
}
