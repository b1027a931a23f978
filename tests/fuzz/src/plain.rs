//! A driver for a stable compiler: the corpus of every target, and changes of it, for so many seconds.
//!
//!     plain SECONDS [TARGET]
//!
//! An input that fails is written to `tests/fuzz/artifacts`, as `cargo fuzz` does. It watches no branches: nightly and
//! `cargo fuzz` find more in the same time.

use double_random_fuzz::{TARGETS, mutated};
use std::path::Path;
use std::time::{Duration, Instant};
use std::{fs, panic, process};

fn main() {
    let mut given = std::env::args().skip(1);
    let seconds: u64 = given.next().and_then(|text| text.parse().ok()).unwrap_or(60);
    let only = given.next();
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let targets: Vec<_> =
        TARGETS.iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name)).collect();
    let each = Duration::from_secs(seconds) / u32::try_from(targets.len().max(1)).expect("fifteen");
    for (name, run) in targets {
        let folder = fs::read_dir(home.join("corpus").join(name)).expect("a corpus for every target");
        let mut seeds: Vec<Vec<u8>> =
            folder.map(|entry| fs::read(entry.expect("an entry").path()).expect("a file")).collect();
        seeds.sort();
        let (begin, mut state, mut runs, mut slowest) =
            (Instant::now(), 0x9E37_79B9_7F4A_7C15, 0_u64, Duration::ZERO);
        while runs < seeds.len() as u64 || begin.elapsed() < each {
            let place = usize::try_from(runs).expect("a number of runs") % seeds.len();
            let data = match runs < seeds.len() as u64 {
                true => seeds[place].clone(),
                false => mutated(&seeds[place], &seeds[(place + 1) % seeds.len()], &mut state),
            };
            let began = Instant::now();
            if panic::catch_unwind(|| run(&data)).is_err() {
                let path = home.join("artifacts").join(name);
                fs::create_dir_all(&path).expect("a folder");
                fs::write(path.join(format!("plain-{runs}")), &data).expect("a file");
                eprintln!("{name}: fails; the input is {}", path.join(format!("plain-{runs}")).display());
                process::exit(1);
            }
            slowest = slowest.max(began.elapsed());
            runs += 1;
        }
        println!("{name}: {runs} inputs, the slowest took {slowest:.1?}");
    }
}
