//! Makes the notice. It reads nothing that the public could not be shown: a record that is not open is not given.

use super::{Came, Facts, Notice, NoticeItem, NoticeMark, NoticeRow, NoticeSource, Seat};
use crate::told;
use double_random::bytes::PROTOCOL;
use double_random::calendar::{Date, Instant};
use double_random::id::{Code, UnitIdKind};
use double_random::ledger::{Content, Correction, Gone, Line, VoidReason};
use double_random::pack::Pack;
use double_random::plan::CellTable;
use double_random::policy::{Design, Disclosure, Origin, Source};
use double_random::programme::Programme;
use double_random::seal::Seal;
use double_random::{Frame, Policy, Record, UnitId};
use double_random_support::screen::Lang;
use std::collections::{BTreeMap, BTreeSet};

/// What a notice is made from.
pub struct Material<'a> {
    /// The entries of the ledger.
    pub lines: &'a [Line],
    /// Draw and attempt.
    pub name: (u64, u64),
    /// The policy.
    pub policy: &'a Policy,
    /// The table of cells.
    pub table: &'a CellTable,
    /// The record, once it is open to the public.
    pub record: Option<&'a Record>,
    /// Pack and programme.
    pub rules: Option<(&'a Pack, &'a Programme)>,
    /// The frame, for names.
    pub frame: Option<&'a Frame>,
    /// What the office has entered.
    pub facts: &'a Facts,
    /// Addresses and codes.
    pub seats: &'a BTreeMap<UnitId, Seat>,
    /// The day of publication.
    pub date: Date,
}

/// What the entries say of one attempt.
#[derive(Default)]
struct Story {
    seal: Option<Box<Seal>>,
    drawn_at: Option<Instant>,
    void: Option<VoidReason>,
    replaced: BTreeMap<UnitId, (UnitId, Gone)>,
    visits: BTreeMap<u64, Correction>,
}

impl Story {
    fn read(lines: &[Line], name: (u64, u64)) -> Self {
        let mut story = Self::default();
        for line in lines {
            let entry = line.entry();
            match &entry.entry {
                Content::Sealed { seal } if (seal.sequence, seal.attempt) == name => {
                    story = Self { seal: Some(seal.clone()), ..Self::default() };
                }
                Content::Drawn { attempt, draw, .. } if (*draw, *attempt) == name => {
                    story.drawn_at = Some(entry.at);
                }
                Content::Void { attempt, draw, reason, .. } if (*draw, *attempt) == name => {
                    story.void = Some(*reason);
                }
                Content::Replaced(change) if change.draw == name.0 => {
                    story.replaced.insert(change.unit.clone(), (change.by.clone(), change.reason));
                }
                Content::Visited(visited) if visited.draw == name.0 => {
                    story.visits.insert(entry.number, Correction::Visited(visited.clone()));
                }
                Content::Missed(missed) if missed.draw == name.0 => {
                    story.visits.insert(entry.number, Correction::Missed(missed.clone()));
                }
                Content::Amended { amends, entry, .. } => {
                    story.visits.entry(*amends).and_modify(|visit| *visit = entry.clone());
                }
                _ => {}
            }
        }
        story
    }
}

fn source(source: &Source) -> NoticeSource {
    let (kind, name) = match source {
        Source::Dice { witness, .. } => ("dice", witness.clone()),
        Source::Lottery { game, issue, .. } => ("lottery", format!("{game} {issue}")),
        Source::Drand { round, .. } => ("drand", round.to_string()),
        Source::Shares { commitments, .. } => {
            let parties: Vec<&str> = commitments.iter().map(|one| one.party.as_str()).collect();
            ("shares", parties.join("、"))
        }
    };
    NoticeSource { at: source.at(), kind: kind.to_owned(), name }
}

