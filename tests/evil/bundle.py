"""tests/evil/bundle.py - a maker of bundles that obeys nothing: every layer can be bent.

Written from vault/bundle/FORMAT.md and the public standards; shares no code with the program
or with tools/. Needs PyNaCl (Debian: python3-nacl).
"""

import base64
import copy
import hashlib
import hmac
import json
import os
import struct

from nacl import bindings

CHUNK, BLOCK, FLOOR = 65536, 512, 262144
TAGS = ["bagit.txt", "bag-info.txt", "README.txt", "sender.txt", "manifest-sha256.txt",
        "tagmanifest-sha256.txt", "tagmanifest-sha256.txt.minisig"]
LISTED = ["README.txt", "bag-info.txt", "bagit.txt", "manifest-sha256.txt", "sender.txt"]
ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
STATES = ["absent", None, "unknown", "not-asked", "refused"]


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def b64(raw, padded=True):
    text = base64.b64encode(raw).decode()
    return text if padded else text.rstrip("=")


def unb64(text):
    return base64.b64decode(text + "=" * (-len(text) % 4))


# ---- age


def hkdf(ikm, salt, info):
    return hmac.new(hmac.new(salt, ikm, "sha256").digest(), info + b"\1", "sha256").digest()


def seal(plain, nonce, key):
    return bindings.crypto_aead_chacha20poly1305_ietf_encrypt(plain, None, nonce, key)


def unseal(box, nonce, key):
    return bindings.crypto_aead_chacha20poly1305_ietf_decrypt(box, None, nonce, key)


BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def bech32(hrp, raw):
    bits, count = int.from_bytes(raw, "big"), len(raw) * 8
    bits, count = bits << -count % 5, count + -count % 5
    data = [bits >> shift & 31 for shift in range(count - 5, -1, -5)]
    check = 1
    for v in [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp] + data + [0] * 6:
        top = check >> 25
        check = (check & 0x1ffffff) << 5 ^ v
        for i, g in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3)):
            check ^= g if top >> i & 1 else 0
    data += [(check ^ 1) >> 5 * (5 - i) & 31 for i in range(6)]
    return hrp + "1" + "".join(BECH32[v] for v in data)


def unbech32(text):
    bits = 0
    for c in text.rpartition("1")[2][:52]:
        bits = bits << 5 | BECH32.index(c)
    return (bits >> 4).to_bytes(32, "big")


class Point:
    """An X25519 key pair."""

    def __init__(self):
        self.secret = os.urandom(32)
        self.point = bindings.crypto_scalarmult_base(self.secret)
        self.recipient = bech32("age", self.point)


def x25519_stanza(point, file_key):
    own = Point()
    salt = own.point + point
    key = hkdf(bindings.crypto_scalarmult(own.secret, point), salt,
               b"age-encryption.org/v1/X25519")
    return f"-> X25519 {b64(own.point, False)}\n{b64(seal(file_key, bytes(12), key), False)}\n"


def age_header(stanzas, file_key):
    head = "age-encryption.org/v1\n" + "".join(stanzas) + "---"
    mac = hmac.new(hkdf(file_key, b"", b"header"), head.encode(), "sha256").digest()
    return (head + " " + b64(mac, False) + "\n").encode()


def age_payload(plain, file_key):
    nonce = os.urandom(16)
    key = hkdf(file_key, nonce, b"payload")
    pieces = [plain[i:i + CHUNK] for i in range(0, len(plain), CHUNK)] or [b""]
    out = [nonce]
    for i, piece in enumerate(pieces):
        last = b"\1" if i == len(pieces) - 1 else b"\0"
        out.append(seal(piece, i.to_bytes(11, "big") + last, key))
    return b"".join(out)


def age(plain, recipients):
    file_key = os.urandom(16)
    stanzas = [x25519_stanza(unbech32(r), file_key) for r in recipients]
    return age_header(stanzas, file_key) + age_payload(plain, file_key)


def scrypt(words, salt, log_n):
    return hashlib.scrypt(words.encode(), salt=b"age-encryption.org/v1/scrypt" + salt,
                          n=1 << log_n, r=8, p=1, maxmem=1 << 30, dklen=32)


