//! What all lists have in common: parameters, cursors and the envelope.

use actix_web::HttpResponse;
use loa_app::delivery::{Answer, EntryListAsk, Listed, Order};
use loa_app::{Error, Secrets};
use loa_domain::content::ContentKind;
use loa_domain::paging::{Page, PageAsk};
use serde::{Deserialize, Serialize};

use super::params::{self, End, EntrySort, KindSort};
use super::prepared::{Body, Prepared, Sent};
use super::visit::Visit;
use crate::paging::{self, ListIdentity, PageParams};
use crate::problem::Problem;

/// Parameters of the list of one content type.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct KindListParams {
    /// Language; the site's default when missing.
    #[param(example = "vi")]
    locale: Option<String>,
    /// Slugs of sections, separated by commas: in any of them or below one.
    #[serde(rename = "filter[section]")]
    section: Option<String>,
    /// Tags, separated by commas: with any of them. Case and diacritics do not count.
    #[serde(rename = "filter[tag]")]
    tag: Option<String>,
    /// First published on this day in Vietnam, or at this time, or later.
    #[serde(rename = "filter[published][gte]")]
    published_gte: Option<String>,
    /// First published on this day in Vietnam, or at this time, or earlier.
    #[serde(rename = "filter[published][lte]")]
    published_lte: Option<String>,
    /// Order; `-public_updated_at` when missing.
    #[param(value_type = Option<KindSort>, inline)]
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

/// Parameters of the list of all types together.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EntryListParams {
    /// Language; the site's default when missing.
    #[param(example = "vi")]
    locale: Option<String>,
    /// Slugs of sections, separated by commas: in any of them or below one.
    #[serde(rename = "filter[section]")]
    section: Option<String>,
    /// Tags, separated by commas: with any of them. Case and diacritics do not count.
    #[serde(rename = "filter[tag]")]
    tag: Option<String>,
    /// First published on this day in Vietnam, or at this time, or later.
    #[serde(rename = "filter[published][gte]")]
    published_gte: Option<String>,
    /// First published on this day in Vietnam, or at this time, or earlier.
    #[serde(rename = "filter[published][lte]")]
    published_lte: Option<String>,
    /// Order; `-public_updated_at` when missing.
    #[param(value_type = Option<EntrySort>, inline)]
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

/// The names of the filters, as `/content-types` tells them.
pub(super) const FILTERS: [&str; 4] = [
    "filter[section]",
    "filter[tag]",
    "filter[published][gte]",
    "filter[published][lte]",
];

impl From<EntryListParams> for KindListParams {
    fn from(params: EntryListParams) -> Self {
        Self {
            locale: params.locale,
            section: params.section,
            tag: params.tag,
            published_gte: params.published_gte,
            published_lte: params.published_lte,
            sort: params.sort,
            size: params.size,
            after: params.after,
            before: params.before,
            count: params.count,
        }
    }
}

/// Answers the list of one content type.
///
/// # Errors
/// Of parameters and of the use case.
pub(super) async fn of_kind(
    visit: Visit,
    kind: ContentKind,
    site: String,
    params: KindListParams,
) -> Result<HttpResponse, Problem> {
    let sort: KindSort = match &params.sort {
        Some(text) => params::word("sort", text)?,
        None => KindSort::default(),
    };
    let (word, by, order) = sort.parts();
    let ask = ask(&params, site, Listed::Kind(kind, by), order)?;
    answer(visit, ask, word, page_params(params)).await
}

/// Answers the list of all types together.
///
/// # Errors
/// Of parameters and of the use case.
pub(super) async fn of_all(
    visit: Visit,
    site: String,
    params: EntryListParams,
) -> Result<HttpResponse, Problem> {
    let sort: EntrySort = match &params.sort {
        Some(text) => params::word("sort", text)?,
        None => EntrySort::default(),
    };
    let (word, order) = sort.parts();
    let params = KindListParams::from(params);
    let ask = ask(&params, site, Listed::All, order)?;
    answer(visit, ask, word, page_params(params)).await
}

fn ask(
    params: &KindListParams,
    site: String,
    listed: Listed,
    order: Order,
) -> Result<EntryListAsk, Problem> {
    let [section, tag, gte, lte] = FILTERS;
    Ok(EntryListAsk {
        site,
        locale: params::locale(params.locale.as_deref())?,
        listed,
        order,
        sections: params::values(section, params.section.as_deref())?,
        tags: params::values(tag, params.tag.as_deref())?,
        published_from: params::moment(gte, params.published_gte.as_deref(), End::First)?,
        published_to: params::moment(lte, params.published_lte.as_deref(), End::Last)?,
    })
}

fn page_params(params: KindListParams) -> PageParams {
    PageParams {
        size: params.size,
        after: params.after,
        before: params.before,
        count: params.count,
    }
}

async fn answer(
    visit: Visit,
    ask: EntryListAsk,
    sort: &'static str,
    params: PageParams,
) -> Result<HttpResponse, Problem> {
    // Debug forms are equal when the filters are, and quote what is in them.
    let filters = format!(
        "{:?}",
        (
            &ask.locale,
            &ask.sections,
            &ask.tags,
            ask.published_from,
            ask.published_to
        )
    );
    let list = ListOf::new(&visit, sort, &filters, &params)?;
    visit
        .answer(move |delivery| {
            let found = delivery.list_entries(ask, &list.page)?;
            let cards = found.value.items.join(",");
            list.prepared(&found, &cards, delivery.secrets())
        })
        .await
}

/// A list on its way: where it is, and which page is wanted.
pub(super) struct ListOf {
    identity: ListIdentity,
    path: String,
    query: String,
    pub(super) page: PageAsk,
}

impl ListOf {
    /// Reads the paging parameters.
    ///
    /// # Errors
    /// When one is refused.
    pub(super) fn new(
        visit: &Visit,
        sort: &'static str,
        filters: &str,
        params: &PageParams,
    ) -> Result<Self, Problem> {
        let (path, query) = visit.address();
        let identity = ListIdentity::new(path, sort, filters);
        Ok(Self {
            page: paging::ask(params, &identity, visit.secrets())?,
            path: path.to_owned(),
            query: query.to_owned(),
            identity,
        })
    }

    /// The envelope around items that are JSON already, joined by commas.
    ///
    /// # Errors
    /// When something has no JSON form.
    pub(super) fn prepared<T>(
        &self,
        found: &Answer<Page<T>>,
        items: &str,
        secrets: &Secrets,
    ) -> Result<Prepared, Error> {
        let (page, meta) = paging::info(&found.value, self.page.size, &self.identity, secrets);
        let link = paging::links(&self.path, &self.query, &page);
        let (page, meta) = (serde_json::to_string(&page)?, serde_json::to_string(&meta)?);
        let json = [
            "{\"data\":[",
            items,
            "],\"page\":",
            &page,
            ",\"meta\":",
            &meta,
            "}",
        ]
        .concat();
        let body = Body::new(json, link.as_deref(), secrets);
        Ok(Prepared::new(found, None, Sent::Body(body)))
    }
}

/// Items of a list as JSON, joined by commas.
///
/// # Errors
/// When one has no JSON form.
pub(super) fn joined(items: impl Iterator<Item = impl Serialize>) -> Result<String, Error> {
    let items: Vec<String> = items
        .map(|item| serde_json::to_string(&item))
        .collect::<Result<_, _>>()?;
    Ok(items.join(","))
}
