//! Disks that are full, fail or cannot be written, under real servers: boards are told to wait,
//! readers notice nothing, nothing acknowledged is lost, and when the disk is well so is the server.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "clippy lets tests do it, but not their helpers"
)]

mod full;
mod log;
mod read_only;
mod small;

use loa_testkit::Answer;
use serde_json::{Value, json};

use crate::node::{Installation, Node};

const ENTRIES: &str = "/api/v1/editorial/sites/hai-tien/entries";

/// A board at work.
struct Desk<'n> {
    node: &'n Node,
    token: String,
}

impl<'n> Desk<'n> {
    fn at(node: &'n Node, token: &str) -> Self {
        let token = token.to_owned();
        Self { node, token }
    }

    /// A new draft; its body has about so many bytes.
    fn draft(&self, title: &str, bytes: usize) -> Answer {
        let words = "Muối trắng. ".repeat(bytes / 14 + 1);
        let content = json!({"lead": title, "body": format!("<p>{words}</p>")});
        let body = json!({"type": "article", "section": "tin-tuc", "title": title,
            "content": content});
        self.post(ENTRIES, "*", &body)
    }

    fn post(&self, path: &str, tag: &str, body: &Value) -> Answer {
        let request = self.node.post(path).bearer(&self.token).if_match(tag);
        request.json(body).send()
    }

    fn publish(&self, draft: &Answer) -> Answer {
        let id = draft.data()["id"].as_str().unwrap().to_owned();
        let path = format!("{ENTRIES}/{id}/actions/force_publish");
        self.post(&path, draft.etag(), &json!({"reason": "Bão"}))
    }

    /// A published article.
    #[track_caller]
    fn published(&self, title: &str) {
        let draft = self.draft(title, 500).expect_status(201);
        self.publish(&draft).expect_status(200);
    }

    fn reads(&self, id: &str) -> Answer {
        let request = self.node.get(&format!("{ENTRIES}/{id}"));
        request.bearer(&self.token).send()
    }
}

/// What readers see of an article.
fn delivered(node: &Node, slug: &str) -> Answer {
    node.get(&format!("/api/v1/sites/hai-tien/articles/{slug}"))
        .send()
}

/// Everything that only reads goes on; the slug in front has been read before, the other has not.
#[track_caller]
fn readers_notice_nothing(desk: &Desk<'_>, kept: &str, fresh: &str) {
    let node = desk.node;
    for slug in [kept, fresh] {
        delivered(node, slug).expect_status(200);
    }
    for path in [
        "/readyz",
        "/api/v1/sites",
        "/api/v1/sites/hai-tien/articles?page[size]=1",
        "/api/v1/sites/hai-tien/sections",
    ] {
        node.get(path).send().expect_status(200);
    }
    // Signed-in reading is reading too.
    for path in [ENTRIES, "/api/v1/auth/me"] {
        let request = node.get(path).bearer(&desk.token);
        request.send().expect_status(200);
    }
}

fn count(installation: &Installation) -> usize {
    let mut sql = installation.database.sql();
    sql.lines("SELECT id AS line FROM entries").len()
}
