//! Options that a command would not use: whoever gives one expects something of it, so the command is refused
//! before anything is read.

use super::args::{Command, CommandLine, Export, Reading, What};

/// An option without effect: its name, and why, in English and in Chinese.
pub type Unused = (&'static str, &'static str, &'static str);

/// The options of a command line that its command would not use.
pub fn unused(line: &CommandLine) -> Vec<Unused> {
    let mut found = Vec::new();
    let mut note = |given: bool, option, en, zh| {
        if given {
            found.push((option, en, zh));
        }
    };
    if line.options.task.is_some() && !takes_task(&line.command) {
        note(true, "--task", "this command is about the whole office", "该命令针对整个机关，不区分任务");
    }
    match &line.command {
        Command::Init(given) => {
            let alone = given.quorum.is_some() && given.witness.is_empty();
            note(alone, "--quorum", "no witness is named (--witness)", "未指定见证人（--witness）");
            unread(&mut note, &given.reading, given.cycle.is_empty());
        }
        Command::Plan(given) => {
            let approved = given.approval.approved_by.is_some() && !given.adopt;
            note(approved, "--approved-by", "nothing is adopted (--adopt)", "未作审批（--adopt）");
        }
        Command::Beacon(given) => {
            let approved = given.approval.approved_by.is_some() && given.silent.is_none();
            note(approved, "--approved-by", "no source is silent (--silent)", "未登记随机源失灵（--silent）");
        }
        Command::Result(given) if given.file.is_none() => {
            note(given.sheet.is_some(), "--sheet", "no workbook is read", "未读取工作簿");
            unread(&mut note, &given.reading, true);
            let draw = given.draw.is_some() && given.outside;
            note(
                draw,
                "--draw",
                "an inspection outside any draw has none",
                "抽查以外的检查不属于任何一次抽取",
            );
            let both = given.missed.is_some() && given.result.is_some();
            note(both, "--result", "a visit that could not be made has none", "未能实施的检查没有检查结果");
            let team = given.missed.is_some() && given.team.is_some();
            note(
                team,
                "--team",
                "nobody went to a visit that could not be made",
                "未能实施的检查没有到场人员",
            );
            let plain = given.missed.is_none() && !given.barred && !given.outside;
            let (en, zh) = ("a result of a drawn visit takes none", "抽中检查的结果不需要此项");
            note(plain && given.evidence.is_some(), "--evidence", en, zh);
        }
        Command::Notice(given) => unread(&mut note, &given.reading, given.addresses.is_none()),
        Command::Publish(given) => {
            let place = given.auditor && given.place.is_some();
            note(place, "--where", "an auditor's folder is not public", "审计文件夹不公开");
        }
        Command::Export(Export { what, draw, unit, dialect, record, registers, .. }) => {
            let whole = draw.is_some() && !of_draw(*what);
            let one = unit.is_some() && !matches!(what, What::Letters | What::Sheets);
            note(
                one,
                "--unit",
                "only letters and sheets are of one institution",
                "只有通知书和任务单针对一家机构",
            );
            note(whole, "--draw", "the table is not of one draw", "该表不属于某一次抽取");
            let (en, zh) = ("only a kit takes it", "只用于数据库核验包");
            let kit = *what == What::Kit;
            note(!kit && dialect.is_some(), "--dialect", en, zh);
            note(!kit && record.is_some(), "--record", en, zh);
            note(!kit && registers.is_some(), "--registers", en, zh);
        }
        _ => {}
    }
    found
}

/// The options on how a table is read, where none is read.
fn unread(
    note: &mut impl FnMut(bool, &'static str, &'static str, &'static str),
    reading: &Reading,
    nothing: bool,
) {
    let (en, zh) = ("no table is read", "未读取表格");
    note(nothing && reading.dates.is_some(), "--dates", en, zh);
    note(nothing && reading.encoding.is_some(), "--encoding", en, zh);
    note(nothing && reading.all, "--all", en, zh);
    note(nothing && reading.marked.is_some(), "--marked", en, zh);
}

/// Whether a table is of one draw.
const fn of_draw(what: What) -> bool {
    match what {
        What::Tasks
        | What::Letters
        | What::Sheets
        | What::Notice
        | What::Notices
        | What::Sample
        | What::Results
        | What::Form
        | What::Coverage
        | What::Kit => true,
        What::Units
        | What::Officers
        | What::Experts
        | What::Recusals
        | What::Entries
        | What::Ledger
        | What::Changes => false,
    }
}

/// Whether a command is about one ledger, or can be about one.
const fn takes_task(command: &Command) -> bool {
    match command {
        Command::Init(_)
        | Command::Rules(_)
        | Command::NewYear(_)
        | Command::Import(_)
        | Command::Check
        | Command::Withdraw(_)
        | Command::Migrate
        | Command::Completion { .. } => false,
        Command::Verify(given) => given.folder.is_none(),
        Command::Export(given) => {
            given.record.is_none() && of_draw(given.what) || matches!(given.what, What::Ledger)
        }
        Command::Plan(_)
        | Command::Study(_)
        | Command::Seal(_)
        | Command::Beacon(_)
        | Command::Draw
        | Command::Replace(_)
        | Command::Officer(_)
        | Command::Result(_)
        | Command::Void(_)
        | Command::Reveal
        | Command::Close(_)
        | Command::Amend(_)
        | Command::Clock(_)
        | Command::Witness(_)
        | Command::Publish(_)
        | Command::Report(_)
        | Command::Notice(_)
        | Command::Receipt(_)
        | Command::Opening(_)
        | Command::Next
        | Command::Status => true,
    }
}
