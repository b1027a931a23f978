//! What the notice says, line by line, in either language.

use super::{Came, Fact, Notice};
use crate::paper::BLANK;
use crate::{catalogue, show, told};
use chrono::DateTime;
use double_random::UnitId;
use double_random::calendar::Instant;
use double_random::ledger::VoidReason;
use double_random_support::screen::Lang;
use std::collections::BTreeMap;

/// An instant as clocks in China show it.
pub(super) fn clock(at: Instant, lang: Lang) -> String {
    let there = at.unix().checked_add(8 * 3600).and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    there.map_or_else(
        || at.to_string(),
        |time| told!(lang, "office.notice.clock", time = time.format("%Y-%m-%d %H:%M")),
    )
}

/// The standard phrase of a result in English; that of the pack where there is none.
fn english<'a>(code: &str, phrase: &'a str) -> &'a str {
    match code {
        "no_problem" | "no-problem" => "no problem found",
        "violation" => "rules broken",
        "practice_violation" => "rules of practice broken",
        "corrected" | "problem-corrected" => "problem found, corrected by order",
        "pending_action" => "problem found, to be dealt with",
        "not_disclosed" => "information not published as required",
        "false_info" => "facts concealed or falsified",
        "uncooperative" => "did not cooperate, serious",
        "no_such_activity" => "no activity of the kind that was checked",
        _ => phrase,
    }
}

/// The text of the law alone. The mark of a pack says where the office reads more than the law says: it is for the rules,
/// and no part of a paper.
pub fn law(basis: &str) -> &str {
    basis.split_once("（含我们的理解").map_or(basis, |(law, _)| law)
}

/// Tenths of a percent, rounded down.
fn share(part: u64, of: u64) -> String {
    let tenths = u128::from(part).saturating_mul(1000).checked_div(u128::from(of));
    tenths.map_or_else(|| BLANK.to_owned(), |tenths| format!("{}.{} %", tenths / 10, tenths % 10))
}

impl Notice {
    /// Before whom the sources of chance speak, and who watches besides.
    pub(super) fn witnesses(&self) -> String {
        let of_sources =
            self.sources.iter().filter(|source| matches!(source.kind.as_str(), "dice" | "shares"));
        let mut all: Vec<&str> = of_sources.map(|source| source.name.as_str()).collect();
        all.extend(self.facts.get(&Fact::Witnesses).map(String::as_str));
        all.dedup();
        all.join("、")
    }

    fn fact(&self, fact: Fact) -> String {
        self.facts.get(&fact).cloned().unwrap_or_else(|| BLANK.to_owned())
    }

    /// The title.
    #[must_use]
    pub fn title(&self, lang: Lang) -> String {
        let results =
            self.rows.iter().any(|row| !matches!(row.came, Came::Pending {} | Came::Replaced { .. }));
        let title = match (self.void.is_some() && self.record.is_none(), self.record, results) {
            (true, ..) => "office.notice.title_void",
            (_, None, _) => "office.notice.title_sealed",
            (_, Some(_), false) => "office.notice.title_drawn",
            (_, Some(_), true) => "office.notice.title_results",
        };
        catalogue::word(title, lang).to_owned()
    }

    pub(super) fn under(&self, lang: Lang) -> String {
        let Self { draw, task, .. } = self;
        told!(lang, "office.notice.under", draw, number = self.number(), task)
    }

    /// The number of the task: the office's own, else scope and draw.
    fn number(&self) -> String {
        self.facts.get(&Fact::TaskNumber).cloned().unwrap_or_else(|| format!("{}-{}", self.scope, self.draw))
    }

    pub(super) fn opening(&self, lang: Lang) -> String {
        let first = self.departments.first().map_or(BLANK, String::as_str);
        let Self { plan, task, .. } = self;
        told!(lang, "office.notice.opening", first, plan, task)
    }

    fn how(&self, lang: Lang) -> String {
        let method = match self.method.as_str() {
            "rate" => catalogue::word("office.notice.by_rate", lang),
            "number" => catalogue::word("office.notice.by_number", lang),
            _ => catalogue::word("office.notice.by_frequency", lang),
        };
        let source = |super::NoticeSource { kind, name, .. }: &super::NoticeSource| match kind.as_str() {
            "dice" => told!(lang, "office.notice.of_dice", name),
            "lottery" => told!(lang, "office.notice.of_lottery", name),
            "drand" => told!(lang, "office.notice.of_drand", name),
            _ => told!(lang, "office.notice.of_shares", name),
        };
        let sources: Vec<String> = self.sources.iter().map(source).collect();
        told!(
            lang,
            "office.notice.method",
            method,
            sources = catalogue::joined(&sources, "office.between.sentences", lang)
        )
    }

