//! Registers of lower authorities, and the frame that is put together from them (名录库归集; Spec 28).
//!
//! Each lower authority publishes the root of its rows before the upper seal is made. The upper seal names
//! every one of these roots. So an auditor can show which register went in unchanged. The authority itself
//! can, too: a receipt of its own rows shows no other row.
//!
//! ```text
//!  below:  rows, salt key ─▶ Register (root, size, divisions) ─┐
//!                                                              ▼
//!  above:  rows and registers of all ──▶ Registers::assemble ──▶ frame ─▶ plan ─▶ seal (names the registers)
//! ```
//!
//! [`Registers::assemble`] gives the frame, or all problems of all registers at once. Every division of the
//! policy belongs to one register, so every unit stands in one.

mod keys;
mod problems;

pub use keys::{RegisterKey, RegisterKeys, RowDifferences};
pub use problems::{RegisterProblem, RegisterProblems};

use crate::bytes::{Digest, Document, JsonError, Protocol, SaltKey, Suite, Tree, batch, decode, encode};
use crate::calendar::Date;
use crate::division::Divisions;
use crate::frame::{Frame, FrameTerms, Unit};
use crate::id::{Code, Division, UnitId};
use crate::message::said;
use crate::policy::Policy;
use crate::table::name_key;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Most registers that one seal names, and most divisions of all of them (Spec 28.1).
const MOST: usize = 10_000;

/// What an authority says of its register before the frame above is sealed: the root of its rows, and no row
/// (Spec 28.1). A seal names every register in this form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// The day of the rows: that of the policy above.
    pub as_of: Date,
    /// The authority that keeps the register.
    pub authority: Code,
    /// The divisions whose units it lists, ascending, at least one. Each stands for all that lies in it,
    /// unless a division in it is named, too: then for itself alone.
    pub divisions: Vec<Division>,
    /// RFC 6962 root over its rows, ascending by id, each salted under its own key.
    pub root: Digest,
    /// Units.
    pub size: u64,
}

/// The document of a register (Spec 28.1).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RegisterDocument {
    as_of: Date,
    authority: Code,
    divisions: Vec<Division>,
    document: Document,
    protocol: Protocol,
    root: Digest,
    size: u64,
}

/// The content of a leaf of a register's tree (Spec 28.1).
#[derive(Serialize)]
struct RegisterLeaf<'a> {
    salt: Digest,
    unit: &'a Unit,
}

/// The tree of some rows, ascending by id, salted under the key of a register (Spec 28.1).
pub(crate) fn tree_of(units: &[&Unit], suite: Suite, key: &SaltKey) -> Tree {
    Tree::new(suite, batch::map(units, |unit: &&Unit| leaf(unit, suite, key)))
}

/// The leaf of a row in the tree of a register.
pub(crate) fn leaf(unit: &Unit, suite: Suite, key: &SaltKey) -> Digest {
    let row = RegisterLeaf { salt: key.row(suite, "register", unit.id.as_str()), unit };
    suite.leaf(&encode(&row).expect("counts below 2^53"))
}

