//! `office plan import`: an annual plan as it is published becomes the tasks of a programme. Row by row it is said
//! what was understood, what was assumed and what contradicts; nothing is written while anything contradicts.

use super::args::{PlanImport, Prefer};
use super::output;
use super::words::{Answer, Screen};
use double_random::calendar::Date;
use double_random::id::Code;
use double_random::pack::{Deadline, Pack};
use double_random::programme::{Programme, Task, TaskLevel};
use double_random_office::plan::{Amount, Plain, Span, amount, span};
use double_random_office::table::{self, PlanRow, Source};
use double_random_support::files::{self, Failure};
use double_random_support::screen::Lang;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// One percent in billionths.
const PERCENT: u64 = 10_000_000;

/// What is said of a row.
#[derive(Default)]
struct Said {
    understood: Vec<String>,
    assumed: Vec<String>,
    contradicts: Vec<String>,
}

/// What a task is made of.
struct Wanted {
    row: u64,
    title: String,
    department: Option<Code>,
    joining: Vec<Code>,
    items: Vec<Code>,
    kinds: Vec<Code>,
    level: TaskLevel,
    design: Value,
    draws: u64,
    span: Option<Span>,
}

struct Reader<'a> {
    screen: Screen,
    pack: &'a Pack,
    base: &'a Programme,
    means: BTreeMap<String, Code>,
    prefer: Option<Prefer>,
}

/// Reads a plan, and writes the programme.
pub fn import(screen: Screen, given: &PlanImport) -> Result<Answer, Failure> {
    let named = |path: &std::path::Path| path.display().to_string();
    let pack = files::about(&named(&given.pack), Pack::from_json(&files::text(&given.pack)?))?;
    let base = files::about(&named(&given.programme), Programme::from_json(&files::text(&given.programme)?))?;
    let mut means = BTreeMap::new();
    for text in &given.means {
        let pair = text.rsplit_once('=').filter(|(word, _)| !word.trim().is_empty());
        let (word, code) = pair.ok_or_else(|| format!("--means {text}: TEXT=CODE is needed"))?;
        means.insert(plain(word), files::about(&format!("--means {text}"), Code::parse(code.trim()))?);
    }
    let reader = Reader { screen, pack: &pack, base: &base, means, prefer: given.prefer };
    reader.known_means()?;
    let bytes = files::read(&given.file)?;
    let mut source = Source::new(&bytes);
    if let Some(sheet) = &given.sheet {
        source = source.sheet(sheet);
    }
    let (rows, notes, _) = files::about(&named(&given.file), table::plans(source))?;
    if rows.is_empty() {
        return Err(format!("{}: the table has no tasks", given.file.display()).into());
    }
    let mut above = PlanRow::default();
    let mut said: Vec<(u64, String, Said)> = Vec::new();
    let mut wanted: Vec<Wanted> = Vec::new();
    for row in &rows {
        let mut words = Said::default();
        let task = reader.row(row, &above, &mut words);
        said.push((row.row, task.title.clone(), words));
        wanted.push(task);
        if !row.text("title").is_empty() {
            above = row.clone();
        }
    }
    let tasks = reader.tasks(wanted, &mut said);
    let programme = reader.programme(tasks, given.keep, &mut said)?;
    let wrong: usize = said.iter().map(|(_, _, words)| words.contradicts.len()).sum();
    let mut text = String::new();
    for note in &notes {
        writeln!(text, "{}: {note}", given.file.display())?;
    }
    for (row, title, words) in &said {
        let head = match (screen.lang, row) {
            (Lang::Zh, 0) => format!("年度计划：{title}"),
            (Lang::Zh, row) => format!("第 {row} 行：{title}"),
            (Lang::En, 0) => format!("programme: {title}"),
            (Lang::En, row) => format!("row {row}: {title}"),
        };
        writeln!(text, "{head}")?;
        let parts = [
            (screen.say("understood", "读作"), &words.understood),
            (screen.say("assumed", "推定"), &words.assumed),
            (screen.say("contradicts", "矛盾"), &words.contradicts),
        ];
        for (head, lines) in parts {
            for line in lines {
                writeln!(text, "  {head}: {line}")?;
            }
        }
    }
    let rows: Vec<Value> = said
        .iter()
        .map(|(row, title, words)| {
            json!({ "row": row, "title": title, "understood": words.understood, "assumed": words.assumed,
                "contradicts": words.contradicts })
        })
        .collect();
    if wrong > 0 {
        let head = match screen.lang {
            Lang::Zh => {
                format!("{wrong} 处无法确定，未写入任何文件；逐条改正表格，或用 --means、--prefer 说明")
            }
            Lang::En => format!(
                "{wrong} contradictions or unknown words, and nothing was written: mend the table, or say what is \
                 meant with --means and --prefer"
            ),
        };
        return Ok(Answer {
            json: json!({ "rows": rows, "written": false }),
            text: format!("{text}{head}"),
            status: 3,
        });
    }
    let Some(programme) = programme else { return Err("no programme was made".into()) };
    let tasks = programme.tasks.len();
    if let Some(out) = &given.out {
        let mut bytes = serde_json::to_vec_pretty(&programme)?;
        bytes.push(b'\n');
        output::write(out, &bytes)?;
    }
    let place = given.out.as_ref().map(|out| out.display().to_string());
    let last = match (screen.lang, &place) {
        (Lang::Zh, Some(place)) => {
            format!("{place}：{tasks} 项任务；下一步：office rules 或 office init，再用 office check 核对")
        }
        (Lang::Zh, None) => format!("可生成 {tasks} 项任务；加 --out 文件 写入"),
        (Lang::En, Some(place)) => {
            format!("{place}: {tasks} tasks; next: office rules or office init, then office check")
        }
        (Lang::En, None) => format!("{tasks} tasks can be made; --out FILE writes them"),
    };
    Ok(Answer::said(
        json!({ "rows": rows, "tasks": tasks, "written": place.is_some() }),
        format!("{text}{last}"),
    ))
}

