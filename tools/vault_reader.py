"""tools/vault_reader.py - opens what a vault file holds (vault/store/FORMAT.md), for vectors.py.

An independent reader, written from that page. Everything here goes from bytes to meaning; the
other direction is vault_writer.py. Hashes of places and of the log are verify_record.py's.
"""

import ctypes
import ctypes.util
import hashlib
import unicodedata
from types import SimpleNamespace

from nacl import bindings, exceptions

from verify_bundle import pad
from verify_record import CLOSED, LIST, SINGLE, TEXT, WITHHELD, Refused, demand, sha256, u16, u32

HEADER_BYTES, SLOT_BYTES, STATE_STEP, CHUNK = 1600, 184, 8192, 262144
MAGIC = b"witnessbox vault"


def u64(n):
    return n.to_bytes(8, "little")


class Cursor:
    """Takes fields off the front; `end` demands that nothing is left."""

    def __init__(self, data, where):
        self.data, self.at, self.where = data, 0, where

    def take(self, n):
        demand(self.at + n <= len(self.data), f"{self.where}: too short")
        self.at += n
        return self.data[self.at - n:self.at]

    def number(self, size):
        return int.from_bytes(self.take(size), "little")

    def counted(self, size):
        return self.take(self.number(size))

    def flag(self):
        n = self.number(1)
        demand(n <= 1, f"{self.where}: a flag that is neither 0 nor 1")
        return n == 1

    def zeros(self):
        demand(not any(self.data[self.at:]), f"{self.where}: padding is not zero")

    def end(self):
        demand(self.at == len(self.data), f"{self.where}: bytes left over")


# ---- keys, section 4


def kdf(key, label, context=b"", size=32):
    label = label.encode()
    return hashlib.blake2b(bytes([len(label)]) + label + context, key=key,
                           digest_size=size).digest()


class Argon2Context(ctypes.Structure):
    """struct Argon2_Context of argon2.h, in its order."""
    _fields_ = [(name + tail, kind) for name in ("out", "pwd", "salt", "secret", "ad")
                for tail, kind in (("", ctypes.c_char_p), ("_len", ctypes.c_uint32))]
    _fields_ += [(name, ctypes.c_uint32)
                 for name in ("t_cost", "m_cost", "lanes", "threads", "version")]
    _fields_ += [("allocate", ctypes.c_void_p), ("free", ctypes.c_void_p),
                 ("flags", ctypes.c_uint32)]


def argon2id(passphrase, salt, memory_kib, passes, lanes, secret, ad):
    library = ctypes.CDLL("libargon2.so.1")
    out = ctypes.create_string_buffer(32)
    context = Argon2Context(ctypes.cast(out, ctypes.c_char_p), 32, passphrase, len(passphrase),
                            salt, len(salt), secret or None, len(secret), ad, len(ad), passes,
                            memory_kib, lanes, 1, 0x13, None, None, 0)
    status = library.argon2id_ctx(ctypes.byref(context))
    demand(status == 0, f"argon2id: error {status}")
    return out.raw


def passphrase_bytes(raw):
    try:
        text = raw.removesuffix(b"\n").decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("passphrase: not UTF-8") from None
    demand("\0" not in text and all(unicodedata.category(c) != "Cn" for c in text),
           "passphrase: U+0000 or an unassigned code point")
    text = unicodedata.normalize("NFC", text).encode()
    demand(1 <= len(text) <= 1024, "passphrase: 1 to 1,024 bytes")
    return text


def box_open(key, box, where):
    demand(len(box) >= 40, f"{where}: too short for a box")
    return box_open_at(key, box[24:], box[:24], where)


def box_open_at(key, box, nonce, where):
    try:
        return bindings.crypto_secretbox_open(box, nonce, key)
    except exceptions.CryptoError:
        raise Refused(f"{where}: box does not open") from None


def sealed_open(secret, sealed, where):
    point = bindings.crypto_scalarmult_base(secret)
    try:
        return bindings.crypto_box_seal_open(sealed, point, secret)
    except exceptions.CryptoError:
        raise Refused(f"{where}: does not open") from None


