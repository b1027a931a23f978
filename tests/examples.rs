//! The examples as their users run them: commands, files, exit statuses.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// An example's binary: cargo builds examples before it runs tests, in the folder beside this test's own.
fn example(name: &str) -> Command {
    let own = std::env::current_exe().unwrap();
    let path = own.parent().unwrap().parent().unwrap().join("examples").join(name);
    assert!(
        path.exists(),
        "{} is not built: run `cargo test`, or `cargo build --examples` first",
        path.display()
    );
    let mut command = Command::new(path);
    command.current_dir(root()).env_remove("LANG");
    command
}

fn run(name: &str, args: &[&str]) -> Output {
    example(name).args(args).output().unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn data(file: &str) -> PathBuf {
    root().join("examples/data").join(file)
}

/// Draws the demonstration into a fresh folder.
fn demo(folder: &Path) {
    let output = run("draw", &["--out", folder.to_str().unwrap(), "--quiet"]);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("confirmed"));
}

fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(next) = pending.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else {
                found.push((path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn verify_tells_confirmed_refuted_self_consistent_and_unusable_apart() {
    let folder = tempfile::tempdir().unwrap();
    demo(folder.path());
    let path = |file: &str| folder.path().join(file).to_str().unwrap().to_owned();
    let (record, seal, beacon) =
        (path("public/record.json"), path("public/seal.json"), path("public/beacon.json"));
    let published = ["--seal", &seal, "--beacon", &beacon];
    let verify = |record: &str, more: &[&str]| status(&run("verify", &[&[record], more].concat()));
    assert_eq!(verify(&record, &published), 0);
    let auditor = [path("auditor/frame.json"), path("auditor/roster.json"), path("auditor/cycle.json")];
    let files = ["--frame", &auditor[0], "--roster", &auditor[1], "--cycle", &auditor[2]];
    let output = run("verify", &[&[record.as_str()], &published[..], &files[..]].concat());
    assert_eq!(status(&output), 0);
    assert!(text(&output.stdout).contains("confirmed, 21 of 22 checks passed"));
    assert_eq!(verify(&record, &[]), 2);
    assert_eq!(verify(&seal, &published), 3);
    assert_eq!(verify("no such file", &published), 3);
    assert_eq!(verify(&record, &["--no-such-option"]), 64);

    // Any edit: here one officer for another, everywhere in the text.
    let edited = text(&fs::read(&record).unwrap()).replace("3505-0041", "3505-0040");
    fs::write(folder.path().join("edited.json"), edited).unwrap();
    assert_eq!(verify(&path("edited.json"), &published), 1);
    // Another beacon.
    let swapped = text(&fs::read(&beacon).unwrap()).replace("29827448039014525729", "29827448039014525720");
    fs::write(folder.path().join("swapped.json"), swapped).unwrap();
    assert_eq!(verify(&record, &["--seal", &seal, "--beacon", &path("swapped.json")]), 1);

    let output = run("verify", &[&record, "--unit", "FJQZ-0001", "--lang", "zh"]);
    assert!(text(&output.stdout).contains("抽签号 FJQZ-0001"));
}

#[test]
fn a_draw_is_written_whole_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    demo(folder.path());
    let before = files(folder.path());
    demo(folder.path());
    assert_eq!(files(folder.path()), before, "the same draw again changes nothing");
    fs::write(folder.path().join("public/record.json"), "something else").unwrap();
    fs::remove_file(folder.path().join("public/seal.json")).unwrap();
    let output = run("draw", &["--out", folder.path().to_str().unwrap()]);
    assert_eq!(status(&output), 3);
    assert!(text(&output.stderr).contains("record.json exists and differs; nothing was written"));
    assert!(!folder.path().join("public/seal.json").exists(), "not even the file that was missing");
    assert!(files(folder.path()).iter().all(|(path, _)| !path.to_str().unwrap().contains("partial")));
}

/// The rows of the shipped tables in another order, in another encoding, and after re-saving give the same bytes; so does sealing one day and
/// drawing the next.
#[test]
fn order_encoding_and_resaving_do_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    let path = |file: &str| folder.path().join(file).to_str().unwrap().to_owned();
    fs::write(path("key"), "5a".repeat(32)).unwrap();
    demo(&folder.path().join("demo"));
    let reversed = |file: &str| {
        let text = fs::read_to_string(data(file)).unwrap();
        let mut lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
        lines[2..].reverse();
        lines.join("\r\n")
    };
    let quoted = |text: &str| {
        let cell = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
        let lines: Vec<String> =
            text.lines().map(|line| line.split(',').map(cell).collect::<Vec<_>>().join(",")).collect();
        lines.join("\n")
    };
    for (case, encode) in [
        ("reversed", Box::new(|text: String| text.into_bytes()) as Box<dyn Fn(String) -> Vec<u8>>),
        ("gbk", Box::new(|text: String| encoding_rs::GB18030.encode(&text).0.into_owned())),
        ("quoted", Box::new(move |text: String| quoted(&text).into_bytes())),
    ] {
        for file in ["units", "officers", "recusals", "cycle"] {
            fs::write(path(&format!("{file}.csv")), encode(reversed(&format!("quanzhou_{file}.csv"))))
                .unwrap();
        }
        let out = path(case);
        let output = run(
            "seal",
            &[
                "--policy",
                data("quanzhou_policy.json").to_str().unwrap(),
                "--frame",
                &path("units.csv"),
                "--roster",
                &path("officers.csv"),
                "--recusals",
                &path("recusals.csv"),
                "--cycle",
                &path("cycle.csv"),
                "--sealed-at",
                "2023-08-22T08:00:00Z",
                "--salt-key",
                &path("key"),
                "--out",
                &out,
            ],
        );
        assert_eq!(status(&output), 0, "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains("before 2023-08-23T09:00:00Z"));
        let beacon = data("quanzhou_beacon.json");
        let output = run("draw", &["--sealed", &out, "--beacon", beacon.to_str().unwrap(), "--quiet"]);
        assert_eq!(status(&output), 0, "{}", text(&output.stderr));
        assert_eq!(files(Path::new(&out)), files(&folder.path().join("demo")), "{case}");
    }
}

#[test]
fn a_sealed_folder_that_was_touched_is_not_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("sealed");
    let output = run("seal", &["--out", out.to_str().unwrap()]);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    let frame = out.join("auditor/frame.json");
    let edited = fs::read_to_string(&frame).unwrap().replacen("\"risk\":\"low\"", "\"risk\":\"high\"", 1);
    fs::write(&frame, edited).unwrap();
    let beacon = data("quanzhou_beacon.json");
    let output = run("draw", &["--sealed", out.to_str().unwrap(), "--beacon", beacon.to_str().unwrap()]);
    assert_eq!(status(&output), 3);
    assert!(text(&output.stderr).contains("something was changed after sealing"), "{}", text(&output.stderr));
    assert!(!out.join("public/record.json").exists());
}

#[test]
fn bad_tables_are_reported_together_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = |file: &str| folder.path().join(file).to_str().unwrap().to_owned();
    let units = fs::read_to_string(data("quanzhou_units.csv")).unwrap();
    fs::write(path("units.csv"), units.replacen("350502", "350599", 1).replacen("FJQZ-0002", "FJQZ-0003", 1))
        .unwrap();
    let officers = fs::read_to_string(data("quanzhou_officers.csv")).unwrap();
    fs::write(path("officers.csv"), officers.replacen("2026-11-03", "2026-02-30", 1)).unwrap();
    let output = run(
        "seal",
        &[
            "--policy",
            data("quanzhou_policy.json").to_str().unwrap(),
            "--frame",
            &path("units.csv"),
            "--roster",
            &path("officers.csv"),
            "--sealed-at",
            "2023-08-22T08:00:00Z",
            "--out",
            &path("out"),
        ],
    );
    assert_eq!(status(&output), 3);
    let errors = text(&output.stderr);
    for expected in ["350599", "stands in row", "2026-02-30"] {
        assert!(errors.contains(expected), "{expected}\n{errors}");
    }
    assert!(!folder.path().join("out").exists());
}

