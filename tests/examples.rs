//! The examples as their users run them: commands, files, exit statuses.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

use double_random::calendar::Date;
use double_random::cycle::Event;
use double_random::{Cycle, Frame, Plan, Policy, Record, Roster, SealTerms};
use double_random_support::latin::foreign;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

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

/// Draws the demonstration into a fresh folder.
fn demo(folder: &Path) {
    let output = run("draw", &["--out", folder.to_str().unwrap(), "--quiet"]);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("confirmed"));
}

/// The write end of a pipe whose reader has gone.
fn gone() -> std::io::PipeWriter {
    std::io::pipe().unwrap().1
}

/// `draw | head`: who reads no further wants no more lines, and no message about it. A disk that is full is told.
#[test]
fn a_reader_that_has_gone_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    demo(folder.path());
    let path = |file: &str| folder.path().join(file).to_str().unwrap().to_owned();
    let (record, seal, beacon) =
        (path("public/record.json"), path("public/seal.json"), path("public/beacon.json"));
    let (out, sealed) = (path("again"), path("sealed"));
    for (name, args, ends, full) in [
        ("draw", vec!["--out", &out], 0, 3),
        ("draw", vec!["--help"], 0, 3),
        ("draw", vec!["--nothing"], 64, 64),
        ("seal", vec!["--out", &sealed], 0, 3),
        ("seal", vec!["--explain", "FJQZ-0001"], 0, 3),
        ("verify", vec![&record, "--seal", &seal, "--beacon", &beacon], 0, 3),
        ("verify", vec![&record, "--unit", "FJQZ-0001"], 2, 3),
        ("verify", vec!["none.json"], 3, 3),
    ] {
        let output = example(name).args(&args).stdout(gone()).stderr(Stdio::piped()).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(status(&output), ends, "{name} {args:?}: {said}");
        assert!(!said.contains("panicked") && !said.contains("pipe"), "{name} {args:?}: {said}");
        // Nobody reads what went wrong, either.
        let ended = example(name).args(&args).stdout(gone()).stderr(gone()).status().unwrap();
        assert_eq!(ended.code(), Some(ends), "{name} {args:?}");
        let disk = fs::File::create("/dev/full").unwrap();
        let output = example(name).args(&args).stdout(disk).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(status(&output), full, "{name} {args:?}: {}", text(&output.stderr));
        assert!(!output.stderr.is_empty(), "{name} {args:?}");
    }
}

/// Words of the programs, of the dialects and of what is typed into other programs; codes of sources.
const KNOWN: &[&str] = &[
    "member",
    "wsjd",
    "draw",
    "seal",
    "verify",
    "kit",
    "en",
    "zh",
    "source",
    "value",
    "datafusion",
    "duckdb",
    "mysql",
    "postgresql",
    "spark",
    "sqlite",
    "units",
    "lot",
    "printf",
    "double-random",
    "dice",
    "dice-notary",
    "drand",
    "drand-quicknet",
    "cycle",
];

