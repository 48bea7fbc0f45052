//! Numbers for Prometheus, served at an address of their own.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use loa_store::Store;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Seconds; from an answer out of the cache to one that waited for a connection in vain.
const REQUEST_SECONDS: &[f64] = &[
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
    5.0, 10.0,
];

/// What has been counted and measured.
#[derive(Clone)]
pub(crate) struct Metrics(PrometheusHandle);

impl Metrics {
    /// Makes this process count and measure.
    ///
    /// # Errors
    /// When it does already.
    pub(crate) fn install() -> Result<Self, String> {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), REQUEST_SECONDS)
            .and_then(PrometheusBuilder::install_recorder)
            .map_err(|error| error.to_string())?;
        describe();
        Ok(Self(handle))
    }

    /// Moves measurements into their buckets; without it they pile up between two scrapes.
    pub(crate) fn tidy(&self) {
        self.0.run_upkeep();
    }
}

fn describe() {
    metrics::describe_counter!("loa_http_requests_total", "Requests answered");
    metrics::describe_histogram!("loa_http_request_seconds", "Time to answer a request");
    metrics::describe_gauge!("loa_pool_connections", "Open database connections");
    metrics::describe_gauge!("loa_pool_idle_connections", "Database connections at rest");
    metrics::describe_gauge!(
        "loa_database_up",
        "Whether a database server answers: 1, or 0 when it is away or hangs"
    );
    metrics::describe_gauge!(
        "loa_change_log_lag",
        "Changes in the database that this node has not heard of yet"
    );
    metrics::describe_counter!("loa_job_failures_total", "Failures of background jobs");
    metrics::describe_counter!(
        "loa_clock_failures_total",
        "Entries that could not be published or ended in their time, each try counted"
    );
    metrics::describe_counter!(
        "loa_removed_rows_total",
        "Rows that were deleted because they are too old, by kind"
    );
    metrics::describe_counter!("loa_security_log_lines_total", "Lines of the security log");
    metrics::describe_counter!(
        "loa_security_log_lost_total",
        "Lines that are missing in the security log, by reason"
    );
    metrics::describe_counter!(
        "loa_security_log_deleted_files_total",
        "Old files of the security log that were deleted because it has all the room it may take"
    );
    metrics::describe_gauge!(
        "loa_security_log_writable",
        "Whether the last line of the security log could be written"
    );
    metrics::describe_counter!("loa_cache_hits_total", "Answers out of the cache");
    metrics::describe_counter!("loa_cache_misses_total", "Answers that had to be read");
    metrics::describe_counter!(
        "loa_cache_stale_total",
        "Old answers given because the database was away"
    );
}

/// Everything, in Prometheus' text format. A server that hangs is known to hang when it is asked for:
/// the thread that follows it waits meanwhile and says nothing.
#[get("/metrics")]
pub(crate) async fn get_metrics(metrics: Data<Metrics>, store: Data<Store>) -> HttpResponse {
    for name in store.silent_servers() {
        metrics::gauge!("loa_database_up", "server" => name).set(0.0);
    }
    HttpResponse::Ok()
        .insert_header((
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        ))
        .body(metrics.0.render())
}
