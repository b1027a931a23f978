//! What people read on the screen, in Chinese or English.

use crate::{catalogue, say, told};
use double_random::assign::WayOut;
use double_random::id::{Code, Division};
use double_random::message::{AsParam, Coded as _, Message, Param};
use double_random::plan::{Bar, Bounded, Capacity, Explanation, ExplanationStep, Stray};
use double_random::policy::Stratum;
use double_random::seal::Sealed;
use double_random::stratum::{Occasion, StratumNode};
use double_random::stream::Counted;
use double_random::verify::{LedgerReport, Report, Verdict};
use double_random::{Plan, Policy, Record, Roster, UnitId};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::str::FromStr;

/// The language of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

impl Lang {
    /// The language that was asked for, else that of the terminal (`LANG`).
    #[must_use]
    pub fn or_environment(given: Option<Self>) -> Self {
        let chinese = || std::env::var("LANG").is_ok_and(|lang| lang.starts_with("zh"));
        given.unwrap_or_else(|| if chinese() { Self::Zh } else { Self::En })
    }

    /// The language that the words of a command line ask for, before they are understood.
    #[must_use]
    pub fn asked(mut words: impl Iterator<Item = String>) -> Self {
        let mut given = None;
        while let Some(word) = words.next() {
            let named = word.strip_prefix("--lang=").map(str::to_owned);
            given = named.or_else(|| (word == "--lang").then(|| words.next()).flatten()).or(given);
        }
        Self::or_environment(given.and_then(|word| word.parse().ok()))
    }

    /// The language of what is published under rules of this title: Chinese if it has an ideograph. The title is
    /// sealed, so whoever publishes, the words are the same.
    #[must_use]
    pub fn of_title(title: &str) -> Self {
        let ideograph = |c: char| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
        if title.contains(ideograph) { Self::Zh } else { Self::En }
    }

    /// One of two texts that stand side by side, because a file holds both or a program has its help in both.
    #[must_use]
    pub const fn of(self, [english, chinese]: [&str; 2]) -> &str {
        match self {
            Self::En => english,
            Self::Zh => chinese,
        }
    }
}

impl FromStr for Lang {
    type Err = Message;

    fn from_str(text: &str) -> Result<Self, Message> {
        match text {
            "en" => Ok(Self::En),
            "zh" => Ok(Self::Zh),
            _ => Err(say!("screen.lang", "\"{text}\" is neither en nor zh", text)),
        }
    }
}

/// Width on a terminal: Chinese characters take two columns.
fn width(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 }).sum()
}

