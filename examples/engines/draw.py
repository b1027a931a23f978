#!/usr/bin/env python3
"""A draw on Spark from a Parquet table: the census and the selection run where the partitions are, each partition through
a child process (`RDD.pipe`). Seal and record are compared with those of one machine.

    python3 examples/engines/draw.py target/debug/examples/engines 100000

Needs PySpark and Java. Rows are constructed and stand in the table in no order. The policy and the salt key travel to
every executor: whoever has the key can ask of any id whether it is on the frame, but not who will be drawn before the
beacon speaks.
"""
import itertools
import json
import sys
import tempfile
import time

from pyspark import StorageLevel
from pyspark.sql import SparkSession

from rules import COUNTIES, KINDS, OFFICE, RISKS, SLACK, TERMS, VALUES, Office, one_machine

RANGES = 7

def lists(name, values):
    return f"element_at(array({', '.join(map(repr, values))}), cast(1 + pmod({name}, {len(values)}) as int))"

def table(spark, units, path):  # constructed rows, in no order
    mix = "shiftright(id * 2654435761, 8)"
    spark.range(units).selectExpr(
        "concat('CN-', lpad(cast(id as string), 15, '0')) as id", "concat('Entity ', id) as name",
        f"{lists(mix, COUNTIES)} as division", f"{lists(f'shiftright({mix}, 9)', KINDS)} as kind",
        f"{lists(f'shiftright({mix}, 5)', RISKS)} as risk", "'none' as credit",
        f"if(pmod({mix}, 97) = 0, array(array('complaints', '1')), array()) as signals",
    ).orderBy("name", "division").write.parquet(path)

def main(program, units):
    clock, times = time.monotonic(), {}

    def lap(name):
        nonlocal clock
        now = time.monotonic()
        times[name], clock = round(now - clock, 1), now

    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    with tempfile.TemporaryDirectory() as folder:
        table(spark, units, f"{folder}/register")
        lap("start and table")
        # The borders are samples and change from run to run, so the ranges are kept between the passes. Texts are
        # compared by their bytes.
        ranges = spark.read.parquet(f"{folder}/register").repartitionByRange(RANGES, "id").sortWithinPartitions("id")
        rows = ranges.toJSON(use_unicode=True).persist(StorageLevel.DISK_ONLY)
        sizes = rows.mapPartitions(lambda part: [sum(1 for _ in part)]).collect()
        starts = [0, *itertools.accumulate(sizes)]
        lap("sort")

        def through(step, headers):  # the header of a partition, then its rows
            headers = [json.dumps(header) for header in headers]
            with_header = rows.mapPartitionsWithIndex(lambda n, part: itertools.chain([headers[n]], part))
            return with_header.pipe(f"{program} {step}", checkCode=True).collect()

        parts = through("census", [{**TERMS, "start": start} for start in starts[:-1]])
        lap("census")
        office = Office(program)
        office.say(json.dumps(OFFICE), *parts, "")
        whole, seal = office.hear(), office.hear()
        office.say(json.dumps(VALUES))  # after the seal was published
        seed = office.hear()
        lap("seal")
        before = [None]
        for count in range(1, len(sizes)):
            merged = Office(program)
            merged.say(json.dumps(OFFICE), *parts[:2 * count], "")
            before.append(merged.hear())
            merged.end()
        header = {**TERMS, "whole": json.loads(whole), "seed": seed, "slack": SLACK}
        selected = through("select", [
            {**header, **({"before": json.loads(part)} if part else {})} for part in before])
        office.say(*selected)
        office.end()
        record = office.hear()
        lap("select and record")

        own_seal, own_record = one_machine(program, rows.toLocalIterator)
        lap("one machine")
    spark.stop()
    found = json.loads(record)
    shown = sum(len(cell["picks"]) + len(cell["reserves"]) for cell in found["sample"])
    kept = sum(len(json.loads(line)["units"]) for line in selected)
    print(f"{units} rows in {len(sizes)} parts of {min(sizes)} to {max(sizes)}, {len(found['table']['cells'])} cells")
    print(f"a part: {max(map(len, parts[::2]))} bytes; candidates: {kept} for {shown} shown")
    print("seconds:", ", ".join(f"{name} {seconds}" for name, seconds in times.items()))
    same = (seal, record) == (own_seal, own_record)
    print("seal and record are those of one machine" if same else "DIFFERENT from one machine")
    return 0 if same else 1

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
