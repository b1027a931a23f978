//! The division list (行政区划表): the areas in which units lie and people work, as a tree (Spec 9.7).
//!
//! Strata, floors, jurisdiction, populations and days ask this list which area lies in which. There are two
//! sorts of list. A **list of digits** holds codes of GB/T 2260, and the area above is told by the digits. An
//! **own list** holds any codes, as of the wards of a county, and each entry names the entry above it.

use crate::id::{Division, IdError};
use crate::message::{Message, as_text, said};
use crate::table::Field;
use serde::de::{self, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// A level of the division list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AreaLevel {
    /// 省: the first two digits, in a list of digits.
    Province,
    /// 市: the first four digits.
    City,
    /// 县、区: the first six digits.
    County,
    /// 乡镇、街道: the first nine digits.
    Township,
    /// 村、社区: all twelve digits.
    Village,
    /// The areas of an own list that have no area above them.
    Area1,
    /// The areas right below these.
    Area2,
    /// The third level of an own list.
    Area3,
    /// The fourth level.
    Area4,
    /// The fifth level, which is the deepest.
    Area5,
}

as_text!(AreaLevel);

impl fmt::Display for AreaLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl AreaLevel {
    /// All levels: those of a list of digits, then those of an own list, outermost first.
    pub const ALL: [Self; 10] = [
        Self::Province,
        Self::City,
        Self::County,
        Self::Township,
        Self::Village,
        Self::Area1,
        Self::Area2,
        Self::Area3,
        Self::Area4,
        Self::Area5,
    ];

    /// The level as documents write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::City => "city",
            Self::County => "county",
            Self::Township => "township",
            Self::Village => "village",
            Self::Area1 => "area1",
            Self::Area2 => "area2",
            Self::Area3 => "area3",
            Self::Area4 => "area4",
            Self::Area5 => "area5",
        }
    }

    /// The level that a document writes so.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }

    /// How deep it lies, from 1 to 5.
    #[must_use]
    pub const fn depth(self) -> usize {
        match self {
            Self::Province | Self::Area1 => 1,
            Self::City | Self::Area2 => 2,
            Self::County | Self::Area3 => 3,
            Self::Township | Self::Area4 => 4,
            Self::Village | Self::Area5 => 5,
        }
    }

    /// What is said of a word that names no level where one is expected, in the form of the parser's own
    /// words; `first` and `last` are the other words that may stand there.
    pub(crate) fn unknown(text: &str, first: &[&str], last: &[&str]) -> String {
        let levels = Self::ALL.iter().map(|level| level.as_str());
        let known = first.iter().copied().chain(levels).chain(last.iter().copied());
        let known: Vec<String> = known.map(|name| format!("`{name}`")).collect();
        format!("unknown variant `{text}`, expected one of {}", known.join(", "))
    }

    /// Whether it is a level of lists of digits.
    #[must_use]
    pub const fn of_digits(self) -> bool {
        matches!(self, Self::Province | Self::City | Self::County | Self::Township | Self::Village)
    }
}

/// The deepest level of any list.
const DEEPEST: usize = 5;

/// An entry of the list. In JSON an entry that is only its code is a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DivisionEntry {
    /// The code that rows of units and people carry.
    pub code: Division,
    /// What people call it, 1 to 200 characters.
    pub name: Option<String>,
    /// The entry above it. A list in which an entry has one is an own list.
    pub parent: Option<Division>,
}

impl From<Division> for DivisionEntry {
    fn from(code: Division) -> Self {
        Self { code, name: None, parent: None }
    }
}

/// An entry that has more than its code.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenEntry {
    code: Division,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<Division>,
}

