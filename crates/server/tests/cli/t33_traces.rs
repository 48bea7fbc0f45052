//! T33, traces: each refusal, each act and each command leaves account, network, operation and time in the
//! security log of a real server, and nothing secret is in it (`t20_logs.rs` looks). The history in the
//! database is looked through in `tests/tests/api/attacks`.

use std::collections::BTreeMap;

use loa_testkit::world::{self, PASSWORD};
use loa_testkit::{Answer, Backend};
use serde_json::{Value, json};

use crate::loa::Ran;
use crate::node::{Installation, Node, command, serve};

pub(crate) const LOG: &str = "security.log";

/// A server with a security log in its folder, and perhaps more settings.
pub(crate) fn start(installation: &Installation, settings: &[(&str, &str)]) -> Node {
    let mut command = serve(&installation.place, &installation.url());
    command.env("LOA_SECURITY_LOG", LOG);
    command.envs(settings.iter().copied());
    Node::run(&installation.place, command)
}

/// Every line of the log; each has what every line has.
#[track_caller]
pub(crate) fn lines(installation: &Installation) -> Vec<Value> {
    let text = std::fs::read_to_string(installation.place.path(LOG)).unwrap();
    let lines = text.lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        for name in [
            "@timestamp",
            "event.category",
            "event.action",
            "event.outcome",
            "loa.count",
        ] {
            assert!(line.get(name).is_some(), "{name}: {line}");
        }
        line
    });
    lines.collect()
}

/// Lines with these values.
pub(crate) fn with<'a>(lines: &'a [Value], values: &[(&str, &str)]) -> Vec<&'a Value> {
    let has = |line: &Value| {
        values
            .iter()
            .all(|(name, value)| line.get(*name).and_then(Value::as_str) == Some(value))
    };
    lines.iter().filter(|line| has(line)).collect()
}

pub(crate) fn count(lines: &[&Value]) -> u64 {
    lines
        .iter()
        .filter_map(|line| line.get("loa.count")?.as_u64())
        .sum()
}

fn login(node: &Node, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    node.post("/api/v1/auth/login").json(&body).send()
}

fn text(data: &Value, name: &str) -> String {
    data.get(name).and_then(Value::as_str).unwrap().to_owned()
}

/// Makes somebody who holds no role; gives id and token.
fn nobody(node: &Node) -> (String, String) {
    let platform = node.token("platform");
    let person = json!({"email": "khong-vai@loa.example.vn", "name": "Người không vai trò"});
    let made = node
        .post("/api/v1/admin/users")
        .bearer(&platform)
        .json(&person)
        .send();
    let made = made.expect_status(201).json();
    let of = |name: &str| made.get(name).unwrap().clone();
    let (id, token) = (text(&of("data"), "id"), text(&of("password_link"), "token"));
    let set = node.post(&format!("/api/v1/auth/password-links/{token}"));
    let own = "tám con vịt bơi qua sông Hồng";
    set.json(&json!({"password": own}))
        .send()
        .expect_status(204);
    let tokens = login(node, "khong-vai@loa.example.vn", own)
        .expect_status(200)
        .data();
    (id, text(&tokens, "access_token"))
}

/// Operations that ask for a token: id, method, path, whether they take a body.
fn secured() -> Vec<(String, String, String, bool)> {
    let document: Value = serde_json::from_str(&loa_api::document().to_json().unwrap()).unwrap();
    let mut all = Vec::new();
    for (path, item) in document.get("paths").and_then(Value::as_object).unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(id) = operation.get("operationId").and_then(Value::as_str) else {
                continue;
            };
            let security = operation.get("security").and_then(Value::as_array).unwrap();
            if security
                .iter()
                .any(|one| one.as_object().is_some_and(|one| !one.is_empty()))
            {
                let method = method.to_ascii_uppercase();
                let body = operation.get("requestBody").is_some();
                all.push((id.to_owned(), method, path.clone(), body));
            }
        }
    }
    all
}

fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{site}" => "hai-tien",
        "{number}" | "{from}" | "{to}" => "7",
        "{action}" => "submit",
        _ if part.starts_with('{') => "01900000-0000-7000-8000-00000000dead",
        _ => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The contract says which operations there are: whatever refuses leaves a line.
