//! `/admin/sites/{site}/sections`: the columns of a site.

mod create;
mod get;
mod list;
mod replace;

use chrono::NaiveDate;
use loa_app::admin::SectionRequest;
use loa_domain::ids::SectionId;
use loa_domain::section::Section;
use loa_domain::site::Localised;
use serde::{Deserialize, Serialize};
use utoipa_actix_web::service_config::ServiceConfig;

/// Routes under the base.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list_admin_sections)
        .service(create::create_section)
        .service(get::get_admin_section)
        .service(replace::replace_section);
}

/// A section as its administrators see it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AdminSection)]
struct SectionBody {
    /// Identity.
    id: SectionId,
    /// The section above.
    #[schema(required)]
    parent: Option<SectionId>,
    /// First part of the paths of its entries.
    #[schema(example = "tin-tuc")]
    slug: String,
    /// Whether a published path holds the slug, so that it cannot change any more.
    slug_fixed: bool,
    /// Its title in each language of the site.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    title: Localised,
    /// Order among its siblings.
    position: i32,
    /// First day on which it takes new content.
    #[schema(required)]
    opens_on: Option<NaiveDate>,
    /// First day on which it no longer does.
    #[schema(required)]
    closes_on: Option<NaiveDate>,
    /// The rule of law it satisfies, by its code.
    #[schema(required)]
    rule: Option<String>,
}

impl From<Section> for SectionBody {
    fn from(section: Section) -> Self {
        Self {
            id: section.id,
            parent: section.parent,
            slug: section.slug,
            slug_fixed: section.slug_fixed,
            title: section.title,
            position: section.position,
            opens_on: section.opens_on,
            closes_on: section.closes_on,
            rule: section.rule,
        }
    }
}

/// A section as it is made or replaced.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = SectionRequest)]
#[serde(deny_unknown_fields)]
struct SectionInput {
    /// The section above, of the same site.
    #[serde(default)]
    parent: Option<SectionId>,
    /// First part of the paths of its entries; fixed once one was published.
    #[schema(
        example = "tin-tuc",
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length = 96
    )]
    slug: String,
    /// Its title, in the default language at least, at most 200 characters each.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    title: Localised,
    /// Order among its siblings; by default a new section is the last and another stays in place.
    #[serde(default)]
    position: Option<i32>,
    /// First day on which it takes new content.
    #[serde(default, deserialize_with = "loa_domain::day::optional")]
    opens_on: Option<NaiveDate>,
    /// First day on which it no longer does.
    #[serde(default, deserialize_with = "loa_domain::day::optional")]
    closes_on: Option<NaiveDate>,
    /// The rule of law it satisfies, by its code.
    #[serde(default)]
    rule: Option<String>,
}

impl From<SectionInput> for SectionRequest {
    fn from(input: SectionInput) -> Self {
        Self {
            parent: input.parent,
            slug: input.slug,
            title: input.title,
            position: input.position,
            opens_on: input.opens_on,
            closes_on: input.closes_on,
            rule: input.rule,
        }
    }
}
