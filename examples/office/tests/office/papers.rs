//! Letters to institutions (检查通知书) and task sheets of teams (任务单), opened as those who print them do.

use crate::support::{DRAWN, Kind, Office};
use double_random_office::short;
use serde_json::Value;
use std::io::{Cursor, Read as _};

both! { papers_are_printed_one_for_each_visit_that_is_still_to_be_made }

/// The text of a .docx, paragraph by paragraph, and its XML.
fn paper(office: &Office, file: &str) -> (Vec<String>, String) {
    let mut archive = zip::ZipArchive::new(Cursor::new(std::fs::read(office.path(file)).unwrap())).unwrap();
    let mut xml = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let text = |paragraph: &str| {
        paragraph
            .split("<w:t ")
            .skip(1)
            .filter_map(|run| run.split_once('>')?.1.split_once("</w:t>"))
            .map(|t| t.0)
            .collect()
    };
    (xml.split("</w:p>").map(text).collect(), xml)
}

fn papers_are_printed_one_for_each_visit_that_is_still_to_be_made(kind: Kind) {
    let office = Office::after(kind, DRAWN);
    let record: Value = serde_json::from_slice(&office.document("record")).unwrap();
    let visits = record["teams"]["visits"].as_array().unwrap();
    office.run("notice issuer=卫生健康委员会 phone=0595-1").ok();
    // One page for each visit; each names the institution, its whole team, and asks for signatures.
    for (what, title, signed) in [
        ("letters", "双随机抽查检查通知书", "受送达人（签名、盖章）"),
        ("sheets", "双随机抽查任务单（执法监督检查表）", "检查人员（签名）"),
    ] {
        let said = office.run(&format!("export {what} --out {what}.docx --lang zh --json")).ok().json();
        assert_eq!(said["papers"].as_u64(), Some(visits.len() as u64), "{what}");
        assert_eq!(said["missing"], serde_json::json!([]), "{what}");
        let (lines, xml) = paper(&office, &format!("{what}.docx"));
        assert_eq!(lines.iter().filter(|line| *line == title).count(), visits.len());
        assert_eq!(lines.iter().filter(|line| *line == signed).count(), visits.len());
        assert_eq!(xml.matches("<w:sectPr>").count(), visits.len(), "each begins on a new sheet");
        for visit in visits {
            let unit = visit["unit"].as_str().unwrap();
            assert!(lines.iter().any(|line| line.starts_with("编号：") && line.ends_with(unit)), "{unit}");
            for officer in visit["posts"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|post| post["officers"].as_array().unwrap())
            {
                assert!(lines.iter().any(|line| *line == officer["id"].as_str().unwrap()), "{officer}");
            }
        }
    }
    // One institution, in English, for the browser; nothing to load, no script.
    let unit = visits[1]["unit"].as_str().unwrap();
    office.run(&format!("export sheets --unit {unit} --out one.html --lang en")).ok();
    let page = office.read("one.html");
    assert_eq!(page.matches("<section").count(), 1);
    assert!(
        page.contains(unit)
            && page.contains("Inspectors (signatures)")
            && page.contains("default-src 'none'")
    );
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
    office.run("export sheets --unit NO-1 --out no.docx").fails(4, "NO-1 has no visit in draw 1.1");
    office.run("export letters --out letters.csv").fails(3, ".docx or .html");
    office.run("export tasks --unit QZ-1 --out tasks.csv").fails(64, "--unit");
    // What is settled needs no sheet any more; whom a register bars since is named on it.
    office.step(DRAWN).ok();
    let said = office.run("export sheets --out rest.docx --lang zh --json").ok().json();
    assert_eq!(said["papers"].as_u64(), Some(visits.len() as u64), "the one that came instead has a sheet");
    let (lines, _) = paper(&office, "rest.docx");
    let first = visits[0]["unit"].as_str().unwrap();
    assert!(!lines.iter().any(|line| line.starts_with("编号：") && line.ends_with(&format!("-{first}"))));
    let (officer, name) =
        (visits[1]["posts"][0]["officers"][0]["id"].as_str().unwrap(), office.read("officers.csv"));
    let without: Vec<&str> = name.lines().filter(|line| !line.contains(officer)).collect();
    office.write("fewer.csv", without.join("\n"));
    office.run("import officers fewer.csv --yes --at 2023-08-24T02:00:00Z").ok();
    office.run(&format!("export sheets --unit {unit} --out barred.docx --lang zh")).ok();
    let (lines, _) = paper(&office, "barred.docx");
    assert!(
        lines.iter().any(|line| line.contains(officer) && line.contains("已调离或证件失效")),
        "{lines:?}"
    );
}

