//! The API document: collected from the routes, then completed by rules that hold for all of them.

mod parameters;

use std::sync::LazyLock;

use actix_web::App;
use loa_domain::content::ContentKind;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::{AnyOfBuilder, Schema};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder,
};
use utoipa_actix_web::AppExt;

use crate::problem::{Code, Lang, ProblemBody};
use crate::routes::collect;

/// The document; equal for equal code.
pub fn document() -> &'static OpenApi {
    static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(build);
    &DOCUMENT
}

/// Parts of the API, in the order of who comes first.
const TAGS: &[(&str, &str)] = &[
    (
        "delivery",
        "What anyone may read: sites, units and what is published.",
    ),
    ("auth", "Signing in and out."),
    ("editorial", "The work of editorial boards."),
    ("admin", "Units, sites, sections and people."),
    ("meta", "Health, the contract, and what problems mean."),
];

fn build() -> OpenApi {
    let base = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Loa")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "Headless CMS for the information portals of Vietnam's communes.",
                ))
                .license(Some(
                    utoipa::openapi::LicenseBuilder::new()
                        .name("MIT OR Apache-2.0")
                        .identifier(Some("MIT OR Apache-2.0"))
                        .build(),
                ))
                .build(),
        )
        .tags(Some(TAGS.iter().map(|(name, description)| {
            TagBuilder::new()
                .name(*name)
                .description(Some(*description))
                .build()
        })))
        .build();
    let (_, mut document) = App::new()
        .into_utoipa_app()
        .openapi(base)
        .configure(collect)
        .split_for_parts();
    complete(&mut document);
    document
}

fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_with(Components::new);
    components.security_schemes.insert(
        "bearer".to_owned(),
        RefOr::T(SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer))),
    );
    schema_with_references::<ProblemBody>(components);
    // What says little fits the drafts of several types.
    let mut any_draft =
        AnyOfBuilder::new().description(Some("Content of whatever type, as authors send it."));
    for kind in ContentKind::ALL {
        let (delivered, draft) = content_schema_names(*kind);
        let schema = |object| RefOr::T(Schema::Object(object));
        components
            .schemas
            .insert(delivered, schema(kind.delivered_schema()));
        any_draft = any_draft.item(Ref::from_schema_name(&draft));
        components
            .schemas
            .insert(draft, schema(kind.draft_schema()));
    }
    let any_draft = RefOr::T(Schema::AnyOf(any_draft.build()));
    components.schemas.insert("AnyDraft".to_owned(), any_draft);
    for (path, item) in &mut document.paths.paths {
        for operation in operations(item) {
            describe_successes(operation);
            parameters::describe(operation);
            add_problems(path, operation);
        }
        let writing = [&mut item.post, &mut item.put, &mut item.delete];
        for operation in writing.into_iter().flatten() {
            add_problem(operation, Code::StorageFull);
            add_problem(operation, Code::TooManyRequests);
        }
    }
}

/// Names of the schemas of a type's content: as delivered and as sent by authors.
pub(crate) fn content_schema_names(kind: ContentKind) -> (String, String) {
    let word = kind.as_str();
    let mut capital = word.to_owned();
    if let Some(first) = capital.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    (format!("{capital}Content"), format!("{capital}Draft"))
}

fn schema_with_references<T: utoipa::ToSchema>(components: &mut Components) {
    let mut schemas = Vec::new();
    T::schemas(&mut schemas);
    components.schemas.extend(schemas);
    components
        .schemas
        .insert(T::name().to_string(), T::schema());
}

/// Every operation of a path.
pub(crate) fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.post,
        &mut item.put,
        &mut item.delete,
    ]
    .into_iter()
    .filter_map(Option::as_mut)
}

/// Every response has to have a description; for most routes the operation's own says it all.
fn describe_successes(operation: &mut Operation) {
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            "Done".clone_into(&mut response.description);
        }
    }
}

/// Which problems an operation can answer follows from its shape.
fn add_problems(path: &str, operation: &mut Operation) {
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    let has_parameter = |name: &str| {
        parameters
            .iter()
            .any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.name == name))
    };
    let is_public = operation.security.as_ref().is_some_and(|all| {
        all.iter()
            .all(|one| *one == utoipa::openapi::security::SecurityRequirement::default())
    });
    let mut codes = vec![
        Code::MalformedRequest,
        Code::TokenInvalid,
        Code::NotFound,
        Code::MethodNotAllowed,
        Code::Internal,
        Code::Unavailable,
    ];
    if !is_public {
        codes.push(Code::Forbidden);
    }
    if operation.request_body.is_some() {
        codes.extend([
            Code::RequestTimeout,
            Code::PayloadTooLarge,
            Code::UnsupportedMediaType,
            Code::InvalidContent,
            Code::StateConflict,
        ]);
    }
    if has_parameter("If-Match") {
        codes.extend([
            Code::PreconditionFailed,
            Code::PreconditionRequired,
            Code::StateConflict,
        ]);
    }
    if has_parameter("Idempotency-Key") {
        codes.extend([Code::StateConflict, Code::InvalidContent]);
    }
    if path.contains("/editorial/sites/{site}/entries")
        && (path.contains("/revisions/{") || has_parameter("Idempotency-Key"))
    {
        codes.push(Code::Expunged);
    }
    if path.contains("/auth/") || path.contains("/diff/") {
        codes.push(Code::TooManyRequests);
    }
    for code in codes {
        add_problem(operation, code);
    }
}

fn add_problem(operation: &mut Operation, code: Code) {
    operation
        .responses
        .responses
        .entry(code.status().to_string())
        .or_insert_with(|| problem_response(code));
}

fn problem_response(code: Code) -> RefOr<utoipa::openapi::Response> {
    let content = ContentBuilder::new()
        .schema(Some(RefOr::Ref(Ref::from_schema_name("Problem"))))
        .build();
    RefOr::T(
        ResponseBuilder::new()
            .description(code.title(Lang::En))
            .content("application/problem+json", content)
            .build(),
    )
}