fn length(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

impl Register {
    /// The register of an authority: its rows are those of `frame`, in the suite of the policy above. Keep
    /// the key, and take another one for draws.
    #[must_use]
    pub fn new(
        authority: Code,
        as_of: Date,
        divisions: impl IntoIterator<Item = Division>,
        frame: &Frame,
        suite: Suite,
        key: &SaltKey,
    ) -> Self {
        let divisions: BTreeSet<Division> = divisions.into_iter().collect();
        let units: Vec<&Unit> = frame.units().iter().collect();
        Self {
            as_of,
            authority,
            divisions: divisions.into_iter().collect(),
            root: tree_of(&units, suite, key).root(),
            size: length(units.len()),
        }
    }

    /// Whether these rows, under this key, are exactly those of the register.
    ///
    /// # Errors
    /// Size or root differ.
    pub(crate) fn holds(&self, units: &[&Unit], suite: Suite, key: &SaltKey) -> Result<(), RegisterProblem> {
        let size = length(units.len());
        // Rows of another number are not hashed.
        let root = if size == self.size { tree_of(units, suite, key).root() } else { self.root };
        self.expect(size, root)
    }

    /// Whether rows of this number and this root are those of the register.
    pub(crate) fn expect(&self, size: u64, root: Digest) -> Result<(), RegisterProblem> {
        let authority = self.authority.clone();
        if size != self.size {
            return Err(RegisterProblem::Size { authority, expected: self.size, found: size });
        }
        if root != self.root {
            return Err(RegisterProblem::Root { authority, expected: self.root, found: root });
        }
        Ok(())
    }

    /// The document, canonical JSON: to be published before the seal above is made.
    ///
    /// # Panics
    /// Never for a register of fewer than 2⁵³ units.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let Self { as_of, authority, divisions, root, size } = self.clone();
        let (document, protocol) = (Document::Register, Protocol);
        let document = RegisterDocument { as_of, authority, divisions, document, protocol, root, size };
        encode(&document).expect("a size below 2^53")
    }

    /// Reads the document.
    ///
    /// # Errors
    /// The bytes are not its canonical form.
    pub fn from_json(bytes: &[u8]) -> Result<Self, JsonError> {
        let file: RegisterDocument = decode(bytes)?;
        file.document.expect(Document::Register)?;
        let RegisterDocument { as_of, authority, divisions, root, size, .. } = file;
        let register = Self { as_of, authority, divisions, root, size };
        check_form(std::slice::from_ref(&register))?;
        Ok(register)
    }
}

/// The form of the registers of a seal (Spec 28.3): authorities ascend, each has divisions that ascend.
pub(crate) fn check_form(list: &[Register]) -> Result<(), JsonError> {
    let refuse = |message| Err(JsonError::Schema { message });
    let divisions: usize = list.iter().map(|register| register.divisions.len()).sum();
    if list.len().max(divisions) > MOST {
        return refuse(said!("register.too_many", "more than {most} registers or divisions", most = MOST));
    }
    if !list.is_sorted_by(|a, b| a.authority < b.authority) {
        return refuse(said!("register.order", "registers do not ascend by authority"));
    }
    let odd = |register: &&Register| {
        register.divisions.is_empty() || !register.divisions.is_sorted_by(|a, b| a < b)
    };
    match list.iter().find(odd) {
        Some(Register { authority, .. }) => refuse(said!(
            "register.divisions",
            "the divisions of {authority} are missing, or do not ascend",
            authority
        )),
        None => Ok(()),
    }
}

/// Which register a division belongs to: the one that names it, or else the one that names the nearest area
/// above it, if no register names anything else in that area (Spec 28.2).
pub(crate) struct Owners<'a> {
    list: &'a Divisions,
    by_division: BTreeMap<&'a Division, &'a Register>,
    /// Divisions in which others are named: each stands for itself alone.
    divided: BTreeSet<Division>,
}

impl<'a> Owners<'a> {
    pub(crate) fn new(list: &'a Divisions, registers: &'a [Register]) -> Self {
        let mut by_division = BTreeMap::new();
        for register in registers {
            register.divisions.iter().for_each(|division| {
                by_division.entry(division).or_insert(register);
            });
        }
        let mut divided = BTreeSet::new();
        for &division in by_division.keys() {
            divided.extend(areas(list, division).filter(|area| area != division));
        }
        Self { list, by_division, divided }
    }

    /// The register of a division, and the division that it names.
    pub(crate) fn of(&self, division: &Division) -> Option<(&'a Division, &'a Register)> {
        let mut named = areas(self.list, division).filter_map(|area| self.by_division.get_key_value(&area));
        let (nearest, register) = named.next().map(|(division, register)| (*division, *register))?;
        (nearest == division || !self.divided.contains(nearest)).then_some((nearest, register))
    }

    /// The rows of each register, by authority, and those of none, as they stand in a frame.
    pub(crate) fn rows<'f>(&self, frame: &'f Frame) -> (BTreeMap<&'a Code, Vec<&'f Unit>>, Vec<&'f Unit>) {
        let (mut rows, mut stray): (BTreeMap<&Code, Vec<&Unit>>, Vec<&Unit>) = Default::default();
        let mut known: BTreeMap<&Division, Option<&Code>> = BTreeMap::new();
        for unit in frame.units() {
            let owner = known
                .entry(&unit.division)
                .or_insert_with(|| self.of(&unit.division).map(|(_, register)| &register.authority));
            match owner {
                Some(authority) => rows.entry(authority).or_default().push(unit),
                None => stray.push(unit),
            }
        }
        (rows, stray)
    }
}

