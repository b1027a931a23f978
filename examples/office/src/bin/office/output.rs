//! Files that a command writes where its options say.

use super::desk::refuse;
use double_random::message::{AsParam, Message, Param};
use double_random_office::disk::put_private;
use double_random_office::say;
use double_random_office::values::AnyOf;
use double_random_support::files::Failure;
use std::path::Path;

/// The ending of a file, empty if there is none.
pub fn ending(path: &Path) -> &str {
    path.extension().and_then(|ending| ending.to_str()).unwrap_or_default()
}

/// That a file of `--out` has the ending of none of these forms.
pub fn no_form(out: &Path, forms: &[&str]) -> Failure {
    form(out, forms).into()
}

/// The same as a message.
pub fn form(out: &Path, forms: &[&str]) -> Message {
    let (out, forms) = (out.display().to_string(), AnyOf(forms));
    say!("office.out.form", "--out {out}: the ending says which form, {forms}", forms, out)
}

/// Writes one file, whole or not at all. A table may be exported again over its older self.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_all([(path, bytes)])
}

/// Whether a path lies in a published folder, wherever the command runs: the path may begin in the folder.
pub fn in_published(path: &Path) -> std::io::Result<bool> {
    let whole = std::path::absolute(path)?;
    Ok(whole.ancestors().skip(1).any(|folder| folder.join("ledger.jsonl").exists()))
}

/// Writes files, each whole or not at all; none if one of them may not be written where it is wanted.
pub fn write_all<'a>(files: impl IntoIterator<Item = (&'a Path, &'a [u8])>) -> Result<(), Failure> {
    let files: Vec<(&Path, &[u8])> = files.into_iter().collect();
    for (path, _) in &files {
        if in_published(path)? {
            return refuse(say!(
                "office.out.published",
                "{path} lies in a published folder, whose files have only one content: choose another --out",
                path = path.display().to_string()
            ));
        }
    }
    for (done, (path, bytes)) in files.iter().enumerate() {
        let named = |error: std::io::Error| {
            let (path, error) = (path.display().to_string(), error.to_string());
            let written: Vec<String> =
                files[..done].iter().map(|(path, _)| path.display().to_string()).collect();
            if written.is_empty() {
                return say!("office.out.failed", "{path}: {error}; nothing was written", error, path);
            }
            let written = Param::List(written.iter().map(AsParam::param).collect());
            say!(
                "office.out.stopped",
                "{path}: {error}; this file and those after it were not written, these were: {written}",
                error,
                path,
                written
            )
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.map_or(Ok(()), std::fs::create_dir_all).map_err(named)?;
        put_private(path, bytes).map_err(named)?;
    }
    Ok(())
}
