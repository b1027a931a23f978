"""Spec 19, the notice: notice-<n>.json made again from ledger, record, policy and rules."""
import re

from basics import MALFORMED, PROTOCOL, H, canon, parse, suite_of
from divisions import shown
from files import plain
from packs import digest as pack_digest
from programmes import digest

FILE = re.compile(r"notice-([0-9]{6,})\.(json|xlsx|docx)")

class Story:
    """What entries say of one attempt."""
    def __init__(self, entries, name):
        self.clear()
        for entry in entries:
            content, kind = entry["entry"], entry["entry"]["kind"]
            of_attempt = (content.get("draw"), content.get("attempt")) == name
            if kind == "sealed" and (content["seal"]["sequence"], content["seal"]["attempt"]) == name:
                self.clear(content["seal"])
            elif kind == "drawn" and of_attempt:
                self.drawn_at = entry["at"]
            elif kind == "void" and of_attempt:
                self.void = content["reason"]
            elif kind == "replaced" and content["draw"] == name[0]:
                self.replaced[content["unit"]] = content["by"], content["reason"]
            elif kind in ("visited", "missed") and content["draw"] == name[0]:
                self.visits[entry["number"]] = content
            elif kind == "amended" and content["amends"] in self.visits:
                self.visits[content["amends"]] = content["entry"]

    def clear(self, seal=None):
        self.seal, self.drawn_at, self.void, self.replaced, self.visits = seal, None, None, {}, {}

class Maker:
    def __init__(self, policy, rules):
        self.policy, (self.pack, self.programme) = policy, rules or (None, None)

    def label(self, code):
        return self.policy.get("labels", {}).get(code, code)

    def of_pack(self, part, code):
        return next((row for row in (self.pack or {}).get(part, []) if row["code"] == code), None)

    def item(self, code):
        row = self.of_pack("items", code)
        basis = ""
        if row and row.get("cite"):
            cite = row["cite"]
            document = self.of_pack("documents", cite["document"]) or {}
            title = document.get("number") or document.get("title", cite["document"])
            basis = f"{title}: {cite['says']}" + ("（含我们的理解 our reading）" if cite.get("reading") else "")
        return {"basis": basis, "code": code, "name": row["name"] if row else self.label(code)}

    def signal(self, code):
        row = self.of_pack("signals", code)
        return row["name"] if row else self.label(code)

    def population(self):
        meant = self.policy.get("population", {})
        said = [self.label(code) for code in meant.get("kinds", [])]
        said += [shown(self.policy, code) for code in meant.get("divisions", [])]
        said += [f"{self.label(code)} ≥ {least}" for code, least in sorted(meant.get("has", {}).items())]
        return said + [f"复核 ≥ {day}" for day in [meant.get("visited_since")] if day]

    def came(self, visit):
        if visit["kind"] == "missed":
            return {"state": "missed", "date": visit["date"], "reason": visit["reason"]}
        rule = self.of_pack("results", visit["result"]) or {"name": self.label(visit["result"])}
        raised = sorted((rule.get("raises") or {}).items())
        marks = [{"count": count, "name": self.signal(code)} for code, count in raised]
        opens = {"opens": self.signal(rule["opens"])} if rule.get("opens") else {}
        return {"state": "visited", "date": visit["date"], "items": [self.item(code)["name"] for code in visit.get("items", [])],
                "marks": marks, "phrase": rule["name"], "result": visit["result"], "team": visit["team"]} | opens

def source(given):
    names = {"dice": lambda: given["witness"], "lottery": lambda: f"{given['game']} {given['issue']}",
             "drand": lambda: str(given["round"]), "shares": lambda: "、".join(one["party"] for one in given["commitments"])}
    return {"at": given["at"], "kind": given["kind"], "name": names[given["kind"]]()}

