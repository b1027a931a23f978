//! Suites, beacons, notes, receipts and ledgers.

use super::{Files, document, pretty};
use double_random::assign::Visit;
use double_random::bytes::{Digest, Label, SaltKey, Suite, Tree};
use double_random::disclosure::VisitsTree;
use double_random::id::Code;
use double_random::ledger::{Content, Ledger, Line, State};
use double_random::note::Note;
use double_random::policy::{BeaconPlan, Source};
use double_random::seal::Secret;
use double_random::verify::{self, LedgerEvidence, LedgerReport, PublishedDraw, RegisterChange, RowChange};
use double_random::{BeaconValue, UnitId, beacon};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use testkit::ledger::*;
use testkit::policy;
use testkit::refusals::{Refused, refusals};

pub(super) fn files() -> Files {
    let mut files = Files::new();
    files.insert("suite.json".to_owned(), document("3", &suites()));
    files.insert("consistency.json".to_owned(), document("4.3", &consistency()));
    files.insert("beacon.json".to_owned(), document("8", &beacons()));
    files.insert("notes.json".to_owned(), document("18", &notes()));
    receipts(&mut files);
    ledgers(&mut files);
    files
}

const SUITES: [Suite; 2] = Suite::ALL;

fn suites() -> Vec<Value> {
    let mut cases = Vec::new();
    for suite in SUITES {
        for (label, word) in
            [(Label::Lot, "lot"), (Label::Seal, "seal"), (Label::Entry, "entry"), (Label::Share, "share")]
        {
            for content in ["", "a", "3501-0001 泉州"] {
                let digest = suite.digest(label, content.as_bytes());
                cases.push(json!({"suite": suite, "label": word, "content": content, "digest": digest}));
            }
        }
        // Texts around the blocks of 64 bytes, hashed as they are: of `leaf` and `node` only the first byte
        // is more.
        for length in [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 128] {
            let text = "x".repeat(length);
            let hash = suite.leaf(text.as_bytes());
            cases.push(json!({"suite": suite, "text": format!("\u{0}{text}"), "hash": hash}));
        }
    }
    cases
}

fn consistency() -> Vec<Value> {
    let mut cases = Vec::new();
    for suite in SUITES {
        for (count, old) in
            [(1, 1), (2, 1), (3, 2), (5, 2), (7, 3), (8, 4), (8, 6), (33, 17), (256, 255), (257, 256)]
        {
            let leaves = (0..count).map(|n: usize| suite.leaf(n.to_string().as_bytes())).collect();
            let tree = Tree::new(suite, leaves);
            cases.push(json!({"suite": suite, "count": count, "old": old, "old_root": tree.root_at(old),
                              "root": tree.root(),
                "proof": tree.consistency(old)}));
        }
    }
    cases
}

fn dice(id: &str, at: &str, count: u64) -> Value {
    json!({"kind": "dice", "id": id, "at": at, "count": count, "sides": 10,
           "witness": format!("witness of {id}")})
}

