//! Replacing a section: renaming, moving, opening and closing it.

use loa_domain::actor::Actor;
use loa_domain::audit::Chain;
use loa_domain::change::ChangeKind;
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::SectionId;
use loa_domain::right::Right;
use loa_domain::section::Section;
use loa_domain::time::Moment;
use loa_store::reprojections::Reprojection;
use loa_store::{Tx, Written, reprojections, sections, settings, sites};
use serde_json::json;

use super::{Base, SectionRequest, changed, must_be_active, slug_taken};
use crate::admin::{Admin, must, readable_site, record};
use crate::{Error, IfMatch, ids};

impl Admin {
    /// Replaces a section. Published documents follow a new title or place in the background.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Invalid`, at `/slug` once a published path holds it; those of the
    /// condition.
    pub fn replace_section(
        &self,
        actor: &Actor,
        slug: &str,
        id: SectionId,
        request: &SectionRequest,
        if_match: &IfMatch,
    ) -> Result<Section, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let site = readable_site(tx, actor, slug)?;
            sites::hold(tx, site.id)?;
            let others = sections::of_site(tx, site.id)?;
            let before = others
                .iter()
                .find(|section| section.id == id)
                .ok_or(Error::NotFound)?;
            must(actor, Right::ManageSections, site.id)?;
            if_match.check(
                &self.context.secrets,
                "section",
                &id.to_string(),
                before.version,
            )?;
            must_be_active(&site)?;
            let after = replaced(request, &settings::get(tx, site.id)?, &others, before)?;
            sections::update(tx, &after, now).map_err(slug_taken)?;
            if after.title != before.title || after.parent != before.parent {
                reproject(tx, &after, now)?;
            }
            let detail = json!({
                "slug": after.slug, "parent": after.parent,
                "opens_on": after.opens_on, "closes_on": after.closes_on,
            });
            let (chain, subject) = (Chain::Site(site.id), ("section", id.to_string()));
            Ok(Written {
                value: after,
                changes: vec![changed(site.id, id, ChangeKind::Updated)],
                audit: vec![record(chain, actor, "section.update", subject, detail)],
            })
        })
    }
}

fn replaced(
    request: &SectionRequest,
    settings: &loa_domain::site::SiteSettings,
    others: &[Section],
    before: &Section,
) -> Result<Section, Error> {
    if before.slug_fixed && request.slug != before.slug {
        return Err(Error::field(FieldError::new(
            "/slug",
            FieldCode::Immutable,
            "published paths hold it",
        )));
    }
    let base = Base {
        id: before.id,
        version: before.version + 1,
        slug_fixed: before.slug_fixed,
    };
    let mut after = request.checked(settings, others, &base)?;
    after.position = request.position.unwrap_or(before.position);
    Ok(after)
}

fn reproject(tx: &mut Tx<'_>, section: &Section, now: Moment) -> Result<(), Error> {
    let work = Reprojection {
        id: ids::fresh(now),
        site: section.site,
        section: Some(section.id),
        after: String::new(),
    };
    Ok(reprojections::insert(tx, &work, now)?)
}
