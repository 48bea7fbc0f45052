//! `loa openapi` and `loa docs`: what is generated from the code is printed, compared with the
//! committed file, or written there.

use std::path::Path;

use crate::cli::{Docs, Generated, Openapi};
use crate::failure::Failure;
use crate::out;

/// `loa openapi`.
///
/// # Errors
/// When the committed file differs or cannot be read or written.
pub(super) fn openapi(args: &Openapi) -> Result<(), Failure> {
    let mut text = loa_api::document()
        .to_pretty_json()
        .map_err(|error| Failure::failed(error.to_string()))?;
    text.push('\n');
    treat(&args.generated, &args.path, &text, "loa openapi --write")
}

/// `loa docs`.
///
/// # Errors
/// When a committed file differs or cannot be read or written.
pub(super) fn docs(args: &Docs) -> Result<(), Failure> {
    let pages = [
        ("workflow.md", loa_workflow::workflow_md()),
        ("permissions.md", loa_workflow::permissions_md()),
        ("status-codes.md", loa_api::status_codes_md()),
    ];
    for (name, text) in pages {
        treat(
            &args.generated,
            &args.path.join(name),
            &text,
            "loa docs --write",
        )?;
    }
    Ok(())
}

fn treat(how: &Generated, path: &Path, text: &str, remedy: &str) -> Result<(), Failure> {
    let wrong = |error: std::io::Error| Failure::failed(format!("{}: {error}", path.display()));
    if how.check {
        let committed = std::fs::read_to_string(path).map_err(wrong)?;
        return match first_difference(&committed, text) {
            None => Ok(()),
            Some(line) => Err(Failure::failed(format!(
                "{} is not what the code gives, from line {line} on; run: {remedy}",
                path.display()
            ))),
        };
    }
    if how.write {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(wrong)?;
        }
        return std::fs::write(path, text).map_err(wrong);
    }
    out::text(text);
    Ok(())
}

/// Number of the first line that differs.
fn first_difference(committed: &str, generated: &str) -> Option<usize> {
    if committed == generated {
        return None;
    }
    let same = committed
        .split_inclusive('\n')
        .zip(generated.split_inclusive('\n'))
        .take_while(|(left, right)| left == right)
        .count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_first_difference_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
        assert_eq!(first_difference("a", "a\n"), Some(1));
    }
}