def age_words(plain, words, log_n=10):
    """Under a passphrase."""
    file_key, salt = os.urandom(16), os.urandom(16)
    stanza = (f"-> scrypt {b64(salt, False)} {log_n}\n"
              f"{b64(seal(file_key, bytes(12), scrypt(words, salt, log_n)), False)}\n")
    return age_header([stanza], file_key) + age_payload(plain, file_key)


def header_lines(data):
    """The lines of the header, and where it ends."""
    end = data.index(b"\n--- ") + 49
    return data[:end].decode().split("\n"), end


def payload_open(data, file_key):
    key = hkdf(file_key, data[:16], b"payload")
    boxes = [data[i:i + CHUNK + 16] for i in range(16, len(data), CHUNK + 16)]
    return b"".join(
        unseal(box, i.to_bytes(11, "big") + (b"\1" if box is boxes[-1] else b"\0"), key)
        for i, box in enumerate(boxes))


def age_open_words(data, words):
    """The plaintext of a file under these words."""
    lines, end = header_lines(data)
    _, _, salt, log_n = lines[1].split()
    file_key = unseal(unb64(lines[2]), bytes(12), scrypt(words, unb64(salt), int(log_n)))
    return payload_open(data[end:], file_key)


def age_open(data, point):
    """(header bytes, file key, plaintext) of a file that this key pair opens."""
    lines, end = header_lines(data)
    file_key = None
    for first, body in zip(lines, lines[1:]):
        if not first.startswith("-> X25519 ") or file_key:
            continue
        share = unb64(first.split()[2])
        key = hkdf(bindings.crypto_scalarmult(point.secret, share), share + point.point,
                   b"age-encryption.org/v1/X25519")
        try:
            file_key = unseal(unb64(body), bytes(12), key)
        except Exception:  # a stanza of somebody else
            continue
    return data[:end], file_key, payload_open(data[end:], file_key)


# ---- tar


def ustar_header(name, length, **other):
    block = bytearray(BLOCK)
    parts = {"name": (0, name), "mode": (100, "0000600"), "uid": (108, "0000000"),
             "gid": (116, "0000000"), "size": (124, f"{length:011o}"), "mtime": (136, "0" * 11),
             "type": (156, "0"), "link": (157, ""), "magic": (257, "ustar\0" + "00"),
             "uname": (265, ""), "major": (329, "0000000"), "minor": (337, "0000000"),
             "prefix": (345, "")}
    for key, (at, text) in parts.items():
        text = other.get(key, text)
        text = text if isinstance(text, bytes) else text.encode()
        block[at:at + len(text)] = text
    block[148:156] = b" " * 8
    block[148:156] = f"{sum(block):06o}\0 ".encode()
    return bytes(block)


def member(name, data, **other):
    return ustar_header("bag/" + name, len(data), **other) + data + bytes(-len(data) % BLOCK)


def padded(content):
    n = max(content + 2 * BLOCK, FLOOR)
    e = n.bit_length() - 1
    low = e - e.bit_length()
    n = -(-n >> low) << low
    return n + -n % BLOCK


def tar(members):
    """The archive of (name, bytes) pairs; a bytes item stands for itself."""
    content = b"".join(m if isinstance(m, bytes) else member(*m) for m in members)
    return content + bytes(padded(len(content)) - len(content))


def untar(data):
    at, members = 0, []
    while any(data[at:at + BLOCK]):
        name = data[at:at + 100].rstrip(b"\0").decode()
        size = int(data[at + 124:at + 135], 8)
        members.append((name[4:], data[at + BLOCK:at + BLOCK + size]))
        at += BLOCK + size + -size % BLOCK
    return members


# ---- keys, cards, logs