fn beacons() -> Vec<Value> {
    let mut cases = Vec::new();
    for suite in SUITES {
        let (commitments, whole) = shares(suite, &[]);
        let partly = shares(suite, &[2]).1;
        let none = shares(suite, &[0, 1, 2]).1;
        let source = |missing: &str| {
            json!({"kind": "shares", "id": "shares", "at": "2026-01-10T00:00:00Z",
                   "missing": missing, "commitments": commitments})
        };
        let (early, late) = ("2026-01-09T00:00:00Z", "2026-01-11T00:00:00Z");
        let plan = |sources: Value| json!({"sources": sources});
        let mut form = |plan: &Value, values: &[BeaconValue], expected: bool| {
            let read: BeaconPlan = serde_json::from_value(plan.clone()).unwrap();
            assert_eq!(beacon::check(suite, &read, values).is_ok(), expected, "{plan}");
            cases.push(json!({"suite": suite, "beacon": plan, "values": values, "form": expected}));
        };
        for missing in ["omit", "void"] {
            let with = plan(json!([source(missing), dice("dice", late, 40)]));
            let dice = throw("dice", 1);
            form(&with, &[whole.clone(), dice.clone()], true);
            form(&with, &[partly.clone(), dice.clone()], missing == "omit");
            form(&with, &[none.clone(), dice.clone()], missing == "omit");
            form(&with, &[dice.clone(), whole.clone()], false);
            let mut swapped = whole.clone();
            let mut parts: Vec<&str> = swapped.value.split('+').collect();
            parts.swap(0, 1);
            swapped.value = parts.join("+");
            form(&with, &[swapped, dice.clone()], false);
            let mut upper = whole.clone();
            upper.value = upper.value.to_uppercase();
            form(&with, &[upper, dice], false);
        }
        let fallback = json!({"sources": [dice("dice", late, 40)],
                              "fallbacks": [{"after": "2026-01-12T00:00:00Z", "for": "dice",
                                             "source": dice("other", "2026-01-13T00:00:00Z", 40)}]});
        form(&fallback, &[throw("dice", 1)], true);
        form(&fallback, &[throw("other", 1)], true);
        form(&fallback, &[throw("dice", 1), throw("other", 1)], false);
        form(&fallback, &[], false);
        let of_1000 = json!({"sources": [{"kind": "drand", "id": "drand", "at": "2023-08-23T15:59:24Z",
            "genesis": 1_692_803_367, "period": 3, "round": 1000,
            "chain": "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"}]});
        let pulse = |signature: &str, previous: Option<&str>| -> BeaconValue {
            let mut value = json!({"source": "drand",
                                   "value": "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
                                   "pulse": {"signature": signature}});
            if let Some(previous) = previous {
                value["pulse"]["previous"] = json!(previous);
            }
            serde_json::from_value(value).unwrap()
        };
        let signature = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39";
        form(&of_1000, &[pulse(signature, None)], true);
        form(&of_1000, &[pulse(&signature.replace("b4", "b5"), None)], false);
        form(&of_1000, &[pulse(&signature[2..], None)], false);
        form(&of_1000, &[pulse(signature, Some(&signature.repeat(2)))], false);
        let first = json!({"sources": [{"kind": "drand", "id": "drand", "at": "2020-07-22T15:17:30Z",
            "genesis": 1_595_431_050, "period": 30, "round": 1,
            "chain": "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce"}]});
        let mut one = pulse(
            "8d61d9100567de44682506aea1a7a6fa6e5491cd27a0a0ed349ef6910ac5ac20ff7bc3e09d7c046566c9f7f3c6f3b10104990e7cb424998203d8f7de586fb7fa5f60045417a432684f85093b06ca91c769f0e7ca19268375e659c2a2352b4655",
            Some("176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a"),
        );
        one.value = "101297f1ca7dc44ef6088d94ad5fb7ba03455dc33d53ddb412bbc4564ed986ec".to_owned();
        form(&first, &[one.clone()], true);
        one.pulse.as_mut().unwrap().previous = Some("17".repeat(96));
        form(&first, &[one], false);
        let mut stray = throw("dice", 1);
        stray.pulse = pulse(signature, None).pulse;
        form(&fallback, &[stray], false);
        let mut timing = |plan: &Value, sealed_at: &str, expected: bool| {
            // The rule is that of a seal; a policy that breaks it cannot be read.
            let fits = double_random::Policy::from_json(&testkit::policy_json(|p| {
                p["beacon"] = plan.clone();
                p["as_of"] = json!("2025-01-01");
            }));
            let read: BeaconPlan = serde_json::from_value(plan.clone()).unwrap();
            let gap = |source: &Source| source.at().unix() - instant(sealed_at).unix();
            let lead = i64::try_from(read.lead).unwrap();
            let after =
                read.all().all(|source| gap(source) > 0) && read.sources.iter().all(|s| gap(s) > lead);
            assert_eq!(fits.is_ok() && after, expected, "{plan} {fits:?}");
            cases.push(json!({"suite": suite, "beacon": plan, "sealed_at": sealed_at, "timing": expected}));
        };
        let day = "2026-01-05T00:00:00Z";
        timing(&plan(json!([dice("dice", late, 39)])), day, true);
        timing(&plan(json!([dice("dice", late, 38)])), day, false);
        timing(&plan(json!([dice("dice", late, 39)])), late, false);
        timing(&plan(json!([source("void"), dice("dice", late, 20)])), day, true);
        timing(&plan(json!([source("void"), dice("dice", late, 19)])), day, false);
        timing(&plan(json!([source("omit"), dice("dice", late, 20)])), day, false);
        timing(&plan(json!([source("omit"), dice("dice", late, 39)])), day, true);
        timing(&plan(json!([source("void"), dice("dice", early, 40)])), day, false);
        timing(&plan(json!([source("void"), dice("dice", "2026-01-10T00:00:00Z", 40)])), day, false);
        timing(&plan(json!([source("void")])), day, false);
        let with = |after: &str, at: &str, count: u64, of: &str| {
            json!({"sources": [dice("dice", late, 40)],
                   "fallbacks": [{"after": after, "for": of, "source": dice("other", at, count)}]})
        };
        let (after, at) = ("2026-01-12T00:00:00Z", "2026-01-13T00:00:00Z");
        timing(&with(after, at, 40, "dice"), day, true);
        timing(&with(after, at, 20, "dice"), day, false);
        timing(&with(at, at, 40, "dice"), day, false);
        timing(&with("2026-01-10T00:00:00Z", at, 40, "dice"), day, false);
        timing(&with(late, at, 40, "dice"), day, true);
        // Who speaks last: a public source, if the plan has one, and nothing stands for a round.
        let round = |at: &str| quicknet("round", at);
        let other = |id: &str, at: &str, witness: &str| {
            let mut source = dice(id, at, 40);
            source["witness"] = json!(witness);
            source
        };
        let lottery = |id: &str, at: &str, of: u64, take: u64| {
            json!({"kind": "lottery", "id": id, "at": at, "game": format!("game {id}"), "issue": "2026001",
                   "fields": [{"of": of, "take": take}]})
        };
        timing(&plan(json!([dice("dice", early, 1), round(late)])), day, true);
        timing(&plan(json!([round(late)])), day, true);
        timing(&plan(json!([round(early), dice("dice", late, 40)])), day, false);
        timing(&plan(json!([round(late), dice("dice", late, 40)])), day, false);
        timing(&plan(json!([round(early), dice("dice", late, 40), round(after)])), day, false);
        timing(&plan(json!([quicknet("one", early), dice("dice", late, 40), round(after)])), day, true);
        timing(&plan(json!([source("void"), round(late)])), day, true);
        timing(&plan(json!([round(early), source("void"), dice("dice", late, 20)])), day, false);
        // 90 of 45 have 85 bits, 80 of 20 have 61: only the first is public.
        timing(&plan(json!([dice("dice", early, 40), lottery("big", late, 90, 45)])), day, true);
        timing(&plan(json!([lottery("big", early, 90, 45), dice("dice", late, 40)])), day, false);
        timing(&plan(json!([lottery("small", early, 80, 20), dice("dice", late, 40)])), day, true);
        timing(&plan(json!([lottery("small", late, 80, 20), round(early)])), day, false);
        let instead = |of: Value, source: Value| {
            json!({"sources": [dice("dice", early, 40), of],
                   "fallbacks": [{"after": after, "for": of["id"], "source": source}]})
        };
        timing(&instead(round(late), round(at)), day, false);
        timing(&instead(round(late), other("other", at, "b")), day, false);
        timing(&instead(lottery("big", late, 90, 45), other("other", at, "b")), day, false);
        timing(&instead(lottery("big", late, 90, 45), lottery("small", at, 80, 20)), day, false);
        timing(&instead(lottery("big", late, 90, 45), lottery("more", at, 90, 45)), day, true);
        timing(&instead(lottery("big", late, 90, 45), round(at)), day, true);
        timing(&instead(lottery("small", late, 80, 20), other("other", at, "b")), day, true);
        // A fallback of the dice has no last word either.
        let before = |fallback_at: &str| {
            json!({"sources": [dice("dice", early, 40), round(after)],
                   "fallbacks": [{"after": "2026-01-10T00:00:00Z", "for": "dice",
                                  "source": other("other", fallback_at, "b")}]})
        };
        timing(&before(late), day, true);
        timing(&before(after), day, false);
        // Names: one witness once, however it is spelled; letters, digits and marks that are seen.
        let pair = |a: &str, b: &str| plan(json!([other("a", early, a), other("b", late, b)]));
        for (a, b, fits) in [
            ("公证处", "纪检组", true),
            ("公证处（一）", "公证处（二）", true),
            ("公证处（演示）", "公证处 (演示)", false),
            ("公证处", " 公 证 处 ", false),
            ("Notary", "NOTARY", false),
            ("Notary", "Ｎｏｔａｒｙ", false),
            ("公证处", "公证处\u{200B}", false),
            ("公证处", "\u{202E}处证公", false),
            ("Müller", "Mu\u{308}ller", false),
            ("Müller", "MÜLLER", false),
            ("公证处", "㈱", false),
            ("公证处", "……", false),
            ("公证处", "——", false),
            ("a", &"甲".repeat(200), true),
            ("a", &"甲".repeat(201), false),
            ("1-1", "11", true),
            ("1-1", "1.1", false),
        ] {
            timing(&pair(a, b), day, fits);
        }
        // The least time between seal and first source, in seconds.
        let lead = |seconds: u64| json!({"lead": seconds, "sources": [dice("dice", late, 40)]});
        timing(&lead(1), day, true);
        timing(&lead(6 * 86_400 - 1), day, true);
        timing(&lead(6 * 86_400), day, false);
        timing(&lead(2_678_400), "2025-12-01T00:00:00Z", true);
        timing(&lead(2_678_401), "2025-12-01T00:00:00Z", false);
        // Fields of a lottery: some, take of each 1 to `of`.
        let game = |fields: Value| {
            let mut game = lottery("game", early, 1, 1);
            game["fields"] = fields;
            plan(json!([game, dice("dice", late, 40)]))
        };
        timing(&game(json!([{"of": 5, "take": 5}])), day, true);
        timing(&game(json!([{"of": 5, "take": 6}])), day, false);
        timing(&game(json!([{"of": 5, "take": 0}])), day, false);
        timing(&game(json!([{"of": 1000, "take": 1}])), day, false);
        timing(&game(json!([])), day, false);
        // Sixteen sources; their fallbacks do not count among them.
        let many = |n: u64| -> Vec<Value> { (0..n).map(|i| dice(&format!("d{i}"), early, 20)).collect() };
        let with_one = |n: u64| {
            json!({"sources": many(n), "fallbacks": [{"after": early, "for": "d0",
                                                      "source": dice("other", late, 20)}]})
        };
        timing(&plan(json!(many(16))), day, true);
        timing(&plan(json!(many(17))), day, false);
        timing(&with_one(16), day, true);
        timing(&with(after, at, 40, "none"), day, false);
    }
    cases
}

fn notes() -> Vec<Value> {
    let mut cases = Vec::new();
    let mut note = Note::new("double-random/1/350500-wsjd/test\n3\nAAAA\n".to_owned()).unwrap();
    let text = note.sign("office.example", &[7; 32]).unwrap();
    let witness = note.cosign("notary.example", &[1; 32], 1_767_600_000).unwrap();
    let mut other = Note::new("another text\n".to_owned()).unwrap();
    let stranger = other.sign("office.example", &[8; 32]).unwrap();
    let same_key_other_kind = other.cosign("office.example", &[7; 32], 5).unwrap();
    let show = note.to_string();
    let mut case = |note: &str, key: &str, signed: bool, time: Option<u64>| {
        let read = Note::parse(note).unwrap();
        let key = double_random::note::NoteKey::parse(key).unwrap();
        let found = read.signed(&key);
        assert_eq!(
            matches!(found, double_random::note::SignatureStatus::Valid { .. }),
            signed,
            "{note} {key}"
        );
        let mut case = json!({"note": note, "key": key.to_string(), "signed": signed});
        if let Some(time) = time {
            case["time"] = json!(time);
        }
        cases.push(case);
    };
    case(&show, &text.to_string(), true, None);
    case(&show, &witness.to_string(), true, Some(1_767_600_000));
    case(&show, &stranger.to_string(), false, None);
    case(&show, &same_key_other_kind.to_string(), false, None);
    case(&show.replacen("\n3\n", "\n4\n", 1), &text.to_string(), false, None);
    case(&show.replacen("\n3\n", "\n4\n", 1), &witness.to_string(), false, None);
    // The same signature twice: which one is meant is not for a reader to choose.
    let line = show.lines().find(|line| line.contains("office.example")).unwrap();
    case(&format!("{show}{line}\n"), &text.to_string(), false, None);
    let body = "a\n\n";
    for malformed in [
        "a",
        "a\n",
        "\n\n",
        "a\n\nb\n",
        "a\n\n\u{2014} name\n",
        "a\n\n\u{2014} na+me AAAAAAAA\n",
        "a\n\n- name AAAAAAAA\n",
        "a\tb\n\n",
        "a\n\n\u{2014} name AAAAAAA\n",
        "a\n\n\u{2014} name AAAA\n",
        "a\n\n\u{2014} name AAAAAAAA",
    ] {
        assert!(Note::parse(malformed).is_err(), "{malformed:?}");
        cases.push(json!({"note": malformed, "valid": false}));
    }
    assert!(Note::parse(body).is_ok());
    cases
}

