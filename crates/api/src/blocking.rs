//! The bridge from handlers to use cases, which wait for the database.
//!
//! A use case that waits for a server that says nothing is given up: its thread is left to it, and
//! the client is told. Not for use cases that merely take long.

use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::{pin, time};
use loa_app::{Call, Error, StoreFailure};

use crate::problem::Problem;

/// How often a use case that has not ended is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Runs a use case on a thread that may wait.
///
/// # Errors
/// The use case's own, as a problem.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Problem> {
    outcome(work).await.map_err(Problem::from)
}

/// The same, for handlers that know what to do about an error.
///
/// # Errors
/// The use case's own, and `Away` when it was given up.
#[expect(clippy::disallowed_methods, reason = "the one place that may")]
pub(crate) async fn outcome<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let span = tracing::Span::current();
    let call = Arc::new(Call::default());
    let own = Arc::clone(&call);
    let running = actix_web::web::block(move || span.in_scope(|| own.during(work)));
    pin!(running);
    loop {
        match time::timeout(LOOK, running.as_mut()).await {
            Ok(Ok(result)) => return result,
            Ok(Err(error)) => {
                return Err(Error::Internal(format!("a use case was given up: {error}")));
            }
            Err(_) if call.is_stuck() => {
                let away = StoreFailure::Away("it does not answer; given up".to_owned());
                return Err(Error::Store(away));
            }
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;

    #[actix_web::test]
    async fn a_panic_of_a_use_case_is_a_fault_of_one_request() {
        let panicked = blocking(|| -> Result<(), loa_app::Error> { panic!("a bug") }).await;
        assert_eq!(panicked.unwrap_err().code(), Code::Internal);
        assert_eq!(blocking(|| Ok(7)).await.unwrap(), 7);
    }
}
