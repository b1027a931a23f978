//! Groups that stay short.

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};
use std::time::Duration;

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
