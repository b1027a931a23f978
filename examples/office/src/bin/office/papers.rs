//! Papers for one visit each, to be printed and signed: the letter to the institution (检查通知书), and the task sheet
//! of its team with the form of the check (任务单、执法监督检查表).

use super::Run;
use super::args::{Export, What};
use super::desk::{Book, Office, Rules, refuse};
use super::export::Known;
use super::notice::{facts, seats_known};
use super::now::{self, Registers};
use super::output::{ending, no_form, write};
use super::receipts::{Receipts, codes, how};
use super::steps::{book, cycle};
use super::store::Database;
use super::teams::teams_now;
use super::words::Answer;
use double_random::assign::Visit;
use double_random::dossier::ResultKind;
use double_random::id::{Code, UnitId, UnitIdKind};
use double_random::ledger::Attempt;
use double_random::pack::{Mode, Pack};
use double_random::policy::ItemClass;
use double_random::seal::Sealed;
use double_random_office::notice::{Fact, Facts, Seat, is_origin, law};
use double_random_office::paper::{BLANK, Block, Page, to_docx, to_html};
use double_random_office::{catalogue, say, told};
use double_random_support::files::Failure;
use double_random_support::screen::Lang;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Everything that papers of one draw say alike.
struct Round<'a> {
    lang: Lang,
    known: Known,
    pack: Option<&'a Pack>,
    /// The annual plan.
    plan: String,
    /// The task and its items.
    task: (Option<Code>, Vec<Code>, String),
    facts: Facts,
    seats: BTreeMap<UnitId, Seat>,
    /// Scope and draw.
    number: String,
    record: String,
    today: String,
    /// Whether the visits are not announced.
    hidden: bool,
    /// What the registers say against a visit, by institution.
    hindered: BTreeMap<UnitId, Vec<String>>,
    /// For letters.
    receipts: Option<Receipts>,
}

/// An item of the form.
struct Line {
    name: String,
    basis: String,
    class: &'static str,
    mode: &'static str,
    department: String,
}

fn lines_of(texts: &[&str]) -> String {
    texts.join("\n")
}

