"""tools/vectors_check.py - holds one case of a vector file against the readers.

From the outputs back to the inputs wherever there is a way back: boxes are opened, records are
parsed, proofs are followed. A case that somebody else wrote may have other inputs.
"""

import calendar
import hashlib
import itertools
import time

from shares import share_join, share_parse
from vault_open import edge_root, set_add, tree_append
from vault_reader import (argon2id, body_key, body_parse, box_open, chunk_nonce, chunks_open,
                          draft_row_parse, head_row_parse, header_open, header_owner,
                          header_parse, header_passphrase, kdf, log_row_parse, mark_numbers,
                          passphrase_bytes, revision_parse, sealed_open, slot_key,
                          state_parse, u64, wrap_parse)
from vault_writer import (b64, box, chunk_boxes, minisign_key, point_of, revision_bytes,
                          sign_public, tar, vkey)
from verify_bundle import (BLOCK, Source, bech32_encode, bundle_check, card_parse, member_next,
                           minisig_check, minisign_key_parse, pad)
from verify_record import (ACTIONS, CLOSED, NOTE_ED25519, LIST, Report, checkpoint_parse, demand,
                           id_parse, id_text, leaf_hash, leaf_parse, node_hash, note_verify,
                           place_hash, proof_parse, record_check, root_from_path, root_hash,
                           sha256, u32, value_hash, vkey_parse)


class Case:
    """Values of a case by the shape they must have; what was not asked for is noticed."""

    def __init__(self, values):
        self.values, self.left = values, set(values)

    def text(self, name):
        self.left.discard(name)
        return self.values[name]

    def number(self, name):
        return int(self.text(name))

    def raw(self, name):
        return bytes.fromhex(self.text(name))

    def raws(self, name):
        return [bytes.fromhex(v) for v in self.text(name)]

    def numbers(self, name):
        return [int(v) for v in self.text(name)]


def same(wanted, got, what):
    demand(wanted == got, f"{what}: not the same")


def check(values):
    c = Case(values)
    CHECKS[c.text("what")](c)
    demand(not c.left, f"not looked at: {sorted(c.left)}")


# ---- keys


def kdf_check(c):
    out = c.raw("out")
    same(out, kdf(c.raw("key"), c.text("label"), c.raw("context"), len(out)), "out")


def passphrase_check(c):
    same(c.raw("bytes"), passphrase_bytes(c.raw("raw")), "bytes")


def pad_check(c):
    same(c.number("out"), pad(c.number("n"), c.number("floor")), "out")


def argon2id_check(c):
    key_file, secret = c.raw("key_file"), c.raw("secret")
    same(secret, hashlib.blake2b(key_file, digest_size=32).digest() if key_file else b"",
         "secret")
    same(c.raw("out"), argon2id(c.raw("passphrase"), c.raw("salt"), c.number("memory_kib"),
                                c.number("passes"), c.number("lanes"), secret, c.raw("ad")),
         "out")


def header_check(c):
    h = header_parse(c.raw("header"))
    same(c.raw("stretched"), header_passphrase(h, c.raw("passphrase")), "stretched")
    header_open(h, c.raw("stretched"))
    same(c.number("slot"), h.slot, "slot")
    same(c.raw("slot_key"), slot_key(c.raw("stretched"), h.slot, h.vault), "slot_key")
    same((c.raw("vault"), c.raw("root"), c.raw("slot_secret"), c.number("generation"),
          c.raw("mac")), (h.vault, h.root, h.secret, h.generation, h.mac), "header")
    for name, key in h.keys.items():
        same(c.raw(name + "_key"), key, name + "_key")


def field_header_check(c):
    h = header_parse(c.raw("header"))
    same(1, h.flags, "flags")
    same(c.raw("root"), header_open(h, c.raw("stretched")).root, "root")
    same(c.raw("root"), header_owner(h, c.raw("collect")).root, "root, by its owner")


def mark_check(c):
    numbers, out = mark_numbers(c.raw("key"), f"witnessbox/v1 {c.text('label')} mark")
    same((c.raw("out"), [int(n) for n in c.text("numbers")]), (out, numbers), "mark")


