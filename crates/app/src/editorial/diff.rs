//! What differs between two revisions: field by field, texts as hunks of words.

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

impl Editorial {
    /// What differs between two revisions of an entry.
    ///
    /// # Errors
    /// `NotFound` for what the actor may not read, and for revisions that the entry does not have;
    /// `Expunged`.
    pub fn diff(
        &self,
        actor: &Actor,
        address: &EntryAddress,
        from: i32,
        to: i32,
    ) -> Result<DiffView, Error> {
        let (before, after) = self.context.store.read(|conn| {
            let desk = Desk::readable(conn, actor, address)?;
            Ok::<_, Error>((find(conn, &desk, from)?, find(conn, &desk, to)?))
        })?;
        let mut fields = Vec::new();
        compare("", &value(&before)?, &value(&after)?, &mut fields);
        Ok(DiffView { from, to, fields })
    }
}

/// The snapshot in the form of today, so that an older form differs by content alone.
fn value(revision: &Revision) -> Result<Value, Error> {
    Ok(serde_json::from_str(
        &content_of(revision)?.to_canonical()?,
    )?)
}

/// Objects are compared member by member, everything else as a whole.
fn compare(pointer: &str, from: &Value, to: &Value, found: &mut Vec<FieldDiff>) {
    if from == to {
        return;
    }
    let (Value::Object(before), Value::Object(after)) = (from, to) else {
        found.push(FieldDiff {
            pointer: pointer.to_owned(),
            hunks: hunks(from, to),
            from: from.clone(),
            to: to.clone(),
        });
        return;
    };
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let member = |object: &serde_json::Map<String, Value>| {
            object.get(name).cloned().unwrap_or(Value::Null)
        };
        compare(
            &format!("{pointer}/{name}"),
            &member(before),
            &member(after),
            found,
        );
    }
}

fn hunks(from: &Value, to: &Value) -> Vec<Hunk> {
    let (Value::String(from), Value::String(to)) = (from, to) else {
        return Vec::new();
    };
    let diff = TextDiff::configure()
        .timeout(std::time::Duration::from_millis(500))
        .diff_words(from, to);
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
        let mut found = Vec::new();
        let from =
            json!({"title": "Lịch tiêm", "content": {"body": "<p>một hai ba</p>"}, "tags": ["a"]});
        let to =
            json!({"title": "Lịch tiêm", "content": {"body": "<p>một bốn ba</p>"}, "tags": ["b"]});
        compare("", &from, &to, &mut found);
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
            let found = hunks(&json!(a), &json!(b));
            let side = |leave: HunkKind| -> String {
                found.iter().filter(|h| h.kind != leave).map(|h| h.text.as_str()).collect()
            };
            prop_assert_eq!(side(HunkKind::Insert), a);
            prop_assert_eq!(side(HunkKind::Delete), b);
        }
    }
}