# ---- the header, section 3


def header_parse(raw):
    demand(len(raw) == HEADER_BYTES and raw[:16] == MAGIC, "header: not a vault's")
    c = Cursor(raw, "header")
    c.take(16)
    h = SimpleNamespace(raw=raw, version=c.number(2))
    demand(h.version <= 1, "header: written by a newer version")
    demand(h.version == 1, "header: version")
    h.flags = c.number(2)
    demand(h.flags <= 1 and c.number(4) == 0, "header: reserved bytes")
    h.vault, h.generation = c.take(16), c.number(8)
    h.memory_kib, h.passes, h.lanes = c.number(4), c.number(4), c.number(4)
    demand(65536 <= h.memory_kib <= 4194304 and 3 <= h.passes <= 64 and 4 <= h.lanes <= 16,
           "header: Argon2id parameters")
    demand(c.number(4) == 0, "header: reserved bytes")
    h.salt = c.take(32)
    h.slots = [SimpleNamespace(commitment=c.take(32), box=c.take(72), sealed=c.take(80))
               for _ in range(8)]
    h.mac = c.take(32)
    c.end()
    return h


def header_passphrase(h, passphrase, key_file=None):
    secret = b"" if key_file is None else hashlib.blake2b(key_file, digest_size=32).digest()
    return argon2id(passphrase_bytes(passphrase), h.salt, h.memory_kib, h.passes, h.lanes,
                    secret, b"witnessbox/v1 vault" + h.vault)


def slot_key(stretched, index, vault):
    return kdf(stretched, "slot", bytes([index]) + vault)


def header_open(h, stretched):
    """`stretched` is P or R. Sets slot, secret, root and the keys under it."""
    for index, slot in enumerate(h.slots):
        key = slot_key(stretched, index, h.vault)
        if kdf(key, "slot commitment") == slot.commitment:
            break
    else:
        raise Refused("header: no slot opens")
    h.slot = index
    h.secret = box_open(kdf(key, "slot box"), slot.box, f"slot {index}")
    return header_keys(h, sealed_open(h.secret, slot.sealed, f"slot {index}: sealed root"))


def header_keys(h, root):
    h.root = root
    h.keys = {name: kdf(h.root, name, h.vault) for name in ("header", "state", "wrap", "lookup")}
    demand(kdf(h.keys["header"], "header mac", h.raw[:1568]) == h.mac, "header: MAC")
    return h


def header_owner(h, collect):
    """A field vault, by its owner's collect secret."""
    demand(h.flags == 1, "header: not a field vault")
    h.slot, h.secret = 7, collect
    return header_keys(h, sealed_open(collect, h.slots[7].sealed, "slot 7: sealed root"))


def mark_numbers(key, label):
    """Section 14: what the four words stand for, and the bytes they are cut from."""
    out = argon2id(key, bytes(32), 65536, 3, 4, b"", label.encode())
    bits = int.from_bytes(out, "big") >> 212
    return [bits >> shift & 2047 for shift in (33, 22, 11, 0)], out


# ---- the state, section 5


def state_parse(plain):
    demand(plain and len(plain) % STATE_STEP == 0, "state: length")
    c = Cursor(plain, "state")
    version = c.number(2)
    demand(version == 1, "state: written by a newer version" if version > 1 else "state: version")
    s = SimpleNamespace(generation=c.number(8), header_hash=c.take(32))
    s.slots = [SimpleNamespace(kind=c.number(1), point=c.take(32), label=c.counted(1))
               for _ in range(8)]
    demand(all(x.kind <= 3 and len(x.label) <= 64 for x in s.slots), "state: slots")
    s.identity = c.take(16)
    s.epochs = [c.take(32) for _ in range(c.number(2))]
    demand(s.epochs, "state: no epoch key")
    s.next = dict(zip(("wraps", "log", "heads", "drafts", "files"),
                      [c.number(8) for _ in range(5)]))
    s.live, s.sets = {"wraps": c.number(8), "files": c.number(8)}, {}
    s.tree, s.first, s.origin = c.number(4), c.number(8), c.counted(1).decode("ascii", "replace")
    s.size = c.number(8)
    s.edge = [c.take(32) for _ in range(c.number(1))]
    demand(len(s.edge) == bin(s.size).count("1"), "state: right edge and size do not agree")
    s.checkpoint = c.counted(2).decode("utf-8", "replace")
    s.time = c.number(8)
    for table in ("heads", "drafts", "pages"):
        s.live[table], s.sets[table] = c.number(8), c.take(32)
    s.read_tree, s.read_leaf = c.number(4), c.number(8)
    s.field = (c.take(32), c.take(32)) if c.flag() else None
    c.zeros()
    demand(len(plain) - c.at < STATE_STEP, "state: longer than it needs")
    return s


