"""Makes quanzhou.xls as an old office program saves it: python3 -m venv v && v/bin/pip install xlwt==1.3.0 && v/bin/python make_xls.py

Units and officers on two sheets under a merged note row, the parameters on a hidden sheet, dates as serials, codes and counts as numbers.
"""

import csv
import datetime
import os
import re

import xlwt

here = os.path.dirname(os.path.abspath(__file__))
data = os.path.join(here, "..", "..", "examples", "data")
book = xlwt.Workbook(encoding="utf-8")
DAY = xlwt.easyxf(num_format_str="yyyy/m/d")


def fill(name, file, dates, numbers, rows):
    sheet = book.add_sheet(name)
    with open(os.path.join(data, file), encoding="utf-8-sig") as f:
        table = list(csv.reader(f))
    sheet.write_merge(0, 0, 0, len(table[1]) - 1, table[0][0])
    # An empty row between note and heading.
    for r, row in enumerate(table[1 : rows + 2]):
        for c, cell in enumerate(row):
            title = table[1][c].split("（")[0]
            if r and title in dates and re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
                sheet.write(r + 2, c, datetime.date.fromisoformat(cell), DAY)
            elif r and title in numbers and cell.isdigit():
                sheet.write(r + 2, c, int(cell))
            elif cell:
                sheet.write(r + 2, c, cell)
    return sheet


fill("检查对象", "quanzhou_units.csv", {"开业日期", "有效期至"}, {"行政区划代码", "投诉举报", "序号"}, 20)
fill("执法人员", "quanzhou_officers.csv", {"证件生效日期", "证件有效期至"}, {"管辖片区", "本轮上限"}, 20)
for name, state in [("参数", 1), ("字典", 2)]:
    hidden = book.add_sheet(name)
    hidden.visibility = state
    hidden.write(0, 0, "统一社会信用代码")
    hidden.write(0, 1, "名称")
book.save(os.path.join(here, "quanzhou.xls"))
