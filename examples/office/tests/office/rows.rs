//! A table of results: every kind of row, what it cannot do, and what the registers have said since the seal.

use crate::support::{DRAWN, Kind, Office, Out, same};
use serde_json::Value;

const HEAD: &str =
    "登记类型,检查对象,检查日期,检查结果,检查人员,缺岗人员,缺岗至,原因,证明材料,批准人,批准层级,替换为";
const AT: &str = "--at 2023-09-05T01:00:00Z";

/// An office after its draw, with evidence beside the tables.
fn drawn() -> (Office, Vec<Value>) {
    let office = Office::after(Kind::Sqlite, DRAWN);
    office.write("photo.jpg", "closed door");
    office.write("note.pdf", "a sick note");
    let record: Value = serde_json::from_slice(&office.document("record")).unwrap();
    let visits = record["teams"]["visits"].as_array().unwrap().clone();
    (office, visits)
}

pub(crate) fn unit(visit: &Value) -> &str {
    visit["unit"].as_str().unwrap()
}

pub(crate) fn officer(visit: &Value, place: usize) -> &str {
    visit["posts"][0]["officers"][place]["id"].as_str().unwrap()
}

fn enter(office: &Office, rows: &[String]) -> Out {
    office.write("rows.csv", format!("{HEAD}\n{}\n", rows.join("\n")));
    office.run(&format!("result rows.csv --json {AT}"))
}

/// The contents of the ledger's entries, in order.
fn entries(office: &Office) -> Vec<Value> {
    let mut lines: Vec<Value> = office.dump()["ledger"]
        .iter()
        .map(|row| {
            serde_json::from_str(row.rsplit('\u{1}').find(|cell| cell.starts_with('{')).unwrap()).unwrap()
        })
        .collect();
    lines.sort_by_key(|line: &Value| line["number"].as_u64());
    lines.into_iter().map(|line| line["entry"].clone()).collect()
}

/// Who comes in the place of an institution, tried beside.
fn reserve(office: &Office, unit: &str) -> String {
    let beside = office.copy();
    let line = format!(
        "replace --unit {unit} --reason closed --evidence note.txt --approved-by director --json {AT}"
    );
    beside.run(&line).ok().json()["by"].as_str().unwrap().to_owned()
}

#[test]
fn every_kind_of_row_is_an_entry() {
    let (office, visits) = drawn();
    let [gone, ill, made, missed] = [0, 1, 2, 3].map(|place| unit(&visits[place]));
    let by = reserve(&office, gone);
    let (sick, team) = (officer(&visits[1], 0), (officer(&visits[2], 0), officer(&visits[2], 1)));
    let before = entries(&office).len();
    let rows = [
        format!(",{made},2023-09-03,no-problem,,,,,,,,"),
        format!("替换检查对象,{gone},2023-09-03,,,,,注销,photo.jpg,director,本机关,{by}"),
        format!("检查,{by},2023-09-05,no-problem,,,,,,,,"),
        format!("检查人员不能到岗,,2023-09-05,,,{sick},2023-09-20,病假,note.pdf,director,机关负责人,"),
        format!(",{missed},2023-09-03,失联,,,,,photo.jpg,director,,"),
        format!(
            "随机抽查之外的检查,FJQZ-0100,2023-09-03,problem,{}、{},,,,note.pdf,head,科室,",
            team.0, team.1
        ),
    ];
    let answer = enter(&office, &rows).ok().json();
    assert_eq!(answer["entries"].as_array().map(Vec::len), Some(6), "{answer}");
    let after = entries(&office);
    let kinds: Vec<&str> = after[before..].iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["visited", "replaced", "visited", "dropped_out", "reassigned", "missed", "inspected"]);
    let [replaced, dropped, outside] = [1, 3, 6].map(|place| &after[before + place]);
    assert_eq!((&replaced["by"], &replaced["approval"]["level"]), (&by.as_str().into(), &"authority".into()));
    assert_eq!((&dropped["out"], &dropped["reason"]), (&sick.into(), &"ill".into()));
    assert_eq!(
        (&dropped["dates"]["from"], &dropped["dates"]["to"]),
        (&"2023-09-05".into(), &"2023-09-20".into())
    );
    assert_eq!((&outside["result"], &outside["approval"]["level"]), (&"problem".into(), &"office".into()));
    // The evidence is the hash of the file itself.
    assert_eq!(replaced["evidence"], after[before + 5]["evidence"]);
    let _ = ill;
    // The same table again.
    let whole = office.dump();
    let again = enter(&office, &rows).ok().json();
    assert_eq!((&again["entries"], &again["already_there"]), (&serde_json::json!([]), &6.into()));
    same(&office.dump(), &whole, "the same table again");
    let verified = office.run("verify --at 2023-09-06T00:00:00Z");
    assert!(verified.status == Some(2) && !verified.out.contains("FAIL"), "{verified:?}");
}

