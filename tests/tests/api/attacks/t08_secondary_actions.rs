//! T8, what goes beside reading and saving: comparing, looking back, previews, restoring,
//! translating, revising. Each needs what reading needs, and what saving needs where it leads to.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::{Value, json};

use crate::access::cells::{CALLERS, Call, Stage, get, post, put};
use crate::access::table;
use crate::desk::{Seen, article, saving};

fn in_section(mut body: Value, section: &str) -> Value {
    body["section"] = json!(section);
    body
}

/// Whoever may not read an entry may do nothing else with it; whoever may not save it may not
/// restore it.
#[rstest]
fn the_table_asks_for_reading_and_for_saving(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let expected = |operation: &str| {
        let row = table::all().find(|row| row.operation == operation && row.case.is_empty());
        row.unwrap_or_else(|| panic!("{operation}")).expected
    };
    let reading = expected("get_editorial_entry");
    for operation in [
        "list_editions",
        "list_revisions",
        "get_revision",
        "diff_revisions",
        "list_transitions",
        "list_preview_links",
    ] {
        assert_eq!(expected(operation), reading, "{operation}");
    }
    let restoring = expected("restore_revision");
    let entry = stage.revised();
    for (column, who) in CALLERS.iter().enumerate() {
        let body = saving(&format!("Bài của {who}"));
        let seen = Seen::of(&stage.office.get("editor", &entry.path()));
        let call = put(entry.path(), &seen.etag).body(body);
        let saved = stage.send(who, &call).status;
        assert_eq!(saved, restoring[column], "{who}");
    }
}

/// The person who is limited to `tin-tuc`.
const LIMITED: &str = "news-contributor";

#[rstest]
fn an_old_revision_is_not_restored_to_where_one_may_not_write(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let office = &stage.office;
    let own = office.draft(LIMITED, "Bài mục tin");
    let moved = in_section(saving("Sang mục thông báo"), "thong-bao");
    let moved = office.save("editor", &own, &moved);
    let back = office.save("editor", &moved, &saving("Về lại mục tin"));
    office.token(LIMITED);
    let before = stage.tally();
    let restore = |number: u32| {
        let path = format!("{}/revisions/{number}/restore", back.path());
        stage.send(LIMITED, &post(path).seen(&back.etag))
    };
    restore(2).expect_problem(403, "forbidden");
    assert_eq!(stage.tally(), before);
    // Reading it, and comparing with it, is reading the site's entries: theirs to do.
    let read = |what: &str| stage.send(LIMITED, &get(format!("{}/{what}", back.path())));
    read("revisions/2").expect_status(200);
    read("revisions/1/diff/2").expect_status(200);
    restore(1).expect_status(200);
}

#[rstest]
fn translating_and_revising_need_the_section(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let office = &stage.office;
    let notice = in_section(article("Thông báo cúp điện"), "thong-bao");
    let notice = Seen::of(&office.create("contributor", &notice).expect_status(201));
    let notice = office.publish(&notice);
    let news = stage.published();
    office.token(LIMITED);
    let before = stage.tally();
    let translation = |of: &Seen, section: &str| {
        let mut body = in_section(article("In English"), section);
        body["locale"] = json!("en");
        body["translation_of"] = json!(of.id);
        office.create(LIMITED, &body)
    };
    translation(&notice, "thong-bao").expect_problem(403, "forbidden");
    let revise = office.act_raw(LIMITED, &notice, "revise", &json!({}));
    assert_eq!(revise.status, 403, "{revise}");
    let link = format!("{}/preview-links", notice.path());
    let link = stage.send(LIMITED, &post(link).body(json!({})));
    assert_eq!(link.status, 403, "{link}");
    assert_eq!(stage.tally(), before);
    translation(&news, "tin-tuc").expect_status(201);
    office.act(LIMITED, &news, "revise", &json!({}));
}

/// Numbers of revisions are an entry's own: another entry's are none of it.
#[rstest]
fn histories_do_not_mix(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let office = &stage.office;
    let long = stage.revised();
    let short = stage.draft();
    let foreign = office.create_at("stranger", "giao-thuy", &article("Nơi khác"));
    let foreign = Seen::of(&foreign.expect_status(201));
    for path in [
        format!("{}/revisions/2", short.path()),
        format!("{}/revisions/1/diff/2", short.path()),
        format!("{}/revisions/0", short.path()),
        format!("{}/revisions/-1", short.path()),
        format!("{}/revisions/1", foreign.path()),
        foreign.path().replace("giao-thuy", "hai-tien"),
        format!("{}/revisions", foreign.path()).replace("giao-thuy", "hai-tien"),
    ] {
        let answer = Call::raw("GET", path.clone());
        let answer = answer.send(&office.app, Some(&office.token("editor")));
        answer.expect_problem(404, "not_found");
    }
    let links = format!("{}/preview-links", long.path());
    let made = stage.send("editor", &post(&links).body(json!({})));
    let id = made.expect_status(201).data()["link"]["id"].clone();
    let elsewhere = format!("{}/preview-links/{}", short.path(), id.as_str().unwrap());
    let revoked = stage.send("editor", &crate::access::cells::delete(elsewhere));
    revoked.expect_problem(404, "not_found");
}