impl Material<'_> {
    fn item(&self, code: &Code) -> NoticeItem {
        let item = self.rules.and_then(|(pack, _)| Some((pack, pack.item(code)?)));
        let basis = item.map_or_else(String::new, |(pack, item)| pack.basis(item.cite.as_ref()));
        let name = item.map_or_else(|| self.policy.label(code).to_owned(), |(_, item)| item.name.clone());
        NoticeItem { basis, code: code.clone(), name }
    }

    fn population(&self) -> Vec<String> {
        let Some(population) = &self.policy.population else { return Vec::new() };
        let lang = Lang::of_title(&self.policy.title);
        let label = |code: &Code| self.policy.label(code).to_owned();
        let mut said: Vec<String> = population.kinds.iter().map(label).collect();
        said.extend(population.divisions.iter().map(|division| self.policy.place(division)));
        said.extend(population.has.iter().map(|(signal, least)| format!("{} ≥ {least}", label(signal))));
        said.extend(population.visited_since.map(|day| told!(lang, "office.notice.since", day)));
        said
    }

    /// A signal or feature, as the pack calls it.
    fn signal(&self, code: &Code) -> String {
        let of_pack = self.rules.and_then(|(pack, _)| pack.signals.iter().find(|one| one.code == *code));
        of_pack.map_or_else(|| self.policy.label(code).to_owned(), |one| one.name.clone())
    }

    fn came(&self, visit: &Correction) -> Option<(UnitId, Came)> {
        Some(match visit {
            Correction::Visited(visited) => {
                let rule = self.rules.and_then(|(pack, _)| pack.result(&visited.result));
                let label = || self.policy.label(&visited.result).to_owned();
                let came = Came::Visited {
                    date: visited.date,
                    items: visited.items.iter().map(|item| self.item(item).name).collect(),
                    marks: rule.map_or_else(Vec::new, |rule| {
                        let mark = |(code, count): (&Code, &u64)| NoticeMark {
                            count: *count,
                            name: self.signal(code),
                        };
                        rule.raises.iter().map(mark).collect()
                    }),
                    opens: rule.and_then(|rule| rule.opens.as_ref()).map(|code| self.signal(code)),
                    phrase: rule.map_or_else(label, |rule| rule.name.clone()),
                    result: visited.result.clone(),
                    team: visited.team.clone(),
                };
                (visited.unit.clone(), came)
            }
            Correction::Missed(missed) => {
                (missed.unit.clone(), Came::Missed { date: missed.date, reason: missed.reason })
            }
            Correction::Inspected(_) | Correction::Withdrawn(_) => return None,
        })
    }

    fn rows(&self, record: &Record, story: &Story) -> Vec<NoticeRow> {
        let mut units: BTreeSet<&UnitId> =
            record.sample.iter().flat_map(|cell| &cell.picks).map(|pick| &pick.id).collect();
        units.extend(story.replaced.values().map(|(by, _)| by));
        let mut came: BTreeMap<UnitId, Came> = BTreeMap::new();
        for (unit, (by, reason)) in &story.replaced {
            came.insert(unit.clone(), Came::Replaced { by: by.clone(), reason: *reason });
        }
        came.extend(story.visits.values().filter_map(|visit| self.came(visit)));
        let row = |unit: &UnitId| {
            let seat = self.seats.get(unit).cloned().unwrap_or_default();
            let own = if unit.kind() == UnitIdKind::Credit { unit.to_string() } else { seat.code };
            let known = self.frame.and_then(|frame| frame.get(unit));
            NoticeRow {
                address: seat.address,
                came: came.get(unit).cloned().unwrap_or(Came::Pending {}),
                code: own,
                instead_of: story.replaced.iter().find(|(_, (by, _))| by == unit).map(|(out, _)| out.clone()),
                name: known.map_or_else(String::new, |unit| unit.name.clone()),
                unit: unit.clone(),
            }
        };
        units.into_iter().map(row).collect()
    }
}

/// Whether these are the rules that a policy names as its origin.
#[must_use]
pub fn is_origin(policy: &Policy, (pack, programme): (&Pack, &Programme)) -> bool {
    let of_policy =
        |origin: &Origin| origin.pack == pack.digest(policy.suite) && origin.programme == programme.digest();
    policy.origin.as_ref().is_some_and(of_policy)
}

/// Makes the notice. Texts come from the rules that the policy names as its origin, else from the policy.
#[must_use]
pub fn build(material: &Material<'_>) -> Notice {
    let rules = material.rules.filter(|rules| is_origin(material.policy, *rules));
    let material = &Material { rules, ..*material };
    let Material { policy, table, name, date, .. } = *material;
    let story = Story::read(material.lines, name);
    // What came to nothing names nobody, except where its visits go on.
    let stands = matches!(story.void, None | Some(VoidReason::NotRevealed));
    let record = material.record.filter(|_| stands);
    let programme = rules.map(|(_, programme)| programme);
    let task = policy.origin.as_ref().and_then(|origin| programme?.task(&origin.task));
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let rows = record.map_or_else(Vec::new, |record| material.rows(record, &story));
    Notice {
        at: count(material.lines.len()),
        attempt: name.1,
        closed_until: match &policy.disclosure {
            Disclosure::Deferred { reveal_by } if record.is_none() && stands => Some(*reveal_by),
            _ => None,
        },
        date,
        departments: policy
            .team
            .departments
            .iter()
            .map(|rule| policy.label(&rule.department).to_owned())
            .collect(),
        document: "notice".into(),
        draw: name.0,
        drawn: record.map(|record| count(record.sample.iter().map(|cell| cell.picks.len()).sum())),
        drawn_at: story.drawn_at,
        eligible: table.cells.iter().map(|cell| cell.count).sum(),
        facts: material.facts.clone(),
        frame: story.seal.as_ref().map_or(0, |seal| seal.frame.size),
        items: policy.items.iter().map(|item| material.item(&item.code)).collect(),
        method: match policy.design {
            Design::Rate { .. } => "rate",
            Design::Number { .. } => "number",
            Design::Frequency {} => "frequency",
        }
        .into(),
        plan: programme.map_or_else(|| policy.title.clone(), |programme| programme.title.clone()),
        population: material.population(),
        protocol: PROTOCOL.into(),
        record: record.map(Record::digest),
        rows,
        scope: policy.scope.clone(),
        sources: policy.beacon.sources.iter().map(source).collect(),
        targeted: policy.population.is_some(),
        task: task.map_or_else(|| policy.title.clone(), |task| task.title.clone()),
        visits: policy.window,
        void: story.void,
    }
}
