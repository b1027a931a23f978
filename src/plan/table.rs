//! The published cell table: all that the allocation needs (Spec 10.5).

use crate::bytes::{Digest, Label, Suite, encode};
use crate::id::Code;
use crate::message::{AsParam, Coded, Message};
use crate::odds::ONE;
use crate::odds::cells::Cell;
use crate::policy::{Design, Policy};
use crate::stratum::StratumPath;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One row of the published cell table (Spec 10.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CellRow {
    /// Every unit of the cell is taken.
    pub certain: bool,
    /// Units in the cell.
    pub count: u64,
    /// Stratum path, `first` or `repeat` outermost.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub path: StratumPath,
    /// Rate draws: inclusion probability in billionths; number draws: measure of size. An integer as text.
    pub size: String,
}

/// The published cell table: what the allocation needs, without any name (Spec 10.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CellTable {
    /// The cells in order.
    pub cells: Vec<CellRow>,
    /// Units that could not be drawn, by reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exclusions: BTreeMap<Code, u64>,
}

/// The table's sizes are not integers, or its cells are not in order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cell {index} of the table is out of order, empty, or its path or size is none of its policy")]
pub struct CellTableError {
    /// Which cell, from 0.
    pub index: usize,
}

impl Coded for CellTableError {
    fn message(&self) -> Message {
        Message::new("cells.row", self.to_string(), [("index", self.index.param())])
    }
}

impl CellTable {
    /// The table of these cells and exclusions.
    pub(crate) fn new(cells: &[Cell], exclusions: &BTreeMap<Code, u64>) -> Self {
        let row = |cell: &Cell| CellRow {
            certain: cell.certain,
            count: cell.count,
            path: cell.path.clone(),
            size: cell.size.to_string(),
        };
        Self { cells: cells.iter().map(row).collect(), exclusions: exclusions.clone() }
    }

    /// The table's digest, as it stands in the seal.
    ///
    /// # Panics
    /// Never for a table of a plan.
    #[must_use]
    pub fn digest(&self, suite: Suite) -> Digest {
        suite.digest(Label::Cells, &encode(self).expect("counts below 2^53"))
    }

    /// The table as the allocation takes it (Spec 5).
    ///
    /// # Errors
    /// A path does not have the policy's strata, a size is no canonical integer, a rate draw has a size above
    /// [`ONE`], certainty does not agree with the size, a cell is empty, or cells are out of order.
    pub fn cells(&self, policy: &Policy) -> Result<Vec<Cell>, CellTableError> {
        let rate = !matches!(policy.design, Design::Number { .. });
        let shaped = |path: &StratumPath| {
            let node = path.node();
            node.occasion().is_some()
                && node.depth() == 1 + policy.strata.len()
                && node.components().all(|component| Code::parse(component).is_ok())
        };
        let mut cells: Vec<Cell> = Vec::with_capacity(self.cells.len());
        let mut total: u128 = 0;
        for (index, row) in self.cells.iter().enumerate() {
            let error = CellTableError { index };
            let size: u64 = row.size.parse().map_err(|_| error.clone())?;
            let sound = size.to_string() == row.size
                && shaped(&row.path)
                && (1..=1 << 32).contains(&row.count)
                && (!rate || (size <= ONE && row.certain == (size == ONE)));
            let key = (&row.path, size, row.certain);
            let ascending = cells.last().is_none_or(|c| (&c.path, c.size, c.certain) < key);
            // With 96 bits here and 30 bits of design.number no mass can leave 127 bits.
            total += u128::from(size) * u128::from(row.count.min(1 << 32));
            if !sound || !ascending || total >= 1 << 96 {
                return Err(error);
            }
            cells.push(Cell { path: row.path.clone(), size, count: row.count, certain: row.certain });
        }
        Ok(cells)
    }
}
