"""tools/vault_writer.py - makes the bytes of vault and bundle, randomness given, for vectors.py.

The other direction of vault_reader.py, verify_record.py and verify_bundle.py: it takes no
parsing from them, only hashes, constants and the key derivation. Nothing here is random: what a
vault would draw is an argument, or comes from fixed() by its name.
"""

import base64
import calendar
import hashlib
import time
from types import SimpleNamespace

from nacl import bindings

from vault_reader import (CHUNK, HEADER_BYTES, MAGIC, STATE_STEP, chunk_nonce, kdf, salt_of,
                          slot_key, u64)
from verify_bundle import DECLARATION, FLOOR, LISTED, TAGS, pad, ustar_header
from verify_record import (ACTIONS, CLOSED, LIST, SINGLE, STATES, TEXT, WITHHELD, id_text,
                           node_hash, place_hash, root_hash, sha256, u16, u32, value_hash)


def fixed(name, size):
    """Bytes that everybody can make again and nobody chose."""
    return hashlib.shake_256(b"witnessbox vectors: " + name.encode()).digest(size)


def short(x):
    return bytes([len(x)]) + x


def medium(x):
    return u16(len(x)) + x


def long(x):
    return u32(len(x)) + x


def b64(x):
    return base64.b64encode(x).decode()


def box(key, plain, nonce):
    return nonce + bindings.crypto_secretbox(plain, nonce, key)


def sealed(point, plain, secret):
    """crypto_box_seal with a given ephemeral secret."""
    ephemeral = bindings.crypto_scalarmult_base(secret)
    nonce = hashlib.blake2b(ephemeral + point, digest_size=24).digest()
    return ephemeral + bindings.crypto_box(plain, nonce, point, secret)


def point_of(secret):
    return bindings.crypto_scalarmult_base(secret)


def sign(seed, message):
    public, secret = bindings.crypto_sign_seed_keypair(seed)
    return bindings.crypto_sign(message, secret)[:64]


def sign_public(seed):
    return bindings.crypto_sign_seed_keypair(seed)[0]


# ---- header and state


def header(name, vault, root, stretched, kdf_numbers=(65536, 3, 4), generation=1, used=0,
           owner=None):
    """Slot `used` opens with `stretched`; the others are made from thrown-away keys. A field
    vault's owner is a collect point: slot 7."""
    head = MAGIC + u16(1) + u16(1 if owner else 0) + u32(0) + vault + u64(generation)
    head += b"".join(map(u32, kdf_numbers)) + u32(0) + fixed(f"{name} salt", 32)
    for i in range(8):
        key = stretched if i == used else fixed(f"{name} thrown away {i}", 32)
        secret = fixed(f"{name} slot secret {i}", 32)
        key = slot_key(key, i, vault)
        head += kdf(key, "slot commitment")
        head += box(kdf(key, "slot box"), secret, fixed(f"{name} slot nonce {i}", 24))
        head += sealed(owner if owner and i == 7 else point_of(secret), root, fixed(f"{name} slot ephemeral {i}", 32))
    head += kdf(kdf(root, "header", vault), "header mac", head)
    assert len(head) == HEADER_BYTES
    return head


def state(s):
    x = u16(1) + u64(s.generation) + s.header_hash
    x += b"".join(bytes([slot.kind]) + slot.point + short(slot.label) for slot in s.slots)
    x += s.identity + u16(len(s.epochs)) + b"".join(s.epochs)
    x += b"".join(u64(s.next[n]) for n in ("wraps", "log", "heads", "drafts", "files"))
    x += b"".join(u64(s.live[n]) for n in ("wraps", "files"))
    x += u32(s.tree) + u64(s.first) + short(s.origin.encode())
    x += u64(s.size) + bytes([len(s.edge)]) + b"".join(s.edge)
    x += medium(s.checkpoint.encode()) + u64(s.time)
    x += b"".join(u64(s.live[n]) + s.sets[n] for n in ("heads", "drafts", "pages"))
    x += u32(s.read_tree) + u64(s.read_leaf)
    x += b"\0" if s.field is None else b"\1" + b"".join(s.field)
    return x + bytes(-len(x) % STATE_STEP)