#[test]
fn each_refusal_leaves_account_operation_and_network() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let Some(installation) = Installation::new(backend) else {
            continue;
        };
        let node = start(&installation, &[]);
        let (id, token) = nobody(&node);
        let mut expected: BTreeMap<String, (u16, String, bool)> = BTreeMap::new();
        for (operation, method, path, has_body) in secured() {
            if operation == "logout" {
                continue;
            }
            for (kind, bearer) in [
                ("own", Some(token.as_str())),
                ("bad", Some("x")),
                ("none", None),
            ] {
                let trace = format!("{kind}-{operation}");
                let mut request = node.client().request(&method, &filled(&path));
                request = request.header("x-request-id", &trace);
                if let Some(bearer) = bearer {
                    request = request.bearer(bearer);
                }
                if has_body {
                    request = request.json(&json!({}));
                }
                let answer = request.send();
                if matches!(answer.status, 401 | 403 | 429) {
                    let refused = (answer.status, format!("{method} {path}"), kind == "own");
                    expected.insert(trace, refused);
                } else {
                    assert_eq!(kind, "own", "{answer}");
                }
            }
        }
        assert_eq!(node.terminate().code, 0);
        let lines = lines(&installation);
        let forbidden = expected.values().filter(|(status, ..)| *status == 403);
        assert!(forbidden.count() > 30, "most operations need a right");
        for (trace, (status, operation, has_account)) in &expected {
            let values = [
                ("event.action", "request_refused"),
                ("event.outcome", "failure"),
                ("trace.id", trace.as_str()),
                ("loa.operation", operation.as_str()),
                ("source.ip", "127.0.0.1"),
            ];
            let own = with(&lines, &values);
            assert_eq!(own.len(), 1, "{trace} {operation}: {own:?}");
            let line = own.first().unwrap();
            let told = line
                .get("http.response.status_code")
                .and_then(Value::as_u64);
            assert_eq!(told, Some(u64::from(*status)), "{line}");
            let account = line.get("user.id").and_then(Value::as_str);
            assert_eq!(account, has_account.then_some(id.as_str()), "{line}");
        }
    }
}

/// Signs in and out, well and badly, and does what administrators do.
fn come_and_act(node: &Node, people: &BTreeMap<String, String>) {
    let typed = "mat-khau-trong-o-email-123";
    login(node, typed, "x").expect_status(401);
    login(node, &world::email("editor"), "sai").expect_status(401);
    let chief = login(node, &world::email("chief"), PASSWORD)
        .expect_status(200)
        .data();
    let refresh = json!({"refresh_token": text(&chief, "refresh_token")});
    let again = || node.post("/api/v1/auth/refresh").json(&refresh).send();
    let next = again().expect_status(200).data();
    let use_next = json!({"refresh_token": text(&next, "refresh_token")});
    let used = node.post("/api/v1/auth/refresh").json(&use_next).send();
    let access = text(&used.expect_status(200).data(), "access_token");
    let wrong = json!({"current_password": "sai", "new_password": "sáu con ngựa ô chạy trên đê"});
    let change = node
        .post("/api/v1/auth/password")
        .bearer(&access)
        .json(&wrong);
    change.send().expect_status(422);
    // Two generations back: stolen, whoever has it.
    again().expect_status(401);
    let out = node.token("publisher");
    node.post("/api/v1/auth/logout")
        .bearer(&out)
        .send()
        .expect_status(204);
    let admin = node.token("platform");
    let contributor = people.get("contributor").unwrap();
    let path = format!("/api/v1/admin/users/{contributor}");
    let asked = node
        .post(&format!("{path}/password-link"))
        .bearer(&admin)
        .send();
    let asked = text(&asked.expect_status(202).data(), "id");
    let confirmed = node
        .post(&format!("/api/v1/admin/access-requests/{asked}/confirm"))
        .bearer(&node.token("second-platform"))
        .send();
    let confirmed = confirmed.expect_status(200).data();
    let link = text(confirmed.get("password_link").unwrap(), "token");
    let set = node.post(&format!("/api/v1/auth/password-links/{link}"));
    let new = json!({"password": "năm con trâu đen đi qua cầu gỗ"});
    set.json(&new).send().expect_status(204);
    let used = node.post(&format!("/api/v1/auth/password-links/{link}"));
    used.json(&new).send().expect_status(404);
    let role = json!({"role": "auditor", "site": "giao-thuy"});
    let given = node
        .post(&format!("{path}/memberships"))
        .bearer(&admin)
        .json(&role)
        .send();
    let given = text(&given.expect_status(201).data(), "id");
    let held = format!("{path}/memberships/{given}");
    let ended = node.client().request("DELETE", &held).bearer(&admin).send();
    ended.expect_status(204);
    for _ in 0..12 {
        login(node, &world::email("second-chief"), "sai");
    }
}

