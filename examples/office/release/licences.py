"""The licences of everything that the program has in it: each package, its licence, and the texts that it ships.
    python3 examples/office/release/licences.py TARGET"""
import json, subprocess, sys
from pathlib import Path

OURS = "double-random-office"

def packages(target):
    """Name, version, licence and folder of every package that is linked in, ascending by name."""
    command = ["cargo", "metadata", "--format-version", "1", "--filter-platform", target, "--features",
               f"{OURS}/postgres"]
    found = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    named = {package["id"]: package for package in found["packages"]}
    nodes = {node["id"]: node["deps"] for node in found["resolve"]["nodes"]}
    linked, queue = set(), [number for number, package in named.items() if package["name"] == OURS]
    for number in queue:
        if number not in linked:
            linked.add(number)
            queue += [dep["pkg"] for dep in nodes[number] if any(kind["kind"] is None for kind in dep["dep_kinds"])]
    rows = [(named[n]["name"], named[n]["version"], named[n]["license"], Path(named[n]["manifest_path"]).parent)
            for n in linked if named[n]["source"]]
    return sorted(rows)

def texts(folder):
    names = ("licen", "copying", "notice", "unlicense")
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and path.name.lower().startswith(names)]
    return {path.name: path.read_text("utf-8", "replace").strip() for path in files}

def main(target):
    rows, shown = packages(target), {}
    print("office is licensed under MIT OR Apache-2.0, as is the standard library of Rust in it; SQLite, in libsqlite3-sys, is\n"
          "in the public domain. It has these packages in it:\n")
    for name, version, licence, _ in rows:
        print(f"{name} {version}: {licence}")
    if missing := [name for name, _, licence, _ in rows if not licence]:
        sys.exit(f"no licence is stated by {', '.join(missing)}")
    for name, version, licence, folder in rows:
        given = texts(folder)
        if not given:
            print(f"\n\n==== {name} {version}: {licence} (no text in the package)")
        for file, text in given.items():
            first = shown.setdefault(text, f"{name} {version}")
            print(f"\n\n==== {name} {version}: {file}")
            print(f"as that of {first}" if first != f"{name} {version}" else f"\n{text}")
    return 0

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
