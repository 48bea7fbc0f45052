//! Writing entries.

use serde_json::json;

use crate::access::cells::{Row, delete, post, put, row};

#[rustfmt::skip]
pub(in crate::access) const WRITING: &[Row] = &[
    //                         contr. editor chief publ. admin audit. platf. stranger s.-admin
    row("create_entry", "", [201, 201, 201, 403, 403, 403, 403, 404, 403],
        |s, _| post("/editorial/sites/hai-tien/entries").body(s.article())),
    row("save_entry", "of the contributor", [200, 200, 200, 403, 403, 403, 403, 404, 404],
        |s, _| { let d = s.draft(); put(d.path(), &d.etag).body(s.saving()) }),
    row("save_entry", "in review", [403, 200, 200, 403, 403, 403, 403, 404, 404],
        |s, _| { let d = s.in_review(); put(d.path(), &d.etag).body(s.saving()) }),
    row("save_entry", "approved", [403, 200, 200, 403, 403, 403, 403, 404, 404],
        |s, _| { let d = s.approved(); put(d.path(), &d.etag).body(s.saving()) }),
    row("delete_entry", "of the contributor", [204, 204, 204, 403, 403, 403, 403, 404, 404],
        |s, _| { let d = s.draft(); delete(d.path()).seen(&d.etag) }),
    row("restore_revision", "", [200, 200, 200, 403, 403, 403, 403, 404, 404],
        |s, _| { let d = s.revised(); post(d.path() + "/revisions/1/restore").seen(&d.etag) }),
    row("create_preview_link", "", [201, 201, 201, 201, 403, 403, 403, 404, 403],
        |s, _| post(s.draft().path() + "/preview-links").body(json!({}))),
    row("revoke_preview_link", "", [204, 204, 204, 204, 403, 403, 403, 404, 403],
        |s, _| delete(s.preview_link())),
];