/// Receipts of picked, reserve and excluded units; a deferred draw under SM3; forgeries.
fn receipts(files: &mut Files) {
    let closed = |p: &mut Value| {
        p["exclusions"] = json!([{"code": "recent", "basis": "a rule", "rule": {"units": ["T-000005"]}}]);
        p["design"] = json!({"method": "rate", "rate": "0.4"});
    };
    let sm3 = |p: &mut Value| {
        closed(p);
        p["suite"] = json!("sm3");
        p["disclosure"] = json!({"mode": "deferred", "reveal_by": "2026-04-30"});
    };
    for (suite, sealed) in [
        ("sha256", testkit::sealed(41, 24, &[], policy(closed))),
        ("sm3", testkit::sealed(41, 24, &[], policy(sm3))),
    ] {
        let values = testkit::dice(3);
        let seed = sealed.seed(&values).unwrap();
        let sample = seed.draw();
        let assignment = sample.assign();
        let record = assignment.record();
        let tree = VisitsTree::new(sealed.seal(), sealed.salt_key(), &record.teams.visits).unwrap();
        let all = sealed.receipts();
        let picked = record.teams.visits[0].unit.clone();
        let reserve = sample.whole().iter().find_map(|cell| Some(cell.reserves.first()?.id.clone())).unwrap();
        let excluded = UnitId::parse("T-000005").unwrap();
        let absent = UnitId::parse("T-0000055").unwrap();
        let mut case = |name: &str,
                        unit: &UnitId,
                        edit: &dyn Fn(&mut Value, &mut Value),
                        with_secret: bool| {
            let mut receipt: Value = serde_json::from_slice(&all.get(unit).unwrap().to_json()).unwrap();
            let mut outcome: Value =
                serde_json::from_slice(&sample.outcome(unit).unwrap().to_json()).unwrap();
            edit(&mut receipt, &mut outcome);
            let bytes = |value: &Value| double_random::bytes::encode(value).unwrap();
            let (receipt, outcome) = (bytes(&receipt), bytes(&outcome));
            let secret: Option<&Secret> = record.secret.as_ref().filter(|_| with_secret);
            let published = PublishedDraw {
                // Whoever does not know the secret has no record either.
                record: with_record(with_secret, &record),
                seal: Some(sealed.seal()),
                policy: Some(&record.policy),
                table: Some(&record.table),
                sample: Some(&record.sample),
                values: Some(&values),
                secret,
            };
            let read = double_random::receipt::Receipt::from_json(&receipt).unwrap();
            let fate = double_random::receipt::UnitOutcome::from_json(&outcome).unwrap();
            let report = verify::receipt(&read, Some(&fate), &published);
            let mut expected: BTreeMap<&str, &str> =
                report.checks().map(|(check, outcome)| (check.as_str(), word(outcome))).collect();
            expected.insert("verdict", report.verdict().as_str());
            let path = |file: &str| format!("receipts/{name}_{suite}/{file}");
            files.insert(path("receipt.json"), receipt);
            files.insert(path("outcome.json"), outcome);
            files.insert(path("seal.json"), sealed.seal().to_json());
            files.insert(path("policy.json"), record.policy.to_json().unwrap());
            files.insert(path("table.json"), double_random::bytes::encode(&record.table).unwrap());
            files.insert(path("beacon.json"), double_random::bytes::encode(&values).unwrap());
            files.insert(path("sample.json"), double_random::bytes::encode(&record.sample).unwrap());
            if published.record.is_some() {
                files.insert(path("record.json"), record.to_json());
            }
            if let Some(secret) = secret {
                files.insert(path("secret.txt"), secret.reveal().to_string().into_bytes());
            }
            if let Some(opening) = tree.opening(unit) {
                assert!(opening.is_in(sealed.seal(), &tree.commitment()));
                files.insert(path("opening.json"), opening.to_json());
                files.insert(path("visits.json"), double_random::bytes::encode(&tree.commitment()).unwrap());
            }
            let absence = all.absence(&absent).unwrap();
            assert!(absence.shows(sealed.seal()));
            files.insert(path("absence.json"), absence.to_json());
            files.insert(path("expected.json"), pretty(&json!(expected)));
        };
        case("picked", &picked, &|_, _| (), true);
        case("reserve", &reserve, &|_, _| (), true);
        case("excluded", &excluded, &|_, _| (), true);
        case("hidden", &picked, &|_, _| (), false);
        case("edited_row", &picked, &|receipt, _| receipt["row"]["unit"]["risk"] = json!("low-x"), true);
        case("edited_salt", &picked, &|receipt, _| receipt["row"]["salt"] = json!("01".repeat(16)), true);
        case(
            "other_index",
            &picked,
            &|receipt, _| receipt["row"]["index"] = json!(receipt["row"]["index"].as_u64().unwrap() ^ 1),
            true,
        );
        case(
            "other_cell",
            &picked,
            &|_, outcome| outcome["fate"]["cell"] = json!(outcome["fate"]["cell"].as_u64().unwrap() ^ 1),
            true,
        );
        case("no_cell", &picked, &|_, outcome| outcome["fate"]["cell"] = json!(999), true);
        case("other_ticket", &picked, &|_, outcome| outcome["fate"]["ticket"] = json!(hex(0)), true);
        case("low_cutoff", &picked, &|_, outcome| outcome["fate"]["cutoff"] = json!(hex(0)), true);
        case(
            "called_reserve",
            &picked,
            &|_, outcome| {
                outcome["fate"]["kind"] = json!("reserve");
                outcome["fate"]["place"] = json!(1);
            },
            true,
        );
        case("far_reserve", &reserve, &|_, outcome| outcome["fate"]["place"] = json!(99), true);
        case("other_seed", &picked, &|_, outcome| outcome["seed"] = json!(hex(2)), true);
        case("other_seal", &picked, &|receipt, _| receipt["seal"] = json!(hex(3)), true);
        case("other_unit", &picked, &|_, outcome| outcome["unit"] = json!("T-000001"), true);
        case(
            "called_excluded",
            &picked,
            &|_, outcome| outcome["fate"] = json!({"kind": "excluded", "code": "nothing"}),
            true,
        );
    }
}

fn with_record(known: bool, record: &double_random::Record) -> Option<&double_random::Record> {
    known.then_some(record)
}

pub(super) fn word(outcome: &verify::Outcome) -> &'static str {
    match outcome {
        verify::Outcome::Pass => "pass",
        verify::Outcome::Fail { .. } => "fail",
        verify::Outcome::NotRun { .. } => "not run",
    }
}

