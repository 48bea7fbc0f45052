//! `/admin/allowed-hosts` and `/admin/sites/{site}/allowed-hosts`: names that sites may use as hosts.

mod get;
mod list;
mod replace;

use loa_app::admin::{AllowedHostView, AllowedHosts};
use loa_app::editorial::PersonRef;
use loa_domain::time::Moment;
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;

/// Routes under the base.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list_allowed_hosts)
        .service(get::get_allowed_hosts)
        .service(replace::replace_allowed_hosts);
}

/// A name that a site may use.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AllowedHost)]
struct AllowedHostBody {
    /// A host name, or `*.` and one, where the star stands for one label.
    #[schema(example = "*.haitien.ninhbinh.gov.vn")]
    name: String,
    /// Slug of the site.
    #[schema(example = "hai-tien")]
    site: String,
    /// Who allowed it; null for what the site had before the platform was asked.
    #[schema(required)]
    allowed_by: Option<PersonRef>,
    /// When.
    #[schema(required)]
    allowed_at: Option<Moment>,
}

impl From<AllowedHostView> for AllowedHostBody {
    fn from(view: AllowedHostView) -> Self {
        Self {
            name: view.host.name,
            site: view.site,
            allowed_by: view.host.by.map(|id| PersonRef {
                id,
                name: view.by_name.unwrap_or_default(),
            }),
            allowed_at: view.host.at,
        }
    }
}

/// The names that a site may use.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AllowedHosts)]
struct AllowedHostsBody {
    /// By name.
    allowed_hosts: Vec<AllowedHostBody>,
}

impl From<AllowedHosts> for AllowedHostsBody {
    fn from(found: AllowedHosts) -> Self {
        Self {
            allowed_hosts: found.names.into_iter().map(Into::into).collect(),
        }
    }
}
