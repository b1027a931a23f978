//! What the office answers where a table leaves something open: each answer is used once, or refused in words.

use crate::tables::units;
use double_random::frame::UnitRow;
use double_random::policy::Policy;
use double_random_office::table::{Asked, Source, TableError};

const HEAD: &str = "标识,名称,行政区划,类别,风险等级,信用等级,备注\n";

fn policy() -> Policy {
    Policy::from_json(include_str!("../../../data/quanzhou_policy.json")).unwrap()
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect()
}

/// A table read with these answers: `--set`, `--skip`, `--means`, `--where`.
fn read(
    text: &str,
    set: &[(&str, &str)],
    skip: &[&str],
    means: &[(&str, &str)],
    only: &[(&str, &str)],
) -> Result<(Vec<UnitRow>, Vec<String>), TableError> {
    let skip: Vec<String> = skip.iter().map(|title| (*title).to_owned()).collect();
    let asked = Asked::new(&pairs(set), &skip, &pairs(means)).unwrap();
    let only = pairs(only);
    let (rows, notes, _) = units(Source::new(text.as_bytes()).asked(&asked).only(&only), &policy())?;
    Ok((rows, notes))
}

fn problems(read: Result<(Vec<UnitRow>, Vec<String>), TableError>) -> Vec<String> {
    read.unwrap_err().problems().iter().map(ToString::to_string).collect()
}

#[test]
fn a_column_has_one_answer_whatever_it_is_called() {
    let text = format!("{HEAD}FJQZ-1,甲,350502,tcm,,A,\n");
    let twice = |read| assert_eq!(problems(read), ["the column risk has two answers"]);
    twice(read(&text, &[("风险等级", "high"), ("risk", "low")], &[], &[], &[]));
    twice(read(&text, &[("risk", "low")], &["风险等级"], &[], &[]));
    twice(read(&text, &[], &["风险等级", "risk"], &[], &[]));
    twice(read(&text, &[("risk", "high"), ("risk", "low")], &[], &[], &[]));
    let (rows, notes) = read(&text, &[("risk", "low")], &[], &[], &[]).unwrap();
    assert_eq!(rows[0].risk, "low");
    assert!(notes.iter().any(|note| note.contains("are read as low (--set)")), "{notes:?}");
}

#[test]
fn a_column_that_nobody_reads_may_be_left_out() {
    let text = format!("{HEAD}FJQZ-1,甲,350502,tcm,low,A,已核\n");
    let (_, notes) = read(&text, &[], &["备注"], &[], &[]).unwrap();
    let said: Vec<&String> = notes.iter().filter(|note| note.contains("备注")).collect();
    assert_eq!(said, ["the column 备注 is not read (--skip)"]);
    // A column that is not there, and one that no such table has.
    assert_eq!(
        problems(read(&text, &[], &["备忘", "licence"], &[], &[])),
        [
            "--skip 备忘: the table has no column that is called so",
            "--skip licence: the table has no column that is called so"
        ]
    );
    let said = problems(read(&text, &[("备忘", "x")], &[], &[], &[]));
    assert!(
        said.len() == 1
            && said[0]
                .starts_with("--set 备忘: a table of this kind has no column that is called so; it has ")
            && said[0].contains("risk (风险等级)"),
        "{said:?}"
    );
}

#[test]
fn answers_are_said_once_under_a_heading_of_two_rows() {
    let text =
        "标识,名称,行政区划,类别,等级,,备注\n,,,,风险等级,信用等级,\nFJQZ-1,甲,350502,tcm,low,A,已核\n";
    let (rows, notes) = read(text, &[], &["备注"], &[], &[]).unwrap();
    assert_eq!((rows[0].risk.as_str(), rows[0].credit.as_str()), ("low", "A"));
    let said = notes.iter().filter(|note| note.contains("the column 备注 is not read")).count();
    assert_eq!(said, 1, "{notes:?}");
}

#[test]
fn rows_are_chosen_by_what_stands_in_their_cells() {
    let text = format!(
        "{HEAD}FJQZ-1,甲,350502,中医馆,low,A,\nFJQZ-2,乙,350502,中医馆,low,B,\nFJQZ-3,丙,350502,tcm,low,B,\n"
    );
    let means = [("中医馆", "tcm")];
    let ids = |rows: &[UnitRow]| rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    let (rows, _) = read(&text, &[], &[], &means, &[("类别", "中医馆")]).unwrap();
    assert_eq!(ids(&rows), ["FJQZ-1", "FJQZ-2"]);
    assert_eq!(rows[0].kind, "tcm");
    // What stands in rows that are left out is not counted.
    let (rows, notes) = read(&text, &[], &[], &means, &[("信用等级", "B")]).unwrap();
    assert_eq!(ids(&rows), ["FJQZ-2", "FJQZ-3"]);
    assert!(notes.contains(&"中医馆 is read as tcm (--means), 1 times".to_owned()), "{notes:?}");
}

/// A register holds one row for each licence, here without numbers: they are counted on. The same row twice stays two.
#[test]
fn licences_without_numbers_are_counted_on_over_rows() {
    let head = "标识,名称,行政区划,类别,风险等级,信用等级,有效期至\n";
    let row = |until: &str| format!("FJQZ-1,甲,350502,tcm,low,A,{until}\n");
    let text = format!("{head}{}{}{}", row("2030-01-01"), row("2031-01-01;2032-01-01"), row("长期"));
    let (rows, _) = read(&text, &[], &[], &[], &[]).unwrap();
    let licences: Vec<(&str, &str)> =
        rows[0].licences.iter().map(|one| (one.number.as_str(), one.valid_until.as_str())).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(licences, [("-", "2030-01-01"), ("-2", "2031-01-01"), ("-3", "2032-01-01"), ("-4", "")]);
    let policy = policy();
    let frame = double_random::Frame::new(rows, &policy.frame, policy.as_of);
    assert!(frame.is_ok(), "{frame:?}");
    let text = format!("{head}{}{}", row("2030-01-01"), row("2030-01-01"));
    assert_eq!(read(&text, &[], &[], &[], &[]).unwrap().0.len(), 2);
}