fn state(report: &LedgerReport) -> Value {
    let state: &State = report.state();
    let journal = state.journal();
    let cycle = state.cycle().map(|cycle| cycle.digest(Suite::Sha256, &SaltKey::new([0; 32])));
    let names = |attempts: Vec<&double_random::ledger::Attempt>| -> Value {
        json!(attempts.iter().map(|a| a.name()).collect::<Vec<_>>())
    };
    let voids: Vec<(u64, &str)> =
        journal.voids.iter().map(|(n, after)| (*n, if *after { "after" } else { "before" })).collect();
    let actors: BTreeMap<&str, Value> = journal
        .actors
        .iter()
        .map(|(actor, t)| {
            let tally = json!({"entries": t.entries, "seals": t.seals, "draws": t.draws,
                               "voids_before": t.voids_before,
                "voids_after": t.voids_after, "replacements": t.replacements,
                "reassignments": t.reassignments,
                "amendments": t.amendments, "late": t.late});
            (actor.as_str(), tally)
        })
        .collect();
    let pending: Vec<Value> = report
        .pending()
        .iter()
        .map(|visits| match visits.until {
            Some(until) => json!([visits.draw, visits.units, until]),
            None => json!([visits.draw, visits.number, null]),
        })
        .collect();
    let not_given_on: Vec<u64> =
        state.attempts().iter().flat_map(double_random::ledger::Attempt::unsettled_drop_outs).collect();
    let attempts = || state.attempts().iter();
    let to_bring: Vec<Value> = attempts()
        .flat_map(|a| a.silent_rounds().map(|source| json!([a.name().0, a.name().1, source.id()])))
        .collect();
    let rests_on: Vec<Value> = attempts()
        .filter(|a| a.record().is_some())
        .map(|a| {
            let used = |source: &&Source| a.value(source.id()).is_some();
            let people = a.seal().beacon.rests_on().filter(used).map(Source::of_whom);
            let people: Vec<String> = people.map(|people| people.to_string()).collect();
            json!([a.name().0, a.name().1, people])
        })
        .collect();
    let closed_lines: Vec<Value> =
        report.closed_lines().iter().map(|row| json!([row.draw, row.entries, row.until])).collect();
    let missing_files: Vec<Value> =
        report.missing_files().iter().map(|one| json!([one.draw.0, one.draw.1, one.file])).collect();
    let register_changes: Vec<Value> = report.register_changes().iter().map(change).collect();
    json!({"silent_rounds": journal.silent_rounds, "to_bring": to_bring, "rests_on": rests_on,
        "open": names(state.open().collect()), "undisclosed": names(report.undisclosed().collect()),
        "cycle": cycle, "loads": state.loads(), "further_attempts": journal.further_attempts.len(),
        "voids": voids, "late": journal.late,
        "replacements": journal.replacements.len(), "misses": journal.misses.len(),
        "reassignments": journal.reassignments.len(),
        "amendments": journal.amendments.len(), "silent": journal.silent.len(),
        "registers": journal.registers, "outside": journal.outside, "left_out": report.left_out(),
        "received": journal.received,
        "inspections": journal.inspections.len(), "moving_inspections": journal.moving_inspections,
        "drop_outs": journal.drop_outs, "again_out": journal.again_out,
        "beyond_reserves": journal.beyond_reserves, "not_given_on": not_given_on, "other_teams": report.other_teams(),
        "clocks": journal.clocks.len(), "withdrawals": journal.withdrawals.len(),
        "despite": journal.despite.len(), "barred": journal.barred.len(),
        "other_days": report.other_days(), "outside_window": report.outside_window(),
        "pending": pending, "seals_published_late": report.seals_published_late(),
        "seals_never_published": report.seals_never_published(),
        "missing_files": missing_files, "register_changes": register_changes, "closed_lines": closed_lines,
        "missing_shares": journal.missing_shares.iter().map(|(_, n)| n).sum::<u64>(), "actors": actors})
}

/// A change of a register: both attempts, the list, the row, and the field with both values.
fn change(change: &RegisterChange) -> Value {
    let RegisterChange { before, after, list, id, change } = change;
    let (what, was, is, entered) = match change {
        RowChange::Gone => ("gone", None, None, None),
        RowChange::New => ("new", None, None, None),
        RowChange::Field { name, before, after, entered } => {
            (name.as_str(), before.as_ref(), after.as_ref(), *entered)
        }
    };
    json!([before.0, before.1, after.0, after.1, list.as_str(), id, what, was, is, entered])
}

/// One folder of a ledger.
pub(super) fn write(files: &mut Files, name: &str, office: &Office, evidence: &LedgerEvidence) {
    write_lines(files, name, &office.shown(), evidence);
}

/// One folder of a ledger, whose lines need not follow each other.
fn write_lines(files: &mut Files, name: &str, lines: &[Line], evidence: &LedgerEvidence) {
    let path = |file: &str| format!("ledgers/{name}/{file}");
    let text = lines.iter().flat_map(|line| line.bytes().iter().copied().chain([b'\n']));
    files.insert(path("ledger.jsonl"), text.collect());
    for (number, note) in evidence.checkpoints.iter().enumerate() {
        files.insert(path(&format!("checkpoints/{number:02}.txt")), note.to_string().into_bytes());
    }
    // What the checker brings himself, apart from the folder that he was given.
    let keys: String = evidence.witnesses.iter().map(|key| format!("{key}\n")).collect();
    if !keys.is_empty() {
        files.insert(path("brought/keys.txt"), keys.into_bytes());
    }
    for (number, note) in evidence.kept.iter().enumerate() {
        files.insert(path(&format!("brought/kept/{number:02}.txt")), note.to_string().into_bytes());
    }
    for ((draw, attempt), known) in &evidence.draws {
        let path = |file: &str| path(&format!("draws/{draw}.{attempt}/{file}"));
        if let Some(record) = &known.record {
            files.insert(path("record.json"), record.to_json());
        }
        if let Some(drawn) = &known.drawn {
            files.insert(path("drawn.json"), drawn.to_json());
        }
        if let Some(seal) = &known.evidence.seal {
            files.insert(path("seal.json"), seal.to_json());
        }
        if let Some(beacon) = &known.evidence.beacon {
            files.insert(path("beacon.json"), double_random::bytes::encode(beacon).unwrap());
        }
        if let Some((frame, key)) = &known.evidence.frame {
            files.insert(path("frame.json"), frame.to_json(key));
        }
        if let Some((roster, key)) = &known.evidence.roster {
            files.insert(path("roster.json"), roster.to_json(key));
        }
        if let Some((cycle, key)) = &known.evidence.cycle {
            files.insert(path("cycle.json"), cycle.to_json(key));
        }
    }
    for ((draw, attempt), given) in &evidence.files {
        for (name, bytes) in given {
            files.insert(path(&format!("draws/{draw}.{attempt}/{name}")), bytes.clone());
        }
    }
    if let Some((cycle, key)) = &evidence.opening {
        files.insert(path("cycle.json"), cycle.to_json(key));
    }
    if let Some(at) = evidence.at {
        files.insert(path("at.txt"), at.to_string().into_bytes());
    }
    let report = verify::ledger(lines, evidence);
    let checks: BTreeMap<&str, &str> =
        report.checks().map(|(check, outcome)| (check.as_str(), word(outcome))).collect();
    let expected = json!({"checks": checks, "verdict": report.verdict().as_str(), "state": state(&report)});
    files.insert(path("expected.json"), pretty(&expected));
}

/// One draw with different evidence: what the checker brings decides what can be said (Spec 13).
fn evidence_given(files: &mut Files) {
    let mut asked = first_draw(Some(2));
    asked.witness("2026-01-12T00:00:00Z");
    let full = asked.evidence.clone();
    write(files, "keys_brought", &asked, &full);
    write(files, "keys_of_the_ledger", &asked, &LedgerEvidence { witnesses: Vec::new(), ..full.clone() });
    let end = asked.ledger.checkpoint().unwrap().note();
    let mut kept = full.clone();
    kept.checkpoints.pop();
    kept.kept.push(end);
    write(files, "end_without_quorum", &asked, &kept);
    // No quorum is asked: a checkpoint beside the ledger, with a signature of nobody, and one that was kept.
    let office = first_draw(None);
    let end = office.ledger.checkpoint().unwrap().note();
    let mut beside = LedgerEvidence { checkpoints: vec![end.clone()], ..office.evidence.clone() };
    beside.witnesses.clear();
    write(files, "checkpoint_beside", &office, &beside);
    let nonsense = format!("{end}— nobody.example AAAAAAAAAAA=\n");
    beside.checkpoints = vec![Note::parse(&nonsense).unwrap()];
    write(files, "signature_of_nobody", &office, &beside);
    (beside.checkpoints, beside.kept) = (Vec::new(), vec![end]);
    write(files, "checkpoint_kept", &office, &beside);
}