/// The areas in which a division lies, from itself outwards.
fn areas<'a>(list: &'a Divisions, division: &'a Division) -> impl Iterator<Item = Division> + 'a {
    (1..=list.depth()).rev().map(|depth| list.at(division, depth))
}

/// What registers as a list break, whatever their rows are: one for each authority, of the day of the policy,
/// every division of the policy of exactly one (Spec 28.2).
pub(crate) fn listed(registers: &[Register], divisions: &Divisions, as_of: Date) -> RegisterProblems {
    let mut found = RegisterProblems::NONE;
    let mut authorities = BTreeSet::new();
    let mut named: BTreeMap<&Division, &Code> = BTreeMap::new();
    for Register { authority: own, as_of: day, divisions, .. } in registers {
        let authority = || own.clone();
        if !authorities.insert(authority()) {
            found.note(RegisterProblem::Twice { authority: authority() });
        }
        if *day != as_of {
            found.note(RegisterProblem::Day { authority: authority(), expected: as_of, found: *day });
        }
        for division in divisions {
            if let Some(first) = named.get(division) {
                let (division, first) = (division.clone(), (*first).clone());
                found.note(RegisterProblem::Shared { division, first, second: authority() });
            } else {
                named.insert(division, own);
            }
        }
    }
    let owners = Owners::new(divisions, registers);
    let mut used = BTreeSet::new();
    for division in divisions.codes() {
        match owners.of(division) {
            Some((area, _)) => drop(used.insert(area)),
            None => found.note(RegisterProblem::Missing { division: division.clone() }),
        }
    }
    for register in registers {
        for division in register.divisions.iter().filter(|division| !used.contains(division)) {
            let (authority, division) = (register.authority.clone(), division.clone());
            found.note(RegisterProblem::Idle { authority, division });
        }
    }
    found
}

/// Whether the registers of a seal fit its policy and the size of its frame: the first problem, if there is
/// one (check `registers` of Spec 13).
pub(crate) fn fit(registers: &[Register], policy: &Policy, size: u64) -> Result<(), RegisterProblem> {
    if let Some(problem) = listed(registers, &policy.frame.divisions, policy.as_of).kept.into_iter().next() {
        return Err(problem);
    }
    let expected = registers.iter().fold(0, |sum: u64, register| sum.saturating_add(register.size));
    if expected == size { Ok(()) } else { Err(RegisterProblem::Units { expected, found: size }) }
}

/// What a lower authority hands in: the register that it has published, its rows and its key (Spec 28.2).
#[derive(Debug, Clone)]
pub struct SubmittedRegister {
    /// The published document.
    pub register: Register,
    /// The rows.
    pub frame: Frame,
    /// The key of their salts.
    pub salt_key: SaltKey,
}

/// Units of several registers under different ids that share a licence or a name: perhaps one institution
/// (疑似重复). Nothing is refused for it; somebody has to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuspectedDuplicate {
    /// `licences` or `name`.
    pub column: &'static str,
    /// The number of the licence, or the name as the first unit has it.
    pub value: String,
    /// The units, each with the authority of its register, of at least two registers.
    pub units: Vec<(Code, UnitId)>,
}

/// A frame that was put together from registers (Spec 28.2).
#[derive(Debug, Clone)]
pub struct Registers {
    list: Vec<Register>,
    frame: Frame,
    suspected: Vec<SuspectedDuplicate>,
    terms: FrameTerms,
    as_of: Date,
    suite: Suite,
}

