//! The lot as SQL (Spec 25): allocation and tickets as text for table engines, integers and hashes only.
//!
//! The text computes from the seed what [`allocation`](super::allocation) and [`tickets`](super::tickets)
//! compute. It runs nowhere in this library.

use super::Key;
use crate::bytes::{Label, PROTOCOL, Suite, names};
use crate::odds::cells::{Cell, Scale};

names! {
    /// Engines that read the same SQL, by their names in options and files.
    #[non_exhaustive]
    pub enum Dialect {
        /// Apache DataFusion.
        DataFusion = "datafusion",
        /// `DuckDB`.
        DuckDb = "duckdb",
        /// `MySQL` 8 and `MariaDB` 10.2 or later.
        MySql = "mysql",
        /// `PostgreSQL` 11 or later, and what is made from it (人大金仓, openGauss).
        PostgreSql = "postgresql",
        /// Apache Spark 3 or later.
        Spark = "spark",
        /// `SQLite` 3.28 or later, with a function of the auditor's that gives the hash of a text:
        /// `sha256` or `sm3`.
        Sqlite = "sqlite",
    }
}

/// Why a draw has no SQL in a dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SqlError {
    /// The engine has no hash of the suite.
    #[error(
        "{dialect} has no function of {suite}: take postgresql with pgcrypto, or sqlite with a function of \
         your own"
    )]
    Suite {
        /// The engine.
        dialect: &'static str,
        /// The hash function of the draw.
        suite: &'static str,
    },
    /// A sum of the walk leaves the integers of the engine, which would be wrong in silence.
    #[error(
        "the walk of this draw has integers of {bits} bits, and {dialect} has {holds}: take another engine"
    )]
    Mass {
        /// The engine.
        dialect: &'static str,
        /// Bits of the largest sum, 129 where it has more than 128.
        bits: u64,
        /// Bits that the integers of the engine hold.
        holds: u64,
    },
}

