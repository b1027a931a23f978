//! JSON and published texts as people's programs save them: a byte order mark and CR LF change nothing, and
//! what is not UTF-8 is refused in words with the name of the file.

use double_random::ledger;
use double_random_office::catalogue;
use double_random_office::folder::{document, note};
use double_random_support::files::{self, line_feeds, published, text};
use double_random_support::screen::Lang;
use encoding_rs::GB18030;
use std::path::PathBuf;

/// A file of these bytes in a folder of its own.
fn saved(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

const VALUES: &str = r#"[{"source":"dice","value":"3141592653589793238462643383279502884197"}]"#;

#[test]
fn a_byte_order_mark_before_json_is_not_json() {
    let (_kept, path) = saved("beacon.json", format!("\u{feff}{VALUES}\r\n").as_bytes());
    let values: Vec<double_random::BeaconValue> = serde_json::from_str(&text(&path).unwrap()).unwrap();
    assert_eq!(values[0].source.as_str(), "dice");
    let read = |bytes: &[u8]| serde_json::from_slice::<Vec<double_random::BeaconValue>>(bytes);
    assert_eq!(document(&path, read).unwrap(), values);
}

#[test]
fn json_in_another_encoding_is_refused_with_the_name_of_its_file() {
    let utf16 =
        |text: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(order).collect() };
    let (little, big) = (u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes as fn(u16) -> [u8; 2]);
    let marked = format!("\u{feff}{VALUES}");
    let wide = [utf16(&marked, little), utf16(&marked, big), utf16(VALUES, little), utf16(VALUES, big)];
    for bytes in wide {
        let (_kept, path) = saved("values.json", &bytes);
        let error = text(&path).unwrap_err();
        let shown = error.to_string();
        assert!(shown.starts_with(&format!("{}: is UTF-16", path.display())), "{shown}");
        assert!(shown.contains("save the file as UTF-8"), "{shown}");
        let chinese = catalogue::error(error.as_ref(), Lang::Zh);
        assert_eq!(chinese, format!("{}：文件为 UTF-16 编码，请另存为 UTF-8 编码", path.display()));
    }
    let gbk = GB18030.encode(r#"{"title":"双随机抽查办法"}"#).0.into_owned();
    let (_kept, path) = saved("policy.json", &gbk);
    let shown = text(&path).unwrap_err().to_string();
    assert!(shown.starts_with(&format!("{}: is no UTF-8 text at byte 13", path.display())), "{shown}");
    assert!(shown.contains("GBK") && shown.contains("save the file as UTF-8"), "{shown}");
}

#[test]
fn line_ends_of_windows_change_nothing_in_a_published_folder() {
    assert_eq!(line_feeds(b"a\r\nb\rc\n\r\n"), b"a\nb\rc\n\n");
    let folder = tempfile::tempdir().unwrap();
    let told = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors");
    let mut seen = 0;
    let mut folders = vec![PathBuf::from(told)];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let lines = path.extension().is_some_and(|end| end == "jsonl");
            let kept = std::fs::read(&path).unwrap();
            if !lines || ledger::read(&kept).is_err() {
                continue;
            }
            seen += 1;
            let there = folder.path().join("ledger.jsonl");
            let windows = String::from_utf8(kept.clone()).unwrap().replace('\n', "\r\n");
            std::fs::write(&there, format!("\u{feff}{windows}")).unwrap();
            assert_eq!(published(&there).unwrap(), kept);
            assert_eq!(document(&there, ledger::read).unwrap(), ledger::read(&kept).unwrap());
        }
    }
    assert!(seen > 0, "no ledger among the vectors");
}

#[test]
fn a_checkpoint_with_line_ends_of_windows_is_the_checkpoint() {
    let kept = "example.org/ledger\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n";
    let (_kept, path) = saved("1.txt", kept.replace('\n', "\r\n").as_bytes());
    let parsed = double_random::note::Note::parse(kept).map(|note| note.to_string());
    assert_eq!(note(&path).map(|note| note.to_string()).ok(), parsed.ok());
    assert!(files::read(&path).unwrap().contains(&b'\r'));
}
