//! An answer ready to be sent: its bytes in each encoding, its tags and what it depends on.

use std::sync::OnceLock;

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::web::Bytes;
use loa_app::Secrets;
use loa_app::delivery::{Answer, Delivery, Scope};
use loa_domain::ids::EntryId;
use loa_domain::time::Moment;

use super::encoding::{Encoding, WORTH, encode};

/// A body in all its encodings.
pub(super) struct Body {
    identity: Bytes,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
    tag: String,
    /// The same tag as nodes with another secret give it, while secrets change.
    others: Vec<String>,
    /// The tags of all encodings as headers, in the order of [`Encoding::ALL`].
    headers: Box<[HeaderValue; 3]>,
    /// The `Link` header of a page of a list.
    pub(super) link: Option<HeaderValue>,
}

impl Body {
    /// A body with its tag; the tags of its encodings differ by their ends only.
    pub(super) fn new(json: String, link: Option<&str>, secrets: &Secrets) -> Self {
        let tag = secrets.content_tag("body", json.as_bytes());
        Self {
            headers: Box::new(Encoding::ALL.map(|encoding| header(&tag, encoding))),
            tag,
            others: secrets.other_content_tags("body", json.as_bytes()),
            identity: Bytes::from(json),
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
            link: link.and_then(|link| HeaderValue::from_str(link).ok()),
        }
    }

    /// How it is sent to a client that prefers `wanted`.
    pub(super) fn encoding(&self, wanted: Encoding) -> Encoding {
        if self.identity.len() < WORTH {
            Encoding::Identity
        } else {
            wanted
        }
    }

    /// The tag of an encoding as a header.
    pub(super) fn etag(&self, encoding: Encoding) -> HeaderValue {
        let [brotli, gzip, identity] = &*self.headers;
        match encoding {
            Encoding::Brotli => brotli,
            Encoding::Gzip => gzip,
            Encoding::Identity => identity,
        }
        .clone()
    }

    /// What says that a client has the body already, in whatever encoding: the tag of the one that is
    /// preferred, or, of a node with another secret, the tag that the client has.
    pub(super) fn known(
        &self,
        preferred: Encoding,
        has: impl Fn(&str) -> bool,
    ) -> Option<HeaderValue> {
        let find = |own: &String| {
            let mut encodings = Encoding::ALL.into_iter();
            encodings.find(|encoding| has(&tag(own, *encoding)))
        };
        if find(&self.tag).is_some() {
            return Some(self.etag(preferred));
        }
        let mut others = self.others.iter();
        others.find_map(|other| find(other).map(|encoding| header(other, encoding)))
    }

    /// Whether it need not be encoded, or that was tried.
    fn is_ready(&self, encoding: Encoding) -> bool {
        match encoding {
            Encoding::Brotli => self.brotli.get().is_some(),
            Encoding::Gzip => self.gzip.get().is_some(),
            Encoding::Identity => true,
        }
    }

    /// The bytes, where they have been encoded already. Those of a failed compressor are empty,
    /// and never count.
    fn ready(&self, encoding: Encoding) -> Option<&Bytes> {
        let bytes = match encoding {
            Encoding::Brotli => self.brotli.get(),
            Encoding::Gzip => self.gzip.get(),
            Encoding::Identity => Some(&self.identity),
        };
        bytes.filter(|bytes| !bytes.is_empty())
    }

    /// Encodes the body once; takes its time.
    pub(super) fn encode(&self, encoding: Encoding) {
        let slot = match encoding {
            Encoding::Brotli => &self.brotli,
            Encoding::Gzip => &self.gzip,
            Encoding::Identity => return,
        };
        slot.get_or_init(|| encode(encoding, &self.identity).map_or_else(Bytes::new, Bytes::from));
    }

