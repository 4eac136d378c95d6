#!/usr/bin/python3
"""tests/flow/people.py - bundles between people, through the command.

    people.py WITNESSBOX

Exit 77 (skipped) without PyNaCl, which opens bundles here besides our own reader.
"""

import hashlib
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import textwrap
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "lib"), os.path.join(HERE, "..", "evil")]
try:
    import bundle as maker
except ImportError:
    print("skipped: python3-nacl is not installed")
    sys.exit(77)
from room import Room  # noqa: E402
from table import Table  # noqa: E402


def digest(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def opened(path, point):
    """bag-info as pairs, and the payload, of a bundle for that key."""
    with open(path, "rb") as f:
        bag = maker.Bag(maker.untar(maker.age_open(f.read(), point)[2]))
    return bag


def words_of(card):
    """The fingerprint of a card, by FORMAT.md alone."""
    with open(os.path.join(HERE, "../../vault/formats/word_list.c"), encoding="ascii") as f:
        known = re.findall(r'"([a-z]+)"', f.read())
    first = hashlib.sha256(b"witnessbox/v1 card" + card).digest()[:16]
    bits = int.from_bytes(first, "big") << 4 | hashlib.sha256(first).digest()[0] >> 4
    return " ".join(known[bits >> shift & 2047] for shift in range(121, -1, -11))


def with_words(words):
    """A descriptor that gives the words, for --words-fd."""
    ours, theirs = os.pipe()
    os.write(theirs, words.encode())
    os.close(theirs)
    return ours


class Case(unittest.TestCase):
    def refused(self, vault, status, message, *words):
        """The message is said, and no byte of the vault changes."""
        before = digest(vault)
        said = room.run(vault, *words, status=status)[1]
        self.assertIn(message, said)
        self.assertEqual(said.count("\n"), 1, said)
        self.assertEqual(digest(vault), before)


class Addresses(Case):
    @classmethod
    def setUpClass(cls):
        cls.vault = room.vault("addresses")
        room.add(cls.vault)

    def test_each_recipient_gets_a_bundle_of_their_own_and_names_say_nothing(self):
        points = [maker.Point() for _ in range(3)]
        to = [word for p in points for word in ("--to", p.recipient)]
        folder = room.path("one-each")
        os.mkdir(folder)
        done = room.box(self.vault, "export", *to, "-o", folder, "--all")
        self.assertEqual(len(done), 3)
        for one, point in zip(done, points):
            self.assertRegex(os.path.basename(one["file"]), r"^bundle-[0-9a-z]{8}\.age$")
            bag = opened(one["file"], point)
            self.assertEqual([v for n, v in bag.info if n == "Witnessbox-Recipient"],
                             [point.recipient])
        self.assertEqual(len({one["bundle"] for one in done}), 3)
        self.assertEqual(sorted(os.listdir(folder)),
                         sorted(os.path.basename(one["file"]) for one in done))

    def test_together_all_see_who_else_has_it(self):
        points = [maker.Point() for _ in range(4)]
        to = [word for p in points for word in ("--to", p.recipient)]
        path = room.path("together.age")
        room.run(self.vault, "export", *to, "--together", "-o", path, "--all")
        bag = opened(path, points[2])
        self.assertEqual([v for n, v in bag.info if n == "Witnessbox-Recipient"],
                         sorted(p.recipient for p in points))

    def test_a_file_for_several_bundles_is_refused(self):
        to = [word for _ in "ab" for word in ("--to", maker.Point().recipient)]
        self.refused(self.vault, 2, "each recipient gets a bundle of their own", "export",
                     *to, "-o", room.path("never.age"), "--all")

    def test_more_than_sixteen_and_the_same_twice_are_refused(self):
        to = [word for _ in range(17) for word in ("--to", maker.Point().recipient)]
        self.refused(self.vault, 2, "more than 16 recipients", "export", *to, "--together",
                     "-o", room.path("never.age"), "--all")
        self.refused(self.vault, 2, "the same key twice", "export", *to[:2], *to[:2], "--all",
                     "-o", room.path("never.age"))
        self.assertFalse(os.path.exists(room.path("never.age")))

    def test_who_gets_it_and_how_long_it_is_does_not_show(self):
        sizes = set()
        for words in (200, 2000):
            text = " ".join(["saw"] * words)
            one = room.box(self.vault, "add", "statement", "-F", "text=" + text)["id"]
            room.agree(self.vault, one)
            for count in (1, 4):
                to = [w for _ in range(count) for w in ("--to", maker.Point().recipient)]
                path = room.path(f"size-{words}-{count}.age")
                room.run(self.vault, "export", *to, "--together", "-o", path, one)
                sizes.add(os.path.getsize(path))
        self.assertEqual(len(sizes), 1, sizes)


class Words(Case):
    @classmethod
    def setUpClass(cls):
        cls.vault, cls.other = room.vault("words-a"), room.vault("words-b")
        room.meet(cls.vault, cls.other)
        room.add(cls.vault, "Told in ten words")
        cls.bundle = room.path("under-words.age")
        done = room.box(cls.vault, "export", "--passphrase", "--all", "-o", cls.bundle)
        cls.words = done["passphrase"]
        # the same with less work for each reading
        cls.quick = room.path("quick.age")
        with open(cls.bundle, "rb") as f, open(cls.quick, "wb") as g:
            g.write(maker.age_words(maker.age_open_words(f.read(), cls.words), cls.words))

    def read(self, *args, words=None, bundle=None, status=0):
        fd = with_words(words or self.words)
        try:
            done = subprocess.run(
                [room.witnessbox, "--vault", self.other, "--passphrase-file", room.words, *args,
                 bundle or self.quick, "--words-fd", str(fd)], stdin=subprocess.DEVNULL,
                capture_output=True, check=False, pass_fds=[fd])
        finally:
            os.close(fd)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout.decode(), done.stderr.decode()

    def test_ten_words_open_it_and_it_is_called_not_addressed(self):
        self.assertEqual(len(self.words.split()), 10)
        self.assertIn("not addressed", self.read("inspect", bundle=self.bundle)[0])
        said = json.loads(self.read("inspect", "--json")[0])
        self.assertEqual((said["addressed"], said["recipients"]), (False, ["passphrase"]))

    def test_it_is_taken_in_only_with_accept(self):
        before = digest(self.other)
        self.assertIn("not addressed", self.read("import", status=5)[1])
        self.assertEqual(digest(self.other), before)
        self.assertIn("1 added", self.read("import", "--accept")[0])
        self.assertIn("1 already here", self.read("import", "--accept")[0])

    def test_other_words_and_none_are_refused(self):
        self.assertIn("these are not its words", self.read("inspect", words="a b c", status=3)[1])
        self.refused(self.other, 3, "--words-fd or --words-file", "import", "--accept",
                     self.quick)

    def test_what_was_addressed_and_put_under_words_by_another_is_refused(self):
        point, sent = maker.Point(), room.path("addressed.age")
        room.run(self.vault, "export", "--all", "--to", point.recipient, "-o", sent)
        with open(sent, "rb") as f:
            plain = maker.age_open(f.read(), point)[2]
        path = room.write("addressed-to-words.age", maker.age_words(plain, self.words))
        said = self.read("import", "--accept", bundle=path, status=5)[1]
        self.assertIn("the signed list of recipients does not have our key", said)

    def test_scripts_get_the_words_by_a_descriptor_and_nobody_sees_them(self):
        ours, theirs = os.pipe()
        done = subprocess.run(
            [room.witnessbox, "--vault", self.vault, "--passphrase-file", room.words, "export",
             "--passphrase", "--words-fd", str(theirs), "--all", "-o", room.path("fd.age")],
            stdin=subprocess.DEVNULL, capture_output=True, check=True, pass_fds=[theirs])
        os.close(theirs)
        words = os.read(ours, 4096).decode()
        os.close(ours)
        self.assertEqual(len(words.split()), 10)
        self.assertNotIn(words, done.stdout.decode() + done.stderr.decode())
        self.assertNotIn("words  ", done.stdout.decode())

    @unittest.skipUnless(shutil.which("age"), "age is not installed")
    def test_age_opens_it_with_the_words_typed(self):
        out = room.path("under-words.tar")
        pid, terminal = pty.fork()
        if pid == 0:
            os.execvp("age", ["age", "-d", "-o", out, self.bundle])
        os.read(terminal, 1024)
        os.write(terminal, self.words.encode() + b"\n")
        said = b""
        try:
            while piece := os.read(terminal, 1024):
                said += piece
        except OSError:  # the terminal is gone: the end
            pass
        self.assertEqual(os.waitpid(pid, 0)[1], 0, said)
        with open(out, "rb") as f:
            bag = maker.Bag(maker.untar(f.read()))
        self.assertEqual(bag.get("Witnessbox-Recipient"), "passphrase")


class Splitting(Case):
    @classmethod
    def setUpClass(cls):
        cls.vault, cls.other = room.vault("split-a"), room.vault("split-b")
        room.meet(cls.vault, cls.other)
        one = room.add(cls.vault)
        photo = room.write("split.jpg", os.urandom(300000))
        room.run(cls.vault, "attach", one, photo)
        cls.whole = room.path("split.age")
        done = room.box(cls.vault, "export", "--all", "--to", "split-b", "--split", "100K", "-o",
                        cls.whole)
        cls.sha256 = done["sha256"]
        cls.parts = sorted(room.path(n) for n in os.listdir(room.folder)
                           if n.startswith("split.age."))

    def test_plain_concatenation_restores_the_file(self):
        self.assertGreaterEqual(len(self.parts), 4)
        self.assertFalse(os.path.exists(self.whole))
        data = b""
        for i, part in enumerate(self.parts):
            self.assertTrue(part.endswith(f".{i + 1:02}-of-{len(self.parts):02}"))
            self.assertLessEqual(os.path.getsize(part), 102400)
            with open(part, "rb") as f:
                data += f.read()
        self.assertEqual(hashlib.sha256(data).hexdigest(), self.sha256)

    def test_the_parts_are_taken_in_any_order(self):
        said = room.box(self.other, "inspect", *reversed(self.parts))
        self.assertEqual([s["sha256"] for s in said], [self.sha256])
        room.run(self.other, "import", *self.parts[2:], *self.parts[:2])

    def test_a_missing_part_is_named(self):
        self.refused(self.other, 6, os.path.basename(self.parts[3]) + " is missing", "import",
                     *self.parts[:3], *self.parts[4:])
        self.refused(self.other, 6, os.path.basename(self.parts[0]) + " is missing", "import",
                     self.parts[-1])

    def test_swapped_and_altered_parts_are_refused(self):
        with open(self.parts[1], "rb") as f:
            kept = f.read()
        shutil.copy(self.parts[2], self.parts[1])
        try:
            self.refused(self.other, 4, "age: the payload is damaged", "import", *self.parts)
        finally:
            with open(self.parts[1], "wb") as f:
                f.write(kept)

    def test_sizes_that_are_none_are_refused(self):
        for size in ("0", "x", "4T", "-1", "1K"):
            self.refused(self.vault, 2, "split", "export", "--all", "--to", "split-b", "--split",
                         size, "-o", room.path("never.age"))


class Unnamed(Case):
    """What was handed over and could not get its name: here somebody else has that of a part."""

    def test_it_is_told_and_can_be_finished(self):
        a, b = room.vault("unnamed-a"), room.vault("unnamed-b")
        room.meet(a, b)
        room.add(a)
        export = ["export", "--all", "--to", "unnamed-b"]
        whole, other = room.path("unnamed.age"), room.path("unnamed-2.age")
        parts = [f"{whole}.0{i}-of-02" for i in (1, 2)]
        room.write("unnamed.age.02-of-02", b"somebody's")
        said = room.run(a, *export, "--split", "200K", "-o", whole, status=1)[1]
        self.assertIn("the bundle is complete, see `handoffs`: unnamed.age.02-of-02", said)
        left = room.box(a, "handoffs")[0]
        self.assertEqual(left["unfinished"], parts[0])
        self.assertIn("unnamed    " + parts[0], room.run(a, "handoffs")[0])
        self.assertIn("`export --finish` and", room.run(a, *export, "-o", other)[1])
        self.refused(a, 2, "stands alone", "export", "--finish", parts[0], "--all")
        self.refused(a, 6, "waits for that name", "export", "--finish", other)
        self.refused(a, 6, "unnamed.age.01-of-02: is not here, nor .unnamed.age.01.part0",
                     "export", "--finish", "/tmp/unnamed.age.01-of-02")
        os.remove(parts[1])
        done = room.box(a, "export", "--finish", parts[0])
        self.assertEqual([done["bundle"], done["sha256"]], [left["bundle"], left["sha256"]])
        self.assertFalse([n for n in os.listdir(room.folder) if ".part" in n])
        self.assertNotIn("unfinished", room.box(a, "handoffs")[1])
        self.assertNotIn("--finish", room.run(a, *export, "-o", room.path("unnamed-3.age"))[1])
        self.assertEqual(room.box(b, "inspect", *parts)[0]["sha256"], left["sha256"])


class ManyFiles(Case):
    def test_each_kind_is_told_apart_and_the_table_has_the_worst(self):
        a, b, c = (room.vault("many-" + x) for x in "abc")
        room.meet(a, b)
        room.add(a)
        sent, card = room.path("many.age"), room.path("many-c.card")
        room.run(a, "export", "--all", "--to", "many-b", "-o", sent)
        room.run(c, "identity", "--export", card)
        head = room.write("many.head", room.run(a, "head")[0])
        ask = room.path("many.ask")
        room.run(a, "head", "--request", "many-b", "-o", ask)
        with open(sent, "rb") as f:
            broken = room.write("many.broken", f.read()[:-1])
        files = [sent, card, head, ask, a, broken, room.path("nowhere")]
        before = digest(b)
        out, said = room.run(b, "inspect", *files, status=4)
        self.assertEqual(digest(b), before)
        rows = [line.split(None, 1) for line in out.splitlines()[-len(files):]]
        self.assertEqual([row[0] for row in rows], ["ok"] * 5 + ["ALTERED", "not"])
        for row, path, what in zip(rows, files, (
                "bundle of 1 records", "card of many-c, whose key no contact has", "signed head",
                "`cosign FILE`", "--vault FILE", "age: the payload is damaged", "nowhere")):
            self.assertIn(os.path.basename(path), row[1])
            self.assertIn(what, row[1])
        self.assertEqual(said.count("\n"), 2, said)
        told = room.box(b, "import", *files, status=4)
        self.assertEqual([t.get("status", 0) for t in told], [0, 0, 0, 2, 2, 4, 6])
        self.assertEqual({x["label"]: x["verified"] for x in room.box(b, "contact", "list")},
                         {"many-a": True, "many-c": False})

    def test_a_file_whose_name_commands_a_terminal_is_shown_written_out(self):
        a = room.vault("many-d")
        cards = [room.path(f"{n}\x1b[31m\u202e.card") for n in "xy"]
        for card in cards:
            room.run(a, "identity", "--export", card)
        for given in (cards[:1], cards):
            out = room.run(a, "inspect", *given)[0]
            self.assertIn("\\u{1b}[31m\\u{202e}.card: card: this is our own", out)
            self.assertNotIn("\x1b", out)
            self.assertNotIn("\u202e", out)


class Cards(Case):
    def test_words_over_the_whole_card_are_compared(self):
        a, b = room.vault("cards-a"), room.vault("cards-b")
        room.add(a)
        words = room.box(a, "identity")["words"]
        card = room.path("cards-a.card")
        room.run(a, "identity", "--export", card)
        with open(card, "rb") as f:
            self.assertEqual(words, words_of(f.read()))
        sent = room.path("cards.age")
        room.run(a, "export", "--all", "--to", room.box(b, "identity")["recipient"], "-o", sent)
        room.run(b, "contact", "add", sent, "--label", "A")  # the card in the bundle
        (known,) = room.box(b, "contact", "list")
        self.assertEqual((known["words"], known["verified"], known["when"]), (words, False, ""))
        other = " ".join(reversed(words.split()))
        self.refused(b, 4, "not the words of the card", "contact", "verify", "A", "--how", "x",
                     "--words", other)
        self.refused(b, 4, "not the words of the card", "contact", "verify", "A", "--how", "x",
                     "--words", words.rsplit(" ", 1)[0])
        self.refused(b, 2, "--how is missing", "contact", "verify", "A")
        room.run(b, "contact", "verify", "A", "--how", "by telephone",
                 "--words", words.upper().replace(" ", "  ") + "\n")
        (known,) = room.box(b, "contact", "list")
        self.assertTrue(known["verified"])
        self.assertRegex(known["when"], r"^\d{4}-\d\d-\d\d$")
        room.run(b, "import", sent)

    def test_a_card_with_other_keys_has_other_words_and_both_see_the_same(self):
        a, b = room.vault("rotated"), room.vault("rotated-b")
        room.meet(a, b)
        before = room.box(a, "identity")["words"]
        card = room.path("rotated-new.card")
        room.run(a, "identity", "rotate")
        room.run(a, "identity", "--export", card)
        words = room.box(a, "identity")["words"]
        self.assertIn(words, room.run(b, "contact", "add", card)[1])
        (known,) = room.box(b, "contact", "list")
        self.assertEqual((known["words"], known["verified"]), (words, False))
        self.refused(b, 4, "not the words of the card", "contact", "verify", "rotated", "--how", "x",
                     "--words", before)

    def test_after_a_restart_the_card_is_taken_in_and_partners_go_on(self):
        a, b = room.vault("again"), room.vault("again-b")
        room.meet(a, b)
        room.add(a)
        room.cosign(a, b)
        room.run(a, "head", "--restart", "--reason", "a second copy was used")
        words = room.box(a, "identity")["words"]
        old, card, sent = room.path("again.card"), room.path("again-new.card"), room.path("again.age")
        room.run(a, "identity", "--export", card)
        room.run(a, "export", "--all", "--to", "again-b", "-o", sent)
        self.assertIn("another card of the contact again: `import` takes a newer one",
                      room.run(b, "inspect", card)[0])
        self.assertIn("again.age: the card in it is not the one that is known of the contact again; "
                      "`contact add` takes a newer one", room.run(b, "inspect", sent)[1])
        out, said = room.run(b, "import", card)
        self.assertIn("card: other keys of again; compare its words", out)
        self.assertIn("KEY CHANGE: again has another card now", said)
        (known,) = room.box(b, "contact", "list")
        self.assertEqual((known["words"], known["verified"]), (words, False))
        self.assertIn("card of the contact again, not verified", room.run(b, "import", card)[0])
        self.refused(b, 2, "an older one of the contact again", "import", old)
        room.run(b, "contact", "verify", "again", "--how", "read aloud")
        self.assertNotIn("the card in it", room.run(b, "import", sent)[1])
        room.cosign(a, b)
        self.assertEqual(room.box(a, "verify")["problems"], [])

    def test_a_card_that_came_before_the_one_that_vouches_hides_no_change_of_keys(self):
        a, b = room.vault("vouch-a"), room.vault("vouch")
        room.meet(a, b)
        room.add(b)
        card, sent = room.path("vouch-new.card"), room.path("vouch.age")
        room.run(b, "identity", "rotate")
        room.run(b, "identity", "--export", card)
        room.run(b, "export", "--all", "--to", room.box(a, "identity")["recipient"], "-o", sent)
        self.refused(a, 2, "label: there is a contact vouch with another key: for somebody else "
                     "choose another with --label; if their keys changed, ask for the card",
                     "contact", "add", sent)
        room.run(a, "contact", "add", sent, "--label", "second")
        for words in (("contact", "add"), ("import",), ("inspect",)):
            self.refused(a, 5, "card: other keys of the contact vouch, whom second is too: "
                         "`contact remove` second, then add it again", *words, card)
        room.run(a, "contact", "remove", "second", "--reason", "is vouch", "--yes")
        self.assertIn("another card of the contact vouch", room.run(a, "inspect", card)[0])
        self.assertIn("KEY CHANGE: vouch has another card", room.run(a, "import", card)[1])
        (known,) = room.box(a, "contact", "list")
        self.assertFalse(known["verified"])

    def test_what_was_signed_with_a_key_of_before_is_called_so(self):
        a, b = room.vault("before"), room.vault("before-b")
        room.meet(a, b)
        room.add(a)
        sent, card, old = room.path("before.age"), room.path("before-new.card"), room.path("before.card")
        room.run(a, "export", "--all", "--to", "before-b", "-o", sent)
        room.run(a, "identity", "rotate")
        room.run(a, "identity", "--export", card)
        room.run(b, "import", card)
        self.refused(b, 5, "signed by a key that the contact before had before, and has given up",
                     "import", sent)
        older = "card: an older one of the contact before, who has other keys since"
        for words in (("contact", "add", sent), ("contact", "add", old), ("import", old)):
            self.refused(b, 2, older, *words)
        self.refused(a, 2, "card: an older one of our own", "import", old)
        self.assertIn(older, room.run(b, "inspect", old)[0])
        self.assertIn("card: an older one of our own", room.run(a, "inspect", old)[0])
        self.assertIn("card: this is our own", room.run(a, "inspect", card)[0])
        room.run(b, "import", "--accept", sent)

    def test_the_words_of_a_card_are_shown_whole_whatever_the_name(self):
        a, b = room.vault("whole"), room.init("whole-b", "--name", "ж" * 64)
        card = room.path("whole-b.card")
        room.run(b, "identity", "--export", card)
        self.assertIn(room.box(b, "identity")["words"], room.run(a, "inspect", card)[0])

    def test_who_has_the_name_of_a_log_is_said(self):
        a, b = room.vault("squat-a"), room.vault("squat")
        origin = room.box(b, "identity")["log"].split("+")[0]
        room.run(a, "contact", "add", room.write("thief.card", maker.Person("Thief", origin).card()))
        card = room.path("squat.card")
        room.run(b, "identity", "--export", card)
        for words in (("contact", "add"), ("import",), ("inspect",)):
            self.refused(a, 4, "its log has the name of that of the contact Thief with another key",
                         *words, card)
        room.run(a, "contact", "remove", "Thief", "--reason", "not Squat", "--yes")
        room.run(a, "contact", "add", card)

    def test_a_contact_who_is_removed_is_a_stranger(self):
        a, b = room.vault("seized"), room.vault("seized-b")
        room.meet(a, b)
        room.add(a)
        sent = room.path("seized.age")
        room.run(a, "export", "--all", "--to", "seized-b", "-o", sent)
        self.assertEqual(room.box(b, "inspect", sent)["trust"], "verified")
        (known,) = room.box(b, "contact", "list")
        why = ("--reason", "the laptop was taken")
        self.refused(b, 6, "nobody: no contact has this label", "contact", "remove", "nobody", *why, "--yes")
        self.refused(b, 2, "--reason TEXT is missing", "contact", "remove", "seized", "--yes")
        self.refused(b, 2, "confirm with --yes", "contact", "remove", "seized", *why)
        self.assertEqual(room.box(b, "contact", "list"), [known])
        gone = room.box(b, "contact", "remove", "seized", *why, "--yes")
        self.assertEqual(gone, {"id": known["id"], "label": "seized", "revisions": 2})
        self.assertEqual(room.box(b, "contact", "list"), [])
        self.assertEqual(room.box(b, "inspect", sent)["trust"], "unknown")
        self.refused(b, 6, "seized", "export", "--all", "--to", "seized", "-o", room.path("seized.back"))
        self.refused(b, 5, "", "import", sent)
        self.assertEqual(room.box(b, "verify", "--deep")["problems"], [])
        room.run(b, "contact", "add", room.path("seized.card"), "--label", "seized")


    def test_a_cosignature_that_comes_after_a_new_card_is_taken_in(self):
        a, b = room.vault("late"), room.vault("late-b")
        room.meet(a, b)
        ask, reply, card = (room.path("late." + x) for x in ("ask", "reply", "new"))
        room.run(a, "head", "--request", "late-b", "-o", ask)
        room.run(b, "cosign", ask, "-o", reply)
        room.run(b, "head", "--restart", "--reason", "a second copy was used")
        room.run(b, "identity", "--export", card)
        out = room.run(a, "import", card, reply)[0]
        self.assertIn("card: other keys of late-b", out)
        one = room.add(a)
        self.assertIn("cosigned by late-b", room.run(a, "head", "--import", reply)[1])
        room.cosign(a, b)  # from where they cosigned it before
        self.assertEqual(room.run(a, "show", "--proof", one)[0].count("\u2014 witnessbox/"), 2)

    def test_a_request_that_bundles_have_overtaken_accuses_nobody(self):
        a, b = room.vault("overtaken"), room.vault("overtaken-b")
        room.meet(a, b)
        ask, first, second = (room.path("overtaken." + x) for x in ("asked", "1.age", "2.age"))
        room.run(a, "head", "--request", "overtaken-b", "-o", ask)
        room.add(a)
        for path in (first, second):
            room.run(a, "export", "--all", "--to", "overtaken-b", "-o", path)
        room.run(b, "import", second)
        self.refused(b, 5, "is older than a head of theirs that came since", "cosign", ask, "-o",
                     room.path("overtaken.never"))
        self.assertFalse(os.path.exists(room.path("overtaken.never")))
        room.cosign(a, b)

    def test_a_long_label_is_cut_between_characters(self):
        a, b = room.vault("long"), room.vault("long-b")
        room.meet(a, b)
        room.run(b, "contact", "remove", "long", "--reason", "by another name", "--yes")
        room.run(b, "contact", "add", room.path("long.card"), "--label", "a" + "\u0436" * 90)
        ask = room.path("long.ask")
        room.run(a, "head", "--request", "long-b", "-o", ask)
        cut = "a" + "\u0436" * 63
        self.assertIn(f"the log of {cut} at size", room.run(b, "cosign", ask)[1])
        self.assertIn(f"counterpart {cut}\n", room.box(b, "log")[-1]["detail"])


class FieldVaults(Case):
    """What was collected is a contact that is only a log: no card, no key to send to."""

    @classmethod
    def setUpClass(cls):
        cls.owner = room.vault("office")
        cls.card = room.path("office.card")
        room.run(cls.owner, "identity", "--export", cls.card)
        room.add(cls.owner)

    def collect(self, name):
        field = room.init(name, "--owner", self.card)
        room.run(field, "add", "statement", "-F", "text=It was night.")
        done = room.box(self.owner, "collect", field)
        self.assertEqual((done["verified"], done["added"]), (False, 1))
        return field, done["label"], done["mark"]

    def test_its_mark_is_compared_in_the_place_of_words(self):
        field, label, mark = self.collect("field-1")
        verify = ("contact", "verify", label)
        other = " ".join(reversed(mark.split()))
        self.refused(self.owner, 4, "this is not the mark of the field vault", *verify, "--how", "x",
                     "--words", other)
        self.refused(self.owner, 2, "--how is missing", *verify)
        self.refused(self.owner, 2, "--how is missing", *verify, "--words", mark)
        room.run(self.owner, *verify, "--how", "by telephone", "--words", mark.upper() + "\n")
        self.assertEqual(room.box(self.owner, "collect", field)["ours"], 1)

    def test_on_a_terminal_its_mark_is_shown_before_it_is_asked(self):
        field, label, mark = self.collect("field-2")
        before = digest(self.owner)
        for answers, status in ((("n",), 5), (("y", ""), 2), (("y", "by telephone"), 0)):
            self.assertEqual(digest(self.owner), before)
            table = Table(room.witnessbox, "--vault", self.owner, "--passphrase-file", room.words,
                          "contact", "verify", label)
            for answer, question in zip(answers, (mark + r"\r\nDid they read out exactly these words",
                                                  "How was it compared")):
                table.expect(question + ".*[?] ")
                table.say(answer)
            self.assertEqual(table.wait(), status)
        (known,) = [x for x in room.box(self.owner, "contact", "list") if x["label"] == label]
        self.assertEqual((known["verified"], known["how"]), (True, "by telephone"))
        self.assertEqual(room.box(self.owner, "collect", field)["ours"], 1)

    def test_nothing_is_sent_to_it_and_nothing_asked_of_it(self):
        label, never = self.collect("field-3")[1], room.path("field.never")
        for more in (("-o", never), ("--plan",)):
            self.refused(self.owner, 2, f"{label}: the log of a field vault, which has no key to send to",
                         "export", "--all", "--to", label, *more)
        self.refused(self.owner, 2, f"{label}: the log of a field vault, which cosigns nothing",
                     "head", "--request", label, "-o", never)
        self.refused(self.owner, 6, "no such contact", "head", "--request", "nobody", "-o", never)
        self.assertFalse(os.path.exists(never))

    def test_a_long_label_of_it_is_cut_between_characters(self):
        field = room.init("field-4", "--owner", self.card)
        label = "a" + "\u0436" * 63
        for _ in "ab":
            done = room.box(self.owner, "collect", field, "--label", label + "\u0436" * 9)
            self.assertEqual(done["label"], label)
        self.assertIn(label, [x["label"] for x in room.box(self.owner, "contact", "list")])


class Heads(Case):
    """The head of the sender's log, which each bundle brings."""

    def send(self, vault, name):
        path = room.path(name)
        room.run(vault, "export", "--all", "--to", "heads-b", "-o", path)
        return path

    def test_a_bundle_that_was_long_on_its_way_is_told_as_older(self):
        a, b = room.vault("heads-a"), room.vault("heads-b")
        room.meet(a, b)
        room.add(a)
        first, second = self.send(a, "heads-1.age"), self.send(a, "heads-2.age")
        log = room.box(b, "inspect", first)["log"]
        self.assertEqual((log["newest"], log["fork"]), (0, ""))
        room.run(b, "import", second)
        late = room.box(b, "inspect", first)["log"]
        self.assertEqual((late["size"], late["fork"]), (log["size"], ""))
        self.assertGreater(late["newest"], late["size"])
        self.assertIn("\nlog        older: made when the sender's log had "
                      f"{late['size']} entries, and {late['newest']} are known",
                      room.run(b, "inspect", first)[0])
        self.assertIn("here, older than known\n", room.run(b, "import", first, second)[0])
        self.assertNotIn("older", room.run(b, "inspect", second)[0])

        # a copy of the vault that went on by itself
        copy = room.path("heads-copy")
        shutil.copy(a, copy)
        room.add(a, "One history")
        room.add(copy, "Another")
        room.run(b, "import", self.send(a, "heads-3.age"))
        other = self.send(copy, "heads-4.age")
        self.assertIn("fork: another history of the same size",
                      room.box(b, "inspect", other)["log"]["fork"])
        self.refused(b, 4, "the sender's log has two histories", "import", other)
        room.run(b, "import", "--accept", other)
        self.assertIn("Another", room.run(b, "list")[0])
        room.run(b, "verify", "--deep")

    def test_what_a_stranger_says_of_a_log_is_held_against_nothing(self):
        a, b = room.vault("heads-c"), room.vault("heads-d")
        room.add(a)
        path = room.path("heads-5.age")
        room.run(a, "export", "--all", "--to", room.box(b, "identity")["recipient"], "-o", path)
        self.assertNotIn("log", room.box(b, "inspect", path))
        room.run(b, "import", "--accept", path)
        room.meet(a, b)
        self.assertEqual(room.box(b, "inspect", path)["log"]["newest"], 0)


class SameBytes(Case):
    def test_a_file_that_is_here_already_is_told(self):
        a, b, c = (room.vault("same-" + x) for x in "abc")
        room.meet(a, b)
        room.meet(c, b)
        photo, other = room.write("same.jpg", b"one night" * 999), room.write("other.jpg", b"two")
        sent = {}
        for v in (a, c):
            one = room.add(v)
            room.run(v, "attach", one, other if v == c else photo)
            said = room.run(v, "attach", one, photo)[1]
            evidence = room.box(v, "list", "--kind", "evidence")
            self.assertEqual("the same bytes are here as evidence " + evidence[1]["id"] in said,
                             v == a, said)
            said = room.run(v, "add", "incident", "-F", "title=Again", "--attach", photo)[1]
            self.assertIn("the same bytes are here as evidence", said)
            sent[v] = room.path(os.path.basename(v) + ".age")
            room.run(v, "export", "--all", "--to", "same-b", "-o", sent[v])
        room.run(b, "import", sent[a])
        known = room.box(b, "list", "--kind", "evidence")[-1]["id"]
        for verb in ("inspect", "import", "inspect"):
            told = {r["title"]: r.get("same_bytes")
                    for r in room.box(b, verb, sent[c])["records"] if r["kind"] == "evidence"}
            self.assertEqual(told, {"other.jpg": None, "same.jpg": known}, verb)
        self.assertIn(f"(same bytes as evidence {known})", room.run(b, "inspect", sent[c])[0])
        self.assertNotIn("same bytes", room.run(c, "inspect", "--json", sent[a], status=5)[0])


class Recipe(Case):
    """The commands of the README.txt inside of a bundle, exactly as they stand there."""

    def blocks(self, text):
        return [textwrap.dedent(b) for b in re.findall(r"\n\n((?:     [^\n]+\n)+)", text)]

    def sh(self, text, **names):
        for name, value in names.items():
            text = re.sub(rf"\b{name}\b", value, text)
        return subprocess.run(["sh", "-ec", text], cwd=self.place, capture_output=True,
                              check=False, env={**os.environ, "LC_ALL": "C"})

    @unittest.skipUnless(all(map(shutil.which, ("age", "age-keygen", "minisign", "tar"))),
                         "age, minisign or tar is not installed")
    def test_the_recipe_opens_verifies_and_finds_what_was_added(self):
        vault, self.place = room.vault("recipe"), room.path("recipe-place")
        os.mkdir(self.place)
        one = room.box(vault, "add", "statement", "-F", "text=It was night.")["id"]
        photo = room.write("photo.jpg", os.urandom(100001))
        room.run(vault, "attach", one, photo)
        room.agree(vault, one)
        key, sent = room.path("court.key"), room.path("court.age")
        recipient = subprocess.run(["age-keygen", "-o", key], capture_output=True, check=True
                                   ).stderr.decode().split()[-1]
        room.run(vault, "export", "--all", "--to", recipient, "-o", sent)
        first = self.sh("age -d -i KEYFILE FILE > peek.tar && tar -xOf peek.tar bag/README.txt",
                        KEYFILE=key, FILE=sent)
        unpack, signature, hashes, added = self.blocks(first.stdout.decode())
        done = self.sh(unpack + "pwd", KEYFILE=key, FILE=sent)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.place = done.stdout.decode().strip()
        with open(os.path.join(self.place, "bag-info.txt"), encoding="ascii") as f:
            info = dict(line.rstrip("\n").split(": ", 1) for line in f)
        self.assertEqual(info["Witnessbox-Recipient"], recipient)
        done = self.sh(signature, KEY=info["Witnessbox-Sender"])
        self.assertIn(b"Signature and comment signature verified", done.stdout)
        self.assertIn(info["Witnessbox-Bundle"].encode(), done.stdout)
        done = self.sh(hashes)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))
        self.assertEqual(self.sh(added).stdout, b"")
        with open(os.path.join(self.place, "data", "more.txt"), "wb") as f:
            f.write(b"slipped in")
        self.assertIn(b"data/more.txt", self.sh(added).stdout)
        with open(os.path.join(self.place, "bag-info.txt"), "ab") as f:
            f.write(b"Witnessbox-Note: slipped in\n")
        self.assertNotEqual(self.sh(hashes).returncode, 0)

    @unittest.skipUnless(shutil.which("bsdtar"), "bsdtar is not installed")
    def test_bsdtar_unpacks_what_gnu_tar_unpacks(self):
        vault, point = room.vault("bsdtar"), maker.Point()
        room.add(vault)
        sent, plain = room.path("bsd.age"), room.path("bsd.tar")
        room.run(vault, "export", "--all", "--to", point.recipient, "-o", sent)
        with open(sent, "rb") as f, open(plain, "wb") as g:
            g.write(maker.age_open(f.read(), point)[2])
        trees = []
        for tar in ("tar", "bsdtar"):
            folder = room.path("by-" + tar)
            os.mkdir(folder)
            subprocess.run([tar, "-xf", plain, "-C", folder], check=True)
            trees.append(sorted((os.path.relpath(os.path.join(at, name), folder),
                                 digest(os.path.join(at, name)))
                                for at, _, names in os.walk(folder) for name in names))
        self.assertEqual(trees[0], trees[1])
        self.assertEqual(len(trees[0]), 8)


