//! What an office does when something was wrong: an entry is taken back, a clock was ahead, a barred officer
//! went, a policy breaks its programme, an officer is away for some days.

use crate::support::{DRAWN, Kind, Office, ROUND, root, same};
use serde_json::Value;

/// The last entry of the ledger, as it is stored.
fn last(office: &Office) -> Value {
    entry(office, office.ledger_size())
}

fn entry(office: &Office, number: u64) -> Value {
    let lines = office.dump()["ledger"].clone();
    let of = |line: &String| -> Value { serde_json::from_str(line.rsplit('\u{1}').next().unwrap()).unwrap() };
    lines.iter().map(of).find(|line| line["number"] == number).unwrap()
}

fn visits(office: &Office) -> Vec<Value> {
    let record: Value = serde_json::from_slice(&office.document("record")).unwrap();
    record["teams"]["visits"].as_array().unwrap().clone()
}

#[test]
fn a_result_of_the_wrong_institution_is_taken_back_and_the_visit_is_to_be_made_again() {
    // Up to the table of results.
    let office = Office::after(Kind::Sqlite, ROUND.len() - 2);
    let wrong = office.ledger_size();
    let unit = last(&office)["entry"]["unit"].as_str().unwrap().to_owned();
    let pending =
        || office.run("verify --at 2023-09-06T00:00:00Z --lang en").out.matches("visits to come").count();
    assert_eq!(pending(), 1);
    let result = format!("result --unit {unit} --date 2023-09-05 --result problem-corrected");
    let amend = format!("amend --entry {wrong} --withdraw --reason clerical --evidence note.txt");
    office.run(&format!("{amend} --result no-problem --approved-by director")).fails(64, "--withdraw");
    office.run(&format!("{amend} --approved-by clerk --at 2023-09-05T01:00:00Z")).fails(4, "clerk");
    office.run(&format!("{amend} --approved-by director --at 2023-09-05T01:00:00Z")).ok();
    let amended = last(&office);
    assert_eq!(amended["entry"]["amends"], wrong);
    assert_eq!(amended["entry"]["entry"]["kind"], "withdrawn", "{amended}");
    assert_eq!(office.run(&amend_again(&amend)).status, Some(4));
    office.run(&format!("{result} --at 2023-09-05T02:00:00Z")).ok();
    assert_eq!(last(&office)["entry"]["unit"], unit.as_str());
    let verified = office.run("verify --at 2023-09-06T00:00:00Z --lang en");
    assert!(verified.status == Some(2) && verified.out.contains("look at  amendments"), "{verified:?}");
}

fn amend_again(line: &str) -> String {
    format!("{line} --approved-by director --at 2023-09-05T01:30:00Z")
}

#[test]
fn an_entry_under_a_clock_that_was_ahead_is_set_right() {
    let office = Office::after(Kind::Sqlite, 3);
    office.run("plan --adopt --approved-by director --at 2033-08-20T02:00:00Z").fails(4, "--rehearsal");
    // A clock that is two days ahead goes unnoticed until the next command.
    office.run("plan --adopt --approved-by director --at 2023-08-22T20:00:00Z").ok();
    let first = (1..=office.ledger_size())
        .find(|number| entry(&office, *number)["at"].as_str().unwrap().starts_with("2023-08-22"))
        .unwrap();
    let before = office.dump();
    let seal = "seal --salt-key key.txt --at 2023-08-22T08:00:00Z";
    office.run(seal).fails(4, "office clock --entry");
    let clock = format!("clock --entry {first} --evidence note.txt --at 2023-08-21T01:00:00Z");
    office.run(&format!("{clock} --approved-by province")).fails(4, "at least superior (上级机关)");
    same(&office.dump(), &before, "refused");
    office.run(&format!("{clock} --approved-by province --level superior")).ok();
    assert_eq!(last(&office)["entry"]["kind"], "clock");
    office.run(seal).ok();
    let shown = office.run("verify --at 2023-08-22T09:00:00Z --lang en");
    assert!(shown.status == Some(2) && !shown.out.contains("FAIL"), "{shown:?}");
    office.run("export ledger --out ledger.csv --lang zh").ok();
    assert!(office.read("ledger.csv").contains("时钟更正"));
}

#[test]
fn an_officer_whom_a_register_bars_goes_only_with_an_approval() {
    let office = Office::after(Kind::Sqlite, DRAWN);
    let visit = visits(&office)[3].clone();
    let unit = visit["unit"].as_str().unwrap();
    let officer = visit["posts"][0]["officers"][0]["id"].as_str().unwrap();
    let rows = office.read("recusals.csv");
    office.write("recusals.csv", format!("{}\n{officer},{unit},申请,本人申请（构造）\n", rows.trim_end()));
    office.run("import recusals recusals.csv --yes --at 2023-08-30T01:00:00Z").ok();
    let result =
        format!("result --unit {unit} --date 2023-09-04 --result no-problem --at 2023-09-05T01:00:00Z");
    office.run(&result).fails(4, "--barred");
    office.run(&format!("{result} --barred")).fails(64, "--evidence");
    office.run(&format!("{result} --barred --evidence note.txt --approved-by director")).ok();
    let entered = last(&office);
    assert!(entered["entry"]["barred"].to_string().contains(officer), "{entered}");
}

