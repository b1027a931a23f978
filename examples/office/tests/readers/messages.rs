//! The catalogues of messages: both languages say everything, and the English one says what the library says.

use double_random::bytes::encode;
use double_random::id::UnitIdForm;
use double_random::ledger::Listing;
use double_random::message::{Coded, Message, Param};
use double_random::pack::Pack;
use double_random::plan::Bar;
use double_random::programme::Programme;
use double_random::verify::{
    self, Check, Evidence, LedgerBasis, LedgerCheck, LedgerGap, NotRun, OriginCheck, PublishedDraw,
    RegisterList, Verdict, verify,
};
use double_random::{Cycle, Frame, Policy, Roster};
use double_random_office::catalogue::{self, CHINESE, ENGLISH};
use double_random_office::table::{self, Named, Names, Source};
use double_random_support::demo;
use double_random_support::screen::Lang;
use fluent_bundle::FluentResource;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Codes that are made of the text of a field, and so are written nowhere.
fn is_made(code: &str) -> bool {
    ["bar-", "outside-", "field-", "place-", "check-", "verdict-", "phrase-", "kind-", "register-"]
        .iter()
        .any(|begin| code.starts_with(begin))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The messages of a catalogue: name, and the text as it stands there.
fn messages(catalogue: &str) -> BTreeMap<String, String> {
    let read =
        FluentResource::try_new(catalogue.to_owned()).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    assert!(read.entries().count() > 100);
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut last = String::new();
    for line in catalogue.lines().filter(|line| !line.starts_with('#')) {
        match line.split_once(" = ") {
            Some((name, text)) if !name.starts_with(' ') => {
                last = name.to_owned();
                assert_eq!(found.insert(last.clone(), text.to_owned()), None, "{name} stands twice");
            }
            _ if line.is_empty() => {}
            _ => found.get_mut(&last).unwrap().push_str(&format!("\n{line}")),
        }
    }
    found
}

/// The values that a text takes.
fn values(text: &str) -> BTreeSet<String> {
    let name = |part: &str| part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    text.split('$').skip(1).map(name).collect()
}

/// The values without what a list gives beside itself.
fn plain(values: &BTreeSet<String>) -> BTreeSet<&str> {
    values.iter().map(|name| name.trim_end_matches("_count").trim_end_matches("_lines")).collect()
}

#[test]
fn both_languages_say_everything_with_the_same_values() {
    let (english, chinese) = (messages(ENGLISH), messages(CHINESE));
    let names = |words: &BTreeMap<String, String>| words.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&english), names(&chinese));
    for (name, text) in &english {
        let (here, there) = (values(text), values(&chinese[name]));
        // A refusal of a ledger compares a value with an expected one; its Chinese sentence says which rule that is.
        let (here, there) = (plain(&here), plain(&there));
        let kept = if name.starts_with("ledger-") { there.is_subset(&here) } else { here == there };
        assert!(kept, "{name}: {here:?} in English, {there:?} in Chinese");
    }
}

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("src/message.rs") {
            found.push(fs::read_to_string(&path).unwrap());
        }
    }
}

/// The text of a Rust literal that begins a text, and what follows it.
fn literal(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start().strip_prefix('"')?;
    let (mut read, mut letters) = (String::new(), text.char_indices());
    while let Some((place, letter)) = letters.next() {
        match letter {
            '"' => return Some((read, &text[place + 1..])),
            '\\' => match letters.next()?.1 {
                '\n' => {
                    let rest = letters.as_str().trim_start();
                    let gone = letters.as_str().len() - rest.len();
                    (0..letters.as_str()[..gone].chars().count()).for_each(|_| _ = letters.next());
                }
                'n' => read.push('\n'),
                other => read.push(other),
            },
            other => read.push(other),
        }
    }
    None
}