#[test]
fn signing_in_and_acting_leave_who_whom_and_from_where() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let Some(installation) = Installation::new(backend) else {
            continue;
        };
        let sql = installation.database.sql().dump("users");
        let people: BTreeMap<String, String> = world::PEOPLE
            .iter()
            .map(|(name, ..)| {
                let email = world::email(name);
                let row = sql.iter().find(|row| row.contains(&email)).unwrap();
                let at = row.find("01900000-").unwrap();
                ((*name).to_owned(), row.get(at..at + 36).unwrap().to_owned())
            })
            .collect();
        let person = |name: &str| people.get(name).unwrap().as_str();
        let node = start(&installation, &[]);
        come_and_act(&node, &people);
        assert_eq!(node.terminate().code, 0);
        let lines = lines(&installation);
        let from = ("source.ip", "127.0.0.1");
        for (action, more) in [
            ("sign_in", ("user.id", person("editor"))),
            ("sign_in", ("event.reason", "refused")),
            ("session.open", ("user.id", person("chief"))),
            ("session.reuse", ("user.target.id", person("chief"))),
            ("session.end", ("user.id", person("publisher"))),
            ("access.ask", ("user.id", person("platform"))),
            ("access.confirm", ("user.id", person("second-platform"))),
            ("password.link", ("user.target.id", person("contributor"))),
            (
                "password.link_use",
                ("user.target.id", person("contributor")),
            ),
            (
                "request_refused",
                ("url.path", "/api/v1/auth/password-links/***"),
            ),
            (
                "membership.create",
                ("user.target.id", person("contributor")),
            ),
            ("membership.end", ("user.id", person("platform"))),
        ] {
            let found = with(&lines, &[("event.action", action), more, from]);
            assert!(!found.is_empty(), "{action} {more:?}: {lines:#?}");
        }
        // Some tries were counted and the rest refused, of one account.
        let times = ["failed", "refused"].map(|reason| {
            let who = ("user.id", person("second-chief"));
            let values = [("event.action", "sign_in"), ("event.reason", reason), who];
            count(&with(&lines, &values))
        });
        assert_eq!(times.iter().sum::<u64>(), 12, "{lines:#?}");
        assert!(times.iter().all(|times| *times > 0), "{times:?}");
        let asked = ("user.id", person("chief"));
        assert!(!with(&lines, &[("event.reason", "failed"), asked]).is_empty());
        let hashed = lines.iter().filter(|line| line.get("user.hash").is_some());
        assert_eq!(hashed.count(), 1, "of the account that does not exist");
        let all = json!(lines).to_string();
        for secret in ["mat-khau-trong-o-email", PASSWORD, "loa.example.vn"] {
            assert!(!all.contains(secret), "{secret}");
        }
        for action in ["service.start", "service.stop"] {
            assert_eq!(
                with(&lines, &[("event.action", action)]).len(),
                1,
                "{action}"
            );
        }
    }
}

#[test]
fn commands_leave_who_ran_them_and_what_they_changed() {
    let Some(installation) = Installation::new(Backend::Sqlite) else {
        return;
    };
    let run = |arguments: &[&str]| {
        let mut command = command(&installation.place, arguments, &installation.url());
        command.env("LOA_SECURITY_LOG", LOG);
        command.env("SUDO_USER", "lanh");
        command.env("SSH_CONNECTION", "192.0.2.7 50000 192.0.2.1 22");
        Ran::of(&command.output().unwrap())
    };
    let email = world::email("editor");
    for (arguments, code) in [
        (&["user", "suspend", &email][..], 0),
        (&["user", "password-link", "khong-co@loa.example.vn"], 1),
        (&["audit", "verify"], 0),
        (&["backup", "create", "copy"], 0),
        (&["keys", "new"], 0),
    ] {
        let ran = run(arguments);
        assert_eq!(ran.code, code, "{arguments:?} {ran:?}");
        assert!(
            !ran.out.contains("event.action"),
            "its output is its result: {ran:?}"
        );
    }
    let lines = lines(&installation);
    let uid = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").unwrap());
    let operator = [
        ("process.real_user.name", "lanh"),
        ("source.ip", "192.0.2.7"),
    ];
    for (title, outcome) in [
        ("loa user suspend", "success"),
        ("loa user password-link", "failure"),
        ("loa audit verify", "success"),
        ("loa backup create", "success"),
        ("loa keys new", "success"),
    ] {
        let values = [
            ("event.action", "command"),
            ("process.title", title),
            ("event.outcome", outcome),
        ];
        let found = with(&lines, &[&values[..], &operator].concat());
        assert_eq!(found.len(), 1, "{title}: {lines:#?}");
        let told = found.first().unwrap().get("process.user.id");
        assert_eq!(told.and_then(Value::as_u64), Some(u64::from(uid)));
    }
    let act = [
        ("event.action", "user.update"),
        ("process.title", "loa user suspend"),
    ];
    assert_eq!(
        with(&lines, &[&act[..], &operator].concat()).len(),
        1,
        "{lines:#?}"
    );
    assert!(!json!(lines).to_string().contains("loa.example.vn"));
}
