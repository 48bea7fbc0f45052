//! The roles of an installation, made as `docker/primary` makes them, over TLS with the certificates of
//! `docker/certificates`: who may do what to the database, and that everything works with so little.

use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use loa_app::{App, SystemClock};
use loa_store::DatabaseUrl;
use loa_testkit::{Cluster, Sql, app_at, world};
use tempfile::TempDir;

use crate::fleet::{ARTICLES, draft, publish, title};
use crate::loa::{Place, Ran};
use crate::node::{Node, command};

fn script(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join("docker").join(name)
}

#[track_caller]
fn done(command: &mut Command) {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

/// A folder that the server's user can reach, with keys and certificates for `localhost`.
struct Certificates(TempDir);

impl Certificates {
    fn new() -> Self {
        let folder = TempDir::with_prefix_in("loa-tls-", "/tmp").unwrap();
        let mut make = Command::new("sh");
        make.arg(script("certificates")).arg("localhost");
        make.env("TLS", folder.path().join("tls"));
        make.env("CA", folder.path().join("ca"));
        for name in ["tls", "ca"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        if let Some((user, group)) = Cluster::runs_as() {
            make.env("OWNER", format!("{user}:{group}"));
            chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        done(&mut make);
        // A second time it finds them and leaves them as they are.
        let own = Self(folder);
        let before = std::fs::read(own.ca()).unwrap();
        done(&mut make);
        assert_eq!(std::fs::read(own.ca()).unwrap(), before);
        own
    }

    fn ca(&self) -> PathBuf {
        self.0.path().join("ca/ca.crt")
    }

    fn tls(&self, name: &str) -> String {
        let path = self.0.path().join("tls").join(name);
        path.display().to_string()
    }
}

/// A server with the roles, and the superuser's connection to it.
struct Roles {
    cluster: Cluster,
    certificates: Certificates,
    place: Place,
    superuser: Sql,
}

impl Roles {
    fn new() -> Option<Self> {
        let certificates = Certificates::new();
        let settings = [
            "ssl = on".to_owned(),
            format!("ssl_cert_file = '{}'", certificates.tls("localhost.crt")),
            format!("ssl_key_file = '{}'", certificates.tls("localhost.key")),
        ];
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let cluster = Cluster::with(&settings, &[])?;
        Sql::connect(&cluster.url().parse().unwrap()).execute("CREATE DATABASE loa");
        let url = cluster.url().replace("/postgres", "/loa");
        let mut superuser = Sql::connect(&url.parse().unwrap());
        let mut primary = Command::new("sh");
        primary.arg(script("primary"));
        primary.env("PGHOST", "127.0.0.1");
        primary.env("PGPORT", cluster.port().to_string());
        primary.env("PGDATA", cluster.data());
        primary.env("POSTGRES_USER", "loa");
        primary.env("POSTGRES_DB", "loa");
        for name in ["MIGRATE", "APP", "BACKUP", "REPLICATION"] {
            let password = format!("{}Pw123", name.to_lowercase());
            primary.env(format!("{name}_PASSWORD"), password);
        }
        done(&mut primary);
        superuser.execute("SELECT pg_reload_conf()");
        Some(Self {
            cluster,
            certificates,
            place: Place::new(),
            superuser,
        })
    }

    fn url_at(&self, host: &str, role: &str, options: &str) -> String {
        let port = self.cluster.port();
        format!("postgres://loa_{role}:{role}Pw123@{host}:{port}/loa?{options}")
    }

    /// As compose has it.
    fn url(&self, role: &str) -> String {
        let options = format!(
            "sslmode=verify-full&sslrootcert={}",
            self.certificates.ca().display()
        );
        self.url_at("localhost", role, &options)
    }

    fn run(&self, role: &str, arguments: &[&str], settings: &[(&str, &str)]) -> Ran {
        let mut command = command(&self.place, arguments, &self.url(role));
        command.envs(settings.iter().copied());
        command.env("LOA_LISTEN", "127.0.0.1:0");
        command.env("LOA_METRICS_LISTEN", "off");
        Ran::of(&command.output().unwrap())
    }

    /// What the roles were not given.
    fn may_change_rows_only(&mut self) {
        for question in [
            "has_schema_privilege('loa_app', 'public', 'CREATE')",
            "has_database_privilege('loa_app', 'loa', 'CREATE')",
            "has_database_privilege('loa_app', 'loa', 'TEMP')",
            "has_table_privilege('loa_app', 'audit', 'TRUNCATE')",
            "has_table_privilege('loa_app', '__diesel_schema_migrations', 'INSERT')",
            "has_table_privilege('loa_backup', 'audit', 'INSERT')",
            "EXISTS (SELECT 1 FROM pg_tables WHERE tableowner = 'loa_app')",
            "EXISTS (SELECT 1 FROM pg_roles WHERE rolname LIKE 'loa!_%' ESCAPE '!' \
             AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication))",
            "(SELECT rolsuper FROM pg_roles WHERE rolname = 'replica')",
        ] {
            self.never(question);
        }
    }

    /// Fails unless the question, which is about rights, is answered with no.
    fn never(&mut self, question: &str) {
        let check =
            format!("DO $do$ BEGIN IF {question} THEN RAISE EXCEPTION 'it may'; END IF; END $do$");
        self.superuser.execute(&check);
    }
}

#[test]
fn nodes_need_rows_and_nothing_else() {
    let Some(mut roles) = Roles::new() else {
        return;
    };
    // Nothing there yet: whoever may not make tables can still be told.
    let status = roles.run("app", &["migrate", "status"], &[]);
    assert_eq!(status.code, 0, "{status:?}");
    assert!(
        status.out.lines().all(|line| line.starts_with("to do ")),
        "{status:?}"
    );
    let check = [("LOA_MIGRATE", "check")];
    let refused = roles.run("app", &["serve"], &check);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("run `loa migrate up`"), "{refused:?}");
    let refused = roles.run("app", &["serve"], &[]);
    assert!(
        refused.code == 1 && refused.err.contains("permission denied"),
        "{refused:?}"
    );

    // Twice: what has run is granted again.
    for _ in 0..2 {
        let up = roles.run(
            "migrate",
            &["migrate", "up"],
            &[("LOA_APP_ROLE", "loa_app")],
        );
        assert_eq!(up.code, 0, "{up:?}");
    }
    let status = roles.run("app", &["migrate", "status"], &[]);
    assert!(
        status.out.lines().all(|line| line.starts_with("done ")),
        "{status:?}"
    );
    roles.may_change_rows_only();

    // A whole day at work.
    let app = a_day_at_work(&roles);

    // Cleaning after an expunction takes the owner, and says so.
    let refused = app.store().scrub().unwrap_err().to_string();
    assert!(
        refused.contains("only the owner of the tables"),
        "{refused}"
    );
    let owner: DatabaseUrl = roles.url("migrate").parse().unwrap();
    app_at(owner, None, Arc::new(SystemClock))
        .store()
        .scrub()
        .unwrap();

    let backup = roles.run("backup", &["backup", "create", "copy"], &[]);
    assert_eq!(backup.code, 0, "{backup:?}");
    let verified = roles.run("backup", &["backup", "verify", "copy"], &[]);
    assert_eq!(verified.code, 0, "{verified:?}");
}

/// People write and read, on a node that runs as the application's role.
fn a_day_at_work(roles: &Roles) -> App {
    let url: DatabaseUrl = roles.url("app").parse().unwrap();
    let app = app_at(url, None, Arc::new(SystemClock));
    world::build_in(&app);
    let node = Node::start(&roles.place, &roles.url("app"), &[("LOA_MIGRATE", "check")]);
    let chief = node.token("chief");
    publish(&node, &chief, &draft(&node, &chief, "Mùa muối"));
    let list = node.get(ARTICLES).send().expect_status(200).data();
    let slug = list.get(0).and_then(|card| card.get("slug")).cloned();
    let path = format!("{ARTICLES}/{}", slug.unwrap().as_str().unwrap());
    assert_eq!(title(&node.get(&path).send()), "Mùa muối");
    assert_eq!(roles.run("app", &["audit", "verify"], &[]).code, 0);
    assert!(!node.said().contains("permission denied"), "{node}");
    app
}

#[test]
fn the_server_is_known_by_its_certificate_alone() {
    let Some(roles) = Roles::new() else {
        return;
    };
    let others = Certificates::new();
    let (own, other) = (roles.certificates.ca(), others.ca());
    let verify = |ca: &Path| format!("sslmode=verify-full&sslrootcert={}", ca.display());
    for (host, options, said) in [
        ("localhost", "sslmode=disable".to_owned(), "no encryption"),
        ("localhost", verify(&other), "certificate verify failed"),
        ("127.0.0.1", verify(&own), "does not match host name"),
    ] {
        let url = roles.url_at(host, "app", &options);
        let output = command(&roles.place, &["migrate", "status"], &url).output();
        let ran = Ran::of(&output.unwrap());
        assert_eq!(ran.code, 1, "{options}: {ran:?}");
        assert!(ran.err.contains(said), "{options}: {ran:?}");
        assert!(!ran.err.contains("Pw123"), "{ran:?}");
    }
    assert_eq!(roles.run("app", &["migrate", "status"], &[]).code, 0);
}
