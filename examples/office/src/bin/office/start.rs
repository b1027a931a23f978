//! The beginning of an office and of its next year: the options, and what the commands do.

use super::Run;
use super::args::{Init, RulesArgs};
use super::desk::{Book, Office, Rules, refuse};
use super::next::Blank;
use super::store::Database;
use super::words::{Answer, Screen};
use clap::Args;
use double_random::bytes::encode;
use double_random::calendar::WorkingDays;
use double_random::division::{DivisionEntry, Divisions};
use double_random::id::{Code, Division};
use double_random::pack::Pack;
use double_random::programme::Programme;
use double_random_office::catalogue;
use double_random_office::say;
use double_random_office::template::{self, Template};
use double_random_support::files::{self, Failure, Files};
use serde::Serialize;
use serde_json::json;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The working days of a year that do not ship with the program.
#[derive(Args)]
pub struct YearDays {
    /// Holidays of the year, days and spans divided by commas, such as 2027-01-01..2027-01-03,2027-04-05; those of the
    /// notice that ships with the program if not given.
    #[arg(long, requires = "notice")]
    pub holidays: Option<String>,
    /// Weekend days of the year that are worked for them, likewise.
    #[arg(long, requires = "holidays")]
    pub make_up: Option<String>,
    /// The notice that says so, with its date.
    #[arg(long, requires = "holidays")]
    pub notice: Option<String>,
}

impl YearDays {
    /// The working days that are given, or that ship for the year after an old calendar.
    fn calendar(&self, old: &WorkingDays, year: u64) -> Result<Option<WorkingDays>, Failure> {
        let (Some(holidays), Some(notice)) = (&self.holidays, &self.notice) else {
            return Ok(template::calendar(old, year));
        };
        let make_up = self.make_up.as_deref().unwrap_or_default();
        let days = template::given(year, holidays, make_up, notice);
        Ok(Some(days.map_err(|error| double_random::message::Coded::message(&error))?))
    }

    /// That the days of a year are not known.
    fn unknown(year: u64) -> Failure {
        let known: Vec<String> = template::known().iter().map(ToString::to_string).collect();
        say!(
            "office.start.days",
            "the holidays of {year} do not ship with this program (it knows {known}): give them as the notice has them, \
             --holidays {year}-01-01..{year}-01-03,… --make-up {year}-…  --notice 'title and date of the notice'",
            year,
            known = known.join(", ")
        )
        .into()
    }
}

/// An office that begins with rules that ship with the program.
#[derive(Args)]
pub struct TemplateArgs {
    /// Rules that ship with the program, by code or name: county-health (县级卫健), market (市场监管), food (境外食品). Writes pack,
    /// programme and the registers as workbooks to be filled in.
    #[arg(long, conflicts_with_all = ["pack", "policy", "demo", "offset"], requires = "division")]
    pub template: Option<String>,
    /// A division of the office, CODE or CODE=NAME; any number.
    #[arg(long, requires = "template")]
    pub division: Vec<String>,
    /// The code of the authority; the first division with the letters of the template if not given.
    #[arg(long, requires = "template")]
    pub authority: Option<String>,
    /// The name of the authority, which issues the notices.
    #[arg(long, requires = "template")]
    pub name: Option<String>,
    /// The year of the programme; that of today if not given.
    #[arg(long, requires = "template")]
    pub year: Option<u64>,
    /// Where rules and registers are written.
    #[arg(long, requires = "template", default_value = ".")]
    pub folder: PathBuf,
    #[command(flatten)]
    pub days: YearDays,
}

/// The rules of the next year.
#[derive(Args)]
#[command(after_help = "Examples:
  office new-year --draft --folder 2027                looks ahead: writes the rules of the next year, enters nothing
  office new-year --folder 2027                        opens its ledgers, once every cycle is closed
  office new-year --folder 2027 --holidays 2027-01-01..2027-01-03,2027-02-05..2027-02-11 --make-up 2027-02-13 --notice '…'