/// A row has every problem said with its number, and nothing of the table is entered.
#[test]
fn a_table_says_all_its_problems_at_once() {
    let (office, visits) = drawn();
    let [one, two, three] = [0, 1, 2].map(|place| unit(&visits[place]));
    let who = officer(&visits[1], 0);
    let rows = [
        (format!(",{one},2023-09-03,no-problem,,,,,,,,"), ""),
        (format!("替换,{two},2023-09-03,,,,,sold,photo.jpg,director,,"), "unreachable (失联)"),
        (format!("替换,{two},2023-09-03,,{who},,,注销,photo.jpg,director,,"), "team would be lost"),
        (format!("替换,{two},2023-09-03,,,,,注销,,director,,"), "a replacement: evidence"),
        (format!("替换,{two},2023-09-03,,,,,注销,none.jpg,director,,"), "none.jpg"),
        (format!("缺岗,,2023-09-03,,,{who},,注销,note.pdf,director,,"), "回避"),
        (format!("缺岗,{two},2023-09-03,,,{who},,病假,note.pdf,director,,"), "without --unit"),
        ("缺岗,,2023-09-03,,,,,病假,note.pdf,director,,".to_owned(), "who drops out"),
        ("缺岗,,2023-09-03,,,NOBODY-1,,病假,note.pdf,director,,".to_owned(), "not on the roster"),
        (format!("缺岗,,2023-09-03,,,{who},2023-09-01,病假,note.pdf,director,,"), "2023-09-01"),
        (format!("缺岗,,2023-09-03,,,{who},,病假,note.pdf,director,主任,"), "上级机关"),
        (format!("外出,{three},2023-09-03,no-problem,,,,,,,,"), "登记类型"),
        (format!("非随机检查,{three},2023-09-03,problem,,,,,note.pdf,head,,"), "no drawn team"),
        (format!("非随机检查,{three},2023-09-03,problem,{who},,,,note.pdf,head,,"), "at least 2"),
        (format!("检查,{three},2023-09-03,失联,,,,,photo.jpg,director,,"), "that the visit was made"),
        (format!(",{three},2023-09-03,no-problem,,,,,,director,,"), "bars nobody"),
        (format!(",{three},2023-09-03,no-problem,{who}x,,,,,,,"), "not on the roster"),
    ];
    let before = office.dump();
    let lines: Vec<String> = rows.iter().map(|(row, _)| row.clone()).collect();
    office.write("rows.csv", format!("{HEAD}\n{}\n", lines.join("\n")));
    let out =
        office.run(&format!("result rows.csv {AT} --lang en")).fails(3, "16 problems, no result was entered");
    for (place, (row, words)) in rows.iter().enumerate().filter(|(_, (_, words))| !words.is_empty()) {
        let line = out.err.lines().find(|line| line.contains(&format!("row {},", place + 2)));
        assert!(line.is_some_and(|line| line.contains(words)), "{row}: {words}: {out:?}");
    }
    same(&office.dump(), &before, "a table with problems");
}

