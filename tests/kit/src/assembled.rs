//! A city whose frame is put together from the registers of its counties and its own, and what can be done to
//! rows and registers on the way (Spec 28).

use crate::{COUNTIES, draw, evidence, open_terms, policy, roster, unit_row};
use double_random::bytes::SaltKey;
use double_random::frame::UnitRow;
use double_random::id::{Code, Division};
use double_random::policy::Policy;
use double_random::receipt::Intake;
use double_random::register::{Register, RegisterKey, RegisterKeys, Registers, SubmittedRegister};
use double_random::seal::Sealed;
use double_random::verify::Evidence;
use double_random::{Cycle, Frame, Plan, Record};
use serde_json::json;

/// The divisions of the registers: that of the city stands for what lies in no county.
pub const KEPT: [&str; 5] = ["350500", COUNTIES[0], COUNTIES[1], COUNTIES[2], COUNTIES[3]];

/// The city's policy.
pub fn city_rules() -> Policy {
    policy(|p| {
        p["frame"]["divisions"] = json!(KEPT);
        p["design"] = json!({"method": "rate", "rate": "0.3"});
        p["frequency"] = json!([]);
    })
}

/// The authority that keeps the register of a division.
pub fn keeper(division: &str) -> Code {
    Code::parse(&format!("{division}-wsjd")).unwrap()
}

pub fn key_of(division: &str) -> SaltKey {
    SaltKey::new([division.as_bytes()[5] + 100; 32])
}

/// Rows of all registers: 48 of the counties, four of the city.
pub fn rows() -> Vec<UnitRow> {
    let of_city = |n: u64| UnitRow { division: KEPT[0].into(), ..unit_row(n) };
    (0..48).map(unit_row).chain((48..52).map(of_city)).collect()
}

/// What one authority hands in: the rows of its division.
pub fn submitted(division: &str, rows: &[UnitRow], policy: &Policy) -> SubmittedRegister {
    let own: Vec<UnitRow> = rows.iter().filter(|row| row.division == division).cloned().collect();
    let frame = Frame::new(own, &policy.frame, policy.as_of).unwrap();
    let (salt_key, named) = (key_of(division), Division::parse(division).unwrap());
    let register = Register::new(keeper(division), policy.as_of, [named], &frame, policy.suite, &salt_key);
    SubmittedRegister { register, frame, salt_key }
}

/// What all authorities hand in.
pub fn all_submitted(policy: &Policy) -> Vec<SubmittedRegister> {
    KEPT.iter().map(|division| submitted(division, &rows(), policy)).collect()
}

/// What an auditor has of registers; with their rows, or without.
pub fn keys(given: &[SubmittedRegister], rows: bool) -> RegisterKeys {
    let key = |one: &SubmittedRegister| RegisterKey {
        authority: one.register.authority.clone(),
        salt_key: one.salt_key.clone(),
        units: rows.then(|| one.frame.units().to_vec()),
    };
    RegisterKeys::new(given.iter().map(key).collect())
}

/// The city's draw in order.
pub fn assembled() -> Sealed {
    let policy = city_rules();
    let registers = Registers::assemble(all_submitted(&policy), &policy).unwrap();
    let roster = roster(24, &[], &policy);
    let plan = Plan::new(registers.frame().clone(), roster, policy, Cycle::default()).unwrap();
    plan.seal_assembled(open_terms(), &registers).unwrap()
}

/// A draw that is made with other programs: rows and registers of any kind.
pub fn forced(rows: Vec<UnitRow>, registers: Vec<Register>) -> Sealed {
    let policy = city_rules();
    let frame = Frame::new(rows, &policy.frame, policy.as_of).unwrap();
    let (roster, terms) = (roster(24, &[], &policy), open_terms());
    let key = terms.salt_key.clone();
    let plan = || Plan::new(frame.clone(), roster.clone(), policy.clone(), Cycle::default()).unwrap();
    let mut seal = plan().seal(terms).unwrap().seal().clone();
    seal.registers = registers;
    let cycle = (Cycle::default(), key.clone());
    Sealed::reopen(&seal, policy.clone(), (frame.clone(), key.clone()), (roster.clone(), key), cycle, None)
        .unwrap()
}

/// A draw, what an auditor has of it, what every authority has handed in, and the intakes that it was shown.
pub struct Federation {
    pub name: &'static str,
    pub record: Record,
    pub evidence: Evidence,
    pub submitted: Vec<SubmittedRegister>,
    pub intakes: Vec<Intake>,
}

