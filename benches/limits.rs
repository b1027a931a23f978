//! What this machine can do at most: SHA-256 compressions, ChaCha20 words, bytes through memory.
//! `limits/<name>`, one core.
//!
//! ```sh
//! cargo bench --bench limits
//! python3 benches/table.py --limits   # each step of the draw against what bounds it
//! ```
//!
//! One iteration is so many elements or bytes as `benchmark.json` says under `throughput`.

mod short;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use sha2::Sha256;
use sha2::block_api::compress256;
use sha2::digest::Digest;
use short::short;
use std::hint::black_box;
use testkit::large::measuring;

const BLOCK: usize = 64;

/// Bytes of message and memory, compressions and words: as a test a few.
fn amount(full: usize) -> usize {
    if measuring() { full } else { full >> 10 }
}

fn limits(c: &mut Criterion) {
    let mut group = short(c, "limits", 1_000_000);

    // One long message: every compression waits for the one before it.
    let message = vec![7u8; amount(64 << 20)];
    group.throughput(Throughput::Elements((message.len() / BLOCK) as u64));
    group.bench_function("sha256_chained", |b| b.iter(|| Sha256::digest(black_box(&message))));
    drop(message);

    // One block each from the same state, as tickets are: the machine may overlap them.
    let count = amount(1 << 20);
    let state = black_box([7u32; 8]);
    group.throughput(Throughput::Elements(count as u64));
    group.bench_function("sha256_single", |b| {
        b.iter(|| {
            let mut block = [0u8; BLOCK];
            (0..count as u64).fold(0, |sum, n| {
                block[..8].copy_from_slice(&n.to_le_bytes());
                let mut state = state;
                compress256(&mut state, std::slice::from_ref(&block));
                sum ^ state[0]
            })
        });
    });

    let count = amount(1 << 22);
    group.throughput(Throughput::Elements(count as u64));
    group.bench_function("chacha20_words", |b| {
        let mut words = ChaCha20Rng::from_seed([7; 32]);
        b.iter(|| (0..count).fold(0, |sum, _| sum ^ words.next_u64()));
    });

    let words = vec![7u64; amount(256 << 20) / 8];
    group.throughput(Throughput::Bytes((words.len() * 8) as u64));
    group.bench_function("memory_read", |b| {
        b.iter(|| black_box(&words).iter().fold(0, |sum: u64, word| sum.wrapping_add(*word)));
    });
    let mut copy = vec![1u64; words.len()];
    group.bench_function("memory_copy", |b| {
        b.iter(|| {
            copy.copy_from_slice(black_box(&words));
            black_box(&mut copy);
        });
    });
    group.finish();
}

criterion_group!(benches, limits);
criterion_main!(benches);
