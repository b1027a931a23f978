"""The licences of everything that is in a program.

    cargo metadata --format-version 1 --filter-platform TRIPLE | python3 .ci/licences.py PACKAGE

Lists each crate that PACKAGE is built of, tests left out: name, version, licence, authors, repository, and the texts that
it ships. A text that several crates share is printed once. Ends with status 1 if a crate names no licence.
"""

import json
import pathlib
import sys

# Names under which crates ship the texts of their licences.
NAMES = ("license", "licence", "copying", "notice", "unlicense")


def reached(metadata, root):
    """The ids of the packages that are built into one, development dependencies left out."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    found, left = set(), [root]
    while left:
        one = left.pop()
        if one in found:
            continue
        found.add(one)
        for dependency in nodes[one]["deps"]:
            if any(kind["kind"] != "dev" for kind in dependency["dep_kinds"]):
                left.append(dependency["pkg"])
    return found


def texts(package):
    """The texts of licences that a package ships, by file name."""
    folder = pathlib.Path(package["manifest_path"]).parent
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name.lower().startswith(NAMES):
            yield path.name, path.read_text(encoding="utf-8", errors="replace").strip()


def main():
    metadata = json.load(sys.stdin)
    packages = {package["id"]: package for package in metadata["packages"]}
    root = next(id for id, package in packages.items() if package["name"] == sys.argv[1])
    members = set(metadata["workspace_members"])
    listed = sorted(
        (packages[id] for id in reached(metadata, root) if id not in members),
        key=lambda package: (package["name"], package["version"]),
    )
    numbers, missing = {}, []
    for package in listed:
        print(f"== {package['name']} {package['version']}")
        licence = package["license"] or package["license_file"]
        if not licence:
            missing.append(package["name"])
        print(f"licence: {licence}")
        for title, value in (("authors", ", ".join(package["authors"])), ("source", package["repository"])):
            if value:
                print(f"{title}: {value}")
        for name, text in texts(package):
            print(f"{name}: text {numbers.setdefault(text, len(numbers) + 1)}")
        print()
    for text, number in numbers.items():
        print(f"==== text {number}\n{text}\n")
    if missing:
        print("no licence: " + ", ".join(missing), file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
