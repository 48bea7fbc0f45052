//! Problems: what a client is told when something is refused or fails (RFC 9457).
//!
//! A problem is made where it happens and written out once, by the outermost middleware, which
//! knows the caller's language and the request's id.

mod code;
mod from_app;
mod lang;
mod page;
mod status_doc;
mod table;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use loa_domain::field::{FieldCode, FieldError};
use serde::Serialize;

pub use code::Code;
pub use lang::Lang;
pub(crate) use page::{index_page, page};
pub use status_doc::status_codes_md;

/// A refused field or parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct ProblemField {
    /// JSON Pointer into the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pointer: Option<String>,
    /// Name of the parameter or header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parameter: Option<String>,
    /// Why; closed list, never translated.
    pub(crate) code: FieldCode,
    /// The same for people.
    pub(crate) detail: String,
}

/// What a client is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// Address of a page about this code.
    #[serde(rename = "type")]
    #[schema(example = "/problems/not_found")]
    pub(crate) kind: String,
    /// What went wrong, in general.
    pub(crate) title: String,
    /// Status code.
    pub(crate) status: u16,
    /// What went wrong, here.
    pub(crate) detail: String,
    /// Closed list, never translated.
    #[schema(example = "not_found")]
    pub(crate) code: &'static str,
    /// Refused fields and parameters.
    pub(crate) errors: Vec<ProblemField>,
    /// The request's id, as in the logs.
    pub(crate) trace_id: String,
    /// Why the workflow refuses: a word for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'static str>,
    /// What the caller could do instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) allowed_actions: Option<Vec<loa_domain::entry::Action>>,
    /// How something ended that was public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) gone: Option<GoneBody>,
}

/// How something ended that was public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Gone)]
pub(crate) struct GoneBody {
    /// How.
    pub(crate) kind: loa_domain::entry::WithdrawKind,
    /// The public reason.
    pub(crate) reason: Option<String>,
    /// Where to read instead.
    pub(crate) successor: Option<String>,
    /// When.
    pub(crate) at: loa_domain::time::Moment,
}

/// A text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bilingual {
    pub(crate) vi: &'static str,
    pub(crate) en: &'static str,
}

/// A problem, not written out yet. Boxed: it travels as the error of almost everything here.
#[derive(Debug, Clone)]
pub(crate) struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    code: Code,
    detail: Option<Bilingual>,
    errors: Vec<ProblemField>,
    reason: Option<&'static str>,
    allowed_actions: Option<Vec<loa_domain::entry::Action>>,
    gone: Option<GoneBody>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem of this code.
    pub(crate) fn new(code: Code) -> Self {
        Self(Box::new(Parts {
            code,
            detail: None,
            errors: Vec::new(),
            reason: None,
            allowed_actions: None,
            gone: None,
            headers: Vec::new(),
        }))
    }

    /// A refused parameter or header.
    pub(crate) fn parameter(
        code: Code,
        parameter: &str,
        why: FieldCode,
        detail: impl Into<String>,
    ) -> Self {
        let mut problem = Self::new(code);
        problem.0.errors.push(ProblemField {
            pointer: None,
            parameter: Some(parameter.to_owned()),
            code: why,
            detail: detail.into(),
        });
        problem
    }

    /// Refused fields of a body.
    pub(crate) fn fields(code: Code, errors: Vec<FieldError>) -> Self {
        let mut problem = Self::new(code);
        problem.0.errors = errors
            .into_iter()
            .map(|error| ProblemField {
                pointer: Some(error.pointer),
                parameter: None,
                code: error.code,
                detail: error.detail,
            })
            .collect();
        problem
    }

    pub(crate) fn with_detail(mut self, detail: Bilingual) -> Self {
        self.0.detail = Some(detail);
        self
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// Whether it says how something ended that was public.
    pub(crate) fn tells_what_is_gone(&self) -> bool {
        self.0.gone.is_some()
    }

    pub(crate) fn code(&self) -> Code {
        self.0.code
    }

    /// The body, in the caller's language.
    pub(crate) fn body(&self, lang: Lang, trace_id: &str) -> ProblemBody {
        let detail = self.0.detail.map(|texts| match lang {
            Lang::Vi => texts.vi,
            Lang::En => texts.en,
        });
        let mut errors = self.0.errors.clone();
        if lang == Lang::Vi {
            for error in &mut errors {
                error.detail = format!("{} ({})", vietnamese(error.code), error.detail);
            }
        }
        ProblemBody {
            kind: format!("/problems/{}", self.0.code.as_str()),
            title: self.0.code.title(lang).to_owned(),
            status: self.0.code.status(),
            detail: detail.unwrap_or(self.0.code.description(lang)).to_owned(),
            code: self.0.code.as_str(),
            errors,
            trace_id: trace_id.to_owned(),
            reason: self.0.reason,
            allowed_actions: self.0.allowed_actions.clone(),
            gone: self.0.gone.clone(),
        }
    }
}

/// Why a field was refused, in Vietnamese; the English detail follows in brackets.
const fn vietnamese(code: FieldCode) -> &'static str {
    match code {
        FieldCode::Required => "Bắt buộc phải có",
        FieldCode::TooLong => "Quá dài",
        FieldCode::TooMany => "Quá nhiều phần tử",
        FieldCode::Invalid => "Không đúng dạng",
        FieldCode::UnknownMember => "Không có trường này",
        FieldCode::WrongType => "Sai kiểu dữ liệu",
        FieldCode::ForbiddenCharacter => "Có ký tự không được phép",
        FieldCode::UnknownValue => "Giá trị ngoài danh sách",
        FieldCode::NotFound => "Không tồn tại ở đây",
        FieldCode::Taken => "Đã có nơi khác dùng",
        FieldCode::SlugTaken => "Đường dẫn này đã thuộc nội dung khác",
        FieldCode::NotInFuture => "Thời điểm phải ở tương lai",
        FieldCode::Immutable => "Không thể thay đổi nữa",
        FieldCode::NotAllowed => "Không được phép ở đây",
        FieldCode::SectionClosed => "Chuyên mục không nhận bài mới hôm nay",
        FieldCode::WeakPassword => "Mật khẩu quá dễ đoán",
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code.as_str())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// An empty answer that carries the problem; the outermost middleware writes it out.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::new(self.status_code());
        for (name, value) in &self.0.headers {
            response.headers_mut().append(name.clone(), value.clone());
        }
        match self.0.code.status() {
            401 => {
                let realm = HeaderValue::from_static("Bearer realm=\"loa\"");
                response
                    .headers_mut()
                    .insert(header::WWW_AUTHENTICATE, realm);
            }
            503 => {
                let wait = HeaderValue::from_static("2");
                response.headers_mut().insert(header::RETRY_AFTER, wait);
            }
            _ => {}
        }
        response.extensions_mut().insert(self.clone());
        response
    }
}
