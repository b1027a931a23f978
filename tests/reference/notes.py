"""Spec 18: notes, key texts, checkpoints and cosignatures."""
import base64, hashlib, re, unicodedata
from collections import namedtuple

from basics import CODE, HIDDEN, PROTOCOL, SPACES, is_consistent, need
from ed25519 import verify_ed25519

Note = namedtuple("Note", "text signatures")  # signatures: [(name, bytes)]
Key = namedtuple("Key", "name id kind public")
Checkpoint = namedtuple("Checkpoint", "origin size root note")
TEXT, WITNESS = 1, 4  # types of keys

def unbase64(text):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "base64 that is not canonical")
    return data

def is_name(name):  # Spec 18.1
    return bool(name) and not set(name) & (SPACES | HIDDEN | {"+"})

def parse_note(note):  # Spec 18.1
    text, gap, rest = note.partition("\n\n")
    need(gap and text and not text.startswith("\n") and (not rest or rest.endswith("\n")), "the form of a note")
    need(all(c == "\n" or unicodedata.category(c) != "Cc" for c in note), "a control character in a note")
    signatures = []
    for line in rest[:-1].split("\n") if rest else []:  # none are allowed
        found = re.fullmatch("— ([^ ]+) ([^ ]+)", line)
        need(found and is_name(found[1]), "the form of a signature line")
        signatures.append((found[1], unbase64(found[2])))
        need(len(signatures[-1][1]) >= 5, "a signature without bytes")
    need(len(signatures) <= 16, "more than 16 signatures")
    return Note(text + "\n", signatures)

def parse_key(text):  # Spec 18.3
    name, key_id, data = text.split("+", 2)
    data = unbase64(data)
    need(is_name(name) and re.fullmatch("[0-9a-f]{8}", key_id), "the form of a key text")
    need(len(data) == 33 and data[0] in (TEXT, WITNESS), "the type of a key")
    need(hashlib.sha256(name.encode() + b"\n" + data).digest()[:4].hex() == key_id, "the id of a key")
    return Key(name, bytes.fromhex(key_id), data[0], data[1:])

def signed_by(note, key):
    """Spec 18.4: None, or the time of a cosignature, or True for a key that signs texts."""
    found = [data for name, data in note.signatures if name == key.name and data[:4] == key.id]
    if len(found) != 1 or len(found[0]) != (76 if key.kind == WITNESS else 68):
        return None
    [data] = found
    if key.kind == TEXT:
        return verify_ed25519(key.public, note.text.encode(), data[4:]) or None
    time = int.from_bytes(data[4:12], "big")
    message = f"cosignature/v1\ntime {time}\n{note.text}".encode()
    return time if verify_ed25519(key.public, message, data[12:]) else None

def origin(authority, scope):  # Spec 18.2
    return f"{PROTOCOL}/{authority}/{scope}"

def is_origin(text):
    parts = text.removeprefix(f"{PROTOCOL}/").split("/") if text.startswith(f"{PROTOCOL}/") else []
    return len(parts) == 2 and all(re.fullmatch(CODE, part) for part in parts)

def may_cosign(signed, new, proof):
    """Spec 18.6: whether a witness that signed a checkpoint (None: none yet) signs the next, in the ledger's suite."""
    if signed is None:
        return new.size >= 1 and not proof
    return (signed.origin == new.origin and signed.size <= new.size
            and is_consistent(signed.size, signed.root, new.size, new.root, proof))

def parse_checkpoint(note):  # Spec 18.2
    found = re.fullmatch("([^\n]+)\n(0|[1-9][0-9]{0,15})\n([^\n]+)\n", note.text)
    need(found, "the form of a checkpoint")
    root = unbase64(found[3])
    need(len(root) == 32, "the root of a checkpoint")
    return Checkpoint(found[1], int(found[2]), root.hex(), note)
