//! Receipts: the documents of one institution, from the sealing of the frame to the outcome of the draw (回执;
//! Spec 15).
//!
//! A receipt shows that the institution's row is in the sealed frame, an absence that an id is not, an
//! outcome what the draw gave it. [`verify::receipt`](crate::verify::receipt) checks them against what was
//! published, without any other row.

use crate::bytes::{
    Digest, Document, Half, Inclusion, JsonError, Protocol, Suite, Tree, decode, encode, root_from_path,
};
use crate::frame::{Unit, UnitLeaf, pseudonym_leaf};
use crate::id::{Code, UnitId};
use crate::register::Owners;
use crate::sample::Sample;
use crate::seal::{Seal, Sealed};
use serde::{Deserialize, Serialize};

/// A row of the sealed frame and its pseudonym, with their proofs (Spec 15.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// What kind of document this is.
    pub document: Document,
    /// The protocol.
    pub protocol: Protocol,
    /// The name under which the unit is drawn.
    pub pseudonym: SealedPseudonym,
    /// The row.
    pub row: SealedRow,
    /// Digest of the seal.
    pub seal: Digest,
}

/// A row with its place in the tree of rows (Spec 15.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedRow {
    /// Place of the row in the frame, from 0.
    pub index: u64,
    /// Inclusion path from the leaf upwards.
    pub path: Vec<Digest>,
    /// Salt of the row.
    pub salt: Half,
    /// The unit.
    pub unit: Unit,
}

/// The pseudonym of a unit with its place in the tree of pseudonyms (Spec 15.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedPseudonym {
    /// Place of its leaf, from 0.
    pub index: u64,
    /// Inclusion path from the leaf upwards.
    pub path: Vec<Digest>,
    /// The pseudonym.
    pub pseudonym: Half,
}

/// That an id is not on the sealed frame (Spec 15.2). It shows the two rows next to it, without their
/// pseudonyms: for hearings, not for the web.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// What kind of document this is.
    pub document: Document,
    /// The id.
    pub id: UnitId,
    /// The row before; absent if the id would be the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lower: Option<SealedRow>,
    /// The protocol.
    pub protocol: Protocol,
    /// Digest of the seal.
    pub seal: Digest,
    /// The row after; absent if the id would be the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper: Option<SealedRow>,
}

/// What the draw gave an institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Fate {
    /// It is inspected.
    Picked {
        /// Its cell: position in the table, from 0.
        cell: u64,
        /// The ticket of the cell's last pick.
        cutoff: Digest,
        /// Its own ticket, at most the cutoff.
        ticket: Digest,
    },
    /// It is not inspected, unless reserves before it are used up.
    Reserve {
        /// Its cell: position in the table, from 0.
        cell: u64,
        /// The ticket of the cell's last pick, if it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cutoff: Option<Digest>,
        /// Place among the reserves of the cell, from 1.
        place: u64,
        /// Its own ticket, above the cutoff.
        ticket: Digest,
    },
    /// It could not be drawn.
    Excluded {
        /// Why.
        code: Code,
    },
}

/// The outcome of one institution (Spec 15.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitOutcome {
    /// What kind of document this is.
    pub document: Document,
    /// What the draw gave it.
    pub fate: Fate,
    /// The protocol.
    pub protocol: Protocol,
    /// Digest of the seal.
    pub seal: Digest,
    /// The seed.
    pub seed: Digest,
    /// The institution.
    pub unit: UnitId,
}

/// A row of a register as it stands in the sealed frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeRow {
    /// Salt of the row.
    pub salt: Half,
    /// The unit.
    pub unit: Unit,
}

impl IntakeRow {
    /// The leaf of the row in the tree of the frame (Spec 4.2).
    pub(crate) fn leaf(&self, suite: Suite) -> Digest {
        let row = UnitLeaf { salt: &self.salt, unit: &self.unit };
        suite.leaf(&encode(&row).expect("a unit of a document that was read"))
    }
}

/// The rows of one register as they stand in the sealed frame, with one proof: what the authority of the
/// register receives, and no row of another (归集回执; Spec 28.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intake {
    /// The authority that keeps the register.
    pub authority: Code,
    /// What kind of document this is.
    pub document: Document,
    /// The proof of all rows (Spec 4.6).
    pub inclusion: Inclusion,
    /// The protocol.
    pub protocol: Protocol,
    /// The rows, in the order of the frame.
    pub rows: Vec<IntakeRow>,
    /// Digest of the seal.
    pub seal: Digest,
}