#[test]
fn an_inspection_outside_a_draw_is_corrected_under_the_rules_of_its_entry() {
    let office = Office::after(Kind::Sqlite, DRAWN);
    // 3505-0004 is on leave.
    let there = |visit: &Value| !visit["posts"][0]["officers"].to_string().contains("3505-0004");
    let visit = visits(&office).into_iter().find(there).unwrap();
    let unit = visit["unit"].as_str().unwrap();
    let officers = visit["posts"][0]["officers"].as_array().unwrap();
    let [one, two] = [0, 1].map(|place| officers[place]["id"].as_str().unwrap());
    let outside = format!("result --outside --unit {unit} --date 2023-09-04 --approved-by director");
    let at = "--at 2023-09-05T01:00:00Z";
    office.run(&format!("{outside} --team {one},{two} {at}")).ok();
    let size = office.ledger_size();
    let amend =
        format!("amend --entry {size} --reason clerical --evidence note.txt --approved-by director {at}");
    let before = office.dump();
    // One officer where two must go, and the letter O for the figure 0.
    office.run(&format!("{amend} --team {one}")).fails(4, "at least 2 must go");
    office.run(&format!("{amend} --team {one},{}", two.replace('0', "O"))).fails(4, "is it");
    let rows = office.read("recusals.csv");
    office.write("recusals.csv", format!("{}\n{two},{unit},申请,本人申请（构造）\n", rows.trim_end()));
    same(&office.dump(), &before, "refused");
    office.run(&format!("import recusals recusals.csv --yes {at}")).ok();
    let all = visits(&office);
    let sent = all.iter().flat_map(|visit| visit["posts"][0]["officers"].as_array().unwrap());
    let mut others = sent
        .map(|officer| officer["id"].as_str().unwrap())
        .filter(|id| ![one, two, "3505-0004"].contains(id));
    let third = others.next().unwrap().to_owned();
    office.run(&format!("{amend} --team {two},{third}")).fails(4, "is recused now");
    // Who was entered stays entered: the day alone may be corrected.
    office.run(&format!("{amend} --date 2023-09-03")).ok();
    assert_eq!(last(&office)["entry"]["amends"], size);
}

#[test]
fn a_policy_that_breaks_its_programme_is_adopted_only_despite_it() {
    let rules = root().join("examples/rules");
    let data = root().join("examples/data/five_cities");
    let office = Office::nothing(Kind::Sqlite);
    let programme = std::fs::read_to_string(rules.join("quanzhou-2026.json")).unwrap();
    let adopt = "plan --task medical --adopt --approved-by director --at 2026-03-02T02:00:00Z";
    // The last day of publication moves behind the twenty working days.
    let late = programme.replace("\"2026-06-12\"", "\"2026-06-30\"");
    assert_ne!(programme, late);
    office.write("late.json", late);
    let pack = rules.join("quanzhou.json").display().to_string();
    office.run(&format!("init --pack {pack} --programme late.json --at 2026-02-20T01:00:00Z")).ok();
    for (register, file, only) in [
        ("units", "quanzhou_units.csv", ""),
        ("officers", "officers.csv", "--where city=quanzhou"),
        ("experts", "experts.csv", "--where city=quanzhou"),
    ] {
        let file = data.join(file).display().to_string();
        office.run(&format!("import {register} {file} {only} --yes --at 2026-02-20T02:00:00Z")).ok();
    }
    office.run(adopt).fails(4, "publish on 2026-06-30");
    office.run(&format!("{adopt} --despite holidays-were-moved")).ok();
    office.run("export ledger --task medical --out ledger.csv --lang en").ok();
    let size = office.dump()["ledger"].iter().filter(|line| line.contains("holidays-were-moved")).count();
    assert_eq!(size, 1, "the reason stands in the ledger");
}