Registers, dossiers, coverage, witnesses and the facts of notices carry over. The days of the programme move to
working days of the new year and stay within the deadlines of the pack. Look at them before you open the ledgers; a
programme of your own is opened with office rules.")]
pub struct NewYear {
    /// Where pack and programme of the next year are written; files that are there already are read instead.
    #[arg(long)]
    pub folder: PathBuf,
    /// Only write them.
    #[arg(long)]
    pub draft: bool,
    #[command(flatten)]
    pub days: YearDays,
}

/// The text of a pack or programme, for people to read and to change.
fn text_of<T: Serialize>(document: &T) -> Result<String, Failure> {
    // What the library cannot write canonically is refused here and not in the next command.
    encode(document)?;
    Ok(format!("{}\n", serde_json::to_string_pretty(document)?))
}

/// The names of the files of a year.
fn file_names(year: u64) -> [String; 2] {
    [format!("pack-{year}.json"), format!("programme-{year}.json")]
}

/// The template that was named.
pub fn named(given: &TemplateArgs) -> Result<Option<&'static Template>, Failure> {
    let Some(word) = &given.template else { return Ok(None) };
    let found = Template::find(word)
        .map_err(|known| say!("office.start.template", "--template {word}: there is {known}", word, known))?;
    Ok(Some(found))
}

/// The rules of a template for an office.
pub fn rules(run: &Run, template: &Template, given: &TemplateArgs) -> Result<(Pack, Programme), Failure> {
    let (pack, programme) = template.rules()?;
    let today = run.day().and_then(|day| u64::try_from(day.year()).ok());
    let year = given.year.or(today).unwrap_or(programme.year);
    let calendar = given.days.calendar(&programme.calendar, year)?.ok_or_else(|| YearDays::unknown(year))?;
    let mut moved = template::moved(&programme, &pack, year, &calendar)
        .map_err(|error| double_random::message::Coded::message(&error))?;
    let mut divisions: Vec<DivisionEntry> = Vec::new();
    for text in &given.division {
        // A division may be given with its name, as in 350502=鲤城区.
        let (written, name) =
            text.split_once('=').map_or((text.as_str(), None), |(code, name)| (code, Some(name)));
        // A template of a place that has no code list of the state has an own list, whose entries have names.
        let own = programme.divisions.entries().iter().any(|entry| entry.name.is_some());
        let code = if own { Division::parse(written) } else { Division::of_digits(written) }
            .map_err(|error| say!("office.start.division", "--division {text}: {error}", text, error))?;
        let name = name.or(own.then_some(written));
        if !divisions.iter().any(|entry| entry.code == code) {
            divisions.push(DivisionEntry { code, name: name.map(str::to_owned), parent: None });
        }
    }
    divisions.sort_by(|a, b| a.code.cmp(&b.code));
    let first = given.division.first().map_or("", |text| text.split('=').next().unwrap_or_default());
    let authority = given.authority.clone().unwrap_or_else(|| format!("{first}-{}", template.authority));
    moved.authority = Code::parse(&authority).map_err(|error| {
        say!("office.start.authority", "--authority {authority}: {error}", authority, error)
    })?;
    moved.divisions = Divisions::new(divisions);
    if let Some(name) = &given.name {
        let between = if name.is_ascii() && moved.title.is_ascii() { ": " } else { "" };
        moved.title = format!("{name}{between}{}", moved.title);
    }
    moved.title = moved.title.replace("（模板）", "").replace(" (template)", "");
    Ok((template::next_pack(&pack, year), moved))
}

/// Refuses to write over files.
fn free(folder: &Path, names: &[String]) -> Result<(), Failure> {
    let there: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| folder.join(name).exists()).collect();
    if there.is_empty() {
        return Ok(());
    }
    refuse(say!(
        "office.start.there",
        "{folder} has {there} already; nothing was written: choose another --folder",
        folder = folder.display().to_string(),
        there = there.join(", ")
    ))
}

