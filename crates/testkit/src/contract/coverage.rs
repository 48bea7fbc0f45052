//! Notes which operations and statuses tests have seen, one file for each process, so that a check
//! after the run can name what none of them has.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::operations::Operation;
use crate::environment;

static FILE: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| {
    let folder = environment::coverage_folder()?;
    std::fs::create_dir_all(&folder).expect("the folder of LOA_COVERAGE_DIR");
    let path = folder.join(format!("{}.txt", std::process::id()));
    let file = OpenOptions::new().create(true).append(true).open(path);
    Some(Mutex::new(file.expect("a file in LOA_COVERAGE_DIR")))
});

/// Notes an answer as a line `operationId status`.
pub(super) fn note(operation: &Operation, status: u16) {
    if let Some(file) = &*FILE {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(file, "{} {status}", operation.id).expect("a line of coverage");
    }
}