# ---- drafts


def draft_row(number, d):
    x = u64(number) + b"\1" + u64(d.begun) + u64(d.sealed) + u32(d.place) + long(d.typed)
    x += u16(len(d.records)) + b"".join(draft_record(*r) for r in d.records)
    x = long(x)
    return x.ljust(pad(len(x), 4096), b"\0")


def draft_record(kind, record_id, fields):
    def one(v):
        return b"\1" + long(v.encode()) if isinstance(v, str) else bytes([v]) + long(b"")
    x = short(kind.encode()) + record_id + u16(len(fields))
    return x + b"".join(u16(f) + u32(len(values)) + b"".join(one(v) for v in values)
                        for f, values in sorted(fields.items()))


# ---- revisions


def single(field, value, name=None):
    """value: a text, or the tag of a state."""
    return place(field, SINGLE, [value], name)


def several(field, values, name=None):
    return place(field, LIST, values, name)


def place(field, form, values, name=None):
    def one(v):
        tag, text = (TEXT, v.encode()) if isinstance(v, str) else (v, b"")
        return SimpleNamespace(tag=tag, text=text, salt=b"", hash=b"")
    name = name or ("origin" if field == 0 else f"field-{field}")
    return SimpleNamespace(field=field, form=form, values=[one(v) for v in values], salt=b"",
                           hash=b"", name=name)


def revision(name, kind, schema, places, revision_number=1, previous=(), private=b""):
    r = SimpleNamespace(kind=kind, schema=schema, id=fixed(f"{name} id", 16),
                        revision=revision_number, previous=sorted(previous),
                        seed=fixed(f"{name} seed", 32), places=places, private=private,
                        foreign=False, latest_said=False, provenance=None, proofs=[])
    for p in places:
        p.salt = salt_of(r.seed, p.field, 0)
        for i, v in enumerate(p.values, 1):
            v.salt = p.salt if p.form == SINGLE else salt_of(r.seed, p.field, i)
    r.root = root_hash(r)
    return r


def withhold(r, fields=(), elements=()):
    """The foreign copy with these places and (field, i) elements closed, and so the empty ones."""
    closed = SimpleNamespace(**{**vars(r), "foreign": True, "seed": None, "private": b"",
                                "places": []})
    for p in r.places:
        q = SimpleNamespace(**vars(p))
        empty = not p.values or p.form == SINGLE and p.values[0].tag == 0
        if p.field in fields or (fields or elements) and empty:
            q.form, q.hash, q.values, q.salt = CLOSED, place_hash(p), [], b""
        else:
            q.values = [hidden(p.field, i, v) if (p.field, i) in elements else v
                        for i, v in enumerate(p.values, 1)]
        closed.places.append(q)
    return closed


def hidden(field, index, v):
    return SimpleNamespace(tag=WITHHELD, text=b"", salt=b"",
                           hash=value_hash(field, index, v.salt, v.tag, v.text))


def revision_bytes(r):
    kind = r.kind.encode()
    x = bytes([1, r.foreign + 2 * r.latest_said]) + short(kind) + u16(r.schema)
    x += r.id + u32(r.revision) + bytes([len(r.previous)]) + b"".join(r.previous)
    x += b"" if r.foreign else r.seed
    x += u16(len(r.places)) + b"".join(place_bytes(p, r.foreign) for p in r.places)
    x += long(r.private)
    p = r.provenance
    x += b"\0" if p is None else b"\1" + p.sender + p.bundle + bytes([p.trust]) + u64(p.received)
    x += bytes([len(r.proofs)])
    return x + b"".join(long(p.text.encode()) + (p.salt or bytes(16)) + short(p.time.encode())
                        for p in r.proofs)


