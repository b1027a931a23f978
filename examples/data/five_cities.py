#!/usr/bin/env python3
"""Makes the tables of five_cities/: the registers of the five cities whose rule packs stand in ../rules.

Real are only the names marked `real` (the 221 of quanzhou_units.csv and three hospitals of Songjiang) and the division
codes; everything else is constructed. Every constructed value is a stated function of a name or an id: h(what, name) is
SHA-256 of "<what> <name>" read as a big-endian integer. Run it again and the same bytes come out.
Python 3.10 or later, no packages: python3 five_cities.py
"""

import csv
import hashlib
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE / "five_cities"
LABEL = "〔构造〕"

# GB/T 2260 codes with the names that constructed rows carry.
DIVISIONS = {
    "songjiang": {"310117": "松江"},
    "yancheng": {
        "320902": "亭湖", "320903": "盐都", "320904": "大丰", "320921": "响水", "320922": "滨海", "320923": "阜宁",
        "320924": "射阳", "320925": "建湖", "320981": "东台",
    },
    "hangzhou": {
        "330102": "上城", "330105": "拱墅", "330106": "西湖", "330108": "滨江", "330109": "萧山", "330110": "余杭",
        "330111": "富阳", "330112": "临安", "330113": "临平", "330114": "钱塘", "330122": "桐庐", "330127": "淳安",
        "330182": "建德",
    },
    "suzhou": {
        "320505": "虎丘", "320506": "吴中", "320507": "相城", "320508": "姑苏", "320509": "吴江", "320581": "常熟",
        "320582": "张家港", "320583": "昆山", "320585": "太仓",
    },
    "quanzhou": {
        "350502": "鲤城", "350503": "丰泽", "350504": "洛江", "350505": "泉港", "350521": "惠安", "350524": "安溪",
        "350525": "永春", "350526": "德化", "350581": "石狮", "350582": "晋江", "350583": "南安",
    },
}
CODES = {"songjiang": "SJ", "yancheng": "YC", "hangzhou": "HZ", "suzhou": "SZ", "quanzhou": "QZ"}

# How many constructed units of each kind; they are dealt to the divisions in turn.
COUNTS = {
    "songjiang": {
        "public_hospital": 4, "private_hospital": 14, "clinic": 70, "community_centre": 18, "blood_station": 1,
        "school": 50, "public_place": 70, "water_supplier": 10,
    },
    "yancheng": {
        "public_hospital": 18, "private_hospital": 27, "clinic": 63, "community_centre": 18, "township": 54,
        "blood_station": 1, "school": 45, "public_place": 54, "water_supplier": 18, "district": 9,
    },
    "hangzhou": {
        "public_hospital": 26, "private_hospital": 39, "internet_hospital": 8, "clinic": 78, "community_centre": 39,
        "blood_station": 1, "school": 39, "public_place": 52, "water_supplier": 13,
    },
    "suzhou": {
        "public_hospital": 18, "private_hospital": 27, "clinic": 63, "community_centre": 36, "blood_station": 1,
        "school": 36, "public_place": 54, "water_supplier": 18, "district": 9,
    },
    "quanzhou": {
        "clinic": 31, "blood_station": 1, "school": 22, "public_place": 22, "rural_supply": 11, "water_supplier": 11,
        "tableware": 11,
    },
}

# Real names besides the 221: (name, division, kind).
REAL = {
    "songjiang": [
        ("松江区中心医院", "310117", "public_hospital"),
        ("松江区泗泾医院", "310117", "public_hospital"),
        ("松江区方塔中医医院", "310117", "public_hospital"),
    ],
}

# What the kinds of quanzhou_units.csv are here. Private hospitals among them are not told apart: the names do
# not say.
QUANZHOU_KINDS = {
    "综合医院": "public_hospital", "中医医院": "public_hospital", "妇幼保健院": "public_hospital", "卫生院": "township",
    "社区卫生服务中心": "community_centre",
}

WORDS = {
    "public_hospital": "人民医院", "private_hospital": "民营医院", "internet_hospital": "互联网医院", "clinic": "诊所",
    "community_centre": "社区卫生服务中心", "township": "卫生院", "blood_station": "采供血机构", "school": "学校",
    "public_place": "公共场所", "water_supplier": "供水单位", "rural_supply": "农村集中式供水单位",
    "tableware": "餐饮具消毒单位", "district": "督察对象",
}

