//! The HTTP servers: one for the API, one for `/metrics`, and how both come to an end.
//!
//! Not for what is served: `loa_api::configure` says that, for the tests alike.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::rt::System;
use actix_web::rt::signal::unix::{Signal, SignalKind, signal};
use actix_web::web::Data;
use actix_web::{App as HttpApp, HttpServer};
use loa_api::Shared;
use loa_app::App;
use loa_store::Store;

use crate::background::{self, Background};
use crate::config::{MetricsListen, Settings, unknown_variables};
use crate::failure::Failure;
use crate::observability::{self, Metrics};
use crate::{out, wiring};

/// Longest a connection may be idle between requests. Above the usual 60 s of proxies, so that it
/// is the proxy that closes.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// Longest a client may take to send a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest a client may take to close its side.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections of one worker; more have to wait.
const MAX_CONNECTIONS: usize = 8192;

/// Serves until a signal ends it. Addresses are taken first and the database is migrated next;
/// `prepare` runs then, and what it gives is said when the server is about to answer.
///
/// # Errors
/// When settings, an address or the database forbid it.
pub(crate) fn serve(
    settings: &Settings,
    prepare: impl FnOnce(&App) -> Result<String, Failure>,
) -> Result<(), Failure> {
    // It ends last, so that what the end brings is in it.
    let _security_log = observability::start_logs(settings)?;
    for name in unknown_variables() {
        tracing::warn!(name, "this variable is no setting of Loa");
    }
    for path in wiring::exposed(settings) {
        tracing::warn!(
            path = %path.display(),
            "it holds a secret, and others on the machine can read it: chmod go= PATH"
        );
    }
    let metrics = Metrics::install().map_err(Failure::failed)?;
    let app = wiring::app(settings)?;
    System::new().block_on(run(settings, app, metrics, prepare))
}

async fn run(
    settings: &Settings,
    app: App,
    metrics: Metrics,
    prepare: impl FnOnce(&App) -> Result<String, Failure>,
) -> Result<(), Failure> {
    let shared = Data::new(wiring::shared(app.clone(), settings));
    let each = shared.clone();
    let api = HttpServer::new(move || loa_api::configure(each.clone()))
        .workers(settings.workers)
        .max_connections(MAX_CONNECTIONS)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_TIMEOUT)
        .client_disconnect_timeout(DISCONNECT_TIMEOUT)
        .shutdown_timeout(settings.shutdown_seconds)
        .disable_signals()
        .bind(settings.listen)
        .map_err(|error| cannot_listen(settings.listen, "--listen", &error))?;
    let metrics_server = metrics_server(settings.metrics_listen, &metrics, app.store())?;

    let ran = wiring::migrate_at_start(settings, app.store())?;
    if !ran.is_empty() {
        tracing::info!(count = ran.len(), "ran migrations");
    }
    wiring::admit(app.store(), app.secrets())?;
    let welcome = prepare(&app)?;

    // Not earlier: until here a signal ends the process at once, and nothing is lost by that.
    let signals = Signals::listen()?;
    let background = background::start(&app, settings, &metrics);
    let addresses = api.addrs();
    let server = api.run();
    let handle = server.handle();
    tracing::info!(?addresses, workers = settings.workers, "serving");
    tracing::info!(target: "security", action = "service.start", outcome = "success", "serving");
    out::text(&welcome);
    // Whichever ends first: a server that is dropped cuts the connections it still has.
    let result = tokio::select! {
        result = server => result,
        () = signals.stop(handle, &background, || drain(&shared, settings)) => Ok(()),
    };
    if let Some(handle) = metrics_server {
        handle.stop(false).await;
    }
    background.stop();
    if let Err(error) = app.write_sign_ins() {
        tracing::error!(%error, "the last sign-ins are missing in the history");
    }
    let outcome = if result.is_ok() { "success" } else { "failure" };
    tracing::info!(target: "security", action = "service.stop", outcome, "stopped");
    tracing::info!("stopped");
    result.map_err(|error| Failure::failed(format!("the server ended: {error}")))
}

/// Serves on for a while, and says in `/healthz` that it will not for long.
async fn drain(shared: &Shared, settings: &Settings) {
    if settings.drain_seconds > 0 {
        let seconds = settings.drain_seconds;
        tracing::info!(
            seconds,
            "asked to stop; serving until the proxy has noticed"
        );
        shared.drain();
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }
}

/// Starts the server for `/metrics`, which has nothing else.
fn metrics_server(
    listen: MetricsListen,
    metrics: &Metrics,
    store: &Store,
) -> Result<Option<ServerHandle>, Failure> {
    let MetricsListen::At(address) = listen else {
        return Ok(None);
    };
    let metrics = Data::new(metrics.clone());
    let store = Data::new(store.clone());
    let server = HttpServer::new(move || {
        HttpApp::new()
            .app_data(metrics.clone())
            .app_data(store.clone())
            .service(observability::get_metrics)
    })
    .workers(1)
    .max_connections(64)
    .client_request_timeout(HEAD_TIMEOUT)
    .disable_signals()
    .bind(address)
    .map_err(|error| cannot_listen(address, "--metrics-listen", &error))?
    .run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(Some(handle))
}

fn cannot_listen(address: SocketAddr, flag: &str, error: &std::io::Error) -> Failure {
    if error.kind() == ErrorKind::AddrInUse {
        return Failure::failed(format!(
            "{address} is taken by another program; choose another address with {flag}"
        ));
    }
    Failure::failed(format!(
        "cannot serve at {address}: {error}; choose another address with {flag}"
    ))
}

/// The signals that end the server.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// From here on they are heard and no longer end the process by themselves.
    fn listen() -> Result<Self, Failure> {
        let listen = |kind| {
            signal(kind).map_err(|error| Failure::failed(format!("cannot hear signals: {error}")))
        };
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    /// On the first the proxy is given time to turn away, then requests in flight may end. Returns on
    /// the second: somebody is in a hurry.
    async fn stop<D: Future<Output = ()>>(
        mut self,
        server: ServerHandle,
        background: &Background,
        drain: impl FnOnce() -> D,
    ) {
        self.next().await;
        tokio::select! {
            () = drain() => {}
            () = self.next() => {
                tracing::warn!("asked to stop at once");
                return;
            }
        }
        tracing::info!("asked to stop; requests in flight may end");
        background.ask_to_stop();
        actix_web::rt::spawn(server.stop(true));
        self.next().await;
        tracing::warn!("asked to stop at once");
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
