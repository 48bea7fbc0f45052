//! Counting requests and their times by method, route and status.
//!
//! The recorder would look a meter up by the text of all its labels, twice for each request; each
//! thread keeps the ones it has used. There are as many as routes, methods and statuses.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use actix_web::http::Method;
use metrics::{Counter, Histogram};

thread_local! {
    static METERS: RefCell<HashMap<String, Vec<Meter>>> = RefCell::default();
}

struct Meter {
    method: &'static str,
    status: u16,
    requests: Counter,
    seconds: Histogram,
}

impl Meter {
    fn new(method: &'static str, route: &str, status: u16) -> Self {
        let labels = [
            ("method", method.to_owned()),
            ("route", route.to_owned()),
            ("status", status.to_string()),
        ];
        Self {
            method,
            status,
            requests: metrics::counter!("loa_http_requests_total", &labels),
            seconds: metrics::histogram!("loa_http_request_seconds", &labels),
        }
    }

    fn count(&self, took: Duration) {
        self.requests.increment(1);
        self.seconds.record(took.as_secs_f64());
    }
}

/// Counts one request.
pub(super) fn count(method: &Method, route: &str, status: u16, took: Duration) {
    let method = label(method);
    METERS.with_borrow_mut(|meters| {
        if let Some(own) = meters.get(route) {
            let known = own
                .iter()
                .find(|meter| meter.status == status && meter.method == method);
            if let Some(meter) = known {
                meter.count(took);
                return;
            }
        }
        let meter = Meter::new(method, route, status);
        meter.count(took);
        meters.entry(route.to_owned()).or_default().push(meter);
    });
}

/// Anyone can make up methods; numbers are kept for each label, so these must be few.
fn label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
