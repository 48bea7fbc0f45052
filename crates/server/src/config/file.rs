//! `loa.toml`.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::layer::Layer;
use super::mask::masked_url;
use crate::failure::Failure;

const DEFAULT: &str = "loa.toml";
/// The rights of those who are neither owner nor of the group.
const OTHERS: u32 = 0o007;

/// Reads the file. The default one may be missing, one that was asked for may not. Gives its path too
/// if others on the machine can read it although it holds a secret.
pub(super) fn read(asked: Option<&Path>) -> Result<(Layer, Option<PathBuf>), Failure> {
    let path = asked.unwrap_or(Path::new(DEFAULT));
    let wrong = |what: &dyn std::fmt::Display| {
        Failure::usage(format!("{}: {what}", path.display()).trim_end().to_owned())
    };
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let layer = parse(&text).map_err(|error| wrong(&error))?;
            let exposed = holds_secret(&layer) && gives_rights(path, OTHERS);
            Ok((layer, exposed.then(|| path.to_owned())))
        }
        Err(error) if error.kind() == ErrorKind::NotFound && asked.is_none() => {
            Ok((Layer::default(), None))
        }
        Err(error) => Err(wrong(&error)),
    }
}

/// Whether whoever reads it could forge a seal or open the database.
fn holds_secret(layer: &Layer) -> bool {
    let password = |url: &Option<String>| url.as_deref().is_some_and(|url| masked_url(url) != url);
    layer.secret.is_some()
        || layer.secret_previous.is_some()
        || layer.secret_next.is_some()
        || password(&layer.database_url)
        || password(&layer.database_read_url)
}

/// Whether a file or folder gives one of these rights (as in `0o077`). One that cannot be looked at
/// gives none.
pub(crate) fn gives_rights(path: &Path, rights: u32) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & rights != 0)
}

/// Reads the text of a file. The message of a failure names the place and the setting; it shows the
/// line only where that holds no secret.
fn parse(text: &str) -> Result<Layer, String> {
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(0, |before| before.matches('\n').count() + 1);
        format!("line {line}: {}", error.message())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_settings_are_refused_with_their_place() {
        let error = parse("listen = \"127.0.0.1:1\"\nlisten_on = 3\n").unwrap_err();
        assert!(
            error.starts_with("line 2: unknown field `listen_on`"),
            "{error}"
        );
    }

    #[test]
    fn a_message_does_not_repeat_the_secret() {
        let error = parse("secret = \"hunter2\" x").unwrap_err();
        assert!(error.starts_with("line 1: "), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn a_file_that_was_asked_for_has_to_be_there() {
        assert!(read(Some(Path::new("/nonexistent/loa.toml"))).is_err());
    }
}
