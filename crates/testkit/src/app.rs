//! The application behind a real server on a port of its own.

use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use actix_web::rt::System;
use actix_web::web::Data;
use loa_api::{ApiOptions, Shared};
use loa_app::identity::TokenKeys;
use loa_app::{App, Clock, ManualClock, Secrets};
use loa_domain::time::Moment;
use loa_store::{DatabaseUrl, Store, StoreOptions};

use crate::client::{Client, Request};
use crate::databases::{Backend, Release, TestDb};
use crate::raw;

/// What every test server shows at first.
const START: &str = "2026-11-20T02:00:00Z";
/// The secret of every test server.
pub const SECRET: &str = "a secret for tests, and for nothing else but tests";
/// The signing key of every test server; it has never signed anything that matters.
pub const SIGNING_KEY: (&str, &str) = (
    "test",
    "-----BEGIN PRIVATE KEY-----\n\
     MFECAQEwBQYDK2VwBCIEIOPjfKS7R7pGRmgvqPjgb/V8d+LGUWIjAQXxOyZszvqY\n\
     gSEA+m5JlZqHFfOxtuFyef/Hb7Uq3JFt5FaCYr+re+0d2qQ=\n\
     -----END PRIVATE KEY-----\n",
);

/// A running server. Background work does not run by itself: tests call it when they want it.
pub struct TestApp {
    /// The use cases, to prepare data and to look behind the API.
    pub app: App,
    /// The server's clock; it stands until it is moved.
    pub clock: Arc<ManualClock>,
    client: Client,
    options: ApiOptions,
    secret: String,
    // The order of these two is that of being dropped: a server may not outlive its database.
    server: Server,
    database: Arc<TestDb>,
}

/// How a [`TestApp`] is to be.
pub struct Builder {
    backend: Backend,
    release: Option<Release>,
    clock: Moment,
    options: ApiOptions,
}

impl Builder {
    /// What the clock shows at first.
    #[must_use]
    pub fn clock(mut self, at: Moment) -> Self {
        self.clock = at;
        self
    }

    /// Settings of the API.
    #[must_use]
    pub fn options(mut self, options: ApiOptions) -> Self {
        self.options = options;
        self
    }

    /// Starts the server; none when the test has to be left out because there is no PostgreSQL.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(self) -> Option<TestApp> {
        let (database, secret) = match &self.release {
            None => (TestDb::new(self.backend)?, SECRET.to_owned()),
            Some(release) => (
                TestDb::frozen(self.backend, release)?,
                release.secret(self.backend),
            ),
        };
        let clock = Arc::new(ManualClock::at(self.clock));
        Some(TestApp::on(Arc::new(database), clock, self.options, secret))
    }
}

