//! Reads an office's tables, plans the draw and seals it: the first half, done and published before the beacon speaks.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    unreachable_pub,
    dead_code,
    clippy::cast_possible_truncation
)]

use clap::Parser;
use double_random::UnitId;
use double_random::bytes::{Digest, SaltKey};
use double_random::calendar::Instant;
use double_random::policy::Disclosure;
use double_random::seal::{SealTerms, Secret};
use double_random_office::files::{self, Failure, Tables};
use double_random_office::show::{self, Lang};
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use std::path::PathBuf;
use std::process::ExitCode;

/// Plan a draw and seal it, the day before.
#[derive(Parser)]
#[command(after_help = "Examples:
  seal                                             the shipped demonstration
  seal --policy p.json --frame units.csv --roster officers.csv --recusals recusals.csv \\
       --sealed-at 2026-11-22T08:00:00Z --out 2026-11
  seal … --explain FJQZ-0017                       why this institution has this probability; writes nothing
Publish public/seal.json now. Keep auditor/ safe: it holds the salt key and, for deferred disclosure, the secret.")]
struct Args {
    /// Policy, JSON.
    #[arg(long, requires_all = ["frame", "roster", "sealed_at"])]
    policy: Option<PathBuf>,
    /// Institutions, CSV.
    #[arg(long, requires = "policy")]
    frame: Option<PathBuf>,
    /// Officers, CSV.
    #[arg(long, requires = "policy")]
    roster: Option<PathBuf>,
    /// Experts and third parties, CSV.
    #[arg(long, requires = "policy")]
    experts: Option<PathBuf>,
    /// Recusals, CSV.
    #[arg(long, requires = "policy")]
    recusals: Option<PathBuf>,
    /// The year so far: a table (CSV), or the state that `cycle` has written (JSON).
    #[arg(long, requires = "policy")]
    cycle: Option<PathBuf>,
    /// When the seal is published, YYYY-MM-DDTHH:MM:SSZ.
    #[arg(long, requires = "policy")]
    sealed_at: Option<String>,
    /// Number of the draw within authority and scope.
    #[arg(long, default_value_t = 1)]
    sequence: u64,
    /// Number of the attempt.
    #[arg(long, default_value_t = 1)]
    attempt: u64,
    /// Digest of the record before.
    #[arg(long)]
    previous: Option<String>,
    /// File with the salt key, 64 hexadecimal digits; drawn from the operating system if not given.
    #[arg(long, requires = "policy")]
    salt_key: Option<PathBuf>,
    /// Where to write.
    #[arg(long, default_value = "target/seal")]
    out: PathBuf,
    /// Explain the probability of this institution, and write nothing.
    #[arg(long)]
    explain: Option<String>,
    /// Language of the screen; that of the terminal if not given.
    #[arg(long, value_enum)]
    lang: Option<Lang>,
}

fn main() -> ExitCode {
    files::finish(run(&Args::parse()))
}

fn run(args: &Args) -> Result<(), Failure> {
    let lang = Lang::or_environment(args.lang);
    let own = match (&args.policy, &args.frame, &args.roster, &args.sealed_at) {
        (Some(policy), Some(frame), Some(roster), Some(sealed_at)) => {
            Some((policy, frame, roster, sealed_at))
        }
        _ => None,
    };
    let (plan, notes) = match own {
        None => files::demo_plan()?,
        Some((policy, frame, roster, _)) => {
            let named = |path: &PathBuf| -> Result<(String, Vec<u8>), Failure> {
                Ok((path.display().to_string(), files::read(path)?))
            };
            let policy = String::from_utf8(files::read(policy)?)?;
            let (frame, roster) = (named(frame)?, named(roster)?);
            let experts = args.experts.as_ref().map(named).transpose()?;
            let recusals = args.recusals.as_ref().map(named).transpose()?;
            let cycle = args.cycle.as_ref().map(named).transpose()?;
            let tables = Tables {
                policy: &policy,
                units: (&frame.0, &frame.1),
                officers: (&roster.0, &roster.1),
                experts: experts.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice())),
                recusals: recusals.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice())),
                cycle: cycle.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice())),
            };
            tables.plan()?
        }
    };
    notes.iter().for_each(|note| eprintln!("{note}"));
    files::warnings(&plan).iter().for_each(|warning| eprintln!("{warning}"));
    if let Some(id) = &args.explain {
        let why = plan.explain(&UnitId::parse(id).map_err(|e| format!("{id:?} {e}"))?);
        println!("{}", why.ok_or_else(|| format!("{id} is not on the frame"))?);
        return Ok(());
    }
    let deferred = matches!(plan.policy().disclosure, Disclosure::Deferred { .. });
    let mut terms = match own {
        None => files::demo_terms()?,
        Some((.., sealed_at)) => SealTerms {
            sequence: args.sequence,
            attempt: args.attempt,
            sealed_at: Instant::parse(sealed_at).map_err(|e| format!("{sealed_at:?} {e}"))?,
            previous: args.previous.as_deref().map_or(Ok(Digest::ZERO), Digest::parse)?,
            salt_key: match &args.salt_key {
                Some(path) => {
                    let text = String::from_utf8(files::read(path)?)?;
                    SaltKey::new(*Digest::parse(text.trim())?.as_bytes())
                }
                None => SaltKey::generate(&mut UnwrapErr(SysRng)),
            },
            secret: None,
        },
    };
    if deferred {
        terms.secret = Some(Secret::generate(&mut UnwrapErr(SysRng)));
    }
    let secret = terms.secret.clone();
    let sealed = plan.seal(terms)?;
    let mut files = files::sealed_files(&sealed)?;
    if let Some(secret) = &secret {
        files.add("auditor/secret.json", double_random::bytes::encode(secret)?);
    }
    files.write(&args.out)?;
    println!("{}", show::plan(&sealed, lang));
    let first = sealed.seal().beacon.sources.iter().map(double_random::policy::Source::at).min();
    if let Some(first) = first {
        let out = args.out.display();
        match lang {
            Lang::En => {
                println!("Publish {out}/public/seal.json before {first}, when the first source speaks.")
            }
            Lang::Zh => println!("请于 {first}（首个随机源揭晓）之前公布 {out}/public/seal.json。"),
        }
    }
    Ok(())
}