/// The form names every column, a row that nobody filled in is a visit still to be made, and the filled ones are
/// entered.
#[test]
fn the_form_of_results_is_filled_in_and_entered() {
    let (office, visits) = drawn();
    for (lang, file) in [("zh", "form.csv"), ("en", "blank.csv")] {
        office.run(&format!("export form --out {file} --lang {lang}")).ok();
        let form = office.read(file);
        let mut rows: Vec<String> = form.lines().map(str::to_owned).collect();
        assert_eq!(rows.len(), visits.len() + 1, "{form}");
        let of = |row: &str| row.split(',').next().unwrap().to_owned();
        assert!(visits.iter().all(|visit| rows.iter().any(|row| of(row) == unit(visit))));
        let places: Vec<usize> = [1, 2].to_vec();
        for place in &places {
            let mut cells: Vec<String> = rows[*place].split(',').map(str::to_owned).collect();
            (cells[3], cells[4]) = ("2023-09-03 14:30".to_owned(), "no-problem".to_owned());
            rows[*place] = cells.join(",");
        }
        office.write(file, rows.join("\r\n"));
        let beside = office.copy();
        let out = beside.run(&format!("result {file} {AT} --lang en")).ok();
        assert!(out.out.contains("2 results entered"), "{out:?}");
        let open = format!("{} rows without date and result", visits.len() - 2);
        assert!(out.err.contains(&open) && out.err.contains("the time of day is not entered"), "{out:?}");
        // Every column of the form is read, but for the days that it shows: names are held against the ids.
        let unread = out.err.lines().filter(|line| line.contains("is not read")).count();
        assert_eq!(unread, 1, "{out:?}");
    }
}

/// Rows in order that only a rule refuses are no unusable input; with one unusable row the table is.
#[test]
fn a_table_whose_only_problems_are_barred_teams_ends_as_a_barred_team_does() {
    let (office, visits) = drawn();
    let [one, two] = [0, 1].map(|place| unit(&visits[place]));
    let who = officer(&visits[0], 0);
    let rows = office.read("recusals.csv");
    office.write("recusals.csv", format!("{}\n{who},{one},申请,本人申请（构造）\n", rows.trim_end()));
    office.run("import recusals recusals.csv --yes --at 2023-08-30T01:00:00Z").ok();
    let before = office.dump();
    let barred = format!(",{one},2023-09-03,no-problem,,,,,,,,");
    let good = format!(",{two},2023-09-03,no-problem,,,,,,,,");
    enter(&office, &[barred.clone(), good.clone()]).fails(4, "is recused now");
    enter(&office, &[barred, good.clone(), format!(",{two},2023-09-33,no-problem,,,,,,,,")])
        .fails(3, "2023-09-33");
    same(&office.dump(), &before, "refused");
    // The row itself has evidence and approval.
    enter(&office, &[format!(",{one},2023-09-03,no-problem,,,,,note.pdf,director,本机关,"), good]).ok();
    let entered = entries(&office);
    let visit = &entered[entered.len() - 2];
    assert_eq!(
        (&visit["barred"]["people"][0]["id"], &visit["barred"]["approval"]["by"]),
        (&who.into(), &"director".into())
    );
}

/// He approves his own rows, under his code in other letters too.
#[test]
fn nobody_approves_his_own_rows() {
    let (office, visits) = drawn();
    let [one, two] = [0, 1].map(|place| unit(&visits[place]));
    let (team, before) = (officer(&visits[2], 0).to_owned(), office.dump());
    let other = officer(&visits[2], 1);
    for own in ["clerk", "Clerk"] {
        for row in [
            format!("替换,{one},2023-09-03,,,,,注销,photo.jpg,{own},,"),
            format!("缺岗,,2023-09-03,,,{team},,病假,note.pdf,{own},,"),
            format!("未能检查,{two},2023-09-03,失联,,,,,photo.jpg,{own},,"),
            format!("非随机检查,{two},2023-09-03,problem,{team}、{other},,,,note.pdf,{own},,"),
        ] {
            enter(&office, &[row]).fails(4, "must differ from --actor");
        }
    }
    same(&office.dump(), &before, "his own approvals");
}