#[test]
fn every_number_can_be_explained() {
    let output = run("seal", &["--explain", "FJQZ-0001", "--out", "/nonexistent"]);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("base 0.65 for risk medium, credit D"), "{}", text(&output.stdout));
}

#[test]
fn the_readme_shows_the_quickstart() {
    let code = fs::read_to_string(root().join("examples/quickstart.rs")).unwrap();
    let (_, code) = code.split_once('\n').unwrap();
    assert!(fs::read_to_string(root().join("README.md")).unwrap().contains(code.trim_end()));
    assert!(code.lines().count() < 40);
    let output = run("quickstart", &[]);
    assert!(status(&output) == 0 && text(&output.stdout).ends_with("confirmed\n"));
}

/// A year of the nine cities: every draw confirmed, every floor reached, the same bytes again, and a picture with every city.
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
    // Round 3 was sealed over the state that its cycle file holds; the second attempt of round 2 names the first as its predecessor.
    let file = |path: &str| folder.path().join(path).to_str().unwrap().to_owned();
    let round = |name: &str| {
        let (seal, beacon) =
            (file(&format!("{name}/public/seal.json")), file(&format!("{name}/public/beacon.json")));
        let [frame, roster, cycle] =
            ["frame", "roster", "cycle"].map(|f| file(&format!("{name}/auditor/{f}.json")));
        let record = file(&format!("{name}/public/record.json"));
        status(&run(
            "verify",
            &[
                &record, "--seal", &seal, "--beacon", &beacon, "--frame", &frame, "--roster", &roster,
                "--cycle", &cycle,
            ],
        ))
    };
    assert_eq!([round("round-2"), round("round-2-attempt-2"), round("round-4")], [0, 0, 0]);
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

