//! What the five documents demand of random inspection: the type or rule that carries each demand, the test
//! that proves it, and how a city's year met it. docs/demands.md is made from this list and that of the clauses
//! (`five_cities --demands`).

use super::city::{City, Drawn, Year};
use double_random::id::Code;
use double_random::odds::ONE;
use double_random::pack::Mode;
use double_random::policy::{Guard, ItemClass};
use double_random::verify::Verdict;
use std::collections::{BTreeMap, BTreeSet};

/// Whether a demand was met, and the figures, in English and in Chinese.
pub struct Met {
    pub holds: bool,
    pub figures: [String; 2],
}

/// One demand.
pub struct Demand {
    /// What the clauses of the documents call it by (`clauses`).
    pub code: &'static str,
    /// In English and in Chinese.
    pub says: [&'static str; 2],
    /// The cities whose documents have it.
    pub of: &'static [&'static str],
    /// The type or rule that carries it, in English and in Chinese.
    pub carried: [&'static str; 2],
    /// The test that proves it.
    pub test: [&'static str; 2],
    /// How a year met it.
    pub met: fn(&City, &Year) -> Met,
}

const ALL: &[&str] = &["songjiang", "yancheng", "hangzhou", "suzhou", "quanzhou"];

fn met(holds: bool, en: String, zh: String) -> Met {
    Met { holds, figures: [en, zh] }
}

/// Reached and active units at every node with a floor, after a draw: counted from frame, cycle and record
/// alone.
pub fn floors(draw: &Drawn) -> BTreeMap<String, (u64, u64)> {
    let picks: BTreeSet<_> = draw.record.teams.visits.iter().map(|visit| &visit.unit).collect();
    let mut nodes: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for unit in draw.frame.units() {
        let standing = draw.before.get(&unit.id);
        if draw.policy.outside(unit, standing.and_then(|s| s.last_visit)).is_some() {
            continue;
        }
        let reached = picks.contains(&unit.id) || standing.is_some_and(|s| s.reached() > 0);
        let path = draw.policy.path(unit);
        let whole = double_random::stratum::StratumNode::ROOT;
        for node in path.ancestors().chain([whole]) {
            let node = nodes.entry(node.as_str().to_owned()).or_default();
            *node = (node.0 + u64::from(reached), node.1 + 1);
        }
    }
    nodes
}

/// The last draw of each task that has the coverage floor.
pub fn last_draws<'a>(city: &City, year: &'a Year) -> Vec<&'a Drawn> {
    let floored = city.programme.tasks.iter().filter(|task| !task.no_floor);
    floored.filter_map(|task| year.draws.iter().rev().find(|draw| draw.task == task.code)).collect()
}

/// Nodes of the last draws that are below the floor, and the lowest share of all nodes, in tenths of a
/// percent.
fn below(city: &City, year: &Year) -> (usize, usize, u64) {
    let (mut short, mut count, mut lowest) = (0, 0, 1000);
    for draw in last_draws(city, year) {
        let minimum = u128::from(draw.policy.coverage().minimum.get());
        for (node, (reached, active)) in floors(draw) {
            let depth = if node.is_empty() { 0 } else { node.matches('/').count() + 1 };
            let guarded = draw.policy.coverage().guards.iter().any(|guard| match guard {
                Guard::Total => depth == 0,
                Guard::Stratum(stratum) => draw
                    .policy
                    .strata
                    .iter()
                    .position(|s| s == stratum)
                    .is_some_and(|place| place + 1 == depth),
            });
            if guarded {
                count += 1;
                short += usize::from(u128::from(reached) * u128::from(ONE) < minimum * u128::from(active));
                lowest = lowest.min(reached * 1000 / active.max(1));
            }
        }
    }
    (short, count, lowest)
}

/// The lowest share of visited units of all nodes with a floor at the end of the year, in tenths of a
/// percent, and how many are missing.
fn visited(city: &City, year: &Year) -> (u64, u64) {
    let (mut lowest, mut missing) = (1000, 0);
    for task in city.programme.tasks.iter().filter(|task| !task.no_floor) {
        let Some(coverage) = year.coverage.get(&task.code) else { continue };
        for node in coverage.deficits() {
            missing += node.deficit();
        }
        let guarded = |node: &&double_random::cycle::CoverageNode| {
            matches!(node.level, double_random::cycle::CoverageLevel::Stratum(_))
                && node.bounds.is_some_and(|bounds| bounds.quota > 0)
        };
        for node in coverage.nodes.iter().filter(guarded) {
            lowest = lowest.min(node.visited * 1000 / node.active);
        }
    }
    (lowest, missing)
}

fn confirmed(year: &Year) -> usize {
    let whole = |draw: &&Drawn| {
        draw.report.verdict() == Verdict::Confirmed && draw.origin.verdict() == Verdict::Confirmed
    };
    year.draws.iter().filter(whole).count()
}

