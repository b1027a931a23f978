//! The demonstrations as their users run them: commands, files, exit statuses.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

use double_random::seal::Seal;
use double_random::{Cycle, Evidence, Frame, Record, Roster, Verdict, verify};
use double_random_support::latin::foreign;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn program(name: &str) -> Command {
    let path = match name {
        "audit" => env!("CARGO_BIN_EXE_audit"),
        "figures" => env!("CARGO_BIN_EXE_figures"),
        "five_cities" => env!("CARGO_BIN_EXE_five_cities"),
        "ledger" => env!("CARGO_BIN_EXE_ledger"),
        "national" => env!("CARGO_BIN_EXE_national"),
        "province" => env!("CARGO_BIN_EXE_province"),
        "slack" => env!("CARGO_BIN_EXE_slack"),
        "year" => env!("CARGO_BIN_EXE_year"),
        name => panic!("no program {name}"),
    };
    let mut command = Command::new(path);
    command.current_dir(root()).env_remove("LANG");
    command
}

fn run(name: &str, args: &[&str]) -> Output {
    program(name).args(args).output().unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A province draws, nine cities draw who goes: every round is confirmed level by level, and a city that is late is named.
#[test]
fn a_province_is_verified_level_by_level() {
    let output = run("province", &["--lang", "en"]);
    let printed = text(&output.stdout);
    assert_eq!(status(&output), 0, "{printed}{}", text(&output.stderr));
    let late = "round 3: self-consistent while 南平市 350700 has not drawn who goes to its 7";
    assert!(printed.contains(late), "{printed}");
    assert_eq!(
        printed.matches("9 cities draw who goes (8 with a roster fixed before): confirmed").count(),
        4
    );
    assert!(printed.contains("36 of 36 went in unchanged"), "{printed}");
    assert!(printed.ends_with("the years of both levels agree: true\n"), "{printed}");
}

/// Names of programs, cities, sources, generators, columns and what is typed as it stands; codes of levels and tasks.
const KNOWN: &[&str] = &[
    "high",
    "medium",
    "low",
    "levels",
    "grading",
    "ungraded",
    "quality",
    "tableware",
    "year",
    "province",
    "five",
    "cities",
    "five_cities",
    "figures",
    "slack",
    "national",
    "audit",
    "list",
    "power",
    "ledger",
    "demo",
    "verify",
    "receipt",
    "absence",
    "en",
    "zh",
    "songjiang",
    "yancheng",
    "hangzhou",
    "suzhou",
    "quanzhou",
    "fujian",
    "dice",
    "dice-notary",
    "drand",
    "drand-quicknet",
    "id",
    "drawn",
    "district",
    "cell",
    "key",
    "officers",
    "outcome",
    "MiB",
    "SQLite",
    "Excel",
    "random",
    "sample",
    "java",
    "Python",
    "Microsoft",
    "glibc",
    "rand",
    "Node",
    "KEY",
    "director",
    "clerk",
    "scjg",
    "beijing",
    "no-such-command",
    "maybe",
    "picked",
    "medical",
    "hospital-medium",
    "public-health",
    "joint-hospital",
    "dishonest",
    "dishonesty",
    "serious",
    "serious-record",
    "recheck-due",
    "joint-water",
    "duty",
    "school-place",
    "publicity",
    "radiology",
    "FILE",
    "FILES",
    "COMMAND",
    "OPTIONS",
    "PACK",
    "PROGRAMME",
];

/// What a program said with `--lang zh` that is not Chinese.
fn left_in_english(said: &Output) -> Vec<String> {
    let all = text(&said.stdout) + &text(&said.stderr);
    // The names of fields stand in the reason.
    let lines = all.lines().filter(|line| !line.contains("这个字段"));
    let found = lines.map(|line| (foreign(line, KNOWN), line));
    found.filter(|(words, _)| !words.is_empty()).map(|(words, line)| format!("{words:?}: {line}")).collect()
}

/// Every line is Chinese with `--lang zh`: help, what is done, what is refused, and why a check failed.
#[test]
fn everything_is_told_in_chinese() {
    let folder = tempfile::tempdir().unwrap();
    let path = |file: &str| folder.path().join(file).to_str().unwrap().to_owned();
    let mut english = Vec::new();
    let mut told = |name: &str, args: &[&str], ends: i32| {
        let output = run(name, &[args, &["--lang", "zh"]].concat());
        let all = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(status(&output), ends, "{name} {args:?}: {all}");
        english.extend(left_in_english(&output).iter().map(|line| format!("{name} {args:?}\n    {line}")));
        all
    };
    for name in ["year", "province", "five_cities", "figures", "slack", "national", "audit", "ledger"] {
        told(name, &["--help"], 0);
        told(name, &["--no-such-option"], 64);
    }
    for (name, command) in [
        ("audit", "list"),
        ("audit", "power"),
        ("ledger", "demo"),
        ("ledger", "verify"),
        ("ledger", "receipt"),
        ("ledger", "absence"),
    ] {
        told(name, &[command, "--help"], 0);
    }
    let out = path("ledger");
    assert!(told("ledger", &["demo", "--out", &out], 0).contains("核验通过"));
    told("ledger", &["verify", &out], 2);
    let inside = |file: &str| folder.path().join("ledger").join(file).to_str().unwrap().to_owned();
    let (seal, record, beacon) =
        (inside("draws/1.1/seal.json"), inside("draws/1.1/record.json"), inside("draws/1.1/beacon.json"));
    let published = ["--seal", &seal, "--record", &record, "--beacon", &beacon];
    let unit = fs::read_dir(inside("receipts"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.is_dir());
    let unit = unit.unwrap();
    let (receipt, edited) = (unit.join("receipt.json"), unit.join("edited.json"));
    let text_of = fs::read_to_string(&receipt).unwrap();
    fs::write(&edited, text_of.replace("\"risk\":\"", "\"risk\":\"x")).unwrap();
    let (receipt, edited) = (receipt.to_str().unwrap(), edited.to_str().unwrap());
    assert!(told("ledger", &[&["receipt", receipt], &published[..]].concat(), 0).contains("已经证明："));
    told("ledger", &["receipt", receipt], 2);
    let refuted = told("ledger", &[&["receipt", edited], &published[..]].concat(), 1);
    assert!(refuted.contains("不通过  ") && refuted.contains("应为"), "{refuted}");
    told("ledger", &["receipt", &seal, "--seal", &seal], 3);
    told("ledger", &["absence", &inside("receipts/absence.json"), "--seal", &seal], 0);
    let lines = fs::read_to_string(inside("ledger.jsonl")).unwrap();
    let without: Vec<&str> =
        lines.lines().enumerate().filter(|(n, _)| *n != 4).map(|(_, line)| line).collect();
    fs::write(inside("ledger.jsonl"), without.join("\n") + "\n").unwrap();
    assert!(told("ledger", &["verify", &out], 1).contains("不通过  "));
    told("ledger", &["verify", "no/such/folder"], 3);
    told("ledger", &["no-such-command"], 64);
    told("ledger", &["verify"], 64);
    told("year", &["--shares", "0.5,0.5"], 3);
    told("year", &["--shares", "much"], 3);
    told("province", &["--report"], 0);
    let cities = path("cities");
    told("five_cities", &["--city", "songjiang", "--explain", "SJ-0001", "--quiet", "--out", &cities], 0);
    told("five_cities", &["--city", "beijing"], 64);
    let rules = |name: &str| root().join("examples/rules").join(name).to_str().unwrap().to_owned();
    told("five_cities", &["--check", &rules("suzhou.json"), &rules("suzhou-2026.json")], 0);
    told("five_cities", &["--check", &rules("quanzhou.json"), &rules("suzhou-2026.json")], 3);
    let wrong = path("wrong.json");
    let pack = fs::read_to_string(rules("suzhou.json")).unwrap();
    fs::write(&wrong, pack.replace("\"minimum\": \"0.2\"", "\"minimum\": \"1.2\"")).unwrap();
    told("five_cities", &["--check", &wrong], 3);
    told("figures", &["--runs", "1"], 0);
    told("slack", &["--units", "240", "--rounds", "4", "--years", "1", "--slack", "1"], 0);
    told("slack", &["--slack", "much", "--units", "240"], 3);
    told("national", &["--units", "400", "--officers", "100", "--compare"], 0);
    told("national", &["--units", "400", "--no-teams", "--parts", "3"], 0);
    told("national", &["--rate", "much"], 3);
    for (name, content) in [
        ("a.csv", "id,drawn\na,maybe\n"),
        ("b.csv", "id,drawn\na,1\na,1\n"),
        ("c.csv", "id,picked\na,1\n"),
        ("d.csv", "id\na\n"),
        ("e.csv", "id,drawn\n,1\n"),
    ] {
        fs::write(path(name), content).unwrap();
        told("audit", &["list", &path(name)], 3);
    }
    told("audit", &["list", &path("none.csv")], 3);
    told("audit", &["list", &path("a.csv"), "--day", "soon"], 3);
    assert!(english.is_empty(), "{}", english.join("\n"));
}

/// The verdict on the folder of a draw, with everything that an auditor gets.
fn verdict(folder: &Path) -> Verdict {
    let file = |name: &str| fs::read(folder.join(name)).unwrap();
    let record = Record::from_json(&file("public/record.json")).unwrap();
    let evidence = Evidence {
        seal: Some(Seal::from_json(&file("public/seal.json")).unwrap()),
        beacon: Some(serde_json::from_slice(&file("public/beacon.json")).unwrap()),
        frame: Some(Frame::from_json(&file("auditor/frame.json")).unwrap()),
        roster: Some(Roster::from_json(&file("auditor/roster.json")).unwrap()),
        cycle: Some(Cycle::from_json(&file("auditor/cycle.json")).unwrap()),
        registers: None,
    };
    verify(&record, &evidence).verdict()
}

/// A year of the nine cities: every draw confirmed, every floor reached, the same bytes again, and a picture
/// with every city.
#[test]
fn the_year_runs_and_its_events_give_its_state() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let output = run("year", &["--out", out, "--lang", "en"]);
    let printed = text(&output.stdout);
    assert_eq!(status(&output), 0, "{printed}{}", text(&output.stderr));
    assert!(printed.ends_with("confirmed: 5 draws, every floor reached: true\n"), "{printed}");
    let svg = fs::read_to_string(folder.path().join("year.svg")).unwrap();
    for city in ["福州市", "厦门市", "莆田市", "三明市", "泉州市", "漳州市", "南平市", "龙岩市", "宁德市"]
    {
        assert!(svg.contains(city) && printed.contains(city), "{city}");
    }
    let events = fs::read_to_string(folder.path().join("events.jsonl")).unwrap();
    let events: Vec<double_random::cycle::Event> =
        events.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let state =
        double_random::Cycle::from_json(&fs::read(folder.path().join("cycle.json")).unwrap()).unwrap().0;
    assert_eq!(double_random::Cycle::replay(&events).unwrap(), state);
    // Round 3 was sealed over the state that its cycle file holds; the second attempt of round 2 names the
    // first as its predecessor.
    let file = |path: &str| folder.path().join(path).to_str().unwrap().to_owned();
    for round in ["round-2", "round-2-attempt-2", "round-4"] {
        assert_eq!(verdict(&folder.path().join(round)), Verdict::Confirmed, "{round}");
    }
    let listed = fs::read_to_string(folder.path().join("README.txt")).unwrap();
    for name in ["round-4/", "events.jsonl", "cycle.json", "coverage.csv", "year.svg"] {
        assert!(listed.contains(name) && printed.contains(name), "{name}");
    }
    let seal: serde_json::Value =
        serde_json::from_slice(&fs::read(file("round-2-attempt-2/public/seal.json")).unwrap()).unwrap();
    let before: serde_json::Value =
        serde_json::from_slice(&fs::read(file("round-2/public/record.json")).unwrap()).unwrap();
    assert_eq!((&seal["previous"], &seal["attempt"]), (&before["digest"], &serde_json::json!(2)));
    assert_eq!(status(&run("year", &["--out", out, "--quiet"])), 0, "the same bytes again");
    assert_eq!(
        status(&run("year", &["--out", out, "--quiet", "--salt", "1"])),
        3,
        "other bytes never overwrite"
    );
    assert_eq!(status(&run("year", &["--shares", "0.5,0.5"])), 3);
    let output = run("year", &["--study", "2", "--lang", "zh"]);
    assert!(status(&output) == 0 && text(&output.stdout).contains("三年内必查"));
}

/// The dial of slack on a small city: the timetable is foreseen, slack is not, no floor is missed, in both languages.
#[test]
fn slack_takes_the_timetable_out_of_a_constructed_city() {
    let args = ["--units", "480", "--rounds", "4", "--years", "1", "--slack", "0", "--slack", "2.5"];
    let output = run("slack", &[&args[..], &["--lang", "en"]].concat());
    let printed = text(&output.stdout);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    // Rounds, visits due, slack, mean, foresight, certain.
    let rows: Vec<Vec<&str>> = printed.lines().map(|line| line.split_whitespace().collect()).collect();
    let foresight = |due: &str, slack: &str| -> f64 {
        let row = rows.iter().find(|row| row.get(1) == Some(&due) && row.get(2) == Some(&slack)).unwrap();
        row[4].parse().unwrap()
    };
    assert!(foresight("2", "0") > 1.9 && foresight("2", "2.5") < 1.25, "{printed}");
    assert!(foresight("1", "0") > 1.9 && foresight("1", "2.5") < 1.4, "{printed}");
    assert_eq!(printed.matches(" 0 floors missed").count(), 2, "{printed}");
    let chinese = text(&run("slack", &[&args[..], &["--lang", "zh"]].concat()).stdout);
    assert!(chinese.contains("可预见程度") && chinese.contains("未达下限 0 处"), "{chinese}");
}

/// The blocks of text that a README shows below a command with this in it: what the command prints.
fn shown(readme: &str, command: &str) -> Vec<String> {
    let mut owner = String::new();
    let mut found = Vec::new();
    for (kind, text) in readme.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')) {
        match kind {
            "sh" => text.clone_into(&mut owner),
            "text" if owner.contains(command) => found.push(text.to_owned()),
            _ => {}
        }
    }
    found
}

