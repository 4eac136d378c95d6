"""tools/vault_open.py - opens a real vault file and recomputes all of it, for vectors.py --open.

An independent reader of vault/store/FORMAT.md: Python's sqlite3 reads the rows, everything in
them is opened and held against everything else. Shows counts, never content.
"""

import hashlib
import os
import sqlite3
import struct
import time

from nacl import bindings

from vault_reader import (body_key, body_parse, box_open, chunks_open, draft_row_parse,
                          header_open, header_owner, header_parse, header_passphrase,
                          head_row_parse, kdf, log_row_parse, private_parse, revision_parse,
                          sealed_open, state_parse, u64, wrap_parse)
from vault_writer import leaf, vkey
from verify_record import (ACTIONS, NOTE_ED25519, TEXT, Refused, Report, checkpoint_parse, demand,
                           leaf_hash, node_hash, note_verify, order_check, proof_check,
                           root_hash, sha256, u32, vkey_parse)

PAGE = 16384
SCHEMA = """header(id INTEGER PRIMARY KEY, body BLOB NOT NULL)
state(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL)
wraps(row INTEGER PRIMARY KEY AUTOINCREMENT, wrap BLOB NOT NULL)
sqlite_sequence(name,seq)
bodies(row INTEGER PRIMARY KEY, body BLOB NOT NULL)
lookups(tag BLOB PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID
chunks(row INTEGER PRIMARY KEY, box BLOB NOT NULL)
log(row INTEGER PRIMARY KEY AUTOINCREMENT, epoch INTEGER NOT NULL, sealed BLOB NOT NULL)
nodes(row INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, sealed BLOB NOT NULL)
heads(row INTEGER PRIMARY KEY AUTOINCREMENT, epoch INTEGER NOT NULL, sealed BLOB NOT NULL)
drafts(row INTEGER PRIMARY KEY AUTOINCREMENT, epoch INTEGER NOT NULL, sealed BLOB NOT NULL)
pages(row INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, sealed BLOB NOT NULL)
staging(tag BLOB PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID""".split("\n")
ROW_KEYS = {"log": "log row", "nodes": "node row", "heads": "head row", "drafts": "draft row",
            "pages": "index page"}


def file_check(path):
    """Section 2, before SQLite."""
    with open(path, "rb") as f:
        head, page = f.read(PAGE), f.read(PAGE)
        size = f.seek(0, os.SEEK_END)
    demand(len(page) == PAGE and size % PAGE == 0, "file: not at least two whole pages")
    demand(head[:16] == b"SQLite format 3\0" and head[16:18] == b"\x40\0", "file: not SQLite's")
    demand(head[18:21] == b"\1\1\0", "file: journal format or reserved bytes")
    version, encoding, application = (struct.unpack_from(">I", head, at)[0]
                                      for at in (60, 56, 68))
    demand(application == 0x57424f58, "file: not a vault")
    demand(version == 1 and encoding == 1, "file: version or encoding")
    demand(head[52:56] == bytes(4), "file: auto-vacuum")
    demand(page[0] == 0x0d and page[3:5] == b"\0\1", "file: page 2 is not a leaf with one cell")
    demand(os.stat(path).st_mode & 0o777 == 0o600, "file: mode is not 0600")
    for tail in ("-wal", "-shm"):
        demand(not os.path.exists(path + tail), f"file: a {tail} beside it")
    if os.path.exists(path + "-journal"):
        with open(path + "-journal", "rb") as f:
            demand(not any(f.read(512)), "file: a journal to be played back: open it first")


def schema_check(db):
    rows = db.execute("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema").fetchall()
    wanted = [("table", s.split("(")[0], s.split("(")[0], page, "CREATE TABLE " + s)
              for page, s in enumerate(SCHEMA, 2)]
    demand(rows == wanted, "schema: not that of format 1")