#[test]
fn an_officer_who_drops_out_is_entered_with_the_days_before_anybody_steps_in() {
    let office = Office::after(Kind::Sqlite, DRAWN);
    let visit = visits(&office)[1].clone();
    let officer = visit["posts"][0]["officers"][0]["id"].as_str().unwrap();
    let unit = visit["unit"].as_str().unwrap();
    let approved = "--evidence note.txt --approved-by head --level office --at 2023-08-24T02:00:00Z";
    let replace = format!("replace --officer {officer} --reason ill {approved}");
    let before = office.dump();
    office.run(&format!("{replace} --unit {unit}")).fails(4, "--unit");
    office.run(&format!("{replace} --from 2023-09-20 --to 2023-09-10")).fails(3, "ends before it begins");
    same(&office.dump(), &before, "refused");
    let size = office.ledger_size();
    office.run(&format!("{replace} --from 2023-08-28 --to 2023-11-30")).ok();
    let dropped = entry(&office, size + 1);
    assert_eq!(dropped["entry"]["kind"], "dropped_out", "{dropped}");
    for shown in [officer, "2023-08-28", "2023-11-30"] {
        assert!(dropped.to_string().contains(shown), "{dropped}");
    }
    let changed = entry(&office, size + 2);
    assert_eq!(changed["entry"]["kind"], "reassigned", "{changed}");
    let verified = office.run("verify --at 2023-08-25T00:00:00Z --lang en");
    assert!(verified.status == Some(2) && verified.out.contains("officers who dropped out"), "{verified:?}");
}

/// The reserve is recused by an application that came after the seal: he is not sent, and nothing is entered, before
/// his own drop-out stands in the ledger.
#[test]
fn a_reserve_whom_a_register_bars_does_not_step_in() {
    let office = Office::after(Kind::Sqlite, DRAWN);
    let visit = visits(&office)[1].clone();
    let officer = visit["posts"][0]["officers"][0]["id"].as_str().unwrap();
    let replace = |officer: &str, more: &str| {
        format!(
            "replace --officer {officer} {more} --evidence note.txt --approved-by head --at 2023-08-24T02:00:00Z \
             --json"
        )
    };
    // Who would come, tried beside.
    let moves = |entered: &crate::support::Out| -> Vec<(String, String)> {
        let answer: Value = serde_json::from_str(&entered.out).unwrap();
        let text = |step: &Value, field: &str| step[field].as_str().unwrap().to_owned();
        let moves = answer["moves"].as_array().unwrap();
        moves.iter().map(|step| (text(step, "by"), text(step, "unit"))).collect()
    };
    let beside = Office::after(Kind::Sqlite, DRAWN);
    let would = moves(&beside.run(&replace(officer, "--reason ill --level authority")).ok());
    let (by, unit) = &would[0];
    let rows = office.read("recusals.csv");
    office.write("recusals.csv", format!("{}\n{by},{unit},申请,本人申请（构造）\n", rows.trim_end()));
    office.run("import recusals recusals.csv --yes --at 2023-08-24T01:00:00Z").ok();
    let before = office.dump();
    let command = format!("office replace --unit {unit} --officer {by} --reason recused");
    office.run(&replace(officer, "--reason ill --level authority")).fails(4, &command);
    same(&office.dump(), &before, "refused");
    // As the message says: his drop-out first; he is then passed over, which takes the authority.
    office.run(&replace(by, &format!("--unit {unit} --reason recused --level authority"))).ok();
    office.run(&replace(officer, "--reason ill --level office")).fails(4, "--level authority");
    let now = moves(&office.run(&replace(officer, "--reason ill --level authority")).ok());
    assert!(!now.contains(&(by.clone(), unit.clone())), "{now:?}");
    assert_eq!(last(&office)["entry"]["moves"][0]["passed"], 1, "{}", last(&office));
}

/// An entry of the dossiers is stored only after `--yes`, and taken back with approval and reason, once; it stays.
#[test]
fn an_entry_of_the_dossiers_is_confirmed_before_it_is_stored_and_can_be_taken_back() {
    let rules = root().join("examples/rules");
    let data = root().join("examples/data/five_cities");
    let office = Office::nothing(Kind::Sqlite);
    let (pack, programme) = (rules.join("quanzhou.json"), rules.join("quanzhou-2026.json"));
    let (pack, programme) = (pack.display(), programme.display());
    let at = "--at 2026-02-20T02:00:00Z";
    office.run(&format!("init --pack {pack} --programme {programme} --at 2026-02-20T01:00:00Z")).ok();
    let units = data.join("quanzhou_units.csv").display().to_string();
    office.run(&format!("import units {units} --yes {at}")).ok();
    let entries = data.join("entries.csv").display().to_string();
    let import = format!("import entries {entries} --where city=quanzhou");
    let before = office.dump();
    office.run(&format!("{import} {at}")).fails(4, "--yes");
    same(&office.dump(), &before, "not confirmed");
    office.run(&format!("{import} --yes {at}")).ok();
    let entered = office.dump();
    let withdraw = format!("withdraw --entry 1 --reason 录入错误 {at}");
    office.run(&format!("{withdraw} --approved-by clerk")).fails(4, "clerk");
    office.run("withdraw --entry 9999 --reason 录入错误 --approved-by director").fails(4, "no entry 9999");
    same(&office.dump(), &entered, "refused");
    office.run(&format!("{withdraw} --approved-by director")).ok();
    office.run(&format!("export entries --out dossier.csv {at}")).ok();
    let dossier = office.read("dossier.csv");
    assert!(dossier.contains("录入错误") && dossier.contains("director"), "{dossier}");
    // Once only, and what was entered stays.
    assert_ne!(office.run(&format!("{withdraw} --approved-by director")).status, Some(0));
}