/// He fills in who should come in the place of the institution: it is held against the order of the draw.
#[test]
fn a_row_cannot_skip_the_first_reserve() {
    let (office, visits) = drawn();
    let (gone, before) = (unit(&visits[0]), office.dump());
    let by = reserve(&office, gone);
    let next = {
        let beside = office.copy();
        let line = |unit: &str| {
            format!(
                "replace --unit {unit} --reason closed --evidence note.txt --approved-by director --json {AT}"
            )
        };
        beside.run(&line(gone)).ok();
        beside.run(&line(&by)).ok().json()["by"].as_str().unwrap().to_owned()
    };
    assert_ne!(by, next);
    let row = |by: &str| format!("替换,{gone},2023-09-03,,,,,注销,photo.jpg,director,本机关,{by}");
    enter(&office, &[row(&next)]).fails(4, &format!("the next one is {by}, not {next}"));
    same(&office.dump(), &before, "another reserve");
    enter(&office, &[row(&by)]).ok();
    // And a visit to one that did not come by lot is none.
    enter(&office, &[format!("检查,{next},2023-09-03,no-problem,,,,,,,,")]).fails(3, "has no visit");
}

/// An officer who is out for the whole round is one row, and what is kept of it is what moved.
#[test]
fn an_officer_out_for_a_round_is_one_row_and_keeps_what_moved() {
    let (office, visits) = drawn();
    let officers = visits.iter().flat_map(|visit| visit["posts"].as_array().unwrap()).flat_map(|post| {
        post["officers"].as_array().unwrap().iter().map(|officer| officer["id"].as_str().unwrap())
    });
    let mut loads: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    officers.for_each(|id| *loads.entry(id).or_default() += 1);
    let (busy, load) = loads.into_iter().max_by_key(|(_, load)| *load).unwrap();
    assert!(load > 1, "{load}");
    let kept = |office: &Office| -> Vec<usize> {
        let rows = office.dump()["documents"].clone();
        rows.iter().filter(|row| row.contains("teams 0")).map(String::len).collect()
    };
    let whole = kept(&office)[0];
    enter(&office, &[format!("缺岗,,2023-09-01,,,{busy},,调离,note.pdf,director,本机关,")]).ok();
    let entered = entries(&office);
    let [.., dropped, reassigned] = entered.as_slice() else { panic!("two entries") };
    assert_eq!((&dropped["kind"], &reassigned["kind"]), (&"dropped_out".into(), &"reassigned".into()));
    let after = kept(&office);
    let moved = reassigned["moves"].as_array().unwrap().len();
    assert!(moved >= load && after.len() == 2, "{moved} moves, {load} visits");
    let change = after.into_iter().filter(|length| *length != whole).max().unwrap();
    assert!(change * visits.len() < whole * 3 * (moved + 1), "{change} bytes of {whole} for {moved} moves");
}

/// Who would go to the reserve institution is recused since the seal: he is passed over, the entry says so, and
/// everybody can make the team again.
#[test]
fn the_team_of_a_reserve_is_made_without_whom_the_registers_bar() {
    let (office, visits) = drawn();
    let gone = unit(&visits[0]);
    let line = format!(
        "replace --unit {gone} --reason closed --evidence note.txt --approved-by director --json {AT}"
    );
    let would = office.copy().run(&line).ok().json();
    let (by, first) = (would["by"].as_str().unwrap(), would["team"][0].as_str().unwrap());
    let rows = office.read("recusals.csv");
    office.write("recusals.csv", format!("{}\n{first},{by},申请,本人申请（构造）\n", rows.trim_end()));
    office.run("import recusals recusals.csv --yes --at 2023-08-30T01:00:00Z").ok();
    let came = office.run(&line).ok().json();
    assert_eq!(came["by"], by);
    let team = came["team"].as_array().unwrap();
    assert!(team.len() == would["team"].as_array().unwrap().len() && !team.contains(&first.into()), "{came}");
    let entered = entries(&office);
    let replaced = entered.last().unwrap();
    assert_eq!(
        replaced["unavailable"],
        serde_json::json!([{"id": first, "reason": "recused"}]),
        "{replaced}"
    );
    let status = office.run(&format!("status --json {AT}")).ok().json();
    assert!(!status.to_string().contains(&format!("\"person\":\"{first}\"")), "{status}");
    let verified = office.run("verify --at 2023-09-06T00:00:00Z --lang en");
    assert!(verified.status == Some(2) && !verified.out.contains("FAIL"), "{verified:?}");
    assert!(verified.out.contains("teams that do not go to the first reserves"), "{verified:?}");
    // He does not come there in anybody's place either.
    let sick = team[0].as_str().unwrap();
    let leaves = format!(
        "replace --officer {sick} --reason ill --evidence note.txt --approved-by director --json {AT}"
    );
    let moves = office.run(&leaves).ok().json();
    let there = |step: &Value| step["unit"] == by && step["by"] == first;
    assert!(!moves["moves"].as_array().unwrap().iter().any(there), "{moves}");
}

