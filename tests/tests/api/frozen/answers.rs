//! What a release answered to readers, kept as text: path, status, address it led to, tag and body.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use loa_testkit::{Backend, Release, TestApp};

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) path: String,
    status: String,
    location: String,
    etag: String,
    body: String,
}

/// The answers of a release on one kind of database.
pub(crate) struct Frozen {
    pub(crate) answers: Vec<Kept>,
    /// Paths whose answers are others by now, and why: `differences.tsv`, if there is one.
    pub(crate) explained: BTreeMap<String, String>,
}

fn name(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "answers-sqlite.tsv.gz",
        Backend::Postgres => "answers-postgres.tsv.gz",
    }
}

impl Frozen {
    pub(crate) fn read(release: &Release, backend: Backend) -> Self {
        let text = String::from_utf8(release.unpacked(name(backend))).unwrap();
        let answers = text.lines().map(|line| {
            let mut parts = line.split('\t').map(str::to_owned);
            let mut next = || parts.next().unwrap();
            Kept {
                path: next(),
                status: next(),
                location: next(),
                etag: next(),
                body: next(),
            }
        });
        let explained = std::fs::read_to_string(release.file("differences.tsv"));
        let explained = explained.unwrap_or_default();
        Self {
            answers: answers.collect(),
            explained: explained
                .lines()
                .map(|line| line.split_once('\t').unwrap())
                .map(|(path, why)| (path.to_owned(), why.to_owned()))
                .collect(),
        }
    }
}

/// Asks as a reader does. What tells one request from another is left out.
pub(crate) fn ask(app: &TestApp, path: &str) -> Kept {
    let answer = app.get(path).send();
    let header = |name| answer.header(name).unwrap_or_default().to_owned();
    let mut body = answer.text().replace('\t', "\\t").replace('\n', "\\n");
    if answer.status >= 400 {
        let id = answer.json()["trace_id"].as_str().unwrap().to_owned();
        body = body.replace(&id, "");
    }
    Kept {
        path: path.to_owned(),
        status: answer.status.to_string(),
        location: header("location"),
        etag: header("etag"),
        body,
    }
}

/// Every delivery route, with what the database holds.
fn paths(app: &TestApp) -> Vec<String> {
    let mut sql = app.database().sql();
    let mut paths: Vec<String> = ["/sites", "/sites?page[size]=2&count=true", "/content-types"]
        .map(str::to_owned)
        .into();
    paths.extend(["article", "page"].map(|kind| format!("/content-types/{kind}")));
    for code in sql.lines("SELECT DISTINCT code AS line FROM units") {
        paths.push(format!("/units/{code}"));
        paths.push(format!("/units/{code}?on=2020-01-01"));
    }
    for site in sql.lines("SELECT slug AS line FROM sites") {
        paths.push(format!("/sites/{site}"));
        paths.push(format!("/sites/{site}/sections"));
        paths.push(format!("/sites?filter[host]={site}.example.vn"));
        for list in ["articles", "pages", "entries"] {
            for query in ["", "?locale=en", "?page[size]=3&count=true", "?sort=title"] {
                paths.push(format!("/sites/{site}/{list}{query}"));
            }
        }
    }
    let every = "SELECT s.slug || '/entries/' || e.id AS line FROM entries e
                 JOIN sites s ON s.id = e.site_id";
    let slugs = "SELECT s.slug || '/' || e.kind || 's/' || p.slug || '?locale=' || p.locale AS line
                 FROM published_paths p JOIN sites s ON s.id = p.site_id
                 JOIN entries e ON e.id = p.entry_id";
    let resolved = "SELECT s.slug || '/resolve?path=' || p.path AS line
                    FROM published_paths p JOIN sites s ON s.id = p.site_id";
    for query in [every, slugs, resolved] {
        paths.extend(sql.lines(query).iter().map(|line| format!("/sites/{line}")));
    }
    let hosts = "SELECT h.host || '&path=' || p.path AS line
                 FROM published_paths p JOIN site_hosts h ON h.site_id = p.site_id";
    let hosts = sql.lines(hosts);
    paths.extend(hosts.iter().map(|line| format!("/resolve?host={line}")));
    paths
        .into_iter()
        .map(|path| format!("/api/v1{path}"))
        .collect()
}

/// For a release that is about to be made; see the recipe in CONTRIBUTING.md. It has run when the files
/// are there, and they never change.
#[test]
#[ignore = "writes what a new release answers"]
fn write_what_is_missing() {
    for release in Release::all() {
        for backend in [Backend::Sqlite, Backend::Postgres] {
            let file = release.file(name(backend));
            if file.exists() {
                continue;
            }
            let app = TestApp::frozen(backend, &release).start().unwrap();
            app.app.store().migrations().run().unwrap();
            let mut text = String::new();
            for path in paths(&app) {
                let kept = ask(&app, &path);
                let parts = [kept.path, kept.status, kept.location, kept.etag, kept.body];
                text.push_str(&parts.join("\t"));
                text.push('\n');
            }
            let mut packed = GzEncoder::new(Vec::new(), Compression::best());
            packed.write_all(text.as_bytes()).unwrap();
            std::fs::write(file, packed.finish().unwrap()).unwrap();
        }
    }
}