def made(given, entries, name, policy, cells, record, frame, rules):
    """The notice as it should be; `given` has what follows from nothing here."""
    story, make = Story(entries[: given["at"]], name), Maker(policy, rules)
    stands = story.void in (None, "not_revealed")
    record = record if stands else None
    came = {unit: {"state": "replaced", "by": by, "reason": reason} for unit, (by, reason) in story.replaced.items()}
    came |= {visit["unit"]: make.came(visit) for visit in story.visits.values() if visit["kind"] in ("visited", "missed")}
    picks = [pick["id"] for cell in record["sample"] for pick in cell["picks"]] if record else []
    units = set(picks) | {by for by, _ in story.replaced.values()} if record else set()
    names = {unit["id"]: unit["name"] for unit in frame["units"]} if frame else None
    rows, known = [], {row["unit"]: row for row in given["rows"]}
    for unit in sorted(units, key=str.encode):
        said, instead = known.get(unit, {}), [out for out, (by, _) in sorted(story.replaced.items()) if by == unit]
        row = {"address": said.get("address", ""), "came": came.get(unit, {"state": "pending"}), "unit": unit,
               "code": unit if len(unit) == 18 and "-" not in unit else said.get("code", ""),
               "name": said.get("name", "") if names is None else names.get(unit, "")}
        rows.append(row | ({"instead_of": instead[0]} if instead else {}))
    origin = policy.get("origin", {})
    task = next((task for task in (make.programme or {}).get("tasks", []) if task["code"] == origin.get("task")), None)
    secret = policy["disclosure"]["mode"] == "deferred" and not record and stands
    maybe = {"closed_until": policy["disclosure"]["reveal_by"] if secret else None, "drawn": len(picks) if record else None,
             "drawn_at": story.drawn_at, "record": record["digest"] if record else None, "void": story.void}
    return {
        "at": given["at"], "attempt": name[1], "date": given["date"], "document": "notice", "draw": name[0],
        "departments": [make.label(row["department"]) for row in policy["team"]["departments"]],
        "eligible": sum(cell["count"] for cell in cells["cells"]), "facts": given["facts"],
        "frame": story.seal["frame"]["size"] if story.seal else 0, "items": [make.item(row["code"]) for row in policy.get("items", [])],
        "method": policy["design"]["method"], "plan": make.programme["title"] if make.programme else policy["title"],
        "population": make.population(), "protocol": PROTOCOL, "rows": rows, "scope": policy["scope"],
        "sources": [source(row) for row in policy["beacon"]["sources"]], "targeted": "population" in policy,
        "task": task["title"] if task else policy["title"], "visits": policy["window"],
    } | {key: value for key, value in maybe.items() if value is not None}

def notice_finding(audit, name, path, rules):
    """(code, words) of notice-<n>.json, .xlsx or .docx, or None."""
    number, ending = FILE.fullmatch(path.name).groups()
    attempt, files = audit.ledger.attempts.get(name), audit.draws[name]
    listed = attempt is not None and path.name in attempt.files
    if ending != "json":
        return None if listed else ("not_checked", "no entry says that it was published")
    data = plain(path.read_bytes())
    try:
        notice = parse(data)
        if canon(notice) != data or notice["at"] != int(number) or len(str(notice["at"])) > 6 < len(number):
            return "differs", "not canonical, or its name is not that of its size"
        beside = [path.with_name(f"{one}.json") for one in ("policy", "cells")]
        digests = [attempt.seal["policy"], attempt.seal["cells"]] if attempt else []
        with suite_of(audit.ledger.opened):
            sealed = [one.exists() and H(one.stem, plain(one.read_bytes())) for one in beside]
        told = attempt is None or all(number > notice["at"] for number in attempt.untold)
        if not told and "record" in notice:
            return "not_checked", "the contents of closed lines are not here"
        if not digests or sealed != digests or notice["at"] > len(audit.ledger.entries) \
                or "record" in notice and "record" not in files:
            return "not_checked", "what it was made from is not here"
        policy, cells = (parse(plain(one.read_bytes())) for one in beside)
        origin = policy.get("origin")
        with suite_of(policy):
            of_policy = bool(origin and rules) and (origin["pack"], origin["programme"]) == (pack_digest(rules[0]), digest(rules[1]))
        if origin and not of_policy:
            return "not_checked", "the rules that its texts come from are not here"
        rules = rules if of_policy else None
        record = files["record"] if "record" in notice else None
        wanted = made(notice, audit.ledger.entries, name, policy, cells, record, files.get("frame"), rules)
        if canon(wanted) != data:
            keys = wanted.keys() | notice.keys()
            return "differs", " ".join(sorted(key for key in keys if wanted.get(key) != notice.get(key)))
    except (*MALFORMED, ValueError) as error:
        return "differs", f"{type(error).__name__} {error}"
    return None if listed else ("not_checked", "it is right, and no entry says that it was published")
