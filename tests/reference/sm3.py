"""Spec 3: the hash SM3 of GB/T 32905-2016, which not every hashlib has."""
import struct

START = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)
MASK = 0xFFFFFFFF

def turn(x, n):
    n %= 32
    return (x << n | x >> 32 - n) & MASK if n else x

TURNED = [turn(0x79CC4519 if j < 16 else 0x7A879D8A, j) for j in range(64)]

def compress(v, block):
    w = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ turn(w[j - 3], 15)
        w.append(x ^ turn(x, 15) ^ turn(x, 23) ^ turn(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = v
    for j in range(64):
        a12 = turn(a, 12)
        ss1 = turn((a12 + e + TURNED[j]) & MASK, 7)
        if j < 16:
            ff, gg = a ^ b ^ c, e ^ f ^ g
        else:
            ff, gg = a & b | a & c | b & c, e & f | ~e & g
        tt1 = (ff + d + (ss1 ^ a12) + (w[j] ^ w[j + 4])) & MASK
        tt2 = (gg + h + ss1 + w[j]) & MASK
        a, b, c, d = tt1, a, turn(b, 9), c
        e, f, g, h = tt2 ^ turn(tt2, 9) ^ turn(tt2, 17), e, turn(f, 19), g
    return tuple(x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h)))

def sm3(data):
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + struct.pack(">Q", 8 * len(data))
    v = START
    for at in range(0, len(padded), 64):
        v = compress(v, padded[at:at + 64])
    return struct.pack(">8I", *v)
