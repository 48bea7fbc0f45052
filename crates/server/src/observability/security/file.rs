//! The file of the security log, which never takes more room than it may: full files are put aside and the
//! oldest of them is deleted.
//!
//! Several processes write to it, a server and commands, and others may move it away, as logrotate does: it is
//! looked for before each line, and each line is written at once. Not for what is in it.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{ErrorKind, Result, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// How many files there are at most, with the one that is written to.
pub(super) const FILES: u64 = 8;

/// A file that is written to at its end.
pub(super) struct LogFile {
    path: PathBuf,
    most: u64,
    open: Option<Open>,
    /// Whether the last line was written in part.
    torn: bool,
}

struct Open {
    file: File,
    device: u64,
    inode: u64,
}

impl LogFile {
    /// Writes to `path`, and takes `bytes` at most with the files that were put aside.
    pub(super) fn new(path: &Path, bytes: u64) -> Self {
        Self {
            path: path.to_owned(),
            most: bytes / FILES,
            open: None,
            torn: false,
        }
    }

    /// Writes a line. Gives whether an old file had to be deleted for it.
    ///
    /// # Errors
    /// When the line is not there: no room, no rights, no folder.
    pub(super) fn write(&mut self, line: &str) -> Result<bool> {
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        let mut size = self.look()?;
        let mut deleted = false;
        if size > 0 && size.saturating_add(length) > self.most {
            deleted = self.put_aside()?;
            size = self.look()?;
        }
        let Some(open) = &mut self.open else {
            return Err(ErrorKind::NotFound.into());
        };
        let end = if self.torn && size > 0 { "\n" } else { "" };
        let written = open.file.write_all(format!("{end}{line}").as_bytes());
        self.torn = written.is_err();
        written.map(|()| deleted)
    }

    /// Opens the file unless the one that is open is still the one at the path; gives its size.
    fn look(&mut self) -> Result<u64> {
        match std::fs::metadata(&self.path) {
            Ok(found) if self.is_open(&found) => return Ok(found.len()),
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        self.open = None;
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&self.path)?;
        let found = file.metadata()?;
        self.open = Some(Open {
            file,
            device: found.dev(),
            inode: found.ino(),
        });
        Ok(found.len())
    }

    fn is_open(&self, found: &Metadata) -> bool {
        let own = self.open.as_ref();
        own.is_some_and(|own| own.device == found.dev() && own.inode == found.ino())
    }

    /// Moves each file one place on. Only one process does so at a time: the others go on with what they have
    /// and see with the next line that it was moved.
    fn put_aside(&mut self) -> Result<bool> {
        let Some(open) = &self.open else {
            return Ok(false);
        };
        if open.file.try_lock().is_err() {
            return Ok(false);
        }
        let still_there = std::fs::metadata(&self.path).is_ok_and(|found| self.is_open(&found));
        if !still_there {
            return Ok(false);
        }
        let last = FILES - 1;
        let deleted = match std::fs::remove_file(self.aside(last)) {
            Ok(()) => true,
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        for number in (1..last).rev() {
            match std::fs::rename(self.aside(number), self.aside(number + 1)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        std::fs::rename(&self.path, self.aside(1))?;
        // With it the lock goes.
        self.open = None;
        Ok(deleted)
    }

    fn aside(&self, number: u64) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{number}"));
        name.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(folder: &Path) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| {
                let path = file.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (name, std::fs::read_to_string(path).unwrap())
            })
            .collect();
        found.sort();
        found
    }

    #[test]
    fn it_takes_no_more_room_than_it_may_and_says_when_it_deletes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("security.log");
        let mut log = LogFile::new(&path, 800);
        let mut deleted = 0;
        for number in 0..200 {
            deleted += u32::from(log.write(&format!("line {number:04}\n")).unwrap());
            let size: usize = texts(folder.path())
                .iter()
                .map(|(_, text)| text.len())
                .sum();
            assert!(size <= 800, "{size}");
        }
        assert!(deleted > 0);
        let files = texts(folder.path());
        assert_eq!(files.len(), 8, "{files:?}");
        let newest = &files.first().unwrap().1;
        assert!(newest.ends_with("line 0199\n"), "{files:?}");
        let oldest = &files.last().unwrap().1;
        assert!(
            oldest.starts_with("line 01"),
            "nothing between is missing: {files:?}"
        );
        let mode = std::fs::metadata(&path).unwrap().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn it_follows_when_others_move_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("security.log");
        let (mut one, mut two) = (LogFile::new(&path, 1 << 20), LogFile::new(&path, 1 << 20));
        one.write("a\n").unwrap();
        two.write("b\n").unwrap();
        std::fs::rename(&path, folder.path().join("moved")).unwrap();
        one.write("c\n").unwrap();
        two.write("d\n").unwrap();
        let files = texts(folder.path());
        let expected = [("moved", "a\nb\n"), ("security.log", "c\nd\n")];
        assert_eq!(
            files
                .iter()
                .map(|(name, text)| (name.as_str(), text.as_str()))
                .collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn what_cannot_be_written_is_an_error_and_it_goes_on_when_it_can() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing").join("security.log");
        let mut log = LogFile::new(&path, 1 << 20);
        assert!(log.write("a\n").is_err());
        std::fs::create_dir(folder.path().join("missing")).unwrap();
        assert!(!log.write("b\n").unwrap());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "b\n");
        let mut full = LogFile::new(Path::new("/dev/full"), 1 << 20);
        assert!(full.write("a\n").is_err());
    }
}
