//! What a clerk reads with `--lang zh`, from the first command of a year to what a stranger verifies: no Latin word
//! stands in it but codes, names of files, options and commands.

use crate::rows::{drawn_programme, officer, unit};
use crate::support::{DRAWN, INIT, Kind, Office, Out, ROUND, SEALED};
use std::collections::{BTreeMap, BTreeSet};

/// Commands and what follows them, as they are typed.
const COMMANDS: &str = "office import units officers experts recusals entries check plan study seal publish beacon draw \
    replace result amend void reveal close clock withdraw witness receipt opening export form notice report rules \
    status next new-year verify init";
/// Codes: of the demonstration and the shipped pack, of the roles of a team, of levels, reasons and exports.
const CODES: &str = "lead member expert witness dice dice-notary drand drand-quicknet no-problem clerk head director \
    closed merged moved unreachable ill leave left recused office authority superior medical joint-water grading \
    ungraded quality tableware publicity suspended beacon-failed input-error legal not-revealed share-missing technical \
    tasks notices notice letters sheets sample results form coverage units officers experts recusals entries ledger \
    changes kit issuer objections period phone place plan-number task-number witnesses certainties exclusions slack round \
    infectious active corrected violation uncooperative cancelled revoked visits JSON share rest printf lot study check beacon cycle approval sha256sum exempt json csv xlsx html txt docx";

/// The Latin words of a text that nobody typed and no code is.
fn latin(text: &str) -> BTreeSet<String> {
    let [commands, codes] = [COMMANDS, CODES].map(|list| list.split_whitespace().collect::<BTreeSet<_>>());
    let mut found = BTreeSet::new();
    for run in text.split(|c: char| !c.is_ascii() || c == '\n') {
        // After a command stand its own words; after an option stands one value.
        let (mut command, mut option) = (false, false);
        for word in run.split(|c: char| !(c.is_ascii_alphanumeric() || "-_./=<>:%\\".contains(c))) {
            let bare = word.trim_matches(|c: char| "-.:%".contains(c));
            if word.is_empty() {
                continue;
            }
            command = bare == "office" || command && commands.contains(bare);
            let value = std::mem::replace(&mut option, word.starts_with("--"));
            let name =
                word.contains(|c: char| c.is_ascii_digit() || "/_=<>\\".contains(c)) || bare.contains('.');
            if !(command || value || option || name || bare.len() < 2 || codes.contains(bare)) {
                found.insert(bare.to_owned());
            }
        }
    }
    found
}

#[test]
fn a_latin_word_is_found() {
    assert_eq!(
        latin("尚缺随机数：dice，见 office beacon --value dice=1 及 www/a.json，共 3 项（A级）"),
        BTreeSet::new()
    );
    let words = |text: &str| latin(text).into_iter().collect::<Vec<_>>();
    assert_eq!(words("office seal comes first"), ["comes", "first"]);
    assert_eq!(words("units.csv：No such file"), ["No", "file", "such"]);
}

/// What was printed, and how each command ended.
#[derive(Default)]
struct Heard {
    foreign: Vec<String>,
    ends: BTreeMap<i32, usize>,
}

impl Heard {
    fn run(&mut self, office: &Office, line: &str) -> Out {
        let out = office.run(&format!("{line} --lang zh"));
        assert!(!out.err.contains("panicked"), "{line}: {out:?}");
        *self.ends.entry(out.status.unwrap()).or_default() += 1;
        for text in out.out.lines().chain(out.err.lines()) {
            // What somebody wrote is said again as it stands: the words of the line, and what is quoted.
            let own = text.split('“').map(|part| part.split_once('”').map_or(part, |(_, after)| after));
            let mut words = latin(&own.collect::<Vec<_>>().join("·"));
            words.retain(|word| !line.split([' ', '=']).any(|own| own == word));
            if !words.is_empty() {
                self.foreign.push(format!("office {line}\n    {words:?}: {text}"));
            }
        }
        out
    }

    /// Nothing was foreign, and commands ended in each of these ways.
    fn held(&self, ends: &[i32]) {
        assert!(self.foreign.is_empty(), "{}", self.foreign.join("\n"));
        assert!(ends.iter().all(|end| self.ends.contains_key(end)), "{:?}", self.ends);
    }
}

