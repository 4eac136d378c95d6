#!/usr/bin/python3
"""tests/flow/golden.py - files of every format version, read for ever.

    golden.py WITNESSBOX TOOLS GOLDEN

GOLDEN is tests/golden: a folder for each version of the formats, see the README there. Also, the
same files as of a newer version are refused as newer, and nothing changes. Exit 77 (skipped)
without PyNaCl.
"""

import argparse
import glob
import gzip
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from room import Room  # noqa: E402

try:
    from nacl import bindings
except ImportError:
    print("skipped: python3-nacl is not installed")
    sys.exit(77)


def digest(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).digest()


class Golden(unittest.TestCase):
    """Of the folder of one version."""
    folder = None

    def setUp(self):
        self.room = Room(options.witnessbox, options.tools)
        for name in os.listdir(self.folder):
            path = os.path.join(self.folder, name)
            if name.endswith(".gz"):
                with open(path, "rb") as f:
                    os.chmod(self.room.write(name[:-3], gzip.decompress(f.read())), 0o600)
            else:
                shutil.copy(path, self.room.folder)
        with open(self.path("facts.json"), encoding="utf-8") as f:
            self.facts = json.load(f)

    def tearDown(self):
        shutil.rmtree(self.room.folder)

    def path(self, name):
        return self.room.path(name)

    def text(self, name):
        with open(self.path(name), encoding="utf-8") as f:
            return f.read()

    def box(self, vault, *args, status=0):
        return self.room.box(self.path(vault), *args, status=status)

    def holds(self, known, said, where):
        """What was said then is said now; a later program may say more."""
        if isinstance(known, dict):
            for key, value in known.items():
                self.assertIn(key, said, where)
                self.holds(value, said[key], f"{where}: {key}")
        elif isinstance(known, list):
            self.assertEqual(len(known), len(said), where)
            for n, (one, other) in enumerate(zip(known, said)):
                self.holds(one, other, f"{where}: {n}")
        else:
            self.assertEqual(known, said, where)

    def sound(self, vault):
        self.assertEqual(self.box(vault, "verify", "--deep")["problems"], [])


