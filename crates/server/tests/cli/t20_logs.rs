//! T20, secrets in what operators keep: the log of a real server at its most talkative, and what the
//! command line says when something is wrong. Tables and answers are looked through in
//! `tests/tests/api/attacks`.

use std::fs::File;
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command};

use loa_store::DatabaseUrl;
use loa_testkit::world::{self, PASSWORD};
use loa_testkit::{Answer, Backend, Client, Request, SECRET, TestApp, raw};
use serde_json::{Value, json};

use crate::loa::{Place, Ran};
use crate::serve::free_address;

/// `loa serve` on a database with people in it, telling all it can.
struct Node {
    child: Child,
    place: Place,
    client: Client,
    address: SocketAddr,
}

impl Node {
    fn start(app: &TestApp) -> Self {
        let place = Place::new();
        let keys = place.run(&["keys", "new", "--jwt-keys", "keys"]);
        assert_eq!(keys.code, 0, "{keys:?}");
        let address = free_address();
        let log = File::create(place.path("log")).unwrap();
        let child = with_settings(&place, app, &["serve", "--metrics-listen", "off"])
            .env("LOA_LISTEN", address.to_string())
            .env("LOA_SECURITY_LOG", "security.log")
            .stderr(log)
            .spawn();
        let mut node = Self {
            child: child.unwrap(),
            place,
            client: Client::new(address),
            address,
        };
        while TcpStream::connect(node.address).is_err() {
            let ended = node.child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended: {}", node.log());
            std::thread::yield_now();
        }
        node
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.place.path("log")).unwrap()
    }

    fn post(&self, path: &str) -> Request<'_> {
        self.client.request("POST", &format!("/api/v1{path}"))
    }

    fn get(&self, path: &str) -> Request<'_> {
        self.client.request("GET", &format!("/api/v1{path}"))
    }

    /// Everything it has said, once it has ended, and its security log.
    fn end(mut self) -> (String, String) {
        let id = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status();
        assert!(told.unwrap().success());
        assert!(self.child.wait().unwrap().success());
        let traces = std::fs::read_to_string(self.place.path("security.log"));
        (self.log(), traces.unwrap())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It has ended already, unless the test has failed.
        self.child.kill().ok();
    }
}

fn with_settings(place: &Place, app: &TestApp, arguments: &[&str]) -> Command {
    let url = match app.database().url() {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url,
    };
    let mut command = place.loa(arguments);
    command
        .env("LOA_DATABASE_URL", url)
        .env("LOA_SECRET", SECRET)
        .env("LOA_JWT_KEYS", "keys")
        .env("LOA_LOG_LEVEL", "trace");
    command
}

fn text(data: &Value, name: &str) -> String {
    data.get(name).and_then(Value::as_str).unwrap().to_owned()
}

/// Signs in and out, well and badly; gives everything secret that went over the wire.
fn come_and_go(node: &Node) -> Vec<String> {
    let login = |email: &str, password: &str| -> Answer {
        let body = json!({"email": email, "password": password});
        node.post("/auth/login").json(&body).send()
    };
    let wrong = "mat khau khong dung hunter2";
    login(&world::email("editor"), wrong).expect_status(401);
    login("khong-co@loa.example.vn", wrong).expect_status(401);
    let first = login(&world::email("admin"), PASSWORD)
        .expect_status(200)
        .data();
    let refresh = json!({"refresh_token": text(&first, "refresh_token")});
    let next = node.post("/auth/refresh").json(&refresh).send();
    let next = next.expect_status(200).data();
    let access = text(&next, "access_token");
    let new = "mot mat khau moi rat dai";
    let change = json!({"current_password": PASSWORD, "new_password": new});
    let change = node.post("/auth/password").bearer(&access).json(&change);
    change.send().expect_status(204);
    // A body that cannot be read, a token in the query, a token of nobody, one used again.
    let broken = format!("{{\"email\": \"x\", \"password\": \"{wrong}\"");
    let broken = node.post("/auth/login").body("application/json", broken);
    broken.send().expect_status(400);
    node.get("/auth/me")
        .query("access_token", &access)
        .send()
        .expect_status(401);
    let stale = "stale-token-of-nobody-in-the-world";
    node.get("/auth/me").bearer(stale).send().expect_status(401);
    // The same again as for another tab; then its successor is used, and it is taken for stolen.
    let again = || node.post("/auth/refresh").json(&refresh).send();
    again().expect_status(200);
    let third = json!({"refresh_token": text(&next, "refresh_token")});
    let third = node.post("/auth/refresh").json(&third).send();
    let third = third.expect_status(200).data();
    again().expect_status(401);
    let mut secrets = vec![wrong.to_owned(), new.to_owned(), stale.to_owned()];
    secrets.push(text(&first, "device_token"));
    for tokens in [&first, &next, &third] {
        secrets.push(text(tokens, "access_token"));
        secrets.push(text(tokens, "refresh_token"));
    }
    secrets
}