impl Registers {
    /// Puts the frame of a policy together from the registers of lower authorities. The upper authority's own
    /// rows come as a register of its own.
    ///
    /// # Errors
    /// All problems at once: an authority or a division that stands twice, a division of the policy that is
    /// of no register, a register of another day, rows that are not those of their register, that break a
    /// rule of the policy or lie outside the divisions of their register, and every unit of two registers.
    pub fn assemble(given: Vec<SubmittedRegister>, policy: &Policy) -> Result<Self, RegisterProblems> {
        let mut given = given;
        given.sort_by(|a, b| a.register.authority.cmp(&b.register.authority));
        let list: Vec<Register> = given.iter().map(|one| one.register.clone()).collect();
        let mut found = listed(&list, &policy.frame.divisions, policy.as_of);
        let owners = Owners::new(&policy.frame.divisions, &list);
        for SubmittedRegister { register, frame, salt_key } in &given {
            let authority = &register.authority;
            let units: Vec<&Unit> = frame.units().iter().collect();
            let own = register.holds(&units, policy.suite, salt_key);
            own.unwrap_or_else(|problem| found.note(problem));
            if let Err(rows) = frame.conforms(&policy.frame, policy.as_of) {
                for problem in rows.as_slice() {
                    let (authority, problem) = (authority.clone(), problem.clone());
                    found.note(RegisterProblem::Row { authority, problem });
                }
                found.left_off = found.left_off.saturating_add(rows.left_off());
            }
            // A division that two registers name is one problem, and not one for each of its rows.
            let mine = |division: &Division| {
                let owner = owners.of(division).is_some_and(|(_, owner)| owner == register);
                owner || register.divisions.contains(division)
            };
            for unit in units.into_iter().filter(|unit| !mine(&unit.division)) {
                let (unit, division) = (unit.id.clone(), unit.division.clone());
                found.note(RegisterProblem::Outside { authority: authority.clone(), unit, division });
            }
        }
        let mut units: Vec<(Unit, usize)> = Vec::new();
        for (place, one) in given.iter().enumerate() {
            units.extend(one.frame.units().iter().map(|unit| (unit.clone(), place)));
        }
        units.sort_by(|a, b| a.0.id.cmp(&b.0.id));
        let authority = |place: usize| given[place].register.authority.clone();
        for pair in units.windows(2).filter(|pair| pair[0].0.id == pair[1].0.id) {
            let unit = pair[0].0.id.clone();
            let (first, second) = (authority(pair[0].1), authority(pair[1].1));
            found.note(RegisterProblem::Duplicate { unit, first, second });
        }
        found.settled()?;
        let suspected = suspected(&units, authority);
        let frame = Frame::of(units.into_iter().map(|(unit, _)| unit).collect());
        let (terms, as_of, suite) = (policy.frame.clone(), policy.as_of, policy.suite);
        Ok(Self { list, frame, suspected, terms, as_of, suite })
    }

    /// The frame of all rows.
    #[must_use]
    pub const fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The registers, ascending by authority.
    #[must_use]
    pub fn list(&self) -> &[Register] {
        &self.list
    }

    /// Units under different ids in different registers that are perhaps one: licences first, then names.
    #[must_use]
    pub fn suspected(&self) -> &[SuspectedDuplicate] {
        &self.suspected
    }

    /// Whether a plan of this policy and frame is of these registers.
    pub(crate) fn are_of(&self, policy: &Policy, frame: &Frame) -> bool {
        (&self.terms, self.as_of, self.suite) == (&policy.frame, policy.as_of, policy.suite)
            && self.frame == *frame
    }
}

/// Units of several registers that share a licence, then those that share a name.
fn suspected(units: &[(Unit, usize)], authority: impl Fn(usize) -> Code) -> Vec<SuspectedDuplicate> {
    let mut licences: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut names: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, (unit, _)) in units.iter().enumerate() {
        let numbers: BTreeSet<&str> = unit.licences.iter().map(|licence| licence.number.as_str()).collect();
        numbers.into_iter().for_each(|number| licences.entry(number).or_default().push(at));
        let key = name_key(&unit.name).unwrap_or_else(|| unit.name.clone());
        names.entry(key).or_default().push(at);
    }
    let several = |places: &[usize]| places.iter().any(|at| units[*at].1 != units[places[0]].1);
    let one = |column, value: &str, places: &[usize]| SuspectedDuplicate {
        column,
        value: value.to_owned(),
        units: places.iter().map(|at| (authority(units[*at].1), units[*at].0.id.clone())).collect(),
    };
    let by_licence = licences.iter().filter(|(_, places)| several(places));
    let by_name = names.values().filter(|places| several(places));
    let by_licence = by_licence.map(|(number, places)| one("licences", number, places));
    by_licence.chain(by_name.map(|places| one("name", &units[places[0]].0.name, places))).collect()
}
