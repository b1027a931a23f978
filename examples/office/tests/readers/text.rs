//! Tables of an office: the same rows in any encoding, order and spelling give the same frame, and what
//! cannot be read is named.

use crate::tables::{inspectors, recusals, standings, units};
use double_random::bytes::{Digest, SaltKey};
use double_random::calendar::{Date, Instant};
use double_random::cycle::Cycle;
use double_random::frame::{Frame, UnitRow};
use double_random::policy::Policy;
use double_random::roster::{Ground, Roster};
use double_random::{BeaconValue, Plan, SealTerms};
use double_random_office::table::{Place, TableError, TableProblem, decode};
use encoding_rs::GB18030;
use proptest::prelude::*;
use std::collections::BTreeMap;

const UNITS: &[u8] = include_bytes!("../../../data/quanzhou_units.csv");
const OFFICERS: &[u8] = include_bytes!("../../../data/quanzhou_officers.csv");
const RECUSALS: &[u8] = include_bytes!("../../../data/quanzhou_recusals.csv");
const CYCLE: &[u8] = include_bytes!("../../../data/quanzhou_cycle.csv");
const RAW: &str = include_str!("../../../data/fever_clinics_fujian.csv");

fn policy() -> Policy {
    Policy::from_json(include_str!("../../../data/quanzhou_policy.json")).unwrap()
}

fn frame(bytes: &[u8]) -> Frame {
    let policy = policy();
    let (rows, _, _) = units(bytes, &policy).unwrap_or_else(|e| panic!("{e}"));
    Frame::new(rows, &policy.frame, policy.as_of).unwrap_or_else(|e| panic!("{e}"))
}

/// The frame's bytes, so that "the same" means every field.
fn sealed(bytes: &[u8]) -> Vec<u8> {
    frame(bytes).to_json(&SaltKey::new([7; 32]))
}

fn shipped() -> String {
    decode(UNITS).unwrap().0
}