# ---- revisions, section 6


def wrap_parse(plain):
    c = Cursor(plain, "wrap")
    w = SimpleNamespace(row=c.number(8), key=c.take(32), root=c.take(32), id=c.take(16),
                        ordinal=c.number(4), tree=c.number(4), leaf=c.number(8))
    c.end()
    return w


def body_key(w, vault):
    return kdf(w.key, "body", vault + u64(w.row) + w.id + w.root)


def body_parse(plain):
    c = Cursor(plain, "body")
    x = c.counted(4)
    c.zeros()
    demand(len(plain) == pad(4 + len(x), 256), "body: padded length")
    return x


def salt_of(seed, field, index):
    return sha256(b"witnessbox/v1 salt", seed, u16(field), u32(index))[:16]


def value_read(c, r, field, index):
    v = SimpleNamespace(tag=c.number(1), text=b"", salt=b"", hash=b"")
    demand(v.tag <= 4 or v.tag == WITHHELD and r.foreign, "revision: tag")
    if v.tag == WITHHELD:
        v.hash = c.take(32)
        return v
    v.salt = c.take(16) if r.foreign else salt_of(r.seed, field, index)
    v.text = c.counted(4)
    demand(v.tag == TEXT or not v.text, "revision: text of a state")
    demand(b"\0" not in v.text and v.text.decode("utf-8", "replace").encode() == v.text,
           "revision: text is not UTF-8")
    return v


def place_read(c, r):
    p = SimpleNamespace(field=c.number(2), form=c.number(1), values=[], salt=b"", hash=b"")
    demand(p.form <= 1 or p.form == CLOSED and r.foreign, "revision: form")
    if p.form == CLOSED:
        p.hash = c.take(32)
    elif p.form == SINGLE:
        p.values = [value_read(c, r, p.field, 0)]
        demand(p.values[0].tag != WITHHELD, "revision: a closed element of a single place")
    elif p.form == LIST:
        p.salt = c.take(16) if r.foreign else salt_of(r.seed, p.field, 0)
        p.values = [value_read(c, r, p.field, i) for i in range(1, c.number(4) + 1)]
        demand(all(v.tag != 0 for v in p.values), "revision: an element is absent")
    return p


def provenance_read(c, r):
    if not c.flag():
        return None
    demand(r.foreign, "revision: ours with a provenance")
    p = SimpleNamespace(sender=c.take(32), bundle=c.take(16), trust=c.number(1),
                        received=c.number(8))
    demand(1 <= p.trust <= 3, "revision: trust")
    return p


def revision_parse(x):
    """The same shape as verify_record.record_parse gives, root left out."""
    c = Cursor(x, "revision")
    version, flags = c.number(1), c.number(1)
    demand(version == 1, "revision: written by a newer version")
    demand(flags in (0, 1, 3), "revision: flags")
    r = SimpleNamespace(foreign=flags & 1 == 1, latest_said=flags & 2 == 2)
    r.kind = c.counted(1).decode("utf-8", "replace")
    r.schema, r.id, r.revision = c.number(2), c.take(16), c.number(4)
    r.previous = [c.take(32) for _ in range(c.number(1))]
    r.seed = None if r.foreign else c.take(32)
    r.places = [place_read(c, r) for _ in range(c.number(2))]
    r.private = c.counted(4)
    r.provenance = provenance_read(c, r)
    r.proofs = [SimpleNamespace(text=c.counted(4).decode("utf-8", "replace"), salt=c.take(16),
                                time=c.counted(1).decode("ascii", "replace"))
                for _ in range(c.number(1))]
    c.end()
    return r


