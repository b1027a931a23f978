//! The page of a public folder: it shows and verifies what is published in the reader's browser, without a server.
//!
//! `index.html` takes the documents beside it; `page.html` of a draw has that draw's documents inside, for a mail.
//! Both say nothing of their own, so a later version of them may stand in the place of an earlier one.

use crate::folder::{FileProblem, listed};
use double_random_support::files::{self, Failure};
use std::path::Path;

/// The page as `examples/office/page/build.mjs` makes it.
const PAGE: &str = include_str!("../page/index.html");
/// Where documents stand inside the page.
const EMPTY: &str = r#"id="documents">{}<"#;

/// Writes the page of a public folder, and one of each draw in it whose record is published. The ledger is not
/// inside: it goes on after the page is written. Returns the files, by their paths within the folder.
///
/// # Errors
///
/// If a file cannot be read or written. No half file stays.
pub fn write(folder: &Path) -> Result<Vec<String>, Failure> {
    put(&folder.join("index.html"), PAGE)?;
    let mut written = vec!["index.html".to_owned()];
    for draw in listed(&folder.join("draws"))? {
        let name = draw.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !draw.join("record.json").exists() {
            continue;
        }
        let mut documents = serde_json::Map::new();
        for path in listed(&draw)? {
            if path.extension().is_some_and(|kind| kind == "json" || kind == "csv") {
                let text = String::from_utf8(files::read(&path)?)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                documents.insert(format!("draws/{name}/{file}"), text.into());
            }
        }
        // No `<` of a document can end the element that it stands in.
        let json = serde_json::Value::from(documents).to_string().replace('<', r"\u003c");
        put(&draw.join("page.html"), &PAGE.replacen(EMPTY, &format!(r#"id="documents">{json}<"#), 1))?;
        written.push(format!("draws/{name}/page.html"));
    }
    Ok(written)
}

/// Writes a file as a whole or not at all.
fn put(path: &Path, text: &str) -> Result<(), Failure> {
    if std::fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    let part = path.with_extension("partial");
    let written = std::fs::write(&part, text).and_then(|()| std::fs::rename(&part, path));
    written.map_err(|error| {
        // What is left of it would be half a file.
        let _ = std::fs::remove_file(&part);
        format!("{}: {error}", path.display()).into()
    })
}

/// Whether a page is the one of this program, and what it has inside is what lies beside it.
///
/// # Errors
///
/// [`FileProblem::Wrong`] if a document inside is another than the file beside it, and
/// [`FileProblem::NotChecked`] if the page around the documents is another.
pub fn check(path: &Path) -> Result<(), FileProblem> {
    let wrong = |error: String| FileProblem::Wrong(error);
    let plain = |bytes: &[u8]| files::line_feeds(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes));
    let bytes = files::read(path).map_err(|error| wrong(error.to_string()))?;
    let text = String::from_utf8_lossy(&plain(&bytes)).into_owned();
    let other =
        "it is not the page of this program: take the page from the source, or from a program that you trust";
    let inside = PAGE.split_once(EMPTY).and_then(|(head, tail)| {
        text.strip_prefix(head)?.strip_prefix(r#"id="documents">"#)?.strip_suffix(tail)?.strip_suffix('<')
    });
    let Some(inside) = inside.filter(|json| !json.contains('<')) else {
        return Err(FileProblem::NotChecked(other.to_owned()));
    };
    let documents: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(inside).map_err(|error| wrong(format!("its documents: {error}")))?;
    for (name, document) in documents {
        let file = name.rsplit('/').next().unwrap_or_default();
        let beside = files::read(&path.with_file_name(file)).map_err(|_| {
            FileProblem::NotChecked(format!("it has {file} inside, which does not lie beside it"))
        })?;
        if plain(document.as_str().unwrap_or_default().as_bytes()) != plain(&beside) {
            return Err(wrong(format!("it has another {file} inside than the one beside it")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_with_another_document_inside_is_found() {
        let folder = std::env::temp_dir().join(format!("page-{}", std::process::id()));
        let draw = folder.join("draws/1.1");
        std::fs::create_dir_all(&draw).unwrap();
        std::fs::write(draw.join("record.json"), "{\"a\":\"</script><b>\"}").unwrap();
        write(&folder).unwrap();
        assert_eq!(check(&folder.join("index.html")), Ok(()));
        let page = draw.join("page.html");
        assert_eq!(check(&page), Ok(()));
        let text = std::fs::read_to_string(&page).unwrap();
        std::fs::write(&page, text.replace(r"\u003cb>", r"\u003ci>")).unwrap();
        assert!(matches!(check(&page), Err(FileProblem::Wrong(_))));
        std::fs::write(&page, text.replace("use strict", "use  strict")).unwrap();
        assert!(matches!(check(&page), Err(FileProblem::NotChecked(_))));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
