//! The frame of a register: signals from the dossier, levels from the rule table.

use super::Pack;
use crate::dossier::{Dossier, DossierTerms};
use crate::frame::{Assess, Assessed, Frame, FrameRule, LevelsOfRows, UnitLevels, UnitRow};
use crate::id::{Code, UnitId};
use crate::policy::Policy;
use crate::table::Problems;
use std::collections::BTreeMap;

/// The sources of signals and levels on the day of a policy.
struct AssessmentSources<'a> {
    dossier: &'a Dossier,
    policy: &'a Policy,
    terms: DossierTerms,
}

impl Assess for AssessmentSources<'_> {
    fn stated_levels(&self) -> LevelsOfRows {
        match &self.policy.rating {
            None => LevelsOfRows::Counted,
            Some(rating) if rating.start.stated => LevelsOfRows::Begin,
            Some(_) => LevelsOfRows::Refused,
        }
    }

    fn assess(
        &self,
        id: &UnitId,
        kind: &Code,
        stated: BTreeMap<Code, u64>,
        refuse: &mut dyn FnMut(&Code),
    ) -> Assessed {
        stated.keys().filter(|signal| self.terms.keeps(signal)).for_each(refuse);
        let mut signals = stated;
        signals.extend(self.dossier.signals(&self.terms, id, kind, self.policy.as_of));
        let levels = self.policy.levels(kind, &signals);
        let levels = levels.map(|(risk, credit)| UnitLevels { credit: credit.clone(), risk: risk.clone() });
        Assessed { levels, signals }
    }
}

impl Pack {
    /// Reads a register into the frame of a policy. Each unit gets the signals of the dossier on the day of
    /// the policy beside the features that its row states, and the levels that the policy's rule table gives
    /// it. The levels of the rows count for a policy without a rule table. Under one they are where its rules
    /// begin, if it says so ([`Start::stated`](crate::policy::Start::stated)); else a filled cell is a
    /// problem.
    ///
    /// # Errors
    /// Every problem of the table, as [`Frame::new`] reports them; so is a signal that a row states although
    /// the dossier keeps it.
    pub fn frame(
        &self,
        policy: &Policy,
        dossier: &Dossier,
        rows: impl IntoIterator<Item = UnitRow>,
    ) -> Result<Frame, Problems<FrameRule>> {
        let sources = AssessmentSources { dossier, policy, terms: self.dossier_terms() };
        Frame::assessed(rows, &policy.frame, policy.as_of, &sources)
    }
}
