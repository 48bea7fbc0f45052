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
    Cow::Borrowed(path)
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
    }
}
