//! A draw in parts as a child process: what an engine of rows (Spark, Flink, a shell with `sort` and `split`)
//! starts for each of its partitions, and once for the office that puts them together (Spec 26).
//!
//! A header line, then lines. `census` and `select` take the rows of one partition, each a JSON object as in
//! a table of units, in ascending order of ids. `draw` takes what they printed. `whole` does the same on one
//! machine, to compare. Exit status: 0 done, 1 refused (the standard error says why), 64 wrong usage.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use double_random::beacon::BeaconValue;
use double_random::bytes::{Digest, SaltKey};
use double_random::calendar::Instant;
use double_random::frame::UnitRow;
use double_random::stream::{Census, Counted, Counts, Part, PartLeaves, SealedStream, SelectedPart};
use double_random::{Cycle, Policy, Record, Roster, SealTerms};
use serde::Deserialize;
use serde_json::Value;
use std::io::{self, BufRead, Lines, StdinLock, Write};
use std::process::ExitCode;

type Failure = Box<dyn std::error::Error>;
type Input<'a> = Lines<StdinLock<'a>>;

const USAGE: &str = "Draws in parts. Each takes a header, one line of JSON, and then lines, on the standard input.
  engines census   rows; prints the part, then the leaves of its pseudonyms in hexadecimal
  engines select   rows; prints the candidates
  engines draw     part and leaves of every partition, an empty line; prints the part of all and the seal. Then the
                   values of the beacon, one line; prints the seed. Then the candidates of every partition; prints
                   the record
  engines whole    rows, all of them, read twice, with an empty line between; prints the seal and the record";

/// What every header has, and what some have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    policy: Value,
    salt_key: Digest,
    /// A cycle file; none for a draw that stands alone.
    cycle: Option<Value>,
    /// `census`: the number of rows in the partitions before.
    #[serde(default)]
    start: u64,
    /// `select`: the part of all rows, and that of the rows before, if there are any.
    whole: Option<Value>,
    before: Option<Value>,
    /// `select`: the seed, and the slack of ceilings.
    seed: Option<Digest>,
    slack: Option<u64>,
    /// `draw`, `whole`: the officers, the numbers of the draw, when it is sealed.
    #[serde(default)]
    officers: Value,
    sealed_at: Option<Instant>,
    /// `whole`: the values of the beacon.
    #[serde(default)]
    values: Vec<BeaconValue>,
}

impl Header {
    fn read(input: &mut Input<'_>) -> Result<Self, Failure> {
        Ok(serde_json::from_str(&input.next().ok_or("no header")??)?)
    }

    fn policy(&self) -> Result<Policy, Failure> {
        Ok(Policy::from_json(&self.policy.to_string())?)
    }

    fn key(&self) -> SaltKey {
        SaltKey::new(*self.salt_key.as_bytes())
    }

    fn cycle(&self) -> Result<Cycle, Failure> {
        let Some(file) = &self.cycle else { return Ok(Cycle::default()) };
        let (cycle, key) = Cycle::from_json(&double_random::bytes::encode(file)?)?;
        if key == self.key() { Ok(cycle) } else { Err("the cycle file has another salt key".into()) }
    }

    fn counts(&self) -> Result<Counts, Failure> {
        let whole = read_part(self.whole.as_ref().ok_or("`whole` is missing")?)?;
        Ok(Counts::of(self.policy()?, self.cycle()?, self.key(), &whole)?)
    }

    fn roster(&self, policy: &Policy) -> Result<Roster, Failure> {
        let officers = serde_json::from_value::<Vec<_>>(self.officers.clone())?;
        Ok(Roster::new(officers, [], &policy.roster, policy.as_of)?)
    }

    fn seal(&self, counted: Counted) -> Result<SealedStream, Failure> {
        let roster = self.roster(counted.policy())?;
        let terms = SealTerms {
            sequence: 1,
            attempt: 1,
            sealed_at: self.sealed_at.ok_or("`sealed_at` is missing")?,
            previous: Digest::ZERO,
            salt_key: self.key(),
            secret: None,
        };
        Ok(counted.seal(roster, terms)?)
    }
}

