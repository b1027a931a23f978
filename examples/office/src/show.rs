//! What people read on the screen, in Chinese or English.

use double_random::assign::{WayOut, Why};
use double_random::cycle::{CoverageLevel, CoverageNode, CoverageReport};
use double_random::odds::ONE;
use double_random::plan::{Bar, Bounded, NodeReport};
use double_random::policy::Billionths;
use double_random::seal::Sealed;
use double_random::study::StudySummary;
use double_random::verify::{Outcome, Report, Verdict};
use double_random::{Plan, Policy, Record, UnitId};
use std::fmt::Write as _;

/// The language of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

impl Lang {
    /// The language that was asked for, else that of the terminal.
    pub fn or_environment(given: Option<Self>) -> Self {
        let chinese = || std::env::var("LANG").is_ok_and(|lang| lang.starts_with("zh"));
        given.unwrap_or_else(|| if chinese() { Self::Zh } else { Self::En })
    }

    /// One of two texts.
    pub fn say<'a>(self, en: &'a str, zh: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }
}

/// Width on a terminal: Chinese characters take two columns.
fn width(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 }).sum()
}

/// Rows in columns; the first column to the left, the others to the right.
fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count)
        .map(|c| rows.iter().filter_map(|r| r.get(c)).map(|t| width(t)).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for row in rows {
        for (c, text) in row.iter().enumerate() {
            let pad = " ".repeat(widths[c] - width(text));
            let _ = if c == 0 { write!(out, "  {text}{pad}") } else { write!(out, "  {pad}{text}") };
        }
        out.push('\n');
    }
    out
}