/// Whether a leaf at this place leads to the root of a tree.
fn leads(suite: Suite, leaf: Digest, (index, path): (u64, &[Digest]), (root, size): (Digest, u64)) -> bool {
    let places = usize::try_from(index).ok().zip(usize::try_from(size).ok());
    places.and_then(|(index, size)| root_from_path(suite, leaf, index, size, path)) == Some(root)
}

impl SealedRow {
    /// Whether salt, row and path lead to the root of the seal's frame.
    #[must_use]
    pub fn is_in(&self, seal: &Seal) -> bool {
        let leaf = encode(&UnitLeaf { salt: &self.salt, unit: &self.unit });
        let of_tree = (seal.frame.root, seal.frame.size);
        leaf.is_ok_and(|data| leads(seal.suite, seal.suite.leaf(&data), (self.index, &self.path), of_tree))
    }
}

impl Receipt {
    /// Whether the row leads to the root of the seal's frame, and the pseudonym with the row's id to that of
    /// its pseudonyms.
    #[must_use]
    pub fn is_in(&self, seal: &Seal) -> bool {
        let SealedPseudonym { index, path, pseudonym } = &self.pseudonym;
        let leaf = pseudonym_leaf(seal.suite, pseudonym, self.row.unit.id.as_str());
        let of_tree = (seal.frame.pseudonyms, seal.frame.size);
        self.row.is_in(seal) && leads(seal.suite, leaf, (*index, path), of_tree)
    }
}

impl Absence {
    /// Whether it is about this seal, and the two rows are in its frame, stand next to each other, and leave
    /// no place for the id between them.
    #[must_use]
    pub fn shows(&self, seal: &Seal) -> bool {
        let frame = &seal.frame;
        let digest = seal.digest();
        if self.seal != digest {
            return false;
        }
        let sound = |row: &SealedRow| row.is_in(seal);
        match (&self.lower, &self.upper) {
            (None, None) => frame.size == 0 && frame.root == Tree::new(seal.suite, Vec::new()).root(),
            (Some(lower), None) => sound(lower) && lower.unit.id < self.id && lower.index + 1 == frame.size,
            (None, Some(upper)) => sound(upper) && self.id < upper.unit.id && upper.index == 0,
            (Some(lower), Some(upper)) => {
                sound(lower)
                    && sound(upper)
                    && lower.unit.id < self.id
                    && self.id < upper.unit.id
                    && lower.index + 1 == upper.index
            }
        }
    }
}

/// Reading and writing of the documents of this room: canonical JSON, of its own kind.
macro_rules! document {
    ($name:ident, $kind:ident) => {
        impl $name {
            /// The canonical bytes.
            ///
            /// # Panics
            /// Never for a document that this library made or read.
            #[must_use]
            pub fn to_json(&self) -> Vec<u8> {
                encode(self).expect("counts below 2^53")
            }

            /// Reads a document.
            ///
            /// # Errors
            /// The bytes are not a canonical document of this kind. Its claims are not checked here.
            pub fn from_json(bytes: &[u8]) -> Result<Self, JsonError> {
                let document: Self = decode(bytes)?;
                document.document.expect(Document::$kind)?;
                Ok(document)
            }
        }
    };
}
pub(crate) use document;

document!(Receipt, Receipt);
document!(Absence, Absence);
document!(UnitOutcome, Outcome);
document!(Intake, Intake);

/// All receipts of a sealed frame: the trees are built once.
#[derive(Debug)]
pub struct Receipts<'a> {
    sealed: &'a Sealed,
    seal: Digest,
    rows: Tree,
    pseudonyms: Tree,
}

impl Sealed {
    /// Prepares the receipts of the frame.
    #[must_use]
    pub fn receipts(&self) -> Receipts<'_> {
        let rows = self.plan().frame().tree(self.seal().suite, self.salt_key());
        Receipts { sealed: self, seal: self.digest(), rows, pseudonyms: self.pseudonyms().leaves().tree() }
    }
}

