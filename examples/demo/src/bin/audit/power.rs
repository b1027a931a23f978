//! How often each naive scheme is found, by the size of the list.

use double_random::study::audit::{Dice, ListFinding};
use double_random::study::generators::{Recipe, Suspect};
use double_random::study::schemes::Scheme;
use double_random_support::screen::Lang;
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
        Scheme::Fair => lang.say("fair: by lot", "公正：随机抽取"),
        Scheme::FairByDistrict => lang.say("fair: by lot in each district", "公正：分区县随机抽取"),
        Scheme::FairByLevel => lang.say("fair: two levels with unequal chances", "公正：两个等级，概率不同"),
        Scheme::Stride => lang.say("one start, every k-th row", "定一个起点，每隔 k 行取一户"),
        Scheme::StrideById => lang.say("one start, every k-th id", "按编号排序后每隔 k 户取一户"),
        Scheme::Tail => lang.say("never the last fifth of the rows", "名录最后五分之一永远抽不到"),
        Scheme::Top => lang.say("the earlier of two rows by lot", "随机两行取靠前的一行"),
        Scheme::Run => lang.say("rows in a run", "连续若干行"),
        Scheme::District => lang.say("one district of ten never", "十个区县中有一个从不抽取"),
        Scheme::Favourites => lang.say("a tenth of each draw are the same", "每次抽取有十分之一是固定对象"),
        Scheme::Avoided => lang.say("never again in the same year", "抽过的当年不再抽"),
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
    let mut out = format!("| {} |", lang.say("how the list was drawn", "名单怎样抽出"));
    for (rows, count, draws) in SIZES {
        let _ = match lang {
            Lang::En => write!(out, " {draws} × {count} of {rows} |"),
            Lang::Zh => write!(out, " {rows} 户抽 {count} 户，{draws} 次 |"),
        };
    }
    let _ = writeln!(out, "\n|---|{}", "---:|".repeat(SIZES.len()));
    for (scheme, row) in Scheme::ALL.iter().zip(done.chunks(SIZES.len())) {
        let _ = write!(out, "| {} |", name(*scheme, lang));
        for percent in row {
            let _ = write!(out, " {percent} % |");
        }
        out.push('\n');
    }
    let _ =
        write!(out, "| {} |", lang.say("a generator with a seed that was tried", "种子在试算范围内的发生器"));
    for size in SIZES {
        let cell = derived(size).map_or_else(|| " — |".to_owned(), |percent| format!(" {percent} % |"));
        out.push_str(&cell);
    }
    out.push('\n');
    out
}
