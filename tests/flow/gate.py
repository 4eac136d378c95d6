#!/usr/bin/python3
"""tests/flow/gate.py - what consent lets go, through the command.

    gate.py WITNESSBOX TOOLS

Exit 77 (skipped) without PyNaCl, which opens bundles here besides our own reader.
"""

import base64
import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
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

PRESS = "--purpose", "publication", "--level", "anonymous", "--with-report"
PAGE = "data/report.html"
TEXT = "They came at night.", "They took him to the car."


def digest(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def opened(path, point):
    with open(path, "rb") as f:
        return maker.Bag(maker.untar(maker.age_open(f.read(), point)[2]))


def records_of(bag):
    """The record JSON of an opened bundle by kind; the last of each."""
    return {r["kind"]: r for r in (json.loads(bag.read(n)) for n in bag.records())}


def place(record, name):
    return next(p for p in record["places"] if p["name"] == name)


class Gate(unittest.TestCase):
    """A witness who agreed, one who was not asked, what each said, and an act."""

    @classmethod
    def setUpClass(cls):
        cls.vault, cls.other = room.vault("gate"), room.vault("archive")
        room.meet(cls.vault, cls.other)
        add = lambda kind, *fields: room.box(  # noqa: E731
            cls.vault, "add", kind, *[w for f in fields for w in ("-F", f)])["id"]
        cls.incident = add("incident", "title=Abduction", "place-exact=his home")
        cls.asked = add("person", "name=Meret Orazov", "pseudonym=Witness 1")
        cls.unasked = add("person", "name=Leyla Durdyeva", "pseudonym=Witness 2")
        cls.said, cls.unsaid = (
            add("statement", "incident=" + cls.incident, "witness=" + who,
                *["text=" + t for t in TEXT]) for who in (cls.asked, cls.unasked))
        room.agree(cls.vault, cls.asked, cls.said)
        cls.point = maker.Point()

    def out(self):
        return room.path(hashlib.sha256(os.urandom(8)).hexdigest()[:8] + ".age")

    def export(self, *words, status=0):
        path = self.out()
        done = room.run(self.vault, "export", "--to", self.point.recipient, "-o", path, *words,
                        status=status)
        self.assertEqual(os.path.exists(path), status == 0)
        return path, done

    def refused(self, message, *words):
        before = digest(self.vault)
        done = self.export(*words, status=5)[1]
        self.assertIn(message, done[1])
        self.assertEqual(digest(self.vault), before)
        return done

    def test_without_consent_nothing_is_written_and_all_reasons_are_told(self):
        told, said = self.refused("1 of 7 records may not go", "--incident", self.incident)
        self.assertEqual(said.count("\n"), 1, said)
        self.assertIn(self.unsaid[:8], told)
        self.assertIn("no consent for this purpose is recorded", told)
        self.assertNotIn(self.said[:8], told)
        self.refused("may not go", self.said, "--purpose", "publication")

    def test_a_plan_tells_all_and_changes_nothing(self):
        before, path = digest(self.vault), self.out()
        plan = room.box(self.vault, "export", "--to", self.point.recipient, "-o", path, "--incident",
                        self.incident, "--plan")
        self.assertFalse(os.path.exists(path))
        self.assertEqual(digest(self.vault), before)
        states = {r["id"]: (r["state"], r["level"]) for r in plan["records"]}
        self.assertEqual(states[self.said], ("goes", "named"))
        self.assertEqual(states[self.unasked], ("goes", "pseudonym"))
        self.assertEqual(states[self.unsaid][0], "refused")
        self.assertEqual((plan["refused"], plan["goes"]), (1, 6))
        self.assertGreater(plan["bytes"], 0)
        self.assertTrue(all(len(r["consent"]) == 26 for r in plan["records"]
                            if r["id"] in (self.said, self.asked)))

    def test_the_rest_goes_without_identities(self):
        path, _ = self.export("--leave-out-refused", "--incident", self.incident)
        bag = opened(path, self.point)
        everything = b"".join(data for _, data in bag.payload)
        self.assertIn("Meret Orazov".encode(), everything)
        self.assertNotIn("Leyla".encode(), everything)
        self.assertIn(b"Witness 2", everything)
        self.assertNotIn(self.unsaid.encode(), everything)
        incident = records_of(bag)["incident"]
        self.assertIn("closed", place(incident, "place-exact"))

    def test_an_override_goes_into_handoff_and_bundle(self):
        path, _ = self.export("--override", self.unsaid[:8] + "=asked by телефон", self.unsaid)
        (handoff,) = [room.box(self.vault, "show", h["id"])["fields"] for h in
                      room.box(self.vault, "list", "--kind", "handoff", "--limit", "1")]
        self.assertEqual(handoff["warned"], f"override {self.unsaid}: asked by телефон")
        self.assertEqual(room.box(self.vault, "handoffs")[0]["warned"], [handoff["warned"]])
        bag = opened(path, self.point)
        self.assertEqual(records_of(bag)["statement"]["id"], self.unsaid)
        self.assertEqual([v for n, v in bag.info if n == "Witnessbox-Override"],
                         [f"{self.unsaid} " + base64.b64encode("asked by телефон".encode()).decode()])

    def test_internal_is_for_our_own_organisation(self):
        to = ["export", "--to", "archive", "--purpose", "internal", "-o"]
        path = self.out()
        said = room.run(self.vault, *to, path, self.unsaid, status=5)[1]
        self.assertIn("archive is not marked as of our own organisation", said)
        copy = room.path("copy")
        shutil.copy(self.vault, copy)
        room.run(copy, "contact", "verify", "archive", "--how", "met", "--organisation", "own")
        room.run(copy, *to, path, self.unsaid)
        os.remove(path)

    def test_what_somebody_writes_on_their_own_card_neither_opens_nor_closes_less(self):
        def consent(decision, recipient, when):
            room.box(self.vault, "add", "consent", "-F", "about=" + note, "-F", "purpose=partner",
                     "-F", "decision=" + decision, "-F", "level=named",
                     "-F", "recipient=" + recipient, "-F", "when=" + when)

        def renamed(name):
            person.name = name
            return room.write(f"{name}.card", person.card())

        def goes(status, reason=None):
            out = room.run(self.vault, "export", "--to", "liaison", "-o", self.out(), note,
                           status=status)[0]
            self.assertIn(reason or "", out)

        person = maker.Person("Liaison Office")
        room.run(self.vault, "contact", "add", renamed("Liaison Office"), "--label", "liaison")
        note = room.box(self.vault, "add", "statement", "-F", "text=For some only.")["id"]
        consent("yes", "Northern Archive", "2026-01-10")
        goes(5, "the consent is for other recipients")
        room.run(self.vault, "import", renamed("Northern Archive"))
        goes(5, "the consent is for other recipients")
        room.run(self.vault, "contact", "verify", "liaison", "--how", "read aloud")
        goes(0)
        consent("no", "Liaison Office", "2026-02-10")  # as they were called once
        goes(5, "said no")
        room.run(self.vault, "import", renamed("Somebody Else"))
        goes(5, "said no")
        consent("yes", "liaison", "2026-03-10")
        goes(0)

    def test_a_lower_level_closes_identities_origins_and_proofs(self):
        path, _ = self.export("--level", "pseudonym", self.said, self.asked)
        bag = opened(path, self.point)
        record = records_of(bag)["person"]
        self.assertIn("closed", place(record, "name"))
        self.assertEqual(place(record, "pseudonym")["value"], "Witness 1")
        for r in records_of(bag).values():
            self.assertIn("closed", place(r, "origin"))
            self.assertEqual(r["proofs"], [])
        self.assertEqual(dict(bag.info)["Witnessbox-Level"], "pseudonym")
        path, _ = self.export("--no-proof", self.said)
        record = records_of(opened(path, self.point))["statement"]
        self.assertEqual((record["id"], record["proofs"]), (self.said, []))
        self.assertNotIn("closed", place(record, "witness"))

    def values(self):
        """Every text that the vault holds, by record."""
        for r in room.box(self.vault, "list", "--limit", "1000"):
            for value in room.box(self.vault, "show", r["id"])["fields"].values():
                for text in value if isinstance(value, list) else [value]:
                    if isinstance(text, str) and len(text) > 3:
                        yield text

    def page(self, *words):
        """The page of a bundle, held against its records: nothing is on it that is not in them."""
        bag = opened(self.export("--with-report", *words)[0], self.point)
        page, records = html.unescape(bag.read(PAGE).decode()), b"".join(map(bag.read, bag.records()))
        records += bag.tags["bag-info.txt"]  # purpose and time
        told = [v for v in self.values() if v in page]
        self.assertEqual([v for v in told if v.encode() not in records], [])
        self.assertEqual(bag.payload[-1][0], PAGE)
        self.assertIn(dict(bag.info)["Witnessbox-Time"], page)
        return page, set(told)

    def test_the_page_in_a_bundle_tells_what_its_records_tell_and_no_more(self):
        whole = "--incident", self.incident
        page, told = self.page("--leave-out-refused", *whole)
        self.assertTrue({"Meret Orazov", "Witness 2", "Abduction", *TEXT} <= told, told)
        self.assertFalse({"Leyla Durdyeva", "his home"} & told)
        self.assertNotIn(self.unsaid, page)
        page, told = self.page("--leave-out-refused", "--level", "pseudonym", *whole)
        self.assertFalse({"Meret Orazov", "Leyla Durdyeva"} & told)
        self.assertIn("under their pseudonyms", page)
        page, told = self.page("--leave-out-refused", "--level", "anonymous", *whole)
        self.assertFalse({"Meret Orazov", "Witness 1", "Witness 2"} & told)
        for record in (self.incident, self.said):
            self.assertNotIn(record, page)
        page, told = self.page("--redact", "text.2", self.said)
        self.assertIn(TEXT[0], told)
        self.assertNotIn(TEXT[1], told)
        self.assertIn("What is in this bundle", page)  # no incident goes: the statement by itself
        page, told = self.page("--override", self.unsaid + "=asked", *whole)
        self.assertIn(self.unsaid, page)

    def test_several_incidents_stand_on_the_page_one_after_the_other(self):
        self.vault = shutil.copy(self.vault, room.path("several"))
        second = room.add(self.vault, "A second abduction")
        room.box(self.vault, "add", "act", "-F", "incident=" + second, "-F", "victim=" + self.asked, "-F",
                 "type=torture")
        room.box(self.vault, "add", "source", "-F", "title=A newspaper")
        page, _ = self.page("--all", "--leave-out-refused")
        titles = re.findall(r"<h1[^>]*>([^<]*)", page)
        self.assertEqual(titles, ["What is in this bundle", "Abduction", "A second abduction",
                                  "What belongs to none of the incidents here"])
        parts = page.split("<h1")
        self.assertIn(TEXT[0], parts[2])
        self.assertNotIn("torture", parts[2])
        self.assertIn("torture", parts[3])
        self.assertIn("Meret Orazov", parts[3])
        self.assertIn("A newspaper", parts[4])

    def test_the_receiver_is_told_of_the_page_and_takes_nothing_from_it(self):
        path, other = self.out(), shutil.copy(self.other, room.path("reader"))
        room.run(self.vault, "export", "--to", "archive", "-o", path, "--with-report", self.said)
        self.assertGreater(room.box(other, "inspect", path)["page"], 1000)
        said = room.run(other, "import", path)[0]
        self.assertIn("page       the sender's own, for a browser: not taken in", said)
        self.assertIn("1 record, 0 files", said)
        room.run(other, "verify", "--deep")

    def test_names_in_texts_are_found_before_they_leave(self):
        self.vault = shutil.copy(self.vault, room.path("names"))
        told = room.box(self.vault, "add", "statement", "-F", "incident=" + self.incident, "-F",
                        "witness=" + self.asked, "-F", "text=They came for us.", "-F",
                        "text=Лейлу Дурдыеву увели первой.", "-F", "text=Then for Leyla's son.")["id"]
        room.agree(self.vault, told)
        plan = room.box(self.vault, "export", "--to", self.point.recipient, "--plan", told)
        self.assertEqual({(n["id"], n["field"], n["value"], n["person"]) for n in plan["names"]},
                         {(told, "text", 2, self.unasked), (told, "text", 3, self.unasked)})
        shown = room.run(self.vault, "export", "--to", self.point.recipient, "--plan", told)[0]
        self.assertIn("2 names in the way", shown)
        self.assertRegex(shown, rf"name +{told[:8]}.*text.2 names Leyla Durdyeva, person {self.unasked[:8]}")
        self.refused("2 names of those who stay unnamed would go in the texts", told)
        self.refused("1 name of those", "--redact", "text.2", told)
        bag = opened(self.export("--redact", "text.2", "--redact", "text.3", told)[0], self.point)
        self.assertNotIn("Лейлу".encode(), b"".join(data for _, data in bag.payload))
        for who in (told, self.unasked):
            path, _ = self.export("--keep-name", who[:8] + "=she is in the papers", told)
            self.assertIn("Лейлу".encode(), b"".join(d for _, d in opened(path, self.point).payload))
            (handoff,) = [room.box(self.vault, "show", h["id"])["fields"] for h in
                          room.box(self.vault, "list", "--kind", "handoff", "--limit", "1")]
            self.assertEqual(handoff["warned"], f"keep-name {who}: she is in the papers")
        self.refused("1 name of those", "--override", self.unsaid + "=asked Leyla Durdyeva",
                     self.unsaid)

    def test_names_in_names_of_files_are_found_before_they_leave(self):
        self.vault = shutil.copy(self.vault, room.path("file-names"))
        for name in ("20211020Durdyewa.jpg", "IMG_LeylaDurdyeva2.jpg", "Leýlanyň.pdf"):
            file = room.box(self.vault, "attach", self.said, room.write(name, b"a page"))["id"]
            self.refused("1 name of those", self.said, file)
        file = room.box(self.vault, "attach", self.said, room.write("IMG2021a.jpg", b"a page"))["id"]
        self.export(self.said, file)

    def make(self, kind, *fields, attach=()):
        """A record; its id, and that of the evidence which holds the file that came with it."""
        made = room.box(self.vault, "add", kind, *[w for f in fields for w in ("-F", f)],
                        *[w for a in attach for w in ("--attach", a)])["id"]
        held = room.box(self.vault, "list", "--kind", "evidence", "--refers-to", made)
        return made, *(r["id"] for r in held)

    def attach(self, record, name):
        return room.box(self.vault, "attach", record, room.write(name, name * 50))["id"]

    def files(self, *words):
        """Names and contents of all files that leave with these records, of every evidence."""
        bag = opened(self.export(*words)[0], self.point)
        everything = b"".join(data for _, data in bag.payload)
        return {name for name in ("passport", "scan", "face", "crop", "mine")
                if f"{name}.jpg".encode() in everything}

    def test_a_file_of_somebody_unnamed_stays_wherever_it_hangs(self):
        self.vault = shutil.copy(self.vault, room.path("files"))
        passport, mine = self.attach(self.unasked, "passport.jpg"), self.attach(self.asked, "mine.jpg")
        scan = self.attach(passport, "scan.jpg")
        self.assertEqual(self.files(self.unasked, self.asked, passport, scan, mine), {"mine"})
        crop = self.attach(self.make("derivative", "parent=" + passport, "type=redaction")[0], "crop.jpg")
        plan = room.box(self.vault, "export", "--to", self.point.recipient, "--plan", crop)
        self.assertEqual([r["state"] for r in plan["records"]], ["goes"])
        self.assertEqual(self.files(crop, mine), {"mine"})
        self.assertEqual(self.files("--redact", passport + ":about", passport, mine), {"mine"})
        room.agree(self.vault, self.unasked)
        self.assertEqual(self.files(passport, scan, crop), {"passport", "scan", "crop"})
        self.assertEqual(self.files("--level", "pseudonym", passport, scan, crop, mine), set())

    def test_a_picture_that_hangs_on_what_says_who_is_shown_stays(self):
        self.vault = shutil.copy(self.vault, room.path("faces"))
        room.agree(self.vault, self.unasked, level="pseudonym")
        outer, held = self.make("evidence", "about=" + self.incident, "shown=" + self.unasked,
                                attach=[room.write("face.jpg", "face.jpg" * 50)])
        room.agree(self.vault, outer)
        self.assertEqual(self.files(outer, held), set())
        single = self.attach(self.incident, "mine.jpg")
        room.run(self.vault, "amend", single, "--reason", "other", "-F", "shown=" + self.unasked)
        room.agree(self.vault, single)
        self.assertEqual(self.files(single), set())
        self.assertEqual(self.files("--redact", single + ":shown", single), set())
        self.assertEqual(self.files("--redact", single + ":shown.1", single), set())
        room.run(self.vault, "amend", single, "--reason", "other", "-F", "shown=" + self.asked)
        self.assertEqual(self.files(single), {"mine"})  # it was somebody else

    def test_nobody_unnamed_is_said_to_be_somebody_with_a_name(self):
        self.vault = shutil.copy(self.vault, room.path("same"))
        who = self.asked, self.unasked
        judgment, = self.make("judgment", *("about=" + w for w in who), "claim=same-person")
        relation, = self.make("relation", "from=" + self.unasked, "to=" + self.asked, "type=alias of")
        bag = opened(self.export(*who, judgment, relation)[0], self.point)
        said = {r["kind"]: r for r in map(json.loads, map(bag.read, bag.records()))}
        values = place(said["judgment"], "about")["values"]
        self.assertEqual([v.get("value") for v in values], [self.asked, None])
        self.assertIn("closed", place(said["relation"], "from"))
        self.assertEqual(place(said["relation"], "to")["value"], self.asked)
        bag = opened(self.export("--level", "pseudonym", *who, judgment)[0], self.point)
        values = place(records_of(bag)["judgment"], "about")["values"]
        self.assertEqual([v.get("value") for v in values], list(who))  # neither has a name there

    def test_what_came_without_proofs_goes_on_without(self):
        archive, third = shutil.copy(self.other, room.path("other")), room.vault("third")
        room.meet(archive, third)
        path, onward = self.out(), self.out()
        room.run(self.vault, "export", "--to", "archive", "-o", path, "--no-proof", self.said)
        room.run(archive, "import", path)
        room.run(archive, "export", "--to", "third", "-o", onward, "--override",
                 self.said + "=agreed by letter", self.said)
        (record,) = room.box(third, "inspect", onward)["records"]
        self.assertEqual(record["id"], self.said)
        room.run(third, "import", onward)
        shown = room.box(third, "show", self.said)
        self.assertEqual((shown["origin"], shown["root"]), ("", record["root"]))
        room.run(third, "show", "--proof", self.said, status=6)


class Withdrawal(unittest.TestCase):
    """A witness takes back what went to an archive, and from there to a third."""

    @classmethod
    def setUpClass(cls):
        cls.vault, cls.archive, cls.third = (room.vault(n) for n in ("asel", "keeper", "court"))
        room.meet(cls.vault, cls.archive)
        room.meet(cls.archive, cls.third)
        add = lambda kind, *fields: room.box(  # noqa: E731
            cls.vault, "add", kind, *[w for f in fields for w in ("-F", f)])["id"]
        cls.incident = add("incident", "title=Abduction")
        cls.witness = add("person", "name=Meret Orazov", "pseudonym=Witness 1")
        cls.said = add("statement", "incident=" + cls.incident, "witness=" + cls.witness,
                       "text=They came at night.")
        cls.sketch = add("derivative", "parent=" + cls.said, "type=translation")
        room.agree(cls.vault, cls.witness, cls.said)
        cls.path, cls.onward = room.path("first.age"), room.path("onward.age")
        room.run(cls.vault, "export", "--to", "keeper", "-o", cls.path, "--incident", cls.incident)
        room.run(cls.archive, "import", cls.path)
        room.run(cls.archive, "export", "--to", "court", "-o", cls.onward, "--override",
                 cls.said + "=they agreed", "--override", cls.sketch + "=they agreed", cls.said,
                 cls.sketch)
        room.run(cls.third, "import", cls.onward)
        words = room.path("opened.age")
        room.run(cls.vault, "export", "--passphrase", "--words-fd", "2", "-o", words, cls.said)
        room.run(cls.vault, "export", "--to", maker.Point().recipient, "--level", "anonymous",
                 "-o", room.path("press.age"), cls.said)
        cls.notices = room.path("notices")
        os.mkdir(cls.notices)
        before = digest(cls.vault)
        cls.unasked = room.run(cls.vault, "withdraw", cls.witness, "-o", cls.notices, status=2)
        cls.unchanged = digest(cls.vault) == before and os.listdir(cls.notices) == []
        cls.done = room.box(cls.vault, "withdraw", cls.witness, "--reason", "fears for a brother",
                            "-o", cls.notices, "--yes")
        (cls.notice,) = cls.done["notices"]

    def test_nothing_happens_without_a_yes(self):
        self.assertTrue(self.unchanged)
        self.assertIn("confirm with --yes", self.unasked[1])
        for what in (self.said, self.sketch, self.witness):
            self.assertIn(what[:8], self.unasked[0])
        self.assertIn("held by   keeper, 3 records", self.unasked[0])
        self.assertIn("tell them by another way", self.unasked[0])

    def test_what_was_agreed_about_an_incident_is_about_its_parts(self):
        vault = shutil.copy(self.vault, room.path("asel2"))
        room.agree(vault, self.incident)
        room.run(vault, "withdraw", self.incident, "--yes", status=2)
        (consent,) = [r["id"] for r in room.box(vault, "list", "--kind", "consent", "--limit", "1")]
        done = room.box(vault, "withdraw", consent, "--yes", "-o", self.notices)
        self.assertEqual({r["id"] for r in done["records"]},
                         {self.incident, self.said, self.sketch})

    def test_on_a_terminal_it_is_shown_before_it_is_asked(self):
        vault = shutil.copy(self.archive, room.path("keeper4"))
        table = Table(room.witnessbox, "--vault", vault, "--passphrase-file", room.words,
                      "withdraw", self.said, "-o", self.notices)
        table.expect(self.said[:8] + ".*statement")
        table.expect("held by   court, 2 records: will be written a notice")
        table.expect(r"Withdraw this\? \[y/N\] ")
        table.say("y")
        table.expect("notice    for court: .*[.]age")
        table.expect(r"\(shred\)\? \[y/N\] ")
        table.say("y")
        self.assertEqual(table.wait(), 0)
        room.run(vault, "show", self.said, status=6)
        room.run(vault, "verify", "--deep")

    def test_evidence_that_was_withdrawn_goes_no_further_here_or_there(self):
        vault, archive = (shutil.copy(v, room.path(n)) for v, n in
                          ((self.vault, "asel3"), (self.archive, "keeper4")))
        photo = room.box(vault, "attach", self.incident, room.write("sketch.jpg", b"a face"))["id"]
        room.agree(vault, photo)
        sent = room.path("photo.age")
        room.run(vault, "export", "--to", "keeper", "-o", sent, photo)
        room.run(archive, "import", sent)
        (notice,) = room.box(vault, "withdraw", photo, "--yes", "-o", self.notices)["notices"]
        room.run(archive, "export", "--to", "court", "-o", room.path("before.age"), photo)
        room.run(archive, "import", notice["file"])
        for who, to in ((vault, "keeper"), (archive, "court")):
            said = room.run(who, "export", "--to", to, "-o", room.path("after.age"), photo, status=5)
            self.assertIn("the consent was withdrawn", said[0])
        self.assertFalse(os.path.exists(room.path("after.age")))

    def test_what_it_concerns_ends_and_is_logged(self):
        self.assertEqual({r["id"] for r in self.done["records"]},
                         {self.witness, self.said, self.sketch})
        self.assertEqual(self.done["consents"], 1)
        said = room.run(self.vault, "export", "--to", "keeper", "-o", room.path("no.age"),
                        self.said, status=5)
        self.assertIn("the consent was withdrawn", said[0])
        entry = [e for e in room.box(self.vault, "log") if e["action"] == "withdraw"]
        self.assertEqual(len(entry), 1)
        self.assertIn("fears for a brother", entry[0]["detail"])
        self.assertIn(self.witness, entry[0]["detail"])
        room.run(self.vault, "withdraw", self.witness, "--yes", status=2)
        self.assertEqual(sorted((t["to"][:4], t["unlinkable"]) for t in self.done["untold"]),
                         [("age1", True), ("pass", False)])

    def test_the_notice_names_only_what_they_have_and_to_whom_it_went(self):
        seen = room.box(self.archive, "inspect", self.notice["file"])
        self.assertEqual([r["kind"] for r in seen["records"]], ["notice"])
        archive = shutil.copy(self.archive, room.path("keeper2"))
        plan = room.box(archive, "export", "--to", "court", "--plan", self.said)
        self.assertIn("no consent", plan["records"][0]["reason"])
        taken = room.box(archive, "import", self.notice["file"])["notices"]
        self.assertEqual({n["id"] for n in taken}, {self.witness, self.said, self.sketch})
        went = {n["id"]: [h["to"] for h in n["handoffs"]] for n in taken}
        self.assertEqual((went[self.said], went[self.witness]), (["court"], []))
        told = room.run(shutil.copy(self.archive, room.path("keeper3")), "import",
                        self.notice["file"])[0]
        self.assertIn("fears for a brother", told)
        self.assertIn("you handed it to court", told)
        plan = room.box(archive, "export", "--to", "court", "--plan", self.said)
        self.assertEqual(plan["records"][0]["reason"], "the consent was withdrawn")
        self.assertEqual(plan["records"][0]["consent"], self.notice["notice"])
        shown = room.run(archive, "show", self.said)[0]
        self.assertRegex(shown, r"\nwithdrawn +by notice " + self.notice["notice"] + " of 2")
        self.assertRegex(shown, r", from asel: [^\n]*fears for a brother\n")
        (shown,) = room.box(archive, "show", self.said)["notices"]
        self.assertEqual((shown["id"], shown["type"], shown["ours"]),
                         (self.notice["notice"], "withdrawal", False))
        self.assertEqual([n["ours"] for n in room.box(self.vault, "show", self.said)["notices"]],
                         [True])
        onward = room.box(archive, "withdraw", self.said, "-o", self.notices, "--yes")
        self.assertEqual(len(onward["notices"]), 1)
        taken = room.box(self.third, "import", onward["notices"][0]["file"])["notices"]
        self.assertEqual({n["id"] for n in taken}, {self.said, self.sketch})
        room.run(archive, "verify", "--deep")


HEX, ID = re.compile(rb"[0-9a-f]{32,}"), re.compile(rb"\b[0-9a-hjkmnp-tv-z]{26}\b")
BASE64 = re.compile(rb"[A-Za-z0-9+]{32,}")


def marks(bag):
    """Everything in a bag that could be found again in another: hashes, ids, keys."""
    data = b"\n".join(data for _, data in bag.members())
    for constant in ("README.txt", "bagit.txt"):
        data = data.replace(hashlib.sha256(bag.tags[constant]).hexdigest().encode(), b"")
    data = re.sub(rb"style-src 'sha256-[^']*'", b"", data)  # the one style sheet of all pages
    return {m.decode() for form in (HEX, ID, BASE64) for m in form.findall(data)}


def holds(data, text):
    return re.search(rb"(?<!\w)" + re.escape(text.encode()) + rb"(?!\w)", data, re.I) is not None


class Press(unittest.TestCase):
    """The founding case, anonymous, to the press."""

    @classmethod
    def setUpClass(cls):
        cls.vault, cls.point = room.vault("founding"), maker.Point()
        room.run(cls.vault, "load", DEMO)
        records = room.box(cls.vault, "list", "--limit", "10000")
        room.agree(cls.vault, *(r["id"] for r in records if r["kind"] in ("person", "statement")),
                   purpose="publication", level="anonymous")
        cls.incident = next(r["id"] for r in records if r["kind"] == "incident" and
                            r["title"].startswith("Azat Isakov"))
        photo = room.write("home.jpg", b"his home" * 9999)
        room.run(cls.vault, "attach", cls.incident, photo)
        cls.photo = digest(photo)

    def export(self, *words, to=None):
        """What goes once every name that the plan tells of is redacted; opened, if for us."""
        words = ("--to", to or self.point.recipient, "--incident", self.incident, *words)
        plan = room.box(self.vault, "export", "--plan", *words)
        names = {f"{n['id']}:{n['field']}" + (f".{n['value']}" if n["value"] else "")
                 for n in plan["names"]}
        path = room.path(os.urandom(4).hex() + ".age")
        room.run(self.vault, "export", "-o", path, *words,
                 *(w for n in sorted(names) for w in ("--redact", n)))
        return path if to else (path, opened(path, self.point))

    def secrets(self):
        """What must not be in it, by what it is."""
        ours = room.box(self.vault, "identity")
        for key in ("name", "recipient", "minisign", "log", "cosigner", "collect"):
            yield key, ours[key]
        yield "origin", ours["log"].partition("+")[0]
        for key in ("log", "cosigner"):
            yield key, ours[key].split("+", 2)[2]
        for entry in room.box(self.vault, "log"):
            for what in ("id", "root"):
                if what in entry:
                    yield what, entry[what]
        with open(DEMO, encoding="utf-8") as f:
            people = [line["fields"] for line in map(json.loads, f) if line["kind"] == "person"]
        for p in people:
            for name in [p["name"], *p.get("other-names", [])]:
                yield "name", name
                for word in name.split() if p["counting-unit"] == "individual" else []:
                    yield "name", word
        yield "proof", "tlog-proof"

    def test_nothing_in_it_leads_to_anybody_or_to_another_export(self):
        other = self.export("--purpose", "partner", "--leave-out-refused")[1]
        bag = self.export(*PRESS)[1]
        data = b"".join(data for name, data in bag.members() if name != "README.txt")
        secrets = list(self.secrets())
        self.assertGreater(len(secrets), 150)
        self.assertEqual([s for s in secrets if holds(data, s[1])], [])
        self.assertEqual(marks(bag) & marks(other), {self.photo, self.point.recipient} &
                         marks(other))
        told = {what for what, s in secrets if holds(b"".join(d for _, d in other.members()), s)}
        self.assertTrue({"minisign", "origin", "id", "root", "name", "proof"} <= told, told)
        records = [json.loads(bag.read(n)) for n in bag.records()]
        kinds = [r["kind"] for r in records]
        self.assertTrue({"incident", "act", "statement", "evidence"} <= set(kinds), kinds)
        self.assertNotIn("person", kinds)
        for r in records:
            self.assertEqual((r["revision"], r["previous"], r["proofs"]), ("1", [], []))
            self.assertIn("closed", place(r, "origin"))
            self.assertNotIn("latest", r)
        self.assertIn(b"If they find me they will take me.", data)

    def test_two_of_them_share_nothing_but_what_they_say(self):
        one, two = (self.export(*PRESS)[1] for _ in range(2))
        self.assertEqual(marks(one) & marks(two), {self.photo, self.point.recipient,
                                                   hashlib.sha256(one.read(PAGE)).hexdigest()})
        self.assertNotIn("Witnessbox-Checkpoint", dict(one.info))
        self.assertTrue(dict(one.info)["Witnessbox-Time"].endswith("T00:00:00Z"))
        act = records_of(one)["act"]
        ids = {json.loads(one.read(n))["id"] for n in one.records()}
        self.assertIn(place(act, "incident")["value"], ids)

    def test_the_handoff_says_which_copy_is_of_which_record(self):
        bag = self.export(*PRESS)[1]
        (handoff,) = [room.box(self.vault, "show", h["id"])["fields"] for h in
                      room.box(self.vault, "list", "--kind", "handoff", "--limit", "1")]
        roots = {f"{r['id']}@{r['root']}" for r in map(json.loads, map(bag.read, bag.records()))}
        self.assertEqual(set(handoff["copies"]), roots)
        self.assertEqual(len(handoff["records"]), len(roots))
        self.assertIn(self.incident, {line.split("@")[0] for line in handoff["records"]})
        self.assertFalse(handoff["time"].endswith("T00:00:00Z"))

    def test_an_id_that_somebody_wrote_into_a_text_is_in_the_way(self):
        other = room.add(self.vault, "Elsewhere")
        one = room.box(self.vault, "add", "incident", "-F", "title=Another night",
                       "-F", f"description=See {other}, and tskmmpvv8cmrkz0ph8kthmmp1g.")["id"]
        words = ["--to", self.point.recipient, "--purpose", "publication", one]
        (name,) = room.box(self.vault, "export", "--plan", *words)["names"]
        self.assertEqual((name["field"], name["person"]), ("description", other))
        path = room.path("ids.age")
        said = room.run(self.vault, "export", *words, "-o", path, status=5)[1]
        self.assertIn("1 names or ids that lead back would go in the texts", said)
        self.assertFalse(os.path.exists(path))
        room.run(self.vault, "export", *words, "--redact", "description", "-o", path)
        room.run(self.vault, "export", *words, "--keep-name", one + "=agreed", "-o", path + "2")
        # where the id of the record itself goes anyhow nobody minds
        words[3] = "archive"
        self.assertEqual(room.box(self.vault, "export", "--plan", *words)["names"], [])

    def test_the_press_takes_it_in_as_nobodys(self):
        press = room.vault("press")
        path = self.export(*PRESS, to=room.box(press, "identity")["recipient"])
        said = room.run(press, "import", path, status=5)[1]
        self.assertIn("unlinkable: signed by a key of one use", said)
        seen = room.box(press, "inspect", path)
        self.assertEqual((seen["unlinkable"], seen["trust"]), (True, "unknown"))
        back, before = room.path("back.age"), room.read(press)
        said = room.run(press, "import", "--accept", path, "--receipt", back, status=5)
        self.assertIn("receipt: unlinkable, the sender's keys were of one use", said[1])
        self.assertFalse(os.path.exists(back))
        self.assertEqual(room.read(press), before)
        taken = room.box(press, "import", "--accept", path)
        self.assertEqual(taken["added"], len(seen["records"]))
        room.run(press, "verify", "--deep")
        again = room.path("again.age")
        room.run(press, "export", "--to", self.point.recipient, "-o", again,
                 *(w for r in seen["records"] for w in ("--override", r["id"] + "=public")), "--all")
        for r in map(json.loads, map(opened(again, self.point).read,
                                     opened(again, self.point).records())):
            self.assertEqual(r["proofs"], [], r["kind"])

    def test_another_reader_finds_it_in_order(self):
        path, bag = self.export(*PRESS)
        with open(path, "rb") as f:
            tar = room.write("press.tar", maker.age_open(f.read(), self.point)[2])
        done = subprocess.run([os.path.join(room.tools, "verify_bundle.py"), tar],
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())
        self.assertIn(b"tied to nobody", done.stdout)


if __name__ == "__main__":
    room = Room(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]))
    DEMO = os.path.join(room.tools, "demo.jsonl")
    try:
        unittest.main(argv=sys.argv[:1], verbosity=2)
    finally:
        shutil.rmtree(room.folder)
