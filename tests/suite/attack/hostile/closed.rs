//! What he can try with the lines of a draw that is not disclosed (Spec 17.7).

use double_random::bytes::{Digest, Label, Suite};
use double_random::id::UnitId;
use double_random::ledger::{self, ClosedContent, Content, Line, Rule};
use double_random::verify::{self, LedgerCheck, LedgerEvidence, LedgerGap, Verdict};
use serde_json::{Value, json};
use testkit::ledger::*;

const ONE: (u64, u64) = (1, 1);

/// What a reader has when the draw is disclosed, and a checkpoint that he kept.
fn public(office: &Office) -> LedgerEvidence {
    let mut evidence = office.public();
    evidence.kept.push(office.ledger.checkpoint().unwrap().note());
    evidence
}

/// The rows of contents that he publishes, changed.
fn with_rows(office: &Office, change: impl FnOnce(Vec<String>) -> Vec<String>) -> LedgerEvidence {
    let mut evidence = public(office);
    let file = evidence.files.get_mut(&ONE).unwrap().get_mut("contents.jsonl").unwrap();
    let rows = std::str::from_utf8(file).unwrap().lines().map(str::to_owned).collect();
    let rows = change(rows).into_iter().map(|row| row + "\n").collect::<String>();
    *file = rows.into_bytes();
    evidence
}

/// He closed a visit with findings and tells one without; or tells a visit of one line in the place of another.
#[test]
fn he_tells_other_contents_than_he_closed() {
    let office = closed_draw_told();
    let told = public(&office);
    let whole = verify::ledger(&office.shown(), &told);
    assert_eq!((whole.verdict(), whole.failed()), (Verdict::Confirmed, vec![]));
    let other = with_rows(&office, |rows| rows.iter().map(|row| row.replace("\"ok\"", "\"fine\"")).collect());
    assert_eq!(verify::ledger(&office.shown(), &other).failed(), [LedgerCheck::Contents]);
    let salted = with_rows(&office, |mut rows| {
        let last = rows.len() - 1;
        let mut row: Value = serde_json::from_str(&rows[last]).unwrap();
        row["salt"] = json!(hex(3));
        rows[last] = row.to_string();
        rows
    });
    assert_eq!(verify::ledger(&office.shown(), &salted).failed(), [LedgerCheck::Contents]);
    let elsewhere = with_rows(&office, |rows| {
        let number = |row: &String| serde_json::from_str::<Value>(row).unwrap()["number"].clone();
        let mut row: Value = serde_json::from_str(&rows[0]).unwrap();
        row["number"] = number(&rows[1]);
        vec![row.to_string()]
    });
    assert_eq!(verify::ledger(&office.shown(), &elsewhere).failed(), [LedgerCheck::Contents]);
    // A row that is none is no content either.
    let nonsense = with_rows(&office, |_| vec!["{}".into()]);
    assert_eq!(verify::ledger(&office.shown(), &nonsense).failed(), [LedgerCheck::Contents]);
}

/// Every field of a closed line, edited in a ledger that is chained anew, is caught by the check named for it.
#[test]
fn every_field_of_a_closed_line_is_caught_by_the_check_named_for_it() {
    let office = closed_draw();
    let mut evidence = office.public();
    evidence.draws.get_mut(&ONE).unwrap().record = None;
    let edited = |edit: &dyn Fn(&mut Value)| {
        let mut lines: Vec<Line> = Vec::new();
        let mut head = Digest::ZERO;
        let first = office.shown().iter().position(Line::is_closed).unwrap();
        for (place, line) in office.shown().iter().enumerate() {
            let mut value: Value = serde_json::from_slice(line.bytes()).unwrap();
            value["previous"] = json!(head);
            if place == first {
                edit(&mut value["entry"]);
            }
            lines.push(Line::new(serde_json::from_value(value).unwrap()).unwrap());
            head = lines[place].digest(Suite::Sha256);
        }
        verify::ledger(&lines, &evidence).failed().into_iter().map(LedgerCheck::as_str).collect::<Vec<_>>()
    };
    assert_eq!(edited(&|_| ()), [""; 0]);
    // The first closed line is of an institution that a reserve replaces: it has commitments.
    assert_eq!(edited(&|entry| entry["content"] = json!(hex(1))), ["contents"]);
    assert_eq!(edited(&|entry| entry["draw"] = json!(2)), ["visits", "contents"]);
    assert_eq!(edited(&|entry| entry["visits"]["root"] = json!(hex(1))), ["contents"]);
    assert_eq!(edited(&|entry| entry["visits"]["size"] = json!(1)), ["visits", "contents"]);
    assert_eq!(edited(&|entry| drop(entry.as_object_mut().unwrap().remove("visits"))), ["contents"]);
}

