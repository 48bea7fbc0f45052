//! Paths as logs may hold them: without the tokens some of them carry.

use std::borrow::Cow;

/// Parts of paths after which a secret follows.
const BEFORE_SECRETS: &[&str] = &["/previews/", "/password-links/"];

/// The path with its token, if any, replaced.
pub(super) fn masked(path: &str) -> Cow<'_, str> {
    for part in BEFORE_SECRETS {
        if let Some((before, _)) = path.split_once(part) {
            return Cow::Owned(format!("{before}{part}***"));
        }
    }
    // The router understands escapes, and people mistype: more is masked rather than less.
    let plain = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let plain = plain.to_lowercase();
    match BEFORE_SECRETS.iter().find(|part| plain.contains(*part)) {
        Some(part) => Cow::Owned(format!("***{part}***")),
        None => Cow::Borrowed(path),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn tokens_are_masked_and_nothing_else_is() {
        assert_eq!(masked("/api/v1/previews/abc"), "/api/v1/previews/***");
        assert_eq!(
            masked("/api/v1/auth/password-links/abc"),
            "/api/v1/auth/password-links/***"
        );
        assert_eq!(
            masked("/api/v1/sites/x/articles/y"),
            "/api/v1/sites/x/articles/y"
        );
        for odd in [
            "/api/v1/auth/password%2Dlinks/abc",
            "/api/v1/auth/Password-Links/abc",
            "/api/v1/auth/password-links%2Fabc",
            "/api/v1/%70reviews/abc",
        ] {
            assert!(!masked(odd).contains("abc"), "{odd}: {}", masked(odd));
        }
    }
}