/// Every code that library and office have, with its English words where they stand beside it.
fn codes() -> BTreeMap<String, Option<String>> {
    let mut texts = Vec::new();
    sources(&root().join("src"), &mut texts);
    sources(&root().join("examples/office/src"), &mut texts);
    sources(&root().join("examples/support/src"), &mut texts);
    sources(&root().join("examples/demo/src"), &mut texts);
    for example in ["draw", "kit", "seal", "verify"] {
        texts.push(fs::read_to_string(root().join("examples").join(example).with_extension("rs")).unwrap());
    }
    let mut found = BTreeMap::new();
    for text in &texts {
        for said in text.split("said!(").skip(1) {
            let Some((code, rest)) = literal(said) else { continue };
            let words = rest.trim_start().strip_prefix(',').and_then(literal).map(|(words, _)| words);
            if let Some(Some(other)) = found.insert(code.clone(), words.clone()) {
                assert_eq!(Some(other), words, "{code} says two things");
            }
        }
        // What the examples and the demonstrations say: `say!("screen.lang", "…")`.
        for said in text.split("say!(").skip(1) {
            let Some((code, rest)) = literal(said).filter(|(code, _)| code.starts_with("screen.")) else {
                continue;
            };
            let words = rest.trim_start().strip_prefix(',').and_then(literal).map(|(words, _)| words);
            if let Some(Some(other)) = found.insert(code.clone(), words.clone()) {
                assert_eq!(Some(other), words, "{code} says two things");
            }
        }
        // Lists of words with codes: `Seal = "the published seal" => "not_run.seal"`.
        for listed in text.split(" = \"").skip(1) {
            let Some((words, rest)) =
                literal(&format!("\"{listed}")).map(|(words, rest)| (words, rest.to_owned()))
            else {
                continue;
            };
            let Some(rest) = rest.trim_start().strip_prefix("=>") else { continue };
            if let Some((code, _)) = literal(rest) {
                found.insert(code, Some(words));
            }
        }
        // Functions of words: `seed = "compared.seed", "the seed";`.
        for line in text.lines().filter(|line| line.trim_end().ends_with("\";")) {
            let Some((_, code)) = line.split_once(" = ") else { continue };
            let Some((code, rest)) = literal(code) else { continue };
            if let Some((words, _)) = rest.strip_prefix(',').and_then(literal) {
                found.insert(code, Some(words));
            }
        }
        let others = ["Message::new(", " => \""].into_iter().flat_map(|before| text.split(before).skip(1));
        let own = ["office.", "ledger.", "screen.", "stream."].into_iter().flat_map(|room| {
            text.split(&format!("\"{room}"))
                .skip(1)
                .map(move |rest| format!("{room}{rest}"))
                .collect::<Vec<_>>()
        });
        let others = others.map(str::to_owned).chain(own).filter(|rest| !rest.starts_with("office.db"));
        for other in others {
            let quoted =
                if other.trim_start().starts_with('"') { other.to_owned() } else { format!("\"{other}") };
            let Some((code, _)) = literal(&quoted) else { continue };
            let dotted = code.matches('.').count() >= if code.starts_with("ledger.") { 2 } else { 1 }
                && !code.ends_with(".jsonl")
                && code.chars().all(|c| c.is_ascii_lowercase() || "._".contains(c));
            if dotted {
                found.entry(code).or_insert(None);
            }
        }
    }
    found
}