class Vault:
    def __init__(self, db, header, state, owner):
        self.db, self.header, self.state, self.owner = db, header, state, owner
        self.sets = {}

    def unseal(self, key, sealed, where):
        """Of wraps, entries and drafts: a field vault seals them to its owner."""
        if self.state.field is None:
            return box_open(key, sealed, where)
        demand(self.owner, f"{where}: only the owner of a field vault opens it")
        return sealed_open(self.owner, sealed, where)

    def rows(self, table):
        """(row, box, plain) of a table of sealed rows, in order."""
        for row, epoch, box in self.db.execute(
                f"SELECT row, epoch, sealed FROM {table} ORDER BY row"):
            demand(0 <= epoch < len(self.state.epochs), f"{table} row {row}: epoch")
            key = kdf(self.state.epochs[epoch], ROW_KEYS[table], u64(row))
            unseal = self.unseal if table in ("log", "drafts") else box_open
            yield row, box, unseal(key, box, f"{table} row {row}")

    def blobs(self, sql):
        return dict(self.db.execute(sql).fetchall())


def vault_load(path, passphrase, key_file=None, owner=None):
    """`owner` is the collect secret of a field vault's owner, in the place of a passphrase."""
    file_check(path)
    db = sqlite3.connect(f"file:{os.path.abspath(path)}?mode=ro&immutable=1", uri=True)
    schema_check(db)
    bodies = db.execute("SELECT id, body FROM header").fetchall()
    states = db.execute("SELECT id, sealed FROM state").fetchall()
    demand([r[0] for r in bodies + states] == [1, 1], "header, state: not one row each")
    h = header_parse(bodies[0][1])
    if owner is None:
        header_open(h, header_passphrase(h, passphrase, key_file))
    else:
        header_owner(h, owner)
    s = state_parse(box_open(h.keys["state"], states[0][1], "state"))
    demand(s.generation == h.generation, "state: generation is not the header's")
    demand(s.header_hash == hashlib.blake2b(h.raw, digest_size=32).digest(),
           "state: hash is not the header's")
    demand(s.slots[h.slot].point == bindings.crypto_scalarmult_base(h.secret),
           "state: slot's point")
    demand(s.slots[h.slot].kind in ((1, 2) if owner is None else (3,)), "state: slot's kind")
    demand((s.field is not None) == (h.flags == 1), "state: a field vault, or not")
    return Vault(db, h, s, owner)


# ---- revisions


def revisions_check(v, report):
    """{row: (wrap, revision)}; every wrap, body, root and lookup."""
    wraps = v.blobs("SELECT row, wrap FROM wraps")
    bodies = v.blobs("SELECT row, body FROM bodies")
    demand(set(wraps) == set(bodies), "wraps and bodies: not the same rows")
    out, tags = {}, {}
    for row, sealed in wraps.items():
        where = f"row {row}"
        w = wrap_parse(v.unseal(v.header.keys["wrap"], sealed, f"wrap {row}"))
        demand(w.row == row, f"wrap {row}: of another row")
        r = revision_parse(body_parse(box_open(body_key(w, v.header.vault), bodies[row],
                                               f"body {row}")))
        r.root = root_hash(r)
        demand(r.root == w.root and r.id == w.id, f"{where}: root or id is not the wrap's")
        order_check(r)
        tags[kdf(v.header.keys["lookup"], "lookup", w.id + u32(w.ordinal), 16)] = row
        for index, entry in enumerate(r.proofs, 1):
            proof_check(report, r, entry, index, {})
        out[row] = (w, r)
    demand(len(tags) == len(wraps), "wraps: an ordinal twice")
    demand(v.blobs("SELECT tag, row FROM lookups") == tags, "lookups: not those of the wraps")
    return out