/// 检查台账 of an office that begins in mid-year; one of its ids has the letter O for a zero.
#[test]
fn a_standing_that_no_institution_has_is_named_until_it_finds_its_unit() {
    let office = Office::nothing(Kind::Sqlite);
    let table = "本年度检查台账,,,,\n机构标识,本周期检查次数,累计期望次数,上次检查日期,上次检查人员\n\
                 FJQZ-0005,1,0.3,2023-04-13,3505-0001;3505-0003\nFJQZ-0O18,1,0.3,2023-04-07,3505-0006;3505-0007\n";
    std::fs::write(office.path("cycle.csv"), table).unwrap();
    let init = "init --demo --cycle cycle.csv --at 2023-08-20T01:00:00Z";
    office.run(init).fails(3, "add --spent SHARE");
    office.run(&format!("{init} --spent 0,25")).fails(3, "--spent 0,25");
    office
        .run(&format!("{init} --spent A=0.25 --spent 0"))
        .fails(3, "--spent A=…: no --cycle names that task");
    office.run(&format!("{init} --spent 0")).ok();
    for line in &ROUND[..3] {
        office.run(line).ok();
    }
    let named = "standing of FJQZ-0O18 in the cycle, which is not on the frame";
    for line in ["check --at 2023-08-20T01:30:00Z", ROUND[3], ROUND[4]] {
        let out = office.run(&format!("{line} --lang en")).ok();
        assert!(format!("{}{}", out.out, out.err).contains(named), "{line}: {out:?}");
        assert!(!format!("{}{}", out.out, out.err).contains("FJQZ-0005"), "{out:?}");
    }
}

#[test]
fn a_file_that_is_no_json_is_named_with_what_it_begins_with() {
    let office = Office::nothing(Kind::Sqlite);
    let begins = "begins with { or [: it begins with \"";
    office.run("init --policy units.csv").fails(3, begins);
    office.run("init --pack units.csv --programme units.csv").fails(3, begins);
    let office = Office::after(Kind::Sqlite, 7);
    office.run("beacon --file units.csv --at 2023-08-23T16:00:00Z").fails(3, begins);
    std::fs::write(office.path("number.json"), r#"[{"source":"dice-notary","value":29827448039014525729}]"#)
        .unwrap();
    office.run("beacon --file number.json --at 2023-08-23T16:00:00Z").fails(3, "text in quotes");
}

#[test]
fn an_option_that_would_not_be_used_is_refused() {
    let office = Office::after(Kind::Sqlite, DRAWN);
    let before = office.dump();
    for (line, option) in [
        ("import units units.csv --yes --task medical", "--task"),
        ("check --task medical", "--task"),
        ("export units --out u.csv --task medical", "--task"),
        ("export units --out u.csv --draw 1", "--draw"),
        ("export ledger --out l.csv --draw 1", "--draw"),
        ("plan --approved-by director", "--approved-by"),
        ("plan --level superior", "--approved-by"),
        ("beacon --value dice-notary=1 --approved-by director", "--approved-by"),
        ("beacon --file beacon.json --evidence note.txt", "--silent"),
        ("result --unit FJQZ-0001 --result no-problem --evidence note.txt", "--evidence"),
        ("result --unit FJQZ-0001 --result no-problem --sheet 1", "--sheet"),
        (
            "result --unit A --missed closed --result no-problem --evidence note.txt --approved-by d",
            "--result",
        ),
        ("result --unit A --outside --draw 1 --team B,C --approved-by d", "--draw"),
        ("publish --out sealed --auditor --where https://office.example", "--where"),
        ("verify www --task medical", "--task"),
    ] {
        let out = office.run(&format!("{line} --lang zh")).fails(64, option);
        assert!(out.err.contains("不起作用") || out.err.contains("缺少"), "{line}: {out:?}");
        office.run(&format!("{line} --json")).fails(64, "\"usage\"");
    }
    same(&office.dump(), &before, "refused");
    office.run("init --demo --quorum 1 --database other.db").fails(64, "--quorum");
    let days = "--holidays 2027-01-01 --notice notice --database other.db";
    office.run(&format!("init --demo {days}")).fails(64, "--holidays");
    office.run(&format!("init --pack p.json --programme q.json {days}")).fails(64, "--holidays");
}
