"""Spec 1, 2 and 9.1: the form of documents that people write, and what they are in canonical form.

A form is the name of a leaf, a list with the form of its items, a dict {"field" or "field?": form}, {"*": form}
for a map from codes, a set of words, `Some`, `One`, `Part` or `Tagged`. Lists and maps that may be absent are left out
where empty.
"""
import re

from basics import CODE, HEX, MALFORMED, MOST, ONE, Fail, day, decimal, instant, is_offset, is_text, need, whole
from divisions import is_entry
from names import is_unit_id

class Some(list):
    """A list that is not empty; nothing stands for it."""

class One(dict):
    """An object with exactly one of these fields."""

class Part(dict):
    """An object that is not empty; nothing stands for it."""

class Tagged(dict):
    """{word: the other fields of an object whose field `tag` is this word}"""

    def __init__(self, tag, forms):
        super().__init__(forms)
        self.tag = tag

def canonical_decimal(value):  # Spec 1.2, 9.1
    found = re.fullmatch(r"([0-9]{1,9})(?:\.([0-9]{1,9}))?", value)
    need(found, "no decimal")
    n = int(found[1]) * ONE + int((found[2] or "").ljust(9, "0"))
    need(n <= MOST, "a decimal that is too large")
    return decimal(n)

def matches(pattern):
    def leaf(value):
        need(re.fullmatch(pattern, value), "the wrong form")
        return value
    return leaf

def kept(good):
    def leaf(value):
        need(good(value), "the wrong form")
        return value
    return leaf

LEAVES = {"code": matches(CODE), "hex": matches(HEX), "division": matches(CODE), "entry": kept(is_entry), "unit": kept(is_unit_id),
          "decimal": canonical_decimal, "text": kept(is_text), "count": kept(whole),
          "chance": kept(lambda value: whole(value, 0, 1 << 20)),
          "bool": kept(lambda value: type(value) is bool),
          "date": kept(lambda value: day(value) is not None), "instant": kept(lambda value: instant(value) is not None),
          "offset": kept(is_offset),
          "any": kept(lambda value: isinstance(value, (dict, list)))}

def shaped(form, value, where, reasons):
    """The value in canonical form; what is wrong with it is added to `reasons`."""
    wrong = lambda what: reasons.append(f"{where}: {what}")
    if isinstance(form, str):
        try:
            return LEAVES[form](value)
        except (Fail, *MALFORMED):
            wrong(f"{str(value)[:60]!r} is no {form}")
    elif isinstance(form, set):
        if not (isinstance(value, str) and value in form):
            wrong(f"{str(value)[:60]!r} is none of {sorted(form)}")
    elif isinstance(form, list):
        if not isinstance(value, list) or isinstance(form, Some) and not value:
            wrong("no list" if not isinstance(value, list) else "an empty list")
            return value
        return [shaped(form[0], item, f"{where}[{n}]", reasons) for n, item in enumerate(value)]
    elif not isinstance(value, dict) or isinstance(form, Part) and not value:
        wrong("no object" if not isinstance(value, dict) else "an empty object")
    elif isinstance(form, Tagged):
        word = value.get(form.tag)
        if isinstance(word, str) and word in form:
            return fields({form.tag: {word}, **form[word]}, value, where, reasons)
        wrong(f"{form.tag} is none of {sorted(form)}")
    elif "*" in form:
        return {shaped("code", key, where, reasons): shaped(form["*"], item, f"{where}.{key}", reasons)
                for key, item in value.items()}
    else:
        return fields(form, value, where, reasons)
    return value

def fields(form, value, where, reasons):
    known, found = {name.rstrip("?"): name for name in form}, {}
    if isinstance(form, One) and len(value) != 1:
        reasons.append(f"{where}: not one of {sorted(known)}")
    missing = [] if isinstance(form, One) else [name for name in form if name[-1] != "?" and name not in value]
    reasons += [f"{where}: no {name}" for name in missing]
    reasons += [f"{where}: the field {key!r} is not known" for key in value if key not in known]
    for key in value.keys() & known.keys():
        inner = form[known[key]]
        found[key] = shaped(inner, value[key], f"{where}.{key}", reasons)
        if known[key][-1] == "?" and found[key] in ([], {}) and not isinstance(inner, (Some, One, Part)):
            del found[key]  # Spec 2.4
    return found
