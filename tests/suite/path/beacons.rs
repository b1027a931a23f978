//! Outside vectors of public chance: drand, the IETF's nomination committees (RFC 3797), lotteries; shares
//! and fallbacks.

use double_random::beacon::{Signed, check, commitment};
use double_random::bytes::{Digest, Suite};
use double_random::calendar::Instant;
use double_random::id::Code;
use double_random::policy::{BeaconPlan, LotteryField, Source};
use double_random::{BeaconValue, Plan, Policy};
use md5::{Digest as _, Md5};
use serde_json::{Value, json};

fn plan(sources: &Value) -> BeaconPlan {
    serde_json::from_value(json!({"sources": sources})).unwrap()
}

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

const QUICKNET: &str = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
const FIRST: &str = "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce";

fn drand(chain: &str, round: i64) -> Source {
    let (genesis, period) = if chain == QUICKNET { (1_692_803_367, 3) } else { (1_595_431_050, 30) };
    let at = chrono_text(genesis + (round - 1) * period);
    serde_json::from_value(json!({"kind": "drand", "id": "drand", "at": at, "chain": chain,
        "genesis": genesis, "period": period, "round": round}))
    .unwrap()
}

/// Seconds since 1970 as an instant, by the library's own reading.
fn chrono_text(unix: i64) -> String {
    let (days, rest) = (unix.div_euclid(86_400), unix.rem_euclid(86_400));
    let day = double_random::calendar::Date::parse("1970-01-01").unwrap().plus_days(days).unwrap();
    let text = format!("{day}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60);
    assert_eq!(Instant::parse(&text).unwrap().unix(), unix);
    text
}

fn pulse(value: &str, signature: &str, previous: Option<&str>) -> BeaconValue {
    let mut json = json!({"source": "drand", "value": value, "pulse": {"signature": signature}});
    if let Some(previous) = previous {
        json["pulse"]["previous"] = json!(previous);
    }
    serde_json::from_value(json).unwrap()
}

/// Rounds of both networks as their operators published them (`reference` vectors of drand-verify).
#[test]
fn rounds_of_drand_are_known_by_their_signatures() {
    let of_123 =
        "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92";
    let of_1000 =
        "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39";
    let first_previous = "176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a";
    let first = "8d61d9100567de44682506aea1a7a6fa6e5491cd27a0a0ed349ef6910ac5ac20ff7bc3e09d7c046566c9f7f3c6f3b10104990e7cb424998203d8f7de586fb7fa5f60045417a432684f85093b06ca91c769f0e7ca19268375e659c2a2352b4655";
    let value_123 = "fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc";
    let value_1000 = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd";
    let value_72785 = "8b676484b5fb1f37f9ec5c413d7d29883504e5b669f604a1ce68b3388e9ae3d9";
    let form = |round: i64, chain: &str, value: &BeaconValue| {
        let plan = plan(&json!([drand(chain, round)]));
        check(Suite::Sha256, &plan, std::slice::from_ref(value)).is_ok()
    };
    let genuine = |expected: Signed| if cfg!(feature = "drand") { expected } else { Signed::Unchecked };
    for (round, value, signature) in [(123, value_123, of_123), (1000, value_1000, of_1000)] {
        let values = pulse(value, signature, None);
        assert!(form(round, QUICKNET, &values));
        assert_eq!(values.signed(&drand(QUICKNET, round)), genuine(Signed::Valid));
        // The same signature for the round after, and for the other network.
        assert_eq!(values.signed(&drand(QUICKNET, round + 1)), genuine(Signed::Forged));
        assert!(!form(round, FIRST, &values));
    }
    // Round 72785 of the first network: its signature and the one before.
    let before = "a609e19a03c2fcc559e8dae14900aaefe517cb55c840f6e69bc8e4f66c8d18e8a609685d9917efbfb0c37f058c2de88f13d297c7e19e0ab24813079efe57a182554ff054c7638153f9b26a60e7111f71a0ff63d9571704905d3ca6df0b031747";
    let then = "82f5d3d2de4db19d40a6980e8aa37842a0e55d1df06bd68bddc8d60002e8e959eb9cfa368b3c1b77d18f02a54fe047b80f0989315f83b12a74fd8679c4f12aae86eaf6ab5690b34f1fddd50ee3cc6f6cdf59e95526d5a5d82aaa84fa6f181e42";
    let values = pulse(value_72785, then, Some(before));
    assert!(form(72_785, FIRST, &values));
    assert_eq!(values.signed(&drand(FIRST, 72_785)), genuine(Signed::Valid));
    assert_eq!(pulse(value_72785, then, Some(then)).signed(&drand(FIRST, 72_785)), genuine(Signed::Forged));
    assert!(!form(72_785, FIRST, &pulse(value_72785, then, None)));
    // The very first round follows the genesis seed.
    let one = "101297f1ca7dc44ef6088d94ad5fb7ba03455dc33d53ddb412bbc4564ed986ec";
    let values = pulse(one, first, Some(first_previous));
    assert!(form(1, FIRST, &values) && !form(2, FIRST, &values));
    assert_eq!(values.signed(&drand(FIRST, 1)), genuine(Signed::Valid));
    // A value that is not the hash of its signature.
    assert!(!form(123, QUICKNET, &pulse(value_1000, of_123, None)));
    assert!(!form(123, QUICKNET, &pulse(value_123, &of_123.to_uppercase(), None)));
    let none = BeaconValue::new(code("drand"), value_123.to_owned());
    assert!(form(123, QUICKNET, &none));
    assert_eq!(none.signed(&drand(QUICKNET, 123)), Signed::NoPulse);
    // time → round by the published formula, at outside figures.
    for (at, round) in [("2026-04-20T00:00:00Z", 27_946_612), ("2026-04-20T12:30:45Z", 27_961_627)] {
        assert_eq!(drand(QUICKNET, round).at(), Instant::parse(at).unwrap());
        assert_eq!(drand(QUICKNET, round).millibits(), Some(256_000));
    }
}

/// A record with a pulse: the check is run where this build can, and a forged one refutes.
#[test]
fn a_record_shows_the_signature_of_its_round() {
    let policy = testkit::policy(|p| {
        p["as_of"] = json!("2023-08-20");
        p["beacon"]["sources"] = json!([drand(QUICKNET, 1000)]);
    });
    let terms = double_random::SealTerms {
        sealed_at: Instant::parse("2023-08-21T00:00:00Z").unwrap(),
        ..testkit::terms(&policy)
    };
    let plan = Plan::new(
        testkit::frame(25, &policy),
        testkit::roster(12, &[], &policy),
        policy,
        double_random::Cycle::default(),
    );
    let sealed = plan.unwrap().seal(terms).unwrap();
    let value = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd";
    let of_1000 =
        "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39";
    let values = [pulse(value, of_1000, None)];
    let record = sealed.seed(&values).unwrap().draw().assign().record();
    let report = double_random::verify(&record, &testkit::evidence(&sealed, &record));
    let pass = *report.outcome(double_random::verify::Check::Pulse) == double_random::verify::Outcome::Pass;
    assert_eq!((report.failed(), pass), (vec![], cfg!(feature = "drand")));
    // The seed is the same with and without it.
    let bare = [BeaconValue::new(code("drand"), value.to_owned())];
    assert_eq!(sealed.seed(&bare).unwrap().digest(), record.seed);
    // A number that no network signed, with a "signature" that hashes to it.
    let forged = "b4".repeat(48);
    let value = sha2::Sha256::digest([0xb4u8; 48]).iter().map(|b| format!("{b:02x}")).collect::<String>();
    let record = sealed.seed(&[pulse(&value, &forged, None)]).unwrap().draw().assign().record();
    let report = double_random::verify(&record, &testkit::evidence(&sealed, &record));
    let expected = if cfg!(feature = "drand") { vec![double_random::verify::Check::Pulse] } else { vec![] };
    assert_eq!(report.failed(), expected);
}

/// RFC 3797: the canonical text of the sources, and the selection of its worked example and of a real
/// committee.
#[test]
fn lottery_values_hold_the_numbers_of_rfc_3797() {
    let field = |of: u64, take: u64| LotteryField { of, take };
    // Balls in the order in which they fell, one spelling for all of them.
    let spell = |numbers: &[u64], of: u64| {
        let fields = [field(of, numbers.len() as u64)];
        let value = BeaconValue::lottery(code("l"), &fields, &[numbers]);
        let source = json!([{"kind": "lottery", "id": "l", "at": "2026-01-01T00:00:00Z", "game": "x",
                             "issue": "1", "fields": fields}]);
        check(Suite::Sha256, &plan(&source), std::slice::from_ref(&value)).unwrap();
        value.value
    };
    assert_eq!(spell(&[12, 2, 5, 8, 10], 12), "02.05.08.10.12");
    assert_eq!(spell(&[120, 7], 365), "007.120");
    assert_eq!(
        BeaconValue::lottery(code("l"), &[field(33, 6), field(16, 1)], &[&[27, 3, 11, 4, 30, 9], &[5]]).value,
        "03.04.09.11.27.30+05"
    );
    // What RFC 3797 hashes: the same numbers without leading zeros, each with a point, sources ended by a
    // slash.
    let key = |values: &[String]| -> String {
        values
            .iter()
            .map(|value| {
                let numbers =
                    value.split('.').map(|n| format!("{}.", n.trim_start_matches('0'))).collect::<String>();
                format!("{numbers}/")
            })
            .collect()
    };
    let select = |key: &str, pool: u128, picks: u16| -> Vec<u128> {
        let mut left: Vec<u128> = (1..=pool).collect();
        (0..picks)
            .map(|i| {
                let text = [&i.to_be_bytes()[..], key.as_bytes(), &i.to_be_bytes()[..]].concat();
                let number = u128::from_be_bytes(Md5::digest(text).into());
                left.remove(usize::try_from(number % left.len() as u128).unwrap())
            })
            .collect()
    };
    let example = ["9319".to_owned(), spell(&[2, 12, 8, 10, 5], 12), spell(&[45, 9, 41, 18, 34, 26], 49)];
    assert_eq!(key(&example), "9319./2.5.8.10.12./9.18.26.34.41.45./");
    assert_eq!(select(&key(&example), 25, 16), [17, 7, 2, 16, 25, 23, 8, 24, 19, 13, 22, 5, 18, 9, 1, 4]);
    let committee = [
        spell(&[48, 7, 40, 8, 28, 11, 18], 50),
        spell(&[65, 15, 36, 16, 31, 21], 70),
        spell(&[42, 8, 35, 12, 26, 13, 21, 17], 50),
        spell(&[27, 1, 25, 5, 21, 10, 16, 13, 14], 50),
    ];
    assert_eq!(
        key(&committee),
        "7.8.11.18.28.40.48./15.16.21.31.36.65./8.12.13.17.21.26.35.42./1.5.10.13.14.16.21.25.27./"
    );
    assert_eq!(select(&key(&committee), 267, 10), [171, 245, 68, 190, 70, 126, 110, 128, 138, 173]);
}

/// The bits of Chinese lotteries, and that a plan below 128 is refused with the sum.
#[test]
fn bits_are_stated_summed_and_refused_below_128() {
    let lottery = |id: &str, game: &str, fields: Value| {
        json!({"kind": "lottery", "id": id,
               "at": "2026-01-10T13:00:00Z", "game": game, "issue": id, "fields": fields})
    };
    let happy8 = |id: &str| lottery(id, "快乐8", json!([{"of": 80, "take": 20}]));
    let double_colour = lottery("ssq", "双色球", json!([{"of": 33, "take": 6}, {"of": 16, "take": 1}]));
    let super_lotto = lottery("dlt", "大乐透", json!([{"of": 35, "take": 5}, {"of": 12, "take": 2}]));
    for (source, bits) in
        [(happy8("2026001"), 61_000), (double_colour.clone(), 24_000), (super_lotto, 24_000)]
    {
        let source: Source = serde_json::from_value(source).unwrap();
        assert_eq!(source.millibits(), Some(bits));
    }
    let fits =
        |sources: Value| Policy::from_json(&testkit::policy_json(|p| p["beacon"]["sources"] = sources));
    assert!(fits(json!([happy8("2026001"), happy8("2026002"), double_colour])).is_ok());
    let problem = fits(json!([happy8("2026001"), happy8("2026002")])).unwrap_err().to_string();
    assert!(problem.contains("give 122.000 bits together, at least 128 are needed"), "{problem}");
    let problem =
        fits(json!([happy8("2026001"), happy8("2026001"), happy8("2026002")])).unwrap_err().to_string();
    assert!(problem.contains("count the chance of 2026001 twice"), "{problem}");
}

/// Shares: who reveals last learns nothing that helps; who copies is refused; who stays away has the sealed
/// consequence.
#[test]
fn shares_open_their_commitments_and_nobody_chooses_by_staying_away() {
    let share = |n: u8| Digest::new([n; 32]);
    let parties = ["纪检组", "公证处"];
    let promise = |suite: Suite| -> Vec<Value> {
        (0..2u8)
            .map(|n| {
                json!({"party": parties[usize::from(n)],
                                "commitment": commitment(suite, &share(n),
                                    parties[usize::from(n)])})
            })
            .collect()
    };
    let source = |missing: &str, commitments: &[Value]| {
        json!({"kind": "shares", "id": "shares",
               "at": "2026-01-09T00:00:00Z", "missing": missing, "commitments": commitments})
    };
    let dice = |count: u64| {
        json!({"kind": "dice", "id": "dice", "at": "2026-01-10T09:00:00Z", "count": count,
               "sides": 10, "witness": "notary"})
    };
    let read = |sources: Value| {
        Policy::from_json(&testkit::policy_json(|p| p["beacon"]["sources"] = sources))
            .map_err(|e| e.to_string())
    };
    let all = promise(Suite::Sha256);
    assert!(read(json!([source("void", &all), dice(20)])).is_ok());
    for (sources, words) in [
        (json!([source("void", &all), dice(19)]), "less than 64 bits of sources after shares"),
        (json!([source("void", &all)]), "less than 64 bits of sources after shares"),
        (json!([source("omit", &all), dice(38)]), "give 126.198 bits together"),
        (json!([source("void", &all[..1]), dice(40)]), "2 to 16 different parties"),
        (
            json!([source("void", &[all[0].clone(), all[0].clone()]), dice(40)]),
            "count the chance of shares twice",
        ),
    ] {
        let problem = read(sources).unwrap_err();
        assert!(problem.contains(words), "{problem}");
    }
    let plan = plan(&json!([source("void", &all), dice(40)]));
    let values = |shares: &[Option<Digest>]| {
        [BeaconValue::shares(code("shares"), shares), testkit::dice(1)[0].clone()]
    };
    assert!(check(Suite::Sha256, &plan, &values(&[Some(share(0)), Some(share(1))])).is_ok());
    // The same number under another name, another suite, or in another's place.
    assert!(check(Suite::Sha256, &plan, &values(&[Some(share(1)), Some(share(0))])).is_err());
    assert!(check(Suite::Sm3, &plan, &values(&[Some(share(0)), Some(share(1))])).is_err());
    assert!(check(Suite::Sha256, &plan, &values(&[Some(share(0)), None])).is_err());
    assert_ne!(
        commitment(Suite::Sha256, &share(0), parties[0]),
        commitment(Suite::Sha256, &share(0), parties[1])
    );
}