/// Round after round with the binaries alone: draw, enter what became of it, seal the next round over the state.
#[test]
fn an_office_runs_two_rounds() {
    let folder = tempfile::tempdir().unwrap();
    let path = |file: &str| folder.path().join(file).to_str().unwrap().to_owned();
    assert_eq!(status(&run("draw", &["--out", &path("r1"), "--quiet"])), 0);
    let record: serde_json::Value =
        serde_json::from_slice(&fs::read(path("r1/public/record.json")).unwrap()).unwrap();
    let visit = |visit: &serde_json::Value| {
        serde_json::json!({"event": "visited", "date": "2023-09-20", "draw": 1, "unit": visit["unit"], "team": []}).to_string()
    };
    let visits = record["teams"]["visits"].as_array().unwrap();
    let lines: Vec<String> = visits.iter().skip(1).map(visit).collect();
    fs::write(path("visits.jsonl"), lines.join("\n")).unwrap();
    // The demonstration's draw is the whole of its year, over a table of its own.
    let (drawn, visits_file, state) =
        (path("r1/auditor/drawn.json"), path("visits.jsonl"), path("state.json"));
    let before = path("r1/auditor/cycle.json");
    let report = [
        "--frame",
        &path("r1/auditor/frame.json"),
        "--policy",
        &path("r1/public/policy.json"),
        "--lang",
        "en",
    ];
    let args = ["--state", &before, "--events", &drawn, "--events", &visits_file, "--out", &state];
    let output = run("cycle", &[&args[..], &report[..]].concat());
    let printed = text(&output.stdout);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    assert!(
        printed.starts_with(&format!("{} events; 1 of the year drawn, last draw 1", visits.len())),
        "{printed}"
    );
    assert!(printed.contains(" 49/218 = 22.4 % "), "{printed}");
    // The same draw again is refused with file and line, and nothing is written.
    let again = run("cycle", &["--state", &state, "--events", &drawn, "--out", &path("other.json")]);
    assert_eq!(status(&again), 3);
    assert!(
        text(&again.stderr).contains("drawn.json line 1: draw 1 cannot follow draw 1"),
        "{}",
        text(&again.stderr)
    );
    assert!(!folder.path().join("other.json").exists());
    // A make-up draw over that state: round 0 of 0.
    let policy = fs::read_to_string(root().join("examples/data/quanzhou_policy.json")).unwrap();
    let next =
        policy.replace("\"design\": {", "\"round\": { \"share\": \"0\", \"rest\": \"0\" },\n  \"design\": {");
    fs::write(path("policy.json"), next).unwrap();
    let data = |file: &str| root().join("examples/data").join(file).to_str().unwrap().to_owned();
    let seal = |sequence: &str| {
        let args = [
            "--policy",
            &path("policy.json"),
            "--frame",
            &data("quanzhou_units.csv"),
            "--roster",
            &data("quanzhou_officers.csv"),
            "--cycle",
            &state,
            "--sealed-at",
            "2023-08-22T09:00:00Z",
            "--sequence",
            sequence,
            "--out",
            &path("r2"),
        ];
        run("seal", &args)
    };
    assert!(text(&seal("1").stderr).contains("sequence 1 does not follow draw 1"));
    let sealed = seal("2");
    assert_eq!(status(&sealed), 0, "{}", text(&sealed.stderr));
}

