#!/usr/bin/python3
"""tests/flow/custody.py - custody that convinces a stranger, through the command.

    custody.py WITNESSBOX TOOLS

Heads, words, requests and cosignatures travel as text files, as they would on a stick. Exit 77
(skipped) without PyNaCl, which the readers of tools/ stand on.
"""

import argparse
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import unittest

try:
    from nacl import bindings
except ImportError:
    print("skipped: python3-nacl is not installed")
    sys.exit(77)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from room import Room  # noqa: E402

PARAGRAPHS = ["They came at six.", "His brother Rustam opened.", "I know them by name.",
              "They took him to the car."]


class RolledBackAndForked(unittest.TestCase):
    def setUp(self):
        self.vault = room.vault(self.id().rsplit(".", 1)[1][:20] + str(id(self)))
        room.add(self.vault)

    def copy(self, name):
        return shutil.copy(self.vault, room.path(name + os.path.basename(self.vault)))

    def problem(self, vault, head, kind):
        said = room.box(vault, "verify", "--head", head, status=4)
        self.assertEqual([p["kind"] for p in said["problems"]], [kind])
        self.assertFalse(said["ok"])
        return said["problems"][0]["what"]

    def test_yesterdays_copy_is_named_after_a_head_was_noted(self):
        old = self.copy("old")
        room.add(self.vault, "today")
        head = room.write("head", room.run(self.vault, "head")[0])
        words = room.write("words.txt", room.run(self.vault, "head", "--words")[0])
        self.assertEqual(room.box(self.vault, "verify", "--head", head)["problems"], [])
        self.assertEqual(room.box(self.vault, "verify", "--head", words)["problems"], [])
        shutil.copy(old, self.vault)
        self.assertIn("rolled back: a head of size ", self.problem(self.vault, head,
                                                                   "rolled back"))
        self.assertIn("rolled back", self.problem(self.vault, words, "rolled back"))

    def test_yesterdays_copy_is_named_after_a_head_was_cosigned(self):
        witness = room.vault("witness-" + os.path.basename(self.vault))
        room.meet(self.vault, witness)
        old = self.copy("old")
        room.add(self.vault, "today")
        room.cosign(self.vault, witness)
        ask = room.path("ask-again")
        shutil.copy(old, self.vault)
        room.run(self.vault, "head", "--request", os.path.basename(witness), "-o", ask)
        self.assertIn("smaller than before: remembered size ",
                      room.run(witness, "cosign", ask, status=4)[1])
        os.remove(ask)
        reply = room.path(os.path.basename(self.vault) + ".reply")
        self.assertIn("over no head that was asked for here",
                      room.run(self.vault, "head", "--import", reply, status=4)[1])

    def test_two_copies_that_both_went_on_are_a_fork_to_each_other(self):
        other = self.copy("other")
        room.add(self.vault, "here")
        room.add(other, "there")
        ours = room.write("ours", room.run(self.vault, "head")[0])
        theirs = room.write("theirs", room.run(other, "head")[0])
        self.assertIn("two copies went on", self.problem(self.vault, theirs, "fork"))
        self.assertIn("two copies went on", self.problem(other, ours, "fork"))
        self.assertIn("fork", room.run(other, "head", "--import", ours, status=4)[1])
        self.assertIn("fork", room.run(other, "--head-file", ours, "list", status=4)[1])

    def test_the_head_on_a_token_follows_and_stops_an_old_copy(self):
        token = room.path("token-" + os.path.basename(self.vault))
        room.run(self.vault, "--head-file", token, "list")
        old = self.copy("old")
        with open(token, encoding="utf-8") as f:
            before = f.read()
        room.run(self.vault, "--head-file", token, "add", "incident", "-F", "title=x")
        with open(token, encoding="utf-8") as f:
            after = f.read()
        self.assertEqual(after, room.run(self.vault, "head")[0])
        self.assertNotEqual(before, after)
        self.assertIn("rolled back", room.run(old, "--head-file", token, "list", status=4)[1])
        with open(token, encoding="utf-8") as f:
            self.assertEqual(f.read(), after)

    def test_a_restored_backup_is_an_honest_restart(self):
        backup, restored = room.path("b-" + os.path.basename(self.vault)), room.path(
            "r-" + os.path.basename(self.vault))
        room.run(self.vault, "backup", backup)
        room.add(self.vault, "lost one")
        room.add(self.vault, "lost two")
        later = room.write("later", room.run(self.vault, "head")[0])
        with open(later, encoding="utf-8") as f:
            size = int(f.read().split("\n")[1])
        room.run(restored, "restore", backup)
        self.assertEqual(room.box(restored, "verify", "--deep")["problems"], [])
        self.assertRegex(self.problem(restored, later, "lost"),
                         rf"its entries \d+ to {size - 1} are not in this copy")
        said = room.run(restored, "head", "--import", later)[1]
        self.assertIn(f"to {size - 1} are not in this copy", said)
        verified = room.box(restored, "verify")
        self.assertEqual((verified["ok"], verified["problems"]), (True, []))
        self.assertEqual([n["kind"] for n in verified["notes"]], ["note"])
        said = room.run(restored, "--head-file", later, "list")[1]
        self.assertIn("are not in this copy", said)

    def test_closed_logs_keep_their_proofs(self):
        record = room.add(self.vault, "old")
        head = room.write("old-head", room.run(self.vault, "head")[0])
        before = room.run(self.vault, "show", "--proof", record)[0]
        room.run(self.vault, "head", "--restart", status=2)
        room.run(self.vault, "head", "--restart", "--reason", "moved to another machine")
        room.add(self.vault, "new")
        self.assertEqual(room.run(self.vault, "show", "--proof", record)[0], before)
        self.assertEqual(room.box(self.vault, "verify", "--deep", "--head", head)["problems"], [])
        log = room.box(self.vault, "log")
        self.assertIn("reason moved to another machine\n", [
            e["detail"] for e in log if e["action"] == "restart"][0])

    def test_a_word_that_was_misheard_is_no_accusation(self):
        said = room.run(self.vault, "head", "--words")[0]
        words = said.split("\n")[0].split(" ")
        self.assertEqual(len(words), 12)
        wrong = 0
        for at in range(0, 12, 2):
            heard = ["zoo" if i == at and w != "zoo" else w for i, w in enumerate(words)]
            done = subprocess.run(
                [room.witnessbox, "--vault", self.vault, "--passphrase-file", room.words, "verify",
                 "--head", room.write("heard", " ".join(heard) + "\n" + said.split("\n")[1])],
                capture_output=True, check=False)
            self.assertIn(done.returncode, (2, 4))
            wrong += done.returncode == 2
        self.assertGreaterEqual(wrong, 3)  # of 6, all but one in sixteen are caught
        loud = " ".join(w[:4].upper() for w in words) + "\n" + said.split("\n")[1]
        self.assertEqual(room.box(self.vault, "verify", "--head", room.write("loud", loud))
                         ["problems"], [])


