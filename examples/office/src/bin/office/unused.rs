//! Options that a command would not use: whoever gives one expects something of it, so the command is refused
//! before anything is read.

use super::args::{Command, CommandLine, Export, Reading, What};
use double_random::message::Message;
use double_random_office::say;

/// An option without effect: its name, and why.
pub type Unused = (&'static str, Message);

/// The options of a command line that its command would not use.
pub fn unused(line: &CommandLine) -> Vec<Unused> {
    let mut found = Vec::new();
    let mut note = |given: bool, option, why: Message| {
        if given {
            found.push((option, why));
        }
    };
    if line.options.task.is_some() && !takes_task(&line.command) {
        note(true, "--task", say!("office.unused.task", "this command is about the whole office"));
    }
    match &line.command {
        Command::Init(given) => {
            let alone = given.quorum.is_some() && given.witness.is_empty();
            note(alone, "--quorum", say!("office.unused.quorum", "no witness is named (--witness)"));
            let days = given.start.days.holidays.is_some() && given.start.template.is_none();
            let why =
                say!("office.unused.holidays", "only a template is moved into another year (--template)");
            note(days, "--holidays", why);
            unread(&mut note, &given.reading, given.cycle.is_empty());
        }
        Command::Plan(given) => {
            let approved = given.approval.approved_by.is_some() && !given.adopt;
            note(approved, "--approved-by", say!("office.unused.adopt", "nothing is adopted (--adopt)"));
        }
        Command::Beacon(given) => {
            let approved = given.approval.approved_by.is_some() && given.silent.is_none();
            note(approved, "--approved-by", say!("office.unused.silent", "no source is silent (--silent)"));
        }
        Command::Result(given) if given.file.is_none() => {
            note(given.sheet.is_some(), "--sheet", say!("office.unused.sheet", "no workbook is read"));
            unread(&mut note, &given.reading, true);
            let draw = given.draw.is_some() && given.outside;
            note(draw, "--draw", say!("office.unused.draw", "an inspection outside any draw has none"));
            let both = given.missed.is_some() && given.result.is_some();
            note(both, "--result", say!("office.unused.result", "a visit that could not be made has none"));
            let team = given.missed.is_some() && given.team.is_some();
            note(team, "--team", say!("office.unused.team", "nobody went to a visit that could not be made"));
            let plain = given.missed.is_none() && !given.barred && !given.outside;
            let why = say!("office.unused.evidence", "a result of a drawn visit takes none");
            note(plain && given.evidence.is_some(), "--evidence", why);
        }
        Command::Notice(given) => unread(&mut note, &given.reading, given.addresses.is_none()),
        Command::Publish(given) => {
            let place = given.auditor && given.place.is_some();
            note(place, "--where", say!("office.unused.place", "an auditor's folder is not public"));
        }
        Command::Export(Export { what, draw, unit, dialect, record, registers, .. }) => {
            let whole = draw.is_some() && !of_draw(*what);
            let one = unit.is_some() && !matches!(what, What::Letters | What::Sheets);
            note(one, "--unit", say!("office.unused.unit", "only letters and sheets are of one institution"));
            note(whole, "--draw", say!("office.unused.whole", "the table is not of one draw"));
            let why = say!("office.unused.kit", "only a kit takes it");
            let kit = *what == What::Kit;
            note(!kit && dialect.is_some(), "--dialect", why.clone());
            note(!kit && record.is_some(), "--record", why.clone());
            note(!kit && registers.is_some(), "--registers", why);
        }
        _ => {}
    }
    found
}

/// The options on how a table is read, where none is read.
fn unread(note: &mut impl FnMut(bool, &'static str, Message), reading: &Reading, nothing: bool) {
    let why = say!("office.unused.table", "no table is read");
    note(nothing && reading.dates.is_some(), "--dates", why.clone());
    note(nothing && reading.encoding.is_some(), "--encoding", why.clone());
    note(nothing && reading.all, "--all", why.clone());
    note(nothing && reading.marked.is_some(), "--marked", why);
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
        | Command::Reveal(_)
        | Command::Close(_)
        | Command::Amend(_)
        | Command::Clock(_)
        | Command::Witness(_)
        | Command::Publish(_)
        | Command::Dispatch(_)
        | Command::Register(_)
        | Command::Report(_)
        | Command::Notice(_)
        | Command::Receipt(_)
        | Command::Opening(_)
        | Command::Next
        | Command::Status => true,
    }
}
