//! Lists of other people: fair ones are called fair, naive ones are found, and seeds are found again.

use double_random::bytes::{Digest, Label, Suite};
use double_random::lot::Key;
use double_random::lot::allocation::allocate;
use double_random::lot::tickets::Tickets;
use double_random::odds::ONE;
use double_random::odds::cells::{Cell, Scale};
use double_random::study::audit::{
    Dice, ListDraw, ListError, ListFinding, ListTest, PublishedList, holm, off_key_order,
};
use double_random::study::generators::{Engine, Recipe, Suspect, Taking};
use double_random::study::meetings::{Meeting, MeetingOutcome, MeetingTest, meeting_findings};
use double_random::study::schemes::Scheme;
use double_random::study::xorshift::{ScriptTaking, script_state};

fn strange(findings: &[ListFinding]) -> bool {
    findings.iter().any(ListFinding::is_strange)
}

/// Two draws of this library with unequal chances: what a record publishes, cells and drawn units.
fn own_list(number: u64) -> PublishedList {
    let sizes = [(ONE / 20, 120), (ONE / 5, 40), (ONE, 6)];
    let cells: Vec<Cell> = (0..)
        .zip(sizes)
        .map(|(at, (size, count)): (u64, _)| Cell {
            path: format!("first/{at}").into(),
            size,
            count,
            certain: size == ONE,
        })
        .collect();
    let mut list = PublishedList::default();
    let mut cell_of = Vec::new();
    for (at, cell) in (0..).zip(&cells) {
        for unit in 0..cell.count {
            list.ids.push(format!("{:03}-{at}", (unit * 67) % 211));
            list.districts.push(format!("{}", unit % 5));
            cell_of.push(at);
        }
    }
    for draw in 0..2u64 {
        let seed: Digest = Suite::Sha256.digest(Label::Study, &(number * 2 + draw).to_be_bytes());
        let key = Key::new(Suite::Sha256, seed);
        let tickets = Tickets::new(&key);
        let mut drawn = Vec::new();
        for (at, count) in (0..).zip(allocate(&cells, Scale::RATE, &key)) {
            let members = (0..list.ids.len()).filter(|unit| cell_of[*unit] == at);
            let order = tickets.in_order(members.map(|unit| (unit, testkit::pseudonym(&list.ids[unit]))));
            drawn.extend(order.into_iter().take(usize::try_from(count).unwrap()).map(|(unit, _)| unit));
        }
        list.draws.push(ListDraw { cells: cell_of.clone(), drawn });
    }
    list
}

/// The 5 % level over 1,000 fair lists of four designs, our own draws among them. The number of false alarms
/// has mean 50 at most and standard deviation 7.
#[test]
fn a_fair_list_is_called_fair() {
    let mut alarms = [0; 4];
    for number in 0..250 {
        let mut dice = Dice::new(number);
        let lists = [
            Scheme::Fair.list(200, 20, 1, &mut dice),
            Scheme::FairByDistrict.list(150, 30, 2, &mut dice),
            Scheme::FairByLevel.list(200, 20, 3, &mut dice),
            own_list(number),
        ];
        for (alarms, list) in alarms.iter_mut().zip(&lists) {
            *alarms += usize::from(strange(&list.findings(number, 199).unwrap()));
        }
    }
    let all: usize = alarms.iter().sum();
    assert!(all <= 70 && alarms.iter().all(|alarms| *alarms <= 25), "{alarms:?} of 250 each");
    // A test that never speaks would keep any level.
    assert!(all > 5, "{alarms:?}");
}

#[test]
fn each_naive_scheme_is_found_in_lists_of_fifty_of_a_thousand() {
    let expected = [
        (Scheme::Stride, 1, ListTest::RowStride),
        (Scheme::StrideById, 1, ListTest::IdStride),
        (Scheme::Top, 1, ListTest::RowPosition),
        (Scheme::Run, 1, ListTest::RowStride),
        (Scheme::Tail, 4, ListTest::RowPosition),
        (Scheme::District, 4, ListTest::District),
        (Scheme::Favourites, 4, ListTest::Favourite),
        (Scheme::Avoided, 4, ListTest::Again),
    ];
    assert_eq!(expected.len(), Scheme::ALL.iter().filter(|scheme| !scheme.is_fair()).count());
    for (scheme, draws, test) in expected {
        let found = (0..5).filter(|number| {
            let list = scheme.list(1000, 50, draws, &mut Dice::new(*number));
            let findings = list.findings(1, 499).unwrap();
            let own = findings.iter().find(|finding| finding.test == test).unwrap();
            own.is_strange()
        });
        let found = found.count();
        assert!(found >= 4, "{scheme:?}: found in {found} of 5");
    }
}

