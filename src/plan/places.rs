//! Where each unit of a frame may be drawn: the table that the draw kit asks of an auditor (Spec 25.1.2).

use super::Plan;
use crate::bytes::{Half, SaltKey};
use crate::id::UnitId;

/// A unit that can be drawn, with the cell in which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The number of its cell in the table, from 0.
    pub cell: u64,
    /// The unit.
    pub id: UnitId,
    /// The name under which it is drawn (Spec 4.1).
    pub pseudonym: Half,
}

impl Placed {
    /// The heads of the columns, as the first line of a table of text.
    pub const COLUMNS: &str = "cell,id,pseudonym";

    /// The unit as a line below [`Self::COLUMNS`]. No value of it needs quotation marks.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{},{},{}", self.cell, self.id, self.pseudonym)
    }
}

impl Plan {
    /// The table `units` of a draw kit as text, [`Placed::COLUMNS`] first. What [`Self::places`] says of the
    /// table of cells holds here, too.
    #[must_use]
    pub fn units_csv(&self, key: &SaltKey) -> String {
        let lines = self.places(key).map(|unit| unit.line() + "\n");
        format!("{}\n{}", Placed::COLUMNS, lines.collect::<String>())
    }

    /// All units that can be drawn with their cells, in the order of the frame. The salt key is that of the
    /// frame.
    ///
    /// An auditor makes this from registers of his own. Compare [`Plan::table`] with the table of the record
    /// first: with another one the numbers of cells mean something else.
    pub fn places<'a>(&'a self, key: &SaltKey) -> impl Iterator<Item = Placed> + use<'a> {
        let (suite, key) = (self.policy().suite, key.clone());
        self.frame().units().iter().zip(&self.units).filter_map(move |(unit, plan)| {
            let pseudonym = key.unit(suite, unit.id.as_str()).pseudonym;
            Some(Placed { cell: plan.cell?.into(), id: unit.id.clone(), pseudonym })
        })
    }
}
