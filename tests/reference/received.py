"""Spec 17.3, `received`: checkpoints of ledgers below."""
from corrections import rule
from notes import is_origin, origin

def origins_of(policy):
    """Spec 27.1: the origins of the ledgers to whose authorities a policy dispatches."""
    return [origin(part["authority"], part["scope"]) for part in policy.get("dispatch", {}).get("parts", [])]

class Received:
    def on_received(self, entry, content, at, draw):
        rule("draw", draw.drawn and not draw.taken_back(), "not drawn, or void")
        own = origin(self.opened["authority"], self.opened["scope"])
        rule("register", is_origin(content["origin"]) and content["origin"] != own, "no origin of another ledger")
        size, root = self.below.get(content["origin"], (1, content["root"]))
        rule("register", content["size"] >= size, "a ledger below that does not grow")
        rule("register", content["size"] > size or content["root"] == root, "another root of the same size")
        self.below[content["origin"]] = content["size"], content["root"]
        self.received.append(entry)