# Departments: (code, letter, officers, {qualification: percent who have it}); the code of a department is
# that of the pack.
HEALTH = {"medical": 75, "infectious": 75, "public_health": 70}
DEPARTMENTS = {
    "songjiang": [
        ("wsjd", "W", 26, {**HEALTH, "radiology": 50}), ("scjg", "S", 8, {"drug": 75}), ("ybj", "Y", 8, {"fund": 75}),
    ],
    "yancheng": [
        ("wsjd", "W", 36, HEALTH), ("scjg", "S", 9, {"drug": 75}), ("jyj", "J", 9, {}), ("wjw", "G", 9, {}),
    ],
    "hangzhou": [("wsjd", "W", 39, HEALTH), ("ybj", "Y", 13, {"fund": 75}), ("scjg", "S", 13, {"drug": 75})],
    "suzhou": [
        ("wsjd", "W", 36, {**HEALTH, "radiology": 50}), ("scjg", "S", 18, {"drug": 75}), ("slj", "L", 9, {}),
        ("wjw", "G", 9, {}),
    ],
    "quanzhou": [
        ("wsjd", "W", 44, HEALTH), ("ybj", "Y", 22, {"fund": 75}), ("slj", "L", 11, {}), ("zkzx", "Z", 22, {"quality": 75}),
    ],
}

# Qualifications of experts; Hangzhou's pack has no experts.
EXPERTS = {
    "songjiang": ["lab", "radiation"], "yancheng": ["lab"], "suzhou": ["lab", "radiation"], "quanzhou": ["lab", "radiation"],
}
ROLES = ["expert"] * 8 + ["third_party", "third_party", "grid", "uncertified"]

# Packs that know the signal `monitoring` (定点监测), `self_check` (依法执业自查), `penalty` (处罚后复查), `unlicensed`
# (无证行医“黑名单”).
MONITORING = {"songjiang", "hangzhou", "suzhou"}
SELF_CHECK = {"songjiang", "suzhou", "quanzhou"}
PENALTY = {"hangzhou", "suzhou"}
UNLICENSED = {"quanzhou"}
CHECKS_ITSELF = {"public_hospital", "private_hospital", "clinic", "community_centre", "township"}


def h(what, name):
    return int.from_bytes(hashlib.sha256(f"{what} {name}".encode()).digest(), "big")


def percent(what, name):
    return h(what, name) % 100


def first_by(what, names, number):
    """The `number` names with the smallest h: how a few are chosen without a choice."""
    return sorted(names, key=lambda name: h(what, name))[:number]


def write(path, header, rows):
    """As a program writes it: no byte order mark, LF, the header first."""
    with (OUT / path).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def features(city, unit, kind):
    found = {}
    hospital = kind in ("public_hospital", "private_hospital")
    likely = {"public_hospital": 90, "private_hospital": 70, "township": 50, "community_centre": 30, "clinic": 15}
    if percent("radiology", unit) < likely.get(kind, 0):
        found["radiology"] = 1
    if hospital:
        found["beds"] = 50 + h("beds", unit) % 60 * 10 + (400 if kind == "public_hospital" and percent("large", unit) < 20 else 0)
    elif kind == "township":
        found["beds"] = 10 + h("beds", unit) % 80
    if city == "quanzhou" and percent("ungraded", unit) < {"clinic": 90, "township": 40, "community_centre": 40}.get(kind, 0):
        found["ungraded"] = 1
    if city == "hangzhou" and percent("internet", unit) < {"internet_hospital": 100, "public_hospital": 40, "private_hospital": 20}.get(kind, 0):
        found["internet"] = 1
    return ";".join(f"{code}:{count}" for code, count in sorted(found.items()))


