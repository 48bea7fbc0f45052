//! Making the content that is measured: places, people, and published articles by the thousand.
//!
//! Rows go in through the store and documents through the code that publishes, so that everything
//! is as a real server would have it; only the history of the workflow is left out. Not for copying
//! it to PostgreSQL: that is `dump`.

mod entry;
mod places;
#[cfg(test)]
mod tests;
mod text;

use std::sync::Arc;

use loa_app::identity::TokenKeys;
use loa_app::{App, Secrets, SystemClock};
use loa_store::{DatabaseUrl, Error, Store, StoreOptions, Written};
use serde_json::{Value, json};

use entry::Made;
pub(crate) use entry::TAGS;
use places::Ground;
pub(crate) use places::{CHIEF, CONTRIBUTOR, PASSWORD, WRITERS, writer};

use crate::out::{Outcome, note};
use crate::random::Random;

/// Entries of one transaction.
const CHUNK: usize = 500;

/// How large a set is to be.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Size {
    /// Sites.
    #[arg(long, default_value_t = 20)]
    pub(crate) sites: u32,
    /// Articles, of all sites together.
    #[arg(long, default_value_t = 20_000)]
    pub(crate) entries: u64,
    /// Bytes of a document, about.
    #[arg(long, default_value_t = 4_096)]
    pub(crate) bytes: usize,
}

/// The application on a database, for making content and looking at it.
///
/// # Errors
/// When the secret is none.
pub(crate) fn app(url: DatabaseUrl, secret: &str) -> Outcome<App> {
    let secrets = Secrets::new(secret, None)?;
    let store = Store::open(StoreOptions {
        url,
        read_url: None,
        connections: 1,
        audit_key: secrets.audit_key(),
    });
    // Nobody signs in here.
    let keys = TokenKeys::from_pems(vec![(KEY.0.to_owned(), KEY.1.to_owned())])?;
    Ok(App::new(store, Arc::new(SystemClock), secrets, keys))
}

/// What an editor would send to make an article of the usual length.
pub(crate) fn request(random: &mut Random, number: u64) -> Value {
    let article = text::article(random, 4_096);
    json!({
        "type": "article",
        "section": "tin-tuc",
        "title": text::title(random, number),
        "summary": text::sentence(random, 30),
        "tags": ["hộ tịch"],
        "content": {"lead": article.lead, "body": article.body},
    })
}

/// A key that signs nothing that counts.
const KEY: (&str, &str) = (
    "bench",
    "-----BEGIN PRIVATE KEY-----\n\
     MFECAQEwBQYDK2VwBCIEIOPjfKS7R7pGRmgvqPjgb/V8d+LGUWIjAQXxOyZszvqY\n\
     gSEA+m5JlZqHFfOxtuFyef/Hb7Uq3JFt5FaCYr+re+0d2qQ=\n\
     -----END PRIVATE KEY-----\n",
);

/// Migrates an empty database and fills it.
///
/// # Errors
/// When it is not empty; of the database.
pub(crate) fn generate(app: &App, size: Size) -> Outcome<()> {
    app.store().migrations().run()?;
    let grounds = places::make(app, size.sites)?;
    let sites = u64::from(size.sites.max(1));
    let share = size.entries.div_ceil(sites);
    let mut chunk = Vec::with_capacity(CHUNK);
    for number in 0..size.entries {
        let ground = usize::try_from(number % sites)?;
        let ground: &Ground = grounds.get(ground).ok_or("no sites")?;
        chunk.push(entry::make(
            ground,
            number,
            (number / sites, share),
            size.bytes,
        )?);
        if chunk.len() == CHUNK || number + 1 == size.entries {
            put(app, &chunk)?;
            chunk.clear();
        }
        if (number + 1).is_multiple_of(100_000) {
            note(&format!("  {} of {}", number + 1, size.entries));
        }
    }
    Ok(())
}

fn put(app: &App, chunk: &[Made]) -> Result<(), Error> {
    app.store().write(app.now(), |tx| {
        for made in chunk {
            made.insert(tx)?;
        }
        let mut written = Written::quiet(());
        written.changes = chunk.iter().map(Made::change).collect();
        Ok::<_, Error>(written)
    })
}
