#!/usr/bin/env python3
"""Instructions that each hot kernel executes for a unit, counted by valgrind: the same on a busy machine as on a quiet one.

    python3 benches/instructions.py                 # a Markdown table, 2 000 units, one minute
    python3 benches/instructions.py --units 1e4 tickets select
    python3 benches/instructions.py --save          # and keep it as benches/instructions.txt
    python3 benches/instructions.py --check         # against the kept figures: 3 % more is an error
    python3 benches/instructions.py --growth        # at 2,000, 10,000 and 50,000 units, with exponents; some minutes

A kernel runs once and twice over the same world (benches/kernels.rs); the difference is the kernel alone. Valgrind does not offer the SHA
instructions of the processor to the program, which falls back to software; so what compressions execute stands apart, in compressions.
"""

import argparse
import json
import math
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEPT = ROOT / "benches" / "instructions.txt"
KERNELS = ["parse", "canonical", "tree", "plan", "tickets", "allocation", "select", "assign", "record", "encode", "decode"]
KERNELS += ["verify_public", "verify_all"]
MARGIN = 1.03


def program() -> str:
    """Builds the bench `kernels`; its path."""
    command = ["cargo", "bench", "--bench", "kernels", "--no-run", "--message-format", "json"]
    lines = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    built = [message for message in map(json.loads, lines) if message.get("executable")]
    return next(message["executable"] for message in built if message["target"]["name"] == "kernels")


def count(path: str, kernel: str, units: int, times: int) -> tuple[int, int]:
    """Instructions of one run: all of them, and those inside SHA-256 compressions."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", path, kernel, str(units), str(times)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        text = out.read_text()
    total = int(re.search(r"^(?:summary|totals): (\d+)", text, re.MULTILINE)[1])
    return total, compression(text)


def compression(text: str) -> int:
    """The instructions of functions of the crate sha2 itself, without those they call."""
    names: dict[str, str] = {}
    total, inside, skip = 0, False, False
    for line in text.splitlines():
        if match := re.match(r"fn=(\(\d+\))(?: (.*))?", line):
            names.setdefault(match[1], match[2] or "")
            inside = "sha2" in names[match[1]] and "compress" in names[match[1]]
        elif match := re.match(r"cfn=(\(\d+\)) (.*)", line):
            names.setdefault(match[1], match[2])
        elif line.startswith("calls="):
            skip = True  # the next line is what the called function executes
        elif re.match(r"[+\-*\d]", line):
            total += int(line.split()[1]) if inside and not skip else 0
            skip = False
    return total


def growth(difference: Callable[[str, int], list[float]], kernels: list[str]) -> None:
    """Instructions a unit at several sizes, and the exponent of all instructions over the units: least squares on logarithms."""
    sizes = [2_000, 10_000, 50_000]  # whole counties of the benches' world
    print("| kernel | " + " | ".join(f"{size:,}" for size in sizes) + " | exponent |\n|---|" + "---:|" * (len(sizes) + 1))
    logs = [math.log(size) for size in sizes]
    middle = statistics.fmean(logs)
    for kernel in kernels:
        figures = [figure - hashing for figure, hashing in (difference(kernel, size) for size in sizes)]
        slope = sum((x - middle) * math.log(y) for x, y in zip(logs, figures)) / sum((x - middle) ** 2 for x in logs)
        print(f"| `{kernel}` | " + " | ".join(f"{figure:,.0f}" for figure in figures) + f" | {1 + slope:.2f} |", flush=True)
    print("\nInstructions a unit without those of SHA-256, `valgrind --tool=callgrind`; n log n would be an exponent of 1.11 here.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kernels", nargs="*", default=KERNELS, metavar="kernel", help=", ".join(KERNELS))
    parser.add_argument("--units", default="2e3", help="size of the world (2e3)")
    parser.add_argument("--growth", action="store_true", help="at several sizes, with exponents")
    parser.add_argument("--save", action="store_true", help="keep the figures")
    parser.add_argument("--check", action="store_true", help="fail where a figure is 3 %% above the kept one")
    args = parser.parse_args()
    units = int(float(args.units))
    if wrong := sorted(set(args.kernels) - set(KERNELS)):
        parser.error(f"no kernel {', '.join(wrong)}; there are {', '.join(KERNELS)}")
    kept = {}
    if args.check:
        if not KEPT.exists():
            sys.exit(f"{KEPT} is missing: run with --save first")
        kept = {(name, int(n)): float(figure) for name, n, figure in map(str.split, KEPT.read_text().splitlines())}
    path = program()
    found, worse = {}, []

    def difference(kernel: str, units: int = units) -> list[float]:
        return [(b - a) / units for a, b in zip(count(path, kernel, units, 1), count(path, kernel, units, 2))]

    if args.growth:
        return growth(difference, args.kernels)
    _, block = difference("sha256")
    print("| kernel | instructions a unit, without SHA-256 | compressions a unit |\n|---|---:|---:|")
    for kernel in args.kernels:
        figure, hashing = difference(kernel)
        found[kernel, units] = figure
        print(f"| `{kernel}` | {figure - hashing:,.0f} | {hashing / block if block else math.nan:.2f} |", flush=True)
        before = kept.get((kernel, units))
        if args.check and before is None:
            worse.append(f"{kernel} at {units} units: nothing kept")
        elif args.check and figure > before * MARGIN:
            worse.append(f"{kernel}: {figure:.1f}, kept {before:.1f}")
    print(f"\n{units:,} units, `valgrind --tool=callgrind`, two runs less one. Valgrind hides the SHA instructions of the processor, so that a")
    print(f"compression is software here, {block:,.0f} instructions; they are left out, and compressions are counted instead.")
    if args.save:
        KEPT.write_text("".join(f"{name} {n} {figure:.1f}\n" for (name, n), figure in found.items()))
    if worse:
        sys.exit("more instructions than before:\n" + "\n".join(worse))


if __name__ == "__main__":
    main()
