//! An event as it was told: its fields by name, with those of the request or command around it.
//!
//! Not for how it is written: that is `ecs`.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::net::IpAddr;

use loa_domain::time::Moment;
use serde_json::Value;
use tracing::field::{Field, Visit};

/// Longest text of a field, in characters; what is longer is cut.
const LONGEST: usize = 512;

/// Fields by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Fields(BTreeMap<&'static str, Value>);

/// What happened, and when.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    pub(super) at: Moment,
    pub(super) fields: Fields,
}

impl Fields {
    /// Fields with these texts.
    pub(super) fn of(texts: &[(&'static str, &str)]) -> Self {
        let fields = texts
            .iter()
            .map(|(name, text)| (*name, Value::from(*text)))
            .collect();
        Self(fields)
    }

    /// A field as text; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    /// Adds what is not there yet. What stands for an address on the command line gives way to one.
    pub(super) fn fill(&mut self, around: &Fields) {
        if self.text("address").parse::<IpAddr>().is_err() {
            self.0.remove("address");
        }
        for (name, value) in &around.0 {
            self.0.entry(name).or_insert_with(|| value.clone());
        }
    }

    fn put(&mut self, field: &Field, value: Value) {
        self.0.insert(field.name(), value);
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        let short: String = value.chars().take(LONGEST).collect();
        self.put(field, short.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}
