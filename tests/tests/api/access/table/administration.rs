//! Administration: units, sites, sections, settings, people.

use serde_json::{Value, json};

use crate::access::cells::{Call, Row, Stage, delete, post, put, row};

/// The platform's administrators alone.
const fn platform(status: u16) -> [u16; 9] {
    [403, 403, 403, 403, 403, 403, status, 403, 403]
}

/// The site's administrators and the platform's; another site's are told nothing.
const fn administrators(status: u16) -> [u16; 9] {
    [403, 403, 403, 403, status, 403, status, 403, 404]
}

#[rustfmt::skip]
pub(in crate::access) const ADMINISTRATION: &[Row] = &[
    row("create_unit", "", platform(201), |s, _| post("/admin/units").body(s.unit())),
    row("replace_unit", "", platform(200), |s, _| { let p = s.unit_path(); put(&p, &s.look(&p).1).body(s.unit()) }),
    row("create_succession", "", platform(201), |s, _| succession(s)),
    row("create_site", "", platform(201), |s, _| post("/admin/sites").body(site(s))),
    row("replace_site", "title", administrators(200), |s, _| retitled(s)),
    row("replace_settings", "", administrators(200), |s, _| settings(s)),
    row("replace_allowed_hosts", "", platform(200), |s, _| allowed_hosts(s)),
    row("create_section", "", administrators(201), |s, _| post("/admin/sites/hai-tien/sections").body(s.section())),
    row("replace_section", "", administrators(200), |s, _| section(s)),

    // Everybody who manages people anywhere makes accounts; they have no role yet.
    row("create_user", "", [403, 403, 403, 403, 201, 403, 201, 403, 201], |s, _| post("/admin/users").body(user(s))),
    row("replace_user", "", administrators(200), |s, _| { let p = s.person(); put(&p.path, &p.etag).body(replaced(s)) }),
    row("create_membership", "", administrators(201),
        |s, _| post(s.person().path + "/memberships").body(json!({"role": "editor", "site": "hai-tien"}))),
    row("create_membership", "of a role that takes two", administrators(202),
        |s, _| post(s.person().path + "/memberships").body(json!({"role": "publisher", "site": "hai-tien"}))),
    row("confirm_access_request", "", administrators(200), |s, _| post(s.asked("second-admin") + "/confirm")),
    row("refuse_access_request", "", administrators(200), |s, _| post(s.asked("second-admin") + "/refuse")),
    row("delete_membership", "", administrators(204), |s, _| delete(s.person().membership)),
    row("create_password_link", "", administrators(200), |s, _| post(s.person().path + "/password-link")),
    row("create_password_link", "of a chief", administrators(202), |s, _| post(s.chief().path + "/password-link")),

    // Last: it closes the site.
    row("replace_site", "status", [403, 403, 403, 403, 403, 403, 200, 403, 404], |s, _| closed(s)),
];

fn succession(stage: &Stage) -> Call {
    let (before, after) = (stage.unit_path(), stage.unit_path());
    let after = after.rsplit('/').next().expect("an id");
    let body = json!({"successor": after, "on": "2026-07-01", "legal_basis": "Nghị quyết 1"});
    post(format!("{before}/successions")).body(body)
}

fn site(stage: &Stage) -> Value {
    let slug = format!("trang-{}", stage.next());
    json!({"slug": slug, "unit": stage.office.world.units["14218"], "title": {"vi": "Trang mới"}})
}

fn retitled(stage: &Stage) -> Call {
    let (site, etag) = stage.look("/admin/sites/hai-tien");
    let body = json!({"title": {"vi": "Hải Tiến mới"}, "status": site["status"]});
    put("/admin/sites/hai-tien", &etag).body(body)
}

fn closed(stage: &Stage) -> Call {
    let (site, etag) = stage.look("/admin/sites/hai-tien");
    let body = json!({"title": site["title"], "status": "closed"});
    put("/admin/sites/hai-tien", &etag).body(body)
}

fn settings(stage: &Stage) -> Call {
    let (mut settings, etag) = stage.look("/admin/sites/hai-tien/settings");
    settings["contact"]["phone"] = json!(format!("0228 {}", stage.next()));
    put("/admin/sites/hai-tien/settings", &etag).body(settings)
}

fn allowed_hosts(stage: &Stage) -> Call {
    let path = "/admin/sites/hai-tien/allowed-hosts";
    let names = json!([
        "haitien.ninhbinh.example.vn",
        format!("{}.example.vn", stage.next())
    ]);
    put(path, &stage.look(path).1).body(json!({"allowed_hosts": names}))
}

fn section(stage: &Stage) -> Call {
    let path = stage.section_path();
    let (_, etag) = stage.look(&path);
    put(&path, &etag).body(stage.section())
}

fn user(stage: &Stage) -> Value {
    let n = stage.next();
    json!({"email": format!("nguoi{n}@loa.example.vn"), "name": "Người mới"})
}

fn replaced(stage: &Stage) -> Value {
    let mut user = user(stage);
    user["status"] = json!("active");
    user
}
