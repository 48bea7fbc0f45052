//! The bridge from handlers to use cases, which wait for the database.

use crate::problem::{Code, Problem};

/// Runs a use case on a thread that may wait.
///
/// # Errors
/// The use case's own, as a problem.
#[expect(clippy::disallowed_methods, reason = "the one place that may")]
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, loa_app::Error> + Send + 'static,
) -> Result<T, Problem> {
    let span = tracing::Span::current();
    match actix_web::web::block(move || span.in_scope(work)).await {
        Ok(result) => result.map_err(Problem::from),
        Err(error) => {
            tracing::error!(%error, "a use case was given up");
            Err(Problem::new(Code::Internal))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_panic_of_a_use_case_is_a_fault_of_one_request() {
        let panicked = blocking(|| -> Result<(), loa_app::Error> { panic!("a bug") }).await;
        assert_eq!(panicked.unwrap_err().code(), Code::Internal);
        assert_eq!(blocking(|| Ok(7)).await.unwrap(), 7);
    }
}
