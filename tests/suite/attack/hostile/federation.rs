//! Registers of counties that make up a city's frame (Spec 28): what an operator above or below can try.

use double_random::bytes::{Inclusion, SaltKey};
use double_random::frame::UnitRow;
use double_random::id::Division;
use double_random::message::Coded as _;
use double_random::register::{RegisterProblem, Registers, SubmittedRegister};
use double_random::seal::SealError;
use double_random::verify::{
    Check, IntakeCheck, NotRun, Outcome, Report, Verdict, intake, registers, verify,
};
use double_random::{Cycle, Plan};
use testkit::assembled::*;
use testkit::{COUNTIES, draw, evidence, open_terms, roster, unit_row};

fn of(name: &str) -> Federation {
    federations().into_iter().find(|federation| federation.name == name).unwrap()
}

fn report(federation: &Federation) -> Report {
    verify(&federation.record, &federation.evidence)
}

/// What the auditor says: the checks that fail, and all words of them.
fn audited(name: &str) -> (Vec<Check>, String) {
    let report = report(&of(name));
    (report.failed(), report.to_string())
}

/// The checks that fail of the intake of each authority, with its division; those that hold are left out.
fn refused(federation: &Federation) -> Vec<(String, Vec<IntakeCheck>, String)> {
    let mut found = Vec::new();
    for (own, shown) in federation.submitted.iter().zip(&federation.intakes) {
        let report = intake(shown, own, federation.evidence.seal.as_ref());
        if report.verdict() != Verdict::Confirmed {
            let division = own.register.divisions[0].to_string();
            found.push((division, report.failed(), report.to_string()));
        }
    }
    found
}

#[test]
fn every_register_goes_in_unchanged_and_its_authority_sees_it() {
    for name in ["in_order", "in_order_with_keys_alone"] {
        let federation = of(name);
        let report = report(&federation);
        assert_eq!((report.verdict(), report.failed()), (Verdict::Confirmed, vec![]), "{report}");
        for check in [Check::Registers, Check::RegisterRows] {
            assert_eq!(report.outcome(check), &Outcome::Pass);
        }
        let each = registers(&federation.record, &federation.evidence);
        assert!(each.len() == 5 && each.iter().all(|one| one.outcome == Outcome::Pass));
        assert_eq!((federation.intakes.len(), refused(&federation)), (5, vec![]));
    }
}

/// Without keys the public check holds, and the other one is not run: never more.
#[test]
fn without_the_keys_of_the_registers_nothing_is_said_of_their_rows() {
    for (name, because) in [
        ("no_keys_are_given", NotRun::RegisterKeys),
        ("one_key_is_missing", NotRun::RegisterKeys),
        ("the_seal_names_no_registers", NotRun::NoRegisters),
    ] {
        let report = report(&of(name));
        assert_eq!(report.outcome(Check::RegisterRows), &Outcome::NotRun { because }, "{name}");
        let public = report.outcome(Check::Registers);
        assert_eq!(*public == Outcome::Pass, because == NotRun::RegisterKeys, "{name}");
    }
    let federation = of("one_key_is_missing");
    let each = registers(&federation.record, &federation.evidence);
    let not_run = each.iter().filter(|one| one.outcome != Outcome::Pass).map(|one| one.authority.as_str());
    assert_eq!(not_run.collect::<Vec<_>>(), [keeper(COUNTIES[3]).as_str()]);
}

#[test]
fn he_alters_a_row_of_a_county() {
    let (failed, words) = audited("a_row_is_altered");
    assert_eq!(failed, [Check::RegisterRows]);
    assert!(words.contains("350502-wsjd") && words.contains("altered: T-000004"), "{words}");
    let refused = refused(&of("a_row_is_altered"));
    assert_eq!(refused.len(), 1);
    assert_eq!((refused[0].0.as_str(), &refused[0].1), ("350502", &vec![IntakeCheck::Unchanged]));
    assert!(refused[0].2.contains("altered: T-000004"), "{}", refused[0].2);
    // By the key alone it is seen, too, and not which row it is.
    let (failed, words) = audited("a_row_is_altered_and_only_keys_are_known");
    assert!(failed == [Check::RegisterRows] && !words.contains("T-000004"), "{words}");
}

#[test]
fn he_alters_a_row_and_shows_the_county_the_true_one() {
    let refused = refused(&of("a_row_is_altered_and_the_true_one_shown"));
    assert_eq!((refused[0].0.as_str(), &refused[0].1), ("350502", &vec![IntakeCheck::Inclusion]));
}