/// Files that an entry names: as they were published, with another name in a table, without the table.
fn files_of_a_folder(files: &mut Files) {
    let office = published_draw();
    let mut evidence = office.published_evidence();
    write(files, "files_published", &office, &evidence);
    let given = evidence.files.get_mut(&(1, 1)).unwrap();
    let table = String::from_utf8(given["sample.csv"].clone()).unwrap();
    given.insert("sample.csv".into(), table.replace("First", "Fast").into_bytes());
    write(files, "file_changed", &office, &evidence);
    evidence.files.get_mut(&(1, 1)).unwrap().remove("sample.csv");
    write(files, "file_missing", &office, &evidence);
    // Files are hashed in the suite of the ledger, whatever the suite of the draw.
    let office = published_draw_under_sm3();
    write(files, "files_under_another_suite", &office, &office.published_evidence());
}

/// Closed lines (Spec 17.7): of a draw that is not disclosed, told, told in part, not told, and told otherwise.
fn closed_lines(files: &mut Files) {
    let one = (1, 1);
    let mut office = closed_draw();
    let hidden = |office: &Office, at: &str| {
        let mut evidence = LedgerEvidence { at: Some(instant(at)), ..office.public() };
        evidence.kept.push(office.ledger.checkpoint().unwrap().note());
        evidence.draws.get_mut(&one).unwrap().record = None;
        evidence.files.clear();
        evidence
    };
    write(files, "closed_lines", &office, &hidden(&office, "2026-03-31T00:00:00Z"));
    write(files, "closed_lines_overdue", &office, &hidden(&office, "2026-04-01T00:00:00Z"));
    // The first row only: what stands behind the next closed line is not looked at.
    let whole = office.evidence.files[&one]["contents.jsonl"].clone();
    let first = whole.split_inclusive(|byte| *byte == b'\n').next().unwrap().to_vec();
    let mut evidence = hidden(&office, "2026-03-31T00:00:00Z");
    evidence.files.entry(one).or_default().insert("contents-000012.jsonl".into(), first);
    write(files, "closed_lines_told_in_part", &office, &evidence);
    office = closed_draw_told();
    let mut evidence = office.evidence.clone();
    evidence.kept.push(office.ledger.checkpoint().unwrap().note());
    write(files, "closed_lines_told", &office, &evidence);
    let contents = |evidence: &mut LedgerEvidence, bytes: Option<Vec<u8>>| {
        let of_draw = evidence.files.entry(one).or_default();
        of_draw.remove("contents.jsonl");
        of_draw.extend(bytes.map(|bytes| ("contents.jsonl".to_owned(), bytes)));
    };
    let mut public = LedgerEvidence { kept: evidence.kept.clone(), ..office.public() };
    write(files, "closed_lines_told_to_all", &office, &public);
    contents(&mut public, None);
    write(files, "closed_lines_not_told", &office, &public);
    let text = String::from_utf8(whole).unwrap();
    let otherwise = text.replace("\"result\":\"ok\"", "\"result\":\"fine\"");
    assert_ne!(otherwise, text);
    contents(&mut public, Some(otherwise.into_bytes()));
    write(files, "closed_lines_told_otherwise", &office, &public);
    let rows: Vec<&str> = text.lines().collect();
    contents(&mut public, Some(format!("{}\n", rows[1..].join("\n")).into_bytes()));
    write(files, "closed_line_left_out", &office, &public);
    // The next year goes on from a year that is known by what its closed lines tell.
    let next = office.next_year();
    write(files, "year_after_closed_lines", &next, &next.evidence);
    goes_on(files, ("year_after_closed_lines", &next), ("closed_lines_told", &office));
    let mut forgets = office.next_year();
    let opened = forgets.state().opened().unwrap().clone();
    forgets.evidence.opening.as_mut().unwrap().0 = double_random::Cycle::default();
    let (at, actor) = (instant("2027-01-02T00:00:00Z"), Code::parse("clerk").unwrap());
    let opening = forgets.evidence.opening.as_ref();
    forgets.ledger = double_random::ledger::Ledger::open(at, actor, opened, opening).unwrap();
    write(files, "year_that_forgets_closed_lines", &forgets, &forgets.evidence);
    goes_on(files, ("year_that_forgets_closed_lines", &forgets), ("closed_lines_told", &office));
    closed_lines_without_rules(files);
}

/// Closed lines in a ledger that is written without the rules, with their contents.
fn closed_lines_without_rules(files: &mut Files) {
    let office = closed_draw();
    let mut evidence = LedgerEvidence { at: Some(instant("2026-03-31T00:00:00Z")), ..office.public() };
    evidence.draws.get_mut(&(1, 1)).unwrap().record = None;
    let add = |lines: &mut Vec<Line>, content: &Value| {
        let last = lines.last().unwrap();
        let entry = double_random::ledger::Entry {
            actor: last.entry().actor.clone(),
            at: instant("2026-02-17T00:00:00Z"),
            entry: serde_json::from_value(content.clone()).unwrap(),
            number: last.entry().number + 1,
            previous: last.digest(Suite::Sha256),
        };
        lines.push(Line::new(entry).unwrap());
    };
    // What a line hides is a closed line: it tells nothing, and nobody would ever be told.
    let mut lines = office.shown();
    let inner = json!({"kind": "closed", "content": hex(1), "draw": 1});
    let hide = |content: &Value, number: usize| {
        let row = double_random::bytes::encode(&json!({"entry": content, "number": number, "salt": hex(5)}))
            .unwrap();
        let digest = Suite::Sha256.digest(Label::Content, &row);
        (json!({"kind": "closed", "content": digest, "draw": 1}), [row, b"\n".to_vec()].concat())
    };
    let (closed, row) = hide(&inner, lines.len() + 1);
    add(&mut lines, &closed);
    evidence.files.entry((1, 1)).or_default().insert("contents.jsonl".into(), row);
    write_lines(files, "closed_line_of_a_closed_line", &lines, &evidence);
    // The draw is void, and a visit at it is entered in a closed line.
    let first = office.shown().iter().position(Line::is_closed).unwrap();
    let mut lines = office.shown()[..first].to_vec();
    add(
        &mut lines,
        &json!({"kind": "void", "attempt": 1, "draw": 1, "approval": approval("superior"),
                            "evidence": hex(1), "reason": "legal"}),
    );
    let visit = office.visit((1, 1), "2026-02-16", &office.units((1, 1))[4]);
    let (closed, row) = hide(&visit, lines.len() + 1);
    add(&mut lines, &closed);
    evidence.files.entry((1, 1)).or_default().insert("contents.jsonl".into(), row);
    write_lines(files, "closed_line_of_a_void_draw", &lines, &evidence);
}

