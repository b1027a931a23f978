"""Spec 19: the files of a ledger's folder, read."""
import re

from basics import MALFORMED, Fail, H, Tree, Unusable, canon, need, parse, suite, suite_of
from files import plain
from fold import fold
from notes import origin
from replay import check_fields
from year import drawn_event, valid_cycle
from yearrows import check_drawn, drawn_document

NAMES = "record", "seal", "beacon", "frame", "registers", "roster", "cycle", "drawn"
AUDITOR = "frame", "roster", "cycle"

class Folder:
    def __init__(self, home):
        data = plain((home / "ledger.jsonl").read_bytes())
        self.lines = data.split(b"\n")
        if self.lines[-1] == b"":
            self.lines.pop()
        else:  # Spec 17.1: every line is ended by a newline; this is no line of a ledger
            self.lines[-1] += b"\n"
        self.checkpoints = {path.name: plain(path.read_bytes()) for path in sorted(home.glob("checkpoints/*.txt"))}
        self.opening = read(home / "cycle.json") if (home / "cycle.json").exists() else None  # Spec 17.4
        self.draws, self.files = {}, {}  # documents; and every file as bytes, by its name
        for path, name in sorted((path, draw_of(path)) for path in home.glob("draws/*.*") if draw_of(path)):
            self.files[name] = {file.name: file.read_bytes() for file in sorted(path.iterdir()) if file.is_file()}
            self.draws[name] = {file.stem: read(file) for file in sorted(path.glob("*.json")) if file.stem in NAMES}

    def documents(self):
        """Spec 19: drawn documents as given, or made from record, frame and cycle files."""
        found = {}
        for name, files in self.draws.items():
            if "drawn" in files:
                found[name] = files["drawn"]
            elif {"record", "frame", "cycle"} <= files.keys():
                seal = files["record"]["seal"]
                with suite_of(seal):
                    event = drawn_event(files["record"], files)
                    found[name] = drawn_document(event, key_of(files), H("seal", canon(seal)))
        return found

def draw_of(path):  # (draw, attempt) of a folder, or None: other things may lie beside them
    found = re.fullmatch(r"([1-9][0-9]*)\.([1-9][0-9]*)", path.name) if path.is_dir() else None
    return found and (int(found[1]), int(found[2]))

def read(path):
    try:
        value = parse(plain(path.read_bytes()))
        if path.stem == "drawn":
            check_drawn(value)
        elif path.stem != "beacon":
            check_fields(value, path.stem)
            need(path.stem != "cycle" or all(a == b for _, a, b in valid_cycle(value)), "a rule of Spec 9.4")
        return value
    except (Fail, *MALFORMED) as error:
        raise Unusable(f"{path}: {type(error).__name__} {error}") from None

def key_of(files):  # the salt key of a draw
    return next((files[name]["salt_key"] for name in AUDITOR if name in files), None)

def begins_with(later, earlier):
    """Spec 19, the earlier ledger: whether the folder of a ledger goes on from that of another: pass, fail, not run."""
    ledger, refused, _ = fold(later.lines[:1], {}, later.opening)
    named = ledger.opened.get("earlier")
    if named is None or ledger.cycle is None:
        return "not run"
    if refused or named["size"] > len(earlier.lines):
        return "fail"
    lines = earlier.lines[:named["size"]]
    before, refused, name = fold(lines, earlier.documents(), earlier.opening, earlier.files)
    with suite(name):
        root = Tree(lines).root()
    own = origin(before.opened["authority"], before.opened["scope"])
    if refused or (named["origin"], named["root"]) != (own, root):
        return "fail"
    if before.cycle is None:
        return "not run"
    ended, begun = before.cycle.json(), ledger.cycle.json()
    pending = any(row["pending"] for row in ended.pop("open", []))
    return "fail" if pending or canon({**ended, "last": 0}) != canon(begun) else "pass"