def shares_check(c):
    coefficients, vault = c.raws("coefficients"), c.raw("vault")
    parsed = [share_parse(line, vault) for line in c.text("shares")]
    same([(len(coefficients) + 1, i + 1) for i in range(len(parsed))],
         [(needed, number) for needed, number, _ in parsed], "k and numbers")
    for some in itertools.combinations(parsed, len(coefficients) + 1):
        same(c.raw("key"), share_join([s[1:] for s in some]), "key")
    first = parsed[0][2]  # at 1 every power is 1
    for x in coefficients:
        first = bytes(a ^ b for a, b in zip(first, x))
    same(c.raw("key"), first, "coefficients")


# ---- records


def record_case_check(c):
    r = revision_parse(c.raw("x"))
    same((c.text("kind"), c.number("schema"), c.raw("id"), c.text("id_text"),
          c.number("revision"), c.raws("previous"), c.number("foreign"), c.raw("seed")),
         (r.kind, r.schema, r.id, id_text(r.id), r.revision, r.previous, r.foreign,
          r.seed or b""), "head")
    same(c.raw("x"), revision_bytes(r), "x, written again")
    same(c.raw("root"), root_hash(r), "root")
    same(c.numbers("fields"), [p.field for p in r.places], "fields")
    same(c.raws("places"), [place_hash(p) for p in r.places], "places")
    salts = [b"" if p.form == CLOSED else p.salt if p.form == LIST else p.values[0].salt
             for p in r.places]
    same(c.raws("salts"), salts, "salts")
    same(c.raws("values"), [v.salt for p in r.places for v in p.values], "values' salts")
    report = Report(show=False)
    j = record_check(report, c.raw("json"))
    demand(not report.failed, "json: a check")
    same((j.root, j.id, j.kind, j.schema, j.revision, j.previous),
         (root_hash(r), r.id, r.kind, r.schema, r.revision, r.previous), "json: head")
    same(flat(j), flat(r), "json: places")
    same(j.latest, None if not r.foreign else "yes" if r.latest_said else "no", "json: latest")


def names_check(c):
    report = Report(show=False)
    read, again = (record_check(report, c.raw(name)) for name in ("json", "again"))
    demand(not report.failed, "json: a check")
    same((c.raw("root"), c.raw("root"), flat(read)), (read.root, again.root, flat(again)),
         "json: places")
    demand([p.name for p in read.places] != [p.name for p in again.places], "the same names")


def flat(r):
    return [(p.field, p.form, p.hash, [(v.tag, v.text, v.hash or v.salt) for v in p.values])
            for p in r.places]


def value_check(c):
    same(c.raw("out"), value_hash(c.number("field"), c.number("index"), c.raw("salt"),
                                  c.number("tag"), c.raw("text")), "out")


# ---- log


def leaf_check(c):
    leaf = leaf_parse(c.raw("leaf"), "leaf")
    opened = sha256(b"witnessbox/v1 log detail", c.raw("detail_salt"), c.raw("detail"))
    same((c.text("action"), c.raw("root"), opened), (leaf.action, leaf.root or b"", leaf.detail),
         "leaf")
    same(leaf.time, sha256(b"witnessbox/v1 log time", c.raw("time_salt"),
                           c.text("time").encode()), "time")
    same(c.raw("hash"), leaf_hash(c.raw("leaf")), "hash")


def tree_check(c):
    edge, nodes = [], []
    for h in c.raws("leaves"):
        nodes.append(b"".join(tree_append(edge, h)))
    same(c.number("size"), len(nodes), "size")
    same((c.raw("root"), c.raws("edge"), c.raws("nodes")),
         (edge_root(edge), [h for _, h in edge], nodes), "tree")


def path_check(c):
    same(c.raw("root"), root_from_path(c.raw("leaf"), c.number("index"), c.number("size"),
                                       c.raws("path")), "root")


def checkpoint_check(c):
    note = checkpoint_parse(c.raw("note").decode(), "note")
    same((c.text("origin"), c.number("size"), c.raw("root")), (note.origin, note.size, note.root),
         "checkpoint")
    key = vkey_parse(c.text("vkey"), NOTE_ED25519, "vkey")
    same((c.text("origin"), c.raw("public")), (key.name, key.public), "vkey")
    note_verify(note, key, "note")
    same(c.raw("public"), sign_public(c.raw("seed")), "seed")


