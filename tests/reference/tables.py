"""Spec 19, the folder: what its tables say, against record and ledger. A cell is None where its text is not known."""
import csv, io

REASONS = {"closed": ("closed", "注销或停业"), "merged": ("merged", "已合并"), "moved": ("moved away", "已迁出"),
           "unreachable": ("not to be found", "无法联系")}

def not_visited(reason):  # in both languages
    english, chinese = REASONS[reason]
    return [f"not visited ({english})", f"未能检查（{chinese}）"]

def texts(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))

def plain(text):  # without the mark that keeps Excel from taking a text for a formula
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@", "'") else text

def wrong_rows(data, columns, expected):
    """What differs, or None; a cell of `expected` is None or the texts that it may be."""
    try:
        rows = texts(data)
    except (UnicodeDecodeError, csv.Error) as error:
        return str(error)
    if not rows or len(rows[0]) != columns:
        return f"{len(rows[0]) if rows else 0} columns of {columns}"
    if len(rows) - 1 != len(expected):
        return f"{len(rows) - 1} rows, expected {len(expected)}"
    for number, (row, wanted) in enumerate(zip(rows[1:], expected), 2):
        if len(row) != columns:
            return f"row {number}: {len(row)} columns of {columns}"
        for column, (cell, known) in enumerate(zip(row, wanted), 1):
            if known is not None and plain(cell) not in known:
                return f"row {number}, column {column}: {cell!r}, expected {' or '.join(known)}"
    return None

def sampled(record):
    kinds = {"picks": ["drawn", "抽中"], "reserves": ["reserve", "备选"]}
    return [([row["id"]], None, None, [cell["path"]], kinds[kind], [row["ticket"]])
            for cell, sample in zip(record["table"]["cells"], record["sample"])
            for kind in ("picks", "reserves") for row in sample[kind]]

def teams(record):
    window, rows = record["policy"]["window"], []
    for visit in record["teams"]["visits"]:
        people = {row["id"] for post in visit["posts"] for row in post["officers"]}
        people |= {row["id"] for post in visit.get("experts", []) for row in post["experts"]}
        rows.append(([visit["unit"]], None, [visit.get("day", f"{window['from']} – {window['to']}")],
                     [" ".join(sorted(people))], [visit.get("lead", "")]))
    return rows

def results(lines, attempt, last):
    """The rows after the entry `last`."""
    visits = {}
    for entry in lines:
        content, number = entry["entry"], entry["number"]
        if number > last:
            break
        if content["kind"] == "sealed" and (content["seal"]["sequence"], content["seal"]["attempt"]) == attempt:
            visits.clear()
        if content["kind"] in ("visited", "missed"):
            visits[number] = content
        if content["kind"] == "amended" and content["amends"] in visits:
            visits[content["amends"]] = content["entry"]
    rows = []
    for visit in visits.values():
        if visit["kind"] not in ("visited", "missed") or visit["draw"] != attempt[0]:
            continue
        made = visit["kind"] == "visited"
        words = [visit["result"]] if made else not_visited(visit["reason"])
        rows.append(([visit["unit"]], None, [visit["date"]], words, [" ".join(visit.get("team", []))]))
    return sorted(rows, key=lambda row: (row[0], row[2], row[3]))

def table_lines(audit):
    """[(result, words)] of the tables of every attempt."""
    found = []
    for name, files in sorted(audit.folder.files.items()):
        record = audit.draws.get(name, {}).get("record")
        for file, data in sorted(files.items()):
            wrong, last = None, file.removeprefix("results-").removesuffix(".csv")
            if file == "sample.csv" and record:
                wrong = wrong_rows(data, 6, sampled(record))
            elif file == "teams.csv" and record:
                wrong = wrong_rows(data, 5, teams(record))
            elif file.startswith("results-") and file.endswith(".csv") and last.isdigit():
                wrong = wrong_rows(data, 5, results(audit.ledger.entries, name, int(last)))
            elif file.endswith(".csv") and not record:
                found.append(("note", f"draws/{name[0]}.{name[1]}/{file}: there is no record beside it"))
            if wrong:
                found.append(("FAIL", f"draws/{name[0]}.{name[1]}/{file}: {wrong}"))
    return found