#[test]
fn he_leaves_a_row_out_or_puts_one_in_its_place() {
    let cases = [
        ("a_row_is_left_out", vec![Check::Registers, Check::RegisterRows], "left out: T-000004"),
        (
            "a_row_is_exchanged_for_one_from_nowhere",
            vec![Check::RegisterRows],
            "left out: T-000004; added: T-000104",
        ),
        ("a_row_is_moved_to_the_next_county", vec![Check::RegisterRows], "left out: T-000004"),
    ];
    for (name, expected, named) in cases {
        let (failed, words) = audited(name);
        assert_eq!(failed, expected, "{name}");
        assert!(words.contains(named), "{name}: {words}");
        let refused = refused(&of(name));
        assert!(
            refused
                .iter()
                .any(|(division, failed, _)| division == "350502" && failed == &[IntakeCheck::Unchanged]),
            "{name}"
        );
    }
}

/// Theorem 20: a row that no register has takes the place of a row, and the authority of that row sees it.
#[test]
fn a_row_from_nowhere_costs_another_county_a_row() {
    let (failed, words) = audited("a_row_comes_from_nowhere");
    assert_eq!(failed, [Check::Registers, Check::RegisterRows]);
    assert!(words.contains("added: T-000104"), "{words}");
    let name = "a_row_from_nowhere_stands_where_another_county_lost_one";
    let (failed, words) = audited(name);
    assert_eq!(failed, [Check::RegisterRows]);
    assert!(words.contains("added: T-000104") && words.contains("left out: T-000005"), "{words}");
    let divisions: Vec<String> = refused(&of(name)).into_iter().map(|(division, ..)| division).collect();
    assert!(divisions.contains(&COUNTIES[1].to_owned()), "{divisions:?}");
}

#[test]
fn he_swaps_a_register() {
    let federation = of("a_register_is_swapped");
    let (failed, words) = audited("a_register_is_swapped");
    assert_eq!(failed, [Check::RegisterRows]);
    assert!(words.contains("the rows given of 350502-wsjd"), "{words}");
    let refused = refused(&federation);
    assert_eq!(refused[0].1, [IntakeCheck::Published, IntakeCheck::Unchanged]);
}

#[test]
fn a_register_that_was_made_after_the_seal_is_none_of_it() {
    let (failed, words) = audited("a_register_was_made_after_the_seal");
    assert_eq!(failed, [Check::Registers, Check::RegisterRows]);
    assert!(words.contains("350583-wsjd: expected one of the seal, found none"), "{words}");
}

#[test]
fn he_takes_a_county_over() {
    let federation = of("a_register_is_taken_over");
    assert_eq!(report(&federation).failed(), [Check::RegisterRows]);
    assert_eq!(federation.intakes.len(), 4, "the county gets no intake");
}

#[test]
fn registers_of_one_division_or_of_another_day_are_refuted() {
    for (name, words) in [
        ("two_registers_name_a_division", "350503 is of two registers"),
        ("a_register_is_of_another_day", "is of 2025-12-31"),
    ] {
        let (failed, said) = audited(name);
        assert!(failed.contains(&Check::Registers) && said.contains(words), "{name}: {said}");
    }
}

#[test]
fn an_intake_that_is_changed_is_refuted() {
    for (name, expected) in [
        ("an_intake_leaves_a_row_out", vec![IntakeCheck::Inclusion, IntakeCheck::Unchanged]),
        ("an_intake_shows_a_row_twice", vec![IntakeCheck::Inclusion, IntakeCheck::Unchanged]),
        ("an_intake_is_of_another_authority", vec![IntakeCheck::Unchanged]),
        ("an_intake_is_of_another_seal", vec![IntakeCheck::Seal]),
    ] {
        assert_eq!(refused(&of(name))[0].1, expected, "{name}");
    }
}

/// Whoever has the key of one register tells nothing of the rows of another, and an intake shows no row of
/// another: its digests are those of salted leaves.
#[test]
fn an_intake_shows_no_row_of_another_register() {
    let federation = of("in_order");
    for shown in &federation.intakes {
        let text = String::from_utf8(shown.to_json()).unwrap();
        let others = federation.submitted.iter().filter(|own| own.register.authority != shown.authority);
        for unit in others.flat_map(|own| own.frame.units()) {
            let written = |field: &str| text.contains(&format!("\"{field}\""));
            assert!(!written(unit.id.as_str()) && !written(&unit.name));
        }
        // With its own rows alone it is whole: no digest of it can be left out.
        let less = Inclusion { hashes: shown.inclusion.hashes[1..].to_vec(), ..shown.inclusion.clone() };
        let own = federation.submitted.iter().find(|own| own.register.authority == shown.authority).unwrap();
        let report = intake(
            &double_random::receipt::Intake { inclusion: less, ..shown.clone() },
            own,
            federation.evidence.seal.as_ref(),
        );
        assert_eq!(report.failed(), [IntakeCheck::Inclusion]);
    }
    // A published register tells nothing of its rows without its key: under another key it is another root.
    let policy = city_rules();
    let own = submitted(COUNTIES[0], &rows(), &policy);
    let guessed = double_random::register::Register::new(
        own.register.authority.clone(),
        policy.as_of,
        own.register.divisions.clone(),
        &own.frame,
        policy.suite,
        &SaltKey::new([0; 32]),
    );
    assert_ne!(guessed.root, own.register.root);
}