impl Federation {
    fn of(name: &'static str, sealed: &Sealed, submitted: Vec<SubmittedRegister>, rows: bool) -> Self {
        let record = draw(sealed, 7);
        let registers = Some(keys(&submitted, rows));
        let evidence = Evidence { registers, ..evidence(sealed, &record) };
        let receipts = sealed.receipts();
        let intakes = submitted.iter().filter_map(|one| receipts.intake(&one.register.authority)).collect();
        Self { name, record, evidence, submitted, intakes }
    }

    fn shown(mut self, change: impl FnOnce(&mut Vec<Intake>)) -> Self {
        change(&mut self.intakes);
        self
    }
}

/// The draw in order, with the rows of all registers.
pub fn in_order() -> Federation {
    Federation::of("in_order", &assembled(), all_submitted(&city_rules()), true)
}

/// The row of a unit.
fn row<'r>(rows: &'r mut [UnitRow], id: &str) -> &'r mut UnitRow {
    rows.iter_mut().find(|row| row.id == id).unwrap()
}

/// The draw in order, and every attack upon it. `T-000004` and `T-000008` are of the first county, `T-000005`
/// of the second.
pub fn federations() -> Vec<Federation> {
    let policy = city_rules();
    let all = || all_submitted(&policy);
    let registers = || all().into_iter().map(|one| one.register).collect::<Vec<Register>>();
    let honest = assembled();
    let changed = |change: &dyn Fn(&mut Vec<UnitRow>)| {
        let mut rows = rows();
        change(&mut rows);
        forced(rows, registers())
    };
    let altered = changed(&|rows| row(rows, "T-000004").kind = "hospital".into());
    let nowhere = UnitRow { id: "T-000104".into(), name: "Unit of nowhere".into(), ..unit_row(4) };
    let exchanged = changed(&|rows| {
        rows.retain(|row| row.id != "T-000004");
        rows.push(nowhere.clone());
    });
    let moved = changed(&|rows| row(rows, "T-000004").division = COUNTIES[1].into());
    // One county's row makes room for a row that no register has.
    let across = changed(&|rows| {
        rows.retain(|row| row.id != "T-000005");
        rows.push(nowhere.clone());
    });
    let left_out = changed(&|rows| rows.retain(|row| row.id != "T-000004"));
    let added = changed(&|rows| rows.push(nowhere.clone()));
    let swapped = {
        // The seal names a register that the county has not published, of the rows that the city wants.
        let mut rows = rows();
        row(&mut rows, "T-000004").kind = "hospital".into();
        let other = KEPT.iter().map(|division| submitted(division, &rows, &policy).register).collect();
        forced(rows, other)
    };
    let late = {
        let without = registers().into_iter().filter(|one| one.authority != keeper(COUNTIES[3])).collect();
        forced(rows(), without)
    };
    let taken_over = {
        // The city lists the county's rows as its own.
        let mut own = registers();
        own.retain(|one| one.authority != keeper(COUNTIES[3]));
        own[0].divisions.push(Division::parse(COUNTIES[3]).unwrap());
        own[0].size += 12;
        forced(rows(), own)
    };
    let two = {
        let mut own = registers();
        own[1].divisions.push(Division::parse(COUNTIES[1]).unwrap());
        forced(rows(), own)
    };
    let yesterday = {
        let mut own = registers();
        own[1].as_of = double_random::calendar::Date::parse("2025-12-31").unwrap();
        forced(rows(), own)
    };
    let of = |name, sealed: &Sealed, rows| Federation::of(name, sealed, all(), rows);
    let first = KEPT.iter().position(|division| *division == COUNTIES[0]).unwrap();
    let mut without_rows = of("a_row_is_altered_and_only_keys_are_known", &altered, false);
    without_rows.intakes.clear();
    let mut some_keys = of("one_key_is_missing", &honest, false);
    some_keys.evidence.registers = Some(keys(&all()[..4], false));
    let mut no_keys = of("no_keys_are_given", &honest, false);
    no_keys.evidence.registers = None;
    let mut another_key = of("another_key_is_given", &honest, false);
    let mut wrong = all();
    wrong[first].salt_key = SaltKey::new([1; 32]);
    another_key.evidence.registers = Some(keys(&wrong, false));
    let no_registers = {
        let sealed = forced(rows(), Vec::new());
        let mut given = of("the_seal_names_no_registers", &sealed, false);
        given.evidence.registers = None;
        given
    };
    let true_row = of("in_order", &honest, true).intakes[first].rows[1].unit.clone();
    vec![
        of("in_order", &honest, true),
        of("in_order_with_keys_alone", &honest, false),
        some_keys,
        no_keys,
        another_key,
        no_registers,
        of("a_row_is_altered", &altered, true),
        without_rows,
        of("a_row_is_altered_and_the_true_one_shown", &altered, true)
            .shown(|intakes| intakes[first].rows[1].unit = true_row),
        of("a_row_is_exchanged_for_one_from_nowhere", &exchanged, true),
        of("a_row_is_moved_to_the_next_county", &moved, true),
        of("a_row_from_nowhere_stands_where_another_county_lost_one", &across, true),
        of("a_row_is_left_out", &left_out, true),
        of("a_row_comes_from_nowhere", &added, true),
        of("a_register_is_swapped", &swapped, true),
        of("a_register_was_made_after_the_seal", &late, true),
        of("a_register_is_taken_over", &taken_over, true),
        of("two_registers_name_a_division", &two, true),
        of("a_register_is_of_another_day", &yesterday, true),
        of("an_intake_leaves_a_row_out", &honest, true).shown(|intakes| drop(intakes[first].rows.remove(1))),
        of("an_intake_shows_a_row_twice", &honest, true).shown(|intakes| {
            let twice = intakes[first].rows[1].clone();
            intakes[first].rows.insert(1, twice);
        }),
        of("an_intake_is_of_another_authority", &honest, true)
            .shown(|intakes| intakes.swap(first, first + 1)),
        of("an_intake_is_of_another_seal", &honest, true)
            .shown(|intakes| intakes[first].seal = double_random::bytes::Digest::ZERO),
    ]
}

