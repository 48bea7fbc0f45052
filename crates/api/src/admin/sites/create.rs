//! `POST /admin/sites`.

use actix_web::{HttpResponse, post};
use loa_app::admin::NewSite;
use loa_domain::ids::UnitId;
use loa_domain::locale::Locale;
use loa_domain::site::{Contact, Localised, WorkflowPolicy};
use serde::Deserialize;

use super::SiteBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Json, Keyed, permissions};
use crate::problem::Problem;

/// A site as it is made.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = SiteCreateRequest)]
#[serde(deny_unknown_fields)]
struct NewSiteInput {
    /// Its name in URLs; never changes.
    #[schema(
        example = "hai-tien",
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length = 96
    )]
    slug: String,
    /// The unit it belongs to.
    unit: UnitId,
    /// Its title, in the default language at least, at most 200 characters each.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    title: Localised,
    /// Host names in lower case, the main one first.
    #[serde(default)]
    #[schema(example = json!(["haitien.ninhbinh.gov.vn"]))]
    hosts: Vec<String>,
    /// Its languages; Vietnamese by default.
    #[serde(default = "vietnamese_alone")]
    locales: Vec<Locale>,
    /// The language of paths without a prefix; Vietnamese by default.
    #[serde(default = "Locale::vietnamese")]
    default_locale: Locale,
    /// How content is approved; in two steps by default.
    #[serde(default = "two_step")]
    workflow_policy: WorkflowPolicy,
    /// How to reach the board.
    #[serde(default)]
    contact: Contact,
}

fn vietnamese_alone() -> Vec<Locale> {
    vec![Locale::vietnamese()]
}

fn two_step() -> WorkflowPolicy {
    WorkflowPolicy::TwoStep
}

impl From<NewSiteInput> for NewSite {
    fn from(input: NewSiteInput) -> Self {
        Self {
            slug: input.slug,
            unit: input.unit,
            title: input.title,
            hosts: input.hosts,
            locales: input.locales,
            default_locale: input.default_locale,
            workflow_policy: input.workflow_policy,
            contact: input.contact,
        }
    }
}

/// Makes a site, without sections.
#[utoipa::path(
    tag = "admin",
    operation_id = "create_site",
    security(("bearer" = [])),
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again"),
    ),
    request_body = NewSiteInput,
    responses((status = 201, body = envelope::Data<SiteBody>, headers(("ETag" = String), ("Location" = String))))
)]
#[post("/admin/sites")]
pub(super) async fn create_site(
    caller: Authorized<permissions::ManageSites>,
    key: Keyed,
    body: Json<NewSiteInput>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let (request, key) = (body.value.into(), key.with(&body.sha256));
    let made = blocking(move || admin.create_site(&actor, &request, key.as_ref())).await?;
    let tag = caller
        .secrets()
        .version_tag("site", &made.site.id.to_string(), made.site.version);
    let location = format!("/api/v1/admin/sites/{}", made.site.slug);
    envelope::created(&tag, &location, SiteBody::from(made))
}
