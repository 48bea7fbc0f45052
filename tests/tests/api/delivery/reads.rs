//! Single reads: what is public and what was.

use loa_testkit::{Answer, Backend};
use rstest::rstest;
use serde_json::json;

use crate::desk::{Office, Seen, article, saving};

const SITE: &str = "/api/v1/sites/hai-tien";

fn read(office: &Office, slug: &str) -> Answer {
    office.app.get(&format!("{SITE}/articles/{slug}")).send()
}

#[rstest]
fn an_article_is_public_from_its_publication_on(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Lễ hội làng");
    let by_id = format!("{SITE}/entries/{}", draft.id);
    read(&office, "le-hoi-lang").expect_problem(404, "not_found");
    let approved = office.approve(&draft);
    office
        .app
        .get(&by_id)
        .send()
        .expect_problem(404, "not_found");
    office.act("publisher", &approved, "publish", &json!({}));

    let answer = read(&office, "le-hoi-lang").expect_status(200);
    let data = answer.data();
    assert_eq!(data["title"], "Lễ hội làng");
    assert_eq!(data["path"], "/tin-tuc/le-hoi-lang");
    assert_eq!(data["content"]["text"], "Lễ hội làng, toàn văn.");
    assert_eq!(
        data["links"]["self"],
        format!("{SITE}/articles/le-hoi-lang")
    );
    assert_eq!(
        answer.header("surrogate-key"),
        Some(format!("site-hai-tien entry-{}", draft.id).as_str())
    );
    assert_eq!(
        office.app.get(&by_id).send().expect_status(200).data(),
        data
    );
    let page = format!("{SITE}/pages/le-hoi-lang");
    office
        .app
        .get(&page)
        .send()
        .expect_problem(404, "not_found");
    let elsewhere = "/api/v1/sites/giao-thuy/articles/le-hoi-lang";
    office
        .app
        .get(elsewhere)
        .send()
        .expect_problem(404, "not_found");
    office
        .app
        .get(&format!("{SITE}/articles/le-hoi-lang?locale=VI"))
        .send()
        .expect_problem(400, "parameter_invalid");
    office
        .app
        .get(&format!("{SITE}/articles/le-hoi-lang?fields=title"))
        .send()
        .expect_problem(400, "unknown_parameter");
}

#[rstest]
fn an_old_slug_leads_to_the_new_one(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let first = office.publish(&office.draft("contributor", "Bài cũ"));
    read(&office, "bai-cu").expect_status(200);
    let open = office.act("contributor", &first, "revise", &json!({}));
    let mut body = saving("Bài mới");
    body["slug"] = json!("bai-moi");
    office.publish(&office.save("contributor", &open, &body));
    let moved = read(&office, "bai-cu").expect_status(308);
    let location = moved.header("location").unwrap();
    assert_eq!(location, format!("{SITE}/articles/bai-moi"));
    assert!(
        moved
            .header("cache-control")
            .unwrap()
            .starts_with("public, max-age=30")
    );
    assert_eq!(office.app.get(location).send().data()["title"], "Bài mới");
    // The second time from the cache.
    assert_eq!(
        read(&office, "bai-cu")
            .expect_status(308)
            .header("location"),
        Some(location)
    );
}

#[rstest]
fn withdrawn_entries_say_how_they_ended(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let publish = |title: &str| office.publish(&office.draft("contributor", title));
    let (gone, replaced) = (publish("Bài sai"), publish("Bài trùng"));
    publish("Bài đúng");
    read(&office, "bai-sai").expect_status(200);
    let notice = json!({"kind": "notice", "reason": "Sai số liệu"});
    office.act("chief", &gone, "withdraw", &notice);
    let problem = read(&office, "bai-sai").expect_problem(410, "withdrawn");
    assert_eq!(problem["gone"]["reason"], "Sai số liệu");
    assert_eq!(problem["gone"]["kind"], "notice");

    let redirect =
        json!({"kind": "redirect", "reason": "Trùng", "redirect_to": "/tin-tuc/bai-dung"});
    office.act("chief", &replaced, "withdraw", &redirect);
    let answer = read(&office, "bai-trung").expect_status(301);
    let location = format!("{SITE}/articles/bai-dung");
    assert_eq!(answer.header("location"), Some(location.as_str()));
}

#[rstest]
fn an_entry_ends_at_its_time_and_not_when_the_worker_comes(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let mut body = article("Thông báo ngắn hạn");
    body["expire_at"] = json!("2026-11-20T02:01:00Z");
    let seen = Seen::of(&office.create("contributor", &body).expect_status(201));
    office.publish(&seen);
    let answer = read(&office, "thong-bao-ngan-han").expect_status(200);
    assert_eq!(
        answer.header("cache-control"),
        Some("public, max-age=30, stale-while-revalidate=30, stale-if-error=30")
    );
    office
        .app
        .clock
        .set("2026-11-20T02:00:45Z".parse().unwrap());
    let answer = read(&office, "thong-bao-ngan-han").expect_status(200);
    assert!(
        answer
            .header("cache-control")
            .unwrap()
            .starts_with("public, max-age=15, ")
    );
    office
        .app
        .clock
        .set("2026-11-20T02:01:00Z".parse().unwrap());
    let problem = read(&office, "thong-bao-ngan-han").expect_problem(410, "expired");
    assert_eq!(problem["gone"]["at"], "2026-11-20T02:01:00Z");
}

#[rstest]
fn a_missing_translation_is_made_up_for_when_asked(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let vietnamese = office.publish(&office.draft("contributor", "Lễ hội"));
    let ask = |query: &str| read(&office, &format!("le-hoi?{query}"));
    ask("locale=en").expect_problem(404, "not_found");
    let answer = ask("locale=en&fallback=true").expect_status(200);
    assert_eq!(answer.data()["locale"], "vi");

    let mut body = article("Village festival");
    body["locale"] = json!("en");
    body["translation_of"] = json!(vietnamese.id);
    office.publish(&Seen::of(
        &office.create("contributor", &body).expect_status(201),
    ));
    let answer = ask("locale=en&fallback=true").expect_status(200);
    assert_eq!(answer.data()["locale"], "en");
    assert_eq!(answer.data()["slug"], "village-festival");
    let own = answer.data()["links"]["self"].as_str().unwrap().to_owned();
    assert_eq!(
        office.app.get(&own).send().expect_status(200).data(),
        answer.data()
    );
    ask("fallback=maybe").expect_problem(400, "parameter_invalid");
}