impl Receipts<'_> {
    fn row(&self, index: usize) -> SealedRow {
        let unit = &self.sealed.plan().frame().units()[index];
        SealedRow {
            index: u64::try_from(index).expect("a position"),
            path: self.rows.path(index).expect("a leaf for every unit"),
            salt: self.sealed.salt_key().unit(self.sealed.seal().suite, unit.id.as_str()).salt,
            unit: unit.clone(),
        }
    }

    fn at(&self, index: usize) -> Receipt {
        let (row, pseudonyms) = (self.row(index), self.sealed.pseudonyms());
        let pseudonym = pseudonyms.all()[index];
        let place = pseudonyms.leaves().place(&pseudonym, row.unit.id.as_str());
        let path = usize::try_from(place).ok().and_then(|place| self.pseudonyms.path(place));
        let path = path.expect("a leaf for every unit");
        Receipt {
            document: Document::Receipt,
            protocol: Protocol,
            pseudonym: SealedPseudonym { index: place, path, pseudonym },
            row,
            seal: self.seal,
        }
    }

    /// The receipt of one institution. `None` if it is not on the frame.
    #[must_use]
    pub fn get(&self, unit: &UnitId) -> Option<Receipt> {
        self.sealed.plan().frame().position(unit).map(|index| self.at(index))
    }

    /// All receipts, ascending by id.
    pub fn iter(&self) -> impl Iterator<Item = Receipt> + '_ {
        (0..self.rows.size()).map(|index| self.at(index))
    }

    /// What the authority of a register receives. `None` if the seal names no register of it.
    #[must_use]
    pub fn intake(&self, authority: &Code) -> Option<Intake> {
        let (plan, seal) = (self.sealed.plan(), self.sealed.seal());
        seal.registers.iter().find(|register| &register.authority == authority)?;
        let owners = Owners::new(&plan.policy().frame.divisions, &seal.registers);
        let units = owners.rows(plan.frame()).0.remove(authority).unwrap_or_default();
        let row = |unit: &&Unit| IntakeRow {
            salt: self.sealed.salt_key().unit(seal.suite, unit.id.as_str()).salt,
            unit: (*unit).clone(),
        };
        let place =
            |unit: &&Unit| plan.frame().position(&unit.id).and_then(|place| u64::try_from(place).ok());
        let places: Vec<u64> = units.iter().filter_map(place).collect();
        Some(Intake {
            authority: authority.clone(),
            document: Document::Intake,
            inclusion: Inclusion::of(&self.rows, places),
            protocol: Protocol,
            rows: units.iter().map(row).collect(),
            seal: self.seal,
        })
    }

    /// That an id is not on the frame. `None` if it is.
    #[must_use]
    pub fn absence(&self, id: &UnitId) -> Option<Absence> {
        let units = self.sealed.plan().frame().units();
        let place = units.binary_search_by(|unit| unit.id.cmp(id)).err()?;
        Some(Absence {
            document: Document::Absence,
            id: id.clone(),
            lower: place.checked_sub(1).map(|index| self.row(index)),
            protocol: Protocol,
            seal: self.seal,
            upper: (place < units.len()).then(|| self.row(place)),
        })
    }
}

impl Sample<'_> {
    /// What the draw gave every institution of the frame, cell by cell in ticket order, then those that could
    /// not be drawn.
    pub fn outcomes(&self) -> impl Iterator<Item = UnitOutcome> + '_ {
        let units = self.plan().frame().units();
        let number = |n: usize| u64::try_from(n).expect("a position");
        let drawn = self.ranked().enumerate().flat_map(move |(cell, (ranked, count))| {
            let cutoff = count.checked_sub(1).map(|last| ranked[last].1);
            let fate = move |(place, (unit, ticket)): (usize, (usize, Digest))| {
                let cell = number(cell);
                let fate = match (place.checked_sub(count), cutoff) {
                    (None, Some(cutoff)) => Fate::Picked { cell, cutoff, ticket },
                    (past, cutoff) => {
                        Fate::Reserve { cell, cutoff, place: number(past.unwrap_or(0)) + 1, ticket }
                    }
                };
                (unit, fate)
            };
            ranked.into_iter().enumerate().map(fate).collect::<Vec<_>>()
        });
        let excluded = (0..units.len())
            .filter_map(|unit| Some((unit, Fate::Excluded { code: self.plan().exclusion(unit)? })));
        let seal = self.seed().sealed().digest();
        drawn.chain(excluded).map(move |(unit, fate)| UnitOutcome {
            document: Document::Outcome,
            fate,
            protocol: Protocol,
            seal,
            seed: self.seed().digest(),
            unit: units[unit].id.clone(),
        })
    }

    /// What the draw gave one institution. `None` if it is not on the frame.
    #[must_use]
    pub fn outcome(&self, unit: &UnitId) -> Option<UnitOutcome> {
        self.outcomes().find(|outcome| &outcome.unit == unit)
    }
}
