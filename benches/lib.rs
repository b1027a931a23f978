//! What the benches share: the sizes that they run at, and groups that stay short. Their world is [`testkit::large`].

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};
use std::sync::OnceLock;
use std::time::Duration;
pub use testkit::large::*;

/// 10² … 10⁶, or what the variable `DOUBLE_RANDOM_BENCH_SIZES` says (`1e4,1e5`); as a test (`cargo test --benches`) only the small ones.
pub fn sizes() -> &'static [u64] {
    static SIZES: OnceLock<Vec<u64>> = OnceLock::new();
    SIZES.get_or_init(|| match std::env::var("DOUBLE_RANDOM_BENCH_SIZES") {
        Ok(text) => text.split(',').map(size).collect(),
        Err(_) if !measuring() => vec![100, 1_000],
        Err(_) => vec![100, 1_000, 10_000, 100_000, 1_000_000],
    })
}

/// Whether `cargo bench` runs this, and not `cargo test --benches`.
pub fn measuring() -> bool {
    std::env::args().any(|arg| arg == "--bench")
}

/// A size as people write it: `1000`, `1_000`, `1e3`, `2e6`.
pub fn size(text: &str) -> u64 {
    let digits = text.trim().replace('_', "");
    let (digits, zeros) = digits.split_once('e').unwrap_or((&digits, "0"));
    let size = digits.parse::<u64>().ok().zip(zeros.parse().ok());
    let size = size.and_then(|(digits, zeros)| digits.checked_mul(10u64.checked_pow(zeros)?));
    size.filter(|&size| size > 0).unwrap_or_else(|| panic!("{text:?} is not a size such as 1000 or 1e3"))
}

/// A group whose cases take ten samples and little time, so that a whole run stays in the minutes.
pub fn short<'a>(c: &'a mut Criterion, name: &str, size: u64) -> BenchmarkGroup<'a, WallTime> {
    let mut group = c.benchmark_group(name);
    let (warm_up, measurement) = if size < 10_000 { (50, 200) } else { (100, 1_000) };
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(warm_up))
        .measurement_time(Duration::from_millis(measurement));
    group
}