/// What records and lines show of visits, without a file of an auditor.
fn visits_that_were_not_made(files: &mut Files) {
    let one = (1, 1);
    let mut office = first_draw(None);
    let units = office.units(one);
    for (unit, date) in [(0, "2026-02-10"), (1, "2026-01-20"), (2, "2026-03-26")] {
        let visit = office.visit(one, date, &units[unit]);
        office.enter("2026-03-27T00:00:00Z", &visit);
    }
    // The last day on which the other visits can be entered in time, and the day after it.
    for (name, at) in [("visits_due", "2026-04-01T23:59:59Z"), ("visits_never_made", "2026-04-02T00:00:00Z")]
    {
        let evidence = LedgerEvidence { at: Some(instant(at)), ..office.public() };
        write(files, name, &office, &evidence);
    }
    let mut office = first_draw(None).by_lines_alone();
    let stranger = UnitId::parse("T-000777").unwrap();
    let mut visit = office.visit(one, "2026-02-10", &units[0]);
    visit["unit"] = json!(stranger);
    office.enter("2026-02-12T00:00:00Z", &visit);
    let evidence = office.public();
    write(files, "visit_of_a_stranger", &office, &evidence);
    // Days by lot: one visit on its day, one on another, one where a reserve came, on the day of the first.
    let mut office = Office::open(None);
    let days = |p: &mut Value| p["team"]["days"] = json!(["2026-02-10", "2026-02-11", "2026-02-12"]);
    let name = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, days));
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    office.draw("2026-01-11T10:00:00Z", name);
    let visits = office.draws[&name].record.teams.visits.clone();
    let (first, second, third) = (&visits[0], &visits[1], &visits[2]);
    let closed = office.replacement(name, "2026-02-03", &third.unit);
    let by: UnitId = serde_json::from_value(closed["by"].clone()).unwrap();
    office.enter("2026-02-03T00:00:00Z", &closed);
    let other = |visit: &Visit| if visit.day == second.day { "2026-02-19" } else { "2026-02-18" };
    let own = |visit: &Visit| visit.day.unwrap().to_string();
    for (unit, date) in [(&first.unit, own(first)), (&second.unit, other(second).into()), (&by, own(third))] {
        let visit = office.visit(name, &date, unit);
        office.enter("2026-02-20T00:00:00Z", &visit);
    }
    let evidence = office.public();
    write(files, "days_by_lot", &office, &evidence);
    // A seal that was published when the dice had been thrown, and one that never was.
    for (name, late) in [("seal_published_late", true), ("seal_never_published", false)] {
        let mut office = Office::open(None);
        let draw = office.seal_only("2026-01-05T00:00:00Z", policy_of(1, 1, |_| ()));
        office.values("2026-01-11T09:00:00Z", draw, &[throw("dice", 1)]);
        if late {
            office.publish_seal("2026-01-11T09:00:00Z", draw);
        }
        office.draw("2026-01-11T10:00:00Z", draw);
        let evidence = office.public();
        write(files, name, &office, &evidence);
    }
}

/// Adds to the expectations of a ledger whether it goes on from another (Spec 19, the earlier ledger).
fn goes_on(files: &mut Files, (name, later): (&str, &Office), (other, earlier): (&str, &Office)) {
    let opened = later.state().opened().unwrap();
    let opening = later.evidence.opening.as_ref();
    let outcome = verify::earlier(opened, opening, &earlier.shown(), &earlier.evidence);
    let path = format!("ledgers/{name}/expected.json");
    let mut expected: Value = serde_json::from_slice(&files[&path]).unwrap();
    expected["earlier"] = json!([other, word(&outcome)]);
    files.insert(path, pretty(&expected));
}

/// An auditor's cycle file with a standing that was not sealed; a drawn document without one of its rows.
fn rows_of_the_year(files: &mut Files, office: &Office) {
    let mut other = office.evidence.clone();
    let (cycle, key) = other.draws[&(1, 1)].evidence.cycle.clone().unwrap();
    let mut rows: Vec<_> = cycle.rows().collect();
    rows[0].standing.last_team.pop();
    let changed = double_random::Cycle::of_rows(&cycle.head(), rows).unwrap();
    other.draws.get_mut(&(1, 1)).unwrap().evidence.cycle = Some((changed, key));
    write(files, "standing_of_choice", office, &other);
    let mut fewer = office.evidence.clone();
    fewer.draws.get_mut(&(1, 1)).unwrap().drawn.as_mut().unwrap().drawn.units.remove(3);
    write(files, "drawn_row_left_out", office, &fewer);
}

/// Draws, registers and opening cycles that are not what the year's register says.
fn years(files: &mut Files, first: &Office) {
    // Eighty would be the same: a draw outside the register, with the superior's approval, is listed.
    let mut outside = first.clone();
    let name = outside.seal(
        "2026-04-05T00:00:00Z",
        policy_of(2, 1, |p| {
            p["round"] = json!({"share": "0.000001", "rest": "0.6"});
        }),
    );
    outside.values("2026-04-11T09:30:00Z", name, &[throw("dice", 2)]);
    outside.draw("2026-04-11T10:00:00Z", name);
    let mut evidence = outside.evidence.clone();
    evidence.at = Some(instant("2026-12-31T00:00:00Z"));
    write(files, "draw_outside_the_year", &outside, &evidence);
    // A draw of another share under the number of a registered batch.
    let mut other = first.clone();
    let policy = policy_of(2, 1, |p| p["round"] = json!({"share": "0.1", "rest": "0.6"}));
    let name = other.seal_as("2026-04-05T00:00:00Z", policy, Some(2));
    other.values("2026-04-11T09:30:00Z", name, &[throw("dice", 2)]);
    other.draw("2026-04-11T10:00:00Z", name);
    write(files, "share_not_registered", &other, &other.evidence);
}

/// Officers who drop out, teams of strangers, and inspections that move rotation unseen.
fn people(files: &mut Files, first: &Office) {
    let (one, at) = ((1, 1), "2026-02-03T00:00:00Z");
    let mut notes = first.clone();
    let units = notes.units(one);
    let out = notes.first_officer(one, &units[0]);
    let day = ["2026-02-10", "2026-02-20"];
    // A reserve is out, so he is passed over; then the officer, then the substitute; one is recused from one unit;
    // one note is not followed by a change of teams.
    let mut ahead = notes.clone();
    let number = ahead.enter(at, &Office::dropped_out(one, &out, day, "office"));
    let reserve = ahead.reassigned(one, number, "office")["moves"][0]["by"].clone();
    let reserve: double_random::InspectorId = serde_json::from_value(reserve).unwrap();
    notes.enter(at, &Office::dropped_out(one, &reserve, day, "office"));
    let number = notes.enter(at, &Office::dropped_out(one, &out, day, "office"));
    let moved = notes.reassigned(one, number, "authority");
    notes.enter(at, &moved);
    let by: double_random::InspectorId = serde_json::from_value(moved["moves"][0]["by"].clone()).unwrap();
    notes.drop_out(at, one, &by, "authority");
    let made = notes.visit(one, "2026-02-02", &units[2]);
    notes.enter(at, &made);
    let mut recused = Office::dropped_out(one, &notes.first_officer(one, &units[1]), day, "authority");
    (recused["reason"], recused["unit"]) = (json!("recused"), json!(units[1]));
    let number = notes.enter(at, &recused);
    let moved = notes.reassigned(one, number, "authority");
    notes.enter(at, &moved);
    // The register bars who would go to the reserve institution: he goes there neither now nor later.
    let mut beside = notes.clone();
    let would: UnitId =
        serde_json::from_value(beside.replacement(one, "2026-02-03", &units[3])["by"].clone()).unwrap();
    let goes = beside.first_officer(one, &would);
    let mut left_out = notes.clone();
    let closed = notes.replacement_without(one, "2026-02-03", &units[3], &[&goes]);
    assert!(closed["passed"].as_u64() > Some(0) && closed["by"] == json!(would));
    notes.enter(at, &closed);
    let second = notes.first_officer(one, &would);
    notes.drop_out(at, one, &second, "authority");
    write(files, "notes", &notes, &notes.evidence);
    let mut entry = closed;
    entry.as_object_mut().unwrap().remove("unavailable");
    left_out.enter(at, &entry);
    write(files, "bars_left_out", &left_out, &left_out.evidence);
    let mut wrong = first.clone();
    let number = wrong.enter(at, &Office::dropped_out(one, &out, day, "office"));
    let mut entry = wrong.reassigned(one, number, "office");
    entry["moves"][0]["by"] = json!("I-0029");
    wrong.enter(at, &entry);
    write(files, "notes_of_another_substitute", &wrong, &wrong.evidence);
    let mut strangers = first.clone();
    let mut visit = strangers.visit(one, "2026-02-10", &units[0]);
    visit["team"] = json!(["I-0001", "STRANGER-1"]);
    strangers.enter("2026-02-11T00:00:00Z", &visit);
    write(files, "strangers", &strangers, &strangers.evidence);
    let ten: Vec<String> = (0..10).map(|n| format!("I-{n:04}")).collect();
    let inspected = |level: &str, team: &Value| {
        json!({"kind": "inspected", "date": "2026-03-30", "team": team, "approval": approval(level),
            "result": "ok", "unit": "T-000039"})
    };
    let mut crowd = first.clone();
    crowd.enter("2026-03-30T00:00:00Z", &inspected("office", &json!(ten)));
    let mut public = crowd.evidence.clone();
    for known in public.draws.values_mut() {
        known.drawn = None;
        (known.evidence.frame, known.evidence.roster, known.evidence.cycle) = (None, None, None);
    }
    write(files, "ten_inspectors", &crowd, &public);
    for (name, level, seen) in [
        ("inspection_unseen", "authority", false),
        ("inspection_seen", "authority", true),
        ("inspection_by_the_office", "office", false),
    ] {
        let mut office = first_draw(Some(2));
        for unit in office.units(one) {
            let visit = office.visit(one, "2026-02-10", &unit);
            office.enter("2026-02-11T00:00:00Z", &visit);
        }
        office.enter("2026-03-30T00:00:00Z", &inspected(level, &json!(["I-0001", "I-0002"])));
        if seen {
            office.witness("2026-03-30T12:00:00Z");
        }
        let two = office.seal("2026-04-05T00:00:00Z", policy_of(2, 1, |_| ()));
        office.values("2026-04-11T09:30:00Z", two, &[throw("dice", 21)]);
        office.draw("2026-04-11T10:00:00Z", two);
        office.publish("2026-04-11T11:00:00Z", two);
        office.witness("2026-04-11T12:00:00Z");
        write(files, name, &office, &office.evidence);
    }
}

