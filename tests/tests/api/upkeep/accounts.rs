//! Accounts as the operator of the machine makes them: with the rules, without rights.

use loa_app::Error;
use loa_app::admin::{NewMembership, NewUser};
use loa_domain::field::FieldCode;
use loa_domain::people::Role;

use super::on_each;
use crate::desk::Office;

fn person(email: &str) -> NewUser {
    NewUser {
        email: email.to_owned(),
        name: "Người vận hành".to_owned(),
    }
}

fn role(role: Role, site: Option<&str>) -> NewMembership {
    NewMembership {
        role,
        site: site.map(str::to_owned),
        unit: None,
        sections: Vec::new(),
    }
}

fn refused(office: &Office, email: &str, role: &NewMembership) -> (String, FieldCode) {
    let made = office
        .app
        .app
        .admin()
        .system_create_user(&person(email), Some(role));
    let Err(Error::Invalid(errors)) = made else {
        panic!("{made:?}");
    };
    (errors[0].pointer.clone(), errors[0].code)
}

#[test]
fn the_rules_are_those_of_everybody() {
    on_each(|office| {
        let admin = office.app.app.admin();
        let platform = role(Role::PlatformAdmin, None);
        let made = admin
            .system_create_user(&person("goc@loa.example.vn"), Some(&platform))
            .unwrap();
        assert_eq!(made.user.created_by, None);
        let at = |pointer: &str, code| (pointer.to_owned(), code);
        assert_eq!(
            refused(office, "GOC@loa.example.vn", &platform),
            at("/email", FieldCode::Taken)
        );
        let other = "khac@loa.example.vn";
        assert_eq!(
            refused(office, other, &role(Role::Editor, None)),
            at("/role", FieldCode::NotAllowed)
        );
        assert_eq!(
            refused(office, other, &role(Role::Editor, Some("x"))),
            at("/site", FieldCode::NotFound)
        );
        // Nothing of it was made.
        let editor = role(Role::Editor, Some("hai-tien"));
        admin
            .system_create_user(&person(other), Some(&editor))
            .unwrap();

        let trail = office.get("platform", "/api/v1/admin/audit").data();
        let mut actions: Vec<String> = Vec::new();
        for record in trail.as_array().unwrap() {
            if record["subject_id"] == made.user.id.to_string() {
                assert!(record["actor"].is_null(), "{record}");
                actions.push(record["action"].as_str().unwrap().to_owned());
            }
        }
        actions.sort();
        assert_eq!(
            actions,
            ["membership.create", "password.link", "user.create"]
        );
        let unit = admin.system_unit_today("14218").unwrap();
        assert_eq!(unit.id, office.world.units["14218"]);
        assert!(matches!(
            admin.system_unit_today("99999"),
            Err(Error::NotFound)
        ));
    });
}
