//! Something of every kind that readers can get, and people who go on writing.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use loa_testkit::Answer;
use serde_json::{Value, json};

use crate::node::Node;

/// Somebody signed in at a node, who writes for one site.
pub(super) struct Writer<'n> {
    node: &'n Node,
    token: String,
    site: &'static str,
}

/// An entry as it was last seen.
#[derive(Clone)]
pub(super) struct Seen {
    pub(super) id: String,
    etag: String,
}

impl<'n> Writer<'n> {
    pub(super) fn new(node: &'n Node, who: &str, site: &'static str) -> Self {
        Self {
            node,
            token: node.token(who),
            site,
        }
    }

    fn entries(&self) -> String {
        format!("/api/v1/editorial/sites/{}/entries", self.site)
    }

    pub(super) fn create(&self, body: &Value) -> Seen {
        let request = self.node.post(&self.entries()).bearer(&self.token);
        seen(&request.json(body).send().expect_status(201))
    }

    pub(super) fn act(&self, entry: &Seen, action: &str, body: &Value) -> Seen {
        let path = format!("{}/{}/actions/{action}", self.entries(), entry.id);
        let request = self.node.post(&path).bearer(&self.token);
        let answer = request.if_match(&entry.etag).json(body).send();
        seen(&answer.expect_status(200))
    }

    fn save(&self, entry: &Seen, body: &Value) -> Seen {
        let path = format!("{}/{}", self.entries(), entry.id);
        let request = self.node.client().request("PUT", &path);
        let request = request.bearer(&self.token).if_match(&entry.etag);
        seen(&request.json(body).send().expect_status(200))
    }

    /// Publishes in a hurry.
    pub(super) fn publish(&self, body: &Value) -> Seen {
        let entry = self.create(body);
        self.act(&entry, "force_publish", &json!({"reason": "Bão"}))
    }

    /// Publishes one article after the other.
    pub(super) fn go_on(&self, stop: &AtomicBool, count: &AtomicU32) {
        while !stop.load(Ordering::Relaxed) {
            let number = count.fetch_add(1, Ordering::Relaxed);
            self.publish(&article(&format!("Bản tin {number} của {}", self.site)));
        }
    }
}

fn seen(answer: &Answer) -> Seen {
    let data = answer.data();
    Seen {
        id: data.get("id").unwrap().as_str().unwrap().to_owned(),
        etag: answer.etag().to_owned(),
    }
}

/// A complete article.
pub(super) fn article(title: &str) -> Value {
    json!({"type": "article", "section": "tin-tuc", "title": title,
        "content": {"lead": title, "body": format!("<p>{title}, toàn văn.</p>")}})
}

/// Articles with tags, a translation, an address that moved, a page, and what was withdrawn in
/// each way.
pub(super) fn fill(node: &Node) {
    let chief = Writer::new(node, "chief", "hai-tien");
    let mut rich = article("Lễ hội làng muối");
    rich["section"] = json!("doi-song");
    rich["tags"] = json!(["Lễ hội", "Làng nghề"]);
    let rich = chief.publish(&rich);
    let mut english = article("The salt makers' feast");
    english["locale"] = json!("en");
    english["translation_of"] = json!(rich.id);
    chief.publish(&english);
    chief.publish(
        &json!({"type": "page", "section": "gioi-thieu", "title": "Giới thiệu xã",
        "content": {"body": "<p>Xã ven biển.</p>"}}),
    );

    let moved = chief.publish(&article("Tên cũ"));
    let open = chief.act(&moved, "revise", &json!({}));
    let mut save = article("Tên mới");
    save.as_object_mut().unwrap().remove("type");
    save["slug"] = json!("ten-moi");
    let open = chief.save(&open, &save);
    chief.act(&open, "force_publish", &json!({"reason": "Đổi tên"}));

    for (title, kind) in [
        (
            "Số liệu sai",
            json!({"kind": "notice", "reason": "Số liệu sai"}),
        ),
        ("Đã gỡ hẳn", json!({"kind": "gone", "reason": "Trùng"})),
        (
            "Đã chuyển",
            json!({"kind": "redirect", "reason": "Bài mới", "redirect_to": rich.id}),
        ),
    ] {
        let entry = chief.publish(&article(title));
        chief.act(&entry, "withdraw", &kind);
    }
    chief.create(&article("Bản nháp"));
    let there = Writer::new(node, "stranger", "giao-thuy");
    for title in ["Tin Giao Thủy", "Đường ven biển"] {
        there.publish(&article(title));
    }
}
