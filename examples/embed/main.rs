//! The path for other languages as a process: one request on the standard input, or one a line for as long as
//! the platform likes.
//!
//! Exit status: 0 answered, 1 answered with an error (the response says which), 3 the standard input or
//! output failed, 64 wrong usage.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use double_random::embed::{CallError, Json, StepName, call, refused};
use serde::Deserialize;
use std::io::{self, BufRead, Read, Write};
use std::process::ExitCode;

const USAGE: &str = "Makes one step: a JSON request on the standard input, the JSON response on the \
    standard output.
  embed policy < request.json
  embed --lines < requests.jsonl        each line {\"step\":\"plan\",\"request\":{…}}, answered by one line, in order
  embed --schema seal                   {\"request\":…,\"response\":…} (built with --features schema)
  embed --steps                         the names of the steps
Exit status: 0 answered, 1 answered with an error, 3 the standard input or output failed, 64 wrong usage.
With --lines the status does not depend on the answers.";

/// One line of the input. The request may be a JSON value, or a string that holds its text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    step: String,
    request: Json,
}

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    let done = match given[..] {
        ["--help" | "-h"] => writeln!(io::stdout(), "{USAGE}").map(|()| 0),
        ["--steps"] => steps(&mut io::stdout().lock()),
        ["--schema", step] => schema(step, &mut io::stdout().lock()),
        ["--lines"] => lines(&mut io::stdout().lock()),
        [step] if !step.starts_with('-') => one(step, &mut io::stdout().lock()),
        _ => {
            note(format_args!("{USAGE}"));
            Ok(64)
        }
    };
    done.map_or_else(
        |error| {
            note(format_args!("{error}"));
            ExitCode::from(3)
        },
        ExitCode::from,
    )
}

/// Says on the standard error why there is no answer; where that has gone, the exit status alone says it.
fn note(words: std::fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{words}");
}

fn steps(out: &mut impl Write) -> io::Result<u8> {
    StepName::ALL.iter().try_for_each(|step| writeln!(out, "{step}"))?;
    Ok(0)
}

/// Answers line by line until the input ends.
fn lines(out: &mut impl Write) -> io::Result<u8> {
    for asked in io::stdin().lock().split(b'\n') {
        writeln!(out, "{}", answer(&asked?))?;
        // The platform waits for this line before it sends the next.
        out.flush()?;
    }
    Ok(0)
}

/// Answers one request.
fn one(step: &str, out: &mut impl Write) -> io::Result<u8> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    let response = match std::str::from_utf8(&bytes) {
        // A request that a person saved may begin with the byte order mark of Windows.
        Ok(request) => call(step, request.trim_start_matches('\u{feff}')),
        Err(error) => refused(step, &CallError::Json { message: error.to_string() }),
    };
    writeln!(out, "{response}")?;
    Ok(u8::from(!response.starts_with(r#"{"ok":"#)))
}

/// Answers one line.
fn answer(line: &[u8]) -> String {
    let asked: Asked = match serde_json::from_slice(line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line)) {
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
            note(format_args!("{error}"));
            Ok(64)
        }
    }
}

#[cfg(not(feature = "schema"))]
fn schema(_: &str, _: &mut impl Write) -> io::Result<u8> {
    note(format_args!(
        "this program was built without --features schema; the schemas stand in examples/embed/schema"
    ));
    Ok(64)
}