class Cosigning(unittest.TestCase):
    def test_a_head_is_cosigned_and_the_next_goes_on_from_it(self):
        vault, witness = room.vault("asks"), room.vault("signs")
        room.meet(vault, witness)
        record = room.add(vault)
        said = room.cosign(vault, witness)[1]
        self.assertIn("cosigned by signs", said)
        proof = room.run(vault, "show", "--proof", record)[0]
        self.assertEqual(proof.count("\u2014 witnessbox/"), 2)
        first = int(proof.split("\n\n")[1].split("\n")[1])
        room.add(vault)
        room.cosign(vault, witness)
        with open(room.path("asks.ask"), encoding="utf-8") as f:
            self.assertEqual(f.readline(), f"old {first}\n")
        proof = room.run(vault, "show", "--proof", record)[0]
        self.assertGreater(int(proof.split("\n\n")[1].split("\n")[1]), first)
        for v in (vault, witness):
            self.assertEqual(room.box(v, "verify", "--deep")["problems"], [])
        logged = [e for e in room.box(witness, "log") if e["action"] == "cosign"]
        self.assertEqual(len(logged), 2)
        self.assertIn("counterpart asks\n", logged[0]["detail"])

    def test_a_stranger_is_not_cosigned(self):
        vault, witness = room.vault("strange"), room.vault("careful")
        card = room.path("careful.card")
        room.run(witness, "identity", "--export", card)
        room.run(vault, "contact", "add", card, "--label", "careful")
        ask = room.path("strange.ask")
        room.run(vault, "head", "--request", "careful", "-o", ask)
        self.assertIn("no contact has this key", room.run(witness, "cosign", ask, status=5)[1])

    def test_the_log_of_a_partner_is_remembered_and_a_fork_of_it_named(self):
        vault, partner = room.vault("forks"), room.vault("remembers")
        room.meet(vault, partner)
        copy = shutil.copy(vault, room.path("forks-copy"))
        room.add(vault, "here")
        room.add(copy, "there")
        one = room.write("one", room.run(vault, "head")[0])
        two = room.write("two", room.run(copy, "head")[0])
        self.assertIn("log of forks", room.run(partner, "head", "--import", one)[1])
        self.assertIn("fork: another history of the same size",
                      room.run(partner, "head", "--import", two, status=4)[1])


