//! Tables of addresses and credit codes, for notices and letters.

use super::columns::SEAT;
use super::grid::{self, Schema};
use super::{Read, Source};
use crate::say;
use double_random::id::{UnitId, UnitIdKind};
use double_random::message::Coded as _;

/// One institution: id, address, 统一社会信用代码.
pub type SeatRow = (UnitId, String, String);

/// Reads a table of addresses (地址). Where the credit code is the id, one column is enough for both.
///
/// # Errors
/// As for [`units`](super::units); an id that is none, and a credit code with a wrong check character.
pub fn seats<'a>(source: impl Into<Source<'a>>) -> Read<SeatRow> {
    let schema = Schema { columns: SEAT, keys: ["unit", "address"], required: &["address"], more: &[] };
    let mut read = Vec::new();
    let (notes, places) = grid::read(source.into(), &schema, &mut |row, told| {
        let (code, address) = (row.code("code"), row.text("address"));
        let (field, id) = match row.unit("unit", told) {
            id if id.is_empty() => ("code", code.clone()),
            id => ("unit", id),
        };
        let unit = UnitId::read(&id, row.ids()).map_err(|error| {
            row.problem(field, &id, &error.message(), told);
        });
        let is_code = |unit: UnitId| unit.kind() == UnitIdKind::Credit;
        if !code.is_empty() && !UnitId::parse(&code).is_ok_and(is_code) {
            let rule = say!("office.cell.credit_code", "is no credit code (GB 32100)");
            row.problem("code", &code, &rule, told);
        }
        if let Ok(unit) = unit {
            read.push((unit, address, code));
        }
    })?;
    Ok((read, notes, places))
}
