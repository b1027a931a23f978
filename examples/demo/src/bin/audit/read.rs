//! Published lists as CSV: one file a draw, rows in the order of the register.

use double_random::message::Message;
use double_random::study::audit::{ListDraw, PublishedList};
use double_random::study::meetings::{Meeting, MeetingOutcome};
use double_random_office::say;
use double_random_support::files::{self, Failure};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the files say.
pub(crate) struct Published {
    pub(crate) list: PublishedList,
    /// Whether the file of a draw says in which order units were drawn.
    pub(crate) ordered: Vec<bool>,
    /// The published column of random numbers of a draw.
    pub(crate) keys: Vec<Option<Vec<Key>>>,
    pub(crate) meetings: Vec<Meeting>,
    /// For each draw: units that could be drawn, drawn, visited, behind closed doors.
    pub(crate) coverage: Vec<[usize; 4]>,
    /// Whether outcomes are known.
    pub(crate) outcomes: bool,
}

/// A value of a column of random numbers.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Key(f64);

impl Eq for Key {}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// The columns that are read, with their headings.
const COLUMNS: [(&str, &[&str]); 7] = [
    ("id", &["id", "编号", "统一社会信用代码"]),
    ("drawn", &["drawn", "抽中"]),
    ("district", &["district", "区县"]),
    ("cell", &["cell", "层"]),
    ("key", &["key", "随机数"]),
    ("officers", &["officers", "检查人员"]),
    ("outcome", &["outcome", "结果"]),
];

/// A unit that is in the register of another draw only.
const ABSENT: u64 = u64::MAX;

struct Row {
    line: usize,
    cells: BTreeMap<&'static str, String>,
}

fn unusable(path: &Path, line: usize, what: &Message) -> Failure {
    let file = path.display().to_string();
    say!("screen.audit.line", "{file}, line {line}: {what}", file, line, what).into()
}

fn rows(path: &Path) -> Result<Vec<Row>, Failure> {
    let bytes = files::read(path)?;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes).to_vec();
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let bad = |error: csv::Error| {
        let file = path.display().to_string();
        Failure::from(say!("screen.audit.csv", "{file}: {error}", file, error = error.to_string()))
    };
    let mut headings = Vec::new();
    for heading in reader.headers().map_err(bad)? {
        let known = COLUMNS.iter().find(|(_, names)| names.contains(&heading.trim()));
        let Some((name, _)) = known else {
            let names: Vec<&str> = COLUMNS.iter().flat_map(|(_, names)| *names).copied().collect();
            let what = say!(
                "screen.audit.column",
                "column \"{heading}\" is not read: remove it, or name it {known}",
                heading,
                known = names.join(", ")
            );
            return Err(unusable(path, 1, &what));
        };
        headings.push(*name);
    }
    for wanted in ["id", "drawn"] {
        if !headings.contains(&wanted) {
            return Err(unusable(
                path,
                1,
                &say!("screen.audit.no_column", "there is no column \"{wanted}\": add it", wanted),
            ));
        }
    }
    let mut rows = Vec::new();
    for (line, record) in (2..).zip(reader.records()) {
        let record = record.map_err(bad)?;
        let cells = headings.iter().copied().zip(record.iter().map(|cell| cell.trim().to_owned())).collect();
        rows.push(Row { line, cells });
    }
    Ok(rows)
}