class Read(Golden):
    def test_a_vault_says_what_it_said(self):
        before = digest(self.path("asel"))
        for question, answer in self.facts["asked"]:
            self.holds(answer, self.box("asel", *question), " ".join(question))
        self.assertEqual(self.room.run(self.path("asel"), "head")[0], self.text("head.txt"))
        self.assertEqual(self.room.run(self.path("asel"), "head", "--words")[0], self.facts["words"])
        self.assertEqual(digest(self.path("asel")), before)

    def test_its_texts_are_those_that_were_typed(self):
        _, person, statement, evidence = self.facts["ids"]
        shown = self.box("asel", "show", statement)
        self.assertEqual(shown["fields"]["text"], ["Полиция пришла в шесть утра.", "They took him to the car."])
        self.assertEqual(shown["revision"], 2)
        self.assertEqual(self.box("asel", "show", person)["fields"]["name"], "Азат Исаков")
        self.room.run(self.path("asel"), "extract", evidence, "-o", self.room.folder)
        with open(self.path("photo.jpg"), "rb") as f:
            self.assertEqual(f.read(), bytes(range(256)) + b"not a picture")

    def test_the_second_program_agrees(self):
        for vault in ("asel", "archive"):
            done = subprocess.run([os.path.join(options.tools, "vectors.py"), "--open", self.path(vault),
                                   "--passphrase-file", self.path("words")], capture_output=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())

    def test_it_can_be_written_to_and_keyed_anew(self):
        self.room.add(self.path("asel"), "Today")
        self.room.run(self.path("asel"), "rekey")
        self.room.run(self.path("asel"), "shred", self.facts["ids"][2], "--reason", "asked to", "--yes")
        self.sound("asel")
        said = self.box("asel", "verify", "--head", self.path("head.txt"))
        self.assertEqual(said["problems"], [])

    def test_every_passphrase_and_any_two_shares_open_it(self):
        done = subprocess.run(
            [options.witnessbox, "--vault", self.path("asel"), "--passphrase-file", self.path("second.txt"),
             "--key-file", self.path("second.key"), "list"], capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        shares = self.text("shares.txt").splitlines()
        self.assertEqual(len(shares), 3)
        new = self.room.write("new", "another one\n")
        done = subprocess.run(
            [options.witnessbox, "--vault", self.path("asel"), "recovery", "restore", "--label", "third",
             "--new-passphrase-file", new], input=f"{shares[2]}\n{shares[0]}\n".encode(), capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.room.words = new
        self.sound("asel")

    def test_files_on_a_stick_are_told_apart_and_checked(self):
        for name, (vault, answer) in self.facts["inspect"].items():
            self.holds(answer, self.box(vault, "inspect", self.path(name)), name)

    def test_a_bundle_its_receipt_and_a_notice_are_taken_in(self):
        _, person, statement, _ = self.facts["ids"]
        said = self.box("archive", "import", self.path("bundle.age"))
        self.assertEqual((said["trust"], said["added"], said["forks"]), ("verified", 4, 0))
        self.assertEqual(self.box("archive", "show", person)["fields"]["name"], "Азат Исаков")
        known = self.facts["inspect"]["bundle.age"][1]["records"]
        for record in known:
            self.assertEqual(self.box("archive", "show", record["id"])["root"], record["root"])
        self.box("archive", "import", self.path("notice.age"))
        refused = self.room.run(self.path("archive"), "export", "--passphrase", "--plan", statement, status=0)[0]
        self.assertIn("withdrawn", refused)
        self.box("asel", "import", self.path("receipt.age"))
        [left] = [h for h in self.box("asel", "handoffs") if h["bundle"] == said["bundle"]]
        self.assertEqual(len(left["received"]), 1)
        self.sound("archive")
        self.sound("asel")

    def test_a_request_is_cosigned_and_a_card_is_a_contact(self):
        new = self.room.vault("new")
        self.room.run(new, "contact", "add", self.path("asel.card"), "--label", "asel")
        reply = self.path("again.txt")
        self.room.run(self.path("archive"), "cosign", self.path("request.txt"), "-o", reply)
        self.room.run(self.path("asel"), "head", "--import", reply)
        self.sound("asel")

    def test_a_field_vault_is_added_to_and_collected(self):
        self.box("field", "add", "statement", "-F", "text=Later.")
        said = self.box("asel", "collect", self.path("field"), "--label", "field")
        self.assertEqual(said["added"], 2)
        self.assertEqual(len(self.box("asel", "search", "field")), 1)
        self.sound("asel")

    def test_lines_are_loaded(self):
        new = self.room.vault("loaded")
        self.assertEqual(self.room.box(new, "load", self.path("dump.jsonl"))["added"], 7)
        self.room.run(new, "dump", "-o", self.path("again.jsonl"))
        lines = [json.loads(line) for name in ("dump.jsonl", "again.jsonl")
                 for line in self.text(name).splitlines()]
        self.assertEqual([line["fields"].get("text") for line in lines[:7]],
                         [line["fields"].get("text") for line in lines[7:]])


class Newer(Golden):
    """The same files, of a version that this program does not know."""

    def is_refused(self, name, said, *command, vault="asel"):
        before = digest(self.path(name)), digest(self.path(vault))
        error = self.room.run(self.path(vault), *command, status=4)[1]
        self.assertIn(said, error)
        self.assertEqual(error.count("\n"), 1, error)
        self.assertEqual((digest(self.path(name)), digest(self.path(vault))), before)

    def change(self, name, at, new):
        with open(self.path(name), "r+b") as f:
            f.seek(at)
            f.write(new)

    def test_a_vault_of_a_newer_format(self):
        self.change("asel", 60, (2).to_bytes(4, "big"))
        self.is_refused("asel", "format 2 is newer than this program", "list")

    def opened(self):
        """The vault as SQLite has it, its header and the keys under it."""
        db = sqlite3.connect(self.path("asel"))
        [(raw,)] = db.execute("SELECT body FROM header")
        header = reader.header_parse(raw)
        return db, reader.header_open(header, reader.header_passphrase(header, b"the words of a test\n"))

    def put(self, db, table, column, key, row, value):
        db.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (value, row))
        db.commit()
        db.close()

    def test_a_vault_with_a_newer_header_under_its_seal(self):
        db, h = self.opened()
        raw = h.raw[:16] + (2).to_bytes(2, "little") + h.raw[18:1568]
        self.put(db, "header", "body", "id", 1, raw + reader.kdf(h.keys["header"], "header mac", raw))
        self.is_refused("asel", "version 2 is newer", "list")

    def test_a_newer_state_under_its_seal(self):
        db, h = self.opened()
        [(sealed,)] = db.execute("SELECT sealed FROM state")
        plain = reader.box_open(h.keys["state"], sealed, "state")
        newer = writer.box(h.keys["state"], (2).to_bytes(2, "little") + plain[2:], bytes(range(24)))
        self.put(db, "state", "sealed", "id", 1, newer)
        self.is_refused("asel", "state: version 2 is newer than this program", "list")

    def test_a_newer_record_under_its_seal_is_named_and_the_others_are_shown(self):
        db, h = self.opened()
        row, sealed = max(db.execute("SELECT row, wrap FROM wraps"))
        w = reader.wrap_parse(reader.box_open(h.keys["wrap"], sealed, "wrap"))
        [(body,)] = db.execute("SELECT body FROM bodies WHERE row = ?", (row,))
        key = reader.body_key(w, h.vault)
        plain = reader.box_open(key, body, "body")
        newer = writer.box(key, plain[:4] + bytes([plain[4] + 1]) + plain[5:], bytes(range(24)))
        self.put(db, "bodies", "body", "row", row, newer)
        said = self.room.run(self.path("asel"), "list", "--kind", "handoff", status=4)[1]
        self.assertIn("does not open: version 2, known is 1", said)
        shown = self.box("asel", "show", self.facts["ids"][2], status=4)
        self.assertEqual(shown["revision"], 2)

    def test_a_newer_card_with_its_signature(self):
        seed, key_id = bytes(range(32)), b"newer ke"
        lines = self.text("asel.card").splitlines(keepends=True)[:7]
        lines[0] = "witnessbox-card/2\n"
        lines[3] = f"minisign {writer.minisign_key(seed, key_id)}\n"
        body = "".join(lines).encode()
        comment = "witnessbox card"
        signed = body + writer.minisig(seed, key_id, body, comment, comment)
        self.room.write("new.card", signed)
        for command in (["inspect"], ["contact", "add", "--label", "newer"]):
            self.is_refused("new.card", "card: of a newer format", *command, self.path("new.card"), vault="archive")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("witnessbox")
    parser.add_argument("tools")
    parser.add_argument("golden")
    options, rest = parser.parse_known_args()
    sys.path.insert(0, options.tools)
    import vault_reader as reader
    import vault_writer as writer
    folders = sorted(glob.glob(os.path.join(options.golden, "v*")))
    if not folders:
        sys.exit(f"{options.golden}: no golden files")
    for folder in folders:
        for case in (Read, Newer):
            name = f"{case.__name__}_{os.path.basename(folder)}"
            globals()[name] = type(name, (case,), {"folder": folder})
    del Read, Newer, Golden, case
    unittest.main(argv=[sys.argv[0], *rest])
