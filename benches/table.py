#!/usr/bin/env python3
"""Tables from what `cargo bench` has measured, as Markdown.

    python3 benches/table.py --peers                # the draw beside other samplers
    python3 benches/table.py --limits [--units 1e6] # each step beside what bounds it on this machine
    python3 benches/table.py --growth [FILE …]      # steps × sizes, with exponents; FILE: what the bench `pipeline` printed, run by run
    python3 benches/table.py --ledger               # what an entry costs in ledgers of several lengths
    python3 benches/table.py --profile FILE …       # the same files as they are: seconds, ns a unit, MB

A figure that was not measured stands as "–" and is named below the table. Median of the samples, its 95 % interval where it matters.
"""

import argparse
import json
import math
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Bytes of one labelled hash: `double-random/1 <label> ` and the content; a compression takes 64 of them,
# padding takes 9.
UNIT_ID = 18  # U-0000000000000000
PSEUDONYM = 32  # half of a digest
TICKET = len("double-random/1 lot ") + 64 + 1 + PSEUDONYM
SALT = len("double-random/1 salt ") + 64 + len(" frame ") + UNIT_ID


def blocks(content: int, shared: int = 0) -> int:
    """Compressions of a message, without the whole blocks at its front that all messages share."""
    return -(-(content + 9) // 64) - shared // 64


def leaf() -> int:
    """Bytes of a leaf of the benches' frame: 0 and the canonical row with its salt."""
    unit = {"credit": "A", "division": "350101", "id": "U" * UNIT_ID, "kind": "hospital", "name": "Institution 100000", "risk": "medium"}
    unit["status"] = "active"
    return 1 + len(json.dumps({"salt": "0" * 32, "unit": unit}, separators=(",", ":")))


# What each step needs at least, for a unit of the benches' world: (what, how many, which limit, why).
NEEDS = {
    "tickets": (blocks(TICKET, TICKET - PSEUDONYM), "sha256_single", "one block behind the shared prefix"),
    "select": (blocks(TICKET, TICKET - PSEUDONYM), "sha256_single", "the tickets alone"),
    "tree": (
        blocks(SALT, SALT - UNIT_ID) + blocks(leaf()) + blocks(65),
        "sha256_single",
        f"secret {blocks(SALT, SALT - UNIT_ID)}, leaf of {leaf()} bytes {blocks(leaf())}, node {blocks(65)} compressions",
    ),
    "seal": (
        blocks(SALT, SALT - UNIT_ID) + blocks(leaf()) + blocks(65) + blocks(1 + PSEUDONYM + 1 + UNIT_ID) + blocks(65),
        "sha256_single",
        "both trees alone; sorting, and an officer for 50 units left out",
    ),
    "canonical": (leaf(), "memory_copy", f"{leaf()} bytes written once"),
    "parse": (leaf(), "memory_copy", f"about {leaf()} bytes of text read and written once"),
}


class Measured:
    """The medians under target/criterion, and what was asked for and is not there."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.missing: list[str] = []
        self.found: dict[str, tuple[float, float, float, dict]] = {}
        for path in sorted(folder.rglob("new/benchmark.json")):
            about = json.loads(path.read_text())
            estimate = json.loads((path.parent / "estimates.json").read_text())["median"]
            interval = estimate["confidence_interval"]
            figures = (estimate["point_estimate"], interval["lower_bound"], interval["upper_bound"])
            self.found[about["full_id"]] = (*figures, about.get("throughput") or {})

    def sizes(self, group: str) -> list[int]:
        """All sizes that a group was measured at."""
        return sorted({int(name.rsplit("/", 1)[1]) for name in self.found if re.fullmatch(rf"{group}/\w+/\d+", name)})

    def names(self, group: str) -> list[str]:
        return sorted({name.split("/")[1] for name in self.found if re.fullmatch(rf"{group}/\w+/\d+", name)})

    def nanoseconds(self, name: str) -> float | None:
        """The median of one iteration; a missing one is remembered."""
        if name not in self.found:
            self.missing.append(name)
            return None
        return self.found[name][0]

    def each(self, name: str) -> float | None:
        """Nanoseconds for one element or byte of the throughput."""
        median = self.nanoseconds(name)
        if median is None:
            return None
        return median / next(iter(self.found[name][3].values()))

    def interval(self, name: str) -> str:
        median, low, high, _ = self.found[name]
        return f"−{100 * (1 - low / median):.0f} % +{100 * (high / median - 1):.0f} %"


def text(figure: float | None, digits: int = 3) -> str:
    """A figure with so many digits that say something."""
    if figure is None:
        return "–"
    return f"{figure:,.{max(0, digits - 1 - math.floor(math.log10(figure)))}f}" if figure > 0 else "0"


def power(size: int) -> str:
    exponent = round(math.log10(size))
    return "10" + "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(d)] for d in str(exponent)) if size == 10**exponent else f"{size:,}"


def table(head: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(head) + " |\n|---|" + "---:|" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def peers(measured: Measured) -> None:
    sizes = measured.sizes("peers")
    rows = []
    for name in ["draw", *(name for name in measured.names("peers") if name not in ("draw", "pipeline")), "pipeline"]:
        row = [f"`{name}`"]
        for size in sizes:
            figure, ours = (measured.nanoseconds(f"peers/{which}/{size}") for which in (name, "draw"))
            ratio = f" ({text(figure / ours, 2)} ×)" if figure and ours and name != "draw" else ""
            row.append(text(figure / size if figure else None) + ratio)
        rows.append(row)
    print("Nanoseconds a unit; in brackets how many times the time of `draw`: above 1 slower than ours.\n")
    table(["", *map(power, sizes)], rows)


def limits(measured: Measured, size: int) -> None:
    found = [name for name in sorted(measured.found) if name.startswith("limits/")]
    rows = []
    for name in found:
        each = measured.each(name)
        unit = "byte" if "Bytes" in measured.found[name][3] else "word" if "words" in name else "compression"
        rows.append([f"`{name}`", text(each), unit, f"{text(1e3 / each)} M/s", measured.interval(name)])
    table(["limit of this machine", "ns", "for one", "rate", "95 %"], rows)
    print()
    rows = []
    for step, (amount, limit, why) in NEEDS.items():
        took, each = measured.nanoseconds(f"draw/{step}/{size}"), measured.each(f"limits/{limit}")
        least = amount * each if each else None
        took = took / size if took else None
        ratio = text(took / least) + " ×" if took and least else "–"
        rows.append([f"`{step}`", text(took), f"{amount} × `{limit}`", text(least), ratio, why])
    table([f"step, {power(size)} units", "ns a unit", "needs at least", "ns", "ratio", "that is"], rows)
    bounded = ", ".join(f"`{name}`" for name in measured.names("draw") if name not in NEEDS)
    print(f"\nNo bound is stated for {bounded or 'other steps'}: what they need depends on the data, not on its size alone.")


def runs(files: list[str]) -> dict[int, dict[str, list[str]]]:
    """What the bench `pipeline` printed: for each size the cells of each line, of several runs that with the median time."""
    found: dict[int, dict[str, list[list[str]]]] = {}
    for file in files:
        size = None
        for line in pathlib.Path(file).read_text().splitlines():
            if match := re.fullmatch(r"(\d+) units", line):
                size = int(match[1])
            elif size and (match := re.fullmatch(r"\| (.*?) \| ([\d.]+) \| (\d+) \| (\w+) \|", line)):
                found.setdefault(size, {}).setdefault(match[1], []).append([match[2], match[3], match[4]])

    def median(lines: list[list[str]]) -> list[str]:
        return sorted(lines, key=lambda cells: float(cells[0]))[(len(lines) - 1) // 2]

    return {size: {step: median(lines) for step, lines in steps.items()} for size, steps in found.items()}


def exponent(points: list[tuple[int, float]]) -> str:
    """Least squares on logarithms; from two sizes on, tiny ones left out."""
    logs = [(math.log(size), math.log(seconds)) for size, seconds in points if size >= 10_000 and seconds > 0]
    if len(logs) < 2:
        return "–"
    x, y = (sum(values) / len(logs) for values in zip(*logs))
    return f"{sum((a - x) * (b - y) for a, b in logs) / sum((a - x) ** 2 for a, _ in logs):.2f}"


def growth(measured: Measured, files: list[str]) -> None:
    print("Nanoseconds a unit. The exponent is that of the time over 10⁴ units and more: 1 is linear, n log n about 1.08.\n")
    if sizes := measured.sizes("draw"):
        rows = []
        for step in measured.names("draw"):
            times = [(size, measured.nanoseconds(f"draw/{step}/{size}")) for size in sizes]
            cells = [text(time / size if time else None) for size, time in times]
            rows.append([f"`{step}`", *cells, exponent([(size, time) for size, time in times if time])])
        table(["step, `cargo bench --bench draw`", *map(power, sizes), "exponent"], rows)
    if found := runs(files):
        print()
        rows = []
        for step in [name for name in found[max(found)] if name != "(before)"]:
            points = [(size, float(found[size][step][0])) for size in sorted(found) if step in found[size]]
            cells = [found[size].get(step, ["", "–", ""])[1] for size in sorted(found)]
            rows.append([step, *cells, exponent(points)])
        table(["step, `cargo bench --bench pipeline`", *map(power, sorted(found)), "exponent"], rows)


def ledger(measured: Measured) -> None:
    print("Microseconds an entry, by the length of the ledger; the ratio is that of the longest to the shortest: 1 is flat.\n")
    sizes = measured.sizes("ledger")
    rows = []
    for name in ["rows_of_a_table", "one_entry", "corrections", "read", "fold", "verify_lines", "verify_all"]:
        each = [measured.each(f"ledger/{name}/{size}") for size in sizes]
        ratio = f"{text(each[-1] / each[0], 2)} ×" if each and each[0] and each[-1] else "–"
        rows.append([f"`{name}`", *(text(figure / 1e3 if figure else None) for figure in each), ratio])
    table(["`cargo bench --bench ledger`", *map(power, sizes), "ratio"], rows)


def profile(files: list[str]) -> None:
    for size, steps in sorted(runs(files).items()):
        print(f"{power(size)} units\n")
        table(["step", "seconds", "ns a unit", "peak MB"], [[step, *cells] for step, cells in steps.items()])
        print()


def target() -> pathlib.Path:
    """Where cargo puts what it builds."""
    command = ["cargo", "metadata", "--format-version", "1", "--no-deps", "--offline"]
    return pathlib.Path(json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)["target_directory"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--limits", action="store_true")
    parser.add_argument("--growth", nargs="*", metavar="FILE")
    parser.add_argument("--ledger", action="store_true")
    parser.add_argument("--profile", nargs="+", metavar="FILE")
    parser.add_argument("--units", default="1e6", help="the size for --limits (1e6)")
    args = parser.parse_args()
    if not (args.peers or args.limits or args.growth is not None or args.ledger or args.profile):
        parser.error("one of --peers, --limits, --growth, --ledger, --profile is needed")
    measured = Measured(target() / "criterion")
    if args.peers:
        peers(measured)
        print()
    if args.limits:
        limits(measured, int(float(args.units)))
        print()
    if args.growth is not None:
        growth(measured, args.growth)
        print()
    if args.ledger:
        ledger(measured)
        print()
    if args.profile:
        profile(args.profile)
    if measured.missing:
        print("Not measured: " + ", ".join(sorted(set(measured.missing))) + ".")


if __name__ == "__main__":
    main()
