//! The operations of the API document, as walks need them.

use loa_testkit::{Request, TestApp};
use serde_json::Value;

/// An operation of the document.
#[derive(Clone)]
pub(crate) struct Operation {
    /// Its `operationId`.
    pub(crate) id: String,
    /// Method in capitals.
    pub(crate) method: String,
    /// Path with `{parameters}`.
    pub(crate) path: String,
    /// Whether it asks for a token.
    pub(crate) secured: bool,
    /// Names of its query parameters.
    pub(crate) query: Vec<String>,
    /// Whether it takes a JSON body.
    pub(crate) has_body: bool,
}

/// Every operation, in the order of the document.
pub(crate) fn all() -> Vec<Operation> {
    let text = loa_api::document().to_json().expect("the document");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let paths = document["paths"].as_object().expect("paths").clone();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let members = item.as_object().expect("operations");
            members
                .iter()
                .filter(|(_, operation)| operation["operationId"].is_string())
                .map(|(method, operation)| read(method, path, operation))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn read(method: &str, path: &str, operation: &Value) -> Operation {
    let security = operation["security"].as_array();
    let secured = security
        .expect("every operation says who may call it")
        .iter()
        .any(|one| one.as_object().is_some_and(|one| !one.is_empty()));
    let parameters = operation["parameters"].as_array();
    Operation {
        id: operation["operationId"].as_str().expect("an id").to_owned(),
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        secured,
        query: parameters
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().expect("a name").to_owned())
            .collect(),
        has_body: operation["requestBody"].is_object(),
    }
}

impl Operation {
    /// The path with a value for each parameter.
    pub(crate) fn filled(&self, value: impl Fn(&str) -> String) -> String {
        let parts = self.path.split('/').map(|part| {
            part.strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
                .map_or_else(|| part.to_owned(), &value)
        });
        parts.collect::<Vec<_>>().join("/")
    }

    /// A path of this operation with some parameters replaced; none leaves one as it is.
    pub(crate) fn replaced(&self, path: &str, value: impl Fn(&str) -> Option<String>) -> String {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let parts: Vec<String> = self
            .path
            .split('/')
            .zip(path.split('/'))
            .map(|(own, part)| {
                let name = own.strip_prefix('{').and_then(|own| own.strip_suffix('}'));
                name.and_then(&value).unwrap_or_else(|| part.to_owned())
            })
            .collect();
        let joint = if query.is_empty() { "" } else { "?" };
        format!("{}{joint}{query}", parts.join("/"))
    }

    /// Names of its path parameters.
    pub(crate) fn parameters(&self) -> Vec<&str> {
        let parts = self.path.split('/');
        parts
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect()
    }

    /// A request to a path of this operation; an empty object where it takes a body.
    pub(crate) fn request<'a>(&self, app: &'a TestApp, path: &str) -> Request<'a> {
        let request = app.request(&self.method, path);
        if self.has_body {
            request.json(&serde_json::json!({}))
        } else {
            request
        }
    }

    /// Whether a request of this method and path is meant.
    pub(crate) fn fits(&self, method: &str, path: &str) -> bool {
        let path = path.split('?').next().unwrap_or_default();
        let (own, parts): (Vec<&str>, Vec<&str>) =
            (self.path.split('/').collect(), path.split('/').collect());
        self.method == method
            && own.len() == parts.len()
            && own
                .iter()
                .zip(&parts)
                .all(|(own, part)| own.starts_with('{') || own == part)
    }
}

/// The operation of this id.
pub(crate) fn named(id: &str) -> Operation {
    let mut all = all().into_iter();
    let found = all.find(|operation| operation.id == id);
    found.unwrap_or_else(|| panic!("the document has no {id}"))
}

/// Values of path parameters that name nothing, and some that cannot name anything.
pub(crate) fn made_up(name: &str) -> String {
    match name {
        "site" => "khong-co-trang-nay",
        "code" => "99999",
        "number" | "from" | "to" => "7",
        "action" => "submit",
        "type" => "article",
        "slug" => "khong-co-bai-nay",
        "token" => "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        _ => "01900000-0000-7000-8000-00000000dead",
    }
    .to_owned()
}

/// A few of many, others for each seed: together the operations see them all.
pub(crate) fn some<T>(all: &[T], count: usize, seed: usize) -> impl Iterator<Item = &T> {
    all.iter()
        .cycle()
        .skip(seed * count % all.len())
        .take(count)
}
