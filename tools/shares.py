"""tools/shares.py - shares of a recovery key (store FORMAT.md section 11), made and read.

The two directions share no arithmetic: making multiplies through tables of logarithms to the
base 3, reading bit by bit.
"""

import hashlib

from verify_record import ID_LETTERS, demand

MARK, CHECK = b"witnessbox/v1 share vault", b"witnessbox/v1 share"
SHARE_BYTES, LETTERS = 42, 68


def hash4(label, x):
    return hashlib.blake2b(label + x, digest_size=32).digest()[:4]


def tables():
    powers, x = [], 1
    for _ in range(255):
        powers.append(x)
        x ^= x << 1 ^ (0x11b if x & 0x80 else 0)
    return powers, {p: i for i, p in enumerate(powers)}


def share_texts(key, coefficients, count, vault):
    """Shares 1 to count; coefficients[0] belongs to the first power."""
    powers, logs = tables()

    def value(byte, number):
        out = key[byte]
        for power, c in enumerate(coefficients, 1):
            if c[byte]:
                out ^= powers[(logs[c[byte]] + power * logs[number]) % 255]
        return out

    out = []
    for number in range(1, count + 1):
        x = bytes([1 << 4 | len(coefficients) + 1, number]) + hash4(MARK, vault)
        x += bytes(value(byte, number) for byte in range(len(key)))
        bits = int.from_bytes(x + hash4(CHECK, x), "big") << 4
        text = "".join(ID_LETTERS[bits >> shift & 31] for shift in range(335, -1, -5))
        out.append(" ".join(text[i:i + 4] for i in range(0, LETTERS, 4)))
    return out


def share_parse(text, vault):
    """(k, number, 32 bytes)"""
    letters = text.replace(" ", "")
    demand(len(letters) == LETTERS, "share: its length")
    bits = 0
    for letter in letters:
        bits = bits << 5 | ID_LETTERS.index(letter)
    demand(bits & 15 == 0, "share: its padding")
    x = (bits >> 4).to_bytes(SHARE_BYTES, "big")
    demand(x[0] >> 4 == 1 and x[0] & 15 and x[1], "share: its version, k or number")
    demand(x[2:6] == hash4(MARK, vault), "share: of another vault")
    demand(x[38:] == hash4(CHECK, x[:38]), "share: its check")
    return x[0] & 15, x[1], x[6:38]


def times(a, b):
    out = 0
    while b:
        out ^= a if b & 1 else 0
        a = a << 1 ^ (0x11b if a & 0x80 else 0)
        b >>= 1
    return out


def share_join(shares):
    """The key, from (number, bytes) of exactly k shares: Lagrange at 0."""
    out = bytes(32)
    for number, x in shares:
        weight = 1
        for other, _ in shares:
            if other != number:
                inverse = next(i for i in range(256) if times(i, other ^ number) == 1)
                weight = times(weight, times(other, inverse))
        out = bytes(a ^ times(weight, b) for a, b in zip(out, x))
    return out
