#!/usr/bin/python3
"""tests/flow/vectors.py - the program and the independent readers of tools/, both ways.

    vectors.py WITNESSBOX TOOLS

WITNESSBOX is the built command, TOOLS the folder of vectors.py, verify_bundle.py and
verify_record.py. Whatever one side writes the other must read: vaults, bundles, records. Exit
77 (skipped) without PyNaCl, which the readers stand on.
"""

import argparse
import glob
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

try:
    from nacl import bindings
except ImportError:
    print("skipped: python3-nacl is not installed")
    sys.exit(77)

PASSPHRASE = "the words of a test: қӣмматин"
PHOTO = bytes(i * i % 251 for i in range(300000))


class Room:
    """A folder with the paths and the programs of this run."""

    def __init__(self, witnessbox, tools):
        self.witnessbox, self.tools = witnessbox, tools
        self.folder = tempfile.mkdtemp(prefix="wb-vectors-")
        self.words = self.write("words", PASSPHRASE.encode() + b"\n")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as f:
            f.write(data)
        return self.path(name)

    def box(self, vault, *args, status=0):
        """Runs the command on a vault; answers what it said as JSON."""
        done = subprocess.run([self.witnessbox, "--vault", vault, "--passphrase-file", self.words,
                               "--json", *args], capture_output=True, check=False)
        expect(done, status)
        return json.loads(done.stdout or b"null")

    def tool(self, name, *args, status=0):
        done = subprocess.run([os.path.join(self.tools, name), *args], capture_output=True,
                              check=False)
        expect(done, status)
        return done.stdout.decode()

    def open(self, vault):
        """What vectors.py --open counted in a vault, by name."""
        said = self.tool("vectors.py", "--open", vault, "--passphrase-file", self.words)
        return {name: int(n) for n, name in (line.split(None, 1) for line in said.splitlines())}

    def new_vault(self, name):
        subprocess.run([self.witnessbox, "--vault", self.path(name), "init", "--name", name,
                        "--new-passphrase-file", self.words, "--kdf-memory", "64"],
                       capture_output=True, check=True)
        return self.path(name)

    def fill(self, vault):
        """Four records, one of them amended, one with a file."""
        person = self.box(vault, "add", "person", "-F", "name=Мадина", "-F", "pseudonym=M")
        statement = self.box(vault, "add", "statement", "-F", "witness=" + person["id"],
                             "-F", "text=Маро шаб бурданд.", "-F", "text=\"q\" \\ \t, and more",
                             "-F", "date=2026-11~", "-F", "place:unknown", "-F", "language=tg")
        self.box(vault, "amend", statement["id"], "--reason", "transcription",
                 "-F", "text+=Боз як сухан.")
        self.box(vault, "attach", statement["id"], self.write("photo 1.jpg", PHOTO))
        self.box(vault, "add", "incident", "-F", "title=Transfer", "-F", "date=2021-10-20")
        self.anyway = [w for r in (person, statement)
                       for w in ("--override", r["id"] + "=for a test")]
        return statement["id"]


def expect(done, status):
    if done.returncode != status:
        raise AssertionError(f"{' '.join(map(str, done.args))}: status {done.returncode}, wanted "
                             f"{status}\n{done.stdout.decode()[-2000:]}{done.stderr.decode()}")


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