#[test]
fn every_code_has_words_in_both_languages_and_every_word_a_code() {
    let codes = codes();
    assert!(
        codes.len() > 300,
        "only {} codes were found: does this test still read the sources?",
        codes.len()
    );
    let lack =
        |lang| codes.keys().filter(move |code| !catalogue::has(code, lang)).cloned().collect::<Vec<_>>();
    assert_eq!((lack(Lang::En), lack(Lang::Zh)), (Vec::new(), Vec::new()));
    let known: BTreeSet<String> = codes.keys().map(|code| code.replace('.', "-")).collect();
    // What `src/message.rs` itself says: that two values differ.
    let single =
        ["digest", "decimal", "left_off", "ledger-cut", "ledger-line", "ledger-refused", "compared-differs"];
    let idle = |name: &&String| !known.contains(*name) && !is_made(name) && !single.contains(&name.as_str());
    assert_eq!(messages(ENGLISH).keys().filter(idle).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// The lists of words that the library has with codes: each says in English what the library says, and has Chinese.
fn hold_all<T: Coded + Copy>(all: &[T], seen: &mut BTreeSet<&'static str>) {
    all.iter().for_each(|one| hold(one, seen));
}

/// Every word of reports that is no value has a code, and each code its words in both languages: checks, verdicts,
/// the lists of a report, why a check was not run, and what forged documents differ in.
#[test]
fn reports_are_said_in_both_languages() {
    let checks = Check::ALL
        .iter()
        .map(|check| check.to_string())
        .chain(OriginCheck::ALL.iter().map(|check| check.to_string()));
    let checks = checks.chain(LedgerCheck::all().map(|check| check.to_string()));
    let lack: Vec<String> =
        checks.filter(|check| !catalogue::has(&format!("check.{check}"), Lang::Zh)).collect();
    assert_eq!(lack, Vec::<String>::new());
    for bar in [
        Bar::Certificate,
        Bar::Absence,
        Bar::Qualification,
        Bar::Enterprise,
        Bar::Jurisdiction,
        Bar::Recusal,
        Bar::Grid,
        Bar::Rotation,
    ] {
        assert_eq!(catalogue::text(&format!("bar.{bar}"), &[], Lang::En), bar.to_string());
        assert!(catalogue::has(&format!("bar.{bar}"), Lang::Zh), "{bar}");
    }
    for verdict in Verdict::ALL {
        assert!(catalogue::has(&format!("verdict.{verdict}"), Lang::Zh), "{verdict}");
    }
    let mut seen = BTreeSet::new();
    hold_all(&NotRun::ALL, &mut seen);
    hold_all(&LedgerBasis::ALL, &mut seen);
    hold_all(&LedgerGap::ALL, &mut seen);
    hold_all(&Listing::ALL, &mut seen);
    hold_all(&RegisterList::ALL, &mut seen);
    assert!(seen.len() > 90, "{}", seen.len());
}

/// What is said of a plan, of the probability of each institution, and of its receipt.
#[test]
fn plans_and_receipts_are_said_in_both_languages() {
    let plan = demo::plan().unwrap();
    let mut seen = BTreeSet::new();
    for unit in plan.frame().units() {
        plan.explain(&unit.id).unwrap().steps.iter().for_each(|step| hold(step, &mut seen));
    }
    plan.capacity().iter().for_each(|capacity| hold(capacity, &mut seen));
    plan.idle_rules().iter().for_each(|rule| hold(rule, &mut seen));
    plan.strays().iter().for_each(|stray| hold(stray, &mut seen));
    plan.understaffed().iter().for_each(|post| hold(post, &mut seen));
    hold(&plan.foresight(), &mut seen);
    let first = plan.frame().units()[0].id.clone();
    let sealed = plan.seal(demo::terms().unwrap()).unwrap();
    let receipt = sealed.receipts().get(&first).unwrap();
    for seal in [None, Some(sealed.seal())] {
        let published = PublishedDraw { seal, ..PublishedDraw::default() };
        verify::receipt(&receipt, None, &published).lines().iter().for_each(|line| hold(line, &mut seen));
    }
    for code in ["explain.base", "explain.bounds", "capacity.enough", "established.row", "open.seal"] {
        assert!(seen.contains(code), "{code}: {seen:?}");
    }
}

/// The words beside a code are those of the English catalogue, letter by letter.
#[test]
fn the_english_catalogue_says_what_the_library_says() {
    let english = messages(ENGLISH);
    for (code, words) in codes() {
        let Some(words) = words else { continue };
        let written = &english[&code.replace('.', "-")];
        let mut expected = words.replace("{{", "\u{1}");
        for name in values(&words.replace('{', "$")) {
            expected = expected.replace(&format!("{{{name}}}"), &format!("{{ ${name} }}"));
        }
        // Fluent drops spaces before a text.
        let expected = match expected.strip_prefix("  ") {
            Some(rest) => format!("{{\"  \"}}{rest}"),
            None => expected,
        };
        assert_eq!(&expected.replace('\u{1}', "{\"{\"}"), written, "{code}");
    }
}

/// A text without its values has no English in it: no two words of three letters, one after the other.
fn has_english(text: &str, message: &Message) -> bool {
    let (mut text, mut found) = (text.to_owned(), Vec::new());
    texts(message.params().values(), &mut found);
    found.sort_by_key(|value| std::cmp::Reverse(value.len()));
    found.into_iter().filter(|value| !value.is_empty()).for_each(|value| text = text.replace(value, ""));
    // What stands in Chinese quotation marks is what somebody wrote.
    let own = text.split('“').map(|part| part.split_once('”').map_or(part, |(_, after)| after));
    let text = without_commands(&own.collect::<Vec<_>>().join("“”"));
    let words: Vec<&str> = text.split(|c: char| !(c.is_ascii_alphabetic() || c == ' ')).collect();
    words.iter().any(|run| run.split(' ').filter(|word| word.len() > 2).count() > 1)
}

/// A text without what is typed as it stands: commands (`office import units`), options with their values.
fn without_commands(text: &str) -> String {
    let mut kept = Vec::new();
    let mut typed = false;
    for word in text.split(' ') {
        let begins =
            |mark: &str| word.rsplit(|c: char| !c.is_ascii()).next().is_some_and(|end| end.starts_with(mark));
        if begins("--") || begins("office") {
            typed = true;
            kept.push("·");
        } else if !(typed && word.is_ascii()) {
            kept.push(word);
            typed = false;
        }
    }
    kept.join(" ")
}

/// The values that are texts, of a message and of those in it.
fn texts<'a>(values: impl IntoIterator<Item = &'a Param>, found: &mut Vec<&'a str>) {
    for value in values {
        match value {
            Param::Text(value) => found.push(value),
            Param::List(values) => values.iter().for_each(|value| texts([value], found)),
            Param::Message(message) => {
                message.params().values().for_each(|value| texts([value], found));
            }
            Param::Number(_) => {}
        }
    }
}

/// The codes of a message and of those in it.
fn within(message: &Message, found: &mut BTreeSet<&'static str>) {
    fn value(param: &Param, found: &mut BTreeSet<&'static str>) {
        match param {
            Param::Message(message) => within(message, found),
            Param::List(list) => list.iter().for_each(|one| value(one, found)),
            Param::Text(_) | Param::Number(_) => {}
        }
    }
    found.insert(message.rule());
    message.params().values().for_each(|one| value(one, found));
}

/// Holds one message: its English words are those of the library, its Chinese ones are Chinese.
fn hold(coded: &dyn Coded, seen: &mut BTreeSet<&'static str>) {
    let message = coded.message();
    let [english, chinese] = [Lang::En, Lang::Zh].map(|lang| {
        catalogue::in_catalogue(&message, lang).unwrap_or_else(|| panic!("no words: {}", message.rule()))
    });
    assert_eq!(english, coded.to_string().replace("\\\"", "\""), "{}", message.rule());
    let mut own = BTreeSet::new();
    within(&message, &mut own);
    assert!(!has_english(&chinese, &message), "{}: {chinese}", message.rule());
    seen.extend(own);
}

/// A document with the changes of a case of `tests/vectors/refusals.json`.
fn patched(base: &Value, patch: &[Value]) -> Value {
    let mut document = base.clone();
    for change in patch {
        let (parent, name) = change["path"].as_str().unwrap().rsplit_once('/').unwrap();
        let value = match change["op"].as_str().unwrap() {
            "remove" => None,
            "fill" => {
                let times = usize::try_from(change["times"].as_u64().unwrap()).unwrap();
                Some(Value::Array(vec![change["value"].clone(); times]))
            }
            _ => Some(change["value"].clone()),
        };
        match document.pointer_mut(parent).unwrap() {
            Value::Object(fields) => match value {
                Some(value) => drop(fields.insert(name.to_owned(), value)),
                None => drop(fields.remove(name)),
            },
            Value::Array(list) => {
                let place: usize = name.parse().unwrap();
                if change["op"] != "add" && place < list.len() {
                    list.remove(place);
                }
                value.into_iter().for_each(|value| list.insert(place, value));
            }
            other => panic!("{other}"),
        }
    }
    document
}

/// Every refused document of the vectors, and every wrong pack and rating of the tests.
#[test]
fn every_refusal_of_a_document_is_said_in_both_languages() {
    let mut seen = BTreeSet::new();
    let path = root().join("tests/vectors/refusals.json");
    let vectors: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let policy = |text: &str, seen: &mut BTreeSet<_>| {
        Policy::from_json(text).err().iter().for_each(|error| hold(error, seen));
    };
    for case in vectors["cases"].as_array().unwrap() {
        let kind = case["document"].as_str().unwrap();
        let value = patched(&vectors["bases"][kind], case["patch"].as_array().unwrap());
        let terms = || Policy::from_json(&value["policy"].to_string()).unwrap();
        let refused = seen.len();
        match kind {
            "policy" | "rated" | "elsewhere" => policy(&value.to_string(), &mut seen),
            "frame" => match Frame::from_json(&encode(&value["frame"]).unwrap()) {
                Ok((frame, _)) => {
                    let found = frame.conforms(&terms().frame, terms().as_of).err();
                    found.iter().for_each(|problems| hold(problems, &mut seen));
                }
                Err(error) => hold(&error, &mut seen),
            },
            "roster" | "elsewhere_roster" => match Roster::from_json(&encode(&value["roster"]).unwrap()) {
                Ok((roster, _)) => {
                    let found = roster.conforms(&terms().roster, terms().as_of).err();
                    found.iter().for_each(|problems| hold(problems, &mut seen));
                }
                Err(error) => hold(&error, &mut seen),
            },
            "cycle" => {
                let found = Cycle::from_json(&encode(&value).unwrap()).err();
                found.iter().for_each(|error| hold(error, &mut seen));
            }
            other => panic!("{other}"),
        }
        assert!(case["refused"] == true || seen.len() == refused, "{case}");
    }
    for (change, _) in testkit::rules::bad_ratings() {
        policy(&testkit::rules::rated_policy_json(change), &mut seen);
    }
    for (change, _) in testkit::rules::bad_packs() {
        let found = Pack::from_json(&testkit::rules::pack_json(change)).err();
        found.iter().for_each(|error| hold(error, &mut seen));
    }
    assert!(seen.len() > 150, "{} codes: {seen:?}", seen.len());
}

/// Every mistake of JSON that its parser tells from the others, in its own words: where these change, its Chinese is
/// lost, and this test fails.
#[test]
fn what_the_parser_of_json_says_is_said_in_both_languages() {
    let deep = "[".repeat(200);
    let (mut seen, mut english) = (BTreeSet::new(), Vec::new());
    let wrong = [
        "",
        "text",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "[1 2]",
        "[tru]",
        "[nul,1]",
        "[x]",
        "{a:1}",
        "{1:1}",
        "[1,]",
        "{\"a\":1,}",
        "[] x",
        "[01]",
        "[1.]",
        "[-]",
        "[1e999]",
        "[\"\\q\"]",
        "[\"\\ud800\"]",
        "[\"\\ud800\\u0041\"]",
        "[\"\\udc00\"]",
        "[\"\\u12\"]",
        "[\"\\u12zz\"]",
        "[\"\u{1}\"]",
        "[1",
        "{\"a\":",
        "[\"a",
        "{\"a\":null}",
        &deep,
    ];
    for text in wrong {
        let Err(said) = double_random::bytes::written::<Value>(text) else { panic!("{text} is JSON") };
        hold(&said, &mut seen);
        english.extend(left_in_english(&said));
    }
    for text in [
        "[7]",
        "{\"title\":7}",
        "{\"title\":true}",
        "{\"title\":1.5}",
        "{\"title\":[]}",
        "{\"title\":{}}",
        "{\"sequence\":\"1\"}",
        "{\"sequence\":-1}",
        "{\"sequence\":0}",
        "{\"sequence\":99999999999999999999}",
        "{\"nothing\":1}",
        "{\"title\":\"a\",\"title\":\"b\"}",
        "{}",
    ] {
        let Err(error) = Policy::from_json(text) else { panic!("{text} is a policy") };
        hold(&error, &mut seen);
        english.extend(left_in_english(&error.message()));
    }
    assert_eq!(english, Vec::<String>::new());
    assert!(seen.contains("form.syntax") && seen.contains("form.wrong_type"), "{seen:?}");
}

/// One word for one thing: units that stand by for a unit that is gone are 候补 (docs/glossary.md).
#[test]
fn reserves_have_one_name() {
    let page = ["words.mjs", "checkwords.mjs", "reasons.mjs"]
        .map(|file| fs::read_to_string(root().join("examples/office/page").join(file)).unwrap());
    for text in page.iter().map(String::as_str).chain([CHINESE, catalogue::CHINESE_HELP]) {
        assert!(text.contains("候补") && !text.contains("备选"));
    }
}

/// What is said in Chinese of a message whose values are phrases, if English is left in it: the values are read, too.
fn left_in_english(message: &Message) -> Option<String> {
    let told = catalogue::words(message, Lang::Zh);
    has_english(&told, &Message::new("plain", String::new(), [])).then_some(told)
}

/// What a report says of forged records: by its code in both languages, in English as the library says it.
#[test]
fn reports_of_forged_records_are_said_in_both_languages() {
    let (mut seen, mut failed, mut english) = (BTreeSet::new(), 0, Vec::new());
    for forged in testkit::forged::forged() {
        let record = forged.read();
        let (seal, beacon) = (Some(record.seal.clone()), Some(record.beacon.clone()));
        let report = verify(&record, &Evidence { seal, beacon, ..Evidence::default() });
        failed += report.failed().len();
        let lines = report.lines();
        lines.iter().for_each(|line| hold(line, &mut seen));
        english.extend(lines.iter().filter_map(left_in_english));
    }
    assert!(failed > 30, "{failed} failed checks");
    assert_eq!(english, Vec::<String>::new());
    let compared = seen.iter().filter(|code| code.starts_with("compared.")).count();
    assert!(compared > 20, "{compared} {seen:?}");
}

/// What the report of a year says, as it is and where what was published of it is exchanged.
#[test]
fn reports_of_ledgers_are_said_in_both_languages() {
    let (mut seen, mut english) = (BTreeSet::new(), Vec::new());
    let mut office = testkit::ledger::year();
    let mut reports = vec![double_random::verify::ledger(office.lines(), &office.evidence)];
    let draws: Vec<_> = office.evidence.draws.keys().copied().collect();
    for pair in draws.windows(2) {
        let mut evidence = office.evidence.clone();
        let other = evidence.draws[&pair[1]].clone();
        evidence.draws.insert(pair[0], other);
        reports.push(double_random::verify::ledger(office.lines(), &evidence));
    }
    let cut = office.lines().len() / 2;
    reports.push(double_random::verify::ledger(&office.lines()[..cut], &office.evidence));
    let mut swapped = office.lines().to_vec();
    swapped.swap(cut, cut + 1);
    reports.push(double_random::verify::ledger(&swapped, &office.evidence));
    office.evidence.draws.clear();
    reports.push(double_random::verify::ledger(office.lines(), &office.evidence));
    for report in &reports {
        let lines = report.messages();
        // The entries of a list have a form of their own in each language.
        let alike = lines.iter().filter(|line| line.rule() != "report.list");
        alike.for_each(|line| hold(line, &mut seen));
        lines.iter().for_each(|line| within(line, &mut seen));
        english.extend(lines.iter().filter_map(left_in_english));
    }
    assert_eq!(english, Vec::<String>::new());
    let of = |begin: &str| seen.iter().filter(|code| code.starts_with(begin)).count();
    assert!(of("compared.") > 5 && of("not_run.") > 5 && of("listed.") > 3, "{seen:?}");
}

/// What the check of a year finds, for a programme of another pack's year with everything wrong that can be.
#[test]
fn findings_are_said_in_both_languages() {
    let folder = root().join("examples/rules");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let pack = Pack::from_json(&read("quanzhou.json")).unwrap();
    let mut programme: Value = serde_json::from_str(&read("quanzhou-2026.json")).unwrap();
    for task in programme["tasks"].as_array_mut().unwrap() {
        task["departments"] = Value::Null;
        task.as_object_mut().unwrap().remove("departments");
        for batch in task["batches"].as_array_mut().unwrap() {
            batch["share"] = "0.3".into();
            batch["published"] = batch["drawn"].clone();
            batch["recusals"] = batch["drawn"].clone();
        }
        task["items"].as_array_mut().unwrap().truncate(1);
    }
    let programme = Programme::from_json(&programme.to_string()).unwrap();
    let policy = Policy::from_json(&testkit::policy_json(|_| ())).unwrap();
    let frame = Frame::new([], &policy.frame, policy.as_of).unwrap();
    let mut seen = BTreeSet::new();
    let found = programme.check(&pack, &frame);
    found.as_slice().iter().for_each(|finding| hold(finding, &mut seen));
    assert!(seen.len() > 6, "{seen:?}");
}

/// What is said of a table: why it is not read, and what was left out of it. Each of the inputs of the other tests, and
/// texts with everything wrong.
#[test]
fn what_is_said_of_a_table_is_said_in_both_languages() {
    let policy = Policy::from_json(include_str!("../../../data/quanzhou_policy.json")).unwrap();
    let mut inputs: Vec<Vec<u8>> = fs::read_dir(root().join("examples/office/tests/data/entered"))
        .unwrap()
        .map(|entry| fs::read(entry.unwrap().path()).unwrap())
        .collect();
    let head = "id,name,division,kind,risk,credit,opened,licence,valid until";
    let rows = "FJQZ-1,甲,350502,tcm,low,A,04/03/2026,L-1,长期";
    inputs.extend(
        [
            "",
            "no table at all",
            "<html><table></table>",
            "\u{fffe}",
            &format!("附件\n{head},,备忘\n{rows},x,y\n{head},,备忘\n合计,5\n注：以上\n"),
            &format!("{head}\n{rows}\nfjqz-1,甲,350502,tcm,low,A,,L-2,\nFJQZ-2,甲,350502,tcm,low,A,2020-01-01 9:30,L-3,2030-01-01\n"),
            &format!("{head}\n9.135E+17,乙??,350502,tcm,low,A,1900-01-00,L-1;L-2,长期\n"),
            &format!("{head}\n9135050,锟斤拷,350502,tcm,low,A,,,\n\u{fffd},\u{fffd},1,1,1,1,1,1,1,1,1\n"),
            &format!("{head}\n\"open,甲\n"),
            &format!("附件\n{head},,备忘\nFJQZ-1,甲??,350502,tcm,low,A,2020-01-01 9:30,L-1,\nFJQZ-1,甲??,350502,tcm,low,A,2020-01-01 9:30,L-4,\n{head},,备忘\nFJQZ-2,甲??,350502,tcm,low,A,1900-01-00,L-2,\n合计,5\n注：以上\n"),
            "id,name,department,divisions,certified until\nA-1,张三,卫生,350502,长期\n",
            "编号,名称,编号\nA-1,甲,乙\n",
            "id,visits,exposure,last visit,last team\nA-1,x,y,z,长\n9.1E+17,1,0.5,2026-01-01,\n",
            "unit,date,result\n甲,2026-13-45,x\n",
            "date,entry,signal,unit,source\n昨天,删除,无,甲,x\n2026-01-01,noted,complaints,FJQZ-1,x\n",
            "unit,address,code\nFJQZ-1,东街一号,91350500A\n",
            "抽查任务名称,抽查比例\n注意,\n甲,5%\n",
        ]
        .map(|text| text.as_bytes().to_vec()),
    );
    inputs.push(vec![0xff, 0xfe, 0x00]);
    inputs.push(b"PK\x03\x04rest".to_vec());
    inputs.push(b"\xd0\xcf\x11\xe0rest".to_vec());
    inputs.push(b"id,name\nX-1,JALAPE\xd1O\n".to_vec());
    let mut seen = BTreeSet::new();
    macro_rules! all {
        ($($read:expr),+ $(,)?) => {
            $(match $read {
                Ok((_, notes, _)) => notes.iter().for_each(|note| hold(note, &mut seen)),
                Err(error) => {
                    hold(&error, &mut seen);
                    error.problems().iter().for_each(|problem| hold(problem, &mut seen));
                }
            })+
        };
    }
    let known = |id: &str, name: &str| Named::new([(id.to_owned(), name.to_owned())]);
    let names = Names {
        units: known("FJQZ-1", "乙"),
        people: known("QZ-1", "张三"),
        signals: vec![("complaints".to_owned(), "投诉举报".to_owned())],
        ids: UnitIdForm::default(),
    };
    for input in &inputs {
        let source = || Source::new(input).names(&names);
        all!(
            table::units(source(), &policy),
            table::inspectors(source(), &policy),
            table::experts(source(), &policy),
            table::recusals(source(), &policy),
            table::standings(source()),
            table::results(source()),
            table::entries(source()),
            table::seats(source()),
            table::plans(source()),
        );
        all!(table::units(source().encoding(Some(encoding_rs::UTF_16BE)), &policy));
    }
    assert!(seen.len() > 55, "{} codes: {seen:?}", seen.len());
}

/// The sources of a folder without their comments and tests, by file.
fn code_of(folder: &str) -> Vec<(String, String)> {
    fn gather(base: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(base, &path, found);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap().lines();
            let code = code.filter(|line| !line.trim_start().starts_with("//"));
            let name = path.strip_prefix(base).unwrap().to_str().unwrap().replace('\\', "/");
            found.push((name, code.collect::<Vec<_>>().join("\n")));
        }
    }
    let base = root().join(folder);
    let mut found = Vec::new();
    gather(&base, &base, &mut found);
    found
}

