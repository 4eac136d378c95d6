#!/usr/bin/python3
"""tests/flow/gate.py - what consent lets go, through the command.

    gate.py WITNESSBOX

Exit 77 (skipped) without PyNaCl, which opens bundles here besides our own reader.
"""

import base64
import hashlib
import json
import os
import shutil
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


if __name__ == "__main__":
    room = Room(os.path.abspath(sys.argv[1]), "")
    try:
        unittest.main(argv=sys.argv[:1], verbosity=2)
    finally:
        shutil.rmtree(room.folder)
