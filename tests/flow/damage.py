#!/usr/bin/env python3
"""tests/flow/damage.py - one unreadable record never blocks the others.

usage: damage.py WITNESSBOX

A vault with a record whose body, and one whose key, was overwritten behind its back:
every reading command shows all the rest, names both, and ends with status 4.
"""

import json
import os
import sqlite3

import one_vault


class Damage(one_vault.OneVault):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
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

    def damaged(self, *words):
        """All but the damaged ones, and a word about each of those."""
        done = self.call(words, status=4)
        for name in self.named:
            self.assertIn(name, done.stderr)
        self.assertIn("damaged: 2 stored revisions left out", done.stderr.splitlines()[-1])
        return done.stdout

    def test_list_shows_the_others(self):
        shown = {r["id"] for r in json.loads(self.damaged("list", "--json"))}
        self.assertEqual(shown, {self.incident, self.statement})

    def test_search_finds_the_others(self):
        shown = [r["id"] for r in json.loads(self.damaged("search", "saw", "--json"))]
        self.assertEqual(shown, [self.statement])
        shown = [r["id"] for r in json.loads(self.damaged("search", "incident:brick", "text:saw", "--json"))]
        self.assertEqual(shown, [self.statement])
        self.assertEqual(self.damaged("search", "locked"), "")

    def test_show_shows_a_record_that_opens(self):
        shown = json.loads(self.damaged("show", self.incident, "--json"))
        self.assertEqual(shown["fields"]["title"], "Brick factory")

    def test_gaps_advise_all_the_same(self):
        gaps = json.loads(self.damaged("gaps", self.statement, "--json"))
        self.assertGreater(len(gaps), 10)

    def test_the_damaged_one_says_so_itself(self):
        done = self.call(["show", self.lost], status=4)
        self.assertEqual(done.stdout, "")

    def test_load_and_add_go_on(self):
        path = os.path.join(self.folder.name, "lines")
        with open(path, "w", encoding="ascii") as f:
            f.write(json.dumps({"kind": "note", "fields": {"about": self.incident,
                                                           "text": "call back"}}) + "\n")
        self.call(["load", path])
        self.add("source", f"incident={self.incident}", "title=A letter")


class Indexed(one_vault.OneVault):
    def test_what_was_damaged_after_it_was_indexed_is_named_where_it_would_be_found(self):
        path = os.path.join(self.folder.name, "days")
        with open(path, "w", encoding="ascii") as f:
            for day in range(100):
                f.write(json.dumps({"kind": "statement", "fields": {"text": f"It was cold, day {day}."}}) + "\n")
        self.call(["load", path])
        self.call(["search", "cold"])
        with sqlite3.connect(self.vault) as db:
            self.assertGreater(db.execute("SELECT count(*) FROM pages").fetchone()[0], 0)
            last = db.execute("SELECT max(row) FROM bodies").fetchone()[0]
            db.execute("UPDATE bodies SET body = zeroblob(length(body)) WHERE row = ?", (last,))
        db.close()
        done = self.call(["search", "cold", "--json"], status=4)
        self.assertEqual(len(json.loads(done.stdout)), 99)
        self.assertIn(f"row {last} does not open", done.stderr)
        self.assertEqual(len(json.loads(self.call(["search", "day", "7", "--json"]).stdout)), 1)


if __name__ == "__main__":
    one_vault.main()