class Vectors(unittest.TestCase):
    def test_the_committed_vectors_hold_and_are_what_would_be_written(self):
        said = room.tool("vectors.py", "--check")
        files = sorted(glob.glob(os.path.join(room.tools, "..", "tests", "vectors", "*.json")))
        self.assertEqual(len(files), len(said.splitlines()))
        copy = os.path.join(room.folder, "again", "tools")
        os.makedirs(os.path.join(room.folder, "again", "tests", "vectors"))
        shutil.copytree(room.tools, copy, ignore=lambda _, names: [
            n for n in names if not n.endswith(".py")])
        subprocess.run([os.path.join(copy, "vectors.py")], capture_output=True, check=True)
        for path in files:
            made = os.path.join(room.folder, "again", "tests", "vectors", os.path.basename(path))
            with open(path, "rb") as committed, open(made, "rb") as again:
                self.assertEqual(committed.read(), again.read(), path)

    def test_a_field_vault_opens_for_its_owner_and_nobody_else(self):
        owner, field = room.new_vault("field owner"), room.path("field")
        card = room.path("card")
        room.box(owner, "identity", "--export", card)
        made = subprocess.run([room.witnessbox, "--vault", field, "--json", "init", "--owner",
                               card, "--new-passphrase-file", room.words, "--kdf-memory", "64"],
                              capture_output=True, check=True)
        marks = json.loads(made.stdout)
        self.assertEqual(marks["owner-mark"], room.box(owner, "identity")["mark"])
        said = room.box(field, "add", "statement", "-F", "text=Маро шаб бурданд.")
        room.box(field, "attach", said["id"], room.write("photo 2.jpg", PHOTO))
        counts = room.tool("vectors.py", "--open", field, "--passphrase-file", room.words,
                           "--owner", owner)
        counts = {name: int(n) for n, name in
                  (line.split(None, 1) for line in counts.splitlines())}
        self.assertEqual((2, 3, 1, len(PHOTO)), (counts["revisions"], counts["log entries"],
                                                 counts["files"], counts["file bytes"]))
        room.tool("vectors.py", "--open", field, "--passphrase-file", room.words, status=4)
        room.tool("vectors.py", "--open", field, "--passphrase-file", room.words, "--owner",
                  room.new_vault("another owner"), status=4)

    def test_what_was_collected_opens_as_ours(self):
        owner, field = room.new_vault("collecting"), room.path("collected")
        card = room.path("collecting card")
        room.box(owner, "identity", "--export", card)
        subprocess.run([room.witnessbox, "--vault", field, "init", "--owner", card,
                        "--new-passphrase-file", room.words, "--kdf-memory", "64"],
                       capture_output=True, check=True)
        said = room.box(field, "add", "statement", "-F", "text=Маро шаб бурданд.")
        room.box(field, "attach", said["id"], room.write("photo 3.jpg", PHOTO))
        self.assertEqual((2, False), tuple(room.box(owner, "collect", field, "--label", "her")[k]
                                           for k in ("added", "verified")))
        self.assertEqual(1, room.open(owner)["files"])
        room.box(owner, "contact", "verify", "her", "--how", "in person")
        self.assertEqual(2, room.box(owner, "collect", field)["ours"])
        self.assertEqual((5, 1), tuple(room.open(owner)[k] for k in ("revisions", "files")))

    def test_an_altered_vector_is_refused(self):
        path = os.path.join(room.tools, "..", "tests", "vectors", "records.json")
        with open(path, "rb") as f:
            text = f.read()
        at = text.index(b'"root": "') + len(b'"root": "')
        changed = text[:at] + (b"1" if text[at:at + 1] == b"0" else b"0") + text[at + 1:]
        room.tool("vectors.py", "--check", room.write("altered.json", changed), status=4)


class TheirReaderOurVault(unittest.TestCase):
    def test_a_vault_of_the_command_is_opened_and_recomputed(self):
        vault = room.new_vault("ours")
        room.fill(vault)
        info = room.box(vault, "info")
        counts = room.open(vault)
        self.assertEqual(counts["revisions"], 6)  # our identity, and five of four records
        self.assertEqual(counts["records"], 5)
        self.assertEqual(counts["files"], 1)
        self.assertEqual(counts["file bytes"], len(PHOTO))
        self.assertEqual(counts["revisions"], info["revisions"])
        self.assertEqual(counts["log entries"], info["entries"])

    def test_another_passphrase_does_not_open_it(self):
        vault = room.new_vault("closed")
        room.tool("vectors.py", "--open", vault, "--passphrase-file",
                  room.write("other words", b"other words\n"), status=4)


