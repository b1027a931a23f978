"""Spec 8: the sources of chance, the form of their values, and the seed."""
import hashlib, math, re
from datetime import datetime, timedelta

from basics import CODE, HEX, MALFORMED, Fail, H, canon, has_fields, day, instant, name_key, need, whole

def seed_text(seal, values, secret):  # Spec 8.1
    words = [seal, *(f"{value['source']}={value['value']}" for value in values)]
    return " ".join(words + ([] if secret is None else [f"secret={secret}"]))

# ---- Spec 8.2: the form of a value ----

CHAINS = {"52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971": (1692803367, 3),  # Spec 8.4
          "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce": (1595431050, 30)}
DIGITS = dict(zip(CHAINS, ((96, None), (192, 192))))  # of a signature, and of the one before

def drawn_in(field, numbers):
    digits = 3 if field["of"] > 99 else 2
    return (len(numbers) == field["take"] and numbers == sorted(set(numbers)) and
            all(re.fullmatch("[0-9]{%d}" % digits, n) and 1 <= int(n) <= field["of"] for n in numbers))

def is_canonical(source, value):
    if source["kind"] == "dice":
        faces = "0123456789" if source["sides"] == 10 else "123456789"[:max(0, source["sides"])]
        return len(value) == source["count"] and set(value) <= set(faces)
    if source["kind"] == "drand":
        return bool(re.fullmatch(HEX, value))
    parts = value.split("+")
    if source["kind"] == "shares":
        rows = source["commitments"]
        return len(parts) == len(rows) and all(
            part == "-" or re.fullmatch(HEX, part) and H("share", f"{part} {row['party']}") == row["commitment"]
            for part, row in zip(parts, rows))
    return len(parts) == len(source["fields"]) and all(map(drawn_in, source["fields"], [p.split(".") for p in parts]))

def missing_shares(source, value):
    return value.split("+").count("-") if source["kind"] == "shares" else 0

def is_void(source, value):  # a value that is none for a seed
    return missing_shares(source, value) > 0 and source["missing"] == "void"

def has_form(source, row):
    """Of a value of a record or of the ledger with its pulse (12.2); shares may be missing."""
    if not has_fields(row, "pulse? source value") or row["source"] != source["id"]:
        return False
    if not is_canonical(source, row["value"]):
        return False
    if "pulse" not in row:
        return True
    pulse, (now, before) = row["pulse"], DIGITS.get(source.get("chain"), (None, None))
    before = 64 if before and source["round"] == 1 else before  # the genesis seed
    return (now is not None and has_fields(pulse, "signature previous" if before else "signature")
            and re.fullmatch("[0-9a-f]{%d}" % now, pulse["signature"]) is not None
            and (before is None or re.fullmatch("[0-9a-f]{%d}" % before, pulse["previous"]) is not None)
            and hashlib.sha256(bytes.fromhex(pulse["signature"])).hexdigest() == row["value"])

def fallbacks_of(plan):
    return {row["for"]: row for row in plan.get("fallbacks", [])}

def every_source(plan):
    return plan["sources"] + [row["source"] for row in plan.get("fallbacks", [])]

def form_rows(plan, values):
    """Rows (what, expected, found): one value for every source, its own or its fallback's."""
    yield "number of values", len(plan["sources"]), len(values)
    fallbacks = fallbacks_of(plan)
    for source, value in zip(plan["sources"], values):
        stand_in = fallbacks.get(source["id"], {}).get("source", source)
        used = stand_in if value["source"] == stand_in["id"] else source
        yield source["id"], True, has_form(used, value) and not is_void(used, value["value"])

# ---- Spec 8.3 and 8.4: when the values are known, and how many bits they have ----

FIELDS = {"dice": "at count id kind sides witness", "lottery": "at fields game id issue kind",
          "drand": "at chain genesis id kind period round", "shares": "at commitments id kind missing"}

def thousandths(source):
    if source["kind"] == "dice":
        need(whole(source["sides"], 2, 10) and whole(source["count"], 1, 200), "dice of no known kind or number")
        return source["count"] * (1000, 1584, 2000, 2321, 2584, 2807, 3000, 3169, 3321)[source["sides"] - 2]
    if source["kind"] == "drand":
        return 256_000
    if source["kind"] == "shares":
        return {"omit": 0, "void": 256_000}[source["missing"]]
    fields = source["fields"]
    need(fields and all(has_fields(field, "of take") and whole(field["of"], 1, 999) and whole(field["take"], 1, field["of"])
                        for field in fields), "no such lottery")
    product = math.prod(math.comb(field["of"], field["take"]) for field in fields)
    need(product < 1 << 127, "no such lottery")
    return 1000 * (product.bit_length() - 1)

def chances_in(source):  # what must not be counted twice; each commitment of a party is a chance of its own
    if source["kind"] == "shares":
        return [("share", row["commitment"]) for row in source["commitments"]]
    if source["kind"] == "drand":
        return [("drand", source["chain"], source["round"])]
    if source["kind"] == "dice":  # before one witness once a day
        return [("dice", name_key(source["witness"]), str(instant(source["at"]).date()))]
    return [("lottery", name_key(source["game"]), name_key(source["issue"]))]

def is_public(source):  # nobody who keeps the ledger has a hand in it
    return source["kind"] == "drand" or source["kind"] == "lottery" and thousandths(source) >= 64_000

