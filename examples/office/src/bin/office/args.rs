//! The command line.

use super::desk::BEIJING;
use super::start::{NewYear, TemplateArgs};
use super::study::options::StudyArgs;
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use double_random::calendar::Offset;
use double_random::lot::sql::Dialect;
use double_random_office::line::lang;
use double_random_office::table::{self, DateOrder, Source};
use double_random_support::screen::Lang;
use encoding_rs::Encoding;
use std::path::PathBuf;

/// Rosters, ledgers and draws of an authority in one database (双随机抽查办公).
#[derive(Parser)]
#[command(
    name = "office",
    version,
    after_help = "A year, in order:
  office init --pack rules.json --programme 2026.json      rules, and a ledger for each task
  office import units 名录.xlsx ; office import officers 人员.csv
  office check                                             rosters and rules against each other
  office plan --task medical --adopt --approved-by director
  office seal --task medical ; office publish --out www --where https://…
  office beacon --task medical --value dice=3141592653…
  office draw --task medical ; office export tasks --task medical --out tasks.xlsx
  office replace --unit U-1 --reason closed --evidence photo.jpg --approved-by director --task medical
  office replace --officer 3505-0001 --reason ill --evidence note.pdf --approved-by head --level office --task medical
  office result results.xlsx --task medical ; office publish --out www --where https://…
  office verify www                                        checks open to all
Exit status: 0 done (verify: confirmed), 1 refuted, 2 self-consistent only, 3 unusable input,
4 refused by a rule, 5 database, 64 wrong usage. With any of 3, 4 and 5 nothing was changed."
)]
pub struct CommandLine {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub options: Options,
}