class OurReaderTheirVault(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.vault = room.path("theirs")
        room.tool("vectors.py", "--make", cls.vault, "--passphrase-file", room.words)

    def test_verify_finds_nothing_to_say(self):
        verified = room.box(self.vault, "verify", "--deep")
        counts = room.open(self.vault)
        self.assertEqual((verified["ok"], verified["problems"]), (True, []))
        self.assertEqual(verified["records"], counts["revisions"])
        self.assertEqual((verified["files"], verified["size"]),
                         (counts["files"], counts["log entries"]))

    def test_its_records_are_listed_and_shown(self):
        first, evidence = maker.statement(), maker.evidence()
        ids = {maker.id_text(r.id): r for r in (first, evidence)}
        listed = {row["id"]: row for row in room.box(self.vault, "list")}
        self.assertEqual(set(listed), set(ids))
        shown = room.box(self.vault, "show", maker.id_text(first.id))
        self.assertEqual((shown["revision"], shown["previous"]), (2, [first.root.hex()]))
        self.assertEqual(shown["fields"]["text"], ["One paragraph.", "And another."])
        self.assertEqual(shown["fields"]["witness"], {"state": "unknown"})
        self.assertEqual(shown["origin"], maker.ORIGIN)
        old = room.box(self.vault, "show", f"{maker.id_text(first.id)}@{first.root.hex()[:16]}")
        self.assertEqual((old["root"], old["revision"]), (first.root.hex(), 1))
        self.assertEqual(old["fields"]["date-words"], "last month")
        shown = room.box(self.vault, "show", maker.id_text(evidence.id))
        self.assertEqual(shown["root"], evidence.root.hex())
        self.assertEqual(shown["files"][0]["size"], len(maker.EVIDENCE_FILE))

    def test_its_keys_and_its_file_are_ours(self):
        identity = room.box(self.vault, "identity")
        self.assertEqual(identity["minisign"], maker.w.minisign_key(maker.SIGN_SEED,
                                                                    maker.KEY_ID))
        self.assertEqual(identity["log"], maker.w.vkey(maker.ORIGIN, maker.LOG_SEED))
        out = room.path("extracted")
        os.mkdir(out)
        copy = shutil.copy(self.vault, room.path("theirs to extract"))
        room.box(copy, "extract", maker.id_text(maker.evidence().id), "-o", out)
        (name,) = os.listdir(out)
        with open(os.path.join(out, name), "rb") as f:
            self.assertEqual(f.read(), maker.EVIDENCE_FILE)

    def test_what_we_go_on_to_write_there_is_read_again(self):
        copy = shutil.copy(self.vault, room.path("theirs continued"))
        before = room.open(copy)
        room.fill(copy)
        room.box(copy, "amend", maker.id_text(maker.statement().id), "--reason", "other",
                 "-F", "remarks=later")
        after = room.open(copy)
        self.assertEqual(after["revisions"], before["revisions"] + 6)
        self.assertEqual(after["files"], 2)
        self.assertEqual(room.box(copy, "verify", "--deep")["problems"], [])


class TheirReaderOurBundle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.vault = room.new_vault("sender")
        room.fill(cls.vault)
        cls.identity = room.box(cls.vault, "identity")
        secret = hashlib.sha256(b"the age secret of a test").digest()
        cls.recipient = bundles.bech32_encode("age", bindings.crypto_scalarmult_base(secret))
        cls.key = room.write("key.txt", bundles.bech32_encode(
            "age-secret-key-", secret).upper().encode() + b"\n")
        cls.bundle = room.path("bundle.age")
        cls.exported = room.box(cls.vault, "export", "--all", *room.anyway, "--to", cls.recipient, "-o",
                                cls.bundle)
        cls.records = cls.unpack(cls.bundle)

    @classmethod
    def unpack(cls, bundle):
        """{path: JSON} of the records, by Python's own tar."""
        args = argparse.Namespace(identity=cls.key, passphrase_file=None)
        with open(bundle, "rb") as f:
            tar = b"".join(bundles.plain_of(f, args)[0])
        records = {}
        with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
            for member in archive:
                if member.name.startswith("bag/data/records/"):
                    data = archive.extractfile(member).read()
                    records[room.write(os.path.basename(member.name), data)] = data
        return records

    def verify(self, bundle, status=0, *more):
        return room.tool("verify_bundle.py", bundle, "--identity", self.key, "--minisign",
                         self.identity["minisign"], *more, status=status)

    def test_the_bundle_holds(self):
        with open(self.bundle, "rb") as f:
            sha256 = hashlib.sha256(f.read()).hexdigest()
        self.assertEqual(self.exported["sha256"], sha256)
        self.assertIn(sha256, self.verify(self.bundle))
        self.assertEqual(len(self.records), 4)  # person, statement, evidence, incident

    def test_another_senders_key_does_not(self):
        room.tool("verify_bundle.py", self.bundle, "--identity", self.key, "--minisign",
                  maker.w.minisign_key(maker.SIGN_SEED, maker.KEY_ID), status=4)

    def test_every_record_holds_under_the_log_of_the_card(self):
        for path in self.records:
            said = room.tool("verify_record.py", path, "--log", self.identity["log"])
            self.assertIn("1 proofs under a log given", said)
            room.tool("verify_record.py", path, "--log", maker.w.vkey(maker.ORIGIN,
                                                                      maker.LOG_SEED), status=4)

    def test_one_altered_byte_of_the_bundle_is_refused(self):
        with open(self.bundle, "rb") as f:
            data = f.read()
        tried = 0
        for at in [30, data.index(b"\n---") + 10, *range(2000, len(data), len(data) // 8),
                   len(data) - 1]:
            self.verify(room.write("altered.age", flipped(data, at)), 4)
            tried += 1
        self.assertGreaterEqual(tried, 10)

    def test_one_altered_byte_of_a_record_is_refused(self):
        tried = 0
        for data in self.records.values():
            names = [m.span(1) for m in re.finditer(rb'"name":"([^"]*)"', data)]
            for at in range(5, len(data), len(data) // 8):
                if any(start <= at < end for start, end in names):
                    continue  # signed with the bundle, but no part of the root
                room.tool("verify_record.py", room.write("altered.json", flipped(data, at)),
                          "--log", self.identity["log"], status=4)
                tried += 1
        self.assertGreaterEqual(tried, 24)

    def test_a_vault_that_took_it_in_is_opened_and_passes_it_on(self):
        second = room.new_vault("receiver")
        recipient = room.box(second, "identity")["recipient"]
        sent, passed = room.path("sent.age"), room.path("passed.age")
        room.box(self.vault, "export", "--all", *room.anyway, "--to", recipient, "-o", sent)
        room.box(second, "import", "--accept", sent)
        counts = room.open(second)
        self.assertEqual(counts["revisions"], 6)  # its identity, what came, the handoff
        self.assertEqual(counts["file bytes"], len(PHOTO))
        room.box(second, "export", "--all", *room.anyway, "--to", self.recipient, "-o", passed)
        room.tool("verify_bundle.py", passed, "--identity", self.key, "--log",
                  self.identity["log"])
        counted = 0
        for path, data in self.unpack(passed).items():
            counted += 1
            self.assertEqual(json.loads(data)["root"],
                             json.loads(self.records[path])["root"])
            room.tool("verify_record.py", path, "--log", self.identity["log"])
        self.assertEqual(counted, 4)


if __name__ == "__main__":
    witnessbox_path, tools_path = map(os.path.abspath, sys.argv[1:3])
    sys.dont_write_bytecode = True
    sys.path.insert(0, tools_path)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    import vectors_make as maker
    import verify_bundle as bundles
    room = Room(witnessbox_path, tools_path)
    try:
        unittest.main(argv=sys.argv[:1], verbosity=2)
    finally:
        shutil.rmtree(room.folder)