/// The figures that the READMEs show of the demonstration are those of the demonstration.
#[test]
fn the_readmes_show_what_the_demonstration_prints() {
    let folder = tempfile::tempdir().unwrap();
    for (lang, readme) in [("en", "README.md"), ("zh", "README.zh-CN.md")] {
        let out = folder.path().join(lang);
        let out = |name: &str| out.join(name).to_str().unwrap().to_owned();
        let (draw, year, ledger, cities) = (out("draw"), out("year"), out("ledger"), out("cities"));
        let runs: [&[&str]; 6] = [
            &["draw", "--out", &draw],
            &["year", "--out", &year],
            &["year", "--study", "12"],
            &["ledger", "demo", "--out", &ledger],
            &["five_cities", "--city", "quanzhou", "--out", &cities],
            &["five_cities", "--demands"],
        ];
        let outputs = runs.map(|args| run(args[0], &[&args[1..], &["--lang", lang]].concat()));
        let printed: String = outputs.iter().map(|output| text(&output.stdout)).collect();
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let printed: Vec<Vec<String>> = printed.lines().map(words).collect();
        let readme = fs::read_to_string(root().join(readme)).unwrap();
        // The table of demands is the program's own.
        assert!(readme.contains(text(&outputs[5].stdout).trim()), "the table of demands differs: {lang}");
        // The picture of the path comes first; all that follows was printed.
        let blocks = readme.split("```text\n").skip(2).map(|block| block.split("```").next().unwrap());
        // A build without signatures has no witnesses in its ledger.
        let signed = |line: &&str| cfg!(feature = "signatures") || !line.contains("28 of 28");
        for line in blocks.flat_map(str::lines).filter(|line| line.trim() != "…").filter(signed) {
            let found = match line.split_once("(…)").or_else(|| line.split_once("（…）")) {
                Some((head, tail)) => {
                    let (head, tail) = (words(head), words(tail));
                    printed.iter().any(|p| {
                        p.join(" ").starts_with(&head.join(" ")) && p.join(" ").ends_with(&tail.join(" "))
                    })
                }
                None => printed.contains(&words(line)),
            };
            assert!(found, "not printed: {line}");
        }
    }
}

/// A year of one city from the command line: every demand met, the files verify with the other binary, bad arguments are refused.
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
    let draw = folder.path().join("songjiang/medical-4");
    let path = |name: &str| draw.join(name).to_str().unwrap().to_owned();
    let (record, seal, beacon) =
        (path("public/record.json"), path("public/seal.json"), path("public/beacon.json"));
    let (frame, roster, cycle) =
        (path("auditor/frame.json"), path("auditor/roster.json"), path("auditor/cycle.json"));
    let verified = run(
        "verify",
        &[
            &record, "--seal", &seal, "--beacon", &beacon, "--frame", &frame, "--roster", &roster, "--cycle",
            &cycle,
        ],
    );
    assert_eq!(status(&verified), 0, "{}", text(&verified.stdout));
    let explained =
        run("five_cities", &["--city", "songjiang", "--explain", "SJ-0001", "--quiet", "--out", out]);
    assert!(text(&explained.stdout).contains("SJ-0001 松江区中心医院"), "{}", text(&explained.stdout));
    assert_eq!(status(&run("five_cities", &["--city", "beijing", "--out", out])), 64);
    // An office's own pack: what is wrong with it all at once, and what a right one gives.
    let rules = |name: &str| root().join("examples/rules").join(name).to_str().unwrap().to_owned();
    let (pack, programme) = (rules("suzhou.json"), rules("suzhou-2026.json"));
    let checked = run("five_cities", &["--check", &pack, &programme, "--lang", "en"]);
    assert_eq!(status(&checked), 0, "{}", text(&checked.stderr));
    assert!(text(&checked.stdout).contains("12 policies can be made"), "{}", text(&checked.stdout));
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

