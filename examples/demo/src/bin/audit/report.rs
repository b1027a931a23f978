//! The report, for people who draw nothing themselves.

use crate::read::Published;
use crate::search::{Origin, Searched};
use double_random::odds::ONE;
use double_random::study::audit::{ListFinding, ListTest};
use double_random::study::generators::{Engine, Taking};
use double_random::study::meetings::{MeetingFinding, MeetingTest};
use double_random_support::screen::Lang;
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
        ListTest::RowPosition => lang.say(
            "rows at the top or at the bottom of the register are favoured (sum of row numbers)",
            "名录靠前或靠后的行更容易抽中（行号之和）",
        ),
        ListTest::RowSpacing => lang.say(
            "drawn rows lie too evenly, or in clusters (sum of squared distances)",
            "抽中的行分布过于均匀或成片（间距平方和）",
        ),
        ListTest::RowStride => lang.say(
            "one distance between drawn rows returns too often (how often)",
            "同一间距反复出现，例如每隔 k 行取一户（出现次数）",
        ),
        ListTest::IdPosition => lang.say(
            "ids early or late in the ABC are favoured (sum of places)",
            "编号靠前或靠后的对象更容易抽中（位次之和）",
        ),
        ListTest::IdSpacing => lang.say(
            "drawn ids lie too evenly in the ABC, or in clusters (sum of squared distances)",
            "抽中的编号分布过于均匀或成片（间距平方和）",
        ),
        ListTest::IdStride => lang.say(
            "one distance between drawn ids in the ABC returns too often (how often)",
            "按编号排序后同一间距反复出现（出现次数）",
        ),
        ListTest::District => lang.say(
            "a district has too many or too few (squared deviation over variance, thousandths)",
            "某个区县抽中过多或过少（偏差平方除以方差，千分之一）",
        ),
        ListTest::Again => lang.say(
            "units of earlier draws return too often or too seldom (returns)",
            "以前抽中的对象再次抽中过多或过少（次数）",
        ),
        ListTest::Favourite => lang.say(
            "some units are drawn too often (triples of draws with a unit in common)",
            "个别对象抽中过多（三次抽取共有同一对象的组数）",
        ),
        ListTest::Never => lang.say("too many units are never drawn (units)", "从未抽中的对象过多（户数）"),
    }
}

fn meeting_name(test: MeetingTest, lang: Lang) -> &'static str {
    match test {
        MeetingTest::SameUnit => {
            lang.say("officers return to the same institutions", "检查人员反复检查同一对象")
        }
        MeetingTest::PairWithUnit => {
            lang.say("one officer and one institution meet too often", "某一检查人员与某一对象相遇过多")
        }
        MeetingTest::Together => lang.say("the same officers go together", "检查人员总是同样搭配"),
        MeetingTest::Findings => {
            lang.say("one officer finds too much or too little", "某一检查人员发现问题过多或过少")
        }
        MeetingTest::Closures => {
            lang.say("one officer stands before closed doors too often", "某一检查人员遇到关门过多")
        }
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
        Taking::ShuffleFirst => lang.say("shuffled, the first rows taken", "打乱后取前若干行"),
        Taking::ShuffleLast => lang.say("shuffled, the last rows taken", "打乱后取后若干行"),
        Taking::Picks => lang.say("row after row, repetitions drawn again", "逐行抽取，重复则重抽"),
        Taking::Sample => lang.say("sample", "sample 抽样"),
    };
    format!("{engine}, {taking}")
}