/// He takes a closed line out of the ledger, or another in its place: the chain and a kept checkpoint show it.
#[test]
fn he_drops_a_closed_line_or_puts_another_there() {
    let office = closed_draw();
    let lines = office.shown();
    let evidence = LedgerEvidence { kept: public(&office).kept, ..LedgerEvidence::default() };
    let closed = lines.iter().position(Line::is_closed).unwrap();
    let dropped: Vec<Line> = [&lines[..closed], &lines[closed + 1..]].concat();
    let failed = verify::ledger(&dropped, &evidence).failed();
    assert_eq!(failed, [LedgerCheck::Rule(Rule::Chain), LedgerCheck::Checkpoint]);
    let mut other = lines;
    let mut entry = other[closed].entry().clone();
    let Content::Closed { content, .. } = &mut entry.entry else { panic!("a closed line") };
    *content = Digest::new([1; 32]);
    other[closed] = Line::new(entry).unwrap();
    let failed = verify::ledger(&other, &evidence).failed();
    assert_eq!(failed, [LedgerCheck::Rule(Rule::Chain), LedgerCheck::Checkpoint]);
}

/// He tells all but the visit that he does not like, or nothing: nobody confirms the ledger, and the report names
/// the lines.
#[test]
fn he_never_tells_a_closed_line() {
    let office = closed_draw_told();
    for keep in 0..5 {
        let evidence = with_rows(&office, |rows| rows.into_iter().take(keep).collect());
        let report = verify::ledger(&office.shown(), &evidence);
        assert_eq!((report.failed(), report.verdict()), (vec![], Verdict::SelfConsistent), "{keep}");
        assert!(report.gaps().contains(&LedgerGap::Contents), "{keep}");
        let [lines] = report.closed_lines() else { panic!("lines of one draw") };
        assert!(lines.until.is_none() && !lines.entries.is_empty());
        assert!(report.to_string().contains("whose contents are not given, and should be"), "{report}");
    }
}

/// He never discloses the draw: until its day the report says until when it is closed, and then it is refuted.
#[test]
fn he_never_discloses_a_draw_with_closed_lines() {
    let office = closed_draw();
    let mut evidence = public(&office);
    evidence.draws.get_mut(&ONE).unwrap().record = None;
    evidence.files.clear();
    for (at, failed) in
        [("2026-03-31T23:59:59Z", vec![]), ("2026-04-01T00:00:00Z", vec![LedgerCheck::Deadlines])]
    {
        evidence.at = Some(instant(at));
        let report = verify::ledger(&office.shown(), &evidence);
        assert_eq!(report.failed(), failed, "{at}");
        assert!(report.to_string().contains("closed lines, until 2026-03-31"), "{report}");
        let confirmed = report.verdict() == Verdict::Confirmed;
        assert_eq!(confirmed, failed.is_empty(), "what may be closed keeps nothing from being confirmed");
    }
}