/// Reads the files of the draws, the earliest first. `within`: officers change places only within a district.
pub(crate) fn read(paths: &[PathBuf], within: bool) -> Result<Published, Failure> {
    let files: Vec<(&PathBuf, Vec<Row>)> =
        paths.iter().map(|path| Ok((path, rows(path)?))).collect::<Result<_, Failure>>()?;
    let mut list = PublishedList::default();
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    for (path, row) in files.iter().flat_map(|(path, rows)| rows.iter().map(move |row| (path, row))) {
        let id = &row.cells["id"];
        if id.is_empty() {
            return Err(unusable(path, row.line, &say!("screen.audit.no_id", "the id is empty")));
        }
        if at.contains_key(id) {
            continue;
        }
        at.insert(id.clone(), list.ids.len());
        list.ids.push(id.clone());
        list.districts.push(row.cells.get("district").cloned().unwrap_or_default());
    }
    if list.districts.iter().all(String::is_empty) {
        list.districts.clear();
    }
    let mut published = Published {
        list,
        ordered: Vec::new(),
        keys: Vec::new(),
        meetings: Vec::new(),
        coverage: Vec::new(),
        outcomes: false,
    };
    for (number, (path, rows)) in (1..).zip(&files) {
        let mut cells = vec![ABSENT; published.list.ids.len()];
        let mut names: BTreeMap<&str, u64> = BTreeMap::new();
        let (mut drawn, mut keys) = (Vec::new(), vec![None; cells.len()]);
        let mut coverage = [rows.len(), 0, 0, 0];
        for row in rows {
            let cell = |name: &str| row.cells.get(name).map_or("", String::as_str);
            let unit = at[cell("id")];
            if cells[unit] != ABSENT {
                let what = say!("screen.audit.twice", "{id} stands twice: keep one row", id = cell("id"));
                return Err(unusable(path, row.line, &what));
            }
            let next = u64::try_from(names.len()).expect("a length");
            cells[unit] = *names.entry(cell("cell")).or_insert(next);
            if !cell("key").is_empty() {
                let key: f64 = cell("key")
                    .parse()
                    .map_err(|_| say!("screen.audit.key", "key \"{key}\" is no number", key = cell("key")))
                    .map_err(|what| unusable(path, row.line, &what))?;
                keys[unit] = Some(Key(key));
            }
            let order = match cell("drawn") {
                "" | "0" | "no" | "否" => None,
                "yes" | "x" | "是" => Some(0),
                text => Some(text.parse::<u64>().map_err(|_| {
                    let what = say!(
                        "screen.audit.drawn",
                        "drawn \"{cell}\": write yes or no, or the number of the draw from 1",
                        cell = text
                    );
                    unusable(path, row.line, &what)
                })?),
            };
            let Some(order) = order else { continue };
            drawn.push((order, unit));
            let outcome = match cell("outcome") {
                "" => None,
                "clean" | "合格" => Some(MeetingOutcome::Clean),
                "violation" | "问题" => Some(MeetingOutcome::Violation),
                "closed" | "关闭" => Some(MeetingOutcome::Closed),
                text => {
                    let what = say!(
                        "screen.audit.outcome",
                        "outcome \"{cell}\": write clean, violation or closed (合格, 问题, 关闭)",
                        cell = text
                    );
                    return Err(unusable(path, row.line, &what));
                }
            };
            published.outcomes |= outcome.is_some();
            coverage[1] += 1;
            coverage[2] += usize::from(outcome.is_some_and(|outcome| outcome != MeetingOutcome::Closed));
            coverage[3] += usize::from(outcome == Some(MeetingOutcome::Closed));
            let officers: Vec<String> = cell("officers")
                .split([';', '；', '、', '|'])
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect();
            if !officers.is_empty() {
                let group =
                    if within { format!("{number}/{}", cell("district")) } else { number.to_string() };
                published.meetings.push(Meeting { group, unit: cell("id").to_owned(), officers, outcome });
            }
        }
        drawn.sort_by_key(|(order, _)| *order);
        let distinct = drawn.windows(2).all(|pair| pair[0].0 < pair[1].0);
        published.ordered.push(distinct && drawn.len() > 1);
        let keys: Option<Vec<Key>> = keys.into_iter().collect();
        published.keys.push(keys);
        published.coverage.push(coverage);
        let drawn = drawn.into_iter().map(|(_, unit)| unit).collect();
        published.list.draws.push(ListDraw { cells, drawn });
    }
    Ok(published)
}
