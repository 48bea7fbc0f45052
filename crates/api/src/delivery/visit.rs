//! A public request on its way: answered from the cache, or read and kept.
//!
//! A hit touches neither the database nor the threads that wait for it. When the database is away,
//! an answer that is out of date still beats none, and a newer one beats what a replica has.

use std::borrow::Cow;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use loa_app::{App, Delivery, Error, StoreFailure};
use loa_domain::time::Moment;

use super::cache::{self, Cache, Kept};
use super::encoding::Encoding;
use super::flights::{Landed, Turn, wait};
use super::headers::{Freshness, cache_control};
use super::prepared::{Body, Prepared, Sent};
use crate::blocking::{blocking, outcome};
use crate::extract::{Conditions, Public};
use crate::problem::Problem;

const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");

/// What there is more to find out about: a credential, and a body, which no read takes.
static WHOLE_WAY: [HeaderName; 3] = [
    header::AUTHORIZATION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
];

/// How a reader would have the answer.
struct Wishes {
    conditions: Conditions,
    encoding: Encoding,
}

impl Wishes {
    fn of(request: &HttpRequest) -> Self {
        Self {
            conditions: Conditions::of(request),
            encoding: Encoding::negotiate(request.headers()),
        }
    }
}

/// The answer to a request out of the cache, with its route, before any route is looked for: only
/// what a route has let through is ever kept under its address. None where there is more to find
/// out or to do; the request then goes the whole way. Nothing but delivery is kept, and whoever
/// sends a credential or a body is looked at first.
pub(crate) fn kept(
    request: &HttpRequest,
    cache: &Cache,
    app: &App,
) -> Option<(HttpResponse, Arc<str>)> {
    if cache.is_off()
        || request.method() != Method::GET
        || WHOLE_WAY
            .iter()
            .any(|name| request.headers().contains_key(name))
    {
        return None;
    }
    let kept = cache.get(&cache::address(request))?;
    let (delivery, wishes) = (app.delivery(), Wishes::of(request));
    let now = delivery.now();
    if !kept.answer.is_current(&delivery, now) || !kept.answer.is_ready(wishes.encoding) {
        return None;
    }
    metrics::counter!("loa_cache_hits_total").increment(1);
    let response = wishes.respond(&kept.answer, now, Freshness::Public);
    Some((response, kept.route))
}

/// A public request: who is there, what they have already and what they can read.
pub(super) struct Visit {
    public: Public,
    wishes: Wishes,
    address: String,
    request: HttpRequest,
}

/// A read that gave no answer.
struct Failed {
    problem: Problem,
    /// Whether the database is away, so that an old answer is better than none.
    away: bool,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self {
            away: is_away(&error),
            problem: error.into(),
        }
    }
}

