//! The place of a unit before any rule about single units: inside or outside the draw, and its stratum (Spec
//! 10.1, steps 1 and 2; 10.3).

use super::{Billionths, Guard, Policy, Ratio, Stratum};
use crate::calendar::Date;
use crate::frame::{Status, Unit};
use crate::id::Code;
use crate::odds::ONE;
use crate::stratum::{StratumNode, StratumPath};

/// The protocol's own reasons why a unit is not active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outside {
    /// Closed (注销, 吊销).
    Closed,
    /// Suspended (停业).
    Suspended,
    /// All licences have expired.
    LicenceExpired,
    /// Not of the population.
    OutOfScope,
}

impl Outside {
    /// The reason codes, which no rule of a policy may use.
    pub(crate) const CODES: [&str; 4] = ["closed", "suspended", "licence_expired", "out_of_scope"];

    /// The reason code.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn code(self) -> Code {
        let text = match self {
            Self::Closed => Self::CODES[0],
            Self::Suspended => Self::CODES[1],
            Self::LicenceExpired => Self::CODES[2],
            Self::OutOfScope => Self::CODES[3],
        };
        Code::parse(text).expect("a code of the protocol")
    }
}

/// How many of the active units of a node must be reached by the end of the cycle, and how many may be
/// (Spec 10.4, step 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReachBounds {
    /// Units that must be reached.
    pub quota: u64,
    /// Units that may be reached.
    pub limit: u64,
}

impl Policy {
    /// The reason why a unit with this last visit is not active in this draw; `None` if it is active (Spec
    /// 10.1, steps 1 and 2).
    #[must_use]
    pub fn outside(&self, unit: &Unit, last_visit: Option<Date>) -> Option<Outside> {
        match unit.status {
            Status::Closed => return Some(Outside::Closed),
            Status::Suspended => return Some(Outside::Suspended),
            Status::Active if unit.expired(self.as_of) => return Some(Outside::LicenceExpired),
            Status::Active => {}
        }
        let population = self.population.as_ref()?;
        let list = &self.frame.divisions;
        let meant = unit.meets(list, &population.divisions, &population.kinds, &population.has);
        let since = population.visited_since;
        let visited = since.is_none_or(|since| last_visit.is_some_and(|day| day >= since));
        (!(meant && visited)).then_some(Outside::OutOfScope)
    }

    /// The stratum path of a unit, without `first`/`repeat` (Spec 10.3); empty without strata.
    #[must_use]
    pub fn path(&self, unit: &Unit) -> StratumPath {
        let mut path = StratumPath::default();
        for stratum in &self.strata {
            match stratum {
                Stratum::Area(level) => {
                    path.push(self.frame.divisions.at(&unit.division, level.depth()).as_str());
                }
                Stratum::Kind => path.push(unit.kind.as_str()),
                Stratum::Risk => path.push(unit.risk.as_str()),
                Stratum::Credit => path.push(unit.credit.as_str()),
            }
        }
        path
    }

    /// The component of a stratum in a path that has `first` or `repeat` outermost.
    ///
    /// `None` if it is no stratum of the policy.
    pub(crate) fn shown<'p>(&self, path: &'p StratumPath, stratum: Stratum) -> Option<&'p str> {
        let place = self.strata.iter().position(|own| *own == stratum)?;
        path.node().components().nth(1 + place)
    }

    /// Every level with bounds, each once, outermost first.
    pub(crate) fn bounded(&self) -> Vec<Guard> {
        let ratios = self.ratios.iter().map(|ratio| ratio.at);
        let mut levels: Vec<Guard> = self.coverage().guards.iter().copied().chain(ratios).collect();
        levels.sort_unstable_by_key(|level| self.depth(*level));
        levels.dedup();
        levels
    }

    /// Quota and limit of a node of this level: the numbers of its active units that must and that may be
    /// reached in the cycle. `None` where nothing is bounded (Spec 10.4, step 1).
    pub(crate) fn bounds(&self, level: Guard, node: StratumNode<'_>, active: u64) -> Option<ReachBounds> {
        let narrow = |n: u128| u64::try_from(n).expect("at most the active units");
        let of = |share: &Billionths| u128::from(share.get()) * u128::from(active);
        let up = |share: &Billionths| narrow(of(share).div_ceil(u128::from(ONE)));
        let coverage = self.coverage();
        let guarded = coverage.guards.contains(&level);
        let mut quota = if guarded { up(&coverage.minimum) } else { 0 };
        let (mut limit, mut bounded) = (active, guarded);
        for ratio in self.ratios.iter().filter(|ratio| ratio.at == level && ratio.names(node)) {
            bounded = true;
            let Ratio { all_below, least, max, min, .. } = &ratio.body;
            quota = quota.max(min.as_ref().map_or(0, up)).max(least.map_or(0, |least| least.min(active)));
            if all_below.is_some_and(|n| active < n) {
                quota = active;
            }
            limit = limit.min(max.as_ref().map_or(active, |max| narrow(of(max) / u128::from(ONE))));
        }
        bounded.then_some(ReachBounds { quota, limit })
    }

    /// The number of components, `first`/`repeat` included, of the nodes of a level (Spec 10.4, step 1).
    ///
    /// # Panics
    /// If the level is not among the strata: the policy was checked for that.
    pub(crate) fn depth(&self, level: Guard) -> usize {
        match level {
            Guard::Total => 1,
            Guard::Stratum(stratum) => {
                2 + self.strata.iter().position(|s| *s == stratum).expect("checked with the policy")
            }
        }
    }
}