/// All problems at once, and every one by its name.
#[test]
fn what_does_not_fit_together_is_named_and_nothing_is_put_together() {
    let policy = city_rules();
    let mut given = all_submitted(&policy);
    let codes = |given: Vec<SubmittedRegister>| {
        let problems = Registers::assemble(given, &policy).unwrap_err();
        problems.as_slice().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    // The first county lists a unit of the second one, which lists it, too; a row of the third was changed
    // after its register was published; the fourth hands nothing in.
    let mut rows = rows();
    let stolen = UnitRow { division: COUNTIES[0].into(), ..unit_row(5) };
    rows.push(stolen);
    given[1] = submitted(COUNTIES[0], &rows, &policy);
    let mut third = rows.clone();
    third.iter_mut().find(|row| row.id == "T-000002").unwrap().name = "Renamed".into();
    given[3].frame = submitted(COUNTIES[2], &third, &policy).frame;
    given.pop();
    let found = codes(given.clone());
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(found[0], "350583 of frame.divisions is of no register");
    assert!(found[1].starts_with("the rows of 350582-wsjd are not those of its register"), "{found:?}");
    assert_eq!(found[2], "T-000005 stands in two registers: 350502-wsjd and 350503-wsjd");
    // Nobody stands for the city's own rows either.
    given.remove(0);
    let found = codes(given.clone());
    assert!(found[0].starts_with("350500 of frame.divisions is of no register"), "{found:?}");
    assert!(found[1].starts_with("350583 of frame.divisions is of no register"), "{found:?}");
    given.push(given[0].clone());
    given[0].register.divisions = vec![Division::parse("350700").unwrap()];
    let found = codes(given);
    for words in [
        "stands there with two registers",
        "350700, which 350502-wsjd names",
        "does not belong to its register",
    ] {
        assert!(found.iter().any(|problem| problem.contains(words)), "{words}: {found:?}");
    }
    let problem = RegisterProblem::Missing { division: Division::parse("350500").unwrap() };
    assert_eq!(problem.to_string(), "350500 of frame.divisions is of no register");
}

/// Every misfit alone has its own code, and no other.
#[test]
fn every_misfit_of_registers_has_its_code() {
    let policy = city_rules();
    for (name, given, codes) in misfits() {
        let found = match Registers::assemble(given, &policy) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.as_slice().iter().map(|problem| problem.message().rule()).collect(),
        };
        let codes: Vec<String> = codes.iter().map(|code| format!("register.{code}")).collect();
        assert_eq!(found, codes, "{name}");
    }
}

/// Different ids with one licence or one name in two registers are named, and refuse nothing.
#[test]
fn one_institution_under_two_ids_is_suspected() {
    let policy = city_rules();
    let mut rows = rows();
    let licence = || double_random::frame::LicenceRow { number: "PDY-7".into(), valid_until: String::new() };
    rows[0].licences = vec![licence()];
    rows[1].licences = vec![licence()];
    rows[2].name = "泉州（一）院".into();
    rows[3].name = "泉州(一) 院".into();
    rows[4].name = rows[8].name.clone();
    let given = KEPT.iter().map(|division| submitted(division, &rows, &policy)).collect();
    let registers = Registers::assemble(given, &policy).unwrap();
    let found: Vec<(&str, Vec<&str>)> = registers
        .suspected()
        .iter()
        .map(|one| (one.column, one.units.iter().map(|(_, id)| id.as_str()).collect()))
        .collect();
    assert_eq!(found, [("licences", vec!["T-000000", "T-000001"]), ("name", vec!["T-000002", "T-000003"])]);
}

/// A seal names registers only if they gave its frame.
#[test]
fn a_plan_of_another_frame_is_not_sealed_with_registers() {
    let policy = city_rules();
    let registers = Registers::assemble(all_submitted(&policy), &policy).unwrap();
    let frame = testkit::frame(48, &policy);
    let plan = Plan::new(frame, roster(24, &[], &policy), policy, Cycle::default()).unwrap();
    assert_eq!(plan.seal_assembled(open_terms(), &registers).unwrap_err(), SealError::OtherRegisters);
    let sealed = assembled();
    assert_eq!(sealed.seal().registers, registers.list());
    let receipts = sealed.receipts();
    assert!(receipts.intake(&keeper("350999")).is_none());
    let record = draw(&sealed, 3);
    assert_eq!(verify(&record, &evidence(&sealed, &record)).verdict(), Verdict::Confirmed);
}
