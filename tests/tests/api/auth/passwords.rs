//! Which passwords are refused over HTTP, for which person, and what the refusal says.

use loa_testkit::{Answer, Backend};
use serde_json::{Value, json};

use crate::desk::Office;

fn offices(test: impl Fn(&Office)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        if let Some(office) = Office::open(backend) {
            test(&office);
        }
    }
}

/// Sets a password by a link made for this person.
fn set(office: &Office, who: &str, password: &str, lang: &str) -> Answer {
    let email = loa_testkit::world::email(who);
    let link = office.app.app.admin().system_create_password_link(&email);
    let token = link.expect("a link").token.expect("a token");
    office
        .app
        .post(&format!("/api/v1/auth/password-links/{token}"))
        .header("accept-language", lang)
        .json(&json!({"password": password}))
        .send()
}

#[test]
fn places_are_own_words_of_those_who_work_there() {
    offices(|office| {
        for weak in [
            "Haitien@123456",
            "Xã Hải Tiến 2026!",
            "hai-tien ninh-binh",
            "editor loa 2026",
        ] {
            set(office, "editor", weak, "vi").expect_problem(422, "invalid_content");
        }
        // Giao Thủy is another commune, whose name has eleven letters with what is before it.
        set(office, "stranger", "xa-giao-thuy-2026", "vi").expect_problem(422, "invalid_content");
        set(office, "editor", "bien hai au bay tien ve dao", "vi").expect_status(204);
    });
}

#[test]
fn a_refusal_says_why_in_both_languages_and_never_what() {
    offices(|office| {
        for (password, vi, en) in [
            ("Quetzal#26", "quá ngắn", "too short"),
            ("Haitien@quetzal", "8 chữ cái", "8 letters"),
            ("sunshinesunshine", "dễ đoán", "easy to guess"),
            (&"quetzal ".repeat(17), "quá dài", "too long"),
        ] {
            for (lang, said) in [("vi", vi), ("en", en)] {
                let answer = set(office, "editor", password, lang);
                let text = answer.text().to_lowercase();
                for piece in ["quetzal", "haitien", "sunshine"] {
                    assert!(!text.contains(piece), "{text}");
                }
                let problem: Value = answer.expect_problem(422, "invalid_content");
                assert!(
                    problem["detail"].as_str().unwrap().contains(said),
                    "{problem}"
                );
                assert_eq!(problem["errors"][0]["pointer"], "/password", "{problem}");
            }
        }
    });
}

#[test]
fn changing_a_password_follows_the_same_rules() {
    offices(|office| {
        let token = office.token("editor");
        let change = |new: &str| {
            let body =
                json!({"current_password": loa_testkit::world::PASSWORD, "new_password": new});
            office
                .app
                .post("/api/v1/auth/password")
                .bearer(&token)
                .json(&body)
                .send()
        };
        let refused = change("P@ssw0rd2026").expect_problem(422, "invalid_content");
        assert_eq!(refused["errors"][0]["pointer"], "/new_password");
        assert_eq!(refused["errors"][0]["code"], "weak_password");
        change("con trâu ăn cỏ bờ đê").expect_status(204);
    });
}
