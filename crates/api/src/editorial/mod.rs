//! The work of editorial boards over HTTP: one file an endpoint.

mod act;
mod body;
mod counts;
mod create;
mod delete;
mod diff;
mod editions;
mod list;
mod list_site;
mod page;
mod preview;
mod preview_links;
mod read;
mod restore;
mod revision;
mod revisions;
mod save;
mod transitions;
mod workflow;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes under the base. Fixed words come before the ids they could be taken for.
pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(workflow::get_workflow)
        .service(counts::count_entries)
        .service(list::list_all_entries)
        .service(list_site::list_site_entries)
        .service(create::create_entry)
        .service(read::get_editorial_entry)
        .service(save::save_entry)
        .service(delete::delete_entry)
        .service(act::act_on_entry)
        .service(editions::list_editions)
        .service(diff::diff_revisions)
        .service(restore::restore_revision)
        .service(revision::get_revision)
        .service(revisions::list_revisions)
        .service(transitions::list_transitions)
        .service(preview_links::list_preview_links)
        .service(preview_links::create_preview_link)
        .service(preview_links::revoke_preview_link)
        .service(preview::get_preview);
}