/// A register in the order of its districts, drawn by district: that is no dependence on rows, once the
/// districts are named as cells, and it looks like one without them.
#[test]
fn a_rule_that_is_named_is_no_fault() {
    let mut dice = Dice::new(5);
    let mut drawn: Vec<usize> = (0..40).collect();
    dice.take(&mut drawn, 20);
    drawn.truncate(20);
    let mut low: Vec<usize> = (40..400).collect();
    dice.take(&mut low, 20);
    drawn.extend(&low[..20]);
    let ids = (0..400).map(|unit| format!("{unit:03}")).collect();
    let cells = (0..400).map(|unit| u64::from(unit < 40)).collect();
    let mut list = PublishedList { ids, districts: vec![], draws: vec![ListDraw { cells, drawn }] };
    assert!(!strange(&list.findings(1, 499).unwrap()));
    list.draws[0].cells.clear();
    assert!(strange(&list.findings(1, 499).unwrap()));
}

#[test]
fn lists_that_cannot_be_are_refused() {
    let list = |ids: &[&str], districts: &[&str], drawn: &[usize]| PublishedList {
        ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        districts: districts.iter().map(|id| (*id).to_owned()).collect(),
        draws: vec![ListDraw { cells: vec![], drawn: drawn.to_vec() }],
    };
    let error = |list: PublishedList| list.findings(0, 99).unwrap_err();
    assert_eq!(error(list(&["a", "a"], &[], &[])), ListError::Twice("a".to_owned()));
    assert_eq!(error(list(&["a", "b"], &[], &[2])), ListError::Drawn { draw: 1, position: 2 });
    assert_eq!(error(list(&["a", "b"], &[], &[1, 1])), ListError::Drawn { draw: 1, position: 1 });
    assert!(matches!(error(list(&["a", "b"], &["x"], &[1])), ListError::Length { units: 2, .. }));
    // Nothing drawn, everything drawn, nothing at all: no finding.
    for list in [list(&["a", "b"], &[], &[]), list(&["a", "b"], &[], &[0, 1]), list(&[], &[], &[])] {
        assert!(!strange(&list.findings(0, 99).unwrap()));
    }
}

#[test]
fn corrections_are_those_of_holm() {
    // 0.01, 0.04, 0.03, 0.005 give 0.03, 0.06, 0.06, 0.02.
    let of = |thousandths: u64| thousandths * ONE / 1000;
    assert_eq!(holm(&[of(10), of(40), of(30), of(5)]), [of(30), of(60), of(60), of(20)]);
    assert_eq!(holm(&[ONE, ONE / 2]), [ONE, ONE]);
}