/// The sources of the office.
fn code_of_the_office() -> Vec<(String, String)> {
    let found = code_of("examples/office/src");
    assert!(found.len() > 80, "{}", found.len());
    found
}

/// The sources of the office, of what the programs share, of the demonstrations and of the examples. `quickstart`
/// speaks English only.
fn code_of_the_programs() -> Vec<(String, String)> {
    let mut found = code_of_the_office();
    found.extend(code_of("examples/support/src"));
    found.extend(code_of("examples/demo/src"));
    for example in ["draw.rs", "kit.rs", "seal.rs", "verify.rs"] {
        let text = fs::read_to_string(root().join("examples").join(example)).unwrap();
        found.push((example.to_owned(), text));
    }
    assert!(found.len() > 110, "{}", found.len());
    found
}

/// Whether a line holds words of a Chinese sentence: what stands in the code for itself are names and marks that people
/// write in their tables.
fn is_chinese_sentence(line: &str) -> bool {
    let is_han = |letter: &char| matches!(letter, '\u{4e00}'..='\u{9fff}');
    let letters: Vec<char> = line.chars().collect();
    letters
        .windows(4)
        .any(|run| is_han(&run[0]) && is_han(&run[1]) && "；。，：？！".contains(run[2]) && is_han(&run[3]))
}