/// Two decimals of billionths.
fn short(billionths: u128) -> String {
    let hundredths = (billionths + 5_000_000) / 10_000_000;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The last component of a path as the policy calls it.
fn called(plan: &Plan, node: &str) -> String {
    let last = node.rsplit('/').next().unwrap_or(node);
    match double_random::id::Code::parse(last) {
        Ok(code) => plan.policy().label(&code).to_owned(),
        Err(_) => last.to_owned(),
    }
}

/// A plan that is sealed, and its seal.
pub fn plan(sealed: &Sealed, lang: Lang) -> String {
    let mut out = planned(sealed.plan(), lang);
    let _ = writeln!(out, "\n{}  {}", lang.say("Seal", "封存摘要"), sealed.digest());
    out
}

/// The plan: who can be drawn, how many are expected where, what the floor is.
pub fn planned(plan: &Plan, lang: Lang) -> String {
    let policy = plan.policy();
    let mut out = String::new();
    let units = plan.frame().units().len();
    let out_of: u64 = plan.exclusions().values().sum();
    let _ = writeln!(out, "{}", policy.title);
    let reasons: Vec<String> =
        plan.exclusions().iter().map(|(code, n)| format!("{} {n}", policy.label(code))).collect();
    let _ = match lang {
        Lang::En => writeln!(
            out,
            "{units} institutions on the frame, {} can be drawn, {out_of} cannot ({}); {} officers",
            units as u64 - out_of,
            reasons.join(", "),
            plan.roster().inspectors().len()
        ),
        Lang::Zh => writeln!(
            out,
            "名录 {units} 家，可抽 {} 家，不抽 {out_of} 家（{}）；执法人员 {} 名",
            units as u64 - out_of,
            reasons.join("，"),
            plan.roster().inspectors().len()
        ),
    };
    let guarded: Vec<NodeReport> = plan.nodes().into_iter().filter(|n| n.bounded.is_some()).collect();
    if !guarded.is_empty() {
        let head: &[&str] = match lang {
            Lang::En => &["", "active", "visited", "must reach", "expected", "at least", "at most"],
            Lang::Zh => &["", "在册", "已查", "法定应达", "期望", "至少", "至多"],
        };
        let mut rows = vec![head.iter().map(ToString::to_string).collect()];
        for node in guarded {
            let Some(Bounded { active, reached, quota, .. }) = node.bounded else { continue };
            let name = if node.node == "first" {
                lang.say("all", "合计").to_owned()
            } else {
                called(plan, node.node.as_str())
            };
            let (least, most) = (node.at_least.to_string(), node.at_most.to_string());
            rows.push(vec![
                name,
                active.to_string(),
                reached.to_string(),
                quota.to_string(),
                short(node.expected),
                least,
                most,
            ]);
        }
        let _ = writeln!(
            out,
            "\n{}",
            lang.say("First visits of the year that this draw gives", "本次抽取的本年度首查家数")
        );
        out += &columns(&rows);
    }
    let thin = plan.understaffed();
    if !thin.is_empty() {
        let _ = match lang {
            Lang::En => {
                writeln!(out, "\n{} institutions have fewer eligible officers than a team needs:", thin.len())
            }
            Lang::Zh => writeln!(out, "\n有 {} 家机构可派人员少于组队要求：", thin.len()),
        };
        for unit in thin.iter().take(5) {
            let party = unit.department.as_ref().map_or(lang.say("experts", "专家"), |code| code.as_str());
            let (post, officers, needed) = (&unit.post, unit.officers, unit.needed);
            let _ = writeln!(out, "  {} {party} {post}: {officers} < {needed}", unit.unit);
        }
    }
    out
}

/// The draw: seed, picks with their teams, loads.
pub fn draw(sealed: &Sealed, record: &Record, lang: Lang) -> String {
    let plan = sealed.plan();
    let mut out = String::new();
    for value in &record.beacon {
        let _ = writeln!(out, "{}  {} = {}", lang.say("Beacon", "公开随机"), value.source, value.value);
    }
    let _ = writeln!(out, "{}  {}", lang.say("Seed", "种子"), record.seed);
    let picks = record.teams.visits.len();
    let _ = match lang {
        Lang::En => writeln!(out, "\n{picks} institutions drawn, with their teams (lead first)"),
        Lang::Zh => writeln!(out, "\n抽中 {picks} 家及检查组（组长在前）"),
    };
    let name = |id: &double_random::InspectorId| {
        let officer = plan.roster().position(id).map(|i| plan.roster().inspectors()[i].name.as_str());
        let expert = || plan.roster().expert_position(id).map(|i| plan.roster().experts()[i].name.as_str());
        format!("{} {id}", officer.or_else(expert).unwrap_or("?"))
    };
    let mut loads = std::collections::BTreeMap::new();
    let mut rows = Vec::new();
    for visit in &record.teams.visits {
        let Some(position) = plan.frame().position(&visit.unit) else { continue };
        let unit = &plan.frame().units()[position];
        let mut team: Vec<_> = visit.posts.iter().flat_map(|post| &post.officers).map(|o| &o.id).collect();
        team.sort_by_key(|id| Some(*id) != visit.lead.as_ref());
        team.iter().for_each(|id| *loads.entry((*id).clone()).or_insert(0u64) += 1);
        let mut people: Vec<String> = team.into_iter().map(name).collect();
        let guests = visit.experts.iter().flat_map(|post| &post.experts).map(|guest| &guest.id);
        people.extend(guests.map(|id| format!("{} {}", lang.say("with", "随同"), name(id))));
        let of_experts: u64 = visit.experts.iter().map(|post| post.vacancies).sum();
        let vacancies: u64 = visit.posts.iter().map(|post| post.vacancies).sum::<u64>() + of_experts;
        if vacancies > 0 {
            people.push(format!("{vacancies} {}", lang.say("vacant", "缺员")));
        }
        let chance = short(u128::from(plan.probability(position).unwrap_or(0)));
        let place = double_random::id::Code::parse(unit.division.as_str());
        let place =
            place.map_or_else(|_| unit.division.to_string(), |code| plan.policy().label(&code).to_owned());
        let day = visit.day.map_or_else(String::new, |day| format!(" {day}"));
        rows.push(vec![format!("{} {} {place}{day}", unit.id, unit.name), chance, people.join(", ")]);
    }
    let widest = rows.iter().map(|row| width(&row[0])).max().unwrap_or(0);
    for row in &rows {
        let pad = " ".repeat(widest - width(&row[0]));
        let _ = writeln!(out, "  {}{pad}  {}  {}", row[0], row[1], row[2]);
    }
    let mut spread = std::collections::BTreeMap::new();
    loads.values().for_each(|load| *spread.entry(*load).or_insert(0u64) += 1);
    let spread: Vec<String> = spread.iter().rev().map(|(load, n)| format!("{n} × {load}")).collect();
    let _ = writeln!(out, "\n{}: {}", lang.say("Officers × visits", "人员 × 任务数"), spread.join(", "));
    for raised in &record.teams.raised {
        let ceiling = short((u128::from(raised.ceiling) * 1_000_000_000) >> 20);
        let units: Vec<&str> = raised.units.iter().map(UnitId::as_str).collect();
        let _ = writeln!(
            out,
            "{} {ceiling}: {}",
            lang.say("Chance ceiling raised to", "概率上限放宽至"),
            units.join(" ")
        );
    }
    for shortage in &record.teams.shortages {
        let losses: Vec<String> =
            shortage.losses.iter().map(|(bar, n)| format!("{} {n}", barred(*bar, lang))).collect();
        let _ = match lang {
            Lang::En => writeln!(
                out,
                "Shortage: {} posts need {} places, {} officers can fill {} ({})",
                shortage.posts.iter().map(|post| post.units.len()).sum::<usize>(),
                shortage.need,
                shortage.officers.len(),
                shortage.can_fill,
                losses.join(", ")
            ),
            Lang::Zh => writeln!(
                out,
                "缺员：{} 个岗位组需 {} 人，{} 名人员可补 {} 人（{}）",
                shortage.posts.iter().map(|post| post.units.len()).sum::<usize>(),
                shortage.need,
                shortage.officers.len(),
                shortage.can_fill,
                losses.join("，")
            ),
        };
        for (way, left) in &shortage.ways_out {
            let _ = match lang {
                Lang::En => writeln!(out, "  {}: {left} places still missing", way_out(*way, lang)),
                Lang::Zh => writeln!(out, "  {}：仍缺 {left} 人", way_out(*way, lang)),
            };
        }
    }
    if let Some(pick) = record.sample.iter().flat_map(|cell| &cell.picks).next() {
        let _ = writeln!(
            out,
            "\n{}\n  printf '%s' 'double-random/1 ticket {} {}' | sha256sum\n  {}",
            lang.say("Any institution checks its own ticket:", "任何机构可自行核对抽签号："),
            record.seed,
            pick.id,
            pick.ticket
        );
    }
    out
}

/// What a bar is called.
fn barred(bar: Bar, lang: Lang) -> &'static str {
    match bar {
        Bar::Certificate => lang.say("certificate", "证件"),
        Bar::Absence => lang.say("absence", "请假"),
        Bar::Qualification => lang.say("qualification", "资质"),
        Bar::Enterprise => lang.say("role barred at enterprises", "不得实施涉企检查"),
        Bar::Jurisdiction => lang.say("jurisdiction", "辖区"),
        Bar::Recusal => lang.say("recusal", "回避"),
        Bar::Grid => lang.say("own grid", "同网格"),
        Bar::Rotation => lang.say("rotation", "轮换"),
    }
}

