"""tools/vault_make.py - a small whole vault with fixed randomness, for vectors.py --make.

The other direction of vault_open.py: the suite opens it with the program. One identity, one
statement in two revisions, one evidence record with its file.
"""

import os
import sqlite3
from types import SimpleNamespace

import vectors_make as m
from vault_open import SCHEMA
from vault_reader import argon2id, body_key, kdf, passphrase_bytes, u64
from vault_writer import (b64, body_bytes, box, checkpoint, chunk_boxes, fixed, header, leaf,
                          log_row_bytes, minisign_key, node_row, point_of, revision,
                          revision_bytes, seconds, state, tree_edge, vkey, wrap_bytes)
from verify_bundle import bech32_encode
from verify_record import leaf_hash, u32

TIME = "2026-11-23T05:40:39Z"


def identity():
    age, collect = fixed("age secret", 32), fixed("collect secret", 32)
    values = {"name": "vector", "recipient": bech32_encode("age", point_of(age)),
              "minisign": minisign_key(m.SIGN_SEED, m.KEY_ID),
              "log": vkey(m.ORIGIN, m.LOG_SEED),
              "cosigner": vkey(m.ORIGIN + "/cosigner", m.COSIGN_SEED, 4),
              "collect": b64(point_of(collect))}
    private = b"\1" + m.KEY_ID + m.SIGN_SEED + m.LOG_SEED + m.COSIGN_SEED + age + collect + b"\0"
    return revision("identity", "identity", 1, m.known("identity", values), private=private)


def story():
    """(action, revision or None) of every log entry."""
    first = m.statement()
    places = m.known("statement", {"text": ["One paragraph.", "And another."],
                                   "witness": m.UNKNOWN})
    second = revision("statement", "statement", 1, places, 2, [first.root])
    return [("create", None), ("identity", None), ("add", identity()), ("add", first),
            ("add", m.evidence()), ("amend", second)]


class Maker:
    def __init__(self, db, epoch):
        self.db, self.epoch, self.row, self.hashes, self.ordinals = db, epoch, 0, [], {}

    def sealed(self, table, label, row, plain):
        key = kdf(self.epoch, label, u64(row))
        self.db.execute(f"INSERT INTO {table} VALUES (?, 0, ?)",
                        (row, box(key, plain, fixed(f"made {table} {row}", 24))))

    def store(self, r):
        """Wrap, body and lookup of a revision whose log entry comes next."""
        self.row += 1
        ordinal = self.ordinals.get(r.id, 0)
        self.ordinals[r.id] = ordinal + 1
        key = fixed(f"made record key {self.row}", 32)
        keys = {n: kdf(m.ROOT, n, m.VAULT) for n in ("wrap", "lookup")}
        plain = wrap_bytes(self.row, key, r, ordinal, 0, len(self.hashes))
        w = SimpleNamespace(key=key, row=self.row, id=r.id, root=r.root)
        self.db.execute("INSERT INTO wraps VALUES (?, ?)", (self.row, box(
            keys["wrap"], plain, fixed(f"made wrap {self.row}", 24))))
        self.db.execute("INSERT INTO bodies VALUES (?, ?)", (self.row, box(
            body_key(w, m.VAULT), body_bytes(revision_bytes(r)),
            fixed(f"made body {self.row}", 24))))
        self.db.execute("INSERT INTO lookups VALUES (?, ?)", (
            kdf(keys["lookup"], "lookup", r.id + u32(ordinal), 16), self.row))

    def log(self, action, r):
        number = len(self.hashes) + 1
        entry = SimpleNamespace(
            action=action, root=r.root if r else None, time=TIME, detail="",
            time_salt=fixed(f"made time salt {number}", 16),
            detail_salt=fixed(f"made detail salt {number}", 16),
            id=r.id if r else bytes(16), revision_row=self.row if r else 0)
        self.hashes.append(leaf_hash(leaf(action, entry.root, TIME, entry.time_salt, "",
                                          entry.detail_salt)))
        self.sealed("log", "log row", number, log_row_bytes(number, entry))
        self.sealed("nodes", "node row", number,
                    b"".join(node_row(number - 1, self.hashes)))


def made_state(head, maker):
    s = m.state_fixed(head)
    used = len(maker.hashes)
    s.identity, s.epochs = identity().id, [maker.epoch]
    s.next = {"wraps": maker.row + 1, "log": used + 1, "heads": 1, "drafts": 1, "files": 6}
    s.live = {"wraps": maker.row, "heads": 0, "drafts": 0, "files": 1, "pages": 0}
    s.sets = dict.fromkeys(("heads", "drafts", "pages"), bytes(32))
    s.size, s.edge = used, tree_edge(maker.hashes)
    s.checkpoint = checkpoint(m.ORIGIN, maker.hashes, m.LOG_SEED)
    s.time, s.read_leaf = seconds(TIME), 0
    s.slots[3].kind, s.slots[3].label = 0, b""
    return state(s)


def vault_make(path, passphrase):
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA page_size = 16384")
    db.execute("PRAGMA application_id = 0x57424f58")
    db.execute("PRAGMA user_version = 1")
    db.execute("BEGIN")
    for table in SCHEMA:
        if not table.startswith("sqlite_"):
            db.execute("CREATE TABLE " + table)
    stretched = argon2id(passphrase_bytes(passphrase), fixed("header salt", 32), 65536, 3, 4,
                         b"", b"witnessbox/v1 vault" + m.VAULT)
    head = header("header", m.VAULT, m.ROOT, stretched)
    db.execute("INSERT INTO header VALUES (1, ?)", (head,))
    maker = Maker(db, fixed("epoch key 0", 32))
    for action, r in story():
        if r:
            maker.store(r)
        maker.log(action, r)
    key = kdf(fixed("file key", 32), "chunk", m.VAULT + u64(5))
    for n, chunk in enumerate(chunk_boxes(key, m.EVIDENCE_FILE)):
        db.execute("INSERT INTO chunks VALUES (?, ?)", ((5 << 24) + n, chunk))
    db.execute("INSERT INTO state VALUES (1, ?)", (box(
        kdf(m.ROOT, "state", m.VAULT), made_state(head, maker), fixed("made state", 24)),))
    db.execute("COMMIT")
    db.close()
    print(f"{path}: {maker.row} revisions, {len(maker.hashes)} log entries")
