"""Spec 15.5: the short text of a receipt or an opening, as it stands on paper and in its codes."""
import base64, hashlib, re, zlib

PART = re.compile(r"([0-9A-F]{8}):([1-9][0-9]{0,2})/([1-9][0-9]{0,2}):([A-Z2-7]*)")
SPACE = re.compile("[\t-\r \u00a0\u3000\ufeff]")
MOST = 1 << 20

def documents(text):
    """The documents of a short text, as bytes. Raises ValueError where it is none, or a part of it is not there."""
    plain = re.sub("[a-z]+", lambda match: match[0].upper(), SPACE.sub("", text))
    head, *parts = plain.split("DR1:")
    found, names = {}, set()
    if head or not parts:
        raise ValueError("no short text: it begins with DR1:")
    for part in parts:
        match = PART.fullmatch(part)
        if not match:
            raise ValueError("no part of a short text")
        name, place, of, letters = match.groups()
        found[int(place)] = letters
        names.add((name, int(of)))
    if len(names) != 1:
        raise ValueError("parts of two short texts")
    (name, of), = names
    if sorted(found) != list(range(1, of + 1)):
        raise ValueError(f"{len(found)} of {of} parts are there")
    letters = "".join(found[place] for place in sorted(found))
    try:
        data = base64.b32decode(letters + "=" * (-len(letters) % 8))
        if base64.b32encode(data).decode().rstrip("=") != letters:
            raise ValueError("letters at the end that no bytes give")
        if hashlib.sha256(data).hexdigest()[:8].upper() != name:
            raise ValueError("a slip in the text: its name is another")
        inflate = zlib.decompressobj()
        joined = inflate.decompress(data, MOST + 1)
        if not inflate.eof or inflate.unused_data or len(joined) > MOST:
            raise ValueError("its documents are too long, or not whole")
        joined.decode()
    except zlib.error as error:
        raise ValueError(f"a slip in the text: {error}") from None
    return joined.split(b"\n")

def short(case):
    """A case of short.json: the documents of its text, or that it is refused."""
    try:
        found = [document.decode() for document in documents(case["text"])]
    except ValueError:
        found = None
    return case.get("documents"), found

KINDS = {"short": short}