/// A word without what does not tell it from others.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !"·“”\"'（）()、，,。．.：:；;".contains(*c)).collect()
}

/// How many pairs of neighbouring characters two words have in common.
fn likeness(one: &str, other: &str) -> usize {
    let pairs = |text: &str| -> BTreeSet<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    pairs(one).intersection(&pairs(other)).count()
}

/// The pieces of a cell that lists: by line, semicolon, or a number before each.
fn listed(text: &str) -> Vec<String> {
    let pieces = text.split(['\n', '\r', ';', '；']).map(|piece| {
        let piece = piece.trim();
        let rest = piece.trim_start_matches(|c: char| c.is_ascii_digit());
        let marked = rest.len() < piece.len() && rest.starts_with(['.', '、', '.', ')']);
        if marked { rest.trim_start_matches(['.', '、', ')', ' ']).to_owned() } else { piece.to_owned() }
    });
    pieces.filter(|piece| !piece.is_empty()).collect()
}

/// A share in words.
fn percent(billionths: u64) -> String {
    let (whole, rest) = (billionths / PERCENT, billionths % PERCENT);
    if rest == 0 {
        format!("{whole} %")
    } else {
        format!("{whole}.{} %", format!("{rest:07}").trim_end_matches('0'))
    }
}

/// A share as a decimal.
fn decimal(billionths: u64) -> String {
    let one = 100 * PERCENT;
    let (whole, rest) = (billionths / one, billionths % one);
    if rest == 0 {
        whole.to_string()
    } else {
        format!("{whole}.{}", format!("{rest:09}").trim_end_matches('0'))
    }
}