/// Letters of unannounced visits say that they are handed over when the visit begins, and so does the command.
#[test]
fn a_letter_of_an_unannounced_visit_is_handed_over_at_the_door() {
    let office = Office::deferred(Kind::Sqlite);
    (0..DRAWN).for_each(|place| drop(office.step(place).ok()));
    let said = office.run("export letters --out letters.docx --lang zh").ok();
    assert!(said.out.contains("当场送达") && said.out.contains("落款单位 留空"), "{said:?}");
    let (lines, _) = paper(&office, "letters.docx");
    assert!(
        lines.iter().any(|line| line.contains("不预先告知"))
            && lines.iter().any(|line| line.contains("＿＿＿"))
    );
}

/// What a phone reads in a picture.
fn read_code(png: &[u8]) -> String {
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
    let mut bits = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bits).unwrap();
    let side = info.width as usize;
    let light = |x: usize, y: usize| bits[y * info.line_size + x / 8] & (0x80 >> (x % 8)) != 0;
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if light(x, y) { 255 } else { 0 });
    image.detect_grids()[0].decode().unwrap().1
}

/// The letter to an institution has its receipt as codes; what they say is the receipt that the office hands out.
#[test]
fn a_letter_carries_the_receipt_of_its_institution() {
    let office = Office::after(Kind::Sqlite, DRAWN);
    let record: Value = serde_json::from_slice(&office.document("record")).unwrap();
    let unit = record["teams"]["visits"][0]["unit"].as_str().unwrap();
    office.run(&format!("export letters --unit {unit} --out one.docx --lang zh")).ok();
    office.run(&format!("export letters --unit {unit} --out one.html --lang zh")).ok();
    office.run(&format!("receipt --unit {unit} --out receipts")).ok();
    let mut archive =
        zip::ZipArchive::new(Cursor::new(std::fs::read(office.path("one.docx")).unwrap())).unwrap();
    let mut parts = Vec::new();
    for name in (1..).map(|number| format!("word/media/qr{number}.png")) {
        if archive.index_for_name(&name).is_none() {
            break;
        }
        let mut png = Vec::new();
        archive.by_name(&name).unwrap().read_to_end(&mut png).unwrap();
        parts.push(read_code(&png));
    }
    let documents = short::read(&parts.join("\n")).unwrap();
    let there = ["receipt.json", "outcome.json"]
        .map(|name| std::fs::read(office.path(&format!("receipts/{unit}/{name}"))).unwrap());
    assert_eq!(documents, there);
    assert!(
        office.read("one.html").matches("<svg").count() == parts.len()
            && paper(&office, "one.docx").1.contains("r:embed=\"rIdQ1\"")
    );
}

/// The short texts of the vectors, which another program has made, and those that are refused.
#[test]
fn short_texts_of_the_vectors_are_read_or_refused() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/short.json");
    let cases: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    for case in cases["cases"].as_array().unwrap() {
        let found = short::read(case["text"].as_str().unwrap()).ok();
        let found =
            found.map(|all| all.into_iter().map(|one| String::from_utf8(one).unwrap()).collect::<Vec<_>>());
        assert_eq!(serde_json::to_value(found).unwrap(), case["documents"], "{}", case["name"]);
    }
}