/// The page on slack shows what the program prints, of the constructed city and of the shipped ones. As shipped,
/// an outsider guesses no level that is due a visit a year and more a quarter better than chance, but in tasks
/// that a pack makes strict; no floor is missed anywhere.
#[test]
fn the_page_on_slack_shows_the_cities_of_the_program() {
    for (lang, page) in [("en", "docs/slack.md"), ("zh", "docs/slack.zh-CN.md")] {
        let page = fs::read_to_string(root().join(page)).unwrap();
        let printed = [&["--lang", lang][..], &["--cities", "--lang", lang]];
        let printed = printed.map(|args| text(&run("slack", args).stdout));
        assert_eq!(shown(&page, "--bin slack"), printed, "{lang}");
        assert!(!printed[1].contains("floors missed") && !printed[1].contains("未达下限"), "{lang}");
        let mut task = "";
        for line in printed[1].lines().skip(1) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[1] {
                "shipped" | "本规则" => {
                    let strict = task.contains("quanzhou grading") || task.contains("quanzhou joint-water");
                    // Rounds, slack, visits, their range, reached, %, foresight.
                    let foresight: f64 = words[6].replace('–', "1").parse().unwrap();
                    assert_eq!(foresight > 1.25, strict, "{task}: {line}");
                }
                _ if words[0].parse::<u64>().is_err() => task = line,
                _ => {}
            }
        }
    }
}

