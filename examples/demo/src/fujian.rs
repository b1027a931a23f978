//! The registers of a year of the nine cities of Fujian: 1,111 real institutions, everything else about them constructed
//! (`examples/data/README.md` says by which rule).

use double_random::frame::UnitRow;
use double_random::id::Division;
use double_random::roster::InspectorRow;
use double_random::{Frame, Policy, Roster};
use double_random_support::files::Failure;
use serde::Deserialize;

const UNITS: &[u8] = include_bytes!("../../data/fujian_units.csv");
const OFFICERS: &[u8] = include_bytes!("../../data/fujian_officers.csv");
/// The rules of the year.
pub const POLICY: &str = include_str!("../../data/fujian_policy.json");

/// One institution through the year, as the shipped table has it.
#[derive(Deserialize)]
pub struct Life {
    /// Its id.
    #[serde(rename = "机构标识")]
    pub id: String,
    #[serde(rename = "机构名称")]
    name: String,
    #[serde(rename = "设区市")]
    city: String,
    #[serde(rename = "类别")]
    kind: String,
    #[serde(rename = "风险")]
    risk: String,
    #[serde(rename = "信用")]
    credit: String,
    #[serde(rename = "列入轮次")]
    from: u64,
    /// The round from which it is closed.
    #[serde(rename = "退出轮次")]
    pub until: Option<u64>,
    #[serde(rename = "信用变动轮次")]
    changes: Option<u64>,
    #[serde(rename = "变动后信用")]
    then: String,
}

/// One officer of a city.
#[derive(Deserialize)]
struct Officer {
    #[serde(rename = "执法证号")]
    id: String,
    #[serde(rename = "姓名")]
    name: String,
    #[serde(rename = "城市")]
    city: String,
    #[serde(rename = "上限")]
    cap: String,
}

impl Life {
    /// Whether it is open in a round.
    fn open(&self, round: u64) -> bool {
        self.from <= round && self.until.is_none_or(|until| round < until)
    }

    fn row(&self, row: u64, round: u64) -> UnitRow {
        let changed = self.changes.is_some_and(|from| from <= round);
        UnitRow {
            row,
            id: self.id.clone(),
            name: self.name.clone(),
            division: self.city.clone(),
            kind: self.kind.clone(),
            risk: self.risk.clone(),
            credit: if changed { self.then.clone() } else { self.credit.clone() },
            // A closed institution stays on the frame, so that what was drawn of it stays in its city's account.
            status: if self.open(round) { "active" } else { "closed" }.into(),
            ..UnitRow::default()
        }
    }
}

/// The registers of the nine cities.
pub struct Registers {
    /// The institutions.
    pub lives: Vec<Life>,
    /// The cities.
    pub cities: Vec<Division>,
    officers: Vec<Officer>,
}

impl Registers {
    /// Reads the shipped tables.
    ///
    /// # Errors
    /// None: the shipped tables are well formed.
    pub fn read() -> Result<Self, Failure> {
        let lives = csv::Reader::from_reader(UNITS).deserialize().collect::<Result<Vec<Life>, _>>()?;
        let officers =
            csv::Reader::from_reader(OFFICERS).deserialize().collect::<Result<Vec<Officer>, _>>()?;
        let cities = Policy::from_json(POLICY)?.frame.divisions.codes().cloned().collect();
        Ok(Self { lives, cities, officers })
    }

    /// The institutions of a round whose ids are meant, in the rows of the whole table.
    ///
    /// # Errors
    /// The policy is about other codes than the tables.
    pub fn frame(&self, round: u64, policy: &Policy, meant: impl Fn(&str) -> bool) -> Result<Frame, Failure> {
        let there = (1..).zip(&self.lives).filter(|(_, life)| life.from <= round && meant(&life.id));
        Ok(Frame::new(there.map(|(row, life)| life.row(row, round)), &policy.frame, policy.as_of)?)
    }

    /// The officers of the cities that are meant.
    ///
    /// # Errors
    /// The policy is about other codes than the tables.
    pub fn roster(&self, policy: &Policy, meant: impl Fn(&str) -> bool) -> Result<Roster, Failure> {
        let row = |(row, officer): (u64, &Officer)| InspectorRow {
            row,
            id: officer.id.clone(),
            name: officer.name.clone(),
            department: "wsjd".into(),
            divisions: vec![officer.city.clone()],
            certified_until: "2028-12-31".into(),
            cap: officer.cap.clone(),
            ..InspectorRow::default()
        };
        let own = self.officers.iter().filter(|officer| meant(&officer.city));
        Ok(Roster::new((1..).zip(own).map(row), [], &policy.roster, policy.as_of)?)
    }
}