class Signer:
    """An Ed25519 key pair."""

    def __init__(self):
        self.public, self.secret = bindings.crypto_sign_seed_keypair(os.urandom(32))
        self.id = os.urandom(8)

    def sign(self, message):
        return bindings.crypto_sign(message, self.secret)[:64]

    @property
    def minisign(self):
        return b64(b"Ed" + self.id + self.public)

    def minisig(self, message, untrusted, trusted, legacy=False):
        body = message if legacy else hashlib.blake2b(message).digest()
        signature = self.sign(body)
        raw = (b"Ed" if legacy else b"ED") + self.id + signature
        return (f"untrusted comment: {untrusted}\n{b64(raw)}\ntrusted comment: {trusted}\n"
                f"{b64(self.sign(signature + trusted.encode()))}\n").encode()

    def note_id(self, name, kind=1):
        return sha256(name.encode(), b"\n", bytes([kind]), self.public)[:4]

    def vkey(self, name, kind=1):
        return f"{name}+{self.note_id(name, kind).hex()}+{b64(bytes([kind]) + self.public)}"

    def note(self, name, text):
        line = b64(self.note_id(name) + self.sign(text.encode()))
        return f"{text}\n\u2014 {name} {line}\n"


def random_id():
    bits = int.from_bytes(os.urandom(16), "big") << 2
    return "".join(ID_LETTERS[bits >> shift & 31] for shift in range(125, -1, -5))


class Person:
    """Somebody with all keys that a card names."""

    def __init__(self, name, origin=None):
        self.name, self.origin = name, origin or "witnessbox/" + random_id()
        self.sign, self.log, self.cosigner = Signer(), Signer(), Signer()
        self.age, self.collect = Point(), Point()

    def card_lines(self):
        return (f"witnessbox-card/1\nname {self.name}\nrecipient {self.age.recipient}\n"
                f"minisign {self.sign.minisign}\nlog {self.log.vkey(self.origin)}\n"
                f"cosigner {self.cosigner.vkey(self.origin + '/cosigner', 4)}\n"
                f"collect {b64(self.collect.point)}\n").encode()

    def card(self, lines=None, shown=None):
        """Signed lines; `shown` stands in their place."""
        lines = lines or self.card_lines()
        return (shown or lines) + self.sign.minisig(lines, "witnessbox card",
                                                    "witnessbox card")

    def checkpoint(self, leaf_hashes=(), origin=None):
        """Of a tree of at most one leaf."""
        root = leaf_hashes[0] if leaf_hashes else sha256()
        text = f"{origin or self.origin}\n{len(leaf_hashes)}\n{b64(root)}\n"
        return self.log.note(origin or self.origin, text)


# ---- records


def u16(n):
    return struct.pack("<H", n)


def u32(n):
    return struct.pack("<I", n)


def value_hash(field, index, v):
    if "closed" in v:
        return bytes.fromhex(v["closed"])
    tag, text = (1, v["value"]) if "value" in v else (STATES.index(v["state"]), "")
    return sha256(b"witnessbox/v1 value", bytes.fromhex(v["salt"]), u16(field), u32(index),
                  bytes([tag]), text.encode())


def place_hash(p):
    field = int(p["field"])
    if "values" not in p:
        return value_hash(field, 0, p)
    return sha256(b"witnessbox/v1 list", bytes.fromhex(p["salt"]), u16(field),
                  u32(len(p["values"])),
                  *(value_hash(field, i + 1, v) for i, v in enumerate(p["values"])))


def id_raw(text):
    bits = 0
    for c in text:
        bits = bits << 5 | ID_LETTERS.index(c)
    return (bits >> 2).to_bytes(16, "big")


def record_root(r):
    kind = r["kind"].encode()
    return sha256(b"witnessbox/v1 root", bytes([len(kind)]), kind, u16(int(r["schema"])),
                  id_raw(r["id"]), u32(int(r["revision"])), bytes([len(r["previous"])]),
                  *(bytes.fromhex(p) for p in r["previous"]), u16(len(r["places"])),
                  *(u16(int(p["field"])) + place_hash(p) for p in r["places"]))


def quote(text):
    out = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " else f"\\u{ord(c):04x}" for c in out) + '"'


def canonical(node):
    if isinstance(node, str):
        return quote(node)
    if isinstance(node, list):
        return "[" + ",".join(canonical(n) for n in node) + "]"
    return "{" + ",".join(quote(k) + ":" + canonical(v) for k, v in node.items()) + "}"


def record_json(r):
    return (canonical(r) + "\n").encode()


def record_parse(data):
    return json.loads(data)


def place(r, name):
    return next(p for p in r["places"] if p["name"] == name)