/// The figures that the papers show of the demonstrations are those of the demonstrations.
#[test]
fn the_papers_show_what_the_demonstrations_print() {
    let folder = tempfile::tempdir().unwrap();
    for (lang, end) in [("en", "md"), ("zh", "zh-CN.md")] {
        let out = folder.path().join(lang);
        let out = |name: &str| out.join(name).to_str().unwrap().to_owned();
        let (year, ledger, cities) = (out("year"), out("ledger"), out("cities"));
        let runs: [&[&str]; 6] = [
            &["year", "--out", &year],
            &["year", "--study", "12"],
            &["ledger", "demo", "--out", &ledger],
            &["five_cities", "--city", "quanzhou", "--out", &cities],
            &["five_cities", "--demands"],
            &["province"],
        ];
        let outputs = runs.map(|args| run(args[0], &[&args[1..], &["--lang", lang]].concat()));
        if lang == "zh" {
            let english: Vec<String> = outputs.iter().flat_map(left_in_english).collect();
            assert!(english.is_empty(), "{}", english.join("\n"));
        }
        let printed: String = outputs.iter().map(|output| text(&output.stdout)).collect();
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let printed: Vec<Vec<String>> = printed.lines().map(words).collect();
        let paper = |name: &str| fs::read_to_string(root().join(format!("docs/{name}.{end}"))).unwrap();
        // The table of demands is the program's own, and so is the picture.
        assert!(
            paper("demands").contains(text(&outputs[4].stdout).trim()),
            "the table of demands differs: {lang}"
        );
        let picture = fs::read_to_string(Path::new(&year).join("year.svg")).unwrap();
        let stored = root().join("docs/img/year").with_extension(end.replace("md", "svg"));
        assert_eq!(fs::read_to_string(stored).unwrap(), picture, "the picture differs: {lang}");
        let blocks = shown(&paper("demonstrations"), "-p double-random-demo");
        assert!(!blocks.is_empty(), "{lang}");
        for line in blocks.iter().flat_map(|block| block.lines()).filter(|line| line.trim() != "…") {
            assert!(printed.contains(&words(line)), "not printed: {line}");
        }
    }
}

