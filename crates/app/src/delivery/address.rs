//! Addresses in the API, relative to the host.

use loa_domain::content::ContentKind;
use loa_domain::locale::Locale;

const BASE: &str = "/api/v1";

/// The single read of an entry. The language is named where it is not the site's default.
pub(crate) fn entry_address(
    site: &str,
    kind: ContentKind,
    slug: &str,
    locale: &Locale,
    default_locale: &Locale,
) -> String {
    let plural = kind.plural();
    if locale == default_locale {
        format!("{BASE}/sites/{site}/{plural}/{slug}")
    } else {
        format!("{BASE}/sites/{site}/{plural}/{slug}?locale={locale}")
    }
}

/// Where to ask what a path of a site leads to.
pub(super) fn resolve_address(site: &str, path: &str) -> String {
    format!("{BASE}/sites/{site}/resolve?path={}", encoded(path))
}

/// Where to ask what a path of whichever site has the host leads to.
pub(super) fn resolve_host_address(host: &str, path: &str) -> String {
    let (host, path) = (encoded(host), encoded(path));
    format!("{BASE}/resolve?host={host}&path={path}")
}

/// A text as the value of a query parameter.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_language_is_named() {
        let (vi, en) = (Locale::vietnamese(), "en".parse::<Locale>().unwrap());
        let address = |locale| entry_address("hai-tien", ContentKind::Article, "a", locale, &vi);
        assert_eq!(address(&vi), "/api/v1/sites/hai-tien/articles/a");
        assert_eq!(address(&en), "/api/v1/sites/hai-tien/articles/a?locale=en");
    }

    #[test]
    fn a_path_is_encoded() {
        assert_eq!(
            resolve_address("x", "/a b&c\r\n"),
            "/api/v1/sites/x/resolve?path=/a%20b%26c%0D%0A"
        );
    }
}