/// Every institution gets a receipt that its verifier takes; before a draw is disclosed it tells nobody that he was
/// drawn, and receipts never lie in a public folder.
#[test]
fn receipts_are_handed_out_and_announce_no_visit() {
    use double_random::receipt::{Receipt, UnitOutcome};
    use double_random::seal::Seal;
    let office = Office::deferred(Kind::Sqlite);
    (0..DRAWN).for_each(|place| drop(office.step(place).ok()));
    let said = office.run("receipt --out closed --json").ok().json();
    assert_eq!((said["receipts"].as_u64().unwrap() > 200, &said["outcomes"]), (true, &false.into()));
    let record: Value = serde_json::from_slice(&office.document("record")).unwrap();
    let unit = record["teams"]["visits"][0]["unit"].as_str().unwrap();
    let seal = Seal::from_json(&office.document("seal")).unwrap();
    let read = |file: &str| std::fs::read(office.path(file)).unwrap();
    assert!(Receipt::from_json(&read(&format!("closed/{unit}/receipt.json"))).unwrap().is_in(&seal));
    assert!(!office.path(&format!("closed/{unit}/outcome.json")).exists());
    office.run("reveal --at 2023-11-30T01:00:00Z").ok();
    office.run(&format!("receipt --unit {unit} --out open")).ok();
    let outcome = UnitOutcome::from_json(&read(&format!("open/{unit}/outcome.json"))).unwrap();
    assert_eq!(outcome.unit.as_str(), unit);
    // The short text holds the same documents; the paper shows it as codes that a phone reads. Closed, it holds no
    // outcome.
    let short = |folder: &str| short::read(&office.read(&format!("{folder}/{unit}/receipt.txt"))).unwrap();
    let files = |folder: &str, names: &[&str]| {
        names.iter().map(|name| read(&format!("{folder}/{unit}/{name}"))).collect::<Vec<_>>()
    };
    assert_eq!(short("open"), files("open", &["receipt.json", "outcome.json"]));
    assert_eq!(short("closed"), files("closed", &["receipt.json"]));
    let (text, paper) =
        (office.read(&format!("open/{unit}/receipt.txt")), office.read(&format!("open/{unit}/receipt.html")));
    assert_eq!(paper.matches("<svg").count(), text.lines().count());
    assert!(text.lines().all(|part| paper.contains(part)) && !paper.contains("<script"));
    office.run("receipt --unit NO-1 --out none").fails(4, "NO-1 is not on the frame of draw 1.1");
    let www = std::fs::read_dir(office.path("www")).unwrap().next().unwrap().unwrap().file_name();
    office.run(&format!("receipt --out www/{}/r", www.to_string_lossy())).fails(4, "published folder");
    // Nor does a path that begins deep in one.
    let inside = office.path("www").join(www).join("draws");
    for line in ["receipt --out r", "opening --out r"] {
        let mut command = office.command(line);
        command.current_dir(&inside).env("DOUBLE_RANDOM_DATABASE", office.path("office.db"));
        Office::done(&mut command).fails(4, "published folder");
        assert!(!inside.join("r").exists(), "{line}");
    }
}