/// Why somebody could or could not hold a post.
pub fn why(why: Why, lang: Lang) -> String {
    match why {
        Why::Chance(units) => {
            format!("{} {}.{:03}", lang.say("chance", "机会"), units >> 20, ((units & 0xf_ffff) * 1000) >> 20)
        }
        Why::Idle => {
            lang.say("may go; others with smaller loads fill it", "可派；由负荷更小者承担").to_owned()
        }
        Why::Full => lang.say("may go; cap 0", "可派；任务上限为 0").to_owned(),
        Why::Unlisted => lang.say("may go; not on the random shortlist", "可派；未入随机候选名单").to_owned(),
        Why::Pinned => lang.say("pinned to another post here", "已指定本家其他岗位").to_owned(),
        Why::Barred(bar) => format!("{}: {}", lang.say("barred", "不可派"), barred(bar, lang)),
        _ => "?".to_owned(),
    }
}

/// What a way out of a shortage is called.
fn way_out(way: WayOut, lang: Lang) -> &'static str {
    match way {
        WayOut::Anywhere => lang.say("with officers from anywhere", "放宽至全域异地交叉"),
        WayOut::Cap => lang.say("with one visit more for each of these officers", "上述人员任务上限加一"),
        WayOut::Jurisdiction => lang.say("with officers of the next wider area", "放宽至相邻辖区"),
        WayOut::Rotation => lang.say("without rotation", "免除轮换"),
    }
}

