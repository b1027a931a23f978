//! The report, for people who draw nothing themselves.

use crate::read::Published;
use crate::search::{Origin, Searched};
use double_random::odds::ONE;
use double_random::study::audit::{ListFinding, ListTest};
use double_random::study::generators::{Engine, Taking};
use double_random::study::meetings::{MeetingFinding, MeetingTest};
use double_random_support::screen::Lang;
use double_random_support::{catalogue, told};
use std::fmt::Write as _;

/// Everything that was found.
pub(crate) struct Findings {
    pub(crate) published: Published,
    pub(crate) findings: Vec<ListFinding>,
    pub(crate) districts: Vec<(String, u64, u64)>,
    pub(crate) meetings: Vec<MeetingFinding>,
    pub(crate) searched: Vec<Searched>,
}

/// A chance for people: `0.3 %`, or `below 0.05 %`.
fn percent(billionths: u64) -> String {
    let hundredths = billionths.div_ceil(ONE / 10_000);
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

fn test_name(test: ListTest, lang: Lang) -> &'static str {
    match test {
        ListTest::RowPosition => catalogue::word("screen.audit.rows_at_top_at", lang),
        ListTest::RowSpacing => catalogue::word("screen.audit.drawn_rows_lie_too", lang),
        ListTest::RowStride => catalogue::word("screen.audit.one_distance_between_drawn", lang),
        ListTest::IdPosition => catalogue::word("screen.audit.ids_early_late_abc", lang),
        ListTest::IdSpacing => catalogue::word("screen.audit.drawn_ids_lie_too", lang),
        ListTest::IdStride => catalogue::word("screen.audit.one_distance_between_drawn_ids", lang),
        ListTest::District => catalogue::word("screen.audit.district_has_too_many", lang),
        ListTest::Again => catalogue::word("screen.audit.units_earlier_draws_return", lang),
        ListTest::Favourite => catalogue::word("screen.audit.some_units_drawn_too", lang),
        ListTest::Never => catalogue::word("screen.audit.too_many_units_never", lang),
    }
}

fn meeting_name(test: MeetingTest, lang: Lang) -> &'static str {
    match test {
        MeetingTest::SameUnit => catalogue::word("screen.audit.officers_return_same_institutions", lang),
        MeetingTest::PairWithUnit => catalogue::word("screen.audit.one_officer_one_institution", lang),
        MeetingTest::Together => catalogue::word("screen.audit.same_officers_go_together", lang),
        MeetingTest::Findings => catalogue::word("screen.audit.one_officer_finds_too", lang),
        MeetingTest::Closures => catalogue::word("screen.audit.one_officer_stands_before", lang),
    }
}

fn recipe_name(engine: Engine, taking: Taking, lang: Lang) -> String {
    let engine = match engine {
        Engine::Java => "java.util.Random",
        Engine::Python => "Python random (MT19937)",
        Engine::Glibc => "C rand(), glibc",
        Engine::Msvc => "C rand(), Microsoft",
    };
    let taking = match taking {
        Taking::ShuffleFirst => catalogue::word("screen.audit.shuffled_first_rows_taken", lang),
        Taking::ShuffleLast => catalogue::word("screen.audit.shuffled_last_rows_taken", lang),
        Taking::Picks => catalogue::word("screen.audit.row_after_row_repetitions", lang),
        Taking::Sample => catalogue::word("screen.audit.sample", lang),
    };
    format!("{engine}, {taking}")
}

fn origin(origin: &Origin, lang: Lang) -> String {
    let order = |by_id: bool| {
        if by_id {
            catalogue::word("screen.audit.rows_sorted_id", lang)
        } else {
            catalogue::word("screen.audit.rows_as_published", lang)
        }
    };
    match origin {
        Origin::Seed { recipe, seed, by_id } => {
            let recipe = recipe_name(recipe.engine, recipe.taking, lang);
            format!("{recipe}, {} {seed}, {}", catalogue::word("screen.audit.seed", lang), order(*by_id))
        }
        Origin::Column { least: true } => {
            catalogue::word("screen.audit.least_numbers_published_column", lang).to_owned()
        }
        Origin::Column { least: false } => {
            catalogue::word("screen.audit.greatest_numbers_published_column", lang).to_owned()
        }
        Origin::Digest { name, salt, before, least } => {
            let id = catalogue::word("screen.audit.id", lang);
            let text = if *before { format!("{salt:?} + {id}") } else { format!("{id} + {salt:?}") };
            let text = if salt.is_empty() { id.to_owned() } else { text };
            let end = if *least {
                catalogue::word("screen.audit.least", lang)
            } else {
                catalogue::word("screen.audit.greatest", lang)
            };
            format!("{name}({text}), {end}")
        }
        Origin::Script { state, by_id } => {
            let draws = format!("{}–{}", state.first + 1, state.first + state.draws);
            let spare = state.spare;
            told!(lang, "screen.audit.math_random_browser_node", order = order(*by_id), draws, spare)
        }
    }
}

impl Findings {
    /// The report, and whether something was found.
    pub(crate) fn report(&self, lang: Lang) -> (String, bool) {
        let mut out = String::new();
        let strange = self.findings.iter().any(ListFinding::is_strange)
            || self.meetings.iter().any(MeetingFinding::is_strange)
            || self.searched.iter().any(|searched| !searched.origins.is_empty() && searched.can_tell());
        let _ = writeln!(
            out,
            "{}",
            if strange {
                catalogue::word("screen.audit.this_list_has_something", lang)
            } else {
                catalogue::word("screen.audit.nothing_this_list_was", lang)
            }
        );
        self.say_list(&mut out, lang);
        self.say_meetings(&mut out, lang);
        self.say_seeds(&mut out, lang);
        self.say_coverage(&mut out, lang);
        say_limits(&mut out, lang);
        (out, strange)
    }

