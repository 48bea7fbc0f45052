//! One's own account. What ends sessions uses one of its own, and the password comes last.

use crate::access::cells::{Row, Stage, delete, get, post, row};

#[rustfmt::skip]
pub(in crate::access) const ACCOUNT: &[Row] = &[
    row("get_me", "", [200; 9], |_, _| get("/auth/me")),
    row("see_notice", "", [204; 9], |s, who| post(s.notice(who))),
    row("list_sessions", "", [200; 9], |_, _| get("/auth/sessions")),
    row("list_own_sign_ins", "", [200; 9], |_, _| get("/auth/sign-ins")),
    row("delete_session", "one's own", [204; 9], |s, who| delete(s.session_path(who))),
    row("delete_session", "of somebody else", [404; 9], |s, _| delete(s.session_path("province-chief"))),
    row("logout", "", [204; 9], |s, who| post("/auth/logout").session(s.sign_in(who))),
    row("change_password", "", [204; 9], |s, who| {
        post("/auth/password").session(s.sign_in(who)).body(Stage::new_password())
    }),
];
