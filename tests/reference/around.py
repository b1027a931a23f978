"""Spec 19, the folder: its verdict, and what is found around the ledger, by code."""
import json

from basics import MALFORMED, Fail, Unusable, canon, has_fields, need, parse, suite_of
from brought import value_findings
from conduct import result_findings
from dossier import entered
from files import index_findings, plain
from packs import read_pack
from programmes import origin_checks, read_form
from tables import table_findings

# What can be said at most of a folder with a finding of this code
AT_MOST = {"differs": "refuted", "index": "refuted", "origin": "refuted", "dossier": "refuted", "earlier": "refuted",
           "missing": "self-consistent", "no_rules": "self-consistent", "no_origin": "self-consistent",
           "own_values": "self-consistent", "not_shown": "confirmed", "not_checked": "confirmed", "not_named": "confirmed",
           "page": "confirmed", "unused": "confirmed"}
VERDICTS = ["refuted", "self-consistent", "confirmed"]

def worst(verdict, findings):
    return min([verdict, *(AT_MOST[code] for _, code, _ in findings)], key=VERDICTS.index)

def read_rules(home):
    """(pack, programme), or None where one of them is not there."""
    values = {}
    for name in ("pack", "programme"):
        path = home / f"{name}.json"
        if path.exists():
            try:
                value = json.loads(path.read_bytes())
                values[name], reasons = read_pack(value) if name == "pack" else read_form(value)
                need(not reasons, reasons)
            except (Fail, *MALFORMED) as error:
                raise Unusable(f"{path.name}: {type(error).__name__} {error}") from None
    return (values["pack"], values["programme"]) if len(values) == 2 else None

def read_dossier(path, pack):
    try:
        value = parse(plain(path.read_bytes()))
        need(has_fields(value, "document entries protocol salt_key") and value["document"] == "dossier", "its form")
        taken, why = entered(pack, value["entries"])
        need(why is None, f"entry {taken + 1}: {why}")
        return value
    except (Fail, *MALFORMED) as error:
        raise Unusable(f"{path.name}: {type(error).__name__} {error}") from None

def origin_findings(rules, draws, dossiers, registered):
    """Of the rules behind every draw; `registered(name)`: the register that has it has a programme."""
    found = []
    for name, files in sorted(draws.items()):
        origin, place = files.get("record", {}).get("policy", {}).get("origin"), "draws/{}.{}".format(*name)
        if "record" in files and origin is None and registered(name):
            found.append((place, "no_origin", "its policy names no rules that it follows from"))
        if origin is not None and rules is None:
            found.append((place, "no_rules", "pack.json and programme.json, from which its policy follows"))
        if origin is None or rules is None:
            continue
        earlier = [dossiers[other] for other in sorted(dossiers) if other < name] if name in dossiers else []
        units = files["frame"]["units"] if "frame" in files else None
        with suite_of(files["record"]["policy"]):
            try:
                rows = origin_checks(files["record"]["policy"], *rules, units, dossiers.get(name), *earlier[-1:])
                wrong = [what for check in rows.values() for what, expected, other in check
                         if canon(expected) != canon(other)]
            except (Fail, *MALFORMED) as error:
                rows, wrong = {}, [f"{type(error).__name__} {error}"]
        found += [(place, "origin", what) for what in wrong]
        kept = [check for check in ("dossier", "signals", "levels") if check not in rows]
        found += [(place, "not_shown", " ".join(kept))] if kept else []
    return found

def findings(audit, home):
    """Spec 19, the folder: [(place, code, words)]."""
    rules = read_rules(home)
    path_of = lambda name: home / "draws" / "{}.{}".format(*name) / "dossier.json"
    dossiers = {name: read_dossier(path_of(name), rules[0]) for name in audit.draws if rules and path_of(name).exists()}
    now = [(path.name, read_dossier(path, rules[0])) for path in sorted(home.glob("dossier-*.json")) if rules]
    programmes = {row.number for row in audit.ledger.year.registers if row.programme}
    batches = {name: attempt.batch for name, attempt in audit.ledger.attempts.items()}
    of_programme = lambda name: bool(batches.get(name)) and batches[name][0] in programmes
    found = origin_findings(rules, audit.draws, dossiers, of_programme)
    for (_, one), (name, other) in zip(now, now[1:]):
        if canon(other["entries"][:len(one["entries"])]) != canon(one["entries"]):
            found.append((name, "dossier", "it does not begin with the entries of the one before"))
    if now:
        name, dossier = now[-1]
        found += [(name, code, words) for code, words in result_findings(audit, rules, dossier["entries"])]
    return sorted(found + value_findings(audit) + table_findings(audit, home, rules) + index_findings(home))