/// The report of a verification.
pub fn report(report: &Report, lang: Lang) -> String {
    if lang == Lang::En {
        return report.to_string();
    }
    let mut out = String::new();
    for (check, outcome) in report.checks() {
        let _ = match outcome {
            Outcome::Pass => writeln!(out, "通过    {check}"),
            Outcome::Fail { what, expected, found } => {
                writeln!(out, "不符    {check}：{what}：应为 {expected}，实为 {found}")
            }
            Outcome::NotRun { because } => writeln!(out, "未核对  {check}：{because}"),
        };
    }
    out + verdict(report.verdict(), lang)
}

/// The verdict, and what it means.
pub fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    match (verdict, lang) {
        (Verdict::Confirmed, Lang::En) => {
            "confirmed: everything that was run holds, with the published seal and beacon"
        }
        (Verdict::Confirmed, Lang::Zh) => {
            "结论：证实。已核对的各项全部相符，且与公布的封存文件、公开随机数一致"
        }
        (Verdict::SelfConsistent, Lang::En) => {
            "self-consistent only: nothing was compared that the record's author could not have made up"
        }
        (Verdict::SelfConsistent, Lang::Zh) => "结论：仅自洽。未与公布的封存文件、公开随机数核对",
        (Verdict::Refuted, Lang::En) => "refuted",
        (Verdict::Refuted, Lang::Zh) => "结论：不符",
    }
}

/// Units, frequency and visits of one pair of levels.
pub struct LevelRow {
    /// Risk level, as it is called.
    pub risk: String,
    /// Credit level.
    pub credit: String,
    /// Institutions times the share of the year they were at this level, billionths.
    pub years: u64,
    /// Visits a year by the policy.
    pub frequency: Billionths,
    /// Visits made.
    pub visits: u64,
}

/// Coverage, completion and closure, node by node, each with numerator and denominator.
pub fn coverage(report: &CoverageReport, policy: &Policy, lang: Lang) -> String {
    let head: &[&str] = match lang {
        Lang::En => &["", "active", "coverage", "must reach", "drawn", "completed", "closed", "settled"],
        Lang::Zh => &["", "在册", "覆盖率", "应达", "抽取", "完成率", "关闭率", "完结率"],
    };
    let mut rows: Vec<Vec<String>> = vec![head.iter().map(ToString::to_string).collect()];
    let guards = &policy.coverage().guards;
    let guarded =
        |node: &&CoverageNode| matches!(node.level, CoverageLevel::Stratum(level) if guards.contains(&level));
    for node in report.nodes.iter().filter(guarded) {
        let name = place(&node.node, policy, lang);
        let quota = node.bounds.unwrap_or_default().quota;
        let (active, drawn) = (node.active.to_string(), node.drawn.to_string());
        let shares = [node.completion(), node.closure(), node.settled()].map(|share| share.to_string());
        rows.push(
            [vec![name, active, node.coverage().to_string(), quota.to_string(), drawn], shares.to_vec()]
                .concat(),
        );
    }
    let title = lang.say("Coverage on the frame of", "名录日期");
    let others = || report.nodes.iter().filter(|node| node.bounds.is_some() && !guarded(node));
    let within = |node: &&CoverageNode| {
        node.bounds.is_some_and(|bounds| (bounds.quota..=bounds.limit).contains(&node.visited))
    };
    let (kept, all) = (others().filter(within).count(), others().count());
    let mut out = format!("{title} {}\n{}", report.as_of, columns(&rows));
    if all > 0 {
        let _ = writeln!(
            out,
            "{} {kept}/{all}",
            lang.say("bounds of single levels that are kept:", "各级比例规定，已符合：")
        );
    }
    out
}

