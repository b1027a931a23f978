//! One row of a plan: who, what, whom, when.

use super::names::{Found, Of, plain};
use super::{Reader, Said};
use double_random::id::Code;
use double_random::programme::{Task, TaskLevel};
use double_random_office::plan::{Open, Span, span};
use double_random_office::say;
use double_random_office::table::PlanRow;
use serde_json::Value;
use std::collections::BTreeSet;

/// What a task is made of.
pub(super) struct Wanted {
    pub row: u64,
    pub title: String,
    pub department: Option<Code>,
    pub joining: Vec<Code>,
    pub items: Vec<Code>,
    pub kinds: Vec<Code>,
    pub level: TaskLevel,
    pub design: Value,
    pub draws: u64,
    pub span: Option<Span>,
    /// Whether the table shows the row as part of the task above, and it names no subjects of its own.
    pub listed: bool,
}

/// Words by which plans name the level that orders a task (市抽县查 is ordered by the city).
const LEVELS: [(&str, TaskLevel); 22] = [
    ("国家级", TaskLevel::National),
    ("国家", TaskLevel::National),
    ("国抽", TaskLevel::National),
    ("省级", TaskLevel::Province),
    ("省抽", TaskLevel::Province),
    ("自治区级", TaskLevel::Province),
    ("市级", TaskLevel::City),
    ("市抽", TaskLevel::City),
    ("州级", TaskLevel::City),
    ("州抽", TaskLevel::City),
    ("地级", TaskLevel::City),
    ("县级", TaskLevel::County),
    ("县抽", TaskLevel::County),
    ("区级", TaskLevel::County),
    ("区抽", TaskLevel::County),
    ("县区", TaskLevel::County),
    ("区县", TaskLevel::County),
    ("县(区)", TaskLevel::County),
    ("区(县)", TaskLevel::County),
    ("县(市", TaskLevel::County),
    ("旗县", TaskLevel::County),
    ("旗级", TaskLevel::County),
];

/// Cells of which nothing is made, because the rules of the office decide what they say.
const UNUSED: [&str; 7] = ["office", "class", "way", "kind", "basis", "remark", "no"];

fn shown(codes: &[Code]) -> String {
    codes.iter().map(Code::as_str).collect::<Vec<_>>().join(", ")
}

/// The programme's own task of this title.
pub(super) fn known<'b>(base: &'b [Task], title: &str) -> Option<&'b Task> {
    base.iter().find(|own| plain(&own.title) == plain(title))
}

