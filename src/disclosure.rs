//! What a draw is bound to before it is disclosed: its visits under salted commitments that open one by one,
//! and what it is to the cycle (Spec 16).

use crate::assign::{Assignment, Visit};
use crate::bytes::{
    Digest, Document, Frontier, JsonError, Label, Prefix, Protocol, SaltKey, Suite, Tree, batch, decode,
    encode, root_from_path,
};
use crate::calendar::Date;
use crate::cycle::{Drawn, DrawnRow, Event, RowsCommitment};
use crate::id::UnitId;
use crate::policy::Billionths;
use crate::receipt::document;
use crate::sample::Sample;
use crate::seal::Seal;
use crate::stream::{SealedStream, StreamError, StreamRow, StreamedSample};
use serde::{Deserialize, Serialize};

/// Root and size of the tree over a draw's salted visits (Spec 16.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VisitsCommitment {
    /// Root.
    pub root: Digest,
    /// Visits.
    pub size: u64,
}

/// One visit with its proof: what an institution is shown at its door (Spec 16.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// What kind of document this is.
    pub document: Document,
    /// Place of its leaf, from 0; it tells nothing of the unit.
    pub index: u64,
    /// Inclusion path from the leaf upwards.
    pub path: Vec<Digest>,
    /// The protocol.
    pub protocol: Protocol,
    /// Salt of the visit.
    pub salt: Digest,
    /// Digest of the seal.
    pub seal: Digest,
    /// The visit.
    pub visit: Visit,
}

/// The content of a leaf: keys in byte order.
#[derive(Serialize)]
struct VisitLeaf<'a> {
    salt: &'a Digest,
    visit: &'a Visit,
}

/// The bytes of a visit's leaf; writable for visits of documents that were read or made here.
fn leaf(salt: &Digest, visit: &Visit) -> Result<Vec<u8>, JsonError> {
    encode(&VisitLeaf { salt, visit })
}

/// The salted visits of a draw.
#[derive(Debug)]
pub struct VisitsTree<'a> {
    suite: Suite,
    seal: Digest,
    key: &'a SaltKey,
    visits: &'a [Visit],
    /// Places in the tree, by visit.
    places: Vec<usize>,
    tree: Tree,
}

impl<'a> VisitsTree<'a> {
    /// Puts visits under salts: those of an assignment, or of teams after a replacement. They must ascend by
    /// unit.
    ///
    /// # Errors
    /// A visit that no document can hold (a count beyond 2⁵³ − 1).
    pub fn new(seal: &Seal, key: &'a SaltKey, visits: &'a [Visit]) -> Result<Self, JsonError> {
        let (suite, digest) = (seal.suite, seal.digest());
        let hash = |visit: &Visit| {
            leaf(&key.visit(suite, &digest, visit.unit.as_str()), visit).map(|data| suite.leaf(&data))
        };
        // By their hash and not by unit: a place must not tell how many visits go to smaller ids.
        let leaves: Vec<Digest> = visits.iter().map(hash).collect::<Result<_, _>>()?;
        let mut sorted: Vec<(Digest, usize)> = leaves.into_iter().zip(0..).collect();
        sorted.sort_unstable();
        let mut places = vec![0; visits.len()];
        for (place, &(_, visit)) in sorted.iter().enumerate() {
            places[visit] = place;
        }
        let tree = Tree::new(suite, sorted.into_iter().map(|(leaf, _)| leaf).collect());
        Ok(Self { suite, seal: digest, key, visits, places, tree })
    }

    /// What the ledger holds of it.
    #[must_use]
    pub fn commitment(&self) -> VisitsCommitment {
        let size = u64::try_from(self.tree.size()).expect("a length");
        VisitsCommitment { root: self.tree.root(), size }
    }

    /// Opens one visit. `None` if the unit has none.
    #[must_use]
    pub fn opening(&self, unit: &UnitId) -> Option<Opening> {
        let number = self.visits.binary_search_by(|visit| visit.unit.cmp(unit)).ok()?;
        let index = self.places[number];
        Some(Opening {
            document: Document::Opening,
            index: u64::try_from(index).expect("a position"),
            path: self.tree.path(index)?,
            protocol: Protocol,
            salt: self.key.visit(self.suite, &self.seal, unit.as_str()),
            seal: self.seal,
            visit: self.visits[number].clone(),
        })
    }
}