    /// What is sent to a client that prefers `wanted`.
    pub(super) fn best(&self, wanted: Encoding) -> (Encoding, &Bytes) {
        let encoding = self.encoding(wanted);
        match self.ready(encoding) {
            Some(bytes) => (encoding, bytes),
            None => (Encoding::Identity, &self.identity),
        }
    }

    fn bytes(&self) -> usize {
        let length = |slot: &OnceLock<Bytes>| slot.get().map_or(0, Bytes::len);
        self.identity.len() + length(&self.brotli) + length(&self.gzip)
    }
}

fn tag(tag: &str, encoding: Encoding) -> String {
    match encoding {
        Encoding::Identity => tag.to_owned(),
        Encoding::Brotli | Encoding::Gzip => format!("{tag}-{}", encoding.name()),
    }
}

fn header(text: &str, encoding: Encoding) -> HeaderValue {
    // Tags are letters and digits, so this cannot fail.
    HeaderValue::from_str(&format!("\"{}\"", tag(text, encoding)))
        .unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// What is sent.
pub(super) enum Sent {
    /// 200 with a body.
    Body(Body),
    /// Another address.
    Redirect {
        status: StatusCode,
        location: HeaderValue,
    },
}

/// An answer ready to be sent.
pub(crate) struct Prepared {
    pub(super) sent: Sent,
    /// Names for caches in front, so that they can drop what changed.
    pub(super) surrogate: HeaderValue,
    pub(super) valid_until: Option<Moment>,
    scope: Scope,
    stamp: i64,
}

impl Prepared {
    /// Takes over what an answer depends on.
    pub(super) fn new<T>(answer: &Answer<T>, entry: Option<EntryId>, sent: Sent) -> Self {
        let names = match (&answer.scope, entry) {
            (Scope::Site { slug, .. }, Some(entry)) => format!("site-{slug} entry-{entry}"),
            (Scope::Site { slug, .. }, None) => format!("site-{slug}"),
            (Scope::All, _) => "platform".to_owned(),
        };
        Self {
            sent,
            surrogate: HeaderValue::from_str(&names)
                .unwrap_or_else(|_| HeaderValue::from_static("site")),
            valid_until: answer.valid_until,
            scope: answer.scope.clone(),
            stamp: answer.stamp,
        }
    }

    /// Lets the node know how far the log was.
    pub(super) fn tell(&self, delivery: &Delivery) {
        delivery.heard(&self.scope, self.stamp);
    }

    /// Whether nothing has changed since it was read, as far as can be known.
    pub(super) fn is_current(&self, delivery: &Delivery, now: Moment) -> bool {
        self.is_in_time(now) && delivery.sequence(&self.scope) == self.stamp && !delivery.is_deaf()
    }

    /// Whether it was read before the other, by the log they have in common: a replica may be
    /// behind the primary.
    pub(super) fn is_older_than(&self, other: &Self) -> bool {
        self.scope == other.scope && self.stamp < other.stamp
    }

    /// Whether it is out of date and may hold what was taken back since: then it is not given, although
    /// the database is away, or only a replica is there that has not heard of it.
    pub(super) fn is_forbidden(&self, delivery: &Delivery) -> bool {
        self.stamp < delivery.sequence(&self.scope)
            && !delivery.may_outlive(&self.scope, self.stamp)
    }

    /// Whether the moment it depends on is still ahead.
    pub(super) fn is_in_time(&self, now: Moment) -> bool {
        self.valid_until.is_none_or(|end| now < end)
    }

    /// Whether it can be sent to a client that prefers `wanted` without encoding it first.
    pub(super) fn is_ready(&self, wanted: Encoding) -> bool {
        match &self.sent {
            Sent::Body(body) => body.is_ready(body.encoding(wanted)),
            Sent::Redirect { .. } => true,
        }
    }

    /// What it weighs in the cache.
    pub(super) fn bytes(&self) -> usize {
        match &self.sent {
            Sent::Body(body) => body.bytes(),
            Sent::Redirect { location, .. } => location.len(),
        }
    }
}
