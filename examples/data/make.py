#!/usr/bin/env python3
"""Makes the tables of this folder from fever_clinics_fujian.csv (names are real, the rest is constructed: README.md).

Every constructed value is a stated function of a name or an id: h(what, name) is SHA-256 of "<what> <name>" read as
a big-endian integer. Run it again and the same bytes come out.
"""

import csv
import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent

COUNTIES = {
    "鲤城": "350502",
    "丰泽": "350503",
    "洛江": "350504",
    "泉港": "350505",
    "惠安": "350521",
    "安溪": "350524",
    "永春": "350525",
    "德化": "350526",
    "石狮": "350581",
    "晋江": "350582",
    "南安": "350583",
}

# Names that hold no county. Townships of the 台商投资区 belong to 惠安; a private hospital stands with its
# neighbours in the list; for the city hospitals the county is a choice of this file, not a statement about
# their address.
PLACED = {
    "福建医大附属第二医院": "350502",
    "泉州市第一医院东街院区": "350502",
    "泉州市第一医院城东院区": "350503",
    "第910医院": "350503",
    "泉州市中医院": "350502",
    "泉州医高专附属人民医院": "350502",
    "泉州市儿童医院": "350503",
    "泉州市光前医院": "350583",
    "泉州市正骨医院": "350503",
    "泰和医院": "350581",
    "泉州滨海医院": "350583",
    "泉州德诚医院": "350521",
    "福建省福能集团总医院福能（天湖山）医院": "350525",
    "泉州台商投资区医院": "350521",
    "东园镇中心卫生院": "350521",
    "洛阳镇卫生院": "350521",
    "张坂镇卫生院": "350521",
    "百崎回族乡卫生院": "350521",
    "弘润医院": "350521",
}

KINDS = {
    "综合医院": "hospital",
    "中医医院": "tcm",
    "妇幼保健院": "maternal",
    "卫生院": "township",
    "社区卫生服务中心": "community",
}

# The nine cities of Fujian by GB/T 2260, with the letters of an identifier.
CITIES = {
    "350100": "FZ",
    "350200": "XM",
    "350300": "PT",
    "350400": "SM",
    "350500": "QZ",
    "350600": "ZZ",
    "350700": "NP",
    "350800": "LY",
    "350900": "ND",
}

ROUNDS = 4
CITY = "350500"
DEPARTMENT = "卫生监督所"
AS_OF = date(2023, 8, 20)


def h(what, name):
    return int.from_bytes(hashlib.sha256(f"{what} {name}".encode()).digest(), "big")


def county(name):
    if name in PLACED:
        return PLACED[name]
    found = {code for word, code in COUNTIES.items() if word in name}
    if len(found) != 1:
        raise SystemExit(f"{name}: {len(found)} counties in the name; add it to PLACED")
    return found.pop()


def kind(name):
    """The kind by the words of the name, in this order, 综合医院 if none is there. "服中心", "卫院" and the like are misprints
    of the source, kept as they are."""
    if "妇幼保健院" in name or "妇幼院" in name:
        return "妇幼保健院"
    if "中医院" in name or "中医医院" in name:
        return "中医医院"
    if "卫生院" in name or name.endswith(("卫院", "卫生分院")):
        return "卫生院"
    if name.endswith(("卫生服务中心", "卫生服务站", "卫生服中心", "社区服务中心", "卫生社区中心")):
        return "社区卫生服务中心"
    return "综合医院"


def level(name, what, steps):
    value = h(what, name) % 100
    return next(word for below, word in steps if value < below)


def spelled(day, name):
    """Most offices write ISO dates, some cells do not."""
    match h("spelling", name) % 20:
        case 2:
            return f"{day.year}/{day.month}/{day.day}"
        case 3:
            return f"{day.year}年{day.month}月{day.day}日"
        case 4:
            return day.strftime("%Y%m%d")
    return day.isoformat()


def write(path, note, header, rows):
    """As a spreadsheet of a Chinese office saves it: byte order mark, CRLF, a note row above the header."""
    with (HERE / path).open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([note] + [""] * (len(header) - 1))
        out.writerow(header)
        out.writerows(rows)


def plain(path, header, rows):
    """As a program writes it: no byte order mark, LF, the header first."""
    with (HERE / path).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def first_by(what, names, number):
    """The `number` names with the smallest h: how a few are chosen without a choice."""
    return sorted(names, key=lambda name: h(what, name))[:number]


