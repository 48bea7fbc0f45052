//! Settings as they may be shown: without secrets and passwords.

use serde::Serializer;

use super::types::PreviousSecrets;

const MASK: &str = "***";

/// A database URL without its passwords. Where it is unclear what belongs to a password, more is
/// masked rather than less.
pub(super) fn masked_url(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let rest = match rest.rsplit_once('@') {
        Some((person, place)) => match person.split_once(':') {
            Some((name, _)) => format!("{name}:{MASK}@{place}"),
            None => rest.to_owned(),
        },
        None => rest.to_owned(),
    };
    let Some((place, query)) = rest.split_once('?') else {
        return format!("{scheme}://{rest}");
    };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if name.to_ascii_lowercase().contains("password") => {
                format!("{name}={MASK}")
            }
            _ => pair.to_owned(),
        })
        .collect();
    format!("{scheme}://{place}?{}", pairs.join("&"))
}

#[expect(clippy::ref_option, reason = "serde calls it with a reference")]
pub(super) fn optional_url<S: Serializer>(
    url: &Option<String>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match url {
        Some(url) => serializer.serialize_some(&masked_url(url)),
        None => serializer.serialize_none(),
    }
}

#[expect(clippy::ref_option, reason = "serde calls it with a reference")]
pub(super) fn optional_secret<S: Serializer>(
    secret: &Option<String>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match secret {
        Some(_) => serializer.serialize_some(MASK),
        None => serializer.serialize_none(),
    }
}

pub(super) fn previous_secrets<S: Serializer>(
    secrets: &PreviousSecrets,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match secrets.0.len() {
        0 => serializer.serialize_none(),
        1 => serializer.serialize_some(MASK),
        count => serializer.collect_seq(vec![MASK; count]),
    }
}

#[cfg(test)]
mod tests {
    use super::masked_url;

    #[test]
    fn passwords_are_masked_wherever_they_are() {
        for (url, shown) in [
            ("sqlite:./loa-data/loa.db", "sqlite:./loa-data/loa.db"),
            ("postgres://loa@db/loa", "postgres://loa@db/loa"),
            (
                "postgres://loa:pw@db:5432/loa",
                "postgres://loa:***@db:5432/loa",
            ),
            (
                "postgres://loa:p@w/x@db/loa?a=b",
                "postgres://loa:***@db/loa?a=b",
            ),
            (
                "postgresql://db/loa?user=loa&password=pw&sslPassword=pw",
                "postgresql://db/loa?user=loa&password=***&sslPassword=***",
            ),
        ] {
            assert_eq!(masked_url(url), shown);
        }
    }
}
