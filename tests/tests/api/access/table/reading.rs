//! Reading: entries and their history, and what administration knows.

use crate::access::cells::{Row, get, row};

/// Everybody who is signed in.
const ALL: [u16; 9] = [200; 9];
/// Everybody who reads entries somewhere: not the platform's administrators.
const READERS: [u16; 9] = [200, 200, 200, 200, 200, 200, 403, 200, 200];
/// The site's own people, but not the platform's.
const OWN: [u16; 9] = [200, 200, 200, 200, 200, 200, 403, 404, 404];
/// The site's own people and the platform's.
const SITE: [u16; 9] = [200, 200, 200, 200, 200, 200, 200, 404, 404];
/// Who administers or audits the site; a stranger's administrator learns nothing.
const PEOPLE: [u16; 9] = [403, 403, 403, 403, 200, 200, 200, 403, 404];

#[rustfmt::skip]
pub(in crate::access) const READING: &[Row] = &[
    row("get_workflow", "", ALL, |_, _| get("/editorial/workflow")),
    row("list_all_entries", "", READERS, |_, _| get("/editorial/entries")),
    row("list_all_entries", "of one site", OWN, |_, _| get("/editorial/entries?filter%5Bsite%5D=hai-tien")),
    row("count_entries", "", READERS, |_, _| get("/editorial/entries/counts")),
    row("list_site_entries", "", OWN, |_, _| get("/editorial/sites/hai-tien/entries")),
    row("get_editorial_entry", "", OWN, |s, _| get(s.draft().path())),
    row("get_editorial_entry", "published", OWN, |s, _| get(s.published().path())),
    row("list_editions", "", OWN, |s, _| get(s.draft().path() + "/editions")),
    row("list_revisions", "", OWN, |s, _| get(s.draft().path() + "/revisions")),
    row("get_revision", "", OWN, |s, _| get(s.draft().path() + "/revisions/1")),
    row("diff_revisions", "", OWN, |s, _| get(s.revised().path() + "/revisions/1/diff/2")),
    row("list_transitions", "", OWN, |s, _| get(s.draft().path() + "/transitions")),
    row("list_preview_links", "", OWN, |s, _| get(s.draft().path() + "/preview-links")),

    row("list_admin_sites", "", ALL, |_, _| get("/admin/sites")),
    row("get_admin_site", "", SITE, |_, _| get("/admin/sites/hai-tien")),
    row("get_settings", "", SITE, |_, _| get("/admin/sites/hai-tien/settings")),
    row("get_allowed_hosts", "", SITE, |_, _| get("/admin/sites/hai-tien/allowed-hosts")),
    row("list_allowed_hosts", "", [403, 403, 403, 403, 403, 403, 200, 403, 403], |_, _| get("/admin/allowed-hosts")),
    row("list_admin_sections", "", SITE, |_, _| get("/admin/sites/hai-tien/sections")),
    row("get_admin_section", "", SITE, |s, _| get(s.section_path())),
    row("list_units", "", ALL, |_, _| get("/admin/units")),
    row("get_admin_unit", "", ALL, |s, _| get(format!("/admin/units/{}", s.office.world.units["14218"]))),
    row("list_successions", "", ALL, |s, _| get(format!("/admin/units/{}/successions", s.office.world.units["14218"]))),

    row("list_users", "", [403, 403, 403, 403, 200, 200, 200, 403, 200], |_, _| get("/admin/users")),
    row("list_sign_ins", "", [403, 403, 403, 403, 200, 200, 200, 403, 200], |_, _| get("/admin/sign-ins")),
    row("get_user", "", PEOPLE, |s, _| get(s.person().path)),
    row("list_memberships", "", PEOPLE, |s, _| get(s.person().path + "/memberships")),
    row("list_access_requests", "", [403, 403, 403, 403, 200, 200, 200, 403, 200], |_, _| get("/admin/access-requests")),
    row("get_access_request", "", PEOPLE, |s, _| get(s.asked("second-admin"))),
    row("list_audit", "of the site", PEOPLE, |_, _| get("/admin/audit?filter%5Bsite%5D=hai-tien")),
    row("list_audit", "of the platform", [403, 403, 403, 403, 403, 403, 200, 403, 403], |_, _| get("/admin/audit")),
];
