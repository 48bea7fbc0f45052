//! `loa demo`: everything a server needs, made on the way, and a province to look at.

mod board;
mod calendar;
mod folder;
mod people;
mod places;
mod play;
mod seed;
mod source;
mod story;
mod units;
mod welcome;

#[cfg(test)]
mod tests;

use crate::cli::{Demo, PUBLIC_PASSWORD};
use crate::config::{Layer, LogFormat, SecurityTarget, Settings};
use crate::failure::Failure;
use crate::serve;

/// The word for seeding in the audit trail.
const SEEDED: &str = "demo.seed";

/// Makes what is missing, seeds and serves. Settings given otherwise win over the folder's.
///
/// # Errors
/// When the folder cannot be written, and as [`serve::serve`].
pub(crate) fn run(
    args: &Demo,
    settings: impl FnOnce(Layer) -> Result<Settings, Failure>,
) -> Result<(), Failure> {
    let folder = folder::prepare(&args.data)?;
    let settings = settings(Layer {
        database_url: Some(folder.database_url),
        secret: Some(folder.secret),
        jwt_keys: Some(folder.keys),
        log_format: Some(LogFormat::Pretty),
        log_level: Some("warn".to_owned()),
        security_log: Some(SecurityTarget::File(args.data.join("security.log"))),
        ..Layer::default()
    })?;
    let password = folder::Password::of(&args.data);
    if !settings.listen.ip().is_loopback() && password.read(&args.password)? == PUBLIC_PASSWORD {
        return Err(Failure::usage(format!(
            "everybody knows the demo's password, and {} can be reached from other machines: \
             choose one with LOA_DEMO_PASSWORD and a new folder with --data, or serve at 127.0.0.1",
            settings.listen
        )));
    }
    serve::serve(&settings, |app| {
        if seed::seed(app, &args.password)? {
            password.keep(&args.password)?;
        }
        let known = password.read(&args.password)?;
        welcome::text(settings.listen, &known)
    })
}