class Receipts(Case):
    def test_handoffs_say_what_left_and_whether_it_arrived(self):
        a, b = room.vault("receipts-a"), room.vault("receipts-b")
        room.meet(a, b)
        one = room.box(a, "add", "statement", "-F", "text=One.", "-F", "text=Two.")["id"]
        room.agree(a, one)
        sent, back = room.path("sent.age"), room.path("back.age")
        done = room.box(a, "export", "--to", "receipts-b", "--redact", "text.2", one, "-o", sent)
        (left,) = room.box(a, "handoffs")
        self.assertEqual((left["bundle"], left["direction"], left["contact"], left["purpose"],
                          left["withheld"], left["sha256"], left["received"]),
                         (done["bundle"], "out", "receipts-b", "partner", ["text.2"],
                          digest(sent), []))
        self.assertEqual([r.split("@")[0] for r in left["records"]], [one])
        self.assertIn("none came back", room.run(a, "handoffs")[0])
        room.run(b, "import", sent, "--receipt", back)
        self.assertEqual([h["direction"] for h in room.box(b, "handoffs")], ["out", "in"])
        room.run(a, "import", back)
        arrived = [h for h in room.box(a, "handoffs") if h["bundle"] == done["bundle"]]
        self.assertEqual(arrived[0]["received"][0]["recipient"], left["recipients"][0])
        self.assertNotIn("none came back", room.run(a, "handoffs")[0])
        self.refused(b, 2, "one bundle at a time", "import", sent, sent, "--receipt", back)
        self.assertTrue(room.box(a, "verify", "--deep")["ok"])


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    room = Room(os.path.abspath(sys.argv[1]), "")
    try:
        unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=2)
    finally:
        shutil.rmtree(room.folder)
