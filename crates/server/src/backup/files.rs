//! Files and folders that are complete or not there: hashes, syncing, and the name that comes last.
//!
//! Not for what is in them.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use loa_domain::canonical::hex;
use sha2::{Digest, Sha256};

use crate::failure::Failure;

const CHUNK: usize = 1 << 16;

/// Size and SHA-256 of a file.
pub(super) fn measure(path: &Path) -> io::Result<(u64, String)> {
    pour(&mut File::open(path)?, &mut io::sink(), |_| ())
}

/// Copies everything and gives its size and SHA-256; `progress` hears the bytes so far.
pub(super) fn pour(
    from: &mut impl Read,
    to: &mut impl Write,
    mut progress: impl FnMut(u64),
) -> io::Result<(u64, String)> {
    let (mut hash, mut bytes, mut chunk) = (Sha256::new(), 0, vec![0; CHUNK]);
    loop {
        let count = match from.read(&mut chunk) {
            Ok(0) => return Ok((bytes, hex(&hash.finalize()))),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let part = chunk.get(..count).unwrap_or_default();
        hash.update(part);
        to.write_all(part)?;
        bytes += part.len() as u64;
        progress(bytes);
    }
}

/// Makes a new file that only its owner can read.
pub(super) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// Waits until a file, or what a folder lists, is on the disk.
pub(super) fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// The folder that a file or folder is in.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The same name with an ending.
pub(super) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// For `map_err`: the path goes before what went wrong.
pub(super) fn at<E: std::fmt::Display>(path: &Path) -> impl FnOnce(E) -> Failure {
    move |error| Failure::failed(format!("{}: {error}", path.display()))
}

/// A folder being filled under another name. Unless it is finished it is removed with all in it; what
/// was killed leaves it, and its name says what it is.
pub(super) struct Unfinished {
    path: PathBuf,
    folder: PathBuf,
    finished: bool,
}

impl Unfinished {
    /// Makes the folder.
    ///
    /// # Errors
    /// When either name is taken, or the folder cannot be made.
    pub(super) fn begin(folder: &Path) -> Result<Self, Failure> {
        // Slashes at the end would make another folder of the name with the ending.
        let folder: PathBuf = folder.components().collect();
        if folder.file_name().is_none() {
            let what = format!("{}: not the name of a new folder", folder.display());
            return Err(Failure::usage(what));
        }
        must_be_absent(&folder)?;
        let path = with_ending(&folder, ".unfinished");
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .map_err(|error| {
                Failure::failed(if error.kind() == ErrorKind::AlreadyExists {
                    format!(
                        "{}: another backup is being made, or one was broken off; \
                     if none is, remove it",
                        path.display()
                    )
                } else {
                    format!("{}: {error}", path.display())
                })
            })?;
        Ok(Self {
            path,
            folder,
            finished: false,
        })
    }

    /// Where a file goes.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Writes the last file, and gives the folder its name when everything is on the disk.
    ///
    /// # Errors
    /// When the disk is full or the name was taken meanwhile; nothing is left then.
    pub(super) fn finish(mut self, last: &str, text: &str) -> Result<(), Failure> {
        let path = self.file(last);
        let write = |mut file: File| {
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
        };
        create(&path).and_then(write).map_err(at(&path))?;
        sync(&self.path).map_err(at(&self.path))?;
        must_be_absent(&self.folder)?;
        std::fs::rename(&self.path, &self.folder).map_err(at(&self.folder))?;
        self.finished = true;
        let parent = parent(&self.folder);
        sync(parent).map_err(at(parent))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.finished {
            // The failure that led here is told; this one would only hide it.
            std::fs::remove_dir_all(&self.path).ok();
        }
    }
}

fn must_be_absent(path: &Path) -> Result<(), Failure> {
    match std::fs::symlink_metadata(path) {
        Ok(_) => Err(Failure::failed(format!("{} exists", path.display()))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(at(path)(error)),
    }
}