/// Before a draw is disclosed an institution gets the proof of its own visit, and of nothing else; once somebody of the
/// team is replaced, the old proof is that of an earlier entry.
#[test]
fn an_opening_shows_the_visit_of_one_institution_alone() {
    use double_random::disclosure::{Opening, VisitsCommitment};
    use double_random::seal::Seal;
    let office = Office::deferred(Kind::Sqlite);
    (0..DRAWN).for_each(|place| drop(office.step(place).ok()));
    let record: Value = serde_json::from_slice(&office.document("record")).unwrap();
    let visits = record["teams"]["visits"].as_array().unwrap();
    let unit = visits[1]["unit"].as_str().unwrap();
    let seal = Seal::from_json(&office.document("seal")).unwrap();
    let opened = |folder: &str, unit: &str| -> Opening {
        let bytes = std::fs::read(office.path(&format!("{folder}/{unit}/opening.json"))).unwrap();
        assert_eq!(
            double_random::bytes::encode(&serde_json::from_slice::<Opening>(&bytes).unwrap()),
            Ok(bytes.clone())
        );
        serde_json::from_slice(&bytes).unwrap()
    };
    // What the public has: the last entry that commits to visits.
    let committed = |at: &str| -> VisitsCommitment {
        office.run(&format!("publish --out www --where https://office.example/2023 --at {at}")).ok();
        let www = std::fs::read_dir(office.path("www")).unwrap().next().unwrap().unwrap().path();
        let ledger = std::fs::read_to_string(www.join("ledger.jsonl")).unwrap();
        let lines = ledger.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let last = lines.filter_map(|line| line["entry"].get("visits").cloned()).next_back().unwrap();
        serde_json::from_value(last).unwrap()
    };
    let before = office.dump();
    office.run(&format!("opening --unit {unit} --out one")).ok();
    assert_eq!(office.dump(), before, "nothing is entered");
    let first = opened("one", unit);
    let then = committed("2023-08-24T00:30:00Z");
    assert!(first.is_in(&seal, &then) && first.visit.unit.as_str() == unit);
    // Nothing of other visits: neither an institution nor an officer of another team.
    assert_eq!(std::fs::read_dir(office.path("one")).unwrap().count(), 1);
    let text =
        office.read(&format!("one/{unit}/opening.json")) + &office.read(&format!("one/{unit}/opening.html"));
    assert!(
        visits.iter().all(|visit| visit["unit"] == *unit || !text.contains(visit["unit"].as_str().unwrap()))
    );
    // The paper and its short text say the same, and run nothing.
    let parts = office.read(&format!("one/{unit}/opening.txt"));
    let document = std::fs::read(office.path(&format!("one/{unit}/opening.json"))).unwrap();
    assert_eq!(short::read(&parts).unwrap(), [document]);
    let paper = office.read(&format!("one/{unit}/opening.html"));
    assert!(parts.lines().all(|part| paper.contains(part)) && !paper.contains("<script"));
    // All of them, each apart.
    let said = office.run("opening --out all --json").ok().json();
    assert_eq!(said["openings"].as_u64(), Some(visits.len() as u64));
    for visit in visits {
        assert!(opened("all", visit["unit"].as_str().unwrap()).is_in(&seal, &then), "{visit}");
    }
    // An officer drops out: the opening is made again, and the old one is that of the entry before.
    office.step(DRAWN + 1).ok();
    office.run(&format!("opening --unit {unit} --out again --lang zh")).ok();
    let (second, now) = (opened("again", unit), committed("2023-08-24T03:00:00Z"));
    assert!(second.is_in(&seal, &now) && !second.is_in(&seal, &then) && !first.is_in(&seal, &now));
    assert_ne!(second.visit, first.visit);
    assert!(office.read(&format!("again/{unit}/opening.html")).contains("当场开示书"));
    // Who is not visited has none, and nothing is written into a published folder.
    let frame: Value = serde_json::from_slice(&office.document("frame")).unwrap();
    let units = frame["units"].as_array().unwrap().iter().map(|unit| unit["id"].as_str().unwrap());
    let other = units.into_iter().find(|id| visits.iter().all(|visit| visit["unit"] != *id)).unwrap();
    office.run(&format!("opening --unit {other} --out none")).fails(4, "has no visit in draw 1.1");
    assert!(!office.path("none").exists());
    let www = std::fs::read_dir(office.path("www")).unwrap().next().unwrap().unwrap().file_name();
    office.run(&format!("opening --out www/{}/o", www.to_string_lossy())).fails(4, "published folder");
}