def proof_check(c):
    p = proof_parse(c.raw("proof").decode(), "proof")
    note_verify(p.checkpoint, vkey_parse(c.text("vkey"), NOTE_ED25519, "vkey"), "proof")
    same((c.raw("leaf"), c.number("index"), c.number("size"), c.raw("root")),
         (p.extra, p.index, p.checkpoint.size, p.checkpoint.root), "proof")
    same(c.raw("root"), root_from_path(leaf_hash(p.extra), p.index, p.checkpoint.size, p.path),
         "path")
    same(c.raw("record_root"), p.leaf.root, "record_root")
    same(p.leaf.time, sha256(b"witnessbox/v1 log time", c.raw("time_salt"),
                             c.text("time").encode()), "time")


def id_check(c):
    same(c.raw("raw"), id_parse(c.text("text"), "text"), "id")
    same(c.text("text"), id_text(c.raw("raw")), "text")


# ---- rows


def state_check(c):
    plain = c.raw("plain")
    plain += bytes(c.number("padded") - len(plain))
    s, header = state_parse(plain), header_parse(c.raw("header"))
    same((s.generation, s.header_hash),
         (header.generation, hashlib.blake2b(header.raw, digest_size=32).digest()), "header")
    note = checkpoint_parse(s.checkpoint, "checkpoint")
    root = s.edge[-1]
    for h in reversed(s.edge[:-1]):
        root = node_hash(h, root)
    same((note.origin, note.size, note.root), (s.origin, s.size, root), "checkpoint and edge")
    same(c.raw("sha256"), sha256(box(c.raw("key"), plain, c.raw("nonce"))), "sealed")


def box_check(c, key):
    sealed = c.raw("sealed")
    same(c.raw("nonce"), sealed[:24], "nonce")
    return box_open(key, sealed, "sealed")


def wrap_check(c):
    wrap_same(c, wrap_parse(box_check(c, c.raw("key"))))
    same(144, len(c.raw("sealed")), "length")


def field_wrap_check(c):
    wrap_same(c, wrap_parse(sealed_open(c.raw("collect"), c.raw("sealed"), "sealed")))
    same(152, len(c.raw("sealed")), "length")


def field_log_row_check(c):
    plain = sealed_open(c.raw("collect"), c.raw("sealed"), "sealed")
    same((c.raw("plain"), c.number("row")), (plain, log_row_parse(plain).row), "log row")


def wrap_same(c, w):
    same((c.number("row"), c.raw("id"), c.raw("root"), c.raw("record_key"), c.number("ordinal"),
          c.number("tree"), c.number("leaf")),
         (w.row, w.id, w.root, w.key, w.ordinal, w.tree, w.leaf), "wrap")


def body_check(c):
    class w:
        key, row, id, root = c.raw("record_key"), c.number("row"), c.raw("id"), c.raw("root")
    same(c.raw("key"), body_key(w, c.raw("vault")), "key")
    x = body_parse(box_check(c, c.raw("key")))
    same(c.raw("x"), x, "x")
    r = revision_parse(x)
    same((w.id, w.root), (r.id, root_hash(r)), "root")


def lookup_check(c):
    same(c.raw("tag"), kdf(c.raw("key"), "lookup", c.raw("id") + u32(c.number("ordinal")), 16),
         "tag")


def chunks_check(c):
    class file:
        key, number, size = c.raw("file_key"), c.number("number"), c.number("size")
    key = kdf(file.key, "chunk", c.raw("vault") + u64(file.number))
    same(c.raw("key"), key, "key")
    plain = bytes(1 + i % 251 for i in range(file.size))
    boxes = chunk_boxes(key, plain)
    same(plain, chunks_open(file, c.raw("vault"), boxes), "opened")
    same((c.numbers("rows"), c.raws("nonces"), c.numbers("lengths"), c.raws("sha256")),
         ([file.number * 2 ** 24 + n for n in range(len(boxes))],
          [chunk_nonce(n, n == len(boxes) - 1) for n in range(len(boxes))],
          [len(b) for b in boxes], [sha256(b) for b in boxes]), "chunks")


def sealed_open_check(c, label):
    key = kdf(c.raw("epoch_key"), label, u64(c.number("row")))
    same(c.raw("key"), key, "key")
    plain = box_check(c, key)
    same(c.raw("plain"), plain, "plain")
    return plain