/// An office from a template: its rules, its registers to be filled in, and what to do next.
pub fn init(run: &Run, address: &str, given: &Init, template: &Template) -> Result<Answer, Failure> {
    let (pack, programme) = rules(run, template, &given.start)?;
    let year = programme.year;
    let [pack_name, programme_name] = file_names(year);
    let texts = vec![("pack", text_of(&pack)?), ("programme", text_of(&programme)?)];
    let office = Office::of_rules(pack, programme)?;
    let Rules::Programme(known) = &office.rules else { return Err("a template without a programme".into()) };
    let forms = template::forms(&office.vocabulary()?, &known.0, run.screen.lang)?;
    let folder = &given.start.folder;
    let mut names = vec![pack_name.clone(), programme_name.clone()];
    names.extend(forms.iter().map(|form| format!("{}.xlsx", form.name)));
    free(folder, &names)?;
    let mut written = Files::default();
    for ((_, text), name) in texts.iter().zip([&pack_name, &programme_name]) {
        written.add(name, text.clone().into_bytes());
    }
    forms.iter().for_each(|form| written.add(&format!("{}.xlsx", form.name), form.bytes.clone()));
    let issuer = given.start.name.as_ref();
    let mut answer = super::rules::init_with(run, address, given, &texts, |database| {
        issuer.map_or(Ok(()), |name| super::notice::issuer(database, name))?;
        // The files come last: where they cannot be written, there is no office either.
        written.write(folder)
    })?;
    let screen = run.screen;
    let mut text = answer.text.lines().next().unwrap_or_default().to_owned();
    let written = say!("office.start.written", "Written to {folder}", folder = folder.display().to_string());
    let _ = writeln!(text, "\n{}", screen.tell(&written));
    names.iter().for_each(|name| {
        let _ = writeln!(text, "  {name}");
    });
    let example = say!(
        "office.start.example",
        "The rules are an example with real sources: have the numbers and days decided, and cite your own documents."
    );
    let fill = say!("office.start.fill", "Next: fill in the workbooks, then");
    let _ = writeln!(text, "{}\n{}", screen.tell(&example), screen.tell(&fill));
    for form in &forms {
        let file = PathBuf::from(format!("{}.xlsx", form.name));
        let file = if folder == Path::new(".") { file } else { folder.join(file) };
        let _ = writeln!(text, "  office import {} {}", form.register, file.display());
    }
    let _ = writeln!(text, "  office check");
    let _ = writeln!(text, "  office next");
    answer.text = text;
    answer.json["folder"] = json!(folder);
    answer.json["files"] = json!(names);
    Ok(answer)
}

/// What keeps the next year away: ledgers whose cycle is not closed, each with the command.
fn unclosed(run: &Run, database: &mut Database, office: &Office) -> Result<Vec<String>, Failure> {
    let mut open = Vec::new();
    for (scope, task) in office.scopes()? {
        let book = Book::load(database, scope, task.clone())?;
        if book.has_begun() && !book.is_closed() {
            let task = task.map_or_else(String::new, |task| format!(" --task {task}"));
            open.push(format!("office close --approved-by {}{task}", Blank::new(run.screen).approver));
        }
    }
    Ok(open)
}

