//! What an auditor has of registers, and how rows differ from those of a register (Spec 28.4 and 28.5).

use crate::bytes::{Document, JsonError, Protocol, SaltKey, decode, encode};
use crate::frame::Unit;
use crate::id::{Code, UnitId};
use crate::message::{AsParam as _, Message, said};
use crate::table::MOST_PROBLEMS;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an auditor has of one register: its salt key, and its rows if he has them apart from the frame above
/// (Spec 28.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterKey {
    /// The authority that keeps the register.
    pub authority: Code,
    /// The key of its salts.
    pub salt_key: SaltKey,
    /// Its rows, ascending by id; absent where only the key is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<Vec<Unit>>,
}

/// What an auditor has of the registers that a seal names (Spec 28.4).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegisterKeys(Vec<RegisterKey>);

/// The auditor's file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RegistersFile {
    document: Document,
    protocol: Protocol,
    registers: Vec<RegisterKey>,
}

impl RegisterKeys {
    /// The keys of some registers, in any order.
    #[must_use]
    pub fn new(mut keys: Vec<RegisterKey>) -> Self {
        keys.sort_by(|a, b| a.authority.cmp(&b.authority));
        Self(keys)
    }

    /// What is known of each register, ascending by authority.
    #[must_use]
    pub fn as_slice(&self) -> &[RegisterKey] {
        &self.0
    }

    /// The file an auditor gets, canonical JSON.
    ///
    /// # Panics
    /// Never: counts are below 2⁵³.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let (document, protocol) = (Document::Registers, Protocol);
        encode(&RegistersFile { document, protocol, registers: self.0.clone() }).expect("counts below 2^53")
    }

    /// Reads an auditor's file.
    ///
    /// # Errors
    /// The bytes are not its canonical form, authorities or the ids of one of them do not ascend.
    pub fn from_json(bytes: &[u8]) -> Result<Self, JsonError> {
        let file: RegistersFile = decode(bytes)?;
        file.document.expect(Document::Registers)?;
        if !file.registers.is_sorted_by(|a, b| a.authority < b.authority) {
            let message = said!("register.order", "registers do not ascend by authority");
            return Err(JsonError::Schema { message });
        }
        let mut rows = file.registers.iter().filter_map(|register| register.units.as_ref());
        if !rows.all(|rows| rows.is_sorted_by(|a, b| a.id < b.id)) {
            let message = said!("frame.units_order", "units do not ascend by id");
            return Err(JsonError::Schema { message });
        }
        Ok(Self(file.registers))
    }
}

/// How rows differ from those of a register: units by id, each list ascending (Spec 28.4 and 28.5).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowDifferences {
    /// Units whose row is another one.
    pub altered: Vec<UnitId>,
    /// Units of the register that are not there.
    pub left_out: Vec<UnitId>,
    /// Units that are not of the register.
    pub added: Vec<UnitId>,
    /// Units that stand there twice or more.
    pub doubled: Vec<UnitId>,
}

impl RowDifferences {
    /// Compares rows with those of a register, both in any order.
    #[must_use]
    pub fn between<'a>(
        register: impl IntoIterator<Item = &'a Unit>,
        found: impl IntoIterator<Item = &'a Unit>,
    ) -> Self {
        let own: BTreeMap<&UnitId, &Unit> = register.into_iter().map(|unit| (&unit.id, unit)).collect();
        let mut there: BTreeMap<&UnitId, Vec<&Unit>> = BTreeMap::new();
        found.into_iter().for_each(|unit| there.entry(&unit.id).or_default().push(unit));
        let mut differences = Self::default();
        for (id, rows) in &there {
            match own.get(id) {
                None => differences.added.push((*id).clone()),
                Some(unit) if rows.iter().any(|row| row != unit) => differences.altered.push((*id).clone()),
                Some(_) => {}
            }
            if rows.len() > 1 {
                differences.doubled.push((*id).clone());
            }
        }
        differences.left_out =
            own.keys().filter(|id| !there.contains_key(*id)).map(|id| (*id).clone()).collect();
        differences
    }

    /// What differs, in words; `None` where nothing does.
    pub(crate) fn told(&self) -> Option<Message> {
        let Self { altered, left_out, added, doubled } = self;
        let mut parts = Vec::new();
        let mut part = |units: &[UnitId], say: &dyn Fn(&[UnitId]) -> Message| {
            if !units.is_empty() {
                parts.push(say(&units[..units.len().min(MOST_PROBLEMS)]));
            }
        };
        part(altered, &|units| said!("found.rows_altered", "altered: {units}", units = units.param()));
        part(left_out, &|units| said!("found.rows_left_out", "left out: {units}", units = units.param()));
        part(added, &|units| said!("found.rows_added", "added: {units}", units = units.param()));
        part(doubled, &|units| said!("found.rows_doubled", "doubled: {units}", units = units.param()));
        (!parts.is_empty()).then(|| {
            let rows = parts.as_slice().param();
            said!("found.rows_differ", "{rows}", rows)
        })
    }
}
