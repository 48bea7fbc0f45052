//! `/admin/sites/{site}/settings`: languages, workflow policy, contact and hosts.

mod get;
mod replace;

use loa_app::admin::SettingsRequest;
use loa_domain::locale::Locale;
use loa_domain::site::{Contact, DeskReading, SiteSettings, WorkflowPolicy};
use serde::{Deserialize, Serialize};
use utoipa_actix_web::service_config::ServiceConfig;

/// Routes under the base.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(get::get_settings)
        .service(replace::replace_settings);
}

/// Settings of a site.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = SiteSettings)]
#[serde(deny_unknown_fields)]
struct SettingsBody {
    /// The language of paths without a prefix.
    default_locale: Locale,
    /// Every language content may have, at most 10.
    locales: Vec<Locale>,
    /// How content is approved.
    workflow_policy: WorkflowPolicy,
    /// What people whose role is limited to some sections read at the desk: all of it, or what is in
    /// their sections. When it is missing in a request, it stays as it is.
    #[serde(default)]
    #[schema(value_type = DeskReading, required = false)]
    desk_reading: Option<DeskReading>,
    /// How to reach the board.
    contact: Contact,
    /// Host names in lower case, the main one first, at most 20: of those that the platform allows this
    /// site. The platform's administrators allow what they set.
    #[schema(example = json!(["haitien.ninhbinh.gov.vn"]))]
    hosts: Vec<String>,
}

impl From<SiteSettings> for SettingsBody {
    fn from(settings: SiteSettings) -> Self {
        Self {
            default_locale: settings.default_locale,
            locales: settings.locales,
            workflow_policy: settings.workflow_policy,
            desk_reading: Some(settings.desk_reading),
            contact: settings.contact,
            hosts: settings.hosts,
        }
    }
}

impl From<SettingsBody> for SettingsRequest {
    fn from(body: SettingsBody) -> Self {
        Self {
            default_locale: body.default_locale,
            locales: body.locales,
            workflow_policy: body.workflow_policy,
            desk_reading: body.desk_reading,
            contact: body.contact,
            hosts: body.hosts,
        }
    }
}
