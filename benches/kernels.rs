//! One hot kernel over one generated world, for `valgrind` to count its instructions: see `instructions.py`.
//!
//! `kernels <name> <units> <times>` makes the world and runs the kernel so many times. What two numbers of
//! times differ by is the kernel alone.

use double_random::lot::Key;
use double_random::lot::allocation::allocate;
use double_random::lot::tickets::Tickets;
use double_random::{Cycle, Evidence, Frame, Plan, Record, verify};
use sha2::{Digest, Sha256};
use std::hint::black_box;
use testkit::large::*;

const NAMES: [&str; 14] = [
    "allocation",
    "assign",
    "canonical",
    "decode",
    "encode",
    "parse",
    "plan",
    "record",
    "select",
    "sha256",
    "tickets",
    "tree",
    "verify_all",
    "verify_public",
];

/// Runs the work so many times on inputs that it uses up. As many copies are made for any `times`, so that
/// they cancel.
fn consume<I: Clone, T>(times: usize, input: &I, work: impl Fn(I) -> T) {
    let copies = [input.clone(), input.clone()];
    assert!(times <= copies.len(), "at most {} times", copies.len());
    let (now, unused): (Vec<_>, Vec<_>) = copies.into_iter().enumerate().partition(|(n, _)| *n < times);
    let done: Vec<T> = now.into_iter().map(|(_, input)| work(input)).collect();
    // Nothing is dropped before the end of the process: freeing is not part of a kernel.
    std::mem::forget((black_box(done), unused));
}

fn run(name: &str, size: u64, times: usize) {
    let repeat = |work: &dyn Fn()| (0..times).for_each(|_| work());
    if name == "sha256" {
        // So many compressions and nothing else, to count the others by.
        let message = vec![7u8; usize::try_from(size).unwrap() * 64];
        return repeat(&|| {
            black_box(Sha256::digest(black_box(&message)));
        });
    }
    let policy = policy(size);
    if name == "parse" {
        let rows = unit_rows(size);
        return consume(times, &rows, |rows| Frame::new(rows, &policy.frame, policy.as_of).unwrap());
    }
    let (frame, roster, key) = (frame(size, &policy), roster(size, &policy), terms().salt_key);
    match name {
        "canonical" => return repeat(&|| drop(black_box(frame.to_json(&key)))),
        "tree" => return repeat(&|| drop(black_box(frame.tree(policy.suite, &key)))),
        "plan" => {
            return consume(times, &(frame, roster, policy), |(frame, roster, policy)| {
                Plan::new(frame, roster, policy, Cycle::default()).unwrap()
            });
        }
        _ => {}
    }
    let sealed = Plan::new(frame, roster, policy, Cycle::default()).unwrap().seal(terms()).unwrap();
    let seed = sealed.seed(&dice()).unwrap();
    let (plan, key) = (sealed.plan(), Key::new(sealed.plan().policy().suite, seed.digest()));
    let tickets = Tickets::new(&key);
    match name {
        "allocation" => return repeat(&|| drop(black_box(allocate(plan.cells(), plan.scale(), &key)))),
        "select" => return repeat(&|| drop(black_box(seed.draw()))),
        "tickets" => {
            let pseudonyms = testkit::all_pseudonyms(&sealed);
            return repeat(&|| {
                for pseudonym in &pseudonyms {
                    black_box(tickets.ticket(pseudonym));
                }
            });
        }
        _ => {}
    }
    let sample = seed.draw();
    if name == "assign" {
        return repeat(&|| drop(black_box(sample.assign())));
    }
    let assignment = sample.assign();
    if name == "record" {
        return repeat(&|| drop(black_box(assignment.record())));
    }
    let record = assignment.record();
    let json = record.to_json();
    let public = Evidence {
        seal: Some(sealed.seal().clone()),
        beacon: Some(record.beacon.clone()),
        ..Evidence::default()
    };
    let key = sealed.salt_key();
    let all = Evidence {
        frame: Some((plan.frame().clone(), key.clone())),
        roster: Some((plan.roster().clone(), key.clone())),
        cycle: Some((plan.cycle().clone(), key.clone())),
        ..public.clone()
    };
    match name {
        "verify_public" => repeat(&|| drop(black_box(verify(&record, &public)))),
        "verify_all" => repeat(&|| drop(black_box(verify(&record, &all)))),
        "encode" => repeat(&|| drop(black_box(record.to_json()))),
        "decode" => repeat(&|| drop(black_box(Record::from_json(&json).unwrap()))),
        _ => panic!("{name:?} is none of {NAMES:?}"),
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        // As a test, or without a word of what is wanted: every kernel once.
        [] => NAMES.iter().for_each(|name| run(name, 100, 1)),
        [name, units, times] => run(name, size(units), times.parse().unwrap()),
        _ => panic!("kernels <{}> <units> <times>", NAMES.join("|")),
    }
}
