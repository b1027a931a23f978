"""Spec 19, the notice: what notice-<n>.json says of a draw, against ledger and record."""
from basics import MALFORMED, PROTOCOL, canon, parse

STATES = "pending", "replaced", "missed", "visited"

def came(lines, attempt):
    """What came of every institution after these entries: replaced, then visited or missed."""
    seal, drawn_at, void, replaced, visits = None, None, None, {}, {}
    for entry in lines:
        content, kind = entry["entry"], entry["entry"]["kind"]
        of_attempt = (content.get("draw"), content.get("attempt")) == attempt
        if kind == "sealed" and (content["seal"]["sequence"], content["seal"]["attempt"]) == attempt:
            seal, drawn_at, void, replaced, visits = content["seal"], None, None, {}, {}
        elif kind == "drawn" and of_attempt:
            drawn_at = entry["at"]
        elif kind == "void" and of_attempt:
            void = content["reason"]
        elif kind == "replaced" and content["draw"] == attempt[0]:
            replaced[content["unit"]] = {"state": "replaced", "by": content["by"], "reason": content["reason"]}
        elif kind in ("visited", "missed") and content["draw"] == attempt[0]:
            visits[entry["number"]] = content
        elif kind == "amended" and content["amends"] in visits:
            visits[content["amends"]] = content["entry"]
    found = dict(replaced)
    for visit in visits.values():
        if visit["kind"] == "missed":
            found[visit["unit"]] = {"state": "missed", "date": visit["date"], "reason": visit["reason"]}
        if visit["kind"] == "visited":
            keys = "date", "result", "team"
            found[visit["unit"]] = {"state": "visited"} | {key: visit[key] for key in keys}
    return seal, drawn_at, void, found

def expected(notice, lines, attempt, policy, cells, record):
    """The fields of a notice that follow from documents; texts for people are not among them."""
    seal, drawn_at, void, found = came(lines[: notice["at"]], attempt)
    stands = void in (None, "not_revealed")
    record = record if stands and "record" in notice else None
    picks = [pick["id"] for cell in record["sample"] for pick in cell["picks"]] if record else []
    for row in found.values() if record else ():
        if row["state"] == "replaced":
            picks.append(row["by"])
    deferred = policy["disclosure"]["mode"] == "deferred" and not record and stands
    return {
        "attempt": attempt[1], "draw": attempt[0], "document": "notice", "protocol": PROTOCOL,
        "closed_until": policy["disclosure"]["reveal_by"] if deferred else None, "void": void, "drawn_at": drawn_at,
        "drawn": sum(len(cell["picks"]) for cell in record["sample"]) if record else None,
        "record": record["digest"] if record else None, "eligible": sum(cell["count"] for cell in cells["cells"]),
        "frame": seal["frame"]["size"] if seal else 0, "method": policy["design"]["method"], "scope": policy["scope"],
        "items": [item["code"] for item in policy.get("items", [])], "targeted": "population" in policy,
        "sources": [(source["at"], source["kind"]) for source in policy["beacon"]["sources"]],
        "visits": policy["window"],
        "rows": [(unit, found.get(unit, {"state": "pending"})) for unit in sorted(set(picks), key=str.encode)],
    }

def said(notice):
    def row(given):
        kept = {"replaced": ("by", "reason"), "missed": ("date", "reason"), "visited": ("date", "result", "team")}
        state = given["came"]["state"]
        return given["unit"], {"state": state} | {key: given["came"][key] for key in kept.get(state, ())}
    names = ("attempt draw document protocol closed_until void drawn_at drawn record eligible frame method scope "
             "targeted visits").split()
    return {name: notice.get(name) for name in names} | {
        "items": [item["code"] for item in notice["items"]], "rows": [row(given) for given in notice["rows"]],
        "sources": [(source["at"], source["kind"]) for source in notice["sources"]]}

def plain(data):  # ends of lines and a mark that a program added change nothing (`files`)
    return data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")

def notice_lines(audit):
    """[(result, words)] of the notices of every attempt."""
    found = []
    for name, files in sorted(audit.folder.files.items()):
        for file, data in sorted(files.items()):
            if not (file.startswith("notice-") and file.endswith(".json")):
                continue
            place, record = f"draws/{name[0]}.{name[1]}/{file}", audit.draws.get(name, {}).get("record")
            data = plain(data)
            try:
                notice = parse(data)
                if canon(notice) != data or file != f"notice-{notice['at']:06}.json":
                    raise ValueError("not canonical, or its name is not that of its size")
                if notice["at"] > len(audit.ledger.entries) or not {"policy.json", "cells.json"} <= files.keys() \
                        or ("record" in notice and not record):
                    found.append(("note", f"{place}: what it was made from is not here"))
                    continue
                policy, cells = parse(plain(files["policy.json"])), parse(plain(files["cells.json"]))
                wanted, given = expected(notice, audit.ledger.entries, name, policy, cells, record), said(notice)
            except (*MALFORMED, ValueError) as error:
                found.append(("FAIL", f"{place}: {type(error).__name__} {error}"))
                continue
            wrong = [field for field in wanted if wanted[field] != given[field]]
            if wrong:
                found.append(("FAIL", f"{place}: {', '.join(wrong)}"))
    return found
