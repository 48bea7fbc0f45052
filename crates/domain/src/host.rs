//! Host names, and the names that the platform allows: a host, or `*.` and a host.
//!
//! The star stands for one label, as in certificates: `*.haitien.gov.vn` covers `www.haitien.gov.vn` and
//! neither `haitien.gov.vn` nor `a.b.haitien.gov.vn`. Not for who has which.

/// Whether the text is a host name in lower case, without port and root dot, of two labels at least.
pub fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    host.len() <= 253
        && host.contains('.')
        && host.split('.').all(label)
        && host
            .rsplit('.')
            .next()
            .is_some_and(|top| top.bytes().any(|b| b.is_ascii_lowercase()))
}

/// Whether the text is a host name, or a star and a host name.
pub fn is_allowed_name(name: &str) -> bool {
    is_host(name.strip_prefix("*.").unwrap_or(name))
}

/// The name with a star that covers a host; none for a host of a single label.
pub fn wildcard_over(host: &str) -> Option<String> {
    host.split_once('.').map(|(_, rest)| format!("*.{rest}"))
}

/// Whether an allowed name covers a host.
pub fn covers(name: &str, host: &str) -> bool {
    name == host || wildcard_over(host).is_some_and(|wild| wild == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_in_lower_case() {
        for good in ["haitien.gov.vn", "xn--hi-tin-5ya.vn", "a.b"] {
            assert!(is_host(good), "{good}");
        }
        for bad in [
            "",
            "localhost",
            "HaiTien.vn",
            "a..vn",
            "-a.vn",
            "a.vn:80",
            "a.vn/",
            "192.0.2.1",
            "hải-tiến.vn",
            "a.vn.",
            "*.a.vn",
        ] {
            assert!(!is_host(bad), "{bad}");
        }
    }

    #[test]
    fn a_star_stands_for_one_label() {
        for good in ["*.a.vn", "a.vn"] {
            assert!(is_allowed_name(good), "{good}");
        }
        for bad in [
            "*", "*.", "*.vn", "*.*.vn", "a.*.vn", "**.a.vn", "*a.vn", "*.a.vn.",
        ] {
            assert!(!is_allowed_name(bad), "{bad}");
        }
        assert!(covers("*.a.vn", "www.a.vn") && covers("a.vn", "a.vn"));
        for (name, host) in [
            ("*.a.vn", "a.vn"),
            ("*.a.vn", "b.www.a.vn"),
            ("*.a.vn", "www.a.vn.evil.example"),
            ("*.a.vn", "wwwa.vn"),
            ("a.vn", "www.a.vn"),
        ] {
            assert!(!covers(name, host), "{name} {host}");
        }
    }
}
