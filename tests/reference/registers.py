"""Spec 19, *Register changes*: what differs between the frames and rosters of draws that follow one another."""
from collections import Counter
from basics import canon

LISTS = {"frame": ("units",), "roster": ("inspectors", "experts", "recusals")}

def rows_of(name, rows):
    """The rows of a list by id; that of a recusal is person and unit."""
    return {f"{row['inspector']} {row['unit']}" if name == "recusals" else row["id"]: row for row in rows}

def entered(ledger, first, last):
    """The visits and inspections of each person in the entries between two seals, as amended."""
    teams = [content["team"] for number, content in ledger.current.items()
             if first <= number < last and content["kind"] in ("visited", "inspected")]
    return Counter(who for team in teams for who in team)

def fields_of(name, was, now, visits):
    """The fields that differ: name, both values as canonical JSON or None, and of `load` the visits entered."""
    for field in sorted(was.keys() | now.keys()):
        if field == "load" and was.get(field, 0) + visits == now.get(field, 0):
            continue
        if field == "load" or was.get(field) != now.get(field):
            values = [canon(row[field]).decode() if field in row else None for row in (was, now)]
            yield [field, *values, visits if field == "load" else None]

def register_changes(ledger, draws):
    found = []
    for file, lists in LISTS.items():
        given = [(attempt, draws[attempt.name][file]) for attempt in ledger.attempts.values()
                 if file in draws.get(attempt.name, {})]
        for (earlier, before), (later, after) in zip(given, given[1:]):
            visits = entered(ledger, earlier.number, later.number)
            for name in lists:
                old, new = (rows_of(name, files.get(name, [])) for files in (before, after))
                for key in sorted(old.keys() | new.keys()):
                    at = [*earlier.name, *later.name, name, key]
                    if key not in new or key not in old:
                        found.append([*at, "gone" if key in old else "new", None, None, None])
                    else:
                        found += [at + row for row in fields_of(name, old[key], new[key], visits[key])]
    order = [name for lists in LISTS.values() for name in lists]
    return sorted(found, key=lambda row: (row[2:4], order.index(row[4]), row[5]))