impl Assignment<'_> {
    /// The salted visits, for the ledger's entry and for openings.
    ///
    /// # Panics
    /// Never: chances and counts are small.
    #[must_use]
    pub fn visits(&self) -> VisitsTree<'_> {
        let sealed = self.sample().seed().sealed();
        VisitsTree::new(sealed.seal(), sealed.salt_key(), &self.teams().visits).expect("counts below 2^53")
    }
}

impl Opening {
    /// Whether it is of this seal, and the visit is among those that were committed to in its ledger.
    #[must_use]
    pub fn is_in(&self, seal: &Seal, visits: &VisitsCommitment) -> bool {
        let suite = seal.suite;
        let places = usize::try_from(self.index).ok().zip(usize::try_from(visits.size).ok());
        let data = leaf(&self.salt, &self.visit).ok();
        let root = places.zip(data).and_then(|((index, size), data)| {
            root_from_path(suite, suite.leaf(&data), index, size, &self.path)
        });
        self.seal == seal.digest() && root == Some(visits.root)
    }
}

/// What a draw is to the cycle, in rows under salts, with the salt under which the ledger commits to it: for
/// auditors (Spec 16.3). One row of it can be shown alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnDocument {
    /// What kind of document this is.
    pub document: Document,
    /// The draw.
    pub drawn: DrawnRows,
    /// The protocol.
    pub protocol: Protocol,
    /// The salt of the whole.
    pub salt: Digest,
}

/// The event of a draw in rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnRows {
    /// The date of the frame.
    pub as_of: Date,
    /// Sequence number of the draw.
    pub draw: u64,
    /// The share of the cycle that the draw stands for.
    pub share: Billionths,
    /// All units that could be drawn, ascending.
    pub units: Vec<SaltedUnit>,
}

/// What a draw is to one unit, under a salt: the data of its leaf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaltedUnit {
    /// The salt of the row.
    pub salt: Digest,
    /// The row.
    pub unit: DrawnRow,
}

/// What is hashed of a drawn document: keys in byte order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnHead {
    /// The draw.
    pub drawn: DrawnRoot,
    /// The salt of the whole.
    pub salt: Digest,
}

/// The event of a draw with the root of its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnRoot {
    /// The date of the frame.
    pub as_of: Date,
    /// Sequence number of the draw.
    pub draw: u64,
    /// The share of the cycle that the draw stands for.
    pub share: Billionths,
    /// Root and number of the rows.
    pub units: RowsCommitment,
}

impl DrawnDocument {
    /// Puts the rows of an event under the salts of its draw.
    #[must_use]
    pub fn new(seal: &Seal, key: &SaltKey, drawn: &Drawn) -> Self {
        let salts = DrawnSalts::new(seal, key);
        let units = drawn.rows().map(|row| salts.of(row)).collect();
        let drawn = DrawnRows { as_of: drawn.as_of, draw: drawn.draw, share: drawn.share, units };
        Self { document: Document::Drawn, drawn, protocol: Protocol, salt: salts.whole }
    }

    /// The event of the cycle (Spec 9.6.1).
    #[must_use]
    pub fn event(&self) -> Drawn {
        let DrawnRows { as_of, draw, share, units } = &self.drawn;
        Drawn::of_rows(*as_of, *draw, *share, units.iter().map(|row| row.unit.clone()))
    }

    /// What the ledger holds of it, for a draw of this suite.
    ///
    /// # Panics
    /// Never for a document that this library made or read.
    #[must_use]
    pub fn digest(&self, suite: Suite) -> Digest {
        let mut rows = Frontier::new(suite);
        rows.extend(self.leaves(suite));
        self.head(RowsCommitment::from(&rows)).digest(suite)
    }

    /// One row with the path to the root: what the institution can be shown. `None` if the draw has none of
    /// it.
    ///
    /// # Panics
    /// As for [`Self::digest`].
    #[must_use]
    pub fn shown(&self, suite: Suite, unit: &UnitId) -> Option<ShownRow> {
        let place = self.drawn.units.binary_search_by(|row| row.unit.unit.cmp(unit)).ok()?;
        let tree = Tree::new(suite, self.leaves(suite));
        let size = u64::try_from(tree.size()).expect("a length");
        Some(ShownRow {
            head: self.head(RowsCommitment { root: tree.root(), size }),
            index: u64::try_from(place).expect("a position"),
            path: tree.path(place)?,
            row: self.drawn.units[place].clone(),
        })
    }

    fn leaves(&self, suite: Suite) -> Vec<Digest> {
        let leaves = |rows: &[SaltedUnit]| rows.iter().map(|row| row.leaf(suite)).collect::<Vec<_>>();
        batch::map(self.drawn.units.chunks(4096), leaves).concat()
    }