/// Every line is Chinese with `--lang zh`: what is done, what is refused, and why a check failed.
#[test]
fn everything_is_told_in_chinese() {
    let folder = tempfile::tempdir().unwrap();
    let path = |file: &str| folder.path().join(file).to_str().unwrap().to_owned();
    let (out, sealed, kit) = (path("draw"), path("sealed"), path("kit"));
    let (record, seal, beacon) =
        (path("draw/public/record.json"), path("draw/public/seal.json"), path("draw/public/beacon.json"));
    let [frame, roster, cycle] =
        ["frame", "roster", "cycle"].map(|name| path(&format!("draw/auditor/{name}.json")));
    let (forged, broken, wide) = (path("forged.json"), path("broken.json"), path("wide.json"));
    let published = ["--seal", &seal, "--beacon", &beacon];
    let audited = ["--frame", &frame, "--roster", &roster, "--cycle", &cycle];
    let mut english = Vec::new();
    let mut told = |name: &str, args: &[&str], ends: i32| {
        let output = run(name, &[args, &["--lang", "zh"]].concat());
        let all = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(status(&output), ends, "{name} {args:?}: {all}");
        for line in all.lines().filter(|line| !line.contains("sha256sum")) {
            // The names of fields and the characters of ids stand in the reason.
            let names = line.contains("这个字段") || line.contains("不可用");
            let found = if names { Default::default() } else { foreign(line, KNOWN) };
            if !found.is_empty() {
                english.push(format!("{name} {args:?}\n    {found:?}: {line}"));
            }
        }
        all
    };
    assert!(told("draw", &["--out", &out], 0).contains("核验通过"));
    told("seal", &["--out", &sealed], 0);
    // The seed of another draw: most of what follows from it differs.
    let whole = fs::read_to_string(&record).unwrap();
    let seed = whole.split("\"seed\":\"").nth(1).unwrap()[..64].to_owned();
    fs::write(&forged, whole.replace(&seed, &"0".repeat(64))).unwrap();
    fs::write(&broken, &whole[..100]).unwrap();
    fs::write(&wide, [0xff, 0xfe, 0x00]).unwrap();
    assert!(told("verify", &[&[record.as_str()], &published[..]].concat(), 0).contains("核验通过"));
    let refuted = told("verify", &[&[forged.as_str()], &published[..]].concat(), 1);
    assert!(refuted.contains("不通过  重新计算种子：种子应为"), "{refuted}");
    told("verify", &[&[record.as_str()], &published[..], &audited[..], &["--unit", "FJQZ-0001"]].concat(), 0);
    told("verify", &[&[forged.as_str()], &published[..], &audited[..]].concat(), 1);
    for (name, args, ends) in [
        ("draw", vec!["--help"], 0),
        ("draw", vec!["--nothing"], 64),
        ("draw", vec!["some", "--out", &out], 64),
        ("draw", vec!["--out"], 64),
        ("draw", vec!["--out", &out, "--out", &out], 64),
        ("draw", vec!["--sealed", &sealed], 64),
        ("draw", vec!["--sealed", &sealed, "--beacon", &broken], 3),
        ("draw", vec!["--sealed", &sealed, "--beacon", &wide], 3),
        ("draw", vec!["--out", &record], 3),
        ("seal", vec!["--help"], 0),
        ("seal", vec!["--explain", "FJQZ-0001"], 0),
        ("seal", vec!["--explain", "FJQZ-9999"], 3),
        ("seal", vec!["--explain", "a b"], 3),
        ("verify", vec!["--help"], 0),
        ("verify", vec![], 64),
        ("verify", vec![&record], 2),
        ("verify", vec![&record, "--unit", "FJQZ-0001"], 2),
        ("verify", vec![&broken], 3),
        ("verify", vec![&seal], 3),
        ("verify", vec!["none.json"], 3),
        ("kit", vec!["--help"], 0),
        ("kit", vec![], 64),
        ("kit", vec![&record, "--dialect", "none", "--out", &kit], 64),
        ("kit", vec![&record, "--dialect", "sqlite", "--out", &kit], 0),
        ("kit", vec![&record, "--dialect", "sqlite", "--out", &kit, "--frame", &frame], 64),
    ] {
        told(name, &args, ends);
    }
    assert!(english.is_empty(), "{}", english.join("\n"));
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
    assert!(text(&output.stdout).contains("confirmed, 23 of 27 checks passed"));
    assert_eq!(verify(&record, &[]), 2);
    assert_eq!(verify(&seal, &published), 3);
    assert_eq!(verify("no such file", &published), 3);
    assert_eq!(verify(&record, &["--no-such-option"]), 64);
    assert_eq!(verify(&record, &["another.json"]), 64);
    assert_eq!(verify(&record, &["--lang", "fr"]), 64);
    for (name, args) in [
        ("draw", ["--sealed", "target"].as_slice()),
        ("draw", &["word"]),
        ("draw", &["--quiet", "--quiet"]),
        ("seal", &["word"]),
        ("verify", &[]),
    ] {
        assert_eq!(status(&run(name, args)), 64, "{name} {args:?}");
    }

    // Any edit: here one officer for another, everywhere in the text.
    let edited = text(&fs::read(&record).unwrap()).replace("3505-0041", "3505-0040");
    fs::write(folder.path().join("edited.json"), edited).unwrap();
    assert_eq!(verify(&path("edited.json"), &published), 1);
    // Another beacon.
    let swapped = text(&fs::read(&beacon).unwrap()).replace("29827448039014525729", "29827448039014525720");
    fs::write(folder.path().join("swapped.json"), swapped).unwrap();
    assert_eq!(verify(&record, &["--seal", &seal, "--beacon", &path("swapped.json")]), 1);

    let output =
        run("verify", &[&[record.as_str(), "--unit", "FJQZ-0001"], &published[..], &files[..]].concat());
    assert!(text(&output.stdout).contains("replayed alone from its own component: the same"));
    let output = run("verify", &[&record, "--unit", "FJQZ-0001", "--lang", "zh"]);
    assert!(text(&output.stdout).contains("签号 FJQZ-0001"));
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

#[test]
fn a_sealed_folder_that_was_touched_is_not_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("sealed");
    let output = run("seal", &["--out", out.to_str().unwrap()]);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    let frame = out.join("auditor/frame.json");
    let edited = fs::read_to_string(&frame).unwrap().replacen("\"risk\":\"low\"", "\"risk\":\"high\"", 1);
    fs::write(&frame, edited).unwrap();
    let beacon = root().join("examples/data/quanzhou_beacon.json");
    let output = run("draw", &["--sealed", out.to_str().unwrap(), "--beacon", beacon.to_str().unwrap()]);
    assert_eq!(status(&output), 3);
    assert!(text(&output.stderr).contains("something was changed after sealing"), "{}", text(&output.stderr));
    assert!(!out.join("public/record.json").exists());
}