impl Reader<'_> {
    fn say(&self, en: String, zh: String) -> String {
        if self.screen.lang == Lang::Zh { zh } else { en }
    }

    /// Codes and names of the pack.
    fn departments(&self) -> Vec<(&Code, &str)> {
        self.pack.departments.iter().map(|one| (&one.code, one.name.as_str())).collect()
    }

    fn items(&self) -> Vec<(&Code, &str)> {
        self.pack.items.iter().map(|one| (&one.code, one.name.as_str())).collect()
    }

    fn kinds(&self) -> Vec<(&Code, &str)> {
        self.pack.kinds.iter().map(|one| (&one.code, one.name.as_str())).collect()
    }

    /// Every `--means` leads to something of the pack.
    fn known_means(&self) -> Result<(), Failure> {
        let all = [self.departments(), self.items(), self.kinds()].concat();
        let unknown = self.means.values().filter(|code| !all.iter().any(|(known, _)| known == code));
        let unknown: Vec<&str> = unknown.map(Code::as_str).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        Err(format!("--means: {} is no department, item or kind of the pack", unknown.join(", ")).into())
    }

    /// What a word means among codes with names: by `--means`, by name or code, or as the one name that holds it or
    /// that it holds.
    fn found(&self, text: &str, among: &[(&Code, &str)]) -> Option<Code> {
        let word = plain(text);
        if let Some(code) = self.means.get(&word).filter(|code| among.iter().any(|(known, _)| known == code))
        {
            return Some(code.clone());
        }
        let same = among.iter().find(|(code, name)| plain(name) == word || code.as_str() == word);
        if let Some((code, _)) = same {
            return Some((*code).clone());
        }
        let mut near = among.iter().filter(|(_, name)| {
            let name = plain(name);
            word.chars().count() > 2 && (name.contains(&word) || word.contains(&name))
        });
        match (near.next(), near.next()) {
            (Some((code, _)), None) => Some((*code).clone()),
            _ => None,
        }
    }

    /// A word that means nothing: what is nearest, and what to do.
    fn unknown(&self, what: [&str; 2], text: &str, among: &[(&Code, &str)]) -> String {
        let mut names: Vec<(usize, String)> = among
            .iter()
            .map(|(code, name)| (likeness(&plain(text), &plain(name)), format!("{name} ({code})")))
            .collect();
        names.sort_by(|one, other| other.cmp(one));
        let names: Vec<String> = names.into_iter().map(|(_, name)| name).take(5).collect();
        let shown: String = text.chars().take(40).collect();
        self.say(
            format!(
                "{} {shown:?} is not in the pack; there are {} …; --means {shown}=CODE says which",
                what[0],
                names.join(", ")
            ),
            format!(
                "{}“{shown}”不在规则包中；包内有{}等；用 --means {shown}=代码 指明",
                what[1],
                names.join("、")
            ),
        )
    }

    /// What a row wants.
    fn row(&self, row: &PlanRow, above: &PlanRow, words: &mut Said) -> Wanted {
        let inherited = |field: &str, words: &mut Said, name: [&str; 2]| -> String {
            let own = row.text(field);
            if !own.is_empty() || above.text(field).is_empty() {
                return own.to_owned();
            }
            let text = above.text(field).to_owned();
            words.assumed.push(self.say(
                format!("{} of the row above: {text}", name[0]),
                format!("{}沿用上一行：{text}", name[1]),
            ));
            text
        };
        let fresh = !row.text("title").is_empty();
        let from_above = |field: &str, words: &mut Said, name: [&str; 2]| {
            if fresh { row.text(field).to_owned() } else { inherited(field, words, name) }
        };
        let items_text = [row.text("items"), row.text("content")].into_iter().find(|text| !text.is_empty());
        let title = match (row.text("title"), items_text) {
            ("", Some(items)) if above.text("title").is_empty() => {
                items.lines().next().unwrap_or(items).to_owned()
            }
            ("", Some(items)) => {
                let items = items.lines().next().unwrap_or(items);
                format!("{}：{items}", above.text("title").lines().next().unwrap_or_default())
            }
            (title, _) => title.split_whitespace().collect::<Vec<_>>().join(""),
        };
        // Departments.
        let lead = from_above("department", words, ["department", "部门"]);
        let department = if lead.is_empty() {
            let code = self.base.tasks.first().map(|task| task.department.clone());
            words.assumed.push(self.say(
                format!("no department is named: {}", code.as_ref().map_or("", Code::as_str)),
                format!("未写部门，按 {}", code.as_ref().map_or("", Code::as_str)),
            ));
            code
        } else {
            let found = self.found(&lead, &self.departments());
            match &found {
                Some(code) => words
                    .understood
                    .push(self.say(format!("department {lead} = {code}"), format!("部门 {lead} = {code}"))),
                None => {
                    words.contradicts.push(self.unknown(["department", "部门"], &lead, &self.departments()))
                }
            }
            found
        };
        let mut joining = Vec::new();
        for name in from_above("joining", words, ["joining departments", "配合部门"])
            .split(['、', ',', '，', ';', '；', '\n', ' '])
            .map(str::trim)
            .filter(|name| !name.is_empty() && *name != "否")
        {
            match self.found(name, &self.departments()) {
                Some(code) if Some(&code) != department.as_ref() && !joining.contains(&code) => {
                    words
                        .understood
                        .push(self.say(format!("joining {name} = {code}"), format!("配合 {name} = {code}")));
                    joining.push(code);
                }
                Some(_) => {}
                None => words.contradicts.push(self.unknown(
                    ["joining department", "配合部门"],
                    name,
                    &self.departments(),
                )),
            }
        }
        // Items.
        let text = items_text.map_or_else(|| title.clone(), str::to_owned);
        let mut items = Vec::new();
        for piece in listed(&text) {
            match self.found(&piece, &self.items()) {
                Some(code) if !items.contains(&code) => items.push(code),
                Some(_) => {}
                None => words.contradicts.push(self.unknown(["item", "事项"], &piece, &self.items())),
            }
        }
        if !items.is_empty() {
            let codes = items.iter().map(Code::as_str).collect::<Vec<_>>().join(", ");
            words.understood.push(self.say(format!("items {codes}"), format!("事项 {codes}")));
        }
        let kinds = self.subjects(row, &items, words);
        let level = self.level(&from_above("mode", words, ["level", "实施层级"]), words);
        let (design, draws) = self.amounts(row, words);
        let span = self.time(row, above, fresh, words);
        for (field, name) in
            [("credit", ["credit classes", "信用风险分类要求"]), ("cap", ["cap of visits", "频次上限"])]
        {
            if !row.text(field).is_empty() {
                words.assumed.push(self.say(
                    format!("{} {:?}: the pack's rules decide, not the plan", name[0], row.text(field)),
                    format!("{}“{}”：由规则包规定，不由计划规定", name[1], row.text(field)),
                ));
            }
        }
        Wanted { row: row.row, title, department, joining, items, kinds, level, design, draws, span }
    }

    /// The kinds that a row is about.
    fn subjects(&self, row: &PlanRow, items: &[Code], words: &mut Said) -> Vec<Code> {
        let text = plain(row.text("subjects"));
        let mut kinds: Vec<Code> = Vec::new();
        if let Some(code) = self.found(row.text("subjects"), &self.kinds()).filter(|_| !text.is_empty()) {
            kinds.push(code);
        }
        let by_parts = kinds.is_empty() && !text.is_empty();
        for kind in self.pack.kinds.iter().filter(|_| by_parts) {
            let mut parts = kind.name.split(['、', '，', '（', '）', '及', '与', '和']).map(plain);
            let hit = |part: String| part.chars().count() > 1 && text.contains(&part);
            if parts.any(hit) {
                kinds.push(kind.code.clone());
            }
        }
        kinds.dedup();
        let shown = |kinds: &[Code]| kinds.iter().map(Code::as_str).collect::<Vec<_>>().join(", ");
        if !kinds.is_empty() {
            words.understood.push(self.say(
                format!("subjects {} = {}", row.text("subjects"), shown(&kinds)),
                format!("对象 {} = {}", row.text("subjects"), shown(&kinds)),
            ));
            return kinds;
        }
        // The items say to whom they apply.
        let mut of_items: BTreeSet<Code> = BTreeSet::new();
        for item in self.pack.items.iter().filter(|item| items.contains(&item.code)) {
            if item.subjects.kinds.is_empty() {
                of_items.extend(self.pack.kinds.iter().map(|kind| kind.code.clone()));
            } else {
                of_items.extend(item.subjects.kinds.iter().cloned());
            }
        }
        let kinds: Vec<Code> = self
            .pack
            .kinds
            .iter()
            .map(|kind| kind.code.clone())
            .filter(|code| of_items.contains(code))
            .collect();
        if !kinds.is_empty() {
            words.assumed.push(self.say(
                format!(
                    "subjects {:?}: all to whom the items apply: {}",
                    row.text("subjects"),
                    shown(&kinds)
                ),
                format!("对象“{}”：取事项适用的全部类别：{}", row.text("subjects"), shown(&kinds)),
            ));
        }
        kinds
    }

    fn level(&self, text: &str, words: &mut Said) -> TaskLevel {
        let first = text.chars().find(|c| "国省市县区".contains(*c));
        let level = match first {
            Some('国') => Some(TaskLevel::National),
            Some('省') => Some(TaskLevel::Province),
            Some('市') => Some(TaskLevel::City),
            Some(_) => Some(TaskLevel::County),
            None => None,
        };
        let named = |level: TaskLevel| serde_json::to_string(&level).unwrap_or_default().replace('"', "");
        if let Some(level) = level {
            words.understood.push(
                self.say(
                    format!("level {text} = {}", named(level)),
                    format!("层级 {text} = {}", named(level)),
                ),
            );
            return level;
        }
        let level = self.base.tasks.first().map_or(TaskLevel::City, |task| task.level);
        words.assumed.push(self.say(
            format!("no level is named: {}", named(level)),
            format!("未写实施层级，按 {}", named(level)),
        ));
        level
    }

    /// The design, and how many draws.
    fn amounts(&self, row: &PlanRow, words: &mut Said) -> (Value, u64) {
        let cells = [("ratio", Plain::Share), ("often", Plain::Times), ("number", Plain::Count)];
        let read = cells.map(|(field, plain)| (row.text(field), amount(row.text(field), plain)));
        let mut all = Amount::default();
        for (text, found) in &read {
            if !text.is_empty() && found.shares.is_empty() && found.times.is_none() && found.count.is_none() {
                words.contradicts.push(self.say(
                    format!("{text:?} is no amount that can be read"),
                    format!("“{text}”不是可以识别的数量"),
                ));
            }
            if found.plain {
                words.assumed.push(self.say(
                    format!("{text:?} has no unit: taken for what its column is about"),
                    format!("“{text}”没有单位：按该列含义理解"),
                ));
            }
            all.shares.extend(found.shares.iter().cloned());
            for (own, other) in [(&mut all.times, found.times), (&mut all.count, found.count)] {
                if let (Some(own), Some(other)) = (*own, other)
                    && own != other
                {
                    words.contradicts.push(self.say(
                        format!("{text:?} says another amount than the column before"),
                        format!("“{text}”与前列数量不一致"),
                    ));
                }
                *own = own.or(other);
            }
            all.at_least |= found.at_least;
        }
        let draws = match all.times {
            Some((_, high)) if high >= 200 => (high / 100).min(12),
            _ => 1,
        };
        if let Some((low, high)) = all.times {
            words.understood.push(self.say(format!("{draws} draws a year"), format!("每年抽取 {draws} 次")));
            if low != high {
                words
                    .assumed
                    .push(self.say("the larger number of times".to_owned(), "取较大的次数".to_owned()));
            }
        }
        let levels = all.shares.iter().any(|(label, _, _)| !label.is_empty()) && all.shares.len() > 1;
        let share = all.shares.iter().map(|(_, low, _)| *low).min();
        let ranged =
            all.shares.iter().any(|(_, low, high)| low != high) || all.count.is_some_and(|(l, h)| l != h);
        if all.at_least || ranged {
            words.assumed.push(self.say(
                "at least so much, or a range: the lower end".to_owned(),
                "“不低于”或区间：取下限".to_owned(),
            ));
        }
        if levels {
            let each = all.shares.iter().map(|(label, low, _)| format!("{label} {}", percent(*low)));
            let each = each.collect::<Vec<_>>().join(", ");
            words.assumed.push(self.say(
                format!("{each}: shares of levels are ratios of the pack; the task gets the smallest"),
                format!("{each}：分级比例由规则包的 ratios 规定，任务取其中最小的"),
            ));
        }
        if share.is_some_and(|share| share == 0 || share > 100 * PERCENT) {
            words.contradicts.push(self.say(
                format!("a share of {} is none", percent(share.unwrap_or(0))),
                format!("抽查比例 {} 不成立", percent(share.unwrap_or(0))),
            ));
            return (json!({ "method": "rate", "rate": "0.1" }), draws);
        }
        let count = all.count.map(|(low, _)| low);
        let base = amount(row.text("base"), Plain::Count).count.map(|(_, high)| high);
        let by_share = |share: u64, words: &mut Said| {
            let year = share.saturating_mul(draws).min(100 * PERCENT);
            if draws > 1 && share < 100 * PERCENT {
                words.assumed.push(self.say(
                    format!("{} in each of {draws} draws: {} a year", percent(share), percent(year)),
                    format!("{draws} 次抽取每次 {}：全年 {}", percent(share), percent(year)),
                ));
            } else {
                words.understood.push(self.say(
                    format!("{} of the subjects a year", percent(year)),
                    format!("全年抽查 {}", percent(year)),
                ));
            }
            json!({ "method": "rate", "rate": decimal(year) })
        };
        match (share, count) {
            (Some(share), Some(count)) if self.prefer == Some(Prefer::Share) => {
                words.assumed.push(self.say(
                    format!("{count} is not used (--prefer)"),
                    format!("数量 {count} 不用（--prefer）"),
                ));
                (by_share(share, words), draws)
            }
            (Some(share), Some(count)) if self.prefer != Some(Prefer::Number) => {
                let one = 100 * PERCENT;
                let of = |base: u64| share.saturating_mul(base) / one;
                let agrees = base.is_some_and(|base| (of(base)..=of(base) + 1).contains(&count));
                if agrees {
                    words.understood.push(self.say(
                        format!("{count} is {} of {}", percent(share), base.unwrap_or(0)),
                        format!("{count} 即 {} 家的 {}", base.unwrap_or(0), percent(share)),
                    ));
                } else {
                    let most = (count + 1).saturating_mul(one) / share;
                    let what = base.map_or_else(
                        || self.say(
                            format!("they agree only where there are fewer than {most} subjects, and the table does not say how many there are"),
                            format!("仅当对象不足 {most} 家时一致，而表中未写对象总数"),
                        ),
                        |base| self.say(
                            format!("{} of {base} is {}", percent(share), of(base)),
                            format!("{base} 家的 {} 是 {} 家", percent(share), of(base)),
                        ),
                    );
                    words.contradicts.push(self.say(
                        format!("a share of {} and a number of {count}: {what}; --prefer share or number says which holds", percent(share)),
                        format!("比例 {} 与数量 {count} 并列：{what}；用 --prefer share 或 number 指明以何为准", percent(share)),
                    ));
                }
                (by_share(share, words), draws)
            }
            (_, Some(count)) => {
                words.understood.push(self.say(format!("{count} subjects"), format!("抽查 {count} 家")));
                if draws > 1 {
                    words.assumed.push(self.say(
                        "a number is drawn at once: one draw".to_owned(),
                        "按数量抽取的任务一次抽取".to_owned(),
                    ));
                }
                (json!({ "method": "number", "number": count }), 1)
            }
            (Some(share), None) => (by_share(share, words), draws),
            (None, None) => {
                words.contradicts.push(self.say(
                    "no share and no number: how many are drawn is not said".to_owned(),
                    "既无比例也无数量：未写抽查多少".to_owned(),
                ));
                (json!({ "method": "rate", "rate": "0.1" }), draws)
            }
        }
    }

    fn time(&self, row: &PlanRow, above: &PlanRow, fresh: bool, words: &mut Said) -> Option<Span> {
        let pick = |field: &str| {
            let own = row.text(field);
            if own.is_empty() && !fresh { above.text(field) } else { own }
        };
        let text = if pick("time").is_empty() && !(pick("from").is_empty() && pick("to").is_empty()) {
            format!("{}至{}", pick("from"), pick("to"))
        } else {
            pick("time").to_owned()
        };
        let year = self.base.year;
        if text.is_empty() {
            words
                .assumed
                .push(self.say("no time is given: the whole year".to_owned(), "未写时间，按全年".to_owned()));
            return span("全年", year).ok();
        }
        match span(&text, year) {
            Ok(span) => {
                words.understood.push(self.say(
                    format!("{text} = {} to {}", span.from, span.to),
                    format!("{text} = {} 至 {}", span.from, span.to),
                ));
                if span.open {
                    words.assumed.push(self.say(
                        "only the end is said: from the first of January".to_owned(),
                        "只写了截止：自1月1日起".to_owned(),
                    ));
                }
                Some(span)
            }
            Err(why) => {
                words.contradicts.push(self.say(why[0].clone(), why[1].clone()));
                None
            }
        }
    }

    /// The tasks; rows of one title, department, time and amount are one task of several items.
    fn tasks(&self, wanted: Vec<Wanted>, said: &mut [(u64, String, Said)]) -> Vec<Value> {
        let mut merged: Vec<Wanted> = Vec::new();
        for next in wanted {
            let same = merged.iter_mut().find(|one| {
                one.title == next.title
                    && one.department == next.department
                    && one.joining == next.joining
                    && one.design == next.design
                    && one.span == next.span
                    && one.draws == next.draws
            });
            match same {
                Some(one) => {
                    let words = said.iter_mut().find(|(row, ..)| *row == next.row);
                    if let Some((.., words)) = words {
                        words.understood.push(self.say(
                            format!("one task with row {}", one.row),
                            format!("与第 {} 行同为一项任务", one.row),
                        ));
                    }
                    let fresh =
                        next.items.into_iter().filter(|item| !one.items.contains(item)).collect::<Vec<_>>();
                    one.items.extend(fresh);
                    let fresh =
                        next.kinds.into_iter().filter(|kind| !one.kinds.contains(kind)).collect::<Vec<_>>();
                    one.kinds.extend(fresh);
                }
                None => merged.push(next),
            }
        }
        let mut codes: BTreeSet<String> = BTreeSet::new();
        let mut tasks = Vec::new();
        for task in merged {
            let Some((.., words)) = said.iter_mut().find(|(row, ..)| *row == task.row) else { continue };
            let known = self.base.tasks.iter().find(|own| plain(&own.title) == plain(&task.title));
            let mut code = known.map_or_else(|| format!("plan-{}", task.row), |own| own.code.to_string());
            if !codes.insert(code.clone()) {
                code = format!("plan-{}", task.row);
                codes.insert(code.clone());
            }
            let Some(span) = task.span else { continue };
            let batches = match self.batches(span, task.draws, known, words) {
                Ok(batches) => batches,
                Err(why) => {
                    words.contradicts.push(why);
                    continue;
                }
            };
            let strata = known.or(self.base.tasks.first()).map(|own| json!(own.strata));
            let mut value = json!({
                "batches": batches, "code": code, "department": task.department, "design": task.design,
                "items": task.items, "level": task.level, "title": task.title,
                "population": { "kinds": task.kinds }, "strata": strata.unwrap_or_else(|| json!(["kind"])),
            });
            if !task.joining.is_empty() {
                value["joining"] = json!(task.joining);
            }
            tasks.push(value);
        }
        tasks
    }

    /// The draws of a time: each part of it begins with a draw on a working day and ends so that results can be
    /// published within the calendar.
    fn batches(
        &self,
        span: Span,
        draws: u64,
        known: Option<&Task>,
        words: &mut Said,
    ) -> Result<Vec<Value>, String> {
        let calendar = &self.base.calendar;
        let deadlines = &self.pack.deadlines;
        let model = known.or(self.base.tasks.first()).and_then(|task| task.batches.first());
        let Some(model) = model else {
            return Err(self.say(
                "the programme has no task to take sources and disclosure from".to_owned(),
                "年度计划中没有任务可沿用随机源与公开方式".to_owned(),
            ));
        };
        let days = u64::try_from(span.to.days_since(span.from)).unwrap_or(0) + 1;
        let part = i64::try_from(days / draws).unwrap_or(0);
        let short = || {
            self.say(
                format!(
                    "{} to {} is too short for {draws} draws with the deadlines of the pack",
                    span.from, span.to
                ),
                format!("{} 至 {} 太短，按规则包时限容不下 {draws} 次抽取", span.from, span.to),
            )
        };
        let mut batches = Vec::new();
        let mut told = Vec::new();
        let shares = 1_000_000_000 / draws;
        for place in 0..draws {
            let offset = i64::try_from(place).unwrap_or(0) * part;
            let first = span.from.plus_days(offset).ok_or_else(short)?;
            let last = if place + 1 == draws { Some(span.to) } else { first.plus_days(part - 1) };
            let mut to = last.ok_or_else(short)?;
            let drawn = (0..40)
                .filter_map(|n| first.plus_days(n))
                .find(|day| calendar.is_working(*day) == Some(true))
                .ok_or_else(short)?;
            // Where the place has no deadline, the next working day does.
            let days = |deadline: &Option<Deadline>| deadline.as_ref().map_or(1, |deadline| deadline.days);
            let matched = calendar.after(drawn, days(&deadlines.matching)).ok_or_else(short)?;
            let recusals = calendar.after(matched, 1).ok_or_else(short)?;
            let from = calendar.after(recusals, days(&deadlines.recusal)).ok_or_else(short)?;
            let mut published = calendar.after(to, days(&deadlines.publish));
            while published.is_none() && to > from {
                to = to.plus_days(-1).ok_or_else(short)?;
                published = calendar.after(to, days(&deadlines.publish));
            }
            let published = published.ok_or_else(short)?;
            if to <= from {
                return Err(short());
            }
            told.push(self.say(
                format!("drawn on {drawn}, visits {from} to {to}, published by {published}"),
                format!("{drawn} 抽取，{from} 至 {to} 检查，{published} 前公示"),
            ));
            let as_of = drawn.plus_days(-2).ok_or_else(short)?;
            let share = if place + 1 == draws { 1_000_000_000 - shares * (draws - 1) } else { shares };
            let mut beacon = json!(model.beacon);
            dated(&mut beacon, drawn);
            let mut disclosure = json!(model.disclosure);
            let wait = disclosure["reveal_by"].as_str().and_then(|day| Date::parse(day).ok());
            if let Some(reveal) = wait.and_then(|day| to.plus_days(day.days_since(model.window.to()).max(0)))
            {
                disclosure["reveal_by"] = json!(reveal);
            }
            batches.push(json!({
                "as_of": as_of, "beacon": beacon, "disclosure": disclosure, "drawn": drawn, "matched": matched,
                "published": published, "recusals": recusals, "share": decimal(share),
                "window": { "from": from, "to": to },
            }));
        }
        words.assumed.extend(told);
        Ok(batches)
    }

    /// The programme with these tasks; every policy of it must follow from the pack.
    fn programme(
        &self,
        tasks: Vec<Value>,
        keep: bool,
        said: &mut Vec<(u64, String, Said)>,
    ) -> Result<Option<Programme>, Failure> {
        if said.iter().any(|(_, _, words)| !words.contradicts.is_empty()) {
            return Ok(None);
        }
        let mut value = serde_json::to_value(self.base)?;
        let made: BTreeSet<String> =
            tasks.iter().filter_map(|task| task["code"].as_str().map(str::to_owned)).collect();
        let left: Vec<&Task> =
            self.base.tasks.iter().filter(|task| !made.contains(task.code.as_str())).collect();
        let mut all = tasks;
        let mut whole = Said::default();
        if !left.is_empty() {
            let names = left.iter().map(|task| task.code.as_str()).collect::<Vec<_>>().join(", ");
            whole.assumed.push(if keep {
                self.say(
                    format!("tasks of the programme that stay: {names}"),
                    format!("原计划保留的任务：{names}"),
                )
            } else {
                self.say(
                    format!(
                        "tasks of the programme that no row names, left out (--keep keeps them): {names}"
                    ),
                    format!("表中没有、不再保留的原任务（--keep 可保留）：{names}"),
                )
            });
            if keep {
                all.extend(left.iter().map(|task| json!(task)));
            }
        }
        value["tasks"] = Value::Array(all);
        match Programme::from_json(&value.to_string()) {
            Ok(programme) => {
                for task in &programme.tasks {
                    for (batch, _) in (1..).zip(&task.batches) {
                        if let Err(error) = programme.policy(self.pack, &task.code, batch, None) {
                            whole.contradicts.push(format!("{} {batch}: {error}", task.code));
                        }
                    }
                }
                said.push((0, programme.title.clone(), whole));
                Ok(Some(programme))
            }
            Err(error) => {
                whole.contradicts.push(error.to_string());
                said.push((0, self.base.title.clone(), whole));
                Ok(None)
            }
        }
    }
}

/// Moves the instants of a beacon to the day of the draw.
fn dated(value: &mut Value, day: Date) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                match (name.as_str(), inner.as_str().map(str::to_owned)) {
                    ("at", Some(at)) => {
                        let time = at.split_once('T').map_or("01:00:00Z", |(_, time)| time).to_owned();
                        *inner = json!(format!("{day}T{time}"));
                    }
                    _ => dated(inner, day),
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|inner| dated(inner, day)),
        _ => {}
    }
}
