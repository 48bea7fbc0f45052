//! The section tree of a site.

use loa_domain::ids::SectionId;
use loa_domain::locale::Locale;
use loa_domain::section::Section;
use loa_domain::site::{Localised, localised};

use super::answer::Answer;
use super::{Delivery, reading};
use crate::Error;

/// A section and those below it, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionNode {
    /// Its slug.
    pub slug: String,
    /// Its title in the language asked for, else in the site's default.
    pub title: String,
    /// Sections below it.
    pub children: Vec<SectionNode>,
}

/// The sections of a site without a section above, in order.
pub type SectionTree = Vec<SectionNode>;

impl Delivery {
    /// The section tree. Closed sections are in it: their content stays public.
    ///
    /// # Errors
    /// `NotFound` when there is no such site.
    pub fn list_sections(
        &self,
        site: &str,
        locale: Option<&Locale>,
    ) -> Result<Answer<SectionTree>, Error> {
        self.context.store.read_delivery(|conn| {
            let site = reading::site(conn, site)?;
            let sections = loa_store::delivery::sections(conn, site.id)?;
            let locale = locale.unwrap_or(&site.default_locale);
            let title =
                |titles: &Localised| localised(titles, locale, &site.default_locale).to_owned();
            let tree = below(None, &sections, &title);
            Ok(Answer::of_site(site, tree, None))
        })
    }
}

fn below(
    parent: Option<SectionId>,
    all: &[Section],
    title: &impl Fn(&Localised) -> String,
) -> SectionTree {
    all.iter()
        .filter(|section| section.parent == parent)
        .map(|section| SectionNode {
            slug: section.slug.clone(),
            title: title(&section.title),
            children: below(Some(section.id), all, title),
        })
        .collect()
}
