//! Draws government inspections by lot, and proves it (双随机、一公开).
//!
//! The first random draws the institutions that are inspected. The second random draws the officers who go.
//! The public gets a record (one public). Both lots follow from the rules, which are sealed beforehand, and
//! from a public number that nobody could know at that time. From the record any outsider can make the draw
//! again.
//!
//! ```text
//!  Frame ──┐                                     (units that may be inspected)
//!  Roster ─┼─▶ Plan ──▶ Sealed ··▶ Beacon ─▶ Seed ─▶ Sample ─▶ Assignment ─▶ Record
//!  Policy ─┤   every    publish    a public number          (teams, vacancies)  │
//!  Cycle ──┘   number   the seal   nobody knew at                               ▼
//!              fixed    now        sealing time        published seal + beacon ─▶ verify ─▶ Report
//! ```
//!
//! Each arrow is one public function. Each box is one type, in the room of its name. A [`Seed`] can be made
//! only from a sealed plan and the values of the beacon that the seal names. After sealing, no step can fail
//! in a way that would let the office draw again: a place that no inspector can fill is a recorded vacancy.
//!
//! ```
#![doc = include_str!("../examples/quickstart.rs")]
//! ```
//!
//! # Rooms
//!
//! They stand in the order of the path. A room uses only rooms above it (`tests/suite/house.rs`).
//!
//! | room | content |
//! |---|---|
//! | [`id`] | ids of units and inspectors, codes, divisions: closed alphabets, check characters |
//! | [`bytes`] | canonical JSON, labelled digests, RFC 6962 trees, salts |
//! | [`stratum`] | paths in the stratum tree |
//! | [`odds`] | **everything that makes a probability**: schedule, bounds, cells; integers only, no seed |
//! | [`matching`] | the chance table of the teams: a network, its flow, levels, spread; integers only, no seed |
//! | [`lot`] | **everything that touches a seed**: allocation, tickets, words, days, shortlists, coins, reserves |
//! | [`table`] | all problems of a table at once; places in a document |
//! | [`calendar`] | dates, instants and working days as data, no clock |
//! | [`division`] | the list of areas in which units lie and people work |
//! | [`frame`], [`roster`] | units; inspectors, experts and recusals |
//! | [`policy`] | the rules of one draw as they are written |
//! | [`register`] | registers of lower authorities, and the frame that is put together from them |
//! | [`cycle`] | the year so far: a fold over events; coverage, completion and closure |
//! | [`dossier`] | conduct of units as entries: signals, credit repair, ladders |
//! | [`pack`] | the rules of a place as data with citations: check items, levels, caps, forms |
//! | [`plan`] | the rules applied: probabilities and their explanation; floors, limits, capacity, foresight |
//! | [`programme`] | the annual plan of tasks: checked as a whole, made into policies, followed up |
//! | [`beacon`], [`seal`] | values of public sources; the commitment before them; the only way to a seed |
//! | [`sample`], [`assign`] | the first random; the second random |
//! | [`record`] | the published document of a draw |
//! | [`dispatch`] | draws of two levels: one authority draws the institutions, others the officers |
//! | [`stream`] | the same draw of a frame that does not fit into memory, from the cursor of a database |
//! | [`receipt`], [`disclosure`] | the documents of one institution; visits that open one by one |
//! | [`note`], [`ledger`] | texts that witnesses sign; entries about draws in lines that only grow |
//! | [`mod@verify`] | checks of records, receipts, ledgers and origins |
//! | [`study`] | policies over simulated years; estimates from unequal probabilities |
//! | [`embed`] | the path for other languages: JSON in, JSON out, a C interface |
//! | [`spec`] | the normative text that code, vectors and the second implementation share |
//!
//! Every guarantee has a theorem in [`spec`] 14 and a test; `docs/promises.md` lists them.
//!
//! # A year
//!
//! Every draw reads the [`Cycle`] and gives the event that moves it on. Visits, misses, replacements and
//! voids are events, too. A platform keeps the events, or the state, in its own database, in one transaction
//! with the visit or draw that they describe. A visit entered twice is refused. An inspection outside any
//! draw is not refused if it is entered twice; it then counts twice. Of each draw the platform keeps the
//! sealed inputs ([`Sealed::reopen`] makes the sealed plan again), the salt key, the secret until the
//! deadline, and the digest of the record, which the next seal names as `previous`.
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
//! [`ledger::Ledger`] checks every entry against the rules before it appends it. Its [`State`](ledger::State)
//! gives the numbers and the `previous` of the next seal, the cycle for the next plan, and the loads. Append
//! in the transaction that stores what the entry describes. Give the
//! [`checkpoint`](ledger::Ledger::checkpoint) to witnesses before the value of the beacon is published.
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
//!     suite: Suite::Sha256, cycle: None, earlier: None, quorum: None, witnesses: Vec::new(),
//! };
//! let mut ledger = Ledger::open(Instant::parse("2026-01-05T08:00:00Z")?, clerk.clone(), opened, None)?;
//! // A draw that was not registered at the start of the year (`Content::Registered`) is for the superior.
//! let approval = |by| Approval { by, level: Level::Superior };
//! let (batch, policy) = (None, Digest::ZERO);
//! let adopted = |by| Content::Policy { approval: approval(by), batch, despite: None, policy };
//! ledger.append(Instant::parse("2026-01-06T08:00:00Z")?, clerk.clone(), adopted(director), None)?;
//! // No actor approves his own entry, and nothing of a refused entry stays.
//! let later = Instant::parse("2026-01-06T09:00:00Z")?;
//! let refused = ledger.append(later, clerk.clone(), adopted(clerk), None).unwrap_err();
//! assert_eq!((refused.rule, ledger.lines().len()), (Rule::Approval, 2));
//! assert_eq!(ledger.state().next(), (1, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Rules of a place
//!
//! A [`pack::Pack`] is data: items, responsibilities, signals, levels, floors, caps, each with its citation.
//! A [`programme::Programme`] holds the tasks of a year. [`programme::Programme::check`] reports all its
//! problems before anything is sealed. [`programme::Programme::policy`] makes the policy of each draw, with
//! the digests of its sources. [`pack::Pack::frame`] fills the frame with the signals of the [`dossier`] and
//! the levels that follow. [`programme::Programme::visits`] merges the visits of several draws to one
//! institution. [`programme::Programme::follow`] turns an answered form into events and an entry.
//! [`verify::origin`] makes all of it again.
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
//! assert_eq!(policy.origin.as_ref().map(|origin| origin.pack), Some(pack.digest(Suite::Sha256)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # After the teams
//!
//! [`Assignment::explain`] gives the chance or the bar of any officer at any drawn unit, [`Assignment::load`]
//! the reason of a load, [`Assignment::summary`] the table in a few numbers. When an officer drops out,
//! [`Plan::reassign`] gives every place of his to the first reserve who can, and the teams after it. Keep the
//! outcome with its reason, its evidence and, for a chain, its approval.
//! [`verify::replay_team`] replays the team of one unit alone. [`Cycle::back_check`] is the frame of a draw
//! that checks finished visits again.
//!
//! # What it is not
//!
//! The library opens no file, socket or clock and has no source of randomness of its own. It cannot tell
//! whether the frame is complete, whether the facts behind its levels are true, whether a visit took place,
//! or whether all events of the year were entered. A ledger proves only that nothing changed after a witness
//! saw it.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `signatures` | Ed25519 signatures of notes (ed25519-dalek); without it a report says that they were not checked |
//! | `drand` | the BLS signature of a drand round (drand-verify); likewise |
//! | `schema` | the JSON Schemas of [`embed`] (schemars) |
//! | `c-abi` | the C interface of [`embed`] |
//! | `rayon` | all cores read and hash rows, make tickets and draw teams; no byte depends on it |

pub mod message;
pub mod id;
pub mod bytes;
pub mod stratum;
pub mod odds;
pub mod matching;
pub mod lot;
pub mod table;
pub mod calendar;
pub mod division;
pub mod frame;
pub mod roster;
pub mod policy;
pub mod register;
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
pub mod dispatch;
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
pub use policy::{Policy, PolicyTerms};
pub use record::Record;
pub use roster::Roster;
pub use sample::Sample;
pub use seal::{SealTerms, Sealed, Seed};
pub use verify::{Evidence, Report, Verdict, verify};