fn grid(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn text(rows: &[Vec<String>], style: csv::QuoteStyle, delimiter: u8) -> String {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .quote_style(style)
        .delimiter(delimiter)
        .from_writer(Vec::new());
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(order).collect()
}

/// One unit under a short English heading, with the given cells.
fn one(heading: &str, row: &str) -> Result<(UnitRow, Vec<String>), TableError> {
    let (mut rows, notes, _) = units(format!("{heading}\n{row}\n").as_bytes(), &policy())?;
    assert_eq!(rows.len(), 1);
    Ok((rows.remove(0), notes))
}

const SHORT: &str =
    "id,name,division,kind,risk,credit,status,opened,grid,licence,valid until,complaints,hazards";

// The shipped data.

#[test]
fn the_shipped_tables_hold_what_their_readme_says() {
    let policy = policy();
    let frame = frame(UNITS);
    assert_eq!(frame.units().len(), 221);
    let count = |code: &dyn Fn(&double_random::frame::Unit) -> String| {
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        frame.units().iter().for_each(|unit| *found.entry(code(unit)).or_default() += 1);
        found.into_iter().map(|(code, n)| format!("{code} {n}")).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(
        count(&|u| u.division.to_string()),
        "350502 11, 350503 12, 350504 7, 350505 9, 350521 24, 350524 34, 350525 25, 350526 20, 350581 19, \
         350582 25, 350583 35"
    );
    assert_eq!(count(&|u| u.kind.to_string()), "community 34, hospital 57, maternal 7, tcm 7, township 116");
    assert_eq!(count(&|u| u.risk.to_string()), "high 21, low 127, medium 73");
    assert_eq!(count(&|u| u.credit.to_string()), "A 112, B 75, C 28, D 6");
    assert_eq!(count(&|u| format!("{:?}", u.status)), "Active 219, Closed 2");
    assert_eq!(frame.units().iter().filter(|u| u.expired(policy.as_of)).count(), 1);
    let endless = |u: &&double_random::frame::Unit| u.licences.iter().any(|l| l.valid_until.is_none());
    assert_eq!(frame.units().iter().filter(endless).count(), 38);
    let signal =
        |code: &str| frame.units().iter().filter(|u| u.signals.keys().any(|c| c.as_str() == code)).count();
    assert_eq!(["complaints", "hazards", "serious"].map(signal), [20, 13, 2]);

    let (officers, _, _) = inspectors(OFFICERS, &policy).unwrap();
    let (pairs, _, _) = recusals(RECUSALS, &policy).unwrap();
    let roster = Roster::new(officers, pairs, &policy.roster, policy.as_of).unwrap();
    assert_eq!((roster.inspectors().len(), roster.recusals().len()), (46, 12));
    let infectious =
        roster.inspectors().iter().filter(|i| i.qualifications.iter().any(|q| q.as_str() == "infectious"));
    assert_eq!(infectious.count(), 35);
    assert_eq!(roster.inspectors().iter().map(|i| i.absences.len()).sum::<usize>(), 4);
    assert_eq!(roster.inspectors().iter().filter(|i| i.cap.is_some()).count(), 3);
    assert_eq!(roster.inspectors().iter().filter(|i| i.grid.is_some()).count(), 8);
    for ground in [Ground::Statutory, Ground::Requested, Ground::Decided] {
        assert_eq!(roster.recusals().iter().filter(|r| r.ground == ground).count(), 4);
    }

    let (standings, _, _) = standings(CYCLE).unwrap();
    let cycle = Cycle::new(double_random::policy::Billionths::ZERO, standings).unwrap();
    assert_eq!(cycle.standings().len(), 30);
    assert_eq!(cycle.standings().iter().filter(|s| s.visits == 1).count(), 7);
    assert!(cycle.standings().iter().all(|s| s.last_team.len() == 2 && s.last_visit < Some(policy.as_of)));
    assert!(cycle.standings().iter().all(|s| frame.get(&s.unit).is_some()));

    let values: Vec<BeaconValue> =
        serde_json::from_str(include_str!("../../../data/quanzhou_beacon.json")).unwrap();
    // The demonstration is to show a draw, not a shortage: under every seed, every visit finds its two
    // officers.
    let plan = Plan::new(frame, roster, policy, cycle).unwrap();
    assert_eq!(plan.understaffed(), []);
    let exclusions: Vec<(String, u64)> =
        plan.table().exclusions.into_iter().map(|(code, n)| (code.to_string(), n)).collect();
    let expected = [("closed", 2), ("licence_expired", 1), ("opened-lately", 1), ("visited-lately", 1)];
    assert_eq!(exclusions, expected.map(|(code, n)| (code.to_owned(), n)));
    for salt in 0..16 {
        let terms = SealTerms {
            sequence: 1,
            attempt: 1,
            sealed_at: Instant::parse("2023-08-22T08:00:00Z").unwrap(),
            previous: Digest::ZERO,
            salt_key: SaltKey::new([salt; 32]),
            secret: None,
        };
        let sealed = plan.clone().seal(terms).unwrap();
        let seed = sealed.seed(&values).unwrap();
        let sample = seed.draw();
        assert!((43..=44).contains(&sample.len()), "{}", sample.len());
        let assignment = sample.assign();
        let teams = assignment.teams();
        assert!(teams.shortages.is_empty() && teams.raised.is_empty());
        assert!(
            teams.visits.iter().all(|v| v.posts.iter().all(|p| p.officers.len() == 2 && p.vacancies == 0))
        );
    }
}

#[test]
fn every_name_is_one_of_the_source_in_its_order() {
    let here = grid(RAW).into_iter().filter(|row| row[2] == "350500");
    let names: Vec<String> = here.map(|mut row| row.swap_remove(4)).collect();
    let (rows, _, _) = units(UNITS, &policy()).unwrap();
    assert_eq!(rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>(), names);
}

#[test]
fn notes_name_all_that_is_left_out_and_nothing_else() {
    let (_, notes, _) = units(UNITS, &policy()).unwrap();
    assert_eq!(
        notes,
        [
            "the text is UTF-8",
            "line 1: above the heading, not read: 泉州市发热门诊检查对象名录（机构名称真实，其余字段均为构造数据，与机构实际情况无关）",
            "line 2: column \"序号\" is not read",
        ]
    );
    assert_eq!(inspectors(OFFICERS, &policy()).unwrap().1.len(), 2);
    assert_eq!(recusals(RECUSALS, &policy()).unwrap().1.len(), 2);
    assert_eq!(standings(CYCLE).unwrap().1.len(), 2);
}

// Encodings, orders, quotes.

#[test]
fn every_encoding_gives_the_same_frame() {
    let text = shipped();
    let expected = sealed(UNITS);
    let (gbk, _, unmappable) = GB18030.encode(&text);
    assert!(!unmappable);
    for (bytes, encoding) in [
        (text.clone().into_bytes(), "UTF-8"),
        (format!("\u{feff}{text}").into_bytes(), "UTF-8"),
        (gbk.into_owned(), "GB18030"),
        (utf16(&text, u16::to_le_bytes), "UTF-16LE"),
        (utf16(&text, u16::to_be_bytes), "UTF-16BE"),
    ] {
        assert_eq!(decode(&bytes).unwrap(), (text.clone(), encoding));
        assert_eq!(sealed(&bytes), expected, "{encoding}");
    }
}

#[test]
fn rows_and_columns_may_stand_in_any_order() {
    let expected = sealed(UNITS);
    let rows = grid(&shipped());
    let (head, body) = rows.split_at(2);
    for turn in 1..8 {
        // Steps that share no factor with the 15 columns, nor their doubles plus one with the 221 rows, so
        // that nothing is lost.
        let step = [1, 2, 4, 7, 11, 13, 14][turn - 1];
        let columns =
            |row: &[String]| (0..15).map(|i| row[(i * step + turn) % 15].clone()).collect::<Vec<_>>();
        let mut mixed: Vec<Vec<String>> = head.iter().map(|row| columns(row)).collect();
        mixed.extend((0..221).map(|i| columns(&body[(i * (step * 2 + 1) + turn * 31) % 221])));
        let mut seen: Vec<&Vec<String>> = mixed.iter().collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 223);
        assert_eq!(sealed(text(&mixed, csv::QuoteStyle::Necessary, b',').as_bytes()), expected);
    }
}

#[test]
fn a_file_saved_again_by_another_program_is_the_same_file() {
    let expected = sealed(UNITS);
    let rows = grid(&shipped());
    let quoted = text(&rows, csv::QuoteStyle::Always, b',');
    assert_eq!(sealed(quoted.as_bytes()), expected);
    assert_eq!(sealed(quoted.replace('\n', "\r\n").as_bytes()), expected);
    assert_eq!(sealed(quoted.replace('\n', "\r").as_bytes()), expected);
    assert_eq!(sealed(quoted.replace('\n', "\n\n,,,\n　, ,\n").as_bytes()), expected);
    // Excel's "Unicode text" and the list separator of some countries.
    assert_eq!(sealed(&utf16(&text(&rows, csv::QuoteStyle::Necessary, b'\t'), u16::to_le_bytes)), expected);
    assert_eq!(sealed(text(&rows, csv::QuoteStyle::Necessary, b';').as_bytes()), expected);
}

#[test]
fn english_headings_read_like_the_chinese_ones() {
    let english = "No,USCC,Unit Name,Division_Code,Kind,Risk-Level,Credit Level,Status,Opening \
        Date,Grid,Licence Number,Valid Until,Complaints,Hazards,Serious";
    let mut rows = grid(&shipped());
    rows[1] = english.split(',').map(str::to_owned).collect();
    assert_eq!(sealed(text(&rows, csv::QuoteStyle::Necessary, b',').as_bytes()), sealed(UNITS));
}

#[test]
fn a_heading_may_carry_stars_brackets_and_alternatives() {
    let heading = "*统一社会信用代码（注册号）,机构名称：,行政区划 代码,机构类型[类别],风险等级,信用等级";
    let (row, notes) = one(heading, "FJQZ-0001,甲,350502,hospital,low,A").unwrap();
    assert_eq!((row.id.as_str(), row.name.as_str(), row.kind.as_str()), ("FJQZ-0001", "甲", "hospital"));
    assert_eq!(notes, ["the text is UTF-8"]);
    // Alternatives of different meanings are no alternatives.
    let error =
        one("id/name,名称,division,kind,risk,credit", "FJQZ-0001,甲,350502,hospital,low,A").unwrap_err();
    assert!(matches!(error.problems(), [TableProblem::MissingColumn { field, .. }] if field == "id"));
}

#[test]
fn a_heading_that_returns_at_a_page_break_is_skipped_and_lines_are_those_of_the_file() {
    let page = format!("note\n\n{SHORT}\n\"FJQZ-0001\",\"a\nb\",350502\n{SHORT}\nFJQZ-0002,c,350502\n");
    for bytes in [page.clone(), page.replace('\n', "\r\n"), page.replace('\n', "\r")] {
        let (rows, notes, _) = units(bytes.as_bytes(), &policy()).unwrap();
        assert_eq!(rows.iter().map(|r| r.row).collect::<Vec<_>>(), [4, 7]);
        let expected = [
            "the text is UTF-8",
            "line 1: above the heading, not read: note",
            "line 6: the heading again, not read",
        ];
        assert_eq!(notes, expected);
    }
}

// Cells.

#[test]
fn cells_lose_what_nobody_sees() {
    let heading = "id,name,division,kind,risk,credit";
    let row =
        "\u{3000}FJQZ-0001\u{a0},\u{200b}市（一）院 Ａ\u{feff},\"=\"\"350502\"\"\",'township, high ,\tA";
    let (read, _) = one(heading, row).unwrap();
    let cells = [&read.id, &read.name, &read.division, &read.kind, &read.risk, &read.credit];
    assert_eq!(cells.map(String::as_str), ["FJQZ-0001", "市（一）院 Ａ", "350502", "township", "high", "A"]);
    assert_eq!(one(heading, "FJQZ-1,a,=\"350502\",tcm,low,A").unwrap().0.division, "350502");
}

#[test]
fn full_width_characters_become_ascii_in_codes_dates_and_numbers_but_not_in_names() {
    let row = "ＦＪＱＺ－０００１,Ｎｏ．１（东）医院,３５０５０２,综合医院,高,Ａ,,２０２０／１／２,３５０５０２－０１,ＧＺ－１,２０２４－０１－０２,３,";
    let (read, _) = one(SHORT, row).unwrap();
    assert_eq!((read.id.as_str(), read.name.as_str()), ("FJQZ-0001", "Ｎｏ．１（东）医院"));
    assert_eq!((read.division.as_str(), read.credit.as_str()), ("350502", "A"));
    assert_eq!((read.opened.as_str(), read.grid.as_str()), ("2020-01-02", "350502-01"));
    assert_eq!(
        (read.licences[0].number.as_str(), read.licences[0].valid_until.as_str()),
        ("GZ-1", "2024-01-02")
    );
    assert_eq!(read.signals, [("complaints".to_owned(), "3".to_owned())]);
}

#[test]
fn dates_have_one_spelling_where_they_can_mean_only_one_day() {
    for (cell, expected) in [
        ("2023-08-01", "2023-08-01"),
        ("2023-8-1", "2023-08-01"),
        ("2023/8/1", "2023-08-01"),
        ("2023.8.1", "2023-08-01"),
        ("2023年8月1日", "2023-08-01"),
        ("2023年08月01号", "2023-08-01"),
        ("20230801", "2023-08-01"),
        ("2023/8/1 0:00", "2023-08-01"),
        ("2023-08-01T00:00:00Z", "2023-08-01"),
        ("2023-08-01 09:30", "2023-08-01"),
        // Not dates, or not surely this one: as they stand, for the library to name.
        ("2023-02-30", "2023-02-30"),
        ("45139", "45139"),
        ("2023年8月", "2023年8月"),
        ("23.8.1", "23.8.1"),
        ("2023/8-1", "2023/8-1"),
        ("长期", "长期"),
        ("—", ""),
    ] {
        let (read, _) = one(SHORT, &format!("FJQZ-1,a,350502,tcm,low,A,,{cell}")).unwrap();
        assert_eq!(read.opened, expected, "{cell}");
    }
}

#[test]
fn a_licence_that_does_not_run_out_has_no_last_day() {
    let last = |cell: &str| {
        let (read, notes) = one(SHORT, &format!("FJQZ-1,a,350502,tcm,low,A,,,,GZ-1,{cell}")).unwrap();
        (read.licences[0].valid_until.clone(), notes.len())
    };
    for cell in ["长期", "长期有效", "永久", "9999-09-09", "9999-12-31", "９９９９／９／９", "99991231"]
    {
        assert_eq!(last(cell), (String::new(), 1), "{cell}");
    }
    assert_eq!(last("2024.1.2"), ("2024-01-02".to_owned(), 1));
    assert_eq!(last("2024年"), ("2024年".to_owned(), 1));
    // A blank is read as the library reads it, but not in silence.
    assert_eq!(last(""), (String::new(), 2));
}

#[test]
fn states_are_words_of_the_register() {
    for (word, expected) in [
        ("正常", "active"),
        ("存续", "active"),
        ("在业", "active"),
        ("ACTIVE", "active"),
        ("停业", "suspended"),
        ("歇业", "suspended"),
        ("注销", "closed"),
        ("吊销", "closed"),
        ("关闭", "closed"),
        ("", ""),
        ("存续（在营、开业、在册）", "active"),
        ("在营（开业）企业", "active"),
        ("在营(开业)企业", "active"),
        ("吊销，未注销", "closed"),
        ("注销企业", "closed"),
        ("撤销", "closed"),
        ("迁出", "closed"),
        ("筹建", "筹建"),
    ] {
        let (read, _) = one(SHORT, &format!("FJQZ-1,a,350502,tcm,low,A,{word}")).unwrap();
        assert_eq!(read.status, expected, "{word}");
    }
}

#[test]
fn words_become_codes_by_the_labels_of_the_policy_and_unknown_words_stay() {
    let (read, _) = one(SHORT, "FJQZ-1,a,晋江市,妇幼保健院,中,B级").unwrap();
    let cells = [&read.division, &read.kind, &read.risk, &read.credit];
    assert_eq!(cells.map(String::as_str), ["350582", "maternal", "medium", "B"]);
    let (read, _) = one(SHORT, "FJQZ-1,a,厦门市,诊所,极高,E").unwrap();
    let policy = policy();
    let problems = Frame::new([read], &policy.frame, policy.as_of).unwrap_err();
    let shown = problems.to_string();
    assert!(["厦门市", "诊所", "极高", "\"E\""].iter().all(|word| shown.contains(word)), "{shown}");
    assert!(problems.as_slice().iter().all(|problem| problem.row == 2));
}

#[test]
fn a_word_that_two_codes_share_is_not_guessed() {
    let mut terms = policy().into_terms();
    terms.labels.insert(double_random::id::Code::parse("tcm").unwrap(), "综合医院".to_owned());
    let policy = Policy::new(terms).unwrap();
    let bytes = format!("{SHORT}\nFJQZ-1,a,350502,综合医院,low,A\n");
    assert_eq!(units(bytes.as_bytes(), &policy).unwrap().0[0].kind, "综合医院");
}

#[test]
fn a_signal_column_is_named_by_the_policy_or_usual() {
    let mut terms = policy().into_terms();
    let code = |text| double_random::id::Code::parse(text).unwrap();
    terms.signals[0].signal = code("demerits");
    terms.labels.insert(code("demerits"), "不良执业记分".to_owned());
    let policy = Policy::new(terms).unwrap();
    let bytes =
        "id,name,division,kind,risk,credit,不良执业记分,处罚次数,其他\nFJQZ-1,a,350502,tcm,low,A,6,1,9\n";
    let (rows, notes, _) = units(bytes.as_bytes(), &policy).unwrap();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(rows[0].signals, [pair("demerits", "6"), pair("penalties", "1")]);
    assert_eq!(notes[1..], ["line 1: column \"其他\" is not read"]);
}

#[test]
fn lists_are_separated_as_people_separate_them() {
    let heading = "执法证号,姓名,部门,管辖片区,资质,有效期至,请假,上限";
    for separator in [";", "；", "、", "，", "|", "｜", " ; ", "\n"] {
        let cells = ["350502", "丰泽区"].join(separator);
        let leave = ["2023-09-04至2023/9/15", "2023.10.9－2023.10.20", "20231101～20231102", "2023年12月1日"];
        let row = format!(
            "{heading}\nW-1,甲,卫生监督所,\"{cells}\",医疗{separator}传染病,2025/1/1,\"{}\",３",
            leave.join(separator)
        );
        let row = row.replace("医疗\n传染病", "\"医疗\n传染病\"");
        let (rows, _, _) = inspectors(row.as_bytes(), &policy()).unwrap();
        assert_eq!(rows[0].divisions, ["350502", "350503"], "{separator:?}");
        assert_eq!(rows[0].qualifications, ["medical", "infectious"]);
        let spans: Vec<(&str, &str)> =
            rows[0].absences.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            spans,
            [
                ("2023-09-04", "2023-09-15"),
                ("2023-10-09", "2023-10-20"),
                ("2023-11-01", "2023-11-02"),
                ("2023-12-01", "2023-12-01")
            ]
        );
        assert_eq!((rows[0].department.as_str(), rows[0].cap.as_str()), ("wsjd", "3"));
        assert_eq!(rows[0].certified_until, "2025-01-01");
    }
}