def place_bytes(p, foreign):
    def value(v):
        if v.tag == WITHHELD:
            return b"\xff" + v.hash
        return bytes([v.tag]) + (v.salt if foreign else b"") + long(v.text)
    x = u16(p.field) + bytes([p.form])
    if p.form == CLOSED:
        return x + p.hash
    if p.form == SINGLE:
        return x + value(p.values[0])
    return x + (p.salt if foreign else b"") + u32(len(p.values)) + b"".join(map(value, p.values))


def wrap_bytes(row, key, r, ordinal, tree, leaf):
    return u64(row) + key + r.root + r.id + u32(ordinal) + u32(tree) + u64(leaf)


def body_bytes(x):
    plain = long(x)
    return plain + bytes(pad(len(plain), 256) - len(plain))


def chunk_boxes(key, plain):
    plain += bytes(pad(len(plain), 16384) - len(plain))
    parts = [plain[at:at + CHUNK] for at in range(0, len(plain), CHUNK)]
    return [bindings.crypto_secretbox(part, chunk_nonce(n, n == len(parts) - 1), key)
            for n, part in enumerate(parts)]


# ---- the log


def leaf(action, root, when, time_salt, detail, detail_salt):
    lines = ["witnessbox-log/v1", action, root.hex() if root else "-",
             sha256(b"witnessbox/v1 log time", time_salt, when.encode()).hex(),
             sha256(b"witnessbox/v1 log detail", detail_salt, detail.encode()).hex()]
    return "".join(line + "\n" for line in lines).encode()


def log_row_bytes(row, entry):
    return (u64(row) + bytes([ACTIONS.index(entry.action) + 1, entry.root is not None])
            + (entry.root or bytes(32)) + entry.time_salt + u64(seconds(entry.time))
            + entry.detail_salt + long(entry.detail.encode()) + entry.id
            + u64(entry.revision_row))


def seconds(when):
    return calendar.timegm(time.strptime(when, "%Y-%m-%dT%H:%M:%SZ"))


def tree_root(hashes):
    """RFC 6962 section 2.1, as it is written there."""
    if not hashes:
        return sha256()
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(tree_root(hashes[:k]), tree_root(hashes[k:]))


def tree_path(index, hashes):
    """RFC 6962 section 2.1.1."""
    if len(hashes) == 1:
        return []
    k = 1 << (len(hashes) - 1).bit_length() - 1
    if index < k:
        return tree_path(index, hashes[:k]) + [tree_root(hashes[k:])]
    return tree_path(index - k, hashes[k:]) + [tree_root(hashes[:k])]


def tree_edge(hashes):
    out, at = [], 0
    while at < len(hashes):
        k = 1 << (len(hashes) - at).bit_length() - 1
        out.append(tree_root(hashes[at:at + k]))
        at += k
    return out


def node_row(index, hashes):
    """The leaf hash and the complete subtrees that end with it, level 1 first."""
    row, width = [], 1
    while (index + 1) % width == 0:
        row.append(tree_root(hashes[index + 1 - width:index + 1]))
        width *= 2
    return row


def origin(name):
    return "witnessbox/" + id_text(fixed(f"{name} origin", 16))


def vkey(name, seed, kind=1):
    raw = bytes([kind]) + sign_public(seed)
    return name + "+" + sha256(name.encode(), b"\n", raw)[:4].hex() + "+" + b64(raw)


def checkpoint(name, hashes, seed):
    text = f"{name}\n{len(hashes)}\n{b64(tree_root(hashes))}\n"
    key_id = sha256(name.encode(), b"\n\1", sign_public(seed))[:4]
    return f"{text}\n— {name} {b64(key_id + sign(seed, text.encode()))}\n"


