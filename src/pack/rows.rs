//! Rows of a register made ready for a frame: signals from the dossier, levels from the rule table.

use super::Pack;
use crate::dossier::Dossier;
use crate::frame::UnitRow;
use crate::id::{Code, UnitId};
use crate::policy::Policy;
use std::collections::BTreeMap;

impl Pack {
    /// Fills in what follows from rules: each row's signals get those of the dossier on the day of the policy, and risk and credit become what the
    /// policy's rule table says. What a row states of its own stays: features of the register; a signal that the dossier keeps, too, is a
    /// problem that [`Frame::new`](crate::Frame::new) reports. Rows whose id, kind or counts cannot be read stay as they are, for the same reader.
    #[must_use]
    pub fn rated(
        &self,
        policy: &Policy,
        dossier: &Dossier,
        rows: impl IntoIterator<Item = UnitRow>,
    ) -> Vec<UnitRow> {
        let terms = self.dossier_terms();
        let rate = |mut row: UnitRow| {
            let (Ok(id), Ok(kind)) = (UnitId::parse(&row.id), Code::parse(&row.kind)) else { return row };
            let known = dossier.signals(&terms, &id, &kind, policy.as_of);
            // What a row states of a signal that the dossier keeps stands twice then, and the reader of the frame refuses it.
            let kept = |code: &str| {
                let code = Code::parse(code).ok()?;
                (terms.signals.contains_key(&code) || terms.ladders.contains_key(&code)).then_some(code)
            };
            let stated = row.signals.iter().filter_map(|(code, _)| kept(code));
            let stated = stated.filter(|code| !known.contains_key(code)).map(|code| (code, 0));
            let all: Vec<(Code, u64)> = stated.chain(known.clone()).collect();
            row.signals.extend(all.iter().map(|(code, count)| (code.to_string(), count.to_string())));
            let read =
                |(code, count): &(String, String)| Some((Code::parse(code).ok()?, count.parse().ok()?));
            let counts: Option<BTreeMap<Code, u64>> = row.signals.iter().map(read).collect();
            let Some(counts) = counts else { return row };
            if let Some((risk, credit)) = policy.levels(&kind, &counts) {
                (row.risk, row.credit) = (risk.to_string(), credit.to_string());
            }
            row
        };
        rows.into_iter().map(rate).collect()
    }
}
