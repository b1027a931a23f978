//! One audited draw in forty lines: twelve institutions, six officers, all made up.
use double_random::bytes::{Digest, SaltKey};
use double_random::{Cycle, Evidence, Frame, Plan, Policy, Roster, SealTerms, calendar::Instant, verify};

const UNITS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/quickstart_units.json"));
const OFFICERS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/quickstart_officers.json"));
const POLICY: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/quickstart_policy.json"));
const DICE: &str = r#"[{"source": "dice", "value": "8270160495813379045618264079135506271948"}]"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = Policy::from_json(POLICY)?;
    let frame = Frame::new(serde_json::from_str::<Vec<_>>(UNITS)?, &policy.frame, policy.as_of)?;
    let roster = Roster::new(serde_json::from_str::<Vec<_>>(OFFICERS)?, [], &policy.roster, policy.as_of)?;
    let plan = Plan::new(frame, roster, policy, Cycle::default())?; // nothing left to decide
    let sealed = plan.seal(SealTerms {
        sequence: 1,
        attempt: 1,
        sealed_at: Instant::parse("2026-11-20T08:00:00Z")?,
        previous: Digest::ZERO,
        salt_key: SaltKey::new([7; 32]), // in earnest: SaltKey::generate(&mut rng)
        secret: None,
    })?;
    println!("publish today: {}", sealed.digest());

    // Tomorrow, before a notary: forty throws of a ten-sided die.
    let dice = serde_json::from_str::<Vec<_>>(DICE)?;
    let seed = sealed.seed(&dice)?;
    let sample = seed.draw(); // the first random: institutions
    let assignment = sample.assign(); // the second random: officers
    let record = assignment.record(); // one public
    for visit in &record.teams.visits {
        let team: Vec<&str> = visit.posts[0].officers.iter().map(|officer| officer.id.as_str()).collect();
        println!("{}: {}", visit.unit, team.join(" and "));
    }
    let evidence = Evidence { seal: Some(sealed.seal().clone()), beacon: Some(dice), ..Evidence::default() };
    println!("{}", verify(&record, &evidence).verdict());
    Ok(())
}