def prove(r, person, action="add", root=None, origin=None, log=None, bend=lambda leaf: leaf):
    """The one proof that `person` makes of the record in a log of one leaf, bent or not."""
    time, salt = "2026-11-23T05:40:39Z", os.urandom(16)
    hashed = sha256(b"witnessbox/v1 log time", salt, time.encode()).hex()
    leaf = bend(f"witnessbox-log/v1\n{action}\n{root or r['root']}\n{hashed}\n"
                f"{os.urandom(32).hex()}\n").encode()
    note = (log or person).checkpoint([sha256(b"\0", leaf)], origin or person.origin)
    text = f"c2sp.org/tlog-proof@v1\nextra {b64(leaf)}\nindex 0\n\n{note}"
    return {"time": time, "salt": salt.hex(), "proof": text}


def own(r, person):
    """The record as that person would have written it: origin, root, proof."""
    r["places"][0]["value"] = person.origin
    r["root"] = record_root(r).hex()
    r["proofs"] = [prove(r, person)]
    return r


# ---- the bag


class Bag:
    """Tag files and payload; seal() makes everything fit, as far as it is not bent."""

    def __init__(self, members):
        found = dict(members)
        self.tags = {name: found[name] for name in TAGS if name in found}
        self.payload = [(n, d) for n, d in members if n.startswith("data/")]
        self.info = [tuple(line.split(": ", 1))
                     for line in self.tags["bag-info.txt"].decode().splitlines()]

    def copy(self):
        return copy.deepcopy(self)

    def get(self, label):
        return dict(self.info)[label]

    def set(self, label, value):
        self.info = [(n, value if n == label else v) for n, v in self.info]

    def drop(self, label):
        self.info = [(n, v) for n, v in self.info if n != label]

    def records(self):
        return [n for n, _ in self.payload if n.startswith("data/records/")]

    def files(self):
        return [n for n, _ in self.payload if n.startswith("data/files/")]

    def read(self, name):
        return dict(self.payload)[name]

    def find(self, kind):
        """The first record of a kind: (name, parsed)."""
        for name in self.records():
            r = record_parse(self.read(name))
            if r["kind"] == kind:
                return name, r
        raise KeyError(kind)

    def remove(self, name):
        self.payload = [(n, d) for n, d in self.payload if n != name]

    def put(self, name, data):
        """Adds or replaces, keeping the order."""
        self.remove(name)
        self.payload = sorted(self.payload + [(name, data)])

    def put_record(self, r, data=None, name=None):
        self.put(name or f"data/records/{r['root'][:32]}.json", data or record_json(r))

    def count(self):
        """The numbers in bag-info as they are."""
        files = {n.split("/")[2].split(".")[0] for n in self.files()}
        self.set("Payload-Oxum", f"{sum(len(d) for _, d in self.payload)}.{len(self.payload)}")
        self.set("Witnessbox-Records", str(len(self.records())))
        self.set("Witnessbox-Files", str(len(files)))

    def write_info(self):
        self.tags["bag-info.txt"] = "".join(f"{n}: {v}\n" for n, v in self.info).encode()

    def list_payload(self):
        self.tags["manifest-sha256.txt"] = "".join(
            f"{sha256(d).hex()}  {n}\n" for n, d in self.payload).encode()

    def list_tags(self):
        self.tags["tagmanifest-sha256.txt"] = "".join(
            f"{sha256(self.tags[n]).hex()}  {n}\n" for n in LISTED).encode()

    def sign(self, signer, legacy=False, untrusted="witnessbox bundle", trusted=None):
        trusted = trusted or "witnessbox bundle " + self.get("Witnessbox-Bundle")
        self.tags["tagmanifest-sha256.txt.minisig"] = signer.minisig(
            self.tags["tagmanifest-sha256.txt"], untrusted, trusted, legacy)

    def seal(self, person):
        self.count()
        self.write_info()
        self.list_payload()
        self.list_tags()
        self.sign(person.sign)
        return self

    def reseal(self, person):
        """Tag manifest and signature again, after something in the tags was bent."""
        self.list_tags()
        self.sign(person.sign)
        return self

    def members(self):
        return [(n, self.tags[n]) for n in TAGS if n in self.tags] + self.payload
