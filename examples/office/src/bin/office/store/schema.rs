//! The tables, version by version. A version is never changed once an office has used it: the next one says
//! what is different.
//!
//! The registers (名录库: 检查对象, 执法检查人员, 专家, 回避) hold a row as JSON of the library's row type; what happened
//! stands in `ledger`, which only grows. Everything that can be computed from these is computed, not stored; `kept`
//! and `about` only save a command from reading all lines.

/// The latest version.
pub const VERSION: i64 = 5;

/// The statements that lead from one version to another.
pub fn steps(from: i64, to: i64) -> impl Iterator<Item = (i64, &'static str)> {
    (1..).zip(STEPS).filter(move |(version, _)| *version > from && *version <= to)
}

const STEPS: [&str; 5] = [
    // 1: rules, registers, ledgers and documents.
    "
CREATE TABLE office_schema (version BIGINT NOT NULL PRIMARY KEY);
CREATE TABLE settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE rules (name TEXT NOT NULL PRIMARY KEY, content TEXT NOT NULL);
CREATE TABLE units (
  id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, division TEXT NOT NULL, kind TEXT NOT NULL,
  risk TEXT NOT NULL,
  credit TEXT NOT NULL, status TEXT NOT NULL, opened TEXT NOT NULL, grid TEXT NOT NULL,
  licences TEXT NOT NULL,
  signals TEXT NOT NULL, revision BIGINT NOT NULL);
CREATE TABLE officers (
  id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, department TEXT NOT NULL, office TEXT NOT NULL,
  divisions TEXT NOT NULL,
  qualifications TEXT NOT NULL, certified_from TEXT NOT NULL, certified_until TEXT NOT NULL,
  absences TEXT NOT NULL,
  grid TEXT NOT NULL, cap TEXT NOT NULL, family TEXT NOT NULL, load TEXT NOT NULL, revision BIGINT NOT NULL);
CREATE TABLE experts (
  id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, organisation TEXT NOT NULL, divisions TEXT NOT NULL,
  qualifications TEXT NOT NULL, engaged_from TEXT NOT NULL, engaged_until TEXT NOT NULL,
  absences TEXT NOT NULL,
  cap TEXT NOT NULL, family TEXT NOT NULL, load TEXT NOT NULL, role TEXT NOT NULL, revision BIGINT NOT NULL);
CREATE TABLE recusals (
  inspector TEXT NOT NULL, unit TEXT NOT NULL, ground TEXT NOT NULL, basis TEXT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (inspector, unit));
CREATE TABLE imports (
  revision BIGINT NOT NULL PRIMARY KEY, made_at TEXT NOT NULL, actor TEXT NOT NULL, register TEXT NOT NULL,
  file TEXT NOT NULL,
  digest TEXT NOT NULL, added BIGINT NOT NULL, changed BIGINT NOT NULL, removed BIGINT NOT NULL);
CREATE TABLE ledger (
  scope TEXT NOT NULL, number BIGINT NOT NULL, line TEXT NOT NULL, PRIMARY KEY (scope, number));
CREATE TABLE documents (
  scope TEXT NOT NULL, draw BIGINT NOT NULL, attempt BIGINT NOT NULL, name TEXT NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (scope, draw, attempt, name));
CREATE TABLE notes (scope TEXT NOT NULL, size BIGINT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (scope, size,
  note));
CREATE TABLE dossier (number BIGINT NOT NULL PRIMARY KEY, entry TEXT NOT NULL);
",
    // 2: what a row of a register said before an import changed or removed it, so that nothing is lost.
    "
CREATE TABLE register_changes (
  register TEXT NOT NULL, id TEXT NOT NULL, was TEXT NOT NULL, revision BIGINT NOT NULL,
  PRIMARY KEY (register, id, revision));
",
    // 3: a row of a register is JSON, so that a new column needs no new schema. `columns.rs` moves the rows.
    "
ALTER TABLE units RENAME TO units_2;
CREATE TABLE units (id TEXT NOT NULL PRIMARY KEY, content TEXT NOT NULL, revision BIGINT NOT NULL);
ALTER TABLE officers RENAME TO officers_2;
CREATE TABLE officers (id TEXT NOT NULL PRIMARY KEY, content TEXT NOT NULL, revision BIGINT NOT NULL);
ALTER TABLE experts RENAME TO experts_2;
CREATE TABLE experts (id TEXT NOT NULL PRIMARY KEY, content TEXT NOT NULL, revision BIGINT NOT NULL);
ALTER TABLE recusals RENAME TO recusals_2;
CREATE TABLE recusals (id TEXT NOT NULL PRIMARY KEY, content TEXT NOT NULL, revision BIGINT NOT NULL);
",
    // 4: what stands after some lines of a ledger, so that a command need not fold all of them; and what lines
    // are about, so that it finds the few that it needs. Both can be made again from the lines at any time.
    "
CREATE TABLE kept (
  scope TEXT NOT NULL PRIMARY KEY, size BIGINT NOT NULL, digest TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE about (
  scope TEXT NOT NULL, thing TEXT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (scope, thing, number));
",
    // 5: the register is read by a cursor in the order of ids. From here on a long document can stand in pieces, which a
    // program of schema 4 would take for a document that was cut off.
    "
CREATE INDEX units_by_id ON units (id COLLATE BYTES);
",
];
