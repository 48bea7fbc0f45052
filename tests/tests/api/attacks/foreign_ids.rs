//! Requests that name something of another site in the body or the query, beside the same that
//! name nothing at all.

use serde_json::{Value, json};

use crate::access::cells::{Call, Stage, get, post, put};
use crate::access::operations::made_up;
use crate::desk::{Seen, article, saving};

/// Who asks, with the id of another site and with one of nothing.
pub(super) fn pairs(stage: &Stage) -> Vec<(&'static str, Call, Call)> {
    let office = &stage.office;
    let entry = office.world_entry(stage);
    let foreign = stage.approved().id;
    let section = office.world.sections["hai-tien/tin-tuc"].to_string();
    let person = office.world.people["contributor"].to_string();
    let nothing = made_up("id");
    let two = |make: &dyn Fn(&str) -> Call, real: &str, none: &str| (make(real), make(none));
    let at_own = |id: &str| {
        let mut body = article("Bản dịch");
        body["locale"] = json!("en");
        body["translation_of"] = json!(id);
        post("/editorial/sites/giao-thuy/entries").body(body)
    };
    let assign = |id: &str| Stage::act(&entry, "assign", json!({"user_id": id}));
    let byline = |id: &str| {
        let mut body = saving("Có tên tác giả");
        body["byline"] = json!([{"name": "A", "user_id": id}]);
        put(entry.path(), &entry.etag).body(body)
    };
    let limited = |id: &str| {
        let body = json!({"role": "editor", "site": "giao-thuy", "sections": [id]});
        membership(stage, &body)
    };
    let place = |slug: &str| membership(stage, &json!({"role": "editor", "site": slug}));
    let parent = |id: &str| {
        let body = json!({"slug": "muc-con", "title": {"vi": "Mục con"}, "parent": id});
        post("/admin/sites/giao-thuy/sections").body(body)
    };
    let listed = |slug: &str| get(format!("/editorial/entries?filter%5Bsite%5D={slug}"));
    let author = |id: &str| get(format!("/editorial/entries?filter%5Bauthor%5D={id}"));
    let audit = |slug: &str| get(format!("/admin/audit?filter%5Bsite%5D={slug}"));
    let (chief, admin) = ("stranger", "stranger-admin");
    [
        (chief, two(&at_own, &foreign, &nothing)),
        (chief, two(&assign, &person, &nothing)),
        (chief, two(&byline, &person, &nothing)),
        (chief, two(&listed, "hai-tien", "khong-co")),
        (chief, two(&author, &person, &nothing)),
        (admin, two(&limited, &section, &nothing)),
        (admin, two(&place, "hai-tien", "khong-co")),
        (admin, two(&parent, &section, &nothing)),
        (admin, two(&audit, "hai-tien", "khong-co")),
    ]
    .map(|(who, (foreign, unknown))| (who, foreign, unknown))
    .to_vec()
}

/// A role for somebody of the other site, as its administrator gives it.
pub(super) fn membership(stage: &Stage, body: &Value) -> Call {
    let id = stage.office.world.people["stranger"];
    post(format!("/admin/users/{id}/memberships")).body(body.clone())
}

impl crate::desk::Office {
    /// An entry in review at the strangers' own site.
    fn world_entry(&self, stage: &Stage) -> Seen {
        let title = format!("Bài của Giao Thủy {}", stage.next());
        let made = self.create_at("stranger", "giao-thuy", &article(&title));
        let seen = Seen::of(&made.expect_status(201));
        self.act("stranger", &seen, "submit", &json!({}))
    }
}