/// Active units and their draws in the year: those without, and those with a complaint, hazard, dishonesty,
/// serious violation, listing or points.
pub fn raised(year: &Year) -> ([u64; 2], [u64; 2]) {
    let (mut units, mut drawn) = ([0; 2], [0; 2]);
    for draw in &year.draws {
        for unit in draw.frame.units().iter().filter(|unit| draw.policy.outside(unit, None).is_none()) {
            let marked = ["complaints", "hazards", "dishonesty", "serious", "black", "points"];
            let place = usize::from(
                marked
                    .iter()
                    .any(|code| Code::parse(code).is_ok_and(|code| unit.signals.contains_key(&code))),
            );
            units[place] += 1;
            drawn[place] += u64::from(draw.record.teams.visits.iter().any(|visit| visit.unit == unit.id));
        }
    }
    (units, drawn)
}

fn mille(part: u64, of: u64) -> String {
    let mille = part * 1000 / of.max(1);
    format!("{}.{} %", mille / 10, mille % 10)
}

/// Active units with a signal in all draws, and how many of these a rule made certain.
pub fn certain_units(year: &Year, signal: &str) -> (u64, u64) {
    let (mut with, mut certain) = (0, 0);
    let Ok(signal) = Code::parse(signal) else { return (0, 0) };
    for draw in &year.draws {
        for (position, unit) in draw.frame.units().iter().enumerate() {
            if unit.signals.contains_key(&signal) && draw.policy.outside(unit, None).is_none() {
                with += 1;
                certain += u64::from(draw.plan.probability(position) == Some(ONE));
            }
        }
    }
    (with, certain)
}

fn certain_with(year: &Year, signal: &str) -> Met {
    let (with, certain) = certain_units(year, signal);
    met(
        with > 0 && certain == with,
        format!("{certain} of {with} times such an institution could be drawn it was certain"),
        format!("此类机构可被抽取 {with} 家次，必查 {certain} 家次"),
    )
}

