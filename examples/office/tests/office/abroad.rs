//! A food office abroad: its own areas, no credit codes, no levels of credit, one sanitarian a visit. Its year runs from
//! registers in English to what a stranger verifies.

use crate::support::{Kind, Office, root};
use serde_json::Value;
use std::process::Command;

const WARDS: [&str; 5] = ["Harrow Ward 1", "Harrow Ward 2", "HW3", "Ashford Township", "bayport"];
const KINDS: [&str; 4] = ["Restaurant", "Grocery store", "School kitchen", "Mobile food unit"];
const RISKS: [&str; 3] = ["Risk 1 (High)", "Risk 2 (Medium)", "Risk 3 (Low)"];

/// A workbook as a clerk keeps it, names where there are names.
fn establishments() -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let heading = ["Permit number", "Establishment", "Facility type", "Ward", "Risk level", "Opened"];
    for (column, text) in (0..).zip(heading) {
        sheet.write_string(0, column, text).unwrap();
    }
    for n in 0..60_u32 {
        let pick = |list: &[&str], k: u32| list[usize::try_from(k).unwrap() % list.len()].to_owned();
        let row = [
            format!("R{}", 1000 + n),
            format!("Establishment {n}"),
            pick(&KINDS, n / 5),
            pick(&WARDS, n),
            pick(&RISKS, n / 3),
            "2019-05-01".to_owned(),
        ];
        for (column, cell) in (0..).zip(row) {
            sheet.write_string(n + 1, column, cell).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

const SANITARIANS: &str = "registration,name,department,areas,certified until\n\
    RS-101,A. Adams,Food Protection Division,City of Harrow,2028-12-31\n\
    RS-102,B. Brown,food,harrow,2028-12-31\n\
    RS-103,C. Clark,food,Harrow Ward 1;Harrow Ward 2,2028-12-31\n\
    RS-104,D. Davis,food,Townships,2028-12-31\n\
    RS-105,E. Evans,food,Ashford Township;Bayport Township,2028-12-31\n";

/// The office with its rules and registers.
fn opened() -> Office {
    let office = Office::nothing(Kind::Sqlite);
    office.rehearse();
    for name in ["food-us.json", "food-us-2026.json"] {
        std::fs::copy(root().join("examples/rules").join(name), office.path(name)).unwrap();
    }
    office.write("secret.txt", "6b".repeat(32));
    office.write("establishments.xlsx", establishments());
    office.write("sanitarians.csv", SANITARIANS);
    let init = "init --pack food-us.json --programme food-us-2026.json --salt-key key.txt --lang en";
    office.run(&format!("{init} --at 2026-01-05T15:00:00Z")).ok();
    office
}

fn registers(office: &Office) {
    office.run("import units establishments.xlsx --yes --lang en --at 2026-01-06T15:00:00Z").ok();
    office.run("import officers sanitarians.csv --yes --lang en --at 2026-01-06T15:01:00Z").ok();
}

/// One half of the year: the day of plan, seal, dice, results and disclosure, and what the dice showed.
fn half(office: &Office, days: [&str; 4], faces: &str) {
    let [planned, sealed, dice, visited] = days;
    let run = |line: &str| office.run(&format!("{line} --lang en")).ok();
    let place = "--where https://health.linden.example/2026";
    run(&format!("plan --task routine --adopt --approved-by director --at {planned}T15:00:00Z"));
    run(&format!("seal --task routine --salt-key key.txt --secret secret.txt --at {sealed}T15:00:00Z"));
    run(&format!("publish --out www {place} --at {sealed}T16:00:00Z"));
    run(&format!("beacon --task routine --value dice={faces} --at {dice}T16:10:00Z"));
    run(&format!("draw --task routine --at {dice}T16:20:00Z"));
    run("export tasks --task routine --out list.csv");
    let mut drawn: Vec<String> = office
        .read("list.csv")
        .lines()
        .skip(1)
        .filter_map(|l| Some(l.split(',').next()?.to_owned()))
        .collect();
    drawn.dedup();
    let result = |(n, id): (usize, &String)| {
        let result = ["Pass", "Pass with conditions", "Pass", "Fail"][n % 4];
        format!("{id},{visited},{result}\n")
    };
    let rows: String = drawn.iter().enumerate().map(result).collect();
    office.write("results.csv", format!("unit,date,result\n{rows}"));
    run(&format!("result results.csv --task routine --at {visited}T20:00:00Z"));
    run(&format!("reveal --task routine --at {visited}T21:00:00Z"));
    run(&format!("publish --out www {place} --at {visited}T22:00:00Z"));
}

/// What the dice showed in either half.
pub(crate) const FACES: [&str; 2] =
    ["7308264915503827164095382617940263518842", "4190537728816402953761840295573016482937"];

/// The office after its year, with a checkpoint that somebody kept.
pub(crate) fn year() -> Office {
    let office = opened();
    registers(&office);
    office.run("check --lang en").ok();
    half(&office, ["2026-01-12", "2026-01-13", "2026-01-14", "2026-05-20"], FACES[0]);
    half(&office, ["2026-07-06", "2026-07-07", "2026-07-08", "2026-11-20"], FACES[1]);
    office.run("witness --task routine --out kept.txt --at 2026-11-21T15:00:00Z").ok();
    office
}

#[test]
fn a_food_office_abroad_has_its_year() {
    let office = year();
    // Areas have the names that the list of divisions gives them.
    let status = office.run("status --lang en --at 2026-11-21T15:30:00Z").ok().out;
    assert!(status.contains("City of Harrow") && !status.contains("  harrow"), "{status}");
    office.run("publish --auditor --out auditor --at 2026-11-21T16:00:00Z").ok();

    // Every visit has one sanitarian of the city or of the townships, as the establishment lies.
    let record: Value = serde_json::from_str(&office.read("www/2026-routine/draws/1.1/record.json")).unwrap();
    let visits = record["teams"]["visits"].as_array().unwrap();
    assert!(visits.len() > 15);
    for visit in visits {
        let officers = visit["posts"][0]["officers"].as_array().unwrap();
        assert_eq!(officers.len(), 1, "{visit}");
        let in_town = ["RS-104", "RS-105"].contains(&officers[0]["id"].as_str().unwrap());
        let number: u32 = visit["unit"].as_str().unwrap()[1..].parse().unwrap();
        assert_eq!(in_town, number % 5 > 2, "{visit}");
    }
    let alone = record["policy"]["team"]["alone"].as_str().unwrap();
    assert_eq!(alone, "Linden County Code ch. 12: 12-43: a registered sanitarian inspects alone");
    // Risk 1 twice a year: every such establishment was drawn in both halves.
    let drawn = |n: u64| {
        let record: Value =
            serde_json::from_str(&office.read(&format!("www/2026-routine/draws/{n}.1/record.json"))).unwrap();
        let of_visits = record["teams"]["visits"].as_array().unwrap().clone();
        of_visits.iter().map(|visit| visit["unit"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (first, second) = (drawn(1), drawn(2));
    for n in (0..60).filter(|n| n / 3 % 3 == 0) {
        let id = format!("R{}", 1000 + n);
        assert!(first.contains(&id) && second.contains(&id), "{id}");
    }
    // What is published shows names and codes of areas, and nothing Chinese that the rules did not say: their title is
    // English, so are the tables.
    let mut tables = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(office.path("www/2026-routine/draws/1.1")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "csv") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            tables.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
    assert!(tables["sample.csv"].contains("Harrow Ward 1 HW1"), "{tables:?}");
    for (name, text) in &tables {
        assert!(!text.contains(|c: char| ('\u{3400}'..='\u{9fff}').contains(&c)), "{name}: {text}");
    }
    assert!(tables.len() >= 3, "{:?}", tables.keys());

    // A stranger verifies; so does the second implementation, where there is a Python.
    let noted = office.noted("www/2026-routine");
    for folder in ["www/2026-routine", "auditor/2026-routine"] {
        office.run(&format!("verify {folder} --checkpoint kept.txt {} --lang en", noted.join(" "))).ok();
    }
    let ledger = root().join("tests/reference/ledger.py");
    for (folder, more) in [("www/2026-routine", "kept.txt"), ("auditor/2026-routine", "kept.txt")] {
        let mut python = Command::new("python3");
        python.arg(&ledger).arg(office.path(folder)).arg("--checkpoint").arg(office.path(more));
        python.args(&noted).current_dir(office.path("."));
        if let Ok(output) = python.output() {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert_eq!(output.status.code(), Some(0), "{folder}\n{text}");
        }
    }
}

#[test]
fn what_is_wrong_in_a_register_abroad_is_said_in_words() {
    let office = opened();
    let units = "Permit number,Establishment,Facility type,Ward,Risk level\n\
        FP-1,One,Restaurant,Harrow Ward 9,Risk 1 (High)\nFP-2,Two,Restaurant,110101,Risk 1 (High)\n\
        FP-3,Three,Restaurant,Harrow Ward 1,Risk 1 (High)\n";
    office.write("units.csv", units);
    let out = office.run("import units units.csv --yes --lang en --at 2026-01-06T15:00:00Z");
    let said = format!("{}{}", out.out, out.err);
    assert_ne!(out.status, Some(0));
    assert!(said.contains("Harrow Ward 9") && said.contains("110101"), "{said}");
    let officers = "registration,name,department,areas,certified until\nRS-1,A,food,350500,2028-12-31\n";
    office.write("officers.csv", officers);
    let out = office.run("import officers officers.csv --yes --lang en --at 2026-01-06T15:00:00Z");
    let said = format!("{}{}", out.out, out.err);
    assert!(said.contains("is not among the policy's frame.divisions"), "{said}");
}

/// Which ids a register has is a rule of the pack. Without it an id needs the form of China's registers, and the refusal
/// says so; with it the numbers of the place are ids everywhere, also where they are digits in a cell of numbers.
#[test]
fn ids_are_plain_where_the_pack_says_so() {
    let office = opened();
    let units = "Permit number,Establishment,Facility type,Ward,Risk level\n\
        R1042,One,Restaurant,Harrow Ward 1,Risk 1 (High)\n10043,Two,Restaurant,HW2,Risk 1 (High)\n";
    office.write("units.csv", units);
    office.write("sanitarians.csv", SANITARIANS);
    let run = |line: &str| office.run(&format!("{line} --yes --lang en --at 2026-01-06T15:00:00Z"));
    run("import units units.csv").ok();
    run("import officers sanitarians.csv").ok();
    office.write(
        "kin.csv",
        "registration,permit number,ground,basis\nRS-101,R1042,statutory,brother of the owner\n",
    );
    run("import recusals kin.csv").ok();
    // The headings of a register mean the same in tables about its rows.
    office.write(
        "complaints.csv",
        "date,permit number,signal,count,source,entry\n2026-01-05,10043,Illness complaints,1,line,noted\n",
    );
    run("import entries complaints.csv").ok();
    assert!(office.run("export units --lang en --out stored.csv").ok().status == Some(0));
    assert!(office.read("stored.csv").contains("10043"), "{}", office.read("stored.csv"));
    let explained =
        office.run("plan --task routine --explain R1042 --lang en --at 2026-01-06T16:00:00Z").ok();
    assert!(explained.out.contains("R1042"), "{explained:?}");

    // The same pack without the rule.
    let other = Office::nothing(Kind::Sqlite);
    other.rehearse();
    let pack = std::fs::read_to_string(root().join("examples/rules/food-us.json")).unwrap();
    other.write("food-us.json", pack.replace("  \"ids\": \"plain\",\n", ""));
    std::fs::copy(root().join("examples/rules/food-us-2026.json"), other.path("food-us-2026.json")).unwrap();
    let init = "init --pack food-us.json --programme food-us-2026.json --lang en --at 2026-01-05T15:00:00Z";
    other.run(init).ok();
    other.write("units.csv", units);
    let import = "import units units.csv --yes --at 2026-01-06T15:00:00Z --lang";
    let out = other.run(&format!("{import} en")).fails(3, "is no credit code");
    assert!(out.err.contains("R1042") && out.err.contains("says so in its pack (ids: plain)"), "{out:?}");
    other.run(&format!("{import} zh")).fails(3, "由规则包写明 ids: plain");
}
