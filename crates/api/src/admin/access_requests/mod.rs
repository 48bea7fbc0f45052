//! `/admin/access-requests`: roles and password links that wait for a second administrator.

mod confirm;
mod get;
mod list;
mod refuse;

use loa_app::admin::{AccessRequestView, PersonInRequest};
use loa_domain::access::{AccessKind, AccessState};
use loa_domain::ids::{AccessRequestId, SectionId, UserId};
use loa_domain::people::Role;
use loa_domain::time::Moment;
use loa_domain::unit::UnitName;
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;

/// Routes under the base.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list_access_requests)
        .service(get::get_access_request)
        .service(confirm::confirm_access_request)
        .service(refuse::refuse_access_request);
}

/// A role or a link that waits for a second administrator, or was decided.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AccessRequest)]
pub(super) struct AccessRequestBody {
    /// Identity.
    id: AccessRequestId,
    /// What is asked for.
    kind: AccessKind,
    /// How far it has come.
    state: AccessState,
    /// Whose account it is about.
    user: PersonBody,
    /// The role; null for a link.
    #[schema(required)]
    role: Option<Role>,
    /// Slug of the site where the role is to hold.
    #[schema(required, example = "hai-tien")]
    site: Option<String>,
    /// The unit where the role is to hold, with all units below it. With neither site nor unit it is to
    /// hold on the platform.
    #[schema(required)]
    unit: Option<UnitName>,
    /// Only in these sections and what is below them; empty for all.
    sections: Vec<SectionId>,
    /// Who asked.
    asked_by: AdministratorBody,
    /// When.
    asked_at: Moment,
    /// Until when it can be confirmed.
    expires_at: Moment,
    /// Who confirmed, refused or took it back; null while it waits, and for the operator of the machine.
    #[schema(required)]
    decided_by: Option<AdministratorBody>,
    /// When.
    #[schema(required)]
    decided_at: Option<Moment>,
}

/// Whose account a request is about.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AccessRequestPerson)]
struct PersonBody {
    /// Identity.
    id: UserId,
    /// Full name.
    #[schema(example = "Trần Thị Lành")]
    name: String,
    /// Email address.
    #[schema(example = "lanh@haitien.example")]
    email: String,
    /// Name of whoever made the account; null for the operator of the machine.
    #[schema(required)]
    created_by: Option<String>,
    /// Name of whoever gave the link that the password was set with; null for the operator of the
    /// machine, and where no link was used.
    #[schema(required)]
    password_link_by: Option<String>,
}

impl From<PersonInRequest> for PersonBody {
    fn from(person: PersonInRequest) -> Self {
        Self {
            id: person.id,
            name: person.name,
            email: person.email,
            created_by: person.created_by,
            password_link_by: person.password_link_by,
        }
    }
}

/// Who asked or decided.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AccessRequestAdministrator)]
struct AdministratorBody {
    /// Identity.
    id: UserId,
    /// Full name today.
    name: String,
}

impl AccessRequestBody {
    /// Where it is read.
    pub(super) fn location(&self) -> String {
        format!("/api/v1/admin/access-requests/{}", self.id)
    }
}

impl From<AccessRequestView> for AccessRequestBody {
    fn from(view: AccessRequestView) -> Self {
        let decided_by = view.decided_by.map(|id| AdministratorBody {
            id,
            name: view.decided_by_name.unwrap_or_default(),
        });
        Self {
            id: view.id,
            kind: view.kind,
            state: view.state,
            user: view.user.into(),
            role: view.role,
            site: view.site,
            unit: view.unit,
            sections: view.sections,
            asked_by: AdministratorBody {
                id: view.asked_by,
                name: view.asked_by_name,
            },
            asked_at: view.asked_at,
            expires_at: view.expires_at,
            decided_by,
            decided_at: view.decided_at,
        }
    }
}
