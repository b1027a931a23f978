//! The examples as their users run them: commands, files, exit statuses.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// An example's binary: cargo builds examples before it runs tests, in the folder beside this test's own.
fn example(name: &str) -> Command {
    let own = std::env::current_exe().unwrap();
    let path = own.parent().unwrap().parent().unwrap().join("examples").join(name);
    assert!(
        path.exists(),
        "{} is not built: run `cargo test`, or `cargo build --examples` first",
        path.display()
    );
    let mut command = Command::new(path);
    command.current_dir(root()).env_remove("LANG");
    command
}

fn run(name: &str, args: &[&str]) -> Output {
    example(name).args(args).output().unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_readme_shows_the_quickstart() {
    let code = fs::read_to_string(root().join("examples/quickstart.rs")).unwrap();
    let (_, code) = code.split_once('\n').unwrap();
    assert!(fs::read_to_string(root().join("README.md")).unwrap().contains(code.trim_end()));
    assert!(code.lines().count() < 40);
    let output = run("quickstart", &[]);
    assert!(status(&output) == 0 && text(&output.stdout).ends_with("confirmed\n"));
}

#[test]
fn the_embedding_program_answers_and_says_how_it_went() {
    use std::io::Write;
    use std::process::Stdio;
    let ask = |args: &[&str], input: &[u8]| {
        let mut command = example("embed");
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that was called wrongly does not wait for its input.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        (status(&output), text(&output.stdout))
    };
    let own = |step: &str, request: &str| format!("{}\n", double_random::embed::call(step, request));
    assert_eq!(ask(&["version"], b"{}"), (0, own("version", "{}")));
    assert_eq!(ask(&["plan"], b"{}"), (1, own("plan", "{}")));
    assert_eq!(ask(&["nothing"], b"{}"), (1, own("nothing", "{}")));
    let (code, said) = ask(&["plan"], b"\xff");
    assert_eq!((code, said.contains("\"code\":\"invalid_json\"")), (1, true), "{said}");
    assert_eq!(ask(&[], b"").0, 64);
    assert_eq!(ask(&["plan", "--lines"], b"").0, 64);
    assert_eq!(ask(&["--schema", "nothing"], b"").0, 64);
    assert_eq!(ask(&["--steps"], b"").1.lines().count(), double_random::embed::StepName::ALL.len());
    let lines = "{\"step\":\"version\",\"request\":{ }}\n{\"step\":\"version\",\"request\":\"{}\"}\nno line\n{\"step\":1}\n";
    let (code, said) = ask(&["--lines"], lines.as_bytes());
    let said: Vec<&str> = said.lines().collect();
    assert_eq!((code, said.len()), (0, 4));
    assert_eq!((said[0], said[1]), (own("version", "{}").trim(), said[0]));
    assert!(
        said[2].contains("\"code\":\"invalid_json\"") && said[3].contains("\"code\":\"invalid_request\"")
    );
    #[cfg(feature = "schema")]
    assert!(ask(&["--schema", "seal"], b"").1.contains("\"salt_key\""));
}
