"""The vectors of refusals, ratings, working days, dossiers, rule packs and programmes; see vectors.py."""
import copy, re

from basics import H, HEX, ONE, billionths, canon, decimal, need, suite
from beacon import holds
from dossier import digest as dossier_digest, entered, signals_of
from packs import check_form, digest as pack_digest, read_pack
from policies import read_policy
from programmes import derive, digest as programme_digest, merged, origin_checks, read_programme
from rating import rated, valid_rating
from replay import check_fields
from rows import frame_rows, roster_rows
from year import valid_cycle
from workdays import nth_after, refused

# Each returns what is expected, and what is found

def rating(case):
    table = {(row["risk"], row["credit"]): billionths(row["visits"]) for row in case.get("frequency", [])}
    base_of = lambda risk, credit: billionths(case["rate"]) if "rate" in case else table.get((risk, credit), ONE)
    risk, credit, base, fired = rated(case["rating"], case["risk"], case["credit"], case["kind"],
                                      case.get("signals", {}), base_of)
    return case["rated"], {"risk": risk, "credit": credit, "base": decimal(base), "fired": fired}

def rating_valid(case):
    rows = valid_rating(case["rating"], case["risk"], case["credit"], case["kinds"], case.get("frequency", []),
                        case.get("signals_added", []))
    return case["valid"], all(canon(expected) == canon(found) for _, expected, found in rows)

def workdays(case):
    if "valid" in case:
        return case["valid"], not refused(case["calendar"])
    found = nth_after(case["calendar"], case["after"], case["n"])
    return {"day": case["day"]} if "day" in case else {}, {} if found is None else {"day": found}

def dossier(case):
    pack, reasons = read_pack(case["pack"])
    need(not reasons, f"the pack: {reasons}")
    if "accepted" in case:
        return case["accepted"], entered(pack, case["entries"])[0]
    taken, error = entered(pack, case["entries"])
    need(taken == len(case["entries"]), f"entry {taken + 1}: {error}")
    with suite(case.get("suite", "sha256")):
        found = dossier_digest(case["entries"], case["salt_key"])
    units = [{"unit": row["unit"], "kind": row["kind"], "signals": signals_of(
        pack, case["entries"], row["unit"], row["kind"], case["as_of"])} for row in case["units"]]
    return [case["digest"], case["units"]], [found, units]

def packs(case):
    pack, reasons = read_pack(case["pack"])
    need(case["valid"] == (not reasons), f"refused for {reasons}")
    return ([case["digest"]] if "digest" in case else []), [pack_digest(pack)] if "digest" in case else []

def programmes(case):
    pack, reasons = read_pack(case["pack"])
    need(not reasons, f"the pack: {reasons}")
    programme, reasons = read_programme(case["programme"], pack)
    need(not reasons, f"the programme: {reasons}")
    with suite(programme["terms"].get("suite", "sha256")):
        return programme_rows(case, pack, programme)

def programme_rows(case, pack, programme):
    units = {unit["id"]: unit for unit in case.get("units", [])}
    found = {"digests": {"pack": pack_digest(pack), "programme": programme_digest(programme)}, "policies": [
        {**row, "policy": derive(pack, programme, row["task"], row["batch"], case.get("dossier"))}
        for row in case["policies"]]}
    for row in found["policies"]:
        wrong = [what for rows in origin_checks(row["policy"], pack, programme).values()
                 for what, expected, actual in rows if expected != actual]
        need(not wrong, f"its own origin: {wrong}")
    tasks = lambda codes: [task for task in programme["tasks"] if task["code"] in codes]
    found["forms"] = [{**row, "form": check_form(pack, units[row["unit"]], tasks(row["tasks"]))}
                      for row in case.get("forms", [])]
    found["merged"] = merged(pack, programme, case.get("draws", []), units)
    expected = {"digests": case["digests"], "policies": case["policies"], "forms": case.get("forms", []),
                "merged": case.get("merged", [])}
    wrong = [key for key in found if canon(found[key]) != canon(expected[key])]
    return differences([expected[key] for key in wrong], [found[key] for key in wrong])

def differences(expected, found):
    """The innermost parts that differ, so that a report can be read."""
    if type(expected) is type(found) and isinstance(expected, (dict, list)):
        keys = (expected.keys() | found.keys() if isinstance(expected, dict) else
                range(len(expected)) if len(expected) == len(found) else None)
        if keys is not None:
            get = lambda value, key: value.get(key) if isinstance(value, dict) else value[key]
            wrong = [key for key in sorted(keys) if canon(get(expected, key)) != canon(get(found, key))]
            if wrong:
                return differences(get(expected, wrong[0]), get(found, wrong[0]))
    return expected, found

def pointed(document, path):
    """The object or list of a JSON pointer, and the key or index in it."""
    *outer, last = path.split("/")[1:]
    for name in outer:
        document = document[int(name) if isinstance(document, list) else name]
    return document, int(last) if isinstance(document, list) else last

def patched(base, patch):
    """RFC 6902, as far as it is used, and `fill`: a list of so many copies."""
    document = copy.deepcopy(base)
    for step in patch:
        inside, key = pointed(document, step["path"])
        if step["op"] == "remove":
            del inside[key]
        elif step["op"] == "add" and isinstance(inside, list):
            inside.insert(key, step["value"])
        else:
            inside[key] = [step["value"]] * step["times"] if step["op"] == "fill" else step["value"]
    return document

def file_rows(name, file):  # Spec 12.3
    check_fields(file, name)
    yield "salt key", True, re.fullmatch(HEX, file["salt_key"]) is not None

def refusal_rows(name, document):
    name = name.removeprefix("elsewhere_")
    if name in ("policy", "rated", "elsewhere"):
        yield "the policy", [], read_policy(document)[1]
    elif name == "cycle":
        yield from file_rows(name, document)
        own = "document", "protocol", "salt_key"
        yield from valid_cycle({key: value for key, value in document.items() if key not in own})
    else:
        policy, reasons = read_policy(document["policy"])
        yield "its policy", [], reasons
        yield from file_rows(name, document[name])
        yield from {"frame": frame_rows, "roster": roster_rows}[name](policy, document[name])

def refusals(case):
    document = patched(case["bases"][case["document"]], case["patch"])
    found = {"refused": not holds(refusal_rows(case["document"], document))}
    if "digest" in case:
        with suite(document.get("suite", "sha256")):
            found["digest"] = H("policy", canon(read_policy(document)[0]))
    return {name: case[name] for name in ("refused", "digest") if name in case}, found

KINDS = {"rating": rating, "rating_valid": rating_valid, "workdays": workdays, "dossier": dossier, "packs": packs,
         "programmes": programmes, "refusals": refusals}