    fn head(&self, units: RowsCommitment) -> DrawnHead {
        let DrawnRows { as_of, draw, share, .. } = self.drawn;
        DrawnHead { drawn: DrawnRoot { as_of, draw, share, units }, salt: self.salt }
    }
}

/// The salts of a drawn document (Spec 4.1 and 16.3).
#[derive(Debug, Clone)]
struct DrawnSalts {
    rows: Prefix,
    whole: Digest,
}

impl DrawnSalts {
    fn new(seal: &Seal, key: &SaltKey) -> Self {
        let digest = seal.digest();
        let whole = key.row(seal.suite, "drawn", &digest.to_string());
        Self { rows: key.rows(seal.suite, &[b"drawn", &digest.hex()]), whole }
    }

    fn of(&self, unit: DrawnRow) -> SaltedUnit {
        SaltedUnit { salt: self.rows.finish(unit.unit.as_str().as_bytes()), unit }
    }
}

impl SealedStream {
    /// What a streamed draw is to the cycle, from one more pass over the rows of the count: the rows of
    /// [`Sample::drawn_document`], which `each` takes as they come, ascending by unit. They are not kept. The
    /// answer has their root, and gives the digest for the ledger. With the rows of the cycle they make those
    /// of the next one: [`CycleHead::drawn`](crate::cycle::CycleHead::drawn).
    ///
    /// # Errors
    /// Those of `each`; or problems of the rows; or they are not those that were counted, and then what
    /// `each` has taken is worth nothing.
    ///
    /// # Panics
    /// If the sample is of another draw.
    pub fn drawn_rows<E: From<StreamError>>(
        &self,
        sample: &StreamedSample,
        rows: impl IntoIterator<Item = impl Into<StreamRow>>,
        mut each: impl FnMut(SaltedUnit) -> Result<(), E>,
    ) -> Result<DrawnHead, E> {
        let (seal, policy) = (self.seal(), self.counted().policy());
        let (salts, mut leaves) = (DrawnSalts::new(seal, self.salt_key()), Frontier::new(seal.suite));
        self.event_rows(sample, rows, |row| {
            let row = salts.of(row);
            leaves.push(row.leaf(seal.suite));
            each(row)
        })?;
        let (as_of, draw, share) = (policy.as_of, seal.sequence, policy.round().share);
        let units = RowsCommitment::from(&leaves);
        Ok(DrawnHead { drawn: DrawnRoot { as_of, draw, share, units }, salt: salts.whole })
    }
}

impl SaltedUnit {
    fn leaf(&self, suite: Suite) -> Digest {
        suite.leaf(&encode(self).expect("counts below 2^53"))
    }
}

impl DrawnHead {
    /// What the ledger holds of the document, for a draw of this suite.
    ///
    /// # Panics
    /// Never for numbers of a document that this library made or read.
    #[must_use]
    pub fn digest(&self, suite: Suite) -> Digest {
        suite.digest(Label::Drawn, &encode(self).expect("counts below 2^53"))
    }
}

/// One row of a drawn document with the path to its root. It tells nothing of other rows (Spec 16.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownRow {
    /// The document with the root in the place of its rows.
    pub head: DrawnHead,
    /// Place of the row, from 0.
    pub index: u64,
    /// Inclusion path from the leaf upwards.
    pub path: Vec<Digest>,
    /// The row.
    pub row: SaltedUnit,
}

impl ShownRow {
    /// Whether the row is in a document with this digest, in a draw of this suite.
    #[must_use]
    pub fn is_in(&self, suite: Suite, drawn: Digest) -> bool {
        let RowsCommitment { root, size } = self.head.drawn.units;
        let places = usize::try_from(self.index).ok().zip(usize::try_from(size).ok());
        let led = places
            .and_then(|(index, size)| root_from_path(suite, self.row.leaf(suite), index, size, &self.path));
        led == Some(root) && self.head.digest(suite) == drawn
    }
}

document!(Opening, Opening);
document!(DrawnDocument, Drawn);

impl Sample<'_> {
    /// What this draw is to the cycle, as an auditor gets it.
    ///
    /// # Panics
    /// Never: [`Sample::drawn`] makes that event.
    #[must_use]
    pub fn drawn_document(&self) -> DrawnDocument {
        let sealed = self.seed().sealed();
        let Event::Drawn(drawn) = self.drawn() else { unreachable!("the event of a draw") };
        DrawnDocument::new(sealed.seal(), sealed.salt_key(), &drawn)
    }
}
