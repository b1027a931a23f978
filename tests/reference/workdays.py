"""Spec 21: working days."""
from datetime import date

from basics import ascend, day
from forms import shaped

CALENDAR = {"basis": "text", "covers": {"from": "date", "to": "date"}, "holidays": ["date"], "make_up": ["date"]}
SATURDAY = 5

def is_weekend(when):
    return when.weekday() >= SATURDAY

def refused(calendar):
    """The reasons why a calendar is none."""
    reasons = []
    shaped(CALENDAR, calendar, "calendar", reasons)
    if reasons:
        return reasons
    covers, holidays, make_up = calendar["covers"], calendar["holidays"], calendar["make_up"]
    rows = [("covers nothing", covers["from"] <= covers["to"]),
            ("lists do not ascend", ascend(holidays) and ascend(make_up)),
            ("days it does not cover", all(covers["from"] <= when <= covers["to"] for when in holidays + make_up)),
            ("days in both lists", not set(holidays) & set(make_up)),
            ("make-up days that are no weekend", all(is_weekend(day(when)) for when in make_up))]
    return [what for what, good in rows if not good]

def is_working(calendar, when):  # of a date of `covers`
    text = when.isoformat()
    return text in calendar["make_up"] or not is_weekend(when) and text not in calendar["holidays"]

def nth_after(calendar, after, n):
    """The n-th working day after a day, or None where it does not exist."""
    first, last = (day(calendar["covers"][key]).toordinal() for key in ("from", "to"))
    start = day(after).toordinal()
    if not first - 1 <= start <= last:
        return None
    if n == 0:
        return after
    calendar = {key: set(calendar[key]) for key in ("holidays", "make_up")}
    for when in map(date.fromordinal, range(start + 1, last + 1)):
        n -= is_working(calendar, when)
        if n == 0:
            return when.isoformat()
    return None
