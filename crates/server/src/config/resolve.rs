//! Defaults, and limits that a type cannot say.

use std::net::{Ipv4Addr, SocketAddr};

use loa_api::ApiOptions;

use super::Settings;
use super::layer::Layer;
use super::security_log::SecurityTarget;
use super::types::{LogFormat, MetricsListen, RetentionAge};
use crate::failure::Failure;

/// The HTTP library tells of every thread it starts and stops.
const LOG_LEVEL: &str = "info,actix_server=warn";

/// Room for the security log, in bytes.
const SECURITY_LOG_BYTES: u64 = 1 << 30;
/// The law asks for a year of logs.
const SIGN_IN_HISTORY: u32 = 365;

/// Fills in defaults and checks.
pub(super) fn resolve(layer: Layer) -> Result<Settings, Failure> {
    let api = ApiOptions::default();
    let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let beside = SecurityTarget::beside(layer.database_url.as_deref());
    let settings = Settings {
        listen: layer.listen.unwrap_or(local(8080)),
        metrics_listen: layer
            .metrics_listen
            .unwrap_or(MetricsListen::At(local(9464))),
        database_url: layer.database_url,
        database_read_url: layer.database_read_url,
        migrate: layer.migrate.unwrap_or_default(),
        secret: layer.secret,
        secret_previous: layer.secret_previous.unwrap_or_default(),
        secret_next: layer.secret_next,
        jwt_keys: layer.jwt_keys,
        connections: layer.connections.unwrap_or(8),
        workers: layer.workers.unwrap_or_else(cores),
        cache_bytes: layer.cache_bytes.unwrap_or(api.cache_bytes),
        allowed_origins: layer.allowed_origins.unwrap_or(api.allowed_origins),
        trusted_proxies: layer.trusted_proxies.unwrap_or_default(),
        body_limit: layer.body_limit.unwrap_or(api.body_limit),
        writes_per_minute: layer.writes_per_minute.unwrap_or(api.writes.per_minute),
        write_bytes_per_hour: layer
            .write_bytes_per_hour
            .unwrap_or(api.writes.bytes_per_hour),
        hsts: layer.hsts.unwrap_or(api.hsts),
        log_format: layer.log_format.unwrap_or(LogFormat::Json),
        log_level: layer.log_level.unwrap_or_else(|| LOG_LEVEL.to_owned()),
        security_log: layer.security_log.unwrap_or(beside),
        security_log_bytes: layer.security_log_bytes.unwrap_or(SECURITY_LOG_BYTES),
        shutdown_seconds: layer.shutdown_seconds.unwrap_or(30),
        drain_seconds: layer.drain_seconds.unwrap_or(0),
        security_contact: layer.security_contact.unwrap_or_default(),
        security_expires: layer.security_expires,
        retention_revisions: layer.retention_revisions.unwrap_or_default(),
        audit_anchors: layer.audit_anchors,
        exposed: None,
        sign_in_history: layer
            .sign_in_history
            .unwrap_or(RetentionAge::Days(SIGN_IN_HISTORY)),
        login_tries: layer.login_tries.unwrap_or(5),
        login_lock_minutes: layer.login_lock_minutes.unwrap_or(15),
    };
    check(&settings)?;
    Ok(settings)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

fn check(settings: &Settings) -> Result<(), Failure> {
    for (name, url) in [
        ("database_url", &settings.database_url),
        ("database_read_url", &settings.database_read_url),
    ] {
        if let Some(url) = url {
            url.parse::<loa_store::DatabaseUrl>()
                .map_err(|error| Failure::usage(format!("{name}: {error}")))?;
        }
    }
    within("connections", settings.connections, 1, 500)?;
    within("workers", settings.workers, 1, 512)?;
    within("body_limit", settings.body_limit, 1 << 10, 1 << 30)?;
    within("writes_per_minute", settings.writes_per_minute, 1, u32::MAX)?;
    let body = u64::try_from(settings.body_limit).unwrap_or(u64::MAX);
    let bytes = settings.write_bytes_per_hour;
    within("write_bytes_per_hour", bytes, body, u64::MAX)?;
    within("shutdown_seconds", settings.shutdown_seconds, 0, 3600)?;
    let room = settings.security_log_bytes;
    within("security_log_bytes", room, 1 << 16, 1 << 50)?;
    if let RetentionAge::Days(days) = settings.sign_in_history
        && days < SIGN_IN_HISTORY
    {
        return Err(Failure::usage(format!(
            "sign_in_history: expected {SIGN_IN_HISTORY}d or more, got {days}d"
        )));
    }
    within("login_tries", settings.login_tries, 1, 100)?;
    within(
        "login_lock_minutes",
        settings.login_lock_minutes,
        1,
        7 * 24 * 60,
    )?;
    within("drain_seconds", settings.drain_seconds, 0, 300)?;
    check_contact(settings)?;
    let odd = settings
        .allowed_origins
        .iter()
        .find(|origin| !is_origin(origin));
    if let Some(odd) = odd {
        return Err(Failure::usage(format!(
            "allowed_origins: expected scheme and host, as https://example.vn, got {odd}"
        )));
    }
    crate::observability::filter(&settings.log_level)
        .map(drop)
        .map_err(|error| Failure::usage(format!("log_level: {error}")))
}

/// Whom to tell of a weakness has to be an address, and to be right until some day.
fn check_contact(settings: &Settings) -> Result<(), Failure> {
    let ways = ["mailto:", "https://", "tel:"];
    let sound = |contact: &String| {
        ways.iter()
            .any(|way| contact.len() > way.len() && contact.starts_with(way))
            && contact.chars().all(|c| c.is_ascii_graphic())
    };
    if let Some(odd) = settings.security_contact.iter().find(|it| !sound(it)) {
        return Err(Failure::usage(format!(
            "security_contact: expected mailto:, https:// or tel: with an address, got {odd}"
        )));
    }
    if settings.security_contact.is_empty() == settings.security_expires.is_none() {
        return Ok(());
    }
    Err(Failure::usage(
        "security_contact and security_expires belong together: set both or neither",
    ))
}

/// Whether browsers would ever send it: scheme and host, nothing after.
fn is_origin(text: &str) -> bool {
    text.strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .is_some_and(|host| !host.is_empty() && !host.contains(['/', '*', ' ', '?', '#']))
}

fn within<N: PartialOrd + Copy + std::fmt::Display>(
    name: &str,
    value: N,
    from: N,
    to: N,
) -> Result<(), Failure> {
    if value < from || value > to {
        return Err(Failure::usage(format!(
            "{name}: expected a number from {from} to {to}, got {value}"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_toml(text: &str) -> Layer {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn what_stands_first_wins_and_the_rest_is_filled_in() {
        let flags = from_toml("connections = 3");
        let file = from_toml("connections = 4\nmetrics_listen = \"off\"");
        let settings = resolve(flags.or(file)).unwrap();
        assert_eq!(settings.connections, 3);
        assert_eq!(settings.metrics_listen, MetricsListen::Off);
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    }

    #[test]
    fn what_is_shown_can_be_read_again() {
        let layer = from_toml("secret = \"s\"\ntrusted_proxies = [\"10.0.0.1\"]\nhsts = true");
        let shown = resolve(layer).unwrap().to_toml().unwrap();
        assert!(shown.contains("secret = \"***\""), "{shown}");
        let again = resolve(from_toml(&shown)).unwrap();
        assert_eq!(again.to_toml().unwrap(), shown);
    }

    #[test]
    fn the_security_log_is_beside_the_file_of_the_database() {
        for (text, target) in [
            ("database_url = \"sqlite:data/loa.db\"", "data/security.log"),
            ("database_url = \"postgres://db/loa\"", "stdout"),
            ("security_log = \"off\"", "off"),
            ("security_log = \"/var/log/loa/x\"", "/var/log/loa/x"),
        ] {
            let shown = resolve(from_toml(text)).unwrap().to_toml().unwrap();
            let line = format!("security_log = \"{target}\"");
            assert!(shown.lines().any(|own| own == line), "{text}: {shown}");
        }
    }

    #[test]
    fn wrong_values_are_named() {
        for (text, name) in [
            ("connections = 0", "connections"),
            ("login_tries = 0", "login_tries"),
            ("login_lock_minutes = 0", "login_lock_minutes"),
            ("database_url = \"mysql://u:pw@x\"", "database_url"),
            ("allowed_origins = [\"https://a.vn/\"]", "allowed_origins"),
            ("log_level = \"=loud=\"", "log_level"),
            ("security_log_bytes = 1000", "security_log_bytes"),
            ("sign_in_history = \"364d\"", "sign_in_history"),
        ] {
            let message = resolve(from_toml(text)).unwrap_err().to_string();
            assert!(message.starts_with(name), "{message}");
            assert!(!message.contains("pw"), "{message}");
        }
    }
}