impl Round<'_> {
    fn fact(&self, fact: Fact) -> String {
        self.facts.get(&fact).cloned().unwrap_or_else(|| BLANK.to_owned())
    }

    /// Name, code and address of an institution.
    fn seat(&self, unit: &UnitId) -> (String, String, String) {
        let (name, _) = self.known.unit(unit);
        let seat = self.seats.get(unit).cloned().unwrap_or_default();
        let blank = |text: String| if text.is_empty() { BLANK.to_owned() } else { text };
        let code = if unit.kind() == UnitIdKind::Credit { unit.to_string() } else { seat.code };
        (if name.is_empty() { unit.to_string() } else { name }, blank(code), blank(seat.address))
    }

    /// The items that apply to the institution, as the pack has them; those of the policy where there is no pack.
    fn items(&self, unit: &UnitId) -> Vec<Line> {
        let lang = self.lang;
        let class = |class: ItemClass| match class {
            ItemClass::General => catalogue::word("office.paper.general", lang),
            ItemClass::Key => catalogue::word("office.paper.key", lang),
        };
        let (Some(pack), Some(unit)) = (self.pack, self.known.frame.get(unit)) else {
            let line = |item: &double_random::policy::Item| Line {
                name: self.known.policy.label(&item.code).to_owned(),
                basis: String::new(),
                class: class(item.class),
                mode: "",
                department: String::new(),
            };
            return self.known.policy.items.iter().map(line).collect();
        };
        let (task, asked, _) = &self.task;
        let form = pack.form(unit, task.as_ref().map(|task| (task, asked.as_slice())));
        let line = |line: &double_random::pack::FormLine| {
            let item = pack.item(&line.item);
            Line {
                name: item.map_or_else(|| line.item.to_string(), |item| item.name.clone()),
                basis: item.map_or_else(String::new, |item| law(&pack.basis(item.cite.as_ref())).to_owned()),
                class: class(line.class),
                mode: match line.mode {
                    Mode::OnSite => catalogue::word("office.paper.on_site", lang),
                    Mode::Documents => catalogue::word("office.paper.documents", lang),
                    Mode::Online => catalogue::word("office.paper.online", lang),
                },
                department: self.known.policy.label(&line.department).to_owned(),
            }
        };
        form.lines.iter().map(line).collect()
    }

    /// The people of a visit: department, post, name, certificate, lead; a vacancy is a row to be filled in.
    fn people(&self, visit: &Visit) -> Vec<[String; 4]> {
        let lang = self.lang;
        // Posts without a label of their own are called as the library calls them.
        let label = |code: &Code| match self.known.policy.label(code) {
            "member" => catalogue::word("office.paper.post_member", lang).to_owned(),
            "lead" => catalogue::word("office.paper.post_lead", lang).to_owned(),
            named => named.to_owned(),
        };
        let vacant = || catalogue::word("office.paper.vacant", lang).to_owned();
        let mut rows = Vec::new();
        for post in &visit.posts {
            for officer in &post.officers {
                let lead = visit.lead.as_ref() == Some(&officer.id);
                let name = self.known.person(&officer.id);
                let name = if lead { told!(lang, "office.paper.name_lead", name) } else { name };
                rows.push([label(&post.department), label(&post.post), name, officer.id.to_string()]);
            }
            (0..post.vacancies).for_each(|_| {
                rows.push([label(&post.department), label(&post.post), vacant(), String::new()])
            });
        }
        // Who accompanies a visit enforces nothing, and stands below those who do.
        let guest = || catalogue::word("office.paper.guest", lang).to_owned();
        for post in &visit.experts {
            for expert in &post.experts {
                rows.push([guest(), label(&post.post), self.known.person(&expert.id), expert.id.to_string()]);
            }
            (0..post.vacancies)
                .for_each(|_| rows.push([guest(), label(&post.post), vacant(), String::new()]));
        }
        rows
    }

    fn number(&self, unit: &UnitId) -> String {
        let number = format!("{}-{unit}", self.number);
        told!(self.lang, "office.paper.number", number)
    }

    fn signed(&self) -> Block {
        let issuer = self.fact(Fact::Issuer);
        Block::Right(vec![told!(self.lang, "office.paper.seal", issuer), self.today.clone()])
    }

    fn letter(&self, visit: &Visit) -> Result<Page, Failure> {
        let lang = self.lang;
        let (name, code, address) = self.seat(&visit.unit);
        let (plan, task, days) = (&self.plan, &self.task.2, self.known.days(visit.day));
        let opening = told!(lang, "office.letter.opening", plan, task);
        let items = (1..).zip(self.items(&visit.unit));
        let items = items
            .map(|(n, item): (u64, Line)| vec![n.to_string(), item.name, item.mode.to_owned(), item.basis]);
        let people = self
            .people(visit)
            .into_iter()
            .map(|[department, post, name, id]| vec![name, id, department, post]);
        let when = if self.hidden {
            catalogue::word("office.letter.not_announced", lang)
        } else {
            catalogue::word("office.letter.documents", lang)
        };
        let rights = catalogue::word("office.letter.rights", lang);
        let proof = told!(lang, "office.letter.proof", how = how(lang), record = self.record);
        let codes =
            codes(&self.receipts.as_ref().map_or_else(|| Ok(Vec::new()), |of| of.parts(&visit.unit))?)?;
        let head = |codes: &[&'static str]| {
            codes.iter().map(|code| catalogue::word(code, lang).to_owned()).collect::<Vec<_>>()
        };
        let mut blocks = vec![
            Block::Title(catalogue::word("office.letter.title", lang).to_owned()),
            Block::Under(self.number(&visit.unit)),
            Block::Fields(vec![
                (catalogue::word("office.letter.to", lang).to_owned(), name),
                (catalogue::word("office.letter.code", lang).to_owned(), code),
                (catalogue::word("office.paper.address", lang).to_owned(), address),
                (catalogue::word("office.paper.time", lang).to_owned(), days),
            ]),
            Block::Text(opening),
            Block::Heading(catalogue::word("office.letter.items", lang).to_owned()),
            Block::Table {
                widths: vec![8, 34, 16, 42],
                head: head(&[
                    "office.paper.head_number",
                    "office.letter.head_item",
                    "office.letter.head_way",
                    "office.letter.head_law",
                ]),
                rows: items.collect(),
            },
            Block::Heading(catalogue::word("office.letter.people", lang).to_owned()),
            Block::Table {
                widths: vec![26, 24, 30, 20],
                head: head(&[
                    "office.paper.head_name",
                    "office.paper.head_certificate",
                    "office.paper.head_department",
                    "office.paper.head_post",
                ]),
                rows: people.collect(),
            },
            Block::Heading(catalogue::word("office.letter.rights_heading", lang).to_owned()),
            Block::Text(rights.to_owned()),
            Block::Text(when.to_owned()),
            Block::Text(told!(
                lang,
                "office.letter.phone",
                name = Fact::Phone.called(lang),
                phone = self.fact(Fact::Phone)
            )),
            self.signed(),
            Block::Heading(catalogue::word("office.letter.acknowledgement", lang).to_owned()),
            Block::Fields(
                ["office.letter.received", "office.letter.received_when", "office.letter.handed_over"]
                    .map(|code| (catalogue::word(code, lang).to_owned(), "\n".to_owned()))
                    .to_vec(),
            ),
            Block::Heading(catalogue::word("office.letter.receipt", lang).to_owned()),
            Block::Text(proof),
        ];
        blocks.extend(codes);
        Ok(Page { wide: false, blocks })
    }

    fn sheet(&self, visit: &Visit) -> Page {
        let lang = self.lang;
        let (name, code, address) = self.seat(&visit.unit);
        let head = |codes: &[&'static str]| {
            codes.iter().map(|code| catalogue::word(code, lang).to_owned()).collect::<Vec<_>>()
        };
        let people = self.people(visit);
        let people = people
            .into_iter()
            .map(|[department, post, name, id]| vec![department, post, name, id, String::new()]);
        let word = |code| catalogue::word(code, lang);
        let found = lines_of(&[word("office.task_sheet.no_problem"), word("office.task_sheet.problem")]);
        let items = (1..).zip(self.items(&visit.unit));
        let items = items.map(|(n, item): (u64, Line)| {
            let what = match item.department.is_empty() {
                true => item.name,
                false => {
                    told!(lang, "office.task_sheet.item", department = item.department, item = item.name)
                }
            };
            let how = format!("{}\n{}", item.class, item.mode);
            vec![n.to_string(), what, how, found.clone(), String::new()]
        });
        // The words of the pack: what is ticked is what `office result` takes.
        let boxes = |made: bool| {
            let of_pack = self.pack.map_or(&[][..], |pack| pack.results.as_slice());
            let asked = of_pack.iter().filter(|result| (result.kind != ResultKind::Unmade) == made);
            let all: Vec<String> = asked.map(|result| format!("□ {}", result.name)).collect();
            if all.is_empty() { BLANK.to_owned() } else { all.join("　") }
        };
        let mut fields = vec![
            (catalogue::word("office.paper.task", lang).to_owned(), self.task.2.clone()),
            (
                catalogue::word("office.task_sheet.institution", lang).to_owned(),
                told!(lang, "office.task_sheet.institution_named", name, unit = visit.unit),
            ),
            (catalogue::word("office.task_sheet.code", lang).to_owned(), code),
            (catalogue::word("office.paper.address", lang).to_owned(), address),
            (catalogue::word("office.task_sheet.district", lang).to_owned(), self.known.unit(&visit.unit).1),
            (catalogue::word("office.paper.time", lang).to_owned(), self.known.days(visit.day)),
        ];
        if let Some(notes) = self.hindered.get(&visit.unit) {
            fields.push((catalogue::word("office.task_sheet.note", lang).to_owned(), notes.join("\n")));
        }
        let then = [word("office.task_sheet.then_none"), word("office.task_sheet.then_more"), ""];
        let outcome = [
            ("office.task_sheet.day", String::new()),
            ("office.task_sheet.made", boxes(true)),
            ("office.task_sheet.not_made", boxes(false)),
            ("office.task_sheet.then", lines_of(&then)),
            ("office.task_sheet.inspectors", lines_of(&["", ""])),
            ("office.task_sheet.for_unit", lines_of(&["", word("office.task_sheet.refused")])),
            ("office.task_sheet.witness", String::new()),
        ];
        let blocks = vec![
            Block::Title(catalogue::word("office.task_sheet.title", lang).to_owned()),
            Block::Under(self.number(&visit.unit)),
            Block::Fields(fields),
            Block::Heading(catalogue::word("office.task_sheet.team", lang).to_owned()),
            Block::Table {
                widths: vec![28, 14, 22, 20, 16],
                head: head(&[
                    "office.paper.head_department",
                    "office.paper.head_post",
                    "office.paper.head_name",
                    "office.paper.head_certificate",
                    "office.task_sheet.head_present",
                ]),
                rows: people.collect(),
            },
            Block::Heading(catalogue::word("office.task_sheet.items", lang).to_owned()),
            Block::Table {
                widths: vec![7, 33, 14, 18, 28],
                head: head(&[
                    "office.paper.head_number",
                    "office.letter.head_item",
                    "office.task_sheet.head_class",
                    "office.task_sheet.head_found",
                    "office.task_sheet.head_problem",
                ]),
                rows: items.collect(),
            },
            Block::Heading(catalogue::word("office.task_sheet.result", lang).to_owned()),
            Block::Fields(outcome.map(|(code, value)| (word(code).to_owned(), value)).to_vec()),
        ];
        Page { wide: false, blocks }
    }
}