def units(names):
    left = list(names)
    closed = first_by("closed", left, 2)
    left = [name for name in left if name not in closed]
    expired = first_by("expired", left, 1)
    left = [name for name in left if name not in expired]
    serious = first_by("serious", left, 2)
    left = [name for name in left if name not in serious]
    new = first_by("new", left, 1)
    rows, made = [], []
    for place, name in enumerate(names, 1):
        opened = date(1985, 1, 1) + timedelta(days=h("opened", name) % 12_400)
        until = date(2024, 1, 1) + timedelta(days=h("until", name) % 1_800)
        if name in new:
            opened = date(2023, 6, 15)
        ends = spelled(until, name)
        match h("spelling", name) % 20:
            case 0:
                ends = "长期"
            case 1:
                ends = "9999-09-09"
        if name in expired:
            ends = "2023-06-30"
        complaints = 1 + h("complaints", name) // 100 % 4 if h("complaints", name) % 100 < 10 else 0
        hazards = 1 + h("hazards", name) // 100 % 2 if h("hazards", name) % 100 < 6 else 0
        unit = {
            "id": f"FJQZ-{place:04}",
            "name": name,
            "division": county(name),
            "grid": f"{county(name)}-{1 + h('grid', name) % 5:02}",
            "closed": name in closed,
        }
        made.append(unit)
        rows.append(
            [
                place,
                unit["id"],
                name,
                unit["division"],
                kind(name),
                level(name, "risk", [(10, "高"), (40, "中"), (100, "低")]),
                level(name, "credit", [(50, "A"), (85, "B"), (97, "C"), (100, "D")]),
                "注销" if name in closed else "正常",
                opened.isoformat(),
                unit["grid"],
                f"GZXK-{place:04}",
                ends,
                complaints,
                hazards,
                1 if name in serious else 0,
            ]
        )
    header = [
        "序号",
        "统一社会信用代码/标识",
        "名称",
        "行政区划代码",
        "机构类别",
        "风险等级（构造）",
        "信用等级（构造）",
        "状态（构造）",
        "开业日期（构造）",
        "网格",
        "许可证号（构造）",
        "有效期至（构造）",
        "投诉举报（构造）",
        "安全隐患（构造）",
        "严重违法失信（构造）",
    ]
    note = "泉州市发热门诊检查对象名录（机构名称真实，其余字段均为构造数据，与机构实际情况无关）"
    write("quanzhou_units.csv", note, header, rows)
    return made


def officers():
    sizes = [3, 4, 3, 3, 4, 5, 4, 3, 3, 4, 4]
    posts = [(code, k) for code, size in zip(COUNTIES.values(), sizes) for k in range(size)]
    posts += [(CITY, k) for k in range(6)]
    absences = {
        4: "2023-09-04至2023-09-15",
        17: "2023/10/9~2023/10/20；2023-11-06~2023-11-10",
        26: "2023-08-25至2023-12-10",
    }
    caps = {9: 3, 21: 2, 38: 3}
    ends = {13: date(2023, 10, 31), 30: date(2023, 6, 30)}
    rows, made = [], []
    for place, (division, k) in enumerate(posts, 1):
        number = f"3505-{place:04}"
        start = date(2019, 1, 1) + timedelta(days=h("from", number) % 1_200)
        end = ends.get(place, date(2024, 1, 1) + timedelta(days=h("until", number) % 1_400))
        infectious = division == CITY or k % 3 != 2
        own_grid = division != CITY and place % 5 == 0
        made.append({"id": number, "division": division})
        rows.append(
            [
                number,
                f"甲{place:02}",
                DEPARTMENT,
                "qz-city" if division == CITY else f"qz-{division}",
                division,
                "医疗、传染病" if infectious else "医疗",
                start.isoformat(),
                end.isoformat(),
                absences.get(place, ""),
                f"{division}-{1 + h('grid', number) % 5:02}" if own_grid else "",
                caps.get(place, ""),
            ]
        )
    header = [
        "执法证号",
        "姓名",
        "所属部门",
        "工作单位",
        "管辖片区",
        "岗位资质",
        "证件生效日期",
        "证件有效期至",
        "请假",
        "网格",
        "本轮上限",
    ]
    write("quanzhou_officers.csv", "泉州市执法检查人员名录（构造数据，非真实人员）", header, rows)
    return made


def recusals(units_made, officers_made):
    reasons = [
        ("法定", "近亲属在该机构任职（构造）；行政处罚法第四十三条"),
        ("申请", "本人申请：三年内曾在该机构工作（构造）；行政处罚法第四十三条"),
        ("决定", "单位负责人决定：与该机构有其他关系（构造）；行政处罚法第四十三条"),
    ]
    rows = []
    for turn, officer in enumerate(officers_made[1::4]):
        here = [u["id"] for u in units_made if officer["division"] in (u["division"], CITY)]
        unit = min(here, key=lambda id_: h(f"recusal {officer['id']}", id_))
        rows.append([officer["id"], unit, *reasons[turn % 3]])
    header = ["执法证号", "机构标识", "回避类型", "事由及依据"]
    write("quanzhou_recusals.csv", "回避名单（构造数据）", header, rows)