/// A node of the stratum tree, as the policy calls its components.
pub fn place(node: &str, policy: &Policy, lang: Lang) -> String {
    let called = |code| double_random::id::Code::parse(code).map(|code| policy.label(&code).to_owned());
    match node.split('/').map(called).collect::<Result<Vec<_>, _>>() {
        Ok(names) => names.join(" "),
        Err(_) => lang.say("all", "合计").to_owned(),
    }
}

/// Visits by level against the frequency.
pub fn levels(levels: &[LevelRow], lang: Lang) -> String {
    let head: &[&str] = match lang {
        Lang::En => &["", "institution-years", "frequency", "visits", "per year"],
        Lang::Zh => &["", "家·年", "规定频次", "检查次数", "家均每年"],
    };
    let mut rows: Vec<Vec<String>> = vec![head.iter().map(ToString::to_string).collect()];
    for LevelRow { risk, credit, years, frequency, visits } in levels {
        let one = u128::from(ONE);
        let mean = (u128::from(*visits) * one * one).checked_div(u128::from(*years)).unwrap_or(0);
        rows.push(vec![
            format!("{risk} {credit}"),
            short(u128::from(*years)),
            frequency.to_string(),
            visits.to_string(),
            short(mean),
        ]);
    }
    columns(&rows)
}

/// Studies side by side.
pub fn studies(studies: &[(String, StudySummary)], lang: Lang) -> String {
    let head: &[&str] = match lang {
        Lang::En => &[
            "",
            "years",
            "visits a year",
            "of them control",
            "lowest coverage",
            "below a floor",
            "visits a round",
            "at zero",
            "certain",
            "guess",
            "longest gap (rounds)",
        ],
        Lang::Zh => &[
            "",
            "年数",
            "年均次数",
            "其中机动",
            "最低覆盖率",
            "未达下限",
            "每轮次数",
            "零概率",
            "必查",
            "可猜中率",
            "最长间隔（轮）",
        ],
    };
    let mut rows: Vec<Vec<String>> = vec![head.iter().map(ToString::to_string).collect()];
    for (name, summary) in studies {
        let gap = summary.levels.values().map(|level| level.longest_gap).max().unwrap_or(0);
        rows.push(vec![
            name.clone(),
            summary.years.to_string(),
            (summary.drawn / summary.years.max(1)).to_string(),
            short(summary.control),
            summary.lowest.map_or_else(String::new, |share| share.to_string()),
            summary.deficits.to_string(),
            format!("{}-{}", summary.load.least, summary.load.most),
            summary.safe.to_string(),
            summary.certain.to_string(),
            short(u128::from(summary.guess)),
            gap.to_string(),
        ]);
    }
    let mut out = columns(&rows);
    for (name, summary) in studies {
        let _ = writeln!(out, "\n{name}");
        let head = match lang {
            Lang::En => ["", "units", "frequency", "visits a year", "longest gap"],
            Lang::Zh => ["", "家数", "规定频次", "家均每年", "最长间隔"],
        };
        let mut rows: Vec<Vec<String>> = vec![head.iter().map(ToString::to_string).collect()];
        for ((risk, credit), level) in &summary.levels {
            rows.push(vec![
                format!("{risk} {credit}"),
                level.units.to_string(),
                short(u128::from(level.frequency)),
                short(u128::from(level.mean)),
                level.longest_gap.to_string(),
            ]);
        }
        out.push_str(&columns(&rows));
    }
    out
}
