//! Accounts with a past: made by somebody, with a password from somebody's link, without the cost of
//! setting one.

use loa_app::admin::{NewMembership, NewUser};
use loa_domain::people::Role;
use loa_testkit::world::{self, PASSWORD};
use loa_testkit::{Answer, Sql};
use serde_json::{Value, json};

use crate::access::cells::{Stage, get, post};

/// An account and its address.
pub(super) struct Account {
    pub(super) id: String,
    pub(super) email: String,
}

/// Where a role is given: its name, and the part of a request that says so.
pub(super) fn places(stage: &Stage) -> Vec<(&'static str, Value)> {
    let units = &stage.office.world.units;
    vec![
        ("the site", json!({"site": "hai-tien"})),
        ("the commune", json!({"unit": units["14218"]})),
        ("the province", json!({"unit": units["37"]})),
        ("another site", json!({"site": "giao-thuy"})),
        ("the platform", json!({})),
    ]
}

/// Whether a role can be held at a place.
pub(super) fn fits(role: Role, place: &str) -> bool {
    (role == Role::PlatformAdmin) == (place == "the platform")
}

impl Account {
    fn of(data: &Value) -> Self {
        let text = |name: &str| data[name].as_str().expect("a text").to_owned();
        Self {
            id: text("id"),
            email: text("email"),
        }
    }

    /// Made by somebody; the link is used by nobody.
    pub(super) fn made_by(stage: &Stage, maker: &str) -> (Self, String) {
        let body =
            json!({"email": format!("tk{}@loa.example.vn", stage.next()), "name": "Tài khoản"});
        let made = stage.send(maker, &post("/admin/users").body(body));
        let made = made.expect_status(201).json();
        let token = made["password_link"]["token"].as_str().expect("a token");
        (Self::of(&made["data"]), token.to_owned())
    }

    /// Made by whoever runs the machine, perhaps with a role at the site.
    pub(super) fn of_the_machine(stage: &Stage, role: Option<Role>) -> Self {
        let request = NewUser {
            email: format!("may{}@loa.example.vn", stage.next()),
            name: "Tài khoản".to_owned(),
        };
        let admin = stage.office.app.app.admin();
        let role = role.map(at_the_site);
        let made = admin.system_create_user(&request, role.as_ref());
        let made = made.expect("an account");
        Self {
            id: made.user.id.to_string(),
            email: request.email,
        }
    }

    /// Gives it a password, as if a link of these had set it.
    pub(super) fn with_password_from(
        &self,
        sql: &mut Sql,
        given: Option<&str>,
        asked: Option<&str>,
    ) {
        let text = |id: Option<&str>| id.map_or_else(|| "NULL".to_owned(), |id| format!("'{id}'"));
        let id = &self.id;
        let known = format!(
            "SELECT password_hash FROM users WHERE email = '{}'",
            world::email("editor")
        );
        sql.execute(&format!(
            "UPDATE users SET password_hash = ({known}) WHERE id = '{id}'; \
             UPDATE password_links SET used_at = created_at WHERE user_id = '{id}'; \
             DELETE FROM password_origins WHERE user_id = '{id}'; \
             INSERT INTO password_origins (user_id, given_by, asked_by) VALUES ('{id}', {}, {});",
            text(given),
            text(asked)
        ));
    }

    /// A role at the site, given on the machine.
    pub(super) fn grant(&self, stage: &Stage, role: Role) {
        let admin = stage.office.app.app.admin();
        let given = admin.system_create_membership(&self.email, &at_the_site(role));
        given.expect("a role");
    }

    pub(super) fn path(&self) -> String {
        format!("/admin/users/{}", self.id)
    }

    pub(super) fn login(&self, stage: &Stage) -> Answer {
        let body = json!({"email": self.email, "password": PASSWORD});
        post("/auth/login").body(body).send(&stage.office.app, None)
    }

    /// An access token.
    #[track_caller]
    pub(super) fn sign_in(&self, stage: &Stage) -> String {
        let data = self.login(stage).expect_status(200).data();
        data["access_token"].as_str().expect("a token").to_owned()
    }

    /// What it is told at `/auth/me`, as kinds.
    pub(super) fn notices(&self, stage: &Stage) -> Vec<Value> {
        let token = self.sign_in(stage);
        let me = get("/auth/me").send(&stage.office.app, Some(&token));
        let notices = me.expect_status(200).data()["notices"].clone();
        notices.as_array().expect("a list").clone()
    }
}

fn at_the_site(role: Role) -> NewMembership {
    NewMembership {
        role,
        site: Some("hai-tien".to_owned()),
        unit: None,
        sections: Vec::new(),
    }
}

/// Asks for a role as somebody.
pub(super) fn ask_role(
    stage: &Stage,
    who: &str,
    to: &Account,
    role: Role,
    place: &Value,
) -> Answer {
    let mut body = place.clone();
    body["role"] = json!(role);
    stage.send(who, &post(to.path() + "/memberships").body(body))
}

/// Gives a role as the platform's administrators, both of them where it takes two.
#[track_caller]
pub(super) fn give_role(stage: &Stage, to: &Account, role: Role, place: &Value) {
    let asked = ask_role(stage, "second-platform", to, role, place);
    if asked.status == 202 {
        stage.confirm(&asked);
    } else {
        asked.expect_status(201);
    }
}