/// He closes what belongs to no hidden draw, so that nobody ever reads it; and he cannot leave open what names
/// the next visits.
#[test]
fn he_closes_a_line_of_a_draw_that_is_not_deferred() {
    let mut office = first_draw(None);
    let unit = office.units(ONE)[0].clone();
    let visit = office.visit(ONE, "2026-02-10", &unit);
    let refusal = office.attempt_closed("2026-02-12T00:00:00Z", ONE, &visit).unwrap_err();
    assert_eq!(refusal.rule, Rule::Disclosure);
    // In a ledger that he writes without the rules.
    let mut lines = office.lines().to_vec();
    let number = u64::try_from(lines.len()).unwrap() + 1;
    let entry = ledger::Entry {
        actor: lines[0].entry().actor.clone(),
        at: instant("2026-02-12T00:00:00Z"),
        entry: serde_json::from_value(visit).unwrap(),
        number,
        previous: office.state().head(),
    };
    let line = Line::closed(entry, Digest::new([5; 32]), Suite::Sha256).unwrap().unwrap();
    lines.push(line);
    let failed = verify::ledger(&lines, &office.public()).failed();
    assert_eq!(failed, [LedgerCheck::Rule(Rule::Disclosure)]);
}

/// What is closed breaks the rules: nobody sees it before the disclosure, and everybody after it.
#[test]
fn a_closed_line_breaks_a_rule_and_is_refuted_when_it_is_told() {
    let office = closed_draw();
    let unit = UnitId::parse("T-000777").unwrap();
    let mut stranger = office.visit(ONE, "2026-02-18", &office.units(ONE)[4]);
    stranger["unit"] = json!(unit);
    let mut own = office.by_lines_shown();
    let number = own.close("2026-02-18T00:00:00Z", ONE, &stranger);
    own.enter(
        "2026-02-19T00:00:00Z",
        &json!({"kind": "disclosed", "draw": 1, "attempt": 1, "secret": hex(9)}),
    );
    let mut evidence = public(&own);
    assert_eq!(verify::ledger(&own.shown(), &evidence).failed(), [LedgerCheck::Picks]);
    evidence.files.clear();
    let report = verify::ledger(&own.shown(), &evidence);
    assert_eq!((report.failed(), report.verdict()), (vec![], Verdict::SelfConsistent));
    assert!(report.closed_lines()[0].entries.contains(&number));
}

/// A competitor guesses who was visited: he knows every field but the salt, and no digest of the ledger answers.
#[test]
fn nobody_guesses_institutions_from_closed_lines() {
    let office = closed_draw();
    let lines = office.shown();
    let guessed = office.lines().iter().filter_map(Line::content);
    for told in guessed {
        let place = usize::try_from(told.number).unwrap() - 1;
        let line = &lines[place];
        let Content::Closed { content, .. } = line.entry().entry else { panic!("a closed line") };
        // With the salt the content answers, so the guess is right in every other field.
        assert_eq!(Suite::Sha256.digest(Label::Content, &told.row().unwrap()), content);
        let salts = [Digest::ZERO, line.digest(Suite::Sha256), content, line.entry().previous];
        for salt in salts {
            let guess = ClosedContent { salt, ..told.clone() };
            assert!(line.told(&guess, Suite::Sha256).is_none());
        }
        // No id stands in the line, and two entries that say the same hide behind different digests.
        let text = String::from_utf8(line.bytes().to_vec()).unwrap();
        assert!(!text.contains("T-0") && !text.contains("I-0"), "{text}");
        let twice = ClosedContent { number: told.number + 1, ..told.clone() };
        assert_ne!(twice.row().unwrap(), told.row().unwrap());
    }
    let salts: std::collections::BTreeSet<Digest> =
        office.lines().iter().filter_map(Line::content).map(|told| told.salt).collect();
    assert_eq!(salts.len(), office.lines().iter().filter(|line| line.is_closed()).count());
}

/// An institution whose team changed holds its opening against the ledger at its door, while all is closed.
#[test]
fn an_opening_after_a_closed_change_is_held_against_the_closed_line() {
    let office = closed_draw();
    let draw = &office.draws[&ONE];
    let key = double_random::bytes::SaltKey::new([7; 32]);
    let tree =
        double_random::disclosure::VisitsTree::new(draw.sealed.seal(), &key, &draw.teams.visits).unwrap();
    let opening = tree.opening(&office.units(ONE)[2]).unwrap();
    let last = office.shown().into_iter().rev().find_map(|line| match &line.entry().entry {
        Content::Closed { visits, .. } => visits.clone(),
        _ => None,
    });
    assert!(opening.is_in(draw.sealed.seal(), &last.unwrap()));
}