/// A year of one city from the command line: every demand met, the files verify with the other binary, bad
/// arguments are refused.
#[test]
fn a_city_runs_its_year_and_its_records_verify() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let output = run("five_cities", &["--city", "songjiang", "--lang", "en", "--out", out]);
    let printed = text(&output.stdout);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    assert!(printed.matches("[met]").count() >= 8 && !printed.contains("NOT MET"), "{printed}");
    let draws: Vec<_> = fs::read_dir(folder.path().join("songjiang"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    assert_eq!(draws.len(), 12);
    assert_eq!(verdict(&folder.path().join("songjiang/medical-4")), Verdict::Confirmed);
    let explained =
        run("five_cities", &["--city", "songjiang", "--explain", "SJ-0001", "--quiet", "--out", out]);
    assert!(text(&explained.stdout).contains("SJ-0001 松江区中心医院"), "{}", text(&explained.stdout));
    assert_eq!(status(&run("five_cities", &["--city", "beijing", "--out", out])), 64);
    // An office's own pack: what is wrong with it all at once, and what a right one gives.
    let rules = |name: &str| root().join("examples/rules").join(name).to_str().unwrap().to_owned();
    let (pack, programme) = (rules("suzhou.json"), rules("suzhou-2026.json"));
    let checked = run("five_cities", &["--check", &pack, &programme, "--lang", "en"]);
    assert_eq!(status(&checked), 0, "{}", text(&checked.stderr));
    assert!(text(&checked.stdout).contains("13 policies can be made"), "{}", text(&checked.stdout));
    let wrong = fs::read_to_string(&pack).unwrap().replacen("\"joint\": {", "\"joint\": { \"colour\": 1,", 1);
    let wrong = wrong.replace("\"minimum\": \"0.2\"", "\"minimum\": \"1.2\"");
    let file = folder.path().join("wrong.json");
    fs::write(&file, wrong).unwrap();
    let refused = run("five_cities", &["--check", file.to_str().unwrap()]);
    let error = text(&refused.stderr);
    assert_eq!(status(&refused), 3, "{error}");
    assert!(error.contains("joint.colour") && error.contains("coverage.minimum: is above 1"), "{error}");
    assert_eq!(status(&run("five_cities", &["--check", &rules("quanzhou.json"), &programme])), 3);
}

/// The ledger of the demonstration: written, verified, tampered with, and the receipts of three institutions.
#[test]
fn a_ledger_is_kept_verified_and_refuted() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let output = run("ledger", &["demo", "--out", out, "--lang", "en"]);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    assert!(shown.contains("checks passed, 13 of 13 entries follow"), "{shown}");
    assert!(shown.contains("replaced institutions: entries 11"), "{shown}");
    // With the keys of the witnesses, as the demonstration shows them, and without.
    let keys: Vec<&str> = shown
        .lines()
        .filter_map(|line| line.strip_prefix("--witness-key "))
        .flat_map(|key| ["--witness-key", key])
        .collect();
    assert_eq!(keys.len(), 4);
    // What the sources have published, as somebody looked it up himself; the copy in the folder is its author's.
    let looked_up = tempfile::tempdir().unwrap();
    let values = looked_up.path().join("1.1.json");
    fs::copy(folder.path().join("draws/1.1/beacon.json"), &values).unwrap();
    let values = ["--values", values.to_str().unwrap()];
    assert_eq!(status(&run("ledger", &[&["verify", out], &keys[..]].concat())), 2);
    assert_eq!(status(&run("ledger", &[&["verify", out], &values[..]].concat())), 2);
    let keys = [&keys[..], &values[..]].concat();
    assert_eq!(status(&run("ledger", &[&["verify", out], &keys[..]].concat())), 0);
    assert_eq!(status(&run("ledger", &["verify", out])), 2);
    let chinese = text(&run("ledger", &[&["verify", out, "--lang", "zh"], &keys[..]].concat()).stdout);
    assert!(chinese.contains("核验通过：各条目前后相承"), "{chinese}");
    let path = |file: &str| folder.path().join(file).to_str().unwrap().to_owned();
    let (seal, record) = (path("draws/1.1/seal.json"), path("draws/1.1/record.json"));
    let beacon = path("draws/1.1/beacon.json");
    let mut kinds = Vec::new();
    for entry in fs::read_dir(path("receipts")).unwrap() {
        let unit = entry.unwrap().path();
        if !unit.is_dir() {
            continue;
        }
        let of = |file: &str| unit.join(file).to_str().unwrap().to_owned();
        let (receipt, outcome) = (of("receipt.json"), of("outcome.json"));
        let published = ["--seal", &seal, "--record", &record, "--outcome", &outcome, "--beacon", &beacon];
        let output = run("ledger", &[&["receipt", &receipt], &published[..]].concat());
        let written = text(&fs::read(&outcome).unwrap());
        // Only frame and cycle show an exclusion.
        let expected = if written.contains("excluded") { 2 } else { 0 };
        assert_eq!(status(&output), expected, "{}", text(&output.stdout));
        // The values of the record are its author's.
        let output = run("ledger", &[&["receipt", &receipt], &published[..6]].concat());
        assert_eq!(status(&output), 2, "{}", text(&output.stdout));
        // Before the draw, and without anything published.
        assert_eq!(status(&run("ledger", &["receipt", &receipt, "--seal", &seal])), 0);
        assert_eq!(status(&run("ledger", &["receipt", &receipt])), 2);
        kinds.extend(["picked", "reserve", "excluded"].into_iter().find(|kind| written.contains(kind)));
        let edited = text(&fs::read(&receipt).unwrap()).replace("\"risk\":\"", "\"risk\":\"x");
        fs::write(of("edited.json"), edited).unwrap();
        assert_eq!(status(&run("ledger", &["receipt", &of("edited.json"), "--seal", &seal])), 1);
        assert_eq!(status(&run("ledger", &["receipt", &outcome, "--seal", &seal])), 3);
    }
    kinds.sort_unstable();
    assert_eq!(kinds, ["excluded", "picked", "reserve"]);
    assert_eq!(status(&run("ledger", &["absence", &path("receipts/absence.json"), "--seal", &seal])), 0);
    // A line dropped, a byte changed, a folder that is none.
    let lines = text(&fs::read(path("ledger.jsonl")).unwrap());
    let without: Vec<&str> =
        lines.lines().enumerate().filter(|(n, _)| *n != 4).map(|(_, line)| line).collect();
    fs::write(path("ledger.jsonl"), without.join("\n") + "\n").unwrap();
    let output = run("ledger", &["verify", out]);
    assert_eq!(status(&output), 1);
    assert!(text(&output.stdout).contains("FAIL     chain: entry 6"), "{}", text(&output.stdout));
    fs::write(path("ledger.jsonl"), lines.trim_end()).unwrap();
    assert_eq!(status(&run("ledger", &["verify", out])), 3);
    assert_eq!(status(&run("ledger", &["verify", "no such folder"])), 3);
    assert_eq!(status(&run("ledger", &["no-such-command"])), 64);
}

