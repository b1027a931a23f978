"""The quickstart from Python by ctypes: plan, seal, draw, verify. Prints the digest of the record and the verdict.

    python3 quickstart.py ../../../target/release/libdouble_random.so ../../data
"""

import ctypes
import json
import pathlib
import sys


class Library:
    """The C interface; see double_random.h. Any thread may call; ctypes lets go of the interpreter's lock meanwhile."""

    def __init__(self, path):
        self.library = ctypes.CDLL(str(path))
        self.library.double_random_call.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
        # Not c_char_p: that would copy the text and lose the pointer that has to be given back.
        self.library.double_random_call.restype = ctypes.c_void_p
        self.library.double_random_free.argtypes = [ctypes.c_void_p]
        self.library.double_random_free.restype = None

    def call(self, step, **request):
        """Makes one step; gives what stands under `ok`, raises what stands under `error`."""
        pointer = self.library.double_random_call(step.encode(), json.dumps(request).encode())
        try:
            response = json.loads(ctypes.string_at(pointer))
        finally:
            self.library.double_random_free(pointer)
        if "error" in response:
            raise RuntimeError(response["error"])
        return response["ok"]


def main(library, data):
    double_random = Library(library)
    read = lambda name: json.loads((pathlib.Path(data) / f"quickstart_{name}.json").read_text("utf-8"))
    inputs = {name: read(name) for name in ("policy", "units", "officers")}
    beacon = [{"source": "dice", "value": "8270160495813379045618264079135506271948"}]

    double_random.call("plan", inputs=inputs)

    # In earnest: secrets.token_hex(32), new for every draw.
    terms = {"sequence": 1, "attempt": 1, "sealed_at": "2026-11-20T08:00:00Z", "previous": "0" * 64, "salt_key": "07" * 32}
    sealed = double_random.call("seal", inputs=inputs, terms=terms)

    # On the next day, when the value of the source is known.
    kept = {name: sealed[name] for name in ("digest", "seal", "policy", "frame", "roster", "cycle")}
    drawn = double_random.call("draw", sealed=kept, beacon=beacon)
    verified = double_random.call("verify", record=drawn["record"], evidence={"seal": sealed["seal"], "beacon": beacon})
    print(drawn["digest"], verified["verdict"])


if __name__ == "__main__":
    main(*sys.argv[1:])