/// Reads what the papers of a draw say.
fn round<'a>(
    run: &Run,
    database: &mut Database,
    office: &'a Office,
    (book, attempt, sealed): (&Book, &Attempt, &Sealed),
) -> Result<Round<'a>, Failure> {
    let name = attempt.name();
    let known = Known::of(sealed);
    let record = book.record(database, name)?;
    let rules = match &office.rules {
        Rules::Programme(rules) => Some((&rules.0, &rules.1)),
        Rules::Policy(_) => None,
    };
    // A ledger of an earlier year has not the rules of this one.
    let rules = rules.filter(|(pack, programme)| is_origin(&known.policy, (pack, programme)));
    let task = book.task.as_ref().and_then(|task| rules?.1.task(task));
    let items = task.map_or_else(Vec::new, |task| task.items.clone());
    let title = task.map_or_else(|| known.policy.title.clone(), |task| task.title.clone());
    let facts = facts(database, book, name.0)?;
    let number =
        facts.get(&Fact::TaskNumber).cloned().unwrap_or_else(|| format!("{}-{}", book.scope, name.0));
    let registers = Registers::load(database)?;
    let mut hindered: BTreeMap<UnitId, Vec<String>> = BTreeMap::new();
    for one in now::hindered(database, book, &registers, run.day())? {
        if one.draw == name.0 {
            let who = one.person.as_ref().map_or_else(String::new, |id| format!("{id} "));
            let why = catalogue::words(&now::why(one.reason), run.screen.lang);
            let said = format!("{who}{why}");
            hindered.entry(one.unit).or_default().push(said);
        }
    }
    Ok(Round {
        lang: run.screen.lang,
        pack: rules.map(|(pack, _)| pack),
        plan: rules.map_or_else(|| known.policy.title.clone(), |(_, programme)| programme.title.clone()),
        task: (book.task.clone(), items, title),
        facts,
        seats: seats_known(database)?,
        number,
        record: record.digest().to_string(),
        today: run.day().ok_or("a day within the calendar")?.to_string(),
        hidden: attempt.is_hidden(),
        hindered,
        receipts: None,
        known,
    })
}

