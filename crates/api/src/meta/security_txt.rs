//! `/.well-known/security.txt`: whom to tell of a weakness (RFC 9116). Nothing where the operator has
//! named nobody, or where what was said is out of date: a wrong address is worse than none.

use actix_web::http::header;
use actix_web::{HttpResponse, get};

use crate::extract::Public;
use crate::problem::{Code, Problem};

/// Whom to tell of a weakness.
#[utoipa::path(
    tag = "meta", operation_id = "get_security_txt", security(()),
    responses((status = 200, description = "A text as in RFC 9116", content_type = "text/plain", body = String))
)]
#[get("/.well-known/security.txt")]
pub(crate) async fn get_security_txt(public: Public) -> Result<HttpResponse, Problem> {
    let own = public.security_contact();
    let own = own.ok_or_else(|| Problem::new(Code::NotFound))?;
    let mut lines: Vec<String> = own
        .contacts
        .iter()
        .map(|contact| format!("Contact: {contact}"))
        .collect();
    lines.push(format!("Expires: {}", own.expires));
    lines.push("Preferred-Languages: vi, en\n".to_owned());
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .body(lines.join("\n")))
}