def unpack(bundle, key):
    """{name: bytes} of the records of a bundle, by the reader of tools/."""
    with open(bundle, "rb") as f:
        plain = b"".join(bundles.plain_of(f, argparse.Namespace(identity=key,
                                                                passphrase_file=None))[0])
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        return {os.path.basename(m.name): archive.extractfile(m).read() for m in archive
                if m.name.startswith("bag/data/records/")}


class ThirdOrganisation(unittest.TestCase):
    """A takes a statement, its head is cosigned by W; B and then C get it with two paragraphs
    withheld; a stranger has C's record, two public keys and verify_record.py."""

    @classmethod
    def setUpClass(cls):
        cls.a, cls.b, cls.c, cls.w = (room.vault(n) for n in ("A", "B", "C", "W"))
        for other in (cls.b, cls.w):
            room.meet(cls.a, other)
        room.meet(cls.b, cls.c)
        cls.id = room.box(cls.a, "add", "statement", "-F", "language=tg",
                          *[w for p in PARAGRAPHS for w in ("-F", "text=" + p)])["id"]
        room.agree(cls.a, cls.id)
        room.cosign(cls.a, cls.w)
        secret = bytes(range(32))
        cls.stranger = bundles.bech32_encode("age", bindings.crypto_scalarmult_base(secret))
        cls.key = room.write("stranger.key", bundles.bech32_encode(
            "age-secret-key-", secret).upper() + "\n")
        paths = [room.path(n) for n in ("a-b.age", "b-c.age", "c-out.age")]
        room.run(cls.a, "export", "--to", "B", "--redact", "text.2", "--redact", "text.3", "-o",
                 paths[0], cls.id)
        room.run(cls.b, "import", paths[0])
        room.agree(cls.b, cls.id)
        room.run(cls.b, "export", "--to", "C", "-o", paths[1], cls.id)
        room.run(cls.c, "import", paths[1])
        room.agree(cls.c, cls.id)
        room.run(cls.c, "export", "--to", cls.stranger, "-o", paths[2], cls.id)
        ((cls.name, cls.data),) = unpack(paths[2], cls.key).items()
        cls.log = room.box(cls.a, "identity")["log"]
        cls.cosigner = room.box(cls.w, "identity")["cosigner"]

    def check(self, data, *keys, status=0):
        return room.record(room.write(self.name, data), *keys, status=status)

    def test_the_record_is_what_a_logged_and_w_cosigned(self):
        said = self.check(self.data, "--log", self.log, "--cosigner", self.cosigner)
        self.assertRegex(said, r"proof 1: checkpoint of \d+ is cosigned by witnessbox/\S+/cosigner")
        self.assertIn("root: recomputed from the places", said)
        self.assertNotIn("BAD", said)
        record = json.loads(self.data)
        self.assertEqual(record["root"], room.box(self.a, "show", self.id)["root"])
        self.assertEqual(len(record["proofs"]), 3)

    def test_two_paragraphs_are_withheld_and_only_those_that_are_empty_with_them(self):
        places = {p["name"]: p for p in json.loads(self.data)["places"]}
        texts = places["text"]["values"]
        self.assertEqual([t.get("value") for t in texts],
                         [PARAGRAPHS[0], None, None, PARAGRAPHS[3]])
        self.assertEqual([set(t) for t in texts[1:3]], [{"closed"}] * 2)
        self.assertEqual({n for n, p in places.items() if "closed" not in p},
                         {"origin", "text", "language"})
        for hidden in PARAGRAPHS[1:3]:
            self.assertNotIn(hidden.encode(), self.data)
        self.assertGreater(room.box(self.c, "show", self.id)["withheld"], 2)
        for vault in (self.a, self.b, self.c, self.w):
            self.assertEqual(room.box(vault, "verify", "--deep")["problems"], [])

    def test_other_keys_do_not_vouch(self):
        other = room.box(self.b, "identity")
        self.check(self.data, "--log", self.log, "--cosigner", other["cosigner"], status=4)
        name = self.log.split("+", 1)[0]
        self.assertNotEqual(other["log"].split("+", 1)[0], name)
        self.assertIn("0 proofs under a log given", self.check(
            self.data, "--log", room.box(self.w, "identity")["log"], status=4))

    def refused_or_a_proof_less(self, data, *keys):
        """A signature under another key's name is nobody's (C2SP signed-note): that proof counts no more."""
        try:
            self.check(data, *keys, status=4)
        except AssertionError:
            self.assertIn("log: 2 proofs under a log given", self.check(data, *keys))

    def test_one_altered_byte_is_refused(self):
        names = [m.span(1) for m in re.finditer(rb'"name":"([^"]*)"', self.data)]
        logs = [w for v in (self.a, self.b, self.c)
                for w in ("--log", room.box(v, "identity")["log"])]
        latest = self.data.index(b'"latest":') + 9
        self.assertIn("log: 3 proofs under a log given", self.check(self.data, *logs))
        tried = 0
        for at in range(3, len(self.data), 131):
            if any(s <= at < e for s, e in names) or latest <= at < latest + 5:
                continue  # the sender's words, signed with the bundle
            altered = bytearray(self.data)
            altered[at] ^= 1
            with self.subTest(at=at):
                self.refused_or_a_proof_less(bytes(altered), *logs, "--cosigner", self.cosigner)
            tried += 1
        self.assertGreater(tried, 30)

    def test_another_paragraph_in_the_place_of_a_withheld_one_is_refused(self):
        record = json.loads(self.data)
        text = next(p for p in record["places"] if p["name"] == "text")
        text["values"][1] = {"salt": "00" * 16, "value": "Nobody was there."}
        data = records.canonical(record).encode() + b"\n"
        self.assertIn("BAD   root", self.check(data, status=4))

    def test_a_file_stays_behind_with_its_hash(self):
        evidence = room.box(self.a, "attach", self.id, room.write("face.jpg", b"x" * 999))["id"]
        bundle = room.path("no-file.age")
        told = room.box(self.a, "export", "--to", "B", "-o", bundle, "--redact", "size", "--redact",
                        "file-name", evidence)
        self.assertEqual((told["records"], told["files"]), (1, 0))
        room.run(self.b, "import", bundle)
        fields = room.box(self.b, "show", evidence)["fields"]
        for name in ("sha256", "size", "file-name"):
            self.assertEqual(fields[name], {"state": "withheld"})
        self.assertEqual(room.box(self.b, "verify", "--deep")["problems"], [])

    def test_what_cannot_be_redacted_is_said(self):
        to = ["export", "--to", "B", "-o", room.path("never.age")]
        for redact, status in (("text.5", 2), ("text.0", 2), ("text.x", 2), ("nothing", 2),
                               ("language.1", 2), ("origin", 2), (".1", 2), ("text.02", 2)):
            self.assertIn("redact: ", room.run(self.a, *to, "--redact", redact, self.id,
                                               status=status)[1])
            self.assertFalse(os.path.exists(to[-1]))
        room.run(self.a, *to, "--all", "--redact", "text", status=2)