    fn say_list(&self, out: &mut String, lang: Lang) {
        let _ = writeln!(out, "\n{}", catalogue::word("screen.audit.what_was_looked_at", lang));
        for finding in &self.findings {
            let mark = if finding.is_strange() { "!" } else { " " };
            let name = test_name(finding.test, lang);
            let (seen, usual) = (finding.seen, finding.usual);
            let (chance, corrected) = (percent(finding.chance), percent(finding.corrected));
            let most = finding.most.as_ref().filter(|_| finding.is_strange());
            let most = most.map_or(String::new(), |most| format!(" [{most}]"));
            let _ = writeln!(
                out,
                "{}",
                told!(
                    lang,
                    "screen.audit.chance_about_as_strange",
                    mark,
                    name,
                    seen,
                    usual,
                    most,
                    chance,
                    corrected
                )
            );
        }
        if self.findings.iter().any(|finding| finding.test == ListTest::District && finding.is_strange()) {
            for (name, seen, expected) in &self.districts {
                let usual = format!("{}.{:01}", expected / 1_000_000, expected / 100_000 % 10);
                let _ = writeln!(out, "    {}", told!(lang, "screen.audit.drawn_chance", name, seen, usual));
            }
        }
    }

    fn say_meetings(&self, out: &mut String, lang: Lang) {
        if self.meetings.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", catalogue::word("screen.audit.who_met_whom", lang));
        for finding in &self.meetings {
            let mark = if finding.is_strange() { "!" } else { " " };
            let (name, most, times) =
                (meeting_name(finding.test, lang), finding.most.join(" + "), finding.times);
            let usual = format!("{}.{:02}", finding.usual / ONE, finding.usual / (ONE / 100) % 100);
            let (chance, corrected) = (percent(finding.chance), percent(finding.corrected));
            let _ = writeln!(
                out,
                "{}",
                told!(
                    lang,
                    "screen.audit.most_times_chance_as",
                    mark,
                    name,
                    most,
                    times,
                    usual,
                    chance,
                    corrected
                )
            );
        }
    }

    fn say_seeds(&self, out: &mut String, lang: Lang) {
        let _ = writeln!(out, "\n{}", catalogue::word("screen.audit.seeds_orders_were_tried", lang));
        for (number, searched) in (1..).zip(&self.searched) {
            let Searched { trials, wanted, bits, .. } = searched;
            let _ = writeln!(
                out,
                "  {}",
                told!(lang, "screen.audit.draw_wanted_trials_made", number, trials, wanted, bits)
            );
            if trials < wanted {
                let _ =
                    writeln!(out, "    {}", catalogue::word("screen.audit.budget_ended_search_raise", lang));
            }
            for found in &searched.origins {
                let mark = if searched.can_tell() { "!" } else { "?" };
                let _ = writeln!(
                    out,
                    "{mark}   {}: {}",
                    catalogue::word("screen.audit.list_follows_from", lang),
                    origin(found, lang)
                );
            }
            if !searched.can_tell() {
                let _ = writeln!(out, "    {}", catalogue::word("screen.audit.list_too_short_hit", lang));
            }
            if let Some([least, greatest]) = searched.off_column.filter(|off| !off.contains(&0)) {
                let _ = writeln!(
                    out,
                    "    {}",
                    told!(lang, "screen.audit.drawn_units_not_those", count = least.min(greatest))
                );
            }
        }
    }

    fn say_coverage(&self, out: &mut String, lang: Lang) {
        if !self.published.outcomes {
            return;
        }
        let _ = writeln!(out, "\n{}", catalogue::word("screen.audit.coverage", lang));
        for (number, [units, drawn, visited, closed]) in (1..).zip(&self.published.coverage) {
            let of = |part: usize| {
                let tenths = part * 1000 / (*units).max(1);
                format!("{}.{} %", tenths / 10, tenths % 10)
            };
            let (all, real, unknown) = (of(*drawn), of(*visited), drawn - visited - closed);
            let _ = writeln!(
                out,
                "  {}",
                told!(
                    lang,
                    "screen.audit.draw_drawn_inspected_behind",
                    number,
                    drawn,
                    units,
                    all,
                    visited,
                    real,
                    closed,
                    unknown
                )
            );
        }
    }
}

fn say_limits(out: &mut String, lang: Lang) {
    let lines = match lang {
        Lang::En => [
            "What is not shown",
            "  That a list is fair. A choice by hand that looks like chance is not found.",
            "  Intent. A rule that was published (quotas, levels, places left out) explains what looks strange: name it in the column cell.",
            "  In one of twenty fair lists some line is marked all the same, and once more for officers: 5 % each.",
            "  Who of the officers could go where. Where rules or leave forbade it, give draws by district (--within-district).",
            "  Seeds outside the ranges above, generators seeded by the operating system, and draws made district by district.",
        ],
        Lang::Zh => [
            "没有证明的事",
            "  没有证明名单公正。人为挑选但看似随机的名单，本程序查不出来。",
            "  没有证明故意。公布的规则（名额、等级、排除对象）可以解释反常之处：请写在“层”一列。",
            "  每二十份公正名单中，仍会有一份被标出某一行；人员部分另计：两部分的水平各为 5 %。",
            "  检查人员本来能去哪里。如受规则或请假限制，请按区县互换（--within-district）。",
            "  上述范围以外的种子、由操作系统取种的发生器、分区县各自抽取的情形，都未试算。",
        ],
    };
    let _ = writeln!(out, "\n{}", lines.join("\n"));
}
