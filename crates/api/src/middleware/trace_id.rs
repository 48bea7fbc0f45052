//! The request's id: the client's or proxy's where it has a sound form, else a fresh one.

use actix_web::dev::ServiceRequest;
use uuid::Uuid;

/// The id of a request, as in logs, `X-Request-Id` and problems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TraceId(pub(crate) String);

impl TraceId {
    /// `X-Request-Id`, else the trace of W3C `traceparent`, else random.
    pub(crate) fn of(request: &ServiceRequest) -> Self {
        let header = |name: &str| {
            request
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        if let Some(id) = header("x-request-id").filter(|id| is_sound(id)) {
            return Self(id.to_owned());
        }
        if let Some(trace) = header("traceparent").and_then(trace_of) {
            return Self(trace.to_owned());
        }
        let mut bytes = [0_u8; 16];
        rand::Rng::fill_bytes(&mut rand::rng(), &mut bytes);
        Self(Uuid::from_bytes(bytes).as_simple().to_string())
    }
}

fn is_sound(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// The trace id of `00-{trace}-{parent}-{flags}`.
fn trace_of(traceparent: &str) -> Option<&str> {
    let mut parts = traceparent.split('-');
    let (version, trace) = (parts.next()?, parts.next()?);
    let hex = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let sound = version.len() == 2
        && hex(version)
        && trace.len() == 32
        && hex(trace)
        && trace.bytes().any(|b| b != b'0');
    sound.then_some(trace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_sound_id_is_kept_and_another_replaced() {
        let kept = TestRequest::default()
            .insert_header(("x-request-id", "abc-1.2_3"))
            .to_srv_request();
        assert_eq!(TraceId::of(&kept).0, "abc-1.2_3");
        let replaced = TestRequest::default()
            .insert_header(("x-request-id", "a b\"c"))
            .to_srv_request();
        assert_eq!(TraceId::of(&replaced).0.len(), 32);
        let traced = TestRequest::default()
            .insert_header((
                "traceparent",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            ))
            .to_srv_request();
        assert_eq!(TraceId::of(&traced).0, "4bf92f3577b34da6a3ce929d0e0e4736");
    }
}