impl TestApp {
    /// A server with the usual settings; none when the test has to be left out because there is no
    /// PostgreSQL.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(backend: Backend) -> Option<Self> {
        Self::builder(backend).start()
    }

    /// A server with settings of its own.
    ///
    /// # Panics
    /// Never: the start is a time.
    pub fn builder(backend: Backend) -> Builder {
        Builder {
            backend,
            release: None,
            clock: START.parse().expect("a time"),
            options: ApiOptions::default(),
        }
    }

    /// A server on a database as a release left it, which is still to be migrated. Secret and clock
    /// are those of the release.
    pub fn frozen(backend: Backend, release: &Release) -> Builder {
        Builder {
            release: Some(release.clone()),
            clock: release.clock(),
            ..Self::builder(backend)
        }
    }

    /// Another node on the same database, with the same clock, secret and key.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn another_node(&self) -> Self {
        Self::on(
            Arc::clone(&self.database),
            Arc::clone(&self.clock),
            self.options.clone(),
            self.secret.clone(),
        )
    }

    fn on(
        database: Arc<TestDb>,
        clock: Arc<ManualClock>,
        options: ApiOptions,
        secret: String,
    ) -> Self {
        let app = database.app_with(Arc::clone(&clock) as Arc<dyn Clock>, &secret);
        let server = Server::start(Shared::new(app.clone(), options.clone()));
        Self {
            app,
            clock,
            client: Client::new(server.address),
            options,
            secret,
            server,
            database,
        }
    }

    /// Its client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// A request to be filled in and sent.
    pub fn request(&self, method: &str, path: &str) -> Request<'_> {
        self.client.request(method, path)
    }

    /// GET.
    pub fn get(&self, path: &str) -> Request<'_> {
        self.request("GET", path)
    }

    /// POST.
    pub fn post(&self, path: &str) -> Request<'_> {
        self.request("POST", path)
    }

    /// PUT.
    pub fn put(&self, path: &str) -> Request<'_> {
        self.request("PUT", path)
    }

    /// DELETE.
    pub fn delete(&self, path: &str) -> Request<'_> {
        self.request("DELETE", path)
    }

    /// HEAD.
    pub fn head(&self, path: &str) -> Request<'_> {
        self.request("HEAD", path)
    }

    /// OPTIONS.
    pub fn options(&self, path: &str) -> Request<'_> {
        self.request("OPTIONS", path)
    }

    /// Sends bytes as they are, for requests that no client would make.
    pub fn raw(&self, bytes: &[u8]) -> raw::Answer {
        raw::exchange(self.server.address, bytes)
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// Its database, for a store or a process of the test's own.
    pub fn database(&self) -> &TestDb {
        &self.database
    }

    /// Does what the background does every second: publishes what is due, ends what is over, and
    /// renders again what changes have left.
    ///
    /// # Panics
    /// When the database is away.
    pub fn tick(&self) {
        self.app.editorial().tick().expect("a tick");
        while self
            .app
            .editorial()
            .drain_reprojections()
            .expect("left work is done")
        {}
    }

    /// Hears of changes that other nodes have made, as the background does all the time.
    ///
    /// # Panics
    /// When the database is away.
    pub fn follow_changes(&self) {
        for mut follower in self.app.store().followers() {
            follower.follow().expect("the change log is read");
        }
    }
}

impl TestDb {
    /// The application without a server, with the secret and the key of every test server.
    /// Connections are made when they are first needed.
    ///
    /// # Panics
    /// Never: secret and key are good.
    pub fn app(&self, clock: Arc<dyn Clock>) -> App {
        self.app_with(clock, SECRET)
    }

    fn app_with(&self, clock: Arc<dyn Clock>, secret: &str) -> App {
        app_of(self.url(), None, clock, secret)
    }
}

/// The application on any database, and perhaps a replica of it, as [`TestDb::app`] otherwise.
///
/// # Panics
/// Never: secret and key are good.
pub fn app_at(url: DatabaseUrl, read_url: Option<DatabaseUrl>, clock: Arc<dyn Clock>) -> App {
    app_of(url, read_url, clock, SECRET)
}

fn app_of(
    url: DatabaseUrl,
    read_url: Option<DatabaseUrl>,
    clock: Arc<dyn Clock>,
    secret: &str,
) -> App {
    let secrets = Secrets::new(secret, None).expect("a good secret");
    let keys = TokenKeys::from_pems(vec![(SIGNING_KEY.0.to_owned(), SIGNING_KEY.1.to_owned())]);
    let store = Store::open(StoreOptions {
        url,
        read_url,
        connections: 4,
        audit_key: secrets.audit_key(),
    });
    App::new(store, clock, secrets, keys.expect("a good key"))
}

/// The thread a server runs in.
struct Server {
    address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    fn start(shared: Shared) -> Self {
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            System::new().block_on(async move {
                let shared = Data::new(shared);
                let server = HttpServer::new(move || loa_api::configure(shared.clone()))
                    .workers(1)
                    .disable_signals()
                    .bind(("127.0.0.1", 0))
                    .expect("a free port");
                let address = server.addrs().first().copied();
                let server = server.run();
                sender
                    .send((server.handle(), address.expect("an address")))
                    .expect("the test waits");
                server.await.expect("the server ends well");
            });
        });
        let (handle, address) = receiver.recv().expect("the server starts");
        Self {
            address,
            handle,
            thread: Some(thread),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Not the graceful way: that waits up to a second for clients to close, in every test.
        // The command is sent by the call; only its answer would have to be awaited.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}