impl FromRequest for Visit {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Public::of(request).map(|public| Self {
            public,
            wishes: Wishes::of(request),
            address: cache::address(request),
            request: request.clone(),
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
            .filter(|kept| kept.answer.is_current(&self.public.delivery, now));
        if let Some(kept) = current {
            metrics::counter!("loa_cache_hits_total").increment(1);
            self.encode(&kept.answer).await?;
            return Ok(self.respond(&kept.answer, now, self.freshness()));
        }
        metrics::counter!("loa_cache_misses_total").increment(1);
        let last = kept
            .map(|kept| kept.answer)
            .filter(|last| last.is_in_time(now) && !last.is_forbidden(&self.public.delivery));
        let last = match (self.read(read, last.as_deref()).await, last) {
            (Ok(fresh), Some(last)) if fresh.is_older_than(&last) => last,
            (Ok(fresh), _) if fresh.is_forbidden(&self.public.delivery) => {
                let behind = StoreFailure::Away("the replica holds what was taken back".to_owned());
                return Err(Error::Store(behind).into());
            }
            (Ok(fresh), _) => {
                self.encode(&fresh).await?;
                return Ok(self.respond(&fresh, now, self.freshness()));
            }
            (Err(failed), Some(last)) if failed.away => last,
            (Err(failed), _) => return Err(failed.problem),
        };
        metrics::counter!("loa_cache_stale_total").increment(1);
        self.encode(&last).await?;
        Ok(self.respond(&last, now, self.freshness().of_stale()))
    }

    /// Reads, or waits for somebody who reads the same already.
    async fn read(
        &self,
        read: impl FnOnce(&Delivery) -> Result<Prepared, Error> + Send + 'static,
        last: Option<&Prepared>,
    ) -> Result<Arc<Prepared>, Failed> {
        let Some(flights) = self.public.cache.flights() else {
            return self.read_now(read, last).await;
        };
        match flights.join(&self.address) {
            Turn::Own(flight) => {
                let result = self.read_now(read, last).await;
                match &result {
                    Ok(fresh) => flight.land(Landed::Answer(Arc::clone(fresh))),
                    Err(failed) if failed.away => {
                        flight.land(Landed::Away(failed.problem.clone()));
                    }
                    // A refusal may be over by now: who waited asks for themselves.
                    Err(_) => drop(flight),
                }
                result
            }
            Turn::Other(other) => match wait(other).await {
                Some(Landed::Answer(fresh)) if self.is_current(&fresh) => Ok(fresh),
                Some(Landed::Away(problem)) => Err(Failed {
                    problem,
                    away: true,
                }),
                _ => self.read_now(read, last).await,
            },
        }
    }

    /// It may have been read before a change that this reader has heard of.
    fn is_current(&self, answer: &Prepared) -> bool {
        let delivery = &self.public.delivery;
        answer.is_current(delivery, delivery.now())
    }

    /// Reads, and keeps what is newer than the last answer.
    async fn read_now(
        &self,
        read: impl FnOnce(&Delivery) -> Result<Prepared, Error> + Send + 'static,
        last: Option<&Prepared>,
    ) -> Result<Arc<Prepared>, Failed> {
        let (delivery, encoding) = (self.public.delivery.clone(), self.wishes.encoding);
        let fresh = outcome(move || {
            let fresh = read(&delivery)?;
            if let Sent::Body(body) = &fresh.sent {
                body.encode(body.encoding(encoding));
            }
            Ok(Arc::new(fresh))
        })
        .await?;
        let outdone = last.is_some_and(|last| fresh.is_older_than(last));
        if !outdone && !fresh.is_forbidden(&self.public.delivery) {
            fresh.tell(&self.public.delivery);
            self.keep(&fresh);
        }
        Ok(fresh)
    }

    fn keep(&self, answer: &Arc<Prepared>) {
        let cache = &self.public.cache;
        if cache.is_off() {
            return;
        }
        let route = self.request.match_pattern().unwrap_or_default();
        let kept = Kept {
            answer: Arc::clone(answer),
            route: route.into(),
        };
        cache.keep(&self.address, kept);
    }

    /// Encodes a body the first time somebody asks for it that way.
    async fn encode(&self, answer: &Arc<Prepared>) -> Result<(), Problem> {
        if answer.is_ready(self.wishes.encoding) {
            return Ok(());
        }
        let (own, encoding) = (Arc::clone(answer), self.wishes.encoding);
        blocking(move || {
            if let Sent::Body(body) = &own.sent {
                body.encode(body.encoding(encoding));
            }
            Ok(())
        })
        .await?;
        self.keep(answer);
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
        self.wishes.respond(answer, now, freshness)
    }
}

impl Wishes {
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
        set(headers, header::CACHE_CONTROL, control);
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.insert(SURROGATE_KEY, answer.surrogate.clone());
        response
    }

    /// The tag by which the client has the body already, if it has.
    fn known(&self, body: &Body, encoding: Encoding) -> Option<HeaderValue> {
        if self.conditions.if_none_match.is_empty() {
            return None;
        }
        body.known(encoding, |tag| self.conditions.has(tag))
    }

    fn body(&self, body: &Body) -> HttpResponse {
        let (encoding, bytes) = body.best(self.encoding);
        if let Some(tag) = self.known(body, encoding) {
            let mut response = HttpResponse::NotModified().finish();
            response.headers_mut().insert(header::ETAG, tag);
            return response;
        }
        let mut response = HttpResponse::Ok().body(bytes.clone());
        let headers = response.headers_mut();
        headers.insert(header::ETAG, body.etag(encoding));
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

fn set(headers: &mut HeaderMap, name: HeaderName, value: Cow<'static, str>) {
    let value = match value {
        Cow::Borrowed(text) => Ok(HeaderValue::from_static(text)),
        Cow::Owned(text) => HeaderValue::try_from(text),
    };
    if let Ok(value) = value {
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
