//! Papers for one visit each, to be printed and signed: the letter to the institution (检查通知书), and the task sheet
//! of its team with the form of the check (任务单、执法监督检查表).

use super::Run;
use super::args::{Export, What};
use super::desk::{Book, Office, Rules, refuse};
use super::export::Known;
use super::notice::{facts, seats_known};
use super::now::{self, Registers};
use super::output::{ending, no_form, write};
use super::receipts::{Receipts, codes, how};
use super::steps::{book, cycle};
use super::store::Database;
use super::teams::teams_now;
use super::words::Answer;
use double_random::assign::Visit;
use double_random::dossier::ResultKind;
use double_random::id::{Code, UnitId, UnitIdKind};
use double_random::ledger::Attempt;
use double_random::pack::{Mode, Pack};
use double_random::policy::ItemClass;
use double_random::seal::Sealed;
use double_random_office::notice::{Fact, Facts, Seat, is_origin, law};
use double_random_office::paper::{BLANK, Block, Page, to_docx, to_html};
use double_random_office::{catalogue, say};
use double_random_support::files::Failure;
use double_random_support::screen::Lang;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Everything that papers of one draw say alike.
struct Round<'a> {
    lang: Lang,
    known: Known,
    pack: Option<&'a Pack>,
    /// The annual plan.
    plan: String,
    /// The task and its items.
    task: (Option<Code>, Vec<Code>, String),
    facts: Facts,
    seats: BTreeMap<UnitId, Seat>,
    /// Scope and draw.
    number: String,
    record: String,
    today: String,
    /// Whether the visits are not announced.
    hidden: bool,
    /// What the registers say against a visit, by institution.
    hindered: BTreeMap<UnitId, Vec<String>>,
    /// For letters.
    receipts: Option<Receipts>,
}

/// An item of the form.
struct Line {
    name: String,
    basis: String,
    class: &'static str,
    mode: &'static str,
    department: String,
}

fn lines_of(texts: &[&str]) -> String {
    texts.join("\n")
}

