//! What parameters of a name take, said once for every operation that has them.
//!
//! A parameter is read as text by its operation, which knows best what it refuses; for clients the
//! document has to say it as well, and the same wherever the name is the same. Not for reading.

use std::fmt::Display;

use loa_domain::content::ContentKind;
use loa_domain::entry::State;
use loa_domain::sign_in::SignInOutcome;
use loa_domain::unit::UnitKind;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::schema::{
    AnyOfBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type,
};

use crate::paging::FILTER_VALUES_MAX;

/// A slug; its length is another matter.
const SLUG: &str = "[a-z0-9]+(-[a-z0-9]+)*";
/// An id in canonical form.
const ID: &str = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
/// Visible ASCII without the quote, bare or in quotes.
const KEY: &str = "^([!#-~]{1,255}|\"[!#-~]{1,255}\")$";
const LOCALE: &str = "^[a-z]{2,3}(-[A-Z]{2})?$";
const CURSOR: &str = "^[A-Za-z0-9_-]+$";

/// Says of each parameter of the operation what it takes.
pub(super) fn describe(operation: &mut Operation) {
    let id = operation.operation_id.clone().unwrap_or_default();
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && let Some(schema) = schema(parameter, &id)
        {
            parameter.schema = Some(RefOr::T(schema));
        }
    }
}

fn schema(parameter: &Parameter, operation: &str) -> Option<Schema> {
    match parameter.parameter_in {
        ParameterIn::Header if parameter.name == "Idempotency-Key" => Some(text(KEY)),
        ParameterIn::Query => query(&parameter.name, operation),
        _ => None,
    }
}

fn query(name: &str, operation: &str) -> Option<Schema> {
    let in_editorial = matches!(operation, "list_all_entries" | "list_site_entries");
    Some(match name {
        "locale" => text(LOCALE),
        "page[after]" | "page[before]" => text(CURSOR),
        "sort" if in_editorial => one_of(&["-updated_at", "updated_at"]),
        "sort" if operation == "list_units" => one_of(&["name", "-name"]),
        "filter[state]" => any_of(&words(State::ALL)),
        "filter[type]" => any_of(&words(ContentKind::ALL)),
        "filter[kind]" => any_of(&words(UnitKind::ALL)),
        "filter[parent]" => any_of(ID),
        "filter[outcome]" => any_of(&words(SignInOutcome::ALL)),
        "filter[author]" | "filter[assignee]" | "filter[user]" => text(&format!("^{ID}$")),
        "filter[site]" | "filter[section]" if in_editorial => any_of(SLUG),
        "filter[section]" | "filter[tag]" => values(20),
        "filter[published][gte]"
        | "filter[published][lte]"
        | "filter[at][gte]"
        | "filter[at][lte]" => day_or_moment(),
        _ => return None,
    })
}

fn object() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn text(pattern: &str) -> Schema {
    Schema::Object(object().pattern(Some(pattern)).build())
}

fn one_of(words: &[&str]) -> Schema {
    Schema::Object(object().enum_values(Some(words.iter().copied())).build())
}

/// As many values of the form as a list takes, separated by commas.
fn any_of(form: &str) -> Schema {
    let rest = FILTER_VALUES_MAX - 1;
    text(&format!("^({form})(,({form})){{0,{rest}}}$"))
}

/// So many values at most, separated by commas; none of them blank.
fn values(max: usize) -> Schema {
    let rest = max - 1;
    text(&format!(
        "^\\s*[^,\\s][^,]*(,\\s*[^,\\s][^,]*){{0,{rest}}}$"
    ))
}

fn words(all: &[impl Display]) -> String {
    let words: Vec<String> = all.iter().map(ToString::to_string).collect();
    words.join("|")
}

fn day_or_moment() -> Schema {
    let of = |format| {
        Schema::Object(
            object()
                .format(Some(SchemaFormat::KnownFormat(format)))
                .build(),
        )
    };
    let either = AnyOfBuilder::new()
        .item(of(KnownFormat::Date))
        .item(of(KnownFormat::DateTime));
    Schema::AnyOf(either.build())
}
