//! Reading for the public: sites, units, sections and published entries.
//!
//! Every handler names what it wants and hands over to `visit`, which answers from the cache or
//! reads. Not for drafts: nothing here can get at one.

mod articles;
mod cache;
mod content_types;
mod documents;
mod encoding;
mod entries;
mod flights;
mod headers;
mod lists;
mod pages;
mod params;
mod prepared;
mod reads;
mod resolve;
mod sections;
mod sites;
mod units;
mod visit;

pub(crate) use cache::Cache;
pub(crate) use params::{End, moment};
pub(crate) use visit::kept;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes under the base.
pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(articles::get_article)
        .service(articles::list_articles)
        .service(pages::get_page)
        .service(pages::list_pages)
        .service(entries::list_published_entries)
        .service(entries::get_published_entry)
        .service(sites::list_sites)
        .service(sites::get_site)
        .service(units::get_unit)
        .service(sections::list_site_sections)
        .service(resolve::resolve_site_path)
        .service(resolve::resolve_path)
        .service(content_types::list_content_types)
        .service(content_types::get_content_type);
}
