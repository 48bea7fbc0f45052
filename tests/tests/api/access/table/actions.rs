//! Actions of the workflow, each in a state that allows it. The contributor is the author.

use serde_json::json;

use crate::access::cells::{Row, Stage, row};

const ACT: &str = "act_on_entry";

#[rustfmt::skip]
pub(in crate::access) const ACTIONS: &[Row] = &[
    //                    contr. editor chief publ. admin audit. platf. stranger s.-admin
    row(ACT, "submit", [200, 200, 200, 403, 403, 403, 403, 404, 404],
        |s, _| Stage::act(&s.draft(), "submit", json!({}))),
    row(ACT, "recall", [200, 403, 403, 403, 403, 403, 403, 404, 404],
        |s, _| Stage::act(&s.in_review(), "recall", json!({}))),
    row(ACT, "assign", [403, 200, 200, 403, 403, 403, 403, 404, 404],
        |s, _| Stage::act(&s.in_review(), "assign", json!({"user_id": s.office.world.people["editor"]}))),
    row(ACT, "request_changes", [403, 200, 200, 403, 403, 403, 403, 404, 404],
        |s, _| Stage::act(&s.in_review(), "request_changes", json!({"comment": "Thêm số liệu"}))),
    row(ACT, "pass", [403, 200, 200, 403, 403, 403, 403, 404, 404],
        |s, _| Stage::act(&s.in_review(), "pass", json!({}))),
    row(ACT, "approve", [403, 403, 200, 403, 403, 403, 403, 404, 404],
        |s, _| Stage::act(&s.in_approval(), "approve", json!({}))),
    row(ACT, "publish", [403, 403, 200, 200, 403, 403, 403, 404, 404],
        |s, _| Stage::act(&s.approved(), "publish", json!({}))),
    row(ACT, "schedule", [403, 403, 200, 200, 403, 403, 403, 404, 404],
        |s, _| Stage::act(&s.approved(), "schedule", json!({"publish_at": "2026-12-01T00:00:00Z"}))),
    row(ACT, "unschedule", [403, 403, 200, 200, 403, 403, 403, 404, 404],
        |s, _| Stage::act(&s.scheduled(), "unschedule", json!({}))),
    row(ACT, "force_publish", [403, 403, 200, 403, 403, 403, 403, 404, 404],
        |s, _| Stage::act(&s.draft(), "force_publish", json!({"reason": "Bão số 5"}))),
    row(ACT, "confirm", [403, 403, 200, 403, 403, 403, 403, 404, 404],
        |s, _| Stage::act(&s.forced(), "confirm", json!({}))),
    row(ACT, "revise", [200, 200, 200, 403, 403, 403, 403, 404, 404],
        |s, _| Stage::act(&s.published(), "revise", json!({}))),
    row(ACT, "withdraw", [403, 403, 200, 200, 403, 403, 403, 404, 404],
        |s, _| Stage::act(&s.published(), "withdraw", json!({"kind": "notice", "reason": "Sai số liệu"}))),
    row(ACT, "archive", [403, 403, 403, 403, 200, 403, 403, 404, 404],
        |s, _| Stage::act(&s.draft(), "archive", json!({}))),
];