pub const DEMANDS: &[Demand] = &[
    Demand {
        code: "check-form",
        says: [
            "One unified check form, an item list, a responsibility list, two rosters, one platform (the \
             platform itself is not this library)",
            "一表两清单两库一平台：执法监督检查表；随机抽查事项清单、事中事后监管责任清单；对象库、人员库（平台本身不在本库之内）",
        ],
        of: &["yancheng"],
        carried: [
            "`pack::Form`, `pack::CheckItem`, `pack::Responsibility`, `Frame`, `Roster`",
            "`pack::Form`, `pack::CheckItem`, `pack::Responsibility`, `Frame`, `Roster`",
        ],
        test: [
            "`rules::pack::forms_have_exactly_the_applicable_items`, \
             `rules::pack::every_way_a_pack_can_be_wrong_is_refused_with_its_reason`",
            "`rules::pack::forms_have_exactly_the_applicable_items`、`rules::pack::every_way_a_pack_can_be_wrong_is_refused_with_its_reason`",
        ],
        met: |city, year| {
            let lines: usize = year.visits.iter().map(|visit| visit.visit.form.lines.len()).sum();
            let (forms, items, duties) =
                (year.visits.len(), city.pack.items.len(), city.pack.responsibilities.len());
            met(
                lines > 0 && duties >= items,
                format!(
                    "{forms} forms with {lines} lines; {items} items, {duties} responsibilities; {} units, \
                     {} officers",
                    city.rows.len(),
                    city.officers.len()
                ),
                format!(
                    "检查表 {forms} 份共 {lines} 项；事项 {items} 项、责任 {duties} 条；对象 {} 家、人员 {} 名",
                    city.rows.len(),
                    city.officers.len()
                ),
            )
        },
    },
    Demand {
        code: "one-list",
        says: ["One list, two rosters, one set of rules", "一单两库一细则"],
        of: &["suzhou"],
        carried: [
            "`Pack` (items and rules, each cited), `Frame`, `Roster`",
            "`Pack`（事项与规则，逐条注明出处）、`Frame`、`Roster`",
        ],
        test: [
            "`rules::pack::every_shipped_pack_is_read_and_cites_every_rule`",
            "`rules::pack::every_shipped_pack_is_read_and_cites_every_rule`",
        ],
        met: |city, year| {
            let (documents, items) = (city.pack.documents.len(), city.pack.items.len());
            let whole = confirmed(year);
            met(
                whole == year.draws.len(),
                format!(
                    "{items} items under {documents} cited documents; {whole} of {} draws made again from \
                     pack and programme",
                    year.draws.len()
                ),
                format!(
                    "事项 {items} 项，引用文件 {documents} 份；{}次抽取中 {whole} 次可由规则包与计划重新生成",
                    year.draws.len()
                ),
            )
        },
    },
    Demand {
        code: "coverage",
        says: [
            "Random inspection covers at least 20 % of the subjects (Yancheng by 2020; Suzhou without a year)",
            "“双随机”抽查覆盖率不低于 20 %（盐城到 2020 年；苏州未定年份）",
        ],
        of: &["yancheng", "suzhou"],
        carried: [
            "`Pack::coverage` → `policy::CoverageFloor` (certain at every guarded node)",
            "`Pack::coverage` → `policy::CoverageFloor`（每个设限节点必然达到）",
        ],
        test: [
            "`rules::cities::the_floor_holds_at_every_guarded_node_of_every_city`",
            "`rules::cities::the_floor_holds_at_every_guarded_node_of_every_city`",
        ],
        met: |city, year| {
            let (short, count, lowest) = below(city, year);
            let (visited, missing) = visited(city, year);
            met(
                short == 0 && count > 0,
                format!(
                    "drawn: {count} nodes, {short} below the floor, the lowest at {}; visited by the end of \
                     the year: the lowest at {}, {missing} subjects short because visits could not be made",
                    mille(lowest, 1000),
                    mille(visited, 1000)
                ),
                format!(
                    "抽取覆盖：{count} 个节点，低于下限 {short} 个，最低 {}；年终实查：最低 {}，因未能检查尚缺 {missing} 家",
                    mille(lowest, 1000),
                    mille(visited, 1000)
                ),
            )
        },
    },
    Demand {
        code: "items",
        says: ["Random-check items cover 100 % of the item list", "抽查事项覆盖率 100 %"],
        of: &["yancheng", "suzhou"],
        carried: [
            "`programme::Finding::ItemUncovered`, `ItemWithoutSubjects`, `ItemByChance`; `Cycle::items`",
            "`programme::Finding::ItemUncovered`, `ItemWithoutSubjects`, `ItemByChance`; `Cycle::items`",
        ],
        test: [
            "`rules::programme::items_that_the_check_does_not_name_are_reached_by_every_draw`, \
             `rules::cities::every_item_is_checked_or_the_check_said_so`",
            "`rules::programme::items_that_the_check_does_not_name_are_reached_by_every_draw`, \
             `rules::cities::every_item_is_checked_or_the_check_said_so`",
        ],
        met: |city, year| {
            let checked: BTreeSet<&Code> =
                year.cycles.values().flat_map(|cycle| cycle.items().keys()).collect();
            let (done, all) = (
                city.pack.items.iter().filter(|item| checked.contains(&item.code)).count(),
                city.pack.items.len(),
            );
            met(
                done == all,
                format!("{done} of {all} items were checked"),
                format!("{all} 项中已查 {done} 项"),
            )
        },
    },
    Demand {
        code: "risk-joined",
        says: ["Random inspection joined with risk-based supervision", "“双随机”与风险分类监管相结合"],
        of: &["suzhou"],
        carried: [
            "`policy::Rating` → levels → `Pack::frequency`",
            "`policy::Rating` → levels → `Pack::frequency`",
        ],
        test: [
            "`rules::rating::raising_a_signal_never_lowers_a_level_or_the_frequency`",
            "`rules::rating::raising_a_signal_never_lowers_a_level_or_the_frequency`",
        ],
        met: |city, year| {
            let Some(draw) = year.draws.first() else { return met(false, String::new(), String::new()) };
            let mut levels: BTreeMap<&Code, u64> = BTreeMap::new();
            for unit in draw.frame.units() {
                *levels.entry(&unit.risk).or_default() += 1;
            }
            let order: Vec<String> = draw
                .policy
                .frame
                .risk
                .iter()
                .map(|r| format!("{r} {}", levels.get(r).copied().unwrap_or(0)))
                .collect();
            let by_name: Vec<String> = draw
                .policy
                .frame
                .risk
                .iter()
                .map(|r| format!("{} {} 家", draw.policy.label(r), levels.get(r).copied().unwrap_or(0)))
                .collect();
            let rules = city
                .pack
                .rating
                .levels
                .iter()
                .chain(&city.pack.rating.visits)
                .map(|stage| stage.rules.len())
                .sum::<usize>();
            met(
                levels.len() > 1,
                format!("{rules} rules give the units {}", order.join(", ")),
                format!("按 {rules} 条规则评定等级：{}", by_name.join("、")),
            )
        },
    },
    Demand {
        code: "raise",
        says: [
            "More complaints, larger hazards, dishonesty, serious violations: higher frequency (Songjiang: and \
             proportion)",
            "投诉举报多、安全隐患大、有失信行为和严重违法违规的，增加抽查频次（松江：频次和比例）",
        ],
        of: &["songjiang", "hangzhou"],
        carried: [
            "`Rating` (`raise_*`, `at_least`, `add`), `Certainty`; `Plan::explain`",
            "`Rating`（`raise_*`、`at_least`、`add`）、`Certainty`；`Plan::explain`",
        ],
        test: [
            "`rules::rating::raising_a_signal_never_lowers_a_level_or_the_frequency`, \
             `rules::cities::marked_units_are_drawn_more_often`",
            "`rules::rating::raising_a_signal_never_lowers_a_level_or_the_frequency`, \
             `rules::cities::marked_units_are_drawn_more_often`",
        ],
        met: |_, year| {
            let (units, drawn) = raised(year);
            let shares = [mille(drawn[0], units[0]), mille(drawn[1], units[1])];
            met(
                drawn[1] * units[0] > drawn[0] * units[1],
                format!(
                    "drawn in a draw: {} of those with such a signal, {} of the others",
                    shares[1], shares[0]
                ),
                format!("每次抽中：有此类情形的 {}，其余 {}", shares[1], shares[0]),
            )
        },
    },
    Demand {
        code: "plan-joint",
        says: [
            "A plan of random checks, checks of several departments together (Songjiang); at least one joint \
             draw a year, proportion and coverage cycle set scientifically (Quanzhou)",
            "统筹制定随机抽查计划，多部门联合抽查（松江）；跨部门双随机联合执法每年不少于 1 次，科学制定抽查比例和覆盖周期（泉州）",
        ],
        of: &["songjiang", "quanzhou"],
        carried: [
            "`Programme`, `Task::joining`, `Finding::Joint`; `PackFrequency::cycles`",
            "`Programme`, `Task::joining`, `Finding::Joint`; `PackFrequency::cycles`",
        ],
        test: [
            "`rules::programme::every_breach_is_named_with_its_figures`, \
             `rules::cities::joint_visits_have_officers_of_every_department`",
            "`rules::programme::every_breach_is_named_with_its_figures`, \
             `rules::cities::joint_visits_have_officers_of_every_department`",
        ],
        met: |city, year| {
            let joint = year.draws.iter().filter(|draw| draw.policy.team.departments.len() > 1);
            let visits: usize = joint.clone().map(|draw| draw.record.teams.visits.len()).sum();
            let (tasks, joint) = (city.programme.tasks.len(), joint.count());
            let windows =
                city.pack.frequency.iter().filter(|entry| entry.cycles.is_some_and(|n| n > 1)).count();
            let breaches = year.findings.breaches().count();
            met(
                joint >= 1 && breaches == 0,
                format!(
                    "{tasks} tasks, {breaches} breaches; {joint} joint draws, {visits} joint visits; \
                     {windows} levels with a window of several years"
                ),
                format!(
                    "{tasks} 项任务，违规 {breaches} 项；联合抽取 {joint} 次、联合检查 {visits} 家；跨年覆盖周期 {windows} 档"
                ),
            )
        },
    },
    Demand {
        code: "third-party",
        says: [
            "Qualified third parties for specialist work (they may not inspect enterprises: 国办发〔2024〕54号)",
            "可依法向第三方专业机构购买检验检测等服务（国办发〔2024〕54号：不得实施涉企检查）",
        ],
        of: &["songjiang", "suzhou"],
        carried: [
            "`roster::Expert`, `Role`, `policy::EnterpriseRule`, `pack::Attendance`",
            "`roster::Expert`, `Role`, `policy::EnterpriseRule`, `pack::Attendance`",
        ],
        test: [
            "`rules::rating::barred_roles_never_go_to_enterprises_and_never_count_as_officers`",
            "`rules::rating::barred_roles_never_go_to_enterprises_and_never_count_as_officers`",
        ],
        met: |city, year| {
            let (mut guests, mut wrong) = (0, 0);
            for draw in &year.draws {
                for visit in &draw.record.teams.visits {
                    let kind = draw.frame.get(&visit.unit).map(|unit| unit.kind.clone());
                    let enterprise = kind.is_some_and(|kind| city.pack.is_enterprise(&kind));
                    for guest in visit.experts.iter().flat_map(|post| &post.experts) {
                        guests += 1;
                        let role =
                            draw.plan.roster().experts().iter().find(|e| e.id == guest.id).map(|e| e.role);
                        wrong += usize::from(
                            enterprise && role.is_none_or(|role| city.pack.attendance.barred.contains(&role)),
                        );
                    }
                }
            }
            met(
                wrong == 0 && guests > 0,
                format!(
                    "{guests} attendances of experts and third parties, {wrong} of a barred role at an \
                     enterprise"
                ),
                format!("专家、第三方随行 {guests} 人次，其中违反涉企限制 {wrong} 人次"),
            )
        },
    },
    Demand {
        code: "published",
        says: ["Results of inspections are published according to law", "依法公开抽查检查结果"],
        of: ALL,
        carried: [
            "`Record`, `pack::ResultRule`, `Programme::follow` (`publish_by`), `Finding::Deadline`",
            "`Record`、`pack::ResultRule`、`Programme::follow`（`publish_by`）、`Finding::Deadline`",
        ],
        test: [
            "`rules::programme::a_visit_is_answered_line_by_line_and_moves_every_cycle`",
            "`rules::programme::a_visit_is_answered_line_by_line_and_moves_every_cycle`",
        ],
        met: |_, year| {
            let dated = year.visits.iter().filter(|visit| visit.publish_by.is_some()).count();
            let whole = confirmed(year);
            met(
                dated == year.visits.len() && whole == year.draws.len(),
                format!("{} records confirmed; {dated} results with a last day of publication", whole),
                format!("{} 份抽取记录核验通过；{dated} 条结果有公示期限", whole),
            )
        },
    },
    Demand {
        code: "credit",
        says: [
            "Supervision by credit, points of bad practice; a black list (Songjiang), red and black lists and \
             credit repair (Suzhou)",
            "信用监管、不良执业行为记分；黑名单（松江），红黑名单、信用修复（苏州）",
        ],
        of: ALL,
        carried: [
            "`DossierEntry` (`noted`, `cleared`), `Rating::lowering`, `Span::Year`",
            "`DossierEntry`（`noted`、`cleared`）、`Rating::lowering`、`Span::Year`",
        ],
        test: [
            "`rules::dossier::repair_clears_what_was_noted_before_it_and_nothing_after`, \
             `rules::dossier::windows_end_and_begin_on_the_day_they_say`",
            "`rules::dossier::repair_clears_what_was_noted_before_it_and_nothing_after`, \
             `rules::dossier::windows_end_and_begin_on_the_day_they_say`",
        ],
        met: |_, year| {
            let Some(draw) = year.draws.last() else { return met(false, String::new(), String::new()) };
            let mut levels: BTreeMap<&Code, u64> = BTreeMap::new();
            for unit in draw.frame.units() {
                *levels.entry(&unit.credit).or_default() += 1;
            }
            let order: Vec<String> = draw
                .policy
                .frame
                .credit
                .iter()
                .map(|c| format!("{c} {}", levels.get(c).copied().unwrap_or(0)))
                .collect();
            let entries = year.dossier.entries().len();
            met(
                levels.len() >= 3,
                format!("{entries} entries in the dossier; at the last draw {}", order.join(", ")),
                format!("信用档案 {entries} 条；末次抽取时 {}", order.join("、")),
            )
        },
    },
    Demand {
        code: "risk",
        says: [
            "Risk assessed and controlled by levels (Songjiang, Hangzhou: from sampling, monitoring, dishonesty \
             and complaints together)",
            "风险评估、分级管控（松江、杭州：整合抽查抽检、定点监测、违法失信、投诉举报等信息）",
        ],
        of: ALL,
        carried: [
            "`Rating` over `dossier` signals, with its trace (`policy::Fired`)",
            "`dossier` 信息经 `Rating` 定级，逐条记录（`policy::Fired`）",
        ],
        test: [
            "`rules::rating::the_trace_says_which_rules_fired_and_why`",
            "`rules::rating::the_trace_says_which_rules_fired_and_why`",
        ],
        met: |_, year| {
            let Some(draw) = year.draws.last() else { return met(false, String::new(), String::new()) };
            let traced = draw.frame.units().iter().filter(|unit| {
                let rated = draw.policy.rate(&unit.kind, &unit.signals);
                rated.is_some_and(|rated| rated.fired.iter().any(|fired| !fired.because.has.is_empty()))
            });
            let traced = traced.count();
            met(
                traced > 0,
                format!(
                    "{traced} of {} units have a rule that fired for a signal, each named",
                    draw.frame.units().len()
                ),
                format!("{} 家中有 {traced} 家因信息触发规则，逐条可查", draw.frame.units().len()),
            )
        },
    },
    Demand {
        code: "grids",
        says: [
            "Grids (Songjiang, Hangzhou, Suzhou: fixed grid, fixed persons, fixed duties); in a draw, officers \
             of the unit's own grid stay away (our rule)",
            "网格化监管（松江、杭州、苏州：定格、定员、定责）；抽查中本网格执法人员回避（我们的规则）",
        ],
        of: ALL,
        carried: [
            "`Unit::grid`, `TeamRule::same_grid`, `rotation`, `pack::Responsibility`",
            "`Unit::grid`, `TeamRule::same_grid`, `rotation`, `pack::Responsibility`",
        ],
        test: [
            "`rules::cities::nobody_inspects_twice_in_a_row_in_his_own_grid_or_where_he_is_recused`",
            "`rules::cities::nobody_inspects_twice_in_a_row_in_his_own_grid_or_where_he_is_recused`",
        ],
        met: |city, year| {
            let gridded = city.rows.iter().filter(|row| !row.grid.is_empty()).count();
            let bound = year.draws.iter().all(|draw| draw.policy.team.same_grid && draw.policy.team.rotation);
            met(
                gridded > 0 && bound,
                format!(
                    "{gridded} units in grids; rotation and own-grid rules in {} draws",
                    year.draws.len()
                ),
                format!("{gridded} 家已划定网格；{} 次抽取均执行轮换和本网格人员回避", year.draws.len()),
            )
        },
    },
    Demand {
        code: "record",
        says: ["Enforcement made public and recorded from end to end", "行政执法公示、执法全过程记录"],
        of: ALL,
        carried: [
            "`Seal`, `Record`, `Ledger`; `verify::origin`",
            "`Seal`, `Record`, `Ledger`; `verify::origin`",
        ],
        test: [
            "`tests/suite/attack/tamper.rs`, `tests/suite/attack/ledger_tamper.rs`, \
             `rules::programme::a_policy_shows_where_it_comes_from`",
            "`tests/suite/attack/tamper.rs`, `tests/suite/attack/ledger_tamper.rs`, \
             `rules::programme::a_policy_shows_where_it_comes_from`",
        ],
        met: |_, year| {
            let whole = confirmed(year);
            met(
                whole == year.draws.len() && whole > 0,
                format!(
                    "{whole} of {} draws confirmed offline with all files, rules and dossier included",
                    year.draws.len()
                ),
                format!("{} 次抽取中 {whole} 次连同规则、档案离线核验通过", year.draws.len()),
            )
        },
    },
    Demand {
        code: "targets",
        says: [
            "Category targets: 100 % of graded public places and evaluated schools, at least 90 % of rural water \
             supplies, 30 % of ungraded institutions (by 2023), quality control of all each year (read: hospitals)",
            "公共场所量化分级、学校卫生综合评价 100 %，农村集中式供水巡查 90 % 以上，未定级医疗机构综合评价 30 % 以上（到 2023 年），质控督查每年全覆盖（读作医院）",
        ],
        of: &["quanzhou"],
        carried: [
            "`pack::ItemRatio` (`min` per kind and item) → `policy::Ratio`",
            "`pack::ItemRatio`（按类别、事项的 `min`）→ `policy::Ratio`",
        ],
        test: [
            "`rules::cities::the_category_targets_of_quanzhou_are_certain`",
            "`rules::cities::the_category_targets_of_quanzhou_are_certain`",
        ],
        met: |city, year| {
            // The name of the node, which the policies of the year have; the code of the ratio without one.
            let by_name = |name: &str| {
                let code = name.rsplit(' ').next().and_then(|node| Code::parse(node).ok())?;
                year.draws.iter().find_map(|draw| draw.policy.labels.get(&code)).cloned()
            };
            let (mut holds, mut figures, mut in_chinese) = (true, Vec::new(), Vec::new());
            for (name, reached, active, min) in targets(city, year) {
                holds &= u128::from(reached) * u128::from(ONE) >= u128::from(min) * u128::from(active);
                figures.push(format!("{name} {reached}/{active}"));
                in_chinese.push(format!("{} {reached}/{active}", by_name(&name).unwrap_or(name)));
            }
            met(holds && !figures.is_empty(), figures.join(", "), in_chinese.join("；"))
        },
    },
    Demand {
        code: "staff",
        says: ["Staff by workload and area", "综合考虑工作量、服务范围等因素充实监管力量"],
        of: ALL,
        carried: [
            "`Plan::capacity`, `TeamRule::cap`, shortages with ways out, level loads",
            "`Plan::capacity`、`TeamRule::cap`、缺员说明与解决办法、任务量均衡",
        ],
        test: [
            "`tests/suite/law/teams.rs` (vacancies and Σ load² against brute force)",
            "`tests/suite/law/teams.rs`（空缺与 Σ 负荷² 与穷举对照）",
        ],
        met: |_, year| {
            let vacancies: u64 = year
                .draws
                .iter()
                .flat_map(|draw| &draw.record.teams.visits)
                .flat_map(|visit| &visit.posts)
                .map(|post| post.vacancies)
                .sum();
            let places: usize = year
                .draws
                .iter()
                .flat_map(|draw| &draw.record.teams.visits)
                .flat_map(|visit| &visit.posts)
                .map(|post| post.officers.len())
                .sum();
            met(
                places > 0,
                format!("{places} places filled by lot, {vacancies} vacant, each with its shortage"),
                format!("随机匹配检查人员 {places} 人次，缺员 {vacancies}，均列明原因"),
            )
        },
    },
    Demand {
        code: "afar",
        says: [
            "Supervision from afar: online monitoring, remote supervision",
            "非现场监管：在线监测、远程监管",
        ],
        of: &["songjiang", "yancheng", "hangzhou", "suzhou"],
        carried: ["`pack::Mode`", "`pack::Mode`"],
        test: [
            "`rules::programme::the_policy_of_a_batch_carries_every_rule_of_the_pack_that_is_for_it`",
            "`rules::programme::the_policy_of_a_batch_carries_every_rule_of_the_pack_that_is_for_it`",
        ],
        met: |city, year| {
            let count = |mode: Mode| {
                year.visits
                    .iter()
                    .flat_map(|visit| &visit.visit.form.lines)
                    .filter(|line| line.mode == mode)
                    .count()
            };
            let (online, papers) = (count(Mode::Online), count(Mode::Documents));
            let there = city.pack.items.iter().any(|item| item.mode == Mode::Online);
            met(
                there && online > 0,
                format!("{online} lines checked online, {papers} on documents"),
                format!("在线检查 {online} 项次，书面检查 {papers} 项次"),
            )
        },
    },
    Demand {
        code: "duty",
        says: [
            "Every district is supervised (督察) once in two years, by the health commission with other departments",
            "卫生健康行政部门牵头、相关部门参与，原则上每两年对各县（市、区）督察一遍",
        ],
        of: &["yancheng", "suzhou"],
        carried: [
            "a task `duty` of its own: half a visit a year (`at_least`) and the certainty `not_visited_days`",
            "单列任务 `duty`：每年半次（`at_least`），逾期必查（`not_visited_days`）",
        ],
        test: [
            "`rules::cities::every_district_is_supervised_within_two_years`",
            "`rules::cities::every_district_is_supervised_within_two_years`",
        ],
        met: |city, year| {
            let all = city.rows.iter().filter(|row| row.kind == "district").count();
            let of_duty = |draw: &&Drawn| draw.task.as_str() == "duty";
            let drawn: usize =
                year.draws.iter().filter(of_duty).map(|draw| draw.record.teams.visits.len()).sum();
            met(
                drawn > 0 && 2 * drawn + 1 >= all,
                format!("{drawn} of {all} districts this year, the others certain the next"),
                format!("本年抽中 {drawn} 个，共 {all} 个；其余次年必查"),
            )
        },
    },
    Demand {
        code: "penalty",
        says: ["Re-inspection after a penalty", "处罚后复查"],
        of: &["hangzhou", "suzhou"],
        carried: [
            "the signal `penalty` (cleared when the re-inspection passes), a `Certainty`",
            "信息 `penalty`（复查合格后清除）与 `Certainty`（必查）",
        ],
        test: [
            "`rules::cities::who_was_fined_or_listed_is_certain`",
            "`rules::cities::who_was_fined_or_listed_is_certain`",
        ],
        met: |_, year| certain_with(year, "penalty"),
    },
    Demand {
        code: "self-check",
        says: [
            "Institutions check their own practice against the law (依法执业自查)",
            "医疗机构依法执业自查",
        ],
        of: &["songjiang", "suzhou", "quanzhou"],
        carried: [
            "the item `self-check` (online), the signal `self_check` in `Rating`",
            "事项 `self-check`（在线核对）；信息 `self_check` 参与 `Rating`",
        ],
        test: [
            "`rules::cities::self_checks_are_looked_at_and_count`",
            "`rules::cities::self_checks_are_looked_at_and_count`",
        ],
        met: |_, year| {
            let lines =
                year.visits.iter().filter(|visit| visit.made).flat_map(|visit| &visit.visit.form.lines);
            let looked = lines.filter(|line| line.item.as_str() == "self-check").count();
            let noted = Code::parse("self_check").ok();
            let late = year.draws.last().map_or(0, |draw| {
                draw.frame
                    .units()
                    .iter()
                    .filter(|u| noted.as_ref().is_some_and(|c| u.signals.contains_key(c)))
                    .count()
            });
            met(
                looked > 0 && late > 0,
                format!("{looked} self-checks looked at; {late} institutions late with theirs"),
                format!("核对自查 {looked} 家次；逾期未自查 {late} 家"),
            )
        },
    },
    Demand {
        code: "unlicensed",
        says: ["A black list of unlicensed practice, published every month", "每月公示无证行医“黑名单”"],
        of: &["quanzhou"],
        carried: [
            "the signal `unlicensed` of registered institutions, a `Certainty` (who has no licence stands on no register and cannot be drawn)",
            "在册机构的信息 `unlicensed` 与 `Certainty`（无证行医者不在名录库，不能抽取）",
        ],
        test: [
            "`rules::cities::who_was_fined_or_listed_is_certain`",
            "`rules::cities::who_was_fined_or_listed_is_certain`",
        ],
        met: |_, year| certain_with(year, "unlicensed"),
    },
    Demand {
        code: "cap",
        says: [
            "General items: a yearly cap per enterprise (国办发〔2024〕54号; that key items have none is our \
             reading)",
            "一般检查事项：企业年度检查频次上限（国办发〔2024〕54号；重点事项不受此限系我们的理解）",
        ],
        of: ALL,
        carried: [
            "`pack::Cap` → `Exclusion` with `kinds`; `Finding::Cap`; `Programme::follow` tells every cycle",
            "`pack::Cap` → 按对象类别的 `Exclusion`；`Finding::Cap`；`Programme::follow` 告知各任务台账",
        ],
        test: [
            "`rules::cities::no_enterprise_is_drawn_beyond_its_cap`",
            "`rules::cities::no_enterprise_is_drawn_beyond_its_cap`",
        ],
        met: |city, year| {
            let over = over_cap(city, year);
            let general = year.draws.iter().filter(|draw| is_general(draw)).count();
            let more = more_than_cap(city, year);
            met(
                over.is_empty(),
                format!(
                    "{general} draws of general items only, {} picks beyond a cap; with key items and \
                     re-checks, which have none, {more} subjects had more visits",
                    over.len()
                ),
                format!(
                    "{general} 次抽取仅含一般事项，超上限抽中 {} 家次；连同不受上限的重点事项和复查，{more} 家主体检查次数超过该数",
                    over.len()
                ),
            )
        },
    },
];