#[derive(Args)]
pub struct Options {
    /// The database: a file, or postgres://user@host/name.
    #[arg(
        long,
        global = true,
        env = "DOUBLE_RANDOM_DATABASE",
        default_value = "office.db",
        hide_env_values = true
    )]
    pub database: String,
    /// The operator who enters, by code.
    #[arg(long, global = true, env = "DOUBLE_RANDOM_ACTOR", default_value = "clerk")]
    pub actor: String,
    /// The task of the programme, or the scope of a ledger of an earlier year; not needed where there is only
    /// one.
    #[arg(long, global = true)]
    pub task: Option<String>,
    /// The instant of the entry as the authority's clock shows it, 'YYYY-MM-DD HH:MM', or YYYY-MM-DDTHH:MM:SSZ; that
    /// of the machine's clock if not given. The ledger refuses one before its last.
    #[arg(long, global = true)]
    pub at: Option<String>,
    /// A rehearsal: --at may lie in the future.
    #[arg(
        long,
        global = true,
        env = "DOUBLE_RANDOM_REHEARSAL",
        value_parser = clap::builder::FalseyValueParser::new(),
        hide_env_values = true
    )]
    pub rehearsal: bool,
    /// The clock of this machine is right, although it shows a day that the office does not expect.
    #[arg(long, global = true)]
    pub clock_is_right: bool,
    /// Language of the screen; that of the terminal if not given.
    #[arg(long, value_parser = lang(), global = true)]
    pub lang: Option<Lang>,
    /// No progress bars, and one line at most.
    #[arg(long, global = true)]
    pub quiet: bool,
    /// JSON for machines on the standard output, also of errors.
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum Command {
    /// Make a database: the rules, and a ledger for each task.
    Init(Init),
    /// Bring the rules of a new year: a ledger for each of its tasks, which goes on from where the old one's
    /// closed cycle ends.
    Rules(RulesArgs),
    /// Write the rules of the next year, and open its ledgers.
    NewYear(NewYear),
    /// Read a register from CSV (UTF-8, UTF-16, GBK, GB18030) or Excel, show what would change, and store it.
    Import(Import),
    /// Check rosters, rules and the programme of the year against each other.
    #[command(after_help = "Examples:
  office check
  office check --json                                   for a program that watches")]
    Check,
    /// Show the next draw as it would be, and adopt its policy.
    Plan(PlanArgs),
    /// Try changed rules over simulated years, before they are adopted; enters nothing.
    Study(Box<StudyArgs>),
    /// Seal the next draw, before the sources publish.
    Seal(Seal),
    /// Enter the published values of the sources.
    Beacon(Beacon),
    /// Draw institutions and teams.
    #[command(after_help = "Examples:
  office draw --task medical
Running it again shows what was drawn; nothing is drawn twice.")]
    Draw,
    /// Replace an institution that is gone, or an officer who is unavailable.
    Replace(Replace),
    /// Explain one officer's chances and load in a draw, or show who would take a place; enters nothing.
    Officer(OfficerArgs),
    /// Enter results of visits.
    Result(Results),
    /// Declare the last attempt void.
    Void(Void),
    /// Disclose the secret of a deferred draw.
    #[command(after_help = "Examples:
  office reveal --task medical ; office publish --out www --where https://wsjd.example/2026")]
    Reveal(Reveal),
    /// Set a ledger right after a command under a wrong clock.
    Clock(Clock),
    /// Take an entry of the dossiers back.
    Withdraw(WithdrawEntry),
    /// Close the cycle at the end of the year.
    #[command(after_help = "Examples:
  office close --task medical --approved-by director")]
    Close(ApprovalArgs),
    /// Correct the result of an earlier entry, which stays.
    Amend(Amend),
    /// Write a checkpoint for witnesses, or take in one that they have signed.
    Witness(Witness),
    /// Write receipts that institutions can check alone, to be handed out.
    Receipt(ReceiptArgs),
    /// Open single visits of a draw that is not disclosed, each for its institution alone, at its door.
    Opening(OpeningArgs),
    /// Show the notice of a draw and what it lacks, or enter facts that only the office knows.
    Notice(NoticeArgs),
    /// Hand picks down to those who send people, take picks from above, enter what the ledger below tells (派发).
    Dispatch(DispatchArgs),
    /// Give the register of this office to the one above, or put those of lower offices together (名录库归集).
    Register(RegisterArgs),
    /// Write what the public gets, and enter that it was published.
    Publish(Publish),
    /// Show what is due, in order of date, each with the command that does it.
    #[command(after_help = "Examples:
  office next
  office next --task medical --json")]
    Next,
    /// Show the state of every ledger, and the next step.
    #[command(after_help = "Examples:
  office status
  office status --task medical --json")]
    Status,
    /// Verify a published folder, or the database.
    #[command(after_help = "Examples:
  office verify www                                     checks of what was published, open to all
  office verify                                         what the database holds, as an auditor would")]
    Verify(Verify),
    /// Task lists, notices and tables as CSV or .xlsx.
    Export(Export),
    /// Figures of the results: how many institutions break the rules, by level, kind and district (抽查结果分析).
    Report(Report),
    /// Bring the database to the schema of this program.
    #[command(after_help = "Examples:
  office migrate --database office.db
Copy the database first. Any command that changes something does the same by itself.")]
    Migrate,
    /// Completion for a shell.
    #[command(after_help = "Examples:
  office completion bash > /etc/bash_completion.d/office
  office completion zsh > ~/.zfunc/_office")]
    Completion {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

impl Command {
    /// Whether it enters something into a ledger, so that its instant must be right.
    pub const fn enters(&self) -> bool {
        match self {
            Self::Seal(_)
            | Self::Beacon(_)
            | Self::Draw
            | Self::Replace(_)
            | Self::Result(_)
            | Self::Void(_)
            | Self::Reveal(_)
            | Self::Close(_)
            | Self::Amend(_)
            | Self::Clock(_)
            | Self::Rules(_) => true,
            Self::NewYear(given) => !given.draft,
            Self::Plan(plan) => plan.adopt,
            Self::Publish(publish) => !publish.auditor,
            Self::Dispatch(given) => matches!(given.work, DispatchWork::Take(_)),
            _ => false,
        }
    }

    /// Whether it needs to write.
    pub const fn writes(&self) -> bool {
        match self {
            Self::Check
            | Self::Study(_)
            | Self::Receipt(_)
            | Self::Opening(_)
            | Self::Next
            | Self::Status
            | Self::Verify(_)
            | Self::Export(_)
            | Self::Report(_)
            | Self::Officer(_) => false,
            Self::Plan(plan) => plan.adopt,
            Self::Notice(notice) => notice.enters(),
            Self::Dispatch(given) => matches!(given.work, DispatchWork::In(_) | DispatchWork::Take(_)),
            Self::Register(given) => !matches!(given.work, RegisterWork::Intake(_) | RegisterWork::Check(_)),
            _ => true,
        }
    }
}

#[derive(Args)]
#[command(after_help = "Examples:
  office init --template county-health --division 350502 --name 'Health bureau' --year 2026
  office init --pack quanzhou.json --programme quanzhou-2026.json
  office init --policy policy.json --database postgres://office@localhost/inspections
  office init --demo")]
pub struct Init {
    #[command(flatten)]
    pub start: TemplateArgs,
    /// A rule pack, JSON.
    #[arg(long, requires = "programme")]
    pub pack: Option<PathBuf>,
    /// The programme of a year, JSON.
    #[arg(long, requires = "pack")]
    pub programme: Option<PathBuf>,
    /// A policy, JSON: for an office that writes each draw's policy itself.
    #[arg(long, conflicts_with_all = ["pack", "demo"])]
    pub policy: Option<PathBuf>,
    /// The shipped demonstration: a policy for 221 real institutions of 泉州; import
    /// examples/data/quanzhou_*.csv next.
    #[arg(long, conflicts_with = "pack")]
    pub demo: bool,
    /// The clock of an office without a pack, which states its own: +08:00.
    #[arg(long, value_parser = Offset::parse, default_value = BEIJING, allow_hyphen_values = true, conflicts_with = "pack")]
    pub offset: Option<Offset>,
    /// The state of the year so far: for an office that begins in mid-year. Either JSON, as `Cycle::to_json`
    /// writes it, or a table (检查台账: CSV or Excel with 机构标识, 本周期检查次数, 累计期望次数), which needs --spent. A programme
    /// with several tasks takes one for each: TASK=FILE, any number.
    #[arg(long)]
    pub cycle: Vec<String>,
    /// The share of the year that the draws behind a table of --cycle stood for, 0 to 1, such as 0.5. With
    /// several tasks TASK=SHARE, any number.
    #[arg(long, requires = "cycle")]
    pub spent: Vec<String>,
    #[command(flatten)]
    pub reading: Reading,
    /// File with the salt key of the dossiers, 64 hexadecimal digits; drawn from the operating system if not
    /// given.
    #[arg(long)]
    pub salt_key: Option<PathBuf>,
    /// Key of a witness; any number.
    #[arg(long)]
    pub witness: Vec<String>,
    /// How many of them must have signed a checkpoint with the seal before the beacon is published.
    #[arg(long)]
    pub quorum: Option<u64>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office close --task medical --approved-by director   each task of the old year first
  office rules --pack quanzhou.json --programme quanzhou-2027.json
The old ledgers stay and can be verified and published; the old rules are kept.")]
pub struct RulesArgs {
    /// A rule pack, JSON.
    #[arg(long)]
    pub pack: PathBuf,
    /// The programme of a year, JSON.
    #[arg(long)]
    pub programme: PathBuf,
}

/// How a table is read where it does not say so itself.
#[derive(Args)]
pub struct Reading {
    /// Which stands first in dates whose year stands last: mdy (month) or dmy (day). Without it they are refused.
    #[arg(long, value_enum)]
    pub dates: Option<Dates>,
    /// The encoding of a CSV, such as windows-1252, gb18030 or big5; that of the text if not given.
    #[arg(long, value_parser = table::encoding)]
    pub encoding: Option<&'static Encoding>,
    /// List every problem of the table, and not only the first ones of each column and kind.
    #[arg(long)]
    pub all: bool,
    /// Where a refused table is copied to with its problems marked in the cells (.xlsx) or in one more column (CSV).
    #[arg(long, value_name = "FILE")]
    pub marked: Option<PathBuf>,
}

impl Reading {
    /// A table that is read so.
    pub fn of<'a>(&self, source: Source<'a>) -> Source<'a> {
        let dates = self.dates.map(|dates| match dates {
            Dates::Mdy => DateOrder::Mdy,
            Dates::Dmy => DateOrder::Dmy,
        });
        source.dates(dates).encoding(self.encoding)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Dates {
    /// Month, day, year.
    #[value(aliases = ["月日年"])]
    Mdy,
    /// Day, month, year.
    #[value(aliases = ["日月年"])]
    Dmy,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// 检查对象名录: institutions.
    #[value(aliases = ["检查对象", "检查对象名录", "检查对象名录库", "机构"])]
    Units,
    /// 执法检查人员名录: officers.
    #[value(aliases = ["执法检查人员", "执法检查人员名录", "执法检查人员名录库", "检查人员", "执法人员"])]
    Officers,
    /// 专家与第三方: experts and third parties.
    #[value(aliases = ["专家", "专家库", "专家与第三方", "第三方"])]
    Experts,
    /// 回避: recusals.
    #[value(aliases = ["回避", "回避名单"])]
    Recusals,
    /// 信用与处罚记录: entries of the dossier.
    #[value(aliases = ["信用与处罚记录", "信用档案", "信用记录", "处罚记录"])]
    Entries,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office import units 名录.xlsx --sheet 医疗机构        shows what would change, and asks
  office import officers officers.csv --where city=quanzhou --yes
  office import units new.csv --merge --yes            rows that are not in the file stay
An institution that was drawn this year is never removed: enter it as closed (注销), so that it stays in the
account of its county.")]
pub struct Import {
    /// Which register.
    pub register: Kind,
    /// CSV, .xlsx, .xls, or a table of a .docx.
    pub file: PathBuf,
    /// The sheet of a workbook, where more than one could be meant.
    #[arg(long)]
    pub sheet: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
    /// Only rows with this value: HEADING=VALUE, any number.
    #[arg(long = "where", value_name = "HEADING=VALUE")]
    pub only: Vec<String>,
    /// A value for all empty cells of a column, or for a column that the table lacks: COLUMN=VALUE, any number.
    #[arg(long, value_name = "COLUMN=VALUE")]
    pub set: Vec<String>,
    /// A column that is not read, any number.
    #[arg(long, value_name = "COLUMN")]
    pub skip: Vec<String>,
    /// What a word of the table means: WORD=CODE, any number.
    #[arg(long, value_name = "WORD=CODE")]
    pub means: Vec<String>,
    /// Keep rows of the register that are not in the file.
    #[arg(long)]
    pub merge: bool,
    /// Store without asking.
    #[arg(long)]
    pub yes: bool,
}

/// What `plan` does besides showing the next draw.
#[derive(Subcommand)]
pub enum PlanWork {
    /// Read an annual plan as it is published (a table of tasks or items), and make the tasks of a programme of it.
    Import(PlanImport),
}

#[derive(Args)]
#[command(after_help = "Examples:
  office plan import 计划.xlsx --pack pack.json --programme 2026.json       what is understood, row by row
  office plan import 计划.csv --pack pack.json --programme 2026.json --means 市卫健委=wsjd --out new.json
Programme: its authority, calendar, terms and divisions stay; its first task says strata, sources and disclosure.
Nothing is written while a row contradicts itself or says what the pack does not know.")]
pub struct PlanImport {
    /// CSV, .xlsx, .xls, or a table of a .docx.
    pub file: PathBuf,
    /// The rule pack, JSON.
    #[arg(long)]
    pub pack: PathBuf,
    /// The programme whose tasks are made anew, JSON.
    #[arg(long)]
    pub programme: PathBuf,
    /// Where to write the programme.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// The sheet of a workbook, where more than one could be meant.
    #[arg(long)]
    pub sheet: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
    /// What a word of the table means: TEXT=CODE of a department, item or kind of the pack; any number.
    #[arg(long, value_name = "TEXT=CODE")]
    pub means: Vec<String>,
    /// Which amount holds where a share and a number stand in one row and do not agree.
    #[arg(long, value_enum)]
    pub prefer: Option<Prefer>,
    /// Keep the tasks of the programme that the table does not name.
    #[arg(long)]
    pub keep: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Prefer {
    /// The share (比例).
    Share,
    /// The number (数量).
    Number,
}

#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  office plan --task medical                           the next draw, as it would be now
  office plan --task medical --explain FJQZ-0017       why this institution has this chance
  office plan --task medical --write next.json         the policy, to be looked at or edited
  office plan --policy next.json --adopt --approved-by director"
)]
pub struct PlanArgs {
    #[command(subcommand)]
    pub work: Option<PlanWork>,
    /// The policy of the next draw, if it does not follow from the rules.
    #[arg(long)]
    pub policy: Option<PathBuf>,
    /// The draws of the year, JSON: [{"batch":1,"share":"0.5","window":{"from":DATE,"to":DATE}}, …]. They are
    /// registered with the first policy of a year that does not follow from a programme; without it, that
    /// policy is the only draw.
    #[arg(long, requires = "adopt")]
    pub year: Option<PathBuf>,
    /// Write the policy to this file.
    #[arg(long)]
    pub write: Option<PathBuf>,
    /// Explain the chance of this institution.
    #[arg(long)]
    pub explain: Option<String>,
    /// Adopt the policy: `seal` takes it.
    #[arg(long, requires = "approved_by")]
    pub adopt: bool,
    /// Adopt it although `check` finds breaches: why. Findings, reason and approval stand in the ledger.
    #[arg(long, value_name = "REASON", requires = "adopt")]
    pub despite: Option<String>,
    /// Read the register from the cursor of the database and keep none of it in memory, as above 100,000
    /// institutions; warnings about single institutions are not given.
    #[arg(long)]
    pub stream: bool,
    #[command(flatten)]
    pub approval: MaybeApproval,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office dispatch out --ready --out down               what the offices below need to get ready
  office dispatch in down/350502-wsjd-medical --write next.json
  office dispatch ready --policy next.json --salt-key key.txt
  office dispatch out --out down                       the picks of each part, after the draw
  office dispatch take www-350502/medical              what the ledger below tells, and its checkpoint")]
pub struct DispatchArgs {
    #[command(subcommand)]
    pub work: DispatchWork,
}

/// What is done with picks that others send people to.
#[derive(Subcommand)]
pub enum DispatchWork {
    /// Write for each part the folder that its office needs: policy, seal, record and the rows of its picks.
    Out(DispatchOut),
    /// Take such a folder from the authority above, and write the policy of the draw of teams.
    In(DispatchIn),
    /// Show the digest of roster and rules that is handed over before the draw above is sealed (备勤承诺).
    Ready(DispatchReady),
    /// Enter what the published ledger of an office below tells of its picks, and take its checkpoint in.
    Take(DispatchTake),
}

#[derive(Args)]
pub struct DispatchOut {
    /// The folder; one is made in it for each part.
    #[arg(long)]
    pub out: PathBuf,
    /// The draw; the last one that dispatches if not given.
    #[arg(long, conflicts_with = "ready")]
    pub draw: Option<u64>,
    /// What the offices below need before the draw: the policy of the next one.
    #[arg(long)]
    pub ready: bool,
    /// The policy of the next draw, if it is not adopted yet.
    #[arg(long, requires = "ready")]
    pub policy: Option<PathBuf>,
}

#[derive(Args)]
pub struct DispatchIn {
    /// The folder.
    pub folder: PathBuf,
    /// Write the policy of the draw of teams to this file.
    #[arg(long)]
    pub write: Option<PathBuf>,
}

#[derive(Args)]
pub struct DispatchReady {
    /// The policy of the draw of teams. Its sources may still change.
    #[arg(long)]
    pub policy: PathBuf,
    /// File with the salt key of the draw, 64 hexadecimal digits: `seal` takes the same.
    #[arg(long)]
    pub salt_key: PathBuf,
}

#[derive(Args)]
pub struct DispatchTake {
    /// The published folder of the ledger below.
    pub folder: PathBuf,
    /// The draw that dispatched the picks; the last one to this ledger if not given.
    #[arg(long)]
    pub draw: Option<u64>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office register give --policy above.json --division 350583 --out handed-in       below; publish register.json
  office register take handed-in/350502-wsjd handed-in/350583-wsjd                above; then plan and seal as ever
  office register intake --out intakes                                            above, after the seal
  office register check intake.json --seal seal.json                              below")]
pub struct RegisterArgs {
    #[command(subcommand)]
    pub work: RegisterWork,
}

/// What is done with registers of lower offices.
#[derive(Subcommand)]
pub enum RegisterWork {
    /// Write the register of this office for a draw above: what to publish, and the rows for the office above alone.
    Give(RegisterGive),
    /// Put the registers of all lower offices together: they become the register of institutions, and the seal names them.
    Take(RegisterTake),
    /// Forget the registers that were taken: the next seal names none, and the institutions stay.
    Drop,
    /// Write for each lower office its own rows in the sealed frame, with their proof (归集回执).
    Intake(RegisterIntake),
    /// Check with its intake whether the register of this office went into the sealed frame unchanged.
    Check(RegisterCheck),
}

#[derive(Args)]
pub struct RegisterGive {
    /// The policy of the draw above.
    #[arg(long)]
    pub policy: PathBuf,
    /// A division whose institutions the register lists; several if it lists several.
    #[arg(long, required = true)]
    pub division: Vec<String>,
    /// The folder; never a published one.
    #[arg(long)]
    pub out: PathBuf,
}

#[derive(Args)]
pub struct RegisterTake {
    /// The folders of all lower offices, each with register.json and frame.json.
    #[arg(required = true)]
    pub folders: Vec<PathBuf>,
    /// The policy of the next draw, if it is not adopted yet.
    #[arg(long)]
    pub policy: Option<PathBuf>,
    /// Keep institutions of other tasks, which stand in no register.
    #[arg(long)]
    pub merge: bool,
}

#[derive(Args)]
pub struct RegisterIntake {
    /// The folder; never a published one.
    #[arg(long)]
    pub out: PathBuf,
    /// The draw; the last one if not given.
    #[arg(long)]
    pub draw: Option<u64>,
}

#[derive(Args)]
pub struct RegisterCheck {
    /// The intake that the office above has handed back.
    pub intake: PathBuf,
    /// The seal as it was published.
    #[arg(long)]
    pub seal: PathBuf,
}

/// The approval, where it may be left out.
#[derive(Args)]
pub struct MaybeApproval {
    /// The person who approved. Must differ from --actor.
    #[arg(long)]
    pub approved_by: Option<String>,
    /// The level of the approver.
    #[arg(long, value_enum, default_value = "authority", requires = "approved_by")]
    pub level: LevelArg,
}

/// The approval.
#[derive(Args)]
pub struct ApprovalArgs {
    /// The person who approved. Must differ from --actor.
    #[arg(long)]
    pub approved_by: String,
    /// The level of the approver.
    #[arg(long, value_enum, default_value = "authority")]
    pub level: LevelArg,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LevelArg {
    /// 科室负责人
    #[value(aliases = ["科室负责人", "科室"])]
    Office,
    /// 机关负责人
    #[value(aliases = ["机关负责人", "本机关"])]
    Authority,
    /// 上级机关
    #[value(aliases = ["上级机关"])]
    Superior,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office seal --task medical
  office seal --salt-key key.txt                       64 hexadecimal digits from your own device")]
pub struct Seal {
    /// File with the salt key; drawn from the operating system if not given.
    #[arg(long)]
    pub salt_key: Option<PathBuf>,
    /// File with the secret of a draw with deferred disclosure; drawn from the operating system if not given.
    #[arg(long)]
    pub secret: Option<PathBuf>,
    /// Read the register from the cursor of the database and keep none of it in memory, as above 100,000
    /// institutions; warnings about single institutions are not given.
    #[arg(long)]
    pub stream: bool,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office beacon --value dice=31415926535897932384
  office beacon --file values.json
  office beacon --silent lottery --evidence notice.pdf --approved-by province --level superior")]
pub struct Beacon {
    /// SOURCE=VALUE; any number.
    #[arg(long = "value", value_name = "SOURCE=VALUE")]
    pub values: Vec<String>,
    /// Values as JSON: [{\"source\":…,\"value\":…}, …].
    #[arg(long)]
    pub file: Option<PathBuf>,
    /// A source that did not publish in time.
    #[arg(long, requires_all = ["evidence", "approved_by"])]
    pub silent: Option<String>,
    /// The evidence, a file; its hash is entered.
    #[arg(long, requires = "silent")]
    pub evidence: Option<PathBuf>,
    #[command(flatten)]
    pub approval: MaybeApproval,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Reason {
    /// Institution: closed (注销、停业).
    #[value(aliases = ["注销", "停业", "关闭", "歇业"])]
    Closed,
    /// Institution: merged into another (合并).
    #[value(aliases = ["合并"])]
    Merged,
    /// Institution: moved out of the jurisdiction (迁出).
    #[value(aliases = ["迁出", "搬迁"])]
    Moved,
    /// Institution: not to be found (失联).
    #[value(aliases = ["失联", "无法联系"])]
    Unreachable,
    /// Officer: ill (病假).
    #[value(aliases = ["病假", "生病"])]
    Ill,
    /// Officer: on leave (休假).
    #[value(aliases = ["休假", "请假", "公出"])]
    Leave,
    /// Officer: left the service (调离).
    #[value(aliases = ["调离", "离职", "退休"])]
    Left,
    /// Officer: recused (回避).
    #[value(aliases = ["回避"])]
    Recused,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office replace --unit FJQZ-0017 --reason closed --evidence photo.jpg --approved-by director
  office replace --officer 3505-0001 --reason ill --to 2026-04-17 --evidence note.pdf --approved-by head --level office
  office replace --officer 3505-0001 --unit FJQZ-0021 --reason recused --evidence note.pdf --approved-by head --level office
The replacement is not chosen by hand: it is the next reserve, of institutions or of the post, in an order that the draw has fixed.")]
pub struct Replace {
    /// The institution that cannot be visited, or from which the officer is recused.
    #[arg(long, required_unless_present = "officer")]
    pub unit: Option<String>,
    /// The officer who cannot go, to any visit on these days; without it the institution itself is replaced.
    #[arg(long)]
    pub officer: Option<String>,
    /// The officer's first day, YYYY-MM-DD; the day of the entry if not given.
    #[arg(long, requires = "officer")]
    pub from: Option<String>,
    /// The officer's last day, YYYY-MM-DD; the end of the window if not given.
    #[arg(long, requires = "officer")]
    pub to: Option<String>,
    /// Why.
    #[arg(long, value_enum)]
    pub reason: Reason,
    /// The evidence, a file; its hash is entered.
    #[arg(long)]
    pub evidence: PathBuf,
    /// When it was decided, YYYY-MM-DD; the day of the entry if not given.
    #[arg(long)]
    pub date: Option<String>,
    /// The draw; the last one if not given.
    #[arg(long)]
    pub draw: Option<u64>,
    #[command(flatten)]
    pub approval: ApprovalArgs,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office officer 3505-0002                             chance or bar at every institution drawn, and the load
  office officer 3505-0002 --drops-out                 who would take the places")]
pub struct OfficerArgs {
    /// The officer, or the expert.
    pub id: String,
    /// Who would take the places, if the officer dropped out?
    #[arg(long)]
    pub drops_out: bool,
    /// The officer's first day, YYYY-MM-DD; today if not given.
    #[arg(long, requires = "drops_out")]
    pub from: Option<String>,
    /// The officer's last day, YYYY-MM-DD; the end of the window if not given.
    #[arg(long, requires = "drops_out")]
    pub to: Option<String>,
    /// The draw; the last one if not given.
    #[arg(long)]
    pub draw: Option<u64>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office export form --out results.xlsx                 the visits to be made, under the columns of such a table
  office result results.xlsx                            columns: 检查对象, 检查日期, 检查结果
  office result --unit FJQZ-0017 --date 2026-04-08 --result no-problem
  office result --unit FJQZ-0017 --date 2026-04-08 --missed closed --evidence photo.jpg --approved-by director
  office result --outside --unit FJQZ-0017 --date 2026-04-08 --team 3505-0001,3505-0002 --approved-by head --level office
A row of a table is one entry of the ledger, in the order of the table; all rows are entered, or none.
What a row is, its column entry (登记类型) says: visited (检查), missed (未能检查), replaced (替换检查对象: the next
reserve comes), dropped out (检查人员不能到岗), inspected (随机抽查之外的检查); without it the result does.
Further columns: team 检查人员, items 检查事项, by 替换为 (who came; never a choice), officer 缺岗人员 and until
缺岗至 (first day: date), reason 原因, evidence 证明材料 (a file beside the table), approved by 批准人, level 批准层级
(科室, 本机关, 上级机关).
A visit by people whom a register bars needs evidence and approval in its row, or --barred.")]
pub struct Results {
    /// A table of results, CSV or Excel.
    #[arg(conflicts_with_all = ["unit", "date", "result", "team", "missed", "outside"])]
    pub file: Option<PathBuf>,
    /// The sheet of a workbook.
    #[arg(long)]
    pub sheet: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
    /// One institution.
    #[arg(long)]
    pub unit: Option<String>,
    /// When, YYYY-MM-DD.
    #[arg(long)]
    pub date: Option<String>,
    /// The result, by its code.
    #[arg(long)]
    pub result: Option<String>,
    /// The inspectors of the visit, separated by commas; the drawn team if not given.
    #[arg(long)]
    pub team: Option<String>,
    /// The visit could not be made, and no reserve replaces it.
    #[arg(long, value_enum, requires_all = ["evidence", "approved_by"])]
    pub missed: Option<Reason>,
    /// People of the team went although a register bars them (recused, on leave, left): the authority approves.
    #[arg(long, requires_all = ["evidence", "approved_by"], conflicts_with = "missed")]
    pub barred: bool,
    /// An inspection outside any draw.
    #[arg(long, requires = "approved_by", conflicts_with = "missed")]
    pub outside: bool,
    /// The evidence, a file; its hash is entered.
    #[arg(long)]
    pub evidence: Option<PathBuf>,
    /// The draw; the last one if not given.
    #[arg(long)]
    pub draw: Option<u64>,
    #[command(flatten)]
    pub approval: MaybeApproval,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VoidArg {
    /// A source did not publish in time, and has no fallback.
    #[value(aliases = ["随机源未公布", "随机源失灵"])]
    BeaconFailed,
    /// A wrong frame, roster or policy was sealed.
    #[value(aliases = ["输入错误", "录入错误"])]
    InputError,
    /// A court or the authority above ordered it.
    #[value(aliases = ["依法作废", "法定"])]
    Legal,
    /// The secret was not revealed by its deadline.
    #[value(aliases = ["未公开随机数"])]
    NotRevealed,
    /// A party did not reveal its share.
    #[value(aliases = ["份额缺失"])]
    ShareMissing,
    /// A fault of machines.
    #[value(aliases = ["技术故障"])]
    Technical,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office void --reason input-error --evidence report.pdf --approved-by province --level superior
A void draw stays in the ledger and is published; the next seal is the next attempt.")]
pub struct Void {
    /// Why.
    #[arg(long, value_enum)]
    pub reason: VoidArg,
    /// The evidence, a file; its hash is entered.
    #[arg(long)]
    pub evidence: PathBuf,
    #[command(flatten)]
    pub approval: ApprovalArgs,
}

#[derive(Args)]
pub struct Reveal {
    /// The draw; the first one that waits for its secret if not given.
    #[arg(long)]
    pub draw: Option<u64>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office amend --entry 41 --result problem-corrected --reason appeal --evidence decision.pdf --approved-by director
  office amend --entry 41 --date 2026-04-09 --reason clerical --evidence form.pdf --approved-by head --level office
  office amend --entry 41 --withdraw --reason clerical --evidence form.pdf --approved-by director
An entry of the wrong institution is taken back with --withdraw: the visit is to be made again.")]
pub struct Amend {
    /// Number of the entry.
    #[arg(long)]
    pub entry: u64,
    /// The result as it should be.
    #[arg(long)]
    pub result: Option<String>,
    /// The date as it should be.
    #[arg(long)]
    pub date: Option<String>,
    /// The inspectors of the visit, separated by commas, as they should be.
    #[arg(long)]
    pub team: Option<String>,
    /// Take the entry back: it counts as never entered, and a drawn visit is pending again.
    #[arg(long, conflicts_with_all = ["result", "date", "team"])]
    pub withdraw: bool,
    /// Why.
    #[arg(long, value_enum)]
    pub reason: AmendArg,
    /// The evidence, a file; its hash is entered.
    #[arg(long)]
    pub evidence: PathBuf,
    #[command(flatten)]
    pub approval: ApprovalArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AmendArg {
    /// An appeal was upheld (申诉、复议).
    #[value(aliases = ["申诉", "复议", "申诉复议"])]
    Appeal,
    /// A slip of the pen (笔误).
    #[value(aliases = ["笔误"])]
    Clerical,
    /// New evidence (新证据).
    #[value(aliases = ["新证据"])]
    Evidence,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office clock --entry 41 --evidence report.pdf --approved-by province --level superior --task medical
The clock of the machine was wrong when entry 41 was made. Now it is right: the time of this command is the right
time of entry 41 and of all entries after it. Nothing is changed or removed, and every report lists it.")]
pub struct Clock {
    /// Number of the first entry that was made under the wrong clock.
    #[arg(long)]
    pub entry: u64,
    /// The evidence, a file; its hash is entered.
    #[arg(long)]
    pub evidence: PathBuf,
    #[command(flatten)]
    pub approval: ApprovalArgs,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office withdraw --entry 12 --reason 'entered of the wrong clinic' --approved-by director
The entry stays, and no longer counts. Results of visits are corrected with office amend.")]
pub struct WithdrawEntry {
    /// Number of the entry in the dossiers, as office export entries shows it.
    #[arg(long)]
    pub entry: u64,
    /// Why, in words.
    #[arg(long)]
    pub reason: String,
    /// From which day it no longer counts, YYYY-MM-DD; it counts on no day if not given.
    #[arg(long)]
    pub date: Option<String>,
    #[command(flatten)]
    pub approval: ApprovalArgs,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office witness --out checkpoint.txt                   give this to the witnesses
  office witness --note signed.txt                      keep what they have signed")]
pub struct Witness {
    /// Write the checkpoint of the ledger as it stands.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Take in a checkpoint with signatures.
    #[arg(long)]
    pub note: Option<PathBuf>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office publish --out www --where https://wsjd.example/2026
  office publish --out sealed-envelope --auditor        with the registers and salts: never in public
Running it again adds what is new and touches nothing that is there.")]
pub struct Publish {
    /// The folder.
    #[arg(long)]
    pub out: PathBuf,
    /// Where the public finds it: an address, a newspaper, a notice board. Entered in the ledger.
    #[arg(long = "where", required_unless_present = "auditor")]
    pub place: Option<String>,
    /// For an auditor: also frame, roster, cycle, dossier and salts; nothing is entered.
    #[arg(long)]
    pub auditor: bool,
    /// Results that are findings, for the figures of the year; those of kind `fail` of the rule pack if not given.
    /// An office without a pack publishes figures only with it.
    #[arg(long, value_delimiter = ',')]
    pub found: Vec<String>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office receipt --unit FJQZ-0017 --out receipts       for one institution
  office receipt --task medical --out receipts         for all; each gets the folder of its own id
The published page, and tests/reference/receipts.py, take receipt.json and outcome.json; the page also takes the short text
of receipt.txt, which receipt.html shows as a code for phones (QR).")]
pub struct ReceiptArgs {
    /// One institution; all if not given.
    #[arg(long)]
    pub unit: Option<String>,
    /// The folder; never a published one.
    #[arg(long)]
    pub out: PathBuf,
    /// The draw; the last one if not given.
    #[arg(long)]
    pub draw: Option<u64>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office opening --unit FJQZ-0017 --out openings       for one visit, as its team stands now
  office opening --task medical --out openings         for all; each in the folder of its institution
The team hands it over at the door, and never before: it names the day and the team. The published page takes opening.json,
or the text of opening.txt, which opening.html shows as a code for phones (QR). Once a team changes, make it again.")]
pub struct OpeningArgs {
    /// One institution; all that are visited if not given.
    #[arg(long)]
    pub unit: Option<String>,
    /// The folder; never a published one.
    #[arg(long)]
    pub out: PathBuf,
    /// The draw; the last one if not given.
    #[arg(long)]
    pub draw: Option<u64>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office notice issuer=泉州市卫生健康委员会 phone=0595-22500000      facts of all notices
  office notice place=公证处 --task medical --draw 1           facts of one draw
  office notice --addresses 地址.xlsx                          columns: 机构标识, 地址 (and 统一社会信用代码)
  office notice --task medical                                 the notice as it would be published, and what it lacks
Facts: issuer, objections, period, phone, place, plan-number, task-number, witnesses. `phone=` takes one back.
With --task they are those of its notices, with --draw of that draw, else of all. `publish` writes the notice.")]
pub struct NoticeArgs {
    /// FACT=TEXT; any number.
    #[arg(value_name = "FACT=TEXT")]
    pub facts: Vec<String>,
    /// A table of addresses, CSV or Excel.
    #[arg(long)]
    pub addresses: Option<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// The draw; the last one if not given.
    #[arg(long)]
    pub draw: Option<u64>,
}

impl NoticeArgs {
    /// Whether it stores something.
    pub const fn enters(&self) -> bool {
        !self.facts.is_empty() || self.addresses.is_some()
    }
}

#[derive(Args)]
pub struct Verify {
    /// A published folder; the database if not given.
    pub folder: Option<PathBuf>,
    /// A checkpoint of the ledger that you kept yourself from earlier; any number. A ledger is confirmed only
    /// by such a checkpoint, or by one that is signed under a key of --witness-key.
    #[arg(long, requires = "folder")]
    pub checkpoint: Vec<PathBuf>,
    /// The key of a witness, as you have it from the witness; one for each. Where the ledger asks for a quorum,
    /// it is confirmed only with them.
    #[arg(long = "witness-key", requires = "folder")]
    pub witness_key: Vec<String>,
    /// Values of sources that you looked up yourself, in the form of beacon.json, under a name that begins with
    /// their draw and attempt (2.1.json); any number. A value that only the folder gives confirms nothing.
    #[arg(long, requires = "folder")]
    pub values: Vec<PathBuf>,
    /// The instant of the check; that of the last entry if not given.
    #[arg(long = "as-of")]
    pub as_of: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// 检查任务单: who goes where, one row for each officer.
    #[value(aliases = ["检查任务单", "任务单表"])]
    Tasks,
    /// 检查通知书: one row for each visit.
    #[value(aliases = ["检查通知书表"])]
    Notices,
    /// 抽查公告、抽查结果公示: the notice as `publish` writes it (.docx, .xlsx, .html, .json).
    #[value(aliases = ["公告", "抽查公告", "抽查结果公示"])]
    Notice,
    /// 检查通知书: letters to institutions, one page each, to be printed (.docx, .html).
    #[value(aliases = ["检查通知书", "通知书"])]
    Letters,
    /// 任务单、执法监督检查表: task sheets of teams with the form of the check, to be printed (.docx, .html).
    #[value(aliases = ["任务单", "监督检查表"])]
    Sheets,
    /// 抽取结果: institutions that were drawn, and their reserves.
    #[value(aliases = ["抽取结果"])]
    Sample,
    /// 检查结果公示: results of visits.
    #[value(aliases = ["检查结果公示", "检查结果"])]
    Results,
    /// 检查结果录入表: the visits to be made, under the columns that office result reads.
    #[value(aliases = ["检查结果录入表", "录入表"])]
    Form,
    /// 覆盖率: coverage, completion and closure.
    #[value(aliases = ["覆盖率"])]
    Coverage,
    /// 检查对象名录.
    #[value(aliases = ["检查对象名录", "检查对象"])]
    Units,
    /// 执法检查人员名录.
    #[value(aliases = ["执法检查人员名录", "检查人员", "执法人员"])]
    Officers,
    /// 专家与第三方.
    #[value(aliases = ["专家与第三方", "专家"])]
    Experts,
    /// 回避.
    #[value(aliases = ["回避", "回避名单"])]
    Recusals,
    /// 信用档案: the entries of the dossiers, one row for each.
    #[value(aliases = ["信用档案"])]
    Entries,
    /// 台账: the ledger, one row for each entry.
    #[value(aliases = ["台账"])]
    Ledger,
    /// What earlier imports have changed.
    #[value(aliases = ["名录变更", "变更"])]
    Changes,
    /// 数据库核验包: the draw of institutions as SQL, for an auditor with the register in a database.
    #[value(aliases = ["数据库核验包", "核验包"])]
    Kit,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office export tasks --out tasks.xlsx
  office export letters --out letters.docx             one page for each institution, to be printed and signed
  office export sheets --unit FJQZ-0017 --out one.html
  office export units --out units.csv                  can be imported again
  office export kit --dialect postgresql --record record.json --registers mine --out kit
The ending of the file gives the form: of tables .csv (UTF-8 with byte order mark, for Excel) or .xlsx, of papers
.docx or .html, of the notice also .xlsx and .json. Of a kit --out is a folder.")]
pub struct Export {
    /// What.
    pub what: What,
    /// The file; its ending says which form. Of a kit a folder.
    #[arg(long)]
    pub out: PathBuf,
    /// The engine that a kit is for.
    #[arg(long, value_parser = PossibleValuesParser::new(Dialect::ALL.map(Dialect::as_str)))]
    pub dialect: Option<String>,
    /// The record that a kit is of, read without any database; that of the draw if not given.
    #[arg(long, conflicts_with = "draw")]
    pub record: Option<PathBuf>,
    /// Your own folder with frame.json, roster.json and cycle.json, from which a kit gets the table of units.
    #[arg(long)]
    pub registers: Option<PathBuf>,
    /// The draw; the last one if not given.
    #[arg(long)]
    pub draw: Option<u64>,
    /// The letter or sheet of this institution only; without it, of all visits that are still to be made.
    #[arg(long)]
    pub unit: Option<String>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  office report --task medical
  office report --task medical --out figures.xlsx --out figures.svg
  office report --found violation,corrected            without a rule pack: results that are findings
  office report --habits --out habits.xlsx             officers and clerks against the chances of the lot
Every rate is an estimate for all institutions that had a chance, with its 95 % interval; visits were not
equally likely, and the weights undo that. The report says of whom it says nothing.")]
pub struct Report {
    /// Files to write: .xlsx (tables), .svg (a picture), .json (for the public page); any number.
    #[arg(long)]
    pub out: Vec<PathBuf>,
    /// Results that mean that something was found; those of kind `fail` of the rule pack if not given.
    #[arg(long, value_delimiter = ',')]
    pub found: Vec<String>,
    /// The scope of the ledger of an earlier year to compare with; the one before, if it is known.
    #[arg(long)]
    pub against: Option<String>,
    /// Look for habits instead: officers who return, find nothing, meet closed doors or drop out, clerks who
    /// enter closures, more often than chance gives (廉政风险检验). Files: .xlsx, .json.
    #[arg(long, conflicts_with = "against")]
    pub habits: bool,
    /// How often the teams are drawn again to see whether two officers always go together; 0: not at all. Fewer
    /// than 219 can show nothing.
    #[arg(long, requires = "habits", default_value_t = 399)]
    pub again: u64,
}
