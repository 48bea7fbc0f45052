//! Growth: the same page of a small and of a large site, one request at a time, in turn.
//!
//! Deep pages are reached by a cursor made for the purpose: walking there would take longer than
//! everything else.

use std::path::Path;
use std::time::Instant;

use loa_app::Secrets;
use loa_store::DatabaseUrl;
use serde_json::Value;

use crate::database::Database;
use crate::generate::TAGS;
use crate::http::Client;
use crate::machine::Cpus;
use crate::out::{Outcome, note};
use crate::program::{Program, SECRET};
use crate::read::text;
use crate::results::{Page, Results, median};

/// How to measure.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// A database with one site of few entries
    #[arg(long, value_name = "URL")]
    pub(crate) small: DatabaseUrl,
    /// A database of the same kind with one site of many
    #[arg(long, value_name = "URL")]
    pub(crate) large: DatabaseUrl,
    /// Requests for each page
    #[arg(long, default_value_t = 200)]
    pub(crate) requests: u32,
}

/// Cards on a page, where there are as many.
const PAGE: i64 = 20;

/// A list that both sites have.
struct List {
    name: String,
    /// The last part of the path, and the query.
    path: &'static str,
    query: String,
    /// Where its rows are: table and condition.
    rows: String,
    /// What it is sorted by, the id beside that, and the direction.
    order: (&'static str, &'static str, &'static str),
}

const ENTRIES: &str = "published_entries";
const ATTRIBUTES: &str = "published_attributes";

/// Every list that is measured.
fn lists() -> Vec<List> {
    let mut all = Vec::new();
    for (column, word) in [
        ("public_updated_at", "public_updated_at"),
        ("first_published_at", "first_published_at"),
        ("title_key", "title"),
    ] {
        for (sign, direction) in [("-", "DESC"), ("", "ASC")] {
            all.push(List {
                name: format!("sort={sign}{word}"),
                path: "articles",
                query: format!("sort={sign}{word}"),
                rows: ENTRIES.to_owned(),
                order: (column, "entry_id", direction),
            });
        }
    }
    let newest = ("public_updated_at", "entry_id", "DESC");
    all.push(List {
        name: "all types".to_owned(),
        path: "entries",
        query: String::new(),
        rows: ENTRIES.to_owned(),
        order: newest,
    });
    for (tag, each) in TAGS {
        let share = match each {
            2 => "50 %",
            100 => "1 %",
            _ => "0.1 %",
        };
        all.push(List {
            name: format!("filter[tag] of {share}"),
            path: "articles",
            query: format!("filter%5Btag%5D={}", escaped(tag)),
            rows: format!(
                "{ATTRIBUTES} WHERE name = 'tag' AND value = '{}'",
                folded(tag)
            ),
            order: newest,
        });
    }
    all.push(List {
        name: "filter[section] of 50 %".to_owned(),
        path: "articles",
        query: "filter%5Bsection%5D=tin-tuc".to_owned(),
        rows: format!("{ATTRIBUTES} WHERE name = 'section' AND value = 'tin-tuc'"),
        order: newest,
    });
    all.extend(combined(newest));
    all
}

/// Two conditions at once, which no single index has.
fn combined(newest: (&'static str, &'static str, &'static str)) -> Vec<List> {
    let rare = TAGS[2].0;
    let both = format!(
        "{ATTRIBUTES} WHERE name = 'tag' AND value = '{}' AND entry_id IN (SELECT entry_id FROM \
         {ATTRIBUTES} WHERE name = 'section' AND value = 'tin-tuc')",
        folded(rare)
    );
    vec![
        List {
            name: "filter[section] of 50 % with filter[tag] of 0.1 %".to_owned(),
            path: "articles",
            query: format!(
                "filter%5Bsection%5D=tin-tuc&filter%5Btag%5D={}",
                escaped(rare)
            ),
            rows: both,
            order: newest,
        },
        List {
            name: "filter[published] of 50 %, sort=title".to_owned(),
            path: "articles",
            query: "filter%5Bpublished%5D%5Bgte%5D=2023-01-01T00:00:00Z&sort=title".to_owned(),
            rows: format!("{ENTRIES} WHERE first_published_at >= '2023-01-01 00:00:00'"),
            order: ("title_key", "entry_id", "ASC"),
        },
        List {
            name: "filter[published] of 1 %, sort=title".to_owned(),
            path: "articles",
            query: "filter%5Bpublished%5D%5Bgte%5D=2025-12-08T00:00:00Z&sort=title".to_owned(),
            rows: format!("{ENTRIES} WHERE first_published_at >= '2025-12-08 00:00:00'"),
            order: ("title_key", "entry_id", "ASC"),
        },
    ]
}

/// Without case and diacritics, as attributes are stored.
fn folded(tag: &str) -> String {
    loa_domain::text::fold(tag)
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// One of the two servers.
struct Side {
    program: Program,
    database: Database,
    client: Client,
    site: String,
}

impl Side {
    fn start(loa: &Path, work: &Path, cpus: &Cpus, url: &DatabaseUrl) -> Outcome<Self> {
        let mut database = Database::connect(url)?;
        let sites = database.sites()?;
        let [site] = sites.as_slice() else {
            return Err("growth is measured on one site".into());
        };
        // Without the cache: it would hide what is measured.
        let program = Program::loa(loa, work, cpus, &text(url), 0)?;
        Ok(Self {
            client: Client::connect(program.address)?,
            program,
            site: site.clone(),
            database,
        })
    }

    fn address(&self, list: &List, size: i64, cursor: Option<&str>) -> String {
        let cursor = cursor.map_or(String::new(), |cursor| format!("&page%5Bafter%5D={cursor}"));
        format!(
            "/api/v1/sites/{}/{}?{}&page%5Bsize%5D={size}{cursor}",
            self.site, list.path, list.query
        )
    }

    /// The address of a page that begins after the key at a place of the list.
    fn deep(&mut self, list: &List, size: i64, at: i64) -> Outcome<String> {
        let secrets = Secrets::new(SECRET, None)?;
        let first = self.address(list, 1, None);
        let answer = self.client.get(&first)?.expect(200, &first)?.json()?;
        let cursor = answer.pointer("/page/next").and_then(Value::as_str);
        let sealed = cursor.ok_or_else(|| format!("{first} has no next page"))?;
        let opened = secrets.open(sealed).ok_or("a cursor of another secret")?;
        let mut parts: Vec<Value> = serde_json::from_str(&opened)?;
        let place = self.database.place(&list.rows, list.order, at)?;
        // The last two parts of a cursor are the key and the id.
        parts.truncate(parts.len().saturating_sub(2));
        parts.extend([Value::from(place.key), Value::from(place.id)]);
        let cursor = secrets.seal(&serde_json::to_string(&parts)?);
        Ok(self.address(list, size, Some(&cursor)))
    }

    /// Asks once; gives the time in microseconds.
    fn time(&mut self, address: &str, cards: i64) -> Outcome<f64> {
        let started = Instant::now();
        let answer = self.client.get(address)?;
        let micros = started.elapsed().as_secs_f64() * 1_000_000.0;
        let answer = answer.expect(200, address)?.json()?;
        let found = answer.pointer("/data").and_then(Value::as_array);
        let found = i64::try_from(found.map_or(0, Vec::len))?;
        if found == cards {
            Ok(micros)
        } else {
            Err(format!("{address}: {found} cards instead of {cards}").into())
        }
    }
}

/// Measures every list and adds it to the results.
///
/// # Errors
/// When anything does not run or a page is not what it should be.
pub(crate) fn measure(loa: &Path, work: &Path, cpus: &Cpus, plan: &Plan) -> Outcome<()> {
    let mut small = Side::start(loa, work, cpus, &plan.small)?;
    let mut large = Side::start(loa, work, cpus, &plan.large)?;
    let entries = (
        small.database.count(ENTRIES)?,
        large.database.count(ENTRIES)?,
    );
    let mut results = Results::load(work)?;
    for list in lists() {
        for deep in [false, true] {
            let page = compare(&mut small, &mut large, &list, deep, plan.requests)?;
            note(&format!(
                "{}, {}, {}: {:.0} µs, {:.0} µs, {:.2}",
                page.database,
                page.list,
                page.place,
                page.small,
                page.large,
                page.large / page.small
            ));
            results.pages.push(Page { entries, ..page });
        }
    }
    small.program.stop()?;
    large.program.stop()?;
    results.save(work)
}

/// Nine tenths of a list lie before a deep page. Both pages have as many cards as the shorter list
/// has left there.
fn compare(
    small: &mut Side,
    large: &mut Side,
    list: &List,
    deep: bool,
    requests: u32,
) -> Outcome<Page> {
    let counts = [&mut *small, &mut *large].map(|side| side.database.count(&list.rows));
    let [few, many] = counts;
    let (few, many) = (few?, many?);
    let before = |count: i64| if deep { count * 9 / 10 } else { 0 };
    let cards = PAGE.min(few - before(few));
    let mut addresses = Vec::new();
    for (side, count) in [(&mut *small, few), (&mut *large, many)] {
        addresses.push(match before(count) {
            0 => side.address(list, cards, None),
            before => side.deep(list, cards, before - 1)?,
        });
    }
    let [short, long] = addresses.as_slice() else {
        return Err("two addresses".into());
    };
    let (mut quick, mut slow) = (Vec::new(), Vec::new());
    for _ in 0..requests {
        quick.push(small.time(short, cards)?);
        slow.push(large.time(long, cards)?);
    }
    Ok(Page {
        database: small.database.name().to_owned(),
        list: list.name.clone(),
        place: if deep { "90 % deep" } else { "first" }.to_owned(),
        entries: (0, 0),
        cards: usize::try_from(cards)?,
        small: median(quick),
        large: median(slow),
    })
}

/// How many pages a complete report has of one database.
pub(crate) fn pages() -> usize {
    lists().len() * 2
}