def files_check(v, revisions):
    """Every chunk of every attachment; returns number and bytes."""
    chunks = {}
    for row, box in v.db.execute("SELECT row, box FROM chunks ORDER BY row"):
        chunks.setdefault(row >> 24, []).append((row & 0xffffff, box))
    claimed, count = set(), 0
    for _, r in revisions.values():
        file = private_parse(r.kind, r.private) if r.kind == "evidence" else None
        if file is None:
            continue
        demand(file.number not in claimed, f"file {file.number}: claimed twice")
        claimed.add(file.number)
        rows = chunks.get(file.number, [])
        demand([n for n, _ in rows] == list(range(len(rows))), f"file {file.number}: a gap")
        plain = chunks_open(file, v.header.vault, [box for _, box in rows])
        texts = [p.values[0].text for p in r.places if p.values and p.values[0].tag == TEXT]
        demand(sha256(plain).hex().encode() in texts and str(file.size).encode() in texts,
               f"file {file.number}: not what its record says")
        count += len(plain)
    demand(set(chunks) == claimed, "chunks: of a file that no record claims")
    demand(v.state.live["files"] == len(claimed), "state: number of files")
    return len(claimed), count


# ---- the log


def entry_leaf(entry):
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(entry.time))
    return leaf(ACTIONS[entry.action - 1], entry.root if entry.has_root else None, when,
                entry.time_salt, entry.detail.decode(), entry.detail_salt)


def tree_append(edge, h):
    """Adds a leaf to a right edge [(level, hash)]; returns its row of nodes."""
    row, level = [h], 0
    while edge and edge[-1][0] == level:
        h, level = node_hash(edge.pop()[1], h), level + 1
        row.append(h)
    edge.append((level, h))
    return row


def edge_root(edge):
    h = sha256()
    for n, (_, left) in enumerate(reversed(edge)):
        h = node_hash(left, h) if n else left
    return h


def heads_read(v):
    heads, total = [], bytes(32)
    for row, box, plain in v.rows("heads"):
        head = head_row_parse(plain)
        demand(head.row == row, f"heads row {row}: of another row")
        checkpoint_parse(head.note, f"heads row {row}")
        heads.append(head)
        total = set_add(v, total, "heads", row, box)
    v.sets["heads"] = (len(heads), total)
    return heads


def set_add(v, total, table, row, box):
    key = kdf(v.state.epochs[0], "unlogged")
    tag = kdf(key, table, u64(row) + box[:24])
    return bytes(a ^ b for a, b in zip(total, tag))


def log_check(v, keys):
    """All rows, leaves, nodes, trees, checkpoints; returns {row: entry} and {tree: first}."""
    s = v.state
    trees = [(h.tree, h.first, h.origin, h.note) for h in heads_read(v) if h.kind == 3]
    trees = sorted(trees) + [(s.tree, s.first, s.origin, s.checkpoint)]
    demand([t[0] for t in trees] == list(range(len(trees))), "log: a closed tree is missing")
    entries, nodes = {}, {row: plain for row, _, plain in v.rows("nodes")}
    for row, _, plain in v.rows("log"):
        entries[row] = log_row_parse(plain)
        demand(entries[row].row == row, f"log row {row}: of another row")
    demand(list(entries) == list(range(1, s.next["log"])), "log: a row is missing")
    demand(set(nodes) == set(entries), "nodes: not the rows of the log")
    ends = [t[1] for t in trees[1:]] + [s.next["log"]]
    demand(trees[0][1] == 1, "log: first tree does not begin at row 1")
    for (tree, first, origin, note), end in zip(trees, ends):
        edge = []
        for row in range(first, end):
            made = tree_append(edge, leaf_hash(entry_leaf(entries[row])))
            demand(b"".join(made) == nodes[row], f"nodes row {row}: not those of the leaf")
        checkpoint_check(checkpoint_parse(note, f"tree {tree}"), origin, end - first, edge,
                         keys, f"tree {tree}")
    demand([h for _, h in edge] == s.edge and s.size == end - first, "state: right edge")
    demand(s.time == max(e.time for e in entries.values()), "state: highest log time")
    return entries, {t[0]: t[1] for t in trees}


def checkpoint_check(note, origin, size, edge, keys, where):
    demand(note.origin == origin, f"{where}: checkpoint of another origin")
    demand(note.size == size and note.root == edge_root(edge), f"{where}: not the tree's root")
    mine = [k for k in (vkey_parse(vkey(origin, seed), NOTE_ED25519, where) for seed in keys)
            if any((n, i) == (k.name, k.id) for n, i, _ in note.signatures)]
    demand(mine, f"{where}: checkpoint is not signed by a log key of ours")
    note_verify(note, mine[0], f"{where}: checkpoint")