/// Who else went is told of visits before the first change of teams; behind it, only with the roster.
fn other_teams(files: &mut Files) {
    let (mut office, name) = (published_draw(), (1, 1));
    let units = office.units(name);
    let wish = |office: &mut Office, at: &str, unit: &UnitId| {
        let mut visit = office.visit(name, "2026-02-10", unit);
        visit["team"] = json!(["I-9998", "I-9999"]);
        office.enter(at, &visit)
    };
    let before = wish(&mut office, "2026-02-11T00:00:00Z", &units[0]);
    let closed = office.replacement(name, "2026-02-11", &units[1]);
    office.enter("2026-02-12T00:00:00Z", &closed);
    wish(&mut office, "2026-02-13T00:00:00Z", &units[2]);
    let evidence = LedgerEvidence { files: office.published_evidence().files, ..office.public() };
    assert_eq!(verify::ledger(office.lines(), &evidence).other_teams(), [before]);
    write(files, "others_before_a_change", &office, &evidence);
}

/// A draw that dispatches, with the visits of all counties, as the auditor and as the public see it; and what
/// is wrong with some of them.
fn dispatched(files: &mut Files) {
    let year = dispatching_year();
    write(files, "dispatching", &year, &year.evidence);
    write(files, "dispatching_public", &year, &year.public());
    let at = "2026-02-12T00:00:00Z";
    let draw = dispatching_draw();
    let unit = |office: &Office, county: &str| {
        office.units((1, 1)).into_iter().find(|unit| testkit::levels::county_of(unit) == county).unwrap()
    };
    // Of two officers of the city only one goes with those of the county.
    let mut one_less = draw.clone();
    let mut visit = one_less.visit_by_county("2026-02-10", &unit(&draw, "350583"));
    visit["team"].as_array_mut().unwrap().pop();
    one_less.enter(at, &visit);
    write(files, "dispatching_without_an_officer", &one_less, &one_less.evidence);
    // People of a county go where the city draws the team.
    let mut strangers = draw;
    let mut visit = strangers.visit_by_county("2026-02-10", &unit(&strangers, "350582"));
    visit["team"] = json!(OF_COUNTIES[0]);
    strangers.enter(at, &visit);
    write(files, "dispatching_strangers", &strangers, &strangers.evidence);
    // The same at a reserve that the record does not show: the frame file says where it lies.
    let is_kept =
        |line: &&Line| match &line.entry().entry {
            Content::Visited(made) => {
                testkit::levels::county_of(&made.unit) == "350582"
                    && !year.draws[&(1, 1)].record.sample.iter().any(|cell| {
                        cell.picks.iter().chain(&cell.reserves).any(|shown| shown.id == made.unit)
                    })
            }
            _ => false,
        };
    let place = year.lines().iter().position(|line| is_kept(&line)).unwrap();
    let mut reserve = year.clone();
    reserve.ledger = Ledger::from_lines(year.lines()[..place].to_vec(), None, |_, _| None).unwrap();
    let mut visit = serde_json::to_value(&year.lines()[place].entry().entry).unwrap();
    visit["team"] = json!(OF_COUNTIES[0]);
    reserve.enter(at, &visit);
    let known = reserve.evidence.draws.get_mut(&(1, 1)).unwrap();
    (known.drawn, known.evidence.cycle) = (None, None);
    write(files, "dispatching_strangers_for_a_reserve", &reserve, &reserve.evidence);
    let known = reserve.evidence.draws.get_mut(&(1, 1)).unwrap();
    known.evidence.frame = None;
    write(files, "dispatching_reserve_of_no_known_place", &reserve, &reserve.evidence);
}

/// Entries that were set right: of an attempt that was drawn again, of who came for another, of a visit that
/// was missed, of an inspection outside any draw, and of one that was drawn under a wrong clock.
fn set_right(files: &mut Files, first: &Office) {
    let (one, two) = ((1, 1), (1, 2));
    let amended = |number: u64, level: &str, entry: &Value| {
        json!({"kind": "amended", "amends": number, "approval": approval(level), "entry": entry,
            "evidence": hex(5), "reason": "clerical"})
    };
    let late = "2026-03-20T00:00:00Z";
    // A unit is drawn by both attempts, and its visit under the first is amended under the second.
    let mut again = first.clone();
    let units = again.units(one);
    let made: Vec<u64> = units
        .iter()
        .map(|unit| again.enter("2026-01-11T12:00:00Z", &again.visit(one, "2026-01-11", unit)))
        .collect();
    again.enter(
        "2026-01-11T13:00:00Z",
        &json!({"kind": "void", "draw": 1, "attempt": 1, "approval": approval("superior"),
                "evidence": hex(9), "reason": "technical"}),
    );
    again.seal("2026-01-11T14:00:00Z", policy_of(1, 2, |_| ()));
    again.values("2026-01-12T09:30:00Z", two, &[throw("dice", 7)]);
    again.draw("2026-01-12T10:00:00Z", two);
    let both = units.iter().position(|unit| again.units(two).contains(unit)).expect("a unit drawn twice");
    let mut old = first.visit(one, "2026-01-11", &units[both]);
    old["result"] = json!("findings");
    again.enter(late, &amended(made[both], "office", &old));
    write(files, "amended_after_another_attempt", &again, &again.public());
    // Who came for a closed unit was visited, and that is taken back: he is due.
    let mut stand_in = first.clone();
    let closed = stand_in.replacement(one, "2026-02-03", &units[0]);
    let by: UnitId = serde_json::from_value(closed["by"].clone()).unwrap();
    stand_in.enter("2026-02-03T00:00:00Z", &closed);
    let number = stand_in.enter("2026-02-11T00:00:00Z", &stand_in.visit(one, "2026-02-10", &by));
    stand_in.enter(late, &withdrawal(number, Some(1), &by));
    write(files, "stand_in_taken_back", &stand_in, &stand_in.public());
    // A visit that was missed was made after all, by others than its team.
    let mut missed = first.clone();
    let number = missed.enter(
        "2026-02-11T00:00:00Z",
        &json!({"kind": "missed", "approval": approval("authority"), "date": "2026-02-10", "draw": 1,
                "evidence": hex(6), "reason": "unreachable", "unit": units[1]}),
    );
    let mut by_others = missed.visit(one, "2026-02-10", &units[1]);
    let others = |n: &u64| !by_others["team"].as_array().unwrap().contains(&json!(format!("I-{n:04}")));
    let team: Vec<String> = (0..30).filter(others).take(2).map(|n| format!("I-{n:04}")).collect();
    by_others["team"] = json!(team);
    missed.enter(late, &amended(number, "authority", &by_others));
    write(files, "missed_and_made_by_others", &missed, &missed.evidence);
    // An inspection that the authority approved is taken back: it moves the rotation no longer.
    let mut inspected = first.clone();
    let inspection = json!({"kind": "inspected", "date": "2026-02-10", "team": ["I-0001", "I-0002"],
        "approval": approval("authority"), "unit": "T-000039"});
    let number = inspected.enter("2026-02-11T00:00:00Z", &inspection);
    inspected.enter(late, &withdrawal(number, None, &UnitId::parse("T-000039").unwrap()));
    write(files, "inspection_taken_back", &inspected, &inspected.evidence);
    // It was drawn under a clock that was a year ahead: its visits are not before the right day.
    let mut ahead = Office::open(None);
    ahead.seal("2026-01-05T00:00:00Z", policy_of(1, 1, |_| ()));
    ahead.values("2026-01-11T09:30:00Z", one, &[throw("dice", 1)]);
    let from = ahead.state().size() + 1;
    ahead.draw("2027-01-11T10:00:00Z", one);
    ahead.enter(
        "2026-01-11T11:00:00Z",
        &json!({"kind": "clock", "approval": approval("superior"), "evidence": hex(7), "from": from}),
    );
    let unit = ahead.units(one)[0].clone();
    ahead.enter("2026-02-11T00:00:00Z", &ahead.visit(one, "2026-02-10", &unit));
    write(files, "drawn_under_a_wrong_clock", &ahead, &ahead.public());
}