def quanzhou_names():
    with (HERE / "quanzhou_units.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[2:]  # a note, then the header
    return [(row[1], row[2], row[3], QUANZHOU_KINDS[row[4]]) for row in rows]


def units(city):
    """(id, name, division, kind, real) of every unit."""
    code, found = CODES[city], []
    if city == "quanzhou":
        found = [(unit, name, division, kind, 1) for unit, name, division, kind in quanzhou_names()]
    made = [(name, division, kind, 1) for name, division, kind in REAL.get(city, [])]
    divisions = list(DIVISIONS[city].items())
    for kind, count in COUNTS[city].items():
        start = h("deal", f"{code} {kind}") % len(divisions)
        for place in range(count):
            division, word = divisions[(start + place) % len(divisions)]
            made.append((f"{LABEL}{word}{WORDS[kind]}{place + 1:02}", division, kind, 0))
    found += [(f"{code}-{place:04}", *row) for place, row in enumerate(made, 1)]
    return found


def unit_rows(city, found):
    """Closed and suspended ones are constructed rows, three of the large kinds, so that no kind goes missing."""
    spare = [unit for unit, _, _, kind, real in found if not real and kind in ("clinic", "public_place")]
    closed = first_by("closed", spare, 2)
    suspended = first_by("suspended", [unit for unit in spare if unit not in closed], 1)
    rows = []
    for unit, name, division, kind, real in found:
        opened = date(1990, 1, 1) + timedelta(days=h("opened", unit) % 12_700)
        if kind == "clinic" and percent("new", unit) < 3:
            opened = date(2026, 1, 5) + timedelta(days=h("new day", unit) % 20)
        status = "closed" if unit in closed else "suspended" if unit in suspended else "active"
        grid = f"{division}-{1 + h('grid', unit) % 5:02}"
        # A district did not open: it is overdue from its first draw on.
        since = "" if kind == "district" else opened.isoformat()
        rows.append([unit, name, division, kind, grid, status, since, features(city, unit, kind), real])
    return rows


def officers(city):
    code, divisions, rows = CODES[city], list(DIVISIONS[city]), []
    for department, letter, count, qualified in DEPARTMENTS[city]:
        for place in range(count):
            officer = f"{code}-{letter}-{place + 1:03}"
            home = divisions[place % len(divisions)]
            covers = {home}
            if len(divisions) > 1 and percent("second", officer) < 25:
                covers.add(divisions[(place + 1) % len(divisions)])
            has = [name for name, share in qualified.items() if percent(f"has {name}", officer) < share]
            if qualified and not has:
                has = [next(iter(qualified))]
            until = date(2027, 1, 1) + timedelta(days=h("until", officer) % 1_000)
            if percent("expires", officer) < 3:
                until = date(2026, 7, 31)
            rows.append([
                city, officer, f"{LABEL}{department}{place + 1:02}", department, f"{code.lower()}-{department}-{home}",
                ";".join(sorted(covers)), ";".join(has), until.isoformat(),
                f"{home}-{1 + h('grid', officer) % 5:02}",
            ])
    return rows


def experts(city):
    if city not in EXPERTS:
        return []
    code, divisions, rows = CODES[city], list(DIVISIONS[city]), []
    for place, role in enumerate(ROLES):
        expert = f"{code}-E-{place + 1:02}"
        has = EXPERTS[city] if place % 4 == 3 else [EXPERTS[city][place % len(EXPERTS[city])]]
        if role in ("grid", "uncertified"):
            has = EXPERTS[city][:1]
        until = date(2027, 1, 1) + timedelta(days=h("until", expert) % 700)
        rows.append([
            city, expert, f"{LABEL}{role}{place + 1:02}", f"{code.lower()}-{role.replace('_', '-')}-{1 + place % 3}",
            divisions[place % len(divisions)], ";".join(has), until.isoformat(), role,
        ])
    return rows


def recusals(city, found, staff):
    """Four of officers, one of an expert where there are any: the officer of the smallest hash and a unit of his division."""
    grounds = [
        ("statutory", "近亲属在该单位任职（构造）；行政处罚法第四十三条"),
        ("requested", "本人申请：三年内曾在该单位工作（构造）；行政处罚法第四十三条"),
        ("decided", "负责人决定：有其他关系可能影响公正（构造）；行政处罚法第四十三条"),
    ]
    own = [row for row in staff if row[0] == city]
    chosen = first_by("recusal", [row[1] for row in own if row[3] == "wsjd"], 4)
    chosen += first_by("recusal", [row[1] for row in own if "-E-" in row[1] and row[7] == "expert"], 1)
    homes = {row[1]: (row[4] if "-E-" in row[1] else row[5]).split(";")[0] for row in own}
    rows = []
    for place, officer in enumerate(chosen):
        near = [unit for unit, _, division, _, real in found if division == homes[officer] and not real]
        unit = first_by(f"recusal {officer}", near, 1)[0]
        rows.append([city, officer, unit, *grounds[place % len(grounds)]])
    return sorted(rows, key=lambda row: (row[1], row[2]))


def entries(city, found):
    """What was noted in 2025. Real names get no entries of dishonesty, serious violations, points or lists: even a
    constructed one would be a statement about a real institution."""
    made = [unit for unit, _, _, kind, real in found if not real and kind != "district"]
    rows = []

    kinds = {unit: kind for unit, _, _, kind, _ in found}

    def day(what, unit, low=0, high=365):
        return date(2025, 1, 1) + timedelta(days=low + h(f"day {what}", unit) % (high - low))

    def noted(when, signal, count, unit, source):
        rows.append([city, when.isoformat(), "noted", signal, count, unit, f"{source}（构造）"])

    def cleared(when, signal, unit, source):
        rows.append([city, when.isoformat(), "cleared", signal, "", unit, f"{source}（构造）"])

    for unit in made:
        if percent("complaints", unit) < 10:
            noted(day("complaints", unit), "complaints", 1 + h("number of complaints", unit) % 4, unit, "12345热线工单")
        if percent("hazards", unit) < 5:
            noted(day("hazards", unit), "hazards", 1 + h("number of hazards", unit) % 2, unit, "巡查隐患单")
        if percent("violations", unit) < 5:
            noted(day("violations", unit), "violations", 1 + h("number of violations", unit) % 2, unit, "上年度抽查结果")
        if city in MONITORING and percent("monitoring", unit) < 5:
            noted(day("monitoring", unit), "monitoring", 1 + h("number of alarms", unit) % 3, unit, "定点监测报告")
        if city in SELF_CHECK and kinds[unit] in CHECKS_ITSELF and percent("self_check", unit) < 5:
            noted(day("self_check", unit), "self_check", 1, unit, "依法执业自查逾期名单")
    left = list(made)

    def few(what, number):
        chosen = first_by(what, left, number)
        for unit in chosen:
            left.remove(unit)
        return chosen

    for place, unit in enumerate(few("serious", 3)):
        when = day("serious", unit, 0, 180)
        noted(when, "serious", 1, unit, "严重违法失信认定书")
        if place == 0:
            cleared(when + timedelta(days=150), "serious", unit, "信用修复决定")
    for place, unit in enumerate(few("dishonesty", 6)):
        when = day("dishonesty", unit, 0, 200)
        noted(when, "dishonesty", 1, unit, "失信行为认定书")
        if place < 2:
            cleared(when + timedelta(days=120), "dishonesty", unit, "信用修复决定")
    for place, unit in enumerate(few("black", 2)):
        when = day("black", unit, 0, 180)
        noted(when, "black", 1, unit, "黑名单公告")
        if place == 0:
            cleared(when + timedelta(days=180), "black", unit, "移出黑名单公告")
    for unit in few("abnormal", 1):
        noted(day("abnormal", unit), "abnormal", 1, unit, "实地查无记录")
    medical = ("public_hospital", "private_hospital", "internet_hospital", "clinic", "community_centre", "township")
    for unit in first_by("points", [unit for unit in made if kinds[unit] in medical], 10):
        for turn in range(1 + h("events of points", unit) % 3):
            noted(day(f"points {turn}", unit), "points", [1, 2, 4, 6, 10][h(f"points {turn}", unit) % 5], unit, "不良执业行为记分通知")
    for place, unit in enumerate(few("red", 14)):
        when = day("red", unit, 0, 180)
        noted(when, "red", 1, unit, "红名单公告")
        if place == 0:
            cleared(when + timedelta(days=160), "red", unit, "移出红名单公告")
    if city in PENALTY:
        for place, unit in enumerate(few("penalty", 4)):
            when = day("penalty", unit, 0, 300)
            noted(when, "penalty", 1, unit, "行政处罚决定书")
            if place == 0:
                cleared(when + timedelta(days=60), "penalty", unit, "处罚后复查合格")
    if city in UNLICENSED:
        for unit in first_by("unlicensed", [unit for unit in left if kinds[unit] == "clinic"], 2):
            noted(day("unlicensed", unit, 200), "unlicensed", 1, unit, "月度无证行医“黑名单”公示")
    return sorted(rows, key=lambda row: (row[1], row[5], row[3], row[2] != "noted"))


def main():
    OUT.mkdir(exist_ok=True)
    staff, advisers, barred, dossier = [], [], [], []
    for city in DIVISIONS:
        found = units(city)
        header = ["id", "name", "division", "kind", "grid", "status", "opened", "features", "real"]
        write(f"{city}_units.csv", header, unit_rows(city, found))
        own, beside = officers(city), experts(city)
        staff += own
        advisers += beside
        barred += recusals(city, found, own + beside)
        dossier += entries(city, found)
    columns = ["city", "id", "name", "department", "office", "divisions", "qualifications", "certified_until", "grid"]
    write("officers.csv", columns, staff)
    write("experts.csv", ["city", "id", "name", "organisation", "divisions", "qualifications", "engaged_until", "role"], advisers)
    write("recusals.csv", ["city", "inspector", "unit", "ground", "basis"], barred)
    write("entries.csv", ["city", "date", "entry", "signal", "count", "unit", "source"], dossier)


if __name__ == "__main__":
    main()