/// An office of a city with rule pack and programme, whose registers are there.
pub(crate) fn programme() -> Office {
    let rules = crate::support::root().join("examples/rules");
    let data = crate::support::root().join("examples/data/five_cities");
    let office = Office::nothing(Kind::Sqlite);
    let (pack, programme) = (rules.join("quanzhou.json"), rules.join("quanzhou-2026.json"));
    let (pack, programme) = (pack.display(), programme.display());
    office.run(&format!("init --pack {pack} --programme {programme} --at 2026-02-20T01:00:00Z")).ok();
    for (register, file, own) in [
        ("units", "quanzhou_units.csv", "units.csv"),
        ("officers", "officers.csv", "officers.csv"),
        ("experts", "experts.csv", "experts.csv"),
        ("recusals", "recusals.csv", "recusals.csv"),
    ] {
        let rows = std::fs::read_to_string(data.join(file)).unwrap();
        let kept =
            |line: &(usize, &str)| register == "units" || line.0 == 0 || line.1.starts_with("quanzhou,");
        let kept: Vec<&str> = rows.lines().enumerate().filter(kept).map(|(_, line)| line).collect();
        office.write(own, kept.join("\n"));
        office.run(&format!("import {register} {own} --yes --at 2026-02-20T02:00:00Z")).ok();
    }
    office
}

/// The same after its first draw, and the visits.
pub(crate) fn drawn_programme() -> (Office, Vec<Value>) {
    let office = programme();
    for line in [
        "plan --task medical --adopt --approved-by director --at 2026-03-02T02:00:00Z",
        "seal --task medical --salt-key key.txt --at 2026-03-03T03:00:00Z",
        "beacon --task medical --value dice=3141592653589793238462643383279502884197 --at 2026-03-04T03:10:00Z",
        "draw --task medical --at 2026-03-04T03:20:00Z",
    ] {
        office.run(line).ok();
    }
    let record: Value = serde_json::from_slice(&office.document("record")).unwrap();
    let visits = record["teams"]["visits"].as_array().unwrap().clone();
    (office, visits)
}

