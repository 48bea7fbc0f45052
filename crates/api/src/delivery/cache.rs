//! Answers kept ready, bounded by their bytes.
//!
//! An answer holds while the change log of its scope stands where it stood when the answer was
//! read, and not beyond a moment it depends on. Refusals are not kept: they are cheap, and their
//! number has no bound. Not for deciding what to send: that is `visit`.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;

use super::flights::Flights;
use super::prepared::Prepared;

/// After this an answer is not even used when the database is away.
const LONGEST: Duration = Duration::from_hours(24);

/// What an entry needs besides its texts, roughly.
const OVERHEAD: usize = 768;

/// Answers by their canonical address; a clone is the same cache.
#[derive(Clone)]
pub(crate) struct Cache(Option<Inner>);

#[derive(Clone)]
struct Inner {
    kept: moka::sync::Cache<String, Kept>,
    flights: Flights,
}

/// An answer in the cache.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) answer: Arc<Prepared>,
    /// The route that requests for it are counted under.
    pub(super) route: Arc<str>,
}

impl Cache {
    /// A cache of so many bytes; of none when it is to be off.
    pub(crate) fn of_bytes(bytes: u64) -> Self {
        Self((bytes > 0).then(|| {
            Inner {
                kept: moka::sync::Cache::builder()
                    .max_capacity(bytes)
                    .weigher(|key: &String, kept: &Kept| {
                        u32::try_from(key.len() + kept.answer.bytes() + OVERHEAD)
                            .unwrap_or(u32::MAX)
                    })
                    .time_to_live(LONGEST)
                    .build(),
                flights: Flights::default(),
            }
        }))
    }

    /// Whether nothing is kept.
    pub(super) fn is_off(&self) -> bool {
        self.0.is_none()
    }

    /// The answer kept for an address, current or not.
    pub(super) fn get(&self, address: &str) -> Option<Kept> {
        self.0.as_ref()?.kept.get(address)
    }

    /// Keeps an answer, or weighs one anew that has grown.
    pub(super) fn keep(&self, address: &str, kept: Kept) {
        if let Some(cache) = &self.0 {
            cache.kept.insert(address.to_owned(), kept);
        }
    }

    /// What is being read for it just now; none when it is off.
    pub(super) fn flights(&self) -> Option<&Flights> {
        self.0.as_ref().map(|cache| &cache.flights)
    }
}

/// Path and query in one form, whatever the order of the parameters and their escapes.
pub(super) fn address(request: &HttpRequest) -> String {
    let (path, query) = (request.path(), request.query_string());
    if query.is_empty() {
        return path.to_owned();
    }
    let Ok(mut pairs) = serde_urlencoded::from_str::<Vec<(String, String)>>(query) else {
        return format!("{path}?{query}");
    };
    pairs.sort_unstable();
    match serde_urlencoded::to_string(&pairs) {
        Ok(query) if query.is_empty() => path.to_owned(),
        Ok(query) => format!("{path}?{query}"),
        Err(_) => format!("{path}?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use proptest::prelude::*;

    fn of(uri: &str) -> String {
        address(&TestRequest::with_uri(uri).to_http_request())
    }

    #[test]
    fn order_and_escapes_of_parameters_make_no_difference() {
        let plain = of("/a?filter[tag]=y&locale=vi");
        assert_eq!(plain, "/a?filter%5Btag%5D=y&locale=vi");
        assert_eq!(of("/a?locale=v%69&filter%5Btag%5D=y"), plain);
        assert_eq!(of("/a?"), "/a");
        assert_eq!(of("/a?&"), "/a");
    }

    #[test]
    fn what_differs_stays_apart() {
        let all = [
            "/a",
            "/b",
            "/a?x=1",
            "/a?x=2",
            "/a?x=1&y=2",
            "/a?x=1%26y%3D2",
            "/a?x=a+b",
            "/a?x=a%2Bb",
            "/a?y=1",
        ];
        let distinct: std::collections::BTreeSet<String> = all.iter().map(|uri| of(uri)).collect();
        assert_eq!(distinct.len(), all.len());
    }

    /// A parameter, spelled plainly and otherwise.
    fn spelled(text: &str, otherwise: bool) -> String {
        text.bytes()
            .map(|byte| match byte {
                b' ' if otherwise => "+".to_owned(),
                b if b.is_ascii_alphanumeric() && !otherwise => char::from(b).to_string(),
                b => format!("%{b:02x}"),
            })
            .collect()
    }

    fn query(pairs: &[(String, String)], otherwise: bool) -> String {
        let pairs = pairs.iter().map(|(name, value)| {
            format!("{}={}", spelled(name, otherwise), spelled(value, otherwise))
        });
        let mut pairs: Vec<String> = pairs.collect();
        if otherwise {
            pairs.reverse();
        }
        format!("/a?{}", pairs.join(if otherwise { "&&" } else { "&" }))
    }

    fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
        let name = prop_oneof!["[a-c]", any::<String>()];
        prop::collection::vec(
            (name, prop_oneof!["[ab &=+%,]{0,3}", any::<String>()]),
            0..6,
        )
    }

    proptest! {
        #[test]
        fn fuzz_query_has_one_address_however_it_is_written(pairs in pairs()) {
            let address = of(&query(&pairs, false));
            prop_assert_eq!(&of(&query(&pairs, true)), &address);
            prop_assert_eq!(&of(&address), &address);
        }

        #[test]
        fn fuzz_query_shares_its_address_with_no_other(a in pairs(), b in pairs()) {
            let sorted = |pairs: &[(String, String)]| {
                let mut pairs = pairs.to_vec();
                pairs.sort_unstable();
                pairs
            };
            let same = of(&query(&a, false)) == of(&query(&b, true));
            prop_assert_eq!(same, sorted(&a) == sorted(&b));
        }

        #[test]
        fn fuzz_query_of_any_text_has_an_address(text in "[ -~&&[^#\\\\^`{|}<>\"]]{0,60}") {
            let uri = format!("/a?{}", text.replace(' ', "%"));
            if uri.parse::<actix_web::http::Uri>().is_ok() {
                let address = of(&uri);
                prop_assert_eq!(of(&address), address);
            }
        }
    }
}
