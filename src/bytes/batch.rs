//! The same work on many items: one after the other, or on all cores with the feature `rayon`.
//!
//! The results stand in the order of the items, for any number of threads. So no digest, no list of problems
//! and no draw depends on that number. No other file depends on the feature.

/// Does the work on every item. The results are in the order of the items.
pub(crate) fn map<T: Send, R: Send>(
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> R + Send + Sync,
) -> Vec<R> {
    #[cfg(feature = "rayon")]
    {
        use rayon::iter::{IntoParallelIterator, ParallelIterator};
        items.into_iter().collect::<Vec<T>>().into_par_iter().map(work).collect()
    }
    #[cfg(not(feature = "rayon"))]
    {
        items.into_iter().map(work).collect()
    }
}

/// Items of a piece: enough to fill all lanes, few enough to stay near the processor.
const PIECE: usize = 1024;

/// Does the work on pieces of the items. The results are in the order of the items.
pub(crate) fn pieces<T: Sync, R: Copy + Send>(
    items: &[T],
    work: impl Fn(&[T]) -> Vec<R> + Send + Sync,
) -> Vec<R> {
    let mut results = Vec::with_capacity(items.len());
    map(items.chunks(PIECE), work).into_iter().for_each(|piece| results.extend(piece));
    results
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_stand_in_the_order_of_the_items() {
        let squares = super::map(0..10_000_u64, |n| n * n);
        assert_eq!(squares, (0..10_000).map(|n| n * n).collect::<Vec<u64>>());
        let items: Vec<u64> = (0..10_000).collect();
        assert_eq!(super::pieces(&items, |some| some.iter().map(|n| n * n).collect()), squares);
    }
}