/// Registers that do not fit together, each with the codes of what is wrong: `twice`, `size` and so on.
pub fn misfits() -> Vec<(&'static str, Vec<SubmittedRegister>, Vec<&'static str>)> {
    let policy = city_rules();
    let changed = |change: &dyn Fn(&mut Vec<SubmittedRegister>)| {
        let mut given = all_submitted(&policy);
        change(&mut given);
        given
    };
    let of_rows = |division: &str, change: &dyn Fn(&mut Vec<UnitRow>)| {
        let mut rows = rows();
        change(&mut rows);
        submitted(division, &rows, &policy)
    };
    let first = |one: SubmittedRegister| changed(&|given| given[1] = one.clone());
    let listed = |division: &str| Division::parse(division).unwrap();
    let more = |rows: &mut Vec<UnitRow>| {
        rows.push(UnitRow { division: COUNTIES[0].into(), ..unit_row(5) });
    };
    let renamed = of_rows(COUNTIES[0], &|rows| row(rows, "T-000004").name = "Renamed".into());
    let shorter = of_rows(COUNTIES[0], &|rows| rows.retain(|row| row.id != "T-000004"));
    vec![
        ("fit", all_submitted(&policy), vec![]),
        (
            "an_authority_twice",
            changed(&|given| given[2].register.authority = keeper(COUNTIES[0])),
            vec!["twice"],
        ),
        (
            "of_another_day",
            changed(&|given| {
                given[1].register.as_of = double_random::calendar::Date::parse("2025-12-31").unwrap();
            }),
            vec!["day"],
        ),
        (
            "a_division_of_two",
            changed(&|given| given[1].register.divisions.push(listed(COUNTIES[1]))),
            vec!["shared"],
        ),
        ("a_county_hands_nothing_in", changed(&|given| drop(given.remove(4))), vec!["missing"]),
        ("the_city_hands_nothing_in", changed(&|given| drop(given.remove(0))), vec!["missing"]),
        (
            "a_strange_division",
            changed(&|given| given[1].register.divisions.push(listed("350700"))),
            vec!["idle"],
        ),
        ("rows_fewer_than_published", changed(&|given| given[1].frame = shorter.frame.clone()), vec!["size"]),
        ("rows_other_than_published", changed(&|given| given[1].frame = renamed.frame.clone()), vec!["root"]),
        ("a_unit_of_two", first(of_rows(COUNTIES[0], &more)), vec!["duplicate"]),
        (
            "a_row_of_the_next_county",
            changed(&|given| {
                let rows: Vec<UnitRow> = rows().into_iter().filter(|row| row.id != "T-000005").collect();
                let mut both: Vec<UnitRow> =
                    rows.iter().filter(|row| row.division == COUNTIES[0]).cloned().collect();
                both.push(unit_row(5));
                let frame = Frame::new(both, &policy.frame, policy.as_of).unwrap();
                let SubmittedRegister { register, salt_key, .. } = &given[1];
                let register = Register::new(
                    register.authority.clone(),
                    policy.as_of,
                    register.divisions.clone(),
                    &frame,
                    policy.suite,
                    salt_key,
                );
                given[1] = SubmittedRegister { register, frame, salt_key: salt_key.clone() };
                given[2] = submitted(COUNTIES[1], &rows, &policy);
            }),
            vec!["outside"],
        ),
    ]
}