impl Round<'_> {
    fn fact(&self, fact: Fact) -> String {
        self.facts.get(&fact).cloned().unwrap_or_else(|| BLANK.to_owned())
    }

    /// Name, code and address of an institution.
    fn seat(&self, unit: &UnitId) -> (String, String, String) {
        let (name, _) = self.known.unit(unit);
        let seat = self.seats.get(unit).cloned().unwrap_or_default();
        let blank = |text: String| if text.is_empty() { BLANK.to_owned() } else { text };
        let code = if unit.kind() == UnitIdKind::Credit { unit.to_string() } else { seat.code };
        (if name.is_empty() { unit.to_string() } else { name }, blank(code), blank(seat.address))
    }

    /// The items that apply to the institution, as the pack has them; those of the policy where there is no pack.
    fn items(&self, unit: &UnitId) -> Vec<Line> {
        let lang = self.lang;
        let class = |class: ItemClass| match class {
            ItemClass::General => lang.say("general", "一般"),
            ItemClass::Key => lang.say("key", "重点"),
        };
        let (Some(pack), Some(unit)) = (self.pack, self.known.frame.get(unit)) else {
            let line = |item: &double_random::policy::Item| Line {
                name: self.known.policy.label(&item.code).to_owned(),
                basis: String::new(),
                class: class(item.class),
                mode: "",
                department: String::new(),
            };
            return self.known.policy.items.iter().map(line).collect();
        };
        let (task, asked, _) = &self.task;
        let form = pack.form(unit, task.as_ref().map(|task| (task, asked.as_slice())));
        let line = |line: &double_random::pack::FormLine| {
            let item = pack.item(&line.item);
            Line {
                name: item.map_or_else(|| line.item.to_string(), |item| item.name.clone()),
                basis: item.map_or_else(String::new, |item| law(&pack.basis(item.cite.as_ref())).to_owned()),
                class: class(line.class),
                mode: match line.mode {
                    Mode::OnSite => lang.say("on site", "现场检查"),
                    Mode::Documents => lang.say("on paper", "书面检查"),
                    Mode::Online => lang.say("from afar", "非现场检查"),
                },
                department: self.known.policy.label(&line.department).to_owned(),
            }
        };
        form.lines.iter().map(line).collect()
    }

    /// The people of a visit: department, post, name, certificate, lead; a vacancy is a row to be filled in.
    fn people(&self, visit: &Visit) -> Vec<[String; 4]> {
        let lang = self.lang;
        let label = |code: &Code| match (self.known.policy.label(code), lang) {
            ("member", Lang::Zh) => "组员".to_owned(),
            ("lead", Lang::Zh) => "组长".to_owned(),
            (named, _) => named.to_owned(),
        };
        let vacant = || lang.say("vacant", "缺员").to_owned();
        let mut rows = Vec::new();
        for post in &visit.posts {
            for officer in &post.officers {
                let lead = visit.lead.as_ref() == Some(&officer.id);
                let mark = if lead { lang.say(" (lead)", "（组长）") } else { "" };
                let name = format!("{}{mark}", self.known.person(&officer.id));
                rows.push([label(&post.department), label(&post.post), name, officer.id.to_string()]);
            }
            (0..post.vacancies).for_each(|_| {
                rows.push([label(&post.department), label(&post.post), vacant(), String::new()])
            });
        }
        // Who accompanies a visit enforces nothing, and stands below those who do.
        let guest = || lang.say("expert, without powers", "随行专家（不执法）").to_owned();
        for post in &visit.experts {
            for expert in &post.experts {
                rows.push([guest(), label(&post.post), self.known.person(&expert.id), expert.id.to_string()]);
            }
            (0..post.vacancies)
                .for_each(|_| rows.push([guest(), label(&post.post), vacant(), String::new()]));
        }
        rows
    }

    fn number(&self, unit: &UnitId) -> String {
        let number = format!("{}-{unit}", self.number);
        match self.lang {
            Lang::Zh => format!("编号：{number}"),
            Lang::En => format!("No. {number}"),
        }
    }

    fn signed(&self) -> Block {
        let seal = self.lang.say("(seal)", "（盖章）");
        Block::Right(vec![format!("{}{seal}", self.fact(Fact::Issuer)), self.today.clone()])
    }

    fn letter(&self, visit: &Visit) -> Result<Page, Failure> {
        let lang = self.lang;
        let (name, code, address) = self.seat(&visit.unit);
        let (plan, task, days) = (&self.plan, &self.task.2, self.known.days(visit.day));
        let opening = match lang {
            Lang::Zh => {
                format!("根据《{plan}》，你单位在“{task}”随机抽查中被抽取为检查对象。现将检查事项通知如下：")
            }
            Lang::En => {
                format!("Under “{plan}”, your institution was drawn by lot for the inspections “{task}”:")
            }
        };
        let items = (1..).zip(self.items(&visit.unit));
        let items = items
            .map(|(n, item): (u64, Line)| vec![n.to_string(), item.name, item.mode.to_owned(), item.basis]);
        let people = self
            .people(visit)
            .into_iter()
            .map(|[department, post, name, id]| vec![name, id, department, post]);
        let when = if self.hidden {
            lang.say(
                "The inspection is not announced: this letter is handed over when it begins.",
                "本次检查不预先告知，本通知书于检查开始时当场送达。",
            )
        } else {
            lang.say(
                "Please have the documents about these items at hand.",
                "请准备与上述事项有关的资料备查。",
            )
        };
        let rights = lang.say(
            "At least two officers come, and they show their certificates. You may ask that an officer stays away who \
             has an interest in the matter, and you may state your case. You have to cooperate and to give true \
             information.",
            "检查人员不少于两人，并应主动出示执法证件；未出示的，你单位有权拒绝检查。认为检查人员与本次检查有直接利害关系或者其他可能影响公正的关系的，有权申请其回避。你单位有权陈述、申辩，应当配合检查并如实提供资料。",
        );
        let proof = match lang {
            Lang::Zh => format!("本次抽取可以核验：抽取记录摘要为 {}。{}", self.record, how(lang)),
            Lang::En => format!(
                "The draw can be verified: the digest of its record is {}. {}",
                self.record,
                how(lang)
            ),
        };
        let codes =
            codes(&self.receipts.as_ref().map_or_else(|| Ok(Vec::new()), |of| of.parts(&visit.unit))?)?;
        let head = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let mut blocks = vec![
            Block::Title(lang.say("Announcement of an inspection", "双随机抽查检查通知书").to_owned()),
            Block::Under(self.number(&visit.unit)),
            Block::Fields(vec![
                (lang.say("To", "被检查单位").to_owned(), name),
                (lang.say("Credit code or id", "统一社会信用代码").to_owned(), code),
                (lang.say("Address", "地址").to_owned(), address),
                (lang.say("Time", "检查时间").to_owned(), days),
            ]),
            Block::Text(opening),
            Block::Heading(lang.say("What is checked", "一、检查事项及依据").to_owned()),
            Block::Table {
                widths: vec![8, 34, 16, 42],
                head: match lang {
                    Lang::Zh => head(&["序号", "检查事项", "检查方式", "依据"]),
                    Lang::En => head(&["No.", "Item", "How", "Law"]),
                },
                rows: items.collect(),
            },
            Block::Heading(lang.say("Who comes", "二、检查人员").to_owned()),
            Block::Table {
                widths: vec![26, 24, 30, 20],
                head: match lang {
                    Lang::Zh => head(&["姓名", "执法证号", "部门", "岗位"]),
                    Lang::En => head(&["Name", "Certificate", "Department", "Post"]),
                },
                rows: people.collect(),
            },
            Block::Heading(lang.say("Your rights and duties", "三、权利和义务").to_owned()),
            Block::Text(rights.to_owned()),
            Block::Text(when.to_owned()),
            Block::Text(format!("{}：{}", Fact::Phone.called(lang), self.fact(Fact::Phone))),
            self.signed(),
            Block::Heading(lang.say("Acknowledgement", "送达回证").to_owned()),
            Block::Fields(
                match lang {
                    Lang::Zh => ["受送达人（签名、盖章）", "送达日期及方式", "送达人（签名）"],
                    Lang::En => {
                        ["Received by (signature, seal)", "When and how", "Handed over by (signature)"]
                    }
                }
                .map(|name| (name.to_owned(), "\n".to_owned()))
                .to_vec(),
            ),
            Block::Heading(lang.say("Receipt", "附：回执").to_owned()),
            Block::Text(proof),
        ];
        blocks.extend(codes);
        Ok(Page { wide: false, blocks })
    }

    fn sheet(&self, visit: &Visit) -> Page {
        let lang = self.lang;
        let (name, code, address) = self.seat(&visit.unit);
        let head = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let people = self.people(visit);
        let people = people
            .into_iter()
            .map(|[department, post, name, id]| vec![department, post, name, id, String::new()]);
        let found = lang.say("□ no problem\n□ problem", "□ 未发现问题\n□ 发现问题");
        let items = (1..).zip(self.items(&visit.unit));
        let items = items.map(|(n, item): (u64, Line)| {
            let what = match item.department.is_empty() {
                true => item.name,
                false => format!("{}（{}）", item.name, item.department),
            };
            let how = format!("{}\n{}", item.class, item.mode);
            vec![n.to_string(), what, how, found.to_owned(), String::new()]
        });
        // The words of the pack: what is ticked is what `office result` takes.
        let boxes = |made: bool| {
            let of_pack = self.pack.map_or(&[][..], |pack| pack.results.as_slice());
            let asked = of_pack.iter().filter(|result| (result.kind != ResultKind::Unmade) == made);
            let all: Vec<String> = asked.map(|result| format!("□ {}", result.name)).collect();
            if all.is_empty() { BLANK.to_owned() } else { all.join("　") }
        };
        let mut fields = vec![
            (lang.say("Task", "抽查任务").to_owned(), self.task.2.clone()),
            (lang.say("Institution", "检查对象").to_owned(), format!("{name}（{}）", visit.unit)),
            (lang.say("Credit code", "统一社会信用代码").to_owned(), code),
            (lang.say("Address", "地址").to_owned(), address),
            (lang.say("District", "行政区划").to_owned(), self.known.unit(&visit.unit).1),
            (lang.say("Time", "检查时间").to_owned(), self.known.days(visit.day)),
        ];
        if let Some(notes) = self.hindered.get(&visit.unit) {
            fields.push((lang.say("Note", "备注").to_owned(), notes.join("\n")));
        }
        let outcome = match lang {
            Lang::Zh => [
                ("实际检查日期", String::new()),
                ("检查结果（选一项）", boxes(true)),
                ("未能检查的（选一项）", boxes(false)),
                ("处理情况", lines_of(&["□ 无需处理　□ 责令改正，期限：", "□ 立案　□ 移送：", ""])),
                ("检查人员（签名）", lines_of(&["", ""])),
                ("被检查单位负责人（签名、盖章）", lines_of(&["", "□ 拒绝签名，原因："])),
                ("见证人（签名）", String::new()),
            ],
            Lang::En => [
                ("Day of the inspection", String::new()),
                ("Result (one)", boxes(true)),
                ("Not inspected because (one)", boxes(false)),
                (
                    "Consequences",
                    lines_of(&["□ none　□ to be corrected by:", "□ proceedings　□ referred to:", ""]),
                ),
                ("Inspectors (signatures)", lines_of(&["", ""])),
                ("For the institution (signature, seal)", lines_of(&["", "□ refused to sign because:"])),
                ("Witness (signature)", String::new()),
            ],
        };
        let blocks = vec![
            Block::Title(
                lang.say("Task sheet and form of the check", "双随机抽查任务单（执法监督检查表）").to_owned(),
            ),
            Block::Under(self.number(&visit.unit)),
            Block::Fields(fields),
            Block::Heading(lang.say("Team", "一、检查组").to_owned()),
            Block::Table {
                widths: vec![28, 14, 22, 20, 16],
                head: match lang {
                    Lang::Zh => head(&["部门", "岗位", "姓名", "执法证号", "签到"]),
                    Lang::En => head(&["Department", "Post", "Name", "Certificate", "Present"]),
                },
                rows: people.collect(),
            },
            Block::Heading(
                lang.say("Items; none is added or left out", "二、检查事项（不得增减）").to_owned(),
            ),
            Block::Table {
                widths: vec![7, 33, 14, 18, 28],
                head: match lang {
                    Lang::Zh => head(&["序号", "检查事项", "类别、方式", "检查情况", "发现的问题"]),
                    Lang::En => head(&["No.", "Item", "Class, way", "Found", "Problem"]),
                },
                rows: items.collect(),
            },
            Block::Heading(lang.say("Result", "三、检查结果").to_owned()),
            Block::Fields(outcome.map(|(name, value)| (name.to_owned(), value)).to_vec()),
        ];
        Page { wide: false, blocks }
    }
}