impl Serialize for DivisionEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { code, name, parent } = self.clone();
        if (&name, &parent) == (&None, &None) {
            return code.serialize(serializer);
        }
        WrittenEntry { code, name, parent }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for DivisionEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntryReader;

        impl<'de> Visitor<'de> for EntryReader {
            type Value = DivisionEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a division: its code, or an object of code, name and parent")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<DivisionEntry, E> {
                Division::parse(text).map(DivisionEntry::from).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<DivisionEntry, A::Error> {
                let WrittenEntry { code, name, parent } =
                    WrittenEntry::deserialize(MapAccessDeserializer::new(map))?;
                if (&name, &parent) == (&None, &None) {
                    return Err(de::Error::custom(
                        "the entry has neither name nor parent: write its code alone",
                    ));
                }
                Ok(DivisionEntry { code, name, parent })
            }
        }

        deserializer.deserialize_any(EntryReader)
    }
}

/// The division list of a policy, programme or pack. Copies share it.
///
/// A list with faults can be made, so that its reader can report all of them; no policy has one.
#[derive(Debug, Clone, Default)]
pub struct Divisions(Arc<DivisionTree>);

#[derive(Debug, Default)]
struct DivisionTree {
    entries: Vec<DivisionEntry>,
    /// The positions of the entries, ascending by code.
    by_code: Vec<usize>,
    /// In an own list, for each entry the positions from the outermost area down to itself.
    chains: Vec<Vec<usize>>,
    own: bool,
}

impl PartialEq for Divisions {
    fn eq(&self, other: &Self) -> bool {
        self.0.entries == other.0.entries
    }
}

impl Eq for Divisions {}

impl Serialize for Divisions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.entries.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Divisions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::new)
    }
}

/// A list that may be left out, and says something where it is there.
pub(crate) fn filled<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Divisions, D::Error> {
    let list = Divisions::deserialize(deserializer)?;
    if list.is_empty() {
        Err(de::Error::custom("the list of divisions is empty: leave it out"))
    } else {
        Ok(list)
    }
}

impl FromIterator<Division> for Divisions {
    fn from_iter<I: IntoIterator<Item = Division>>(codes: I) -> Self {
        Self::new(codes.into_iter().map(DivisionEntry::from).collect())
    }
}

/// The number of digits that tell an area of this depth.
const fn digits(depth: usize) -> usize {
    match depth {
        0 | 1 => 2,
        2 => 4,
        3 => 6,
        4 => 9,
        _ => 12,
    }
}

impl Divisions {
    /// The list of these entries, in their order.
    #[must_use]
    pub fn new(entries: Vec<DivisionEntry>) -> Self {
        let mut by_code: Vec<usize> = (0..entries.len()).collect();
        by_code.sort_by(|a, b| entries[*a].code.cmp(&entries[*b].code));
        let parents = entries.iter().any(|entry| entry.parent.is_some());
        let digits = |entry: &DivisionEntry| Division::of_digits(entry.code.as_str()).is_ok();
        let own = parents || (!entries.is_empty() && !entries.iter().any(digits));
        let mut tree = DivisionTree { entries, by_code, chains: Vec::new(), own };
        if own {
            let chain = |place: usize| {
                let mut chain: Vec<usize> = tree.above(place).take(DEEPEST).collect();
                chain.reverse();
                chain
            };
            tree.chains = (0..tree.entries.len()).map(chain).collect();
        }
        Self(Arc::new(tree))
    }

    /// The entries.
    #[must_use]
    pub fn entries(&self) -> &[DivisionEntry] {
        &self.0.entries
    }