def cycle(units_made, officers_made):
    """10 units of a spring round with probability 0.3, 4 of them drawn; 3 checked outside a draw this year, one of them lately;
    17 last seen in the year before."""
    chosen = first_by("cycle", [u["id"] for u in units_made if not u["closed"]], 30)
    by_id = {u["id"]: u for u in units_made}
    rows = []
    for turn, unit in enumerate(chosen):
        days = h("last", unit) % 200
        visits, exposure, last = 0, "0", date(2022, 2, 10) + timedelta(days=days)
        if turn < 10:
            visits, exposure = (1, "0.3") if turn < 4 else (0, "0.3")
            last = date(2023, 4, 3) + timedelta(days=days % 25) if turn < 4 else last
        elif turn < 13:
            visits, exposure = 1, "1"
            last = date(2023, 3, 1) + timedelta(days=days % 60) if turn < 12 else date(2023, 6, 28)
        here = [o["id"] for o in officers_made if o["division"] == by_id[unit]["division"]]
        team = sorted(first_by(f"team {unit}", here, 2))
        rows.append([unit, visits, exposure, last.isoformat(), ";".join(team)])
    rows.sort()
    header = ["机构标识", "本周期检查次数", "累计期望次数", "上次检查日期", "上次检查人员"]
    write("quanzhou_cycle.csv", "本年度检查台账（构造数据）", header, rows)


def beacon():
    """The drand value is the public one of round 1000; the dice are constructed: bytes of a SHA-256 below 250, mod 10."""
    dice, turn = "", 0
    while len(dice) < 20:
        for byte in hashlib.sha256(f"dice-notary {turn}".encode()).digest():
            dice += str(byte % 10) if byte < 250 else ""
        turn += 1
    values = [
        {
            "source": "drand-quicknet",
            "value": "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
        },
        {"source": "dice-notary", "value": dice[:20]},
    ]
    text = json.dumps(values, ensure_ascii=False, indent=2) + "\n"
    (HERE / "quanzhou_beacon.json").write_text(text, encoding="utf-8", newline="\n")


def churn(name, credit):
    """The round of entry, the first round off the frame, the round of a new credit level, that level; "" for none.

    Leaving comes after entry; a credit level changes by one step, in a round after entry and before leaving.
    """
    value = h("enter", name)
    enters = 2 + value // 100 % (ROUNDS - 1) if value % 100 < 4 else 1
    value, later = h("leave", name), range(enters + 1, ROUNDS + 1)
    leaves = later[value // 100 % len(later)] if later and value % 100 < 5 else ""
    value, later = h("change", name), range(enters + 1, leaves or ROUNDS + 1)
    if not later or value % 100 >= 6:
        return [enters, leaves, "", ""]
    beside = {"A": "B", "B": "AC", "C": "BD", "D": "C"}[credit]
    return [enters, leaves, later[value // 100 % len(later)], beside[h("credit after", name) % len(beside)]]


def year_units(listed):
    rows, count = [], dict.fromkeys(CITIES, 0)
    for city, name in listed:
        count[city] += 1
        credit = level(name, "credit", [(50, "A"), (85, "B"), (97, "C"), (100, "D")])
        rows.append(
            [
                f"FJ-{CITIES[city]}-{count[city]:04}",
                name,
                city,
                KINDS[kind(name)],
                level(name, "risk", [(10, "high"), (40, "medium"), (100, "low")]),
                credit,
                *churn(name, credit),
            ]
        )
    header = [
        "机构标识",
        "机构名称",
        "设区市",
        "类别",
        "风险",
        "信用",
        "列入轮次",
        "退出轮次",
        "信用变动轮次",
        "变动后信用",
    ]
    plain("fujian_units.csv", header, rows)
    return count


def year_officers(count):
    """One officer to 22 institutions of the city, rounded up, at least four; about one in ten has a cap of 4."""
    posts = [(city, k) for city, size in count.items() for k in range(max(4, -(-size // 22)))]
    rows = []
    for place, (city, k) in enumerate(posts, 1):
        number = f"{city[:4]}-{k + 1:04}"
        rows.append([number, f"甲{place:02}", city, 4 if h("cap", number) % 10 == 0 else ""])
    plain("fujian_officers.csv", ["执法证号", "姓名", "城市", "上限"], rows)


def source(path):
    """The (city, name) pairs of a list, in its order."""
    with (HERE / path).open(encoding="utf-8", newline="") as file:
        return [(row["city_code"], row["name"]) for row in csv.DictReader(file)]


def main():
    listed = source("fever_clinics_fujian.csv")
    assert len(listed) == len({name for _, name in listed}) == 1111
    names = [name for city, name in listed if city == CITY]
    assert len(names) == 221
    assert set(PLACED) <= set(names)
    units_made = units(names)
    officers_made = officers()
    recusals(units_made, officers_made)
    cycle(units_made, officers_made)
    beacon()
    year_officers(year_units(listed))


if __name__ == "__main__":
    main()
