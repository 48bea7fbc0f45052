//! `/admin/sites`: sites themselves.

mod create;
mod get;
mod list;
mod replace;

use loa_app::admin::SiteView;
use loa_domain::ids::SiteId;
use loa_domain::site::{Localised, SiteStatus};
use loa_domain::unit::UnitName;
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;

/// Routes under the base.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list_admin_sites)
        .service(create::create_site)
        .service(get::get_admin_site)
        .service(replace::replace_site);
}

/// A site as its administrators see it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AdminSite)]
struct SiteBody {
    /// Identity.
    id: SiteId,
    /// Its name in URLs; never changes.
    #[schema(example = "hai-tien")]
    slug: String,
    /// The unit it belongs to.
    unit: UnitName,
    /// Its title in each of its languages.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    title: Localised,
    /// What may still be done.
    status: SiteStatus,
    /// Slug of the site that took over.
    #[schema(required)]
    successor: Option<String>,
}

impl From<SiteView> for SiteBody {
    fn from(view: SiteView) -> Self {
        Self {
            id: view.site.id,
            slug: view.site.slug,
            unit: view.unit,
            title: view.site.title,
            status: view.site.status,
            successor: view.successor,
        }
    }
}