/// Reads what the papers of a draw say.
fn round<'a>(
    run: &Run,
    database: &mut Database,
    office: &'a Office,
    (book, attempt, sealed): (&Book, &Attempt, &Sealed),
) -> Result<Round<'a>, Failure> {
    let name = attempt.name();
    let known = Known::of(sealed);
    let record = book.record(database, name)?;
    let rules = match &office.rules {
        Rules::Programme(rules) => Some((&rules.0, &rules.1)),
        Rules::Policy(_) => None,
    };
    // A ledger of an earlier year has not the rules of this one.
    let rules = rules.filter(|(pack, programme)| is_origin(&known.policy, (pack, programme)));
    let task = book.task.as_ref().and_then(|task| rules?.1.task(task));
    let items = task.map_or_else(Vec::new, |task| task.items.clone());
    let title = task.map_or_else(|| known.policy.title.clone(), |task| task.title.clone());
    let facts = facts(database, book, name.0)?;
    let number =
        facts.get(&Fact::TaskNumber).cloned().unwrap_or_else(|| format!("{}-{}", book.scope, name.0));
    let registers = Registers::load(database)?;
    let mut hindered: BTreeMap<UnitId, Vec<String>> = BTreeMap::new();
    for one in now::hindered(database, book, &registers, run.day())? {
        if one.draw == name.0 {
            let who = one.person.as_ref().map_or_else(String::new, |id| format!("{id} "));
            let why = catalogue::words(&now::why(one.reason), run.screen.lang);
            let said = format!("{who}{why}");
            hindered.entry(one.unit).or_default().push(said);
        }
    }
    Ok(Round {
        lang: run.screen.lang,
        pack: rules.map(|(pack, _)| pack),
        plan: rules.map_or_else(|| known.policy.title.clone(), |(_, programme)| programme.title.clone()),
        task: (book.task.clone(), items, title),
        facts,
        seats: seats_known(database)?,
        number,
        record: record.digest().to_string(),
        today: run.day().ok_or("a day within the calendar")?.to_string(),
        hidden: attempt.is_hidden(),
        hindered,
        receipts: None,
        known,
    })
}

