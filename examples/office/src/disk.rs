//! What lies in a folder, and one file written as a whole.

use double_random_support::files::{self, Failure};
use std::io::{Error, Write};
use std::path::{Path, PathBuf};

/// What is in a folder, by name, ascending; nothing where there is none.
///
/// # Errors
/// The folder cannot be read.
pub fn listed(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let read = files::about(&folder.display().to_string(), std::fs::read_dir(folder))?;
    let mut paths = read.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, Failure>>()?;
    paths.sort();
    Ok(paths)
}

/// The name of a file without its folder.
#[must_use]
pub fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A text without the mark before it, and with lines ended by LF: what other programs change in a text that
/// they save.
#[must_use]
pub fn plain(bytes: &[u8]) -> Vec<u8> {
    files::line_feeds(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes))
}

/// Writes a file in the place of what is there. A reader sees the old file or the new one, also after the
/// power has failed. The same bytes are not written again.
///
/// # Errors
/// The file cannot be written; the old one stays then.
pub fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if std::fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let file = temporary(path, bytes).and_then(|file| {
        // A temporary file is for its owner alone; what is published is for everybody.
        #[cfg(unix)]
        std::fs::set_permissions(file.path(), std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
        file.persist(path).map_err(Error::from)
    });
    file.map(drop).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Writes a file whole or not at all, for its owner alone: what an office exports holds names and ids.
///
/// # Errors
/// The file cannot be written; an old one stays then.
pub fn put_private(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    temporary(path, bytes)?.persist(path)?;
    Ok(())
}

/// The bytes on the disk, beside the place where they are wanted.
fn temporary(path: &Path, bytes: &[u8]) -> Result<tempfile::NamedTempFile, Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or_else(|| Path::new(".")))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}