impl Reader<'_> {
    /// What a field is called in the table.
    pub(super) fn heading(&self, row: u64, field: &str) -> String {
        let cell = self.places.cell(row, field);
        cell.columns.first().map_or_else(|| field.to_owned(), |(_, heading)| heading.clone())
    }

    /// What a cell says is not used.
    pub(super) fn unused(&self, row: &PlanRow, field: &str, what: &str, said: &mut Said) {
        let heading = self.heading(row.row, field);
        said.unused.push(say!(
            "office.plan.unused",
            "{heading} \"{what}\": nothing is made of it",
            heading,
            what
        ));
    }

    /// A cell; where the row goes on with the task of the row above, that of the row above.
    fn as_above(&self, row: &PlanRow, above: &PlanRow, field: &str, said: &mut Said) -> String {
        let own = row.text(field);
        if !row.text("title").is_empty() || !own.is_empty() || above.text(field).is_empty() {
            return own.to_owned();
        }
        let text = above.text(field).to_owned();
        let heading = self.heading(row.row, field);
        said.assumed.push(say!("office.plan.above", "{heading} of the row above: {text}", heading, text));
        text
    }

    /// What a cell names, each said; words that mean nothing contradict.
    fn named(&self, text: &str, of: Of, said: &mut Said) -> Vec<Code> {
        let mut codes: Vec<Code> = Vec::new();
        for found in self.words.all(text, of) {
            match found {
                Ok(Found { word, code, near }) => {
                    match near {
                        Some(name) => said.assumed.push(say!(
                            "office.plan.near",
                            "{word} is taken for {name} ({code})",
                            word,
                            name,
                            code
                        )),
                        None => {
                            said.understood.push(say!("office.plan.named", "{word} = {code}", word, code));
                        }
                    }
                    if !codes.contains(&code) {
                        codes.push(code);
                    }
                }
                Err(word) => said.contradicts.push(self.words.unknown(of, &word)),
            }
        }
        codes
    }

    /// What a row wants.
    pub(super) fn row(&self, row: &PlanRow, above: &PlanRow, said: &mut Said) -> Wanted {
        let fresh = !row.text("title").is_empty();
        let items_of = ["items", "content"].into_iter().find(|field| !row.text(field).is_empty());
        let first = |text: &str| text.lines().next().unwrap_or(text).to_owned();
        let title = match (row.text("title"), items_of.map(|field| row.text(field))) {
            ("", Some(items)) if above.text("title").is_empty() => first(items),
            ("", Some(items)) => format!("{}：{}", first(above.text("title")), first(items)),
            (title, _) => title.split_whitespace().collect::<Vec<_>>().join(""),
        };
        let own = known(&self.base.tasks, &title).or(self.base.tasks.first());
        // Departments: the first leads, unless a column says who joins.
        let lead = self.as_above(row, above, "department", said);
        let mut departments = self.named(&lead, Of::Department, said);
        if lead.is_empty() {
            departments.extend(own.map(|task| task.department.clone()));
            let code = shown(&departments);
            said.assumed.push(say!("office.plan.no_department", "no department is named: {code}", code));
        }
        if departments.len() > 1 {
            let (leads, join) = (shown(&departments[..1]), shown(&departments[1..]));
            said.assumed.push(say!(
                "office.plan.leads",
                "several departments are named: {leads} leads, {join} joins",
                leads,
                join
            ));
        }
        let joining = self.as_above(row, above, "joining", said);
        let none = matches!(joining.as_str(), "否" | "无" | "不涉及");
        let mut joined = if none { Vec::new() } else { self.named(&joining, Of::Department, said) };
        let department = (!departments.is_empty()).then(|| departments.remove(0));
        joined.splice(..0, departments);
        let mut joining: Vec<Code> = Vec::new();
        for code in joined {
            if Some(&code) != department.as_ref() && !joining.contains(&code) {
                joining.push(code);
            }
        }
        match row.text("joint") {
            "" => {}
            "是" if joining.is_empty() => said.contradicts.push(say!(
                "office.plan.joint_alone",
                "the row says that it is a joint check, and names no department that joins"
            )),
            "否" if !joining.is_empty() => said.contradicts.push(say!(
                "office.plan.not_joint",
                "the row says that it is no joint check, and {join} joins",
                join = shown(&joining)
            )),
            "是" | "否" => {}
            other => self.unused(row, "joint", other, said),
        }
        // Items.
        let text = items_of.map_or_else(|| title.clone(), |field| row.text(field).to_owned());
        let items = self.named(&text, Of::Item, said);
        if items_of == Some("items") && !row.text("content").is_empty() {
            self.unused(row, "content", row.text("content"), said);
        }
        let kinds = self.subjects(row, &items, said);
        let mode = self.as_above(row, above, "mode", said);
        let level = self.level(row, &mode, own, said);
        let (design, draws) = self.amounts(row, said);
        let span = self.time(row, above, fresh, said);
        for field in ["credit", "cap"] {
            let text = row.text(field);
            if !text.is_empty() {
                let heading = self.heading(row.row, field);
                said.assumed.push(say!(
                    "office.plan.by_rules",
                    "{heading} \"{text}\": the pack's rules decide, not the plan",
                    heading,
                    text
                ));
            }
        }
        for field in UNUSED {
            let text = row.text(field);
            let number = field == "no" && text.bytes().all(|b| b.is_ascii_digit());
            if !text.is_empty() && !number {
                self.unused(row, field, text, said);
            }
        }
        let listed = row.one_title && row.text("subjects").is_empty();
        Wanted { row: row.row, title, department, joining, items, kinds, level, design, draws, span, listed }
    }

    /// The kinds that a row is about.
    fn subjects(&self, row: &PlanRow, items: &[Code], said: &mut Said) -> Vec<Code> {
        let text = row.text("subjects");
        if !text.is_empty() {
            return self.named(text, Of::Kind, said);
        }
        // The items say to whom they apply.
        let mut of_items: BTreeSet<&Code> = BTreeSet::new();
        for item in self.pack.items.iter().filter(|item| items.contains(&item.code)) {
            if item.subjects.kinds.is_empty() {
                of_items.extend(self.pack.kinds.iter().map(|kind| &kind.code));
            } else {
                of_items.extend(&item.subjects.kinds);
            }
        }
        let all = self.pack.kinds.iter().map(|kind| kind.code.clone());
        let kinds: Vec<Code> = all.filter(|code| of_items.contains(code)).collect();
        if !kinds.is_empty() {
            said.assumed.push(say!(
                "office.plan.all_kinds",
                "no subjects are named: all to whom the items apply: {codes}",
                codes = shown(&kinds)
            ));
        }
        kinds
    }

    fn level(&self, row: &PlanRow, text: &str, own: Option<&Task>, said: &mut Said) -> TaskLevel {
        let narrow = text.replace('（', "(").replace('）', ")");
        let whole = match narrow.as_str() {
            "国" => Some(TaskLevel::National),
            "省" => Some(TaskLevel::Province),
            "市" => Some(TaskLevel::City),
            "县" | "区" => Some(TaskLevel::County),
            _ => None,
        };
        let mut places: Vec<(usize, TaskLevel)> =
            LEVELS.iter().filter_map(|(word, level)| Some((narrow.find(word)?, *level))).collect();
        places.sort_by_key(|(place, _)| *place);
        let level = whole.or(places.first().map(|(_, level)| *level));
        let named = |level: TaskLevel| serde_json::to_string(&level).unwrap_or_default().replace('"', "");
        if let Some(level) = level {
            said.understood.push(say!(
                "office.plan.level",
                "level {text} = {code}",
                text,
                code = named(level)
            ));
            return level;
        }
        if !text.is_empty() {
            self.unused(row, "mode", text, said);
        }
        let level = own.map_or(TaskLevel::City, |task| task.level);
        said.assumed.push(say!("office.plan.no_level", "no level is named: {code}", code = named(level)));
        level
    }

    fn time(&self, row: &PlanRow, above: &PlanRow, fresh: bool, said: &mut Said) -> Option<Span> {
        let pick = |field: &str| {
            let own = row.text(field);
            if own.is_empty() && !fresh { above.text(field) } else { own }
        };
        let year = self.base.year;
        // An end that says itself which end it is needs no word more.
        let says = |text: &str, open: Open| span(text, year).is_ok_and(|span| span.open == open);
        let ends = match (pick("from"), pick("to")) {
            ("", "") => String::new(),
            (from, "") if says(from, Open::End) => from.to_owned(),
            (from, "") => format!("{from}起"),
            ("", to) if says(to, Open::Begin) => to.to_owned(),
            ("", to) => format!("{to}前"),
            (from, to) => format!("{from}至{to}"),
        };
        let text = match (pick("time"), ends.as_str()) {
            ("", "") => {
                said.assumed.push(say!("office.plan.whole_year", "no time is given: the whole year"));
                return span("全年", year).ok();
            }
            ("", ends) => ends,
            (time, "") => time,
            (time, ends) => {
                match (span(time, year), span(ends, year)) {
                    (Ok(one), Ok(other)) if one != other => said.contradicts.push(say!(
                        "office.plan.two_times",
                        "the time \"{one}\" and the time \"{other}\" differ",
                        one = time,
                        other = ends
                    )),
                    // Why the time itself cannot be read is said below.
                    (_, Err(why)) => said.contradicts.push(why),
                    _ => {}
                }
                time
            }
        };
        match span(text, year) {
            Ok(span) => {
                let (from, to) = (span.from.to_string(), span.to.to_string());
                said.understood.push(say!("office.plan.time", "{text} = {from} to {to}", text, from, to));
                match span.open {
                    Open::No => {}
                    Open::Begin => said.assumed.push(say!(
                        "office.plan.open_begin",
                        "only the end is said: from the first of January"
                    )),
                    Open::End => said.assumed.push(say!(
                        "office.plan.open_end",
                        "only the beginning is said: to the last of December"
                    )),
                }
                Some(span)
            }
            Err(why) => {
                said.contradicts.push(why);
                None
            }
        }
    }
}
