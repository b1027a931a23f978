"""Spec 4.4 and 16.3: a cycle, and what a draw is to it, as rows under salts. In the suite of the draw."""
import re

from basics import HEX, H, Tree, canon, has_fields, need, salt

ROW = "add credited? cycles phase? unit"

def by_unit(rows):
    return {row["unit"]: row for row in rows}

def root_and_size(leaves):
    return {"root": Tree(leaves).root(), "size": len(leaves)}

def cycle_rows(cycle):
    """Of each standing: the standing, and what the open draws changed of its unit."""
    opened = [(draw["draw"], by_unit(draw["units"]), by_unit(draw["pending"])) for draw in cycle.get("open", [])]
    for standing in cycle["standings"]:
        unit, opens = standing["unit"], []
        for number, units, pending in opened:
            if unit in units:
                row = {key: value for key, value in units[unit].items() if key != "unit"}
                opens.append({**row, "draw": number, **({"pending": pending[unit]["credited"]} if unit in pending else {})})
        yield {**({"opens": opens} if opens else {}), "standing": standing}

def cycle_digest(cycle, key):
    """Of a cycle (9.4), which may be a cycle file."""
    leaves = [canon({**row, "salt": salt(key, f"standing {row['standing']['unit']}")}) for row in cycle_rows(cycle)]
    opened = [{**{name: draw[name] for name in ("before", "draw", "share")}, "pending": len(draw["pending"])}
              for draw in cycle.get("open", [])]
    head = {name: cycle[name] for name in ("items", "last", "spent") if name in cycle}
    return H("cycle", canon({**head, **({"open": opened} if opened else {}), "salt": salt(key, "cycle"),
                             "standings": root_and_size(leaves)}))

def drawn_document(event, key, seal_digest):
    picks, mark = by_unit(event["picks"]), f"drawn {seal_digest}"
    row = lambda unit: {**unit, **({"credited": picks[unit["unit"]]["credited"]} if unit["unit"] in picks else {})}
    units = [{"salt": salt(key, f"{mark} {unit['unit']}"), "unit": row(unit)} for unit in event["units"]]
    head = {name: event[name] for name in ("as_of", "draw", "share")}
    return {"document": "drawn", "drawn": {**head, "units": units}, "protocol": "double-random/1", "salt": salt(key, mark)}

def check_drawn(document):
    """The form of a drawn document."""
    need(has_fields(document, "document drawn protocol salt") and document["document"] == "drawn"
         and re.fullmatch(HEX, document["salt"]) and has_fields(document["drawn"], "as_of draw share units")
         and all(has_fields(row, "salt unit") and re.fullmatch(HEX, row["salt"]) and has_fields(row["unit"], ROW)
                 and type(row["unit"].get("credited", True)) is bool for row in document["drawn"]["units"]),
         "the form of a drawn document")

def drawn_digest(document):
    drawn = {**document["drawn"], "units": root_and_size([canon(row) for row in document["drawn"]["units"]])}
    return H("drawn", canon({"drawn": drawn, "salt": document["salt"]}))

def event_of_rows(document):
    drawn, rows = document["drawn"], [row["unit"] for row in document["drawn"]["units"]]
    picks = [{"credited": row["credited"], "unit": row["unit"]} for row in rows if "credited" in row]
    units = [{key: value for key, value in row.items() if key != "credited"} for row in rows]
    return {"event": "drawn", **drawn, "picks": picks, "units": units}