/// Experts in a table of their own, leads and days: from CSV to a confirmed draw, and what one officer and one institution are told.
#[test]
fn an_office_with_leads_experts_and_days_draws_and_explains() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let file = |name: &str| data(name).to_str().unwrap().to_owned();
    let mut policy: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(data("quanzhou_policy.json")).unwrap()).unwrap();
    policy["team"]["departments"][0]["posts"] = serde_json::json!([{"post": "lead", "places": 1}]);
    let qualification = policy["roster"]["qualifications"][0].clone();
    policy["team"]["experts"] = serde_json::json!({"cap": 99, "jurisdiction": "any", "posts": [{"post": "lab", "needs": qualification, "places": 1}]});
    let from = policy["window"]["from"].clone();
    policy["team"]["days"] = serde_json::json!([from]);
    policy["team"]["caps"] = serde_json::json!({"day": 60});
    fs::write(path("policy.json"), policy.to_string()).unwrap();
    // With a salt of one's own the seal, and so the draw, is the same every time.
    fs::write(path("salt"), "5a".repeat(32)).unwrap();
    let code = qualification.as_str().unwrap();
    let table = |until: &str| {
        format!(
            "专家库,,,,\n专家编号,姓名,服务区域,专业,聘期至\nX-1,张三,350500,{code},{until}\nX-2,李四,350000,{code},2030-12-31\n"
        )
    };
    let seal = |experts: &str| {
        fs::write(path("experts.csv"), experts).unwrap();
        let args = [
            "--policy",
            &path("policy.json"),
            "--frame",
            &file("quanzhou_units.csv"),
            "--roster",
            &file("quanzhou_officers.csv"),
            "--experts",
            &path("experts.csv"),
            "--recusals",
            &file("quanzhou_recusals.csv"),
            "--cycle",
            &file("quanzhou_cycle.csv"),
            "--sealed-at",
            "2023-08-22T08:00:00Z",
            "--salt-key",
            &path("salt"),
            "--out",
            &path("sealed"),
        ];
        run("seal", &args)
    };
    let refused = seal(&table("soon"));
    assert_eq!(status(&refused), 3);
    assert!(
        text(&refused.stderr).contains("experts.csv: line 3, column E 聘期至 \"soon\" is no date"),
        "{}",
        text(&refused.stderr)
    );
    assert!(!folder.path().join("sealed").exists());
    let sealed = seal(&table("2030-12-31"));
    assert_eq!(status(&sealed), 0, "{}", text(&sealed.stderr));
    let sealed = ["--sealed", &path("sealed"), "--beacon", &file("quanzhou_beacon.json")].map(str::to_owned);
    let with = |name: &str, more: &[&str]| {
        let args: Vec<&str> = sealed.iter().map(String::as_str).chain(more.iter().copied()).collect();
        run(name, &args)
    };
    let drawn = with("draw", &["--lang", "en"]);
    assert_eq!(status(&drawn), 0, "{}", text(&drawn.stderr));
    assert!(text(&drawn.stdout).contains("with 张三 X-1") && text(&drawn.stdout).contains("confirmed"));
    let teams = fs::read_to_string(path("sealed/public/teams.csv")).unwrap();
    assert!(
        teams.lines().any(|line| line.contains(",lead,")) && teams.contains(",experts,lab,X-"),
        "{teams}"
    );
    let record: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(path("sealed/public/record.json")).unwrap()).unwrap();
    let visit = &record["teams"]["visits"][0];
    let (unit, lead) = (visit["unit"].as_str().unwrap(), visit["lead"].as_str().unwrap());
    let why = text(&with("officer", &["--id", lead, "--lang", "en"]).stdout);
    assert!(why.contains(&format!("{unit} lead: chance 0.")), "{why}");
    assert!(why.contains("expected") && why.contains("Table "), "{why}");
    let out = with("officer", &["--id", lead, "--drops-out", unit, "--lang", "en"]);
    let outcome: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(outcome["drawn"]["place"]["post"], "lead", "{outcome}");
    assert_ne!(outcome["drawn"]["place"]["by"], lead);
    assert_eq!(status(&with("officer", &["--id", "3505-9999", "--drops-out", unit])), 3);
    let args = [
        &path("sealed/public/record.json"),
        "--frame",
        &path("sealed/auditor/frame.json"),
        "--roster",
        &path("sealed/auditor/roster.json"),
        "--cycle",
        &path("sealed/auditor/cycle.json"),
        "--unit",
        unit,
        "--lang",
        "en",
    ];
    let told = text(&run("verify", &args).stdout);
    assert!(
        told.contains("with the experts: X-")
            && told.contains("replayed alone from its own component: the same"),
        "{told}"
    );
}

