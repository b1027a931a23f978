"""Spec 28: registers that are put together into a frame, and the intake with which an authority sees that its register
went in unchanged.

    python3 collated.py INTAKE.json REGISTER.json FRAME.json SEAL.json

REGISTER.json is the register as it was published, FRAME.json its rows with their salt key, SEAL.json the seal as it was
published. Exit status: 0 confirmed, 1 refuted, 3 unusable.
"""
import sys
from collections import Counter
from pathlib import Path

from audit import register_root
from basics import EXIT, MALFORMED, PROTOCOL, Fail, H, canon, has_fields, need, parse, shown_root, suite_of
from published import listed_registers, owners
from replay import run
from rows import frame_rows

REGISTER = "as_of authority divisions document protocol root size"

def stated(document):
    """The register of its document, as a seal names it."""
    need(has_fields(document, REGISTER) and document["document"] == "register", "the form of a register")
    need(document["protocol"] == PROTOCOL, "the protocol of a register")
    return {name: value for name, value in document.items() if name not in ("document", "protocol")}

def is_of(register, key, units):
    return register_root(key, units) == {"root": register["root"], "size": register["size"]}

# ---- Spec 28.2: what registers break that should make a frame, as codes ----

def problems(policy, given):
    """Of [{"register", "frame"}]: the frame of both, in any order."""
    given = sorted(given, key=lambda one: one["register"]["authority"])
    registers = [stated(one["register"]) for one in given]
    with suite_of(policy):
        yield from (code for code, rows in listed_registers(policy, registers) for _ in rows)
        of = owners(policy["frame"]["divisions"], registers)
        for register, one in zip(registers, given):
            units = one["frame"]["units"]
            if len(units) != register["size"]:
                yield "size"
            elif not is_of(register, one["frame"]["salt_key"], units):
                yield "root"
            yield from ("row" for _, expected, found in frame_rows(policy, one["frame"]) if expected != found)
            yield from ("outside" for unit in units if unit["division"] not in register["divisions"]
                        and of.get(unit["division"], ({}, ""))[0] != register)
    ids = Counter(unit["id"] for one in given for unit in one["frame"]["units"])
    yield from ("duplicate" for times in ids.values() for _ in range(times - 1))

# ---- Spec 28.5: the intake ----

def differences(own, found):
    """The ids that are altered, left out, added and doubled."""
    units, times = {unit["id"]: unit for unit in own}, Counter(unit["id"] for unit in found)
    return {"altered": sorted({row["id"] for row in found if row["id"] in units and canon(units[row["id"]]) != canon(row)}),
            "left_out": sorted(units.keys() - times.keys()), "added": sorted(times.keys() - units.keys()),
            "doubled": sorted(unit for unit, n in times.items() if n > 1)}

def check_seal(known, files):
    yield "seal", H("seal", canon(known["seal"])), known["intake"]["seal"]

def check_published(known, files):
    register = stated(known["own"]["register"])
    named = [row for row in known["seal"].get("registers", []) if row["authority"] == register["authority"]]
    yield "the register of the seal", [register], named
    yield "the rows at hand", True, is_of(register, known["own"]["frame"]["salt_key"], known["own"]["frame"]["units"])

def check_inclusion(known, files):
    frame, rows = known["seal"]["frame"], known["intake"]["rows"]
    leaves = [canon({"salt": row["salt"], "unit": row["unit"]}) for row in rows]
    root = shown_root(leaves, frame["size"], known["intake"]["inclusion"], order=list)
    yield "root of the frame", frame["root"] if rows else None, root

def check_unchanged(known, files):
    yield "authority", known["own"]["register"]["authority"], known["intake"]["authority"]
    found = differences(known["own"]["frame"]["units"], [row["unit"] for row in known["intake"]["rows"]])
    yield "rows", dict.fromkeys(found, []), found

CHECKS = {"seal": check_seal, "published": check_published, "inclusion": check_inclusion, "unchanged": check_unchanged}

def check_intake(known):
    """{check: why it fails, None, or "not run"} with known: intake, own = {"register", "frame"}, and seal where given."""
    need(has_fields(known["intake"], "authority document inclusion protocol rows seal"), "the fields of an intake")
    need((known["intake"]["document"], known["intake"]["protocol"]) == ("intake", PROTOCOL), "not an intake")
    need(all(has_fields(row, "salt unit") for row in known["intake"]["rows"]), "the rows of an intake")
    with suite_of(known.get("seal", {})):
        return {name: "not run" if name != "unchanged" and "seal" not in known else run(check, known, {})
                for name, check in CHECKS.items()}

def main(*paths):
    if len(paths) != 4:
        print("usage: collated.py INTAKE.json REGISTER.json FRAME.json SEAL.json")
        return 3
    try:
        intake, register, frame, seal = (parse(Path(path).read_bytes()) for path in paths)
        found = check_intake({"intake": intake, "own": {"register": register, "frame": frame}, "seal": seal})
    except (OSError, Fail, *MALFORMED) as error:
        print(f"unusable: {type(error).__name__} {error}")
        return 3
    for name, why in found.items():
        print(f"FAIL  {name}: {why}" if why else f"pass  {name}")
    verdict = "refuted" if any(found.values()) else "confirmed"
    print(verdict)
    return EXIT[verdict]

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
