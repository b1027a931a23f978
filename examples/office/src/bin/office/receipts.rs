//! Receipts (回执) for institutions: what each can hold and check alone, in a folder to be handed out; and on paper, as a
//! code that a phone reads.

use super::Run;
use super::args::ReceiptArgs;
use super::desk::{Office, refuse};
use super::export::Known;
use super::output::in_published;
use super::steps::book;
use super::store::Database;
use super::words::Answer;
use double_random::UnitId;
use double_random::ledger::Attempt;
use double_random::receipt::Receipt;
use double_random::seal::Sealed;
use double_random_office::paper::{Block, Page, to_html};
use double_random_office::short;
use double_random_office::{catalogue, say, told};
use double_random_support::files::{Failure, Files};
use double_random_support::screen::Lang;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

/// The receipts of a draw, in the order of its frame, and what became of each institution once that may be told.
pub struct Receipts {
    receipts: Vec<Receipt>,
    outcomes: BTreeMap<UnitId, Vec<u8>>,
    /// Whether outcomes are there: one before the visit would announce it.
    pub open: bool,
}

impl Receipts {
    pub fn of(sealed: &Sealed, attempt: &Attempt) -> Result<Self, Failure> {
        let open = attempt.record().is_some() && !attempt.is_hidden();
        let mut outcomes = BTreeMap::new();
        if open {
            let seed = sealed.seed(&attempt.values().ok_or("the values of a draw that is drawn")?)?;
            let sample = seed.draw();
            outcomes.extend(sample.outcomes().map(|outcome| (outcome.unit.clone(), outcome.to_json())));
        }
        Ok(Self { receipts: sealed.receipts().iter().collect(), outcomes, open })
    }

    /// The documents of one institution: its receipt, and its outcome once that is open.
    fn documents(&self, receipt: &Receipt) -> Vec<(&'static str, Vec<u8>)> {
        let outcome = self.outcomes.get(&receipt.row.unit.id);
        let outcome = outcome.map(|outcome| ("outcome.json", outcome.clone()));
        [("receipt.json", receipt.to_json())].into_iter().chain(outcome).collect()
    }

    /// The short text of an institution's documents, by its parts; none if it is not on the frame.
    pub fn parts(&self, unit: &UnitId) -> Result<Vec<String>, Failure> {
        let Some(receipt) = self.receipts.iter().find(|one| one.row.unit.id == *unit) else {
            return Ok(Vec::new());
        };
        let documents = self.documents(receipt);
        let documents: Vec<&[u8]> = documents.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        short::parts(&documents)
    }
}

/// The codes of a short text, as they stand on a paper, with the text below each.
pub fn codes(parts: &[String]) -> Result<Vec<Block>, Failure> {
    parts.iter().map(|part| Ok(Block::Picture(short::picture(part)?, part.clone()))).collect()
}

/// What to do with a code.
pub fn how(lang: Lang) -> &'static str {
    catalogue::word("office.receipt.how", lang)
}

fn page(known: &Known, number: &str, receipt: &Receipt, lang: Lang) -> Page {
    let unit = &receipt.row.unit;
    let blocks = vec![
        Block::Title(catalogue::word("office.receipt.title", lang).to_owned()),
        Block::Under(told!(lang, "office.paper.number", number = format!("{number}-{}", unit.id))),
        Block::Fields(vec![
            (catalogue::word("office.paper.institution", lang).to_owned(), unit.name.clone()),
            (catalogue::word("office.paper.id", lang).to_owned(), unit.id.to_string()),
            (catalogue::word("office.paper.task", lang).to_owned(), known.policy.title.clone()),
            (catalogue::word("office.paper.seal_digest", lang).to_owned(), receipt.seal.to_string()),
        ]),
        Block::Text(how(lang).to_owned()),
    ];
    Page { wide: false, blocks }
}

/// Adds to a folder what one institution gets, below its id: the documents, their short text, and the paper with the
/// text as codes; the last two by this name.
pub fn hand_out(
    files: &mut Files,
    unit: &UnitId,
    (name, lang): (&str, Lang),
    documents: Vec<(&str, Vec<u8>)>,
    mut paper: Page,
) -> Result<(), Failure> {
    let parts = short::parts(&documents.iter().map(|(_, bytes)| bytes.as_slice()).collect::<Vec<_>>())?;
    paper.blocks.extend(codes(&parts)?);
    for (file, bytes) in documents {
        files.add(&format!("{unit}/{file}"), bytes);
    }
    files.add(&format!("{unit}/{name}.txt"), format!("{}\n", parts.join("\n")));
    files.add(&format!("{unit}/{name}.html"), to_html(unit.as_ref(), &[paper], lang));
    Ok(())
}

/// Refuses a folder inside a published one: what is handed out piece by piece is never published.
pub fn hidden(out: &Path) -> Result<(), Failure> {
    // The folder itself may be the published one.
    if in_published(&out.join("receipts"))? {
        return refuse(say!(
            "office.receipt.published",
            "{path} lies in a published folder, and what is handed out to single institutions is never published: \
             choose another --out",
            path = out.display().to_string()
        ));
    }
    Ok(())
}

/// Writes the receipt of one institution, or of all, each in a folder of its own.
pub fn receipts(run: &Run, database: &mut Database, given: &ReceiptArgs) -> Result<Answer, Failure> {
    let screen = run.screen;
    let office = Office::load(database)?;
    let book = book(run, database, &office)?;
    let attempt = book.attempt(given.draw)?;
    let name = attempt.name();
    hidden(&given.out)?;
    let sealed = book.sealed(database, name)?;
    let (receipts, known) = (Receipts::of(&sealed, attempt)?, Known::of(&sealed));
    let number = format!("{}-{}", book.scope, name.0);
    let wanted = given.unit.as_deref().map(UnitId::any).transpose()?;
    let mut files = Files::default();
    let mut count = 0_u64;
    let asked = |one: &&Receipt| wanted.as_ref().is_none_or(|unit| one.row.unit.id == *unit);
    for receipt in receipts.receipts.iter().filter(asked) {
        let paper = page(&known, &number, receipt, screen.lang);
        let documents = receipts.documents(receipt);
        hand_out(&mut files, &receipt.row.unit.id, ("receipt", screen.lang), documents, paper)?;
        count += 1;
    }
    if count == 0 {
        let unit = given.unit.as_deref().unwrap_or_default();
        return refuse(say!(
            "office.receipt.not_on_frame",
            "{unit} is not on the frame of draw {draw}.{attempt}",
            unit,
            draw = name.0,
            attempt = name.1
        ));
    }
    files.write(&given.out)?;
    let mut text = told!(screen.lang, "office.receipt.written", count, folder = given.out.display()) + "\n";
    if attempt.record().is_some() && !receipts.open {
        text.push_str(screen.word("office.receipt.closed"));
    }
    Ok(Answer::said(json!({ "folder": given.out, "receipts": count, "outcomes": receipts.open }), text))
}