/// The round of the demonstration and what stands beside it: every command, and what each refuses.
#[test]
fn the_round_is_told_in_chinese() {
    let office = Office::nothing(Kind::Sqlite);
    let mut heard = Heard::default();
    for line in [INIT, INIT, "seal --salt-key key.txt --at 2023-08-20T01:00:30Z"] {
        heard.run(&office, line);
    }
    for line in [
        "import units officers.csv --yes --at 2023-08-20T01:00:40Z",
        "import units none.csv --yes",
        "import units units.csv --at 2023-08-20T01:00:50Z",
        "import recusals note.txt --yes",
    ] {
        heard.run(&office, line);
    }
    let mut later: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    later.insert(
        3,
        vec![
            "check",
            "next",
            "status",
            "plan",
            "plan --adopt --at 2023-08-20T01:30:00Z",
            "plan --adopt --approved-by director --at 2023-08-19T02:00:00Z",
            "plan --adopt --policy note.txt --approved-by director --at 2023-08-20T01:40:00Z",
            "study --rounds 4 --years 1 --seeds 2",
            "study --rounds none",
            "draw",
        ],
    );
    later.insert(SEALED, vec!["seal --salt-key key.txt --at 2023-08-22T08:00:00Z"]);
    later.insert(
        SEALED + 1,
        vec![
            "beacon --value ball=12 --at 2023-08-23T09:04:00Z",
            "beacon --value dice-notary=1 --at 2023-08-23T09:04:00Z",
            "beacon --value 7 --at 2023-08-23T09:04:00Z",
            "beacon --file note.txt --at 2023-08-23T09:04:00Z",
            "draw --at 2023-08-23T09:04:30Z",
        ],
    );
    later.insert(DRAWN, vec![
        "draw --at 2023-08-23T16:01:00Z",
        "replace --unit NOBODY-1 --reason closed --evidence note.txt --approved-by director --at 2023-08-24T00:30:00Z",
        "replace --unit NOBODY-1 --reason whim --evidence note.txt --approved-by director",
        "replace --unit NOBODY-1 --reason closed",
        "officer 3505-0004",
        "officer nobody",
        "notice",
        "notice issuer=甲 nothing=b",
    ]);
    for place in 0..ROUND.len() {
        for line in later.get(&place).into_iter().flatten() {
            heard.run(&office, line);
        }
        let line = office.line(place);
        assert_eq!(heard.run(&office, &line).status, Some(0), "{line}: {:?}", heard.foreign);
    }
    let kept = [
        "tasks", "units", "officers", "recusals", "coverage", "notices", "ledger", "form", "changes",
        "nonsense",
    ];
    for what in kept {
        heard.run(&office, &format!("export {what} --out {what}.csv"));
    }
    for line in [
        "result results.csv --at 2023-09-06T02:00:00Z",
        "result note.txt --at 2023-09-06T02:00:00Z",
        "result --unit FJQZ-0001 --date 2023-13-01 --result fine --at 2023-09-06T02:00:00Z",
        "amend --entry 900 --result corrected --reason appeal --evidence note.txt --approved-by director --at 2023-09-06T02:00:00Z",
        "report",
        "report --found no-problem",
        "report --habits --again 0",
        "publish --auditor --out auditor --at 2023-09-06T02:00:00Z",
        "witness --out kept.txt --at 2023-09-06T03:00:00Z",
        "verify",
        "verify www",
        "verify www --checkpoint kept.txt",
        "verify auditor --checkpoint kept.txt",
        "verify note.txt",
        "verify nowhere",
        "next",
        "status",
        "void --reason mistake --approved-by director",
        "void --reason technical --evidence note.txt --approved-by director --at 2023-09-07T01:00:00Z",
        "reveal --at 2023-09-07T01:00:00Z",
        "withdraw --entry 3 --reason mistake --approved-by director --at 2023-09-07T01:00:00Z",
        "clock",
        "close --approved-by director --at 2023-12-30T01:00:00Z",
        "rules --pack note.txt --programme note.txt",
        "nonsense",
        "draw --nonsense",
        "status --lang en",
        "",
    ] {
        heard.run(&office, line);
    }
    // What was published is another thing now.
    let record = "www/fever-clinics-2023/draws/1.1/record.json";
    office.write(record, office.read(record).replacen("\"sequence\":1", "\"sequence\":2", 1));
    heard.run(&office, "verify www");
    heard.held(&[0, 1, 2, 3, 4, 64]);
}

/// The year of a programme after its first draw: what only a pack says.
#[test]
fn a_programme_is_told_in_chinese() {
    let (office, visits) = drawn_programme();
    let mut heard = Heard::default();
    let (one, two, who) = (unit(&visits[0]), unit(&visits[1]), officer(&visits[2], 0));
    office.write(
        "results.csv",
        format!("检查对象,检查日期,检查结果\n{one},2026-04-07,未发现问题\n{two},2026-04-07,无\n"),
    );
    let units = office.read("units.csv").replacen(",active,", ",注销,", 2);
    office.write("units-2.csv", units);
    for line in [
        "status --task medical".to_owned(),
        "status --task nothing".to_owned(),
        "next".to_owned(),
        "plan --task medical".to_owned(),
        "plan --task quality".to_owned(),
        format!("officer {who} --task medical"),
        "publish --task medical --out www --where https://office.example/2026 --at 2026-03-04T04:00:00Z"
            .to_owned(),
        format!(
            "replace --task medical --unit {one} --reason closed --evidence note.txt --approved-by director --at 2026-04-07T01:00:00Z"
        ),
        format!(
            "replace --task medical --officer {who} --reason ill --evidence note.txt --approved-by head --at 2026-04-07T01:10:00Z"
        ),
        "result results.csv --task medical --at 2026-04-08T01:00:00Z".to_owned(),
        format!(
            "result --task medical --unit {two} --date 2026-04-07 --result 未发现问题 --at 2026-04-08T01:00:00Z"
        ),
        "import units units-2.csv --at 2026-05-20T01:00:00Z".to_owned(),
        "import units units-2.csv --yes --at 2026-05-20T01:00:00Z".to_owned(),
        "reveal --task medical --at 2026-04-08T02:00:00Z".to_owned(),
        "notice --task medical".to_owned(),
        "export notices --task medical --out notices.csv".to_owned(),
        "export sheets --task medical --out sheets.html".to_owned(),
        "report".to_owned(),
        "report --habits --again 0".to_owned(),
        format!("receipt --task medical --unit {two} --out receipts"),
        format!("opening --task medical --unit {two} --out openings"),
        "close --task medical --approved-by director --at 2026-12-30T01:00:00Z".to_owned(),
        "publish --task medical --out www --where https://office.example/2026 --at 2026-12-30T02:00:00Z"
            .to_owned(),
        "verify www".to_owned(),
        "verify --task medical".to_owned(),
    ] {
        heard.run(&office, &line);
    }
    heard.held(&[0, 2, 3, 4]);
}
