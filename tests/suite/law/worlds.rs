//! Random worlds, for what must hold in all of them.

use proptest::prelude::*;
use testkit::world::World;

/// Up to 200 institutions and 30 officers, recusals, a cycle in mid-year, one of three designs, a cap.
pub fn worlds() -> impl Strategy<Value = World> {
    let recusals = prop::collection::btree_set((0u64..30, 0u64..200), 0..40);
    let visited = prop::collection::btree_map(0u64..200, 1u64..3, 0..30);
    (1u64..200, 2u64..30, recusals, visited, 0u8..3, 0u64..8, any::<u64>()).prop_map(
        |(units, officers, recusals, visited, design, cap, dice)| {
            let recusals = recusals.into_iter().filter(|(i, u)| *i < officers && *u < units).collect();
            World { units, officers, recusals, visited, design, cap, dice }
        },
    )
}