#[test]
fn every_number_can_be_explained() {
    let output = run("seal", &["--explain", "FJQZ-0001", "--out", "/nonexistent"]);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("base 0.65 for risk medium, credit D"), "{}", text(&output.stdout));
}

/// The next draw goes on from the state that the last one left, and takes the next number.
#[test]
fn a_second_draw_follows_the_first() {
    let folder = tempfile::tempdir().unwrap();
    demo(folder.path());
    let file = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let (mut cycle, _) = Cycle::from_json(&file("auditor/cycle.json")).unwrap();
    let drawn: Event = serde_json::from_slice(&file("auditor/drawn.json")).unwrap();
    cycle.apply(&drawn).unwrap();
    assert!(cycle.apply(&drawn).unwrap_err().to_string().contains("draw 1 cannot follow draw 1"));
    let record = Record::from_json(&file("public/record.json")).unwrap();
    for visit in record.teams.visits.iter().skip(1) {
        let (date, unit) = (Date::parse("2023-09-20").unwrap(), visit.unit.clone());
        cycle.apply(&Event::Visited { date, draw: 1, items: Vec::new(), team: Vec::new(), unit }).unwrap();
    }
    let (frame, _) = Frame::from_json(&file("auditor/frame.json")).unwrap();
    let (roster, _) = Roster::from_json(&file("auditor/roster.json")).unwrap();
    let report = cycle.coverage(&frame, &record.policy);
    assert!(report.nodes.iter().any(|node| node.coverage().to_string() == "48/218 = 22.0 %"));
    // A make-up draw: a round of share 0.
    let mut policy: serde_json::Value = serde_json::from_slice(&file("public/policy.json")).unwrap();
    policy["round"] = serde_json::json!({ "share": "0", "rest": "0" });
    let policy = Policy::from_json(&policy.to_string()).unwrap();
    let seal = |sequence: u64| {
        let plan = Plan::new(frame.clone(), roster.clone(), policy.clone(), cycle.clone()).unwrap();
        plan.seal(SealTerms { sequence, ..double_random_support::demo::terms().unwrap() })
    };
    assert!(seal(1).err().unwrap().to_string().contains("sequence 1 does not follow draw 1"));
    assert!(seal(2).is_ok());
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

/// The figures that the READMEs show of the demonstration are those of the demonstration.
#[test]
fn the_readmes_show_what_the_demonstration_prints() {
    let folder = tempfile::tempdir().unwrap();
    for (lang, readme) in [("en", "README.md"), ("zh", "README.zh-CN.md")] {
        let output = run("draw", &["--out", folder.path().to_str().unwrap(), "--lang", lang]);
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let printed: Vec<Vec<String>> = text(&output.stdout).lines().map(words).collect();
        let readme = fs::read_to_string(root().join(readme)).unwrap();
        let blocks = shown(&readme, "--example draw");
        assert!(!blocks.is_empty(), "{lang}");
        for line in blocks.iter().flat_map(|block| block.lines()).filter(|line| line.trim() != "…") {
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

/// Every file of a draw is listed with its purpose, on the screen and in an index beside the files.
#[test]
fn every_file_of_a_draw_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let output = run("draw", &["--out", folder.path().to_str().unwrap(), "--lang", "en"]);
    let (printed, index) =
        (text(&output.stdout), fs::read_to_string(folder.path().join("README.txt")).unwrap());
    for (path, _) in files(folder.path()) {
        let path = path.to_str().unwrap();
        let listed = |text: &str| text.lines().any(|line| line.trim_start().starts_with(&format!("{path} ")));
        assert!(path == "README.txt" || listed(&printed) && listed(&index), "{path}");
    }
}

/// What is sealed one day and drawn the next is what is sealed and drawn at once.
#[test]
fn sealed_one_day_and_drawn_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let (once, twice) = (folder.path().join("once"), folder.path().join("twice"));
    demo(&once);
    let out = twice.to_str().unwrap();
    let sealed = run("seal", &["--out", out, "--lang", "en"]);
    assert_eq!(status(&sealed), 0, "{}", text(&sealed.stderr));
    assert!(text(&sealed.stdout).contains("before 2023-08-23T09:00:00Z"));
    let beacon = root().join("examples/data/quanzhou_beacon.json");
    let drawn = run("draw", &["--sealed", out, "--beacon", beacon.to_str().unwrap(), "--quiet"]);
    assert_eq!(status(&drawn), 0, "{}", text(&drawn.stderr));
    assert_eq!(files(&twice), files(&once));
}

#[test]
fn the_page_for_platforms_shows_the_quickstart() {
    let code = fs::read_to_string(root().join("examples/quickstart.rs")).unwrap();
    let (_, code) = code.split_once('\n').unwrap();
    let page = fs::read_to_string(root().join("docs/for-platforms.md")).unwrap();
    assert!(page.contains(code.trim_end()));
    assert!(code.lines().count() < 40);
    let output = run("quickstart", &[]);
    assert!(status(&output) == 0 && text(&output.stdout).ends_with("confirmed\n"));
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

/// People read a stratum by the policy's names; documents keep its path.
#[test]
fn a_stratum_is_shown_by_name() {
    use double_random::stratum::StratumNode;
    use double_random_support::screen::{Lang, stratum};
    let policy = Policy::from_json(double_random_support::demo::POLICY).unwrap();
    let shown = |path: &'static str, lang| stratum(StratumNode::new(path), &policy, lang);
    for (path, zh, en) in [
        ("first/350521/hospital", "惠安县·综合医院（首次）", "惠安县 · 综合医院 (first visit)"),
        ("repeat/350521", "惠安县（再次）", "惠安县 (repeat visit)"),
        ("350521/unknown", "惠安县·unknown", "惠安县 · unknown"),
        ("first", "合计（首次）", "all (first visit)"),
        ("", "合计", "all"),
    ] {
        assert_eq!((shown(path, Lang::Zh), shown(path, Lang::En)), (zh.to_owned(), en.to_owned()));
    }
    // The explanation of a probability has the names, and the text of the library otherwise.
    let plan = double_random_support::demo::plan().unwrap();
    let mut bound = 0;
    for unit in plan.frame().units() {
        let explained = plan.explain(&unit.id).unwrap();
        let text = double_random_support::screen::explanation(&explained, plan.policy(), Lang::En);
        assert!(!text.contains("first/"), "{text}");
        assert_eq!(text.lines().count(), explained.to_string().lines().count());
        bound += usize::from(text.contains("(first visit) m"));
    }
    assert!(bound > 0, "no floor or limit explains any probability: does this test still look at one?");
}

/// The kit of a record: four files of statements, and the auditor's own table of units.
#[test]
fn the_draw_kit_is_written_from_the_auditors_files() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("kit");
    let vector = |name: &str| root().join("tests/vectors/records/rate").join(name).display().to_string();
    let record = vector("record.json");
    let own = [
        "--frame",
        &vector("frame.json"),
        "--roster",
        &vector("roster.json"),
        "--cycle",
        &vector("cycle.json"),
    ]
    .map(str::to_owned);
    let begin = [record.as_str(), "--out", out.to_str().unwrap(), "--dialect"];
    let mut args = begin.to_vec();
    args.push("duckdb");
    args.extend(own.iter().map(String::as_str));
    assert_eq!(status(&run("kit", &args)), 0);
    let mut names: Vec<String> =
        fs::read_dir(&out).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["1-setup.sql", "2-allocation.sql", "3-sample.sql", "4-audit.sql", "units.csv"]);
    assert!(fs::read_to_string(out.join("units.csv")).unwrap().starts_with("cell,id,pseudonym\n"));
    // Half of the auditor's files, and an engine that there is not.
    assert_eq!(
        status(&run("kit", &[&begin[..], &["duckdb", "--frame", &vector("frame.json")]].concat())),
        64
    );
    assert_eq!(status(&run("kit", &[&begin[..], &["oracle"]].concat())), 64);
    // Registers of another draw.
    let other = root().join("tests/vectors/records/number/frame.json").display().to_string();
    let mut args = args.clone();
    args[6] = &other;
    let refused = run("kit", &args);
    assert_eq!(status(&refused), 3);
    assert!(text(&refused.stderr).contains("another table of cells"), "{refused:?}");
}