class OneTimeline(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.vault = room.vault("timeline")
        statement = room.box(cls.vault, "add", "statement", "-F", "text=x")["id"]
        cls.photo = bytes(range(256)) * 2000
        cls.evidence = room.box(cls.vault, "attach", statement,
                                room.write("photo.jpg", cls.photo))["id"]

    def test_the_log_and_the_custody_of_the_thing_are_told_in_one_order(self):
        about = "about=" + self.evidence
        for fields in (["type=transfer", "when=2021-10", "received-by=M. (courier)"],
                       ["type=capture", "when=2021-09-30/2021-10-01", "late=yes",
                        "late-reason=the notes were burnt"],
                       ["type=fixity-check", "hash-verified=same"]):
            room.box(self.vault, "add", "custody", "-F", about,
                     *[w for f in fields for w in ("-F", f)])
        told = room.box(self.vault, "log", self.evidence)
        self.assertEqual([(e["source"], e["action"]) for e in told],
                         [("custody", "capture"), ("custody", "transfer"), ("log", "add"),
                          ("custody", "fixity-check")])
        self.assertGreater(told[0]["days-later"], 1800)
        self.assertEqual(told[0]["fields"]["late-reason"], "the notes were burnt")
        self.assertEqual(told[3]["days-later"], 0)
        text, note = room.run(self.vault, "log", self.evidence)
        self.assertIn("late: written down ", text)
        self.assertIn("received-by M. (courier)", text)
        self.assertIn("this device's clock", note)

    def test_a_reconstruction_says_why(self):
        said = room.run(self.vault, "add", "custody", "-F", "about=" + self.evidence, "-F",
                        "type=transfer", "-F", "late=yes", status=2)[1]
        self.assertIn("late-reason: missing", said)

    def test_the_process_statement_tells_what_when_with_what_by_whom_and_the_result(self):
        said = room.box(self.vault, "log", self.evidence, "--process")
        sha256 = hashlib.sha256(self.photo).hexdigest()
        self.assertEqual((said["sha256"], said["computed"], said["result"], said["size"]),
                         (sha256, sha256, "same", len(self.photo)))
        (added,) = [e for e in room.box(self.vault, "log", self.evidence)
                    if e["source"] == "log"]
        self.assertEqual((said["hashed"], said["index"], said["action"]),
                         (added["time"], added["index"], "add"))
        self.assertIn(f"actor {said['actor']}\n", added["detail"])
        self.assertRegex(said["program"], r"^witnessbox \d")
        self.assertEqual(said["clock"], "of this device")
        room.run(self.vault, "log", "--process", status=2)


class Notes(unittest.TestCase):
    def test_what_a_partial_bundle_refers_to_is_a_note_and_no_problem(self):
        vault, other = room.vault("whole"), room.vault("part")
        room.meet(vault, other)
        person = room.box(vault, "add", "person", "-F", "name=A")["id"]
        statement = room.box(vault, "add", "statement", "-F", "witness=" + person, "-F",
                             "text=x")["id"]
        bundle = room.path("part.age")
        room.agree(vault, person, statement)
        room.run(vault, "export", "--to", "part", "-o", bundle, statement)
        room.run(other, "import", bundle)
        said = room.box(other, "verify", "--deep")
        self.assertEqual((said["ok"], said["problems"]), (True, []))
        (note,) = said["notes"]
        self.assertEqual(note["where"], f"statement {statement} revision 1")
        self.assertIn(f"witness refers to {person}, which is not here", note["what"])
        self.assertIn("note: statement ", room.run(other, "verify")[0])
        self.assertEqual(room.box(vault, "verify")["notes"], [])


if __name__ == "__main__":
    witnessbox_path, tools_path = map(os.path.abspath, sys.argv[1:3])
    sys.dont_write_bytecode = True
    sys.path.insert(0, tools_path)
    import verify_bundle as bundles
    import verify_record as records
    room = Room(witnessbox_path, tools_path)
    try:
        unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
    finally:
        shutil.rmtree(room.folder)