def private_parse(kind, raw):
    """Of evidence: number, key, size. Of identity: the secrets. None where empty."""
    if not raw:
        return None
    c = Cursor(raw, f"private part of {kind}")
    demand(kind in ("evidence", "identity") and c.number(1) == 1, f"{c.where}: version")
    if kind == "evidence":
        p = SimpleNamespace(number=c.number(8), key=c.take(32), size=c.number(8))
    else:
        p = SimpleNamespace(key_id=c.take(8), sign=c.take(32), log=c.take(32),
                            cosigner=c.take(32), age=c.take(32), collect=c.take(32),
                            linked=c.flag())
    c.end()
    return p


# ---- attachments, section 8


def chunk_nonce(index, last):
    return u64(index) + bytes([last]) + bytes(15)


def chunks_open(file, vault, rows):
    """The file's bytes from its boxes, in order."""
    total = pad(file.size, 16384)
    count = -(-total // CHUNK)
    demand(len(rows) == count, f"file {file.number}: {len(rows)} chunks, not {count}")
    key = kdf(file.key, "chunk", vault + u64(file.number))
    plain = b"".join(box_open_at(key, box, chunk_nonce(n, n == count - 1),
                                 f"file {file.number}: chunk {n}")
                     for n, box in enumerate(rows))
    demand(len(plain) == total and not any(plain[file.size:]), f"file {file.number}: padding")
    return plain[:file.size]


# ---- log and heads, sections 9 and 10


def log_row_parse(plain):
    c = Cursor(plain, "log row")
    entry = SimpleNamespace(row=c.number(8), action=c.number(1), has_root=c.flag(),
                            root=c.take(32), time_salt=c.take(16), time=c.number(8),
                            detail_salt=c.take(16), detail=c.counted(4), id=c.take(16),
                            revision_row=c.number(8))
    c.end()
    demand(1 <= entry.action <= 21, "log row: action")
    demand(entry.has_root == (entry.action <= 7), "log row: root and action do not agree")
    demand(entry.has_root or not any(entry.root + entry.id) and entry.revision_row == 0,
           "log row: root, id and row are not zero")
    return entry


def draft_row_parse(plain):
    """Section 13; what is padded with zeros, and one byte string for one content."""
    whole = Cursor(plain, "draft row")
    x = whole.counted(4)
    demand(len(plain) == pad(4 + len(x), 4096) and not any(plain[4 + len(x):]),
           "draft row: padding")
    c = Cursor(x, "draft row")
    d = SimpleNamespace(row=c.number(8), version=c.number(1))
    demand(d.version == 1, "draft row: version")
    d.begun, d.sealed, d.place, d.typed = c.number(8), c.number(8), c.number(4), c.counted(4)
    d.records = [draft_record(c) for _ in range(c.number(2))]
    c.end()
    return d


def draft_record(c):
    kind, record_id, fields = c.counted(1).decode(), c.take(16), {}
    for _ in range(c.number(2)):
        field = c.number(2)
        demand(field > max(fields, default=0), "draft row: fields do not ascend")
        fields[field] = [(c.number(1), c.counted(4)) for _ in range(c.number(4))]
        demand(all(1 <= tag <= 4 and (tag == 1 or not text) for tag, text in fields[field])
               and fields[field], "draft row: a value")
    return SimpleNamespace(kind=kind, id=record_id, fields=fields)


def head_row_parse(plain):
    c = Cursor(plain, "head row")
    head = SimpleNamespace(row=c.number(8), kind=c.number(1))
    demand(1 <= head.kind <= 4, "head row: kind")
    if head.kind == 3:
        head.tree, head.first, head.origin = c.number(4), c.number(8), c.counted(1).decode()
    head.note = c.counted(4).decode("utf-8", "replace")
    c.end()
    return head
