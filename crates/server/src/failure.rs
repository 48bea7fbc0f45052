//! Why a command ends badly, in words for the person who ran it, and the exit code for scripts.

use std::process::ExitCode;

/// Why a command ends badly.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Wrong arguments or settings; nothing was tried. Exit code 2.
    #[error("{0}")]
    Usage(String),
    /// It was tried and failed. Exit code 1.
    #[error("{0}")]
    Failed(String),
}

impl Failure {
    /// Wrong arguments or settings.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    /// It was tried and failed.
    pub(crate) fn failed(text: impl Into<String>) -> Self {
        Self::Failed(text.into())
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Usage(_) => ExitCode::from(2),
            Failure::Failed(_) => ExitCode::from(1),
        }
    }
}

impl From<loa_store::Error> for Failure {
    fn from(error: loa_store::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<loa_app::Error> for Failure {
    fn from(error: loa_app::Error) -> Self {
        let loa_app::Error::Invalid(fields) = error else {
            return Self::Failed(error.to_string());
        };
        let named: Vec<String> = fields
            .iter()
            .map(|field| {
                let name = field.pointer.trim_start_matches('/');
                format!("{name} is refused ({}): {}", field.code, field.detail)
            })
            .collect();
        Self::Failed(named.join("; "))
    }
}
