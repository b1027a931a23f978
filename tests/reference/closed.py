"""Spec 17.7: closed lines, whose contents are told later."""
import re
from collections import Counter

from basics import MALFORMED, Fail, H, need, suite
from corrections import rule
from entries import read_content
from files import plain

def draw_of(content):
    """The number of the draw whose visits an entry is about, of the kinds that can be closed; or None."""
    kinds = "visited", "missed", "replaced", "dropped_out", "reassigned", "closed"
    if content["kind"] == "amended":
        return content["entry"].get("draw")
    return content["draw"] if content["kind"] in kinds else None

def is_contents(file):
    return re.fullmatch(r"contents(-[0-9]{6,})?\.jsonl", file) is not None

def names_to_come(content):
    return content["kind"] in ("replaced", "dropped_out", "reassigned") or (
        content["kind"] == "amended" and content["entry"]["kind"] == "withdrawn")

def check_closing(entry, latest):
    """Whether an entry may stand in an open or a closed line; `latest` is the latest attempt at its draw, or None."""
    content = entry["entry"]
    if draw_of(content) is None:
        return
    closing = latest is not None and latest.is_closing()
    if "told" not in entry and content["kind"] != "closed":
        rule("disclosure", not (closing and names_to_come(content)), "an open line names a visit to come")
        return
    rule("disclosure", closing and latest.assigned, "a closed line of a draw that is not hidden, or has no teams")
    size = latest.assigned["entry"]["visits"]["size"]
    rule("visits", content.get("visits", {"size": size})["size"] == size, "another number of visits")

class Untold:
    """A part of the state of a ledger: see fold.Ledger."""

    def pass_over(self, entry, content):
        """Spec 17.7: whether nothing can be said of it, as its content, or that of what it rests on, is not known."""
        if content["kind"] == "closed":
            attempt = self.latest_of[content["draw"]]
        else:
            attempt = self.untold.get(content.get("amends", content.get("entry")))
        if attempt is None:
            return False
        if content["kind"] == "amended":
            rule("amendment", draw_of(content) == attempt.name[0], "of another draw than the line that it amends")
        if content["kind"] == "reassigned":
            rule("visits", self.latest_of[content["draw"]] is attempt, "of another attempt than the line that it names")
        attempt.untold.append(entry["number"])
        self.untold[entry["number"]] = attempt
        self.history = None
        self.actors.setdefault(entry["actor"], Counter()).update(["entries"])
        return True

def rows_of(files):
    """(name of the draw, file, row number, row) of the contents among the files of draws."""
    for name, given in sorted(files.items()):
        for file in sorted(given):
            if is_contents(file):
                text = plain(given[file])
                text = text[:-1] if text.endswith(b"\n") else text
                yield from ((name, file, place, row) for place, row in enumerate(text.split(b"\n"), 1) if text)

def told(row, draw, entries, name):
    """The number and the content of a row of a draw, or Fail."""
    value = read_content(row)
    need(value["number"] <= len(entries), "of no line")
    line = entries[value["number"] - 1]["entry"]
    need(line["kind"] == "closed" and line["draw"] == draw == draw_of(value["entry"]), "of no closed line of this draw")
    with suite(name):
        need(H("content", row) == line["content"], "another content")
    need(line.get("visits") == value["entry"].get("visits"), "other visits")
    return value["number"], value["entry"]

def tell(entries, files, name):
    """The entries with the contents that the files tell, and (whether it holds, what) of every row."""
    found, rows = list(entries), []
    for draw, file, place, row in rows_of(files):
        where = f"row {place} of {file} of draw {draw}"
        try:
            number, content = told(row, draw[0], entries, name)
            found[number - 1] = {**entries[number - 1], "entry": content, "told": True}
            rows.append((True, where))
        except (Fail, *MALFORMED) as error:
            rows.append((False, f"{where}: {error!r}"))
    return found, rows
