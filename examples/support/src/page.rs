//! The public page: one file that shows and verifies published documents in the reader's browser.
//!
//! It may have documents inside, so that it shows them when it is opened from a disk, where a browser reads no file
//! beside it. It says nothing of its own, so a later one may stand in the place of an earlier one.

use std::collections::BTreeMap;

/// The page as `examples/office/page/build.mjs` makes it, without documents.
pub const PAGE: &str = include_str!("../../office/page/index.html");
/// Its name in a folder.
pub const NAME: &str = "index.html";
/// Where documents stand inside the page.
pub const OPEN: &str = r#"id="documents">"#;
/// The same without any.
pub const EMPTY: &str = r#"id="documents">{}<"#;
/// How many bytes of documents a page has inside at most; with more it has none, and its reader opens the folder.
pub const MOST: usize = 8 << 20;
/// What is for auditors, and never in a page.
const HIDDEN: [&str; 5] = ["frame.json", "roster.json", "cycle.json", "drawn.json", "index.json"];

/// Whether a file is one that the page shows or holds against the ledger.
#[must_use]
pub fn takes(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let kind = name.rsplit('.').next().unwrap_or_default();
    let shown = ["json", "jsonl", "csv", "docx", "xlsx"].contains(&kind);
    (shown && !HIDDEN.contains(&name) && !path.starts_with("receipts/"))
        || (kind == "txt" && path.contains("checkpoints/"))
}

/// A document as it stands inside a page: its text, or `{"base64": …}` of bytes that are no text.
#[must_use]
pub fn inside(bytes: &[u8]) -> serde_json::Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => serde_json::json!({ "base64": base64(bytes) }),
    }
}

/// The page with documents inside, by their paths from the folder of the page; without any if they are more than
/// [`MOST`].
#[must_use]
pub fn with(documents: &BTreeMap<String, Vec<u8>>) -> String {
    if documents.values().map(Vec::len).sum::<usize>() > MOST {
        return PAGE.to_owned();
    }
    let documents: serde_json::Map<_, _> =
        documents.iter().map(|(path, bytes)| (path.clone(), inside(bytes))).collect();
    // No `<` of a document can end the element that it stands in.
    let json = serde_json::Value::from(documents).to_string().replace('<', r"\u003c");
    PAGE.replacen(EMPTY, &format!(r#"id="documents">{json}<"#), 1)
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= three.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_base64() {
        assert_eq!(
            ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes())),
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]
        );
        assert_eq!(inside(&[0xff, 0xfe]), serde_json::json!({ "base64": "//4=" }));
    }

    #[test]
    fn no_document_ends_the_element_that_it_stands_in() {
        let page = with(&BTreeMap::from([(
            "record.json".to_owned(),
            b"</script><script>alert(1)</script>".to_vec(),
        )]));
        let inside =
            page.split_once(OPEN).and_then(|(_, rest)| rest.split_once('<')).map(|(inside, _)| inside);
        assert!(inside.is_some_and(|inside| inside.ends_with('}') && inside.contains(r"\u003c/script>")));
        let much = BTreeMap::from([("record.json".to_owned(), vec![b'a'; MOST + 1])]);
        assert_eq!(with(&much), PAGE);
    }
}
