#!/usr/bin/env python3
"""tests/flow/damage.py - one unreadable record never blocks the others.

usage: damage.py WITNESSBOX

A vault with a record whose body, and one whose key, was overwritten behind its back:
every reading command shows all the rest, names both, and ends with status 4.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import unittest

WITNESSBOX = sys.argv[1]
del sys.argv[1:]


class Damage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.vault = os.path.join(cls.folder.name, "v")
        cls.key = os.path.join(cls.folder.name, "p")
        with open(cls.key, "w", encoding="ascii") as f:
            f.write("seven lanterns over the harbour\n")
        cls.run_(["init", "--name", "a", "--kdf-memory", "64", "--new-passphrase-file", cls.key],
                 locked=True)
        cls.incident = cls.add("incident", "title=Brick factory")
        cls.lost = cls.add("statement", f"incident={cls.incident}", "text=It was locked.")
        cls.keyless = cls.add("incident", "title=Nameless")
        cls.statement = cls.add("statement", f"incident={cls.incident}", "text=I saw it.")
        with sqlite3.connect(cls.vault) as db:
            rows = [r for (r,) in db.execute("SELECT row FROM wraps ORDER BY row")]
            lost, keyless = rows[-3:-1]
            db.execute("UPDATE bodies SET body = zeroblob(length(body)) WHERE row = ?", (lost,))
            db.execute("UPDATE wraps SET wrap = zeroblob(length(wrap)) WHERE row = ?", (keyless,))
            db.execute("DELETE FROM pages")  # what was indexed while all was well
        db.close()
        cls.named = [f"{cls.lost}, row {lost} does not open", f"row {keyless} does not open"]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def run_(cls, words, status=0, locked=False):
        unlocking = [] if locked else ["--passphrase-file", cls.key]
        done = subprocess.run([WITNESSBOX, "--vault", cls.vault, *unlocking, *words], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode != status:
            raise AssertionError(f"{words}: {done.returncode}: {done.stderr}")
        return done

    @classmethod
    def add(cls, kind, *fields):
        said = cls.run_(["add", kind, *[w for f in fields for w in ("-F", f)]])
        return said.stdout.strip()

    def damaged(self, *words):
        """All but the damaged ones, and a word about each of those."""
        done = self.run_(words, status=4)
        for name in self.named:
            self.assertIn(name, done.stderr)
        self.assertIn("damaged: 2 stored revisions left out", done.stderr.splitlines()[-1])
        return done.stdout

    def test_list_shows_the_others(self):
        shown = {r["id"] for r in json.loads(self.damaged("list", "--json"))}
        self.assertEqual(shown, {self.incident, self.statement})

    def test_show_shows_a_record_that_opens(self):
        shown = json.loads(self.damaged("show", self.incident, "--json"))
        self.assertEqual(shown["fields"]["title"], "Brick factory")

    def test_gaps_advise_all_the_same(self):
        gaps = json.loads(self.damaged("gaps", self.statement, "--json"))
        self.assertGreater(len(gaps), 10)

    def test_the_damaged_one_says_so_itself(self):
        done = self.run_(["show", self.lost], status=4)
        self.assertEqual(done.stdout, "")

    def test_load_and_add_go_on(self):
        path = os.path.join(self.folder.name, "lines")
        with open(path, "w", encoding="ascii") as f:
            f.write(json.dumps({"kind": "note", "fields": {"about": self.incident,
                                                           "text": "call back"}}) + "\n")
        self.run_(["load", path])
        self.add("source", f"incident={self.incident}", "title=A letter")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