/// A list as a county publishes it, shuffled by Java under the date of the draw: the report names the seed, and
/// what is not shown. The same register with a list by lot is not called strange. What cannot be read is
/// refused with its line.
#[test]
fn an_audit_of_a_list_names_its_seed() {
    use double_random::study::generators::{Engine, Recipe, Taking};
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let list = |drawn: &[u32]| {
        let row = |row: u32| {
            let outcome = ["clean", "violation", "closed"]
                [usize::from(row.is_multiple_of(3)) + usize::from(row.is_multiple_of(6))];
            let (mark, outcome) = if drawn.contains(&row) { ("yes", outcome) } else { ("no", "") };
            format!("{:03},{mark},{outcome}\n", row * 37 % 400)
        };
        format!("id,drawn,outcome\n{}", (0..400).map(row).collect::<String>())
    };
    let java = Recipe { engine: Engine::Java, taking: Taking::ShuffleFirst }.select(20_260_301, 400, 20);
    let path = write("java.csv", &list(&java));
    let output = run("audit", &["list", &path, "--seeds", "100", "--simulated", "199", "--lang", "en"]);
    let printed = text(&output.stdout);
    assert_eq!(status(&output), 1, "{printed}{}", text(&output.stderr));
    let named = "java.util.Random, shuffled, the first rows taken, seed 20260301, rows as published";
    assert!(printed.contains(named) && printed.contains("What is not shown"), "{printed}");
    assert!(printed.contains("A coverage of 5.0 % counts closed doors."), "{printed}");
    let chinese = text(&run("audit", &["list", &path, "--seeds", "9", "--lang", "zh"]).stdout);
    assert!(chinese.contains("种子 20260301") && chinese.contains("没有证明的事"), "{chinese}");
    // A seed that is not among those that are tried.
    let other = Recipe { engine: Engine::Java, taking: Taking::ShuffleFirst }.select(1 << 47, 400, 20);
    let fair = write("fair.csv", &list(&other));
    let output = run("audit", &["list", &fair, "--seeds", "9", "--simulated", "199", "--lang", "en"]);
    assert_eq!(status(&output), 0, "{}", text(&output.stdout));
    // SQL: ORDER BY md5(id) LIMIT 10, computed with Python's hashlib; and a script that stops at its budget.
    let rows: String = (0..40)
        .map(|n| {
            format!("U{n:02},{}\n", if [19, 33, 36, 14, 39, 30, 4, 13, 3, 20].contains(&n) { 1 } else { 0 })
        })
        .collect();
    let sql = write("sql.csv", &format!("id,drawn\n{rows}"));
    let output = run("audit", &["list", &sql, "--budget", "13", "--simulated", "99", "--lang", "en"]);
    let printed = text(&output.stdout);
    assert!(printed.contains("The list follows from: MD5(id), least"), "{printed}");
    assert!(printed.contains("The budget ended the search"), "{printed}");
    for (content, message) in [
        ("id,drawn\na,maybe\n", "line 2: drawn \"maybe\""),
        ("id,drawn\na,1\na,1\n", "line 3: a stands twice"),
        ("id,picked\na,1\n", "column \"picked\" is not read"),
        ("id\na\n", "there is no column \"drawn\""),
    ] {
        let output = run("audit", &["list", &write("bad.csv", content)]);
        assert_eq!(status(&output), 3);
        assert!(text(&output.stderr).contains(message), "{}", text(&output.stderr));
    }
}