/// Makes links and uses them, by their addresses and by odd forms of these; gives their tokens.
fn follow_links(node: &Node, person: &str) -> Vec<String> {
    let token = |who: &str| {
        let body = json!({"email": world::email(who), "password": PASSWORD});
        let data = node.post("/auth/login").json(&body).send().data();
        text(&data, "access_token")
    };
    let link = node.post(&format!("/admin/users/{person}/password-link"));
    let asked = link
        .bearer(&token("second-admin"))
        .send()
        .expect_status(202);
    let asked = text(&asked.data(), "id");
    let confirm = node.post(&format!("/admin/access-requests/{asked}/confirm"));
    let confirmed = confirm.bearer(&token("platform")).send();
    let confirmed = confirmed.expect_status(200).data();
    let link = text(confirmed.get("password_link").unwrap(), "token");
    let entries = "/editorial/sites/hai-tien/entries";
    let article = json!({"type": "article", "section": "tin-tuc", "title": "Bài"});
    let bearer = token("editor");
    let made = node.post(entries).bearer(&bearer).json(&article).send();
    let id = text(&made.expect_status(201).data(), "id");
    let preview = node.post(&format!("{entries}/{id}/preview-links"));
    let preview = preview.bearer(&bearer).json(&json!({})).send();
    let preview = text(&preview.expect_status(201).data(), "token");
    let shown = node.get(&format!("/previews/{preview}")).send();
    shown.expect_status(200);
    // The router understands escapes: some of these are answered.
    for path in [
        "auth/password%2Dlinks",
        "auth/Password-Links",
        "auth/password-links%2F",
        "%70reviews",
        "Previews",
    ] {
        for (method, token) in [("POST", &link), ("GET", &preview)] {
            let request = format!(
                "{method} /api/v1/{path}/{token} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            );
            let answer = raw::exchange(node.address, request.as_bytes());
            assert_eq!(answer.statuses().len(), 1, "{path}: {}", answer.text());
        }
    }
    let body = json!({"password": "mot mat khau khac rat dai"});
    let used = node.post(&format!("/auth/password-links/{link}"));
    used.json(&body).send().expect_status(204);
    vec![link, preview, bearer]
}

#[test]
fn a_log_of_everything_holds_no_secret() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let Some(app) = TestApp::start(backend) else {
            continue;
        };
        let world = world::build(&app);
        let node = Node::start(&app);
        let mut secrets = come_and_go(&node);
        let person = world.people.get("chief").unwrap().to_string();
        secrets.extend(follow_links(&node, &person));
        secrets.extend([PASSWORD.to_owned(), SECRET.to_owned()]);
        let made = with_settings(
            &node.place,
            &app,
            &["user", "password-link", &world::email("publisher")],
        );
        let made = Ran::of(&{ made }.output().unwrap());
        assert_eq!(made.code, 0, "{made:?}");
        let told = made.out.trim().rsplit('/').next().unwrap().to_owned();
        assert!(
            !made.err.contains(&told),
            "the token is said once: {made:?}"
        );
        let keys = std::fs::read_dir(node.place.path("keys")).unwrap();
        let key = keys.last().unwrap().unwrap().path();
        let key = std::fs::read_to_string(key).unwrap();
        secrets.push(key.lines().nth(1).unwrap().to_owned());
        let (log, traces) = node.end();
        assert!(log.contains("TRACE") && log.contains("answered"), "{log}");
        for text in [&log, &traces] {
            assert!(text.contains("/password-links/***"), "{text}");
        }
        for action in ["session.refresh_again", "session.reuse"] {
            let told = traces.lines().find(|line| line.contains(action));
            let told = told.unwrap_or_else(|| panic!("{action} is not in {traces}"));
            assert!(told.contains("127.0.0.1"), "{told}");
        }
        for secret in secrets
            .iter()
            .map(String::as_str)
            .chain(["$argon2", "Bearer "])
        {
            let mut told = log.lines().chain(traces.lines());
            let found = told.find(|line| line.contains(secret));
            assert!(found.is_none(), "{secret}: {found:?}");
        }
    }
}

#[test]
fn a_database_that_is_away_is_told_without_its_password() {
    let place = Place::new();
    for url in [
        "postgres://loa:hunter2@127.0.0.1:1/loa",
        "postgres://127.0.0.1:1/loa?user=loa&password=hunter2",
        "postgres://loa:hunter2@127.0.0.1:x/loa",
        "postgers://loa:hunter2@127.0.0.1/loa",
    ] {
        for arguments in [
            &["migrate", "status"][..],
            &["audit", "verify"],
            &["config"],
        ] {
            let output = place
                .loa(arguments)
                .env("LOA_DATABASE_URL", url)
                .env("LOA_SECRET", SECRET)
                .env("LOA_LOG_LEVEL", "trace")
                .output();
            let ran = Ran::of(&output.unwrap());
            let said = format!("{}{}", ran.out, ran.err);
            assert!(!said.contains("hunter2"), "{arguments:?} {url}: {said}");
        }
    }
}
