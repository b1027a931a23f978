//! Files that a command writes where its options say.

use super::desk::refuse;
use double_random::message::Message;
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

/// Writes files, each whole or not at all; none if one of them may not be written where it is wanted.
pub fn write_all<'a>(files: impl IntoIterator<Item = (&'a Path, &'a [u8])>) -> Result<(), Failure> {
    let files: Vec<(&Path, &[u8])> = files.into_iter().collect();
    for (path, _) in &files {
        let published = path.ancestors().skip(1).any(|folder| folder.join("ledger.jsonl").exists());
        if published {
            return refuse(say!(
                "office.out.published",
                "{path} lies in a published folder, whose files have only one content: choose another --out",
                path = path.display().to_string()
            ));
        }
    }
    for (path, bytes) in files {
        let named = |error: std::io::Error| {
            let (path, error) = (path.display().to_string(), error.to_string());
            say!("office.out.failed", "{path}: {error}; nothing was written", error, path)
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.map_or(Ok(()), std::fs::create_dir_all).map_err(named)?;
        put_private(path, bytes).map_err(named)?;
    }
    Ok(())
}