    /// The codes of the entries.
    pub fn codes(&self) -> impl Iterator<Item = &Division> {
        self.0.entries.iter().map(|entry| &entry.code)
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.entries.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    /// Whether it is a list of digits: no entry has a parent, and the codes are of GB/T 2260.
    #[must_use]
    pub fn of_digits(&self) -> bool {
        !self.0.own
    }

    /// How deep the list is: in a list of digits 3, or 4 with townships, or 5 with villages; in an own list
    /// the entries from the outermost to the innermost.
    #[must_use]
    pub fn depth(&self) -> usize {
        if self.0.own {
            return self.0.chains.iter().map(Vec::len).max().unwrap_or(1);
        }
        let depth = |division: &Division| self.digits_depth(division).max(3);
        self.codes().map(depth).max().unwrap_or(3)
    }

    /// The level of a depth in this sort of list.
    pub(crate) fn level(&self, depth: usize) -> Option<AreaLevel> {
        AreaLevel::ALL.into_iter().find(|level| level.depth() == depth && level.of_digits() != self.0.own)
    }

    /// The level that shows all of every division.
    pub(crate) fn innermost(&self) -> AreaLevel {
        self.level(self.depth()).expect("a list is 1 to 5 deep")
    }

    /// Reads a division as rows carry it: of GB/T 2260 in a list of digits, any code in an own list.
    pub(crate) fn read(&self, text: &str) -> Result<Division, IdError> {
        if self.0.own { Division::parse(text) } else { Division::of_digits(text) }
    }

    /// Whether the list has an entry of this code.
    #[must_use]
    pub fn has(&self, division: &Division) -> bool {
        self.0.place(division).is_some()
    }

    /// Whether the division means an area for this list: one of its entries, or in a list of digits any of
    /// GB/T 2260, as people may work anywhere.
    #[must_use]
    pub fn knows(&self, division: &Division) -> bool {
        if self.0.own { self.has(division) } else { Division::of_digits(division.as_str()).is_ok() }
    }

    /// What people call a division of the list.
    #[must_use]
    pub fn name(&self, division: &Division) -> Option<&str> {
        self.0.entries[self.0.place(division)?].name.as_deref()
    }

    /// The area of a depth, from 1, in which a division lies (Spec 9.7, step 3). A division that does not lie
    /// so deep is its own area.
    #[must_use]
    pub fn at(&self, division: &Division, depth: usize) -> Division {
        if !self.0.own {
            return division.padded(digits(depth));
        }
        let chain = self.0.place(division).map(|place| &self.0.chains[place]);
        let area = chain.and_then(|chain| chain.get(depth.saturating_sub(1)));
        area.map_or_else(|| division.clone(), |place| self.0.entries[*place].code.clone())
    }

    /// The areas of a depth, from 1, in which the entries lie.
    #[must_use]
    pub(crate) fn areas(&self, depth: usize) -> BTreeSet<Division> {
        self.codes().map(|code| self.at(code, depth)).collect()
    }

    /// Whether a division lies in an area or is it (Spec 9.7, step 4).
    #[must_use]
    pub fn covers(&self, area: &Division, division: &Division) -> bool {
        if !self.0.own {
            return division.as_str().starts_with(area.significant());
        }
        let (Some(area_place), Some(place)) = (self.0.place(area), self.0.place(division)) else {
            return area == division;
        };
        self.0.chains[place].contains(&area_place)
    }

    /// Whether two divisions lie in one area of a level; one that covers the other counts as all that lies in
    /// it (Spec 9.7, step 5).
    #[must_use]
    pub fn share(&self, level: AreaLevel, a: &Division, b: &Division) -> bool {
        let depth = level.depth();
        self.at(a, depth) == self.at(b, depth) || self.covers(a, b) || self.covers(b, a)
    }

    /// A number for the area of a depth: two divisions of the list have the same exactly if [`at`](Self::at)
    /// is the same for both. So a city and a township right below it have the same at the depth of counties.
    /// It is quicker to compare than the codes.
    pub(crate) fn key(&self, division: &Division, depth: usize) -> u64 {
        if self.0.own {
            let place = self.0.place(division).and_then(|place| {
                let chain = &self.0.chains[place];
                chain.get(depth.saturating_sub(1)).or(chain.last()).copied()
            });
            return place.map_or(0, |place| u64::try_from(place).expect("a place") + 1);
        }
        let text = division.as_str().bytes().map(|digit| u64::from(digit.saturating_sub(b'0')));
        text.chain(std::iter::repeat(0))
            .take(digits(DEEPEST))
            .enumerate()
            .fold(0, |number, (place, digit)| number * 10 + if place < digits(depth) { digit } else { 0 })
    }

    /// The depth that the digits of a division tell.
    fn digits_depth(&self, division: &Division) -> usize {
        let length = division.significant().len();
        (1..DEEPEST).find(|depth| digits(*depth) >= length).unwrap_or(DEEPEST)
    }

    /// Why a level means nothing in this list, if it does not.
    pub(crate) fn misfit(&self, level: AreaLevel) -> Option<Message> {
        if level.of_digits() == self.0.own {
            let own: Vec<&str> = AreaLevel::ALL
                .into_iter()
                .filter(|other| other.of_digits() != self.0.own && other.depth() <= self.depth())
                .map(AreaLevel::as_str)
                .collect();
            let levels = own.join(", ");
            return Some(if self.0.own {
                said!(
                    "division.level_of_digits",
                    "{level} is a level of GB/T 2260, and the division list is of other codes: its levels are \
                     {levels}",
                    level,
                    levels
                )
            } else {
                said!(
                    "division.level_of_own",
                    "{level} is a level of lists with parents, and the divisions are codes of GB/T 2260: their \
                     levels are {levels}",
                    level,
                    levels
                )
            });
        }
        let (depth, deepest) = (level.depth(), self.depth());
        (depth > deepest).then(|| {
            said!(
                "division.level_deep",
                "{level} is level {depth}, and no division of the list lies deeper than level {deepest}",
                level,
                depth,
                deepest
            )
        })
    }

    /// Notes everything that is wrong with the list.
    pub(crate) fn check(&self, at: &Field<'_>, readable: impl Fn(&str) -> bool) {
        at.filled(&self.0.entries);
        at.unique(self.codes());
        for entry in &self.0.entries {
            let code = &entry.code;
            at.when(entry.name.as_ref().is_some_and(|name| !readable(name)), || {
                said!("division.name", "{code} has no name of 1 to 200 characters", code)
            });
            if let (false, Err(error)) = (self.0.own, Division::of_digits(code.as_str())) {
                at.note(said!(
                    "division.mixed",
                    "{code} {error}, and other codes of the list are of GB/T 2260; in a list of other codes an \
                     entry has a parent",
                    code,
                    error
                ));
            }
        }
        if !self.0.own {
            return;
        }
        for entry in &self.0.entries {
            let code = &entry.code;
            if let Some(parent) = entry.parent.as_ref().filter(|parent| !self.has(parent)) {
                at.note(said!(
                    "division.parent",
                    "{code} lies in {parent}, which the list does not have: add it, or name another parent",
                    code,
                    parent
                ));
            }
        }
        self.check_depths(at);
    }

    /// No area lies in itself, and none too deep. Every entry is looked at once, whatever the list is.
    fn check_depths(&self, at: &Field<'_>) {
        // The depth of an entry that is in a cycle, or lies in one, is 0.
        let mut depths: Vec<Option<usize>> = vec![None; self.len()];
        for place in 0..self.len() {
            let (mut path, mut seen) = (Vec::new(), BTreeSet::new());
            let mut above = self.0.above(place);
            let end = above.find(|place| {
                let stop = depths[*place].is_some() || !seen.insert(*place);
                path.extend((!stop).then_some(*place));
                stop
            });
            let mut depth = end.map_or(Some(0), |end| depths[end]);
            if depth.is_none() {
                let first = path.iter().position(|place| Some(*place) == end).unwrap_or(0);
                let codes =
                    path[first..].iter().chain(&end).map(|place| self.0.entries[*place].code.as_str());
                let codes = codes.collect::<Vec<_>>().join(", ");
                at.note(said!(
                    "division.cycle",
                    "{codes}: each lies in the next, so none has an outermost area",
                    codes
                ));
            }
            let endless = depth.is_none() || (depth == Some(0) && end.is_some());
            for place in path.into_iter().rev() {
                depth = if endless { Some(0) } else { depth.map(|depth| depth + 1) };
                depths[place] = depth;
                at.when(depth == Some(DEEPEST + 1), || {
                    said!(
                        "division.deep",
                        "{code} lies in 5 areas, one in the other: a list is at most 5 deep",
                        code = self.0.entries[place].code
                    )
                });
            }
        }
    }
}

impl DivisionTree {
    /// The position of the entry of a code.
    fn place(&self, division: &Division) -> Option<usize> {
        let found = self.by_code.binary_search_by(|place| self.entries[*place].code.cmp(division));
        found.ok().map(|place| self.by_code[place])
    }