/// Dice before a round of drand: seen in time, too late, a round that is called silent, and a lead.
fn who_speaks_last(files: &mut Files) {
    let (in_time, late) = ("2026-01-11T09:10:00Z", "2026-01-11T09:45:00Z");
    let office = public_round(in_time, |_| ());
    write(files, "public_round", &office, &office.evidence);
    let office = public_round(late, |_| ());
    write(files, "dice_seen_too_late", &office, &office.evidence);
    let day = |p: &mut Value| p["beacon"]["lead"] = json!(86_400);
    let office = public_round(in_time, day);
    write(files, "lead_kept", &office, &office.evidence);
    let week = |p: &mut Value| p["beacon"]["lead"] = json!(6 * 86_400 + 8 * 3600 + 1);
    let office = public_round(in_time, week);
    write(files, "lead_not_kept", &office, &office.evidence);
    let office = round_called_silent();
    write(files, "round_called_silent", &office, &office.evidence);
    let mut heard = office.evidence.clone();
    heard.draws.entry((1, 1)).or_default().evidence.beacon = Some(vec![round_value(5)]);
    write(files, "silent_round_was_heard", &office, &heard);
    let office = round_found_again();
    write(files, "round_found_again", &office, &office.evidence);
}

fn ledgers(files: &mut Files) {
    let year = year();
    write(files, "year", &year, &year.evidence);
    write(files, "year_alone", &year, &LedgerEvidence::default());
    let mut public = year.evidence.clone();
    for known in public.draws.values_mut() {
        known.drawn = None;
        (known.evidence.frame, known.evidence.roster, known.evidence.cycle) = (None, None, None);
    }
    write(files, "year_public", &year, &public);
    let mut with_value = public.clone();
    with_value.draws.get_mut(&(2, 2)).unwrap().evidence.beacon =
        Some(serde_json::from_value(json!([{"source": "dice", "value": "1".repeat(40)}])).unwrap());
    write(files, "silent_source_was_heard", &year, &with_value);
    evidence_given(files);
    who_speaks_last(files);
    let mut unseen = public;
    unseen.checkpoints.remove(2);
    write(files, "seen_too_late", &year, &unseen);
    let first = first_draw(None);
    write(files, "first", &first, &first.evidence);
    // A draw under slack, and the same with another phase of one unit.
    let phased = phased_draw(|_| ());
    write(files, "phased", &phased, &phased.evidence);
    let chosen = phased_draw(|drawn| another_phase(drawn, 7));
    write(files, "phase_of_choice", &chosen, &chosen.evidence);
    let mid = mid_year();
    write(files, "mid_year", &mid, &mid.evidence);
    rows_of_the_year(files, &mid);
    // The year goes on: in a ledger of its own, and in the same one.
    let mut next = year.next_year();
    two_draws(&mut next, "2027", |draw| policy_in_2027("test-2027", draw, 1));
    write(files, "next_year", &next, &next.evidence);
    goes_on(files, ("next_year", &next), ("year", &year));
    // It forgets what the year before has drawn.
    let mut forgets = year.next_year();
    let opened = forgets.state().opened().unwrap().clone();
    let opening = (double_random::Cycle::default(), SaltKey::new([6; 32]));
    let (at, actor) = (instant("2027-01-02T00:00:00Z"), Code::parse("clerk").unwrap());
    forgets.ledger = double_random::ledger::Ledger::open(at, actor, opened, Some(&opening)).unwrap();
    forgets.evidence.opening = Some(opening);
    write(files, "year_that_forgets", &forgets, &forgets.evidence);
    goes_on(files, ("year_that_forgets", &forgets), ("year", &year));
    years(files, &first);
    // A visit by others than the drawn team, entered late; a record of another draw.
    let mut others = first.clone();
    let unit = others.units((1, 1))[0].clone();
    let mut visit = others.visit((1, 1), "2026-02-10", &unit);
    visit["team"] = json!(["I-0001"]);
    others.enter("2026-02-18T00:00:00Z", &visit);
    write(files, "other_team", &others, &others.evidence);
    people(files, &first);
    other_teams(files);
    dispatched(files);
    set_right(files, &first);
    let registers = other_registers();
    write(files, "other_registers", &registers, &registers.evidence);
    // A share is missing: void, and the next attempt without fear or favour.
    let mut parties = Office::open(None);
    let (commitments, value) = shares(Suite::Sha256, &[1]);
    let with_shares = |p: &mut Value| {
        let dice = p["beacon"]["sources"][0].take();
        p["beacon"]["sources"] = json!([{"kind": "shares", "id": "shares", "at": "2026-01-10T09:00:00Z",
            "missing": "void",
            "commitments": commitments}, dice]);
    };
    let one = parties.seal("2026-01-05T00:00:00Z", testkit::ledger::policy_of(1, 1, with_shares));
    parties.values("2026-01-10T09:30:00Z", one, &[value]);
    parties.enter(
        "2026-01-10T10:00:00Z",
        &json!({"kind": "void", "draw": 1, "attempt": 1, "approval": approval("authority"),
                "evidence": hex(1), "reason": "share_missing"}),
    );
    let two = parties.seal("2026-01-10T11:00:00Z", policy_of(1, 2, |_| ()));
    parties.values("2026-01-14T09:30:00Z", two, &[throw("dice", 5)]);
    parties.draw("2026-01-14T10:00:00Z", two);
    write(files, "share_missing", &parties, &parties.evidence);
    // A secret that is overdue, then declared.
    let mut hidden = Office::open(None);
    let deferred = |p: &mut Value| p["disclosure"] = json!({"mode": "deferred", "reveal_by": "2026-03-31"});
    let name = hidden.seal("2026-01-05T00:00:00Z", policy_of(1, 1, deferred));
    hidden.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    hidden.draw("2026-01-11T10:00:00Z", name);
    let mut evidence = hidden.evidence.clone();
    evidence.at = Some(instant("2026-04-01T00:00:00Z"));
    write(files, "overdue", &hidden, &evidence);
    hidden.enter(
        "2026-04-02T00:00:00Z",
        &json!({"kind": "void", "draw": 1, "attempt": 1, "approval": approval("superior"),
                "evidence": hex(1), "reason": "not_revealed"}),
    );
    let unit = hidden.units(name)[0].clone();
    let visit = hidden.visit(name, "2026-04-01", &unit);
    hidden.enter("2026-04-02T00:00:00Z", &visit);
    hidden.seal("2026-04-05T00:00:00Z", policy_of(2, 1, |_| ()));
    evidence.draws.get_mut(&name).unwrap().record = None;
    write(files, "not_revealed", &hidden, &evidence);
    visits_that_were_not_made(files);
    files_of_a_folder(files);
    closed_lines(files);
    super::levels::levels_of_ledgers(files);
    let refused: Vec<Value> = refusals()
        .into_iter()
        .filter_map(|Refused { name, base, lines, number, rule }| {
            let texts: Vec<String> =
                lines.iter().map(|line| String::from_utf8(line.bytes().to_vec()).unwrap()).collect();
            // The document of another draw would be a folder of its own.
            let base = if base == "seventh" { return None } else { base };
            Some(json!({"name": name, "ledger": base, "lines": texts, "number": number, "rule": rule}))
        })
        .collect();
    files.insert("ledgers/refused.json".to_owned(), document("17.3", &refused));
    assert_eq!(Digest::ZERO.to_string(), hex(0));
}
