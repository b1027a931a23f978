"""Spec 18.4: Ed25519 verification of RFC 8032, 5.1.7, without cofactor; no small-order point is let in."""
import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493  # the group order
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # of -1
ZERO = 0, 1, 1, 0  # a point is (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z

def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(n, p):
    q = ZERO
    while n:
        q, p, n = add(q, p) if n & 1 else q, add(p, p), n >> 1
    return q

def equal(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 == (p[1] * q[2] - q[1] * p[2]) % P

def point(data):
    """RFC 8032, 5.1.3: the point of 32 bytes, or None if they are no canonical encoding."""
    y, sign = int.from_bytes(data, "little") & (1 << 255) - 1, data[31] >> 7
    if len(data) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT % P
    if (x * x - square) % P or x == 0 and sign:
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P

def is_small(p):
    return equal(times(8, p), ZERO)

BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))

def verify_ed25519(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or is_small(a) or is_small(r):
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return equal(times(s, BASE), add(r, times(k, a)))

def sign_ed25519(secret, message):
    """RFC 8032, 5.1.6, for tests: the public key and the signature."""
    h = hashlib.sha512(secret).digest()
    a = int.from_bytes(h[:32], "little") & (1 << 254) - 8 | 1 << 254
    key, r = encode(times(a, BASE)), int.from_bytes(hashlib.sha512(h[32:] + message).digest(), "little") % L
    big_r = encode(times(r, BASE))
    k = int.from_bytes(hashlib.sha512(big_r + key + message).digest(), "little") % L
    return key, big_r + ((r + k * a) % L).to_bytes(32, "little")

def encode(p):
    z = pow(p[2], -1, P)
    return ((p[1] * z % P) | (p[0] * z % P & 1) << 255).to_bytes(32, "little")