/// Results as offices write them: the pack's name of a result, names of people, a time of day, a total at the end.
/// What contradicts itself is refused in words.
#[test]
fn results_as_offices_write_them_are_read_or_refused_in_words() {
    let (office, visits) = drawn_programme();
    let [one, two, three] = [0, 1, 2].map(|place| unit(&visits[place]));
    let officers = office.read("officers.csv");
    let name = |id: &str| {
        let row = officers.lines().find(|line| line.contains(&format!(",{id},"))).unwrap();
        row.split(',').nth(2).unwrap().to_owned()
    };
    let posts = visits[0]["posts"].as_array().unwrap();
    let team = posts.iter().flat_map(|post| post["officers"].as_array().unwrap());
    let team: Vec<&str> = team.map(|officer| officer["id"].as_str().unwrap()).collect();
    let names = team.iter().map(|id| name(id)).collect::<Vec<_>>().join("、");
    let posts = visits[1]["posts"].as_array().unwrap();
    let blank = posts.iter().flat_map(|post| post["officers"].as_array().unwrap());
    let blank: Vec<&str> = blank.map(|officer| officer["id"].as_str().unwrap()).collect();
    let blank = blank.join(" ");
    office.write(
        "results.csv",
        format!(
            "机构标识,检查时间,检查结果,检查人员（执法证号）\n{one},2026-04-07,未发现问题,{names}\n{two},2026-04-07 \
             09:30,违反有关规定,{blank}\n合计,,2,\n"
        ),
    );
    let result = "result results.csv --task medical --at 2026-04-08T01:00:00Z --lang en";
    let out = office.run(result).ok();
    assert!(out.out.contains("2 results entered"), "{out:?}");
    for note in ["the time of day is not entered", "a total, not read"] {
        assert!(out.err.contains(note), "{note}: {out:?}");
    }
    let entered = visited(&office);
    let mut ids = team.clone();
    ids.sort_unstable();
    assert_eq!((&entered[0]["result"], &entered[0]["team"]), (&"no_problem".into(), &serde_json::json!(ids)));
    assert_eq!((&entered[1]["result"], &entered[1]["date"]), (&"violation".into(), &"2026-04-07".into()));
    // One institution twice with two results; a name that nobody has; a word that is no result.
    let before = office.dump();
    for (rows, words) in [
        (
            format!("{three},2026-04-07,no_problem,\n{three},2026-04-07,violation,"),
            "(row 2 is about it, too)",
        ),
        (format!("{three},2026-04-07,no_problem,张无此人"), "nobody on the roster of the draw has this name"),
        (format!("{three},2026-04-07,合格了,"), "no_problem (未发现问题)"),
    ] {
        office.write("results.csv", format!("检查对象,检查日期,检查结果,检查人员\n{rows}\n"));
        let out = office.run(result);
        assert!(matches!(out.status, Some(3 | 4)) && out.err.contains(words), "{words}: {out:?}");
        same(&office.dump(), &before, words);
    }
}

/// The visits of the first draw, which stand in closed lines: what an auditor is told of them.
pub(crate) fn visited(office: &Office) -> Vec<Value> {
    office.run("publish --auditor --out told --task medical").ok();
    let files = std::fs::read_dir(office.path("told/2026-medical/draws/1.1")).unwrap();
    let files = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let last = files.filter(|file| file.starts_with("contents-")).max().unwrap();
    let rows = office.read(&format!("told/2026-medical/draws/1.1/{last}"));
    let rows = rows.lines().map(|row| serde_json::from_str::<Value>(row).unwrap()["entry"].clone());
    rows.filter(|entry| entry["kind"] == "visited").collect()
}