/// What people read stands in the catalogues, where every text is held to have both languages and the same values: the
/// code chooses between no two texts by the language, and holds no sentence in Chinese.
#[test]
fn no_words_stand_in_the_code_as_a_pair() {
    // A heading is one of those that the readers of tables take. A catalogue and a list for both languages choose by
    // the language; headings of the demonstrations' tables still stand as pairs of lists.
    const CHOSEN: [(&str, usize); 7] = [
        ("bin/audit/report.rs", 1),
        ("bin/figures.rs", 2),
        ("bin/five_cities/main.rs", 1),
        ("bin/year/tables.rs", 3),
        ("catalogue.rs", 2),
        ("screen.rs", 4),
        ("table/headings.rs", 2),
    ];
    const PAIRS: [&str; 6] =
        ["lang.say(", "lang.of([", "Lang::Zh =>", "Lang::Zh if", "Lang::Zh) => \"", "Lang::Zh) => format!"];
    let (mut found, mut sentences) = (Vec::new(), Vec::new());
    for (file, code) in code_of_the_office() {
        let lines = code.lines().filter(|line| is_chinese_sentence(line));
        sentences.extend(lines.map(|line| format!("{file}: {line}")));
    }
    for (file, code) in code_of_the_programs() {
        let flat: String = code.lines().map(str::trim).collect();
        let count: usize = PAIRS.iter().map(|word| flat.matches(word).count()).sum();
        if count > 0 {
            found.push((file, count));
        }
    }
    found.sort();
    assert_eq!(found, CHOSEN.map(|(file, count)| (file.to_owned(), count)));
    assert_eq!(sentences, Vec::<String>::new());
}