def rests_on(plan, values):  # Spec 8.3: those of the used sources on whose people the draw rests, in words
    used = [source for source in every_source(plan) if source["id"] in {value["source"] for value in values}]
    return [] if any(map(is_public, plan["sources"])) else list(map(of_whom, used))

def of_whom(source):
    return {"dice": "the dice before {witness}", "lottery": "the lottery {game} {issue}",
            "drand": "round {round} of the drand chain {chain}", "shares": "the shares of {parties}"}[source["kind"]].format(
        **source, parties=", ".join(row["party"] for row in source.get("commitments", [])))

def closes(plan, source):  # before when a value that people enter must stand in the ledger; None: it need not
    later = [instant(other["at"]) for other in plan["sources"] if instant(other["at"]) > instant(source["at"])]
    return None if source["kind"] == "drand" else min(later, default=None)

def says_nothing(source, value):  # shares of which none was revealed
    return source["kind"] == "shares" and set(value.split("+")) == {"-"}

def chances_of(plan):
    return [chance for source in every_source(plan) for chance in chances_in(source)]

def source_rows(source, sealed):
    at = instant(source["at"])
    yield f"fields of {source['id']}", True, has_fields(source, FIELDS[source["kind"]])
    yield f"{source['id']} after the seal", True, at > sealed
    if source["kind"] == "drand":
        yield "chain", CHAINS.get(source["chain"]), (source["genesis"], source["period"])
        seconds = source["genesis"] + (source["round"] - 1) * source["period"]
        yield f"time of round {source['round']}", str(datetime(1970, 1, 1) + timedelta(seconds=seconds)), str(at)
    if source["kind"] == "shares":
        rows = source["commitments"]
        yield "2 to 16 parties", True, 2 <= len(rows) <= 16
        yield "parties", True, all(has_fields(row, "commitment party") and re.fullmatch(HEX, row["commitment"])
                                   for row in rows)
        yield "parties distinct", len(rows), len({name_key(row["party"]) for row in rows})

def fallback_rows(plan):
    sources = {source["id"]: source for source in plan["sources"]}
    rows = plan.get("fallbacks", [])
    yield "an empty list of fallbacks", True, plan.get("fallbacks") != []
    yield "a fallback for each source at most", len(rows), len({row["for"] for row in rows})
    for row in rows:
        replaced = sources[row["for"]]
        yield f"{row['for']} is no round of drand", True, replaced["kind"] != "drand"
        yield "public for public", True, is_public(row["source"]) or not is_public(replaced)
        yield "fields of a fallback", True, has_fields(row, "after for source")
        yield f"{row['for']} is a source", True, row["for"] in sources and sources[row["for"]]["kind"] != "shares"
        yield "a fallback is not shares", True, row["source"]["kind"] != "shares"
        at, after, then = (instant(text) for text in (sources[row["for"]]["at"], row["after"], row["source"]["at"]))
        yield f"order of the fallback for {row['for']}", True, at <= after < then

def timing_rows(plan, sealed_at, disclosure=None):
    """Rows (what, expected, found): Spec 8.3, 8.4 and 8.6 for a seal made then."""
    if disclosure and disclosure["mode"] == "deferred":
        days = (day(disclosure["reveal_by"]) - instant(sealed_at).date()).days
        yield "reveal_by within 731 days", True, days <= 731
    sources, all_, fallbacks = plan["sources"], every_source(plan), fallbacks_of(plan)
    yield "fields of the plan", True, has_fields(plan, "fallbacks? lead? sources")
    yield "lead", True, "lead" not in plan or whole(plan["lead"], 1, 2_678_400)
    first = min(instant(source["at"]) for source in sources)
    yield "lead before the first source", True, first > instant(sealed_at) + timedelta(seconds=plan.get("lead", 0))
    for source in all_:
        yield from source_rows(source, instant(sealed_at))
    yield "ids", True, all(re.fullmatch(CODE, source["id"]) for source in all_)
    yield "ids without repetition", len(all_), len({source["id"] for source in all_})
    yield "at most 16 sources", True, len(sources) <= 16
    yield "different chances", len(chances_of(plan)), len(set(chances_of(plan)))
    witnesses = [name_key(source["witness"]) for source in all_ if source["kind"] == "dice"]
    yield "a witness once", len(witnesses), len(set(witnesses))
    last = max((instant(source["at"]) for source in sources if is_public(source)), default=None)
    late = [source["id"] for source in all_ if last and not is_public(source) and instant(source["at"]) >= last]
    yield "a public source last", [], late
    yield from fallback_rows(plan)
    shares = [source for source in sources if source["kind"] == "shares"]
    yield "one source of shares", True, len(shares) <= 1
    least = lambda source: min(map(thousandths, [source, fallbacks.get(source["id"], {}).get("source", source)]))
    for source in shares:
        yield "64 bits later than the shares", True, sum(map(least, later_than(plan, source))) >= 64_000
    yield "128 bits", True, sum(map(least, sources)) >= 128_000

def later_than(plan, shares):  # the sources of other kinds whose `at` is later; a fallback's own `at` does not count
    return [source for source in plan["sources"]
            if source["kind"] != "shares" and instant(source["at"]) > instant(shares["at"])]

def holds(rows):
    """Whether all rows agree; what is malformed does not."""
    try:
        return all(canon(expected) == canon(found) for _, expected, found in rows)
    except (Fail, *MALFORMED):
        return False
