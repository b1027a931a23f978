//! Draws government inspections by lot, and proves it (双随机、一公开).
//!
//! Which institutions are inspected (the first random), which officers go (the second random), and what the
//! public gets to see (one public): decided by chance alone, from a number that nobody could know when the
//! rules were fixed, in a record that any outsider can replay years later.
//!
//! ```text
//!  Frame ──┐                                     (targets: who may be inspected)
//!  Roster ─┼─▶ Plan ──▶ Sealed ··▶ Beacon ─▶ Seed ─▶ Sample ─▶ Assignment ─▶ Record
//!  Policy ─┤   nothing    publish    a public number          (teams, vacancies)  │
//!  Cycle ──┘   left to    the seal   nobody knew at                               ▼
//!              decide     now        sealing time        published seal + beacon ─▶ verify ─▶ Report
//! ```
//!
//! Each arrow is one public function, each box one type, each type lives in the room of its name. A [`Seed`]
//! can be made only from a sealed plan and the values of the beacon that the seal names. After the seal
//! nothing returns an error that invites another try: a place that nobody can fill is a recorded vacancy.
//!
//! ```
#![doc = include_str!("../examples/quickstart.rs")]
//! ```
//!
//! # Rooms
//!
//! In the order of the path; a room uses only rooms above it (`tests/suite/house.rs`).
//!
//! | room | what |
//! |---|---|
//! | [`id`] | units, inspectors, codes, divisions: closed alphabets, check characters |
//! | [`bytes`] | canonical JSON, labelled digests, RFC 6962 trees, salts |
//! | [`stratum`] | paths in the stratum tree |
//! | [`odds`] | everything that makes a probability: schedule, bounds, cells; integers only, no seed |
//! | [`matching`] | the chance table of the teams: network, flow, levels, spread; integers only, no seed |
//! | [`lot`] | everything that touches a seed: allocation, tickets, words, days, coins, reserves |
//! | [`table`] | all problems of a table at once |
//! | [`calendar`] | dates, instants and working days as data, no clock |
//! | [`frame`], [`roster`] | who may be inspected, who may be sent |
//! | [`policy`] | the rules as written |
//! | [`cycle`] | the year so far: a fold over events; coverage, completion and closure |
//! | [`dossier`] | conduct of institutions as entries: signals, credit repair, ladders |
//! | [`pack`] | the rules of a city as data with citations: check items, responsibilities, levels, forms |
//! | [`plan`] | rules applied: exact inclusion probabilities with reasons; floors, limits, capacity |
//! | [`programme`] | the annual plan of tasks: its check, its policies, visits merged, results followed up |
//! | [`beacon`], [`seal`] | public chance; the commitment before it; the only way to a seed |
//! | [`sample`], [`assign`] | the first random; the second random |
//! | [`record`] | what is published |
//! | [`stream`] | the same draw of a frame that does not fit into memory, from the cursor of a database |
//! | [`receipt`], [`disclosure`] | what one institution can hold in its hand; visits that open one by one |
//! | [`note`], [`ledger`] | texts that witnesses sign; everything that happens to the draws, appended only |
//! | [`mod@verify`] | what anybody can check: records, receipts, whole ledgers |
//! | [`study`] | policies tried over simulated years; estimates from unequal chances |
//! | [`embed`] | the path for other languages: JSON in, JSON out, a C interface; how a platform calls it |
//! | [`spec`] | the normative text that code, vectors and the second implementation share |
//!
//! # What holds, and where it is shown
//!
//! - every unit's inclusion probability is exactly the plan's: [`spec`] 14, theorem 1;
//!   `tests/suite/law/exact.rs`
//! - the count at every node of the stratum tree is the floor or the ceiling of its expectation, so a
//!   coverage floor is certain: theorems 2 and 3; `tests/suite/law/exact.rs`, `tests/suite/law/properties.rs`
//! - floors hold after the last round's draw, through every opening, closure, level change and void, and no
//!   draw passes a limit: theorem 3; `tests/suite/law/year.rs`
//! - visits are the floor or the ceiling of the frequency so far, in every history, and its expectation:
//!   theorems 9 and 10; `tests/suite/law/year.rs`
//! - the order of rows never matters: theorem 4; `tests/suite/law/properties.rs`; nor whether they are in
//!   memory or streamed: `tests/suite/law/stream.rs`; nor the number of threads: `tests/suite/law/threads.rs`
//! - teams are complete whenever that is possible, loads level, every pair has exactly its chance, shortages
//!   can be counted: theorems 5 to 8; `tests/suite/law/teams.rs`, `tests/suite/law/posts.rs`
//! - a signal raises and never lowers, unless named as one that may; ladders are lost by any failure:
//!   theorems 13 and 14; `tests/suite/rules/rating.rs`
//! - policies, frames and levels follow from pack, programme and dossier: `tests/suite/rules/programme.rs`,
//!   `tests/suite/rules/cities.rs`
//! - any change of a record is caught by a check named for it: `tests/suite/attack/tamper.rs`; of a ledger,
//!   too, or by a checkpoint: `tests/suite/attack/ledger_tamper.rs`
//! - who wants to steer a draw and owns the machine fails, or stands in the report: [`spec`] 19;
//!   `tests/suite/attack/hostile.rs`
//! - another language gives the same bytes: `tests/reference`
//!
//! # A year
//!
//! Every draw reads the [`Cycle`] and gives the event that moves it on; visits, misses, replacements and
//! voids are events, too. An embedder keeps the events, or the state, in his own database, in one transaction
//! with what they describe: a visit entered twice is refused, an inspection outside any draw is not and
//! counts twice. Of each draw he keeps the sealed inputs ([`Sealed`] is made again from frame, roster,
//! policy, cycle and terms), the salt key and, until the deadline, the secret; and the digest of the record,
//! which the next seal names as `previous`.
//!
//! ```
//! use double_random::Cycle;
//! use double_random::cycle::Event;
//!
//! // Sample::drawn() makes the first of these; the others come from the screens of the platform.
//! let events: Vec<Event> = serde_json::from_str(r#"[
//!     {"event":"drawn","as_of":"2026-01-05","draw":1,"share":"0.25",
//!      "units":[{"unit":"HOSP-0001","add":"0.5","cycles":1},{"unit":"HOSP-0002","add":"0.25","cycles":1}],
//!      "picks":[{"unit":"HOSP-0001","credited":true}]},
//!     {"event":"visited","date":"2026-02-03","draw":1,"unit":"HOSP-0001","team":["3501-0001","3501-0002"]}
//! ]"#)?;
//! let cycle = Cycle::replay(&events).map_err(|(place, error)| format!("event {place}: {error}"))?;
//! assert_eq!(cycle.spent().to_string(), "0.25");
//! assert_eq!(cycle.standings()[0].visits, 1);
//! assert_eq!(cycle.standings()[1].exposure.to_string(), "0.25");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A ledger
//!
//! [`ledger::Ledger`] holds every entry against the rules before it appends it, and its
//! [`State`](ledger::State) says what may come next: the numbers and the `previous` of the next seal, the
//! cycle for the next plan, the loads. Append in the transaction that stores what the entry describes; give
//! its [`checkpoint`](ledger::Ledger::checkpoint) to witnesses before the beacon speaks.
//!
//! ```
//! use double_random::bytes::{Digest, Protocol, Suite};
//! use double_random::calendar::Instant;
//! use double_random::id::Code;
//! use double_random::ledger::{Approval, Content, Ledger, Level, Opened, Rule};
//!
//! let (clerk, director) = (Code::parse("clerk")?, Code::parse("director")?);
//! let opened = Opened {
//!     authority: Code::parse("350500-wsjd")?, scope: Code::parse("2026-clinics")?, protocol: Protocol,
//!     suite: Suite::Sha256, cycle: None, quorum: None, witnesses: Vec::new(),
//! };
//! let mut ledger = Ledger::open(Instant::parse("2026-01-05T08:00:00Z")?, clerk.clone(), opened, None)?;
//! let approval = |by| Approval { by, level: Level::Authority };
//! let adopted = |by| Content::Policy { approval: approval(by), policy: Digest::ZERO };
//! ledger.append(Instant::parse("2026-01-06T08:00:00Z")?, clerk.clone(), adopted(director), None)?;
//! // Nobody approves what he enters himself, and nothing of a refused entry stays.
//! let at = Instant::parse("2026-01-06T09:00:00Z")?;
//! let refused = ledger.append(at, clerk.clone(), adopted(clerk), None).unwrap_err();
//! assert_eq!((refused.rule, ledger.lines().len()), (Rule::Approval, 2));
//! assert_eq!(ledger.state().next(), (1, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Rules of a city
//!
//! A [`pack::Pack`] is data: items, responsibilities, signals, levels, floors, caps, each with its citation.
//! A [`programme::Programme`] holds the tasks of a year. [`programme::Programme::check`] reports everything
//! at once before anything is sealed; [`programme::Programme::policy`] makes each draw's policy, with the
//! digests of where it comes from; [`pack::Pack::frame`] reads a register into a frame, with the signals of
//! the [`dossier`] and the levels that follow; [`programme::Programme::visits`] merges what several draws
//! bring to one institution, [`programme::Programme::follow`] turns an answered form into events and an
//! entry; [`verify::origin`] makes all of it again.
//!
//! ```
//! use double_random::bytes::Suite;
//! use double_random::id::Code;
//! use double_random::pack::Pack;
//! use double_random::programme::Programme;
//!
//! # macro_rules! example { ($file:literal) => {
//! #     include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/rules/", $file))
//! # } }
//! let pack = Pack::from_json(example!("quanzhou.json"))?;
//! let programme = Programme::from_json(example!("quanzhou-2026.json"))?;
//! let policy = programme.policy(&pack, &Code::parse("joint-water")?, 1, None)?;
//! assert_eq!(policy.team.departments.len(), 2); // one target list, each department its own officers
//! assert_eq!(policy.origin.map(|origin| origin.pack), Some(pack.digest(Suite::Sha256)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # After the teams
//!
//! [`Assignment::explain`] says of any officer and drawn unit the chance or the bar, [`Assignment::load`] why
//! a load is what it is, [`Assignment::summary`] the table in a few numbers. Somebody drops out:
//! [`Plan::replace`] finds who takes the place by rule, and [`Teams::with`](assign::Teams::with) gives the
//! teams after it; keep the outcome with its reason, its evidence and, for a chain, its approval.
//! [`verify::replay_team`] replays the team of one unit alone. Finished visits are checked again by another
//! draw, over [`Cycle::back_check`].
//!
//! # Embedding
//!
//! A platform in Java, C#, Go or Python takes the path through [`embed`]: one function a step, JSON in and
//! JSON out, through a C library inside its own process or through a child process. Its guide says which way
//! for whom, what goes into which transaction, and what stays secret.
//!
//! ```
//! let checked = double_random::embed::call("policy", r#"{"policy":{}}"#);
//! assert!(checked.starts_with(r#"{"error":{"code":"invalid_document""#));
//! ```
//!
//! # What it is not
//!
//! It opens no file, socket or clock and has no source of randomness of its own. It cannot tell whether the
//! frame is complete, whether what its levels follow from is right, whether a visit took place, or whether
//! the events of the year are all there. A ledger shows that nothing in it was changed since somebody else
//! saw it, and no more.
//!
//! # Features
//!
//! `signatures`: Ed25519 signatures of notes (ed25519-dalek). `drand`: the BLS signature of a drand round
//! (drand-verify). Neither is needed to draw, and without them a report says what it did not check. `schema`:
//! the JSON Schemas of [`embed`] (schemars). `c-abi`: its C interface. `rayon`: every core reads and hashes
//! rows, makes tickets and draws teams; no byte depends on it (`tests/suite/law/threads.rs`).

pub mod id;
pub mod bytes;
pub mod stratum;
pub mod odds;
pub mod matching;
pub mod lot;
pub mod table;
pub mod calendar;
pub mod frame;
pub mod roster;
pub mod policy;
pub mod cycle;
pub mod dossier;
pub mod pack;
pub mod plan;
pub mod programme;
pub mod beacon;
pub mod seal;
pub mod sample;
pub mod assign;
pub mod record;
pub mod stream;
pub mod receipt;
pub mod disclosure;
pub mod note;
pub mod ledger;
pub mod verify;
pub mod study;
pub mod embed;

pub mod spec;

pub use assign::Assignment;
pub use beacon::BeaconValue;
pub use cycle::Cycle;
pub use frame::Frame;
pub use id::{InspectorId, UnitId};
pub use plan::Plan;
pub use policy::Policy;
pub use record::Record;
pub use roster::Roster;
pub use sample::Sample;
pub use seal::{SealTerms, Sealed, Seed};
pub use verify::{Evidence, Report, Verdict, verify};
