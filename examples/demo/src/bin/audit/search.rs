//! Seeds that are tried: small numbers, dates, seconds and milliseconds of days, on every core.

use crate::read::Published;
use double_random::study::audit::off_key_order;
use double_random::study::generators::{Recipe, Suspect};
use double_random::study::xorshift::{ScriptState, script_state};
use sha2::Digest as _;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What is tried.
pub(crate) struct Plan {
    /// Seeds, one range after the other.
    pub(crate) ranges: Vec<Range<u64>>,
    /// The most trials a draw: seeds times recipes times orders.
    pub(crate) budget: u64,
    /// Texts that may stand before or behind an id where ids are hashed.
    pub(crate) salts: Vec<String>,
}

/// What a draw follows from.
pub(crate) enum Origin {
    /// A generator and a seed.
    Seed { recipe: Recipe, seed: u64, by_id: bool },
    /// The column of keys: the least or the greatest.
    Column { least: bool },
    /// Digests of ids.
    Digest { name: &'static str, salt: String, before: bool, least: bool },
    /// `Math.random` of V8.
    Script { state: ScriptState, by_id: bool },
}

/// The answer for one draw.
pub(crate) struct Searched {
    pub(crate) origins: Vec<Origin>,
    /// Trials made, and trials that the ranges asked for.
    pub(crate) trials: u64,
    pub(crate) wanted: u64,
    /// log2 of the number of lists that chance could have given.
    pub(crate) bits: u32,
    /// Drawn units that are off the order of the column, from the least and from the greatest.
    pub(crate) off_column: Option<[usize; 2]>,
}

impl Searched {
    /// Whether the list is long enough for a hit to be no accident: one in a million.
    pub(crate) fn can_tell(&self) -> bool {
        self.bits > 20 + self.trials.max(1).ilog2()
    }
}

const CHUNK: u64 = 256;

/// Tries everything on one draw.
pub(crate) fn search(published: &Published, draw: usize, plan: &Plan) -> Searched {
    let drawn = &published.list.draws[draw].drawn;
    let rows = u32::try_from(published.list.ids.len()).unwrap_or(u32::MAX);
    let mut by_id: Vec<usize> = (0..published.list.ids.len()).collect();
    by_id.sort_by_key(|at| &published.list.ids[*at]);
    let mut place = vec![0; by_id.len()];
    by_id.iter().enumerate().for_each(|(at, unit)| place[*unit] = at);
    let narrow = |at: usize| u32::try_from(at).expect("at most a million rows");
    let orders: Vec<(bool, Vec<u32>)> = [
        (false, drawn.iter().map(|unit| narrow(*unit)).collect()),
        (true, drawn.iter().map(|unit| narrow(place[*unit])).collect()),
    ]
    .into_iter()
    .take(if by_id.is_sorted() { 1 } else { 2 })
    .collect();
    let mut origins = Vec::new();
    let (mut trials, mut wanted, mut bits) = (0, 0, 0);
    for (by_id, drawn) in &orders {
        let Some(suspect) = Suspect::new(rows, drawn) else { continue };
        bits = suspect.bits();
        let share = plan.budget / u64::try_from(orders.len()).expect("one or two");
        let (found, made, all) = seeds(&suspect, plan, share);
        (trials, wanted) = (trials + made, wanted + all);
        origins.extend(found.into_iter().map(|(recipe, seed)| Origin::Seed { recipe, seed, by_id: *by_id }));
        if published.ordered[draw] {
            origins.extend(script_state(rows, drawn).map(|state| Origin::Script { state, by_id: *by_id }));
        }
    }
    let mut off_column = None;
    if let Some(keys) = &published.keys[draw] {
        off_column = off_key_order(keys, drawn);
        let [least, greatest] = off_column.unwrap_or([1, 1]);
        origins.extend((least == 0).then_some(Origin::Column { least: true }));
        origins.extend((greatest == 0 && least > 0).then_some(Origin::Column { least: false }));
    }
    for salt in &plan.salts {
        for before in [false, true] {
            if before && salt.is_empty() {
                continue;
            }
            for (name, digest) in DIGESTS {
                let text = |id: &String| if before { format!("{salt}{id}") } else { format!("{id}{salt}") };
                let keys: Vec<Vec<u8>> =
                    published.list.ids.iter().map(|id| digest(text(id).as_bytes())).collect();
                trials += 2;
                wanted += 2;
                if let Some(off) = off_key_order(&keys, drawn)
                    && let Some(at) = off.iter().position(|off| *off == 0)
                {
                    let salt = salt.clone();
                    origins.push(Origin::Digest { name, salt, before, least: at == 0 });
                }
            }
        }
    }
    Searched { origins, trials, wanted, bits, off_column }
}

type Hash = fn(&[u8]) -> Vec<u8>;

const DIGESTS: [(&str, Hash); 3] = [
    ("MD5", |text| md5::Md5::digest(text).to_vec()),
    ("SHA-1", |text| sha1::Sha1::digest(text).to_vec()),
    ("SHA-256", |text| sha2::Sha256::digest(text).to_vec()),
];

/// Every recipe with every seed, within the budget. The first hit ends the search of its draw.
fn seeds(suspect: &Suspect, plan: &Plan, budget: u64) -> (Vec<(Recipe, u64)>, u64, u64) {
    let recipes = u64::try_from(Recipe::ALL.len()).expect("thirteen");
    let all: u64 = plan.ranges.iter().map(|range| range.end.saturating_sub(range.start)).sum();
    let allowed = all.min(budget / recipes);
    let (next, done) = (AtomicU64::new(0), AtomicBool::new(false));
    let (made, found) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    let work = || {
        let mut suspect = suspect.clone();
        loop {
            let start = next.fetch_add(CHUNK, Ordering::Relaxed);
            if start >= allowed || done.load(Ordering::Relaxed) {
                return;
            }
            for at in start..(start + CHUNK).min(allowed) {
                let seed = seed_at(&plan.ranges, at);
                for recipe in Recipe::ALL {
                    if suspect.follows(recipe, seed) {
                        found.lock().expect("no panic").push((recipe, seed));
                        done.store(true, Ordering::Relaxed);
                    }
                }
                made.fetch_add(recipes, Ordering::Relaxed);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, std::num::NonZero::get) {
            scope.spawn(work);
        }
    });
    let mut found = found.into_inner().expect("no panic");
    found.sort_unstable();
    found.dedup();
    (found, made.into_inner(), all.saturating_mul(recipes))
}

fn seed_at(ranges: &[Range<u64>], mut at: u64) -> u64 {
    for range in ranges {
        let length = range.end.saturating_sub(range.start);
        if at < length {
            return range.start + at;
        }
        at -= length;
    }
    0
}
