//! Which operation of the document a request is.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::DOCUMENT;

/// An operation of the document.
pub(super) struct Operation {
    /// Its `operationId`.
    pub(super) id: String,
    /// Its responses by status.
    pub(super) responses: Map<String, Value>,
    method: String,
    segments: Vec<String>,
}

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let paths = DOCUMENT.get("paths").and_then(Value::as_object);
    paths
        .expect("paths")
        .iter()
        .flat_map(|(path, item)| {
            let operations = item.as_object().expect("operations");
            operations
                .iter()
                .filter_map(move |(method, operation)| read(path, method, operation))
        })
        .collect()
});

/// None for members of a path that are no operation.
fn read(path: &str, method: &str, operation: &Value) -> Option<Operation> {
    Some(Operation {
        id: operation.get("operationId")?.as_str()?.to_owned(),
        responses: operation.get("responses")?.as_object()?.clone(),
        method: method.to_ascii_uppercase(),
        segments: path.split('/').map(ToOwned::to_owned).collect(),
    })
}

/// The operation of a request; where several templates fit, the one with the fewest parameters.
pub(super) fn find(method: &str, path: &str) -> Option<&'static Operation> {
    let path: Vec<&str> = path.split('/').collect();
    OPERATIONS
        .iter()
        .filter(|operation| operation.method == method && operation.fits(&path))
        .min_by_key(|operation| operation.parameters())
}

/// Every operation, in the order of the document.
#[cfg(test)]
pub(super) fn all() -> &'static [Operation] {
    &OPERATIONS
}

impl Operation {
    fn fits(&self, path: &[&str]) -> bool {
        self.segments.len() == path.len()
            && self.segments.iter().zip(path).all(|(own, part)| {
                if is_parameter(own) {
                    !part.is_empty()
                } else {
                    own == part
                }
            })
    }

    fn parameters(&self) -> usize {
        self.segments
            .iter()
            .filter(|segment| is_parameter(segment))
            .count()
    }
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}