/// Writes the papers of one visit, or of all that are still to be made.
pub fn export(
    run: &Run,
    database: &mut Database,
    office: &Office,
    given: &Export,
) -> Result<Answer, Failure> {
    let lang = run.screen.lang;
    let book = book(run, database, office)?;
    let attempt = book.recorded(database, given.draw)?;
    let name = attempt.name();
    let sealed = book.sealed(database, name)?;
    let mut round = round(run, database, office, (&book, attempt, &sealed))?;
    let teams = teams_now(&book, database, name)?;
    let pending: BTreeSet<UnitId> = cycle(&book)?
        .open()
        .iter()
        .filter(|open| open.draw == name.0)
        .flat_map(|open| open.pending.keys().cloned())
        .collect();
    let wanted = |visit: &&Visit| match &given.unit {
        Some(unit) => visit.unit.as_str() == unit,
        None => pending.contains(&visit.unit),
    };
    let visits: Vec<&Visit> = teams.visits.iter().filter(wanted).collect();
    if visits.is_empty() {
        return refuse(match &given.unit {
            Some(unit) => say!(
                "office.result.no_visit",
                "{unit} has no visit in draw {draw}.{attempt}",
                unit,
                draw = name.0,
                attempt = name.1
            ),
            None => say!(
                "office.papers.none",
                "draw {draw}.{attempt} has no visit that is still to be made: --unit names one",
                attempt = name.1,
                draw = name.0
            ),
        });
    }
    let letters = given.what == What::Letters;
    if letters {
        round.receipts = Some(Receipts::of(&sealed, attempt)?);
    }
    let page = |visit: &&Visit| if letters { round.letter(visit) } else { Ok(round.sheet(visit)) };
    let pages = visits.iter().map(page).collect::<Result<Vec<Page>, Failure>>()?;
    let title = if letters {
        lang.say("Announcements of inspections", "检查通知书")
    } else {
        lang.say("Task sheets", "任务单")
    };
    let bytes = match ending(&given.out) {
        "docx" => to_docx(&pages, lang)?,
        "html" => to_html(title, &pages, lang),
        _ => return Err(no_form(&given.out, &[".docx", ".html"])),
    };
    write(&given.out, &bytes)?;
    let mut text = String::new();
    let needed = if letters { vec![Fact::Issuer, Fact::Phone] } else { Vec::new() };
    let missing: Vec<Fact> = needed.into_iter().filter(|fact| !round.facts.contains_key(fact)).collect();
    for fact in &missing {
        let blank = lang.say("stays blank", "留空");
        let _ = writeln!(text, "{} {blank}  (office notice {}=…)", fact.called(lang), fact.word());
    }
    let without = visits.iter().filter(|visit| !round.seats.contains_key(&visit.unit)).count();
    if without > 0 {
        let blank = lang.say("addresses stay blank", "个地址留空");
        let _ = writeln!(
            text,
            "{without} {blank}  ({})",
            lang.say("office notice --addresses FILE", "office notice --addresses 文件")
        );
    }
    if letters && round.hidden {
        let hand = lang.say(
            "The visits of this draw are not announced: hand each letter over when the visit begins",
            "本次检查不预先告知：通知书须于检查开始时当场送达",
        );
        let _ = writeln!(text, "{hand}");
    }
    let _ = write!(text, "{}: {} {}", given.out.display(), pages.len(), lang.say("papers", "份"));
    let missing: Vec<&str> = missing.into_iter().map(Fact::word).collect();
    let json =
        json!({ "file": given.out, "papers": pages.len(), "missing": missing, "without_address": without });
    Ok(Answer::said(json, text))
}
