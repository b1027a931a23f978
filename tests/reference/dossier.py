"""Spec 22: what is known of the conduct of the institutions, and which signals a unit has of it."""
import itertools

from basics import MALFORMED, PROTOCOL, Fail, H, ascend, canon, day, need, salt, whole
from forms import shaped

MOST = 999_999_999
ENTRIES = {
    "noted": {"count": "count", "date": "date", "entry": "code", "signal": "code", "source": "text", "unit": "unit"},
    "cleared": {"date": "date", "entry": "code", "signal": "code", "source": "text", "unit": "unit"},
    "result": {"date": "date", "drawn?": "bool", "entry": "code", "results": ["code"], "source": "text",
               "unit": "unit"},
    "withdrawn": {"date": "date", "entry": "code", "of": "count", "source": "text"}}
FILE = {"document": {"dossier"}, "entries": ["any"], "protocol": {PROTOCOL}, "salt_key": "hex"}

# ---- Spec 22.1: entries ----

def check_entry(pack, entries, entry):
    """Fails if the entry cannot follow the entries."""
    reasons, kind = [], entry["entry"]
    need(kind in ENTRIES, f"no entry is called {kind}")
    shaped(ENTRIES[kind], entry, kind, reasons)
    need(not reasons, reasons)
    signals = {row["code"]: row for row in pack.get("signals", [])}
    if kind == "result":
        known = {row["code"] for row in pack["results"]}
        need(entry.get("drawn", True), "drawn is left out where it is false")
        need(entry["results"] and ascend(entry["results"]), "results that do not ascend, or none")
        need(set(entry["results"]) <= known, "a result that is none of the pack")
    elif kind == "withdrawn":
        need(1 <= entry["of"] <= len(entries), "a withdrawal of no earlier entry")
        need(entries[entry["of"] - 1]["entry"] != "withdrawn", "a withdrawal of a withdrawal")
        need(entry["of"] not in withdrawals(entries), "an entry that was withdrawn already")
    else:
        need(entry["signal"] in signals, "a signal that is none of the pack")
        need(whole(entry.get("count", 1), 1, MOST), "the count")
        need(kind == "noted" or signals[entry["signal"]].get("clearable", False), "a signal that is not clearable")

def withdrawals(entries):
    """{number of an entry: date of its withdrawal}"""
    return {entry["of"]: entry["date"] for entry in entries if entry["entry"] == "withdrawn"}

def entered(pack, entries):
    """How many entries are taken before the first that is refused, and why it is."""
    for number, entry in enumerate(entries):
        try:
            check_entry(pack, entries[:number], entry)
        except (Fail, *MALFORMED) as error:
            return number, error
    return len(entries), None

def digest(entries, salt_key):
    return H("dossier", canon({"entries": entries, "salt": salt(salt_key, "dossier")}))

# ---- Spec 22.2: signals of a unit on a day ----

def entries_of(entries, unit, as_of):
    """Those of a unit that count, in the order of (date, number), each with its place in it."""
    gone = {number for number, when in withdrawals(entries).items() if when <= as_of}
    rows = [(entry["date"], number, entry) for number, entry in enumerate(entries, 1)
            if entry.get("unit") == unit and entry["date"] <= as_of and number not in gone]
    return [(row[:2], row[2]) for row in sorted(rows, key=lambda row: row[:2])]

def is_in(window, when, as_of):  # step 1 (a)
    if "days" in window:
        return (day(as_of) - day(when)).days < window["days"]
    return "year" not in window or when[:4] == as_of[:4]

def notes(results, signal, entry):  # step 1
    if entry["entry"] == "noted":
        return entry["count"] if entry["signal"] == signal else 0
    return sum(results[code].get("raises", {}).get(signal, 0) for code in entry.get("results", []))

def is_open(results, signal, entries, cleared):  # step 2
    opens = lambda entry: any(results[code].get("opens") == signal for code in entry["results"])
    found = [(place, opens(entry)) for place, entry in entries
             if entry["entry"] == "result" and (opens(entry) or is_pass(results, entry))]
    return bool(found) and found[-1][1] and cleared < found[-1][0]

def kinds_of(results, entry):
    return {results[code]["kind"] for code in entry.get("results", [])}

def is_pass(results, entry):
    kinds = kinds_of(results, entry)
    return "pass" in kinds and "fail" not in kinds

def signals_of(pack, entries, unit, kind, as_of):
    rows, results = entries_of(entries, unit, as_of), {row["code"]: row for row in pack["results"]}
    signals = {}
    for signal in pack.get("signals", []):
        code = signal["code"]
        cleared = max((place for place, row in rows if row["entry"] == "cleared" and row["signal"] == code),
                      default=("", 0))
        total = sum(notes(results, code, row) for place, row in rows
                    if place > cleared and is_in(signal.get("window", {}), row["date"], as_of))
        signals[code] = min(MOST, max(total, int(is_open(results, code, rows, cleared))))
    for ladder in pack.get("ladders", []):
        if kind in ladder.get("kinds", [kind]):
            signals[ladder["code"]] = step_of(ladder, results, [row for _, row in rows])
    return {code: n for code, n in signals.items() if n}  # step 3

# ---- Spec 22.3: ladders ----

def step_of(ladder, results, entries):
    step = count = 0
    visits = [entry for entry in entries if entry["entry"] == "result"]
    for _, same in itertools.groupby(visits, lambda entry: entry["date"]):
        same = list(same)
        if any("fail" in kinds_of(results, entry) for entry in same):
            step, count = min(step, ladder.get("fails_to", 0)), 0
        elif any(entry.get("drawn") and "pass" in kinds_of(results, entry) for entry in same):
            count = min(MOST, count + 1)
            if count == ladder["steps"][step].get("passes"):
                step, count = step + 1, 0
    return step
