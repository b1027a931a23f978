//! The draw kit: a draw of institutions as SQL, for an auditor who has the frame in a database (Spec 25).

use super::Record;
use crate::lot::Key;
use crate::lot::sql::{Dialect, LotSql, SqlError};
use crate::message::{AsParam as _, Coded, Message, coded};
use crate::plan::{CellTableError, scale};
use std::fmt::Write as _;

/// Rows of one `insert`.
const ROWS: usize = 500;

/// One file of a kit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KitFile {
    /// Its name; the files are run in the order of their names.
    pub name: &'static str,
    /// Statements, each with a `;` and the end of a line behind it.
    pub sql: String,
}

/// A draw of institutions as SQL (Spec 25). It shows that counts, picks and reserves follow from the seed, the
/// cell table and the auditor's frame. It does not show that the seed is that of the seal and the beacon, that the
/// plan gives these cells, or who went: [`verify`](crate::verify) does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kit {
    /// `1-setup.sql` makes the tables; `units` is for the auditor to fill. `2-draw.sql` draws. `3-audit.sql` are two
    /// queries that give a row for everything that is not as the record says.
    pub files: Vec<KitFile>,
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

impl Coded for SqlError {
    fn message(&self) -> Message {
        let params = |rule, params: [(&'static str, crate::message::Param); 2]| {
            Message::new(rule, self.to_string(), params)
        };
        match self {
            Self::Suite { dialect, suite } => {
                params("kit.suite", [("dialect", dialect.param()), ("suite", suite.param())])
            }
            Self::Mass { dialect, bits } => {
                params("kit.mass", [("bits", bits.param()), ("dialect", dialect.param())])
            }
        }
    }
}

coded! { KitError {
    Sample { sample, table } => "kit.sample";
    Engine, Table
} }

/// A text as a constant. Ids, paths and digests have no quotation mark; one would be doubled.
fn text(of: &str) -> String {
    format!("'{}'", of.replace('\'', "''"))
}

/// Rows into a table, so many at once.
fn insert(sql: &mut String, table: &str, rows: &[String]) {
    for rows in rows.chunks(ROWS) {
        let rows = rows.join(",\n");
        write!(sql, "insert into {table} values\n{rows};\n").expect("a text takes every text");
    }
}

impl Record {
    /// The draw of institutions as SQL of an engine (Spec 25). Text only: nothing is run here.
    ///
    /// The auditor fills the table `units` from **his own** frame: for each unit that can be drawn the number of
    /// its cell ([`Plan::members`](crate::Plan::members)), its id and its pseudonym
    /// ([`SaltKey::unit`](crate::bytes::SaltKey::unit)). Whoever takes that table from the operator checks nothing.
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
        let (ascii, integer) = (dialect.text(), dialect.integer());
        let mut setup = String::new();
        if dialect == Dialect::PostgreSql && self.policy.suite == crate::bytes::Suite::Sm3 {
            setup.push_str("create extension if not exists pgcrypto;\n");
        }
        write!(
            setup,
            "create table cells (cell integer, path {ascii}, size {integer}, units {integer}, certain integer, \
             cutoff {ascii});\n\
             create table shown (cell integer, id {ascii}, reserve integer, ticket {ascii});\n\
             create table units (cell integer, id {ascii}, pseudonym {ascii});\n"
        )
        .expect("a text takes every text");
        let row = |(number, (cell, sample)): (usize, (&crate::odds::cells::Cell, &super::CellSample))| {
            let cutoff = sample.cutoff.map_or_else(|| "null".to_owned(), |cutoff| text(&cutoff.to_string()));
            let (path, certain) = (text(cell.path.as_str()), u8::from(cell.certain));
            format!("({number}, {path}, {}, {}, {certain}, {cutoff})", cell.size, cell.count)
        };
        let rows: Vec<String> = cells.iter().zip(&self.sample).enumerate().map(row).collect();
        insert(&mut setup, "cells", &rows);
        let mut rows = Vec::new();
        for (number, sample) in self.sample.iter().enumerate() {
            let picks = sample.picks.iter().map(|pick| (0, pick));
            for (reserve, pick) in picks.chain(sample.reserves.iter().map(|pick| (1, pick))) {
                let (id, ticket) = (text(pick.id.as_str()), text(&pick.ticket.to_string()));
                rows.push(format!("({number}, {id}, {reserve}, {ticket})"));
            }
        }
        insert(&mut setup, "shown", &rows);
        let draw = format!(
            "create table allocation as\n{};\n\
             create table tickets as\nselect cell, id, {} as ticket from units;\n\
             create table drawn as\n\
             select r.cell, r.id, case when r.place <= a.drawn then 0 else 1 end as reserve, r.ticket\n\
             \x20 from (select cell, id, ticket, row_number() over (partition by cell order by ticket, id{}) as place\n\
             \x20         from tickets) r\n\
             \x20 join allocation a on a.cell = r.cell\n where r.place <= a.drawn + {};\n",
            lot.allocation(),
            lot.ticket(),
            dialect.so_far(),
            self.policy.reserves,
        );
        let files = vec![
            KitFile { name: "1-setup.sql", sql: setup },
            KitFile { name: "2-draw.sql", sql: draw },
            KitFile { name: "3-audit.sql", sql: AUDIT.to_owned() },
        ];
        Ok(Kit { files })
    }
}

/// Each query gives no row where all is as the record says. The first takes one scan of the tickets and no sort; the
/// second needs the table `drawn`, and sees the order of the reserves, too.
const AUDIT: &str = "\
select 'units of the cell' as differs, c.cell, '' as id
  from cells c left join (select cell, count(*) as found from units group by cell) u on u.cell = c.cell
 where coalesce(u.found, 0) <> c.units
union all
select 'number of picks', a.cell, ''
  from allocation a left join (select cell, count(*) as found from shown where reserve = 0 group by cell) s
    on s.cell = a.cell
 where coalesce(s.found, 0) <> a.drawn
union all
select 'tickets up to the cutoff', a.cell, ''
  from allocation a left join (select t.cell, count(*) as found from tickets t join cells c on c.cell = t.cell
                                where t.ticket <= c.cutoff group by t.cell) b on b.cell = a.cell
 where coalesce(b.found, 0) <> a.drawn
union all
select 'shown unit', s.cell, s.id
  from shown s join cells c on c.cell = s.cell
  left join tickets t on t.cell = s.cell and t.id = s.id and t.ticket = s.ticket
 where t.id is null or (s.reserve = 0 and s.ticket > c.cutoff) or (s.reserve = 1 and s.ticket <= c.cutoff);
select 'drawn and not shown' as differs, d.cell, d.id
  from drawn d left join shown s on s.cell = d.cell and s.id = d.id and s.reserve = d.reserve and s.ticket = d.ticket
 where s.id is null
union all
select 'shown and not drawn', s.cell, s.id
  from shown s left join drawn d on d.cell = s.cell and d.id = s.id and d.reserve = s.reserve and d.ticket = s.ticket
 where d.id is null;
";