    /// An entry and those above it, innermost first. In a cycle there is no end.
    fn above(&self, place: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(place), |place| self.place(self.entries[*place].parent.as_ref()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{BrokenRules, readable};

    fn list(json: &str) -> Divisions {
        serde_json::from_str(json).unwrap()
    }

    fn division(text: &str) -> Division {
        Division::parse(text).unwrap()
    }

    fn faults(list: &Divisions) -> Vec<String> {
        let broken = BrokenRules::default();
        list.check(&broken.at("divisions"), readable);
        broken.into_vec().iter().map(ToString::to_string).collect()
    }

    const COUNTIES: &str = r#"[{"code":"state","name":"The State"},{"code":"north","parent":"state"},
        {"code":"w-1","name":"Ward 1","parent":"north"},{"code":"w-2","parent":"north"},
        {"code":"south","parent":"state"},{"code":"w-3","parent":"south"}]"#;

    #[test]
    fn an_own_list_is_a_tree_whatever_its_codes_look_like() {
        let list = list(COUNTIES);
        let at = |code: &str, depth| list.at(&division(code), depth).to_string();
        assert_eq!((list.depth(), list.innermost()), (3, AreaLevel::Area3));
        assert_eq!([at("w-1", 1), at("w-1", 2), at("w-1", 3)], ["state", "north", "w-1"]);
        // What does not lie so deep is its own area.
        assert_eq!([at("state", 3), at("nowhere", 2)], ["state", "nowhere"]);
        assert!(list.covers(&division("north"), &division("w-2")));
        assert!(!list.covers(&division("w-2"), &division("north")));
        assert!(!list.covers(&division("north"), &division("w-3")));
        assert!(list.share(AreaLevel::Area2, &division("w-1"), &division("w-2")));
        assert!(list.share(AreaLevel::Area2, &division("state"), &division("w-3")));
        assert!(!list.share(AreaLevel::Area2, &division("w-1"), &division("w-3")));
        assert_eq!(list.name(&division("w-1")), Some("Ward 1"));
        assert!(faults(&list).is_empty());
        // Numbers tell areas apart exactly as their codes do.
        let codes: Vec<Division> = list.codes().cloned().collect();
        for (a, b) in codes.iter().flat_map(|a| codes.iter().map(move |b| (a, b))) {
            for depth in 1..=3 {
                let same = list.at(a, depth) == list.at(b, depth);
                assert_eq!(list.key(a, depth) == list.key(b, depth), same, "{a} {b} {depth}");
            }
        }
    }

    #[test]
    fn digits_are_the_tree_of_a_list_of_digits() {
        let list = list(r#"["350502",{"code":"350582","name":"晋江市"},"350582101","441900003","350500"]"#);
        let at = |code: &str, depth| list.at(&division(code), depth).to_string();
        assert_eq!((list.of_digits(), list.depth(), list.innermost()), (true, 4, AreaLevel::Township));
        let chain: Vec<String> = (1..=5).map(|depth| at("350582101", depth)).collect();
        assert_eq!(chain, ["350000", "350500", "350582", "350582101", "350582101"]);
        // A city without counties has its townships right below it.
        assert_eq!([at("441900003", 2), at("441900003", 3)], ["441900", "441900"]);
        assert!(list.covers(&division("350500"), &division("350582101")));
        assert!(list.covers(&division("350582"), &division("350582101")));
        assert!(!list.covers(&division("350582101"), &division("350582")));
        assert!(list.share(AreaLevel::City, &division("350502"), &division("350582101")));
        assert!(list.share(AreaLevel::City, &division("350582"), &division("350000")));
        assert!(!list.share(AreaLevel::City, &division("350582"), &division("350100")));
        assert!(
            faults(&list).is_empty() && list.knows(&division("110101")) && !list.has(&division("110101"))
        );
        assert!(list.misfit(AreaLevel::Area1).is_some() && list.misfit(AreaLevel::Village).is_some());
        // A township whose code ends in 00 is no county.
        assert!(!list.covers(&division("350582100"), &division("350582101")));
    }

    /// Prefixes of numbers mean nothing in an own list, even where they could be of GB/T 2260.
    #[test]
    fn numbers_of_an_own_list_are_only_names() {
        let list = list(r#"[{"code":"110100","name":"A"},{"code":"110101","parent":"320200"},"320200"]"#);
        assert!(!list.of_digits() && faults(&list).is_empty());
        assert!(!list.covers(&division("110100"), &division("110101")));
        assert!(list.covers(&division("320200"), &division("110101")));
    }

    #[test]
    fn every_fault_of_a_list_is_told_at_once() {
        let faulty = list(
            r#"[{"code":"a","parent":"b"},{"code":"b","parent":"c"},{"code":"c","parent":"a"},
            {"code":"d","parent":"c"},{"code":"e","parent":"nowhere"},{"code":"f","parent":"f"},
            {"code":"g1","name":"1"},{"code":"g2","parent":"g1"},{"code":"g3","parent":"g2"},
            {"code":"g4","parent":"g3"},{"code":"g5","parent":"g4"},{"code":"g6","parent":"g5"},
            {"code":"g7","parent":"g6"},{"code":"g1","parent":"a"}]"#,
        );
        let told = faults(&faulty).join("\n");
        for words in [
            "has g1 twice",
            "e lies in nowhere, which the list does not have",
            "a, b, c, a: each lies in the next",
            "f, f: each lies in the next",
        ] {
            assert!(told.contains(words), "{words}\n{told}");
        }
        assert_eq!(told.matches("each lies in the next").count(), 2, "{told}");
        let deep = list(
            r#"[{"code":"g1","name":"1"},{"code":"g2","parent":"g1"},{"code":"g3","parent":"g2"},
            {"code":"g4","parent":"g3"},{"code":"g5","parent":"g4"},{"code":"g6","parent":"g5"},
            {"code":"g7","parent":"g6"}]"#,
        );
        assert_eq!(faults(&deep).len(), 1);
        assert!(faults(&deep)[0].contains("g6 lies in 5 areas"), "{:?}", faults(&deep));
        assert!(faults(&list(r#"["350502","ward-1"]"#))[0].contains("ward-1 is not six digits"));
    }

    #[test]
    fn a_long_cycle_is_found_in_one_pass() {
        let entry = |n: usize| DivisionEntry {
            code: division(&format!("c-{n}")),
            name: None,
            parent: Some(division(&format!("c-{}", (n + 1) % 5000))),
        };
        assert_eq!(faults(&Divisions::new((0..5000).map(entry).collect())).len(), 1);
    }

    #[test]
    fn an_entry_that_is_only_its_code_is_a_text() {
        assert!(serde_json::from_str::<Divisions>(r#"[{"code":"350502"}]"#).is_err());
        assert!(serde_json::from_str::<Divisions>(r#"[{"code":"w-1","name":"1","colour":"red"}]"#).is_err());
        let text = r#"["350502",{"code":"350503","name":"丰泽区"}]"#;
        assert_eq!(serde_json::to_string(&list(text)).unwrap(), text);
    }
}
