//! A cycle as part of what an office keeps of its ledger: its document without salt.

use super::{Cycle, CycleDocument};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

impl Serialize for Cycle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.document().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Cycle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = CycleDocument::deserialize(deserializer)?;
        let CycleDocument { document: None, protocol: None, salt_key: None, .. } = document else {
            return Err(D::Error::custom("a cycle within another document has no salt key and no title"));
        };
        document.cycle().map_err(D::Error::custom)
    }
}