    /// Names and values, in the order of real notices.
    pub(super) fn fields(&self, lang: Lang) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, value: String| all.push((name.to_owned(), value));
        let blank = |text: String| if text.is_empty() { BLANK.to_owned() } else { text };
        let nobody = || catalogue::word("office.notice.none", lang).to_owned();
        add(catalogue::word("office.notice.plan", lang), self.plan.clone());
        add(Fact::PlanNumber.called(lang), self.fact(Fact::PlanNumber));
        add(catalogue::word("office.notice.task", lang), self.task.clone());
        add(Fact::TaskNumber.called(lang), self.number());
        let kind = match self.targeted {
            true => catalogue::word("office.notice.targeted", lang),
            false => catalogue::word("office.notice.not_targeted", lang),
        };
        add(catalogue::word("office.notice.type", lang), kind.to_owned());
        let (first, joining) = self
            .departments
            .split_first()
            .map_or((String::new(), String::new()), |(one, rest)| (one.clone(), rest.join("、")));
        add(catalogue::word("office.notice.first", lang), blank(first));
        add(
            catalogue::word("office.notice.joining", lang),
            if joining.is_empty() { nobody() } else { joining },
        );
        let names: Vec<&str> = self.items.iter().map(|item| item.name.as_str()).collect();
        add(catalogue::word("office.notice.items", lang), blank(names.join("；")));
        // Several items rest on the same law: it is named once.
        let mut laws: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for item in self.items.iter().filter(|item| !item.basis.is_empty()) {
            laws.entry(law(&item.basis)).or_default().push(&item.name);
        }
        let whole = laws.len() == 1;
        let laws = laws.into_iter().map(|(law, items)| match whole {
            true => law.to_owned(),
            false => format!("{}：{law}", items.join("、")),
        });
        add(catalogue::word("office.notice.basis", lang), blank(laws.collect::<Vec<_>>().join("\n")));
        let meant = match self.population.is_empty() {
            true => catalogue::word("office.notice.all", lang).to_owned(),
            false => self.population.join("、"),
        };
        add(catalogue::word("office.notice.population", lang), meant);
        let Self { eligible, frame, .. } = self;
        let total = told!(lang, "office.notice.frame", eligible, frame);
        add(catalogue::word("office.notice.total", lang), total);
        if let Some(drawn) = self.drawn {
            let ratio = share(drawn, self.eligible);
            add(catalogue::word("office.notice.drawn", lang), drawn.to_string());
            add(catalogue::word("office.notice.share", lang), ratio);
        }
        let spoke: Vec<String> = self.sources.iter().map(|source| clock(source.at, lang)).collect();
        let when = match self.drawn_at {
            None => spoke.join("、"),
            Some(at) => {
                let spoke = catalogue::joined(&spoke, "office.between.words", lang);
                told!(lang, "office.notice.at", drawn = clock(at, lang), spoke)
            }
        };
        add(catalogue::word("office.notice.when", lang), when);
        add(Fact::Place.called(lang), self.fact(Fact::Place));
        add(catalogue::word("office.notice.how", lang), self.how(lang));
        add(Fact::Witnesses.called(lang), blank(self.witnesses()));
        let days = format!("{} – {}", self.visits.from(), self.visits.to());
        add(catalogue::word("office.notice.days", lang), days);
        add(catalogue::word("office.notice.date", lang), self.date.to_string());
        add(Fact::Period.called(lang), self.fact(Fact::Period));
        add(Fact::Objections.called(lang), self.fact(Fact::Objections));
        add(Fact::Phone.called(lang), self.fact(Fact::Phone));
        if let Some(record) = self.record {
            add(catalogue::word("office.notice.record", lang), record.to_string());
        }
        all
    }

    /// Counts of what came of the visits.
    pub(super) fn summary(&self, lang: Lang) -> Option<String> {
        let drawn = self.drawn?;
        let (mut made, mut missed, mut replaced, mut pending) = (0_u64, 0_u64, 0_u64, 0_u64);
        let mut results: BTreeMap<&str, u64> = BTreeMap::new();
        for row in &self.rows {
            match &row.came {
                Came::Visited { phrase, result, .. } => {
                    made += 1;
                    let phrase = if lang == Lang::En { english(result.as_str(), phrase) } else { phrase };
                    *results.entry(phrase).or_default() += 1;
                }
                Came::Missed { .. } => missed += 1,
                Came::Replaced { .. } => replaced += 1,
                Came::Pending {} => pending += 1,
            }
        }
        let results: Vec<String> = results.iter().map(|(phrase, n)| format!("{phrase} {n}")).collect();
        let results = catalogue::joined(&results, "office.between.phrases", lang);
        Some(if results.is_empty() {
            told!(lang, "office.notice.found", drawn, made, missed, pending, replaced)
        } else {
            told!(lang, "office.notice.found_results", drawn, made, missed, pending, replaced, results)
        })
    }

    /// What is closed, what is void, what anybody can do about the notice.
    pub(super) fn closing(&self, lang: Lang) -> Vec<String> {
        let mut said = Vec::new();
        if let Some(reason) = self.void {
            let why = match reason {
                VoidReason::BeaconFailed => catalogue::word("office.notice.void_beacon", lang),
                VoidReason::InputError => catalogue::word("office.notice.void_input", lang),
                VoidReason::Legal => catalogue::word("office.notice.void_legal", lang),
                VoidReason::NotRevealed => catalogue::word("office.notice.void_secret", lang),
                VoidReason::ShareMissing => catalogue::word("office.notice.void_share", lang),
                VoidReason::Technical => catalogue::word("office.notice.void_technical", lang),
            };
            let Self { attempt, draw, .. } = self;
            said.push(told!(lang, "office.notice.void", attempt, draw, why));
        }
        if let Some(day) = self.closed_until {
            said.push(told!(lang, "office.notice.closed", day));
        }
        if self.void.is_none() {
            said.push(catalogue::word("office.notice.verify", lang).to_owned());
        }
        said
    }

    /// Who issues it, and when.
    pub(super) fn signed(&self, lang: Lang) -> Vec<String> {
        let issuer = self.fact(Fact::Issuer);
        vec![told!(lang, "office.paper.seal", issuer), self.date.to_string()]
    }

    pub(super) fn table_title(&self, lang: Lang) -> String {
        told!(lang, "office.notice.table", task = self.task)
    }

    pub(super) fn head(lang: Lang) -> Vec<String> {
        let words = [
            "office.notice.head_number",
            "office.notice.head_name",
            "office.notice.head_code",
            "office.notice.head_address",
            "office.notice.head_items",
            "office.notice.head_date",
            "office.notice.head_team",
            "office.notice.head_result",
            "office.notice.head_then",
        ];
        words.map(|code| catalogue::word(code, lang).to_owned()).to_vec()
    }

    /// The table. An empty cell is a thing that there is not yet, a blank one that nobody has entered.
    pub(super) fn table(&self, lang: Lang) -> Vec<Vec<String>> {
        let blank = |text: &str| if text.is_empty() { BLANK.to_owned() } else { text.to_owned() };
        let names: BTreeMap<&UnitId, &str> = self
            .rows
            .iter()
            .map(|row| (&row.unit, row.name.as_str()))
            .filter(|(_, name)| !name.is_empty())
            .collect();
        let named = |unit: &UnitId| match names.get(unit) {
            Some(name) => told!(lang, "office.notice.named", name, unit),
            None => unit.to_string(),
        };
        let row = |(number, row): (u64, &super::NoticeRow)| {
            let called = if row.name.is_empty() { row.unit.to_string() } else { row.name.clone() };
            let (items, date, team, mut result, mut then) = match &row.came {
                Came::Pending {} => {
                    let wait = catalogue::word("office.notice.pending", lang).to_owned();
                    (String::new(), String::new(), String::new(), wait, Vec::new())
                }
                Came::Replaced { by, reason } => {
                    let said = show::replaced_by(&named(by), *reason, lang);
                    (String::new(), String::new(), String::new(), said, Vec::new())
                }
                Came::Missed { date, reason } => {
                    let said = show::phrase(*reason, lang).to_owned();
                    (String::new(), date.to_string(), String::new(), said, Vec::new())
                }
                Came::Visited { date, items, marks, opens, phrase, result, team } => {
                    let phrase = if lang == Lang::En { english(result.as_str(), phrase) } else { phrase };
                    let ids: Vec<&str> = team.iter().map(double_random::InspectorId::as_str).collect();
                    let mut then: Vec<String> = marks
                        .iter()
                        .map(|super::NoticeMark { count, name }| {
                            told!(lang, "office.notice.on_file", count, name)
                        })
                        .collect();
                    then.extend(opens.iter().map(|name| told!(lang, "office.notice.listed", name)));
                    (items.join("；"), date.to_string(), ids.join("\n"), phrase.to_owned(), then)
                }
            };
            if let Some(out) = &row.instead_of {
                then.push(told!(lang, "office.notice.in_place", unit = named(out)));
            }
            if result.is_empty() {
                result = BLANK.to_owned();
            }
            vec![
                number.to_string(),
                called,
                blank(&row.code),
                blank(&row.address),
                items,
                date,
                team,
                result,
                then.join("；"),
            ]
        };
        (1..).zip(&self.rows).map(row).collect()
    }
}
