//! Writes a draw as SQL for a table engine, and the table of units from the auditor's own registers.
//!
//! The last query of `4-audit.sql` gives no row where counts, picks and reserves are those of the record.

use double_random::lot::sql::Dialect;
use double_random::record::Kit;
use double_random::{Cycle, Frame, Plan, Record, Roster, Verdict};
use double_random_support::args::{self, Arguments, Usage};
use double_random_support::files::{self, Failure};
use double_random_support::{out, say};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: [&str; 2] = [
    "Writes a draw of institutions as SQL (Spec 25): 1-setup, 2-allocation, 3-sample, 4-audit.
  kit record.json --dialect DIALECT --out FOLDER
  kit record.json --dialect DIALECT --out FOLDER --frame frame.json --roster roster.json --cycle cycle.json
DIALECT is datafusion, duckdb, mysql, postgresql, spark or sqlite. With the auditor's files units.csv is written, too:
the rows of the table `units`. Take them from registers of your own, never from whom you check.
What this does not check: the seal, the beacon, the plan, the officers. `verify` does.",
    "将检查对象的抽取写成 SQL（规范第 25 章）：1-setup 建表，2-allocation 分配，3-sample 抽取，4-audit 核对。
  kit record.json --dialect 方言 --out 文件夹
  kit record.json --dialect 方言 --out 文件夹 --frame frame.json --roster roster.json --cycle cycle.json
方言为 datafusion、duckdb、mysql、postgresql、spark 或 sqlite。给出审计文件的，另写 units.csv，即表 units 的各行：
应取自核验人自己的名录，不得取自被核验的一方。--lang en|zh 选择语言。
不核对封存文件、公开随机数、抽取计划和检查人员；这些由 verify 核对。",
];

const OPTIONS: [&str; 6] = ["--dialect", "--out", "--frame", "--roster", "--cycle", "--lang"];

fn main() -> ExitCode {
    args::run(USAGE, &OPTIONS, &[], run)
}

fn read<T, E: Into<Failure>>(path: &Path, parse: impl FnOnce(&[u8]) -> Result<T, E>) -> Result<T, Failure> {
    files::about(&path.display().to_string(), parse(&files::published(path)?))
}

/// The table of units from the auditor's registers, which must give the cells of the record.
fn units(record: &Record, frame: &Path, roster: &Path, cycle: &Path) -> Result<String, Failure> {
    let (frame, key) = read(frame, Frame::from_json)?;
    let (roster, _) = read(roster, Roster::from_json)?;
    let (cycle, _) = read(cycle, Cycle::from_json)?;
    let plan = Plan::new(frame, roster, record.policy.clone(), cycle)?;
    if plan.table() != record.table {
        return Err(say!(
            "screen.kit.other_table",
            "these registers give another table of cells than the record: verify says where"
        )
        .into());
    }
    Ok(plan.units_csv(&key))
}

fn run(given: &Arguments) -> Result<Verdict, Failure> {
    given.lang()?;
    let [path] = given.words() else {
        return Err(Usage(say!("screen.one_record", "name one record")).into());
    };
    let needed = |option: &str| Usage(say!("screen.usage.needed", "{option} is needed", option));
    let name = given.text("--dialect").ok_or_else(|| needed("--dialect"))?;
    let none = || Usage(say!("screen.kit.no_dialect", "--dialect {name}: there is none", name));
    let dialect = Dialect::parse(name).ok_or_else(none)?;
    let out: PathBuf = given.path("--out").ok_or_else(|| needed("--out"))?;
    let record = read(Path::new(path), Record::from_json)?;
    let Kit { files: written } = record.sql(dialect)?;
    let mut all = files::Files::default();
    for file in written {
        all.add(file.name, file.text(ToString::to_string));
    }
    match ["--frame", "--roster", "--cycle"].map(|option| given.path(option)) {
        [Some(frame), Some(roster), Some(cycle)] => {
            all.add("units.csv", units(&record, &frame, &roster, &cycle)?);
        }
        [None, None, None] => {}
        _ => {
            return Err(
                Usage(say!("screen.kit.together", "--frame, --roster and --cycle come together")).into()
            );
        }
    }
    let paths = all.paths();
    all.write(&out)?;
    for path in paths {
        out!("{}", out.join(path).display())?;
    }
    Ok(Verdict::Confirmed)
}