/// Since the seal an officer has left, an institution of the draw has closed, and an officer is recused from another:
/// the import, the state and the task list name it, and nobody of them comes or is entered.
#[test]
fn what_the_registers_say_since_the_seal_is_looked_at() {
    let (office, visits) = drawn_programme();
    let [closed, recused] = [0, 1].map(|place| unit(&visits[place]));
    let barred = officer(&visits[1], 0);
    // One of whom no recusal is on file: an officer who is in one leaves with it, or not at all.
    let recusals = office.read("recusals.csv");
    let free = |visit: &&Value| officer(visit, 0) != barred && !recusals.contains(officer(visit, 0));
    let deserted = visits[2..].iter().find(free).expect("an officer without a recusal");
    let left = officer(deserted, 0);
    let rows = |file: &str| office.read(file).lines().map(str::to_owned).collect::<Vec<_>>();
    let close = |row: &String| {
        if row.starts_with(closed) { row.replace(",active,", ",注销,") } else { row.clone() }
    };
    office.write("closed.csv", rows("units.csv").iter().map(close).collect::<Vec<_>>().join("\n"));
    let stays = |row: &&String| !row.contains(&format!(",{left},"));
    office
        .write("left.csv", rows("officers.csv").iter().filter(stays).cloned().collect::<Vec<_>>().join("\n"));
    office.write(
        "late.csv",
        format!(
            "{}\nquanzhou,{barred},{recused},statutory,近亲属（构造）\n",
            office.read("recusals.csv").trim_end()
        ),
    );
    for (register, file, named) in [
        ("recusals", "late.csv", vec![barred, recused]),
        ("units", "closed.csv", vec![closed]),
        ("officers", "left.csv", vec![left]),
    ] {
        let out =
            office.run(&format!("import {register} {file} --yes --at 2026-04-01T01:00:00Z --lang en")).ok();
        assert!(named.iter().all(|id| out.out.contains(id) || out.err.contains(id)), "{register}: {out:?}");
    }
    let status = office.run("status --task medical --lang en --at 2026-04-01T02:00:00Z").ok();
    for named in [left, barred, closed] {
        assert!(status.out.contains(named), "{named}: {status:?}");
    }
    let gone = format!(
        "replace --task medical --unit {closed} --reason closed --evidence note.txt --approved-by director --json \
         --at 2026-04-02T01:00:00Z"
    );
    let came = office.run(&gone).ok().json();
    assert!(!came["team"].as_array().unwrap().contains(&left.into()), "{came}");
    let result = |unit: &str| {
        format!(
            "result --task medical --unit {unit} --date 2026-04-07 --result no_problem --at 2026-04-08T01:00:00Z"
        )
    };
    office.run(&result(recused)).fails(4, "is recused now");
    office.run(&result(unit(deserted))).fails(4, "no longer on the register");
    office.run(&format!("{} --barred --evidence note.txt --approved-by director", result(recused))).ok();
    let entered = visited(&office);
    assert_eq!(entered[0]["barred"]["people"][0], serde_json::json!({"id": barred, "reason": "recused"}));
}

/// What an inspection outside the draw has found stands in the ledger and in the dossier. A correction moves both, and
/// neither can be left behind.
#[test]
fn the_result_of_an_inspection_outside_the_draw_reaches_the_dossier() {
    let office = programme();
    let at = "--task medical --at 2026-03-01T01:00:00Z";
    let outside =
        "result --outside --unit FJQZ-0005 --date 2026-02-28 --team QZ-W-001,QZ-W-002 --approved-by director";
    let results = |office: &Office| -> Vec<String> {
        office.run("export entries --out entries.csv --lang en --at 2026-03-01T02:00:00Z").ok();
        let text = office.read("entries.csv");
        text.lines().filter(|line| line.contains("inspection: medical")).map(str::to_owned).collect()
    };
    let before = office.dump();
    office.run(&format!("{outside} --result perfect {at}")).fails(3, "\"perfect\" is none of ");
    same(&office.dump(), &before, "a result that the pack does not have");
    let entry = office.run(&format!("{outside} --result violation {at} --json")).ok().json()["entry"].clone();
    let entered = results(&office);
    assert!(entered.len() == 1 && entered[0].contains("violation"), "{entered:?}");
    let amend =
        format!("amend --entry {entry} --reason clerical --evidence note.txt --approved-by director {at}");
    office.run(&format!("{amend} --result no_problem")).ok();
    let entered = results(&office);
    let counts = |row: &&String| !row.contains("taken back");
    assert_eq!((entered.len(), entered.iter().filter(counts).count()), (2, 1), "{entered:?}");
    assert!(entered.iter().find(counts).unwrap().contains("no_problem"), "{entered:?}");
    let withdraw = "withdraw --entry 1 --reason mistake --approved-by director --at 2026-03-01T03:00:00Z";
    office.run(withdraw).fails(4, "office amend");
    // By another hand the dossier says otherwise: verify names it.
    let forged = office.copy();
    forged.sql("UPDATE dossier SET entry = replace(entry, 'no_problem', 'corrected')");
    let verify = "verify --task medical --at 2026-03-01T04:00:00Z --lang en";
    let (own, other) = (office.run(verify), forged.run(verify));
    let said = "the dossier does not say no_problem of FJQZ-0005";
    assert!(!own.out.contains(said) && other.out.contains(said), "{own:?} {other:?}");
    office.run(&format!("{amend} --withdraw")).ok();
    assert_eq!(results(&office).iter().filter(counts).count(), 0);
}
