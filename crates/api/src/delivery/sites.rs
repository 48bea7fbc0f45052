//! Sites.

use actix_web::{HttpResponse, get};
use loa_app::delivery::{PublicSite, SiteFilter};
use loa_domain::locale::Locale;
use loa_domain::published::Links;
use loa_domain::site::{Contact, Site, SiteStatus, localised};
use loa_domain::unit::UnitName;
use serde::{Deserialize, Serialize};

use super::lists::{ListOf, joined};
use super::params::{self, SiteSort};
use super::reads;
use super::visit::Visit;
use crate::envelope::{Data, List};
use crate::extract::{Ids, Query};
use crate::paging::PageParams;
use crate::problem::Problem;

/// A site.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = PublicSite)]
pub(crate) struct SiteBody {
    /// Its name in URLs; never changes.
    #[schema(example = "hai-tien")]
    slug: String,
    /// Its title in the language asked for, else in its default language.
    title: String,
    /// What may still be done.
    status: SiteStatus,
    /// The unit it belongs to.
    unit: UnitName,
    /// Host names, the main one first.
    hosts: Vec<String>,
    /// The language of paths without a prefix.
    default_locale: Locale,
    /// Every language content may have.
    locales: Vec<Locale>,
    /// How to reach its board.
    contact: Contact,
    /// The sites it took over from.
    predecessors: Vec<SiteNameBody>,
    /// The site that took over.
    #[schema(required)]
    successor: Option<SiteNameBody>,
    /// Addresses in the API.
    links: Links,
}

/// A site as others refer to it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SiteName)]
pub(crate) struct SiteNameBody {
    /// Its name in URLs.
    slug: String,
    /// Its title.
    title: String,
}

impl SiteBody {
    fn new(found: &PublicSite, locale: Option<&Locale>) -> Self {
        let fallback = &found.settings.default_locale;
        let title =
            |site: &Site| localised(&site.title, locale.unwrap_or(fallback), fallback).to_owned();
        let name = |site: &Site| SiteNameBody {
            slug: site.slug.clone(),
            title: title(site),
        };
        Self {
            slug: found.site.slug.clone(),
            title: title(&found.site),
            status: found.site.status,
            unit: UnitName::from(&found.unit),
            hosts: found.settings.hosts.clone(),
            default_locale: fallback.clone(),
            locales: found.settings.locales.clone(),
            contact: found.settings.contact.clone(),
            predecessors: found.predecessors.iter().map(name).collect(),
            successor: found.successor.as_ref().map(name),
            links: Links {
                this: format!("/api/v1/sites/{}", found.site.slug),
            },
        }
    }
}

/// Parameters of the list of sites.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SiteListParams {
    /// Language of titles; each site's default when missing.
    #[param(example = "vi")]
    locale: Option<String>,
    /// A host name of the site.
    #[serde(rename = "filter[host]")]
    host: Option<String>,
    /// Code that its unit has or had.
    #[serde(rename = "filter[unit_code]")]
    unit_code: Option<String>,
    /// Code of the province, or city under the central government, it belongs to.
    #[serde(rename = "filter[province_code]")]
    province_code: Option<String>,
    /// Order; `title` when missing.
    #[param(value_type = Option<SiteSort>, inline)]
    sort: Option<String>,
    /// How many at most; 20 when missing.
    #[serde(rename = "page[size]")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    size: Option<String>,
    /// The page after this cursor.
    #[serde(rename = "page[after]")]
    after: Option<String>,
    /// The page before this cursor.
    #[serde(rename = "page[before]")]
    before: Option<String>,
    /// `true`: count them all, exactly to 10,000.
    #[param(value_type = Option<bool>)]
    count: Option<String>,
}

/// The sites of this installation.
#[utoipa::path(
    tag = "delivery", operation_id = "list_sites", security(()), params(SiteListParams),
    responses((status = 200, body = List<SiteBody>), (status = 304, description = "Not modified"))
)]
#[get("/sites")]
pub(crate) async fn list_sites(
    visit: Visit,
    query: Query<SiteListParams>,
) -> Result<HttpResponse, Problem> {
    let asked = query.0;
    let locale = params::locale(asked.locale.as_deref())?;
    let sort: SiteSort = match &asked.sort {
        Some(text) => params::word("sort", text)?,
        None => SiteSort::default(),
    };
    let (word, order) = sort.parts();
    let filter = SiteFilter {
        host: asked.host,
        unit_code: asked.unit_code,
        province_code: asked.province_code,
    };
    let page = PageParams {
        size: asked.size,
        after: asked.after,
        before: asked.before,
        count: asked.count,
    };
    let list = ListOf::new(&visit, word, &format!("{filter:?}"), &page)?;
    visit
        .answer(move |delivery| {
            let found = delivery.list_sites(filter, order, &list.page)?;
            let sites = found.value.items.iter();
            let items = joined(sites.map(|site| SiteBody::new(site, locale.as_ref())))?;
            list.prepared(&found, &items, delivery.secrets())
        })
        .await
}

/// Parameters of the single site.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SiteParams {
    /// Language of titles; the site's default when missing.
    #[param(example = "vi")]
    locale: Option<String>,
}

/// A site.
#[utoipa::path(
    tag = "delivery", operation_id = "get_site", security(()),
    params(("site" = String, Path, description = "Slug of the site"), SiteParams),
    responses((status = 200, body = Data<SiteBody>), (status = 304, description = "Not modified"))
)]
#[get("/sites/{site}")]
pub(crate) async fn get_site(
    visit: Visit,
    site: Ids<String>,
    query: Query<SiteParams>,
) -> Result<HttpResponse, Problem> {
    let locale = params::locale(query.0.locale.as_deref())?;
    visit
        .answer(move |delivery| {
            let found = delivery.read_site(&site.0)?;
            let body = SiteBody::new(&found.value, locale.as_ref());
            reads::data(&found, body, delivery.secrets())
        })
        .await
}