def log_row_check(c):
    e = log_row_parse(sealed_open_check(c, "log row"))
    when = calendar.timegm(time.strptime(c.text("time"), "%Y-%m-%dT%H:%M:%SZ"))
    same((c.number("row"), c.text("action"), c.raw("root"), when, c.raw("time_salt"),
          c.raw("detail"), c.raw("detail_salt"), c.raw("id"), c.number("revision_row")),
         (e.row, ACTIONS[e.action - 1], e.root if e.has_root else b"", e.time, e.time_salt,
          e.detail, e.detail_salt, e.id, e.revision_row), "log row")


def node_row_check(c):
    plain = sealed_open_check(c, "node row")
    index = c.number("index")
    same(1 + ((index + 1) & -(index + 1)).bit_length() - 1, len(plain) // 32, "levels")


def draft_row_check(c):
    d = draft_row_parse(sealed_open_check(c, "draft row"))
    same((c.number("row"), c.raw("typed"), c.number("place"), c.text("kinds")),
         (d.row, d.typed, d.place, [r.kind for r in d.records]), "draft row")


def head_row_check(c):
    head = head_row_parse(sealed_open_check(c, "head row"))
    same((c.number("row"), c.number("kind"), c.raw("note").decode()),
         (head.row, head.kind, head.note), "head row")
    if head.kind == 3:
        same((c.number("tree"), c.number("first"), c.text("origin")),
             (head.tree, head.first, head.origin), "closed tree")


def set_check(c):
    class v:
        class state:
            epochs = [c.raw("epoch_key")]
    total = bytes(32)
    for row, nonce in zip(c.numbers("rows"), c.raws("nonces")):
        total = set_add(v, total, c.text("table"), row, nonce)
    same(c.raw("out"), total, "out")


# ---- bundle


def card_check(c):
    data, origin = c.raw("card"), c.text("origin")
    same(c.text("minisign"), card_parse(data).minisign, "minisign")
    same(c.text("minisign"), minisign_key(c.raw("sign_seed"), c.raw("key_id")), "sign_seed")
    lines = data.decode().split("\n")
    same(["recipient " + bech32_encode("age", point_of(c.raw("age_secret"))), lines[3],
          "log " + vkey(origin, c.raw("log_seed")),
          "cosigner " + vkey(origin + "/cosigner", c.raw("cosigner_seed"), 4),
          "collect " + b64(point_of(c.raw("collect_secret")))], lines[2:7], "lines")


def minisig_case_check(c):
    key = minisign_key_parse(c.text("minisign"), "minisign")
    same((c.raw("key_id"), sign_public(c.raw("sign_seed"))), (key[2:10], key[10:]), "key")
    minisig_check(key, c.raw("signature"), c.raw("message"), c.text("untrusted"),
                  c.text("trusted"), "signature")


def bag_check(c):
    names, data = c.text("names"), c.raws("data")
    whole = tar([(name[len("bag/"):], d) for name, d in zip(names, data)])
    same((c.number("size"), c.raw("sha256")), (len(whole), sha256(whole)), "tar")
    at = 0
    for header, d in zip(c.raws("headers"), data):
        same(header + bytes(BLOCK - len(header)), whole[at:at + BLOCK], "header")
        at += BLOCK + len(d) + -len(d) % BLOCK
    report = Report(show=False)
    for recipient in c.text("recipients"):
        bundle_check(report, iter([whole]), c.text("minisign"), recipient)
    demand(not report.failed, "bag: a check")


def ustar_check(c):
    name, size = member_next(Source(iter([c.raw("header")])))
    same((c.text("name"), c.number("size")), ("bag/" + name, size), "header")


CHECKS = {
    "kdf": kdf_check, "passphrase": passphrase_check, "pad": pad_check,
    "argon2id": argon2id_check, "header": header_check, "shares": shares_check, "record": record_case_check,
    "names": names_check, "value": value_check, "leaf": leaf_check, "tree": tree_check,
    "path": path_check, "checkpoint": checkpoint_check, "proof": proof_check, "id": id_check,
    "field header": field_header_check, "mark": mark_check, "field wrap": field_wrap_check,
    "field log row": field_log_row_check, "state": state_check, "wrap": wrap_check, "body": body_check, "lookup": lookup_check,
    "chunks": chunks_check, "log row": log_row_check, "node row": node_row_check,
    "draft row": draft_row_check, "head row": head_row_check, "set": set_check, "card": card_check,
    "minisig": minisig_case_check, "bag": bag_check, "ustar": ustar_check,
}
