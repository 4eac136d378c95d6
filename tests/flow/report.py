#!/usr/bin/env python3
"""tests/flow/report.py - pages to read, print and sign, made from the founding case.

usage: report.py WITNESSBOX DEMO.jsonl
"""

import html
import html.parser
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

WITNESSBOX, DEMO = map(os.path.abspath, sys.argv[1:3])
del sys.argv[1:]


class Reader(html.parser.HTMLParser):
    """The words of a page, its elements, and that they are closed in order."""

    VOID = {"meta", "br", "rect", "path"}

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    def text(self):
        return re.sub(r"\s+", " ", "".join(self.words))


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.top = pathlib.Path(cls.folder.name)
        (cls.top / "pass").write_text("a passphrase for tests\n")
        cls.run_("init", "--kdf-memory", "64", "--new-passphrase-file", cls.top / "pass")
        cls.run_("load", DEMO)
        cls.incident = cls.find("incident", "Isakov")
        cls.statement = cls.find("statement", "Police are here")
        (cls.top / "photo.jpg").write_bytes(b"not a photograph <b>")
        cls.quiet = cls.add("incident", "title=A night at the factory")
        cls.unnamed = cls.add("person", "name=Дилором Каримова", "pseudonym=Witness 7")
        cls.add("statement", "incident=" + cls.quiet, "witness=" + cls.unnamed, "text=They locked the gate.")
        cls.evidence = cls.run_("attach", cls.statement, cls.top / "photo.jpg").stdout.split()[0]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def run_(cls, *words, status=0):
        done = subprocess.run([WITNESSBOX, "--vault", str(cls.top / "v"), "--passphrase-file", str(cls.top / "pass"),
                               "--quiet", *map(str, words)], capture_output=True, text=True, cwd=cls.top)
        assert done.returncode == status, (words, done.returncode, done.stderr)
        return done

    @classmethod
    def add(cls, kind, *fields):
        return cls.run_("add", kind, *(word for field in fields for word in ("-F", field))).stdout.split()[0]

    @classmethod
    def find(cls, kind, title):
        rows = json.loads(cls.run_("list", "--kind", kind, "--json").stdout)
        [found] = [row["id"] for row in rows if title in row["title"]]
        return found

    def page(self, *words):
        text = self.run_("report", *words).stdout
        reader = Reader(text)
        self.assertEqual(reader.open, [])
        return text, reader

    def test_a_page_needs_nothing_but_itself(self):
        for words in (("incident", self.incident), ("statement", self.statement), ("custody", self.evidence)):
            text, reader = self.page(*words)
            names = {tag for tag, _ in reader.tags}
            self.assertFalse(names & {"script", "link", "img", "iframe", "object", "form", "a"}, names)
            for tag, attributes in reader.tags:
                self.assertFalse(set(attributes) & {"src", "href", "style", "srcset"}, (tag, attributes))
                self.assertFalse([name for name in attributes if name.startswith("on")])
            self.assertNotIn("url(", text)

    def test_an_incident_tells_what_is_known_when_and_by_whom(self):
        _, reader = self.page("incident", self.incident)
        words = reader.text()
        for fact in ("Azat Isakov", "Азат Исаков", "2021-10-20", "abduction", "MNB", "FSB", "carried it out",
                     "assisted", "Police are here", "Freedom for Eurasia", "Human Rights Watch", "this month"):
            self.assertIn(fact, words)
        self.assertGreaterEqual(len([1 for tag, a in reader.tags if tag == "svg" and a.get("class") == "span"]), 5)

    def hidden(self, *more, status=0):
        """The page of an incident whose only witness is one that no text names."""
        return self.run_("report", "incident", self.quiet, *more, status=status)

    def test_below_named_nobody_is_named_and_below_that_nothing_is_tied(self):
        root = json.loads(self.run_("show", self.quiet, "--json").stdout)["root"]
        origin = self.run_("head").stdout.splitlines()[0]
        for level, name, pseudonym, tied, log in (("named", True, True, True, True),
                                                  ("pseudonym", False, True, True, False),
                                                  ("anonymous", False, False, False, False)):
            text = self.hidden("--level", level).stdout
            self.assertEqual("Дилором" in text, name, level)
            self.assertEqual("Witness 7" in text, pseudonym, level)
            self.assertEqual(root in text, tied, level)
            self.assertEqual(self.quiet[:8] in text, tied, level)
            self.assertEqual(origin in text, log, level)
            self.assertIn("They locked the gate." if level != "anonymous" else "A night", text)
        self.assertIn("level: named, pseudonym or anonymous", self.hidden("--level", "x", status=2).stderr)

    def test_a_name_in_a_text_is_in_the_way_until_it_was_looked_at(self):
        said = self.add("statement", "incident=" + self.quiet, "witness=" + self.unnamed, "text=I saw it.",
                        "text=I told Каримовой.")
        before = self.run_("log", "--json").stdout
        out = self.top / "hidden.html"
        done = self.hidden("--level", "pseudonym", "-o", out, status=5)
        self.assertIn(f"statement {said[:8]}: text 2 names", done.stderr)
        self.assertIn("1 name of those who stay unnamed would stand on the page", done.stderr)
        self.assertFalse(out.exists())
        self.assertEqual(self.run_("log", "--json").stdout, before)
        text = self.hidden("--level", "pseudonym", "--keep-name", said + "=another person").stdout
        self.assertIn("I told Каримовой.", text)
        self.assertIn(f"reason name kept, {said}: another person\n",
                      json.loads(self.run_("log", "--json").stdout)[-1]["detail"])
        self.run_("shred", said, "--reason", "of this test only", "--yes")

    def public_case(self):
        """An incident and a statement that may go to the public, and what leads to them in the vault."""
        night = self.add("incident", "title=A night for the papers")
        self.add("act", "incident=" + night, "type=beating")
        said = self.add("statement", "incident=" + night, "text=They broke the door.")
        root = json.loads(self.run_("show", said, "--json").stdout)["root"]
        self.add("derivative", "parent=" + said, "parent-root=" + root, "type=translation", "text=Сломали дверь.")
        self.add("consent", "about=" + said, "purpose=publication", "decision=yes", "level=named")
        tied = {line for line in self.run_("head").stdout.splitlines() if len(line) > 8}  # not the log's size
        for line in map(json.loads, self.run_("dump").stdout.splitlines()):
            tied |= {line["key"], line["key"][:8], json.loads(self.run_("show", line["key"], "--json").stdout)["root"]}
        return night, said, tied

    def test_a_page_for_the_public_has_nothing_that_leads_to_the_vault(self):
        night, said, tied = self.public_case()
        for words, told in ((("incident", night), "Сломали дверь."), (("statement", said), "They broke the door.")):
            self.assertTrue([t for t in tied if t in self.page(*words)[0]])
            text, reader = self.page(*words, "--purpose", "publication")
            self.assertEqual([t for t in tied if t in text], [], words[0])
            self.assertIn(told, text)
            self.assertRegex(reader.text(), "Made on [-0-9]{10}T00:00:00Z .* Nothing ties it to a vault.")
            self.assertNotIn("To hold this page against the vault", text)
        self.assertIn("root " + json.loads(self.run_("show", said, "--json").stdout)["root"],
                      max(json.loads(self.run_("log", "--json").stdout), key=lambda entry: entry["index"])["detail"])

    def test_an_id_in_a_text_for_the_public_is_in_the_way(self):
        night = self.add("incident", "title=As before", "description=See " + self.quiet)
        before, out = self.run_("log", "--json").stdout, self.top / "ids.html"
        for words in ("--purpose", "publication"), ("--level", "anonymous"):
            done = self.run_("report", "incident", night, *words, "-o", out, status=5)
            self.assertIn(f"incident {night[:8]}: description 1 has the id {self.quiet}\n", done.stderr)
            self.assertIn("1 names or ids that lead back would stand on the page", done.stderr)
        self.assertFalse(out.exists())
        self.assertEqual(self.run_("log", "--json").stdout, before)
        self.assertIn(self.quiet, self.page("incident", night)[0])

    def test_what_nobody_agreed_to_makes_no_page(self):
        out = self.top / "refused.html"
        [said] = [row["id"] for row in json.loads(self.run_("list", "--kind", "statement", "--json").stdout)
                  if "locked the gate" in row["title"]]
        entries = self.run_("log", "--json").stdout
        done = self.run_("report", "statement", said, "--purpose", "partner", "-o", out, status=5)
        self.assertIn("consent lets nothing of it be shown", done.stderr)
        self.assertFalse(out.exists())
        self.assertEqual(self.run_("log", "--json").stdout, entries)

    def test_a_statement_is_numbered_and_has_its_root_and_lines_to_sign(self):
        shown = json.loads(self.run_("show", self.statement, "--json").stdout)
        text, reader = self.page("statement", self.statement)
        self.assertIn(shown["root"], text)
        self.assertEqual(len([1 for tag, a in reader.tags if tag == "li"]), len(shown["fields"]["text"]))
        for paragraph in shown["fields"]["text"]:
            self.assertIn(paragraph, reader.text())
        for line in ("Witness:", "Interviewer:", "Interpreter:"):
            self.assertIn(line, reader.text())

    def test_custody_says_what_was_hashed_and_that_it_is_the_same(self):
        shown = json.loads(self.run_("show", self.evidence, "--json").stdout)
        _, reader = self.page("custody", self.evidence)
        self.assertEqual(reader.text().count(shown["fields"]["sha256"]), 2)
        self.assertIn("Outcome the same", reader.text().replace("  ", " "))
        self.assertIn("photo.jpg", reader.text())

    def test_custody_tells_a_partner_nothing_that_an_export_withholds(self):
        face = self.top / "каримова.jpg"
        face.write_bytes(b"a face" * 1234)
        held = self.run_("attach", self.unnamed, face).stdout.split()[0]
        self.run_("amend", held, "--reason", "other", "-F", "remarks=Seen.")
        fields = json.loads(self.run_("show", held, "--json").stdout)["fields"]
        secrets = ("каримова.jpg", fields["sha256"], fields["size"])
        for words, tells in (((), True), (("--purpose", "partner"), False)):
            _, reader = self.page("custody", held, *words)
            self.assertEqual([s in reader.text() for s in secrets], [tells] * 3, words)
            self.assertEqual("reason other" in reader.text(), tells, words)
            self.assertIn("Outcome the same", reader.text().replace("  ", " "))
            self.assertRegex(reader.text(), r"log entry \d+: amend")

    def test_custody_does_not_tell_the_public_whose_log_it_is(self):
        origin = self.run_("head").stdout.splitlines()[0]
        held = self.run_("attach", self.quiet, self.top / "photo.jpg").stdout.split()[0]
        for purpose, named in (("partner", True), ("publication", False)):
            _, reader = self.page("custody", held, "--purpose", purpose)
            self.assertEqual(origin in reader.text(), named, purpose)
        self.run_("shred", held, "--reason", "of this test only", "--yes")

    def test_what_people_wrote_cannot_become_markup(self):
        words = '<script>alert(1)</script>"\'&'
        made = self.run_("add", "incident", "-F", f"title={words}", "-F", f"description={words}").stdout.split()[0]
        text, reader = self.page("incident", made)
        self.assertNotIn("<script", text)
        self.assertGreaterEqual(reader.text().count(words), 2)

    def test_every_page_is_in_the_log(self):
        before = len(json.loads(self.run_("log", "--json").stdout))
        self.page("statement", self.statement)
        log = json.loads(self.run_("log", "--json").stdout)
        self.assertEqual(len(log), before + 1)
        self.assertEqual(max(log, key=lambda entry: entry["index"])["action"], "report")

    def test_another_kind_is_refused_and_nothing_is_written_or_logged(self):
        before = self.run_("log", "--json").stdout
        out = self.top / "page.html"
        done = self.run_("report", "incident", self.statement, "-o", out, status=2)
        self.assertIn("this is a record of kind statement, not incident", done.stderr)
        self.assertFalse(out.exists())
        self.assertEqual(self.run_("log", "--json").stdout, before)

    def test_a_file_that_is_there_is_never_overwritten(self):
        out = self.top / "kept.html"
        out.write_text("kept")
        done = self.run_("report", "statement", self.statement, "-o", out, status=2)
        self.assertIn("is there already", done.stderr)
        self.assertEqual(out.read_text(), "kept")


if __name__ == "__main__":
    unittest.main(verbosity=2)