fn origin(origin: &Origin, lang: Lang) -> String {
    let order = |by_id: bool| {
        if by_id {
            lang.say("rows sorted by id", "按编号排序")
        } else {
            lang.say("rows as published", "按公布顺序")
        }
    };
    match origin {
        Origin::Seed { recipe, seed, by_id } => {
            let recipe = recipe_name(recipe.engine, recipe.taking, lang);
            format!("{recipe}, {} {seed}, {}", lang.say("seed", "种子"), order(*by_id))
        }
        Origin::Column { least: true } => {
            lang.say("the least numbers of the published column", "公布的随机数列中最小的若干个").to_owned()
        }
        Origin::Column { least: false } => lang
            .say("the greatest numbers of the published column", "公布的随机数列中最大的若干个")
            .to_owned(),
        Origin::Digest { name, salt, before, least } => {
            let id = lang.say("id", "编号");
            let text = if *before { format!("{salt:?} + {id}") } else { format!("{id} + {salt:?}") };
            let text = if salt.is_empty() { id.to_owned() } else { text };
            let end = if *least { lang.say("least", "最小") } else { lang.say("greatest", "最大") };
            format!("{name}({text}), {end}")
        }
        Origin::Script { state, by_id } => {
            let draws = format!("{}–{}", state.first + 1, state.first + state.draws);
            let spare = state.spare;
            match lang {
                Lang::En => format!(
                    "Math.random of a browser or Node (xorshift128+), {}: draws {draws} follow from one state; chance agrees once in 2^{spare}",
                    order(*by_id)
                ),
                Lang::Zh => format!(
                    "浏览器或 Node 的 Math.random（xorshift128+），{}：第 {draws} 次抽取出自同一状态；偶然吻合的概率为 2^-{spare}",
                    order(*by_id)
                ),
            }
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
                lang.say(
                    "This list has something that chance alone would seldom give, or it follows from a seed.",
                    "这份名单有随机抽取很少出现的特征，或者可由某个种子推算出来。",
                )
            } else {
                lang.say(
                    "Nothing in this list was found that chance could not give.",
                    "这份名单中没有发现随机抽取不会出现的特征。",
                )
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
        let _ = writeln!(out, "\n{}", lang.say("What was looked at", "检验内容"));
        for finding in &self.findings {
            let mark = if finding.is_strange() { "!" } else { " " };
            let name = test_name(finding.test, lang);
            let (seen, usual) = (finding.seen, finding.usual);
            let (chance, corrected) = (percent(finding.chance), percent(finding.corrected));
            let most = finding.most.as_ref().filter(|_| finding.is_strange());
            let most = most.map_or(String::new(), |most| format!(" [{most}]"));
            let _ = match lang {
                Lang::En => writeln!(
                    out,
                    "{mark} {name}: {seen}, by chance about {usual}{most}. As strange in {chance} of fair lists, {corrected} after correction."
                ),
                Lang::Zh => writeln!(
                    out,
                    "{mark} {name}：{seen}，随机约为 {usual}{most}。公正名单中同样反常的占 {chance}，校正后 {corrected}。"
                ),
            };
        }
        if self.findings.iter().any(|finding| finding.test == ListTest::District && finding.is_strange()) {
            for (name, seen, expected) in &self.districts {
                let usual = format!("{}.{:01}", expected / 1_000_000, expected / 100_000 % 10);
                let _ = match lang {
                    Lang::En => writeln!(out, "    {name}: {seen} drawn, {usual} by chance"),
                    Lang::Zh => writeln!(out, "    {name}：抽中 {seen}，随机应为 {usual}"),
                };
            }
        }
    }

    fn say_meetings(&self, out: &mut String, lang: Lang) {
        if self.meetings.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", lang.say("Who met whom", "人员与对象"));
        for finding in &self.meetings {
            let mark = if finding.is_strange() { "!" } else { " " };
            let (name, most, times) =
                (meeting_name(finding.test, lang), finding.most.join(" + "), finding.times);
            let usual = format!("{}.{:02}", finding.usual / ONE, finding.usual / (ONE / 100) % 100);
            let (chance, corrected) = (percent(finding.chance), percent(finding.corrected));
            let _ = match lang {
                Lang::En => writeln!(
                    out,
                    "{mark} {name}: most {most}, {times} times, by chance {usual}. As strange in {chance} of exchanges, {corrected} after correction."
                ),
                Lang::Zh => writeln!(
                    out,
                    "{mark} {name}：最多的是 {most}，{times} 次，随机应为 {usual}。互换席位后同样反常的占 {chance}，校正后 {corrected}。"
                ),
            };
        }
    }

    fn say_seeds(&self, out: &mut String, lang: Lang) {
        let _ = writeln!(out, "\n{}", lang.say("Seeds and orders that were tried", "试算的种子与排序"));
        for (number, searched) in (1..).zip(&self.searched) {
            let Searched { trials, wanted, bits, .. } = searched;
            let _ = match lang {
                Lang::En => writeln!(
                    out,
                    "  Draw {number}: {trials} of {wanted} wanted trials made. Chance gives one of more than 2^{bits} lists."
                ),
                Lang::Zh => writeln!(
                    out,
                    "  第 {number} 次抽取：应试 {wanted} 次，已试 {trials} 次。随机抽取可能产生的名单多于 2^{bits} 种。"
                ),
            };
            if trials < wanted {
                let _ = writeln!(
                    out,
                    "    {}",
                    lang.say(
                        "The budget ended the search: raise --budget.",
                        "试算次数已达上限：可提高 --budget。"
                    )
                );
            }
            for found in &searched.origins {
                let mark = if searched.can_tell() { "!" } else { "?" };
                let _ = writeln!(
                    out,
                    "{mark}   {}: {}",
                    lang.say("The list follows from", "名单出自"),
                    origin(found, lang)
                );
            }
            if !searched.can_tell() {
                let _ = writeln!(
                    out,
                    "    {}",
                    lang.say(
                        "The list is too short: a hit could be an accident.",
                        "名单太短：即使吻合也可能出于偶然。"
                    )
                );
            }
            if let Some([least, greatest]) = searched.off_column.filter(|off| !off.contains(&0)) {
                let _ = match lang {
                    Lang::En => writeln!(
                        out,
                        "    {} drawn units are not those of the published column: its order was not followed, or changed afterwards.",
                        least.min(greatest)
                    ),
                    Lang::Zh => writeln!(
                        out,
                        "    有 {} 户抽中对象不符合公布的随机数列：未按该列抽取，或事后改动。",
                        least.min(greatest)
                    ),
                };
            }
        }
    }

    fn say_coverage(&self, out: &mut String, lang: Lang) {
        if !self.published.outcomes {
            return;
        }
        let _ = writeln!(out, "\n{}", lang.say("Coverage", "覆盖率"));
        for (number, [units, drawn, visited, closed]) in (1..).zip(&self.published.coverage) {
            let of = |part: usize| {
                let tenths = part * 1000 / (*units).max(1);
                format!("{}.{} %", tenths / 10, tenths % 10)
            };
            let (all, real, unknown) = (of(*drawn), of(*visited), drawn - visited - closed);
            let _ = match lang {
                Lang::En => writeln!(
                    out,
                    "  Draw {number}: {drawn} of {units} drawn ({all}); {visited} inspected ({real}), {closed} behind closed doors, {unknown} without an outcome. A coverage of {all} counts closed doors."
                ),
                Lang::Zh => writeln!(
                    out,
                    "  第 {number} 次抽取：{units} 户抽中 {drawn} 户（{all}）；实际检查 {visited} 户（{real}），关门 {closed} 户，无结果 {unknown} 户。若称覆盖率 {all}，就把关门的也算进去了。"
                ),
            };
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
