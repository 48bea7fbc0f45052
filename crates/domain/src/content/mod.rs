//! Content types: one file for each, listed once below.
//!
//! A type is its fields, its validation, the text search reads, the values lists filter by and
//! the upcasters from older stored forms. Not for what all types share: that is the snapshot.

mod article;
mod page;
#[cfg(test)]
mod tests;

pub use article::Article;
pub use page::Page;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::PartialSchema;
use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::{Object, RefOr};

use crate::field::{FieldError, Warning};
use crate::vocabulary::vocabulary;

/// What a content type has to give.
pub trait ContentType: Serialize + DeserializeOwned + PartialSchema + Default {
    /// Form in which it is stored today; older forms pass through [`ContentType::upcast`].
    const SCHEMA_VERSION: u32;

    /// Brings a stored value of an older form to the form after it.
    fn upcast(_from: u32, stored: Value) -> Value {
        stored
    }

    /// The texts as sent, each with the most characters it may have. Pointers start at the content.
    fn texts(&self) -> Vec<Text<'_>>;

    /// Brings texts into stored form and says what was dropped. Pointers start at the content.
    fn normalise(&mut self) -> Vec<Warning>;

    /// What forbids saving. Pointers start at the content.
    fn refusals(&self) -> Vec<FieldError>;

    /// What forbids handing in, beyond [`ContentType::refusals`]. Pointers start at the content.
    fn complete(&self) -> Vec<FieldError>;

    /// Fills the read-only fields that readers get and that are not stored.
    fn derive(&mut self);
}

/// A text of a content, as sent.
#[derive(Debug, Clone, Copy)]
pub struct Text<'t> {
    /// Its place in the content.
    pub pointer: &'static str,
    /// The text.
    pub value: &'t str,
    /// Most characters it may have.
    pub max: usize,
    /// Whether it is HTML, and so has to be cleaned.
    pub html: bool,
}

/// The list of types: adding one is a file and a line here.
macro_rules! content_types {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $plural:literal;)+) => {
        vocabulary! {
            /// A content type.
            ContentKind { $($(#[$doc])* $name = $word),+ }
        }

        impl ContentKind {
            /// The word in delivery paths.
            pub const fn plural(self) -> &'static str {
                match self { $(Self::$name => $plural,)+ }
            }

            /// Form in which the type is stored today.
            pub const fn schema_version(self) -> u32 {
                match self { $(Self::$name => $name::SCHEMA_VERSION,)+ }
            }

            fn full_schema(self) -> RefOr<Schema> {
                match self { $(Self::$name => $name::schema(),)+ }
            }
        }

        /// The content of an entry.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Content { $($(#[$doc])* $name($name),)+ }

        impl Content {
            /// Its type.
            pub const fn kind(&self) -> ContentKind {
                match self { $(Self::$name(_) => ContentKind::$name,)+ }
            }

            /// Reads what a client sent.
            ///
            /// # Errors
            /// When a member is unknown or of another type.
            pub fn from_request<'de, D: Deserializer<'de>>(kind: ContentKind, sent: D) -> Result<Self, D::Error> {
                match kind { $(ContentKind::$name => $name::deserialize(sent).map(Self::$name),)+ }
            }

            /// The stored form.
            ///
            /// # Errors
            /// When a value has no JSON form.
            pub fn to_stored(&self) -> Result<Value, serde_json::Error> {
                match self { $(Self::$name(content) => serde_json::to_value(content),)+ }
            }

            /// Reads a stored form of any released version.
            ///
            /// # Errors
            /// When the value is of another form.
            pub fn from_stored(kind: ContentKind, version: u32, stored: Value) -> Result<Self, serde_json::Error> {
                match kind { $(ContentKind::$name => upcast::<$name>(version, stored).map(Self::$name),)+ }
            }

            /// What readers get: the stored fields and the derived ones.
            ///
            /// # Errors
            /// When a value has no JSON form.
            pub fn to_delivered(&self) -> Result<Value, serde_json::Error> {
                match self { $(Self::$name(content) => {
                    let mut content = content.clone();
                    content.derive();
                    serde_json::to_value(content)
                })+ }
            }

            /// The texts as sent. Pointers start at the content.
            pub fn texts(&self) -> Vec<Text<'_>> {
                match self { $(Self::$name(content) => content.texts(),)+ }
            }

            /// Brings texts into stored form; pointers start at the entry.
            pub fn normalise(&mut self) -> Vec<Warning> {
                let mut warnings = match self { $(Self::$name(content) => content.normalise(),)+ };
                for warning in &mut warnings {
                    warning.pointer.insert_str(0, "/content");
                }
                warnings
            }

            /// What forbids saving. Pointers start at the content.
            pub fn refusals(&self) -> Vec<FieldError> {
                match self { $(Self::$name(content) => content.refusals(),)+ }
            }

            /// What forbids handing in, beyond the refusals. Pointers start at the content.
            pub fn complete(&self) -> Vec<FieldError> {
                match self { $(Self::$name(content) => content.complete(),)+ }
            }
        }
    };
}

content_types! {
    /// News and notices: a lead and a body.
    Article = "article", "articles";
    /// Standing pages: a body.
    Page = "page", "pages";
}

impl ContentKind {
    /// The schema of what readers get: required fields are marked, derived ones are there.
    pub fn delivered_schema(self) -> Object {
        self.object()
    }

    /// The schema of what authors send: nothing is required and may as well be null, derived fields
    /// are gone.
    pub fn draft_schema(self) -> Object {
        let mut schema = self.object();
        for name in std::mem::take(&mut schema.required) {
            if let Some(RefOr::T(Schema::Object(property))) = schema.properties.get_mut(&name) {
                or_null(property);
            }
        }
        schema
            .properties
            .retain(|_, property| !is_read_only(property));
        schema
    }

    fn object(self) -> Object {
        match self.full_schema() {
            RefOr::T(Schema::Object(object)) => object,
            RefOr::T(_) | RefOr::Ref(_) => Object::new(),
        }
    }
}

/// A member that has to be there in the end can be missing before, which null says as well.
fn or_null(property: &mut Object) {
    if let SchemaType::Type(own) = &property.schema_type {
        property.schema_type = SchemaType::Array(vec![own.clone(), Type::Null]);
    }
}

fn is_read_only(property: &RefOr<Schema>) -> bool {
    match property {
        RefOr::T(Schema::Object(object)) => object.read_only == Some(true),
        RefOr::T(_) | RefOr::Ref(_) => false,
    }
}

/// Derived fields are made here; a client that sends one has misunderstood something.
fn never_sent<'de, D: Deserializer<'de>>(_: D) -> Result<Option<String>, D::Error> {
    Err(serde::de::Error::custom(
        "this field is derived from others and never sent",
    ))
}

fn upcast<T: ContentType>(version: u32, mut stored: Value) -> Result<T, serde_json::Error> {
    for from in version..T::SCHEMA_VERSION {
        stored = T::upcast(from, stored);
    }
    serde_json::from_value(stored)
}
