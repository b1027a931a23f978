//! `office plan import`: an annual plan as it is published becomes the tasks of a programme. Row by row it is said
//! what was understood, what was assumed, what is not used and what contradicts; nothing is written while anything
//! contradicts.

mod amounts;
mod names;
mod row;
mod tasks;

use super::args::PlanImport;
use super::asked;
use super::output;
use super::words::{Answer, Screen};
use double_random::message::Message;
use double_random::pack::Pack;
use double_random::programme::Programme;
use double_random_office::catalogue;
use double_random_office::table::{self, PlanRow, Source};
use double_random_office::{say, told};
use double_random_support::files::{self, Failure};
use double_random_support::screen::Lang;
use names::Vocabulary;
use serde_json::{Value, json};
use std::cell::Cell;
use std::fmt::Write as _;

/// What is said of a row, or of the plan as a whole.
#[derive(Default)]
struct Said {
    understood: Vec<Message>,
    assumed: Vec<Message>,
    unused: Vec<Message>,
    contradicts: Vec<Message>,
}

impl Said {
    fn parts(&self) -> [(&'static str, &Vec<Message>); 4] {
        [
            ("office.plan.head_understood", &self.understood),
            ("office.plan.head_assumed", &self.assumed),
            ("office.plan.head_unused", &self.unused),
            ("office.plan.head_contradicts", &self.contradicts),
        ]
    }

    fn text(&self, lang: Lang, text: &mut String) {
        for (head, messages) in self.parts() {
            for message in messages {
                let (what, rule) = (catalogue::word(head, lang), catalogue::words(message, lang));
                let _ = writeln!(text, "  {}", told!(lang, "office.about", rule, what));
            }
        }
    }

    fn json(&self, lang: Lang) -> Value {
        let told = |messages: &[Message]| -> Value {
            let one = |message: &Message| {
                let text = catalogue::words(message, lang);
                json!({ "code": message.rule(), "params": message.params(), "text": text })
            };
            messages.iter().map(one).collect()
        };
        json!({ "understood": told(&self.understood), "assumed": told(&self.assumed), "unused": told(&self.unused),
            "contradicts": told(&self.contradicts) })
    }
}

/// A row of the plan, and what is said of it.
struct Told {
    row: u64,
    title: String,
    said: Said,
}

/// The plan, the rules that it is read by, and the programme whose tasks it makes anew.
struct Reader<'a> {
    pack: &'a Pack,
    base: &'a Programme,
    words: Vocabulary<'a>,
    given: &'a PlanImport,
    /// Where the fields stand.
    places: table::Places,
    /// Whether `--prefer` decided anything.
    preferred: Cell<bool>,
}

/// Reads a plan, and writes the programme.
pub fn import(screen: Screen, given: &PlanImport) -> Result<Answer, Failure> {
    let named = |path: &std::path::Path| path.display().to_string();
    let pack = files::about(&named(&given.pack), Pack::from_json(&files::text(&given.pack)?))?;
    let base = files::about(&named(&given.programme), Programme::from_json(&files::text(&given.programme)?))?;
    let words = Vocabulary::new(&pack, &given.means)?;
    let bytes = files::read(&given.file)?;
    let mut source = given.reading.of(Source::new(&bytes));
    if let Some(sheet) = &given.sheet {
        source = source.sheet(sheet);
    }
    let (rows, notes, places) = table::plans(source)
        .map_err(|error| asked::wrong(screen, &given.reading, &given.file, &bytes, error.into()))?;
    if rows.is_empty() {
        let file = named(&given.file);
        return Err(say!("office.plan.no_tasks", "{file}: the table has no tasks", file).into());
    }
    let reader = Reader { pack: &pack, base: &base, words, given, places, preferred: Cell::new(false) };
    let mut above = PlanRow::default();
    let mut told: Vec<Told> = Vec::new();
    let mut wanted = Vec::new();
    for row in &rows {
        let mut said = Said::default();
        let task = reader.row(row, &above, &mut said);
        told.push(Told { row: row.row, title: task.title.clone(), said });
        wanted.push(task);
        if !row.text("title").is_empty() {
            above = row.clone();
        }
    }
    let made = reader.tasks(wanted, &mut told);
    let (programme, whole) = reader.programme(made, &told)?;
    let lang = screen.lang;
    let wrong: usize =
        told.iter().map(|row| &row.said).chain([&whole]).map(|said| said.contradicts.len()).sum();
    let mut text = String::new();
    for note in &notes {
        writeln!(text, "{}: {}", given.file.display(), catalogue::words(note, lang))?;
    }
    let title = &base.title;
    for Told { row, title, said } in &told {
        let head = say!("office.plan.row", "row {row}: {title}", row, title);
        writeln!(text, "{}", catalogue::words(&head, lang))?;
        said.text(lang, &mut text);
    }
    let head = say!("office.plan.whole", "programme: {title}", title);
    if whole.parts().iter().any(|(_, messages)| !messages.is_empty()) {
        writeln!(text, "{}", catalogue::words(&head, lang))?;
        whole.text(lang, &mut text);
    }
    let row = |Told { row, title, said }: &Told| {
        let mut value = said.json(lang);
        value["row"] = json!(row);
        value["title"] = json!(title);
        value
    };
    let rows: Vec<Value> = told.iter().map(row).collect();
    let mut json = json!({ "rows": rows, "programme": whole.json(lang), "notes": notes.iter().map(|note| catalogue::words(note, lang)).collect::<Vec<_>>() });
    let Some(programme) = programme.filter(|_| wrong == 0) else {
        json["written"] = false.into();
        let head = say!(
            "office.plan.refused",
            "{wrong} contradictions or unknown words, and nothing was written: mend the table, or say what is meant \
             with --means and --prefer",
            wrong
        );
        return Ok(Answer { json, text: format!("{text}{}", catalogue::words(&head, lang)), status: 3 });
    };
    let tasks = programme.tasks.len();
    let last = match &given.out {
        Some(out) => {
            let mut bytes = serde_json::to_vec_pretty(&programme)?;
            bytes.push(b'\n');
            output::write(out, &bytes)?;
            say!(
                "office.plan.written",
                "{file}: {tasks} tasks; next: office rules or office init, then office check",
                file = named(out),
                tasks
            )
        }
        None => {
            say!("office.plan.not_written", "{tasks} tasks can be made; --out FILE writes them", tasks)
        }
    };
    json["tasks"] = tasks.into();
    json["written"] = given.out.is_some().into();
    Ok(Answer::said(json, format!("{text}{}", catalogue::words(&last, lang))))
}
