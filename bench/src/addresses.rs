//! What is asked for: addresses one a line, in the order of the requests.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::database::Database;
use crate::out::Outcome;
use crate::random::{Random, Zipf};

/// Requests in a file; the load tool begins again at its end.
const REQUESTS: usize = 100_000;
/// One in so many requests of the mix is a list.
const LISTS_IN_MIX: usize = 10;

/// What readers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Load {
    /// Single reads.
    Read,
    /// Lists of 20.
    List,
    /// Both: one list in ten.
    Mix,
}

impl Load {
    /// Every load, in the order they are measured.
    pub(crate) const ALL: [Load; 3] = [Load::Read, Load::List, Load::Mix];

    /// As a report calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Load::Read => "single read",
            Load::List => "list of 20",
            Load::Mix => "mix",
        }
    }

    /// The file of its addresses.
    pub(crate) fn file(self, folder: &Path) -> PathBuf {
        folder.join(match self {
            Load::Read => "read.txt",
            Load::List => "list.txt",
            Load::Mix => "mix.txt",
        })
    }
}

/// Writes the files of all loads: articles by Zipf's law over all of them, in an order of popularity
/// that has nothing to do with their age; sites likewise.
///
/// # Errors
/// Of the database and the folder.
pub(crate) fn write(database: &mut Database, folder: &Path) -> Outcome<()> {
    let mut random = Random::new(20);
    let mut articles = database.addresses()?;
    random.shuffle(&mut articles);
    let mut lists: Vec<String> = database
        .sites()?
        .iter()
        .map(|site| format!("/api/v1/sites/{site}/articles"))
        .collect();
    random.shuffle(&mut lists);
    let (by_article, by_list) = (Zipf::of(articles.len()), Zipf::of(lists.len()));
    for load in Load::ALL {
        let mut text = String::new();
        for _ in 0..REQUESTS {
            let list = match load {
                Load::Read => false,
                Load::List => true,
                Load::Mix => random.below(LISTS_IN_MIX) == 0,
            };
            let (law, all) = if list {
                (&by_list, &lists)
            } else {
                (&by_article, &articles)
            };
            let address = all.get(law.draw(&mut random)).ok_or("nothing to read")?;
            writeln!(text, "{address}")?;
        }
        std::fs::write(load.file(folder), text)?;
    }
    // The bare server has to know what the sample asks for too.
    std::fs::write(all(folder), articles.join("\n"))?;
    Ok(())
}

/// The file of every article once.
pub(crate) fn all(folder: &Path) -> PathBuf {
    folder.join("all.txt")
}

/// Reads such a file.
///
/// # Errors
/// Of the file.
pub(crate) fn read(file: &Path) -> Outcome<Vec<String>> {
    let text = std::fs::read_to_string(file)?;
    Ok(text.lines().map(str::to_owned).collect())
}