/// Writes the papers of one visit, or of all that are still to be made.
pub fn export(
    run: &Run,
    database: &mut Database,
    office: &Office,
    given: &Export,
) -> Result<Answer, Failure> {
    let lang = run.screen.lang;
    let book = book(run, database, office)?;
    let attempt = book.recorded(database, given.draw)?;
    let name = attempt.name();
    let sealed = book.sealed(database, name)?;
    let mut round = round(run, database, office, (&book, attempt, &sealed))?;
    let teams = teams_now(&book, database, name)?;
    let pending: BTreeSet<UnitId> = cycle(&book)?
        .open()
        .iter()
        .filter(|open| open.draw == name.0)
        .flat_map(|open| open.pending.keys().cloned())
        .collect();
    let wanted = |visit: &&Visit| match &given.unit {
        Some(unit) => visit.unit.as_str() == unit,
        None => pending.contains(&visit.unit),
    };
    let visits: Vec<&Visit> = teams.visits.iter().filter(wanted).collect();
    if visits.is_empty() {
        return refuse(match &given.unit {
            Some(unit) => say!(
                "office.result.no_visit",
                "{unit} has no visit in draw {draw}.{attempt}",
                unit,
                draw = name.0,
                attempt = name.1
            ),
            None => say!(
                "office.papers.none",
                "draw {draw}.{attempt} has no visit that is still to be made: --unit names one",
                attempt = name.1,
                draw = name.0
            ),
        });
    }
    let letters = given.what == What::Letters;
    if letters {
        round.receipts = Some(Receipts::of(&sealed, attempt)?);
    }
    let page = |visit: &&Visit| if letters { round.letter(visit) } else { Ok(round.sheet(visit)) };
    let pages = visits.iter().map(page).collect::<Result<Vec<Page>, Failure>>()?;
    let title = if letters {
        catalogue::word("office.letter.all", lang)
    } else {
        catalogue::word("office.task_sheet.all", lang)
    };
    let bytes = match ending(&given.out) {
        "docx" => to_docx(&pages, lang)?,
        "html" => to_html(title, &pages, lang),
        _ => return Err(no_form(&given.out, &[".docx", ".html"])),
    };
    write(&given.out, &bytes)?;
    let mut text = String::new();
    let needed = if letters { vec![Fact::Issuer, Fact::Phone] } else { Vec::new() };
    let missing: Vec<Fact> = needed.into_iter().filter(|fact| !round.facts.contains_key(fact)).collect();
    for fact in &missing {
        let (called, word) = (fact.called(lang), fact.word());
        let _ = writeln!(text, "{}", told!(lang, "office.papers.blank", fact = called, word));
    }
    let without = visits.iter().filter(|visit| !round.seats.contains_key(&visit.unit)).count();
    if without > 0 {
        let _ = writeln!(text, "{}", told!(lang, "office.papers.addresses", count = without));
    }
    if letters && round.hidden {
        let hand = catalogue::word("office.papers.hidden", lang);
        let _ = writeln!(text, "{hand}");
    }
    text += &told!(lang, "office.papers.written", count = pages.len(), file = given.out.display());
    let missing: Vec<&str> = missing.into_iter().map(Fact::word).collect();
    let json =
        json!({ "file": given.out, "papers": pages.len(), "missing": missing, "without_address": without });
    Ok(Answer::said(json, text))
}