#[test]
fn a_certificate_without_end_ends_with_the_calendar() {
    let bytes = "执法证号,姓名,部门,管辖片区,有效期至\nW-1,甲,wsjd,350500,长期\n";
    let policy = policy();
    let (rows, notes, _) = inspectors(bytes.as_bytes(), &policy).unwrap();
    assert_eq!(rows[0].certified_until, "9999-12-31");
    assert!(notes.iter().any(|note| note.contains("read as 9999-12-31")), "{notes:?}");
    assert!(Roster::new(rows, [], &policy.roster, policy.as_of).is_ok());
}

// Subjects with several licences.

#[test]
fn rows_of_one_subject_with_different_licences_are_put_together() {
    let bytes = format!(
        "{SHORT}\nFJQZ-1,a,350502,tcm,low,A,,,,GZ-1,2024-01-01\nFJQZ-2,b,350502,tcm,low,A,,,,GZ-9;GZ-8,长期；2024/2/2\nFJQZ-1,a,350502,tcm,low,A,,,,GZ-2,长期\n"
    );
    let (rows, notes, _) = units(bytes.as_bytes(), &policy()).unwrap();
    let of = |row: &UnitRow| {
        row.licences.iter().map(|l| (l.number.clone(), l.valid_until.clone())).collect::<Vec<_>>()
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(rows.len(), 2);
    assert_eq!(of(&rows[0]), [pair("GZ-1", "2024-01-01"), pair("GZ-2", "")]);
    assert_eq!(of(&rows[1]), [pair("GZ-9", ""), pair("GZ-8", "2024-02-02")]);
    assert_eq!(notes[1..], ["line 4: another licence of FJQZ-1 in line 2, put together"]);
}

#[test]
fn rows_that_differ_in_more_than_a_licence_stay_two_for_the_library_to_refuse() {
    let policy = policy();
    for second in [
        "FJQZ-1,other,350502,tcm,low,A,,,,GZ-2,长期", // another name
        "FJQZ-1,a,350503,tcm,low,A,,,,GZ-2,长期",     // another division
        "FJQZ-1,a,350502,tcm,high,A,,,,GZ-2,长期",    // another risk: which one?
        "FJQZ-1,a,350502,tcm,low,A,,,,GZ-1,长期",     // the same licence
        "FJQZ-1,a,350502,tcm,low,A",                  // no licence
    ] {
        let bytes = format!("{SHORT}\nFJQZ-1,a,350502,tcm,low,A,,,,GZ-1,2024-01-01\n{second}\n");
        let (rows, _, _) = units(bytes.as_bytes(), &policy).unwrap();
        let error = Frame::new(rows, &policy.frame, policy.as_of).unwrap_err();
        assert!(error.to_string().contains("stands in row 2"), "{second}: {error}");
    }
}

// What cannot be read.

#[test]
fn all_problems_of_a_table_come_at_once() {
    let bytes = "编制说明\n统一社会信用代码,信用代码,名称,机构名称,类别,许可证号,有效期至\n9.135E+17,,a,,tcm,A-1;A-2,长期\nFJQZ-2,,b,,tcm,,,x\n";
    let error = units(bytes.as_bytes(), &policy()).unwrap_err();
    let shown = error.to_string();
    assert_eq!(
        shown,
        "8 problems, the table was not read
  line 2, column A/B 统一社会信用代码/信用代码: both mean id; leave one
  line 2, column C/D 名称/机构名称: both mean name; leave one
  line 2: no column division; it may be called division, division code, area, district, ward, county, 行政区划代码, 行政区划, 区划代码, 所属区划, 所在县区, 所属乡镇, 所在乡镇, 乡镇, 乡镇街道, 所属镇街, 所属街道
  line 2: no column risk; it may be called risk, risk level, 风险等级, 风险分级, 风险级别
  line 2: no column credit; it may be called credit, credit level, 信用等级, 信用分级, 信用级别
  line 4: 8 cells under 7 headings; is a comma not quoted?
  line 3, column A 统一社会信用代码 \"9.135E+17\" is a number that a spreadsheet has shortened: format the column as text and enter it again
  line 3, column G 有效期至 \"长期\" are 1 last days for 2 licence numbers"
    );
}

#[test]
fn a_table_without_heading_says_what_a_heading_is() {
    for bytes in ["", "\n\n", "a,b\nc,d\n", "\"\"", "名称\nx\n"] {
        let error = units(bytes.as_bytes(), &policy()).unwrap_err();
        assert!(matches!(error.problems(), [TableProblem::NoHeader { .. }]), "{bytes:?}: {error}");
        assert!(error.to_string().contains("统一社会信用代码") && error.to_string().contains("机构名称"));
    }
    // Without an id column the nearest row is taken for the heading, so that the missing column can be named.
    let error = units("名称,行政区划代码,机构类别,风险等级,信用等级\n".as_bytes(), &policy()).unwrap_err();
    assert!(
        matches!(error.problems(), [TableProblem::MissingColumn { place: Place { row: 1, .. }, field, .. }]
            if field == "id")
    );
}

#[test]
fn numbers_that_a_spreadsheet_shortened_are_never_guessed() {
    let policy = policy();
    for id in ["9.135E+17", "9E+17", "９．１３５Ｅ＋１７", "3.5050100000012e14", "'1.2E+10"] {
        let error =
            one("id,name,division,kind,risk,credit", &format!("{id},a,350502,tcm,low,A")).unwrap_err();
        assert!(
            matches!(error.problems(), [TableProblem::Cell { place: Place { row: 2, .. }, field, .. }]
                if field == "id"),
            "{id}"
        );
        let bytes = format!("机构标识,检查次数,期望次数\n{id},0,0\n");
        assert!(standings(bytes.as_bytes()).is_err());
        let bytes = format!("执法证号,机构标识,类型,依据\nW-1,{id},法定,x\n");
        assert!(recusals(bytes.as_bytes(), &policy).is_err());
    }
    for id in ["12E5", "E+17", "9.1E", "1.E+5", "FJQZ-1.5E+3"] {
        assert!(
            one("id,name,division,kind,risk,credit", &format!("{id},a,350502,tcm,low,A")).is_ok(),
            "{id}"
        );
    }
}

#[test]
fn a_quotation_mark_that_never_closes_does_not_swallow_the_rest() {
    let bytes = format!(
        "{SHORT}\nFJQZ-1,a,350502,tcm,low,A\nFJQZ-2,\"b,350502,tcm,low,A\nFJQZ-3,c,350502,tcm,low,A\n"
    );
    let error = units(bytes.as_bytes(), &policy()).unwrap_err();
    assert_eq!(error.problems(), [TableProblem::OpenQuote { line: 3 }]);
}

#[test]
fn bytes_that_are_no_text_are_refused_and_not_repaired() {
    let problem = |bytes: &[u8]| match decode(bytes).unwrap_err().problems() {
        [problem] => problem.clone(),
        more => panic!("{more:?}"),
    };
    let encoding = |bytes: &[u8]| match problem(bytes) {
        TableProblem::Encoding { encoding, .. } => encoding,
        other => panic!("{other}"),
    };
    assert_eq!(encoding(b"id,name\nA-1,\xff\xff\n"), "GB18030");
    assert_eq!(encoding(b"id,name\nA-1,\xb8\n"), "GB18030"); // half a character
    assert_eq!(encoding(b"\xef\xbb\xbfid,\xb8\xa3\n"), "UTF-8"); // GBK under a UTF-8 mark
    assert_eq!(encoding(b"\xff\xfei\x00d"), "UTF-16LE"); // half a unit
    assert_eq!(encoding(b"\xfe\xff\xd8\x00\x00i"), "UTF-16BE"); // half a pair
    assert_eq!(encoding(b"i\x00d\x00,\x00"), "UTF-8"); // UTF-16 without mark
    assert_eq!(problem(b"PK\x03\x04rest"), TableProblem::Workbook);
    assert_eq!(problem(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), TableProblem::Workbook);
    // Characters of GB18030 that GBK lacks.
    assert_eq!(decode(b"\x81\x39\xef\x30").unwrap().1, "GB18030");
}

#[test]
fn standings_are_checked_cell_by_cell() {
    let bytes = "标识,检查次数,期望次数,上次检查日期,上次检查人员\nFJQZ-1,x,0.3333333333,2023-02-30,A \
        B\nQ,+1,,,\nFJQZ-2,1,0.30,2023/4/5,W-2、W-1\n";
    let error = standings(bytes.as_bytes()).unwrap_err();
    let at: Vec<(u64, &str)> = error
        .problems()
        .iter()
        .map(|problem| match problem {
            TableProblem::Cell { place, field, .. } => (place.row, field.as_str()),
            other => panic!("{other}"),
        })
        .collect();
    let expected = [
        (2, "visits"),
        (2, "exposure"),
        (2, "last visit"),
        (2, "last team"),
        (3, "unit"),
        (3, "visits"),
        (3, "exposure"),
    ];
    assert_eq!(at, expected);
    let good =
        bytes.lines().enumerate().filter(|(i, _)| [0, 3].contains(i)).map(|(_, l)| l).collect::<Vec<_>>();
    let (rows, _, _) = standings(good.join("\n").as_bytes()).unwrap();
    assert_eq!((rows[0].visits, rows[0].exposure.to_string().as_str()), (1, "0.3"));
    assert_eq!(rows[0].last_visit, Some(Date::parse("2023-04-05").unwrap()));
    assert_eq!(rows[0].last_team.iter().map(ToString::to_string).collect::<Vec<_>>(), ["W-2", "W-1"]);
}

#[test]
fn grounds_are_read_in_both_languages_and_unknown_ones_stay() {
    let read = |word: &str| {
        let bytes = format!("执法证号,检查对象,回避类型,依据\nW-1,FJQZ-1,{word},x（y）\n");
        let (rows, _, _) = recusals(bytes.as_bytes(), &policy()).unwrap();
        assert_eq!((rows[0].row, rows[0].basis.as_str()), (2, "x（y）"));
        rows[0].ground.clone()
    };
    let words = ["法定", "申请回避", "决定", "Decided", "其他"];
    assert_eq!(words.map(read), ["statutory", "requested", "decided", "decided", "其他"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        all(&bytes);
    }

    /// Bytes changed in a good file come past the heading.
    #[test]
    fn no_damage_makes_it_panic(
        file in 0..4usize, at in 0..2000usize, cut in 0..40usize, put in "\\PC{0,8}|[\",;\n\r'=]{0,6}"
    ) {
        let mut bytes = [UNITS, OFFICERS, RECUSALS, CYCLE][file][..].to_vec();
        bytes.truncate(2500);
        let at = at.min(bytes.len());
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, put.bytes());
        all(&bytes);
    }

    #[test]
    fn no_cell_makes_it_panic(cells in proptest::collection::vec("\\PC{0,12}|[0-9./年月日至~E+-]{0,14}", 13)) {
        let rows = [SHORT.split(',').map(str::to_owned).collect(), cells];
        all(text(&rows, csv::QuoteStyle::Necessary, b',').as_bytes());
    }
}

fn all(bytes: &[u8]) {
    let policy = policy();
    let _ = units(bytes, &policy).map_err(|e| e.to_string());
    let _ = inspectors(bytes, &policy).map_err(|e| e.to_string());
    let _ = recusals(bytes, &policy).map_err(|e| e.to_string());
    let _ = standings(bytes).map_err(|e| e.to_string());
}