impl Dialect {
    /// The dialect of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.as_str() == name)
    }

    /// The type of a text of ASCII that is compared by bytes.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::DataFusion | Self::DuckDb => "varchar",
            Self::MySql => "varchar(255) character set ascii collate ascii_bin",
            Self::PostgreSql => "text collate \"C\"",
            Self::Spark => "string",
            Self::Sqlite => "text",
        }
    }

    /// Bits of the integers that a walk may have: those of `SQLite` become floating-point numbers beyond, in
    /// silence. Elsewhere 38 decimal digits hold them, as 2¹²⁶ < 10³⁸.
    const fn holds(self) -> u64 {
        match self {
            Self::Sqlite => 63,
            Self::DataFusion | Self::DuckDb | Self::MySql | Self::PostgreSql | Self::Spark => 126,
        }
    }

    /// The type of a number of units.
    pub(crate) const fn count(self) -> &'static str {
        match self {
            Self::MySql => "signed",
            Self::Sqlite => "integer",
            Self::DataFusion | Self::DuckDb | Self::PostgreSql | Self::Spark => "bigint",
        }
    }

    /// The type of the integers of the walk.
    #[must_use]
    pub const fn integer(self) -> &'static str {
        match self {
            Self::DataFusion | Self::Spark => "decimal(38, 0)",
            Self::DuckDb => "hugeint",
            Self::MySql => "decimal(65, 0)",
            Self::PostgreSql => "numeric",
            Self::Sqlite => "integer",
        }
    }

    /// Whether its hash of a suite stands in the extension `pgcrypto`.
    pub(crate) fn needs_pgcrypto(self, suite: Suite) -> bool {
        self == Self::PostgreSql && suite == Suite::Sm3
    }

    /// What makes a column the key of its table, where engines have one.
    pub(crate) const fn primary_key(self) -> &'static str {
        match self {
            Self::DuckDb | Self::MySql | Self::PostgreSql | Self::Sqlite => " primary key",
            Self::DataFusion | Self::Spark => "",
        }
    }

    /// An integer of the walk as a constant.
    fn constant(self, value: u128) -> String {
        match self {
            Self::Sqlite => value.to_string(),
            _ => format!("cast('{value}' as {})", self.integer()),
        }
    }

    /// Texts joined.
    fn join(self, parts: &[String]) -> String {
        match self {
            // There `||` is OR, unless an option says otherwise.
            Self::MySql | Self::Spark => format!("concat({})", parts.join(", ")),
            Self::DataFusion | Self::DuckDb | Self::PostgreSql | Self::Sqlite => parts.join(" || "),
        }
    }

    /// ⌊a/b⌋ of integers from 0 on.
    fn quotient(self, a: &str, b: &str) -> String {
        match self {
            // A division of decimals rounds, and needs four digits more than its quotient has.
            Self::DataFusion => {
                let wide = |of: &str| format!("cast({of} as decimal(76, 0))");
                format!("{} / {}", wide(&format!("({a}) - ({a}) % {b}")), wide(b))
            }
            Self::DuckDb => format!("({a}) // {b}"),
            Self::MySql | Self::Spark => format!("({a}) div {b}"),
            Self::PostgreSql => format!("div({a}, {b})"),
            Self::Sqlite => format!("({a}) / {b}"),
        }
    }

    /// The hash of a text, as 64 hexadecimal digits in lower case.
    fn hash(self, suite: Suite, text: &str) -> String {
        match (self, suite) {
            (Self::PostgreSql, Suite::Sm3) => {
                format!("encode(digest(convert_to({text}, 'UTF8'), 'sm3'), 'hex') collate \"C\"")
            }
            (Self::PostgreSql, Suite::Sha256) => {
                format!("encode(sha256(convert_to({text}, 'UTF8')), 'hex') collate \"C\"")
            }
            (Self::DataFusion, _) => format!("encode(sha256({text}), 'hex')"),
            (Self::Sqlite, Suite::Sm3) => format!("sm3({text})"),
            (Self::DuckDb | Self::Sqlite, _) => format!("sha256({text})"),
            (Self::MySql, _) => format!("cast(sha2({text}, 256) as char(64) character set ascii)"),
            (Self::Spark, _) => format!("sha2({text}, 256)"),
        }
    }

    /// Where a digit of `h` stands among the hexadecimal digits, from 0.
    fn digit(self, place: usize) -> String {
        let find = match self {
            Self::MySql | Self::Spark | Self::Sqlite => "instr",
            Self::DataFusion | Self::DuckDb | Self::PostgreSql => "strpos",
        };
        format!("({find}('0123456789abcdef', substr(h, {place}, 1)) - 1)")
    }

    /// The first `level` components of `path`, which has `depth`.
    fn prefix(self, level: usize, depth: usize) -> String {
        if level == depth {
            return "path".to_owned();
        }
        match self {
            Self::MySql | Self::Spark => format!("substring_index(path, '/', {level})"),
            Self::DataFusion | Self::DuckDb | Self::PostgreSql => {
                let parts: Vec<String> =
                    (1..=level).map(|part| format!("split_part(path, '/', {part})")).collect();
                parts.join(" || '/' || ")
            }
            Self::Sqlite => {
                let after = |end: String| format!("({end} + instr(substr(path || '/', {end} + 1), '/'))");
                let end = (1..level).fold("instr(path || '/', '/')".to_owned(), |end, _| after(end));
                format!("substr(path, 1, {end} - 1)")
            }
        }
    }

    /// `size` in decimal.
    fn size_text(self) -> &'static str {
        match self {
            Self::DataFusion | Self::DuckDb => "cast(size as varchar)",
            Self::MySql => "cast(size as char)",
            Self::PostgreSql | Self::Sqlite => "cast(size as text)",
            Self::Spark => "cast(size as string)",
        }
    }

    /// The frame of a window that ends at the row. Some engines need one, and one refuses it for numbers of
    /// rows.
    pub(crate) const fn so_far(self) -> &'static str {
        match self {
            Self::MySql => "",
            _ => " rows between unbounded preceding and current row",
        }
    }
}

/// The number of components of `path`.
const PARTS: &str = "length(path) - length(replace(path, '/', '')) + 1";

/// Bits of the largest integer of the walk: the sum of all masses, or that of 64 digits up to 15, each times
/// less than a step.
fn bits(cells: &[Cell], scale: Scale) -> u64 {
    let mass = |cell: &Cell| {
        let sized = u128::from(cell.size).checked_mul(u128::from(cell.count))?;
        scale.factor.checked_mul(sized)
    };
    let mut walking = cells.iter().filter(|cell| !cell.certain);
    let walk = walking.try_fold(0, |sum: u128, cell| sum.checked_add(mass(cell)?));
    let largest = walk.zip(scale.step.checked_mul(64 * 15)).map(|(walk, digits)| walk.max(digits));
    largest.map_or(129, |largest| u64::from(u128::BITS - largest.leading_zeros()))
}

/// The lot of one draw as text.
#[derive(Debug, Clone, Copy)]
pub struct LotSql<'a> {
    dialect: Dialect,
    seed: &'a Key,
    cells: &'a [Cell],
    scale: Scale,
}