/// What OpenJDK 17, CPython 3.11, glibc and the documentation of Microsoft print.
#[test]
fn generators_give_what_their_programs_print() {
    let take = |engine, taking, seed, rows| Recipe { engine, taking }.select(seed, rows, 10);
    // Collections.shuffle(0..1000, new Random(20260301L)).
    let first = take(Engine::Java, Taking::ShuffleFirst, 20_260_301, 1000);
    assert_eq!(first, [60, 836, 958, 430, 538, 115, 238, 380, 643, 634]);
    let last = take(Engine::Java, Taking::ShuffleLast, 20_260_301, 1000);
    assert_eq!(last, [286, 126, 162, 298, 300, 228, 796, 982, 400, 181]);
    // new Random(1772323200123L).nextInt(1000) into a set; new Random(5).nextInt(64), a power of two.
    let picks = take(Engine::Java, Taking::Picks, 1_772_323_200_123, 1000);
    assert_eq!(picks, [732, 799, 670, 789, 141, 447, 745, 640, 825, 135]);
    assert_eq!(take(Engine::Java, Taking::Picks, 5, 64)[..4], [46, 11, 5, 39]);
    // random.Random(20260301).sample(range(1000), 10), a set; .Random(7).sample(range(60), 10), a list.
    let sample = take(Engine::Python, Taking::Sample, 20_260_301, 1000);
    assert_eq!(sample, [303, 853, 687, 145, 842, 154, 653, 268, 616, 395]);
    assert_eq!(take(Engine::Python, Taking::Sample, 7, 60), [20, 9, 25, 41, 3, 4, 52, 34, 6, 23]);
    // random.Random(1772323200123).shuffle(list(range(1000))): a seed of two words.
    let first = take(Engine::Python, Taking::ShuffleFirst, 1_772_323_200_123, 1000);
    assert_eq!(first, [758, 78, 434, 418, 369, 63, 136, 810, 939, 996]);
    let last = take(Engine::Python, Taking::ShuffleLast, 1_772_323_200_123, 1000);
    assert_eq!(last, [706, 938, 516, 718, 185, 171, 675, 138, 381, 855]);
    // srand(0), srand(1772323200), srand(4000000000), rand() % 1000; a shuffle after srand(42).
    let glibc = |seed| take(Engine::Glibc, Taking::Picks, seed, 1000);
    assert_eq!(glibc(0)[..5], [383, 886, 777, 915, 793]);
    assert_eq!(glibc(1_772_323_200), [266, 636, 690, 968, 151, 329, 344, 831, 58, 705]);
    assert_eq!(glibc(4_000_000_000), [805, 982, 867, 840, 986, 592, 462, 120, 793, 644]);
    let first = take(Engine::Glibc, Taking::ShuffleFirst, 42, 1000);
    assert_eq!(first, [861, 641, 249, 288, 290, 737, 755, 625, 147, 875]);
    // srand(1): 41, 18467, 6334, 26500, 19169, 15724, 11478, 29358.
    let picks = Recipe { engine: Engine::Msvc, taking: Taking::Picks }.select(1, 32_768, 8);
    assert_eq!(picks, [41, 18_467, 6334, 26_500, 19_169, 15_724, 11_478, 29_358]);
}

/// Every recipe is found again from its list, in any order, and from no other seed near it.
#[test]
fn a_small_seed_is_found() {
    for recipe in Recipe::ALL {
        let mut drawn = recipe.select(777, 1000, 50);
        drawn.sort_unstable();
        let mut suspect = Suspect::new(1000, &drawn).unwrap();
        assert!(suspect.bits() >= 280, "{}", suspect.bits());
        let found: Vec<u64> = (700..800).filter(|seed| suspect.follows(recipe, *seed)).collect();
        assert_eq!(found, [777], "{recipe:?}");
        drawn[7] = (0..).find(|row| !drawn.contains(row)).unwrap();
        let mut changed = Suspect::new(1000, &drawn).unwrap();
        assert!((700..800).all(|seed| !changed.follows(recipe, seed)), "{recipe:?}: one unit was exchanged");
    }
    assert!(Suspect::new(5, &[5]).is_none() && Suspect::new(5, &[1, 1]).is_none());
    // 10 over 5 is 252.
    assert_eq!(Suspect::new(10, &[0, 1, 2, 3, 4]).unwrap().bits(), 7);
}

/// What Node 20 printed: `splice` and a set of fifty of a thousand, by `Math.random`.
#[test]
fn the_state_of_a_script_is_found() {
    let splice = [
        860, 592, 884, 610, 396, 998, 204, 750, 672, 330, 237, 263, 800, 426, 25, 537, 920, 595, 544, 101,
        20, 472, 851, 92, 306, 95, 873, 49, 222, 842, 247, 626, 417, 676, 526, 77, 1, 597, 188, 817, 353,
        150, 599, 833, 934, 803, 762, 941, 931, 936,
    ];
    let found = script_state(1000, &splice).unwrap();
    assert_eq!(found.taking, ScriptTaking::Splice);
    assert!(found.spare >= 24, "{found:?}");
    let picks = [
        441, 946, 12, 396, 558, 572, 517, 212, 821, 611, 352, 804, 169, 172, 820, 512, 597, 662, 25, 13, 626,
        444, 327, 272, 137, 932, 401, 671, 761, 366, 774, 27, 780, 154, 344, 143, 388, 83, 652, 229, 593,
        788, 325, 929, 719, 274, 809, 559, 173, 677,
    ];
    assert_eq!(script_state(1000, &picks).unwrap().taking, ScriptTaking::Picks);
    // Other chance, and the same units in the order of their numbers: nothing follows.
    let mut sorted = splice;
    sorted.sort_unstable();
    assert_eq!(script_state(1000, &sorted), None);
    let twister = Recipe { engine: Engine::Python, taking: Taking::Picks }.select(1, 1000, 50);
    assert_eq!(script_state(1000, &twister), None);
    assert_eq!(script_state(1000, &splice[..10]), None, "too little is known");
}