/// The rules of the next year, and its ledgers.
pub fn new_year(run: &Run, database: &mut Database, given: &NewYear) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let Rules::Programme(old) = &office.rules else {
        return refuse(say!(
            "office.rules.own",
            "this office writes each policy itself: the next year's is adopted with office plan --policy FILE"
        ));
    };
    let (pack, programme) = old.as_ref();
    let year = programme.year.saturating_add(1);
    let [pack_name, programme_name] = file_names(year);
    let paths = [given.folder.join(&pack_name), given.folder.join(&programme_name)];
    let there = paths.iter().all(|path| path.exists());
    let (new_pack, new) = if there {
        if given.days.holidays.is_some() {
            return refuse(say!(
                "office.start.days_there",
                "{files} are there, and are taken as they stand, without --holidays, --make-up and --notice: change the \
                 calendar in them, or choose another --folder",
                files = format!("{}, {}", paths[0].display(), paths[1].display())
            ));
        }
        // What was written before may have been changed by people: it is taken as it stands.
        let read = |path: &Path| files::text(path);
        let name = |path: &Path| path.display().to_string();
        (
            files::about(&name(&paths[0]), Pack::from_json(&read(&paths[0])?))?,
            files::about(&name(&paths[1]), Programme::from_json(&read(&paths[1])?))?,
        )
    } else {
        free(&given.folder, &[pack_name.clone(), programme_name.clone()])?;
        let calendar =
            given.days.calendar(&programme.calendar, year)?.ok_or_else(|| YearDays::unknown(year))?;
        let moved = template::moved(programme, pack, year, &calendar)
            .map_err(|error| double_random::message::Coded::message(&error))?;
        (template::next_pack(pack, year), moved)
    };
    let open = unclosed(run, database, &office)?;
    if !given.draft && !open.is_empty() {
        return refuse(say!(
            "office.start.unclosed",
            "these cycles are not closed, and the new year goes on from where they end; first: {commands}. --draft writes \
             the rules of the new year and enters nothing",
            commands = open.join("; ")
        ));
    }
    let frame = office.frame(database, &new_vocabulary(&office, &new_pack, &new)?)?;
    let found = new.check(&new_pack, &frame);
    let screen = run.screen;
    let mut text = format!("{} {}\n", new.title, new.year);
    for finding in found.as_slice() {
        let _ = writeln!(text, "  {}", catalogue::said(finding, screen.lang));
    }
    text += &days(&new, screen);
    if !there {
        let mut written = Files::default();
        written.add(&pack_name, text_of(&new_pack)?.into_bytes());
        written.add(&programme_name, text_of(&new)?.into_bytes());
        written.write(&given.folder)?;
    }
    let shown: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let rules = say!("office.start.rules", "Rules of the new year: {files}", files = shown.join("  "));
    let _ = writeln!(text, "{}", screen.tell(&rules));
    let mut json = json!({ "year": new.year, "files": shown, "findings": found.as_slice().iter().map(ToString::to_string).collect::<Vec<_>>(),
                          "draft": given.draft, "unclosed": open });
    if given.draft {
        let words = say!(
            "office.start.draft",
            "Nothing was entered. Look at the days, change what must be changed, then office new-year without --draft"
        );
        let _ = writeln!(text, "{}", screen.tell(&words));
        open.iter().for_each(|command| {
            let _ = writeln!(text, "  {command}");
        });
        return Ok(Answer::said(json, text));
    }
    let [pack_path, programme_path] = paths;
    let renewed =
        super::rules::renew(run, database, &RulesArgs { pack: pack_path, programme: programme_path })?;
    json["scopes"] = renewed.json["scopes"].clone();
    let carried = say!(
        "office.start.carried",
        "Carried over: registers, dossiers, what every institution had coming (coverage), witnesses, facts of notices"
    );
    let next = say!("office.start.next", "Next: office check, office next");
    let (carried, next) = (screen.tell(&carried), screen.tell(&next));
    let _ = writeln!(text, "{carried}\n{}\n{next}", renewed.text.trim_end());
    Ok(Answer::said(json, text))
}

/// The vocabulary of the registers under the new rules.
fn new_vocabulary(
    office: &Office,
    pack: &Pack,
    programme: &Programme,
) -> Result<double_random::Policy, Failure> {
    let mut new = Office::of_rules(pack.clone(), programme.clone())?;
    new.key = office.key.clone();
    new.vocabulary()
}

/// The days of every batch, one line each.
fn days(programme: &Programme, screen: Screen) -> String {
    let mut text = String::new();
    for task in &programme.tasks {
        for (number, batch) in (1_u64..).zip(&task.batches) {
            let (drawn, window, published) = (batch.drawn, batch.window, batch.published);
            let words = say!(
                "office.start.batch",
                "{task} {number}: drawn {drawn}, visits {from} to {to}, results by {published}",
                drawn,
                from = window.from(),
                number,
                published,
                task = task.title,
                to = window.to()
            );
            let _ = writeln!(text, "  {}", screen.tell(&words));
        }
    }
    text
}