/// The power table of the papers is what the program prints. The Chinese paper has the same figures.
#[test]
fn the_power_table_is_printed_by_the_program() {
    let printed = text(&run("audit", &["power", "--lang", "en"]).stdout);
    let paper = |name: &str| fs::read_to_string(root().join(name)).unwrap();
    assert!(paper("docs/other-lists.md").contains(&printed), "{printed}");
    let figures = |text: &str| -> Vec<String> {
        let cells = text.lines().filter(|line| line.starts_with('|')).flat_map(|line| line.split('|'));
        cells.map(str::trim).filter(|cell| cell.ends_with(" %")).map(str::to_owned).collect()
    };
    assert!(figures(&printed).len() > 60);
    assert_eq!(figures(&paper("docs/other-lists.zh-CN.md")), figures(&printed));
}

/// The intervals of a year's figures hold the truth about as often as they say, on every register that is
/// shipped; the plain share of visits with findings does not.
#[test]
fn intervals_hold_on_the_registers_that_are_shipped() {
    let printed = text(&run("figures", &["--runs", "40", "--lang", "en"]).stdout);
    // From the right, as the first column may hold anything: shares in tenths of a percent.
    let mut rows = Vec::new();
    for line in printed.lines().skip(1) {
        let parts: Vec<&str> = line.split("  ").map(str::trim).filter(|part| !part.is_empty()).collect();
        let tenths =
            |part: &str| -> Option<u64> { part.trim_end_matches(" %").replace('.', "").parse().ok() };
        let share = |place: usize| tenths(parts[parts.len() - place]);
        rows.push((
            parts[0].to_owned(),
            share(5).unwrap(),
            share(3),
            share(2),
            share(1).unwrap(),
            tenths(parts[5]).unwrap(),
            tenths(parts[7].trim_start_matches('±')).unwrap(),
        ));
    }
    assert_eq!(rows.len(), 18, "{printed}");
    for (register, whole, levels, places, _, bias, half) in &rows {
        // 95 % of forty years and two and a half deviations, as 18 rows are looked at.
        assert!(*whole >= 860, "{register}: {printed}");
        assert!(levels.is_none_or(|held| held >= 880) && places.is_none_or(|held| held >= 880), "{printed}");
        // Half a width is two standard errors of one year, so that a fifth of it is about two and a half of the
        // mean of forty.
        assert!(bias * 5 <= *half && *bias <= 14, "{register}: {printed}");
    }
    let mean = rows.iter().map(|row| row.1).sum::<u64>() / rows.len() as u64;
    assert!((940..=990).contains(&mean), "{printed}");
    // Where levels are visited unequally, the plain share of visits with findings misses about as often as it
    // holds: half of forty years and a deviation.
    assert!(rows.iter().any(|row| row.0 == "fujian" && row.4 <= 580), "{printed}");
}

/// `five_cities --demands | head`: who reads no further wants no more lines, and no message about it.
#[test]
fn a_reader_that_has_gone_ends_nothing() {
    let gone = || std::io::pipe().unwrap().1;
    for (name, args, ends) in [
        ("five_cities", vec!["--demands"], 0),
        ("ledger", vec!["--help"], 0),
        ("ledger", vec!["verify", "no such folder"], 3),
    ] {
        let output = program(name).args(&args).stdout(gone()).stderr(Stdio::piped()).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(status(&output), ends, "{name} {args:?}: {said}");
        assert!(!said.contains("panicked") && !said.contains("pipe"), "{name} {args:?}: {said}");
        let ended = program(name).args(&args).stdout(gone()).stderr(gone()).status().unwrap();
        assert_eq!(ended.code(), Some(ends), "{name} {args:?}");
    }
}