def logged_check(v, revisions, entries, firsts):
    """What exists was logged; what was logged exists, or was shredded or completed later."""
    for row, (w, _) in revisions.items():
        entry = entries.get(firsts.get(w.tree, 1 << 63) + w.leaf)
        demand(entry and entry.has_root and entry.root == w.root and entry.id == w.id
               and entry.revision_row == row, f"row {row}: not what its log entry names")
    gone = {}
    for number, entry in entries.items():
        if entry.has_root:
            gone[entry.root] = number  # shredded, or stored again in another row
    for number, entry in entries.items():
        if entry.has_root and ACTIONS[entry.action - 1] != "shred":
            demand(entry.revision_row in revisions or gone.get(entry.root, 0) > number,
                   f"log row {number}: its revision is missing")


def identity_seeds(v, revisions):
    if v.state.field is not None:
        demand(not any(v.state.identity), "identity: a field vault has none")
        return [v.state.field[1]]
    mine = [private_parse("identity", r.private) for w, r in revisions.values()
            if r.id == v.state.identity and r.private]
    demand(mine or not any(v.state.identity), "identity: our record is missing")
    return [p.log for p in mine]


def counts_check(v, revisions):
    s = v.state
    for table in ("drafts", "pages"):
        count, total = 0, bytes(32)
        for row, box, plain in v.rows(table):
            demand(table != "drafts" or draft_row_parse(plain).row == row,
                   f"drafts row {row}: of another row")
            count, total = count + 1, set_add(v, total, table, row, box)
        v.sets[table] = (count, total)
    for table, (count, total) in v.sets.items():
        demand(count == s.live[table], f"state: number of {table}")
        demand(total == s.sets[table], f"state: set hash of {table}")
    demand(s.live["wraps"] == len(revisions), "state: number of wraps")
    demand(v.db.execute("SELECT count(*) FROM staging").fetchone()[0] == 0, "staging: not empty")
    used = dict(v.db.execute("SELECT name, seq FROM sqlite_sequence"))
    for table in ("wraps", "log", "heads", "drafts"):
        last = v.db.execute(f"SELECT max(row) FROM {table}").fetchone()[0] or 0
        demand(last < s.next[table] and used.get(table, 0) < s.next[table],
               f"{table}: a row that the state does not know")


def collect_secrets(path, passphrase, key_file):
    """Those of all revisions of a vault's identity: what was made for an older card too."""
    v = vault_load(path, passphrase, key_file)
    revisions = revisions_check(v, Report(show=False)).values()
    return [private_parse("identity", r.private).collect for _, r in revisions
            if r.id == v.state.identity and r.private]


def field_load(path, secrets):
    for secret in secrets:
        try:
            return vault_load(path, None, owner=secret)
        except Refused as problem:
            if "sealed root" not in str(problem):
                raise
    raise Refused("header: a field vault for another owner")


def vault_check(path, passphrase, key_file=None, owner=None):
    """Raises Refused at the first thing that does not hold; returns counts. With `owner`, the path
    of an ordinary vault that the passphrase opens, `path` is a field vault made for it."""
    report = Report(show=False)
    if owner is None:
        v = vault_load(path, passphrase, key_file)
    else:
        v = field_load(path, collect_secrets(owner, passphrase, key_file))
    revisions = revisions_check(v, report)
    demand(not report.failed, "revisions: a proof does not hold")
    entries, firsts = log_check(v, identity_seeds(v, revisions))
    logged_check(v, revisions, entries, firsts)
    files, size = files_check(v, revisions)
    counts_check(v, revisions)
    v.db.close()
    return {"revisions": len(revisions), "records": len({r.id for _, r in revisions.values()}),
            "log entries": len(entries), "trees": len(firsts), "files": files,
            "file bytes": size, "heads": v.sets["heads"][0], "drafts": v.sets["drafts"][0],
            "index pages": v.sets["pages"][0], "epochs": len(v.state.epochs)}
