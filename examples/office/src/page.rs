//! The page of a public folder: it shows and verifies what is published in the reader's browser, without a server.
//!
//! `index.html` takes the documents beside it; `page.html` of a draw has that draw's documents inside, for a mail.
//! Both say nothing of their own, so a later version of them may stand in the place of an earlier one.

use crate::disk::{listed, name, plain, put};
use crate::problem::FileProblem;
use double_random_support::files::{self, Failure};
use std::path::Path;

/// The page as `examples/office/page/build.mjs` makes it.
const PAGE: &str = include_str!("../page/index.html");
/// Where documents stand inside the page.
const OPEN: &str = r#"id="documents">"#;
/// The same without any.
const EMPTY: &str = r#"id="documents">{}<"#;

/// Writes the page of a public folder, and one of each draw in it whose record is published. The ledger is not
/// inside: it goes on after the page is written. Returns the files, by their paths within the folder.
///
/// # Errors
///
/// If a file cannot be read or written. No half file stays.
pub fn write(folder: &Path) -> Result<Vec<String>, Failure> {
    put(&folder.join("index.html"), PAGE.as_bytes())?;
    let mut written = vec!["index.html".to_owned()];
    for draw in listed(&folder.join("draws"))? {
        let of = name(&draw);
        if !draw.join("record.json").exists() {
            continue;
        }
        let mut documents = serde_json::Map::new();
        for path in listed(&draw)? {
            if path.extension().is_some_and(|kind| kind == "json" || kind == "csv") {
                let text = String::from_utf8(files::read(&path)?)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                documents.insert(format!("draws/{of}/{}", name(&path)), text.into());
            }
        }
        // No `<` of a document can end the element that it stands in.
        let json = serde_json::Value::from(documents).to_string().replace('<', r"\u003c");
        let page = PAGE.replacen(EMPTY, &format!(r#"id="documents">{json}<"#), 1);
        put(&draw.join("page.html"), page.as_bytes())?;
        written.push(format!("draws/{of}/page.html"));
    }
    Ok(written)
}

/// Whether what a page has inside is what lies beside it, and the page is the one of this program.
///
/// # Errors
///
/// [`FileProblem::Wrong`] if a document inside is another than the file beside it, and
/// [`FileProblem::OtherPage`] if the page around the documents is another.
pub fn check(path: &Path) -> Result<(), FileProblem> {
    let wrong = |error: String| FileProblem::Wrong(error);
    let bytes = files::read(path).map_err(|error| wrong(error.to_string()))?;
    let text = String::from_utf8_lossy(&plain(&bytes)).into_owned();
    let other =
        "it is not the page of this program: take the page from the source, or from a program that you trust";
    let other = || FileProblem::OtherPage(other.to_owned());
    let (head, rest) = text.split_once(OPEN).ok_or_else(other)?;
    let (inside, tail) = rest.split_once('<').ok_or_else(other)?;
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
    if PAGE.split_once(EMPTY) == Some((head, tail)) { Ok(()) } else { Err(other()) }
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
        assert!(matches!(check(&page), Err(FileProblem::OtherPage(_))));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