/// A text with spaces behind it, so that it takes so many columns of a terminal.
#[must_use]
pub fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Rows in columns: the first column stands to the left, the others to the right.
#[must_use]
pub fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count)
        .map(|c| rows.iter().filter_map(|r| r.get(c)).map(|t| width(t)).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (c, text) in row.iter().enumerate() {
            let pad = " ".repeat(widths[c] - width(text));
            let _ = if c == 0 { write!(line, "  {text}{pad}") } else { write!(line, "  {pad}{text}") };
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Two decimals of billionths.
#[must_use]
pub fn short(billionths: u128) -> String {
    let hundredths = (billionths + 5_000_000) / 10_000_000;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A node of the stratum tree by the policy's names: `first/350521/clinic` is 惠安县·诊所（首次）, in English
/// `惠安县 · 诊所 (first visit)`. The node that holds every unit is 合计, in English `all`.
#[must_use]
pub fn stratum(node: StratumNode<'_>, policy: &Policy, lang: Lang) -> String {
    let (strata, occasion) = match (node.occasion(), lang) {
        (None, _) => (node, ""),
        (Some(Occasion::First), Lang::En) => (node.strata(), " (first visit)"),
        (Some(Occasion::First), Lang::Zh) => (node.strata(), "（首次）"),
        (Some(Occasion::Repeat), Lang::En) => (node.strata(), " (repeat visit)"),
        (Some(Occasion::Repeat), Lang::Zh) => (node.strata(), "（再次）"),
    };
    let name = |(stratum, part): (&Stratum, &str)| {
        let area = Division::parse(part).ok().filter(|_| matches!(stratum, Stratum::Area(_)));
        let label = || Some(policy.label(&Code::parse(part).ok()?).to_owned());
        let name = area.and_then(|area| policy.place_name(&area).map(str::to_owned));
        name.or_else(label).unwrap_or_else(|| part.to_owned())
    };
    let names: Vec<String> = policy.strata.iter().zip(strata.components()).map(name).collect();
    let names = if names.is_empty() {
        catalogue::word("screen.all_units", lang).to_owned()
    } else {
        names.join(&told!(lang, "screen.between_strata"))
    };
    names + occasion
}

/// A message about a plan: in Chinese its codes by the names that the policy gives them, its nodes by name.
fn of_plan(message: &Message, policy: &Policy, lang: Lang) -> String {
    if lang == Lang::En {
        return message.to_string();
    }
    let label = |text: &str| {
        let name = |part: &str| {
            Code::parse(part).map_or_else(|_| part.to_owned(), |code| policy.label(&code).to_owned())
        };
        text.split('/').map(name).collect::<Vec<_>>().join("/")
    };
    let named = |name: &str, param: &Param| match (name, param) {
        ("node", Param::Text(path)) => Param::Text(stratum(StratumNode::new(path), policy, lang)),
        ("node", Param::Message(node)) => match node.params().get("path") {
            Some(Param::Text(path)) => Param::Text(stratum(StratumNode::new(path), policy, lang)),
            _ => Param::Text(stratum(StratumNode::ROOT, policy, lang)),
        },
        // A reason of the protocol has a name where the policy gives it none.
        ("code", Param::Text(text))
            if label(text) == *text && catalogue::has(&format!("outside.{text}"), lang) =>
        {
            Param::Text(catalogue::text(&format!("outside.{text}"), &[], lang))
        }
        (
            "code" | "risk" | "credit" | "signal" | "department" | "post" | "from" | "to",
            Param::Text(text),
        ) => Param::Text(label(text)),
        (_, Param::Message(inner)) => Param::Text(of_plan(inner, policy, lang)),
        (_, other) => other.clone(),
    };
    let given: Vec<(&'static str, Param)> =
        message.params().iter().map(|(name, param)| (*name, named(name, param))).collect();
    catalogue::text(message.rule(), &given, lang)
}

/// How a unit came to its probability, with its strata by name.
#[must_use]
pub fn explanation(explained: &Explanation, policy: &Policy, lang: Lang) -> String {
    // The library's own first line: unit, name, probability.
    let head = explained.to_string().lines().next().unwrap_or_default().to_owned();
    let head = match (head.rsplit_once(": "), lang) {
        (Some((unit, probability)), Lang::Zh) => format!("{unit}：{probability}"),
        _ => head,
    };
    let step = |step: &ExplanationStep| match (step, lang) {
        (ExplanationStep::Bound { node, .. }, Lang::En) => {
            step.to_string().replacen(node.as_str(), &stratum(node.node(), policy, lang), 1)
        }
        _ => of_plan(&step.message(), policy, lang),
    };
    explained.steps.iter().fold(head, |text, next| format!("{text}\n  {}", step(next)))
}

/// What a department can staff at a node, with the node by name.
#[must_use]
pub fn capacity(capacity: &Capacity, policy: &Policy, lang: Lang) -> String {
    if lang == Lang::Zh {
        return of_plan(&capacity.message(), policy, lang);
    }
    let node = capacity.node.node();
    let (path, name) = (format!(" at {node}: "), format!(" at {}: ", stratum(node, policy, lang)));
    capacity.to_string().replacen(&path, &name, 1)
}

/// A plan that is sealed, and its seal.
#[must_use]
pub fn plan(sealed: &Sealed, lang: Lang) -> String {
    let mut out = planned(sealed.plan(), lang);
    let _ = writeln!(out, "\n{}  {}", catalogue::word("screen.seal_digest", lang), sealed.digest());
    out
}

/// Title of the policy, how many institutions can be drawn, and how many officers there are.
fn size(
    policy: &Policy,
    units: u64,
    exclusions: &BTreeMap<Code, u64>,
    roster: &Roster,
    lang: Lang,
) -> String {
    let out_of: u64 = exclusions.values().sum();
    let reasons: Vec<String> =
        exclusions.iter().map(|(code, n)| format!("{} {n}", policy.label(code))).collect();
    let reasons = catalogue::joined(&reasons, "office.between.phrases", lang);
    let (drawable, officers) = (units.saturating_sub(out_of), roster.inspectors().len());
    let said = told!(lang, "screen.planned", units, drawable, out_of, reasons, officers);
    format!("{}\n{said}\n", policy.title)
}

/// A frame that was counted row by row: who can be drawn, and what nobody foresaw.
#[must_use]
pub fn counted(counted: &Counted, roster: &Roster, lang: Lang) -> String {
    let (units, policy) = (counted.frame().size, counted.policy());
    let size = size(policy, units, counted.exclusions(), roster, lang);
    format!("{size}{}\n", catalogue::word("screen.counted", lang))
}

/// The plan: who can be drawn, how many are expected where, what the floor of the year is.
#[must_use]
pub fn planned(plan: &Plan, lang: Lang) -> String {
    let policy = plan.policy();
    let units = plan.frame().units().len() as u64;
    let mut out = size(policy, units, plan.exclusions(), plan.roster(), lang);
    out += &floors(plan, lang);
    let thin = plan.understaffed();
    if !thin.is_empty() {
        let _ = writeln!(out, "\n{}", told!(lang, "screen.understaffed", count = thin.len()));
        for unit in thin.iter().take(5) {
            let name = |code| match lang {
                Lang::En => Code::as_str(code),
                Lang::Zh => policy.label(code),
            };
            let party = unit.department.as_ref().map_or(catalogue::word("screen.experts", lang), name);
            let (post, officers, needed) = (&unit.post, unit.officers, unit.needed);
            let _ = writeln!(out, "  {} {party} {post}: {officers} < {needed}", unit.unit);
        }
    }
    out
}

/// The floors of the year, node by node: what was reached before this draw, what this draw gives, and what is
/// left.
fn floors(plan: &Plan, lang: Lang) -> String {
    let head: [&[&str]; 2] = match lang {
        Lang::En => [
            &["", "", "the year", "", "this draw", "", "", "the year then", ""],
            &["", "active", "floor", "before", "expected", "at least", "at most", "at least", "to go"],
        ],
        Lang::Zh => [
            &["", "", "全年", "", "本次", "", "", "本次之后", ""],
            &["", "在册", "应查下限", "此前已查", "期望", "至少", "至多", "累计至少", "尚待后续"],
        ],
    };
    let mut rows: Vec<Vec<String>> =
        head.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    let mut whole = String::new();
    for node in plan.nodes() {
        let Some(Bounded { active, reached, quota, .. }) = node.bounded else { continue };
        let then = reached + node.at_least;
        let to_come = quota.saturating_sub(then);
        // The table is of first visits, so the names leave the occasion out.
        let strata = node.node.node().strata();
        let (all, name) = (strata.is_root(), stratum(strata, plan.policy(), lang));
        let counts = [active, quota, reached].map(|n| n.to_string());
        let draw = [short(node.expected), node.at_least.to_string(), node.at_most.to_string()];
        let rest = [then, to_come].map(|n| n.to_string());
        rows.push([vec![name], counts.to_vec(), draw.to_vec(), rest.to_vec()].concat());
        if all {
            whole = told!(lang, "screen.floors.whole", quota, reached, least = node.at_least, then, to_come);
        }
    }
    if rows.len() == head.len() {
        return String::new();
    }
    let title = catalogue::word("screen.floors.title", lang);
    format!("\n{title}\n{}{whole}\n", columns(&rows))
}

/// The values of the sources and the seed.
fn seeded(record: &Record, lang: Lang) -> String {
    let mut out = String::new();
    for value in &record.beacon {
        let name = catalogue::word("screen.beacon_value", lang);
        let _ = writeln!(out, "{name}  {} = {}", value.source, value.value);
    }
    let _ = writeln!(out, "{}  {}", catalogue::word("screen.seed_value", lang), record.seed);
    out
}

/// A long draw: seed, number of picks, shortages; its visits are a table.
#[must_use]
pub fn recorded(record: &Record, lang: Lang) -> String {
    let picks = record.teams.visits.len();
    let mut out = seeded(record, lang);
    let _ = writeln!(out, "\n{}", told!(lang, "screen.recorded", picks));
    out + &after_teams(record, lang)
}

/// The draw: seed, picks with their teams, loads.
#[must_use]
pub fn draw(sealed: &Sealed, record: &Record, lang: Lang) -> String {
    let plan = sealed.plan();
    let mut out = seeded(record, lang);
    let picks = record.teams.visits.len();
    let _ = writeln!(out, "\n{}", told!(lang, "screen.picks", picks));
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
        people
            .extend(guests.map(|id| format!("{} {}", catalogue::word("screen.with_expert", lang), name(id))));
        let of_experts: u64 = visit.experts.iter().map(|post| post.vacancies).sum();
        let vacancies: u64 = visit.posts.iter().map(|post| post.vacancies).sum::<u64>() + of_experts;
        if vacancies > 0 {
            people.push(format!("{vacancies} {}", catalogue::word("screen.vacant", lang)));
        }
        let chance = short(u128::from(plan.probability(position).unwrap_or(0)));
        let place = plan.policy().place(&unit.division);
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
    let _ = writeln!(out, "\n{}: {}", catalogue::word("screen.spread", lang), spread.join(", "));
    out + &after_teams(record, lang)
}

/// What is to be known beside the teams: raised ceilings, shortages, and how to check a ticket.
fn after_teams(record: &Record, lang: Lang) -> String {
    let mut out = String::new();
    for raised in &record.teams.raised {
        let ceiling = short((u128::from(raised.ceiling) * 1_000_000_000) >> 20);
        let units: Vec<&str> = raised.units.iter().map(UnitId::as_str).collect();
        let _ = writeln!(
            out,
            "{} {ceiling}: {}",
            catalogue::word("screen.ceiling_raised", lang),
            units.join(" ")
        );
    }
    for shortage in &record.teams.shortages {
        let losses: Vec<String> =
            shortage.losses.iter().map(|(bar, n)| format!("{} {n}", barred(*bar, lang))).collect();
        let _ = writeln!(
            out,
            "{}",
            told!(
                lang,
                "screen.shortage",
                posts = shortage.posts.iter().map(|post| post.units.len()).sum::<usize>(),
                need = shortage.need,
                officers = shortage.officers.len(),
                fill = shortage.can_fill,
                losses = catalogue::joined(&losses, "office.between.phrases", lang)
            )
        );
        for (way, left) in &shortage.ways_out {
            let _ =
                writeln!(out, "  {}", told!(lang, "screen.still_missing", way = way_out(*way, lang), left));
        }
    }
    if let Some(pick) = record.sample.iter().flat_map(|cell| &cell.picks).next() {
        let _ = writeln!(
            out,
            "\n{}\n  printf '%s' 'double-random/1 lot {} {}' | sha256sum\n  {}",
            catalogue::word("screen.check_ticket", lang),
            record.seed,
            pick.pseudonym,
            pick.ticket
        );
    }
    out
}

/// What a bar is called.
#[must_use]
pub fn barred(bar: Bar, lang: Lang) -> String {
    catalogue::text(&format!("bar.{bar}"), &[], lang)
}

/// What a way out of a shortage is called.
fn way_out(way: WayOut, lang: Lang) -> &'static str {
    match way {
        WayOut::Anywhere => catalogue::word("screen.way.anywhere", lang),
        WayOut::Cap => catalogue::word("screen.way.cap", lang),
        WayOut::Jurisdiction => catalogue::word("screen.way.jurisdiction", lang),
        WayOut::Rotation => catalogue::word("screen.way.rotation", lang),
    }
}

/// The report of a verification.
#[must_use]
pub fn report(report: &Report, lang: Lang) -> String {
    match lang {
        Lang::En => report.to_string(),
        Lang::Zh => {
            format!("{}\n{}", catalogue::lines(&report.lines(), lang), verdict(report.verdict(), lang))
        }
    }
}

/// The verdict, and what it means.
#[must_use]
pub fn verdict(verdict: Verdict, lang: Lang) -> String {
    let message = match verdict {
        Verdict::Confirmed => say!(
            "screen.confirmed",
            "confirmed: everything that was run holds, with the published seal and beacon"
        ),
        Verdict::SelfConsistent => say!(
            "screen.self_consistent",
            "self-consistent only: seal and beacon values were not both compared with published ones"
        ),
        Verdict::Refuted => say!("screen.refuted", "refuted"),
    };
    catalogue::words(&message, lang)
}

/// The verdict on a ledger: what was compared with evidence from elsewhere, and what is missing (Spec 13).
#[must_use]
pub fn ledger_verdict(report: &LedgerReport, lang: Lang) -> String {
    let all = |words: Vec<Message>| Param::List(words.iter().map(AsParam::param).collect());
    let basis: Vec<Message> = report.basis().iter().map(|basis| basis.message()).collect();
    let compared = if basis.is_empty() {
        say!(
            "screen.nothing_compared",
            "nothing was compared that the author of the ledger could not have made up"
        )
    } else {
        say!("screen.compared", "compared with {basis}", basis = all(basis))
    };
    let message = match report.verdict() {
        Verdict::Confirmed => say!(
            "screen.ledger_confirmed",
            "confirmed: every entry follows the one before, and every public draw was replayed; {compared}",
            compared
        ),
        Verdict::Refuted => say!("screen.ledger_refuted", "refuted: see FAIL above"),
        Verdict::SelfConsistent => say!(
            "screen.ledger_self_consistent",
            "self-consistent only: {compared}; missing: {gaps}",
            compared,
            gaps = all(report.gaps().iter().map(|gap| gap.message()).collect())
        ),
    };
    catalogue::words(&message, lang)
}

/// What an office should know before it seals: posts that no seed can fill, institutions with too few
/// eligible people, and rules without effect.
#[must_use]
pub fn warnings(plan: &Plan, lang: Lang) -> Vec<String> {
    let short = plan.capacity().into_iter().filter(|capacity| capacity.shortfall() > 0);
    let policy = plan.policy();
    let idle = plan.idle_rules().into_iter().map(|rule| of_plan(&rule.message(), policy, lang));
    let understaffed = plan.understaffed().into_iter().map(|unit| of_plan(&unit.message(), policy, lang));
    let short = short.map(|short| capacity(&short, plan.policy(), lang));
    short.chain(understaffed).chain(idle).chain(strays(plan, lang)).collect()
}

/// How many strays of a kind are named one by one.
const STRAYS: usize = 20;

/// Recusals and standings whose unit is not on the frame. That a person of a last team has left is no news.
fn strays(plan: &Plan, lang: Lang) -> Vec<String> {
    let all = plan.strays();
    let mut found: Vec<&Stray> =
        all.iter().filter(|stray| !matches!(stray, Stray::LastTeam { .. })).collect();
    let more = found.len().saturating_sub(STRAYS);
    found.truncate(STRAYS);
    let mut said: Vec<String> = found.into_iter().map(|stray| catalogue::said(stray, lang)).collect();
    if more > 0 {
        said.push(format!("… {more} {}", catalogue::word("screen.more_strays", lang)));
    }
    said
}

/// The posts of every visit as rows of text: institution, day, department, post, people, lead, vacancies.
#[must_use]
pub fn posts(record: &Record) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for visit in &record.teams.visits {
        let lead = visit.lead.as_ref().map_or_else(String::new, ToString::to_string);
        let day = visit.day.map_or_else(String::new, |day| day.to_string());
        let mut add = |party: String, post: String, ids: Vec<&str>, vacancies: u64| {
            let unit = visit.unit.to_string();
            rows.push(vec![
                unit,
                day.clone(),
                party,
                post,
                ids.join(" "),
                lead.clone(),
                vacancies.to_string(),
            ]);
        };
        for post in &visit.posts {
            let ids = post.officers.iter().map(|officer| officer.id.as_str()).collect();
            add(post.department.to_string(), post.post.to_string(), ids, post.vacancies);
        }
        for post in &visit.experts {
            let ids = post.experts.iter().map(|expert| expert.id.as_str()).collect();
            add("experts".to_owned(), post.post.to_string(), ids, post.vacancies);
        }
    }
    rows
}
