//! What differs between two revisions: field by field, texts as hunks of words.

use std::time::{Duration, Instant};

use loa_domain::actor::Actor;
use loa_domain::entry::Revision;
use serde::Serialize;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use super::desk::Desk;
use super::history::find;
use super::{Editorial, EntryAddress};
use crate::Error;
use crate::projection::content_of;

/// How long words are looked for that stay, in all texts together.
const PATIENCE: Duration = Duration::from_millis(300);

/// What differs.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct DiffView {
    /// Number of the revision it starts from.
    pub from: i32,
    /// Number of the revision it leads to.
    pub to: i32,
    /// Fields that differ, by their pointers.
    pub fields: Vec<FieldDiff>,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct FieldDiff {
    /// JSON Pointer into the snapshot.
    #[schema(example = "/content/body")]
    pub pointer: String,
    /// Value before; null when there was none.
    #[schema(required, value_type = serde_json::Value)]
    pub from: Value,
    /// Value after; null when there is none.
    #[schema(required, value_type = serde_json::Value)]
    pub to: Value,
    /// For two texts: what stays, goes and comes, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub hunks: Vec<Hunk>,
}

/// A run of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Hunk {
    /// What happens to it.
    pub kind: HunkKind,
    /// The words with the spaces around them.
    pub text: String,
}

/// What happens to a run of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HunkKind {
    /// Stays.
    Equal,
    /// Goes.
    Delete,
    /// Comes.
    Insert,
}

/// Two revisions of an entry, read to be compared.
pub struct Pair {
    from: Revision,
    to: Revision,
}

impl Editorial {
    /// Two revisions of an entry. Comparing them takes the processor and no database, so it is done
    /// apart.
    ///
    /// # Errors
    /// `NotFound` for what the actor may not read, and for revisions that the entry does not have;
    /// `Expunged`.
    pub fn revisions_to_compare(
        &self,
        actor: &Actor,
        address: &EntryAddress,
        from: i32,
        to: i32,
    ) -> Result<Pair, Error> {
        self.context.store.read(|conn| {
            let desk = Desk::readable(conn, actor, address)?;
            Ok(Pair {
                from: find(conn, &desk, from)?,
                to: find(conn, &desk, to)?,
            })
        })
    }
}

impl Pair {
    /// What differs.
    ///
    /// # Errors
    /// When a revision cannot be read.
    pub fn diff(&self) -> Result<DiffView, Error> {
        let mut comparison = Comparison {
            until: Instant::now() + PATIENCE,
            found: Vec::new(),
        };
        comparison.compare("", &value(&self.from)?, &value(&self.to)?);
        Ok(DiffView {
            from: self.from.number,
            to: self.to.number,
            fields: comparison.found,
        })
    }
}

/// The snapshot in the form of today, so that an older form differs by content alone.
fn value(revision: &Revision) -> Result<Value, Error> {
    Ok(serde_json::from_str(
        &content_of(revision)?.to_canonical()?,
    )?)
}

/// A comparison under way.
struct Comparison {
    until: Instant,
    found: Vec<FieldDiff>,
}

impl Comparison {
    /// Objects are compared member by member, everything else as a whole.
    fn compare(&mut self, pointer: &str, from: &Value, to: &Value) {
        if from == to {
            return;
        }
        let (Value::Object(before), Value::Object(after)) = (from, to) else {
            self.found.push(FieldDiff {
                pointer: pointer.to_owned(),
                hunks: hunks(from, to, self.until),
                from: from.clone(),
                to: to.clone(),
            });
            return;
        };
        let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let [before, after] =
                [before, after].map(|object| object.get(name).unwrap_or(&Value::Null));
            self.compare(&format!("{pointer}/{name}"), before, after);
        }
    }
}

/// What stays, goes and comes; all of it at once where the time is up.
fn hunks(from: &Value, to: &Value, until: Instant) -> Vec<Hunk> {
    let (Value::String(from), Value::String(to)) = (from, to) else {
        return Vec::new();
    };
    let diff = TextDiff::configure().deadline(until).diff_words(from, to);
    let mut hunks: Vec<Hunk> = Vec::new();
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => HunkKind::Equal,
            ChangeTag::Delete => HunkKind::Delete,
            ChangeTag::Insert => HunkKind::Insert,
        };
        match hunks.last_mut().filter(|hunk| hunk.kind == kind) {
            Some(hunk) => hunk.text.push_str(change.value()),
            None => hunks.push(Hunk {
                kind,
                text: change.value().to_owned(),
            }),
        }
    }
    hunks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn members_are_named_and_texts_are_split() {
        let mut comparison = Comparison {
            until: Instant::now() + PATIENCE,
            found: Vec::new(),
        };
        let from =
            json!({"title": "Lịch tiêm", "content": {"body": "<p>một hai ba</p>"}, "tags": ["a"]});
        let to =
            json!({"title": "Lịch tiêm", "content": {"body": "<p>một bốn ba</p>"}, "tags": ["b"]});
        comparison.compare("", &from, &to);
        let found = comparison.found;
        let pointers: Vec<_> = found.iter().map(|field| field.pointer.as_str()).collect();
        assert_eq!(pointers, ["/content/body", "/tags"]);
        let kinds: Vec<_> = found
            .first()
            .unwrap()
            .hunks
            .iter()
            .map(|hunk| hunk.kind)
            .collect();
        assert_eq!(
            kinds,
            [
                HunkKind::Equal,
                HunkKind::Delete,
                HunkKind::Insert,
                HunkKind::Equal
            ]
        );
    }

    proptest! {
        #[test]
        fn hunks_give_both_texts_back(a in ".{0,60}", b in ".{0,60}") {
            let found = hunks(&json!(a), &json!(b), Instant::now() + PATIENCE);
            let side = |leave: HunkKind| -> String {
                found.iter().filter(|h| h.kind != leave).map(|h| h.text.as_str()).collect()
            };
            prop_assert_eq!(side(HunkKind::Insert), a);
            prop_assert_eq!(side(HunkKind::Delete), b);
        }
    }
}
