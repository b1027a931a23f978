//! The draw kit: a draw of institutions as SQL, for an auditor who has the frame in a database (Spec 25).

use super::Record;
use crate::lot::Key;
use crate::lot::sql::{Dialect, LotSql, SqlError};
use crate::message::{Message, coded, said};
use crate::odds::cells::Cell;
use crate::plan::{CellTableError, scale};
use std::fmt::Write as _;

/// Rows of one `insert`.
const ROWS: usize = 500;

/// A draw of institutions as SQL (Spec 25). It shows that counts, picks and reserves follow from the seed,
/// the cell table and the auditor's frame. It does not show that the seed is that of the seal and the beacon,
/// that the plan gives these cells, or who went: [`verify`](mod@crate::verify) does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kit {
    /// `1-setup.sql` makes the tables, of which `units` is for the auditor to fill. `2-allocation.sql` says
    /// how many units each cell gives. `3-sample.sql` draws, and compares. `4-audit.sql` needs no
    /// `3-sample.sql`: one scan of the units. The last query of both gives a row for everything that is not
    /// as the record says.
    pub files: Vec<KitFile>,
}

/// One file of a kit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KitFile {
    /// Its name; the files are run in the order of their names.
    pub name: &'static str,
    /// What it runs, in this order.
    pub statements: Vec<KitStatement>,
}

/// One statement of a kit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KitStatement {
    /// What is said above it. Nothing stands above rows that go on from those before.
    pub says: Vec<Message>,
    /// The statement, without a semicolon behind it.
    pub sql: String,
}

impl KitFile {
    /// The file as text: above each statement what is said of it, as comments, behind it a semicolon and the
    /// end of a line. `words` gives the sentence, in the language of the reader.
    #[must_use]
    pub fn text(&self, words: impl Fn(&Message) -> String) -> String {
        let mut text = String::new();
        for KitStatement { says, sql } in &self.statements {
            for line in says.iter().map(&words).collect::<Vec<_>>().iter().flat_map(|says| says.lines()) {
                writeln!(text, "-- {line}").expect("a text takes every text");
            }
            writeln!(text, "{sql};").expect("a text takes every text");
        }
        text
    }
}