def tlog_proof(leaf_bytes, index, hashes, note):
    lines = ["c2sp.org/tlog-proof@v1", "extra " + b64(leaf_bytes), f"index {index}"]
    lines += [b64(h) for h in tree_path(index, hashes)]
    return "".join(line + "\n" for line in lines) + "\n" + note


# ---- the bundle


def quote(text):
    out = ""
    for c in text:
        out += {'"': '\\"', "\\": "\\\\"}.get(c) or (f"\\u00{ord(c):02x}" if c < " " else c)
    return '"' + out + '"'


def record_json(r, latest=None):
    def value(v):
        if v.tag == WITHHELD:
            return '{"closed":' + quote(v.hash.hex()) + "}"
        said = '"value":' + quote(v.text.decode()) if v.tag == TEXT \
            else '"state":' + quote(STATES[v.tag])
        return '"salt":' + quote(v.salt.hex()) + "," + said

    def place_text(p):
        out = '{"field":' + quote(str(p.field)) + ',"name":' + quote(p.name) + ","
        if p.form == CLOSED:
            return out + '"closed":' + quote(p.hash.hex()) + "}"
        if p.form == SINGLE:
            return out + value(p.values[0]) + "}"
        elements = [value(v) if v.tag == WITHHELD else "{" + value(v) + "}" for v in p.values]
        return out + '"salt":' + quote(p.salt.hex()) + ',"values":[' + ",".join(elements) + "]}"

    def proof(p):
        opening = f'"time":{quote(p.time)},"salt":{quote(p.salt.hex())},' if p.time else ""
        return "{" + opening + '"proof":' + quote(p.text) + "}"

    out = ['"witnessbox":"record/1"', '"kind":' + quote(r.kind), f'"schema":"{r.schema}"',
           '"id":' + quote(id_text(r.id)), f'"revision":"{r.revision}"',
           '"previous":[' + ",".join(quote(p.hex()) for p in r.previous) + "]",
           '"root":' + quote(r.root.hex())]
    if latest is not None:
        out.append('"latest":"yes"' if latest else '"latest":"no"')
    out.append('"places":[' + ",".join(map(place_text, r.places)) + "]")
    out.append('"proofs":[' + ",".join(map(proof, r.proofs)) + "]")
    return ("{" + ",".join(out) + "}\n").encode()


def minisign_key(seed, key_id):
    return b64(b"Ed" + key_id + sign_public(seed))


def minisig(seed, key_id, message, untrusted, trusted):
    signature = sign(seed, hashlib.blake2b(message).digest())
    return (f"untrusted comment: {untrusted}\n{b64(b'ED' + key_id + signature)}\n"
            f"trusted comment: {trusted}\n{b64(sign(seed, signature + trusted.encode()))}\n"
            ).encode()


def bag_members(info, readme, card, payload, seed, key_id, bundle):
    """All members of a bag, in their order, as (name under bag/, bytes)."""
    payload = sorted(payload.items(), key=lambda item: item[0].encode())
    tags = {"bagit.txt": DECLARATION, "bag-info.txt": info, "README.txt": readme,
            "sender.txt": card}
    tags["manifest-sha256.txt"] = listing(payload)
    tags["tagmanifest-sha256.txt"] = listing((n, tags[n]) for n in LISTED)
    comment = "witnessbox bundle"
    tags["tagmanifest-sha256.txt.minisig"] = minisig(
        seed, key_id, tags["tagmanifest-sha256.txt"], comment, f"{comment} {bundle}")
    return [(n, tags[n]) for n in TAGS] + payload


def listing(members):
    return "".join(f"{sha256(data).hex()}  {name}\n" for name, data in members).encode()


def tar(members):
    out = b"".join(ustar_header("bag/" + name, len(data)) + data + bytes(-len(data) % 512)
                   for name, data in members) + bytes(1024)
    total = -(-pad(len(out), FLOOR) // 512) * 512
    return out + bytes(total - len(out))