/// The ledger of the demonstration: written, verified, tampered with, and the receipts of three institutions.
#[test]
fn a_ledger_is_kept_verified_and_refuted() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let output = run("ledger", &["demo", "--out", out, "--lang", "en"]);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    let all = if cfg!(feature = "signatures") { "28 of 28" } else { "27 of 28" };
    assert!(shown.contains(&format!("confirmed, {all} checks passed, 11 of 11 entries follow")), "{shown}");
    assert!(shown.contains("replaced institutions: entries 10"), "{shown}");
    assert_eq!(status(&run("ledger", &["verify", out])), 0);
    let chinese = text(&run("ledger", &["verify", out, "--lang", "zh"]).stdout);
    assert!(chinese.contains("已证实"), "{chinese}");
    let path = |file: &str| folder.path().join(file).to_str().unwrap().to_owned();
    let (seal, record) = (path("draws/1.1/seal.json"), path("draws/1.1/record.json"));
    let mut kinds = Vec::new();
    for entry in fs::read_dir(path("receipts")).unwrap() {
        let unit = entry.unwrap().path();
        if !unit.is_dir() {
            continue;
        }
        let of = |file: &str| unit.join(file).to_str().unwrap().to_owned();
        let (receipt, outcome) = (of("receipt.json"), of("outcome.json"));
        let published = ["--seal", &seal, "--record", &record, "--outcome", &outcome];
        let output = run("ledger", &[&["receipt", &receipt], &published[..]].concat());
        assert_eq!(status(&output), 0, "{}", text(&output.stdout));
        // Before the draw, and without anything published.
        assert_eq!(status(&run("ledger", &["receipt", &receipt, "--seal", &seal])), 0);
        assert_eq!(status(&run("ledger", &["receipt", &receipt])), 2);
        let written = text(&fs::read(&outcome).unwrap());
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

#[test]
fn the_embedding_program_answers_and_says_how_it_went() {
    use std::io::Write;
    use std::process::Stdio;
    let ask = |args: &[&str], input: &[u8]| {
        let mut command = example("embed");
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that was called wrongly does not wait for its input.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        (status(&output), text(&output.stdout))
    };
    let own = |step: &str, request: &str| format!("{}\n", double_random::embed::call(step, request));
    assert_eq!(ask(&["version"], b"{}"), (0, own("version", "{}")));
    assert_eq!(ask(&["plan"], b"{}"), (1, own("plan", "{}")));
    assert_eq!(ask(&["nothing"], b"{}"), (1, own("nothing", "{}")));
    let (code, said) = ask(&["plan"], b"\xff");
    assert_eq!((code, said.contains("\"code\":\"invalid_json\"")), (1, true), "{said}");
    assert_eq!(ask(&[], b"").0, 64);
    assert_eq!(ask(&["plan", "--lines"], b"").0, 64);
    assert_eq!(ask(&["--schema", "nothing"], b"").0, 64);
    assert_eq!(ask(&["--steps"], b"").1.lines().count(), double_random::embed::StepName::ALL.len());
    let lines = "{\"step\":\"version\",\"request\":{ }}\n{\"step\":\"version\",\"request\":\"{}\"}\nno line\n{\"step\":1}\n";
    let (code, said) = ask(&["--lines"], lines.as_bytes());
    let said: Vec<&str> = said.lines().collect();
    assert_eq!((code, said.len()), (0, 4));
    assert_eq!((said[0], said[1]), (own("version", "{}").trim(), said[0]));
    assert!(
        said[2].contains("\"code\":\"invalid_json\"") && said[3].contains("\"code\":\"invalid_request\"")
    );
    #[cfg(feature = "schema")]
    assert!(ask(&["--schema", "seal"], b"").1.contains("\"salt_key\""));
}