/// Why a record has no kit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KitError {
    /// The engine cannot draw it.
    #[error(transparent)]
    Engine(#[from] SqlError),
    /// The table of cells is not sound.
    #[error(transparent)]
    Table(#[from] CellTableError),
    /// The sample has not one entry for each cell.
    #[error("the record has {sample} cells in its sample, and {table} in its table: verify it first")]
    Sample {
        /// Entries of the sample.
        sample: usize,
        /// Cells of the table.
        table: usize,
    },
}

coded! { SqlError {
    Suite { dialect, suite } => "kit.suite",
    Mass { bits, dialect, holds } => "kit.mass",
} }

coded! { KitError {
    Sample { sample, table } => "kit.sample";
    Engine, Table
} }

/// A text as a constant. Ids, paths and digests have no quotation mark; one would be doubled.
fn text(of: &str) -> String {
    format!("'{}'", of.replace('\'', "''"))
}

/// The statements of a file, as they gather.
#[derive(Default)]
struct KitScript(Vec<KitStatement>);

impl KitScript {
    fn push(&mut self, says: impl IntoIterator<Item = Message>, sql: impl Into<String>) {
        self.0.push(KitStatement { says: says.into_iter().collect(), sql: sql.into() });
    }

    /// Rows into a table, so many at once.
    fn insert(&mut self, table: &str, rows: &[String]) {
        for rows in rows.chunks(ROWS) {
            self.push([], format!("insert into {table} values\n{}", rows.join(",\n")));
        }
    }

    /// An index, where an engine joins without one by comparing all rows with all.
    fn index(&mut self, dialect: Dialect, table: &str, columns: &str) {
        if dialect == Dialect::MySql {
            self.push([], format!("create index by_{} on {table} ({columns})", columns.replace(", ", "_")));
        }
    }

    fn file(self, name: &'static str) -> KitFile {
        KitFile { name, statements: self.0 }
    }
}

impl Record {
    /// The draw of institutions as SQL of an engine (Spec 25). Text only: nothing is run here.
    ///
    /// The auditor fills the table `units` from **his own** frame: for each unit that can be drawn the number
    /// of its cell, its id and its pseudonym ([`Plan::places`](crate::Plan::places); of a frame larger than
    /// memory [`Counted::places`](crate::stream::Counted::places)). Whoever takes that table from the
    /// operator checks nothing: a false one fits any record.
    ///
    /// # Errors
    /// The engine has no hash of the suite or too small integers, or table and sample are not sound.
    pub fn sql(&self, dialect: Dialect) -> Result<Kit, KitError> {
        let cells = self.table.cells(&self.policy)?;
        if cells.len() != self.sample.len() {
            return Err(KitError::Sample { sample: self.sample.len(), table: cells.len() });
        }
        let seed = Key::new(self.policy.suite, self.seed);
        let lot = LotSql::new(dialect, &seed, &cells, scale(&self.policy.design, &cells))?;
        let files = vec![
            self.setup(dialect, lot.function(), &cells).file("1-setup.sql"),
            allocation(dialect, &lot).file("2-allocation.sql"),
            sample(dialect, &lot, self.policy.reserves).file("3-sample.sql"),
            audit(dialect, &lot, self.policy.reserves).file("4-audit.sql"),
        ];
        Ok(Kit { files })
    }

    /// The tables of the record, and an empty one for the units.
    fn setup(&self, dialect: Dialect, function: Option<&'static str>, cells: &[Cell]) -> KitScript {
        let mut made = KitScript::default();
        let (ascii, integer) = (dialect.text(), dialect.integer());
        let mut says = vec![
            said!(
                "kit.says.draw",
                "The draw of the record {digest}, for {dialect}.",
                digest = self.digest(),
                dialect = dialect.as_str()
            ),
            said!(
                "kit.says.not_checked",
                "Not checked here: the seal, the beacon and the seed; the plan, which gives each unit \
                its cell; the officers. `verify` does.",
            ),
            said!(
                "kit.says.empty",
                "Run the files in the order of their names, in a database or schema with no table of \
                these names.",
            ),
        ];
        if let Some(function) = function {
            says.push(said!(
                "kit.says.function",
                "The engine has no function {function}: register one, from a text to 64 hexadecimal \
                digits in lower case.",
                function,
            ));
        }
        if dialect.needs_pgcrypto(self.policy.suite) {
            made.push(std::mem::take(&mut says), "create extension if not exists pgcrypto");
        }
        says.push(said!(
            "kit.says.cells",
            "The table of cells of the record. cutoff: the ticket of the last pick. reach: that of \
            the last unit shown.",
        ));
        made.push(
            says,
            format!(
                "create table cells (cell integer{}, path {ascii}, size {integer}, units {integer}, \
                 certain integer, cutoff {ascii}, reach {ascii})",
                dialect.primary_key(),
            ),
        );
        let (mut rows, mut shown) = (Vec::with_capacity(cells.len()), Vec::new());
        for (number, (cell, sample)) in cells.iter().zip(&self.sample).enumerate() {
            let ticket = |of: Option<String>| of.map_or_else(|| "null".to_owned(), |of| text(&of));
            let (cutoff, path) = (ticket(sample.cutoff.map(|of| of.to_string())), text(cell.path.as_str()));
            let reach = ticket(sample.shown().map(|pick| pick.ticket).max().map(|of| of.to_string()));
            let (size, count, certain) = (cell.size, cell.count, u8::from(cell.certain));
            rows.push(format!("({number}, {path}, {size}, {count}, {certain}, {cutoff}, {reach})"));
            for (place, pick) in (1..).zip(sample.shown()) {
                let reserve = u8::from(place > sample.picks.len());
                let (id, ticket) = (text(pick.id.as_str()), text(&pick.ticket.to_string()));
                shown.push(format!("({number}, {id}, {place}, {reserve}, {ticket})"));
            }
        }
        made.insert("cells", &rows);
        made.push(
            [said!(
                "kit.says.shown",
                "What the record shows: picks (reserve 0) and reserves (1), by their places in the \
                cell.",
            )],
            format!("create table shown (cell integer, id {ascii}, place integer, reserve integer, ticket {ascii})"),
        );
        made.insert("shown", &shown);
        made.index(dialect, "shown", "cell, id");
        made.push(
            [said!(
                "kit.says.units",
                "Yours to fill: the cell, the id and the pseudonym of each unit that can be drawn, \
                made by the library from your own frame (units.csv). A table from the operator proves \
                nothing: a false one fits any record.",
            )],
            format!("create table units (cell integer, id {ascii}, pseudonym {ascii})"),
        );
        made
    }
}

/// How many units each cell gives.
fn allocation(dialect: Dialect, lot: &LotSql<'_>) -> KitScript {
    let mut made = KitScript::default();
    made.push(
        [said!(
            "kit.says.allocation",
            "How many units each cell gives, from the seed and the table of cells (Spec 5).",
        )],
        format!("create table allocation as\n{}", lot.allocation()),
    );
    made.index(dialect, "allocation", "cell");
    made
}

/// The sample from the units, and where it is not that of the record.
fn sample(dialect: Dialect, lot: &LotSql<'_>, reserves: u64) -> KitScript {
    let mut made = KitScript::default();
    made.push(
        [said!(
            "kit.says.tickets",
            "The ticket of every unit (Spec 6.1). This file draws by itself; 4-audit.sql does not \
            need it.",
        )],
        format!("create table tickets as\nselect cell, id, {} as ticket from units", lot.ticket()),
    );
    made.push(
        [said!(
            "kit.says.drawn",
            "The units with the smallest tickets of each cell (Spec 6.2): picks, then reserves.",
        )],
        format!(
            "create table drawn as\nselect r.cell, r.id, r.place, case when r.place <= a.drawn then 0 else 1 end as reserve, r.ticket\n\
             \x20 from (select cell, id, ticket,\n\
             \x20              row_number() over (partition by cell order by ticket, id{}) as place\n\
             \x20        from tickets) r\n\
             \x20 join allocation a on a.cell = r.cell\n where r.place <= a.drawn + {reserves}",
            dialect.so_far(),
        ),
    );
    made.index(dialect, "drawn", "cell, id");
    made.push(
        [said!(
            "kit.says.compare",
            "No row: the record shows what is drawn here. not_shown: drawn, and not in the record; \
            not_drawn: in the record, and not drawn.",
        )],
        COMPARE,
    );
    made
}

/// The units up to the last shown ticket of each cell, in one scan, and where they are not those of the
/// record.
fn audit(dialect: Dialect, lot: &LotSql<'_>, reserves: u64) -> KitScript {
    let mut made = KitScript::default();
    made.push(
        [said!(
            "kit.says.reached",
            "The units up to the last shown ticket of their cell: one scan, no sort.",
        )],
        format!(
            "create table reached as\nselect u.cell, u.id, u.ticket\n\
             \x20 from (select cell, id, {} as ticket from units) u join cells c on c.cell = u.cell\n\
             \x20where u.ticket <= c.reach",
            lot.ticket(),
        ),
    );
    made.index(dialect, "reached", "cell, id");
    let says = [
        said!(
            "kit.says.audit",
            "No row: picks and reserves are those of the record. Else a row says what differs:",
        ),
        said!(
            "kit.says.audit_units",
            "units: `units` has another number of rows in the cell than the table; again: a unit has more \
            than one row in `units`; cell: a unit has a cell that there is not;",
        ),
        said!(
            "kit.says.audit_counts",
            "picks, reserves: the cell shows another number of them than it gives; cutoff: it is not \
            the ticket of the last pick;",
        ),
        said!(
            "kit.says.audit_shown",
            "twice: a unit is shown twice; order: not in the order of tickets; not_shown: its ticket \
            lies before the last shown one; not_drawn: no unit of the cell has this ticket.",
        ),
    ];
    made.push(says, AUDIT.replace("{reserves}", &reserves.to_string()).replace("{so_far}", dialect.so_far()));
    made
}

/// The picks and reserves that were drawn, against those shown.
const COMPARE: &str = "\
select 'not_shown' as differs, d.cell, d.id
  from drawn d left join shown s
    on s.cell = d.cell and s.id = d.id and s.place = d.place and s.reserve = d.reserve and s.ticket = d.ticket
 where s.id is null
union all
select 'not_drawn', s.cell, s.id
  from shown s left join drawn d
    on d.cell = s.cell and d.id = s.id and d.place = s.place and d.reserve = s.reserve and d.ticket = s.ticket
 where d.id is null";

/// Everything in which record, allocation and units do not agree.
const AUDIT: &str = "\
select 'units' as differs, c.cell, '' as id
  from cells c left join (select cell, count(*) as found from units group by cell) u on u.cell = c.cell
 where coalesce(u.found, 0) <> c.units
union all
select 'again', min(u.cell), min(u.id)
  from units u group by u.pseudonym having count(*) > 1
union all
select 'cell', u.cell, u.id
  from units u left join cells c on c.cell = u.cell
 where c.cell is null
union all
select 'picks', a.cell, ''
  from allocation a
  left join (select cell, count(*) as found from shown where reserve = 0 group by cell) s on s.cell = a.cell
 where coalesce(s.found, 0) <> a.drawn
union all
select 'reserves', a.cell, ''
  from allocation a join cells c on c.cell = a.cell
  left join (select cell, count(*) as found from shown where reserve = 1 group by cell) s on s.cell = a.cell
 where coalesce(s.found, 0)
       <> case when c.units - a.drawn < {reserves} then c.units - a.drawn else {reserves} end
union all
select 'cutoff', c.cell, ''
  from cells c
  left join (select cell, max(ticket) as ends from shown where reserve = 0 group by cell) s on s.cell = c.cell
 where coalesce(c.cutoff, '') <> coalesce(s.ends, '')
union all
select 'twice', s.cell, s.id
  from shown s group by s.cell, s.id having count(*) > 1
union all
select 'order', s.cell, s.id
  from (select cell, id, place,
               row_number() over (partition by cell order by ticket, id{so_far}) as by_ticket from shown) s
 where s.place <> s.by_ticket
union all
select 'not_shown', r.cell, r.id
  from reached r left join shown s on s.cell = r.cell and s.id = r.id and s.ticket = r.ticket
 where s.id is null
union all
select 'not_drawn', s.cell, s.id
  from shown s left join reached r on r.cell = s.cell and r.id = s.id and r.ticket = s.ticket
 where r.id is null";
