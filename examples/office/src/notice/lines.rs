//! What the notice says, line by line, in either language.

use super::{Came, Fact, Notice};
use crate::paper::BLANK;
use crate::show;
use chrono::DateTime;
use double_random::UnitId;
use double_random::calendar::Instant;
use double_random::ledger::VoidReason;
use double_random_support::screen::Lang;
use std::collections::BTreeMap;

/// An instant as clocks in China show it.
pub(super) fn clock(at: Instant, lang: Lang) -> String {
    let there = at.unix().checked_add(8 * 3600).and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let zone = lang.say("Beijing time", "北京时间");
    there.map_or_else(|| at.to_string(), |time| format!("{}（{zone}）", time.format("%Y-%m-%d %H:%M")))
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
        let what = match (self.void.is_some() && self.record.is_none(), self.record, results) {
            (true, ..) => lang.say("Void draw: notice", "随机抽查作废公告"),
            (_, None, _) => lang.say("Notice of a random inspection", "随机抽查公告"),
            (_, Some(_), false) => lang.say("Notice of institutions drawn", "随机抽查抽取结果公示"),
            (_, Some(_), true) => lang.say("Notice of inspection results", "随机抽查结果公示"),
        };
        match lang {
            Lang::Zh => format!("“双随机、一公开”{what}"),
            Lang::En => what.to_owned(),
        }
    }

    pub(super) fn under(&self, lang: Lang) -> String {
        let number = self.number();
        match lang {
            Lang::Zh => format!("{}（第{}次抽取，编号 {number}）", self.task, self.draw),
            Lang::En => format!("{} (draw {}, No. {number})", self.task, self.draw),
        }
    }

    /// The number of the task: the office's own, else scope and draw.
    fn number(&self) -> String {
        self.facts.get(&Fact::TaskNumber).cloned().unwrap_or_else(|| format!("{}-{}", self.scope, self.draw))
    }

    pub(super) fn opening(&self, lang: Lang) -> String {
        let first = self.departments.first().map_or(BLANK, String::as_str);
        let (plan, task) = (&self.plan, &self.task);
        match lang {
            Lang::Zh => format!(
                "根据《{plan}》，{first}组织开展“{task}”随机抽查。按照随机抽取检查对象、随机选派检查人员、抽查情况及查处结果及时向社会公开的要求，现予公示："
            ),
            Lang::En => format!(
                "Under “{plan}”, {first} carries out the random inspections “{task}”. Institutions are drawn by \
                 lot, inspectors are sent by lot, and the results are published:"
            ),
        }
    }

    fn how(&self, lang: Lang) -> String {
        let method = match self.method.as_str() {
            "rate" => {
                lang.say("the same chance for each institution of a stratum", "按统一比例、分层随机抽取")
            }
            "number" => lang.say("a fixed number, in proportion to the strata", "按定数、分层随机抽取"),
            _ => lang.say(
                "by yearly frequency, after risk and credit, in strata",
                "按风险和信用等级对应的年度频次、分层随机抽取",
            ),
        };
        let source = |source: &super::NoticeSource| match (source.kind.as_str(), lang) {
            ("dice", Lang::Zh) => format!("现场掷骰（见证：{}）", source.name),
            ("dice", Lang::En) => format!("dice thrown before {}", source.name),
            ("lottery", Lang::Zh) => format!("彩票开奖号码（{}）", source.name),
            ("lottery", Lang::En) => format!("numbers of the lottery {}", source.name),
            ("drand", Lang::Zh) => format!("公开随机信标 drand 第 {} 轮", source.name),
            ("drand", Lang::En) => format!("round {} of the drand beacon", source.name),
            (_, Lang::Zh) => format!("各方保密随机数（{}）", source.name),
            (_, Lang::En) => format!("secret numbers of {}", source.name),
        };
        let sources: Vec<String> = self.sources.iter().map(source).collect();
        match lang {
            Lang::Zh => format!("{method}；检查人员随机选派；随机数来源：{}", sources.join("；")),
            Lang::En => format!("{method}; inspectors by lot; source of chance: {}", sources.join("; ")),
        }
    }

    /// Names and values, in the order of real notices.
    pub(super) fn fields(&self, lang: Lang) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, value: String| all.push((name.to_owned(), value));
        let blank = |text: String| if text.is_empty() { BLANK.to_owned() } else { text };
        let nobody = || lang.say("none", "无").to_owned();
        add(lang.say("Annual plan", "抽查计划名称"), self.plan.clone());
        add(Fact::PlanNumber.called(lang), self.fact(Fact::PlanNumber));
        add(lang.say("Task", "抽查任务名称"), self.task.clone());
        add(Fact::TaskNumber.called(lang), self.number());
        let kind = match self.targeted {
            true => lang.say("targeted (a part of the institutions)", "定向抽查"),
            false => lang.say("not targeted (all institutions)", "不定向抽查"),
        };
        add(lang.say("Type", "抽查类型"), kind.to_owned());
        let (first, joining) = self
            .departments
            .split_first()
            .map_or((String::new(), String::new()), |(one, rest)| (one.clone(), rest.join("、")));
        add(lang.say("Initiating department", "发起部门"), blank(first));
        add(lang.say("Joining departments", "配合部门"), if joining.is_empty() { nobody() } else { joining });
        let names: Vec<&str> = self.items.iter().map(|item| item.name.as_str()).collect();
        add(lang.say("What is checked", "抽查事项"), blank(names.join("；")));
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
        add(lang.say("Legal basis", "抽查依据"), blank(laws.collect::<Vec<_>>().join("\n")));
        let meant = match self.population.is_empty() {
            true => lang.say("all institutions on the frame", "名录库全部对象").to_owned(),
            false => self.population.join("、"),
        };
        add(lang.say("Institutions meant", "抽查对象范围"), meant);
        let total = match lang {
            Lang::Zh => format!("名录库 {} 家，其中可抽取 {} 家", self.frame, self.eligible),
            Lang::En => format!("{} on the frame, {} of them can be drawn", self.frame, self.eligible),
        };
        add(lang.say("Number of institutions", "对象总数"), total);
        if let Some(drawn) = self.drawn {
            let ratio = share(drawn, self.eligible);
            add(lang.say("Drawn", "抽取数量"), drawn.to_string());
            add(lang.say("Share of those that could be drawn", "抽取比例"), ratio);
        }
        let spoke: Vec<String> = self.sources.iter().map(|source| clock(source.at, lang)).collect();
        let when = match (self.drawn_at, lang) {
            (None, _) => spoke.join("、"),
            (Some(at), Lang::Zh) => format!("{}产生随机数，{}完成抽取", spoke.join("、"), clock(at, lang)),
            (Some(at), Lang::En) => format!("numbers {}, drawn {}", spoke.join(", "), clock(at, lang)),
        };
        add(lang.say("Time of the draw", "抽取时间"), when);
        add(Fact::Place.called(lang), self.fact(Fact::Place));
        add(lang.say("How it is drawn", "抽取方式"), self.how(lang));
        add(Fact::Witnesses.called(lang), blank(self.witnesses()));
        let days = format!("{} – {}", self.visits.from(), self.visits.to());
        add(lang.say("Days of visits", "检查时间"), days);
        add(lang.say("Published", "公示日期"), self.date.to_string());
        add(Fact::Period.called(lang), self.fact(Fact::Period));
        add(Fact::Objections.called(lang), self.fact(Fact::Objections));
        add(Fact::Phone.called(lang), self.fact(Fact::Phone));
        if let Some(record) = self.record {
            add(lang.say("Digest of the record", "抽取记录摘要"), record.to_string());
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
        Some(match lang {
            Lang::Zh => {
                let results =
                    if results.is_empty() { String::new() } else { format!("（{}）", results.join("，")) };
                format!(
                    "本次共抽取 {drawn} 家；已检查 {made} 家{results}；未能检查 {missed} 家；替换 {replaced} 家；待检查 \
                     {pending} 家。"
                )
            }
            Lang::En => {
                let results =
                    if results.is_empty() { String::new() } else { format!(" ({})", results.join(", ")) };
                format!(
                    "{drawn} institutions were drawn; {made} were inspected{results}, {missed} could not be, \
                     {replaced} were replaced, {pending} are still to be inspected."
                )
            }
        })
    }

    /// What is closed, what is void, what anybody can do about the notice.
    pub(super) fn closing(&self, lang: Lang) -> Vec<String> {
        let mut said = Vec::new();
        if let Some(reason) = self.void {
            let why = match reason {
                VoidReason::BeaconFailed => lang.say("a source gave no value in time", "随机源未按时公布"),
                VoidReason::InputError => {
                    lang.say("wrong registers or rules were sealed", "封存的名录或规则有误")
                }
                VoidReason::Legal => {
                    lang.say("by order of a court or the authority above", "依法院或上级机关决定")
                }
                VoidReason::NotRevealed => {
                    lang.say("the secret was not revealed in time", "保密随机数逾期未公开")
                }
                VoidReason::ShareMissing => {
                    lang.say("a party did not reveal its number", "有一方未公开随机数")
                }
                VoidReason::Technical => lang.say("a technical fault", "技术故障"),
            };
            said.push(match lang {
                Lang::Zh => format!("第{}次抽取（第{}次尝试）作废，原因：{why}。", self.draw, self.attempt),
                Lang::En => format!("Attempt {} at draw {} is void: {why}.", self.attempt, self.draw),
            });
        }
        if let Some(day) = self.closed_until {
            said.push(match lang {
                Lang::Zh => format!("本次为不预先告知的检查，检查对象和检查人员名单于 {day} 前公开；抽取方案和名录已于抽取前封存并公布摘要。"),
                Lang::En => format!(
                    "These inspections are not announced: institutions and inspectors are published by {day}. Rules \
                     and frame were sealed before the draw."
                ),
            });
        }
        if self.void.is_none() {
            said.push(
                lang.say(
                    "Anybody can verify the draw with the page that is published beside this notice. Objections are \
                     taken in the time above.",
                    "任何人可用同时公布的网页核验本次抽取。对公示内容有异议的，可在公示期限内通过上述渠道提出。",
                )
                .to_owned(),
            );
        }
        said
    }

    /// Who issues it, and when.
    pub(super) fn signed(&self, lang: Lang) -> Vec<String> {
        let seal = lang.say("(seal)", "（盖章）");
        vec![format!("{}{seal}", self.fact(Fact::Issuer)), self.date.to_string()]
    }

    pub(super) fn table_title(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("附表：{}检查对象及检查结果", self.task),
            Lang::En => format!("Table: institutions and results, {}", self.task),
        }
    }

    pub(super) fn head(lang: Lang) -> Vec<String> {
        let words = match lang {
            Lang::Zh => [
                "序号",
                "检查对象名称",
                "统一社会信用代码",
                "地址",
                "抽查事项",
                "检查日期",
                "检查人员（执法证号）",
                "检查结果",
                "处理情况",
            ],
            Lang::En => [
                "No.",
                "Institution",
                "Credit code",
                "Address",
                "Items",
                "Date",
                "Inspectors (certificates)",
                "Result",
                "Consequences",
            ],
        };
        words.map(str::to_owned).to_vec()
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
        let named = |unit: &UnitId| match (names.get(unit), lang) {
            (Some(name), Lang::Zh) => format!("{name}（{unit}）"),
            (Some(name), Lang::En) => format!("{name} ({unit})"),
            (None, _) => unit.to_string(),
        };
        let row = |(number, row): (u64, &super::NoticeRow)| {
            let called = if row.name.is_empty() { row.unit.to_string() } else { row.name.clone() };
            let (items, date, team, mut result, mut then) = match &row.came {
                Came::Pending {} => {
                    let wait = lang.say("to be inspected", "待检查").to_owned();
                    (String::new(), String::new(), String::new(), wait, Vec::new())
                }
                Came::Replaced { by, reason } => {
                    let said = show::replaced_by(&named(by), *reason, lang);
                    (String::new(), String::new(), String::new(), said, Vec::new())
                }
                Came::Missed { date, reason } => {
                    let said = match lang {
                        Lang::Zh => show::phrase(*reason).to_owned(),
                        Lang::En => show::not_visited(*reason, lang),
                    };
                    (String::new(), date.to_string(), String::new(), said, Vec::new())
                }
                Came::Visited { date, items, marks, opens, phrase, result, team } => {
                    let phrase = if lang == Lang::En { english(result.as_str(), phrase) } else { phrase };
                    let ids: Vec<&str> = team.iter().map(double_random::InspectorId::as_str).collect();
                    let mut then: Vec<String> = marks
                        .iter()
                        .map(|super::NoticeMark { count, name }| match lang {
                            Lang::Zh => format!("计入信用档案：{name} {count}"),
                            Lang::En => format!("on file: {name} {count}"),
                        })
                        .collect();
                    then.extend(opens.iter().map(|name| match lang {
                        Lang::Zh => format!("列入{name}"),
                        Lang::En => format!("listed: {name}"),
                    }));
                    (items.join("；"), date.to_string(), ids.join("\n"), phrase.to_owned(), then)
                }
            };
            if let Some(out) = &row.instead_of {
                let note = match lang {
                    Lang::Zh => format!("替换 {}", named(out)),
                    Lang::En => format!("in place of {}", named(out)),
                };
                then.push(note);
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