/// The arguments of a call, from behind its bracket.
fn arguments(call: &str) -> Vec<String> {
    let (mut found, mut depth, mut letters) = (vec![String::new()], 0, call.chars());
    while let Some(letter) = letters.next() {
        let last = found.last_mut().unwrap();
        match letter {
            '"' => {
                last.push('"');
                while let Some(letter) = letters.next() {
                    last.push(letter);
                    match letter {
                        '\\' => last.extend(letters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
                continue;
            }
            ')' | ']' | '}' if depth == 0 => return found,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        last.push(letter);
    }
    panic!("a call that does not end: {}", &call[..80.min(call.len())]);
}

/// A text of the office gets the values that the catalogue has in it, by their names; a text that is taken as a word
/// has none, and is one line.
#[test]
fn texts_get_the_values_that_stand_in_them() {
    // Codes that a call gets from a function, codes of messages that are looked for, and the name of a file.
    const OTHERS: [&str; 4] = ["office-usage-", "office-at-row", "office-note-unread", "office-db"];
    let (english, chinese) = (messages(ENGLISH), messages(CHINESE));
    let (mut told, mut taken) = (0, BTreeSet::new());
    for (file, code) in code_of_the_programs() {
        for call in code.split("catalogue::word(\"").skip(1) {
            taken.insert(call.split('"').next().unwrap().replace('.', "-"));
        }
        for call in code.split("told!(").skip(1).filter(|call| !call.starts_with("@value")) {
            let given = arguments(call);
            // The macro itself, and its example.
            if given.len() < 2 || given[0].starts_with('$') {
                continue;
            }
            let (name, _) = literal(&given[1]).unwrap_or_else(|| panic!("{file}: {given:?}"));
            let names = given[2..].iter().map(|one| one.split('=').next().unwrap().trim().to_owned());
            let names: BTreeSet<String> = names.filter(|name| !name.is_empty()).collect();
            assert_eq!(names, values(&english[&name.replace('.', "-")]), "{file}: {name}");
            told += 1;
        }
    }
    for (_, code) in code_of_the_office() {
        let mut rest = code.as_str();
        while let Some((before, after)) = rest.split_once("\"office.") {
            let (name, _) = literal(&format!("\"office.{after}")).unwrap();
            let call = before.trim_end();
            let with_values = ["say!(", "Message::new(", "text(", "told!("].iter().any(|begin| {
                let call = call.rsplit_once(begin).map(|(_, between)| between);
                call.is_some_and(|between| {
                    !between.contains([';', '"', '{']) && between.matches(',').count() <= 1
                })
            });
            let dotted = name.chars().all(|c| c.is_ascii_lowercase() || "._".contains(c));
            if !with_values && dotted && name.contains('.') {
                taken.insert(name.replace('.', "-"));
            }
            rest = after;
        }
    }
    let wrong = |name: &&String| {
        let text =
            |words: &BTreeMap<String, String>| words.get(*name).is_none_or(|text| text.contains(['{', '\n']));
        let other = OTHERS.iter().chain(&["office-between-"]).any(|begin| name.starts_with(begin));
        !other && (text(&english) || text(&chinese))
    };
    assert_eq!(taken.iter().filter(wrong).collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(told > 130 && taken.len() > 350, "{told} {}", taken.len());
}

/// Every kind of entry of a ledger, and every register, has its words.
#[test]
fn kinds_of_entries_and_registers_are_said_in_both_languages() {
    let office = testkit::ledger::year();
    let kinds = office.lines().iter().map(|line| {
        let value = serde_json::to_value(&line.entry().entry).unwrap();
        format!("kind.{}", value["kind"].as_str().unwrap())
    });
    let kinds: BTreeSet<String> = kinds.collect();
    assert!(kinds.len() > 10, "{kinds:?}");
    let registers = ["units", "officers", "experts", "recusals"].map(|name| format!("register.{name}"));
    for name in kinds.into_iter().chain(registers) {
        assert!(catalogue::has(&name, Lang::En) && catalogue::has(&name, Lang::Zh), "{name}");
    }
}