fn read_part(value: &Value) -> Result<Part, Failure> {
    Ok(Part::from_json(&double_random::bytes::encode(value)?)?)
}

/// Rows up to an empty line or the end.
fn rows(input: &mut Input<'_>, mut take: impl FnMut(UnitRow)) -> Result<(), Failure> {
    for (number, line) in (1..).zip(input) {
        let line = line?;
        if line.is_empty() {
            break;
        }
        let row: UnitRow = serde_json::from_str(&line).map_err(|error| format!("row {number}: {error}"))?;
        take(UnitRow { row: number, ..row });
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Result<Vec<u8>, Failure> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?)).collect()
}

/// A line of the output.
fn say(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.write_all(b"\n")?;
    out.flush()
}

fn census(input: &mut Input<'_>) -> Result<(), Failure> {
    let header = Header::read(input)?;
    let mut census = Census::starting(header.policy()?, header.cycle()?, header.key(), header.start)?;
    rows(input, |row| census.add(row))?;
    let (part, leaves) = census.part()?;
    say(&part.to_json())?;
    Ok(say(hex(&leaves.to_bytes()).as_bytes())?)
}

fn select(input: &mut Input<'_>) -> Result<(), Failure> {
    let header = Header::read(input)?;
    let counts = header.counts()?;
    let mut selection = counts.select(header.seed.ok_or("`seed` is missing")?);
    if let Some(slack) = header.slack {
        selection = selection.below_ceilings(slack);
    }
    if let Some(before) = &header.before {
        selection = selection.after(&read_part(before)?)?;
    }
    rows(input, |row| selection.add(row))?;
    Ok(say(&selection.part()?.to_json())?)
}

fn draw(input: &mut Input<'_>) -> Result<(), Failure> {
    let header = Header::read(input)?;
    let (mut parts, mut leaves) = (Vec::new(), PartLeaves::default());
    while let Some(line) = input.next().transpose()?.filter(|line| !line.is_empty()) {
        parts.push(Part::from_json(line.as_bytes())?);
        leaves.append(PartLeaves::from_bytes(&unhex(&input.next().ok_or("no leaves behind a part")??)?)?);
    }
    let whole = Part::merged(parts)?.ok_or("no parts")?;
    say(&whole.to_json())?;
    let sealed =
        header.seal(Counted::of(header.policy()?, header.cycle()?, header.key(), &whole, leaves)?)?;
    say(&sealed.seal().to_json())?;

    let Some(values) = input.next().transpose()? else { return Ok(()) };
    let draw = sealed.draw(&serde_json::from_str::<Vec<BeaconValue>>(&values)?)?;
    say(draw.seed().to_string().as_bytes())?;
    let mut selected = Vec::new();
    for line in input {
        selected.push(SelectedPart::from_json(line?.as_bytes(), sealed.counted().counts())?);
    }
    let all = SelectedPart::merged(selected)?.ok_or("no candidates")?;
    Ok(say(&draw.join(all)?.record().to_json())?)
}

fn whole(input: &mut Input<'_>) -> Result<(), Failure> {
    let header = Header::read(input)?;
    let mut census = Census::new(header.policy()?, header.cycle()?, header.key())?;
    rows(input, |row| census.add(row))?;
    let sealed = header.seal(census.finish()?)?;
    say(&sealed.seal().to_json())?;
    let mut draw = sealed.draw(&header.values)?;
    rows(input, |row| draw.add(row))?;
    let record: Record = draw.finish()?.record();
    Ok(say(&record.to_json())?)
}

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let mut input = io::stdin().lock().lines();
    let done = match given.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["census"] => census(&mut input),
        ["select"] => select(&mut input),
        ["draw"] => draw(&mut input),
        ["whole"] => whole(&mut input),
        _ => {
            let _ = writeln!(io::stderr(), "{USAGE}");
            return ExitCode::from(64);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(refused) => {
            let _ = writeln!(io::stderr(), "{refused}");
            ExitCode::FAILURE
        }
    }
}
