//! How often each naive scheme is found, by the size of the list.

use double_random::study::audit::{Dice, ListFinding};
use double_random::study::generators::{Recipe, Suspect};
use double_random::study::schemes::Scheme;
use double_random_support::screen::Lang;
use double_random_support::{catalogue, told};
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Units, drawn of them, draws.
const SIZES: [(usize, usize, usize); 6] =
    [(200, 10, 1), (200, 20, 1), (1000, 50, 1), (1000, 200, 1), (200, 20, 4), (1000, 50, 4)];

/// Simulated lists for each list.
const SIMULATED: u32 = 199;

fn name(scheme: Scheme, lang: Lang) -> &'static str {
    match scheme {
        Scheme::Fair => catalogue::word("screen.audit.scheme.fair", lang),
        Scheme::FairByDistrict => catalogue::word("screen.audit.scheme.fair_lot_each_district", lang),
        Scheme::FairByLevel => catalogue::word("screen.audit.scheme.fair_two_levels_with", lang),
        Scheme::Stride => catalogue::word("screen.audit.scheme.one_start_every_k", lang),
        Scheme::StrideById => catalogue::word("screen.audit.scheme.one_start_every_k_th", lang),
        Scheme::Tail => catalogue::word("screen.audit.scheme.never_last_fifth_rows", lang),
        Scheme::Top => catalogue::word("screen.audit.scheme.earlier_two_rows_lot", lang),
        Scheme::Run => catalogue::word("screen.audit.scheme.rows_run", lang),
        Scheme::District => catalogue::word("screen.audit.scheme.one_district_ten_never", lang),
        Scheme::Favourites => catalogue::word("screen.audit.scheme.tenth_each_draw_same", lang),
        Scheme::Avoided => catalogue::word("screen.audit.scheme.never_again_same_year", lang),
    }
}

/// The share of lists, in percent, of which the audit says that something is strange.
fn found(scheme: Scheme, (rows, count, draws): (usize, usize, usize), lists: u32) -> u32 {
    let strange = (0..lists).filter(|number| {
        let list = scheme.list(rows, count, draws, &mut Dice::new(u64::from(*number)));
        let findings = list.findings(u64::from(*number), SIMULATED).unwrap_or_default();
        findings.iter().any(ListFinding::is_strange)
    });
    u32::try_from(strange.count()).unwrap_or(u32::MAX) * 100 / lists.max(1)
}

/// The share of lists from a seed up to 200 that lead to that seed and to no other, over all recipes.
fn derived((rows, count, draws): (usize, usize, usize)) -> Option<u32> {
    let (rows, count) = (u32::try_from(rows).ok()?, u32::try_from(count).ok()?);
    if draws > 1 {
        return None;
    }
    let all = Recipe::ALL.iter().zip([17, 40, 63, 86, 109, 132, 155, 178, 101, 24, 47, 70, 93]);
    let hits = all.filter(|(recipe, seed)| {
        let mut drawn = recipe.select(*seed, rows, count);
        drawn.sort_unstable();
        Suspect::new(rows, &drawn)
            .is_some_and(|mut suspect| (0..200).filter(|other| suspect.follows(**recipe, *other)).eq([*seed]))
    });
    Some(u32::try_from(hits.count()).unwrap_or(u32::MAX) * 100 / 13)
}

/// The table.
pub(crate) fn table(lists: u32, lang: Lang) -> String {
    let jobs: Vec<(Scheme, (usize, usize, usize))> =
        Scheme::ALL.iter().flat_map(|scheme| SIZES.map(|size| (*scheme, size))).collect();
    let (next, done) = (AtomicUsize::new(0), Mutex::new(vec![0; jobs.len()]));
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some((scheme, size)) = jobs.get(at) else { return };
            let percent = found(*scheme, *size, lists);
            done.lock().expect("no panic")[at] = percent;
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, std::num::NonZero::get) {
            scope.spawn(work);
        }
    });
    let done = done.into_inner().expect("no panic");
    let mut out = format!("| {} |", catalogue::word("screen.audit.scheme.heading", lang));
    for (rows, count, draws) in SIZES {
        let _ = write!(out, " {}", told!(lang, "screen.audit.scheme.size", draws, count, rows));
    }
    let _ = writeln!(out, "\n|---|{}", "---:|".repeat(SIZES.len()));
    for (scheme, row) in Scheme::ALL.iter().zip(done.chunks(SIZES.len())) {
        let _ = write!(out, "| {} |", name(*scheme, lang));
        for percent in row {
            let _ = write!(out, " {percent} % |");
        }
        out.push('\n');
    }
    let _ = write!(out, "| {} |", catalogue::word("screen.audit.scheme.tried", lang));
    for size in SIZES {
        let cell = derived(size).map_or_else(|| " — |".to_owned(), |percent| format!(" {percent} % |"));
        out.push_str(&cell);
    }
    out.push('\n');
    out
}