#[test]
fn the_order_of_a_column_is_found() {
    let keys = [5, 1, 4, 2, 3];
    assert_eq!(off_key_order(&keys, &[1, 3]), Some([0, 2]));
    assert_eq!(off_key_order(&keys, &[0, 2]), Some([2, 0]));
    assert_eq!(off_key_order(&keys, &[1, 4]), Some([1, 2]));
    assert_eq!(off_key_order(&keys, &[5]), None);
}

fn team(dice: &mut Dice, officers: usize) -> Vec<String> {
    let mut all: Vec<usize> = (0..officers).collect();
    dice.take(&mut all, 2);
    all[..2].iter().map(|officer| format!("officer {officer}")).collect()
}

fn ledger(number: u64, change: impl Fn(usize, usize, &mut Meeting)) -> Vec<Meeting> {
    let mut dice = Dice::new(number);
    let mut visits = Vec::new();
    for draw in 0..4 {
        for place in 0..30 {
            let outcome = match dice.below(10) {
                0 => MeetingOutcome::Closed,
                1..4 => MeetingOutcome::Violation,
                _ => MeetingOutcome::Clean,
            };
            let mut visit = Meeting {
                group: format!("{draw}"),
                unit: format!("unit {}", (place * 7 + draw * 11) % 60),
                officers: team(&mut dice, 12),
                outcome: Some(outcome),
            };
            change(draw, place, &mut visit);
            visits.push(visit);
        }
    }
    visits
}

#[test]
fn officers_by_lot_are_called_fair_and_habits_are_found() {
    let alarms = (0..100).filter(|number| {
        meeting_findings(&ledger(*number, |_, _, _| ()), 1, 199).iter().any(|f| f.is_strange())
    });
    let alarms = alarms.count();
    assert!(alarms <= 11, "{alarms} of 100");
    let found = |visits: &[Meeting], test| {
        let findings = meeting_findings(visits, 1, 999);
        findings.into_iter().find(|finding| finding.test == test).unwrap()
    };
    // Officer 0 never finds anything.
    let blind = ledger(1, |_, _, visit| {
        if visit.officers.contains(&"officer 0".to_owned()) {
            visit.outcome = Some(MeetingOutcome::Clean);
        } else if visit.outcome == Some(MeetingOutcome::Clean) {
            visit.outcome = Some(MeetingOutcome::Violation);
        }
    });
    let finding = found(&blind, MeetingTest::Findings);
    assert!(finding.is_strange() && finding.most == ["officer 0"] && finding.times == 0, "{finding:?}");
    // Closed doors of officer 3.
    let closed = ledger(2, |_, _, visit| {
        let own = visit.officers.contains(&"officer 3".to_owned());
        visit.outcome = Some(if own { MeetingOutcome::Closed } else { MeetingOutcome::Clean });
    });
    let finding = found(&closed, MeetingTest::Closures);
    assert!(finding.is_strange() && finding.most == ["officer 3"], "{finding:?}");
    // The same two go together in every draw.
    let together = ledger(3, |_, place, visit| {
        if place < 4 {
            visit.officers = vec!["officer 1".to_owned(), "officer 2".to_owned()];
        }
    });
    let finding = found(&together, MeetingTest::Together);
    assert!(finding.is_strange() && finding.most == ["officer 1", "officer 2"], "{finding:?}");
    // An institution that is always visited by the same officer.
    let pair = ledger(4, |draw, place, visit| {
        if place == 0 {
            visit.unit = "kept".to_owned();
            visit.officers = vec!["officer 5".to_owned(), format!("officer {}", 6 + draw)];
        }
    });
    let finding = found(&pair, MeetingTest::PairWithUnit);
    assert!(
        finding.most == ["officer 5", "kept"] && finding.times == 4 && finding.usual < 2 * ONE,
        "{finding:?}"
    );
    assert!(meeting_findings(&[], 1, 99).is_empty());
}