/// Whether a draw has general items only.
pub fn is_general(draw: &Drawn) -> bool {
    draw.policy.items.iter().all(|item| item.class == ItemClass::General)
}

/// Picks of draws of general items whose unit had as many visits before as its cap allows, and that no rule
/// made certain.
pub fn over_cap(city: &City, year: &Year) -> Vec<String> {
    let mut over = Vec::new();
    for draw in year.draws.iter().filter(|draw| is_general(draw)) {
        for visit in &draw.record.teams.visits {
            let Some(unit) = draw.frame.get(&visit.unit) else { continue };
            let before = draw.before.get(&unit.id).map_or(0, |s| s.reached() + s.others);
            let capped =
                city.pack.caps.iter().any(|cap| {
                    (cap.kinds.is_empty() || cap.kinds.contains(&unit.kind)) && before >= cap.visits
                });
            let explained = draw.plan.explain(&unit.id);
            let certain = explained.is_some_and(|e| {
                e.steps
                    .iter()
                    .any(|step| matches!(step, double_random::plan::ExplanationStep::Certain { .. }))
            });
            if capped && !certain {
                over.push(format!("{} {} {}", draw.task, draw.batch, unit.id));
            }
        }
    }
    over
}

/// How many subjects had more visits in the year, of any task, than their cap for general items says.
fn more_than_cap(city: &City, year: &Year) -> usize {
    let mut visits: BTreeMap<_, u64> = BTreeMap::new();
    for visit in year.visits.iter().filter(|visit| visit.made) {
        *visits.entry(visit.visit.unit.as_str()).or_default() += 1;
    }
    let capped = |row: &&double_random::frame::UnitRow| {
        let of_kind = |cap: &&double_random::pack::Cap| {
            cap.kinds.is_empty() || cap.kinds.iter().any(|kind| kind.as_str() == row.kind)
        };
        let cap = city.pack.caps.iter().filter(of_kind).map(|cap| cap.visits).min();
        cap.is_some_and(|cap| visits.get(row.id.as_str()).is_some_and(|n| *n > cap))
    };
    city.rows.iter().filter(capped).count()
}

/// Every ratio with a lower bound at a kind, with what the last draw of its task reached: name, reached,
/// active, bound.
pub fn targets(city: &City, year: &Year) -> Vec<(String, u64, u64, u64)> {
    let mut found = Vec::new();
    for ratio in city.pack.ratios.iter().filter(|ratio| ratio.min.is_some()) {
        let Some(min) = ratio.min else { continue };
        let has = |draw: &&&Drawn| draw.policy.ratios.iter().any(|own| own.code == ratio.code);
        let last = last_draws(city, year);
        let Some(draw) = last.iter().find(has) else { continue };
        // A node of the outermost level is named by its code, all of the frame by nothing.
        let at = |node: &String| match ratio.at {
            Guard::Total => node.is_empty(),
            Guard::Stratum(stratum) => {
                draw.policy.strata.first() == Some(&stratum)
                    && ratio.is.iter().any(|code| code.as_str() == node)
            }
        };
        for (node, (reached, active)) in floors(draw).into_iter().filter(|(node, _)| at(node)) {
            let name =
                if node.is_empty() { ratio.code.to_string() } else { format!("{} {node}", ratio.code) };
            found.push((name, reached, active, min.get()));
        }
    }
    found
}