impl<'a> LotSql<'a> {
    /// The lot of these cells under a seed.
    ///
    /// # Errors
    /// The engine lacks the hash of the suite, or would leave its integers.
    pub fn new(dialect: Dialect, seed: &'a Key, cells: &'a [Cell], scale: Scale) -> Result<Self, SqlError> {
        let has_sm3 = matches!(dialect, Dialect::PostgreSql | Dialect::Sqlite);
        if seed.suite() == Suite::Sm3 && !has_sm3 {
            return Err(SqlError::Suite { dialect: dialect.as_str(), suite: "SM3" });
        }
        let (bits, holds) = (bits(cells, scale), dialect.holds());
        if bits > holds {
            return Err(SqlError::Mass { dialect: dialect.as_str(), bits, holds });
        }
        Ok(Self { dialect, seed, cells, scale })
    }

    /// `H(label, "<seed> <text>")`.
    fn hash(&self, label: Label, text: &[String]) -> String {
        let blank = if text.is_empty() { "" } else { " " };
        let begin = format!("'{PROTOCOL} {} {}{blank}'", label.as_str(), self.seed.digest());
        let parts: Vec<String> = std::iter::once(begin).chain(text.iter().cloned()).collect();
        self.dialect.hash(self.seed.suite(), &self.dialect.join(&parts))
    }

    /// How many units each cell gives: columns `cell` and `drawn`, from the table `cells` (Spec 5).
    #[must_use]
    pub fn allocation(&self) -> String {
        let Self { dialect, cells, scale, .. } = *self;
        if scale.factor == 0 || scale.step == 0 {
            let count = dialect.count();
            return format!(
                "select cell, cast(case when certain = 1 then units else 0 end as {count}) as drawn\n  from cells"
            );
        }
        let depths = || cells.iter().map(|cell| cell.path.node().depth());
        let (least, deepest) = (depths().min().unwrap_or(1), depths().max().unwrap_or(1));
        let own = self.hash(Label::Cell, &["path".into(), "' '".into(), dialect.size_text().into()]);
        let mut places = Vec::with_capacity(deepest + 1);
        for level in 1..=deepest + 1 {
            let node = || self.hash(Label::Node, &[dialect.prefix(level, deepest)]);
            places.push(match level {
                level if level <= least => node(),
                _ if least == deepest => own.clone(),
                // A cell of a node stands among the nodes below it.
                level if level > deepest => format!("case when {PARTS} = {deepest} then {own} else '' end"),
                level => {
                    let (node, before) = (node(), level - 1);
                    format!(
                        "case when {PARTS} >= {level} then {node}\n\
                         \x20             when {PARTS} = {before} then {own} else '' end"
                    )
                }
            });
        }
        let order: Vec<String> = (1..=places.len()).map(|level| format!("h{level}")).collect();
        let places = places.iter().zip(&order).map(|(hash, name)| format!("         {hash} as {name}"));
        let (places, order) = (places.collect::<Vec<_>>().join(",\n"), order.join(", "));
        let (step, factor) = (dialect.constant(scale.step), dialect.constant(scale.factor));
        // A digit stands for itself times 16 to the power of the digits behind it, mod the step.
        let mut power = 1 % scale.step;
        let mut digits: Vec<String> = Vec::with_capacity(64);
        for place in (1..=64).rev() {
            digits.push(format!("{} * {}", dialect.digit(place), dialect.constant(power)));
            power = power * 16 % scale.step;
        }
        let digits = digits.join("\n           + ");
        let count = dialect.count();
        let below = |sum: &str| {
            let points = dialect.quotient(&format!("{sum} - u - 1"), &step);
            format!("case when {sum} <= u then 0 else cast({points} as {count}) + 1 end")
        };
        let start = self.hash(Label::Start, &[]);
        let (after, before) = (below("up_to"), below("up_to - mass"));
        format!(
            "with seeded as (select {start} as h),\n\
             \x20    started as (\n       select ({digits})\n           % {step} as u from seeded),\n\
             \x20    walking as (\n       select cell, {factor} * size * units as mass,\n{places}\n\
             \x20        from cells where certain = 0),\n\
             \x20    walked as (\n       select cell, mass, sum(mass) over (order by {order}\n\
             \x20        rows between unbounded preceding and current row) as up_to from walking)\n\
             select cell, {after}\n  - {before} as drawn\n  from walked cross join started\n\
             union all select cell, cast(units as {count}) as drawn from cells where certain = 1"
        )
    }

    /// The function of a hash that the engine lacks and the auditor registers.
    pub(crate) fn function(&self) -> Option<&'static str> {
        (self.dialect == Dialect::Sqlite).then(|| match self.seed.suite() {
            Suite::Sha256 => "sha256",
            Suite::Sm3 => "sm3",
        })
    }

    /// The ticket of a unit, from its column `pseudonym` (Spec 6.1).
    #[must_use]
    pub fn ticket(&self) -> String {
        self.hash(Label::Lot, &["pseudonym".to_owned()])
    }
}
