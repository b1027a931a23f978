//! The path for other languages as a process: one request on the standard input, or one a line for as long as the platform likes.
//!
//! Exit status: 0 answered, 1 answered with an error (the response says which), 3 the standard input or output failed, 64 wrong usage.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use clap::Parser;
use double_random::embed::{CallError, Json, StepName, call, refused};
use serde::Deserialize;
use std::io::{self, BufRead, Read, Write};
use std::process::ExitCode;

/// Makes one step: a JSON request on the standard input, the JSON response on the standard output.
#[derive(Parser)]
#[command(
    name = "embed",
    after_help = "Examples:
  embed policy < request.json
  embed --lines < requests.jsonl        each line {\"step\":\"plan\",\"request\":{…}}, answered by one line, in order
  embed --schema seal                   {\"request\":…,\"response\":…} (built with --features schema)
  embed --steps
Exit status: 0 answered, 1 answered with an error, 3 the standard input or output failed, 64 wrong usage. With --lines the status does not
depend on the answers."
)]
#[group(required = true, multiple = false)]
struct Line {
    /// The step.
    step: Option<String>,
    /// Answers line by line until the input ends.
    #[arg(long)]
    lines: bool,
    /// Prints the JSON Schemas of a step.
    #[arg(long, value_name = "STEP")]
    schema: Option<String>,
    /// Lists the steps.
    #[arg(long)]
    steps: bool,
}

/// One line of the input. The request may be a JSON value, or a string that holds its text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    step: String,
    request: Json,
}

fn main() -> ExitCode {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 64 } else { 0 });
        }
    };
    match run(&line) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(3)
        }
    }
}

fn run(line: &Line) -> io::Result<u8> {
    let mut out = io::stdout().lock();
    if line.steps {
        StepName::ALL.iter().try_for_each(|step| writeln!(out, "{step}"))?;
        return Ok(0);
    }
    if let Some(step) = &line.schema {
        return schema(step, &mut out);
    }
    if line.lines {
        for asked in io::stdin().lock().split(b'\n') {
            writeln!(out, "{}", answer(&asked?))?;
            // The platform waits for this line before it sends the next.
            out.flush()?;
        }
        return Ok(0);
    }
    let step = line.step.as_deref().unwrap_or_default();
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    let response = match std::str::from_utf8(&bytes) {
        Ok(request) => call(step, request),
        Err(error) => refused(step, &CallError::Json { message: error.to_string() }),
    };
    writeln!(out, "{response}")?;
    Ok(u8::from(!response.starts_with(r#"{"ok":"#)))
}

/// Answers one line.
fn answer(line: &[u8]) -> String {
    let asked: Asked = match serde_json::from_slice(line) {
        Ok(asked) => asked,
        Err(error) if error.is_data() => {
            return refused("", &CallError::Request { message: error.to_string() });
        }
        Err(error) => return refused("", &CallError::Json { message: error.to_string() }),
    };
    match std::str::from_utf8(asked.request.bytes()) {
        Ok(request) => call(&asked.step, request),
        Err(error) => refused(&asked.step, &CallError::Json { message: error.to_string() }),
    }
}

#[cfg(feature = "schema")]
fn schema(step: &str, out: &mut impl Write) -> io::Result<u8> {
    match StepName::parse(step) {
        Ok(step) => {
            let (request, response) = double_random::embed::schema(step);
            writeln!(out, "{}", serde_json::json!({ "request": request, "response": response }))?;
            Ok(0)
        }
        Err(error) => {
            eprintln!("{error}");
            Ok(64)
        }
    }
}

#[cfg(not(feature = "schema"))]
fn schema(_: &str, _: &mut impl Write) -> io::Result<u8> {
    eprintln!("this program was built without --features schema; the schemas stand in examples/embed/schema");
    Ok(64)
}
