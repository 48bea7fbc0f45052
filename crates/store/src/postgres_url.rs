//! The parts of a PostgreSQL URL, read as libpq reads it, and the URL as it may be shown.
//!
//! What libpq would complain of is refused here first, without repeating it: its complaints quote
//! the URL, password and all. Not for connecting.

use crate::url::InvalidUrl;

/// Parameters whose values hold no secret.
const OPEN: [&str; 39] = [
    "application_name",
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "dbname",
    "fallback_application_name",
    "gssdelegation",
    "gssencmode",
    "gsslib",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "max_protocol_version",
    "min_protocol_version",
    "passfile",
    "port",
    "replication",
    "require_auth",
    "requirepeer",
    "service",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcert",
    "sslcertmode",
    "sslcompression",
    "sslcrl",
    "sslcrldir",
    "sslkey",
    "sslmode",
    "sslnegotiation",
    "sslrootcert",
    "sslsni",
    "target_session_attrs",
    "tcp_user_timeout",
];
/// The others that libpq knows, and the name, which may be written here as well.
const MASKED: [&str; 5] = ["options", "password", "sslpassword", "ssl", "user"];

/// A PostgreSQL URL in parts, each as it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl<'u> {
    scheme: &'u str,
    user: Option<&'u str>,
    password: Option<&'u str>,
    place: &'u str,
    query: Vec<(&'u str, &'u str)>,
}

impl<'u> PostgresUrl<'u> {
    /// Reads a URL.
    ///
    /// # Errors
    /// When libpq could not read it, or would read it as something that nobody means.
    pub fn read(url: &'u str) -> Result<Self, InvalidUrl> {
        let (scheme, rest) = url.split_once("://").ok_or(InvalidUrl::Scheme)?;
        if !matches!(scheme, "postgres" | "postgresql") {
            return Err(InvalidUrl::Scheme);
        }
        if !escapes_are_whole(rest) {
            return Err(InvalidUrl::Escape);
        }
        // The first @ before any slash ends name and password.
        let (person, rest) = match rest.find(['@', '/']).map(|at| rest.split_at(at)) {
            Some((person, rest)) if rest.starts_with('@') => (Some(person), rest.get(1..)),
            _ => (None, Some(rest)),
        };
        let rest = rest.unwrap_or_default();
        let (user, password) = match person.map(|it| it.split_once(':').ok_or(it)) {
            Some(Ok((user, password))) => (Some(user), Some(password)),
            Some(Err(user)) => (Some(user), None),
            None => (None, None),
        };
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (hosts, database) = place.split_once('/').unwrap_or((place, ""));
        let plain = |text: &str| !text.contains(['@', '/', ':', '?', '#', '[', ']']);
        if !hosts.split(',').all(is_host) || !plain(database) || !user.is_none_or(plain) {
            return Err(InvalidUrl::Place);
        }
        let pairs = query.split('&').filter(|_| !query.is_empty());
        let query: Option<Vec<_>> = pairs.map(pair).collect();
        Ok(Self {
            scheme,
            user,
            password,
            place,
            query: query.ok_or(InvalidUrl::Query)?,
        })
    }

    /// The password as it stands there, percent-encoded.
    pub fn password(&self) -> Option<&'u str> {
        let named = self
            .query
            .iter()
            .rev()
            .find(|(name, _)| *name == "password");
        named.map(|(_, value)| *value).or(self.password)
    }

    /// Whether there is a parameter of this name.
    pub fn has(&self, name: &str) -> bool {
        self.query.iter().any(|(own, _)| *own == name)
    }

    /// The URL without its password.
    pub fn without_password(&self) -> String {
        let kept = self.query.iter().filter(|(name, _)| *name != "password");
        self.write("", kept.map(|(name, value)| format!("{name}={value}")))
    }

    fn write(&self, password: &str, pairs: impl Iterator<Item = String>) -> String {
        let person = self.user.map(|user| format!("{user}{password}@"));
        let pairs: Vec<String> = pairs.collect();
        let joint = if pairs.is_empty() { "" } else { "?" };
        format!(
            "{}://{}{}{joint}{}",
            self.scheme,
            person.unwrap_or_default(),
            self.place,
            pairs.join("&")
        )
    }
}

/// As it may be shown: passwords, and whatever might be one, are masked.
impl std::fmt::Display for PostgresUrl<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let password = self.password.map_or("", |_| ":***");
        let pairs = self.query.iter().map(|(name, value)| {
            let value = if OPEN.contains(name) { value } else { "***" };
            format!("{name}={value}")
        });
        f.write_str(&self.write(password, pairs))
    }
}

/// Masked, as [`PostgresUrl`] is shown.
impl std::fmt::Debug for PostgresUrl<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// Whether two hexadecimal digits follow each percent sign, no byte is zero, and no space stands bare.
fn escapes_are_whole(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        after
            .get(..2)
            .is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()) && hex != "00")
    }) && !text.contains(['\0', ' ', '\t', '\r', '\n'])
}

/// A name, an address or an encoded path of a socket, with a port or without.
fn is_host(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) => {
            if address.parse::<std::net::Ipv6Addr>().is_err() {
                return false;
            }
            match rest.strip_prefix(':') {
                Some(port) => ("", Some(port)),
                None if rest.is_empty() => ("", None),
                None => return false,
            }
        }
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let letters = |b: u8| b.is_ascii_alphanumeric() || b"-._%~".contains(&b);
    let is_port = |port: &str| {
        port.is_empty() || (port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok())
    };
    host.bytes().all(letters) && port.is_none_or(is_port)
}

/// A parameter that libpq knows, and its value. What it does not know it repeats.
fn pair(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let known = OPEN.contains(&name) || MASKED.contains(&name);
    (known && !value.contains('=')).then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_taken_out_and_masked_wherever_they_are() {
        for (url, without, password, shown) in [
            (
                "postgres://loa@db/loa",
                "postgres://loa@db/loa",
                None,
                "postgres://loa@db/loa",
            ),
            (
                "postgres://loa:p%40w%2Fx@db:5432,[::1]:5433/loa?sslmode=require",
                "postgres://loa@db:5432,[::1]:5433/loa?sslmode=require",
                Some("p%40w%2Fx"),
                "postgres://loa:***@db:5432,[::1]:5433/loa?sslmode=require",
            ),
            (
                "postgresql:///loa?host=/run/pg&password=a%20b&user=loa&sslpassword=s",
                "postgresql:///loa?host=/run/pg&user=loa&sslpassword=s",
                Some("a%20b"),
                "postgresql:///loa?host=/run/pg&password=***&user=***&sslpassword=***",
            ),
            (
                "postgres://loa:@%2Frun%2Fpg/loa",
                "postgres://loa@%2Frun%2Fpg/loa",
                Some(""),
                "postgres://loa:***@%2Frun%2Fpg/loa",
            ),
            // As libpq reads it: a question mark before the @ belongs to the password.
            (
                "postgres://loa:p?w:#x@db",
                "postgres://loa@db",
                Some("p?w:#x"),
                "postgres://loa:***@db",
            ),
        ] {
            let read = PostgresUrl::read(url).unwrap();
            assert_eq!(read.without_password(), without);
            assert_eq!(read.password(), password);
            assert_eq!(read.to_string(), shown);
            assert_eq!(format!("{read:?}"), shown);
        }
    }
}
